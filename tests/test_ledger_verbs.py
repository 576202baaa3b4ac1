"""What newcomers met at the ledger's verbs: said in words, refused, or shown."""

import json

import jsonschema
import openpyxl
import pytest
from test_ledger import (
    DAY,
    PAIR,
    PARKS,
    begun,
    face,
    finding,
    matter,
    nothing,
    page_of,
    run,
    typed,
    updated,
)  # fmt: skip

from parkmap import ledger, messages, report


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def with_appeal(path, **cells):
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book, "诉求编号")
    for heading, value in {"诉求内容": "缺少周转厂房", **cells}.items():
        page.cell(head + 1, columns[heading]).value = value
    book.save(path)
    ledger.edit(path, nothing, date=DAY)


def test_a_day_that_cannot_be_read_is_told_and_kept(tmp_path, capsys):
    path = begun(tmp_path)
    typed(path, {("c-1", "办结时限"): "12月底", ("c-2", "办结时限"): "2026年3月9日"})
    assert run("ledger", "update", path, "--date", DAY) == 0
    said = capsys.readouterr().err
    assert "1 处日期读不出，照原样保留，不计预警：c-1“办结时限”12月底" in said
    assert run("ledger", "show", path, "-f", "csv", "--date", "2026-12-31") == 0
    shown = capsys.readouterr()
    assert "12月底" in shown.out
    assert "c-1“办结时限”12月底" in shown.err
    assert [face(path)[name].get("due_on") for name in ("c-1", "c-2")] == ["12月底", "2026-03-09"]
    typed(path, {("c-1", "办结时限"): "2026-12-31"})
    assert run("ledger", "update", path, "--date", DAY) == 0
    assert "读不出" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("assign", "--unit", "甲局", "--due", "2026-02-28"),
        ("waive", "--reason", "等待批复", "--by", "局长", "--until", "2026-02-28"),
    ],
)
def test_a_day_that_is_over_is_refused(tmp_path, capsys, words):
    path = begun(tmp_path)
    before = path.read_bytes()
    verb, *rest = words
    assert run("ledger", verb, path, "c-1", *rest, "--date", DAY) == 2
    said = capsys.readouterr().err
    assert "2026-02-28 已经过了" in said
    assert said.count("\n") == 1
    assert path.read_bytes() == before
    assert run("ledger", verb, path, "c-1", *rest[:-1], DAY, "--date", DAY) == 0  # today will do


def test_a_closed_matter_that_grew_says_so(tmp_path, capsys):
    path = begun(tmp_path, finding("c-1", PAIR), finding("c-2", PAIR[:1]))
    for name in ("c-1", "c-2"):
        assert run("ledger", "status", path, name, "--to", "待确认", "--date", DAY) == 0
        assert run("ledger", "close", path, name, "--confirmed-by", "乙局", "--date", DAY) == 0
    changes = updated(path, finding("c-1", PAIR, area=2e6), finding("c-2", PAIR[:1]))
    assert (changes.reopened, changes.grown) == (["c-1", "c-2"], ["c-1"])
    row = matter(path)
    assert (row["status"], row["change"]) == ("closed", "recurred")
    assert "再次出现且加重：原一般 100.00公顷，现一般 200.00公顷" in row["progress"]
    again = updated(
        path, finding("c-1", PAIR, area=2e6), finding("c-2", PAIR[:1]), date="2026-06-02"
    )
    assert again.grown == []


def test_the_way_to_closing_is_told_and_there(tmp_path, capsys):
    path = begun(tmp_path)
    assert run("ledger", "assign", path, "c-1", "--unit", "甲局", "--date", DAY) == 0
    capsys.readouterr()
    assert run("ledger", "close", path, "c-1", "--confirmed-by", "乙局", "--date", DAY) == 2
    assert "status 台账.xlsx c-1 --to 待确认" in capsys.readouterr().err
    words = ("--to", "待确认", "--note", "已补报界址点", "--date", DAY)
    assert run("ledger", "status", path, "c-1", *words) == 0
    assert (matter(path)["status"], matter(path)["progress"]) == ("awaiting", f"{DAY} 已补报界址点")
    assert run("ledger", "close", path, "c-1", "--confirmed-by", "乙局", "--date", DAY) == 0
    assert run("ledger", "status", path, "c-1", "--to", "办理中", "--date", DAY) == 2
    assert run("ledger", "status", path, "c-1", "--to", "returned", "--date", DAY) == 0


