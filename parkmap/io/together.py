"""What came out of files, and several of it put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from parkmap import messages
from parkmap.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parkmap.schema import Source


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What came out of files.

    Parameters
    ----------
    parks
        The parks table.
    problems
        What was noticed on the way.
    sources
        The files, for the record.
    """

    parks: gpd.GeoDataFrame
    problems: pd.DataFrame
    sources: tuple[Source, ...]

    @property
    def source(self) -> Source:
        """The first file."""
        return self.sources[0]


def joined(readings: Sequence[Reading]) -> Reading:
    """Put what came out of several layers or files into one table.

    Parameters
    ----------
    readings
        One a layer.

    Returns
    -------
    All parks in the CRS of the first, ids kept apart; problems say which layer is meant.

    Examples
    --------
    >>> import shapely
    >>> from parkmap import schema
    >>> said = dict.fromkeys(("sha256", "driver", "encoding", "crs", "newest"), "")
    >>> source = schema.Source(name="a.csv", rows=1, **said)
    >>> park = gpd.GeoDataFrame({"name": ["甲"]}, index=["1"], geometry=[shapely.Point(104, 30)])
    >>> one = Reading(parks=park, problems=schema.problems_table([]), sources=(source,))
    >>> joined([one, one]).parks.index.tolist()
    ['1', '1@a.csv']
    """
    if len(readings) == 1:
        return readings[0]
    place = readings[0].parks.crs
    taken: set[str] = set()
    tables, problems = [], []
    for reading in readings:
        layer = reading.sources[0].name
        names = {park: _apart(park, layer, taken) for park in reading.parks.index}
        taken |= set(names.values())
        table = reading.parks.rename(index=names)
        tables.append(table if table.crs == place else table.to_crs(place))
        told = reading.problems.replace({"park_id": names})
        told["message"] = [_with_source(text, reading.sources) for text in told["message"]]
        problems.append(told)
    parks = gpd.GeoDataFrame(pd.concat(tables), crs=place)
    parks.index = pd.Index(parks.index, name="park_id", dtype=object)
    sources = tuple(source for reading in readings for source in reading.sources)
    return Reading(parks=parks, problems=pd.concat(problems, ignore_index=True), sources=sources)


def _with_source(text: str, sources: Sequence[Source]) -> str:
    """Say which of several files is meant, unless that was said for a part of it."""
    name = terminal(sources[0].name)
    placed = messages.text("terms.error.placed", where=name, said=text)
    return text if len(sources) > 1 else placed


def _apart(park: str, layer: str, taken: set[str]) -> str:
    made, count = park, 2
    while made in taken:
        made = f"{park}@{layer}" if made == park else f"{park}@{layer}#{count}"
        count += made.endswith(f"#{count}")
    return made
