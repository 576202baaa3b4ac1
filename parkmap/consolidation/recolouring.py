"""Good turns soon, and fewer of them, for where the solver needs too long."""

from __future__ import annotations

import math
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from parkmap.consolidation.colouring import colour
from parkmap.consolidation.mixes import allowed, coloured, rivalry_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.consolidation.mixes import Colouring, Mixes, Pair, Slot
    from parkmap.consolidation.posing import Posed

    Rank = tuple[float, int, float]

_SEED = 20180117
_STEPS = 60_000
_WARM, _COLD = 1.0, 0.05
_LEFT, _COST = 20.0, 0.05  # beside one change


def rank(mixes: Mixes, found: Colouring) -> Rank:
    """Order choices: least rivalry left, then fewest changes, then least given up.

    Parameters
    ----------
    mixes
        What the parks lead in.
    found
        The choice.

    Returns
    -------
    What choices are ordered by; the least is the best.

    Examples
    --------
    >>> from parkmap.consolidation.mixes import Mixes
    >>> mixes = Mixes({"a": {"x": 1.0}, "b": {"x": 1.0}}, {}, {("a", "b"): 1.0}, (), 0.25)
    >>> rank(mixes, coloured(mixes, {}, 0.0))
    (1.0, 0, 0)
    """
    given = sum(mixes.options[slot][to] for slot, to in found.turns.items())
    return round(found.left, 6), len(found.turns), given


def recoloured(
    mixes: Mixes, start: Mapping[Slot, str], *, deadline: float | None = None
) -> Colouring:
    """Look for turns that leave less rivalry, or as little with fewer changes.

    Parameters
    ----------
    mixes
        Leads, options and pairs.
    start
        Turns that make no new rivals.
    deadline
        Reading of ``time.monotonic()`` at which to stop.

    Returns
    -------
    The best of the start and all that was seen; its gap is not known.

    Notes
    -----
    Simulated annealing: one slot at a time turns, turns elsewhere or turns back; what would make
    new rivals is no step. It says the same again where there is time.

    Examples
    --------
    >>> from parkmap.consolidation.mixes import Mixes
    >>> leads = {"a": {"x": 1.0}, "b": {"x": 1.0}}
    >>> mixes = Mixes(leads, {("a", "x"): {"y": 0.1}}, {("a", "b"): 1.0}, (), 0.25)
    >>> dict(recoloured(mixes, {}).turns)
    {('a', 'x'): 'y'}
    """
    walk, best = _Walk(mixes, dict(start)), coloured(mixes, dict(start), math.nan)
    slots, chance = sorted(mixes.options), random.Random(_SEED)  # noqa: S311 (no secret)
    began, done, lowest = time.monotonic(), 0.0, 0.0
    for step in range(_STEPS if slots else 0):
        if step % 50 == 0:  # short of time it cools faster
            spent = time.monotonic() - began
            hurry = 0.0 if deadline is None else spent / max(deadline - began, 1e-9)
            done = max(done, step / _STEPS, hurry)
            if done >= 1:
                break
        slot = chance.choice(slots)
        to = chance.choice([None, *mixes.options[slot]])
        gained = walk.gain(slot, to)
        heat = _WARM * (_COLD / _WARM) ** done
        if gained >= 0 or chance.random() < math.exp(gained / heat):
            walk.turn(slot, to)
            walk.level -= gained
            if walk.level < lowest - 1e-9:
                lowest = walk.level
                seen = coloured(mixes, dict(walk.turns), math.nan)
                best = min(best, seen, key=lambda found: rank(mixes, found))
    return best


