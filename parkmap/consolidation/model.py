"""The programme: which parks join which, at the highest score that the rules allow."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parkmap import messages
from parkmap.consolidation.programme import choose
from parkmap.consolidation.search import Task
from parkmap.consolidation.setting import is_customs
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parkmap.consolidation.rules import Rules
    from parkmap.consolidation.setting import Setting

    Pair = tuple[str, str]

_PREFERENCE = 1e-3  # among equals the higher tier, then the larger park takes the others in
_EXACT = 1e-9


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
        How much more the best plan may gain over that nobody moves, relative to what this one
        gains: 0 proven, nan not known.
    feasible
        False if no plan keeps to the rules.
    """

    joins: Mapping[str, str]
    score: float
    gap: float
    feasible: bool = True


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
    same park, in any number. A park that joins takes nobody in. See
    :func:`parkmap.consolidation.programme.choose` for how it is solved.

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
    task = task_of(setting, moves, rules)
    deadline = None if time_limit_s is None else time.monotonic() + time_limit_s
    made = choose(task, deadline=deadline)
    if not made.feasible:
        return Solution({}, math.nan, math.nan, feasible=False)
    if made.joins is None:
        raise OptionError(**messages.fault("consolidation.out_of_time"))
    gained = task.worth(made.joins)
    beyond = made.most - gained
    score = score_of(setting, moves, rules, made.joins)
    if beyond <= _EXACT * max(abs(gained), 1.0):
        return Solution(made.joins, score, 0.0)
    return Solution(made.joins, score, beyond / gained if gained > 0 else math.nan)


def task_of(setting: Setting, moves: pd.DataFrame, rules: Rules) -> Task:
    """Put parks, moves and rules into numbers.

    Parameters
    ----------
    setting, moves, rules
        As in :func:`solve`.

    Returns
    -------
    The task; its worth is the score less that of the plan in which nobody moves.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.consolidation.setting import Setting
    >>> from parkmap.consolidation.rules import Rules
    >>> setting = Setting(None, (), (), {}, {}, {}, 1.0, {("a", "b"): 0.5}, {}, {})
    >>> moves = pd.DataFrame({"gain": [], "cost": [], "added_ha": []})
    >>> dict(task_of(setting, moves, Rules()).rivals)
    {('a', 'b'): 0.25}
    """
    pairs = list(moves.index)
    values = (moves["gain"] - moves["cost"]).to_numpy(dtype=float) - _preference(setting, pairs)
    added = moves["added_ha"].to_numpy(dtype=float)
    hosts = sorted({host for _, host in pairs})
    return Task(
        ways={k: (float(v), float(a)) for k, v, a in zip(pairs, values, added, strict=True)},
        rivals={key: r * rules.rivalry_weight for key, r in sorted(setting.rivals.items())},
        room={host: max(_room(setting, host, rules), 0.0) for host in hosts},
        most_members=math.inf if rules.max_members is None else float(rules.max_members),
        must=frozenset({*rules.must_move, *rules.join}),
        leaving=[(parks, len(parks) - 1) for _, parks in districts_meant(setting, rules)],
    )


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
    told = {p for p in rules.must_not_move if not is_customs(setting.parks.loc[p, "kind"])}
    for park in sorted({*setting.hosts, *setting.movers} | told):
        for place in setting.districts[park] if setting.counted[park] else ():
            if isinstance(meant, bool) or place in meant:
                standing.setdefault(place, []).append(park)
    return sorted(standing.items())
