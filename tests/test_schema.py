import geopandas as gpd
import pandas as pd
import pytest
from builders import park_layer, square

import parkmap as pm
from parkmap import schema
from parkmap.errors import OptionError, SchemaError


def test_complete_adds_what_is_missing_and_keeps_the_rest():
    parks = park_layer({"a": square()}, tier=["national"], colour=["red"])
    table = schema.complete(parks)
    assert set(schema.PARK_COLUMNS) <= set(table.columns)
    assert table.loc["a", ["tier", "colour", "district"]].tolist() == ["national", "red", ""]
    assert "district" not in parks.columns


def test_complete_takes_ids_from_a_column_and_keeps_them_as_text():
    frame = gpd.GeoDataFrame({"park_id": ["001", "NA"]}, geometry=[square(), square()])
    assert schema.complete(frame).index.tolist() == ["001", "NA"]


def test_numbers_in_an_index_become_text_ids():
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[square()], index=[7])
    assert schema.complete(frame).index.tolist() == ["7"]


def test_repeated_ids_are_refused_by_name():
    frame = gpd.GeoDataFrame(geometry=[square(), square()], index=["a", "a"])
    with pytest.raises(SchemaError, match="a"):
        schema.complete(frame)


def test_a_plain_table_is_refused():
    with pytest.raises(SchemaError, match="DataFrame"):
        schema.complete(pd.DataFrame({"name": ["a"]}))


def test_cells_made_by_hand_become_what_the_rooms_expect():
    frame = park_layer({"a": square(), "b": square(900), "c": square(1800)})
    frame["sectors"] = ["\u533b\u836f\u3001\u98df\u54c1", None, ["\u5370\u5237"]]
    frame["tier"] = pd.Categorical(["national", None, "municipal"])
    frame["district"] = pd.array(["x", pd.NA, "z"], dtype="string")
    frame["counted"] = pd.array([True, pd.NA, False], dtype="boolean")
    frame["approved_area_ha"] = ["12", "", " 3.5 "]
    before = frame.copy()
    table = schema.complete(frame)
    assert table["sectors"].tolist() == [("\u533b\u836f", "\u98df\u54c1"), (), ("\u5370\u5237",)]
    assert table["tier"].tolist() == ["national", "", "municipal"]
    assert table["district"].tolist() == ["x", "", "z"]
    assert table["counted"].tolist() == [True, True, False]
    assert table["counted"].dtype == bool
    assert table["approved_area_ha"].fillna(-1).tolist() == [12.0, -1.0, 3.5]
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))


def test_an_area_that_is_no_figure_is_refused_with_its_park():
    frame = park_layer({"a": square()}, approved_area_ha=["\u4e5d\u5341"])
    with pytest.raises(SchemaError, match=r"approved_area_ha.*a.*\u4e5d\u5341"):
        schema.complete(frame)


def test_require_names_the_missing_column():
    with pytest.raises(SchemaError, match="geometry"):
        schema.require(pd.DataFrame({"name": []}), "name", "geometry", name="parks")


def test_a_park_is_known_by_its_code_before_its_id():
    parks = park_layer({"a": square(), "b": square()}, code=["S519", ""])
    assert schema.park_keys(parks).tolist() == ["S519", "b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("成都—阿坝工业园区", "成都-阿坝 工业园区"), ("ＡＢＣ园", "abc园"), ("(筹)甲", "（筹）甲")],
)
def test_names_are_compared_without_width_case_and_dashes(one, other):
    assert schema.normalised_name(one) == schema.normalised_name(other)


def test_the_system_counts_rows_that_count_and_have_a_tier():
    shapes = {str(i): square() for i in range(6)}
    tiers = ["national", "provincial", "provincial", "municipal", "municipal", ""]
    counted = [True, True, True, True, False, True]
    assert schema.park_system(park_layer(shapes, tier=tiers, counted=counted)) == ("1+2+1", 2)


def test_problems_have_every_column_whatever_a_row_gives():
    table = schema.problems_table([{"park_id": "a"}, {"code": "PM1", "row": 3}])
    assert list(table.columns) == list(schema.PROBLEM_COLUMNS)
    assert table["row"].tolist() == [0, 3]
    assert schema.problems_table([]).empty


def test_criteria_cannot_be_changed_after_the_fact():
    with pytest.raises(AttributeError):
        schema.Criteria().min_similarity = 0.1


@pytest.mark.parametrize(
    ("expect", "gaps"),
    [
        ("3+22+N", {"national": 0, "provincial": -3}),
        ("3+19", {"national": 0, "provincial": 0}),
        ("2+19+5", {"national": 1, "provincial": 0, "municipal": -2}),
        ("3 + 22 + n", {"national": 0, "provincial": -3}),
        ("", {}),
    ],
)
def test_the_counted_system_is_compared_with_the_one_that_is_meant(expect, gaps):
    assert schema.system_gaps("3+19+3", expect) == gaps


@pytest.mark.parametrize("expect", ["3", "a+b", "3+22+N+1", "N+22", "-3+22"])
def test_what_is_no_system_is_refused(expect):
    with pytest.raises(OptionError):
        schema.system_gaps("3+19+3", expect)


def test_alike_beyond_chance_is_one_rule_for_one_pair_and_for_many():
    p, similarity = [0.04, 0.06, float("nan"), 0.9], [0.6, 0.6, 0.6, 1.0]
    told = schema.beyond_chance(similarity, p).tolist()
    assert told == [True, False, True, True]
    assert [bool(schema.beyond_chance(*pair)) for pair in zip(similarity, p, strict=True)] == told
    assert schema.beyond_chance([0.6], [0.06], null_quantile=0.9).tolist() == [True]


@pytest.mark.parametrize(
    "said",
    [
        {"min_similarity": 5},
        {"sliver_width_m": -1},
        {"null_draws": -3},
        {"min_rivalry": float("nan")},
        {"max_distance_m": float("inf")},
        {"seed": -1},
    ],
)
def test_what_no_threshold_can_be_is_refused(said):
    with pytest.raises(OptionError, match=next(iter(said))):
        pm.Criteria(**said)


def test_functions_refuse_it_too():
    parks = park_layer({"a": square(), "b": square(500)}, sectors=[("印刷",)] * 2)
    shares = pm.sector_shares(parks)
    pairs = pm.similar_pairs(parks, shares, null_draws=0)
    for call in (
        lambda: pm.overlaps(parks, sliver_width_m=-1),
        lambda: pm.overlaps(parks, adjacent_gap_m=-1),
        lambda: pm.similar_pairs(parks, shares, min_similarity=5),
        lambda: pm.clusters(parks, shares, pairs, threshold=5),
    ):
        with pytest.raises(OptionError):
            call()
