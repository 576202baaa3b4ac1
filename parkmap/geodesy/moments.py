"""Ellipsoidal areas of small shapes from their planar moments.

Over a few kilometres the scale of a projection is a smooth function: its Taylor series about the
middle of a shape, times the moments of the shape, is its area. Thirteen points of each shape are
unprojected instead of every vertex.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from parkmap.geodesy.authalic import authalic, squared_radii
from parkmap.geodesy.systems import to_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]

_STEP_M = 3_000.0  # between the points of the stencil
_STEP_DEGREES = 0.03
_WIDEST = 3  # steps a shape may be wide
_BLOCK = 8192  # vertices at a time, whose sums fit the cache
_FARTHEST_NORTH = 75.0  # beyond, degrees of longitude change too fast for the series
_DIVISORS = np.array([2.0, *[6.0] * 2, *[48.0] * 3, *[1.0] * 4, *[2.0] * 8])  # of sums over edges
_CROSS = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0), (0, 2), (0, -2)]
_STENCIL = np.array([*_CROSS, (1, 1), (1, -1), (-1, 1), (-1, -1)], dtype=float)


def _differences() -> Floats:
    """Weights that give derivatives x y xx xy yy xxx xxy xyy yyy, in steps of the stencil.

    The first ones are of fourth order, the others of second.
    """
    at = {(int(x), int(y)): k for k, (x, y) in enumerate(_STENCIL)}
    rows: list[dict[tuple[int, int], float]] = [
        {(1, 0): 8 / 12, (-1, 0): -8 / 12, (2, 0): -1 / 12, (-2, 0): 1 / 12},
        {(1, 0): 1, (-1, 0): 1, (0, 0): -2},
        {(1, 1): 1 / 4, (1, -1): -1 / 4, (-1, 1): -1 / 4, (-1, -1): 1 / 4},
        {(2, 0): 1 / 2, (1, 0): -1, (-1, 0): 1, (-2, 0): -1 / 2},
        {(1, 1): 1 / 2, (0, 1): -1, (-1, 1): 1 / 2}
        | {(1, -1): -1 / 2, (0, -1): 1, (-1, -1): -1 / 2},
    ]
    x, xx, xy, xxx, xxy = rows
    y, yy, yyy, xyy = ({(b, a): w for (a, b), w in row.items()} for row in (x, xx, xxx, xxy))
    weights = np.zeros((9, len(_STENCIL)))
    for row, wanted in enumerate((x, y, xx, xy, yy, xxx, xxy, xyy, yyy)):
        for point, weight in wanted.items():
            weights[row, at[point]] = weight
    return weights


_DIFFERENCES = _differences()


def areas_from_moments(
    ring_xy: tuple[Floats, Index], outer: NDArray[np.bool_], owner: Index, boxes: Floats, crs: CRS
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return areas of polygons on the ellipsoid, where they are small enough.

    Parameters
    ----------
    ring_xy
        Vertices of closed rings in the CRS, and the ring of each.
    outer, owner
        Of each ring: whether it is an outer one, and whose it is.
    boxes
        Bounds of each shape: west, south, east, north.
    crs
        Their CRS.

    Returns
    -------
    Square metres, one a shape, and which of them hold: not those wider than 9 km, beyond 75 degrees
    of latitude or across the antimeridian.

    Notes
    -----
    With longitude L and authalic ordinate Q as functions of the plane, the area is the integral of
    ``L_x Q_y - L_y Q_x`` over the polygon, to second order in moments. Edges are geodesics: a chord
    v of the plane leaves one by an area that is a cubic form in v at the chord's middle; see
    :func:`parkmap.geodesy.ellipsoidal_area_perimeter`. Agrees with :class:`pyproj.Geod` (Karney
    2013, doi:10.1007/s00190-012-0578-z) to 1e-9.

    Examples
    --------
    >>> ring = np.array([[0, 0], [1e3, 0], [1e3, 1e3], [0, 1e3], [0, 0]]) + [5e5, 0]
    >>> from pyproj import CRS
    >>> area, held = areas_from_moments(
    ...     (ring, np.zeros(5, int)), np.array([True]), np.array([0]),
    ...     np.array([[5e5, 0, 501e3, 1e3]]), CRS(4544))
    >>> round(float(area[0])), held.tolist()
    (1000000, [True])
    """
    degrees = crs.is_geographic
    step = _STEP_DEGREES if degrees else _STEP_M / crs.axis_info[0].unit_conversion_factor
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    grid = (middle[None] + step * _STENCIL[:, None]).reshape(-1, 2)
    lon, lat = np.radians(to_lonlat(grid, crs)).T.reshape(2, len(_STENCIL), -1)
    sine = np.sin(lat)
    parallel2, meridian2 = squared_radii(sine, crs)
    east, north = (np.abs(values - values[0]).max(axis=0) for values in (lon, lat))
    ground = np.maximum(east * np.sqrt(parallel2[0]), north * np.sqrt(meridian2[0]))
    held = (boxes[:, 2:] - boxes[:, :2] <= _WIDEST * step).all(axis=1)
    held &= (np.abs(lat[0]) < np.radians(_FARTHEST_NORTH)) & (ground < 4 * _STEP_M)
    lon, ordinate = (_DIFFERENCES @ (values - values[0]) for values in (lon, authalic(sine, crs)))
    bends = [
        _bends(_shifted(lon, *by), _shifted(ordinate, *by), sine[k], parallel2[k])
        for k, by in enumerate(_STENCIL[:5])
    ]
    slopes = (bends[1] - bends[2]) / 2, (bends[3] - bends[4]) / 2
    factors = np.concatenate([_densities(lon, ordinate), bends[0], *slopes])
    scale = np.where(held, 1 / step, 0.0)  # of a shape too wide no power may overflow
    moments = _moments(ring_xy, outer, owner, (middle, scale))
    return np.abs(np.einsum("ij,ij->j", factors, moments)), held


