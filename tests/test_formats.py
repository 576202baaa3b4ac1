"""Zipped layers, geodatabases, drawings, GeoParquet and boundary points: read whole, or refused."""

import re
import struct
import sys
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from builders import park_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap import io, messages
from parkmap.errors import CRSError, InputError, MissingExtraError


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def layer(*names, x=0):
    """Squares of a square kilometre beside one another, under Chinese headings."""
    shapes = {name: square(x + 2000 * place) for place, name in enumerate(names)}
    made = park_layer(shapes).reset_index(drop=True)
    return made.drop(columns="name").assign(园区名称=list(names), 级别="省级")


def shapefile(folder, stem, made, encoding="gbk"):
    folder.mkdir(exist_ok=True)
    made.to_file(folder / f"{stem}.shp", encoding=encoding)
    return sorted(folder.glob(f"{stem}.*"))


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    return path


def refused(path, error=InputError, **options):
    with pytest.raises(error) as caught:
        io.read_source(path, **options)
    said = f"parkmap: {caught.value}"
    assert len(said.splitlines()) == 1
    assert len(said) <= 200
    return said


def found(reading):
    return reading.problems["code"].tolist()


# --- archives -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: f"资料/2024/{name}",
        lambda name: f"data\\deep\\{name}",
        lambda name: name.upper(),
    ],
    ids=["flat", "folders", "backslashes", "upper case"],
)
def test_a_zipped_shapefile_is_read(tmp_path, rename):
    parts = shapefile(tmp_path / "in", "parks", layer("甲园区", "乙园区"))
    files = {rename(part.name): part for part in parts if part.suffix != ".cpg"}
    files["__MACOSX/._parks.shp"] = b"\x00\x05\x16\x07"
    files["._parks.dbf"] = b"\x00\x05\x16\x07"
    reading = io.read_source(packed(tmp_path / "交付.zip", files))
    assert reading.parks["name"].tolist() == ["甲园区", "乙园区"]
    assert reading.parks.area.tolist() == [1e6, 1e6]
    assert reading.source.encoding == "gb18030"
    assert reading.source.name.startswith("交付.zip/")


def test_several_shapefiles_of_a_zip_are_all_read_each_in_its_own_crs(tmp_path):
    one = shapefile(tmp_path / "in", "甲", layer("甲园区"))
    two = shapefile(tmp_path / "in", "乙", layer("乙园区", "甲园区").to_crs(4490), "utf-8")
    path = packed(tmp_path / "a.zip", {part.name: part for part in [*one, *two]})
    reading = io.read_source(path)
    assert sorted(reading.parks["name"]) == ["乙园区", "甲园区", "甲园区"]
    assert reading.parks.index.is_unique
    assert set(reading.parks["layer"]) == {"a.zip/甲.shp", "a.zip/乙.shp"}
    assert reading.parks.to_crs(4544).area.round(-2).tolist() == [1e6] * 3
    assert found(reading).count("PM117") == 1
    told = reading.problems.loc[reading.problems["code"] == "PM106", "message"]
    assert [text.split(": ")[0] for text in told] == ["a.zip/乙.shp", "a.zip/甲.shp"]
    assert [source.rows for source in reading.sources] == [2, 1]


def test_one_layer_of_a_zip_is_chosen_by_name(tmp_path):
    parts = [
        *shapefile(tmp_path / "in", "a", layer("甲")),
        *shapefile(tmp_path / "in", "b", layer("乙")),
    ]
    path = packed(tmp_path / "a.zip", {part.name: part for part in parts})
    assert io.read_parks(path, layer="b")["name"].tolist() == ["乙"]
    assert "no layer 'c'" in refused(path, layer="c")


def test_names_of_members_are_read_in_the_code_page_of_a_chinese_windows(tmp_path):
    path = packed(
        tmp_path / "a.zip", {"xxxx.geojson": b'{"type": "Point", "coordinates": [104, 30]}'}
    )
    path.write_bytes(path.read_bytes().replace(b"xxxx", "甲乙".encode("gbk")))
    assert io.read_source(path).source.name == "a.zip/甲乙.geojson"


