"""Slivers between neighbours, given to one of the two: topology of the drawing, nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from parkmap import messages, schema
from parkmap.validation.repairing import CHANGE_COLUMNS
from parkmap.validation.shapes import area_text, areas_of, at_row, polygons, shapes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Problem = dict[str, Any]
    Rank = tuple[int, float, str]

_MOST_OF_A_PARK = 0.5
_ROUNDING = 1e-12  # of an area
_SMALLEST_SAID_M2 = 50.0
_CONTESTED = ("partial", "duplicate")


def trim_slivers(
    parks: gpd.GeoDataFrame, overlaps: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give each sliver to one of its two parks.

    The park of the higher tier keeps the ground, then the larger one, then the one whose id comes
    first; the other is cut back to its border.

    Parameters
    ----------
    parks
        A parks table with sound geometries (:func:`repair_parks`).
    overlaps
        The overlaps table of these parks.

    Returns
    -------
    A copy with the slivers trimmed, and one row a change: ``park_id``, ``row``, ``change``
    (``trimmed``, or ``kept`` where a sliver stays), ``area_before_m2``, ``area_after_m2``,
    ``message``. All parks together cover the same ground as before.

    Raises
    ------
    SchemaError
        If it is no parks table.

    Notes
    -----
    Ground that is part of a finding (partial overlap, duplicate, undeclared nesting) is never
    taken from a park that claims it, so a sliver inside such ground stays; so does one that is
    more than half of the park that would lose it. No basis for deciding an extent.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> from parkmap.overlap import overlaps
    >>> shapes = [box(4e5, 3e6, 401000, 3001000), box(400996, 3e6, 402500, 3001000)]
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=shapes, crs=4544)
    >>> trimmed, changes = trim_slivers(parks, overlaps(parks))
    >>> trimmed.geometry.area.tolist(), changes["change"].tolist()
    ([996000.0, 1504000.0], ['trimmed'])
    """
    table = schema.complete(parks)
    shapes = shapes_of(table).copy()
    ranks = _ranks(table, areas_of(table, shapes))
    findings = _contested_ground(overlaps)
    slivers = overlaps[overlaps["relation"] == "sliver"]
    pairs = [tuple(sorted(pair, key=ranks.__getitem__)) for pair in slivers.index]
    # keepers are settled before they cut others, so that ground always has an owner
    order = sorted(pairs, key=lambda pair: (ranks[pair[1]], ranks[pair[0]]))
    place = {park: at for at, park in enumerate(table.index)}
    changes = []
    for keeper, loser in order:
        before = shapes[place[loser]]
        after = _cut(before, shapes[place[keeper]], findings.get(loser, []))
        shapes[place[loser]] = after
        pair = (keeper, place[keeper]), place[loser]
        changes.append(_change(table, *pair, (before, after), ranks))
    trimmed = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    return trimmed, pd.DataFrame(changes, columns=list(CHANGE_COLUMNS))


def _ranks(table: gpd.GeoDataFrame, areas: NDArray[np.float64]) -> dict[str, Rank]:
    tiers = [schema.TIERS.index(t) if t in schema.TIERS else len(schema.TIERS) for t in table.tier]
    rows = zip(table.index, tiers, areas, strict=True)
    return {park: (tier, -round(float(area), 1), park) for park, tier, area in rows}


def _contested_ground(overlaps: gpd.GeoDataFrame) -> dict[str, list[Any]]:
    """Ground of findings that each park has a part in."""
    undeclared = (overlaps["relation"] == "nested") & (overlaps["nesting"] == "undeclared")
    found = overlaps[overlaps["relation"].isin(_CONTESTED) | undeclared]
    ground: dict[str, list[Any]] = {}
    for pair, piece in zip(found.index, found.geometry, strict=True):
        for park in pair:
            ground.setdefault(park, []).append(piece)
    return ground


def _cut(shape: Any, keeper: Any, findings: list[Any]) -> Any:
    """Take the keeper's ground from a shape, but none of its findings and never most of it."""
    near = [piece for piece in findings if shapely.intersects(piece, keeper)]
    try:
        taken = shapely.difference(keeper, shapely.union_all(near)) if near else keeper
        rest = polygons(shapely.difference(shape, taken))
    except shapely.GEOSException:
        return shape
    least, most = _MOST_OF_A_PARK * shape.area, (1 - _ROUNDING) * shape.area
    return rest if rest is not None and least <= rest.area < most else shape


def _change(
    table: gpd.GeoDataFrame,
    keeper: tuple[str, int],
    loser: int,
    shapes: tuple[Any, Any],
    ranks: Mapping[str, Rank],
) -> Problem:
    pair = pd.Series(list(shapes), dtype=object).to_numpy()
    before, after = (float(area) for area in areas_of(table, pair))
    is_cut = shapes[1] is not shapes[0]
    said = {
        "other": str(table["name"].iloc[keeper[1]]),
        "area": _sliver_text(before - after),
        "before": area_text(before),
        "after": area_text(after),
        "rule": _rule(ranks[keeper[0]], ranks[str(table.index[loser])]),
    }
    found = at_row(table, loser, "PM212" if is_cut else "PM213", **said)
    return {
        "park_id": found["park_id"],
        "row": found["row"],
        "change": "trimmed" if is_cut else "kept",
        "area_before_m2": before,
        "area_after_m2": after,
        "message": found["message"],
    }


def _rule(keeper: Rank, loser: Rank) -> str:
    """Say why the one keeps the ground."""
    by = next(at for at, (one, other) in enumerate(zip(keeper, loser, strict=True)) if one != other)
    return messages.text(f"problems.keeps.{('tier', 'area', 'id')[by]}")


def _sliver_text(area_m2: float) -> str:
    if area_m2 < _SMALLEST_SAID_M2:
        return messages.text("problems.keeps.tiny")
    return messages.area(area_m2)
