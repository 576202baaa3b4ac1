import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import METRIC, park_layer, square
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely.geometry import Point, Polygon, box

from parkmap import geodesy
from parkmap.errors import CRSError, OptionError
from parkmap.geodesy import suspects as suspects_

GEOD = Geod(ellps="GRS80")
IN_CHINA = {"lon": st.floats(75, 132), "lat": st.floats(18, 52)}


def star(lon, lat, radius_m, seed, count=9):
    rng = np.random.default_rng(seed)
    turn = 2 * np.pi * (np.arange(count) + rng.uniform(0, 0.8, count)) / count
    reach = radius_m / 111e3 * rng.uniform(0.5, 1, count)
    return Polygon(
        np.c_[lon + reach * np.cos(turn) / np.cos(np.radians(lat)), lat + reach * np.sin(turn)]
    )


def by_geod(shape):
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])


@given(**IN_CHINA, radius=st.sampled_from([300, 3_000, 30_000]), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=80)
def test_areas_are_those_of_the_geodesic_polygon(lon, lat, radius, seed):
    park = star(lon, lat, radius, seed)
    found = geodesy.ellipsoidal_area([park], "EPSG:4490")[0]
    assert found == pytest.approx(by_geod(park), rel=1e-9, abs=0.02)  # Geod itself rounds at 0.01


def test_area_of_holes_parts_and_collections():
    ring = Polygon(
        box(104, 30, 104.03, 30.03).exterior, [box(104.01, 30.01, 104.02, 30.02).exterior]
    )
    apart = box(104.1, 30, 104.11, 30.01)
    whole = by_geod(ring) + by_geod(apart)
    shapes = [
        ring,
        shapely.MultiPolygon([ring, apart]),
        shapely.GeometryCollection([ring, Point(0, 0)]),
    ]
    nested = shapely.GeometryCollection([shapely.MultiPolygon([ring, apart])])
    areas = geodesy.ellipsoidal_area([*shapes, nested], 4490)
    assert areas == pytest.approx([by_geod(ring), whole, by_geod(ring), whole], rel=1e-8)


def test_points_and_missing_shapes_have_no_area():
    shapes = np.array([None, Point(104, 30), Polygon(), box(104, 30, 104.01, 30.01)], dtype=object)
    area, perimeter = geodesy.ellipsoidal_area_perimeter(shapes, 4490)
    assert (area[:3] == 0).all()
    assert (perimeter[:3] == 0).all()
    assert area[3] > 1e6
    assert len(geodesy.ellipsoidal_area([], 4490)) == 0


@pytest.mark.parametrize("code", [4544, 32648, 3857, 2249])
def test_the_projection_does_not_change_the_area(code):
    park = gpd.GeoSeries([star(104, 30.6, 2000, 1)], crs=4326)
    if code == 2249:  # feet, in Massachusetts
        park = gpd.GeoSeries([star(-71.5, 42, 2000, 1)], crs=4326)
    projected = park.to_crs(code)
    geod = Geod(
        a=projected.crs.ellipsoid.semi_major_metre, rf=projected.crs.ellipsoid.inverse_flattening
    )
    degrees = projected.to_crs(projected.crs.geodetic_crs)
    expected = abs(geod.geometry_area_perimeter(degrees.iloc[0])[0])
    assert geodesy.ellipsoidal_area(projected, code)[0] == pytest.approx(expected, rel=1e-8)


PLANES = {
    "gauss-krueger": "EPSG:4544",
    "web mercator": "EPSG:3857",
    "degrees": "EPSG:4490",
    "equal area": "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +ellps=GRS80 +units=m",
    "conic in feet": "+proj=lcc +lat_1=25 +lat_2=47 +lon_0=105 +ellps=GRS80 +units=us-ft",
    "oblique": "+proj=omerc +lat_0=36 +lonc=104 +alpha=40 +k=0.9 +ellps=GRS80 +units=m",
}


