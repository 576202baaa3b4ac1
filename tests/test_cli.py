"""The program as other programs and people meet it."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import jsonschema
import openpyxl
import pytest
from builders import park_layer, square
from shapely.geometry import LineString, box

from parkmap import geodesy, report
from parkmap.cli import main

ROOT = Path(__file__).parents[1]
CHENGDU = ROOT / "data" / "parks.geojson"
FILES = {
    *("map.html", "conflicts.xlsx", "conflicts.geojson", "conflicts.gpkg"),
    "conflicts.json",
    *("report.docx", "overview.png", "clusters.png", "matrix.png", "sweep.png", "run.json"),
}


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
    """Two parks that share a tenth, and one of neither's concern."""
    shapes = {"a": square(), "b": square(x=900), "c": square(x=5000)}
    sectors = ["偏光片", "偏光片", "中药饮片"]
    path = tmp_path / "parks.gpkg"
    park_layer(shapes, sectors=sectors, code=["S1", "S2", "S3"]).to_file(path)
    return path


def test_report_writes_every_file_and_says_so(run, layer, tmp_path):
    code, out, err = run("report", layer, "-o", tmp_path / "out")
    assert code == 0
    assert out == ""
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert "map.html" in err
    assert "范围交叉" in err


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("placed", [0, 1, 2])
def test_parks_of_a_list_are_reported_with_and_without_coordinates(run, tmp_path, placed, language):
    rows = [["名称", "主导产业", "经度", "纬度"]]
    for at in range(4):
        spot = [f"104.0{at}", f"30.6{at}"] if at < placed else ["", ""]
        rows.append([f"{at}号园", "偏光片、显示面板", *spot])
    path = tmp_path / "parks.csv"
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    code, _, err = run("--lang", language, "report", path, "-o", tmp_path / "out")
    assert code == 0, err
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    found = json.loads((tmp_path / "out" / "conflicts.json").read_text(encoding="utf-8"))
    assert len(found["conflicts"]) == 6


def test_the_same_input_gives_the_same_bytes(run, layer, tmp_path):
    for name in ("one", "two"):
        assert run("report", layer, "-o", tmp_path / name, "-q")[0] == 0
    for name in FILES:
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two, name


def test_report_replaces_its_own_files_and_nobody_else_s(run, layer, tmp_path):
    folder = tmp_path / "out"
    assert run("report", layer, "-o", folder, "-q")[0] == 0
    (folder / "notes.txt").write_text("mine")
    assert run("report", layer, "-o", folder, "-q")[0] == 0
    assert (folder / "notes.txt").read_text() == "mine"
    (folder / "run.json").unlink()
    code, _, err = run("report", layer, "-o", folder)
    assert code == 2
    assert "--overwrite" in err
    assert run("report", layer, "-o", folder, "-q", "--overwrite")[0] == 0


def test_report_keeps_what_somebody_edited_since(run, layer, tmp_path):
    folder = tmp_path / "out"
    assert run("report", layer, "-o", folder, "-q")[0] == 0
    edited = folder / "conflicts.xlsx"
    edited.write_bytes(edited.read_bytes() + b"by hand")
    before = edited.read_bytes()
    code, _, err = run("report", layer, "-o", folder)
    assert (code, edited.read_bytes()) == (2, before)
    assert "conflicts.xlsx" in err
    assert run("report", layer, "-o", folder, "-q", "--overwrite")[0] == 0


def test_conflicts_exit_1_for_high_findings_only_unless_told(run, layer):
    assert run("conflicts", layer)[0] == 1
    assert run("conflicts", layer, "--exit-zero")[0] == 0
    assert run("conflicts", layer, "--fail-on", "none")[0] == 0


def test_conflicts_json_is_one_object_that_its_schema_describes(run, layer):
    _, out, _ = run("conflicts", layer, "-f", "json")
    found = json.loads(out)
    jsonschema.validate(found, report.json_schema("conflicts"))
    assert found["schema"] == "parkmap/conflicts/1"
    assert found["parks"] == 3
    (first, *_) = found["conflicts"]
    assert (first["kind"], first["severity"], first["parks"]) == ("both", "high", ["a", "b"])


