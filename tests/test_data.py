"""The shipped data say what their sources say, and nothing more."""

import csv
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import Point, Polygon

import parkmap
from parkmap.geodesy import gcj02_to_wgs84

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
METRIC = "EPSG:4544"
SUPERSEDED = "历史名录"
GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def parks():
    return gpd.read_file(DATA / "parks.geojson").set_index("park_id")


@pytest.fixture(scope="module")
def facts():
    with (DATA / "sources/chengdu_parks.csv").open(encoding="utf-8", newline="") as lines:
        return {f"CD-{int(row['no']):02d}": row for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def relations():
    table = pd.read_csv(DATA / "relations.csv")
    return {(row.left, row.right): row.expected for row in table.itertuples()}


def hectares(shape):
    return abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e4


def pieces(shape):
    return list(getattr(shape, "geoms", [shape]))


def shared_land(shapes):
    return shapely.intersection_all(shapes)


def stated_area(row):
    columns = ("approved_area_ha", "catalogue_area_ha", "planned_area_ha", "drawn_area_ha")
    return next(row[column] for column in columns if pd.notna(row[column]))


def allowed_distance_km(quality):
    limits = {"park point": 1.5, "±3 km": 3, "±5 km": 5, "district centre only": 8}
    return next(limit for words, limit in limits.items() if words in quality)


# parks.geojson -----------------------------------------------------------------------------------


def test_rows_beside_the_system_are_picked_by_not_counted():
    for name, beside in (("parks.geojson", 12), ("example_city.geojson", 2)):
        parks = parkmap.read_parks(DATA / name)
        assert parks["counted"].dtype == bool
        assert len(parks[~parks["counted"]]) == beside


def test_the_file_is_rfc7946_geojson_with_a_park_a_line():
    text = (DATA / "parks.geojson").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith('{"type": "Feature",')]
    assert len(lines) == len(json.loads(text)["features"]) == 37
    assert "crs" not in json.loads(text)


def test_the_system_is_3_19_3_with_twelve_rows_beside_it(parks):
    counted = parks[parks["counted"]]
    tiers = counted["tier"].value_counts()
    assert (tiers["national"], tiers["provincial"], tiers["municipal"]) == (3, 19, 3)
    assert len(parks) - len(counted) == 12
    assert set(parks.loc[~parks["counted"], "list_name"]) == {SUPERSEDED, "海关特殊监管区"}


def test_facts_are_those_of_the_sources(parks, facts):
    for park, fact in facts.items():
        row = parks.loc[park]
        for column in ("name", "code", "tier", "district", "confidence", "note"):
            assert (row[column] if pd.notna(row[column]) else "") == fact[column], (park, column)
        assert row["source"] == fact["source"].replace("同上", facts["CD-31"]["source"])
        for column in ("approved_area_ha", "catalogue_area_ha", "planned_area_ha"):
            assert pd.isna(row[column]) if not fact[column] else row[column] == float(fact[column])


def test_every_row_says_that_it_is_schematic_and_where_it_is_from(parks):
    assert set(parks["boundary_kind"]) == {"schematic"}
    assert parks["geometry_source"].str.contains("not a legal boundary").all()
    assert parks[["source", "confidence", "coordinate_quality", "sectors"]].ne("").all().all()
    chosen = parks["drawn_area_ha"].notna()
    assert (parks["geometry_source"].str.contains("drawing choice") | ~chosen).all()
    assert parks.loc[chosen, ["approved_area_ha", "planned_area_ha"]].isna().all().all()


def test_drawn_areas_equal_the_stated_ones(parks):
    for park, row in parks.iterrows():
        assert hectares(row.geometry) == pytest.approx(stated_area(row), rel=1e-3), park


def test_shapes_are_sound_and_lot_like(parks):
    assert parks.geometry.is_valid.all()
    rings = [len(p.exterior.coords) - 1 for shape in parks.geometry for p in pieces(shape)]
    assert min(rings) >= 12
    assert max(rings) <= 40
    parts = {park: len(pieces(shape)) for park, shape in parks.geometry.items()}
    several = {park: count for park, count in parts.items() if count > 1}
    assert several == {"CD-01": 4, "CD-03": 3, "CD-09": 3, "CD-14": 2}
    holes = parks.geometry.apply(lambda shape: sum(len(p.interiors) for p in pieces(shape)))
    assert list(holes[holes > 0].index) == ["CD-21"]


def test_documented_blocks_have_their_own_areas(parks):
    xindu = sorted(hectares(piece) for piece in pieces(parks.geometry["CD-09"]))
    assert xindu == pytest.approx([43.5, 416.4, 805.0], rel=1e-3)
    port = [hectares(piece) for piece in pieces(parks.geometry["CD-03"])]
    assert any(area == pytest.approx(439, rel=1e-3) for area in port)


