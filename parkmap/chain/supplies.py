"""Which park can supply which, pair by pair and sector by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from parkmap.schema import Criteria
from parkmap.taxonomy import load, supplied_nodes, supplies_between

if TYPE_CHECKING:
    from collections.abc import Collection

    from parkmap.taxonomy import Vocabulary

SUPPLY_COLUMNS = (
    "giver",  # park_id
    "given",  # node id
    "taker",  # park_id
    "taken",  # node id
)


def supplies(
    pairs: pd.DataFrame,
    shares: pd.Series,
    *,
    min_synergy: float = Criteria.min_synergy,
    set_aside: Collection[str] = (),
    taxonomy: Vocabulary | None = None,
) -> pd.DataFrame:
    """Say who can supply whom with what, of pairs that follow one another along a chain.

    Parameters
    ----------
    pairs
        What ``similar_pairs`` returned.
    shares
        What ``sector_shares`` returned.
    min_synergy
        From where a pair counts.
    set_aside
        Nodes that nearly every park names, and that so tell nothing.
    taxonomy
        The vocabulary; the one in force if not given.

    Returns
    -------
    Table on (``left``, ``right``) with the columns ``SUPPLY_COLUMNS``: pairs in their order, of
    each pair the links between the larger shares first.

    Notes
    -----
    From stated leading sectors and the vocabulary's adjacency: that one *can* supply the other,
    not that it does.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> from parkmap.similarity import similar_pairs
    >>> parks = gpd.GeoDataFrame({"sectors": [("晶圆制造",), ("IC设计",)]}, geometry=[None, None])
    >>> shares = sector_shares(parks)
    >>> supplies(similar_pairs(parks, shares, null_draws=0), shares).to_numpy().tolist()
    [['1', 'ic-design', '0', 'wafer-fabrication']]
    """
    mixes: dict[str, dict[str, float]] = {}
    for (park, node), share in zip(shares.index, shares.to_numpy(dtype=float), strict=True):
        if node not in set_aside:
            mixes.setdefault(park, {})[node] = share
    named = {node for mix in mixes.values() for node in mix}
    supplied = supplied_nodes(named, taxonomy or load())
    rows, keys = [], []
    for left, right in pairs.index[(pairs["synergy"] >= min_synergy).to_numpy()]:
        ends = mixes.get(left, {}), mixes.get(right, {})
        for leftward, given, taken in supplies_between(*ends, supplied):
            giver, taker = (left, right) if leftward else (right, left)
            rows.append((giver, given, taker, taken))
            keys.append((left, right))
    index = pd.MultiIndex.from_tuples(keys, names=["left", "right"])
    return pd.DataFrame(rows, index=index, columns=list(SUPPLY_COLUMNS), dtype=object)
