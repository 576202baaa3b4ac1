"""Boundary points as natural-resources bureaus exchange them: [属性描述] … [地块坐标] in a TXT.

X is north and Y east, as in every Chinese survey, and the zone may stand before the easting. The
first ring of a parcel is its outline, further rings are holes; a ring beside the outline is
another part of the parcel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.io import crs
from parkmap.io.headings import recognise
from parkmap.io.raw import Options, Raw
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Problems = list[dict[str, Any]]

_POINT = re.compile(r"[A-Za-z]*\d*,(\d*),([+-]?\d+(?:\.\d*)?),([+-]?\d+(?:\.\d*)?),*")
_FIELDS = ("count", "地块面积(公顷)", "地块编号", "name", "shape", "图幅号", "地块用途", "地类编码")
_METRES = ("", "米", "m", "meter", "metre", "meters", "metres")
#: Datum -> first code with the zone before the easting and without, by 3 and by 6 degrees, and
#: the longitudes and latitudes alone.
_CODES = {
    "2000": {3: (4513, 4534), 6: (4491, 4502), 0: 4490},
    "80": {3: (2349, 2370), 6: (2327, 2338), 0: 4610},
    "54": {3: (2401, 2422), 6: (21413, 21453), 0: 4214},
}
_FIRST_ZONE = {3: 25, 6: 13}
_LAST_ZONE = {3: 45, 6: 23}


@dataclass
class _Parcel:
    line: int
    fields: dict[str, str]
    rings: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    broken: int = 0  # the first line that cannot be read


def read_boundary_points(path: Path, options: Options) -> Raw:
    r"""Read the parcels of a boundary-point TXT.

    Parameters
    ----------
    path
        The file.
    options
        How to read it.

    Returns
    -------
    One row a parcel.

    Raises
    ------
    InputError
        If it holds no points, or its unit is not the metre.

    Notes
    -----
    Wrong where a file gives east before north; the coordinates then lie outside China and are
    refused.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.txt")
    ...     _ = path.write_text("[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=35\n"
    ...         "[地块坐标]\n3,0.5,1,甲地块,面,,,,@\nJ1,1,3390000,35400000\n"
    ...         "J2,1,3390100,35400000\nJ3,1,3390100,35400100\n", encoding="gbk")
    ...     raw = read_boundary_points(path, Options(columns={}))
    >>> raw.crs, raw.geometry[0].area, raw.table["name"].tolist()
    ('EPSG:4523', 5000.0, ['甲地块'])
    """
    name = files.display_name(path)
    content, encoding = decoding.decode(path.read_bytes(), encoding=options.encoding, file=name)
    head, parcels = _parsed(content)
    if not any(parcel.rings for parcel in parcels):
        raise InputError(**messages.fault("io.no_boundary_points"), file=name)
    unit = head.get("计量单位", "").strip().lower()
    if unit not in _METRES:
        raise InputError(**messages.fault("io.not_metres", unit=unit[:20]), file=name)
    problems: Problems = []
    shapes = np.empty(len(parcels), dtype=object)
    for place, parcel in enumerate(parcels):
        shapes[place] = _shape(parcel, place + 1, problems)
        _compare_count(parcel, place + 1, problems)
    if shapely.is_missing(shapes).all():
        reason = next(each["message"] for each in problems if each["code"] == "PM201")
        raise InputError(**messages.fault("io.no_whole_parcel", reason=reason), file=name)
    kept = [column for column in _FIELDS if column not in ("count", "shape")]
    table = pd.DataFrame(
        {column: [parcel.fields.get(column, "") for parcel in parcels] for column in kept},
        dtype=object,
    )
    return Raw(
        path=path, driver="TXT", table=table, geometry=shapes,
        rows=tuple(range(1, len(parcels) + 1)), total=len(parcels),
        crs=_crs(head, shapes), encoding=encoding, problems=tuple(problems),
    )  # fmt: skip


def join_corners(
    table: pd.DataFrame,
    rows: Sequence[int],
    shapes: NDArray[np.object_],
    *,
    chosen: Collection[str] = (),
) -> tuple[pd.DataFrame, list[int], NDArray[np.object_], Problems] | None:
    """Join the rows of a table to parcels, where each row is a boundary point of one.

    Parameters
    ----------
    table
        Cells as text under their headings, coordinates left out.
    rows
        The number of each row.
    shapes
        The point of each row, or None.
    chosen
        The headings that the user gave a meaning.

    Returns
    -------
    One row a parcel, the number of its first row, its ground, north up, and what was noticed; None
    where rows are no boundary points.

    Notes
    -----
    Points follow each other as they stand; a parcel with a point that cannot be read has no ground.

    Examples
    --------
    >>> table = pd.DataFrame({"地块": ["甲"] * 3, "点号": ["J1", "J2", "J3"]})
    >>> points = np.array([shapely.Point(at) for at in [(3.39e6, 4e5), (3.4e6, 4e5), (3.4e6, 5e5)]])
    >>> joined, first, ground, _ = join_corners(table, [2, 3, 4], points)
    >>> joined["name"].tolist(), first, ground[0].area, ground[0].bounds[0]
    (['甲'], [2], 500000000.0, 400000.0)
    """
    headings = list(table.columns)
    found = recognise(headings, chosen={}, group="corners")
    meant = recognise([each for each in headings if each not in found.values()], chosen={})
    parcel = found.get("parcel") or next(
        (meant[ours] for ours in ("name", "park_id", "code") if ours in meant), None
    )
    if "point" not in found or found["point"] in chosen or (parcel is None and "sectors" in meant):
        return None
    keys = (
        table[parcel].where(table[parcel] != "").ffill().fillna("") if parcel else [""] * len(rows)
    )
    groups: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        groups.setdefault(key, []).append(place)
    if 2 * sum(len(places) >= 3 for places in groups.values()) <= len(groups):
        return None
    problems: Problems = []
    ground = np.empty(len(groups), dtype=object)
    labels = table[[found["point"], *([found["ring"]] if "ring" in found else [])]]
    for at, places in enumerate(groups.values()):
        made = _Parcel(0, {})
        _gather(made, places, rows, shapes, labels.to_numpy())
        ground[at] = _shape(made, rows[places[0]], problems)
    if crs.is_north_first(shapes):
        ground = shapely.transform(ground, lambda xy: xy[:, ::-1])
    firsts = [places[0] for places in groups.values()]
    kept = table.iloc[firsts].drop(columns=list(labels.columns)).reset_index(drop=True)
    if parcel and "name" not in meant and parcel not in chosen:
        kept = kept.rename(columns={parcel: "name"})
    problems.insert(0, problem("PM153", rows=len(rows), count=len(groups)))
    return kept, [rows[place] for place in firsts], ground, problems


def _gather(
    made: _Parcel,
    places: Sequence[int],
    rows: Sequence[int],
    shapes: NDArray[np.object_],
    labels: NDArray[np.object_],
) -> None:
    """Put the points of one parcel into its rings; one begins anew where its numbers do."""
    numbers: dict[str, int] = {}
    first = ""
    for place in places:
        shape, (label, *ring) = shapes[place], labels[place]
        if shape is None:
            made.broken = made.broken or rows[place]
            continue
        key = ring[0] if ring else ""
        if key not in numbers:
            numbers[key], first = len(made.rings) + 1, label
        points = made.rings.setdefault(numbers[key], [])
        at = (shape.x, shape.y)
        if points and label and label == first and at != points[0]:
            numbers[key] = len(made.rings) + 1
            points = made.rings.setdefault(numbers[key], [])
        points.append(at)


def _parsed(content: str) -> tuple[dict[str, str], list[_Parcel]]:
    head: dict[str, str] = {}
    parcels: list[_Parcel] = []
    for number, given in enumerate(content.splitlines(), start=1):
        line = re.sub(r"\s+", "", given.replace("\uff0c", ",").replace("\u3000", ""))
        if not line or line.startswith("["):
            continue
        found = _POINT.fullmatch(line)
        if found:
            if not parcels:
                parcels.append(_Parcel(number, {}))
            ring = int(found[1] or 1)
            parcels[-1].rings.setdefault(ring, []).append((float(found[3]), float(found[2])))
        elif "=" in line and not parcels:
            key, _, value = line.partition("=")
            head[key] = value
        elif line.endswith("@") or (line.count(",") >= 4 and not _is_point(line)):
            cells = given.replace("\uff0c", ",").strip().removesuffix("@").split(",")
            fields = {name: cell.strip() for name, cell in zip(_FIELDS, cells, strict=False)}
            parcels.append(_Parcel(number, fields))
        elif parcels:
            parcels[-1].broken = parcels[-1].broken or number
    return head, parcels


def _is_point(line: str) -> bool:
    return bool(re.match(r"[A-Za-z]\d+,", line))


def _shape(parcel: _Parcel, row: int, problems: Problems) -> Any:
    if parcel.broken:
        reason = messages.text("io.geometry.bad_line", line=parcel.broken)
    elif not parcel.rings:
        return None
    else:
        rings = [ring for _, points in sorted(parcel.rings.items()) for ring in _split(points)]
        outline = rings[0]
        said = parcel.fields.get("shape", "")
        if said == "点" or len(outline) == 1:
            return shapely.Point(outline[0])
        if said == "线" and len(outline) > 1:
            return shapely.LineString(outline)
        fewest = min(len(set(ring)) for ring in rings)
        if fewest >= 3:
            return _land(rings, row, problems)
        reason = messages.text("io.geometry.short_ring", count=fewest)
    problems.append(problem("PM201", row=row, reason=reason))
    return None


def _split(points: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Part a ring where it closes before its end: offices number every outline of a parcel 1."""
    rings: list[list[tuple[float, float]]] = [[]]
    for point in points:
        ring = rings[-1]
        if len(ring) > 3 and ring[0] == ring[-1]:
            rings.append(ring := [])
        ring.append(point)
    return rings


