"""The ledger's SQLite file: rows, what each written sheet showed, every value that was replaced."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkmap import files, messages
from parkmap.errors import InputError, OutputError
from parkmap.ledger.fields import SHEETS, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FORMAT = 1
_APPLICATION = 0x706D4C31  # "pmL1": the file says whose it is
_PATIENCE_S = 60.0
_PRAGMAS = ("application_id", "user_version")
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (sheet TEXT, id TEXT, place INTEGER, row TEXT NOT NULL, PRIMARY KEY (sheet, id));
CREATE TABLE version (number INTEGER PRIMARY KEY, shown BLOB NOT NULL);
CREATE TABLE park (uid TEXT PRIMARY KEY, name TEXT, code TEXT, shape BLOB) WITHOUT ROWID;
CREATE TABLE replaced (
    version INTEGER, date TEXT, sheet TEXT, id TEXT, field TEXT, old TEXT, new TEXT
);
"""


@dataclass
class State:
    """What the store holds: rows by sheet and id, facts of the ledger, the parks last seen.

    Parameters
    ----------
    rows
        Sheet -> id -> row, in the order of the ledger. Fields that begin with ``_`` are not shown.
    meta
        ``uid``, ``lang``, ``city``, ``data_date``, ``criteria`` and what else is kept as JSON.
    parks
        Park as the ledger knows it -> name, code, outline (WKB in EPSG:4326).
    version
        Number of the sheet written last.
    numbers
        Number of a matter on the sheet at hand -> its id; not kept.
    """

    rows: dict[str, Rows] = field(default_factory=lambda: {sheet: {} for sheet in SHEETS})
    meta: dict[str, Any] = field(default_factory=dict)
    parks: dict[str, tuple[str, str, bytes | None]] = field(default_factory=dict)
    version: int = 0
    numbers: dict[str, str] = field(default_factory=dict)


def store_of(book: Path) -> Path:
    """Return the store beside a sheet.

    Parameters
    ----------
    book
        The XLSX.

    Returns
    -------
    The SQLite file.

    Examples
    --------
    >>> from pathlib import Path
    >>> store_of(Path("a/台账.xlsx")).name
    '台账.sqlite'
    """
    return book.with_suffix(".sqlite")


def create(path: Path) -> None:
    """Make an empty store.

    Parameters
    ----------
    path
        The file to make.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     create(Path(folder, "a.sqlite"))
    ...     with opened(Path(folder, "a.sqlite")) as db:
    ...         load(db).version
    0
    """
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_TABLES)
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute(f"PRAGMA user_version = {_FORMAT}")
        db.commit()


@contextmanager
def opened(path: Path, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a store; nothing is kept that is not committed.

    Parameters
    ----------
    path
        The file.
    writing
        Keep every other run from writing until the block ends.

    Yields
    ------
    The connection, inside a transaction.

    Raises
    ------
    InputError
        If the file is no store of a ledger.
    OutputError
        If another run writes for more than a minute.
    """
    name = files.display_name(path)
    if not path.is_file():
        raise InputError(**messages.fault("ledger.no_store", store=name), file=name)
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            known = [db.execute(f"PRAGMA {what}").fetchone()[0] for what in _PRAGMAS]
            if known != [_APPLICATION, _FORMAT]:
                raise InputError(**messages.fault("ledger.bad_store", reason="format"), file=name)
            yield db
            if db.in_transaction:
                db.rollback()
    except sqlite3.OperationalError as reason:
        if "locked" in str(reason):
            raise OutputError(**messages.fault("ledger.busy"), file=name) from reason
        raise OutputError(
            **messages.fault("ledger.bad_store", reason=reason), file=name
        ) from reason
    except sqlite3.DatabaseError as reason:
        raise InputError(**messages.fault("ledger.bad_store", reason=reason), file=name) from reason


def load(db: sqlite3.Connection) -> State:
    """Read everything but the old versions.

    Parameters
    ----------
    db
        The store.

    Returns
    -------
    What it holds.
    """
    state = State()
    for sheet, name, row in db.execute("SELECT sheet, id, row FROM entry ORDER BY sheet, place"):
        state.rows[sheet][name] = json.loads(row)
    state.meta = {key: json.loads(value) for key, value in db.execute("SELECT * FROM meta")}
    for uid, name, code, shape in db.execute("SELECT * FROM park ORDER BY uid"):
        state.parks[uid] = (name, code, shape)
    state.version = db.execute("SELECT coalesce(max(number), 0) FROM version").fetchone()[0]
    return state


def version(db: sqlite3.Connection, number: int) -> dict[str, dict[str, Rows]] | None:
    """Return what a written sheet showed, and what the store held then.

    Parameters
    ----------
    db
        The store.
    number
        The version a sheet is marked with.

    Returns
    -------
    ``"face"`` and ``"rows"``, each sheet -> id -> row; None if there is no such version.
    """
    found = db.execute("SELECT shown FROM version WHERE number = ?", (number,)).fetchone()
    return json.loads(zlib.decompress(found[0])) if found else None


def rows_at(path: Path, date: str) -> dict[str, Rows] | None:
    """Return the rows as the ledger last held them by the end of a day.

    Parameters
    ----------
    path
        The store.
    date
        ISO date of the day.

    Returns
    -------
    Sheet -> id -> row; None if nothing was written by then.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     create(Path(folder, "a.sqlite"))
    ...     rows_at(Path(folder, "a.sqlite"), "2026-03-01") is None
    True
    """
    with opened(path) as db:
        found = db.execute("SELECT value FROM meta WHERE key = 'written'").fetchone()
        written = json.loads(found[0]) if found else {}
        known = [int(number) for number, day in written.items() if day <= date]
        shown = version(db, max(known)) if known else None
    return shown["rows"] if shown else None


def save(
    db: sqlite3.Connection, before: State, after: State, *, face: dict[str, Rows], date: str
) -> None:
    """Write a new state and the sheet that shows it. The caller commits.

    Parameters
    ----------
    db
        The store, inside a transaction.
    before, after
        What it holds and what it shall hold.
    face
        The sheet as it reads.
    date
        The day, for the record of replaced values.
    """
    number = after.version
    for sheet, rows in after.rows.items():
        old = before.rows[sheet]
        for place, (name, row) in enumerate(rows.items()):
            said = _json(row)
            db.execute("REPLACE INTO entry VALUES (?, ?, ?, ?)", (sheet, name, place, said))
            was = old.get(name, {})
            for key in dict.fromkeys([*was, *row]):
                if was.get(key) != row.get(key) and key in was:
                    values = (number, date, sheet, name, key, _json(was[key]), _json(row.get(key)))
                    db.execute("INSERT INTO replaced VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    after.meta["written"] = {**before.meta.get("written", {}), str(number): date}
    for key, value in after.meta.items():
        db.execute("REPLACE INTO meta VALUES (?, ?)", (key, _json(value)))
    db.execute("DELETE FROM park")
    db.executemany(
        "INSERT INTO park VALUES (?, ?, ?, ?)", [(uid, *rest) for uid, rest in after.parks.items()]
    )
    shown = zlib.compress(_json({"face": face, "rows": after.rows}).encode())
    db.execute("INSERT INTO version VALUES (?, ?)", (number, shown))


def _json(value: Any) -> str:
    # Lone surrogates, which UTF-8 cannot carry, stay as JSON's own escapes.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
