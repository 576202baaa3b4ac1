"""A graph as GraphML, for Gephi, yEd and networkx."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx

from parkmap import escape
from parkmap.report.exchange import plain

if TYPE_CHECKING:
    from collections.abc import Mapping


def graphml_text(graph: nx.Graph) -> str:
    r"""Write a graph as GraphML.

    Parameters
    ----------
    graph
        A graph whose attributes are text, numbers or truth values.

    Returns
    -------
    The text. Attributes that are missing are left out; signs that XML or a terminal would obey
    are replaced by visible ones.

    Examples
    --------
    >>> graph = nx.Graph()
    >>> graph.add_node("a", name="A<b>\x07", area=float("nan"))
    >>> text = graphml_text(graph)
    >>> "A&lt;b&gt;" in text, "\x07" in text, "nan" in text
    (True, False, False)
    """
    clean = nx.Graph(**_clean(graph.graph))
    for node, facts in graph.nodes(data=True):
        clean.add_node(escape.terminal(str(node)), **_clean(facts))
    for left, right, facts in graph.edges(data=True):
        ends = (escape.terminal(str(left)), escape.terminal(str(right)))
        clean.add_edge(*ends, **_clean(facts))
    return "\n".join(nx.generate_graphml(clean)) + "\n"


def _clean(facts: Mapping[Any, Any]) -> dict[str, Any]:
    told = {str(key): plain(value) for key, value in facts.items()}
    return {
        key: escape.terminal(value) if isinstance(value, str) else value
        for key, value in told.items()
        if value is not None and not (isinstance(value, float) and math.isnan(value))
    }
