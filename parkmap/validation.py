"""What is wrong with a parks table, row by row; and what can be repaired without guessing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from parkmap import geodesy, messages, schema, taxonomy
from parkmap.geodesy.extent import centres, suits
from parkmap.geodesy.systems import to_lonlat
from parkmap.problems import problem
from parkmap.schema import Criteria

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parkmap.taxonomy import Vocabulary

    Problem = dict[str, Any]

CHANGE_COLUMNS = ("park_id", "row", "change", "area_before_m2", "area_after_m2", "message")

_POLYGONAL = (3, 6)
_POINTS = (0, 4)
_TINY_AREA_M2 = 1000.0
_MOST_CROSSINGS = 2_000_000  # of segments' boxes; beyond it a repair takes minutes
_SAMPLE = 500
_PASSES = 3
_SAME_AREA = 1e-9
_ORIGIN_DEG, _FAR_DEG = 0.5, 5.0


class _Repair(NamedTuple):
    """What became of one geometry."""

    shape: Any
    code: str
    reason: str
    before: float
    after: float
    other: float


def check_parks(
    parks: gpd.GeoDataFrame,
    *,
    tiny_area_m2: float = _TINY_AREA_M2,
    area_ratio_low: float = Criteria.area_ratio_low,
    area_ratio_high: float = Criteria.area_ratio_high,
) -> pd.DataFrame:
    """List what is wrong with parks.

    Parameters
    ----------
    parks
        A parks table.
    tiny_area_m2
        Parks smaller than this are listed.
    area_ratio_low, area_ratio_high
        An approved boundary is listed if its drawn area is outside this part of the approved one.

    Returns
    -------
    The problems in the order of the rows, empty when the table is sound. Severity ``error`` keeps
    a row out of the analysis of land; ``resources/problems.toml`` lists every code.

    Raises
    ------
    SchemaError
        If it is no parks table.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["甲"], "tier": ["省级"], "sectors": [("医药",)]},
    ...     geometry=[box(4e5, 3e6, 401000, 3001000)], crs=4544)
    >>> check_parks(parks.assign(parent_id=["乙"]))["code"].tolist()
    ['PM309']
    """
    table = schema.complete(parks)
    geometry = _geometry(table)
    areas = _areas(table, geometry)
    found = [
        *_check_shapes(table),
        *_check_places(table, geometry),
        *_check_areas(table, areas, tiny_area_m2, (area_ratio_low, area_ratio_high)),
        *_check_names(table),
        *_check_parents(table),
        *_check_sectors(table, taxonomy.load()),
    ]
    place = {park: number for number, park in enumerate(table.index)}
    return schema.problems_table(sorted(found, key=lambda row: place[row["park_id"]]))


def repair_parks(parks: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Repair boundaries that cross themselves, and say what each repair did.

    A boundary is made valid by the structure method: shells are united, then holes are taken out.
    Only polygons are kept. What cannot be repaired, is a line, or lies outside its CRS's area of
    use becomes None. No row is dropped.

    Parameters
    ----------
    parks
        A parks table.

    Returns
    -------
    A copy with sound geometries, and one row a change: ``park_id``, ``row``, ``change``
    (``repaired``, ``reduced`` to its polygons, ``refused``), ``area_before_m2``,
    ``area_after_m2``, ``message``.

    Raises
    ------
    SchemaError
        If it is no parks table.

    Notes
    -----
    Of 407 published invalid polygons the two methods of GEOS disagree on 101; where they do, the
    message gives both areas.

    Examples
    --------
    >>> from shapely.geometry import Polygon
    >>> bow_tie = Polygon([(4e5, 3e6), (401000, 3001000), (401000, 3e6), (4e5, 3001000)])
    >>> parks = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[bow_tie], crs=4544)
    >>> sound, changes = repair_parks(parks)
    >>> bool(sound.geometry.is_valid.all()), changes["change"].tolist()
    (True, ['repaired'])
    """
    table = schema.complete(parks)
    shapes = _geometry(table).copy()
    changes: list[Problem] = []
    for place, repair in _repairs(table):
        shapes[place] = repair.shape
        changes.append(_change(table, place, repair))
    outside = _outside(table, shapes)
    for place in map(int, np.flatnonzero(outside)):
        before = float(_areas(table, shapes[[place]])[0])
        shapes[place] = None
        repair = _Repair(None, "PM501", "", before, 0.0, 0.0)
        changes.append(_change(table, place, repair))
    sound = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    return sound, pd.DataFrame(changes, columns=list(CHANGE_COLUMNS))


