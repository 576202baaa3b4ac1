"""The shifted datums of Chinese web maps, GCJ-02 and BD-09: conversion and detection.

Neither is in any EPSG code and neither can be seen in a .prj file. At Chengdu GCJ-02 lies about
360 m south-east of the truth, BD-09 about 900 m east-north-east of GCJ-02. Nothing here is applied
unless the caller asks for it. CGCS2000 and WGS 84 are taken as one (they differ by centimetres).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.geodesy.systems import metric_crs, require_crs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DATUMS = ("wgs84", "gcj02", "bd09")

_KRASOVSKY = (6378245.0, 0.00669342162296594323)  # semi-major axis, first eccentricity squared
_COVERED = (72.004, 0.8293, 137.8347, 55.8271)  # the shift is defined inside these bounds only
_BD_ANGLE = np.pi * 3000 / 180
_ROUNDS = 8  # of the fixed-point inverse; each gains about four digits
_SAME_IOU = 0.95
_FALL = 0.8
_NEAR_M = 1500.0  # gaps up to twice this wide count


@dataclass(frozen=True, kw_only=True)
class DatumHint:
    """What a layer looks like, and why.

    Parameters
    ----------
    datum
        ``"gcj02"`` or ``"bd09"``.
    shift_m, azimuth
        How far, and in which direction (degrees from north, clockwise), it lies off the truth.
    evidence
        ``"iou"``: the same parks fit only after conversion; ``"mismatch"``: overlap and gaps
        against the neighbours nearly vanish.
    before, after
        The median IoU, or the square metres of overlap and gap, as drawn and after conversion.

    Examples
    --------
    >>> DatumHint(
    ...     datum="gcj02", shift_m=360, azimuth=139, evidence="iou", before=0.7, after=1
    ... ).datum
    'gcj02'
    """

    datum: str
    shift_m: float
    azimuth: float
    evidence: str
    before: float
    after: float


def wgs84_to_gcj02(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift WGS 84 degrees to GCJ-02.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Shifted longitudes and latitudes; points outside the covered bounds stay.

    Notes
    -----
    The formula is the one in common use; its authority publishes none.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02([104.06], [30.66])
    >>> round(float(lon[0]), 5), round(float(lat[0]), 5)
    (104.0625, 30.65757)
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    west, south, east, north = _COVERED
    covered = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    east_m, north_m = _metres(x - 105.0, y - 35.0)
    axis, e2 = _KRASOVSKY
    latitude = np.radians(y)
    w2 = 1 - e2 * np.sin(latitude) ** 2
    dlon = np.degrees(east_m / (axis / np.sqrt(w2) * np.cos(latitude)))
    dlat = np.degrees(north_m / (axis * (1 - e2) / w2**1.5))
    return x + np.where(covered, dlon, 0.0), y + np.where(covered, dlat, 0.0)


def gcj02_to_wgs84(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift GCJ-02 degrees back to WGS 84.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Longitudes and latitudes, right to less than a millimetre.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02([104.06], [30.66]))
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (104.06, 30.66)
    """
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift GCJ-02 degrees to BD-09.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Longitudes and latitudes.

    Examples
    --------
    >>> lon, lat = gcj02_to_bd09([104.06], [30.66])
    >>> round(float(lon[0]), 4), round(float(lat[0]), 4)
    (104.0665, 30.6662)
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_ANGLE)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shift BD-09 degrees back to GCJ-02.

    Parameters
    ----------
    lon, lat
        Arrays of degrees.

    Returns
    -------
    Longitudes and latitudes, right to less than a millimetre.

    Examples
    --------
    >>> lon, lat = bd09_to_gcj02(*gcj02_to_bd09([104.06], [30.66]))
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (104.06, 30.66)
    """
    return _inverse(gcj02_to_bd09, lon, lat)


def shift_datum(parks: gpd.GeoDataFrame, *, datum: str) -> gpd.GeoDataFrame:
    """Bring parks drawn on a web map's datum to WGS 84.

    Parameters
    ----------
    parks
        Any GeoDataFrame.
    datum
        What its coordinates are on: ``"gcj02"``, ``"bd09"``, or ``"wgs84"`` for no change.

    Returns
    -------
    A copy with shifted geometries in the same CRS.

    Raises
    ------
    OptionError
        If the datum is unknown.
    CRSError
        If the layer has no CRS.

    Examples
    --------
    >>> import geopandas as gpd
    >>> drawn = gpd.GeoDataFrame(geometry=gpd.points_from_xy([104.06251], [30.65758]), crs=4490)
    >>> shift_datum(drawn, datum="gcj02").geometry.x.round(4).tolist()
    [104.06]
    """
    if datum not in DATUMS:
        known = ", ".join(DATUMS)
        raise OptionError(**messages.fault("geodesy.unknown_datum", datum=datum, known=known))
    crs = require_crs(parks)
    shifted = parks.copy()
    if datum == "wgs84":
        return shifted
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = to_degrees.transform(xy[:, 0], xy[:, 1])
        lon, lat = _to_wgs84(datum, lon, lat)
        return np.column_stack(to_degrees.transform(lon, lat, direction="INVERSE"))

    shapes = shapely.force_2d(np.asarray(parks.geometry.array, dtype=object))
    return shifted.set_geometry(
        gpd.GeoSeries(shapely.transform(shapes, move), index=parks.index, crs=parks.crs)
    )


def looks_like_gcj02(parks: gpd.GeoDataFrame, reference: gpd.GeoDataFrame) -> DatumHint | None:
    """Tell whether parks look drawn on GCJ-02 or BD-09, against a layer that is not.

    Parameters
    ----------
    parks
        The layer in doubt, or a single park of it.
    reference
        The same parks, or what surrounds them, drawn true.

    Returns
    -------
    What it looks like, or None. Nothing is changed.

    Notes
    -----
    Each datum is tried. Either the median IoU of the parks with their best partner jumps to .95 or
    more, or overlap and narrow gaps between both layers fall by more than 80 %. Wrong where the
    shapes really were moved by the same distance in the same direction.

    Examples
    --------
    >>> import shapely
    >>> true = gpd.GeoDataFrame(geometry=[shapely.box(104, 30.6, 104.03, 30.63)], crs=4490)
    >>> looks_like_gcj02(true, true) is None
    True
    """
    plane = metric_crs(reference)
    true = _shapes(reference, plane)
    if not len(true) or not len(_shapes(parks, plane)):
        return None
    drawn = _shapes(parks, plane)
    found = []
    for datum in DATUMS[1:]:
        moved = shift_datum(parks, datum=datum)
        evidence = _evidence(drawn, _shapes(moved, plane), true)
        if evidence:
            metres, azimuth = _displacement(parks, moved)
            found.append(DatumHint(datum=datum, shift_m=metres, azimuth=azimuth, **evidence))
    improvement = [abs(hint.after - hint.before) for hint in found]
    return found[int(np.argmax(improvement))] if found else None


def datum_suspects(parks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Try each park against its neighbours in the same layer.

    Parameters
    ----------
    parks
        Any GeoDataFrame of which most rows are drawn true.

    Returns
    -------
    One row a park that looks shifted: ``datum``, ``shift_m``, ``azimuth``, ``evidence``,
    ``before``, ``after``.

    Examples
    --------
    >>> import shapely
    >>> boxes = [shapely.box(104, 30.6, 104.03, 30.63), shapely.box(104.03, 30.6, 104.06, 30.63)]
    >>> len(datum_suspects(gpd.GeoDataFrame(geometry=boxes, crs=4490)))
    0
    """
    plane = metric_crs(parks)
    shapes = np.asarray(parks.geometry.to_crs(plane).array, dtype=object)
    tree = shapely.STRtree(shapes)
    rows = {}
    for i, label in enumerate(parks.index):
        if shapely.is_missing(shapes[i]) or shapely.is_empty(shapes[i]):
            continue
        near = tree.query(shapely.box(*shapely.buffer(shapes[i], _NEAR_M).bounds))
        near = near[near != i]
        hint = looks_like_gcj02(parks.iloc[[i]], parks.iloc[near]) if len(near) else None
        if hint:
            rows[label] = vars(hint)
    columns = list(DatumHint.__dataclass_fields__)
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _metres(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Any, Any]:
    """Give the shift in metres east and north, from degrees off 105 E, 35 N."""

    def waves(t: Any, *terms: tuple[float, float]) -> Any:
        return sum(weight * np.sin(t * np.pi * turns) for weight, turns in terms)

    common = 20 * waves(x, (1, 6), (1, 2))
    root = np.sqrt(np.abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common * 2 / 3
    east += waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common * 2 / 3
    north += waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30)) * 2 / 3
    return east, north


