"""A new workbook for a ledger: empty sheets, lists of words to choose from, how to fill it in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from parkmap.escape import terminal
from parkmap.ledger.fields import SHEETS, WORDS, word
from parkmap.messages import text
from parkmap.sheets import Sheet, add_sheet, cell_styles, line_count, row_height

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_HEAD = 3
_GUIDE_WIDTH, _A4 = 96, 9
_ROOM = 5000  # rows that lists of words reach down
_GUIDE = ("one", "two", "three", "four", "five", "six", "seven")


def new_book(meta: Mapping[str, Any], *, date: str) -> Workbook:
    """Make the workbook of a ledger, without rows.

    Parameters
    ----------
    meta
        ``uid``, ``city`` and ``data_date`` of the ledger.
    date
        The day it is made.

    Returns
    -------
    The workbook, marked as version 0.

    Examples
    --------
    >>> len(new_book({"uid": "a1", "city": "", "data_date": ""}, date="2026-03-01").worksheets)
    4
    """
    book = Workbook()
    book.remove(book.active)
    for style in cell_styles():
        book.add_named_style(style)
    for key in SHEETS:
        add_page(book, key, meta, date=date)
    page = add_guide(book, [text(f"ledger.guide.{key}") for key in _GUIDE])
    last = len(_GUIDE) + 3
    page.cell(last, 2, text("ledger.mark_label")).style = "notice"
    page.cell(last + 1, 2, f"parkmap-ledger:{meta['uid']}:0").style = "notice"
    book.properties.creator = "parkmap"
    book.properties.title = text("ledger.book_title")
    day = dt.datetime.fromisoformat(date)
    book.properties.created = book.properties.modified = day
    return book


def add_page(book: Workbook, key: str, meta: Mapping[str, Any], *, date: str) -> None:
    """Add one empty sheet of a ledger.

    Parameters
    ----------
    book
        The workbook.
    key
        Which sheet.
    meta, date
        As for :func:`new_book`.

    Examples
    --------
    >>> book = new_book({"uid": "a1", "city": "", "data_date": ""}, date="2026-03-01")
    >>> del book[book.sheetnames[2]]
    >>> add_page(book, "differences", {"city": "", "data_date": ""}, date="2026-03-01")
    >>> len(book.worksheets)
    4
    """
    columns = tuple(field.column for field in SHEETS[key])
    city = terminal(str(meta["city"]))
    title = text(f"ledger.title_{key}", city=city).strip()
    title = title[:1].upper() + title[1:]
    sheet = Sheet(key, columns, [], title=title, catalogue="ledger", to_fill=True)
    add_sheet(book, sheet, under=under_line(meta, date=date))
    page = book.worksheets[-1]
    page.page_setup.fitToWidth = -(-len(columns) // 13)  # 37 columns on one page are unreadable
    page.print_title_cols = "A:B"
    for at, field in enumerate(SHEETS[key], start=1):
        page.column_dimensions[get_column_letter(at)].width = field.width
        if field.key in WORDS and field.key not in ("where_from", "change", "alert"):
            _offer(page, at, field.key)


def under_line(meta: Mapping[str, Any], *, date: str) -> str:
    """Say under the title when the sheet was written and of when the data are.

    Parameters
    ----------
    meta
        ``data_date`` of the ledger.
    date
        The day of writing.

    Returns
    -------
    The line.

    Examples
    --------
    >>> "2026-03-01" in under_line({"data_date": ""}, date="2026-03-01")
    True
    """
    if not meta["data_date"]:
        return text("ledger.under_plain", date=date)
    key = "ledger.under_file" if meta.get("date_from") == "file" else "ledger.under"
    return text(key, date=date, data_date=meta["data_date"])


def _offer(page: Worksheet, at: int, field: str) -> None:
    """Let people choose a word from a list; another one is asked about, not refused."""
    words = ",".join(str(word(field, key)) for key in WORDS[field])
    rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    rule.errorStyle = "warning"
    letter = get_column_letter(at)
    rule.add(f"{letter}{_HEAD + 1}:{letter}{_ROOM}")
    page.add_data_validation(rule)


def add_guide(book: Workbook, lines: Sequence[str]) -> Worksheet:
    """Add a sheet that says how to fill in the others.

    Parameters
    ----------
    book
        The workbook.
    lines
        What it says.

    Returns
    -------
    The sheet, every line whole: wrapped, the row as high as it needs.

    Examples
    --------
    >>> book = new_book({"uid": "a1", "city": "", "data_date": ""}, date="2026-03-01")
    >>> add_guide(book, ["A"])["B2"].value
    'A'
    """
    page = book.create_sheet(text("ledger.tab.guide"))
    page.sheet_view.showGridLines = False
    page.column_dimensions["A"].width = 6
    page.column_dimensions["B"].width = _GUIDE_WIDTH
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page["B1"].value = text("ledger.tab.guide")
    page["B1"].style = "title"
    page.row_dimensions[1].height = 30
    for at, said in enumerate(lines, start=1):
        page.cell(at + 1, 1, at).style = "row whole"
        page.cell(at + 1, 2, said).style = "row text"
        page.row_dimensions[at + 1].height = row_height(line_count(said, _GUIDE_WIDTH) + 1)
    return page
