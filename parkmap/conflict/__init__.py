"""One ranked list of what was found: land and sector joined, a row a pair.

A row is a matter to be checked, with its evidence; never a verdict on anyone.
"""

from __future__ import annotations

from parkmap.conflict.listing import conflicts
from parkmap.conflict.ranking import conflict_id

__all__ = ["conflict_id", "conflicts"]
