"""Rows of tables that are no parks: each is listed, none becomes a park, no park is lost."""

import openpyxl
import pytest

from parkmap import io, messages
from parkmap.errors import InputError
from parkmap.io.layout import sorted_out
from parkmap.io.totals import is_total

HEAD = ["编号", "园区名称", "级别", "主导产业", "核准面积（公顷）", "经度", "纬度"]
PARKS = [
    ["001", "青羊智造产业园", "国家级", "集成电路", "1200.5", "104.03", "30.61"],
    ["002", "锦城电子信息产业园", "省级", "汽车零部件", "980", "104.11", "30.61"],
    ["003", "龙门山食品产业园", "市级", "食品饮料", "560.25", "104.21", "30.51"],
]
GROUPS = ("headings", "coordinates")


def row(*cells):
    return [*cells, *[""] * (len(HEAD) - len(cells))]


def read(rows, headings=HEAD, **options):
    said = {"groups": GROUPS, "chosen": {}, **options}
    return sorted_out(rows, headings, first=2, **said)


def table(path, rows):
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return io.read_source(path)


NO_PARKS = {
    "一、国家级开发区（1个）": (row("一、国家级开发区（1个）"), "PM136"),
    "its number in a cell of its own": (row("二", "省级开发区"), "PM136"),
    "its number in brackets": (row("（一）", "四川省"), "PM136"),
    "a province with its count": (row("(一)四川省（3家）"), "PM136"),
    "a tier alone, under the names": (row("", "省级开发区"), "PM136"),
    "a place alone, under the names": (row("", "锦江区"), "PM136"),
    "a group with its sum": (row("", "一、国家级开发区", "", "", "1200.5"), "PM136"),
    "the header once more": (HEAD, "PM134"),
    "numbers of empty rows": (row("4"), "PM137"),
    "one word that is no name": (row("", "", "待补充"), ""),  # an unknown tier is told as such
    "a word in the column of ids": (row("待补充"), "PM139"),
    "zero bytes": (row("\0\0\0"), "PM140"),
    "who filled it in": (row("填表人：张三", "", "审核人：李四", "", "", "联系电话："), "PM125"),
    "a sentence": (row("面积以批复为准。"), "PM125"),
    "another header": (["园区名称", "级别", "所在区县", "主导产业", "备注", "", ""], "PM138"),
    "a part of the park above": (row("", "其中：青白江片区", "", "", "100"), "PM105"),
    "a total": (row("", "合计数", "", "", "2740.75"), "PM105"),
}


@pytest.mark.parametrize("case", NO_PARKS)
def test_such_a_row_is_no_park_and_is_listed(case):
    cells, code = NO_PARKS[case]
    kept = read([PARKS[0], cells, *PARKS[1:]])
    listed = [(said["code"], said["row"]) for said in kept.problems]
    assert listed == ([(code, 3)] if code else [])
    assert kept.numbers == ([2, 4, 5] if code else [2, 3, 4, 5])


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "2", "3", "4", "5", "6", "7"],
        ["甲", "乙", "丙", "丁", "1", "2", "3"],
        ["甲", "乙", "丙", "丁", "5", "6", "7"],
        ["（1）", "（2）", "（3）", "（4）", "（5）=（3）+（4）", "（6）", "（7）"],
        ["文本", "文本", "选填", "顿号分隔", "数值", "度", "度"],
        ["", "", "", "", "公顷", "度", "度"],
    ],
)
def test_a_row_that_numbers_or_explains_columns_stands_first(cells):
    kept = read([cells, *PARKS])
    assert kept.numbers == [3, 4, 5]
    assert [said["code"] for said in kept.problems] == ["PM135"]


@pytest.mark.parametrize(
    "cells",
    [
        row("4", "青白江园区"),  # a park of which nothing else is known yet
        row("", "青白江园区"),
        row("", "一、青白江园区", "", "建材"),
        row("", "国家级开发区（1个）", "", "", "", "104.3", "30.9"),
        row("4", "", "", "", "", "104.3", "30.9"),
        row("4", "", "省级"),
        row("4", "", "", "", "88"),
        row("4", "锦江区", "", "", "88"),
        row("", "一号产业园"),
        row("", "其中：青白江片区", "", "建材"),
        row("", "甲", "", "乙", "", "", ""),
    ],
)
def test_a_row_that_may_be_a_park_is_kept(cells):
    kept = read([*PARKS[:1], cells, *PARKS[1:]])
    assert kept.numbers == [2, 3, 4, 5]
    assert not kept.problems


def test_lines_under_a_note_belong_to_it_and_parks_do_not():
    under = [row("备注：1.数据来源于统计年鉴"), row("2.面积含托管区"), row("", "青白江园区")]
    kept = read([*PARKS, *under])
    assert kept.numbers == [2, 3, 4, 7]
    assert [said["row"] for said in kept.problems] == [5, 6]


def test_many_numbered_empty_rows_are_one_line():
    kept = read([*PARKS, *[row(str(4 + at)) for at in range(20)]])
    (told,) = kept.problems
    assert (told["code"], told["row"]) == ("PM137", 5)
    assert "20" in told["message"]


