"""Draw 示例市, a fictional city that holds every kind of finding.

Shapes are written by hand in ``sources/example_city.csv`` as WKT in hundreds of metres, so that
one unit of area is a hectare and shared areas can be worked out in the head; a site turns and
places them (``sources/example_sites.csv``).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from data_shapes import Plane
from shapely import affinity

from parkmap.geodesy import wgs84_to_gcj02

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

CENTRE = (110.0, 32.0)
UNIT_M = 100.0
TEXTS = (
    *("park_id", "name", "code", "tier", "kind", "list_name", "city", "district"),
    *("managing_body", "co_built_by", "sectors", "boundary_kind", "parent_id"),
)


def features(data: Path) -> list[tuple[dict[str, Any], Any]]:
    """Rows of example_city.geojson: properties, geometry in degrees."""
    sites, plane = _sites(data), Plane(*CENTRE)
    built = []
    for row in _rows(data / "sources/example_city.csv"):
        flat = shapely.from_wkt(row["shape"])
        shape = plane.degrees(_placed(flat, sites[row["site"]]))
        if row["datum"] == "gcj02":
            shape = shapely.transform(shape, _shifted)
        built.append((_properties(row, flat), shape))
    return built


def control_features(data: Path) -> list[tuple[dict[str, Any], Any]]:
    """Rows of example_control.geojson."""
    sites, plane = _sites(data), Plane(*CENTRE)
    return [
        (
            {"name": row["name"], "kind": row["kind"], "source": "fictional", "note": row["note"]},
            plane.degrees(_placed(shapely.from_wkt(row["shape"]), sites[row["site"]])),
        )
        for row in _rows(data / "sources/example_control.csv")
    ]


def _properties(row: dict[str, str], flat: BaseGeometry) -> dict[str, Any]:
    approved = row["boundary_kind"] == "approved"
    stated = float(row["approved_area_ha"]) if row["approved_area_ha"] else None
    return {
        **{name: row.get(name) or None for name in TEXTS},
        "city": "示例市",
        "counted": row["counted"] == "true",
        "approved_area_ha": stated or (round(flat.area, 2) if approved else None),
        "source": "fictional, made for parkmap",
        "note": row["note"] or None,
    }


def _placed(flat: BaseGeometry, site: dict[str, str]) -> BaseGeometry:
    metres = affinity.scale(flat, UNIT_M, UNIT_M, origin=(0, 0))
    turned = affinity.rotate(metres, float(site["angle"]), origin=(0, 0))
    return affinity.translate(turned, 1000 * float(site["x_km"]), 1000 * float(site["y_km"]))


def _shifted(lonlat: np.ndarray) -> np.ndarray:
    return np.round(np.column_stack(wgs84_to_gcj02(lonlat[:, 0], lonlat[:, 1])), 7)


def _sites(data: Path) -> dict[str, dict[str, str]]:
    return {row["site"]: row for row in _rows(data / "sources/example_sites.csv")}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
