"""A consolidation plan: every park with what becomes of it, before and after in figures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import messages, schema
from parkmap.consolidation import phrases
from parkmap.consolidation.candidates import candidates
from parkmap.consolidation.clashes import clashing_rules
from parkmap.consolidation.facts import dissolved, figures
from parkmap.consolidation.model import solve
from parkmap.consolidation.rules import Rules, resolved
from parkmap.consolidation.setting import pair, setting_of
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd

    from parkmap.consolidation.model import Solution
    from parkmap.consolidation.setting import Setting
    from parkmap.schema import Analysis

    Row = dict[str, Any]

PLAN_COLUMNS = (
    "number",  # rank from 1: moves first, then what is kept
    "status",  # kept merged new
    "park",
    "name",
    "tier",
    "district",
    "into",  # park_id of the park it joins, "" if it stays
    "into_name",
    "approval",  # city province state: who decides; "" where nothing changes
    "manner",  # register whole join custody, "" where nothing changes
    "reasons",  # tuple, see candidates.REASONS
    "findings",  # tuple of conflict_id that the move rests on
    "members",  # tuple of park_id that join it
    "rivalry",
    "synergy",
    "overlap_m2",
    "gap_m",  # between the boundaries
    "before_ha",
    "after_ha",  # with all that joins it, shared ground once; nan for a park that joins another
    "message",
)
_STATUS_ORDER = ("new", "merged", "kept")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a consolidation plan is made of.

    Parameters
    ----------
    moves
        One row a park, with the columns of ``PLAN_COLUMNS``, on ``move_id``.
    figures
        ``before`` and ``after`` of each figure: parks, rivals, shared ground, land.
    merged
        The parks table after the plan, boundaries dissolved.
    system, system_after
        The counted system before and after.
    target
        The system that is meant; "" if not given.
    gaps
        Tier -> how many more, or, negative, fewer the system after the plan has than meant.
    score, gap
        What the programme maximised, and how far it may be from the best: 0 proven, nan unknown.
    notes
        What to know about the plan, in sentences.
    rules
        The rules kept to, with ids.
    """

    moves: pd.DataFrame
    figures: pd.DataFrame
    merged: gpd.GeoDataFrame
    system: str
    system_after: str
    target: str = ""
    gaps: Mapping[str, int] = field(default_factory=dict)
    score: float = 0.0
    gap: float = 0.0
    notes: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)


def consolidate(
    result: Analysis,
    *,
    rules: Rules | None = None,
    target: str = "",
    time_limit_s: float | None = 60.0,
    tell: Callable[[str, int, int], None] | None = None,
) -> Plan:
    """Propose which parks join which, and which stay.

    Parameters
    ----------
    result
        What :func:`parkmap.analyze` returned.
    rules
        What the plan has to keep to; the defaults if not given.
    target
        The system that is meant, such as ``"3+22+N"``; compared, never forced.
    time_limit_s
        Stop after so many seconds with the best plan found and its gap; None waits.
    tell
        Called as each step begins, with its name, its number and how many there are.

    Returns
    -------
    The plan. No plan changes a tier.

    Raises
    ------
    OptionError
        If no plan keeps to the rules (the message names those that clash), time is up before one
        was found, or target is no system.
    InputError
        If a rule names a park that is not there.

    Notes
    -----
    The official rule (国办发〔2017〕7号) joins neighbouring, homogeneous parks under one body. A
    park moves only where there is a reason a planner would accept: one body, one park twice, one
    inside the other, a superseded list on the same ground, shared ground with related sectors, or
    neighbours that are rivals or supply each other strongly. See
    :func:`parkmap.consolidation.model.solve` for the programme. Boundaries that are wrong make
    wrong plans: check first.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"], "tier": ["national", "municipal"],
    ...     "managing_body": ["甲管委会", "甲"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 402000, 3001000), box(400500, 3e6, 401000, 3001000)])
    >>> plan = consolidate(pm.analyze(parks))
    >>> plan.moves[["name", "status", "into_name"]].values.tolist()
    [['B', 'merged', 'A'], ['A', 'kept', '']]
    """
    schema.system_gaps("0+0+0", target)
    tell = tell or _silent
    used = resolved(rules or Rules(), result.parks)
    tell("candidates", 1, 3)
    setting = setting_of(result, used)
    moves = candidates(setting, result, used)
    tell("solve", 2, 3)
    found = solve(setting, moves, used, time_limit_s=time_limit_s)
    if not found.feasible:
        clashes = clashing_rules(result, used, time_limit_s=time_limit_s)
        rules_said = messages.listed(clashes)
        raise OptionError(**messages.fault("consolidation.infeasible", rules=rules_said))
    tell("figures", 3, 3)
    return _plan(result, (setting, moves, used), found, target)


def _silent(*_: object) -> None:
    """Tell nobody."""


def _plan(
    result: Analysis, given: tuple[Setting, pd.DataFrame, Rules], found: Solution, target: str
) -> Plan:
    setting, moves, rules = given
    groups = dict(found.joins)
    for name, members in rules.new.items():
        groups |= dict.fromkeys(members, new_id(name))
    moves = moves.assign(host_moves=moves.index.get_level_values("into").isin(list(groups)))
    merged = dissolved(result.parks, groups, {new_id(name): name for name in rules.new})
    rows = [_row(setting, moves, groups, park) for park in result.parks.index]
    rows += [_new_row(setting, rules, name) for name in rules.new]
    _measure(rows, setting, merged)
    table = _table(rows, setting, result, merged, moves)
    after, _ = schema.park_system(merged)
    return Plan(
        moves=table,
        figures=figures(result, setting, groups, merged),
        merged=merged,
        system=result.system,
        system_after=after,
        target=target,
        gaps=schema.system_gaps(after, target),
        score=found.score,
        gap=found.gap,
        notes=tuple(phrases.notes(result, table, after, target, found)),
        rules=rules,
    )


