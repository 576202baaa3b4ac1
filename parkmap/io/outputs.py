"""Output by sector that a table states in figures: a row a sector, or a column a sector."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from parkmap import messages, taxonomy
from parkmap.errors import InputError
from parkmap.io import measures
from parkmap.io.columns import plain_text, terms
from parkmap.io.figures import amount_cny, says_nothing
from parkmap.io.headings import fold, meanings, recognise
from parkmap.io.raw import Repeated
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from parkmap.io.raw import Options, Raw

    Problems = list[dict[str, Any]]
    Figures = dict[str, float | None]  # name of a sector -> its figure, None where it has none

OUTPUT = "output"  #: what ``--columns output=...`` names: a heading, a measure, or ``none``
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MOST_ROWS = 8  # row numbers in one message


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Where a table states output by sector.

    Parameters
    ----------
    headings
        Columns of figures.
    sectors
        The sector of each; empty where every row states its own.
    units
        The unit of each column, "" where none is stated.
    """

    headings: tuple[str, ...]
    sectors: tuple[str, ...]
    units: tuple[str, ...]


def stated(
    table: pd.DataFrame,
    *,
    free: Sequence[str],
    parks: Sequence[Hashable],
    has_sectors: bool,
    chosen: str = "",
) -> tuple[Stated | None, Problems]:
    """Find the columns that say how much of each sector a park has.

    Parameters
    ----------
    table
        Cells under their headings.
    free
        Headings that stand for nothing else.
    parks
        What tells the park of each row; rows of one park have the same.
    has_sectors
        A column names the sectors.
    chosen
        What the user said: a heading, a measure such as 营业收入, ``none``, or nothing.

    Returns
    -------
    The columns, or None where there are none, or where more than one reading is possible; what
    could be meant is then told.

    Raises
    ------
    InputError
        If nothing in the table is what the user said.

    Examples
    --------
    >>> table = pd.DataFrame({"产业": ["印刷", "家具"], "产值(亿元)": ["3", "1"]})
    >>> stated(table, free=["产值(亿元)"], parks=["甲", "甲"], has_sectors=True)[0].units
    ('亿元',)
    """
    if chosen.casefold() == "none":
        return None, []
    parts = [_with_unit(part, table) for part in measures.parts(free, also=chosen)]
    whole = [part for part in parts if not part.sector]
    if has_sectors and len(set(parks)) < len(parks) and whole:
        wanted = _wanted(whole, chosen)
        _require(wanted, chosen, table)
        if _has_years(table, free, parks):
            return None, [_unclear(wanted, "years")]
        return _only(wanted, rows=True)
    wide = [part for part in parts if measures.is_sector(part.sector)]
    wanted = _wanted(wide, chosen)
    if len(wide) < 2 or not wanted:
        _require(_wanted(parts, chosen), chosen, table)
        told = whole if has_sectors else []
        return None, [problem("PM418", column=part.text[:40]) for part in _wanted(told, chosen)]
    unread = [part for part in parts if part.sector and part not in wide]
    unread = [part for part in unread if part.kind in {w.kind for w in wanted}]
    if chosen:
        return _only([*wanted, *unread], rows=False)
    return (None, [_unclear(unread, "unknown")]) if unread else _only(wide, rows=False)


def _wanted(parts: list[measures.Heading], chosen: str) -> list[measures.Heading]:
    said = fold(chosen)
    exact = [part for part in parts if fold(part.text) == said]
    return exact or [part for part in parts if not said or fold(part.kind[0]) == said]


def _require(wanted: Sequence[measures.Heading], chosen: str, table: pd.DataFrame) -> None:
    if chosen and not wanted:
        there = messages.few(map(str, table.columns), width=60)
        raise InputError(**messages.fault("io.no_such_heading", heading=chosen[:40], there=there))


def _only(parts: list[measures.Heading], *, rows: bool) -> tuple[Stated | None, Problems]:
    """Take the columns if they go together: one measure, one year, units on all or none."""
    names = Counter(taxonomy.load().match(part.sector).node or part.sector for part in parts)
    if len({part.kind for part in parts}) > 1 or max(names.values()) > 1:
        return None, [_unclear(parts, "several")]
    kinds = {"" if not part.unit else "%" if part.unit == "%" else "money" for part in parts}
    if len(kinds) > 1:
        return None, [_unclear(parts, "units")]
    headings = tuple(part.text for part in parts)
    units = tuple(part.unit for part in parts)
    said = "/".join(dict.fromkeys(filter(None, units)))
    unit = said or messages.text("problems.weights.no_unit")
    told = problem("PM413", columns=messages.few(headings, width=80), unit=unit)
    sectors = () if rows else tuple(part.sector for part in parts)
    return Stated(headings=headings, sectors=sectors, units=units), [told]


def _unclear(parts: Sequence[measures.Heading], why: str) -> dict[str, Any]:
    listed = messages.few((part.text for part in parts), width=80)
    reason = messages.text(f"problems.weights.{why}")
    measure = parts[0].kind[0] if parts[0].sector else parts[0].text
    return problem("PM414", columns=listed, reason=reason, first=measure[:40])


