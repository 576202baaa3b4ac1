"""Plan moves and unmatched demands as matters: taken in, found again, gone, refused."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ledger import DAY, PAIR, PARKS, begun, face, finding, matter, nothing, run, typed, updated

from parkmap import ledger, messages
from parkmap.errors import InputError
from parkmap.ledger import Tasks


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def move(name, status="merged", message="建议甲园与乙园名录归并"):
    facts = {"name": "甲园", "into_name": "乙园", "district": "某区", "approval": "city"}
    return {"id": name, "status": status, **facts, "message": message}


def demand(name, state="open", where="demands"):
    facts = {"party": "甲公司", "title": "偏光片", "sector": "新型显示", "why": "没有供方。"}
    return {"id": name, "list": where, "state": state, **facts}


def plan_file(folder, *moves, name="plan.json"):
    (folder / name).write_text(json.dumps({"schema": "parkmap/plan/1", "moves": moves}))
    return folder / name


def match_file(folder, *rows):
    facts = {"schema": "parkmap/match/1", "lists": {"demands": {}}, "unmatched": rows}
    (folder / "match.json").write_text(json.dumps(facts))
    return folder / "match.json"


def taken(path, *sources, date="2026-03-02"):
    given = [ledger.read_tasks(source) for source in sources]

    def change(state):
        return ledger.take_tasks(state, given, ledger.Changes(), date=date)

    return ledger.edit(path, change, date=date)


def test_moves_and_open_demands_become_matters_of_their_category(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    plan = plan_file(tmp_path, move("m-1"), move("m-2", status="kept"))
    match = match_file(
        tmp_path,
        demand("XQ-1"),
        demand("XQ-2", state="expired"),
        demand("J-1", where="opportunities"),
    )
    assert taken(path, plan, match).answer.by_change["new"] == ["c-1", "m-1", "XQ-1"]
    rows = face(path)
    assert list(rows) == ["c-1", "m-1", "XQ-1"]
    one, other = rows["m-1"], rows["XQ-1"]
    assert (one["category"], one["approval_level"], one["parks"]) == ("task", "city", "甲园、乙园")
    assert (one["status"], one["districts"]) == ("pending", "某区")
    assert other["category"] == "gap"
    assert other["description"] == "企业需求未对接：甲公司，偏光片，新型显示。没有供方。"


def test_a_task_gone_is_source_missing_and_only_a_file_of_its_kind_tells(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    taken(path, plan_file(tmp_path, move("m-1"), move("m-2")), match_file(tmp_path, demand("XQ-1")))
    changes = taken(path, plan_file(tmp_path, move("m-2"))).answer.by_change
    assert changes == {"new": ["c-1", "XQ-1"], "source_missing": ["m-1"], "persisting": ["m-2"]}
    assert matter(path, "m-1")["status"] == "pending"
    changes = taken(path, plan_file(tmp_path, move("m-1"))).answer.by_change
    assert (changes["persisting"], changes["source_missing"]) == (["m-1"], ["m-2"])


def test_a_new_delivery_of_parks_does_not_speak_of_tasks(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    taken(path, plan_file(tmp_path, move("m-1")))
    assert updated(path).by_change == {"resolved": ["c-1"], "persisting": ["m-1"]}
    taken(path, plan_file(tmp_path, move("m-2")))
    assert updated(path, date="2026-07-01").by_change["source_missing"] == ["m-1"]


def test_the_same_tasks_again_change_nothing(tmp_path):
    path = begun(tmp_path)
    plan = plan_file(tmp_path, move("m-1"))
    taken(path, plan)
    first = path.read_bytes()
    assert not taken(path, plan).written
    assert path.read_bytes() == first


def test_what_people_wrote_stands_and_the_new_words_are_beside_it(tmp_path):
    path = begun(tmp_path)
    taken(path, plan_file(tmp_path, move("m-1")))
    typed(path, {("m-1", "事项描述"): "我们的说法", ("m-1", "责任人"): "张三"})
    kept = taken(path, plan_file(tmp_path, move("m-1", message="另一说法")))
    row = matter(path, "m-1")
    assert (row["description"], row["person"]) == ("我们的说法", "张三")
    assert [kept.state.rows["differences"][name]["other"] for name in kept.differences] == [
        "另一说法"
    ]


def test_a_closed_task_listed_again_stays_closed_and_is_told(tmp_path):
    path = begun(tmp_path)
    taken(path, plan_file(tmp_path, move("m-1")))
    typed(path, {("m-1", "状态"): "待确认"})
    close = {"confirmed_by": "乙局"}
    ledger.edit(path, lambda s: ledger.act(s, "m-1", close, to="closed", date=DAY), date=DAY)
    changes = taken(path, plan_file(tmp_path, move("m-1", message="另一说法"))).answer
    assert changes.reopened == ["m-1"]
    assert (matter(path, "m-1")["status"], matter(path, "m-1")["change"]) == ("closed", "recurred")


def test_a_task_taken_off_the_sheet_is_put_back(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    taken(path, plan_file(tmp_path, move("m-1")))
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(5)
    book.save(path)
    assert ledger.edit(path, nothing, date=DAY).put_back == ["m-1"]
    assert "m-1" in face(path)


def test_an_id_that_another_matter_has_is_refused_and_nothing_changes(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    before = path.read_bytes()
    with pytest.raises(InputError, match="c-1"):
        taken(path, match_file(tmp_path, demand("c-1")))
    assert path.read_bytes() == before


def test_csv_says_the_same_as_json(tmp_path):
    moves = [move("m-1"), move("m-2", status="new"), move("m-3", status="kept")]
    with (tmp_path / "plan.csv").open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, list(moves[0]))
        sheet.writeheader()
        sheet.writerows(moves)
    assert ledger.read_tasks(tmp_path / "plan.csv") == ledger.read_tasks(
        plan_file(tmp_path, *moves)
    )


NAMES = st.sets(st.sampled_from(["m-1", "m-2", "m-3", "m-4"]))


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_no_sequence_of_files_resolves_or_loses_a_task(deliveries):
    state, seen = ledger.State(), set()
    for number, names in enumerate(deliveries, start=1):
        tasks = Tasks("plan", {name: move(name, message=f"{number}") for name in sorted(names)})
        ledger.take_tasks(state, [tasks], ledger.Changes(), date=f"2026-03-0{number}")
        rows, new = state.rows["matters"], names - seen
        seen |= names
        assert set(rows) == seen
        for name, row in rows.items():
            expected = "new" if name in new else "persisting" if name in names else "source_missing"
            assert (row["change"], row["status"]) == (expected, "pending")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[1]",
        "{}",
        '{"schema": "parkmap/ledger/1"}',
        '{"schema": ["x"]}',
        '{"schema": "parkmap/plan/1", "moves": [1]}',
        '{"schema": "parkmap/plan/1", "moves": [{"status": "new", "id": 5}]}',
        '{"schema": "parkmap/plan/1", "moves": [{"status": "new", "id": "a\\u001b[31m"}]}',
        '{"schema": "parkmap/plan/1", "moves": [{"status": "new", "id": "_x0041_"}]}',
        '{"schema": "parkmap/match/1", "lists": {"opportunities": {}}, "unmatched": []}',
        "[" * 100_000,
    ],
)
def test_a_bad_file_is_one_line_and_leaves_the_ledger(tmp_path, content, capsys):
    path = begun(tmp_path)
    before = path.read_bytes()
    (tmp_path / "bad.json").write_text(content)
    (tmp_path / "bad.csv").write_text(content)
    for name in ("bad.json", "bad.csv"):
        assert run("ledger", "update", path, "--tasks", tmp_path / name) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert len(said) <= 201
        assert "\x1b" not in said
        assert path.read_bytes() == before


def test_the_files_that_plan_and_match_write_are_read(tmp_path):
    words = "需求编号,企业名称,需求,需求类别,产业链,环节,金额(万元)\n1,甲公司,偏光片,产品销售,新型显示,偏光片,300\n"
    (tmp_path / "d.csv").write_text(words, encoding="utf-8")
    assert run("plan", PARKS, "-o", tmp_path / "plan.json", "--date", DAY) == 0
    assert run("plan", PARKS, "--differentiate", "-o", tmp_path / "d.json", "--date", DAY) == 0
    match = ("match", PARKS, "--demands", tmp_path / "d.csv", "-o", tmp_path / "m", "--date", DAY)
    assert run(*match) == 0
    sources = (tmp_path / "plan.json", tmp_path / "d.json", tmp_path / "m" / "unmatched.csv")
    named = [part for source in sources for part in ("--tasks", source)]
    path = tmp_path / "L.xlsx"
    assert run("ledger", "init", PARKS, "-o", path, *named, "--date", DAY) == 0
    kinds = [row["category"] for row in face(path).values()]
    moves = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["moves"]
    assert kinds.count("task") == len([row for row in moves if row["status"] != "kept"]) > 0
    assert kinds.count("gap") == 1
    first = path.read_bytes()
    assert run("ledger", "update", path, *named, "--date", DAY) == 0
    assert path.read_bytes() == first
