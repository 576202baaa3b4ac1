"""Groups of parks that do the same thing: families, and the groups worth flagging."""

from __future__ import annotations

from parkmap.cluster.grouping import MARGIN, clusters, families, rival_pairs, threshold_sweep
from parkmap.cluster.linkage import cluster_id, complete_linkage

__all__ = [
    "MARGIN",
    "cluster_id",
    "clusters",
    "complete_linkage",
    "families",
    "rival_pairs",
    "threshold_sweep",
]
