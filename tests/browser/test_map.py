"""The findings map in a real browser with the network off."""

import pytest
import scenes
from builders import park_layer, square
from page_tools import CONTRAST, SIZES, drawn, text
from payloads import PAYLOADS

import parkmap as pm
from parkmap import palette
from parkmap.webmap import shapes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", list(SIZES))
def test_every_park_and_finding_is_drawn(show, size):
    result = scenes.random_city()
    page = show(pm.web_map(result), size=size)
    tiers = ("national", "provincial", "municipal", "other")
    assert sum(drawn(page, f"park_{tier}") for tier in tiers) == len(result.parks)
    assert page.locator(".leaflet-pm-parks-pane path").count() == len(result.parks)
    assert drawn(page, "overlap") + drawn(page, "policy") == len(result.conflicts)
    assert page.locator("#pm-list .pm-row").count() == len(result.conflicts)


@pytest.mark.parametrize("size", list(SIZES))
def test_nothing_sticks_out_of_the_window(show, size):
    page = show(pm.web_map(scenes.random_city()), size=size)
    width, height = SIZES[size]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    for part in ("#pm-head", "#pm-panel", "#pm-foot", ".folium-map"):
        box = page.locator(part).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height


def test_overlaps_are_hatched_and_numbered(show):
    page = show(pm.web_map(scenes.small_city()))
    assert page.locator('path[fill="url(#pm-hatch)"]').count() >= 1
    assert page.locator(".pm-on-map").all_inner_texts() == ["1"]
    assert "①" in page.locator(".pm-on-map").get_attribute("title")


def test_a_row_opens_its_card_and_moves_the_map(show):
    page = show(pm.web_map(scenes.small_city()))
    before = page.evaluate("Parkmap.map.getZoom()")
    page.click('[data-finding="c-000001"]')
    card = text(page, "#pm-card")
    for word in (
        "园区a",
        "园区b",
        "20.00公顷（300亩）",
        "20.0%",
        "封装测试",
        "主导产业约六成相同",
        "5.0公里",
    ):
        assert word in card
    assert page.url.endswith("#c-000001")
    assert page.evaluate("Parkmap.map.getZoom()") > before
    page.click("#pm-back")
    assert page.locator("#pm-list .pm-row").count() == 3
    assert "#" not in page.url


def test_an_address_opens_the_finding(show):
    page = show(pm.web_map(scenes.small_city()), address="#c-000002")
    assert "园区d" in text(page, "#pm-card h2")
    page.evaluate("location.hash = '#c-000001'")
    page.wait_for_function("document.querySelector('#pm-card h2').innerText.includes('园区b')")


def test_an_address_of_nothing_shows_the_list(show):
    page = show(pm.web_map(scenes.small_city()), address="#%E0%A4%A")
    assert page.locator("#pm-list .pm-row").count() == 3


def test_a_park_clicked_on_the_map_shows_its_findings(show):
    page = show(pm.web_map(scenes.small_city()))
    page.evaluate("Parkmap.data.parks[0].shape.fire('click', {latlng: Parkmap.map.getCenter()})")
    assert text(page, "#pm-card h2") == "园区a"
    assert page.locator("#pm-card .pm-row").count() == 2
    assert "园区a" in text(page, ".leaflet-popup")


def test_shared_ground_clicked_on_the_map_says_why(show):
    page = show(pm.web_map(scenes.small_city()))
    page.locator('path[fill="url(#pm-hatch)"]').first.click(force=True, position={"x": 4, "y": 4})
    assert "范围交叉20.00公顷（300亩）" in text(page, ".leaflet-popup")
    assert text(page, "#pm-card h2") == "园区a × 园区b"


def test_tooltip_names_tier_and_sectors(show):
    page = show(pm.web_map(scenes.small_city()))
    page.evaluate("Parkmap.data.parks[0].shape.openTooltip()")
    shown = text(page, ".leaflet-tooltip")
    for word in ("园区a", "国家级", "封装测试"):
        assert word in shown


