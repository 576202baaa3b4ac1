"""GeoJSON, checked feature by feature: one bad ring costs one row, not the file."""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import decoding, files, messages
from parkmap.errors import CRSError, InputError
from parkmap.io import esrijson
from parkmap.io.raw import Options, Raw
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
}  # fmt: skip


class _ShapeError(Exception):
    """A geometry's coordinates cannot be read; the text says why."""


_STRING = r'"(?:\\.|[^"\\])*"'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?\*/", re.DOTALL)
_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])")
_AROUND = re.compile(
    r"\s*+(?:(?:var|let|const|export)\s++)?(?:[\w$.]++\s*+[=(]?)?\s*+(\{.*\})\s*\)?\s*;?\s*",
    re.DOTALL,
)
_HALVES = re.compile(r"\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..")


def read(path: Path, options: Options) -> Raw:
    """Read a GeoJSON file.

    Parameters
    ----------
    path
        The file.
    options
        How to read it.

    Returns
    -------
    Its features; one whose geometry cannot be read has None and a problem.

    Raises
    ------
    InputError
        If it is no GeoJSON.
    CRSError
        If its ``crs`` member is not understood.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.geojson")
    ...     _ = path.write_text('{"type": "Point", "coordinates": ["104", 30]}')
    ...     raw = read(path, Options(columns={}))
    >>> raw.geometry.tolist(), raw.problems[0]["code"]
    ([None], 'PM201')
    """
    name = files.display_name(path)
    content, encoding = decoding.decode(path.read_bytes(), encoding=options.encoding, file=name)
    repeated: dict[str, None] = {}
    parsed, is_script = _parse(content, name, repeated)
    features, crs = _features(parsed, name)
    problems = [problem("PM124")] * is_script + _incomplete(parsed, len(features))
    problems += [problem("PM114", column=key[:40]) for key in list(repeated)[:5]]
    shapes = np.empty(len(features), dtype=object)
    flat = 0
    for place, feature in enumerate(features):
        geometry = feature.get("geometry")
        if geometry is None:
            continue
        try:
            shapes[place], notes, is_flat = _shape(geometry)
        except _ShapeError as reason:
            problems.append(problem("PM201", row=place + 1, reason=str(reason)))
            continue
        flat += not is_flat
        problems += [problem(code, row=place + 1, **said) for code, said in notes]
    if flat:
        problems.append(problem("PM110", count=flat))
    table, named = _attributes(features), options.columns.values()
    return Raw(
        path=path,
        driver="GeoJSON",
        table=table.rename(columns=esrijson.aliases(parsed, list(table.columns), named=named)),
        geometry=shapes,
        rows=tuple(range(1, len(features) + 1)),
        total=len(features),
        crs=crs,
        degrees=crs is None,
        encoding=encoding,
        problems=tuple(problems),
    )


def _incomplete(content: Any, count: int) -> list[dict[str, Any]]:
    """Tell the first page of a service from the whole: ArcGIS, WFS and OGC API say so."""
    properties = content.get("properties")
    said = {**(properties if isinstance(properties, dict) else {}), **content}
    totals = [said.get(key) for key in ("numberMatched", "totalFeatures")]
    figures = [str(each) for each in totals if re.fullmatch(r"\d{1,12}", str(each))]
    total = max(map(int, figures), default=0)
    links = said.get("links")
    linked = links if isinstance(links, list) else []
    goes_on = any(isinstance(each, dict) and each.get("rel") == "next" for each in linked)
    if total > count:
        rest = messages.text("io.all_in_service", total=total)
    elif said.get("exceededTransferLimit") is True or goes_on:
        rest = messages.text("io.more_in_service")
    else:
        return []
    return [problem("PM151", count=count, rest=rest)]