def test_overlaps_csv_has_exactly_the_columns_others_rely_on(run, layer):
    _, out, _ = run("overlaps", layer, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == [
        *("left", "right", "relation", "area_m2"),
        *("left_share", "right_share", "mean_width_m"),
    ]
    assert [(row["left"], row["right"], row["relation"]) for row in rows] == [("a", "b", "partial")]


def test_a_csv_file_opens_right_in_excel_and_a_pipe_stays_plain(run, layer, tmp_path):
    run("overlaps", layer, "-o", tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not run("overlaps", layer, "-f", "csv")[1].startswith("\ufeff")


def test_an_existing_file_is_not_written_over(run, layer, tmp_path):
    target = tmp_path / "o.json"
    target.write_text("mine")
    assert run("conflicts", layer, "-o", target)[0] == 2
    assert target.read_text() == "mine"
    assert run("conflicts", layer, "-o", target, "--overwrite")[0] == 1
    assert json.loads(target.read_text(encoding="utf-8"))["parks"] == 3


def test_the_input_is_never_the_output(run, layer):
    before = layer.read_bytes()
    assert run("map", layer, "-o", layer, "--overwrite")[0] == 2
    assert layer.read_bytes() == before


def test_a_map_of_fewer_parks(run, layer, tmp_path):
    code, _, err = run("map", layer, "-o", tmp_path / "map.html", "--top", "2", "--lang", "en")
    assert code == 0, err
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    data = json.loads(page.partition('id="pm-data">')[2].partition("</script>")[0])
    assert len(data["parks"]) == 2 < data["totals"]["parks"]
    assert "draws 2 of 3 parks" in err
    assert "conflicts.gpkg" in err
    assert run("map", layer, "-o", tmp_path / "none.html", "--top", "0")[0] == 2


def test_tianditu_takes_its_key_from_the_environment_and_says_so(run, layer, tmp_path, monkeypatch):
    asked = ("map", layer, "-o", tmp_path / "map.html", "--tiles", "tianditu", "--lang", "en")
    monkeypatch.delenv("PARKMAP_TIANDITU_KEY", raising=False)
    code, _, err = run(*asked)
    assert code == 2
    assert "PARKMAP_TIANDITU_KEY" in err
    assert not (tmp_path / "map.html").exists()
    monkeypatch.setenv("PARKMAP_TIANDITU_KEY", "0123456789abcdef")
    code, _, err = run(*asked)
    assert code == 0, err
    assert "can read it" in err
    assert "tk=0123456789abcdef" in (tmp_path / "map.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--tiles", "--assets"])
def test_an_unknown_source_is_refused(run, layer, tmp_path, option):
    code, _, err = run("map", layer, "-o", tmp_path / "map.html", option, "nowhere")
    assert code == 2
    assert "nowhere" in err
    assert len(err.strip()) <= 200
    assert not list(tmp_path.glob("map*"))


def test_a_map_that_takes_leaflet_from_the_intranet(run, layer, tmp_path):
    where = "http://intranet/js/"
    assert run("map", layer, "-o", tmp_path / "map.html", "--assets", where)[0] == 0
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert f'src="{where}leaflet.js"' in page


def test_a_public_map_names_no_file_that_is_not_written(run, layer, tmp_path):
    page = tmp_path / "map.html"
    code, _, err = run("map", layer, "-o", page, "--top", "2", "--public", "--lang", "en")
    assert code == 0, err
    assert "draws 2 of 3 parks" in err
    assert "conflicts.xlsx" in err
    for said in (err, page.read_text(encoding="utf-8")):
        assert "conflicts.gpkg" not in said


def test_a_report_takes_the_options_of_its_map(run, layer, tmp_path):
    made = ("--publisher", "某市<规划>局", "--assets", "http://intranet/js/", "--tiles", "gaode")
    code, _, err = run("report", layer, "-o", tmp_path / "out", *made, "--context", "none")
    assert code == 0, err
    page = (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    data = json.loads(page.partition('id="pm-data">')[2].partition("</script>")[0])
    assert data["publisher"] == "某市<规划>局"
    assert data["tiles_shifted"] is True
    assert 'src="http://intranet/js/leaflet.js"' in page
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert "某市<规划>局" in json.dumps(record, ensure_ascii=False)
    code, _, err = run("report", layer, "-o", tmp_path / "no", "--tiles", "gaode", "--public")
    assert code == 2
    assert "--public" in err
    assert not (tmp_path / "no").exists()


def test_a_map_too_big_to_pass_on_is_warned_of(run, layer, tmp_path, monkeypatch):
    from parkmap.cli import mapping

    said = "--top N"
    assert said not in run("map", layer, "-o", tmp_path / "a.html", "--lang", "en")[2]
    monkeypatch.setattr(mapping, "_LARGE_MAP", 1000)
    assert said in run("map", layer, "-o", tmp_path / "b.html", "--lang", "en")[2]


@pytest.mark.parametrize("verb", ["conflicts", "overlaps", "clusters"])
@pytest.mark.parametrize("fmt", ["table", "csv", "json", "jsonl"])
def test_every_finding_verb_writes_every_format(run, layer, verb, fmt):
    code, out, err = run(verb, layer, "-f", fmt, "--exit-zero")
    assert code == 0, err
    assert out.strip()


def test_clusters_name_the_group(run, layer):
    _, out, _ = run("clusters", layer, "-f", "json", "--exit-zero")
    (group,) = json.loads(out)["clusters"]
    assert group["parks"] == ["a", "b"]


def test_info_prints_the_system(run):
    code, out, _ = run("info", CHENGDU)
    assert code == 0
    assert "3+19+3 (另列12)" in out
    assert json.loads(run("info", CHENGDU, "-f", "json")[1])["parks"] == 37


def test_check_lists_and_mends(run, tmp_path):
    bow = gpd.GeoSeries.from_wkt(["POLYGON ((0 0, 1000 1000, 1000 0, 0 1000, 0 0))"])
    bow = bow.translate(400_000, 3_390_000).iloc[0]
    path = tmp_path / "bad.gpkg"
    park_layer({"a": bow, "b": square(x=4000)}).to_file(path)
    _, out, _ = run("check", path, "-f", "csv")
    assert "PM2" in out
    code, _, _ = run("check", path, "--fix", "-o", tmp_path / "clean.gpkg")
    assert code in {0, 1}
    clean = gpd.read_file(tmp_path / "clean.gpkg")
    assert len(clean) == 2
    assert clean.geometry.is_valid.all()


def test_sectors_match_says_how_each_term_was_read(run):
    _, out, _ = run("sectors", "match", "IC封测、医药、完全不认识的词", "-f", "json")
    found = json.loads(out)
    assert [set(row) for row in found] == [{"text", "node", "how", "score"}] * 3
    assert found[0]["how"] in {"exact", "alias", "suffix"}
    assert found[2]["node"] is None or found[2]["how"] == "proposed"


def test_sectors_list_and_template(run):
    assert "集成电路设计" in run("sectors", "list", "-f", "csv")[1]
    assert run("sectors", "template", "-f", "csv")[1].startswith("园区名称")


def test_tables_of_the_vocabulary_are_in_words_and_keep_the_id(run):
    head, _, *rows = run("sectors", "list", "-f", "table")[1].splitlines()
    assert head.split() == ["名称", "层级", "所属产业链", "别名", "编号"]
    assert {row.split()[1] for row in rows} == {"产业链", "环节"}
    assert all(row.split()[-1].isascii() for row in rows)
    found = run("sectors", "match", "封测", "foo", "-f", "table")[1].splitlines()
    assert found[2].split() == ["封测", "封装测试", "别名", "100", "ic-packaging-and-testing"]
    assert found[3].split() == ["foo", "未识别", "0"]


def test_doctor_names_the_c_libraries(run):
    code, out, _ = run("doctor")
    assert code == 0
    assert "程序库 GEOS：" in out
    assert "GEOS" in out
    assert "GDAL" in out


@pytest.mark.parametrize(
    ("make", "about"),
    [
        (lambda path: None, "missing"),
        (lambda path: path.write_text(""), "empty"),
        (
            lambda path: gpd.GeoDataFrame(
                {"name": ["a"]}, geometry=[LineString([(104, 30), (105, 31)])], crs=4326
            ).to_file(path, driver="GeoJSON"),
            "lines",
        ),
    ],
    ids=["missing", "empty", "lines"],
)
def test_bad_input_is_one_line_exit_2_and_no_output(run, tmp_path, make, about):
    path = tmp_path / f"{about}.geojson"
    make(path)
    for arguments in (
        ("report", path, "-o", tmp_path / "out"),
        ("conflicts", path, "-o", tmp_path / "out.json"),
        ("map", path, "-o", tmp_path / "out.html"),
    ):
        code, out, err = run(*arguments)
        assert code == 2
        assert out == ""
        assert len(err.splitlines()) == 1
        assert err.startswith("parkmap: ")
        assert len(err.strip()) <= 200
        assert path.name in err
    assert not list(tmp_path.glob("out*"))


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_crs_asks_for_one(run, tmp_path):
    path = tmp_path / "bare.gpkg"
    park_layer({"a": square()}, crs=None).to_file(path)
    code, _, err = run("report", path, "-o", tmp_path / "out")
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "--crs" in err
    assert not (tmp_path / "out").exists()
    assert run("conflicts", path, "--crs", "EPSG:4544", "-f", "json")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-verb",),
        ("conflicts",),
        ("conflicts", CHENGDU, "--min-similarity", "2"),
        ("conflicts", CHENGDU, "--columns", "nonsense"),
        ("conflicts", CHENGDU, "--date", "yesterday"),
        ("conflicts", CHENGDU, "-o", "out.docm"),
        ("conflicts", CHENGDU, "--no-such-option"),
    ],
    ids=lambda words: " ".join(str(word) for word in words[-2:])[-24:],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_mistake_on_the_command_line_is_one_line(run, arguments, lang):
    code, _, err = run(*arguments, "--lang", lang)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert err.startswith("parkmap: ")


@pytest.mark.parametrize(
    ("verb", "said"),
    [("conflicts", "核查事项"), ("overlaps", "范围重叠"), ("clusters", "同质园区组")],
)
def test_a_table_of_nothing_is_a_sentence(run, tmp_path, verb, said):
    path = tmp_path / "one.geojson"
    park_layer({"a": square()}, sectors=["家具"]).to_crs(4326).to_file(path)
    assert run(verb, path, "-f", "table")[:2] == (0, f"未发现{said}\n")
    code, out, err = run(verb, path, "-f", "csv")
    assert (code, len(out.splitlines())) == (0, 1)
    assert f"未发现{said}\n" in err


def test_every_context_file_is_a_layer_of_the_map(run, layer, tmp_path, monkeypatch):
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        shutil.copy(layer, tmp_path / folder / "ground.geojson")
    said = [f"--context={tmp_path / folder / 'ground.geojson'}" for folder in ("one", "other")]
    code, _, err = run("map", layer, *said, "-o", tmp_path / "map.html")
    assert (code, err) == (0, f"已写出 map.html 到 {tmp_path}\n")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert '[["context","ground.geojson","area"],["context_1","ground.geojson (2)","area"]]' in page
    assert run("report", layer, *said, "-o", tmp_path / "report")[0] == 0
    assert run("map", layer, "--context=none", "-o", tmp_path / "bare.html")[0] == 0
    assert '"contexts":[]' in (tmp_path / "bare.html").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("parkmap.toml").write_text('context = "one/ground.geojson"\n')
    assert run("map", layer, "-o", tmp_path / "told.html")[0] == 0
    assert '[["context","ground.geojson","area"]]' in (tmp_path / "told.html").read_text(
        encoding="utf-8"
    )


def test_settings_come_from_flag_then_environment_then_files(run, layer, monkeypatch):
    monkeypatch.chdir(layer.parent)

    def similarity(*flags):
        out = run("conflicts", layer, "-f", "json", "--exit-zero", *flags)[1]
        return json.loads(out)["criteria"]["min_similarity"]

    Path("pyproject.toml").write_text("[tool.parkmap]\nmin-similarity = 0.61\n")
    assert similarity() == 0.61
    Path("parkmap.toml").write_text("min-similarity = 0.62\n")
    assert similarity() == 0.62
    monkeypatch.setenv("PARKMAP_MIN_SIMILARITY", "0.63")
    assert similarity() == 0.63
    assert similarity("--min-similarity", "0.64") == 0.64


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("min-similarty = 0.9", "min-similarity"),
        ("[ledger.init]\ntop = 3", "top"),
        ("[conflicts.x]\n", "x"),
        ('min-similarity = "much"', "much"),
    ],
)
def test_a_setting_that_would_do_nothing_is_refused(run, layer, monkeypatch, said, word):
    monkeypatch.chdir(layer.parent)
    Path("parkmap.toml").write_text(said)
    code, out, err = run("conflicts", layer, "-f", "json")
    assert (code, out) == (2, "")
    assert word in err


