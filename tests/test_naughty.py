"""560 naughty strings as names, ids, sectors, kinds and column names: nothing runs, all is as typed."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import unicodedata

import networkx as nx
import openpyxl
import pytest
from builders import park_layer, square
from naughty import naughty

import parkmap as pm
from parkmap import escape, messages, report
from parkmap.cli import display, sectoral

NAMES = naughty()
#: What XML cannot hold, or hands back as another line end.
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\r]")
_STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@pytest.fixture(scope="module")
def run():
    """Every park crosses the next by a tenth."""
    shapes = {name: square(at * 900) for at, name in enumerate(NAMES)}
    columns = dict.fromkeys(("name", "kind", "managing_body", "approval_no", "source"), NAMES)
    more = dict.fromkeys(NAMES[:40], NAMES)
    layer = park_layer(shapes, sectors=NAMES, tier=["municipal"] * len(NAMES), **columns)
    with messages.use_language("zh"):
        return pm.analyze(layer.assign(**more))


def test_there_are_as_many_strings_as_the_public_lists_hold():
    assert len(set(NAMES)) == len(NAMES) >= 515
    kinds = {unicodedata.category(sign) for name in NAMES for sign in name}
    assert {"Cc", "Cf", "Co", "Cn", "Mn", "Me", "Zs", "Zl", "Zp", "So", "Sm", "Nd", "Lo"} <= kinds


def test_every_pair_is_a_finding(run):
    assert list(run.parks["name"]) == NAMES
    assert (run.conflicts["area_m2"] > 0).sum() >= len(NAMES) - 1


def test_json_and_geojson_hold_them_as_typed(run):
    told = json.loads(report.json_text(report.conflicts_json(run)))
    layer = json.loads(report.geojson_text(run.conflicts, "conflicts"))
    in_json = {name for row in told["conflicts"] for name in row["names"]}
    in_layer = {name for each in layer["features"] for name in each["properties"]["names"]}
    assert set(NAMES) <= in_json
    assert in_json == in_layer


def test_json_lines_are_lines(run):
    said = report.table_text(run.conflicts, "jsonl", "conflicts")
    assert len(said.split("\n")) == len(run.conflicts) + 1
    assert {n for line in said.split("\n")[:-1] for n in json.loads(line)["names"]} >= set(NAMES)


def test_a_csv_reads_back_and_no_cell_is_a_formula(run):
    parks = run.parks.drop(columns="geometry").reset_index()
    rows = list(csv.reader(io.StringIO(report.table_text(parks, "csv", "parks"), newline="")))
    assert len(rows) == len(NAMES) + 1
    at = rows[0].index("name")
    wanted = [escape.csv_cell(name.replace("\r\n", "\n").replace("\r", "\n")) for name in NAMES]
    assert [row[at] for row in rows[1:]] == wanted
    plain = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")
    for cell in (cell for row in rows for cell in row):
        assert cell.lstrip(" ")[:1] not in "=+-@" or not cell or plain.fullmatch(cell)


def test_a_workbook_opens_without_a_formula_and_names_are_as_typed(run, tmp_path):
    with messages.use_language("zh"):
        report.write_xlsx(run, tmp_path / "a.xlsx", map_file="map.html")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type in ("f", "e")]
    assert {c.hyperlink.target for c in cells if c.hyperlink} == {"map.html"}
    page = book["总表"]
    shown = [page.cell(row, 2).value for row in range(4, 4 + len(NAMES))]
    typed = zip(shown, NAMES, strict=True)
    assert not [(s, n) for s, n in typed if not _LOST.search(n) and s != n]


def test_a_geopackage_holds_them_as_typed(run, tmp_path):
    with messages.use_language("zh"):
        report.write_gpkg(run, tmp_path / "a.gpkg")
    with sqlite3.connect(tmp_path / "a.gpkg") as base:
        named = [name for (name,) in base.execute("select name from parks order by rowid")]
        tables = {name for (name,) in base.execute("select table_name from gpkg_contents")}
    assert named == NAMES
    assert tables == {"parks", "findings", "links", "layer_styles"} & tables
    assert {"parks", "findings"} <= tables


def test_graphml_is_xml_with_every_park(run):
    graph = nx.parse_graphml(sectoral.graph_text(run))
    assert graph.number_of_nodes() == len(NAMES)
    shown = {data["name"] for _, data in graph.nodes(data=True)}
    assert {name for name in NAMES if not _LOST.search(name) and name.isprintable()} <= shown


def test_nothing_steers_a_terminal(run):
    with messages.use_language("zh"):
        lines = report.summary_lines(run, top=1000)
        table = display.draw(display.rows_of(run, "conflicts"))
    assert len(lines) > 500
    assert not [line for line in lines if _STEERING.search(line) or "\n" in line]
    assert not _STEERING.search(table)


def test_the_letter_opens(run, tmp_path):
    import docx

    with messages.use_language("zh"):
        report.write_docx(run, tmp_path / "a.docx")
    page = docx.Document(str(tmp_path / "a.docx"))
    assert len(page.paragraphs) > 10
    assert "instrText" in page.sections[0].footer._element.xml
    assert "instrText" not in page.element.xml


def test_the_page_runs_no_template_and_breaks_out_of_no_script(run):
    page = pm.web_map(run).get_root().render()
    data = json.loads(re.search(r'id="pm-data">(.*?)</script>', page, re.DOTALL)[1])
    assert [park["name"] for park in data["parks"]] == NAMES


@pytest.mark.parametrize("verb", ["conflicts", "overlaps", "check"])
def test_the_program_reads_them_from_a_file(tmp_path, verb):
    features = [
        {"type": "Feature", "properties": {"name": name, name: name, "sectors": name},
         "geometry": {"type": "Point", "coordinates": [104 + at / 1000, 30]}}
        for at, name in enumerate(NAMES)
    ]  # fmt: skip
    file = tmp_path / "a.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "parkmap", verb, str(file), "-f", "json", "--exit-zero"],
        capture_output=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (0, 2), done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "hit").exists()
    if done.returncode == 0:
        json.loads(done.stdout)
