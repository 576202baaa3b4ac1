"""The tables that pass between rooms, the criteria they were made with, and their bundle."""

from __future__ import annotations

from parkmap.schema.lists import BASES, LIST_COLUMNS, LISTS
from parkmap.schema.records import (
    SAME_MIX,
    Analysis,
    ControlLine,
    Criteria,
    Source,
    beyond_chance,
    used_threshold,
)
from parkmap.schema.system import park_system, system_gaps
from parkmap.schema.tables import (
    BOUNDARY_KINDS,
    CLUSTER_COLUMNS,
    CONFLICT_COLUMNS,
    CONTROL_COLUMNS,
    OVERLAP_COLUMNS,
    PAIR_COLUMNS,
    PARK_COLUMNS,
    PROBLEM_COLUMNS,
    SEVERITIES,
    SLICE_COLUMNS,
    TIERS,
    complete,
    indexed,
    normalised_name,
    park_keys,
    park_sources,
    problems_table,
    require,
)

__all__ = [
    "BASES",
    "BOUNDARY_KINDS",
    "CLUSTER_COLUMNS",
    "CONFLICT_COLUMNS",
    "CONTROL_COLUMNS",
    "LISTS",
    "LIST_COLUMNS",
    "OVERLAP_COLUMNS",
    "PAIR_COLUMNS",
    "PARK_COLUMNS",
    "PROBLEM_COLUMNS",
    "SAME_MIX",
    "SEVERITIES",
    "SLICE_COLUMNS",
    "TIERS",
    "Analysis",
    "ControlLine",
    "Criteria",
    "Source",
    "beyond_chance",
    "complete",
    "indexed",
    "normalised_name",
    "park_keys",
    "park_sources",
    "park_system",
    "problems_table",
    "require",
    "system_gaps",
    "used_threshold",
]
