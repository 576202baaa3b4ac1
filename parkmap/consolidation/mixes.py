"""What parks lead in and might turn to, and what some turns leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Pair = tuple[str, str]
    Slot = tuple[str, str]

BELOW = 1e-4  # a pair is at risk from the threshold on


@dataclass(frozen=True)
class Mixes:
    """What parks lead in, what they might turn to, and which pairs matter.

    Parameters
    ----------
    leads
        Park -> segment -> share of its leading sectors.
    options
        (park, segment) -> what it might turn to -> what that costs, 0 to 1. A segment of the park's
        own takes the share in; another one takes its place.
    rivals
        Pairs at risk -> rivalry per unit of common share (below 1 where a trade is local).
    others
        Pairs that must not become rivals.
    threshold
        Rivalry from which a pair is at risk.
    """

    leads: Mapping[str, Mapping[str, float]]
    options: Mapping[Slot, Mapping[str, float]]
    rivals: Mapping[Pair, float]
    others: tuple[Pair, ...]
    threshold: float


@dataclass(frozen=True)
class Colouring:
    """What the solver found.

    Parameters
    ----------
    turns
        (park, segment) -> the segment it turns to.
    left
        Rivalry left in pairs at risk.
    pairs
        The pairs still at risk.
    gap
        How far from the best the objective may be: 0 proven, nan not known.
    """

    turns: Mapping[Slot, str]
    left: float
    pairs: tuple[Pair, ...]
    gap: float


def mixed(mixes: Mixes, park: str, turns: Mapping[Slot, str]) -> dict[str, float]:
    """Return what a park leads in after its turns.

    Parameters
    ----------
    mixes
        What the parks lead in.
    park
        Its id.
    turns
        Park and segment -> the segment taken up instead.

    Returns
    -------
    Segment -> share.

    Examples
    --------
    >>> mixes = Mixes({"a": {"x": 0.5, "y": 0.5}}, {}, {}, (), 0.25)
    >>> mixed(mixes, "a", {("a", "x"): "y"})
    {'y': 1.0}
    """
    after: dict[str, float] = {}
    for segment, share in mixes.leads[park].items():
        taken = turns.get((park, segment), segment)
        after[taken] = after.get(taken, 0.0) + share
    return after


def rivalry_of(mixes: Mixes, key: Pair, turns: Mapping[Slot, str]) -> float:
    """Return the rivalry of a pair after the turns.

    Parameters
    ----------
    mixes
        What the parks lead in.
    key
        The pair.
    turns
        Park and segment -> the segment taken up instead.

    Returns
    -------
    The rivalry, 0 to 1.

    Examples
    --------
    >>> mixes = Mixes({"a": {"x": 1.0}, "b": {"x": 1.0}}, {}, {("a", "b"): 1.0}, (), 0.25)
    >>> rivalry_of(mixes, ("a", "b"), {}), rivalry_of(mixes, ("a", "b"), {("a", "x"): "y"})
    (1.0, 0.0)
    """
    one, other = (mixed(mixes, park, turns) for park in key)
    common = sum(min(share, other.get(segment, 0.0)) for segment, share in one.items())
    return common * mixes.rivals.get(key, 1.0)


def coloured(mixes: Mixes, turns: Mapping[Slot, str], gap: float) -> Colouring:
    """Say what some turns leave.

    Parameters
    ----------
    mixes
        What the parks lead in.
    turns
        Park and segment -> the segment taken up instead.
    gap
        How far the choice may be from the best.

    Returns
    -------
    The choice with the pairs it leaves at risk and their rivalry.

    Examples
    --------
    >>> mixes = Mixes({"a": {"x": 1.0}, "b": {"x": 1.0}}, {}, {("a", "b"): 1.0}, (), 0.25)
    >>> coloured(mixes, {}, 0.0).left
    1.0
    """
    after = {key: rivalry_of(mixes, key, turns) for key in mixes.rivals}
    at_risk = tuple(key for key, rivalry in after.items() if rivalry >= mixes.threshold - 1e-9)
    return Colouring(turns, sum((after[key] for key in at_risk), 0.0), at_risk, gap)


def broken(mixes: Mixes, turns: Mapping[Slot, str]) -> list[Pair]:
    """List the pairs that turns would make rivals though they are none today.

    Parameters
    ----------
    mixes
        What the parks lead in.
    turns
        Park and segment -> the segment taken up instead.

    Returns
    -------
    The pairs.

    Examples
    --------
    >>> leads = {"a": {"x": 1.0}, "b": {"y": 1.0}}
    >>> mixes = Mixes(leads, {}, {}, (("a", "b"),), 0.25)
    >>> broken(mixes, {}), broken(mixes, {("a", "x"): "y"})
    ([], [('a', 'b')])
    """
    turned = {park for park, _ in turns}
    return [
        key
        for key in mixes.others
        if turned & {*key} and rivalry_of(mixes, key, turns) > allowed(mixes, key) + 1e-9
    ]


def allowed(mixes: Mixes, key: Pair) -> float:
    """Return the most rivalry a pair may come to that is not at risk today.

    Parameters
    ----------
    mixes
        What the parks lead in.
    key
        The pair.

    Returns
    -------
    The rivalry, 0 to 1.

    Examples
    --------
    >>> allowed(Mixes({"a": {}, "b": {}}, {}, {}, (("a", "b"),), 0.25), ("a", "b"))
    0.2499
    """
    return max(mixes.threshold - BELOW, rivalry_of(mixes, key, {}))
