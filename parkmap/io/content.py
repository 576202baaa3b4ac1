"""Which column means what, where its heading does not say: told by the cells, never silently."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from parkmap import taxonomy
from parkmap.io.columns import plain_text, terms
from parkmap.io.headings import fold, meanings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

_MOST, _HALF = 0.8, 0.5  # shares of the filled cells
_SAMPLE = 300  # cells are enough to tell a column of sectors
_LONGEST_NAME = 60
_LETTER = re.compile(r"[^\W\d_]")
_BRACKET = re.compile(r"\([^()]*\)\s*$")
_WKT = re.compile(
    r"\s*(SRID=\d+;)?\s*((MULTI|CURVE)?(POLYGON|POINT)|MULTISURFACE)\s*(Z|M|ZM)?\s*(\(|EMPTY)"
    r"|\s*(\\x)?(01[\da-f]{2}0[0-3]00[\da-f]{2}|00[\da-f]{2}000[0-3][\da-f]{2})[\da-f]{32,}\s*$"
    r"|\s*\{[^{}]*\"(coordinates|geometries)\"\s*:",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\s*[(\[]?\s*(-?\d{1,3}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*[)\]]?\s*")
_DEGREES = re.compile(r"\d{1,3}\.\d{3,}")
_METRES = re.compile(r"\d{6,8}(\.\d+)?")
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.5)  # of China, in degrees
_NORTHING = (1.8e6, 6.1e6)


def named_like_parks(table: pd.DataFrame, free: Iterable[str]) -> tuple[list[str], list[str]]:
    """Find the columns that hold names of parks.

    Parameters
    ----------
    table
        Attributes under the file's headings.
    free
        The headings that stand for nothing yet.

    Returns
    -------
    The headings of columns whose cells end as names of parks do, and of all that may be names.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"MC": ["甲产业园", "乙开发区"], "BZ": ["无", "无"]})
    >>> named_like_parks(table, ["MC", "BZ"])
    (['MC'], ['MC'])
    """
    sure, possible = [], []
    for heading in free:
        texts = [plain_text(value) for value in table[heading]]
        filled = [text for text in texts if text]
        worded = sum(bool(_LETTER.search(text)) for text in filled)
        if not filled or worded < _HALF * len(texts):
            continue
        alike = sum(ends_like_a_park(text) for text in filled)
        if len(set(filled)) == 1 < len(filled) and not alike:
            continue  # one word for all is no name
        possible.append(heading)
        distinct = len(set(filled)) >= _MOST * len(filled)
        if distinct and len(filled) >= _MOST * len(texts) and alike >= _HALF * len(filled):
            sure.append(heading)
    return sure, possible


def ends_like_a_park(text: str) -> bool:
    """Tell whether a text ends as names of parks do.

    Parameters
    ----------
    text
        The text; what stands in brackets at its end is left aside.

    Returns
    -------
    True if it does.

    Examples
    --------
    >>> ends_like_a_park("甲产业园(一期)"), ends_like_a_park("锦江区")
    (True, False)
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    bare = _BRACKET.sub("", folded).strip()
    return len(bare) <= _LONGEST_NAME and bare.endswith(_park_endings()) and bool(bare)


@cache
def _park_endings() -> tuple[str, ...]:
    return tuple(meanings()["content"]["park_endings"])


def sector_like(table: pd.DataFrame, free: Iterable[str]) -> list[str]:
    """Find the columns whose words are sectors of the vocabulary.

    Parameters
    ----------
    table
        Attributes under the file's headings.
    free
        The headings that stand for nothing yet.

    Returns
    -------
    Their headings.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"zdcy": ["集成电路、医药", "汽车"], "BZ": ["在建", "拟建"]})
    >>> sector_like(table, ["zdcy", "BZ"])
    ['zdcy']
    """
    return [heading for heading in free if _holds_sectors(table[heading])]


def _holds_sectors(values: pd.Series) -> bool:
    cells = [plain_text(value) for value in values]
    filled = list(dict.fromkeys(cell for cell in cells if _LETTER.search(cell)))[:_SAMPLE]
    if len(filled) < 2 or sum(map(bool, cells)) < _HALF * len(cells):
        return False
    if sum(map(ends_like_a_park, filled)) >= _HALF * len(filled):
        return False
    words = {taxonomy.term_weight(term)[0] for cell in filled for term in terms(cell[:500])}
    known = taxonomy.load()
    return bool(words) and sum(known.match(w).accepted for w in words) >= _HALF * len(words)


