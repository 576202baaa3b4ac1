"""What every result about sectors says of itself: the measure, the null model, the guard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.messages import text

if TYPE_CHECKING:
    import pandas as pd

    from parkmap.schema import Analysis


_CITY_M = 200_000  #: farther apart, parks do not shop for the same investors of a city


def alike_pairs(analysis: Analysis) -> pd.DataFrame:
    """Return the pairs that count as alike: above the threshold, and beyond chance.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Rows of the table of pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> pairs = pd.DataFrame({"similarity": [0.55, 0.7]})
    >>> run = SimpleNamespace(pairs=pairs, used_similarity=0.6)
    >>> len(alike_pairs(run))
    1
    """
    return analysis.pairs[analysis.pairs["similarity"] >= analysis.used_similarity]


def null_sentence(analysis: Analysis) -> str:
    """Say from where parks count as alike, and how alike they would be by chance.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One sentence; "" where the null model was not asked.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> run = SimpleNamespace(criteria=Criteria(), null_similarity=0.375, used_similarity=0.5)
    >>> with messages.use_language("en"):
    ...     null_sentence(run)[:31]
    'Parks count as alike from 0.50,'
    """
    by_chance = analysis.null_similarity
    if math.isnan(by_chance):
        return ""
    used = analysis.criteria
    return text(
        "similarity.null.sentence",
        threshold=f"{analysis.used_similarity:.2f}",
        asked=f"{used.min_similarity:.2f}",
        draws=used.null_draws,
        quantile=messages.percent(used.null_quantile),
        null=f"{by_chance:.2f}",
    )


def distant_note(analysis: Analysis) -> str:
    """Say how many rivals lie farther apart than any city is wide, where no limit was asked for.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One sentence; "" where there are none.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> found = pd.DataFrame({"verdict": ["rivalry"], "distance_m": [477_000.0]})
    >>> with messages.use_language("en"):
    ...     distant_note(SimpleNamespace(criteria=Criteria(), conflicts=found))[:30]
    '1 pair of rivals lies farther '
    """
    if analysis.criteria.max_distance_m is not None:
        return ""
    found = analysis.conflicts
    rival = found["verdict"].isin(["rivalry", "coopetition"])
    count = int((rival & (found["distance_m"] > _CITY_M)).sum())
    key = "one" if count == 1 else "several"
    return text(f"report.summary.distant_{key}", count=count) if count else ""


def sector_notes(analysis: Analysis) -> list[str]:
    """List what a result about sectors must say.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The measure; the null model; that sectors are named too coarsely, where they are.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> nan = float("nan")
    >>> run = SimpleNamespace(criteria=Criteria(), null_similarity=nan, too_coarse=True)
    >>> len(sector_notes(run))
    2
    """
    measure = text(f"terms.measure.{analysis.criteria.measure}")
    coarse = text("report.summary.too_coarse") if analysis.too_coarse else ""
    said = [text("report.summary.measure", measure=measure), null_sentence(analysis), coarse]
    return [line for line in said if line]


def sector_head(analysis: Analysis) -> dict[str, Any]:
    """Return the same for programs.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    What to put before the rows of a JSON object.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> nan = float("nan")
    >>> run = SimpleNamespace(criteria=Criteria(), null_similarity=nan, too_coarse=True)
    >>> sector_head(run)["measure"]
    'tree-idf'
    """
    return {
        "measure": analysis.criteria.measure,
        "min_similarity": analysis.criteria.min_similarity,
        "null_similarity": analysis.null_similarity,
        "too_coarse": analysis.too_coarse,
        "notes": sector_notes(analysis),
    }
