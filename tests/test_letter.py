"""The report as a Word file: what it says, how it is laid out, and that no name can harm it."""

import random
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
import report_runs as made
import shapely
from builders import METRIC, park_layer, square
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from lxml import etree
from payloads import PAYLOADS

import parkmap as pm
from parkmap import messages, report
from parkmap.errors import OptionError
from parkmap.report import essay, facts, reasons
from parkmap.schema import ControlLine

ROOT = Path(__file__).parents[1]
CHAPTERS = ["一、总体情况", "二、主要情况", "三、原因初步分析", "四、下步建议"]


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


@pytest.fixture(scope="module")
def run():
    return made.run()


@pytest.fixture
def paper(run, tmp_path):
    report.write_docx(run, tmp_path / "a.docx")
    return docx.Document(str(tmp_path / "a.docx"))


def naughty(count=300):
    """Return strings that break readers: every plane, controls, marks, halves of characters."""
    draw = random.Random(20261125)  # noqa: S311
    signs = [*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, 0xD800, 0xDFFF, 0x202E, 0x200B]
    signs += [0x1F600, 0x10FFFF, 0x20000, 0xFDD0, 0x0301, 0x2028, 0x00AD, *range(0x21, 0x7F)]
    return ["".join(map(chr, draw.choices(signs, k=draw.randint(1, 40)))) for _ in range(count)]


def with_message(row, message):
    """Replace the sentence of a row; as objects, since Arrow refuses halves of characters."""
    return row.assign(message=pd.Series([message], index=row.index, dtype=object))


def said(analysis):
    return [block.said for block in essay.essay(analysis)]


def under(analysis, heading):
    """Return the paragraphs between a heading and the next."""
    blocks = essay.essay(analysis)
    at = next(n for n, block in enumerate(blocks) if heading in block.said)
    found = []
    for block in blocks[at + 1 :]:
        if block.form != "body":
            break
        found.append(block.said)
    return found


def test_the_chapters_follow_the_outline_of_an_official_report(run):
    blocks = essay.essay(run)
    assert blocks[0].said == "关于示例市产业园区范围与产业布局\n核查情况的报告"
    assert [block.said for block in blocks if block.form == "chapter"] == CHAPTERS


def test_a_report_without_a_city_has_a_title_all_the_same():
    run = made.run(parks=made.parks(city=[""] * 5))
    assert essay.essay(run)[0].said == "关于本地区产业园区范围与产业布局\n核查情况的报告"


def test_every_severity_is_counted(run):
    counts = under(run, "总体情况")[1]
    assert counts.startswith("共形成核查事项3条：重点1条、一般0条、轻微1条、提示1条。")


def test_findings_carry_the_number_of_the_map_and_the_sentence_of_the_list(run):
    told = under(run, "范围交叉")
    assert told[1] == "①甲园区与乙园区范围交叉50.00公顷（750亩）。"
    assert "涉及土地50.00公顷（750亩）" in told[0]


def test_explained_overlaps_are_told_apart_and_not_as_matters(run):
    assert under(run, "范围交叉")[-1].startswith("另有套叠1项")


@pytest.mark.parametrize("name", ["parks", "example_city"])
def test_what_is_for_information_adds_up_to_its_total(name):
    run = pm.analyze(pm.read_parks(ROOT / "data" / f"{name}.geojson"))
    informed = []
    for heading in ("范围交叉", "产业同质"):
        apart = [line for line in under(run, heading) if line.endswith("不计入上述事项。")]
        informed += [int(count) for count in re.findall(r"(\d+)项", "".join(apart))]
    assert sum(informed) == (run.conflicts["severity"] == "info").sum()


def test_a_group_is_one_sentence_with_the_numbers_of_its_pairs(run):
    told = under(run, "产业同质")
    assert "甲园区、乙园区共2个园区均布局偏光片与光学膜" in "".join(told)
    assert any("（图上编号①）" in line for line in told)


