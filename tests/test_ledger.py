"""The ledger: two faces that never lose what was typed, whatever happens between them."""

import datetime as dt
import json
import multiprocessing
import shutil
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel
from shapely.geometry import box

from parkmap import ledger, messages, schema
from parkmap.cli import main
from parkmap.errors import InputError, OptionError, OutputError
from parkmap.ledger import store
from parkmap.ledger.cells import stored
from parkmap.ledger.face import open_book, read_tables
from parkmap.ledger.merging import merged

DAY = "2026-03-01"
NAMES = ("甲园", "乙园", "丙园", "丁园")


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def layer(names=NAMES, codes=None):
    codes = codes or [f"S{name}" for name in names]
    shapes = [box(104 + NAMES.index(n) / 10, 30, 104.05 + NAMES.index(n) / 10, 30.1) for n in names]
    table = gpd.GeoDataFrame({"name": list(names), "code": codes}, geometry=shapes, crs=4490)
    table.index = codes
    return schema.complete(table)


def finding(name, parks, *, area=1e6, severity="medium", line="", description="两园范围交叉"):
    return {
        "id": name,
        "parks": parks,
        "names": parks,
        "line": line,
        "severity": severity,
        "area_m2": area,
        "rivalry": float("nan"),
        "category": "control" if line else "overlap",
        "coarse": False,
        "districts": ["某区"],
        "description": description,
        "basis": "示意范围",
    }


PAIR = ("S甲园", "S乙园")


def delivery(*findings, parks=None, **words):
    return ledger.Delivery(parks=layer() if parks is None else parks, findings=findings, **words)


def begun(folder, *findings, **words):
    findings = findings or (finding("c-1", PAIR), finding("c-2", ("S丙园", "S丁园")))
    state = ledger.State(meta={"lang": "zh", "city": "示例市"})
    ledger.take_in(state, delivery(*findings, **words), date=DAY)
    path = folder / "台账.xlsx"
    ledger.create(path, state, date=DAY)
    return path


def nothing(state):
    return ledger.Changes()


def page_of(book, heading="事项编号"):
    for page in book.worksheets:
        for row in page.iter_rows(max_row=10):
            names = [cell.value for cell in row]
            if heading in names and ("另一值" in names) == (heading == "编号"):
                return page, {name: at for at, name in enumerate(names, 1) if name}, row[0].row
    raise AssertionError(heading)


def typed(path, cells, *, to=None, heading="事项编号"):
    """Type into a sheet as a person does: {(id, heading): value}."""
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book, heading)
    at = {page.cell(row, columns[heading]).value: row for row in range(head + 1, page.max_row + 1)}
    for (name, column), value in cells.items():
        page.cell(at[name], columns[column]).value = value
    book.save(to or path)


def face(path):
    return read_tables(open_book(path), name="")["matters"].rows


def matter(path, name="c-1"):
    return ledger.read(path, date=DAY).state.rows["matters"][name]


# ---------------------------------------------------------------- both faces


def test_a_new_ledger_has_the_headings_of_the_template_and_only_matters(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR), finding("c-9", PAIR, severity="info"))
    book = openpyxl.load_workbook(path)
    _, columns, _ = page_of(book)
    assert list(columns)[:6] == [
        "序号",
        "事项编号",
        "事项类别",
        "涉及园区",
        "所在区（市）县",
        "事项描述",
    ]
    assert len(columns) == 37
    assert list(face(path)) == ["c-1"]
    assert (
        face(path)["c-1"] | {"status": "pending", "area_ha": 100, "area_mu": 1500}
        == face(path)["c-1"]
    )
    assert book.worksheets[1].title == "企业诉求台账"


def test_what_is_typed_comes_in_and_own_columns_and_colours_stay(tmp_path):
    path = begun(tmp_path)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    page.insert_cols(2)
    page.cell(head, 2).value = "我的列"
    page.cell(head + 1, 2).value = "=1+1"
    page.cell(head + 1, columns["责任单位"] + 1).value = "某局"
    page.cell(head + 1, 4).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    page.cell(head + 9, 3).value = "合计"
    page.move_range(f"A{head + 1}:AL{head + 1}", rows=3)  # sorted by hand
    book.save(path)
    kept = ledger.edit(path, nothing, date="2026-03-05")
    assert kept.taken == 2
    row = matter(path)
    assert (row["responsible_unit"], row["+我的列"], row["updated_on"]) == (
        "某局",
        "=1+1",
        "2026-03-05",
    )
    page, _, head = page_of(openpyxl.load_workbook(path))
    assert page.cell(head + 4, 4).fill.fgColor.rgb == "00FFFF00"
    assert page.cell(head + 9, 3).value == "合计"
    assert page.cell(head + 4, 3).value == "c-1"


