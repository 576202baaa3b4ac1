"""What is wrong with a parks table, row by row; and what can be repaired without guessing."""

from __future__ import annotations

from parkmap.validation.checking import check_parks
from parkmap.validation.listing import AREA_TOLERANCE, find_problems
from parkmap.validation.repairing import CHANGE_COLUMNS, repair_parks
from parkmap.validation.shifted import check_datum
from parkmap.validation.slivers import trim_slivers

__all__ = [
    "AREA_TOLERANCE",
    "CHANGE_COLUMNS",
    "check_datum",
    "check_parks",
    "find_problems",
    "repair_parks",
    "trim_slivers",
]
