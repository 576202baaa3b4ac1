"""Everything the report of the example city says, read as a planner reads it."""

import json
import re
from pathlib import Path

import openpyxl
import pytest

import parkmap as pm
from parkmap import messages, report
from parkmap.report import essay, sector_words, words

CITY = Path(__file__).parents[1] / "data" / "example_city.geojson"
NOISE = {
    "a value that is none": re.compile(r"\b(nan|NaN|None|inf|NaT)\b"),
    "a placeholder": re.compile(r"\{[a-z_]*\}"),
    "digits nobody reads": re.compile(r"\d\.\d{4,}"),
    "a mark twice": re.compile("[\uff0c\u3002\uff1b\u3001\uff1a]{2}|[,;:]{2}|\\.\\.(?!\\.)"),
    "an empty bracket": re.compile("\uff08\uff09|\\(\\)"),
    "a half-width mark in Chinese": re.compile(
        "[一-龥](?:[,;?!]|:(?!\\d))|[,;:?!][一-龥]"
    ),  # weights are as typed
    "a word of verdict": re.compile("冲突|侵占|违规|越界|多占|恶性|内卷|严重|落后园区|撤销园区"),
}


@pytest.fixture(scope="module")
def run():
    return pm.analyze(pm.read_parks(CITY))


def told(run, folder):
    """Return every text of the summary, the letter, the sentences and the sheets."""
    report.write_xlsx(run, folder / "a.xlsx", map_file="map.html")
    book = openpyxl.load_workbook(folder / "a.xlsx")
    cells = {
        value
        for page in book
        for row in page.iter_rows(values_only=True)
        for value in row
        if isinstance(value, str)
    }
    sentences = [row["message"] for row in report.conflicts_json(run)["conflicts"]]
    letter = [block.said for block in essay.essay(run)] + essay.methods(run)
    return [*report.summary_lines(run, top=100), *letter, *sentences, *sorted(cells)]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_nothing_is_said_that_a_reader_would_strike_out(run, lang, tmp_path):
    with messages.use_language(lang):
        lines = told(pm.analyze(run.parks), tmp_path)
    left = ("half-width", "verdict") if lang == "en" else ()
    kinds = {kind: mark for kind, mark in NOISE.items() if not any(word in kind for word in left)}
    found = {(kind, line) for kind, mark in kinds.items() for line in lines if mark.search(line)}
    assert not found
    assert len(lines) > 200


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_finding_has_one_sentence_with_its_names_and_a_full_stop(run, lang):
    with messages.use_language(lang):
        rows = report.conflicts_json(pm.analyze(run.parks))["conflicts"]
    assert rows
    for row in rows:
        assert row["message"].endswith("\u3002" if lang == "zh" else "."), row["message"]
        assert all(name in row["message"] for name in row["names"]), row["message"]
        assert "\n" not in row["message"]


def test_numbers_of_a_finding_are_the_same_in_letter_sheet_and_json(run, tmp_path):
    with messages.use_language("zh"):
        report.write_xlsx(run, tmp_path / "a.xlsx", map_file="map.html")
        signed = [each for each in essay.essay(run) if re.match("[\u2460-\u2473]", each.said)]
        page = openpyxl.load_workbook(tmp_path / "a.xlsx")["核查事项清单"]
    head = {cell.value: at for at, cell in enumerate(page[3])}
    sheet = {
        row[head["事项编号"]]: (row[head["图上编号"]], row[head["情况说明"]])
        for row in page.iter_rows(min_row=4, values_only=True)
        if str(row[head["事项编号"]]).startswith("c-")
    }
    rows = json.loads(report.json_text(report.conflicts_json(run)))["conflicts"]
    assert set(sheet) == {row["id"] for row in rows}
    known = set(sheet.values())
    assert signed
    assert {(each.said[0], each.said[1:]) for each in signed} <= known


def test_every_output_names_the_similarity_in_use(run, tmp_path):
    """A footer that says .50 beside a sentence that says more would be asked about at once."""
    assert run.used_similarity > run.criteria.min_similarity
    used = f"{run.used_similarity:.2f}"
    page = tmp_path / "map.html"
    pm.web_map(run).save(page)
    told_by = [words.criteria_line(run), sector_words.null_sentence(run), *essay.methods(run)]
    assert sum(used in line for line in told_by) == 3
    assert f"\u76f8\u4f3c\u5ea6\u2265{used}" in page.read_text(encoding="utf-8")
