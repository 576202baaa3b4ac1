"""Every file is read whole and right, or refused in one line that says what to do."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pyproj
import pytest
import shapely
from builders import METRIC, park_layer, square
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from parkmap import decoding, io, messages, schema
from parkmap.errors import CRSError, InputError, OptionError, OutputError, ParkmapError
from parkmap.geodesy.datum import wgs84_to_gcj02
from parkmap.io import content, coordinates, headings
from parkmap.io import crs as placing


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def chinese_layer(**more):
    """Two overlapping parks under Chinese headings, as a bureau delivers them."""
    columns = {
        "园区名称": ["成都甲园区", "成都乙园区"],
        "级别": ["省级", "国家级"],
        "主导产业": ["医药、食品", "IC封测"],
        "代码": ["S1", "001"],
        **more,
    }
    layer = park_layer({"a": square(), "b": square(500)}).reset_index(drop=True)
    return layer.drop(columns="name").assign(**columns)


def features(*geometries, **properties):
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": f"P{i}", **properties}, "geometry": geometry}
            for i, geometry in enumerate(geometries)
        ],
    }


def ring(x=104.0, y=30.0, size=0.1):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def polygon(**place):
    return {"type": "Polygon", "coordinates": [ring(**place)]}


def written(path, content):
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(
            content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
        )
    return path


def codes(reading):
    return reading.problems["code"].tolist()


def one_line(caught):
    said = f"parkmap: {caught.value}"
    assert len(said.splitlines()) == 1
    assert len(said) <= 200
    return said


def refused(path, error=InputError, **options):
    with pytest.raises(error) as caught:
        io.read_source(path, **options)
    return one_line(caught)


# --- a table in memory ----------------------------------------------------------------------------


def test_a_table_in_memory_is_read_as_its_file_would_be(tmp_path):
    layer = chinese_layer(**{"\u6838\u51c6\u9762\u79ef(\u4ea9)": [15, 30]})
    before = layer.copy()
    layer.to_file(tmp_path / "a.gpkg")
    from_file, held = io.read_source(tmp_path / "a.gpkg"), io.read_source(layer)
    shown = ["layer", "geometry"]
    plain = [reading.parks.drop(columns=shown) for reading in (held, from_file)]
    assert_frame_equal(*plain, check_dtype=False, check_frame_type=False)
    assert held.parks.geometry.geom_equals(from_file.parks.geometry).all()
    assert held.parks["approved_area_ha"].round(6).tolist() == [1.0, 2.0]
    assert codes(held) == codes(from_file)
    assert_geodataframe_equal(layer, before)


def test_the_index_of_a_table_in_memory_gives_the_ids_unless_a_column_does():
    layer = chinese_layer()
    assert io.read_parks(layer).index.tolist() == ["S1", "001"]
    bare = layer.drop(columns="\u4ee3\u7801").set_axis(["x", "y"])
    assert io.read_parks(bare).index.tolist() == ["x", "y"]
    assert refused(layer.set_crs(None, allow_override=True), CRSError)


def test_a_table_that_was_read_may_be_read_again():
    parks = io.read_parks(chinese_layer())
    assert_geodataframe_equal(io.read_parks(parks), parks)


# --- the formats ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp", "csv"])
def test_a_chinese_layer_reads_the_same_from_every_format(tmp_path, ending):
    layer, path = chinese_layer(), tmp_path / f"园区 #1.{ending}"
    if ending == "csv":
        wkt = layer.geometry.to_crs(4326).to_wkt()
        layer.drop(columns="geometry").assign(wkt=wkt).to_csv(path, index=False, encoding="gbk")
    elif ending == "geojson":
        layer.to_crs(4326).to_file(path)
    else:
        layer.to_file(path, **({"encoding": "gbk"} if ending == "shp" else {}))
    before = sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir())

    parks = io.read_parks(path)

    assert parks.index.tolist() == ["S1", "001"]
    assert parks.index.name == "park_id"
    assert parks["name"].tolist() == ["成都甲园区", "成都乙园区"]
    assert parks["tier"].tolist() == ["provincial", "national"]
    assert parks["sectors"].tolist() == [("医药", "食品"), ("IC封测",)]
    assert parks["row"].tolist() == ([2, 3] if ending == "csv" else [1, 2])
    assert set(parks["layer"]) == {path.name}
    assert set(schema.PARK_COLUMNS) <= set(parks.columns)
    assert parks.to_crs(METRIC).area.tolist() == pytest.approx([1e6, 1e6], rel=2e-4)
    assert sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir()) == before


def test_the_source_is_on_record(tmp_path):
    path = tmp_path / "parks.gpkg"
    chinese_layer().to_file(path)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    source = io.read_source(path).source
    assert (source.name, source.driver, source.crs, source.rows) == (
        "parks.gpkg",
        "GPKG",
        "EPSG:4544",
        2,
    )
    assert source.newest == "2023-11-14"
    assert len(source.sha256) == 64


def test_the_ending_does_not_decide(tmp_path):
    path = written(tmp_path / "parks.shp", features(polygon()))
    assert io.read_source(path).source.driver == "GeoJSON"


def test_other_columns_pass_through_and_reserved_ones_are_renamed(tmp_path):
    path = written(tmp_path / "a.geojson", features(polygon(), note="NA", row=7, geometry="x"))
    reading = io.read_source(path)
    assert reading.parks["note"].tolist() == ["NA"]
    assert reading.parks["row"].tolist() == [1]
    assert reading.parks["row_"].tolist() == [7]
    assert codes(reading).count("PM115") == 2


# --- GeoJSON, feature by feature --------------------------------------------------------------------

BAD_GEOMETRIES = {
    "string coordinates": {"type": "Polygon", "coordinates": [[["104", "30"]] * 4]},
    "NaN": {
        "type": "Polygon",
        "coordinates": [[[float("nan"), 30], [105, 30], [105, 31], [104, 30]]],
    },
    "infinity": {"type": "Point", "coordinates": [float("inf"), 30]},
    "two points": {"type": "Polygon", "coordinates": [[[104, 30], [105, 30]]]},
    "ragged": {"type": "Polygon", "coordinates": [[[104, 30], [105], [105, 31], [104, 30]]]},
    "one string part": {
        "type": "MultiPolygon",
        "coordinates": [[ring()], [[["a", "b"]] * 4]],
    },
    "wrong case": {"type": "polygon", "coordinates": [ring()]},
    "no coordinates": {"type": "Polygon"},
    "numbers for rings": {"type": "Polygon", "coordinates": [104, 30]},
    "not an object": "POINT (1 2)",
    "null inside": {"type": "Polygon", "coordinates": [[None, [105, 30], [105, 31], [104, 30]]]},
    "bool": {"type": "Point", "coordinates": [True, False]},
    "collection without members": {"type": "GeometryCollection"},
    "part is null": {"type": "MultiPolygon", "coordinates": [None]},
}


@pytest.mark.parametrize("bad", BAD_GEOMETRIES.values(), ids=BAD_GEOMETRIES)
def test_one_bad_geometry_costs_one_row(tmp_path, bad):
    path = written(tmp_path / "a.geojson", features(polygon(), bad, polygon(x=104.5)))
    reading = io.read_source(path)
    assert reading.parks.geometry.notna().tolist() == [True, False, True]
    listed = reading.problems[reading.problems["code"] == "PM201"]
    assert listed[["park_id", "row", "severity"]].to_numpy().tolist() == [["P1", 2, "error"]]


def test_an_open_ring_is_closed_and_listed(tmp_path):
    open_ring = {"type": "Polygon", "coordinates": [ring()[:-1]]}
    reading = io.read_source(written(tmp_path / "a.geojson", features(open_ring)))
    assert reading.parks.geometry.iloc[0].equals(shapely.box(104, 30, 104.1, 30.1))
    assert "PM202" in codes(reading)


def test_a_null_geometry_is_a_park_without_land(tmp_path):
    reading = io.read_source(written(tmp_path / "a.geojson", features(None, polygon())))
    assert reading.parks.geometry.notna().tolist() == [False, True]


def test_heights_are_dropped_and_said(tmp_path):
    high = {"type": "Polygon", "coordinates": [[[*xy, 500.0] for xy in ring()]]}
    mixed = {"type": "Polygon", "coordinates": [[*ring()[:-1], [104.0, 30.0, 1.0]]]}
    reading = io.read_source(written(tmp_path / "a.geojson", features(high, mixed)))
    assert not reading.parks.geometry.has_z.any()
    assert (
        "heights or measures of 2 rows"
        in reading.problems.query("code == 'PM110'")["message"].iloc[0]
    )


def test_a_collection_keeps_its_polygons_and_a_line_is_refused(tmp_path):
    line = {"type": "LineString", "coordinates": ring()}
    mixed = {"type": "GeometryCollection", "geometries": [polygon(), line]}
    reading = io.read_source(written(tmp_path / "a.geojson", features(mixed, line, polygon())))
    assert (reading.parks.geom_type == "Polygon").tolist() == [True, False, True]
    assert reading.problems.set_index("code")["row"].loc[["PM206", "PM205"]].tolist() == [1, 2]


def test_newline_delimited_features_are_read(tmp_path):
    lines = [json.dumps(feature) for feature in features(polygon(), polygon(x=105))["features"]]
    path = written(tmp_path / "a.geojsonl", "\x1e" + "\n\x1e".join(lines) + "\n")
    assert io.read_parks(path)["name"].tolist() == ["P0", "P1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_geojson_in_other_encodings(tmp_path, encoding):
    content = json.dumps(features(polygon(), name="成都高新区的产业园区"), ensure_ascii=False)
    path = written(tmp_path / "a.geojson", content.encode(encoding))
    assert io.read_parks(path)["name"].tolist() == ["成都高新区的产业园区"]


def test_a_book_of_sectors_is_cut_and_listed(tmp_path):
    path = written(tmp_path / "a.geojson", features(polygon(), sectors=["医药"] * 500))
    reading = io.read_source(path)
    assert len(reading.parks["sectors"].iloc[0]) == 100
    assert "PM404" in codes(reading)


def test_a_table_of_commas_is_refused(tmp_path):
    assert "16384 columns" in refused(written(tmp_path / "a.csv", "," * 20_000))


def test_a_member_given_twice_is_said(tmp_path):
    content = json.dumps(features(polygon())).replace('"name": "P0"', '"name": "X", "name": "P0"')
    reading = io.read_source(written(tmp_path / "a.geojson", content))
    assert "PM114" in codes(reading)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\x00" * 500, "empty"),
        ('{"type": "FeatureCollection", "features": [', "cut off"),
        ('{"type": "FeatureCollection", "features": [}', "not valid JSON"),
        ({"type": "FeatureCollection", "features": []}, "no rows"),
        ({"type": "FeatureCollection"}, "no list of features"),
        ({"type": "FeatureCollection", "features": [1]}, "no Feature but int"),
        ({"type": "featurecollection", "features": []}, "its type is featurecollection"),
        ({"type": "Topology", "objects": {}}, "its type is Topology"),
        ({"a": 1}, "plain JSON"),
        ('{"a":' * 100_000, "beyond all measure"),
        ("<!DOCTYPE html><html>", "web page"),
        ('<?xml version="1.0"?><OGRVRTDataSource/>', "virtual dataset"),
        ("<OGRVRTDataSource>", "virtual dataset"),
        ('<?xml version="1.0"?><gml/>', "XML"),
        (b"AC1027" + b"\x00" * 90, "AutoCAD"),
        (b"PAR1" + b"\x00" * 90, "damaged"),
        (b"PK\x03\x04broken", "damaged ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xd0\xcf\x11\xe0" + b"\x01" * 90, "XLS"),
        (bytes(range(1, 32)) * 20, "binary file"),
        (b"SQLite format 3\x00" + b"\x00" * 90, "no GeoPackage"),
        ("AutoCAD Binary DXF\r\n", "binary DXF"),
    ],
)
def test_a_file_that_is_something_else_is_named_in_one_line(tmp_path, content, said):
    assert said in refused(written(tmp_path / "parks.geojson", content))
    assert [file.name for file in tmp_path.iterdir()] == ["parks.geojson"]


def test_lines_alone_are_refused(tmp_path):
    line = {"type": "LineString", "coordinates": ring()}
    assert "no polygons or points" in refused(written(tmp_path / "a.geojson", features(line, line)))


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.integers()
        | st.sampled_from(["Polygon", "Feature", "a"]),
        lambda children: (
            st.lists(children, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "coordinates", "geometries", "geometry"]), children
            )
        ),
        max_leaves=12,
    )
)
def test_no_geometry_whatever_gives_a_traceback(tmp_path, geometry):
    path = written(tmp_path / "a.geojson", features(polygon(), geometry))
    try:
        reading = io.read_source(path)
    except ParkmapError:
        return
    assert len(reading.parks) == 2


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"{", b"PK\x03\x04", b"a,b\n", b"SQLite format 3\x00"]),
)
@example(b"fgb\x03fgb", b"")
def test_no_bytes_whatever_give_a_traceback(tmp_path, content, start):
    path = written(tmp_path / "a.bin", start + content)
    with pytest.raises(ParkmapError):
        io.read_source(path)


# --- shapefiles -------------------------------------------------------------------------------------


def shapefile(folder, *, encoding="gbk", name="parks", **more):
    path = folder / f"{name}.shp"
    chinese_layer(**more).to_file(path, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [
        ("gbk", None),
        ("gbk", "UTF-8"),
        ("gbk", "<html>"),
        ("gbk", "936"),
        ("utf-8", None),
        ("utf-8", "GBK"),
        ("utf-8", "UTF-8"),
    ],
)
def test_the_encoding_is_found_whatever_the_file_claims(tmp_path, encoding, cpg):
    path = shapefile(tmp_path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    reading = io.read_source(path)
    assert reading.parks["name"].tolist() == ["成都甲园区", "成都乙园区"]
    assert reading.parks["sectors"].tolist() == [("医药", "食品"), ("IC封测",)]
    assert reading.source.encoding == ("utf-8" if encoding == "utf-8" else "gb18030")


def test_big5_and_latin_are_told_apart():
    names = ["臺灣科學工業園區", "產業園區開發計畫"]
    assert decoding.sniff([name.encode("big5") for name in names], file="a") == "big5"
    assert decoding.sniff([b"M\xfcnchen"], hint="cp1252", file="a") == "cp1252"


def test_accented_latin_names_are_not_taken_for_gb_text():
    assert decoding.sniff(["Xã Nhi Sơn".encode()], file="a") == "utf-8"  # else Nhi S啤n
    disguised = "业".encode("gb2312")  # is a Cyrillic letter in UTF-8
    assert decoding.sniff([disguised], file="a") == "gb18030"


def test_the_users_encoding_wins_and_a_wrong_one_is_refused(tmp_path):
    path = shapefile(tmp_path)
    assert io.read_source(path, encoding="gbk").source.encoding == "gbk"
    assert "not in utf-8" in refused(path, encoding="utf-8")
    assert "unknown encoding" in refused(path, OptionError, encoding="klingon")


def test_a_missing_index_is_rebuilt_in_memory(tmp_path):
    path = shapefile(tmp_path)
    path.with_suffix(".shx").unlink()
    reading = io.read_source(path)
    assert len(reading.parks) == 2
    assert "PM112" in codes(reading)
    assert not path.with_suffix(".shx").exists()


@pytest.mark.parametrize(
    ("part", "keep", "said"),
    [
        (".dbf", None, ".dbf is missing"),
        (".dbf", -60, ".dbf is cut short"),
        (".shp", -60, ".shp is cut short"),
        (".shp", 60, ".shp is cut short"),
        (".prj", None, "no coordinate system is stated"),
        (".prj", 0, "no coordinate system is stated"),
    ],
)
def test_a_part_that_is_missing_or_cut_is_named(tmp_path, part, keep, said):
    path = shapefile(tmp_path)
    side = path.with_suffix(part)
    data = side.read_bytes()
    side.unlink()
    if keep is not None:
        side.write_bytes(data[:keep])
    assert said in refused(path)


def test_a_table_of_another_length_is_refused(tmp_path):
    path = shapefile(tmp_path)
    three = shapefile(tmp_path, name="three")
    layer = chinese_layer()
    gpd.GeoDataFrame({"a": ["x"]}, geometry=layer.geometry[:1], crs=METRIC).to_file(three)
    path.with_suffix(".dbf").write_bytes(three.with_suffix(".dbf").read_bytes())
    assert "the .dbf has 1 rows, the .shp 2" in refused(path)


def test_deleted_rows_are_counted_and_the_others_keep_their_numbers(tmp_path):
    path = shapefile(tmp_path)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    start = int.from_bytes(table[8:10], "little")
    table[start] = ord("*")
    path.with_suffix(".dbf").write_bytes(bytes(table))
    reading = io.read_source(path)
    assert reading.parks["row"].tolist() == [2]
    assert reading.source.rows == 2
    assert "PM111" in codes(reading)


def test_a_long_chinese_heading_cut_inside_a_character_is_understood(tmp_path):
    path = shapefile(tmp_path, encoding="utf-8", 管理机构名称=["甲管委会", "乙管委会"])
    assert io.read_parks(path)["sectors"].tolist() == [("医药", "食品"), ("IC封测",)]


def test_an_area_whose_unit_was_cut_off_is_not_used(tmp_path):
    path = shapefile(tmp_path, **{"核准面积(亩)": [1500.0, 1500.0]})
    reading = io.read_source(path)
    assert reading.parks["approved_area_ha"].isna().all()
    assert "PM312" in codes(reading)


def test_upper_case_side_files_are_found(tmp_path):
    path = shapefile(tmp_path)
    path.with_suffix(".dbf").rename(tmp_path / "PARKS.DBF")
    assert len(io.read_parks(path)) == 2


def test_a_side_file_names_its_main_file(tmp_path):
    path = shapefile(tmp_path)
    assert "name parks.shp" in refused(path.with_suffix(".dbf"))


def test_a_points_shapefile_is_parks_without_land(tmp_path):
    layer = chinese_layer()
    layer.set_geometry(layer.centroid).to_file(tmp_path / "a.shp", encoding="gbk")
    assert io.read_parks(tmp_path / "a.shp").geom_type.tolist() == ["Point", "Point"]


# --- GeoPackage -------------------------------------------------------------------------------------


def test_several_layers_are_named_and_asked_for(tmp_path):
    path = tmp_path / "a.gpkg"
    chinese_layer().to_file(path, layer="现状")
    chinese_layer().iloc[:1].to_file(path, layer="规划")
    assert "现状, 规划" in refused(path)
    assert len(io.read_parks(path, layer="规划")) == 1
    assert "no layer 'x'" in refused(path, layer="x")


def test_a_plain_table_in_a_geopackage_is_no_layer(tmp_path):
    path = tmp_path / "a.gpkg"
    chinese_layer().to_file(path, layer="parks")
    pyogrio.write_dataframe(
        chinese_layer().drop(columns="geometry"), path, layer="notes", append=True
    )
    assert len(io.read_parks(path)) == 2


def test_reading_leaves_no_side_files(tmp_path):
    path = tmp_path / "a.gpkg"
    chinese_layer().to_file(path)
    with sqlite3.connect(path) as base:
        base.execute("pragma journal_mode=wal")
    base.close()
    before = path.read_bytes()
    io.read_parks(path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]
    assert path.read_bytes() == before


# --- refusals that name the thing -----------------------------------------------------------------


LINES = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>甲</name><LineString>'
    "<coordinates>104,30 104.1,30 104.1,30.1 {}</coordinates></LineString></Placemark></kml>"
)
LINK = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>http://127.0.0.1:9/a.kml'
    "</href></Link></NetworkLink></kml>"
)
BOOK = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)
GML = '<ogr:FeatureCollection xmlns:gml="http://www.opengis.net/gml"></ogr:FeatureCollection>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", '[{"name": "甲", "lng": 104, "lat": 30}]', "list of records"),
        ("a.json", '{"code": 200, "data": {"rows": []}}', "plain JSON"),
        ("a.xls", BOOK, "save it as XLSX"),
        ("a.gml", GML, "this is GML"),
        ("a.xml", "<?xml version='1.0'?><a/>", "but no KML"),
        ("a00000001.gdbtable", "\x01\x02", "name its folder, "),
        ("a.dbf", "\x03", "no a.shp beside it"),
        ("a.kml", LINK, "a link to the network"),
        ("a.kml", LINES.format("104,30"), "turn the lines into polygons"),
        ("a.kml", LINES.format("104,30.1"), "close the boundaries"),
    ],
)
def test_a_refusal_says_what_the_file_is_and_a_remedy_that_works(tmp_path, name, content, words):
    assert words in refused(written(tmp_path / name, content))


# --- geometries in cells ---------------------------------------------------------------------------


CELL = shapely.box(104, 30, 105, 31)


@pytest.mark.parametrize("heading", ["WKT", "geometry", "边界"])
@pytest.mark.parametrize(
    ("cell", "crs"),
    [
        (CELL.wkt, 4326),
        (shapely.to_wkb(CELL, hex=True), 4326),
        (shapely.to_wkb(CELL, hex=True, byte_order=0).lower(), 4326),
        ("\\x" + shapely.to_wkb(CELL, hex=True), 4326),
        (shapely.to_wkb(shapely.set_srid(CELL, 4490), hex=True, include_srid=True), 4490),
        (shapely.to_wkb(shapely.force_3d(CELL, 9), hex=True, flavor="iso"), 4326),
        (shapely.to_geojson(CELL), 4326),
        (shapely.to_geojson(CELL, indent=1), 4326),
    ],
    ids=["WKT", "WKB", "big-endian", "PostgreSQL", "EWKB", "with heights", "GeoJSON", "indented"],
)
def test_a_cell_may_hold_wkt_wkb_or_geojson(tmp_path, heading, cell, crs):
    quoted = cell.replace('"', '""')
    path = written(tmp_path / "a.csv", f'name,{heading}\n甲园区,"{quoted}"\n乙园区,"{quoted}"\n')
    parks = io.read_parks(path)
    assert [shape.equals(CELL) for shape in parks.geometry] == [True, True]
    assert parks.crs.to_epsg() == crs
    assert not parks.has_z.any()


ARC = "CURVEPOLYGON(CIRCULARSTRING(104 30,104.1 30.1,104.2 30,104.1 29.9,104 30))"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (ARC, "arcs"),
        (shapely.to_wkb(CELL, hex=True)[:-3], "no whole WKT"),
        ('{""type"": ""Polygon"", ""coordinates"": [[104, 30', "no whole WKT"),
        ('{""type"": ""Polygon"", ""coordinates"": [[[1e999, 30], [1, 2], [2, 1], [1, 1]]]}', ""),
    ],
    ids=["arc", "cut WKB", "cut GeoJSON", "infinite"],
)
def test_a_cell_with_a_shape_that_cannot_be_read_costs_its_row(tmp_path, cell, reason):
    rows = f'甲园区,"{cell}"\n乙园区,"{CELL.wkt}"\n'
    reading = io.read_source(written(tmp_path / "a.csv", f"name,WKT\n{rows}"))
    assert [shape is None for shape in reading.parks.geometry] == [True, False]
    told = reading.problems[reading.problems["code"] == "PM201"]
    assert told["row"].tolist() == [2]
    assert reason in told["message"].iloc[0]


def test_codes_in_hexadecimal_are_no_shapes():
    assert not content.is_wkt("0123456789abcdef" * 4)
    assert not content.is_wkt("00112233445566778899aabbccddeeff00112233445566778899aabb")


@pytest.mark.parametrize("said", ["104 1 51.6", "104-1-51.6", "104:01:51.60", "E 104 1 51.6"])
def test_degrees_minutes_and_seconds_may_stand_without_their_signs(tmp_path, said):
    path = written(tmp_path / "a.csv", f"name,lon,lat\n甲,{said},30 36 57.6\n乙,104 61 1,30 1 1\n")
    reading = io.read_source(path)
    place = reading.parks.geometry.iloc[0]
    assert (place.x, place.y) == pytest.approx((104.031, 30.616))
    told = reading.problems[reading.problems["code"] == "PM201"]
    assert told["row"].tolist() == [3]
    assert "104°1′51.6″" in told["message"].iloc[0]


@pytest.mark.parametrize(
    "cell", ["E104°1'51.60\"，N30°36'57.60\"", "北纬30°36′57.6″、东经104°1′51.6″", "104.031,30.616"]
)
def test_both_angles_may_stand_in_one_cell(tmp_path, cell):
    quoted = cell.replace('"', '""')
    place = io.read_parks(written(tmp_path / "a.csv", f'name,坐标\n甲,"{quoted}"\n')).geometry.iloc[
        0
    ]
    assert (place.x, place.y) == pytest.approx((104.031, 30.616))


@pytest.mark.parametrize(
    "cell",
    [
        "104.1,30;104.2,30;104.2,30.1;104.1,30.1",
        "104.1 30, 104.2 30, 104.2 30.1, 104.1 30.1, 104.1 30",
        "30,104.1|30,104.2|30.1,104.2|30.1,104.1",
        "[[[104.1,30],[104.2,30],[104.2,30.1],[104.1,30.1]]]",
        "(104.1，30)；(104.2，30)；(104.2，30.1)；(104.1，30.1)",
    ],
)
def test_corners_in_one_cell_are_a_boundary_and_said(tmp_path, cell):
    reading = io.read_source(written(tmp_path / "a.csv", f'name,坐标\n甲,"{cell}"\n'))
    assert reading.parks.geometry.iloc[0].equals_exact(
        shapely.Polygon([(104.1, 30), (104.2, 30), (104.2, 30.1), (104.1, 30.1)]), 1e-9
    )
    assert "PM154" in reading.problems["code"].tolist()


@pytest.mark.parametrize(
    "cell",
    [
        "[[104.1,30],[104.2,30],[104.2,30.1]],[[104.3,30],[104.4,30],[104.4,30.1]]",
        "104.1,30;104.2,30;30.1,104.2",
        "104.1,30,0 104.2,30,0 104.2,30.1,0",
        "104.1,30;104.2,30;104.1,30",
        "104.1,30;104.2,30;104.2",
        "见附图 104.1,30;104.2,30;104.2,30.1",
    ],
    ids=["two rings", "mixed order", "heights", "two places", "odd", "words"],
)
def test_a_list_of_corners_that_is_not_sure_costs_its_row(tmp_path, cell):
    path = written(tmp_path / "a.csv", f'name,坐标\n甲,"{cell}"\n乙,"104.1,30.2"\n')
    reading = io.read_source(path)
    assert reading.parks.geometry.isna().tolist() == [True, False]
    assert reading.problems.loc[reading.problems["code"] == "PM201", "row"].tolist() == [2]


# --- parts of services, garbled text -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"numberMatched": 10, "numberReturned": 1}, "the service has 10"),
        ({"totalFeatures": "10"}, "the service has 10"),
        ({"exceededTransferLimit": True}, "the service has more"),
        ({"properties": {"exceededTransferLimit": True}}, "the service has more"),
        ({"links": [{"rel": "self"}, {"rel": "next", "href": "x"}]}, "the service has more"),
        ({"numberMatched": 1, "totalFeatures": "unknown", "links": [{"rel": "self"}]}, ""),
        ({"exceededTransferLimit": False, "properties": [], "links": "next"}, ""),
        ({"numberMatched": "9" * 5000}, ""),
    ],
)
def test_the_first_page_of_a_service_is_not_the_whole(tmp_path, said, told):
    feature = {
        "type": "Feature",
        "properties": {"name": "甲"},
        "geometry": {"type": "Point", "coordinates": [104, 30]},
    }
    content = {"type": "FeatureCollection", "features": [feature], **said}
    reading = io.read_source(written(tmp_path / "a.geojson", json.dumps(content)))
    messages_ = reading.problems.loc[reading.problems["code"] == "PM151", "message"].tolist()
    assert len(messages_) == bool(told)
    assert all(told in message for message in messages_)


def test_the_first_page_of_arcgis_is_not_the_whole(tmp_path):
    point = {"attributes": {"name": "甲"}, "geometry": {"x": 104, "y": 30}}
    content = {"features": [point], "exceededTransferLimit": True}
    reading = io.read_source(written(tmp_path / "a.json", json.dumps(content)))
    assert "PM151" in reading.problems["code"].tolist()


MISREAD = [("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "gb18030"), ("gbk", "latin-1")]


@pytest.mark.parametrize(("true", "read"), MISREAD)
def test_garbled_names_are_told_with_an_example(tmp_path, true, read):
    garbled = "青羊智造产业园".encode(true).decode(read, "replace")
    content = f"name,lon,lat\n{garbled},104.1,30\n乙产业园,104.2,30\n"
    reading = io.read_source(written(tmp_path / "a.csv", content), encoding="utf-8")
    told = reading.problems[reading.problems["code"] == "PM152"]
    assert len(told) == 1
    assert "1 names" in told["message"].iloc[0]


REAL = [
    "Société Générale Électrique", "Düsseldorf Größe", "Çà et là", "Łódź", "Ørsted Århus",
    "Cụm công nghiệp Đà Nẵng", "Parc d’activités « Été »", "Ünïçödé Pàrk", "囍镕產業園", "𠮷野工业园",
]  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_names_with_accents_or_rare_characters_are_not_called_garbled(name):
    assert not decoding.is_garbled(name)


@pytest.mark.parametrize("name", ["锟斤拷锟斤拷", "\ufffd\ufffd园"])
def test_names_that_lost_their_characters_are_called_garbled(name):
    assert decoding.is_garbled(name)


# --- KML --------------------------------------------------------------------------------------------

PLACEMARK = (
    "<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "104,30,0 104.1,30,0 104.1,30.1,0 104,30,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


def kml(*folders):
    inner = "".join(
        f"<Folder><name>{title}</name>{''.join(PLACEMARK.format(name=n) for n in names)}</Folder>"
        for title, names in folders
    )
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inner}</Document></kml>'


@pytest.mark.parametrize("ending", ["kml", "ovkml", "xml"])
def test_all_folders_of_a_kml_are_read(tmp_path, ending):
    path = written(tmp_path / f"a.{ending}", kml(("东区", ["甲"]), ("西区", ["乙", "丙"])))
    parks = io.read_parks(path)
    assert parks["name"].tolist() == ["甲", "乙", "丙"]
    assert parks["folder"].tolist() == ["东区", "西区", "西区"]
    assert parks.geom_type.tolist() == ["Polygon"] * 3
    assert io.read_parks(path, layer="西区")["name"].tolist() == ["乙", "丙"]


def test_folders_of_a_kml_that_are_called_by_tier_are_the_tiers(tmp_path):
    path = written(tmp_path / "a.kml", kml(("国家级", ["甲"]), ("省级", ["乙", "丙"])))
    assert io.read_parks(path)["tier"].tolist() == ["national", "provincial", "provincial"]


def data_kml(names, rows, *, quote='"', around="{}"):
    """Placemarks whose values have no schema, as web maps and Ovital write them."""
    marks = []
    for name, row in zip(names, rows, strict=True):
        data = "".join(
            f"<Data name={quote}{heading}{quote}><value>{value}</value></Data>"
            for heading, value in row.items()
        )
        data = f"<ExtendedData>{data}</ExtendedData>"
        made = PLACEMARK.format(name=name).replace("</name>", f"</name>{data}")
        marks.append(made)
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{around.format("".join(marks))}</Document></kml>'


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("around", ["{}", "<Folder><name>园区</name>{}</Folder>"])
def test_values_of_a_kml_under_headings_of_equal_length_are_kept(tmp_path, quote, around):
    rows = [
        {"级别": "省级", "编号": "001", "核准面积（公顷）": "12.5", "note": "x"},
        {"编号": "002", "级别": "国家级", "Q&amp;A 备注": "问答"},
    ]
    path = written(tmp_path / "a.kml", data_kml("甲乙", rows, quote=quote, around=around))
    parks = io.read_parks(path)
    assert parks.index.tolist() == ["001", "002"]
    assert parks["name"].tolist() == ["甲", "乙"]
    assert parks["tier"].tolist() == ["provincial", "national"]
    assert parks["approved_area_ha"].tolist()[0] == 12.5
    assert parks["note"].tolist()[0] == "x"
    assert parks["Q&A 备注"].tolist()[1] == "问答"
    assert not [column for column in parks.columns if "parkmap_data" in column]


def test_names_of_parks_in_the_values_of_a_kml_go_before_the_names_of_shapes(tmp_path):
    rows = [{"园区名称": name, "主导产业": "集成电路"} for name in ("甲产业园", "乙产业园")]
    content = data_kml(["面", "面"], rows)
    assert io.read_parks(written(tmp_path / "a.kml", content))["name"].tolist() == [
        "甲产业园",
        "乙产业园",
    ]
    said = content.replace(
        "<name>面", '<description><![CDATA[<Data name="注">]]></description><name>面'
    )
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as packed:
        packed.writestr("doc.kml", said)
    parks = io.read_parks(tmp_path / "a.kmz")
    assert parks["name"].tolist() == ["甲产业园", "乙产业园"]
    assert parks.filter(regex="(?i)description").iloc[0, 0] == '<Data name="注">'


def test_a_kml_that_expands_without_end_is_refused(tmp_path):
    laughs = '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    refused(
        written(
            tmp_path / "a.kml", kml(("x", ["&b;" * 9])).replace("<kml", laughs + "<kml", 1)[:300]
        )
    )


# --- CSV --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_of_every_kind(tmp_path, encoding, delimiter):
    rows = [
        ["园区名称", "代码", "级别", "经度", "纬度", "备注"],
        ["甲", "001", "市级", "104.06", "30.66", "NA"],
    ]
    content = "\r\n".join(delimiter.join(row) for row in rows)
    parks = io.read_parks(written(tmp_path / "a.csv", content.encode(encoding)))
    assert parks.index.tolist() == ["001"]
    assert parks["备注"].tolist() == ["NA"]
    assert parks["tier"].tolist() == ["municipal"]
    assert shapely.get_coordinates(parks.geometry.iloc[0]).tolist() == [[104.06, 30.66]]


def test_titles_blanks_totals_and_ragged_rows_are_accounted_for(tmp_path):
    content = "成都市产业园区一览表\n\n名称,经度,纬度\n甲,104,30\n,,\n乙,104.1\n丙,104.2,30.2,多\n合计,3,\n"
    reading = io.read_source(written(tmp_path / "a.csv", content))
    assert reading.parks["row"].tolist() == [4, 6, 7]
    assert reading.source.rows == 5
    assert {"PM102", "PM103", "PM104", "PM105", "PM201"} <= set(codes(reading))
    assert reading.parks.geometry.notna().tolist() == [True, False, True]


def test_wkt_of_a_hundred_thousand_points_and_quotes(tmp_path):
    circle = shapely.Point(104, 30).buffer(0.1, quad_segs=10_000)
    path = written(tmp_path / "a.csv", f'name,WKT\n"甲, ""乙""","{circle.wkt}"\n')
    parks = io.read_parks(path)
    assert parks["name"].tolist() == ['甲, "乙"']
    assert shapely.get_num_coordinates(parks.geometry.iloc[0]) == 40_001


