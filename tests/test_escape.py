"""What must come out harmless, and still be readable."""

import html as stdlib_html
import json

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from parkmap import escape, messages

PAYLOADS = [
    "{{7*7}}",
    "{% raise %}",
    "No. {# 7",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "'+alert(1)+'",
    "C:\\x20\\u00zz",
    "O`Brien & Söhne 成都",
]
any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_browser_shows_the_name_as_typed(name):
    assert stdlib_html.unescape(escape.html(name)) == name


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_template_twice_rendered_changes_nothing(name):
    safe = escape.html(name)
    once = jinja2.Template(safe).render()
    assert jinja2.Template(once).render() == safe


@settings(deadline=None, max_examples=200)
@given(any_text)
def test_html_leaves_no_active_character(text):
    safe = escape.html(text)
    assert not set(safe.replace("&#", "")) & set("<>\"'`{}$\\%#&")
    assert safe.isprintable() or all(c.isprintable() or not c.isascii() for c in safe)
    safe.encode("utf-8")


@pytest.mark.parametrize(
    "control", ["\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u2067", "\ud800"]
)
def test_controls_become_spaces_in_html(control):
    assert escape.html(f"a{control}b") == "a b"


@settings(deadline=None, max_examples=60)
@given(any_text)
def test_every_cell_can_be_saved_and_read(tmp_path_factory, text):
    book = Workbook()
    cell = book.active["A1"]
    cell.value = escape.cell(text)
    cell.data_type = "s"
    path = tmp_path_factory.mktemp("cell") / "a.xlsx"
    book.save(path)
    read = load_workbook(path).active["A1"].value or ""
    assert (
        read.replace("\r\n", "\n").replace("\r", "\n")
        == escape.cell(text).replace("_x005F_", "_").replace("\r\n", "\n").replace("\r", "\n")
        or "_x" in text
    )


def test_a_long_cell_is_cut_and_says_so():
    with messages.use_language("en"):
        cut = escape.cell("长" * 40_000)
    assert len(cut) == escape.CELL_LIMIT
    assert cut.endswith("(cut; the text has 40,000 characters)")


def test_a_coded_character_stays_text_in_excel():
    assert escape.cell("_x0041_") == "_x005F_x0041_"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\uff1d1+1", "=cmd|'/C calc'!A0"],
)
def test_formulas_are_neutral_in_csv(text):
    assert escape.csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 1.5, None, "-5", "+86", "1e5", "-3.4%", "成都", "a=b", ""])
def test_what_is_no_formula_stays_in_csv(value):
    assert escape.csv_cell(value) == value


@settings(deadline=None, max_examples=200)
@given(st.one_of(any_text, st.text("'=+-@15. \t")))
def test_a_cell_of_csv_has_one_way_back(text):
    plain = escape.json_text(text).replace("\x00", "")
    assert escape.from_csv_cell(escape.csv_cell(text)) == plain


def test_the_terminal_shows_what_it_must_not_obey():
    assert escape.terminal("a\x1b[31m\u202eb\n") == "a\\x1b[31m\\u202eb\\n"


@settings(deadline=None, max_examples=200)
@given(any_text)
def test_the_terminal_gets_one_line_without_controls(text):
    shown = escape.terminal(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)


@settings(deadline=None, max_examples=200)
@given(any_text)
def test_json_can_always_be_encoded(text):
    line = json.dumps(escape.json_text(text), ensure_ascii=False).encode("utf-8")
    has_lone = any("\ud800" <= c <= "\udfff" for c in text)
    assert (json.loads(line) == text) is not has_lone
