"""`parkmap chain`: what it writes, in which words, and what it refuses."""

import csv
import io
import json
import re
from pathlib import Path

import docx
import jsonschema
import openpyxl
import pytest
from builders import park_layer, sector_layer, square

from parkmap import analyze, read_parks, report
from parkmap import io as parkmap_io
from parkmap.cli import main
from parkmap.errors import InputError
from parkmap.report.chain_letter import chain_paragraphs
from parkmap.taxonomy import load

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
    """A chain with a gap, a duplicate, a single point, a body with two parks, an old list."""
    texts = ["晶圆制造", "封装测试", "封装测试", "半导体材料", "半导体材料", "集成电路", "晶圆制造"]
    parks = sector_layer(
        texts,
        name=["甲园", "乙园", "丙园", "丁园", "戊园", "=己园", "庚园"],
        managing_body=["", "", "", "丁管委会", "丁管理委员会", "", ""],
        list_name=["", "", "", "", "", "", "历史名录"],
    )
    path = tmp_path / "layer.geojson"
    parks.reset_index().to_crs(4326).to_file(path, driver="GeoJSON")
    return path


def table(tmp_path, text, name="t.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def found(run, *arguments):
    code, out, _ = run("chain", *arguments, "-f", "json")
    assert code == 0
    whole = json.loads(out)
    jsonschema.validate(whole, report.json_schema("chain"))
    return whole


def test_a_park_of_an_old_list_supplies_nobody(run, layer):
    code, out, err = run("chain", layer, "--chain", "集成电路", "-f", "table")
    block = (out + err).split("可能的配套关系")[1]
    assert code == 0
    assert "甲园的晶圆制造可为乙园的封装测试配套" in block
    assert "庚园" not in block


def test_the_json_says_gap_single_internal_and_duplicated(run, layer):
    whole = found(run, layer, "--chain", "集成电路")
    (chain,) = whole["chains"]
    status = {one["segment"]: one["status"] for one in chain["segments"]}
    assert status["wafer-fabrication"] == "single"  # the second is on a superseded list
    assert status["ic-packaging-and-testing"] == "duplicated"
    assert status["semiconductor-materials"] == "internal"
    assert status["ic-design"] == "gap"
    assert chain["coarse_parks"] == ["f"]
    assert whole["chosen"] == "ic"
    named = {whole["parks"][park] for park in chain["parks"]}
    assert named == {"甲园", "乙园", "丙园", "丁园", "戊园", "=己园", "庚园"}


def test_counts_agree_with_the_segments(run):
    for chain in found(run, CITY)["chains"]:
        status = [one["status"] for one in chain["segments"]]
        counts = chain["counts"]
        assert counts["segments"] == len(status)
        assert counts["named"] == len(status) - status.count("gap")
        for key in ("duplicated", "internal", "single"):
            assert counts[key] == status.count(key)
        assert counts["gaps"] == len(chain["gaps"])
        assert len(chain["single_points"]) == counts["single"]


def test_gaps_are_those_with_something_beside_them_both_sides_first(run):
    for chain in found(run, CITY)["chains"]:
        rows = {one["segment"]: one for one in chain["segments"]}
        beside = {s for s, row in rows.items() if row["suppliers"] or row["customers"]}
        gaps = {s for s, row in rows.items() if row["status"] == "gap"}
        assert set(chain["gaps"]) == (beside & gaps if chain["counts"]["named"] else set())
        sides = [
            bool(rows[gap]["suppliers"]) + bool(rows[gap]["customers"]) for gap in chain["gaps"]
        ]
        assert sides == sorted(sides, reverse=True)
        for gap in chain["gaps"]:
            assert "补链" in rows[gap]["message"]
            assert ("可能已含" in rows[gap]["message"]) == bool(rows[gap]["may_cover"])


def test_links_of_a_chain_touch_it_and_all_of_them_are_listed(run):
    every = found(run, CITY)["supplies"]
    words = load()
    chosen = found(run, CITY, "--chain", "集成电路")["supplies"]
    inside = [
        link
        for link in every
        if words.is_at_or_below(link["given"], "ic") or words.is_at_or_below(link["taken"], "ic")
    ]
    assert chosen == inside
    assert chosen


def test_the_table_of_the_user_fills_chief_firms_place_and_domestic(run, layer, tmp_path):
    said = table(
        tmp_path,
        "某市产业链情况表,,,,,\n产业链,环节,链长,链主企业,主要承载地,国产自主化\n"
        "集成电路,,某副市长,甲公司,,\n集成电路,,,乙公司,,\n,封测,,,乙园,\n"
        "集成电路,EDA与IP核,,,,约两成\n",
    )
    (chain,) = found(run, layer, "--chain", "集成电路", "--chain-table", said)["chains"]
    assert (chain["chief"], chain["anchor_firms"]) == ("某副市长", "甲公司、乙公司")
    rows = {one["segment"]: one for one in chain["segments"]}
    assert rows["ic-packaging-and-testing"]["main_place"] == "乙园"
    assert "主要承载地为乙园" in rows["ic-packaging-and-testing"]["message"]
    assert rows["eda-and-ip-cores"]["domestic"] == "约两成"
    code, out, _ = run("chain", layer, "--chain", "集成电路", "--chain-table", said, "-f", "table")
    assert code == 0
    assert "链长：某副市长" in out
    assert "EDA与IP核：约两成" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("名称,链长\n甲,乙\n", "产业链情况表"),
        ("产业链,链长\n不存在的链,乙\n", "第2行：产业词表中没有产业链“不存在的链”"),
        ("产业链,环节,链长\n集成电路,白酒,乙\n", "第2行：环节“白酒”属于"),
        ("产业链,环节,链长\n集成电路,,甲\n,没有的环节,乙\n", "第3行：产业词表中没有环节"),
        ("产业链,环节,链长\n,,乙\n", "第2行：这一行既没有产业链也没有环节"),
        ("", "t.csv"),
    ],
)
def test_a_bad_table_is_one_line_and_nothing_is_written(run, layer, tmp_path, text, said):
    target = tmp_path / "out"
    code, _, err = run(
        *("chain", layer, "--chain", "集成电路", "-o", target),
        *("--chain-table", table(tmp_path, text)),
    )
    assert code == 2
    assert err.count("\n") == 1
    assert len(err) <= 202
    assert said in err
    assert not target.exists()


