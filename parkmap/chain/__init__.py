"""Chains: split one into its segments, see who names which, then complete it.

A park that names nothing but a chain word (集成电路) covers no segment. A segment that no park
names is *not reported by any park*, which is less than a proof that nobody makes it.
"""

from __future__ import annotations

from parkmap.chain.links import LINK_COLUMNS, chain_links
from parkmap.chain.overview import OVERVIEW_COLUMNS, chain_overview
from parkmap.chain.supplies import SUPPLY_COLUMNS, supplies

__all__ = [
    "LINK_COLUMNS",
    "OVERVIEW_COLUMNS",
    "SUPPLY_COLUMNS",
    "chain_links",
    "chain_overview",
    "supplies",
]
