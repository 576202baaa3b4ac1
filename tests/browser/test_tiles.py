"""Background tiles in a browser: asked for under the parks only when somebody wanted them."""

import base64
import re

import pytest
import scenes
from page_tools import text

import parkmap as pm

pytestmark = pytest.mark.browser
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_tiles_are_fetched_and_named(browser, tmp_path):
    file = tmp_path / "map.html"
    pm.web_map(scenes.small_city(), lang="en", tiles="gaode").save(str(file))
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    asked, wrong = [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    page.route(re.compile("^https://"), answer)
    page.goto(file.as_uri())
    page.wait_for_function("document.documentElement.dataset.parkmap === 'ready'")
    page.wait_for_selector(".leaflet-tile-loaded")
    assert asked
    assert all(".is.autonavi.com/" in url for url in asked)
    assert "Background: 高德地图" in text(page, "#pm-foot")
    assert page.locator(".leaflet-pm-parks-pane path").count() == 4
    assert wrong == []
    page.close()
