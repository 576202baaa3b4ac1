"""Lists as offices keep them: read whole, nothing invented, nothing dropped unsaid."""

import datetime as dt
import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from parkmap import io, messages, schema
from parkmap.errors import InputError
from parkmap.io import figures
from parkmap.io.headings import meanings

HEAD = ["机会编号", "机会名称", "供需类别", "产业链", "环节", "金额(万元)", "金额口径"]


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def sheet(path, *rows, merge=(), more=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merge:
        book.active.merge_cells(area)
    for title, other in more:
        page = book.create_sheet(title)
        for row in other:
            page.append(row)
    book.save(path)
    return path


def codes(problems):
    return problems["code"].tolist()


def read(path, kind="opportunities", **options):
    return io.read_list(path, kind, **options)


@pytest.mark.parametrize(
    ("cell", "unit", "yuan"),
    [
        ("5000", "万元", 5e7), ("5,000.5", "万元", 50_005_000), ("1.2亿", "万元", 1.2e8),
        ("300万元", "亿元", 3e6), ("3200元", "万元", 3200), ("1 234", "元", 1234), ("0", "万元", 0),
        ("¥12,000,000元", "万元", 1.2e7), ("0.1", "万元", 1000), ("10", "cny10,000", 1e5),
    ],
)  # fmt: skip
def test_amounts_are_read_in_their_own_unit(cell, unit, yuan):
    assert figures.amount_cny(cell, unit) == (yuan, False)


@pytest.mark.parametrize(
    "cell", ["2000-3000", "-5", "500万美元", "很多", "1/2", "5千", "5.", "=1+1", "1e9"]
)
def test_what_is_no_single_amount_in_yuan_is_not_guessed(cell):
    assert figures.amount_cny(cell, "万元")[0] is None


@pytest.mark.parametrize(
    "cell", ["约5000", "不低于5000万元", "5000余万元", "5000万元以上", "超5000"]
)
def test_rough_amounts_are_read_and_said_to_be_rough(cell):
    expected = None if cell == "5000余万元" else 5e7
    assert figures.amount_cny(cell, "万元")[0] == expected


@given(st.integers(0, 10**12))
def test_any_amount_comes_back_to_the_yuan(yuan):
    assert figures.amount_cny(f"{yuan / 10_000:.4f}", "万元") == (yuan, False)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2026-02-03", "2026-02-03", "2026-02-03"), ("2026年2月3日", "2026-02-03", "2026-02-03"),
        ("2026.2", "2026-02-01", "2026-02-28"), ("2026年底", "2026-01-01", "2026-12-31"),
        ("2026-02-30", None, None), ("长期", "", ""), ("3月", None, None), ("2026/13", None, None),
        ("2026-12-31T08:00:00", "2026-12-31", "2026-12-31"), ("２０２６年２月", "2026-02-01", "2026-02-28"),
    ],
)  # fmt: skip
def test_dates_are_read_and_impossible_ones_are_not(cell, first, last):
    assert figures.iso_date(cell, last=False) == first
    assert figures.iso_date(cell, last=True) == last


def test_a_list_under_a_title_with_blank_rows_totals_and_an_example(tmp_path):
    path = sheet(
        tmp_path / "a.xlsx",
        ["XX市产业机会清单"],
        ["序号", *HEAD],
        ["示例", "X", "例", "企业供给", "新型显示", "偏光片", 1, "合同额"],
        [1, "J1", "采购偏光片", "企业需求", "新型显示", "偏光片", 5000, "采购额"],
        [None],
        [2, "J2", "产线", "政府供给", "集成电路", "封测", "1.5亿", "投资额"],
        ["合计", None, None, None, None, None, 20000],
    )
    table, problems = read(path)
    assert table.index.tolist() == ["J1", "J2"]
    assert table["row"].tolist() == [4, 6]
    assert table["category"].tolist() == ["enterprise_demand", "government_supply"]
    assert table["amount_cny"].tolist() == [5e7, 1.5e8]
    assert table["basis"].tolist() == ["purchase", "investment"]
    assert problems[["code", "row"]].to_numpy().tolist() == [["PM105", 7], ["PM104", 0]]


def test_a_gbk_csv_reads_like_the_workbook(tmp_path):
    rows = [HEAD, ["J1", "采购", "需求", "新型显示", "偏光片", "5,000", "采购额"]]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    (tmp_path / "a.csv").write_text(text, encoding="gbk")
    one, _ = read(tmp_path / "a.csv")
    two, _ = read(sheet(tmp_path / "a.xlsx", *rows))
    pd.testing.assert_frame_equal(one, two)
    assert one.loc["J1", "category"] == "demand"


