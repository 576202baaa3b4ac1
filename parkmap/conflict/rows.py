"""Rows of the list before they are judged: shared ground, sectors, control lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import bodies, geodesy, schema
from parkmap.conflict.severity import RIVALS, is_contested

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import geopandas as gpd
    import pandas as pd

    from parkmap.schema import Criteria

    Row = dict[str, Any]
    Key = tuple[str, ...]

_BLANK: Row = {
    "relation": "",
    "nesting": "",
    "line": "",
    "verdict": "",
    "cluster": "",
    "area_m2": np.nan,
    "left_share": np.nan,
    "right_share": np.nan,
    "smaller_share": np.nan,
    "mean_width_m": np.nan,
    "widest_m": np.nan,
    "approved_area_gain_ha": (),
    "similarity": np.nan,
    "overlap_share": np.nan,
    "rivalry": np.nan,
    "synergy": np.nan,
    "p": np.nan,
    "coarse": False,
    "distance_m": np.nan,
    "shared_sectors": (),
    "supplies": (),
    "geometry": None,
}

_GROUND_KEYS = (*schema.OVERLAP_COLUMNS[2:], "smaller_share")


def land_rows(overlaps: gpd.GeoDataFrame) -> dict[Key, Row]:
    """Make a row of every pair that shares ground.

    Parameters
    ----------
    overlaps
        The overlaps table.

    Returns
    -------
    Pair -> row.

    Examples
    --------
    >>> import pandas as pd
    >>> facts = {**dict.fromkeys(schema.OVERLAP_COLUMNS, ""), "left_share": 0.2, "right_share": 0.5}
    >>> index = pd.MultiIndex.from_tuples([("a", "b")], names=["left", "right"])
    >>> land_rows(pd.DataFrame([facts], index=index))["a", "b"]["smaller_share"]
    0.5
    """
    rows: dict[Key, Row] = {}
    gains = {"left_gain_ha", "right_gain_ha"} <= set(overlaps.columns)
    for found in overlaps.reset_index().to_dict("records"):
        row = {**_BLANK, **{name: found[name] for name in schema.OVERLAP_COLUMNS}}
        row["parks"] = (found["left"], found["right"])
        row["smaller_share"] = max(found["left_share"], found["right_share"])
        if found["relation"] == "adjacent":  # no ground to measure, draw or number on a map
            row |= {name: _BLANK[name] for name in _GROUND_KEYS}
        if gains:
            row["approved_area_gain_ha"] = (found["left_gain_ha"], found["right_gain_ha"])
        rows[row["parks"]] = row
    return rows


def multiple_rows(
    parks: gpd.GeoDataFrame,
    slices: gpd.GeoDataFrame,
    land: Mapping[Key, Row],
    criteria: Criteria,
) -> list[Row]:
    """Make a row of every piece that three or more parks claim, every two of them in earnest.

    Parameters
    ----------
    parks
        The parks table.
    slices
        Pieces of shared ground.
    land
        What :func:`land_rows` made.
    criteria
        The thresholds.

    Returns
    -------
    The rows.
    """
    rows = []
    for claimants, pieces in _multiple_pieces(slices):
        among = [land.get(pair) for pair in _pairs_of(claimants)]
        if not all(row is not None and is_contested(row) for row in among):
            continue
        area = float(pieces["area_m2"].sum())
        width = _mean_width(pieces)
        if width <= criteria.sliver_width_m and area < criteria.sliver_area_m2:
            continue
        drawn = {claimant: _park_area(claimant, land) for claimant in claimants}
        rows.append(
            {
                **_BLANK,
                "parks": claimants,
                "relation": "multiple",
                "area_m2": area,
                "smaller_share": area / min(drawn.values()),
                "mean_width_m": width,
                "approved_area_gain_ha": _gains(parks, drawn, area, criteria),
                "geometry": pieces.geometry.union_all(),
            }
        )
    return rows


def _gains(
    parks: gpd.GeoDataFrame, drawn: Mapping[str, float], area: float, criteria: Criteria
) -> tuple[float, ...]:
    """How much closer to its approved area each claimant would be without the piece, in hectares.

    Silent as for a pair: a small gain, other kinds of boundary, drawn far off what was approved.
    """
    claimants = parks.loc[list(drawn)]
    approved = claimants["approved_area_ha"].astype(float).to_numpy()
    approved = np.where(approved > 0, approved, np.nan)
    stated = {kind for kind in claimants["boundary_kind"] if kind}
    hectares = np.array(list(drawn.values())) / 1e4
    ratio = hectares / approved
    odd = (ratio < criteria.area_ratio_low) | (ratio > criteria.area_ratio_high)
    residual = hectares - approved
    gain = np.abs(residual) - np.abs(residual - area / 1e4)
    heard = (np.abs(gain) >= criteria.area_dead_band * approved) & ~odd.any() & (len(stated) < 2)
    return tuple(float(value) for value in np.where(heard, gain, np.nan))


def _multiple_pieces(slices: gpd.GeoDataFrame) -> Iterable[tuple[Key, gpd.GeoDataFrame]]:
    several = slices[slices["claimants"].map(len) >= 3]
    keys = sorted({tuple(sorted(claimants)) for claimants in several["claimants"]})
    for key in keys:
        yield key, several[several["claimants"].map(lambda names, key=key: tuple(names) == key)]


def _pairs_of(claimants: Key) -> list[Key]:
    return [(a, b) for i, a in enumerate(claimants) for b in claimants[i + 1 :]]


def _park_area(park: str, land: Mapping[Key, Row]) -> float:
    """Read a park's area back from any pair it is in."""
    row = next(row for key, row in land.items() if park in key and row["area_m2"] > 0)
    share = row["left_share"] if row["parks"][0] == park else row["right_share"]
    return float(row["area_m2"] / share)


