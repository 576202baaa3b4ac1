from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import METRIC, park_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon, box

from parkmap import schema
from parkmap.errors import CRSError, InputError, SchemaError
from parkmap.overlap import (
    approved_area_gain,
    control_overlaps,
    ground,
    outside_control,
    overlaps,
    slices,
)

CODE = "EPSG:4544"


def one(found):
    assert len(found) == 1
    return found.iloc[0]


def pair(left, right, **columns):
    return one(overlaps(park_layer({"a": left, "b": right}, **columns)))


# ---- which pairs


def test_the_table_has_the_columns_and_index_of_the_schema():
    found = overlaps(park_layer({"b": square(), "a": square(x=900)}))
    assert tuple(found.columns) == schema.OVERLAP_COLUMNS
    assert found.index.names == ["left", "right"]
    assert found.index.tolist() == [("a", "b")]
    assert found.crs == CODE


def test_shared_area_share_and_width_are_those_of_the_common_strip():
    row = pair(square(), square(x=900, width=500, height=1000))
    assert row["geometry"].area == pytest.approx(100 * 1000)
    assert row["area_m2"] == pytest.approx(100_000, rel=1e-3)
    assert row["left_share"] == pytest.approx(0.1, rel=1e-5)
    assert row["right_share"] == pytest.approx(0.2, rel=1e-5)
    assert row["mean_width_m"] == pytest.approx(2 * 100_000 / 2200)


@pytest.mark.parametrize(
    ("other", "hectares"),
    [
        (square(x=100, y=100, width=500), 25),  # contained
        (square(), 100),  # equal
        (MultiPolygon([square(x=-100, width=200), square(x=900, width=200)]), 4),  # two places
    ],
)
def test_contained_equal_and_multi_part_parks_are_found(other, hectares):
    assert pair(square(), other)["geometry"].area == pytest.approx(hectares * 1e4)


@pytest.mark.parametrize("other", [square(x=1000), square(x=1000, y=1000), square(x=5000)])
def test_parks_that_touch_or_lie_apart_are_no_pair(other):
    assert len(overlaps(park_layer({"a": square(), "b": other}))) == 0


def test_only_polygons_are_kept_of_the_shared_ground():
    comb = Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (5, 5), (0, 5)])
    other = Polygon([(0, 5), (5, 5), (5, 8), (9, 8), (9, 12), (0, 12)])  # a shared edge too
    row = pair(translate(comb, 4e5, 3.39e6), translate(other, 4e5, 3.39e6))
    assert row["geometry"].geom_type == "Polygon"
    assert row["geometry"].area == pytest.approx(4 * 2)


def test_a_layer_of_none_or_one_park_has_no_pairs():
    for shapes in ({}, {"a": square()}):
        found = overlaps(park_layer(shapes))
        assert len(found) == 0
        assert tuple(found.columns) == schema.OVERLAP_COLUMNS
        assert len(slices(park_layer(shapes), overlaps=found)) == 0


def test_points_missing_and_empty_shapes_take_no_part():
    shapes = {"a": square(), "b": square(x=500), "c": Point(*square().centroid.coords[0])}
    layer = park_layer({**shapes, "d": None, "e": Polygon(), "f": square().boundary})
    assert overlaps(layer).index.tolist() == [("a", "b")]


def test_an_invalid_park_is_compared_by_its_structure_and_stays_as_it_is():
    left, low = square().bounds[:2]
    bow_tie = Polygon(
        [(left, low), (left + 1000, low + 1000), (left + 1000, low), (left, low + 1000)]
    )
    layer = park_layer(
        {"a": bow_tie, "b": square(), "c": square(x=900, y=5000), "d": square(y=5000)}
    )
    found = overlaps(layer)
    assert found.index.tolist() == [("a", "b"), ("c", "d")]
    assert found.geometry.iloc[0].area == pytest.approx(500_000)
    assert not layer.geometry.iloc[0].is_valid


def test_coordinates_that_are_not_finite_hold_no_land_and_abort_nothing():
    with np.errstate(invalid="ignore"):
        broken = Polygon([(4e5, 3.39e6), (float("nan"), 3.39e6), (4e5, 3.4e6)])
    layer = park_layer({"a": square(), "b": broken, "c": square(x=500)})
    assert overlaps(layer).index.tolist() == [("a", "c")]


def test_heights_are_ignored():
    high = shapely.force_3d(square(x=500), 480.0)
    row = pair(square(), high)
    assert not row["geometry"].has_z
    assert row["geometry"].area == pytest.approx(500_000)


