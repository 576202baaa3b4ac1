"""The verb that shows a ledger, and what other verbs show of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parkmap.cli import days, outputs
from parkmap.cli import options as shared
from parkmap.cli.ledgering import book_argument, joined, ledger_group, say, tell_notes
from parkmap.cli.translated import option
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from parkmap.ledger import State

    Rows = list[dict[str, Any]]

_SHOWN = {
    "matters": (
        *("number", "matter_id", "status", "alert", "change", "attention"),
        *("responsible_unit", "due_on", "parks"),
    ),
    "appeals": (
        *("appeal_id", "status", "alert", "company", "responsible_unit", "due_on", "content"),
    ),
}
_WORKED_OUT = ("alert", "overdue_days")
#: What is told of a finding's matter.
_STANDING = ("status", "responsible_unit", "due_on", "alert", "change")


@ledger_group.command("show", help="ledger_show")
@book_argument
@click.argument("ids", nargs=-1, metavar="[ID|NUMBER...]")
@option("--status", metavar="STATUS", help="status")
@option("--unit", metavar="TEXT", help="unit_of")
@option("--overdue", is_flag=True, help="overdue")
@option("--appeals", is_flag=True, help="appeals")
@option(
    *("-f", "--format", "fmt"),
    type=click.Choice(["auto", "table", "csv", "json"]),
    default="auto",
    help="format",
)
@option("-o", "--output", metavar="FILE", help="output")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.speaking
def _show_verb(book: str, ids: tuple[str, ...], **options: Any) -> int:
    """Show matters, with what was typed into the sheet; nothing is written."""
    from parkmap import ledger, report

    fmt, date = outputs.chosen_format(options), days.today(options)
    wanted = ledger.known_status(options["status"]) if options["status"] else ""
    kept = ledger.read(book, date=date)
    asked = {**options, "status": wanted, "ids": [ledger.named(kept.state, name) for name in ids]}
    found = {sheet: _asked(kept.state, sheet, asked, date=date) for sheet in _SHOWN}
    filtered = any(asked[key] for key in ("status", "unit", "overdue", "ids"))
    if options["appeals"] and not ids:
        found["matters"] = []
    elif fmt != "json" and not filtered:
        found["appeals"] = []
    if fmt == "json":
        facts = {sheet: _facts(rows, sheet) for sheet, rows in found.items()}
        content = report.json_text({**report.opening("ledger"), "date": date, **facts})
    elif fmt == "csv":
        content = _csv(found, asked)
    else:
        content = _table(found)
    outputs.deliver(content, options, fmt=fmt, inputs=[book])
    tell_notes(kept, options)
    return 0


def _facts(rows: Rows, sheet: str) -> Rows:
    columns = _columns(sheet)
    return [{key: row[key] for key in columns if key in row} for row in rows]


def _columns(sheet: str) -> list[str]:
    from parkmap import ledger

    columns = [field.key for field in ledger.SHEETS[sheet]]
    return columns + [key for key in _WORKED_OUT if key not in columns]


def _csv(found: Mapping[str, Rows], options: dict[str, Any]) -> str:
    """Write one sheet, since columns differ, and say what is left out."""
    sheet = "matters" if found["matters"] or not found["appeals"] else "appeals"
    if options["appeals"]:
        sheet = "appeals"
    if sheet == "matters" and found["appeals"]:
        say(options, "more_appeals", count=len(found["appeals"]))
    return outputs.csv_text(_lines(found[sheet], _columns(sheet)))


def _table(found: Mapping[str, Rows]) -> str:
    from parkmap.cli import display

    drawn = [display.draw(_lines(rows, _SHOWN[sheet])) for sheet, rows in found.items() if rows]
    return "\n".join(drawn) or text("ledger.said.nothing") + "\n"


def _asked(state: State, sheet: str, options: dict[str, Any], *, date: str) -> Rows:
    from parkmap import ledger

    number_of = {name: int(number) for number, name in state.numbers.items()}
    found = []
    for name, row in state.rows[sheet].items():
        warned = ledger.warned(row, date)
        units = f"{row.get('lead_unit', '')} {row.get('responsible_unit', '')}"
        if (
            "_removed" not in row
            and (not options["ids"] or name in options["ids"])
            and (not options["status"] or row.get("status") == options["status"])
            and (not options["unit"] or options["unit"] in units)
            and (not options["overdue"] or warned.get("alert") == "overdue")
        ):
            number = {"number": number_of[name]} if name in number_of else {}
            found.append({**{k: v for k, v in warned.items() if k != "number"}, **number})
    return found


def _lines(rows: Rows, columns: Sequence[str]) -> list[tuple[str, ...]]:
    from parkmap import ledger

    heads = tuple(text(f"ledger.heading.{key}") for key in columns)
    cells = [tuple(str(ledger.word(key, row.get(key, ""))) for key in columns) for row in rows]
    return [heads, *cells]


def read_state(options: dict[str, Any]) -> State | None:
    """Read the ledger that a verb on findings is given.

    Parameters
    ----------
    options
        The verb's options: ``ledger``, ``date``.

    Returns
    -------
    The ledger; None if none is given.
    """
    from parkmap import ledger

    if not options["ledger"]:
        return None
    return ledger.read(options["ledger"], date=days.today(options)).state


def with_matters(found: dict[str, Any], state: State | None, options: dict[str, Any]) -> Any:
    """Add to each finding of a document what the ledger says of it.

    Parameters
    ----------
    found
        What ``conflicts.schema.json`` describes.
    state
        The ledger, or None.
    options
        The verb's options: ``date``.

    Returns
    -------
    The document; each finding has ``ledger``, null where the ledger has no matter of it.
    """
    if state is None:
        return found
    matters = _matters(state, options)
    rows = [{**row, "ledger": _standing(matters.get(row["id"]))} for row in found["conflicts"]]
    return {**found, "conflicts": rows}


def _matters(state: State, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    from parkmap import ledger

    date = days.today(options)
    return {
        str(row["_finding"]): ledger.warned(row, date)
        for row in state.rows["matters"].values()
        if "_finding" in row and "_removed" not in row
    }


def _standing(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"matter_id": row["matter_id"], **{key: row.get(key) for key in _STANDING}}


def with_columns(
    lines: Sequence[tuple[str, ...]], state: State, options: dict[str, Any]
) -> list[tuple[str, ...]]:
    """Add status and responsible unit to a table of findings.

    Parameters
    ----------
    lines
        Rows of text, the headings first; the second cell is the finding's id.
    state
        The ledger.
    options
        The verb's options: ``date``.

    Returns
    -------
    The wider rows; the last column, a sentence, stays last.
    """
    keys = ("status", "responsible_unit")
    added = [tuple(text(f"ledger.heading.{key}") for key in keys)]
    matters = _matters(state, options)
    added += [tuple(_said(matters.get(name), key) for key in keys) for _, name, *_ in lines[1:]]
    return [(*line[:-1], *more, line[-1]) for line, more in zip(lines, added, strict=True)]


def _said(row: Mapping[str, Any] | None, key: str) -> str:
    from parkmap import ledger

    if row is None:
        return text("ledger.not_in") if key == "status" else ""
    return str(ledger.word(key, row.get(key, "")))


def waived(state: State, findings: gpd.GeoDataFrame, options: dict[str, Any]) -> list[str]:
    """Find the findings that a ledger's waivers cover, and say which.

    Parameters
    ----------
    state
        The ledger.
    findings
        The conflicts table.
    options
        The verb's options: ``date``, ``quiet``.

    Returns
    -------
    Their ids.
    """
    from parkmap import ledger

    covered, outgrown = ledger.waived_findings(state, findings, date=days.today(options))
    if covered:
        say(options, "waived", count=len(covered), ids=joined(covered))
    if outgrown:
        say(options, "waiver_outgrown", ids=joined(outgrown))
    return covered
