"""Why two parks are called alike: one paragraph to be read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from parkmap import bodies, messages, schema, wording
from parkmap.errors import InputError
from parkmap.schema import Criteria
from parkmap.similarity.features import Layer, make_layer
from parkmap.similarity.null import chance, null_similarities
from parkmap.similarity.pairs import measured_pair
from parkmap.taxonomy import load, supplied_nodes, supplies_between

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

MOST = 3


def explain(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    pairs: pd.DataFrame,
    left: str,
    right: str,
    *,
    overlaps: pd.DataFrame | None = None,
    lang: str | None = None,
    criteria: Criteria | None = None,
    taxonomy: Vocabulary | None = None,
) -> str:
    """Say in one paragraph how two parks stand to each other.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    pairs
        What ``similar_pairs`` returned; a pair that is not in it is measured here.
    left, right
        Two park ids.
    overlaps
        The overlaps table; nothing is said of shared ground if not given.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.
    criteria
        The thresholds of the run; the defaults if not given.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    Distance and tiers, shared ground, how much of the mix is the same, the measure and its chance,
    what is shared and what it contributes, who supplies whom, and the verdict.

    Raises
    ------
    InputError
        If one of the parks has no known sector.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> from parkmap.similarity import similar_pairs
    >>> parks = gpd.GeoDataFrame(
    ...     {"name": ["A", "B"], "sectors": [("IC设计",), ("晶圆制造",)]},
    ...     geometry=gpd.points_from_xy([104.0, 104.1], [30.6] * 2, crs=4326),
    ... )
    >>> shares = sector_shares(parks)
    >>> pairs = similar_pairs(parks, shares, null_draws=0)
    >>> "A (IC design) can supply B (wafer fabrication)" in explain(
    ...     parks, shares, pairs, "0", "1", lang="en")
    True
    """
    asked = criteria or Criteria()
    table = schema.complete(parks)
    first, second = sorted((left, right))
    layer = _layer_with(shares, (first, second), asked, taxonomy or load())
    row = _measured(table, layer, pairs, (first, second), asked)
    names = (_title(table, first, lang), _title(table, second, lang))
    ground = _ground(overlaps, (first, second))
    said = [
        _place(row, names, lang),
        _shared_ground(ground, table, lang),
        _mix(row, asked, lang),
        _shared(layer, first, second, lang),
        *_chain(layer, table, (first, second), lang),
        _verdict(row, table.loc[[first, second]], ground, asked, lang),
    ]
    return (
        messages.text("similarity.explain.stop", lang=lang).join([*filter(None, said), ""]).strip()
    )


def pair_facts(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    pairs: pd.DataFrame,
    left: str,
    right: str,
    *,
    overlaps: pd.DataFrame | None = None,
    criteria: Criteria | None = None,
    taxonomy: Vocabulary | None = None,
) -> dict[str, Any]:
    """Return what :func:`explain` says as figures.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    pairs
        What ``similar_pairs`` returned; a pair that is not in it is measured here.
    left, right
        Two park ids.
    overlaps
        The overlaps table; nothing is said of shared ground if not given.
    criteria
        The thresholds of the run; the defaults if not given.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    The parks and their names, the measure, the columns of pairs, the verdict, ``overlap`` (the
    relation, area and shares of the ground they share, None without), and ``contributions``: the
    narrowest shared sectors with their part of the similarity.

    Raises
    ------
    InputError
        If one of the parks has no known sector.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame({"sectors": [("印刷",)] * 2}, geometry=[None] * 2)
    >>> shares = sector_shares(parks)
    >>> facts = pair_facts(parks, shares, pd.DataFrame(), "0", "1")
    >>> facts["verdict"], facts["contributions"]
    ('rivalry', [{'sector': 'printing', 'share': 1.0}])
    """
    asked = criteria or Criteria()
    table = schema.complete(parks)
    first, second = sorted((left, right))
    layer = _layer_with(shares, (first, second), asked, taxonomy or load())
    row = _measured(table, layer, pairs, (first, second), asked)
    ground = _ground(overlaps, (first, second))
    shown = ("relation", "area_m2", "left_share", "right_share")
    return {
        "parks": [first, second],
        "names": [str(table.loc[park, "name"] or park) for park in (first, second)],
        "measure": asked.measure,
        **{str(key): value for key, value in row.items()},
        "verdict": _settled(row, table.loc[[first, second]], ground, asked)[0],
        "overlap": {key: ground[key] for key in shown} if ground["parks"] else None,
        "contributions": [
            {"sector": node, "share": round(float(weight), 9)}
            for node, weight in _reasons(layer, first, second).items()
        ],
    }


def _layer_with(
    shares: pd.Series, pair: tuple[str, str], criteria: Criteria, words: Vocabulary
) -> Layer:
    layer = make_layer(
        shares,
        words,
        measure=criteria.measure,
        set_aside_share=criteria.set_aside_share,
        set_aside_parks=criteria.set_aside_parks,
    )
    for park in pair:
        if park not in layer.parks:
            raise InputError(**messages.fault("similarity.no_sectors"), park=park)
    return layer


def _measured(
    parks: gpd.GeoDataFrame,
    layer: Layer,
    pairs: pd.DataFrame,
    pair: tuple[str, str],
    criteria: Criteria,
) -> pd.Series:
    if pair in pairs.index:
        return cast("pd.Series", pairs.loc[pair])
    row = measured_pair(parks, layer, *pair, criteria)
    null = null_similarities(layer, draws=criteria.null_draws, seed=criteria.seed)
    row["p"] = float(chance(np.array([row["similarity"]], dtype=float), null)[0])
    return row


def _title(parks: gpd.GeoDataFrame, park: str, lang: str | None) -> str:
    """Return a park's name with its tier and district, as far as they are known."""
    facts = parks.loc[park]
    tier = messages.text(f"terms.tier.{facts['tier']}", lang=lang) if facts["tier"] else ""
    about = [str(fact) for fact in (tier, facts["district"]) if fact]
    name = str(facts["name"] or park)
    if not about:
        return name
    return messages.text(
        "similarity.explain.title", lang=lang, name=name, about=_listed(about, lang)
    )


