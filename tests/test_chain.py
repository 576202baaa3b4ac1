"""Chains: who names which segment, what is missing beside it, who supplies whom."""

import itertools
import math

import networkx as nx
import pandas as pd
import pytest
from builders import sector_layer
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap import analysis, bodies, chain
from parkmap.sector import sector_shares
from parkmap.taxonomy import Node, Vocabulary, load

#: A chain of four segments, one supplying the next, and a chain inside it with one of its own.
TOY = Vocabulary(
    nodes={
        "cake": Node("cake", "chain", "", "", "糕点", "Cake"),
        "flour": Node("flour", "segment", "cake", "上游", "面粉", "Flour"),
        "dough": Node("dough", "segment", "cake", "中游", "面团", "Dough"),
        "oven": Node("oven", "segment", "cake", "中游", "烘焙", "Baking"),
        "shop": Node("shop", "segment", "cake", "下游", "门店", "Shop"),
        "icing": Node("icing", "chain", "cake", "", "糖霜", "Icing"),
        "sugar": Node("sugar", "segment", "icing", "上游", "砂糖", "Sugar"),
        "tin": Node("tin", "segment", "", "", "铁盒", "Tins"),
    },
    aliases={},
    adjacency={
        "flour": ("dough",),
        "dough": ("oven",),
        "oven": ("shop",),
        "sugar": ("shop",),
        "tin": ("shop", "tin"),
    },
)


def toy(*sectors, **columns):
    parks = sector_layer(list(sectors), **columns)
    return parks, sector_shares(parks, taxonomy=TOY)


def links_of(*sectors):
    return chain.chain_links(*toy(*sectors), taxonomy=TOY)


def test_each_segment_of_a_chain_is_a_gap_a_single_point_or_duplicated():
    links = links_of("面粉、烘焙", "烘焙")
    assert links.loc["cake", "status"].to_dict() == {
        "flour": "single",
        "dough": "gap",
        "oven": "duplicated",
        "shop": "gap",
        "sugar": "gap",
    }
    assert links.loc[("cake", "oven"), "parks"] == ("a", "b")
    assert links.loc["cake", "link"].to_dict() == {
        "flour": "upstream",
        "sugar": "upstream",
        "dough": "midstream",
        "oven": "midstream",
        "shop": "downstream",
    }
    assert links.loc["cake"].index.tolist() == ["flour", "sugar", "oven", "dough", "shop"]


def test_presence_is_the_share_of_neighbours_that_some_park_names():
    links = links_of("面粉、烘焙", "烘焙")
    assert links.loc["cake", "presence"].to_dict() == {
        "flour": 0.0,  # dough alone, which nobody names
        "dough": 1.0,  # flour and baking, both named
        "oven": 0.0,  # dough and shop, neither
        "shop": pytest.approx(1 / 3),  # baking of baking, sugar, tins
        "sugar": 0.0,  # shops alone
    }
    assert links.loc[("cake", "shop"), "suppliers"] == (("oven", ("a", "b")),)
    assert links.loc[("cake", "dough"), "customers"] == (("oven", ("a", "b")),)


def test_a_segment_that_nothing_adjoins_has_no_presence():
    lone = Vocabulary(nodes=TOY.nodes, aliases={}, adjacency={"flour": ("flour",)})
    parks, shares = toy("面粉、烘焙")
    links = chain.chain_links(parks, shares, taxonomy=lone)
    assert links["presence"].isna().all()


def test_a_chain_nobody_names_is_not_listed():
    assert links_of("铁盒").empty
    assert list(links_of("铁盒").columns) == list(chain.LINK_COLUMNS)


def test_a_chain_word_names_its_chain_but_no_segment():
    links = links_of("糕点", "糖霜")
    assert set(links.index.get_level_values("chain")) == {"cake", "icing"}
    assert set(links["status"]) == {"gap"}
    assert set(links["rank"]) == {0}


def test_a_segment_of_a_narrower_chain_is_listed_in_both_and_its_own_in_one():
    links = links_of("面粉、烘焙、砂糖")
    both = links.xs("sugar", level="segment")
    assert both["own"].to_dict() == {"cake": False, "icing": True}
    assert both["parks"].tolist() == [("a",), ("a",)]
    own = links[links["own"]].index.get_level_values("segment")
    assert sorted(own) == sorted(set(links.index.get_level_values("segment")))


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({}, "duplicated"),
        ({"managing_body": ["甲管委会", "甲"]}, "internal"),
        ({"managing_body": ["甲", ""], "co_built_by": ["", "甲;乙"]}, "internal"),
        ({"list_name": ["", "历史名录"]}, "single"),
        ({"list_name": ["历史名录", "历史名录"]}, "single"),
    ],
)
def test_one_body_and_an_old_list_make_no_duplicate(columns, status):
    parks, shares = toy("烘焙", "烘焙", **columns)
    links = chain.chain_links(parks, shares, taxonomy=TOY)
    assert links.loc[("cake", "oven"), "status"] == status
    assert links.loc[("cake", "oven"), "parks"] == ("a", "b")