def _mean_width(pieces: gpd.GeoDataFrame) -> float:
    outline = pieces.to_crs(geodesy.metric_crs(pieces)).geometry.union_all()
    return float(2 * outline.area / outline.length)


def absorb(
    land: dict[Key, Row], multiple: list[Row], slices: gpd.GeoDataFrame, criteria: Criteria
) -> None:
    """Drop pairs whose shared ground is all in a piece that is listed with more names.

    Parameters
    ----------
    land
        What :func:`land_rows` made; changed.
    multiple
        What :func:`multiple_rows` made.
    slices
        Pieces of shared ground.
    criteria
        The thresholds.

    Examples
    --------
    >>> import pandas as pd
    >>> slices = pd.DataFrame({"claimants": [("a", "b", "c")], "area_m2": [9e5]})
    >>> land = {("a", "b"): {"area_m2": 9e5}, ("b", "c"): {"area_m2": 5e6}}
    >>> absorb(land, [{"parks": ("a", "b", "c")}], slices, schema.Criteria())
    >>> list(land)
    [('b', 'c')]
    """
    listed = {row["parks"] for row in multiple}
    if not listed:
        return
    inside: dict[Key, float] = {}
    for claimants, area in zip(slices["claimants"], slices["area_m2"], strict=True):
        if tuple(claimants) in listed:
            for pair in _pairs_of(tuple(claimants)):
                inside[pair] = inside.get(pair, 0.0) + area
    for pair, area in inside.items():
        if pair in land and land[pair]["area_m2"] - area < criteria.sliver_area_m2:
            del land[pair]


