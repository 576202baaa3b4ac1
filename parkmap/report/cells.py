"""Words and names as the cells of the report hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parkmap.schema import Analysis


def term(group: str, key: str) -> str:
    """Return the word for a key, "not stated" for none.

    Parameters
    ----------
    group, key
        Where it stands among the shared terms.

    Returns
    -------
    The word.

    Examples
    --------
    >>> from parkmap import messages
    >>> with messages.use_language("zh"):
    ...     term("tier", "national"), term("tier", "")
    ('国家级', '未注明')
    """
    return text(f"terms.{group}.{key}") if key else text("terms.unknown")


def park_names(analysis: Analysis, parks: Iterable[str]) -> str:
    """Write the names of some parks.

    Parameters
    ----------
    analysis
        The run.
    parks
        Their ids.

    Returns
    -------
    The names, one after the other.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(parks=pd.DataFrame({"name": ["甲园"]}, index=["a"]))
    >>> park_names(run, ["a"])
    '甲园'
    """
    names = analysis.parks["name"]
    return text("terms.list_separator").join(str(names.get(park, park)) for park in parks)
