"""Area of intersections without topology: an independent check on the geometry engine.

Overlay in floating point is silently wrong on some valid input, wherever borders nearly coincide.
The area that two polygons share is also a sum over pairs of their edges, of the land under both.
That sum decides nothing (no point is ever called inside or outside), so it cannot go wrong: its
error is rounding only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]
    _Cut = tuple[Index, Floats, Floats, Floats, Floats]  # number, west, east, height, slope

_BLOCK = 1 << 18  # pairs of edges at a time
_LARGE = 512  # edges from which a polygon is sorted, to find those of a box
_MOST = 1 << 26  # pairs of edges of one batch that are worth summing


class Edges(NamedTuple):
    """Edges of many polygons inside the common box of their pair, from west to east.

    Heights are above the floor of the box; ``sign`` is +1 where land lies below the edge.
    """

    pair: Index
    key: Floats  # pair and western end in one number, ascending
    key_east: Floats
    west: Floats
    east: Floats
    height: Floats  # at the western end
    slope: Floats
    sign: Floats


def common_areas(shapes: Shapes, first: Index, second: Index) -> Floats:
    """Return the planar area that valid polygons share, pair by pair.

    Parameters
    ----------
    shapes
        Array of valid polygons or multipolygons.
    first, second
        Positions of the two polygons of each pair.

    Returns
    -------
    Areas in squared units of the coordinates, to rounding; nan where the outlines are so intricate
    that the sum is not worth its time.

    Notes
    -----
    Each polygon's indicator inside the common box is the signed sum of the regions under its
    edges; the product of two such sums is integrated edge pair by edge pair:
    ``sum(sign * sign' * integral(min(height, height')))`` over the common west-east stretch.

    Examples
    --------
    >>> shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    >>> common_areas(shapes, np.array([0]), np.array([1])).tolist()
    [1.0]
    """
    bounds = shapely.bounds(shapes)
    low = np.maximum(bounds[first, :2], bounds[second, :2])
    size = np.maximum(np.minimum(bounds[first, 2:], bounds[second, 2:]) - low, 0)
    outlines = _outlines(shapes)
    mine, theirs = (_in_box(outlines, side, low, size) for side in (first, second))
    total = np.zeros(len(first))
    # of two edges that meet, one starts within the other: ask both ways, equal starts once
    for edges, others, side in ((mine, theirs, "left"), (theirs, mine, "right")):
        first_met = np.searchsorted(others.key, edges.key, side=side)  # type: ignore[call-overload]
        count = np.maximum(np.searchsorted(others.key, edges.key_east) - first_met, 0)
        load = np.bincount(edges.pair, count, minlength=len(total))
        total[load > _MOST] = np.nan
        count[load[edges.pair] > _MOST] = 0
        for k, m in _expanded(first_met, count):
            total += np.bincount(edges.pair[k], _under_both(edges, k, others, m), len(total))
    return total


class _Outlines(NamedTuple):
    """Edges of whole polygons, west to east, those of one polygon together."""

    ends: tuple[Floats, Floats, Floats, Floats]  # west x and y, east x and y
    sign: Floats
    first: Index  # of each polygon, and one more
    longest: dict[int, float]  # west-east reach of an edge, for polygons sorted from west


def _outlines(shapes: Shapes) -> _Outlines:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    hole = np.diff(part, prepend=-1) == 0
    below = np.where(shapely.is_ccw(rings) == hole, 1.0, -1.0)  # land below a west-east edge
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = np.ascontiguousarray(xy.T)
    tail = np.flatnonzero((ring[1:] == ring[:-1]) & (x[1:] != x[:-1]))
    back = x[tail] > x[tail + 1]
    west, east = tail + back, tail + ~back
    sign = np.where(back, -below[ring[tail]], below[ring[tail]])
    first = np.searchsorted(owner[part[ring[tail]]], np.arange(len(shapes) + 1))
    longest = {}
    for k in np.flatnonzero(np.diff(first) > _LARGE):
        stretch = slice(first[k], first[k + 1])
        order = np.argsort(x[west[stretch]])
        for ends in (west, east, sign):
            ends[stretch] = ends[stretch][order]
        longest[int(k)] = float((x[east[stretch]] - x[west[stretch]]).max())
    return _Outlines((x[west], y[west], x[east], y[east]), sign, first, longest)


def _in_box(outlines: _Outlines, which: Index, low: Floats, size: Floats) -> Edges:
    """Edges of one side of each pair, clipped to the pair's box."""
    start, stop = outlines.first[which], outlines.first[which + 1]
    for k, reach in outlines.longest.items():
        mine = np.flatnonzero(which == k)
        ends = outlines.ends[0][outlines.first[k] : outlines.first[k + 1]]
        stop[mine] = start[mine] + np.searchsorted(ends, low[mine, 0] + size[mine, 0], "right")
        start[mine] += np.searchsorted(ends, low[mine, 0] - reach)
    count = stop - start
    pair = np.repeat(np.arange(len(which)), count)
    edge = np.arange(len(pair)) + np.repeat(start - (np.cumsum(count) - count), count)
    x0, y0, x1, y1 = outlines.ends
    left, floor, right = low[:, 0], low[:, 1], low[:, 0] + size[:, 0]
    near = np.flatnonzero((x1[edge] > left[pair]) & (x0[edge] < right[pair]))
    pair, edge = pair[near], edge[near]
    high = np.flatnonzero(np.maximum(y0[edge], y1[edge]) > floor[pair])
    pair, edge = pair[high], edge[high]
    west, east = x0[edge] - left[pair], x1[edge] - left[pair]
    start_y, end_y = y0[edge] - floor[pair], y1[edge] - floor[pair]
    line = west, start_y, (end_y - start_y) / (east - west)
    stretch = np.maximum(west, 0), np.minimum(east, size[pair, 0])
    cut = _clipped(line, stretch, size[pair, 1])
    return _keyed(pair, outlines.sign[edge], size, cut)