def test_wkt_that_says_its_srid_or_is_broken(tmp_path):
    box = square().wkt
    path = written(
        tmp_path / "a.csv",
        f'name;wkt\nA;"SRID=4544;{box}"\nB;POLYGON oops\nC;\nD;POINT (1e999 1)\n',
    )
    reading = io.read_source(path)
    assert reading.parks.crs.to_epsg() == 4544
    assert reading.parks.geometry.notna().tolist() == [True, False, False, False]
    assert reading.problems.query("code == 'PM201'")["row"].tolist() == [3, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,tier\nA,省级\n", "no columns of coordinates"),
        ('name,lon,lat\n"A,1,2\n', "quotation mark"),
        ("name,lon,lat\n", "no rows"),
        ("just a sentence\n", "no columns of coordinates"),
    ],
)
def test_csv_that_is_no_layer(tmp_path, content, said):
    assert said in refused(written(tmp_path / "a.csv", content))


def test_metres_in_a_csv_need_a_crs(tmp_path):
    path = written(tmp_path / "a.csv", "name,x,y\nA,400000,3390000\n")
    assert "--crs" in refused(path, CRSError)
    assert io.read_parks(path, crs=4544).crs.to_epsg() == 4544


def test_columns_can_be_named(tmp_path):
    path = written(tmp_path / "a.csv", "单位,位置E,位置N\nA,104,30\n")
    said = {"name": "单位", "lon": "位置E", "lat": "位置N"}
    assert io.read_parks(path, columns=said)["name"].tolist() == ["A"]
    assert "no column '没有'" in refused(path, columns={**said, "tier": "没有"})
    with pytest.raises(OptionError, match="no column of parkmap"):
        io.read_source(path, columns={"colour": "单位"})


