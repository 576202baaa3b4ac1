"""Lot-like outlines for schematic parks, made from seeds alone.

A lot is a clump of street blocks with bent streets, a few chamfered corners and often one side that
follows a river. `fit` scales it until it has the area asked for, outside or inside other shapes.
Plane coordinates are metres in an equal-area projection of WGS 84.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon
from shapely.ops import transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

DECIMALS = 7
GEOD = pyproj.Geod(ellps="WGS84")
Point = tuple[float, float]


class Plane:
    """Equal-area metres around a centre, and back."""

    def __init__(self, lon: float, lat: float) -> None:
        laea = f"+proj=laea +lon_0={lon} +lat_0={lat} +ellps=WGS84 +units=m"
        self._there = pyproj.Transformer.from_crs("EPSG:4326", laea, always_xy=True).transform
        self._back = pyproj.Transformer.from_crs(laea, "EPSG:4326", always_xy=True).transform

    def xy(self, lon: float, lat: float) -> Point:
        return self._there(lon, lat)

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        return transform(self._there, shape)

    def degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """WGS 84 with 7 decimals (about 1 cm), rings wound as RFC 7946 asks."""
        plain = shapely.transform(
            transform(self._back, shape), lambda xy: np.round(xy, DECIMALS) + 0.0
        )
        return shapely.orient_polygons(plain.normalize(), exterior_cw=False)


def hectares(shape: BaseGeometry) -> float:
    """Ellipsoidal area of a shape in degrees."""
    return abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e4


def parts(shape: BaseGeometry) -> list[Polygon]:
    found = getattr(shape, "geoms", [shape])
    return [part for part in found if isinstance(part, Polygon) and not part.is_empty]


def gather(pieces: list[Polygon]) -> BaseGeometry:
    return pieces[0] if len(pieces) == 1 else MultiPolygon(pieces)


def lot(seed: str, *, stretch: float = 1.0, angle: float = 0.0) -> Polygon:
    """An outline of area 1 around the origin; the same seed gives the same outline."""
    rng = random.Random(seed)
    clump = _blocks(rng)
    if rng.random() < 0.65:
        clump = _riverside(clump, rng)
    clump = _chamfer(_plain(clump), rng)
    root = math.sqrt(stretch)
    shape = affinity.scale(clump, root, 1 / root, origin=(0, 0))
    shape = affinity.rotate(shape, angle, origin=(0, 0))
    return _unit(shape)


def fit(
    outline: Polygon,
    centre: Point,
    area_ha: float,
    *,
    avoid: BaseGeometry,
    within: BaseGeometry | None = None,
) -> Polygon:
    """Scale an outline at its place until what remains of it has the area."""

    def drawn(side: float) -> Polygon:
        shape: BaseGeometry = affinity.scale(outline, side, side, origin=(0, 0))
        shape = affinity.translate(shape, *centre)
        if within is None and not shape.intersects(avoid):
            return _largest(shape)
        if within is not None:
            shape = shape.intersection(within)
        shape = shape.difference(avoid)
        return _largest(_opened(_largest(shape), 12.0))

    return _bisect(drawn, area_ha * 1e4)


def with_hole(shape: Polygon, outline: Polygon, centre: Point, hole_ha: float) -> Polygon:
    side = math.sqrt(hole_ha * 1e4)
    hole = affinity.translate(affinity.scale(outline, side, side, origin=(0, 0)), *centre)
    return shape.difference(hole)


def apart(shapes: list[Polygon], gap_m: float) -> BaseGeometry:
    """The land to stay off: shapes with a road around them."""
    roads = [shape.buffer(gap_m, join_style="mitre", mitre_limit=2.0) for shape in shapes]
    return shapely.union_all(roads)


def _bisect(drawn: Callable[[float], Polygon], target: float) -> Polygon:
    low, high = math.sqrt(target) * 0.5, math.sqrt(target) * 4.0
    for _ in range(60):
        side = (low + high) / 2
        low, high = (side, high) if drawn(side).area < target else (low, side)
    shape = drawn(high)
    if abs(shape.area / target - 1) > 1e-6:
        msg = f"no scale gives {target / 1e4:.2f} ha (found {shape.area / 1e4:.2f})"
        raise ValueError(msg)
    return shape


def _blocks(rng: random.Random) -> Polygon:
    """Street blocks grown around the middle of a bent, uneven grid."""
    n = 6
    xs, ys = (_lines(rng, n) for _ in range(2))
    nodes = {
        (i, j): (xs[i] + rng.uniform(-0.09, 0.09), ys[j] + rng.uniform(-0.09, 0.09))
        for i in range(n + 1)
        for j in range(n + 1)
    }
    chosen = {(n // 2, n // 2)}
    goal = rng.randint(17, 22)
    while len(chosen) < goal:
        edge = sorted(_neighbours(chosen, n) - chosen)
        weights = [_pull(cell, chosen, xs, ys) for cell in edge]
        chosen.add(rng.choices(edge, weights)[0])
    quads = [
        Polygon([nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]])
        for i, j in sorted(chosen)
    ]
    return Polygon(_largest(shapely.union_all(quads)).exterior)


def _lines(rng: random.Random, n: int) -> list[float]:
    steps = [rng.uniform(0.65, 1.35) for _ in range(n)]
    total = sum(steps)
    return [n * (sum(steps[:k]) / total - 0.5) for k in range(n + 1)]


def _neighbours(cells: set[tuple[int, int]], n: int) -> set[tuple[int, int]]:
    around = {(i + di, j + dj) for i, j in cells for di, dj in ((1, 0), (-1, 0), (0, 1), (0, -1))}
    return {(i, j) for i, j in around if 0 <= i < n and 0 <= j < n}


def _pull(
    cell: tuple[int, int], chosen: set[tuple[int, int]], xs: list[float], ys: list[float]
) -> float:
    """Near the middle and among many neighbours: a compact clump, not a snake."""
    i, j = cell
    middle = math.hypot((xs[i] + xs[i + 1]) / 2, (ys[j] + ys[j + 1]) / 2)
    touching = len({(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)} & chosen)
    return touching**3 * math.exp(-1.1 * middle)


def _riverside(shape: Polygon, rng: random.Random) -> Polygon:
    """Cut one side off along a winding line."""
    turned = affinity.rotate(shape, 90 * rng.randrange(4) + rng.uniform(-14, 14), origin=(0, 0))
    low, left, right = turned.bounds[1], turned.bounds[0], turned.bounds[2]
    depth, sway, phase = rng.uniform(0.35, 0.75), rng.uniform(0.12, 0.26), rng.uniform(0, 6.28)
    line = [
        (left - 1 + (right - left + 2) * k / 14, low + depth + sway * math.sin(phase + 0.75 * k))
        for k in range(15)
    ]
    river = Polygon([*line, (right + 1, low - 3), (left - 1, low - 3)])
    return _largest(turned.difference(river))


def _plain(shape: Polygon) -> Polygon:
    return Polygon(shape.simplify(0.04).exterior)


def _chamfer(shape: Polygon, rng: random.Random) -> Polygon:
    """Cut some right-angled outer corners, as roads do at crossings."""
    ring = shapely.get_coordinates(shapely.orient_polygons(shape).exterior)[:-1].tolist()
    cut: list[Point] = []
    for before, here, after in zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False):
        a, b = math.dist(before, here), math.dist(here, after)
        if min(a, b) < 0.5 or rng.random() > 0.4:
            cut.append(tuple(here))
            continue
        size = rng.uniform(0.12, 0.3) * min(a, b)
        cut.extend((_along(here, before, size / a), _along(here, after, size / b)))
    tidy = Polygon(cut)
    return tidy if tidy.is_valid else shape


def _along(start: Point, end: Point, share: float) -> Point:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _unit(shape: Polygon) -> Polygon:
    side = 1 / math.sqrt(shape.area)
    centre = shape.centroid
    moved = affinity.translate(shape, -centre.x, -centre.y)
    return affinity.scale(moved, side, side, origin=(0, 0))


def _opened(shape: Polygon, width: float) -> BaseGeometry:
    """Without spikes and threads that carving may leave."""
    inner = shape.buffer(-width, join_style="mitre", mitre_limit=3.0)
    return inner.buffer(width, join_style="mitre", mitre_limit=3.0)


def _largest(shape: BaseGeometry) -> Polygon:
    found = parts(shape)
    return max(found, key=lambda part: part.area) if found else Polygon()
