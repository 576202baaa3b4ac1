"""From a parks table to a file that reads back as the same table."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import escape, files, geodesy, messages, schema
from parkmap.errors import OutputError
from parkmap.io.headings import meanings
from parkmap.layers import write_layer
from parkmap.schema import PARK_COLUMNS

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd

_OURS = ("row", "layer")  # the reader fills them anew
_WGS84 = "EPSG:4326"
_DEGREE_DECIMALS = {"geojson": 7, "csv": 9}
_FIELD_BYTES = 254
_NAME_BYTES = 10
_SHP_CODE = "gb18030"


def write_parks(
    parks: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Write parks to a file, whole or not at all.

    Parameters
    ----------
    parks
        A parks table with a CRS.
    path
        The file; its ending decides: ``.gpkg`` (recommended) and ``.shp`` keep the CRS,
        ``.geojson`` and ``.csv`` (WKT) are in longitude and latitude.
    overwrite
        Replace a file that is there.
    inputs
        Files that must never be replaced.

    Raises
    ------
    OutputError
        If the format is unknown, cannot hold the parks, or the file cannot be written.
    CRSError
        If the parks have no CRS.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd
    >>> from parkmap.io import read_parks
    >>> parks = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(104, 30, 104.1, 30.1)],
    ...     crs=4326)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_parks(parks, Path(folder, "parks.gpkg"))
    ...     read_parks(Path(folder, "parks.gpkg"))["name"].tolist()
    ['甲']
    """
    write = _WRITERS.get(Path(path).suffix.lower())
    if write is None:
        known = messages.listed(sorted(_WRITERS))
        fault = messages.fault("io.unknown_ending", known=known)
        raise OutputError(**fault, file=files.display_name(path))
    table = _stated(schema.complete(parks))
    geodesy.require_crs(table)
    with files.writing(path, overwrite=overwrite, inputs=inputs) as draft:
        write(table, draft)


def _stated(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop standard columns in which nothing is stated; the geometry comes last."""
    geometry = str(table.geometry.name)
    empty = [
        column
        for column, default in PARK_COLUMNS.items()
        if column in _OURS
        or (column != "name" and all(_is(value, default) for value in table[column]))
    ]
    kept = [column for column in table.columns if column not in (*empty, geometry)]
    stated = table.reset_index()[["park_id", *kept, geometry]]
    return stated if geometry == "geometry" else stated.rename_geometry("geometry")


def _is(value: Any, default: Any) -> bool:
    if isinstance(default, float):
        return value is None or bool(np.isnan(value))
    return type(value) is type(default) and bool(value == default)


def _plain(value: Any) -> Any:
    """Turn a cell into what JSON can hold."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return escape.json_text(value if isinstance(value, str) else str(value))


def _text(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, list):
        return json.dumps(plain, ensure_ascii=False)
    return "" if plain is None else str(plain).lower() if isinstance(plain, bool) else str(plain)


def _attributes(table: gpd.GeoDataFrame) -> list[str]:
    return [str(column) for column in table.columns if column != "geometry"]


def _in_degrees(table: gpd.GeoDataFrame, decimals: int) -> list[Any]:
    shapes = table.geometry.to_crs(_WGS84).to_numpy()
    return list(shapely.transform(shapes, lambda xy: np.round(xy, decimals)))


def _write_geojson(table: gpd.GeoDataFrame, draft: Path) -> None:
    shapes = [
        None if shape is None else json.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
        for shape in _in_degrees(table, _DEGREE_DECIMALS["geojson"])
    ]
    columns = {str(column): table[column].tolist() for column in _attributes(table)}
    lines = []
    for place, shape in enumerate(shapes):
        properties = {column: _plain(values[place]) for column, values in columns.items()}
        feature = {"type": "Feature", "properties": properties, "geometry": shape}
        lines.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    body = ",\n".join(lines)
    text = f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n'
    draft.write_text(text, encoding="utf-8", newline="\n")


def _write_csv(table: gpd.GeoDataFrame, draft: Path) -> None:
    decimals = _DEGREE_DECIMALS["csv"]
    shapes = _in_degrees(table, decimals)
    wkt = ["" if s is None else shapely.to_wkt(s, rounding_precision=decimals) for s in shapes]
    columns = [[escape.csv_cell(_text(value)) for value in table[c]] for c in _attributes(table)]
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([*(escape.csv_cell(column) for column in _attributes(table)), "wkt"])
    writer.writerows(zip(*columns, wkt, strict=True))
    draft.write_text(made.getvalue(), encoding="utf-8-sig", newline="")


def _write_gpkg(table: gpd.GeoDataFrame, draft: Path) -> None:
    write_layer(_flat(table), draft, driver="GPKG", layer="parks", geometry_type="Unknown")


def _write_shapefile(table: gpd.GeoDataFrame, draft: Path) -> None:
    """Write GB 18030 with a ``.cpg``; what a shapefile cannot hold is refused, not cut."""
    name = files.display_name(draft)
    flat = _flat(table)
    kinds = set(flat.geometry.geom_type.dropna().str.removeprefix("Multi"))
    if len(kinds) > 1:
        raise OutputError(**messages.fault("io.shp_mixed"), file=name)
    short = _short_names(_attributes(flat))
    for column in short:
        texts = [value for value in flat[column] if isinstance(value, str)]
        if any(len(text.encode(_SHP_CODE)) > _FIELD_BYTES for text in texts):
            fault = messages.fault("io.shp_long", column=column[:40])
            raise OutputError(**fault, file=name)
    write_layer(
        flat.rename(columns=short), draft, driver="ESRI Shapefile", encoding=_SHP_CODE.upper(),
        geometry_type=f"Multi{kinds.pop()}" if kinds else "MultiPolygon",
    )  # fmt: skip
    draft.with_suffix(".cpg").write_text("GB18030", encoding="ascii")
    renamed = [f"{ours},{theirs}" for theirs, ours in short.items() if ours != theirs]
    if renamed:
        listed = "\r\n".join(["field,column", *renamed, ""])
        draft.with_suffix(".columns.csv").write_text(listed, encoding="utf-8-sig", newline="")


def _short_names(columns: Iterable[str]) -> dict[str, str]:
    """Give each column a field name of ten bytes, known ones always the same."""
    known: Mapping[str, str] = meanings()["fields"]
    made: dict[str, str] = {}
    for number, column in enumerate(columns, start=1):
        fits = len(column.encode(_SHP_CODE)) <= _NAME_BYTES
        made[column] = known.get(column, column if fits else f"field_{number}")
    return made


def _flat(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each column one type that GDAL knows: lists become JSON, what is mixed becomes text."""
    flat = table.copy(deep=False)
    for column in _attributes(table):
        plain = [_plain(value) for value in table[column]]
        kinds = {type(value) for value in plain if value is not None}
        if kinds <= {bool} and kinds and None not in plain:
            flat[column] = pd.Series(plain, index=table.index, dtype=bool)
        elif not kinds <= {int, float} or (kinds == {int} and None in plain):
            flat[column] = pd.Series(
                [_text(value) for value in plain], index=table.index, dtype=object
            )
    return flat


_WRITERS: Mapping[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    ".csv": _write_csv,
    ".geojson": _write_geojson,
    ".gpkg": _write_gpkg,
    ".json": _write_geojson,
    ".shp": _write_shapefile,
}
