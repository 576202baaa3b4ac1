"""From people's words to the values of the standard columns (``resources/columns.toml``)."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from parkmap import taxonomy
from parkmap.io.headings import fold, heading_unit, meanings, recognise, unknown_unit
from parkmap.problems import problem
from parkmap.schema import PARK_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Problems = list[dict[str, Any]]

_LISTS = ("sectors", "main_for")
_OURS = ("row", "layer")  # columns that the reader itself fills
_EDGES = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_LONGEST_LIST, _MOST_TERMS, _LONGEST_TERM = 5000, 100, 200
_NUMBER = re.compile(r"^(?P<number>[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?)(?P<unit>[^\d\s]*\d?)$")


def standardise(
    raw: pd.DataFrame, found: Mapping[str, str], *, rows: Sequence[int], unit: str = ""
) -> tuple[pd.DataFrame, Problems]:
    """Turn a file's attributes into the standard columns.

    Parameters
    ----------
    raw
        Attributes under the file's headings.
    found
        Our column to heading, from :func:`recognise`.
    rows
        The data row of each row.
    unit
        The unit of areas that stands above the table.

    Returns
    -------
    Every standard column (and ``park_id`` as read) plus what is left over under its own
    heading; and what was noticed.

    Examples
    --------
    >>> raw = pd.DataFrame({"级别": ["省级", "乡级"]})
    >>> standard, problems = standardise(raw, {"tier": "级别"}, rows=[1, 2])
    >>> standard["tier"].tolist(), [(found["row"], found["code"]) for found in problems]
    (['provincial', ''], [(2, 'PM301')])
    """
    problems: Problems = []
    made: dict[str, Any] = {}
    for column in ("park_id", *PARK_COLUMNS):
        heading = found.get(column)
        if heading is None or column in _OURS:
            default = PARK_COLUMNS.get(column, "")
            made[column] = pd.Series([default] * len(raw), index=raw.index, dtype=_dtype(default))
            continue
        read = partial(_areas, above=unit) if column == "approved_area_ha" else _read_column
        values, noticed = read(column, heading, raw[heading], rows)
        made[column] = values
        problems += noticed
    rest = [heading for heading in raw.columns if heading not in set(found.values())]
    for heading in rest:
        kept = heading
        while kept in made or kept == "geometry":
            kept = f"{kept}_"
        if kept != heading:
            problems.append(problem("PM115", column=heading[:40], renamed=kept[:41]))
        made[kept] = raw[heading]
    return pd.DataFrame(made, index=raw.index), problems


def _dtype(default: Any) -> Any:
    return type(default) if isinstance(default, (bool, float)) else object


def _read_column(
    column: str, heading: str, values: pd.Series, rows: Sequence[int]
) -> tuple[pd.Series, Problems]:
    problems: Problems = []
    read = []
    of_text = cache(partial(_meaning, column))  # few words, many rows
    for row, value in zip(rows, values, strict=True):
        meaning, code = of_text(value) if isinstance(value, str) else _meaning(column, value)
        read.append(meaning)
        if code:
            problems.append(
                problem(code, row=row, column=heading[:40], text=plain_text(value)[:40])
            )
    kind = _dtype(PARK_COLUMNS.get(column, ""))  # "not counted" is ~parks["counted"]
    return pd.Series(_objects(read), index=values.index, dtype=kind), problems


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    """Keep numpy from taking tuples of equal length for a matrix."""
    made = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        made[place] = value
    return made


def _meaning(column: str, value: Any) -> tuple[Any, str]:
    """Return what a cell means in a column, and the code of what is wrong with it."""
    if column in _LISTS:
        return _few_terms(value)
    text = plain_text(value)
    if column == "tier" and fold(text) in map(fold, meanings()["lower_tiers"]["words"]):
        return "municipal", "PM318"
    if column == "tier":
        return _word("tier", text, default="", code="PM301")
    if column == "boundary_kind":
        return _word("boundary_kind", text, default="", code="PM308")
    if column == "counted":
        word, code = _word("counted", text, default="true", code="PM307")
        return word == "true", code
    return text, ""


def _word(group: str, text: str, *, default: str, code: str) -> tuple[str, str]:
    if not text:
        return default, ""
    folded = fold(text)
    for meaning, words in meanings()[group].items():
        if folded in {fold(word) for word in words}:
            return meaning, ""
    if group != "tier":
        return default, code
    starts = ("国家级", "national"), ("省级", "provincial"), ("市级", "municipal")
    meant = [meaning for start, meaning in starts if folded.startswith(start)]
    return (meant[0], "") if meant else (default, code)


def plain_text(value: Any) -> str:
    """Write a cell as text: whole numbers without a point, nothing for what is missing.

    Parameters
    ----------
    value
        Anything a file can hold.

    Returns
    -------
    Text in normal form C, without blanks and invisible characters at its ends.

    Examples
    --------
    >>> plain_text(12.0), plain_text(None), plain_text("NA"), plain_text("001 ")
    ('12', '', 'NA', '001')
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    if isinstance(value, (dt.datetime, pd.Timestamp, np.datetime64)):
        value = pd.Timestamp(value).isoformat().removesuffix("T00:00:00")
    if isinstance(value, (list, tuple, np.ndarray)):
        value = "、".join(plain_text(item) for item in value)
    if isinstance(value, bool):
        value = str(value).lower()
    return unicodedata.normalize("NFC", str(value)).strip(_EDGES)


