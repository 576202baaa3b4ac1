"""Which pairs are worth measuring: all that may reach a threshold, or all that are near."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from parkmap.geodesy import representative_lonlat

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from scipy import sparse

    from parkmap.similarity.features import Layer

BLOCK = 512
#: So many parks from south to north are compared at once.
BAND = 16_384
#: So many products at most are held at once.
CELLS = 1 << 22
#: A column that more than this share of the parks carry is multiplied in full.
COMMON = 0.05
#: Lets a product through that rounding put below a threshold: whoever asks measures it exactly.
SLACK = 1e-6
EARTH_RADIUS_M = 6_371_008.8


def lonlat_of(parks: gpd.GeoDataFrame, layer: Layer) -> np.ndarray:
    """Return longitude and latitude of the layer's parks, nan where a park has no place.

    Parameters
    ----------
    parks
        A parks table.
    layer
        The layer, whose parks it holds.

    Returns
    -------
    One row a park of the layer.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from parkmap.similarity.features import make_layer
    >>> from parkmap.taxonomy import load
    >>> parks = gpd.GeoDataFrame(geometry=gpd.points_from_xy([104], [30], crs=4326), index=["a"])
    >>> shares = pd.Series({("a", "printing"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> lonlat_of(parks, layer).tolist()
    [[104.0, 30.0]]
    """
    placed = parks.loc[list(layer.parks)]
    if placed.geometry.isna().all():  # sectors alone need no coordinate system
        return np.full((len(placed), 2), np.nan)
    return representative_lonlat(placed)


def all_pairs(
    layer: Layer, supply: sparse.csr_matrix, *, min_similarity: float, min_synergy: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs that reach a threshold before decay, or miss it by a millionth.

    Parameters
    ----------
    layer
        What the parks name.
    supply
        Park by sector: what would complete it along a chain.
    min_similarity, min_synergy
        The thresholds; one of them is enough.

    Returns
    -------
    Positions of the left and the right parks, left < right.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.similarity.features import links, make_layer
    >>> from parkmap.taxonomy import load
    >>> shares = pd.Series({("a", "printing"): 1.0, ("b", "printing"): 1.0, ("c", "ic"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> supply = layer.named @ links(layer)
    >>> left, right = all_pairs(layer, supply, min_similarity=0.5, min_synergy=0.1)
    >>> left.tolist(), right.tolist()
    ([0], [1])
    """
    count = len(layer.parks)
    height = max(1, min(BLOCK, CELLS // max(count, 1)))
    alike = _Products.of(layer.features, layer.features, height)
    chained = _Products.of(supply, layer.named, height)
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, count, height):
        width = count - start
        reach = alike.at(start) >= min_similarity - SLACK
        reach |= chained.at(start) >= min_synergy - SLACK
        row, column = np.divmod(np.flatnonzero(reach), width)
        above = column > row
        found.append((row[above] + start) * count + column[above] + start)
    pairs = np.concatenate(found)
    return pairs // max(count, 1), pairs % max(count, 1)


class _Products(NamedTuple):
    """Products of rows with the rows from a place on, block by block.

    What many parks carry is multiplied as a full matrix, what few carry as a sparse one: the few
    common columns are most of the work of a sparse product.
    """

    full: np.ndarray
    full_after: np.ndarray
    rare: sparse.csr_matrix
    rare_after: sparse.csr_matrix
    height: int

    @classmethod
    def of(cls, first: sparse.csr_matrix, second: sparse.csr_matrix, height: int) -> _Products:
        count = max(first.shape[0], 1)
        carried = [np.bincount(m.indices, minlength=m.shape[1]) / count for m in (first, second)]
        common = carried[0] * carried[1] > COMMON**2
        one, other = (matrix.astype(np.float32).tocsc() for matrix in (first, second))
        return cls(
            one[:, common].toarray(),
            other[:, common].toarray(),
            one[:, ~common].tocsr(),
            other[:, ~common].tocsr(),
            height,
        )

    def at(self, start: int) -> np.ndarray:
        """Return the products of one block with all rows from its first on, end to end."""
        rows = slice(start, start + self.height)
        block = (self.full[rows] @ self.full_after[start:].T).ravel()
        rare = self.rare[rows] @ self.rare_after[start:].T
        width = self.rare_after.shape[0] - start
        row = np.repeat(np.arange(rare.shape[0]), np.diff(rare.indptr))
        block[row * width + rare.indices] += rare.data
        return block


def near_pairs(
    lonlat: np.ndarray, max_distance_m: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Return the pairs within a distance, and a few beyond it: a chord is never the longer way.

    Band of latitude by band, so that they are never all held at once; a pair belongs to the band
    of its southern park.

    Parameters
    ----------
    lonlat
        Longitude and latitude, one row a park; nan where it has no place.
    max_distance_m
        The distance.

    Yields
    ------
    Positions of the two parks of each pair, band by band.

    Examples
    --------
    >>> lonlat = np.array([[104.0, 30.0], [104.0, 30.001], [105.0, 30.0]])
    >>> [(left.tolist(), right.tolist()) for left, right in near_pairs(lonlat, 1000)]
    [([0], [1])]
    """
    placed = np.flatnonzero(np.isfinite(lonlat).all(axis=1)).astype(np.int32)
    placed = placed[np.argsort(lonlat[placed, 1], kind="stable")]
    lon, lat = np.radians(lonlat[placed]).T
    globe = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    # .6 % covers the difference between the sphere and the ellipsoid
    angle = min(max_distance_m * 1.006 / EARTH_RADIUS_M, np.pi)
    for start in range(0, len(placed), BAND):
        end = min(start + BAND, len(placed))
        north = np.searchsorted(lat, lat[end - 1] + angle, side="right")
        tree = cKDTree(globe[start:north], balanced_tree=False)  # built sooner, asked once
        near = tree.query_pairs(2 * np.sin(angle / 2), output_type="ndarray").astype(np.int32)
        if north > end:  # the southern park comes first
            near = near[near[:, 0] < end - start]
        one, other = placed[start:][near.T]
        del near  # a band may hold millions of pairs
        low = np.minimum(one, other)
        yield low, np.maximum(one, other, out=other)
        del one, other, low
