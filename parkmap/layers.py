"""Layers of a GIS file, written by GDAL: its faults in our words, its clock standing still."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyogrio

from parkmap import escape, files, messages
from parkmap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

_LITTLE = 1_000_000  # bytes left on a disk that is as good as full
_ZERO_TIME = "1970-01-01T00:00:00.000Z"  # GeoPackage stamps its layers


def write_layer(table: pd.DataFrame, draft: Path, **options: Any) -> None:
    """Write one layer of a file.

    Parameters
    ----------
    table
        Rows whose columns GDAL knows: text, whole or real numbers, truth values; a geometry
        column makes them places, parts are promoted to multiparts.
    draft
        The file.
    **options
        As ``pyogrio.write_dataframe`` takes them: ``driver``, ``layer``, ``append``, ...

    Raises
    ------
    OutputError
        If the disk is full, GDAL refuses, or rows got lost on the way.

    Notes
    -----
    The same rows give the same bytes: GDAL is told that it is 1970.

    Examples
    --------
    >>> import tempfile, geopandas as gpd
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> table = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[box(0, 0, 1, 1)], crs=4490)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_layer(table, Path(folder, "a.gpkg"), driver="GPKG", layer="parks")
    ...     int(pyogrio.read_info(Path(folder, "a.gpkg"))["features"])
    1
    """
    name = files.display_name(draft)
    try:
        with _fixed_clock():
            pyogrio.write_dataframe(table, draft, promote_to_multi=True, **options)
        kept = pyogrio.read_info(draft, layer=options.get("layer"), force_feature_count=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, RuntimeError) as reason:
        if shutil.disk_usage(draft.parent).free < _LITTLE:
            raise files.output_error(draft, OSError(errno.ENOSPC, "")) from reason
        said = escape.terminal(str(reason))[:60]
        raise OutputError(**messages.fault("files.not_written", reason=said), file=name) from reason
    if kept["features"] != len(table):
        said = f"{kept['features']}/{len(table)}"
        raise OutputError(**messages.fault("files.not_written", reason=said), file=name)


@contextmanager
def _fixed_clock() -> Iterator[None]:
    """Keep the time of writing out of the file, so that the same parks are the same bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _ZERO_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
