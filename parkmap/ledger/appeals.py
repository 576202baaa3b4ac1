"""Enterprise appeals on a sheet of their own: a template to fill in, taken in as often as sent."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.ledger.cells import put, stored
from parkmap.ledger.face import open_book, read_sheet
from parkmap.ledger.fields import SHEETS, Row, Rows
from parkmap.ledger.keeping import note
from parkmap.ledger.making import add_guide, add_page
from parkmap.ledger.merging import absorbed
from parkmap.messages import LANGUAGES, listed, text
from parkmap.sheets import cell_styles, save_book

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from parkmap.ledger.store import State

_NOTES = ("one", "two", "three", "four", "five")
_FIRST_ROW = 4


@dataclass(frozen=True)
class Appeals:
    """The appeals of one file.

    Parameters
    ----------
    rows
        Id -> row as the store keeps it.
    examples
        How many rows were marked as examples and skipped.
    bare
        Numbers of rows that say something but no appeal, and are not taken in.
    """

    rows: Rows
    examples: int = 0
    bare: tuple[int, ...] = ()


def write_template(path: str | os.PathLike[str], *, date: str, overwrite: bool = False) -> None:
    """Write an empty sheet of appeals: headings, lists to choose from, two examples, notes.

    Parameters
    ----------
    path
        The XLSX to make.
    date
        ISO date of its properties.
    overwrite
        Replace a file that is there.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(Path(folder, "a.xlsx"), date="2026-03-01")
    ...     found = read_appeals(Path(folder, "a.xlsx"))
    >>> found.rows, found.examples
    ({}, 2)
    """
    book = Workbook()
    book.remove(book.active)
    for style in cell_styles():
        book.add_named_style(style)
    add_page(book, "appeals", {"city": "", "data_date": ""}, date=date)
    page = book.worksheets[0]
    page["A2"].value = text("ledger.template.under")
    for down, key in enumerate(("one", "two")):
        cells = text(f"ledger.example_row.{key}").split("|")
        for across, (field, said) in enumerate(zip(SHEETS["appeals"], cells, strict=True), 1):
            cell = page.cell(_FIRST_ROW + down, across)
            cell.style = "notice"
            if said:
                value = stored(field.key, said)
                put(cell, field.key, int(value) if field.key.endswith("_score") else value)
    add_guide(book, [text(f"ledger.template.{key}") for key in _NOTES])
    day = dt.datetime.fromisoformat(date)
    book.properties.creator = "parkmap"
    book.properties.created = book.properties.modified = day
    with files.writing(path, overwrite=overwrite) as draft:
        save_book(book, draft)


def read_appeals(path: str | os.PathLike[str]) -> Appeals:
    """Read a filled-in template.

    Parameters
    ----------
    path
        An XLSX, or a CSV in any encoding that a table of parks may have, with the headings of the
        template, in any order; of a workbook on any of its sheets.

    Returns
    -------
    Its appeals. One without an id gets one by enterprise, appeal and day, so that the same row
    sent again is the same appeal.

    Raises
    ------
    InputError
        If it is no workbook and no CSV, has no such sheet, or two rows are the same appeal.
    """
    name = files.display_name(path)
    file: Path = files.local_file(path)
    plain = file.suffix.lower() == ".csv"
    book = _csv_book(file, name) if plain else open_book(file, to_read=True)
    table = read_sheet(book, "appeals", name=name)
    if table is None:
        headings = [text(f"ledger.heading.{key}") for key in ("appeal_id", "status", "content")]
        said = listed(headings)
        raise InputError(**messages.fault("ledger.no_appeals", headings=said), file=name)
    marks = {text("ledger.example", lang=lang) for lang in LANGUAGES}
    known = {field.key for field in SHEETS["appeals"]} - {"number"}
    rows: Rows = {}
    places: dict[str, int] = {}
    examples = 0
    for key, row in table.rows.items():
        if str(row.get("number", "")).strip() in marks:
            examples += 1
            continue
        at = table.places.get(key) or int(key.removeprefix("?"))
        kept = {field: value for field, value in row.items() if field in known}
        made = kept | {"appeal_id": key if key in table.places else _id_of(kept)}
        if made["appeal_id"] in rows:
            twice = {"one": places[made["appeal_id"]], "other": at, "id": made["appeal_id"]}
            raise InputError(**messages.fault("ledger.twice", **twice), file=name)
        rows[made["appeal_id"]], places[made["appeal_id"]] = made, at
    return Appeals(rows, examples, tuple(table.bare))


def _csv_book(file: Path, name: str) -> Workbook:
    """Put the cells of a CSV on a sheet, where everything else is as for a workbook."""
    content, _ = decoding.decode(file.read_bytes(), file=name)
    book = Workbook()
    try:
        for at, row in enumerate(decoding.parsed(content, file=name), 1):
            for across, said in enumerate(row, 1):
                if said:
                    put(book.active.cell(at, across), "", said)
    except ValueError as reason:  # openpyxl refuses characters no sheet can hold
        raise InputError(**messages.fault("ledger.bad_csv"), file=name) from reason
    return book


def _id_of(row: Row) -> str:
    told = "|".join(str(row.get(key, "")) for key in ("company", "content", "raised_on"))
    return "a-" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:8]


def take_appeals(state: State, given: Appeals, *, date: str) -> int:
    """Bring appeals into a ledger.

    Parameters
    ----------
    state
        The ledger, changed in place.
    given
        The appeals of one file.
    date
        ISO date of the update.

    Returns
    -------
    How many are new.

    Raises
    ------
    InputError
        If a matter has the id of an appeal.

    Notes
    -----
    Compared three ways with what the file said last time: what was typed into the ledger meanwhile
    stands, and where both changed, the file's value is put beside it. An appeal that the file no
    longer lists stays. One that was taken off the ledger's sheet stays off unless the file says
    something new of it.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> given = Appeals({"a-1": {"appeal_id": "a-1", "content": "甲", "raised_on": "2026-02-01"}})
    >>> take_appeals(state, given, date="2026-03-01"), take_appeals(state, given, date="2026-03-02")
    (1, 0)
    """
    rows = state.rows["appeals"]
    for name in given.rows:
        if name in state.rows["matters"]:
            raise InputError(**messages.fault("ledger.other_matter", id=name))
    known = {name: rows.get(name, {}).get("_given", {}) for name in given.rows}
    came = {
        name: face
        for name, row in given.rows.items()
        if (face := {**_blanks(known[name], rows.get(name, {}), date), **row}) != known[name]
        or "_removed" not in rows.get(name, {})
    }
    new = [name for name in came if name not in rows]
    for name in new:
        rows[name] = {"appeal_id": name, "_origin": "manual", "status": "pending"}
        known[name] = dict(rows[name])
    columns = {field.key for field in SHEETS["appeals"]}
    was = {"face": known, "rows": known}
    fresh, beside, _ = absorbed(rows, came, was, columns=columns, date=date)
    for name, row in came.items():
        fresh[name].pop("updated_on", None)
        fresh[name]["_given"] = dict(row)
    state.rows["appeals"] = fresh
    note(state, beside)
    return len(new)


def _blanks(known: Row, here: Row, date: str) -> Row:
    """Give what every appeal has, where a file leaves it blank: as it was, no change."""
    usual = {"status": "pending", "raised_on": date}
    return {key: known.get(key) or here.get(key) or value for key, value in usual.items()}
