"""The mixed-integer programme of a choice of moves, part by part, and what stands in for it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint

from parkmap.consolidation.bound import most_worth
from parkmap.consolidation.search import Task, search
from parkmap.solver import milp

if TYPE_CHECKING:
    from collections.abc import Mapping

    Pair = tuple[str, str]
    Row = dict[int, float]

_INFEASIBLE = 2
_FEW_WAYS = 200  # the solver proves these at once
_MOST_ENTRIES = 40_000  # beyond, the solver's presolve alone takes longer than a limit allows
_FIRST = 0.35  # of the time that is left: the share of whoever goes first
_EXACT = 1e-9


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Parameters
    ----------
    joins
        Park -> host; None where nothing was found in time.
    most
        No choice is worth more.
    feasible
        False if no choice keeps to the rules.
    """

    joins: Mapping[str, str] | None
    most: float
    feasible: bool = True


def choose(task: Task, *, deadline: float | None = None) -> Choice:
    """Choose what is worth most.

    Parameters
    ----------
    task
        What is to be chosen.
    deadline
        Reading of ``time.monotonic()`` at which to stop with the best found.

    Returns
    -------
    The choice.

    Notes
    -----
    Parks that no move and no rule ties together are chosen for apart. HiGHS proves each part; where
    there is a deadline, :func:`parkmap.consolidation.search.search` finds a choice for a large part
    first, and the better of the two is taken. A part too large for HiGHS to keep a deadline is
    bounded by :func:`parkmap.consolidation.bound.most_worth`.

    Examples
    --------
    >>> choose(Task({("b", "a"): (1.0, 9.0), ("c", "a"): (0.5, 9.0)}, room={"a": 10.0})).joins
    {'b': 'a'}
    """
    if _stuck(task):
        return Choice(None, math.nan, feasible=False)
    joins: dict[str, str] = {}
    most, missing = 0.0, False
    parts = sorted(_parts(task), key=lambda part: len(part.ways))
    for at, part in enumerate(parts):
        made = _chosen(
            part, _until(deadline, len(part.ways) / sum(len(p.ways) for p in parts[at:]))
        )
        if not made.feasible:
            return made
        most += made.most
        missing |= made.joins is None
        joins |= made.joins or {}
    return Choice(None if missing else joins, most)


def _until(deadline: float | None, share: float) -> float | None:
    if deadline is None:
        return None
    now = time.monotonic()
    return now + max(deadline - now, 0.0) * share


def _stuck(task: Task) -> bool:
    """Say whether somebody has to move who cannot."""
    able = {park for park, _ in task.ways}
    short = any(len(able & set(parks)) < least for parks, least in task.leaving)
    return short or bool(task.must - able)


def _parts(task: Task) -> list[Task]:
    """Split a task where nothing ties its parks together."""
    tied = nx.Graph(task.ways.keys())
    for parks, _ in task.leaving:
        nx.add_path(tied, parks)
    part = {p: at for at, found in enumerate(nx.connected_components(tied)) for p in found}
    ways: dict[int, dict[Pair, tuple[float, float]]] = {}
    for key, way in task.ways.items():
        ways.setdefault(part[key[0]], {})[key] = way
    rivals: dict[int, dict[Pair, float]] = {at: {} for at in ways}
    for key, worth in task.rivals.items():
        at = part.get(key[0], -1)
        if at in rivals and at == part.get(key[1]):
            rivals[at][key] = worth
    return [
        replace(
            task,
            ways=found,
            rivals=rivals[at],
            must=frozenset(park for park in task.must if part[park] == at),
            leaving=[(those, n) for those, n in task.leaving if n > 0 and part[those[0]] == at],
        )
        for at, found in ways.items()
    ]


def _chosen(task: Task, deadline: float | None) -> Choice:
    """Choose for one part."""
    posed = _posed(task)
    if deadline is None:
        return _solved(task, posed, None)
    small = len(task.ways) <= _FEW_WAYS
    tractable = posed.entries <= _MOST_ENTRIES
    found = Choice(None, math.inf)
    if small:
        found = _solved(task, posed, _until(deadline, 1 - _FIRST))
        if not found.feasible or _proven(task, found):
            return found
    soon = _until(deadline, _FIRST)
    joins = search(task, deadline=soon)
    if joins is not None:
        found = _better(task, found, Choice(joins, math.inf))
    reached = task.worth(found.joins) if found.joins is not None else 0.0
    bound = most_worth(task, reached, deadline=_until(deadline, 0.2 if tractable else 1))
    found = Choice(found.joins, min(found.most, bound))
    if not small and (tractable or found.joins is None) and not _proven(task, found):
        solved = _solved(task, posed, deadline)
        found = _better(task, found, solved) if solved.feasible else solved
    return _or_nobody(task, found)


def _or_nobody(task: Task, found: Choice) -> Choice:
    """Take that nobody moves for a choice, where nobody has to and nothing else was found."""
    free = found.feasible and not task.must and not task.leaving
    return Choice({}, found.most) if free and found.joins is None else found