# --- Excel ------------------------------------------------------------------------------------------


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


HEADER = ["园区名称", "代码", "经度", "纬度"]


def test_a_workbook_with_titles_merged_cells_and_formulas(tmp_path):
    rows = [
        ["一览表"],
        HEADER,
        ["甲", "001", 104.06, 30.66],
        [None, 2, 104.1, 30.7],
        ["丙", "=A1", 104, 30],
    ]
    book = workbook(tmp_path / "a.xlsx", 园区=rows, 说明=[["x"]])
    book["园区"].merge_cells("A3:A4")
    book.save(tmp_path / "a.xlsx")
    reading = io.read_source(tmp_path / "a.xlsx")
    assert reading.parks["name"].tolist() == ["甲", "甲", "丙"]
    assert reading.parks["code"].tolist() == ["001", "2", ""]
    assert reading.parks.geometry.x.tolist() == [104.06, 104.1, 104]
    assert {"PM102", "PM113"} <= set(codes(reading))
    assert "B5" in reading.problems.query("code == 'PM113'")["message"].iloc[0]


def test_several_sheets_of_parks_are_named_and_asked_for(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, 一=[HEADER, ["甲", "1", 104, 30]], 二=[HEADER, ["乙", "2", 104, 30]], 空=[])
    assert "一, 二" in refused(path)
    assert io.read_parks(path, layer="二")["name"].tolist() == ["乙"]
    assert "no sheet '三'" in refused(path, layer="三")


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 100_000_000)
    assert "unreasonable size" in refused(tmp_path / "a.xlsx")


