"""Shapes without their place, for the public edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parkmap.webmap.shapes import WGS84

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Place = tuple[float, float]

COARSE = 1e-4  # degrees, some ten metres


def middle(layer: gpd.GeoSeries) -> Place:
    """Return the middle of a layer.

    Parameters
    ----------
    layer
        Shapes; without a CRS they are taken to be longitudes and latitudes.

    Returns
    -------
    Longitude and latitude; 0, 0 for a layer without shapes.

    Examples
    --------
    >>> import shapely, geopandas as gpd
    >>> middle(gpd.GeoSeries([shapely.box(103, 30, 105, 31)], crs=4490))
    (104.0, 30.5)
    """
    west, south, east, north = _geographic(layer).total_bounds
    if not np.isfinite(west):
        return 0.0, 0.0
    return float(west + east) / 2, float(south + north) / 2


def placed(layer: gpd.GeoSeries, about: Place | None) -> gpd.GeoSeries:
    """Take the place away from shapes, where one is given.

    Parameters
    ----------
    layer
        Shapes; without a CRS they are taken to be longitudes and latitudes.
    about
        The place (:func:`middle`); None leaves the shapes where they are.

    Returns
    -------
    Shapes about 0° N 0° E, rounded to :data:`COARSE` degrees; on a web map they look as before.

    Examples
    --------
    >>> import shapely, geopandas as gpd
    >>> layer = gpd.GeoSeries([shapely.Point(104.00234, 60.5)], crs=4490)
    >>> placed(layer, (104.0, 60.0))[0].wkt
    'POINT (0.0012 0.5)'
    """
    if about is None:
        return layer
    narrower = np.cos(np.radians(about[1]))  # a degree of longitude is shorter there

    def moved(places: NDArray[np.float64]) -> NDArray[np.float64]:
        near = (places - np.array(about)) * (narrower, 1.0)
        return np.round(np.round(near / COARSE) * COARSE, 6)

    return _geographic(layer).transform(moved)


def _geographic(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    return layer.set_crs(WGS84) if layer.crs is None else layer.to_crs(WGS84)