def test_who_is_in_a_group_by_general_words_only_is_told_apart(run):
    group = run.clusters[run.clusters["flagged"]].iloc[0].to_dict()
    last = group["parks"][-1]
    said = essay._group(run, {**group, "coarse_parks": (last,)}, 2)
    name = str(run.parks["name"][last])
    assert f"{name}只报大类名称，是否同业待核实" in said.replace(",", ",")
    assert f"{len(group['parks']) - 1}个园区均布局" in said
    assert said.startswith("第2组：")


def test_a_pair_outside_every_group_is_told_by_itself(run):
    assert list(reasons.lone_pairs(run)["number"]) == [2]
    assert "②乙园区与戊园区主导产业约六成相同。" in under(run, "产业同质")


def test_only_the_foremost_are_told_and_the_others_are_counted(run):
    row = run.conflicts.iloc[[0]]
    many = pd.concat([row.assign(number=at) for at in range(1, 9)])
    told = under(replace(run, conflicts=many), "范围交叉")
    assert [line[0] for line in told[1:4]] == ["①", "②", "③"]
    assert told[4] == "其余5项见《核查事项清单》。"


def test_what_lies_on_control_lines_is_told_to_the_last_with_its_slivers_apart(run):
    row = run.conflicts.iloc[[0]].assign(kind="control", relation="control", line="红线")
    sliver = row.assign(relation="sliver", severity="info", number=9)
    found = pd.concat([*(row.assign(number=at) for at in range(1, 9)), sliver])
    line = ControlLine(name="红线", within=False)
    many = replace(run, conflicts=found, controls=found, lines=(line,))
    told = under(many, "管控线")
    assert [text[0] for text in told[1:9]] == list("①②③④⑤⑥⑦⑧")
    assert told[9:] == ["另有边线细碎出入（图形误差）1项，属提示。"]
    assert not any("细碎" in text for text in under(many, "范围交叉"))


def test_control_lines_that_were_not_compared_are_said_to_be_missing(run):
    assert under(run, "管控线") == ["本次未提供国土空间管控线图层，未作比对。"]


@pytest.mark.parametrize(
    ("tiers", "relation", "level"),
    [
        (("national", "provincial"), "partial", "需报省"),
        (("provincial", "provincial"), "partial", "需报省"),
        (("national", "national"), "partial", "需报国家"),
        (("national", "municipal"), "partial", ""),
        (("provincial", ""), "partial", ""),
        (("provincial", "provincial"), "duplicate", ""),
    ],
)
def test_an_extent_goes_no_higher_than_the_lowest_tier_in_it(run, tiers, relation, level):
    parks = run.parks.assign(tier=[*tiers, "provincial", "municipal", ""])
    rows = run.conflicts.iloc[[0]].assign(relation=relation)
    found = replace(run, parks=parks, conflicts=rows)
    for heading in ("需报省", "需报国家"):
        (told,) = under(found, heading)[:1]
        assert ("1项（图上编号①）" in told) is (heading == level)
        assert told.startswith("暂无") is (heading != level)


def test_no_half_width_mark_stands_beside_a_chinese_character(paper):
    for each in paper.paragraphs:
        line = each.text
        assert not re.search(r"[\u4e00-\u9fff\uff09][,;:?!()]|[,;:?!()][\u4e00-\u9fff]", line), line
        assert not re.search(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]| / ", line.replace("附件", "")), (
            line
        )
    told = "".join(each.text for each in paper.paragraphs)
    assert "50.00公顷\uff08750亩\uff09" in told


@pytest.mark.parametrize(
    ("half", "full"),
    [
        ("甲(乙(丙)丁),戊", "甲\uff08乙\uff08丙\uff09丁\uff09\uff0c戊"),
        ("占3.4%,约", "占3.4%\uff0c约"),
        ("1,500亩;EPSG:4490", "1,500亩\uff1bEPSG:4490"),
        ("余弦(tree-idf)算", "余弦\uff08tree-idf\uff09算"),
        ("①(51)", "①(51)"),
        ("1.研究", "1.研究"),
        ("pip install 'a[b]', (x)", "pip install 'a[b]', (x)"),
        ("甲:乙?丙!", "甲\uff1a乙\uff1f丙\uff01"),
        ("", ""),
    ],
)
def test_marks_are_full_width_beside_chinese_only(half, full):
    assert messages.full_width(half) == full
    assert messages.full_width(full) == full