def test_filter_holds_for_list_and_map(show):
    page = show(pm.web_map(scenes.small_city()))
    page.click('[data-severity="high"]')
    assert page.locator("#pm-list .pm-row").count() == 2
    assert drawn(page, "overlap") == 0
    assert page.locator(".pm-on-map").count() == 0
    page.click("#pm-shown button")
    assert page.locator("#pm-list .pm-row").count() == 3
    assert drawn(page, "overlap") == 1


@pytest.mark.parametrize(
    ("typed", "rows"),
    [("园区d", 2), ("东区", 3), ("显示面板", 3), ("①", 1), ("c-000002", 1), ("无此园", 0)],
)
def test_search(show, typed, rows):
    page = show(pm.web_map(scenes.small_city()))
    page.fill(".pm-search", typed)
    assert page.locator("#pm-list .pm-row").count() == rows


def test_filter_by_kind_tier_and_district(show):
    page = show(pm.web_map(scenes.small_city()))
    page.select_option('[aria-label="类别"]', "both")
    assert page.locator("#pm-list .pm-row").count() == 1
    page.select_option('[aria-label="类别"]', "")
    page.select_option('[aria-label="级别"]', "national")
    assert page.locator("#pm-list .pm-row").count() == 2
    page.select_option('[aria-label="区（市）县"]', "南区")
    assert page.locator("#pm-list .pm-row").count() == 1


def test_every_kind_of_the_filter_holds_what_it_says(show):
    parks = scenes.four_parks()
    rows = [
        scenes.land(parks, "a", "b", severity="medium"),
        scenes.land(parks, "a", "b", severity="info", relation="same_body"),
        {**scenes.RIVALS, "parks": ("a", "d")},
        {**scenes.RIVALS, "parks": ("b", "d"), "verdict": "complementary", "severity": "info"},
    ]
    page = show(pm.web_map(scenes.analysis(parks, rows)))
    options = page.locator('[aria-label="类别"] option')
    assert options.all_inner_texts() == [
        *("全部类别", "范围关系（各类）", "同一管理主体", "范围交叉"),
        *("产业关系（各类）", "同质竞争风险", "链上互补"),
    ]
    for option in options.all_inner_texts()[1:]:
        page.select_option('[aria-label="类别"]', label=option)
        kinds = page.locator("#pm-list .pm-row-say b").all_inner_texts()
        assert len(kinds) == 2 if "各类" in option else kinds == [option]


def test_language_switch(show):
    page = show(pm.web_map(scenes.small_city()))
    page.click('[data-finding="c-000001"]')
    page.click("#pm-lang")
    assert "20.00 ha (300 mu)" in text(page, "#pm-card")
    assert "about 60% the same" in text(page, "#pm-card")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "Industrial parks" in page.title()
    page.click("#pm-lang")
    assert "20.00公顷（300亩）" in text(page, "#pm-card")


def test_both_languages_write_figures_as_the_report_does(show):
    page = show(pm.web_map(scenes.small_city()))
    for metres in (0.002, 0.04, 5, 9.96, 10.5, 11.5, 120, 999.7, 1000, 12_250, 12_340, 12_750):
        assert page.evaluate(f"Parkmap.distance({metres})") == pm.messages.distance(
            metres, lang="zh"
        )
    halves = (6_355_000, 6_354_986.3, 1250, 3750, 31_250, 31_350, 1_264_899.42, 100_050)
    for square_metres in (0, 0.2, 1, 49.9, 50, 333.3, 435_000, 12_649_000, *halves):
        wanted = pm.messages.area(square_metres, lang="zh")
        assert page.evaluate(f"Parkmap.area({square_metres})") == wanted
    for share in (0, 0.0001, 0.034, 0.0625, 0.0675, 0.1875, 0.0115, 0.145, 0.5, 1):
        assert page.evaluate(f"Parkmap.percent({share})") == pm.messages.percent(share)


