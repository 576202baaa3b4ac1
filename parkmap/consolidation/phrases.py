"""Sentences about a consolidation plan; all words come from the catalogue."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from parkmap import messages, schema
from parkmap.consolidation import staying
from parkmap.consolidation.setting import is_customs, pair
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    import pandas as pd

    from parkmap.consolidation.model import Solution
    from parkmap.consolidation.setting import Setting
    from parkmap.schema import Analysis

    Row = Mapping[str, Any]

#: Who decides on a move, the nearest first.
APPROVALS = ("city", "province", "state")
_LARGE_M2 = 1e6  # from here on planners speak of square kilometres
_ON_THE_GROUND = ("same_body", "duplicate", "nested", "superseded", "overlap")


def approval(park: Row) -> str:
    """Return who decides that a park joins another.

    Parameters
    ----------
    park
        A row of a parks table.

    Returns
    -------
    One of ``APPROVALS``: what set a park up decides on it.

    Examples
    --------
    >>> approval({"tier": "provincial", "kind": ""}), approval({"tier": "", "kind": ""})
    ('province', 'city')
    """
    if park["tier"] == "national" or is_customs(park["kind"]):
        return "state"
    return "province" if park["tier"] == "provincial" else "city"


def sentence(
    row: Row,
    setting: Setting,
    result: Analysis,
    names: Mapping[str, str],
    moves: pd.DataFrame,
) -> str:
    """Say in one sentence what becomes of a park, and why.

    Parameters
    ----------
    row
        A row of the plan.
    setting
        The parks.
    result
        The analysis.
    names
        Name of each park.
    moves
        The moves there was a reason for.

    Returns
    -------
    The sentence in the language in force.
    """
    if row["status"] == "merged":
        clauses = [*_reasons(row, setting, names), *_caveats(row, setting)]
        said = text(
            f"consolidation.move.{row['manner']}",
            name=row["name"],
            into=row["into_name"],
            why=text("consolidation.clause").join(clauses),
        )
        level = text(f"consolidation.approval.{row['approval']}")
        return text("consolidation.decided", said=said, level=level)
    if row["members"]:
        return _anchor(row, names)
    clauses = list(staying.kept(row, setting, result, names, moves))
    return text("consolidation.stop").join(clauses) + text("consolidation.end")


def _anchor(row: Row, names: Mapping[str, str]) -> str:
    ground = ""
    if not math.isnan(row["after_ha"]):
        ground = text("consolidation.ground", area=_large(row["after_ha"] * 1e4))
    return text(
        f"consolidation.{'founded' if row['status'] == 'new' else 'anchor'}",
        name=row["name"],
        members=staying.name_some([names[park] for park in row["members"]]),
        count=len(row["members"]),
        level=text(f"consolidation.approval.{row['approval']}") if row["approval"] else "",
        ground=ground,
    )


def _large(area_m2: float) -> str:
    return messages.large_area(area_m2) if area_m2 >= _LARGE_M2 else messages.area(area_m2)


def _reasons(row: Row, setting: Setting, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the evidence first, then what was asked for."""
    park, into = row["park"], row["into"]
    land = setting.shared.get(pair(park, into), {})
    shares = [land.get("left_share", 0.0), land.get("right_share", 0.0)]
    inner = pair(park, into)[shares.index(max(shares))]
    told = [r for r in row["reasons"] if r != "rule" or len(row["reasons"]) == 1]
    values = {
        "body": setting.parks.loc[park, "managing_body"],
        "inner": names[inner],
        "outer": names[into if inner == park else park],
        "share": messages.percent(max(shares)),
        "alike": _alike(row["rivalry"]) if row["rivalry"] > 0 else "",
        "district": _common_district(row, setting),
    }
    if setting.ties.get((park, into)) == "same_body" and "same_body" not in told:
        yield text("consolidation.reason.government", **values)
    ground = [reason for reason in told if reason in _ON_THE_GROUND]
    yield from (text(f"consolidation.reason.{reason}", **values) for reason in ground)
    if row["overlap_m2"] > 0:
        yield text("consolidation.shared", area=messages.area(row["overlap_m2"]))
    elif math.isfinite(row["gap_m"]):
        yield _near(row["gap_m"], setting.parks.geometry[[park, into]])
    rest = [reason for reason in told if reason not in _ON_THE_GROUND]
    yield from (text(f"consolidation.reason.{reason}", **values) for reason in rest)


