"""A table that a notebook holds, read as a file of the same content would be."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parkmap.io.gdal import shapes_from
from parkmap.io.headings import recognise
from parkmap.io.raw import Options, Raw

if TYPE_CHECKING:
    import geopandas as gpd

_NAME = "GeoDataFrame"


def read_frame(frame: gpd.GeoDataFrame, options: Options) -> Raw:
    """Read a table in memory; it is not changed.

    Parameters
    ----------
    frame
        Any GeoDataFrame with an active geometry.
    options
        How to read it.

    Returns
    -------
    Its rows. An index that is not just 0, 1, 2 … gives the ids, unless a column does.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> frame = gpd.GeoDataFrame({"园区名称": ["甲"]}, index=["S1"], geometry=[box(0, 0, 1, 1)])
    >>> read_frame(frame, Options(columns={})).table.loc[0, "park_id"]
    'S1'
    """
    shapes, problems = shapes_from(list(frame.geometry.to_wkb()))
    ours = ("layer", "row") if frame.index.name == "park_id" else ()  # said anew of this table
    kinds = frame.dtypes.items()
    plain = [name for name, kind in kinds if str(kind) != "geometry" and name not in ours]
    table = pd.DataFrame(
        {str(name): _plain(frame[name]) for name in plain}, index=range(len(frame))
    )
    if _names_rows(frame.index) and "park_id" not in recognise(
        list(table.columns), chosen=options.columns
    ):
        table["park_id"] = frame.index.to_numpy(dtype=object)
    content = repr((table.to_dict("list"), [shape and shape.wkb for shape in shapes]))
    return Raw(
        path=Path(_NAME), driver=_NAME, table=table, geometry=shapes, crs=frame.crs,
        rows=tuple(range(1, len(frame) + 1)), total=len(frame), problems=tuple(problems),
        digest=hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest(),
        newest=dt.datetime.now(tz=dt.UTC).date().isoformat(),
    )  # fmt: skip


def _names_rows(index: pd.Index) -> bool:
    numbers = np.arange(len(index))
    return not (index.inferred_type == "integer" and np.array_equal(index.to_numpy(), numbers))


def _plain(column: pd.Series) -> list[object]:
    """Return values as a file would hold them, nothing being None."""
    values = column.astype(object)
    return [None if _is_nothing(value) else value for value in values]


def _is_nothing(value: object) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
