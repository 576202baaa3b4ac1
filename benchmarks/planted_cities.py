# ruff: noqa: ANN001, ANN201
"""Planted cities: does the pipeline find the two groups that were put in?

Each city has 25 parks and a vocabulary of 20 chains with 5 segments; chains are as popular as
1 / rank, and a park has 2 to 4 random segments. Two groups of 4 parks share 2 segments and add a
random one each. Truth: the 12 pairs inside the groups. The reference catalogue is 2,000 random
parks. Run: ``python benchmarks/planted_cities.py [first seed] [cities]``.
"""

from __future__ import annotations

import sys

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

from parkmap.cluster import clusters, rival_pairs
from parkmap.similarity import similar_pairs
from parkmap.taxonomy import Node, Vocabulary

CHAINS, SEGMENTS, PARKS, GROUP = 20, 5, 25, 4
CHAIN_IDS = [f"c{chain:02d}" for chain in range(CHAINS)]
POPULARITY = np.array([1 / rank for rank in range(1, CHAINS + 1)])
POPULARITY = np.repeat(POPULARITY / POPULARITY.sum() / SEGMENTS, SEGMENTS)
SEGMENT_IDS = [f"{chain}s{segment}" for chain in CHAIN_IDS for segment in range(SEGMENTS)]


def draw(generator, number):
    return sorted(generator.choice(SEGMENT_IDS, number, replace=False, p=POPULARITY))


def vocabulary(generator):
    nodes = {chain: Node(chain, "chain", "", "", chain, chain) for chain in CHAIN_IDS}
    for segment in SEGMENT_IDS:
        nodes[segment] = Node(segment, "segment", segment[:3], "", segment, segment)
    zones = ("、".join(draw(generator, generator.integers(2, 5))) for _ in range(2000))
    return Vocabulary(nodes=nodes, aliases={}, adjacency={}, reference=tuple(zones))


def city(generator, blur):
    """Return shares of a city and the planted pairs."""
    parks = {}
    for group in range(2):
        common = draw(generator, 2)
        for member in range(GROUP):
            own = next(s for s in iter(lambda: draw(generator, 1)[0], None) if s not in common)
            parks[f"g{group}m{member}"] = [*common, own]
    for other in range(PARKS - 2 * GROUP):
        parks[f"o{other:02d}"] = draw(generator, generator.integers(2, 5))
    rows = {}
    for park, segments in parks.items():
        for segment in segments:
            node = segment[:3] if generator.random() < blur else segment
            rows[park, node] = rows.get((park, node), 0) + 1 / len(segments)
    truth = {(a, b) for a in parks for b in parks if a < b and a[:2] == b[:2] and a[0] == "g"}
    index = pd.MultiIndex.from_tuples(rows, names=["park_id", "sector"])
    return pd.Series(list(rows.values()), index=index, name="share"), truth


def inside(groups):
    return {(a, b) for members in groups for a in members for b in members if a < b}


def judged(found, truth):
    hits = len(found & truth)
    return hits / len(found) if found else 1.0, hits / len(truth)


def run(seed, blur):
    generator = np.random.default_rng(seed)
    words = vocabulary(generator)
    shares, truth = city(generator, blur)
    ids = sorted(set(shares.index.get_level_values(0)))
    parks = gpd.GeoDataFrame({"name": ids}, geometry=[None] * len(ids), index=ids)
    results = {}
    for measure in ("tree-idf", "cosine"):
        pairs = similar_pairs(
            parks, shares, measure=measure, min_similarity=0, null_draws=0, taxonomy=words
        )
        edges = rival_pairs(parks, pairs, threshold=0.5, min_rivalry=0.25)
        kin = nx.connected_components(nx.Graph(list(edges.index)))
        results[f"{measure} .50, components"] = judged(inside(map(sorted, kin)), truth)
        groups = clusters(parks, shares, pairs, taxonomy=words)["parks"]
        results[f"{measure} .50, complete linkage (default)"] = judged(inside(groups), truth)
    return results


def main(first=1000, cities=40):
    for blur in (0.0, 0.4):
        runs = [run(seed, blur) for seed in range(first, first + cities)]
        print(f"labels blurred to the chain: {blur:.0%}; seeds {first}-{first + cities - 1}")
        for name in runs[0]:
            precision, recall = np.mean([found[name] for found in runs], axis=0)
            score = 2 * precision * recall / (precision + recall)
            print(f"  {name:46s} precision {precision:.2f} recall {recall:.2f} F1 {score:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
