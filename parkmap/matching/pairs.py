"""What speaks for a pair, in points, and what keeps two rows apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from parkmap.messages import half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from parkmap.matching.items import Item, Places
    from parkmap.taxonomy import Vocabulary

#: Points: they sum to 100. A pair needs a shared segment or one that supplies the other.
SAME_SEGMENT, SUPPLIES = 60, 40
SAME_OBJECT, AMOUNT, SAME_PLACE = 10, 20, 10
PARK_SHARE, PARK_MAIN, PARK_PLACE = 10, 10, 20
#: What keeps two apart, the nearest miss first.
REFUSALS = (
    "outdone", "far", "timing", "object", "self", "same_side", "no_side", "old_list",
    "coarse", "other_segment", "nothing",
)  # fmt: skip
_TRADE = ("purchase", "contract")
_FACTORS = ("labour", "finance", "land")


@dataclass(frozen=True, kw_only=True)
class Link:
    """How two go together.

    Parameters
    ----------
    left, right
        Keys: opportunity and demand, or item and park.
    how
        ``segment`` (both name it) or ``supply`` (one supplies the other).
    nodes
        The segment shared; or who supplies and who is supplied.
    sector, object, amount, place
        Points for each.
    traded
        Yuan that both amounts allow; 0 where they cannot be compared.
    distance_m
        Between the parks around both; nan where not known.
    share
        Of a park: the share of the segment in it.
    park_node
        Of a park: the segment it names.
    """

    left: str
    right: str
    how: str
    nodes: tuple[str, ...]
    sector: int
    object: int = 0
    amount: int = 0
    place: int = 0
    traded: int = 0
    distance_m: float = math.nan
    share: float = math.nan
    park_node: str = ""

    @property
    def score(self) -> int:
        """Points, at most 100.

        Examples
        --------
        >>> Link(left="a", right="b", how="segment", nodes=(), sector=60, place=10).score
        70
        """
        return self.sector + self.object + self.amount + self.place


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Says of two rows how they go together, or what keeps them apart.

    Parameters
    ----------
    words
        The vocabulary.
    places
        Where the parks are.
    """

    words: Vocabulary
    places: Places

    @cached_property
    def near(self) -> Callable[[str], frozenset[str]]:
        """Every node that a partner of a node may name: above it, or beside it in a chain."""
        makers: dict[str, set[str]] = {}
        for maker, users in self.words.adjacency.items():
            for user in users:
                makers.setdefault(user, set()).add(maker)

        @cache
        def near(node: str) -> frozenset[str]:
            users = self.words.adjacency.get(node, ())
            return frozenset({*self.above(node), *users, *makers.get(node, ())})

        return near

    def above(self, node: str) -> tuple[str, ...]:
        """Return a node and the chains it lies in.

        Parameters
        ----------
        node
            Its id.

        Returns
        -------
        Ids, the node first.
        """
        return (node, *self.words.ancestors(node))

    def link(
        self, ours: Iterable[str], theirs: Iterable[str], *, side: str = ""
    ) -> tuple[str, tuple[str, ...]]:
        """Return the closest tie between two sets of segments.

        Parameters
        ----------
        ours, theirs
            Segments.
        side
            ``supply`` if we give, ``demand`` if we take, "" if either may supply the other.

        Returns
        -------
        ``segment`` and the one shared, ``supply`` and who supplies whom, or "".
        """
        ours, theirs = sorted(ours), sorted(theirs)
        shared = [node for node in ours if node in theirs]
        if shared:
            return "segment", (shared[0],)
        supplies = self.words.adjacency
        for one in ours:
            for other in theirs:
                if side != "demand" and other in supplies.get(one, ()):
                    return "supply", (one, other)
                if side != "supply" and one in supplies.get(other, ()):
                    return "supply", (other, one)
        return "", ()

    def loose(self, ours: Iterable[str], theirs: Iterable[str]) -> str:
        """Say what two have in common that proves nothing.

        Parameters
        ----------
        ours, theirs
            Segments and chains.

        Returns
        -------
        ``coarse`` where a chain word of one covers the other, ``other_segment`` where both lie in
        one chain, else ``nothing``.
        """
        ours, theirs = list(ours), list(theirs)
        below = self.words.is_at_or_below
        if any(below(a, b) or below(b, a) for a in ours for b in theirs):
            return "coarse"
        chains = [{self.words.chain_of(node) for node in nodes} for nodes in (ours, theirs)]
        return "other_segment" if chains[0] & chains[1] else "nothing"

    def partners(self, left: Item, right: Item) -> Link | str:
        """Judge an opportunity and a demand.

        Parameters
        ----------
        left, right
            The opportunity and the demand.

        Returns
        -------
        Their link, or one of ``REFUSALS``.
        """
        how, nodes = self.link(left.segments, right.segments, side=left.side)
        if not how:
            return self.loose(left.segments + left.chains, right.segments + right.chains)
        scene = left.object == right.object == "scene"
        refusal = _refusal(left, right, scene=scene)
        if refusal:
            return refusal
        apart = self.places.distance_m(left.parks, right.parks)
        if any(apart > item.radius_m for item in (left, right)):
            return "far"
        traded, points = _amounts(left, right)
        return Link(
            left=left.key,
            right=right.key,
            how=how,
            nodes=nodes,
            sector=SAME_SEGMENT if how == "segment" else SUPPLIES,
            object=SAME_OBJECT if left.object and right.object else 0,
            amount=points,
            place=SAME_PLACE if left.parks & right.parks else 0,
            traded=traded,
            distance_m=apart,
        )

    def in_park(
        self,
        item: Item,
        park: str,
        *,
        shares: Mapping[str, float],
        main_for: frozenset[str],
        superseded: bool,
    ) -> Link | str:
        """Judge an item and a park.

        Parameters
        ----------
        item
            The item.
        park
            The park's id.
        shares
            Share of each sector in the park.
        main_for
            Sectors that the park is documented as the main bearing place of.
        superseded
            True for a park of a list no longer in force.

        Returns
        -------
        Their link, or one of ``REFUSALS``.
        """
        segments = [node for node in shares if self.words.level(node) == "segment"]
        how, nodes = self.link(item.segments, segments)
        if not how:
            return self.loose(item.segments + item.chains, shares)
        if superseded:
            return "old_list"
        apart = self.places.distance_m(item.parks, frozenset({park}))
        if apart > item.radius_m:
            return "far"
        linked = next(node for node in reversed(nodes) if node in shares)
        main = PARK_MAIN if main_for & set(nodes) else 0
        return Link(
            left=item.key,
            right=park,
            how=how,
            nodes=nodes,
            sector=SAME_SEGMENT if how == "segment" else SUPPLIES,
            object=half_up(PARK_SHARE * shares[linked]),
            amount=main,
            place=PARK_PLACE if park in item.parks else 0,
            distance_m=apart,
            share=shares[linked],
            park_node=linked,
        )


def _refusal(left: Item, right: Item, *, scene: bool) -> str:
    """Say what keeps two rows of one segment apart; "" if nothing does."""
    if left.party and left.party == right.party:
        return "self"
    if not left.side or not right.side:
        return "no_side"
    if left.side == right.side and not scene:
        return "same_side"
    tried = {left.object, right.object}
    opened = left.object == "scene" and left.side == "demand" and right.object == "goods"
    if len(tried) > 1 and not opened and ("" not in tried or tried & set(_FACTORS)):
        return "object"
    if left.starts and right.until and right.until < left.starts:
        return "timing"
    return ""


def _amounts(left: Item, right: Item) -> tuple[int, int]:
    """Return what both amounts allow, and points for how near they are."""
    kinds = {left.basis, right.basis}
    alike = kinds <= set(_TRADE) or kinds == {"investment"}
    if not (alike and left.amount and right.amount):
        return 0, 0
    least, most = sorted((left.amount, right.amount))
    return least, half_up(AMOUNT * least / most)
