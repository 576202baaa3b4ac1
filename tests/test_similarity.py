"""How alike two parks are, whether they are rivals, and whether they supply each other."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from builders import park_layer, sector_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st

import parkmap as pm
from parkmap import schema
from parkmap.errors import InputError, OptionError, SchemaError
from parkmap.sector import sector_shares
from parkmap.similarity import (
    contributions,
    explain,
    information,
    is_too_coarse,
    judging_threshold,
    krugman_index,
    overlap_share,
    similar_pairs,
    similarity_graph,
    structural_similarity,
    synergy_range,
)
from parkmap.similarity.candidates import near_pairs
from parkmap.taxonomy import Node, Vocabulary, load

OTHERS = [
    "家具",
    "印刷",
    "白酒",
    "水泥",
    "偏光片",
    "软件",
    "锂电池",
    "工程机械",
    "动车组",
    "航空发动机",
]
TERMS = [
    "医药",
    "食品",
    "中药饮片",
    "中成药",
    "偏光片",
    "显示面板",
    "新型显示",
    "家具",
    "物流",
    "白酒",
]


def pairs_of(parks, **options):
    options = {"null_draws": 0, **options}
    return similar_pairs(parks, sector_shares(parks), **options)


def every_pair(parks, **options):
    return pairs_of(parks, min_similarity=0, **options)


# published numbers


def test_krugman_index_of_regions_without_a_common_sector():
    """Farhauer & Kröll 2013, as in REAT 3.0.3."""
    left, right = pd.Series([20, 10, 70, 0, 0]), pd.Series([0, 0, 0, 60, 40])
    assert krugman_index(left, right) == pytest.approx(2)


def test_krugman_index_of_goettingen_and_germany():
    """REAT 3.0.3 (Wieland 2019, REGION 6(3)): .4508469, employment of 2017 by section."""
    town = [
        45,
        466,
        7874,
        1334,
        7051,
        2481,
        2251,
        2032,
        1739,
        7915,
        4875,
        3936,
        7488,
        16896,
        900,
    ]
    country = [
        248052,
        538768,
        6797172,
        1798954,
        4380223,
        1713157,
        1062982,
        1027486,
        975126,
        2397099,
        2357313,
        1762308,
        1249260,
        4676036,
        1181037,
    ]
    found = krugman_index(pd.Series(town), pd.Series(country))
    assert found == pytest.approx(0.4508469, abs=5e-8)


@pytest.mark.parametrize(
    ("target", "others", "published"),
    [
        (
            [45000, 15000, 32000, 10000, 30000],  # Sweden against four neighbours
            [
                [35000, 12000, 30000, 8000, 22000],
                [40000, 10000, 25000, 9000, 18000],
                [30000, 11000, 18000, 3000, 13000],
                [40000, 6000, 11000, 2000, 12000],
            ],
            0.1595,
        ),
        (
            [4320, 7811, 3900, 2300, 47560],
            [
                [20000, 11000, 31000, 8000, 20000],
                [40000, 10000, 25000, 9000, 16000],
                [10000, 11000, 14000, 14000, 13000],
                [7000, 7500, 11000, 1500, 36000],
            ],
            0.8619,
        ),
    ],
)
def test_krugman_index_against_the_mean_of_others(target, others, published):
    """REAT 3.0.3, krugman.spec2 (Wieland 2019, REGION 6(3))."""
    rows = pd.DataFrame(others)
    mean = rows.div(rows.sum(axis=1), axis=0).mean()
    assert krugman_index(pd.Series(target), mean) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize(
    ("left", "right", "published", "slack"),
    [
        ([27.66, 26.84, 45.5], [29.87, 25.92, 44.21], 0.9990, 5e-5),  # 佳县, 清涧 2015
        ([17.35, 11.79, 70.86], [22.6, 39.0, 38.4], 0.8166, 0.0014),  # 绥德, 子洲 2015
        ([23, 39, 38], [25, 35, 40], 0.9970, 0.0032),  # 榆阳, 吴堡 1998, shares in whole percent
    ],
)
def test_structural_similarity_as_published(left, right, published, slack):
    """夏四友等 2018, 干旱区地理 41(5): 1132-1142; slack is what the rounding of shares allows."""
    found = structural_similarity(pd.Series(left), pd.Series(right))
    assert found == pytest.approx(published, abs=slack)


def test_a_printed_value_that_its_own_shares_contradict():
    """夏四友等 2018 print .1141 for 靖边 and 佳县 2007; the shares printed beside it give .2198."""
    found = structural_similarity(pd.Series([3, 91, 6]), pd.Series([30, 10, 60]))
    assert found == pytest.approx(0.2198, abs=5e-5)


def test_overlap_share_is_one_minus_half_of_krugman():
    left, right = pd.Series([1.0, 1.0, 2.0]), pd.Series([3.0, 1.0, 0.0])
    assert overlap_share(left, right) == pytest.approx(1 - krugman_index(left, right) / 2)


@pytest.mark.parametrize("measure", [structural_similarity, krugman_index, overlap_share])
def test_an_empty_mix_is_like_nothing(measure):
    assert math.isnan(measure(pd.Series([0.0, 0.0]), pd.Series([1.0, 0.0])))


# what must not be called a rivalry, and what must


def test_the_showcase_is_three_synergy_links_and_no_rivalry():
    """Chengdu's west: IC, displays and terminals, materials; all of it is electronic information."""
    parks = sector_layer(["IC设计、IC制造、IC封测、IC装备材料", "新型显示、智能终端", "电子材料"])
    pairs = every_pair(parks)
    assert (pairs["rivalry"] == 0).all()
    assert not pairs["coarse"].any()
    assert (pairs["synergy"] >= 0.05).all()
    assert len(pairs) == 3


