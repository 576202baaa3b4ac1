"""The lists people work with: parks, findings, tasks by district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import wording
from parkmap.messages import text
from parkmap.report.cells import areas, sectors_said, term
from parkmap.report.facts import finding_districts, is_nowhere, park_facts, system_area_m2
from parkmap.report.reasons import general_parks
from parkmap.report.words import basis, category, circled
from parkmap.schema import TIERS
from parkmap.sheets import Column, Sheet, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parkmap.schema import Analysis

    Row = Mapping[Any, Any]
    Rows = list[tuple[Any, ...]]


def _parks(analysis: Analysis) -> Sheet:
    """Lay out 总表, a row a park."""
    parks, facts = analysis.parks, park_facts(analysis)
    general, nowhere = set(general_parks(analysis)), is_nowhere(parks)
    rows: Rows = []
    each = zip(parks.index, parks.to_dict("records"), facts.to_dict("records"), strict=True)
    for at, (name, park, fact) in enumerate(each, start=1):
        approved, drawn = number(park["approved_area_ha"]), number(fact["drawn_area_ha"])
        rows.append(
            (
                at,
                park["name"],
                park["code"],
                term("tier", park["tier"]),
                park["kind"],
                park["district"],
                park["managing_body"],
                sectors_said(park["sectors"]),
                park["approval_no"],
                approved,
                drawn,
                _difference(drawn, approved),
                term("boundary_kind", park["boundary_kind"]),
                fact["overlap_findings"],
                fact["overlap_ha"] or None,
                fact["homogeneity_findings"],
                fact["control_ha"] or None,
                _park_note(park, drawn, is_general=name in general, is_nowhere=nowhere[name]),
            )
        )
    columns = (
        Column("number", 6, "whole"),
        Column("name", 27),
        Column("code", 12),
        Column("tier", 13),
        Column("kind", 21),
        Column("district", 16),
        Column("managing_body", 23),
        Column("sectors", 28),
        Column("approval_no", 16),
        Column("approved_area_ha", 16, "hectares"),
        Column("drawn_area_ha", 16, "hectares"),
        Column("difference_ha", 13, "difference"),
        Column("boundary_kind", 22),
        Column("overlap_findings", 11, "whole"),
        Column("overlap_ha", 16, "hectares"),
        Column("homogeneity_findings", 11, "whole"),
        Column("control_ha", 19, "hectares"),
        Column("note", 30),
    )
    totals = _park_totals(analysis, columns, rows)
    return Sheet("parks", columns, rows, totals)


def _findings(analysis: Analysis) -> Sheet:
    """Lay out 核查事项清单, a row a finding."""
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
                term("severity", row["severity"]),
                row["names"][0],
                row["line"] if row["kind"] == "control" else separator.join(row["names"][1:]),
                district,
                row["message"],
                *areas(row["area_m2"]),
                number(row["smaller_share"]),
                basis(row),
                wording.advice(row, district=district),
                circled(row["number"]),
            )
        )
    columns = (
        Column("number", 6, "whole"),
        Column("conflict_id", 14),
        Column("category", 15),
        Column("severity", 10),
        Column("park_a", 20),
        Column("park_b", 20),
        Column("finding_district", 14),
        Column("message", 48),
        Column("area_ha", 12, "hectares"),
        Column("area_mu", 10, "whole"),
        Column("smaller_share", 16, "percent"),
        Column("basis", 32),
        Column("advice", 30),
        Column("map_number", 10),
    )
    severities = tuple(findings["severity"])
    links = tuple(map(str, findings.index))
    return Sheet("findings", columns, rows, severities=severities, links=links)


def _park_note(park: Row, drawn: float | None, *, is_general: bool, is_nowhere: bool) -> str:
    said = []
    if drawn is None:
        said.append(text(f"report.note.{'no_place' if is_nowhere else 'no_land'}"))
    if park["boundary_kind"] == "schematic":
        said.append(text("report.note.schematic"))
    if not park["counted"]:
        said.append(text("report.note.beside"))
        if park["list_name"]:
            said.append(text("report.note.list", list=park["list_name"]))
    if is_general:
        said.append(text("report.note.general"))
    return text("report.basis.separator").join(said)


def _park_totals(analysis: Analysis, columns: tuple[Column, ...], rows: Rows) -> Rows:
    """Sum the counted system and, where parks stand beside it, all: shared ground counts once."""
    parks = analysis.parks
    belongs = parks["counted"].astype(bool) & parks["tier"].isin(TIERS)
    inside, beside = system_area_m2(parks, slices=analysis.slices)
    members = [row for row, belonging in zip(rows, belongs, strict=True) if belonging]
    sums = [_sum(columns, members, "total_system", inside)]
    if len(members) < len(rows):
        sums.append(_sum(columns, rows, "total", inside + beside))
    return sums


def _sum(columns: tuple[Column, ...], rows: Rows, label: str, drawn_m2: float) -> tuple[Any, ...]:
    keys = [column.key for column in columns]
    totals: list[Any] = [""] * len(keys)
    approved = keys.index("approved_area_ha")
    totals[keys.index("name")] = text(f"report.cell.{label}")
    totals[approved] = sum(row[approved] for row in rows if row[approved] is not None)
    totals[keys.index("drawn_area_ha")] = drawn_m2 / 1e4
    totals[keys.index("note")] = text("report.cell.total_once")
    return tuple(totals)


def _difference(drawn: float | None, approved: float | None) -> float | None:
    if drawn is None or approved is None:
        return None
    return round(drawn - approved, 2) + 0.0  # never -0.00


#: Sheet by its key in the catalogue.
MAKERS: Mapping[str, Callable[[Analysis], Sheet]] = {
    "parks": _parks,
    "findings": _findings,
}