def _listed(names: Iterable[str], lang: str | None) -> str:
    return messages.listed(names, lang=lang)


def _place(row: pd.Series, names: tuple[str, str], lang: str | None) -> str:
    left, right = names
    if pd.isna(row["distance_m"]):
        return messages.text("similarity.explain.nowhere", lang=lang, left=left, right=right)
    distance = messages.distance(row["distance_m"], lang=lang)
    return messages.text(
        "similarity.explain.place", lang=lang, left=left, right=right, distance=distance
    )


def _ground(overlaps: pd.DataFrame | None, pair: tuple[str, str]) -> dict[str, Any]:
    """Return what two parks share on the ground; no parks where they share none."""
    if overlaps is None or pair not in overlaps.index:
        return {"relation": "", "nesting": "", "parks": ()}
    found: dict[str, Any] = overlaps.loc[pair].to_dict()
    adjacent = found["relation"] == "adjacent"  # ground of neither is the other's
    return {**found, "parks": () if adjacent else pair}


def _shared_ground(ground: dict[str, Any], parks: gpd.GeoDataFrame, lang: str | None) -> str:
    if not ground["parks"]:
        return ""
    body = bodies.body_of(ground, parks)
    return messages.text(
        f"similarity.explain.ground{'_named' if body else ''}",
        lang=lang,
        area=messages.area(ground["area_m2"], lang=lang),
        left=messages.share(ground["left_share"], lang=lang),
        right=messages.share(ground["right_share"], lang=lang),
        relation=messages.text(f"terms.relation.{ground['relation']}", lang=lang),
        body=body,
    )


def _mix(row: pd.Series, criteria: Criteria, lang: str | None) -> str:
    said = messages.text(
        "similarity.explain.mix",
        lang=lang,
        overlap=messages.percent(row["overlap_share"]),
        measure=messages.text(f"terms.measure.{criteria.measure}", lang=lang),
        similarity=f"{row['similarity']:.2f}",
    )
    if pd.isna(row["p"]):
        return said
    said += messages.text("similarity.explain.chance", lang=lang, share=messages.percent(row["p"]))
    if row["similarity"] >= criteria.min_similarity and not _beyond_chance(row, criteria):
        said += messages.text(
            "similarity.explain.by_chance",
            lang=lang,
            asked=f"{criteria.min_similarity:.2f}",
            chance=messages.percent(1 - criteria.null_quantile),
        )
    return said


def _shared(layer: Layer, left: str, right: str, lang: str | None) -> str:
    """Name the shared nodes and what each adds to the similarity."""
    weights = _reasons(layer, left, right)
    if not weights:
        return messages.text("similarity.explain.apart", lang=lang)
    reasons = [
        messages.text(
            "similarity.explain.reason",
            lang=lang,
            sector=layer.vocabulary.name(node, lang=lang),
            share=messages.percent(weight),
        )
        for node, weight in list(weights.items())[:MOST]
    ]
    return messages.text("similarity.explain.shared", lang=lang, reasons=_listed(reasons, lang))