def test_the_label_of_the_chain_alone_would_call_the_showcase_the_same():
    """The false alarm: cosine 1 for every pair of labels, 0 for what the parks really make."""
    labels = every_pair(sector_layer(["电子信息"] * 3), measure="cosine")
    assert labels["similarity"].tolist() == pytest.approx([1, 1, 1])
    assert labels["coarse"].all()
    parks = sector_layer(["IC设计、IC制造、IC封测、IC装备材料", "新型显示、智能终端", "电子材料"])
    assert (every_pair(parks, measure="cosine")["similarity"] == 0).all()


def test_four_parks_of_one_narrow_segment_are_rivals():
    pairs = pairs_of(sector_layer(["中药饮片"] * 4 + OTHERS))
    rivals = pairs[pairs["rivalry"] >= 0.25]
    assert list(rivals.index) == [(a, b) for a in "abcd" for b in "abcd" if a < b]
    assert (rivals["similarity"] == 1).all()
    assert set(rivals["shared_sectors"]) == {("herbal-slices",)}


def test_four_parks_of_one_wide_word_are_coarse():
    pairs = pairs_of(sector_layer(["医药"] * 4 + OTHERS))
    wide = pairs[pairs["coarse"]]
    assert len(wide) == 6
    assert (wide["rivalry"] == 0).all()
    assert (wide["coarse_share"] == 1).all()


def test_a_chain_word_stands_for_its_segments_but_proves_nothing():
    pair = every_pair(sector_layer(["医药", "中药饮片、家具"])).iloc[0]
    assert pair["rivalry"] == 0
    assert pair["coarse"]
    assert pair["coarse_share"] == pytest.approx(0.5)
    assert pair["shared_sectors"] == ("biomedicine",)


def test_a_shared_segment_beside_a_shared_chain_word():
    pair = every_pair(sector_layer(["医药、印刷", "医药、印刷"])).iloc[0]
    assert pair["rivalry"] == pytest.approx(0.5)
    assert pair["coarse_share"] == pytest.approx(0.5)
    assert not pair["coarse"]


def test_different_segments_of_one_chain_are_alike_but_neither_rivals_nor_coarse():
    pair = every_pair(sector_layer(["中药饮片", "医学影像设备"])).iloc[0]
    assert 0 < pair["similarity"] < 0.9
    assert pair["rivalry"] == 0
    assert not pair["coarse"]


def test_nothing_in_common_is_no_pair():
    assert pairs_of(sector_layer(["家具", "偏光片"])).empty