def test_a_merged_amount_counts_once_and_a_merged_name_for_every_row(tmp_path):
    rows = [
        HEAD,
        ["J1", "甲", "政府需求", "医药", "中药饮片", 900, "采购额"],
        *[[f"J{i}"] for i in (2, 3)],
    ]
    path = sheet(tmp_path / "a.xlsx", *rows, merge=["B2:B4", "D2:D4", "F2:F4"])
    table, problems = read(path)
    assert table["title"].tolist() == ["甲"] * 3
    assert table["chain"].tolist() == ["医药"] * 3
    assert table["amount_cny"].sum() == 9e6
    assert codes(problems).count("PM605") == 2


def test_unknown_headings_are_named_with_the_nearest(tmp_path):
    head = [*HEAD[:4], "产业环结", "金额(万元)", "口味"]
    _, problems = read(sheet(tmp_path / "a.xlsx", head, ["J1", "甲"]))
    said = problems[problems["code"] == "PM601"]
    assert "产业环结" in said["message"].iloc[0]
    assert "环节" in said["remedy"].iloc[0]


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("opportunities", ["机会的名", "产业链"]),
        ("demands", ["企业名称", "产业链"]),
        ("companies", ["产业链", "环节"]),
    ],
)
def test_a_list_without_its_headings_is_refused_in_one_line(tmp_path, kind, head):
    with pytest.raises(InputError) as fault:
        read(sheet(tmp_path / "a.xlsx", head, ["甲", "乙"]), kind)
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) <= 200
    assert "match --template" in str(fault.value)


def test_no_table_is_refused(tmp_path):
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InputError, match="XLSX or CSV"):
        read(tmp_path / "a.geojson")


def test_each_list_of_one_workbook_is_found_by_its_headings(tmp_path):
    heads = {kind: [names[0] for names in meanings()[kind].values()] for kind in schema.LISTS}
    more = [(kind, [heads[kind], [f"{kind}-{i}" for i in heads[kind]]]) for kind in schema.LISTS]
    path = sheet(tmp_path / "a.xlsx", ["说明"], more=more)
    for kind in schema.LISTS:
        table, problems = read(path, kind)
        assert table["list"].tolist() == [kind]
        assert "PM601" not in codes(problems)


def test_words_that_are_no_option_are_listed_and_not_guessed(tmp_path):
    table, problems = read(
        sheet(tmp_path / "a.xlsx", HEAD, ["J1", "甲", "大概需求", "医药", "", 5, "采购款"])
    )
    assert table.loc["J1", ["category", "basis"]].tolist() == ["", ""]
    assert codes(problems).count("PM606") == 2


def test_an_amount_may_stand_under_its_own_kind(tmp_path):
    head = ["机会名称", "环节", "投资额(亿元)", "采购额(万元)", "预计带动规模(亿元)"]
    table, problems = read(
        sheet(tmp_path / "a.xlsx", head, ["甲", "封测", 2, None, 50], ["乙", "封测", 1, 300, None])
    )
    assert table["basis"].tolist() == ["investment", "investment"]
    assert table["amount_cny"].tolist() == [2e8, 1e8]
    assert table["driven_cny"].tolist()[0] == 5e9
    assert codes(problems).count("PM611") == 1


def test_what_is_driven_along_is_never_an_amount(tmp_path):
    rows = ["J1", "甲", "政府需求", "医药", "", 5000, "带动规模"]
    table, _ = read(sheet(tmp_path / "a.xlsx", HEAD, rows))
    assert math.isnan(table.loc["J1", "amount_cny"])
    assert table.loc["J1", "driven_cny"] == 5e7


