"""Coordinate systems and measures: areas on the ellipsoid, geodesic distances, local planes.

Areas that are reported are ellipsoidal; degrees and Web Mercator metres are never measured in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Geod

from parkmap.geodesy.authalic import authalic, squared_radii
from parkmap.geodesy.moments import areas_from_moments
from parkmap.geodesy.systems import axis_flattening, require_crs, to_lonlat

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

#: Edges up to here (metres) are summed in closed form, longer ones by pyproj.Geod.
_LONGEST_EDGE_M = 4_000.0


def ellipsoidal_area(geometries: Any, crs: Any) -> NDArray[np.float64]:
    """Return areas on the ellipsoid of the CRS.

    Parameters
    ----------
    geometries
        Array or GeoSeries of polygons; anything else has no area.
    crs
        Their CRS.

    Returns
    -------
    Square metres, one a geometry.

    Notes
    -----
    Shapes up to 9 km wide by :func:`parkmap.geodesy.moments.areas_from_moments`, others by
    :func:`ellipsoidal_area_perimeter`; both agree with :class:`pyproj.Geod` to 1e-9.

    Examples
    --------
    >>> import shapely
    >>> area = ellipsoidal_area([shapely.box(104, 30.6, 104.01, 30.61)], 4490)
    >>> round(float(area[0]))
    1063125
    """
    shapes = np.asarray(geometries, dtype=object)
    ring_xy, owner, outer = _ring_coordinates(shapes)
    if not len(owner):
        return np.zeros(len(shapes))
    source = CRS(crs)
    total, held = areas_from_moments(ring_xy, outer, owner, shapely.bounds(shapes), source)
    total[~held] = 0.0
    others = np.setdiff1d(owner, np.flatnonzero(held))
    if len(others):
        rings, whose, shell = _rings(shapes[others])
        area, _ = _ring_measures(rings, source, lengths=False)
        total[others] = _sums(whose, np.where(shell, area, -area), len(others))
    return total


def ellipsoidal_area_perimeter(
    geometries: Any, crs: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return areas and perimeters on the ellipsoid of the CRS.

    Parameters
    ----------
    geometries
        Array or GeoSeries of polygons; anything else has no area.
    crs
        Their CRS.

    Returns
    -------
    Square metres and metres, one a geometry.

    Notes
    -----
    Edges are geodesics between vertices. The area under the straight chord in (longitude, authalic
    ordinate) is summed in closed form, plus what lies between chord and geodesic: the chord's
    geodesic curvature times length cubed over twelve, which for an edge of differences dx east, dy
    north at latitude B is ``sin B * dlon * (dx**2 + 3 * dy**2) / 12``. Agrees with
    :class:`pyproj.Geod` (Karney 2013, doi:10.1007/s00190-012-0578-z) to 1e-9; rings with edges
    beyond 4 km or round a pole are handed to it.

    Examples
    --------
    >>> import shapely
    >>> area, perimeter = ellipsoidal_area_perimeter([shapely.box(104, 30, 104.01, 30.01)], 4490)
    >>> round(float(perimeter[0]))
    4147
    """
    shapes = np.asarray(geometries, dtype=object)
    rings, owner, outer = _rings(shapes)
    if not len(rings):
        return np.zeros(len(shapes)), np.zeros(len(shapes))
    area, length = _ring_measures(rings, CRS(crs))
    signed = np.where(outer, area, -area)
    return _sums(owner, signed, len(shapes)), _sums(owner, length, len(shapes))


def geodesic_distance(lonlat: Any, other: Any, *, ellps: str = "GRS80") -> NDArray[np.float64]:
    """Return geodesic distances between points, pair by pair.

    Parameters
    ----------
    lonlat, other
        Arrays of shape (n, 2): longitude and latitude in degrees.
    ellps
        Name of the ellipsoid.

    Returns
    -------
    Metres, one a pair; nan where a point is not known.

    References
    ----------
    Karney 2013, Algorithms for geodesics, doi:10.1007/s00190-012-0578-z.

    Examples
    --------
    >>> geodesic_distance([[104.0, 30.0]], [[104.0, 30.01]]).round().tolist()
    [1109.0]
    """
    start = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    end = np.asarray(other, dtype=float).reshape(-1, 2)
    if not len(start):
        return np.zeros(0)
    known = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    metres = np.full(len(start), np.nan)
    _, _, metres[known] = Geod(ellps=ellps).inv(*start[known].T, *end[known].T)
    return metres


