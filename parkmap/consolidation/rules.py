"""What a planner lays down before a plan is made: the keys of ``plan.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from parkmap import files, messages, schema
from parkmap.consolidation.setting import place_names
from parkmap.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd

_LISTS = ("anchors", "may_move", "must_move", "must_not_move")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a plan has to keep to. Parks are named by id, code or name.

    Parameters
    ----------
    anchors
        Parks beside the counted national and provincial ones that others may join.
    may_move
        National or provincial parks that may join another, which by default they never do; their
        approval level is that of who set them up.
    must_move, must_not_move
        Parks that have to join one of the anchors, and parks that stay.
    join
        Park -> the anchor it has to join.
    new
        Name of a new park -> the parks that form it.
    near_km
        How far apart two boundaries may be for their parks to count as neighbours.
    same_district
        A park joins inside its own district only.
    one_per_district
        No more than one counted park is left in each district (一县一区): true, or the districts
        meant. National and provincial parks move only if ``may_move`` names them.
    capacity_ha
        The most ground an anchor may have with all that joins it: a number for all, or by anchor.
    max_members
        The most parks that may join one anchor.
    rivalry_weight
        What a unit of rivalry left between two parks costs.
    distance_weight
        What a kilometre between a park and its anchor costs.

    Examples
    --------
    >>> Rules(near_km=3).near_km
    3
    """

    anchors: tuple[str, ...] = ()
    may_move: tuple[str, ...] = ()
    must_move: tuple[str, ...] = ()
    must_not_move: tuple[str, ...] = ()
    join: Mapping[str, str] = field(default_factory=dict)
    new: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near_km: float = 5.0
    same_district: bool = False
    one_per_district: bool | tuple[str, ...] = False
    capacity_ha: float | Mapping[str, float] | None = None
    max_members: int | None = None
    rivalry_weight: float = 0.5
    distance_weight: float = 0.02