def test_settings_reach_verbs_of_a_group_and_formats(run, layer, monkeypatch):
    monkeypatch.chdir(layer.parent)
    Path("parkmap.toml").write_text('format = "json"\n[sectors.match]\nlang = "en"\n')
    assert json.loads(run("sectors", "match", "偏光片")[1])[0]["how"] == "alias"
    assert json.loads(run("overlaps", layer, "--exit-zero")[1])["schema"] == "parkmap/overlaps/1"


def test_a_refusal_is_in_the_language_of_the_settings(run, layer, monkeypatch):
    monkeypatch.chdir(layer.parent)
    Path("parkmap.toml").write_text('lang = "en"\n')
    assert run("info", layer, "-f", "csv")[2].startswith("parkmap: option --format cannot be csv;")
    said = run("conflicts", layer, "--date", "2026-13-01")[2]
    assert said == "parkmap: not a date: 2026-13-01; write YYYY-MM-DD\n"


@pytest.mark.parametrize("table", ["[tool]\nparkmap = 3\n", "tool = 3\n"])
def test_settings_that_are_no_table_are_refused_in_a_line(run, layer, monkeypatch, table):
    monkeypatch.chdir(layer.parent)
    Path("pyproject.toml").write_text(table)
    code, out, err = run("info", layer)
    assert (code, out) == (2, "")
    assert err.startswith("parkmap: pyproject.toml")


