"""`parkmap plan`: what it writes, in which words, and what it refuses."""

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import jsonschema
import openpyxl
import pytest
from builders import park_layer, square

from parkmap import report
from parkmap.cli import main

ROOT = Path(__file__).parents[1]
CHENGDU = ROOT / "data" / "parks.geojson"
CITY = ROOT / "data" / "example_city.geojson"


@pytest.fixture
def run(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as end:
            main(arguments=[str(word) for word in arguments])
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return call


@pytest.fixture
def layer(tmp_path):
    """A provincial park, a neighbour in its trade with a hostile name, one far off."""
    shapes = {"a": square(), "b": square(1200), "c": square(60_000)}
    parks = park_layer(
        shapes,
        sectors=["偏光片"] * 3,
        tier=["provincial", "municipal", "municipal"],
        name=["甲园", "=cmd|<b>乙园", "丙园"],
    )
    path = tmp_path / "layer.geojson"
    parks.reset_index().to_crs(4326).to_file(path, driver="GeoJSON")
    return path


@pytest.mark.parametrize("path", [CHENGDU, CITY], ids=["Chengdu", "example city"])
def test_json_is_as_its_schema_says_and_leaves_high_tiers_alone(run, path):
    code, out, err = run("plan", path, "--target", "3+22+N", "-f", "json")
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, report.json_schema("plan"))
    assert found["proven"]
    moved = [move for move in found["moves"] if move["status"] == "merged"]
    assert moved
    assert not {move["tier"] for move in moved} & {"national", "provincial"}
    assert all(move["findings"] and move["approval"] == "city" for move in moved)
    assert found["system"].split("+")[:2] == found["system_after"].split("+")[:2]
    assert ("省级缺3" in err) == (path == CHENGDU)


