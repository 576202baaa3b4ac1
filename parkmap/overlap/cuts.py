"""Intersections of polygons whose outlines cross clearly, many pairs at a time.

Where no vertex comes near the other outline, every question (which edges cross, in which order,
what lies inside) has an answer beyond rounding, and the shared polygon is read off the two
outlines. Pairs with any doubtful answer, such as parks along one border, are left to the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from parkmap.overlap.outlines import Outlines, meeting_edges, outlines, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: What comes nearer than this part of the largest coordinate is doubtful (3 micrometres at
#: 3,000 km): thousands of units in the last place, far beyond what rounding can turn round.
NEAR = 2.0**-40
_ORIENTATION = 2.0**-50  # relative error of an orientation (Shewchuk 1997), with room to spare
_MOST_CROSSINGS = 256  # of a pair; beyond, the engine is as fast
_LARGE = 512  # vertices from which a polygon is prepared for many questions


class _Crossings(NamedTuple):
    """Where outlines cross, in the order of their first sides."""

    pair: Index
    edges: tuple[Index, Index]  # of the first and of the second outline
    along: tuple[Floats, Floats]  # part of each edge that lies before the crossing
    loose: tuple[Floats, Floats]  # how far along it may be otherwise
    enters: Mask  # the first outline enters the second polygon here


class _Rings(NamedTuple):
    """Rings of the shared ground, each with its pair and number of points, points in a row."""

    pair: Index
    xy: Floats
    points: Index


def clear_cuts(shapes: Shapes, first: Index, second: Index) -> tuple[Shapes, Mask]:
    """Intersect valid polygons pair by pair, where their outlines leave no doubt.

    Parameters
    ----------
    shapes
        Array of valid polygons or multipolygons.
    first, second
        Positions of the two polygons of each pair.

    Returns
    -------
    The intersections (None where there is none) and which of them are certain; where they are not,
    the first says nothing.

    Notes
    -----
    The side of a line that a point lies on is certain where its determinant is beyond the error
    bound of Shewchuk (1997, doi:10.1007/PL00009321) and the point farther from the line than
    :data:`NEAR`. With land to the left, the shared outline follows the first outline where it runs
    inside the second polygon, and the second where it runs inside the first.

    Examples
    --------
    >>> shapes = [shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3), shapely.box(2, 0, 3, 2)]
    >>> pieces, certain = clear_cuts(np.array(shapes), np.array([0, 0]), np.array([1, 2]))
    >>> pieces[0].area, certain.tolist()  # the last two share a border
    (1.0, [True, False])
    """
    lines = outlines(shapes)
    reach = np.abs(lines.boxes).max(axis=1, initial=0)
    certain = np.ones(len(first), dtype=bool)
    found = _crossings(
        lines, (first, second), NEAR * np.maximum(reach[first], reach[second]), certain
    )
    joined = _joined(lines, found, certain)
    pieces, whole = _uncrossed(lines, shapes, (first, second), found, certain)
    _assemble(pieces, lines, joined, whole, certain)
    several = np.diff(lines.shape_ring) > 1  # of such, rings that touch may be joined
    asked = np.flatnonzero(certain & (several[first] | several[second]))
    certain[asked] &= shapely.is_valid(pieces[asked]) | shapely.is_missing(pieces[asked])
    return pieces, certain


def _crossings(
    lines: Outlines, sides: tuple[Index, Index], near: Floats, certain: Mask
) -> _Crossings:
    """All proper crossings; pairs with a doubtful one are marked."""
    pair, a, b = meeting_edges(lines, *sides)
    xa, ya, xb, yb = lines.x[a], lines.y[a], lines.x[b], lines.y[b]
    dxa, dya = lines.x[lines.after[a]] - xa, lines.y[lines.after[a]] - ya
    dxb, dyb = lines.x[lines.after[b]] - xb, lines.y[lines.after[b]] - yb
    x, y = xa - xb, ya - yb
    turn = dxb * dya, dyb * dxa
    change = turn[0] - turn[1]
    apart = np.zeros(len(pair), dtype=bool)
    clear = ~apart
    starts, slack = [], []
    for dx, dy, sign in ((dxb, dyb, 1.0), (dxa, dya, -1.0)):
        left, right = dx * y, dy * x
        tail = sign * (left - right)
        head = tail + sign * change
        gap = np.abs(left) + np.abs(right) + np.abs(turn[0]) + np.abs(turn[1])
        gap = _ORIENTATION * gap + near[pair] * np.hypot(dx, dy)
        apart |= (np.minimum(tail, head) > gap) | (np.maximum(tail, head) < -gap)
        clear &= np.minimum(np.abs(tail), np.abs(head)) > gap
        starts.append(tail)
        slack.append(gap)
    certain[pair[~apart & ~clear]] = False
    certain &= np.bincount(pair[~apart], minlength=len(certain)) <= _MOST_CROSSINGS
    keep = np.flatnonzero(~apart & clear & certain[pair])
    pair, a, b, change = pair[keep], a[keep], b[keep], change[keep]
    by = np.lexsort((-starts[0][keep] / change, a, pair))
    keep, pair, a, b, change = keep[by], pair[by], a[by], b[by], change[by]
    along = -starts[0][keep] / change, starts[1][keep] / change
    width = np.abs(change)
    loose = slack[0][keep] / width, slack[1][keep] / width
    return _Crossings(pair, (a, b), along, loose, change > 0)


def _joined(lines: Outlines, found: _Crossings, certain: Mask) -> _Rings:
    """Rings that change from one outline to the other at every crossing."""
    ahead = _ahead(lines, found, certain)
    succ = np.where(found.enters, *ahead)
    label, jump = np.arange(len(succ)), succ
    for _ in range(_MOST_CROSSINGS.bit_length()):
        label, jump = np.minimum(label, label[jump]), jump[jump]
    start = np.flatnonzero((label == np.arange(len(succ))) & certain[found.pair])
    at, cycle, steps = start, np.arange(len(start)), []
    while len(at):
        steps.append((cycle, at))
        at = succ[at]
        going = at != start[cycle]
        at, cycle = at[going], cycle[going]
    if not steps:
        return _Rings(start, np.zeros((0, 2)), start)
    cycle, at = (np.concatenate(column) for column in zip(*steps, strict=True))
    by = np.argsort(cycle, kind="stable")
    cycle, at = cycle[by], at[by]
    xy, count = _portions(lines, found, at, succ[at])
    return _Rings(found.pair[start], xy, np.bincount(cycle, count).astype(np.int64))


def _ahead(lines: Outlines, found: _Crossings, certain: Mask) -> tuple[Index, Index]:
    """Next crossing along either outline; pairs of doubtful order are marked."""
    ahead = []
    for edge, along, loose in zip(found.edges, found.along, found.loose, strict=True):
        by = np.lexsort((along, edge, found.pair))
        pair, ring = found.pair[by], lines.ring[edge[by]]
        ends = np.append((pair[1:] != pair[:-1]) | (ring[1:] != ring[:-1]), True)[: len(by)]
        first = np.append(0, np.flatnonzero(ends)[:-1] + 1)[: int(ends.sum())]
        following = np.arange(1, len(by) + 1)
        following[ends] = first
        later = by[following]
        certain[pair[found.enters[by] == found.enters[later]]] = False
        close = along[later] - along[by] <= loose[later] + loose[by]
        certain[pair[~ends & (edge[by] == edge[later]) & close]] = False
        ahead.append(np.empty_like(by))
        ahead[-1][by] = later
    return ahead[0], ahead[1]


def _portions(lines: Outlines, found: _Crossings, at: Index, until: Index) -> tuple[Floats, Index]:
    """Points from each crossing along its outline up to the next, without the latter."""
    enters = found.enters[at]
    edge, end = (np.where(enters, *(side[k] for side in found.edges)) for k in (at, until))
    along, reach = (np.where(enters, *(side[k] for side in found.along)) for k in (at, until))
    first, last = (lines.ring_first[lines.ring[edge] + k] for k in (0, 1))
    size = last - first
    count = (end - edge) % size
    count[(count == 0) & (reach < along)] = size[(count == 0) & (reach < along)]
    total = np.cumsum(count + 1)
    xy = np.empty((total[-1], 2))
    place = total - count - 1
    a = found.edges[0][at]  # the same point from whichever side it is met
    start = np.stack([lines.x[a], lines.y[a]], axis=1)
    step = np.stack([lines.x[lines.after[a]], lines.y[lines.after[a]]], axis=1) - start
    xy[place] = start + found.along[0][at][:, None] * step
    which, number = ranges(edge - first + 1, count)
    vertex = first[which] + number % size[which]
    _, place = ranges(place + 1, count)
    xy[place, 0], xy[place, 1] = lines.x[vertex], lines.y[vertex]
    return xy, count + 1


def _uncrossed(
    lines: Outlines,
    shapes: Shapes,
    sides: tuple[Index, Index],
    found: _Crossings,
    certain: Mask,
) -> tuple[Shapes, tuple[Index, Index]]:
    """Pairs of which one park lies in the other whole; and single rings inside, with their pair."""
    pieces = np.full(len(certain), None, dtype=object)
    starts = lines.ring_first[:-1]
    low, high = (
        np.stack([bound.reduceat(values, starts) for values in (lines.x, lines.y)], axis=1)
        for bound in (np.minimum, np.maximum)
    )
    inside = []
    for mine, theirs, edges in zip(sides, sides[::-1], found.edges, strict=True):
        start = lines.shape_ring[mine]
        pair, ring = ranges(start, (lines.shape_ring[mine + 1] - start) * certain)
        box = lines.boxes[theirs[pair]]
        here = (low[ring] >= box[:, :2]).all(axis=1) & (high[ring] <= box[:, 2:]).all(axis=1)
        crossed = found.pair * len(low) + lines.ring[edges]
        here &= ~np.isin(pair * len(low) + ring, crossed)
        pair, ring = pair[here], ring[here]
        vertex = lines.ring_first[ring]
        held = _holds(shapes, theirs[pair], lines.x[vertex], lines.y[vertex])
        inside.append((pair[held], ring[held]))
    counts = [np.bincount(pair, minlength=len(certain)) for pair, _ in inside]
    for mine, held_of, others in ((sides[0], *counts), (sides[1], *counts[::-1])):
        rings = lines.shape_ring[mine + 1] - lines.shape_ring[mine]
        whole = (held_of == rings) & (others == 0)
        pieces[whole] = shapes[mine[whole]]
    pair, ring = (np.concatenate(column) for column in zip(*inside, strict=True))
    single = shapely.is_missing(pieces)[pair]
    return pieces, (pair[single], ring[single])


def _holds(shapes: Shapes, which: Index, x: Floats, y: Floats) -> Mask:
    """Whether polygons hold points that are on no outline."""
    asked = np.unique(which)
    solid = shapes.copy()
    large = asked[shapely.get_num_coordinates(shapes[asked]) > _LARGE]
    solid[large] = shapely.force_2d(shapes[large])  # copies: preparing leaves a mark
    shapely.prepare(solid[large])
    held: Mask = shapely.intersects_xy(solid[which], x, y)
    return held


def _assemble(
    pieces: Shapes,
    lines: Outlines,
    joined: _Rings,
    whole: tuple[Index, Index],
    certain: Mask,
) -> None:
    """Make polygons of rings; pairs whose rings could belong together in two ways are marked."""
    owner, ring = whole
    size = lines.ring_first[ring + 1] - lines.ring_first[ring]
    _, vertex = ranges(lines.ring_first[ring], size)
    xy = np.concatenate([joined.xy, np.stack([lines.x[vertex], lines.y[vertex]], axis=1)])
    pair, count = np.append(joined.pair, owner), np.append(joined.points, size)
    if not len(pair):
        return
    hole = np.append(_clockwise(joined), lines.hole[ring])
    rings = shapely.linearrings(xy, indices=np.repeat(np.arange(len(count)), count))
    shells = np.bincount(pair[~hole], minlength=len(certain))
    certain &= (shells == 1) | (np.bincount(pair[hole], minlength=len(certain)) == 0)
    by = np.lexsort((hole, pair))
    by = by[certain[pair[by]]]
    pair, hole, rings = pair[by], hole[by], rings[by]
    parts = shapely.polygons(rings, indices=np.cumsum(~hole) - 1)  # a shell, and its holes
    of = pair[~hole]
    alone, several = shells[of] == 1, shells[of] > 1
    pieces[of[alone]] = parts[alone]
    owners, number = np.unique(of[several], return_inverse=True)
    pieces[owners] = shapely.multipolygons(parts[several], indices=number)


def _clockwise(rings: _Rings) -> Mask:
    """Whether rings run round what is not shared."""
    first = np.cumsum(rings.points) - rings.points
    x, y = (rings.xy - np.repeat(rings.xy[first], rings.points, axis=0)).T
    following = np.arange(1, len(x) + 1)
    following[np.cumsum(rings.points) - 1] = first
    twice = x * y[following] - y * x[following]
    clockwise: Mask = np.bincount(np.repeat(np.arange(len(first)), rings.points), twice) < 0
    return clockwise
