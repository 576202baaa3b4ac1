"""One word of the vocabulary, and what a term was read as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One chain or segment.

    Parameters
    ----------
    id
        Stable name in ASCII.
    level
        ``"chain"`` or ``"segment"``.
    parent
        Id of the chain it lies in; "" at the top.
    link
        上游, 中游 or 下游 of its chain; "" where that says nothing.
    name_zh, name_en
        Names.
    gbt4754
        Codes of GB/T 4754-2017.
    local
        True for trades whose market is their surroundings: retail, culture, tourism, logistics.
    """

    id: str
    level: str
    parent: str
    link: str
    name_zh: str
    name_en: str
    gbt4754: tuple[str, ...] = ()
    local: bool = False


@dataclass(frozen=True)
class Match:
    """What a term was read as.

    Parameters
    ----------
    text
        The term.
    node
        Id of the node; None if nothing comes near.
    how
        ``exact``, ``alias``, ``suffix`` (an ending or epithet was dropped), ``decision`` (the
        planner said so), ``proposed`` (merely alike: not used) or ``unmatched``.
    score
        Likeness from 0 to 100.
    """

    text: str
    node: str | None
    how: str
    score: float

    @property
    def accepted(self) -> bool:
        """True if the match is used, False if it is at most a proposal.

        Examples
        --------
        >>> Match("IC", "ic", "alias", 100.0).accepted
        True
        """
        return self.how not in {"proposed", "unmatched"}