def _land(rings: list[list[tuple[float, float]]], row: int, problems: Problems) -> Any:
    """Take a ring inside an outline for its hole, a ring beside all of them for another part."""
    parts: list[tuple[shapely.Polygon, list[Any]]] = []
    for ring in rings:
        around = (holes for part, holes in parts if _mostly_in(part, ring))
        holes = next(around, None)
        if holes is None:
            parts.append((shapely.Polygon(ring), []))
        else:
            holes.append(ring)
    made = [shapely.Polygon(part.exterior.coords, holes) for part, holes in parts]
    if len(made) == 1:
        return made[0]
    problems.append(problem("PM121", row=row, count=len(made)))
    return shapely.MultiPolygon(made)


def _mostly_in(part: shapely.Polygon, ring: list[tuple[float, float]]) -> bool:
    # Corners, not the polygon: a ring may touch the outline or cross itself.
    x, y = np.array(ring).T
    return bool(shapely.intersects_xy(part, x, y).mean() > 0.5)


def _compare_count(parcel: _Parcel, row: int, problems: Problems) -> None:
    """Points that were lost on the way show in the count before the parcel."""
    stated = parcel.fields.get("count", "")
    there = sum(len(points) for points in parcel.rings.values())
    rings = [ring for points in parcel.rings.values() for ring in _split(points)]
    closing = sum(len(ring) > 1 and ring[0] == ring[-1] for ring in rings)
    if stated.isdecimal() and int(stated) not in range(there - closing, there + 1):
        problems.append(problem("PM119", row=row, stated=stated[:10], found=there))


def _crs(head: Mapping[str, str], shapes: NDArray[np.object_]) -> str | None:
    """Put the code together from datum, width of zone, zone and what stands before the easting."""
    system = head.get("坐标系", "")
    modern = "2000" if "cgcs" in system.lower() else ""
    datum = next((key for key in _CODES if key in system), modern)
    corners = shapely.get_coordinates([shape for shape in shapes if shape is not None])
    if not datum or not len(corners):
        return None
    x, y = (float(value) for value in np.median(corners, axis=0))
    codes: Any = _CODES[datum]
    if abs(x) <= 180 and abs(y) <= 180:
        return f"EPSG:{codes[0]}"
    width = re.sub(r"\D", "", head.get("几度分带", ""))
    zone = re.sub(r"\D", "", head.get("带号", "")) or (str(int(x // 1e6)) if x >= 1e6 else "")
    if width not in ("3", "6") or not zone:
        return None
    degrees, number = int(width), int(zone[:3])
    if not _FIRST_ZONE[degrees] <= number <= _LAST_ZONE[degrees]:
        return None
    first = codes[degrees][0 if x >= 1e6 else 1]
    return f"EPSG:{first + number - _FIRST_ZONE[degrees]}"
