"""The sector half on the command line: explain, own vocabularies, decisions, the graph."""

import json
from importlib.resources import files

import jsonschema
import networkx as nx
import pandas as pd
import pytest
from builders import sector_layer

import parkmap as pm
from parkmap import report, similarity, taxonomy
from parkmap.analysis import analyze
from parkmap.cli import main
from parkmap.cli.sectoral import chosen_park
from parkmap.errors import InputError

WORDS = ["中药饮片", "中药饮片", "IC设计", "晶圆制造", "颐养某业"]


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
    path = tmp_path / "parks.geojson"
    codes = [f"S{i}" for i in range(len(WORDS))]
    columns = {"code": codes, "sectors": WORDS}
    sector_layer(WORDS).assign(**columns).to_crs(4326).to_file(path, driver="GeoJSON")
    return path


def test_explain_takes_ids_codes_and_names(run, layer):
    by_id = run("explain", "a", "b", layer)
    assert by_id[0] == 0
    assert "中药饮片" in by_id[1]
    assert "同质竞争" in by_id[1]
    assert run("explain", "S0", "园区b", layer)[1] == by_id[1]
    assert "Judgement" in run("explain", "a", "b", layer, "--lang", "en")[1]


def test_explain_as_json_has_every_figure(run, layer):
    found = json.loads(run("explain", "c", "d", layer, "-f", "json")[1])
    jsonschema.validate(found, report.json_schema("explain"))
    assert found["measure"] == "tree-idf"
    assert found["verdict"] == "complementary"
    assert found["synergy"] > 0.05
    assert 0 < found["p"] <= 1
    assert found["explanation"].endswith("。")


def test_a_pair_that_reaches_nothing_is_measured_all_the_same(run, layer):
    found = json.loads(run("explain", "a", "c", layer, "-f", "json")[1])
    assert found["rivalry"] == 0
    assert found["verdict"] == "unrelated"
    assert found["p"] is not None


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [("园区x", "a", "园区"), ("a", "a", "同一个"), ("a", "e", "主导产业")],
    ids=["unknown", "the same", "nothing known"],
)
def test_a_park_that_cannot_be_explained_is_one_line(run, layer, one, other, said):
    code, out, err = run("explain", one, other, layer)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert said in err


def test_a_name_of_two_parks_asks_for_the_id():
    parks = sector_layer(["印刷", "印刷"], code=["", ""]).assign(name="同名园")
    with pytest.raises(InputError, match="同名园"):
        chosen_park(parks, "同名园")


def test_decisions_reach_every_verb_and_the_record(run, layer, tmp_path):
    table = tmp_path / "map.csv"
    table.write_bytes("text,node\n颐养某业,中药饮片\n".encode("gb18030"))
    bare = run("clusters", layer, "-f", "json", "--exit-zero")[1]
    assert json.loads(bare)["clusters"][0]["parks"] == ["a", "b"]
    told = run("clusters", layer, "-f", "json", "--exit-zero", "--sectors-map", table)[1]
    assert json.loads(told)["clusters"][0]["parks"] == ["a", "b", "e"]
    (match,) = json.loads(
        run("sectors", "match", "颐养某业", "-f", "json", "--sectors-map", table)[1]
    )
    assert (match["node"], match["how"]) == ("herbal-slices", "decision")
    assert run("report", layer, "-o", tmp_path / "out", "-q", "--sectors-map", table)[0] == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["options"]["sectors_map"]["name"] == "map.csv"
    assert taxonomy.load().match("颐养某业").how != "decision"  # nothing lingers


@pytest.mark.parametrize(
    "content",
    ["text,node\n颐养某业,没有的产业\n", "a,b\n1,2\n", "text,node\nx,印刷\nx,家具\n", ""],
    ids=["unknown node", "other columns", "twice", "empty"],
)
def test_a_bad_map_is_one_line(run, layer, tmp_path, content):
    table = tmp_path / "map.csv"
    table.write_text(content, encoding="utf-8")
    code, _, err = run("clusters", layer, "--sectors-map", table)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "map.csv" in err


def own_vocabulary(folder):
    folder.mkdir()
    shipped = files("parkmap") / "resources" / "taxonomy"
    for table in ("nodes.csv", "aliases.csv", "endings.csv"):
        (folder / table).write_bytes((shipped / table).read_bytes())
    row = "wellness,segment,,,颐养某业,Wellness,,\n"
    with (folder / "nodes.csv").open("a", encoding="utf-8") as nodes:
        nodes.write(row)
    return folder


def test_a_planner_s_own_vocabulary_names_its_own_sectors(run, layer, tmp_path):
    own = own_vocabulary(tmp_path / "own")
    found = run("sectors", "match", "颐养某业", "-f", "json", "--taxonomy", own)[1]
    assert json.loads(found)[0]["node"] == "wellness"
    assert "颐养某业" in run("sectors", "list", "-f", "csv", "--taxonomy", own)[1]
    assert run("explain", "a", "e", layer, "--taxonomy", own)[0] == 0
    code, _, err = run("clusters", layer, "--taxonomy", tmp_path)
    assert code == 2
    assert len(err.splitlines()) == 1


