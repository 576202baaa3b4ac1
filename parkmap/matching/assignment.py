"""Which pairs to take: the greatest total score that no capacity forbids, exactly."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from parkmap.matching.cuts import best_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Pairs that may be taken, and what each uses up of either side.

    Parameters
    ----------
    left, right
        Place of each pair's two sides.
    score
        Whole points, above 0.
    left_use, right_use
        What a pair uses of its sides, in whole units.
    left_most, right_most
        What each side has, in the same units.
    more_use, more_most
        The same for a second capacity of the right side; empty without one.

    Examples
    --------
    >>> whole_pairs([0, 1], [0, 0], [60, 70]).right_most.tolist()
    [1]
    """

    left: Ints
    right: Ints
    score: Ints
    left_use: Ints
    right_use: Ints
    left_most: Ints
    right_most: Ints
    more_use: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    more_most: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def capacities(self) -> list[tuple[Ints, Ints, Ints]]:
        """Return the side, what each pair uses of it, and what it has, for each capacity.

        Examples
        --------
        >>> len(whole_pairs([0, 1], [0, 0], [60, 70]).capacities())
        2
        """
        made = [(self.left, self.left_use, self.left_most)]
        made.append((self.right, self.right_use, self.right_most))
        return [*made, (self.right, self.more_use, self.more_most)] if len(self.more_use) else made

    def only(self, kept: NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs.

        Parameters
        ----------
        kept
            Which.

        Returns
        -------
        The pairs, their sides as before.

        Examples
        --------
        >>> whole_pairs([0, 1], [0, 0], [60, 70]).only(np.array([True, False])).score.tolist()
        [60]
        """
        names = ["left", "right", "score", "left_use", "right_use"]
        names += ["more_use"] if len(self.more_use) else []
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


def whole_pairs(left: Sequence[int], right: Sequence[int], score: Sequence[int]) -> Pairs:
    """Make pairs each of which uses up both its sides.

    Parameters
    ----------
    left, right
        Place of each pair's two sides.
    score
        Whole points.

    Returns
    -------
    The pairs.

    Examples
    --------
    >>> best_pairs(whole_pairs([0, 0, 1], [0, 1, 0], [60, 50, 40]))[0].tolist()
    [False, True, True]
    """
    i, j, points = (np.asarray(values, dtype=np.int64) for values in (left, right, score))
    ones = np.ones(len(points), dtype=np.int64)
    most = [np.ones(int(side.max(initial=-1)) + 1, dtype=np.int64) for side in (i, j)]
    return Pairs(i, j, points, ones, ones, most[0], most[1])


def best_pairs(pairs: Pairs, *, seconds: float = 20.0) -> tuple[NDArray[np.bool_], float]:
    """Choose pairs so that their scores sum to the most and no side is used beyond what it has.

    Parameters
    ----------
    pairs
        The pairs.
    seconds
        Time for all of it; what is best by then is returned.

    Returns
    -------
    Which pairs are taken, and the greatest part by which the total could be higher: 0 where the
    choice is proven best.

    Notes
    -----
    Sides that no pair connects are solved apart. Where every pair uses its sides up, this is
    maximum-weight bipartite matching (each left side may also stay alone, at no score); where
    one side is never used up, each takes its best; else it is the generalised assignment problem,
    a mixed-integer programme solved by HiGHS (:mod:`parkmap.matching.cuts`). Each group gets a
    share of the time by its size, what small ones leave going to the large.

    References
    ----------
    Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
    Quarterly 2, 83-97. doi:10.1002/nav.3800020109
    Huangfu, Q. & Hall, J. A. J. (2018). Parallelizing the dual revised simplex method.
    Mathematical Programming Computation 10, 119-142. doi:10.1007/s12532-017-0130-5

    Examples
    --------
    >>> one = np.array([0, 0]), np.array([0, 1]), np.array([60, 50])
    >>> uses = np.array([30, 60]), np.array([30, 60])
    >>> best_pairs(Pairs(*one, *uses, np.array([100]), np.array([30, 60])))[0].tolist()
    [True, True]
    """
    taken = np.zeros(len(pairs.score), dtype=bool)
    groups = sorted(_groups(pairs), key=np.count_nonzero)
    end, most = time.monotonic() + seconds, 0
    left_over = [np.count_nonzero(group) for group in groups]
    for at, group in enumerate(groups):
        some = pairs.only(group)
        share = left_over[at] / sum(left_over[at:])
        chosen, bound = _best_of(some, seconds=share * max(end - time.monotonic(), 0.0))
        taken[np.flatnonzero(group)[chosen]] = True
        most += bound
    total = int(pairs.score[taken].sum())
    return taken, (most - total) / most if most > total else 0.0


def _best_of(pairs: Pairs, *, seconds: float) -> tuple[NDArray[np.bool_], int]:
    """Choose among pairs that hang together, and bound the total."""
    whole_left = (pairs.left_use == pairs.left_most[pairs.left]).all()
    whole_right = (pairs.right_use == pairs.right_most[pairs.right]).all()
    if whole_left and whole_right and not len(pairs.more_use):
        chosen = _matching(pairs)
    elif whole_left and _all_fit(pairs):
        chosen = _each_its_best(pairs)
    else:
        chosen, bound = best_within(pairs, seconds=seconds)
        return chosen, int(np.floor(bound + 1e-6))
    return chosen, int(pairs.score[chosen].sum())


def _groups(pairs: Pairs) -> list[NDArray[np.bool_]]:
    if not len(pairs.score):
        return []
    lefts, total = len(pairs.left_most), len(pairs.left_most) + len(pairs.right_most)
    links = coo_array(
        (np.ones(len(pairs.left)), (pairs.left, pairs.right + lefts)), shape=(total, total)
    )
    _, labels = connected_components(links, directed=False)
    label = labels[pairs.left]
    return [label == group for group in dict.fromkeys(label.tolist())]


def _all_fit(pairs: Pairs) -> bool:
    """Tell whether the right side has room for every pair at once."""
    return all(
        (np.bincount(side, use, minlength=len(most)) <= most).all()
        for side, use, most in pairs.capacities()[1:]
    )


def _each_its_best(pairs: Pairs) -> NDArray[np.bool_]:
    order = np.lexsort([np.arange(len(pairs.score)), -pairs.score, pairs.left])
    first = np.unique(pairs.left[order], return_index=True)[1]
    chosen = np.zeros(len(pairs.score), dtype=bool)
    chosen[order[first]] = True
    return chosen


def _matching(pairs: Pairs) -> NDArray[np.bool_]:
    """Match one to one; a column of its own lets each left side stay alone."""
    lefts, left = np.unique(pairs.left, return_inverse=True)
    rights, right = np.unique(pairs.right, return_inverse=True)
    alone = np.arange(len(lefts))
    rows, columns = np.r_[left, alone], np.r_[right, len(rights) + alone]
    weights = np.r_[pairs.score + 1, np.ones(len(lefts), dtype=np.int64)].astype(float)
    table = csr_array((weights, (rows, columns)), shape=(len(lefts), len(rights) + len(lefts)))
    matched = np.column_stack(min_weight_full_bipartite_matching(table, maximize=True))
    wanted = {tuple(pair) for pair in matched.tolist()}
    pairs_here = zip(left.tolist(), right.tolist(), strict=True)
    return np.array([pair in wanted for pair in pairs_here], dtype=bool)
