"""Shapefiles, in whatever encoding their table really is and with whatever part is missing."""

from __future__ import annotations

import struct
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.io.gdal import read_ogr, shapes_from, table_of
from parkmap.io.raw import Options, Raw
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Problems = list[dict[str, Any]]

_SHP_HEADER = 100
_POLYGONS = {0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28}
_CODE_PAGES = {
    0x4D: "cp936",
    0x4E: "cp949",
    0x4F: "cp950",
    0x7A: "cp936",
    0x57: None,
    0x03: "cp1252",
}


def read_shapefile(path: Path, options: Options) -> Raw:
    """Read a shapefile, in whatever encoding its table really is.

    Parameters
    ----------
    path
        The ``.shp``.
    options
        How to read it.

    Returns
    -------
    Its rows, all of them: a table or an index that does not fit is repaired in memory or refused.

    Raises
    ------
    InputError
        If a file of the set is missing or cut short.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pyogrio, shapely
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.shp")
    ...     layer = gpd.GeoDataFrame({"名": ["甲园区"]}, geometry=[shapely.Point(1, 2)], crs=4490)
    ...     pyogrio.write_dataframe(layer, path, encoding="gbk")
    ...     path.with_suffix(".cpg").unlink()
    ...     raw = read_shapefile(path, Options(columns={}))
    >>> raw.encoding, raw.table["名"].tolist()
    ('gb18030', ['甲园区'])
    """
    name = files.display_name(path)
    offsets, problems = _records(path, name)
    side = {ending: _beside(path, ending) for ending in (".dbf", ".shx", ".prj", ".cpg")}
    if side[".dbf"] is None:
        raise InputError(**messages.fault("io.no_dbf"), file=name)
    deleted = _check_table(side[".dbf"], len(offsets), name)
    if deleted:
        problems.append(problem("PM111", count=len(deleted)))
    if not _index_fits(side[".shx"], offsets):
        problems.append(problem("PM112"))
    with _assembled(path, offsets, side[".dbf"]) as whole:
        meta, _, wkb, fields = read_ogr(whole, name, problems, encoding="ISO-8859-1")
    shapes, unreadable = shapes_from(wkb)
    hint = _hint(side[".cpg"], side[".dbf"])
    names, fields, encoding = _decoded(meta["fields"], fields, hint, options.encoding, name)
    names = _long_names(path, names)
    kept = [row for row in range(1, len(offsets) + 1) if row not in deleted]
    if len(kept) != len(shapes):
        fault = messages.fault("io.rows_lost", found=len(shapes), expected=len(kept))
        raise InputError(**fault, file=name)
    problems += [{**found, "row": kept[found["row"] - 1]} for found in unreadable]
    return Raw(
        path=path, driver="ESRI Shapefile", table=table_of(names, fields, problems),
        geometry=shapes, rows=tuple(kept), total=len(offsets),
        crs=_prj(side[".prj"]), encoding=encoding, problems=tuple(problems),
    )  # fmt: skip


def _beside(path: Path, ending: str) -> Path | None:
    """Find a side file, whatever the case of its ending."""
    wanted = f"{path.stem}{ending}".lower()
    exact = path.with_suffix(ending)
    if exact.is_file():
        return exact
    return next((file for file in path.parent.iterdir() if file.name.lower() == wanted), None)


def _records(path: Path, name: str) -> tuple[list[tuple[int, int]], Problems]:
    """Walk the records of a ``.shp``: where each begins and how long it is, in bytes."""
    data = path.read_bytes()
    if len(data) < _SHP_HEADER:
        raise InputError(**messages.fault("io.cut_short", part=".shp"), file=name)
    kind = struct.unpack("<i", data[32:36])[0]
    if kind not in _POLYGONS:
        raise InputError(**messages.fault("io.damaged"), file=name)
    found, place = [], _SHP_HEADER
    while place + 8 <= len(data):
        length = 2 * struct.unpack(">i", data[place + 4 : place + 8])[0]
        if length < 4 or place + 8 + length > len(data):
            raise InputError(**messages.fault("io.cut_short", part=".shp"), file=name)
        found.append((place, length))
        place += 8 + length
    return found, []


