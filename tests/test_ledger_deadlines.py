"""What drops out of a count is told: back again, put off too long, due on no day."""

import openpyxl
import pytest
from test_ledger import DAY, PAIR, begun, finding, matter, run, typed, updated

from parkmap import ledger, messages

CLOSE = {"confirmed_by": "乙局", "responsible_unit": "甲局"}


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def acted(path, to, date, **cells):
    ledger.edit(path, lambda s: ledger.act(s, "c-1", cells, to=to, date=date), date=date)


def told(path, date, *, month=None, public=False):
    """The monthly publication, as the verb writes it."""
    words = ["ledger", "publish", path, "-o", path.parent / "m.txt", "--overwrite", "--date", date]
    words += ["--month", month] if month else []
    assert run(*words, "--lang", "zh", *(["--public"] if public else [])) == 0
    return (path.parent / "m.txt").read_text(encoding="utf-8")


def closed_and_back(folder):
    """Closed on 10 March; found again in the delivery of 1 June."""
    path = begun(folder, finding("c-1", PAIR))
    acted(path, "awaiting", DAY)
    acted(path, "closed", "2026-03-10", **CLOSE)
    assert updated(path, finding("c-1", PAIR, area=2e6)).reopened == ["c-1"]
    return path


@pytest.mark.parametrize("public", [False, True])
def test_a_closed_matter_found_again_is_open_in_the_monthly_and_named(tmp_path, public):
    said = told(closed_and_back(tmp_path), "2026-06-20", public=public)
    assert "累计办结0件" in said
    assert "未办结的核查事项1件：反复1件" in said
    assert "反复1件：已销号，后又在数据中出现" in said
    assert "逾期0件" in said
    assert ("2026-03-10销号，现又出现" in said) == (not public)


def test_the_month_in_which_it_was_closed_says_so_still(tmp_path):
    path = closed_and_back(tmp_path)
    assert "本月办结1件" in told(path, "2026-06-20", month="2026-03")
    assert "反复" not in told(path, "2026-06-20", month="2026-03")
    gone = updated(path, date="2026-07-01")
    assert gone.by_change["resolved"] == ["c-1"]
    assert "累计办结1件" in told(path, "2026-07-20")  # it is gone again
    assert "反复1件" in told(path, "2026-07-20", month="2026-06")


@pytest.mark.parametrize("by_hand", [False, True])
def test_closed_a_second_time_it_has_the_day_of_the_second_time(tmp_path, by_hand):
    path = closed_and_back(tmp_path)
    for to, date in (("returned", "2026-06-02"), ("awaiting", "2026-06-09")):
        acted(path, to, date)
    assert "退回重办" not in told(path, "2026-06-20")
    if by_hand:
        typed(path, {("c-1", "状态"): "已销号"})
        ledger.edit(path, lambda s: None, date="2026-06-15")
    else:
        acted(path, "closed", "2026-06-15")
    assert matter(path)["closed_on"] == "2026-06-15"
    said = told(path, "2026-06-20")
    assert "本月办结1件" in said
    assert "反复" not in said


def test_closing_what_is_closed_moves_no_date(tmp_path):
    path = closed_and_back(tmp_path)
    acted(path, "closed", "2026-06-15")
    assert matter(path)["closed_on"] == "2026-03-10"
    assert "反复1件" in told(path, "2026-06-20")


def test_a_day_of_closing_that_was_typed_first_stands(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    acted(path, "awaiting", DAY)
    typed(path, {("c-1", "销号日期"): "2026-03-03", ("c-1", "销号确认单位"): "乙局"})
    ledger.edit(path, lambda s: None, date="2026-03-04")
    typed(path, {("c-1", "状态"): "已销号"})
    ledger.edit(path, lambda s: None, date="2026-03-05")
    assert matter(path)["closed_on"] == "2026-03-03"


def test_a_status_taken_from_the_sheet_of_differences_closes_on_its_day(tmp_path):
    path = begun(tmp_path, finding("c-1", PAIR))
    typed(path, {("c-1", "状态"): "已销号"})  # out of order: put beside
    kept = ledger.edit(path, lambda s: None, date=DAY)
    acted(path, "awaiting", DAY, **CLOSE)
    typed(path, {(kept.differences[0], "取用"): "另一值"}, heading="编号")
    ledger.edit(path, lambda s: None, date="2026-03-09")
    assert (matter(path)["status"], matter(path)["closed_on"]) == ("closed", "2026-03-09")


def with_deadline(folder, **cells):
    path = begun(folder)  # c-1 and c-2
    typed(path, {("c-1", "责任单位"): "甲局", **{("c-1", key): v for key, v in cells.items()}})
    ledger.edit(path, lambda s: None, date=DAY)
    return path


@pytest.mark.parametrize("said", ["12月底", "抓紧办"])
def test_a_deadline_that_is_no_date_is_told_where_nothing_is_counted_from_it(
    tmp_path, said, capsys
):
    path = with_deadline(tmp_path, 办结时限=said)
    inside, outside = told(path, "2026-03-20"), told(path, "2026-03-20", public=True)
    for paper in (inside, outside):
        assert "逾期0件。另有1件时限未能识别" in paper
    assert f"责任单位甲局，责任人未填，办结时限“{said}”未能识别。" in inside
    assert said not in outside
    out = tmp_path / "week.xlsx"
    capsys.readouterr()
    assert run("ledger", "dispatch", path, "-o", out, "--date", "2026-03-20", "--lang", "zh") == 0
    assert "另有1件时限未能识别" in capsys.readouterr().err
    cells = [c.value for row in openpyxl.load_workbook(out).active for c in row if c.value]
    assert f"c-1（S甲园、S乙园）：办结时限“{said}”，甲局" in cells


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        ({"办结时限": "2026-03-05", "延期至": "年底前"}, True),  # the extension is what matters
        ({"办结时限": "月底", "延期至": "2026-04-05"}, False),
        ({"办结时限": "月底", "状态": "待确认"}, False),
        ({"办结时限": "2026年3月5日前"}, False),
        ({"办结时限": "\uff12\uff10\uff12\uff16-03-05 00:00:00"}, False),
        ({}, False),
    ],
)
def test_only_a_deadline_that_ought_to_run_is_missed(tmp_path, cells, counted):
    said = told(with_deadline(tmp_path, **cells), "2026-03-20")
    assert ("时限未能识别" in said) == counted