def test_one_card_tells_one_area_in_one_way(show):
    side = 2500 * (635.4993 / shapes.hectares(park_layer({"a": square(width=2500)}))[0]) ** 0.5
    parks = park_layer({"a": square(width=side)}, approved_area_ha=[635.5])
    page = show(pm.web_map(scenes.analysis(parks)))
    page.evaluate("Parkmap.select({park: 0}, {})")
    assert text(page, "#pm-card").count("635.50公顷（9,533亩）") == 2


def test_layers_can_be_switched(show):
    page = show(pm.web_map(scenes.small_city()))
    page.click("#pm-layers summary")
    page.uncheck('[data-layer="park_national"]')
    assert page.locator(".leaflet-pm-parks-pane path").count() == 3
    assert page.locator(".leaflet-pm-links-pane path").count() == 0
    page.check('[data-layer="homogeneity"]')
    page.check('[data-layer="synergy"]')
    assert page.locator(".leaflet-pm-links-pane path").count() == 3
    page.uncheck('[data-layer="labels"]')
    assert page.locator(".pm-label").count() == 0


def test_numbers_of_links_stand_half_way(show):
    page = show(pm.web_map(scenes.small_city()))
    page.click('[data-finding="c-000002"]')
    assert page.locator(".pm-chosen").inner_text() == "2"
    page.click("#pm-back")
    assert page.locator(".pm-on-map").all_inner_texts() == ["1"]
    page.click("#pm-layers summary")
    page.check('[data-layer="homogeneity"]')
    assert page.locator(".pm-on-map").all_inner_texts() == ["1", "2"]


def test_a_national_park_is_named_before_small_numbers_take_the_room(show):
    grid = [(x, y) for x in range(-6, 7, 3) for y in range(-6, 7, 3) if x or y]
    around = {
        f"r{i}{j}": square(x * 1000 + j * 500, y * 1000)
        for i, (x, y) in enumerate(grid)
        for j in (0, 1)
    }
    far = {"far": square(-30_000, -30_000), "away": square(30_000, 30_000)}
    shapes = {"n": square(), **around, **far}
    tiers = ["national"] + ["provincial"] * (len(shapes) - 1)
    parks = park_layer(shapes, tier=tiers)
    parks["name"] = ["某某高新技术产业开发区", *(f"园{key}" for key in parks.index[1:])]
    pairs = [(f"r{i}0", f"r{i}1") for i in range(len(grid))]
    rows = [scenes.land(parks, *pair, severity="info") for pair in pairs]
    page = show(pm.web_map(scenes.analysis(parks, rows)), size="phone")
    assert page.locator(".pm-label-national").all_inner_texts() == ["某某高新技术产业开发区"]
    assert page.locator(".pm-on-map").count() > 1


def test_a_name_does_not_stand_on_another_park_where_there_is_room(show):
    shapes = {"a": square(width=4000), "b": square(1900, 4050, 200), "c": square(9000)}
    page = show(pm.web_map(scenes.analysis(park_layer(shapes))))
    box = page.locator(".pm-label", has_text="园区b").bounding_box()
    low = page.evaluate(
        """() => { const { a } = Object.fromEntries(Parkmap.data.parks.map((p) => [p.id, p]));
          return Parkmap.map.latLngToContainerPoint(a.shape.getBounds().getNorthEast()).y
            + document.querySelector(".folium-map").getBoundingClientRect().y; }"""
    )
    assert box["y"] + box["height"] / 2 < low


def test_layers_count_parks_as_the_system_does(show):
    parks = scenes.four_parks(tier=["national", "national", "provincial", "provincial"])
    parks["counted"] = [True, False, True, True]
    page = show(pm.web_map(scenes.small_city(parks)))
    page.click("#pm-layers summary")
    words = text(page, "#pm-layers")
    for word in ("国家级开发区 1", "省级开发区 2", "另列园区（不计入体系） 1"):
        assert word in words


