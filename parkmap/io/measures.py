"""Headings of columns of figures by sector: the sector, the measure, the year, the unit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parkmap import taxonomy
from parkmap.io.headings import fold, meanings

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNIT = re.compile(r"[(\[](?P<unit>[^()\[\]]*)[)\]]\s*$")
_YEAR = re.compile(r"^(?:19|20)\d\d(?:年度?)?")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading such as ``2024年集成电路产值(亿元)``, taken apart.

    Parameters
    ----------
    text
        The heading.
    sector
        What stands before the measure, folded; "" where it is of the whole.
    kind
        The measure and the year, folded.
    unit
        Its unit, "" where none is stated.
    """

    text: str
    sector: str
    kind: tuple[str, str]
    unit: str


def by_sector(headings: Iterable[str]) -> bool:
    """Tell whether at least two headings name output, each of a sector of its own.

    Parameters
    ----------
    headings
        The headings of a table.

    Returns
    -------
    True if so.

    Examples
    --------
    >>> by_sector(["园区", "集成电路产值", "新型显示产值"]), by_sector(["园区", "产值", "亩均产值"])
    (True, False)
    """
    return sum(is_sector(part.sector) for part in parts(headings)) > 1


def parts(headings: Iterable[str], *, also: str = "") -> list[Heading]:
    """Take apart the headings that end in a measure of output.

    Parameters
    ----------
    headings
        The headings of a table.
    also
        A heading that is of output whatever it ends in.

    Returns
    -------
    One of each such heading, in their order.

    Examples
    --------
    >>> found = parts(["2024年集成电路产值(亿元)", "级别"])
    >>> [(part.sector, part.kind, part.unit) for part in found]
    [('集成电路', ('产值', '2024年'), '亿元')]
    """
    words = meanings()["output"]
    measures = sorted((fold(word) for word in words["measures"]), key=len, reverse=True)
    aside = {fold(word) for word in words["aside"]}
    found = []
    for heading in headings:
        text = unicodedata.normalize("NFKC", heading).strip()
        bracket = _UNIT.search(text)
        unit = fold(bracket["unit"]) if bracket else ""
        base = fold(text[: bracket.start()] if bracket else text)
        base, unit = _bare_unit(base) if not unit else (base, unit)
        measure = next((word for word in measures if base.endswith(word)), "")
        if not measure and fold(heading) == fold(also) and also:
            measure = base
        year = _YEAR.match(base)
        rest = base[: len(base) - len(measure)].removeprefix(year[0] if year else "")
        known = unit in meanings()["money"] or unit in ("", "%")
        if measure and known and rest not in aside:
            kind = (measure, year[0] if year else "")
            found.append(Heading(text=heading, sector=rest, kind=kind, unit=unit))
    return found


def _bare_unit(base: str) -> tuple[str, str]:
    units = sorted(meanings()["money"], key=len, reverse=True)
    unit = next((unit for unit in units if "元" in unit and base.endswith(unit)), "")
    return base.removesuffix(unit), unit


def is_sector(name: str) -> bool:
    """Tell whether a name is a sector of the vocabulary.

    Parameters
    ----------
    name
        The name.

    Returns
    -------
    True if so.

    Examples
    --------
    >>> is_sector("集成电路"), is_sector("亩均")
    (True, False)
    """
    return bool(name) and taxonomy.load().match(name).accepted
