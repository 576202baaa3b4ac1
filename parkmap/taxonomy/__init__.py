"""The sector vocabulary: chains, links, segments, their aliases, and how text is read with it.

The tables are plain CSV under ``resources/taxonomy`` and can be replaced by a folder of the same
files. A *chain* is a word such as 医药 that stands for many businesses; a *segment* such as
中药饮片 is narrow enough that two parks naming it want the same projects. Every node has one
parent, so that a segment lies in a chain and a chain may lie in a wider one.
"""

from __future__ import annotations

from parkmap.taxonomy.decisions import with_decisions
from parkmap.taxonomy.nodes import Match, Node
from parkmap.taxonomy.reading import is_blank, reference_zones, split_terms, term_weight
from parkmap.taxonomy.supply import supplied_nodes, supplies_between
from parkmap.taxonomy.tables import load, use_vocabulary
from parkmap.taxonomy.text import fold, normalise
from parkmap.taxonomy.vocabulary import Vocabulary

__all__ = [
    "Match",
    "Node",
    "Vocabulary",
    "fold",
    "is_blank",
    "load",
    "normalise",
    "reference_zones",
    "split_terms",
    "supplied_nodes",
    "supplies_between",
    "term_weight",
    "use_vocabulary",
    "with_decisions",
]