def test_parks_beside_the_system_are_dotted_as_on_the_picture(show):
    parks = scenes.four_parks(tier=["national", "national", "municipal", "municipal"])
    parks["counted"] = [True, False, True, True]
    page = show(pm.web_map(scenes.small_city(parks)))
    edges = page.evaluate("Parkmap.data.parks.map((park) => park.shape.options.color)")
    national, municipal = (palette.OUTLINES[tier] for tier in ("national", "municipal"))
    assert edges == [national, palette.OUTLINES["other"], municipal, municipal]
    assert drawn(page, "park_other") == 1
    assert "另列园区（不计入体系）" in text(page, "#pm-legend")
    page.select_option('[aria-label="级别"]', "other")
    page.click("#pm-tab-parks")
    assert page.locator("#pm-list .pm-row-title").all_inner_texts() == ["园区b"]
    page.click("#pm-list .pm-row")
    assert text(page, ".pm-card .pm-kind") == "国家级（另列）"


def test_rivals_and_chain_partners_have_lines_of_their_own(show):
    page = show(pm.web_map(scenes.small_city()))
    legend = text(page, "#pm-legend")
    assert "同质竞争风险/竞合并存" in legend
    assert "链上互补" in legend
    for place, ink in ((1, palette.RIVALRY), (2, palette.COMPLEMENTARY)):
        page.evaluate(f"Parkmap.select({{finding: {place}}}, {{}})")
        lines = "Parkmap.lit.getLayers().filter((shape) => !shape.options.fill && !shape.getRadius)"
        inks = page.evaluate(f"{lines}.map((shape) => shape.options.color)")
        assert ink in inks
        assert not {palette.RIVALRY, palette.COMPLEMENTARY} - {ink} & set(inks)


def test_a_number_on_a_line_lies_beside_every_park(show):
    names = {"a": square(), "m": square(3000, -500, 4000, 2000), "b": square(10_000)}
    rival = {**scenes.RIVALS, "parks": ("a", "b"), "severity": "medium"}
    page = show(pm.web_map(scenes.analysis(park_layer(names), [rival])))
    page.evaluate("Parkmap.map.addLayer(Parkmap.layers.homogeneity); Parkmap.placeNames()")
    box = page.locator(".pm-on-map").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    frames = page.evaluate(
        """() => Parkmap.data.parks.map((park) => {
          const { x, y } = document.querySelector(".folium-map").getBoundingClientRect();
          const low = Parkmap.map.latLngToContainerPoint(park.shape.getBounds().getSouthWest());
          const high = Parkmap.map.latLngToContainerPoint(park.shape.getBounds().getNorthEast());
          return [low.x + x, high.x + x];
        })"""
    )
    assert all(not left <= middle[0] <= right for left, right in frames)


def test_one_district_under_two_spellings_is_one_choice(show):
    parks = scenes.four_parks(district=["郫都区", "郫都区(高新西区)", "", "武侯区、郫都区(西)"])
    page = show(pm.web_map(scenes.small_city(parks)))
    options = page.locator('[aria-label="区（市）县"] option').all_inner_texts()
    assert sorted(options[1:]) == ["武侯区", "郫都区"]


def test_chips_and_criteria_are_whole(show):
    page = show(pm.web_map(scenes.small_city()))
    page.click("#pm-about-open")
    heights = page.eval_on_selector_all(
        "#pm-about .pm-chip", "all => all.map((e) => e.clientHeight)"
    )
    assert len(heights) == 4
    assert max(heights) < 24
    cut = "e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight + 1"
    assert not page.eval_on_selector(".pm-foot-criteria", cut)


def test_a_phone_tells_how_many_findings_there_are(show):
    page = show(pm.web_map(scenes.small_city()), size="phone")
    assert page.locator(".pm-tile", has_text="核查事项").is_visible()


def test_a_sector_leads_to_the_parks_that_name_it(show):
    page = show(pm.web_map(scenes.small_city()), address="#c-000001")
    page.click(".pm-tag >> nth=0")
    assert page.locator("[data-park]").count() == 2
    assert page.input_value(".pm-search") == "封装测试"


def test_keyboard_alone_reaches_the_evidence(show):
    page = show(pm.web_map(scenes.small_city()))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.focus("#pm-list .pm-row")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert "园区d" in text(page, "#pm-card h2")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.finding") == "c-000002"


