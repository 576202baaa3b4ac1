"""How much ground parks have to give, from a column of their table."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

_HEADING = re.compile(
    r"(?:可供地面积|可供用地面积|可供地|available[ _]land(?:[ _]area)?|available_area)"
    r"[(_ ]?(?P<unit>亩|公顷|平方米|平方公里|ha|m2|km2|mu)?\)?"
)
_M2 = {
    "亩": 10_000 / 15, "mu": 10_000 / 15, "公顷": 1e4, "ha": 1e4, "平方米": 1.0, "m2": 1.0,
    "平方公里": 1e6, "km2": 1e6,
}  # fmt: skip


def available_land(parks: gpd.GeoDataFrame) -> dict[str, int]:
    """Read how much ground each park has to give.

    Parameters
    ----------
    parks
        A parks table; the column is called 可供地面积, with its unit, or ``available_area_ha``.

    Returns
    -------
    Square metres by park, for those that state a number; empty without such a column or unit.

    Examples
    --------
    >>> import geopandas as gpd
    >>> table = {"可供地面积(亩)": [15, ""]}
    >>> layer = gpd.GeoDataFrame(table, geometry=[None, None], index=["a", "b"])
    >>> available_land(layer)
    {'a': 10000}
    """
    for column in map(str, parks.columns):
        heading = unicodedata.normalize("NFKC", column).casefold().strip()
        found = _HEADING.fullmatch(heading)
        if found is None or not found["unit"]:
            continue
        figures = pd.to_numeric(parks[column], errors="coerce").to_numpy(dtype=float)
        return {
            str(park): round(figure * _M2[found["unit"]])
            for park, figure in zip(parks.index, figures, strict=True)
            if not math.isnan(figure) and figure >= 0
        }
    return {}
