"""Rows of a list as something that can be matched: who gives what, where, until when."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import geodesy, schema
from parkmap.taxonomy import split_terms, term_weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from parkmap.taxonomy import Vocabulary

_NAMES = re.compile(r"\s*[、,;/\uff1b\uff0c]\s*")
_BETWEEN = re.compile(r"[、,;/\uff1b\uff0c\s]+|[(\uff08][^()\uff08\uff09]*[)\uff09]?")
#: What changes hands, by what an opportunity or a demand says of itself.
_OBJECTS = {
    "purchase": "goods", "supply": "goods", "research": "technology", "investment": "finance",
    "scene": "scene", "buying": "goods", "selling": "goods", "technology": "technology",
    "labour": "labour", "finance": "finance", "land": "land",
}  # fmt: skip
_SELLERS = ("selling", "scene")
#: What the amount of a need is by its nature.
_NATURE = {
    "buying": "purchase", "selling": "contract", "technology": "contract",
    "finance": "financing", "land": "investment",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row of a list.

    Parameters
    ----------
    key
        Its stable id.
    kind
        The list it stands in.
    party, title
        Who, and what.
    state
        ``open``, or why it takes no part: ``duplicate``, ``closed``, ``expired``, ``blank``.
    side
        ``demand`` (takes), ``supply`` (gives), or "".
    assumed
        True where the side is not written but follows from the list or the purchase.
    object
        What changes hands: goods, technology, labour, finance, land, scene, or "".
    segments, chains
        Nodes of the vocabulary it names; chains only where it names no segment.
    unread
        Words of its sector that the vocabulary does not know.
    astray
        Words it knows, but of another chain than the one written beside them.
    amount, basis
        Yuan (0 where not stated) and what the amount is ("" where it cannot be compared).
    parks
        Parks that lie where it is or wants to be.
    radius_m
        How far it would go; nan where not stated.
    park
        The park it says it belongs to, "" where it says none that is known.
    old_park
        The park it says it belongs to where that is on a list no longer in force, "" if not.
    wished
        Parks the list would like it to go to.
    starts, until
        ISO dates.
    condition
        Conditions, to be checked by people.
    land_m2
        Ground it needs, 0 where not stated.
    """

    key: str
    kind: str
    party: str
    title: str
    state: str
    side: str
    assumed: bool
    object: str
    segments: tuple[str, ...]
    chains: tuple[str, ...]
    unread: tuple[str, ...]
    astray: tuple[str, ...]
    amount: int
    basis: str
    parks: frozenset[str]
    radius_m: float
    park: str
    starts: str
    until: str
    condition: str
    land_m2: int = 0
    old_park: str = ""
    wished: tuple[str, ...] = ()


