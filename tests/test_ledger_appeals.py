"""Appeals sent on a sheet of their own: the template, taken in once and again, nothing lost."""

import csv
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ledger import DAY, PARKS, begun, nothing, page_of, run, typed

from parkmap import ledger, messages
from parkmap.errors import InputError
from parkmap.ledger.cells import stored
from parkmap.ledger.fields import SHEETS, WORDS


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def filled(path, *rows, template=None):
    """Fill a template in as a person does: {heading: value} a row, under the examples."""
    if template is None:
        ledger.write_template(path, date=DAY, overwrite=True)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book, "诉求编号")
    for at, row in enumerate(rows, start=head + 3):
        for heading, value in row.items():
            page.cell(at, columns[heading]).value = value
    book.save(path)
    return path


ONE = {"企业名称": "甲公司", "诉求内容": "缺厂房", "提出日期": "2026-02-03", "诉求类别": "用地"}


def appeals(path):
    return ledger.read(path, date=DAY).state.rows["appeals"]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_template_has_headings_lists_and_two_examples_that_are_skipped(tmp_path, lang, capsys):
    path = tmp_path / "t.xlsx"
    words = ("ledger", "template", "-o", path, "--lang", lang, "--date", DAY)
    assert run(*words) == 0
    first = path.read_bytes()
    assert run(*words) == 2
    assert run(*words, "--overwrite") == 0
    assert path.read_bytes() == first
    page = openpyxl.load_workbook(path).worksheets[0]
    heads = [cell.value for cell in page[3]]
    assert heads == [field.heading(lang=lang) for field in SHEETS["appeals"]]
    offered = {}
    for rule in page.data_validations.dataValidation:
        column = str(rule.sqref)
        offered[column.rstrip("0123456789:").split("4")[0]] = rule.formula1
    of = {
        cell.column_letter: field.key
        for cell, field in zip(page[3], SHEETS["appeals"], strict=True)
    }
    assert {of[column] for column in offered} == {
        "appeal_kind", "origin", "status", "outcome", "publishable",
    }  # fmt: skip
    for column, words in offered.items():
        expected = [
            messages.text(f"ledger.{of[column]}.{key}", lang=lang) for key in WORDS[of[column]]
        ]
        assert words.strip('"').split(",") == expected
    for row in (4, 5):
        shown = {field.key: ledger.key_of(field.key, page.cell(row, at).value)
                 for at, field in enumerate(SHEETS["appeals"], 1)}  # fmt: skip
        assert shown["number"] == messages.text("ledger.example", lang=lang)
        for key in ("appeal_kind", "origin", "status"):
            assert shown[key] in WORDS[key]
    found = ledger.read_appeals(path)
    assert (found.rows, found.examples, found.bare) == ({}, 2, ())


def test_a_filled_sheet_comes_in_once_and_a_change_of_it_later(tmp_path, capsys):
    path = begun(tmp_path)
    sheet = filled(tmp_path / "t.xlsx", ONE, {**ONE, "企业名称": "乙公司"}, {"企业名称": "丙公司"})
    words = ("ledger", "update", path, "--appeals", sheet, "--date", DAY)
    assert run(*words) == 0
    said = capsys.readouterr().err
    assert "企业诉求收入 2 件（新增 2 件），示例 2 行略过" in said
    assert "1 行没有诉求内容，未收入：第 8 行" in said
    rows = appeals(path)
    assert [(row["company"], row["appeal_kind"], row["status"]) for row in rows.values()] == [
        ("甲公司", "land", "pending"), ("乙公司", "land", "pending"),
    ]  # fmt: skip
    first = path.read_bytes()
    assert run(*words) == 0
    assert path.read_bytes() == first
    name = next(iter(rows))
    typed(path, {(name, "责任单位"): "甲局", (name, "责任人"): "张三"}, heading="诉求编号")
    ledger.edit(path, nothing, date=DAY)
    filled(sheet, {**ONE, "责任单位": "乙局", "牵头单位": "丙局", "状态": "办理中"})
    capsys.readouterr()
    assert run(*words) == 0
    assert "（新增 0 件）" in capsys.readouterr().err
    state = ledger.read(path, date=DAY).state
    row = state.rows["appeals"][name]
    assert (row["responsible_unit"], row["lead_unit"], row["person"]) == ("甲局", "丙局", "张三")
    assert row["status"] == "in_progress"
    assert [each["other"] for each in state.rows["differences"].values()] == ["乙局"]
    assert len(state.rows["appeals"]) == 2  # what the file no longer lists stays


