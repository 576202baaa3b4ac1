"""The programme of differentiation, written down: variables, rows, costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from parkmap.consolidation.mixes import BELOW, allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parkmap.consolidation.mixes import Mixes, Pair, Slot

    Row = dict[int, float]

_LEFT, _CHANGE, _COST = 1e3, 1.0, 1e-2  # rivalry left first, then changes, then what is given up


@dataclass
class _Rows:
    """A programme as it is gathered: variables by name, rows, costs."""

    names: dict[tuple[str, ...], int] = field(default_factory=dict)
    whole: list[int] = field(default_factory=list)
    price: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def variable(self, *name: str, price: float = 0.0, whole: bool = False) -> int:
        self.names[name] = len(self.price)
        self.price.append(price)
        self.whole.append(int(whole))
        return self.names[name]

    def at_most(self, row: Row, most: float) -> None:
        self.rows.append(row)
        self.most.append(most)


class Posed:
    """A programme to be solved for one budget after another.

    Parameters
    ----------
    mixes
        Leads, options and pairs.

    Notes
    -----
    Pairs that must not become rivals are written down only once a solution makes them rivals:
    there are many, and hardly any ever are.

    Examples
    --------
    >>> from parkmap.consolidation.mixes import Mixes
    >>> Posed(Mixes({}, {}, {}, (), 0.25)).matrix.shape
    (1, 0)
    """

    def __init__(self, mixes: Mixes) -> None:
        self.mixes = mixes
        self.rows = _Rows()
        self.rows.at_most({}, np.inf)  # counts the turns
        _turning(self.rows, mixes)
        for key, factor in mixes.rivals.items():
            _at_risk(self.rows, mixes, key, factor)
        self.forbid(())

    def forbid(self, pairs: Iterable[Pair]) -> None:
        """Keep some pairs from becoming rivals.

        Parameters
        ----------
        pairs
            The pairs.
        """
        rows = self.rows
        for key in pairs:
            common = _common(rows, self.mixes, key)
            rows.at_most(dict.fromkeys(common, 1.0), allowed(self.mixes, key))
        lines = [line for line, row in enumerate(rows.rows) for _ in row]
        places = [column for row in rows.rows for column in row]
        values = [value for row in rows.rows for value in row.values()]
        shape = (len(rows.rows), len(rows.price))
        self.matrix = sparse.csr_matrix((values, (lines, places)), shape=shape)

    def ways(self) -> Iterator[tuple[Slot, str]]:
        """Yield every turn there is."""
        for slot, ways in self.mixes.options.items():
            yield from ((slot, to) for to in ways)

    def column(self, slot: Slot, to: str) -> int:
        """Return the variable of a turn.

        Parameters
        ----------
        slot
            Park and segment.
        to
            The segment taken up instead.

        Returns
        -------
        Its place among the variables.
        """
        return self.rows.names["x", *slot, to]

    def rooms(self, budget: int | None) -> np.ndarray:
        """Return what each row may come to, with at most so many turns.

        Parameters
        ----------
        budget
            The most turns; None for any number.

        Returns
        -------
        One number a row.
        """
        most = np.array(self.rows.most)
        most[0] = np.inf if budget is None else budget
        return most

    def tops(self, fixed: Iterable[Slot], *, clean: bool) -> np.ndarray:
        """Return what each variable may come to: 0 for turns of slots that stay.

        If clean, for pairs at risk too.

        Parameters
        ----------
        fixed
            The slots that stay.
        clean
            Whether no pair may be left at risk.

        Returns
        -------
        One number a variable.
        """
        kept = set(fixed)
        most = np.ones(len(self.rows.price))
        for name, column in self.rows.names.items():
            if (name[0] == "x" and (name[1], name[2]) in kept) or (clean and name[0] == "w"):
                most[column] = 0.0
        return most


def _turning(rows: _Rows, mixes: Mixes) -> None:
    """Let each leading segment stay or turn; a new one fills one place, an own one must stay."""
    several = max(len(mixes.options), 1)
    turned: Row = {}
    for (park, segment), ways in mixes.options.items():
        for to, cost in ways.items():
            price = (_CHANGE + _COST * cost) / several
            column = rows.variable("x", park, segment, to, price=price, whole=True)
            turned[column] = 1.0
        own = {rows.names["x", park, segment, to]: 1.0 for to in ways}
        rows.at_most(own, 1.0)
    rows.rows[0] = turned
    taken: dict[Slot, list[int]] = {}
    for park, segment in mixes.options:
        for to in mixes.options[park, segment]:
            taken.setdefault((park, to), []).append(rows.names["x", park, segment, to])
    for (park, to), columns in taken.items():
        if to not in mixes.leads[park]:
            rows.at_most(dict.fromkeys(columns, 1.0), 1.0)
            continue
        leaving = [rows.names["x", park, to, on] for on in mixes.options.get((park, to), ())]
        for column in columns:
            rows.at_most({column: 1.0, **dict.fromkeys(leaving, 1.0)}, 1.0)


def _at_risk(rows: _Rows, mixes: Mixes, key: Pair, factor: float) -> None:
    """Count the rivalry of a pair where it reaches the threshold."""
    common = _common(rows, mixes, key)
    if not common:
        return
    counts = rows.variable("w", *key, whole=True)
    left = rows.variable("u", *key, price=_LEFT)
    row = dict.fromkeys(common, factor)
    rows.at_most({**row, counts: -1.0}, mixes.threshold - BELOW)
    rows.at_most({**row, left: -1.0, counts: 1.0}, 1.0)
    rows.at_most({counts: mixes.threshold, left: -1.0}, 0.0)


def _common(rows: _Rows, mixes: Mixes, key: Pair) -> list[int]:
    """Return a variable for each segment both might lead in: at least what they share of it."""
    sides = [_reach(rows, mixes, park) for park in key]
    made = []
    for segment in sorted(set(sides[0]) & set(sides[1])):
        shared = rows.variable("m", *key, segment)
        made.append(shared)
        both = [sides[side][segment] for side in (0, 1)]
        for one in both[0]:
            for other in both[1]:  # m >= min(s, t) (y + z - 1), y and z each 1 minus its turns
                least = min(one[0], other[0])
                row: Row = {shared: -1.0}
                for term in (one, other):
                    for column, sign in term[2].items():
                        row[column] = row.get(column, 0.0) + least * sign
                rows.at_most(row, least * (1.0 - one[1] - other[1]))
        if max(len(side) for side in both) > 1:
            _smaller_sum(rows, shared, both, (*key, segment))
    return made


def _smaller_sum(
    rows: _Rows, shared: int, both: list[list[tuple[float, float, Row]]], name: tuple[str, ...]
) -> None:
    """Bound what is shared by the smaller of two sums: a binary says which is the smaller."""
    which = rows.variable("b", *name, whole=True)
    for side, sign in zip(both, (1.0, -1.0), strict=True):
        row: Row = {shared: -1.0}
        constant, most = 0.0, 0.0
        for share, base, turns in side:
            constant += share * base
            most += share
            for column, way in turns.items():
                row[column] = row.get(column, 0.0) + share * way
        row[which] = -most * sign
        rows.at_most(row, -constant + (0.0 if sign > 0 else most))


def _reach(rows: _Rows, mixes: Mixes, park: str) -> dict[str, list[tuple[float, float, Row]]]:
    """Return by segment what may put a park there: share, 1 if it is there now, and the turns."""
    found: dict[str, list[tuple[float, float, Row]]] = {}
    for segment, share in mixes.leads[park].items():
        ways = mixes.options.get((park, segment), {})
        away = {rows.names["x", park, segment, to]: -1.0 for to in ways}
        found.setdefault(segment, []).append((share, 1.0, away))
        for to in ways:
            column = rows.names["x", park, segment, to]
            found.setdefault(to, []).append((share, 0.0, {column: 1.0}))
    return found
