"""A ledger opened, changed and written: the sheet's edits come in first, then both files change.

The order of writing: lock the store; bring in the sheet; write and sync a draft of the sheet; read
it back, as what the next comparison begins with; see that nobody saved the sheet meanwhile; commit
the store; rename the draft. Killed at any moment, the pair is consistent: the store is whole, and
the sheet is marked with the version it was written as.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from parkmap import files, messages
from parkmap.errors import InputError, OptionError, OutputError
from parkmap.ledger import making, store
from parkmap.ledger.face import Table, mark_of, open_book, read_tables, set_mark, write_table
from parkmap.ledger.fields import ID_FIELDS, SHEETS, Row, Rows
from parkmap.ledger.merging import absorbed, settled
from parkmap.ledger.rules import warned
from parkmap.messages import use_language
from parkmap.sheets import save_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

    from parkmap.ledger.store import State

_Answer = TypeVar("_Answer")
_TRIES = 3
_NEW_IDS = {"matters": "m", "appeals": "a"}


@dataclass
class Kept(Generic[_Answer]):
    """What came of a change.

    Parameters
    ----------
    answer
        What the change itself returned.
    state
        The ledger after it.
    written
        Whether anything had to be written.
    taken, differences, put_back
        Cells brought in from the sheet, ids of differences found anew, matters put back on it.
    """

    answer: _Answer
    state: State
    written: bool = False
    taken: int = 0
    differences: list[str] = field(default_factory=list)
    put_back: list[str] = field(default_factory=list)


@dataclass
class _Open:
    """A workbook as it was found."""

    book: Workbook
    tables: dict[str, Table]
    was: dict[str, dict[str, Rows]]
    hash: str
    version: int


class _MovedError(Exception):
    """Somebody saved the sheet while we worked."""


def book_path(path: str | os.PathLike[str]) -> Path:
    """Make sure that a ledger is named as a workbook.

    Parameters
    ----------
    path
        What the user named.

    Returns
    -------
    Its path.

    Raises
    ------
    OptionError
        If it does not end in ``.xlsx``.

    Examples
    --------
    >>> book_path("a.xlsx").name
    'a.xlsx'
    """
    found = Path(path)
    if found.suffix.lower() != ".xlsx":
        raise OptionError(**messages.fault("ledger.not_xlsx"), file=files.display_name(path))
    return found


def create(path: str | os.PathLike[str], state: State, *, date: str) -> None:
    """Make a ledger: the sheet and the store beside it.

    Parameters
    ----------
    path
        The XLSX; the store has its name.
    state
        What it begins with; ``meta`` needs ``lang``, ``city`` and ``data_date``.
    date
        ISO date of the writing.

    Raises
    ------
    OutputError
        If one of the files is there already, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     begun = store.State(meta={"lang": "zh", "city": "", "data_date": ""})
    ...     create(Path(folder, "a.xlsx"), begun, date="2026-03-01")
    ...     sorted(file.name for file in Path(folder).iterdir())
    ['a.sqlite', 'a.xlsx']
    """
    book_file = book_path(path)
    for file in (book_file, store.store_of(book_file)):
        if file.exists():
            raise OutputError(**messages.fault("ledger.exists"), file=files.display_name(file))
    with use_language(state.meta["lang"]), files.writing(book_file) as draft:
        seed = repr(
            [date, state.meta["city"], {key: list(rows) for key, rows in state.rows.items()}]
        )
        state.meta["uid"] = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:12]
        state.meta["under"] = making.under_line(state.meta, date=date)
        book = making.new_book(state.meta, date=date)
        tables = read_tables(book, name=book_file.name)
        _render(tables, state, date=date)
        state.version = 1
        set_mark(book, state.meta["uid"], 1)
        face = _written(book, draft)
        store.create(store.store_of(draft))
        with store.opened(store.store_of(draft), writing=True) as db:
            store.save(db, store.State(), state, face=face, date=date)
            db.commit()


def edit(
    path: str | os.PathLike[str], change: Callable[[State], _Answer], *, date: str
) -> Kept[_Answer]:
    """Bring in what was typed into the sheet, change the ledger, write both files.

    Parameters
    ----------
    path
        The XLSX.
    change
        Changes the state it is given; it may be called again where the sheet was saved meanwhile.
    date
        ISO date of the change, by which warnings are worked out.

    Returns
    -------
    What came of it.

    Raises
    ------
    InputError
        If sheet or store cannot be read or do not belong together.
    OutputError
        If another run holds the ledger, somebody goes on saving the sheet, or writing fails.
    """
    book_file = book_path(path)
    for _ in range(_TRIES):
        try:
            return _attempt(book_file, change, date=date)
        except _MovedError:
            continue
    raise OutputError(**messages.fault("ledger.moving"), file=files.display_name(book_file))


def read(path: str | os.PathLike[str], *, date: str) -> Kept[None]:
    """Read a ledger with what was typed into its sheet; nothing is written.

    Parameters
    ----------
    path
        The XLSX.
    date
        ISO date of reading.

    Returns
    -------
    The ledger as the next change would find it.

    Raises
    ------
    InputError
        If sheet or store cannot be read or do not belong together.
    """
    book_file = book_path(path)
    with store.opened(store.store_of(book_file)) as db:
        state = store.load(db)
        with use_language(state.meta["lang"]):
            found = _open(book_file, db, state, date=date)
            return _absorb(found, state, date=date)


def _attempt(book_file: Path, change: Callable[[State], _Answer], *, date: str) -> Kept[_Answer]:
    with store.opened(store.store_of(book_file), writing=True) as db:
        before, state = store.load(db), store.load(db)
        with use_language(state.meta["lang"]):
            found = _open(book_file, db, state, date=date)
            came = _absorb(found, state, date=date)
            known = set(before.rows["differences"])
            kept = Kept(change(state), state, taken=came.taken, put_back=came.put_back)
            kept.differences = [name for name in state.rows["differences"] if name not in known]
            _add_missing_pages(found, state, date=date)
            touched = _render(found.tables, state, date=date)
            if not touched and found.version == state.version and _alike(before, state):
                return kept
            _sign(found.book, state, date=date)
            kept.written = True
            with files.writing(book_file, overwrite=True) as draft:
                face = _written(found.book, draft)
                if _hash(book_file) != found.hash:
                    raise _MovedError
                store.save(db, before, state, face=face, date=date)
                db.commit()
            return kept


def _open(book_file: Path, db: Any, state: State, *, date: str) -> _Open:
    """Open the sheet; a sheet that is gone is made anew from the store."""
    name = files.display_name(book_file)
    if not book_file.exists():
        book = making.new_book(state.meta, date=date)
        return _Open(book, read_tables(book, name=name), {"face": {}, "rows": {}}, "", -1)
    content = _hash(book_file)
    book = open_book(files.local_file(book_file))
    mark = mark_of(book)
    if mark is None:
        raise InputError(**messages.fault("ledger.no_mark"), file=name)
    if mark[0] != state.meta["uid"]:
        raise InputError(**messages.fault("ledger.foreign"), file=name)
    was = store.version(db, mark[1])
    if was is None:
        raise InputError(**messages.fault("ledger.unknown_version", version=mark[1]), file=name)
    return _Open(book, read_tables(book, name=name), was, content, mark[1])


def _absorb(found: _Open, state: State, *, date: str) -> Kept[None]:
    kept: Kept[None] = Kept(None, state)
    beside: list[Row] = []
    shown = found.was["face"].get("matters", {})
    state.numbers = {str(row["number"]): name for name, row in shown.items() if "number" in row}
    for sheet, table in found.tables.items():
        if not found.was["face"]:
            continue
        was = {side: dict(found.was[side].get(sheet, {})) for side in ("face", "rows")}
        was["rows"] |= _name_new(table, sheet, state.rows[sheet], date=date)
        columns = [*table.columns] if sheet != "differences" else ["use", *_own(table)]
        typed = table.rows
        if sheet == "differences":  # its rows are ours
            typed = {key: row for key, row in typed.items() if key in state.rows[sheet]}
        rows, more, taken = absorbed(state.rows[sheet], typed, was, columns=columns, date=date)
        beside += more
        kept.taken += taken
        for key in set(was["face"]) - set(typed):
            if rows[key].get("_origin") == "manual" or "_settled" in rows[key]:
                rows[key]["_removed"] = date
            else:
                kept.put_back.append(key)
        state.rows[sheet] = _as_on(table, rows)
    note(state, beside)
    settled(state.rows, date)
    kept.put_back.sort()
    return kept


def _as_on(table: Table, rows: Rows) -> Rows:
    """Order rows as they stand on the sheet; what is not on it comes last."""
    standing = sorted(set(rows) & set(table.places), key=table.places.__getitem__)
    return {name: rows[name] for name in dict.fromkeys([*standing, *rows])}


def _own(table: Table) -> list[str]:
    return [column for column in table.columns if column.startswith("+")]


def note(state: State, differences: list[Row]) -> None:
    """Put differences on their sheet, each once.

    Parameters
    ----------
    state
        The ledger, changed in place.
    differences
        As :func:`parkmap.ledger.merging.difference` makes them.

    Examples
    --------
    >>> state = store.State()
    >>> note(state, [{"difference_id": "d-1"}] * 2)
    >>> len(state.rows["differences"])
    1
    """
    for row in differences:
        state.rows["differences"].setdefault(row["difference_id"], row)


def _name_new(table: Table, sheet: str, rows: Rows, *, date: str) -> Rows:
    """Give rows that people added an id, and the ledger what every row has: what was added."""
    taken = {*rows, *table.rows}
    for at in table.unnamed:
        row = table.rows.pop(f"?{at}")
        number = 1
        while (name := f"{_NEW_IDS[sheet]}-{number:03d}") in taken:
            number += 1
        taken.add(name)
        table.places[name] = at
        table.rows[name] = {**row, ID_FIELDS[sheet]: name}
    added = [name for name in table.rows if name not in rows and sheet != "differences"]
    blank = {"matters": {"first_found": date, "change": "new"}, "appeals": {"raised_on": date}}
    for name in added:
        rows[name] = {ID_FIELDS[sheet]: name, "_origin": "manual", "status": "pending"}
        defaults = blank[sheet].items()
        rows[name] |= {key: value for key, value in defaults if key not in table.rows[name]}
    return {name: dict(rows[name]) for name in added}


def _add_missing_pages(found: _Open, state: State, *, date: str) -> None:
    """Bring back a sheet that somebody took away, if there is anything to show on it."""
    missing = [key for key in SHEETS if key not in found.tables and state.rows[key]]
    for key in missing:
        making.add_page(found.book, key, state.meta, date=date)
    if missing:
        tables = read_tables(found.book, name="")
        found.tables |= {key: tables[key] for key in missing}


def _render(tables: dict[str, Table], state: State, *, date: str) -> bool:
    for sheet, table in tables.items():
        rows = {name: row for name, row in state.rows[sheet].items() if "_removed" not in row}
        shown = {
            name: {**_shown(row, sheet, date=date), "number": at}
            for at, (name, row) in enumerate(rows.items(), start=1)
        }
        write_table(table, sheet, shown)
    return any(table.changed for table in tables.values())


def _shown(row: Row, sheet: str, *, date: str) -> Row:
    bare = {key: value for key, value in row.items() if not key.startswith("_")}
    return warned(bare, date) if sheet == "matters" else bare


def _sign(book: Workbook, state: State, *, date: str) -> None:
    """Write the version and, where its line is still as we wrote it, the date."""
    state.version += 1
    set_mark(book, state.meta["uid"], state.version)
    under = making.under_line(state.meta, date=date)
    for page in book.worksheets:
        if page["A2"].value == state.meta["under"]:
            page["A2"].value = under
    state.meta["under"] = under


def _written(book: Workbook, draft: Path) -> dict[str, Rows]:
    """Write the workbook to its draft and return what it reads as."""
    save_book(book, draft)
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    tables = read_tables(open_book(draft), name=draft.name)
    return {sheet: table.rows for sheet, table in tables.items()}


def _hash(path: Path) -> str:
    return files.input_hash(path) if path.exists() else ""


def _alike(before: State, after: State) -> bool:
    return (before.rows, before.meta, before.parks) == (after.rows, after.meta, after.parks)
