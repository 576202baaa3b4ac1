"""Tables for people: sheets of a workbook, their columns, their looks, their file."""

from __future__ import annotations

from parkmap.sheets.dress import cell_styles
from parkmap.sheets.packing import rewrite_zip
from parkmap.sheets.tables import FORMS, Column, Sheet, number, tab_names
from parkmap.sheets.writing import (
    add_sheet,
    line_count,
    row_height,
    save_book,
    text_width,
    write_book,
)

__all__ = [
    "FORMS",
    "Column",
    "Sheet",
    "add_sheet",
    "cell_styles",
    "line_count",
    "number",
    "rewrite_zip",
    "row_height",
    "save_book",
    "tab_names",
    "text_width",
    "write_book",
]
