"""``conflicts.gpkg``: parks, shared ground and links in one file that QGIS opens styled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from parkmap import escape, files, geodesy, messages, wording
from parkmap.layers import write_layer
from parkmap.messages import text
from parkmap.report import qgis
from parkmap.report.drawing import park_tiers
from parkmap.report.facts import SECTOR_KINDS, finding_districts, park_facts
from parkmap.report.words import basis, category, circled

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from parkmap.schema import Analysis

_PARK_TEXTS = (
    *("name", "code", "tier", "district", "kind", "managing_body"),
    *("approval_no", "boundary_kind", "list_name"),
)
_FINDING_TEXTS = ("kind", "relation", "nesting", "line", "verdict", "severity", "message")
_FINDING_NUMBERS = (
    *("smaller_share", "mean_width_m", "similarity", "overlap_share", "rivalry", "synergy"),
    "distance_m",
)
_STYLED = "layer_styles"  # the table that QGIS looks for
_TYPES = {"fill": "MultiPolygon", "marker": "MultiPoint", "line": "MultiLineString"}


def write_gpkg(
    analysis: Analysis, path: str | os.PathLike[str], *, overwrite: bool = False
) -> None:
    """Write parks and findings as a GeoPackage with a QGIS style in it.

    Parameters
    ----------
    analysis
        The run.
    path
        The file to make.
    overwrite
        Replace a file that is there.

    Raises
    ------
    CRSError
        If the parks have no CRS.
    OutputError
        If the file cannot be written.

    Notes
    -----
    The layers are ``parks``, ``park_points`` (where only a point is known), ``findings`` (ground)
    and ``links`` (a line between two parks of like sectors, which means nothing on the ground), in
    the CRS of the parks. Columns of the user's own stay behind: two of them may differ in case
    only, which the format cannot hold. The same run gives the same bytes.

    Examples
    --------
    >>> import tempfile, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_gpkg(pm.analyze(layer), Path(folder, "a.gpkg"))
    ...     gpd.read_file(Path(folder, "a.gpkg"), layer="parks")["name"].tolist()
    ['A']
    """
    geodesy.require_crs(analysis.parks)
    parks = _parks(analysis)
    spots = parks.geometry.geom_type == "Point"
    ground, links = _findings(analysis)
    made = {
        "parks": (parks[~spots], "fill", qgis.park_style()),
        "park_points": (parks[spots], "marker", qgis.park_style(as_points=True)),
        "findings": (ground, "fill", qgis.finding_style()),
        "links": (links, "line", qgis.link_style()),
    }
    kept = {name: each for name, each in made.items() if name == "parks" or len(each[0])}
    with files.writing(path, overwrite=overwrite) as draft:
        for name, (table, kind, _) in kept.items():
            write_layer(
                table, draft, driver="GPKG", layer=name, append=name != "parks",
                geometry_type=_TYPES[kind], layer_options=_described(name),
            )  # fmt: skip
        styles = _styles({name: qml for name, (_, _, qml) in kept.items()})
        write_layer(
            styles, draft, driver="GPKG", layer=_STYLED, append=True, layer_options={"FID": "id"}
        )


def _described(name: str) -> dict[str, str]:
    said = text("terms.notice.disclaimer")
    return {"IDENTIFIER": text(f"report.package.{name}"), "DESCRIPTION": said}


def _parks(analysis: Analysis) -> gpd.GeoDataFrame:
    parks, facts = analysis.parks, park_facts(analysis)
    columns: dict[str, Any] = {"park_id": _texts(map(str, parks.index))}
    columns |= {name: _texts(parks[name]) for name in _PARK_TEXTS}
    columns["standing"] = park_tiers(parks)
    columns["sectors"] = _texts(_joined(parks["sectors"]))
    columns["approved_area_ha"] = parks["approved_area_ha"].astype(float).to_numpy()
    columns |= {name: facts[name].to_numpy() for name in facts.columns}
    return gpd.GeoDataFrame(columns, geometry=parks.geometry.to_numpy(), crs=parks.crs)


def _findings(analysis: Analysis) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return findings with ground, and lines for those about sectors between two parks."""
    found = analysis.conflicts.sort_values("number")
    rows = found.to_dict("records")
    area = found["area_m2"].astype(float)
    places = _joined(finding_districts(analysis, row["parks"]) for row in rows)
    columns: dict[str, Any] = {
        "finding": list(map(str, found.index)),
        "number": found["number"].astype(int).to_numpy(),
        "sign": [circled(row["number"]) for row in rows],
        "category": _texts(map(category, rows)),
        **{name: _texts(found[name]) for name in _FINDING_TEXTS},
        "names": _texts(_joined(found["names"])),
        "parks": _texts(_joined(found["parks"])),
        "districts": _texts(places),
        "area_ha": (area / 1e4).to_numpy(),
        "area_mu": _mu(area),
        **{name: found[name].astype(float).to_numpy() for name in _FINDING_NUMBERS},
        "basis": _texts(map(basis, rows)),
        "advice": _texts(
            wording.advice(row, district=place) for row, place in zip(rows, places, strict=True)
        ),
    }  # fmt: skip
    table = gpd.GeoDataFrame(columns, geometry=found.geometry.to_numpy(), crs=analysis.parks.crs)
    has_ground = table.geometry.notna() & ~table.geometry.is_empty
    paired = table["kind"].isin(SECTOR_KINDS) & table["verdict"].isin(
        ("rivalry", "coopetition", "coarse")
    )
    anchors = analysis.parks.geometry.representative_point()
    lines = [_line(anchors, row["parks"]) for row in rows]
    links = table.set_geometry(gpd.GeoSeries(lines, index=table.index, crs=table.crs))
    return table[has_ground], links[paired & links.geometry.notna()]


def _mu(area: pd.Series) -> np.ndarray:
    """Return whole mu, missing where a finding has no ground."""
    return np.array([math.nan if math.isnan(one) else float(messages.mu(one)) for one in area])


def _line(anchors: gpd.GeoSeries, parks: tuple[str, ...]) -> shapely.LineString | None:
    ends = [anchors[park] for park in parks]
    if len(ends) != 2 or any(end is None or end.is_empty for end in ends):
        return None
    return shapely.LineString(ends)


def _joined(values: Iterable[Iterable[str]]) -> list[str]:
    separator = text("terms.list_separator")
    return [separator.join(map(str, each)) for each in values]


def _texts(values: Iterable[Any]) -> pd.Series:
    """Text as the format holds it: what is missing is null, a zero byte would end the value."""
    kept = [
        escape.json_text(value).replace("\x00", "\\x00") if isinstance(value, str) and value
        else None
        for value in values
    ]  # fmt: skip
    return pd.Series(kept, dtype=object).to_numpy()


def _styles(styles: dict[str, str]) -> pd.DataFrame:
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": name,
            "f_geometry_column": "geom",
            "styleName": name,
            "styleQML": qml,
            "styleSLD": "",
            "useAsDefault": True,
            "description": text(f"report.package.{name}"),
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(0, tz="UTC"),
        }
        for name, qml in styles.items()
    ]
    return pd.DataFrame(rows)
