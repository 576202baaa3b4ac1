"""The report: every format says the same, harms nobody, and is the same bytes twice."""

import csv
import io
import json
import math
import re
import zipfile
from dataclasses import replace

import geopandas as gpd
import jsonschema
import matplotlib as mpl
import numpy as np
import openpyxl
import pandas as pd
import pytest
import report_runs as made
import shapely
from builders import METRIC, park_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import font_manager
from payloads import PAYLOADS
from rich.console import Console
from shapely.geometry import box

import parkmap as pm
from parkmap import messages, report, wording
from parkmap import sheets as sheets_room
from parkmap.errors import CRSError, OptionError, OutputError
from parkmap.report import (
    annex,
    cells,
    district_sheets,
    drawing,
    essay,
    exchange,
    facts,
    fonts,
    furniture,
    labels,
    lists,
    marks,
    paper,
    sector_figures,
    style,
    words,
    workbook,
)
from parkmap.sheets import dress

NAUGHTY = "=1+1\x1b[31m\u202e$x^2$\x00"


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


@pytest.fixture(scope="module")
def run():
    return made.run()


@pytest.fixture
def book(run, tmp_path):
    path = tmp_path / "conflicts.xlsx"
    report.write_xlsx(run, path, map_file="map.html")
    return openpyxl.load_workbook(path)


def column(page, heading):
    """Values under a heading, down to the first empty row."""
    headings = [cell.value for cell in page[3]]
    at = headings.index(heading)
    rows = page.iter_rows(min_row=4, values_only=True)
    values = []
    for row in rows:
        if all(value is None for value in row):
            break
        values.append(row[at])
    return values


# The summary


def test_the_summary_begins_with_the_system_and_counts_every_severity(run):
    lines = report.summary_lines(run)
    assert "园区体系  1+2+1 (另列1)" in lines
    assert "核查事项  重点 1  一般 0  轻微 1  提示 1" in lines


def test_the_summary_lists_the_worst_findings_first_with_their_evidence(run):
    lines = report.summary_lines(run, top=2)
    shown = [line for line in lines if line[0] in "①②③"]
    assert shown[0] == "① [重点] 甲园区与乙园区范围交叉50.00公顷（750亩）。"
    assert len(shown) == 2
    assert "仅作提示的1条（同一主体、新旧名录、图形误差、链上互补等）" in lines
    assert "另有1条，详见核查事项清单" in report.summary_lines(run, top=1)


def test_the_summary_always_ends_with_the_disclaimer(run):
    assert report.summary_lines(run)[-1] == "本结果为数据比对提示，不作为行政认定依据"


def test_a_console_of_chinese_windows_can_show_the_summary():
    rows = [made.findings()] * 5
    many = pd.concat(rows).assign(number=range(1, 16))
    lines = report.summary_lines(made.run(conflicts=many), top=15)
    assert "\n".join(lines).encode("gbk")


def test_a_layer_too_coarse_to_judge_says_so():
    said = report.summary_lines(made.run(too_coarse=True))
    assert any("过粗" in line for line in said)
    assert not any("过粗" in line for line in report.summary_lines(made.run()))


def test_a_run_without_findings_says_so():
    none = made.findings().iloc[:0]
    assert "未发现核查事项" in report.summary_lines(made.run(conflicts=none))


def test_a_name_cannot_steer_the_terminal():
    run = made.run(conflicts=made.findings(names=(NAUGHTY, "乙", "丙", "丁", "戊")))
    console = Console(file=io.StringIO(), width=80)
    console.print(report.summary_renderable(run))
    for said in ("\n".join(report.summary_lines(run)), console.file.getvalue()):
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert "\\x1b" in said


def test_the_rich_summary_holds_what_the_plain_one_does(run):
    console = Console(file=io.StringIO(), width=200)
    console.print(report.summary_renderable(run))
    shown = console.file.getvalue()
    for part in ("1+2+1 (另列1)", "重点 1", "甲园区与乙园区范围交叉", "行政认定依据"):
        assert part in shown


# JSON, CSV, GeoJSON


def test_conflicts_json_is_what_its_schema_describes(run):
    found = json.loads(report.json_text(report.conflicts_json(run)))
    jsonschema.validate(found, report.json_schema("conflicts"))
    assert (found["system"], found["others"], found["parks"]) == ("1+2+1", 1, 5)
    assert [row["id"] for row in found["conflicts"]] == list(run.conflicts.index)
    assert found["problems"][0]["code"] == "PM101"


def test_what_a_finding_does_not_have_is_null_in_json(run):
    both, rivalry, nested = report.conflicts_json(run)["conflicts"]
    assert (rivalry["relation"], rivalry["area_m2"], rivalry["cluster"]) == (None, None, None)
    assert (nested["verdict"], nested["similarity"]) == (None, None)
    assert both["approved_area_gain_ha"] == [None, 10.0]


def test_the_conflicts_schema_refuses_a_row_without_evidence(run):
    found = report.conflicts_json(run)
    found["conflicts"][0] |= {"relation": None, "verdict": None}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, report.json_schema("conflicts"))


@pytest.mark.parametrize(
    ("name", "table"),
    [("overlaps", made.overlaps()), ("clusters", made.clusters()), ("check", made.run().problems)],
)
def test_each_table_is_what_its_schema_describes(name, table):
    found = json.loads(report.table_text(table, "json", name))
    jsonschema.validate(found, report.json_schema(name))
    assert found["schema"] == f"parkmap/{name}/1"
    assert len(found["problems" if name == "check" else name]) == len(table)


def test_info_counts_parks_with_and_without_land(run):
    found = report.info_json(run.parks, sources=run.sources)
    jsonschema.validate(found, report.json_schema("info"))
    assert (found["with_land"], found["without_land"]) == (4, 1)
    assert found["area_m2"] == pytest.approx(6_160_000, rel=1e-3)
    assert found["tiers"] == {"national": 1, "provincial": 2, "municipal": 2, "unstated": 0}