# --- geometry -----------------------------------------------------------------------------------


def _geometry(table: gpd.GeoDataFrame) -> Any:
    return np.asarray(table.geometry.array, dtype=object)


def _areas(table: gpd.GeoDataFrame, shapes: Any) -> Any:
    """Ellipsoidal areas; nan where there is no CRS to measure on."""
    if table.crs is None:
        return np.full(len(shapes), np.nan)
    measurable = np.isin(shapely.get_type_id(shapes), _POLYGONAL) & _finite(shapes)
    areas = np.abs(geodesy.ellipsoidal_area(np.where(measurable, shapes, None), table.crs))
    return np.where(_finite(shapes), areas, np.nan)


def _finite(shapes: Any) -> Any:
    """Tell which geometries have no coordinate that is infinite or no number."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(xy).all(axis=1)]] = False
    return finite


def _check_shapes(table: gpd.GeoDataFrame) -> Iterator[Problem]:
    shapes = _geometry(table)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    points = np.isin(shapely.get_type_id(shapes), _POINTS) & ~empty
    for code, rows in (("PM203", empty), ("PM204", points)):
        for at in map(int, np.flatnonzero(rows)):
            yield _at(table, at, code)
    for place, repair in _repairs(table):
        said = _said(repair)
        code = "PM207" if repair.code in ("PM208", "PM211") else repair.code
        yield _at(table, place, code, **said)


def _repairs(table: gpd.GeoDataFrame) -> Iterator[tuple[int, _Repair]]:
    """Yield the place and the repair of every geometry that is not sound as it stands."""
    shapes = _geometry(table)
    kinds = shapely.get_type_id(shapes)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    sound = shapely.is_valid(shapes) & np.isin(kinds, (*_POLYGONAL, *_POINTS))
    for place in map(int, np.flatnonzero(present & ~sound)):
        yield place, _repair(table, shapes[place])


def _repair(table: gpd.GeoDataFrame, shape: Any) -> _Repair:
    reason = shapely.is_valid_reason(shape)
    if not np.isin(shapely.get_type_id(shapely.get_parts(shape)), _POLYGONAL).any():
        return _Repair(None, "PM205", shape.geom_type, 0.0, 0.0, 0.0)
    before = float(_areas(table, np.array([_polygons(shape) or shape]))[0])
    if shapely.is_valid(shape):
        return _Repair(_polygons(shape), "PM206", reason, before, before, before)
    made = _made_valid(shape, "structure")
    if made is None:
        return _Repair(None, "PM209", reason, before, 0.0, 0.0)
    other = _made_valid(shape, "linework")
    after, by_lines = (float(_areas(table, np.array([each]))[0]) for each in (made, other or made))
    agrees = not abs(after - by_lines) > _SAME_AREA * max(after, by_lines)  # nan: cannot tell
    return _Repair(made, "PM208" if agrees else "PM211", reason, before, after, by_lines)


def _made_valid(shape: Any, method: str) -> Any:
    if not _finite(np.array([shape]))[0] or _crossings(shape) > _MOST_CROSSINGS:
        return None
    for _ in range(_PASSES):  # GEOS 3.14 can give an invalid result, which a second pass mends
        try:
            made = shapely.make_valid(shape, method=method, keep_collapsed=method == "linework")
        except shapely.errors.GEOSException:
            return None
        shape = _polygons(made)
        if shape is None or shapely.is_valid(shape):
            return shape
    return None


def _polygons(shape: Any) -> Any:
    """Return the polygons of a geometry, None if it has none."""
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


def _outside(table: gpd.GeoDataFrame, shapes: Any) -> Any:
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


# --- rows ---------------------------------------------------------------------------------------


def _at(table: gpd.GeoDataFrame, at: int, code: str, /, **said: Any) -> Problem:
    row = int(table["row"].iloc[at])
    return problem(code, row=row, park_id=str(table.index[at]), **said)


def _said(repair: _Repair) -> dict[str, str]:
    kind = f"problems.kind.{repair.reason}" if repair.code == "PM205" else ""
    return {
        "reason": _reason(repair.reason),
        "before": _area_text(repair.before),
        "after": _area_text(repair.after),
        "other": _area_text(repair.other),
        "kind": messages.text(kind) if kind else "",
    }


def _reason(said: str) -> str:
    """Put GEOS's reason, such as ``Self-intersection[4 5]``, into the language of the run."""
    kind, bracket, place = said.partition("[")
    known = messages.catalogue("problems", messages.language())["reason"]
    return (known.get(kind, kind) + (f" {bracket}{place}" if bracket else ""))[:80]