def test_a_workbook_that_is_none_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", b"<oops/>")
    assert "damaged" in refused(tmp_path / "a.xlsx")


# --- coordinates ------------------------------------------------------------------------------------


def gpkg(path, layer, code):
    layer.set_crs(code, allow_override=True).to_file(path)
    return path


def moved(x=0.0, y=0.0):
    layer = chinese_layer()
    return layer.set_geometry(layer.translate(x, y))


def swapped(layer):
    return layer.set_geometry(
        [shapely.transform(g, lambda xy: xy[:, ::-1]) for g in layer.geometry], crs=layer.crs
    )


@pytest.mark.parametrize(
    ("layer", "code", "said"),
    [
        (moved(), 4490, "perhaps CGCS2000, 3-degree zones"),  # metres labelled degrees
        (chinese_layer().to_crs(4490), 4544, "perhaps EPSG:4490"),  # degrees labelled metres
        (moved(35e6), 4544, "perhaps EPSG:4523"),  # a zone before the easting
        (moved(), 4523, "EPSG:4544)"),  # no zone before it
        (moved(35e6), 2380, "perhaps EPSG:2359"),  # the same in Xi'an 1980
        (chinese_layer().to_crs(3857), 4544, "perhaps EPSG:3857"),
        (swapped(chinese_layer().to_crs(4490)), 4490, "north before east"),
        (swapped(moved()), 4544, "north before east"),
        (swapped(chinese_layer().to_crs(4326)), 4326, "north before east"),
    ],
)
def test_coordinates_that_contradict_their_crs_are_refused(tmp_path, layer, code, said):
    assert said in refused(gpkg(tmp_path / "a.gpkg", layer, code), CRSError)


