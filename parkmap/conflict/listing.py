"""Land, sector and control lines joined into one ranked list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap import schema
from parkmap.conflict import rows
from parkmap.conflict.ranking import ranked
from parkmap.conflict.severity import judged, repeated_names
from parkmap.schema import Criteria

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def conflicts(
    parks: gpd.GeoDataFrame,
    overlaps: gpd.GeoDataFrame,
    slices: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    controls: gpd.GeoDataFrame | None = None,
    supplies: pd.DataFrame | None = None,
    criteria: Criteria | None = None,
) -> gpd.GeoDataFrame:
    """Join land and sector into one ranked list of findings.

    Parameters
    ----------
    parks
        The parks table.
    overlaps, slices
        Pairs and pieces of shared ground; gains from the approved area are used where the columns
        ``left_gain_ha`` and ``right_gain_ha`` are there.
    pairs, clusters
        Pairs of parks that make much the same, and the groups they form.
    controls
        Parks against control lines, with the columns of ``schema.CONTROL_COLUMNS``.
    supplies
        Who can supply whom with what, on (``left``, ``right``): ``giver``, ``given``, ``taker``,
        ``taken``; then sentences about a chain name them.
    criteria
        The thresholds; the defaults if not given.

    Returns
    -------
    The conflicts table, worst first, numbered from 1. A pair is one row, whatever was found about
    it; a piece of land that three or more parks claim is one row with all of them, and a pair whose
    shared ground lies in such a piece has no land row of its own. A park and a control line are one
    row with one name.

    Notes
    -----
    Severity follows the printed table: land by share of the smaller park and hectares, at most
    medium where a boundary is schematic or the two boundaries are of different kinds; rivalry
    medium at most; both on one pair one step up, under the same ceiling for drawn shapes. Ground on
    a control line is high beyond a sliver, medium where the park is drawn schematically.
    The list is only as good as the boundaries and sector words in the file.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(400500, 3e6, 401500, 3001000)])
    >>> found = pm.analyze(parks).conflicts
    >>> found[["relation", "severity"]].values.tolist()
    [['partial', 'high']]
    """
    criteria = criteria or Criteria()
    table = schema.complete(parks)
    land = rows.land_rows(overlaps)
    multiple = rows.multiple_rows(table, slices, land, criteria)
    rows.absorb(land, multiple, slices, criteria)
    sector = rows.sector_rows(table, pairs, clusters, criteria, supplies=supplies)
    found = [rows.joined(land.get(key), sector.get(key)) for key in sorted({*land, *sector})]
    found += multiple
    if controls is not None:
        found += rows.control_rows(controls)
    repeated = repeated_names(table)
    return ranked([judged(row, table, criteria, repeated=repeated) for row in found], table)
