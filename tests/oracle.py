"""The area two polygons share, in exact rational arithmetic: what the engine is held against.

Slow and simple on purpose: the polygons are cut into vertical strips at every vertex and every
crossing, in which all edges are straight and do not cross; inside a strip land is a pile of
trapezoids. Coordinates are taken as the exact numbers that their floats are, and scaled by a power
of two to whole numbers, which is exact too.
"""

from fractions import Fraction
from itertools import pairwise

import shapely


def shared_area(one, other):
    """Exact shared area of two valid polygons or multipolygons, as a Fraction."""
    xy = [shapely.get_coordinates(shape).ravel().tolist() for shape in (one, other)]
    scale = max(value.as_integer_ratio()[1] for side in xy for value in side)
    first, second = _edges(one, scale), _edges(other, scale)
    cuts = {x for edge in first + second for x in (edge[0], edge[2])}
    cuts |= {x for a in first for b in second for x in _crossing(a, b)}
    cuts = sorted(cuts)
    total = Fraction(0)
    for west, east in pairwise(cuts):
        here = [[e for e in side if e[0] <= west and e[2] >= east] for side in (first, second)]
        if all(here):  # the height in the middle is the mean, as nothing crosses inside
            stack = [(_height(e, west + east), side) for side in (0, 1) for e in here[side]]
            total += (east - west) * _both(sorted(stack))
    return total / scale**2


def _both(stack):
    """Length of a vertical line inside both, by parity of the edges below."""
    inside, length, last = [False, False], Fraction(0), None
    for height, side in stack:
        if all(inside):
            length += height - last
        inside[side] = not inside[side]
        last = height
    return length


def _edges(shape, scale):
    """Edges that are not vertical, from west to east, as whole numbers x0, y0, x1, y1."""
    edges = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            points = [(int(Fraction(x) * scale), int(Fraction(y) * scale)) for x, y in ring.coords]
            for start, end in pairwise(points):
                if start[0] != end[0]:
                    edges.append((*min(start, end), *max(start, end)))
    return edges


def _height(edge, twice_x):
    x0, y0, x1, y1 = edge
    above = 2 * y0 * (x1 - x0) + (y1 - y0) * (twice_x - 2 * x0)
    return Fraction(above, 2 * (x1 - x0))


def _crossing(a, b):
    """Where two edges cross strictly inside their common stretch."""
    west, east = max(a[0], b[0]), min(a[2], b[2])
    if west >= east or min(a[1], a[3]) > max(b[1], b[3]) or min(b[1], b[3]) > max(a[1], a[3]):
        return ()
    gap_west = _height(a, 2 * west) - _height(b, 2 * west)
    gap_east = _height(a, 2 * east) - _height(b, 2 * east)
    if gap_west * gap_east >= 0:
        return ()
    return (west + (east - west) * gap_west / (gap_west - gap_east),)