def _inverse(
    forward: Callable[[Any, Any], tuple[Any, Any]], lon: Any, lat: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Iterate x = target - (forward(x) - x)."""
    x, y = (np.array(v, dtype=float) for v in (lon, lat))
    target = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        shifted_x, shifted_y = forward(x, y)
        x, y = x + (target[0] - shifted_x), y + (target[1] - shifted_y)
    return x, y


def _to_wgs84(datum: str, lon: Any, lat: Any) -> tuple[Any, Any]:
    if datum == "bd09":
        lon, lat = bd09_to_gcj02(lon, lat)
    return gcj02_to_wgs84(lon, lat)


def _shapes(parks: gpd.GeoDataFrame, plane: Any) -> NDArray[np.object_]:
    """Polygons of a layer on the plane, mended: a hint needs no more."""
    shapes = np.asarray(parks.geometry.to_crs(plane).array, dtype=object)
    shapes = shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)]
    shapes = shapes[np.isin(shapely.get_type_id(shapes), (3, 6))]
    return shapely.make_valid(shapes, method="structure", keep_collapsed=False)


def _evidence(
    drawn: NDArray[np.object_], moved: NDArray[np.object_], true: NDArray[np.object_]
) -> dict[str, Any] | None:
    before, after = _median_iou(drawn, true), _median_iou(moved, true)
    if before < _SAME_IOU <= after:
        return {"evidence": "iou", "before": before, "after": after}
    if after > 0.5 or before > 0.5:  # the same parks: how they fit has been answered above
        return None
    before, after = _mismatch(drawn, true), _mismatch(moved, true)
    if after < before * (1 - _FALL):
        return {"evidence": "mismatch", "before": before, "after": after}
    return None


def _median_iou(shapes: NDArray[np.object_], true: NDArray[np.object_]) -> float:
    """Median over the parks of the IoU with the best partner."""
    i, j = shapely.STRtree(true).query(shapes)
    common = shapely.area(shapely.intersection(shapes[i], true[j]))
    iou = common / (shapely.area(shapes[i]) + shapely.area(true[j]) - common)
    best = np.zeros(len(shapes))
    np.maximum.at(best, i, iou)
    return float(np.median(best)) if len(best) else 0.0


def _mismatch(shapes: NDArray[np.object_], true: NDArray[np.object_]) -> float:
    """Overlap of two layers plus the narrow gaps between them, in square metres."""
    one, other = shapely.union_all(shapes), shapely.union_all(true)
    overlap = shapely.area(shapely.intersection(one, other))
    both = shapely.union(one, other)
    closed = shapely.buffer(
        shapely.buffer(both, _NEAR_M, join_style="mitre"), -_NEAR_M, join_style="mitre"
    )
    return float(overlap + max(shapely.area(closed) - shapely.area(both), 0.0))


def _displacement(parks: gpd.GeoDataFrame, true: gpd.GeoDataFrame) -> tuple[float, float]:
    """How far and where the drawn layer lies off its converted copy."""
    crs = require_crs(parks)
    degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    middle = []
    for layer in (true, parks):
        west, south, east, north = shapely.total_bounds(
            np.asarray(layer.geometry.array, dtype=object)
        )
        middle.append(degrees.transform((west + east) / 2, (south + north) / 2))
    azimuth, _, metres = Geod(ellps="GRS80").inv(*middle[0], *middle[1])
    return float(metres), float(azimuth % 360)
