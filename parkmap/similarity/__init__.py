"""Which parks make much the same, which supply each other, and why."""

from __future__ import annotations

from parkmap.similarity.explaining import explain, pair_facts
from parkmap.similarity.features import information
from parkmap.similarity.measures import (
    contributions,
    is_too_coarse,
    krugman_index,
    overlap_share,
    structural_similarity,
    synergy_range,
)
from parkmap.similarity.null import (
    judging_threshold,
    quantile_of_null,
    redrawn_similarities,
)
from parkmap.similarity.pairs import similar_pairs, similarity_graph
from parkmap.similarity.worth import node_worths

__all__ = [
    "contributions",
    "explain",
    "information",
    "is_too_coarse",
    "judging_threshold",
    "krugman_index",
    "node_worths",
    "overlap_share",
    "pair_facts",
    "quantile_of_null",
    "redrawn_similarities",
    "similar_pairs",
    "similarity_graph",
    "structural_similarity",
    "synergy_range",
]