def test_overlaps_csv_has_exactly_the_columns_others_rely_on(run):
    assert report.table_text(run.overlaps, "csv", "overlaps") == (
        "left,right,relation,area_m2,left_share,right_share,mean_width_m\n"
        "a,b,partial,500000.0,0.5,0.5,666.7\n"
        "c,d,nested,160000.0,0.08,1.0,200.0\n"
    )


def test_a_csv_cell_is_no_formula(run):
    table = run.problems.assign(message="=HYPERLINK(0)", row=-5)
    said = report.table_text(table, "csv", "check")
    assert "'=HYPERLINK(0)" in said
    assert ",-5," in said


def test_json_lines_are_one_object_a_row(run):
    lines = report.table_text(run.conflicts, "jsonl", "conflicts").splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3]


def test_geojson_is_in_degrees_with_null_for_findings_without_land(run):
    found = json.loads(report.table_text(run.conflicts, "geojson", "conflicts"))
    crossing, rivalry, _ = found["features"]
    assert "crs" not in found
    assert rivalry["geometry"] is None
    assert crossing["id"] == "c-0000000001"
    ring = np.array(crossing["geometry"]["coordinates"][0])
    assert ((ring > [103.9, 30.6]) & (ring < [104.0, 30.7])).all()
    again = gpd.GeoDataFrame.from_features(found["features"][:1], crs=4326).to_crs(METRIC)
    assert again.area[0] == pytest.approx(500_000, rel=1e-4)


def test_geojson_rings_turn_as_the_standard_asks(run):
    found = json.loads(report.geojson_text(run.overlaps, "overlaps"))
    for feature in found["features"]:
        x, y = np.array(feature["geometry"]["coordinates"][0]).T
        assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0


def test_geojson_of_a_layer_without_crs_is_refused(run):
    bare = run.overlaps.set_crs(None, allow_override=True)
    with pytest.raises(CRSError):
        report.geojson_text(bare, "overlaps")


@pytest.mark.parametrize(("fmt", "name"), [("geojson", "clusters"), ("shp", "overlaps")])
def test_a_format_a_table_cannot_have_is_refused_by_name(run, fmt, name):
    with pytest.raises(OptionError, match=fmt):
        report.table_text(getattr(run, name), fmt, name)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text()
    | st.sampled_from([np.float64("nan"), np.int64(3), np.bool_(1), pd.NA, pd.NaT, math.inf]),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
@settings(deadline=None, max_examples=150)
def test_anything_a_table_holds_becomes_strict_json(value):
    said = json.dumps(exchange.plain(value), allow_nan=False, ensure_ascii=False)
    assert said.encode("utf-8")
    assert exchange.plain(json.loads(said)) == json.loads(said)


def test_an_existing_file_is_left_alone_unless_told(run, tmp_path):
    path = tmp_path / "a.json"
    report.write_json(run, path)
    before = path.read_bytes()
    with pytest.raises(OutputError):
        report.write_json(made.run(date=""), path)
    assert path.read_bytes() == before
    report.write_geojson(run, path, overwrite=True)
    assert json.loads(path.read_text("utf-8"))["type"] == "FeatureCollection"


LEAVES = (
    st.text(max_size=20) | st.integers() | st.floats(allow_nan=False) | st.sampled_from(PAYLOADS)
)


@given(st.lists(st.tuples(LEAVES, LEAVES), min_size=1, max_size=6))
@settings(deadline=None, max_examples=80)
def test_a_csv_can_be_read_back_cell_by_cell(rows):
    table = pd.DataFrame(rows, columns=["one", "two"], dtype=object)
    said = report.table_text(table, "csv", "check")
    again = list(csv.reader(io.StringIO(said, newline="")))
    assert [len(row) for row in again] == [2] * (len(rows) + 1)
    for row in again[1:]:
        for cell in row:
            assert not re.match(r"[=@\t]", cell)


@given(st.floats(-3e4, 3e4), st.floats(-3e4, 3e4), st.floats(50, 5e3), st.floats(50, 5e3))
@settings(deadline=None, max_examples=40)
def test_geojson_keeps_the_place_and_the_size_of_a_finding(x, y, width, height):
    shape = square(x, y, width, height)
    table = gpd.GeoDataFrame({"left": ["a"]}, geometry=[shape], crs=METRIC)
    found = json.loads(report.geojson_text(table, "overlaps"))
    again = gpd.GeoDataFrame.from_features(found["features"], crs=4326).to_crs(METRIC).geometry[0]
    assert again.symmetric_difference(shape).area < 0.02 * (width + height)


