"""The sheet that people edit: found again by its headings, read, and written in place.

Planners add columns and rows, sort, colour, move columns. A cell is found by the id of its row and
the heading of its column, only cells whose value changes are written, and what is not ours is left.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from parkmap import files, messages
from parkmap.errors import InputError
from parkmap.ledger.cells import put, stored
from parkmap.ledger.dressing import add_styles, dress, fit, is_plain, warning
from parkmap.ledger.fields import ID_FIELDS, SHEETS, Row, Rows, folded, headings
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD_ROWS = 30
_LARGEST = 400_000_000  # bytes unpacked
#: By these headings a sheet is known, whatever its name and the order of its columns.
_SIGNS = {
    "matters": {"matter_id", "status"},
    "appeals": {"appeal_id", "status"},
    "differences": {"difference_id", "other"},
}
#: A row without an id is a new one if this cell is filled.
_CORE = {"matters": "description", "appeals": "content", "differences": ""}
_MARK = re.compile(r"parkmap-ledger:([0-9a-f]+):(\d+)")
#: Part of a workbook that openpyxl drops when it writes.
_NOT_KEPT = (
    ("macro", re.compile(r"vbaProject\.bin$"), None),
    ("embedded", re.compile(r"^xl/embeddings/"), None),
    (
        "shape",
        re.compile(r"^xl/drawings/drawing\d+\.xml$"),
        re.compile(rb"<(\w+:)?(sp|grpSp|cxnSp)>"),
    ),
)


@dataclass
class Table:
    """Where a sheet's rows and columns are, and what its cells hold."""

    page: Worksheet
    head: int
    columns: dict[str, int]
    rows: Rows = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    unnamed: list[int] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    last: int = 0
    changed: bool = False


def open_book(path: Path, *, to_read: bool = False) -> Workbook:
    """Open the workbook to be edited.

    Parameters
    ----------
    path
        The file.
    to_read
        It is read only, so nothing in it can be lost.

    Returns
    -------
    The workbook.

    Raises
    ------
    InputError
        If it is no workbook, unreasonably large, or holds what could not be kept.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     openpyxl.Workbook().save(Path(folder, "a.xlsx"))
    ...     len(open_book(Path(folder, "a.xlsx")).worksheets)
    1
    """
    name = files.display_name(path)
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            lost = _parts_not_kept(archive) if size <= _LARGEST else []
        book = openpyxl.load_workbook(path, rich_text=True) if size <= _LARGEST else None
    except Exception as reason:
        # openpyxl lets through whatever its XML parser, zip reader and type checks raise.
        fault = messages.fault("ledger.bad_book", reason=type(reason).__name__)
        raise InputError(**fault, file=name) from reason
    if book is None:
        raise InputError(**messages.fault("ledger.bad_book", reason=">400 MB"), file=name)
    if lost and not to_read:
        said = text("ledger.and_").join(text(f"ledger.part.{part}") for part in lost)
        raise InputError(**messages.fault("ledger.not_kept", parts=said), file=name)
    return book


def _parts_not_kept(archive: zipfile.ZipFile) -> list[str]:
    found = []
    for part, named, holds in _NOT_KEPT:
        members = [name for name in archive.namelist() if named.search(name)]
        if any(holds is None or holds.search(archive.read(name)) for name in members):
            found.append(part)
    return found


def mark_of(book: Workbook) -> tuple[str, int] | None:
    """Find which ledger and which version of it a workbook was written as.

    Parameters
    ----------
    book
        The workbook.

    Returns
    -------
    Id and version; None if it carries no mark.

    Examples
    --------
    >>> book = openpyxl.Workbook()
    >>> book.active["B9"] = "parkmap-ledger:a1:7"
    >>> mark_of(book)
    ('a1', 7)
    """
    cell = _mark_cell(book)
    found = cell and _MARK.search(str(cell.value))
    return (found[1], int(found[2])) if found else None


def _mark_cell(book: Workbook) -> Any:
    for page in reversed(book.worksheets):
        for row in page.iter_rows(max_row=60, max_col=8):
            for cell in row:
                if isinstance(cell.value, str) and _MARK.search(cell.value):
                    return cell
    return None


def set_mark(book: Workbook, uid: str, version: int) -> None:
    """Write the mark of a version over the one before.

    Parameters
    ----------
    book
        A workbook that has a mark.
    uid, version
        Of the ledger.

    Examples
    --------
    >>> book = openpyxl.Workbook()
    >>> book.active["B9"] = "parkmap-ledger:a1:7"
    >>> set_mark(book, "a1", 8)
    >>> mark_of(book)
    ('a1', 8)
    """
    _mark_cell(book).value = f"parkmap-ledger:{uid}:{version}"


def read_tables(book: Workbook, *, name: str) -> dict[str, Table]:
    """Read the sheets of a ledger, wherever people moved rows and columns.

    Parameters
    ----------
    book
        The workbook.
    name
        Its file's name, for errors.

    Returns
    -------
    Table by key of sheet; those of appeals and of differences are absent where somebody took the
    sheet away.

    Raises
    ------
    InputError
        If no sheet has the headings of matters, or one id stands in two rows.

    Examples
    --------
    >>> book = openpyxl.Workbook()
    >>> for row in (["事项编号", "状态", "我的列"], ["c-1", "待确认", 5]):
    ...     book.active.append(row)
    >>> read_tables(book, name="a.xlsx")["matters"].rows
    {'c-1': {'matter_id': 'c-1', 'status': 'awaiting', '+我的列': 5}}
    """
    found: dict[str, Table] = {}
    for key in SHEETS:
        table = read_sheet(book, key, name=name)
        if table is not None:
            found[key] = table
    if "matters" not in found:
        heading = text("ledger.heading.matter_id")
        raise InputError(**messages.fault("ledger.no_sheet", heading=heading), file=name)
    return found


