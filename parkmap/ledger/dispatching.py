"""The weekly dispatch: what was handed out, is due, is late, waits, or needs a leader."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from parkmap.ledger import cells
from parkmap.ledger.fields import SHEETS, word
from parkmap.ledger.rules import AGAIN, day, is_waived, is_waiver_over, unread_deadline, warned
from parkmap.messages import listed, text
from parkmap.sheets import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State

#: A week; a deadline this near is near; a matter this late needs a leader.
WEEK_DAYS, LONG_OVERDUE_DAYS = 7, 30
#: Sections in order, and the colour of each.
SECTIONS = {
    "handed_out": "info",
    "soon": "medium",
    "overdue": "high",
    "awaiting": "low",
    "leaders": "high",
}
_SHOWN = (
    *("matter_id", "parks", "description", "lead_unit", "responsible_unit", "person"),
    *("due_on", "extended_to", "overdue_days", "progress", "updated_on", "status"),
)


def sections_of(row: Mapping[str, Any], date: str) -> list[str]:
    """Say in which sections of the week's sheet a matter stands.

    Parameters
    ----------
    row
        The matter.
    date
        The day of the sheet, ISO.

    Returns
    -------
    Of ``SECTIONS``: handed out in the seven days to that day; due within seven days; overdue;
    awaiting confirmation; for leaders, where it was sent back or is overdue by more than 30 days.
    Closed matters and those with a waiver in force stand in none.

    Examples
    --------
    >>> sections_of({"status": "assigned", "due_on": "2026-03-01"}, "2026-04-10")
    ['overdue', 'leaders']
    """
    status, now = row.get("status"), warned(row, date)
    if status == "closed" or is_waived(row, date):
        return []
    given, today = day(row.get("assigned_on")), day(date)
    late = now.get("overdue_days", 0)
    week = dt.timedelta(WEEK_DAYS)
    new = given is not None and today is not None and dt.timedelta(0) <= today - given < week
    stands = {
        "handed_out": new,
        "soon": now.get("alert") == "soon",
        "overdue": late > 0,
        "awaiting": status == "awaiting",
        "leaders": status == "returned" or late > LONG_OVERDUE_DAYS,
    }
    return [section for section in SECTIONS if stands[section]]


def dispatch_sheet(state: State, *, date: str) -> Sheet:
    """Lay out the week's sheet.

    Parameters
    ----------
    state
        The ledger.
    date
        The day of the sheet, ISO.

    Returns
    -------
    One sheet, section by section, within each the latest first; a matter may stand in several.

    Examples
    --------
    >>> from parkmap.ledger import State
    >>> state = State()
    >>> state.rows["matters"]["a"] = {"status": "assigned", "due_on": "2026-03-01"}
    >>> [row[0] for row in dispatch_sheet(state, date="2026-03-04").rows] == [
    ...     text("ledger.section.overdue")]
    True
    """
    fields = {field.key: field for field in SHEETS["matters"]}
    placed = [
        (section, warned(row, date))
        for row in _matters(state)
        for section in sections_of(row, date)
    ]
    order = list(SECTIONS)
    placed.sort(key=lambda one: (order.index(one[0]), -one[1].get("overdue_days", 0), _due(one[1])))
    return Sheet(
        "dispatch",
        (Column("severity", 16, catalogue="ledger"), *(fields[key].column for key in _SHOWN)),
        [
            (text(f"ledger.section.{section}"), *(cells.shown(key, row.get(key)) for key in _SHOWN))
            for section, row in placed
        ],
        severities=tuple(SECTIONS[section] for section, _ in placed),
        title=text("ledger.title_dispatch", city=state.meta.get("city", "")),
        catalogue="ledger",
    )


def dispatch_counts(sheet: Sheet) -> str:
    """Say how many matters stand in each section of the week's sheet.

    Parameters
    ----------
    sheet
        What :func:`dispatch_sheet` made.

    Returns
    -------
    One line.

    Examples
    --------
    >>> from parkmap.ledger import State
    >>> dispatch_counts(dispatch_sheet(State(), date="2026-03-04")).count("0")
    5
    """
    names = [text(f"ledger.section.{section}") for section in SECTIONS]
    counts = [sum(row[0] == name for row in sheet.rows) for name in names]
    said = (
        text("ledger.section_count", section=name, count=count)
        for name, count in zip(names, counts, strict=True)
    )
    return listed(said)


def dispatch_notes(state: State, *, date: str) -> dict[str, list[str]]:
    """Tell of matters that stand in no section, or not in the right one, and why.

    Parameters
    ----------
    state
        The ledger.
    date
        The day of the sheet, ISO.

    Returns
    -------
    What is the matter with how many -> a line each: a deadline that is no date, a waiver that ran
    out, a closed matter that was found again.

    Examples
    --------
    >>> from parkmap.ledger import State
    >>> state = State()
    >>> state.rows["matters"]["a"] = {"status": "assigned", "due_on": "12月底"}
    >>> [len(lines) for lines in dispatch_notes(state, date="2026-03-04").values()]
    [1]
    """
    found: dict[str, list[Row]] = {"unread": [], "over": [], "again": []}
    for row in _matters(state):
        unread = unread_deadline(row, date)
        if unread:
            found["unread"].append({**row, "_unread": unread})
        if is_waiver_over(row, date):
            found["over"].append(row)
        if row.get("status") == "closed" and AGAIN in row:
            found["again"].append(row)
    return {
        text(f"ledger.note.{key}", n=len(rows)): [_note(key, row) for row in rows]
        for key, rows in found.items()
        if rows
    }


def _note(key: str, row: Row) -> str:
    unread = str(row.get("_unread", ""))
    told = {name: str(row.get(name, "")) for name in ("matter_id", "parks", "waiver_until")}
    said = {
        "heading": word("column", unread),
        "given": row.get(unread),
        "done": row.get("closed_on"),
    }
    named = text("ledger.note.named" if told["parks"] else "ledger.note.bare", **told)
    unit = row.get("responsible_unit") or text("monthly.no_unit")
    return text(
        f"ledger.note.{key}_line", named=named, unit=unit, **said, until=told["waiver_until"]
    )


def _matters(state: State) -> list[Row]:
    return [row for row in state.rows["matters"].values() if "_removed" not in row]


def _due(row: Row) -> str:
    return str(row.get("extended_to") or row.get("due_on") or "9999")
