"""Tables for a terminal; Chinese takes two columns a character, which rich knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.escape import terminal
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from parkmap.schema import Analysis

    Row = Mapping[str, Any]
    Cells = tuple[str, ...]


_AS_WIDE_AS_NEEDED = 100_000


def rows_of(result: Analysis, name: str) -> list[Cells]:
    """Return a result as rows of text, its headings first.

    Parameters
    ----------
    result
        The analysis.
    name
        ``conflicts``, ``overlaps`` or ``clusters``.

    Returns
    -------
    Rows of equal length. Findings on words too coarse to judge are one row, which counts them.
    """
    headings = text(f"cli.headings.{name}").split("|")
    table = getattr(result, name).reset_index()
    coarse = table.iloc[:0]
    if name == "conflicts":
        from parkmap.report.facts import unjudged

        table, coarse = table[~unjudged(table)], table[unjudged(table)]
    write = _WRITERS[name]
    names = result.parks["name"]
    rows = [tuple(headings), *(write(row, names) for row in table.to_dict("records"))]
    return [*rows, _unjudged(coarse)] if len(coarse) else rows


def draw(rows: Iterable[Cells]) -> str:
    """Draw rows as a table.

    Parameters
    ----------
    rows
        Rows of text, the headings first.

    Returns
    -------
    The table; on a terminal in its width, elsewhere as wide as it needs to be.
    """
    import io
    import sys

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings, *body = rows
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in body:
        table.add_row(*(Text(terminal(cell)) for cell in row))
    width = None if sys.stdout.isatty() else _AS_WIDE_AS_NEEDED
    sheet = Console(file=io.StringIO(), width=width, color_system=None)
    sheet.print(table)
    drawn: str = sheet.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in drawn.splitlines()).strip("\n") + "\n"


def _conflict(row: Row, _: Any) -> Cells:
    from parkmap import report

    severity = text(f"terms.severity.{row['severity']}")
    return str(row["number"]), row["conflict_id"], severity, report.category(row), row["message"]


def _unjudged(rows: Any) -> Cells:
    severity, said = rows.iloc[0]["severity"], text("cli.cell.unjudged", count=len(rows))
    return "", "", text(f"terms.severity.{severity}"), text("terms.verdict.coarse"), said


def _overlap(row: Row, names: Any) -> Cells:
    nesting = row["nesting"]
    key = f"terms.nesting.{nesting}" if nesting else f"terms.relation.{row['relation']}"
    width = row["mean_width_m"]
    head = (names[row["left"]], names[row["right"]], text(key))
    if row["relation"] == "adjacent":  # shares nothing that could be measured
        return (*head, *["—"] * 4)
    return (
        *head,
        messages.area(row["area_m2"]),
        messages.percent(row["left_share"]),
        messages.percent(row["right_share"]),
        messages.distance(width) if width == width else "",  # noqa: PLR0124 (nan)
    )


def _cluster(row: Row, names: Any) -> Cells:
    from parkmap import wording

    unsure = set(row["coarse_parks"])
    members = listed(
        text("cli.cell.coarse_member", name=names[park]) if park in unsure else names[park]
        for park in row["parks"]
    )
    lead = names[row["lead_park"]] if row["lead_park"] else ""
    shared = wording.sector_names(row["shared_sectors"])
    return row["cluster"], members, shared, f"{row['weakest_similarity']:.2f}", lead


_WRITERS: Mapping[str, Callable[[Row, Any], Cells]] = {
    "conflicts": _conflict,
    "overlaps": _overlap,
    "clusters": _cluster,
}
