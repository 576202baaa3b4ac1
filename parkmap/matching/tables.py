"""The result as rows: matches, parks, every row of every list, totals."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from parkmap import taxonomy
from parkmap.matching import words
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.matching.items import Item
    from parkmap.matching.run import Matching

    Rows = list[dict[str, Any]]


def match_rows(matching: Matching) -> Rows:
    """Return one row a pair of opportunity and demand, the best first.

    Parameters
    ----------
    matching
        The matching.

    Returns
    -------
    Rows with ids, score, ``traded_cny`` (what both amounts allow) and the reason.
    """
    return [
        {
            "opportunity": link.left,
            "demand": link.right,
            "score": link.score,
            "how": link.how,
            "sectors": list(link.nodes),
            "traded_cny": link.traded or None,
            "distance_m": words.rough(link.distance_m),
            "reason": words.partner_sentence(matching, link),
        }
        for link in matching.partners
    ]


def park_rows(matching: Matching) -> Rows:
    """Return one row an item that has a park, list by list.

    Parameters
    ----------
    matching
        The matching.

    Returns
    -------
    Rows with ids, the row of the list, ``how`` (``stated`` or ``fitted``), score and the reason. A
    row of two lists that has no partner is not listed for the park it states: that is no proposal.
    """
    paired = _paired(matching)
    rows: Rows = [
        {
            "list": item.kind, "item": key, "park": item.park, "how": "stated", "score": None,
            "others": [], "reason": words.stated_sentence(matching, key),
        }
        for key, item in matching.items.items()
        if item.park and item.state == "open" and (_of_parks(matching, item) or key in paired)
    ]  # fmt: skip
    rows += [
        {
            "list": matching.items[link.left].kind, "item": link.left, "park": link.right,
            "how": "fitted", "score": link.score,
            "others": list(matching.others.get(link.left, ())),
            "reason": words.park_sentence(matching, link),
        }
        for link in matching.places
    ]  # fmt: skip
    for row in rows:
        item = matching.items[row["item"]]
        row["row"] = int(matching.lists[item.kind].loc[item.key, "row"])
        row["title"], row["park_name"] = item.title or item.party, matching.names[row["park"]]
    return sorted(rows, key=lambda row: (row["list"], -(row["score"] or 101), row["item"]))


def _paired(matching: Matching) -> set[str]:
    return {key for link in matching.partners for key in (link.left, link.right)}


def _of_parks(matching: Matching, item: Item) -> bool:
    """Whether a park is all that a row can get."""
    return item.kind == "companies" or not matching.paired


def item_rows(matching: Matching) -> Rows:
    """Return every row of every list once: what it was matched with, or why not.

    Parameters
    ----------
    matching
        The matching.

    Returns
    -------
    Rows in the order of the lists; ``result`` is ``matched``, ``unmatched`` or ``left_out``. An
    opportunity or demand is matched if it has a partner or a park is proposed for it; where only
    one of the two lists is given, and for companies, if it has a park, be it as stated.
    """
    partners: dict[str, list[str]] = defaultdict(list)
    for link in matching.partners:
        partners[link.left].append(link.right)
        partners[link.right].append(link.left)
    rows: Rows = []
    for kind, table in matching.lists.items():
        for key, row in table.sort_values("row").to_dict("index").items():
            item = matching.items[str(key)]
            of_parks = _of_parks(matching, item)
            park = matching.park_of(item.key) if item.state == "open" else ""
            fitted = matching.fitted_park(item.key)
            done = bool(park) if of_parks else item.key in partners or bool(fitted)
            result = "matched" if done else "unmatched"
            if item.state != "open":
                result, why = "left_out", words.left_out_sentence(matching, item.key)
            else:
                why = "" if done else words.miss_sentence(matching, item.key, park=of_parks)
            alone = "" if of_parks else words.miss_sentence(matching, item.key, park=False)
            rows.append(
                {
                    "list": kind, "row": int(row["row"]), "id": item.key, "party": item.party,
                    "title": item.title or item.party, "side": item.side,
                    "sector": " / ".join(filter(None, (row["chain"], row["segment"]))),
                    "nodes": list(item.segments + item.chains),
                    "amount_cny": item.amount or None, "basis": item.basis,
                    "driven_cny": row["driven_cny"], "state": item.state, "result": result,
                    "partners": partners.get(item.key, []), "park": park, "why": why,
                    "why_no_partner": alone,
                    "why_no_park": words.miss_sentence(matching, item.key, park=True),
                }
            )  # fmt: skip
    return rows


def is_park_only(row: Mapping[str, Any]) -> bool:
    """Say whether a row looked for a partner and has a park alone.

    Parameters
    ----------
    row
        One of :func:`item_rows`.

    Returns
    -------
    True or false.

    Examples
    --------
    >>> is_park_only({"result": "matched", "why_no_partner": "..."})
    True
    """
    return row["result"] == "matched" and bool(row["why_no_partner"])


def unmatched_rows(matching: Matching) -> Rows:
    """Return the rows nothing was found for, as a ledger takes them in.

    Parameters
    ----------
    matching
        The matching.

    Returns
    -------
    Rows with ``id``, ``list``, ``title``, ``sector``, ``amount_cny``, ``basis``, ``state``,
    ``why`` and ``marking``.
    """
    kept = ("id", "list", "party", "title", "sector", "amount_cny", "basis", "state", "why")
    marking = text("matching.marking")
    return [
        {**{column: row[column] for column in kept}, "marking": marking}
        for row in item_rows(matching)
        if row["result"] != "matched"
    ]


def total_rows(matching: Matching, by: str) -> Rows:
    """Sum up what takes part, each kind of amount by itself.

    Parameters
    ----------
    matching
        The matching.
    by
        ``sector`` (the nearest chain of the first sector that was read) or ``park``.

    Returns
    -------
    Rows with ``key`` ("" for what has none), ``list``, ``basis``, ``count``, ``amount_cny``,
    ``matched_count``, ``matched_cny`` (the whole amounts of rows that are matched) and
    ``traded_cny`` (how much of them both sides' amounts allow). The market
    scale driven has rows of its own (``basis`` ``driven``); no two kinds are added.
    """
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0, 0.0, 0, 0.0, 0.0])
    traded: dict[str, int] = defaultdict(int)
    for link in matching.partners:
        traded[link.left] += link.traded
        traded[link.right] += link.traded
    vocabulary = taxonomy.load()
    for row in item_rows(matching):
        if row["state"] != "open":
            continue
        node = next(iter(row["nodes"]), "")
        key = row["park"] if by == "park" else (vocabulary.chain_of(node) if node else "")
        amounts = [(row["basis"] or "none", row["amount_cny"] or 0.0, traded.get(row["id"], 0))]
        if not math.isnan(row["driven_cny"]):
            amounts.append(("driven", row["driven_cny"], 0))
        for basis, amount, part in amounts:
            cell = sums[key, row["list"], basis]
            done = row["result"] == "matched"
            for place, more in enumerate((1, amount, int(done), amount if done else 0.0, part)):
                cell[place] += more
    names = ("count", "amount_cny", "matched_count", "matched_cny", "traded_cny")
    return [
        {"key": key, "list": kind, "basis": basis, **dict(zip(names, cell, strict=True))}
        for (key, kind, basis), cell in sorted(sums.items(), key=lambda pair: pair[0])
    ]