class Places:
    """Where parks are, and which parks a text means.

    Parameters
    ----------
    parks
        The parks table.

    Examples
    --------
    >>> import geopandas as gpd
    >>> frame = gpd.GeoDataFrame({"name": ["甲园区"], "district": ["双流区"]}, geometry=[None])
    >>> sorted(Places(frame).parks_of("成都市双流区")), Places(frame).park_of("甲园区")
    (['0'], '0')
    """

    def __init__(self, parks: gpd.GeoDataFrame) -> None:
        table = schema.complete(parks)
        self.order = {str(park): place for place, park in enumerate(table.index)}
        self.names = dict(zip(self.order, map(str, table["name"]), strict=True))
        self._named: dict[str, set[str]] = {}
        self._districts: dict[str, set[str]] = {}
        for park, name, code, district in zip(
            self.order, table["name"], table["code"], table["district"], strict=True
        ):
            for word in {park, schema.normalised_name(str(name)), str(code)} - {""}:
                self._named.setdefault(word, set()).add(park)
            for part in _BETWEEN.split(str(district)):
                if part and len(part) > 1:
                    self._districts.setdefault(part, set()).add(park)
        self._apart = _distances(table)
        self.parks_of = lru_cache(maxsize=4096)(self._parks_of)

    def park_of(self, text: str) -> str:
        """Return the park that a text names, by id, code or name; "" where none or several.

        Parameters
        ----------
        text
            As written.

        Returns
        -------
        Its id.
        """
        found = self._named.get(text) or self._named.get(schema.normalised_name(text)) or set()
        return next(iter(found)) if len(found) == 1 else ""

    def each_of(self, text: str) -> dict[str, str]:
        """Return the park that each name in a text means.

        Parameters
        ----------
        text
            Names as written, marks between.

        Returns
        -------
        Name to id, "" where none or several are meant.
        """
        whole = self.park_of(text)
        names = [text] if whole else [name for name in _NAMES.split(text) if name]
        return {name: whole or self.park_of(name) for name in names}

    def _parks_of(self, text: str) -> frozenset[str]:
        """Return the parks in the districts that a text names, or the park it names."""
        if not text:
            return frozenset()
        one = self.park_of(text)
        if one:
            return frozenset({one})
        found = [parks for name, parks in self._districts.items() if name in text]
        return frozenset().union(*found)

    def distance_m(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return the least distance between parks of two sets.

        Parameters
        ----------
        one, other
            Park ids.

        Returns
        -------
        Metres between representative points; nan where a set is empty.
        """
        if not one or not other:
            return math.nan
        i, j = ([self.order[park] for park in sorted(parks)] for parks in (one, other))
        apart = self._apart[np.ix_(i, j)]
        return float(np.nanmin(apart)) if np.isfinite(apart).any() else math.nan


def _distances(parks: gpd.GeoDataFrame) -> NDArray[np.float64]:
    count = len(parks)
    if parks.crs is None or not count:
        return np.full((count, count), math.nan)
    lonlat = geodesy.representative_lonlat(parks)
    apart = np.full((count, count), math.nan)
    known = np.flatnonzero(np.isfinite(lonlat).all(axis=1))
    for i in known:
        apart[i, known] = geodesy.geodesic_distance(
            np.repeat(lonlat[[i]], len(known), axis=0), lonlat[known]
        )
    return apart


def read_items(
    table: pd.DataFrame,
    places: Places,
    words: Vocabulary,
    *,
    date: str = "",
    old: frozenset[str] = frozenset(),
) -> dict[str, Item]:
    """Understand the rows of a list.

    Parameters
    ----------
    table
        A list with ``schema.LIST_COLUMNS``.
    places
        Where the parks are.
    words
        The vocabulary.
    date
        ISO date of the data; what ended before takes no part. "" lets nothing end.
    old
        Parks on a list no longer in force: nothing belongs to them.

    Returns
    -------
    Items by key, sorted by key, so that nothing depends on the order of rows.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from parkmap.taxonomy import load
    >>> row = {**schema.LIST_COLUMNS, "list": "demands", "party": "甲", "segment": "偏光片"}
    >>> table = pd.DataFrame([row], index=["XQ1"])
    >>> layer = gpd.GeoDataFrame({"name": []}, geometry=[])
    >>> read_items(table, Places(layer), load())["XQ1"].side
    'demand'
    """
    read = lru_cache(maxsize=None)(lambda chain, segment: _nodes(chain, segment, words))
    items: dict[str, Item] = {}
    seen: set[tuple[Any, ...]] = set()
    for key, row in sorted(table.to_dict("index").items()):
        made = _item(str(key), row, places, read(row["chain"], row["segment"]), date)
        if made.park in old:
            made = replace(made, park="", old_park=made.park)
        mark = _mark(made, row)
        if made.state == "open" and mark in seen:
            made = replace(made, state="duplicate")
        seen |= {mark} if made.state == "open" else set()
        items[str(key)] = made
    return items


def _mark(item: Item, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what two rows share that say the same thing."""
    who = str(row["credit_code"]) or schema.normalised_name(item.party)
    if item.kind == "companies":
        return (item.kind, who)
    said = (row["title"], row["content"], row["chain"], row["segment"])
    told = tuple(schema.normalised_name(str(text)) for text in said)
    return (item.kind, who, *told, item.amount, item.basis, item.side, item.object)


def _item(
    key: str, row: Mapping[str, Any], places: Places, nodes: tuple[tuple[str, ...], ...], date: str
) -> Item:
    side, assumed = _side(row)
    need = row["need"]
    stated = places.park_of(row["park"]) if row["park"] and need != "land" else ""
    where = row["area"] if row["list"] != "opportunities" else ""
    wished = tuple(filter(None, places.each_of(row["fitting"]).values()))
    parks = frozenset(wished) or next(
        (
            found
            for text in (where, row["park"], row["district"])
            if (found := places.parks_of(text))
        ),
        frozenset(),
    )
    amount = row["amount_cny"]
    basis = row["basis"] or _NATURE.get(need, "")
    name = row["party"] if row["list"] == "companies" else ""
    state = "open"
    if not (row["title"] or row["content"] or row["party"]):
        state = "blank"
    elif row["status"] in ("signed", "lapsed"):
        state = "closed"
    elif date and row["until"] and row["until"] < date:
        state = "expired"
    return Item(
        key=key, kind=row["list"], party=row["party"], state=state, side=side, assumed=assumed,
        title=row["title"] or row["content"] or name,
        object=_OBJECTS.get(row["mode"] or need, ""),
        segments=nodes[0], chains=nodes[1], unread=nodes[2], astray=nodes[3],
        amount=0 if math.isnan(amount) else int(amount), basis=basis,
        parks=parks, radius_m=row["radius_m"], park=stated,
        wished=wished, starts=row["starts"], until=row["until"], condition=row["condition"],
        land_m2=0 if math.isnan(row["land_m2"]) else round(row["land_m2"]),
    )  # fmt: skip


def _side(row: Mapping[str, Any]) -> tuple[str, bool]:
    """Return who gives and who takes; what is not written is assumed only where it is plain."""
    category = str(row["category"]).rpartition("_")[2]
    if category:
        return category, False
    if row["list"] == "opportunities":
        buys = row["mode"] == "purchase" or row["basis"] == "purchase"
        return ("demand", True) if buys else ("", False)
    if row["need"] in ("", "other"):
        return "demand", True  # a list of demands
    return ("supply" if row["need"] in _SELLERS else "demand"), False


def _nodes(chain: str, segment: str, words: Vocabulary) -> tuple[tuple[str, ...], ...]:
    """Read a chain and its segment together: 集成电路 with 封测 is IC封测."""
    wide = split_terms(chain, vocabulary=words) if chain else ()
    terms = wide
    if segment and len(wide) == 1:
        whole = split_terms(f"{term_weight(wide[0])[0]}({segment})", vocabulary=words)
        terms = tuple(dict.fromkeys((*whole, *split_terms(segment, vocabulary=words))))
    elif segment:
        terms = (*wide, *split_terms(segment, vocabulary=words))
    matches = [words.match(term_weight(term)[0]) for term in terms]
    above = [words.match(term_weight(term)[0]) for term in wide]
    stated = [match.node for match in above if match.accepted and match.node]
    nodes, unread, astray = list[str](), list[str](), list[str]()
    for match in matches:
        if not (match.accepted and match.node):
            unread.append(match.text)
        elif words.level(match.node) == "chain" or _goes_with(match.node, stated, words):
            nodes.append(match.node)  # a further chain does no harm: it proves nothing
        else:
            astray.append(match.text)
    nodes = list(dict.fromkeys([*nodes, *stated]))
    segments = tuple(node for node in nodes if words.level(node) == "segment")
    chains = tuple(node for node in nodes if words.level(node) == "chain")
    left = (tuple(dict.fromkeys(some)) for some in (unread, astray))
    return segments, () if segments else chains, *left


def _goes_with(node: str, stated: Sequence[str], words: Vocabulary) -> bool:
    """Say whether a segment belongs to the chain written beside it, or deals with it.

    车辆零部件 beside 轨道交通 is not the part of a car that the word alone would mean.
    """
    if not stated:
        return True
    tops = {(chain, *words.ancestors(chain))[-1] for chain in stated}
    if any(words.is_at_or_below(node, top) or words.is_at_or_below(top, node) for top in tops):
        return True
    beside = {*words.adjacency.get(node, ())}
    beside |= {maker for maker, users in words.adjacency.items() if node in users}
    return any(words.is_at_or_below(other, chain) for other in beside for chain in stated)