def test_ids_that_are_numbers_are_compared_as_text():
    layer = park_layer({10: square(), 9: square(x=500)})
    assert overlaps(layer).index.tolist() == [("10", "9")]


def test_a_border_shared_in_degrees_does_not_become_a_finding_by_projection():
    # published case: geopandas PR #1260, areas recomputed here
    shapes = {
        "A": box(116.3407, 39.947, 116.348, 39.948),
        "B": box(116.3407, 39.946, 116.3553, 39.947),
    }
    layer = park_layer(shapes, crs="EPSG:4326")
    assert len(overlaps(layer)) == 0
    row = one(overlaps(layer.to_crs(4548)))
    assert row["relation"] == "sliver"
    assert row["geometry"].area == pytest.approx(7.960955866558071, abs=1e-12)
    assert row["mean_width_m"] == pytest.approx(0.0128, abs=5e-5)


def test_degrees_and_metres_give_the_same_measures():
    layer = park_layer({"a": square(), "b": square(x=880, y=100)})
    metres, degrees = (one(overlaps(layer.to_crs(crs))) for crs in (METRIC, 4326))
    for column in ("area_m2", "left_share", "right_share", "mean_width_m"):
        assert metres[column] == pytest.approx(degrees[column], rel=1e-3)
    mercator = one(overlaps(layer.to_crs(3857)))
    assert mercator["mean_width_m"] == pytest.approx(metres["mean_width_m"], rel=1e-3)


def test_a_layer_without_crs_or_with_repeated_ids_is_refused():
    layer = park_layer({"a": square(), "b": square(x=500)}, crs=None)
    with pytest.raises(CRSError, match="--crs"):
        overlaps(layer)
    twice = pd.concat([layer.set_crs(METRIC)] * 2)
    with pytest.raises(SchemaError, match="park_id"):
        overlaps(twice)


def test_the_input_is_not_changed():
    layer = park_layer({"b": square(), "a": square(x=500)})
    before = layer.copy()
    slices(layer, overlaps=overlaps(layer, adjacent_gap_m=10))
    pd.testing.assert_frame_equal(pd.DataFrame(layer), pd.DataFrame(before))


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_results_do_not_depend_on_the_executor(pool):
    rng = np.random.default_rng(3)
    shapes = {f"p{k}": square(*rng.uniform(0, 9000, 2), 700) for k in range(400)}
    layer = park_layer(shapes)
    plain = overlaps(layer)
    assert len(plain) > 512  # more than one batch
    with pool(2) as executor:
        other = overlaps(layer, executor=executor)
    assert plain.drop(columns="geometry").equals(other.drop(columns="geometry"))
    assert plain.geometry.to_wkb().equals(other.geometry.to_wkb())


def test_thousands_of_repeated_rows_are_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(ground, "MOST_PAIRS", 5)
    assert len(overlaps(park_layer({name: square() for name in "abc"}))) == 3
    with pytest.raises(InputError, match="parkmap check"):
        overlaps(park_layer({name: square() for name in "abcd"}))


# ---- relations


def test_the_same_outline_shifted_a_little_is_a_duplicate():
    assert pair(square(), square(x=20))["relation"] == "duplicate"
    assert pair(square(), square(x=60))["relation"] == "partial"


def test_a_narrow_strip_is_a_sliver_and_a_wide_one_is_not():
    assert pair(square(), square(x=997))["relation"] == "sliver"
    assert pair(square(), square(x=990))["relation"] == "partial"


def test_a_long_ribbon_with_a_broad_place_is_no_sliver():
    long_park = square(width=100_000, height=1000)
    ribbon = square(y=999, width=100_000, height=1000)
    assert pair(long_park, ribbon)["relation"] == "sliver"  # 10 ha, but nowhere wider than 1 m
    block = square(x=50_000, y=850, width=150, height=500)
    row = pair(long_park, shapely.union(ribbon, block))
    assert row["mean_width_m"] < 5
    assert row["relation"] == "partial"  # opening leaves more than a hectare


def test_the_sliver_thresholds_are_the_caller_s():
    layer = park_layer({"a": square(), "b": square(x=997)})
    assert one(overlaps(layer, sliver_width_m=1))["relation"] == "partial"


def test_a_park_inside_a_larger_one_is_nested():
    row = pair(square(), square(x=100, y=100, width=500))
    assert (row["relation"], row["nesting"]) == ("nested", "undeclared")
    barely = pair(square(), square(x=995, y=100, width=500))
    assert barely["nesting"] == ""


