"""What a planner decided about terms the vocabulary does not read, or reads otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from parkmap import messages
from parkmap.errors import InputError
from parkmap.taxonomy.nodes import Match
from parkmap.taxonomy.text import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.taxonomy.vocabulary import Vocabulary


def with_decisions(vocabulary: Vocabulary, decisions: Mapping[str, str]) -> Vocabulary:
    """Return a vocabulary that reads some terms as a planner decided.

    Parameters
    ----------
    vocabulary
        The vocabulary.
    decisions
        Term to node id or name, in either language; "" means the term is left out.

    Returns
    -------
    A vocabulary whose matches of these terms are ``decision``. What it says of the reference
    catalogue does not change: a decision is about the planner's own text.

    Raises
    ------
    InputError
        If a decision names a node that the vocabulary does not have.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> with_decisions(load(), {"大健康": "中药饮片"}).match("大健康")
    Match(text='大健康', node='herbal-slices', how='decision', score=100.0)
    """
    if not decisions:
        return vocabulary
    decided = dict(vocabulary.decisions)
    for term, target in decisions.items():
        found = vocabulary.lookup(target) if target else None
        if target and (found is None or found.node is None):
            raise InputError(**messages.fault("sector.unknown_node", term=term, node=target))
        node = found.node if found else None
        decided[normalise(term)] = Match(term, node, "decision", 100.0)
    return replace(vocabulary, decisions=decided)
