"""Amounts of money and dates as people write them in lists."""

from __future__ import annotations

import calendar
import re
import unicodedata
from decimal import Decimal

from parkmap.io.headings import fold, meanings

_NUMBER = re.compile(r"(?P<number>[+-]?\d{1,15}(?:\.\d{1,6})?)(?P<unit>\D{0,12}|10,?000cny)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNIT = re.compile(r"[(\[](?P<unit>[^()\[\]]*)[)\]]\s*$")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[-./年](?P<month>\d{1,2})(?:[-./月](?P<day>\d{1,2})日?|月(?:底|末)?)?"
    r"|年(?:底|末)?)?(?:t\d\d:\d\d:\d\d.*)?"
)


def money_unit(heading: str) -> str:
    """Return the unit of money that a heading states.

    Parameters
    ----------
    heading
        The heading.

    Returns
    -------
    A key of ``money``; "" where none is stated.

    Examples
    --------
    >>> money_unit("金额(万元)"), money_unit("金额")
    ('万元', '')
    """
    found = _UNIT.search(unicodedata.normalize("NFKC", heading))
    said = fold(found["unit"]) if found else ""
    return said if said in meanings()["money"] else ""


def amount_cny(text: str, unit: str) -> tuple[float | None, bool]:
    """Read an amount of money.

    Parameters
    ----------
    text
        A cell, such as ``约1.2亿元`` or ``5,000``.
    unit
        The unit that its column states; a unit in the cell goes before it.

    Returns
    -------
    Yuan, or None where it cannot be read (a range, another currency, below zero); and True where
    words such as 约 or 以上 say that it is not exact.

    Examples
    --------
    >>> amount_cny("约1.2亿元", "万元"), amount_cny("5,000", "万元"), amount_cny("2-3", "万元")
    ((120000000.0, True), (50000000.0, False), (None, False))
    """
    bare, rough = _bare(_GROUPED.sub("", unicodedata.normalize("NFKC", text).casefold()))
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return None, False
    factor = meanings()["money"].get(fold(found["unit"]) or unit)
    value = Decimal(found["number"])
    if factor is None or value < 0:
        return None, False
    return float(round(value * factor)), rough


def _bare(text: str) -> tuple[str, bool]:
    """Take off the words around a figure."""
    text, rough = re.sub(r"\s", "", text), False
    about = meanings()["about"]
    for word in sorted(about["before"], key=len, reverse=True):
        if text.startswith(word):
            rough |= not word.startswith(("人", "r", "¥"))
            text = text[len(word) :]
    for word in sorted(about["after"], key=len, reverse=True):
        if text.endswith(word):
            rough |= word != "人民币"
            text = text[: -len(word)]
    return text, rough


def says_nothing(text: str) -> bool:
    """Tell whether a cell says that there is no figure.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    True for blank cells, dashes and words such as 面议.

    Examples
    --------
    >>> says_nothing("面议"), says_nothing("0")
    (True, False)
    """
    return not text or fold(text) in {fold(word) for word in meanings()["about"]["none"]}


def iso_date(text: str, *, last: bool) -> str | None:
    """Read a date.

    Parameters
    ----------
    text
        A cell, such as ``2026年3月31日``, ``2026.3`` or ``2026年底``.
    last
        Where only a month or a year is given, take its last day rather than its first.

    Returns
    -------
    ISO date; "" for words such as 长期, None where it cannot be read.

    Examples
    --------
    >>> iso_date("2026年2月", last=True), iso_date("2026/3/1", last=True)
    ('2026-02-28', '2026-03-01')
    """
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold())
    if folded in meanings()["about"]["lasting"] or says_nothing(text):
        return ""
    found = _DATE.fullmatch(folded)
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"] or (12 if last else 1))
    if not 1 <= month <= 12:
        return None
    most = calendar.monthrange(year, month)[1]
    day = int(found["day"] or (most if last else 1))
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= most else None
