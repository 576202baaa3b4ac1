"""Geometries of a parks table: their areas, their repair, and how a row of problems says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from parkmap import geodesy, messages
from parkmap.geodesy.extent import centres, suits
from parkmap.geodesy.systems import to_lonlat
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    Problem = dict[str, Any]

POLYGONAL = (3, 6)
POINTS = (0, 4)
_MOST_CROSSINGS = 2_000_000  # of segments' boxes; beyond it a repair takes minutes
_SAMPLE = 500
_PASSES = 3
_SAME_AREA = 1e-9
_ORIGIN_DEG, _FAR_DEG = 0.5, 5.0


class Repair(NamedTuple):
    """What became of one geometry."""

    shape: Any
    code: str
    reason: str
    before: float
    after: float
    other: float


def shapes_of(table: gpd.GeoDataFrame) -> Any:
    """Return the geometries as an array.

    Parameters
    ----------
    table
        A parks table.

    Returns
    -------
    Array of shapely geometries.

    Examples
    --------
    >>> import geopandas as gpd
    >>> shapes_of(gpd.GeoDataFrame(geometry=[shapely.Point(104, 30)]))[0].wkt
    'POINT (104 30)'
    """
    return np.asarray(table.geometry.array, dtype=object)


def areas_of(table: gpd.GeoDataFrame, shapes: Any) -> Any:
    """Measure areas on the ellipsoid.

    Parameters
    ----------
    table
        The table they are of.
    shapes
        Array of geometries.

    Returns
    -------
    Square metres; nan where there is no CRS to measure on.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame(geometry=[shapely.box(104, 30, 104.01, 30.01)], crs=4326)
    >>> areas_of(parks, shapes_of(parks)).round().tolist()
    [1069521.0]
    >>> areas_of(parks.set_crs(None, allow_override=True), shapes_of(parks)).tolist()
    [nan]
    """
    if table.crs is None:
        return np.full(len(shapes), np.nan)
    measurable = np.isin(shapely.get_type_id(shapes), POLYGONAL) & _finite(shapes)
    areas = np.abs(geodesy.ellipsoidal_area(np.where(measurable, shapes, None), table.crs))
    return np.where(_finite(shapes), areas, np.nan)


def _finite(shapes: Any) -> Any:
    """Tell which geometries have no coordinate that is infinite or no number."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(xy).all(axis=1)]] = False
    return finite


def repairs(table: gpd.GeoDataFrame) -> Iterator[tuple[int, Repair]]:
    """Repair every geometry that is not sound as it stands.

    Parameters
    ----------
    table
        A parks table.

    Yields
    ------
    Its place in the table and what became of it.

    Examples
    --------
    >>> import geopandas as gpd
    >>> bow = shapely.Polygon([(104, 30), (104.01, 30.01), (104.01, 30), (104, 30.01)])
    >>> parks = gpd.GeoDataFrame(geometry=[shapely.box(104, 30, 105, 31), bow], crs=4326)
    >>> [(place, repair.code, repair.shape.geom_type) for place, repair in repairs(parks)]
    [(1, 'PM208', 'MultiPolygon')]
    """
    shapes = shapes_of(table)
    kinds = shapely.get_type_id(shapes)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    sound = shapely.is_valid(shapes) & np.isin(kinds, (*POLYGONAL, *POINTS))
    for place in map(int, np.flatnonzero(present & ~sound)):
        yield place, _repair(table, shapes[place])


def _repair(table: gpd.GeoDataFrame, shape: Any) -> Repair:
    reason = shapely.is_valid_reason(shape)
    if not np.isin(shapely.get_type_id(shapely.get_parts(shape)), POLYGONAL).any():
        return Repair(None, "PM205", shape.geom_type, 0.0, 0.0, 0.0)
    before = float(areas_of(table, np.array([polygons(shape) or shape]))[0])
    if shapely.is_valid(shape):
        return Repair(polygons(shape), "PM206", reason, before, before, before)
    made = _made_valid(shape, "structure")
    if made is None:
        return Repair(None, "PM209", reason, before, 0.0, 0.0)
    other = _made_valid(shape, "linework")
    after, by_lines = (
        float(areas_of(table, np.array([each]))[0]) for each in (made, other or made)
    )
    agrees = not abs(after - by_lines) > _SAME_AREA * max(after, by_lines)  # nan: cannot tell
    return Repair(made, "PM208" if agrees else "PM211", reason, before, after, by_lines)


def _made_valid(shape: Any, method: str) -> Any:
    if not _finite(np.array([shape]))[0] or _crossings(shape) > _MOST_CROSSINGS:
        return None
    for _ in range(_PASSES):  # GEOS 3.14 can give an invalid result, which a second pass mends
        try:
            made = shapely.make_valid(shape, method=method, keep_collapsed=method == "linework")
        except shapely.errors.GEOSException:
            return None
        shape = polygons(made)
        if shape is None or shapely.is_valid(shape):
            return shape
    return None


