"""Before and after: boundaries dissolved, and the figures that a plan changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from parkmap import geodesy, schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.consolidation.setting import Setting
    from parkmap.schema import Analysis

#: What is counted, in the order in which it is shown.
FIGURES = (
    "parks",  # rows that are not merged into another
    "counted",  # of these, those of the system
    "rival_pairs",
    "rivalry",  # sum over the pairs of parks as they are today
    "overlap_pairs",
    "overlap_ha",  # ground that two or more parks claim, once
    "land_ha",  # ground of all parks, shared ground once
)


def dissolved(
    parks: gpd.GeoDataFrame, groups: Mapping[str, str], new: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """Return the parks as they would be: what joins a park lies inside its boundary.

    Parameters
    ----------
    parks
        The parks table.
    groups
        Park -> the park it joins.
    new
        Id of each new park -> its name.

    Returns
    -------
    The parks that are left, with ``merged_parks`` (the names of those that joined, semicolons
    between) and ``plan_area_ha`` (shared ground once; nan where nothing is drawn). Sectors of all
    members are kept; every other column is the anchor's, so no tier changes.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> parks = schema.complete(gpd.GeoDataFrame({"name": ["A", "B"]}, crs=4544, index=["a", "b"],
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(401000, 3e6, 402000, 3001000)]))
    >>> dissolved(parks, {"b": "a"}, {}).geometry.area.tolist()
    [2000000.0]
    """
    members: dict[str, list[str]] = {}
    for park in parks.index:
        members.setdefault(groups.get(park, park), []).append(park)
    rows = [_standing(parks, host, found, new) for host, found in members.items()]
    index = pd.Index(list(members), name="park_id", dtype=object)
    frame = pd.DataFrame([row for row, _ in rows], index=index)
    shapes = gpd.GeoSeries([shape for _, shape in rows], index=index, crs=parks.crs)
    table = gpd.GeoDataFrame(frame, geometry=shapes, crs=parks.crs)
    area = geodesy.ellipsoidal_area(table.geometry, parks.crs) / 1e4
    return table.assign(plan_area_ha=np.where(area > 0, area, np.nan))


def _standing(
    parks: gpd.GeoDataFrame, host: str, members: list[str], new: Mapping[str, str]
) -> tuple[dict[str, Any], Any]:
    """Return one park after the plan: its columns and its ground."""
    own = parks.loc[members]
    others = [park for park in members if park != host]
    geometry = str(parks.geometry.name)
    if host in new:
        row: dict[str, Any] = {**_founded(own), "name": new[host]}
    else:
        row = parks.loc[host].drop(geometry).to_dict()
    joined = [(row["sectors"] if host in parks.index else ()), *parks.loc[others, "sectors"]]
    if others:
        row["sectors"] = tuple(dict.fromkeys(_bare(s) for sectors in joined for s in sectors))
    row["merged_parks"] = ";".join(map(str, parks.loc[others, "name"]))
    if not others:
        return row, parks.geometry[host]
    drawn = own.geometry[~(own.geometry.isna() | own.geometry.is_empty)]
    land = drawn[drawn.geom_type.isin(["Polygon", "MultiPolygon"])]
    return row, (land if len(land) else drawn).union_all() if len(drawn) else None


def _founded(own: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the columns of a park that is yet to be approved: only what its parts agree on."""
    row: dict[str, Any] = {**schema.PARK_COLUMNS}
    for column in ("city", "district", "managing_body", "list_name", "boundary_kind"):
        said = set(own[column])
        row[column] = said.pop() if len(said) == 1 else ""
    return {**row, "counted": False}


def _bare(sector: str) -> str:
    """Drop a weight: weights of different parks do not add up to a mix."""
    return sector.replace(":", ":").partition(":")[0]


def figures(
    result: Analysis, setting: Setting, groups: Mapping[str, str], merged: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Compare before and after.

    Parameters
    ----------
    result
        The analysis.
    setting
        The parks.
    groups
        Park -> the park it joins.
    merged
        What :func:`dissolved` returned.

    Returns
    -------
    Table on the names of ``FIGURES`` with ``before`` and ``after``. Ground counts once however many
    claim it, so the land of all parks is the same on both sides.

    Examples
    --------
    >>> import parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000)])
    >>> plan = pm.consolidate(pm.analyze(parks))
    >>> plan.figures.loc["parks"].tolist()
    [1.0, 1.0]
    """
    before, after = (_counted(result, setting, joined) for joined in ({}, groups))
    land = _union_ha(result.parks.geometry)
    counts = {
        "parks": (len(result.parks), len(merged)),
        "counted": tuple(
            int(table["counted"].astype(bool).sum()) for table in (setting.parks, merged)
        ),
        **{name: (before[name], after[name]) for name in before},
        "land_ha": (land, land),
    }
    rows = [tuple(map(float, counts[name])) for name in FIGURES]
    return pd.DataFrame(rows, index=list(FIGURES), columns=["before", "after"])


def _counted(result: Analysis, setting: Setting, groups: Mapping[str, str]) -> dict[str, float]:
    def ends(pair: tuple[str, str]) -> frozenset[str]:
        return frozenset(groups.get(park, park) for park in pair)

    rivals = {pair: rivalry for pair, rivalry in setting.rivals.items() if len(ends(pair)) > 1}
    shared = [pair for pair in setting.shared if len(ends(pair)) > 1]
    ground = result.overlaps.geometry.loc[shared] if shared else result.overlaps.geometry.iloc[:0]
    return {
        "rival_pairs": float(len({ends(pair) for pair in rivals})),
        "rivalry": float(sum(rivals.values())),
        "overlap_pairs": float(len({ends(pair) for pair in shared})),
        "overlap_ha": _union_ha(ground),
    }


def _union_ha(shapes: gpd.GeoSeries) -> float:
    drawn = shapes[~(shapes.isna() | shapes.is_empty)]
    land = drawn[drawn.geom_type.isin(["Polygon", "MultiPolygon"])]
    if land.empty:
        return 0.0
    return float(geodesy.ellipsoidal_area([land.union_all()], shapes.crs)[0] / 1e4)
