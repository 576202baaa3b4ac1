"""Chains: split one into its segments, see who names which, then complete it.

A park that names nothing but a chain word (集成电路) covers no segment. A segment that no park
names is *not reported by any park*, which is less than a proof that nobody makes it.
"""

from __future__ import annotations

from parkmap.chain.links import LINK_COLUMNS, chain_links

__all__ = ["LINK_COLUMNS", "chain_links"]