@pytest.mark.parametrize("code", [4544, 4523, 4490, 4326, 3857, 32648, 2380, 4610, 2432, 4513 + 9])
def test_coordinates_that_agree_are_read(tmp_path, code):
    parks = io.read_parks(gpkg(tmp_path / "a.gpkg", chinese_layer().to_crs(code), code))
    assert parks.crs.to_epsg() == code


@pytest.mark.parametrize(
    ("x", "y", "likely"),
    [
        (104.06, 30.66, "EPSG:4490"),
        (40_500_000, 3_390_000, "EPSG:4528"),
        (18_500_000, 3_390_000, "EPSG:4496"),
        (400_000, 3_390_000, ""),
        (11_585_000, 3_590_000, "EPSG:3857"),
        (5, 1e9, ""),
    ],
)
def test_the_likely_code_follows_from_the_figures(x, y, likely):
    assert placing.guess(x, y).partition(" ")[0] == likely


@pytest.mark.parametrize(
    ("x", "y", "code", "said"),
    [
        (400_000, 3_390_000, None, "EPSG:4544"),
        (400_000, 3_390_000, 4523, "EPSG:4544"),
        (400_000, 3_390_000, 2359, "EPSG:2380"),
        (50_000, 20_000, None, "local grid"),
        (50_000, 20_000, 4544, "local grid"),
    ],
)
def test_what_to_do_is_said_where_the_zone_or_the_grid_is_unknown(tmp_path, x, y, code, said):
    made = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(x, y, x + 900, y + 900)])
    path = written(tmp_path / "a.csv", f"name,x,y\n甲,{x},{y}\n")
    path = gpkg(tmp_path / "a.gpkg", made, code) if code else path
    message = refused(path, CRSError)
    assert said in message
    assert "?" not in message
    assert "e+0" not in message
    assert "-455" not in message


