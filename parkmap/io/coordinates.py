"""From the cells of a table to geometries: WKT, longitude and latitude, x and y, or no place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from parkmap import messages
from parkmap.errors import InputError
from parkmap.io import content, measures, several
from parkmap.io.headings import meanings, recognise
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from parkmap.io.raw import Options

    Problems = list[dict[str, Any]]

_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
_HEX = re.compile(r"(\\x)?[\da-fA-F]{18,}")
_FIGURE = re.compile(r"\s*\d+(\.\d*)?\s*")
_ANGLE = re.compile(
    r"(?P<before>[nsew]?)\s*(?P<sign>[+-]?)(?P<degrees>\d+(?:\.\d*)?(?:e[+-]?\d+)?)\s*(?:[°度]\s*"
    r"(?:(?P<minutes>\d+(?:\.\d*)?)\s*[\u2032'分]\s*)?"
    r"(?:(?P<seconds>\d+(?:\.\d*)?)\s*(?:[\u2032']{2}|[\u2033\"秒])\s*)?)?(?P<side>[nsew]?)"
)
_SPACED = re.compile(  # 104 1 51.6, as handheld receivers and some tables write
    r"(?P<before>[nsew]?)\s*(?P<sign>[+-]?)(?P<degrees>\d{1,3})(?P<mark>[\s:-])\s*(?P<minutes>\d{1,2})(?P=mark)"
    r"\s*(?P<seconds>\d{1,2}(?:\.\d*)?)\s*(?P<side>[nsew]?)"
)
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_LISTED = re.compile(r"[\s,;|()\[\]]*")  # what stands between the corners of a ring
_RINGS = re.compile(r"\[\s*\[\s*\[\s*\[|\]\s*\]\s*,|\)\s*,\s*\(\s*\(")
_NEGATIVE = {"s", "w"}
_SIDES = {"东经": "e", "西经": "w", "北纬": "n", "南纬": "s"}
_KINDS = re.compile(
    r"\s*(SRID\s*=\s*\d+\s*;)?\s*(MULTI|POLY|POINT|LINE|GEOM|CURVE|CIRCULAR|COMPOUND)",
    re.IGNORECASE,
)
_OWN = ("name", "code", "park_id", "sectors")
_WAYS = (("wkt",), ("lon", "lat"), ("x", "y"), ("lonlat",))


@dataclass(frozen=True, kw_only=True)
class Told:
    """How the places of a table's rows are told.

    Parameters
    ----------
    headings
        The columns that are used up.
    crs
        As the cells say it, or None.
    degrees
        Longitude and latitude are promised.
    datum
        The shifted datum that a heading names, or "".
    problems
        What was noticed.
    found
        Our column to its heading, where the headings told.
    """

    headings: list[str]
    found: Mapping[str, str] = field(default_factory=dict)
    crs: Any = None
    degrees: bool = True
    datum: str = ""
    problems: Problems


def geometry_of(
    table: pd.DataFrame, rows: Sequence[int], options: Options, name: str
) -> tuple[NDArray[np.object_], Told]:
    """Find the columns that tell places, and read them.

    Parameters
    ----------
    table
        Cells as text under their headings.
    rows
        The number of each row.
    options
        What the user said.
    name
        The file's name, for the message.

    Returns
    -------
    A geometry or None for each row, and how it was told.

    Raises
    ------
    InputError
        If no column tells places, unless the rows are parks with sectors.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.io.raw import Options
    >>> table = pd.DataFrame({"名称": ["甲"], "坐标": ["104.06,30.66"]})
    >>> geometry_of(table, [2], Options(columns={}), "a.csv")[0].tolist()
    [<POINT (104.06 30.66)>]
    """
    found = recognise(list(table.columns), chosen=options.columns, group="coordinates", file=name)
    if "wkt" in found and "wkt" not in options.columns and not _tells_shapes(table[found["wkt"]]):
        del found["wkt"]  # 范围 may be told in words
    used, noticed = _headings(found, table), []
    if not used:
        used, likely = content.placing(table)
        if likely and all(map(_FIGURE.fullmatch, likely)):  # a row of data stands in its place
            raise InputError(**messages.fault("io.no_header"), file=name)
        if likely:
            said = dict(zip(("east", "north"), likely, strict=True))
            kinds = ("lon", "lat") if _in_degrees(table[likely[0]]) else ("x", "y")
            how = messages.fault("io.likely_coordinates", **said, x=kinds[0], y=kinds[1])
            raise InputError(**how, file=name)
        noticed += [problem("PM123", column=heading[:40]) for heading in used]
    if not used:
        _require_sectors(table, options, name)
        none = np.empty(len(table), dtype=object)
        return none, Told(headings=[], problems=[problem("PM122", count=len(table))])
    cells = [table[heading] for heading in used]
    lone_wkt = len(cells) == 1 and _tells_shapes(cells[0])
    if len(cells) == 1 and not lone_wkt and "wkt" not in found:
        read = _from_pairs
    else:
        read = _from_wkt if len(cells) == 1 else _from_points
    shapes, crs, unread = read(cells, rows)
    placed = {ours: theirs for ours, theirs in found.items() if theirs in used}
    return shapes, Told(
        headings=used, found=placed, crs=crs, degrees="lon" in found or crs is None,
        datum=_datum(used), problems=[*noticed, *unread],
    )  # fmt: skip


def _headings(found: Mapping[str, str], table: pd.DataFrame) -> list[str]:
    """Return the headings that hold the geometry: WKT, or east and north; blank ones last."""
    groups = [[found[column] for column in way] for way in _WAYS if set(way) <= set(found)]
    return next((used for used in groups if table[used].any(axis=None)), next(iter(groups), []))


def _tells_shapes(cells: pd.Series) -> bool:
    return any(_KINDS.match(cell) or content.is_wkt(cell) for cell in cells) or not any(cells)


def _in_degrees(cells: pd.Series) -> bool:
    return all(len(cell.partition(".")[0]) <= 3 for cell in cells)


def _require_sectors(table: pd.DataFrame, options: Options, name: str) -> None:
    """Parks without a place can be compared by their sectors; without those, by nothing."""
    headings = list(table.columns)
    ours = {k: v for k, v in options.columns.items() if v in headings}
    found = recognise(headings, chosen={k: v for k, v in ours.items() if k in _OWN})
    free = [heading for heading in headings if heading not in found.values()]
    told = "sectors" in found or measures.by_sector(free)
    said = options.columns.get("sectors", "")
    told = told or bool(several.sector_columns(headings, said=said))
    has_sectors = told or content.sector_like(table, free)
    has_names = set(found) & {"name", "code", "park_id"} or any(
        content.named_like_parks(table, free)
    )
    if not (has_sectors and has_names):
        raise InputError(**messages.fault("io.no_coordinates"), file=name)


def _datum(headings: Sequence[str]) -> str:
    """Return the shifted datum that headings name."""
    said = " ".join(unicodedata.normalize("NFKC", heading).casefold() for heading in headings)
    return next(
        (datum for datum, words in meanings()["datums"].items() if any(w in said for w in words)),
        "",
    )


def _from_pairs(
    cells: Sequence[pd.Series], rows: Sequence[int]
) -> tuple[NDArray[np.object_], Any, Problems]:
    """Read cells with both coordinates of a place, or with those of every corner."""
    shapes = np.empty(len(rows), dtype=object)
    problems = []
    for place, (row, cell) in enumerate(zip(rows, *cells, strict=True)):
        if not cell:
            continue
        at = content.pair(cell) or _angles(cell)
        corners = [] if at else _corners(cell)
        if at:
            shapes[place] = shapely.Point(float(at[0]), float(at[1]))
        elif corners:
            shapes[place] = shapely.Polygon(corners)
            problems.append(problem("PM154", row=row, count=len(corners)))
        else:
            reason = messages.text("io.geometry.not_places")
            problems.append(problem("PM201", row=row, reason=reason))
    return shapes, None, problems


def _angles(cell: str) -> tuple[str, str] | None:
    """Read a longitude and a latitude in degrees, minutes and seconds from one cell."""
    halves = re.split(r"[,;\u3001]", unicodedata.normalize("NFKC", cell))
    values = [_number(half) for half in halves]
    if len(values) != 2 or None in values:
        return None
    return content.pair(f"{values[0]:.9f},{values[1]:.9f}")


def _corners(cell: str) -> list[tuple[float, float]]:
    """Read the corners of one ring, ``104.01,30.6;104.05,30.6;…``; none where that is not sure."""
    folded = unicodedata.normalize("NFKC", cell)
    figures = [f"{float(each):.9f}" for each in _DECIMAL.findall(folded)]
    between = _DECIMAL.sub("", folded)
    if len(figures) % 2 or not _LISTED.fullmatch(between) or _RINGS.search(between):
        return []
    said = list(zip(figures[::2], figures[1::2], strict=True))
    places = [content.pair(",".join(each)) for each in said]
    orders = {place and place == each for place, each in zip(places, said, strict=True)}
    corners = [(float(place[0]), float(place[1])) for place in places if place]
    return corners if len(orders - {None}) == len(orders) == 1 and len(set(corners)) >= 3 else []


def _from_points(
    cells: Sequence[pd.Series], rows: Sequence[int]
) -> tuple[NDArray[np.object_], Any, Problems]:
    shapes = np.empty(len(rows), dtype=object)
    problems = []
    for place, (row, x, y) in enumerate(zip(rows, *cells, strict=True)):
        if not x and not y:
            continue
        xy = _number(x), _number(y)
        if None in xy:
            reason = messages.text("io.geometry.not_places")
            problems.append(problem("PM201", row=row, reason=reason))
            continue
        shapes[place] = shapely.Point(xy)
    return shapes, None, problems


def _number(cell: str) -> float | None:
    """Read a coordinate: a number, or degrees, minutes and seconds with their signs."""
    folded = unicodedata.normalize("NFKC", cell).casefold().strip()
    for word, side in _SIDES.items():
        folded = folded.replace(word, side)
    found = _ANGLE.fullmatch(folded) or _SPACED.fullmatch(folded)
    if found is None:
        return None
    parts = [float(found[name] or 0) for name in ("degrees", "minutes", "seconds")]
    sign = -1 if found["sign"] == "-" or {found["before"], found["side"]} & _NEGATIVE else 1
    value = sign * (parts[0] + parts[1] / 60 + parts[2] / 3600)
    return value if np.isfinite(value) and max(parts[1:]) < 60 else None


def _from_wkt(
    cells: Sequence[pd.Series], rows: Sequence[int]
) -> tuple[NDArray[np.object_], Any, Problems]:
    shapes = np.empty(len(rows), dtype=object)
    problems, codes = [], set()
    for place, (row, cell) in enumerate(zip(rows, *cells, strict=True)):
        if not cell:
            continue
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                shape, srid = _shape(cell)
        except shapely.errors.GEOSException:
            reason = messages.text("io.geometry.bad_wkt")
        except NotImplementedError:
            reason = messages.text("io.geometry.curved")
        else:
            codes |= {srid} - {0}
            if np.isfinite(shapely.get_coordinates(shape)).all():
                shapes[place] = shapely.force_2d(shape)
                continue
            reason = messages.text("io.geometry.not_finite")
        problems.append(problem("PM201", row=row, reason=reason))
    return shapes, codes.pop() if len(codes) == 1 else None, problems


def _shape(cell: str) -> tuple[Any, int]:
    """Read WKT, WKB in hexadecimal or GeoJSON; also its code, 0 where it has none."""
    if cell.startswith("{"):
        return shapely.from_geojson(cell), 0
    if _HEX.fullmatch(cell):
        shape = shapely.from_wkb(cell.removeprefix("\\x"))
        return shape, int(shapely.get_srid(shape))
    srid = _SRID.match(cell)
    if srid is None:
        return shapely.from_wkt(cell), 0
    return shapely.from_wkt(cell[srid.end() :]), int(srid[1])
