"""Slices: each piece of land that several parks claim, once, with all its claimants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from parkmap import geodesy, schema
from parkmap.overlap import ground
from parkmap.overlap.pairs import overlaps as find_overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Pair = tuple[str, str]
    Slice = tuple[tuple[str, ...], shapely.Geometry]


def slices(
    parks: gpd.GeoDataFrame, *, overlaps: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Cut shared land into pieces, each with everyone who claims it.

    Parameters
    ----------
    parks
        The parks table.
    overlaps
        The table of :func:`overlaps` for these parks; made if not given.

    Returns
    -------
    One row a set of claimants (two or more), sorted by claimants: ``claimants`` (tuple of
    park_id), ``area_m2`` (ellipsoidal), ``geometry`` (all land claimed by exactly these).

    Notes
    -----
    The borders of all pairs that touch a triple are noded together and made into faces, so that
    planar areas of slices and pairs agree to 1e-6; ellipsoidal ones to 1e-4, as geodesic areas are
    not additive over straight chords.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> shapes = [box(0, 0, 100, 100), box(50, 0, 150, 100), box(50, 50, 90, 200)]
    >>> parks = gpd.GeoDataFrame(geometry=shapes, index=["a", "b", "c"], crs="EPSG:4544")
    >>> slices(parks)["claimants"].tolist()
    [('a', 'b'), ('a', 'b', 'c')]
    """
    table = schema.complete(parks)
    crs = geodesy.require_crs(table)
    pairs = find_overlaps(table) if overlaps is None else overlaps
    land = pairs[pairs["relation"] != "adjacent"]
    shared = dict(zip(land.index, np.asarray(land.geometry.array, dtype=object), strict=True))
    found = sorted(_cut(shared), key=lambda piece: piece[0])
    claimants = pd.Series([piece[0] for piece in found], dtype=object)
    geometry = np.array([piece[1] for piece in found], dtype=object)
    frame = {"claimants": claimants, "area_m2": geodesy.ellipsoidal_area(geometry, crs)}
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(geometry, crs=table.crs), crs=table.crs)


def _cut(shared: dict[Pair, shapely.Geometry]) -> Iterator[Slice]:
    """Pairs without a third claimant are slices as they are; the others are cut together."""
    crowded = _in_triangles(shared)
    for pair in shared.keys() - set(crowded):
        yield pair, shared[pair]
    for group in _groups(crowded):
        yield from _arrange(group, np.array([shared[pair] for pair in group], dtype=object))


def _in_triangles(pairs: Iterable[Pair]) -> list[Pair]:
    """Pairs whose parks both share ground with a third."""
    neighbours: dict[str, set[str]] = {}
    for left, right in pairs:
        neighbours.setdefault(left, set()).add(right)
        neighbours.setdefault(right, set()).add(left)
    return [pair for pair in pairs if not neighbours[pair[0]].isdisjoint(neighbours[pair[1]])]


def _groups(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Pairs by connected component of their parks."""
    leader: dict[str, str] = {}

    def find(park: str) -> str:
        while leader.setdefault(park, park) != park:
            leader[park] = leader[leader[park]]
            park = leader[park]
        return park

    for left, right in pairs:
        leader[find(right)] = find(left)
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(find(pair[0]), []).append(pair)
    return list(groups.values())


def _arrange(pairs: list[Pair], shapes: NDArray[np.object_]) -> Iterator[Slice]:
    """Faces of all the borders together, joined by who claims them."""
    _, kept, same = np.unique(
        shapely.to_wkb(shapely.normalize(shapes)), return_index=True, return_inverse=True
    )
    claimed: list[set[str]] = [set() for _ in kept]  # many rows may repeat one park
    for pair, number in zip(pairs, same, strict=True):
        claimed[number].update(pair)
    borders = shapely.union_all(shapely.boundary(shapes[kept]))
    faces = shapely.get_parts(shapely.polygonize([borders]))
    inside = shapely.point_on_surface(faces)
    at, piece_at = shapely.STRtree(shapes[kept]).query(inside, predicate="within")
    claims: list[set[str]] = [set() for _ in faces]
    for face, number in zip(at, piece_at, strict=True):
        claims[face] |= claimed[number]
    joined: dict[tuple[str, ...], list[int]] = {}
    for face, parks in enumerate(claims):
        if parks:
            joined.setdefault(tuple(sorted(parks)), []).append(face)
    for claimants, members in joined.items():
        piece = shapely.coverage_union_all(faces[members])
        if ground.is_land(np.array([piece], dtype=object))[0]:
            yield claimants, piece