def _parse(content: str, name: str, repeated: dict[str, None]) -> tuple[Any, bool]:
    """Return the content, and whether it was written as a script rather than as JSON."""

    def gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            repeated.update(dict.fromkeys(key for key in made if keys.count(key) > 1))
        return made

    if "\\ud" in content or "\\uD" in content:
        content = _HALVES.sub(_whole, content)
    try:
        with _uncollected():
            return json.loads(content, object_pairs_hook=gather), False
    except json.JSONDecodeError as reason:
        lines = _json_lines(content)
        if lines is not None:
            return lines, False
        bare = _without_script(content)
        if bare != content:
            return _parse(bare, name, repeated)[0], True
        fault = messages.fault("io.no_json", line=reason.lineno, reason=_json_reason(reason))
        raise InputError(**fault, file=name) from reason
    except (RecursionError, ValueError) as reason:  # too deep; a number of 5,000 digits
        raise InputError(**messages.fault("io.json_limit"), file=name) from reason


def _without_script(content: str) -> str:
    """Take off comments, trailing commas and a name around it; what stands in strings stays."""
    for mark in (_COMMENT, _COMMA):
        content = mark.sub(lambda found: found[1] or " ", content)
    around = _AROUND.fullmatch(content)
    return around[1] if around else content


def _whole(found: re.Match[str]) -> str:
    """Keep a pair of surrogates and put the mark for "unreadable" in place of half a one."""
    kept = found.group()
    return kept if len(kept) != 6 else "\\ufffd"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking millions of fresh lists again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _json_reason(reason: json.JSONDecodeError) -> str:
    is_cut = reason.pos >= len(reason.doc.rstrip()) or reason.msg.startswith("Unterminated")
    return messages.text("io.cut_off" if is_cut else "io.syntax")


def _json_lines(content: str) -> dict[str, Any] | None:
    """Read newline-delimited GeoJSON (RFC 8142 with or without its separators)."""
    lines = [line.strip("\x1e \t\r") for line in content.split("\n")]
    try:
        features = [json.loads(line) for line in lines if line]
    except (ValueError, RecursionError):
        return None
    if len(features) > 1 and all(isinstance(item, dict) for item in features):
        return {"type": "FeatureCollection", "features": features}
    return None


def _features(content: Any, name: str) -> tuple[list[dict[str, Any]], Any]:
    if not isinstance(content, dict):
        raise InputError(**messages.fault("io.list_of_records"), file=name)
    if esrijson.is_feature_set(content):
        content = esrijson.to_geojson(content)
    kind = content.get("type")
    if kind == "Feature":
        found: Any = [content]
    elif isinstance(kind, str) and kind in _GEOMETRIES:
        found = [{"type": "Feature", "properties": {}, "geometry": content}]
    elif kind == "FeatureCollection":
        found = content.get("features")
    elif isinstance(kind, str):
        raise InputError(**messages.fault("io.not_features", found=_found(kind)), file=name)
    else:
        raise InputError(**messages.fault("io.answer"), file=name)
    if not isinstance(found, list):
        raise InputError(**messages.fault("io.no_feature_list"), file=name)
    for place, item in enumerate(found):
        if not isinstance(item, dict) or item.get("type") != "Feature":
            said = item.get("type") if isinstance(item, dict) else type(item).__name__
            fault = messages.fault("io.not_a_feature", found=_found(said))
            raise InputError(**fault, file=name, row=place + 1)
    return found, _crs(content.get("crs"), name)


def _found(kind: Any) -> str:
    return str(kind)[:40] if isinstance(kind, str) else type(kind).__name__


def _crs(member: Any, name: str) -> Any:
    """Return the name in a ``crs`` member; None stands for WGS 84, as RFC 7946 has it."""
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    said = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(said, str):
        raise CRSError(**messages.fault("io.unknown_crs", crs=_found(said)), file=name)
    return None if "CRS84" in said.upper() else said


