"""Headings of columns as people write them: units of areas, marks, line breaks, two rows."""

import json

import openpyxl
import pytest

from parkmap import io
from parkmap.errors import InputError
from parkmap.io.headings import recognise

HEAD = "编号,园区名称,级别,主导产业,{},经度,纬度\n"
ROW = "001,青羊智造产业园,国家级,集成电路,{},104.031,30.616\n"


def read(folder, heading, figure="12", **options):
    path = folder / "a.csv"
    quoted = '"' + heading + '"'
    path.write_text(HEAD.format(quoted) + ROW.format(figure), encoding="utf-8")
    return io.read_source(path, **options)


def codes(reading):
    return set(reading.problems["code"])


@pytest.mark.parametrize(
    ("heading", "hectares"),
    [
        ("核准面积（单位：亩）", 0.8),
        ("核准面积（亩，保留整数）", 0.8),
        ("核准面积（2018年目录，亩）", 0.8),
        ("核准面积（市亩）", 0.8),
        ("核准面积（以亩计）", 0.8),
        ("核准面积【亩】", 0.8),
        ("核准面积/亩", 0.8),
        ("核准面积_亩", 0.8),
        ("approved_area_mu", 0.8),
        ("核准面积(单位:km2)", 1200),
        ("核准面积（平方公里、两位小数）", 1200),
        ("核准面积（平方km）", 1200),
        ("核准面积 单位：平方公里", 1200),
        ("核准面积_km2", 1200),
        ("Approved_Area_km2", 1200),
        ("Approved area (sq. km)", 1200),
        ("核准面积（百公顷）", 1200),
        ("核准面积（千亩）", 800),
        ("核准面积（百亩）", 80),
        ("核准面积（万平方米）", 12),
        ("核准面积（公顷，保留两位小数）", 12),
        ("核准面积\n（公顷）", 12),
        ("核准面积\r\n(公顷)", 12),
        ("核准面积_公顷", 12),
        ("核准面积：公顷", 12),
        ("核准面积-公顷", 12),
        ("核准面积,公顷", 12),
        ("核准用地面积（公顷）", 12),
        ("国家核准面积（公顷）", 12),
        ("2018年核准面积（公顷）", 12),
        ("审核公告面积（公顷）", 12),
        ("*核准面积*（公顷）", 12),
    ],
)
def test_the_unit_of_an_area_is_found_wherever_the_heading_says_it(tmp_path, heading, hectares):
    reading = read(tmp_path, heading)
    assert reading.parks["approved_area_ha"].tolist() == pytest.approx([hectares])
    assert not codes(reading) & {"PM108", "PM312", "PM321"}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("核准面积（顷）", "顷"),
        ("核准面积_顷", "顷"),
        ("核准面积（英亩）", "英亩"),
        ("核准面积（百万亩）", "百万亩"),
        ("核准面积（单位：垧）", "垧"),
        ("核准面积（公顷/亩）", "公顷/亩"),
    ],
)
def test_an_area_in_a_unit_not_known_is_not_used_and_said(tmp_path, heading, unit):
    reading = read(tmp_path, heading)
    assert reading.parks["approved_area_ha"].isna().all()
    told = reading.problems.set_index("code")
    assert unit in told.loc["PM321", "message"]
    assert "PM108" not in told.index
    chosen = {"approved_area_ha": f"{heading}:亩"}
    assert read(tmp_path, heading, columns=chosen).parks["approved_area_ha"].tolist() == [0.8]


@pytest.mark.parametrize("heading", ["核准面积", "核准面积（必填）", "核准面积（2018年目录）"])
def test_what_is_no_unit_is_taken_for_none(tmp_path, heading):
    reading = read(tmp_path, heading)
    assert reading.parks["approved_area_ha"].tolist() == [12]
    assert "PM108" in codes(reading)


@pytest.mark.parametrize("heading", ["核准面积_", "核准面积（", "核准面积平", "核准面积m"])
def test_a_unit_cut_off_by_a_field_is_not_guessed(tmp_path, heading):
    reading = read(tmp_path, heading)
    assert reading.parks["approved_area_ha"].isna().all()
    assert "PM312" in codes(reading)


@pytest.mark.parametrize(("heading", "hectares"), [("核准面积公", 12), ("核准面积km", 1200)])
def test_a_unit_of_which_the_beginning_is_left_is_known(tmp_path, heading, hectares):
    assert read(tmp_path, heading).parks["approved_area_ha"].tolist() == [hectares]