@pytest.mark.parametrize("plane", PLANES)
@given(
    at=st.tuples(st.floats(99, 111), st.floats(3, 70)), radius=st.floats(50, 4000),
    count=st.integers(3, 40), seed=st.integers(0, 999),
)  # fmt: skip
@example(at=(99.0, 66.0), radius=2669.0, count=3, seed=1)  # 2.1e-10 off: a triangle far north
@settings(deadline=None, max_examples=25)
def test_areas_by_moments_are_those_of_the_vertices(plane, at, radius, count, seed):
    """One unprojects thirteen points of a shape, the other each of its vertices."""
    park = gpd.GeoSeries([star(*at, radius, seed, count)], crs=4490).to_crs(PLANES[plane])
    few = geodesy.ellipsoidal_area(park, park.crs)[0]
    every = geodesy.ellipsoidal_area_perimeter(park, park.crs)[0][0]
    assert few == pytest.approx(every, rel=5e-10, abs=1e-4)


def test_shapes_too_wide_too_far_north_or_across_the_date_line_are_measured_by_their_vertices():
    wide, polar = star(104, 30, 30_000, 1), star(20, 82, 1000, 1)
    across = Polygon([(179.99, 10), (-179.99, 10), (-179.99, 10.02), (179.99, 10.02)])
    beside = Polygon([(179.9, 10), (179.92, 10), (179.92, 10.02), (179.9, 10.02)])
    areas = geodesy.ellipsoidal_area([wide, polar, across, beside, None], 4490)
    every = geodesy.ellipsoidal_area_perimeter([wide, polar, across, beside, None], 4490)[0]
    assert areas == pytest.approx(every, rel=1e-10)
    assert areas[2] == pytest.approx(areas[3], rel=1e-9)


def test_web_mercator_would_overstate_the_area_by_a_third():
    park = gpd.GeoSeries([box(103.9, 30.7, 103.93, 30.73)], crs=4326)
    mercator = park.to_crs(3857)
    true = geodesy.ellipsoidal_area(mercator, mercator.crs)[0]
    assert mercator.area.iloc[0] / true == pytest.approx(1.36, abs=0.01)
    assert true == pytest.approx(by_geod(park.iloc[0]), rel=1e-6)


def test_perimeter_and_a_ring_across_the_antimeridian():
    shape = box(179.99, 10, 180.01, 10.02)
    wrapped = Polygon([(179.99, 10), (-179.99, 10), (-179.99, 10.02), (179.99, 10.02)])
    area, perimeter = geodesy.ellipsoidal_area_perimeter([shape, wrapped], 4326)
    assert area[0] == pytest.approx(area[1], rel=1e-9)
    expected = GEOD.geometry_length(shapely.boundary(shape))
    assert perimeter == pytest.approx([expected, expected], rel=1e-7)


def test_a_ring_round_the_pole_is_the_cap():
    cap = Polygon([(lon, 89.9) for lon in range(0, 360, 10)])
    assert geodesy.ellipsoidal_area([cap], 4326)[0] == pytest.approx(3.9e8, rel=0.02)


def test_a_projected_metric_layer_keeps_its_own_crs():
    assert geodesy.metric_crs(park_layer({"a": square()})).to_epsg() == 4544


@pytest.mark.parametrize("code", [4326, 4490, 3857, 4087])
def test_other_layers_get_a_local_plane_of_their_own_datum(code):
    layer = park_layer({"a": square(), "b": square(x=3000)}).to_crs(code)
    plane = geodesy.metric_crs(layer)
    assert plane.is_projected
    assert plane.geodetic_crs == CRS(code).geodetic_crs
    here = layer.to_crs(plane)
    assert here.geometry.iloc[0].distance(here.geometry.iloc[1]) == pytest.approx(2000, rel=1e-3)
    assert here.area.iloc[0] == pytest.approx(1e6, rel=2e-3)