def test_header_footer_and_notes(show):
    parks = scenes.four_parks(boundary_kind=["schematic"] * 4)
    page = show(pm.web_map(scenes.small_city(parks, too_coarse=True), title="示例市一张图"))
    head, foot = text(page, "#pm-head"), text(page, "#pm-foot")
    for word in ("示例市一张图", "1+1+1", "（另列1）", "2026-06-30"):
        assert word in head
    for word in (
        "示意范围，非法定边界",
        "本结果为数据比对提示，不作为行政认定依据",
        "口径",
        "审图号",
    ):
        assert word in foot
    assert "标签过粗" in text(page, ".pm-notice")
    assert text(page, ".leaflet-control-attribution").strip() == "Leaflet"
    assert page.locator(".leaflet-control-attribution svg").count() == 0
    assert "公里" in text(page, ".leaflet-control-scale") or "米" in text(
        page, ".leaflet-control-scale"
    )
    page.click("#pm-about-open")
    assert "占较小园区10.0%以上" in text(page, "#pm-about")


def test_hostile_names_are_shown_as_typed_and_do_nothing(show):
    everything = " ".join(PAYLOADS)
    for start in range(0, len(PAYLOADS), 4):
        names = list(PAYLOADS[start : start + 4])
        names += [everything] * (4 - len(names))
        parks = scenes.four_parks(
            name=names,
            district=names,
            sectors=[(name,) for name in names],
            source=names,
            boundary_kind=["toString"] * 4,
            managing_body=names,
            kind=names,
            approval_no=names,
        )
        page = show(pm.web_map(scenes.small_city(parks), title=names[0]))
        assert page.title().split() == names[0].split()
        page.click("#pm-tab-parks")
        shown = page.eval_on_selector_all(
            "#pm-list .pm-row-title", "rows => rows.map(r => r.textContent)"
        )
        assert shown == names
        for place in range(4):
            page.evaluate(f"Parkmap.data.parks[{place}].shape.openTooltip()")
            page.evaluate(
                f"Parkmap.data.parks[{place}].shape.fire('click', {{latlng: Parkmap.map.getCenter()}})"
            )
            assert (
                page.eval_on_selector("#pm-card h2", "title => title.textContent") == names[place]
            )
        page.click("#pm-back")
        page.evaluate("Parkmap.select({finding: 0}, {zoom: true})")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("window.hit") is None


def test_paper_has_the_whole_map_on_one_sheet(show):
    page = show(pm.web_map(scenes.random_city()))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")  # browsers send it first
    page.emulate_media(media="print")
    box = page.locator(".folium-map").bounding_box()
    size = page.evaluate("[Parkmap.map.getSize().x, Parkmap.map.getSize().y]")
    assert (box["width"], box["height"]) == (1046, 478)  # A4 landscape without its margins
    assert size == [pytest.approx(1044, abs=2), pytest.approx(476, abs=2)]
    assert page.evaluate("Parkmap.map.getBounds().contains(Parkmap.wholeMap())")
    assert page.locator("#pm-print tbody tr").count() == page.evaluate(
        "Parkmap.data.findings.length"
    )
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert (
        page.evaluate("Parkmap.map.getSize().x")
        == page.locator(".folium-map").bounding_box()["width"]
    )


def test_paper_has_every_park_after_zooming_and_the_view_comes_back(show):
    page = show(pm.web_map(scenes.random_city()), address="#c-000001")
    state = "[...Object.values(Parkmap.map.getCenter()), Parkmap.map.getZoom()]"
    before = page.evaluate(state)
    assert not page.evaluate("Parkmap.map.getBounds().contains(Parkmap.wholeMap())")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("Parkmap.map.getBounds().contains(Parkmap.wholeMap())")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(state) == pytest.approx(before, abs=1e-3)


def test_paper_says_that_its_list_is_filtered(show):
    page = show(pm.web_map(scenes.small_city()))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#pm-print .pm-print-scope").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.click('[data-severity="high"]')
    page.select_option('[aria-label="区（市）县"]', "南区")
    page.fill(".pm-search", "园区")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    said = page.locator("#pm-print .pm-print-scope").evaluate_all(
        "all => all.map((p) => p.textContent)"
    )
    rows = page.locator("#pm-print tbody tr").count()
    told = f"已筛选（关注程度：一般、轻微、提示；南区；搜索“园区”）：列出{rows}条，共3条"
    assert said == [told, told]  # under the map and over the list
    assert 0 < rows < 3


