"""Shapes as the page draws them: longitudes and latitudes in millionths of a degree, as text.

A ring is its first vertex and the steps from vertex to vertex, x and y in turn. A number ``n`` is
written as ``2 n``, or ``-2 n - 1`` below zero, five bits a letter, lowest first; a letter from the
second half of ``LETTERS`` says that more follow. ``;`` begins a polygon's outer ring, ``,`` a hole,
``:`` a line, which does not close, or with one vertex a point.
That is a seventh of the bytes of GeoJSON and exact to the sixth decimal (about 0.1 m), which is for
looking at; areas and widths were measured on the parks as they came. No letter needs escaping.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from parkmap import geodesy

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

SCALE = 1_000_000
WGS84 = "EPSG:4326"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: Vertices drawn as they are; more of them are thinned out by one of the tolerances (degrees; 1e-5
#: is about a metre), the first that brings them under the budget or else the last.
VERTEX_BUDGET = 300_000
TOLERANCES = (1e-5, 2e-5, 5e-5, 1e-4)

_BYTES = np.frombuffer(LETTERS.encode(), dtype=np.uint8)
_DEGREE_M = 1e5
_SEVERAL = 6  # shapely's number of a multipolygon
_LINES = (1, 5)  # of lines, one and several
_SAMPLE = 100
_BATCH = 512  # rows whose vertices fit the processor's cache


@dataclass(frozen=True)
class Drawing:
    """Shapes ready for the page.

    Parameters
    ----------
    rings
        A text a row, ``""`` where it has no polygon.
    at
        Where its label stands: ``[x, y]`` in millionths of a degree inside the largest polygon;
        None without a shape.
    boxes
        How far the shape reaches from there west, south, east and north, in the same unit.
    tolerance
        Degrees by which outlines were thinned out at most; 0 if they were not.

    Examples
    --------
    >>> Drawing([""], [None], [None], 0.0).tolerance
    0.0
    """

    rings: list[str]
    at: list[list[int] | None]
    boxes: list[list[int] | None]
    tolerance: float


def drawing(
    layer: gpd.GeoSeries, *, budget: int = VERTEX_BUDGET, with_lines: bool = False
) -> Drawing:
    """Write shapes for the page.

    Parameters
    ----------
    layer
        Shapes with a CRS; without one they are taken to be longitudes and latitudes.
    budget
        Vertices up to which nothing is left out.
    with_lines
        Write lines and points too, not polygons alone.

    Returns
    -------
    The drawing. Where vertices were left out, borders that two rows shared are still shared.

    Examples
    --------
    >>> import geopandas as gpd
    >>> drawing(gpd.GeoSeries([shapely.box(0, 0, 1e-6, 2e-6)], crs=4326)).rings
    [';CAAEBAAD']
    """
    shapes = np.asarray(layer.array, dtype=object)
    unit = _degree(layer.crs)
    step = _tolerance(shapes, budget, unit)
    if step:
        shapes = _thinned(shapes, step * unit)
    shapes = _geographic(shapes, layer.crs)
    batches = [shapes[k : k + _BATCH] for k in range(0, len(shapes), _BATCH)]
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(partial(encoded, with_lines=with_lines), batches))
    at = anchors(shapes)
    return Drawing([text for batch in texts for text in batch], at, _reaches(shapes, at), step)


def _reaches(shapes: NDArray[np.object_], at: list[list[int] | None]) -> list[list[int] | None]:
    rows = [row for row, point in enumerate(at) if point is not None]
    bounds = np.rint(shapely.bounds(shapes[rows]) * SCALE)
    points = np.array([at[row] for row in rows], dtype=float).reshape(-1, 2)
    apart = np.abs(bounds - np.tile(points, 2)).astype(np.int64).tolist()
    boxes: list[list[int] | None] = [None] * len(shapes)
    for row, reach in zip(rows, apart, strict=True):
        boxes[row] = reach if any(reach) else None
    return boxes


def _degree(crs: CRS | None) -> float:
    """Return how many units of a system a degree is, about: metres and feet are counted north."""
    if crs is None:
        return 1.0
    unit = crs.axis_info[0].unit_conversion_factor
    return (np.pi / 180 if crs.is_geographic else _DEGREE_M) / unit


def _geographic(shapes: NDArray[np.object_], crs: CRS | None) -> NDArray[np.object_]:
    if crs is None:
        return shapes
    batches = [shapes[k : k + _BATCH] for k in range(0, len(shapes), _BATCH)]
    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(lambda batch: _moved(batch, crs), batches))
    return np.concatenate([np.zeros(0, dtype=object), *moved])


def _moved(shapes: NDArray[np.object_], crs: CRS) -> NDArray[np.object_]:
    return np.asarray(gpd.GeoSeries(shapes, crs=crs).to_crs(WGS84).array, dtype=object)


def _tolerance(shapes: NDArray[np.object_], budget: int, unit: float) -> float:
    """Choose, by a sample, the least tolerance that meets the budget; 0 if nothing must go."""
    total = int(shapely.get_num_coordinates(shapes).sum())
    if total <= budget:
        return 0.0
    sample = shapes[:: max(1, len(shapes) // _SAMPLE)]
    allowed = budget / total * shapely.get_num_coordinates(sample).sum()
    for step in TOLERANCES[:-1]:
        thin = shapely.simplify(sample, step * unit, preserve_topology=False)
        if shapely.get_num_coordinates(thin).sum() <= allowed:
            return step
    return TOLERANCES[-1]


def _thinned(shapes: NDArray[np.object_], step: float) -> NDArray[np.object_]:
    """Leave out vertices: rows that share a border as one coverage, the others one by one."""
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    rows = np.flatnonzero(polygonal)
    left, right = rows[shapely.STRtree(shapes[rows]).query(shapes[rows])]
    left, right = left[left < right], right[left < right]
    touching = shapely.touches(shapes[left], shapes[right])
    together = np.unique(np.concatenate([left[touching], right[touching]]))
    alone = np.setdiff1d(rows, together)
    batches = [alone[k : k + _BATCH] for k in range(0, len(alone), _BATCH)]
    thinned = shapes.copy()
    with ThreadPoolExecutor(2) as pool:
        joint = pool.submit(shapely.coverage_simplify, shapes[together], step)
        found = pool.map(lambda batch: _simpler(shapes[batch], step), batches)
        for batch, simple in zip(batches, found, strict=True):
            thinned[batch] = simple
        thinned[together] = joint.result()
    lines = np.isin(shapely.get_type_id(shapes), _LINES)
    thinned[lines] = shapely.simplify(shapes[lines], step, preserve_topology=False)
    return np.where(shapely.is_empty(thinned), shapes, thinned)


def _simpler(shapes: NDArray[np.object_], step: float) -> NDArray[np.object_]:
    """Thin out one by one; with care, which takes thrice as long, where haste would lose a part."""
    hasty = shapely.simplify(shapes, step, preserve_topology=False)
    lost = np.abs(shapely.bounds(hasty) - shapely.bounds(shapes)).max(axis=1) > step
    lost |= shapely.is_empty(hasty)
    for count in (shapely.get_num_geometries, shapely.get_num_interior_rings):
        lost |= count(hasty) != count(shapes)
    lost |= shapely.get_type_id(hasty) != shapely.get_type_id(shapes)
    several = shapely.get_type_id(shapes) == _SEVERAL  # their holes are not counted above
    careful = np.flatnonzero(lost | several)
    hasty[careful] = shapely.simplify(shapes[careful], step)
    return hasty


def hectares(layer: gpd.GeoDataFrame) -> list[float]:
    """Measure the drawn areas on the ellipsoid.

    Parameters
    ----------
    layer
        Shapes with a CRS.

    Returns
    -------
    Hectares, nan where a row has no land.

    Examples
    --------
    >>> import geopandas as gpd
    >>> hectares(gpd.GeoDataFrame(geometry=[shapely.Point(104, 30)], crs=4490))
    [nan]
    """
    if layer.crs is None:
        return [float("nan")] * len(layer)
    shapes = np.asarray(layer.geometry.array, dtype=object)
    batches = [shapes[k : k + _BATCH] for k in range(0, len(shapes), _BATCH)]
    with ThreadPoolExecutor(2) as pool:
        measured = pool.map(lambda batch: geodesy.ellipsoidal_area(batch, layer.crs), batches)
        areas = np.concatenate([np.zeros(0), *measured])
    return [float(area) / 1e4 if area > 0 else float("nan") for area in areas]


def encoded(shapes: NDArray[np.object_], *, with_lines: bool = False) -> list[str]:
    """Write the polygons of shapes as text.

    Parameters
    ----------
    shapes
        Shapes in longitudes and latitudes; points and lines have no polygons.
    with_lines
        Write lines and points too.

    Returns
    -------
    A text a shape, see the head of this module.

    Examples
    --------
    >>> encoded(np.array([shapely.box(0, 0, 1e-6, 2e-6), None, shapely.Point(0, 0)]))
    [';CAAEBAAD', '', '']
    >>> encoded(np.array([shapely.LineString([(0, 0), (1e-6, 0)])]), with_lines=True)
    [':AACA']
    """
    rings, whose, signs = _rings(shapes, with_lines=with_lines)
    if not len(rings):
        return [""] * len(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.diff(ring, prepend=-1) > 0
    points = np.rint(xy * SCALE).astype(np.int32)  # 180 degrees, doubled, are 7.2e8
    steps = np.where(first[:, None], points, np.diff(points, axis=0, prepend=0))
    closing = (np.diff(ring, append=-1) != 0) & (signs[ring] != ord(":"))
    kept = first | (steps.any(axis=1) & ~closing)
    text, ends = _written(steps[kept], first[kept], signs)
    cut = np.searchsorted(whose, np.arange(len(shapes) + 1))
    starts = np.append(ends, len(text))[cut]
    return [text[a:b] for a, b in pairwise(starts)]


def _rings(
    shapes: NDArray[np.object_], *, with_lines: bool
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.uint8]]:
    """Return rings, the row each is of, and the sign that begins it."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    kind = shapely.get_type_id(parts)
    rings, part = shapely.get_rings(parts[kind == 3], return_index=True)
    signs = np.where(np.diff(part, prepend=-1) > 0, ord(";"), ord(",")).astype(np.uint8)
    whose = owner[kind == 3][part]
    if not with_lines:
        return rings, whose, signs
    others = np.isin(kind, (0, 1)) & ~shapely.is_empty(parts)
    rings = np.concatenate([rings, parts[others]])
    whose = np.concatenate([whose, owner[others]])
    signs = np.concatenate([signs, np.full(others.sum(), ord(":"), dtype=np.uint8)])
    order = np.argsort(whose, kind="stable")
    return rings[order], whose[order], signs[order]