def test_a_zone_before_the_easting_is_not_called_north_first(tmp_path):
    wkt = pyproj.CRS.from_epsg(4544).to_wkt("WKT1_ESRI").replace("CM_105E", "Zone_35")
    made = moved(35e6).set_crs(wkt, allow_override=True)
    made.to_file(tmp_path / "a.shp")
    message = refused(tmp_path / "a.shp", CRSError)
    assert "EPSG:4523 (CGCS2000, 3-degree zone 35)" in message


def test_the_users_crs_wins_and_is_said(tmp_path):
    path = gpkg(tmp_path / "a.gpkg", moved(35e6), 4544)
    reading = io.read_source(path, crs="EPSG:4523")
    assert reading.parks.crs.to_epsg() == 4523
    assert "PM502" in codes(reading)
    assert "unknown" in refused(path, CRSError, crs="EPSG:999999")
    assert "not tied to the earth" in refused(
        path, CRSError, crs='LOCAL_CS["city grid",UNIT["metre",1]]'
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("urn:ogc:def:crs:EPSG::4490", 4490),
        ("EPSG:4326", 4326),
    ],
)
def test_the_crs_member_is_honoured(tmp_path, name, code):
    member = {"type": "name", "properties": {"name": name}}
    path = written(tmp_path / "a.geojson", {**features(polygon()), "crs": member})
    assert io.read_parks(path).crs.to_epsg() == code


@pytest.mark.parametrize(
    "member", [{"type": "name", "properties": {"name": "EPSG::999999"}}, "LOCAL", {"type": "link"}]
)
def test_an_unknown_crs_member_is_refused(tmp_path, member):
    path = written(tmp_path / "a.geojson", {**features(polygon()), "crs": member})
    assert "unknown" in refused(path, CRSError)


def test_metres_in_a_geojson_without_crs_are_refused(tmp_path):
    metric = features(shapely.geometry.mapping(square()))
    assert "perhaps CGCS2000, 3-degree zones" in refused(
        written(tmp_path / "a.geojson", metric), CRSError
    )


def test_one_outlier_does_not_condemn_the_file(tmp_path):
    path = written(
        tmp_path / "a.geojson", features(polygon(), polygon(x=104.5), polygon(x=1e299, size=1e299))
    )
    assert len(io.read_parks(path)) == 3


def test_old_datums_and_web_mercator_are_remarked_on(tmp_path):
    reading = io.read_source(gpkg(tmp_path / "a.gpkg", chinese_layer().to_crs(2380), 2380))
    assert "PM503" in codes(reading)
    reading = io.read_source(gpkg(tmp_path / "b.gpkg", chinese_layer().to_crs(3857), 3857))
    assert "PM505" in codes(reading)


def test_a_shifted_datum_is_converted_only_when_said(tmp_path):
    path = written(tmp_path / "a.csv", "name,lon,lat\nA,104.06251,30.65758\n")
    as_read, converted = io.read_parks(path), io.read_source(path, datum="gcj02")
    assert as_read.geometry.x.tolist() == [104.06251]
    assert converted.parks.geometry.x.round(4).tolist() == [104.06]
    assert "PM504" in codes(converted)
    assert "unknown datum" in refused(path, OptionError, datum="mars")


# --- headings and words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cell", "hectares"),
    [
        ("核准面积(公顷)", "21.5", 21.5),
        ("核准面积(亩)", "1500", 100.0),
        ("核准面积（平方公里）", "1.5", 150.0),
        ("核准面积(km²)", "1,2", 1200.0),
        ("核准面积", "5.38平方公里", 538.0),
        ("核准面积(公顷)", "1,234.5", 1234.5),
        ("approved_area_ha", "10", 10.0),
        ("核准面积(平方米)", "10000", 1.0),
    ],
)
def test_areas_become_hectares(tmp_path, heading, cell, hectares):
    path = written(tmp_path / "a.csv", f"name\t{heading}\tlon\tlat\nA\t{cell}\t104\t30\n")
    assert io.read_parks(path)["approved_area_ha"].tolist() == pytest.approx([hectares])


