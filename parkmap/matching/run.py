"""From lists and parks to matches, and to every row's place in the result."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import schema, taxonomy
from parkmap.matching.assignment import Pairs, best_pairs
from parkmap.matching.items import Item, Places, read_items
from parkmap.matching.land import available_land
from parkmap.matching.pairs import REFUSALS, Judge, Link
from parkmap.schema import Criteria

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

_LEADS = 3  # nearest misses that are named


@dataclass(frozen=True, kw_only=True)
class Misses:
    """What kept a row without a partner or park.

    Parameters
    ----------
    code
        The nearest miss, one of ``REFUSALS``.
    count
        How many others that is true of.
    leads
        The first of them, by id.
    """

    code: str
    count: int = 0
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Lists matched with each other and with parks.

    Parameters
    ----------
    items
        Every row of every list that was read, by key.
    lists
        The lists as read.
    partners
        Opportunity with demand, the best first.
    places
        Item with park, list by list, the best first.
    others
        Further parks of an item that fit as well or nearly, best first.
    partner_misses, park_misses
        Why a row has no partner, no park; by key.
    wishes
        Item to each park its list wishes for, and what came of that: ``fits`` or one of
        ``REFUSALS``.
    date
        ISO date of the data.
    gap
        The greatest part by which a total of scores could be higher; 0 where proven best.
    per_park
        The most items of one list that a park takes; None without a limit.
    land
        Square metres each park has to give; without those that do not say.
    names
        Name of each park, and ``districts`` its district.

    Examples
    --------
    >>> Matching.__dataclass_params__.frozen
    True
    """

    items: Mapping[str, Item]
    lists: Mapping[str, pd.DataFrame]
    partners: Sequence[Link]
    places: Sequence[Link]
    others: Mapping[str, tuple[str, ...]]
    partner_misses: Mapping[str, Misses]
    park_misses: Mapping[str, Misses]
    wishes: Mapping[str, Mapping[str, str]]
    date: str
    gap: float
    per_park: int | None
    land: Mapping[str, int]
    names: Mapping[str, str]
    districts: Mapping[str, str]

    @property
    def paired(self) -> bool:
        """True if opportunities and demands were matched with each other."""
        return {"opportunities", "demands"} <= set(self.lists)

    def park_of(self, key: str) -> str:
        """Return the park an item belongs to: the one it states, else the one it fits.

        Parameters
        ----------
        key
            The item's key.

        Returns
        -------
        The park's id, "" without one.
        """
        return self.items[key].park or self._matched.get(key, "")

    def fitted_park(self, key: str) -> str:
        """Return the park that is proposed for an item.

        Parameters
        ----------
        key
            The item's key.

        Returns
        -------
        The park's id, "" without one.
        """
        return self._matched.get(key, "")

    @cached_property
    def _matched(self) -> Mapping[str, str]:
        return {link.left: link.right for link in self.places}


@dataclass
class _Tally:
    """Gathers links and misses while rows are compared."""

    links: list[Link] = field(default_factory=list)
    wishes: dict[str, dict[str, str]] = field(default_factory=dict)
    missed: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def note(self, verdict: Link | str, left: str, right: str) -> None:
        if isinstance(verdict, Link):
            self.links.append(verdict)
            verdict = "outdone"
        if verdict != "nothing":
            self.missed[left][verdict].append(right)
            self.missed[right][verdict].append(left)

    def misses(self, keys: Iterable[str], done: set[str]) -> dict[str, Misses]:
        found = {}
        for key in sorted(set(keys) - done):
            near = self.missed.get(key, {})
            code = next((code for code in REFUSALS if near.get(code)), "nothing")
            all_of = sorted(near.get(code, []))
            found[key] = Misses(code=code, count=len(all_of), leads=tuple(all_of[:_LEADS]))
        return found


