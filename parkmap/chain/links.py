"""Who names which segment of a chain, and what stands beside a segment nobody names."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from parkmap import bodies, schema
from parkmap.schema import Criteria
from parkmap.taxonomy import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

    Naming = Mapping[str, tuple[str, ...]]
    Beside = tuple[tuple[str, ...], tuple[str, ...]]

LINK_COLUMNS = (
    "link",  # upstream midstream downstream, "" where that says nothing
    "own",  # the segment lies directly in this chain, not in a narrower one
    "parks",  # tuple of park_id, in the order of the parks table
    "status",  # gap single internal duplicated
    "may_cover",  # parks that name a chain the segment lies in, and may so mean it too
    "suppliers",  # tuples (node, parks) of named segments that supply this one, of any chain
    "customers",  # likewise of those it supplies
    "presence",  # share of the segments up- and downstream that some park names; nan without any
    "rank",  # of a gap with something beside it, of a single point: from 1 in its chain; else 0
)
LINKS = {"上游": "upstream", "中游": "midstream", "下游": "downstream"}
_ORDER = ("upstream", "midstream", "downstream", "")


def chain_links(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    *,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
    taxonomy: Vocabulary | None = None,
) -> pd.DataFrame:
    """List the segments of every chain that parks name, itself or something in it.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.
    taxonomy
        The vocabulary; the one in force if not given.

    Returns
    -------
    Table on (``chain``, ``segment``) with the columns ``LINK_COLUMNS``: all segments at or below
    a chain, upstream first, within a link those that are named first. A segment of a narrower
    chain is listed under each chain it lies in. Several parks of one body that name a segment are
    ``internal`` duplication, not ``duplicated``; a park of a superseded list makes no duplicate.
    Gaps that have something beside them, and single points, are ranked: those with something both
    up- and downstream first, then the more neighbours are named, then the greater ``presence``;
    not in a chain of which no segment is named.

    Notes
    -----
    From stated leading sectors: that no park names a segment does not prove that nobody makes it,
    and a park that names only a chain word covers no segment. A gap with nothing beside it is no
    gap of this region's chain but of another trade.

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
    naming = parks_naming(parks, shares, words)
    status = _statuses(parks, naming, superseded_lists)
    words_only = parks_naming(parks, shares, words, level="chain")
    beside = neighbours(words)
    named = set(shares.index[shares > 0].get_level_values(1))
    stated = named | {above for node in named for above in words.ancestors(node)}
    rows, keys = [], []
    order = {node: at for at, node in enumerate(words.nodes)}
    for chain, node in words.nodes.items():
        if node.level != "chain" or chain not in stated:
            continue
        found = {
            segment: {
                **link_row(segment, words, naming, beside),
                "own": words.nodes[segment].parent == chain,
                "status": status.get(segment, "gap"),
                "may_cover": _covering(segment, words, words_only),
            }
            for segment in words.segments(chain)
        }
        places = {s: (_ORDER.index(r["link"]), not r["parks"], order[s]) for s, r in found.items()}
        ordered = sorted(found, key=places.__getitem__)
        ranks = _ranks({segment: found[segment] for segment in ordered})
        keys += [(chain, segment) for segment in ordered]
        rows += [{**found[segment], "rank": ranks.get(segment, 0)} for segment in ordered]
    index = pd.MultiIndex.from_tuples(keys, names=["chain", "segment"])
    return pd.DataFrame(rows, index=index, columns=list(LINK_COLUMNS)).astype(
        {"presence": float, "own": bool, "rank": int}
    )


def parks_naming(
    parks: gpd.GeoDataFrame, shares: pd.Series, words: Vocabulary, *, level: str = "segment"
) -> dict[str, tuple[str, ...]]:
    """Return the parks that name each node of a level.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    words
        The vocabulary.
    level
        ``"segment"`` or ``"chain"``.

    Returns
    -------
    Node to park ids in the order of the table; a node nobody names is absent.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame({"sectors": [("家具",), ("集成电路",)]}, geometry=[None, None])
    >>> parks_naming(parks, sector_shares(parks), load())
    {'furniture': ('0',)}
    """
    order = {park: at for at, park in enumerate(schema.complete(parks).index)}
    naming: dict[str, set[str]] = {}
    for (park, node), share in shares.items():
        if share > 0 and words.level(node) == level:
            naming.setdefault(node, set()).add(park)
    return {node: tuple(sorted(found, key=order.__getitem__)) for node, found in naming.items()}


