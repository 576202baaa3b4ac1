"""The sheets behind the lists: sectors, groups, data problems, criteria."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import parkmap
from parkmap import messages, taxonomy, wording
from parkmap.messages import listed, text
from parkmap.report.cells import park_names
from parkmap.report.facts import expected_text, flagged_clusters
from parkmap.report.sector_words import sector_notes
from parkmap.report.words import date_text, is_of_file, system_text
from parkmap.sheets import Column, Sheet, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parkmap.schema import Analysis, ControlLine, Criteria

    Row = Mapping[Any, Any]
    Rows = list[tuple[Any, ...]]

_SWEEP = (
    *("pairs", "groups", "parks_in_groups"),
    *("largest_group", "families", "largest_family"),
)


def _sectors(analysis: Analysis) -> Sheet:
    """Lay out 主导产业重复情况表, a row a sector."""
    table = analysis.sectors.assign(node=analysis.sectors.index.astype(str))
    table = table.sort_values(["n_parks", "node"], ascending=[False, True])
    rows: Rows = [
        (
            wording.sector_names([row["node"]]),
            _chain_name(row),
            row["n_parks"],
            park_names(analysis, row["parks"]),
            number(row["share_of_parks"]),
            park_names(analysis, row["main_for"]),
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


def _clusters(analysis: Analysis) -> Sheet:
    """Lay out 同质园区组, a row a flagged group."""
    separator = text("terms.list_separator")
    rows: Rows = [
        (
            at,
            len(row["parks"]),
            park_names(analysis, row["parks"]),
            park_names(analysis, row["coarse_parks"]),
            wording.sector_names(row["shared_sectors"]),
            number(row["weakest_similarity"]),
            text(f"report.cell.stable_{'yes' if row['stable'] else 'no'}"),
            park_names(analysis, [row["lead_park"]] if row["lead_park"] else []),
            separator.join(map(str, row["districts"])),
        )
        for at, row in enumerate(flagged_clusters(analysis), start=1)
    ]
    columns = (
        Column("cluster", 6, "whole"),
        Column("group_parks", 10, "whole"),
        Column("members", 60),
        Column("coarse_members", 30),
        Column("shared_sectors", 36),
        Column("weakest_similarity", 14, "score"),
        Column("stable", 10),
        Column("lead_park", 26),
        Column("districts", 26),
    )
    return Sheet("clusters", columns, rows)


def _controls(analysis: Analysis) -> Sheet:
    """Lay out 国土空间管控线比对表, a row a park and line; the worst first."""
    layers = {line.name: _layer_names(line) for line in analysis.lines}
    found = [] if analysis.controls is None else analysis.controls.reset_index().to_dict("records")
    order = {line.name: at for at, line in enumerate(analysis.lines)}
    found.sort(key=lambda row: (order[row["line"]], row["relation"] == "sliver", -row["area_m2"]))
    rows: Rows = [
        (
            park_names(analysis, [row["park_id"]]),
            row["line"],
            text(f"report.cell.line_{row['relation']}"),
            row["area_m2"] / 1e4,
            messages.mu(row["area_m2"]),
            number(row["share"]),
            number(row["widest_m"]),
            layers[row["line"]],
        )
        for row in found
    ]
    columns = (
        Column("name", 30),
        Column("line", 22),
        Column("line_relation", 16),
        Column("area_ha", 12, "hectares"),
        Column("area_mu", 10, "whole"),
        Column("share_of_park", 12, "percent"),
        Column("widest_m", 12, "hectares"),
        Column("line_layer", 60),
    )
    return Sheet("controls", columns, rows)


def _layer_names(line: ControlLine) -> str:
    """Name a line's files and their versions."""
    named = (
        text("report.cell.line_layer", name=each.name, date=each.newest, hash=each.sha256[:8])
        for each in line.sources
    )
    return listed(named) or text("terms.unknown")


def _sweep(analysis: Analysis) -> Sheet:
    """Lay out 阈值敏感性表: what other thresholds would give."""
    columns = (
        Column("threshold", 12, "score"),
        *(Column(f"sweep_{name}", 16, "whole") for name in _SWEEP),
    )
    if analysis.sweep is None:
        return Sheet("sweep", columns, [])
    rows: Rows = [
        (float(threshold), *(int(row[name]) for name in _SWEEP))
        for threshold, row in zip(
            analysis.sweep.index, analysis.sweep.to_dict("records"), strict=True
        )
    ]
    return Sheet("sweep", columns, rows)


def _problems(analysis: Analysis) -> Sheet:
    """Lay out 数据问题清单, a row a problem."""
    rows: Rows = [
        (
            at,
            park_names(analysis, [row["park_id"]] if row["park_id"] else []),
            row["row"] or None,
            row["code"],
            text(f"report.problem_severity.{row['severity']}"),
            row["message"],
            row["remedy"],
        )
        for at, row in enumerate(analysis.problems.to_dict("records"), start=1)
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


def _date_key(analysis: Analysis) -> str:
    return "report.settings.date_file" if is_of_file(analysis) else "report.settings.date"


def _criteria(analysis: Analysis) -> Sheet:
    """Lay out 口径与参数: what was compared, by which rules, with which thresholds."""
    rows: Rows = [
        (text(_date_key(analysis)), date_text(analysis) or text("terms.unknown")),
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
    compared = listed(line.name for line in analysis.lines)
    none = text("report.settings.control_lines_value")
    rows.append((text("report.settings.control_lines"), compared or none))
    if analysis.expected:
        rows.append((text("report.settings.expected"), expected_text(analysis)))
    rows += _rules(analysis.criteria)
    rows += [(text("report.settings.sectors"), note) for note in sector_notes(analysis)]
    rows += [
        (text(f"report.criterion.{each.name}"), _setting(getattr(analysis.criteria, each.name)))
        for each in fields(analysis.criteria)
    ]
    return Sheet("criteria", (Column("item", 52), Column("value", 110)), rows)


def _rules(used: Criteria) -> Rows:
    said = {
        "units": text("report.settings.units_value"),
        "order": text("terms.notice.order"),
        "weights": text("terms.notice.weights"),
        "sector_counts": text("report.settings.sector_counts_value"),
        "counted": text("report.settings.counted_value"),
        **wording.severity_rules(used),
    }
    return [(text(f"report.settings.{key}"), value) for key, value in said.items()]


def _setting(value: Any) -> Any:
    if value is None:
        return text("report.criterion.none")
    if isinstance(value, tuple):
        return listed(map(str, value))
    if isinstance(value, str):
        return text(f"terms.measure.{value}")
    return f"{value:,.10g}"


def _chain_name(row: Row) -> str:
    """Name the chain a sector belongs to and its place there."""
    if not row["chain"] or row["chain"] == row["node"]:
        return ""
    known = taxonomy.load().nodes.get(row["node"])
    chain = wording.sector_names([row["chain"]])
    if known is None or not known.link:
        return chain
    return text("report.cell.chain_link", chain=chain, link=text(f"report.link.{known.link}"))


def _coarse(row: Row) -> str:
    if row["set_aside"]:
        return text("report.cell.set_aside")
    return text(f"report.cell.coarse_{'yes' if row['coarse'] else 'no'}")


#: Sheet by its key in the catalogue.
MAKERS: Mapping[str, Callable[[Analysis], Sheet]] = {
    "sectors": _sectors,
    "clusters": _clusters,
    "sweep": _sweep,
    "controls": _controls,
    "problems": _problems,
    "criteria": _criteria,
}
