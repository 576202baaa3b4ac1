"""Which park of a new delivery is which park of the old one, also where its key changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from parkmap import schema
from parkmap.schema import normalised_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import geopandas as gpd

#: Two outlines are one park's if they share at least this part of the ground they cover together.
MIN_IOU = 0.8


def successors(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> dict[str, tuple[str, str]]:
    """Match the parks of two deliveries.

    Parameters
    ----------
    old, new
        Parks tables.

    Returns
    -------
    Old ``park_id`` -> new ``park_id`` and how it was found: ``"key"``, ``"name"`` or ``"shape"``.
    A park that is gone is absent. Each park is matched once.

    Notes
    -----
    First by key (code, else given id), then by name among those left, then by the intersection
    over union of the outlines, the best first, from ``MIN_IOU`` on. An id of digits alone may be
    the number of a row and matches nothing.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> def layer(**parks):
    ...     table = gpd.GeoDataFrame({"name": list(parks)}, geometry=list(parks.values()), crs=4544)
    ...     return table.set_index(gpd.pd.Index(list(parks), name="park_id"))
    >>> successors(layer(a=box(0, 0, 10, 10)), layer(b=box(0, 0, 10, 9)))
    {'a': ('b', 'shape')}
    """
    old, new = schema.complete(old), schema.complete(new)
    found: dict[str, tuple[str, str]] = {}
    keys = (
        {
            park: key
            for park, key in schema.park_keys(table).items()
            if key != park or not _is_row(key)
        }
        for table in (old, new)
    )
    _match(found, next(keys), next(keys), "key")
    names = (
        {park: normalised_name(name) for park, name in table["name"].items() if name}
        for table in (old, new)
    )
    _match(found, next(names), next(names), "name")
    for left, right in _alike(old, new, found):
        if left not in found and right not in {park for park, _ in found.values()}:
            found[left] = (right, "shape")
    return found


def _match(
    found: dict[str, tuple[str, str]],
    old: Mapping[Hashable, str],
    new: Mapping[Hashable, str],
    how: str,
) -> None:
    """Match what carries one word on both sides and on each side once."""
    taken = {park for park, _ in found.values()}
    left = _single({park: word for park, word in old.items() if park not in found})
    right = _single({park: word for park, word in new.items() if park not in taken})
    found.update({left[word]: (right[word], how) for word in left if word in right})


def _is_row(key: str) -> bool:
    return key.isdecimal()


def _single(words: Mapping[Hashable, str]) -> dict[str, str]:
    said = list(words.values())
    return {word: str(park) for park, word in words.items() if said.count(word) == 1}


def _alike(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, found: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str]]:
    """Pairs of outlines not matched yet, the most alike first."""
    taken = {park for park, _ in found.values()}
    before = old[~old.index.isin(list(found)) & old.geometry.notna()]
    after = new[~new.index.isin(list(taken)) & new.geometry.notna()]
    if before.empty or after.empty:
        return []
    place = before.estimate_utm_crs() if before.crs is not None else None
    shapes = [
        shapely.make_valid(np.asarray(table.geometry.to_crs(place) if place else table.geometry))
        for table in (before, after)
    ]
    at, to = shapely.STRtree(shapes[1]).query(shapes[0], predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[0][at], shapes[1][to]))
    whole = shapely.area(shapely.union(shapes[0][at], shapes[1][to]))
    iou = np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0)
    best = sorted(
        (-float(score), str(before.index[i]), str(after.index[j]))
        for score, i, j in zip(iou, at, to, strict=True)
        if score >= MIN_IOU
    )
    return [(left, right) for _, left, right in best]
