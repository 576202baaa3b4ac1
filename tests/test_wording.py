import math

import pytest

from parkmap import taxonomy, wording
from parkmap.schema import Criteria

LAND = {
    "parks": ("a", "b"),
    "names": ("甲园", "乙园"),
    "relation": "partial",
    "nesting": "",
    "verdict": "",
    "severity": "medium",
    "kind": "overlap",
    "area_m2": 435_000.0,
    "left_share": 0.01,
    "right_share": 0.034,
    "smaller_share": 0.034,
    "mean_width_m": 120.0,
    "boundary_kinds": ("", ""),
    "approved_area_gain_ha": (),
    "overlap_share": math.nan,
    "rivalry": math.nan,
    "distance_m": math.nan,
    "shared_sectors": (),
}
SECTOR = LAND | {
    "relation": "",
    "verdict": "rivalry",
    "kind": "homogeneity",
    "overlap_share": 0.62,
    "rivalry": 0.62,
    "distance_m": 12_340.0,
    "area_m2": math.nan,
}


def zh(row, **changes):
    return wording.finding_sentence(row | changes, lang="zh")


def test_a_partial_overlap_reads_as_in_an_official_report():
    assert zh(LAND) == (
        "甲园与乙园范围交叉43.50公顷（653亩），占乙园的3.4%，平均宽度约120米；建议核对批复文件及界址点。"
    )


def test_the_share_is_of_the_smaller_park_whichever_side_it_is_on():
    assert "占甲园的50.0%" in zh(LAND, left_share=0.5, smaller_share=0.5)


def test_nesting_names_the_inner_park_first():
    said = zh(LAND, relation="nested", nesting="undeclared", left_share=1.0, right_share=0.2)
    assert said.startswith("甲园基本位于乙园范围内")
    assert "未见上级园区或托管说明" in said


def test_a_schematic_shape_is_said_in_the_sentence():
    assert "示意范围" in zh(LAND, boundary_kinds=("schematic", "approved"))


def test_boundaries_of_different_kinds_are_named():
    assert "分别为核准四至、未注明" in zh(LAND, boundary_kinds=("approved", ""))
    assert "分别为核准四至、未注明" in zh(
        LAND, boundary_kinds=("approved", "a word of the file's own")
    )


def test_gain_is_evidence_and_says_so():
    said = zh(LAND, approved_area_gain_ha=(3.0, math.nan))
    assert "甲园所绘面积更接近核准面积（仅供参考）" in said
    assert "乙园所绘面积" not in said


def test_information_ends_with_no_advice():
    assert zh(LAND, relation="sliver", severity="info").endswith("仅作提示。")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.62, "约六成相同"),
        (0.97, "基本相同"),
        (0.03, "少量相同"),
        (0.5, "约五成相同"),
        (0.25, "约四分之一相同"),
    ],
)
def test_likeness_is_said_in_tenths(share, said):
    assert said in zh(SECTOR, rivalry=share)


def test_rivalry_is_a_risk_with_a_distance():
    said = zh(SECTOR)
    assert "有同质竞争风险" in said
    assert "相距12.3公里" in said


def test_what_rivals_share_in_general_words_is_said_not_to_count():
    row = {**SECTOR, "shared_sectors": ("biomedicine", "printing"), "rivalry": 0.31}
    assert (
        "均布局印刷，有同质竞争风险；生物医药只是大类名称相同，口径过粗，未计入，计入则约六成相同；"
        in zh(row)
    )
    assert "大类名称" not in zh({**row, "shared_sectors": ("printing",)})
    assert "未计入" not in zh({**row, "verdict": "coarse"})
    assert "未计入" not in zh({**row, "rivalry": 0.62})  # a chain both lie in adds nothing


def test_a_chain_finding_names_who_can_supply_whom():
    links = (
        ("b", "aero-engines", "a", "aircraft"),
        ("a", "packaging", "b", "biomedicine"),
        ("a", "packaging", "b", "food"),
    )
    chained = {"verdict": "complementary", "severity": "info", "supplies": links}
    said = zh(SECTOR, **chained)
    assert "乙园的航空发动机可为甲园的飞机整机配套，甲园的包装可为乙园的生物医药、食品配套" in said
    assert "不属同质竞争" in said
    said = wording.finding_sentence(SECTOR | chained, lang="en")
    assert "乙园 (aero engines) can supply 甲园 (aircraft" in said
    both = zh(SECTOR, verdict="coopetition", supplies=links, shared_sectors=("packaging",))
    assert "均布局包装；同时乙园的航空发动机可为" in both
    assert "配套，竞合并存" in both


def test_a_chain_finding_names_two_links_and_counts_all():
    takers = ("aircraft", "biomedicine", "food")
    links = tuple(
        ("a", given, "b", taker)
        for given, taker in zip(("printing", "packaging", "ic"), takers, strict=True)
    )
    said = zh(SECTOR, verdict="complementary", severity="info", supplies=links)
    assert said.count("配套，") + said.count("配套等3项配套关系") == 2
    assert "集成电路" not in said


def test_a_rival_is_not_said_to_supply_anyone():
    links = (("a", "aero-engines", "b", "aircraft"),)
    assert "配套" not in zh(SECTOR, supplies=links, shared_sectors=("packaging",))


def test_complementary_parks_are_said_not_to_be_rivals():
    assert "不属同质竞争" in zh(SECTOR, verdict="complementary", severity="info")


