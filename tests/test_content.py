"""Columns told by their cells: used and said where it is plain, asked for where it is not."""

import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from parkmap import io, messages
from parkmap.cli import main
from parkmap.errors import InputError
from parkmap.io import content, sniff
from parkmap.io.headings import meanings

NAMES = ["成都甲产业园", "成都乙开发区", "成都丙功能区(一期)"]


def layer(path, **columns):
    shapes = [
        shapely.box(4e5 + 800 * i, 3.39e6, 401000 + 800 * i, 3.391e6)
        for i in range(len(next(iter(columns.values()))))
    ]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4544).to_file(path)
    return path


def codes(reading):
    return reading.problems["code"].tolist()


def told(path, code, **options):
    reading = io.read_source(path, **options)
    assert code in codes(reading)
    return reading.parks


def refusal(path, **options):
    with messages.use_language("en"), pytest.raises(InputError) as caught:
        io.read_source(path, **options)
    assert len(f"parkmap: {caught.value}") <= 200
    return str(caught.value)


def csv(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_column_that_is_plainly_of_names_is_used_and_said(tmp_path):
    path = layer(tmp_path / "a.gpkg", BZ=["新建", "续建", "新建"], GNQMC=NAMES)
    parks = told(path, "PM314")
    assert parks["name"].tolist() == NAMES
    assert parks.index.tolist() == NAMES


def test_english_names_are_told_too(tmp_path):
    names = ["North Industrial Park", "Harbour Zone", "South Estate"]
    assert told(layer(tmp_path / "a.gpkg", label=names), "PM314")["name"].tolist() == names


@pytest.mark.parametrize(
    "columns",
    [
        {"BZ": ["新建", "续建", "扩建"]},
        {"MC1": NAMES, "MC2": [f"{name}片区" for name in NAMES]},
        {"MC": [NAMES[0]] * 3},
    ],
)
def test_names_that_are_not_plain_are_asked_for(tmp_path, columns):
    path = layer(tmp_path / "a.gpkg", **columns)
    said = refusal(path)
    first = next(iter(columns))
    assert f"--columns name={first}" in said
    assert io.read_parks(path, columns={"name": first})["name"].tolist() == columns[first]


def test_a_layer_with_ids_or_without_any_text_is_read_as_it_is(tmp_path):
    by_code = layer(tmp_path / "a.gpkg", 代码=["S1", "S2"], BZ=["新建", "续建"])
    assert told(by_code, "PM311").index.tolist() == ["S1", "S2"]
    bare = layer(tmp_path / "b.gpkg", n=[1, 2])
    assert told(bare, "PM311").index.tolist() == ["row-1", "row-2"]


def test_a_blank_column_of_names_gives_way_to_the_one_that_is_filled(tmp_path):
    path = layer(tmp_path / "a.gpkg", name=["", "", ""], QM=NAMES)
    assert told(path, "PM314")["name"].tolist() == NAMES


def test_tiers_are_told_by_their_words_where_no_heading_says_them(tmp_path):
    path = layer(tmp_path / "a.gpkg", 园区名称=NAMES, cj=["国家级", "省级", ""])
    assert told(path, "PM315")["tier"].tolist() == ["national", "provincial", ""]


@pytest.mark.parametrize(
    "columns",
    [
        {"cj": ["省级", "市级", "在建"]},
        {"cj": ["省级", "", ""]},
        {"a": ["省级"] * 3, "b": ["市级"] * 3},
        {"级别": ["", "省级", "省级"], "cj": ["市级"] * 3},
    ],
)
def test_other_words_are_no_tiers(tmp_path, columns):
    reading = io.read_source(layer(tmp_path / "a.gpkg", 园区名称=NAMES, **columns))
    assert "PM315" not in codes(reading)
    assert reading.parks["tier"].iloc[0] == ""


def test_sectors_are_told_by_the_vocabulary(tmp_path):
    path = layer(tmp_path / "a.gpkg", 园区名称=NAMES, zdcy=["集成电路、医药", "汽车", "白酒"])
    assert told(path, "PM410")["sectors"].tolist() == [("集成电路", "医药"), ("汽车",), ("白酒",)]


def test_two_columns_of_sectors_are_named_and_none_is_used(tmp_path):
    path = layer(tmp_path / "a.gpkg", 园区名称=NAMES[:2], a=["汽车", "医药"], b=["白酒", "食品"])
    assert told(path, "PM411")["sectors"].tolist() == [(), ()]


def test_sectors_are_not_seen_in_other_words(tmp_path):
    path = layer(tmp_path / "a.gpkg", 园区名称=NAMES, 状态=["在建", "拟建", "建成"])
    assert told(path, "PM412")["sectors"].tolist() == [()] * 3


def test_a_table_of_sectors_without_places_is_a_layer(tmp_path, capsys):
    rows = "名称,主导产业\n甲园,集成电路\n乙园,集成电路\n"
    path = csv(tmp_path / "a.csv", rows)
    parks = told(path, "PM122")
    assert parks.geometry.isna().all()
    with pytest.raises(SystemExit) as end:
        main(arguments=["clusters", str(path), "-f", "json", "--lang", "en"])
    said = capsys.readouterr()
    assert end.value.code in (0, 1)
    assert "compared by sectors only, without distance" in said.err
    assert json.loads(said.out)


def test_the_sheet_of_parks_without_places_is_found(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["填报说明", "各园区填报"])
    sheet = book.create_sheet("园区")
    sheet.append(["名称", "主导产业"])
    sheet.append(["甲园", "汽车"])
    book.save(tmp_path / "a.xlsx")
    assert told(tmp_path / "a.xlsx", "PM122")["name"].tolist() == ["甲园"]


def test_figures_that_look_like_coordinates_are_asked_for(tmp_path):
    degrees = csv(tmp_path / "a.csv", "名称,主导产业,甲,乙\nA,汽车,104.0612,30.6612\n")
    assert "--columns lon=甲,lat=乙" in refusal(degrees)
    metres = csv(tmp_path / "b.csv", "名称,主导产业,甲,乙\nA,汽车,400612.5,3390612.5\n")
    assert "--columns x=甲,y=乙" in refusal(metres)


def test_figures_of_another_kind_are_no_coordinates(tmp_path):
    path = csv(tmp_path / "a.csv", "名称,主导产业,产值,税收\nA,汽车,104.5,30.6\nB,医药,99.2,12\n")
    assert told(path, "PM122")["name"].tolist() == ["A", "B"]


@pytest.mark.parametrize("cell", ["103.9,30.7", "30.7\uff0c103.9", "(103.9 30.7)", "103.9、30.7"])
@pytest.mark.parametrize("heading", ["坐标", "地点"])
def test_both_coordinates_in_one_cell(tmp_path, cell, heading):
    path = csv(tmp_path / "a.csv", f'名称,{heading}\nA,"{cell}"\n')
    parks = io.read_parks(path)
    assert parks.geometry.tolist() == [shapely.Point(103.9, 30.7)]


def test_an_extent_in_words_is_no_geometry(tmp_path):
    path = csv(tmp_path / "a.csv", "名称,范围,经度,纬度\nA,东至一环路,104,30\n")
    parks = io.read_parks(path)
    assert parks.geometry.tolist() == [shapely.Point(104, 30)]
    assert parks["范围"].tolist() == ["东至一环路"]


@pytest.mark.parametrize(
    ("headings", "datum"),
    [
        ("经度(GCJ02),纬度(GCJ02)", "gcj02"),
        ("lng_gcj02,lat_gcj02", "gcj02"),
        ("高德经度,高德纬度", "gcj02"),
        ("百度经度,百度纬度", "bd09"),
        ("经度,纬度", ""),
        ("lon_wgs84,lat_wgs84", ""),
    ],
)
def test_a_datum_in_the_heading_is_converted_and_said(tmp_path, headings, datum):
    path = csv(tmp_path / "a.csv", f"名称,{headings}\nA,104.0625,30.65757\n")
    reading = io.read_source(path)
    assert ("PM510" in codes(reading)) == bool(datum)
    plain = io.read_source(path, datum="wgs84").parks.geometry.iloc[0]
    assert (plain.x, plain.y) == (104.0625, 30.65757)
    moved = reading.parks.geometry.iloc[0].distance(plain)
    assert (moved > 0.002) == bool(datum)
    if datum:
        said = io.read_source(path, datum=datum)
        assert said.parks.geometry.iloc[0] == reading.parks.geometry.iloc[0]
        assert codes(said).count("PM504") == 1


def test_what_was_chosen_is_said_on_stderr_unless_quiet(tmp_path, capsys):
    path = layer(tmp_path / "a.gpkg", GNQMC=NAMES, zdcy=["集成电路", "汽车", "白酒"])
    for flags, loud in (((), True), (("-q",), False)):
        with pytest.raises(SystemExit):
            main(arguments=["conflicts", str(path), "--lang", "en", *flags])
        said = capsys.readouterr().err
        assert ("names are taken from column 'GNQMC'" in said) == loud
        assert ("sectors are taken from column 'zdcy'" in said) == loud


def test_a_sector_table_makes_the_layers_own_columns_idle(tmp_path, capsys):
    path = layer(tmp_path / "a.gpkg", 园区名称=NAMES, zdcy=["集成电路", "汽车", "白酒"])
    table = csv(tmp_path / "t.csv", f"名称,主导产业\n{NAMES[0]},医药\n")
    with pytest.raises(SystemExit):
        main(arguments=["check", str(path), "--sectors", str(table), "-f", "json", "--lang", "en"])
    said = capsys.readouterr()
    assert "taken from column" not in said.err
    assert "PM410" not in {row["code"] for row in json.loads(said.out)["problems"]}


def test_a_row_has_the_number_that_a_spreadsheet_shows(tmp_path):
    book = openpyxl.Workbook()
    for row in (["一览表"], [], ["名称", "级别", "经度", "纬度"], ["甲", "省级", 104, 30], [],
                ["乙", "乡级", 104, 30]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    reading = io.read_source(tmp_path / "a.xlsx")
    assert reading.parks["row"].tolist() == [4, 6]
    assert reading.problems.query("code == 'PM301'")["row"].tolist() == [6]
    assert book.active.cell(row=6, column=2).value == "乡级"


endings = st.sampled_from(meanings()["content"]["park_endings"])
words = st.text(alphabet="成都东西南北川天府新", min_size=1, max_size=6)


@given(st.lists(st.tuples(words, endings), min_size=1, max_size=20, unique=True))
def test_any_distinct_names_with_the_endings_are_names(parts):
    names = list(dict.fromkeys("".join(part) for part in parts))
    table = pd.DataFrame({"a": names, "b": range(len(names))})
    assert content.named_like_parks(table, table.columns) == (["a"], ["a"])


@given(st.floats(73, 136), st.floats(3, 54.5), st.sampled_from([",", ";", " ", "\uff0c", "\u3001"]))
def test_a_pair_is_read_whichever_stands_first(lon, lat, between):
    east, north = f"{lon:.6f}", f"{lat:.6f}"
    assert content.pair(f"{east}{between}{north}") == (east, north)
    assert content.pair(f"{north}{between}{east}") == (east, north)


@given(st.lists(st.floats(0, 1e5).map(lambda v: f"{v:.2f}"), min_size=2, max_size=20))
def test_money_is_never_taken_for_a_place(figures):
    table = pd.DataFrame({"产值": figures, "税收": figures[::-1]})
    assert content.placing(table) == ([], [])


BODY = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "甲 // /* */ ,}"}, "geometry":
     {"type": "Polygon", "coordinates": [[[104, 30], [104.1, 30], [104.1, 30.1], [104, 30]]]}}]}  # fmt: skip