def test_of_areas_of_several_years_the_latest_is_used(tmp_path):
    path = tmp_path / "a.csv"
    head = "园区名称,2006年核准面积（公顷）,2018年核准面积（公顷）,经度,纬度\n"
    path.write_text(head + "甲园区,5,7,104,30\n", encoding="utf-8")
    assert io.read_parks(path)["approved_area_ha"].tolist() == [7]


def workbook(folder, *rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def table(folder, *rows):
    lines = [",".join(str(cell or "") for cell in row) for row in rows]
    (folder / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder / "a.csv"


MERGED = ("A1:A2", "B1:B2", "C1:D1", "E1:F1")
ROWS = [["甲园区", "省级", 12, 180, 104.1, 30.6], ["乙园区", "市级", 3, 45, 104.2, 30.7]]


@pytest.mark.parametrize("merged", [MERGED, (), None])
@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (("核准面积", ""), ("公顷", "亩")),
        (("面积（公顷）", ""), ("核准", "规划")),
        (("面积", ""), ("核准面积（公顷）", "规划面积（公顷）")),
    ],
)
def test_a_header_of_two_rows_is_read_as_one(tmp_path, upper, lower, merged):
    head = ["园区名称", "级别", *upper, "地理坐标", ""], ["", "", *lower, "经度", "纬度"]
    head = [[cell or None for cell in row] for row in head]
    made = table(tmp_path, *head, *ROWS)
    if merged is not None:
        made = workbook(tmp_path, *head, *ROWS, merged=merged)
    reading = io.read_source(made)
    assert reading.parks["name"].tolist() == ["甲园区", "乙园区"]
    assert reading.parks["tier"].tolist() == ["provincial", "municipal"]
    assert reading.parks["approved_area_ha"].tolist() == [12, 3]
    assert reading.parks["row"].tolist() == [3, 4]
    assert reading.parks.geometry.x.tolist() == [104.1, 104.2]
    assert {"PM102", "PM108"}.isdisjoint(codes(reading))
    assert "PM141" in codes(reading)
    assert reading.source.rows == 2


@pytest.mark.parametrize(
    ("title", "figure"),
    [
        (["开发区情况表（单位：亩）"], 180),
        (["情况表", "", "", "", "", "单位：亩、万元"], 180),
        (["情况表（面积单位：平方公里，产值单位：亿元）"], 0.12),
        (["情况表  计量单位为公顷"], 12),
    ],
)
def test_a_unit_above_the_header_is_that_of_the_area(tmp_path, title, figure):
    head = ["园区名称", "级别", "核准面积", "经度", "纬度"]
    reading = io.read_source(table(tmp_path, title, head, ["甲园区", "省级", figure, 104, 30]))
    assert reading.parks["approved_area_ha"].tolist() == pytest.approx([12])
    assert "PM322" in codes(reading)
    assert not codes(reading) & {"PM107", "PM108"}


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("情况表（单位：顷）", "PM321"),
        ("填报单位：甲平方公里开发公司", "PM108"),
        ("单位：万元", "PM108"),
    ],
)
def test_what_stands_above_is_not_taken_for_a_unit_we_know(tmp_path, title, code):
    head = ["园区名称", "级别", "核准面积", "经度", "纬度"]
    reading = io.read_source(table(tmp_path, [title], head, ["甲园区", "省级", 12, 104, 30]))
    assert code in codes(reading)
    assert "PM322" not in codes(reading)


def test_a_unit_in_the_heading_goes_before_the_one_above(tmp_path):
    head = ["园区名称", "级别", "核准面积（公顷）", "经度", "纬度"]
    above = ["情况表（单位：亩）"]
    reading = io.read_source(table(tmp_path, above, head, ["甲园区", "省级", 12, 104, 30]))
    assert reading.parks["approved_area_ha"].tolist() == [12]
    assert "PM322" not in codes(reading)


def test_a_first_park_with_gaps_is_no_second_row_of_a_header(tmp_path):
    head = ["园区名称", "级别", "备注", "", "经度", "纬度"]
    rows = [["甲园区", "", "原址", "待定", "", ""], ["", "省级", "见图", "", "104", "30"]]
    reading = io.read_source(table(tmp_path, head, *rows))
    assert len(reading.parks) == 2
    assert "PM141" not in codes(reading)


def test_remarks_above_a_header_do_not_become_headings(tmp_path):
    above = ["填报单位：甲局", "", "日期：2024年", "", "", ""]
    head = ["园区名称", "级别", "备注", "说明", "经度", "纬度"]
    reading = io.read_source(table(tmp_path, above, head, ["甲园区", "省级", "x", "y", 104, 30]))
    assert {"备注", "说明"} <= set(reading.parks.columns)
    assert "PM102" in codes(reading)
    assert "PM141" not in codes(reading)