def read_sheet(book: Workbook, key: str, *, name: str) -> Table | None:
    """Read one sheet, wherever it is in a workbook.

    Parameters
    ----------
    book
        The workbook.
    key
        Which sheet.
    name
        Its file's name, for errors.

    Returns
    -------
    The sheet; None if there is none with its headings.

    Examples
    --------
    >>> read_sheet(openpyxl.Workbook(), "appeals", name="a.xlsx") is None
    True
    """
    for page in book.worksheets:
        table = _table(page, key)
        if table is not None:
            _read(table, key, name)
            return table
    return None


def _table(page: Worksheet, key: str) -> Table | None:
    known = headings(key)
    for at, row in enumerate(page.iter_rows(max_row=_HEAD_ROWS, values_only=True), start=1):
        columns: dict[str, int] = {}
        for across, value in enumerate(row, start=1):
            said = str(value).strip() if value is not None else ""
            if said:
                columns.setdefault(known.get(folded(said), f"+{said}"), across)
        if set(columns) >= _SIGNS[key]:
            return Table(page, at, columns)
    return None


def _read(table: Table, key: str, name: str) -> None:
    page, id_field = table.page, ID_FIELDS[key]
    merged = _merged(page, table.head)
    table.last = table.head
    for at in range(table.head + 1, page.max_row + 1):
        row: Row = {}
        for column, across in table.columns.items():
            value = merged.get((at, across), page.cell(at, across).value)
            value = stored(column, value, epoch=page.parent.epoch)
            if value is not None:
                row[column] = value
        if not row:
            continue
        table.last = at
        said = str(row.get(id_field, "")).strip()
        if said in table.rows:
            fault = messages.fault("ledger.twice", one=table.places[said], other=at, id=said)
            raise InputError(**fault, file=name)
        if said:
            table.rows[said] = {**row, id_field: said}
            table.places[said] = at
        elif row.get(_CORE[key]):
            table.unnamed.append(at)
            table.rows[f"?{at}"] = row
        elif set(row) - {"number"}:
            table.bare.append(at)


def _merged(page: Worksheet, head: int) -> dict[tuple[int, int], Any]:
    """Let a cell merged over several rows count for each of them."""
    found = {}
    for area in page.merged_cells.ranges:
        if area.min_row > head and area.min_col == area.max_col:
            value = page.cell(area.min_row, area.min_col).value
            for at in range(area.min_row, area.max_row + 1):
                found[at, area.min_col] = value
    return found


def write_table(table: Table, key: str, rows: Mapping[str, Row]) -> None:
    """Bring a sheet to what the store says, cell by cell.

    Parameters
    ----------
    table
        The sheet as read.
    key
        Which sheet it is.
    rows
        Id -> row as it is to be shown, in the order in which new ones are added.

    Notes
    -----
    A cell that already shows its value is left as it is, with its looks; rows of people's own
    (sums, notes) stay where they are.

    Examples
    --------
    >>> book = openpyxl.Workbook()
    >>> for row in (["事项编号", "状态"], ["c-1", "待交办"]):
    ...     book.active.append(row)
    >>> write_table(read_tables(book, name="a.xlsx")["matters"], "matters",
    ...             {"c-1": {"matter_id": "c-1", "status": "closed"}})
    >>> book.active["B2"].value in ("已销号", "closed")
    True
    """
    page, columns = table.page, table.columns
    add_styles(page)
    for name, row in rows.items():
        at = table.places.get(name)
        if at is None:
            table.last += 1
            at = table.places[name] = table.last
        bare = is_plain(page.cell(at, columns[ID_FIELDS[key]]))
        if bare:
            table.changed = True
            dress(page, at, columns, head=table.head)
        written = {
            column: across
            for column, across in columns.items()
            # in a column of people's own only what the store knows is written
            if (not column.startswith("+") or column in row)
            and _write(table, at, across, column, row.get(column))
        }
        fit(page, at, columns if bare else written)
    reach = table.page.auto_filter.ref
    if reach and f"{table.head}:" in reach:
        table.page.auto_filter.ref = re.sub(r"\d+$", str(max(table.last, table.head + 1)), reach)


def _write(table: Table, at: int, across: int, column: str, value: Any) -> bool:
    page = table.page
    cell = page.cell(at, across)
    now = (
        _merged(page, table.head).get((at, across)) if isinstance(cell, MergedCell) else cell.value
    )
    kept = stored(column, now, epoch=page.parent.epoch)
    if kept == value and type(kept) is type(value):
        return False
    for area in list(page.merged_cells.ranges):
        if at in range(area.min_row, area.max_row + 1) and area.min_col == across == area.max_col:
            shared = page.cell(area.min_row, across).value
            page.unmerge_cells(str(area))
            for row in range(area.min_row, area.max_row + 1):
                page.cell(row, across).value = shared
    table.changed = True
    cell = page.cell(at, across)
    put(cell, column, value)
    if column in ("alert", "overdue_days", "attention"):
        cell.style = warning(column, value)
    return isinstance(value, str)
