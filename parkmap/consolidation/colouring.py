"""The fewest turns of leading segments that leave the least rivalry, solved."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint

from parkmap.consolidation.mixes import broken, coloured
from parkmap.consolidation.posing import Posed
from parkmap.solver import milp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parkmap.consolidation.mixes import Colouring, Mixes, Slot


def colour(
    mixes: Mixes,
    *,
    budget: int | None = None,
    fixed: Iterable[Slot] = (),
    deadline: float | None = None,
    posed: Posed | None = None,
) -> Colouring:
    """Choose the turns: least rivalry left, then fewest turns, then least given up.

    Parameters
    ----------
    mixes
        Leads, options and pairs.
    budget
        The most turns; any number if not given.
    fixed
        Slots that must stay as they are.
    deadline
        Reading of ``time.monotonic()`` at which to stop with the best found.
    posed
        The programme of mixes, where it is solved more than once.

    Returns
    -------
    The turns.

    Notes
    -----
    x in {0, 1} says what each leading segment turns to. Rivalry of a pair is at least
    ``min(s_i, s_j)`` of each segment that both lead in; it counts where it reaches the threshold.
    List colouring with costs, solved by HiGHS.

    Examples
    --------
    >>> from parkmap.consolidation.mixes import Mixes
    >>> leads = {"a": {"x": 1.0}, "b": {"x": 1.0}}
    >>> options = {("a", "x"): {"y": 0.1}, ("b", "x"): {"y": 0.2}}
    >>> dict(colour(Mixes(leads, options, {("a", "b"): 1.0}, (), 0.25)).turns)
    {('a', 'x'): 'y'}
    """
    posed = posed or Posed(mixes)
    while True:
        found, gap = _run(posed, budget, fixed, deadline)
        turns = {slot: to for slot, to in posed.ways() if found[posed.column(slot, to)] > 0.5}
        made = broken(mixes, turns)
        if not made:
            return coloured(mixes, turns, gap)
        if gap != 0:  # out of time
            return coloured(mixes, {}, math.nan)
        posed.forbid(made)


def _run(
    posed: Posed, budget: int | None, fixed: Iterable[Slot], deadline: float | None
) -> tuple[np.ndarray, float]:
    """Solve; that nothing turns is a choice too, if time is up before another was found.

    Without a budget it is asked first for what leaves no rivalry at all: far the easier question.
    """
    kept = tuple(fixed)
    for clean in (True, False) if budget is None else (False,):
        found, gap = _highs(posed, posed.rooms(budget), posed.tops(kept, clean=clean), deadline)
        if found is not None:
            return found, gap
    return np.zeros(len(posed.rows.price)), math.nan


def _highs(
    posed: Posed, most: np.ndarray, tops: np.ndarray, deadline: float | None
) -> tuple[np.ndarray | None, float]:
    price = np.array(posed.rows.price)
    if not len(price):
        return price, 0.0
    options: dict[str, float] = {"mip_rel_gap": 0.0}
    if deadline is not None:
        options["time_limit"] = deadline - time.monotonic()
        if options["time_limit"] <= 0:
            return None, math.nan
    found = milp(
        price,
        integrality=np.array(posed.rows.whole),
        bounds=Bounds(0, tops),
        constraints=LinearConstraint(posed.matrix, -np.inf, most),
        options=options,
    )
    if found.x is None:
        return None, math.nan
    return np.asarray(found.x), 0.0 if found.status == 0 else float(found.mip_gap)
