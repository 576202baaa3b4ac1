"""Which pairs are worth measuring: all that may reach a threshold, or all that are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from parkmap.geodesy import representative_lonlat

if TYPE_CHECKING:
    import geopandas as gpd
    from scipy import sparse

    from parkmap.similarity.features import Layer

BLOCK = 512
EARTH_RADIUS_M = 6_371_008.8


def lonlat_of(parks: gpd.GeoDataFrame, layer: Layer) -> np.ndarray:
    """Return longitude and latitude of the layer's parks, nan where a park has no place.

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
    """Return the pairs that reach a threshold before decay, block by block.

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
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, count, BLOCK):
        rows = slice(start, start + BLOCK)
        if min_similarity <= 0 or min_synergy <= 0:
            height = min(BLOCK, count - start)
            first, second = np.triu_indices(height, 1, count - start)
            found.append((first + start) * count + second + start)
            continue
        alike = layer.features[rows] @ layer.features[start:].T
        chained = supply[rows] @ layer.named[start:].T
        for products, least in ((alike, min_similarity), (chained, min_synergy)):
            # the margin lets a product through that rounding put below the threshold
            reach = np.flatnonzero(products.data >= least - 1e-9)
            row = np.searchsorted(products.indptr, reach, side="right") - 1
            above = products.indices[reach] > row
            first = row[above] + start
            found.append(first * count + products.indices[reach[above]] + start)
    both = np.unique(np.concatenate(found))
    return both // max(count, 1), both % max(count, 1)


def near_pairs(lonlat: np.ndarray, max_distance_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs within a distance, and a few beyond it: a chord is never the longer way.

    Examples
    --------
    >>> lonlat = np.array([[104.0, 30.0], [104.0, 30.001], [105.0, 30.0]])
    >>> left, right = near_pairs(lonlat, 1000)
    >>> left.tolist(), right.tolist()
    ([0], [1])
    """
    placed = np.flatnonzero(np.isfinite(lonlat).all(axis=1)).astype(np.int32)
    lon, lat = np.radians(lonlat[placed]).T
    globe = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    # .6 % covers the difference between the sphere and the ellipsoid
    angle = min(max_distance_m * 1.006 / EARTH_RADIUS_M, np.pi)
    tree = cKDTree(globe, balanced_tree=False)  # built sooner, asked once
    near = tree.query_pairs(2 * np.sin(angle / 2), output_type="ndarray")
    # query_pairs gives the lesser row first; whoever needs an order sorts what is left
    left, right = near.T.astype(np.int32)
    return (left, right) if len(placed) == len(lonlat) else (placed[left], placed[right])
