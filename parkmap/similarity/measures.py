"""Published measures of likeness, and what a similarity is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parkmap import schema
from parkmap.schema import Criteria
from parkmap.similarity.features import make_layer
from parkmap.taxonomy import load

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary


def structural_similarity(left: pd.Series, right: pd.Series) -> float:
    """Return UNIDO's coefficient of structural similarity.

    Parameters
    ----------
    left, right
        Amounts or shares by sector; a sector that one lacks counts as nothing there.

    Returns
    -------
    ``Σ s_ik s_jk / sqrt(Σ s_ik² Σ s_jk²)``, 0 to 1; nan if one is empty.

    Notes
    -----
    Coarse sectors make everything alike: of German Länder by two groups all pairs exceed .9.

    References
    ----------
    UNIDO (1979). World industry since 1960: progress and prospects. United Nations.
    Xia, S. et al. (2018). Arid Land Geography 41(5), 1132-1142 (counties of Yulin).

    Examples
    --------
    >>> jia, qingjian = pd.Series([27.66, 26.84, 45.5]), pd.Series([29.87, 25.92, 44.21])
    >>> round(structural_similarity(jia, qingjian), 4)
    0.999
    """
    first, second = _aligned(left, right)
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths > 0 else float("nan")


def krugman_index(left: pd.Series, right: pd.Series) -> float:
    """Return Krugman's index of dissimilarity.

    Parameters
    ----------
    left, right
        Amounts or shares by sector.

    Returns
    -------
    ``Σ |s_ik - s_jk|`` of the shares: 0 for the same mix, 2 for nothing in common; nan if one is
    empty.

    References
    ----------
    Krugman, P. (1991). Geography and trade. MIT Press.
    Wieland, T. (2019). REAT: A Regional Economic Analysis Toolbox for R. REGION 6(3), R1-R57.
    doi:10.18335/region.v6i3.267

    Examples
    --------
    >>> krugman_index(pd.Series([20, 10, 70, 0, 0]), pd.Series([0, 0, 0, 60, 40]))
    2.0
    """
    first, second = _aligned(left, right)
    if first.sum() <= 0 or second.sum() <= 0:
        return float("nan")
    return float(np.abs(first / first.sum() - second / second.sum()).sum())


def overlap_share(left: pd.Series, right: pd.Series) -> float:
    """Return how much of two mixes is the same business.

    Parameters
    ----------
    left, right
        Amounts or shares by sector.

    Returns
    -------
    ``Σ min(s_ik, s_jk)`` of the shares, which is one minus half of :func:`krugman_index`.

    Examples
    --------
    >>> overlap_share(pd.Series({"a": 1, "b": 1}), pd.Series({"a": 1, "c": 3}))
    0.25
    """
    return 1.0 - krugman_index(left, right) / 2.0


def contributions(
    shares: pd.Series,
    left: str,
    right: str,
    *,
    measure: str = Criteria.measure,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
    taxonomy: Vocabulary | None = None,
) -> pd.Series:
    """Split a similarity into what each shared node adds.

    Parameters
    ----------
    shares
        What ``sector_shares`` returned, of the whole layer.
    left, right
        Two park ids.
    measure
        ``"tree-idf"`` or ``"cosine"``.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry adds nothing.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    Series ``contribution`` on ``sector``, the greatest first; it sums to the similarity. Empty
    where the parks share nothing, or one of them has no known sector.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("a", "printing"), ("b", "printing"), ("b", "ic")])
    >>> shares = pd.Series([1.0, 0.6, 0.4], index=index)
    >>> contributions(shares, "a", "b", measure="cosine").round(3).to_dict()
    {'printing': 0.832}
    """
    words = taxonomy or load()
    layer = make_layer(
        shares,
        words,
        measure=measure,
        set_aside_share=set_aside_share,
        set_aside_parks=set_aside_parks,
    )
    empty = pd.Series([], index=pd.Index([], name="sector", dtype=object), dtype=float)
    if left not in layer.parks or right not in layer.parks:
        return empty.rename("contribution")
    first = layer.features[layer.parks.index(left)]
    parts = first.multiply(layer.features[layer.parks.index(right)]).toarray().ravel()
    order = sorted(np.flatnonzero(parts), key=lambda i: (-round(parts[i], 12), layer.nodes[i]))
    index = pd.Index([layer.nodes[i] for i in order], name="sector", dtype=object)
    return pd.Series(parts[order], index=index, name="contribution", dtype=float)


def is_too_coarse(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    *,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
    taxonomy: Vocabulary | None = None,
) -> bool:
    """Say whether a layer is described too coarsely to be judged.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry is set aside.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    True if parks have sectors but no two of them name a segment that is not set aside: then no
    pair can be told to be rivals, or not to be.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame({"sectors": [("电子信息",)] * 20}, geometry=[None] * 20)
    >>> is_too_coarse(parks, sector_shares(parks))
    True
    """
    described = shares[shares.index.get_level_values(0).isin(schema.complete(parks).index)]
    if described.index.get_level_values(0).nunique() < 2:
        return False
    layer = make_layer(
        described,
        taxonomy or load(),
        measure="cosine",
        set_aside_share=set_aside_share,
        set_aside_parks=set_aside_parks,
    )
    fine = layer.named @ layer.segment.astype(float)
    return int((fine > 0).sum()) < 2


def synergy_range(
    pairs: pd.DataFrame, *, synergy_distance_m: float = Criteria.synergy_distance_m
) -> pd.DataFrame:
    """Show synergy at half and at twice the distance of decay.

    Parameters
    ----------
    pairs
        What ``similar_pairs`` returned.
    synergy_distance_m
        The distance it was made with.

    Returns
    -------
    Table on the index of pairs with ``half``, ``stated`` and ``double``. A pair that only twice
    the distance would bring above the threshold is not in it, unless the pairs were made with a
    lower ``min_synergy``.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("a", "b")])
    >>> pairs = pd.DataFrame({"synergy": [0.5], "distance_m": [54_000.0]}, index=index)
    >>> synergy_range(pairs).round(3).iloc[0].tolist()
    [0.184, 0.5, 0.824]
    """
    apart = pairs["distance_m"].fillna(0.0).to_numpy(dtype=float) / synergy_distance_m
    stated = pairs["synergy"].to_numpy(dtype=float)
    # s exp(-d/d0) times exp(d/d0 - d/(k d0)) is the synergy at k times the distance of decay
    columns = {"half": stated * np.exp(-apart), "stated": stated}
    columns["double"] = np.minimum(stated * np.exp(apart / 2), 1.0)
    return pd.DataFrame(columns, index=pairs.index)


def _aligned(left: pd.Series, right: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    first, second = left.align(right, join="outer", fill_value=0)
    return first.to_numpy(dtype=float), second.to_numpy(dtype=float)
