"""The tables that pass between rooms, the criteria they were made with, and their bundle."""

from __future__ import annotations

from parkmap.schema.records import Analysis, Criteria, Source
from parkmap.schema.tables import (
    BOUNDARY_KINDS,
    CLUSTER_COLUMNS,
    CONFLICT_COLUMNS,
    OVERLAP_COLUMNS,
    PAIR_COLUMNS,
    PARK_COLUMNS,
    PROBLEM_COLUMNS,
    SEVERITIES,
    SLICE_COLUMNS,
    TIERS,
    complete,
    normalised_name,
    park_keys,
    park_system,
    problems_table,
    require,
)

__all__ = [
    "BOUNDARY_KINDS",
    "CLUSTER_COLUMNS",
    "CONFLICT_COLUMNS",
    "OVERLAP_COLUMNS",
    "PAIR_COLUMNS",
    "PARK_COLUMNS",
    "PROBLEM_COLUMNS",
    "SEVERITIES",
    "SLICE_COLUMNS",
    "TIERS",
    "Analysis",
    "Criteria",
    "Source",
    "complete",
    "normalised_name",
    "park_keys",
    "park_system",
    "problems_table",
    "require",
]
