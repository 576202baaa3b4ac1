"""What each park does: its leading sectors as shares of the vocabulary's nodes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import messages, schema
from parkmap.errors import InputError
from parkmap.schema import Criteria
from parkmap.taxonomy import Match, load, split_terms, term_weight, with_decisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

MATCH_COLUMNS = ("park_id", "text", "node", "how", "score", "weight")
SECTOR_COLUMNS = (
    "name_zh",
    "name_en",
    "level",
    "chain",
    "n_parks",
    "share_of_parks",
    "parks",
    "coarse",
    "set_aside",
    "main_for",
)


def sector_matches(
    parks: gpd.GeoDataFrame,
    *,
    taxonomy: Vocabulary | None = None,
    decisions: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read every term of every park.

    Parameters
    ----------
    parks
        A parks table; ``sectors`` holds terms, with a weight after a colon where one is known.
    taxonomy
        The vocabulary; the shipped one if not given.
    decisions
        What a planner decided: term to node id or name; "" means the term is left out.

    Returns
    -------
    One row a term with the columns ``park_id``, ``text``, ``node`` (None if nothing comes near),
    ``how`` and ``score`` as in :class:`parkmap.taxonomy.Match`, and ``weight``: its part of the
    park's text, summing to 1 a park. Terms that carry no figure share what the others leave.

    Raises
    ------
    InputError
        If a decision names a node that the vocabulary does not have.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"sectors": [("中药饮片", "生物医药")]}, geometry=[None])
    >>> list(sector_matches(parks)["node"])
    ['herbal-slices', 'biomedicine']
    """
    words = with_decisions(taxonomy or load(), decisions or {})
    seen: dict[str, Match] = {}
    rows: list[tuple[Any, ...]] = []
    table = schema.complete(parks)
    for park, name, sectors in zip(table.index, table["name"], table["sectors"], strict=True):
        for term, weight in _weighted(sectors, words, name):
            if term not in seen:
                seen[term] = words.match(term)
            found = seen[term]
            rows.append((park, term, found.node, found.how, found.score, weight))
    return pd.DataFrame(rows, columns=list(MATCH_COLUMNS)).astype(
        {"park_id": object, "node": object, "weight": float, "score": float}
    )


def sector_shares(
    parks: gpd.GeoDataFrame,
    *,
    taxonomy: Vocabulary | None = None,
    decisions: Mapping[str, str] | None = None,
) -> pd.Series:
    """Return what share of each park each sector is.

    Parameters
    ----------
    parks
        A parks table.
    taxonomy
        The vocabulary; the shipped one if not given.
    decisions
        What a planner decided: term to node id or name.

    Returns
    -------
    Series ``share`` on (``park_id``, ``sector``), sorted by sector within the order of parks; it
    sums to 1 a park. Only what was understood counts: a term that is merely proposed is left out,
    and a park without any known sector is absent, never zero.

    Notes
    -----
    Without stated weights every sector of a park counts the same, which is what a list of leading
    sectors says and no more. Where output or revenue is known, give it as the weight.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"sectors": [("集成电路:3", "医药:1"), ()]}, geometry=[None] * 2)
    >>> sector_shares(parks).to_dict()
    {('0', 'biomedicine'): 0.25, ('0', 'ic'): 0.75}
    """
    matches = sector_matches(parks, taxonomy=taxonomy, decisions=decisions)
    used = matches[~matches["how"].isin(["proposed", "unmatched"]) & (matches["weight"] > 0)]
    used = used[used["how"].ne("decision") | used["node"].notna()]
    sums = used.groupby(["park_id", "node"], sort=False)["weight"].sum()
    totals = sums.groupby(level=0).transform("sum")
    order = {park: place for place, park in enumerate(schema.complete(parks).index)}
    index = pd.MultiIndex.from_tuples(sums.index, names=["park_id", "sector"])
    shares = pd.Series((sums / totals).to_numpy(dtype=float), index=index, name="share")
    places = sorted(range(len(shares)), key=lambda i: (order[index[i][0]], index[i][1]))
    return shares.iloc[places]


