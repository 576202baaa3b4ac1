"""The programme: which parks join which, at the highest score that the rules allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint

from parkmap import messages
from parkmap.errors import OptionError
from parkmap.solver import milp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parkmap.consolidation.rules import Rules
    from parkmap.consolidation.setting import Setting

    Pair = tuple[str, str]
    Row = dict[int, float]

_PREFERENCE = 1e-3  # among equals the higher tier, then the larger park takes the others in
_INFEASIBLE = 2


@dataclass(frozen=True)
class Solution:
    """What the solver found.

    Parameters
    ----------
    joins
        Park -> the anchor it joins; parks that are not in it stay.
    score
        What the plan is worth; nan if there is none.
    gap
        How far the score may be from the best one, relative to it: 0 proven, nan not known.
    feasible
        False if no plan keeps to the rules.
    """

    joins: Mapping[str, str]
    score: float
    gap: float
    feasible: bool = True


@dataclass
class _Programme:
    """Rows of a mixed-integer programme as they are gathered."""

    columns: int
    rows: list[Row] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, row: Row, *, least: float = -np.inf, most: float = np.inf) -> None:
        self.rows.append(row)
        self.least.append(least)
        self.most.append(most)

    def constraint(self) -> LinearConstraint:
        lines = [line for line, row in enumerate(self.rows) for _ in row]
        places = [column for row in self.rows for column in row]
        values = [value for row in self.rows for value in row.values()]
        shape = (len(self.rows), self.columns)
        return LinearConstraint(
            sparse.csr_matrix((values, (lines, places)), shape=shape), self.least, self.most
        )


def solve(
    setting: Setting, moves: pd.DataFrame, rules: Rules, *, time_limit_s: float | None = None
) -> Solution:
    """Choose the moves.

    Parameters
    ----------
    setting
        The parks.
    moves
        The moves there is a reason for.
    rules
        Rules with ids.
    time_limit_s
        Stop after so many seconds with the best plan found.

    Returns
    -------
    The solution.

    Raises
    ------
    OptionError
        If time is up before any plan was found that does what has to be done.

    Notes
    -----
    The programme chooses x in {0, 1} for every move to maximise
    ``sum (gain - cost) x - rivalry_weight * rivalry left between parks``, where gain is the smaller
    park's ground relative to the mean, times synergy, rivalry and the share of ground both claim
    (1 for one body, one park twice, one inside the other), and cost the same ground times
    ``distance_weight`` a kilometre. Rivals count as one where one joins the other or both join the
    same park, in any number. A park that joins takes nobody in. HiGHS solves it.

    References
    ----------
    Huangfu, Q., Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical
    Programming Computation 10, 119-142. doi:10.1007/s12532-017-0130-5

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.consolidation.setting import Setting
    >>> from parkmap.consolidation.rules import Rules
    >>> places, own = {"a": frozenset(), "b": frozenset()}, {"a": True, "b": True}
    >>> setting = Setting(None, ("a",), ("b",), places, own, {"a": 9.0, "b": 9.0}, 9.0, {}, {}, {})
    >>> index = pd.MultiIndex.from_tuples([("b", "a")], names=["park", "into"])
    >>> moves = pd.DataFrame({"gain": [1.0], "cost": [0.1], "added_ha": [9.0]}, index=index)
    >>> dict(solve(setting, moves, Rules()).joins)
    {'b': 'a'}
    """
    pairs = list(moves.index)
    standing = sum(setting.rivals.values()) * rules.rivalry_weight
    columns = {found: column for column, found in enumerate(pairs)}
    rival_columns, together = _togetherness(setting, columns)
    programme = _Programme(len(pairs) + len(rival_columns))
    for row, right in together:
        programme.add(row, most=right)
    _structure(programme, columns)
    _lay_down(programme, setting, moves, columns, rules)
    values = (moves["gain"] - moves["cost"]).to_numpy(dtype=float) - _preference(setting, pairs)
    worth = [setting.rivals[key] * rules.rivalry_weight for key, _ in rival_columns]
    objective = np.concatenate([values, worth])
    if not len(objective):
        return _without_moves(programme, standing)
    whole = np.concatenate([np.ones(len(values)), np.zeros(len(worth))])
    found = _run(objective, whole, programme, time_limit_s)
    if found is None:
        return Solution({}, np.nan, np.nan, feasible=False)
    chosen, gap = found
    joins = {park: into for (park, into), x in zip(pairs, chosen, strict=False) if x > 0.5}
    return Solution(joins, score_of(setting, moves, rules, joins), gap)


def score_of(
    setting: Setting, moves: pd.DataFrame, rules: Rules, joins: Mapping[str, str]
) -> float:
    """Return what a plan is worth.

    Parameters
    ----------
    setting, moves, rules
        As in :func:`solve`.
    joins
        Park -> anchor.

    Returns
    -------
    The score that :func:`solve` maximises.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.consolidation.setting import Setting
    >>> from parkmap.consolidation.rules import Rules
    >>> setting = Setting(None, (), (), {}, {}, {}, 1.0, {("a", "b"): 0.5}, {}, {})
    >>> score_of(setting, pd.DataFrame({"gain": [], "cost": []}), Rules(), {})
    -0.25
    """
    pairs = sorted(joins.items())
    worth = moves["gain"] - moves["cost"]
    gained = sum(float(worth[key]) for key in pairs) - float(_preference(setting, pairs).sum())
    left = sum(r for (a, b), r in setting.rivals.items() if joins.get(a, a) != joins.get(b, b))
    return gained - rules.rivalry_weight * left


def _preference(setting: Setting, pairs: Sequence[Pair]) -> np.ndarray:
    place = {host: rank for rank, host in enumerate(setting.hosts)}
    ranks = np.array([place[into] for _, into in pairs], dtype=float)
    return _PREFERENCE * ranks / max(len(setting.hosts), 1)


def _togetherness(
    setting: Setting, columns: Mapping[Pair, int]
) -> tuple[list[tuple[Pair, str]], list[tuple[Row, float]]]:
    """Return a column for each way a pair of rivals ends up in one park, and what bounds it."""
    hosts: dict[str, set[str]] = {}
    for park, into in columns:
        hosts.setdefault(park, set()).add(into)
    ways: list[tuple[Pair, str]] = []
    rows: list[tuple[Row, float]] = []
    for key in sorted(setting.rivals):
        left, right = key
        direct = [columns[way] for way in (key, (right, left)) if way in columns]
        common = sorted((hosts.get(left, set()) & hosts.get(right, set())) - set(key))
        if direct:
            ways.append((key, ""))
            place = len(columns) + len(ways) - 1
            rows.append(({place: 1.0, **dict.fromkeys(direct, -1.0)}, 0.0))
        for host in common:
            ways.append((key, host))
            place = len(columns) + len(ways) - 1
            rows += [({place: 1.0, columns[end, host]: -1.0}, 0.0) for end in key]
    return ways, rows


def _structure(programme: _Programme, columns: Mapping[Pair, int]) -> None:
    """Let a park join one park at most, and take nobody in if it joins."""
    out: dict[str, list[int]] = {}
    for (park, _), column in columns.items():
        out.setdefault(park, []).append(column)
    for own in out.values():
        programme.add(dict.fromkeys(own, 1.0), most=1.0)
    for (_, into), column in columns.items():
        if into in out:
            programme.add({column: 1.0, **dict.fromkeys(out[into], 1.0)}, most=1.0)


def _lay_down(
    programme: _Programme,
    setting: Setting,
    moves: pd.DataFrame,
    columns: Mapping[Pair, int],
    rules: Rules,
) -> None:
    """Add what the planner laid down."""
    into: dict[str, list[Pair]] = {}
    out: dict[str, list[int]] = {}
    for key, column in columns.items():
        into.setdefault(key[1], []).append(key)
        out.setdefault(key[0], []).append(column)
    for park in sorted({*rules.must_move, *rules.join}):
        programme.add(dict.fromkeys(out.get(park, []), 1.0), least=1.0)
    for host, found in into.items():
        if rules.max_members is not None:
            programme.add({columns[key]: 1.0 for key in found}, most=float(rules.max_members))
        room = _room(setting, host, rules)
        if np.isfinite(room):
            added = {columns[key]: float(moves.loc[key, "added_ha"]) for key in found}
            programme.add(added, most=max(room, 0.0))
    for _, parks in districts_meant(setting, rules):
        leaving = dict.fromkeys((c for park in parks for c in out.get(park, [])), 1.0)
        programme.add(leaving, least=float(len(parks) - 1))


def _room(setting: Setting, host: str, rules: Rules) -> float:
    most = rules.capacity_ha
    if most is None:
        return np.inf
    limit = most if isinstance(most, (int, float)) else most.get(host, np.inf)
    return float(limit - np.nan_to_num(setting.area_ha[host]))


def districts_meant(setting: Setting, rules: Rules) -> list[tuple[str, list[str]]]:
    """List the districts that may keep one park only, with their counted parks.

    Parameters
    ----------
    setting, rules
        As in :func:`solve`.

    Returns
    -------
    District and parks, sorted; none unless the rules say so.

    Examples
    --------
    >>> from parkmap.consolidation.setting import Setting
    >>> from parkmap.consolidation.rules import Rules
    >>> own = {"a": True, "b": True}
    >>> at = dict.fromkeys("ab", frozenset({"甲区"}))
    >>> setting = Setting(None, (), ("b",), at, own, {}, 1.0, {}, {}, {})
    >>> districts_meant(setting, Rules(one_per_district=True))
    [('甲区', ['b'])]
    """
    meant = rules.one_per_district
    if not meant:
        return []
    standing: dict[str, list[str]] = {}
    for park in sorted({*setting.hosts, *setting.movers}):
        for place in setting.districts[park] if setting.counted[park] else ():
            if isinstance(meant, bool) or place in meant:
                standing.setdefault(place, []).append(park)
    return sorted(standing.items())


def _without_moves(programme: _Programme, standing: float) -> Solution:
    """Nothing can move: fine unless something has to."""
    stuck = any(least > 0 for least in programme.least)
    return Solution({}, np.nan if stuck else -standing, 0.0, feasible=not stuck)


def _run(
    objective: np.ndarray, whole: np.ndarray, programme: _Programme, time_limit_s: float | None
) -> tuple[np.ndarray, float] | None:
    """Solve, and say how far from the best the answer may be; None if there is no plan."""
    options: dict[str, float] = {"mip_rel_gap": 0.0}
    if time_limit_s is not None:
        options["time_limit"] = time_limit_s
    limits = [programme.constraint()] if programme.rows else []
    found = milp(
        -objective, integrality=whole, bounds=Bounds(0, 1), constraints=limits, options=options
    )
    if found.status == _INFEASIBLE:
        return None
    if found.x is not None:
        gap = 0.0 if found.status == 0 else float(found.mip_gap)
        return np.asarray(found.x), gap
    # out of time before any plan was found: that nobody moves is one, unless somebody has to
    if any(least > 0 for least in programme.least):
        raise OptionError(**messages.fault("consolidation.out_of_time"))
    return np.zeros(len(objective)), float("nan")
