"""From a file to a parks table: sniff, read, place on the earth, understand the columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from parkmap import decoding, files, geodesy, messages, schema
from parkmap.errors import InputError, OptionError
from parkmap.geodesy.datum import DATUMS
from parkmap.io import columns, outputs, several, totals
from parkmap.io.crs import label
from parkmap.io.formats import read_layers, read_raws
from parkmap.io.headings import recognise, theirs
from parkmap.io.placing import place_on_earth
from parkmap.io.raw import Options, Raw
from parkmap.io.rows import land, park_table
from parkmap.io.together import Reading, joined
from parkmap.problems import problem
from parkmap.schema import Source

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from pyproj import CRS

    Problems = list[dict[str, Any]]

_WGS84 = "EPSG:4326"


def read_parks(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    crs: Any = None,
    encoding: str | None = None,
    layer: str | Sequence[str] | None = None,
    datum: str | None = None,
    sql: str | None = None,
) -> gpd.GeoDataFrame:
    r"""Read parks from a file, whole and right, or not at all.

    Parameters
    ----------
    path
        A local GeoJSON, GeoPackage, shapefile, file geodatabase, KML, DXF, GeoParquet, TXT of
        boundary points, CSV or XLSX (longitude and latitude, or WKT), or a ZIP or KMZ of them,
        told by content; or ``postgresql://…?table=schema.parks``; or a GeoDataFrame, whose
        headings and words are understood in the same way.
    columns
        Our column to the file's heading, for headings that are not recognised.
    crs
        The CRS of the coordinates, where the file does not say it or says it wrongly.
    encoding
        The encoding of the text, where the guess is wrong.
    layer
        The layer or sheet, where the file has several; of several that are named all are read, as
        several files are.
    datum
        ``"gcj02"`` or ``"bd09"`` for coordinates from a web map; they are converted to WGS 84.
    sql
        A query in place of the table of a database.

    Returns
    -------
    The parks, indexed by ``park_id``, with every standard column; other columns pass through. A
    park without a boundary has a point or no geometry.

    Raises
    ------
    InputError
        If the file is not what it should be; the message says what it is and what to do.
    CRSError
        If the coordinates cannot be placed without guessing.

    See Also
    --------
    read_source : also what was noticed while reading.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.csv")
    ...     _ = path.write_text("园区名称,级别,经度,纬度\n甲,省级,104.06,30.66\n", encoding="gbk")
    ...     read_parks(path)[["name", "tier"]].values.tolist()
    [['甲', 'provincial']]
    """
    return read_source(
        path, columns=columns, crs=crs, encoding=encoding, layer=layer, datum=datum, sql=sql
    ).parks


def read_source(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    crs: Any = None,
    encoding: str | None = None,
    layer: str | Sequence[str] | None = None,
    datum: str | None = None,
    sql: str | None = None,
) -> Reading:
    r"""Read parks from a file, with what was noticed on the way.

    Parameters
    ----------
    path, columns, crs, encoding, layer, datum, sql
        As for :func:`read_parks`.

    Returns
    -------
    Parks, problems and the record of the file.

    Raises
    ------
    InputError
        If the file is not what it should be.
    CRSError
        If the coordinates cannot be placed without guessing.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.csv")
    ...     _ = path.write_text("name,lon,lat\nA,104.06,30.66\n")
    ...     read_source(path).source.driver
    'CSV'
    """
    options = Options(columns=dict(columns or {}), crs=crs, encoding=encoding, datum=datum, sql=sql)
    return _read([path], options, layer)


def read_sources(
    paths: Sequence[str | os.PathLike[str]],
    *,
    columns: Mapping[str, str] | None = None,
    crs: Any = None,
    encoding: str | None = None,
    layer: str | Sequence[str] | None = None,
    datum: str | None = None,
    sql: str | None = None,
) -> Reading:
    r"""Read parks from several files into one table.

    Parameters
    ----------
    paths
        The files; each may have its own format, CRS and columns.
    columns, crs, encoding, layer, datum, sql
        As for :func:`read_parks`, for every file.

    Returns
    -------
    All parks in the CRS of the first file, ids kept apart; the column ``layer`` names the file.

    Raises
    ------
    InputError
        If a file is not what it should be, or none is named.
    CRSError
        If coordinates cannot be placed without guessing.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.csv")
    ...     _ = path.write_text("name,lon,lat\nA,104.06,30.66\n")
    ...     read_sources([path, path]).parks.index.tolist()
    ['A', 'A@parks.csv']
    """
    if not paths:
        raise InputError(**messages.fault("io.nothing_named"))
    options = Options(columns=dict(columns or {}), crs=crs, encoding=encoding, datum=datum, sql=sql)
    return _read(paths, options, layer)


def _read(
    paths: Sequence[str | os.PathLike[str] | gpd.GeoDataFrame],
    options: Options,
    layer: str | Sequence[str] | None,
) -> Reading:
    if options.datum is not None and options.datum not in DATUMS:
        said = {"datum": options.datum, "known": messages.listed(DATUMS)}
        raise OptionError(**messages.fault("geodesy.unknown_datum", **said))
    layers = [layer] if layer is None or isinstance(layer, str) else list(dict.fromkeys(layer))
    readings = []
    for path in paths:
        raws = read_layers(path, options, layers, lone=len(paths) == 1)
        readings.append(joined([_understood(raw, options) for raw in raws]))
    return joined(readings)


def read_context(path: str | os.PathLike[str]) -> gpd.GeoDataFrame:
    """Read a layer to be drawn under the parks.

    Parameters
    ----------
    path
        A local file.

    Returns
    -------
    Its geometries, with ``name`` where the file has one, in WGS 84.

    Raises
    ------
    InputError
        If the file is not what it should be.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.geojson")
    ...     _ = path.write_text('{"type": "LineString", "coordinates": [[104, 30], [104, 31]]}')
    ...     read_context(path).geom_type.tolist()
    ['MultiLineString']
    """
    layers = [_context(raw) for raw in read_raws(path, Options(columns={}))]
    return gpd.GeoDataFrame(pd.concat(layers, ignore_index=True), crs=_WGS84)


def _context(raw: Raw) -> gpd.GeoDataFrame:
    place, _ = place_on_earth(raw, Options(columns={}))
    found = recognise([str(heading) for heading in raw.table.columns], chosen={})
    names = raw.table[found["name"]] if "name" in found else [""] * len(raw.geometry)
    texts = [columns.plain_text(name) for name in names]
    layer = gpd.GeoDataFrame({"name": texts}, geometry=raw.geometry, crs=place)
    return layer[layer.geometry.notna() & ~layer.geometry.is_empty].to_crs(_WGS84)


def read_control(
    path: str | os.PathLike[str], *, layer: str | None = None
) -> tuple[gpd.GeoDataFrame, Source]:
    """Read the land of a control line.

    Parameters
    ----------
    path
        A local file.
    layer
        The layer, where the file has several.

    Returns
    -------
    Its polygons in the CRS of the file, and the record of the file.

    Raises
    ------
    InputError
        If the file is not what it should be, or holds no polygon.
    CRSError
        If the coordinates cannot be placed without guessing.

    Examples
    --------
    >>> import json, tempfile, shapely
    >>> from pathlib import Path
    >>> field = json.loads(shapely.to_geojson(shapely.box(104, 30, 104.1, 30.1)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "farmland.geojson")
    ...     _ = path.write_text(json.dumps(field))
    ...     len(read_control(path)[0])
    1
    """
    options = Options(columns={}, layer=layer)
    raws = read_raws(path, options)
    if not any(raw.rows for raw in raws):
        raise InputError(**messages.fault("io.no_rows"), file=files.display_name(path))
    grounds = [_ground(raw, options) for raw in raws if raw.rows]
    land = pd.concat([ground.to_crs(grounds[0].crs) for ground in grounds], ignore_index=True)
    if land.empty:
        raise InputError(**messages.fault("io.no_polygon"), file=files.display_name(path))
    return gpd.GeoDataFrame(land), _source(raws[0], land.crs)


def _ground(raw: Raw, options: Options) -> gpd.GeoDataFrame:
    place, _ = place_on_earth(raw, options)
    polygonal = pd.Series(raw.geometry, dtype=object).map(_is_polygonal).to_numpy(dtype=bool)
    return gpd.GeoDataFrame(geometry=raw.geometry[polygonal], crs=place)


def _is_polygonal(shape: Any) -> bool:
    return shape is not None and shape.area > 0


def _understood(raw: Raw, options: Options) -> Reading:
    file = raw.shown
    headings = list(map(str, raw.table.columns))
    meant = {ours: theirs(said, headings) for ours, said in options.columns.items()}
    table, sectors = several.joined(raw.table.rename(columns=str), said=meant.get("sectors", ""))
    if sectors:
        raw, meant = replace(raw, table=table), {**meant, "sectors": sectors}
    options = replace(options, columns=meant)
    raw, sums = totals.without_totals(raw, options)
    if not raw.rows:
        raise InputError(**messages.fault("io.no_rows"), file=file)
    place, noticed = place_on_earth(raw, options)
    raw, weights = outputs.weighed(raw, options)
    noticed += weights
    geometry, refused = land(raw.geometry, raw.rows, file=file)
    parks, more = park_table(raw, options, file=file)
    parks = gpd.GeoDataFrame(parks, geometry=geometry, crs=place)
    datum = options.datum or raw.datum
    if datum not in ("", "wgs84"):
        parks = geodesy.shift_datum(parks, datum=datum)
        noticed.append(problem("PM504" if options.datum else "PM510", datum=datum))
    if raw.encoding.removesuffix("-sig") not in ("", "utf-8", "ascii"):
        noticed.append(problem("PM101", encoding=raw.encoding))
    noticed += _garbled(parks)
    found = schema.problems_table([*noticed, *raw.problems, *sums, *refused, *more])
    ids = dict(zip(raw.rows, parks.index, strict=True))
    found["park_id"] = [ids.get(row, "") for row in found["row"]]
    return Reading(parks=parks, problems=found, sources=(_source(raw, place),))


def _garbled(parks: gpd.GeoDataFrame) -> Problems:
    words = [word for row in parks["sectors"] for word in row]
    bad = [each for each in [*parks["name"], *words] if decoding.is_garbled(each)]
    return [problem("PM152", count=len(bad), text=bad[0][:20])] if bad else []


def _source(raw: Raw, place: CRS) -> Source:
    newest = raw.newest
    if not newest:
        changed = dt.datetime.fromtimestamp(raw.path.stat().st_mtime, tz=dt.UTC)
        newest = changed.date().isoformat()
    return Source(
        name=raw.label,
        sha256=raw.digest or files.input_hash(raw.path),
        driver=raw.driver,
        encoding=raw.encoding,
        crs=label(place),
        rows=raw.total,
        newest=newest,
    )
