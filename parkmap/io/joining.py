"""A table of sectors joined to parks: by id, by code, else by name; what is left over is listed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from parkmap import files, messages, nearest, schema
from parkmap.errors import InputError
from parkmap.io import columns as cells_
from parkmap.io import excel, measures, outputs, several, tabular
from parkmap.io.headings import recognise
from parkmap.io.raw import Options
from parkmap.io.sniff import kind_of
from parkmap.problems import problem

if TYPE_CHECKING:
    import os
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    Problems = list[dict[str, Any]]

_KEYS = ("park_id", "code", "name")
_PROPOSED = 3
#: What people add to a park's name or leave out.
_AROUND = re.compile(r"^(四川省?)?(成都市?)?(?P<core>.+?)((产业|工业)?园区?)?$")


def join_sectors(
    parks: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    r"""Take the parks' sectors from a table.

    Parameters
    ----------
    parks
        A parks table.
    path
        A local XLSX or CSV with a heading for id, code or name, and one for sectors or several for
        the output of a sector each. Output by sector, by rows or by columns, is the weight.
    sheet
        The sheet, where several could be meant.
    encoding
        The encoding of a CSV, where the guess is wrong.
    columns
        Our column to the table's heading, for headings that are not recognised; ``output`` names
        the measure that weighs the sectors, or ``none``.

    Returns
    -------
    New parks with ``sectors`` (and ``main_for``, where the table has it) of the rows that could be
    joined, and the problems: rows without a park and parks without a row, each with the names
    nearest to it. Such a park keeps the sectors it had.

    Raises
    ------
    InputError
        If the table cannot be read or lacks its headings.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from shapely import Point
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"name": ["成都甲园区"]}, index=["1"], geometry=[Point(104, 30)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sectors.csv")
    ...     _ = path.write_text("名称,主导产业\n甲园区,医药、食品\n乙园区,汽车\n", encoding="gbk")
    ...     joined, problems = join_sectors(parks, path)
    >>> joined["sectors"].tolist(), problems["code"].tolist()
    ([('医药', '食品')], ['PM408', 'PM405'])
    """
    file = files.local_file(path)
    options = Options(columns=dict(columns or {}), encoding=encoding, layer=sheet)
    given, rest, problems = _read(file, options)
    made = schema.complete(parks)
    found, ambiguous = _matches(given, made)
    problems += [*ambiguous, *_match_numbers(given, made, found)]
    weights, noticed = _weights(given, rest, found, options)
    problems += noticed
    if weights is None:
        _mention_repeats(given, found, made, problems)
        made["sectors"] = _taken(made["sectors"], given["sectors"], found)
    else:
        made["sectors"] = _put(made["sectors"], weights)
    if "main_for" in given.columns:
        made["main_for"] = _taken(made["main_for"], given["main_for"], found)
    joined = sorted({park for park in found if park is not None})
    name = files.display_name(file)
    none = not joined and len(given)
    told = problem("PM426", name=name) if none else problem("PM408", count=len(joined), name=name)
    problems.insert(0, told)
    said = {row["row"] for row in ambiguous}
    problems += _unmatched(given, found, made, said)
    return made, schema.problems_table(problems)


def _read(file: Path, options: Options) -> tuple[pd.DataFrame, pd.DataFrame, Problems]:
    """Read keys and sectors, and what else the table has.

    The index has the rows as a spreadsheet counts them.
    """
    name = files.display_name(file)
    kind = kind_of(file)
    if kind == "xlsx":
        rows, noticed = excel.cells_of(file, options, _tells_sectors)
    elif kind in ("csv", "boundary"):
        rows, _ = tabular.cells_of(file, replace(options, layer=None))
        noticed = []
    else:
        raise InputError(**messages.fault("io.no_sector_columns"), file=name)
    table, kept, problems = tabular.body_of(rows, name)
    table, sectors = several.joined(table, said=options.columns.get("sectors", ""))
    chosen = {ours: theirs for ours, theirs in options.columns.items() if theirs in table.columns}
    chosen |= {"sectors": sectors} if sectors else {}
    found = recognise(list(table.columns), chosen=chosen, file=name)
    tells = "sectors" in found or measures.by_sector(table.columns)
    if not (tells and set(_KEYS) & set(found)):
        raise InputError(**messages.fault("io.no_sector_columns"), file=name)
    used = {column: found[column] for column in (*_KEYS, "sectors", "main_for") if column in found}
    made = pd.DataFrame(index=pd.Index(kept))
    for column, heading in used.items():
        read = cells_.terms if column in ("sectors", "main_for") else cells_.plain_text
        values = np.empty(len(table), dtype=object)
        for place, value in enumerate(table[heading]):
            values[place] = read(value)
        made[column] = pd.Series(values, index=made.index, dtype=object)
    for column in set(_KEYS) - set(used):
        made[column] = pd.Series("", index=made.index, dtype=object)
    if "sectors" not in used:
        made["sectors"] = pd.Series([()] * len(made), index=made.index, dtype=object)
    return made, table.drop(columns=list(used.values())), [*problems, *noticed]


def _weights(
    given: pd.DataFrame, rest: pd.DataFrame, found: list[str | None], options: Options
) -> tuple[dict[Hashable, tuple[str, ...]] | None, Problems]:
    """Read the output that the table states by sector, of the rows that are a park's."""
    kept = [place for place, park in enumerate(found) if park is not None]
    parks = [str(found[place]) for place in kept]
    where, problems = outputs.stated(
        rest.iloc[kept],
        free=list(rest.columns),
        parks=parks,
        has_sectors=any(given["sectors"]),
        chosen=options.columns.get(outputs.OUTPUT, ""),
    )
    if where is None:
        return None, problems
    sectors, rows = given["sectors"].iloc[kept].tolist(), given.index[kept].tolist()
    made, noticed = outputs.by_park(where, rest.iloc[kept], sectors, parks=parks, rows=rows)
    if where.sectors and not outputs.any_weighed(made):
        return None, []
    return made, [*problems, *noticed]


def _tells_sectors(cells: Sequence[str], options: Options) -> bool:
    found = recognise(list(cells), chosen={})
    said = options.columns.get("sectors", "")
    named = said in cells or bool(several.sector_columns(cells, said=said))
    told = "sectors" in found or named or measures.by_sector(cells)
    return told and len(cells) > 1


def _core(name: str) -> str:
    folded = schema.normalised_name(unicodedata.normalize("NFKC", name))
    found = _AROUND.match(folded)
    return found["core"] if found else folded


def _matches(given: pd.DataFrame, parks: gpd.GeoDataFrame) -> tuple[list[str | None], Problems]:
    """Find the park of each row; a key that several parks have decides nothing."""
    ids = [str(park) for park in parks.index]
    keys = {
        "park_id": _by(ids, ids),
        "code": _by(parks["code"].astype(str), ids),
        "name": _by([schema.normalised_name(str(name)) for name in parks["name"]], ids),
        "core": _by([_core(str(name)) for name in parks["name"]], ids),
    }
    found: list[str | None] = []
    problems: Problems = []
    for row, *told in given[list(_KEYS)].itertuples():
        park_id, code, name = map(str, told)
        tried = {
            "park_id": park_id,
            "code": code,
            "name": schema.normalised_name(name),
            "core": _core(name),
        }
        candidates = next(
            (keys[key][value] for key, value in tried.items() if value and value in keys[key]), []
        )
        found.append(candidates[0] if len(candidates) == 1 else None)
        if len(candidates) > 1:
            said = {
                "text": _called(park_id, code, name),
                "near": messages.few(candidates[:_PROPOSED], width=80),
            }
            problems.append(problem("PM409", row=int(row), **said))
    return found, problems


def _match_numbers(
    given: pd.DataFrame, parks: gpd.GeoDataFrame, found: list[str | None]
) -> Problems:
    """Join rows that name their park by an id alone, whose zeros a spreadsheet took away."""
    taken, ids = set(found), [str(park) for park in parks.index]
    numbers = _by([_number(park) for park in ids], ids)
    joined: list[str] = []
    for place, (park_id, code, name) in enumerate(given[list(_KEYS)].itertuples(index=False)):
        there = numbers.get(_number(str(park_id)), [])
        if (
            found[place] is None
            and not (code or name)
            and len(there) == 1
            and there[0] not in taken
        ):
            found[place] = there[0]
            joined.append(f"{park_id}\u2192{there[0]}")
    if not joined:
        return []
    pairs = messages.listed(joined[:_PROPOSED]) + "\u2026" * (len(joined) > _PROPOSED)
    return [problem("PM425", count=len(joined), pairs=pairs[:80])]


def _number(text: str) -> str:
    return str(int(text)) if text.isascii() and text.isdecimal() else ""


def _by(values: Any, ids: Any) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for value, park in zip(values, ids, strict=True):
        if value:
            made.setdefault(value, []).append(park)
    return made


def _called(park_id: str, code: str, name: str) -> str:
    return (name or code or park_id)[:40]


def _mention_repeats(
    given: pd.DataFrame, found: list[str | None], parks: gpd.GeoDataFrame, problems: Problems
) -> None:
    seen: set[str] = set()
    for row, park in zip(given.index, found, strict=True):
        if park is not None and park in seen:
            name = str(parks.loc[park, "name"] or park)[:40]
            problems.append(problem("PM407", row=int(row), park_id=park, text=name))
        seen |= {park} if park is not None else set()


def _taken(before: pd.Series, told: pd.Series, found: list[str | None]) -> pd.Series:
    """Put the table's terms in place; several rows of one park add up."""
    terms: dict[str, tuple[str, ...]] = {}
    for park, more in zip(found, told, strict=True):
        if park is not None:
            there = terms.get(park, ())
            terms[park] = (*there, *(term for term in more if term not in there))
    return _put(before, terms)


def _put(before: pd.Series, terms: Mapping[Any, tuple[str, ...]]) -> pd.Series:
    values = np.empty(len(before), dtype=object)
    for place, (park, old) in enumerate(zip(before.index, before, strict=True)):
        values[place] = terms.get(str(park), old)
    return pd.Series(values, index=before.index, dtype=object)


def _unmatched(
    given: pd.DataFrame, found: list[str | None], parks: gpd.GeoDataFrame, said: set[int]
) -> Problems:
    """List rows without a park and parks without a row, each with the names nearest to it."""
    theirs = [_called(*map(str, told)) for told in given[list(_KEYS)].itertuples(index=False)]
    ours = [str(name or park)[:40] for park, name in zip(parks.index, parks["name"], strict=True)]
    problems = [
        problem("PM405", row=int(row), text=text, near=_nearest(text, ours))
        for row, text, park in zip(given.index, theirs, found, strict=True)
        if park is None and row not in said
    ]
    joined = set(found)
    return problems + [
        problem("PM406", row=int(row), park_id=str(park), near=_nearest(name, theirs))
        for park, row, name in zip(parks.index, parks["row"], ours, strict=True)
        if str(park) not in joined
    ]


def _nearest(text: str, among: Sequence[str]) -> str:
    return messages.few(nearest.nearest(text, among), width=120) or messages.text("io.none_near")
