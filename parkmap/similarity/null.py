"""How alike parks would be by chance: their sectors redrawn from a reference catalogue."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from parkmap.schema import Criteria
from parkmap.similarity.features import make_layer, worths
from parkmap.taxonomy import load, reference_zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from parkmap.similarity.features import Layer
    from parkmap.taxonomy import Vocabulary

MOST_PARKS = 40
SCALE = 1_000_000


def null_similarities(layer: Layer, *, draws: int, seed: int) -> np.ndarray:
    """Return the similarities of redrawn pairs, sorted, as integers of a millionth.

    Parameters
    ----------
    layer
        The layer.
    draws
        How often every park's sectors are redrawn.
    seed
        Seed of the random numbers.

    Returns
    -------
    Sorted integers; empty without draws or with fewer than two parks.

    Notes
    -----
    A redrawn park keeps its number of sectors and their shares; the sectors are drawn without
    replacement in proportion to how many zones of the reference catalogue name them. Of a layer
    of more than 40 parks a random 40 are redrawn each time.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.Series({("a", "printing"): 1.0, ("b", "printing"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> len(null_similarities(layer, draws=9, seed=0))
    9
    """
    parks = len(layer.parks)
    if draws < 1 or parks < 2:
        return np.zeros(0, dtype=np.int64)
    generator = np.random.default_rng(seed)
    nodes, chances = _frequencies(layer)
    table = _table(nodes, layer)
    profiles = [np.sort(layer.named[i].data)[::-1][: len(nodes)] for i in range(parks)]
    found = []
    for _ in range(draws):
        chosen = profiles
        if parks > MOST_PARKS:
            places = np.sort(generator.choice(parks, MOST_PARKS, replace=False))
            chosen = [profiles[place] for place in places]
        features = _unit(_draw(chosen, chances, generator) @ table)
        found.append((features @ features.T)[np.triu_indices(len(chosen), 1)])
    return np.sort(as_integers(np.concatenate(found)))


def redrawn_similarities(
    shares: pd.Series,
    *,
    measure: str = Criteria.measure,
    null_draws: int = Criteria.null_draws,
    seed: int = Criteria.seed,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
    taxonomy: Vocabulary | None = None,
) -> np.ndarray:
    """Return how alike the parks of a layer would be by chance, redraw by redraw.

    Parameters
    ----------
    shares
        What ``sector_shares`` returned.
    measure
        The measure.
    null_draws, seed
        Redraws of the null model, and their seed.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry is set aside.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    Sorted whole millionths; empty without draws or with fewer than two parks.

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_tuples([("a", "herbal-slices"), ("b", "furniture")])
    >>> len(redrawn_similarities(pd.Series([1.0, 1.0], index=index), null_draws=9))
    9
    """
    layer = make_layer(
        shares,
        taxonomy or load(),
        measure=measure,
        set_aside_share=set_aside_share,
        set_aside_parks=set_aside_parks,
    )
    return null_similarities(layer, draws=null_draws, seed=seed)


def quantile_of_null(null: np.ndarray, *, quantile: float = Criteria.null_quantile) -> float:
    """Return how alike parks of a layer would be by chance.

    Parameters
    ----------
    null
        What :func:`redrawn_similarities` returned.
    quantile
        This share of pairs redrawn at random is at most so similar.

    Returns
    -------
    A similarity; nan without a null.

    Examples
    --------
    >>> quantile_of_null(np.array([250_000, 500_000]), quantile=0.5)
    0.25
    """
    if not len(null):
        return math.nan
    place = min(len(null) - 1, math.ceil(quantile * len(null)) - 1)
    return float(null[max(place, 0)]) / SCALE


def judging_threshold(
    shares: pd.Series,
    *,
    measure: str = Criteria.measure,
    min_similarity: float = Criteria.min_similarity,
    null_quantile: float = Criteria.null_quantile,
    null_draws: int = Criteria.null_draws,
    seed: int = Criteria.seed,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
    taxonomy: Vocabulary | None = None,
) -> float:
    """Return the similarity from which two parks of a layer count as alike.

    Parameters
    ----------
    shares
        What ``sector_shares`` returned.
    measure, min_similarity
        The measure, and the least threshold.
    null_quantile, null_draws, seed
        The threshold is not below this quantile of pairs redrawn at random.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry is set aside.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    The greater of ``min_similarity`` and the quantile.

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_tuples([("a", "printing"), ("b", "ic")])
    >>> judging_threshold(pd.Series([1.0, 1.0], index=index), null_draws=0)
    0.5
    """
    null = redrawn_similarities(
        shares,
        measure=measure,
        null_draws=null_draws,
        seed=seed,
        set_aside_share=set_aside_share,
        set_aside_parks=set_aside_parks,
        taxonomy=taxonomy,
    )
    by_chance = quantile_of_null(null, quantile=null_quantile)
    return min_similarity if math.isnan(by_chance) else max(min_similarity, by_chance)


def as_integers(similarities: np.ndarray) -> np.ndarray:
    """Return similarities as whole millionths, so that equal ones compare equal.

    Parameters
    ----------
    similarities
        Numbers from 0 to 1.

    Returns
    -------
    The nearest whole numbers of millionths.

    Examples
    --------
    >>> as_integers(np.array([0.5, 1.0])).tolist()
    [500000, 1000000]
    """
    return np.rint(np.asarray(similarities, dtype=float) * SCALE).astype(np.int64)


def chance(similarities: np.ndarray, null: np.ndarray) -> np.ndarray:
    """Return the share of redrawn pairs at least as similar, by the plus-one rule.

    Parameters
    ----------
    similarities
        Observed similarities.
    null
        What :func:`null_similarities` returned.

    Returns
    -------
    ``(1 + number at least as similar) / (1 + number redrawn)``; nan without a null.

    Examples
    --------
    >>> chance(np.array([0.5, 1.0]), np.array([0, 500_000, 900_000])).tolist()
    [0.75, 0.25]
    """
    if not len(null):
        return np.full(len(similarities), np.nan)
    below = np.searchsorted(null, as_integers(similarities), side="left")
    return (1 + len(null) - below) / (1 + len(null))


def _frequencies(layer: Layer) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the nodes the reference names, and how often, as chances."""
    zones = reference_zones(layer.vocabulary)
    counts = Counter(node for zone in zones for node in zone) or Counter(layer.nodes)
    nodes = tuple(sorted(counts))
    numbers = np.array([counts[node] for node in nodes], dtype=float)
    return nodes, numbers / numbers.sum()


def _table(nodes: Sequence[str], layer: Layer) -> np.ndarray:
    """Return what turns redrawn shares into features as the layer's own."""
    words = layer.vocabulary
    wide = tuple(sorted(set(nodes).union(*(words.ancestors(node) for node in nodes))))
    table = worths(wide, words, measure=layer.measure, common=layer.common)
    place = {node: i for i, node in enumerate(wide)}
    return table[[place[node] for node in nodes]].toarray()


def _draw(
    profiles: Sequence[np.ndarray], chances: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Draw sectors for every profile: the greatest keys u^(1/w) are a draw without replacement."""
    keys = np.log(generator.random((len(profiles), len(chances)))) / chances
    order = np.argsort(-keys, axis=1)
    drawn = np.zeros_like(keys)
    for row, profile in enumerate(profiles):
        drawn[row, order[row, : len(profile)]] = profile
    return drawn


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
