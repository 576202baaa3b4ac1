"""The sector vocabulary as a whole, and the match of one term."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from parkmap import messages
from parkmap.taxonomy.classes import class_codes
from parkmap.taxonomy.nodes import Match
from parkmap.taxonomy.proposing import nearest_name
from parkmap.taxonomy.text import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.taxonomy.nodes import Node

JOINTS = re.compile(r"以及|及其|及|与|和")
#: 不发展化工 is no 化工.
_NOT = re.compile(r"不(?:发展|再|得|含|包括|新增)|禁止|严禁|限制|淘汰|退出|腾退")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The whole vocabulary; made by :func:`load` and never changed.

    Parameters
    ----------
    nodes
        Nodes by id, parents before children.
    aliases
        Further names, normalised, to node ids.
    adjacency
        Segment to the segments it supplies.
    endings
        Endings and epithets by kind: ``suffix`` and ``prefix`` are dropped, a ``head`` decides
        what a longer word is, a ``nohead`` is too vague for that.
    compounds
        Run-together names, normalised, to their parts.
    reference
        Leading sectors of each zone of the reference catalogue, as written there.
    wholes
        Names that hold a 、 and are one: 石油、煤炭及其他燃料加工业.
    decisions
        What a planner decided, by normalised term; it goes before every name.
    """

    nodes: Mapping[str, Node]
    aliases: Mapping[str, str]
    adjacency: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    compounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reference: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    decisions: Mapping[str, Match] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Ids and names of the nodes, normalised, to node ids.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().names["中药饮片"]
        'herbal-slices'
        """
        return {
            normalise(name): node.id
            for node in self.nodes.values()
            for name in (node.name_en, node.id, node.name_zh)
        }

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Names and aliases, normalised, to node ids; a name goes before an alias."""
        return {**self.aliases, **self.names}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Codes of GB/T 4754-2017 to the narrowest node that carries each.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().codes["36"], load().codes["385"]
        ('automobile', 'home-appliances')
        """
        return {code: node.id for node in self.nodes.values() for code in node.gbt4754}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the nodes directly below each node; "" for the top.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> "chinese-medicine" in load().children["biomedicine"]
        True
        """
        below: dict[str, list[str]] = {"": []}
        for node in self.nodes.values():
            below.setdefault(node.parent, []).append(node.id)
        return {parent: tuple(ids) for parent, ids in below.items()}

    def lookup(self, text: str) -> Match | None:
        """Find a term by decision, name or alias only.

        Parameters
        ----------
        text
            The term.

        Returns
        -------
        The match, or None.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().lookup("偏光片").how
        'alias'
        """
        key = normalise(text)
        if key in self.decisions:
            return replace(self.decisions[key], text=text)
        if key in self.names:
            return Match(text, self.names[key], "exact", 100.0)
        if key in self.aliases:
            return Match(text, self.aliases[key], "alias", 100.0)
        coded = next(filter(None, map(self.codes.get, class_codes(text))), None)
        return Match(text, coded, "alias", 100.0) if coded else None

    def match(self, text: str) -> Match:
        """Read one term.

        Parameters
        ----------
        text
            The term, without separators and weights.

        Returns
        -------
        By name, by alias, after dropping an ending or epithet, by the head of the word
        (矿山机械 is some 机械), else the nearest name as a proposal, else unmatched.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().match("中药饮片加工产业").node
        'herbal-slices'
        >>> load().match("新能源汽机").how
        'proposed'
        """
        found = self.lookup(text)
        if found is not None:
            return found
        key = normalise(text)
        if not key or key in self.endings.get("nohead", {}) or _NOT.match(key):
            return Match(text, None, "unmatched", 0.0)
        node = self._by_ending(key)
        return Match(text, node, "suffix", 90.0) if node else self._proposed(text, key)

    def _by_ending(self, key: str) -> str | None:
        """Return the node of the longest rest that is known, else that of the word's head."""
        empty = self.endings.get("suffix", {})  # 工业 left of 工业研发设计 says nothing
        rests = sorted(self._rests(key) - empty.keys(), key=lambda rest: (-len(rest), rest))
        for rest in rests:
            if rest in self.known:
                return self.known[rest]
        return next(filter(None, map(self._head, rests)), None)

    def _head(self, rest: str) -> str | None:
        """Return the node of the longest tail that is a known word: a Chinese head comes last."""
        heads, vague = self.endings.get("head", {}), self.endings.get("nohead", {})
        for start in range(1, len(rest)):
            tail = rest[start:]
            if tail in heads:
                return heads[tail]
            if tail in vague:  # 原材料 is some 材料, which says nothing
                return None
            if tail in self.known and len(tail) > 1 and not self._is_vague(tail):
                return self.known[tail]
        return None

    def _is_vague(self, tail: str) -> bool:
        """Say whether a known word says too little at the end of a longer one."""
        vague, suffixes = self.endings.get("nohead", {}), self.endings.get("suffix", {})
        bare = (tail[: -len(s)] for s in suffixes if tail.endswith(s))
        return tail.isascii() or tail in vague or any(rest in vague for rest in bare)

    def _rests(self, key: str) -> set[str]:
        """Return the key and what is left of it after dropping endings and epithets, repeatedly."""
        rests, new = {key}, {key}
        suffixes, prefixes = self.endings.get("suffix", {}), self.endings.get("prefix", {})
        while new:
            cut = {rest[: -len(s)] for rest in new for s in suffixes if rest.endswith(s)}
            cut |= {rest[len(p) :] for rest in new for p in prefixes if rest.startswith(p)}
            cut |= {rest[: joint.start()] for rest in new for joint in JOINTS.finditer(rest)}
            new = {rest for rest in cut if len(rest) > 1 or rest in self.known} - rests
            rests |= new
        return rests

    def _proposed(self, text: str, key: str) -> Match:
        """Return the nearest name as a proposal."""
        near, score = nearest_name(key, self._choices)
        if not near:
            return Match(text, None, "unmatched", 0.0)
        return Match(text, self.known[near], "proposed", round(score, 1))

    @cached_property
    def _choices(self) -> tuple[str, ...]:
        """Every normalised name, in a fixed order."""
        return tuple(sorted(key for key in self.known if not self._is_vague(key) or key.isascii()))

    def name(self, node: str, *, lang: str | None = None) -> str:
        """Return a node's name.

        Parameters
        ----------
        node
            Its id; an unknown one is returned as it is.
        lang
            ``"zh"`` or ``"en"``; the language in force if not given.

        Returns
        -------
        The name.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().name("herbal-slices", lang="zh")
        '中药饮片'
        """
        found = self.nodes.get(node)
        if found is None:
            return node
        return found.name_zh if (lang or messages.language()) == "zh" else found.name_en

    def level(self, node: str) -> str:
        """Return whether a node is a chain or a segment.

        Parameters
        ----------
        node
            Its id.

        Returns
        -------
        ``"chain"`` or ``"segment"``.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().level("biomedicine"), load().level("herbal-slices")
        ('chain', 'segment')
        """
        return self.nodes[node].level

    def ancestors(self, node: str) -> tuple[str, ...]:
        """Return the chains a node lies in, the nearest first.

        Parameters
        ----------
        node
            Its id.

        Returns
        -------
        Ids, without the node itself.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().ancestors("herbal-slices")
        ('chinese-medicine', 'biomedicine')
        """
        line = []
        parent = self.nodes[node].parent
        while parent:
            line.append(parent)
            parent = self.nodes[parent].parent
        return tuple(line)

    def chain_of(self, node: str) -> str:
        """Return the nearest chain: the node itself if it is one.

        Parameters
        ----------
        node
            Its id.

        Returns
        -------
        Id of the chain.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().chain_of("herbal-slices")
        'chinese-medicine'
        """
        found = self.nodes[node]
        return found.id if found.level == "chain" else found.parent

    def is_at_or_below(self, node: str, ancestor: str) -> bool:
        """Say whether a node is another one or lies in it.

        Parameters
        ----------
        node, ancestor
            Ids.

        Returns
        -------
        True if so; False too where the node is unknown.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> load().is_at_or_below("herbal-slices", "biomedicine")
        True
        """
        if node == ancestor:
            return True
        return node in self.nodes and ancestor in self.ancestors(node)

    def segments(self, node: str) -> tuple[str, ...]:
        """Return the segments at or below a node.

        Parameters
        ----------
        node
            Its id.

        Returns
        -------
        Ids in the order of the table; a segment is its own.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> "herbal-slices" in load().segments("chinese-medicine")
        True
        """
        if self.nodes[node].level == "segment":
            return (node,)
        return tuple(s for child in self.children.get(node, ()) for s in self.segments(child))