def test_a_ledger_begins_with_appeals(tmp_path):
    sheet = filled(tmp_path / "t.xlsx", {**ONE, "诉求编号": "S-7", "结果评价": 5})
    path = tmp_path / "L.xlsx"
    assert run("ledger", "init", PARKS, "-o", path, "--appeals", sheet, "--date", DAY) == 0
    row = appeals(path)["S-7"]
    assert (row["company"], row["result_score"]) == ("甲公司", 5)
    assert run("ledger", "assign", path, "S-7", "--unit", "甲局", "--date", DAY) == 0


def test_closed_in_the_file_is_not_closed_in_the_ledger(tmp_path):
    path = begun(tmp_path)
    sheet = filled(tmp_path / "t.xlsx", {**ONE, "状态": "已销号", "办理结果": "解决"})
    assert run("ledger", "update", path, "--appeals", sheet, "--date", DAY) == 0
    state = ledger.read(path, date=DAY).state
    assert [row["status"] for row in state.rows["appeals"].values()] == ["pending"]
    assert [row["other"] for row in state.rows["differences"].values()] == ["已销号"]


def test_an_appeal_taken_off_the_sheet_stays_off(tmp_path):
    path = begun(tmp_path)
    sheet = filled(tmp_path / "t.xlsx", ONE)
    words = ("ledger", "update", path, "--appeals", sheet, "--date", DAY)
    assert run(*words) == 0
    book = openpyxl.load_workbook(path)
    page, _, head = page_of(book, "诉求编号")
    page.delete_rows(head + 1)
    book.save(path)
    assert run(*words) == 0
    assert all("_removed" in row for row in appeals(path).values())
    filled(sheet, {**ONE, "责任单位": "乙局"})
    assert run(*words) == 0
    assert not any("_removed" in row for row in appeals(path).values())


@pytest.mark.parametrize("name", ["nowhere.xlsx", "text.xlsx", "empty.xlsx", "a.csv"])
def test_what_is_no_sheet_of_appeals_is_one_line(tmp_path, capsys, name):
    path = begun(tmp_path)
    before = path.read_bytes()
    (tmp_path / "text.xlsx").write_text("x")
    (tmp_path / "a.csv").write_text("x")
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    assert run("ledger", "update", path, "--appeals", tmp_path / name, "--date", DAY) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert name in said
    assert path.read_bytes() == before


def test_one_appeal_in_two_rows_is_told(tmp_path):
    with pytest.raises(InputError, match=r"6.*7"):
        ledger.read_appeals(filled(tmp_path / "t.xlsx", ONE, ONE))


def test_an_appeal_typed_into_the_ledger_and_sent_again_is_one(tmp_path):
    path = begun(tmp_path)
    first = filled(tmp_path / "t.xlsx", {**ONE, "诉求编号": "S-7"})
    assert run("ledger", "update", path, "--appeals", first, "--date", DAY) == 0
    assert run("ledger", "assign", path, "S-7", "--unit", "甲局", "--date", DAY) == 0
    state = ledger.read(path, date=DAY).state
    state.rows["appeals"]["S-7"].pop("_given")  # as if somebody had typed it
    row = {"appeal_id": "S-7", "content": "缺厂房", "person": "张三"}
    assert ledger.take_appeals(state, ledger.Appeals({"S-7": row}), date="2026-03-09") == 0
    assert not state.rows["differences"]
    told = state.rows["appeals"]["S-7"]
    assert (told["status"], told["raised_on"], told["person"]) == ("assigned", "2026-02-03", "张三")
    with pytest.raises(InputError, match="c-1"):
        ledger.take_appeals(state, ledger.Appeals({"c-1": row}), date=DAY)