def _check_table(dbf: Path, expected: int, name: str) -> set[int]:
    """Compare the table with the shapes; return the rows marked deleted."""
    data = dbf.read_bytes()
    if len(data) < 32:
        raise InputError(**messages.fault("io.cut_short", part=".dbf"), file=name)
    count, start, width = struct.unpack("<IHH", data[4:12])
    there = (len(data) - start) // width if width else 0
    if there < count:
        raise InputError(**messages.fault("io.cut_short", part=".dbf"), file=name)
    if count != expected:
        fault = messages.fault("io.dbf_differs", found=count, expected=expected)
        raise InputError(**fault, file=name)
    return {row + 1 for row in range(count) if data[start + row * width] == ord("*")}


def _index_fits(shx: Path | None, offsets: Sequence[tuple[int, int]]) -> bool:
    return shx is not None and shx.read_bytes()[_SHP_HEADER:] == _index(offsets)


def _index(offsets: Sequence[tuple[int, int]]) -> bytes:
    return b"".join(struct.pack(">ii", place // 2, length // 2) for place, length in offsets)


@contextmanager
def _assembled(path: Path, offsets: Sequence[tuple[int, int]], dbf: Path | None) -> Iterator[Path]:
    """Put the set together elsewhere, under a plain name and with an index of our own.

    Nothing is written beside the input, GDAL sees neither its ``.cpg`` nor odd characters in its
    name, and a missing index costs nothing.
    """
    with tempfile.TemporaryDirectory(prefix="parkmap-") as folder:
        whole = Path(folder, "parks.shp")
        whole.symlink_to(path)
        if dbf is not None:
            whole.with_suffix(".dbf").symlink_to(dbf)
        header = bytearray(path.read_bytes()[:_SHP_HEADER])
        header[24:28] = struct.pack(">i", _SHP_HEADER // 2 + 4 * len(offsets))
        whole.with_suffix(".shx").write_bytes(bytes(header) + _index(offsets))
        yield whole


def _long_names(path: Path, names: list[str]) -> list[str]:
    """Undo the shortening of names that ``write_parks`` wrote down beside a shapefile."""
    listed = path.with_suffix(".columns.csv")
    if not listed.is_file():
        return names
    rows = listed.read_text(encoding="utf-8-sig", errors="replace").splitlines()[1:]
    long = dict(row.split(",", 1) for row in rows if "," in row)
    return [long.get(name, name) for name in names]


def _prj(prj: Path | None) -> str | None:
    if prj is None:
        return None
    return prj.read_bytes().decode("utf-8", errors="replace").strip("\ufeff \x00\r\n") or None


def _hint(cpg: Path | None, dbf: Path | None) -> str | None:
    """Return what the set says of its encoding: the ``.cpg``, else the table's language byte."""
    if cpg is not None:
        said = cpg.read_bytes()[:40].decode("ascii", errors="replace").strip("\ufeff \x00\r\n")
        return f"cp{said}" if said.isdecimal() else said
    byte = dbf.read_bytes()[29] if dbf is not None else 0
    return _CODE_PAGES.get(byte)


def _decoded(
    names: Sequence[str], fields: Sequence[Any], hint: str | None, said: str | None, file: str
) -> tuple[list[str], list[Any], str]:
    """Decode names and values that GDAL passed on byte by byte."""
    texts = [str(name).encode("latin-1") for name in names]
    columns = [np.asarray(values) for values in fields]
    words = {
        value.encode("latin-1")
        for column in columns
        if column.dtype == object
        for value in column
        if isinstance(value, str)
    }
    encoding = said or decoding.sniff([*texts, *sorted(words)], hint=hint, file=file)
    known = decoding.known_encoding(encoding)
    meaning = {word: decoding.decode_cut(word, known) for word in {*words, *texts}}
    if None in meaning.values():
        fault = messages.fault("io.not_in_encoding", encoding=encoding, place=0)
        raise InputError(**fault, file=file)
    plain = {word.decode("latin-1"): value for word, value in meaning.items()}
    decoded = [
        np.array(
            [plain.get(value, value) if isinstance(value, str) else value for value in column],
            dtype=object,
        )
        if column.dtype == object
        else column
        for column in columns
    ]
    return [str(plain[str(name)]) for name in names], decoded, encoding
