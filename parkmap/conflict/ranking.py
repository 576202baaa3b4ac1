"""The worst first, numbered, with ids that last."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from parkmap import bodies, schema, wording
from parkmap.schema import CONFLICT_COLUMNS, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    Row = dict[str, Any]

_KIND_ORDER = ("control", "both", "overlap", "homogeneity")
#: Among equals of no concern, what tells most comes first and one body's two names last.
_INFO_ORDER = (
    *("complementary", "sliver", "adjacent", "nested", "partial", "duplicate", "multiple"),
    *("internal", "co_built", "superseded", "same_body"),
)


def ranked(rows: list[Row], parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put rows in order and number them.

    Parameters
    ----------
    rows
        Judged rows; changed.
    parks
        The parks table.

    Returns
    -------
    The conflicts table.

    Examples
    --------
    >>> parks = schema.complete(gpd.GeoDataFrame(geometry=[None], crs=4326))
    >>> ranked([], parks).columns.tolist() == list(CONFLICT_COLUMNS)
    True
    """
    rows.sort(key=_rank)
    sources = schema.park_sources(parks)
    for number, row in enumerate(rows, start=1):
        row["number"] = number
        row["body"] = bodies.body_of(row, parks)
        row["sources"] = sources
        row["message"] = wording.finding_sentence(row)
    keys = schema.park_keys(parks)
    ids = [conflict_id((keys[park] for park in row["parks"]), line=row["line"]) for row in rows]
    index = pd.Index(ids, name="conflict_id", dtype=object)
    shapes: list[BaseGeometry | None] = [row.pop("geometry") for row in rows]
    table = pd.DataFrame(rows, columns=[c for c in CONFLICT_COLUMNS if c != "geometry"])
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=parks.crs))
    return frame.set_index(index)[list(CONFLICT_COLUMNS)]


def _rank(row: Row) -> tuple[Any, ...]:
    severity, kind = SEVERITIES.index(row["severity"]), _KIND_ORDER.index(row["kind"])
    telling = 0
    if row["severity"] == "info":
        kind = 0  # a land row that explains itself must not outrank a chain link
        telling = _INFO_ORDER.index(row["relation"] or row["verdict"])
    share, rivalry, synergy = (
        0.0 if np.isnan(row[name]) else -row[name]
        for name in ("smaller_share", "rivalry", "synergy")
    )
    coarse = row["verdict"] == "coarse"
    return (severity, kind, coarse, telling, share, rivalry, synergy, row["parks"], row["line"])


def conflict_id(keys: Iterable[str], *, line: str = "") -> str:
    """Return the id of the finding about some parks.

    Parameters
    ----------
    keys
        Each park's key (:func:`parkmap.schema.park_keys`), in any order.
    line
        The control line that the finding is about; "" for none.

    Returns
    -------
    ``"c-"`` and ten hexadecimal digits: the same whenever the same parks, or the same park and
    line, meet again.

    Examples
    --------
    >>> conflict_id(["S1", "S2"]) == conflict_id(["S2", "S1"])
    True
    """
    joined = "|".join([*sorted(keys), *([f"line:{line}"] if line else [])])
    return "c-" + hashlib.sha256(joined.encode()).hexdigest()[:10]
