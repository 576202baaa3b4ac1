"""Parks as rows of numbers: shares by node, and what each shared node is worth."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.taxonomy import reference_zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from parkmap.taxonomy import Vocabulary

MEASURES = ("tree-idf", "cosine")


@lru_cache(maxsize=8)
def information(vocabulary: Vocabulary) -> Mapping[str, float]:
    """Return how much it says that two parks share a node.

    Parameters
    ----------
    vocabulary
        The vocabulary with its reference catalogue.

    Returns
    -------
    Information content by node: 0 where every zone is active at or below it.

    Notes
    -----
    ``IC(c) = -ln((1 + n_c) / (1 + N))`` where n_c of N zones are active anywhere below c. The
    zones are those of the reference catalogue and one notional zone a segment, so that a segment
    the catalogue never names still says more than its chain.

    References
    ----------
    Resnik, P. (1995). Using information content to evaluate semantic similarity in a taxonomy.
    IJCAI-95, 448-453. arXiv:cmp-lg/9511007

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> worth = information(load())
    >>> worth["biomedicine"] < worth["chinese-medicine"] < worth["herbal-slices"]
    True
    """
    notional = [(node.id,) for node in vocabulary.nodes.values() if node.level == "segment"]
    zones = [*reference_zones(vocabulary), *notional]
    active: Counter[str] = Counter()
    for zone in zones:
        active.update({above for node in zone for above in (node, *vocabulary.ancestors(node))})
    return {node: -math.log((1 + active[node]) / (1 + len(zones))) for node in vocabulary.nodes}


@dataclass(frozen=True, eq=False)
class Layer:
    """The parks of one layer as sparse rows; made by :func:`make_layer`.

    Parameters
    ----------
    parks
        Park ids, sorted.
    nodes
        Node ids of the columns, sorted: all that are named, and all above them.
    named
        Shares as stated (parks x nodes).
    carried
        Shares at or below each node.
    common
        Nodes set aside because nearly every park carries them.
    vocabulary
        The vocabulary.
    measure
        ``"tree-idf"`` or ``"cosine"``.
    """

    parks: tuple[str, ...]
    nodes: tuple[str, ...]
    named: sparse.csr_matrix
    carried: sparse.csr_matrix
    common: frozenset[str]
    vocabulary: Vocabulary
    measure: str

    @cached_property
    def kept(self) -> np.ndarray:
        """True for columns that are not set aside."""
        return np.array([node not in self.common for node in self.nodes], dtype=bool)

    @cached_property
    def chain(self) -> np.ndarray:
        """True for columns that are chain words and not set aside."""
        level = [self.vocabulary.level(node) == "chain" for node in self.nodes]
        return np.array(level, dtype=bool) & self.kept

    @cached_property
    def segment(self) -> np.ndarray:
        """True for columns that are segments and not set aside."""
        level = [self.vocabulary.level(node) == "segment" for node in self.nodes]
        return np.array(level, dtype=bool) & self.kept

    @cached_property
    def local(self) -> np.ndarray:
        """True for columns of trades whose market is their surroundings."""
        return np.array([self.vocabulary.nodes[node].local for node in self.nodes], dtype=bool)

    @cached_property
    def worth(self) -> np.ndarray:
        """Information content of each column, 0 where it is set aside."""
        worth = information(self.vocabulary)
        return np.array([worth[node] for node in self.nodes], dtype=float) * self.kept

    @cached_property
    def features(self) -> sparse.csr_matrix:
        """Rows of length 1 whose products are the similarity; all zero where nothing counts."""
        table = worths(self.nodes, self.vocabulary, measure=self.measure, common=self.common)
        return unit_rows(self.named @ table)


def worths(
    nodes: Sequence[str], vocabulary: Vocabulary, *, measure: str, common: frozenset[str]
) -> sparse.csr_matrix:
    """Return what turns shares by node into features, a column a node.

    Parameters
    ----------
    nodes
        Node ids, with all that lie above them.
    vocabulary
        The vocabulary.
    measure
        ``"cosine"``: each node counts by itself. ``"tree-idf"``: a node also counts for all
        above it, each by the root of what it says beyond its parent.
    common
        Nodes that count for nothing.

    Returns
    -------
    Square matrix over the nodes.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> table = worths(["ic", "printing"], load(), measure="cosine", common=frozenset(["ic"]))
    >>> table.toarray().tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    counted = np.array([node not in common for node in nodes], dtype=float)
    if measure == "cosine":
        return sparse.diags(counted).tocsr()
    worth = information(vocabulary)
    parents = [vocabulary.nodes[node].parent for node in nodes]
    pairs = zip(nodes, parents, strict=True)
    steps = [worth[node] - (worth[parent] if parent else 0.0) for node, parent in pairs]
    roots = np.sqrt(np.maximum(np.array(steps, dtype=float), 0.0))
    return (ancestry(nodes, vocabulary) @ sparse.diags(roots * counted)).tocsr()