def test_geojson_keeps_holes_and_parts():
    ring = square(width=1000).difference(square(400, 400, 200))
    table = gpd.GeoDataFrame(geometry=[ring.union(square(5000))], crs=METRIC)
    (feature,) = json.loads(report.geojson_text(table, "slices"))["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert sorted(len(part) for part in feature["geometry"]["coordinates"]) == [1, 2]


def test_only_a_csv_file_carries_the_mark_that_excel_needs():
    assert report.file_bytes("园", "csv") == b"\xef\xbb\xbf" + "园".encode()
    assert report.file_bytes("园", "geojson") == "园".encode()


def test_rows_of_a_table_keep_their_order_and_the_table_its_columns(run):
    before = run.conflicts.copy()
    rows = report.records(run.conflicts)
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert "geometry" not in rows[0]
    pd.testing.assert_frame_equal(pd.DataFrame(run.conflicts), pd.DataFrame(before))


# Facts and words


def test_land_two_findings_share_counts_once_for_a_park():
    pieces = gpd.GeoDataFrame(
        {"claimants": [("a", "b", "c"), ("a", "b")], "area_m2": [10_000.0, 20_000.0]},
        geometry=[square(), square()],
        crs=METRIC,
    )
    rows = made.findings()
    rows["parks"] = [("a", "b"), ("b", "e"), ("a", "c")]
    rows["severity"] = "low"
    found = facts.park_facts(made.run(slices=pieces, conflicts=rows))
    assert found.loc[["a", "b", "c"], "overlap_ha"].tolist() == [3.0, 3.0, 1.0]


def test_findings_for_information_are_not_counted(run):
    found = facts.park_facts(run)
    assert found["overlap_findings"].tolist() == [1, 1, 0, 0, 0]
    assert found["homogeneity_findings"].tolist() == [1, 2, 0, 0, 1]
    assert found.loc["d", "overlap_ha"] == 0


def test_districts_with_full_width_marks_are_told_apart():
    said = "郫都区\uff08高新西区\uff09\uff0c武侯区\uff1b甲区"
    assert facts.districts_of(said) == ["郫都区", "武侯区", "甲区"]


@pytest.mark.parametrize(
    ("said", "districts"),
    [
        *(("东区", ["东区"]), ("东区、西区", ["东区", "西区"]), ("东区; 西区", ["东区", "西区"])),
        *(("东区(高新)", ["东区"]), ("西区、东区(甲、乙)、东区", ["西区", "东区"])),
        *(("", []), (None, []), (float("nan"), [])),
    ],
)
def test_a_text_may_name_several_districts(said, districts):
    assert facts.districts_of(said) == districts


@pytest.mark.parametrize(
    ("cities", "title"),
    [
        (["示例市"] * 5, "示例市产业园区范围及核查事项分布图"),
        (["示例市", "示例市", "", "", ""], "示例市产业园区范围及核查事项分布图"),
        (["示例市", "他市", "", "", ""], "产业园区范围及核查事项分布图"),
        ([""] * 5, "产业园区范围及核查事项分布图"),
    ],
)
def test_a_title_names_the_city_only_where_there_is_one(cities, title):
    assert words.title("title_map", made.run(parks=made.parks(city=cities))) == title


def test_schematic_extents_are_announced_only_where_there_are_some(run):
    plain = made.run(parks=made.parks(boundary_kind=["approved"] * 5))
    assert words.notices(run)[0] == "示意范围，非法定边界"
    assert words.notices(plain) == ["本结果为数据比对提示，不作为行政认定依据"]


def test_groups_are_listed_largest_first_and_families_not_at_all():
    groups = pd.concat([made.clusters()] * 3, ignore_index=True)
    groups["parks"] = [("a", "b"), ("a", "b", "e"), ("c", "d")]
    groups["flagged"] = [True, True, False]
    found = facts.flagged_clusters(made.run(clusters=groups))
    assert [group["parks"] for group in found] == [("a", "b", "e"), ("a", "b")]


def test_circled_numbers_are_one_sign_each_up_to_fifty():
    signs = [report.circled(number) for number in range(1, 51)]
    assert (signs[0], signs[19], signs[20], signs[49]) == ("①", "⑳", "㉑", "㊿")
    assert len(set(signs)) == 50
    assert {len(sign) for sign in signs} == {1}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_relation_and_verdict_has_a_category_and_a_proposal(lang):
    relations = [("nested", nesting) for nesting in ("declared", "inferred", "undeclared")]
    for name in messages.catalogue("terms", "zh")["relation"]:
        relations += [(name, "")] if name != "nested" else []
    verdicts = messages.catalogue("terms", "zh")["verdict"]
    rows = [{"kind": "overlap", "relation": r, "nesting": n, "verdict": ""} for r, n in relations]
    rows += [
        {"kind": "homogeneity", "relation": "", "nesting": "", "verdict": verdict}
        for verdict in verdicts
    ]
    with messages.use_language(lang):
        said = [(words.category(row), wording.advice(row)) for row in rows]
    assert len(set(said)) == len(rows)
    assert all(category and advice for category, advice in said)


def test_the_evidence_names_both_kinds_of_boundary_when_they_differ(run):
    crossing = run.conflicts.iloc[0].to_dict()
    said = words.basis(crossing)
    assert "甲园区为核准四至、乙园区为规划范围" in said
    assert "平均宽度约667米" in said
    assert "乙园区所绘面积与核准面积的差值缩小10.00公顷" in said
    assert "产业重合度100.0%" in said


def test_neighbours_in_a_chain_show_their_synergy_not_their_likeness(run):
    pair = {**run.conflicts.iloc[1].to_dict(), "verdict": "complementary", "synergy": 0.25}
    assert words.basis(pair) == "链上互补程度0.25；两园相距约7.5公里"
    assert "相似度0.80" in words.basis({**pair, "verdict": "coopetition"})


def test_the_area_of_the_system_leaves_out_what_stands_beside_it_and_counts_shared_ground_once():
    parks = made.parks(counted=[True, True, False, True, True])
    said = report.summary_lines(made.run(parks=parks))[2]
    assert (
        said
        == "园区数量  5个（其中1个仅有点位），所绘面积1.66平方公里（另列3.84平方公里），重叠部分只计一次"
    )


def test_a_date_is_written_as_people_write_it():
    assert words.as_of(made.run()) == "数据截止日期：2026年3月1日"
    of_file = made.run(options={"date_from": "file"})
    assert words.as_of(of_file) == "数据文件日期：2026年3月1日"
    assert words.as_of(made.run(date="")) == "数据截止日期：未注明"


# The workbook


def test_the_workbook_has_the_sheets_of_the_house_in_order(book):
    assert book.sheetnames == [
        *("总表", "核查事项清单", "主导产业重复情况表", "同质园区组"),
        *("分区（市）县任务清单", "东区", "西区", "数据问题清单", "口径与参数"),
    ]


def test_a_park_is_a_row_with_areas_as_numbers(book):
    page = book["总表"]
    assert column(page, "园区名称")[:5] == ["甲园区", "乙园区", "丙园区", "丁园区", "戊园区"]
    drawn = column(page, "所绘面积（公顷）")
    assert drawn[:4] == pytest.approx([100, 100, 400, 16], rel=1e-3)
    assert drawn[4] is None
    assert column(page, "差值（公顷）")[:3] == pytest.approx([0, 10, 200], abs=0.5)


def test_sums_tell_the_system_from_what_stands_beside_it(book):
    page = book["总表"]
    assert column(page, "园区名称")[5:] == ["体系内合计", "合计"]
    assert column(page, "核准面积（公顷）")[5:] == [390.0, 390.0]
    # 616 hectares are drawn, 66 of them for two parks.
    assert column(page, "所绘面积（公顷）")[5:] == pytest.approx([550, 550], rel=1e-3)
    assert column(page, "备注")[5] == "所绘面积中相互重叠部分只计一次"
    no_others = made.run(parks=made.parks(counted=[True] * 5))
    assert [total[1] for total in lists.MAKERS["parks"](no_others).totals] == ["体系内合计"]


def test_a_finding_is_a_row_with_hectares_mu_and_share(book):
    page = book["核查事项清单"]
    assert column(page, "面积（公顷）") == [50.0, None, 16.0]
    assert column(page, "面积（亩）") == [750, None, 240]
    assert column(page, "占较小园区（%）")[0] == 0.5
    assert column(page, "图上编号") == ["①", "②", "③"]
    assert column(page, "类别") == ["范围交叉且产业同质", "同质竞争风险", "套叠（已说明）"]
    assert column(page, "区（市）县")[0] == "东区、西区"
    formats = {page[3][at].value: page[4][at].number_format for at in range(14)}
    assert formats["占较小园区（%）"] == "0.0%"
    assert formats["面积（公顷）"] == "#,##0.00"
    assert formats["面积（亩）"] == "#,##0"


def test_a_finding_links_to_its_place_on_the_map(book):
    link = book["核查事项清单"]["N4"].hyperlink
    assert (link.target, link.location) == ("map.html", "c-0000000001")


def test_the_sector_sheet_ranks_sectors_by_how_many_parks_name_them(book):
    page = book["主导产业重复情况表"]
    assert column(page, "申报园区数") == [3, 1]
    assert column(page, "园区名单")[0] == "甲园区、乙园区、戊园区"
    assert column(page, "主要承载地") == ["甲园区", None]
    assert column(page, "是否过粗") == ["否", "是"]


def test_each_district_gets_its_tasks_but_no_information(book):
    page = book["分区（市）县任务清单"]
    places = list(zip(column(page, "区（市）县"), column(page, "图上编号"), strict=True))
    assert places == [("东区", "①"), ("东区", "②"), ("西区", "①"), ("西区", "②")]


def test_the_criteria_sheet_names_every_criterion(book, run):
    items = column(book["口径与参数"], "项目")
    values = column(book["口径与参数"], "取值")
    settings_ = dict(zip(items, values, strict=True))
    assert settings_["细碎重叠：平均宽度不超过（米）"] == "5"
    assert settings_["相似度算法"] == "树形加权余弦（tree-idf）"
    assert "10.0%" in settings_["关注程度：重点"]
    assert len(messages.catalogue("report", "zh")["criterion"]) - 1 == len(
        run.criteria.__dataclass_fields__
    )


def test_every_sheet_prints_on_a3_and_carries_the_disclaimer(book):
    for page in book:
        assert page.page_setup.paperSize == 8
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$1:$3"
        assert page.freeze_panes.endswith("4")
        assert page.auto_filter.ref.startswith("A3:")
        said = [cell.value for cell in page["A"]]
        assert said[-1] == "本结果为数据比对提示，不作为行政认定依据"
        assert "不作为行政认定依据" in page.oddFooter.left.text


def test_columns_are_wide_enough_for_chinese(book):
    page = book["核查事项清单"]
    for cell in page[4]:
        width = page.column_dimensions[cell.column_letter].width
        lines = math.ceil(sheets_room.text_width(str(cell.value or "")) / (width - 2))
        assert page.row_dimensions[4].height >= 16 * lines


def test_severity_colours_can_be_read():
    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        lit = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]

    for ink, ground in dress.SEVERITY_COLOURS.values():
        assert (luminance(ground) + 0.05) / (luminance(ink) + 0.05) >= 4.5


