"""Which pairs to take, as a programme made tight by what whole numbers alone allow."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog
from scipy.sparse import csr_array, vstack

from parkmap.matching.mending import mended, rounded
from parkmap.solver import milp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from parkmap.matching.assignment import Pairs

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Row = tuple[Ints, Floats, float]

_SLACK = 1e-6
_SHORTEST_S = 0.5  # a solver gets at least this
_ROUNDS = 10  # of cutting, at most
_WORTHWHILE = 5e-4  # a round must lower the bound by this part
_SHARES = 12  # cuts by halves, thirds, ... up to this part of a capacity
_SMALL = 300  # pairs that are solved at once
_FIRST = 0.75  # of the time, at most, to find a good choice by mending


@dataclass(frozen=True)
class _Tight:
    table: csr_array
    limits: Floats
    bound: float
    taken: Floats  # of each pair, in parts
    loss: Floats  # what the bound falls by if a pair is taken


def best_within(pairs: Pairs, *, seconds: float) -> tuple[NDArray[np.bool_], float]:
    """Choose pairs within the capacities of both sides, and bound the total of scores.

    Parameters
    ----------
    pairs
        The pairs.
    seconds
        Time for all of it.

    Returns
    -------
    Which pairs are taken, and what no choice can exceed.

    Notes
    -----
    The linear relaxation is tightened by Chvatal-Gomory rounding of each capacity until a round
    brings little. Where there are many pairs, its solution is rounded and mended piece by piece,
    which gives a good choice soon; then those pairs are solved that could still be part of a
    better one, by their reduced costs.

    References
    ----------
    Wolsey, L. A. (2020). Integer Programming, 2nd edition. Wiley. Chapters 7 to 9.

    Examples
    --------
    >>> from parkmap.matching.assignment import whole_pairs
    >>> chosen, bound = best_within(whole_pairs([0, 0, 1], [0, 1, 0], [60, 50, 40]), seconds=5)
    >>> chosen.tolist(), round(bound)
    ([False, True, True], 90)
    """
    end = time.monotonic() + seconds
    tight = _tightened(pairs, time.monotonic() + seconds / 2)
    if len(pairs.score) <= _SMALL:
        return _solved(pairs, tight, tight.loss >= 0, end - time.monotonic())
    best = mended(
        pairs, tight.loss, rounded(pairs, tight.taken),
        lambda some: _solved(pairs, tight, some, _SHORTEST_S)[0],
        end=time.monotonic() + _FIRST * seconds,
    )  # fmt: skip
    total = int(pairs.score[best].sum())
    kept = tight.loss <= tight.bound - total - 1 + _SLACK
    if not kept.any():
        return best, float(total)
    chosen, most = _solved(pairs, tight, kept, end - time.monotonic())
    if pairs.score[chosen].sum() > total:
        best = chosen
    return best, min(tight.bound, max(most, float(pairs.score[best].sum())))


def _capacities(pairs: Pairs) -> Iterator[tuple[Ints, Ints, int]]:
    """Yield the pairs of each side, what each uses, and what there is."""
    for side, use, most in pairs.capacities():
        order = np.argsort(side, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(side[order])) + 1):
            at = group[use[group] > 0]
            if len(at):
                yield at, use[at], int(most[side[at[0]]])


def _tightened(pairs: Pairs, end: float) -> _Tight:
    count = len(pairs.score)
    sides = list(_capacities(pairs))
    table = _table([(at, use / most, 1.0) for at, use, most in sides], count)
    limits = np.ones(len(sides))
    values: list[float] = []
    while True:
        found = linprog(-pairs.score, A_ub=table, b_ub=limits, bounds=(0, 1), method="highs")
        values.append(-float(found.fun))
        cuts = [cut for side in sides for cut in _cuts(*side, found.x)]
        slow = len(values) > 2 and values[-3] - values[-1] < _WORTHWHILE * values[-1]
        if not cuts or slow or len(values) > _ROUNDS or time.monotonic() > end:
            loss = np.maximum(np.asarray(found.lower.marginals), 0.0)
            return _Tight(table, limits, values[-1], found.x, loss)
        table = vstack([table, _table(cuts, count)]).tocsr()
        limits = np.r_[limits, [limit for *_, limit in cuts]]


def _table(rows: list[Row], count: int) -> csr_array:
    places = np.concatenate([at for at, *_ in rows])
    weights = np.concatenate([weight for _, weight, _ in rows])
    starts = np.cumsum([0, *(len(at) for at, *_ in rows)])
    return csr_array((weights, places, starts), shape=(len(rows), count))


def _cuts(at: Ints, use: Ints, most: int, taken: Floats) -> Iterator[Row]:
    """Yield what rounding a capacity rules out of a solution in parts.

    With weights that sum to at most a whole number, the sum of the weights rounded down does too.
    """
    here = taken[at]
    if len(at) < 2 or not ((here > _SLACK) & (here < 1 - _SLACK)).any():
        return
    steps = [(part, most + 1) for part in range(2, min(_SHARES, most) + 1)]
    steps += [(1, size) for size in np.unique(use).tolist() if size < most < size * 2 * _SHARES]
    for over, under in steps:
        weight = (use * over) // under
        limit = most * over // under
        if (weight @ here) > limit + 1e-3:
            some = weight > 0
            yield at[some], weight[some].astype(float), float(limit)
    large = 2 * use > most
    for size in np.unique(use[~large & (here > _SLACK)]).tolist():
        alike = np.flatnonzero(use == size)
        one = alike[np.argmax(here[alike])]
        beside = large & (use > most - size)
        if here[beside].sum() + here[one] > 1 + 1e-3:
            yield np.r_[at[beside], at[one]], np.ones(int(beside.sum()) + 1), 1.0


def _solved(
    pairs: Pairs, tight: _Tight, kept: NDArray[np.bool_], seconds: float
) -> tuple[NDArray[np.bool_], float]:
    """Solve some of the pairs; cut off what only rounding of parts allows."""
    end = time.monotonic() + seconds
    chosen = np.zeros(len(pairs.score), dtype=bool)
    limits: list[Any] = [LinearConstraint(tight.table[:, kept], ub=tight.limits)]
    while True:
        found = milp(
            -pairs.score[kept].astype(float),
            constraints=limits,
            integrality=np.ones(int(kept.sum())),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0, "time_limit": max(end - time.monotonic(), _SHORTEST_S)},
        )
        if found.x is None:  # no time for any
            return chosen, tight.bound
        chosen[kept] = found.x > 0.5
        over = [
            at[chosen[at]] for at, use, most in _capacities(pairs) if use[chosen[at]].sum() > most
        ]
        if not over:
            bound = found.mip_dual_bound
            return chosen, tight.bound if bound is None else -float(bound)
        rows = _table([(at, np.ones(len(at)), 0.0) for at in over], len(chosen))[:, kept]
        limits.append(LinearConstraint(rows, ub=[float(len(at) - 1) for at in over]))
