"""Both sides at once: rows, columns and sheets by hand; assign, waive, move on, close by verbs."""

import contextlib

import openpyxl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from test_ledger import COLUMNS, DAY, WORDS, TwoSides, nothing, page_of, typed

from parkmap import ledger, messages
from parkmap.errors import OptionError

NAMES = st.sampled_from(["c-1", "c-2"])
UNITS = st.sampled_from(["甲局", "乙局"])
STATUS = st.sampled_from(ledger.STATUSES)


class AllHands(TwoSides):
    """What planners do to a workbook, and what the verbs do, in any order."""

    @initialize()
    def begin_more(self):
        self.added, self.own, self.copied, self.units, self.moves = [], [], [], {}, 0

    def saved(self, change):
        book = openpyxl.load_workbook(self.path)
        page, columns, head = page_of(book)
        change(book, page, columns, head)
        book.save(self.path)

    @rule()
    def write_a_row(self):
        said = f"人工事项{len(self.added)}"

        def change(_, page, columns, __):
            page.cell(page.max_row + 1, columns["事项描述"]).value = said

        self.saved(change)
        self.added.append(said)

    @rule(name=NAMES)
    def take_a_row_off(self, name):
        ledger.edit(self.path, nothing, date=DAY)

        def change(_, page, columns, head):
            rows = range(head + 1, page.max_row + 1)
            at = next(row for row in rows if page.cell(row, columns["事项编号"]).value == name)
            page.delete_rows(at)

        self.saved(change)
        assert ledger.edit(self.path, nothing, date=DAY).put_back == [name]

    @rule()
    def put_an_empty_row_between(self):
        self.saved(lambda _, page, __, head: page.insert_rows(head + 1))

    @rule(one=st.integers(0, 30), other=st.integers(0, 30))
    def change_the_order_of_columns(self, one, other):
        def change(_, page, columns, head):
            places = list(columns.values())
            left, right = places[one % len(places)], places[other % len(places)]
            for row in range(head, page.max_row + 1):
                a, b = page.cell(row, left), page.cell(row, right)
                a.value, b.value = b.value, a.value

        self.saved(change)

    @rule(value=st.sampled_from(["会议纪要", 7, "=1+1"]))
    def keep_a_sheet_of_one_s_own(self, value):
        self.own.append(value)

        def change(book, *_):
            page = book["我的表"] if "我的表" in book.sheetnames else book.create_sheet("我的表")
            page.cell(len(self.own), 1).value = value

        self.saved(change)

    @rule()
    def take_a_copy_of_all_sheets(self):
        self.take_a_copy()
        self.copied = list(self.own)

    @rule(name=NAMES, column=st.sampled_from(sorted(COLUMNS)), value=WORDS)
    def put_back_an_old_copy(self, name, column, value):
        self.restore(name, column, value)
        self.own = list(self.copied)  # one's own sheets live in the workbook alone

    @rule(name=NAMES, unit=UNITS)
    def assign(self, name, unit):
        if self.acted(name, {"responsible_unit": unit}, "assigned"):
            self.units[name] = unit

    @rule(name=NAMES)
    def waive(self, name):
        cells = {"waiver_reason": "等批复", "waiver_by": "局长", "waiver_until": "2026-12-31"}
        self.acted(name, cells, "waived")

    @rule(name=NAMES, to=STATUS.filter(lambda to: to not in ("closed", "waived", "assigned")))
    def move_on(self, name, to):
        self.acted(name, {}, to)

    @rule(name=NAMES, by=UNITS)
    def close(self, name, by):
        self.acted(name, {"confirmed_by": by}, "closed")

    @rule(name=NAMES, to=STATUS)
    def type_a_status(self, name, to):
        ledger.edit(self.path, nothing, date=DAY)
        with messages.use_language("zh"):
            typed(self.path, {(name, "状态"): ledger.word("status", to)})
        self.said = [said for said in self.said if said[:2] != (name, "status")]
        self.said.append((name, "status", to))

    def acted(self, name, cells, to):
        done = []

        def change(state):
            ledger.act(state, name, cells, to=to, date=DAY)
            done.append(state)

        with contextlib.suppress(OptionError):
            ledger.edit(self.path, change, date=DAY)
        if done:
            self.said = [said for said in self.said if said[:2] != (name, "status")]
        return bool(done)

    @invariant()
    def nothing_is_lost_and_nothing_closes_by_itself(self):
        if not hasattr(self, "added"):
            return
        matters = ledger.read(self.path, date=DAY).state.rows["matters"]
        assert {"c-1", "c-2"} <= set(matters)
        told = [row.get("description") for row in matters.values()]
        assert all(said in told for said in self.added)
        assert len(matters) == 2 + len(self.added)
        for name, unit in self.units.items():
            assert matters[name]["responsible_unit"] == unit
        for row in matters.values():
            if row["status"] == "closed":
                assert row["confirmed_by"] != row.get("responsible_unit")
                assert row["closed_on"]
            if row["status"] == "waived":
                assert row["waiver_by"]
        if self.own:
            page = openpyxl.load_workbook(self.path)["我的表"]
            assert [page.cell(at, 1).value for at in range(1, len(self.own) + 1)] == self.own


TestAllHands = AllHands.TestCase
TestAllHands.settings = settings(
    max_examples=4,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
