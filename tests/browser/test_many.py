"""A page of thousands of parks: one canvas, which shows, answers and hides as paths do."""

import pytest
import scenes
from builders import park_layer, square
from page_tools import text

import parkmap as pm
from parkmap.webmap import choice

pytestmark = pytest.mark.browser
SIDE = 40  # parks in a row, 1600 in all
#: Share of a park's outline and fill that is painted: read from the canvas round a park's label.
PAINTED = """(i) => {
  const map = Parkmap.map, canvas = document.querySelector(".leaflet-pm-parks-pane canvas");
  const box = canvas.getBoundingClientRect(), own = map.getContainer().getBoundingClientRect();
  const at = map.latLngToContainerPoint(Parkmap.point(Parkmap.data.parks[i].at));
  const ratio = canvas.width / box.width;
  const x = (at.x + own.left - box.left) * ratio, y = (at.y + own.top - box.top) * ratio;
  const copy = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, -x + 1, -y + 1);
  return copy.getImageData(0, 0, 3, 3).data.some((v) => v > 0);
}"""


@pytest.fixture(scope="module")
def city():
    """1600 squares in a grid; the first has a hole in its middle, the last is a point."""
    shapes = [square(x * 3000, y * 3000) for y in range(SIDE) for x in range(SIDE)]
    shapes[0] = shapes[0] - shapes[0].buffer(-300)
    shapes[-1] = shapes[-1].centroid
    tiers = ["national" if row < 100 else "municipal" for row in range(len(shapes))]
    return scenes.analysis(
        park_layer({str(row): shape for row, shape in enumerate(shapes)}, tier=tiers)
    )


def place_of(page, park):
    """Where a park's label point is in the window."""
    return page.evaluate(
        """(i) => {
          const at = Parkmap.map.latLngToContainerPoint(Parkmap.point(Parkmap.data.parks[i].at));
          const box = Parkmap.map.getContainer().getBoundingClientRect();
          return [at.x + box.left, at.y + box.top];
        }""",
        park,
    )


def go_to(page, park):
    page.evaluate(
        "(i) => Parkmap.map.setView(Parkmap.point(Parkmap.data.parks[i].at), 13, {animate: false})",
        park,
    )


def test_all_parks_are_on_one_canvas(show, city):
    page = show(pm.web_map(city))
    assert page.locator(".leaflet-pm-parks-pane path").count() == 0
    for park in (0, 99, 820, 1598, 1599):
        go_to(page, park)
        assert page.evaluate(PAINTED, park), park


def test_a_click_opens_the_park_and_a_click_beside_closes_it(show, city):
    page = show(pm.web_map(city))
    for park in (0, 820, 1599):
        go_to(page, park)
        page.mouse.click(*place_of(page, park))
        assert text(page, "#pm-card h2") == f"园区{park}"
        x, y = place_of(page, park)
        page.keyboard.press("Escape")
        page.mouse.click(x, y + 130)
        assert page.locator("#pm-card").count() == 0


def test_a_hole_is_no_part_of_its_park(show, city):
    page = show(pm.web_map(city))
    page.evaluate(
        """() => Parkmap.map.setView(Parkmap.data.parks[0].shape.getBounds().getCenter(), 14,
          {animate: false})"""
    )
    assert (
        page.evaluate("Parkmap.parkAt(Parkmap.map.latLngToLayerPoint(Parkmap.map.getCenter()))")
        is None
    )
    assert (
        page.evaluate(
            "Parkmap.parkAt(Parkmap.map.latLngToLayerPoint(Parkmap.point(Parkmap.data.parks[0].at))).i"
        )
        == 0
    )


def test_a_pointer_over_a_park_names_it(show, city):
    page = show(pm.web_map(city))
    go_to(page, 820)
    x, y = place_of(page, 820)
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    assert "园区820" in text(page, ".leaflet-tooltip")
    page.mouse.move(x, y + 130)
    page.wait_for_selector(".leaflet-tooltip", state="detached")


def test_a_tier_taken_off_is_neither_painted_nor_clicked(show, city):
    page = show(pm.web_map(city))
    page.click("#pm-layers summary")
    page.uncheck('[data-layer="park_municipal"]')
    page.click("#pm-layers summary")
    go_to(page, 820)
    assert not page.evaluate(PAINTED, 820)
    page.mouse.click(*place_of(page, 820))
    assert page.locator("#pm-card").count() == 0
    go_to(page, 50)
    assert page.evaluate(PAINTED, 50)