VALUES = st.sampled_from([None, "甲局", "乙局"])
ROWS = st.fixed_dictionaries({"responsible_unit": VALUES, "lead_unit": VALUES})


@given(st.lists(st.tuples(st.booleans(), ROWS), min_size=1, max_size=6))
def test_between_file_and_ledger_nothing_is_lost(steps):
    """Whoever changed a cell last alone has it; where both changed it, both values are there."""
    with messages.use_language("zh"):
        state, sent, ours = ledger.State(), {}, {}
        for by_file, said in steps:
            cells = {key: value for key, value in said.items() if value is not None}
            if by_file:
                row = {"appeal_id": "a-1", "content": "甲", "raised_on": DAY, **cells}
                ledger.take_appeals(state, ledger.Appeals({"a-1": row}), date=DAY)
                here = state.rows["appeals"]["a-1"]
                beside = [
                    (row["column"], row["_other"]) for row in state.rows["differences"].values()
                ]
                for key in ("responsible_unit", "lead_unit"):
                    file, was, mine = cells.get(key), sent.get(key), ours.get(key)
                    expected = file if mine == was else mine
                    assert here.get(key) == expected
                    if file not in (was, expected):
                        assert (key, file) in beside
                    ours[key] = expected
                sent = cells
            elif "a-1" in state.rows["appeals"]:
                row = state.rows["appeals"]["a-1"]
                for key in ("responsible_unit", "lead_unit"):
                    row.pop(key, None)
                row |= cells
                ours = dict(cells)
        assert json.dumps(state.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_a_csv_of_appeals_is_taken_in_like_its_workbook(tmp_path, encoding, mark):
    heads = ["诉求编号", "企业名称", "诉求内容", "提出日期", "状态", "诉求类别", "结果评价"]
    rows = [
        ["", "甲公司", "缺厂房", "2026年2月3日", "", "用地", "5"],
        ["a-9", "乙公司", "", "", "", "", ""],
        ["a-8", "丙公司", '=1+1 "x"', "2月底", "办理中", "", ""],
    ]
    path = tmp_path / "a.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows([heads, *rows])
    found = ledger.read_appeals(path).rows
    one = next(row for row in found.values() if row["company"] == "甲公司")
    assert (one["raised_on"], one["appeal_kind"], one["result_score"]) == ("2026-02-03", "land", 5)
    assert (found["a-8"]["content"], found["a-8"]["raised_on"]) == ('=1+1 "x"', "2月底")
    assert found["a-9"]["company"] == "乙公司"
    book = openpyxl.Workbook()
    for row in [heads, *rows[:2]]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    same = ledger.read_appeals(tmp_path / "a.xlsx").rows
    assert same == {name: found[name] for name in same}


@pytest.mark.parametrize("content", [b"\xff\xff\x00", b"a,b\n1,2\n", b"", b"\xff\xfea"])
def test_what_is_no_csv_of_appeals_is_one_line(tmp_path, content, capsys):
    path = begun(tmp_path)
    bad = tmp_path / "a.csv"
    bad.write_bytes(content)
    assert run("ledger", "update", path, "--appeals", bad, "--date", DAY) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) <= 2
    assert appeals(path) == {}


def test_dates_as_people_type_them_are_understood_or_listed():
    for said in (46387, "2026年12月31日", "2026.12.31", "20261231", 20261231, "2026/12/31"):
        assert stored("due_on", said) == "2026-12-31", said
    state = ledger.State()
    for n, said in enumerate(("12月底", "12.31", 12.31, "12月31日", 20261331, "2026-02-30")):
        assert stored("due_on", said) == said
        state.rows["matters"][f"c-{n}"] = {"due_on": stored("due_on", said)}
    assert [cell["id"] for cell in ledger.unread_days(state)] == list(state.rows["matters"])