def _attributes(features: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [item.get("properties") for item in features]
    table = [dict(row) if isinstance(row, dict) else {} for row in rows]
    headings = dict.fromkeys(key for row in table for key in row)
    data = {key: pd.Series([row.get(key) for row in table], dtype=object) for key in headings}
    made = pd.DataFrame(data, index=range(len(table)))
    if "id" not in headings and any("id" in item for item in features):
        made["id"] = pd.Series([item.get("id") for item in features], dtype=object)
    return made


Notes = list[tuple[str, dict[str, Any]]]


def _shape(geometry: Any) -> tuple[Any, Notes, bool]:
    """Build one geometry; also what was mended, and whether it was flat."""
    if not isinstance(geometry, dict):
        raise _ShapeError(messages.text("io.geometry.no_object"))
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return _collection(geometry.get("geometries"))
    coordinates = geometry.get("coordinates")
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise _ShapeError(messages.text("io.geometry.unknown_type", found=_found(kind)))
    if not isinstance(coordinates, list):
        raise _ShapeError(messages.text("io.geometry.no_coordinates"))
    if not coordinates:
        return None, [], True
    notes: Notes = []
    flat: list[bool] = []
    made = _built(kind, coordinates, notes, flat)
    return made, notes, all(flat)


def _built(kind: str, coordinates: list[Any], notes: Notes, flat: list[bool]) -> Any:
    if kind == "Polygon":
        return _polygon(coordinates, notes, flat)
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([_polygon(part, notes, flat) for part in coordinates])
    if kind == "Point":
        return shapely.Point(_positions([coordinates], flat)[0])
    if kind == "MultiPoint":
        return shapely.MultiPoint(_positions(coordinates, flat))
    lines = coordinates if kind == "MultiLineString" else [coordinates]
    return shapely.MultiLineString([_line(line, flat) for line in lines])


def _collection(members: Any) -> tuple[Any, Notes, bool]:
    if not isinstance(members, list):
        raise _ShapeError(messages.text("io.geometry.no_coordinates"))
    built = [_shape(member) for member in members]
    shapes = [shape for shape, _, _ in built if shape is not None]
    notes = [note for _, more, _ in built for note in more]
    return shapely.GeometryCollection(shapes), notes, all(flat for _, _, flat in built)


def _polygon(rings: Any, notes: Notes, flat: list[bool]) -> Any:
    if not isinstance(rings, list) or not rings:
        raise _ShapeError(messages.text("io.geometry.no_coordinates"))
    shell, *holes = [_ring(ring, notes, flat) for ring in rings]
    return shapely.Polygon(shell, holes)


def _ring(ring: Any, notes: Notes, flat: list[bool]) -> NDArray[np.float64]:
    xy = _positions(ring, flat)
    if len(xy) >= 3 and not np.array_equal(xy[0], xy[-1]):
        notes.append(("PM202", {"gap": messages.figure(np.hypot(*(xy[0] - xy[-1])))}))
        xy = np.vstack([xy, xy[:1]])
    if len(xy) < 4:
        raise _ShapeError(messages.text("io.geometry.short_ring", count=len(xy)))
    return xy


def _line(line: Any, flat: list[bool]) -> NDArray[np.float64]:
    xy = _positions(line, flat)
    if len(xy) < 2:
        raise _ShapeError(messages.text("io.geometry.short_line"))
    return xy


def _positions(positions: Any, flat: list[bool]) -> NDArray[np.float64]:
    """Return x and y of positions; numpy tells numbers from text and ragged lists."""
    try:
        found = np.asarray(positions)
    except ValueError:  # some positions have heights, others not
        found = _uneven(positions)
    if found.ndim != 2 or found.shape[1] < 2 or found.dtype.kind not in "fiu":
        raise _ShapeError(messages.text("io.geometry.not_numbers"))
    xy = found[:, :2].astype(float)
    if not np.isfinite(xy).all():
        raise _ShapeError(messages.text("io.geometry.not_finite"))
    flat.append(found.shape[1] == 2)
    return xy


def _uneven(positions: Any) -> NDArray[Any]:
    try:
        return np.asarray([[*position[:2], 0.0] for position in positions])
    except (ValueError, TypeError, OverflowError) as reason:
        raise _ShapeError(messages.text("io.geometry.not_numbers")) from reason
