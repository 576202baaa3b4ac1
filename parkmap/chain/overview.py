"""How every chain stands: what is stated, duplicated, single, lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from parkmap.taxonomy import load

if TYPE_CHECKING:
    from parkmap.taxonomy import Vocabulary

OVERVIEW_COLUMNS = (
    "parent",  # the chain it lies in, "" at the top
    "parks",  # tuple of park_id: all that name the chain or something in it
    "coarse_parks",  # of those, the ones that name no segment of it
    "segments",  # how many it has
    "named",  # how many of them some park names
    "duplicated",
    "internal",
    "single",
    "gaps",  # segments nobody names with something present up- or downstream
)


def chain_overview(
    links: pd.DataFrame, shares: pd.Series, *, taxonomy: Vocabulary | None = None
) -> pd.DataFrame:
    """Count how every chain stands.

    Parameters
    ----------
    links
        What :func:`chain_links` returned.
    shares
        What ``sector_shares`` returned.
    taxonomy
        The vocabulary; the one in force if not given.

    Returns
    -------
    Table on ``chain`` with the columns ``OVERVIEW_COLUMNS``, in the order of the vocabulary.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.chain import chain_links
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame({"sectors": [("IC设计",), ("集成电路",)]}, geometry=[None, None])
    >>> shares = sector_shares(parks)
    >>> row = chain_overview(chain_links(parks, shares), shares).loc["ic"]
    >>> row["parks"], row["coarse_parks"], int(row["named"])
    (('0', '1'), ('1',), 1)
    """
    words = taxonomy or load()
    stated = [(park, node) for (park, node), share in shares.items() if share > 0]
    rows = {}
    for chain, found in links.groupby(level="chain", sort=False):
        inside = [(park, node) for park, node in stated if words.is_at_or_below(node, str(chain))]
        parks = tuple(dict.fromkeys(park for park, _ in inside))
        fine = {park for park, node in inside if words.level(node) == "segment"}
        counts = found["status"].value_counts()
        rows[chain] = {
            "parent": words.nodes[str(chain)].parent,
            "parks": parks,
            "coarse_parks": tuple(park for park in parks if park not in fine),
            "segments": len(found),
            "named": int((found["status"] != "gap").sum()),
            **{key: int(counts.get(key, 0)) for key in ("duplicated", "internal", "single")},
            "gaps": int(((found["status"] == "gap") & (found["rank"] > 0)).sum()),
        }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(OVERVIEW_COLUMNS))
    return table.rename_axis("chain")
