"""Words and names as the cells of the report hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap import messages, taxonomy
from parkmap.messages import listed, text
from parkmap.sheets import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parkmap.schema import Analysis

_MOST_NAMED = 6  # of parks in a sentence
_MONEY, _TEN_THOUSAND, _MILLION = "元", 10_000, 100  # a weight is in ten thousands of yuan


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
    return listed(str(names.get(park, park)) for park in parks)


def some_park_names(analysis: Analysis, parks: Sequence[str]) -> str:
    """Write the names of the first of some parks, for a sentence.

    Parameters
    ----------
    analysis
        The run.
    parks
        Their ids.

    Returns
    -------
    At most six names, and that there are others.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(parks=pd.DataFrame({"name": list("甲乙丙丁戊己庚")}))
    >>> with messages.use_language("zh"):
    ...     some_park_names(run, range(7)), some_park_names(run, [0, 1])
    ('甲、乙、丙、丁、戊、己等', '甲、乙')
    """
    if len(parks) > _MOST_NAMED:
        return text("report.cell.some_parks", parks=park_names(analysis, parks[:_MOST_NAMED]))
    names = analysis.parks["name"]
    return messages.joined([str(names.get(park, park)) for park in parks])


def sectors_said(terms: Iterable[object]) -> str:
    """Write leading sectors with their weights as people write them.

    Parameters
    ----------
    terms
        Terms of a parks table, with a weight after a colon where one is known.

    Returns
    -------
    The sectors, one after the other: output in hundred millions of yuan (from ten thousands of
    them on), shares as percentages.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     sectors_said(["集成电路:600000万元", "新型显示:40%", "食品"])
    '集成电路（60.00亿元）、新型显示（40.0%）、食品'
    """
    return listed(_sector_said(str(term)) for term in terms)


def _sector_said(term: str) -> str:
    sector, weight = taxonomy.term_weight(term)
    if weight is None or not (_MONEY in term or weight <= 1):
        return term
    said = messages.percent(weight)
    if _MONEY in term:
        key = "output_large" if weight >= _TEN_THOUSAND else "output"
        unit = _TEN_THOUSAND if key == "output_large" else 1
        if messages.language() == "en":
            unit = _MILLION
        said = text(f"report.cell.{key}", amount=f"{weight / unit:,.2f}")
    return text("report.cell.sector_weight", sector=sector, weight=said)


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
    return area / 1e4, messages.mu(area)