def _has_years(table: pd.DataFrame, free: Sequence[str], parks: Sequence[Hashable]) -> bool:
    words = {fold(word) for word in meanings()["output"]["years"]}
    for heading in free:
        if fold(heading) in words:
            told = set(zip(parks, table[heading], strict=True))
            return len(told) > len(set(parks))
    return False


def by_park(
    where: Stated,
    table: pd.DataFrame,
    sectors: Sequence[tuple[str, ...]],
    *,
    parks: Sequence[Hashable],
    rows: Sequence[int],
) -> tuple[dict[Hashable, tuple[str, ...]], Problems]:
    """Put the figures beside the sectors of each park.

    Parameters
    ----------
    where
        The columns, from :func:`stated`.
    table
        Cells under their headings.
    sectors
        The sectors that each row names.
    parks
        What tells the park of each row.
    rows
        The number of each row.

    Returns
    -------
    The sectors of each park, with a weight after a colon where all of them have a figure; and what
    was noticed.

    Examples
    --------
    >>> table = pd.DataFrame({"产值(亿元)": ["3", "1"]})
    >>> where = Stated(headings=("产值(亿元)",), sectors=(), units=("亿元",))
    >>> by_park(where, table, [("印刷",), ("家具",)], parks=["甲", "甲"], rows=[2, 3])[0]
    {'甲': ('印刷:30000万元', '家具:10000万元')}
    """
    problems: Problems = []
    told: dict[Hashable, Figures] = {}
    first: dict[Hashable, int] = {}
    cells = [table[heading].tolist() for heading in where.headings]
    totals = {fold(word) for word in meanings()["totals"]["words"]}
    for row, park, stated_here, *figures in zip(rows, parks, sectors, *cells, strict=True):
        named = tuple(name for name in stated_here if fold(name) not in totals)
        read = [_figure(cell, unit) for cell, unit in zip(figures, where.units, strict=True)]
        problems += [
            problem("PM306", row=row, column=heading[:40], text=plain_text(cell)[:40])
            for heading, cell, value in zip(where.headings, figures, read, strict=True)
            if value is None and not says_nothing(plain_text(cell))
        ]
        here = _across(where, named, read) if where.sectors else _of_row(named, read)
        if not where.sectors and len(named) > 1 and any(read):
            problems.append(problem("PM416", row=row, text="、".join(named)[:60]))
        first.setdefault(park, row)
        there = told.setdefault(park, {})
        for name, value in here.items():
            before = there.get(name, 0.0)
            there[name] = None if value is None or before is None else before + value
    in_money = bool(set(where.units) - {"", "%"})
    silent = [park for park, mix in told.items() if mix and not _is_whole(mix)]
    if silent and where.headings:
        listed = messages.listed(str(first[park]) for park in silent[:_MOST_ROWS])
        listed += "…" if len(silent) > _MOST_ROWS else ""
        problems.append(problem("PM415", count=len(silent), rows=listed))
    return {park: _written(mix, in_money=in_money) for park, mix in told.items()}, problems


def _figure(cell: Any, unit: str) -> float | None:
    """Read one figure: ten thousands of yuan, a share, or a bare number where nothing is stated."""
    text = "" if isinstance(cell, Repeated) else plain_text(cell)  # merged: of all rows together
    folded = _GROUPED.sub("", unicodedata.normalize("NFKC", text).strip())
    if _NUMBER.fullmatch(folded.removesuffix("%" if unit in ("", "%") else "")):
        return float(folded.removesuffix("%")) * meanings()["money"].get(unit, 1e4) / 1e4
    yuan, _ = amount_cny(text, unit) if unit not in ("", "%") else (None, False)
    return None if yuan is None else yuan / 1e4


def _with_unit(part: measures.Heading, table: pd.DataFrame) -> measures.Heading:
    """Take the unit from the cells where each has its own: 12亿元."""
    texts = [text for text in map(plain_text, table[part.text]) if not says_nothing(text)]
    if part.unit or not texts or any(amount_cny(text, "")[0] is None for text in texts):
        return part
    return replace(part, unit="万元")


def _of_row(named: tuple[str, ...], read: Sequence[float | None]) -> Figures:
    value = next(iter(read), None)
    return {name: None if value is None else value / len(named) for name in named}


def _across(where: Stated, named: tuple[str, ...], read: Sequence[float | None]) -> Figures:
    """Return the figures of the sectors that a row names; where it names none, of all it has."""
    if not named:
        pairs = zip(where.sectors, read, strict=True)
        return {sector: value for sector, value in pairs if value}
    words = taxonomy.load()
    at = {words.match(sector).node or sector: i for i, sector in enumerate(where.sectors)}
    places = [at.get(words.match(name).node or name) for name in named]
    return {name: None if i is None else read[i] for name, i in zip(named, places, strict=True)}


def _is_whole(mix: Figures) -> bool:
    own = any(taxonomy.term_weight(name)[1] is not None for name in mix)  # weighed in its own words
    return not own and None not in mix.values() and sum(filter(None, mix.values())) > 0


