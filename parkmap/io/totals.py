"""Rows that add others up: no parks, whatever format they come in."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from parkmap.io import content
from parkmap.io.columns import name_heading, plain_text
from parkmap.io.headings import fold, meanings, recognise
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from parkmap.io.raw import Options, Raw

    Problems = list[dict[str, Any]]

_ROUND_IT = re.compile(r"^[^\w(]+|(\([^()]*\)|[^\w)])+$")
_MAYBE = re.compile("[计計均全其总總汇匯lsg]|mean", re.IGNORECASE)  # spares most names the folding
_TIER = re.compile("(国家|省|市|县|区县|区)级")
_FIGURE = re.compile(r"[\d.,%]*[个家]?")
_COLLECTED = 0.95  # of its ground is that of other rows


def is_total(text: str) -> bool:
    """Tell whether a cell says that its row adds others up.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    True for such words as 合计, for what ends in one of them, and for 其中 before no park's name.

    Examples
    --------
    >>> is_total("合 计:"), is_total("锦江区小计(3个)"), is_total("甲园区")
    (True, True, False)
    >>> is_total("—— 合计 ——"), is_total("其中:国家级"), is_total("其中:甲片区")
    (True, True, False)
    """
    if not _MAYBE.search(text):
        return False
    words, endings = _words()
    bare = _ROUND_IT.sub("", fold(text))
    if bare.startswith("其中"):
        of_it = bare.removeprefix("其中").lstrip(":,、")
        return bool(_TIER.match(of_it)) or not content.ends_like_a_park(of_it)
    return bare in words or bare.endswith(endings)


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    said = meanings()["totals"]
    return frozenset(map(fold, said["words"])), tuple(said["endings"])


def without_totals(raw: Raw, options: Options) -> tuple[Raw, Problems]:
    """Leave rows that add others up out, unless one has ground that no other row has.

    Parameters
    ----------
    raw
        A file's rows.
    options
        What the user said.

    Returns
    -------
    The rows without totals; and which they were.

    Examples
    --------
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from parkmap.io.raw import Options, Raw
    >>> raw = Raw(path=Path("a.gpkg"), driver="GPKG", table=pd.DataFrame({"name": ["甲", "合计"]}),
    ...     rows=(1, 2), total=2, geometry=np.array([shapely.Point(104, 30), None]))
    >>> kept, problems = without_totals(raw, Options(columns={}))
    >>> kept.rows, [row["code"] for row in problems]
    ((1,), ['PM105'])
    """
    said = _sayings(raw, options)
    if not said:
        return raw, []
    places = list(said)
    lone = dict(zip(places, _with_own_ground(raw.geometry, places), strict=True))
    problems = [
        problem("PM126" if lone[at] else "PM105", row=raw.rows[at], text=said[at][:40])
        for at in places
    ]
    kept = [at for at in range(len(raw.rows)) if at not in said or lone[at]]
    table = raw.table.iloc[kept].reset_index(drop=True)
    rows = tuple(raw.rows[at] for at in kept)
    return replace(raw, table=table, geometry=raw.geometry[kept], rows=rows), problems


def _sayings(raw: Raw, options: Options) -> dict[int, str]:
    """Find the rows whose name, or first word where that is a figure, is a total."""
    table = raw.table.rename(columns=str)
    wanted = {"name": options.columns["name"]} if "name" in options.columns else {}
    there = {ours: theirs for ours, theirs in wanted.items() if theirs in table.columns}
    named = name_heading(table, recognise(list(table.columns), chosen=there))
    found: dict[int, str] = {}
    for at, cells in enumerate(table.itertuples(index=False, name=None)):
        name = plain_text(cells[table.columns.get_loc(named)]) if named else ""
        first = name if not _FIGURE.fullmatch(name) else _first_word(cells)
        if is_total(first):
            found[at] = first
    return found


def _first_word(cells: Sequence[Any]) -> str:
    texts = (plain_text(cell) for cell in cells if isinstance(cell, str))
    return next((text for text in texts if not _FIGURE.fullmatch(text)), "")


def _with_own_ground(geometry: NDArray[np.object_], places: Sequence[int]) -> list[bool]:
    """Whether a row is drawn, and not by what the other rows are drawn with."""
    finite = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    polygonal = finite & np.isin(shapely.get_type_id(geometry), (3, 6, 7))
    if not polygonal[list(places)].any():
        return [False] * len(places)
    others = polygonal.copy()
    others[list(places)] = False
    around = shapely.union_all(_mended(geometry[others]))
    return [bool(polygonal[at] and _is_own(_mended(geometry[at]), around)) for at in places]


def _mended(shapes: Any) -> Any:
    return shapely.make_valid(shapes, method="structure", keep_collapsed=False)


def _is_own(shape: Any, around: Any) -> bool:
    shared = shapely.area(shapely.intersection(shape, around))
    return bool(shape.area > 0 and shared < _COLLECTED * shape.area)
