"""What is wrong with a parks table, row by row."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from parkmap import messages, schema, taxonomy
from parkmap.schema import Criteria
from parkmap.validation.shapes import (
    POINTS,
    areas_of,
    at_row,
    out_of_use,
    place_text,
    repairs,
    said_of,
    shapes_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd

    from parkmap.taxonomy import Vocabulary
    from parkmap.validation.shapes import Repair

    Problem = dict[str, Any]

_TINY_AREA_M2 = 1000.0


def check_parks(
    parks: gpd.GeoDataFrame,
    *,
    tiny_area_m2: float = _TINY_AREA_M2,
    area_ratio_low: float = Criteria.area_ratio_low,
    area_ratio_high: float = Criteria.area_ratio_high,
    area_tolerance: float | None = None,
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
    area_tolerance
        List too the parks whose drawn area differs from the approved one by more than this part of
        it, where the boundary is the approved one or its kind is not stated; None lists none.

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
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["甲"], "tier": ["provincial"], "sectors": [("医药",)]},
    ...     geometry=[box(4e5, 3e6, 401000, 3001000)], crs=4544)
    >>> check_parks(parks.assign(parent_id=["乙"]))["code"].tolist()
    ['PM309']
    """
    table = schema.complete(parks)
    geometry = shapes_of(table)
    mended = list(repairs(table))
    areas = areas_of(table, geometry)
    for at, repair in mended:  # the loops of a bow-tie cancel each other
        areas[at] = np.nan if repair.shape is None else repair.after
    found = [
        *_check_shapes(table, mended),
        *_check_places(table, geometry),
        *_check_areas(table, areas, tiny_area_m2, (area_ratio_low, area_ratio_high)),
        *(_check_tolerance(table, areas, area_tolerance) if area_tolerance is not None else ()),
        *_check_names(table),
        *_check_parents(table),
        *_check_sectors(table, taxonomy.load()),
    ]
    place = {park: number for number, park in enumerate(table.index)}
    return schema.problems_table(sorted(found, key=lambda row: place[row["park_id"]]))


def _check_shapes(table: gpd.GeoDataFrame, mended: list[tuple[int, Repair]]) -> Iterator[Problem]:
    shapes = shapes_of(table)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    points = np.isin(shapely.get_type_id(shapes), POINTS) & ~empty
    for code, rows in (("PM203", empty), ("PM204", points)):
        for at in map(int, np.flatnonzero(rows)):
            yield at_row(table, at, code)
    for place, repair in mended:
        said = said_of(repair)
        code = "PM207" if repair.code in ("PM208", "PM211") else repair.code
        yield at_row(table, place, code, **said)


def _check_places(table: gpd.GeoDataFrame, shapes: Any) -> Iterator[Problem]:
    for place in map(int, np.flatnonzero(out_of_use(table, shapes))):
        yield at_row(table, place, "PM501", place=place_text(table, place))


def _check_areas(
    table: gpd.GeoDataFrame, areas: Any, tiny: float, ratios: tuple[float, float]
) -> Iterator[Problem]:
    for place in map(int, np.flatnonzero((areas > 0) & (areas < tiny))):
        yield at_row(table, place, "PM210", area=messages.area(areas[place]))
    approved = table["approved_area_ha"].astype(float).to_numpy() * 1e4
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = areas / approved
    comparable = (table["boundary_kind"] == "approved").to_numpy() & (areas > 0) & (approved > 0)
    for place in map(int, np.flatnonzero(comparable & ((ratio < ratios[0]) | (ratio > ratios[1])))):
        drawn, stated = messages.area(areas[place]), messages.area(approved[place])
        share = messages.percent(ratio[place])
        yield at_row(table, place, "PM310", drawn=drawn, approved=stated, ratio=share)


def _check_tolerance(table: gpd.GeoDataFrame, areas: Any, tolerance: float) -> Iterator[Problem]:
    approved = table["approved_area_ha"].astype(float).to_numpy() * 1e4
    kind = table["boundary_kind"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        off = areas / approved - 1
    comparable = np.isin(kind.astype(str), ("approved", "")) & (areas > 0) & (approved > 0)
    for place in map(int, np.flatnonzero(comparable & (np.abs(off) > tolerance))):
        stated = "stated" if kind[place] == "approved" else "unstated"
        yield at_row(
            table,
            place,
            "PM313",
            drawn=messages.area(areas[place]),
            approved=messages.area(approved[place]),
            off=f"{off[place]:+.1%}",
            kind=messages.text(f"problems.drawn.{stated}"),
        )


def _check_names(table: gpd.GeoDataFrame) -> Iterator[Problem]:
    """List missing and unknown tiers, and names that several rows share."""
    names = table["name"].map(lambda name: schema.normalised_name(str(name)))
    groups = {name: list(parks) for name, parks in names.groupby(names).groups.items() if name}
    for place, (park, name) in enumerate(names.items()):
        others = [other for other in groups.get(name, ()) if other != park]
        if others:
            yield at_row(table, place, "PM305", others=_listed(others))
        tier = table["tier"].iloc[place]
        if not tier:
            yield at_row(table, place, "PM302")
        elif tier not in schema.TIERS:
            yield at_row(table, place, "PM301", text=str(tier)[:40])


def _listed(parks: list[str]) -> str:
    shown = messages.listed(parks[:3])
    return f"{shown}…" if len(parks) > 3 else shown


def _check_parents(table: gpd.GeoDataFrame) -> Iterator[Problem]:
    known = {*table.index, *table["code"], *table["name"]}
    for place, parent in enumerate(table["parent_id"]):
        if parent and parent not in known:
            yield at_row(table, place, "PM309", text=str(parent)[:40])


def _check_sectors(table: gpd.GeoDataFrame, vocabulary: Vocabulary) -> Iterator[Problem]:
    match = cache(vocabulary.match)
    for place, terms in enumerate(table["sectors"]):
        if not len(terms):
            yield at_row(table, place, "PM403")
        for term in terms:
            found = match(taxonomy.term_weight(term)[0])
            if found.accepted:
                continue
            if found.node is None:
                yield at_row(table, place, "PM401", text=found.text[:40])
                continue
            proposal = vocabulary.name(found.node, lang=messages.language())
            yield at_row(table, place, "PM402", text=found.text[:40], proposal=proposal)
