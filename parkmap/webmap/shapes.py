"""Shapes as the page draws them: longitudes and latitudes in millionths of a degree, as text.

A ring is its first vertex and the steps from vertex to vertex, x and y in turn. A number ``n`` is
written as ``2 n``, or ``-2 n - 1`` below zero, five bits a letter, lowest first; a letter from the
second half of ``LETTERS`` says that more follow. ``;`` begins a polygon's outer ring, ``,`` a hole.
That is a seventh of the bytes of GeoJSON and exact to the sixth decimal (about 0.1 m), which is for
looking at; areas and widths were measured on the parks as they came. No letter needs escaping.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from parkmap import geodesy

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

SCALE = 1_000_000
WGS84 = "EPSG:4326"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: Vertices drawn as they are; more of them are thinned out by one of the tolerances (degrees; 1e-5
#: is about a metre), the first that brings them under the budget or else the last.
VERTEX_BUDGET = 300_000
TOLERANCES = (1e-5, 2e-5, 5e-5, 1e-4)

_BYTES = np.frombuffer(LETTERS.encode(), dtype=np.uint8)
_SAMPLE = 300
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
    tolerance
        Degrees by which outlines were thinned out at most; 0 if they were not.

    Examples
    --------
    >>> Drawing([""], [None], 0.0).tolerance
    0.0
    """

    rings: list[str]
    at: list[list[int] | None]
    tolerance: float


def drawing(layer: gpd.GeoSeries, *, budget: int = VERTEX_BUDGET) -> Drawing:
    """Write shapes for the page.

    Parameters
    ----------
    layer
        Shapes with a CRS; without one they are taken to be longitudes and latitudes.
    budget
        Vertices up to which nothing is left out.

    Returns
    -------
    The drawing. Where vertices were left out, borders that two rows shared are still shared.

    Examples
    --------
    >>> import geopandas as gpd
    >>> drawing(gpd.GeoSeries([shapely.box(0, 0, 1e-6, 2e-6)], crs=4326)).rings
    [';CAAEBAAD']
    """
    shapes = _geographic(layer)
    step = _tolerance(shapes, budget)
    if step:
        shapes = _thinned(shapes, step)
    batches = [shapes[k : k + _BATCH] for k in range(0, len(shapes), _BATCH)]
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(encoded, batches))
    return Drawing([text for batch in texts for text in batch], anchors(shapes), step)


def _geographic(layer: gpd.GeoSeries) -> NDArray[np.object_]:
    if layer.crs is None:
        return np.asarray(layer.array, dtype=object)
    batches = [layer.iloc[k : k + _BATCH] for k in range(0, len(layer), _BATCH)]
    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(lambda batch: np.asarray(batch.to_crs(WGS84).array), batches))
    return np.concatenate([np.zeros(0, dtype=object), *moved])


def _tolerance(shapes: NDArray[np.object_], budget: int) -> float:
    """Choose, by a sample, the least tolerance that meets the budget; 0 if nothing must go."""
    total = int(shapely.get_num_coordinates(shapes).sum())
    if total <= budget:
        return 0.0
    sample = shapes[:: max(1, len(shapes) // _SAMPLE)]
    allowed = budget / total * shapely.get_num_coordinates(sample).sum()
    for step in TOLERANCES:
        if shapely.get_num_coordinates(shapely.simplify(sample, step)).sum() <= allowed:
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
        found = pool.map(lambda batch: shapely.simplify(shapes[batch], step), batches)
        for batch, simple in zip(batches, found, strict=True):
            thinned[batch] = simple
        thinned[together] = joint.result()
    return np.where(shapely.is_empty(thinned), shapes, thinned)


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


def encoded(shapes: NDArray[np.object_]) -> list[str]:
    """Write the polygons of shapes as text.

    Parameters
    ----------
    shapes
        Shapes in longitudes and latitudes; points and lines have no polygons.

    Returns
    -------
    A text a shape, see the head of this module.

    Examples
    --------
    >>> encoded(np.array([shapely.box(0, 0, 1e-6, 2e-6), None, shapely.Point(0, 0)]))
    [';CAAEBAAD', '', '']
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    polygon = shapely.get_type_id(parts) == 3
    rings, part = shapely.get_rings(parts[polygon], return_index=True)
    if not len(rings):
        return [""] * len(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.diff(ring, prepend=-1) > 0
    points = np.rint(xy * SCALE).astype(np.int64)
    steps = np.where(first[:, None], points, np.diff(points, axis=0, prepend=0))
    closing = np.diff(ring, append=-1) != 0
    kept = first | (steps.any(axis=1) & ~closing)
    outer = np.diff(part, prepend=-1) > 0
    text, ends = _written(steps[kept], first[kept], outer)
    whose = owner[polygon][part]  # of each ring
    cut = np.searchsorted(whose, np.arange(len(shapes) + 1))
    starts = np.append(ends, len(text))[cut]
    return [text[a:b] for a, b in pairwise(starts)]


def _written(
    steps: NDArray[np.int64], first: NDArray[np.bool_], outer: NDArray[np.bool_]
) -> tuple[str, NDArray[np.int64]]:
    """Return the letters of all rings, and where each ring begins."""
    numbers = np.where(steps < 0, -2 * steps - 1, 2 * steps).ravel()
    lengths = np.ones(len(numbers), dtype=np.int64)
    rest = numbers >> 5
    while rest.any():
        lengths += rest > 0
        rest >>= 5
    begins = np.zeros(len(numbers), dtype=np.int64)
    begins[::2] = first  # a sign before the first number of a ring
    at = np.cumsum(lengths + begins) - lengths
    letters = np.zeros(int(at[-1] + lengths[-1]), dtype=np.uint8)
    ends = at[begins > 0] - 1
    letters[ends] = np.where(outer, ord(";"), ord(","))
    for place in range(int(lengths.max())):
        longer = np.flatnonzero(lengths > place)
        digit = (numbers[longer] >> (5 * place)) & 31
        digit += 32 * (lengths[longer] > place + 1)
        letters[at[longer] + place] = _BYTES[digit]
    return letters.tobytes().decode("ascii"), ends


def anchors(shapes: NDArray[np.object_]) -> list[list[int] | None]:
    """Find the points that labels or numbers stand on.

    Parameters
    ----------
    shapes
        Shapes in longitudes and latitudes.

    Returns
    -------
    For each ``[x, y]`` in millionths of a degree, inside its largest polygon; None without a shape.

    Examples
    --------
    >>> anchors(np.array([shapely.box(0, 0, 2, 4), None]))
    [[1000000, 2000000], None]
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    ordered = np.lexsort((-shapely.area(parts), owner))  # stable: of equals the first
    largest = ordered[np.flatnonzero(np.diff(owner[ordered], prepend=-1))]
    points = shapely.point_on_surface(parts[largest])
    at: list[list[int] | None] = [None] * len(shapes)
    where = np.rint(shapely.get_coordinates(points) * SCALE).astype(np.int64).tolist()
    for row, point in zip(owner[largest].tolist(), where, strict=True):
        at[row] = point
    return at