@given(
    st.permutations(
        [("甲", "求购玻璃"), ("乙", "求购玻璃"), ("甲", "求购光学膜"), ("甲", "求购玻璃")]
    )
)
def test_made_ids_do_not_depend_on_the_order_of_rows(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("l") / "a.csv"
    path.write_text(
        "\n".join(map(",".join, [("企业名称", "需求", "环节"), *((*row, "玻璃") for row in rows)])),
        encoding="utf-8",
    )
    table, _ = read(path, "demands")
    assert table.index.is_unique
    named = {
        i.split("#")[0]: (p, c)
        for i, p, c in zip(table.index, table["party"], table["content"], strict=True)
    }
    assert len(named) == 3
    assert all(item.startswith("XQ-") for item in named)


def test_an_id_used_twice_gives_way_to_ids_made_from_the_content(tmp_path):
    rows = [["J1", "甲"], ["J1", "乙"], ["J3", "丙"]]
    table, problems = read(sheet(tmp_path / "a.xlsx", HEAD, *rows))
    assert table.index.is_unique
    assert table.index[2] == "J3"
    assert all(item.startswith("J1-") for item in table.index[:2])
    assert "PM609" in codes(problems)


def test_rows_that_name_nothing_stay_and_are_listed(tmp_path):
    table, problems = read(sheet(tmp_path / "a.xlsx", HEAD, ["J1", "甲"], ["J2"]))
    assert len(table) == 2
    assert problems.loc[problems["code"] == "PM610", "row"].tolist() == [3]


def test_persons_and_numbers_are_not_taken_in(tmp_path):
    head = ["企业名称", "需求", "联系人", "电话", "环节"]
    table, problems = read(
        sheet(tmp_path / "a.xlsx", head, ["甲", "乙", "王某某", "028-1234"]), "demands"
    )
    assert "王某某" not in table.to_csv()
    assert "028-1234" not in table.to_csv()
    assert "PM601" not in codes(problems)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "other"),
    [(one, two) for one in schema.LISTS for two in schema.LISTS if one != two],
)
def test_another_list_is_refused_in_one_line_that_names_it(tmp_path, lang, kind, other):
    with messages.use_language(lang):
        path = sheet(tmp_path / "a.xlsx", messages.text(f"matching.columns.{other}").split("|"))
        with pytest.raises(InputError) as fault:
            read(path, kind)
    assert f"--{other}" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_table_of_something_else_is_refused_or_told(tmp_path):
    parks = sheet(tmp_path / "a.xlsx", ["名称", "级别", "主导产业"], ["甲园区", "省级", "医药"])
    with pytest.raises(InputError, match="产业链"):
        read(parks)
    head = ["序号", "企业名称", "环节", "诉求编号", "诉求类别", "诉求内容", "来源", "提出日期"]
    _, problems = read(sheet(tmp_path / "b.xlsx", head, [1, "甲", "封测"]), "companies")
    assert codes(problems)[0] == "PM613"
    assert "3 of 8" in problems["message"].iloc[0]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("column", ["category", "need", "mode", "basis", "status"])
def test_every_word_that_is_offered_is_understood(column, lang):
    offered = messages.text(f"io.option.{column}", lang=lang).split("|")
    known = {word.casefold() for words in meanings()[column].values() for word in words}
    assert {word.casefold() for word in offered} <= known


def test_a_status_outside_the_list_is_told_with_its_row_and_counts_as_open(tmp_path):
    head = [*HEAD, "状态"]
    row = ["J1", "甲", "政府需求", "医药", "中药饮片", 5, "采购额", "正在谈"]
    table, problems = read(sheet(tmp_path / "a.xlsx", ["清单"], ["说明"], head, row))
    assert table.loc["J1", "status"] == ""
    assert problems[["code", "row"]].to_numpy().tolist() == [["PM606", 4]]
    assert "正在谈" in problems["message"].iloc[0]


@pytest.mark.parametrize(
    ("heading", "cell", "m2"),
    [("用地面积(亩)", "30", 20_000), ("用地需求", "1.5公顷", 15_000), ("需用地(公顷)", 2, 20_000)],
)
def test_ground_is_read_in_its_unit(tmp_path, heading, cell, m2):
    rows = [["企业名称", "环节", heading], ["甲", "封测", cell], ["乙", "封测", "若干"]]
    table, problems = read(sheet(tmp_path / "a.xlsx", *rows), "companies")
    assert table["land_m2"].iloc[0] == pytest.approx(m2)
    assert math.isnan(table["land_m2"].iloc[1])
    assert problems[["code", "row"]].to_numpy().tolist() == [["PM602", 3]]


def test_ground_in_a_unit_not_known_is_not_read_as_mu(tmp_path):
    rows = [["企业名称", "环节", "用地面积(顷)"], ["甲", "封测", "30"]]
    table, problems = read(sheet(tmp_path / "a.xlsx", *rows), "companies")
    assert math.isnan(table["land_m2"].iloc[0])
    assert problems["code"].tolist() == ["PM602"]


def test_financing_is_a_kind_of_its_own(tmp_path):
    head = [*HEAD[:5], "融资额（万元）"]
    table, problems = read(sheet(tmp_path / "a.xlsx", head, ["J1", "甲", "", "", "偏光片", 7]))
    assert table[["amount_cny", "basis"]].to_numpy().tolist() == [[70_000, "financing"]]
    row = ["J1", "甲", "政府需求", "", "偏光片", 5, "融资额"]
    assert read(sheet(tmp_path / "b.xlsx", HEAD, row))[0]["basis"].tolist() == ["financing"]
    assert problems.empty


def test_a_list_that_names_no_segment_is_told_so_once(tmp_path):
    made = [
        ["J1", "甲", "政府需求", "医药", "", 5, ""],
        ["J2", "乙", "政府需求", "食品", "", 5, ""],
    ]
    _, problems = read(sheet(tmp_path / "a.xlsx", HEAD, *made))
    assert problems[["code", "row"]].to_numpy().tolist() == [["PM614", 0]]


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([*HEAD, "有效期至"])
    until = dt.date(2026, 3, 1)
    book.active.append(["J1", "采购", "企业需求", "新型显示", "偏光片", 5, "采购额", until])
    book.save(path)
    assert read(path)[0]["until"].tolist() == ["2026-03-01"]