def tier_like(table: pd.DataFrame, free: Iterable[str]) -> list[str]:
    """Find the columns whose every word is a tier: an unknown heading, the folders of a KML.

    Parameters
    ----------
    table
        Attributes under the file's headings.
    free
        The headings that stand for nothing yet.

    Returns
    -------
    Their headings.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"folder": ["省级", "市级"], "BZ": ["省级", "在建"]})
    >>> tier_like(table, ["folder", "BZ"])
    ['folder']
    """
    return [heading for heading in free if _holds_tiers(table[heading])]


def _holds_tiers(values: pd.Series) -> bool:
    cells = [fold(plain_text(value)) for value in values]
    filled = set(filter(None, cells))
    return bool(filled) and filled <= tier_words() and sum(map(bool, cells)) >= _HALF * len(cells)


@cache
def tier_words() -> set[str]:
    """Return the words that a column of tiers may hold, folded.

    Returns
    -------
    Words of more than one character.

    Examples
    --------
    >>> "国家级开发区" in tier_words()
    True
    """
    groups = [*meanings()["tier"].values(), meanings()["lower_tiers"]["words"]]
    return {fold(word) for words in groups for word in words if len(word) > 1}


def placing(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Find the columns that tell places.

    Parameters
    ----------
    table
        Cells as text under the file's headings.

    Returns
    -------
    One heading, where a column holds WKT or both coordinates in each cell; and two headings, east
    and north, of columns of figures that look like coordinates, but could be others.

    Examples
    --------
    >>> import pandas as pd
    >>> placing(pd.DataFrame({"地点": ["103.91,30.72", ""]}))
    (['地点'], [])
    >>> placing(pd.DataFrame({"a": ["103.9123"], "b": ["30.7211"]}))
    ([], ['a', 'b'])
    """
    columns = {heading: [cell for cell in table[heading] if cell] for heading in table.columns}
    told = [h for h, cells in columns.items() if _mostly(cells, is_wkt)]
    told = told or [h for h, cells in columns.items() if _mostly(cells, lambda c: bool(pair(c)))]
    return told[:1], [] if told else _likely_pair(columns)


def is_wkt(cell: str) -> bool:
    """Tell whether a cell holds a polygon or point as WKT, WKB in hexadecimal or GeoJSON.

    Parameters
    ----------
    cell
        The cell.

    Returns
    -------
    True if it does.

    Examples
    --------
    >>> is_wkt("POLYGON ((104 30, 105 30, 105 31, 104 30))"), is_wkt("polygonal")
    (True, False)
    """
    return bool(_WKT.match(cell))


def pair(cell: str) -> tuple[str, str] | None:
    """Read a longitude and a latitude of China from one cell, whichever stands first.

    Parameters
    ----------
    cell
        The cell.

    Returns
    -------
    Longitude and latitude as they are written, or None if it holds no such two.

    Examples
    --------
    >>> pair("103.91,30.72"), pair("(30.72 103.91)"), pair("3.5,4.5")
    (('103.91', '30.72'), ('103.91', '30.72'), None)
    """
    found = _PAIR.fullmatch(unicodedata.normalize("NFKC", cell).replace("\u3001", ","))
    if found is None:
        return None
    first, second = found[1], found[2]
    if _within(first, _EAST) and _within(second, _NORTH):
        return first, second
    return (second, first) if _within(second, _EAST) and _within(first, _NORTH) else None


def _likely_pair(columns: dict[str, list[str]]) -> list[str]:
    def like(form: re.Pattern[str], limits: tuple[float, float]) -> list[str]:
        return [
            heading
            for heading, cells in columns.items()
            if _mostly(cells, lambda cell: bool(form.fullmatch(cell)) and _within(cell, limits))
        ]

    east, north = like(_DEGREES, _EAST), like(_DEGREES, _NORTH)
    if not (east and north):
        north = like(_METRES, _NORTHING)
        east = [h for h in like(_METRES, (2e5, 4.6e7)) if h not in north]
    return [east[0], north[0]] if east and north else []


def _mostly(cells: Sequence[str], is_so: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(is_so, cells)) >= _MOST * len(cells)


def _within(figure: str, limits: tuple[float, float]) -> bool:
    return limits[0] <= float(figure) <= limits[1]
