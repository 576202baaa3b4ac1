"""What is said of a group: what it shares, who might lead it, where it lies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from parkmap import schema
from parkmap.taxonomy import split_terms, term_weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary


class Facts(NamedTuple):
    """What is known of parks, to describe a group of them."""

    tiers: Mapping[str, str]
    districts: Mapping[str, str]
    areas: Mapping[str, float]
    segments: Mapping[str, Mapping[str, float]]
    bearers: Mapping[str, set[str]]
    words: Vocabulary
    outputs: Mapping[str, Mapping[str, float]] = {}

    def of(self, members: tuple[str, ...]) -> dict[str, Any]:
        """Return the shared sectors, the proposed lead and the districts of a group.

        Parameters
        ----------
        members
            The ids of its parks.

        Returns
        -------
        ``shared_sectors``, ``lead_park`` and ``districts``.

        Examples
        --------
        >>> from parkmap.taxonomy import load
        >>> segments = {"a": {"printing": 0.4}, "b": {"printing": 0.9}}
        >>> none = dict.fromkeys("ab", "")
        >>> facts = Facts(none, none, {"a": 1.0, "b": 1.0}, segments, {}, load())
        >>> facts.of(("a", "b"))
        {'shared_sectors': ('printing',), 'lead_park': 'b', 'districts': ()}
        """
        shared = self._shared(members)
        districts = (self.districts[park] for park in members)
        made = {park: self._output(park, shared) for park in members}
        told = made if all(made.values()) else dict.fromkeys(members, 0.0)
        return {
            "shared_sectors": shared,
            "lead_park": min(members, key=lambda park: self._rank(park, shared, told[park])),
            "districts": tuple(sorted({d for text in districts for d in text.split("、") if d})),
        }

    def _shared(self, members: tuple[str, ...]) -> tuple[str, ...]:
        named = Counter(node for park in members for node in self.segments.get(park, {}))
        most = max(named.values(), default=0)
        total = {
            node: sum(self.segments.get(park, {}).get(node, 0.0) for park in members)
            for node, number in named.items()
            if number == most and number > 1
        }
        return tuple(sorted(total, key=lambda node: (-round(total[node], 9), node)))

    def _output(self, park: str, shared: tuple[str, ...]) -> float:
        return sum(self.outputs.get(park, {}).get(node, 0.0) for node in shared)

    def _rank(self, park: str, shared: tuple[str, ...], output: float) -> tuple[Any, ...]:
        """Order parks by how well they would lead; the id decides last."""
        near = any(
            self.words.is_at_or_below(node, borne) or self.words.is_at_or_below(borne, node)
            for node in shared
            for borne in self.bearers.get(park, ())
        )
        share = sum(self.segments.get(park, {}).get(node, 0.0) for node in shared)
        tier = self.tiers[park]
        place = schema.TIERS.index(tier) if tier in schema.TIERS else len(schema.TIERS)
        return (not near, -round(output, 9), -round(share, 9), place, -self.areas[park], park)


def facts_of(parks: gpd.GeoDataFrame, shares: pd.Series, words: Vocabulary) -> Facts:
    """Gather what describing groups needs, park by park.

    Parameters
    ----------
    parks
        A parks table with every standard column.
    shares
        Sector shares.
    words
        The vocabulary.

    Returns
    -------
    What is known of each park.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.taxonomy import load
    >>> parks = schema.complete(gpd.GeoDataFrame({"district": ["新都区"]}, geometry=[None]))
    >>> facts_of(parks, pd.Series({("0", "printing"): 1.0}), load()).districts
    {'0': '新都区'}
    """
    areas = pd.to_numeric(parks["approved_area_ha"], errors="coerce").fillna(0.0)
    return Facts(
        tiers=parks["tier"].to_dict(),
        districts=parks["district"].fillna("").astype(str).to_dict(),
        areas=areas.to_dict(),
        segments=segments_of(shares, words),
        bearers=bearers_of(parks, words),
        words=words,
        outputs=outputs_of(parks, words),
    )


def segments_of(shares: pd.Series, words: Vocabulary) -> dict[str, dict[str, float]]:
    """Return each park's segments with their shares.

    Parameters
    ----------
    shares
        Sector shares.
    words
        The vocabulary.

    Returns
    -------
    Park -> segment -> share; a park with none is absent.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> shares = pd.Series({("a", "printing"): 0.5, ("a", "biomedicine"): 0.5})
    >>> segments_of(shares, load())
    {'a': {'printing': 0.5}}
    """
    found: dict[str, dict[str, float]] = {}
    for (park, node), share in zip(shares.index, shares.to_numpy(dtype=float), strict=True):
        if words.level(node) == "segment":
            found.setdefault(park, {})[node] = float(share)
    return found


def bearers_of(parks: gpd.GeoDataFrame, words: Vocabulary) -> dict[str, set[str]]:
    """Return the nodes each park is documented as main bearing place of.

    Parameters
    ----------
    parks
        A parks table with ``main_for``.
    words
        The vocabulary.

    Returns
    -------
    Park -> nodes; a park with none is absent.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> parks = pd.DataFrame({"main_for": [("中药饮片",), ()]}, index=["a", "b"])
    >>> bearers_of(parks, load())
    {'a': {'herbal-slices'}}
    """
    found: dict[str, set[str]] = {}
    for park, stated in parks["main_for"].items():
        texts = (stated,) if isinstance(stated, str) else stated
        for term in (t for text in texts for t in split_terms(text, vocabulary=words)):
            match = words.match(term_weight(term)[0])
            if match.accepted and match.node:
                found.setdefault(park, set()).add(match.node)
    return found


def outputs_of(parks: gpd.GeoDataFrame, words: Vocabulary) -> dict[str, dict[str, float]]:
    """Return the output each park states in money, by node, in ten thousands of yuan.

    Parameters
    ----------
    parks
        A parks table with ``sectors``.
    words
        The vocabulary.

    Returns
    -------
    Park -> node -> amount; a park with none is absent.

    Examples
    --------
    >>> from parkmap.taxonomy import load
    >>> parks = pd.DataFrame({"sectors": [("印刷:2亿元",), ("印刷:0.5",)]}, index=["a", "b"])
    >>> outputs_of(parks, load())
    {'a': {'printing': 20000.0}}
    """
    found: dict[str, dict[str, float]] = {}
    for park, stated in parks["sectors"].items():
        texts = (stated,) if isinstance(stated, str) else stated
        terms = [
            term for text in texts if "元" in text for term in split_terms(text, vocabulary=words)
        ]
        for name, amount in map(term_weight, terms):
            match = words.match(name)
            if amount and match.accepted and match.node:
                made = found.setdefault(park, {})
                made[match.node] = made.get(match.node, 0.0) + amount
    return found