@pytest.mark.parametrize("cell", ["约21", "21里", "-5", "1e999", "#N/A"])
def test_an_area_that_is_no_number_is_listed_not_invented(tmp_path, cell):
    path = written(tmp_path / "a.csv", f"name,核准面积(公顷),lon,lat\nA,{cell},104,30\n")
    reading = io.read_source(path)
    assert reading.parks["approved_area_ha"].isna().all()
    assert "PM306" in codes(reading)


def test_an_area_without_unit_is_read_as_hectares_and_said(tmp_path):
    reading = io.read_source(written(tmp_path / "a.csv", "name,核准面积,lon,lat\nA,21,104,30\n"))
    assert reading.parks["approved_area_ha"].tolist() == [21.0]
    assert "PM108" in codes(reading)


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("104.06", 104.06),
        ("-0.5", -0.5),
        ("104°3′36″", 104.06),
        ("104度3分36秒", 104.06),
        ("东经104", 104),
        ("E104°3′36″", 104.06),
        ("西经104°", -104),
        ("北104", None),
        ("104°3'36\"W", -104.06),
        ("104°61'", None),
        ("1e999", None),
    ],
)
def test_degrees_are_read_as_written(cell, degrees):
    found = coordinates._number(cell)
    assert found == (pytest.approx(degrees) if degrees is not None else None)


@pytest.mark.parametrize(
    ("column", "heading", "cell", "meaning", "code"),
    [
        ("tier", "级别", "国家级开发区", "national", None),
        ("tier", "级别", "Provincial", "provincial", None),
        ("tier", "级别", "乡镇", "", "PM301"),
        ("tier", "级别", "", "", None),
        ("counted", "纳入统计", "否", False, None),
        ("counted", "纳入统计", "TRUE", True, None),
        ("counted", "纳入统计", "也许", True, "PM307"),
        ("boundary_kind", "范围口径", "核准四至", "approved", None),
        ("boundary_kind", "范围口径", "示意范围(非法定边界)", "schematic", None),
        ("boundary_kind", "范围口径", "大概", "", "PM308"),
        (
            "sectors",
            "主导产业",
            "集成电路:0.6;新型显示:0.4",
            ("集成电路:0.6", "新型显示:0.4"),
            None,
        ),
        ("main_for", "主要承载地", '["集成电路"]', ("集成电路",), None),
        ("managing_body", "管理机构", " 甲管委会\u200b", "甲管委会", None),
    ],
)
def test_words_get_their_meaning(tmp_path, column, heading, cell, meaning, code):  # noqa: PLR0917
    cell = cell.replace('"', '""')
    path = written(tmp_path / "a.csv", f'name,{heading},lon,lat\nA,"{cell}",104,30\n')
    reading = io.read_source(path)
    assert reading.parks[column].tolist() == [meaning]
    assert code in codes(reading) if code else not {"PM301", "PM307", "PM308"} & set(codes(reading))


def test_lists_in_geojson_stay_lists(tmp_path):
    path = written(
        tmp_path / "a.geojson", features(polygon(), sectors=["医药", "食品:0.5"], main_for=[])
    )
    parks = io.read_parks(path)
    assert parks["sectors"].tolist() == [("医药", "食品:0.5")]
    assert parks["main_for"].tolist() == [()]


def test_repeated_ids_stay_apart_and_are_listed(tmp_path):
    content = "编号,名称,lon,lat\n1,A,104,30\n1,B,104,30\n1#2,C,104,30\n,D,104,30\n"
    reading = io.read_source(written(tmp_path / "a.csv", content))
    assert reading.parks.index.is_unique
    assert reading.parks.index.tolist() == ["1", "1#3", "1#2", "D"]
    assert codes(reading).count("PM303") == 1


def test_ids_fall_back_on_code_then_name(tmp_path):
    content = "名称,代码,lon,lat\nA,S1,104,30\nB,S2,104,30\nC,S2,104,30\nC,,104,30\n,,104,30\n"
    reading = io.read_source(written(tmp_path / "a.csv", content))
    assert reading.parks.index.tolist() == ["S1", "B", "C", "C#2", "row-6"]
    assert reading.parks["name"].tolist() == ["A", "B", "C", "C", "row-6"]
    assert reading.problems.query("code == 'PM304'")["row"].tolist() == [6]


def test_a_running_number_is_no_id(tmp_path):
    path = written(tmp_path / "a.csv", "Id,name,lon,lat\n0,A,104,30\n0,B,104,30\n")
    parks = io.read_parks(path)
    assert parks.index.tolist() == ["A", "B"]
    assert parks["Id"].tolist() == ["0", "0"]


def test_our_own_heading_goes_before_an_alias():
    found = headings.recognise(["leading_sectors", "sectors", "名称", "园区名称"], chosen={})
    assert found == {"sectors": "sectors", "name": "园区名称"}


def test_two_columns_of_one_name_are_both_kept(tmp_path):
    reading = io.read_source(written(tmp_path / "a.csv", "name,x1,x1,lon,lat\nA,1,2,104,30\n"))
    assert reading.parks[["x1", "x1_2"]].to_numpy().tolist() == [["1", "2"]]
    assert "PM109" in codes(reading)


# --- several files, context -------------------------------------------------------------------------


def test_several_files_become_one_table(tmp_path):
    metric, degrees = tmp_path / "a.gpkg", tmp_path / "b.geojson"
    chinese_layer().to_file(metric)
    chinese_layer().to_crs(4326).to_file(degrees)
    reading = io.read_sources([metric, degrees])
    assert reading.parks.index.tolist() == ["S1", "001", "S1@b.geojson", "001@b.geojson"]
    assert reading.parks["layer"].tolist() == ["a.gpkg"] * 2 + ["b.geojson"] * 2
    assert reading.parks.crs.to_epsg() == 4544
    assert [source.name for source in reading.sources] == ["a.gpkg", "b.geojson"]
    assert np.allclose(reading.parks.area, 1e6, atol=1)


def test_no_file_at_all_is_said():
    with pytest.raises(InputError, match="no file is named"):
        io.read_sources([])


def test_a_context_layer_comes_in_degrees(tmp_path):
    chinese_layer().to_file(tmp_path / "a.gpkg")
    layer = io.read_context(tmp_path / "a.gpkg")
    assert layer.crs.to_epsg() == 4326
    assert layer["name"].tolist() == ["成都甲园区", "成都乙园区"]


# --- writing ----------------------------------------------------------------------------------------


def full_layer():
    shapes = {"a": square(), "b": shapely.MultiPolygon([square(2000), square(5000)])}
    return park_layer(
        shapes,
        tier=["national", ""],
        sectors=[("医药", "食品:0.5"), ()],
        approved_area_ha=[100.5, float("nan")],
        counted=[True, False],
        managing_body=["甲管委会", ""],
        boundary_kind=["approved", "schematic"],
        备注=["=1+1", None],
        一个特别长的列名=[1, 2],
    )


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv", "shp"])
def test_what_is_written_reads_back_the_same(tmp_path, ending):
    path = tmp_path / f"园区.{ending}"
    parks = full_layer()
    io.write_parks(parks, path)
    again = io.read_parks(path)
    assert again.index.tolist() == parks.index.tolist()
    for column in ("name", "tier", "sectors", "counted", "managing_body", "boundary_kind"):
        assert again[column].tolist() == parks[column].tolist(), column
    assert again["approved_area_ha"].fillna(-1).tolist() == [100.5, -1]
    assert [str(value) for value in again["一个特别长的列名"]] == ["1", "2"]
    assert np.allclose(again.to_crs(METRIC).area, parks.area, atol=100)
    if ending in ("gpkg", "shp"):
        assert again.geometry.geom_equals(parks.geometry).all()


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv", "shp"])
def test_the_same_parks_are_the_same_bytes(tmp_path, ending):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        io.write_parks(full_layer(), tmp_path / folder / f"a.{ending}")
    made = [
        sorted((f.name, f.read_bytes()) for f in (tmp_path / d).iterdir()) for d in ("one", "two")
    ]
    assert made[0] == made[1]


