"""One ranked list of what was found: land and sector joined, a row a pair.

A row is a matter to be checked, with its evidence; never a verdict on anyone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from parkmap import bodies, geodesy, schema, wording
from parkmap.schema import CONFLICT_COLUMNS, SEVERITIES, Criteria

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    Row = dict[str, Any]
    Key = tuple[str, ...]

#: Land relations that someone has to look at; the others explain themselves.
CONTESTED = ("partial", "duplicate")
RIVALS = ("rivalry", "coopetition")

_KIND_ORDER = ("both", "overlap", "homogeneity")
#: Among equals of no concern, what tells most comes first and one body's two names last.
_INFO_ORDER = (
    *("complementary", "sliver", "adjacent", "nested", "partial", "duplicate", "multiple"),
    *("internal", "co_built", "superseded", "same_body"),
)
_BLANK: Row = {
    "relation": "",
    "nesting": "",
    "verdict": "",
    "cluster": "",
    "area_m2": np.nan,
    "left_share": np.nan,
    "right_share": np.nan,
    "smaller_share": np.nan,
    "mean_width_m": np.nan,
    "approved_area_gain_ha": (),
    "similarity": np.nan,
    "overlap_share": np.nan,
    "rivalry": np.nan,
    "synergy": np.nan,
    "p": np.nan,
    "coarse": False,
    "distance_m": np.nan,
    "shared_sectors": (),
    "geometry": None,
}


def conflicts(
    parks: gpd.GeoDataFrame,
    overlaps: gpd.GeoDataFrame,
    slices: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    criteria: Criteria | None = None,
) -> gpd.GeoDataFrame:
    """Join land and sector into one ranked list of findings.

    Parameters
    ----------
    parks
        The parks table.
    overlaps, slices
        Pairs and pieces of shared ground; gains from the approved area are used where the columns
        ``left_gain_ha`` and ``right_gain_ha`` are there.
    pairs, clusters
        Pairs of parks that make much the same, and the groups they form.
    criteria
        The thresholds; the defaults if not given.

    Returns
    -------
    The conflicts table, worst first, numbered from 1. A pair is one row, whatever was found about
    it; a piece of land that three or more parks claim is one row with all of them, and a pair whose
    shared ground lies in such a piece has no land row of its own.

    Notes
    -----
    Severity follows the printed table: land by share of the smaller park and hectares, at most
    medium where a boundary is schematic or the two boundaries are of different kinds; rivalry
    medium at most; both on one pair one step up, under the same ceiling for drawn shapes.
    The list is only as good as the boundaries and sector words in the file.

    Examples
    --------
    >>> import parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(400500, 3e6, 401500, 3001000)])
    >>> found = pm.analyze(parks).conflicts
    >>> found[["relation", "severity"]].values.tolist()
    [['partial', 'high']]
    """
    criteria = criteria or Criteria()
    table = schema.complete(parks)
    land = _land_rows(overlaps)
    multiple = _multiple_rows(slices, land, criteria)
    _absorb(land, multiple, slices, criteria)
    sector = _sector_rows(table, pairs, clusters, criteria)
    rows = [_joined(land.get(key), sector.get(key)) for key in sorted({*land, *sector})]
    rows = [_judged(row, table, criteria) for row in (*rows, *multiple)]
    return _ranked([row for row in rows if row["kind"]], table)


def _land_rows(overlaps: gpd.GeoDataFrame) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    gains = {"left_gain_ha", "right_gain_ha"} <= set(overlaps.columns)
    for found in overlaps.reset_index().to_dict("records"):
        row = {**_BLANK, **{name: found[name] for name in schema.OVERLAP_COLUMNS}}
        row["parks"] = (found["left"], found["right"])
        row["smaller_share"] = max(found["left_share"], found["right_share"])
        if gains:
            row["approved_area_gain_ha"] = (found["left_gain_ha"], found["right_gain_ha"])
        rows[row["parks"]] = row
    return rows


def _multiple_rows(
    slices: gpd.GeoDataFrame, land: Mapping[Key, Row], criteria: Criteria
) -> list[Row]:
    """Pieces that three or more parks claim, every two of them in earnest."""
    rows = []
    for claimants, pieces in _multiple_pieces(slices):
        among = [land.get(pair) for pair in _pairs_of(claimants)]
        if not all(row is not None and _is_contested(row) for row in among):
            continue
        area = float(pieces["area_m2"].sum())
        width = _mean_width(pieces)
        if width <= criteria.sliver_width_m and area < criteria.sliver_area_m2:
            continue
        smallest = min(_park_area(claimant, land) for claimant in claimants)
        rows.append(
            {
                **_BLANK,
                "parks": claimants,
                "relation": "multiple",
                "area_m2": area,
                "smaller_share": area / smallest,
                "mean_width_m": width,
                "geometry": pieces.geometry.union_all(),
            }
        )
    return rows


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


def _absorb(
    land: dict[Key, Row], multiple: list[Row], slices: gpd.GeoDataFrame, criteria: Criteria
) -> None:
    """Drop pairs whose shared ground is all in a piece that is listed with more names."""
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


def _is_contested(row: Row) -> bool:
    undeclared = row["relation"] == "nested" and row["nesting"] == "undeclared"
    return row["relation"] in (*CONTESTED, "multiple") or undeclared


def _sector_rows(
    parks: gpd.GeoDataFrame, pairs: pd.DataFrame, clusters: pd.DataFrame, criteria: Criteria
) -> dict[Key, Row]:
    similar = pairs["similarity"] >= criteria.min_similarity
    similar &= beyond_chance(pairs, null_quantile=criteria.null_quantile)
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
    rows: dict[Key, Row] = {}
    for found in told.to_dict("records"):
        row = {**_BLANK, **{name: found[name] for name in _BLANK if name in found}}
        row["parks"] = (found["left"], found["right"])
        row["policy"] = found["policy"]
        shared = {member.get(found["left"], ""), member.get(found["right"], "")}
        row["cluster"] = shared.pop() if len(shared) == 1 else ""
        rows[row["parks"]] = row
    return rows


def beyond_chance(
    pairs: pd.DataFrame, *, null_quantile: float = Criteria.null_quantile
) -> pd.Series:
    """Say which pairs are alike beyond what redrawn parks would be.

    Parameters
    ----------
    pairs
        The pairs table.
    null_quantile
        The quantile of the redrawn similarities that a pair must reach.

    Returns
    -------
    True or false, pair by pair; true where the null was not drawn. Parks with the very same mix
    always pass: no quantile lies above them, however common their sectors are.

    Examples
    --------
    >>> table = pd.DataFrame({"similarity": [0.6, 0.6, 1.0], "p": [0.01, 0.2, 0.06]})
    >>> beyond_chance(table).tolist()
    [True, False, True]
    """
    same_mix = pairs["similarity"] > 1 - 1e-6
    return ~(pairs["p"] > 1 - null_quantile) | same_mix


def _membership(clusters: pd.DataFrame) -> dict[str, Hashable]:
    flagged = clusters[clusters["flagged"].astype(bool)] if len(clusters) else clusters
    return {park: cluster for cluster, members in flagged["parks"].items() for park in members}


def _joined(land: Row | None, sector: Row | None) -> Row:
    """One row of what is known about a pair on the ground and in its sectors."""
    row = {**(land or sector or {})}
    if land and sector:
        sector_only = {k: v for k, v in sector.items() if k not in _LAND_KEYS}
        row |= sector_only
    policy = row.pop("policy", "")
    if row["verdict"] in (*RIVALS, "coarse") and (policy or _is_explained(row)):
        row["verdict"] = "internal"
    return row


_LAND_KEYS = frozenset({*schema.OVERLAP_COLUMNS, "parks", "smaller_share", "approved_area_gain_ha"})


def _is_explained(row: Row) -> bool:
    """Whether the two are one body, one inside the other by policy, or one park twice."""
    relation = row["relation"]
    policy = relation in bodies.POLICY_RELATIONS or relation == "duplicate"
    return policy or (relation == "nested" and row["nesting"] != "undeclared")


def _judged(row: Row, parks: gpd.GeoDataFrame, criteria: Criteria) -> Row:
    members = parks.loc[list(row["parks"])]
    row["names"] = tuple(members["name"])
    row["boundary_kinds"] = tuple(members["boundary_kind"])
    row["kind"] = _kind(row)
    row["severity"] = _severity(row, criteria)
    return row


def _kind(row: Row) -> str:
    contested, rival = _is_contested(row), row["verdict"] in RIVALS
    if contested and rival:
        return "both"
    if contested or (row["relation"] and not (rival or row["verdict"] == "coarse")):
        return "overlap"
    return "homogeneity"


def _severity(row: Row, criteria: Criteria) -> str:
    land = _land_severity(row, criteria) if _is_contested(row) else "info"
    sector = _sector_severity(row, criteria)
    worst = min(land, sector, key=SEVERITIES.index)
    if row["kind"] != "both":
        return worst
    stepped = SEVERITIES[max(SEVERITIES.index(worst) - 1, 0)]
    return _capped(stepped) if _is_uncertain(row) else stepped


def _land_severity(row: Row, criteria: Criteria) -> str:
    share, area = row["smaller_share"], row["area_m2"]
    if set(row["boundary_kinds"]) == {"approved"} and area >= criteria.approved_area_m2:
        return "high"
    if share >= criteria.high_share or area >= criteria.high_area_m2:
        return _capped("high") if _is_uncertain(row) else "high"
    if share >= criteria.medium_share or area >= criteria.medium_area_m2:
        return "medium"
    return "low"


def _is_uncertain(row: Row) -> bool:
    """Say if a shape is merely drawn, or two kinds of boundary are compared."""
    kinds = set(row["boundary_kinds"])
    return "schematic" in kinds or len(kinds) > 1


def _capped(severity: str) -> str:
    return max(severity, "medium", key=SEVERITIES.index)


def _sector_severity(row: Row, criteria: Criteria) -> str:
    if row["verdict"] == "coarse":
        return "low"
    if row["verdict"] not in RIVALS:
        return "info"
    grouped = row["cluster"] != "" and row["rivalry"] >= criteria.medium_rivalry
    return "medium" if grouped else "low"


def _ranked(rows: list[Row], parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows.sort(key=_rank)
    for number, row in enumerate(rows, start=1):
        row["number"] = number
        row["message"] = wording.finding_sentence(row)
    keys = schema.park_keys(parks)
    ids = [conflict_id(keys[park] for park in row["parks"]) for row in rows]
    index = pd.Index(ids, name="conflict_id", dtype=object)
    shapes: list[BaseGeometry | None] = [row.pop("geometry") for row in rows]
    table = pd.DataFrame(rows, columns=[c for c in CONFLICT_COLUMNS if c != "geometry"])
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=parks.crs))
    return frame.set_index(index)[list(CONFLICT_COLUMNS)]


def _rank(row: Row) -> tuple[Any, ...]:
    severity, kind = SEVERITIES.index(row["severity"]), _KIND_ORDER.index(row["kind"])
    telling = 0
    if row["severity"] == "info":
        kind = 0  # a land row that explains itself must not outrank a chain link
        telling = _INFO_ORDER.index(row["relation"] or row["verdict"])
    share, rivalry, synergy = (
        0.0 if np.isnan(row[name]) else -row[name]
        for name in ("smaller_share", "rivalry", "synergy")
    )
    coarse = row["verdict"] == "coarse"
    return (severity, kind, coarse, telling, share, rivalry, synergy, row["parks"])


def conflict_id(keys: Iterable[str]) -> str:
    """Return the id of the finding about some parks.

    Parameters
    ----------
    keys
        Each park's key (:func:`parkmap.schema.park_keys`), in any order.

    Returns
    -------
    ``"c-"`` and ten hexadecimal digits: the same whenever the same parks meet again.

    Examples
    --------
    >>> conflict_id(["S1", "S2"]) == conflict_id(["S2", "S1"])
    True
    """
    joined = "|".join(sorted(keys))
    return "c-" + hashlib.sha256(joined.encode()).hexdigest()[:10]
