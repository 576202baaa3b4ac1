"""Several layers under the parks, with the network off."""

import dataclasses

import geopandas as gpd
import pytest
import scenes
import shapely
import shapely.affinity
from builders import square
from page_tools import text

import parkmap as pm

pytestmark = pytest.mark.browser


def test_each_layer_is_switched_by_itself(show):
    far = gpd.GeoDataFrame({"name": ["东区"]}, geometry=[square(width=90_000)], crs=scenes.METRIC)
    near = gpd.GeoDataFrame({"name": [""]}, geometry=[square(width=500)], crs=scenes.METRIC)
    page = show(pm.web_map(scenes.small_city(), context={"区.shp": far, "<i>水.shp": near}))
    page.click("#pm-layers > summary")
    assert "<i>水.shp" in text(page, "#pm-layers")
    assert "<i>水.shp" in text(page, "#pm-legend")
    shown = "() => [...document.querySelectorAll('.leaflet-pm-context-pane path')].length"
    assert page.evaluate(shown) == 2
    page.uncheck('[data-layer="context_1"]')
    assert page.evaluate(shown) == 1
    page.click("#pm-lang")
    assert not page.is_checked('[data-layer="context_1"]')
    page.uncheck('[data-layer="context"]')
    assert page.evaluate(shown) == 0
    assert page.locator(".pm-label-district").count() == 0


def test_roads_and_stations_are_drawn_with_a_line_in_the_legend(show):
    road = shapely.MultiLineString([[(0, 300), (9000, 300)], [(0, 500), (500, 900), (900, 500)]])
    west, south, *_ = square().bounds
    road = shapely.affinity.translate(road, west, south)
    roads = gpd.GeoDataFrame({"name": ["<b>绕城路"]}, geometry=[road], crs=scenes.METRIC)
    stop = gpd.GeoDataFrame(
        {"name": ["东站"]}, geometry=[shapely.Point(west + 500, south + 4000)], crs=scenes.METRIC
    )
    page = show(pm.web_map(scenes.small_city(), context={"roads.shp": roads, "metro.shp": stop}))
    drawn = """() => [...document.querySelectorAll('.leaflet-pm-context-pane path')].map((path) => [
      path.getAttribute("fill"), (path.getAttribute("d").match(/M/g) || []).length,
      /[az]/.test(path.getAttribute("d").replace(/z?$/, ""))])"""
    (line, two, _), (fill, one, is_round) = page.evaluate(drawn)
    assert (line, two) == ("none", 2)
    assert fill != "none"
    assert (one, is_round) == (1, True)
    legend = text(page, "#pm-legend")
    assert "roads.shp" in legend
    assert "metro.shp" in legend
    assert {"<b>绕城路", "东站"} <= set(page.locator(".pm-label-district").all_inner_texts())
    page.click("#pm-layers > summary")
    page.uncheck('[data-layer="context"]')
    assert len(page.evaluate(drawn)) == 1


def test_the_maker_stands_on_the_page_and_on_paper(show):
    city = scenes.small_city()
    named = dataclasses.replace(city, options={**city.options, "publisher": "某市<i>规划局"})
    page = show(pm.web_map(named))
    assert "制图单位\uff1a某市<i>规划局" in text(page, "#pm-foot")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert "某市<i>规划局" in page.locator("#pm-print").text_content()
