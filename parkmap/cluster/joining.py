"""Parks that say the same in general words join the groups that are proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parkmap.cluster.linkage import SCALE, Edges, all_sets, merging, whole_links

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
    """

    members: list[int]
    coarse: list[int]
    weakest: int


def with_coarse(count: int, proven: Sequence[list[int]], edges: Edges, least: int) -> list[Group]:
    """Let items that are not proven to rival anybody join the groups that are, by half at most.

    Parameters
    ----------
    count
        Number of items.
    proven
        The groups that proven edges alone make.
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
    >>> with_coarse(3, [[0, 1]], edges, 500)
    [Group(members=[0, 1, 2], coarse=[2], weakest=700)]
    """
    sets, owner = all_sets(count, proven)
    known = [len(members) if at < len(proven) else 0 for at, members in enumerate(sets)]
    heights = _weakest(owner, len(sets), edges)
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
        standing.pop(first, None)
        standing.pop(second, None)
        standing[group] = None
    return [
        Group(sets[at], [m for m in sets[at] if owner[m] >= len(proven)], heights[at])
        for at in standing
    ]


def _weakest(owner: np.ndarray, count: int, edges: Edges) -> list[int]:
    """Return the least similarity inside each set."""
    inside = owner[edges.first] == owner[edges.second]
    lowest = np.full(count, SCALE)
    np.minimum.at(lowest, owner[edges.first[inside]], edges.height[inside])
    return lowest.tolist()


def _between(
    owner: np.ndarray, sizes: np.ndarray, edges: Edges, least: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the groups of which every two members are linked, and their least similarity.

    Groups that proven edges alone would link so are merged already and left out.
    """
    high = Edges(*(column[edges.height >= least] for column in edges))
    ends = np.sort(np.stack([owner[high.first], owner[high.second]]), axis=0)
    key = ends[0] * len(sizes) + ends[1]
    some = np.isin(key, np.unique(key[(ends[0] != ends[1]) & ~high.proven]))
    return whole_links(owner, sizes, Edges(*(column[some] for column in high)))
