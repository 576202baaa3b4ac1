"""The shifted datums of Chinese web maps, GCJ-02 and BD-09: conversion.

Neither is in any EPSG code and neither can be seen in a .prj file. At Chengdu GCJ-02 lies about
360 m south-east of the truth, BD-09 about 900 m east-north-east of GCJ-02. Nothing here is applied
unless the caller asks for it. CGCS2000 and WGS 84 are taken as one (they differ by centimetres).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.geodesy.systems import require_crs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DATUMS = ("wgs84", "gcj02", "bd09")

_KRASOVSKY = (6378245.0, 0.00669342162296594323)  # semi-major axis, first eccentricity squared
_COVERED = (72.004, 0.8293, 137.8347, 55.8271)  # the shift is defined inside these bounds only
_BD_ANGLE = np.pi * 3000 / 180
_ROUNDS = 8  # of the fixed-point inverse; each gains about four digits


def wgs84_to_gcj02(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift WGS 84 degrees to GCJ-02.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Shifted longitudes and latitudes; points outside the covered bounds stay.

    Notes
    -----
    The formula is the one in common use; its authority publishes none.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02([104.06], [30.66])
    >>> round(float(lon[0]), 5), round(float(lat[0]), 5)
    (104.0625, 30.65757)
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    west, south, east, north = _COVERED
    covered = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    east_m, north_m = _metres(x - 105.0, y - 35.0)
    axis, e2 = _KRASOVSKY
    latitude = np.radians(y)
    w2 = 1 - e2 * np.sin(latitude) ** 2
    dlon = np.degrees(east_m / (axis / np.sqrt(w2) * np.cos(latitude)))
    dlat = np.degrees(north_m / (axis * (1 - e2) / w2**1.5))
    return x + np.where(covered, dlon, 0.0), y + np.where(covered, dlat, 0.0)


def gcj02_to_wgs84(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift GCJ-02 degrees back to WGS 84.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Longitudes and latitudes, right to less than a millimetre.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02([104.06], [30.66]))
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (104.06, 30.66)
    """
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift GCJ-02 degrees to BD-09.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Longitudes and latitudes.

    Examples
    --------
    >>> lon, lat = gcj02_to_bd09([104.06], [30.66])
    >>> round(float(lon[0]), 4), round(float(lat[0]), 4)
    (104.0665, 30.6662)
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_ANGLE)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift BD-09 degrees back to GCJ-02.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Longitudes and latitudes, right to less than a millimetre.

    Examples
    --------
    >>> lon, lat = bd09_to_gcj02(*gcj02_to_bd09([104.06], [30.66]))
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (104.06, 30.66)
    """
    return _inverse(gcj02_to_bd09, lon, lat)


def shift_datum(parks: gpd.GeoDataFrame, *, datum: str) -> gpd.GeoDataFrame:
    """Bring parks drawn on a web map's datum to WGS 84.

    Parameters
    ----------
    parks
        Any GeoDataFrame.
    datum
        What its coordinates are on: ``"gcj02"``, ``"bd09"``, or ``"wgs84"`` for no change.

    Returns
    -------
    A copy with shifted geometries in the same CRS.

    Raises
    ------
    OptionError
        If the datum is unknown.
    CRSError
        If the layer has no CRS.

    Examples
    --------
    >>> import geopandas as gpd
    >>> drawn = gpd.GeoDataFrame(geometry=gpd.points_from_xy([104.06251], [30.65758]), crs=4490)
    >>> shift_datum(drawn, datum="gcj02").geometry.x.round(4).tolist()
    [104.06]
    """
    if datum not in DATUMS:
        known = messages.listed(DATUMS)
        raise OptionError(**messages.fault("geodesy.unknown_datum", datum=datum, known=known))
    crs = require_crs(parks)
    shifted = parks.copy()
    if datum == "wgs84":
        return shifted
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = to_degrees.transform(xy[:, 0], xy[:, 1])
        lon, lat = _to_wgs84(datum, lon, lat)
        return np.column_stack(to_degrees.transform(lon, lat, direction="INVERSE"))

    shapes = shapely.force_2d(np.asarray(parks.geometry.array, dtype=object))
    return shifted.set_geometry(
        gpd.GeoSeries(shapely.transform(shapes, move), index=parks.index, crs=parks.crs)
    )


def _metres(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Any, Any]:
    """Give the shift in metres east and north, from degrees off 105 E, 35 N."""

    def waves(t: Any, *terms: tuple[float, float]) -> Any:
        return sum(weight * np.sin(t * np.pi * turns) for weight, turns in terms)

    common = 20 * waves(x, (1, 6), (1, 2))
    root = np.sqrt(np.abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common * 2 / 3
    east += waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common * 2 / 3
    north += waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30)) * 2 / 3
    return east, north


def _inverse(
    forward: Callable[[Any, Any], tuple[Any, Any]], lon: Any, lat: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Iterate x = target - (forward(x) - x)."""
    x, y = (np.array(v, dtype=float) for v in (lon, lat))
    target = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        shifted_x, shifted_y = forward(x, y)
        x, y = x + (target[0] - shifted_x), y + (target[1] - shifted_y)
    return x, y


def _to_wgs84(datum: str, lon: Any, lat: Any) -> tuple[Any, Any]:
    if datum == "bd09":
        lon, lat = bd09_to_gcj02(lon, lat)
    return gcj02_to_wgs84(lon, lat)