def _densities(lon: Floats, ordinate: Floats) -> Floats:
    """Taylor series of area a unit of the plane: constant, x, y, xx, xy, yy."""
    x, y, xx, xy, yy, xxx, xxy, xyy, yyy = lon
    rx, ry, rxx, rxy, ryy, rxxx, rxxy, rxyy, ryyy = ordinate
    return np.stack(
        [
            x * ry - y * rx,
            xx * ry + x * rxy - xy * rx - y * rxx,
            xy * ry + x * ryy - yy * rx - y * rxy,
            (xxx * ry + 2 * xx * rxy + x * rxxy - xxy * rx - 2 * xy * rxx - y * rxxx) / 2,
            xxy * ry + xx * ryy + x * rxyy - xyy * rx - yy * rxx - y * rxxy,
            (xyy * ry + 2 * xy * ryy + x * ryyy - yyy * rx - 2 * yy * rxy - y * rxyy) / 2,
        ]
    )


def _shifted(slopes: Floats, a: float, b: float) -> Floats:
    """First and second derivatives at a point of the stencil beside the middle, a or b being 0."""
    x, y, xx, xy, yy, xxx, xxy, xyy, yyy = slopes
    return np.stack(
        [
            x + a * xx + b * xy + (a * a * xxx + b * b * xyy) / 2,
            y + a * xy + b * yy + (a * a * xxy + b * b * yyy) / 2,
            xx + a * xxx + b * xxy,
            xy + a * xxy + b * xyy,
            yy + a * xyy + b * yyy,
        ]
    )


def _bends(lon: Floats, ordinate: Floats, sine: Floats, parallel2: Floats) -> Floats:
    """Area between chords of the plane and geodesics: factors of dx^3, dx^2 dy, dx dy^2, dy^3."""

    def product(one: tuple[Floats, Floats], two: tuple[Floats, Floats, Floats]) -> Floats:
        (a, b), (c, d, e) = one, two
        return np.stack([a * c, a * d + b * c, a * e + b * d, b * e])

    x, y, xx, xy, yy = lon
    rx, ry, rxx, rxy, ryy = ordinate
    # squared lengths on the ellipsoid, east plus three times north
    square = [
        parallel2 * one * two + 3 * rone * rtwo / parallel2
        for one, two, rone, rtwo in ((x, x, rx, rx), (x, y, rx, ry), (y, y, ry, ry))
    ]
    bent = product((rx, ry), (xx, 2 * xy, yy)) - product((x, y), (rxx, 2 * rxy, ryy))
    bent -= sine * product((x, y), (square[0], 2 * square[1], square[2]))
    bends: Floats = bent / 12
    return bends


def _moments(
    ring_xy: tuple[Floats, Index],
    outer: NDArray[np.bool_],
    owner: Index,
    frame: tuple[Floats, Floats],
) -> Floats:
    """Moments of each shape about its middle, as :func:`_densities` and :func:`_bends` ask for.

    Of the bends, the sums of the cubes, then those times x and times y of the edges' middles.
    """
    xy, ring = ring_xy
    middle, scale = frame
    first = np.append(np.flatnonzero(np.diff(ring, prepend=-1)), len(ring))
    block = np.searchsorted(first, np.arange(0, len(ring), _BLOCK))
    block = np.unique(np.append(block, len(outer)))
    sums = np.empty((len(_DIVISORS), len(outer)))
    for start, stop in itertools.pairwise(block):
        some, whose = slice(first[start], first[stop]), owner[start:stop]
        ends = first[start : stop + 1] - first[start]
        sums[:, start:stop] = _edge_sums(xy[some], ends, middle[whose], scale[whose])
    sums /= _DIVISORS[:, None]
    sums *= np.where((sums[0] > 0) == outer, 1.0, -1.0)
    return np.stack([np.bincount(owner, values, minlength=len(middle)) for values in sums])


def _edge_sums(xy: Floats, ends: Index, middle: Floats, scale: Floats) -> Floats:
    """Add up over the edges of each ring, not yet divided; vertices enough to fit the cache."""
    count, last = np.diff(ends), ends[1:] - 1
    x, y = np.ascontiguousarray(xy.T)
    scales = np.repeat(scale, count)
    x, y = (
        (x - np.repeat(middle[:, 0], count)) * scales,
        (y - np.repeat(middle[:, 1], count)) * scales,
    )
    dx, dy = np.diff(x, append=0.0), np.diff(y, append=0.0)
    dx[last], dy[last] = 0.0, 0.0  # from the end of a ring there is no edge
    x, y = 2 * x + dx, 2 * y + dy  # twice the middle of each edge
    edges = np.empty((len(_DIVISORS), len(x)))
    cross = np.subtract(x * dy, dx * y, out=edges[0])
    cross /= 2
    np.multiply(x, cross, out=edges[1])
    np.multiply(y, cross, out=edges[2])
    dx2, dxy, dy2 = dx * dx, dx * dy, dy * dy
    for row, (one, two) in enumerate(((x * x, dx2), (x * y, dxy), (y * y, dy2)), start=3):
        np.multiply(3 * one + two, cross, out=edges[row])
    for row, (one, two) in enumerate(((dx2, dx), (dx2, dy), (dy2, dx), (dy2, dy)), start=6):
        np.multiply(one, two, out=edges[row])
    np.multiply(x, edges[6:10], out=edges[10:14])
    np.multiply(y, edges[6:10], out=edges[14:18])
    sums: Floats = np.add.reduceat(edges, ends[:-1], axis=1)
    return sums
