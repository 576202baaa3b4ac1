"""CAD drawings (DXF): closed outlines are parks, the text inside an outline is its name."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.io.gdal import read_ogr, shapes_from
from parkmap.io.raw import Options, Raw
from parkmap.problems import problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Problems = list[dict[str, Any]]

_SECTIONS = ("TABLES", "BLOCKS", "ENTITIES")
_HEAD = (
    *(("0", "SECTION"), ("2", "HEADER"), ("9", "$ACADVER"), ("1", "AC1027")),
    *(("9", "$DWGCODEPAGE"), ("3", "UTF-8"), ("0", "ENDSEC")),
)
_END = ("0", "EOF")
_PLAIN_LAYERS = ("", "0", "defpoints")
_ESCAPED = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_REPEATED = 0.99  # ground in common to all ground from which a hatch repeats an outline
_NEARLY_CLOSED = 0.01  # gap to length from which an outline is closed for the draughtsman


def read_dxf(path: Path, options: Options) -> Raw:
    """Read the outlines of a drawing.

    Parameters
    ----------
    path
        The file.
    options
        How to read it; ``layer`` for one layer of the drawing.

    Returns
    -------
    One row an outline, with its ``name`` and its ``layer_name``.

    Raises
    ------
    InputError
        If it cannot be read or holds no outline.

    Examples
    --------
    >>> import pyogrio
    >>> import geopandas as gpd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.dxf")
    ...     layer = gpd.GeoDataFrame({"Layer": ["zone"]},
    ...         geometry=[shapely.box(0, 0, 2, 2).exterior], crs=4544)
    ...     pyogrio.write_dataframe(layer, path, driver="DXF")
    ...     raw = read_dxf(path, Options(columns={}))
    >>> raw.table["name"].tolist(), raw.geometry[0].area
    (['zone'], 4.0)
    """
    name = files.display_name(path)
    content, encoding = decoding.decode(path.read_bytes(), encoding=options.encoding, file=name)
    problems: Problems = []
    with tempfile.TemporaryDirectory(prefix="parkmap-") as folder:
        plain = Path(folder, "parks.dxf")
        plain.write_text(_rewritten(content, name), encoding="utf-8", newline="")
        meta, _, wkb, fields = read_ogr(plain, name, problems)
    shapes, noticed = shapes_from(wkb)
    hatched = np.isin(shapely.get_type_id(shapes), (3, 6))
    shapes, gaps = _outlined(shapes)
    columns = dict(zip(map(str, meta["fields"]), fields, strict=True))
    layers = [_unescaped(value) for value in columns.get("Layer", [""] * len(shapes))]
    layers, shapes = _restricted(layers, shapes, options.layer, name)
    notes = [_unescaped(value) for value in columns.get("Text", [""] * len(shapes))]
    notes = ["" if area else note for note, area in zip(notes, hatched, strict=True)]  # patterns
    repeated = _drop_repeated(shapes, hatched)
    if repeated:
        problems.append(problem("PM150", count=repeated))
    parks = np.flatnonzero(np.isin(shapely.get_type_id(shapes), (3, 6)))
    if not len(parks):
        raise InputError(**messages.fault("io.no_outline"), file=name)
    named, used = _names(shapes, parks, layers, notes)
    unread = sum(each["code"] == "PM201" for each in noticed)
    left = int((~shapely.is_missing(shapes)).sum()) - len(parks) - used + unread
    if left:
        problems.append(problem("PM120", count=left))
    problems += [
        problem("PM202", row=row, gap=f"{gaps[place]:.3g}")
        for row, place in enumerate(map(int, parks), start=1)
        if gaps[place] > 0
    ]
    table = pd.DataFrame(
        {"name": named, "layer_name": [layers[place] for place in parks]}, dtype=object
    )
    return Raw(
        path=path, driver="DXF", table=table, geometry=shapes[parks],
        rows=tuple(range(1, len(parks) + 1)), total=len(parks), encoding=encoding,
        problems=tuple(problems),
    )  # fmt: skip


def _rewritten(content: str, name: str) -> str:
    """Write the drawing anew under a head that says UTF-8; GDAL may never end with a broken one."""
    lines = re.split(r"\r\n|\r|\n", content.rstrip())
    pairs = [(code.strip(), value) for code, value in zip(lines[::2], lines[1::2], strict=False)]
    if not all(re.fullmatch(r"-?\d{1,4}", code) for code, _ in pairs) or pairs[-1:] != [_END]:
        raise InputError(**messages.fault("io.damaged"), file=name)
    kept, section = list(_HEAD), ""
    for (code, value), after in zip(pairs, [*pairs[1:], _END], strict=True):
        if code == "0" and value.strip() == "SECTION":
            if section or after[0] != "2":
                raise InputError(**messages.fault("io.damaged"), file=name)
            section = after[1].strip()
        if section in _SECTIONS:
            kept.append((code, value))
        if code == "0" and value.strip() == "ENDSEC":
            section = ""
    if section or ("2", "ENTITIES") not in kept:
        raise InputError(**messages.fault("io.damaged"), file=name)
    return "".join(f"{code}\n{value}\n" for code, value in [*kept, _END])


def _outlined(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], list[float]]:
    """Turn closed lines, and those all but closed, into polygons; return the gaps closed."""
    made, gaps = shapes.copy(), [0.0] * len(shapes)
    for place in map(int, np.flatnonzero(shapely.get_type_id(shapes) == 1)):
        corners = shapely.get_coordinates(shapes[place])
        gap = float(np.hypot(*(corners[0] - corners[-1])))
        if len(np.unique(corners, axis=0)) >= 3 and gap <= _NEARLY_CLOSED * shapes[place].length:
            made[place] = shapely.Polygon(corners)
            gaps[place] = gap
    return made, gaps


def _unescaped(value: Any) -> str:
    given = value if isinstance(value, str) else ""
    with suppress(UnicodeError):  # some builds of GDAL pass UTF-8 on byte by byte
        given = given.encode("latin-1").decode("utf-8")
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), given).strip()


def _restricted(
    layers: list[str], shapes: NDArray[np.object_], wanted: str | None, name: str
) -> tuple[list[str], NDArray[np.object_]]:
    """Leave the outlines of one layer; its names may stand on another."""
    if wanted is None:
        return layers, shapes
    if wanted not in layers:
        listed = messages.few(sorted(set(layers)), width=80)
        fault = messages.fault("io.no_such_layer", layer=wanted[:40], layers=listed)
        raise InputError(**fault, file=name)
    areal = np.isin(shapely.get_type_id(shapes), (3, 6))
    kept = shapes.copy()
    kept[areal & (np.array(layers, dtype=object) != wanted)] = None
    return layers, kept


def _drop_repeated(shapes: NDArray[np.object_], hatched: NDArray[np.bool_]) -> int:
    """Take out the hatches, or parts of them, that fill an outline or another hatch; count them."""
    areal = np.isin(shapely.get_type_id(shapes), (3, 6))
    there = [shapely.make_valid(shape) for shape in shapes[areal & ~hatched]]
    count = 0
    for place in map(int, np.flatnonzero(areal & hatched)):
        parts = [shapely.make_valid(part) for part in shapely.get_parts(shapes[place])]
        fresh = [part for part in parts if not _is_among(part, there)]
        if len(fresh) < len(parts):
            count += 1
            pieces = [piece for part in fresh for piece in shapely.get_parts(part)]
            land = [piece for piece in pieces if piece.geom_type == "Polygon"]
            shapes[place] = shapely.MultiPolygon(land) if land else None
        there += fresh
    return count


def _is_among(part: Any, there: list[Any]) -> bool:
    """Tell ground that is there already; the hole of a hatch is an outline of its own."""
    if not there:
        return False
    filled = shapely.Polygon(part.exterior) if part.geom_type == "Polygon" else part
    near = np.array(there, dtype=object)
    near = near[shapely.intersects(shapely.envelope(near), shapely.envelope(part))]
    for ground in (part, filled):
        common = shapely.area(shapely.intersection(near, ground))
        if (common > _REPEATED * (shapely.area(near) + ground.area - common)).any():
            return True
    return False


def _names(
    shapes: NDArray[np.object_], parks: NDArray[Any], layers: list[str], notes: list[str]
) -> tuple[list[str], int]:
    """Name each outline after the text in it, else after its layer; count the texts used."""
    texts = [place for place, note in enumerate(notes) if re.search(r"[^\W\d_]", note)]
    inside: dict[int, list[int]] = {}
    if texts:
        at = shapely.centroid(shapes[texts])
        outline, text_ = shapely.STRtree(at).query(shapes[parks], predicate="contains")
        for park, found in zip(outline, text_, strict=True):
            inside.setdefault(int(park), []).append(texts[int(found)])
    named, used = [], set()
    for place, park in enumerate(map(int, parks)):
        found = inside.get(place, [])
        near = [each for each in found if layers[each] == layers[park]]
        lone = found if len(found) == 1 else near
        if len(lone) == 1:
            used.add(lone[0])
            named.append(notes[lone[0]])
        else:
            named.append("" if layers[park].lower() in _PLAIN_LAYERS else layers[park])
    return named, len(used)
