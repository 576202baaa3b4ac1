"""What a sheet of the workbook is made of. No styling here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkmap.messages import text

if TYPE_CHECKING:
    Rows = list[tuple[Any, ...]]

#: Number formats by the form of a column.
FORMS = {
    "text": "@",
    "whole": "#,##0",
    "hectares": "#,##0.00",
    "difference": "+#,##0.00;-#,##0.00;0.00",
    "percent": "0.0%",
    "score": "0.00",
    "kilometres": "0.0",
}


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
    """

    key: str
    columns: tuple[Column, ...]
    rows: Rows
    totals: Rows = field(default_factory=list)
    severities: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    title: str = ""
    catalogue: str = "report"

    @property
    def tab(self) -> str:
        """What the sheet is called."""
        return text(f"{self.catalogue}.tab.{self.key}")


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
