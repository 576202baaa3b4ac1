"""Every number of a pair of parks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from parkmap.similarity.features import Layer

CHUNK = 100_000
#: So many products of rows at once: their entries then stay in the processor's cache.
PRODUCTS = 16_384


def row_products(
    first: sparse.csr_matrix, second: sparse.csr_matrix, left: np.ndarray, right: np.ndarray
) -> np.ndarray:
    """Return the products of rows, pair by pair.

    Parameters
    ----------
    first, second
        Matrices of as many columns.
    left, right
        Rows of the first and of the second, pair by pair.

    Returns
    -------
    One number a pair.

    Examples
    --------
    >>> rows = sparse.csr_matrix([[1.0, 2.0], [3.0, 4.0]])
    >>> row_products(rows, rows, np.array([0, 0]), np.array([0, 1])).tolist()
    [5.0, 11.0]
    """
    parts = [
        np.asarray(first[left[i:end]].multiply(second[right[i:end]]).sum(axis=1))
        for i, end in ((i, i + PRODUCTS) for i in range(0, len(left), PRODUCTS))
    ]
    return np.concatenate([np.zeros(0), *(part.ravel() for part in parts)])


def decay(distance_m: np.ndarray, scale_m: float) -> np.ndarray:
    """Return exp(-d / scale), 1 where the distance is not known.

    Parameters
    ----------
    distance_m
        The distances; nan where one is not known.
    scale_m
        From where the decay is 1/e.

    Returns
    -------
    Factors from 0 to 1.

    Examples
    --------
    >>> decay(np.array([0.0, 1000.0, np.nan]), 1000).round(3).tolist()
    [1.0, 0.368, 1.0]
    """
    return np.exp(-np.nan_to_num(distance_m, nan=0.0) / scale_m)


def described(layer: Layer, pairs: pd.DataFrame, *, local_distance_m: float) -> pd.DataFrame:
    """Add what two parks share to a table with ``left``, ``right`` and ``distance_m``.

    Parameters
    ----------
    layer
        The layer.
    pairs
        Row numbers of the parks, and their distance.
    local_distance_m
        Distance at which rivalry in local trades falls to 1/e.

    Returns
    -------
    The table with ``overlap_share``, ``rivalry``, ``coarse_share``, ``coarse`` and
    ``shared_sectors``.

    Examples
    --------
    >>> from parkmap.similarity.features import make_layer
    >>> from parkmap.taxonomy import load
    >>> shares = pd.Series({("a", "printing"): 1.0, ("b", "printing"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> pairs = pd.DataFrame({"left": [0], "right": [1], "distance_m": [0.0]})
    >>> described(layer, pairs, local_distance_m=1000)["overlap_share"].tolist()
    [1.0]
    """
    chunks = (pairs.iloc[i : i + CHUNK] for i in range(0, len(pairs), CHUNK))
    parts = [_described(layer, chunk, local_distance_m) for chunk in chunks]
    return pd.concat(parts) if parts else _described(layer, pairs, local_distance_m)


def _described(layer: Layer, pairs: pd.DataFrame, local_distance_m: float) -> pd.DataFrame:
    left, right = pairs["left"].to_numpy(dtype=int), pairs["right"].to_numpy(dtype=int)
    least = layer.named[left].minimum(layer.named[right]).tocsr()
    everywhere = least @ (layer.segment & ~layer.local).astype(float)
    nearby = least @ (layer.segment & layer.local).astype(float)
    near = decay(pairs["distance_m"].to_numpy(dtype=float), local_distance_m)
    segments = everywhere + nearby
    covered = np.minimum(_covered(layer, left, right), 1.0 - segments).clip(0, 1)
    shared = pd.Series(_shared(layer, left, right), index=pairs.index, dtype=object)
    return pairs.assign(
        overlap_share=np.round(least @ np.ones(len(layer.nodes)), 9),
        rivalry=np.round(everywhere + nearby * near, 9),
        coarse_share=np.round(covered, 9),
        coarse=(segments == 0) & (np.round(covered, 9) > 0),
        shared_sectors=shared,
    )


def _covered(layer: Layer, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return what chain words of one park cover of the other."""
    chain = sparse.diags(layer.chain.astype(float))
    words, carried = (layer.named @ chain).tocsr(), (layer.carried @ chain).tocsr()
    one_way = words[left].minimum(carried[right])
    other_way = carried[left].minimum(words[right])
    return np.asarray(one_way.maximum(other_way).sum(axis=1), dtype=float).ravel()


def _shared(layer: Layer, left: np.ndarray, right: np.ndarray) -> list[tuple[str, ...]]:
    """Return the narrowest nodes both parks carry, the weightiest first."""
    least = layer.carried[left].minimum(layer.carried[right])
    weights = (least @ sparse.diags(layer.worth)).tocsr()
    weights.sort_indices()
    above = [set(layer.vocabulary.ancestors(node)) for node in layer.nodes]
    worths = np.round(weights.data, 9).tolist()
    columns, ends = weights.indices.tolist(), weights.indptr.tolist()
    told: dict[tuple[str, ...], tuple[str, ...]] = {}  # thousands of pairs share the same
    shared = []
    for start, end in pairwise(ends):
        worth = {columns[at]: worths[at] for at in range(start, end) if worths[at] > 0}
        wide = set().union(*(above[column] for column in worth))
        narrow = [column for column in worth if layer.nodes[column] not in wide]
        ranked = sorted((-worth[column], column) for column in narrow)
        names = tuple(layer.nodes[column] for _, column in ranked)
        shared.append(told.setdefault(names, names))
    return shared
