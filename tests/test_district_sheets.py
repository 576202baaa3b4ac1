"""A sheet for each district: its findings, its parks, and a name that Excel takes."""

import openpyxl
import pytest
import report_runs as made
from hypothesis import given
from hypothesis import strategies as st
from payloads import PAYLOADS

from parkmap import messages, report
from parkmap.report.district_sheets import district_sheets
from parkmap.sheets import tab_names


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def book_of(run, tmp_path):
    report.write_xlsx(run, tmp_path / "a.xlsx", map_file="map.html")
    return openpyxl.load_workbook(tmp_path / "a.xlsx")


def test_each_district_has_its_findings_and_its_parks(tmp_path):
    book = book_of(made.run(), tmp_path)
    east, west = book["东区"], book["西区"]
    assert east["A1"].value == "示例市东区核查任务清单"
    assert east["A2"].value == "辖区园区2个：甲园区、乙园区"
    assert west["A2"].value == "辖区园区3个：乙园区、丙园区、丁园区"
    assert [east.cell(row, 2).value for row in (4, 5)] == ["①", "②"]
    assert {east.cell(row, 1).value for row in (4, 5)} == {"东区"}
    assert "由东区规划和自然资源部门" in east["I4"].value


def test_rows_lead_into_the_map_and_numbers_are_numbers(tmp_path):
    page = book_of(made.run(), tmp_path)["东区"]
    assert page["B4"].hyperlink.target == "map.html"
    assert page["B4"].hyperlink.location == "c-0000000001"
    assert (page["F4"].value, page["G4"].value) == (50.0, 750)
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 8


def test_the_sheets_together_hold_what_the_list_does():
    whole, *own = district_sheets(made.run())
    assert sorted(whole.rows) == sorted(row for sheet in own for row in sheet.rows)
    assert all(len(sheet.links) == len(sheet.rows) for sheet in (whole, *own))


def test_a_finding_without_a_district_is_on_the_list_only():
    run = made.run(parks=made.parks(district=["东区", "", "", "", ""]))
    whole, east = district_sheets(run)
    assert [row[0] for row in whole.rows] == ["东区", "未注明"]
    assert len(east.rows) == 1


def test_a_district_without_findings_has_its_sheet_all_the_same():
    (_, *own) = district_sheets(made.run(conflicts=made.findings().iloc[:0]))
    assert [sheet.tab for sheet in own] == ["东区", "西区"]
    assert [len(sheet.rows) for sheet in own] == [0, 0]


def test_too_many_districts_are_told_and_not_cut():
    place = "、".join(f"区{at}" for at in range(61))
    sheets = district_sheets(made.run(parks=made.parks(district=[place] * 5)))
    assert len(sheets) == 1
    assert "61个" in sheets[0].under
    fewer = "、".join(f"区{at}" for at in range(60))
    assert len(district_sheets(made.run(parks=made.parks(district=[fewer] * 5)))) == 61


@pytest.mark.parametrize(
    "name", [*PAYLOADS, "总表", "History", "=1+1", "[x]:*?", "'", "\x07", "长" * 80]
)
def test_a_hostile_district_gives_a_book_that_opens(name, tmp_path):
    book = book_of(made.run(parks=made.parks(district=[name, "东区", "东区", "", ""])), tmp_path)
    assert len({tab.casefold() for tab in book.sheetnames}) == len(book.sheetnames)
    assert not [c for page in book for row in page.iter_rows() for c in row if c.data_type == "f"]


@given(st.lists(st.text(max_size=50), max_size=20), st.lists(st.sampled_from(["总表", "a", "A"])))
def test_names_of_sheets_are_as_excel_wants_them(names, taken):
    made_names = tab_names(names, taken=taken)
    assert len(made_names) == len(names)
    folded = [name.casefold() for name in made_names]
    assert len(set(folded)) == len(folded)
    assert not set(folded) & {name.casefold() for name in [*taken, "History"]}
    for name in made_names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name


@given(st.lists(st.text("甲乙丙丁abc", min_size=1, max_size=20), unique_by=str.casefold))
def test_a_sound_name_is_kept(names):
    assert tab_names(names) == names
