"""Who may join whom, and why a planner would accept it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import bodies, geodesy, schema
from parkmap.consolidation.setting import pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parkmap.consolidation.rules import Rules
    from parkmap.consolidation.setting import Setting
    from parkmap.schema import Analysis

#: Reasons to join, in the order in which they are told.
REASONS = (
    *("same_body", "duplicate", "nested", "superseded", "overlap"),
    *("near_rivals", "near_chain", "one_per_district", "rule"),
)
_MOST_OF = 0.5  # of a park's ground: from here it lies in the other rather than beside it
_LEAST_SIZE = 0.1  # of the mean: a small park's move is worth looking at too
_CHAIN_FACTOR = 2.0  # supply between two sites is no reason for one management unless it is strong


def candidates(setting: Setting, result: Analysis, rules: Rules) -> pd.DataFrame:
    """List every move there is a reason for.

    Parameters
    ----------
    setting
        The parks, sorted into hosts and movers.
    result
        The analysis.
    rules
        Rules with ids.

    Returns
    -------
    Table on (``park``, ``into``), sorted: ``reasons`` (tuple), ``rivalry``, ``synergy``,
    ``overlap_m2``, ``mover_share`` and ``host_share`` of the ground both claim, ``gap_m`` between
    the boundaries (from a point where a park is one; nan where a park has no place),
    ``same_district``, ``added_ha`` outside the host, ``gain`` and ``cost`` (see
    :func:`parkmap.consolidation.model.solve`).

    Notes
    -----
    A reason is one body, one park twice, one inside the other, a superseded list mostly on the
    host's ground, shared ground with related sectors; or boundaries at most ``near_km`` apart and
    rivalry between the two. Each rests on a finding, so a layer without findings gives no plan.
    Supply between two sites, or ground that merely crosses, is no reason to join: the boundaries
    want checking. A county's government is not one body for all that it runs.
    """
    gaps = _gaps(setting, rules)
    policies = _policies(setting, result)
    known = {key: (gaps.get(key, np.nan), policy) for key, policy in policies.items()}
    rows = [
        row
        for mover, host in _possible(setting)
        if (row := _candidate(setting, result, rules, (mover, host), known))
    ]
    columns = [*_COLUMNS, "gain", "cost"]
    index = pd.MultiIndex.from_tuples([r.pop("key") for r in rows], names=["park", "into"])
    table = pd.DataFrame(rows, index=index, columns=columns)
    return table.sort_index()


_COLUMNS = (
    *("reasons", "relation", "rivalry", "synergy", "overlap_m2", "mover_share", "host_share"),
    *("gap_m", "same_district", "findings", "added_ha"),
)


def _possible(setting: Setting) -> Iterator[tuple[str, str]]:
    """Yield mover and host; a park joins one that is no lower a choice, or any if it is no host."""
    rank = {host: place for place, host in enumerate(setting.hosts)}
    height = {park: _tier(tier) for park, tier in setting.parks["tier"].items()}
    for mover in setting.movers:
        for host in setting.hosts:
            lower = mover in rank and height[mover] < height[host]
            if host != mover and not lower:
                yield mover, host


def _tier(tier: str) -> int:
    return schema.TIERS.index(tier) if tier in schema.TIERS else len(schema.TIERS)


def _gaps(setting: Setting, rules: Rules) -> dict[tuple[str, str], float]:
    """Measure how far boundaries are apart, in metres on the layer's metric plane."""
    parks = setting.parks
    placed = parks[~(parks.geometry.isna() | parks.geometry.is_empty)]
    if placed.empty:
        return {}
    shapes = placed.geometry.to_crs(geodesy.metric_crs(placed)).to_numpy()
    at = {park: place for place, park in enumerate(placed.index)}
    pairs = [(a, b) for a, b in _possible(setting) if a in at and b in at]
    if not pairs:
        return {}
    left = shapes[[at[a] for a, _ in pairs]]
    right = shapes[[at[b] for _, b in pairs]]
    far = shapely.distance(shapely.envelope(left), shapely.envelope(right))
    asked = {*rules.must_move, *rules.join}
    close = (far <= rules.near_km * 1000) | np.array([a in asked for a, _ in pairs])
    close |= bool(rules.one_per_district)
    exact = np.full(len(pairs), np.nan)
    exact[close] = shapely.distance(left[close], right[close])
    exact = np.where(np.isnan(exact), np.inf, exact)
    return dict(zip(pairs, exact.tolist(), strict=True))