def test_parks_stay_where_the_quality_of_their_point_allows(parks, facts):
    metric = parks.to_crs(METRIC)
    points = [Point(float(fact["lon"]), float(fact["lat"])) for fact in facts.values()]
    known = gpd.GeoSeries(points, index=list(facts), crs=4326).to_crs(METRIC)
    for park, shape in metric.geometry.items():
        nearest = min(piece.centroid.distance(known[park]) for piece in pieces(shape))
        assert nearest <= 1000 * allowed_distance_km(facts[park]["coordinate_quality"]), park


def test_west_park_is_told_by_segments(parks):
    assert "IC封测" in parks.loc["CD-01", "sectors"]
    assert "信息技术" not in parks.loc["CD-01", "sectors"]
    assert parks.loc["CD-01", "leading_sectors"] == "信息技术、装备制造、生物"


def test_documented_relations_are_drawn_and_no_others(parks, relations):
    shapes = parks.to_crs(METRIC).geometry
    for pair in itertools.combinations(sorted(shapes.index), 2):
        left, right = (shapes[park] for park in pair)
        shared, gap = left.intersection(right).area, left.distance(right)
        expected = relations.get(pair)
        if expected is None:
            assert gap >= 240, pair
        elif expected == "adjacent":
            assert 30 <= gap <= 200, pair
        else:
            assert shared >= 100_000, pair


def test_relations_are_those_the_facts_document(parks, relations):
    """Which rule explains a pair follows from body, partners and list, in that order."""
    bodies = parks["managing_body"].fillna("").str.removesuffix("管委会")
    partners = [
        set(names.split(";")) if names else set() for names in parks["co_built_by"].fillna("")
    ]
    partners = dict(zip(parks.index, partners, strict=True))
    for (left, right), expected in relations.items():
        if expected in {"partial", "adjacent"}:
            continue
        same = bodies[left] == bodies[right] != ""
        built = (
            partners[left] & partners[right]
            or {bodies[left]} & partners[right]
            or {bodies[right]} & partners[left]
        )
        old = SUPERSEDED in set(parks.loc[[left, right], "list_name"])
        rule = "same_body" if same else "co_built" if built else "superseded" if old else ""
        assert rule == expected, (left, right)


def test_every_documented_relation_is_in_the_table(parks, relations):
    documented = parks["documented_relation"].dropna().index
    named = {park for pair in relations for park in pair}
    assert set(documented) <= named


def test_declared_parents_hold_their_parks(parks):
    inner = parks["parent_id"].dropna()
    assert dict(inner) == {"CD-29": "CD-28", "CD-30": "CD-01", "CD-35": "CD-01"}
    for park, parent in inner.items():
        assert parks.geometry[park].within(parks.geometry[parent])


def test_readme_tells_where_each_row_is_from(parks):
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for park, row in parks.iterrows():
        line = next(line for line in readme.splitlines() if line.startswith(f"| {park} "))
        assert row["name"] in line
        assert row["source"] in line


def test_districts_are_the_twenty_units():
    districts = gpd.read_file(DATA / "districts.geojson")
    assert len(districts) == 20
    assert districts.crs.to_epsg() in {None, 4326}
    assert "MIT" in (DATA / "districts_LICENSE.txt").read_text(encoding="utf-8")


# example_city.geojson ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city():
    return gpd.read_file(DATA / "example_city.geojson").set_index("park_id")


