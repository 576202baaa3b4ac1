"""Who can supply whom: one answer for lists, sentences and pages."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parkmap.taxonomy.vocabulary import Vocabulary

    Mix = Mapping[str, float]


def supplied_nodes(nodes: Iterable[str], words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Say which of some nodes supply which.

    Parameters
    ----------
    nodes
        Node ids; unknown ones supply nobody.
    words
        The vocabulary.

    Returns
    -------
    Node -> the nodes it supplies, sorted. A chain word stands for its segments; two chain words,
    and a node and what lies above it, prove no link.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> supplied_nodes(["aero-engines", "aircraft"], load())
    {'aero-engines': ('aircraft',)}
    """
    named = sorted(set(nodes) & set(words.nodes))
    below = {node: set(words.segments(node)) for node in named}
    found = {}
    for giver in named:
        takers = {taker for one in below[giver] for taker in words.adjacency.get(one, ())}
        reached = tuple(
            taker for taker in named if takers & below[taker] and _proves(giver, taker, words)
        )
        if reached:
            found[giver] = reached
    return found


def _proves(giver: str, taker: str, words: Vocabulary) -> bool:
    if words.level(giver) == words.level(taker) == "chain":
        return False
    return not (words.is_at_or_below(giver, taker) or words.is_at_or_below(taker, giver))


def supplies_between(
    left: Mix, right: Mix, supplied: Mapping[str, tuple[str, ...]]
) -> list[tuple[bool, str, str]]:
    """List what two parks can supply each other.

    Parameters
    ----------
    left, right
        Share of each node in either park's mix.
    supplied
        What :func:`supplied_nodes` returned for the layer.

    Returns
    -------
    Whether the left one gives, what is given, what it is given for; links between the larger
    shares first, then by name.

    Examples
    --------
    >>> supplies_between({"a": 0.5, "b": 0.5}, {"c": 1.0}, {"c": ("b",), "a": ("c",)})
    [(True, 'a', 'c'), (False, 'c', 'b')]
    """
    found = [
        (-round(giving[given] * taking[taken], 9), not is_left, given, taken)
        for is_left, giving, taking in ((True, left, right), (False, right, left))
        for given, taken in product(giving, taking)
        if taken in supplied.get(given, ())
    ]
    return [(not is_right, given, taken) for _, is_right, given, taken in sorted(found)]
