"""Names, chains and suppliers as the page gets them."""

from types import SimpleNamespace

import pandas as pd
import pytest
import scenes
from builders import sector_layer

import parkmap as pm
from parkmap import taxonomy
from parkmap.schema import Criteria
from parkmap.similarity import explain
from parkmap.webmap import branches


def shares_of(*nodes):
    index = pd.MultiIndex.from_tuples([(f"p{n}", node) for n, node in enumerate(nodes)])
    return pd.Series(1.0, index=index)


def supplied(*nodes, set_aside=()):
    table = pd.DataFrame({"set_aside": [node in set_aside for node in nodes]}, index=list(nodes))
    return branches.supply_data(SimpleNamespace(shares=shares_of(*nodes), sectors=table))


def test_a_node_brings_its_whole_chain():
    found = branches.sector_data(["herbal-slices"], {})
    words = taxonomy.load()
    assert set(found) >= set(words.segments("biomedicine"))
    assert found["chinese-medicine"][2:5] == ["biomedicine", 0, 0]
    assert found["herbal-slices"][2:5] == ["chinese-medicine", 2, 1]
    assert "aero-engines" not in found


def test_every_parent_is_there_and_every_link_has_a_number():
    words = taxonomy.load()
    found = branches.sector_data(words.nodes, {})
    assert set(found) == set(words.nodes)
    assert all(entry[2] == "" or entry[2] in found for entry in found.values())
    assert {entry[3] for entry in found.values()} == set(branches.LINKS.values())


def test_unknown_nodes_keep_their_id():
    assert branches.sector_data(["未知业"], {}) == {"未知业": ["未知业", "未知业", "", 0, 1, 0]}


def test_worths_are_rounded_and_absent_ones_are_nothing():
    found = branches.sector_data(["printing"], {"printing": 1.23456789})
    assert found["printing"][5] == 1.234568
    assert {entry[5] for node, entry in found.items() if node != "printing"} == {0.0}


def test_suppliers_go_one_way_and_only_between_named_sectors():
    assert supplied("aero-engines", "aircraft") == {"aero-engines": ["aircraft"]}
    assert supplied("aero-engines") == {}


def test_chain_words_prove_no_link_among_themselves():
    words = taxonomy.load()
    assert supplied("aerospace", "equipment", "electronic-information") == {}
    chain = words.chain_of("aircraft")
    assert supplied("aircraft", chain) == {}


def test_what_is_set_aside_supplies_nobody():
    assert supplied("aero-engines", "aircraft", set_aside=["aircraft"]) == {}


def test_without_shares_there_is_nothing_to_say():
    assert branches.supply_data(scenes.analysis(scenes.four_parks())) == {}


def test_chains_on_the_page_are_those_of_the_analysis():
    parks = sector_layer(["IC设计、晶圆制造", "晶圆制造", "医药"])
    result = pm.analyze(parks, criteria=Criteria(null_draws=0))
    found = branches.chain_data(result)
    assert set(found) == {"electronic-information", "ic", "biomedicine"}
    assert {segment for segment, _ in found["ic"]} == set(taxonomy.load().segments("ic"))
    assert [tuple(each) for each in found["ic"]] == list(
        result.chain_links.loc["ic", "status"].items()
    )
    assert dict(found["ic"])["wafer-fabrication"] == "duplicated"


@pytest.mark.parametrize(
    ("giver", "taker"), [("aero-engines", "aircraft"), ("ic-design", "wafer-fabrication")]
)
def test_suppliers_are_those_that_explain_names(giver, taker):
    words = taxonomy.load()
    names = [words.name(node, lang="zh") for node in (giver, taker)]
    parks = sector_layer(names, name=["甲园", "乙园"])
    result = pm.analyze(parks, criteria=Criteria(null_draws=0))
    told = explain(parks, result.shares, result.pairs, "a", "b", lang="zh")
    assert branches.supply_data(result)[giver] == [taker]
    assert f"甲园的{names[0]}" in told
    assert f"乙园的{names[1]}" in told
