"""What sharing each node adds to similarity, for pages that compute it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from parkmap.schema import Criteria
from parkmap.similarity.features import make_layer, worths
from parkmap.taxonomy import load

if TYPE_CHECKING:
    from parkmap.taxonomy import Vocabulary


def node_worths(
    shares: pd.Series,
    *,
    measure: str = Criteria.measure,
    set_aside_share: float = Criteria.set_aside_share,
    set_aside_parks: int = Criteria.set_aside_parks,
    taxonomy: Vocabulary | None = None,
) -> pd.Series:
    """Return the factor of each node in a park's features.

    Parameters
    ----------
    shares
        What ``sector_shares`` returned.
    measure
        ``"tree-idf"`` or ``"cosine"``.
    set_aside_share, set_aside_parks
        A node that more than this share of at least so many parks carry is set aside.
    taxonomy
        The vocabulary; the shipped one if not given.

    Returns
    -------
    Series ``worth`` on ``sector``, for every node named and all above it; 0 where it is set
    aside. A park's feature at a node is this times its share there (``cosine``) or its share at
    or below it (``tree-idf``); similarity is the cosine of two parks' features.

    Raises
    ------
    OptionError
        If the measure is unknown.

    References
    ----------
    Resnik, P. (1995). Using information content to evaluate semantic similarity in a taxonomy.
    IJCAI-95, 448-453. arXiv:cmp-lg/9511007

    Examples
    --------
    >>> shares = pd.Series({("a", "printing"): 1.0})
    >>> float(node_worths(shares, measure="cosine")["printing"])
    1.0
    """
    words = taxonomy or load()
    layer = make_layer(
        shares,
        words,
        measure=measure,
        set_aside_share=set_aside_share,
        set_aside_parks=set_aside_parks,
    )
    table = worths(layer.nodes, words, measure=measure, common=layer.common)
    index = pd.Index(layer.nodes, name="sector", dtype=object)
    return pd.Series(table.diagonal(), index=index, name="worth", dtype=float)
