"""Sectors on the page: chips, reasons, matrix and chains, with the network off."""

import pytest
import scenes
from builders import sector_layer
from page_tools import CONTRAST, SIZES, text

import parkmap as pm
from parkmap.similarity import pair_facts

pytestmark = pytest.mark.browser
TEXTS = [
    "封装测试:0.6、显示面板:0.4",
    "封装测试:0.5、显示面板:0.5",
    "中药饮片、中成药",
    "中药饮片、印刷",
    "生物医药",
    "IC设计、晶圆制造",
    "印刷、家具",
    "",
]
CRITERIA = pm.Criteria(null_draws=0, set_aside_parks=99)


@pytest.fixture(scope="module")
def city():
    names = [f"{letter}园" for letter in "甲乙丙丁戊己庚辛"]
    return pm.analyze(sector_layer(TEXTS, name=names), criteria=CRITERIA)


@pytest.mark.parametrize("measure", ["tree-idf", "cosine"])
def test_likeness_and_reasons_are_those_of_python(show, measure):
    criteria = pm.Criteria(null_draws=0, set_aside_parks=5, measure=measure)
    parks = sector_layer([*TEXTS, "印刷", "印刷、封装测试"])
    result = pm.analyze(parks, criteria=criteria)
    page = show(pm.web_map(result))
    known = sorted(set(result.shares.index.get_level_values(0)))
    ids = list(parks.index)
    some = 0
    for left in known:
        for right in known:
            if left >= right:
                continue
            facts = pair_facts(parks, result.shares, result.pairs, left, right, criteria=criteria)
            i, j = ids.index(left), ids.index(right)
            seen = page.evaluate(
                """([i, j]) => { const [a, b] = [i, j].map((p) => Parkmap.data.parks[p]);
                return [Parkmap.likeness(a, b), Parkmap.overlapShare(a, b),
                  Object.fromEntries(Parkmap.reasons(a, b).map((r) => [r.node, r.weight]))]; }""",
                [i, j],
            )
            assert seen[0] == pytest.approx(facts["similarity"], abs=2e-3)
            assert seen[1] == pytest.approx(facts["overlap_share"], abs=2e-3)
            wanted = {one["sector"]: one["share"] for one in facts["contributions"]}
            assert seen[2] == pytest.approx(wanted, abs=2e-3)
            some += bool(wanted)
    assert some > 5


def test_a_card_says_why(show, city):
    page = show(pm.web_map(city))
    page.evaluate(
        "Parkmap.openPair(...['甲园', '乙园'].map((n) => Parkmap.data.parks.find((p) => p.name === n).i))"
    )
    card = text(page, "#pm-card")
    for word in (
        "相似从何而来",
        "封装测试",
        "占甲园60.0%",
        "占乙园50.0%",
        "产业相似度",
        "树形加权余弦",
    ):
        assert word in card
    assert page.url.split("#")[1].startswith("c-")


def test_a_card_says_which_overlap_it_tells(show):
    parks = sector_layer(["印刷:0.25、食品:0.5、家具:0.25", "印刷:0.25、食品:0.5、制鞋:0.25"])
    result = pm.analyze(parks, criteria=CRITERIA)
    page = show(pm.web_map(result), address=f"#{result.conflicts.index[0]}")
    card = text(page, "#pm-card")
    assert "主导产业按环节计约四分之一相同" in result.conflicts["message"].iloc[0].replace(
        "园区a与园区b", ""
    )
    assert "主导产业按环节计约四分之一相同，含大类计约八成相同" in card
    bars = page.locator("#pm-card .pm-bar-head").all_inner_texts()
    told = [bar.split() for bar in bars if "重合度" in bar]
    assert told == [["产业重合度（按环节）", "25.0%"], ["产业重合度（含大类）", "75.0%"]]
    page.evaluate("Parkmap.select({pair: [0, 1]}, {})")
    assert "按环节计约四分之一相同，含大类计约八成相同" in text(page, "#pm-card")


def test_a_card_says_who_supplies_whom(show):
    parks = sector_layer(["IC设计", "晶圆制造"], name=["甲园", "乙园"])
    page = show(pm.web_map(pm.analyze(parks, criteria=CRITERIA)))
    page.evaluate("Parkmap.openPair(0, 1)")
    said = text(page, "#pm-card .pm-supplies")
    assert "甲园" in said
    assert "可为乙园的晶圆制造配套" in said


def test_chance_is_told_in_words(show):
    page = show(pm.web_map(scenes.small_city()), address="#c-000001")
    card = text(page, "#pm-card")
    assert "主导产业随机重组，约0.2%的园区对" in card
    assert "不作面积比对" in card
    assert "认定依据顺序：①批复文件及界址点" in card


def test_evidence_of_area_goes_with_its_order(show):
    parks = scenes.four_parks(approved_area_ha=[90.0, 100.0, None, None])
    rows = [scenes.land(parks, "a", "b", severity="medium", approved_area_gain_ha=(10.0, -20.0))]
    page = show(pm.web_map(scenes.analysis(parks, rows)), address="#c-000001")
    card = text(page, "#pm-card")
    assert "缩小10.00公顷" in card
    assert "扩大20.00公顷" in card
    assert "认定依据顺序" in card


