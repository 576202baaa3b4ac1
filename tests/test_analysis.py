import pandas as pd
import pytest
from builders import park_layer, square

import parkmap as pm
from parkmap import analysis, schema
from parkmap.errors import CRSError, SchemaError


def city(**columns):
    shapes = {"a": square(), "b": square(x=900), "c": square(x=5000)}
    sectors = [("偏光片",), ("偏光片",), ("中药饮片",)]
    return park_layer(shapes, sectors=sectors, **columns)


def test_every_table_of_the_house_is_there():
    result = pm.analyze(city(tier=["national", "provincial", "municipal"]))
    assert result.system == "1+1+1"
    assert list(result.overlaps.index) == [("a", "b")]
    assert list(result.conflicts["kind"]) == ["both"]
    assert set(result.shares.index.get_level_values(0)) == {"a", "b", "c"}
    assert "(+0), 3 parks, 1 findings" in repr(result)


def test_the_criteria_used_are_the_criteria_given():
    criteria = schema.Criteria(min_similarity=0.7)
    assert pm.analyze(city(), criteria=criteria).criteria is criteria
    assert pm.analyze(city()).criteria == schema.Criteria()


def test_criteria_reach_the_rooms():
    mixed = city().assign(sectors=[("偏光片", "印刷", "家具"), ("偏光片", "印刷"), ("中药饮片",)])
    assert len(pm.analyze(mixed).clusters) == 1
    assert pm.analyze(mixed, criteria=schema.Criteria(min_rivalry=0.9)).clusters.empty
    wide = schema.Criteria(sliver_width_m=300, sliver_area_m2=1e9)
    assert list(pm.analyze(city(), criteria=wide).overlaps["relation"]) == ["sliver"]


def test_an_analysis_cannot_be_changed_after_the_fact():
    with pytest.raises(AttributeError):
        pm.analyze(city()).system = "9+9+9"


def test_one_question_alone_leaves_the_other_open():
    land = pm.analyze(city(), only="land")
    assert len(land.overlaps) == 1
    assert land.shares.empty
    assert list(land.conflicts["kind"]) == ["overlap"]
    sector = pm.analyze(city(), only="sector")
    assert sector.overlaps.empty
    assert list(sector.conflicts["kind"]) == ["homogeneity"]


def test_progress_names_every_step_in_order():
    begun = []
    pm.analyze(city(), progress=begun.append)
    assert begun == list(analysis.STEPS)


def test_problems_met_while_reading_come_first():
    met = schema.problems_table([{"code": "PM101", "severity": "info", "message": "x"}])
    problems = pm.analyze(city(), problems=met).problems
    assert problems["code"].iloc[0] == "PM101"
    assert list(problems.columns) == list(schema.PROBLEM_COLUMNS)


def test_a_park_inside_another_by_policy_forms_no_group_with_it():
    shapes = {"in": square(x=100, y=100, width=500), "out": square()}
    nested = park_layer(shapes, sectors=[("偏光片",), ("偏光片",)], parent_id=["out", ""])
    assert pm.analyze(nested).clusters.empty


def test_a_city_that_only_says_chain_words_is_too_coarse():
    shapes = {f"p{i}": square(x=3000 * i) for i in range(20)}
    result = pm.analyze(park_layer(shapes, sectors=[("电子信息",)] * 20))
    assert result.too_coarse
    assert result.clusters.empty
    assert not (result.conflicts["severity"] == "medium").any()


def test_four_parks_of_one_segment_are_one_group_and_of_one_chain_word_none():
    shapes = {f"p{i:02}": square(x=9000 * i) for i in range(14)}
    others = [
        "偏光片",
        "家具",
        "印刷",
        "汽车零部件",
        "光学镜头",
        "白酒",
        "物流",
        "船舶",
        "水泥",
        "玻璃",
    ]
    for word, groups in (("中药饮片", 1), ("医药", 0)):
        sectors = [(word,)] * 4 + [(other,) for other in others]
        result = pm.analyze(park_layer(shapes, sectors=sectors))
        flagged = result.clusters[result.clusters["flagged"].astype(bool)]
        assert len(flagged) == groups, word
        if groups:
            assert flagged["parks"].iloc[0] == ("p00", "p01", "p02", "p03")
        else:
            rows = result.conflicts[result.conflicts["verdict"] != "complementary"]
            assert rows["coarse"].all()


@pytest.mark.parametrize(("crs", "error"), [(None, CRSError)])
def test_a_layer_without_crs_is_refused(crs, error):
    with pytest.raises(error):
        pm.analyze(park_layer({"a": square()}, crs=crs))


def test_a_table_without_geometry_is_refused():
    with pytest.raises(SchemaError):
        pm.analyze(pd.DataFrame({"name": ["a"]}))


def test_a_table_as_it_came_from_a_file_is_refused_with_the_way_to_read_it():
    parks = park_layer({"a": square()}).rename(columns={"name": "\u56ed\u533a\u540d\u79f0"})
    with (
        pm.use_language("zh"),
        pytest.raises(SchemaError, match=r"\u56ed\u533a\u540d\u79f0.*read_parks"),
    ):
        pm.analyze(parks)
    assert len(pm.analyze(pm.read_parks(parks)).parks) == 1


def test_a_map_of_parks_that_were_not_analysed_is_refused():
    with pm.use_language("en"), pytest.raises(SchemaError, match="analyze"):
        pm.web_map(park_layer({"a": square()}))
