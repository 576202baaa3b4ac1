"""How good a plan can be at most, told without a solver: a Lagrangian bound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from parkmap.consolidation.search import Task

    Floats = NDArray[np.float64]

_ROUNDS = 1_500
_PATIENCE = 15  # rounds without a better bound, then smaller steps
_LEAST_STEP = 1e-4


def most_worth(task: Task, reached: float, *, deadline: float | None = None) -> float:
    """Bound what a choice can be worth.

    Parameters
    ----------
    task
        What is to be chosen.
    reached
        What a choice that is known is worth; it sets the length of the steps.
    deadline
        Reading of ``time.monotonic()`` at which to stop with the bound reached.

    Returns
    -------
    No choice is worth more.

    Notes
    -----
    Room and the number of members are priced, and what it is worth to have two rivals in one park
    is split between the two; each park then takes its best way by itself. Any prices and any split
    bound the worth; subgradient steps lower the bound towards that of the linear relaxation.

    References
    ----------
    Fisher, M. L. (1981). The Lagrangian relaxation method for solving integer programming problems.
    Management Science 27(1), 1-18. doi:10.1287/mnsc.27.1.1

    Examples
    --------
    >>> from parkmap.consolidation.search import Task
    >>> task = Task({("b", "a"): (1.0, 9.0), ("c", "a"): (0.5, 9.0)}, room={"a": 9.0})
    >>> 1.0 <= most_worth(task, 1.0) < 1.01
    True
    """
    relaxed = _Relaxed(task)
    best, step, waited = relaxed.bound(), 1.0, 0
    for _ in range(_ROUNDS):
        if step < _LEAST_STEP or best <= reached + 1e-9:
            break
        if deadline is not None and time.monotonic() > deadline:
            break
        relaxed.walk(step, reached)
        now = relaxed.bound()
        waited = 0 if now < best - 1e-9 else waited + 1
        best = min(best, now)
        if waited >= _PATIENCE:
            step, waited = step / 2, 0
    return float(best)


class _Relaxed:
    """The task with prices on what ties the parks to each other."""

    def __init__(self, task: Task) -> None:
        keys = sorted(task.ways)
        column = {key: at for at, key in enumerate(keys)}
        hosts = sorted({host for _, host in keys})
        place = {host: at for at, host in enumerate(hosts)}
        self.host = np.array([place[host] for _, host in keys], dtype=int)
        self.added = np.array([task.ways[key][1] for key in keys])
        self.value = np.array([task.ways[key][0] for key in keys])
        parks = [park for park, _ in keys]
        self.starts = np.flatnonzero([at == 0 or parks[at - 1] != p for at, p in enumerate(parks)])
        self.of = np.cumsum(np.isin(np.arange(len(keys)), self.starts)) - 1
        self._share_out(task, column)
        self.room = np.array([task.room.get(host, np.inf) for host in hosts])
        self.most = task.most_members
        self.price: Floats = np.zeros(len(hosts))
        self.fee: Floats = np.zeros(len(hosts))
        self.split: Floats = self.worth / 2

    def _share_out(self, task: Task, column: dict[tuple[str, str], int]) -> None:
        """Note which two moves bring rivals together; one that joins the other is worth more."""
        hosts: dict[str, list[str]] = {}
        for park, host in column:
            hosts.setdefault(park, []).append(host)
        ends: list[tuple[int, int, float]] = []
        for (one, other), worth in sorted(task.rivals.items()):
            for way in ((one, other), (other, one)):
                if way in column:
                    self.value[column[way]] += worth
            common = set(hosts.get(one, ())) & set(hosts.get(other, ()))
            ends += [(column[one, host], column[other, host], worth) for host in sorted(common)]
        self.left = np.array([left for left, _, _ in ends], dtype=int)
        self.right = np.array([right for _, right, _ in ends], dtype=int)
        self.worth = np.array([worth for _, _, worth in ends], dtype=float)

    def bound(self) -> float:
        """Let every park take its best way at the prices of now; return what that comes to."""
        many = len(self.value)
        offered = self.value - self.price[self.host] * self.added - self.fee[self.host]
        offered += np.bincount(self.left, self.split, many)
        offered += np.bincount(self.right, self.worth - self.split, many)
        best = np.maximum(np.maximum.reduceat(offered, self.starts), 0.0)
        first = np.full(len(self.starts), many)
        wins = np.flatnonzero((offered >= best[self.of]) & (offered > 0))
        np.minimum.at(first, self.of[wins], wins)
        self.taken = np.zeros(many)
        self.taken[first[first < many]] = 1.0
        paid = self.price[self.price > 0] @ self.room[self.price > 0]
        charged = self.fee.sum() * self.most if self.fee.any() else 0.0
        self.now = float(best.sum() + paid + charged)
        return self.now

    def walk(self, step: float, reached: float) -> None:
        """Move prices and split against what the parks just took."""
        many = len(self.price)
        limited = np.isfinite(self.room)
        used = np.bincount(self.host, self.taken * self.added, many)
        over = np.where(limited, used - np.where(limited, self.room, 0.0), 0.0)
        scale = max(float(np.abs(self.added).max()), 1.0)  # hectares beside numbers
        crowd: Floats = np.zeros(many)
        if np.isfinite(self.most):
            crowd[:] = np.bincount(self.host, self.taken, many) - self.most
        lean = self.taken[self.left] - self.taken[self.right]
        size = float((over / scale) @ (over / scale) + crowd @ crowd + lean @ lean)
        if size == 0:
            return
        length = step * max(self.now - reached, 1e-6) / size
        self.price = np.maximum(self.price + length * over / scale**2, 0.0)
        self.fee = np.maximum(self.fee + length * crowd, 0.0)
        self.split = np.clip(self.split - length * lean, 0.0, self.worth)
