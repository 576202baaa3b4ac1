"""Why a park stays: what is known about its bodies, its ground and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import bodies, messages, schema
from parkmap.consolidation.setting import is_customs, pair
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from parkmap.consolidation.setting import Setting
    from parkmap.schema import Analysis

    Row = Mapping[str, Any]

_MOST_NAMES = 4
_MOST_GROUNDS = 2
_HALF = 0.5


def kept(
    row: Row, setting: Setting, result: Analysis, names: Mapping[str, str], moves: pd.DataFrame
) -> Iterator[str]:
    """Say why a park stays, and what that leaves to be settled another way.

    Parameters
    ----------
    row
        A row of the plan that neither moves nor takes others in.
    setting
        The parks.
    result
        The analysis.
    names
        Name of each park.
    moves
        The moves there was a reason for.

    Yields
    ------
    Clauses, the first with the park's name.
    """
    park = row["park"]
    why = _kept_because(park, setting, result, moves)
    others = _crossing(park, setting) if why == "crossing" else []
    if why == "outweighed":
        open_ways = moves.loc[[park]]
        others = list(open_ways.index.get_level_values("into"))
        why = "with_host" if open_ways["host_moves"].all() else why
    told = name_some(sorted(names[other] for other in others))
    yield text(f"consolidation.kept.{why}", name=row["name"], parks=told)
    if why == "superseded":
        yield from _known(park, setting, names)
    if why in schema.TIERS:
        yield from _unsettled(park, setting, names)
    yield from _left_open(park, setting, names)


def name_some(names: Sequence[str]) -> str:
    """Name the first few of some parks.

    Parameters
    ----------
    names
        Their names.

    Returns
    -------
    The names, with a word for the rest.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     name_some(["甲", "乙", "丙", "丁", "戊"])
    '甲、乙、丙、丁等'
    """
    shown = listed(list(names[:_MOST_NAMES]))
    return shown + (text("consolidation.and_so_on") if len(names) > _MOST_NAMES else "")


def _kept_because(park: str, setting: Setting, result: Analysis, moves: pd.DataFrame) -> str:
    facts = setting.parks.loc[park]
    if is_customs(facts["kind"]):
        return "customs"
    if park in result.parks.index and park not in setting.movers:
        tier = facts["tier"]
        return str(tier) if tier in schema.TIERS[:2] else "rule"
    if park in moves.index.get_level_values("park"):
        return "outweighed"
    if facts["list_name"] in result.criteria.superseded_lists:
        return "superseded"
    return "crossing" if _crossing(park, setting) else "alone"


def _unsettled(park: str, setting: Setting, names: Mapping[str, str]) -> Iterator[str]:
    """Name the parks whose drawn extent a park that stays for its tier crosses, policy apart."""
    open_ground = (
        key
        for key, land in setting.shared.items()
        if park in key and (land["relation"] == "partial" or land["nesting"] == "undeclared")
    )
    others = sorted(names[other] for key in open_ground for other in set(key) - {park})
    if others:
        yield text("consolidation.crosses", parks=name_some(others))


def _crossing(park: str, setting: Setting) -> list[str]:
    return [
        other
        for key, land in setting.shared.items()
        if park in key and land["area_m2"] > 0
        for other in set(key) - {park}
    ]


def _known(park: str, setting: Setting, names: Mapping[str, str]) -> Iterator[str]:
    """Say how a park on a superseded list stands to the anchors, and what to verify."""
    yield from _tied(park, setting, names)
    parent = setting.parks.loc[park, "parent_id"]
    if parent in names:
        yield text("consolidation.known.parent", parent=names[parent])
    yield from _grounds(park, setting, names)
    yield text("consolidation.known.verify")


def _tied(park: str, setting: Setting, names: Mapping[str, str]) -> Iterator[str]:
    said: dict[str, list[str]] = {}
    body = str(setting.parks.loc[park, "managing_body"]).strip()
    wide = bodies.is_government(body, setting.places)
    joint = bodies.partners(str(setting.parks.loc[park, "co_built_by"] or ""))
    if joint:
        yield text("consolidation.known.joint", bodies=listed(list(joint)))
    for host in setting.hosts:
        tie = setting.ties.get((park, host), "")
        if tie == "co_built" and joint:  # told by the bodies, not by every park of theirs
            continue
        if tie == "same_body" and wide:
            tie = "government"
        elif tie == "same_body":
            tie += "_apart" if setting.findings.get(pair(park, host)) else "_unlisted"
        if tie:
            said.setdefault(tie, []).append(names[host])
    for tie, hosts in said.items():
        yield text(f"consolidation.known.{tie}", parks=name_some(hosts), body=body)


def _grounds(park: str, setting: Setting, names: Mapping[str, str]) -> Iterator[str]:
    found = []
    for host in setting.hosts:
        key = pair(park, host)
        land = setting.shared.get(key)
        if land and land["area_m2"] > 0:
            shares = (land["left_share"], land["right_share"])
            found.append((-land["area_m2"], host, shares[key.index(park)], max(shares)))
    for area, host, share, most in sorted(found)[:_MOST_GROUNDS]:
        yield text(
            f"consolidation.known.{'part' if most < _HALF else 'most'}",
            park=names[host],
            area=messages.area(-area),
            share=messages.percent(share),
        )
    if not found:
        yield text("consolidation.known.elsewhere")


def _left_open(park: str, setting: Setting, names: Mapping[str, str]) -> Iterator[str]:
    """Say what a park that stays leaves to be settled another way."""
    twins = [
        names[other]
        for key, land in setting.shared.items()
        if park in key and land["relation"] == "duplicate"
        for other in set(key) - {park}
    ]
    if twins:
        yield text("consolidation.twin", parks=name_some(sorted(twins)))
    rivals = sorted(
        (-rivalry, names[other])
        for key, rivalry in setting.rivals.items()
        if park in key
        for other in set(key) - {park}
    )
    if rivals:
        yield text("consolidation.rivals", parks=name_some([name for _, name in rivals]))
