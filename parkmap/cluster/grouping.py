"""Which parks form groups, which only families, and what other thresholds would give."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parkmap import schema
from parkmap.bodies import policy_relations
from parkmap.cluster.facts import facts_of
from parkmap.cluster.joining import with_coarse
from parkmap.cluster.linkage import (
    SCALE,
    Edges,
    Merge,
    cluster_id,
    complete_linkage,
    components,
    groups_at,
    millionths,
    whole_millionths,
)
from parkmap.cluster.settling import absorptions, settled
from parkmap.schema import Criteria
from parkmap.taxonomy import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

MARGIN = 0.1
#: Two parks of one group have more than this part of their mixes in common, as far as words tell.
HALF = 0.5
#: So much rivalry in shared segments proves a pair: one sector in common of three named.
THIRD = 1 / 3
SWEEP_COLUMNS = (
    *("pairs", "groups", "parks_in_groups"),
    *("largest_group", "families", "largest_family"),
)


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
    """Group parks of which every two are alike and, as far as words tell, in the same business.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    pairs
        What ``similar_pairs`` returned; without a column ``coarse_share`` general words count for
        nothing. To learn where a group would dissolve into a larger one
        (``split_at``), the pairs must reach down to .1 below the threshold.
    threshold
        Similarity that every pair inside a group reaches. Besides, more than half of the two mixes
        is or may be the same business: shared segments, and chain words for the segments below.
    min_rivalry
        Rivalry in shared segments that proves a pair; at least a third of the mix whatever is
        asked.
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
    on its members only. ``coarse_parks`` are members that joined without a proven rival, at most
    half: they name the business in general words only, which is to be checked. ``family`` names
    the connected component the group lies in (see :func:`families`), ``weakest_similarity`` is the
    least inside the group, ``split_at`` the similarity at which its proven part would merge into a
    larger one (nan where that lies more than .1 below the threshold), ``shared_sectors`` the
    segments that all members name, or most if none is named by all, ``lead_park`` a proposal only:
    the documented main bearing place, else the park with the greatest output in the shared
    segments where all members state theirs, else the greatest share of them, then the higher
    tier, then the larger area.
    Every row is ``flagged``.

    Notes
    -----
    First the parks group whose rivalry is proven. Then a park goes over to a group no smaller than
    its own if it is a proven rival of all in it (:mod:`parkmap.cluster.settling`). Then those join
    that name the same in general words, as long as they are no more than half of a group. Grouping
    and joining are complete linkage over the sparse pairs: the two groups with the greatest
    similarity merge, ties going to the smallest first members; the new similarity is the lesser of
    the two, and a pair that is missing never merges. In 400 planted cities beside those tuned on
    (``benchmarks/``) 96 % of the pairs in groups were planted and 94 % of the planted pairs are in
    groups; 83 % and 51 % with 40 % of the
    labels blurred to their chain. When wrong: a general word is taken for the narrow one it may
    stand for. Connected components are not used because they chain: of 25 random parks at cosine
    .5 they join 97 %, of whose pairs 23 % are alike.

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
    Criteria(min_similarity=threshold, min_rivalry=min_rivalry, stable_width=stable_width)  # checks
    table = schema.complete(parks)
    words = taxonomy or load()
    edges = rival_pairs(
        table,
        pairs,
        threshold=threshold - MARGIN,
        min_rivalry=min_rivalry,
        superseded_lists=superseded_lists,
    )
    items, numbered = _numbered(edges)
    floor, least = millionths(threshold - MARGIN), millionths(threshold)
    merges = complete_linkage(len(items), numbered.table(proven=True), floor=least)
    proven = _proven(len(items), merges, numbered, least)
    # by first members: a group may hold several proven ones
    ends = zip(
        (members[0] for members in proven), absorptions(len(items), proven, numbered), strict=True
    )
    absorbed = {member: height for member, height in ends if height is not None}
    family = components(items, _at_least(numbered, least))
    facts = facts_of(table, shares, words)
    rows = {}
    for group in with_coarse(len(items), proven, numbered, least):
        names = tuple(items[member] for member in group.members)
        split = max((absorbed[one] for one in group.members if one in absorbed), default=None)
        lasting = (group.weakest - (floor if split is None else split)) / SCALE
        rows[cluster_id("k", names)] = {
            "parks": names,
            "coarse_parks": tuple(items[member] for member in group.coarse),
            "family": family[names[0]],
            "flagged": True,
            "weakest_similarity": group.weakest / SCALE,
            "split_at": np.nan if split is None else split / SCALE,
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
    >>> pairs = pd.DataFrame({"similarity": [0.9, 0.8], "rivalry": [0.6, 0.6]}, index=index)
    >>> pairs["coarse_share"] = 0.0
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
    items, numbered = _numbered(edges)
    found = components(items, _at_least(numbered, 0))
    index = pd.Index(items, name="park_id", dtype=object)
    return pd.Series([found[park] for park in items], index=index, name="family", dtype=object)


def rival_pairs(
    parks: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    *,
    threshold: float,
    min_rivalry: float,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
) -> pd.DataFrame:
    """Return the pairs that may lie in one group, with what links them.

    Parameters
    ----------
    parks
        A parks table.
    pairs
        What ``similar_pairs`` returned.
    threshold
        Similarity a pair must reach. More than half of the two mixes must be in common besides.
    min_rivalry
        Rivalry that proves a pair; at least a third of the mix whatever is asked.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.

    Returns
    -------
    Table on (``left``, ``right``), without pairs that policy explains: ``similarity``, and
    ``proven``, whether they rival each other in segments, not in general words only.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=[None] * 2)
    >>> index = pd.MultiIndex.from_tuples([("0", "1")])
    >>> pairs = pd.DataFrame(
    ...     {"similarity": [0.9], "rivalry": [0.2], "coarse_share": [0.4]}, index=index
    ... )
    >>> rival_pairs(parks, pairs, threshold=0.5, min_rivalry=0.25).to_dict("records")
    [{'similarity': 0.9, 'proven': False}]
    """
    if not len(pairs):
        return pd.DataFrame({"similarity": pd.Series(dtype=float), "proven": pd.Series(dtype=bool)})
    rivalry = pairs["rivalry"]
    common = rivalry + pairs["coarse_share"] if "coarse_share" in pairs else rivalry
    kept = (whole_millionths(pairs["similarity"]) >= millionths(threshold)) & (common > HALF + 1e-6)
    links = pairs.loc[kept, ["similarity"]]
    links["proven"] = rivalry[kept] >= max(min_rivalry, THIRD) - 1e-6
    left, right = (links.index.get_level_values(level) for level in (0, 1))
    policy = policy_relations(
        parks, left.tolist(), right.tolist(), superseded_lists=superseded_lists
    )
    return links[policy == ""]


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
    >>> pairs = pd.DataFrame({"similarity": [0.9, 0.8], "rivalry": [0.6, 0.6]}, index=index)
    >>> pairs["coarse_share"] = 0.0
    >>> threshold_sweep(parks, pairs, thresholds=[0.5])[["groups", "largest_family"]]
               groups  largest_family
    threshold
    0.5             1               3
    """
    edges = rival_pairs(
        parks,
        pairs,
        threshold=min(thresholds, default=1.0),
        min_rivalry=min_rivalry,
        superseded_lists=superseded_lists,
    )
    items, numbered = _numbered(edges)
    # One linkage serves all: what merges at a height does not depend on what lies below it.
    floor = millionths(min(thresholds, default=1.0))
    merges = complete_linkage(len(items), numbered.table(proven=True), floor=floor)
    rows = [_counts(items, numbered, merges, millionths(threshold)) for threshold in thresholds]
    index = pd.Index(list(thresholds), name="threshold", dtype=float)
    return pd.DataFrame(rows, index=index, columns=list(SWEEP_COLUMNS))


def _counts(items: list[str], numbered: Edges, merges: list[Merge], least: int) -> tuple[int, ...]:
    proven = _proven(len(items), merges, numbered, least)
    groups = with_coarse(len(items), proven, numbered, least)
    sizes = [len(group.members) for group in groups]
    linked = _at_least(numbered, least)
    kin = components(items, linked)
    families = Counter(kin[items[place]] for place in np.unique(linked))
    largest_family = max(families.values(), default=0)
    largest_group = max(sizes, default=0)
    return len(linked), len(sizes), sum(sizes), largest_group, len(families), largest_family


def _proven(count: int, merges: list[Merge], edges: Edges, least: int) -> list[list[int]]:
    return settled(count, groups_at(count, merges, least), edges, least)


def _at_least(edges: Edges, least: int) -> np.ndarray:
    return edges.table()[edges.height >= least, :2]


def _numbered(links: pd.DataFrame) -> tuple[list[str], Edges]:
    """Return the parks in order, and the links by their places."""
    left, right = (links.index.get_level_values(level) for level in (0, -1))
    items = sorted({*left.unique(), *right.unique()})
    place = pd.Index(items, dtype=object)
    height = whole_millionths(links["similarity"])
    ends = (place.get_indexer(left), place.get_indexer(right))
    return items, Edges(*ends, height, links["proven"].to_numpy(dtype=bool))
