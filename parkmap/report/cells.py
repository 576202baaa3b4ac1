"""Words and names as the cells of the report hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap import messages
from parkmap.messages import text
from parkmap.sheets import number

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


def areas(area_m2: float) -> tuple[float | None, int | None]:
    """Write an area as two cells.

    Parameters
    ----------
    area_m2
        Square metres; nan where there is none.

    Returns
    -------
    Hectares and whole mu, None where there is none.

    Examples
    --------
    >>> areas(435_000.0), areas(float("nan"))
    ((43.5, 653), (None, None))
    """
    area = number(area_m2)
    if area is None:
        return None, None
    return area / 1e4, messages.half_up(area / 1e4 * 15)