def match_lists(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    lists: Mapping[str, pd.DataFrame],
    *,
    date: str = "",
    per_park: int | None = None,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
    seconds: float = 20.0,
) -> Matching:
    """Match lists with each other and with parks.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned: share on (``park_id``, ``sector``).
    lists
        ``opportunities``, ``demands``, ``companies``: tables with ``schema.LIST_COLUMNS``.
    date
        ISO date of the data; what ended before takes no part.
    per_park
        The most items of one list that a park takes; None without a limit.
    superseded_lists
        Values of ``list_name`` of parks that nothing is proposed to.
    seconds
        Time for the optimisation.

    Returns
    -------
    The matching. No result depends on the order of rows.

    Notes
    -----
    A pair needs a segment that both name, or one that supplies the other; a shared chain word
    proves nothing. One gives and one takes. Amounts are compared only where both are of one trade
    (采购额 and 合同额), or both investments: then the larger may have several partners, as long
    as what they use of it does not exceed it; else a pair uses up both sides. Where the parks say
    how much ground they have to give, and rows how much they need, no park gives more.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> layer = gpd.GeoDataFrame({"name": ["甲园区"]}, geometry=[None], index=["a"])
    >>> row = {**schema.LIST_COLUMNS, "list": "companies", "party": "乙公司", "segment": "偏光片"}
    >>> shares = pd.Series({("a", "polarisers-and-optical-films"): 1.0})
    >>> found = match_lists(layer, shares, {"companies": pd.DataFrame([row], index=["QY1"])})
    >>> [(link.left, link.right, link.score) for link in found.places]
    [('QY1', 'a', 70)]
    """
    table, words = schema.complete(parks), taxonomy.load()
    places = Places(table)
    judge = Judge(words=words, places=places)
    lists = _apart(lists)
    old = frozenset(map(str, table.index[table["list_name"].isin(superseded_lists)]))
    items = {kind: read_items(lists[kind], places, words, date=date, old=old) for kind in lists}
    every = {key: item for some in items.values() for key, item in some.items()}
    pairs, gap = _Tally(), 0.0
    partners: list[Link] = []
    if {"opportunities", "demands"} <= set(items):
        left, right = _open(items["opportunities"]), _open(items["demands"])
        _compare(left, right, judge, pairs)
        partners, gap = _take(pairs.links, every, None, seconds)
    hosts, settled, land = _Tally(), list[Link](), available_land(table)
    grounds = _grounds(table, shares, words, superseded_lists)
    for some in items.values():
        free = [item for item in _open(some) if not item.park]
        stated = [item.park for item in _open(some) if item.park]
        before = len(hosts.links)
        _settle(free, grounds, judge, hosts)
        room = _room(per_park, stated, places.order)
        ground = _land_left(land, [item for item in _open(some) if item.park])
        taken, more = _take(hosts.links[before:], every, room, seconds, ground)
        settled, gap = settled + taken, max(gap, more)
    paired = {key for link in partners for key in (link.left, link.right)}
    housed = {link.left for link in settled}
    ready = [item.key for item in every.values() if item.state == "open"]
    return Matching(
        items=every, lists=lists, partners=partners, places=settled,
        others=_others(hosts.links, settled),
        partner_misses=pairs.misses(
            [k for k in ready if every[k].kind != "companies"] if len(items) > 1 else [], paired
        ),
        park_misses=hosts.misses([k for k in ready if not every[k].park], housed),
        wishes=hosts.wishes, date=date, gap=gap, per_park=per_park, land=land, names=places.names,
        districts=dict(zip(places.order, map(str, table["district"]), strict=True)),
    )  # fmt: skip


