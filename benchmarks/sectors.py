# ruff: noqa: ANN001, ANN201
"""Similar pairs and clusters: parkmap beside its peers, in one process, in interleaved rounds.

    python benchmarks/sectors.py [--rounds 3] [--large]

Similarity alone on both sides, over the same tree-idf features. Near: cKDTree pairs and a sparse
row dot. All: scikit-learn's dense cosine (left out where it is not installed). Clusters: networkx's
Louvain on the same graph of a million pairs.
"""

import argparse
import statistics
import time

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from parkmap.cluster import clusters
from parkmap.similarity.candidates import all_pairs, lonlat_of, near_pairs
from parkmap.similarity.features import make_layer
from parkmap.similarity.measuring import row_products
from parkmap.taxonomy import load

ALIKE = 0.8


def synthetic(count, seed=1):
    """Parks all over a country, each with 1 to 5 sectors, some sectors far commoner than others."""
    generator = np.random.default_rng(seed)
    nodes = np.array(list(load().nodes), dtype=object)
    popularity = generator.permutation(1 / np.arange(1, len(nodes) + 1))
    number = generator.integers(1, 6, count)
    rows = np.repeat(np.arange(count), number)
    columns = generator.choice(len(nodes), len(rows), p=popularity / popularity.sum())
    named = pd.DataFrame({"park": rows, "node": columns}).drop_duplicates()
    ids = np.array([f"{row:07d}" for row in range(count)], dtype=object)
    index = pd.MultiIndex.from_arrays([ids[named["park"]], nodes[named["node"]]])
    shares = pd.Series((1 / named.groupby("park")["node"].transform("count")).to_numpy(), index)
    places = gpd.points_from_xy(
        85 + 35 * generator.random(count), 22 + 22 * generator.random(count), crs=4490
    )
    return gpd.GeoDataFrame({"name": ids}, geometry=places, index=ids), shares


def prepared(count):
    parks, shares = synthetic(count)
    layer = make_layer(shares, load(), measure="tree-idf", set_aside_share=0.6, set_aside_parks=10)
    return layer, lonlat_of(parks, layer), layer.features


def peer_near(features, lonlat, reach):
    metres = np.radians(lonlat) * 6_371_000 * np.array([np.cos(np.radians(33)), 1.0])
    pairs = cKDTree(metres).query_pairs(reach, output_type="ndarray")
    alike = np.asarray(features[pairs[:, 0]].multiply(features[pairs[:, 1]]).sum(axis=1)).ravel()
    return pairs[alike >= ALIKE]


def ours_near(features, lonlat, reach):
    found = []
    for left, right in near_pairs(lonlat, reach):
        alike = row_products(features, features, left, right) >= ALIKE
        found.append(np.column_stack([left[alike], right[alike]]))
    return np.concatenate(found)


def interleaved(methods, rounds):
    """Median seconds of each method, the rounds taken in turn."""
    taken = {name: [] for name in methods}
    for _ in range(rounds):
        for name, method in methods.items():
            start = time.perf_counter()
            method()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def told(title, found, ours="parkmap"):
    for name, seconds in found.items():
        print(f"{title:34s} {name:18s} {seconds:8.3f} s  {found[ours] / seconds:5.2f}")


def million_pairs(parks=30_000, topics=400, number=1_000_000):
    """Pairs mostly inside topics, as parks of one business are."""
    generator = np.random.default_rng(0)
    first = generator.integers(0, parks, 2 * number)
    near = first % topics + topics * generator.integers(0, parks // topics, 2 * number)
    second = np.where(generator.random(2 * number) < 0.9, near, generator.permutation(first))
    low, high = np.minimum(first, second), np.maximum(first, second)
    codes = generator.permutation(np.unique((low * parks + high)[low < high]))[:number]
    ids = np.array([f"{row:07d}" for row in range(parks)], dtype=object)
    index = pd.MultiIndex.from_arrays([ids[codes // parks], ids[codes % parks]])
    similarity = np.round(0.5 + 0.5 * generator.random(len(codes)), 3)
    return ids, pd.DataFrame({"similarity": similarity, "rivalry": 1.0}, index=index)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="1e5 parks and a million pairs too")
    asked = parser.parse_args()
    sizes = [(10_000, 100_000)] + [(100_000, 50_000)] * asked.large
    for count, reach in sizes:
        _, lonlat, features = prepared(count)
        methods = {
            "parkmap": lambda f=features, p=lonlat, r=reach: ours_near(f, p, r),
            "cKDTree + row dot": lambda f=features, p=lonlat, r=reach: peer_near(f, p, r),
        }
        told(f"near, {count:.0e} parks", interleaved(methods, asked.rounds))
    layer, _, features = prepared(10_000)
    supply = sparse.csr_matrix(layer.named.shape)  # similarity alone, as the peer
    methods = {"parkmap": lambda: all_pairs(layer, supply, min_similarity=ALIKE, min_synergy=9.0)}
    try:
        from sklearn.metrics.pairwise import cosine_similarity
    except ImportError:
        print("scikit-learn is not installed: dense cosine left out")
    else:
        dense = features.toarray()
        methods["sklearn dense"] = lambda: cosine_similarity(dense)
    told("all, 1e+04 parks", interleaved(methods, asked.rounds))
    if asked.large:
        ids, pairs = million_pairs()
        parks = gpd.GeoDataFrame({"name": ids}, geometry=[None] * len(ids), index=ids)
        index = pd.MultiIndex.from_product([ids, ["furniture"]])
        shares = pd.Series(1.0, index=index)
        graph = nx.Graph()
        graph.add_weighted_edges_from(
            (a, b, s) for (a, b), s in zip(pairs.index, pairs["similarity"], strict=True)
        )
        methods = {
            "parkmap": lambda: clusters(parks, shares, pairs),
            "Louvain": lambda: nx.community.louvain_communities(graph, seed=0),
        }
        told(f"clusters, {len(pairs):.0e} pairs", interleaved(methods, asked.rounds))


if __name__ == "__main__":
    main()
