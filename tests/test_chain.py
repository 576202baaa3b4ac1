"""Chains: who names which segment, what is missing beside it, who supplies whom."""

import itertools
import math

import pandas as pd
import pytest
from builders import sector_layer
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap import analysis, chain
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
    }
    assert links.loc[("cake", "oven"), "parks"] == ("a", "b")
    assert links.loc["cake", "link"].tolist() == [
        "upstream",
        "midstream",
        "midstream",
        "downstream",
    ]


def test_presence_is_the_share_of_neighbours_that_some_park_names():
    links = links_of("面粉、烘焙", "烘焙")
    assert links.loc["cake", "presence"].to_dict() == {
        "flour": 0.0,  # dough alone, which nobody names
        "dough": 1.0,  # flour and baking, both named
        "oven": 0.0,  # dough and shop, neither
        "shop": pytest.approx(1 / 3),  # baking of baking, sugar, tins
    }


def test_a_segment_that_nothing_adjoins_has_no_presence():
    lone = Vocabulary(nodes=TOY.nodes, aliases={}, adjacency={"flour": ("flour",)})
    parks, shares = toy("面粉、烘焙")
    links = chain.chain_links(parks, shares, taxonomy=lone)
    assert links["presence"].isna().all()


def test_a_chain_with_one_named_segment_is_not_listed():
    assert links_of("面粉", "面粉").empty
    assert list(links_of("面粉").columns) == list(chain.LINK_COLUMNS)


def test_a_chain_word_names_no_segment():
    assert links_of("糕点", "糖霜", "糕点").empty


def test_a_segment_stands_under_its_nearest_chain_once():
    links = links_of("面粉、烘焙、砂糖")
    assert "sugar" not in links.loc["cake"].index
    assert not links.index.get_level_values("segment").duplicated().any()


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
    assert set(links.index.get_level_values(0)) == ({"cake"} if len(present) >= 2 else set())
    for (_, segment), row in links.iterrows():
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
        facts = links.assign(parks=links["parks"].map(lambda held: tuple(sorted(held))))
        seen.add(facts.to_csv())
    assert len(seen) == 1


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
    links = chain.chain_links(parks, sector_shares(parks))
    assert set(links["status"]) == {"single"}
    assert set(links["link"]) == {"upstream", "midstream", "downstream"}
