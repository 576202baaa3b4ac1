"""Parks that a list names and the layer does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from parkmap import messages, nearest, schema
from parkmap.matching.items import Places
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd


def stray_parks(parks: gpd.GeoDataFrame, lists: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the rows whose stated or wished park is not in the layer, or not one park there.

    Parameters
    ----------
    parks
        A parks table.
    lists
        Tables with ``schema.LIST_COLUMNS`` by kind.

    Returns
    -------
    A problems table without ``park_id`` but with the column ``list``. Such rows are matched by
    their sector; wanted ground (``need`` land) may lie anywhere and is not listed.

    Examples
    --------
    >>> import geopandas as gpd
    >>> layer = gpd.GeoDataFrame({"name": ["甲园区"]}, geometry=[None])
    >>> row = {**schema.LIST_COLUMNS, "list": "companies", "park": "乙园区", "row": 3}
    >>> stray_parks(layer, {"companies": pd.DataFrame([row])})[["row", "code"]].values.tolist()
    [[3, 'PM612']]
    """
    places = Places(parks)
    names = sorted(set(places.names.values()))
    tables = []
    for kind, table in lists.items():
        said = table[(table["park"] != "") & (table["need"] != "land")]
        strays = [
            problem("PM612", row=int(row), text=park[:40], near=_nearest(park, names))
            for row, park in zip(said["row"], said["park"], strict=True)
            if not places.park_of(park)
        ]
        strays += [
            problem("PM615", row=int(row), text=name[:40], near=_nearest(name, names))
            for row, wish in zip(table["row"], table["fitting"], strict=True)
            for name, park in places.each_of(wish).items()
            if not park
        ]
        tables.append(schema.problems_table(strays).drop(columns="park_id").assign(list=kind))
    return pd.concat(tables, ignore_index=True) if tables else schema.problems_table([])


def _nearest(text: str, names: list[str]) -> str:
    return messages.listed(nearest.nearest(text, names)) or "-"
