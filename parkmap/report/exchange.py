"""Tables for other programs: JSON, JSON lines, CSV, GeoJSON. Missing is null, never NaN."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import parkmap
from parkmap import escape, geodesy, messages, schema
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS = ("csv", "json", "jsonl", "geojson")
#: Columns a CSV has exactly, where another program is tested against them.
_CSV_COLUMNS = {
    "overlaps": (
        *("left", "right", "relation", "area_m2"),
        *("left_share", "right_share", "mean_width_m"),
    ),
}
_RENAMED = {"conflict_id": "id"}
_ROWS_CALLED = {"check": "problems"}
_DECIMALS = 7  # about a centimetre, what RFC 7946 calls enough
_LIST_SEPARATOR = ";"
_WITHIN = ">"


def document(
    table: pd.DataFrame, name: str, *, head: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a table as one JSON object with a ``schema`` line.

    Parameters
    ----------
    table
        A table of :mod:`parkmap.schema`; its geometry is left out.
    name
        What it is: ``overlaps``, ``clusters``, ``conflicts``, ``check``.
    head
        What to put before the rows.

    Returns
    -------
    The object.

    Examples
    --------
    >>> document(pd.DataFrame({"code": ["PM201"]}), "check")["problems"]
    [{'code': 'PM201'}]
    """
    rows = _ROWS_CALLED.get(name, name)
    return {**opening(name), **plain(dict(head or {})), rows: records(table)}


