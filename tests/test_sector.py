"""What parks say they do, as shares."""

import pandas as pd
import pytest
from builders import sector_layer
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap.errors import InputError
from parkmap.sector import (
    location_quotient,
    matched_share,
    proximity,
    sector_matches,
    sector_shares,
    sector_table,
)

TERMS = ["医药", "食品", "印刷", "中药饮片", "偏光片", "集成电路", "家具", "白酒", "某某某"]


def amounts(table):
    """Amounts by place and sector from {place: {sector: amount}}."""
    return pd.Series({(p, s): float(v) for p, row in table.items() for s, v in row.items()})


def test_sectors_without_weights_count_the_same():
    shares = sector_shares(sector_layer(["印刷、家具", "印刷"]))
    assert shares.to_dict() == {
        ("a", "furniture"): 0.5,
        ("a", "printing"): 0.5,
        ("b", "printing"): 1,
    }
    assert shares.name == "share"
    assert shares.index.names == ["park_id", "sector"]


def test_weights_are_scaled_to_one():
    shares = sector_shares(sector_layer(["印刷:30、家具:10"]))
    assert shares["a", "printing"] == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("text", "printing"),
    [
        ("印刷:0.6、家具", 0.6),  # what is left goes to the silent one
        ("印刷:3、家具", 0.5),  # no rest to give: the silent one counts as the mean
        ("印刷60%、家具40%", 0.6),
        ("印刷:0、家具:2", 0.0),
    ],
)
def test_weights_stated_for_some(text, printing):
    shares = sector_shares(sector_layer([text]))
    assert shares.get(("a", "printing"), 0.0) == pytest.approx(printing)
    assert shares.sum() == pytest.approx(1)


def test_weights_that_cancel_out_are_refused_and_the_park_is_named():
    with pytest.raises(InputError, match=r"乙园.*印刷"):
        sector_shares(sector_layer(["包装", "印刷:0"], name=["甲园", "乙园"]))


def test_two_words_for_one_node_add_up():
    shares = sector_shares(sector_layer(["医药、生物医药、印刷"]))
    assert shares["a", "biomedicine"] == pytest.approx(2 / 3)


def test_a_park_without_a_known_sector_is_absent_not_zero():
    shares = sector_shares(sector_layer(["印刷", "某某某", ""]))
    assert set(shares.index.get_level_values(0)) == {"a"}


def test_a_layer_that_says_nothing_gives_an_empty_series():
    shares = sector_shares(sector_layer(["", ""]))
    assert shares.empty
    assert shares.index.names == ["park_id", "sector"]


def test_a_proposal_counts_for_nothing_but_is_listed():
    parks = sector_layer(["中药饮品片、印刷"])
    matches = sector_matches(parks)
    assert list(matches["how"]) == ["proposed", "exact"]
    assert sector_shares(parks).to_dict() == {("a", "printing"): 1.0}
    assert matched_share(parks)["a"] == pytest.approx(0.5)


def test_a_text_in_one_cell_is_cut():
    parks = sector_layer(["印刷"])
    parks["sectors"] = ["印刷、家具"]
    assert len(sector_shares(parks)) == 2


def test_matched_share_of_a_silent_park_is_unknown():
    assert matched_share(sector_layer(["印刷", ""])).isna().to_dict() == {"a": False, "b": True}


def test_a_planners_decision_goes_before_the_vocabulary():
    parks = sector_layer(["某某某、印刷"])
    assert sector_shares(parks, decisions={"某某某": "中药饮片"}).to_dict() == {
        ("a", "herbal-slices"): 0.5,
        ("a", "printing"): 0.5,
    }
    left_out = sector_shares(parks, decisions={"印刷": "", "某某某": "furniture"})
    assert left_out.to_dict() == {("a", "furniture"): 1.0}


def test_a_decision_for_an_unknown_node_is_refused():
    with pytest.raises(InputError, match="no-such-node"):
        sector_shares(sector_layer(["印刷"]), decisions={"印刷": "no-such-node"})


