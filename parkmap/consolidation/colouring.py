"""The programme of differentiation: which leading segments change, at the least change."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint

from parkmap.solver import milp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Pair = tuple[str, str]
    Slot = tuple[str, str]
    Row = dict[int, float]

_BELOW = 1e-4  # a pair is at risk from the threshold on
_LEFT, _CHANGE, _COST = 1e3, 1.0, 1e-2  # rivalry left first, then changes, then what is given up


@dataclass(frozen=True)
class Mixes:
    """What parks lead in, what they might turn to, and which pairs matter.

    Parameters
    ----------
    leads
        Park -> segment -> share of its leading sectors.
    options
        (park, segment) -> what it might turn to -> what that costs, 0 to 1. A segment of the park's
        own takes the share in; another one takes its place.
    rivals
        Pairs at risk -> rivalry per unit of common share (below 1 where a trade is local).
    others
        Pairs that must not become rivals.
    threshold
        Rivalry from which a pair is at risk.
    """

    leads: Mapping[str, Mapping[str, float]]
    options: Mapping[Slot, Mapping[str, float]]
    rivals: Mapping[Pair, float]
    others: tuple[Pair, ...]
    threshold: float


@dataclass(frozen=True)
class Colouring:
    """What the solver found.

    Parameters
    ----------
    turns
        (park, segment) -> the segment it turns to.
    left
        Rivalry left in pairs at risk.
    pairs
        The pairs still at risk.
    gap
        How far from the best the objective may be: 0 proven, nan not known.
    """

    turns: Mapping[Slot, str]
    left: float
    pairs: tuple[Pair, ...]
    gap: float


def mixed(mixes: Mixes, park: str, turns: Mapping[Slot, str]) -> dict[str, float]:
    """Return what a park leads in after its turns.

    Examples
    --------
    >>> mixes = Mixes({"a": {"x": 0.5, "y": 0.5}}, {}, {}, (), 0.25)
    >>> mixed(mixes, "a", {("a", "x"): "y"})
    {'y': 1.0}
    """
    after: dict[str, float] = {}
    for segment, share in mixes.leads[park].items():
        taken = turns.get((park, segment), segment)
        after[taken] = after.get(taken, 0.0) + share
    return after


def rivalry_of(mixes: Mixes, key: Pair, turns: Mapping[Slot, str]) -> float:
    """Return the rivalry of a pair after the turns.

    Examples
    --------
    >>> mixes = Mixes({"a": {"x": 1.0}, "b": {"x": 1.0}}, {}, {("a", "b"): 1.0}, (), 0.25)
    >>> rivalry_of(mixes, ("a", "b"), {}), rivalry_of(mixes, ("a", "b"), {("a", "x"): "y"})
    (1.0, 0.0)
    """
    one, other = (mixed(mixes, park, turns) for park in key)
    common = sum(min(share, other.get(segment, 0.0)) for segment, share in one.items())
    return common * mixes.rivals.get(key, 1.0)


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


def colour(
    mixes: Mixes,
    *,
    budget: int | None = None,
    fixed: Iterable[Slot] = (),
    deadline: float | None = None,
    posed: Posed | None = None,
) -> Colouring:
    """Choose the turns: least rivalry left, then fewest turns, then least given up.

    Parameters
    ----------
    mixes
        Leads, options and pairs.
    budget
        The most turns; any number if not given.
    fixed
        Slots that must stay as they are.
    deadline
        Reading of ``time.monotonic()`` at which to stop with the best found.
    posed
        The programme of mixes, where it is solved more than once.

    Returns
    -------
    The turns.

    Notes
    -----
    x in {0, 1} says what each leading segment turns to. Rivalry of a pair is at least
    ``min(s_i, s_j)`` of each segment that both lead in; it counts where it reaches the threshold.
    List colouring with costs, solved by HiGHS.

    Examples
    --------
    >>> leads = {"a": {"x": 1.0}, "b": {"x": 1.0}}
    >>> options = {("a", "x"): {"y": 0.1}, ("b", "x"): {"y": 0.2}}
    >>> dict(colour(Mixes(leads, options, {("a", "b"): 1.0}, (), 0.25)).turns)
    {('a', 'x'): 'y'}
    """
    posed = posed or pose(mixes)
    found, gap = _run(posed, posed.rooms(budget), posed.tops(fixed), deadline)
    rows = posed.rows
    turns = {
        (park, segment): to
        for (park, segment), ways in mixes.options.items()
        for to in ways
        if found[rows.names["x", park, segment, to]] > 0.5
    }
    after = {key: rivalry_of(mixes, key, turns) for key in mixes.rivals}
    at_risk = tuple(key for key, rivalry in after.items() if rivalry >= mixes.threshold - 1e-9)
    return Colouring(turns, sum(after[key] for key in at_risk), at_risk, gap)


@dataclass(frozen=True)
class Posed:
    """A programme ready to be solved, for one budget after another.

    Parameters
    ----------
    rows
        Variables and rows; the first row counts the turns.
    matrix
        The rows as a sparse matrix.
    """

    rows: _Rows
    matrix: sparse.csr_matrix

    def rooms(self, budget: int | None) -> np.ndarray:
        """Return what each row may come to, with at most so many turns."""
        most = np.array(self.rows.most)
        most[0] = np.inf if budget is None else budget
        return most

    def tops(self, fixed: Iterable[Slot]) -> np.ndarray:
        """Return what each variable may come to: 0 for the turns of slots that stay."""
        kept = set(fixed)
        most = np.ones(len(self.rows.price))
        for name, column in self.rows.names.items():
            if name[0] == "x" and (name[1], name[2]) in kept:
                most[column] = 0.0
        return most


def pose(mixes: Mixes) -> Posed:
    """Write the programme of some mixes down.

    Parameters
    ----------
    mixes
        Leads, options and pairs.

    Returns
    -------
    The programme, to be handed to :func:`colour` more than once.

    Examples
    --------
    >>> pose(Mixes({}, {}, {}, (), 0.25)).matrix.shape
    (1, 0)
    """
    rows = _Rows()
    rows.at_most({}, np.inf)
    _turning(rows, mixes)
    for key, factor in mixes.rivals.items():
        _at_risk(rows, mixes, key, factor)
    for key in mixes.others:
        now = rivalry_of(mixes, key, {})
        common = _common(rows, mixes, key)
        if common:
            rows.at_most(dict.fromkeys(common, 1.0), max(mixes.threshold - _BELOW, now))
    lines = [line for line, row in enumerate(rows.rows) for _ in row]
    places = [column for row in rows.rows for column in row]
    values = [value for row in rows.rows for value in row.values()]
    shape = (len(rows.rows), len(rows.price))
    return Posed(rows, sparse.csr_matrix((values, (lines, places)), shape=shape))


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
    rows.at_most({**row, counts: -1.0}, mixes.threshold - _BELOW)
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


def _run(
    posed: Posed, most: np.ndarray, tops: np.ndarray, deadline: float | None
) -> tuple[np.ndarray, float]:
    """Solve; that nothing turns is a plan too, if time is up before another was found."""
    price = np.array(posed.rows.price)
    if not len(price):
        return price, 0.0
    options: dict[str, float] = {"mip_rel_gap": 0.0}
    if deadline is not None:
        options["time_limit"] = deadline - time.monotonic()
        if options["time_limit"] <= 0:
            return np.zeros(len(price)), float("nan")
    found = milp(
        price,
        integrality=np.array(posed.rows.whole),
        bounds=Bounds(0, tops),
        constraints=LinearConstraint(posed.matrix, -np.inf, most),
        options=options,
    )
    if found.x is None:
        return np.zeros(len(price)), float("nan")
    return np.asarray(found.x), 0.0 if found.status == 0 else float(found.mip_gap)
