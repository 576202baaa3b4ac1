"""Files to the parks table and back: read whole and right, or refused in one line."""

from __future__ import annotations

from parkmap.io.chains import CHAIN_FACTS, read_chain_table
from parkmap.io.decisions import read_decisions
from parkmap.io.joining import join_sectors
from parkmap.io.lists import read_list
from parkmap.io.reading import (
    read_context,
    read_control,
    read_parks,
    read_source,
    read_sources,
)
from parkmap.io.together import Reading
from parkmap.io.writing import write_parks

__all__ = [
    "CHAIN_FACTS",
    "Reading",
    "join_sectors",
    "read_chain_table",
    "read_context",
    "read_control",
    "read_decisions",
    "read_list",
    "read_parks",
    "read_source",
    "read_sources",
    "write_parks",
]