def matched_share(
    parks: gpd.GeoDataFrame,
    *,
    taxonomy: Vocabulary | None = None,
    decisions: Mapping[str, str] | None = None,
) -> pd.Series:
    """Return how much of each park's text was understood.

    Parameters
    ----------
    parks
        A parks table.
    taxonomy
        The vocabulary; the shipped one if not given.
    decisions
        What a planner decided: term to node id or name.

    Returns
    -------
    Series ``matched_share`` on the index of parks; nan for a park that says nothing.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"sectors": [("医药", "某某某")]}, geometry=[None])
    >>> float(matched_share(parks).iloc[0])
    0.5
    """
    matches = sector_matches(parks, taxonomy=taxonomy, decisions=decisions)
    used = matches["weight"].where(~matches["how"].isin(["proposed", "unmatched"]), 0.0)
    understood = used.groupby(matches["park_id"]).sum()
    index = schema.complete(parks).index
    return understood.reindex(index).astype(float).rename("matched_share")


def sector_table(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    *,
    taxonomy: Vocabulary | None = None,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
) -> pd.DataFrame:
    """Count who names what: the table 主导产业重复情况表.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What :func:`sector_shares` returned.
    taxonomy
        The vocabulary; the shipped one if not given.
    set_aside_share, set_aside_parks
        A sector that more than this share of at least so many parks carry, itself or something
        narrower, tells nothing apart and is set aside.

    Returns
    -------
    One row a sector some park names, the most frequent first: names, ``level``, ``chain`` (the
    nearest one), ``n_parks``, ``share_of_parks`` (of those with a known sector), ``parks``,
    ``coarse`` (a chain word), ``set_aside`` and ``main_for`` (parks documented as its main
    bearing place).

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"sectors": [("医药",), ("医药", "印刷")]}, geometry=[None] * 2)
    >>> sector_table(parks, sector_shares(parks))[["n_parks", "coarse"]]
                 n_parks  coarse
    sector
    biomedicine        2    True
    printing           1   False
    """
    words = taxonomy or load()
    naming: dict[str, list[str]] = {}
    carrying: dict[str, set[str]] = {}
    for park, node in shares.index:
        naming.setdefault(node, []).append(park)
        for above in (node, *words.ancestors(node)):
            carrying.setdefault(above, set()).add(park)
    total = shares.index.get_level_values(0).nunique()
    common = {
        node
        for node, carriers in carrying.items()
        if total >= set_aside_parks and len(carriers) > set_aside_share * total
    }
    bearing = _bearing(schema.complete(parks), words)
    row = partial(_sector_row, words=words, total=total, common=common, bearing=bearing)
    order = sorted(naming, key=lambda node: (-len(naming[node]), node))
    index = pd.Index(order, name="sector", dtype=object)
    rows = [row(node, naming[node]) for node in order]
    return pd.DataFrame(rows, index=index, columns=list(SECTOR_COLUMNS))


def _sector_row(
    node: str,
    parks: list[str],
    *,
    words: Vocabulary,
    total: int,
    common: set[str],
    bearing: Mapping[str, list[str]],
) -> dict[str, Any]:
    return {
        "name_zh": words.name(node, lang="zh"),
        "name_en": words.name(node, lang="en"),
        "level": words.level(node),
        "chain": words.chain_of(node),
        "n_parks": len(parks),
        "share_of_parks": len(parks) / total,
        "parks": tuple(sorted(parks)),
        "coarse": words.level(node) == "chain",
        "set_aside": node in common,
        "main_for": tuple(sorted(bearing.get(node, []))),
    }


