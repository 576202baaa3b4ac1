"""Several layers under the parks, with the network off."""

import geopandas as gpd
import pytest
import scenes
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
