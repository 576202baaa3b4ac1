"""Control lines: parks against farmland, ecological red lines and growth boundaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from parkmap import geodesy, schema
from parkmap.overlap import ground, overlay
from parkmap.overlap.relations import is_sliver
from parkmap.schema import Criteria

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

#: ``control`` the line's name, ``relation`` control or sliver, ``widest_m`` the widest place.
CONTROL_COLUMNS = ("control", "relation", "area_m2", "share", "mean_width_m", "widest_m")


def control_overlaps(
    parks: gpd.GeoDataFrame,
    control: gpd.GeoDataFrame,
    *,
    name: str,
    sliver_width_m: float = Criteria.sliver_width_m,
    sliver_area_m2: float = Criteria.sliver_area_m2,
) -> gpd.GeoDataFrame:
    """Measure how much of each park lies on controlled land.

    Parameters
    ----------
    parks
        The parks table.
    control
        The controlled land (permanent farmland, an ecological red line ...); where its polygons
        overlap one another, ground counts once.
    name
        What the control line is called.
    sliver_width_m, sliver_area_m2
        See :class:`parkmap.Criteria`.

    Returns
    -------
    One row a park that shares ground, indexed by ``park_id``, sorted: ``control``, ``relation``
    (``"control"`` or ``"sliver"``), ``area_m2``, ``share`` of the park, ``mean_width_m``,
    ``widest_m`` and ``geometry``.

    Raises
    ------
    CRSError
        If a layer has no CRS, or one that is not tied to the earth.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 1000)], index=["a"], crs=4544)
    >>> farmland = gpd.GeoDataFrame(geometry=[box(900, 0, 2000, 1000)], crs=4544)
    >>> found = control_overlaps(parks, farmland, name="永久基本农田")
    >>> found["relation"].tolist(), found["share"].round(3).tolist()
    (['control'], [0.1])
    """
    table, shapes, lines = _layers(parks, control)
    found = [_joined(overlay.with_all(*near)) for near in _near(shapes, lines)]
    return _control_table(table, shapes, found, name, (sliver_width_m, sliver_area_m2))


def outside_control(
    parks: gpd.GeoDataFrame,
    control: gpd.GeoDataFrame,
    *,
    name: str,
    sliver_width_m: float = Criteria.sliver_width_m,
    sliver_area_m2: float = Criteria.sliver_area_m2,
) -> gpd.GeoDataFrame:
    """Measure how much of each park lies outside a boundary that should hold it.

    Parameters
    ----------
    parks
        The parks table.
    control
        The land inside, such as an urban development boundary.
    name
        What the boundary is called.
    sliver_width_m, sliver_area_m2
        See :class:`parkmap.Criteria`.

    Returns
    -------
    As :func:`control_overlaps`, for the ground outside.

    Raises
    ------
    CRSError
        If a layer has no CRS, or one that is not tied to the earth.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 1000)], index=["a"], crs=4544)
    >>> growth = gpd.GeoDataFrame(geometry=[box(0, 0, 750, 1000)], crs=4544)
    >>> outside_control(parks, growth, name="城镇开发边界")["share"].round(3).tolist()
    [0.25]
    """
    table, shapes, lines = _layers(parks, control)
    found = [_joined(overlay.differences(*near)) for near in _near(shapes, lines)]
    return _control_table(table, shapes, found, name, (sliver_width_m, sliver_area_m2))


def _layers(
    parks: gpd.GeoDataFrame, control: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, Shapes, Shapes]:
    """Sorted parks, their polygons, and those of the control layer in the parks' coordinates."""
    table = schema.complete(parks).sort_index()
    geodesy.require_crs(table)
    geodesy.require_crs(control)
    here = control.geometry.to_crs(table.crs)
    shapes, lines = (np.asarray(layer.array, dtype=object) for layer in (table.geometry, here))
    table, shapes = table[ground.usable(shapes)], shapes[ground.usable(shapes)]
    return table, ground.sound_polygons(shapes), ground.sound_polygons(lines[ground.usable(lines)])


def _near(shapes: Shapes, lines: Shapes) -> Iterator[tuple[shapely.Geometry, Shapes]]:
    """Each park with the control polygons in its box."""
    tree = shapely.STRtree(lines)
    for shape in shapes:
        yield shape, lines[np.sort(tree.query(shape))]


def _joined(pieces: Shapes) -> Any:
    """One polygon of all pieces, each ground once; None if there is none."""
    pieces = pieces[ground.is_land(pieces)]
    if len(pieces) < 2:
        return pieces[0] if len(pieces) else None
    return overlay.polygons_only(np.array([shapely.union_all(pieces)], dtype=object))[0]


def _control_table(
    table: gpd.GeoDataFrame,
    shapes: Shapes,
    found: list[Any],
    name: str,
    sliver: tuple[float, float],
) -> gpd.GeoDataFrame:
    pieces = np.array(found, dtype=object)
    there = ~shapely.is_missing(pieces)
    pieces, crs = pieces[there], table.crs
    area, perimeter = geodesy.ellipsoidal_area_perimeter(pieces, crs)
    width = 2 * area / perimeter
    noise = is_sliver(pieces, crs, width, area, width_m=sliver[0], area_m2=sliver[1])
    columns = {
        "control": [name] * len(pieces),
        "relation": np.where(noise, "sliver", "control").astype(object),
        "area_m2": area,
        "share": np.minimum(area / geodesy.ellipsoidal_area(shapes[there], crs), 1.0),
        "mean_width_m": width,
        "widest_m": _widest(geodesy.local_planes(pieces, crs)),
    }
    frame = pd.DataFrame(columns, index=table.index[there], columns=list(CONTROL_COLUMNS))
    return gpd.GeoDataFrame(frame, geometry=pieces, crs=crs)


def _widest(plane: Shapes) -> NDArray[np.float64]:
    """Width of the widest place: the diameter of the largest circle inside."""
    widths = np.zeros(len(plane))
    for i, piece in enumerate(plane):
        tolerance = max(0.01 * np.sqrt(piece.area), 0.01)
        widths[i] = 2 * shapely.maximum_inscribed_circle(piece, tolerance=tolerance).length
    return widths
