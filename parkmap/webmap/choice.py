"""What a page shows of a large layer: the parks with findings first, the worst findings first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parkmap import schema

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: More than these make a page that is slow to open and too big to pass on.
MOST_PARKS = 20_000
MOST_FINDINGS = 2_000


@dataclass(frozen=True)
class Choice:
    """Parks and findings of a page.

    Parameters
    ----------
    parks
        Ids in the order of the layer.
    findings
        Ids, the worst first.
    totals
        How many parks, findings and findings of each severity there are in all.

    Examples
    --------
    >>> Choice([], [], {"parks": 0}).totals["parks"]
    0
    """

    parks: list[str]
    findings: list[str]
    totals: dict[str, int]


def choose(parks: gpd.GeoDataFrame, conflicts: pd.DataFrame, *, top: int | None = None) -> Choice:
    """Choose what the page shows.

    Parameters
    ----------
    parks, conflicts
        Tables of an analysis.
    top
        Parks to show at most; ``MOST_PARKS`` if not given.

    Returns
    -------
    All of a layer that fits. Else the parks of the worst findings, as many findings whole as fit;
    then parks without, by tier and in the order of the layer. A finding stays if all its parks do
    and it is among the first ``MOST_FINDINGS``.

    Examples
    --------
    >>> import pandas as pd
    >>> parks = pd.DataFrame({"tier": ["municipal"] * 3}, index=["a", "b", "c"])
    >>> found = pd.DataFrame({"number": [2, 1], "severity": ["low", "high"],
    ...     "parks": [("a", "b"), ("b", "c")]}, index=["x", "y"])
    >>> chosen = choose(parks, found, top=2)
    >>> chosen.parks, chosen.findings
    (['b', 'c'], ['y'])
    """
    most = MOST_PARKS if top is None else top
    ranked = conflicts.sort_values("number", kind="stable") if len(conflicts) else conflicts
    kept = set(parks.index)
    if len(parks) > most:
        kept = _concerned(list(ranked["parks"]) if len(ranked) else [], most)
        tiers = {tier: place for place, tier in enumerate(schema.TIERS)}
        order = np.argsort([tiers.get(tier, len(tiers)) for tier in parks["tier"]], kind="stable")
        rest = [park for park in parks.index[order] if park not in kept]
        kept |= set(rest[: most - len(kept)])
    findings = [
        str(index)
        for index, named in zip(ranked.index, ranked.get("parks", ()), strict=False)
        if kept.issuperset(named)
    ]
    totals = dict.fromkeys(schema.SEVERITIES, 0)
    if len(ranked):
        totals |= {key: int(n) for key, n in ranked["severity"].value_counts().items()}
    totals |= {"parks": len(parks), "findings": len(ranked)}
    return Choice([park for park in parks.index if park in kept], findings[:MOST_FINDINGS], totals)


def _concerned(findings: list[tuple[str, ...]], most: int) -> set[str]:
    """Return the parks of the first findings that fit whole."""
    kept: set[str] = set()
    for named in findings:
        more = {park for park in named if park not in kept}
        if len(kept) + len(more) <= most:
            kept |= more
    return kept