def test_a_new_row_gets_an_id_and_one_taken_off_is_put_back(tmp_path):
    path = begun(tmp_path)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    page.cell(head + 3, columns["事项描述"]).value = "人工新增的事项"
    page.delete_rows(head + 1)
    book.save(path)
    kept = ledger.edit(path, nothing, date=DAY)
    assert kept.put_back == ["c-1"]
    assert sorted(face(path)) == ["c-1", "c-2", "m-001"]
    assert face(path)["m-001"]["status"] == "pending"
    assert not ledger.edit(path, nothing, date=DAY).written


def test_an_old_copy_put_back_overwrites_nothing(tmp_path):
    path = begun(tmp_path)
    shutil.copy(path, tmp_path / "copy.xlsx")
    typed(path, {("c-1", "责任人"): "张三", ("c-1", "备注"): "先改"})
    ledger.edit(path, nothing, date=DAY)
    typed(tmp_path / "copy.xlsx", {("c-1", "责任人"): "李四", ("c-1", "工作措施"): "核对"}, to=path)
    kept = ledger.edit(path, nothing, date=DAY)
    row = matter(path)
    assert (row["person"], row["remark"], row["measures"]) == ("张三", "先改", "核对")
    beside = kept.state.rows["differences"][kept.differences[0]]
    assert (beside["kept"], beside["other"]) == ("张三", "李四")
    typed(path, {(kept.differences[0], "取用"): "另一值"}, heading="编号")
    ledger.edit(path, nothing, date=DAY)
    assert matter(path)["person"] == "李四"


def test_the_store_alone_gives_the_sheet_again(tmp_path):
    path = begun(tmp_path)
    typed(path, {("c-1", "备注"): "记下"})
    ledger.edit(path, nothing, date=DAY)
    before = face(path)
    path.unlink()
    ledger.edit(path, nothing, date=DAY)
    assert face(path) == before


@pytest.mark.parametrize("name", ["=cmd|'/C calc'!A0", "{{7*7}}", "+1", "@x", "a\x07b", "_x0041_"])
def test_no_name_becomes_a_formula_through_two_writings(tmp_path, name):
    path = begun(tmp_path, finding("c-1", PAIR, description=name))
    typed(path, {("c-1", "备注"): "x"})
    ledger.edit(path, nothing, date=DAY)
    page, columns, head = page_of(openpyxl.load_workbook(path))
    assert page.cell(head + 1, columns["事项描述"]).data_type == "s"
    assert matter(path)["description"] == stored("description", name)


