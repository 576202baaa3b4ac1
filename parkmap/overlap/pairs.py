"""Pairs of parks that share ground: the overlaps table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from parkmap import geodesy, schema
from parkmap.overlap import ground
from parkmap.overlap.relations import Measured, relations
from parkmap.schema import Criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray
    from pyproj import CRS

    Sides = tuple[NDArray[np.int64], NDArray[np.int64]]

_BATCH = 1024  # shapes measured at a time, so that their vertices fit the cache


def overlaps(
    parks: gpd.GeoDataFrame,
    *,
    sliver_width_m: float = Criteria.sliver_width_m,
    sliver_area_m2: float = Criteria.sliver_area_m2,
    duplicate_iou: float = Criteria.duplicate_iou,
    nested_share: float = Criteria.nested_share,
    nested_ratio: float = Criteria.nested_ratio,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
    adjacent_gap_m: float | None = Criteria.adjacent_gap_m,
    executor: Executor | None = None,
) -> gpd.GeoDataFrame:
    """Find every pair of parks whose interiors share area.

    Parameters
    ----------
    parks
        The parks table. Points, missing and empty geometries take no part; an invalid polygon that
        comes near another is repaired by structure for the comparison.
    sliver_width_m, sliver_area_m2, duplicate_iou, nested_share, nested_ratio, superseded_lists
        See :class:`parkmap.Criteria`.
    adjacent_gap_m
        List too the parks at most this far apart that share no ground; None lists none.
    executor
        Any :class:`concurrent.futures.Executor`; a few threads if not given. Results do not depend
        on it.

    Returns
    -------
    Table indexed by (``left``, ``right``), sorted, left < right, with the columns of
    ``schema.OVERLAP_COLUMNS``. Areas are ellipsoidal; ``mean_width_m`` is ``2 * area / perimeter``
    of the whole pair; ``geometry`` holds polygons only.

    Raises
    ------
    CRSError
        If the layer has no CRS, or one that is not tied to the earth.
    SchemaError
        If it is no GeoDataFrame or its ids repeat.

    Notes
    -----
    Intersections are computed in the layer's own coordinates, so that a border shared there never
    becomes a finding by reprojection. Relations are decided in the order same body, co-built,
    superseded, duplicate, sliver, nested, partial, adjacent. They are wrong where the layer mixes
    kinds of boundary without saying so, or is drawn on a shifted datum.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> shapes = [box(4e5, 3e6, 401e3, 3001e3), box(400900, 3e6, 402e3, 3001e3)]
    >>> parks = gpd.GeoDataFrame({"park_id": ["a", "b"]}, geometry=shapes, crs="EPSG:4544")
    >>> found = overlaps(parks)
    >>> found.loc[("a", "b"), "relation"], round(found.loc[("a", "b"), "mean_width_m"])
    ('partial', 91)
    """
    criteria = Criteria(
        sliver_width_m=sliver_width_m,
        sliver_area_m2=sliver_area_m2,
        duplicate_iou=duplicate_iou,
        nested_share=nested_share,
        nested_ratio=nested_ratio,
        superseded_lists=tuple(superseded_lists),
        adjacent_gap_m=adjacent_gap_m,
    )
    table = schema.indexed(parks)
    crs = geodesy.require_crs(table)
    order = np.argsort(table.index.to_numpy(dtype=str))
    shapes = np.asarray(table.geometry.array, dtype=object)[order]
    first, second, pieces, used = ground.shared_ground(shapes, executor=executor)
    near, position = np.unique(np.concatenate([first, second]), return_inverse=True)
    sides = position[: len(first)], position[len(first) :]
    measured = _measure(used[near], sides, pieces, crs)
    found = _table(schema.complete(table.iloc[order[near]]), sides, measured, criteria)
    if adjacent_gap_m is not None:
        neighbours = _adjacent(table.iloc[order], used, found.index, adjacent_gap_m)
        found = pd.concat([found, neighbours]).sort_index() if len(neighbours) else found
    return found


def _measure(
    parks: NDArray[np.object_], sides: Sides, pieces: NDArray[np.object_], crs: CRS
) -> Measured:
    park_area = np.concatenate([np.zeros(0), *_batched(geodesy.ellipsoidal_area, parks, crs)])
    if geodesy.is_metric(crs, parks):
        area = np.concatenate([np.zeros(0), *_batched(geodesy.ellipsoidal_area, pieces, crs)])
        width = 2 * shapely.area(pieces) / shapely.length(pieces)
    else:
        both = _batched(geodesy.ellipsoidal_area_perimeter, pieces, crs)
        area, perimeter = np.concatenate([np.zeros((2, 0)), *both], axis=1)
        width = 2 * area / perimeter
    left, right = park_area[sides[0]], park_area[sides[1]]
    return Measured(pieces=pieces, crs=crs, area=area, width=width, left=left, right=right)


def _batched(function: Callable[..., Any], shapes: NDArray[np.object_], crs: CRS) -> list[Any]:
    tasks = [(shapes[k : k + _BATCH], crs) for k in range(0, len(shapes), _BATCH)]
    return ground.in_order(function, tasks)


def _table(
    near: gpd.GeoDataFrame, sides: Sides, measured: Measured, criteria: Criteria
) -> gpd.GeoDataFrame:
    relation, nesting = relations(near, sides, measured, criteria)
    columns = {
        "relation": relation,
        "nesting": nesting,
        "area_m2": measured.area,
        "left_share": np.minimum(measured.area / measured.left, 1.0),
        "right_share": np.minimum(measured.area / measured.right, 1.0),
        "mean_width_m": measured.width,
    }
    index = _pair_index(near, *sides)
    frame = pd.DataFrame(columns, index=index, columns=list(schema.OVERLAP_COLUMNS[:-1]))
    geometry = gpd.GeoSeries(measured.pieces, index=index, crs=near.crs)
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=near.crs)


def _pair_index(
    table: gpd.GeoDataFrame, first: NDArray[np.int64], second: NDArray[np.int64]
) -> pd.MultiIndex:
    ids = table.index.to_numpy()
    return pd.MultiIndex.from_arrays([ids[first], ids[second]], names=["left", "right"])


def _adjacent(
    table: gpd.GeoDataFrame, used: NDArray[np.object_], known: pd.MultiIndex, gap: float
) -> gpd.GeoDataFrame:
    """Pairs within the gap that share no ground."""
    plane = geodesy.metric_crs(table)
    shapes = gpd.GeoSeries(used, crs=table.crs).to_crs(plane).to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap)
    first, second = first[first < second], second[first < second]
    index = _pair_index(table, first, second)
    new = ~index.isin(known)
    count = int(new.sum())
    columns = {
        "relation": ["adjacent"] * count,
        "nesting": [""] * count,
        **{name: np.zeros(count) for name in schema.OVERLAP_COLUMNS[2:-1]},
    }
    empty = gpd.GeoSeries([shapely.Polygon()] * count, index=index[new], crs=table.crs)
    return gpd.GeoDataFrame(columns, index=index[new], geometry=empty, crs=table.crs)
