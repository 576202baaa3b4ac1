"""Complete linkage over sparse similarities, deterministic under ties."""

from __future__ import annotations

import hashlib
import heapq
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

SCALE = 1_000_000


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


def complete_linkage(
    count: int, edges: Iterable[tuple[int, int, int]], *, floor: int
) -> list[Merge]:
    """Merge groups by complete linkage over sparse similarities.

    Parameters
    ----------
    count
        Number of items.
    edges
        (first, second, similarity in millionths) once for each pair that is alike at all.
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
    near: dict[int, dict[int, int]] = {item: {} for item in range(count)}
    for first, second, similarity in edges:
        if similarity >= floor and first != second:
            near[first][second] = near[second][first] = similarity
    smallest = list(range(count))
    waiting = _single_pairs(near)  # the first pairs need no heap: they are sorted once
    heap: list[tuple[int, int, int, int, int]] = []
    merges: list[Merge] = []
    while waiting or heap:
        merged_first = heap and (not waiting or heap[0] < waiting[-1])
        best = heapq.heappop(heap) if merged_first else waiting.pop()
        negative, low, _, first, second = best
        if first not in near or second not in near:
            continue
        group = count + len(merges)
        merges.append(Merge(-negative, first, second, group))
        smallest.append(low)
        near[group] = _absorb(near, first, second, group)
        for other, similarity in near[group].items():
            beside = smallest[other]
            if low < beside:
                heapq.heappush(heap, (-similarity, low, beside, group, other))
            else:
                heapq.heappush(heap, (-similarity, beside, low, other, group))
    return merges


def _single_pairs(near: dict[int, dict[int, int]]) -> list[tuple[int, int, int, int, int]]:
    """Return the pairs of single items, the one that merges first at the end."""
    pairs = [
        (-similarity, first, second, first, second)
        for first, others in near.items()
        for second, similarity in others.items()
        if first < second
    ]
    pairs.sort(reverse=True)
    return pairs


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


def groups_at(
    count: int, merges: Sequence[Merge], least: int
) -> list[tuple[list[int], int, int | None]]:
    """Return the groups standing at a height: members, weakest pair, height of their absorption.

    Examples
    --------
    >>> groups_at(3, [Merge(900, 0, 1, 3), Merge(400, 2, 3, 4)], 500)
    [([0, 1], 900, 400)]
    """
    members: dict[int, list[int]] = {item: [item] for item in range(count)}
    standing: dict[int, int] = {}
    absorbed: dict[int, int] = {}
    for merge in merges:
        members[merge.group] = sorted(members[merge.first] + members[merge.second])
        if merge.height >= least:
            standing[merge.group] = merge.height
            standing.pop(merge.first, None)
            standing.pop(merge.second, None)
        else:
            absorbed.setdefault(merge.first, merge.height)
            absorbed.setdefault(merge.second, merge.height)
    return [(members[group], height, absorbed.get(group)) for group, height in standing.items()]


def components(items: Sequence[str], edges: Iterable[tuple[int, int]]) -> dict[str, str]:
    """Return the family of each item by joining the ends of every edge.

    Parameters
    ----------
    items
        Ids, sorted.
    edges
        Pairs of their places.

    Returns
    -------
    Id of the connected component by item.

    Examples
    --------
    >>> kin = components(["a", "b", "c"], [(0, 1)])
    >>> kin["a"] == kin["b"] != kin["c"]
    True
    """
    ends = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
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

    Examples
    --------
    >>> millionths(0.1 + 0.2) == millionths(0.3)
    True
    """
    return round(value * SCALE)


def whole_millionths(values: pd.Series) -> np.ndarray:
    """Return numbers in whole millionths.

    Examples
    --------
    >>> import pandas as pd
    >>> whole_millionths(pd.Series([0.5, 1.0])).tolist()
    [500000, 1000000]
    """
    return np.rint(values.to_numpy(dtype=float) * SCALE).astype(np.int64)