@pytest.mark.parametrize("name", ["甲(东),园", "A&#60;", "x,y", "(甲)", "甲;"])
def test_a_name_keeps_its_marks(name):
    told = messages.full_width(f"{name},{name}({name});约", names=[name, "丙", ""])
    assert told == f"{name}\uff0c{name}\uff08{name}\uff09\uff1b约"


def test_the_system_is_named_without_a_bracket_in_a_bracket(run):
    first = under(run, "总体情况")[0]
    assert "园区体系为1+2+1（国家级+省级+市级），另列1个；" in first
    alone = replace(run, others=0)
    assert "（国家级+省级+市级）；" in under(alone, "总体情况")[0]


def test_causes_are_those_the_data_shows(run):
    told = under(run, "原因初步分析")
    assert any("范围口径不一或为示意范围。1项" in line for line in told)
    assert not any("新旧名录" in line for line in told)


def test_parks_in_general_words_are_one_number_with_names_and_a_note_in_the_list(tmp_path):
    words = [("医药", "食品"), ("食品", "印刷"), ("食品", "某某某某"), ("医药",), ()]
    names = ["甲", "乙", "丙", "丁", "戊"]
    layer = park_layer({name: square(at * 5_000) for at, name in enumerate(names)}, name=names)
    run = pm.analyze(layer.assign(sectors=words))
    told = "".join(under(run, "原因初步分析"))
    assert "2个园区的主导产业全部只写大类，未细化到环节（甲、丁）" in told
    assert any("只写大类的2个园区" in step for step in under(run, "市级可办"))
    report.write_xlsx(run, tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["总表"]
    notes = {row[1]: row[-1] or "" for row in page.iter_rows(values_only=True)}
    assert [name for name in names if "只写大类" in notes[name]] == ["甲", "丁"]


def test_counts_of_sectors_say_whether_they_hold_what_lies_below(run, tmp_path):
    assert "不含其下级产业和环节），申报最多的" in under(run, "产业同质")[0]
    report.write_xlsx(run, tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["口径与参数"]
    (told,) = [row[1] for row in page.iter_rows(values_only=True) if row[0] == "产业计数"]
    assert "不含其下级" in told
    for key in ("title", "said"):
        assert "含下级" in messages.text(f"webmap.page.sectors.{key}")


def test_pairs_too_coarse_to_judge_are_a_task_of_their_own(run):
    pair = run.conflicts.iloc[[1]].assign(verdict="coarse")
    found = replace(run, conflicts=pair)
    assert "另有1对园区相同的只是产业大类" in "".join(under(found, "产业同质"))
    assert any("暂不判断的1对园区（图上编号②）" in step for step in under(found, "市级可办"))


@pytest.mark.parametrize(("by_chance", "told"), [(0.604, "0.60（随机"), (0.4, "0.50、")])
def test_the_methods_name_one_threshold_and_why_it_is_not_the_usual_one(run, by_chance, told):
    likeness = essay.methods(replace(run, null_similarity=by_chance))[1]
    assert f"相似度不低于{told}" in likeness
    assert likeness.count("0.50") + likeness.count("0.60") == 1


def test_a_park_without_extent_and_point_is_not_called_a_point(tmp_path):
    layer = made.parks()
    parks = layer.set_geometry([*layer.geometry[:3], None, *layer.geometry[4:]])
    run = made.run(parks=parks)
    told = "".join(under(run, "数据质量"))
    assert "1个园区仅有点位" in told
    assert "1个园区无空间位置（既无范围也无点位）" in told
    assert "（其中1个仅有点位、1个无空间位置）" in report.summary_lines(run)[2]
    report.write_xlsx(run, tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["总表"]
    notes = {row[1]: row[-1] for row in page.iter_rows(values_only=True)}
    assert notes["丁园区"].startswith("无空间位置，未参与范围比对和制图")
    assert notes["戊园区"].startswith("仅有点位，")


def test_what_is_for_information_is_no_task(run):
    lists = run.conflicts.iloc[[2]].assign(relation="superseded", nesting="")
    found = replace(run, conflicts=pd.concat([run.conflicts.iloc[:2], lists]))
    assert under(found, "总体情况")[1].endswith("不列为核查任务。")
    (step,) = [step for step in under(found, "市级可办") if "新旧名录" in step]
    assert "1对新旧名录园区的沿革（属提示，不列入任务清单）" in step


def test_the_paper_names_the_program_that_wrote_it(run, tmp_path):
    report.write_docx(run, tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        told = archive.read("docProps/app.xml").decode()
        names = archive.namelist()
    assert re.findall("<Application>(.*?)</Application>", told) == ["parkmap"]
    assert "Microsoft" not in told
    assert not [name for name in names if "thumbnail" in name]


def test_a_cause_is_not_made_up():
    lone = pm.analyze(park_layer({"a": square()}, name=["甲"], tier=["national"]))
    assert reasons.causes(lone) == []
    assert under(lone, "原因初步分析") == ["未发现核查事项，不作原因分析。"]
    crossing = pm.analyze(park_layer({"a": square(), "b": square(900)}, name=["甲", "乙"]))
    (said,) = under(crossing, "原因初步分析")
    assert said == "现有数据不足以判断原因，建议先核对批复文件及界址点。"


@pytest.mark.parametrize(("drawn", "is_far"), [(100, False), (119, False), (121, True), (79, True)])
def test_drawn_area_far_from_the_approved_one_is_a_cause(drawn, is_far):
    layer = park_layer({"a": square(width=drawn * 10, height=1000)}, name=["甲"], tier=["national"])
    run = pm.analyze(layer.assign(approved_area_ha=[100.0]))
    assert any("核准面积" in line for line in reasons.causes(run)) is is_far


def test_every_placeholder_is_filled_in_both_languages(run):
    for lang in ("zh", "en"):
        with messages.use_language(lang):
            assert not [line for line in said(run) if re.search(r"[{}]", line)]


def test_a_report_ends_with_the_disclaimer(run):
    assert said(run)[-1] == "本结果为数据比对提示，不作为行政认定依据"


@pytest.mark.parametrize("seed", range(6))
def test_shared_ground_counts_once_and_both_areas_add_up_to_the_union(seed):
    draw = random.Random(seed)  # noqa: S311
    shapes = {
        f"p{at}": square(
            draw.uniform(0, 3000), draw.uniform(0, 3000), width=draw.uniform(800, 1800)
        )
        for at in range(7)
    }
    counted = [draw.random() < 0.6 for _ in shapes]
    layer = park_layer(
        shapes, name=list(shapes), tier=["provincial"] * 7, counted=counted, crs=METRIC
    )
    run = pm.analyze(layer)
    inside, beside = facts.system_area_m2(run.parks, slices=run.slices)
    whole = shapely.union_all(list(shapes.values()))
    system = shapely.union_all([s for s, c in zip(shapes.values(), counted, strict=True) if c])
    # The plane is not the ellipsoid: its scale differs by a few parts in ten thousand.
    assert inside == pytest.approx(system.area, rel=1e-3)
    assert inside + beside == pytest.approx(whole.area, rel=1e-3)
    assert sum(facts.system_area_m2(run.parks)) > inside + beside


def test_the_paper_is_a4_with_the_margins_of_the_standard(paper):
    first = paper.sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    sides = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]


def test_a_line_holds_28_characters_and_a_page_22_lines(paper):
    first = paper.sections[0]
    wide = first.page_width - first.left_margin - first.right_margin
    high = first.page_height - first.top_margin - first.bottom_margin
    body = next(each for each in paper.paragraphs if each.text.startswith("本次核查"))
    spacing = body.runs[0]._r.rPr.find(qn("w:spacing"))
    one = body.runs[0].font.size.pt + int(spacing.get(qn("w:val"))) / 20
    assert Emu(wide).pt // one == 28
    assert Emu(high).pt // paper.styles["Normal"].paragraph_format.line_spacing.pt == 22


@pytest.mark.parametrize(
    ("begins", "font", "size"),
    [
        ("关于", "方正小标宋简体", 22),
        ("一、", "黑体", 16),
        ("\uff08一\uff09", "楷体_GB2312", 16),
        ("本次核查", "仿宋_GB2312", 16),
    ],
)
def test_each_kind_of_paragraph_has_the_font_of_the_standard(paper, begins, font, size):
    run = next(each for each in paper.paragraphs if each.text.startswith(begins)).runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert run.font.size == Pt(size)


def test_a_font_that_is_not_installed_has_another_in_its_place(run, tmp_path):
    report.write_docx(run, tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        names = [name for name in archive.namelist() if "fontTable" in name]
        table = etree.fromstring(archive.read(names[0]))
    others = {
        font.get(qn("w:name")): font.find(qn("w:altName")).get(qn("w:val")).split(",")
        for font in table
        if font.find(qn("w:altName")) is not None
    }
    assert len(names) == 1
    assert "FangSong" in others["仿宋_GB2312"]
    assert "SimHei" in others["黑体"]


def test_pages_are_numbered_outside(paper):
    first = paper.sections[0]
    for footer, side in ((first.footer, 2), (first.even_page_footer, 0)):
        assert footer.paragraphs[0].alignment == side
        assert "PAGE" in etree.tostring(footer._element, encoding="unicode")


def test_the_picture_is_the_first_annex_and_fits_its_sheet(run, tmp_path):
    report.write_overview(run, tmp_path / "a.png")
    report.write_docx(run, tmp_path / "a.docx", picture=tmp_path / "a.png")
    page = docx.Document(str(tmp_path / "a.docx"))
    (shape,), sheet = page.inline_shapes, page.sections[1]
    assert shape.width <= sheet.page_width - sheet.left_margin - sheet.right_margin
    assert shape.height <= sheet.page_height - sheet.top_margin - sheet.bottom_margin - Mm(10)
    assert any(each.text.startswith("附件1") for each in page.paragraphs)


def test_the_same_run_gives_the_same_word_file(run, tmp_path):
    for name in ("a.docx", "b.docx"):
        report.write_docx(run, tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    known = docx.Document(str(tmp_path / "a.docx")).core_properties
    assert (known.author, known.created.isoformat()[:10]) == ("parkmap", "2026-03-01")


@pytest.mark.parametrize("name", [*PAYLOADS, "=1+1", "{ PAGE }", "\x1b[31m\u202e\x00"])
def test_a_name_is_shown_as_typed_and_never_a_field(tmp_path, name):
    names = (f"{name}甲", "乙", "丙", "丁", "戊")
    run = made.run(parks=made.parks(name=list(names)), conflicts=made.findings(names))
    report.write_docx(run, tmp_path / "a.docx")
    page = docx.Document(str(tmp_path / "a.docx"))
    shown = pm.escape.terminal(name)
    assert any(shown in each.text for each in page.paragraphs)
    body = etree.tostring(page.element.body, encoding="unicode")
    assert not re.search(r"<w:(instrText|fldSimple|hyperlink|object)", body)


def test_strings_that_break_readers_leave_a_file_that_opens(run, tmp_path):
    names = naughty()
    row = run.conflicts.iloc[[0]]
    for at in range(0, len(names), 3):
        three = [with_message(row, names[at + n]).assign(number=n) for n in range(3)]
        found = essay.essay(replace(run, conflicts=pd.concat(three)))
        told = "".join(block.said for block in found[1:])  # the title breaks, and has no name
        assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202e]", told)
    wild = "".join(names)
    report.write_docx(replace(run, conflicts=with_message(row, wild)), tmp_path / "a.docx")
    page = docx.Document(str(tmp_path / "a.docx"))
    assert any(each.text == f"①{pm.escape.terminal(wild)}" for each in page.paragraphs)


def test_without_the_library_a_line_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    assert not report.has_word()
    with pytest.raises(OptionError, match="python-docx") as told:
        report.write_docx(run, tmp_path / "a.docx")
    assert "parkmap[report]" in told.value.remedy
    assert not (tmp_path / "a.docx").exists()


def test_english_where_asked(run):
    with messages.use_language("en"):
        told = essay.essay(run)
    assert [b.said for b in told if b.form == "chapter"][:2] == ["1  Overview", "2  Findings"]
    assert told[0].said.startswith("Report on the extents and sectors")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_letter_of_the_example_city_fills_six_pages_and_a_map(tmp_path, lang):
    with messages.use_language(lang):
        run = pm.analyze(pm.read_parks(ROOT / "data" / "example_city.geojson"))
        report.write_overview(run, tmp_path / "map.png")
        report.write_docx(run, tmp_path / "a.docx", picture=tmp_path / "map.png")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "a.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    made_of = (tmp_path / "a.pdf").read_bytes()
    boxes = re.findall(rb"/Type/Page/.*?/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", made_of, re.DOTALL)
    across = [float(wide) > float(high) for wide, high in boxes]
    body = across.index(True)  # the map lies across, the methods follow
    assert 2 <= body <= 6
    assert across[body:] == [True, False]


def test_the_outline_of_word_has_chapters_and_sections(paper):
    levels = {}
    for each in paper.paragraphs:
        level = each._p.find(f".//{qn('w:outlineLvl')}")
        if level is not None:
            levels.setdefault(level.get(qn("w:val")), []).append(each.text)
    assert levels["0"][: len(CHAPTERS)] == CHAPTERS
    assert all(text.startswith("\uff08") for text in levels["1"])


def test_annexes_stand_in_the_order_they_are_listed(run, tmp_path):
    report.write_overview(run, tmp_path / "a.png")
    report.write_docx(run, tmp_path / "a.docx", picture=tmp_path / "a.png")
    page = docx.Document(str(tmp_path / "a.docx"))
    told = [each.text for each in page.paragraphs if re.match(r"附件\d", each.text)]
    listed = [each.said for each in essay.essay(run) if each.form.startswith("annex")]
    listed = [each.removeprefix("附件：") for each in listed]
    here = [listed[0], listed[3]]  # the two between are sheets of the workbook
    assert [each.split(maxsplit=1)[1] for each in told] == [each[2:] for each in here]
    assert [each[2] for each in told] == [each[0] for each in here] == ["1", "4"]
    assert [sheet.orientation for sheet in page.sections] == [0, 1, 0]


def test_the_title_breaks_between_words_and_is_whole_in_the_properties(paper):
    title = next(each for each in paper.paragraphs if each.text.startswith("关于"))
    assert title.text.split("\n")[1] == "核查情况的报告"
    assert paper.core_properties.title == title.text.replace("\n", "")


def test_what_leads_to_a_list_stays_with_it(paper):
    leads = [each for each in paper.paragraphs if each.text.endswith("\uff1a")]
    assert leads
    assert all(each.paragraph_format.keep_with_next for each in leads)
    annexes = [each for each in paper.paragraphs if each.text.endswith("（conflicts.xlsx）")]
    assert [each.paragraph_format.keep_with_next for each in annexes] == [True, True]
    ends = [each for each in paper.paragraphs if each.text.endswith("。")]
    assert not any(each.paragraph_format.keep_with_next for each in ends)


def test_word_sets_chinese_as_chinese(paper):
    langs = [each.get(qn("w:eastAsia")) for each in paper.styles.element.iter(qn("w:lang"))]
    assert set(langs) == {"zh-CN"}


def test_numbers_without_a_circle_are_no_brackets_in_brackets(run):
    rows = pd.DataFrame({"number": [3, 50, 51, 52, 53, 70, 71, *range(80, 90)]})
    told = essay.signs(rows)
    assert told == "（图上编号③㊿、51至53、70、71、80至82等）"
    with messages.use_language("en"):
        assert essay.signs(rows.head(5)) == " (numbers on the map: ③㊿, 51 to 53)"


def test_ground_of_many_findings_from_a_hundred_hectares_is_in_square_kilometres(run):
    row = run.conflicts.iloc[[0]]
    assert "涉及土地50.00公顷（750亩），同一" in under(replace(run, conflicts=row), "范围交叉")[0]
    assert messages.total_area(999_999) == "100.00公顷（1,500亩）"
    assert messages.total_area(1_000_000) == "1.00平方公里"


def test_a_sentence_names_the_first_of_many_parks():
    names = [f"园{at:02}" for at in range(30)]
    layer = park_layer(
        {name: square(at * 9_000) for at, name in enumerate(names)},
        name=names,
        tier=["provincial"] * 30,
        sectors=[("偏光片",)] * 30,
    )
    told = under(pm.analyze(layer), "链条空白与重复")
    assert any("有30个园区申报（园00、园01、园02、园03、园04、园05等），" in line for line in told)


def test_english_sentences_stand_apart(run):
    with messages.use_language("en"):
        told = under(replace(run, expected="3+22+N"), "Overview")[0]
    assert " The system: against 3+22+N:" in told
    assert not re.search(r"[.:;][A-Za-z]", told)


def test_further_groups_are_in_the_sheet_of_groups(run):
    row = run.clusters[run.clusters["flagged"]].iloc[[0]]
    many = pd.concat([row] * 5)
    told = under(replace(run, clusters=many), "产业同质")
    assert "其余2组见《同质园区组》。" in told


def test_shared_land_is_told_however_coarse_the_words_of_its_parks_are():
    shapes = {"a": square(), "b": square(900), "c": square(5000)}
    parks = park_layer(shapes, sectors=["电子信息"] * 3, tier=["provincial"] * 3)
    result = pm.analyze(parks)
    assert set(result.conflicts["verdict"]) == {"coarse"}
    summary = report.summary_lines(result)
    said = [block.said for block in essay.essay(result)]
    assert any(line.startswith("① [重点]") for line in summary)
    assert len(summary) == len(set(summary))
    assert any(line.startswith("①") and "范围交叉" in line for line in said)
    assert "未发现需核对的范围交叉。" not in said


def told(**columns):
    shapes = columns.pop("shapes", {"a": square(), "b": square(5000)})
    result = pm.analyze(park_layer(shapes, tier=["provincial"] * len(shapes), **columns))
    return [block.said for block in essay.essay(result)]


def test_what_was_not_compared_is_not_called_free_of_findings():
    without_sectors = told()
    assert "填有可识别主导产业的园区不足两个，未作产业比对。" in without_sectors
    assert "未发现需核对的产业同质事项。" not in without_sectors
    assert "未发现需核对的范围交叉。" in without_sectors
    assert "未发现核查事项。" in without_sectors
    points = {name: shape.centroid for name, shape in {"a": square(), "b": square(5000)}.items()}
    without_land = told(shapes=points, sectors=["偏光片"] * 2)
    assert "有范围面的园区不足两个，未作范围比对。" in without_land
    assert "未发现需核对的范围交叉。" not in without_land
    assert not any("界址点" in said for said in without_land if said.startswith("现有数据"))


def test_where_no_park_counts_no_area_of_the_system_is_told():
    run = pm.analyze(park_layer({"a": square(), "b": square(5000)}, name=["甲", "乙"]))
    said = under(run, "总体情况")[0]
    assert "另列园区所绘范围共2.00平方公里" in said
    assert "0.00平方公里" not in said
    assert "2.00平方公里（均为另列园区）" in "\n".join(report.summary_lines(run))