def test_a_list_of_something_else_keeps_its_rows():
    kept = sorted_out(
        [["一、供给", "", ""], ["4", "", ""], ["机会名称", "产业链", "环节"]],
        ["机会名称", "产业链", "环节"], first=2, groups=("opportunities",), chosen={},
    )  # fmt: skip
    assert kept.numbers == [2, 3]
    assert [said["code"] for said in kept.problems] == ["PM134"]


@pytest.mark.parametrize(
    "word",
    [*("合 计", "全市合计", "合计：", "合计（3个）", "共计", "总计", "全市", "小 计", "平均", "合计数"),
     *("Total", "累计", "其中：国家级", "其中：省级开发区", "—— 合计 ——", "计", "平均值", "Average")],
)  # fmt: skip
def test_words_of_rows_that_add_up(word):
    assert is_total(word)


@pytest.mark.parametrize(
    "name",
    [
        "会计产业园",
        "设计",
        "全市场园区",
        "其中：青白江片区",
        "总部经济园",
        "均安镇园区",
        "计算机园",
    ],
)
def test_names_that_only_look_so(name):
    assert not is_total(name)


CATALOGUE = [
    ["一、国务院批准设立的开发区（1家）"],
    ["（一）经济技术开发区"],
    ["四川省（1家）"],
    ["1", "G511001", "成都经济技术开发区", "2000.02", "994"],
    ["二、省（自治区、直辖市）人民政府批准设立的开发区"],
    ["四川省（2家）"],
    ["2", "S517001", "四川郫县工业园区", "2006.03", "500"],
    ["3", "S517002", "四川双流经济开发区", "2006.03", "400"],
    ["三、其他"],
    ["4", "", "天府园区", "", "100"],
]


def test_the_official_catalogue_tells_tiers_by_its_groups(tmp_path):
    head = ["序号", "代码", "开发区名称", "批准时间", "核准面积（公顷）", "主导产业"]
    made = [cells if len(cells) == 1 else [*cells, "医药"] for cells in CATALOGUE]
    reading = table(tmp_path / "a.xlsx", [head, *made])
    assert reading.parks["tier"].tolist() == ["national", "provincial", "provincial", ""]
    assert reading.source.rows == len(CATALOGUE)
    codes = reading.problems["code"].tolist()
    assert codes.count("PM136") == len(CATALOGUE) - len(reading.parks)
    (told,) = reading.problems.loc[reading.problems["code"] == "PM316", "message"]
    assert told.startswith("3 ")


def test_a_tier_that_a_park_states_goes_before_that_of_its_group(tmp_path):
    own = [*PARKS[1][:2], "", *PARKS[1][3:]]
    rows = [HEAD, row("一、国家级开发区（1个）"), PARKS[0], row("二、省级开发区"), own, PARKS[2]]
    reading = table(tmp_path / "a.xlsx", rows)
    assert reading.parks["tier"].tolist() == ["national", "provincial", "municipal"]
    with messages.use_language("zh"):
        reading = io.read_source(tmp_path / "a.xlsx")
    assert "1 个园区的级别取自其上的分组标题" in reading.problems["message"].tolist()


def test_the_end_sign_of_dos_is_no_row(tmp_path):
    text = "\r\n".join(",".join(cells) for cells in [HEAD, *PARKS]) + "\r\n\x1a"
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gbk"))
    reading = io.read_source(path)
    assert (len(reading.parks), reading.source.rows) == (3, 3)


def test_a_table_that_lies_across_is_refused_in_a_line(tmp_path):
    across = [list(cells) for cells in zip(HEAD[:5], *(park[:5] for park in PARKS), strict=True)]
    for rows in (across, [["序号", 1, 2, 3], *across], [["", *cells] for cells in across]):
        with pytest.raises(InputError, match=r"transpose|转置"):
            table(tmp_path / "a.xlsx", rows)


def test_one_park_whose_cells_are_merged_over_a_row_for_each_sector(tmp_path):
    more = [*PARKS[0][:3], "生物医药", *PARKS[0][4:]]
    book = openpyxl.Workbook()
    for cells in (HEAD, PARKS[0], more, PARKS[1]):
        book.active.append(cells)
    for column in "ABCEFG":
        book.active.merge_cells(f"{column}2:{column}3")
    book.save(tmp_path / "a.xlsx")
    reading = io.read_source(tmp_path / "a.xlsx")
    assert reading.parks.index.tolist() == ["001", "002"]
    assert reading.parks["sectors"].iloc[0] == ("集成电路", "生物医药")
    told = reading.problems.set_index("code")
    assert told.loc["PM417", "row"] == 2
    assert "PM303" not in told.index


def test_rows_of_a_merged_name_with_ground_of_their_own_stay_apart(tmp_path):
    block = [*PARKS[0][:5], "104.05", "30.62"]
    book = openpyxl.Workbook()
    for cells in (HEAD, PARKS[0], block):
        book.active.append(cells)
    book.active.merge_cells("B2:B3")
    book.save(tmp_path / "a.xlsx")
    assert len(io.read_parks(tmp_path / "a.xlsx")) == 2