def test_traditional_headings_are_read_as_headings():
    found = recognise(["園區名稱", "級別", "主導產業", "所屬區縣", "管理機構"], chosen={})
    assert found == {
        "name": "園區名稱", "tier": "級別", "sectors": "主導產業", "district": "所屬區縣",
        "managing_body": "管理機構",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("主导产业1", "主导产业2"),
        ("主导产业一", "主导产业二"),
        ("第一主导产业", "第二主导产业"),
        ("主导产业（产业一）", "主导产业（产业二）"),
        ("主导产业", "主导产业2"),
        ("Leading sector 1", "Leading sector 2"),
    ],
)
def test_sectors_of_several_columns_are_read_together_in_their_order(tmp_path, one, two):
    rows = ["甲园区", "食品、医药", "集成电路", 104, 30], ["乙园区", "", "食品", 104.1, 30]
    path = table(tmp_path, ["园区名称", two, one, "经度", "纬度"], *rows)
    reading = io.read_source(path)
    told = [("集成电路", "食品", "医药"), ("食品",)]
    assert reading.parks["sectors"].tolist() == told
    assert not {one, two} & set(reading.parks.columns)
    message = reading.problems.set_index("code").loc["PM106", "message"]
    assert f"sectors={one}+{two}" in message
    assert not codes(reading) & {"PM410", "PM411", "PM412"}
    assert io.read_parks(path, columns={"sectors": one})["sectors"].tolist() == [
        ("集成电路",),
        ("食品",),
    ]
    turned = io.read_parks(path, columns={"sectors": f"{two}+{one}"})["sectors"].tolist()
    assert turned == [("食品", "医药", "集成电路"), ("食品",)]


def test_sectors_of_several_columns_need_no_places(tmp_path):
    rows = ["甲园区", "不明产业甲", "集成电路"], ["乙园区", "不明产业乙", "食品"]
    reading = io.read_source(table(tmp_path, ["园区名称", "主导产业1", "主导产业2"], *rows))
    assert reading.parks["sectors"].tolist()[0] == ("不明产业甲", "集成电路")


def test_a_column_of_the_sum_that_is_not_there_is_named(tmp_path):
    path = table(tmp_path, ["园区名称", "产甲", "经度", "纬度"], ["甲园区", "食品", 104, 30])
    with pytest.raises(InputError, match=r"产甲.产乙"):
        io.read_parks(path, columns={"sectors": "产甲+产乙"})


def test_columns_of_years_are_not_put_together(tmp_path):
    head = ["园区名称", "主导产业（2023年）", "主导产业（2024年）", "经度", "纬度"]
    reading = io.read_source(table(tmp_path, head, ["甲园区", "食品", "医药", 104, 30]))
    assert reading.parks["sectors"].tolist() == [("食品",)]


def test_a_break_in_a_heading_is_neither_shown_nor_typed(tmp_path):
    head = ["园区\n名称", "级\n别", "主导\r\n产业", "核准面积\n（亩）", "经\n度", "纬\n度"]
    path = workbook(tmp_path, head, ["甲园区", "省级", "食品", 15, 104, 30])
    reading = io.read_source(path)
    assert reading.parks[["name", "tier"]].to_numpy().tolist() == [["甲园区", "provincial"]]
    assert reading.parks["approved_area_ha"].tolist() == pytest.approx([1])
    assert not reading.problems["message"].str.contains("[\r\n]", regex=True).any()
    message = reading.problems.set_index("code").loc["PM106", "message"]
    assert "核准面积（亩）" in message
    assert "lon=经度" in message
    for said in ("核准面积（亩）", "核准面积（亩）:km2"):
        chosen = io.read_parks(path, columns={"approved_area_ha": said})
        assert chosen["approved_area_ha"].tolist() == pytest.approx([1500 if "km2" in said else 1])


@pytest.mark.parametrize(
    "heading",
    ["省政府批准的面积", "Area approved by the State", "面积", "HZMJ", "园区总面积（亩）"],
)
def test_an_area_that_was_not_read_is_named(tmp_path, heading):
    reading = read(tmp_path, heading)
    assert reading.parks["approved_area_ha"].isna().all()
    assert heading in reading.problems.set_index("code").loc["PM323", "message"]


@pytest.mark.parametrize(
    "heading", ["规划面积（公顷）", "Shape_Area", "核准面积备注", "建筑面积", "批准文号"]
)
def test_another_area_is_not_named(tmp_path, heading):
    assert "PM323" not in codes(read(tmp_path, heading, "国发" if "备注" in heading else "12"))


