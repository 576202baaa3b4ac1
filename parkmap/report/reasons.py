"""What the findings have in common: likely causes, and who can act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap.messages import text
from parkmap.report.cells import some_park_names
from parkmap.report.facts import (
    LAND_KINDS,
    drawn_area_m2,
    flagged_clusters,
    foremost,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from parkmap.schema import Analysis

_DATUM_CODES = ("PM507", "PM508")  # extents or layers that look shifted
_UNREAD = ("PM401", "PM402")  # words that were not understood may be fine ones
_FAR_OFF = 0.2


def causes(analysis: Analysis) -> list[str]:
    """Name likely causes, as far as the data shows them.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One sentence a cause; empty where nothing shows.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> causes(pm.analyze(layer))
    []
    """
    found, checked = analysis.conflicts, foremost(analysis.conflicts)
    land = checked[checked["kind"].isin(LAND_KINDS)]
    undeclared = (found["relation"] == "nested") & (found["nesting"] == "undeclared")
    general, far = general_parks(analysis), _far_from_approved(analysis)
    counts = {
        "superseded": int((found["relation"] == "superseded").sum()),
        "body": int(found["relation"].isin(("same_body", "co_built")).sum()),
        "nested": int(undeclared.sum()),
        "kinds": int(land["boundary_kinds"].map(_differ).sum()),
        "area": len(far),
        "coarse": len(general),
        "datum": int(analysis.problems["code"].isin(_DATUM_CODES).sum()),
    }
    named = {"coarse": general, "area": far}
    return [
        text(
            f"letter.causes.{key}",
            count=count,
            **({"parks": some_park_names(analysis, named[key])} if key in named else {}),
        )
        for key, count in counts.items()
        if count
    ]


def city_steps(analysis: Analysis, signs: Callable[[pd.DataFrame], str]) -> list[str]:
    """Propose what a city can do by itself.

    Parameters
    ----------
    analysis
        The run.
    signs
        Writes the numbers of findings.

    Returns
    -------
    One sentence a step.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> len(city_steps(pm.analyze(layer), str))  # its one problem: no tier is stated
    1
    """
    checked = foremost(analysis.conflicts)
    rows = {
        "overlaps": checked[checked["kind"].isin(LAND_KINDS)],
        "controls": checked[checked["kind"] == "control"],
        "groups": flagged_clusters(analysis),
        "pairs": lone_pairs(analysis),
        "coarse": general_parks(analysis),
        "coarse_pairs": analysis.conflicts[analysis.conflicts["verdict"] == "coarse"],
        "superseded": analysis.conflicts[analysis.conflicts["relation"] == "superseded"],
        "problems": analysis.problems[analysis.problems["severity"] != "info"],
    }
    numbered = ("overlaps", "controls", "pairs", "coarse_pairs")
    return [
        text(
            f"letter.steps.{key}",
            count=len(found),
            **({"signs": signs(found)} if key in numbered else {}),
        )
        for key, found in rows.items()
        if len(found)
    ]


def general_parks(analysis: Analysis) -> list[str]:
    """Return the parks that name their leading sectors in general words only.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Ids in the order of the parks; none with a segment among its sectors, or with a word that was
    not understood.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> said = [("医药", "食品"), ("医药", "印刷"), ()]
    >>> layer = gpd.GeoDataFrame({"sectors": said}, geometry=[None] * 3, crs=4490)
    >>> general_parks(pm.analyze(layer))
    ['0']
    """
    table, problems = analysis.sectors, analysis.problems
    coarse = table["coarse"].astype(bool)
    general, finer = (
        {park for parks in table.loc[rows, "parks"] for park in parks} for rows in (coarse, ~coarse)
    )
    unread = problems.loc[problems["code"].isin(_UNREAD), "park_id"]
    only = general.difference(finer, unread)
    return [park for park in analysis.parks.index if park in only]


def lone_pairs(analysis: Analysis) -> pd.DataFrame:
    """Return the pairs to be checked for their sectors that no flagged group holds.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Rows of the conflicts table.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> rows = {"kind": ["homogeneity"], "severity": ["low"], "verdict": ["rivalry"],
    ...         "parks": [("a", "b")]}
    >>> groups = pd.DataFrame({"parks": [("a", "b", "c")], "flagged": [True]})
    >>> len(lone_pairs(SimpleNamespace(conflicts=pd.DataFrame(rows), clusters=groups)))
    0
    """
    rows = foremost(analysis.conflicts)
    rows = rows[rows["kind"] == "homogeneity"]
    for group in flagged_clusters(analysis):
        rows = rows[~inside_group(rows, group["parks"])]
    return rows


def approval_level(analysis: Analysis, parks: Iterable[str]) -> str:
    """Say who has to approve it, should an extent of some parks have to change.

    The park of the lowest tier can change with the least: where one of them is municipal, or its
    tier is not stated, the city can act. Tier decides who approves, never who is right.

    Parameters
    ----------
    analysis
        The run.
    parks
        Ids of the parks.

    Returns
    -------
    ``"city"``, ``"province"`` or ``"nation"``.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> tiers = pd.DataFrame({"tier": ["national", "provincial", ""]}, index=["a", "b", "c"])
    >>> run = SimpleNamespace(parks=tiers)
    >>> [approval_level(run, parks) for parks in ("a", "ab", "abc")]
    ['nation', 'province', 'city']
    """
    tiers = set(analysis.parks.loc[list(parks), "tier"])
    if not tiers <= {"national", "provincial"}:
        return "city"
    return "nation" if tiers == {"national"} else "province"


def inside_group(rows: pd.DataFrame, parks: Iterable[str]) -> pd.Series:
    """Say which findings are about sectors of one group.

    Parameters
    ----------
    rows
        Rows of the conflicts table.
    parks
        Ids of the group.

    Returns
    -------
    A mask on the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"parks": [("a", "b"), ("a", "x")], "kind": ["homogeneity"] * 2,
    ...                      "severity": ["low"] * 2, "verdict": ["rivalry"] * 2})
    >>> inside_group(rows, ["a", "b"]).tolist()
    [True, False]
    """
    members = set(parks)
    sectoral = rows["kind"].isin(("homogeneity", "both")) & (rows["severity"] != "info")
    within = rows["parks"].map(members.issuperset).astype(bool)
    return sectoral & (rows["verdict"] != "coarse") & within


def _differ(kinds: tuple[str, ...]) -> bool:
    return len(set(kinds)) > 1 or "schematic" in kinds


def _far_from_approved(analysis: Analysis) -> list[str]:
    parks = analysis.parks[analysis.parks["boundary_kind"] != "schematic"]
    ratio = drawn_area_m2(parks) / 1e4 / parks["approved_area_ha"]
    return list(parks.index[(ratio - 1).abs() > _FAR_OFF])
