"""Measuring on the map, beside PROJ, with the network off."""

import numpy as np
import pytest
import scenes
from page_tools import text
from pyproj import Geod

import parkmap as pm
from parkmap import publication

pytestmark = pytest.mark.browser
GEOD = Geod(a=6378137, rf=298.257222101)


@pytest.fixture
def page(show):
    return show(pm.web_map(scenes.small_city()))


def test_lengths_are_those_of_proj(page):
    rng = np.random.default_rng(5)
    for reach in (1e-4, 0.01, 1.0, 30.0):
        for _ in range(10):
            lat, lng = rng.uniform(-60, 60), rng.uniform(-150, 140)
            other = lat + rng.uniform(-reach, reach), lng + rng.uniform(-reach, reach)
            found = page.evaluate("([a, b]) => Parkmap.geodesic(a, b)", [(lat, lng), other])
            _, _, metres = GEOD.inv(lng, lat, other[1], other[0])
            assert found == pytest.approx(metres, rel=1e-8, abs=1e-4)
    assert page.evaluate("Parkmap.geodesic([30, 104], [30, 104])") == 0
    assert page.evaluate("Parkmap.geodesic([0, 0], [0, 1])") == pytest.approx(111319.4908)


@pytest.mark.parametrize("reach", [0.002, 0.05, 0.5])
def test_areas_are_those_of_proj(page, reach):
    rng = np.random.default_rng(7)
    for _ in range(20):
        lat, lng = rng.uniform(-50, 50), rng.uniform(80, 130)
        corners = [(-1, -1), (-1, 1), (1, 1), (1, -1)]
        ring = [
            (lat + reach * (y + rng.uniform(-0.4, 0.4)), lng + reach * (x + rng.uniform(-0.4, 0.4)))
            for y, x in corners
        ]
        found = page.evaluate("ring => Parkmap.ellipsoidalArea(ring)", ring)
        area, _ = GEOD.polygon_area_perimeter([x for _, x in ring], [y for y, _ in ring])
        assert found == pytest.approx(abs(area), rel=2e-5)
        assert not page.evaluate("ring => Parkmap.crossesItself(ring)", ring)
        bow = [ring[0], ring[2], ring[1], ring[3]]
        assert page.evaluate("ring => Parkmap.crossesItself(ring)", bow)


def test_by_mouse_a_click_sets_a_point_and_opens_no_park(page):
    page.click("#pm-measure")
    box = page.locator(".folium-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-40, -40), (60, -40), (60, 50)):
        page.mouse.click(x + dx, y + dy)
    assert (
        page.locator(".leaflet-pm-measure-pane circle, .leaflet-pm-measure-pane path").count() == 5
    )
    said = text(page, "#pm-measured")
    assert "折线长" in said
    assert "公顷" in said
    assert page.evaluate("Parkmap.isOpen()") is False
    page.mouse.click(x, y + 80)
    page.click("text=退回一点")
    assert text(page, "#pm-measured") == said
    page.click("#pm-lang")
    assert text(page, "#pm-measured").startswith("Line ")
    page.click("text=Clear")
    assert "Click the map" in text(page, "#pm-measured")


def test_by_keyboard(page):
    page.focus("#pm-measure")
    page.keyboard.press("Enter")
    assert page.get_attribute("#pm-measure", "aria-pressed") == "true"
    where = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)
        where.append(page.evaluate("[Parkmap.map.getCenter().lat, Parkmap.map.getCenter().lng]"))
        page.keyboard.press("Enter")
    area, _ = GEOD.polygon_area_perimeter([lng for _, lng in where], [lat for lat, _ in where])
    assert f"面积{abs(area) / 1e4:,.2f}公顷" in text(page, "#pm-measured")
    page.keyboard.press("Backspace")
    assert "面积" not in text(page, "#pm-measured")
    page.keyboard.press("Escape")
    assert page.locator("#pm-measure-box").count() == 0
    assert page.evaluate("document.activeElement.id") == "pm-measure"
    assert page.locator(".leaflet-pm-measure-pane path").count() == 0


def test_where_the_page_is_not_to_scale_nothing_is_measured(show):
    page = show(pm.web_map(publication.published(scenes.small_city())))
    assert page.locator("#pm-measure").count() == 0
