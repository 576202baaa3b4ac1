"""Complete linkage over sparse similarities, deterministic under ties."""

from __future__ import annotations

import hashlib
import heapq
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

SCALE = 1_000_000


class Edges(NamedTuple):
    """Pairs that link items, as columns.

    Parameters
    ----------
    first, second
        Places of the items.
    height
        How alike they are, in millionths.
    proven
        Whether the two are known to rival each other.
    """

    first: np.ndarray
    second: np.ndarray
    height: np.ndarray
    proven: np.ndarray

    def table(self, *, proven: bool = False) -> np.ndarray:
        """Return the pairs, or the proven ones, as an array of (first, second, height).

        Parameters
        ----------
        proven
            Only those proven by segments.

        Returns
        -------
        One triple a pair; heights in millionths of similarity.

        Examples
        --------
        >>> edges = Edges(np.array([0]), np.array([1]), np.array([500]), np.array([True]))
        >>> edges.table(proven=True).tolist()
        [[0, 1, 500]]
        """
        kept = self.proven if proven else slice(None)
        return np.stack([self.first[kept], self.second[kept], self.height[kept]], axis=1)


class Merge(NamedTuple):
    """Two groups becoming one.

    Parameters
    ----------
    height
        The least similarity inside the new group, in millionths.
    first, second, group
        Numbers of the two groups and of the new one; below n they are single items.
    """

    height: int
    first: int
    second: int
    group: int


def complete_linkage(count: int, edges: ArrayLike, *, floor: int) -> list[Merge]:
    """Merge groups by complete linkage over sparse similarities.

    Parameters
    ----------
    count
        Number of items.
    edges
        Array (n, 3): first, second, similarity in millionths, once for each pair that is alike at
        all.
    floor
        Stop below this similarity.

    Returns
    -------
    The merges, in order. Ties go to the pair of groups with the smallest least member, then the
    smallest other least member, so the result does not depend on the order of the edges.

    Examples
    --------
    >>> complete_linkage(3, [(0, 1, 900), (1, 2, 800)], floor=0)
    [Merge(height=900, first=0, second=1, group=3)]
    """
    first, second, height = np.asarray(edges, dtype=np.int64).reshape(-1, 3).T
    kept = (height >= floor) & (first != second)
    return list(merging(first[kept], second[kept], height[kept], list(range(count))))


def merging(
    first: np.ndarray,
    second: np.ndarray,
    height: np.ndarray,
    smallest: list[int],
    *,
    may_join: Callable[[int, int], bool] | None = None,
) -> Iterator[Merge]:
    """Merge groups that stand already, one step at a time.

    Parameters
    ----------
    first, second, height
        Each link of two groups once: their numbers, and the similarity of their union.
    smallest
        The least member of each group, numbered from 0; grows by each new group.
    may_join
        Asked of the numbers of two groups before they merge; a pair refused is not asked again.

    Yields
    ------
    The merges, in order.

    Examples
    --------
    >>> list(merging(np.array([0]), np.array([1]), np.array([500]), [3, 7]))
    [Merge(height=500, first=0, second=1, group=2)]
    """
    near = _neighbours(len(smallest), first, second, height)
    waiting = _first_pairs(first, second, height, smallest)  # sorted once, they need no heap
    heap: list[tuple[int, int, int, int, int]] = []
    pair = next(waiting, None)
    while pair or heap:
        if pair is None or (heap and heap[0] < pair):
            negative, low, _, one, other = heapq.heappop(heap)
        else:
            negative, low, _, one, other = pair
            pair = next(waiting, None)
        if one not in near or other not in near:
            continue
        if may_join is not None and not may_join(one, other):
            continue
        group = len(smallest)
        smallest.append(low)
        yield Merge(-negative, one, other, group)
        near[group] = _absorb(near, one, other, group)
        for third, similarity in near[group].items():
            beside = smallest[third]
            if low < beside:
                heapq.heappush(heap, (-similarity, low, beside, group, third))
            else:
                heapq.heappush(heap, (-similarity, beside, low, third, group))


def _neighbours(
    count: int, first: np.ndarray, second: np.ndarray, height: np.ndarray
) -> dict[int, dict[int, int]]:
    """Return the similarities of each group to those it is linked with."""
    here, there = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.argsort(here, kind="stable")
    bounds = np.searchsorted(here[order], np.arange(count + 1)).tolist()
    others, heights = there[order].tolist(), np.tile(height, 2)[order].tolist()
    return {
        group: dict(zip(others[start:end], heights[start:end], strict=True))
        for group, (start, end) in enumerate(pairwise(bounds))
    }


def _first_pairs(
    first: np.ndarray, second: np.ndarray, height: np.ndarray, smallest: list[int]
) -> Iterator[tuple[int, int, int, int, int]]:
    """Return the links as (-height, least member, the other's, groups), what merges first ahead."""
    least = np.array(smallest, dtype=np.int64)
    turned = least[first] > least[second]
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    columns = (-height, least[first], least[second], first, second)
    order = np.lexsort(columns[2::-1])
    return zip(*(column[order].tolist() for column in columns), strict=True)


