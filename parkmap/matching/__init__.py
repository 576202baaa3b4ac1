"""Lists against each other and against parks: who could talk to whom, and why."""

from __future__ import annotations

from parkmap.matching.book import counts, facts, sheets_of, summary
from parkmap.matching.run import Matching, match_lists
from parkmap.matching.strays import stray_parks
from parkmap.matching.tables import item_rows, match_rows, park_rows, total_rows, unmatched_rows
from parkmap.matching.templates import write_templates

__all__ = [
    "Matching",
    "counts",
    "facts",
    "item_rows",
    "match_lists",
    "match_rows",
    "park_rows",
    "sheets_of",
    "stray_parks",
    "summary",
    "total_rows",
    "unmatched_rows",
    "write_templates",
]