def test_analyze_takes_a_vocabulary_and_decisions():
    parks = sector_layer(WORDS)
    result = analyze(parks, decisions={"颐养某业": "中药饮片"})
    assert "e" in result.clusters["parks"].iloc[0]
    assert result.options["decisions"] == {"颐养某业": "中药饮片"}
    bare = analyze(parks, taxonomy=taxonomy.with_decisions(taxonomy.load(), {"中药饮片": ""}))
    assert bare.clusters.empty


def test_graphml_holds_every_park_and_pair(run, layer, tmp_path):
    target = tmp_path / "g.graphml"
    assert run("clusters", layer, "-o", target, "--exit-zero")[0] == 0
    graph = nx.read_graphml(target)
    assert set(graph) == {"a", "b", "c", "d", "e"}
    assert graph.edges["a", "b"]["similarity"] == pytest.approx(1)
    assert graph.nodes["a"]["cluster"] == graph.nodes["b"]["cluster"]
    assert graph.nodes["a"]["lat"] == pytest.approx(30.6, abs=0.2)
    assert graph.graph["measure"] == "tree-idf"
    assert run("overlaps", layer, "-o", tmp_path / "o.graphml")[0] == 2


def test_results_name_the_measure_and_what_chance_would_give(run, layer):
    _, out, err = run("clusters", layer, "-f", "json", "--exit-zero", "--measure", "cosine")
    found = json.loads(out)
    assert found["measure"] == "cosine"
    assert 0 <= found["null_similarity"] <= 1
    assert "产业结构相似系数" in err
    assert "999" in err


def test_the_sweep_counts_what_clusters_would():
    parks = sector_layer(["印刷", "印刷", "印刷、家具", "家具、水泥"])
    result = analyze(parks)
    assert result.criteria.min_similarity in list(result.sweep.index)
    at_used = result.sweep.loc[max(result.criteria.min_similarity, result.null_similarity)]
    assert at_used["groups"] == len(result.clusters)
    assert result.sweep["pairs"].is_monotonic_decreasing


def test_pictures_are_the_same_bytes_twice_and_bear_no_parks(tmp_path):
    parks = sector_layer(WORDS)
    for result in (analyze(parks), analyze(parks.iloc[:0])):
        for write in (report.write_matrix, report.write_clusters_figure, report.write_sweep):
            contents = []
            for name in ("one.png", "two.png"):
                write(result, tmp_path / name, overwrite=True)
                contents.append((tmp_path / name).read_bytes())
            assert contents[0] == contents[1]
            assert contents[0].startswith(b"\x89PNG")


def test_pair_facts_agree_with_the_table_of_pairs():
    parks = sector_layer(["印刷、家具", "印刷、水泥"])
    shares = pm.sector_shares(parks)
    pairs = pm.similar_pairs(parks, shares, min_similarity=0.0)
    facts = similarity.pair_facts(parks, shares, pairs, "b", "a")
    assert facts["similarity"] == pairs.loc[("a", "b"), "similarity"]
    assert sum(row["share"] for row in facts["contributions"]) == pytest.approx(1)
    alone = similarity.pair_facts(parks, shares, pd.DataFrame(), "a", "b")
    assert alone["similarity"] == facts["similarity"]
    assert alone["p"] == pytest.approx(facts["p"])


def test_the_table_counts_what_is_too_coarse_and_json_lists_it(run, tmp_path):
    path = tmp_path / "coarse.geojson"
    words = ["医药", "医药", "医药", "家具"]
    sector_layer(words).to_crs(4326).to_file(path, driver="GeoJSON")
    _, drawn, _ = run("conflicts", str(path), "-f", "table", "--exit-zero", "-q")
    _, listed, _ = run("conflicts", str(path), "-f", "json", "--exit-zero", "-q")
    coarse = [row for row in json.loads(listed)["conflicts"] if row["verdict"] == "coarse"]
    assert len(coarse) > 1
    assert f"{len(coarse)}对园区" in drawn
    assert not any(row["id"] in drawn for row in coarse)


@pytest.mark.parametrize(("east", "said"), [(105.0, False), (107.0, True)])
def test_rivals_farther_apart_than_a_city_is_wide_are_counted(tmp_path, run, east, said):
    rows = ["name,lon,lat,sectors", "A,104,30,中药饮片", f"B,{east},30,中药饮片", "C,104,30,白酒"]
    path = tmp_path / "parks.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    _, _, err = run("clusters", path, "--lang", "en")
    assert ("1 pair of rivals lies farther" in err) == said
    assert "farther" not in run("clusters", path, "--max-distance", 900_000, "--lang", "en")[2]