def _clipped(line: tuple[Floats, Floats, Floats], ends: tuple[Floats, Floats], top: Floats) -> _Cut:
    """Cut edges at the floor and the top of the box: number, west, east, height, slope.

    What is below the floor is dropped, what is above the top runs along it.
    """
    x, y, slope = line
    west, east = ends
    flat = slope == 0
    rate = np.where(flat, 1.0, slope)
    at_floor = np.where(flat, -np.inf, x - y / rate)
    at_top = np.where(flat, np.where(y < top, np.inf, -np.inf), x + (top - y) / rate)
    within = (
        np.maximum(west, np.minimum(at_floor, at_top)),
        np.minimum(east, np.maximum(at_floor, at_top)),
    )
    above = (
        np.where(slope < 0, west, np.maximum(west, at_top)),
        np.where(slope < 0, np.minimum(east, at_top), east),
    )
    above = (np.where(flat & (y < top), east, above[0]), above[1])
    number = np.arange(len(x))
    height = np.clip(y + slope * (within[0] - x), 0, top)
    west, east, height, slope, number = (
        np.concatenate(both)
        for both in (
            (within[0], above[0]),
            (within[1], above[1]),
            (height, top),
            (slope, np.zeros(len(x))),
            (number, number),
        )
    )
    some = east > west
    return number[some], west[some], east[some], height[some], slope[some]


def _keyed(pair: Index, sign: Floats, size: Floats, cut: _Cut) -> Edges:
    """Sort the stretches of edges by pair and western end."""
    pair, sign = pair[cut[0]], sign[cut[0]]
    _, west, east, height, slope = cut
    width = size[pair, 0]
    key = 2.0 * pair + west / width
    by = np.argsort(key)
    key_east = 2.0 * pair + east / width
    return Edges(
        pair[by], key[by], key_east[by], west[by], east[by], height[by], slope[by], sign[by]
    )


def _expanded(first: Index, count: Index) -> Iterator[tuple[Index, Index]]:
    """Numbers of edges and of the ones they meet, in blocks that fit the cache."""
    ends = np.cumsum(count)
    start = 0
    while start < len(count):
        before = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, before + _BLOCK)), start + 1)
        some = count[start:stop]
        edge = np.repeat(np.arange(start, stop), some)
        skip = np.repeat(ends[start:stop] - some - before, some)
        yield edge, first[edge] + np.arange(len(edge)) - skip
        start = stop


def _under_both(edges: Edges, k: Index, others: Edges, m: Index) -> Floats:
    """Signed area under both edges of each meeting."""
    west, east = (
        np.maximum(edges.west[k], others.west[m]),
        np.minimum(edges.east[k], others.east[m]),
    )
    width = np.maximum(east - west, 0)
    slope, other_slope = edges.slope[k], others.slope[m]
    height = edges.height[k] + slope * (west - edges.west[k])
    other = others.height[m] + other_slope * (west - others.west[m])
    gap_west = height - other
    gap_east = gap_west + (slope - other_slope) * width
    apart = np.abs(gap_west) + np.abs(gap_east)
    crossing = gap_west * gap_east < 0
    apart[crossing] = (gap_west[crossing] ** 2 + gap_east[crossing] ** 2) / apart[crossing]
    both = 2 * (height + other) + (slope + other_slope) * width
    under: Floats = edges.sign[k] * others.sign[m] * width * (both - apart) / 4
    return under
