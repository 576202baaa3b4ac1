"""The JSON objects and files other programs are tested against; their schemas ship here."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any

from parkmap import files, messages, schema
from parkmap.report.exchange import (
    document,
    file_bytes,
    geojson_text,
    json_text,
    opening,
    plain,
    records,
)
from parkmap.report.facts import drawn_area_m2
from parkmap.report.sector_words import sector_head

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    import geopandas as gpd

    from parkmap.schema import Analysis, Source


def conflicts_json(analysis: Analysis) -> dict[str, Any]:
    """Return the findings as one JSON object.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The object that ``conflicts.schema.json`` describes.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> found = conflicts_json(pm.analyze(layer))
    >>> found["schema"], found["parks"], found["conflicts"]
    ('parkmap/conflicts/1', 1, [])
    """
    return document(
        analysis.conflicts,
        "conflicts",
        head={
            "date": analysis.date,
            "criteria": asdict(analysis.criteria),
            "system": analysis.system,
            "others": analysis.others,
            "expected": expected_json(analysis),
            "lines": [plain(asdict(line)) for line in analysis.lines],
            "parks": len(analysis.parks),
            **sector_head(analysis),
            "notice": messages.text("terms.notice.disclaimer"),
            "problems": records(analysis.problems),
        },
    )


def expected_json(analysis: Analysis) -> dict[str, Any] | None:
    """Compare the counted system with the one that is meant.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    What is meant and, tier by tier, how many more or fewer are counted; None if nothing is meant.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> expected_json(SimpleNamespace(system="3+19+3", expected="3+22+N"))
    {'system': '3+22+N', 'difference': {'national': 0, 'provincial': -3}}
    """
    if not analysis.expected:
        return None
    gaps = schema.system_gaps(analysis.system, analysis.expected)
    return {"system": analysis.expected, "difference": gaps}


def info_json(parks: gpd.GeoDataFrame, *, sources: Iterable[Source] = ()) -> dict[str, Any]:
    """Say what a layer of parks holds.

    Parameters
    ----------
    parks
        A parks table.
    sources
        The files it came from.

    Returns
    -------
    The object that ``info.schema.json`` describes.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point
    >>> layer = gpd.GeoDataFrame({"tier": ["national"]}, geometry=[Point(104, 30)], crs=4490)
    >>> found = info_json(layer)
    >>> found["system"], found["without_land"]
    ('1+0+0', 1)
    """
    table = schema.complete(parks)
    system, others = schema.park_system(table)
    area = drawn_area_m2(table)
    tiers = table["tier"].where(table["tier"].isin(schema.TIERS), "unstated").value_counts()
    head = {
        "system": system,
        "others": others,
        "parks": len(table),
        "with_land": int(area.notna().sum()),
        "without_land": int(area.isna().sum()),
        "area_m2": float(area.sum()),
        "tiers": {tier: int(tiers.get(tier, 0)) for tier in (*schema.TIERS, "unstated")},
        "columns": [str(column) for column in parks.columns],
        "sources": [plain(asdict(source)) for source in sources],
    }
    return {**opening("info"), **head}


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of an output.

    Parameters
    ----------
    name
        ``conflicts``, ``overlaps``, ``clusters``, ``check``, ``info``, ``explain`` or ``chain``.

    Returns
    -------
    The schema.

    Examples
    --------
    >>> json_schema("conflicts")["properties"]["schema"]["const"]
    'parkmap/conflicts/1'
    """
    source = package_files("parkmap") / "resources" / "schemas" / f"{name}.schema.json"
    return dict(json.loads(source.read_text(encoding="utf-8")))


def write_json(
    analysis: Analysis, path: str | os.PathLike[str], *, overwrite: bool = False
) -> None:
    """Write the findings as ``conflicts.json``.

    Parameters
    ----------
    analysis
        The run.
    path
        The file to make.
    overwrite
        Replace a file that is there.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(pm.analyze(layer), Path(folder, "a.json"))
    ...     json.loads(Path(folder, "a.json").read_text(encoding="utf-8"))["conflicts"]
    []
    """
    content = json_text(conflicts_json(analysis))
    files.write_bytes(path, file_bytes(content, "json"), overwrite=overwrite)


def write_geojson(
    analysis: Analysis, path: str | os.PathLike[str], *, overwrite: bool = False
) -> None:
    """Write the findings as ``conflicts.geojson``.

    Parameters
    ----------
    analysis
        The run.
    path
        The file to make.
    overwrite
        Replace a file that is there.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_geojson(pm.analyze(layer), Path(folder, "a.geojson"))
    ...     json.loads(Path(folder, "a.geojson").read_text(encoding="utf-8"))["features"]
    []
    """
    content = geojson_text(analysis.conflicts, "conflicts")
    files.write_bytes(path, file_bytes(content, "geojson"), overwrite=overwrite)
