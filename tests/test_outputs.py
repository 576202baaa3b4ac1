"""Output by sector in tables, a row a sector or a column a sector, is the weight; never a guess."""

import openpyxl
import pytest
from builders import park_layer, square

import parkmap as pm
from parkmap import io, messages
from parkmap.errors import InputError
from parkmap.io.measures import by_sector
from parkmap.publication import published
from parkmap.sector import sector_shares

PLACES = {"甲园区": "104.06,30.66", "乙园区": "104.16,30.66"}


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def layer():
    parks = park_layer({"1": square(), "2": square(5000)})
    return parks.assign(name=["甲园区", "乙园区"])


def table(path, text):
    path.write_text(text.replace(" ", "\n"), encoding="utf-8")
    return path


def shares_of(parks):
    found = sector_shares(parks)
    return {key: round(value, 6) for key, value in found.items()}


def joined(tmp_path, text, **columns):
    return io.join_sectors(layer(), table(tmp_path / "a.csv", text), columns=columns)


def messages_of(problems, code):
    return problems.loc[problems["code"] == code, "message"].tolist()


LONG = "园区,产业,产值（亿元） 甲园区,集成电路,60 甲园区,新型显示,20 乙园区,印刷,5"
WIDE = "园区,集成电路产值(亿元),新型显示产值(万元) 甲园区,60,200000 乙园区,-,5"


@pytest.mark.parametrize("text", [LONG, WIDE])
def test_rows_and_columns_of_output_weigh_the_sectors_of_a_sector_table(tmp_path, text):
    parks, problems = joined(tmp_path, text)
    assert parks["sectors"].iloc[0] == ("集成电路:600000万元", "新型显示:200000万元")
    assert shares_of(parks)["1", "ic"] == 0.75
    (said,) = messages_of(problems, "PM413")
    assert "亿元" in said
    assert "产值" in said
    assert not set(problems["code"]) & {"PM407", "PM414", "PM415", "PM306"}


@pytest.mark.parametrize(
    "text",
    [
        "园区,经度,纬度,产业,产值 甲园区,{甲},集成电路,60 甲园区,{甲},新型显示,20 乙园区,{乙},印刷,5",
        "园区,经度,纬度,集成电路产值,新型显示产值 甲园区,{甲},60,20 乙园区,{乙},,5",
        "园区,集成电路产值,新型显示产值 甲园区,60,20 乙园区,,5",
        "园区,产业,产值 甲园区,集成电路,60 甲园区,新型显示,20 乙园区,印刷,5",
    ],
)
def test_a_table_of_parks_is_read_in_the_same_way(tmp_path, text):
    text = text.format(甲=PLACES["甲园区"], 乙=PLACES["乙园区"])
    reading = io.read_source(table(tmp_path / "parks.csv", text))
    assert reading.parks["name"].tolist() == ["甲园区", "乙园区"]
    assert shares_of(reading.parks)["甲园区", "ic"] == 0.75
    (said,) = messages_of(reading.problems, "PM413")
    assert "no unit stated" in said


def test_rows_that_state_one_park_are_listed(tmp_path):
    text = "园区,产业,产值 甲园区,集成电路,60 甲园区,新型显示,20 乙园区,印刷,5"
    problems = io.read_source(table(tmp_path / "parks.csv", text)).problems
    listed = problems[problems["code"] == "PM417"]
    assert listed[["row", "park_id"]].to_numpy().tolist() == [[2, "甲园区"]]
    assert "rows 3" in listed["message"].iloc[0]


def test_rows_that_differ_in_more_than_sector_and_figure_stay_parks_of_their_own(tmp_path):
    text = "园区,区县,产业,产值 甲园区,东区,集成电路,60 甲园区,西区,新型显示,20"
    reading = io.read_source(table(tmp_path / "parks.csv", text))
    assert len(reading.parks) == 2
    assert messages_of(reading.problems, "PM413") == []


def test_figures_weigh_the_sectors_that_a_column_names_and_no_other(tmp_path):
    text = (
        "园区,主导产业,集成电路产值,新型显示产值,印刷产值"
        " 甲园区,集成电路;新型显示,3,1,9 乙园区,集成电路;医药,3,1,9"
    )
    parks, problems = joined(tmp_path, text)
    assert shares_of(parks)["1", "ic"] == 0.75
    assert shares_of(parks)["2", "ic"] == 0.5
    (said,) = messages_of(problems, "PM415")
    assert "rows 3" in said


UNCLEAR = {
    "two measures": "园区,产业,产值,营业收入 甲园区,集成电路,3,1 甲园区,新型显示,1,1",
    "two measures across": "园区,产业,集成电路产值,印刷产值,集成电路营收 甲园区,集成电路,3,1,1",
    "two years across": "园区,产业,2023年集成电路产值,2024年印刷产值 甲园区,集成电路,3,1",
    "years": "园区,年份,产业,产值 甲园区,2023,集成电路,3 甲园区,2024,集成电路,1",
    "a unit for some": "园区,产业,集成电路产值(亿元),印刷产值 甲园区,集成电路,3,1",
    "an unknown sector": "园区,产业,集成电路产值,印刷产值,某某某产值 甲园区,集成电路,3,1,1",
}


