import math

import pytest

from parkmap import wording

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
        "甲园与乙园范围交叉43.50公顷(653亩),占乙园的3.4%,平均宽度约120米;建议核对批复文件及界址点。"
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
    assert "核准四至 / 未注明" in zh(LAND, boundary_kinds=("approved", ""))
    assert "核准四至 / 未注明" in zh(LAND, boundary_kinds=("approved", "a word of the file's own"))


def test_gain_is_evidence_and_says_so():
    said = zh(LAND, approved_area_gain_ha=(3.0, math.nan))
    assert "甲园所绘面积更接近核准面积(仅供参考)" in said
    assert "乙园所绘面积" not in said


def test_information_ends_with_no_advice():
    assert zh(LAND, relation="sliver", severity="info").endswith("仅作提示。")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.62, "约六成相同"), (0.97, "基本相同"), (0.03, "少量相同"), (0.5, "约五成相同")],
)
def test_likeness_is_said_in_tenths(share, said):
    assert said in zh(SECTOR, rivalry=share)


def test_rivalry_is_a_risk_with_a_distance():
    said = zh(SECTOR)
    assert "有同质竞争风险" in said
    assert "相距12.3公里" in said


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