def new_id(name: str) -> str:
    """Return the id of a park that the rules found.

    Parameters
    ----------
    name
        Its name.

    Returns
    -------
    The id, the same for the same name.

    Examples
    --------
    >>> new_id("甲").startswith("new-")
    True
    """
    return "new-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def move_id(keys: Iterable[str]) -> str:
    """Return the id of a move.

    Parameters
    ----------
    keys
        The key (:func:`parkmap.schema.park_keys`) of the park, and of the one it joins if any.

    Returns
    -------
    ``"m-"`` and ten hexadecimal digits: the same whenever the same parks meet again.

    Examples
    --------
    >>> move_id(["S1", "S2"]) == move_id(["S2", "S1"]), move_id(["S1"])[:2]
    (True, 'm-')
    """
    return "m-" + hashlib.sha256("|".join(sorted(keys)).encode()).hexdigest()[:10]


def _row(setting: Setting, moves: pd.DataFrame, groups: Mapping[str, str], park: str) -> Row:
    facts = setting.parks.loc[park]
    into = groups.get(park, "")
    move = moves.loc[(park, into)] if (park, into) in moves.index else None
    reasons = tuple(move["reasons"]) if move is not None else ("rule",) * bool(into)
    places = [setting.districts.get(end, frozenset()) for end in (park, into)]
    across = all(places) and not places[0] & places[1]  # where a district is not known, not told
    return {
        "status": "merged" if into else "kept",
        "park": park,
        "name": facts["name"],
        "tier": facts["tier"],
        "district": facts["district"],
        "into": into,
        "approval": phrases.approval(facts) if into else "",
        "manner": _manner(reasons, across=across) if into else "",
        "reasons": reasons,
        "findings": setting.findings.get(pair(park, into), ()) if into else (),
        "members": tuple(sorted(member for member, host in groups.items() if host == park)),
        "rivalry": float(move["rivalry"]) if move is not None else float("nan"),
        "synergy": float(move["synergy"]) if move is not None else float("nan"),
        "overlap_m2": float(move["overlap_m2"]) if move is not None else float("nan"),
        "gap_m": float(move["gap_m"]) if move is not None else float("nan"),
        "before_ha": setting.area_ha[park],
    }


def _manner(reasons: tuple[str, ...], *, across: bool) -> str:
    if {"same_body", "duplicate", "superseded"} & set(reasons):
        return "register"
    if "nested" in reasons:
        return "whole"
    return "custody" if across else "join"


def _new_row(setting: Setting, rules: Rules, name: str) -> Row:
    members = rules.new[name]
    founding = setting.parks.loc[list(members)]
    levels = [phrases.approval(park) for _, park in founding.iterrows()]
    places = [place for place in dict.fromkeys(founding["district"]) if place]
    blank = dict.fromkeys(("rivalry", "synergy", "overlap_m2", "gap_m", "before_ha"), float("nan"))
    return {
        **blank,
        "status": "new",
        "park": new_id(name),
        "name": name,
        "tier": "",
        "district": messages.listed(places),
        "into": "",
        "approval": max(levels, key=phrases.APPROVALS.index, default="city"),
        "manner": "",
        "reasons": ("rule",),
        "findings": (),
        "members": tuple(sorted(members)),
    }


def _measure(rows: list[Row], setting: Setting, merged: gpd.GeoDataFrame) -> None:
    after = merged["plan_area_ha"]
    for row in rows:
        grown = bool(row["members"])
        stays = row["status"] != "merged"
        own = after[row["park"]] if grown else setting.area_ha.get(row["park"], float("nan"))
        row["after_ha"] = float(own) if stays else float("nan")


def _table(
    rows: list[Row],
    setting: Setting,
    result: Analysis,
    merged: gpd.GeoDataFrame,
    moves: pd.DataFrame,
) -> pd.DataFrame:
    """Name, word and number the rows: new parks, then moves by anchor, then what is kept."""
    names = {**setting.parks["name"].to_dict(), **merged["name"].to_dict()}
    keys: dict[str, str] = schema.park_keys(setting.parks).to_dict()
    rank = {host: place for place, host in enumerate(setting.hosts)}
    for row in rows:
        row["into_name"] = names.get(row["into"], "")
    rows.sort(
        key=lambda row: (
            _STATUS_ORDER.index(row["status"]),
            rank.get(row["into"], -1),
            not row["members"],
            rank.get(row["park"], len(rank)),
            row["park"],
        )
    )
    for number, row in enumerate(rows, start=1):
        row["number"] = number
        row["message"] = phrases.sentence(row, setting, result, names, moves)
    ends = ([str(row[end]) for end in ("park", "into") if row[end]] for row in rows)
    ids = [move_id([keys.get(park, park) for park in parks]) for parks in ends]
    index = pd.Index(ids, name="move_id", dtype=object)
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS), index=index)