def test_a_layer_without_crs_is_refused_with_a_way_out():
    layer = park_layer({"a": square()}, crs=None)
    for function in (geodesy.metric_crs, geodesy.representative_lonlat, geodesy.require_crs):
        with pytest.raises(CRSError, match="--crs"):
            function(layer)


def test_a_crs_that_floats_free_of_the_earth_is_refused():
    local = 'ENGCRS["site",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
    with pytest.raises(CRSError, match="--crs"):
        geodesy.require_crs(park_layer({"a": square()}, crs=local))


def test_an_empty_layer_still_has_a_metric_crs():
    assert geodesy.metric_crs(gpd.GeoDataFrame(geometry=[], crs=4490)).is_projected


def test_representative_points_lie_inside_and_missing_ones_are_unknown():
    crescent = box(104, 30, 104.1, 30.1) - box(104.01, 30.01, 104.1, 30.09)
    layer = gpd.GeoDataFrame(geometry=[crescent, Point(104, 31), None], crs=4326)
    at = geodesy.representative_lonlat(layer)
    assert crescent.covers(Point(at[0]))
    assert at[1].tolist() == [104, 31]
    assert np.isnan(at[2]).all()


def test_distances_are_geodesic_and_unknown_where_a_point_is():
    apart = geodesy.geodesic_distance([(104, 30.6), (104, 30.6)], [(104.1, 30.6), (np.nan, 1)])
    assert apart[0] == pytest.approx(GEOD.inv(104, 30.6, 104.1, 30.6)[2])
    assert np.isnan(apart[1])
    assert len(geodesy.geodesic_distance([], [])) == 0


def test_local_planes_hold_lengths_true():
    shapes = np.array(
        [box(104, 30, 104.05, 30.05), None, box(116, 40, 116.05, 40.05)], dtype=object
    )
    plane = geodesy.local_planes(shapes, 4490)
    assert plane[1] is None
    for k in (0, 2):
        assert plane[k].length == pytest.approx(GEOD.geometry_length(shapes[k].boundary), rel=1e-3)
        assert plane[k].area == pytest.approx(by_geod(shapes[k]), rel=1e-3)


# ---- GCJ-02 and BD-09


@given(**IN_CHINA)
@settings(deadline=None)
def test_there_and_back_is_within_a_centimetre(lon, lat):
    for there, back in (
        (geodesy.wgs84_to_gcj02, geodesy.gcj02_to_wgs84),
        (geodesy.gcj02_to_bd09, geodesy.bd09_to_gcj02),
    ):
        x, y = back(*there([lon], [lat]))
        assert GEOD.inv(lon, lat, x[0], y[0])[2] < 0.01


@given(**IN_CHINA)
@settings(deadline=None)
def test_the_shift_is_hundreds_of_metres(lon, lat):
    x, y = geodesy.wgs84_to_gcj02([lon], [lat])
    assert 20 < GEOD.inv(lon, lat, x[0], y[0])[2] < 1000


def test_the_shift_at_chengdu_and_beijing_is_the_published_one():
    for place, metres in (((104.0657, 30.6595), 360.3), ((116.3975, 39.9087), 556.1)):
        x, y = geodesy.wgs84_to_gcj02(*place)
        assert GEOD.inv(*place, float(x), float(y))[2] == pytest.approx(metres, abs=3)


def test_outside_china_nothing_is_shifted():
    assert [v.tolist() for v in geodesy.wgs84_to_gcj02([2.35], [48.9])] == [[2.35], [48.9]]


def drawn_on_gcj02(parks):
    def shift(xy):
        return np.column_stack(geodesy.wgs84_to_gcj02(xy[:, 0], xy[:, 1]))

    degrees = parks.to_crs(4490)
    return degrees.set_geometry(shapely.transform(degrees.geometry, shift), crs=4490)


