"""Who runs a park: pairs that share ground by policy rather than by dispute.

One body with two name plates, a jointly built park, a list no longer in force: each explains an
overlap and turns rivalry into internal duplication. Rooms ask here so that all of them agree.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import schema
from parkmap.schema import Criteria

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


def is_government(body: str, places: frozenset[str]) -> bool:
    """Say whether a managing body is the government of a place: it runs more than one park.

    Parameters
    ----------
    body
        A managing body as written.
    places
        The districts of the layer.

    Returns
    -------
    True for a county's government, by its name or as one of places.

    Examples
    --------
    >>> is_government("霁川县人民政府", frozenset()), is_government("新津区", frozenset({"新津区"}))
    (True, True)
    >>> is_government("新津经开区管委会", frozenset({"新津区"}))
    False
    """
    written = "".join(unicodedata.normalize("NFKC", body or "").split())
    return written.endswith("政府") or normalised_body(written) in places


def body_of(row: Mapping[str, Any], parks: gpd.GeoDataFrame) -> str:
    """Return the body that runs both parks of a finding, as the first of them has it.

    Parameters
    ----------
    row
        A finding: its ``relation`` and ``parks``.
    parks
        The parks table.

    Returns
    -------
    Its name as written, "" unless the relation is ``"same_body"``.

    Examples
    --------
    >>> import pandas as pd
    >>> parks = pd.DataFrame({"managing_body": ["甲管委会", "甲"]}, index=["a", "b"])
    >>> body_of({"relation": "same_body", "parks": ("a", "b")}, parks)
    '甲管委会'
    """
    if row["relation"] != "same_body":
        return ""
    return str(parks.loc[row["parks"][0], "managing_body"]).strip()


def partners(names: str) -> tuple[str, ...]:
    """Return the bodies that build a park together.

    Parameters
    ----------
    names
        The column ``co_built_by`` as written, or "".

    Returns
    -------
    Their names as written.

    Examples
    --------
    >>> partners("高新区；锦江区")
    ('高新区', '锦江区')
    """
    written = (name.strip() for name in _BETWEEN_BODIES.split(names or ""))
    return tuple(name for name in written if name)


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
    groups = {names: _normalised(partners(names)) for names in set(joint)}
    together = [groups[names] for names in joint]
    old = table["list_name"].isin(superseded_lists).to_numpy()

    relation = np.full(len(i), "", dtype=object)
    relation[old[i] | old[j]] = "superseded"
    some = np.array([bool(names) for names in together], dtype=bool)
    for k in np.flatnonzero(some[i] | some[j]):
        if _co_built(together[i[k]], together[j[k]], body[i[k]], body[j[k]]):
            relation[k] = "co_built"
    relation[(body[i] == body[j]) & (body[i] != "")] = "same_body"
    return relation


def _normalised(names: Iterable[str]) -> frozenset[str]:
    bodies = (normalised_body(name) for name in names)
    return frozenset(body for body in bodies if body)


def _co_built(left: frozenset[str], right: frozenset[str], left_body: str, right_body: str) -> bool:
    return bool(left & right) or left_body in right or right_body in left