@pytest.mark.parametrize(
    "columns",
    [
        {"parent_id": ["", "a"]},
        {"parent_id": ["", "S51"], "code": ["S51", ""]},
        {"parent_id": ["", "园区 a"]},
    ],
)
def test_nesting_is_declared_by_id_code_or_name(columns):
    assert pair(square(), square(x=100, width=500), **columns)["nesting"] == "declared"


def test_a_parent_other_than_the_outer_park_declares_nothing():
    row = pair(square(), square(x=100, width=500), parent_id=["b", "z"])
    assert row["nesting"] == "undeclared"


@pytest.mark.parametrize(
    ("tiers", "sectors", "nesting"),
    [
        (("provincial", "municipal"), (("医药",), ("中药饮片",)), "inferred"),
        (("provincial", "municipal"), (("医药", "食品"), ("医药:1.0",)), "inferred"),
        (("provincial", "municipal"), (("中药饮片",), ("医药",)), "undeclared"),
        (("municipal", "provincial"), (("医药",), ("中药饮片",)), "undeclared"),
        (("", "municipal"), (("医药",), ("中药饮片",)), "undeclared"),
        (("provincial", "municipal"), (("医药",), ()), "undeclared"),
    ],
)
def test_nesting_is_inferred_for_a_lower_tier_in_the_outer_s_trade(tiers, sectors, nesting):
    row = pair(square(), square(x=100, width=500), tier=list(tiers), sectors=list(sectors))
    assert row["nesting"] == nesting


@pytest.mark.parametrize(
    ("columns", "relation"),
    [
        ({"managing_body": ["甲管委会", "甲管理委员会"], "co_built_by": ["乙", "乙"]}, "same_body"),
        ({"managing_body": ["甲", "乙"], "co_built_by": ["", "甲;丙"]}, "co_built"),
        ({"list_name": ["", "历史名录"]}, "superseded"),
    ],
)
def test_policy_is_asked_before_geometry(columns, relation):
    for other in (square(), square(x=997), square(x=100, width=500), square(x=500)):
        row = pair(square(), other, **columns)
        assert (row["relation"], row["nesting"]) == (relation, "")


def test_the_superseded_lists_are_the_caller_s():
    layer = park_layer({"a": square(), "b": square(x=500)}, list_name=["2019版", "历史名录"])
    assert one(overlaps(layer, superseded_lists=["2019版"]))["relation"] == "superseded"
    assert one(overlaps(layer, superseded_lists=[]))["relation"] == "partial"


def test_neighbours_are_listed_on_request_only():
    layer = park_layer(
        {"c": square(), "b": square(x=1000), "a": square(x=2030), "d": square(y=900)}
    )
    assert overlaps(layer).index.tolist() == [("c", "d")]
    found = overlaps(layer, adjacent_gap_m=50)
    assert found["relation"].to_dict() == {
        ("a", "b"): "adjacent",
        ("b", "c"): "adjacent",
        ("b", "d"): "adjacent",
        ("c", "d"): "partial",
    }
    near = found[found["relation"] == "adjacent"]
    assert (near["area_m2"] == 0).all()
    assert near.geometry.is_empty.all()
    assert overlaps(layer.to_crs(4326), adjacent_gap_m=50).index.equals(found.index)


# ---- slices


def test_a_triple_claim_is_one_slice_with_three_names():
    layer = park_layer({"a": square(), "b": square(x=500), "c": square(x=500, y=500)})
    found = slices(layer)
    assert tuple(found.columns) == schema.SLICE_COLUMNS
    planar = dict(zip(found["claimants"], found.area / 1e4, strict=True))
    assert planar == pytest.approx({("a", "b"): 25, ("a", "b", "c"): 25, ("b", "c"): 25})


def test_land_two_parks_claim_in_two_places_is_one_slice():
    apart = MultiPolygon([square(x=-100, width=200), square(x=900, width=200)])
    row = one(slices(park_layer({"a": square(), "b": apart})))
    assert row["claimants"] == ("a", "b")
    assert shapely.get_num_geometries(row["geometry"]) == 2


def test_identical_parks_claim_one_slice():
    layer = park_layer({name: square() for name in "dbca"})
    row = one(slices(layer))
    assert row["claimants"] == tuple("abcd")
    assert row["area_m2"] == pytest.approx(1e6, rel=1e-3)


def test_neighbours_without_land_are_in_no_slice():
    layer = park_layer({"a": square(), "b": square(x=1000), "c": square(x=1000)})
    found = slices(layer, overlaps=overlaps(layer, adjacent_gap_m=10))
    assert found["claimants"].tolist() == [("b", "c")]