FRAMES = ("// a\n{}", "/* a\n */ {}", "var parks = {};", "callback({});", "window.a.b = {}",
          "/* a */ const x = {}", "export default {};", "\ufeff// a\n{}", "let a={}")  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_json_as_a_script_is_read_and_said(tmp_path, frame):
    path = csv(tmp_path / "a.geojson", frame.replace("{}", json.dumps(BODY, ensure_ascii=False)))
    assert told(path, "PM124")["name"].tolist() == ["甲 // /* */ ,}"]


def test_trailing_commas_are_read_and_said(tmp_path):
    text = json.dumps(BODY, ensure_ascii=False).replace("]]]}", "],]],}").replace("}]}", "},],}")
    assert told(csv(tmp_path / "a.geojson", text), "PM124")["name"].tolist() == ["甲 // /* */ ,}"]


@pytest.mark.parametrize("text", ['var x = {"type": ', '// a\n{"type": "Feature"', 'f({"a": 1})'])
def test_a_broken_script_is_one_line_about_json(tmp_path, text):
    assert "JSON" in refusal(csv(tmp_path / "a.geojson", text))


@given(st.sampled_from([b" ", b"a ", b"/*", b"//", b"var ", b"a", b"\n"]))
def test_the_sniffer_of_scripts_ends(part):
    assert sniff._SCRIPT.match(part * 4096) is None


