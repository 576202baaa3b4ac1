"""What an overlap is: policy, duplicate, drawing noise, nesting, or a dispute."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from parkmap import bodies, geodesy, schema, taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from parkmap.schema import Criteria

#: What nesting depends on beside the id.
_ASKED = ("name", "code", "tier", "sectors", "parent_id")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Shared ground with its measures, one entry a pair.

    Parameters
    ----------
    pieces
        The polygons shared.
    crs
        Their CRS.
    area, width
        Ellipsoidal area and mean width of the shared ground.
    left, right
        Ellipsoidal areas of the two parks.
    """

    pieces: NDArray[np.object_]
    crs: Any
    area: NDArray[np.float64]
    width: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]


def relations(
    parks: gpd.GeoDataFrame,
    sides: tuple[NDArray[np.int64], NDArray[np.int64]],
    measured: Measured,
    criteria: Criteria,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Decide the relation of each pair that shares ground.

    Parameters
    ----------
    parks
        A complete parks table.
    sides
        Positions of the left and of the right park of each pair.
    measured
        What they share.
    criteria
        The thresholds.

    Returns
    -------
    Two arrays, one entry a pair: the relation, and the nesting ("" unless nested).
    """
    ids = parks.index.to_numpy()
    relation = bodies.policy_relations(
        parks, ids[sides[0]], ids[sides[1]], superseded_lists=criteria.superseded_lists
    )
    smaller = np.minimum(measured.left, measured.right)
    larger = np.maximum(measured.left, measured.right)
    iou = measured.area / (smaller + larger - measured.area)
    noise = is_sliver(
        measured.pieces,
        measured.crs,
        measured.width,
        measured.area,
        width_m=criteria.sliver_width_m,
        area_m2=criteria.sliver_area_m2,
    )
    inside = measured.area >= criteria.nested_share * smaller
    inside &= smaller <= criteria.nested_ratio * larger
    geometric = np.select(
        [iou >= criteria.duplicate_iou, noise, inside],
        ["duplicate", "sliver", "nested"],
        default="partial",
    ).astype(object)
    relation = np.where(relation == "", geometric, relation)
    return relation, _nestings(parks, sides, measured, relation == "nested")


def _nestings(
    parks: gpd.GeoDataFrame,
    sides: tuple[NDArray[np.int64], NDArray[np.int64]],
    measured: Measured,
    nested: NDArray[np.bool_],
) -> NDArray[np.object_]:
    """Say of nested pairs whether the file, the sectors or nobody explains them."""
    nesting = np.full(len(nested), "", dtype=object)
    left_inside = measured.left <= measured.right
    inner = np.where(left_inside, *sides)[nested]
    outer = np.where(left_inside, *sides[::-1])[nested]
    rows = pd.DataFrame(parks)[list(_ASKED)].reset_index()
    mine, theirs = (rows.iloc[at].to_dict("records") for at in (inner, outer))
    nesting[nested] = [_nesting(*pair) for pair in zip(mine, theirs, strict=True)]
    return nesting


def is_sliver(
    pieces: NDArray[np.object_],
    crs: Any,
    width: NDArray[np.float64],
    area: NDArray[np.float64],
    *,
    width_m: float,
    area_m2: float,
) -> NDArray[np.bool_]:
    """Tell drawing noise from a dispute.

    Parameters
    ----------
    pieces
        The polygons shared.
    crs
        Their CRS.
    width, area
        Their mean widths and areas.
    width_m, area_m2
        A sliver's mean width is at most the first, and opening it by that width leaves less than
        the second.

    Returns
    -------
    True where it is noise.

    Notes
    -----
    Opening (erosion and dilation) keeps only what is wide somewhere: a long ribbon with one broad
    place has a small mean width and is no sliver.

    Examples
    --------
    >>> ribbon = np.array([shapely.box(0, 0, 5000, 4)])
    >>> is_sliver(ribbon, 4544, np.array([4.0]), np.array([20e3]), width_m=5, area_m2=1e4).tolist()
    [True]
    """
    noise: NDArray[np.bool_] = np.asarray(width <= width_m)
    large = np.flatnonzero(noise & (area >= area_m2))  # what is smaller leaves less anyway
    plane = geodesy.local_planes(pieces[large], crs)
    opened = shapely.buffer(shapely.buffer(plane, -width_m), width_m)
    noise[large] = shapely.area(opened) < area_m2
    return noise


def _nesting(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> str:
    if _is_declared(inner, outer):
        return "declared"
    inferred = _is_lower(inner["tier"], outer["tier"]) and _sectors_at_or_below(
        inner["sectors"], outer["sectors"]
    )
    return "inferred" if inferred else "undeclared"


def _is_declared(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> bool:
    """Whether the inner park's parent_id is the outer's id, code or name."""
    parent = inner["parent_id"]
    if not isinstance(parent, str) or not parent.strip():
        return False
    return parent.strip() in {outer["park_id"], outer["code"]} or schema.normalised_name(
        parent
    ) == schema.normalised_name(str(outer["name"]))


def _is_lower(inner: Any, outer: Any) -> bool:
    known = inner in schema.TIERS and outer in schema.TIERS
    return known and schema.TIERS.index(inner) > schema.TIERS.index(outer)


def _sectors_at_or_below(inner: Any, outer: Any) -> bool:
    """Whether every sector of the inner park is one of the outer's, or lies in one."""
    words = taxonomy.load()
    mine, theirs = (
        _nodes(tuple(s), words) if isinstance(s, (tuple, list)) else frozenset()
        for s in (inner, outer)
    )
    below = words.is_at_or_below
    return bool(mine) and all(any(below(node, other) for other in theirs) for node in mine)


@cache
def _nodes(sectors: tuple[str, ...], words: taxonomy.Vocabulary) -> frozenset[str]:
    """Nodes of the vocabulary that stated sectors stand for; an unread word stands for itself."""
    nodes = set()
    for sector in sectors:
        term = taxonomy.term_weight(sector)[0]
        match = words.match(term)
        nodes.add(match.node if match.accepted and match.node else term)
    return frozenset(nodes)