def test_a_workbook_with_merged_chains_is_read_like_a_csv(tmp_path):
    book = openpyxl.Workbook()
    for row in (["产业链", "环节", "链主企业"], ["集成电路", "", "甲"], ["", "封装测试", "乙"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "t.xlsx")
    read = parkmap_io.read_chain_table(tmp_path / "t.xlsx")
    assert read["anchor_firms"].to_dict() == {
        ("ic", ""): "甲",
        ("ic", "ic-packaging-and-testing"): "乙",
    }
    with pytest.raises(InputError):
        parkmap_io.read_chain_table(tmp_path)


def test_a_folder_gets_workbook_picture_and_json_all_or_none(run, layer, tmp_path):
    target = tmp_path / "out"
    code, out, err = run("chain", layer, "--chain", "集成电路", "-o", target)
    assert (code, out) == (0, "")
    assert {path.name for path in target.iterdir()} == {"chain.xlsx", "chain.png", "chain.json"}
    assert "chain.png" in err
    first = {path.name: path.read_bytes() for path in target.iterdir()}
    code, _, err = run("chain", layer, "--chain", "集成电路", "-o", target)
    assert code == 2
    assert "chain.xlsx" in err
    code, _, _ = run("chain", layer, "--chain", "集成电路", "-o", target, "--overwrite")
    assert code == 0
    assert {path.name: path.read_bytes() for path in target.iterdir()} == first


def test_the_workbook_holds_matrix_layout_and_the_lists(run, layer, tmp_path):
    said = table(tmp_path, "产业链,环节,国产自主化\n,EDA与IP核,=1+1\n")
    target = tmp_path / "chain.xlsx"
    code, _, _ = run("chain", layer, "--chain", "集成电路", "--chain-table", said, "-o", target)
    assert code == 0
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [
        *("环节园区矩阵", "产业链环节布局表", "补空白清单", "强弱项清单"),
        *("国产自主化清单", "园区配套关系表"),
    ]
    matrix = [[cell.value for cell in row] for row in book["环节园区矩阵"].iter_rows(min_row=3)]
    heads = matrix[0]
    dots = {
        (row[1], heads[at]) for row in matrix[1:10] for at, cell in enumerate(row) if cell == "●"
    }
    assert dots == {
        *(("晶圆制造", "甲园"), ("晶圆制造", "庚园"), ("封装测试", "乙园"), ("封装测试", "丙园")),
        *(("半导体材料", "丁园"), ("半导体材料", "戊园")),
    }
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)
    weak = [row[4].value for row in book["强弱项清单"].iter_rows(min_row=4, max_row=4)]
    assert weak == ["甲园、庚园"]


