"""From finding to plan: which parks join which, and which leading sectors might change."""

from __future__ import annotations

from parkmap.consolidation.differentiation import (
    CHANGE_COLUMNS,
    Differentiation,
    differentiate,
    differentiation_rows,
    differentiation_sheets,
    frontier_lines,
)
from parkmap.consolidation.plan import PLAN_COLUMNS, Plan, consolidate, move_id
from parkmap.consolidation.rules import Rules, read_rules
from parkmap.consolidation.tables import plan_facts, plan_lines, plan_rows, plan_sheets

__all__ = [
    "CHANGE_COLUMNS",
    "PLAN_COLUMNS",
    "Differentiation",
    "Plan",
    "Rules",
    "consolidate",
    "differentiate",
    "differentiation_rows",
    "differentiation_sheets",
    "frontier_lines",
    "move_id",
    "plan_facts",
    "plan_lines",
    "plan_rows",
    "plan_sheets",
    "read_rules",
]
