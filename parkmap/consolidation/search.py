"""A good plan soon: simulated annealing over moves, for where the solver needs too long."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Pair = tuple[str, str]
    Way = tuple[int, float, float]  # host, what it is worth, ground added

_LEVELS = 60  # temperatures, from where most moves pass to where only gains do
_WARM, _COLD = 0.3, 0.003  # of the greatest worth
_TRIES = 3  # a level, for every way there is
_MOST_TRIES = 600_000
_SEED = 20180117
_EPSILON = 1e-9


@dataclass(frozen=True)
class Task:
    """What is to be chosen and what every choice keeps to.

    Parameters
    ----------
    ways
        (park, host) -> what the move is worth, and the ground it adds to the host.
    rivals
        Pairs of parks -> what it is worth to have them in one park.
    room
        Host -> ground it may take in; a host that is not in it may take in any.
    most_members
        The most parks that may join one host.
    must
        Parks that have to join one.
    leaving
        Parks, and how many of them at least have to join another.
    """

    ways: Mapping[Pair, tuple[float, float]]
    rivals: Mapping[Pair, float] = field(default_factory=dict)
    room: Mapping[str, float] = field(default_factory=dict)
    most_members: float = math.inf
    must: frozenset[str] = frozenset()
    leaving: Sequence[tuple[Sequence[str], int]] = ()

    def worth(self, joins: Mapping[str, str]) -> float:
        """Return what a choice is worth beside that nobody moves.

        Parameters
        ----------
        joins
            Park -> anchor, of the parks that move.

        Returns
        -------
        The worth; 0 if nobody moves and no rivals are in one body.
        """
        gained = sum(self.ways[key][0] for key in joins.items())
        together = (w for (a, b), w in self.rivals.items() if joins.get(a, a) == joins.get(b, b))
        return gained + sum(together)


def search(task: Task, *, deadline: float | None = None) -> dict[str, str] | None:
    """Look for a good choice.

    Parameters
    ----------
    task
        What is to be chosen.
    deadline
        Reading of ``time.monotonic()`` at which to stop.

    Returns
    -------
    Park -> host; None if no choice was found that does what has to be done. It is the same
    whenever the task is the same and there is time.

    Notes
    -----
    Simulated annealing: one park goes to another host or stays, or two change places; at the end
    whatever single step still gains is taken.

    References
    ----------
    Kirkpatrick, S., Gelatt, C. D., Vecchi, M. P. (1983). Optimization by simulated annealing.
    Science 220, 671-680. doi:10.1126/science.220.4598.671

    Examples
    --------
    >>> search(Task({("b", "a"): (1.0, 9.0), ("c", "a"): (0.5, 9.0)}, room={"a": 10.0}))
    {'b': 'a'}
    """
    standing = _Standing(task)
    if not standing.does_what_it_must():
        return None
    if not standing.movers:
        return {}
    tries = min(_TRIES * len(task.ways), _MOST_TRIES // _LEVELS)
    chance = random.Random(_SEED)  # noqa: S311 (no secret)
    best, found = standing.total, standing.at.copy()
    done, began = 0.0, time.monotonic()
    while done < 1:
        standing.anneal(standing.scale * _WARM * (_COLD / _WARM) ** done, tries, chance)
        if standing.total > best + _EPSILON:
            best, found = standing.total, standing.at.copy()
        done += 1 / _LEVELS
        if deadline is not None:  # short of time it cools faster
            spent = time.monotonic() - began
            done = max(done, spent / max(deadline - began, _EPSILON))
    standing.settle(found)
    return standing.joins()


class _Standing:
    """Who is where, in numbers, with what any step would gain."""

    def __init__(self, task: Task) -> None:
        ends = {end for key in task.ways for end in key}
        self.names = sorted(ends | task.must | {p for parks, _ in task.leaving for p in parks})
        place = {name: at for at, name in enumerate(self.names)}
        many = len(self.names)
        self.ways: list[dict[int, Way]] = [{at: (at, 0.0, 0.0)} for at in range(many)]
        for (park, host), (value, added) in sorted(task.ways.items()):
            self.ways[place[park]][place[host]] = (place[host], value, added)
        self.listed = [list(found.values()) for found in self.ways]
        self.movers = [at for at, found in enumerate(self.ways) if len(found) > 1]
        self.rivals: list[dict[int, float]] = [{} for _ in range(many)]
        for (one, other), worth in sorted(task.rivals.items()):
            if one in place and other in place:
                self.rivals[place[one]][place[other]] = worth
                self.rivals[place[other]][place[one]] = worth
        self.room = [task.room.get(name, math.inf) for name in self.names]
        self.most = task.most_members
        self.must = [name in task.must for name in self.names]
        self.groups: list[list[int]] = [[] for _ in range(many)]
        self.spare = [-least for _, least in task.leaving]  # who left beyond those that have to
        for group, (parks, _) in enumerate(task.leaving):
            for park in parks:
                self.groups[place[park]].append(group)
        worths = [*(abs(value) for value, _ in task.ways.values()), *task.rivals.values()]
        self.scale = max(worths, default=0.0) or 1.0
        self._all_stay()

    def _all_stay(self) -> None:
        many = len(self.names)
        self.at = list(range(many))
        self.now: list[Way] = [found[at] for at, found in enumerate(self.ways)]
        self.inside: list[list[int]] = [[] for _ in range(many)]
        self.load, self.total = [0.0] * many, 0.0

    def joins(self) -> dict[str, str]:
        """Return who joins whom."""
        pairs = enumerate(self.at)
        return {self.names[park]: self.names[host] for park, host in pairs if park != host}

    def does_what_it_must(self) -> bool:
        """Let those join that have to, the ones with the fewest ways first."""
        for park in sorted(self.movers, key=lambda at: len(self.ways[at])):
            needed = any(self.spare[group] < 0 for group in self.groups[park])
            if self.at[park] == park and (self.must[park] or needed):
                own = [way for way in self.listed[park] if way[0] != park and self.fits(park, way)]
                if own:
                    self.go(park, max(own, key=lambda way, p=park: self.gain(p, way)))  # type: ignore[misc]
        stuck = any(self.must[park] and self.at[park] == park for park in range(len(self.names)))
        return not stuck and all(spare >= 0 for spare in self.spare)

    def gain(self, park: int, way: Way) -> float:
        """Return what it is worth that a park takes a way."""
        host, now = way[0], self.at[park]
        gained = way[1] - self.now[park][1]
        for rival, worth in self.rivals[park].items():
            if self.at[rival] == host:
                gained += worth
            elif self.at[rival] == now:
                gained -= worth
        return gained

    def fits(self, park: int, way: Way) -> bool:
        """Say whether a park may take a way as things stand."""
        host = way[0]
        if host == park:
            leaves = self.must[park] or any(self.spare[group] < 1 for group in self.groups[park])
            return not leaves
        return (
            self.at[host] == host
            and not self.inside[park]
            and len(self.inside[host]) < self.most
            and self.load[host] + way[2] <= self.room[host] + _EPSILON
        )

    def go(self, park: int, way: Way) -> None:
        """Let a park take a way."""
        self.total += self.gain(park, way)
        old, host = self.at[park], way[0]
        if old != park:
            self.inside[old].remove(park)
            self.load[old] -= self.now[park][2]
        if host != park:
            self.inside[host].append(park)
            self.load[host] += way[2]
        step = (host != park) - (old != park)
        for group in self.groups[park]:
            self.spare[group] += step
        self.at[park], self.now[park] = host, way

    def anneal(self, heat: float, tries: int, chance: random.Random) -> None:
        """Try so many steps at one temperature."""
        draw, movers = chance.random, self.movers
        for _ in range(tries):
            park = movers[int(draw() * len(movers))]
            listed = self.listed[park]
            way = listed[int(draw() * len(listed))]
            if way[0] == self.at[park]:
                continue
            if self.fits(park, way):
                gained = self.gain(park, way)
                if gained >= 0 or draw() < math.exp(gained / heat):
                    self.go(park, way)
            elif self.inside[way[0]]:
                self._make_room(park, way, heat, chance)

    def _make_room(self, park: int, way: Way, heat: float, chance: random.Random) -> None:
        """Let a member of a full host leave for a park: to that one's place if it may, or out."""
        if self.inside[park]:
            return
        old, before = self.now[park], self.total
        other = chance.choice(self.inside[way[0]])
        theirs, out = self.now[other], self.ways[other][other]
        self.go(other, out)
        if self.fits(park, way):
            self.go(park, way)
            back = self.ways[other].get(old[0], out)
            if self.fits(other, back):
                self.go(other, back)
            gained = self.total - before
            kept = gained >= 0 or chance.random() < math.exp(gained / heat)
            if kept and self._does(park) and self._does(other):
                return
            self.go(other, out)
            self.go(park, old)
        self.go(other, theirs)

    def _does(self, park: int) -> bool:
        """Say whether a park does what it must."""
        stays = self.at[park] == park
        return not (stays and self.must[park]) and all(
            self.spare[g] >= 0 for g in self.groups[park]
        )

    def settle(self, found: list[int]) -> None:
        """Go back to where it was best, and take every single step that still gains."""
        for park in self.movers:  # first out of the way, then in
            self.go(park, self.ways[park][park])
        for park in self.movers:
            self.go(park, self.ways[park][found[park]])
        better = True
        while better:
            better = False
            for park in self.movers:
                for way in self.listed[park]:
                    if way[0] != self.at[park] and self.fits(park, way):
                        gained = self.gain(park, way)
                        if gained > _EPSILON:
                            self.go(park, way)
                            better = True