def test_merged_cells_count_for_every_row(tmp_path):
    path = begun(tmp_path)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    at = columns["牵头单位"]
    page.cell(head + 1, at).value = "某局"
    page.merge_cells(start_row=head + 1, end_row=head + 2, start_column=at, end_column=at)
    book.save(path)
    ledger.edit(path, nothing, date=DAY)
    assert matter(path, "c-2")["lead_unit"] == "某局"

    def other(state):
        state.rows["matters"]["c-2"]["lead_unit"] = "他局"

    ledger.edit(path, other, date=DAY)
    assert [row["lead_unit"] for row in face(path).values()] == ["某局", "他局"]


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda path: store.store_of(path).unlink(), InputError),
        (lambda path: store.store_of(path).write_bytes(b"nonsense" * 200), InputError),
        (lambda path: path.write_bytes(b"PK\x03\x04 no"), InputError),
        (lambda path: openpyxl.Workbook().save(path), InputError),
        (lambda path: path.write_text("<html>"), InputError),
    ],
)
def test_what_cannot_be_used_is_refused_and_left(tmp_path, spoil, error):
    path = begun(tmp_path)
    spoil(path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(error) as refused:
        ledger.edit(path, nothing, date=DAY)
    assert len(str(refused.value)) < 200
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_one_id_in_two_rows_is_told_with_its_rows(tmp_path):
    path = begun(tmp_path)
    typed(path, {("c-2", "事项编号"): "c-1"})
    with pytest.raises(InputError, match=r"4.*5"):
        ledger.edit(path, nothing, date=DAY)


def test_a_ledger_is_never_begun_over_another(tmp_path):
    begun(tmp_path)
    with pytest.raises(OutputError):
        begun(tmp_path)


# ---------------------------------------------------------------- statuses


def test_only_what_waits_is_closed_and_by_a_second_unit(tmp_path):
    path = begun(tmp_path)

    def close(**cells):
        return lambda state: ledger.act(state, "c-1", cells, to="closed", date=DAY)

    with pytest.raises(OptionError):
        ledger.edit(path, close(confirmed_by="乙局"), date=DAY)
    typed(path, {("c-1", "状态"): "待确认", ("c-1", "责任单位"): "甲局"})
    for wrong in ({}, {"confirmed_by": "甲局"}):
        with pytest.raises(OptionError):
            ledger.edit(path, close(**wrong), date=DAY)
    ledger.edit(path, close(confirmed_by="乙局"), date=DAY)
    assert (matter(path)["status"], matter(path)["closed_on"]) == ("closed", DAY)


def test_closed_typed_out_of_order_is_shown_and_not_taken(tmp_path):
    path = begun(tmp_path)
    typed(path, {("c-1", "状态"): "已销号", ("c-1", "备注"): "办好了"})
    kept = ledger.edit(path, nothing, date=DAY)
    assert matter(path)["status"] == "pending"
    assert matter(path)["remark"] == "办好了"
    assert kept.state.rows["differences"][kept.differences[0]]["other"] == "已销号"
    assert face(path)["c-1"]["status"] == "pending"


@pytest.mark.parametrize(
    ("today", "alert", "days"),
    [("2026-03-01", "normal", None), ("2026-03-13", "soon", None), ("2026-03-21", "overdue", 1)],
)
def test_deadlines_warn_in_words_and_red(tmp_path, today, alert, days):
    path = begun(tmp_path)
    typed(path, {("c-1", "办结时限"): "2026年3月20日"})
    ledger.edit(path, nothing, date=today)
    row = face(path)["c-1"]
    assert (row["alert"], row.get("overdue_days")) == (alert, days)
    page, columns, head = page_of(openpyxl.load_workbook(path))
    ink = page.cell(head + 1, columns["预警"]).font.color
    assert (ink is not None and ink.rgb == "009C1C0C") == (alert == "overdue")


# ---------------------------------------------------------------- deliveries


def updated(path, *findings, date="2026-06-01", **words):
    made = delivery(*findings, **words)
    return ledger.edit(path, lambda state: ledger.take_in(state, made, date=date), date=date).answer


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ({}, "persisting"),
        ({"area": 2e6}, "worsened"),
        ({"area": 0.5e6}, "eased"),
        ({"area": 1.01e6}, "persisting"),
        ({"severity": "high"}, "worsened"),
        ({"severity": "info"}, "eased"),
    ],
)
def test_a_finding_found_again_is_compared(tmp_path, now, change):
    path = begun(tmp_path, finding("c-1", PAIR))
    changes = updated(path, finding("c-1", PAIR, **now))
    assert changes.by_change == {change: ["c-1"]}
    assert changes.left_out == 0