def test_a_kmz_is_read_with_all_its_folders(tmp_path):
    folders = "".join(
        f"<Folder><name>{name}</name><Placemark><name>{name}园区</name><Polygon><outerBoundaryIs>"
        "<LinearRing><coordinates>104,30 104.1,30 104.1,30.1 104,30</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark></Folder>"
        for name in "甲乙"
    )
    kml = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>'
    path = packed(tmp_path / "a.kmz", {"doc.kml": kml.encode(), "files/icon.png": b"\x89PNG"})
    assert io.read_parks(path)["name"].tolist() == ["甲园区", "乙园区"]


def test_what_is_left_in_an_archive_is_said(tmp_path):
    parts = shapefile(tmp_path / "in", "parks", layer("甲"))
    files = {part.name: part for part in parts} | {"说明.xlsx": b"PK", "附/b.zip": b"PK"}
    reading = io.read_source(packed(tmp_path / "a.zip", files))
    (message,) = reading.problems.loc[reading.problems["code"] == "PM118", "message"]
    assert "说明.xlsx" in message
    assert "附/b.zip" in message


def test_a_zipped_table_is_read_where_there_is_no_map(tmp_path):
    content = "名称,经度,纬度\n甲,104,30\n".encode("gbk")
    path = packed(tmp_path / "a.zip", {"b/a.csv": content, "readme.pdf": b"%PDF"})
    assert io.read_parks(path)["name"].tolist() == ["甲"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"../parks.geojson": b"{}"}, "outside itself"),
        ({"a/../../parks.geojson": b"{}"}, "outside itself"),
        ({"..\\parks.geojson": b"{}"}, "outside itself"),
        ({"/etc/parks.geojson": b"{}"}, "outside itself"),
        ({"C:\\parks.geojson": b"{}"}, "outside itself"),
        ({"readme.pdf": b"%PDF", "b.docx": b"PK"}, "nothing that is read: readme.pdf, b.docx"),
        ({}, "nothing that is read"),
        ({"a.geojson": b"[" + b" " * 60_000_000 + b"]"}, "unreasonable size"),
        ({"parks.shp": b"\x00\x00\x27\x0a" + bytes(200)}, "a.zip/parks.shp"),
        ({"a.kml": b"<html><body></body></html>"}, "a.zip/a.kml: this is a web page"),
        ({"a.geojson": b'<?xml version="1.0"?><OGRVRTDataSource/>'}, "virtual dataset"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_archive_that_cannot_be_trusted_is_refused(tmp_path, files, said):
    path = packed(tmp_path / "a.zip", files)
    assert said in refused(path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]
    assert not (tmp_path.parent / "parks.geojson").exists()


def test_a_locked_archive_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.geojson": b"{}"})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    assert "password" in refused(path)


def test_an_archive_with_a_broken_member_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.geojson": bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    data[60:80] = bytes(20)
    path.write_bytes(data)
    assert "damaged" in refused(path)


def test_a_file_named_twice_in_an_archive_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.geojson", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.geojson", "{}")
    assert "twice" in refused(path)


# --- geodatabases ---------------------------------------------------------------------------------


def geodatabase(path, **layers):
    for name, made in layers.items():
        pyogrio.write_dataframe(made, path, layer=name, driver="OpenFileGDB", append=path.exists())
    return path


def test_a_geodatabase_is_a_folder_and_a_layer_of_several_is_asked_for(tmp_path):
    path = geodatabase(tmp_path / "a.gdb", 园区=layer("甲", "乙"), 道路=layer("丙"))
    assert "--layer" in refused(path)
    assert io.read_parks(path, layer="园区")["name"].tolist() == ["甲", "乙"]


def test_a_geodatabase_is_known_without_its_ending_and_in_a_zip(tmp_path):
    path = geodatabase(tmp_path / "a.gdb", 园区=layer("甲"))
    files = {f"deep/a.gdb/{file.name}": file for file in path.iterdir()}
    archive = packed(tmp_path / "a.zip", files)
    assert io.read_parks(archive)["name"].tolist() == ["甲"]
    path.rename(tmp_path / "城市数据")
    assert io.read_parks(tmp_path / "城市数据")["name"].tolist() == ["甲"]


def test_a_folder_that_is_none_is_refused(tmp_path):
    (tmp_path / "parks.gdb").mkdir()
    assert "folder" in refused(tmp_path / "parks.gdb")


