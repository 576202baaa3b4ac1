"""Sheets as a workbook, dressed for A3 paper and for people who filter and copy."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from parkmap import escape, files
from parkmap.messages import text
from parkmap.sheets.dress import cell_styles
from parkmap.sheets.packing import rewrite_zip

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from parkmap.sheets.tables import Column, Sheet

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 (XLSX times carry no zone)
_HEAD_ROW = 3
_LINE_HEIGHT = 16.5
_MOST_LINES = 24  # Excel's rows end at 409 points
_A3 = 8


def write_book(
    sheets: Iterable[Sheet],
    path: str | os.PathLike[str],
    *,
    title: str,
    under: str = "",
    notices: Sequence[str] = (),
    date: str = "",
    map_file: str = "",
    mark: str = "",
    overwrite: bool = False,
) -> None:
    """Write sheets as one workbook, dressed for A3 paper.

    Parameters
    ----------
    sheets
        The sheets in order.
    path
        The file to make.
    title
        The workbook's title, among its properties.
    under
        A line under the title of each sheet.
    notices
        Lines under each table, outside what a filter hides.
    date
        ISO date of its properties; the same input gives the same bytes.
    map_file
        Name of the map beside it, for links from rows with an anchor; none if not given.
    mark
        A word over every printed page.
    overwrite
        Replace a file that is there.

    Notes
    -----
    Every text cell is typed as text, so no name can become a formula.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from parkmap.sheets import Column, Sheet
    >>> sheet = Sheet("parks", (Column("name"),), [("=1+1",)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_book([sheet], Path(folder, "a.xlsx"), title="A")
    ...     sorted(file.name for file in Path(folder).iterdir())
    ['a.xlsx']
    """
    book = Workbook()
    book.remove(book.active)
    for style in cell_styles():
        book.add_named_style(style)
    for sheet in sheets:
        page = add_sheet(
            book, sheet, under=sheet.under or under, notices=notices, map_file=map_file
        )
        page.oddHeader.center.text = mark or None
    _date(book, date)
    book.properties.creator = "parkmap"
    book.properties.title = title
    with files.writing(path, overwrite=overwrite) as draft:
        save_book(book, draft)


def text_width(value: str) -> int:
    """Measure a text in half-width characters: a Chinese one takes two.

    Parameters
    ----------
    value
        The text.

    Returns
    -------
    The width of its longest line.

    Examples
    --------
    >>> text_width("园区A")
    5
    """
    lines = value.splitlines() or [""]
    return max(sum(2 if east_asian_width(c) in "WFA" else 1 for c in line) for line in lines)


def line_count(value: str, width: float) -> int:
    r"""Count the lines of a text in a cell that wraps it.

    Parameters
    ----------
    value
        The text.
    width
        Of the column, in half-width characters.

    Returns
    -------
    The lines.

    Examples
    --------
    >>> line_count("园区园区\nA", 6)
    3
    """
    room = max(int(width) - 2, 1)
    return sum(max(-(-text_width(line) // room), 1) for line in value.splitlines() or [""])


def row_height(lines: int) -> float:
    """Return the height of a row.

    Parameters
    ----------
    lines
        The lines of its longest text.

    Returns
    -------
    Points, at most what Excel allows.

    Examples
    --------
    >>> row_height(2)
    36.0
    """
    return _LINE_HEIGHT * min(lines, _MOST_LINES) + 3


def add_sheet(
    book: Workbook,
    sheet: Sheet,
    *,
    under: str = "",
    notices: Sequence[str] = (),
    map_file: str = "",
) -> Worksheet:
    """Add one sheet to a workbook that has the styles of :func:`parkmap.sheets.cell_styles`.

    Parameters
    ----------
    book
        The workbook.
    sheet, under, notices, map_file
        As for :func:`write_book`.

    Returns
    -------
    The page.

    Examples
    --------
    >>> from parkmap.sheets import Column, Sheet, cell_styles
    >>> book = Workbook()
    >>> for style in cell_styles():
    ...     book.add_named_style(style)
    >>> sheet = Sheet("parks", (Column("name"),), [("A",)], to_fill=True)
    >>> add_sheet(book, sheet)["A4"].value
    'A'
    """
    page = book.create_sheet(sheet.tab)
    widths = _widths(sheet)
    _head(page, sheet, under)
    for at, row in enumerate(sheet.rows, start=_HEAD_ROW + 1):
        _write_row(page, at, row, sheet.columns, widths)
    last = _HEAD_ROW + len(sheet.rows)
    for total in sheet.totals:
        last += 1
        _write_row(page, last, total, sheet.columns, widths, prefix="total")
    _colour(page, sheet)
    if map_file and sheet.links:
        _link(page, sheet, map_file)
    _close(page, sheet, notices, last)
    for at, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    _set_page(page, sheet)
    return page


def _head(page: Worksheet, sheet: Sheet, under: str) -> None:
    _put(page.cell(1, 1), sheet.title or sheet.tab, "title")
    _put(page.cell(2, 1), under, "notice")
    for at, column in enumerate(sheet.columns, start=1):
        _put(page.cell(_HEAD_ROW, at), column.heading, "heading")
    heights = (30, 18, 34)
    for row, height in enumerate(heights, start=1):
        page.row_dimensions[row].height = height


def _write_row(
    page: Worksheet,
    at: int,
    row: tuple[Any, ...],
    columns: tuple[Column, ...],
    widths: list[float],
    *,
    prefix: str = "row",
) -> None:
    lines = 1
    for across, (value, column, width) in enumerate(
        zip(row, columns, widths, strict=True), start=1
    ):
        form = column.form
        if isinstance(value, str):
            form = "centred" if column.width <= 12 else "text"
            lines = max(lines, line_count(value, width))
        elif form == "hectares" and isinstance(value, int):
            form = "count"  # among areas: 37 parks, not 37.00
        _put(page.cell(at, across), value, f"{prefix} {form}")
    page.row_dimensions[at].height = row_height(lines)


def _put(cell: Cell, value: Any, style: str) -> None:
    if isinstance(value, str):
        cell.value = escape.cell(value)
        cell.data_type = "s"  # also where it begins like a formula
    else:
        cell.value = value
    cell.style = style


def _colour(page: Worksheet, sheet: Sheet) -> None:
    """Colour the severity of each row; its word says the same, for those who see no colour."""
    keys = [column.key for column in sheet.columns]
    for at, severity in enumerate(sheet.severities, start=_HEAD_ROW + 1):
        page.cell(at, keys.index("severity") + 1).style = f"severity {severity}"


def _link(page: Worksheet, sheet: Sheet, map_file: str) -> None:
    keys = [column.key for column in sheet.columns]
    for at, anchor in enumerate(sheet.links, start=_HEAD_ROW + 1):
        cell = page.cell(at, keys.index("map_number") + 1)
        cell.hyperlink = map_file
        cell.hyperlink.location = anchor
        cell.style = "row link"


def _close(page: Worksheet, sheet: Sheet, notices: Sequence[str], last: int) -> None:
    """Put the notices under the table, outside what a filter hides."""
    if sheet.to_fill:
        return
    first = last + 2
    if not sheet.rows:
        _put(page.cell(_HEAD_ROW + 1, 1), text("report.cell.nothing"), "notice")
        first += 1
    for at, notice in enumerate(notices, start=first):
        _put(page.cell(at, 1), notice, "notice")


def _widths(sheet: Sheet) -> list[float]:
    """As wide as its content, at most what the column may take, at least half of its heading."""
    found = []
    for at, column in enumerate(sheet.columns):
        values = [row[at] for row in sheet.rows if isinstance(row[at], str)]
        content = max((text_width(value) for value in values), default=0) + 3
        if column.form != "text":
            content = column.width
        words = column.heading.split() or [""]
        # A Chinese heading may be broken anywhere, an English one between words.
        heading = -(-text_width(column.heading) // 2) + 3
        if column.heading.isascii():
            heading = max(heading, *(len(word) + 3 for word in words))
        found.append(float(max(min(content, column.width), heading, 6)))
    return found


def _set_page(page: Worksheet, sheet: Sheet) -> None:
    last = get_column_letter(len(sheet.columns))
    page.freeze_panes = page.cell(_HEAD_ROW + 1, 3 if len(sheet.columns) > 8 else 1)
    page.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + max(len(sheet.rows), 1)}"
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A3
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"1:{_HEAD_ROW}"
    page.print_options.horizontalCentered = True
    margins = page.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.75, 0.35
    page.oddFooter.left.text = text("terms.notice.disclaimer")
    page.oddFooter.right.text = text("report.footer.page")


def _date(book: Workbook, date: str) -> None:
    try:
        day = datetime.fromisoformat(date).replace(tzinfo=None) if date else _EPOCH
    except ValueError:
        day = _EPOCH
    book.properties.created = book.properties.modified = day


def save_book(book: Workbook, draft: Path) -> None:
    """Save a workbook with the times it states, not those of the clock.

    Parameters
    ----------
    book
        The workbook; its properties are kept as they are.
    draft
        The file to make.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_book(Workbook(), Path(folder, "a.xlsx"))
    ...     Path(folder, "a.xlsx").stat().st_size > 0
    True
    """
    # Workbook.save would stamp the clock into the document's properties.
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).write_data()
    rewrite_zip(draft)