@pytest.mark.parametrize(("paper", "sheet"), [("a4", (1046, 718)), ("a3", (1512, 1047))])
def test_the_map_and_what_is_under_it_are_one_sheet(show, paper, sheet):
    page = show(pm.web_map(scenes.random_city()))
    page.click('[data-severity="high"]')
    page.evaluate("window.print = () => {}")
    page.click(".pm-menu > summary")
    page.click(f"text=打印 {paper.upper()} 横版")
    page.set_viewport_size(dict(zip(("width", "height"), sheet, strict=True)))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    box = page.locator(".pm-print-foot").bounding_box()
    assert sheet[1] * 0.85 < box["y"] + box["height"] <= sheet[1] - 20


def test_pdf_is_a4_landscape(show):
    page = show(pm.web_map(scenes.small_city()))
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert b"/MediaBox [0 0 841" in paper or b"/MediaBox [0 0 842" in paper


def test_phone_panel_is_a_sheet(show):
    page = show(pm.web_map(scenes.small_city()), size="phone")
    closed = page.locator("#pm-panel").bounding_box()["height"]
    page.click("#pm-handle")
    assert page.locator("#pm-panel").bounding_box()["height"] > closed + 200
    page.locator('[data-finding="c-000001"]').click()
    assert "园区b" in text(page, "#pm-card h2")


def test_text_contrast_is_at_least_4_5(show):
    page = show(pm.web_map(scenes.small_city()), address="#c-000001")
    poor = page.evaluate(CONTRAST)
    page.click("#pm-back")
    assert poor + page.evaluate(CONTRAST) == []


def test_a_notebook_shows_the_page_in_its_frame(browser, tmp_path):
    file = tmp_path / "notebook.html"
    file.write_text("<!DOCTYPE html>" + pm.web_map(scenes.small_city())._repr_html_(), "utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator('[data-finding="c-000001"]').click()
    assert "园区b" in frame.locator("#pm-card h2").inner_text()
    context.close()
    assert errors == []


def test_no_parks_and_parks_without_shape_are_pages_too(show):
    page = show(pm.web_map(scenes.analysis(scenes.four_parks().iloc[:0])))
    assert text(page, "#pm-list") == "未发现核查事项"
    parks = scenes.four_parks()
    parks.loc["d", "geometry"] = None
    page = show(pm.web_map(scenes.small_city(parks)), address="#c-000002")
    assert "园区d" in text(page, "#pm-card")


def test_ten_times_a_city_uses_a_canvas_and_still_hatches(show):
    page = show(pm.web_map(scenes.random_city(1600, reach=200_000.0)))
    assert page.locator(".leaflet-pm-parks-pane canvas").count() == 1
    assert page.locator(".leaflet-pm-ground-pane path").count() > 0


def test_control_lines_have_a_layer_a_hatch_and_a_card(show):
    farmland = park_layer({"x": square(-900)})
    page = show(
        pm.web_map(pm.analyze(park_layer({"a": square()}), control={"永久基本农田": farmland}))
    )
    assert drawn(page, "control") == 1
    assert page.locator('path[fill="url(#pm-hatch-control)"]').count() >= 1
    assert "永久基本农田" in text(page, "#pm-legend")
    page.locator("#pm-list .pm-row").first.click()
    said = text(page, "#pm-card")
    assert "永久基本农田" in said
    assert "待自然资源部门核定" in said
    assert "最宽处" in said


def test_full_screen_goes_on_and_off(show):
    page = show(pm.web_map(scenes.small_city()))
    for is_full in ("true", "false"):
        page.click("#pm-full")
        page.wait_for_function(f"Boolean(document.fullscreenElement) === {is_full}")
    assert page.locator("#pm-list .pm-row").count() == 3
