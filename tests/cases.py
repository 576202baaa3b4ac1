"""Files as people deliver them, each with what it must get (groups of reliability.md, section 4).

A case is a name, a function that writes the file and returns its path, what must come of it, and
the options it is read with. ``Parks`` says how many rows and what they are called, and may ask for
codes of problems, for areas in square kilometres and for the values of columns; ``Refused`` says words of the one line.
"""

import json
import struct
import zipfile
from dataclasses import dataclass, field

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import shapely

METRIC, EAST, NORTH = "EPSG:4544", 400_000, 3_390_000
NAMES = ("成都甲园区", "成都乙园区", "成都丙园区")


@dataclass(frozen=True)
class Parks:
    names: tuple = NAMES
    codes: tuple = ()
    km2: tuple | None = None
    told: dict = field(default_factory=dict)  # column -> what it holds, park by park
    place: bool = True  # near Chengdu


@dataclass(frozen=True)
class Refused:
    words: str = ""


@dataclass(frozen=True)
class Case:
    group: str
    name: str
    make: object
    expected: object
    options: dict = field(default_factory=dict)

    def __str__(self):
        return f"{self.group}: {self.name}"


CASES = []


def case(group, name, expected, **options):
    def register(make):
        CASES.append(Case(group, name, make, expected, options))
        return make

    return register


def layer(crs=METRIC, names=NAMES, **columns):
    shapes = [
        shapely.box(EAST + 2000 * i, NORTH, EAST + 2000 * i + 1000, NORTH + 1000)
        for i in range(len(names))
    ]
    made = gpd.GeoDataFrame({"园区名称": list(names), **columns}, geometry=shapes, crs=METRIC)
    return made.to_crs(crs)


def features(*geometries, names=NAMES, **extra):
    listed = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in zip(names, geometries, strict=False)
    ]
    return {"type": "FeatureCollection", **extra, "features": listed}


def ring(x=104.0, y=30.0, size=0.01):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings) or [ring()]}


def text_file(name, content, encoding="utf-8"):
    def make(folder):
        path = folder / name
        said = content if isinstance(content, (str, bytes)) else json.dumps(content)
        path.write_bytes(said if isinstance(said, bytes) else said.encode(encoding))
        return path

    return make


def plain(group, name, expected, file, content, /, encoding="utf-8", **options):  # noqa: PLR0917
    CASES.append(Case(group, name, text_file(file, content, encoding), expected, options))


def shapefile(folder, made=None, *, encoding="gbk", cpg=None, ldid=None, drop=()):
    path = folder / "园区.shp"
    (layer() if made is None else made).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_bytes(cpg)
    if ldid is not None:
        table = bytearray(path.with_suffix(".dbf").read_bytes())
        table[29] = ldid
        path.with_suffix(".dbf").write_bytes(table)
    for ending in drop:
        path.with_suffix(ending).unlink()
    return path


def shp(group, name, expected, **how):
    options = how.pop("options", {})
    CASES.append(Case(group, name, lambda folder: shapefile(folder, **how), expected, options))


# --- files ----------------------------------------------------------------------------------------

