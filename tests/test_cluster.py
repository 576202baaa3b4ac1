"""Groups of which every two are alike, whatever the order of the rows."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from builders import park_layer, sector_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap import schema
from parkmap.cluster import (
    cluster_id,
    clusters,
    complete_linkage,
    families,
    rival_pairs,
    threshold_sweep,
)
from parkmap.cluster.joining import with_coarse
from parkmap.cluster.linkage import Edges, groups_at
from parkmap.cluster.settling import settled
from parkmap.sector import sector_shares
from parkmap.similarity import similar_pairs

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

#: 夏四友等 2018, 干旱区地理 41(5): 1132-1142, table 2: six counties of Yulin in 2015.
YULIN = {
    "绥德 米脂": 0.9282,
    "绥德 佳县": 0.9123,
    "绥德 吴堡": 0.8497,
    "绥德 清涧": 0.9026,
    "绥德 子洲": 0.8166,
    "米脂 佳县": 0.9673,
    "米脂 吴堡": 0.9844,
    "米脂 清涧": 0.9549,
    "米脂 子洲": 0.9615,
    "佳县 吴堡": 0.9542,
    "佳县 清涧": 0.9990,
    "佳县 子洲": 0.9683,
    "吴堡 清涧": 0.9426,
    "吴堡 子洲": 0.9880,
    "清涧 子洲": 0.9633,
}


def groups_of(parks, **options):
    shares = sector_shares(parks)
    return clusters(parks, shares, similar_pairs(parks, shares, null_draws=0), **options)


def pair_table(similarities, rivalry=1.0):
    """Pairs from {"a b": similarity}."""
    index = pd.MultiIndex.from_tuples([tuple(key.split()) for key in similarities])
    values = list(similarities.values())
    facts = {"similarity": values, "rivalry": [rivalry] * len(values), "coarse_share": 0.0}
    return pd.DataFrame(facts, index=index)


def layer_of(similarities):
    names = sorted({name for key in similarities for name in key.split()})
    return park_layer({name: square(i * 2000) for i, name in enumerate(names)})


def groups_from(similarities, **options):
    parks = layer_of(similarities)
    index = pd.MultiIndex.from_product([list(parks.index), ["furniture"]])
    shares = pd.Series(1.0, index=index)
    return clusters(parks, shares, pair_table(similarities), **options)


def brute_force(count, edges, floor):
    """Complete linkage as the definition says it, every step over all pairs of groups."""
    known = {frozenset(edge[:2]): edge[2] for edge in edges}
    groups = [(item,) for item in range(count)]
    steps = []

    def least(one, two):
        found = [known.get(frozenset((i, j))) for i in one for j in two]
        return None if None in found else min(found)

    while True:
        near = [
            (-value, min(one), min(two), one, two)
            for one in groups
            for two in groups
            if min(one) < min(two) and (value := least(one, two)) is not None and value >= floor
        ]
        if not near:
            return steps
        negative, _, _, one, two = min(near)
        groups = [g for g in groups if g not in (one, two)] + [tuple(sorted(one + two))]
        steps.append((-negative, tuple(sorted(one + two))))


def members(count, merges):
    """The steps of merges as (height, members of the new group)."""
    groups = {item: (item,) for item in range(count)}
    steps = []
    for height, first, second, group in merges:
        groups[group] = tuple(sorted(groups[first] + groups[second]))
        steps.append((height, groups[group]))
    return steps


graphs = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1]),
            st.sampled_from([400, 500, 600, 700]),  # few values: many ties
        ),
    )
)


@settings(deadline=None, max_examples=200)
@given(graphs, st.sampled_from([0, 500]))
def test_linkage_equals_brute_force_with_ties(graph, floor):
    count, weights = graph
    edges = [(i, j, weight) for (i, j), weight in weights.items()]
    found = members(count, complete_linkage(count, edges, floor=floor))
    assert found == brute_force(count, edges, floor)


@settings(deadline=None, max_examples=60)
@given(graphs, st.randoms(use_true_random=False))
def test_linkage_does_not_depend_on_the_order_of_edges(graph, random):
    count, weights = graph
    edges = [(i, j, weight) for (i, j), weight in weights.items()]
    shuffled = [(j, i, w) if random.random() < 0.5 else (i, j, w) for i, j, w in edges]
    random.shuffle(shuffled)
    assert complete_linkage(count, edges, floor=0) == complete_linkage(count, shuffled, floor=0)


def test_four_parks_of_one_narrow_segment_are_one_group():
    groups = groups_of(sector_layer(["中药饮片"] * 4 + OTHERS))
    assert len(groups) == 1
    row = groups.iloc[0]
    assert row["parks"] == ("a", "b", "c", "d")
    assert row["shared_sectors"] == ("herbal-slices",)
    assert row["weakest_similarity"] == 1
    assert row["flagged"]
    assert row["stable"]


def test_four_parks_of_one_wide_word_are_no_group():
    assert groups_of(sector_layer(["医药"] * 4 + OTHERS)).empty


def test_the_showcase_is_no_group():
    parks = ["IC设计、IC制造、IC封测、IC装备材料", "新型显示、智能终端", "电子材料"]
    assert groups_of(sector_layer(parks)).empty


def test_a_chain_of_likenesses_is_a_family_but_not_a_group():
    links = {"a b": 0.9, "b c": 0.8, "c d": 0.7}
    groups = groups_from(links)
    assert list(groups["parks"]) == [("a", "b"), ("c", "d")]
    assert len(set(groups["family"])) == 1
    assert len(set(families(layer_of(links), pair_table(links)))) == 1


def test_where_a_group_dissolves_and_whether_it_lasts():
    links = {"a b": 0.9, "a c": 0.46, "b c": 0.45}
    row = groups_from(links).iloc[0]
    assert row["parks"] == ("a", "b")
    assert row["split_at"] == pytest.approx(0.45)
    assert row["stable"]
    narrow = groups_from({"a b": 0.52, "a c": 0.46, "b c": 0.45}).iloc[0]
    assert not narrow["stable"]
    alone = groups_from({"a b": 0.9, "a c": 0.3, "b c": 0.3}).iloc[0]
    assert math.isnan(alone["split_at"])


@pytest.mark.parametrize(
    ("rivalry", "coarse_share", "linked", "proven"),
    [
        (0.5, 0.0, False, None),  # half is not more than half
        (0.51, 0.0, True, True),
        (0.333333, 0.2, True, True),
        (0.25, 0.3, True, False),
        (0.24, 0.3, True, False),
        (0.0, 1.0, True, False),
        (0.25, 0.0, False, None),
    ],
)
def test_what_links_two_parks_and_what_proves_it(rivalry, coarse_share, linked, proven):
    links = {"a b": 0.9}
    pairs = pair_table(links, rivalry).assign(coarse_share=coarse_share)
    found = rival_pairs(layer_of(links), pairs, threshold=0.5, min_rivalry=0.25)
    assert len(found) == linked
    assert not linked or bool(found["proven"].iloc[0]) is proven
    assert rival_pairs(layer_of(links), pairs, threshold=0.91, min_rivalry=0.25).empty
    bare = pairs.drop(columns="coarse_share")
    assert len(rival_pairs(layer_of(links), bare, threshold=0.5, min_rivalry=0.25)) == (
        rivalry > 0.5
    )


def test_general_words_join_what_is_proven_by_half_at_most():
    parks = sector_layer(["中药饮片", "中药饮片", "中药", "中药", "中药", *OTHERS])
    row = groups_of(parks).iloc[0]
    assert row["parks"] == ("a", "b", "c", "d")
    assert row["coarse_parks"] == ("c", "d")
    assert row["shared_sectors"] == ("herbal-slices",)
    assert row["lead_park"] in {"a", "b"}


def grown(count, proven, edges, least):
    """Growing by single items and groups as the definition says it, every step over all pairs."""
    known = {frozenset(edge[:2]): edge[2] for edge in edges if edge[2] >= least}
    groups = [(tuple(members), len(members)) for members in proven]
    inside = {member for members in proven for member in members}
    groups += [((item,), 0) for item in range(count) if item not in inside]

    def least_of(one, two):
        found = [known.get(frozenset((i, j))) for i in one for j in two]
        return None if None in found else min(found)

    while True:
        near = [
            (-value, min(one[0]), min(two[0]), one, two)
            for one in groups
            for two in groups
            if min(one[0]) < min(two[0])
            and 2 * (one[1] + two[1]) >= len(one[0]) + len(two[0])
            and (value := least_of(one[0], two[0])) is not None
        ]
        if not near:
            return {members for members, number in groups if number}
        _, _, _, one, two = min(near)
        groups = [g for g in groups if g not in (one, two)]
        groups.append((tuple(sorted(one[0] + two[0])), one[1] + two[1]))


@settings(deadline=None, max_examples=300)
@given(graphs, st.randoms(use_true_random=False), st.sampled_from([0.3, 0.6, 1.0]))
def test_general_words_join_as_brute_force_has_it(graph, random, much):
    count, weights = graph
    rows = [(i, j, weight, random.random() < much) for (i, j), weight in weights.items()]
    columns = np.array(rows, dtype=int).reshape(-1, 4).T
    edges = Edges(*columns[:3], columns[3] == 1)
    merges = complete_linkage(count, edges.table(proven=True), floor=400)
    proven = settled(count, groups_at(count, merges, 500), edges, 500)
    found = with_coarse(count, proven, edges, 500)
    assert {tuple(group.members) for group in found} == grown(count, proven, rows, 500)
    for group in found:
        inside = {frozenset(row[:2]): row[2] for row in rows if set(row[:2]) <= set(group.members)}
        assert len(inside) == len(group.members) * (len(group.members) - 1) // 2
        assert group.weakest == min(inside.values()) >= 500
        assert 2 * len(group.coarse) <= len(group.members)
    if much == 1.0:
        assert [group.members for group in found] == proven


@pytest.mark.parametrize(
    "columns",
    [
        {"managing_body": ["甲管委会", "甲管理委员会"]},
        {"list_name": ["历史名录", "3+22+N"]},
        {"co_built_by": ["甲;乙", "乙"]},
    ],
)
def test_parks_that_policy_joins_are_no_rivals(columns):
    assert groups_of(sector_layer(["家具", "家具"], **columns)).empty


def test_the_lead_is_the_documented_place_then_share_then_tier_then_area():
    mixes = ["家具:0.6、白酒:0.4", "家具", "家具", "家具"]
    parks = sector_layer(
        mixes,
        tier=["national", "municipal", "provincial", "provincial"],
        approved_area_ha=[900.0, 900.0, 100.0, 200.0],
    )
    assert groups_of(parks).iloc[0]["lead_park"] == "d"  # all of it furniture, provincial, larger
    parks["main_for"] = [("家具",), (), (), ()]
    assert groups_of(parks).iloc[0]["lead_park"] == "a"
    parks["main_for"] = [("白酒",), (), (), ()]
    assert groups_of(parks).iloc[0]["lead_park"] == "d"


def test_districts_are_listed_once():
    parks = sector_layer(["家具"] * 3, district=["甲区、乙区", "乙区", ""])
    assert groups_of(parks).iloc[0]["districts"] == ("乙区", "甲区")


def test_what_only_most_members_name():
    mixes = ["家具、印刷、水泥", "家具、白酒、水泥", "印刷、白酒、水泥", "家具、印刷、白酒"]
    row = groups_of(sector_layer(mixes), threshold=0.3).iloc[0]
    assert len(row["parks"]) == 4
    assert set(row["shared_sectors"]) == {"furniture", "printing", "baijiu", "cement-and-concrete"}


def test_an_id_depends_on_the_members_only():
    assert cluster_id("k", "abc") == cluster_id("k", "cba") != cluster_id("k", "abd")
    assert cluster_id("k", "abc")[1:] == cluster_id("f", "abc")[1:]


@pytest.mark.parametrize("sectors", [[], ["家具"], ["家具", "白酒"]])
def test_without_rivals_the_table_is_empty_but_whole(sectors):
    groups = groups_of(sector_layer(sectors))
    assert groups.empty
    assert tuple(groups.columns) == schema.CLUSTER_COLUMNS
    assert groups.index.name == "cluster"


@pytest.mark.parametrize(
    ("threshold", "edges", "sizes", "cliques"),
    [(0.9, 13, [6], [5, 4]), (0.95, 9, [5, 1], None), (0.98, 3, None, None)],
)
def test_graph_facts_of_yulin(threshold, edges, sizes, cliques):
    """夏四友等 2018, 干旱区地理 41(5): edges, components and cliques of the 2015 graph, table 2."""
    sweep = threshold_sweep(layer_of(YULIN), pair_table(YULIN), thresholds=[threshold])
    assert sweep.loc[threshold, "pairs"] == edges
    kept = pair_table(YULIN)
    graph = nx.Graph(list(kept.index[kept["similarity"] >= threshold]))
    if sizes:
        kin = families(layer_of(YULIN), pair_table(YULIN), threshold=threshold)
        alone = 6 - int(kin.notna().sum())  # a county with no pair belongs to no family
        assert sorted([*kin.value_counts(), *[1] * alone], reverse=True) == sizes
    if cliques:
        assert sorted(map(len, nx.find_cliques(graph)), reverse=True) == cliques


def test_a_higher_threshold_never_gives_more_pairs():
    sweep = threshold_sweep(layer_of(YULIN), pair_table(YULIN), thresholds=[0.8, 0.9, 0.95, 0.98])
    assert sweep["pairs"].is_monotonic_decreasing
    assert sweep["largest_group"].is_monotonic_decreasing
    assert list(sweep["families"]) == [1, 1, 1, 2]


layers = st.lists(
    st.lists(
        st.sampled_from(["家具", "印刷", "白酒", "偏光片", "医药"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    min_size=2,
    max_size=10,
)


@settings(deadline=None, max_examples=40)
@given(layers, st.randoms(use_true_random=False))
def test_groups_are_disjoint_complete_and_the_same_in_any_order(lists, random):
    parks = sector_layer(["、".join(terms) for terms in lists])
    shares = sector_shares(parks)
    pairs = similar_pairs(parks, shares, min_similarity=0.4, null_draws=0)
    groups = clusters(parks, shares, pairs)
    seen = [park for row in groups["parks"] for park in row]
    assert len(seen) == len(set(seen))
    for row in groups.itertuples():
        inside = [(a, b) for a in row.parks for b in row.parks if a < b]
        assert (pairs.loc[inside, "similarity"] >= 0.5 - 1e-6).all()
        common = pairs.loc[inside, ["rivalry", "coarse_share"]].sum(axis=1)
        assert (common > 0.5).all()
        alone = set(row.parks) - set(row.coarse_parks)
        assert 2 * len(alone) >= len(row.parks)
        proven = pairs.loc[inside].query("rivalry >= 1 / 3 - 1e-6").index
        assert alone <= {park for pair in proven for park in pair}
        assert row.lead_park in row.parks
    order = list(parks.index)
    random.shuffle(order)
    turned = clusters(parks.loc[order], shares, pairs.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(groups, turned)


@pytest.mark.parametrize(
    ("sectors", "lead"),
    [
        (["印刷:3亿元、家具:2亿元", "印刷:9000万元"], "a"),  # the greater output
        (["印刷:3亿元、家具:2亿元", "印刷"], "b"),  # not all state theirs: the greater share
        (["印刷:0.6、家具:0.4", "印刷"], "b"),
    ],
)
def test_the_proposed_lead_goes_by_output_where_all_state_it(sectors, lead):
    parks = sector_layer(sectors)
    shares = sector_shares(parks)
    groups = clusters(parks, shares, similar_pairs(parks, shares, null_draws=0))
    assert groups["lead_park"].tolist() == [lead]
