"""Shared ground of polygons: candidate boxes, intersections, and what counts as sharing.

Works in the coordinates it is given, so that a border shared there stays shared.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from parkmap import messages
from parkmap.errors import InputError
from parkmap.overlap.overlay import intersections, polygons_only

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
_WORK = 2.0**18  # vertices of a task, the geometric mean of both sides of each pair
_LARGE = 1000  # vertices of a polygon worth gathering the pairs of
_QUERIES = 1024  # boxes a task
_ROUND = 16  # tasks after which the pairs are counted
#: More pairs than this do not fit the memory of an ordinary machine.
MOST_PAIRS = 2_000_000


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
    sound = shapes.copy()
    high = np.flatnonzero(shapely.has_z(shapes))
    sound[high] = shapely.force_2d(shapes[high])
    bad = ~shapely.is_valid(sound) & ~shapely.is_missing(sound)
    sound[bad] = shapely.make_valid(sound[bad], method="structure", keep_collapsed=False)
    return polygons_only(sound)


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

    Raises
    ------
    InputError
        If there are more than :data:`MOST_PAIRS`, as where thousands of rows repeat one park.

    Examples
    --------
    >>> shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    >>> [side.tolist() for side in box_pairs(shapes)]
    [[0], [1]]
    """
    land = np.flatnonzero(usable(shapes))
    first, second = _meeting_boxes(shapes[land])
    return land[first], land[second]


def _meeting_boxes(solid: Shapes) -> tuple[Index, Index]:
    """Pairs of shapes that can hold land whose boxes share area."""
    tree = shapely.STRtree(solid)
    tasks = [(tree, solid, start) for start in range(0, len(solid), _QUERIES)]
    found = [np.zeros((2, 0), dtype=np.int64)]
    for k in range(0, len(tasks), _ROUND):
        found += in_order(_query, tasks[k : k + _ROUND])
        if sum(pairs.shape[1] for pairs in found) > MOST_PAIRS:
            raise InputError(**messages.fault("overlap.too_many_pairs", most=MOST_PAIRS))
    pairs = np.concatenate(found, axis=1)
    boxes = shapely.bounds(solid)
    low = np.maximum(boxes[pairs[0], :2], boxes[pairs[1], :2])
    high = np.minimum(boxes[pairs[0], 2:], boxes[pairs[1], 2:])
    pairs = pairs[:, (high > low).all(axis=1)]  # boxes that merely touch share no area
    pairs = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    return pairs[0], pairs[1]


def shared_ground(
    shapes: Shapes, *, executor: Executor | None = None
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
    land = np.flatnonzero(usable(shapes))
    first, second = (land[side] for side in _meeting_boxes(shapes[land]))
    used = np.full(len(shapes), None, dtype=object)
    used[land] = shapes[land]
    _make_sound(used, np.unique(np.concatenate([first, second])))
    there = ~shapely.is_missing(used[first]) & ~shapely.is_missing(used[second])
    first, second = first[there], second[there]
    pieces = _twins(used, first, second)
    batches = _batches(used, first, second, np.flatnonzero(shapely.is_missing(pieces)))
    tasks = [_task(used, first[batch], second[batch]) for batch in batches]
    for batch, found in zip(
        batches, in_order(intersections, tasks, executor=executor), strict=True
    ):
        pieces[batch] = found
    real = is_land(pieces)
    return first[real], second[real], pieces[real], used


def _make_sound(shapes: Shapes, near: Index) -> None:
    """Make those that are compared sound in their place; others are left unasked."""
    batches = [near[k : k + _CHUNK] for k in range(0, len(near), _CHUNK)]
    tasks = [(shapes[batch],) for batch in batches]
    for batch, sound in zip(batches, in_order(sound_polygons, tasks), strict=True):
        shapes[batch] = sound


def _twins(shapes: Shapes, first: Index, second: Index) -> Shapes:
    """Pieces of pairs that are one park twice, as it is; None for the others."""
    pieces = np.full(len(first), None, dtype=object)
    bounds = shapely.bounds(shapes)
    twins = np.flatnonzero((bounds[first] == bounds[second]).all(axis=1))
    twins = twins[shapely.equals_identical(shapes[first[twins]], shapes[second[twins]])]
    pieces[twins] = shapes[first[twins]]
    return pieces


def _batches(shapes: Shapes, first: Index, second: Index, pairs: Index) -> list[Index]:
    """Pairs in batches of about the same work, those of one large polygon side by side.

    So the outline of a large polygon is read once or twice, not in every batch. Batches do not
    depend on the number of workers, and results do not depend on the batches.
    """
    size = np.maximum(shapely.get_num_coordinates(shapes), 1)
    mine, theirs = size[first[pairs]], size[second[pairs]]
    larger = np.where(mine >= theirs, first[pairs], second[pairs])
    larger[np.maximum(mine, theirs) <= _LARGE] = -1
    by = np.argsort(larger, kind="stable")
    work = np.cumsum(np.sqrt(mine[by] * theirs[by]))
    number = np.maximum(np.arange(len(by)) // _CHUNK, work // _WORK)
    return np.split(pairs[by], np.flatnonzero(np.diff(number)) + 1) if len(by) else []


def _task(shapes: Shapes, first: Index, second: Index) -> tuple[Shapes, Index, Index]:
    """One batch with only the shapes it needs."""
    near, position = np.unique(np.concatenate([first, second]), return_inverse=True)
    return shapes[near], position[: len(first)], position[len(first) :]


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
    reach = np.abs(shapely.bounds(pieces)).max(axis=1, initial=0)
    wide: NDArray[np.bool_] = 2 * shapely.area(pieces) > TOUCH * reach * shapely.length(pieces)
    return wide


def in_order(
    function: Callable[..., Any], tasks: list[tuple[Any, ...]], *, executor: Executor | None = None
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
