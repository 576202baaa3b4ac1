"""More files as offices have them: the same groups as ``cases.py``, which gathers them."""

import contextlib
import datetime as dt
import json
import sqlite3
import struct
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import shapely
from cases import (
    CASES,
    EAST,
    METRIC,
    NAMES,
    NORTH,
    SOUND,
    TABLE,
    Case,
    Parks,
    Refused,
    case,
    features,
    layer,
    plain,
    polygon,
    ring,
    shapefile,
    text_file,
    zipped,
)  # fmt: skip

A = NAMES[0]
ONE = Parks((A,))


def book(group, name, expected, *rows, prepare=None, file="a.xlsx", **options):
    def make(folder):
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(list(row))
        if prepare:
            prepare(workbook)
        with (folder / file).open("wb") as target:
            workbook.save(target)
        return folder / file

    CASES.append(Case(group, name, make, expected, options))


def gpkg(group, name, expected, shapes, *, names=NAMES, crs=METRIC, **options):
    def make(folder):
        frame = gpd.GeoDataFrame({"name": list(names)}, geometry=list(shapes), crs=crs)
        frame.to_file(folder / "a.gpkg")
        return folder / "a.gpkg"

    CASES.append(Case(group, name, make, expected, options))


# --- files: what other programs write ---------------------------------------------------------

