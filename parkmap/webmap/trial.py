"""What the page needs to group the parks anew at another similarity or reach."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap.schema import SAME_MIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from parkmap.schema import Analysis

SCALE = 1_000_000
#: Pairs sent at most. Beyond, the weakest stay out and the page's scale begins above them.
MOST_PAIRS = 30_000


def trial_data(
    result: Analysis, places: Mapping[str, int], *, most: int = MOST_PAIRS
) -> dict[str, Any]:
    """Gather the pairs that link parks into groups, in whole millionths.

    Parameters
    ----------
    result
        The analysis.
    places
        Park id -> its place in the page's list.
    most
        Pairs to send at most.

    Returns
    -------
    ``order``: places of the parks that rival any, by id, which breaks ties as ``cluster.clusters``
    does; ``pairs``: for each pair the two numbers in that order, the similarity in millionths, the
    distance in whole metres, rounded up, -1 where it is not known, and 1 if the pair is proven;
    ``floor`` and ``used``: the least similarity sent and the report's; ``total``: how many pairs
    there are. Empty without pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> index = pd.MultiIndex.from_tuples([("a", "c")])
    >>> facts = {"similarity": [0.8], "proven": [True], "distance_m": [1500.2]}
    >>> rivals = pd.DataFrame(facts, index=index)
    >>> run = SimpleNamespace(
    ...     rivals=rivals, criteria=Criteria(), null_similarity=0.6, used_similarity=0.6
    ... )
    >>> trial_data(run, {"c": 0, "a": 1})["pairs"]
    [0, 1, 800000, 1501, 1]
    """
    if result.rivals is None or result.rivals.empty:
        return {}
    kept, floor = _strongest(result.rivals, _floor(result), most)
    if kept.empty:
        return {}
    left, right = (kept.index.get_level_values(level) for level in (0, 1))
    order = sorted({*left, *right})
    number = {park: place for place, park in enumerate(order)}
    metres = np.ceil(kept["distance_m"].fillna(-1).to_numpy(dtype=float)).astype(np.int64)
    columns = (left.map(number), right.map(number), _millionths(kept), metres, kept["proven"])
    rows = np.column_stack([np.asarray(column, dtype=np.int64) for column in columns])
    return {
        "order": [places[park] for park in order],
        "pairs": rows.ravel().tolist(),
        "floor": floor,
        "used": round(result.used_similarity * SCALE),
        "chance": None if math.isnan(result.null_similarity) else _chance(result),
        "reach_km": _reach(result, metres),
        "total": len(result.rivals),
    }


def _chance(result: Analysis) -> int:
    return round(min(result.null_similarity, SAME_MIX) * SCALE)


def _floor(result: Analysis) -> int:
    """Return the least similarity that pairs are known from: a tenth below the asked one."""
    return max(1, round((result.criteria.min_similarity - 0.1) * SCALE))


def _millionths(pairs: pd.DataFrame) -> np.ndarray:
    return np.rint(pairs["similarity"].to_numpy(dtype=float) * SCALE).astype(np.int64)


def _strongest(rivals: pd.DataFrame, floor: int, most: int) -> tuple[pd.DataFrame, int]:
    """Return whole levels of similarity, the strongest, that fit; and the least of them.

    A level is kept whole or not at all, so that from it upwards nothing is missing.
    """
    alike = _millionths(rivals)
    if len(alike) <= most:
        return rivals, floor
    first_out = np.sort(alike)[::-1][most]
    steps = int(first_out) // 10_000 + 1  # the page's scale counts hundredths
    return rivals[alike >= steps * 10_000], steps * 10_000


def _reach(result: Analysis, metres: np.ndarray) -> int:
    asked = result.criteria.max_distance_m
    farthest = float(metres.max(initial=0)) if asked is None else asked
    return max(1, math.ceil(farthest / 1000))