def _better(task: Task, one: Choice, other: Choice) -> Choice:
    most = min(one.most, other.most)
    if one.joins is None or other.joins is None:
        return Choice(other.joins if one.joins is None else one.joins, most)
    ahead = task.worth(one.joins) > task.worth(other.joins) + _EXACT
    return Choice((one if ahead else other).joins, most)


def _proven(task: Task, found: Choice) -> bool:
    return found.joins is not None and found.most <= task.worth(found.joins) + _EXACT


@dataclass
class _Programme:
    """Rows of a mixed-integer programme as they are gathered."""

    columns: dict[Pair, int]
    price: list[float]
    rows: list[Row] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, row: Row, *, least: float = -np.inf, most: float = np.inf) -> None:
        self.rows.append(row)
        self.least.append(least)
        self.most.append(most)

    @property
    def entries(self) -> int:
        return sum(map(len, self.rows))

    def constraint(self) -> LinearConstraint:
        lines = [line for line, row in enumerate(self.rows) for _ in row]
        places = [column for row in self.rows for column in row]
        values = [value for row in self.rows for value in row.values()]
        shape = (len(self.rows), len(self.price))
        return LinearConstraint(
            sparse.csr_matrix((values, (lines, places)), shape=shape), self.least, self.most
        )


def _posed(task: Task) -> _Programme:
    """Write a task down: a column for every move, and one for every meeting of two rivals."""
    columns = {key: at for at, key in enumerate(task.ways)}
    made = _Programme(columns, [value for value, _ in task.ways.values()])
    meetings = _meetings(task, made)
    out: dict[str, list[int]] = {}
    into: dict[str, list[Pair]] = {}
    for key, column in columns.items():
        out.setdefault(key[0], []).append(column)
        into.setdefault(key[1], []).append(key)
    for park, own in out.items():
        made.add(dict.fromkeys(own, 1.0), least=float(park in task.must), most=1.0)
    for (_, host), column in columns.items():
        if host in out:  # who joins takes nobody in
            made.add({column: 1.0, **dict.fromkeys(out[host], 1.0)}, most=1.0)
    for host, found in into.items():
        _fit(made, task, host, found, meetings)
    for parks, least in task.leaving:
        leaving = dict.fromkeys((c for park in parks for c in out.get(park, [])), 1.0)
        made.add(leaving, least=float(least))
    return made


def _meetings(task: Task, made: _Programme) -> dict[Pair, dict[str, int]]:
    """Add a column for two rivals in one host, which is worth something if both join it."""
    hosts: dict[str, set[str]] = {}
    for park, host in made.columns:
        hosts.setdefault(park, set()).add(host)
    meetings: dict[Pair, dict[str, int]] = {}
    for (one, other), worth in task.rivals.items():
        for way in ((one, other), (other, one)):
            if way in made.columns:
                made.price[made.columns[way]] += worth
        for host in sorted((hosts.get(one, set()) & hosts.get(other, set())) - {one, other}):
            met = len(made.price)
            made.price.append(worth)
            for end, rival in ((one, other), (other, one)):
                made.add({met: 1.0, made.columns[end, host]: -1.0}, most=0.0)
                meetings.setdefault((end, host), {})[rival] = met
    return meetings


def _fit(
    made: _Programme,
    task: Task,
    host: str,
    found: list[Pair],
    meetings: Mapping[Pair, Mapping[str, int]],
) -> None:
    """Keep to a host's room and number; a member's rivals have to fit in beside it.

    The rows of the second kind follow from the others and make the relaxation tighter
    (reformulation-linearization).
    """
    room, most = task.room.get(host, math.inf), task.most_members
    if math.isfinite(most):
        made.add({made.columns[key]: 1.0 for key in found}, most=float(most))
    if math.isfinite(room):
        made.add({made.columns[key]: task.ways[key][1] for key in found}, most=max(room, 0.0))
    for key in found:
        rivals, own = meetings.get(key, {}), made.columns[key]
        beside = max(room - task.ways[key][1], 0.0)
        ground = {met: task.ways[rival, host][1] for rival, met in rivals.items()}
        if sum(ground.values()) > beside:
            made.add({**ground, own: -beside}, most=0.0)
        if len(rivals) > most - 1:
            made.add({**dict.fromkeys(rivals.values(), 1.0), own: 1.0 - most}, most=0.0)


def _solved(task: Task, posed: _Programme, deadline: float | None) -> Choice:
    """Solve with HiGHS."""
    options: dict[str, float] = {"mip_rel_gap": 0.0}
    if deadline is not None:
        options["time_limit"] = max(deadline - time.monotonic(), 0.0)
    whole = np.zeros(len(posed.price))
    whole[: len(posed.columns)] = 1
    found = milp(
        -np.array(posed.price),
        integrality=whole,
        bounds=Bounds(0, 1),
        constraints=[posed.constraint()],
        options=options,
    )
    if found.status == _INFEASIBLE:
        return Choice(None, math.nan, feasible=False)
    bound = found.mip_dual_bound
    most = -float(bound) if bound is not None and math.isfinite(bound) else math.inf
    if found.x is None:
        return Choice(None, most)
    chosen = zip(posed.columns, found.x, strict=False)
    joins = {park: host for (park, host), x in chosen if x > 0.5}
    return Choice(joins, task.worth(joins) if found.status == 0 else most)
