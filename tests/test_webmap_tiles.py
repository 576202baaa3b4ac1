"""Background tiles: none unless asked for, and what is shown on them."""

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pytest
import scenes
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import parkmap as pm
from parkmap import geodesy
from parkmap.errors import OptionError
from parkmap.webmap import tiles

OWN = "https://tiles.example/{z}/{x}/{y}.png"


def page_of(**options):
    return pm.web_map(scenes.small_city(), lang="en", **options).get_root().render()


def data_of(page):
    return json.loads(page.partition('id="pm-data">')[2].partition("</script>")[0])


def test_without_asking_there_are_no_tiles():
    assert "L.tileLayer(" not in page_of().rpartition("</style>")[2].partition("pm-data")[0]
    assert data_of(page_of())["tiles"] == ""


def test_own_tiles_are_laid_under_the_parks():
    page = page_of(tiles=OWN)
    assert OWN in page
    assert data_of(page)["tiles"] == "tiles.example"
    assert data_of(page)["parks"] == data_of(page_of())["parks"]


def test_tianditu_has_ground_and_names_and_the_key():
    found = tiles.chosen("tianditu", key="0123456789abcdef")
    assert [("LAYER=vec" in one, "LAYER=cva" in one) for one in found.addresses] == [
        (True, False),
        (False, True),
    ]
    assert all(one.endswith("tk=0123456789abcdef") for one in found.addresses)
    assert not found.is_shifted


@pytest.mark.parametrize("key", ["", "short", "a b c d e f g h", "x" * 65, "0123456789&abc"])
def test_tianditu_without_a_key_is_refused(key):
    with pytest.raises(OptionError, match=r"天地图|tianditu"):
        tiles.chosen("tianditu", key=key)


@pytest.mark.parametrize(
    "name", ["osm", "javascript:{z}{x}{y}", "https://host/{z}/{x}.png", "https:///{z}/{x}/{y}", ""]
)
def test_other_tiles_are_refused(name):
    with pytest.raises(OptionError):
        tiles.chosen(name)


@pytest.mark.parametrize(
    ("name", "is_shifted"),
    [
        ("gaode", True),
        ("https://wprd01.is.autonavi.com/a?x={x}&y={y}&z={z}", True),
        ("https://autonavi.com.example/{z}/{x}/{y}", False),
        (OWN, False),
    ],
)
def test_tiles_on_gcj02_are_known(name, is_shifted):
    assert tiles.chosen(name).is_shifted is is_shifted


@settings(deadline=None, max_examples=60)
@given(st.floats(98, 120), st.floats(22, 42))
def test_a_shift_for_display_can_be_taken_back(lon, lat):
    moved = tiles.shifted(gpd.GeoSeries([shapely.Point(lon, lat)], crs=4326))[0]
    back = geodesy.gcj02_to_wgs84(np.array([moved.x]), np.array([moved.y]))
    assert np.allclose(np.ravel(back), [lon, lat], atol=1e-7)
    assert 1e-4 < moved.distance(shapely.Point(lon, lat)) < 0.02


def test_gaode_moves_what_is_shown_and_no_figure():
    plain, moved = data_of(page_of()), data_of(page_of(tiles="gaode"))
    for before, after in zip(plain["parks"], moved["parks"], strict=True):
        assert before["at"] != after["at"]
        assert before.get("ha") == after.get("ha")
    assert [one["message"] for one in plain["findings"]] == [
        one["message"] for one in moved["findings"]
    ]
    assert moved["tiles_shifted"] is True


def test_a_public_edition_has_no_tiles():
    public = dataclasses.replace(scenes.small_city(), options={"edition": "public"})
    with pytest.raises(OptionError, match="--public"):
        pm.web_map(public, tiles=OWN)


def test_a_hostile_address_stays_an_address():
    page = page_of(tiles="https://tiles.example/{z}/{x}/{y}</script><script>window.hit=1</script>")
    assert "<script>window.hit" not in page
