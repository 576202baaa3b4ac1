"""Parks that say the same in general words join the groups that are proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parkmap.cluster.linkage import SCALE, Edges, merging

if TYPE_CHECKING:
    from collections.abc import Sequence


class Group(NamedTuple):
    """A group and what it rests on.

    Parameters
    ----------
    members
        Places of all items.
    coarse
        Those of them that joined without a proven rival.
    weakest
        The least similarity inside, in millionths.
    absorbed
        Similarity at which what is proven merges into more; None above the floor.
    """

    members: list[int]
    coarse: list[int]
    weakest: int
    absorbed: int | None


def with_coarse(
    count: int, proven: Sequence[tuple[list[int], int, int | None]], edges: Edges, least: int
) -> list[Group]:
    """Let items that are not proven to rival anybody join the groups that are, by half at most.

    Parameters
    ----------
    count
        Number of items.
    proven
        What :func:`groups_at` made of the proven edges alone.
    edges
        All edges.
    least
        Similarity that every pair inside a group reaches.

    Returns
    -------
    The groups. They grow by complete linkage over all edges, the proven groups and the single
    items being what merges first, as long as at least half of a group comes from proven ones.

    Examples
    --------
    >>> edges = Edges(np.array([0, 0, 1]), np.array([1, 2, 2]), np.full(3, 700),
    ...               np.array([True, False, False]))
    >>> with_coarse(3, [([0, 1], 700, None)], edges, 500)
    [Group(members=[0, 1, 2], coarse=[2], weakest=700, absorbed=None)]
    """
    grouped = {member for members, _, _ in proven for member in members}
    sets = [members for members, _, _ in proven]
    sets += [[item] for item in range(count) if item not in grouped]
    heights = [weakest for _, weakest, _ in proven] + [SCALE] * (len(sets) - len(proven))
    ends = [absorbed for _, _, absorbed in proven] + [None] * (len(sets) - len(proven))
    known = [len(members) if at < len(proven) else 0 for at, members in enumerate(sets)]
    owner = np.empty(count, dtype=np.int64)
    for at, members in enumerate(sets):
        owner[members] = at
    links = _between(owner, np.array([len(members) for members in sets]), edges, least)

    def by_half(first: int, second: int) -> bool:
        return 2 * (known[first] + known[second]) >= len(sets[first]) + len(sets[second])

    standing = dict.fromkeys(range(len(proven)))
    least_members = [min(one) for one in sets]
    # the lists grow while merging: what has joined decides what may join next
    for height, first, second, group in merging(*links, least_members, may_join=by_half):
        sets.append(sorted(sets[first] + sets[second]))
        known.append(known[first] + known[second])
        heights.append(min(height, heights[first], heights[second]))
        ends.append(max((e for e in (ends[first], ends[second]) if e is not None), default=None))
        standing.pop(first, None)
        standing.pop(second, None)
        standing[group] = None
    return [
        Group(sets[at], [m for m in sets[at] if m not in grouped], heights[at], ends[at])
        for at in standing
    ]


def _between(
    owner: np.ndarray, sizes: np.ndarray, edges: Edges, least: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the groups of which every two members are linked, and their least similarity.

    Groups that proven edges alone would link so are merged already and left out.
    """
    ends = np.sort(np.stack([owner[edges.first], owner[edges.second]]), axis=0)
    key = ends[0] * len(sizes) + ends[1]
    apart = (ends[0] != ends[1]) & (edges.height >= least)
    apart &= np.isin(key, np.unique(key[apart & ~edges.proven]))
    keys, where, number = np.unique(key[apart], return_inverse=True, return_counts=True)
    lowest = np.full(len(keys), SCALE)
    np.minimum.at(lowest, where, edges.height[apart])
    one, other = keys // max(len(sizes), 1), keys % max(len(sizes), 1)
    whole = number == sizes[one] * sizes[other]
    return one[whole], other[whole], lowest[whole]
