"""Draw the 37 parks of Chengdu as schematic shapes around documented facts.

Inputs: ``sources/chengdu_parks.csv`` (facts), ``sources/chengdu_drawing.csv`` (where each part is
put and how large), ``relations.csv`` (which pairs may touch). Nothing here is a legal boundary.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import shapely
from data_shapes import Plane, apart, fit, gather, lot, with_hole

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

CENTRE = (104.06, 30.66)
ROAD_M = 60.0  # between parks that a text calls neighbours
CLEAR_M = 250.0  # at least this between parks no text relates
INSET_M = 25.0  # what an inner park stays inside the outer one by

#: The national high-tech zone's west park is described finer in a 2025 article than in the
#: catalogue, whose 信息技术 it replaces; the other two words are the catalogue's.
FINER_SECTORS = {"CD-01": "IC设计、IC制造、IC封测、IC装备、IC材料、装备制造、生物"}
#: Parks that a text places inside another.
PARENTS = {"CD-29": "CD-28", "CD-30": "CD-01", "CD-35": "CD-01"}

#: What 同上 (the same as above) stands for in the rows after CD-31.
DITTO = "成都平原经济区十四五一体化规划(bbs.znwwh.com)"

REMARKS = {
    "CD-01": "drawn in four parts (south in two, west, a piece in the bio-town) that sum to the "
    "approved area; the managed extent of about 234 km2 is not drawn, so parks documented inside "
    "it or across it are shown on the part nearest to them",
    "CD-03": "three blocks; 439 ha of the 金堂 block is documented, the split of the rest is not",
    "CD-09": "three blocks of 805, 416.4 and 43.5 ha as in the 2020 reply",
    "CD-14": "two parts: the catalogue point, and a piece at 淮口 because a text sets the 金堂 "
    "block of CD-03 beside this park; the split is a drawing choice",
    "CD-21": "the hole (38 ha) is a drawing choice",
    "CD-25": "drawn area chosen after the 5 km2 a text gives for 金融城",
}


def features(data: Path) -> list[tuple[dict[str, Any], Any]]:
    """Rows of parks.geojson: properties, geometry in degrees."""
    facts = {f"CD-{int(row['no']):02d}": row for row in _rows(data / "sources/chengdu_parks.csv")}
    drawing = _rows(data / "sources/chengdu_drawing.csv")
    relations = _rows(data / "relations.csv")
    plane = Plane(*CENTRE)
    drawn = draw(drawing, relations, plane)
    return [
        (_properties(park, facts[park], drawing), plane.degrees(gather(drawn[park])))
        for park in sorted(facts)
    ]


def draw(
    drawing: list[dict[str, str]], relations: list[dict[str, str]], plane: Plane
) -> dict[str, list[Polygon]]:
    """Every part in the order of the drawing table, off all it has no documented overlap with."""
    documented = {frozenset((row["left"], row["right"])): row["expected"] for row in relations}
    drawn: dict[str, list[Polygon]] = {}
    for row in drawing:
        park = row["park_id"]
        taken: dict[float, list[Polygon]] = {ROAD_M: [], CLEAR_M: []}
        for other, shapes in drawn.items():
            relation = documented.get(frozenset((park, other)))
            if relation == "adjacent":
                taken[ROAD_M] += shapes
            elif relation is None and other != park:
                taken[CLEAR_M] += shapes
        avoid = [apart(shapes, gap) for gap, shapes in taken.items() if shapes]
        shape = _part(row, shapely.union_all(avoid), drawn, plane)
        drawn.setdefault(park, []).append(shape)
    return drawn


def _part(
    row: dict[str, str], avoid: BaseGeometry, drawn: dict[str, list[Polygon]], plane: Plane
) -> Polygon:
    seed = f"{row['park_id']}{row['part']}#{row['seed']}"
    outline = lot(seed, stretch=float(row["stretch"]), angle=float(row["angle"]))
    centre = plane.xy(float(row["lon"]), float(row["lat"]))
    hole = float(row["hole_ha"] or 0)
    around = row["within"]
    outer = gather(drawn[around]).buffer(-INSET_M, join_style="mitre") if around else None
    area = float(row["area_ha"]) + hole
    shape = fit(outline, centre, area, avoid=avoid, within=outer)
    if not hole:
        return shape
    inner = shape.representative_point()
    return with_hole(shape, lot(seed + "hole"), (inner.x, inner.y), hole)


def _properties(park: str, fact: dict[str, str], drawing: list[dict[str, str]]) -> dict[str, Any]:
    approved, catalogue, planned = (
        _number(fact[f"{kind}_area_ha"]) for kind in ("approved", "catalogue", "planned")
    )
    parts = [row for row in drawing if row["park_id"] == park]
    stated = approved or catalogue or planned
    chosen = None if stated else sum(float(row["area_ha"]) for row in parts)
    sectors = FINER_SECTORS.get(park) or fact["current_sectors"] or fact["leading_sectors"]
    return {
        "park_id": park,
        "name": fact["name"],
        "current_name": fact["current_name"] or None,
        "code": fact["code"] or None,
        "tier": fact["tier"],
        "kind": fact["kind"],
        "list_name": fact["list_name"],
        "counted": fact["counted"] == "true",
        "city": "成都市",
        "district": fact["district"],
        "managing_body": fact["managing_body"] or None,
        "managing_body_source": fact["managing_body_source"] or None,
        "co_built_by": fact["co_built_by"] or None,
        "sectors": sectors,
        "leading_sectors": fact["leading_sectors"],
        "approved_area_ha": approved,
        "catalogue_area_ha": catalogue,
        "planned_area_ha": planned,
        "drawn_area_ha": chosen,
        "boundary_kind": "schematic",
        "geometry_source": _drawn_as(park, approved, planned),
        "coordinate_quality": fact["coordinate_quality"],
        "documented_relation": fact["documented_relation"] or None,
        "parent_id": PARENTS.get(park),
        "source": fact["source"].replace("同上", DITTO),
        "current_source": fact["current_source"] or None,
        "confidence": fact["confidence"],
        "note": fact["note"] or None,
    }


def _drawn_as(park: str, approved: float | None, planned: float | None) -> str:
    if approved:
        size = "area equals the latest approved area"
    elif planned:
        size = "area equals the planned area"
    else:
        size = "no text gives an area: drawn_area_ha is a drawing choice"
    remark = REMARKS.get(park)
    return f"schematic, drawn for parkmap (not a legal boundary); {size}" + (
        f"; {remark}" if remark else ""
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