def test_an_epoch_that_is_no_number_is_refused(run, layer, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    assert run("info", layer)[::2] == (
        2,
        "parkmap: SOURCE_DATE_EPOCH 不是秒数：abc；请去掉它，或用 --date\n",
    )


def test_a_dash_is_the_standard_output_and_no_input(run, layer):
    assert run("overlaps", layer, "-o", "-")[1].startswith("left,right,")
    assert run("overlaps", "-")[0] == 2


@pytest.mark.parametrize("verb", ["conflicts", "overlaps", "clusters", "check", "map"])
def test_a_file_that_is_there_is_refused_before_the_input_is_read(run, layer, tmp_path, verb):
    taken = tmp_path / ("map.html" if verb == "map" else "a.csv")
    taken.write_text("mine")
    code, _, err = run(verb, tmp_path / "missing.gpkg", "-o", taken)
    assert code == 2
    assert taken.name in err
    assert taken.read_text() == "mine"


def test_a_map_is_a_page(run, layer, tmp_path):
    code, _, err = run("map", layer, "-o", tmp_path / "map.png")
    assert code == 2
    assert ".html" in err
    assert not (tmp_path / "map.png").exists()


def test_check_fails_on_the_severity_that_is_asked_for(run, tmp_path):
    path = tmp_path / "parks.gpkg"
    park_layer({"a": square()}, sectors=["星尘编织"]).to_file(path)
    assert run("check", path)[0] == 0
    assert run("check", path, "--fail-on", "medium")[0] == 1
    assert run("check", path, "--fail-on", "medium", "--exit-zero")[0] == 0


def test_the_sector_template_is_what_its_ending_says(run, tmp_path):
    assert run("sectors", "template", "-o", tmp_path / "t.xlsx")[0] == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert [cell.value for cell in book.active[1]][:3] == ["园区名称", "代码", "主导产业"]
    assert run("sectors", "template")[1].startswith("园区名称,代码,主导产业")
    assert run("sectors", "template", "-f", "json")[0] == 2


@pytest.mark.parametrize("group", ["ledger", "sectors"])
def test_a_group_speaks_and_asks_for_its_verb(run, group):
    assert "Usage" in run(group, "--lang", "en", "-h")[1]
    assert run(group, "--lang", "en")[2] == "parkmap: no command was named; see --help\n"


def test_the_language_is_the_user_s(run, layer, monkeypatch):
    assert "范围交叉" in run("conflicts", layer, "-f", "csv")[1]
    assert "overlap" in run("conflicts", layer, "-f", "csv", "--lang", "en")[1]
    monkeypatch.setenv("PARKMAP_LANG", "en")
    assert "overlap" in run("conflicts", layer, "-f", "csv")[1]


def test_dates_come_from_the_option_the_epoch_or_the_file(run, layer, monkeypatch):
    def date(*flags):
        return json.loads(run("conflicts", layer, "-f", "json", *flags)[1])["date"]

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert date() == "1970-01-02"
    assert date("--date", "2026-11-23") == "2026-11-23"


def test_the_module_runs_and_survives_a_gbk_console(layer):
    environment = {"PYTHONIOENCODING": "gbk", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "parkmap", "conflicts", str(layer), "-f", "table"],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode("gbk")
    assert "范围交叉" in done.stdout.decode("gbk")


def test_two_files_make_one_layer_whose_rows_keep_their_source(run, layer, tmp_path):
    other = tmp_path / "other.geojson"
    far = park_layer({"a": square(x=950, y=0)}, sectors=["偏光片"]).to_crs(4326)
    far.to_file(other, driver="GeoJSON")
    found = json.loads(run("conflicts", layer, other, "-f", "json", "--exit-zero")[1])
    assert found["parks"] == 4
    ids = {park for row in found["conflicts"] for park in row["parks"]}
    assert len(ids) == 3


@pytest.fixture
def farmland(tmp_path):
    """A tenth of park a, in degrees and in another format."""
    path = tmp_path / "farmland.geojson"
    park_layer({"x": square(-900)}).to_crs(4490).to_file(path)
    return path


def test_control_lines_are_findings_sheet_layer_and_json(run, layer, farmland, tmp_path):
    lines = ["--control", f"永久基本农田={farmland}", "--within", f"城镇开发边界={farmland}"]
    code, out, _ = run("conflicts", layer, *lines, "-f", "json")
    found = json.loads(out)
    jsonschema.validate(found, report.json_schema("conflicts"))
    assert code == 1
    told = {(row["line"], row["relation"], *row["parks"]) for row in found["conflicts"]}
    assert {("永久基本农田", "control", "a"), ("城镇开发边界", "outside", "a")} <= told
    assert [(line["name"], line["within"]) for line in found["lines"]] == [
        ("永久基本农田", False),
        ("城镇开发边界", True),
    ]
    assert found["lines"][0]["sources"][0]["name"] == "farmland.geojson"
    assert run("report", layer, *lines, "-o", tmp_path / "out", "-q")[0] == 0
    assert "永久基本农田" in (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    recorded = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert recorded["lines"][0]["sources"][0]["sha256"]


def test_a_line_of_several_files_is_one_line(run, layer, farmland):
    twice = ["--control", f"线={farmland}", "--control", f"线={farmland}"]
    found = json.loads(run("conflicts", layer, *twice, "-f", "json")[1])
    assert [len(line["sources"]) for line in found["lines"]] == [2]
    (row,) = [row for row in found["conflicts"] if row["kind"] == "control"]
    assert row["area_m2"] == pytest.approx(100_000, rel=1e-3)  # ground counts once


@pytest.mark.parametrize("said", ["farmland.gpkg", "=farmland.gpkg", "线="])
def test_a_line_without_name_or_file_is_refused(run, layer, said):
    code, _, err = run("conflicts", layer, "--control", said)
    assert code == 2
    assert len(err.splitlines()) == 1


def test_a_control_file_without_polygons_is_refused(run, layer, tmp_path):
    path = tmp_path / "lines.geojson"
    gpd.GeoDataFrame(geometry=[LineString([(104, 30), (104.1, 30)])], crs=4490).to_file(path)
    code, _, err = run("conflicts", layer, "--control", f"线={path}")
    assert code == 2
    assert "lines.geojson" in err


def test_the_system_meant_is_compared(run, layer):
    found = json.loads(run("conflicts", layer, "--expect", "3+22+N", "-f", "json")[1])
    jsonschema.validate(found, report.json_schema("conflicts"))
    assert found["expected"]["difference"] == {"national": -3, "provincial": -22}
    assert json.loads(run("conflicts", layer, "-f", "json")[1])["expected"] is None
    assert run("conflicts", layer, "--expect", "three")[0] == 2


@pytest.mark.parametrize(("scale", "metres"), [("1:10000", 5.0), ("1:2,000", 1.0), ("1:500", 0.25)])
def test_a_mapping_scale_sets_the_width_of_slivers(run, layer, scale, metres):
    used = json.loads(run("conflicts", layer, "--scale", scale, "-f", "json")[1])["criteria"]
    assert used["sliver_width_m"] == pytest.approx(metres)
    assert used["map_scale"] == round(metres * 2000)


def test_a_scale_that_is_none_or_contradicts_a_width_is_refused(run, layer):
    assert run("conflicts", layer, "--scale", "10000")[0] == 2
    assert run("conflicts", layer, "--scale", "1:10000", "--sliver-width", "3")[0] == 2


def test_fix_trims_slivers_and_says_what_it_did(run, tmp_path):
    path = tmp_path / "parks.gpkg"
    shapes = {"a": square(), "b": square(x=996, width=1504, height=1000)}
    park_layer(shapes, tier=["provincial", "municipal"]).to_file(path)
    target = tmp_path / "clean.gpkg"
    code, out, err = run("check", path, "--fix", "-o", target, "-f", "json")
    found = json.loads(out)
    jsonschema.validate(found, report.json_schema("check"))
    assert code == 0
    assert [(row["park_id"], row["change"]) for row in found["changes"]] == [("b", "trimmed")]
    assert "仅作图形拓扑处理，不作为范围认定依据" in err
    assert run("overlaps", target, "-f", "csv")[1].count("\n") == 1  # the headings alone


def test_check_lists_areas_off_the_approved_ones(run, tmp_path):
    path = tmp_path / "parks.gpkg"
    park_layer({"a": square()}, approved_area_ha=[94.0], boundary_kind=["approved"]).to_file(path)

    def codes(*options):
        found = json.loads(run("check", path, "-f", "json", *options)[1])
        return [row["code"] for row in found["problems"]]

    assert "PM313" in codes()
    assert "PM313" not in codes("--area-tolerance", "0.1")


def test_check_tells_the_park_of_the_example_that_was_given_in_gcj02(run):
    found = json.loads(run("check", ROOT / "data" / "example_city.geojson", "-f", "json")[1])
    told = [row["park_id"] for row in found["problems"] if row["code"] in ("PM507", "PM508")]
    assert told == ["SL-37"]
    assert run("check", CHENGDU, "--reference", ROOT / "no-such-file.gpkg")[0] == 2


def test_a_layer_of_a_file_with_several_can_be_chosen(run, layer, tmp_path):
    path = tmp_path / "lines.gpkg"
    park_layer({"x": square(-900)}).to_file(path, layer="farmland")
    park_layer({"x": square(9000)}).to_file(path, layer="elsewhere")
    found = json.loads(run("conflicts", layer, "--control", f"线={path}|farmland", "-f", "json")[1])
    assert [row["parks"] for row in found["conflicts"] if row["line"]] == [["a"]]
    assert run("conflicts", layer, "--control", f"线={path}")[0] == 2


@pytest.fixture
def wards(tmp_path):
    """Two files in degrees, areas declared in km2: a piece that three claim, and three slivers."""
    piece = box(104.04, 30.04, 104.05, 30.05)
    shapes = {
        "A": box(104.00, 30.00, 104.05, 30.05),
        "B": box(104.04, 30.04, 104.10, 30.10),
        "C": piece.union(box(104.20, 30.00, 104.25, 30.05)),
        "D": box(104.30, 30.00, 104.32, 30.02),
        "E": box(104.31996, 30.00, 104.34, 30.02),  # 4 m on D
        "F": box(104.30, 30.0199997, 104.32, 30.04),  # 3 cm on D
    }
    area = dict(
        zip("ABCDEFp", geodesy.ellipsoidal_area([*shapes.values(), piece], 4326), strict=True)
    )
    declared = [area["A"], area["B"] - area["p"], area["C"] - area["p"], *(area[k] for k in "DEF")]
    layer = gpd.GeoDataFrame(
        {"name": list(shapes), "areaKm2": [value / 1e6 for value in declared]},
        geometry=list(shapes.values()),
        crs=4326,
    )
    paths = [tmp_path / "north.geojson", tmp_path / "south.geojson"]
    for path, rows in zip(paths, (layer.iloc[:3], layer.iloc[3:]), strict=True):
        rows.to_file(path)
    return paths, area["p"]


def test_wards_give_one_triple_piece_and_their_slivers_alone(run, wards):
    paths, piece = wards
    unit = ["--columns", "approved_area_ha=areaKm2:km2"]
    found = json.loads(run("conflicts", *paths, *unit, "-f", "json")[1])["conflicts"]
    told = [(row["relation"], "".join(row["parks"])) for row in found]
    assert sorted(told) == [
        ("multiple", "ABC"),
        ("sliver", "DE"),
        ("sliver", "DF"),
        ("sliver", "EF"),
    ]
    assert found[0]["area_m2"] == pytest.approx(piece)
    keeps, *cede = found[0]["approved_area_gain_ha"]
    assert keeps == pytest.approx(-piece / 1e4, rel=1e-6)
    assert cede == pytest.approx([piece / 1e4] * 2, rel=1e-6)


def test_repaired_wards_have_no_slivers_and_the_same_finding(run, wards, tmp_path):
    paths, piece = wards
    clean = tmp_path / "clean.gpkg"
    assert run("check", *paths, "--fix", "-o", clean, "-q")[0] == 0
    (row,) = json.loads(run("conflicts", clean, "-f", "json")[1])["conflicts"]
    assert row["parks"] == ["A", "B", "C"]
    assert row["area_m2"] == pytest.approx(piece)


def test_without_python_docx_everything_else_is_written_and_a_line_says_so(
    run, layer, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "docx", None)
    code, _, err = run("report", layer, "-o", tmp_path / "out")
    assert code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES - {"report.docx"}
    assert len([line for line in err.splitlines() if "parkmap[report]" in line]) == 1


def test_conflicts_says_that_the_data_have_problems_and_where_they_are_listed(run, tmp_path):
    path = tmp_path / "parks.geojson"
    park_layer({"a": square(), "b": square(x=5000)}).to_file(path)
    found = json.loads(run("check", path, "-f", "json")[1])["problems"]
    assert found
    said = run("conflicts", path, "-f", "csv")[2]
    assert f"数据问题{len(found)}条\uff0c详见 parkmap check" in said
    assert "数据问题" not in run("conflicts", path, "-f", "csv", "-q")[2]


def test_conflicts_says_what_the_system_lacks(run, tmp_path):
    path = tmp_path / "parks.geojson"
    tiers = ["national", "provincial"]
    park_layer({"a": square(), "b": square(x=5000)}, tier=tiers).to_file(path)
    for fmt in ("table", "csv"):
        said = run("conflicts", path, "--expect", "1+3+N", "-f", fmt)[2]
        assert "1+3+N\u76f8\u6bd4\uff1a\u7701\u7ea7\u5c112\u4e2a" in said
    assert "\u7701\u7ea7" not in run("conflicts", path, "--expect", "1+3+N", "-f", "csv", "-q")[2]


def test_layers_without_sectors_are_told_of_in_one_line_and_not_where_only_land_is_asked(
    run, tmp_path
):
    paths = [tmp_path / f"{name}.geojson" for name in "abc"]
    for at, path in enumerate(paths):
        layer = park_layer({f"p{at}": square(x=5000 * at)})[["name", "geometry"]]
        layer.assign(note="x").to_file(path)
    (line,) = [x for x in run("conflicts", *paths)[2].splitlines() if "--sectors" in x]
    assert "3\u4e2a\u56fe\u5c42" in line
    assert "--sectors" in run("conflicts", paths[0])[2]
    assert "--sectors" not in run("overlaps", *paths)[2]


def test_the_table_of_conflicts_calls_each_row_what_it_is(run, tmp_path):
    path = tmp_path / "parks.geojson"
    shapes = {
        "a": square(),
        "b": square(x=997, height=1000),
        "c": square(x=9000),
        "d": square(9300),
    }
    sectors = ["\u5149\u5b66\u819c", "\u6c34\u6ce5", "\u663e\u793a\u9762\u677f", "\u767d\u9152"]
    park_layer(shapes, sectors=[(each,) for each in sectors]).to_file(path)
    rows = run("conflicts", path, "-f", "table", "-q")[1].splitlines()[2:]
    assert len(rows) == 3
    said = "\n".join(rows)
    for words in (
        "\u7ec6\u788e\u91cd\u53e0",
        "\u94fe\u4e0a\u4e92\u8865",
        "\u8303\u56f4\u4ea4\u53c9",
    ):
        assert words in said
    assert "\u4ea7\u4e1a\u540c\u8d28" not in said


def test_every_verb_counts_the_same_problems(run, tmp_path):
    city = ROOT / "data" / "example_city.geojson"
    listed = json.loads(run("check", city, "-f", "json")[1])["problems"]
    folder = tmp_path / "out"
    said = run("report", city, "-o", folder, "--lang", "zh")[2]
    report = json.loads((folder / "conflicts.json").read_text(encoding="utf-8"))
    assert report["problems"] == listed
    assert {"PM507"} < {row["code"] for row in listed}
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["problems"] == len(listed)
    assert f"数据问题{len(listed)}条" in said
    info = run("info", city, "-f", "table", "--lang", "zh")[1]
    assert f"数据问题\uff1a{len(listed)}\n" in info


def test_info_measures_outlines_as_the_report_does(run, tmp_path):
    bow_tie = [[104, 30], [104.01, 30.01], [104.01, 30], [104, 30.01], [104, 30]]
    path = tmp_path / "a.geojson"
    shape = {"type": "Polygon", "coordinates": [bow_tie]}
    path.write_text(
        json.dumps({"type": "Feature", "properties": {"name": "甲"}, "geometry": shape})
    )
    area = json.loads(run("info", path, "-f", "json")[1])["area_m2"]
    (fault,) = json.loads(run("check", path, "-f", "json")[1])["problems"][:1]
    assert 520_000 < area < 550_000, fault  # both halves: as drawn, they cancel out


def test_a_table_of_problems_is_in_words_and_the_file_is_named(run, layer, tmp_path):
    said = run("check", layer, "-f", "table", "--lang", "zh")[1]
    assert "待核实" in said or "提示" in said
    assert not {"info", "warning", "error"} & set(said.split())
    made = tmp_path / "clean.gpkg"
    assert f"已写出 {made}" in run("check", layer, "--fix", "-o", made, "--lang", "zh")[2]
    assert ": " not in run("info", layer, "--lang", "zh")[1]
