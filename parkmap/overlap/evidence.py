"""Approved-area evidence: which park would come closer to what was approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parkmap import geodesy, schema
from parkmap.schema import Criteria

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def approved_area_gain(
    parks: gpd.GeoDataFrame,
    overlaps: gpd.GeoDataFrame,
    *,
    dead_band: float = Criteria.area_dead_band,
    ratio_low: float = Criteria.area_ratio_low,
    ratio_high: float = Criteria.area_ratio_high,
) -> pd.DataFrame:
    """Say how much closer to its approved area each park would be without the shared land.

    Parameters
    ----------
    parks
        The parks table; ``approved_area_ha`` where it is known.
    overlaps
        The table of :func:`overlaps` for these parks.
    dead_band
        Gains below this part of the approved area are silent.
    ratio_low, ratio_high
        Silent where drawn over approved area of either park is outside these bounds: another kind
        of boundary was drawn.

    Returns
    -------
    Table on the index of overlaps with ``left_gain_ha`` and ``right_gain_ha``; nan where silent.
    Positive: without the shared land the park is closer to what was approved. Evidence, never a
    verdict.

    Notes
    -----
    With residual r = drawn - approved area, ``gain = |r| - |r - shared|``. Silent too where the
    two parks state different kinds of boundary, which are not comparable.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from parkmap.overlap import overlaps
    >>> shapes = [box(4e5, 3e6, 401e3, 3001e3), box(400900, 3e6, 401900, 3001e3)]
    >>> parks = gpd.GeoDataFrame(
    ...     {"approved_area_ha": [90.0, 100.0]}, geometry=shapes, index=["a", "b"], crs=4544)
    >>> approved_area_gain(parks, overlaps(parks)).round(1).values.tolist()
    [[10.0, -10.0]]
    """
    table = schema.complete(parks)
    crs = geodesy.require_crs(table)
    shared = overlaps["area_m2"].to_numpy(dtype=float) / 1e4
    sides = [table.index.get_indexer(overlaps.index.get_level_values(k)) for k in (0, 1)]
    near = np.unique(np.concatenate(sides))
    drawn = np.full(len(table), np.nan)
    shapes = np.asarray(table.geometry.array, dtype=object)[near]
    drawn[near] = geodesy.ellipsoidal_area(shapes, crs) / 1e4
    approved = pd.to_numeric(table["approved_area_ha"], errors="coerce").to_numpy(dtype=float)
    approved = np.where(approved > 0, approved, np.nan)
    ratio = drawn / approved
    odd = (ratio < ratio_low) | (ratio > ratio_high)  # False where nothing was approved
    silent = odd[sides[0]] | odd[sides[1]] | _kinds_differ(table, sides)
    gains = {}
    for name, side in zip(("left_gain_ha", "right_gain_ha"), sides, strict=True):
        residual = drawn[side] - approved[side]
        gain = np.abs(residual) - np.abs(residual - shared)
        heard = ~silent & (np.abs(gain) >= dead_band * approved[side])
        gains[name] = np.where(heard, gain, np.nan)
    return pd.DataFrame(gains, index=overlaps.index)


def _kinds_differ(table: gpd.GeoDataFrame, sides: list[NDArray[np.int64]]) -> NDArray[np.bool_]:
    kinds = table["boundary_kind"].where(table["boundary_kind"].notna(), "").to_numpy(dtype=object)
    left, right = (kinds[side] for side in sides)
    differ: NDArray[np.bool_] = (left != right) & (left != "") & (right != "")
    return differ