def test_without_a_chain_every_stated_chain_has_a_row(run, tmp_path):
    code, out, _ = run("chain", CHENGDU, "-f", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    whole = found(run, CHENGDU)
    assert [row["chain"] for row in rows] == [chain["chain"] for chain in whole["chains"]]
    assert {row["name"] for row in rows} >= {"生物医药", "集成电路", "食品饮料"}
    code, _, _ = run("chain", CHENGDU, "-o", tmp_path / "all.xlsx")
    assert code == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames[0] == "产业链总览"
    layout = [row[2].value for row in book["产业链环节布局表"].iter_rows(min_row=4) if row[2].value]
    assert len(layout) == len(set(layout))  # a segment once, under its nearest chain


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_speak_one_language_and_accuse_nobody(run, lang):
    code, out, _ = run("--lang", lang, "chain", CITY, "--chain", "电子信息", "-f", "table")
    assert code == 0
    for word in ("缺失", "缺少", "None", "nan", "{", "()"):
        assert word not in out
    if lang == "en":
        names = set(found(run, CITY)["parks"].values())
        for name in sorted(names, key=len, reverse=True):
            out = out.replace(name, "")
        assert not any("一" <= sign <= "鿿" for sign in out)


def test_a_segment_stands_for_its_chain_and_unknown_ones_are_refused(run, layer):
    assert found(run, layer, "--chain", "封测")["chosen"] == "ic"
    for name, said in (("没有这条链", "产业词表中没有产业链"), ("白酒", "没有园区申报酿酒")):
        code, out, err = run("chain", layer, "--chain", name)
        assert (code, out) == (2, "")
        assert said in err
        assert "集成电路" in err
    code, _, err = run("chain", layer, "-o", "a.pdf")
    assert code == 2
    assert "a.pdf" in err


def test_a_layer_without_sectors_has_no_chain_to_name(run, tmp_path):
    path = tmp_path / "parks.gpkg"
    park_layer({"a": square(), "b": square(5000)}).to_file(path)
    code, _, err = run("chain", path, "--chain", "集成电路")
    assert code == 2
    assert "各园区均未填写可识别的主导产业" in err
    assert "--sectors" in err


@pytest.mark.parametrize("chain", [[], ["--chain", "集成电路"]])
def test_the_picture_is_drawn_and_the_same_each_time(run, layer, tmp_path, chain):
    for name in ("a.png", "b.png"):
        code, _, _ = run("chain", layer, *chain, "-o", tmp_path / name)
        assert code == 0
    drawn = (tmp_path / "a.png").read_bytes()
    assert drawn[1:4] == b"PNG"
    assert drawn == (tmp_path / "b.png").read_bytes()


def test_the_report_tells_of_chains_in_its_workbook_and_its_letter(run, layer, tmp_path):
    said = table(tmp_path, "产业链,环节,链长,国产自主化\n集成电路,EDA与IP核,某副市长,约两成\n")
    code, _, _ = run("report", layer, "-o", tmp_path / "out", "--chain-table", said, "-q")
    assert code == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "conflicts.xlsx")
    sheets = ["产业链环节布局表", "补空白清单", "强弱项清单", "国产自主化清单"]
    assert book.sheetnames[3:7] == sheets
    rows = [[cell.value for cell in row] for row in book[sheets[0]].iter_rows(min_row=4)]
    status = {row[2]: row[3] for row in rows if row[2]}
    assert status["封装测试"] == "重复布局环节"
    assert status["晶圆制造"] == "薄弱环节（单点）"
    assert status["半导体材料"] == "内部重复布局"
    assert "约两成" in [cell.value for cell in book[sheets[3]][4]]
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["options"]["chain_table"]["name"] == "t.csv"
    letter = docx.Document(tmp_path / "out" / "report.docx")
    told = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert "链条空白与重复" in told
    assert "封装测试有2个园区申报" in told
    assert "不等于当地没有" in told


