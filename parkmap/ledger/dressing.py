"""How the rows of the sheet look: those we add, and bare ones that people added."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from parkmap.ledger.fields import SHEETS, Field
from parkmap.sheets import cell_styles, line_count, row_height

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.worksheet.worksheet import Worksheet

_FIELDS = {field.key: field for fields in SHEETS.values() for field in fields}


def add_styles(page: Worksheet) -> None:
    """Give the workbook the styles of our cells where it lost them.

    Parameters
    ----------
    page
        One of its sheets.
    """
    book = page.parent
    for style in cell_styles():
        if style.name not in book.named_styles:
            book.add_named_style(style)


def dress(page: Worksheet, at: int, columns: Mapping[str, int], *, head: int) -> None:
    """Make a row look like the others; a cell that people gave looks of its own keeps them.

    Parameters
    ----------
    page
        The sheet.
    at
        The row.
    columns
        Field -> column; one of people's own, "+" and its heading, is left alone if its heading is.
    head
        The row of the headings.
    """
    for column, across in columns.items():
        cell = page.cell(at, across)
        ours = column in _FIELDS or not is_plain(page.cell(head, across))
        if ours and is_plain(cell):
            cell.style = f"row {_looks(_field(column))}"


def is_plain(cell: Any) -> bool:
    """Tell whether nobody gave a cell a font, a colour, a border or an alignment.

    Parameters
    ----------
    cell
        The cell.

    Returns
    -------
    True also where it has a number format: Excel gives one to a date that is typed.

    Examples
    --------
    >>> from openpyxl import Workbook
    >>> cell = Workbook().active["A1"]
    >>> cell.number_format = "yyyy-mm-dd"
    >>> is_plain(cell)
    True
    """
    if not cell.has_style or cell.style != "Normal":
        return not cell.has_style
    blank = Cell(cell.parent, row=1, column=1)
    looks = ("font", "fill", "border", "alignment")
    return all(copy(getattr(cell, look)) == copy(getattr(blank, look)) for look in looks)


def fit(page: Worksheet, at: int, columns: Mapping[str, int]) -> None:
    """Make a row as high as its texts need, if it is lower; lower it never.

    Parameters
    ----------
    page
        The sheet.
    at
        The row.
    columns
        Field -> column, of the texts to be looked at.
    """
    texts = {column: page.cell(at, across).value for column, across in columns.items()}
    lines = [
        line_count(said, _width(page, columns[column], _field(column)))
        for column, said in texts.items()
        if isinstance(said, str)
    ]
    row, needed = page.row_dimensions[at], row_height(max(lines, default=0))
    if lines and (row.height is None or row.height < needed):
        row.height = needed


def _width(page: Worksheet, across: int, made: Field) -> float:
    letter = get_column_letter(across)
    known = page.column_dimensions
    return float(known[letter].width) if letter in known else made.width


def _field(column: str) -> Field:
    return _FIELDS.get(column, Field(column))


def _looks(field: Field) -> str:
    return field.form if field.form != "text" or field.width > 12 else "centred"


def warning(column: str, value: Any) -> str:
    """Return the style of a cell whose colour says how urgent it is.

    Parameters
    ----------
    column
        ``alert``, ``overdue_days`` or ``attention``.
    value
        What it holds.

    Returns
    -------
    The name of a style.

    Examples
    --------
    >>> warning("alert", "overdue")
    'severity high'
    """
    if column == "attention":
        known = ("high", "medium", "low", "info")
        return f"severity {value}" if value in known else "row centred"
    if column == "overdue_days":
        return "severity high" if value else "row whole"
    return {"overdue": "severity high", "soon": "severity medium"}.get(value, "row centred")