def test_a_layer_of_one_wide_word_is_too_coarse():
    parks = sector_layer(["电子信息"] * 20)
    shares = sector_shares(parks)
    assert is_too_coarse(parks, shares)
    assert similar_pairs(parks, shares, null_draws=0).empty  # set aside: it tells nothing apart


@pytest.mark.parametrize(
    ("sectors", "coarse"),
    [
        (["医药", "食品", "机械"], True),
        (["医药", "印刷", "家具"], False),
        (["印刷"], False),
        (["", ""], False),
    ],
)
def test_when_a_layer_is_too_coarse(sectors, coarse):
    parks = sector_layer(sectors)
    assert is_too_coarse(parks, sector_shares(parks)) == coarse


def test_a_segment_nearly_all_name_is_set_aside():
    parks = sector_layer(["白酒、家具", "白酒、家具"] + ["白酒"] * 8)
    pairs = pairs_of(parks)
    assert list(pairs.index) == [("a", "b")]
    assert pairs.iloc[0]["rivalry"] == pytest.approx(0.5)
    assert pairs.iloc[0]["shared_sectors"] == ("furniture",)


# distance


def test_rivalry_in_local_trades_fades_with_distance():
    near, far = (every_pair(sector_layer(["冷链物流"] * 2, gap=gap)).iloc[0] for gap in (0, 20_000))
    assert near["rivalry"] == pytest.approx(1)
    assert far["rivalry"] == pytest.approx(math.exp(-far["distance_m"] / 10_000))


def test_rivalry_in_manufacturing_does_not_fade():
    assert every_pair(sector_layer(["家具"] * 2, gap=90_000)).iloc[0]["rivalry"] == 1


def test_synergy_fades_with_distance():
    pair = every_pair(sector_layer(["IC设计", "晶圆制造"], gap=54_000)).iloc[0]
    assert pair["synergy"] == pytest.approx(math.exp(-pair["distance_m"] / 54_000))
    assert pair["distance_m"] == pytest.approx(54_000, rel=2e-3)


def test_synergy_at_half_and_twice_the_distance_of_decay():
    parks = sector_layer(["IC设计", "晶圆制造"], gap=30_000)
    pairs = every_pair(parks)
    ranged = synergy_range(pairs).iloc[0]
    assert ranged["stated"] == pairs.iloc[0]["synergy"]
    for name, scale in (("half", 27_000), ("double", 108_000)):
        again = every_pair(parks, synergy_distance_m=scale).iloc[0]["synergy"]
        assert ranged[name] == pytest.approx(again)


def test_a_segment_and_its_own_chain_are_no_link():
    assert every_pair(sector_layer(["IC设计", "集成电路"])).iloc[0]["synergy"] == 0


def test_two_chain_words_are_no_link():
    assert every_pair(sector_layer(["新型显示", "智能终端"])).iloc[0]["synergy"] == 0


def test_parks_farther_apart_than_asked_are_not_compared():
    parks = sector_layer(["家具"] * 3, gap=30_000)
    assert list(pairs_of(parks, max_distance_m=40_000).index) == [("a", "b"), ("b", "c")]


def test_a_park_without_a_place_has_sectors_but_no_distance():
    parks = park_layer({"a": square(), "b": None}, sectors=[("家具",), ("家具",)])
    pair = pairs_of(parks).iloc[0]
    assert pair["rivalry"] == 1
    assert math.isnan(pair["distance_m"])
    assert pairs_of(parks, max_distance_m=1e6).empty


def test_a_layer_without_any_place_needs_no_crs():
    parks = park_layer({"a": None, "b": None}, crs=None, sectors=[("家具",), ("家具",)])
    assert len(pairs_of(parks)) == 1


# the measures


def test_contributions_sum_to_the_similarity():
    parks = sector_layer(["中药饮片、家具、医药", "中药饮片、中成药、家具"])
    shares = sector_shares(parks)
    for measure in ("tree-idf", "cosine"):
        pair = every_pair(parks, measure=measure).iloc[0]
        parts = contributions(shares, "a", "b", measure=measure)
        assert parts.sum() == pytest.approx(pair["similarity"])
        assert (parts > 0).all()


def test_contributions_of_a_silent_park_are_empty():
    assert contributions(sector_shares(sector_layer(["家具", ""])), "a", "b").empty