@pytest.mark.parametrize(
    ("to", "told"),
    [("已销号", "close"), ("暂缓", "waive"), ("assigned", "assign"), ("办好了", "长期推进")],
)
def test_a_status_with_a_verb_of_its_own_or_none_is_refused(tmp_path, capsys, to, told):
    path = begun(tmp_path)
    before = path.read_bytes()
    assert run("ledger", "status", path, "c-1", "--to", to, "--date", DAY) == 2
    assert told in capsys.readouterr().err
    assert path.read_bytes() == before


def test_the_number_on_the_sheet_is_as_good_as_the_id(tmp_path, capsys):
    path = begun(tmp_path)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    page.cell(head + 3, columns["事项描述"]).value = "人工新增"
    book.save(path)
    ledger.edit(path, nothing, date=DAY)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    page.move_range(f"A{head + 1}:AK{head + 1}", rows=5)  # sorted by hand: the number goes along
    page.delete_rows(head + 3)  # m-001, number 3
    book.save(path)
    assert run("ledger", "assign", path, "2", "1", "2", "--unit", "甲局", "--date", DAY) == 0
    assert "2 即 c-2" in capsys.readouterr().err
    assert {name: row.get("responsible_unit") for name, row in face(path).items()} == {
        "c-1": "甲局", "c-2": "甲局",
    }  # fmt: skip
    for wrong in ("3", "0", "9"):
        assert run("ledger", "assign", path, wrong, "--unit", "甲局", "--date", DAY) == 2
        assert run("ledger", "show", path, wrong) == 2
    capsys.readouterr()
    assert run("ledger", "show", path, "2", "-f", "json", "--date", DAY) == 0
    shown = json.loads(capsys.readouterr().out)["matters"]
    assert [(row["number"], row["matter_id"]) for row in shown] == [
        (2, "c-1")
    ]  # anew, as they stand


def test_a_typed_status_that_is_none_is_answered_with_those_there_are(tmp_path):
    path = begun(tmp_path)
    typed(path, {("c-1", "状态"): "办好了"})
    kept = ledger.edit(path, nothing, date=DAY)
    beside = kept.state.rows["differences"][kept.differences[0]]
    assert beside["other"] == "办好了"
    assert all(ledger.word("status", status) in beside["reason"] for status in ledger.STATUSES)


def test_what_is_overdue_includes_appeals(tmp_path, capsys):
    path = begun(tmp_path)
    with_appeal(path, 办结时限="2026-03-02", 企业名称="甲公司")
    asked = ("ledger", "show", path, "--overdue", "--date", "2026-03-10")
    assert run(*asked, "-f", "json") == 0
    shown = json.loads(capsys.readouterr().out)
    jsonschema.validate(shown, report.json_schema("ledger"))
    assert shown["matters"] == []
    assert [(row["appeal_id"], row["overdue_days"]) for row in shown["appeals"]] == [("a-001", 8)]
    assert run(*asked, "-f", "table") == 0
    assert "甲公司" in capsys.readouterr().out
    typed(path, {("c-1", "办结时限"): "2026-03-02"})
    assert run(*asked, "-f", "csv") == 0
    said = capsys.readouterr()
    assert "c-1" in said.out
    assert "甲公司" not in said.out
    assert "另有企业诉求 1 件" in said.err


@pytest.mark.parametrize("status", ["办好了", "close", ""])
def test_a_status_to_look_for_that_is_none_is_told(tmp_path, capsys, status):
    path = begun(tmp_path)
    code = run("ledger", "show", path, "--status", status)
    said = capsys.readouterr()
    assert (code, "可用：待交办" in said.err) == ((2, True) if status else (0, False))


