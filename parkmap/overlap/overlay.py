"""Intersections of valid polygons: read off where clear, else computed and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from parkmap.overlap.areas import common_areas
from parkmap.overlap.cuts import clear_cuts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Index = NDArray[np.int64]

#: Vertices from which a polygon is cut down to its partner's box before the engine sees it.
_LARGE = 1000


def intersections(shapes: Shapes, first: Index, second: Index) -> Shapes:
    """Intersect valid polygons pair by pair, checked.

    Parameters
    ----------
    shapes
        Array of valid polygons.
    first, second
        Positions of the two polygons of each pair.

    Returns
    -------
    The polygonal part of each intersection, None where there is none.

    Notes
    -----
    Where outlines cross clearly the result is read off them, see
    :func:`parkmap.overlap.cuts.clear_cuts`. The others go to the geometry engine, which is silently
    wrong on some valid input (geos#942, shapely#1871): each of its areas is compared with
    :func:`parkmap.overlap.areas.common_areas`; where they differ by more than rounding the pair is
    computed again on a grid of ``10**floor(log10(1e-11 * max|coordinate|))`` and the better of both
    is kept.

    Examples
    --------
    >>> shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    >>> intersections(shapes, np.array([0]), np.array([1]))[0].area
    1.0
    """
    pieces, certain = clear_cuts(shapes, first, second)
    rest = np.flatnonzero(~certain)
    if len(rest):
        near, position = np.unique(np.append(first[rest], second[rest]), return_inverse=True)
        pieces[rest] = _checked(shapes[near], position[: len(rest)], position[len(rest) :])
    return pieces


def _checked(shapes: Shapes, first: Index, second: Index) -> Shapes:
    """Intersect pair by pair with the engine, and again on a grid where its area is not true."""
    one, other = shapes[first], shapes[second]
    pieces = polygons_only(_overlay(*_cut_down(one, other)))
    true = common_areas(shapes, first, second)
    error = np.abs(_areas(pieces) - true)
    doubt = np.flatnonzero(~(error <= _rounding(one, other)))
    if len(doubt):
        again = polygons_only(_on_grid(one[doubt], other[doubt]))
        better = ~(np.abs(_areas(again) - true[doubt]) > error[doubt])
        pieces[doubt[better]] = again[better]
    return pieces


def _areas(pieces: Shapes) -> NDArray[np.float64]:
    """Planar areas; a missing piece has none."""
    area: NDArray[np.float64] = np.nan_to_num(shapely.area(pieces))
    return area


def _cut_down(one: Shapes, other: Shapes) -> tuple[Shapes, Shapes]:
    """Clip large polygons to a little more than their partner's box: much less to overlay."""
    cut = one.copy(), other.copy()
    for mine, theirs in ((0, 1), (1, 0)):
        large = np.flatnonzero(shapely.get_num_coordinates(cut[mine]) > _LARGE)
        box = shapely.bounds(cut[theirs][large])
        margin = (box[:, 2:] - box[:, :2]).max(axis=1, initial=0) / 64
        for k, (west, south, east, north), gap in zip(large, box, margin, strict=True):
            with np.errstate(invalid="ignore"):  # parallel edges inside the engine
                clipped = shapely.clip_by_rect(
                    cut[mine][k], west - gap, south - gap, east + gap, north + gap
                )
            if shapely.is_valid(clipped):
                cut[mine][k] = clipped
    return cut


def _overlay(one: Shapes, other: Shapes) -> Shapes:
    """Intersect in floating point; what the engine refuses, on a grid."""
    try:
        return shapely.intersection(one, other)
    except shapely.GEOSException:  # one pair must not abort the others
        if len(one) == 1:
            return _on_grid(one, other)
        half = len(one) // 2
        sides = ((one[:half], other[:half]), (one[half:], other[half:]))
        return np.concatenate([_overlay(*side) for side in sides])


def _on_grid(one: Shapes, other: Shapes) -> Shapes:
    """Intersect by snap rounding, on a grid that suits each pair's coordinates."""
    decade = np.floor(np.log10(_reach(one, other) * 1e-11))
    pieces = np.full(len(one), None, dtype=object)
    for power in np.unique(decade):
        here = decade == power
        pieces[here] = shapely.intersection(one[here], other[here], grid_size=10.0**power)
    return pieces


def _reach(one: Shapes, other: Shapes) -> NDArray[np.float64]:
    """Largest coordinate of each pair."""
    bounds = np.concatenate([shapely.bounds(one), shapely.bounds(other)], axis=1)
    reach: NDArray[np.float64] = np.abs(bounds).max(axis=1, initial=0)
    return reach


def _rounding(one: Shapes, other: Shapes) -> NDArray[np.float64]:
    """Area that rounding of coordinates and sums can account for."""
    low = np.maximum(shapely.bounds(one)[:, :2], shapely.bounds(other)[:, :2])
    high = np.minimum(shapely.bounds(one)[:, 2:], shapely.bounds(other)[:, 2:])
    width, height = np.maximum(high - low, 0).T
    outline = np.minimum(shapely.length(one), shapely.length(other))
    reach = _reach(one, other)
    return 2.0**-48 * reach * (outline + width + height) + 2.0**-40 * width * height


def polygons_only(shapes: Shapes) -> Shapes:
    """Return the polygonal part of each geometry.

    Parameters
    ----------
    shapes
        Array of geometries.

    Returns
    -------
    A new array with polygons and multipolygons; None where there is no polygon.

    Examples
    --------
    >>> mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    >>> polygons_only(np.array([mixed], dtype=object))[0].geom_type
    'Polygon'
    """
    kept = np.array(shapes, dtype=object)
    kind = shapely.get_type_id(kept)
    kept[~np.isin(kind, (3, 6, 7)) | shapely.is_empty(kept)] = None
    for i in np.flatnonzero(kind == 7):
        parts = shapely.get_parts(shapely.get_parts(kept[i]))  # a collection holds multipolygons
        parts = parts[shapely.get_type_id(parts) == 3]
        kept[i] = shapely.union_all(parts) if len(parts) else None
    return kept


def with_all(shape: shapely.Geometry, others: Shapes) -> Shapes:
    """Intersect one valid polygon with several, checked.

    Parameters
    ----------
    shape
        A valid polygon.
    others
        Array of valid polygons.

    Returns
    -------
    The polygonal part of each intersection, None where there is none.

    Examples
    --------
    >>> float(with_all(shapely.box(0, 0, 2, 2), np.array([shapely.box(1, 0, 3, 2)]))[0].area)
    2.0
    """
    if not len(others):
        return np.zeros(0, dtype=object)
    second = np.arange(1, len(others) + 1)
    return intersections(np.array([shape, *others], dtype=object), 0 * second, second)


def differences(shape: shapely.Geometry, others: Shapes) -> Shapes:
    """Take polygons away from one.

    Parameters
    ----------
    shape
        A valid polygon.
    others
        Array of valid polygons.

    Returns
    -------
    Array of one: the polygonal rest, None where nothing is left.

    Examples
    --------
    >>> rest = differences(shapely.box(0, 0, 2, 2), np.array([shapely.box(1, 0, 3, 2)]))
    >>> rest[0].area
    2.0
    """
    rest = shapely.difference(shape, shapely.union_all(others)) if len(others) else shape
    return polygons_only(np.array([rest], dtype=object))