def test_a_deadline_written_with_its_before_runs_and_stays_as_typed(tmp_path):
    path = with_deadline(tmp_path, 办结时限="2026年3月5日前")
    assert "逾期1件，最长15天" in told(path, "2026-03-20")
    page = openpyxl.load_workbook(path).worksheets[0]
    assert "2026年3月5日前" in [cell.value for row in page for cell in row]


def test_a_waiver_that_ran_out_is_called_so(tmp_path, capsys):
    path = begun(tmp_path, finding("c-1", PAIR))
    acted(path, "waived", DAY, waiver_reason="r", waiver_by="b", waiver_until="2026-03-15")
    assert "暂缓1件" in told(path, "2026-03-15")
    said = told(path, "2026-03-16")
    assert "未办结的核查事项1件：暂缓到期1件" in said
    assert "暂缓至2026-03-15，批准人b" in said
    out = tmp_path / "week.xlsx"
    assert run("ledger", "dispatch", path, "-o", out, "--date", "2026-03-16", "--lang", "zh") == 0
    assert "另有1件暂缓到期" in capsys.readouterr().err


def test_a_row_taken_off_the_sheet_is_not_dispatched():
    state = ledger.State(meta={"lang": "zh", "city": "", "data_date": ""})
    state.rows["matters"]["m-001"] = {
        "matter_id": "m-001", "status": "awaiting", "_removed": DAY,
    }  # fmt: skip
    assert not ledger.dispatch_sheet(state, date=DAY).rows


def test_a_waiver_that_ran_out_is_told_once_and_stays_on_the_sheet(tmp_path, capsys):
    path = begun(tmp_path, finding("c-1", PAIR))
    words = {"waiver_reason": "r", "waiver_by": "b"}
    acted(path, "waived", DAY, **words, waiver_until="2026-03-15")

    def looked(date):
        capsys.readouterr()
        assert run("ledger", "update", path, "--date", date, "--lang", "zh") == 0
        return "暂缓到期" in capsys.readouterr().err

    assert [looked(f"2026-03-{day}") for day in (15, 16, 17)] == [False, True, False]
    assert matter(path)["change"] == "waiver_expired"
    assert updated(path, finding("c-1", PAIR)).by_change == {"persisting": ["c-1"]}
    assert matter(path)["change"] == "waiver_expired"
    assert updated(path, finding("c-1", PAIR, area=2e6)).by_change == {"worsened": ["c-1"]}
    acted(path, "waived", "2026-06-02", **words, waiver_until="2026-06-10")
    assert [looked(f"2026-06-{day}") for day in ("09", 11, 12)] == [False, True, False]
    acted(path, "in_progress", "2026-06-12")
    assert not looked("2026-06-13")
    assert matter(path)["change"] == "persisting"


def test_a_matter_without_parks_is_named_by_its_words_for_the_office_alone(tmp_path):
    state = ledger.State(meta={"lang": "zh", "city": "", "data_date": ""})
    said = "某镇与园区边界需要核对" * 5
    state.rows["matters"]["m-001"] = {
        "matter_id": "m-001", "status": "in_progress", "first_found": DAY, "due_on": "尽快办",
        "description": said,
    }  # fmt: skip
    path = tmp_path / "台账.xlsx"
    ledger.create(path, state, date=DAY)
    assert f"未注明类别（{said[:24]}…）〔m-001〕" in told(path, "2026-03-20")
    assert "某镇" not in told(path, "2026-03-20", public=True)


def test_scores_that_are_none_are_told(tmp_path):
    state = ledger.State(meta={"lang": "zh", "city": "", "data_date": ""})
    for name, score in (("a-1", "5分"), ("a-2", 6), ("a-3", 4), ("a-4", None)):
        row = {"appeal_id": name, "status": "closed", "raised_on": DAY, "settled_on": DAY}
        state.rows["appeals"][name] = row | ({"result_score": score} if score else {})
    path = tmp_path / "台账.xlsx"
    ledger.create(path, state, date=DAY)
    said = told(path, "2026-03-20")
    assert "办理结果平均4.0分（1件）" in said
    assert "另有2项评价不是1至5的整数，未计入。" in said
