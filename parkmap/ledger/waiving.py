"""Which findings a waiver covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from parkmap.ledger.rules import is_waived

if TYPE_CHECKING:
    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State

#: A finding keeps its waiver while at most this part of its ground lies outside the polygon.
OUTSIDE = 0.01


def with_area(row: Row, land: gpd.GeoDataFrame) -> Row:
    """Limit a waiver to some land.

    Parameters
    ----------
    row
        The matter.
    land
        Polygons, with a CRS.

    Returns
    -------
    The matter with the land, kept in EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> land = gpd.GeoDataFrame(geometry=[box(104, 30, 105, 31)], crs=4490)
    >>> "_waiver_area" in with_area({}, land)
    True
    """
    whole = shapely.union_all(shapely.make_valid(land.geometry.to_crs(4326).to_numpy()))
    return {**row, "_waiver_area": shapely.to_wkb(whole, hex=True)}


def waived_findings(
    state: State, findings: gpd.GeoDataFrame, *, date: str
) -> tuple[list[str], list[str]]:
    """Tell which findings a waiver in force covers.

    Parameters
    ----------
    state
        The ledger.
    findings
        The conflicts table.
    date
        ISO date of the day.

    Returns
    -------
    Ids of the findings covered, and of those that have outgrown the land of their waiver: more
    than ``OUTSIDE`` of their ground lies beyond it. A waiver without land covers its matter.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["matters"]["c-1"] = {"_finding": "c-1", "status": "waived",
    ...                                 "waiver_until": "2026-03-31"}
    >>> table = gpd.GeoDataFrame(geometry=[None], index=["c-1"], crs=4490)
    >>> waived_findings(state, table, date="2026-03-31")
    (['c-1'], [])
    >>> waived_findings(state, table, date="2026-04-01")
    ([], [])
    """
    covered: list[str] = []
    outgrown: list[str] = []
    for row in state.rows["matters"].values():
        name = row.get("_finding")
        if name not in findings.index or not is_waived(row, date):
            continue
        shape = findings.geometry.loc[name]
        land = row.get("_waiver_area")
        beyond = 0.0
        if land and shape is not None and not shape.is_empty:
            allowed = gpd.GeoSeries([shapely.from_wkb(land)], crs=4326).to_crs(findings.crs)
            beyond = shape.difference(shapely.make_valid(allowed.iloc[0])).area / shape.area
        (outgrown if beyond > OUTSIDE else covered).append(str(name))
    return covered, outgrown