def _policies(setting: Setting, result: Analysis) -> dict[tuple[str, str], str]:
    """Say which pairs are one body: a county's government runs too much to be one."""
    pairs = list(_possible(setting))
    wide = setting.parks["managing_body"].map(
        lambda body: bodies.is_government(body, setting.places)
    )
    found = bodies.policy_relations(
        setting.parks.assign(managing_body=setting.parks["managing_body"].mask(wide, "")),
        [mover for mover, _ in pairs],
        [host for _, host in pairs],
        superseded_lists=result.criteria.superseded_lists,
    )
    return dict(zip(pairs, found.tolist(), strict=True))


def _candidate(
    setting: Setting,
    result: Analysis,
    rules: Rules,
    way: tuple[str, str],
    known: Mapping[tuple[str, str], tuple[float, str]],
) -> dict[str, Any] | None:
    (mover, host), (gap_m, policy) = way, known[way]
    key = pair(mover, host)
    land = setting.shared.get(key, _NO_LAND)
    shares = (land["left_share"], land["right_share"])
    districts = setting.districts[mover], setting.districts[host]
    facts: dict[str, Any] = {
        "key": way,
        "relation": land["relation"],
        "rivalry": setting.rivals.get(key, 0.0),
        "synergy": float(setting.synergy.get(key, 0.0)),
        "overlap_m2": float(land["area_m2"]),
        "mover_share": shares[key.index(mover)],
        "host_share": shares[key.index(host)],
        "gap_m": gap_m,
        "same_district": bool(districts[0] & districts[1]),
        "findings": setting.findings.get(key, ()),
    }
    if rules.same_district and not facts["same_district"]:
        return None
    wanted = rules.join.get(mover)
    if wanted and host != wanted:
        return None
    facts["reasons"] = _reasons(setting, facts, result, rules, policy)
    if not facts["reasons"]:
        return None
    ground = np.nan_to_num(setting.area_ha[mover]) - facts["overlap_m2"] / 1e4
    facts["added_ha"] = max(float(ground), 0.0)
    facts["gain"], facts["cost"] = _worth(setting, facts, rules)
    return facts


_NO_LAND = {"relation": "", "area_m2": 0.0, "left_share": 0.0, "right_share": 0.0}


def _reasons(
    setting: Setting, facts: Mapping[str, Any], result: Analysis, rules: Rules, policy: str
) -> tuple[str, ...]:
    """Gather what speaks for one management of two parks."""
    criteria, (mover, _) = result.criteria, facts["key"]
    most = max(facts["mover_share"], facts["host_share"])
    near = facts["gap_m"] <= rules.near_km * 1000
    strong = facts["synergy"] >= _CHAIN_FACTOR * criteria.min_synergy
    related = facts["rivalry"] > 0 or strong
    partial = facts["relation"] == "partial"
    listed = bool(facts["findings"])
    holds = {
        "same_body": policy == "same_body" and near and listed,
        "duplicate": facts["relation"] == "duplicate",
        "nested": facts["relation"] == "nested",
        "superseded": policy == "superseded" and most >= _MOST_OF,
        "overlap": partial and (most >= _MOST_OF or (most >= criteria.high_share and related)),
        "near_rivals": near and facts["rivalry"] > 0,
        "near_chain": near and facts["rivalry"] > 0 and strong,  # by itself no reason to join
        "one_per_district": _asked(rules, setting, mover) and facts["same_district"],
        "rule": mover in rules.join or mover in rules.must_move,
    }
    return tuple(reason for reason in REASONS if holds[reason])


def _asked(rules: Rules, setting: Setting, park: str) -> bool:
    meant = rules.one_per_district
    if not meant or not setting.counted[park]:
        return False
    return isinstance(meant, bool) or bool(setting.districts[park] & {*meant})


def _worth(setting: Setting, facts: Mapping[str, Any], rules: Rules) -> tuple[float, float]:
    """Weigh a move: what one management gains, and what the way between the two costs."""
    areas = [setting.area_ha[park] for park in facts["key"] if setting.area_ha[park] > 0]
    size = max(min(areas) / setting.mean_ha, _LEAST_SIZE) if areas else 1.0
    one = {"same_body", "duplicate", "nested", "superseded"} & set(facts["reasons"])
    ground = 1.0 if one else max(facts["mover_share"], facts["host_share"])
    gap_km = facts["gap_m"] / 1000 if np.isfinite(facts["gap_m"]) else rules.near_km
    gain = size * (facts["synergy"] + facts["rivalry"] + ground)
    return float(gain), float(size * rules.distance_weight * gap_km)