def test_a_report_of_parks_that_name_no_segment_says_nothing_of_chains():
    result = analyze(sector_layer(["医药", "汽车"]))
    assert chain_paragraphs(result) == []
    assert chain_paragraphs(analyze(sector_layer(["IC设计", "汽车"]), only="land")) == []


def test_the_letter_counts_what_the_overview_of_own_segments_counts(run):
    result = analyze(read_parks(CITY))
    first = chain_paragraphs(result)[0]
    own = result.chain_links[result.chain_links["own"]]
    assert f"单点环节{(own['status'] == 'single').sum()}个" in first
    assert f"空白环节{((own['status'] == 'gap') & (own['rank'] > 0)).sum()}个" in first


def test_a_chain_of_which_only_the_word_is_named_has_no_gaps(run):
    code, out, _ = run("chain", CHENGDU, "--chain", "食品饮料", "-f", "table")
    assert code == 0
    assert "标签过粗，暂不判断空白环节" in out
    (chain,) = found(run, CHENGDU, "--chain", "食品饮料")["chains"]
    assert chain["gaps"] == []
    assert all(len(one["may_cover"]) >= 3 for one in chain["segments"])


HOSTILE = "$\\bad_{x$ <b>\x1b[31m=1+1"


def test_a_hostile_name_breaks_no_picture_no_workbook_and_no_terminal(run, tmp_path):
    parks = sector_layer(["封装测试、IC设计", "封装测试", "集成电路"], name=[HOSTILE, "=cmd", "甲"])
    path = tmp_path / "hostile.geojson"
    parks.reset_index().to_crs(4326).to_file(path, driver="GeoJSON")
    code, _, err = run("chain", path, "--chain", "集成电路", "-o", tmp_path / "out")
    assert (code, "chain.png" in err) == (0, True)
    code, out, _ = run("chain", path, "--chain", "集成电路", "-f", "table")
    assert code == 0
    assert "\x1b" not in out
    book = openpyxl.load_workbook(tmp_path / "out" / "chain.xlsx")
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)
    code, _, err = run("report", path, "-o", tmp_path / "report", "-q")
    assert (code, err) == (0, "")


def test_the_heading_of_supplies_counts_links_and_lines(run):
    said = run("chain", CHENGDU, "--chain", "造纸印刷包装", "-f", "table")[1]
    head = re.search(r"配套关系(\d+)项（同一供给对同一园区的合写一行，共(\d+)行）", said)
    links = found(run, CHENGDU, "--chain", "造纸印刷包装")["supplies"]
    assert [int(each) for each in head.groups()] == [len(links), said.count("可为")]
