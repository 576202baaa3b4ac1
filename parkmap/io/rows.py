"""From a file's rows to parks: land kept apart from lines, attributes under our columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import messages
from parkmap.errors import InputError
from parkmap.io import columns, content, unread
from parkmap.io.headings import fold, meanings, recognise, unit_in_heading
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from parkmap.io.raw import Options, Raw

    Problems = list[dict[str, Any]]

_POLYGONAL = (3, 6)
_POINTS = (0, 4)
_LINES = (1, 2, 5)


def land(
    geometry: NDArray[np.object_], rows: Sequence[int], *, file: str
) -> tuple[NDArray[np.object_], Problems]:
    """Keep polygons and points; everything else is listed.

    Parameters
    ----------
    geometry
        Shapely geometries.
    rows
        The data row of each.
    file
        The file's name, for the message.

    Returns
    -------
    The geometries, None in place of lines; and what was noticed.

    Raises
    ------
    InputError
        If there are lines only.

    Examples
    --------
    >>> land(np.array([shapely.Point(0, 0), None]), [1, 2], file="a.csv")[1]
    []
    """
    kinds = shapely.get_type_id(geometry)
    known = kinds[kinds >= 0]
    if len(known) and np.isin(known, _LINES).all():
        closed = shapely.is_closed(shapely.get_parts(geometry[kinds >= 0])).all()
        key = "io.only_closed_lines" if closed else "io.only_lines"
        raise InputError(**messages.fault(key), file=file)
    kept, problems = geometry.copy(), []
    for place in map(int, np.flatnonzero((kinds >= 0) & ~np.isin(kinds, (*_POLYGONAL, *_POINTS)))):
        kept[place], code = _polygonal_part(geometry[place])
        kind = messages.text(f"problems.kind.{geometry[place].geom_type}")
        problems.append(problem(code, row=rows[place], kind=kind))
    return kept, problems


def _polygonal_part(shape: Any) -> tuple[Any, str]:
    parts = [
        part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"
    ]
    if not parts:
        return None, "PM205"
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0], "PM206"


def park_table(raw: Raw, options: Options, *, file: str) -> tuple[pd.DataFrame, Problems]:
    """Turn a file's attributes into a parks table without geometry.

    Parameters
    ----------
    raw
        A file's rows.
    options
        What the user said.
    file
        The file's name, for the message.

    Returns
    -------
    The standard columns and what is left over, indexed by ``park_id``; and what was noticed.

    Raises
    ------
    InputError
        If a heading that the user named is not there, or no column of names can be told.

    Examples
    --------
    >>> from pathlib import Path
    >>> from parkmap.io.raw import Options, Raw
    >>> raw = Raw(path=Path("a.csv"), driver="CSV", table=pd.DataFrame({"园区名称": ["甲"]}),
    ...     rows=(1,), total=1, geometry=np.array([None]))
    >>> park_table(raw, Options(columns={}), file="a.csv")[0].loc["甲", ["name", "layer"]].tolist()
    ['甲', 'a.csv']
    """
    table = raw.table.rename(columns=str).set_axis(range(len(raw.rows)), axis=0)
    spent = set(meanings()["coordinates"])  # used up by the geometry
    wanted = {ours: theirs for ours, theirs in options.columns.items() if ours not in spent}
    renamed, wanted = unit_in_heading(list(table.columns), wanted)
    table = table.rename(columns=renamed)
    found = recognise(
        list(table.columns), chosen=wanted, cut=raw.driver == "ESRI Shapefile", file=file
    )
    if _is_row_number(found.get("park_id"), table):
        del found["park_id"]
    told = [*_told_by_content(table, found, file), *unread.areas(table, found)]
    standard, problems = columns.standardise(table, found, rows=raw.rows, unit=raw.unit)
    ids, repeated = columns.park_ids(
        standard, rows=raw.rows, labels=[f"row-{row}" for row in raw.rows]
    )
    nameless = standard["name"] == ""
    if "name" not in found:
        problems.append(problem("PM311"))
    else:
        problems += [problem("PM304", row=raw.rows[place]) for place in np.flatnonzero(nameless)]
    standard["name"] = standard["name"].where(~nameless, pd.Series(ids, dtype=object))
    standard["layer"] = raw.label
    standard["row"] = list(raw.rows)
    problems = [*told, *problems]
    used = {**found, **raw.placed}
    differing = {ours: theirs for ours, theirs in used.items() if ours != theirs}
    if differing:
        shown = messages.listed(f"{ours}={theirs}" for ours, theirs in differing.items())
        problems.insert(0, problem("PM106", columns=shown))
    standard.index = pd.Index(ids, name="park_id", dtype=object)
    return standard.drop(columns="park_id"), [*problems, *repeated]


def _told_by_content(table: pd.DataFrame, found: dict[str, str], file: str) -> Problems:
    """Find names, tiers and sectors by what the cells hold, where no heading says them."""
    problems: Problems = []
    named = columns.name_heading(table, found)
    if named is not None:
        found["name"] = named
    if named is None or not any(map(columns.plain_text, table[named])):
        heading = _column_of_names(table, found, file)
        if heading:
            found["name"] = heading
            problems.append(problem("PM314", column=heading[:40]))
    tiers = [] if "tier" in found else content.tier_like(table, _free(table, found))
    if len(tiers) == 1:
        found["tier"] = tiers[0]
        problems.append(problem("PM315", column=tiers[0][:40]))
    if "sectors" in found:
        if len(table) and not any(map(columns.terms, table[found["sectors"]])):
            problems.append(problem("PM419", column=found["sectors"][:40]))
        return problems
    likely = content.sector_like(table, _free(table, found))
    if len(likely) == 1:
        found["sectors"] = likely[0]
        return [*problems, problem("PM410", column=likely[0][:40])]
    if likely:
        problems.append(
            problem("PM411", columns=messages.few(likely, width=60), first=likely[0][:40])
        )
    else:
        problems.append(problem("PM412"))
    return problems


def _column_of_names(table: pd.DataFrame, found: dict[str, str], file: str) -> str:
    """Choose the one column that is plainly of names; ask where it could be another."""
    sure, possible = content.named_like_parks(table, _free(table, found))
    if len(sure) == 1:
        return sure[0]
    if not possible or set(found) & {"name", "park_id", "code"}:
        return ""
    likely = max(sure or possible, key=lambda heading: table[heading].astype(str).nunique())[:30]
    there = messages.few(map(str, table.columns), width=60)
    fault = messages.fault("io.no_name_column", likely=likely, there=there)
    raise InputError(**fault, file=file)


def _free(table: pd.DataFrame, found: dict[str, str]) -> list[str]:
    return [heading for heading in table.columns if heading not in set(found.values())]


def _is_row_number(heading: str | None, table: pd.DataFrame) -> bool:
    """Tell a GIS's running number from an identifier that will mean the same next year."""
    if heading is None or fold(heading) != "id":
        return False
    texts = [columns.plain_text(value) for value in table[heading]]
    if len(set(texts)) < len(texts):
        return True
    return all(text.isdecimal() and not (len(text) > 1 and text[0] == "0") for text in texts)
