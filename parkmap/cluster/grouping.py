"""Which parks form groups, which only families, and what other thresholds would give."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parkmap import messages, schema
from parkmap.bodies import policy_relations
from parkmap.cluster.facts import facts_of
from parkmap.cluster.linkage import (
    SCALE,
    Merge,
    cluster_id,
    complete_linkage,
    components,
    groups_at,
    millionths,
    whole_millionths,
)
from parkmap.errors import OptionError
from parkmap.schema import Criteria
from parkmap.taxonomy import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

LINKS = ("similarity", "rivalry")
MARGIN = 0.1
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
    by: str = "similarity",
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
    by
        ``"similarity"``, or ``"rivalry"``: link by how much is the same business, a chain word
        standing for its segments. That finds more where labels are coarse, and flags on less
        proof; the threshold, ``weakest_similarity`` and ``split_at`` are then shares of rivalry.
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
        by=by,
    )
    items, numbered = _numbered(edges)
    floor, least = millionths(threshold - MARGIN), millionths(threshold)
    merges = complete_linkage(len(items), numbered, floor=floor)
    family = components(items, [(i, j) for i, j, height in numbered if height >= least])
    facts = facts_of(table, shares, words)
    rows = {}
    for members, weakest, absorbed in groups_at(len(items), merges, least):
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
    items, numbered = _numbered(edges)
    found = components(items, [(i, j) for i, j, _ in numbered])
    index = pd.Index(items, name="park_id", dtype=object)
    return pd.Series([found[park] for park in items], index=index, name="family", dtype=object)


def rival_pairs(
    parks: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    *,
    threshold: float,
    min_rivalry: float,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
    by: str = "similarity",
) -> pd.Series:
    """Return the pairs that may lie in one group, with what links them.

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
    by
        ``"similarity"`` or ``"rivalry"``, which counts a chain word for its segments.

    Returns
    -------
    Series named as ``by`` on (``left``, ``right``), without pairs that policy explains.

    Raises
    ------
    OptionError
        If ``by`` is neither.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"managing_body": ["甲", "甲"]}, geometry=[None] * 2)
    >>> index = pd.MultiIndex.from_tuples([("0", "1")])
    >>> pairs = pd.DataFrame({"similarity": [0.9], "rivalry": [0.5]}, index=index)
    >>> len(rival_pairs(parks, pairs, threshold=0.5, min_rivalry=0.25))
    0
    """
    if by not in LINKS:
        known = "、".join(LINKS)
        raise OptionError(**messages.fault("cluster.by", by=by, known=known))
    if not len(pairs):
        return pd.Series([], dtype=float, name=by)
    rivalry = pairs["rivalry"]
    if by == "rivalry":
        rivalry = rivalry + pairs["coarse_share"]
    link = (pairs["similarity"] if by == "similarity" else rivalry).rename(by)
    kept = (whole_millionths(link) >= millionths(threshold)) & (rivalry >= min_rivalry - 1e-9)
    left, right = link.index[kept].get_level_values(0), link.index[kept].get_level_values(1)
    policy = policy_relations(
        parks, left.tolist(), right.tolist(), superseded_lists=superseded_lists
    )
    return link[kept][policy == ""]


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
    merges = complete_linkage(len(items), numbered, floor=floor)
    rows = [_counts(items, numbered, merges, millionths(threshold)) for threshold in thresholds]
    index = pd.Index(list(thresholds), name="threshold", dtype=float)
    return pd.DataFrame(rows, index=index, columns=list(SWEEP_COLUMNS))


def _counts(
    items: list[str], numbered: list[tuple[int, int, int]], merges: list[Merge], least: int
) -> tuple[int, ...]:
    sizes = [len(members) for members, _, _ in groups_at(len(items), merges, least)]
    edges = [(i, j) for i, j, height in numbered if height >= least]
    joined = {place for edge in edges for place in edge}
    kin = components(items, edges)
    families = Counter(kin[items[place]] for place in joined)
    largest_family = max(families.values(), default=0)
    largest_group = max(sizes, default=0)
    return len(edges), len(sizes), sum(sizes), largest_group, len(families), largest_family


def _numbered(edges: pd.Series) -> tuple[list[str], list[tuple[int, int, int]]]:
    """Return the parks in order, and the edges by their places with whole millionths."""
    if edges.empty:
        return [], []
    left, right = (edges.index.get_level_values(level) for level in (0, 1))
    items = sorted({*left.unique(), *right.unique()})
    place = pd.Index(items, dtype=object)
    first, second = place.get_indexer(left).tolist(), place.get_indexer(right).tolist()
    return items, list(zip(first, second, whole_millionths(edges).tolist(), strict=True))