def test_a_geodatabase_with_broken_tables_is_refused(tmp_path):
    path = geodatabase(tmp_path / "a.gdb", 园区=layer("甲"))
    for file in path.glob("*.gdbtable"):
        file.write_bytes(b"\x00" * 50)
    assert "damaged" in refused(path)


# --- drawings -------------------------------------------------------------------------------------


def polyline(name, corners, *, closed=True):
    points = "".join(f"10\n{x}\n20\n{y}\n" for x, y in corners)
    head = f"0\nLWPOLYLINE\n8\n{name}\n100\nAcDbEntity\n100\nAcDbPolyline\n90\n{len(corners)}\n"
    return f"{head}70\n{int(closed)}\n{points}"


def note(name, text, x, y):
    return f"0\nTEXT\n8\n{name}\n10\n{x}\n20\n{y}\n40\n5\n1\n{text}\n"


def drawing(path, *entities, encoding="gbk", head=""):
    body = "".join(entities)
    content = f"{head}0\nSECTION\n2\nENTITIES\n{body}0\nENDSEC\n0\nEOF\n"
    path.write_bytes(content.encode(encoding))
    return path


def corners(x=400_000, y=3_390_000, size=1000):
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_drawing_s_parks_are_named_by_the_text_in_them_or_by_their_layer(tmp_path, encoding):
    path = drawing(
        tmp_path / "a.dxf",
        polyline("园区边界", corners()),
        note("注记", "成都甲园区", 400_500, 3_390_500),
        note("注记", "125.3", 400_500, 3_390_400),
        polyline("成都乙园区", corners(402_000)),
        encoding=encoding,
    )
    parks = io.read_parks(path, crs=4544)
    assert parks["name"].tolist() == ["成都甲园区", "成都乙园区"]
    assert parks.area.tolist() == [1e6, 1e6]


def test_a_drawing_asks_for_its_crs_and_proposes_one(tmp_path):
    path = drawing(tmp_path / "a.dxf", polyline("甲", corners(35_400_000)))
    assert "EPSG:4523" in refused(path, CRSError)


def test_what_of_a_drawing_is_no_outline_is_counted(tmp_path):
    path = drawing(
        tmp_path / "a.dxf",
        polyline("甲", corners()),
        polyline(
            "路", [(400_000, 3_390_000), (409_000, 3_390_000), (409_000, 3_399_000)], closed=False
        ),
        note("注", "图例", 500_000, 3_390_000),
    )
    reading = io.read_source(path, crs=4544)
    assert len(reading.parks) == 1
    (message,) = reading.problems.loc[reading.problems["code"] == "PM120", "message"]
    assert message.startswith("2 ")


def test_an_outline_all_but_closed_is_closed_and_said(tmp_path):
    nearly = [*corners(), (400_000, 3_390_001)]
    reading = io.read_source(
        drawing(tmp_path / "a.dxf", polyline("甲", nearly, closed=False)), crs=4544
    )
    assert reading.parks.area.tolist() == [1e6]
    assert "PM202" in found(reading)


def hatch(name, *rings):
    paths = "".join(
        f"92\n2\n72\n0\n73\n1\n93\n{len(ring)}\n"
        + "".join(f"10\n{x}\n20\n{y}\n" for x, y in ring)
        + "97\n0\n"
        for ring in rings
    )
    head = f"0\nHATCH\n8\n{name}\n100\nAcDbEntity\n100\nAcDbHatch\n10\n0\n20\n0\n30\n0\n"
    return f"{head}2\nSOLID\n70\n1\n71\n0\n91\n{len(rings)}\n{paths}75\n0\n76\n1\n98\n0\n"


def test_a_hatch_that_repeats_an_outline_is_no_second_park(tmp_path):
    path = drawing(
        tmp_path / "a.dxf",
        polyline("0", corners()),
        hatch("填充", corners()),
        note("0", "成都甲园区", 400_500, 3_390_500),
        polyline("0", corners(402_000)),
        hatch("填充", corners(402_000), corners(404_000)),
        hatch("斜线", corners(404_000)),
        note("0", "成都乙园区", 402_500, 3_390_500),
        note("0", "成都丙园区", 404_500, 3_390_500),
    )
    reading = io.read_source(path, crs=4544)
    assert reading.parks["name"].tolist() == ["成都甲园区", "成都乙园区", "成都丙园区"]
    assert reading.parks.area.tolist() == [1e6] * 3
    (message,) = reading.problems.loc[reading.problems["code"] == "PM150", "message"]
    assert message.startswith("3 ")
    assert "PM120" not in found(reading)


