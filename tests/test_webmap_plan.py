"""What the page knows of a consolidation plan."""

import json
import re

import pytest
import scenes
from builders import park_layer, square
from page_tools import rings_of

import parkmap as pm
from parkmap.webmap import proposal, shapes


def planned(**columns):
    layer = {"a": square(), "b": square(1200), "c": square(60_000)}
    told = {
        "name": ["Host", "Guest", "Far"],
        "tier": ["provincial", "municipal", "municipal"],
        "sectors": ["偏光片"] * 3,
        **columns,
    }
    result = pm.analyze(park_layer(layer, **told))
    return result, pm.consolidate(result)


def data_of(m):
    page = m.get_root().render()
    return json.loads(re.search(r'id="pm-data">(.*?)</script>', page, re.DOTALL)[1])["plan"]


def test_the_plan_says_what_joins_what_in_both_languages():
    result, plan = planned()
    data = data_of(pm.web_map(result, after=plan.merged, moves=plan.moves))
    assert [(park["name"], park["members"]) for park in data["after"]] == [
        ("Host", ["Guest"]),
        ("Far", []),
    ]
    assert [(park["tier"], park["park"]) for park in data["after"]] == [
        ("provincial", 0),
        ("municipal", 2),
    ]
    assert (data["system"], data["others"]) == ("0+1+1", 0)
    (move,) = data["moves"]
    assert (move["park"], move["into"]) == (1, 0)
    assert move["said"]["zh"].startswith("Guest → Host：并入")
    assert "decided by: city" in move["said"]["en"]


def test_outlines_are_those_of_the_merged_layer():
    result, plan = planned()
    data = data_of(pm.web_map(result, after=plan.merged, moves=plan.moves))
    outlines = plan.merged.to_crs(4326).geometry
    for park, shape in zip(data["after"], outlines, strict=True):
        (outer,) = {len(rings_of(park["rings"]))}
        assert outer == len(getattr(shape, "geoms", [shape]))
    assert data["after"][0]["ha"] == pytest.approx(plan.merged["plan_area_ha"]["a"], abs=0.01)


def test_a_founded_park_is_told_apart():
    _, plan = planned()
    moves = plan.moves.assign(into=["x", *plan.moves["into"][1:]])
    merged = plan.merged.rename(index={"a": "x"})
    data = proposal.plan_data(merged, moves, {"a": 0, "b": 1, "c": 2}, shapes.drawing)
    assert [park["is_new"] for park in data["after"]] == [True, False]


def test_a_park_that_is_not_drawn_has_no_place():
    _, plan = planned()
    data = proposal.plan_data(plan.merged, plan.moves, {"a": 0}, shapes.drawing)
    assert [move["park"] for move in data["moves"]] == [-1]


def test_a_page_without_a_plan_has_no_layer_for_it():
    page = pm.web_map(scenes.small_city()).get_root().render()
    assert "feature_group_plan" not in page
    result, plan = planned()
    page = pm.web_map(result, after=plan.merged, moves=plan.moves).get_root().render()
    assert "feature_group_plan" in page
