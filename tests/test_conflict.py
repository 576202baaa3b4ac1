import geopandas as gpd
import pandas as pd
import pytest
from builders import METRIC, park_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st

import parkmap as pm
from parkmap import conflict, errors, messages, publication, schema

KM = 1000


def found(parks, **criteria):
    return pm.analyze(parks, criteria=schema.Criteria(**criteria)).conflicts


def two(overlap_m, **columns):
    """Two 1 km squares (100 ha) that share a strip overlap_m wide: overlap_m / 10 ha."""
    shapes = {"a": square(), "b": square(x=KM - overlap_m)}
    return park_layer(shapes, **columns)


def only(parks, **criteria):
    (row,) = found(parks, **criteria).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("overlap_m", "severity"), [(500, "high"), (101, "high"), (50, "medium"), (8, "low")]
)
def test_land_is_judged_by_the_share_of_the_smaller_park(overlap_m, severity):
    row = only(two(overlap_m))
    assert (row["kind"], row["relation"], row["severity"]) == ("overlap", "partial", severity)
    assert row["smaller_share"] == pytest.approx(overlap_m / KM, rel=1e-3)


def test_a_hundred_hectares_are_high_even_of_a_large_park():
    shapes = {"a": square(width=20 * KM), "b": square(x=19.9 * KM, width=20 * KM)}
    assert only(park_layer(shapes))["severity"] == "high"


def test_two_approved_boundaries_are_high_from_one_hectare():
    assert only(two(15, boundary_kind=["approved", "approved"]))["severity"] == "high"
    assert only(two(8, boundary_kind=["approved", "approved"]))["severity"] == "low"


@pytest.mark.parametrize(
    "kinds", [("schematic", "schematic"), ("schematic", "approved"), ("approved", "planned")]
)
def test_drawn_shapes_and_mixed_kinds_are_at_most_medium(kinds):
    assert only(two(500, boundary_kind=list(kinds)))["severity"] == "medium"


def test_boundaries_of_one_kind_that_is_not_stated_are_judged_as_they_are():
    assert only(two(500, boundary_kind=["", ""]))["severity"] == "high"


@pytest.mark.parametrize(
    ("columns", "relation"),
    [
        ({"managing_body": ["甲", "甲管委会"]}, "same_body"),
        ({"co_built_by": ["甲;乙", "乙;丙"]}, "co_built"),
        ({"list_name": ["历史名录", ""]}, "superseded"),
    ],
)
def test_what_policy_explains_is_for_information(columns, relation):
    row = only(two(500, **columns))
    assert (row["relation"], row["severity"]) == (relation, "info")


def test_one_name_from_two_files_is_told_apart_by_the_file():
    row = only(two(400, name=["甲园", "甲园"], layer=["东片.gpkg", "园区.kml"]))
    assert row["names"] == ("甲园(东片.gpkg)", "甲园(园区.kml)")
    assert "甲园(东片.gpkg)" in row["message"]
    assert "甲园(园区.kml)" in row["message"]
    same_file = only(two(400, name=["甲园", "甲园"], layer=["东片.gpkg"] * 2))
    assert same_file["names"] == ("甲园", "甲园")


def test_a_sliver_is_for_information():
    row = only(two(4))
    assert (row["relation"], row["severity"]) == ("sliver", "info")


def test_nesting_is_a_finding_only_when_nothing_explains_it():
    shapes = {"in": square(x=100, y=100, width=500), "out": square()}
    undeclared = only(park_layer(shapes))
    assert (undeclared["nesting"], undeclared["severity"]) == ("undeclared", "high")
    declared = only(park_layer(shapes, parent_id=["out", ""]))
    assert (declared["nesting"], declared["severity"]) == ("declared", "info")


def test_ground_that_three_claim_is_one_finding_with_three_names():
    shapes = {
        "a": square(),
        "b": square(x=600, y=600),
        "c": square(x=600, y=600, width=400).union(square(x=600, y=2000)),
    }
    row = only(park_layer(shapes))
    assert row["parks"] == ("a", "b", "c")
    assert (row["relation"], row["severity"]) == ("multiple", "high")
    assert row["area_m2"] == pytest.approx(400 * 400, rel=1e-3)
    assert row["smaller_share"] == pytest.approx(0.16, rel=1e-3)


