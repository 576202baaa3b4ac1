"""Coordinate systems: which one a layer has, and in which its lengths are metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

from parkmap import messages
from parkmap.errors import CRSError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

#: A projected CRS measures widths well enough if its scale is within this of 1.
_SCALE_TOLERANCE = 0.05
_CHENGDU = (104.0, 30.6)  # where a layer without geometries is taken to be


def require_crs(parks: gpd.GeoDataFrame) -> CRS:
    """Return the layer's horizontal CRS, or say how to state it.

    Parameters
    ----------
    parks
        Any GeoDataFrame.

    Returns
    -------
    The two-dimensional CRS.

    Raises
    ------
    CRSError
        If the layer has no CRS, or one that is not tied to the earth.

    Examples
    --------
    >>> import geopandas as gpd
    >>> require_crs(gpd.GeoDataFrame(geometry=[], crs=4490)).to_epsg()
    4490
    """
    if parks.crs is None:
        raise CRSError(**messages.fault("geodesy.no_crs"))
    crs = CRS(parks.crs).to_2d()
    if crs.geodetic_crs is None or crs.ellipsoid is None:
        raise CRSError(**messages.fault("geodesy.not_on_earth", crs=crs.name))
    return crs


def metric_crs(parks: gpd.GeoDataFrame) -> CRS:
    """Return a CRS in which widths and distances of the layer are metres.

    Parameters
    ----------
    parks
        Any GeoDataFrame.

    Returns
    -------
    The layer's own CRS if it is projected, in metres and true to scale within 5 % (Web Mercator is
    not); else a transverse Mercator centred on the layer, on the layer's own datum.

    Raises
    ------
    CRSError
        If the layer has no CRS, or one that is not tied to the earth.

    Notes
    -----
    Far (more than about 300 km) from the centre of a wide layer the local projection stretches by
    more than 0.1 %.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point
    >>> at = gpd.GeoSeries([Point(104, 30.6)], crs=4490)
    >>> metric_crs(at.to_crs(4544).to_frame("geometry")).to_epsg()
    4544
    >>> metric_crs(at.to_crs(3857).to_frame("geometry")).is_projected
    True
    """
    crs = require_crs(parks)
    if is_metric(crs, parks.geometry.array):
        return crs
    at = to_lonlat(_middle(parks.geometry.array), crs)[0]
    lon, lat = at if np.isfinite(at).all() else _CHENGDU
    return _transverse_mercator(crs, round(float(lon), 3), round(float(lat), 3))


def is_metric(crs: CRS, geometries: Any) -> bool:
    """Tell whether lengths in a CRS are metres on the ground, within 5 %.

    Parameters
    ----------
    crs
        The CRS of the geometries.
    geometries
        Array of geometries; the scale is taken in the middle of their bounds.

    Returns
    -------
    False for degrees, feet, Web Mercator and other stretching projections.

    Examples
    --------
    >>> import shapely
    >>> is_metric(CRS(3857), [shapely.Point(1.16e7, 3.58e6)])
    False
    """
    in_metres = all(axis.unit_conversion_factor == 1 for axis in crs.axis_info[:2])
    if not (crs.is_projected and in_metres):
        return False
    lon, lat = to_lonlat(_middle(geometries), crs)[0]
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return True
    scale = Proj(crs).get_factors(lon, lat)
    stretch = np.array([scale.meridional_scale, scale.parallel_scale]) - 1
    return bool((np.abs(stretch) < _SCALE_TOLERANCE).all())


def to_lonlat(xy: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Return degrees on the datum of the CRS, longitude first.

    Parameters
    ----------
    xy
        Array of shape (n, 2) in the CRS.
    crs
        The CRS.

    Returns
    -------
    Array of shape (n, 2).

    Examples
    --------
    >>> import numpy as np
    >>> to_lonlat(np.array([[500_000.0, 0.0]]), CRS(4544)).round(6).tolist()
    [[105.0, 0.0]]
    """
    if crs.is_geographic and crs.axis_info[0].unit_name == "degree":
        return xy
    target = CRS(crs).geodetic_crs
    transformer = Transformer.from_crs(crs, target, always_xy=True)
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def axis_flattening(crs: CRS) -> tuple[float, float]:
    """Return the ellipsoid's semi-major axis in metres and its flattening.

    Parameters
    ----------
    crs
        Any CRS tied to the earth.

    Returns
    -------
    For example ``(6378137.0, 0.00335...)``.

    Raises
    ------
    CRSError
        If the CRS is not tied to the earth.

    Examples
    --------
    >>> axis_flattening(CRS(4490))[0]
    6378137.0
    """
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        raise CRSError(**messages.fault("geodesy.not_on_earth", crs=crs.name))
    inverse = ellipsoid.inverse_flattening
    return ellipsoid.semi_major_metre, 1 / inverse if inverse else 0.0


def _middle(geometries: Any) -> NDArray[np.float64]:
    """Middle of the bounds as an array of one point; nan if nothing is anywhere."""
    bounds = shapely.bounds(np.asarray(geometries, dtype=object))
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return np.full((1, 2), np.nan)
    return (bounds[:, :2].min(axis=0) + bounds[:, 2:].max(axis=0))[None, :] / 2


def _transverse_mercator(crs: CRS, lon: float, lat: float) -> CRS:
    """Centre a projection on the datum of the CRS."""
    return ProjectedCRS(
        conversion=TransverseMercatorConversion(
            latitude_natural_origin=lat, longitude_natural_origin=lon
        ),
        name=f"Local transverse Mercator at {lon}, {lat}",
        geodetic_crs=crs.geodetic_crs,
    )
