"""The figures of one month: what came in, what was closed, what is late."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.ledger.rules import (
    AGAIN,
    day,
    deadline,
    is_waived,
    unread_deadline,
    warned,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parkmap.ledger.fields import Row, Rows
    from parkmap.ledger.store import State

_MONTH = re.compile(r"(\d{4})-(\d{2})")
#: The fields of begin, end and kind of a row, by sheet.
_FIELDS = {
    "matters": ("first_found", "closed_on", "category"),
    "appeals": ("raised_on", "settled_on", "appeal_kind"),
}
#: What moves on after a month is over, and is told as it stood then.
_MOVING = (
    *("status", "due_on", "extended_to", "extended_by", "closed_on", "settled_on"),
    *("waiver_reason", "waiver_by", "waiver_until", "responsible_unit", "person", AGAIN),
)
#: Fewer cases than this give no rate of a unit.
LEAST_FOR_RATE = 5


@dataclass(frozen=True)
class Month:
    """A month and the day up to which it is told.

    Parameters
    ----------
    first, last
        Its first and last day.
    as_of
        The last day, or the day of writing where the month is not over.
    """

    first: dt.date
    last: dt.date
    as_of: dt.date

    @property
    def after(self) -> Month:
        """The month that follows."""
        first = self.last + dt.timedelta(1)
        last = _last(first)
        return Month(first, last, last)


@dataclass(frozen=True)
class Case:
    """A matter or an appeal as it stood on the day up to which a month is told.

    Parameters
    ----------
    sheet, name, row
        Where it stands and what it holds.
    kind
        Its category or kind; "" where none is stated.
    begun, done
        The day it came in, and the day it was closed; None where no date is readable.
    closed
        Whether it was closed by that day and not found again since.
    late
        Days overdue.
    dated
        Whether its status is that of the day; else it is the one the ledger holds now.
    again
        Whether it was closed and has been found again: nobody has decided yet what becomes of it.
    unread
        The field of a deadline that ought to run and is no date; "" where there is none.
    """

    sheet: str
    name: str
    row: Row
    kind: str
    begun: dt.date | None
    done: dt.date | None
    closed: bool
    late: int
    dated: bool = True
    again: bool = False
    unread: str = ""

    @property
    def days(self) -> int | None:
        """How long it took; None if it is open or a date is missing."""
        if not self.closed or self.begun is None or self.done is None:
            return None
        return max((self.done - self.begun).days, 0)


@dataclass(frozen=True)
class Tally:
    """What cases come to.

    Parameters
    ----------
    received, new
        All of them, and those that came in within the month.
    closed, closed_now
        The same for those that were closed.
    overdue
        How many are late.
    unread
        How many have a deadline that is no date.
    """

    received: int
    new: int
    closed: int
    closed_now: int
    overdue: int
    unread: int

    @property
    def rate(self) -> str:
        """The share of closed ones in words."""
        return messages.percent(self.closed / self.received) if self.received else "—"


def month_of(said: str | None, date: str) -> Month:
    """Find the month to tell of.

    Parameters
    ----------
    said
        ``YYYY-MM``; the month of ``date`` if not given.
    date
        ISO date of writing.

    Returns
    -------
    The month.

    Raises
    ------
    OptionError
        If it is no month, or has not begun.

    Examples
    --------
    >>> month_of("2026-02", "2026-03-04").as_of, month_of(None, "2026-03-04").as_of
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 4))
    """
    today = dt.date.fromisoformat(date)
    given = said or date[:7]
    found = _MONTH.fullmatch(given)
    try:
        first = dt.date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:  # the 13th month
        first = None
    if first is None or first.year >= dt.MAXYEAR:
        raise OptionError(**messages.fault("monthly.bad_month", given=given[:40]))
    if first > today:
        raise OptionError(**messages.fault("monthly.not_begun", month=given, date=date))
    last = _last(first)
    return Month(first, last, min(last, today))


def _last(first: dt.date) -> dt.date:
    return (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def cases_of(state: State, month: Month, *, then: Mapping[str, Rows] | None = None) -> list[Case]:
    """Take matters and appeals as they stood at the end of a month.

    Parameters
    ----------
    state
        The ledger.
    month
        The month.
    then
        The rows as the ledger held them at its end, by :func:`parkmap.ledger.rows_at`, where the
        month is over.

    Returns
    -------
    Those that had come in by then, in the order of the ledger. What says by its date that it was
    closed by then was closed; else status and deadline are those of ``then``. What the ledger
    took in later has those of today, unless it was closed later: then it was open. What was closed
    and has been found again is open.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["matters"]["c-1"] = {"status": "closed", "closed_on": "2026-03-02",
    ...                                 "first_found": "2026-02-01"}
    >>> [case.closed for case in cases_of(state, month_of("2026-02", "2026-03-04"))]
    [False]
    """
    return [
        case
        for sheet in _FIELDS
        for name, row, dated in _rows(state.rows[sheet], (then or {}).get(sheet, {}), sheet, month)
        if (case := _case(sheet, name, row, month, dated=dated)).begun is None
        or case.begun <= month.as_of
    ]


def _rows(rows: Rows, then: Rows, sheet: str, month: Month) -> Iterable[tuple[str, Row, bool]]:
    ended = _FIELDS[sheet][1]
    for name, row in rows.items():
        was = then.get(name, {})
        stood = bool(was) and "_removed" not in was
        done = day(row.get(ended))
        if row.get("status") == "closed" and done is not None and done <= month.as_of:
            dated, told = True, _with(row, was, (AGAIN,)) if stood else row
        elif stood:
            dated, told = True, _with(row, was, _MOVING)
        else:
            dated, told = False, row
        if stood or "_removed" not in row:
            yield name, told, dated


def _with(row: Row, was: Row, keys: Sequence[str]) -> Row:
    """Give a row some of what it held before."""
    held = {key: was[key] for key in keys if key in was}
    return {key: value for key, value in row.items() if key not in keys} | held


def _case(sheet: str, name: str, row: Row, month: Month, *, dated: bool) -> Case:
    began, ended, kind = _FIELDS[sheet]
    done = day(row.get(ended))
    shut = row.get("status") == "closed"
    ended_by_then = shut and (done is None or done <= month.as_of)
    found = day(row.get(AGAIN))
    again = ended_by_then and found is not None and found <= month.as_of
    closed = ended_by_then and not again
    then = {**row, "status": "in_progress"} if shut and not ended_by_then else row
    date = month.as_of.isoformat()
    return Case(
        sheet,
        name,
        then,
        kind=str(row.get(kind) or ""),
        begun=day(row.get(began)),
        done=done,
        closed=closed,
        late=warned(then, date).get("overdue_days", 0),
        dated=dated,
        again=again,
        unread=unread_deadline(then, date),
    )


def tally_of(cases: Iterable[Case], month: Month) -> Tally:
    """Count cases.

    Parameters
    ----------
    cases
        The cases.
    month
        The month.

    Returns
    -------
    What they come to.

    Examples
    --------
    >>> tally_of([], month_of("2026-02", "2026-03-04")).rate
    '—'
    """
    known = list(cases)
    return Tally(
        received=len(known),
        new=sum(_within(case.begun, month) for case in known),
        closed=sum(case.closed for case in known),
        closed_now=sum(case.closed and _within(case.done, month) for case in known),
        overdue=sum(case.late > 0 for case in known),
        unread=sum(bool(case.unread) for case in known),
    )


def closed_in(cases: Iterable[Case], month: Month) -> list[Case]:
    """Pick what was closed within the month.

    Parameters
    ----------
    cases
        The cases.
    month
        The month.

    Returns
    -------
    Those cases.
    """
    return [case for case in cases if case.closed and _within(case.done, month)]


def due_in(cases: Iterable[Case], month: Month) -> list[Case]:
    """Pick what is open and due within the month, the first due first.

    Parameters
    ----------
    cases
        The cases.
    month
        The month.

    Returns
    -------
    Those cases; what is put off is not due.
    """
    dated = [
        (due, case)
        for case in cases
        if case.row.get("status") not in ("closed", "awaiting")
        and (due := deadline(case.row)) is not None
        and _within(due, month)
        and not is_waived(case.row, due.isoformat())
    ]
    return [case for _, case in sorted(dated, key=lambda pair: pair[0])]


def mean(numbers: Sequence[Any]) -> str:
    """Write a mean with one decimal.

    Parameters
    ----------
    numbers
        At least one.

    Returns
    -------
    The mean.

    Examples
    --------
    >>> mean([4, 5, 5])
    '4.7'
    """
    return f"{sum(numbers) / len(numbers):.1f}"


def _within(on: dt.date | None, month: Month) -> bool:
    return on is not None and month.first <= on <= min(month.last, max(month.as_of, month.first))
