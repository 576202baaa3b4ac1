"""What people do to a matter from the command line: assign, waive, move on, close."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.ledger.fields import SHEETS, STATUSES, key_of, word
from parkmap.ledger.rules import closing_field, day, moved, status_words, with_progress
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State

_DAYS = ("due_on", "waiver_until", "extended_to")
#: A day of these that is over when it is set is a slip of the pen.
_AHEAD = ("due_on", "waiver_until")
#: A status that asks for more than its name, and the verb that asks for it.
_VERBS = {"pending": "assign", "assigned": "assign", "waived": "waive", "closed": "close"}
_SCORES = ("result_score", "attitude_score")


def place_of(state: State, name: str) -> str:
    """Find the sheet that a matter or appeal is on.

    Parameters
    ----------
    state
        The ledger.
    name
        Its id.

    Returns
    -------
    ``"matters"`` or ``"appeals"``.

    Raises
    ------
    OptionError
        If there is no such id; the nearest ones are told.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["appeals"]["a-001"] = {}
    >>> place_of(state, "a-001")
    'appeals'
    """
    for sheet in ("matters", "appeals"):
        if name in state.rows[sheet]:
            return sheet
    known = [*state.rows["matters"], *state.rows["appeals"]]
    near = difflib.get_close_matches(name, known, n=2, cutoff=0.5) or known[:2]
    said = listed(near) or text("ledger.none")
    raise OptionError(**messages.fault("ledger.no_matter", id=name[:40], near=said))


def named(state: State, given: str) -> str:
    """Find what a person means by an id or by the number a matter has on the sheet.

    Parameters
    ----------
    state
        The ledger, read with its sheet.
    given
        What was said.

    Returns
    -------
    The id.

    Raises
    ------
    OptionError
        If there is no such id or number.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State(numbers={"3": "c-1"})
    >>> state.rows["matters"]["c-1"] = {}
    >>> named(state, "3"), named(state, "c-1")
    ('c-1', 'c-1')
    """
    name = state.numbers.get(given, given)
    known = state.rows["matters"]
    found = given if given in known or name not in known or "_removed" in known[name] else name
    place_of(state, found)
    return found


def known_status(said: str) -> str:
    """Find the status that a word means.

    Parameters
    ----------
    said
        A word of either language, or the key itself.

    Returns
    -------
    The key.

    Raises
    ------
    OptionError
        If there is no such status; all of them are told.

    Examples
    --------
    >>> known_status("待确认"), known_status("in progress"), known_status("in_progress")
    ('awaiting', 'in_progress', 'in_progress')
    """
    found = str(key_of("status", said))
    if found not in STATUSES:
        given = {"to": said[:40], "statuses": status_words()}
        raise OptionError(**messages.fault("ledger.no_status", **given))
    return found


def status_by_hand(said: str) -> str:
    """Find the status that a person gives a matter by itself.

    Parameters
    ----------
    said
        As for :func:`known_status`.

    Returns
    -------
    The key.

    Raises
    ------
    OptionError
        If there is no such status (those that may be given are told), or it is given by a verb of
        its own, which is told.

    Examples
    --------
    >>> status_by_hand("办理中")
    'in_progress'
    """
    found = str(key_of("status", said))
    if found not in STATUSES:
        by_hand = listed(word("status", key) for key in STATUSES if key not in _VERBS)
        raise OptionError(**messages.fault("ledger.not_by_hand", to=said[:40], statuses=by_hand))
    if found in _VERBS:
        given = {"to": word("status", found), "verb": _VERBS[found]}
        raise OptionError(**messages.fault("ledger.by_its_verb", **given))
    return found


def act(
    state: State,
    name: str,
    cells: Mapping[str, Any],
    *,
    to: str,
    date: str,
    said: str = "",
) -> None:
    """Fill in cells of a matter and give it its next status.

    Parameters
    ----------
    state
        The ledger, changed in place.
    name
        The matter's id.
    cells
        Field -> value; None leaves the cell as it is.
    to
        The status: ``assigned`` is given to what is open and not yet in progress only.
    date
        ISO date of the day.
    said
        A line of progress.

    Raises
    ------
    OptionError
        If there is no such matter, the status may not follow, a date is none or over, or a cell
        is not one of its sheet.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["matters"]["c-1"] = {"matter_id": "c-1", "status": "pending"}
    >>> act(state, "c-1", {"responsible_unit": "甲局"}, to="assigned", date="2026-03-01")
    >>> state.rows["matters"]["c-1"]["status"], state.rows["matters"]["c-1"]["assigned_on"]
    ('assigned', '2026-03-01')
    """
    sheet = place_of(state, name)
    given = _checked(
        {key: value for key, value in cells.items() if value is not None}, sheet, name, date
    )
    row: Row = {**state.rows[sheet][name], **given, "updated_on": date}
    if to != "assigned" or row.get("status") not in ("assigned", "in_progress", "long_term"):
        row = moved(row, to, name=name)
    if sheet == "appeals":
        row.pop("updated_on")
    if to == "assigned" and sheet == "matters":
        row.setdefault("assigned_on", date)
    if to == "closed" != state.rows[sheet][name].get("status"):
        row[closing_field(row)] = date
    state.rows[sheet][name] = with_progress(row, said, date) if said else row
    if said and sheet == "appeals":
        state.rows[sheet][name].pop("updated_on")


def _checked(given: Mapping[str, Any], sheet: str, name: str, date: str) -> Row:
    for key in given:
        if key not in {field.key for field in SHEETS[sheet]}:
            wrong = "only_appeals" if sheet == "matters" else "only_matters"
            given_as = text(f"ledger.heading.{key}")
            raise OptionError(**messages.fault(f"ledger.{wrong}", id=name, heading=given_as))
        if key in _DAYS and day(given[key]) is None:
            raise OptionError(**messages.fault("ledger.bad_day", given=str(given[key])[:40]))
        if key in _AHEAD and given[key] < date:
            raise OptionError(**messages.fault("ledger.day_over", given=given[key], date=date))
        if key in _SCORES and given[key] not in range(1, 6):
            raise OptionError(**messages.fault("ledger.bad_score", given=given[key]))
    return dict(given)