@pytest.fixture(scope="module")
def expected():
    return pd.read_csv(DATA / "example_city_expected.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def city_shapes(city):
    return city.to_crs(32649).geometry  # UTM 49N: lengths true to .1 % here


def test_the_example_is_fiction_and_says_so(city, parks):
    assert set(city["city"]) == {"示例市"}
    assert city["source"].str.startswith("fictional").all()
    assert not set(city["name"]) & set(parks["name"])
    west, south, east, north = city.total_bounds
    assert 109.7 < west < east < 110.3
    assert 31.8 < south < north < 32.2


def test_the_example_counts_3_22_16(city):
    tiers = city.loc[city["counted"], "tier"].value_counts()
    assert dict(tiers) == {"provincial": 22, "municipal": 16, "national": 3}
    assert len(city) == 43
    assert (city.geometry.geom_type == "Point").sum() == 1
    assert city.loc[city["tier"].isna(), "sectors"].isna().all()


def test_the_example_holds_every_kind_of_finding(expected):
    found = {column: set(expected[column]) - {""} for column in expected}
    assert found["kind"] == {"overlap", "homogeneity", "both"}
    assert found["relation"] == {
        *("same_body", "co_built", "superseded", "duplicate"),
        *("sliver", "nested", "partial", "multiple"),
    }
    assert found["nesting"] == {"declared", "inferred", "undeclared"}
    assert found["verdict"] == {"rivalry", "coopetition", "complementary", "coarse", "internal"}
    assert found["severity"] == {"high", "medium", "low", "info"}
    assert expected["why"].ne("").all()
    assert expected["parks"].is_unique


def test_shared_land_of_the_example_is_as_designed(expected, city_shapes):
    for row in expected[expected["area_ha"] != ""].itertuples():
        shared = shared_land([city_shapes[park] for park in row.parks.split(";")])
        assert shared.area / 1e4 == pytest.approx(float(row.area_ha), rel=2e-3), row.parks


def test_no_other_land_is_shared(expected, city_shapes):
    designed = {
        pair
        for names in expected.loc[expected["relation"] != "", "parks"]
        for pair in itertools.combinations(names.split(";"), 2)
    }
    shared = {
        pair
        for pair in itertools.combinations(sorted(city_shapes.index), 2)
        if city_shapes[pair[0]].intersection(city_shapes[pair[1]]).area > 1
    }
    assert shared == designed


def test_relations_of_the_example_follow_their_definitions(expected, city_shapes):
    land = expected[expected["relation"] != ""].set_index("parks")["relation"]
    for names, relation in land.items():
        shapes = [city_shapes[park] for park in names.split(";")]
        shared = shared_land(shapes)
        iou = shared.area / shapely.union_all(shapes).area
        share = shared.area / min(shape.area for shape in shapes)
        width = 2 * shared.area / shared.length
        assert (iou >= 0.95) == (relation == "duplicate"), names
        assert (width <= 5) == (relation == "sliver"), names
        assert (share >= 0.98) == (relation in {"duplicate", "nested"}), names


def test_adjacent_parks_of_the_example_lie_60_m_apart(city_shapes):
    assert city_shapes["SL-34"].distance(city_shapes["SL-35"]) == pytest.approx(60, abs=0.2)


def test_the_park_in_gcj02_lies_in_truth_beside_its_neighbour(city):
    both = city.loc[["SL-36", "SL-37"]].copy()
    lon, lat = gcj02_to_wgs84(*shapely.get_coordinates(both.geometry["SL-37"]).T)
    both.loc["SL-37", "geometry"] = Polygon(zip(lon, lat, strict=True))
    metric = both.to_crs(32649).geometry
    assert metric.iloc[0].distance(metric.iloc[1]) == pytest.approx(40, abs=0.5)


def test_control_lines_meet_the_parks_they_were_drawn_for(city_shapes):
    lines = gpd.read_file(DATA / "example_control.geojson").to_crs(32649).set_index("name")
    met = {
        (line, park): shape.intersection(area).area / 1e4
        for line, area in lines.geometry.items()
        for park, shape in city_shapes.items()
        if shape.intersects(area)
    }
    designed = {
        ("永久基本农田甲", "SL-04"): 26,
        ("永久基本农田乙", "SL-19"): 48,
        ("永久基本农田丁", "SL-32"): 0.66,
        ("生态保护红线甲", "SL-30"): 20,
        ("生态保护红线乙", "SL-41"): 16,
    }
    assert met == pytest.approx(designed, rel=2e-3)


def test_the_engine_finds_exactly_what_was_designed(expected):
    analysis = parkmap.analyze(parkmap.read_parks(DATA / "example_city.geojson"))
    columns = ["kind", "relation", "nesting", "verdict", "severity"]
    found = analysis.conflicts.assign(
        key=[";".join(names) for names in analysis.conflicts["parks"]]
    )
    designed = expected.set_index("parks")[columns].sort_index()
    assert found.set_index("key")[columns].sort_index().to_dict("index") == designed.to_dict(
        "index"
    )
    assert (analysis.system, analysis.others) == ("3+22+16", 2)


def test_the_engine_lists_every_documented_relation_and_no_other(relations):
    found = parkmap.overlaps(parkmap.read_parks(DATA / "parks.geojson"), adjacent_gap_m=200)
    assert dict(found["relation"]) == relations


# rebuilding --------------------------------------------------------------------------------------


def test_rebuilding_gives_the_same_bytes(tmp_path):
    script = ROOT / "scripts/build_data.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path)]
    subprocess.run(command, check=True, timeout=120, env=environment)
    built = sorted(tmp_path.iterdir())
    names = ["example_city.geojson", "example_control.geojson", "parks.geojson"]
    assert [path.name for path in built] == names
    for path in built:
        assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name