def _written(
    steps: NDArray[np.int32], first: NDArray[np.bool_], signs: NDArray[np.uint8]
) -> tuple[str, NDArray[np.int64]]:
    """Return the letters of all rings, and where each ring begins."""
    numbers = np.where(steps < 0, -2 * steps - 1, 2 * steps).ravel().astype(np.uint32)
    lengths = np.ones(len(numbers), dtype=np.uint8)
    longest = 1
    while (longer_still := numbers >= 1 << (5 * longest)).any():
        lengths += longer_still
        longest += 1
    begins = np.zeros(len(numbers), dtype=np.uint8)
    begins[::2] = first  # a sign before the first number of a ring
    at = np.cumsum(lengths + begins, dtype=np.int64) - lengths
    letters = np.zeros(int(at[-1] + lengths[-1]), dtype=np.uint8)
    ends = at[begins > 0] - 1
    letters[ends] = signs
    rest = np.arange(len(numbers))
    for place in range(longest):
        longer = rest if place == 0 else rest[lengths[rest] > place]
        digit = (numbers[longer] >> np.uint32(5 * place)) & np.uint32(31)
        digit += np.uint32(32) * (lengths[longer] > place + 1)
        letters[at[longer] + place] = _BYTES[digit]
        rest = longer
    return letters.tobytes().decode("ascii"), ends