def _written(mix: Figures, *, in_money: bool) -> tuple[str, ...]:
    if not _is_whole(mix):
        return tuple(mix)
    unit = "万元" if in_money else ""
    figures = {name: f"{value or 0:.6f}".rstrip("0").rstrip(".") for name, value in mix.items()}
    return tuple(f"{name}:{figure}{unit}" for name, figure in figures.items())


def any_weighed(made: Mapping[Hashable, tuple[str, ...]]) -> bool:
    """Tell whether any figure came to stand beside a sector.

    Parameters
    ----------
    made
        The sectors of each park, from :func:`by_park`.

    Returns
    -------
    False where columns such as 农业产值 are of other sectors than those the parks name: then they
    are statistics of the place, and nothing to speak of.

    Examples
    --------
    >>> any_weighed({"甲": ("印刷:3",)}), any_weighed({"甲": ("印刷",)})
    (True, False)
    """
    terms = (term for sectors in made.values() for term in sectors)
    return any(taxonomy.term_weight(term)[1] is not None for term in terms)


def weighed(raw: Raw, options: Options) -> tuple[Raw, Problems]:
    """Read the output that a layer states by sector; rows that state one park become one.

    Parameters
    ----------
    raw
        A file's rows.
    options
        What the user said.

    Returns
    -------
    The rows with the weights beside their sectors, and what was noticed.

    Examples
    --------
    >>> from pathlib import Path
    >>> from parkmap.io.raw import Options, Raw
    >>> table = pd.DataFrame({"园区": ["甲"], "印刷产值": ["3"], "家具产值": ["1"]})
    >>> raw = Raw(path=Path("a.csv"), driver="CSV", table=table, rows=(2,), total=1,
    ...     geometry=np.array([None]))
    >>> weighed(raw, Options(columns={}))[0].table.loc[0, "sectors"]
    ('印刷:3', '家具:1')
    """
    table = raw.table.rename(columns=str).set_axis(range(len(raw.rows)), axis=0)
    chosen = options.columns.get(OUTPUT, "")
    ours = {k: v for k, v in options.columns.items() if k in ("name", "sectors") and v in table}
    found = recognise(list(table.columns), chosen=ours)
    is_merged = "name" in found and any(isinstance(cell, Repeated) for cell in table[found["name"]])
    if not (chosen or is_merged or measures.parts(table.columns)):
        return raw, []
    free = [heading for heading in table.columns if heading not in found.values()]
    named = found.get("sectors")
    parks = _of_one_park(raw, table, found, free) if named else list(raw.rows)
    where, problems = stated(
        table, free=free, parks=parks, has_sectors=named is not None, chosen=chosen
    )
    if where is None and len(set(parks)) == len(parks):
        return raw, problems
    if where and where.sectors:  # two rows of one name are two rows
        parks = list(raw.rows)
    there = [terms(cell) for cell in table[named]] if named else [()] * len(table)
    where = where or Stated(headings=(), sectors=(), units=())  # rows of one park all the same
    made, noticed = by_park(where, table, there, parks=parks, rows=raw.rows)
    if where.sectors and not any_weighed(made):
        return raw, []
    kept = ~pd.Series(parks).duplicated().to_numpy()
    cells = np.empty(int(kept.sum()), dtype=object)
    for place, park in enumerate(dict.fromkeys(parks)):
        cells[place] = made[park]
    table = table[kept].reset_index(drop=True).assign(**{named or "sectors": cells})
    numbers = tuple(int(row) for row in np.array(raw.rows)[kept])
    return (
        replace(raw, table=table, geometry=raw.geometry[kept], rows=numbers),
        [*problems, *noticed, *_put_together(parks, raw.rows)],
    )


def _of_one_park(
    raw: Raw, table: pd.DataFrame, found: Mapping[str, str], free: Sequence[str]
) -> list[Hashable]:
    """Tell the park of each row: rows of one name that differ in sector and figures only."""
    figures = {part.text for part in measures.parts(free)} | {found["sectors"]}
    same = [heading for heading in table.columns if heading not in figures]
    if "name" not in found or found["name"] not in same:
        return list(raw.rows)
    cells = zip(*(map(plain_text, table[heading]) for heading in same), strict=True)
    shapes = [None if shape is None else shape.wkb for shape in raw.geometry]
    names = table[found["name"]].map(plain_text)
    keys = zip(cells, shapes, names, raw.rows, strict=True)
    return [(cell, shape) if name else row for cell, shape, name, row in keys]


def _put_together(parks: Sequence[Hashable], rows: Sequence[int]) -> Problems:
    """List the rows that are no park of their own."""
    first: dict[Hashable, int] = {}
    joined: dict[int, list[int]] = {}
    for park, row in zip(parks, rows, strict=True):
        if first.setdefault(park, row) != row:
            joined.setdefault(first[park], []).append(row)
    return [
        problem(
            "PM417", row=row, rows=messages.listed(map(str, more[:_MOST_ROWS])), count=len(more) + 1
        )
        for row, more in joined.items()
    ]