def test_everything_shown_is_what_the_schema_says(tmp_path, capsys):
    path = begun(tmp_path)
    with_appeal(path, 结果评价=7, 提出日期="不详", 可否公开=True)
    typed(
        path,
        {("c-1", "涉及面积（公顷）"): "约10", ("c-1", "责任人"): 5, ("c-2", "本期变化"): "不变"},
    )
    assert run("ledger", "update", path, "--date", DAY) == 0
    capsys.readouterr()
    for words in ((), ("--appeals",), ("c-1",), ("a-001",), ("--status", "pending")):
        assert run("ledger", "show", path, *words, "-f", "json", "--date", DAY) == 0
        shown = json.loads(capsys.readouterr().out)
        jsonschema.validate(shown, report.json_schema("ledger"))
        assert shown["matters" if words not in (("--appeals",), ("a-001",)) else "appeals"]
    broken = {**shown, "matters": [{**shown["matters"][0], "status": "办好了"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, report.json_schema("ledger"))


def test_findings_tell_how_their_matters_stand(tmp_path, capsys):
    path = tmp_path / "L.xlsx"
    assert run("ledger", "init", PARKS, "-o", path, "--date", DAY) == 0
    name = next(iter(face(path)))
    due = ("--unit", "甲局", "--due", "2026-03-20", "--date", DAY)
    assert run("ledger", "assign", path, name, *due) == 0
    capsys.readouterr()
    asked = ("conflicts", PARKS, "--ledger", path, "--exit-zero", "--date", "2026-03-25", "-f")
    assert run(*asked, "json") == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, report.json_schema("conflicts"))
    rows = {row["id"]: row["ledger"] for row in found["conflicts"]}
    assert rows[name] == {
        "matter_id": name, "status": "assigned", "responsible_unit": "甲局",
        "due_on": "2026-03-20", "alert": "overdue", "change": "new",
    }  # fmt: skip
    assert sum(row is not None for row in rows.values()) == 2
    assert run(*asked, "table") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "责任单位" in lines[0]
    line = next(line for line in lines if name in line)
    assert "已交办" in line
    assert "甲局" in line
    alone = [r for r in found["conflicts"] if r["ledger"] is None and r["verdict"] != "coarse"]
    assert sum("未列入" in line for line in lines) == len(alone) + 1  # one line for all coarse ones


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_only_statuses_that_may_be_given_are_offered(tmp_path, capsys, lang):
    path = begun(tmp_path)
    by_verb = {"pending": "assign", "assigned": "assign", "waived": "waive", "closed": "close"}

    def given(said):
        words = ("ledger", "status", path, "c-1", "--to", said, "--date", DAY, "--lang", lang)
        return run(*words), capsys.readouterr().err

    with messages.use_language(lang):
        names = {key: messages.text(f"ledger.status.{key}") for key in ledger.STATUSES}
        code, refusal = given("no such")
        assert code == 2
        run("ledger", "status", "--help", "--lang", lang)
        for said in (refusal, " ".join(capsys.readouterr().out.split())):
            assert all(names[key] in said for key in names if key not in by_verb)
            assert all(verb in said for verb in by_verb.values())
        for key, name in names.items():
            assert (given(name)[0] == 0) == (key not in by_verb), key


def test_what_is_closed_is_told_how_it_may_be_taken_up(tmp_path, capsys):
    path = begun(tmp_path)
    words = ("--date", DAY, "--lang", "zh")
    assert run("ledger", "status", path, "c-1", "--to", "待确认", *words) == 0
    assert run("ledger", "close", path, "c-1", "--confirmed-by", "乙局", *words) == 0
    assert run("ledger", "status", path, "c-1", "--to", "办理中", *words) == 2
    assert "ledger status 台账.xlsx c-1 --to 退回重办" in capsys.readouterr().err
    assert run("ledger", "status", path, "c-1", "--to", "退回重办", *words) == 0