def location_quotient(amounts: pd.Series) -> pd.Series:
    """Return how much more of a sector a place has than the whole.

    Parameters
    ----------
    amounts
        Employment or output on (place, sector); a missing pair counts as nothing.

    Returns
    -------
    Series ``location_quotient`` on the same index: ``(e_ij / e_j) / (e_i / e)``, 1 where the
    place has the sector in the proportion of all places together.

    Notes
    -----
    Also known as the Balassa index or revealed comparative advantage.

    References
    ----------
    Wieland, T. (2019). REAT: A Regional Economic Analysis Toolbox for R. REGION 6(3), R1-R57.
    doi:10.18335/region.v6i3.267

    Examples
    --------
    >>> amounts = pd.Series({("A", "x"): 30, ("A", "y"): 70, ("B", "x"): 10, ("B", "y"): 90})
    >>> float(location_quotient(amounts).loc[("A", "x")].round(9))
    1.5
    """
    place = amounts.groupby(level=0).transform("sum")
    sector = amounts.groupby(level=1).transform("sum")
    quotient = (amounts / place) / (sector / amounts.sum())
    return quotient.rename("location_quotient")


def proximity(amounts: pd.Series, *, min_quotient: float = 1.0) -> pd.Series:
    """Return how often two sectors are strong in the same places.

    Parameters
    ----------
    amounts
        Employment or output on (place, sector), from a reference region rather than from the
        parks under study.
    min_quotient
        Location quotient from which a place is strong in a sector.

    Returns
    -------
    Series ``proximity`` on (``left``, ``right``), left before right: the number of places strong
    in both over the greater number strong in one.

    References
    ----------
    Hidalgo, C. A., Klinger, B., Barabási, A.-L. & Hausmann, R. (2007). The product space
    conditions the development of nations. Science 317, 482-487. doi:10.1126/science.1144581

    Examples
    --------
    >>> amounts = pd.Series({(p, s): 1 for p in "ABC" for s in "xy"} | {("C", "z"): 9})
    >>> float(proximity(amounts).loc[("x", "y")])
    1.0
    """
    strong = location_quotient(amounts).unstack(fill_value=0) >= min_quotient  # noqa: PD010
    flags = strong.to_numpy(dtype=float)
    both = flags.T @ flags
    sectors = list(strong.columns)
    pairs = {
        (left, right): both[i, j] / max(both[i, i], both[j, j], 1.0)
        for i, left in enumerate(sectors)
        for j, right in enumerate(sectors)
        if i < j
    }
    index = pd.MultiIndex.from_tuples(pairs, names=["left", "right"])
    return pd.Series(list(pairs.values()), index=index, name="proximity", dtype=float)


def _weighted(sectors: Any, words: Vocabulary, park: str) -> list[tuple[str, float]]:
    """Return a park's terms with weights summing to 1."""
    texts: Iterable[str] = (sectors,) if isinstance(sectors, str) else sectors
    cut = [term for text in texts for term in split_terms(str(text), vocabulary=words)]
    pairs = [term_weight(term) for term in dict.fromkeys(cut)]
    stated = sum(weight for _, weight in pairs if weight is not None)
    silent = sum(weight is None for _, weight in pairs)
    if silent:
        left = 1.0 - stated if 0 < stated < 1 else (stated / (len(pairs) - silent) if stated else 1)
        each = left / silent if stated < 1 else left
        pairs = [(term, each if weight is None else weight) for term, weight in pairs]
    total = sum(weight or 0.0 for _, weight in pairs)
    if pairs and total <= 0:
        terms = messages.listed(term for term, _ in pairs)
        raise InputError(**messages.fault("sector.weights", park=str(park)[:40], terms=terms[:60]))
    return [(term, (weight or 0.0) / total) for term, weight in pairs]


def _bearing(parks: gpd.GeoDataFrame, words: Vocabulary) -> dict[str, list[str]]:
    """Return the parks documented as main bearing place, by node."""
    bearing: dict[str, list[str]] = {}
    for park, name, sectors in zip(parks.index, parks["name"], parks["main_for"], strict=True):
        for term, _ in _weighted(sectors, words, name) if sectors else []:
            found = words.match(term)
            if found.accepted and found.node:
                bearing.setdefault(found.node, []).append(park)
    return bearing