class _Walk:
    """Turns as they stand, and what one more would gain."""

    def __init__(self, mixes: Mixes, turns: dict[Slot, str]) -> None:
        self.mixes, self.turns, self.level = mixes, turns, 0.0
        self.rivals: dict[str, list[Pair]] = {}
        self.others: dict[str, list[tuple[Pair, float]]] = {}
        for key in mixes.rivals:
            for park in key:
                self.rivals.setdefault(park, []).append(key)
        for key in mixes.others:
            most = allowed(mixes, key) + 1e-9
            for park in key:
                self.others.setdefault(park, []).append((key, most))

    def turn(self, slot: Slot, to: str | None) -> None:
        """Let a slot turn, or turn back."""
        self.turns.pop(slot, None)
        if to is not None:
            self.turns[slot] = to

    def gain(self, slot: Slot, to: str | None) -> float:
        """Return what a turn would gain; minus infinity where it may not be."""
        old = self.turns.get(slot)
        if to == old:
            return 0.0
        before = self._weight(slot)
        self.turn(slot, to)
        after = self._weight(slot) if self._fits(slot[0]) else math.inf
        self.turn(slot, old)
        return before - after

    def _weight(self, slot: Slot) -> float:
        to = self.turns.get(slot)
        own = 0.0 if to is None else 1.0 + _COST * self.mixes.options[slot][to]
        found = (rivalry_of(self.mixes, key, self.turns) for key in self.rivals.get(slot[0], ()))
        return own + _LEFT * sum(r for r in found if r >= self.mixes.threshold - 1e-9)

    def _fits(self, park: str) -> bool:
        """Say whether what a park turns to may stand together and makes no new rivals."""
        leads = self.mixes.leads[park]
        turned = {on: to for on in leads if (to := self.turns.get((park, on))) is not None}
        new = [to for to in turned.values() if to not in leads]
        if len(new) > len(set(new)) or any(to in turned for to in turned.values()):
            return False
        others = self.others.get(park, ())
        return all(rivalry_of(self.mixes, key, self.turns) <= most for key, most in others)


def undone(mixes: Mixes, found: Colouring) -> list[Colouring]:
    """Take back one change after another, each time the one that leaves the least rivalry.

    Parameters
    ----------
    mixes
        Leads, options and pairs.
    found
        Turns that make no new rivals.

    Returns
    -------
    A choice for 0, 1, 2, … changes up to all of found, none proven; fewer where no single change
    can be taken back without making new rivals.

    Examples
    --------
    >>> from parkmap.consolidation.mixes import Mixes
    >>> leads = {"a": {"x": 1.0}, "b": {"x": 1.0}}
    >>> mixes = Mixes(leads, {("a", "x"): {"y": 0.1}}, {("a", "b"): 1.0}, (), 0.25)
    >>> [point.left for point in undone(mixes, recoloured(mixes, {}))]
    [1.0, 0.0]
    """
    walk, points = _Walk(mixes, dict(found.turns)), [found]
    while walk.turns:
        gains = {slot: walk.gain(slot, None) for slot in sorted(walk.turns)}
        slot = max(gains, key=gains.__getitem__)
        if math.isinf(gains[slot]):
            points.insert(0, coloured(mixes, {}, math.nan))
            break
        walk.turn(slot, None)
        points.insert(0, coloured(mixes, dict(walk.turns), math.nan))
    return points


def fewest(mixes: Mixes, most: int | None, *, deadline: float | None, posed: Posed) -> Colouring:
    """Solve for the fewest turns; where that is not proven in half the time, look for better.

    Parameters
    ----------
    mixes
        Leads, options and pairs.
    most
        The most turns; None for any number.
    deadline
        Reading of ``time.monotonic()`` at which to stop.
    posed
        The programme of mixes.

    Returns
    -------
    The better of what the solver and the search found.

    Examples
    --------
    >>> from parkmap.consolidation.mixes import Mixes
    >>> from parkmap.consolidation.posing import Posed
    >>> leads = {"a": {"x": 1.0}, "b": {"x": 1.0}}
    >>> mixes = Mixes(leads, {("a", "x"): {"y": 0.1}}, {("a", "b"): 1.0}, (), 0.25)
    >>> dict(fewest(mixes, None, deadline=None, posed=Posed(mixes)).turns)
    {('a', 'x'): 'y'}
    """
    found = colour(mixes, budget=most, deadline=until(deadline, 0.5), posed=posed)
    if found.gap == 0:
        return found
    seen = recoloured(mixes, found.turns, deadline=until(deadline, 0.4))
    points = [point for point in undone(mixes, seen) if most is None or len(point.turns) <= most]
    best = min([found, *points], key=lambda point: rank(mixes, point))
    return replace(best, gap=found.gap)  # the better of the two is no farther from the best


def until(deadline: float | None, share: float) -> float | None:
    """Return when a share of the time that is left will be over.

    Parameters
    ----------
    deadline
        When the time is over, by the monotonic clock; None for never.
    share
        The share of what is left.

    Returns
    -------
    That moment; None for never.

    Examples
    --------
    >>> until(None, 0.5) is None
    True
    """
    if deadline is None:
        return None
    now = time.monotonic()
    return now + max(deadline - now, 0.0) * min(share, 1.0)
