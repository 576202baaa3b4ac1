"""What a new delivery says about each matter: new, worse, gone, or not to be told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from parkmap import lineage, messages, schema
from parkmap.ledger.cells import stored
from parkmap.ledger.measuring import compared, measures, size
from parkmap.ledger.rules import AGAIN, is_waived, with_progress
from parkmap.ledger.stating import restated
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from parkmap.ledger.fields import Row
    from parkmap.ledger.store import State

_MOVED_BY_US = ("pending", "assigned", "in_progress", "returned")


@dataclass
class Delivery:
    """What an analysis found, as the ledger takes it.

    Parameters
    ----------
    parks
        The parks table.
    findings
        One mapping a finding: ``id``, ``parks`` (ids), ``line``, ``severity``, ``area_m2``,
        ``rivalry``, ``category`` (a key), ``coarse``, ``names``, ``districts``, ``description``,
        ``basis``.
    lines
        Names of the control lines that were compared.
    criteria
        What it was found by; where that changes, absence proves nothing.
    date
        ISO date of the data.
    date_from
        ``"file"`` where nobody stated that date and it is the file's.
    with_coarse
        Take in findings that rest on words too coarse to judge; a ledger that once did goes on.
    """

    parks: gpd.GeoDataFrame
    findings: Sequence[Mapping[str, Any]]
    lines: Collection[str] = ()
    criteria: Mapping[str, Any] = field(default_factory=dict)
    date: str = ""
    date_from: str = ""
    with_coarse: bool = False


@dataclass
class Changes:
    """What an update did, for the person who ran it.

    Parameters
    ----------
    by_change
        Change -> ids of matters.
    reopened
        Closed matters that are found again.
    grown
        Those of them that are worse than when they were last found.
    expired
        Matters whose waiver has run out since it was last looked at: told once.
    lines_missing
        Control lines of matters that were not compared this time.
    doubtful
        Matters not found again where other criteria, or lines not compared, may be why.
    left_out
        Findings for information, not taken in.
    coarse
        Findings that rest on words too coarse to judge, not taken in.
    """

    by_change: dict[str, list[str]] = field(default_factory=dict)
    reopened: list[str] = field(default_factory=list)
    grown: list[str] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)
    lines_missing: list[str] = field(default_factory=list)
    doubtful: int = 0
    left_out: int = 0
    coarse: int = 0


def take_in(state: State, delivery: Delivery, *, date: str) -> Changes:
    """Bring a delivery into a ledger.

    Parameters
    ----------
    state
        The ledger, changed in place.
    delivery
        What was found.
    date
        ISO date of the update.

    Returns
    -------
    What changed.

    Notes
    -----
    A matter is the same finding if its id is, or if its parks are the same by
    :func:`parkmap.lineage.successors`. It is *worsened* or *eased* by its severity, else by ground
    (5 % and 0.1 ha) or rivalry (.05). A finding that is gone is *resolved* only if all its parks
    are there, its control line was compared and the criteria are the same; then an open matter
    waits for confirmation. Nothing is closed here, and a closed matter found again stays closed.
    What people wrote over a fact stands; a fact that changed since is put beside it. The delivery
    that was taken in last, taken in again, leaves what changed as it is.
    """
    coarse = bool(delivery.with_coarse or state.meta.get("coarse"))
    seal = _seal(delivery, coarse=coarse)
    if delivery.date and state.meta.get("delivery") == seal:
        return counted(state, Changes(expired=_expired(state, date)))
    state.meta["coarse"] = coarse
    parks = _known_parks(state, delivery.parks)
    found = _by_parks(delivery, parks)
    by_id = {str(finding["id"]): finding for finding in delivery.findings}
    changes = Changes()
    other = bool(state.meta.get("criteria")) and state.meta["criteria"] != dict(delivery.criteria)
    present = set(parks)
    taken: set[str] = set()
    for name, row in state.rows["matters"].items():
        if row.get("_origin") != "finding":
            _settle_manual(row, date)
        else:
            key = (frozenset(row["_parks"]), row["_line"])
            finding = by_id.get(row["_finding"]) or found.get(key)
            if finding is None:
                state.rows["matters"][name] = _absent(
                    row, changes, delivery, present=present, other=other, date=date
                )
            else:
                taken.add(str(finding["id"]))
                _present(state, name, finding, parks, changes, date=date)
    changes.expired = _expired(state, date)
    _add_new(state, delivery, parks, taken, changes, date=date)
    state.meta |= {
        "criteria": dict(delivery.criteria),
        "data_date": delivery.date,
        "date_from": delivery.date_from,
    }
    state.meta["delivery"] = seal
    return counted(state, changes)


def _seal(delivery: Delivery, *, coarse: bool) -> str:
    """Tell one delivery from another: what was found, in which parks, on which lines, how."""
    shapes = delivery.parks.geometry.to_wkb().to_dict()
    found = [sorted(finding.items()) for finding in delivery.findings]
    told = [delivery.date, shapes, found, sorted(delivery.lines), sorted(delivery.criteria.items())]
    told.append(coarse)
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()


def counted(state: State, changes: Changes) -> Changes:
    """Gather what each matter's change is.

    Parameters
    ----------
    state
        The ledger.
    changes
        Filled in place.

    Returns
    -------
    ``changes``.
    """
    for name, row in state.rows["matters"].items():
        if "_removed" not in row and row.get("change"):
            told = row["change"] == "waiver_expired" and name not in changes.expired
            change = "persisting" if told else row["change"]
            changes.by_change.setdefault(change, []).append(name)
    return changes


def refresh(state: State, *, date: str) -> Changes:
    """Look at the calendar alone: waivers that ran out.

    Parameters
    ----------
    state
        The ledger, changed in place.
    date
        ISO date of the day.

    Returns
    -------
    Waivers that ran out since they were last looked at.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> state = State()
    >>> state.rows["matters"]["c-1"] = {"status": "waived", "waiver_until": "2026-02-28"}
    >>> refresh(state, date="2026-03-01").by_change
    {'waiver_expired': ['c-1']}
    """
    over = _expired(state, date)
    return Changes(by_change={"waiver_expired": over} if over else {}, expired=over)


def _expired(state: State, date: str) -> list[str]:
    """Mark what is put off too long; return those that were not known to be."""
    fresh = []
    for name, row in state.rows["matters"].items():
        if "_removed" in row:
            continue
        if row.get("status") != "waived" or is_waived(row, date):
            if row.get("change") == "waiver_expired":  # taken up, or a longer term
                row["change"] = "persisting"
        elif row.get("change") not in ("resolved", "source_missing"):
            if row.get("_expired") != row.get("waiver_until"):
                row |= {"_expired": row.get("waiver_until"), "change": "waiver_expired"}
                fresh.append(name)
            elif row.get("change") == "persisting":  # a worse one is told as worse
                row["change"] = "waiver_expired"
    return fresh


def _settle_manual(row: Row, date: str) -> None:
    if row.get("change") == "new" and row.get("first_found") != date:
        row["change"] = "persisting"


def _known_parks(state: State, parks: gpd.GeoDataFrame) -> dict[str, str]:
    """Match the parks with those the ledger knows: its name of a park -> its id in the delivery."""
    table = schema.complete(parks)
    known = gpd.GeoDataFrame(
        {
            "name": [name for name, _, _ in state.parks.values()],
            "code": [code for _, code, _ in state.parks.values()],
        },
        geometry=[shapely.from_wkb(shape) for _, _, shape in state.parks.values()],
        index=pd.Index(list(state.parks), dtype=object),
        crs=4326,
    )
    found = {uid: park for uid, (park, _) in lineage.successors(known, table).items()}
    matched = set(found.values())
    for park, key in schema.park_keys(table).items():
        if park not in matched:
            uid, number = str(key), 1
            while uid in state.parks or uid in found:
                number += 1
                uid = f"{key}~{number}"
            found[uid] = str(park)
    shapes = table.geometry.to_crs(4326) if table.crs is not None else table.geometry
    for uid, park in found.items():
        outline = shapes.loc[park]
        drawn = None if outline is None or outline.is_empty else shapely.to_wkb(outline)
        state.parks[uid] = (str(table.loc[park, "name"]), str(table.loc[park, "code"]), drawn)
    return found


def _by_parks(
    delivery: Delivery, parks: Mapping[str, str]
) -> dict[tuple[frozenset[str], str], Mapping[str, Any]]:
    uid_of = {park: uid for uid, park in parks.items()}
    return {
        (frozenset(uid_of[park] for park in finding["parks"]), str(finding["line"])): finding
        for finding in delivery.findings
    }


def _facts(finding: Mapping[str, Any]) -> Row:
    area = finding["area_m2"]
    hectares = None if area is None or pd.isna(area) else round(float(area) / 1e4, 4)
    said = {
        "category": finding["category"],
        "parks": listed(finding["names"]),
        "districts": listed(finding["districts"]),
        "description": finding["description"],
        "area_ha": hectares,
        "area_mu": None if hectares is None else messages.mu(float(area)),
        "basis": finding["basis"],
        "attention": finding["severity"],
    }
    kept = {key: stored(key, value) for key, value in said.items()}
    return {key: value for key, value in kept.items() if value is not None}


def _present(
    state: State,
    name: str,
    finding: Mapping[str, Any],
    parks: Mapping[str, str],
    changes: Changes,
    *,
    date: str,
) -> None:
    row, facts, now = state.rows["matters"][name], _facts(finding), measures(finding)
    fresh = restated(state, name, facts, date=date)
    again = row.get("status") == "closed" or row.get("change") == "resolved"
    fresh["change"] = "recurred" if again else compared(row["_measures"], now)
    if row.get("status") == "closed":
        fresh.setdefault(AGAIN, date)
        changes.reopened.append(name)
        if compared(row["_measures"], now) == "worsened":
            changes.grown.append(name)
            sizes = {"was": size(row["_measures"]), "now": size(now)}
            fresh = with_progress(fresh, text("ledger.progress.grown", **sizes), date)
    elif again and row.get("status") == "awaiting" and "_before" in row:
        fresh["status"] = row["_before"]
        fresh = with_progress(fresh, text("ledger.progress.recurred"), date)
    fresh.pop("_before", None)
    uid_of = {park: uid for uid, park in parks.items()}
    fresh |= {
        "_measures": now,
        "_finding": str(finding["id"]),
        "_parks": sorted(uid_of[park] for park in finding["parks"]),
    }
    state.rows["matters"][name] = fresh


def _absent(
    row: Row,
    changes: Changes,
    delivery: Delivery,
    *,
    present: set[str],
    other: bool,
    date: str,
) -> Row:
    line = row["_line"]
    if line and line not in delivery.lines:
        changes.lines_missing = sorted({*changes.lines_missing, line})
    elif set(row["_parks"]) <= present:
        if not other or row.get("change") == "resolved":
            return _resolved(row, date)
        changes.doubtful += 1
    return {**row, "change": "source_missing"}


def _resolved(row: Row, date: str) -> Row:
    fresh = {key: value for key, value in row.items() if key != AGAIN} | {"change": "resolved"}
    if row.get("change") != "resolved" and row.get("status") in _MOVED_BY_US:
        fresh |= {"_before": row["status"], "status": "awaiting"}
        fresh = with_progress(fresh, text("ledger.progress.resolved"), date)
    return fresh


def _add_new(
    state: State,
    delivery: Delivery,
    parks: Mapping[str, str],
    taken: set[str],
    changes: Changes,
    *,
    date: str,
) -> None:
    uid_of = {park: uid for uid, park in parks.items()}
    for finding in delivery.findings:
        name = str(finding["id"])
        if name in taken:
            continue
        if finding["severity"] == "info":
            changes.left_out += 1
            continue
        if finding["coarse"] and not state.meta["coarse"]:
            changes.coarse += 1
            continue
        facts = _facts(finding)
        state.rows["matters"][name] = {
            "matter_id": name,
            **facts,
            "status": "pending",
            "change": "new",
            "first_found": date,
            "_origin": "finding",
            "_finding": name,
            "_line": str(finding["line"]),
            "_parks": sorted(uid_of[park] for park in finding["parks"]),
            "_facts": facts,
            "_measures": measures(finding),
        }
