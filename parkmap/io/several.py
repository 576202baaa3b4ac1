"""Sectors told by several columns (主导产业1, 主导产业2): read together, in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from parkmap.io.columns import terms
from parkmap.io.headings import fold, meanings, theirs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_SIGN = "+"
_DIGITS = "一二三四五六七八九"
_COUNT = rf"(?P<count>[{_DIGITS}]|\d{{1,2}})"
_NUMBERED = (
    re.compile(rf"第{_COUNT}(?:大|个|位)?(?P<base>.+)"),
    re.compile(rf"(?P<base>[^()]+)\((?:主导)?(?:产业|方向)?{_COUNT}\)"),
    re.compile(rf"(?P<base>[^()]*[^()\d])(?:之)?{_COUNT}"),
)


def sector_columns(headings: Sequence[str], *, said: str = "") -> list[str]:
    """Find the columns that tell the sectors together.

    Parameters
    ----------
    headings
        The file's.
    said
        The heading of sectors as the user said it, several joined by ``+``.

    Returns
    -------
    Two or more headings in their order, else none.

    Examples
    --------
    >>> sector_columns(["产业2", "产业1"]), sector_columns(["甲", "乙"], said="乙+甲")
    (['产业1', '产业2'], ['乙', '甲'])
    """
    if said:
        parts = [theirs(part.strip(), headings) for part in said.split(_SIGN)]
        named = said not in headings and len(parts) > 1 and set(parts) <= set(headings)
        return parts if named else []
    families: dict[str, dict[str, int]] = {}
    for heading in headings:
        base, count = _numbered(heading)
        families.setdefault(base, {})[heading] = count
    for name in meanings()["headings"]["sectors"]:
        family = families.get(fold(name), {})
        if len(family) > 1:
            return sorted(family, key=lambda heading: family[heading])
        if family:
            return []
    return []


def _numbered(heading: str) -> tuple[str, int]:
    """Take the number off a heading; 0 where it has none."""
    text = fold(heading).strip("*")
    for pattern in _NUMBERED:
        found = pattern.fullmatch(text)
        if found:
            count = found["count"]
            return found["base"], int(count) if count.isdecimal() else _DIGITS.index(count) + 1
    return text, 0


def joined(table: pd.DataFrame, *, said: str = "") -> tuple[pd.DataFrame, str]:
    """Put several columns of sectors into one.

    Parameters
    ----------
    table
        Cells under their headings.
    said
        The heading of sectors as the user said it.

    Returns
    -------
    The table, and the heading of the new column: ``"主导产业1+主导产业2"``; "" and the table as
    it was where there are not several.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"产业一": ["医药", ""], "产业二": ["食品、医药", "汽车"]})
    >>> made, heading = joined(table)
    >>> heading, made[heading].tolist()
    ('产业一+产业二', [('医药', '食品'), ('汽车',)])
    """
    wanted = sector_columns(list(map(str, table.columns)), said=said)
    if not wanted:
        return table, ""
    cells = np.empty(len(table), dtype=object)
    for place, row in enumerate(zip(*(table[heading] for heading in wanted), strict=True)):
        cells[place] = tuple(dict.fromkeys(term for cell in row for term in terms(cell)))
    heading = said or _SIGN.join(wanted)
    made = table.drop(columns=wanted)
    made.insert(min(map(list(table.columns).index, wanted)), heading, cells)
    return made, heading