def neighbours(words: Vocabulary) -> dict[str, Beside]:
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
    segment: str, words: Vocabulary, naming: Naming, beside: Mapping[str, Beside]
) -> dict[str, Any]:
    """Describe one segment, whatever chain it is looked at in.

    Parameters
    ----------
    segment
        Its node id.
    words
        The vocabulary.
    naming
        What :func:`parks_naming` returned.
    beside
        What :func:`neighbours` returned.

    Returns
    -------
    ``link``, ``parks``, ``suppliers``, ``customers`` and ``presence``.

    Examples
    --------
    >>> row = link_row("ic-design", load(), {"wafer-fabrication": ("a",)}, neighbours(load()))
    >>> row["customers"], round(row["presence"], 2)
    ((('wafer-fabrication', ('a',)),), 0.33)
    """
    near = {node for side in beside[segment] for node in side}
    suppliers, customers = (
        tuple((node, naming[node]) for node in side if node in naming) for side in beside[segment]
    )
    return {
        "link": LINKS.get(words.nodes[segment].link, ""),
        "parks": naming.get(segment, ()),
        "suppliers": suppliers,
        "customers": customers,
        "presence": sum(node in naming for node in near) / len(near) if near else float("nan"),
    }


def _covering(segment: str, words: Vocabulary, words_only: Naming) -> tuple[str, ...]:
    found = (park for above in words.ancestors(segment) for park in words_only.get(above, ()))
    return tuple(dict.fromkeys(found))


def _ranks(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Rank the gaps that have something beside them, and the single points.

    Where no segment of the chain is named at all, its words are too coarse to tell a gap.
    """
    if not any(row["parks"] for row in rows.values()):
        return {}
    order = sorted(
        rows,
        key=lambda segment: (
            -(bool(rows[segment]["suppliers"]) + bool(rows[segment]["customers"])),
            -(len(rows[segment]["suppliers"]) + len(rows[segment]["customers"])),
            -rows[segment]["presence"] if rows[segment]["presence"] > 0 else 0.0,
        ),
    )
    gaps = [s for s in order if rows[s]["status"] == "gap" and rows[s]["presence"] > 0]
    singles = [s for s in order if rows[s]["status"] == "single"]
    return {s: at for listed in (gaps, singles) for at, s in enumerate(listed, start=1)}


def _statuses(
    parks: gpd.GeoDataFrame, naming: Naming, superseded_lists: Sequence[str]
) -> dict[str, str]:
    """Tell a single point, one body's several parks and duplicated layout apart."""
    table = schema.complete(parks)
    old = set(table.index[table["list_name"].isin(superseded_lists)])
    stands = _one_a_body(table.drop(index=list(old)), superseded_lists)
    kept = {node: [park for park in named if park not in old] for node, named in naming.items()}
    current = {
        node: list(dict.fromkeys(stands.get(p, p) for p in named)) for node, named in kept.items()
    }
    stated = set(stands.values())
    spoken = {node: [park for park in named if park in stated] for node, named in current.items()}
    pairs = list({pair for named in spoken.values() for pair in combinations(named, 2)})
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    related = bodies.policy_relations(table, left, right, superseded_lists=superseded_lists)
    tied = nx.Graph(pair for pair, why in zip(pairs, related, strict=True) if why)
    status = {}
    for node, named in current.items():
        bound = tied.subgraph(named)
        parties = len(named) - len(bound) + nx.number_connected_components(bound)
        several = "duplicated" if parties > 1 else "internal"
        status[node] = several if len(kept[node]) > 1 else "single"
    return status


def _one_a_body(parks: gpd.GeoDataFrame, superseded_lists: Sequence[str]) -> dict[str, str]:
    """Let one park stand for all of its body: pairs of all would be too many in a large layer.

    A park that states no body is nobody's and is left out.
    """
    said = parks[(parks["managing_body"] != "") | (parks["co_built_by"] != "")]
    firsts: dict[tuple[str, str], str] = {}
    names = zip(said.index, said["managing_body"], said["co_built_by"], strict=True)
    stands = [firsts.setdefault((body, joint), park) for park, body, joint in names]
    tied = bodies.policy_relations(parks, said.index, stands, superseded_lists=superseded_lists)
    return {
        park: first if why else park
        for park, first, why in zip(said.index, stands, tied, strict=True)
    }
