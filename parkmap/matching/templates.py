"""The three lists as a workbook to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

from parkmap import files, schema
from parkmap.messages import catalogue, language, text
from parkmap.sheets import cell_styles, save_book, text_width

if TYPE_CHECKING:
    import os

_EPOCH = 2000


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
    for kind in schema.LISTS:
        name = text(f"matching.template_list.{kind}")
        page = book.create_sheet(name)
        page.append([text("matching.template.title", list=name)])
        page.append([text("matching.template.under")])
        page.append(text(f"matching.columns.{kind}").split("|"))
        page.append([_cell(cell) for cell in text(f"matching.examples.{kind}").split("|")])
        page["A1"].style, page["A2"].style = "title", "notice"
        for cell in page[3]:
            cell.style = "heading"
            page.column_dimensions[cell.column_letter].width = text_width(str(cell.value)) + 6
        for cell in page[4]:
            cell.style = "notice"
        page.freeze_panes = "A4"
    notes = book.create_sheet(text("matching.template.tab_notes"))
    for key in catalogue("matching", language())["notes"]:
        notes.append([text(f"matching.notes.{key}")])
    notes.column_dimensions["A"].width = 110
    book.properties.created = book.properties.modified = book.properties.created.replace(
        _EPOCH, 1, 1, 0, 0, 0, 0
    )
    with files.writing(path, overwrite=overwrite) as draft:
        save_book(book, draft)


def _cell(value: str) -> str | int:
    return int(value) if value.isdecimal() else value
