"""The findings map as text: what is in the page, what is not, and that it is the same each time."""

import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import folium
import geopandas as gpd
import geopandas.testing
import numpy as np
import pytest
import scenes
import shapely
from builders import square
from folium.plugins import HeatMap
from hypothesis import given, settings
from hypothesis import strategies as st
from page_tools import rings_of
from payloads import PAYLOADS

import parkmap as pm
from parkmap import messages
from parkmap.errors import OptionError, OutputError
from parkmap.webmap import payload, shapes

ROOT = Path(__file__).resolve().parent.parent


class Addresses(HTMLParser):
    """Everything in a page that would make a browser ask for something."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [
            value
            for name, value in attrs
            if name in ("src", "href", "data", "srcset") and not value.startswith(("#", "data:"))
        ]


def page_of(m):
    return m.get_root().render()


def data_of(page):
    block = re.search(
        r'<script type="application/json" id="pm-data">(.*?)</script>', page, re.DOTALL
    )
    return json.loads(block[1])


def decoded(text):
    polygons = [[ring / 1e6 for ring in rings] for rings in rings_of(text)]
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])


def encoded(shape):
    return shapes.encoded(np.array([shape], dtype=object))[0]


# --- the page ------------------------------------------------------------------------------------


def test_web_map_is_a_folium_map_whose_page_asks_for_nothing():
    m = pm.web_map(scenes.small_city())
    assert isinstance(m, folium.Map)
    assert Addresses(page_of(m)).found == []


def test_a_plain_folium_map_would_ask():
    page = folium.Map(tiles=None).get_root().render()
    assert len(Addresses(page).found) >= 10


def test_styles_carry_their_pictures():
    page = page_of(pm.web_map(scenes.small_city()))
    assert "url(images/" not in page
    assert "sourceMappingURL" not in page


def test_same_analysis_same_bytes(tmp_path):
    for name in ("one", "two"):
        pm.web_map(scenes.random_city()).save(str(tmp_path / name))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_rendering_twice_changes_nothing():
    m = pm.web_map(scenes.small_city())
    assert page_of(m) == page_of(m)


def test_notebook_shows_the_same_page_without_asking():
    shown = pm.web_map(scenes.small_city())._repr_html_()
    assert "srcdoc" in shown
    assert "cdn.jsdelivr" not in shown


def test_input_is_not_changed():
    result = scenes.small_city()
    before = result.parks.copy(), result.conflicts.copy()
    pm.web_map(result)
    geopandas.testing.assert_geodataframe_equal(result.parks, before[0])
    geopandas.testing.assert_geodataframe_equal(result.conflicts, before[1])


def test_folium_is_left_as_it_was():
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    page_of(pm.web_map(scenes.small_city()))
    assert (folium.Map.default_js, folium.Map.default_css) == before


@pytest.mark.parametrize(("lang", "html_lang"), [("zh", "zh-CN"), ("en", "en")])
def test_language_of_the_page(lang, html_lang):
    page = page_of(pm.web_map(scenes.small_city(), lang=lang))
    assert f'<html lang="{html_lang}">' in page
    assert data_of(page)["lang"] == lang


def test_language_in_force_is_taken():
    with messages.use_language("en"):
        assert data_of(page_of(pm.web_map(scenes.small_city())))["lang"] == "en"


def test_title_names_the_only_city():
    parks = scenes.four_parks(city=["示例市"] * 4)
    data = data_of(page_of(pm.web_map(scenes.small_city(parks))))
    assert data["title"]["zh"] == "示例市产业园区范围及核查事项分布图"
    assert data_of(page_of(pm.web_map(scenes.small_city(), title="T")))["title"]["en"] == "T"


def test_page_without_script_says_so():
    assert "<noscript>" in page_of(pm.web_map(scenes.small_city()))


def test_layers_are_folium_layers_for_any_control():
    m = pm.web_map(scenes.small_city(), lang="en")
    folium.LayerControl().add_to(m)
    groups = [child for child in m._children.values() if isinstance(child, folium.FeatureGroup)]
    assert {"National", "Overlaps to check", "Chain links"} <= {
        group.layer_name for group in groups
    }
    assert '"Overlaps to check"' in page_of(m)


def test_printed_words_stay_below_a_verdict():
    for lang in messages.LANGUAGES:
        words = json.dumps(messages.catalogue("webmap", lang), ensure_ascii=False)
        assert not re.search("冲突|违规|侵占|越界|撤销", words)


# --- a map of one's own, and where the assets come from --------------------------------------------


def test_own_map_keeps_what_was_on_it():
    m = folium.Map(location=[30, 104], tiles=None)
    m.get_root().html.add_child(folium.Element("<i>mine</i>"))
    folium.CircleMarker([30, 104]).add_to(m)
    same = pm.web_map(scenes.small_city(), m=m)
    page = page_of(same)
    assert same is m
    assert "<i>mine</i>" in page
    assert "L.circleMarker(" in page
    assert Addresses(page).found == []


def test_a_layer_without_shipped_files_is_refused_by_name():
    m = pm.web_map(scenes.small_city())
    HeatMap([[30, 104]]).add_to(m)
    with pytest.raises(OutputError, match="leaflet-heat"):
        page_of(m)


def test_folium_popup_needs_more_than_is_shipped():
    m = folium.Map(tiles=None)
    folium.Marker([30, 104], popup="text").add_to(m)
    with pytest.raises(OutputError, match="jquery"):
        page_of(pm.web_map(scenes.small_city(), m=m))


def test_assets_from_elsewhere():
    asked = Addresses(page_of(pm.web_map(scenes.small_city(), assets="cdn"))).found
    assert any("leaflet" in address for address in asked)
    page = page_of(pm.web_map(scenes.small_city(), assets="http://intranet/js/"))
    assert Addresses(page).found == [
        "http://intranet/js/leaflet.js",
        "http://intranet/js/leaflet.css",
    ]


@pytest.mark.parametrize("assets", ["", "none", "javascript:x", "inline "])
def test_unknown_assets_are_refused(assets):
    with pytest.raises(OptionError, match=r"inline|cdn"):
        pm.web_map(scenes.small_city(), assets=assets)


def test_vendored_files_are_the_recorded_ones():
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    recorded = dict(re.findall(r"\| `(leaflet/[^`]+)` \| `([0-9a-f]{64})` \|", text))
    folder = files("parkmap") / "assets"
    here = {
        f"leaflet/{path.relative_to(Path(str(folder)) / 'leaflet').as_posix()}"
        for path in Path(str(folder / "leaflet")).rglob("*")
        if path.is_file()
    }
    assert here == set(recorded)
    for name, digest in recorded.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


# --- hostile names ---------------------------------------------------------------------------------


def test_hostile_names_reach_the_page_as_data_only():
    name = " ".join(PAYLOADS)
    parks = scenes.four_parks(name=[name] * 4, district=[name] * 4, sectors=[(name,)] * 4)
    page = page_of(pm.web_map(scenes.small_city(parks), title=name, lang="zh"))
    data = data_of(page)
    assert data["parks"][0]["name"] == name
    assert data["title"]["zh"] == name
    rest = re.sub(r'id="pm-data">.*?</script>', "", page, flags=re.DOTALL)
    rest = re.sub(r"<title>[^<>{}`$]*</title>", "", rest)
    assert "window.hit" in page
    assert "window.hit" not in rest


def test_a_template_in_a_name_does_not_run():
    parks = scenes.four_parks(name=["{{7*7}}", "{% raw %}", "{# x", "{% endraw %}{{7*7}}"])
    page = page_of(pm.web_map(scenes.small_city(parks), title="{{7*7}}"))
    assert [park["name"] for park in data_of(page)["parks"]] == list(parks["name"])
    assert "<title>&#123;&#123;7*7&#125;&#125;</title>" in page


@settings(deadline=None, max_examples=150)
@given(st.recursive(st.text() | st.integers() | st.none(), lambda part: st.lists(part, max_size=3)))
def test_safe_json_reads_back_and_holds_nothing_active(value):
    written = payload.safe_json({"value": value})
    strings = "".join(re.findall(r'"(?:[^"\\]|\\.)*"', written))
    assert not re.search("[<>&{}`\u2028\u2029]", strings)
    if "\\ud" not in json.dumps(value):
        assert json.loads(written)["value"] == value


def test_lone_surrogates_and_infinite_numbers_are_writable():
    written = payload.safe_json(["\ud800", float("nan"), float("inf")])
    assert json.loads(written)[1:] == [None, None]
    assert written.encode("utf-8")


# --- what the page knows -----------------------------------------------------------------------------


def test_counts_and_order_of_findings():
    data = data_of(page_of(pm.web_map(scenes.small_city())))
    assert [finding["id"] for finding in data["findings"]] == ["c-000001", "c-000002", "c-000003"]
    assert [finding["parks"] for finding in data["findings"]] == [[0, 1], [0, 3], [1, 3]]
    assert (data["system"], data["others"]) == ("1+1+1", 1)


def test_land_finding_has_its_evidence_and_shape():
    finding = data_of(page_of(pm.web_map(scenes.small_city())))["findings"][0]
    assert finding["area_m2"] == pytest.approx(200_000)  # 200 m x 1000 m
    assert (finding["left_share"], finding["right_share"]) == (0.2, 0.2)
    assert len(rings_of(finding["rings"])) == 1
    assert "20.00" in finding["message"]["zh"]
    assert "20.00 ha" in finding["message"]["en"]


def test_homogeneity_finding_has_no_shape_and_no_nan():
    finding = data_of(page_of(pm.web_map(scenes.small_city())))["findings"][1]
    assert "rings" not in finding
    assert "area_m2" not in finding
    assert finding["shared"] == ["ic-packaging-and-testing", "display-panels"]


def test_sectors_are_named_in_both_languages():
    data = data_of(page_of(pm.web_map(scenes.small_city())))
    assert data["sectors"]["ic-packaging-and-testing"][0] == "封装测试"
    assert data["parks"][0]["mix"] == [["ic-packaging-and-testing", 0.6], ["display-panels", 0.4]]


def test_words_not_understood_are_shown_as_written():
    parks = data_of(page_of(pm.web_map(scenes.small_city())))["parks"]
    assert parks[3]["words"] == ["未知业"]
    assert "words" not in parks[0]


def test_drawn_area_and_points():
    parks = data_of(page_of(pm.web_map(scenes.small_city())))["parks"]
    assert parks[0]["ha"] == pytest.approx(100, rel=1e-3)  # 1 km x 1 km
    assert "rings" not in parks[3]
    assert "at" in parks[3]


@pytest.mark.parametrize(("kind", "noted"), [("schematic", True), ("approved", False)])
def test_schematic_extents_are_noted(kind, noted):
    parks = scenes.four_parks(boundary_kind=[kind] * 4)
    assert data_of(page_of(pm.web_map(scenes.small_city(parks))))["schematic"] is noted


def test_only_the_strongest_chain_links_are_drawn_and_counted(monkeypatch):
    monkeypatch.setattr(payload, "MOST_LINKS", 0)
    data = data_of(page_of(pm.web_map(scenes.small_city())))
    assert (data["links"], data["link_total"]) == ([], 1)


def test_too_coarse_is_handed_on():
    assert data_of(page_of(pm.web_map(scenes.small_city(too_coarse=True))))["too_coarse"] is True


def test_districts_lie_under_the_parks():
    ground = gpd.GeoDataFrame({"name": ["东区"]}, geometry=[square(width=9000)], crs=scenes.METRIC)
    data = data_of(page_of(pm.web_map(scenes.small_city(), context=ground)))
    assert [district["name"] for district in data["context"]] == ["东区"]
    assert len(rings_of(data["context"][0]["rings"])[0][0]) == 4  # corners


def test_several_layers_under_the_parks_keep_their_names_and_their_order():
    one, other = (
        gpd.GeoDataFrame({"name": [word]}, geometry=[square(width=width)], crs=scenes.METRIC)
        for word, width in (("东区", 9000), ("水源", 500))
    )
    m = pm.web_map(scenes.small_city(), context={"区.geojson": one, "<b>水.gpkg": other})
    page = page_of(m)
    data = data_of(page)
    assert data["contexts"] == [
        ["context", "区.geojson", "area"],
        ["context_1", "<b>水.gpkg", "area"],
    ]
    assert [(ground["name"], ground["layer"]) for ground in data["context"]] == [
        ("东区", "context"),
        ("水源", "context_1"),
    ]
    assert "feature_group_context_1" in page
    assert "<b>水" not in page


def test_nothing_found_is_a_page_too():
    data = data_of(page_of(pm.web_map(scenes.analysis(scenes.four_parks()))))
    assert data["findings"] == []
    assert len(data["parks"]) == 4


def test_every_word_the_script_asks_for_is_in_both_catalogues():
    scripts = (files("parkmap") / "assets" / "js").iterdir()
    code = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    asked = set(re.findall(r'\bt\("([a-z_]+(?:\.[a-z_0-9]+)*)"[,)]', code))
    assert len(asked) > 60
    for lang in messages.LANGUAGES:
        page = payload._texts(lang)
        for key in asked:
            tree = page
            for part in key.split("."):
                assert part in tree, f"{lang}: {key}"
                tree = tree[part]
            assert isinstance(tree, str), f"{lang}: {key}"


# --- shapes --------------------------------------------------------------------------------------------


def test_a_hole_is_a_second_ring():
    shape = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 2, 2)
    assert [len(polygon) for polygon in rings_of(encoded(shape))] == [2]
    assert decoded(encoded(shape)).equals(shape)


def test_lines_points_and_nothing_have_no_rings_and_disturb_no_neighbour():
    box, line = shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])
    rows = np.array([None, box, line, shapely.Polygon(), shapely.Point(1, 1), box], dtype=object)
    texts = shapes.encoded(rows)
    assert [text != "" for text in texts] == [False, True, False, False, False, True]
    assert texts[1] == texts[5] == encoded(box)
    assert shapes.encoded(rows[:1]) == [""]
    assert [at is None for at in shapes.anchors(rows)] == [True, False, False, True, False, False]


def test_rings_are_written_in_letters_that_need_no_escape():
    written = encoded(shapely.box(-179, -80, 179, 80))
    assert set(written) <= set(shapes.LETTERS + ";,")
    assert payload.safe_json(written) == f'"{written}"'


CIRCLES = st.lists(
    st.tuples(st.floats(-170, 170), st.floats(-80, 80), st.floats(1e-4, 5), st.integers(3, 12)),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=100)
@given(CIRCLES, st.floats(0, 90))
def test_rings_read_back_to_the_sixth_decimal(circles, turn):
    rows = [
        shapely.affinity.rotate(shapely.Point(x, y).buffer(size, quad_segs=corners), turn)
        for x, y, size, corners in circles
    ]
    rows.append(shapely.union_all(rows) - rows[0].buffer(-1e-5))
    texts = shapes.encoded(np.array(rows, dtype=object))
    for row, text in zip(rows, texts, strict=True):
        assert (
            shapely.hausdorff_distance(
                shapely.MultiPolygon([row]) if row.geom_type == "Polygon" else row, decoded(text)
            )
            <= 0.8e-6
        )


@settings(deadline=None, max_examples=60)
@given(st.floats(-100, 100), st.floats(-60, 60), st.floats(1e-3, 3))
def test_anchor_lies_inside_the_largest_part(x, y, size):
    ring = shapely.Point(x, y).buffer(size) - shapely.Point(x, y).buffer(size / 2)
    small = shapely.Point(x + 3 * size, y).buffer(size / 3)
    both = shapely.MultiPolygon([small, ring])
    at = shapely.Point(*(part / 1e6 for part in shapes.anchors(np.array([both]))[0]))
    assert ring.buffer(1e-6).contains(at)


def wavy(seed, *, left=0.0):
    """Two neighbours whose common border has many vertices, a hundredth of a degree wide each."""
    rng = np.random.default_rng(seed)
    y = np.linspace(0, 0.01, 400)
    border = np.column_stack([left + 0.01 + rng.normal(0, 2e-6, 400), y])
    west = shapely.Polygon([(left, 0), *border, (left, 0.01)])
    east = shapely.Polygon([(left + 0.02, 0), *border, (left + 0.02, 0.01)])
    return [west, east]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_thinned_neighbours_still_share_their_border(seed):
    rows = gpd.GeoSeries([*wavy(seed), *wavy(seed + 1, left=0.1)], crs=4326)
    drawn = shapes.drawing(rows, budget=100)
    west, east, *others = [decoded(text) for text in drawn.rings]
    assert 0 < drawn.tolerance <= shapes.TOLERANCES[-1]
    assert west.intersection(east).area == 0
    assert west.intersection(east).length >= 0.0099
    assert sum(map(shapely.get_num_coordinates, (west, east, *others))) < 800  # of 1608
    for row, thin in zip(rows, (west, east, *others), strict=True):
        assert shapely.hausdorff_distance(row, thin) < 1e-4


def test_few_vertices_are_drawn_as_they_are():
    rows = gpd.GeoSeries(wavy(1), crs=4326)
    drawn = shapes.drawing(rows)
    assert drawn.tolerance == 0
    assert [len(rings_of(text)[0][0]) for text in drawn.rings] == [402, 402]


def test_a_point_among_thinned_shapes_stays():
    rows = gpd.GeoSeries([*wavy(1), shapely.Point(1, 1), None], crs=4326)
    drawn = shapes.drawing(rows, budget=100)
    assert drawn.rings[2:] == ["", ""]
    assert drawn.at[2:] == [[1_000_000, 1_000_000], None]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 4), st.booleans())
def test_what_is_thinned_out_alone_keeps_its_parts_and_its_reach(seed, parts, metric):
    """Rough discs with a hole and a thin spike, metres or degrees."""
    rng = np.random.default_rng(seed)
    unit = 1.0 if metric else 1e-5
    around = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    reach = 1000 + rng.normal(0, 4, 300)
    disc = shapely.Polygon(np.c_[np.cos(around), np.sin(around)] * reach[:, None])
    disc = disc.union(shapely.box(0, 0, 1800, 6)).difference(shapely.Point(-400, 0).buffer(60))
    shape = shapely.MultiPolygon(
        [shapely.affinity.translate(disc, 4000 * part) for part in range(parts)]
    )
    row = shapely.affinity.scale(shape if parts > 1 else disc, unit, unit, origin=(0, 0))
    (thin,) = shapes._simpler(np.array([row]), 10 * unit)
    assert thin.is_valid
    assert thin.geom_type == row.geom_type
    assert shapely.get_num_geometries(thin) == parts
    assert sum(len(part.interiors) for part in shapely.get_parts(thin)) == parts
    assert np.abs(np.array(thin.bounds) - row.bounds).max() <= 10 * unit
    assert shapely.get_num_coordinates(thin) < shapely.get_num_coordinates(row)
    assert thin.symmetric_difference(row).area < 0.02 * row.area


def test_boxes_hold_every_vertex():
    rows = gpd.GeoSeries([*wavy(1), shapely.Point(1, 1), None], crs=4326)
    drawn = shapes.drawing(rows)
    assert drawn.boxes[2:] == [None, None]
    for text, (x, y), (west, south, east, north) in zip(
        drawn.rings[:2], drawn.at[:2], drawn.boxes[:2], strict=True
    ):
        ring = np.vstack(rings_of(text)[0])
        assert ring.min(axis=0).tolist() == [x - west, y - south]
        assert ring.max(axis=0).tolist() == [x + east, y + north]


def test_a_metre_is_a_metre_in_every_unit():
    feet, metres = (
        gpd.GeoSeries(wavy(1), crs=4326).to_crs(crs)
        for crs in ("+proj=utm +zone=31 +units=ft", "+proj=utm +zone=31")
    )
    one, other = (shapes.drawing(rows, budget=100) for rows in (feet, metres))
    assert one.tolerance == other.tolerance
    assert [len(text) for text in one.rings] == pytest.approx(
        [len(text) for text in other.rings], rel=0.1
    )


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000)),
            min_size=1,
            max_size=6,
            unique=True,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_lines_and_points_read_back(parts):
    shape = shapely.GeometryCollection(
        [
            shapely.LineString(np.array(part) / 1e6)
            if len(part) > 1
            else shapely.Point(np.array(part[0]) / 1e6)
            for part in parts
        ]
    )
    box = shapely.box(0, 0, 1, 1)
    first, none, second = shapes.encoded(np.array([shape, None, box]), with_lines=True)
    assert none == ""
    assert second == shapes.encoded(np.array([box]))[0]
    found = [rings_of(";" + line)[0][0].tolist() for line in first.split(":")[1:]]
    assert found == [[list(point) for point in part] for part in parts]
    assert shapes.encoded(np.array([shape])) == [""]