def test_a_layer_drawn_on_gcj02_comes_back_to_its_place():
    parks = park_layer({"a": square(), "b": square(x=3000)})
    for crs in (4490, METRIC):
        drawn = drawn_on_gcj02(parks).to_crs(crs)
        mended = geodesy.shift_datum(drawn, datum="gcj02").to_crs(METRIC)
        assert mended.geometry.hausdorff_distance(parks.geometry).max() < 0.01
        assert drawn.to_crs(METRIC).geometry.hausdorff_distance(parks.geometry).min() > 300


def test_shifting_keeps_the_input_and_refuses_unknown_datums():
    parks = park_layer({"a": square()})
    before = parks.copy()
    geodesy.shift_datum(parks, datum="bd09")
    assert parks.geometry.geom_equals(before.geometry).all()
    assert geodesy.shift_datum(parks, datum="wgs84").geometry.geom_equals(parks.geometry).all()
    with pytest.raises(OptionError, match="mars"):
        geodesy.shift_datum(parks, datum="mars")


def test_the_same_parks_on_gcj02_are_recognised_by_how_they_fit():
    parks = park_layer({"a": square(width=3000), "b": square(x=4000, width=3000)})
    hint = geodesy.looks_like_gcj02(drawn_on_gcj02(parks), parks)
    assert (hint.datum, hint.evidence) == ("gcj02", "iou")
    assert hint.shift_m == pytest.approx(360, abs=40)
    assert 100 < hint.azimuth < 170  # south-east
    assert hint.before < 0.8
    assert hint.after > 0.99
    assert geodesy.looks_like_gcj02(parks, parks) is None


def test_a_neighbour_on_gcj02_is_recognised_by_false_overlap_and_gap():
    grid = {
        f"{i}{j}": square(x=3000 * i, y=3000 * j, width=3000) for i in range(3) for j in range(3)
    }
    parks = park_layer(grid)
    mixed = parks.copy()
    mixed.loc[["11"], "geometry"] = drawn_on_gcj02(parks.loc[["11"]]).to_crs(METRIC).geometry
    suspects = geodesy.datum_suspects(mixed)
    assert suspects["datum"].to_dict() == {"11": "gcj02"}
    assert suspects.loc["11", "evidence"] == "mismatch"
    assert len(geodesy.datum_suspects(parks)) == 0
    copies = mixed.loc[["00", "00"]].set_axis(["x", "y"])  # say nothing, and hide nobody
    assert list(geodesy.datum_suspects(pd.concat([copies, mixed])).index) == ["11"]
    twice = mixed.loc[["11"]].set_axis(["z"])
    assert geodesy.datum_suspects(pd.concat([mixed, twice])).empty


def test_on_a_crowd_nobody_is_tried(monkeypatch):
    crowd = park_layer({f"{n:03d}": square(x=n, width=3000) for n in range(60)})
    tried = []
    monkeypatch.setattr(suspects_, "_suspect", lambda *given: tried.append(given[2]))
    geodesy.datum_suspects(crowd.iloc[:40])
    assert tried == list(range(40))
    tried.clear()
    geodesy.datum_suspects(crowd)
    assert tried == []


def test_bd09_is_told_from_gcj02():
    parks = park_layer({"a": square(width=3000)})
    degrees = drawn_on_gcj02(parks)
    shifted = shapely.transform(
        degrees.geometry, lambda xy: np.column_stack(geodesy.gcj02_to_bd09(xy[:, 0], xy[:, 1]))
    )
    hint = geodesy.looks_like_gcj02(degrees.set_geometry(shifted, crs=4490), parks)
    assert hint.datum == "bd09"


def test_layers_without_land_look_like_nothing():
    parks = park_layer({"a": square()})
    points = parks.set_geometry(parks.centroid)
    assert geodesy.looks_like_gcj02(points, parks) is None
    assert geodesy.looks_like_gcj02(parks, parks.iloc[:0]) is None
