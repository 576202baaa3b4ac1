"""GeoParquet, read by pyarrow (extra ``parquet``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import files, messages
from parkmap.errors import InputError, MissingExtraError
from parkmap.io.gdal import shapes_from, table_of
from parkmap.io.raw import Options, Raw

if TYPE_CHECKING:
    from pathlib import Path

    Problems = list[dict[str, Any]]

_LARGEST = 4_000_000_000  # bytes unpacked
_LONLAT = "OGC:CRS84"  # what no mention of a CRS means
_USUAL_NAMES = ("geometry", "geom", "wkb_geometry", "wkb", "the_geom", "shape")


def read_parquet(path: Path, _: Options) -> Raw:
    """Read a GeoParquet file; one without its metadata needs ``crs``.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it is damaged or has no column of geometries.
    MissingExtraError
        If pyarrow is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd, shapely
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.parquet")
    ...     gpd.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Point(104, 30)],
    ...         crs=4490).to_parquet(path)
    ...     read_parquet(path, Options(columns={})).total
    1
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 (an extra)
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as reason:
        raise MissingExtraError(**messages.fault("io.missing_extra", extra="parquet")) from reason
    name = files.display_name(path)
    try:
        file = parquet.ParquetFile(path)
        groups = range(file.metadata.num_row_groups)
        size = sum(file.metadata.row_group(group).total_byte_size for group in groups)
        meta = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        given = file.read() if size <= _LARGEST else None
    except (pa.ArrowException, OSError, ValueError, RecursionError, ArithmeticError) as reason:
        raise InputError(**messages.fault("io.damaged"), file=name) from reason
    if given is None:
        raise InputError(**messages.fault("io.too_large"), file=name)
    columns = {column: _listed(given[column]) for column in given.column_names}
    return _rows(path, name, columns, meta if isinstance(meta, dict) else {})


def _rows(path: Path, name: str, columns: dict[str, list[Any]], meta: dict[str, Any]) -> Raw:
    primary = meta.get("primary_column") or next(
        (each for each in columns if each.lower() in _USUAL_NAMES), None
    )
    wkb = columns.get(str(primary), [])
    known = [value for value in wkb if value is not None]
    if primary not in columns or not all(isinstance(value, bytes) for value in known):
        raise InputError(**messages.fault("io.no_geometry_column"), file=name)
    shapes, problems = shapes_from(wkb)
    rest = [column for column in columns if column != primary]
    fields = [_objects(columns[column]) for column in rest]
    described = meta.get("columns")
    about = described.get(primary) if isinstance(described, dict) else None
    crs = about.get("crs", _LONLAT) if isinstance(about, dict) else None
    table = table_of(rest, fields, problems)
    return Raw(
        path=path, driver="GeoParquet", table=table, geometry=shapes,
        rows=tuple(range(1, len(wkb) + 1)), total=len(wkb), crs=crs, problems=tuple(problems),
    )  # fmt: skip


def _objects(values: list[Any]) -> Any:
    made = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        made[place] = value
    return made


def _listed(column: Any) -> list[Any]:
    """Turn a column into Python's own values; a date that is out of their range becomes text."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [str(value) for value in column]
