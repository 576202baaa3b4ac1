"""The tasks of the districts: one list for the city, and a sheet to send to each district."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parkmap import escape, wording
from parkmap.messages import listed, text
from parkmap.report.cells import areas, term
from parkmap.report.facts import districts_of, finding_districts
from parkmap.report.words import category, circled
from parkmap.sheets import Column, Sheet, tab_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parkmap.schema import Analysis

    Task = tuple[str, dict[Any, Any]]

_MOST_SHEETS = 60  # a city has some twenty districts; a province has too many for one workbook


def district_sheets(analysis: Analysis, *, taken: Iterable[str] = ()) -> list[Sheet]:
    """Lay out 分区(市)县任务清单, and the same for each district by itself.

    Parameters
    ----------
    analysis
        The run.
    taken
        Names of the workbook's other sheets.

    Returns
    -------
    The list of all, then a sheet for each district with a park, with the findings that lie in it;
    only the list where there are more districts than a workbook can hold.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> columns = {"name": ["A"], "district": ["B"]}
    >>> layer = gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with pm.use_language("en"):
    ...     [sheet.tab for sheet in district_sheets(pm.analyze(layer))]
    ['Districts', 'B']
    """
    tasks = _tasks(analysis)
    whole = _sheet(tasks)
    places = sorted(
        {place for named in analysis.parks["district"] for place in districts_of(named)}
    )
    if len(places) > _MOST_SHEETS:
        return [replace(whole, under=text("report.cell.many_districts", count=len(places)))]
    tabs = tab_names(places, taken=[whole.tab, *taken])
    return [whole, *(_own(analysis, *each, tasks) for each in zip(places, tabs, strict=True))]


def _own(analysis: Analysis, place: str, tab: str, tasks: list[Task]) -> Sheet:
    """Return the sheet of one district, with its parks named over the table."""
    own = _sheet([task for task in tasks if task[0] == place])
    table = analysis.parks
    inside = table["name"][[place in districts_of(named) for named in table["district"]]]
    parks = listed(map(str, inside))
    under = text("report.cell.district_parks", count=len(inside), parks=parks)
    return replace(own, name=tab, title=escape.terminal(place), under=under)


def _tasks(analysis: Analysis) -> list[Task]:
    """Return each finding under each district it lies in, by district."""
    unstated = text("report.cell.unstated_district")
    ranked = analysis.conflicts.sort_values("number")
    tasks = [
        (place, {**row, "anchor": str(anchor)})
        for anchor, row in zip(ranked.index, ranked.to_dict("records"), strict=True)
        if row["severity"] != "info"
        for place in finding_districts(analysis, row["parks"]) or [unstated]
    ]
    return sorted(tasks, key=lambda task: (task[0] == unstated, task[0], task[1]["number"]))


def _sheet(tasks: list[Task]) -> Sheet:
    rows = [
        (
            place,
            circled(row["number"]),
            term("severity", row["severity"]),
            category(row),
            listed(row["names"]),
            *areas(row["area_m2"]),
            row["message"],
            wording.advice(row, district=place),
        )
        for place, row in tasks
    ]
    columns = (
        Column("finding_district", 16),
        Column("map_number", 10),
        Column("severity", 10),
        Column("category", 18),
        Column("parks_involved", 36),
        Column("area_ha", 12, "hectares"),
        Column("area_mu", 10, "whole"),
        Column("message", 60),
        Column("advice", 40),
    )
    severities = tuple(row["severity"] for _, row in tasks)
    links = tuple(row["anchor"] for _, row in tasks)
    return Sheet("districts", columns, rows, severities=severities, links=links)