def read_rules(path: str | os.PathLike[str]) -> Rules:
    r"""Read ``plan.toml``.

    Parameters
    ----------
    path
        The file; its keys are the parameters of :class:`Rules`.

    Returns
    -------
    The rules.

    Raises
    ------
    InputError
        If it is no TOML, has a key that is not known, or a value of the wrong kind.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "plan.toml")
    ...     _ = file.write_text('near_km = 3\nmust_not_move = ["甲园区"]', encoding="utf-8")
    ...     read_rules(file).must_not_move
    ('甲园区',)
    """
    file, name = files.local_file(path), files.display_name(path)
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise InputError(**messages.fault("consolidation.bad_toml"), file=name) from reason
    known = {found.name for found in fields(Rules)}
    for key, value in said.items():
        if key not in known:
            keys = messages.listed(sorted(known))
            fault = messages.fault("consolidation.unknown_key", item=key[:40], known=keys)
            raise InputError(**fault, file=name)
        fits: Callable[[Any], bool] = _KINDS[key]
        if not fits(value):
            raise InputError(**messages.fault("consolidation.bad_value", item=key), file=name)
    return Rules(**{key: _frozen(value) for key, value in said.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {key: _frozen(found) for key, found in value.items()}
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e12


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_table_of(value: Any, kind: Any) -> bool:
    return isinstance(value, dict) and all(kind(found) for found in value.values())


_KINDS = {
    **dict.fromkeys(_LISTS, _is_names),
    "join": lambda value: _is_table_of(value, lambda name: isinstance(name, str)),
    "new": lambda value: _is_table_of(value, _is_names),
    **dict.fromkeys(("near_km", "rivalry_weight", "distance_weight"), _is_number),
    "same_district": lambda value: isinstance(value, bool),
    "one_per_district": lambda value: isinstance(value, bool) or _is_names(value),
    "capacity_ha": lambda value: _is_number(value) or _is_table_of(value, _is_number),
    "max_members": lambda value: isinstance(value, int) and _is_number(value),
}


def resolved(rules: Rules, parks: gpd.GeoDataFrame) -> Rules:
    """Replace the names of parks in rules by their ids.

    Parameters
    ----------
    rules
        The rules, their parks named by id, code or name.
    parks
        A parks table.

    Returns
    -------
    The rules with ids.

    Raises
    ------
    InputError
        If a park is not in the table, its name is that of several, or two rules contradict.

    Examples
    --------
    >>> import geopandas as gpd
    >>> table = schema.complete(gpd.GeoDataFrame({"name": ["甲"]}, geometry=[None], index=["a"]))
    >>> resolved(Rules(must_move=("甲",)), table).must_move
    ('a',)
    """
    known = _known(parks)
    said = {name: _ids(getattr(rules, name), known) for name in _LISTS}
    join = {_id(park, known): _id(anchor, known) for park, anchor in rules.join.items()}
    new = {name: _ids(members, known) for name, members in rules.new.items()}
    capacity = rules.capacity_ha
    if not isinstance(capacity, (int, float, type(None))):
        capacity = {_id(anchor, known): most for anchor, most in capacity.items()}
    _refuse_contradictions(said, join, new, known)
    _refuse_founding(new, parks)
    _refuse_unknown_places(rules, parks)
    lists: dict[str, Any] = dict(said)
    return replace(rules, **lists, join=join, new=new, capacity_ha=capacity)


def _refuse_unknown_places(rules: Rules, parks: gpd.GeoDataFrame) -> None:
    """Refuse a district that no park lies in: a rule that binds nobody is a slip of the pen."""
    if isinstance(rules.one_per_district, bool):
        return
    there = {place for said in parks["district"] for place in place_names(said)}
    for place in rules.one_per_district:
        if place not in there:
            raise InputError(**messages.fault("consolidation.no_district", place=place[:40]))


def _known(parks: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Return ids by id, by code and by name as it is compared."""
    found: dict[str, list[str]] = {}
    for park, code, name in zip(parks.index, parks["code"], parks["name"], strict=True):
        keys = {f"id:{park}", f"code:{code}", f"name:{schema.normalised_name(str(name or ''))}"}
        for key in keys:
            found.setdefault(key, []).append(park)
    return found


def _id(said: str, known: Mapping[str, list[str]]) -> str:
    keys = (f"id:{said}", f"code:{said}", f"name:{schema.normalised_name(said)}")
    found = next((known[key] for key in keys if key in known and said.strip()), [])
    if len(found) == 1:
        return found[0]
    key = "many_parks" if found else "no_park"
    ids = messages.listed(found[:3])
    raise InputError(**messages.fault(f"consolidation.{key}", park=said[:40], ids=ids))


def _ids(said: Iterable[str], known: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_id(name, known) for name in said))


def _refuse_contradictions(
    said: Mapping[str, tuple[str, ...]],
    join: Mapping[str, str],
    new: Mapping[str, tuple[str, ...]],
    known: Mapping[str, list[str]],
) -> None:
    """Refuse what no plan could do, whatever the parks are like."""
    moving = {*said["must_move"], *join}
    founding = [park for members in new.values() for park in members]
    both = sorted(
        (moving & {*said["must_not_move"], *said["anchors"]})
        | ({*moving, *said["must_not_move"], *said["anchors"], *join.values()} & {*founding})
        | {park for park in founding if founding.count(park) > 1}
        | {park for park, anchor in join.items() if park == anchor or anchor in moving}
    )
    if both:
        raise InputError(**messages.fault("consolidation.contradiction", park=both[0]))
    taken = [name for name in new if f"name:{schema.normalised_name(name)}" in known]
    if taken:
        raise InputError(**messages.fault("consolidation.name_taken", name=taken[0]))


def _refuse_founding(new: Mapping[str, tuple[str, ...]], parks: gpd.GeoDataFrame) -> None:
    """Refuse a new park made of national or provincial ones: it would change their tier."""
    for members in new.values():
        for park in members:
            if parks.loc[park, "tier"] in schema.TIERS[:2]:
                raise InputError(**messages.fault("consolidation.founded_of_high", park=park))
