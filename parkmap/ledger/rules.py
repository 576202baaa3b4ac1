"""What may follow what: statuses, deadlines, waivers. Nothing here closes a matter by itself."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.ledger.fields import STATUSES, Row, word

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN = ("pending", "assigned", "in_progress", "returned", "long_term")
SOON_DAYS = 7
#: The day on which a closed matter was found again; gone once its status moves.
AGAIN = "_again"


def day(value: Any) -> dt.date | None:
    """Read an ISO date.

    Parameters
    ----------
    value
        What a cell holds.

    Returns
    -------
    The day; None if it is no date.

    Examples
    --------
    >>> day("2026-03-01"), day("月底前")
    (datetime.date(2026, 3, 1), None)
    """
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def status_words() -> str:
    """List the statuses a matter may have.

    Returns
    -------
    Their words, one after the other.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     status_words()
    '待交办、已交办、办理中、待确认、已销号、退回重办、暂缓、长期推进'
    """
    return messages.listed(word("status", key) for key in STATUSES)


def objection(row: Mapping[str, Any], to: str) -> str:
    """Say why a matter may not take a status.

    Parameters
    ----------
    row
        The matter or appeal, with what is already filled in.
    to
        The status it should take.

    Returns
    -------
    The key of the reason in the catalogue; "" if it may.

    Notes
    -----
    Only what waits for a confirmation can be closed: a matter by a unit other than the responsible
    one, an appeal with its outcome. What is closed can only be returned. A waiver is founded.

    Examples
    --------
    >>> objection({"status": "awaiting", "confirmed_by": "乙局", "responsible_unit": "甲局"},
    ...           "closed")
    ''
    >>> objection({"status": "pending"}, "closed")
    'not_next'
    """
    now = row.get("status") or "pending"
    if now == to:
        return ""
    if to not in STATUSES:
        return "no_status"
    if now == "closed" and to != "returned":
        return "is_closed"
    if to == "closed" and now != "awaiting":
        return "not_next"
    return _unfounded(row, to)


def _unfounded(row: Mapping[str, Any], to: str) -> str:
    if "appeal_id" in row:
        return "no_outcome" if to == "closed" and not row.get("outcome") else ""
    if to == "closed" and not row.get("confirmed_by"):
        return "no_second_unit"
    if to == "closed" and row["confirmed_by"] == row.get("responsible_unit"):
        return "same_unit"
    if to == "waived" and not (
        row.get("waiver_reason") and row.get("waiver_by") and day(row.get("waiver_until"))
    ):
        return "waiver_unfounded"
    return ""


def moved(row: Mapping[str, Any], to: str, *, name: str) -> Row:
    """Give a matter its next status.

    Parameters
    ----------
    row
        The matter.
    to
        The status.
    name
        What the matter is called in a refusal.

    Returns
    -------
    The matter with it.

    Raises
    ------
    OptionError
        If the status may not follow the present one.

    Examples
    --------
    >>> moved({"status": "pending"}, "assigned", name="c-1")["status"]
    'assigned'
    """
    reason = objection(row, to)
    if reason:
        now = word("status", row.get("status") or "pending")
        words = {"now": now, "to": word("status", to), "id": name, "statuses": status_words()}
        said = messages.fault(f"ledger.{reason}", **words)
        raise OptionError(**said, park=name)
    return turned(row, to)


def turned(row: Mapping[str, Any], to: str) -> Row:
    """Set a status that may follow; that a closed matter was found again is settled by it.

    Parameters
    ----------
    row
        The matter or appeal.
    to
        The status.

    Returns
    -------
    The row with it. One that was closed keeps the day, as that of an earlier closing.

    Examples
    --------
    >>> turned({"status": "closed", "_again": "2026-03-01"}, "returned")
    {'status': 'returned', '_closed_before': None}
    """
    if row.get("status") == to:
        return dict(row)
    fresh = {key: value for key, value in row.items() if key != AGAIN} | {"status": to}
    if row.get("status") == "closed":
        fresh["_closed_before"] = row.get(closing_field(row))
    return fresh


def closing_field(row: Mapping[str, Any]) -> str:
    """Say where the day of closing stands.

    Parameters
    ----------
    row
        The matter or appeal.

    Returns
    -------
    The field.

    Examples
    --------
    >>> closing_field({"appeal_id": "a-1"})
    'settled_on'
    """
    return "settled_on" if "appeal_id" in row else "closed_on"


def dated(row: Mapping[str, Any], was: str | None, date: str) -> Row:
    """Give what has just been closed its day, unless one was written for this closing.

    Parameters
    ----------
    row
        The matter or appeal.
    was
        The status it had.
    date
        ISO date of the day.

    Returns
    -------
    The row; the day of an earlier closing does not count.

    Examples
    --------
    >>> dated({"status": "closed"}, "awaiting", "2026-03-01")["closed_on"]
    '2026-03-01'
    """
    key = closing_field(row)
    earlier = row.get(key) is None or row[key] == row.get("_closed_before")
    if row.get("status") == "closed" != was and earlier:
        return {**row, key: date}
    return dict(row)


def deadline(row: Mapping[str, Any]) -> dt.date | None:
    """Return the day a matter is due: the extended one, else the first one.

    Parameters
    ----------
    row
        The matter.

    Returns
    -------
    The day; None where none is set.

    Examples
    --------
    >>> deadline({"due_on": "2026-03-01", "extended_to": "2026-04-01"})
    datetime.date(2026, 4, 1)
    """
    return day(row.get("extended_to")) or day(row.get("due_on"))


def warned(row: Mapping[str, Any], date: str) -> Row:
    """Work out a matter's warning.

    Parameters
    ----------
    row
        The matter.
    date
        The day of the writing.

    Returns
    -------
    The matter with ``alert`` and ``overdue_days``; without them where no deadline runs: a matter
    that is closed, waits for a confirmation or has a waiver in force is not overdue.

    Examples
    --------
    >>> warned({"status": "assigned", "due_on": "2026-03-01"}, "2026-03-04")["overdue_days"]
    3
    """
    bare = {key: value for key, value in row.items() if key not in ("alert", "overdue_days")}
    due, today = deadline(row), day(date)
    if due is None or today is None or _is_quiet(row, date):
        return bare
    late = (today - due).days
    if late > 0:
        return {**bare, "alert": "overdue", "overdue_days": late}
    return {**bare, "alert": "soon" if late >= -SOON_DAYS else "normal"}


def _is_quiet(row: Mapping[str, Any], date: str) -> bool:
    return row.get("status") in ("closed", "awaiting") or is_waived(row, date)


def unread_deadline(row: Mapping[str, Any], date: str) -> str:
    """Find a deadline that ought to run and cannot be read.

    Parameters
    ----------
    row
        The matter.
    date
        The day asked about.

    Returns
    -------
    The field whose text is no date: that of the extension where one is written; "" where none is
    in the way.

    Examples
    --------
    >>> unread_deadline({"due_on": "月底前"}, "2026-03-01")
    'due_on'
    """
    key = "extended_to" if row.get("extended_to") is not None else "due_on"
    stands = row.get(key) is not None and day(row[key]) is None
    return key if stands and not _is_quiet(row, date) else ""


def is_waiver_over(row: Mapping[str, Any], date: str) -> bool:
    """Tell whether a waiver has run out and nothing was decided since.

    Parameters
    ----------
    row
        The matter.
    date
        The day asked about.

    Returns
    -------
    True for a matter put off until an earlier day.

    Examples
    --------
    >>> is_waiver_over({"status": "waived", "waiver_until": "2026-03-31"}, "2026-04-01")
    True
    """
    until = day(row.get("waiver_until"))
    return row.get("status") == "waived" and until is not None and not is_waived(row, date)


def is_waived(row: Mapping[str, Any], date: str) -> bool:
    """Tell whether a waiver is in force.

    Parameters
    ----------
    row
        The matter.
    date
        The day asked about.

    Returns
    -------
    True up to and on the last day; a waiver without a readable last day is not in force.

    Examples
    --------
    >>> is_waived({"status": "waived", "waiver_until": "2026-03-31"}, "2026-04-01")
    False
    """
    until, today = day(row.get("waiver_until")), day(date)
    return (
        row.get("status") == "waived" and until is not None and today is not None and today <= until
    )


def with_progress(row: Mapping[str, Any], said: str, date: str) -> Row:
    r"""Add a dated line of progress, newest first.

    Parameters
    ----------
    row
        The matter.
    said
        What happened.
    date
        When.

    Returns
    -------
    The matter with it.

    Examples
    --------
    >>> with_progress({"progress": "2026-03-01 一"}, "二", "2026-03-02")["progress"]
    '2026-03-02 二\n2026-03-01 一'
    """
    lines = [f"{date} {said}", *filter(None, [row.get("progress")])]
    return {**row, "progress": "\n".join(str(line) for line in lines), "updated_on": date}
