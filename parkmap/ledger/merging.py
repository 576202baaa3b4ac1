"""Three-way comparison: what the sheet was, what it is, what the store says now."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from parkmap.ledger.fields import DERIVED, Row, Rows, word
from parkmap.ledger.rules import dated, objection, status_words, turned
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def merged(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[Row, list[str]]:
    """Bring what changed in ``theirs`` since ``base`` into ``ours``.

    Parameters
    ----------
    base
        What both began with.
    ours
        The row that is kept where both changed.
    theirs
        The other row.

    Returns
    -------
    The merged row, and the fields in which both changed to different values: ours stands there.

    Examples
    --------
    >>> merged({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 3, "b": 4})
    ({'a': 2, 'b': 4}, ['a'])
    """
    row, clashes = dict(ours), []
    for name in dict.fromkeys([*base, *theirs]):
        was, here, there = base.get(name), ours.get(name), theirs.get(name)
        if same(there, was) or same(there, here):
            continue
        if not same(here, was):
            clashes.append(name)
        elif there is None:
            row.pop(name, None)
        else:
            row[name] = there
    return row, clashes


def same(one: Any, other: Any) -> bool:
    """Tell whether two cells hold the same.

    Parameters
    ----------
    one, other
        Values as the store keeps them.

    Returns
    -------
    True for equal values of one kind; whole numbers and others are one kind.

    Examples
    --------
    >>> same(1, 1.0), same(1, "1"), same(None, None)
    (True, False, True)
    """
    return bool(type(one) is type(other) and one == other) or (
        isinstance(one, int | float) and isinstance(other, int | float) and one == other
    )


def absorbed(
    rows: Rows,
    face: Rows,
    was: Mapping[str, Rows],
    *,
    columns: Collection[str],
    date: str,
) -> tuple[Rows, list[Row], int]:
    """Bring what was typed into a sheet into the store's rows.

    Parameters
    ----------
    rows
        The store's rows.
    face
        The sheet as it is.
    was
        ``"face"``, the sheet as it was written, and ``"rows"``, the store at that time.
    columns
        The fields the sheet still has: a column taken away is no change.
    date
        The day of the comparison.

    Returns
    -------
    The rows with it; what could not be brought in, because both sides changed a cell or a status
    was typed that may not follow (the store's value stands, the typed one is kept beside it); and
    the number of cells brought in.

    Notes
    -----
    A row taken off the sheet changes nothing here.

    Examples
    --------
    >>> before = {"face": {"c-1": {"remark": "a"}}, "rows": {"c-1": {"remark": "a"}}}
    >>> absorbed({"c-1": {"remark": "a"}}, {"c-1": {"remark": "b"}}, before,
    ...          columns=["remark"], date="2026-03-01")
    ({'c-1': {'remark': 'b', 'updated_on': '2026-03-01'}}, [], 1)
    """
    result, differences, count = {key: dict(row) for key, row in rows.items()}, [], 0
    for key, typed in face.items():
        shown = was["face"].get(key, {})
        edits = {
            name: typed.get(name)
            for name in dict.fromkeys([*shown, *typed])
            if name in columns
            and name not in DERIVED
            and not same(typed.get(name), shown.get(name))
        }
        row, more, taken = _edited(
            key, result.get(key, {}), edits, was["rows"].get(key, {}), date=date
        )
        if taken and "updated_on" not in edits:
            row["updated_on"] = date
        row.pop("_removed", None)
        result[key] = row
        differences += more
        count += taken
    return result, differences, count


def _edited(
    key: str, row: Row, edits: Row, before: Row, *, date: str
) -> tuple[Row, list[Row], int]:
    fresh, differences, taken = dict(row), [], 0
    for name in sorted(edits, key="status".__eq__):  # the status last: it asks for other cells
        value, here = edits[name], row.get(name)
        if same(value, here):
            continue
        reason = "" if same(here, before.get(name)) else "both_changed"
        if name == "status" and not reason and row.get("status"):
            reason = objection(fresh, str(value or ""))
        if reason:
            found = difference(key, name, here, value, reason=reason, source="sheet", date=date)
            differences.append(found)
            continue
        taken += 1
        if value is None:
            fresh.pop(name, None)
        elif name == "status":
            fresh = turned(fresh, value)
        else:
            fresh[name] = value
    return dated(fresh, row.get("status"), date) if row else fresh, differences, taken


def difference(
    key: str, field: str, kept: Any, other: Any, *, reason: str, source: str, date: str
) -> Row:
    """Write down that two values stand against each other.

    Parameters
    ----------
    key, field
        The cell.
    kept, other
        The value in force and the one beside it.
    reason, source
        Keys of the catalogue.
    date
        When it was noticed.

    Returns
    -------
    The row of the sheet of differences; the same two values at one cell have the same id.

    Examples
    --------
    >>> difference("c-1", "remark", "a", "b", reason="both_changed", source="sheet",
    ...            date="2026-03-01")["difference_id"]
    'd-24759847'
    """
    said = "|".join([key, field, repr(kept), repr(other)])
    return {
        "difference_id": "d-" + hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:8],
        "matter_id": key,
        "column": field,
        "kept": _said(field, kept),
        "other": _said(field, other),
        "where_from": source,
        "reason": text(f"ledger.reason.{reason}", statuses=status_words()),
        "noted_on": date,
        "_other": other,
    }


def _said(field: str, value: Any) -> str:
    return text("ledger.none") if value is None else str(word(field, value))


def settled(rows: Mapping[str, Rows], date: str) -> int:
    """Do what people chose on the sheet of differences.

    Parameters
    ----------
    rows
        Sheet -> id -> row; changed in place.
    date
        The day.

    Returns
    -------
    How many differences were settled. A status that may not follow is not taken over.

    Examples
    --------
    >>> beside = difference("c-1", "remark", "a", "b", reason="both_changed", source="sheet",
    ...                     date="2026-03-01")
    >>> rows = {"matters": {"c-1": {"remark": "a"}}, "appeals": {},
    ...         "differences": {"d-1": {**beside, "use": "other"}}}
    >>> settled(rows, "2026-03-02"), rows["matters"]["c-1"]["remark"]
    (1, 'b')
    """
    count = 0
    for row in rows["differences"].values():
        if row.get("use") not in ("other", "kept") or "_settled" in row:
            continue
        sheet = "matters" if row["matter_id"] in rows["matters"] else "appeals"
        matter = rows[sheet][row["matter_id"]]
        if row["use"] == "other":
            if row["column"] == "status" and objection(matter, str(row["_other"] or "")):
                row.pop("use")
                continue
            rows[sheet][row["matter_id"]] = _with_other(matter, row, date)
        row["_settled"] = date
        count += 1
    return count


def _with_other(matter: Row, row: Row, date: str) -> Row:
    column, other = row["column"], row["_other"]
    fresh = turned(matter, other) if column == "status" else {**matter, column: other}
    if other is None:
        fresh.pop(column)
    return {**dated(fresh, matter.get("status"), date), "updated_on": date}