# ---- properties


BOXES = st.lists(
    st.tuples(*[st.integers(0, 20)] * 2, st.integers(1, 12), st.integers(1, 12)),
    min_size=2,
    max_size=7,
)


def layer_of(boxes, scale=137.0):
    shapes = {
        f"p{k}": square(x * scale, y * scale, w * scale, h * scale)
        for k, (x, y, w, h) in enumerate(boxes)
    }
    return park_layer(shapes)


@given(BOXES)
@settings(deadline=None, max_examples=60)
def test_shares_are_within_bounds_and_pairs_sorted(boxes):
    layer = layer_of(boxes)
    found = overlaps(layer)
    assert found.index.is_monotonic_increasing
    assert all(left < right for left, right in found.index)
    assert (found["area_m2"] > 0).all()
    assert found[["left_share", "right_share"]].to_numpy().max(initial=0) <= 1
    assert found[["left_share", "right_share"]].to_numpy().min(initial=1) > 0
    expected = sum(
        layer.geometry.iloc[i].intersection(layer.geometry.iloc[j]).area > 0
        for i in range(len(layer))
        for j in range(i)
    )
    assert len(found) == expected


@given(BOXES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_rows_does_not_matter(boxes, random):
    layer = layer_of(boxes)
    order = list(range(len(layer)))
    random.shuffle(order)
    first, second = overlaps(layer), overlaps(layer.iloc[order])
    assert first.drop(columns="geometry").equals(second.drop(columns="geometry"))
    assert first.geometry.to_wkb().equals(second.geometry.to_wkb())


@given(BOXES)
@settings(deadline=None, max_examples=40)
def test_swapping_names_swaps_the_sides(boxes):
    layer = layer_of(boxes[:2])
    swapped = layer.rename(index={"p0": "p1", "p1": "p0"})
    first, second = overlaps(layer), overlaps(swapped)
    assert first["area_m2"].tolist() == pytest.approx(second["area_m2"].tolist(), rel=1e-9)
    assert first["left_share"].tolist() == pytest.approx(second["right_share"].tolist(), rel=1e-9)
    assert first["relation"].tolist() == second["relation"].tolist()


@given(BOXES, st.integers(-90, 90), st.integers(-300, 300))
@settings(deadline=None, max_examples=40)
def test_moving_the_layer_moves_the_findings(boxes, east_km, north_km):
    layer = layer_of(boxes)
    moved = layer.set_geometry(layer.translate(east_km * 1000, north_km * 1000))
    first, second = overlaps(layer), overlaps(moved)
    assert first.index.equals(second.index)
    assert first["relation"].tolist() == second["relation"].tolist()
    assert first.area.tolist() == pytest.approx(second.area.tolist(), rel=1e-6)


PARTS = st.lists(
    st.tuples(st.integers(-900, 900), st.integers(-900, 900), st.integers(1, 900)),
    min_size=1,
    max_size=3,
)


@given(PARTS, PARTS)
@settings(deadline=None, max_examples=60)
def test_parts_of_one_park_overlap_as_they_would_each_for_itself(first, second):
    """A park in pieces, each in a cell of its own, and the same pieces as parks."""

    def pieces(drawn):
        return [square(4000 * at + x, y, side) for at, (x, y, side) in enumerate(drawn)]

    sides = {"a": pieces(first), "b": pieces(second)}
    whole = overlaps(park_layer({name: MultiPolygon(parts) for name, parts in sides.items()}))
    single = {f"{name}{at}": part for name, parts in sides.items() for at, part in enumerate(parts)}
    apart = overlaps(park_layer(single))
    assert len(whole) == bool(len(apart))
    assert whole["area_m2"].sum() == pytest.approx(apart["area_m2"].sum(), rel=1e-9)
    assert whole.area.sum() == pytest.approx(apart.area.sum(), rel=1e-12)


@given(BOXES, st.integers(1, 999))
@settings(deadline=None, max_examples=40)
def test_a_border_cut_in_two_by_a_vertex_changes_nothing(boxes, thousandth):
    layer = layer_of(boxes)

    def with_vertices(shape):
        ring = shapely.get_coordinates(shape)
        between = ring[:-1] + (ring[1:] - ring[:-1]) * thousandth / 1000
        return Polygon(np.stack([ring[:-1], between], axis=1).reshape(-1, 2))

    first = overlaps(layer)
    second = overlaps(layer.set_geometry(layer.geometry.map(with_vertices)))
    assert first.index.equals(second.index)
    assert first["relation"].tolist() == second["relation"].tolist()
    assert first.area.tolist() == pytest.approx(second.area.tolist(), rel=1e-9)
    # between two vertices the ellipsoid's shortest line is not quite the plane's
    assert first["area_m2"].tolist() == pytest.approx(second["area_m2"].tolist(), rel=1e-5)


@given(BOXES)
@settings(deadline=None, max_examples=60)
def test_slices_and_pairs_agree_on_every_square_metre(boxes):
    layer = layer_of(boxes)
    pairs = overlaps(layer)
    found = slices(layer, overlaps=pairs)
    for (left, right), shared in pairs.geometry.items():
        both = found["claimants"].map(lambda names, ends={left, right}: ends <= set(names))
        assert found[both].area.sum() == pytest.approx(shared.area, rel=1e-6)
        assert found.loc[both, "area_m2"].sum() == pytest.approx(
            pairs.loc[(left, right), "area_m2"], rel=1e-4
        )
    union = layer.geometry.union_all().area
    counted = sum(
        (len(names) - 1) * area for names, area in zip(found["claimants"], found.area, strict=True)
    )
    assert layer.area.sum() - counted == pytest.approx(union, rel=1e-6)
    assert found["claimants"].is_unique


# ---- approved area


def gains(hectares, **columns):
    layer = park_layer({"a": square(), "b": square(x=900)}, approved_area_ha=hectares, **columns)
    return approved_area_gain(layer, overlaps(layer)).iloc[0].tolist()


def test_the_gain_points_to_the_park_that_drew_too_much():
    left, right = gains([90.0, 100.0])  # 10 ha shared; a has 10 ha more than approved
    assert left == pytest.approx(10, abs=0.1)
    assert right == pytest.approx(-10, abs=0.1)


@pytest.mark.parametrize(
    ("hectares", "columns"),
    [
        ([np.nan, np.nan], {}),  # nothing approved
        ([0.0, 0.0], {}),
        ([95.0, 95.0], {}),  # 5 too much or 5 too little: no gain
        ([50.0, 100.0], {}),  # twice what was approved: another kind of boundary
        ([90.0, 100.0], {"boundary_kind": ["approved", "planned"]}),
    ],
)
def test_the_evidence_is_silent_where_it_says_nothing(hectares, columns):
    assert np.isnan(gains(hectares, **columns)).all()


def test_one_approved_area_speaks_for_its_own_park():
    left, right = gains([90.0, np.nan], boundary_kind=["approved", ""])
    assert left == pytest.approx(10, abs=0.1)
    assert np.isnan(right)


# ---- control lines


def farmland(*shapes, crs=METRIC):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs)


