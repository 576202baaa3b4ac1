"""What a file really is, by its first bytes and not by its name."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from parkmap import files, messages
from parkmap.decoding import wide_encoding
from parkmap.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 4096
_MAGIC = (
    (b"SQLite format 3\x00", "gpkg"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"PAR1", "parquet"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"\x00\x01\x00\x00Standard Jet DB", "mdb"),
    (b"\x00\x01\x00\x00Standard ACE DB", "mdb"),
    (b"AC10", "dwg"),
    (b"AutoCAD Binary DXF", "dwg"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "rar"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
)
_XML = (
    (re.compile(rb"<OGRVRT", re.IGNORECASE), "vrt"),
    (re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=.Excel\.Sheet"), "xls_xml"),
    (re.compile(rb"<(\w+:)?kml[\s>]", re.IGNORECASE), "kml"),
    (re.compile(rb"<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE), "html"),
    (re.compile(rb"opengis\.net/gml|<(\w+:)?FeatureCollection[\s>]"), "gml"),
)
_SKIPPED = rb"(?:\s|//[^\n]*\n|/\*.*?\*/)*+"
_SCRIPT = re.compile(  # JSON behind comments, or with a name around it
    _SKIPPED + rb"(?:(?:var|let|const|export)\s++)?(?:[\w$.]++\s*+[=(]?)?" + _SKIPPED
    + rb"\{\s*(?:[\"']|//|/\*|type\b)", re.DOTALL,
)  # fmt: skip
_BY_ENDING = {  # formats without a mark that is known
    ".ovobj": "ovobj",
    ".ovobjx": "ovobj",
    ".ovob": "ovobj",
    ".udb": "udbx",
    ".udd": "udbx",
    ".udbx": "udbx",
    ".dwg": "dwg",
    ".mxd": "project",
    ".lyr": "project",
}
_NO_TABLE_ENDINGS = (".geojson", ".json", ".kml", ".ovkml", ".gml", ".gpkg", ".shp", ".dxf")
_TABLE_ENDINGS = (".xls", ".xlsx", ".et")
_PACKED = (  # what a ZIP is by one of its members
    (re.compile(r"xl/workbook\.xml"), "xlsx"),
    (re.compile(r"word/document\.xml"), "docx"),
    (re.compile(r"ppt/presentation\.xml"), "pptx"),
    (re.compile(r"[^/]+\.(qgs|qgd)"), "project"),
)
_BOUNDARY = re.compile(
    b"|".join(
        re.escape(mark.encode(encoding))
        for mark in ("[属性描述]", "[地块坐标]")
        for encoding in ("utf-8", "gb18030")
    )
    + rb"|(^|\n)[ \t]*J\d+[ \t]*,[ \t]*\d+[ \t]*,[ \t]*\d+(\.\d*)?[ \t]*,[ \t]*\d+(\.\d*)?\s"
)
_DELIMITED = re.compile(rb"[,;\t|]|\xef\xbc\x8c|\xa3\xac")  # a comma may be full-width
_SIDE_FILES = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"}
_GDB_FILES = {".gdbtable", ".gdbtablx", ".gdbindexes"}
_READABLE = (
    *("boundary", "csv", "dxf", "flatgeobuf", "gdb", "geojson", "gpkg", "kml", "parquet"),
    *("shapefile", "xlsx", "zip"),
)


def kind_of(path: Path) -> str:
    """Tell what a file is.

    Parameters
    ----------
    path
        A local file.

    Returns
    -------
    One of ``boundary``, ``csv``, ``dxf``, ``flatgeobuf``, ``gdb``, ``geojson``, ``gpkg``, ``kml``,
    ``parquet``, ``shapefile``, ``xlsx``, ``zip``.

    Raises
    ------
    InputError
        If it is empty or something parkmap does not read; the message says what it is.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "parks.shp")
    ...     _ = path.write_text('{"type": "FeatureCollection", "features": []}')
    ...     kind_of(path)
    'geojson'
    """
    name = files.display_name(path)
    if path.is_dir():
        if any(file.name.lower().endswith(".gdbtable") for file in path.iterdir()):
            return "gdb"
        raise InputError(**messages.fault("files.folder"), file=name)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise InputError(**messages.fault("io.empty"), file=name)
    _refuse_part(path, name)
    kind = _kind(path, head)
    if kind == "html" and path.suffix.lower() in _TABLE_ENDINGS:
        kind = "html_table"
    if kind == "csv" and path.suffix.lower() in _NO_TABLE_ENDINGS and not _DELIMITED.search(head):
        raise InputError(**messages.fault("io.format.plain", ending=path.suffix), file=name)
    if kind in ("binary", "csv", "gpkg", "xls"):
        kind = _BY_ENDING.get(path.suffix.lower(), kind)
    if kind in _READABLE:
        return kind
    raise InputError(**messages.fault(f"io.format.{kind}"), file=name)


def _refuse_part(path: Path, name: str) -> None:
    """Name the whole of which a file is a part."""
    if path.suffix.lower() in _SIDE_FILES:
        mains = (path.with_suffix(".shp"), path.with_suffix(".SHP"))
        main = next((each for each in mains if each.exists()), None)
        key = "io.lone_side_file" if main is None else "io.side_file"
        fault = messages.fault(key, main=files.display_name(main or mains[0]))
        raise InputError(**fault, file=name)
    if path.suffix.lower() in _GDB_FILES:
        folder = files.display_name(path.absolute().parent)
        raise InputError(**messages.fault("io.inside_gdb", folder=folder), file=name)


def _kind(path: Path, head: bytes) -> str:
    marked = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if marked is not None:
        return marked
    return _zip_kind(path) if head.startswith(b"PK") else _text_kind(_ascii_text(head))


def _text_kind(text: bytes) -> str:
    if re.match(rb"\{|\[\s*[\[{\"\d-]", text) or _SCRIPT.match(text):
        return "geojson"
    if text.startswith(b"<"):
        return next((kind for mark, kind in _XML if mark.search(text)), "xml")
    if re.match(rb"!table\s|version[ \t]+\d+\s+charset", text, re.IGNORECASE):
        return "mapinfo"
    if re.match(rb"(\s*999[ \t]*\r?\n[^\n]*\n)*\s*0[ \t]*\r?\n\s*SECTION", text):
        return "dxf"
    if _BOUNDARY.search(text):
        return "boundary"
    return "binary" if _is_binary(text) else "csv"


def _ascii_text(head: bytes) -> bytes:
    """Drop byte-order marks and the zero bytes of UTF-16, so that signs can be searched."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or wide_encoding(head):
        head = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x0b\x0c\x1e")


def _is_binary(text: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in text)
    return controls > len(text) // 20 + 2


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
            is_ods = "mimetype" in names and b"opendocument" in archive.read("mimetype")[:60]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "broken_zip"
    if is_ods:
        return "ods"
    found = (kind for mark, kind in _PACKED if any(mark.fullmatch(name) for name in names))
    return next(found, "zip")