def test_a_chip_lights_up_parks_and_filters_findings(show, city):
    page = show(pm.web_map(city))
    page.click("#pm-tab-sectors")
    page.click('[data-sector="biomedicine"]')
    assert page.get_attribute('[data-sector="biomedicine"]', "aria-pressed") == "true"
    assert "生物医药（含下级）：3个园区" in text(page, ".pm-sector-said")
    faint = page.evaluate(
        "Parkmap.data.parks.filter((p) => p.shape.options.fillOpacity < 0.1).map((p) => p.name)"
    )
    assert faint == ["甲园", "乙园", "己园", "庚园", "辛园"]
    page.click(
        '[data-sector="herbal-slices"]'
        if page.locator('[data-sector="herbal-slices"]').count()
        else '[data-sector="chinese-medicine"]'
    )
    page.click("#pm-sector-findings")
    rows = page.locator("#pm-list .pm-row").all_inner_texts()
    assert rows
    assert all("丙园" in row or "丁园" in row for row in rows)
    page.click(".pm-sector-on")
    assert page.locator("#pm-list .pm-row").count() == len(city.conflicts)
    assert page.evaluate("Parkmap.data.parks.every((p) => p.shape.options.fillOpacity > 0.1)")


def test_matrix_names_pairs_and_opens_them(show, city):
    page = show(pm.web_map(city))
    page.click("#pm-tab-sectors")
    page.click("#pm-open-matrix")
    assert "共7个已识别主导产业的园区" in text(page, "#pm-wide")
    order = page.evaluate("Parkmap.matrixParks().map((park) => park.name)")
    grouped = [park for members in city.clusters["parks"] for park in members]
    names = city.parks["name"]
    assert order[: len(grouped)] == [names[park] for park in grouped]
    page.focus("#pm-matrix")
    assert text(page, "#pm-matrix-said").startswith(f"{order[0]} × {order[1]}：相似度")
    page.keyboard.press("ArrowRight")
    assert f"{order[0]} × {order[2]}" in text(page, "#pm-matrix-said")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert not page.locator("#pm-wide").is_visible()
    assert text(page, "#pm-card h2") == f"{order[0]} × {order[1]}"


def test_a_pair_that_is_no_finding_says_so(show, city):
    page = show(pm.web_map(city))
    page.evaluate("Parkmap.openPair(0, 6)")
    card = text(page, "#pm-card")
    assert "未列入核查事项" in card
    assert "少有相同" in card
    page.keyboard.press("Escape")
    assert page.locator("#pm-list .pm-row").count() == len(city.conflicts)


def test_mouse_over_the_matrix_names_the_pair(show, city):
    page = show(pm.web_map(city))
    page.evaluate("Parkmap.openMatrix()")
    box = page.locator("#pm-matrix").bounding_box()
    cell = box["height"] / 7
    page.mouse.move(box["x"] + box["width"] - cell / 2, box["y"] + cell / 2)
    order = page.evaluate("Parkmap.matrixParks().map((park) => park.name)")
    assert f"{order[0]} × {order[6]}" in text(page, "#pm-matrix-said")


def test_a_large_layer_says_which_parks_the_matrix_leaves_out(show):
    texts = [("印刷", "家具", "封装测试", "中药饮片")[n % 4] for n in range(130)]
    page = show(pm.web_map(pm.analyze(sector_layer(texts), criteria=CRITERIA)))
    page.evaluate("Parkmap.openMatrix()")
    assert "130个园区中，只列入组园区和最相近的园区，共120个" in text(page, "#pm-wide")
    assert len(page.evaluate("Parkmap.matrixParks().map((p) => p.i)")) == 120


def test_chain_shows_single_shared_and_unstated_segments(show, city):
    page = show(pm.web_map(city))
    page.evaluate("Parkmap.openChain('biomedicine')")
    table = page.evaluate(
        """(() => { const found = Parkmap.chainTable("biomedicine"); return {
          parks: found.parks.map((row) => row.park.name),
          columns: Object.fromEntries(found.columns.map((one) => [one.id, one.n])),
          links: found.columns.map((one) => one.link),
        }; })()"""
    )
    assert set(table["parks"]) == {"丙园", "丁园", "戊园"}
    assert set(table["columns"]) == set(pm.taxonomy.load().segments("biomedicine"))
    wanted = city.shares.reset_index().groupby("sector")["park_id"].nunique()
    assert table["columns"] == {node: wanted.get(node, 0) for node in table["columns"]}
    assert table["links"] == sorted(table["links"])
    listed = city.chain_links.loc["biomedicine"]
    assert list(table["columns"]) == listed.index.tolist()
    said = text(page, "#pm-wide")
    for word in ("上游", "中游", "下游", "未见申报", "仅称生物医药", "不等于当地没有这一环节"):
        assert word in said
    for word in ("空白", "缺失", "薄弱"):
        assert word not in said
    assert page.locator(".pm-chain-shared .pm-chain-dot").count() == 2 + 1  # and the key


@pytest.mark.parametrize("size", list(SIZES))
def test_everything_speaks_english_and_stays_in_the_window(show, city, size):
    page = show(pm.web_map(city, lang="en"), size=size)
    width, height = SIZES[size]
    page.click("#pm-tab-sectors")
    page.click("#pm-expert summary")
    for view in ("Parkmap.openMatrix()", "Parkmap.openChain()"):
        page.evaluate(view)
        box = page.locator("#pm-wide").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not any(
        "一" <= sign <= "鿿" and sign not in "甲乙丙丁戊己庚辛园"
        for sign in text(page, "#pm-panel")
    )


def test_new_parts_have_contrast(show, city):
    page = show(pm.web_map(city))
    page.click("#pm-tab-sectors")
    page.click("#pm-expert summary")
    page.focus("#pm-tau")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#pm-trial-banner")
    page.click('[data-sector="biomedicine"]')
    poor = page.evaluate(CONTRAST)
    wide = CONTRAST.replace("#pm-head *", "#pm-wide *")
    page.evaluate("Parkmap.openChain('biomedicine')")
    poor += page.evaluate(wide)
    page.evaluate("Parkmap.openMatrix()")
    assert poor + page.evaluate(wide) == []
