"""Outlines of many polygons as arrays, and the edges of two that come near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]

_FEWEST = 8  # edges of a stretch


class Outlines(NamedTuple):
    """Vertices of polygons, ring by ring, with the land to the left.

    An edge has the number of the vertex it starts from. Edges are gathered in stretches of about
    the square root of their polygon's number, so that finding those in a box asks few of them.
    """

    x: Floats
    y: Floats
    after: Index  # the next vertex of the ring
    ring: Index  # of each vertex
    ring_first: Index  # first vertex of each ring, and one more
    hole: NDArray[np.bool_]  # of each ring
    shape_ring: Index  # first ring of each shape, and one more
    shape_stretch: Index  # first stretch of each shape, and one more
    stretch_first: Index  # first edge of each stretch, and one more
    boxes: Floats  # of shapes: west, south, east, north
    stretch_boxes: Floats


def outlines(shapes: Shapes) -> Outlines:
    """Lay out the rings of valid polygons as arrays.

    Parameters
    ----------
    shapes
        Array of valid polygons or multipolygons.

    Returns
    -------
    The outlines.

    Examples
    --------
    >>> outlines(np.array([shapely.box(0, 0, 2, 1)])).x.tolist()
    [2.0, 2.0, 0.0, 0.0]
    """
    rings, owner, hole = _rings(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    open_end = np.r_[ring[1:] == ring[:-1], False]  # without the point that closes a ring
    xy, ring = xy[open_end], ring[open_end]
    ring_first = np.r_[0, np.cumsum(np.bincount(ring, minlength=len(rings)))]
    turned = np.flatnonzero((shapely.is_ccw(rings) == hole)[ring])
    xy[turned] = xy[ring_first[ring[turned]] + ring_first[ring[turned] + 1] - 1 - turned]
    x, y = np.ascontiguousarray(xy.T)
    after = np.arange(1, len(x) + 1)
    after[ring_first[1:] - 1] = ring_first[:-1]
    shape_ring = np.searchsorted(owner, np.arange(len(shapes) + 1))
    shape_stretch, stretch_first = _stretches(ring_first[shape_ring])
    return Outlines(
        x,
        y,
        after,
        ring,
        ring_first,
        hole,
        shape_ring,
        shape_stretch,
        stretch_first,
        shapely.bounds(shapes),
        _stretch_boxes(x, y, after, stretch_first),
    )


def _rings(shapes: Shapes) -> tuple[Shapes, Index, NDArray[np.bool_]]:
    """All rings, shape by shape, whose they are, and which are holes."""
    plain = (shapely.get_type_id(shapes) == 3) & (shapely.get_num_interior_rings(shapes) == 0)
    others = np.flatnonzero(~plain)
    parts, owner = shapely.get_parts(shapes[others], return_index=True)
    inner, part = shapely.get_rings(parts, return_index=True)
    count = np.ones(len(shapes), dtype=np.int64)
    count[others] = np.bincount(owner[part], minlength=len(others))
    start = np.cumsum(count) - count
    _, place = ranges(start[others], count[others])
    rings, hole = np.empty(count.sum(), dtype=object), np.zeros(count.sum(), dtype=bool)
    rings[start[plain]] = shapely.get_exterior_ring(shapes[plain])
    rings[place], hole[place] = inner, np.diff(part, prepend=-1) == 0
    return rings, np.repeat(np.arange(len(shapes)), count), hole


def _stretches(shape_first: Index) -> tuple[Index, Index]:
    """First stretch of each shape, first edge of each stretch; and one more."""
    count = np.diff(shape_first)
    size = np.maximum(np.ceil(np.sqrt(count)).astype(np.int64), _FEWEST)
    number = -(-count // size)
    shape, first = ranges(0 * number, number)
    stretch_first = np.append(shape_first[shape] + first * size[shape], shape_first[-1])
    return np.append(0, np.cumsum(number)), stretch_first


def _stretch_boxes(x: Floats, y: Floats, after: Index, first: Index) -> Floats:
    """Bounds of the edges of each stretch: of their vertices and of all that follow a ring's end.

    A stretch lies in one polygon, so that where it runs on into the next ring the vertex that
    closes the one before is seen too.
    """
    last = first[1:] - 1
    jump = np.flatnonzero(after < np.arange(len(after)))  # edges that close a ring
    at = np.searchsorted(first, jump, side="right") - 1
    boxes = np.empty((len(first) - 1, 4))
    for column, values in enumerate((x, y)):
        for side, bound in ((column, np.minimum), (column + 2, np.maximum)):
            ends = bound.reduceat(values, first[:-1])
            ends = bound(ends, values[after[last]])
            bound.at(ends, at, values[after[jump]])
            boxes[:, side] = ends
    return boxes


def edge_boxes(lines: Outlines, edges: Index) -> Floats:
    """Return the bounds of edges.

    Parameters
    ----------
    lines
        Outlines of all polygons.
    edges
        Numbers of edges.

    Returns
    -------
    West, south, east and north of each.

    Examples
    --------
    >>> edge_boxes(outlines(np.array([shapely.box(0, 0, 2, 1)])), np.array([1])).tolist()
    [[0.0, 1.0, 2.0, 1.0]]
    """
    after = lines.after[edges]
    boxes = np.empty((len(edges), 4))
    for column, values in enumerate((lines.x, lines.y)):
        start, end = values[edges], values[after]
        np.minimum(start, end, out=boxes[:, column])
        np.maximum(start, end, out=boxes[:, column + 2])
    return boxes


def ranges(first: Index, count: Index) -> tuple[Index, Index]:
    """Return consecutive numbers from each start.

    Parameters
    ----------
    first
        Where each range starts.
    count
        How long it is.

    Returns
    -------
    For each number whose range it belongs to, and the number.

    Examples
    --------
    >>> [part.tolist() for part in ranges(np.array([5, 9]), np.array([2, 1]))]
    [[0, 0, 1], [5, 6, 9]]
    """
    which = np.repeat(np.arange(len(first)), count)
    skip = first - (np.cumsum(count) - count)
    return which, np.arange(len(which)) + skip[which]


def meeting_edges(lines: Outlines, first: Index, second: Index) -> tuple[Index, Index, Index]:
    """Find the edges of two polygons whose boxes meet, pair by pair.

    Parameters
    ----------
    lines
        Outlines of all polygons.
    first, second
        Positions of the two polygons of each pair.

    Returns
    -------
    Pair, edge of the first, edge of the second polygon.

    Examples
    --------
    >>> lines = outlines(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]))
    >>> len(meeting_edges(lines, np.array([0]), np.array([1]))[0])
    2
    """
    boxes = lines.boxes
    stretches = []
    for mine, theirs in ((first, second), (second, first)):
        start = lines.shape_stretch[mine]
        pair, stretch = ranges(start, lines.shape_stretch[mine + 1] - start)
        here = _meet(lines.stretch_boxes[stretch], boxes[theirs[pair]])
        stretches.append((pair[here], stretch[here]))
    pair, *sides = _together(*stretches)
    here = _meet(*(lines.stretch_boxes[side] for side in sides))
    pair, sides = pair[here], [side[here] for side in sides]
    edges = []
    for mine, theirs in (sides, sides[::-1]):
        start = lines.stretch_first[mine]
        meeting, edge = ranges(start, lines.stretch_first[mine + 1] - start)
        here = _meet(edge_boxes(lines, edge), lines.stretch_boxes[theirs[meeting]])
        edges.append((meeting[here], edge[here]))
    meeting, *sides = _together(*edges)
    here = _meet(*(edge_boxes(lines, side) for side in sides))
    return pair[meeting[here]], sides[0][here], sides[1][here]


def _meet(boxes: Floats, others: Floats) -> Index:
    """Where boxes share a point."""
    apart = (boxes[:, :2] > others[:, 2:]) | (others[:, :2] > boxes[:, 2:])
    return np.flatnonzero(~(apart[:, 0] | apart[:, 1]))


def _together(one: tuple[Index, Index], other: tuple[Index, Index]) -> tuple[Index, Index, Index]:
    """Every item of one with every item of the other of the same group; groups ascend."""
    group, item = one
    size = max(group.max(initial=-1), other[0].max(initial=-1)) + 1
    count = np.bincount(other[0], minlength=size)
    first = np.cumsum(count) - count
    mine, theirs = ranges(first[group], count[group])
    return group[mine], item[mine], other[1][theirs]