def test_cosine_is_the_coefficient_of_structural_similarity():
    parks = sector_layer(["家具:3、印刷:1", "家具:1、白酒:1"])
    found = every_pair(parks, measure="cosine").iloc[0]["similarity"]
    left = pd.Series({"furniture": 3, "printing": 1})
    assert found == pytest.approx(
        structural_similarity(left, pd.Series({"furniture": 1, "baijiu": 1}))
    )


def test_an_unknown_measure_is_refused():
    with pytest.raises(OptionError, match="jaccard"):
        pairs_of(sector_layer(["家具"]), measure="jaccard")


def test_a_rare_word_says_more_than_a_common_one():
    worth = information(load())
    assert worth["vanadium-and-titanium-materials"] > worth["electronic-information"] > 0
    for node in load().nodes.values():
        assert node.parent == "" or worth[node.id] >= worth[node.parent]


def test_tree_idf_by_hand():
    """Two chains of two segments, one zone naming a1: IC = -ln((1 + n) / (1 + 5))."""
    nodes = [Node(c, "chain", "", "", c, c) for c in "ab"]
    nodes += [Node(c + i, "segment", c, "", c + i, c + i) for c in "ab" for i in "12"]
    words = Vocabulary(
        nodes={node.id: node for node in nodes}, aliases={}, adjacency={}, reference=("a1",)
    )
    chain, common, rare = (-math.log((1 + n) / 6) for n in (3, 2, 1))
    assert information(words)["a1"] == pytest.approx(common)
    index = pd.MultiIndex.from_tuples([("p", "a1"), ("q", "a2")])
    parks = park_layer({"p": square(), "q": square(5000)})
    pair = similar_pairs(
        parks, pd.Series([1.0, 1.0], index=index), min_similarity=0, null_draws=0, taxonomy=words
    ).iloc[0]
    assert pair["similarity"] == pytest.approx(chain / math.sqrt(common * rare))


# the null model


def test_p_is_the_share_of_redrawn_pairs_at_least_as_similar():
    parks = sector_layer(["中药饮片", "中药饮片", "家具", "印刷、白酒"])
    pairs = every_pair(parks, null_draws=99)
    assert ((pairs["p"] > 0) & (pairs["p"] <= 1)).all()
    ranked = pairs.sort_values("similarity")
    assert ranked["p"].is_monotonic_decreasing
    assert ranked["p"].iloc[0] == 1  # nothing in common: every redrawn pair is at least as similar


def test_the_null_repeats_itself_by_its_seed():
    parks = sector_layer(OTHERS)
    first, again, other = (
        every_pair(parks, null_draws=30, seed=seed)["p"].tolist() for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_large_layer_is_redrawn_in_part():
    parks = sector_layer(["医药、家具", "食品", "机械、白酒"] * 20)
    assert pairs_of(parks, null_draws=5)["p"].between(0, 1).all()


def test_the_threshold_is_not_below_the_null():
    shares = sector_shares(sector_layer(["医药、食品", "机械、食品", "医药、机械"]))
    base = judging_threshold(shares, null_draws=0)
    raised = judging_threshold(shares, null_draws=99)
    assert base == 0.5
    assert 0.5 <= raised <= 1
    assert judging_threshold(shares, null_draws=99, min_similarity=0.99) >= 0.99


# tables


def test_the_table_has_its_columns_and_order():
    pairs = pairs_of(sector_layer(["家具"] * 3))
    assert tuple(pairs.columns) == schema.PAIR_COLUMNS
    assert list(pairs.index) == sorted(pairs.index)
    assert pairs.index.names == ["left", "right"]


@pytest.mark.parametrize("sectors", [[], [""], ["", ""], ["家具"]])
@pytest.mark.parametrize("reach", [None, 10_000])
def test_too_few_parks_give_an_empty_table(sectors, reach):
    pairs = pairs_of(sector_layer(sectors), max_distance_m=reach, null_draws=3)
    assert pairs.empty
    assert tuple(pairs.columns) == schema.PAIR_COLUMNS


def test_shares_of_other_parks_are_refused():
    shares = sector_shares(sector_layer(["家具", "家具"]))
    with pytest.raises(SchemaError, match="b"):
        similar_pairs(sector_layer(["家具"]), shares)


def test_shares_of_another_vocabulary_are_refused():
    shares = pd.Series([1.0], index=pd.MultiIndex.from_tuples([("a", "no-such-node")]))
    with pytest.raises(SchemaError, match="no-such-node"):
        similar_pairs(sector_layer(["家具"]), shares)


def test_the_graph_holds_every_park_and_can_be_written(tmp_path):
    parks = sector_layer(["家具", "家具", "白酒", ""], tier=["national", "", "", ""])
    graph = similarity_graph(parks, pairs_of(parks))
    assert sorted(graph) == list("abcd")
    assert graph.nodes["a"] == {"name": "园区a", "tier": "national"}
    assert graph.edges["a", "b"]["rivalry"] == 1
    assert graph.edges["a", "b"]["shared_sectors"] == "furniture"
    nx.write_graphml(graph, tmp_path / "graph.graphml")
    assert nx.read_graphml(tmp_path / "graph.graphml").number_of_edges() == 1


layers = st.lists(
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=4, unique=True), min_size=2, max_size=9
)


