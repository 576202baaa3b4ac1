"""Groups of parks that do the same thing: families, and the groups worth flagging."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from parkmap import schema
from parkmap.bodies import policy_relations
from parkmap.schema import Criteria
from parkmap.taxonomy import load, split_terms, term_weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

SCALE = 1_000_000
MARGIN = 0.1


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


def clusters(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    pairs: pd.DataFrame,
    *,
    threshold: float = Criteria.min_similarity,
    min_rivalry: float = Criteria.min_rivalry,
    stable_width: float = Criteria.stable_width,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
    taxonomy: Vocabulary | None = None,
) -> pd.DataFrame:
    """Group parks of which every two are alike and rivals.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    pairs
        What ``similar_pairs`` returned. To learn where a group would dissolve into a larger one
        (``split_at``), the pairs must reach down to .1 below the threshold.
    threshold
        Similarity that every pair inside a group reaches.
    min_rivalry
        Rivalry that every pair inside a group reaches.
    stable_width
        A group is stable if it lasts over at least this much of the threshold's range.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force: their parks form no groups.
        Nor do parks of one managing body rival each other.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    One row a group of two or more, the largest first, indexed by ``cluster``, an id that depends
    on its members only. ``family`` names the connected component the group lies in (see
    :func:`families`), ``weakest_similarity`` is the least inside the group, ``split_at`` the
    similarity at which it would merge into a larger one (nan where that lies more than .1 below
    the threshold), ``shared_sectors`` the segments that all members name, or most if none is
    named by all, ``lead_park`` a proposal only: the documented main bearing place, else the park
    with the greatest share of the shared segments, then the higher tier, then the larger area.
    Every row is ``flagged``: a family always holds a group.

    Notes
    -----
    Complete linkage over the sparse pairs: the two groups with the greatest similarity merge, ties
    going to the smallest first members; the new similarity is the lesser of the two, and a pair
    that is missing never merges. Connected components are not used because they chain: of 25
    random parks at cosine .5 they join 97 %, of whose pairs 23 % are alike.

    References
    ----------
    Defays, D. (1977). An efficient algorithm for a complete link method. The Computer Journal
    20(4), 364-366. doi:10.1093/comjnl/20.4.364

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> from parkmap.similarity import similar_pairs
    >>> parks = gpd.GeoDataFrame(
    ...     {"sectors": [("中药饮片",), ("中药饮片",), ("轨道交通",)]},
    ...     geometry=gpd.points_from_xy([104.0, 104.1, 104.2], [30.6] * 3, crs=4326),
    ... )
    >>> shares = sector_shares(parks)
    >>> groups = clusters(parks, shares, similar_pairs(parks, shares, null_draws=0))
    >>> groups.iloc[0]["parks"], groups.iloc[0]["shared_sectors"]
    (('0', '1'), ('herbal-slices',))
    """
    table = schema.complete(parks)
    words = taxonomy or load()
    edges = rival_pairs(
        table,
        pairs,
        threshold=threshold - MARGIN,
        min_rivalry=min_rivalry,
        superseded_lists=superseded_lists,
    )
    items = sorted({park for edge in edges.index for park in edge})
    floor, least = _millionths(threshold - MARGIN), _millionths(threshold)
    merges = complete_linkage(len(items), _numbered(edges, items), floor=floor)
    family = _components(items, edges[edges.map(_millionths) >= least].index)
    facts = _Facts(table, shares, _segments(shares, words), _bearers(table, words), words)
    rows = {}
    for members, weakest, absorbed in _groups(len(items), merges, least):
        names = tuple(items[member] for member in members)
        lasting = (weakest - (absorbed if absorbed is not None else floor)) / SCALE
        rows[cluster_id("k", names)] = {
            "parks": names,
            "family": family[names[0]],
            "flagged": True,
            "weakest_similarity": weakest / SCALE,
            "split_at": np.nan if absorbed is None else absorbed / SCALE,
            "stable": lasting >= stable_width - 1e-9,
            **facts.of(names),
        }
    order = sorted(rows, key=lambda name: (-len(rows[name]["parks"]), rows[name]["parks"]))
    index = pd.Index(order, name="cluster", dtype=object)
    columns = list(schema.CLUSTER_COLUMNS)
    return pd.DataFrame([rows[name] for name in order], index=index, columns=columns)


def families(
    parks: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    *,
    threshold: float = Criteria.min_similarity,
    min_rivalry: float = Criteria.min_rivalry,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
) -> pd.Series:
    """Join parks that are alike directly or by way of others.

    Parameters
    ----------
    parks
        A parks table.
    pairs
        What ``similar_pairs`` returned.
    threshold, min_rivalry
        What a pair must reach.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.

    Returns
    -------
    Series ``family`` on ``park_id``: the id of the connected component; parks without a rival
    are absent.

    Notes
    -----
    A family is background, never a finding: two of its parks may have nothing in common.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"name": list("ABC")}, geometry=[None] * 3, index=list("abc"))
    >>> index = pd.MultiIndex.from_tuples([("a", "b"), ("b", "c")])
    >>> pairs = pd.DataFrame({"similarity": [0.9, 0.8], "rivalry": [0.5, 0.5]}, index=index)
    >>> families(parks, pairs).nunique()
    1
    """
    edges = rival_pairs(
        parks,
        pairs,
        threshold=threshold,
        min_rivalry=min_rivalry,
        superseded_lists=superseded_lists,
    )
    items = sorted({park for edge in edges.index for park in edge})
    found = _components(items, edges.index)
    index = pd.Index(items, name="park_id", dtype=object)
    return pd.Series([found[park] for park in items], index=index, name="family", dtype=object)


def rival_pairs(
    parks: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    *,
    threshold: float,
    min_rivalry: float,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
) -> pd.Series:
    """Return the similarity of the pairs that may lie in one group.

    Parameters
    ----------
    parks
        A parks table.
    pairs
        What ``similar_pairs`` returned.
    threshold, min_rivalry
        What a pair must reach.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.

    Returns
    -------
    Series ``similarity`` on (``left``, ``right``), without pairs that policy explains.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"managing_body": ["甲", "甲"]}, geometry=[None] * 2)
    >>> index = pd.MultiIndex.from_tuples([("0", "1")])
    >>> pairs = pd.DataFrame({"similarity": [0.9], "rivalry": [0.5]}, index=index)
    >>> len(rival_pairs(parks, pairs, threshold=0.5, min_rivalry=0.25))
    0
    """
    if not len(pairs):
        return pd.Series([], dtype=float, name="similarity")
    alike = pairs["similarity"].map(_millionths) >= _millionths(threshold)
    kept = pairs[alike & (pairs["rivalry"] >= min_rivalry - 1e-9)]
    left, right = kept.index.get_level_values(0), kept.index.get_level_values(1)
    policy = policy_relations(parks, list(left), list(right), superseded_lists=superseded_lists)
    return kept.loc[policy == "", "similarity"]


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


def threshold_sweep(
    parks: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    *,
    thresholds: Sequence[float],
    min_rivalry: float = Criteria.min_rivalry,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
) -> pd.DataFrame:
    """Show what other thresholds would give.

    Parameters
    ----------
    parks
        A parks table.
    pairs
        What ``similar_pairs`` returned, down to the least of the thresholds.
    thresholds
        Similarities to try.
    min_rivalry
        What a pair must reach besides.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.

    Returns
    -------
    Table on ``threshold``: ``pairs``, ``groups``, ``parks_in_groups``, ``largest_group``,
    ``families``, ``largest_family``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"name": list("ABC")}, geometry=[None] * 3, index=list("abc"))
    >>> index = pd.MultiIndex.from_tuples([("a", "b"), ("b", "c")])
    >>> pairs = pd.DataFrame({"similarity": [0.9, 0.8], "rivalry": [0.5, 0.5]}, index=index)
    >>> threshold_sweep(parks, pairs, thresholds=[0.5])[["groups", "largest_family"]]
               groups  largest_family
    threshold
    0.5             1               3
    """
    rows = []
    for threshold in thresholds:
        edges = rival_pairs(
            parks,
            pairs,
            threshold=threshold,
            min_rivalry=min_rivalry,
            superseded_lists=superseded_lists,
        )
        items = sorted({park for edge in edges.index for park in edge})
        least = _millionths(threshold)
        merges = complete_linkage(len(items), _numbered(edges, items), floor=least)
        sizes = [len(members) for members, _, _ in _groups(len(items), merges, least)]
        kin = Counter(_components(items, edges.index).values())
        rows.append(
            {
                "pairs": len(edges),
                "groups": len(sizes),
                "parks_in_groups": sum(sizes),
                "largest_group": max(sizes, default=0),
                "families": len(kin),
                "largest_family": max(kin.values(), default=0),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(list(thresholds), name="threshold", dtype=float))


class _Facts(NamedTuple):
    """What is known of parks, to describe a group of them."""

    parks: gpd.GeoDataFrame
    shares: pd.Series
    segments: Mapping[str, Mapping[str, float]]
    bearers: Mapping[str, set[str]]
    words: Vocabulary

    def of(self, members: tuple[str, ...]) -> dict[str, Any]:
        """Return the shared sectors, the proposed lead and the districts of a group."""
        shared = self._shared(members)
        districts = self.parks.loc[list(members), "district"].fillna("").astype(str)
        return {
            "shared_sectors": shared,
            "lead_park": min(members, key=lambda park: self._rank(park, shared)),
            "districts": tuple(sorted({d for text in districts for d in text.split("、") if d})),
        }

    def _shared(self, members: tuple[str, ...]) -> tuple[str, ...]:
        named = Counter(node for park in members for node in self.segments.get(park, {}))
        most = max(named.values(), default=0)
        total = {
            node: sum(self.segments.get(park, {}).get(node, 0.0) for park in members)
            for node, number in named.items()
            if number == most and number > 1
        }
        return tuple(sorted(total, key=lambda node: (-round(total[node], 9), node)))

    def _rank(self, park: str, shared: tuple[str, ...]) -> tuple[Any, ...]:
        """Order parks by how well they would lead; the id decides last."""
        near = any(
            self.words.is_at_or_below(node, borne) or self.words.is_at_or_below(borne, node)
            for node in shared
            for borne in self.bearers.get(park, ())
        )
        share = sum(self.segments.get(park, {}).get(node, 0.0) for node in shared)
        facts = self.parks.loc[park]
        tier = facts["tier"]
        place = schema.TIERS.index(tier) if tier in schema.TIERS else len(schema.TIERS)
        area = pd.to_numeric(facts["approved_area_ha"], errors="coerce")
        return (not near, -round(share, 9), place, -float(area) if area > 0 else 0.0, park)


def _segments(shares: pd.Series, words: Vocabulary) -> dict[str, dict[str, float]]:
    """Return each park's segments with their shares."""
    found: dict[str, dict[str, float]] = {}
    for (park, node), share in zip(shares.index, shares.to_numpy(dtype=float), strict=True):
        if words.level(node) == "segment":
            found.setdefault(park, {})[node] = float(share)
    return found


def _bearers(parks: gpd.GeoDataFrame, words: Vocabulary) -> dict[str, set[str]]:
    """Return the nodes each park is documented as main bearing place of."""
    found: dict[str, set[str]] = {}
    for park, stated in parks["main_for"].items():
        texts = (stated,) if isinstance(stated, str) else stated
        for term in (t for text in texts for t in split_terms(text, words)):
            match = words.match(term_weight(term)[0])
            if match.accepted and match.node:
                found.setdefault(park, set()).add(match.node)
    return found


def _groups(
    count: int, merges: Sequence[Merge], least: int
) -> list[tuple[list[int], int, int | None]]:
    """Return the groups at a height: members, weakest pair, height at which they are absorbed."""
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


def _components(items: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, str]:
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


def _numbered(edges: pd.Series, items: Sequence[str]) -> list[tuple[int, int, int]]:
    place = {park: number for number, park in enumerate(items)}
    values = [_millionths(value) for value in edges.to_numpy(dtype=float)]
    ends = zip(edges.index, values, strict=True)
    return [(place[left], place[right], value) for (left, right), value in ends]


def _millionths(similarity: float) -> int:
    return round(similarity * SCALE)
