"""Who names which segment of a chain, and what stands beside a segment nobody names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import schema
from parkmap.taxonomy import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

LINK_COLUMNS = (
    "link",  # upstream midstream downstream, "" where that says nothing
    "parks",  # tuple of park_id, in the order of the parks table
    "status",  # gap single duplicated
    "presence",  # share of the segments up- and downstream that some park names; nan without any
)
_LINKS = {"上游": "upstream", "中游": "midstream", "下游": "downstream"}
_LEAST_PRESENT = 2


def chain_links(
    parks: gpd.GeoDataFrame, shares: pd.Series, *, taxonomy: Vocabulary | None = None
) -> pd.DataFrame:
    """List the segments of every chain of which parks name at least two.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    taxonomy
        The vocabulary; the one in force if not given.

    Returns
    -------
    Table on (``chain``, ``segment``), in the order of the vocabulary, with the columns
    ``LINK_COLUMNS``. Each segment stands under the nearest chain it lies in, so that it appears
    once. Segments that no park names are there too, as gaps.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame({"sectors": [("IC设计", "晶圆制造"), ("晶圆制造",)]},
    ...     geometry=[None, None])
    >>> links = chain_links(parks, sector_shares(parks))
    >>> links.loc["ic", "status"].loc[["ic-design", "wafer-fabrication"]].tolist()
    ['single', 'duplicated']
    """
    words = taxonomy or load()
    naming = parks_by_segment(parks, shares, words)
    beside = neighbours(words)
    rows, keys = [], []
    for chain, node in words.nodes.items():
        own = [s for s in words.children.get(chain, ()) if words.level(s) == "segment"]
        if node.level != "chain" or sum(s in naming for s in own) < _LEAST_PRESENT:
            continue
        keys += [(chain, segment) for segment in own]
        rows += [link_row(segment, words, naming, beside) for segment in own]
    index = pd.MultiIndex.from_tuples(keys, names=["chain", "segment"])
    return pd.DataFrame(rows, index=index, columns=list(LINK_COLUMNS)).astype({"presence": float})


def parks_by_segment(
    parks: gpd.GeoDataFrame, shares: pd.Series, words: Vocabulary
) -> dict[str, tuple[str, ...]]:
    """Return the parks that name each segment.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    words
        The vocabulary.

    Returns
    -------
    Segment to park ids in the order of the table; a segment nobody names is absent.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame({"sectors": [("家具",), ("集成电路",)]}, geometry=[None, None])
    >>> parks_by_segment(parks, sector_shares(parks), load())
    {'furniture': ('0',)}
    """
    order = {park: at for at, park in enumerate(schema.complete(parks).index)}
    naming: dict[str, set[str]] = {}
    for (park, node), share in shares.items():
        if share > 0 and words.level(node) == "segment":
            naming.setdefault(node, set()).add(park)
    return {node: tuple(sorted(found, key=order.__getitem__)) for node, found in naming.items()}


def neighbours(words: Vocabulary) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what stands directly before and after each node.

    Parameters
    ----------
    words
        The vocabulary.

    Returns
    -------
    Node to its suppliers and its customers, in the order of the vocabulary; also across chains.

    Examples
    --------
    >>> neighbours(load())["ic-design"]
    (('eda-and-ip-cores',), ('sensors-and-mems', 'wafer-fabrication'))
    """
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for supplier, customers in words.adjacency.items():
        for customer in customers:
            if supplier != customer:
                before.setdefault(customer, set()).add(supplier)
                after.setdefault(supplier, set()).add(customer)
    order = {node: at for at, node in enumerate(words.nodes)}

    def sort(found: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(found, key=order.__getitem__))

    return {node: (sort(before.get(node, ())), sort(after.get(node, ()))) for node in words.nodes}


def link_row(
    segment: str,
    words: Vocabulary,
    naming: Mapping[str, tuple[str, ...]],
    beside: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> dict[str, Any]:
    """Describe one segment of a chain.

    Parameters
    ----------
    segment
        Its node id.
    words
        The vocabulary.
    naming
        What :func:`parks_by_segment` returned.
    beside
        What :func:`neighbours` returned.

    Returns
    -------
    The columns ``LINK_COLUMNS`` by name.

    Examples
    --------
    >>> link_row("ic-design", load(), {"wafer-fabrication": ("a",)}, neighbours(load()))
    {'link': 'midstream', 'parks': (), 'status': 'gap', 'presence': 0.3333333333333333}
    """
    parks = naming.get(segment, ())
    near = {node for side in beside[segment] for node in side}
    status = "gap" if not parks else "single" if len(parks) == 1 else "duplicated"
    presence = sum(node in naming for node in near) / len(near) if near else float("nan")
    link = _LINKS.get(words.nodes[segment].link, "")
    return {"link": link, "parks": parks, "status": status, "presence": presence}
