"""The week's sheet: every open matter in the sections where it belongs, and in no other."""

import datetime as dt

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parkmap import ledger
from parkmap.cli import main
from parkmap.messages import use_language

TODAY = dt.date(2026, 3, 20)


def rows():
    days = st.integers(-60, 60).map(lambda n: (TODAY + dt.timedelta(n)).isoformat())
    return st.fixed_dictionaries(
        {"status": st.sampled_from(ledger.STATUSES)},
        optional=dict.fromkeys(("assigned_on", "due_on", "extended_to", "waiver_until"), days),
    )


def ago(text):
    return (TODAY - dt.date.fromisoformat(text)).days


@given(rows())
def test_a_matter_stands_where_its_days_put_it(row):
    if row["status"] == "waived":
        row |= {"waiver_reason": "r", "waiver_by": "b"}
    got = ledger.sections_of(row, TODAY.isoformat())
    if row["status"] == "closed" or ledger.is_waived(row, TODAY.isoformat()):
        assert got == []
        return
    due = row.get("extended_to") or row.get("due_on")
    late = ago(due) if due and row["status"] != "awaiting" else None
    assert ("handed_out" in got) == ("assigned_on" in row and 0 <= ago(row["assigned_on"]) < 7)
    assert ("soon" in got) == (late is not None and -7 <= late <= 0)
    assert ("overdue" in got) == (late is not None and late > 0)
    assert ("awaiting" in got) == (row["status"] == "awaiting")
    assert ("leaders" in got) == (row["status"] == "returned" or (late or 0) > 30)


@pytest.fixture
def book(tmp_path):
    state = ledger.State(meta={"lang": "zh", "city": "示例市", "data_date": ""})
    state.rows["matters"] = {
        "c-1": {"matter_id": "c-1", "status": "assigned", "due_on": "2026-03-01", "parks": "=1+1"},
        "c-2": {"matter_id": "c-2", "status": "assigned", "due_on": "2026-02-01"},
        "c-3": {"matter_id": "c-3", "status": "closed", "due_on": "2026-02-01"},
        "c-4": {"matter_id": "c-4", "status": "pending"},
    }
    path = tmp_path / "l.xlsx"
    ledger.create(path, state, date="2026-03-20")
    return path


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main(arguments=[str(word) for word in words])
    return ended.value.code


def test_the_counts_of_the_week_are_a_list_not_a_chain_of_ands():
    with use_language("en"):
        said = ledger.dispatch_counts(ledger.dispatch_sheet(ledger.State(), date="2026-03-04"))
    assert said.count(", ") == 4
    assert " and " not in said


def test_the_sheet_on_paper(book, tmp_path, capsys):
    before, out = book.read_bytes(), tmp_path / "week.xlsx"
    assert run("ledger", "dispatch", book, "-o", out, "--date", "2026-03-20") == 0
    assert "逾期2件" in capsys.readouterr().err
    page = openpyxl.load_workbook(out)["周调度单"]
    lines = [list(row) for row in page.iter_rows() if row[1].value in ("c-1", "c-2")]
    assert [(row[0].value, row[1].value) for row in lines] == [
        ("逾期", "c-2"), ("逾期", "c-1"), ("需市领导协调", "c-2"),
    ]  # fmt: skip
    assert lines[1][2].value == "=1+1"
    assert lines[1][2].data_type == "s"
    assert lines[0][0].style == "severity high"  # in red
    assert not [1 for row in page.iter_rows() if row[1].value in ("c-3", "c-4")]
    assert book.read_bytes() == before
    first = out.read_bytes()
    words = ("ledger", "dispatch", book, "-o", out, "--overwrite", "-q", "--date", "2026-03-20")
    assert run(*words) == 0
    assert out.read_bytes() == first


@pytest.mark.parametrize("name", ["l.xlsx", "l.sqlite", "week.csv"])
def test_what_it_does_not_write_over(book, name):
    before = book.read_bytes(), ledger.store_of(book).read_bytes()
    assert run("ledger", "dispatch", book, "-o", book.parent / name, "--overwrite") == 2
    assert (book.read_bytes(), ledger.store_of(book).read_bytes()) == before