def _reasons(layer: Layer, left: str, right: str) -> dict[str, float]:
    """Split the similarity among the narrowest shared nodes, wider ones passing theirs down."""
    i, j = layer.parks.index(left), layer.parks.index(right)
    parts = layer.features[i].multiply(layer.features[j]).toarray().ravel()
    least = layer.carried[i].minimum(layer.carried[j]).toarray().ravel()
    words = layer.vocabulary
    shared = [layer.nodes[k] for k in np.flatnonzero(least)]
    wide = {above for node in shared for above in words.ancestors(node)}
    size = {node: least[layer.nodes.index(node)] for node in shared if node not in wide}
    weights = dict.fromkeys(size, 0.0)
    for k in np.flatnonzero(parts):
        below = [node for node in size if words.is_at_or_below(node, layer.nodes[k])]
        total = sum(size[node] for node in below)
        for node in below:
            weights[node] += parts[k] / parts.sum() * size[node] / total
    ranked = sorted(weights, key=lambda node: (-round(weights[node], 9), node))
    return {node: weights[node] for node in ranked if weights[node] > 0}


def _chain(
    layer: Layer, parks: gpd.GeoDataFrame, pair: tuple[str, str], lang: str | None
) -> list[str]:
    """Say which sector of one park supplies which of the other."""
    words = layer.vocabulary
    supplied = supplied_nodes(set(layer.nodes) - layer.common, words)
    left, right = pair
    mixes = _mix_of(layer, left), _mix_of(layer, right)
    found = [
        (left, given, right, taken) if leftward else (right, given, left, taken)
        for leftward, given, taken in supplies_between(mixes[0], mixes[1], supplied)
    ]
    names = {park: str(parks.loc[park, "name"] or park) for park in pair}
    return wording.supply_phrases(found, names, lang=lang)[:MOST]


def _mix_of(layer: Layer, park: str) -> dict[str, float]:
    row = layer.named[layer.parks.index(park)]
    return {layer.nodes[at]: share for at, share in zip(row.indices, row.data, strict=True)}


def _kind(row: pd.Series, criteria: Criteria) -> str:
    """Return the verdict the thresholds give; policy may still explain the pair."""
    alike = row["similarity"] >= criteria.min_similarity and _beyond_chance(row, criteria)
    rival = alike and row["rivalry"] >= criteria.min_rivalry
    chained = row["synergy"] >= criteria.min_synergy
    kinds = {
        "coopetition": rival and chained,
        "rivalry": rival,
        "complementary": chained,
        "coarse": alike and row["coarse"] and row["coarse_share"] >= criteria.min_rivalry,
    }
    return next((name for name, holds in kinds.items() if holds), "unrelated")


def _beyond_chance(row: pd.Series, criteria: Criteria) -> bool:
    return bool(
        schema.beyond_chance(row["similarity"], row["p"], null_quantile=criteria.null_quantile)
    )


def _settled(
    row: pd.Series, parks: gpd.GeoDataFrame, ground: dict[str, Any], criteria: Criteria
) -> tuple[str, str]:
    """Return the verdict on the two parks and why policy settles it, as the findings have both."""
    kind = _kind(row, criteria)
    if kind in ("unrelated", "complementary"):
        return kind, ""
    if ground["relation"] == "duplicate":
        return kind, "duplicate"
    old = criteria.superseded_lists
    policy = str(
        bodies.policy_relations(parks, parks.index[:1], parks.index[1:], superseded_lists=old)[0]
    )
    if policy == "superseded":
        return kind, policy
    told = ground["relation"] == "nested" and ground["nesting"] != "undeclared"
    return ("internal", policy or "nested") if policy or told else (kind, "")


def _verdict(
    row: pd.Series,
    parks: gpd.GeoDataFrame,
    ground: dict[str, Any],
    criteria: Criteria,
    lang: str | None,
) -> str:
    kind, why = _settled(row, parks, ground, criteria)
    figures = {key: f"{row[key]:.2f}" for key in ("rivalry", "synergy")}
    return messages.text(
        "similarity.explain.verdict",
        lang=lang,
        verdict=messages.text(f"terms.verdict.{kind}", lang=lang),
        why=messages.text(f"similarity.explain.because.{why}", lang=lang) if why else "",
        **figures,
    )
