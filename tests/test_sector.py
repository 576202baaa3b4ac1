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


#: Exports of five goods (SITC 0011 to 0015) and the total, as R's economiccomplexity 2.0.0 ships them,
#: and the index of revealed comparative advantage that it prints for them.
EXPORTS = {
    "afg": [30068, 16366, 0, 0, 0, 50663690],
    "ago": [242064, 52489, 1551, 264, 272, 530448884],
    "aia": [0, 20, 0, 0, 0, 6844877],
    "alb": [0, 0, 0, 486, 2904, 85793050],
    "and": [172393, 16869, 0, 4668, 47851, 27054591],
}
WORLD = [307337354, 135510550, 168597184, 42855920, 55512941, 119740265088]
BALASSA = {
    "afg": [0.2312238, 0.285438688, 0, 0, 0],
    "ago": [0.1777917, 0.087436319, 0.002076625, 0.00139056, 0.001106041],
    "aia": [0, 0.002581853, 0, 0, 0],
    "alb": [0, 0, 0, 0.01582754, 0.073011368],
    "and": [2.4825815, 0.550954168, 0, 0.48208017, 3.815013019],
}


@pytest.mark.parametrize("country", BALASSA)
def test_comparative_advantage_as_printed_by_economiccomplexity(country):
    """All 25 values of the 5 x 5 matrix of R's economiccomplexity 2.0.0 (Balassa index)."""
    others = [world - sum(sold) for world, *sold in zip(WORLD, *EXPORTS.values(), strict=True)]
    rows = {**EXPORTS, "others": others}
    table = {
        place: {**dict(enumerate(goods)), "rest": total - sum(goods)}
        for place, (*goods, total) in rows.items()
    }
    found = location_quotient(amounts(table))[country]
    assert [found[good] for good in range(5)] == pytest.approx(BALASSA[country], abs=5e-8)


#: How many of 226 countries have an advantage in just these of the five goods, and how many of 785
#: goods are exported with advantage by just these of the five countries (economiccomplexity 2.0.0).
COUNTRIES = {
    "": 131, "1": 16, "12": 5, "123": 1, "1234": 2, "12345": 1, "124": 1, "1245": 1, "125": 4,
    "13": 2, "134": 1, "14": 2, "145": 2, "15": 3, "2": 10, "23": 2, "234": 1, "2345": 1, "24": 2,
    "25": 1, "3": 3, "34": 3, "345": 1, "4": 19, "45": 3, "5": 8,
}  # fmt: skip
GOODS = {
    "": 326, "1": 54, "12": 1, "124": 1, "13": 12, "134": 5, "1345": 3, "135": 6, "14": 17,
    "145": 12, "15": 15, "2": 7, "235": 1, "24": 2, "3": 65, "34": 14, "345": 10, "35": 27,
    "4": 94, "45": 35, "5": 78,
}  # fmt: skip
PRODUCT_PROXIMITY = {
    "12": 0.3658537, "13": 0.1707317, "14": 0.2439024, "15": 0.2682927, "23": 0.25, "24": 0.225,
    "25": 0.25, "34": 0.25, "35": 0.12, "45": 0.225,
}  # fmt: skip
COUNTRY_PROXIMITY = {
    "12": 0.015873016, "13": 0.181818182, "14": 0.19689119, "15": 0.192513369, "23": 0.006993007,
    "24": 0.01554404, "25": 0.005347594, "34": 0.16580311, "35": 0.251336898, "45": 0.310880829,
}  # fmt: skip


@pytest.mark.parametrize(
    ("patterns", "printed"), [(COUNTRIES, PRODUCT_PROXIMITY), (GOODS, COUNTRY_PROXIMITY)]
)
def test_proximity_as_printed_by_economiccomplexity(patterns, printed):
    """Both 5 x 5 matrices of R's economiccomplexity 2.0.0 (Hidalgo et al. 2007)."""
    table = {
        f"{pattern}#{i}": dict.fromkeys(pattern, 1) if pattern else {"rest": 1000}
        for pattern, count in patterns.items()
        for i in range(count)
    }
    found = proximity(amounts(table))
    assert [found[left, right] for left, right in printed] == pytest.approx(
        list(printed.values()), abs=5e-8
    )


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