def _area_text(area_m2: float) -> str:
    return messages.text("terms.unknown") if np.isnan(area_m2) else messages.area(area_m2)


def _change(table: gpd.GeoDataFrame, place: int, repair: _Repair) -> Problem:
    said = _said(repair)
    if repair.code == "PM501":
        said["place"] = _written(table, place)
    found = _at(table, place, repair.code, **said)
    kinds = {"PM206": "reduced", "PM208": "repaired", "PM211": "repaired"}
    return {
        "park_id": found["park_id"],
        "row": found["row"],
        "change": kinds.get(repair.code, "refused"),
        "area_before_m2": repair.before,
        "area_after_m2": repair.after,
        "message": found["message"],
    }


def _check_places(table: gpd.GeoDataFrame, shapes: Any) -> Iterator[Problem]:
    for place in map(int, np.flatnonzero(_outside(table, shapes))):
        yield _at(table, place, "PM501", place=_written(table, place))


def _written(table: gpd.GeoDataFrame, place: int) -> str:
    lonlat = to_lonlat(centres(_geometry(table)[[place]]), table.crs)[0]
    return ", ".join(f"{value:.4g}" for value in lonlat)


def _check_areas(
    table: gpd.GeoDataFrame, areas: Any, tiny: float, ratios: tuple[float, float]
) -> Iterator[Problem]:
    for place in map(int, np.flatnonzero((areas > 0) & (areas < tiny))):
        yield _at(table, place, "PM210", area=messages.area(areas[place]))
    approved = table["approved_area_ha"].astype(float).to_numpy() * 1e4
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = areas / approved
    comparable = (table["boundary_kind"] == "approved").to_numpy() & (areas > 0) & (approved > 0)
    for place in map(int, np.flatnonzero(comparable & ((ratio < ratios[0]) | (ratio > ratios[1])))):
        drawn, stated = messages.area(areas[place]), messages.area(approved[place])
        share = messages.percent(ratio[place])
        yield _at(table, place, "PM310", drawn=drawn, approved=stated, ratio=share)


def _check_names(table: gpd.GeoDataFrame) -> Iterator[Problem]:
    """List missing tiers, and names that several rows share."""
    names = table["name"].map(lambda name: schema.normalised_name(str(name)))
    groups = {name: list(parks) for name, parks in names.groupby(names).groups.items() if name}
    for place, (park, name) in enumerate(names.items()):
        others = [other for other in groups.get(name, ()) if other != park]
        if others:
            yield _at(table, place, "PM305", others=_listed(others))
        if not table["tier"].iloc[place]:
            yield _at(table, place, "PM302")


def _listed(parks: list[str]) -> str:
    shown = messages.text("terms.list_separator").join(parks[:3])
    return f"{shown}…" if len(parks) > 3 else shown


def _check_parents(table: gpd.GeoDataFrame) -> Iterator[Problem]:
    known = {*table.index, *table["code"], *table["name"]}
    for place, parent in enumerate(table["parent_id"]):
        if parent and parent not in known:
            yield _at(table, place, "PM309", text=str(parent)[:40])


def _check_sectors(table: gpd.GeoDataFrame, vocabulary: Vocabulary) -> Iterator[Problem]:
    match = cache(vocabulary.match)
    for place, terms in enumerate(table["sectors"]):
        if not len(terms):
            yield _at(table, place, "PM403")
        for term in terms:
            found = match(taxonomy.term_weight(term)[0])
            if found.accepted:
                continue
            if found.node is None:
                yield _at(table, place, "PM401", text=found.text[:40])
                continue
            proposal = vocabulary.name(found.node, messages.language())
            yield _at(table, place, "PM402", text=found.text[:40], proposal=proposal)