KML = (
    '<?xml version="1.0" encoding="{}"?><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark>'
    "<name>成都甲园区</name><Point><coordinates>104,30</coordinates></Point></Placemark></kml>"
)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("gbk", "GBK"), ("gbk", "UTF-8"), ("utf-8", "gb2312"), ("utf-16", "UTF-16"),
     ("utf-8-sig", "utf-8"), ("gb18030", "GB18030")],
)  # fmt: skip
def test_a_kml_is_read_in_its_true_encoding(tmp_path, encoding, said):
    path = tmp_path / "a.kml"
    path.write_bytes(KML.format(said).encode(encoding))
    assert io.read_parks(path)["name"].tolist() == ["成都甲园区"]


def test_info_draws_a_table_when_asked(tmp_path, capsys):
    path = layer(tmp_path / "a.gpkg", name=NAMES)
    for fmt in ("table", "auto"):
        with pytest.raises(SystemExit) as end:
            main(arguments=["info", str(path), "-f", fmt, "--lang", "en"])
        assert end.value.code == 0
        assert "parks: 3" in capsys.readouterr().out


def test_an_entity_in_a_workbook_reads_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("tell-tale")
    book = openpyxl.Workbook()
    book.active.append(["名称", "经度", "纬度"])
    book.active.append(["甲园区", 104, 30])
    book.save(tmp_path / "a.xlsx")
    head = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    with (
        zipfile.ZipFile(tmp_path / "a.xlsx") as old,
        zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/sharedStrings.xml":
                content = head + content.replace(b"</t>", b"&x;</t>")
            new.writestr(part, content)
    try:
        names = io.read_parks(tmp_path / "b.xlsx")["name"].tolist()
    except InputError:
        names = []
    assert "tell-tale" not in "".join(names)


@pytest.mark.parametrize(("cell", "listed"), [("=1+1", True), ("1", False)])
def test_a_workbook_without_formulas_is_opened_once(tmp_path, monkeypatch, cell, listed):
    book = openpyxl.Workbook()
    book.active.append(["名称", "代码", "经度", "纬度"])
    book.active.append(["甲园区", cell, 104, 30])
    book.save(tmp_path / "a.xlsx")
    opened = []
    load = openpyxl.load_workbook
    monkeypatch.setattr(
        openpyxl, "load_workbook", lambda *a, **k: opened.append(k) or load(*a, **k)
    )
    reading = io.read_source(tmp_path / "a.xlsx")
    assert ("PM113" in codes(reading)) == listed
    assert len(opened) == 1 + listed


def test_columns_of_coordinates_the_wrong_way_round_are_told_and_can_be_named(tmp_path):
    path = csv(tmp_path / "a.csv", "名称,X坐标,Y坐标\n甲园区,3390000,35400000\n")
    for options in ({}, {"crs": "EPSG:4523"}):
        assert "swap the columns: --columns" in refusal(path, **options)
    named = {"x": "Y坐标", "y": "X坐标"}
    parks = io.read_parks(path, crs="EPSG:4523", columns=named)
    assert parks.geometry.tolist() == [shapely.Point(35400000, 3390000)]
    degrees = csv(tmp_path / "b.csv", "名称,经度,纬度\n甲园区,30.5,104.1\n")
    assert "--columns lon=" in refusal(degrees)
    shapes = csv(
        tmp_path / "c.csv", '名称,wkt\n甲园区,"POLYGON ((30 104, 30 105, 31 105, 30 104))"\n'
    )
    assert "--columns" not in refusal(shapes)


def test_one_word_for_all_is_not_proposed_as_the_name(tmp_path):
    parks = io.read_parks(layer(tmp_path / "a.gpkg", BZ=["x", "x", "x"]))
    assert len(parks) == 3
    assert "BZ" in parks.columns


def test_an_empty_column_of_sectors_is_told_of_once(tmp_path):
    path = layer(tmp_path / "a.gpkg", 名称=NAMES, 主导产业=["", "", ""])
    found = codes(io.read_source(path))
    assert found.count("PM419") == 1
    assert "PM412" not in found


def test_a_layer_of_known_columns_without_sectors_says_so(tmp_path):
    path = layer(tmp_path / "a.gpkg", 名称=NAMES, 级别=["市级"] * 3)
    assert "PM412" in codes(io.read_source(path))


@pytest.mark.parametrize("ending", ["geojson", "json", "kml", "shp"])
def test_plain_text_under_the_name_of_a_layer_is_called_so(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_text("see the other folder\nthank you\n")
    assert "plain text" in refusal(path)


@pytest.mark.parametrize("separator", [",", "\t", "\uff0c"])
def test_a_table_under_the_name_of_a_layer_is_read_as_a_table(tmp_path, separator):
    path = tmp_path / "a.json"
    path.write_text(
        separator.join(["name", "lon", "lat"]) + "\n" + separator.join(["N Park", "104", "30"]),
        encoding="utf-8",
    )
    assert io.read_parks(path)["name"].tolist() == ["N Park"]


def test_a_list_without_a_header_is_called_so(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "1,35400000,3380000\n2,35400500,3380600\n3,35400900,3380100\n", encoding="utf-8"
    )
    assert "there is no header" in refusal(path)
