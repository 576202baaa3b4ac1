"""The result as a workbook and as one JSON object."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from parkmap import taxonomy
from parkmap.matching import tables
from parkmap.matching.words import label, yuan
from parkmap.messages import listed, text
from parkmap.sheets import Column, Sheet

if TYPE_CHECKING:
    import pandas as pd

    from parkmap.matching.run import Matching

_WIDTHS = {
    "title": 30, "publisher": 22, "party": 24, "need": 30, "reason": 70, "name": 30, "sector": 24,
    "park": 26, "why": 70, "one_park": 26, "chain": 18, "message": 50, "remedy": 50, "rule": 110,
    "topic": 16, "opportunity": 14, "demand": 14, "item": 14, "district": 16, "partners": 30,
    "basis": 26, "list": 14,
}  # fmt: skip
_FORMS = {
    **dict.fromkeys(
        ("amount", "demand_amount", "traded", "total", "matched_total", "traded_total"), "money"
    ),
    **dict.fromkeys(("number", "score", "row", "count", "matched_count"), "whole"),
}
_TOLD_APART = ("PM613", "PM614")  # of a whole list
_RULES = ("points", "choice", "sides", "amounts", "coarse", "places")


def sheets_of(matching: Matching, problems: pd.DataFrame) -> list[Sheet]:
    """Lay the result out, a sheet a reader.

    Parameters
    ----------
    matching
        The matching.
    problems
        Problems of the lists, with the column ``list``.

    Returns
    -------
    Sheets for :func:`parkmap.sheets.write_book`.
    """
    sheets = [_matches(matching)] if matching.paired else []
    sheets += [_parks(matching, kind) for kind in matching.lists]
    rows = tables.item_rows(matching)
    return [
        *sheets, _unmatched(rows), _every(matching, rows), _totals(matching, "sector"),
        _totals(matching, "park"), _problems(problems), _method(matching),
    ]  # fmt: skip


def _sheet(key: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Sheet:
    made = tuple(
        Column(column, _WIDTHS.get(column, 12), _FORMS.get(column, "text"), "matching")
        for column in columns
    )
    return Sheet(key, made, rows, catalogue="matching")


def _said(group: str, key: str) -> str:
    return text(f"matching.{group}.{key or 'none'}")


def _matches(matching: Matching) -> Sheet:
    columns = (
        "number", "score", "opportunity", "title", "publisher", "side", "amount", "basis",
        "demand", "party", "need", "demand_amount", "demand_basis", "traded", "reason",
    )  # fmt: skip
    rows = []
    for number, row in enumerate(tables.match_rows(matching), start=1):
        left, right = matching.items[row["opportunity"]], matching.items[row["demand"]]
        rows.append(
            (
                number, row["score"], left.key, left.title, left.party, _said("side", left.side),
                yuan(left.amount), _said("basis", left.basis), right.key, right.party, right.title,
                yuan(right.amount), _said("basis", right.basis), yuan(row["traded_cny"] or 0),
                row["reason"],
            )
        )  # fmt: skip
    return _sheet("matches", columns, rows)


def _parks(matching: Matching, kind: str) -> Sheet:
    party = "publisher" if kind == "opportunities" else "party"
    who = (party,) if kind == "companies" else ("name", party)
    columns = ("number", "item", *who, "park", "district", "how", "score", "reason")
    rows: list[tuple[Any, ...]] = []
    for row in tables.park_rows(matching):
        if row["list"] != kind:
            continue
        item, park = matching.items[row["item"]], row["park"]
        names = (item.party,) if kind == "companies" else (item.title, item.party)
        where = (matching.names[park], matching.districts[park], _said("how", row["how"]))
        rows.append((len(rows) + 1, item.key, *names, *where, row["score"], row["reason"]))
    return _sheet(kind, columns, rows)


def _unmatched(rows: list[dict[str, Any]]) -> Sheet:
    columns = ("number", "list", "row", "item", "name", "party", "sector", "amount", "basis", "why")
    some = [row for row in rows if row["result"] != "matched"]
    made = [
        (
            number, _said("list", row["list"]), row["row"], row["id"], row["title"], row["party"],
            row["sector"], yuan(row["amount_cny"] or 0), _said("basis", row["basis"]), row["why"],
        )
        for number, row in enumerate(some, start=1)
    ]  # fmt: skip
    return _sheet("unmatched", columns, made)


def _every(matching: Matching, rows: list[dict[str, Any]]) -> Sheet:
    columns = ("list", "row", "item", "name", "result", "partners", "park", "why")
    made = []
    for row in rows:
        partners = [label(matching.items[key]) for key in row["partners"]]
        park = row["park"] if row["result"] == "matched" else ""
        why = row["why"] or row["why_no_partner"] or ("" if row["park"] else row["why_no_park"])
        made.append(
            (
                _said("list", row["list"]), row["row"], row["id"], row["title"],
                _said("result", "park_only" if tables.is_park_only(row) else row["result"]),
                listed(partners),
                matching.names.get(park, ""), why,
            )
        )  # fmt: skip
    return _sheet("items", columns, made)


def _totals(matching: Matching, by: str) -> Sheet:
    first = "chain" if by == "sector" else "one_park"
    columns = (
        first,
        "list",
        "basis",
        "count",
        "total",
        "matched_count",
        "matched_total",
        "traded_total",
    )
    vocabulary = taxonomy.load()
    rows = []
    for row in tables.total_rows(matching, by):
        named = vocabulary.name(row["key"]) if by == "sector" else matching.names.get(row["key"])
        name = named if row["key"] else text(f"matching.cell.no_{by}")
        sums = [row[f"{part}_cny"] / 1e8 or None for part in ("amount", "matched", "traded")]
        where = (name, _said("list", row["list"]), _said("basis", row["basis"]))
        rows.append((*where, row["count"], sums[0], row["matched_count"], *sums[1:]))
    return _sheet(f"{by}s", columns, rows)


def _problems(problems: pd.DataFrame) -> Sheet:
    rows = [
        (
            _said("list", row["list"]),
            int(row["row"]) or None,
            row["code"],
            row["message"],
            row["remedy"],
        )
        for row in problems.to_dict("records")
    ]
    return _sheet("problems", ("list", "row", "code", "message", "remedy"), rows)


def _method(matching: Matching) -> Sheet:
    rules = [text(f"matching.method.{key}") for key in _RULES]
    if matching.per_park is None:
        rules.append(text("matching.method.no_limit"))
    else:
        rules.append(text("matching.method.limit", count=matching.per_park))
    if matching.land:
        rules.append(text("matching.method.land"))
    rules.append(text("matching.method.persons"))
    return _sheet("method", ("topic", "rule"), [tuple(rule.split("|", 1)) for rule in rules])


def counts(matching: Matching) -> dict[str, dict[str, int]]:
    """Count the rows of each list by their result.

    Parameters
    ----------
    matching
        The matching.

    Returns
    -------
    List to ``rows``, ``matched``, ``unmatched``, ``left_out``.
    """
    found = Counter((row["list"], row["result"]) for row in tables.item_rows(matching))
    parts = ("matched", "unmatched", "left_out")
    return {
        kind: {"rows": len(table), **{part: found[kind, part] for part in parts}}
        for kind, table in matching.lists.items()
    }


def facts(matching: Matching) -> dict[str, Any]:
    """Return the result for other programs.

    Parameters
    ----------
    matching
        The matching.

    Returns
    -------
    What follows the opening lines of the JSON object.
    """
    return {
        "marking": text("matching.marking"),
        "notice": text("terms.notice.disclaimer"),
        "date": matching.date,
        "per_park": matching.per_park,
        "gap": matching.gap,
        "lists": counts(matching),
        "matches": tables.match_rows(matching),
        "parks": tables.park_rows(matching),
        "unmatched": tables.unmatched_rows(matching),
        "items": tables.item_rows(matching),
        "totals": {f"{by}s": tables.total_rows(matching, by) for by in ("sector", "park")},
    }


def summary(matching: Matching, problems: pd.DataFrame, *, top: int = 5) -> list[str]:
    """Say in a few lines what came of it.

    Parameters
    ----------
    matching
        The matching.
    problems
        Problems of the lists, with the column ``list``.
    top
        How many of the best pairs to name.

    Returns
    -------
    Lines.
    """
    lines = [text("matching.summary.head", title=text("matching.title"))]
    alone = Counter(row["list"] for row in tables.item_rows(matching) if tables.is_park_only(row))
    for kind, count in counts(matching).items():
        told: dict[str, Any] = {"list": _said("list", kind), **count}
        told["alone"] = text("matching.summary.alone", count=alone[kind]) if alone[kind] else ""
        lines.append(text("matching.summary.list", **told))
    if matching.paired:
        lines.append(text("matching.summary.pairs", count=len(matching.partners)))
        for row in tables.match_rows(matching)[:top]:
            names = [label(matching.items[row[side]]) for side in ("opportunity", "demand")]
            said = {"left": names[0], "right": names[1], "reason": row["reason"]}
            lines.append(text("matching.summary.top", score=row["score"], **said))
    told_apart = problems[problems["code"].isin(_TOLD_APART)]
    lines += [text("matching.summary.foreign", message=said) for said in told_apart["message"]]
    to_mend = int((problems["severity"] != "info").sum())
    if to_mend:
        lines.append(text("matching.summary.problems", count=to_mend))
    if matching.gap:
        lines.append(text("matching.summary.gap", gap=f"{matching.gap:.2%}"))
    return lines
