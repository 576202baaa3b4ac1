"""What a sheet of the workbook is made of. No styling here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkmap import escape
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    Rows = list[tuple[Any, ...]]

#: Number formats by the form of a column.
FORMS = {
    "text": "@",
    "whole": "#,##0",
    "count": "#,##0",
    "hectares": "#,##0.00",
    "difference": "+#,##0.00;-#,##0.00;0.00",
    "percent": "0.0%",
    "score": "0.00",
    "kilometres": "0.0",
    "date": "yyyy-mm-dd",
    "money": "#,##0.00",
}


_LONGEST_TAB = 31
_NO_TAB = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    key
        Its heading in the catalogue.
    width
        The most it may take, in half-width characters.
    form
        One of ``FORMS``.
    catalogue
        The catalogue that holds the heading, as ``heading.<key>``.
    said
        The heading itself, where it is a name and no word of a catalogue.
    """

    key: str
    width: int = 12
    form: str = "text"
    catalogue: str = "report"
    said: str = ""

    @property
    def heading(self) -> str:
        """What the column is called."""
        return self.said or text(f"{self.catalogue}.heading.{self.key}")


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook.

    Parameters
    ----------
    key
        Its name in the catalogue, as ``tab.<key>``.
    columns
        Its columns.
    rows
        One tuple a row; None is an empty cell.
    totals
        Rows of sums under the table, "" where there is nothing to sum.
    severities
        Severity of each row, for its colour; empty for sheets without.
    links
        Anchor of each row in the map, shown in the column ``map_number``; empty for sheets
        without.
    title
        The line above the table.
    catalogue
        The catalogue that holds its name.
    name
        Its name, if it is not one of a catalogue (:func:`tab_names`).
    under
        A line under its title instead of the workbook's.
    to_fill
        True for a sheet that people add rows to: nothing stands under it.
    """

    key: str
    columns: tuple[Column, ...]
    rows: Rows
    totals: Rows = field(default_factory=list)
    severities: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    title: str = ""
    catalogue: str = "report"
    name: str = ""
    under: str = ""
    to_fill: bool = False

    @property
    def tab(self) -> str:
        """What the sheet is called."""
        return self.name or text(f"{self.catalogue}.tab.{self.key}")


def tab_names(names: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    r"""Make names of sheets out of anybody's words.

    Parameters
    ----------
    names
        The words.
    taken
        Names that the workbook has already.

    Returns
    -------
    As many names, told apart whatever their case, at most 31 units of UTF-16, without
    ``[ ] : * ? / \``, controls, or an apostrophe at an end, as Excel wants them.

    Examples
    --------
    >>> tab_names(["A/B", "a_b", "", "x" * 40], taken=["X"])
    ['A_B', 'a_b (2)', '_', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']
    """
    seen = {name.casefold() for name in (*taken, "History")}
    made = []
    for name in names:
        clean = _NO_TAB.sub("_", escape.cell(name)).strip("' ") or "_"
        found, at = _cut(clean, _LONGEST_TAB), 1
        while found.casefold() in seen:
            at += 1
            ending = f" ({at})"
            found = _cut(clean, _LONGEST_TAB - len(ending)) + ending
        seen.add(found.casefold())
        made.append(found)
    return made


def _cut(name: str, most: int) -> str:
    """Cut to so many units of UTF-16, never through a character."""
    return name.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").rstrip("' ") or "_"


def number(value: Any) -> float | None:
    """Return a number as a cell holds it.

    Parameters
    ----------
    value
        A number of a table.

    Returns
    -------
    The number; None, an empty cell, where it is missing.

    Examples
    --------
    >>> number(2), number(float("nan"))
    (2.0, None)
    """
    return None if value is None or math.isnan(value) else float(value)