@pytest.mark.parametrize("text", UNCLEAR.values(), ids=UNCLEAR)
def test_what_can_be_read_in_two_ways_is_said_and_not_used(tmp_path, text):
    parks, problems = joined(tmp_path, text)
    assert not any(":" in term for term in parks["sectors"].iloc[0])
    assert len(messages_of(problems, "PM414")) == 1
    assert messages_of(problems, "PM413") == []


@pytest.mark.parametrize(
    ("text", "chosen", "share"),
    [
        (UNCLEAR["two measures"], "产值", 0.75),
        (UNCLEAR["two measures"], "营业收入", 0.5),
        (LONG.replace("产值（亿元）", "体量"), "体量", 0.75),
        (UNCLEAR["an unknown sector"], "产值", 1.0),
        (LONG, "none", 0.5),
    ],
)
def test_the_user_says_what_weighs(tmp_path, text, chosen, share):
    parks, problems = joined(tmp_path, text, output=chosen)
    assert shares_of(parks)["1", "ic"] == share
    assert messages_of(problems, "PM414") == []


def test_a_measure_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="税收"):
        joined(tmp_path, LONG, output="税收")


@pytest.mark.parametrize(
    ("figures", "code"),
    [(("60", ""), "PM415"), (("60", "很多"), "PM306"), (("0", "0"), "PM415"), (("6", "-1"), "PM306")],
)  # fmt: skip
def test_a_park_without_every_figure_counts_its_sectors_the_same(tmp_path, figures, code):
    one, other = figures
    text = f"园区,产业,产值 甲园区,集成电路,{one} 甲园区,新型显示,{other}"
    parks, problems = joined(tmp_path, text)
    assert shares_of(parks)["1", "ic"] == 0.5
    assert code in problems["code"].tolist()
    assert "PM415" in problems["code"].tolist()


def test_one_figure_for_several_sectors_is_parted_and_said(tmp_path):
    text = "园区,产业,产值 甲园区,集成电路、新型显示,4 甲园区,印刷,4"
    parks, problems = joined(tmp_path, text)
    assert shares_of(parks)["1", "ic"] == 0.25
    assert problems.loc[problems["code"] == "PM416", "row"].tolist() == [2]


def test_totals_are_no_sector_and_repeated_rows_add_up(tmp_path):
    text = "园区,产业,产值 甲园区,集成电路,1 甲园区,集成电路,2 甲园区,印刷,1 甲园区,合计,4"
    parks, _ = joined(tmp_path, text)
    assert parks["sectors"].iloc[0] == ("集成电路:3", "印刷:1")


def test_a_figure_of_the_whole_park_is_no_weight(tmp_path):
    text = "园区,产业,工业总产值(亿元),亩均产值 甲园区,集成电路;印刷,8,1 乙园区,印刷,9,1"
    parks, problems = joined(tmp_path, text)
    assert parks["sectors"].iloc[0] == ("集成电路", "印刷")
    assert "工业总产值" in messages_of(problems, "PM418")[0]


def test_cells_with_their_own_unit(tmp_path):
    text = "园区,产业,产值 甲园区,集成电路,1.5亿元 甲园区,印刷,5000万元"
    parks, _ = joined(tmp_path, text)
    assert parks["sectors"].iloc[0] == ("集成电路:15000万元", "印刷:5000万元")


def test_numbers_and_merged_cells_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["园区", "产业", "产值(亿元)"],
        ["甲园区", "集成电路", 0.1 + 0.2],
        [None, "印刷", 0.1],
        ["乙园区", "集成电路", 7],
        [None, "印刷", None],
    ):
        book.active.append(row)
    for area in ("A2:A3", "A4:A5", "C4:C5"):
        book.active.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    parks, problems = io.join_sectors(layer(), tmp_path / "a.xlsx")
    assert shares_of(parks)["1", "ic"] == 0.75
    assert shares_of(parks)["2", "ic"] == 0.5  # 7 is of both together
    assert "rows 4" in messages_of(problems, "PM415")[0]


def test_statistics_that_name_no_sector_are_none():
    assert not by_sector(["亩均产值", "规上工业总产值", "单位产值能耗", "集成电路产值"])


def test_statistics_of_other_sectors_than_the_named_are_passed_over(tmp_path):
    text = "园区,主导产业,农业产值,物流产值 甲园区,集成电路、印刷,8,1 乙园区,印刷,9,1"
    parks, problems = joined(tmp_path, text)
    assert parks["sectors"].iloc[0] == ("集成电路", "印刷")
    reading = io.read_source(table(tmp_path / "parks.csv", text))
    assert reading.parks["sectors"].iloc[0] == ("集成电路", "印刷")
    for codes in (problems["code"], reading.problems["code"]):
        assert not set(codes) & {"PM413", "PM414", "PM415"}


def test_the_public_edition_leaves_amounts_out(tmp_path):
    parks, _ = joined(tmp_path, LONG)
    run = published(pm.analyze(parks))
    assert run.parks["sectors"].iloc[0] == ("集成电路", "新型显示")
    assert run.shares["1", "ic"] == 0.75
