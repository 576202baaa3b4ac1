"""Pairs of parks: how alike, how much of one business, how much a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from parkmap import messages, schema
from parkmap.errors import SchemaError
from parkmap.geodesy import geodesic_distance
from parkmap.schema import Criteria
from parkmap.similarity.candidates import all_pairs, lonlat_of, near_pairs
from parkmap.similarity.features import links, make_layer
from parkmap.similarity.measuring import CHUNK, decay, described, row_products
from parkmap.similarity.null import chance, null_similarities
from parkmap.taxonomy import load

if TYPE_CHECKING:
    import geopandas as gpd
    from scipy import sparse

    from parkmap.similarity.features import Layer
    from parkmap.taxonomy import Vocabulary


def similar_pairs(
    parks: gpd.GeoDataFrame,
    shares: pd.Series,
    *,
    measure: str = Criteria.measure,
    min_similarity: float = Criteria.min_similarity,
    min_synergy: float = Criteria.min_synergy,
    max_distance_m: float | None = Criteria.max_distance_m,
    synergy_distance_m: float = Criteria.synergy_distance_m,
    local_distance_m: float = Criteria.local_distance_m,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
    null_draws: int = Criteria.null_draws,
    seed: int = Criteria.seed,
    null: np.ndarray | None = None,
    taxonomy: Vocabulary | None = None,
) -> pd.DataFrame:
    """Find parks that make much the same, or that supply each other.

    Parameters
    ----------
    parks
        A parks table.
    shares
        What ``sector_shares`` returned.
    measure
        ``"tree-idf"`` or ``"cosine"`` (the structural similarity coefficient of UNIDO).
    min_similarity, min_synergy
        Pairs that reach either are returned.
    max_distance_m
        Parks farther apart are not compared; None compares all.
    synergy_distance_m, local_distance_m
        Distances at which synergy, and rivalry in local trades, fall to 1/e.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry is set aside.
    null_draws, seed
        Redraws of the null model behind ``p``, and their seed; no draws leave ``p`` nan.
    null
        What ``redrawn_similarities`` returned for these shares, so that it is not drawn again.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    Table on (``left``, ``right``), left < right, sorted, with the columns
    ``schema.PAIR_COLUMNS``. Parks without shares do not appear. ``rivalry`` counts segments both
    name. ``coarse`` says that they share no segment but that a chain word of one covers something
    the other names; ``coarse_share`` is what rivalry would be were such a word a segment.

    Raises
    ------
    OptionError
        If the measure is unknown.
    SchemaError
        If shares name a park that the table lacks, or a node that the vocabulary lacks.

    Notes
    -----
    Similarity is ``Φ_i·Φ_j / (|Φ_i| |Φ_j|)``. With ``cosine``, Φ_i are the shares. With
    ``tree-idf``, ``Φ_i(a) = sqrt(IC(a) - IC(parent(a))) * share of i at or below a`` over every
    node a, which is a soft cosine whose kernel is the information content of the nearest common
    node (Resnik 1995): a rare shared segment counts most, a label everyone has next to nothing.
    ``overlap_share`` is ``Σ min(s_i, s_j)``, one minus half of Krugman's index. ``synergy`` is
    ``s_i U s_j exp(-d / synergy_distance_m)``, U the symmetric adjacency of the chains. Where a
    park has no place, d counts as 0 and ``distance_m`` is nan.

    Similarity is a sign of like structure, not of rivalry: parks of one chain that hold different
    segments may be alike and divide the work between them.

    References
    ----------
    UNIDO (1979). World industry since 1960: progress and prospects. United Nations.
    Krugman, P. (1991). Geography and trade. MIT Press.
    Resnik, P. (1995). Using information content to evaluate semantic similarity in a taxonomy.
    IJCAI-95, 448-453. arXiv:cmp-lg/9511007

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap.sector import sector_shares
    >>> parks = gpd.GeoDataFrame(
    ...     {"sectors": [("中药饮片",), ("中药饮片", "家具"), ("轨道交通",)]},
    ...     geometry=gpd.points_from_xy([104.0, 104.1, 104.2], [30.6] * 3, crs=4326),
    ... )
    >>> pairs = similar_pairs(parks, sector_shares(parks), null_draws=0)
    >>> pairs[["overlap_share", "rivalry", "coarse"]]
                overlap_share  rivalry  coarse
    left right
    0    1                0.5      0.5   False
    """
    Criteria(  # refuses what no threshold can be
        min_similarity=min_similarity, min_synergy=min_synergy, max_distance_m=max_distance_m,
        synergy_distance_m=synergy_distance_m, local_distance_m=local_distance_m,
        set_aside_share=set_aside_share, set_aside_parks=set_aside_parks, null_draws=null_draws,
    )  # fmt: skip
    table = schema.complete(parks)
    words = taxonomy or load()
    _require_known(table, shares, words)
    layer = make_layer(
        shares,
        words,
        measure=measure,
        set_aside_share=set_aside_share,
        set_aside_parks=set_aside_parks,
    )
    found = _reaching(
        layer,
        lonlat_of(table, layer),
        min_similarity=min_similarity,
        min_synergy=min_synergy,
        max_distance_m=max_distance_m,
        synergy_distance_m=synergy_distance_m,
    )
    found = described(layer, found, local_distance_m=local_distance_m)
    if null is None:
        null = null_similarities(layer, draws=null_draws, seed=seed)
    found["p"] = chance(found["similarity"].to_numpy(), null)
    return _named(found, layer)


def measured_pair(
    parks: gpd.GeoDataFrame, layer: Layer, left: str, right: str, criteria: Criteria
) -> pd.Series:
    """Return every number of one pair, whatever it reaches; ``p`` is nan.

    Parameters
    ----------
    parks
        A parks table.
    layer
        The layer both parks belong to.
    left, right
        Two park ids of the layer, in order.
    criteria
        Distances at which synergy and local rivalry fall to 1/e.

    Returns
    -------
    Series with ``schema.PAIR_COLUMNS``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame(geometry=[None, None], index=["a", "b"])
    >>> shares = pd.Series({("a", "printing"): 1.0, ("b", "printing"): 1.0})
    >>> layer = make_layer(shares, load(), measure="cosine", set_aside_share=1, set_aside_parks=9)
    >>> float(measured_pair(parks, layer, "a", "b", Criteria())["similarity"])
    1.0
    """
    i, j = (np.array([layer.parks.index(park)]) for park in (left, right))
    supply = (layer.named @ links(layer)).tocsr()
    lonlat = lonlat_of(parks, layer)
    found = _placed(_scored(layer, supply, i, j), lonlat, criteria.synergy_distance_m)
    found = described(layer, found, local_distance_m=criteria.local_distance_m)
    return _named(found.assign(p=np.nan), layer).iloc[0]


def similarity_graph(parks: gpd.GeoDataFrame, pairs: pd.DataFrame) -> nx.Graph:
    """Return parks and pairs as a graph.

    Parameters
    ----------
    parks
        A parks table.
    pairs
        What :func:`similar_pairs` returned.

    Returns
    -------
    Every park as a node with ``name`` and ``tier``, every pair as an edge with its columns;
    ``shared_sectors`` is one text, so that the graph can be written as GraphML.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point
    >>> parks = gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(104, 30)], crs=4326)
    >>> similarity_graph(parks, pd.DataFrame()).nodes["0"]
    {'name': 'A', 'tier': ''}
    """
    table = schema.complete(parks)
    graph = nx.Graph()
    for park, name, tier in zip(table.index, table["name"], table["tier"], strict=True):
        graph.add_node(park, name=str(name or ""), tier=str(tier or ""))
    for (left, right), row in zip(pairs.index, pairs.to_dict("records"), strict=True):
        facts = {str(key): value for key, value in row.items()}
        facts["shared_sectors"] = ";".join(row["shared_sectors"])
        graph.add_edge(left, right, **facts)
    return graph


def _require_known(parks: gpd.GeoDataFrame, shares: pd.Series, words: Vocabulary) -> None:
    strangers = set(shares.index.get_level_values(0)) - set(parks.index)
    if strangers:
        fault = messages.fault("similarity.unknown_park", park=min(strangers))
        raise SchemaError(**fault)
    nodes = set(shares.index.get_level_values(1)) - set(words.nodes)
    if nodes:
        raise SchemaError(**messages.fault("similarity.unknown_sector", node=min(nodes)))


def _reaching(
    layer: Layer,
    lonlat: np.ndarray,
    *,
    min_similarity: float,
    min_synergy: float,
    max_distance_m: float | None,
    synergy_distance_m: float,
) -> pd.DataFrame:
    """Return the pairs that reach a threshold, with similarity, synergy and distance."""
    supply = (layer.named @ links(layer)).tocsr()
    if max_distance_m is None:
        least = {"min_similarity": min_similarity, "min_synergy": min_synergy}
        blocks = iter([all_pairs(layer, supply, **least)])
    else:
        blocks = near_pairs(lonlat, max_distance_m)
    nothing = np.zeros(0, dtype=np.int32)
    parts = [_placed(_scored(layer, supply, nothing, nothing), lonlat, synergy_distance_m)]

    def reaches(pairs: pd.DataFrame) -> pd.Series:
        return (pairs["similarity"] >= min_similarity) | (pairs["synergy"] >= min_synergy)

    for left, right in blocks:
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            scored = _scored(layer, supply, left[part], right[part])
            # most of what synergy alone lets through fades with distance: never held together
            found = _placed(scored[reaches(scored)], lonlat, synergy_distance_m)
            kept = reaches(found)
            if max_distance_m is not None:
                kept &= found["distance_m"] <= max_distance_m
            parts.append(found[kept])
        del left, right  # before the next block is made
    return pd.concat(parts).sort_values(["left", "right"], ignore_index=True)


def _scored(
    layer: Layer, supply: sparse.csr_matrix, left: np.ndarray, right: np.ndarray
) -> pd.DataFrame:
    """Return similarity, and synergy before decay, of pairs given by row numbers."""
    alike = row_products(layer.features, layer.features, left, right)
    chained = row_products(supply, layer.named, left, right)
    return pd.DataFrame(
        {
            "left": left,
            "right": right,
            "similarity": np.round(alike, 9).clip(0, 1),
            "synergy": np.round(chained, 9).clip(0, 1),
        }
    )


def _placed(found: pd.DataFrame, lonlat: np.ndarray, synergy_distance_m: float) -> pd.DataFrame:
    """Add the distance, and let synergy fade with it."""
    apart = geodesic_distance(lonlat[found["left"]], lonlat[found["right"]])
    near = decay(apart, synergy_distance_m)
    return found.assign(distance_m=apart, synergy=np.round(found["synergy"] * near, 9))


def _named(found: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Name the parks and order the columns."""
    parks = np.array(layer.parks, dtype=object)
    ends = [parks[found[end].to_numpy(dtype=int)] for end in ("left", "right")]
    index = pd.MultiIndex.from_arrays(ends, names=["left", "right"])
    return found.set_index(index)[list(schema.PAIR_COLUMNS)]