def test_no_text_of_a_workbook_is_a_formula(tmp_path):
    names = [f"={PAYLOADS[0]}", NAUGHTY, "+1", "-1", "@SUM(1)"]
    run = made.run(parks=made.parks(name=names), conflicts=made.findings(names=names))
    path = tmp_path / "a.xlsx"
    report.write_xlsx(run, path)
    book = openpyxl.load_workbook(path)
    assert not [
        cell.coordinate for page in book for row in page for cell in row if cell.data_type == "f"
    ]
    assert column(book["总表"], "园区名称")[0] == names[0]
    assert column(book["总表"], "园区名称")[2:5] == ["+1", "-1", "@SUM(1)"]


def test_without_a_map_beside_it_a_workbook_links_nowhere(run, tmp_path):
    report.write_xlsx(run, tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["核查事项清单"]
    assert not any(cell.hyperlink for row in page for cell in row)


#: Sheets about chains, made together.
CHAINS = {"layout", "gaps", "weak", "domestic"}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_headings_of_a_sheet_differ_and_rows_fit_them(run, lang):
    with messages.use_language(lang):
        sheets = [make(run) for module in (lists, annex) for make in module.MAKERS.values()]
        sheets += district_sheets.district_sheets(run)
        assert {sheet.key for sheet in sheets} | CHAINS == set(workbook.SHEETS)
        for sheet in sheets:
            headings = [column.heading for column in sheet.columns]
            assert len(set(headings)) == len(headings)
            assert {len(row) for row in [*sheet.rows, *sheet.totals]} <= {len(headings)}


def controlled():
    """Park a with 10 of its 100 ha on farmland, b with 25 ha outside its boundary, c a ribbon."""
    shapes = {"a": square(), "b": square(2000), "c": square(4000)}
    names = {"name": ["甲园区", "乙园区", "丙园区"]}
    farmland = park_layer({"x": square(-900), "y": square(4997)})
    growth = park_layer({"x": square(0, width=2750, height=1000), "y": square(4000)})
    return pm.analyze(
        park_layer(shapes, **names),
        control={"永久基本农田": farmland},
        within={"城镇开发边界": growth},
        expect="3+22+N",
    )


def test_the_sheet_of_control_lines_has_a_row_a_park_and_line(tmp_path):
    report.write_xlsx(controlled(), tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["国土空间管控线比对表"]
    rows = [[cell.value for cell in page[at]] for at in (4, 5, 6)]
    assert [row[:3] for row in rows] == [
        ["甲园区", "永久基本农田", "重叠"],
        ["丙园区", "永久基本农田", "细碎出入（图形误差）"],
        ["乙园区", "城镇开发边界", "位于边界以外"],
    ]
    assert [row[4] for row in rows] == [150, 5, 375]  # 0.30 ha, 4.5 mu
    assert [round(row[5], 3) for row in rows] == [0.1, 0.003, 0.25]


def test_there_is_no_sheet_of_control_lines_where_none_was_compared(book):
    assert "国土空间管控线比对表" not in book.sheetnames


def test_the_list_names_the_line_in_place_of_a_second_park(tmp_path):
    sheet = lists.MAKERS["findings"](controlled())
    keys = [column.key for column in sheet.columns]
    found = {row[keys.index("park_a")]: row for row in sheet.rows}
    assert found["甲园区"][keys.index("park_b")] == "永久基本农田"
    assert found["甲园区"][keys.index("category")] == "永久基本农田重叠"
    assert found["甲园区"][keys.index("severity")] == "重点"
    parks = lists.MAKERS["parks"](controlled())
    on_lines = [column.key for column in parks.columns].index("control_ha")
    assert round(parks.rows[0][on_lines], 1) == 10.0
    assert parks.rows[1][on_lines] is None  # outside a boundary is not on a line


def test_the_system_meant_is_named_in_summary_json_and_sheet():
    run = controlled()
    said = "与目标3+22+N相比：国家级少3个、省级少22个"
    assert any(said in line for line in report.summary_lines(run))
    assert report.conflicts_json(run)["expected"] == {
        "system": "3+22+N",
        "difference": {"national": -3, "provincial": -22},
    }
    values = dict(annex.MAKERS["criteria"](run).rows)
    assert values["目标体系"] == said
    assert values["国土空间管控线"] == "永久基本农田、城镇开发边界"


def test_a_picture_of_control_lines_is_drawn(tmp_path):
    assert report.write_overview(controlled(), tmp_path / "a.png")


def test_a_problem_names_its_park_row_and_remedy(book):
    page = book["数据问题清单"]
    assert [cell.value for cell in page[4]][1:] == [
        *("戊园区", 5, "PM101", "待核实", "没有范围面", "请补充范围面")
    ]


def test_a_group_names_its_members_sectors_and_proposed_lead(book):
    page = book["同质园区组"]
    assert column(page, "组内园区") == ["甲园区、乙园区"]
    assert column(page, "共有环节") == ["偏光片与光学膜"]
    assert column(page, "组内最低相似度") == [0.91]
    assert column(page, "建议牵头园区（供研究）") == ["甲园区"]


def test_a_park_s_note_says_why_it_is_beside_the_system_or_without_land(book):
    notes = column(book["总表"], "备注")
    assert notes[3] == "示意范围，非法定边界"
    assert notes[4] == "仅有点位，未参与范围比对；另列，未计入体系"


def test_a_finding_of_three_parks_names_all_of_them():
    rows = (
        made.findings()
        .iloc[:1]
        .assign(
            parks=[("a", "b", "c")], names=[("甲", "乙", "丙")], relation="multiple", kind="overlap"
        )
    )
    rows["verdict"] = ""
    (row,) = lists.MAKERS["findings"](made.run(conflicts=rows)).rows
    assert row[4:6] == ("甲", "乙、丙")
    assert row[2] == "多方重叠"


def test_the_same_run_gives_the_same_workbook_dated_by_the_run(run, tmp_path):
    for name in ("one", "two"):
        report.write_xlsx(run, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    properties = zipfile.ZipFile(tmp_path / "one").read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\d", properties) == ["2026-03-01"] * 2


def test_a_run_that_found_nothing_still_gives_every_sheet(tmp_path):
    run = made.run(
        conflicts=made.findings().iloc[:0],
        clusters=made.clusters().iloc[:0],
        sectors=made.sectors().iloc[:0],
        problems=made.run().problems.iloc[:0],
    )
    report.write_xlsx(run, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["核查事项清单"]["A4"].value == "本次无此类事项"
    assert len(book.sheetnames) == 9


def test_the_workbook_speaks_english_where_asked(run, tmp_path):
    with messages.use_language("en"):
        report.write_xlsx(run, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[:2] == ["Parks", "Findings"]
    assert "Share of the smaller (%)" in [cell.value for cell in book["Findings"][3]]


# The overview map


def test_the_overview_is_an_a3_sheet_and_the_same_bytes_twice(run, tmp_path):
    for name in ("one", "two"):
        report.write_overview(run, tmp_path / name)
    content = (tmp_path / "one").read_bytes()
    assert content == (tmp_path / "two").read_bytes()
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (3308, 2338)
    assert b"matplotlib" not in content


def drawn_texts(run, **options):
    page = report.figure._page(run, None, None, has_cjk=True, **options)
    return [text.get_text() for axes in page.axes for text in axes.texts] + [
        text.get_text() for text in page.texts
    ]


def test_the_overview_says_what_a_leader_asks_for(run):
    with report.cjk_fonts():
        said = drawn_texts(run)
    for part in (
        *("示例市产业园区范围及核查事项分布图", "甲园区", "戊园区", "1", "2", "3", "北", "图例"),
        *("1+2+1 (另列1)", "重点 1", "国家级开发区", "同质园区组：偏光片与光学膜（2园）"),
        *("数据截止日期：2026年3月1日    坐标系：2000国家大地坐标系", "500米"),
        "示意范围，非法定边界；本结果为数据比对提示，不作为行政认定依据",
    ):
        assert part in said, part
    assert any("审图号" in part for part in said)


AWKWARD = (*PAYLOADS, NAUGHTY, "$\\frac{", "🚧 ไทย", "", "two\nlines")


@pytest.mark.parametrize("names", [[" ".join(AWKWARD[at::5]) for at in range(5)], AWKWARD[-5:]])
def test_a_name_cannot_hurt_the_overview(tmp_path, names):
    run = made.run(parks=made.parks(name=names, city=names[:1] * 5), conflicts=made.findings(names))
    assert report.write_overview(run, tmp_path / "a.png") in (True, False)
    with report.cjk_fonts():
        assert not [said for said in drawn_texts(run) if "\x00" in said or "\u202e" in said]


def test_without_a_chinese_font_the_overview_is_english_with_ids(run, tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "cjk_font_files", tuple)
    assert report.write_overview(run, tmp_path / "a.png") is False
    assert report.cjk_font_name() is None
    with messages.use_language("en"):
        page = report.figure._page(run, None, None, has_cjk=False)
    said = [text.get_text() for axes in page.axes for text in axes.texts]
    assert "a × b" in said
    assert "".join(said).isascii() or not re.search("[\u4e00-\u9fff]", "".join(said))


def test_drawing_leaves_matplotlib_as_it_was(run, tmp_path):
    before, faces = dict(mpl.rcParams), list(font_manager.fontManager.ttflist)
    report.write_overview(run, tmp_path / "a.png")
    assert dict(mpl.rcParams) == before
    assert font_manager.fontManager.ttflist == faces


def test_parks_known_as_points_only_can_be_drawn(tmp_path):
    points = made.parks()
    points["geometry"] = points.geometry.representative_point()
    run = made.run(parks=points, conflicts=made.findings().iloc[1:2])
    assert report.write_overview(run, tmp_path / "a.png") in (True, False)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_the_paper_keeps_proportions_and_holds_every_park(run):
    sheet = sheet_of(run)
    bounds = np.array([sheet.on_paper(shape).bounds for shape in sheet.parks.geometry])
    assert bounds.min() >= 0
    assert (bounds[:, 2].max(), bounds[:, 3].max()) <= (4.0, 3.0)
    left, low, right, top = bounds[0]
    assert right - left == pytest.approx(top - low, rel=1e-3)


def collections(run):
    sheet = sheet_of(run)
    drawing.draw_parks(sheet, run)
    drawing.draw_findings(sheet)
    return sheet, sheet.axes


def test_every_park_is_drawn_once_with_the_fill_of_its_group(run):
    _, axes = collections(run)
    drawn = [c for c in axes.collections if not c.get_hatch()]
    fills = [tuple(np.round(fill, 3)) for c in drawn for fill in c.get_facecolor()]
    assert sum(len(c.get_paths()) for c in drawn) == 4
    orange = (0.902, 0.624, 0.0, 0.6)
    assert fills.count(orange) == 2
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(points) == 1


def test_findings_on_land_are_hatched_and_those_for_information_otherwise(run):
    _, axes = collections(run)
    assert sorted(c.get_hatch() for c in axes.collections if c.get_hatch()) == ["....", "//////"]
    dashes = [line for line in axes.lines if line.get_marker() != "o"]
    assert len(dashes) == 1


def test_more_groups_than_colours_share_a_grey():
    groups = pd.concat([made.clusters()] * 8, ignore_index=True)
    groups["parks"] = [(f"p{at}", f"q{at}") for at in range(8)]
    colours = drawing.group_colours(made.run(clusters=groups))
    assert len(set(colours.values())) == 7
    assert list(colours.values()).count(style.OTHER_GROUPS) == 4


def test_the_legend_explains_only_what_the_map_shows(run):
    bare = made.run(
        parks=made.parks().iloc[:3],
        conflicts=made.findings().iloc[:0],
        clusters=made.clusters()[:0],
    )
    with report.cjk_fonts():
        full, few = drawn_texts(run), drawn_texts(bare)
    for label in (
        "仅有点位的园区",
        "另列园区（不计入体系）",
        "同质竞争风险/竞合并存",
        "提示类重叠",
    ):
        assert label in full
        assert label not in few
    assert "省级开发区" in few


def test_districts_are_named_where_there_is_room(run):
    context = gpd.GeoDataFrame({"name": ["东区"]}, geometry=[square(-9e3, -9e3, 3e4)], crs=METRIC)
    page = report.figure._page(run, context, "标题", has_cjk=True)
    said = [text.get_text() for axes in page.axes for text in axes.texts]
    assert "东区" in said
    assert "标题" in [text.get_text() for text in page.texts]


def test_lines_and_points_of_the_context_are_drawn_and_explained(run):
    inside = square(width=800, height=800)
    road, station = shapely.LineString(inside.exterior.coords[:2]), inside.centroid
    shapes = [road, station, square(9e5, 9e5)]  # a district off the map
    context = gpd.GeoDataFrame({"name": ["路", "站", "区"]}, geometry=shapes, crs=METRIC)
    page = report.figure._page(run, context, None, has_cjk=True)
    said = {text.get_text() for axes in page.axes for text in axes.texts}
    assert {"道路、轨道等线（底图参考）", "站点等（底图参考）"} <= said
    assert "区界等（底图参考）" not in said
    drawn = page.axes[0]
    ways = [each for each in drawn.collections if isinstance(each, mpl.collections.LineCollection)]
    assert [len(each.get_segments()) for each in ways] == [1]
    assert "s" in [line.get_marker() for line in drawn.lines]
    bare = report.figure._page(run, None, None, has_cjk=True)
    assert not [text for axes in bare.axes for text in axes.texts if "底图" in text.get_text()]


def test_the_ground_of_the_parks_is_laid_out_once_for_all_lines(run, monkeypatch):
    made_of = []
    whole = marks.parks_on_paper
    monkeypatch.setattr(marks, "parks_on_paper", lambda sheet: made_of.append(1) or whole(sheet))
    row = run.conflicts[run.conflicts["kind"] == "homogeneity"].iloc[[0]]
    many = pd.concat([row.assign(number=at) for at in range(1, 6)])
    page = report.figure._page(replace(run, conflicts=many), None, None, has_cjk=True)
    dashed = [line for line in page.axes[0].lines if line.get_color() == style.LINK_INK]
    assert (len(dashed), len(made_of)) == (5, 1)


def test_the_sweep_marks_the_threshold_that_was_used(run):
    columns = ("pairs", "groups", "largest_group", "families", "largest_family")
    sweep = pd.DataFrame({column: [3, 2] for column in columns}, index=[0.5, 0.9])
    page = sector_figures._sweep_page(
        replace(run, sweep=sweep, null_similarity=0.72), lambda _: True
    )
    (axes,) = page.axes
    across = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 2]
    assert [0.72, 0.72] in [list(xs) for xs in across]
    assert "本次采用0.72" in [text.get_text() for text in axes.texts]
    assert "0.50" not in "".join(text.get_text() for text in axes.texts)


@given(st.floats(100, 5e3), st.floats(100, 5e3), st.floats(0.1, 0.9))
@settings(deadline=None, max_examples=40)
def test_a_park_keeps_its_area_and_its_hole_on_paper(width, height, hole):
    shape = square(0, 0, width, height)
    inner = square(width * 0.05, height * 0.05, width * hole, height * hole)
    parks = made.parks().iloc[:1].set_geometry([shape.difference(inner)], crs=METRIC)
    run = made.run(parks=parks, conflicts=made.findings().iloc[:0])
    sheet = sheet_of(run)
    (drawn,) = sheet.paths(sheet.parks.geometry)
    area = sum(polygon_area(ring) for ring in drawn.to_polygons())
    assert area * sheet.metres**2 == pytest.approx(shape.area - inner.area, rel=1e-6)


def polygon_area(ring):
    """Signed, so that a hole that turns the other way is subtracted."""
    x, y = (ring - ring[0]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def sheet_of(run):
    axes = mpl.figure.Figure().add_axes((0, 0, 1, 1))
    return paper.map_paper(run, axes, (4.0, 3.0), legible=bool)


def test_findings_without_land_are_joined_by_a_line_and_numbered(run):
    assert [row["number"] for row in marks.numbered(sheet_of(run))] == [1, 2, 3]


def test_the_number_on_a_line_is_near_an_end_and_beside_every_park():
    parks = shapely.union_all([box(0, -1, 2, 1), box(4, -1, 7, 1), box(9, -1, 11, 1)])
    tree = shapely.STRtree(shapely.get_parts(parks))
    spots = marks.near_ends(shapely.LineString([(1, 0), (10, 0)]), tree, 0.5)
    assert {spot[0] for spot in spots[:2]} <= {2.5, 8.5}
    assert all(parks.distance(shapely.Point(spot)) > 0.3 for spot in spots)
    assert not any(4 <= x <= 7 for x, _ in spots)


def test_a_line_all_over_parks_has_its_number_half_way():
    line = shapely.LineString([(1, 0), (9, 0)])
    assert marks.near_ends(line, shapely.STRtree([box(0, -1, 10, 1)]), 0.5) == [(5.0, 0.0)]


@given(st.floats(min_value=1, max_value=1e7))
@settings(deadline=None, max_examples=60)
def test_a_scale_bar_is_round_and_fits(length):
    chosen = furniture.scale_length(length)
    assert length / 2.6 < chosen <= length
    assert f"{chosen:.0e}"[0] in "125"


POINTS = st.tuples(st.floats(0, 10), st.floats(0, 10))
SIZES = st.tuples(st.floats(0.1, 3), st.floats(0.1, 1))


@given(st.lists(st.tuples(POINTS, SIZES), max_size=25))
@settings(deadline=None, max_examples=60)
def test_labels_never_cover_each_other_or_leave_the_sheet(wanted):
    placer = labels.Placer((0, 0, 10, 10))
    for anchor, size in wanted:
        placer.place(anchor, size, (0.0, 0.2, 0.6))
    for at, (left, low, right, top) in enumerate(placer.taken):
        assert left >= 0
        assert low >= 0
        assert right <= 10
        assert top <= 10
        for other in placer.taken[:at]:
            assert right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= low


def test_a_label_can_be_kept_to_a_place():
    placer = labels.Placer((0, 0, 10, 10), [(4.0, 4.0, 6.0, 6.0)])
    assert placer.place((5, 5), (1, 1), (0.0, 0.2, 1.0), allowed=lambda at: at[0] > 6) == (6.5, 5)
    assert placer.place((5, 5), (1, 1), (0.0, 0.2), allowed=lambda at: at[0] > 9) is None


@given(st.text(alphabet="园区产业经济技术AB", min_size=1, max_size=30), st.integers(4, 24))
@settings(deadline=None, max_examples=100)
def test_breaking_a_name_loses_no_letter(name, width):
    assert labels.broken(name, width).replace("\n", "").rstrip("…") in name
    assert labels.wrapped(name, width, lines=30).replace("\n", "") == name


# The record


def test_the_record_of_a_run_holds_versions_inputs_and_hashes_but_no_place(run, tmp_path):
    path = tmp_path / "conflicts.json"
    report.write_json(run, path)
    record = json.loads(report.json_text(report.run_record(run, [path])))
    assert record["sources"][0]["sha256"] == "ab" * 32
    assert record["criteria"]["sliver_width_m"] == 5.0
    assert record["files"][0]["name"] == "conflicts.json"
    assert len(record["files"][0]["sha256"]) == 64
    assert {"geopandas", "GEOS", "PROJ", "GDAL"} <= set(record["libraries"])
    assert str(tmp_path) not in json.dumps(record)
    assert record == report.run_record(run, [path])


def test_the_record_is_the_last_file_of_a_report():
    assert report.report_files()[-1] == "run.json"
    assert "conflicts.xlsx" in report.report_files()


@pytest.mark.parametrize(("known", "claimed"), [("file", False), ("option", True), ("epoch", True)])
def test_the_date_of_a_file_is_nowhere_called_that_of_the_data(known, claimed, tmp_path):
    run = made.run(options={"date_from": known})
    report.write_xlsx(run, tmp_path / "a.xlsx", map_file="map.html")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = {
        str(value)
        for page in book
        for row in page.iter_rows(values_only=True)
        for value in row
        if value
    }
    said = [*cells, *report.summary_lines(run), *(each.said for each in essay.essay(run))]
    assert any("数据截止日期" in each for each in said) is claimed
    assert any("数据文件日期" in each for each in said) is not claimed


#: Headings of the sheets as planners know them: a copy, so that a change of the catalogue is seen.
HEADINGS = {
    "总表": "序号|园区名称|代码|级别|类型|所在区（市）县|管理机构|主导产业|批复文号|核准面积（公顷）"
    "|所绘面积（公顷）|差值（公顷）|范围口径|重叠事项数|重叠面积（公顷）|同质事项数|管控线重叠（公顷）|备注",
    "核查事项清单": "序号|事项编号|类别|关注程度|园区甲|园区乙|区（市）县|情况说明|面积（公顷）|面积（亩）"
    "|占较小园区（%）|依据|建议|图上编号",
    "国土空间管控线比对表": "园区名称|管控线|关系|面积（公顷）|面积（亩）|占园区（%）|最宽处（米）"
    "|图层名称及版本",
    "主导产业重复情况表": "产业/环节|链段|申报园区数|园区名单|占比（%）|主要承载地|是否过粗",
    "产业链环节布局表": "产业链|链段|环节|布局情况|申报园区数|园区名单|上游已有布局|下游已有布局"
    "|上下游布局比例（%）|链长|链主企业|主要承载地",
    "补空白清单": "序号|产业链|链段|环节|上游已有布局|下游已有布局|情况说明|链长",
    "强弱项清单": "序号|产业链|链段|环节|园区名单|上游已有布局|下游已有布局|情况说明|链长",
    "同质园区组": "组号|园区数|组内园区|其中只报大类名称、待核实|共有环节|组内最低相似度|是否稳定"
    "|建议牵头园区（供研究）|涉及区（市）县",
    "门槛敏感性表": "相似度门槛|共有产业过半的园区对|同质园区组|组内园区数|最大组园区数|相近产业群|最大相近产业群园区数",
    "分区（市）县任务清单": "区（市）县|图上编号|关注程度|类别|涉及园区|面积（公顷）|面积（亩）|情况说明|建议",
    "数据问题清单": "序号|园区名称|数据行号|问题代码|程度|问题|处理建议",
    "口径与参数": "项目|取值",
}


def test_the_headings_of_every_sheet_are_those_people_know(tmp_path):
    report.write_xlsx(controlled(), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    found = {sheet.title: "|".join(str(cell.value) for cell in sheet[3]) for sheet in book}
    assert found == HEADINGS


def test_the_sheet_of_a_district_has_the_headings_of_the_list(tmp_path):
    layer = park_layer({"a": square(), "b": square(500)}, name=["甲", "乙"], district=["东区"] * 2)
    report.write_xlsx(pm.analyze(layer), tmp_path / "a.xlsx")
    own = openpyxl.load_workbook(tmp_path / "a.xlsx")["东区"]
    assert "|".join(cell.value for cell in own[3]) == HEADINGS["分区（市）县任务清单"]


def test_a_unit_in_a_heading_stays_on_one_line():
    for maker in (*lists.MAKERS.values(), *annex.MAKERS.values()):
        for column in maker(controlled()).columns:
            said = messages.text(f"report.heading.{column.key}")
            wide = sum(2 if ord(sign) > 0x2E80 else 1 for sign in said)
            assert column.width >= min(wide, 20) or "（" not in said, said


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (["集成电路:600000万元", "食品:8000万元"], "集成电路（60.00亿元）、食品（8,000.00万元）"),
        (["集成电路:0.6", "新型显示(40%)"], "集成电路（60.0%）、新型显示（40.0%）"),
        (["集成电路:3", "医药:1.5", "食品"], "集成电路:3、医药:1.5、食品"),
        ([], ""),
    ],
)
def test_weights_are_written_as_people_write_them(terms, said):
    assert cells.sectors_said(terms) == said


def test_output_is_in_millions_in_english():
    with messages.use_language("en"):
        assert cells.sectors_said(["IC:600000万元", "b:50万元"]) == (
            "IC (CNY 6,000.00 million), b (CNY 0.50 million)"
        )


def test_parks_that_only_adjoin_have_no_ground_in_any_file(tmp_path):
    layer = park_layer({"a": square(), "b": square(1030)}, name=["甲", "乙"])
    run = pm.analyze(layer, criteria=pm.Criteria(adjacent_gap_m=50.0))
    (row,) = run.conflicts.to_dict("records")
    assert (row["relation"], row["geometry"]) == ("adjacent", None)
    assert math.isnan(row["area_m2"])
    assert report.write_overview(run, tmp_path / "a.png") in (True, False)
    report.write_gpkg(run, tmp_path / "a.gpkg")
    rows = lists.MAKERS["findings"](run).rows
    assert rows[0][8:11] == (None, None, None)


def test_parks_outside_groups_stand_beside_those_they_are_like(run):
    index = pd.MultiIndex.from_tuples([("a", "y"), ("b", "c"), ("c", "x"), ("d", "z")])
    pairs = pd.DataFrame({"similarity": [0.9] * 4}, index=index)
    alike = replace(run, pairs=pairs, clusters=run.clusters.iloc[:0])
    assert sector_figures.matrix_order(alike) == ["a", "y", "b", "c", "x", "d", "z"]


def test_the_graph_joins_as_rivals_those_the_list_calls_so(run):
    index = pd.MultiIndex.from_tuples([("a", "b"), ("c", "d")])
    facts = {"similarity": [0.9] * 2, "rivalry": [0.9] * 2, "synergy": [0.0] * 2}
    inner = run.conflicts.iloc[[2]].assign(kind="homogeneity", verdict="internal")
    found = pd.concat([run.conflicts.iloc[[0]], inner])
    page = sector_figures._graph_page(
        replace(run, pairs=pd.DataFrame(facts, index=index), conflicts=found), lambda _: True
    )
    drawn = {tuple(each.get_colors()[0][:3]): each.get_segments() for each in lines_of(page)}
    assert len(drawn[mpl.colors.to_rgb(style.LINK_INK)]) == 1
    told = [text.get_text() for text in page.legends[0].get_texts()]
    assert told[:2] == ["同质竞争风险/竞合并存", "链上互补"]


def lines_of(page):
    return [each for each in page.axes[0].collections if hasattr(each, "get_segments")]
