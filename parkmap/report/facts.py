"""Facts of each park that the report prints beside its name."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import geodesy, schema
from parkmap.messages import listed, text
from parkmap.schema import TIERS

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.schema import Analysis

LAND_KINDS = ("overlap", "both")
#: Findings with ground of their own on the map.
GROUND_KINDS = (*LAND_KINDS, "control")
SECTOR_KINDS = ("homogeneity", "both")
# Full-width marks stand as escapes: some editors write them as half-width ones.
_IN_BRACKETS = re.compile("[(\uff08][^)\uff09]*[)\uff09]?")
_BETWEEN_DISTRICTS = re.compile(r"[、,\uff0c;\uff1b/|\s]+")


def park_facts(analysis: Analysis) -> pd.DataFrame:
    """Count what was found about each park.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Table on the index of parks: ``drawn_area_ha`` (on the ellipsoid, nan for a point),
    ``overlap_findings``, ``homogeneity_findings``, ``overlap_ha``, ``control_ha`` (0 where no
    control line was compared). Rows for information and
    labels too coarse to judge are not counted, and land that several parks claim counts once.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> shapes = [box(4e5, 3e6, 401000, 3001000), box(400500, 3e6, 401500, 3001000)]
    >>> run = pm.analyze(gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=shapes, crs=4544))
    >>> park_facts(run)[["overlap_findings", "overlap_ha"]].round(0).values.tolist()
    [[1.0, 50.0], [1.0, 50.0]]
    """
    parks, findings = analysis.parks, analysis.conflicts
    counted = foremost(findings)
    facts = pd.DataFrame(index=parks.index)
    facts["drawn_area_ha"] = drawn_area_m2(parks) / 1e4
    for column, kinds in (
        ("overlap_findings", LAND_KINDS),
        ("homogeneity_findings", SECTOR_KINDS),
    ):
        tally = Counter(
            park for names in counted.loc[counted["kind"].isin(kinds), "parks"] for park in names
        )
        facts[column] = [tally.get(park, 0) for park in parks.index]
    shared = _shared_area_m2(analysis, counted[counted["kind"].isin(LAND_KINDS)])
    facts["overlap_ha"] = [shared.get(park, 0.0) / 1e4 for park in parks.index]
    facts["control_ha"] = _controlled_area_m2(analysis) / 1e4
    return facts


def drawn_area_m2(parks: gpd.GeoDataFrame) -> pd.Series:
    """Measure each park as it is drawn.

    Parameters
    ----------
    parks
        A parks table.

    Returns
    -------
    Square metres on the ellipsoid; nan for a park without land.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point
    >>> drawn_area_m2(gpd.GeoDataFrame(geometry=[Point(104, 30)], crs=4490)).isna().all()
    np.True_
    """
    area = pd.Series(geodesy.ellipsoidal_area(parks.geometry, parks.crs), index=parks.index)
    return area.where(area > 0)


def is_nowhere(parks: gpd.GeoDataFrame) -> pd.Series:
    """Tell which parks have neither an extent nor a point.

    Parameters
    ----------
    parks
        A parks table.

    Returns
    -------
    A mask on the parks.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point
    >>> is_nowhere(gpd.GeoDataFrame(geometry=[Point(104, 30), None], crs=4490)).tolist()
    [False, True]
    """
    return parks.geometry.isna() | parks.geometry.is_empty


def system_area_m2(
    parks: gpd.GeoDataFrame, *, slices: gpd.GeoDataFrame | None = None
) -> tuple[float, float]:
    """Measure the land of the counted system and what those beside it add.

    Parameters
    ----------
    parks
        A parks table with every standard column.
    slices
        The ground that several parks draw, each piece once; nothing is shared if not given.

    Returns
    -------
    Both areas in square metres. Land drawn for several parks counts once: within the system where
    one of them belongs to it, so that the two may be added.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> columns = {"counted": [True, False], "tier": ["national"] * 2}
    >>> layer = gpd.GeoDataFrame(columns, geometry=[box(4e5, 3e6, 401000, 3001000)] * 2, crs=4544)
    >>> [round(area / 1e6, 1) for area in system_area_m2(layer)]
    [1.0, 1.0]
    >>> shared = pd.DataFrame({"claimants": [(0, 1)], "area_m2": [layer.area[0]]})
    >>> [round(area / 1e6, 1) for area in system_area_m2(layer, slices=shared)]
    [1.0, 0.0]
    """
    area = drawn_area_m2(parks)
    belongs = parks["counted"].astype(bool) & parks["tier"].isin(TIERS)
    inside, beside = float(area[belongs].sum()), float(area[~belongs].sum())
    if slices is None:
        return inside, beside
    members = set(parks.index[belongs])
    for claimants, shared in zip(slices["claimants"], slices["area_m2"], strict=True):
        within = len(members.intersection(claimants))
        inside -= max(within - 1, 0) * shared
        beside -= (len(claimants) - max(within, 1)) * shared
    return max(inside, 0.0), beside if beside > 1 else 0.0  # rounding left by whole parks


def shared_area_m2(analysis: Analysis, land: gpd.GeoDataFrame) -> float:
    """Measure the ground that some findings are about, each piece once.

    Parameters
    ----------
    analysis
        The run.
    land
        Rows of its conflicts table about shared ground.

    Returns
    -------
    Square metres.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pieces = pd.DataFrame({"claimants": [("a", "b"), ("c", "d")], "area_m2": [5.0, 7.0]})
    >>> rows = pd.DataFrame({"parks": [("a", "b")]})
    >>> shared_area_m2(SimpleNamespace(slices=pieces), rows)
    5.0
    """
    return sum(area for _, area in _pieces(analysis, land))


def _controlled_area_m2(analysis: Analysis) -> pd.Series:
    """Ground of each park on control lines beyond slivers; lines that overlap count each."""
    nothing = pd.Series(0.0, index=analysis.parks.index)
    if analysis.controls is None:
        return nothing
    real = analysis.controls[analysis.controls["relation"] == "control"]
    summed = real.groupby(level="park_id")["area_m2"].sum()
    return summed.reindex(nothing.index).fillna(0.0)


def _shared_area_m2(analysis: Analysis, land: gpd.GeoDataFrame) -> dict[str, float]:
    """Ground each park shares with another in a counted finding, each piece once."""
    shared: dict[str, float] = {}
    for parks, area in _pieces(analysis, land):
        for park in parks:
            shared[park] = shared.get(park, 0.0) + area
    return shared


def _pieces(analysis: Analysis, land: gpd.GeoDataFrame) -> list[tuple[set[str], float]]:
    """Pieces of ground in some findings, with the parks that meet there."""
    meeting = {pair for names in land["parks"] for pair in combinations(sorted(names), 2)}
    pieces = []
    for claimants, area in zip(
        analysis.slices["claimants"], analysis.slices["area_m2"], strict=True
    ):
        pairs = meeting.intersection(combinations(sorted(claimants), 2))
        if pairs:
            pieces.append(({park for pair in pairs for park in pair}, float(area)))
    return pieces


def districts_of(district: object) -> list[str]:
    """Split a text that names several districts.

    Parameters
    ----------
    district
        What the parks table holds; anything but text counts as not stated.

    Returns
    -------
    The districts, each once, in the order named; without the part of it that a bracket adds,
    since the task is the district's.

    Examples
    --------
    >>> districts_of("武侯区、郫都区(高新西区)")
    ['武侯区', '郫都区']
    """
    if not isinstance(district, str):
        return []
    named = _BETWEEN_DISTRICTS.split(_IN_BRACKETS.sub("", district))
    return list(dict.fromkeys(part for part in named if part))


def finding_districts(analysis: Analysis, parks: tuple[str, ...]) -> list[str]:
    """Name the districts that the parks of a finding lie in.

    Parameters
    ----------
    analysis
        The run.
    parks
        Ids of the parks.

    Returns
    -------
    The districts, each once.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> parks = pd.DataFrame({"district": ["甲区", "乙区、甲区"]}, index=["a", "b"])
    >>> run = SimpleNamespace(parks=parks)
    >>> finding_districts(run, ("a", "b"))
    ['甲区', '乙区']
    """
    named = (districts_of(analysis.parks.loc[park, "district"]) for park in parks)
    return list(dict.fromkeys(part for parts in named for part in parts))


def flagged_clusters(analysis: Analysis) -> list[dict[Any, Any]]:
    """Return the groups of like parks that are flagged.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One dict a group, the largest first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> groups = pd.DataFrame({"parks": [("a", "b"), ("c", "d")], "flagged": [False, True]})
    >>> [group["parks"] for group in flagged_clusters(SimpleNamespace(clusters=groups))]
    [('c', 'd')]
    """
    groups = [row for row in analysis.clusters.to_dict("records") if row["flagged"]]
    return sorted(groups, key=lambda row: (-len(row["parks"]), row["parks"]))


def foremost(conflicts: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that a reader has to look at.

    Parameters
    ----------
    conflicts
        The conflicts table.

    Returns
    -------
    Its rows in order, without those for information and those that nothing but words too coarse
    to judge speaks for: the list holds them all, page one is not for them.

    Examples
    --------
    >>> kinds = {"kind": ["overlap", "homogeneity", "overlap"]}
    >>> verdicts = {"severity": ["high", "low", "info"], "verdict": ["coarse", "coarse", ""]}
    >>> foremost(pd.DataFrame({**kinds, **verdicts}))["severity"].tolist()
    ['high']
    """
    return conflicts[(conflicts["severity"] != "info") & ~unjudged(conflicts)]


