"""What any writer of layers writes reads back as it was: words, figures, parts and holes."""

import tempfile
import unicodedata
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from builders import METRIC, ORIGIN
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap import io, schema, validation

ENDINGS = ("csv", "geojson", "gpkg", "shp")
#: How far a corner may move: longitude and latitude have 7 decimals in GeoJSON and 9 in CSV.
MOST_MOVED_M = {"csv": 1e-4, "geojson": 1e-2, "gpkg": 0.0, "shp": 0.0}
_SIGNS = "甲乙丙高新产业园区𠮷é'\"`“”‘’,;:|\\/<>&%#=+-@!(){}[]$·\n\t\r 　0017ｱ①😀"

names = st.text(_SIGNS, min_size=1, max_size=16).filter(lambda said: said.strip("\n\t\r 　"))
terms = st.sampled_from(["集成电路", "医药:0.5", '"新型显示"', "食品,饮料", "=1+1", "a b", "'钒钛"])
tiers = st.sampled_from([*schema.TIERS, ""])
areas = st.one_of(st.just(np.nan), st.floats(0.01, 1e5).map(lambda value: round(value, 4)))


@st.composite
def stars(draw, at, least, most):
    """A polygon with a corner in each of several directions: simple whatever is drawn."""
    count = draw(st.integers(5, 9))
    radii = draw(st.lists(st.floats(least, most), min_size=count, max_size=count))
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([at[0] + radii * np.cos(turn), at[1] + radii * np.sin(turn)])


@st.composite
def outlines(draw, number):
    """One to three parts, each with up to two holes; some parks have none."""
    if draw(st.integers(0, 9)) == 0:
        return None
    parts = []
    for part in range(draw(st.integers(1, 3))):
        middle = ORIGIN[0] + 5000 * number, ORIGIN[1] + 3000 * part
        shell = draw(stars(middle, 300, 900))
        sides = draw(st.lists(st.sampled_from([-110, 110]), max_size=2, unique=True))
        holes = [draw(stars((middle[0] + side, middle[1]), 20, 80)) for side in sides]
        parts.append(shapely.Polygon(shell, holes))
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]


@st.composite
def layers(draw):
    ids = draw(
        st.lists(st.text("AZ09甲-", min_size=1, max_size=6), min_size=1, max_size=4, unique=True)
    )
    rows = range(len(ids))
    columns = {
        "park_id": ids,
        "name": [draw(names) for _ in rows],
        "tier": [draw(tiers) for _ in rows],
        "sectors": [tuple(draw(st.lists(terms, max_size=3, unique=True))) for _ in rows],
        "approved_area_ha": [draw(areas) for _ in rows],
    }
    shapes = [draw(outlines(number)) for number in rows]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=METRIC).set_index("park_id")


def as_read(name):
    return unicodedata.normalize("NFC", name).strip("\n\t\r 　")


def makeup(shape):
    parts = [] if shape is None else list(shapely.get_parts(shape))
    return sorted(len(part.interiors) for part in parts)


def assert_same(parks, again, ending):
    assert again.index.tolist() == parks.index.tolist()
    assert again["name"].tolist() == [as_read(name) for name in parks["name"]]
    for column in ("tier", "sectors"):
        assert again[column].tolist() == parks[column].tolist(), column
    assert np.array_equal(again["approved_area_ha"], parks["approved_area_ha"], equal_nan=True)
    for was, now in zip(parks.geometry, again.geometry.to_crs(METRIC), strict=True):
        assert makeup(now) == makeup(was)
        if was is not None:
            off = max(1e-6 * was.area, MOST_MOVED_M[ending] * was.length)
            assert now.area == pytest.approx(was.area, abs=off)


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=15, deadline=None)
@given(parks=layers())
def test_any_layer_reads_back_as_it_was(ending, parks):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"园区.{ending}")
        sound, changes = validation.repair_parks(parks)
        assert changes.empty
        io.write_parks(sound, path)
        assert_same(parks, io.read_parks(path), ending)