def test_one_delivery_taken_in_twice_leaves_what_changed(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    for area, day, change in (
        (2e6, DAY, "worsened"),
        (2e6, DAY, "worsened"),
        (2e6, "x", "persisting"),
    ):
        made = delivery(finding("c-1", PAIR, area=area), date=day)
        kept = ledger.edit(
            path, lambda state, made=made: ledger.take_in(state, made, date=DAY), date=DAY
        )
        assert kept.answer.by_change == {change: ["c-1"]}


def test_a_row_written_by_hand_is_new_for_its_day(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    page.cell(head + 2, columns["事项描述"]).value = "人工新增"
    book.save(path)
    assert updated(path, finding("c-1", PAIR)).by_change["new"] == ["m-001"]
    changes = updated(path, finding("c-1", PAIR), date="2026-06-02")
    assert changes.by_change == {"persisting": ["c-1", "m-001"]}


def test_resolved_waits_for_people_and_found_again_goes_back(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    ledger.edit(path, lambda s: ledger.act(s, "c-1", {}, to="in_progress", date=DAY), date=DAY)
    assert updated(path).by_change == {"resolved": ["c-1"]}
    assert matter(path)["status"] == "awaiting"
    assert updated(path).by_change == {"resolved": ["c-1"]}
    assert matter(path)["progress"].count("\n") == 0
    assert updated(path, finding("c-1", PAIR)).by_change == {"recurred": ["c-1"]}
    assert matter(path)["status"] == "in_progress"


def test_a_closed_matter_found_again_stays_closed_and_is_told(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    typed(path, {("c-1", "状态"): "待确认"})
    close = {"confirmed_by": "乙局"}
    ledger.edit(path, lambda s: ledger.act(s, "c-1", close, to="closed", date=DAY), date=DAY)
    changes = updated(path, finding("c-1", PAIR))
    assert (changes.by_change, changes.reopened) == ({"recurred": ["c-1"]}, ["c-1"])
    assert matter(path)["status"] == "closed"


def test_a_row_that_is_gone_is_not_resolved(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    changes = updated(path, parks=layer(NAMES[1:]))
    assert changes.by_change == {"source_missing": ["c-1"]}
    assert matter(path)["status"] == "pending"


def test_a_line_not_compared_and_other_criteria_resolve_nothing(tmp_path):
    lined = finding("c-1", PAIR[:1], line="永久基本农田")
    path = begun(tmp_path, lined, finding("c-2", PAIR), lines=["永久基本农田"], criteria={"a": 1})
    changes = updated(path, criteria={"a": 2})
    assert changes.by_change == {"source_missing": ["c-1", "c-2"]}
    assert (changes.lines_missing, changes.doubtful) == (["永久基本农田"], 1)


def test_a_park_is_the_same_under_another_code_or_name(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    moved = layer(codes=["N1", "N2", "N3", "N4"])
    moved.loc["N1", "name"] = "甲高新区"
    changes = updated(path, finding("c-8", ("N1", "N2")), parks=moved)
    assert changes.by_change == {"persisting": ["c-1"]}
    changes = updated(path, finding("c-8", ("N1", "N2")), parks=moved)
    assert changes.by_change == {"persisting": ["c-1"]}


def test_what_people_wrote_over_a_fact_stands_and_the_new_fact_is_beside_it(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    typed(path, {("c-1", "事项描述"): "我们的说法"})
    updated(path, finding("c-1", PAIR))
    assert matter(path)["description"] == "我们的说法"
    updated(path, finding("c-1", PAIR, description="新的说法"))
    state = ledger.read(path, date=DAY).state
    assert state.rows["matters"]["c-1"]["description"] == "我们的说法"
    assert [row["other"] for row in state.rows["differences"].values()] == ["新的说法"]


def test_what_rests_on_coarse_words_is_left_out_until_asked_for(tmp_path):
    coarse = {**finding("c-2", PAIR), "coarse": True}
    path = begun(tmp_path, finding("c-1", ("S丙园", "S丁园")), coarse)
    assert list(face(path)) == ["c-1"]
    assert updated(path, coarse, date="2026-04-01").coarse == 1
    changes = updated(path, coarse, with_coarse=True, date="2026-04-02")
    assert (changes.coarse, changes.by_change["new"]) == (0, ["c-2"])
    other = {**finding("c-3", ("S甲园", "S丁园")), "coarse": True}
    assert updated(path, coarse, other, date="2026-04-03").by_change["new"] == ["c-3"]


def test_a_matter_in_the_ledger_stays_when_its_words_become_coarse(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    coarse = {**finding("c-1", PAIR, severity="low"), "coarse": True}
    changes = updated(path, coarse)
    assert (changes.by_change, changes.coarse) == ({"eased": ["c-1"]}, 0)


def test_the_same_delivery_with_coarse_words_asked_for_is_read_again(tmp_path):
    coarse = {**finding("c-2", PAIR), "coarse": True}
    path = begun(tmp_path, finding("c-1", PAIR[:1]), coarse, date=DAY)
    assert list(face(path)) == ["c-1"]
    changes = updated(path, finding("c-1", PAIR[:1]), coarse, date=DAY, with_coarse=True)
    assert changes.by_change["new"] == ["c-2"]


WAIVER = {"waiver_reason": "等待批复", "waiver_by": "局长", "waiver_until": "2026-05-31"}


@pytest.mark.parametrize(("today", "covered"), [("2026-05-31", ["c-1"]), ("2026-06-01", [])])
def test_a_waiver_holds_to_its_last_day(tmp_path, today, covered):
    path = begun(tmp_path, finding("c-1", PAIR))
    ledger.edit(path, lambda s: ledger.act(s, "c-1", WAIVER, to="waived", date=DAY), date=DAY)
    shapes = gpd.GeoDataFrame(geometry=[box(104, 30, 104.1, 30.1)], index=["c-1"], crs=4490)
    state = ledger.read(path, date=today).state
    assert ledger.waived_findings(state, shapes, date=today)[0] == covered
    changes = updated(path, finding("c-1", PAIR), date=today)
    assert changes.by_change == {"persisting" if covered else "waiver_expired": ["c-1"]}


def test_a_waiver_on_some_land_ends_where_the_finding_grows_beyond_it(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    land = gpd.GeoDataFrame(geometry=[box(104, 30, 104.1, 30.1)], crs=4490)

    def waive(state):
        ledger.act(state, "c-1", WAIVER, to="waived", date=DAY)
        state.rows["matters"]["c-1"] = ledger.with_area(state.rows["matters"]["c-1"], land)

    ledger.edit(path, waive, date=DAY)
    state = ledger.read(path, date=DAY).state
    for east, answer in ((104.1, (["c-1"], [])), (104.2, ([], ["c-1"]))):
        shapes = gpd.GeoDataFrame(geometry=[box(104, 30, east, 30.1)], index=["c-1"], crs=4490)
        assert ledger.waived_findings(state, shapes, date=DAY) == answer


def test_a_waiver_without_reason_is_none(tmp_path):
    path = begun(tmp_path)
    typed(path, {("c-1", "状态"): "暂缓"})
    assert ledger.edit(path, nothing, date=DAY).differences
    assert matter(path)["status"] == "pending"


# ---------------------------------------------------------------- nothing is lost

ROW = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2), max_size=4)


@given(ROW, ROW, ROW)
def test_three_ways_keep_each_side_s_own_changes(base, ours, theirs):
    row, clashes = merged(base, ours, theirs)
    for name in "abcd":
        was, here, there = base.get(name), ours.get(name), theirs.get(name)
        expected = there if here == was else here
        assert row.get(name) == expected
        assert (name in clashes) == (here not in (was, there) and there not in (was, here))


WORDS = st.sampled_from(["甲", "乙", "=1+1", "丙\n丁", "2026-03-01", 7, None])
COLUMNS = {"备注": "remark", "责任人": "person", "工作措施": "measures", "我的列": "+我的列"}


class TwoSides(RuleBasedStateMachine):
    """Somebody types into the sheet or an older copy, somebody else runs the program."""

    @initialize()
    def begin(self):
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.path = begun(self.folder)
        book = openpyxl.load_workbook(self.path)
        page, _, head = page_of(book)
        page.cell(head, page.max_column + 1).value = "我的列"
        book.save(self.path)
        ledger.edit(self.path, nothing, date=DAY)
        shutil.copy(self.path, self.folder / "copy.xlsx")
        self.said = []

    @rule(
        name=st.sampled_from(["c-1", "c-2"]), column=st.sampled_from(sorted(COLUMNS)), value=WORDS
    )
    def type_in(self, name, column, value):
        typed(self.path, {(name, column): value})
        self.remember(name, column, value)

    @rule(
        name=st.sampled_from(["c-1", "c-2"]), column=st.sampled_from(sorted(COLUMNS)), value=WORDS
    )
    def type_in_program(self, name, column, value):
        key = COLUMNS[column]

        def change(state):
            row = state.rows["matters"][name]
            row.pop(key, None)
            if value is not None and key != "+我的列":
                row[key] = stored(key, value)

        if key != "+我的列":
            ledger.edit(self.path, change, date=DAY)
            self.said = [said for said in self.said if said[:2] != (name, key)]

    @rule()
    def take_a_copy_of_all_sheets(self):
        self.take_a_copy()

    @rule(
        name=st.sampled_from(["c-1", "c-2"]), column=st.sampled_from(sorted(COLUMNS)), value=WORDS
    )
    def put_back_an_old_copy(self, name, column, value):
        self.restore(name, column, value)

    def take_a_copy(self):
        shutil.copy(self.path, self.folder / "copy.xlsx")

    def restore(self, name, column, value):
        ledger.edit(self.path, nothing, date=DAY)  # what is on the sheet is in the store by now
        typed(self.folder / "copy.xlsx", {(name, column): value}, to=self.path)
        ledger.edit(self.path, nothing, date=DAY)

    @rule()
    def update(self):
        updated(self.path, finding("c-1", PAIR), finding("c-2", ("S丙园", "S丁园")))

    @rule()
    def lose_the_sheet_s_order(self):
        book = openpyxl.load_workbook(self.path)
        page_of(book)[0].insert_cols(3)
        book.save(self.path)

    def remember(self, name, column, value):
        key = COLUMNS[column]
        self.said = [said for said in self.said if said[:2] != (name, key)]
        self.said.append((name, key, stored(key, value)))

    @invariant()
    def everything_typed_last_is_there(self):
        if not hasattr(self, "path"):
            return
        rows = ledger.read(self.path, date=DAY).state.rows
        for name, key, value in self.said:
            here = rows["matters"][name].get(key)
            beside = [
                row["_other"]
                for row in rows["differences"].values()
                if (row["matter_id"], row["column"]) == (name, key)
            ]
            assert here == value or value in beside

    def teardown(self):
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(
    max_examples=8,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _write_many(path, name):
    def change(state):
        row = state.rows["matters"][name]
        row["remark"] = int(row.get("remark", 0)) + 1

    for _ in range(5):
        ledger.edit(path, change, date=DAY)


def test_two_runs_at_once_lose_nothing(tmp_path):
    path = begun(tmp_path)
    spawn = multiprocessing.get_context("fork")
    runs = [spawn.Process(target=_write_many, args=(path, name)) for name in ("c-1", "c-2", "c-1")]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    ledger.edit(path, nothing, date=DAY)
    done = sum(5 for run in runs[::2] if run.exitcode == 0)
    assert [run.exitcode for run in runs] == [0, 0, 0]
    assert (matter(path)["remark"], matter(path, "c-2")["remark"]) == (done, 5)


def test_a_sheet_saved_meanwhile_is_taken_in_at_the_next_try(tmp_path):
    path = begun(tmp_path)
    seen = []

    def change(state):
        if not seen:
            typed(path, {("c-1", "备注"): "同时填写"})
        seen.append(1)
        state.rows["matters"]["c-1"]["person"] = "张三"

    ledger.edit(path, change, date=DAY)
    assert len(seen) == 2
    assert (matter(path)["remark"], matter(path)["person"]) == ("同时填写", "张三")


# ---------------------------------------------------------------- the command line


def run(*arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments=[str(argument) for argument in arguments])
    return end.value.code


PARKS = Path(__file__).parent.parent / "data" / "parks.geojson"


def test_the_story_of_two_deliveries(tmp_path, capsys):
    path = tmp_path / "L.xlsx"
    assert run("ledger", "init", PARKS, "-o", path, "--date", DAY) == 0
    said = capsys.readouterr().err
    assert "2 件核查事项" in said
    assert "提示类 27 件、口径过粗 14 件未列入" in said
    name = next(iter(face(path)))
    assert (
        run("ledger", "assign", path, name, "--unit", "甲局", "--due", "2026-03-20", "--date", DAY)
        == 0
    )
    first = path.read_bytes()
    assert run("ledger", "update", path, PARKS, "--date", "2026-04-01") == 0
    assert "持续2件" in capsys.readouterr().err
    assert path.read_bytes() != first
    second = path.read_bytes()
    assert run("ledger", "update", path, PARKS, "--date", "2026-04-01") == 0
    assert path.read_bytes() == second
    assert run("ledger", "show", path, "--overdue", "-f", "json", "--date", "2026-04-01") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["schema"] == "parkmap/ledger/1"
    assert [row["overdue_days"] for row in shown["matters"]] == [12]
    edited = json.loads(PARKS.read_text(encoding="utf-8"))
    for feature in edited["features"]:
        if feature["properties"]["park_id"] == "CD-25":
            feature["geometry"]["coordinates"] = json.loads(
                json.dumps(feature["geometry"]["coordinates"]),
                parse_float=lambda x: float(x) + 0.01,
            )
    (tmp_path / "new.geojson").write_text(json.dumps(edited), encoding="utf-8")
    assert run("ledger", "update", path, tmp_path / "new.geojson", "--date", "2026-04-02") == 0
    assert matter(path, name)["change"] in ("resolved", "eased", "worsened")


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "nowhere.xlsx"),
        ("show", "a.csv"),
        ("assign", "nowhere.xlsx", "c-1", "--unit", "甲"),
        ("init", PARKS, "-o", "ledger.csv"),
    ],
)
def test_bad_calls_are_one_line(arguments, capsys):
    assert run("ledger", *arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) <= 201


def test_a_waived_finding_does_not_count_for_the_exit_code(tmp_path, capsys):
    path = tmp_path / "L.xlsx"
    assert run("ledger", "init", PARKS, "-o", path, "--date", DAY) == 0
    asked = ("conflicts", PARKS, "-f", "csv", "--fail-on", "medium", "--ledger", path, "--date")
    assert run(*asked, DAY) == 1
    name = next(iter(face(path)))  # the only one above low
    waive = ("--reason", "等待批复", "--by", "局长", "--until", "2026-05-31")
    assert run("ledger", "waive", path, name, *waive, "--date", DAY) == 0
    capsys.readouterr()
    assert run(*asked, "2026-05-31") == 0
    said = capsys.readouterr()
    assert f"暂缓期内 1 件不计入返回值：{name}" in said.err
    assert name in said.out
    assert run(*asked, "2026-06-01") == 1


def test_verbs_say_what_they_refuse(tmp_path, capsys):
    path = begun(tmp_path)
    assert run("ledger", "close", path, "c-1", "--confirmed-by", "乙局") == 2
    assert "待交办" in capsys.readouterr().err
    assert run("ledger", "assign", path, "c-3", "--unit", "甲局") == 2
    assert "c-1" in capsys.readouterr().err
    assert run("ledger", "assign", path, "c-1", "--unit", "甲局", "--due", "月底") == 2
    assert "月底" in capsys.readouterr().err
    before = path.read_bytes()
    assert run("ledger", "assign", path, "c-1", "c-3", "--unit", "甲局") == 2  # all or none
    assert path.read_bytes() == before


def test_an_appeal_is_assigned_and_closed_with_two_scores(tmp_path):
    path = begun(tmp_path)
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book, "诉求编号")
    page.cell(head + 1, columns["诉求内容"]).value = "缺少周转厂房"
    book.save(path)
    assert run("ledger", "update", path, "--date", DAY) == 0
    assert run("ledger", "assign", path, "a-001", "--unit", "甲局", "--date", DAY) == 0
    typed(path, {("a-001", "状态"): "待确认"}, heading="诉求编号")
    scores = ("--result-score", "5", "--attitude-score")
    assert run("ledger", "close", path, "a-001", *scores, "4", "--date", DAY) == 2
    assert run("ledger", "close", path, "a-001", "--outcome", "solved", *scores, "6") == 2
    done = ("ledger", "close", path, "a-001", "--outcome", "solved", *scores, "4", "--date", DAY)
    assert run(*done) == 0
    row = ledger.read(path, date=DAY).state.rows["appeals"]["a-001"]
    assert (row["status"], row["result_score"], row["attitude_score"]) == ("closed", 5, 4)
    assert row["settled_on"] == DAY


def test_a_sheet_with_half_width_headings_is_read_as_well(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    book = openpyxl.load_workbook(path)
    page, _, head = page_of(book)
    for row in page.iter_rows(min_row=head, max_row=head):
        for cell in row:
            cell.value = str(cell.value).replace("\uff08", "(").replace("\uff09", ")")
    before = face(path)
    book.save(path)
    assert "所在区(市)县" in page_of(openpyxl.load_workbook(path))[1]
    assert face(path) == before


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_days_are_counted_as_the_workbook_counts_them(tmp_path, epoch):
    """Old Excel for Mac counts from 1904; a cell without a date's format shows the number."""
    path, day = tmp_path / "a.xlsx", dt.date(2026, 3, 1)
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.active.append(["事项编号", "状态", "办结时限", "交办日期"])
    book.active.append(["c-1", "待交办", int(to_excel(day, epoch)), day])
    book.save(path)
    page = read_tables(openpyxl.load_workbook(path), name="a.xlsx")["matters"]
    assert page.rows["c-1"]["due_on"] == "2026-03-01"
    assert page.rows["c-1"]["assigned_on"] == "2026-03-01"
