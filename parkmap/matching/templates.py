"""The three lists as a workbook to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from parkmap import files, schema, taxonomy
from parkmap.messages import catalogue, language, text
from parkmap.sheets import cell_styles, save_book, text_width

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from openpyxl.worksheet.worksheet import Worksheet

_EPOCH = 2000
_HIDDEN = "options"
_ROWS = 2000  # that offer their words
_READ = ("category", "need", "mode", "basis", "status")  # words outside these are not understood
#: What stands in each column of a sheet.
_COLUMNS = {
    "opportunities": (
        "number", "item_id", "title", "category", "chain", "segment", "content", "amount", "basis",
        "driven", "mode", "condition", "party", "park", "district", "starts", "until", "contact",
        "phone", "batch", "status", "note",
    ),
    "demands": (
        "number", "item_id", "party", "credit_code", "company_type", "chain", "segment", "need",
        "content", "quantity", "amount", "basis", "land", "area", "radius", "until", "contact",
        "phone", "public", "status",
    ),
    "companies": (
        "number", "party", "board", "headquarters", "chain", "segment", "level", "leader", "unit",
        "person", "met", "concern", "next", "intent", "fitting", "note",
    ),
}  # fmt: skip


def write_templates(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write a workbook with a sheet a list, its headings, an example row, and notes.

    Parameters
    ----------
    path
        The XLSX to make.
    overwrite
        Replace a file that is there.

    Raises
    ------
    OutputError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_templates(Path(folder, "a.xlsx"))
    ...     Path(folder, "a.xlsx").stat().st_size > 1000
    True
    """
    book = Workbook()
    book.remove(book.active)
    for style in cell_styles():
        book.add_named_style(style)
    pages = {kind: _page(book, kind) for kind in schema.LISTS}
    notes = book.create_sheet(text("matching.template.tab_notes"))
    for key in catalogue("matching", language())["notes"]:
        notes.append([text(f"matching.notes.{key}")])
    notes.column_dimensions["A"].width = 110
    _offer(book, pages)
    book.properties.created = book.properties.modified = book.properties.created.replace(
        _EPOCH, 1, 1, 0, 0, 0, 0
    )
    with files.writing(path, overwrite=overwrite) as draft:
        save_book(book, draft)


def _page(book: Workbook, kind: str) -> Worksheet:
    name = text(f"matching.template_list.{kind}")
    page = book.create_sheet(name)
    page.append([text("matching.template.title", list=name)])
    page.append([text("matching.template.under")])
    page.append(text(f"matching.columns.{kind}").split("|"))
    page.append([_cell(cell) for cell in text(f"matching.examples.{kind}").split("|")])
    page["A1"].style, page["A2"].style = "title", "notice"
    hints = catalogue("matching", language())["hint"]
    for cell, column in zip(page[3], _COLUMNS[kind], strict=True):
        cell.style = "heading"
        page.column_dimensions[cell.column_letter].width = text_width(str(cell.value)) + 6
        if column in hints:
            cell.comment = Comment(text(f"matching.hint.{column}"), "parkmap", 110, 260)
    for cell in page[4]:
        cell.style = "notice"
    page.freeze_panes = "A4"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return page


def _offer(book: Workbook, pages: Mapping[str, Worksheet]) -> None:
    """Let cells be chosen from lists, which stand on a hidden sheet."""
    page = book.create_sheet(_HIDDEN)
    page.sheet_state = "hidden"
    ranges = {}
    for at, (column, words) in enumerate(_choices().items(), start=1):
        for row, word in enumerate((column, *words), start=1):
            page.cell(row, at, word)
        letter = get_column_letter(at)
        ranges[column] = f"{_HIDDEN}!${letter}$2:${letter}${len(words) + 1}"
    for kind, sheet in pages.items():
        for at, column in enumerate(_COLUMNS[kind], start=1):
            if column not in ranges:
                continue
            told = text("matching.template.not_offered")
            rule = DataValidation("list", formula1=ranges[column], allow_blank=True, error=told)
            rule.showErrorMessage = True
            rule.errorStyle = "stop" if column in _READ else "warning"
            letter = get_column_letter(at)
            rule.add(f"{letter}4:{letter}{_ROWS + 3}")
            sheet.add_data_validation(rule)


def _choices() -> dict[str, list[str]]:
    """Return the words a column may hold; other chains than these may be said."""
    words = taxonomy.load()
    chains = [words.name(node) for node in words.nodes if words.level(node) == "chain"]
    said = {column: text(f"io.option.{column}").split("|") for column in _READ}
    free = ("company_type", "public", "board", "level")
    said |= {column: text(f"matching.option.{column}").split("|") for column in free}
    return {**said, "chain": list(dict.fromkeys(chains))}


def _cell(value: str) -> str | int:
    return int(value) if value.isdecimal() else value
