"""Pairs of parks: how alike, how much of one business, how much a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from parkmap import messages, schema
from parkmap.errors import SchemaError
from parkmap.geodesy import geodesic_distance, representative_lonlat
from parkmap.schema import Criteria
from parkmap.similarity.features import Layer, links, make_layer
from parkmap.similarity.null import chance, null_similarities
from parkmap.taxonomy import load

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.taxonomy import Vocabulary

BLOCK = 2048
EARTH_RADIUS_M = 6_371_008.8


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
    lonlat = _lonlat(table, layer)
    supply = (layer.named @ links(layer)).tocsr()
    left, right = (
        _all_pairs(layer, supply, min_similarity, min_synergy)
        if max_distance_m is None
        else _near_pairs(lonlat, max_distance_m)
    )
    found = _measured(layer, supply, left, right, lonlat)
    near = np.exp(-found["distance_m"].fillna(0.0) / synergy_distance_m)
    found["synergy"] *= near
    at_hand = np.exp(-found["distance_m"].fillna(0.0) / local_distance_m)
    found["rivalry"] += found.pop("local_rivalry") * at_hand
    kept = (found["similarity"] >= min_similarity) | (found["synergy"] >= min_synergy)
    if max_distance_m is not None:
        kept &= found["distance_m"] <= max_distance_m
    found = found[kept]
    null = null_similarities(layer, draws=null_draws, seed=seed)
    found["p"] = chance(found["similarity"].to_numpy(), null)
    return _finished(found, layer)


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


def _lonlat(parks: gpd.GeoDataFrame, layer: Layer) -> np.ndarray:
    """Return longitude and latitude of the layer's parks, nan where a park has no place."""
    placed = parks.loc[list(layer.parks)]
    if placed.geometry.isna().all():  # sectors alone need no coordinate system
        return np.full((len(placed), 2), np.nan)
    return representative_lonlat(placed)


def _all_pairs(
    layer: Layer, supply: sparse.csr_matrix, min_similarity: float, min_synergy: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs that reach a threshold before decay, block by block."""
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for start in range(0, len(layer.parks), BLOCK):
        stop = start + BLOCK
        for rows, columns, least in (
            (layer.features, layer.features, min_similarity),
            (supply, layer.named, min_synergy),
        ):
            products = (rows[start:stop] @ columns[start:].T).tocoo()
            # the margin lets a product through that rounding put below the threshold
            reach = (products.data >= least - 1e-9) & (products.col > products.row)
            found.append((products.row[reach] + start, products.col[reach] + start))
        if min_similarity <= 0 or min_synergy <= 0:
            count = min(stop, len(layer.parks)) - start
            upper = np.triu_indices(count, 1, len(layer.parks) - start)
            found.append((upper[0] + start, upper[1] + start))
    left = np.concatenate([pair[0] for pair in found] or [np.zeros(0, dtype=np.int64)])
    right = np.concatenate([pair[1] for pair in found] or [np.zeros(0, dtype=np.int64)])
    both = np.unique(left.astype(np.int64) * max(len(layer.parks), 1) + right)
    return both // max(len(layer.parks), 1), both % max(len(layer.parks), 1)


def _near_pairs(lonlat: np.ndarray, max_distance_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs within a distance, and a few beyond it: a chord is never the longer way."""
    placed = np.flatnonzero(np.isfinite(lonlat).all(axis=1))
    lon, lat = np.radians(lonlat[placed]).T
    globe = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    # 1 % covers the difference between the sphere and the ellipsoid
    reach = 2 * np.sin(min(max_distance_m * 1.01 / EARTH_RADIUS_M, np.pi) / 2)
    near = cKDTree(globe).query_pairs(reach, output_type="ndarray") if len(placed) else None
    if near is None or not len(near):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pairs = placed[np.sort(near, axis=1)]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return pairs[:, 0], pairs[:, 1]


def _measured(
    layer: Layer,
    supply: sparse.csr_matrix,
    left: np.ndarray,
    right: np.ndarray,
    lonlat: np.ndarray,
) -> pd.DataFrame:
    """Return every measure of the pairs, before any decay."""
    least = layer.named[left].minimum(layer.named[right]).tocsr()
    exclusive = (layer.segment & ~layer.local).astype(float)
    nearby = (layer.segment & layer.local).astype(float)
    rivalry, local_rivalry = least @ exclusive, least @ nearby
    covered = _covered(layer, left, right)
    values = {
        "similarity": _row_products(layer.features, layer.features, left, right).clip(0, 1),
        "overlap_share": least @ np.ones(len(layer.nodes)),
        "rivalry": rivalry,
        "local_rivalry": local_rivalry,
        "synergy": _row_products(supply, layer.named, left, right).clip(0, 1),
        "coarse_share": np.minimum(covered, 1.0 - rivalry - local_rivalry).clip(0, 1),
        "distance_m": geodesic_distance(lonlat[left], lonlat[right]),
    }
    table = pd.DataFrame({key: np.round(value, 9) for key, value in values.items()})
    table["coarse"] = (table["rivalry"] + table["local_rivalry"] == 0) & (table["coarse_share"] > 0)
    return table.assign(left=left, right=right)


def _row_products(
    first: sparse.csr_matrix, second: sparse.csr_matrix, left: np.ndarray, right: np.ndarray
) -> np.ndarray:
    """Return the products of single rows."""
    return np.asarray(first[left].multiply(second[right]).sum(axis=1), dtype=float).ravel()


def _covered(layer: Layer, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return what chain words of one park cover of the other."""
    chain = sparse.diags(layer.chain.astype(float))
    words, carried = (layer.named @ chain).tocsr(), (layer.carried @ chain).tocsr()
    one_way = words[left].minimum(carried[right])
    other_way = carried[left].minimum(words[right])
    return np.asarray(one_way.maximum(other_way).sum(axis=1), dtype=float).ravel()


def _finished(found: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Name the parks and what they share, and order the columns."""
    parks = np.array(layer.parks, dtype=object)
    left, right = found["left"].to_numpy(dtype=int), found["right"].to_numpy(dtype=int)
    names = ["left", "right"]
    index = pd.MultiIndex.from_arrays([parks[left], parks[right]], names=names)
    table = found.set_index(index)
    table["shared_sectors"] = pd.Series(_shared(layer, left, right), index=index, dtype=object)
    return table[list(schema.PAIR_COLUMNS)]


def _shared(layer: Layer, left: np.ndarray, right: np.ndarray) -> list[tuple[str, ...]]:
    """Return the narrowest nodes both parks carry, the weightiest first."""
    least = layer.carried[left].minimum(layer.carried[right]).tocsr()
    weights = np.round((least @ sparse.diags(layer.worth)).tocsr().toarray(), 9)
    parent = {node: layer.vocabulary.ancestors(node) for node in layer.nodes}
    shared = []
    for row in weights:
        carried = {layer.nodes[column]: row[column] for column in np.flatnonzero(row > 0)}
        wider = {above for node in carried for above in parent[node]}
        narrow = (node for node in carried if node not in wider)
        shared.append(tuple(sorted(narrow, key=lambda node: (-carried[node], node))))
    return shared