def test_a_hatch_alone_is_ground_and_its_pattern_no_name(tmp_path):
    path = drawing(
        tmp_path / "a.dxf",
        hatch("园区范围", corners()),
        note("注记", "成都甲园区", 400_500, 3_390_500),
        hatch("成都乙园区", corners(402_000)),
    )
    reading = io.read_source(path, crs=4544)
    assert reading.parks["name"].tolist() == ["成都甲园区", "成都乙园区"]
    assert reading.parks.area.tolist() == [1e6] * 2
    assert not {"PM120", "PM150"} & set(found(reading))


def test_texts_with_heights_are_not_counted_as_unread(tmp_path):
    high = note("注记", "成都甲园区", 400_500, 3_390_500).replace("40\n5", "30\n0\n40\n5")
    path = drawing(tmp_path / "a.dxf", polyline("0", corners()), high)
    assert "PM120" not in found(io.read_source(path, crs=4544))


def test_one_layer_of_a_drawing_is_chosen(tmp_path):
    path = drawing(tmp_path / "a.dxf", polyline("甲", corners()), polyline("乙", corners(402_000)))
    assert io.read_parks(path, layer="乙", crs=4544)["name"].tolist() == ["乙"]
    assert "no layer '丙'" in refused(path, layer="丙")


@pytest.mark.parametrize(
    "content",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("0\nEOF\n", ""),
        lambda text: text.replace("LWPOLYLINE\n", "LWPOLYLINE\nx\n"),
        lambda text: text.replace("0\nENDSEC\n", ""),
        lambda text: text.replace("ENTITIES", "OBJECTS"),
        lambda text: text.replace("ENTITIES\n", "ENTITIES\n0\nSECTION\n0\nLINE\n"),
    ],
    ids=["half", "no end", "out of step", "open section", "no entities", "nested"],
)
def test_a_damaged_drawing_is_refused_before_gdal_sees_it(tmp_path, content):
    path = drawing(tmp_path / "a.dxf", polyline("甲", corners()))
    path.write_text(content(path.read_text("gbk")), encoding="gbk")
    assert "damaged" in refused(path)


def test_a_drawing_that_lies_about_its_code_page_is_read_right(tmp_path):
    head = (
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\nANSI_1252\n0\nENDSEC\n"
    )
    path = drawing(tmp_path / "a.dxf", polyline("甲园区", corners()), head=head)
    assert io.read_parks(path, crs=4544)["name"].tolist() == ["甲园区"]


def test_a_drawing_of_lines_alone_is_refused(tmp_path):
    path = drawing(tmp_path / "a.dxf", polyline("路", corners(), closed=False))
    assert "no closed outline" in refused(path)


def test_a_drawing_with_a_comment_before_it_is_known(tmp_path):
    path = drawing(tmp_path / "a.dxf", polyline("甲", corners()), head="999\nmade by CASS\n")
    assert len(io.read_parks(path, crs=4544)) == 1


# --- tables of boundary points --------------------------------------------------------------------


def corner_table(path, headings, rows):
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in [headings, *rows]:
            book.active.append(row)
        book.save(path)
    else:
        path.write_text("\n".join(",".join(map(str, row)) for row in [headings, *rows]), "utf-8")
    return path


