"""The monthly publication: its figures are the ledger's, its public edition names nobody."""

import calendar
import datetime as dt
import sys
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ledger import PARKS, run

from parkmap import ledger, messages, report
from parkmap.errors import OptionError

MONTH = ledger.month_of("2026-11", "2026-12-20")
DAYS = st.dates(dt.date(2026, 9, 1), dt.date(2026, 12, 20)).map(dt.date.isoformat)
UNITS = st.sampled_from(["甲局", "乙局", "丙局", ""])
SECRETS = ("赵钱孙科技有限公司", "周吴郑", "13800138000", "91510100MA6ABCDE1X", "104.0665", "密件")


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def rows(sheet):
    begun, done, kind = {
        "matters": ("first_found", "closed_on", "category"),
        "appeals": ("raised_on", "settled_on", "appeal_kind"),
    }[sheet]
    known = {
        "status": st.sampled_from(ledger.STATUSES),
        begun: DAYS,
        kind: st.sampled_from([*ledger.WORDS[kind], "别的"]),
    }
    free = {done: DAYS, "due_on": DAYS, "extended_to": DAYS, "responsible_unit": UNITS}
    more = {"result_score": st.integers(1, 5), "waiver_until": DAYS}
    return st.lists(st.fixed_dictionaries(known, optional=free | more), max_size=12)


def state_of(matters, appeals=()):
    state = ledger.State(meta={"lang": "zh", "city": "示例市", "data_date": ""})
    state.rows["matters"] = {
        f"c-{n}": {"matter_id": f"c-{n}", **row} for n, row in enumerate(matters)
    }
    state.rows["appeals"] = {
        f"a-{n}": {"appeal_id": f"a-{n}", **row} for n, row in enumerate(appeals)
    }
    return state


def told(parts, key):
    """The lines and tables of one chapter."""
    heading = messages.text(f"monthly.chapter.{key}")
    at = next(n for n, part in enumerate(parts) if part.form == "chapter" and heading in part.said)
    rest = parts[at + 1 :]
    end = next((n for n, part in enumerate(rest) if part.form == "chapter"), len(rest))
    return rest[:end]


@given(rows("matters"), rows("appeals"), st.booleans())
def test_every_figure_is_the_ledger_s(matters, appeals, public):
    """Counted again here, row by row, by the rules of the outline."""
    with messages.use_language("zh"):
        state = state_of(matters, appeals)
        parts = ledger.publication(state, MONTH, public=public)
    last, text = "2026-11-30", "\n".join(part.said for part in parts)
    counted = []
    for sheet, begun, done in (
        ("核查事项", "first_found", "closed_on"),
        ("企业诉求", "raised_on", "settled_on"),
    ):
        mine = [row for row in (matters if sheet == "核查事项" else appeals) if row[begun] <= last]
        shut = [row for row in mine if row["status"] == "closed" and row.get(done, "") <= last]
        counted += [(row, row in shut) for row in mine]
        if not mine:
            assert f"台账中没有{sheet}。" in text
            continue
        new = sum(row[begun] >= "2026-11-01" for row in mine)
        now = sum(row.get(done, "") >= "2026-11-01" for row in shut)
        rate = f"{100 * len(shut) / len(mine):.1f}%"
        expected = (
            f"{sheet}累计受理{len(mine)}件，本月新增{new}件；累计办结{len(shut)}件，"
            f"本月办结{now}件，办结率{rate}"
        )
        assert expected in text
    tables = [part.rows for part in parts if part.rows]
    for table in tables[:2]:
        place = 3 if len(table[0]) == 6 else 2
        assert sum(int(row[1]) for row in table[1:]) == len(counted)
        assert sum(int(row[place]) for row in table[1:]) == sum(shut for _, shut in counted)
    for unit, number, _, rate, _ in tables[1][1:] if tables else ():
        assert (rate == "—") == (int(number) < 5), unit


@given(rows("matters"))
def test_what_is_late_is_late_on_the_last_day(matters):
    parts = ledger.publication(state_of(matters), MONTH, public=False)
    expected = []
    for row in matters:
        due = row.get("extended_to") or row.get("due_on")
        shut = row["status"] == "closed" and row.get("closed_on", "") <= "2026-11-30"
        put_off = row["status"] == "waived" and row.get("waiver_until", "") >= "2026-11-30"
        if row["first_found"] <= "2026-11-30" and due and not (shut or put_off):
            late = (dt.date(2026, 11, 30) - dt.date.fromisoformat(due)).days
            expected += [late] if late > 0 and row["status"] != "awaiting" else []
    said = told(parts, "late")[0].said
    assert said == (
        f"逾期{len(expected)}件，最长{max(expected)}天。" if expected else "没有逾期事项。"
    )