def anchors(shapes: NDArray[np.object_]) -> list[list[int] | None]:
    """Find the points that labels or numbers stand on.

    Parameters
    ----------
    shapes
        Shapes in longitudes and latitudes.

    Returns
    -------
    For each ``[x, y]`` in millionths of a degree, inside its largest polygon, or half-way along its
    longest line; None without a shape.

    Examples
    --------
    >>> anchors(np.array([shapely.box(0, 0, 2, 4), None]))
    [[1000000, 2000000], None]
    >>> anchors(np.array([shapely.LineString([(0, 0), (4, 0)])]))
    [[2000000, 0]]
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    lines = shapely.get_type_id(parts) == 1
    lengths = np.where(lines, shapely.length(parts), 0)
    ordered = np.lexsort((-lengths, -shapely.area(parts), owner))  # stable: of equals the first
    largest = ordered[np.flatnonzero(np.diff(owner[ordered], prepend=-1))]
    points = shapely.point_on_surface(parts[largest])
    long = lines[largest]
    points[long] = shapely.line_interpolate_point(parts[largest][long], 0.5, normalized=True)
    at: list[list[int] | None] = [None] * len(shapes)
    where = np.rint(shapely.get_coordinates(points) * SCALE).astype(np.int64).tolist()
    for row, point in zip(owner[largest].tolist(), where, strict=True):
        at[row] = point
    return at
