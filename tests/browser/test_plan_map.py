"""Before and after on one map, with the network off."""

import pytest
from builders import park_layer, square
from page_tools import drawn, text

import parkmap as pm

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def page(show):
    layer = {"a": square(), "b": square(1200), "c": square(60_000)}
    parks = park_layer(
        layer,
        sectors=["偏光片"] * 3,
        tier=["provincial", "municipal", "municipal"],
        name=["甲园", HOSTILE, "丙园"],
    )
    result = pm.analyze(parks)
    plan = pm.consolidate(result)
    return show(pm.web_map(result, after=plan.merged, moves=plan.moves))


def labels(page):
    return page.locator(".pm-label").all_inner_texts()


def has_plan(page):
    return page.evaluate("Parkmap.map.hasLayer(Parkmap.layers.plan)")


def test_the_switch_shows_today_the_plan_or_both(page):
    assert page.is_checked('[data-plan="before"]')
    assert not has_plan(page)
    assert any(HOSTILE[:20] in label for label in labels(page))
    page.check('[data-layer="homogeneity"]')
    assert page.locator(".pm-on-map").count() > 0
    page.check('[data-plan="after"]')
    assert has_plan(page)
    assert drawn(page, "plan") == 2
    assert not page.locator(".leaflet-pm-parks-pane").is_visible()
    assert not any(HOSTILE[:20] in label for label in labels(page))
    assert page.locator(".pm-on-map").count() > 0  # what stands after it
    page.check('[data-plan="both"]')
    assert has_plan(page)
    assert page.evaluate("getComputedStyle(Parkmap.map.getPane('pm-parks')).display") == "block"
    page.check('[data-plan="before"]')
    assert not has_plan(page)
    assert page.locator(".pm-on-map").count() > 0


def test_a_move_opens_what_it_leads_to_by_keyboard_and_in_english(page):
    page.click("#pm-lang")
    page.focus(".pm-plan summary")
    page.keyboard.press("Enter")
    assert HOSTILE in text(page, ".pm-plan-moves")
    page.focus(".pm-plan-moves button")
    page.keyboard.press("Enter")
    assert page.is_checked('[data-plan="both"]')
    said = text(page, ".leaflet-popup")
    assert "甲园" in said
    assert HOSTILE in said
    assert "would take in" in said
    box = page.locator(".leaflet-popup").bounding_box()
    assert box["x"] + box["width"] <= page.locator("details#pm-layers").bounding_box()["x"]


def tree(page):
    return text(page, "#pm-tree").split()


def rows(page):
    return page.locator("#pm-list .pm-row").count()


def test_layers_and_counts_are_those_of_the_state_that_is_shown(page):
    before = page.evaluate("Parkmap.data.findings.map((finding) => finding.parks)")
    standing = [parks for parks in before if sorted(parks) != [0, 1]]
    assert 0 < len(standing) < len(before)
    assert "1+2" in "".join(tree(page))
    assert rows(page) == len(before)
    page.check('[data-plan="after"]')
    assert rows(page) == len(standing)
    head = text(page, "#pm-head").split()
    assert head[head.index("整合后") - 1] == str(len(standing))
    assert f"{len(before) - len(standing)}条事项所涉园区拟并为一园" in text(page, "#pm-panel")
    assert tree(page) == ["全选（0+1+1）", "省级开发区", "1", "市级特色园区", "1"]
    page.uncheck('[data-layer="park_provincial"]')
    assert drawn(page, "plan") == 1
    assert labels(page) == ["丙园"]
    page.check('[data-tree="all"]')
    assert drawn(page, "plan") == 2
    page.check('[data-layer="homogeneity"]')
    assert page.locator(".leaflet-pm-links-pane path").count() == len(standing)
    page.click("#pm-tab-parks")
    assert rows(page) == 2
    said = page.locator("#pm-list .pm-row").first
    assert HOSTILE in said.inner_text()
    said.click()
    assert "甲园" in text(page, ".leaflet-popup")
    page.check('[data-plan="before"]')
    assert rows(page) == 3
    page.click("#pm-tab-findings")
    assert rows(page) == len(before)


def test_on_a_phone_the_box_starts_closed(show):
    result = pm.analyze(park_layer({"a": square()}, name=["甲"]))
    plan = pm.consolidate(result)
    phone = show(pm.web_map(result, after=plan.merged, moves=plan.moves), size="phone")
    assert not phone.evaluate("document.querySelector('details#pm-layers').open")
    phone.click("#pm-layers > summary")
    phone.check('[data-plan="after"]')
    assert has_plan(phone)
