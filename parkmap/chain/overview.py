"""What a chain lacks, where it hangs on one park, and how every chain stands."""

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


def ranked_gaps(links: pd.DataFrame) -> pd.DataFrame:
    """Return the segments nobody names that have something present beside them.

    Parameters
    ----------
    links
        What :func:`chain_links` returned, of one chain or of all.

    Returns
    -------
    Its rows with status ``gap`` and ``presence`` above 0, chain by chain: those with something
    both up- and downstream first, then the more neighbours are named, then the greater share.

    Notes
    -----
    A gap with nothing beside it is no gap of this region's chain but of another trade.

    Examples
    --------
    >>> links = pd.DataFrame(
    ...     {"status": ["gap", "gap", "single"], "presence": [0.5, 1.0, 1.0],
    ...      "suppliers": [("x",), (), ()], "customers": [("y",), ("z",), ()]},
    ...     index=pd.MultiIndex.from_product([["c"], ["a", "b", "d"]], names=["chain", "segment"]))
    >>> ranked_gaps(links).index.get_level_values("segment").tolist()
    ['a', 'b']
    """
    return _ranked(links[(links["status"] == "gap") & (links["presence"] > 0)])


def single_points(links: pd.DataFrame) -> pd.DataFrame:
    """Return the segments that hang on one park, those that most depends on first.

    Parameters
    ----------
    links
        What :func:`chain_links` returned.

    Returns
    -------
    Its rows with status ``single``, chain by chain, in the order of :func:`ranked_gaps`.

    Examples
    --------
    >>> single_points(pd.DataFrame({"status": [], "suppliers": [], "customers": []})).empty
    True
    """
    return _ranked(links[links["status"] == "single"])


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return rows
    chains = {chain: at for at, chain in enumerate(dict.fromkeys(rows.index.get_level_values(0)))}
    keys = [
        (
            chains[chain],
            -(bool(up) + bool(down)),
            -(len(up) + len(down)),
            -presence if presence == presence else 0.0,  # noqa: PLR0124 (nan)
            at,
        )
        for at, (chain, up, down, presence) in enumerate(
            zip(
                rows.index.get_level_values(0),
                *(rows[name] for name in ("suppliers", "customers", "presence")),
                strict=True,
            )
        )
    ]
    return rows.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


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
            "gaps": len(ranked_gaps(found)),
        }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(OVERVIEW_COLUMNS))
    return table.rename_axis("chain")
