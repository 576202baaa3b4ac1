"""The parks before anybody moves: who may take others in, who may join."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from parkmap import bodies, geodesy, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from parkmap.consolidation.rules import Rules
    from parkmap.schema import Analysis

RIVALS = ("rivalry", "coopetition")
_BRACKET = re.compile(r"[((][^))]*[))]?")
_BETWEEN = re.compile(r"[、,,;;/]")
_CUSTOMS = ("海关", "保税", "出口加工")


@dataclass(frozen=True)
class Setting:
    """What is known about the parks before anybody moves.

    Parameters
    ----------
    parks
        The parks table.
    hosts
        Parks that others may join, the first choice first.
    movers
        Parks that may join another.
    districts, counted
        Districts of each park (:func:`place_names`), and whether the system counts it.
    area_ha, mean_ha
        Ground of each park: as drawn, else as approved, else nan; and the mean.
    rivals
        Rivalry of each pair of rivals, left < right.
    synergy
        Synergy of each pair.
    shared
        Shared ground of each pair: relation, nesting, area_m2 and the share of either.
    findings
        Findings of each pair: a move that nobody asked for rests on at least one.
    ties
        Park on a superseded list and host -> what policy says of the two, as the findings have it.
    """

    parks: gpd.GeoDataFrame
    hosts: tuple[str, ...]
    movers: tuple[str, ...]
    districts: Mapping[str, frozenset[str]]
    counted: Mapping[str, bool]
    area_ha: Mapping[str, float]
    mean_ha: float
    rivals: Mapping[tuple[str, str], float]
    synergy: Mapping[tuple[str, str], float]
    shared: Mapping[tuple[str, str], Mapping[str, Any]]
    findings: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    ties: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def places(self) -> frozenset[str]:
        """The districts of the layer."""
        return frozenset(place for found in self.districts.values() for place in found)


def pair(one: str, other: str) -> tuple[str, str]:
    """Return two ids in order.

    Parameters
    ----------
    one
        An id.
    other
        Another.

    Returns
    -------
    The two, the lesser first.

    Examples
    --------
    >>> pair("b", "a")
    ('a', 'b')
    """
    return (one, other) if one < other else (other, one)


def setting_of(result: Analysis, rules: Rules) -> Setting:
    """Sort the parks into those that stay and those that may join.

    Parameters
    ----------
    result
        The analysis.
    rules
        Rules with ids.

    Returns
    -------
    The setting. Counted national and provincial parks are hosts and stay; counted municipal parks
    are hosts for each other and may move; parks beside the system, or on a superseded list, may
    only move. Customs zones are
    approved by the State Council as such and take no part.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap import analyze
    >>> from parkmap.consolidation.rules import Rules
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A"], "tier": ["national"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000)])
    >>> setting_of(analyze(parks), Rules()).hosts
    ('0',)
    """
    parks = result.parks
    area = _areas(parks)
    founding = {park for members in rules.new.values() for park in members}
    chosen = parks[~parks.index.isin(founding)]
    counted = chosen["counted"].astype(bool)
    customs = chosen["kind"].map(is_customs)
    high = chosen["tier"].isin(schema.TIERS[:2])
    anchors = {*chosen.index[high & counted & ~customs], *rules.anchors}
    lower = chosen["tier"] == "municipal"
    current = ~chosen["list_name"].isin(result.criteria.superseded_lists)
    hosts = {*anchors, *chosen.index[counted & lower & current & ~customs]}
    free = {*rules.may_move, *rules.must_move, *rules.join}
    movers = {*chosen.index[~high & ~customs]} | free
    movers -= {*rules.must_not_move, *rules.anchors}
    first = tuple(sorted(hosts | set(rules.join.values()), key=_first_choice(parks, area)))
    return Setting(
        parks=parks,
        hosts=first,
        movers=tuple(sorted(movers)),
        districts=parks["district"].map(place_names).to_dict(),
        counted=parks["counted"].astype(bool).to_dict(),
        area_ha=area,
        mean_ha=float(np.mean(known)) if (known := [a for a in area.values() if a > 0]) else 1.0,
        rivals=_rivals(result),
        synergy=result.pairs["synergy"].to_dict(),
        shared=_shared(result.overlaps),
        findings=_findings(result),
        ties=_ties(parks, chosen.index[~current & chosen.index.isin(movers)], first),
    )


def _ties(
    parks: gpd.GeoDataFrame, old: Iterable[str], hosts: Iterable[str]
) -> dict[tuple[str, str], str]:
    pairs = [(park, host) for park in old for host in hosts if park != host]
    found = bodies.policy_relations(
        parks, [park for park, _ in pairs], [host for _, host in pairs], superseded_lists=()
    )
    return {key: tie for key, tie in zip(pairs, found, strict=True) if tie}


def _areas(parks: gpd.GeoDataFrame) -> dict[str, float]:
    drawn = pd.Series(geodesy.ellipsoidal_area(parks.geometry, parks.crs) / 1e4, index=parks.index)
    approved = pd.to_numeric(parks["approved_area_ha"], errors="coerce")
    return drawn.where(drawn > 0, approved.where(approved > 0)).to_dict()


def _first_choice(parks: gpd.GeoDataFrame, area: Mapping[str, float]) -> Any:
    """Order hosts: counted, the higher tier, the larger, the id."""
    tiers = {tier: place for place, tier in enumerate(schema.TIERS)}

    def key(park: str) -> tuple[Any, ...]:
        row = parks.loc[park]
        place = tiers.get(row["tier"], len(tiers))
        return (not row["counted"], place, -np.nan_to_num(area[park]), park)

    return key


def _rivals(result: Analysis) -> dict[tuple[str, str], float]:
    found = result.conflicts[result.conflicts["verdict"].isin(RIVALS)]
    pairs = (pair(*parks) for parks in found["parks"])
    return dict(zip(pairs, found["rivalry"].astype(float), strict=True))


def _findings(result: Analysis) -> dict[tuple[str, str], tuple[str, ...]]:
    """List the findings of each pair, however many claim the same piece with the two."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    real = result.conflicts[~result.conflicts["relation"].isin(["sliver", "adjacent"])]
    for finding, parks in zip(real.index, real["parks"], strict=True):
        for key in combinations(sorted(parks), 2):
            found[key] = (*found.get(key, ()), str(finding))
    return found


def _shared(overlaps: gpd.GeoDataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    real = overlaps[~overlaps["relation"].isin(["sliver", "adjacent"])]
    facts = real[["relation", "nesting", "area_m2", "left_share", "right_share"]]
    return dict(zip(real.index, facts.to_dict("records"), strict=True))


def place_names(district: str | None) -> frozenset[str]:
    """Return the districts of a park, without what brackets add.

    Parameters
    ----------
    district
        What the column says, or None.

    Returns
    -------
    The names.

    Examples
    --------
    >>> sorted(place_names("郫都区(高新西区)、双流区"))
    ['双流区', '郫都区']
    """
    said = _BRACKET.sub("", unicodedata.normalize("NFKC", str(district or "")))
    return frozenset(place.strip() for place in _BETWEEN.split(said) if place.strip())


def is_customs(kind: str | None) -> bool:
    """Say whether a kind of park is a customs special zone.

    Parameters
    ----------
    kind
        What the column says, or None.

    Returns
    -------
    True or false.

    Examples
    --------
    >>> is_customs("综合保税区")
    True
    """
    return any(word in str(kind or "") for word in _CUSTOMS)