@settings(deadline=None, max_examples=40)
@given(layers, st.sampled_from(["tree-idf", "cosine"]))
def test_numbers_stay_in_their_bounds(lists, measure):
    pairs = every_pair(sector_layer(["、".join(terms) for terms in lists]), measure=measure)
    assert len(pairs) == len(lists) * (len(lists) - 1) // 2
    for column in ("similarity", "overlap_share", "rivalry", "synergy", "coarse_share"):
        assert pairs[column].between(0, 1).all()
    assert (pairs["rivalry"] <= pairs["overlap_share"] + 1e-9).all()
    assert (pairs["rivalry"] + pairs["coarse_share"] <= 1 + 1e-9).all()
    assert not (pairs["coarse"] & (pairs["rivalry"] > 0)).any()


@settings(deadline=None, max_examples=30)
@given(layers, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(lists, random):
    parks = sector_layer(["、".join(terms) for terms in lists])
    order = list(parks.index)
    random.shuffle(order)
    pd.testing.assert_frame_equal(every_pair(parks), every_pair(parks.loc[order]))


@settings(deadline=None, max_examples=30)
@given(layers)
def test_a_threshold_keeps_exactly_what_reaches_it(lists):
    parks = sector_layer(["、".join(terms) for terms in lists])
    whole, some = every_pair(parks), pairs_of(parks)
    kept = whole[(whole["similarity"] >= 0.5) | (whole["synergy"] >= 0.05)]
    assert list(some.index) == list(kept.index)
    columns = ["similarity", "synergy", "rivalry", "shared_sectors"]
    assert some[columns].to_dict("records") == kept[columns].to_dict("records")


@settings(deadline=None, max_examples=30)
@given(layers)
def test_a_wide_enough_distance_changes_nothing(lists):
    parks = sector_layer(["、".join(terms) for terms in lists])
    pd.testing.assert_frame_equal(pairs_of(parks), pairs_of(parks, max_distance_m=1e6))


def test_bands_of_latitude_meet_without_a_seam(monkeypatch):
    generator = np.random.default_rng(7)
    lonlat = 30 + generator.random((90, 2))
    lonlat[11] = np.nan
    whole = {pair for block in near_pairs(lonlat, 2e4) for pair in zip(*block, strict=True)}
    monkeypatch.setattr("parkmap.similarity.candidates.BAND", 8)
    cut = [pair for block in near_pairs(lonlat, 2e4) for pair in zip(*block, strict=True)]
    assert len(cut) == len(set(cut)) > 100
    assert set(cut) == whole
    assert all(left < right and 11 not in (left, right) for left, right in cut)


@pytest.mark.parametrize("common", [0.0, 0.3, 2.0])
def test_what_is_multiplied_in_full_changes_no_pair(monkeypatch, common):
    parks = sector_layer(TERMS * 3)
    whole = pairs_of(parks)
    monkeypatch.setattr("parkmap.similarity.candidates.COMMON", common)
    pd.testing.assert_frame_equal(pairs_of(parks), whole)


def test_blocks_meet_without_a_seam(monkeypatch):
    parks = sector_layer(TERMS * 3)
    whole = pairs_of(parks)
    monkeypatch.setattr("parkmap.similarity.candidates.BLOCK", 4)
    monkeypatch.setattr("parkmap.similarity.measuring.CHUNK", 5)
    monkeypatch.setattr("parkmap.similarity.pairs.CHUNK", 5)
    pd.testing.assert_frame_equal(pairs_of(parks), whole)
    assert len(whole) > 20
    assert np.isfinite(whole["distance_m"]).all()


# the explanation


def explained(sectors, lang="zh", **columns):
    parks = sector_layer(sectors, **columns)
    shares = sector_shares(parks)
    pairs = similar_pairs(parks, shares, null_draws=199)
    return explain(parks, shares, pairs, "b", "a", lang=lang)


def test_the_explanation_of_rivals_says_what_they_share():
    said = explained(
        ["中药饮片、偏光片、家具", "中药饮片、偏光片", "白酒"],  # p about .007, far from .05
        tier=["national", "", ""],
        district=["甲区", "", ""],
    )
    assert said.startswith("园区a（国家级、甲区）与园区b相距5.0公里（按两园内部代表点量算）。")
    assert "重合度66.7%" in said
    assert "中药饮片（占" in said
    assert "同质竞争风险" in said
    assert said.endswith("待核实。")


def test_the_explanation_of_a_chain_says_who_supplies_whom():
    said = explained(["晶圆制造", "IC设计", "白酒"])
    assert "园区b的集成电路设计可为园区a的晶圆制造配套" in said
    assert "链上互补" in said


@pytest.mark.parametrize(
    ("sectors", "verdict"),
    [
        (["医药", "医药", "家具"], "标签过粗"),
        (["白酒", "家具", "印刷"], "关联较弱"),
        (["IC设计、晶圆制造", "IC设计、晶圆制造", "白酒"], "竞合并存"),
    ],
)
def test_the_explanation_ends_with_the_verdict(sectors, verdict):
    assert verdict in explained(sectors)


def test_the_explanation_speaks_english_and_without_a_place():
    parks = park_layer({"a": None, "b": None}, crs=None, sectors=[("家具",), ("家具",)])
    shares = sector_shares(parks)
    said = explain(parks, shares, similar_pairs(parks, shares), "a", "b", lang="en")
    assert "not known" in said
    assert "Furniture (100.0%)" in said


def test_the_explanation_tells_the_ground_two_parks_share():
    parks = park_layer(
        {"a": square(width=2000), "b": square(x=1500)},
        sectors=[("家具",), ("白酒",)],
        managing_body=["甲管委会", "甲"],
    )
    ran = pm.analyze(parks)
    asked = (ran.parks, ran.shares, ran.pairs, "b", "a")
    said = explain(*asked, overlaps=ran.overlaps, lang="zh")
    assert "所绘范围重合49.99公顷（750亩），占前者的12.5%、占后者的50.0%" in said
    assert "（同一管理主体：甲管委会）" in said
    assert "重合" not in explain(*asked, lang="zh").replace("重合度", "")


@pytest.mark.parametrize(
    ("columns", "verdict", "why"),
    [
        ({}, "同质竞争风险", ""),
        ({"managing_body": ["甲", "甲", ""]}, "内部重复布局", "两园为同一管理主体"),
        ({"list_name": ["历史名录", "", ""]}, "同质竞争风险", "两园分属新旧名录"),
    ],
)
def test_the_explanation_judges_as_the_findings_do(columns, verdict, why):
    said = explained(["中药饮片、偏光片、家具", "中药饮片、偏光片", "白酒"], **columns)
    assert f"判断：{verdict}" in said
    assert why in said
    assert why or "两园为" not in said


def test_likeness_that_chance_gives_is_said_to_tell_nothing():
    said = explained(["电子信息", "电子信息、家具", "白酒"])
    assert "虽不低于所设的0.50，但偶然达到的机会不低于5.0%" in said
    assert "关联较弱" in said


def test_a_park_that_says_nothing_cannot_be_explained():
    with pytest.raises(InputError, match="园区"):
        explained(["家具", ""])
