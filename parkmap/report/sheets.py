"""What a sheet of the workbook is made of. No styling here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parkmap.schema import Analysis

    Rows = list[tuple[Any, ...]]

#: Number formats by the form of a column.
FORMS = {
    "text": "@",
    "whole": "#,##0",
    "hectares": "#,##0.00",
    "difference": "+#,##0.00;-#,##0.00;0.00",
    "percent": "0.0%",
    "score": "0.00",
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
    """

    key: str
    width: int = 12
    form: str = "text"

    @property
    def heading(self) -> str:
        """What the column is called."""
        return text(f"report.heading.{self.key}")


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook.

    Parameters
    ----------
    key
        Its name in the catalogue.
    columns
        Its columns.
    rows
        One tuple a row; None is an empty cell.
    totals
        Rows of sums under the table, "" where there is nothing to sum.
    severities
        Severity of each row, for its colour; empty for sheets without.
    links
        Anchor of each row in the map; empty for sheets without.
    """

    key: str
    columns: tuple[Column, ...]
    rows: Rows
    totals: Rows = field(default_factory=list)
    severities: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


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


def term(group: str, key: str) -> str:
    """Return the word for a key, "not stated" for none.

    Parameters
    ----------
    group, key
        Where it stands among the shared terms.

    Returns
    -------
    The word.

    Examples
    --------
    >>> from parkmap import messages
    >>> with messages.use_language("zh"):
    ...     term("tier", "national"), term("tier", "")
    ('国家级', '未注明')
    """
    return text(f"terms.{group}.{key}") if key else text("terms.unknown")


def park_names(analysis: Analysis, parks: Iterable[str]) -> str:
    """Write the names of some parks.

    Parameters
    ----------
    analysis
        The run.
    parks
        Their ids.

    Returns
    -------
    The names, one after the other.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(parks=pd.DataFrame({"name": ["甲园"]}, index=["a"]))
    >>> park_names(run, ["a"])
    '甲园'
    """
    names = analysis.parks["name"]
    return text("terms.list_separator").join(str(names.get(park, park)) for park in parks)
