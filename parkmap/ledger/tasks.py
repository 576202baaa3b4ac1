"""Plan moves and unmatched demands as matters, from the files that plan and match write."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parkmap import escape, files, messages
from parkmap.errors import InputError
from parkmap.ledger.cells import stored
from parkmap.ledger.rules import AGAIN
from parkmap.ledger.stating import restated
from parkmap.ledger.updating import counted
from parkmap.messages import listed, text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State
    from parkmap.ledger.updating import Changes

#: What a JSON file says it is -> kind of task, and where its rows are.
_SCHEMAS = {
    "parkmap/plan/1": ("plan", "moves"),
    "parkmap/differentiation/1": ("differentiation", "changes"),
    "parkmap/match/1": ("demands", "unmatched"),
}
#: By these columns a CSV file is known.
_COLUMNS = {
    "plan": {"id", "status", "into_name", "approval", "message"},
    "differentiation": {"id", "segment", "to", "message"},
    "demands": {"id", "list", "state", "why"},
}
_CATEGORIES = {"plan": "task", "differentiation": "rivalry", "demands": "gap"}
_LONGEST_ID = 60


@dataclass(frozen=True)
class Tasks:
    """The tasks of one file.

    Parameters
    ----------
    kind
        ``plan``, ``differentiation`` or ``demands``: what a later file of the same kind replaces.
    rows
        Id -> row, as the file has it.
    """

    kind: str
    rows: Mapping[str, Mapping[str, Any]]


def read_tasks(path: str | os.PathLike[str]) -> Tasks:
    r"""Read the tasks of a file that ``parkmap plan`` or ``parkmap match`` wrote.

    Parameters
    ----------
    path
        JSON or CSV.

    Returns
    -------
    Its tasks: parks that a plan moves or makes new (not those it keeps), changes of leading
    sectors, demands that are open and without a partner.

    Raises
    ------
    InputError
        If it is no such file, or an id is missing, doubled or unfit for a sheet.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("id,segment,to,message\nm-1,a,b,c\n")
    ...     found = read_tasks(Path(folder, "a.csv"))
    >>> found.kind, list(found.rows)
    ('differentiation', ['m-1'])
    """
    name = files.display_name(path)
    file = files.local_file(path)
    try:
        content = file.read_text(encoding="utf-8-sig")
        kind, rows = _json(content) if file.suffix.lower() == ".json" else _csv(content)
        return Tasks(kind, _by_id(row for row in rows if _is_task(kind, row)))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as reason:
        # whatever a file of another shape brings about; a refusal of ours says its reason
        told = str(reason) if type(reason) is _UnfitError else type(reason).__name__
        raise InputError(**messages.fault("ledger.bad_tasks", reason=told), file=name) from reason


class _UnfitError(ValueError):
    """What keeps a file from being a table of tasks; a name of a column or an id."""


def _json(content: str) -> tuple[str, Iterable[Mapping[str, Any]]]:
    found = json.loads(content)
    schema = found["schema"]
    if schema not in _SCHEMAS:
        raise _UnfitError("schema")
    kind, place = _SCHEMAS[schema]
    if kind == "demands" and "demands" not in found["lists"]:
        raise _UnfitError("demands")  # else all demands of the ledger would look gone
    return kind, found[place]


def _csv(content: str) -> tuple[str, Iterable[Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(content, newline=""), strict=True)
    try:
        heads, rows = set(reader.fieldnames or ()), list(reader)
    except csv.Error as reason:
        raise _UnfitError("CSV") from reason
    for kind, columns in _COLUMNS.items():
        if columns <= heads:
            return kind, rows
    raise _UnfitError("id, message")


def _is_task(kind: str, row: Mapping[str, Any]) -> bool:
    if kind == "plan":
        return bool(row["status"] != "kept")
    return kind != "demands" or (row["list"], row["state"]) == ("demands", "open")


def _by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        name = row["id"]
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID:
            raise _UnfitError("id")
        if name in found or name != escape.cell(name).strip() or name != escape.terminal(name):
            raise _UnfitError(f"id {escape.terminal(name)}")
        found[name] = row
    return found


def take_tasks(state: State, given: Sequence[Tasks], changes: Changes, *, date: str) -> Changes:
    """Bring tasks into a ledger; call it after the delivery was taken in.

    Parameters
    ----------
    state
        The ledger, changed in place.
    given
        Tasks by file; those of one kind are taken together.
    changes
        What the delivery changed.
    date
        ISO date of the update.

    Returns
    -------
    What changed, tasks included.

    Raises
    ------
    InputError
        If another matter has the id of a task.

    Notes
    -----
    A task that a later file of its kind does not list is marked as source missing, never resolved:
    another plan is no proof that the work is done. Nothing is closed here, and a closed task that
    is listed again stays closed. What people wrote over a fact stands. The same tasks taken in
    again leave what changed as it is.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> from parkmap.ledger.updating import Changes
    >>> state = State()
    >>> row = {"name": "甲园", "message": "建议核对"}
    >>> given = [Tasks("differentiation", {"m-1": row})]
    >>> take_tasks(state, given, Changes(), date="2026-03-01").by_change
    {'new': ['m-1']}
    >>> take_tasks(state, [Tasks("differentiation", {})], Changes(), date="2026-04-01").by_change
    {'source_missing': ['m-1']}
    """
    kinds: dict[str, dict[str, Mapping[str, Any]]] = {}
    for tasks in given:
        kinds.setdefault(tasks.kind, {}).update(tasks.rows)
    for kind, rows in kinds.items():
        facts = {name: _facts(kind, row) for name, row in rows.items()}
        told = json.dumps(facts, sort_keys=True)
        seal = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
        seals = state.meta.setdefault("tasks", {})
        if seals.get(kind) != seal:
            _take(state, kind, facts, changes, date=date)
            seals[kind] = seal
    changes.by_change.clear()
    return counted(state, changes)


def _facts(kind: str, row: Mapping[str, Any]) -> Row:
    if kind == "demands":
        parts = [row.get("party"), row.get("title"), row.get("sector")]
        named = text("ledger.task.parts").join(str(part) for part in parts if part)
        said: Row = {"description": text("ledger.task.demand", demand=named, why=row["why"])}
    else:
        names = [row.get("name"), row.get("into_name")]
        said = {
            "parks": listed(str(name) for name in names if name),
            "districts": row.get("district"),
            "description": row["message"],
            "approval_level": row.get("approval"),
        }
    said |= {"category": _CATEGORIES[kind], "basis": text(f"ledger.task.basis.{kind}")}
    kept = {key: stored(key, value) for key, value in said.items()}
    return {key: value for key, value in kept.items() if value is not None}


def _take(
    state: State, kind: str, tasks: Mapping[str, Row], changes: Changes, *, date: str
) -> None:
    matters = state.rows["matters"]
    for name, row in matters.items():
        if row.get("_source") == kind and name not in tasks:
            matters[name] = {**row, "change": "source_missing"}
    for name, facts in tasks.items():
        row = matters.get(name, {})
        if row and row.get("_source") != kind:
            raise InputError(**messages.fault("ledger.other_matter", id=name))
        if not row:
            matters[name] = {
                "matter_id": name,
                **facts,
                "status": "pending",
                "change": "new",
                "first_found": date,
                "_origin": "task",
                "_source": kind,
                "_facts": facts,
            }
            continue
        matters[name] = restated(state, name, facts, date=date)
        closed = row.get("status") == "closed"
        matters[name]["change"] = "recurred" if closed else "persisting"
        if closed:
            matters[name].setdefault(AGAIN, date)
        changes.reopened += [name] if closed else []