def make_layer(
    shares: pd.Series,
    vocabulary: Vocabulary,
    *,
    measure: str,
    set_aside_share: float,
    set_aside_parks: int,
) -> Layer:
    """Turn shares into a layer.

    Parameters
    ----------
    shares
        What ``sector_shares`` returned.
    vocabulary
        The vocabulary.
    measure
        ``"tree-idf"`` or ``"cosine"``.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry is set aside.

    Returns
    -------
    The layer; it does not depend on the order of the shares.

    Raises
    ------
    OptionError
        If the measure is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.taxonomy import load
    >>> shares = pd.Series({("a", "herbal-slices"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> layer.nodes
    ('biomedicine', 'chinese-medicine', 'herbal-slices')
    """
    if measure not in MEASURES:
        known = "、".join(MEASURES)
        raise OptionError(**messages.fault("similarity.measure", measure=measure, known=known))
    parks = tuple(sorted(set(shares.index.get_level_values(0))))
    stated = set(shares.index.get_level_values(1))
    nodes = tuple(sorted(stated.union(*(vocabulary.ancestors(node) for node in stated))))
    row = {park: i for i, park in enumerate(parks)}
    column = {node: i for i, node in enumerate(nodes)}
    places = ([row[park] for park, _ in shares.index], [column[node] for _, node in shares.index])
    values = shares.to_numpy(dtype=float)
    named = sparse.csr_matrix((values, places), shape=(len(parks), len(nodes)))
    carried = (named @ ancestry(nodes, vocabulary)).tocsr()
    carriers = np.diff(carried.tocsc().indptr)
    many = len(parks) >= set_aside_parks
    common = frozenset(
        node
        for node, number in zip(nodes, carriers, strict=True)
        if many and number > set_aside_share * len(parks)
    )
    return Layer(parks, nodes, named, carried, common, vocabulary, measure)


def ancestry(nodes: Sequence[str], vocabulary: Vocabulary) -> sparse.csr_matrix:
    """Return 1 where the column is the row's node or lies above it.

    Parameters
    ----------
    nodes
        Ids, in the order of rows and columns.
    vocabulary
        The tree they stand in.

    Returns
    -------
    A square matrix of 0 and 1.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> ancestry(["biomedicine", "herbal-slices"], load()).toarray().tolist()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    column = {node: i for i, node in enumerate(nodes)}
    places = [
        (i, column[above])
        for i, node in enumerate(nodes)
        for above in (node, *vocabulary.ancestors(node))
        if above in column
    ]
    rows, columns = zip(*places, strict=True) if places else ((), ())
    shape = (len(nodes), len(nodes))
    return sparse.csr_matrix((np.ones(len(places)), (rows, columns)), shape=shape)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Scale rows to length 1; rows of zeros stay.

    Parameters
    ----------
    matrix
        The rows.

    Returns
    -------
    A new matrix.

    Examples
    --------
    >>> unit_rows(sparse.csr_matrix([[3.0, 4.0], [0.0, 0.0]])).toarray().round(3).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    factors = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return (sparse.diags(factors) @ matrix).tocsr()


def links(layer: Layer) -> sparse.csr_matrix:
    """Return how strongly the nodes of a layer supply each other.

    Parameters
    ----------
    layer
        The layer.

    Returns
    -------
    Symmetric matrix over the layer's nodes. Two segments: 1 if either supplies the other. A chain
    word stands for its segments: the greater of the two shares of segments that have a neighbour
    on the other side. Two chain words, and a node and what lies above or below it: 0, since coarse
    words prove no link.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.taxonomy import load
    >>> shares = pd.Series({("a", "aero-engines"): 1.0, ("b", "aircraft"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> engines, aircraft = map(layer.nodes.index, ("aero-engines", "aircraft"))
    >>> float(links(layer)[engines, aircraft])
    1.0
    """
    words = layer.vocabulary
    below = [words.segments(node) for node in layer.nodes]
    segments = sorted({s for found in below for s in found})
    column = {segment: i for i, segment in enumerate(segments)}
    member = _indicator([[column[s] for s in found] for found in below], len(segments))
    supply = _indicator(
        [[column[c] for c in words.adjacency.get(s, ()) if c in column] for s in segments],
        len(segments),
    )
    neighbours = ((member @ (supply + supply.T)) > 0).astype(float)
    sizes = np.maximum(np.asarray(member.sum(axis=1)).ravel(), 1.0)
    reached = (neighbours @ member.T @ sparse.diags(1.0 / sizes)).tocsr()
    strength = reached.maximum(reached.T)
    related = ancestry(layer.nodes, words)
    unrelated = strength - strength.multiply(((related + related.T) > 0).astype(float))
    coarse = sparse.diags((~layer.segment).astype(float))
    proven = unrelated - coarse @ unrelated @ coarse
    kept = sparse.diags(layer.kept.astype(float))
    return (kept @ proven @ kept).tocsr()


def _indicator(rows: Iterable[Iterable[int]], width: int) -> sparse.csr_matrix:
    """Return a matrix with 1 at the listed columns of each row."""
    lists = [sorted(set(row)) for row in rows]
    pointer = np.concatenate([[0], np.cumsum([len(row) for row in lists])])
    columns = np.array([c for row in lists for c in row], dtype=int)
    return sparse.csr_matrix((np.ones(len(columns)), columns, pointer), shape=(len(lists), width))