def secret_state():
    state = state_of(
        [
            {
                "status": "closed",
                "first_found": "2026-11-01",
                "closed_on": "2026-11-10",
                "category": "gap",
                "parks": SECRETS[0],
                "description": SECRETS[5],
                "result": SECRETS[0],
                "person": SECRETS[1],
                "phone": SECRETS[2],
                "leader": SECRETS[1],
                "responsible_unit": SECRETS[0],
                "confirmed_by": SECRETS[1],
                "evidence": SECRETS[4],
                "remark": SECRETS[4],
                "_source": "demands",
                "_facts": {"parks": SECRETS[0]},
            },
            {
                "status": "in_progress",
                "first_found": "2026-10-01",
                "due_on": "2026-11-02",
                "category": SECRETS[1],
                "parks": SECRETS[5],
                "responsible_unit": "甲局",
                "person": SECRETS[1],
                "extended_to": "2026-11-09",
                "extended_by": SECRETS[1],
            },
        ],
        [
            {
                "status": "closed",
                "raised_on": "2026-11-01",
                "settled_on": "2026-11-11",
                "appeal_kind": "land",
                "outcome": "solved",
                "publishable": publishable,
                "company": SECRETS[0],
                "credit_code": SECRETS[3],
                "park": SECRETS[0],
                "content": SECRETS[5],
                "responsible_unit": f"{SECRETS[0]}办公室",
                "person": SECRETS[1],
            }
            for publishable in ("yes", "no")
        ],
    )
    state.parks = {"S1": ("甲园", "S1", None)}
    return state


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_public_edition_names_no_enterprise_and_no_person(lang):
    with messages.use_language(lang):
        inside = repr(ledger.publication(secret_state(), MONTH, public=False))
        outside = repr(ledger.publication(secret_state(), MONTH, public=True))
    assert SECRETS[0] in inside
    assert SECRETS[1] in inside
    assert not [secret for secret in SECRETS if secret in outside]
    with messages.use_language(lang):
        lines = [part.said for part in told(
            ledger.publication(secret_state(), MONTH, public=True), "settled")]  # fmt: skip
    assert len(lines) == 3  # the matter, the appeal that may be published, and how many more
    assert "1" in lines[-1]


def test_parks_of_the_layer_are_named_in_public():
    state = secret_state()
    state.rows["matters"]["c-0"] |= {"category": "overlap", "_parks": ["S1"]}
    assert (
        "范围交叉（甲园）" in told(ledger.publication(state, MONTH, public=True), "settled")[0].said
    )


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
def test_a_month_ends_on_its_last_day_or_today(today):
    month = ledger.month_of(None, today.isoformat())
    assert month.last.day == calendar.monthrange(today.year, today.month)[1]
    assert (month.as_of, month.first.day) == (today, 1)
    assert month.after.first == month.last + dt.timedelta(1)


@pytest.mark.parametrize(
    "given", ["2026-13", "2026-00", "11", "2026-1", "9999-12", "2027-01", "x" * 99]
)
def test_what_is_no_month_is_refused(given):
    with pytest.raises(OptionError):
        ledger.month_of(given, "2026-12-20")


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "l.xlsx"
    ledger.create(path, secret_state(), date="2026-11-20")
    return path


WORDS = ("--month", "2026-11", "--date", "2026-12-20")


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_files(book, tmp_path, capsys, lang):
    before = book.read_bytes(), ledger.store_of(book).read_bytes()
    listed = tmp_path / "o.csv"
    listed.write_text(
        "机会名称,产业链,金额(万元),金额口径,预计带动规模(亿元)\n"
        "甲,集成电路,5000,采购额,12\n乙,新型显示,20000,投资额,\n丙,新型显示,,未披露,\n",
        encoding="utf-8",
    )
    words = ("ledger", "publish", book, *WORDS, "--opportunities", listed, "--lang", lang)
    for name in ("a.docx", "a.md", "a.txt"):
        assert run(*words, "--public", "-o", tmp_path / name) == 0
        first = (tmp_path / name).read_bytes()
        assert run(*words, "--public", "-o", tmp_path / name) == 2  # there already
        assert (tmp_path / name).read_bytes() == first
        assert run(*words, "--public", "-o", tmp_path / name, "--overwrite") == 0
        assert (tmp_path / name).read_bytes() == first
    assert (book.read_bytes(), ledger.store_of(book).read_bytes()) == before
    told = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert (
        "投资额2.00亿元（1条）、采购额0.50亿元（1条）"
        if lang == "zh"
        else "investment 2.00 hundred million yuan"
    ) in told
    assert "12.00" in told
    assert "14.50" not in told  # no two kinds are added
    page = docx.Document(str(tmp_path / "a.docx"))
    texts = [each.text for each in page.paragraphs]
    assert next(line for line in told.splitlines() if line and "\t" not in line) == texts[0]
    assert len(page.tables) == 2
    assert (
        messages.text("monthly.edition.public", lang=lang)
        in page.sections[0].header.paragraphs[0].text
    )
    packed = b"".join(zipfile.ZipFile(tmp_path / "a.docx").read(name) for name in
                      zipfile.ZipFile(tmp_path / "a.docx").namelist())  # fmt: skip
    assert not [secret for secret in SECRETS if secret.encode() in packed]
    assert capsys.readouterr().err.count("a.docx") == 3


