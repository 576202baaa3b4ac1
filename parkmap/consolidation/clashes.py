"""Which of a planner's rules cannot hold together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from parkmap import schema
from parkmap.consolidation.candidates import candidates
from parkmap.consolidation.model import districts_meant, solve
from parkmap.consolidation.setting import setting_of
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parkmap.consolidation.rules import Rules
    from parkmap.schema import Analysis

    Item = tuple[str, str]


def clashing_rules(
    result: Analysis, rules: Rules, *, time_limit_s: float | None = None
) -> list[str]:
    """Name a smallest set of rules that no plan can keep together.

    Parameters
    ----------
    result
        The analysis.
    rules
        Rules with ids that no plan keeps to.
    time_limit_s
        For each of the programmes solved on the way.

    Returns
    -------
    One phrase a rule; without any one of them there would be a plan.

    Notes
    -----
    The deletion filter: each rule in turn is left out, and stays out if there is still no plan.

    References
    ----------
    Chinneck, J. W., Dravnieks, E. W. (1991). Locating minimal infeasible constraint sets in linear
    programs. ORSA Journal on Computing 3(2), 157-168. doi:10.1287/ijoc.3.2.157

    Examples
    --------
    >>> import geopandas as gpd
    >>> from parkmap import analyze
    >>> from parkmap.consolidation.rules import Rules
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A"], "tier": ["municipal"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000)])
    >>> len(clashing_rules(analyze(parks), Rules(must_move=("0",))))
    1
    """
    left = _items(result, rules)
    for item in list(left):
        fewer = [other for other in left if other != item]
        tried = _with_only(result, rules, fewer)
        setting = setting_of(result, tried)
        moves = candidates(setting, result, tried)
        if not solve(setting, moves, tried, time_limit_s=time_limit_s).feasible:
            left = fewer
    return [_said(result, rules, item) for item in left]


def _items(result: Analysis, rules: Rules) -> list[Item]:
    """Return every rule that forbids or forces, the ones easiest to give up first."""
    setting = setting_of(result, rules)
    items: list[Item] = []
    items += [("max_members", "")] * (rules.max_members is not None)
    items += [("capacity_ha", "")] * (rules.capacity_ha is not None)
    items += [("same_district", "")] * rules.same_district
    items += [("must_not_move", park) for park in rules.must_not_move]
    meant = districts_meant(setting, rules)
    items += [("tiers", "")] * bool(meant)
    items += [("one_per_district", place) for place, _ in meant]
    items += [("join", park) for park in rules.join]
    items += [("must_move", park) for park in rules.must_move]
    return items


def _with_only(result: Analysis, rules: Rules, items: Sequence[Item]) -> Rules:
    kept = set(items)
    high = result.parks.index[result.parks["tier"].isin(schema.TIERS[:2])]
    released = [] if ("tiers", "") in kept else [p for p in high if p not in rules.anchors]
    places = tuple(place for rule, place in items if rule == "one_per_district")
    return replace(
        rules,
        max_members=rules.max_members if ("max_members", "") in kept else None,
        capacity_ha=rules.capacity_ha if ("capacity_ha", "") in kept else None,
        same_district=("same_district", "") in kept,
        must_not_move=tuple(p for p in rules.must_not_move if ("must_not_move", p) in kept),
        may_move=(*rules.may_move, *released),
        must_move=tuple(p for p in rules.must_move if ("must_move", p) in kept),
        join={p: a for p, a in rules.join.items() if ("join", p) in kept},
        one_per_district=places or False,
    )


def _said(result: Analysis, rules: Rules, item: Item) -> str:
    rule, what = item
    names = result.parks["name"]
    anchor = names[rules.join[what]] if rule == "join" else ""
    named = names[what] if what in names.index else what
    most = rules.max_members
    return text(f"consolidation.rule.{rule}", park=named, anchor=anchor, most=most)