def corner_rows(east, *, prefix=35_000_000):
    return [(f"J{n}", y, x + prefix) for n, (x, y) in enumerate(corners(east), start=1)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_of_boundary_points_is_read_as_parcels_north_first(tmp_path, ending):
    rows = [
        ["甲地块" if place == 0 else "", *row] for place, row in enumerate(corner_rows(400_000))
    ]
    rows += [["乙地块", *row] for row in corner_rows(402_000)]
    headings = ["地块名称", "界址点号", "X", "Y"]
    path = corner_table(tmp_path / f"a.{ending}", headings, rows)
    assert "EPSG:4523" in refused(path, CRSError)
    reading = io.read_source(path, crs=4523)
    parks = reading.parks
    assert parks["name"].tolist() == ["甲地块", "乙地块"]
    assert parks["row"].tolist() == [2, 6]
    assert parks.area.tolist() == [1e6, 1e6]
    assert parks.geometry.iloc[0].bounds == (35_400_000, 3_390_000, 35_401_000, 3_391_000)
    assert reading.sources[0].rows == 2
    (message,) = reading.problems.loc[reading.problems["code"] == "PM153", "message"]
    assert "8 rows" in message
    assert "2 parcels" in message


def test_boundary_points_in_degrees_with_rings_and_a_point_that_cannot_be_read(tmp_path):
    def ring(number, west, size):
        at = [(west, 30.1), (west + size, 30.1), (west + size, 30.1 + size), (west, 30.1 + size)]
        return [(number, n, f"{x:.2f}", f"{y:.2f}") for n, (x, y) in enumerate(at, start=1)]

    rows = [("甲", *row) for row in [*ring(1, 104.10, 0.08), *ring(2, 104.11, 0.02)]]
    rows += [("乙", *row) for row in ring(1, 104.3, 0.05)]
    rows[-1] = (*rows[-1][:3], "x", "30.15")
    path = corner_table(tmp_path / "a.csv", ["园区名称", "圈号", "点号", "经度", "纬度"], rows)
    reading = io.read_source(path)
    assert reading.parks["name"].tolist() == ["甲", "乙"]
    assert reading.parks.geometry.iloc[0].area == pytest.approx(0.08**2 - 0.02**2)
    assert reading.parks.geometry.iloc[1] is None
    told = reading.problems[reading.problems["code"] == "PM201"]
    assert "乙" in told["park_id"].tolist()
    assert "line 13" in " ".join(told["message"])


def test_boundary_points_that_begin_anew_without_a_parcel_are_rings_apart(tmp_path):
    rows = [*corner_rows(400_000), *corner_rows(402_000)]
    reading = io.read_source(corner_table(tmp_path / "a.csv", ["点号", "X", "Y"], rows), crs=4523)
    assert reading.parks.area.tolist() == [2e6]
    assert "PM121" in found(reading)


@pytest.mark.parametrize(
    ("headings", "options"),
    [
        (["园区名称", "点号", "X", "Y"], {}),
        (["地块名称", "点号", "X", "Y"], {"columns": {"name": "点号"}}),
    ],
    ids=["one row a park", "said by the user"],
)
def test_numbered_points_of_parks_stay_points(tmp_path, headings, options):
    rows = [("甲乙丙丁"[n], *row) for n, row in enumerate(corner_rows(400_000))]
    if options:
        rows = [("甲", *row[1:]) for row in rows]
    path = corner_table(tmp_path / "a.csv", headings, [(*row[:2], row[3], row[2]) for row in rows])
    parks = io.read_parks(path, crs=4523, **options)
    assert parks.geom_type.tolist() == ["Point"] * 4


# --- GeoParquet -----------------------------------------------------------------------------------


def test_geoparquet_keeps_names_crs_and_places(tmp_path):
    pytest.importorskip("pyarrow")
    layer("甲", "乙").assign(编号=["001", "NA"]).to_parquet(tmp_path / "parks.bin")
    parks = io.read_parks(tmp_path / "parks.bin")
    assert parks.index.tolist() == ["001", "NA"]
    assert parks.crs.to_epsg() == layer("甲").crs.to_epsg()
    assert parks.area.tolist() == [1e6, 1e6]


def test_parquet_without_its_metadata_asks_for_the_crs(tmp_path):
    pytest.importorskip("pyarrow")
    plain = layer("甲")
    table = pd.DataFrame(plain.drop(columns="geometry"))
    table["geometry"] = plain.geometry.to_wkb()
    table.to_parquet(tmp_path / "a.parquet")
    assert "--crs" in refused(tmp_path / "a.parquet", CRSError)
    assert len(io.read_parks(tmp_path / "a.parquet", crs=4544)) == 1
    table.drop(columns="geometry").to_parquet(tmp_path / "b.parquet")
    assert "no column of geometries" in refused(tmp_path / "b.parquet")


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + b"\x00" * 90)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "parkmap[parquet]" in refused(tmp_path / "a.parquet", MissingExtraError)