def test_a_park_on_controlled_land_is_measured_once_however_it_is_drawn():
    layer = park_layer({"b": square(), "a": square(x=5000)})
    lines = farmland(square(x=800), square(x=900), square(x=-900))
    found = control_overlaps(layer, lines, name="永久基本农田")
    row = one(found)
    assert (found.index.tolist(), row["control"]) == (["b"], "永久基本农田")
    assert row["geometry"].area == pytest.approx(300 * 1000)
    assert row["share"] == pytest.approx(0.3, rel=1e-3)
    assert row["widest_m"] == pytest.approx(200, rel=0.02)
    assert row["relation"] == "control"


def test_a_strip_along_the_line_is_a_sliver():
    lines = farmland(square(x=998))
    assert (
        one(control_overlaps(park_layer({"a": square()}), lines, name="x"))["relation"] == "sliver"
    )


def test_the_control_layer_may_have_another_crs():
    lines = farmland(square(x=500)).to_crs(4326)
    row = one(control_overlaps(park_layer({"a": square()}), lines, name="x"))
    assert row["area_m2"] == pytest.approx(500_000, rel=1e-3)


def test_land_outside_a_boundary_is_measured():
    layer = park_layer({"a": square(), "b": square(x=200, width=100), "c": square(x=9000)})
    found = outside_control(layer, farmland(square(x=-100, width=600)), name="城镇开发边界")
    assert found["share"].to_dict() == pytest.approx({"a": 1 - 500 * 600 / 1e6, "c": 1}, rel=1e-3)


def test_no_park_and_no_line_give_an_empty_table():
    for parks, lines in (
        (park_layer({}), farmland(square())),
        (park_layer({"a": square()}), farmland()),
        (park_layer({"a": Point(0, 0)}), farmland(square())),
    ):
        found = control_overlaps(parks, lines, name="x")
        assert (len(found), found.index.name) == (0, "park_id")
        assert found.columns[-1] == "geometry"