def sector_rows(
    parks: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    clusters: pd.DataFrame,
    criteria: Criteria,
    *,
    supplies: pd.DataFrame | None = None,
) -> dict[Key, Row]:
    """Make a row of every pair whose sectors tell something.

    Parameters
    ----------
    parks, pairs, clusters
        The tables.
    criteria
        The thresholds.
    supplies
        Who can supply whom, on the pairs; nobody is named if not given.

    Returns
    -------
    Pair -> row.
    """
    similar = pairs["similarity"] >= criteria.min_similarity
    similar &= schema.beyond_chance(
        pairs["similarity"], pairs["p"], null_quantile=criteria.null_quantile
    )
    rivals = similar & (pairs["rivalry"] >= criteria.min_rivalry)
    coarse = similar & pairs["coarse"] & (pairs["coarse_share"] >= criteria.min_rivalry)
    linked = pairs["synergy"] >= criteria.min_synergy
    verdict = np.select(
        [rivals & linked, rivals, linked, coarse],
        ["coopetition", "rivalry", "complementary", "coarse"],
        default="",
    )
    told = pairs[verdict != ""].assign(verdict=verdict[verdict != ""]).reset_index()
    told["policy"] = bodies.policy_relations(
        parks, list(told["left"]), list(told["right"]), superseded_lists=criteria.superseded_lists
    )
    # a list no longer in force competes with nobody, and one body need not be told to supply itself
    idle = (told["policy"] == "superseded") | (
        (told["policy"] != "") & (told["verdict"] == "complementary")
    )
    told = told[~idle]
    member = _membership(clusters)
    known = _by_pair(supplies)
    rows: dict[Key, Row] = {}
    for found in told.to_dict("records"):
        row = {**_BLANK, **{name: found[name] for name in _BLANK if name in found}}
        row["parks"] = (found["left"], found["right"])
        row["policy"] = found["policy"]
        row["supplies"] = tuple(known.get(row["parks"], ()))
        shared = {member.get(found["left"], ""), member.get(found["right"], "")}
        row["cluster"] = shared.pop() if len(shared) == 1 else ""
        rows[row["parks"]] = row
    return rows


def _by_pair(supplies: pd.DataFrame | None) -> dict[Key, list[Key]]:
    gathered: dict[Key, list[Key]] = {}
    if supplies is not None:
        for pair, link in zip(
            supplies.index, supplies.itertuples(index=False, name=None), strict=True
        ):
            gathered.setdefault(pair, []).append(link)
    return gathered


def _membership(clusters: pd.DataFrame) -> dict[str, Hashable]:
    flagged = clusters[clusters["flagged"].astype(bool)] if len(clusters) else clusters
    return {park: cluster for cluster, members in flagged["parks"].items() for park in members}


def joined(land: Row | None, sector: Row | None) -> Row:
    """Make one row of what is known about a pair on the ground and in its sectors.

    Parameters
    ----------
    land, sector
        Its rows; at least one of them.

    Returns
    -------
    The row.

    Examples
    --------
    >>> sector = {"parks": ("a", "b"), "relation": "", "verdict": "rivalry", "policy": "same_body"}
    >>> joined(None, sector)["verdict"]
    'internal'
    """
    row = {**(land or sector or {})}
    if land and sector:
        sector_only = {k: v for k, v in sector.items() if k not in _LAND_KEYS}
        row |= sector_only
    policy = row.pop("policy", "")
    if row["relation"] == "duplicate":
        row["verdict"] = ""  # one park twice is neither its own rival nor its own supplier
    elif row["verdict"] in (*RIVALS, "coarse") and (policy or _is_explained(row)):
        row["verdict"] = "internal"
    return row


_LAND_KEYS = frozenset({*schema.OVERLAP_COLUMNS, "parks", "smaller_share", "approved_area_gain_ha"})


def _is_explained(row: Row) -> bool:
    """Whether the two are one body, one inside the other by policy, or one park twice."""
    relation = row["relation"]
    policy = relation in bodies.POLICY_RELATIONS or relation == "duplicate"
    return policy or (relation == "nested" and row["nesting"] != "undeclared")


def control_rows(controls: gpd.GeoDataFrame) -> list[Row]:
    """Make a row of every park that a control line concerns.

    Parameters
    ----------
    controls
        Parks against control lines.

    Returns
    -------
    The rows, each with one park and the name of the line.

    Examples
    --------
    >>> import pandas as pd
    >>> found = {"park_id": "a", "line": "河", "relation": "control", "area_m2": 9.0, "share": 0.1}
    >>> found |= {"mean_width_m": 1.0, "widest_m": 2.0, "geometry": None}
    >>> control_rows(pd.DataFrame([found]))[0]["parks"]
    ('a',)
    """
    measured = ("relation", "area_m2", "mean_width_m", "widest_m", "geometry")
    return [
        {
            **_BLANK,
            **{name: found[name] for name in measured},
            "line": found["line"],
            "parks": (found["park_id"],),
            "left_share": found["share"],
            "smaller_share": found["share"],
        }
        for found in controls.reset_index().to_dict("records")
    ]