def test_the_same_area_in_a_second_unit_is_not_named_another_year_is(tmp_path):
    head = ["园区名称", "核准面积（公顷）", "核准面积（亩）", "经度", "纬度"]
    reading = io.read_source(table(tmp_path, head, ["甲园区", 1, 15, 104, 30]))
    assert "PM323" not in codes(reading)
    head[2] = "2006年核准面积（公顷）"
    reading = io.read_source(table(tmp_path, head, ["甲园区", 1, 15, 104, 30]))
    assert "PM323" in codes(reading)


@pytest.mark.parametrize(
    ("heading", "cells", "ids"),
    [
        ("id", ["001", "002"], ["001", "002"]),
        ("编号*", ["7", "8"], ["7", "8"]),
        ("id", ["1", "2"], ["甲园区", "乙园区"]),
        ("id", ["0", "1"], ["甲园区", "乙园区"]),
    ],
)
def test_ids_are_taken_unless_they_are_running_numbers(tmp_path, heading, cells, ids):
    rows = [[cells[0], "甲园区", 104, 30], [cells[1], "乙园区", 104.1, 30]]
    path = tmp_path / "a.csv"
    lines = [[heading, "园区名称", "经度", "纬度"], *rows]
    path.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
    assert io.read_parks(path).index.tolist() == ids


def test_the_alias_of_a_field_says_what_its_name_does_not(tmp_path):
    pairs = {
        "BH": "编号",
        "YQMC": "园区名称",
        "HZMJ": "核准面积（亩）",
        "tier": "等级说明",
        "BZ": "备注",
    }
    fields = [{"name": name, "alias": alias} for name, alias in pairs.items()]
    attributes = {"BH": "001", "YQMC": "甲园区", "HZMJ": 15, "tier": "省级", "BZ": "无"}
    feature = {"attributes": attributes, "geometry": {"x": 104, "y": 30}}
    made = {"spatialReference": {"wkid": 4490}, "fields": fields, "features": [feature]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    parks = io.read_parks(path)
    assert parks.index.tolist() == ["001"]
    assert parks["approved_area_ha"].tolist() == pytest.approx([1])
    assert parks[["name", "tier", "BZ"]].to_numpy().tolist() == [["甲园区", "provincial", "无"]]
    named = io.read_parks(path, columns={"approved_area_ha": "HZMJ:km2", "name": "YQMC"})
    assert named["approved_area_ha"].tolist() == [1500]


@pytest.mark.parametrize("fields", [None, 3, [None], [{"name": 3}], [{"name": "A", "alias": None}]])
def test_aliases_that_are_none_do_no_harm(tmp_path, fields):
    feature = {"attributes": {"A": "x", "name": "甲"}, "geometry": {"x": 104, "y": 30}}
    made = {"spatialReference": {"wkid": 4490}, "fields": fields, "features": [feature]}
    (tmp_path / "a.json").write_text(json.dumps(made), encoding="utf-8")
    assert io.read_parks(tmp_path / "a.json")["name"].tolist() == ["甲"]


def test_a_table_of_sectors_may_have_them_in_several_columns(tmp_path):
    layer = tmp_path / "parks.csv"
    layer.write_text("园区名称,经度,纬度\n甲园区,104,30\n", encoding="utf-8")
    parks = io.read_parks(layer)
    path = workbook(tmp_path, ["园区名称", "主导产业一", "主导产业二"], ["甲园区", "食品", "医药"])
    assert io.join_sectors(parks, path)[0]["sectors"].tolist() == [("食品", "医药")]
    said = {"sectors": "主导产业二+主导产业一"}
    turned, _ = io.join_sectors(parks, path, columns=said)
    assert turned["sectors"].tolist() == [("医药", "食品")]


def test_a_sheet_of_parks_by_sectors_of_several_columns_is_found(tmp_path):
    path = workbook(tmp_path, ["园区名称", "主导产业1", "主导产业2"], ["甲园区", "食品", "医药"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明", 0).append(["填表说明", "请勿改动"])
    book.save(path)
    assert io.read_parks(path)["sectors"].tolist() == [("食品", "医药")]


def test_the_level_of_approval_is_the_tier(tmp_path):
    path = table(tmp_path, ["园区名称", "批准级别", "经度", "纬度"], ["甲园区", "省级", 104, 30])
    reading = io.read_source(path)
    assert reading.parks["tier"].tolist() == ["provincial"]
    assert "PM315" not in codes(reading)


@pytest.mark.parametrize("heading", ["所在县区", "县（市、区）", "所在县(市、区)", "所属县区"])
def test_counties_are_districts(heading):
    assert recognise(["名称", heading], chosen={})["district"] == heading