def triple(**columns):
    """a and b share 400 x 1000, c covers 400 x 400 of that and 400 x 600 of nobody's."""
    shapes = {
        "a": square(),
        "b": square(x=600),
        "c": square(x=600, y=-600, width=400, height=1000),
    }
    return park_layer(shapes, **columns)


def test_a_pair_keeps_its_row_where_it_shares_more_than_the_triple_piece():
    rows = found(triple())
    by_parks = {row["parks"]: row for row in rows.to_dict("records")}
    assert set(by_parks) == {("a", "b", "c"), ("a", "b")}
    assert by_parks["a", "b", "c"]["area_m2"] == pytest.approx(160_000, rel=1e-3)
    assert by_parks["a", "b"]["area_m2"] == pytest.approx(400_000, rel=1e-3)


def test_a_triple_piece_needs_three_parties():
    rows = found(triple(managing_body=["甲", "甲", "乙"]))
    assert set(rows["parks"]) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_land_and_rivalry_on_one_pair_are_one_row_that_outranks_both():
    shapes = {
        "a": square(),
        "b": square(x=950),
        "c": square(x=5000),
        "d": square(x=5950),
        "e": square(x=9000),
    }
    sectors = [("偏光片",), ("偏光片",), ("中药饮片",), ("家具",), ("偏光片",)]
    rows = found(park_layer(shapes, sectors=sectors))
    first = rows.iloc[0]
    assert (first["kind"], first["parks"], first["severity"]) == ("both", ("a", "b"), "high")
    land = rows[rows["parks"] == ("c", "d")].iloc[0]
    assert (land["kind"], land["severity"]) == ("overlap", "medium")
    rivals = rows[rows["parks"] == ("a", "e")].iloc[0]
    assert (rivals["kind"], rivals["severity"]) == ("homogeneity", "medium")


def test_rivals_on_drawn_shapes_stay_medium_but_come_first():
    kinds = ["schematic", "schematic"]
    row = only(two(500, sectors=[("偏光片",), ("偏光片",)], boundary_kind=kinds))
    assert (row["kind"], row["severity"]) == ("both", "medium")


def apart(sectors, **columns):
    shapes = {f"p{i}": square(x=3 * KM * i) for i in range(len(sectors))}
    return park_layer(shapes, sectors=sectors, **columns)


def test_one_body_s_parks_that_do_the_same_are_internal_duplication():
    row = only(apart([("偏光片",), ("偏光片",)], managing_body=["甲", "甲"]))
    assert (row["verdict"], row["severity"]) == ("internal", "info")


def test_chain_words_alone_are_too_coarse_to_judge():
    rows = found(apart([("医药",), ("医药",)]))
    assert set(rows["verdict"]) <= {"coarse"}
    assert set(rows["severity"]) <= {"low"}


def test_the_showcase_parks_are_synergy_not_rivalry():
    west = ("IC设计", "IC制造", "IC封测", "IC装备", "IC材料")
    rows = found(apart([west, ("新型显示", "智能终端"), ("电子材料",)]))
    assert sorted(rows["verdict"]) == ["complementary"] * 3
    assert set(rows["severity"]) == {"info"}


def test_a_chain_finding_says_who_can_supply_whom_and_others_do_not():
    rows = found(apart([("晶圆制造",), ("IC设计", "家具"), ("家具", "印刷"), ("家具", "印刷")]))
    told = {row["parks"]: row for row in rows.to_dict("records")}
    chained = told["p0", "p1"]
    assert chained["supplies"] == (("p1", "ic-design", "p0", "wafer-fabrication"),)
    assert "的集成电路设计可为" in chained["message"]
    assert told["p2", "p3"]["supplies"] == ()