SOUND = features(*[polygon(ring(104 + i / 10)) for i in range(3)])
for name, content, words in [
    ("empty", b"", "empty"),
    ("blank", b" \n\n", "empty"),
    ("truncated GeoJSON", json.dumps(SOUND)[:-40], "JSON"),
    ("a web page", "<!DOCTYPE html><html><body>404</body></html>", "web page"),
    ("TopoJSON", {"type": "Topology", "objects": {}}, "Topology"),
    ("JSON of something else", {"data": [1, 2]}, "plain JSON"),
    ("no features", features(), "no rows"),
    ("type in the wrong case", {"type": "featurecollection", "features": []}, "GeoJSON"),
    ("PDF", b"%PDF-1.7 ...", "PDF"),
    ("picture", b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
    ("old Excel", b"\xd0\xcf\x11\xe0" + bytes(500), "XLS"),
    ("RAR", b"Rar!\x1a\x07" + bytes(50), "archive"),
    ("gzip", b"\x1f\x8b\x08" + bytes(50), "GZIP"),
    ("SQLite that is no GPKG", b"SQLite format 3\x00" + bytes(200), "GeoPackage"),
    ("GML", '<?xml version="1.0"?><gml:FeatureCollection/>', "XML"),
    ("DWG", b"AC1027" + bytes(200), "DWG"),
    ("noise", bytes(range(256)) * 8, ""),
]:  # fmt: skip
    plain("files", name, Refused(words), "parks.geojson", content)
for name in ("a#1.geojson", "a!b.geojson", "100%.geojson", "-rf.geojson", "园区 (终稿).geojson",
             "parks", "parks.shp", "parks.csv", "a'b\"c.geojson", "{{7*7}}.geojson"):  # fmt: skip
    plain("files", f"called {name}", Parks(), name, SOUND)
plain("files", "lines of JSON", Parks(), "a.geojsonl",
      "\n".join(json.dumps(each) for each in SOUND["features"]))  # fmt: skip
plain("files", "text sequence", Parks(), "a.geojson",
      "".join(f"\x1e{json.dumps(each)}\n" for each in SOUND["features"]))  # fmt: skip
shp("files", ".shx missing", Parks(codes=("PM112",)), drop=(".shx",))
shp("files", ".dbf missing", Refused(".dbf"), drop=(".dbf",))
shp("files", ".prj missing", Refused("--crs"), drop=(".prj",))
shp("files", ".prj missing, --crs said", Parks(), drop=(".prj",), options={"crs": METRIC})


def cut(ending, keep):
    def make(folder):
        path = shapefile(folder)
        part = path.with_suffix(ending)
        part.write_bytes(part.read_bytes()[:keep])
        return path

    return make


CASES.extend(
    Case("files", f"{ending} cut at {keep}", cut(ending, keep), Refused("cut short"))
    for ending, keep in ((".shp", 60), (".shp", 300), (".dbf", 20), (".dbf", 200))
)


@case("files", "a side file", Refused("name 园区.shp"))
def side_file(folder):
    return shapefile(folder).with_suffix(".dbf")


@case("files", "upper case endings", Parks())
def upper(folder):
    path = shapefile(folder)
    for part in list(folder.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    return path.with_suffix(".SHP")


@case("files", "a new workbook called .xls", Parks())
def new_workbook(folder):
    path = folder / "园区.xls"
    shapes = layer("EPSG:4490").geometry.to_wkt()
    with path.open("wb") as file:
        pd.DataFrame({"园区名称": NAMES, "wkt": shapes}).to_excel(
            file, index=False, engine="openpyxl"
        )
    return path


@case("files", "a folder", Refused("folder"))
def folder_of(folder):
    return folder


@case("files", "a link in a loop", Refused(""))
def loop(folder):
    (folder / "a.shp").symlink_to(folder / "b.shp")
    (folder / "b.shp").symlink_to(folder / "a.shp")
    return folder / "a.shp"


@case("files", "missing", Refused("parks.gpkg"))
def missing(folder):
    layer().to_file(folder / "parks.gpkg")
    return folder / "park.gpkg"


def two_layers(folder):
    path = folder / "a.gpkg"
    layer().to_file(path, layer="园区")
    layer(names=("道路",)).to_file(path, layer="其他")
    return path


CASES.append(Case("files", "GPKG of two layers", two_layers, Refused("--layer")))
CASES.append(Case("files", "GPKG of two, one named", two_layers, Parks(), {"layer": "园区"}))


def kml(folder, ending="kml"):
    marks = "".join(
        f"<Folder><name>{n}</name><Placemark><name>{n}</name><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>104,30 104.1,30 104.1,30.1 104,30</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark></Folder>"
        for n in NAMES
    )
    return text_file(
        f"a.{ending}",
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>',
    )(folder)


CASES.extend(
    Case("files", f"folders of a .{ending}", lambda f, e=ending: kml(f, e), Parks())
    for ending in ("kml", "ovkml", "xml")
)


def zipped(*names, of=None):
    def make(folder):
        inside = folder / "in"
        inside.mkdir()
        parts = (of or shapefile)(inside)
        parts = [parts] if of else sorted(parts.parent.glob(f"{parts.stem}.*"))
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            for part in parts:
                archive.write(part, f"{'/'.join(names)}/{part.name}".lstrip("/"))
        return folder / "a.zip"

    return make


CASES.append(Case("files", "zipped shapefile", zipped(), Parks()))
CASES.append(Case("files", "zipped shapefile in Chinese folders", zipped("交付", "矢量"), Parks()))
CASES.append(Case("files", "KMZ", zipped(of=kml), Parks()))


@case("files", "geodatabase", Parks())
def geodatabase(folder):
    pyogrio.write_dataframe(layer(), folder / "a.gdb", driver="OpenFileGDB", layer="园区")
    return folder / "a.gdb"


@case("files", "GeoParquet", Parks(km2=(1, 1, 1)))
def geoparquet(folder):
    layer().to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


# --- encodings ------------------------------------------------------------------------------------

for encoding in ("gbk", "gb18030", "utf-8"):
    for said, cpg in (("no", None), ("a lying", b"ISO-8859-1"), ("an HTML", b"<html></html>"),
                      ("the other's", b"GBK" if encoding == "utf-8" else b"UTF-8")):  # fmt: skip
        shp("encodings", f"{encoding} with {said} .cpg", Parks(), encoding=encoding, cpg=cpg)
    for ldid in (0, 0x57, 0x4D):
        shp("encodings", f"{encoding} with LDID {ldid:#x}", Parks(), encoding=encoding, ldid=ldid)
TABLE = "园区名称,经度,纬度\n" + "".join(f"{name},104,30\n" for name in NAMES)
for encoding in ("gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "big5"):
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + TABLE.encode(encoding)
    elif encoding == "big5":
        content = TABLE.replace("园区名称", "name").replace("经", "經").replace("纬", "緯")
        content = content.replace("园区", "園區").encode(encoding)
        names = tuple(name.replace("园区", "園區") for name in NAMES)
        plain("encodings", "CSV in big5", Parks(names), "a.csv", content,
              columns={"lon": "經度", "lat": "緯度"})  # fmt: skip
        continue
    else:
        content = TABLE.encode(encoding)
    plain("encodings", f"CSV in {encoding}", Parks(), "a.csv", content)
plain("encodings", "CSV in UTF-8 with broken bytes", Refused("broken"), "a.csv",
      TABLE.encode().replace(b"\xb2", b"\xff", 1))  # fmt: skip
plain(
    "encodings", "unknown --encoding", Refused("encoding"), "a.csv", TABLE, encoding_said="klingon"
)
plain("encodings", "--encoding that does not fit", Refused("--encoding"), "a.csv", TABLE.encode("gbk"),
      encoding_said="utf-8")  # fmt: skip
plain("encodings", "full width heading", Parks(), "a.csv", TABLE.replace("经度", "LON"))
plain(
    "encodings",
    "zero width in a heading",
    Parks(),
    "a.csv",
    TABLE.replace("园区名", "园区\u200b名"),
)

# --- geometry -------------------------------------------------------------------------------------

BOW = [[104, 30], [104.01, 30.01], [104.01, 30], [104, 30.01], [104, 30]]
for name, shape, codes in [
    ("unclosed ring", polygon(ring()[:-1]), ("PM202",)),
    ("bow-tie", polygon(BOW), ("PM207",)),
    ("hole outside", polygon(ring(), ring(104.1)), ("PM207",)),
    ("null", None, ("PM203",)),
    ("empty", {"type": "Polygon", "coordinates": []}, ()),
    ("point", {"type": "Point", "coordinates": [104, 30]}, ("PM204",)),
    ("line", {"type": "LineString", "coordinates": ring()}, ("PM205",)),
    ("heights", polygon([[*at, 500] for at in ring()]), ("PM110",)),
    ("string coordinates", polygon([[str(v) for v in at] for at in ring()]), ("PM201",)),
    ("two points", polygon(ring()[:2]), ("PM201",)),
    ("unknown type", {"type": "Circle", "coordinates": [104, 30]}, ("PM201",)),
    ("huge coordinates", polygon([[1e300, 30], [1e300, 31], [2e300, 31], [1e300, 30]]), ()),
    ("collection", {"type": "GeometryCollection", "geometries": [
        polygon(), {"type": "Point", "coordinates": [104, 30]}]}, ("PM206",)),
    ("outlier at 0, 0", polygon(ring(0, 0)), ("PM501",)),
    ("spike", polygon([*ring()[:2], [104.5, 30], *ring()[1:]]), ("PM207",)),
    ("100,000 vertices", polygon([[104 + i * 1e-7, 30] for i in range(100_000)] + ring()[2:]
                                 + [[104, 30]]), ()),
]:  # fmt: skip
    both = features(polygon(ring(104.2)), polygon(ring(104.3)), shape)
    plain("geometry", name, Parks(codes=codes), "a.geojson", both)
for word in ("NaN", "Infinity", "-Infinity", "1e999"):
    content = json.dumps(features(polygon(ring(104.2)), polygon(ring(104.3)), polygon()))
    broken = content.replace("[[104.0, 30.0]", f"[[{word}, 30.0]", 1)
    plain("geometry", f"{word} among the coordinates", Parks(codes=("PM201",)), "a.geojson", broken)

# --- CRS ------------------------------------------------------------------------------------------

for code, km2 in (("EPSG:4490", None), ("EPSG:4326", None), ("EPSG:4523", (1, 1, 1)),
                  ("EPSG:2380", None), ("EPSG:2359", None), ("EPSG:3857", None),
                  ("EPSG:32648", None), ("EPSG:4610", None), ("EPSG:4507", None)):  # fmt: skip

    @case("CRS", f"stated as {code}", Parks(km2=km2))
    def stated(folder, code=code):
        layer(code).to_file(folder / "a.gpkg")
        return folder / "a.gpkg"


def relabelled(true, label, *, swap=False):
    def make(folder):
        made = layer(true).set_crs(label, allow_override=True)
        if swap:
            made = made.set_geometry(
                shapely.transform(made.geometry.to_numpy(), lambda c: c[:, ::-1])
            )
            made = made.set_crs(label, allow_override=True)
        made.to_file(folder / "a.gpkg")
        return folder / "a.gpkg"

    return make


for name, true, label, swap, words in (
    ("degrees labelled metres", "EPSG:4490", "EPSG:4544", False, "EPSG:4490"),
    ("metres labelled degrees", "EPSG:4544", "EPSG:4490", False, "perhaps"),
    ("zone prefix under a code without", "EPSG:4523", "EPSG:4544", False, "EPSG:4523"),
    ("no zone prefix under a code with", "EPSG:4544", "EPSG:4523", False, "perhaps"),
    ("the zone of another province", "EPSG:4523", "EPSG:4528", False, "EPSG:4523"),
    ("Web Mercator labelled degrees", "EPSG:3857", "EPSG:4490", False, "EPSG:3857"),
    ("latitude first", "EPSG:4490", "EPSG:4490", True, "north before east"),
    ("north first in metres", "EPSG:4544", "EPSG:4544", True, "north before east"),
):
    CASES.append(Case("CRS", name, relabelled(true, label, swap=swap), Refused(words)))


def with_prj(content):
    def make(folder):
        path = shapefile(folder)
        path.with_suffix(".prj").write_bytes(content)
        return path

    return make


CASES.append(Case("CRS", "unreadable .prj", with_prj(b"garbage"), Refused("--crs")))
CASES.append(Case("CRS", "empty .prj", with_prj(b""), Refused("--crs")))
LOCAL = b'LOCAL_CS["site grid",UNIT["metre",1]]'
CASES.append(Case("CRS", "local grid", with_prj(LOCAL), Refused("--crs")))
plain("CRS", "unknown code in GeoJSON", Refused("--crs"), "a.geojson", {
    **SOUND, "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}})  # fmt: skip
plain("CRS", "metres in GeoJSON without CRS", Refused("--crs"), "a.geojson",
      features(polygon(ring(EAST, NORTH, 1000))))  # fmt: skip
plain("CRS", "feet that cannot be", Refused(""), "a.geojson", SOUND, crs="EPSG:2277")
plain("CRS", "unknown --crs", Refused("--crs"), "a.geojson", SOUND, crs="EPSG:1")

# --- attributes -----------------------------------------------------------------------------------

ROWS = "{head}\n" + "".join(f"{name},{{{i}}},104,30\n" for i, name in enumerate(NAMES))


def table(name, heading, cells, codes, names=NAMES, **told):
    content = ROWS.format(*cells, head=f"园区名称,{heading},经度,纬度")
    plain("attributes", name, Parks(names, codes=codes, told=told), "a.csv", content)


table("ids 001 and NA", "编号", ("001", "NA", "null"), ())
table("an id twice", "编号", ("1a", "1a", "2a"), ("PM303",))
table("unknown tier", "级别", ("省级", "乡级", ""), ("PM301",),
      tier=("provincial", "", ""))  # fmt: skip
table("tiers in words", "园区级别", ("国家级经济技术开发区", "省级开发区", "市级（特色）园区"), (),
      tier=("national", "provincial", "municipal"))  # fmt: skip
table("tiers of counties", "级别", ("县级", "区级", "国家级"), ("PM318",),
      tier=("municipal", "municipal", "national"))  # fmt: skip
table("unknown kind of boundary", "范围口径", ("规划范围", "大概", ""), ("PM308",))
table("area in mu", "核准面积(亩)", ("1500", "abc", ""), ("PM107", "PM306"),
      approved_area_ha=(100, None, None))  # fmt: skip
table("area in square kilometres", "核准面积（平方公里）", ("5.38", "0.5", ""), ("PM107",),
      approved_area_ha=(538, 50, None))  # fmt: skip
table("a unit in the cell", "核准面积", ("100公顷", "1500亩", "2km2"), (),
      approved_area_ha=(100, 100, 200))  # fmt: skip
table("area without unit", "核准面积", ("100", "", ""), ("PM108",),
      approved_area_ha=(100, None, None))  # fmt: skip
table("sectors apart by marks", "主导产业", ("集成电路、新型显示", '"医药；食品"', "汽车/电池"), (),
      sectors=(("集成电路", "新型显示"), ("医药", "食品"), ("汽车", "电池")))  # fmt: skip
table("sectors with weights", "主导产业", ("集成电路:0.7、印刷:0.3", "医药", ""), (),
      sectors=(("集成电路:0.7", "印刷:0.3"), ("医药",), ()))  # fmt: skip
table("neither yes nor no", "纳入统计", ("是", "也许", "否"), ("PM307",))
table("a 1 MB sector", "主导产业", ("x" * 1_000_000, "", ""), ("PM404",), sectors=((), (), ()))
table("a reserved heading", "geometry", ("", "", ""), ())
table("a heading with a formula", "=1+1", ("=2+2", "", ""), ())
plain("attributes", "no name", Parks(("row-2",), codes=("PM311",)), "a.csv", "经度,纬度\n104,30\n")
plain(
    "attributes", "title rows", Parks(codes=("PM102",)), "a.csv", f"园区一览,,\n2024年,,\n{TABLE}"
)
plain("attributes", "total", Parks(codes=("PM105",)), "a.csv", f"{TABLE}合计,,\n")


def with_total(ending, ground):
    """A layer whose last rows add the others up, drawn or not."""
    drawn = layer()
    whole = {
        "none": None,
        "empty": shapely.Polygon(),
        "collected": shapely.union_all(drawn.geometry),
        "own": shapely.box(EAST, NORTH + 5000, EAST + 1000, NORTH + 6000),
    }[ground]
    shapes = [*drawn.geometry, whole, whole if ground == "collected" else None]
    names = [*NAMES, "合 计", "武侯区小计"]
    made = gpd.GeoDataFrame({"园区名称": names}, geometry=shapes, crs=METRIC)

    def make(folder):
        path = folder / f"园区.{ending}"
        if ending == "csv":
            wkt = ["" if shape is None else shape.wkt for shape in shapes]
            made.drop(columns="geometry").assign(wkt=wkt).to_csv(path, index=False)
        elif ending == "shp":
            made.to_file(path, encoding="gb18030")
        elif ending == "kml":
            pyogrio.write_dataframe(made.to_crs("EPSG:4326"), path, driver="KML", layer="园区")
        else:
            made.to_file(path)
        return path

    return make


for ending in ("csv", "geojson", "gpkg", "kml", "shp"):
    for ground in ("none", "empty", "collected", "own"):
        kept, found = ((*NAMES, "合 计"), ("PM126", "PM105")) if ground == "own" else (
            NAMES, ("PM105",))  # fmt: skip
        said = {"crs": METRIC} if ending == "csv" else {}
        CASES.append(
            Case("attributes", f"a total in {ending}, ground {ground}", with_total(ending, ground),
                 Parks(kept, codes=found), said))  # fmt: skip
plain("attributes", "blank rows", Parks(codes=("PM104",)), "a.csv", TABLE.replace("\n", "\n\n"))
plain("attributes", "ragged", Parks(codes=("PM103",)), "a.csv", f"{TABLE.rstrip()},多,余\n")
plain("attributes", "open quote", Refused("quotation"), "a.csv", f'{TABLE}"丁,104,30\n')
plain("attributes", "semicolons", Parks(), "a.csv", TABLE.replace(",", ";"))
plain("attributes", "tabs", Parks(), "a.txt", TABLE.replace(",", "\t"))
plain("attributes", "no coordinates", Refused("--columns"), "a.csv", "名称,级别\n甲,省级\n")
plain("attributes", "header alone", Refused("no rows"), "a.csv", "名称,经度,纬度\n")
plain(
    "attributes",
    "a column that is not there",
    Refused("省份"),
    "a.csv",
    TABLE,
    columns={"city": "省份"},
)
plain("attributes", "a column parkmap has not", Refused("colour"), "a.csv", TABLE,
      columns={"colour": "园区名称"})  # fmt: skip


def workbook(*, sheets=("园区",), formula=False, title=False):
    def make(folder):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title_ in sheets:
            sheet = book.create_sheet(title_)
            if title:
                sheet.append(["成都市园区一览表"])
                sheet.merge_cells("A1:D1")
            sheet.append(["园区名称", "代码", "经度", "纬度"])
            for number, name in enumerate(NAMES):
                sheet.append([name, "=1+1" if formula else f"00{number}", 104, 30])
        book.create_sheet("说明").append(["填报说明"])
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return make


CASES.append(Case("attributes", "workbook", workbook(), Parks()))
CASES.append(Case("attributes", "merged title", workbook(title=True), Parks(codes=("PM102",))))
CASES.append(Case("attributes", "uncomputed", workbook(formula=True), Parks(codes=("PM113",))))
CASES.append(Case("attributes", "two sheets", workbook(sheets=("一", "二")), Refused("--sheet")))
CASES.append(
    Case(
        "attributes",
        "two sheets, one named",
        workbook(sheets=("一", "二")),
        Parks(),
        {"layer": "二"},
    )
)

# --- security -------------------------------------------------------------------------------------

VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
for target in ("/etc/passwd", "/vsicurl/http://127.0.0.1:9/a.geojson", "secret.gpkg"):
    plain("security", f"VRT to {target[:12]}", Refused("virtual"), "a.geojson", VRT.format(target))
XXE = '<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml xmlns="http://www.opengis.net/kml/2.2">'
plain(
    "security",
    "XXE in KML",
    Refused(""),
    "a.kml",
    f"{XXE}<Placemark><name>&x;</name></Placemark></kml>",
)
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
plain("security", "billion laughs in KML", Refused(""), "a.kml",
      f'<!DOCTYPE k [<!ENTITY l0 "ha">{LAUGHS}]><kml><Placemark><name>&l9;</name></Placemark></kml>')  # fmt: skip
plain("security", "nested JSON", Refused(""), "a.geojson", "[" * 100_000)
plain("security", "spreadsheet formula as a name", Parks(("=cmd|'/C calc'!A0",)), "a.csv",
      "name,lon,lat\n=cmd|'/C calc'!A0,104,30\n")  # fmt: skip
plain("security", "template as a name", Parks(("{{cycler.__init__}}",)), "a.csv",
      "name,lon,lat\n{{cycler.__init__}},104,30\n")  # fmt: skip
plain("security", "path as a name", Parks(("../../etc/passwd",)), "a.csv",
      "name,lon,lat\n../../etc/passwd,104,30\n")  # fmt: skip


@case("security", "member outside the archive", Refused("outside"))
def traversal(folder):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("../../a.geojson", json.dumps(SOUND))
    return folder / "a.zip"


@case("security", "zip bomb", Refused("unreasonable"))
def bomb(folder):
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 80_000_000)
    return folder / "a.zip"


ADDRESSES = (
    *("http://127.0.0.1:9/a.geojson", "/vsicurl/http://127.0.0.1:9/a", "/vsizip/a.zip"),
    *("PG:dbname=city", "https://example.invalid/a.zip", "s3://bucket/a.gpkg"),
)
CASES.extend(
    Case("security", f"address {address[:12]}", lambda _, a=address: a, Refused(""))
    for address in ADDRESSES
)

# --- sizes ----------------------------------------------------------------------------------------

plain("sizes", "one park", Parks(NAMES[:1]), "a.geojson", features(polygon()))
plain(
    "sizes",
    "a 1 MB name",
    Parks(("n" * 1_000_000,)),
    "a.csv",
    f"name,lon,lat\n{'n' * 1_000_000},104,30\n",
)
plain("sizes", "10,000 columns", Parks(NAMES[:1]), "a.csv",
      f"name,lon,lat,{','.join(f'c{i}' for i in range(10_000))}\n{NAMES[0]},104,30{',' * 10_000}\n")  # fmt: skip
plain("sizes", "20,000 columns", Refused("columns"), "a.csv",
      f"name,lon,lat,{','.join(f'c{i}' for i in range(20_000))}\n甲,104,30\n")  # fmt: skip
plain("sizes", "3,000 identical parks", Parks(("P",) * 3000, codes=("PM303",)), "a.geojson",
      features(*[polygon()] * 3000, names=("P",) * 3000))  # fmt: skip


@case("sizes", "no rows in a shapefile", Refused("no rows"))
def no_rows(folder):
    return shapefile(folder, layer().iloc[:0])


@case("files", "a damaged .shp header", Refused("damaged"))
def bad_header(folder):
    path = shapefile(folder)
    data = bytearray(path.read_bytes())
    data[32:36] = struct.pack("<i", 99)
    path.write_bytes(data)
    return path


@case("attributes", "dates, numbers and lists", Parks())
def typed(folder):
    made = layer(n=[1, 2, None], d=pd.to_datetime(["2024-01-01", None, None]))
    made.to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


# --- met by an independent set of files (2026-11-27) ------------------------------------------------

TAIWAN = ("臺中工業園區", "桃園科學園區", "龍潭產業園區")


@case("encodings", "shapefile in Big5 under traditional headings", Parks(TAIWAN))
def big5(folder):
    made = layer(names=TAIWAN).rename(columns={"园区名称": "園區名稱"})
    return shapefile(folder, made, encoding="big5")


@case("attributes", "traditional headings", Parks(NAMES, codes=("PM107",), told={
    "tier": ("provincial",) * 3, "sectors": (("集成电路",),) * 3, "approved_area_ha": (100,) * 3}))  # fmt: skip
def traditional(folder):
    made = layer(級別="省級", 主導產業="集成電路").rename(columns={"园区名称": "園區名稱"})
    made.assign(**{"核准面積(畝)": 1500}).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


@case("attributes", "a unit without brackets", Parks(
    codes=("PM107",), told={"approved_area_ha": (100,) * 3}))  # fmt: skip
def bare_unit(folder):
    layer(核准面积亩=1500).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


@case("files", "GPKG with an empty layer beside the parks", Parks())
def empty_beside(folder):
    layer().to_file(folder / "a.gpkg", layer="园区")
    layer().iloc[:0].to_file(folder / "a.gpkg", layer="批注")
    return folder / "a.gpkg"


@case("files", "KML without names or folders", Parks(("row-1",)))
def nameless_kml(folder):
    ring_ = "<outerBoundaryIs><LinearRing><coordinates>104,30 104.01,30 104.01,30.01 104,30</coordinates></LinearRing></outerBoundaryIs>"
    content = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Polygon>{ring_}</Polygon></Placemark></Document></kml>'
    return text_file("a.kml", content)(folder)


@case("security", "KML that declares entities", Refused("declares entities"))
def entities(folder):
    content = '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&x;</name></Placemark></kml>'
    return text_file("a.kml", content)(folder)
