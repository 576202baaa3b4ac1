"""ZIP archives (and KMZ, which is one): what may be read from them, unpacked out of harm's way."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from parkmap import files, messages
from parkmap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Unpacked = tuple[list[tuple["Member", Path]], list[str]]

_LARGEST = 4_000_000_000  # bytes unpacked
_DENSEST = 200  # unpacked to packed, over the whole archive
_DENSE_FROM = 20_000_000
_MOST_MEMBERS = 20_000
_MAPS = (".gpkg", ".geojson", ".json", ".kml", ".dxf", ".parquet", ".geoparquet", ".ovkml", ".fgb")
_TABLES = (".csv", ".xlsx", ".txt")
_SIDE = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".columns.csv")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_UTF8_NAME, _LOCKED = 0x800, 0x1


@dataclass(frozen=True)
class Member:
    """What is read from an archive as one layer.

    Parameters
    ----------
    name
        Its name inside the archive.
    parts
        Name and entry of every file that belongs to it.
    """

    name: str
    parts: tuple[tuple[str, zipfile.ZipInfo], ...]

    @property
    def stem(self) -> str:
        """Its name without folders and ending."""
        return PurePosixPath(self.name).stem


def refuse_bomb(archive: zipfile.ZipFile, path: Path, *, largest: int = _LARGEST) -> None:
    """Refuse an archive that unpacks to an unreasonable size.

    Parameters
    ----------
    archive
        The archive, open.
    path
        Its file.
    largest
        Bytes that are too many.

    Raises
    ------
    InputError
        If it is.

    Examples
    --------
    >>> import io
    >>> with zipfile.ZipFile(io.BytesIO(), "w") as archive:
    ...     refuse_bomb(archive, Path(__file__))
    """
    unpacked = sum(entry.file_size for entry in archive.infolist())
    dense = unpacked > _DENSE_FROM and unpacked / max(path.stat().st_size, 1) > _DENSEST
    if unpacked > largest or dense or len(archive.infolist()) > _MOST_MEMBERS:
        raise InputError(**messages.fault("io.too_large"), file=files.display_name(path))


@contextmanager
def unpacked(path: Path, *, wanted: str | None = None) -> Iterator[Unpacked]:
    """Unpack what can be read into a folder of its own, under names of ours.

    Parameters
    ----------
    path
        The archive.
    wanted
        The one member that is asked for, by its name with or without ending.

    Yields
    ------
    Each layer with the file to read; and the names of what is left out.

    Raises
    ------
    InputError
        If the archive is damaged, locked, unreasonable, reaches outside itself, or holds nothing
        that can be read.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.zip")
    ...     with zipfile.ZipFile(path, "w") as archive:
    ...         archive.writestr("data/parks.geojson", "{}")
    ...     with unpacked(path) as (members, left):
    ...         [(member.name, file.suffix) for member, file in members], left
    ([('data/parks.geojson', '.geojson')], [])
    """
    name = files.display_name(path)
    with tempfile.TemporaryDirectory(prefix="parkmap-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                refuse_bomb(archive, path)
                entries = _entries(archive, name)
                members = _wanted(_members(entries), wanted, entries, name)
                made = [
                    (member, _extract(archive, member, Path(folder, str(place))))
                    for place, member in enumerate(members)
                ]
        except InputError:
            raise
        except (*_BROKEN, NotImplementedError) as reason:
            raise InputError(**messages.fault("io.format.broken_zip"), file=name) from reason
        yield made, _left_out(entries, members)


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the archive's files under their true names; refuse what is not to be trusted."""
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        inside = _true_name(entry)
        parts = PurePosixPath(inside).parts
        if ".." in parts or inside.startswith("/") or ":" in inside[:3] or inside in found:
            raise InputError(**messages.fault("io.zip_unsafe"), file=name)
        if not parts or inside.endswith("/") or "__MACOSX" in parts or parts[-1].startswith("."):
            continue
        if entry.flag_bits & _LOCKED:
            raise InputError(**messages.fault("io.zip_locked"), file=name)
        found[inside] = entry
    return found


def _true_name(entry: zipfile.ZipInfo) -> str:
    """Undo the code page that Python assumes for names without the mark of UTF-8."""
    name = entry.orig_filename.partition("\x00")[0]
    if not entry.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _members(entries: dict[str, zipfile.ZipInfo]) -> list[Member]:
    maps = [*_shapefiles(entries), *_geodatabases(entries)]
    inside = {part for member in maps for part, _ in member.parts}
    rest = {name: entry for name, entry in entries.items() if name not in inside}
    for endings in (_MAPS, _TABLES):
        maps += [
            Member(name, ((name, entry),))
            for name, entry in rest.items()
            if name.lower().endswith(endings) and not name.lower().endswith(_SIDE)
        ]
        if maps:
            break  # tables beside a map are its notes
    return sorted(maps, key=lambda member: member.name)


def _shapefiles(entries: dict[str, zipfile.ZipInfo]) -> list[Member]:
    sets: dict[str, list[tuple[str, zipfile.ZipInfo]]] = {}
    for name, entry in entries.items():
        stem, _ = _split(name)
        sets.setdefault(stem.lower(), []).append((name, entry))
    return [
        Member(name, tuple(sets[_split(name)[0].lower()]))
        for name in entries
        if name.lower().endswith(".shp")
    ]


def _split(name: str) -> tuple[str, str]:
    """Split off the ending; that of the names written beside a shapefile has two points."""
    if name.lower().endswith(".columns.csv"):
        return name[:-12], ".columns.csv"
    stem, point, ending = name.rpartition(".")
    return (stem, point + ending.lower()) if point and "/" not in ending else (name, "")


def _geodatabases(entries: dict[str, zipfile.ZipInfo]) -> list[Member]:
    folders = {
        str(PurePosixPath(name).parent) for name in entries if name.lower().endswith(".gdbtable")
    }
    return [
        Member(
            folder if folder.lower().endswith(".gdb") else f"{folder}.gdb",
            tuple(
                (name, entry)
                for name, entry in entries.items()
                if str(PurePosixPath(name).parent) == folder
            ),
        )
        for folder in sorted(folders)
    ]


def _wanted(
    members: list[Member], wanted: str | None, entries: Iterable[str], name: str
) -> list[Member]:
    """Choose the member that is named; a name that is none of them may be a layer inside one."""
    if not members:
        listed = messages.few((files.display_name(each) for each in entries), width=80)
        raise InputError(**messages.fault("io.zip_nothing", there=listed), file=name)
    named = [member for member in members if wanted in (member.name, member.stem)]
    return named or members


def _extract(archive: zipfile.ZipFile, member: Member, folder: Path) -> Path:
    folder.mkdir()
    if member.name.lower().endswith(".gdb"):
        target = folder / "parks.gdb"
        target.mkdir()
        for name, entry in member.parts:
            _copy(archive, entry, target / PurePosixPath(name).name.lower())
        return target
    for name, entry in member.parts:
        _copy(archive, entry, folder / f"parks{_split(name)[1]}")
    return folder / f"parks{_split(member.name)[1]}"


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    with archive.open(entry) as packed, target.open("xb") as made:
        shutil.copyfileobj(packed, made)


def _left_out(entries: dict[str, zipfile.ZipInfo], members: Sequence[Member]) -> list[str]:
    used = {name for member in members for name, _ in member.parts}
    return [
        name
        for name in entries
        if name not in used and name.lower().endswith((*_MAPS, *_TABLES, ".shp", ".kmz", ".zip"))
    ]
