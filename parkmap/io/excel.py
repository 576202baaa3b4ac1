"""Excel workbooks (XLSX) with longitude and latitude, x and y, or WKT."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import openpyxl

from parkmap import files, messages
from parkmap.errors import InputError
from parkmap.io import archive, columns, several, tabular
from parkmap.io.headings import recognise
from parkmap.io.raw import Options, Raw, Repeated
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Problems = list[dict[str, Any]]


_LARGEST = 400_000_000  # bytes unpacked
_SAMPLE_ROWS = 15
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")


def read_xlsx(path: Path, options: Options) -> Raw:
    """Read one sheet of a workbook; merged cells count for every row they cover.

    Parameters
    ----------
    path
        The file.
    options
        How to read it; ``layer`` is the sheet where several could be meant.

    Returns
    -------
    Its rows.

    Raises
    ------
    InputError
        If it cannot be opened, is unreasonably large, or several sheets hold parks.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.xlsx")
    ...     book = openpyxl.Workbook()
    ...     book.active.append(["名称", "经度", "纬度"])
    ...     book.active.append(["甲", 104.06, 30.66])
    ...     book.save(path)
    ...     raw = read_xlsx(path, Options(columns={}))
    >>> raw.geometry.tolist()
    [<POINT (104.06 30.66)>]
    """
    rows, noticed = cells_of(path, options, _tells_places, tell_others=True)
    raw = tabular.from_rows(rows, path, options, driver="XLSX")
    return Raw(**{**vars(raw), "problems": (*raw.problems, *noticed)})


def cells_of(
    path: Path,
    options: Options,
    is_header: Callable[[Sequence[str], Options], bool],
    *,
    tell_others: bool = False,
) -> tuple[list[list[str]], Problems]:
    """Read the cells of one sheet.

    Parameters
    ----------
    path
        The file.
    options
        How to read it; ``layer`` is the sheet.
    is_header
        Tells by its cells whether a row heads a table of the kind that is wanted.
    tell_others
        Name the sheets that were not read, where none was asked for.

    Returns
    -------
    Cells, row by row, and what was noticed.

    Raises
    ------
    InputError
        If it cannot be opened, is unreasonably large, or several sheets fit.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.xlsx")
    ...     book = openpyxl.Workbook()
    ...     book.active.append(["名称", "主导产业"])
    ...     book.save(path)
    ...     cells_of(path, Options(columns={}), lambda cells, _: "名称" in cells)
    ([['名称', '主导产业']], [])
    """
    name = files.display_name(path)
    with zipfile.ZipFile(path) as packed:
        archive.refuse_bomb(packed, path, largest=_LARGEST)
        has_formulas = _has_formulas(packed)
    values = _workbook(path, name, stored=True)
    sheet = _sheet(values, options, is_header, name)
    unknown: list[str] = []
    if has_formulas:  # else reading twice is for nothing
        unknown = _uncomputed(values[sheet], _workbook(path, name, stored=False)[sheet])
    told = [problem("PM113", cell=cell) for cell in unknown[:20]]
    others = _others(values, sheet) if tell_others and options.layer is None else ""
    return _cells(values[sheet]), [*told, *([problem("PM162", sheets=others)] if others else [])]


def _others(book: Any, chosen: str) -> str:
    """Name the sheets beside the one that is read, unless they are empty."""
    hidden = messages.text("io.hidden_sheet")
    there = [sheet for sheet in book.worksheets if sheet.title != chosen and _is_filled(sheet)]
    names = [f"{one.title}{'' if one.sheet_state == 'visible' else hidden}" for one in there]
    return messages.listed(names)[:120]


def _is_filled(sheet: Any) -> bool:
    return any(any(row) for row in sheet.iter_rows(max_row=_SAMPLE_ROWS, values_only=True))


def _has_formulas(packed: zipfile.ZipFile) -> bool:
    """Look for the element of a formula in any sheet; a damaged one is told when it is opened."""
    with suppress(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        return any(
            _FORMULA.search(packed.read(part))
            for part in packed.namelist()
            if part.startswith("xl/worksheets/") and part.endswith(".xml")
        )
    return True


def _workbook(path: Path, name: str, *, stored: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that openpyxl leaves out
            with path.open("rb") as file:  # of a path it believes the ending, .xls too
                return openpyxl.load_workbook(file, data_only=stored)
    except Exception as reason:
        raise InputError(**messages.fault("io.damaged"), file=name) from reason


def _sheet(
    book: Any, options: Options, is_header: Callable[[Sequence[str], Options], bool], name: str
) -> str:
    """Choose the sheet: the one named, else the only one with the header that is wanted."""
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    listed = messages.few(visible, width=80)
    if options.layer is not None:
        if options.layer in [sheet.title for sheet in book.worksheets]:  # a hidden one too
            return options.layer
        fault = messages.fault("io.no_such_sheet", sheet=options.layer[:40], sheets=listed)
        raise InputError(**fault, file=name)
    fitting = [title for title in visible if _has_header(book[title], options, is_header)]
    if not fitting:  # parks by their sectors alone
        fitting = [title for title in visible if _has_header(book[title], options, _tells_parks)]
    if len(fitting) > 1:
        fault = messages.fault("io.several_sheets", sheets=messages.few(fitting, width=80))
        raise InputError(**fault, file=name)
    if not visible:
        raise InputError(**messages.fault("io.no_rows"), file=name)
    return fitting[0] if fitting else visible[0]


def _has_header(
    sheet: Any, options: Options, is_header: Callable[[Sequence[str], Options], bool]
) -> bool:
    chosen = set(options.columns.values())
    for row in sheet.iter_rows(max_row=_SAMPLE_ROWS, values_only=True):
        cells = [text for value in row if (text := columns.plain_text(value))]
        if is_header(cells, options) or chosen & set(cells):
            return True
    return False


def _tells_places(cells: Sequence[str], _: Options) -> bool:
    found = set(recognise(cells, chosen={}, group="coordinates"))
    return "wkt" in found or {"lon", "lat"} <= found or {"x", "y"} <= found


def _tells_parks(cells: Sequence[str], _: Options) -> bool:
    found = set(recognise(cells, chosen={}))
    return "name" in found and ("sectors" in found or bool(several.sector_columns(cells)))


def _cells(sheet: Any) -> list[list[str]]:
    rows = [
        [columns.plain_text(value) for value in row] for row in sheet.iter_rows(values_only=True)
    ]
    for area in sheet.merged_cells.ranges:
        head = rows[area.min_row - 1][area.min_col - 1]
        for row in rows[area.min_row : area.max_row]:
            row[area.min_col - 1] = Repeated(head)  # down a column, so that each row is whole
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) - _blank_end(row) for row in rows), default=0)
    return [row[:width] for row in rows]


def _blank_end(row: list[str]) -> int:
    return next((count for count, cell in enumerate(reversed(row)) if cell), len(row))


def _uncomputed(values: Any, formulas: Any) -> list[str]:
    return [
        cell.coordinate
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and values[cell.coordinate].value is None
    ]