def test_parks_of_every_kind_of_geometry_survive(tmp_path):
    parks = park_layer({"a": square(), "p": square().centroid, "n": None})
    for ending in ("gpkg", "geojson", "csv"):
        io.write_parks(parks, tmp_path / f"a.{ending}")
        kinds = io.read_parks(tmp_path / f"a.{ending}").geom_type.str.removeprefix("Multi")
        assert kinds.tolist()[:2] == ["Polygon", "Point"]
        assert io.read_parks(tmp_path / f"a.{ending}").geometry.isna().tolist() == [
            False,
            False,
            True,
        ]


def test_written_geojson_follows_rfc_7946(tmp_path):
    io.write_parks(full_layer(), tmp_path / "a.geojson")
    content = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    first = content["features"][0]
    assert "crs" not in content
    assert first["properties"]["sectors"] == ["医药", "食品:0.5"]
    assert content["features"][1]["properties"]["approved_area_ha"] is None
    assert shapely.is_ccw(shapely.LinearRing(first["geometry"]["coordinates"][0]))
    assert all(abs(x * 1e7 - round(x * 1e7)) < 1e-2 for x, _ in first["geometry"]["coordinates"][0])


def test_a_formula_is_neutral_in_written_csv(tmp_path):
    io.write_parks(full_layer(), tmp_path / "a.csv")
    assert b"'=1+1" in (tmp_path / "a.csv").read_bytes()


@pytest.mark.parametrize(
    ("parks", "name", "said"),
    [
        (park_layer({"a": square()}), "a.xyz", "no format"),
        (park_layer({"a": square(), "p": square().centroid}), "a.shp", "together"),
        (park_layer({"a": square()}, managing_body=["长" * 200]), "a.shp", "too long"),
        (park_layer({"a": square()}), "no/a.gpkg", "folder to write to"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(tmp_path, parks, name, said):
    with pytest.raises(OutputError, match=said) as caught:
        io.write_parks(parks, tmp_path / name)
    one_line(caught)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["gpkg", "geojson"])
def test_a_write_the_system_stops_leaves_nothing(tmp_path, ending):
    command = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
        "from test_io import full_layer\nfrom parkmap import io\n"
        "from parkmap.errors import OutputError\n"
        f"try: io.write_parks(full_layer(), r'{tmp_path}/a.{ending}')\n"
        "except OutputError as reason: print(len(str(reason)) < 190)"
    )
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    made = subprocess.run(
        [sys.executable, "-B", "-c", command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert made.stdout.strip() == "True"
    assert list(tmp_path.iterdir()) == []


def test_writing_does_not_change_the_parks(tmp_path):
    parks = full_layer()
    before = parks.copy()
    io.write_parks(parks, tmp_path / "a.gpkg")
    assert_geodataframe_equal(parks, before)


# --- encodings --------------------------------------------------------------------------------------

everyday = st.text(
    st.sampled_from("成都市高新技术产业开发区经济园国家级省医药食品电子信息装备制造"),
    min_size=4,
    max_size=40,
)


@settings(deadline=None, max_examples=100)
@given(everyday, st.sampled_from(["utf-8", "gb18030", "utf-8-sig", "utf-16"]))
def test_everyday_chinese_is_decoded_right(words, encoding):
    assert decoding.decode(words.encode(encoding), file="a")[0] == words


@settings(deadline=None, max_examples=100)
@given(everyday, st.sampled_from(["utf-8", "gb18030"]), st.integers(0, 3))
def test_a_cut_field_loses_at_most_a_character(words, encoding, cut):
    data = words.encode(encoding)
    assert words.startswith(decoding.decode_cut(data[: len(data) - cut], encoding))


@pytest.mark.parametrize("words", ["園區名稱、臺北科學園區與產業發展", "新竹市工業區開發計畫"])
def test_traditional_text_is_told_from_simplified(words):
    assert decoding.sniff([words.encode("big5")], file="a") == "big5"
    assert decoding.sniff([words.encode("gb18030")], file="a") == "gb18030"


def test_utf8_with_a_broken_byte_is_refused_not_read_as_gibberish():
    data = bytearray("成都高新技术产业开发区与经济技术开发区".encode())
    data[7] = 0x20
    with pytest.raises(InputError, match="broken bytes"):
        decoding.sniff([bytes(data)], file="a")


def test_gdal_does_not_know_virtual_datasets():
    command = "import parkmap.io, pyogrio; print('OGR_VRT' in pyogrio.list_drivers())"
    made = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("unit", "hectares"), [("km2", 7232.0), ("KM2", 7232.0), ("亩", 72.32 / 15), ("ha", 72.32)]
)
def test_a_unit_may_follow_the_column_that_the_user_names(tmp_path, unit, hectares):
    path = tmp_path / "a.csv"
    path.write_text("name,areaKm2,lon,lat\nA,72.32,104.06,30.66\n", encoding="utf-8")
    parks = io.read_parks(path, columns={"approved_area_ha": f"areaKm2:{unit}"})
    assert parks["approved_area_ha"].tolist() == pytest.approx([hectares])


def test_a_unit_that_is_none_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,areaKm2,lon,lat\nA,72.32,104.06,30.66\n", encoding="utf-8")
    with pytest.raises(InputError, match="areaKm2:furlongs"):
        io.read_parks(path, columns={"approved_area_ha": "areaKm2:furlongs"})


def test_half_a_character_in_a_name_is_replaced_and_whole_ones_are_kept(tmp_path):
    path = tmp_path / "a.geojson"
    point = '"geometry": {"type": "Point", "coordinates": [104, 30]}'
    names = [r"\ud800甲", r"乙\udc00", r"\ud83d\ude00丙", r"C:\\ud800"]
    features = ",".join(
        f'{{"type": "Feature", "properties": {{"name": "{name}"}}, {point}}}' for name in names
    )
    path.write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}', encoding="utf-8")
    found = io.read_parks(path)["name"].tolist()
    assert found == ["\ufffd甲", "乙\ufffd", "\U0001f600丙", r"C:\ud800"]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("lon_wgs84", "lat_wgs84"),
        ("WGS84_Lng", "WGS84_Lat"),
        ("经度_CGCS2000", "纬度_CGCS2000"),
        ("经度(WGS84)", "纬度(WGS84)"),
        ("中心经度", "中心纬度"),
    ],
)
def test_headings_that_name_their_datum_hold_coordinates(tmp_path, lon, lat):
    path = tmp_path / "parks.csv"
    path.write_text(f"name,{lon},{lat}\n甲,104.06,30.66\n", encoding="utf-8")
    parks = io.read_parks(path)
    assert parks.geometry.iloc[0].coords[0] == (104.06, 30.66)


def test_a_heading_of_a_shifted_datum_is_not_taken_for_wgs84(tmp_path):
    path = tmp_path / "parks.csv"
    path.write_text("name,lon_gcj02,lat_gcj02\n甲,104.06,30.66\n", encoding="utf-8")
    reading = io.read_source(path)
    assert "PM510" in codes(reading)
    true = wgs84_to_gcj02(*reading.parks.geometry.iloc[0].coords[0])
    assert [float(value) for value in true] == pytest.approx([104.06, 30.66], abs=1e-7)


def test_counties_count_as_municipal_and_are_listed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("名称,级别,经度,纬度\n甲,县级,104,30\n乙,区级,104,30\n丙,市级,104,30\n")
    reading = io.read_source(path)
    assert reading.parks["tier"].tolist() == ["municipal"] * 3
    found = reading.problems
    assert found.loc[found["code"] == "PM318", "row"].tolist() == [2, 3]
    assert "'县级'" in found.loc[found["code"] == "PM318", "message"].iloc[0]