@pytest.mark.parametrize("name", ["l.xlsx", "l.sqlite", "a.pdf", "a"])
def test_what_it_does_not_write(book, name, capsys):
    before = book.read_bytes(), ledger.store_of(book).read_bytes()
    assert run("ledger", "publish", book, *WORDS, "-o", book.parent / name, "--overwrite") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (book.read_bytes(), ledger.store_of(book).read_bytes()) == before


def test_without_the_library_a_line_says_what_to_install(book, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "docx", None)
    assert run("ledger", "publish", book, *WORDS, "-o", book.parent / "a.docx") == 2
    assert "parkmap[report]" in capsys.readouterr().err
    assert run("ledger", "publish", book, *WORDS, "-o", book.parent / "a.md") == 0


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)


@given(st.lists(NAMES, min_size=2, max_size=2), NAMES)
def test_markdown_keeps_a_table_s_cells_apart(cells, said):
    blocks = [report.Block("table", "", (("A", "B"), tuple(cells))), report.Block("body", said)]
    row = report.markdown_text(blocks).split("\n")[2]
    assert len(row.replace("\\|", "").replace("\\\\", "").split("|")) >= 4
    bare = row.replace("\\\\", "\0")
    assert bare.count("|") - bare.count("\\|") == 3


def test_a_month_that_is_over_is_told_as_it_stood(tmp_path, capsys):
    """Assigned in March, progress and closing in April: March's publication says assigned."""
    path, out = tmp_path / "L.xlsx", tmp_path / "m.md"
    assert run("ledger", "init", PARKS, "-o", path, "--date", "2026-03-02") == 0
    one, two = ledger.read(path, date="2026-03-02").state.rows["matters"]
    march = ("--unit", "March bureau", "--due", "2026-03-20", "--date", "2026-03-10")
    assert run("ledger", "assign", path, one, *march) == 0
    april = ("--unit", "April bureau", "--due", "2026-04-20", "--date", "2026-04-05")
    assert run("ledger", "assign", path, one, *april) == 0
    assert run("ledger", "status", path, two, "--to", "in_progress", "--date", "2026-04-05") == 0
    asked = ("ledger", "publish", path, "-o", out, "--overwrite", "--lang", "zh", "--month")
    said = {}
    for month in ("2026-03", "2026-04"):
        assert run(*asked, month, "--date", "2026-04-10") == 0
        said[month] = out.read_text(encoding="utf-8")
    assert "待交办1件、已交办1件" in said["2026-03"]
    assert "逾期1件" in said["2026-03"]
    assert "March bureau" in said["2026-03"]
    assert "April bureau" not in said["2026-03"]
    assert "最后一次存档" in said["2026-03"]
    assert "办理中1件" in said["2026-04"]
    assert "逾期0件" in said["2026-04"]
    assert "最后一次存档" not in said["2026-04"]


def test_what_came_in_after_the_month_is_told_with_its_status_of_today():
    matters = [
        {"status": "in_progress", "first_found": "2026-11-02"},
        {"status": "in_progress", "first_found": "2026-11-02"},
        {"status": "closed", "first_found": "2026-11-02", "closed_on": "2026-11-28"},
    ]
    state = state_of(matters)
    then = {"matters": {"c-0": {**matters[0], "status": "pending"}, "c-2": matters[0]}}
    cases = ledger.cases_of(state, MONTH, then=then)
    assert [(case.row["status"], case.dated) for case in cases] == [
        ("pending", True), ("in_progress", False), ("closed", True),
    ]  # fmt: skip
    said = "\n".join(p.said for p in ledger.publication(state, MONTH, public=True, then=then))
    assert "其中1件" in said