def test_a_sector_filter_repaints(show, city):
    page = show(pm.web_map(city))
    go_to(page, 820)
    read = PAINTED.replace(".some((v) => v > 0)", "[3]")
    before = page.evaluate(read, 820)
    page.evaluate("Parkmap.filterSector('aircraft')")
    page.wait_for_function(f"({read})(820) < {before}")


def test_the_list_grows_by_two_hundred(show, city):
    page = show(pm.web_map(city))
    page.click("#pm-tab-parks")
    rows = page.locator("#pm-list .pm-row")
    assert rows.count() == 200
    page.click("#pm-more-rows")
    assert rows.count() == 400
    assert (
        page.evaluate(
            "[...document.querySelectorAll('#pm-list .pm-row')].indexOf(document.activeElement)"
        )
        == 200
    )
    page.fill(".pm-search", "园区820")
    assert rows.count() >= 1
    assert page.locator("#pm-more-rows").count() == 0


def test_what_is_left_out_is_said(show, monkeypatch):
    monkeypatch.setattr(choice, "MOST_FINDINGS", 1)
    page = show(pm.web_map(scenes.small_city(), lang="en"), address="#c-000003")
    notices = text(page, "#pm-panel")
    assert "The first 1 findings of 3" in notices
    assert "c-000003 is not on this page" in notices
    assert page.locator(".pm-tile b").all_inner_texts()[1] == "3"
    page.click('[data-finding="c-000001"]')
    page.click("#pm-back")
    assert page.locator("#pm-list .pm-row").count() == 1


def test_fewer_parks_are_said(show):
    page = show(pm.web_map(scenes.small_city(), lang="en", top=2))
    assert "2 of 4 parks are drawn" in text(page, "#pm-panel")


def test_a_print_has_the_parks(show, city):
    page = show(pm.web_map(city))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(PAINTED, 1598)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(PAINTED, 1598)


def test_outlines_are_read_when_somebody_sees_them_or_the_browser_has_time(show, city):
    page = show(pm.web_map(city))
    page.wait_for_function(
        "Parkmap.data.parks.every((park) => !park.rings || park.shape.at?.length > 6)"
    )
    assert page.evaluate("Parkmap.data.parks[0].shape.begins.length") == 3  # with its hole


def test_small_shared_ground_is_a_dot_and_near_it_is_hatched(show):
    rows = {str(k): square(k % 40 * 3000, k // 40 * 3000) for k in range(1599)}
    rows["x"] = square(820 % 40 * 3000 + 700, 820 // 40 * 3000)
    parks = park_layer(rows)
    shared = scenes.land(parks, "820", "x", severity="high")
    page = show(pm.web_map(scenes.analysis(parks, [shared])))
    hatched = page.locator('.leaflet-pm-ground-pane path[fill="url(#pm-hatch)"]')
    assert hatched.count() == 0
    dot = PAINTED.replace("parks[i]", "findings[0]").replace(".some((v) => v > 0)", "")
    red, green, blue = page.evaluate(f"() => [...({dot})()].slice(16, 19)")
    assert red > 150 > max(green, blue)
    go_to(page, 820)
    page.wait_for_function("document.querySelectorAll('.leaflet-pm-ground-pane path').length")
    page.click("#pm-layers summary")
    page.uncheck('[data-layer="overlap"]')
    assert hatched.count() == 0


def test_measuring_over_thousands_sets_points_and_opens_no_park(show, city):
    page = show(pm.web_map(city))
    go_to(page, 820)
    x, y = place_of(page, 820)
    page.click("#pm-measure")
    for dx, dy in ((0, 0), (60, 0), (60, 60)):
        page.mouse.click(x + dx, y + dy)
    said = text(page, "#pm-measured")
    assert "折线长" in said
    assert "公顷" in said
    assert page.locator("#pm-card, .leaflet-popup").count() == 0
    page.keyboard.press("Escape")
    page.mouse.click(x, y)
    assert text(page, "#pm-card h2") == "园区820"


def test_paper_of_thousands_has_them_all_and_a_legend(show, city):
    page = show(pm.web_map(city))
    go_to(page, 820)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("Parkmap.map.getBounds().contains(Parkmap.wholeMap())")
    assert page.evaluate(PAINTED, 0)
    said = page.locator("#pm-print").text_content()
    for word in ("级别", "坐标系", "制图单位", "审图号", "口径"):
        assert word in said


def test_paper_lists_three_hundred_and_says_so(show):
    parks = park_layer({str(k): square(k * 900) for k in range(322)})
    shared = [scenes.land(parks, str(k), str(k + 1)) for k in range(321)]
    page = show(pm.web_map(scenes.analysis(parks, shared), lang="en"))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#pm-print tbody tr").count() == 300
    assert "first 300 of 321" in page.locator("#pm-print").text_content()
