"""Sheets of a workbook: typed cells, links, totals, the same bytes twice."""

import zipfile

import openpyxl
import pytest

from parkmap import files, sheets
from parkmap.sheets import Column, Sheet

COLUMNS = (Column("number", 6, "whole"), Column("park_list", 30), Column("area_ha", 12, "hectares"))


def written(path, *made, **words):
    sheets.write_book(made, path, title="标题", **words)
    return openpyxl.load_workbook(path)


@pytest.fixture
def plain():
    return Sheet("findings", COLUMNS, [(1, "=1+1", 2.5), (2, "甲园", None)], totals=[("", "", 2.5)])


def test_text_that_begins_like_a_formula_stays_text(plain, tmp_path):
    page = written(tmp_path / "a.xlsx", plain).worksheets[0]
    assert page["B4"].value == "=1+1"
    assert page["B4"].data_type == "s"
    assert page["A4"].value == 1
    assert page["C5"].value is None


def test_sums_stand_under_the_rows_and_notices_under_the_sums(plain, tmp_path):
    page = written(tmp_path / "a.xlsx", plain, notices=["仅供参考"]).worksheets[0]
    assert page["C6"].value == 2.5
    assert page["A8"].value == "仅供参考"
    assert page.auto_filter.ref == "A3:C5"


def test_the_title_stands_above_and_the_name_on_the_tab(plain, tmp_path):
    from dataclasses import replace

    page = written(tmp_path / "a.xlsx", replace(plain, title="某市"), under="日期").worksheets[0]
    assert (page["A1"].value, page["A2"].value, page.title) == ("某市", "日期", plain.tab)


def test_the_same_sheets_give_the_same_bytes(plain, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, plain, date="2026-11-25")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_sheet_without_rows_says_so(tmp_path):
    page = written(tmp_path / "a.xlsx", Sheet("findings", COLUMNS, [])).worksheets[0]
    assert page["A4"].value


@pytest.mark.parametrize(("text", "width"), [("园区A", 5), ("", 0), ("ab\n园区园", 6)])
def test_a_chinese_sign_takes_two(text, width):
    assert sheets.text_width(text) == width


@pytest.mark.parametrize(("value", "cell"), [(2, 2.0), (float("nan"), None), (None, None)])
def test_a_missing_number_is_an_empty_cell(value, cell):
    assert sheets.number(value) == cell


def test_the_same_content_zipped_later_is_the_same_bytes(tmp_path):
    for number, name in enumerate(["a.zip", "b.zip"]):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(zipfile.ZipInfo("成都.txt", (2020 + number, 1, 1, 0, 0, 0)), "same")
        sheets.rewrite_zip(tmp_path / name)
    assert files.input_hash(tmp_path / "a.zip") == files.input_hash(tmp_path / "b.zip")
    assert zipfile.ZipFile(tmp_path / "a.zip").read("成都.txt") == b"same"
    assert len(list(tmp_path.iterdir())) == 2
