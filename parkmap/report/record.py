"""What a run was made of, for ``run.json``."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import parkmap
from parkmap import files as local
from parkmap.report.exchange import plain

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from parkmap.schema import Analysis

_FILES = (
    "map.html",
    "conflicts.xlsx",
    "report.docx",
    "conflicts.geojson",
    "conflicts.gpkg",
    "conflicts.json",
    "overview.png",
    "clusters.png",
    "matrix.png",
    "sweep.png",
    "run.json",
)
_LIBRARIES = ("geopandas", "shapely", "pyproj", "pyogrio", "pandas", "numpy", "scipy")
_DRAWING = ("folium", "matplotlib", "openpyxl")


def report_files() -> tuple[str, ...]:
    """Name the files a report consists of.

    Returns
    -------
    Their names; ``run.json``, written last, records the others.

    Examples
    --------
    >>> report_files()[-1]
    'run.json'
    """
    return _FILES


def run_record(analysis: Analysis, written: Iterable[str | os.PathLike[str]]) -> dict[str, Any]:
    """Record what a run was made of and what it wrote.

    Parameters
    ----------
    analysis
        The run.
    written
        The files it wrote.

    Returns
    -------
    Versions, inputs with their hashes, criteria, options and the hash of each file written; no
    folder, user or clock, so that the same run leaves the same record.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> sorted(run_record(pm.analyze(layer), []))[:4]
    ['criteria', 'date', 'expected', 'files']
    """
    return {
        "schema": "parkmap/run/1",
        "parkmap": parkmap.__version__,
        "date": analysis.date,
        "libraries": library_versions(),
        "sources": [plain(asdict(source)) for source in analysis.sources],
        "criteria": plain(asdict(analysis.criteria)),
        "options": plain(dict(analysis.options)),
        "system": analysis.system,
        "others": analysis.others,
        "expected": analysis.expected,
        "lines": [plain(asdict(line)) for line in analysis.lines],
        "parks": len(analysis.parks),
        "findings": len(analysis.conflicts),
        "problems": len(analysis.problems),
        "files": [
            {"name": Path(path).name, "sha256": local.input_hash(Path(path))} for path in written
        ],
    }


def library_versions() -> dict[str, str]:
    """Return the versions of what the numbers depend on.

    Returns
    -------
    Library name to version, C libraries among them.

    Examples
    --------
    >>> {"geopandas", "GEOS", "PROJ", "GDAL"} <= set(library_versions())
    True
    """
    import pyogrio  # noqa: PLC0415 (GDAL is loaded only when asked for)
    import pyproj  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    found = {"python": platform.python_version()}
    found |= {name: version(name) for name in (*_LIBRARIES, *_DRAWING)}
    return found | {
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
        "GDAL": pyogrio.__gdal_version_string__,
    }