def test_both_on_one_pair_is_one_sentence_that_names_the_parks_once():
    said = zh(LAND, verdict="rivalry", kind="both", rivalry=1.0)
    assert said.count("甲园") == 1
    assert said.count("。") == 1


@pytest.mark.parametrize(
    "relation",
    ["partial", "duplicate", "sliver", "same_body", "co_built", "superseded", "adjacent"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_relation_has_a_sentence_in_both_languages(relation, lang):
    said = wording.finding_sentence(LAND | {"relation": relation, "severity": "info"}, lang=lang)
    assert "甲园" in said
    assert "{" not in said


@pytest.mark.parametrize(
    "verdict", ["rivalry", "coopetition", "complementary", "coarse", "internal"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_verdict_has_a_sentence_in_both_languages(verdict, lang):
    row = SECTOR | {"verdict": verdict, "severity": "low"}
    if verdict in {"complementary", "internal"}:
        row["severity"] = "info"
    assert "{" not in wording.finding_sentence(row, lang=lang)


def test_three_parties_are_all_named():
    row = LAND | {"relation": "multiple", "names": ("甲", "乙", "丙"), "parks": ("a", "b", "c")}
    assert zh(row).startswith("甲、乙、丙共3个园区")


def test_long_lists_of_sectors_are_cut_and_counted():
    said = wording.sector_names(("ic-design",) * 3, lang="zh", most=1)
    assert said == "集成电路设计等3项"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("schematic", "approved"), "所绘含示意范围"),
        (("schematic", "schematic"), "所绘均为示意范围"),
        (("schematic",) * 3, "所绘均为示意范围"),
        (("schematic",), "所绘为示意范围"),
        (("", "schematic"), "所绘含示意范围"),
    ],
)
def test_a_sentence_says_whether_all_extents_are_schematic(kinds, said):
    line = LAND | {"kind": "control", "relation": "control", "line": "红线", "widest_m": 9.0}
    row = line | {"names": ("甲园",)} if len(kinds) == 1 else LAND
    told = zh(row, boundary_kinds=kinds)
    assert said in told
    assert told.count("示意范围") == 1


@pytest.mark.parametrize(
    ("share", "said"), [(1.0, "的全部，"), (0.9996, "的全部，"), (0.999, "99.9%")]
)
def test_all_of_a_park_is_said_in_a_word(share, said):
    told = zh(LAND, right_share=share, smaller_share=share)
    assert said in told
    assert "100.0%" not in told


def test_english_lists_end_in_and_and_common_nouns_begin_small():
    nodes = ("polarisers-and-optical-films", "ic-packaging-and-testing", "display-panels")
    inside = wording.sector_names(nodes, lang="en", inside=True)
    assert inside == "polarisers and optical films, IC packaging and testing, and display panels"
    assert wording.sector_names(nodes[:1], lang="en") == "Polarisers and optical films"
    assert wording.sector_names(nodes, lang="en", most=1).endswith(" and more (3 in all)")
    row = SECTOR | {"shared_sectors": nodes[:2]}
    told = wording.finding_sentence(row, lang="en")
    assert "both in polarisers and optical films and IC packaging and testing" in told


def test_no_english_sector_is_a_proper_noun_that_may_not_begin_small():
    vocabulary = taxonomy.load()
    for node in vocabulary.nodes:
        name = vocabulary.name(node, lang="en")
        small = wording.sector_names([node], lang="en", inside=True)
        assert small.casefold() == name.casefold()
        assert name.split()[0] not in ("Chinese", "China", "Sichuan", "Chengdu", "European")


def test_advice_names_the_office_only_where_asked():
    assert zh(LAND).endswith("建议核对批复文件及界址点。")
    told = wording.advice(LAND, district="甲区", lang="zh")
    assert told == "建议由甲区规划和自然资源部门核对批复文件及界址点"
    assert wording.advice(LAND, lang="zh").startswith("建议由属地规划和自然资源部门")
    many = wording.advice(LAND | {"relation": "multiple"}, district="甲区", lang="zh")
    assert many.startswith("建议由市级牵头，会同相关园区")


def test_advice_for_land_and_sectors_is_two_phrases():
    told = wording.advice(LAND | {"verdict": "rivalry"}, district="甲区", lang="zh").split("；")
    assert [part[:2] for part in told] == ["建议", "建议"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rules_of_severity_carry_the_thresholds_in_use(lang):
    rules = wording.severity_rules(Criteria(high_share=0.123, medium_rivalry=0.456), lang=lang)
    assert "12.3%" in rules["high"]
    assert "45.6%" in rules["medium"]
    assert not [rule for rule in rules.values() if "{" in rule]


@pytest.mark.parametrize(
    ("whole", "said"), [(0.25, "主导产业约四分之一相同"), (0.75, "主导产业按环节计约四分之一相同")]
)
def test_two_measures_that_differ_have_a_word_each(whole, said):
    row = SECTOR | {"verdict": "rivalry", "rivalry": 0.25, "overlap_share": whole}
    assert said in zh(row)


def test_a_sliver_between_rivals_is_advised_about_their_sectors():
    said = zh({**SECTOR, "relation": "sliver", "kind": "homogeneity", "area_m2": 2.0,
               "left_share": 0.0, "right_share": 0.0, "smaller_share": 0.0, "mean_width_m": 0.5,
               "approved_area_gain_ha": ()})  # fmt: skip
    assert said.endswith("建议研究明确主要承载地，引导错位发展。")
    assert said.count("图形误差") == 1
