"""The facts of a matter stated anew, beside what people wrote over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap.ledger.keeping import note
from parkmap.ledger.merging import difference, merged

if TYPE_CHECKING:
    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State


def restated(state: State, name: str, facts: Row, *, date: str) -> Row:
    """Bring the facts of a new source into a matter.

    Parameters
    ----------
    state
        The ledger; where a fact and what was typed over it both changed, the difference is noted.
    name
        The matter's id.
    facts
        Field -> value as the store keeps it.
    date
        ISO date of the update.

    Returns
    -------
    The matter with the facts; what people wrote over one stands.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["matters"]["c-1"] = {"basis": "甲", "_facts": {"basis": "甲"}}
    >>> restated(state, "c-1", {"basis": "乙"}, date="2026-03-01")
    {'basis': '乙', '_facts': {'basis': '乙'}}
    """
    row = state.rows["matters"][name]
    fresh, clashes = merged(row["_facts"], row, facts)
    words = {"reason": "both_changed", "source": "delivery", "date": date}
    note(
        state,
        [difference(name, field, row.get(field), facts.get(field), **words) for field in clashes],
    )
    return {**fresh, "_facts": facts}