def representative_lonlat(parks: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return a point inside each park as longitude and latitude.

    Parameters
    ----------
    parks
        Any GeoDataFrame of polygons or points.

    Returns
    -------
    Array of shape (n, 2) in degrees on the layer's own datum; nan where there is no geometry.

    Raises
    ------
    CRSError
        If the layer has no CRS, or one that is not tied to the earth.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> parks = gpd.GeoDataFrame(geometry=[shapely.box(104, 30, 104.2, 30.2)], crs=4490)
    >>> representative_lonlat(parks).round(3).tolist()
    [[104.1, 30.1]]
    """
    crs = require_crs(parks)
    shapes = np.asarray(parks.geometry.array, dtype=object)
    points = np.full(len(shapes), None, dtype=object)
    usable = np.isfinite(shapely.bounds(shapes)).all(axis=1)  # a nan vertex makes GEOS raise
    points[usable] = shapely.point_on_surface(shapes[usable])
    at = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    return to_lonlat(at, crs)


def local_planes(geometries: Any, crs: Any) -> NDArray[np.object_]:
    """Return each geometry in metres on a plane of its own.

    Parameters
    ----------
    geometries
        Array or GeoSeries of geometries a few tens of kilometres wide at most.
    crs
        Their CRS.

    Returns
    -------
    Geometries whose coordinates are metres east and north of the middle of their bounds.

    Notes
    -----
    An equirectangular plane with the radii of curvature at the middle; within 10 km of it lengths
    are true to about 0.1 %.

    Examples
    --------
    >>> import shapely
    >>> plane = local_planes([shapely.box(104, 30, 104.01, 30.01)], 4490)
    >>> [round(float(v)) for v in plane[0].bounds]
    [-482, -554, 482, 554]
    """
    shapes = np.asarray(geometries, dtype=object).copy()
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    if not len(xy):
        return shapes
    source = CRS(crs)
    degrees = to_lonlat(xy, source)
    bounds = shapely.bounds(shapes)
    middle = to_lonlat((bounds[:, :2] + bounds[:, 2:]) / 2, source)
    parallel2, meridian2 = squared_radii(np.sin(np.radians(middle[:, 1])), source)
    metres = np.radians(degrees - middle[owner])
    metres *= np.sqrt(np.column_stack([parallel2, meridian2]))[owner]
    plane: NDArray[np.object_] = shapely.set_coordinates(shapely.force_2d(shapes), metres)
    return plane


def _rings(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.bool_]]:
    """All rings of all polygons, whose they are, and which are outer rings."""
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    if (shapely.get_type_id(parts) > 3).any():  # collections may hold multipolygons
        parts, index = shapely.get_parts(parts, return_index=True)
        part_owner = part_owner[index]
    polygon = shapely.get_type_id(parts) == 3
    rings, ring_part = shapely.get_rings(parts[polygon], return_index=True)
    outer = np.diff(ring_part, prepend=-1) > 0
    return rings, part_owner[polygon][ring_part], outer


def _ring_coordinates(
    shapes: NDArray[np.object_],
) -> tuple[tuple[NDArray[np.float64], NDArray[np.int64]], NDArray[np.int64], NDArray[np.bool_]]:
    """Vertices of all rings with the ring of each, whose the rings are, and which are outer.

    Of polygons without holes the vertices are read off; no object is made for their ring.
    """
    plain = shapely.get_type_id(shapes) == 3
    plain &= (shapely.get_num_interior_rings(shapes) == 0) & ~shapely.is_empty(shapes)
    alone, others = np.flatnonzero(plain), np.flatnonzero(~plain)
    xy, ring = shapely.get_coordinates(shapes[alone], return_index=True)
    rings, owner, outer = _rings(shapes[others])
    more_xy, more_ring = shapely.get_coordinates(rings, return_index=True)
    vertices = np.concatenate([xy, more_xy]), np.concatenate([ring, more_ring + len(alone)])
    outer = np.concatenate([np.ones(len(alone), dtype=bool), outer])
    return vertices, np.concatenate([alone, others[owner]]), outer


def _ring_measures(
    rings: NDArray[np.object_], crs: CRS, *, lengths: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Areas and, where asked for, perimeters of rings."""
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    degrees = to_lonlat(xy, crs)
    lon, lat = np.radians(degrees.T)
    sine = np.sin(lat)
    rise = authalic(sine, crs)
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    rise -= rise[first][ring]  # sums of small numbers round less
    tail = np.flatnonzero(ring[1:] == ring[:-1])  # of an edge, not of the jump to the next ring
    edge = ring[tail]
    dlon = lon[tail + 1] - lon[tail]
    if np.abs(dlon).max(initial=0) > np.pi:  # across the antimeridian
        dlon -= 2 * np.pi * np.round(dlon / (2 * np.pi))
    middle = (sine[tail] + sine[tail + 1]) / 2
    parallel2, meridian2 = squared_radii(middle, crs)
    east2, north2 = parallel2 * dlon**2, meridian2 * (lat[tail + 1] - lat[tail]) ** 2
    under = dlon * ((rise[tail] + rise[tail + 1]) / 2 + middle * (east2 + 3 * north2) / 12)
    length2 = east2 + north2
    area = np.abs(_sums(edge, under, len(rings)))
    perimeter = _sums(edge, np.sqrt(length2), len(rings)) if lengths else np.zeros(len(rings))
    far = np.abs(_sums(edge, dlon, len(rings))) > 1  # round a pole
    far[edge[length2 > _LONGEST_EDGE_M**2]] = True
    for i in np.flatnonzero(far):
        area[i], perimeter[i] = _by_geod(degrees[ring == i], crs)
    return area, perimeter


def _sums(owner: NDArray[np.int64], values: Any, count: int) -> NDArray[np.float64]:
    """Total of the values of each owner."""
    totals: NDArray[np.float64] = np.bincount(owner, values, minlength=count).astype(float)
    return totals


def _by_geod(ring: NDArray[np.float64], crs: CRS) -> tuple[float, float]:
    axis, flattening = axis_flattening(crs)
    geod = Geod(a=axis, f=flattening)
    area, perimeter = geod.polygon_area_perimeter(ring[:, 0], ring[:, 1])
    return abs(area), perimeter