def name_heading(table: pd.DataFrame, found: Mapping[str, str]) -> str | None:
    """Choose the heading of names: where the one found tells no two parks apart, the next.

    Parameters
    ----------
    table
        Attributes under the file's headings.
    found
        Our column to heading, from :func:`recognise`.

    Returns
    -------
    The heading, or None. A KML has ``Name`` whether or not it was filled, and drawing programs
    call every shape alike: ``面``.

    Examples
    --------
    >>> name_heading(pd.DataFrame({"Name": [""], "园区名称": ["甲"]}), {"name": "Name"})
    '园区名称'
    """
    named = found.get("name")
    if named is None or _different(table[named]) > (len(table) > 1):
        return named
    others = [heading for heading in table.columns if heading not in set(found.values())]
    other = recognise(others, chosen={}).get("name", named)
    return other if _different(table[other]) > _different(table[named]) else named


def _different(cells: pd.Series) -> int:
    return len({plain_text(cell) for cell in cells} - {""})


def terms(value: Any) -> tuple[str, ...]:
    """Read a cell of sectors: a list, a JSON array or text with separators.

    Parameters
    ----------
    value
        The cell.

    Returns
    -------
    The terms, each with its weight after a colon where one is given.

    Examples
    --------
    >>> terms("医药、食品"), terms('["医药", "食品"]'), terms(None)
    (('医药', '食品'), ('医药', '食品'), ())
    """
    if isinstance(value, (list, tuple, np.ndarray)):
        texts = map(plain_text, value)
        return tuple(text for text in texts if not taxonomy.is_blank(text))
    text = plain_text(value)
    if text.startswith("["):
        try:
            return terms([item for item in json.loads(text) if not isinstance(item, (list, dict))])
        except (ValueError, RecursionError):
            pass
    return taxonomy.split_terms(text) if text else ()


def _few_terms(value: Any) -> tuple[tuple[str, ...], str]:
    """Read a list of sectors, unless it is a book."""
    text = value if isinstance(value, str) else ""
    found = terms(text[:_LONGEST_LIST]) if text else terms(value)
    short = [term for term in found[:_MOST_TERMS] if len(term) <= _LONGEST_TERM]
    is_cut = len(short) < len(found) or len(text) > _LONGEST_LIST
    return tuple(short), "PM404" if is_cut else ""


def _areas(
    _: str, heading: str, values: pd.Series, rows: Sequence[int], *, above: str
) -> tuple[pd.Series, Problems]:
    problems: Problems = []
    is_above = bool(above) and heading_unit(heading) == ""
    stating = f"{heading}({above})" if is_above else heading
    unit, unknown = heading_unit(stating), unknown_unit(stating)
    column = heading[:40]
    if unit is None:
        told = problem("PM312", column=column)
        if unknown:
            told = problem("PM321", column=column, unit=unknown[:20])
        return pd.Series(math.nan, index=values.index, dtype=float), [told]
    if is_above:
        problems.append(problem("PM322", column=column, unit=unit))
    elif unit not in ("公顷", "ha", "hm2", "hectares", ""):
        problems.append(problem("PM107", column=column, unit=unit))
    read, silent = [], False
    for row, value in zip(rows, values, strict=True):
        text = _figure(plain_text(value))
        if not text:
            read.append(math.nan)
            continue
        hectares, stated = _hectares(text, unit)
        silent |= hectares is not None and not stated
        if hectares is None:
            shown = plain_text(value)[:40]
            problems.append(problem("PM306", row=row, column=column, text=shown))
        read.append(math.nan if hectares is None else hectares)
    if silent:
        problems.append(problem("PM108", column=column))
    return pd.Series(read, index=values.index, dtype=float), problems


def _figure(text: str) -> str:
    """Fold width and case of a number; its sign stays."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s,]", "", folded)


def _hectares(text: str, unit: str) -> tuple[float | None, bool]:
    """Return a figure in hectares, and whether its unit is stated anywhere."""
    found = _NUMBER.match(text)
    if found is None:
        return None, False
    stated = found["unit"] or unit
    factor = meanings()["units"].get(stated, None if stated else 1.0)
    if factor is None:
        return None, False
    hectares = float(found["number"]) * factor
    return (hectares, bool(stated)) if math.isfinite(hectares) and hectares >= 0 else (None, False)


def park_ids(
    standard: pd.DataFrame, *, rows: Sequence[int], labels: Iterable[str]
) -> tuple[list[str], Problems]:
    """Choose a unique id for each park.

    Parameters
    ----------
    standard
        The standard columns.
    rows
        The data row of each row.
    labels
        What to call a park that has neither id, code nor name.

    Returns
    -------
    Its ``park_id``, else its code where no other row has it, else its name, else its label; a
    repeated one gets ``#2``, ``#3`` and a problem.

    Examples
    --------
    >>> frame = pd.DataFrame({"park_id": ["", ""], "code": ["S1", ""], "name": ["甲", "甲"]})
    >>> park_ids(frame, rows=[1, 2], labels=["row-1", "row-2"])[0]
    ['S1', '甲']
    """
    lone = standard["code"].where(~standard["code"].duplicated(keep=False), "")
    wanted = [
        given or code or name or label
        for given, code, name, label in zip(
            standard["park_id"], lone, standard["name"], labels, strict=True
        )
    ]
    taken, counts = set(wanted), dict.fromkeys(wanted, 0)
    ids, problems = [], []
    for row, label in zip(rows, wanted, strict=True):
        made = label
        counts[label] += 1
        while made in taken and counts[label] > 1:
            made = f"{label}#{counts[label]}"
            counts[label] += made in taken
        if made != label:
            problems.append(problem("PM303", row=row, text=label[:40], renamed=made[:44]))
        taken.add(made)
        ids.append(made)
    return ids, problems
