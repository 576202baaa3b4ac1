"""What stands on each sheet of the workbook: headings, rows, totals. No styling here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import parkmap
from parkmap import messages, schema, taxonomy, wording
from parkmap.messages import text
from parkmap.report.facts import districts_of, finding_districts, park_facts
from parkmap.report.words import advice, as_of, basis, category, circled, system_text

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.schema import Analysis, Criteria

    Rows = list[tuple[Any, ...]]

#: Number formats by the form of a column.
FORMS = {
    "text": "@",
    "whole": "#,##0",
    "hectares": "#,##0.00",
    "difference": "+#,##0.00;-#,##0.00;0.00",
    "percent": "0.0%",
    "score": "0.00",
}


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    key
        Its heading in the catalogue.
    width
        The most it may take, in half-width characters.
    form
        One of ``FORMS``.
    """

    key: str
    width: int = 12
    form: str = "text"

    @property
    def heading(self) -> str:
        """What the column is called."""
        return text(f"report.heading.{self.key}")


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook.

    Parameters
    ----------
    key
        Its name in the catalogue.
    columns
        Its columns.
    rows
        One tuple a row; None is an empty cell.
    total
        The last row, "" where there is nothing to sum; None for no such row.
    severities
        Severity of each row, for its colour; empty for sheets without.
    links
        Anchor of each row in the map; empty for sheets without.
    """

    key: str
    columns: tuple[Column, ...]
    rows: Rows
    total: tuple[Any, ...] | None = None
    severities: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def workbook_sheets(analysis: Analysis) -> list[Sheet]:
    """Lay out every sheet of the workbook.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheets in order; all of them, so that an empty one says that nothing was found.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> [sheet.key for sheet in workbook_sheets(pm.analyze(layer))][:3]
    ['parks', 'findings', 'sectors']
    """
    makers: Sequence[Callable[[Analysis], Sheet]] = (
        parks_sheet,
        findings_sheet,
        sectors_sheet,
        clusters_sheet,
        districts_sheet,
        problems_sheet,
        criteria_sheet,
    )
    return [make(analysis) for make in makers]


def parks_sheet(analysis: Analysis) -> Sheet:
    """Lay out 总表, a row a park.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet, with a row of totals.

    Examples
    --------
    >>> parks_sheet.__name__
    'parks_sheet'
    """
    parks, facts = analysis.parks, park_facts(analysis)
    rows: Rows = []
    pairs = zip(parks.to_dict("records"), facts.to_dict("records"), strict=True)
    for number, (park, fact) in enumerate(pairs, start=1):
        approved, drawn = _number(park["approved_area_ha"]), _number(fact["drawn_area_ha"])
        both = approved is not None and drawn is not None
        rows.append(
            (
                number,
                park["name"],
                park["code"],
                _term("tier", park["tier"]),
                park["kind"],
                park["district"],
                park["managing_body"],
                text("terms.list_separator").join(map(str, park["sectors"])),
                park["approval_no"],
                approved,
                drawn,
                drawn - approved if both else None,  # type: ignore[operator]
                _term("boundary_kind", park["boundary_kind"]),
                fact["overlap_findings"],
                fact["overlap_ha"] or None,
                fact["homogeneity_findings"],
                _park_note(park, drawn),
            )
        )
    columns = (
        Column("number", 6, "whole"),
        Column("name", 30),
        Column("code", 12),
        Column("tier", 9),
        Column("kind", 20),
        Column("district", 16),
        Column("managing_body", 22),
        Column("sectors", 30),
        Column("approval_no", 18),
        Column("approved_area_ha", 13, "hectares"),
        Column("drawn_area_ha", 13, "hectares"),
        Column("difference_ha", 11, "difference"),
        Column("boundary_kind", 16),
        Column("overlap_findings", 11, "whole"),
        Column("overlap_ha", 13, "hectares"),
        Column("homogeneity_findings", 11, "whole"),
        Column("note", 30),
    )
    return Sheet("parks", columns, rows, _park_totals(columns, rows))


def findings_sheet(analysis: Analysis) -> Sheet:
    """Lay out 核查事项清单, a row a finding.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet, worst first.

    Examples
    --------
    >>> findings_sheet.__name__
    'findings_sheet'
    """
    separator = text("terms.list_separator")
    rows: Rows = []
    findings = analysis.conflicts.sort_values("number")
    for anchor, row in zip(findings.index, findings.to_dict("records"), strict=True):
        district = separator.join(finding_districts(analysis, row["parks"]))
        rows.append(
            (
                row["number"],
                anchor,
                category(row),
                _term("severity", row["severity"]),
                row["names"][0],
                separator.join(row["names"][1:]),
                district,
                row["message"],
                *_areas(row["area_m2"]),
                _number(row["smaller_share"]),
                basis(row, measure=analysis.criteria.measure),
                advice(row, district=district),
                circled(row["number"]),
            )
        )
    columns = (
        Column("number", 6, "whole"),
        Column("conflict_id", 14),
        Column("category", 16),
        Column("severity", 10),
        Column("park_a", 24),
        Column("park_b", 24),
        Column("finding_district", 16),
        Column("message", 56),
        Column("area_ha", 12, "hectares"),
        Column("area_mu", 10, "whole"),
        Column("smaller_share", 12, "percent"),
        Column("basis", 36),
        Column("advice", 36),
        Column("map_number", 10),
    )
    severities = tuple(findings["severity"])
    return Sheet("findings", columns, rows, None, severities, tuple(map(str, findings.index)))


def sectors_sheet(analysis: Analysis) -> Sheet:
    """Lay out 主导产业重复情况表, a row a sector.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet, the most named sector first.

    Examples
    --------
    >>> sectors_sheet.__name__
    'sectors_sheet'
    """
    table = analysis.sectors.assign(node=analysis.sectors.index.astype(str))
    table = table.sort_values(["n_parks", "node"], ascending=[False, True])
    rows: Rows = [
        (
            wording.sector_names([row["node"]]),
            _chain_name(row),
            row["n_parks"],
            _park_names(analysis, row["parks"]),
            _number(row["share_of_parks"]),
            _park_names(analysis, row["main_for"]),
            _coarse(row),
        )
        for row in table.to_dict("records")
    ]
    columns = (
        Column("sector", 22),
        Column("chain", 18),
        Column("n_parks", 12, "whole"),
        Column("park_list", 70),
        Column("share_of_parks", 10, "percent"),
        Column("main_for", 26),
        Column("coarse", 18),
    )
    return Sheet("sectors", columns, rows)


def clusters_sheet(analysis: Analysis) -> Sheet:
    """Lay out 同质园区组, a row a flagged group.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet.

    Examples
    --------
    >>> clusters_sheet.__name__
    'clusters_sheet'
    """
    separator = text("terms.list_separator")
    rows: Rows = [
        (
            number,
            len(row["parks"]),
            _park_names(analysis, row["parks"]),
            wording.sector_names(row["shared_sectors"]),
            _number(row["weakest_similarity"]),
            text(f"report.cell.stable_{'yes' if row['stable'] else 'no'}"),
            _park_names(analysis, [row["lead_park"]] if row["lead_park"] else []),
            separator.join(map(str, row["districts"])),
        )
        for number, row in enumerate(flagged_clusters(analysis), start=1)
    ]
    columns = (
        Column("cluster", 6, "whole"),
        Column("n_parks", 12, "whole"),
        Column("members", 60),
        Column("shared_sectors", 36),
        Column("weakest_similarity", 14, "score"),
        Column("stable", 10),
        Column("lead_park", 26),
        Column("districts", 26),
    )
    return Sheet("clusters", columns, rows)


def flagged_clusters(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the groups of like parks that are flagged.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One dict a group, the largest first.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> none = pd.DataFrame(columns=list(schema.CLUSTER_COLUMNS))
    >>> flagged_clusters(SimpleNamespace(clusters=none))
    []
    """
    groups = [row for row in analysis.clusters.to_dict("records") if row["flagged"]]
    return sorted(groups, key=lambda row: (-len(row["parks"]), row["parks"]))