def test_a_folder_holds_everything_and_the_same_bytes_again(run, layer, tmp_path):
    for name in ("one", "two"):
        code, out, err = run("plan", layer, "-o", tmp_path / name)
        assert (code, out) == (0, "")
        assert "plan.xlsx" in err
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["map.html", "plan.csv", "plan.geojson", "plan.json", "plan.xlsx"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    code, _, err = run("plan", layer, "-o", tmp_path / "one")
    assert code == 2
    assert "--overwrite" in err
    assert run("plan", layer, "-o", tmp_path / "one", "--overwrite")[0] == 0


def test_the_layer_holds_dissolved_boundaries(run, layer, tmp_path):
    assert run("plan", layer, "-o", tmp_path / "after.geojson")[0] == 0
    after = gpd.read_file(tmp_path / "after.geojson").set_index("park_id")
    assert sorted(after.index) == ["a", "c"]
    assert after.loc["a", "plan_area_ha"] == pytest.approx(200, rel=2e-3)
    assert after.loc["a", "merged_parks"] == "=cmd|<b>乙园"
    assert after.geometry["a"].geom_type == "MultiPolygon"


def test_a_map_of_somebody_else_is_not_overwritten(run, layer, tmp_path):
    (tmp_path / "map.html").write_text("mine")
    code, _, err = run("plan", layer, "-o", tmp_path)
    assert code == 2
    assert "map.html" in err
    assert (tmp_path / "map.html").read_text() == "mine"


def test_the_workbook_is_for_people(run, layer, tmp_path):
    assert run("plan", layer, "--target", "0+1+N", "-o", tmp_path / "plan.xlsx")[0] == 0
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == ["整合优化方案", "整合前后对比", "说明"]
    rows = list(book["整合优化方案"].iter_rows(values_only=True))
    assert rows[2][1:4] == ("处理", "园区名称", "级别")
    assert rows[3][1] == "并入"
    cells = [cell for row in book["整合优化方案"].iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if cell.data_type == "f"]
    compared = {
        row[0]: row[1:] for row in book["整合前后对比"].iter_rows(min_row=4, values_only=True)
    }
    assert compared["园区个数（图层各行）"] == (3, 2)
    forms = {
        row[0].value: row[1].number_format for row in book["整合前后对比"].iter_rows(min_row=4)
    }
    assert forms["园区个数（图层各行）"] == "#,##0"  # 3, not 3.00
    assert forms["重合面积（公顷，同一处只计一次）"] == "#,##0.00"
    assert "本结果为数据比对提示，不作为行政认定依据" in str(list(book["说明"].values))


def test_csv_has_a_row_a_park_and_english_says_the_same(run, layer):
    zh, en = (run("plan", layer, "-f", "csv", "--lang", lang)[1] for lang in ("zh", "en"))
    rows = [list(csv.DictReader(io.StringIO(said))) for said in (zh, en)]
    for one, other in zip(*rows, strict=True):
        assert {k: v for k, v in one.items() if k != "message"} == {
            k: v for k, v in other.items() if k != "message"
        }
    assert rows[0][0]["name"].startswith("'=")
    assert "撤销" not in zh
    assert "并入" in zh


def test_a_table_shows_the_moves_only(run, layer):
    out = run("plan", layer, "-f", "table")[1]
    assert "甲园" in out
    assert "丙园保留" not in out


def test_rules_come_from_a_file(run, layer, tmp_path):
    rules = tmp_path / "plan.toml"
    rules.write_text('must_not_move = ["b"]', encoding="utf-8")
    found = json.loads(run("plan", layer, "--rules", rules, "-f", "json")[1])
    assert {move["status"] for move in found["moves"]} == {"kept"}
    rules.write_text('[join]\n"丙园" = "甲园"\n', encoding="utf-8")
    found = json.loads(run("plan", layer, "--rules", rules, "-f", "json")[1])
    assert {move["park"]: move["into"] for move in found["moves"]}["c"] == "a"


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("", ["--target", "many"], "many"),
        ("", ["-o", "plan.docx"], "plan.docx"),
        ("must_move = ", [], "TOML"),
        ('must_move = ["丙园"]\nsame_district = true', [], "丙园"),
        ('must_move = ["丁园"]', [], "丁园"),
    ],
    ids=["target", "ending", "toml", "clash", "nobody"],
)
def test_what_cannot_be_is_one_line(run, layer, text, words, said):
    rules = layer.with_name("plan.toml")
    rules.write_text(text, encoding="utf-8")
    code, out, err = run("plan", layer, "--rules", rules, *words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert len(err) <= 201
    assert said in err


def test_the_rules_are_never_written_over(run, layer, tmp_path):
    rules = tmp_path / "plan.json"
    rules.write_text("near_km = 5\n", encoding="utf-8")
    code, _, _ = run("plan", layer, "--rules", rules, "-o", rules, "--overwrite")
    assert code == 2
    assert rules.read_text(encoding="utf-8") == "near_km = 5\n"


def test_the_map_of_the_folder_has_its_title_and_context(run, layer, tmp_path):
    words = ["--title", "整合前后一张图", "--context", ROOT / "data" / "districts.geojson"]
    assert run("plan", layer, "-o", tmp_path / "out", *words)[0] == 0
    page = (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    assert "整合前后一张图" in page
    assert "districts.geojson" in page


@pytest.mark.parametrize("words", [["-f", "json"], ["-o", "plan.xlsx"], ["--differentiate"]])
def test_a_title_without_a_map_is_refused(run, layer, words):
    code, out, err = run("plan", layer, "--title", "x", *words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "--title" in err


def test_progress_is_told_on_request_only(run, layer):
    assert "/3" not in run("plan", layer)[2]
    told = run("plan", layer, "-v")[2]
    assert "比选方案 2/3" in told
    assert "求最少调整" in run("plan", layer, "-v", "--differentiate")[2]


def test_a_redirected_table_is_as_wide_as_it_needs_to_be(run, layer):
    out = run("plan", layer, "-f", "table")[1]
    row = next(line for line in out.splitlines() if "并入" in line)
    assert "以审批结果为准" in row or row.rstrip().endswith("。")
    assert "…" not in out
