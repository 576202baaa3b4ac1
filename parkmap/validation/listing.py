"""Everything that is wrong with the data, each fault once: the list that every verb gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from parkmap.validation.checking import check_parks
from parkmap.validation.shifted import check_datum

if TYPE_CHECKING:
    import geopandas as gpd

#: Drawn and approved areas that differ by more than this part are listed.
AREA_TOLERANCE = 0.05
#: What a row of the left says again of a park that a row of the right tells of.
_TOLD_BY = {"PM302": ("PM301",), "PM203": ("PM201", "PM205")}


def find_problems(
    parks: gpd.GeoDataFrame,
    *,
    met: pd.DataFrame | None = None,
    area_tolerance: float = AREA_TOLERANCE,
    reference: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """List all problems of the data: met while reading, of the parks, of their datum.

    Parameters
    ----------
    parks
        A parks table.
    met
        Problems met while reading.
    area_tolerance
        As for :func:`check_parks`.
    reference
        As for :func:`check_datum`.

    Returns
    -------
    The problems; one fault is told once.

    Raises
    ------
    SchemaError
        If it is no parks table.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A"], "approved_area_ha": [90.0]},
    ...     geometry=[box(4e5, 3e6, 401000, 3001000)], crs=4544)
    >>> find_problems(parks)["code"].tolist()
    ['PM313', 'PM302', 'PM403']
    """
    checked = check_parks(parks, area_tolerance=area_tolerance)
    found = [checked, check_datum(parks, reference=reference)]
    told = pd.concat([met, *found] if met is not None else found, ignore_index=True)
    again = pd.Series(data=False, index=told.index)
    for code, others in _TOLD_BY.items():
        known = told.loc[told["code"].isin(others), "park_id"]
        again |= (told["code"] == code) & told["park_id"].isin(known[known != ""])
    return told[~again].reset_index(drop=True)