def test_a_finding_keeps_its_id_whatever_else_is_in_the_layer():
    layer = two(50, code=["S1", "S2"])
    more = pd.concat([layer, park_layer({"z": square(y=9 * KM)}, code=["S3"])])
    turned = layer.rename(index={"a": "x1", "b": "x2"}).iloc[::-1]
    ids = {found(parks).index[0] for parks in (layer, more, turned)}
    assert len(ids) == 1


def test_a_finding_keeps_its_id_when_it_turns_from_homogeneity_into_both():
    sectors = [("偏光片",), ("偏光片",)]
    far, near = apart(sectors), two(300, sectors=sectors).rename(index={"a": "p0", "b": "p1"})
    assert list(found(far).index) == list(found(near).index)
    assert found(near)["kind"].tolist() == ["both"]


def test_a_layer_without_findings_gives_an_empty_table_with_all_columns():
    rows = found(apart([("偏光片",), ("中药饮片",)]))
    assert rows.empty
    assert list(rows.columns) == list(schema.CONFLICT_COLUMNS)
    assert rows.crs == METRIC


def test_the_parks_are_not_changed():
    parks = two(300)
    before = parks.copy(deep=True)
    found(parks)
    assert parks.equals(before)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_row_order_does_not_matter_and_ranks_never_rise(order):
    shapes = {f"p{i}": square(x=900 * i, y=40 * i) for i in range(6)}
    sectors = [("偏光片",), ("偏光片", "家具"), ("医药",), ("医药",), ("家具",), ("偏光片",)]
    parks = park_layer(shapes, sectors=sectors)
    plain, shuffled = found(parks), found(parks.iloc[list(order)])
    assert plain.index.tolist() == shuffled.index.tolist()
    assert plain["message"].tolist() == shuffled["message"].tolist()
    assert plain["number"].tolist() == list(range(1, len(plain) + 1))
    ranks = [schema.SEVERITIES.index(severity) for severity in plain["severity"]]
    assert ranks == sorted(ranks)


def test_conflict_ids_do_not_depend_on_the_order_of_names():
    assert conflict.conflict_id(["a", "b"]) == conflict.conflict_id(["b", "a"])
    assert conflict.conflict_id(["a", "b"]) != conflict.conflict_id(["a", "c"])


def test_geometry_is_the_shared_ground_and_missing_without_land():
    rows = found(apart([("偏光片",), ("偏光片",)]))
    assert isinstance(rows, gpd.GeoDataFrame)
    assert rows.geometry.isna().all()
    assert found(two(100)).geometry.area.iloc[0] == pytest.approx(100 * KM)


FARMLAND = park_layer({"x": square(-900)})  # 10 ha of the square at the origin


def lined(parks, **layers):
    rows = pm.analyze(parks, **layers).conflicts
    return rows[rows["kind"] == "control"].to_dict("records")


def test_ground_on_a_control_line_is_a_high_finding_of_one_park():
    (row,) = lined(park_layer({"a": square()}), control={"永久基本农田": FARMLAND})
    assert (row["relation"], row["line"], row["severity"]) == ("control", "永久基本农田", "high")
    assert (row["parks"], row["names"]) == (("a",), ("园区a",))
    assert row["area_m2"] == pytest.approx(100_000, rel=1e-3)
    assert row["smaller_share"] == pytest.approx(0.1, rel=1e-3)
    assert row["widest_m"] == pytest.approx(100, rel=0.01)
    assert "与永久基本农田图斑重叠" in row["message"]
    assert "待自然资源部门核定" in row["message"]


def test_ground_outside_a_boundary_is_told_apart_from_ground_on_it():
    growth = park_layer({"x": square(width=750, height=1000)})
    (row,) = lined(park_layer({"a": square()}), within={"城镇开发边界": growth})
    assert (row["relation"], row["severity"]) == ("outside", "high")
    assert row["smaller_share"] == pytest.approx(0.25, rel=1e-3)
    assert "位于城镇开发边界以外" in row["message"]


def test_a_ribbon_along_a_control_line_is_drawing_noise():
    ribbon = park_layer({"x": square(997)})
    (row,) = lined(park_layer({"a": square()}), control={"红线": ribbon})
    assert (row["relation"], row["severity"]) == ("sliver", "info")
    assert "属图形误差" in row["message"]


