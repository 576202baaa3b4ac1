"""What the monthly publication says of deadlines: late, put off, unread, back again, due next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap.ledger.edition import label, numbered
from parkmap.ledger.fields import word
from parkmap.ledger.rules import deadline, is_waived, is_waiver_over
from parkmap.ledger.tally import due_in
from parkmap.messages import text

if TYPE_CHECKING:
    from parkmap.ledger.edition import Edition
    from parkmap.ledger.tally import Case


def late_lines(edition: Edition) -> list[str]:
    """Tell what is late, extended, put off, has no readable deadline, or came back.

    Parameters
    ----------
    edition
        For whom.

    Returns
    -------
    Lines; for the office one each case, too.
    """
    still = [case for case in edition.cases if not case.closed]
    late = sorted((case for case in still if case.late), key=lambda case: -case.late)
    longer = [case for case in still if case.row.get("extended_to")]
    date = edition.month.as_of.isoformat()
    waived = sum(is_waived(case.row, date) for case in still)
    special = {
        "unread": [case for case in still if case.unread],
        "over": [case for case in still if is_waiver_over(case.row, date)],
        "again": [case for case in still if case.again],
    }
    if not late:
        said = [text("monthly.none_late")]
    else:
        said = [text("monthly.late", n=len(late), days=late[0].late)]
    said.append(text("monthly.longer", n=len(longer), waived=waived))
    said += [text(f"monthly.{key}", n=len(found)) for key, found in special.items() if found]
    if edition.public:
        return said
    lines = [_line("late", case, edition) for case in late]
    lines += [_line("longer", case, edition) for case in longer]
    lines += [_line(key, case, edition) for key, found in special.items() for case in found]
    return said + numbered(lines)


def next_lines(edition: Edition) -> list[str]:
    """Tell what is due in the month that follows, and what there is to do.

    Parameters
    ----------
    edition
        For whom.

    Returns
    -------
    Lines; for the office one each case that is due, too.
    """
    due = due_in(edition.cases, edition.month.after)
    still = [case for case in edition.cases if not case.closed]
    left = [case.row.get("status") or "pending" for case in still]
    said = [text("monthly.next_due", month=edition.month.after.first.month, n=len(due))]
    steps = {
        "late": sum(case.late > 0 for case in still),
        "awaiting": left.count("awaiting"),
        "pending": left.count("pending"),
        "unread": sum(bool(case.unread) for case in still),
        "over": sum(is_waiver_over(case.row, edition.month.as_of.isoformat()) for case in still),
        "again": sum(case.again for case in still),
    }
    said += [text(f"monthly.next.{key}", n=count) for key, count in steps.items() if count]
    if edition.public:
        return said
    return said + numbered(_line("due", case, edition) for case in due)


def _line(key: str, case: Case, edition: Edition) -> str:
    row, blank = case.row, text("monthly.not_stated")

    def said(field: str) -> str:
        return str(row.get(field) or blank)

    return text(
        f"monthly.{key}_line",
        name=label(case, edition),
        unit=said("responsible_unit"),
        person=said("person"),
        days=case.late,
        until=said("waiver_until" if key == "over" else "extended_to"),
        by=said("waiver_by" if key == "over" else "extended_by"),
        due=str(deadline(row)),
        heading=word("column", case.unread),
        given=said(case.unread),
        done=said("closed_on"),
    )