def _common_district(row: Row, setting: Setting) -> str:
    ends = [setting.districts.get(park, frozenset()) for park in (row["park"], row["into"])]
    return listed(sorted(ends[0] & ends[1]))


def _near(gap_m: float, shapes: gpd.GeoSeries) -> str:
    if not shapes.geom_type.isin(("Polygon", "MultiPolygon")).all():
        return text("consolidation.gap_of_points", distance=messages.distance(gap_m))
    if gap_m < 1:
        return text("consolidation.touching")
    return text("consolidation.gap", distance=messages.distance(gap_m))


def _alike(share: float) -> str:
    tenths = messages.half_up(share * 10)
    if tenths == 0:
        return text("wording.alike_little")
    if tenths >= 10:
        return text("wording.alike_all")
    words = text("wording.tenths")
    return text("wording.alike", tenths=words[tenths] if words else tenths * 10)


def _caveats(row: Row, setting: Setting) -> Iterator[str]:
    ends = [park for park in (row["park"], row["into"]) if park in setting.parks.index]
    if row["overlap_m2"] > 0 and "schematic" in set(setting.parks.loc[ends, "boundary_kind"]):
        yield text("consolidation.schematic")
    places = [setting.districts[park] for park in ends]
    apart = len(places) > 1 and all(places) and not places[0] & places[1]
    if apart and "same_body" not in row["reasons"]:
        yield text("consolidation.across")


def notes(
    result: Analysis, table: pd.DataFrame, after: str, target: str, found: Solution
) -> Iterator[str]:
    """Say what to know about a plan as a whole.

    Parameters
    ----------
    result
        The analysis.
    table
        The plan's rows.
    after
        The system after the plan.
    target
        The system that is meant.
    found
        What the solver said.

    Yields
    ------
    Sentences.
    """
    moved = int((table["status"] == "merged").sum())
    if not moved:
        yield text("consolidation.nothing")
    yield text("consolidation.system", before=result.system, after=after)
    if target:
        yield shortage(after, target)
    if moved or found.gap != 0:
        yield proof(found.gap)
    if moved:
        yield text("consolidation.procedure")
    twice = _twice(result, table)
    if twice:
        yield text("consolidation.twice", pairs=listed(twice))


def proof(gap: float) -> str:
    """Say how far from the best a plan may be.

    Parameters
    ----------
    gap
        Relative; 0 proven, nan unknown.

    Returns
    -------
    The sentence.

    Examples
    --------
    >>> with messages.use_language("en"):
    ...     "5.0%" in proof(0.05)
    True
    """
    if gap == 0:
        return text("consolidation.proven")
    if math.isnan(gap):
        return text("consolidation.unproven")
    return text("consolidation.within", gap=messages.percent(gap))


def _twice(result: Analysis, table: pd.DataFrame) -> list[str]:
    """Pairs that look like one park twice and both stay, because both are anchors."""
    into = dict(zip(table["park"], table["into"], strict=True))
    names = result.parks["name"]
    same = result.overlaps.index[result.overlaps["relation"] == "duplicate"]
    apart = [(a, b) for a, b in same if (into[a] or a) != (into[b] or b)]
    return [text("consolidation.pair", left=names[a], right=names[b]) for a, b in apart]


def shortage(system: str, target: str) -> str:
    """Say by how much a system falls short of the one that is meant.

    Parameters
    ----------
    system
        The counted system.
    target
        The system that is meant.

    Returns
    -------
    The sentence.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     shortage("3+19+3", "3+22+N")
    '与目标体系3+22+N相比：省级缺3；级别由批准机关确定，本方案不增设、不变更。'
    """
    gaps = schema.system_gaps(system, target)
    told = [
        text(
            f"consolidation.{'short' if n < 0 else 'over'}", tier=text(f"terms.tier.{t}"), n=abs(n)
        )
        for t, n in gaps.items()
        if n
    ]
    said = listed(told) or text("consolidation.as_meant")
    return text("consolidation.compared", target=target, gaps=said)
