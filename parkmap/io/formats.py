"""Each format's reader, chosen by what a file is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from parkmap import files, messages
from parkmap.errors import InputError, OptionError
from parkmap.io import (
    archive,
    boundary,
    database,
    dxf,
    excel,
    geojson,
    memory,
    parquet,
    shapefile,
    tabular,
    vector,
)
from parkmap.io.sniff import kind_of
from parkmap.problems import problem

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from parkmap.io.raw import Options, Raw

_READERS: Mapping[str, Callable[[Path, Options], Raw]] = {
    "boundary": boundary.read_boundary_points,
    "csv": tabular.read_csv,
    "dxf": dxf.read_dxf,
    "flatgeobuf": vector.read_flatgeobuf,
    "gdb": vector.read_gdb,
    "geojson": geojson.read,
    "gpkg": vector.read_gpkg,
    "kml": vector.read_kml,
    "parquet": parquet.read_parquet,
    "shapefile": shapefile.read_shapefile,
    "xlsx": excel.read_xlsx,
}
_WITH_LAYERS = ("dxf", "gdb", "gpkg", "kml", "xlsx")


def read_raws(path: str | os.PathLike[str] | gpd.GeoDataFrame, options: Options) -> list[Raw]:
    """Read what a name stands for: a file, a geodatabase's folder, an archive or a database.

    Parameters
    ----------
    path
        What the user named, or a table in memory.
    options
        How to read it.

    Returns
    -------
    Rows of each layer; several only from an archive.

    Raises
    ------
    InputError
        If it is not what it should be.
    OptionError
        If ``sql`` is said of a file.
    """
    if isinstance(path, gpd.GeoDataFrame):
        return [memory.read_frame(path, options)]
    if database.is_address(path):
        return [database.read(str(path), options)]
    file = files.local_file(path, folder=True)
    if options.sql is not None:
        raise OptionError(**messages.fault("io.sql_of_file"))
    kind = kind_of(file)
    return _from_archive(file, options) if kind == "zip" else [_READERS[kind](file, options)]


def read_layers(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    options: Options,
    layers: Sequence[str | None],
    *,
    lone: bool,
) -> list[Raw]:
    """Read the layers that were named, each on its own; the one there is, if none was.

    Parameters
    ----------
    path
        What the user named, or a table in memory.
    options
        How to read it.
    layers
        Names of layers or sheets; None stands for what there is.
    lone
        No other file is read with the same names: what has no layers is then refused, else read
        and told.

    Returns
    -------
    Rows of each layer.

    Raises
    ------
    InputError
        If it is not what it should be, or has no such layer.
    """
    named = [layer for layer in layers if layer is not None]
    file = None if isinstance(path, gpd.GeoDataFrame) else str(path)
    if not named or file is None or database.is_address(file):
        return read_raws(path, options)
    place = files.local_file(file, folder=True)
    if kind_of(place) not in (*_WITH_LAYERS, "zip") and not {*named} <= {place.name, place.stem}:
        if lone:
            fault = messages.fault("io.without_layers", layer=named[0][:40])
            raise InputError(**fault, file=files.display_name(place))
        told = problem("PM161", layer=messages.listed(named)[:60])
        return [replace(raw, problems=(told, *raw.problems)) for raw in read_raws(path, options)]
    if len(named) == 1:
        return read_raws(path, replace(options, layer=named[0]))
    return [
        raw if raw.part == layer else replace(raw, part="/".join(filter(None, (raw.part, layer))))
        for layer in named
        for raw in read_raws(path, replace(options, layer=layer))
    ]


def _from_archive(path: Path, options: Options) -> list[Raw]:
    name = files.display_name(path)
    with archive.unpacked(path, wanted=options.layer) as (members, left):
        raws = [_member(path, member, file, options, len(members)) for member, file in members]
    noticed: list[Any] = []
    if len(members) > 1:
        listed = messages.few((member.name for member, _ in members), width=120)
        noticed.append(problem("PM117", name=name, members=listed))
    if left:
        noticed.append(problem("PM118", name=name, members=messages.few(left, width=120)))
    raws[0] = replace(raws[0], problems=(*noticed, *raws[0].problems))
    return raws


def _member(path: Path, member: archive.Member, file: Path, options: Options, count: int) -> Raw:
    try:
        kind = kind_of(file)
        raw = _reader(kind)(file, _inside(member, kind, options, count))
    except InputError as reason:
        reason.file = f"{files.display_name(path)[:40]}/{files.display_name(member.name)}"
        raise
    return replace(raw, path=path, part=member.name)


def _reader(kind: str) -> Callable[[Path, Options], Raw]:
    if kind == "zip":
        raise InputError(**messages.fault("io.format.zip"))
    return _READERS[kind]


def _inside(member: archive.Member, kind: str, options: Options, count: int) -> Options:
    """Decide whether a layer that is named stands for the member, or for a layer inside it."""
    if options.layer in (None, member.name, member.stem):
        return replace(options, layer=None)
    if kind in _WITH_LAYERS and count == 1:
        return options
    said = {"layer": str(options.layer)[:40], "layers": member.name[:80]}
    raise InputError(**messages.fault("io.no_such_layer", **said))