def districts_sheet(analysis: Analysis) -> Sheet:
    """Lay out 分区(市)县任务清单: each finding under each district it lies in.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet; findings of severity info give no task.

    Examples
    --------
    >>> districts_sheet.__name__
    'districts_sheet'
    """
    tasks = []
    for row in analysis.conflicts.sort_values("number").to_dict("records"):
        if row["severity"] == "info":
            continue
        named = finding_districts(analysis, row["parks"])
        tasks += [(place, row) for place in named or [text("report.cell.unstated_district")]]
    order = {place: at for at, place in enumerate(_district_order(analysis.parks))}
    tasks.sort(key=lambda task: (order.get(task[0], len(order)), task[1]["number"]))
    rows: Rows = [
        (
            place,
            circled(row["number"]),
            _term("severity", row["severity"]),
            category(row),
            text("terms.list_separator").join(row["names"]),
            *_areas(row["area_m2"]),
            row["message"],
            advice(row, district=place),
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
    return Sheet("districts", columns, rows, None, tuple(row["severity"] for _, row in tasks))


def problems_sheet(analysis: Analysis) -> Sheet:
    """Lay out 数据问题清单, a row a problem.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet, in the order of the table.

    Examples
    --------
    >>> problems_sheet.__name__
    'problems_sheet'
    """
    rows: Rows = [
        (
            number,
            _park_names(analysis, [row["park_id"]] if row["park_id"] else []),
            row["row"] or None,
            row["code"],
            text(f"report.problem_severity.{row['severity']}"),
            row["message"],
            row["remedy"],
        )
        for number, row in enumerate(analysis.problems.to_dict("records"), start=1)
    ]
    columns = (
        Column("number", 6, "whole"),
        Column("name", 30),
        Column("row", 10, "whole"),
        Column("problem_code", 12),
        Column("problem_severity", 10),
        Column("problem", 70),
        Column("remedy", 60),
    )
    return Sheet("problems", columns, rows)


def criteria_sheet(analysis: Analysis) -> Sheet:
    """Lay out 口径与参数: what was compared, by which rules, with which thresholds.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The sheet.

    Examples
    --------
    >>> criteria_sheet.__name__
    'criteria_sheet'
    """
    rows: Rows = [
        (text("report.settings.date"), as_of(analysis)),
        (text("report.settings.system"), system_text(analysis.system, analysis.others)),
        (text("report.settings.software"), f"parkmap {parkmap.__version__}"),
    ]
    for source in analysis.sources:
        value = text(
            "report.settings.source_value",
            name=source.name,
            rows=source.rows,
            crs=source.crs or text("terms.unknown"),
            hash=source.sha256[:16],
        )
        rows.append((text("report.settings.source"), value))
    rows += _rules(analysis.criteria)
    rows += [
        (text(f"report.criterion.{field.name}"), _setting(getattr(analysis.criteria, field.name)))
        for field in fields(analysis.criteria)
    ]
    return Sheet("criteria", (Column("item", 52), Column("value", 110)), rows)


def _rules(used: Criteria) -> Rows:
    values = {
        "high_share": f"{used.high_share:.1%}",
        "medium_share": f"{used.medium_share:.1%}",
        "high_area": f"{used.high_area_m2 / 1e4:g}",
        "medium_area": f"{used.medium_area_m2 / 1e4:g}",
        "approved_area": f"{used.approved_area_m2 / 1e4:g}",
        "medium_rivalry": f"{used.medium_rivalry:g}",
        "min_rivalry": f"{used.min_rivalry:g}",
    }
    names = ("units", "order", "weights", "counted", "control_lines")
    names += ("high", "medium", "low", "info", "both")
    return [
        (text(f"report.settings.{name}"), text(f"report.settings.{name}_value", **values))
        for name in names
    ]


def _setting(value: Any) -> Any:
    if value is None:
        return text("report.criterion.none")
    if isinstance(value, tuple):
        return text("terms.list_separator").join(map(str, value))
    if isinstance(value, str):
        return text(f"terms.measure.{value}")
    return f"{value:,.10g}"


def _park_note(park: dict[str, Any], drawn: float | None) -> str:
    said = []
    if drawn is None:
        said.append(text("report.note.no_land"))
    if park["boundary_kind"] == "schematic":
        said.append(text("report.note.schematic"))
    if not park["counted"]:
        said.append(text("report.note.beside"))
        if park["list_name"]:
            said.append(text("report.note.list", list=park["list_name"]))
    return text("report.basis.separator").join(said)


def _park_totals(columns: tuple[Column, ...], rows: Rows) -> tuple[Any, ...]:
    summed = {"approved_area_ha", "drawn_area_ha"}
    totals: list[Any] = []
    for at, column in enumerate(columns):
        values = [row[at] for row in rows if row[at] is not None]
        totals.append(sum(values) if column.key in summed else "")
    totals[1] = text("report.cell.total")
    return tuple(totals)


def _areas(area_m2: float) -> tuple[float | None, int | None]:
    area = _number(area_m2)
    if area is None:
        return None, None
    return area / 1e4, messages.half_up(area / 1e4 * 15)


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _term(group: str, key: str) -> str:
    return text(f"terms.{group}.{key}") if key else text("terms.unknown")


def _park_names(analysis: Analysis, parks: Iterable[str]) -> str:
    names = analysis.parks["name"]
    return text("terms.list_separator").join(str(names.get(park, park)) for park in parks)


def _chain_name(row: dict[str, Any]) -> str:
    """The chain a sector belongs to, with its place in it."""
    if not row["chain"] or row["chain"] == row["node"]:
        return ""
    known = taxonomy.load().nodes.get(row["node"])
    chain = wording.sector_names([row["chain"]])
    if known is None or not known.link:
        return chain
    return text("report.cell.chain_link", chain=chain, link=text(f"report.link.{known.link}"))


def _coarse(row: dict[str, Any]) -> str:
    if row["set_aside"]:
        return text("report.cell.set_aside")
    return text(f"report.cell.coarse_{'yes' if row['coarse'] else 'no'}")


def _district_order(parks: gpd.GeoDataFrame) -> list[str]:
    return sorted({place for named in parks["district"] for place in districts_of(named)})