def test_a_schematic_park_on_a_control_line_is_at_most_medium_and_says_why():
    parks = park_layer({"a": square()}, boundary_kind=["schematic"])
    (row,) = lined(parks, control={"永久基本农田": FARMLAND})
    assert row["severity"] == "medium"
    assert "非法定边界" in row["message"]


def test_a_park_has_one_finding_a_line_beside_its_findings_with_parks():
    parks = park_layer({"a": square(), "b": square(x=500)}, code=["S1", "S2"])
    layers = {"control": {"甲线": FARMLAND, "乙线": FARMLAND}}
    rows = pm.analyze(parks, **layers).conflicts
    assert rows.index.is_unique
    assert rows["kind"].tolist() == ["control", "control", "overlap"]
    assert rows["line"].tolist()[-1] == ""
    turned = pm.analyze(parks.rename(index={"a": "z"}), **layers).conflicts
    assert set(turned.index) == set(rows.index)


def test_one_name_cannot_stand_for_two_lines():
    with pytest.raises(errors.OptionError):
        pm.analyze(FARMLAND, control={"线": FARMLAND}, within={"线": FARMLAND})


def test_the_control_table_is_indexed_by_park_and_line():
    run = pm.analyze(park_layer({"a": square()}), control={"线": FARMLAND})
    assert run.controls.index.tolist() == [("a", "线")]
    assert tuple(run.controls.columns) == schema.CONTROL_COLUMNS
    assert [(line.name, line.within) for line in run.lines] == [("线", False)]
    assert pm.analyze(park_layer({"a": square()})).controls is None


def test_approved_areas_tell_which_claimants_of_a_triple_piece_drew_too_much():
    # 16 ha of a, b (100 ha each) and c (40 ha): a is approved as drawn, b and c without the piece
    row = lined_up(triple(approved_area_ha=[100.0, 84.0, 40.0]))
    assert row["approved_area_gain_ha"] == pytest.approx((-16, 16, -16), rel=0.01)
    assert "园区b所绘面积更接近核准面积" in row["message"]


@pytest.mark.parametrize(
    "columns",
    [
        {"approved_area_ha": [100.0, 84.0, 20.0]},  # c is drawn at twice its approved area
        {"approved_area_ha": [100.0, 84.0, 40.0], "boundary_kind": ["approved", "planned", ""]},
    ],
)
def test_approved_areas_are_silent_where_other_boundaries_were_drawn(columns):
    assert all(pd.isna(list(lined_up(triple(**columns))["approved_area_gain_ha"])))


def lined_up(parks):
    rows = found(parks)
    return rows[rows["relation"] == "multiple"].iloc[0]


def test_a_control_line_far_from_every_park_is_told():
    far = park_layer({"x": square(500 * KM)})
    run = pm.analyze(park_layer({"a": square()}), control={"线": far}, within={"界": FARMLAND})
    told = run.problems[run.problems["code"] == "PM509"]
    assert len(told) == 1
    assert "线" in told["message"].iloc[0]


def test_findings_of_several_files_say_which_and_tell_namesakes_apart():
    shapes = {"a": square(), "b": square(900), "c": square(1800)}
    layer = park_layer(shapes, name=["甲园", "乙园", "甲园"], layer=["a.shp", "a.shp", "b.kml"])
    with messages.use_language("zh"):
        found = pm.analyze(layer).conflicts
        alone = pm.analyze(layer.assign(layer="a.shp")).conflicts
    assert sorted(found["names"]) == [("乙园", "甲园(b.kml)"), ("甲园(a.shp)", "乙园")]
    assert ["数据来自a.shp；" in said for said in found["message"]].count(True) == 1
    assert ["数据来自a.shp、b.kml；" in said for said in found["message"]].count(True) == 1
    assert not any("数据来自" in said for said in alone["message"])
    public = publication.published(pm.analyze(layer)).conflicts
    assert not any("a.shp" in f"{row}" for row in public[["names", "message"]].to_numpy().tolist())
