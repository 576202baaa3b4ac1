"""A park that fits whole into a group no smaller than its own goes there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from parkmap.cluster.linkage import Edges, all_sets, merging, whole_links

if TYPE_CHECKING:
    from collections.abc import Sequence


def settled(count: int, groups: Sequence[list[int]], edges: Edges, least: int) -> list[list[int]]:
    """Let items go over to groups they fit into as well, if these are no smaller than their own.

    Parameters
    ----------
    count
        Number of items.
    groups
        What :func:`groups_at` made of the proven edges.
    edges
        All edges; only proven ones count.
    least
        Similarity that every pair inside a group reaches.

    Returns
    -------
    The members of each group, in order.

    Notes
    -----
    Complete linkage never takes a merge back: a park that once joined a chance neighbour is lost to
    the three others it belongs to. Items in order of their places, again and again until nothing
    moves: each goes to the largest group of which it is linked with every member, then to the one
    with the greatest weakest link, then to the one with the least first member. Every move raises
    the sum of the squared sizes, so it ends; a local optimum, not the best of all partitions.

    Examples
    --------
    >>> first, second = np.array([(0, 1), (1, 2), (1, 3), (2, 3)]).T
    >>> edges = Edges(first, second, np.array([900, 600, 600, 800]), np.full(4, True))
    >>> settled(4, [[0, 1], [2, 3]], edges, 500)
    [[1, 2, 3]]
    """
    listed, owner = all_sets(count, groups)
    sets = [set(members) for members in listed]
    links = _links(count, edges, least)
    while _pass(sets, owner, links):
        pass
    return sorted(sorted(members) for members in sets if len(members) > 1)


def absorptions(count: int, groups: Sequence[list[int]], edges: Edges) -> list[int | None]:
    """Tell where groups would merge with others or with single items, if more were let through.

    Parameters
    ----------
    count
        Number of items.
    groups
        The members of each group.
    edges
        All edges, as far down as is asked; only proven ones count.

    Returns
    -------
    For each group the similarity of the first merge of complete linkage that takes it in; None
    where there is none.

    Examples
    --------
    >>> edges = Edges(*np.array([(0, 1, 900), (0, 2, 450), (1, 2, 420)]).T, np.full(3, True))
    >>> absorptions(3, [[0, 1]], edges)
    [420]
    """
    sets, owner = all_sets(count, groups)
    found: dict[int, int] = {}
    proven = Edges(*(column[edges.proven] for column in edges))
    joins = whole_links(owner, np.array([len(members) for members in sets]), proven)
    for merge in merging(*joins, [min(members) for members in sets]):
        found.setdefault(merge.first, merge.height)
        found.setdefault(merge.second, merge.height)
    return [found.get(at) for at in range(len(groups))]


def _links(count: int, edges: Edges, least: int) -> sparse.csr_array:
    kept = edges.proven & (edges.height >= least) & (edges.first != edges.second)
    first, second, height = (column[kept] for column in edges[:3])
    ends = (np.concatenate([first, second]), np.concatenate([second, first]))
    return sparse.csr_array((np.tile(height, 2), ends), (count, count))


def _pass(sets: list[set[int]], owner: np.ndarray, links: sparse.csr_array) -> bool:
    """Move each item that fits better elsewhere; tell whether any did."""
    moved = False
    for item in _fitting(sets, owner, links):
        own = int(owner[item])
        target = _best(item, sets, owner, links)
        if target is None:
            continue
        sets[own].discard(item)
        sets[target].add(item)
        owner[item] = target
        moved = True
    return moved


def _fitting(sets: list[set[int]], owner: np.ndarray, links: sparse.csr_array) -> list[int]:
    """Return the items linked with every member of another set no smaller than their own."""
    count = len(owner)
    sizes = np.array([len(members) for members in sets])
    one = np.ones(count, dtype=np.int64)
    belongs = sparse.csr_array((one, (np.arange(count), owner)), (count, len(sets)))
    ones = np.ones(links.nnz, dtype=np.int64)
    known = sparse.csr_array((ones, links.indices, links.indptr), links.shape)
    met = (known @ belongs).tocoo()
    own = owner[met.row]
    whole = (met.data == sizes[met.col]) & (met.col != own) & (sizes[met.col] >= sizes[own])
    return np.unique(met.row[whole]).tolist()


def _best(
    item: int, sets: list[set[int]], owner: np.ndarray, links: sparse.csr_array
) -> int | None:
    near = slice(links.indptr[item], links.indptr[item + 1])
    met: dict[int, list[int]] = defaultdict(list)
    for at, height in zip(
        owner[links.indices[near]].tolist(), links.data[near].tolist(), strict=True
    ):
        met[at].append(height)
    own = int(owner[item])
    whole = [
        (-len(sets[at]), -min(heights), min(sets[at]), at)
        for at, heights in met.items()
        if at != own and len(heights) == len(sets[at]) >= len(sets[own])
    ]
    return min(whole)[-1] if whole else None
