"""The branches of the vocabulary a page talks of: names, chains, links, who supplies whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import messages, taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parkmap.schema import Analysis
    from parkmap.taxonomy import Vocabulary

#: Places of a segment in its chain, as the page numbers them; 0 where the vocabulary is silent.
LINKS = {"": 0, "上游": 1, "中游": 2, "下游": 3}
#: Characters of an alias a page is searched by; longer ones hold shorter ones, mostly.
LONGEST_ALIAS = 4


def sector_data(nodes: Iterable[str], worths: Mapping[str, float]) -> dict[str, list[Any]]:
    """Describe the nodes a page names, and every other node of their chains.

    Parameters
    ----------
    nodes
        Ids; unknown ones keep their id for a name.
    worths
        What sharing a node adds to similarity.

    Returns
    -------
    Node -> its names, zh and en, its parent, its place in the chain (see ``LINKS``), 1 for a
    segment and 0 for a chain, and its worth; of a named node and what lies above it, last, the
    other words it is searched by.

    Examples
    --------
    >>> sector_data(["herbal-slices"], {"herbal-slices": 1.5})["herbal-slices"]
    ['中药饮片', 'Herbal slices', 'chinese-medicine', 2, 1, 1.5, '饮片']
    """
    vocabulary = taxonomy.load()
    wanted: set[str] = set()
    told: set[str] = set()
    for node in nodes:
        wanted |= set(_branch(node, vocabulary))
        told |= {node, *vocabulary.ancestors(node)} if node in vocabulary.nodes else set()
    others = _other_words(told, vocabulary)
    return {
        node: [*_described(node, vocabulary, worths), *others.get(node, ())]
        for node in sorted(wanted)
    }


def _other_words(nodes: set[str], vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Return the short aliases of nodes, those in which no shorter word of theirs is found."""
    words: dict[str, list[str]] = {node: [] for node in nodes}
    own = {node: vocabulary.name(node, lang="zh").casefold() for node in nodes}
    for alias in sorted(vocabulary.aliases, key=lambda alias: (len(alias), alias)):
        node, word = vocabulary.aliases[alias], alias.casefold()
        if node not in nodes or len(word) > LONGEST_ALIAS:
            continue
        if not any(shorter in word for shorter in (own[node], *words[node])):
            words[node].append(word)
    return {node: [" ".join(found)] for node, found in words.items() if found}


def _branch(node: str, vocabulary: Vocabulary) -> Iterable[str]:
    """Return a node with all that lies under the top of its branch."""
    if node not in vocabulary.nodes:
        return {node}
    top = (node, *vocabulary.ancestors(node))[-1]
    found, new = {top}, [top]
    while new:
        new = [below for one in new for below in vocabulary.children.get(one, ())]
        found |= set(new)
    return found


def _described(node: str, vocabulary: Vocabulary, worths: Mapping[str, float]) -> list[Any]:
    names = [vocabulary.name(node, lang=lang) for lang in messages.LANGUAGES]
    known = vocabulary.nodes.get(node)
    if known is None:
        return [*names, "", 0, 1, 0]
    worth = round(float(worths.get(node, 0.0)), 6)
    return [*names, known.parent, LINKS.get(known.link, 0), int(known.level == "segment"), worth]


def supply_data(result: Analysis) -> dict[str, list[str]]:
    """Say which sectors named by parks supply which.

    Parameters
    ----------
    result
        The analysis.

    Returns
    -------
    Node -> the nodes it supplies, both named by parks and neither set aside. A chain word stands
    for its segments; two chain words, and a node and what lies above it, prove no link.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> shares = pd.Series({("a", "aero-engines"): 1.0, ("b", "aircraft"): 1.0})
    >>> supply_data(SimpleNamespace(shares=shares, sectors=pd.DataFrame()))
    {'aero-engines': ['aircraft']}
    """
    if result.shares.empty:
        return {}
    named = set(result.shares.index.get_level_values(1)) - _set_aside(result)
    return {
        node: list(takers)
        for node, takers in taxonomy.supplied_nodes(named, taxonomy.load()).items()
    }


def chain_data(result: Analysis) -> dict[str, list[list[str]]]:
    """Say which segments every chain has, in order, and how each is laid out.

    Parameters
    ----------
    result
        The analysis.

    Returns
    -------
    Chain -> its segments, each with its status, as the analysis found them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> chain_data(SimpleNamespace(chain_links=None))
    {}
    """
    chains: dict[str, list[list[str]]] = {}
    if result.chain_links is not None:
        for (chain, segment), status in result.chain_links["status"].items():
            chains.setdefault(str(chain), []).append([str(segment), str(status)])
    return chains


def _set_aside(result: Analysis) -> set[str]:
    if "set_aside" not in result.sectors.columns:
        return set()
    return set(result.sectors.index[result.sectors["set_aside"].astype(bool)])
