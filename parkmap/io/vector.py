"""GeoPackage, file geodatabase, FlatGeobuf and KML."""

from __future__ import annotations

import html
import re
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.io.gdal import (
    layers_of,
    layers_with_rows,
    plainly_named,
    read_ogr,
    shapes_from,
    table_of,
)
from parkmap.io.headings import fold
from parkmap.io.raw import Options, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Problems = list[dict[str, Any]]

_ENTITIES = re.compile(r"<!\s*(DOCTYPE|ENTITY)\b", re.IGNORECASE)
#: The name of a value that a placemark carries; what stands in CDATA or a comment is text.
_DATA = re.compile(
    r"""<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"""
    r"""|(?P<head><(?:[\w.-]+:)?Data\s(?:[^<>]*?\s)?name\s*=\s*)"""
    r"""(?P<name>"[^"<]*"|'[^'<]*')""",
    re.DOTALL,
)
_PLACEMARK = re.compile(r"<([\w.-]+:)?Placemark[\s>]")
_DECLARED = re.compile(
    r"""\s*<\?xml[^>]*?encoding\s*=\s*["'](?P<said>[\w.:-]+)["'][^>]*?\?>""", re.IGNORECASE
)


def read_gpkg(path: Path, options: Options) -> Raw:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    path
        The file.
    options
        How to read it; ``layer`` where it has several.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it cannot be opened, or has several layers and none is named.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pyogrio, shapely
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.gpkg")
    ...     layer = gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4490)
    ...     pyogrio.write_dataframe(layer, path)
    ...     raw = read_gpkg(path, Options(columns={}))
    >>> raw.crs, raw.total
    ('EPSG:4490', 1)
    """
    name = files.display_name(path)
    if options.layer is None and not _has_feature_tables(path):
        raise InputError(**messages.fault("io.format.sqlite"), file=name)
    layer = _layer(path, options.layer, name)
    # A GeoPackage in WAL mode would get side files just by being read.
    calm = {} if path.with_name(f"{path.name}-wal").exists() else {"IMMUTABLE": "YES"}
    return _layer_rows(path, path, "GPKG", layer=layer, **calm)


def read_gdb(path: Path, options: Options) -> Raw:
    """Read one layer of a file geodatabase.

    Parameters
    ----------
    path
        Its folder.
    options
        How to read it; ``layer`` where it has several.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it cannot be opened, or has several layers and none is named.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pyogrio, shapely
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.gdb")
    ...     layer = gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4490)
    ...     pyogrio.write_dataframe(layer, path, driver="OpenFileGDB")
    ...     raw = read_gdb(path, Options(columns={}))
    >>> raw.crs, raw.total
    ('EPSG:4490', 1)
    """
    with plainly_named(path, ".gdb") as plain:  # the driver goes by the ending
        layer = _layer(plain, options.layer, files.display_name(path))
        return _layer_rows(path, plain, "OpenFileGDB", layer=layer)


def read_flatgeobuf(path: Path, _: Options) -> Raw:
    """Read a FlatGeobuf.

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
        If it cannot be opened.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pyogrio, shapely
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.fgb")
    ...     layer = gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4490)
    ...     pyogrio.write_dataframe(layer, path)
    ...     read_flatgeobuf(path, Options(columns={})).crs
    'EPSG:4490'
    """
    with plainly_named(path, ".fgb") as plain:
        return _layer_rows(path, plain, "FlatGeobuf")


def _layer_rows(path: Path, plain: Path, driver: str, **options: Any) -> Raw:
    problems: Problems = []
    meta, _, wkb, fields = read_ogr(plain, files.display_name(path), problems, **options)
    shapes, unreadable = shapes_from(wkb)
    problems += unreadable
    table = table_of([str(field) for field in meta["fields"]], fields, problems)
    rows = tuple(range(1, len(shapes) + 1))
    return Raw(
        path=path, driver=driver, table=table, geometry=shapes, rows=rows, total=len(rows),
        crs=meta["crs"], problems=tuple(problems),
    )  # fmt: skip


def read_kml(path: Path, options: Options) -> Raw:
    """Read every folder of a KML as one layer, in longitude and latitude.

    Parameters
    ----------
    path
        The file.
    options
        How to read it; ``layer`` for one folder alone.

    Returns
    -------
    Its placemarks, folder by folder; the column ``folder`` says which.

    Raises
    ------
    InputError
        If it cannot be opened or holds no placemarks.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.kml")
    ...     _ = path.write_text(
    ...         '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>A</name>'
    ...         "<Point><coordinates>104,30</coordinates></Point></Placemark></kml>"
    ...     )
    ...     read_kml(path, Options(columns={})).total
    1
    """
    name = files.display_name(path)
    problems: Problems = []
    tables: list[pd.DataFrame] = []
    shapes: list[NDArray[np.object_]] = []
    content, encoding = decoding.decode(path.read_bytes(), encoding=options.encoding, file=name)
    if _ENTITIES.search(content):
        raise InputError(**messages.fault("io.entities"), file=name)
    if "NetworkLink" in content and not _PLACEMARK.search(content):
        raise InputError(**messages.fault("io.link_alone"), file=name)
    content, headings = _plainly_headed(content)
    with _in_unicode(path, content, "" if headings else encoding) as plain:
        for layer in layers_of(plain, options.layer, name):
            meta, _, wkb, fields = read_ogr(plain, name, problems, layer=layer)
            found, unreadable = shapes_from(wkb)
            first = sum(len(each) for each in shapes)
            problems += [
                {**each, "row": each["row"] and each["row"] + first} for each in unreadable
            ]
            said = [headings.get(field, field) for field in map(str, meta["fields"])]
            table = table_of(said, fields, problems)
            folder = "" if layer == plain.stem else layer  # GDAL calls what is in none by the file
            tables.append(table.assign(folder=folder) if len(table) else table)
            shapes.append(found)
    total = sum(len(each) for each in shapes)
    return Raw(
        path=path, driver="KML", table=pd.concat(tables, ignore_index=True),
        geometry=np.concatenate(shapes), rows=tuple(range(1, total + 1)), total=total,
        crs="EPSG:4326", encoding=encoding, problems=tuple(problems),
    )  # fmt: skip


def _plainly_headed(content: str) -> tuple[str, dict[str, str]]:
    """Put numbers for the headings that GDAL would make underscores of: 级别 like 编号."""
    numbers: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        heading = html.unescape((found["name"] or "")[1:-1]).strip()
        if not heading or re.fullmatch(r"\w+", heading, re.ASCII):
            return found.group()
        number = numbers.setdefault(heading, f"parkmap_data_{len(numbers) + 1}")
        return f'{found["head"]}"{number}"'

    content = _DATA.sub(numbered, content)
    return content, {number: heading for heading, number in numbers.items()}


@contextmanager
def _in_unicode(path: Path, content: str, encoding: str) -> Iterator[Path]:
    """Show GDAL a KML in UTF-8, whatever encoding it is in and whatever it says of itself."""
    said = _DECLARED.match(content)
    if encoding.startswith("utf-8") and (said is None or fold(said["said"]) == "utf8"):
        with plainly_named(path, ".kml") as plain:
            yield plain
        return
    with tempfile.TemporaryDirectory(prefix="parkmap-") as folder:
        plain = Path(folder, "parks.kml")
        plain.write_text(content[said.end() if said else 0 :].lstrip(), encoding="utf-8")
        yield plain


def _has_feature_tables(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("select 1 from gpkg_contents limit 1").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):  # the latter from its own message
        return False
    return True


def _layer(path: Path, wanted: str | None, name: str) -> str:
    found = layers_of(path, wanted, name)
    if len(found) > 1:
        found = layers_with_rows(path, found) or found
    if len(found) > 1:
        listed = messages.few(found, width=80)
        raise InputError(**messages.fault("io.several_layers", layers=listed), file=name)
    return found[0]