def opening(name: str) -> dict[str, Any]:
    """Begin a JSON object: what it is and who wrote it.

    Parameters
    ----------
    name
        What it is.

    Returns
    -------
    The first two entries.

    Examples
    --------
    >>> opening("info")["schema"]
    'parkmap/info/1'
    """
    return {"schema": f"parkmap/{name}/1", "parkmap": parkmap.__version__}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain Python.

    Parameters
    ----------
    table
        Any table; a named index becomes columns, geometry is left out.

    Returns
    -------
    One dict a row, fit for JSON.

    Examples
    --------
    >>> records(pd.DataFrame({"p": [np.nan], "parks": [("a", "b")]}))
    [{'p': None, 'parks': ['a', 'b']}]
    """
    flat = _flat(table)
    columns = [str(_RENAMED.get(column, column)) for column in flat.columns]
    texts = _never_blank(flat)
    return [
        {
            column: plain(None if value == "" and column not in texts else value)
            for column, value in zip(columns, row, strict=True)
        }
        for row in flat.itertuples(index=False, name=None)
    ]


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows.

    Parameters
    ----------
    value
        Anything a table can hold.

    Returns
    -------
    Text, number, bool, None, list or dict; what is missing or infinite is None.

    Examples
    --------
    >>> plain((np.float64(0.5), float("nan"), np.int64(2)))
    [0.5, None, 2]
    """
    if isinstance(value, str):
        return escape.json_text(value)
    if isinstance(value, dict):
        return {escape.json_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [plain(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, (bool, int)) else escape.json_text(str(value))


def table_text(
    table: pd.DataFrame, fmt: str, name: str, *, head: Mapping[str, Any] | None = None
) -> str:
    """Write a table as text.

    Parameters
    ----------
    table
        A table of :mod:`parkmap.schema`.
    fmt
        ``csv``, ``json``, ``jsonl`` or ``geojson``.
    name
        What it is: ``overlaps``, ``clusters``, ``conflicts``, ``check``.
    head
        For JSON: what to put before the rows.

    Returns
    -------
    The text, ending in a newline.

    Raises
    ------
    OptionError
        If the table cannot be written in that format.
    CRSError
        If longitudes and latitudes are asked of a table without CRS.

    Examples
    --------
    >>> print(table_text(pd.DataFrame({"code": ["=1"], "row": [3]}), "csv", "check"), end="")
    code,row
    '=1,3
    """
    known = FORMATS if isinstance(table, gpd.GeoDataFrame) else FORMATS[:-1]
    if fmt not in known:
        said = messages.fault(
            "report.bad_format", name=name, fmt=fmt, formats=messages.listed(known)
        )
        raise OptionError(**said)
    if fmt == "csv":
        return _csv(table, name)
    if fmt == "json":
        return json_text(document(table, name, head=head))
    if fmt == "geojson":
        return geojson_text(table, name)
    return "".join(f"{_compact(row)}\n" for row in records(table))


def json_text(value: Mapping[str, Any]) -> str:
    """Write a JSON object as people can read it.

    Parameters
    ----------
    value
        Plain Python (:func:`plain`).

    Returns
    -------
    The text, ending in a newline.

    Examples
    --------
    >>> print(json_text({"园区": 1}), end="")
    {
      "园区": 1
    }
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def geojson_text(table: gpd.GeoDataFrame, name: str) -> str:
    """Write a table with geometry as GeoJSON by RFC 7946.

    Parameters
    ----------
    table
        A table with a geometry column.
    name
        What it is.

    Returns
    -------
    The text: WGS 84, seven decimals, outer rings anticlockwise. A row without land has a null
    geometry, so that the layer holds polygons only and opens as one layer.

    Raises
    ------
    CRSError
        If the table has no CRS.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"left": ["a"]}, geometry=[box(104, 30, 105, 31)], crs=4326)
    >>> feature = json.loads(geojson_text(layer, "overlaps"))["features"][0]
    >>> feature["geometry"]["coordinates"][0][:2]
    [[105.0, 30.0], [105.0, 31.0]]
    """
    shapes = _display(table)
    rows = records(table)
    features = [
        {
            "type": "Feature",
            **({"id": row["id"]} if "id" in row else {}),
            "properties": row,
            "geometry": shape,
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    notice = _compact(messages.text("terms.notice.disclaimer"))
    opening = f'{{"type": "FeatureCollection", "name": {_compact(name)}, "notice": {notice},'
    body = ",\n".join(_compact(feature) for feature in features)
    return f'{opening} "features": [\n{body}\n]}}\n'


def file_bytes(content: str, fmt: str) -> bytes:
    r"""Encode a text for a file.

    Parameters
    ----------
    content
        The text.
    fmt
        Its format.

    Returns
    -------
    UTF-8; for CSV with the mark by which Excel knows it.

    Examples
    --------
    >>> file_bytes("a", "csv"), file_bytes("a", "json")
    (b'\xef\xbb\xbfa', b'a')
    """
    return content.encode("utf-8-sig" if fmt == "csv" else "utf-8")


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    if isinstance(table, gpd.GeoDataFrame):
        table = pd.DataFrame(table.drop(columns=table.active_geometry_name))
    named = [name for name in table.index.names if name is not None]
    return table.reset_index() if named else table


def _never_blank(flat: pd.DataFrame) -> frozenset[str]:
    """Columns of a problems table, where blank text means a problem of the whole file."""
    return frozenset(schema.PROBLEM_COLUMNS) if "remedy" in flat.columns else frozenset()


def _csv(table: pd.DataFrame, name: str) -> str:
    rows = records(table)
    flat = [str(_RENAMED.get(column, column)) for column in _flat(table).columns]
    columns = list(_CSV_COLUMNS.get(name, flat))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([escape.csv_cell(column) for column in columns])
    for row in rows:
        writer.writerow([_csv_value(row[column]) for column in columns])
    return text.getvalue()


def _csv_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        numbers = all(item is None or isinstance(item, (int, float)) for item in value)
        value = _LIST_SEPARATOR.join(map(_csv_item, value))
        if numbers:  # no text of a stranger's: the minus stays a minus
            return value.strip(_LIST_SEPARATOR)
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")  # csv quotes no lone \r
    return "" if value is None else escape.csv_cell(value)


def _csv_item(item: Any) -> str:
    if isinstance(item, list):
        return _WITHIN.join(map(str, item))
    return "" if item is None else str(item)


def _display(table: gpd.GeoDataFrame) -> list[dict[str, Any] | None]:
    geodesy.require_crs(table)
    degrees = shapely.orient_polygons(table.geometry.to_crs(4326).to_numpy())
    rounded = shapely.transform(degrees, lambda xy: np.round(xy, _DECIMALS))
    return [
        None if shape is None or shape.is_empty else shapely.geometry.mapping(shape)
        for shape in rounded
    ]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
