"""Who runs a park: pairs that share ground by policy rather than by dispute.

One body with two name plates, a jointly built park, a list no longer in force: each explains an
overlap and turns rivalry into internal duplication. Rooms ask here so that all of them agree.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from parkmap import schema
from parkmap.schema import Criteria

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

#: Relations that say why two parks may claim the same ground, in the order they are asked.
POLICY_RELATIONS = ("same_body", "co_built", "superseded")

_OFFICE = re.compile(r"(党工委)?(管理委员会|管委会|人民政府)$")
_BETWEEN_BODIES = re.compile(r"[;；、,，/]")


def normalised_body(name: str) -> str:
    """Return a managing body's name without its office suffix, width folded.

    Parameters
    ----------
    name
        As written in the file.

    Returns
    -------
    The comparable name, "" where none is given.

    Examples
    --------
    >>> normalised_body("云溪高新区管委会") == normalised_body("云溪高新区管理委员会")
    True
    """
    folded = "".join(unicodedata.normalize("NFKC", name).split())
    return _OFFICE.sub("", folded)


def policy_relations(
    parks: gpd.GeoDataFrame,
    left: Sequence[str],
    right: Sequence[str],
    *,
    superseded_lists: Sequence[str] = Criteria.superseded_lists,
) -> NDArray[np.object_]:
    """Say for each pair whether policy explains that two parks share ground or sectors.

    Parameters
    ----------
    parks
        The parks table.
    left, right
        Park ids, pair by pair.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.

    Returns
    -------
    Array of ``"same_body"``, ``"co_built"``, ``"superseded"`` or ``""``, one a pair.

    Notes
    -----
    Names of bodies are compared after dropping office suffixes; a body written in two quite
    different ways is not recognised, and the pair is then treated as two parties.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> frame = gpd.GeoDataFrame(
    ...     {"managing_body": ["甲管委会", "甲"], "list_name": ["", ""]},
    ...     geometry=[box(0, 0, 1, 1)] * 2, index=["a", "b"])
    >>> list(policy_relations(frame, ["a"], ["b"]))
    ['same_body']
    """
    table = schema.complete(parks)
    position = {park: i for i, park in enumerate(table.index)}
    i = np.array([position[park] for park in left], dtype=int)
    j = np.array([position[park] for park in right], dtype=int)
    managing, joint = table["managing_body"].tolist(), table["co_built_by"].tolist()
    known = {name: normalised_body(name) for name in set(managing)}  # few, among many parks
    body = np.array([known[name] for name in managing], dtype=object)
    groups = {names: _partners(names) for names in set(joint)}
    partners = [groups[names] for names in joint]
    old = table["list_name"].isin(superseded_lists).to_numpy()

    relation = np.full(len(i), "", dtype=object)
    relation[old[i] | old[j]] = "superseded"
    some = np.array([bool(names) for names in partners], dtype=bool)
    for k in np.flatnonzero(some[i] | some[j]):
        if _co_built(partners[i[k]], partners[j[k]], body[i[k]], body[j[k]]):
            relation[k] = "co_built"
    relation[(body[i] == body[j]) & (body[i] != "")] = "same_body"
    return relation


def _partners(names: str) -> frozenset[str]:
    bodies = (normalised_body(name) for name in _BETWEEN_BODIES.split(names or ""))
    return frozenset(body for body in bodies if body)


def _co_built(left: frozenset[str], right: frozenset[str], left_body: str, right_body: str) -> bool:
    return bool(left & right) or left_body in right or right_body in left