for name, file, content, words in [
    ("GML with a namespace", "a.gml", '<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="g"/>', "GML"),
    ("GPX", "a.gpx", '<?xml version="1.0"?><gpx version="1.1"><wpt lat="30" lon="104"/></gpx>', "XML"),
    ("MIF", "a.mif", 'Version 300\nCharset "WindowsSimpChinese"\nDelimiter ","\nColumns 1\n', "MapInfo"),
    ("TAB", "a.tab", "!table\n!version 300\n!charset WindowsSimpChinese\n\nDefinition Table\n", "MapInfo"),
    ("an Access database", "a.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(200), "MDB"),
    ("a map project", "a.mxd", b"\xd0\xcf\x11\xe0" + bytes(500), "project"),
    ("a locked workbook", "a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(500), "password"),
    ("WPS table", "a.et", b"\xd0\xcf\x11\xe0" + bytes(500), "XLSX"),
    ("a web page called XLS", "a.xls", "<html><table><tr><td>甲</td></tr></table></html>", "XLSX"),
    ("an array of features", "a.geojson", json.dumps(SOUND["features"]), "or export GeoJSON"),
    ("a style of QGIS", "a.qml", "<!DOCTYPE qgis><qgis/>", "XML"),
    ("a Java object", "a.geojson", b"\xac\xed\x00\x05sr" + bytes(range(32)) * 8, "binary"),
]:  # fmt: skip
    plain("files", name, Refused(words), file, content)


def archive(name, members, group="files", expected=None, file="a.zip"):
    def make(folder):
        with zipfile.ZipFile(folder / file, "w") as packed:
            for inside, content in members.items():
                packed.writestr(inside, content)
        return folder / file

    CASES.append(Case(group, name, make, expected))


ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
archive("ODS", ODS, expected=Refused("ODS"), file="a.ods")
archive("DOCX", {"word/document.xml": "<a/>"}, expected=Refused("Word"), file="a.docx")
archive("PPTX", {"ppt/presentation.xml": "<a/>"}, expected=Refused("PowerPoint"), file="a.pptx")
archive("QGIS project", {"a.qgs": "<qgis/>"}, expected=Refused("project"), file="a.qgz")
archive("pictures alone", {"a.jpg": b"\xff\xd8"}, expected=Refused("nothing"))
archive("a ZIP in a ZIP", {"a.zip": b"PK\x05\x06" + bytes(18)}, expected=Refused("a.zip"))
archive("an empty ZIP", {}, expected=Refused("archive"))


@case("files", "a shapefile with GBK names in a ZIP", Parks())
def gbk_zip(folder):
    inside = folder / "in"
    inside.mkdir()
    shapefile(inside)
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        for part in sorted(inside.iterdir()):
            packed.writestr(f"yuanqu{part.suffix}", part.read_bytes())
    raw = (folder / "a.zip").read_bytes().replace(b"yuanqu", "范围线".encode("gbk"))
    (folder / "a.zip").write_bytes(raw)
    return folder / "a.zip"


def flat(folder):
    pyogrio.write_dataframe(layer(), folder / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    return folder / "a.fgb"


CASES.append(Case("files", "FlatGeobuf", flat, Parks(km2=(1, 1, 1))))
CASES.append(Case("files", "zipped FlatGeobuf", zipped(of=flat), Parks()))


def esri(*rings, wkid=4490, **extra):
    listed = [{"attributes": {"OBJECTID": at, "园区名称": name}, "geometry": {"rings": rings[at]}}
              for at, name in enumerate(NAMES[: len(rings)])]  # fmt: skip
    return {"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": wkid},
            "fields": [], "features": listed, **extra}  # fmt: skip


clockwise = [ring(104 + at / 10)[::-1] for at in range(3)]
plain("files", "JSON of ArcGIS", Parks(), "a.json", esri(*[[each] for each in clockwise]))
SHELL = [
    [EAST, NORTH],
    [EAST, NORTH + 1000],
    [EAST + 1000, NORTH + 1000],
    [EAST + 1000, NORTH],
    [EAST, NORTH],
]
HOLE = ring(EAST + 250, NORTH + 250, 500)
plain("geometry", "JSON of ArcGIS with a hole", Parks((A,), km2=(0.75,)), "a.json",
      esri([SHELL, HOLE], wkid=4544))  # fmt: skip


@case("files", "notes beside a shapefile", Parks())
def beside(folder):
    path = shapefile(folder)
    (folder / "园区.shp.xml").write_text("<metadata/>")
    (folder / "说明.txt").write_text("x")
    return path


@case("files", "a zipped geodatabase", Parks())
def zipped_gdb(folder):
    pyogrio.write_dataframe(layer(), folder / "a.gdb", driver="OpenFileGDB", layer="园区")
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        for part in (folder / "a.gdb").iterdir():
            packed.write(part, f"数据/a.gdb/{part.name}")
    return folder / "a.zip"


PLACEMARK = (
    "<Placemark><name>{}</name>{}<Polygon><outerBoundaryIs><LinearRing><coordinates>{}"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)
CORNERS = "104,30 104.1,30 104.1,30.1 104,30"


def as_kml(*marks, head="", namespace=' xmlns="http://www.opengis.net/kml/2.2"'):
    return f"{head}<kml{namespace}><Document>{''.join(marks)}</Document></kml>"


def marks(extra="", corners=CORNERS):
    return [PLACEMARK.format(name, extra, corners) for name in NAMES]


plain("files", "KML without a namespace", Parks(), "a.kml", as_kml(*marks(), namespace=""))
plain("files", "KML with line breaks between corners", Parks(), "a.kml",
      as_kml(*marks(corners="\n".join(CORNERS.split()))))  # fmt: skip
plain("files", "KML with a picture of a legend", Parks(), "a.kml",
      as_kml("<ScreenOverlay><name>图例</name></ScreenOverlay>", *marks()))  # fmt: skip
plain("files", "KML of a link alone", Refused(""), "a.kml",
      as_kml("<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"))  # fmt: skip
plain("geometry", "KML with heights", Parks(codes=("PM110",)), "a.kml",
      as_kml(*marks(corners="104,30,500 104.1,30,500 104.1,30.1,500 104,30,500")))  # fmt: skip
EXTENDED = "<ExtendedData><Data name='级别'><value>省级</value></Data></ExtendedData>"
plain("attributes", "KML with data of its own", Parks(), "a.kml", as_kml(*marks(EXTENDED)))
for encoding, said in (("gbk", "GBK"), ("gbk", "UTF-8"), ("utf-8", "GB2312"), ("utf-16", "UTF-16")):
    head = f'<?xml version="1.0" encoding="{said}"?>'
    plain("encodings", f"KML in {encoding} that says {said}", Parks(), "a.kml",
          as_kml(*marks(), head=head), encoding)  # fmt: skip
for name, text in (("a comment", "// 园区\n{}"), ("a block comment", "/* 园区 */ {}"), ("a name", "var data = {};"),
                   ("a call", "callback({});")):  # fmt: skip
    plain("files", f"GeoJSON with {name} before it", Parks(codes=("PM124",)), "a.geojson",
          text.replace("{}", json.dumps(SOUND)))  # fmt: skip
plain("files", "GeoJSON with a trailing comma", Parks(codes=("PM124",)), "a.geojson",
      json.dumps(SOUND)[:-2] + ",]}")  # fmt: skip
plain("encodings", "GeoJSON with a BOM", Parks(), "a.geojson", json.dumps(SOUND), "utf-8-sig")
plain("encodings", "GeoJSON in UTF-16", Parks(), "a.geojson", json.dumps(SOUND), "utf-16")
plain(
    "encodings",
    "GeoJSON in GBK",
    Parks(),
    "a.geojson",
    json.dumps(SOUND, ensure_ascii=False),
    "gbk",
)

# --- encodings ------------------------------------------------------------------------------------

for cpg in (b"GB2312", b"936", b"OEM", b"\xef\xbb\xbfUTF-8\r\n", b""):
    CASES.append(Case("encodings", f"GBK shapefile, .cpg {cpg!r}",
                      lambda folder, cpg=cpg: shapefile(folder, cpg=cpg), Parks()))  # fmt: skip
plain(
    "encodings",
    "CSV in UTF-16 big-endian",
    Parks(),
    "a.csv",
    b"\xfe\xff" + TABLE.encode("utf-16-be"),
)
plain("encodings", "CSV in UTF-16 without a BOM", Parks(), "a.csv", TABLE.encode("utf-16-le"))
plain("encodings", "no-break spaces", Parks(), "a.csv", TABLE.replace(",104", ",\u00a0104\u3000"))
plain(
    "encodings",
    "decomposed letters",
    Parks(("Caf\u00e9园区",)),
    "a.csv",
    "name,lon,lat\nCafe\u0301园区,104,30\n",
)

# --- tables ---------------------------------------------------------------------------------------


def csv(name, expected, content, file="a.csv", group="attributes", **options):
    plain(group, name, expected, file, content, **options)


csv("pipes", Parks(), TABLE.replace(",", "|"))
csv("full width commas", Parks(), TABLE.replace(",", "\uff0c"))
csv("Excel's line about the separator", Parks(), f"sep=;\n{TABLE.replace(',', ';')}")
csv("old Mac line ends", Parks(), TABLE.replace("\n", "\r"))
csv("a name on two lines", Parks(("成都甲\n园区",)), '园区名称,经度,纬度\n"成都甲\n园区",104,30\n')
csv("a quoted comma", Parks(("甲,乙园区",)), '园区名称,经度,纬度\n"甲,乙园区",104,30\n')
csv("NUL in a cell", Parks(("甲\x00园区",)), "园区名称,经度,纬度\n甲\x00园区,104,30\n")
csv(
    "latitude under longitude",
    Refused("north before east"),
    "园区名称,经度,纬度\n甲,30.5,104.1\n",
    group="CRS",
)
csv(
    "northing under X",
    Refused("north before east"),
    "园区名称,X,Y\n甲,3390000,35400000\n",
    group="CRS",
    crs="EPSG:4523",
)
csv(
    "eastings with their zone",
    ONE,
    f"园区名称,X,Y\n{A},35400000,3390000\n",
    group="CRS",
    crs="EPSG:4523",
)
csv("the datum in the heading", Parks((A,), codes=("PM510",)), f"园区名称,经度(GCJ02),纬度(GCJ02)\n{A},104,30\n",
    group="CRS")  # fmt: skip
for shown in (
    "103°58′12″E",
    "103°58'12\"",
    "E103°58′12″",
    "103度58分12秒",
    "东经103°58′12″",
    "103.97°",
):
    cell = shown.replace('"', '""')
    csv(f"degrees as {shown}", ONE, f'园区名称,经度,纬度\n{A},"{cell}",30.6\n', group="CRS")
for shown in ("103.9,30.7", "30.7,103.9", "103.9 30.7", "103.9\uff0c30.7"):
    csv(f"both in a cell: {shown}", ONE, f'园区名称,坐标\n{A},"{shown}"\n', group="CRS")
csv(
    "columns that look like coordinates",
    Refused("--columns"),
    f"园区名称,主导产业,E1,N1\n{A},汽车,103.9123,30.7123\n",
)
csv(
    "parks of sectors alone",
    Parks((A,), codes=("PM122",), place=False, told={"sectors": (("汽车",),)}),
    f"园区名称,主导产业\n{A},汽车\n",
)
csv("an extent in words", ONE, f"园区名称,范围,经度,纬度\n{A},东至大道,104,30\n")
csv("WKT under an unknown heading", Parks((A,), codes=("PM123",)),
    f'园区名称,tx\n{A},"POLYGON ((104 30, 104.1 30, 104.1 30.1, 104 30))"\n')  # fmt: skip
csv("WKT that says its SRID", ONE, f'园区名称,wkt\n{A},"SRID=4490;POINT (104 30)"\n', group="CRS")
csv("WKT with heights", ONE, f'园区名称,wkt\n{A},"POINT Z (104 30 500)"\n', group="geometry")
csv("an unknown name column", Parks((A, NAMES[1]), codes=("PM314",)),
    f"GNQMC,经度,纬度\n{A},104,30\n{NAMES[1]},104.1,30\n")  # fmt: skip
csv(
    "no name that can be told",
    Refused("--columns name="),
    "BZ,经度,纬度\n新建,104,30\n续建,104.1,30\n",
)
csv("a running number before the name", Parks(), "序号," + TABLE.replace("\n成", "\n1,成"))
csv("a note under the table", Parks(codes=("PM125",)), f"{TABLE}注:面积以批复为准,,\n")
csv("who filled it in", Parks(codes=("PM125",)), f"{TABLE}填表人:张三,,\n")
csv("a subtotal", Parks(codes=("PM105",)), f"{TABLE}小计,,\n")
csv("ids as 1.0", ONE, f"园区名称,编号,经度,纬度\n{A},1.0,104,30\n")
csv(
    "an escape sequence as a name",
    Parks(("\x1b[31m甲",)),
    "name,lon,lat\n\x1b[31m甲,104,30\n",
    group="security",
)
csv(
    "a name that turns the line",
    Parks(("甲\u202e乙",)),
    "name,lon,lat\n甲\u202e乙,104,30\n",
    group="security",
)
csv("HTML as a name", Parks(("<img src=x onerror=alert(1)>",)), "name,lon,lat\n<img src=x onerror=alert(1)>,104,30\n",
    group="security")  # fmt: skip

HEAD = ("园区名称", "级别", "经度", "纬度")
PROVINCIAL = {"tier": ("provincial",) * 3}
SOME = [(name, "省级", 104 + at / 10, 30) for at, name in enumerate(NAMES)]
book("attributes", "a workbook without cells", Refused("no rows"))
book("attributes", "a workbook of its header alone", Refused("no rows"), HEAD)
book("attributes", "macros allowed", Parks(told=PROVINCIAL), HEAD, *SOME, file="a.xlsm")
book(
    "attributes",
    "numbers stored as text",
    Parks(told=PROVINCIAL),
    HEAD,
    *[(*row[:2], str(row[2]), " 30 ") for row in SOME],
)
book("attributes", "a date for an id", Parks(), ("园区名称", "编号", "经度", "纬度"),
     *[(row[0], dt.date(2024, 1, 1 + at), *row[2:]) for at, row in enumerate(SOME)])  # fmt: skip
book("attributes", "areas in mu and square kilometres", Parks(codes=("PM107",), told={**PROVINCIAL, "approved_area_ha": (100,) * 3}), (*HEAD, "核准面积(亩)"),
     *[(*row, 1500) for row in SOME])  # fmt: skip
book(
    "attributes",
    "blank columns on the left",
    Parks(told=PROVINCIAL),
    (None, None, *HEAD),
    *[(None, None, *row) for row in SOME],
)
book(
    "attributes",
    "thousands of blank rows below",
    Parks(told=PROVINCIAL),
    HEAD,
    *SOME,
    *[()] * 3000,
    (None,),
)
book("attributes", "a header of two rows", Parks(told=PROVINCIAL), ("园区名称", "级别", "坐标", None), (None, None, "经度", "纬度"), *SOME,
     prepare=lambda made: [made.active.merge_cells(area) for area in ("A1:A2", "B1:B2", "C1:D1")])  # fmt: skip
book("attributes", "a title over a header of two rows", Parks(codes=("PM102",), told=PROVINCIAL), ("2024年园区一览表",),
     ("园区名称", "基本情况", "位置", None), (None, "级别", "经度", "纬度"), *SOME)  # fmt: skip
book("attributes", "a district merged down", Parks(told=PROVINCIAL), ("区县", *HEAD), *[("郫都区", *row) for row in SOME],
     prepare=lambda made: made.active.merge_cells("A2:A4"))  # fmt: skip


def hide(made):
    made.create_sheet("旧版").append(HEAD)
    made["旧版"].append(("旧园区", "省级", 104, 30))
    made["旧版"].sheet_state = "hidden"


book("attributes", "a hidden sheet of old parks", Parks(told=PROVINCIAL), HEAD, *SOME, prepare=hide)
book(
    "attributes",
    "a note in the last row",
    Parks(codes=("PM125",), told=PROVINCIAL),
    HEAD,
    *SOME,
    ("备注:以上为初步数据",),
)

# --- geometry -------------------------------------------------------------------------------------

BOX = [
    shapely.box(EAST + 2000 * at, NORTH, EAST + 2000 * at + 1000, NORTH + 1000) for at in range(3)
]
TOUCHING = shapely.Polygon([(EAST, NORTH), (EAST + 1000, NORTH), (EAST + 1000, NORTH + 1000), (EAST + 500, NORTH),
                            (EAST, NORTH + 1000)])  # fmt: skip
gpkg("geometry", "a ring that touches itself", Parks(codes=("PM207",)), [*BOX[:2], TOUCHING])
gpkg("geometry", "all geometries missing", Parks(codes=("PM203",), place=False), [None] * 3)
gpkg("geometry", "heights in a GeoPackage", Parks(codes=("PM110",)), shapely.force_3d(BOX, 500.0))
gpkg("geometry", "several blocks a park", Parks(), [shapely.MultiPolygon([box, shapely.transform(box, lambda c: c + 5000)])
                                                      for box in BOX])  # fmt: skip
gpkg("geometry", "blocks that overlap", Parks(codes=("PM207",)), [*BOX[:2], shapely.MultiPolygon(
    [BOX[2], shapely.transform(BOX[2], lambda c: c + 500)])])  # fmt: skip
gpkg("geometry", "a polygon without area", Parks(codes=("PM209",)), [*BOX[:2], shapely.Polygon(
    [(EAST, NORTH), (EAST + 1, NORTH), (EAST + 2, NORTH), (EAST, NORTH)])])  # fmt: skip
gpkg(
    "geometry",
    "a tiny park",
    Parks(codes=("PM210",)),
    [*BOX[:2], shapely.box(EAST, NORTH, EAST + 5, NORTH + 5)],
)
gpkg("geometry", "corners written twice", Parks(), [shapely.Polygon([*box.exterior.coords][:2] + [*box.exterior.coords][1:])
                                                     for box in BOX])  # fmt: skip
gpkg("geometry", "shells drawn the other way", Parks(km2=(1, 1, 1)), [box.reverse() for box in BOX])
gpkg(
    "geometry",
    "lines alone",
    Refused("lines"),
    [shapely.LineString(box.exterior.coords) for box in BOX],
)
gpkg("geometry", "a collection of polygon and line", Parks(codes=("PM206",)), [*BOX[:2], shapely.GeometryCollection(
    [BOX[2], shapely.LineString([(EAST, NORTH), (EAST + 5, NORTH)])])])  # fmt: skip
plain("geometry", "a collection in a collection", Parks(codes=("PM206",)), "a.geojson", features(
    polygon(ring(104.2)), polygon(ring(104.3)), {"type": "GeometryCollection", "geometries": [
        {"type": "GeometryCollection", "geometries": [polygon()]}, {"type": "Point", "coordinates": [104, 30]}]}))  # fmt: skip


@case("geometry", "a circle drawn as a curve", Parks((A,), km2=(np.pi / 4,)))
def curved(folder):
    """A GeoPackage whose polygon is a circular string (WKB 10 of 8), as CAD programs export it."""
    path = folder / "a.gpkg"
    gpd.GeoDataFrame({"name": [A]}, geometry=BOX[:1], crs=METRIC).to_file(path, SPATIAL_INDEX="NO")
    x, y, r = EAST + 500, NORTH + 500, 500
    points = [(x - r, y), (x, y + r), (x + r, y), (x, y - r), (x - r, y)]
    line = struct.pack("<BII", 1, 8, len(points)) + b"".join(struct.pack("<dd", *p) for p in points)
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        (old,) = base.execute("select geom from a").fetchone()
        head = old[:3] + bytes([1]) + old[4:8]  # little-endian, no envelope
        base.execute("update a set geom = ?", (head + struct.pack("<BII", 1, 10, 1) + line,))
        base.execute("update gpkg_geometry_columns set geometry_type_name = 'CURVEPOLYGON'")
    return path


# --- CRS ------------------------------------------------------------------------------------------

for code in (4490, 4544, 4523, 4326, 3857, 2380):
    member = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}

    @case("CRS", f"GeoJSON with crs {code}", Parks())
    def with_member(folder, code=code, member=member):
        content = json.loads(layer(f"EPSG:{code}").to_json())
        return text_file("a.geojson", {**content, "crs": member})(folder)


plain("CRS", "GeoJSON with a plain code", Parks(), "a.geojson",
      {**SOUND, "crs": {"type": "name", "properties": {"name": "EPSG:4490"}}})  # fmt: skip
plain("CRS", "GeoJSON with a linked crs", Refused("--crs"), "a.geojson",
      {**SOUND, "crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}})  # fmt: skip
plain("CRS", "GeoJSON with crs null", Parks(), "a.geojson", {**SOUND, "crs": None})
ESRI = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_105E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{}],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{}],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def with_esri(code, easting, meridian, bom=b""):
    def make(folder):
        path = shapefile(folder, layer(code))
        path.with_suffix(".prj").write_bytes(bom + ESRI.format(easting, meridian).encode())
        return path

    return make


CASES.append(Case("CRS", "ESRI's .prj", with_esri(METRIC, 500000.0, 105.0), Parks(km2=(1, 1, 1))))
CASES.append(
    Case(
        "CRS",
        "ESRI's .prj with a zone",
        with_esri("EPSG:4523", 35500000.0, 105.0),
        Parks(km2=(1, 1, 1)),
    )
)
CASES.append(
    Case("CRS", "a .prj with a BOM", with_esri(METRIC, 500000.0, 105.0, b"\xef\xbb\xbf"), Parks())
)
CASES.append(
    Case(
        "CRS", "a .prj of the wrong zone", with_esri("EPSG:4523", 500000.0, 105.0), Refused("--crs")
    )
)
for code in (4490, 4523, None):

    @case("CRS", f"GeoParquet in {code}", Parks() if code else Refused("--crs"))
    def parquet(folder, code=code):
        frame = layer(f"EPSG:{code}") if code else layer().set_crs(None, allow_override=True)
        frame.to_parquet(folder / "a.parquet")
        return folder / "a.parquet"


gpkg(
    "CRS",
    "one park of another zone",
    Parks(codes=("PM501",)),
    [*BOX[:2], shapely.box(9e6, 9e6, 9.1e6, 9.1e6)],
)

# --- boundary points ----------------------------------------------------------------------------

POINTS = "J1,1,3390000,35400000\nJ2,1,3391000,35400000\nJ3,1,3391000,35401000\nJ4,1,3390000,35401000\nJ1,1,3390000,35400000\n"
HEADER = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=35\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n"
PARCEL = f"5,100,1,{A},面,H48,工业,,@\n"
for name, text, expected in [
    ("boundary points", HEADER + PARCEL + POINTS, Parks((A,), km2=(1,))),
    ("boundary points with full width commas", (HEADER + PARCEL + POINTS).replace(",", "\uff0c"), ONE),
    ("boundary points with spaces", HEADER + PARCEL + POINTS.replace(",", " , "), ONE),
    ("boundary points without a header", PARCEL + POINTS, Refused("--crs")),
    ("boundary points of two rings", HEADER + PARCEL + POINTS + "J5,2,3390200,35400200\nJ6,2,3390200,35400400\n"
     "J7,2,3390400,35400400\nJ5,2,3390200,35400200\n", Parks((A,), km2=(0.98,))),
    ("boundary points cut off", HEADER + PARCEL + POINTS[:30], Refused("line 12 cannot be read")),
    ("a header of boundary points alone", HEADER, Refused("J1,1,X,Y")),
]:  # fmt: skip
    for encoding in ("gbk", "utf-8-sig") if name == "boundary points" else ("gbk",):
        plain("files", f"{name}, {encoding}", expected, "a.txt", text, encoding)

# --- security and sizes -------------------------------------------------------------------------

for inside in ("..\\..\\a.geojson", "/etc/a.geojson", "C:/a.geojson"):
    archive(
        f"a member called {inside}", {inside: json.dumps(SOUND)}, "security", Refused("outside")
    )


@case("sizes", "a shapefile of 5,000 parks", Parks(tuple(f"园区{i}" for i in range(5000))))
def many(folder):
    return shapefile(
        folder, layer(names=[f"园区{i}" for i in range(5000)]).set_geometry([BOX[0]] * 5000)
    )
