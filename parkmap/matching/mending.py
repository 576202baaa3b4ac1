"""A good choice soon: the programme's solution rounded, then solved again piece by piece."""

from __future__ import annotations

import heapq
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from parkmap.matching.assignment import Pairs

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_NEAR = 8.0  # points a pair may fall short of its price to be looked at
_PIECES = (30, 60)  # sides solved together, first and when that brings no more


def rounded(pairs: Pairs, taken: Floats) -> Bools:
    """Take pairs one by one while they fit.

    Parameters
    ----------
    pairs
        The pairs.
    taken
        How much of each pair a solution in parts takes; the most comes first.

    Returns
    -------
    Which are taken.

    Examples
    --------
    >>> from parkmap.matching.assignment import whole_pairs
    >>> rounded(whole_pairs([0, 0, 1], [0, 1, 0], [60, 50, 40]), np.array([0.4, 0.6, 0.6])).tolist()
    [False, True, True]
    """
    sides = [(side, use, most.copy()) for side, use, most in pairs.capacities()]
    chosen = np.zeros(len(pairs.score), dtype=bool)
    for at in np.lexsort([-pairs.score, -np.round(taken, 6)]).tolist():
        if all(use[at] <= free[side[at]] for side, use, free in sides):
            for side, use, free in sides:
                free[side[at]] -= use[at]
            chosen[at] = True
    return chosen


def mended(
    pairs: Pairs, loss: Floats, chosen: Bools, solve: Callable[[Bools], Bools], *, end: float
) -> Bools:
    """Solve pieces of a choice again until none gets better.

    Parameters
    ----------
    pairs
        The pairs.
    loss
        What the bound falls by if a pair is taken.
    chosen
        Which are taken.
    solve
        Chooses the best among some of the pairs.
    end
        When to stop, on the monotonic clock.

    Returns
    -------
    Which are taken, no worse than before.

    Examples
    --------
    >>> from parkmap.matching.assignment import whole_pairs
    >>> pairs = whole_pairs([0, 0, 1], [0, 1, 0], [60, 50, 40])
    >>> first, better = np.array([True, False, False]), np.array([False, True, True])
    >>> mended(pairs, np.zeros(3), first, lambda some: better, end=np.inf).tolist()
    [False, True, True]
    """
    shift = len(pairs.left_most)
    ends = np.column_stack([pairs.left, pairs.right + shift])
    near: dict[int, list[tuple[float, int]]] = {}
    for at in np.flatnonzero(loss < _NEAR).tolist():
        i, j = ends[at].tolist()
        near.setdefault(i, []).append((float(loss[at]), j))
        near.setdefault(j, []).append((float(loss[at]), i))
    for size in _PIECES:
        idle, seeds = 0, sorted(near)
        while idle < len(seeds):
            for seed in seeds:
                if time.monotonic() > end:
                    return chosen
                piece = _piece(seed, size, near, _labels(ends, chosen))
                inside = piece[ends].all(axis=1)
                found = solve(inside & ((loss < _NEAR) | chosen))
                better = pairs.score[found].sum() > pairs.score[chosen & inside].sum()
                if better:
                    chosen = (chosen & ~inside) | found
                idle = 0 if better else idle + 1
                if idle >= len(seeds):
                    break
    return chosen


def _labels(ends: Ints, chosen: Bools) -> Ints:
    """Give sides that are taken together the same number."""
    count = int(ends.max()) + 1
    links = coo_array((np.ones(int(chosen.sum())), tuple(ends[chosen].T)), shape=(count, count))
    labels: Ints = connected_components(links, directed=False)[1]
    return labels


def _piece(seed: int, size: int, near: dict[int, list[tuple[float, int]]], labels: Ints) -> Bools:
    """Return sides around one, the nearest first; what is taken together stays together."""
    piece = np.zeros(len(labels), dtype=bool)
    queue = [(0.0, seed)]
    while queue and piece.sum() < size:
        _, side = heapq.heappop(queue)
        if piece[side]:
            continue
        fresh = labels == labels[side]
        piece |= fresh
        for more in np.flatnonzero(fresh).tolist():
            for reached in near.get(more, ()):
                heapq.heappush(queue, reached)
    return piece