SAID = st.sampled_from(["", "  ", "甲", "甲管委会", "乙", "丙"])
JOINT = st.sampled_from(["", "、", "甲;乙", "乙", "丙、丁"])


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from(["烘焙", "面粉", "烘焙、面粉"]), SAID, JOINT),
        min_size=1,
        max_size=7,
    )
)
def test_parties_are_those_that_all_pairs_give(rows):
    sectors, managing, joint = zip(*rows, strict=True)
    parks, shares = toy(*sectors, managing_body=list(managing), co_built_by=list(joint))
    links = chain.chain_links(parks, shares, taxonomy=TOY)
    for segment in ("oven", "flour"):
        if ("cake", segment) not in links.index:
            continue
        named = list(links.loc[("cake", segment), "parks"])
        if len(named) < 2:
            continue
        pairs = list(itertools.combinations(named, 2))
        tied = bodies.policy_relations(parks, *map(list, zip(*pairs, strict=True)))
        graph = nx.Graph(pair for pair, why in zip(pairs, tied, strict=True) if why)
        graph.add_nodes_from(named)
        parties = nx.number_connected_components(graph)
        wanted = "duplicated" if parties > 1 else "internal"
        assert links.loc[("cake", segment), "status"] == wanted


def test_thousands_that_state_no_body_are_not_compared_pair_by_pair(monkeypatch):
    asked = []
    relations = bodies.policy_relations
    monkeypatch.setattr(
        bodies,
        "policy_relations",
        lambda parks, left, *rest, **more: (
            asked.append(len(left)) or relations(parks, left, *rest, **more)
        ),
    )
    parks = sector_layer(["烘焙"] * 2000, managing_body=["", *["甲"] * 999, *["乙"] * 1000])
    links = chain.chain_links(parks, sector_shares(parks, taxonomy=TOY), taxonomy=TOY)
    assert links.loc[("cake", "oven"), "status"] == "duplicated"
    assert sum(asked) <= 2000


def test_gaps_with_both_sides_present_come_first_then_more_neighbours():
    links = links_of("面粉、烘焙", "砂糖")
    ranked = links.loc["cake"].query("rank > 0").sort_values("rank")
    by_status = {status: rows.index.tolist() for status, rows in ranked.groupby("status")}
    assert by_status == {"gap": ["dough", "shop"], "single": ["flour", "sugar", "oven"]}
    assert ranked["rank"].tolist() == [1, 1, 2, 2, 3]


def test_a_park_that_names_a_chain_may_mean_any_segment_of_it():
    links = links_of("糕点", "糖霜、砂糖", "面粉")
    assert links.loc[("cake", "dough"), "may_cover"] == ("a",)
    assert set(links.loc[("cake", "sugar"), "may_cover"]) == {"a", "b"}
    assert links.loc[("icing", "sugar"), "may_cover"] == links.loc[("cake", "sugar"), "may_cover"]


def test_the_overview_counts_the_links():
    parks, shares = toy("面粉、烘焙", "烘焙", "糕点", "糖霜")
    links = chain.chain_links(parks, shares, taxonomy=TOY)
    table = chain.chain_overview(links, shares, taxonomy=TOY)
    row = table.loc["cake"]
    assert row["parks"] == ("a", "b", "c", "d")
    assert row["coarse_parks"] == ("c", "d")
    counts = ["segments", "named", "duplicated", "internal", "single", "gaps"]
    assert row[counts].tolist() == [5, 2, 1, 0, 1, 2]
    assert table.loc["icing", "parent"] == "cake"


@given(
    st.lists(
        st.lists(st.sampled_from(["面粉", "面团", "烘焙", "门店", "糕点"]), max_size=3), max_size=6
    )
)
@settings(max_examples=60, deadline=None)
def test_links_count_what_a_loop_counts(named):
    texts = ["、".join(dict.fromkeys(terms)) for terms in named]
    parks, shares = toy(*texts)
    links = chain.chain_links(parks, shares, taxonomy=TOY)
    says = {TOY.match(word).node: word for word in ("面粉", "面团", "烘焙", "门店")}
    present = {node for node, word in says.items() if any(word in text for text in texts)}
    assert set(links.index.get_level_values(0)) == ({"cake"} if any(texts) else set())
    for (_, segment), row in links.iterrows():
        if segment == "sugar":
            continue
        holders = [
            park for park, text in zip(parks.index, texts, strict=True) if says[segment] in text
        ]
        assert list(row["parks"]) == holders
        assert row["status"] == ("gap", "single", "duplicated")[min(len(holders), 2)]
        pairs = [(s, c) for s, cs in TOY.adjacency.items() for c in cs if s != c]
        near = {s for s, c in pairs if c == segment} | {c for s, c in pairs if s == segment}
        assert math.isclose(row["presence"], len(near & present) / len(near))


