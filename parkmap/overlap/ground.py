"""Shared ground of polygons: candidate boxes, intersections, and what counts as sharing.

Works in the coordinates it is given, so that a border shared there stays shared.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Index = NDArray[np.int64]

#: Ground narrower than this part of the largest coordinate is rounding, not land: some hundred
#: units in the last place (0.1 micrometre at 3,000 km).
TOUCH = 2.0**-45
_CHUNK = 512  # pairs a task; fixed, so that results do not depend on the number of workers
_QUERIES = 4096  # boxes a task


def sound_polygons(shapes: Shapes) -> Shapes:
    """Return the shapes as valid two-dimensional polygons.

    Parameters
    ----------
    shapes
        Array of geometries.

    Returns
    -------
    A new array: sound polygons as they are, invalid ones repaired by structure (the outline is
    kept, what crosses it is cut), None where nothing polygonal remains.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> float(sound_polygons(np.array([bow_tie], dtype=object))[0].area)
    2.0
    """
    sound = shapely.force_2d(shapes)
    bad = ~shapely.is_valid(sound) & ~shapely.is_missing(sound)
    sound[bad] = shapely.make_valid(sound[bad], method="structure", keep_collapsed=False)
    return polygons_only(sound)


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


def usable(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which geometries can hold land at all.

    Parameters
    ----------
    shapes
        Array of geometries.

    Returns
    -------
    False for missing and empty ones, points and lines, and coordinates that are not finite.

    Examples
    --------
    >>> usable(np.array([shapely.Point(0, 0), None, shapely.box(0, 0, 1, 1)])).tolist()
    [False, False, True]
    """
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6, 7))
    land: NDArray[np.bool_] = polygonal & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    return land


def box_pairs(shapes: Shapes) -> tuple[Index, Index]:
    """Find the pairs whose bounding boxes share area.

    Parameters
    ----------
    shapes
        Array of geometries.

    Returns
    -------
    Positions of the first and the second of each pair, first < second, sorted.

    Examples
    --------
    >>> shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    >>> [side.tolist() for side in box_pairs(shapes)]
    [[0], [1]]
    """
    land = np.flatnonzero(usable(shapes))
    tree = shapely.STRtree(shapes[land])
    tasks = [(tree, shapes[land], start) for start in range(0, len(land), _QUERIES)]
    nothing = np.zeros((2, 0), dtype=np.int64)
    pairs = np.concatenate([nothing, *in_order(_query, tasks)], axis=1)
    boxes = shapely.bounds(shapes[land])
    low = np.maximum(boxes[pairs[0], :2], boxes[pairs[1], :2])
    high = np.minimum(boxes[pairs[0], 2:], boxes[pairs[1], 2:])
    pairs = pairs[:, (high > low).all(axis=1)]  # boxes that merely touch share no area
    pairs = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    return land[pairs[0]], land[pairs[1]]


def shared_ground(
    shapes: Shapes, executor: Executor | None = None
) -> tuple[Index, Index, Shapes, Shapes]:
    """Find every pair of polygons whose interiors share area, and the ground they share.

    Parameters
    ----------
    shapes
        Array of geometries in one CRS; invalid ones that come near another are repaired.
    executor
        What runs the intersections; a few threads if not given. Results do not depend on it.

    Returns
    -------
    Positions of the first and the second of each pair (first < second, sorted), the polygons they
    share, and the shapes as they were used (None where a shape holds no land).

    Notes
    -----
    Ground narrower than :data:`TOUCH` of the largest coordinate is the rounding of a border, not
    land, and gives no pair.

    Examples
    --------
    >>> shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    >>> shared_ground(shapes)[2][0].area
    1.0
    """
    first, second = box_pairs(shapes)
    near = np.unique(np.concatenate([first, second]))
    used = shapes.copy()
    used[~usable(shapes)] = None
    used[near] = sound_polygons(shapes[near])
    there = ~shapely.is_missing(used[first]) & ~shapely.is_missing(used[second])
    first, second = first[there], second[there]
    starts = range(0, len(first), _CHUNK)
    tasks = [
        (used[first[start : start + _CHUNK]], used[second[start : start + _CHUNK]])
        for start in starts
    ]
    pieces = np.concatenate([np.zeros(0, dtype=object), *in_order(intersections, tasks, executor)])
    land = is_land(pieces)
    return first[land], second[land], pieces[land], used


def intersections(one: Shapes, other: Shapes) -> Shapes:
    """Intersect valid polygons pair by pair.

    Parameters
    ----------
    one, other
        Arrays of valid polygons of one length.

    Returns
    -------
    The polygonal part of each intersection, None where there is none.

    Examples
    --------
    >>> a, b = np.array([shapely.box(0, 0, 2, 2)]), np.array([shapely.box(1, 1, 3, 3)])
    >>> intersections(a, b)[0].area
    1.0
    """
    return polygons_only(shapely.intersection(one, other))


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


def is_land(pieces: Shapes) -> NDArray[np.bool_]:
    """Tell ground from the rounding of a border.

    Parameters
    ----------
    pieces
        Array of polygons or None.

    Returns
    -------
    True where the mean width is beyond :data:`TOUCH` of the largest coordinate.

    Examples
    --------
    >>> is_land(np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1e-15), None])).tolist()
    [True, False, False]
    """
    width = 2 * shapely.area(pieces) / shapely.length(pieces)
    reach = np.abs(shapely.bounds(pieces)).max(axis=1, initial=0)
    wide: NDArray[np.bool_] = width > TOUCH * reach
    return wide


def in_order(
    function: Callable[..., Any], tasks: list[tuple[Any, ...]], executor: Executor | None = None
) -> list[Any]:
    """Run a function over tasks and keep their order.

    Parameters
    ----------
    function
        A function of this package (it may be sent to another process).
    tasks
        Its arguments, call by call.
    executor
        What runs them; threads, one a core and four at most, if not given.

    Returns
    -------
    The results in the order of the tasks.

    Examples
    --------
    >>> in_order(max, [(1, 2), (4, 3)])
    [2, 4]
    """
    if not tasks:
        return []
    if executor is not None:
        return list(executor.map(function, *zip(*tasks, strict=True)))
    if len(tasks) == 1:
        return [function(*tasks[0])]
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
        return list(threads.map(function, *zip(*tasks, strict=True)))


def _query(tree: shapely.STRtree, shapes: Shapes, start: int) -> NDArray[np.int64]:
    """Pairs of one stretch of shapes with all later ones."""
    first, second = tree.query(shapes[start : start + _QUERIES])
    first = first + start
    later = first < second
    return np.stack([first[later], second[later]])
