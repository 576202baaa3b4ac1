"""parkmap: whose land, whose sector.

Finds parks whose boundaries overlap and parks that do the same thing, and puts both on one list
and one map. Functions take tables and return new tables; see ``parkmap.analyze`` for all at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Public name -> the room it lives in. Names are handed on when first asked for (PEP 562), so
#: that importing parkmap costs nothing.
_ROOMS = {
    "Analysis": "schema",
    "Criteria": "schema",
    "ParkmapError": "errors",
    "analyze": "analysis",
    "check_parks": "validation",
    "clusters": "cluster",
    "consolidate": "consolidation",
    "differentiate": "consolidation",
    "conflicts": "conflict",
    "overlaps": "overlap",
    "read_parks": "io",
    "repair_parks": "validation",
    "sector_shares": "sector",
    "similar_pairs": "similarity",
    "similarity_graph": "similarity",
    "slices": "overlap",
    "use_language": "messages",
    "web_map": "webmap",
    "write_parks": "io",
}

__all__ = ["__version__", *_ROOMS]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"parkmap.{_ROOMS[name]}"), name)
    msg = f"module 'parkmap' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