# --- boundary points ------------------------------------------------------------------------------

HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位=自然资源局
坐标系={system}
几度分带={width}
投影类型=高斯克吕格
计量单位=米
带号={zone}
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
"""


def parcel(name, *rings, count=None, shape="面"):
    lines, number = [], 0
    for ring, points in enumerate(rings, start=1):
        for north, east in points:
            number += 1
            lines.append(f"J{number},{ring},{north},{east}")
    return "\n".join([f"{count or number},1.0,51-1,{name},{shape},H48,工业,,@", *lines, ""])


def box(north, east, size):
    return [
        (north, east), (north + size, east), (north + size, east + size),
        (north, east + size), (north, east),
    ]  # fmt: skip


def boundary_file(path, *parcels, system="2000国家大地坐标系", width=3, zone=35, encoding="gbk"):
    text = HEAD.format(system=system, width=width, zone=zone) + "".join(parcels)
    path.write_bytes(text.encode(encoding))
    return path


def test_boundary_points_are_read_north_first_with_holes_and_several_parcels(tmp_path):
    path = boundary_file(
        tmp_path / "a.txt",
        parcel("甲地块", box(3_390_000, 35_400_000, 1000), box(3_390_100, 35_400_100, 100)),
        parcel("乙地块", box(3_390_000, 35_402_000, 1000)[:-1]),
    )
    reading = io.read_source(path)
    assert reading.parks["name"].tolist() == ["甲地块", "乙地块"]
    assert reading.parks.area.tolist() == [1e6 - 1e4, 1e6]
    assert reading.parks.crs.to_epsg() == 4523
    assert reading.parks.total_bounds.tolist() == [35_400_000, 3_390_000, 35_403_000, 3_391_000]
    assert reading.source.driver == "TXT"
    assert reading.source.encoding == "gb18030"
    assert "PM119" not in found(reading)


@pytest.mark.parametrize("apart", [2, 1], ids=["own number", "all numbered 1"])
def test_rings_that_lie_apart_are_parts_and_said(tmp_path, apart):
    made = parcel(
        "甲地块",
        box(3_390_000, 35_400_000, 1000),
        box(3_390_100, 35_400_100, 100),
        box(3_395_000, 35_400_000, 500),
    )
    if apart == 1:  # every outline carries ring number 1
        made = made.replace(",2,", ",1,").replace(",3,", ",1,")
    reading = io.read_source(boundary_file(tmp_path / "a.txt", made))
    (shape,) = reading.parks.geometry
    assert shape.is_valid
    assert sorted(part.area for part in shape.geoms) == [250_000, 1e6 - 1e4]
    assert "PM121" in found(reading)
    assert "PM207" not in found(reading)
    assert "PM119" not in found(reading)


def test_a_hole_that_touches_the_outline_stays_a_hole(tmp_path):
    made = parcel("甲", box(0, 0, 1000), box(0, 100, 100))
    made = re.sub(
        r"J(\d+),(\d),(\d+),(\d+)",
        lambda m: f"J{m[1]},{m[2]},{int(m[3]) + 3390000},{int(m[4]) + 35400000}",
        made,
    )
    reading = io.read_source(boundary_file(tmp_path / "a.txt", made))
    assert reading.parks.area.sum() == pytest.approx(1e6 - 1e4)
    assert "PM121" not in found(reading)


@pytest.mark.parametrize(
    ("stated", "east", "code"),
    [
        (("2000国家大地坐标系", 3, 35), 35_400_000, 4523),
        (("2000国家大地坐标系", 3, 35), 400_000, 4544),
        (("CGCS2000", 6, 18), 18_400_000, 4496),
        (("2000国家大地坐标系", 6, 18), 400_000, 4507),
        (("80国家大地坐标系", 3, 35), 35_400_000, 2359),
        (("80国家大地坐标系", 3, 35), 400_000, 2380),
        (("80国家大地坐标系", 6, 18), 18_400_000, 2332),
        (("54北京坐标系", 3, 35), 35_400_000, 2411),
        (("2000国家大地坐标系", 3, ""), 35_400_000, 4523),
    ],
)
def test_the_code_follows_from_datum_width_and_zone(tmp_path, stated, east, code):
    made = parcel("甲", box(3_390_000, east, 1000))
    system, width, zone = stated
    path = boundary_file(tmp_path / "a.txt", made, system=system, width=width, zone=zone)
    parks = io.read_parks(path)
    assert parks.crs.to_epsg() == code
    west, south = parks.to_crs(4326).total_bounds[:2]
    assert 103 < west < 105
    assert 30 < south < 31


def test_a_zone_against_the_coordinates_is_refused(tmp_path):
    made = parcel("甲", box(3_390_000, 35_400_000, 1000))
    assert "EPSG:4523" in refused(boundary_file(tmp_path / "a.txt", made, zone=40), CRSError)


def test_east_before_north_is_refused(tmp_path):
    made = parcel("甲", [(east, north) for north, east in box(3_390_000, 35_400_000, 1000)])
    assert "have east first" in refused(boundary_file(tmp_path / "a.txt", made), CRSError)


def test_a_file_without_its_head_asks_for_the_crs(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(parcel("甲", box(3_390_000, 35_400_000, 1000)), encoding="gbk")
    assert "EPSG:4523" in refused(path, CRSError)
    assert io.read_parks(path, crs=4523).area.tolist() == [1e6]


def test_missing_points_and_unreadable_lines_are_listed_by_parcel(tmp_path):
    path = boundary_file(
        tmp_path / "a.txt",
        parcel("甲", box(3_390_000, 35_400_000, 1000), count=9),
        parcel("乙", box(3_390_000, 35_402_000, 1000)).replace("J2,1,3391000", "J2,1,339l000"),
        parcel("丙", box(3_390_000, 35_404_000, 1000)[:2]),
        parcel("丁", box(3_390_000, 35_406_000, 1000), shape="线"),
    )
    reading = io.read_source(path)
    listed = reading.problems.set_index("row")["code"]
    assert listed[1] == "PM119"
    assert "PM201" in set(listed[[2]])
    assert "PM201" in set(listed[[3]])
    assert listed[4] == "PM205"
    assert len(reading.parks) == 4


def test_a_unit_that_is_not_the_metre_is_refused(tmp_path):
    path = boundary_file(tmp_path / "a.txt", parcel("甲", box(3_390_000, 35_400_000, 1000)))
    path.write_bytes(path.read_bytes().replace("单位=米".encode("gbk"), "单位=里".encode("gbk")))
    assert "not the metre" in refused(path)


def test_boundary_points_without_points_are_refused(tmp_path):
    assert "J1,1,X,Y" in refused(boundary_file(tmp_path / "a.txt"))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
    st.sampled_from(["gbk", "utf-8", "utf-8-sig"]),
)
def test_boundary_points_come_back_as_they_were_written(tmp_path_factory, sizes, encoding):
    path = tmp_path_factory.mktemp("txt") / "a.txt"
    parcels = [
        parcel(f"地块{place}", box(3_390_000, 35_400_000 + 100 * place, size))
        for place, size in enumerate(sizes)
    ]
    parks = io.read_parks(boundary_file(path, *parcels, encoding=encoding))
    assert parks.area.tolist() == [size**2 for size in sizes]
    assert parks["name"].tolist() == [f"地块{place}" for place in range(len(sizes))]


# --- what is not read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.dwg", b"AC1032" + bytes(100), "save it there as DXF"),
        ("a.ovobj", bytes(range(1, 32)) * 20, "KML or SHP"),
        ("a.ovobj", b"ovital plain text", "KML or SHP"),
        ("a.udbx", b"SQLite format 3\x00" + bytes(100), "SHP, GDB or GeoJSON"),
        ("a.udb", struct.pack("<300I", *range(300)), "SHP, GDB or GeoJSON"),
    ],
)
def test_formats_that_others_keep_to_themselves_name_the_export_to_ask_for(
    tmp_path, name, content, said
):
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


def test_a_context_layer_may_be_zipped_too(tmp_path):
    made = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(104, 30, 105, 31)], crs=4490)
    parts = shapefile(tmp_path / "in", "d", made)
    path = packed(tmp_path / "a.zip", {part.name: part for part in parts})
    assert io.read_context(path)["name"].tolist() == ["甲"]
