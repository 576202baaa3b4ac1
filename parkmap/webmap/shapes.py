"""Shapes as the page draws them: longitudes and latitudes in millionths of a degree.

A ring is a flat list ``[x, y, dx, dy, dx, dy, ...]``: the first vertex, then steps from vertex to
vertex. That is a fifth of the bytes of GeoJSON and exact to the sixth decimal (about 0.1 m), which
is for looking at; areas and widths were measured on the parks as they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from parkmap import geodesy

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

SCALE = 1_000_000
WGS84 = "EPSG:4326"


def geographic(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in the coordinates of web maps.

    Parameters
    ----------
    layer
        Shapes with a CRS; without one they are taken to be longitudes and latitudes.

    Returns
    -------
    The shapes in WGS 84.

    Examples
    --------
    >>> import geopandas as gpd
    >>> geographic(gpd.GeoSeries([shapely.Point(104, 30)], crs=4490)).crs.to_epsg()
    4326
    """
    return layer.set_crs(WGS84) if layer.crs is None else layer.to_crs(WGS84)


def hectares(layer: gpd.GeoDataFrame) -> list[float]:
    """Measure the drawn areas on the ellipsoid.

    Parameters
    ----------
    layer
        Shapes with a CRS.

    Returns
    -------
    Hectares, nan where a row has no land.

    Examples
    --------
    >>> import geopandas as gpd
    >>> hectares(gpd.GeoDataFrame(geometry=[shapely.Point(104, 30)], crs=4490))
    [nan]
    """
    if layer.crs is None:
        return [float("nan")] * len(layer)
    areas = geodesy.ellipsoidal_area(layer.geometry, layer.crs) / 1e4
    return [float(area) if area > 0 else float("nan") for area in areas]


def encoded(shape: BaseGeometry | None) -> list[list[list[int]]]:
    """Write a shape's polygons as rings of steps.

    Parameters
    ----------
    shape
        A shape in longitudes and latitudes; points and lines have no polygons.

    Returns
    -------
    Polygons, each a list of rings, the outer one first.

    Examples
    --------
    >>> encoded(shapely.box(0, 0, 1e-6, 2e-6))
    [[[1, 0, 0, 2, -1, 0, 0, -2]]]
    """
    if shape is None or shape.is_empty:
        return []
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [[_steps(ring) for ring in shapely.get_rings(polygon)] for polygon in polygons]


def _steps(ring: BaseGeometry) -> list[int]:
    points = np.rint(shapely.get_coordinates(ring)[:-1] * SCALE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=0)
    moved = steps.any(axis=1)
    moved[0] = True
    return [int(step) for step in steps[moved].ravel()]


def anchor(shape: BaseGeometry | None) -> list[int] | None:
    """Find the point a label or a number stands on.

    Parameters
    ----------
    shape
        A shape in longitudes and latitudes.

    Returns
    -------
    ``[x, y]`` in millionths of a degree, inside the largest polygon; None without a shape.

    Examples
    --------
    >>> anchor(shapely.box(0, 0, 2, 4))
    [1000000, 2000000]
    """
    if shape is None or shape.is_empty:
        return None
    parts = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    x, y = shapely.get_coordinates(largest.representative_point())[0]
    return [round(x * SCALE), round(y * SCALE)]
