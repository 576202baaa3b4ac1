"""The findings as a ledger takes them: what each is about, in words and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap.report.facts import finding_districts
from parkmap.report.words import basis

if TYPE_CHECKING:
    from parkmap.schema import Analysis

_CATEGORIES = {
    "overlap": "overlap",
    "both": "overlap",
    "control": "control",
    "homogeneity": "rivalry",
}


def finding_facts(analysis: Analysis) -> list[dict[str, Any]]:
    """Say of each finding what it is about.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    In the order of the list: ``id``, ``parks``, ``names``, ``line``, ``severity``, ``area_m2``,
    ``rivalry``, ``category`` (``overlap``, ``control`` or ``rivalry``; a pair with both is an
    overlap), ``coarse`` (nothing but words too coarse to judge speaks for it), ``districts``,
    ``description`` and ``basis``.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(400500, 3e6, 401500, 3001000)])
    >>> finding_facts(pm.analyze(parks))[0]["category"]
    'overlap'
    """
    findings = analysis.conflicts
    rows = zip(findings.index, findings.to_dict("records"), strict=True)
    return [
        {
            "id": name,
            **{key: row[key] for key in ("parks", "names", "line", "severity")},
            **{key: row[key] for key in ("area_m2", "rivalry")},
            "category": _CATEGORIES[row["kind"]],
            "coarse": _CATEGORIES[row["kind"]] == "rivalry" and row["verdict"] == "coarse",
            "districts": finding_districts(analysis, row["parks"]),
            "description": row["message"],
            "basis": basis(row),
        }
        for name, row in rows
    ]
