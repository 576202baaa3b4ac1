"""What people do to a matter from the command line: assign, waive, close."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.ledger.fields import SHEETS
from parkmap.ledger.rules import day, moved, with_progress
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State

_DAYS = ("due_on", "waiver_until", "extended_to")
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
    said = text("terms.list_separator").join(near) or text("ledger.none")
    raise OptionError(**messages.fault("ledger.no_matter", id=name[:40], near=said))


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
        If there is no such matter, the status may not follow, a date is none, or a cell is not
        one of its sheet.

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
    given = _checked({key: value for key, value in cells.items() if value is not None}, sheet, name)
    row: Row = {**state.rows[sheet][name], **given, "updated_on": date}
    if to != "assigned" or row.get("status") not in ("assigned", "in_progress", "long_term"):
        row = moved(row, to, name=name)
    if sheet == "appeals":
        row.pop("updated_on")
    if to == "assigned" and sheet == "matters":
        row.setdefault("assigned_on", date)
    if to == "closed":
        row["settled_on" if sheet == "appeals" else "closed_on"] = date
    state.rows[sheet][name] = with_progress(row, said, date) if said else row
    if said and sheet == "appeals":
        state.rows[sheet][name].pop("updated_on")


def _checked(given: Mapping[str, Any], sheet: str, name: str) -> Row:
    for key in given:
        if key not in {field.key for field in SHEETS[sheet]}:
            wrong = "only_appeals" if sheet == "matters" else "only_matters"
            raise OptionError(**messages.fault(f"ledger.{wrong}", id=name))
        if key in _DAYS and day(given[key]) is None:
            raise OptionError(**messages.fault("ledger.bad_day", given=str(given[key])[:40]))
        if key in _SCORES and given[key] not in range(1, 6):
            raise OptionError(**messages.fault("ledger.bad_score", given=given[key]))
    return dict(given)