def unjudged(conflicts: pd.DataFrame) -> pd.Series:
    """Tell which findings nothing but words too coarse to judge speaks for.

    Parameters
    ----------
    conflicts
        The conflicts table.

    Returns
    -------
    A mask on the rows; shared land stands, however coarse its parks' words are.

    Examples
    --------
    >>> unjudged(pd.DataFrame({"kind": ["overlap", "homogeneity"], "verdict": "coarse"})).tolist()
    [False, True]
    """
    return (conflicts["verdict"] == "coarse") & (conflicts["kind"] == "homogeneity")


def set_apart(conflicts: pd.DataFrame, *, too_coarse: bool = False) -> list[str]:
    """Say how many findings page one leaves out.

    Parameters
    ----------
    conflicts
        The conflicts table.
    too_coarse
        A line of its own says that of the whole layer; it is not said twice.

    Returns
    -------
    A line each for labels too coarse to judge and for information, where there are any.

    Examples
    --------
    >>> set_apart(pd.DataFrame({"severity": ["medium"], "verdict": [""], "kind": ["overlap"]}))
    []
    """
    coarse = int(unjudged(conflicts).sum())
    informing = int((conflicts["severity"] == "info").sum())
    counts = (("coarse", 0 if too_coarse else coarse), ("informing", informing))
    return [text(f"report.summary.{key}", count=count) for key, count in counts if count]


def expected_text(analysis: Analysis) -> str:
    """Say how the counted system differs from the one that is meant.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One phrase; "" where no system was given to compare with.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parkmap import messages
    >>> with messages.use_language("zh"):
    ...     expected_text(SimpleNamespace(system="3+19+3", expected="3+22+N"))
    '与目标3+22+N相比：省级少3个'
    """
    if not analysis.expected:
        return ""
    gaps = schema.system_gaps(analysis.system, analysis.expected)
    said = [
        text(
            f"report.expected.{'more' if gap > 0 else 'fewer'}",
            tier=text(f"terms.tier.{tier}"),
            count=abs(gap),
        )
        for tier, gap in gaps.items()
        if gap
    ]
    found = listed(said) or text("report.expected.same")
    return text("report.expected.against", expected=analysis.expected, found=found)