def _apart(lists: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tell ids apart that two lists use."""
    taken: set[str] = set()
    made = {}
    for kind in (kind for kind in schema.LISTS if kind in lists):
        index = [f"{key}@{kind}" if key in taken else str(key) for key in lists[kind].index]
        made[kind] = lists[kind].set_axis(index)
        taken |= set(index)
    return made


def _open(items: Mapping[str, Item]) -> list[Item]:
    return [item for item in items.values() if item.state == "open"]


def _compare(left: Sequence[Item], right: Sequence[Item], judge: Judge, tally: _Tally) -> None:
    """Judge every pair that may have something in common."""
    naming: dict[str, set[int]] = defaultdict(set)
    for at, item in enumerate(right):
        for node in item.segments + item.chains:
            for above in judge.above(node):
                naming[above].add(at)
    for one in left:
        near = frozenset().union(*(judge.near(node) for node in one.segments + one.chains))
        for at in sorted(set().union(*(naming.get(node, ()) for node in near))):
            tally.note(judge.partners(one, right[at]), one.key, right[at].key)


@dataclass(frozen=True)
class _Ground:
    shares: Mapping[str, float]
    main_for: frozenset[str]
    superseded: bool


def _grounds(
    parks: gpd.GeoDataFrame, shares: pd.Series, words: taxonomy.Vocabulary, old: Sequence[str]
) -> dict[str, _Ground]:
    """Gather what each park with a known sector does."""
    does: dict[str, dict[str, float]] = defaultdict(dict)
    for (park, node), share in shares.items():
        does[str(park)][node] = float(share)
    grounds = {}
    for park in sorted(does):
        row = parks.loc[park]
        read = (words.match(taxonomy.term_weight(term)[0]) for term in row["main_for"] or ())
        main_for = frozenset(match.node for match in read if match.accepted and match.node)
        grounds[park] = _Ground(does[park], main_for, row["list_name"] in set(old))
    return grounds


def _settle(
    items: Sequence[Item], grounds: Mapping[str, _Ground], judge: Judge, tally: _Tally
) -> None:
    for item in items:
        if not item.segments + item.chains:
            continue
        for park, ground in grounds.items():
            verdict = judge.in_park(item, park, **vars(ground))
            if park in item.wished:
                said = "fits" if isinstance(verdict, Link) else verdict
                said = "old_list" if ground.superseded else said
                tally.wishes.setdefault(item.key, {})[park] = said
            tally.note(verdict, item.key, park)


def _room(
    per_park: int | None, stated: Sequence[str], parks: Mapping[str, int]
) -> Mapping[str, int] | None:
    """Say how many items each park still takes; what states its park is in it already."""
    if per_park is None:
        return None
    return {park: max(per_park - stated.count(park), 0) for park in parks}


def _land_left(land: Mapping[str, int], stated: Sequence[Item]) -> dict[str, int]:
    """Say how much ground each park still has; what states its park is on it already."""
    left = dict(land)
    for item in stated:
        if item.park in left:
            left[item.park] = max(left[item.park] - item.land_m2, 0)
    return left


def _take(
    links: Sequence[Link],
    items: Mapping[str, Item],
    room: Mapping[str, int] | None,
    seconds: float,
    land: Mapping[str, int] | None = None,
) -> tuple[list[Link], float]:
    """Choose the links that together score the most, the best first."""
    links = [
        link
        for link in links
        if (room is None or room[link.right] > 0)
        and (not land or items[link.left].land_m2 <= land.get(link.right, math.inf))
    ]
    if not links:
        return [], 0.0
    order = sorted(links, key=lambda link: (link.left, link.right))
    lefts, left = np.unique([link.left for link in order], return_inverse=True)
    rights, right = np.unique([link.right for link in order], return_inverse=True)
    left_most = np.array([max(items[key].amount, 1) for key in lefts.tolist()], dtype=np.int64)
    traded = np.array([link.traded for link in order], dtype=np.int64)
    if rights[0] in items:
        right_most = np.array([max(items[k].amount, 1) for k in rights.tolist()], dtype=np.int64)
        left_use = np.where(traded > 0, traded, left_most[left])
        right_use = np.where(traded > 0, traded, right_most[right])
    else:
        left_most = np.ones(len(lefts), dtype=np.int64)
        most = {key: len(order) for key in rights.tolist()} if room is None else room
        right_most = np.array([most[key] for key in rights.tolist()], dtype=np.int64)
        left_use = right_use = np.ones(len(order), dtype=np.int64)
    score = np.array([link.score for link in order], dtype=np.int64)
    pairs = Pairs(left, right, score, left_use, right_use, left_most, right_most)
    needed = np.array([items[link.left].land_m2 for link in order], dtype=np.int64)
    if land and needed.any():
        enough = int(needed.sum())
        has = np.array([land.get(key, enough) for key in rights.tolist()], dtype=np.int64)
        pairs = replace(pairs, more_use=needed, more_most=has)
    chosen, gap = best_pairs(pairs, seconds=seconds)
    taken = [link for link, is_taken in zip(order, chosen, strict=True) if is_taken]
    return sorted(taken, key=lambda link: (-link.score, link.left, link.right)), gap


def _others(links: Sequence[Link], settled: Sequence[Link]) -> dict[str, tuple[str, ...]]:
    """Name the parks that fit an item beside the one it was given, best first."""
    taken: dict[str, Any] = {link.left: link.right for link in settled}
    further: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.left in taken and link.right != taken[link.left]:
            further[link.left].append(link)
    ranked = {
        key: sorted(some, key=lambda link: (-link.score, link.right))
        for key, some in further.items()
    }
    return {key: tuple(link.right for link in some[:_LEADS]) for key, some in ranked.items()}