def _absorb(near: dict[int, dict[int, int]], first: int, second: int, group: int) -> dict[int, int]:
    """Take two groups out; return the similarities of their union to groups near both."""
    one, two = near.pop(first), near.pop(second)
    few, many = (one, two) if len(one) <= len(two) else (two, one)
    # others still list the two that are gone: looking up `near` is cheaper than tidying up
    joined = {
        other: min(similarity, many[other])
        for other, similarity in few.items()
        if other in many and other in near
    }
    for other, similarity in joined.items():
        near[other][group] = similarity
    return joined


def groups_at(count: int, merges: Sequence[Merge], least: int) -> list[list[int]]:
    """Return the groups of two or more that stand at a height.

    Parameters
    ----------
    count
        How many items there are.
    merges
        What was joined, the greatest height first.
    least
        The height.

    Returns
    -------
    The members of each.

    Examples
    --------
    >>> groups_at(3, [Merge(900, 0, 1, 3), Merge(400, 2, 3, 4)], 500)
    [[0, 1]]
    """
    members: dict[int, list[int]] = {item: [item] for item in range(count)}
    for merge in merges:
        if merge.height >= least:
            members[merge.group] = sorted(members.pop(merge.first) + members.pop(merge.second))
    return [group for group in members.values() if len(group) > 1]


def all_sets(count: int, groups: Sequence[list[int]]) -> tuple[list[list[int]], np.ndarray]:
    """Return groups and, behind them, each item that is in none.

    Parameters
    ----------
    count
        Number of items.
    groups
        The members of each group.

    Returns
    -------
    The members of each set, and the number of the set of each item.

    Examples
    --------
    >>> sets, owner = all_sets(3, [[0, 2]])
    >>> sets, owner.tolist()
    ([[0, 2], [1]], [0, 1, 0])
    """
    grouped = {member for members in groups for member in members}
    sets = [*groups, *([item] for item in range(count) if item not in grouped)]
    owner = np.empty(count, dtype=np.int64)
    for at, members in enumerate(sets):
        owner[members] = at
    return sets, owner


def whole_links(
    owner: np.ndarray, sizes: np.ndarray, edges: Edges
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sets of which every two members are linked.

    Parameters
    ----------
    owner
        The number of the set of each item.
    sizes
        How many items each set has.
    edges
        The links of items, each once.

    Returns
    -------
    The two sets of each link, the lesser number first, and the least similarity between them.

    Examples
    --------
    >>> edges = Edges(*np.array([(0, 1, 900), (0, 2, 450), (1, 2, 420)]).T, np.full(3, True))
    >>> [part.tolist() for part in whole_links(np.array([0, 0, 1]), np.array([2, 1]), edges)]
    [[0], [1], [420]]
    """
    ends = np.sort(np.stack([owner[edges.first], owner[edges.second]]), axis=0)
    apart = ends[0] != ends[1]
    keys, where, number = np.unique(
        (ends[0] * len(sizes) + ends[1])[apart], return_inverse=True, return_counts=True
    )
    lowest = np.full(len(keys), SCALE)
    np.minimum.at(lowest, where, edges.height[apart])
    one, other = keys // max(len(sizes), 1), keys % max(len(sizes), 1)
    whole = number == sizes[one] * sizes[other]
    return one[whole], other[whole], lowest[whole]


def components(items: Sequence[str], edges: ArrayLike) -> dict[str, str]:
    """Return the family of each item by joining the ends of every edge.

    Parameters
    ----------
    items
        Ids, sorted.
    edges
        Array (n, 2) of pairs of their places.

    Returns
    -------
    Id of the connected component by item.

    Examples
    --------
    >>> kin = components(["a", "b", "c"], [(0, 1)])
    >>> kin["a"] == kin["b"] != kin["c"]
    True
    """
    ends = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    shape = (len(items), len(items))
    graph = sparse.coo_matrix((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape)
    _, labels = sparse.csgraph.connected_components(graph, directed=False)
    kin: dict[int, list[str]] = {}
    for item, label in zip(items, labels.tolist(), strict=True):
        kin.setdefault(label, []).append(item)
    names = {label: cluster_id("f", group) for label, group in kin.items()}
    return {item: names[label] for item, label in zip(items, labels.tolist(), strict=True)}


def cluster_id(letter: str, members: Iterable[str]) -> str:
    """Return an id that depends on the members only.

    Parameters
    ----------
    letter
        What kind of group it is.
    members
        Ids of its members, in any order.

    Returns
    -------
    For example ``k-3f9a01c2``.

    Examples
    --------
    >>> cluster_id("k", ["b", "a"]) == cluster_id("k", ["a", "b"])
    True
    """
    digest = hashlib.sha256("\n".join(sorted(members)).encode()).hexdigest()
    return f"{letter}-{digest[:8]}"


def millionths(value: float) -> int:
    """Return a number in whole millionths, so that equal ones compare equal.

    Parameters
    ----------
    value
        The number.

    Returns
    -------
    The nearest whole number of millionths.

    Examples
    --------
    >>> millionths(0.1 + 0.2) == millionths(0.3)
    True
    """
    return round(value * SCALE)


def whole_millionths(values: pd.Series) -> np.ndarray:
    """Return numbers in whole millionths.

    Parameters
    ----------
    values
        The numbers.

    Returns
    -------
    The nearest whole numbers of millionths.

    Examples
    --------
    >>> import pandas as pd
    >>> whole_millionths(pd.Series([0.5, 1.0])).tolist()
    [500000, 1000000]
    """
    return np.rint(values.to_numpy(dtype=float) * SCALE).astype(np.int64)
