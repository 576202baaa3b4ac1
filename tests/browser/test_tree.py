"""Search by initials, and the tree of tiers, with the network off."""

import pytest
import scenes
from page_tools import text

import parkmap as pm

pytestmark = pytest.mark.browser


@pytest.fixture
def page(show):
    parks = scenes.four_parks(
        name=["成都高新区", "郫都工业园", "锦江园", "North park"],
        tier=["national", "national", "provincial", ""],
    )
    return show(pm.web_map(scenes.small_city(parks)))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("cdgx", ["成都高新区"]),
        ("CDGX", ["成都高新区"]),
        ("pdgy", ["郫都工业园"]),
        ("xdgy", []),
        ("jj", ["锦江园"]),
        ("nort", ["North park"]),
        ("zz", []),
        ("锦江", ["锦江园"]),
    ],
)
def test_parks_are_found_by_initials(page, typed, names):
    page.click("#pm-tab-parks")
    page.fill(".pm-search", typed)
    assert page.locator("#pm-list .pm-row-title").all_inner_texts() == names


def test_names_that_begin_so_come_before_what_holds_it(show):
    parks = scenes.four_parks(
        name=["彭州品店园", "高新北园", "鏖都园", "北郫园"],
        district=["彭州市", "郫都区", "彭州市", "彭州市"],
        sectors=[("印刷",), ("IC设计",), ("晶圆制造",), ("电子信息",)],
    )
    page = show(pm.web_map(pm.analyze(parks, criteria=pm.Criteria(null_draws=0))))
    page.click("#pm-tab-parks")
    for typed, names in (
        ("pd", ["高新北园", "彭州品店园", "鏖都园"]),  # 鏖 may be read in any way
        ("芯片", ["高新北园", "鏖都园"]),
        ("半导体产业", ["高新北园", "鏖都园"]),
        ("集成电路", ["高新北园", "鏖都园"]),
        ("北", ["北郫园", "高新北园"]),
    ):
        page.fill(".pm-search", typed)
        assert page.locator("#pm-list .pm-row-title").all_inner_texts() == names, typed


def test_findings_are_found_by_the_initials_of_their_parks(page):
    page.fill(".pm-search", "cdgx")
    assert page.locator("#pm-list .pm-row").count() == 2


def shown(page):
    return page.evaluate(
        "Parkmap.data.parks.filter((p) => Parkmap.map.hasLayer(p.shape)).map((p) => p.name)"
    )


def test_the_tree_hides_and_shows_parks_tiers_and_all(page):
    page.click("#pm-layers summary")
    everything = shown(page)
    assert len(everything) == 4
    assert "全选（2+1+0）" in text(page, "#pm-layers")
    assert page.locator("[data-tree-park]").count() == 0
    page.click('[aria-controls="pm-tree-national"]')
    assert page.locator("[data-tree-park]").count() == 2
    page.uncheck('[data-tree-park="0"]')
    assert shown(page) == ["郫都工业园", "锦江园", "North park"]
    half = "selector => document.querySelector(selector).indeterminate"
    assert page.evaluate(half, '[data-layer="park_national"]')
    assert page.evaluate(half, '[data-tree="all"]')
    assert "成都高新区" not in page.locator(".pm-label").all_inner_texts()
    page.uncheck('[data-tree-park="1"]')
    assert not page.is_checked('[data-layer="park_national"]')
    assert shown(page) == ["锦江园", "North park"]
    page.check('[data-tree-park="1"]')
    assert shown(page) == ["郫都工业园", "锦江园", "North park"]
    page.check('[data-tree="all"]')
    assert shown(page) == everything
    page.uncheck('[data-tree="all"]')
    assert shown(page) == []


def test_the_tree_is_reached_by_keyboard_and_keeps_its_state_in_english(page):
    page.focus("#pm-layers summary")
    page.keyboard.press("Enter")
    page.focus('[data-layer="park_national"]')
    page.keyboard.press("Space")
    assert len(shown(page)) == 2
    page.evaluate("document.getElementById('pm-lang').click()")
    assert not page.is_checked('[data-layer="park_national"]')
    assert page.is_checked('[data-layer="park_provincial"]')
    assert "All (2+1+0)" in text(page, "#pm-layers")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_footer_leaves_room_for_the_map(show, lang):
    parks = scenes.four_parks(boundary_kind=["schematic"] * 4)
    page = show(pm.web_map(scenes.small_city(parks), lang=lang))
    assert page.locator("#pm-foot").bounding_box()["height"] < 80
    assert page.evaluate("Parkmap.map.getBounds().contains(Parkmap.wholeMap())")
    map_box = page.locator(".folium-map").bounding_box()
    assert abs(page.evaluate("Parkmap.map.getSize().y") - map_box["height"]) <= 1
