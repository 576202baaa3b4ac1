"""What a park might turn to: its own other segments first, then along the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parkmap import bodies, taxonomy
from parkmap.consolidation.mixes import Mixes
from parkmap.consolidation.setting import RIVALS, pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parkmap.consolidation.mixes import Pair, Slot
    from parkmap.schema import Analysis
    from parkmap.taxonomy import Vocabulary

#: Kinds of direction, the best founded first, and what each costs beside what is given up.
KINDS = {"own": 0.0, "gap": 0.2, "neighbour": 0.3, "sibling": 0.4}
_MOST = 4  # new directions of a segment at most


def mixes_of(result: Analysis) -> tuple[Mixes, dict[tuple[str, str, str], str]]:
    """Gather leads, directions and pairs of an analysis.

    Parameters
    ----------
    result
        The analysis.

    Returns
    -------
    The mixes, and the kind (a key of ``KINDS``) of each turn (park, segment, to).

    Notes
    -----
    Parks in a pair at risk may turn; a segment that ``main_for`` says a park is the main place of
    stays. A direction costs the share given up, weighed by the park's ground, plus how new it is.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"sectors": [("偏光片",)] * 2}, geometry=[None] * 2, crs=4490)
    >>> mixes, _ = mixes_of(pm.analyze(layer))
    >>> sorted(mixes.leads)
    ['0', '1']
    """
    words = taxonomy.load()
    leads: dict[str, dict[str, float]] = {}
    for (park, node), share in result.shares.items():
        if share > 0 and words.level(node) == "segment":
            leads.setdefault(str(park), {})[str(node)] = float(share)
    rivals = _rivals(result, leads)
    turning = sorted({park for key in rivals for park in key})
    weight = _weights(result)
    named = {node for mix in leads.values() for node in mix}
    options: dict[Slot, dict[str, float]] = {}
    kinds: dict[tuple[str, str, str], str] = {}
    for park in turning:
        main = _main_for(result, words, park)
        for segment, share in leads[park].items():
            ways: dict[str, float] = {}
            for to, kind in _directions(words, leads[park], segment, named):
                ways[to] = share * (0.6 * weight[park] + KINDS[kind])
                kinds[park, segment, to] = kind
            if ways and segment not in main:
                options[park, segment] = ways
    others = _others(result, leads, turning, rivals)
    return Mixes(leads, options, rivals, others, result.criteria.min_rivalry), kinds


def _rivals(result: Analysis, leads: Mapping[str, Mapping[str, float]]) -> dict[Pair, float]:
    """Return the pairs at risk, and how much of their common share counts."""
    found = result.conflicts[result.conflicts["verdict"].isin(RIVALS)]
    rivals: dict[Pair, float] = {}
    for parks, rivalry in zip(found["parks"], found["rivalry"], strict=True):
        one, other = pair(*parks)
        common = sum(min(share, leads[other].get(node, 0)) for node, share in leads[one].items())
        if common > 0:
            rivals[one, other] = min(float(rivalry) / common, 1.0)
    return dict(sorted(rivals.items()))


def _weights(result: Analysis) -> dict[str, float]:
    """Weigh parks by their approved ground, 0 to 1; the mean where it is not known."""
    area = result.parks["approved_area_ha"].astype(float)
    known = area.where(area > 0)
    if known.notna().sum() == 0:
        return dict.fromkeys(result.parks.index, 0.5)
    scaled: dict[str, float] = (known.fillna(known.mean()) / known.max()).to_dict()
    return scaled


def _main_for(result: Analysis, words: Vocabulary, park: str) -> set[str]:
    said = [words.match(term) for term in result.parks.at[park, "main_for"] or ()]
    return {match.node for match in said if match.accepted and match.node}


def _directions(
    words: Vocabulary, own: Mapping[str, float], segment: str, named: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield where a segment might turn, with the kind of direction."""
    yield from ((to, "own") for to in own if to != segment)
    beside = {
        node
        for start in own
        for node in (*words.adjacency.get(start, ()), *_suppliers(words, start))
        if node not in own and words.level(node) == "segment"
    }
    order = {node: at for at, node in enumerate(words.nodes)}
    chosen = sorted(beside, key=lambda node: (node in named, order[node]))[:_MOST]
    yield from ((node, "neighbour" if node in named else "gap") for node in chosen)
    siblings = [
        node
        for node in words.segments(words.chain_of(segment))
        if node not in named and node not in beside
    ]
    yield from ((node, "sibling") for node in siblings[: _MOST - len(chosen)])


def _suppliers(words: Vocabulary, segment: str) -> list[str]:
    return [node for node, customers in words.adjacency.items() if segment in customers]


def _others(
    result: Analysis,
    leads: Mapping[str, Mapping[str, float]],
    turning: list[str],
    rivals: Mapping[Pair, float],
) -> tuple[Pair, ...]:
    """List the pairs that a turn might make rivals: two parties, one of them turning."""
    described = [park for park in result.parks.index if park in leads]
    pairs = sorted({pair(one, other) for one in turning for other in described if one != other})
    open_pairs = [key for key in pairs if key not in rivals]
    policy = bodies.policy_relations(
        result.parks,
        [left for left, _ in open_pairs],
        [right for _, right in open_pairs],
        superseded_lists=result.criteria.superseded_lists,
    )
    apart = np.flatnonzero(policy == "")
    return tuple(open_pairs[at] for at in apart)
