"""How severe a row is: the printed table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap.schema import SEVERITIES

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.schema import Criteria

    Row = dict[str, Any]

#: Land relations that someone has to look at; the others explain themselves.
CONTESTED = ("partial", "duplicate")
#: What a park has to do with a control line: ground on it, ground outside it.
CONTROLLED = ("control", "outside")
RIVALS = ("rivalry", "coopetition")


def is_contested(row: Row) -> bool:
    """Say whether someone has to look at the ground of a row.

    Parameters
    ----------
    row
        A row of the list.

    Returns
    -------
    True for land that nothing explains.

    Examples
    --------
    >>> is_contested({"relation": "partial", "nesting": ""})
    True
    >>> is_contested({"relation": "nested", "nesting": "declared"})
    False
    """
    undeclared = row["relation"] == "nested" and row["nesting"] == "undeclared"
    return row["relation"] in (*CONTESTED, "multiple") or undeclared


def judged(
    row: Row,
    parks: gpd.GeoDataFrame,
    criteria: Criteria,
    *,
    repeated: frozenset[str] = frozenset(),
) -> Row:
    """Name a row's parks and say what kind of finding it is, and how severe.

    Parameters
    ----------
    row
        A row of the list; changed.
    parks
        The parks table.
    criteria
        The thresholds.
    repeated
        Names that parks of several files have: each is followed by its file.

    Returns
    -------
    The row.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.schema import Criteria
    >>> columns = {"name": ["甲园"], "layer": ["甲.shp"], "boundary_kind": ["approved"]}
    >>> parks = pd.DataFrame(columns, index=["a"])
    >>> row = {"parks": ("a",), "line": "生态保护红线", "relation": "control"}
    >>> judged(row, parks, Criteria())["severity"]
    'high'
    """
    members = parks.loc[list(row["parks"])]
    row["names"] = tuple(
        f"{name}({layer})" if name in repeated else name
        for name, layer in zip(members["name"], members["layer"], strict=True)
    )
    row["boundary_kinds"] = tuple(members["boundary_kind"])
    row["kind"] = _kind(row)
    row["severity"] = _severity(row, criteria)
    return row


def repeated_names(parks: gpd.GeoDataFrame) -> frozenset[str]:
    """Find the names that parks of several files have.

    Parameters
    ----------
    parks
        The parks table.

    Returns
    -------
    Those names.

    Examples
    --------
    >>> import pandas as pd
    >>> repeated_names(pd.DataFrame({"name": ["甲", "甲", "乙"], "layer": ["a", "b", "b"]}))
    frozenset({'甲'})
    """
    placed = parks[parks["layer"] != ""].drop_duplicates(["name", "layer"])
    return frozenset(placed["name"][placed["name"].duplicated()])


def _kind(row: Row) -> str:
    if row["line"]:
        return "control"
    contested, rival = is_contested(row), row["verdict"] in RIVALS
    if contested and rival:
        return "both"
    if contested or (row["relation"] and not (rival or row["verdict"] == "coarse")):
        return "overlap"
    return "homogeneity"


def _severity(row: Row, criteria: Criteria) -> str:
    if row["kind"] == "control":
        return _control_severity(row)
    land = _land_severity(row, criteria) if is_contested(row) else "info"
    sector = _sector_severity(row, criteria)
    worst = min(land, sector, key=SEVERITIES.index)
    if row["kind"] != "both":
        return worst
    stepped = SEVERITIES[max(SEVERITIES.index(worst) - 1, 0)]
    return _capped(stepped) if _is_uncertain(row) else stepped


def _control_severity(row: Row) -> str:
    if row["relation"] not in CONTROLLED:
        return "info"
    return _capped("high") if _is_uncertain(row) else "high"


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