def test_links_do_not_depend_on_the_order_of_rows():
    parks, _ = toy("面粉、烘焙", "烘焙", "面粉")
    seen = set()
    for order in itertools.permutations(parks.index):
        shuffled = parks.loc[list(order)]
        links = chain.chain_links(shuffled, sector_shares(shuffled, taxonomy=TOY), taxonomy=TOY)
        lists = {
            name: links[name].map(str).map(sorted)
            for name in ("suppliers", "customers", "may_cover")
        }
        facts = links.assign(parks=links["parks"].map(lambda held: tuple(sorted(held))), **lists)
        seen.add(facts.to_csv())
    assert len(seen) == 1


@given(
    st.lists(
        st.lists(
            st.sampled_from(["面粉", "面团", "烘焙", "门店", "砂糖", "铁盒", "糕点", "糖霜"]),
            max_size=3,
        ),
        min_size=2,
        max_size=5,
    ),
    st.sets(st.sampled_from(["dough", "shop"]), max_size=1),
)
@settings(max_examples=80, deadline=None)
def test_supplies_are_those_a_loop_finds(named, aside):
    parks, shares = toy(*("、".join(dict.fromkeys(terms)) for terms in named))
    pairs = pd.DataFrame(
        {"synergy": 1.0},
        index=pd.MultiIndex.from_tuples(itertools.combinations(parks.index, 2)),
    )
    found = chain.supplies(pairs, shares, set_aside=aside, taxonomy=TOY)
    below = {node: set(TOY.segments(node)) for node in TOY.nodes}
    wanted = set()
    for (giver, given_), (taker, taken) in itertools.permutations(shares.index, 2):
        edge = any(c in below[taken] for s in below[given_] for c in TOY.adjacency.get(s, ()))
        coarse = TOY.level(given_) == TOY.level(taken) == "chain"
        related = TOY.is_at_or_below(given_, taken) or TOY.is_at_or_below(taken, given_)
        if giver != taker and edge and not (coarse or related or {given_, taken} & aside):
            wanted.add((giver, given_, taker, taken))
    rows = list(found.itertuples(index=False, name=None))
    assert len(rows) == len(set(rows))
    assert set(rows) == wanted
    for (left, right), (giver, _, taker, _) in zip(found.index, rows, strict=True):
        assert {left, right} == {giver, taker}
    for _, links in found.groupby(level=[0, 1], sort=False):
        sizes = [shares[r.giver, r.given] * shares[r.taker, r.taken] for r in links.itertuples()]
        assert sizes == sorted(sizes, reverse=True)


def test_only_pairs_that_reach_the_synergy_supply_each_other():
    _, shares = toy("面粉", "面团", "烘焙")
    index = pd.MultiIndex.from_tuples([("a", "b"), ("b", "c")])
    pairs = pd.DataFrame({"synergy": [0.5, 0.04]}, index=index)
    found = chain.supplies(pairs, shares, taxonomy=TOY)
    assert found.index.tolist() == [("a", "b")]
    assert chain.supplies(pairs.iloc[:0], shares, taxonomy=TOY).empty


def test_every_finding_along_a_chain_names_its_links():
    words = ["IC设计", "晶圆制造", "封装测试", "包装、印刷", "生物医药", "手机"]
    result = analysis.analyze(sector_layer(words))
    linked = result.conflicts["verdict"].isin(["complementary", "coopetition"])
    assert linked.any()
    for row in result.conflicts[linked].to_dict("records"):
        listed = result.supplies.loc[[row["parks"]]].itertuples(index=False, name=None)
        assert row["supplies"] == tuple(listed) != ()


def test_an_analysis_holds_the_links_of_its_parks():
    parks = sector_layer(["IC设计", "晶圆制造", "集成电路"])
    found = analysis.analyze(parks).chain_links
    pd.testing.assert_frame_equal(found, chain.chain_links(parks, sector_shares(parks)))
    assert found.loc[("ic", "ic-design"), "parks"] == ("a",)


def test_an_analysis_of_land_alone_has_no_links():
    assert analysis.analyze(sector_layer(["IC设计、晶圆制造"]), only="land").chain_links.empty


def test_the_shipped_vocabulary_names_a_link_or_nothing():
    words = load()
    parks = sector_layer(
        [
            "、".join(
                n.name_zh for n in words.nodes.values() if n.level == "segment" and n.parent == "ic"
            )
        ]
    )
    links = chain.chain_links(parks, sector_shares(parks)).loc["ic"]
    assert set(links["status"]) == {"single"}
    assert set(links["link"]) == {"upstream", "midstream", "downstream"}