def test_the_input_is_left_alone():
    parks = sector_layer(["医药、印刷"])
    before = parks.copy()
    sector_table(parks, sector_shares(parks))
    pd.testing.assert_frame_equal(parks, before)


def test_sector_table_counts_and_marks():
    parks = sector_layer(["医药", "医药、印刷", "医药、中药饮片"])
    parks["main_for"] = [(), ("印刷",), ("医药:1",)]
    table = sector_table(parks, sector_shares(parks))
    assert list(table.index) == ["biomedicine", "herbal-slices", "printing"]
    assert table.loc["biomedicine", "parks"] == ("a", "b", "c")
    assert table.loc["biomedicine", "share_of_parks"] == 1
    assert table["coarse"].to_dict() == {
        "biomedicine": True,
        "herbal-slices": False,
        "printing": False,
    }
    assert not table["set_aside"].any()  # three parks are too few to judge by
    assert table.loc["printing", "main_for"] == ("b",)
    assert table.loc["biomedicine", "main_for"] == ("c",)
    assert table.loc["herbal-slices", "chain"] == "chinese-medicine"


@pytest.mark.parametrize(("naming", "aside"), [(6, False), (7, True)])
def test_what_more_than_sixty_percent_name_is_set_aside(naming, aside):
    parks = sector_layer(["医药"] * naming + ["印刷"] * (10 - naming))
    table = sector_table(parks, sector_shares(parks))
    assert table.loc["biomedicine", "set_aside"] == aside


def test_segments_count_towards_their_chain_being_common():
    parks = sector_layer(["医药"] * 4 + ["中药饮片"] * 4 + ["印刷"] * 2)
    table = sector_table(parks, sector_shares(parks))
    assert table["set_aside"].to_dict() == {
        "biomedicine": True,
        "herbal-slices": False,
        "printing": False,
    }


def test_location_quotient_as_published():
    """Farhauer & Kröll 2013, as in REAT 3.0.3 (Wieland 2019): .3847623."""
    table = {"town": {"x": 1714, "y": 79006 - 1714}, "rest": {"x": 879213 - 1714}}
    table["rest"]["y"] = 15593224 - 79006 - table["rest"]["x"]
    assert location_quotient(amounts(table))["town", "x"] == pytest.approx(0.3847623, abs=5e-8)


def test_proximity_is_the_lesser_conditional_share():
    """Hidalgo et al. 2007: 2 of the 3 places strong in y are strong in x, 2 of 2 the other way."""
    table = {
        "A": {"x": 5, "y": 5},
        "B": {"x": 5, "y": 5},
        "C": {"y": 5, "z": 1},
        "D": {"z": 20},
    }
    found = proximity(amounts(table))
    assert found["x", "y"] == pytest.approx(2 / 3)
    assert found["x", "z"] == 0
    assert list(found.index) == [("x", "y"), ("x", "z"), ("y", "z")]


def test_proximity_of_counts_printed_by_economiccomplexity():
    """Product proximity .3658537 of R's economiccomplexity 2.0.0 is 15 of 41 places."""
    table = {f"both{i}": {"x": 1, "y": 1} for i in range(15)}
    table |= {f"x{i}": {"x": 1} for i in range(26)} | {f"y{i}": {"y": 1} for i in range(10)}
    table["rest"] = {"z": 1000}
    assert proximity(amounts(table))["x", "y"] == pytest.approx(0.3658537, abs=5e-8)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.sampled_from(TERMS), max_size=5, unique=True), min_size=1, max_size=8))
def test_shares_sum_to_one_a_park_and_ignore_the_order_of_rows(lists):
    parks = sector_layer(["、".join(terms) for terms in lists])
    shares = sector_shares(parks)
    sums = shares.groupby(level=0).sum()
    assert all(total == pytest.approx(1) for total in sums)
    assert set(sums.index) == {
        key for key, terms in zip(parks.index, lists, strict=True) if set(terms) - {"某某某"}
    }
    turned = sector_shares(parks.iloc[::-1])
    pd.testing.assert_series_equal(turned.sort_index(), shares.sort_index())