def polygons(shape: Any) -> Any:
    """Return the polygons of a geometry.

    Parameters
    ----------
    shape
        Any geometry.

    Returns
    -------
    A polygon or multipolygon, None if it has none.

    Examples
    --------
    >>> mixed = shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])
    >>> polygons(mixed).geom_type
    'Polygon'
    >>> polygons(shapely.Point(0, 0)) is None
    True
    """
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    if len(kept) < 2:
        return kept[0] if kept else None
    return shapely.MultiPolygon(kept)


def _crossings(shape: Any) -> float:
    """Estimate how many pairs of segments have boxes that meet, from a sample of the segments."""
    ends = shapely.get_coordinates(shape)
    if len(ends) < _SAMPLE:
        return 0.0
    low, high = np.minimum(ends[:-1], ends[1:]), np.maximum(ends[:-1], ends[1:])
    every = np.linspace(0, len(low) - 1, _SAMPLE).astype(int)
    meets = (low[every, None] <= high[None]) & (high[every, None] >= low[None])
    return float(meets.all(axis=2).sum()) / _SAMPLE * len(low) / 2


def out_of_use(table: gpd.GeoDataFrame, shapes: Any) -> Any:
    """Tell which geometries lie outside the area their CRS is used in.

    Parameters
    ----------
    table
        The table they are of.
    shapes
        Array of geometries.

    Returns
    -------
    True for those outside.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame(geometry=gpd.points_from_xy([104, 104, 0], [30, 31, 0], crs=4326))
    >>> out_of_use(parks, shapes_of(parks)).tolist()
    [False, False, True]
    """
    if table.crs is None:
        return np.zeros(len(shapes), dtype=bool)
    middle = centres(shapes)
    lonlat = to_lonlat(middle, table.crs)
    known = np.isfinite(lonlat).all(axis=1)
    if not known.any():
        return ~suits(table.crs, middle)
    # 0, 0 is what programs write for "unknown"; WGS 84 is used there too.
    at_origin = known & (np.abs(lonlat) < _ORIGIN_DEG).all(axis=1)
    elsewhere = bool((np.abs(np.median(lonlat[known], axis=0)) > _FAR_DEG).any())
    return ~suits(table.crs, middle) | (at_origin & elsewhere)


def at_row(table: gpd.GeoDataFrame, at: int, code: str, /, **said: Any) -> Problem:
    """Make a problem of a row.

    Parameters
    ----------
    table
        A parks table.
    at
        The row's place in it.
    code
        The problem's code.
    **said
        What the placeholders of its sentence stand for.

    Returns
    -------
    A row of the problems table.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"row": [7]}, geometry=[None], index=["a"])
    >>> found = at_row(parks, 0, "PM201", reason="?")
    >>> found["row"], found["park_id"]
    (7, 'a')
    """
    row = int(table["row"].iloc[at])
    return problem(code, row=row, park_id=str(table.index[at]), **said)


def said_of(repair: Repair) -> dict[str, str]:
    """Say what became of a geometry, for the placeholders of a sentence.

    Parameters
    ----------
    repair
        What became of it.

    Returns
    -------
    Placeholder -> words.

    Examples
    --------
    >>> repair = Repair(None, "PM209", "Self-intersection[4 5]", 0.0, 0.0, 0.0)
    >>> with messages.use_language("zh"):
    ...     said_of(repair)["reason"]
    '边界自相交 [4 5]'
    """
    kind = f"problems.kind.{repair.reason}" if repair.code == "PM205" else ""
    return {
        "reason": _reason(repair.reason),
        "before": area_text(repair.before),
        "after": area_text(repair.after),
        "other": area_text(repair.other),
        "kind": messages.text(kind) if kind else "",
    }


def _reason(said: str) -> str:
    """Put GEOS's reason, such as ``Self-intersection[4 5]``, into the language of the run."""
    kind, bracket, place = said.partition("[")
    known = messages.catalogue("problems", messages.language())["reason"]
    return (known.get(kind, kind) + (f" {bracket}{place}" if bracket else ""))[:80]


def area_text(area_m2: float) -> str:
    """Write an area, also one that nobody knows.

    Parameters
    ----------
    area_m2
        Square metres, or nan.

    Returns
    -------
    A phrase.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     area_text(np.nan), area_text(20_000.0)
    ('未注明', '2.00公顷（30亩）')
    """
    return messages.text("terms.unknown") if np.isnan(area_m2) else messages.area(area_m2)


def place_text(table: gpd.GeoDataFrame, place: int) -> str:
    """Write where on the earth a row lies.

    Parameters
    ----------
    table
        A parks table.
    place
        The row's place in it.

    Returns
    -------
    Longitude and latitude.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame(geometry=[shapely.Point(104.5, 30)], crs=4326)
    >>> place_text(parks, 0)
    '104.5, 30'
    """
    lonlat = to_lonlat(centres(shapes_of(table)[[place]]), table.crs)[0]
    return ", ".join(f"{value:.4g}" for value in lonlat)
