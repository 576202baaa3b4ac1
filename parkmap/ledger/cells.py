"""What a cell of the sheet holds as the store keeps it, and back."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from parkmap import escape
from parkmap.ledger.fields import SHEETS, folded, key_of, word
from parkmap.ledger.rules import day

if TYPE_CHECKING:
    from openpyxl.cell import Cell

    from parkmap.ledger.store import State

_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:\s*(?:之前|以前|前)|[ T]0?0:00(?::00)?)?$"
)
#: Numbers that Excel shows in a column of dates: a day of 2000 to 2099, counted from 1900 or (on
#: old Macs) from 1904, or one typed as 20261231.
_SERIALS, _CENTURY = range(35064, 73051), range(2000, 2100)
_COMPACT = re.compile(r"^(20\d{2})(\d{2})(\d{2})$")
_MOST_DIGITS = 9
_FORMS = {field.key: field.form for fields in SHEETS.values() for field in fields}


def stored(field: str, value: Any, *, epoch: dt.datetime = WINDOWS_EPOCH) -> Any:
    """Return what the store keeps of a cell.

    Parameters
    ----------
    field
        The column.
    value
        What openpyxl read.
    epoch
        The day from which the workbook counts days.

    Returns
    -------
    Text, a whole number, a number, an ISO date; None for an empty cell. A date typed as text is a
    date where the column holds dates, and so is Excel's number of a day; what is no date stays as
    it was typed. A whole number typed as text is one where the column holds such.

    Examples
    --------
    >>> stored("due_on", "2026年3月1日"), stored("due_on", "月底前"), stored("remark", " ")
    ('2026-03-01', '月底前', None)
    >>> stored("due_on", 46082), stored("due_on", 20260301), stored("remark", 46082)
    ('2026-03-01', '2026-03-01', 46082)
    """
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return str(value) if isinstance(value, dt.timedelta) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    form = _FORMS.get(field)
    if value is None or isinstance(value, bool | int | float):
        return _numbered(value, epoch) if form == "date" and type(value) is int else value
    said = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _typed(field, said) if said.strip() else None


def _typed(field: str, said: str) -> Any:
    form, bare = _FORMS.get(field), folded(said)
    if form == "date" and (found := _DATE.match(bare) or _COMPACT.match(bare)):
        return _iso(found) or said
    if form == "whole" and bare.isdecimal() and len(bare) <= _MOST_DIGITS:
        return int(bare)
    return key_of(field, said)


def _numbered(value: int, epoch: dt.datetime) -> Any:
    if value in _SERIALS:
        counted = from_excel(value, epoch).date()
        return counted.isoformat() if counted.year in _CENTURY else value
    found = _COMPACT.match(str(value))
    return (_iso(found) if found else "") or value


def _iso(found: re.Match[str]) -> str:
    try:
        return dt.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:  # the 31st of February
        return ""


def shown(field: str, value: Any) -> Any:
    """Return what a cell shows of a stored value.

    Parameters
    ----------
    field
        The column.
    value
        What the store keeps.

    Returns
    -------
    A word for a key, a day for an ISO date, else the value.

    Examples
    --------
    >>> shown("due_on", "2026-03-01"), shown("remark", "2026-03-01")
    (datetime.date(2026, 3, 1), '2026-03-01')
    """
    if _FORMS.get(field) == "date" and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return word(field, value)


def unread_days(state: State) -> list[dict[str, str]]:
    """Find what was typed where a day should stand and is none.

    Parameters
    ----------
    state
        The ledger.

    Returns
    -------
    ``id``, ``heading`` and ``value`` of each such cell; it is kept as it was typed, but no deadline
    runs from it.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["matters"]["c-1"] = {"due_on": "12月底", "remark": "12月底"}
    >>> [cell["value"] for cell in unread_days(state)]
    ['12月底']
    """
    return [
        {"id": name, "heading": field.heading(), "value": str(row[field.key])[:20]}
        for sheet in ("matters", "appeals")
        for name, row in state.rows[sheet].items()
        for field in SHEETS[sheet]
        if field.form == "date"
        and "_removed" not in row
        and row.get(field.key) is not None
        and day(row[field.key]) is None
    ]


def put(cell: Cell, field: str, value: Any) -> None:
    """Write a stored value into a cell; no text of a file becomes a formula.

    Parameters
    ----------
    cell
        The cell; its looks are kept.
    field
        The column.
    value
        What the store keeps.

    Examples
    --------
    >>> from openpyxl import Workbook
    >>> cell = Workbook().active["A1"]
    >>> put(cell, "remark", "=1+1")
    >>> cell.data_type
    's'
    """
    said = shown(field, value)
    if isinstance(said, str):
        cell.value = escape.cell(said)
        cell.data_type = "s"
        return
    looks = cell.number_format
    cell.value = said
    if isinstance(said, dt.date) and looks not in ("General", "@"):
        cell.number_format = looks  # openpyxl sets its own
