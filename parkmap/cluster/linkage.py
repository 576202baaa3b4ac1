"""Complete linkage over sparse similarities, deterministic under ties."""

from __future__ import annotations

import hashlib
import heapq
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    smallest = dict(enumerate(range(count)))
    heap = [
        (-similarity, first, second, first, second)
        for first, others in near.items()
        for second, similarity in others.items()
        if first < second
    ]
    heapq.heapify(heap)
    merges: list[Merge] = []
    while heap:
        negative, low, _, first, second = heapq.heappop(heap)
        if first not in near or second not in near:
            continue
        group = count + len(merges)
        merges.append(Merge(-negative, first, second, group))
        smallest[group] = low
        near[group] = _absorb(near, first, second, group)
        for other, similarity in near[group].items():
            ends = sorted([(low, group), (smallest[other], other)])
            heapq.heappush(heap, (-similarity, ends[0][0], ends[1][0], ends[0][1], ends[1][1]))
    return merges


def _absorb(near: dict[int, dict[int, int]], first: int, second: int, group: int) -> dict[int, int]:
    """Take two groups out; return the similarities of their union to groups near both."""
    one, two = near.pop(first), near.pop(second)
    for gone, others in ((first, one), (second, two)):
        for other in others:
            if other in near:
                del near[other][gone]
    few, many = (one, two) if len(one) <= len(two) else (two, one)
    joined = {other: min(s, many[other]) for other, s in few.items() if other in many}
    for other, similarity in joined.items():
        near[other][group] = similarity
    return joined


def groups_at(
    count: int, merges: Sequence[Merge], least: int
) -> list[tuple[list[int], int, int | None]]:
    """Return the groups standing at a height: members, weakest pair, height of their absorption."""
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


def components(items: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the family of each item by joining the ends of every edge."""
    root = {item: item for item in items}

    def find(item: str) -> str:
        while root[item] != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for left, right in edges:
        low, high = sorted((find(left), find(right)))
        root[high] = low
    kin: dict[str, list[str]] = {}
    for item in items:
        kin.setdefault(find(item), []).append(item)
    return {member: cluster_id("f", group) for group in kin.values() for member in group}


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
    """Return a number in whole millionths, so that equal ones compare equal."""
    return round(value * SCALE)
