"""Problems are listed row by row; repairs say what they did and lose no row."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from builders import METRIC, ORIGIN, park_layer, square
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap import geodesy, messages, overlap, problems, schema, validation
from parkmap.errors import SchemaError
from parkmap.schema import PROBLEM_COLUMNS


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def shape(*points):
    return shapely.Polygon([(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in points])


BOW_TIE = shape((0, 0), (1000, 1000), (1000, 0), (0, 1000))  # two triangles of 25 ha
with np.errstate(invalid="ignore"):
    NOT_FINITE = shape((0, 0), (1000, 0), (np.inf, 500), (0, 1000))


def sound_layer(shapes, **columns):
    count = len(shapes)
    return park_layer(
        shapes, **{"tier": ["provincial"] * count, "sectors": [("医药",)] * count, **columns}
    )


def codes(parks, **options):
    return validation.check_parks(parks, **options)["code"].tolist()


def test_a_sound_table_has_no_problems():
    found = validation.check_parks(sound_layer({"a": square(), "b": square(2000)}))
    assert len(found) == 0
    assert list(found.columns) == list(PROBLEM_COLUMNS)


def test_a_plain_frame_is_no_parks_table():
    with pytest.raises(SchemaError):
        validation.check_parks(gpd.pd.DataFrame())


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"tier": [""]}, "PM302"),
        ({"sectors": [()]}, "PM403"),
        ({"sectors": [("没有这种产业的词",)]}, "PM401"),
        ({"parent_id": ["Z"]}, "PM309"),
        ({"boundary_kind": ["approved"], "approved_area_ha": [50.0]}, "PM310"),
        ({"boundary_kind": ["approved"], "approved_area_ha": [200.0]}, "PM310"),
    ],
)
def test_each_attribute_problem_has_its_code(columns, code):
    assert codes(sound_layer({"a": square()}, **columns)) == [code]


@pytest.mark.parametrize(
    "columns",
    [
        {"boundary_kind": ["planned"], "approved_area_ha": [50.0]},
        {"boundary_kind": ["approved"], "approved_area_ha": [90.0]},
        {"boundary_kind": ["approved"], "approved_area_ha": [float("nan")]},
        {"boundary_kind": ["approved"], "approved_area_ha": [0.0]},
    ],
)
def test_areas_are_compared_only_where_the_approved_boundary_is_drawn(columns):
    assert codes(sound_layer({"a": square()}, **columns)) == []


def test_a_proposal_is_named_and_not_taken():
    found = validation.check_parks(sound_layer({"a": square()}, sectors=[("生物医葯制造业务",)]))
    assert set(found["code"]) <= {"PM401", "PM402"}
    assert len(found) == 1


def test_names_alike_are_listed_on_both_rows():
    parks = sound_layer({"a": square(), "b": square(5000), "c": square(9000)})
    found = validation.check_parks(parks.assign(name=["成都-甲 园区", "成都—甲园区", "乙"]))
    assert found[["park_id", "code"]].values.tolist() == [["a", "PM305"], ["b", "PM305"]]
    assert "also that of b" in found["message"].iloc[0]


@pytest.mark.parametrize("parent", ["a", "S1", "园区a"])
def test_a_parent_is_known_by_id_code_or_name(parent):
    parks = sound_layer({"a": square(), "b": square(100, 100, 100)}, code=["S1", ""])
    assert codes(parks.assign(parent_id=["", parent])) == []


@pytest.mark.parametrize(
    ("geometry", "code", "severity"),
    [
        (None, "PM203", "warning"),
        (shapely.Polygon(), "PM203", "warning"),
        (square().centroid, "PM204", "info"),
        (square().exterior, "PM205", "error"),
        (shapely.GeometryCollection([square(), square().exterior]), "PM206", "warning"),
        (BOW_TIE, "PM207", "warning"),
        (shapely.box(0, 0, 1000, 1000), "PM501", "error"),
        (square(width=20), "PM210", "warning"),
        (NOT_FINITE, "PM209", "error"),
    ],
)
def test_each_shape_gets_its_problem(geometry, code, severity):
    found = validation.check_parks(sound_layer({"a": geometry, "b": square(5000)}))
    listed = found[found["code"] == code]
    assert listed[["park_id", "severity"]].values.tolist() == [["a", severity]]


def test_the_areas_before_and_after_stand_in_the_message():
    found = validation.check_parks(sound_layer({"a": BOW_TIE}))
    assert (
        "boundary crosses itself [400500 3390500]): 1 m2 as drawn, 49.99 ha"
        in found["message"].iloc[0]
    )


def test_a_bow_tie_is_repaired_to_its_two_triangles():
    parks = sound_layer({"a": BOW_TIE, "b": square(5000)})
    sound, changes = validation.repair_parks(parks)
    assert sound.geometry.is_valid.all()
    assert sound.geometry.area.tolist() == [500_000.0, 1_000_000.0]
    assert changes[["park_id", "change"]].values.tolist() == [["a", "repaired"]]
    assert changes["area_after_m2"].iloc[0] == pytest.approx(500_000, rel=1e-3)


def test_a_repair_that_geos_leaves_invalid_is_repaired_again():
    ring = [(3000, 3000), (1500, 3500), (500, 4000), (3000, 3000), (0, 4000), (0, 0)]
    once = shapely.make_valid(shape(*ring), method="structure", keep_collapsed=False)
    sound, _ = validation.repair_parks(sound_layer({"a": shape(*ring)}))
    assert not once.is_valid  # drop the loop in validation when this fails
    assert sound.geometry.iloc[0].is_valid
    assert sound.geometry.iloc[0].area == pytest.approx(6_125_000)


def test_where_two_methods_disagree_both_areas_are_given():
    hole = shapely.Polygon(square().exterior, [square(500, 0, 1000).exterior])  # hangs out
    _, changes = validation.repair_parks(sound_layer({"a": hole}))
    assert changes["change"].tolist() == ["repaired"]
    assert "by the other method" in changes["message"].iloc[0]


@pytest.mark.parametrize(
    ("geometry", "change", "area"),
    [
        (square().exterior, "refused", None),
        (shapely.box(0, 0, 1000, 1000), "refused", None),
        (NOT_FINITE, "refused", None),
        (shapely.GeometryCollection([square(), square().exterior]), "reduced", 1_000_000),
        (shapely.MultiPolygon([square(), square(500)]), "repaired", 1_500_000),
    ],
)
def test_what_cannot_be_repaired_keeps_its_row_without_land(geometry, change, area):
    parks = sound_layer({"a": geometry, "b": square(5000)})
    sound, changes = validation.repair_parks(parks)
    assert sound.index.tolist() == ["a", "b"]
    assert changes["change"].tolist() == [change]
    if area is None:
        assert sound.geometry.iloc[0] is None
    else:
        assert sound.geometry.iloc[0].area == pytest.approx(area)


def test_points_and_missing_shapes_pass_untouched():
    parks = sound_layer({"p": square().centroid, "n": None, "a": square()})
    sound, changes = validation.repair_parks(parks)
    assert len(changes) == 0
    assert sound.geometry.isna().tolist() == [False, True, False]


def test_the_input_is_not_changed():
    parks = sound_layer({"a": BOW_TIE})
    before = parks.copy(deep=True)
    validation.repair_parks(parks)
    validation.check_parks(parks)
    assert_geodataframe_equal(parks, before)


def test_a_layer_without_crs_is_checked_all_the_same():
    parks = sound_layer({"a": BOW_TIE}).set_crs(None, allow_override=True)
    assert codes(parks) == ["PM207"]
    assert validation.repair_parks(parks)[0].geometry.is_valid.all()


def test_a_ring_that_crosses_itself_without_end_is_refused_at_once():
    points = np.random.default_rng(0).random((100_000, 2)) * 10_000 + ORIGIN
    sound, changes = validation.repair_parks(sound_layer({"a": shapely.Polygon(points)}))
    assert sound.geometry.iloc[0] is None
    assert changes["change"].tolist() == ["refused"]


def test_a_long_ring_that_is_sound_stays():
    circle = square().centroid.buffer(5000, quad_segs=25_000)
    sound, changes = validation.repair_parks(sound_layer({"a": circle}))
    assert len(changes) == 0
    assert sound.geometry.iloc[0].equals(circle)


corner = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda p: (p[0] * 500.0, p[1] * 500.0))


@settings(deadline=None, max_examples=80)
@given(st.lists(st.lists(corner, min_size=3, max_size=8), min_size=1, max_size=4))
def test_every_ring_ends_sound_or_listed(rings):
    parks = sound_layer({str(number): shape(*points) for number, points in enumerate(rings)})
    sound, changes = validation.repair_parks(parks)
    assert sound.index.tolist() == parks.index.tolist()
    land = sound.geometry[sound.geometry.notna()]
    assert land.is_valid.all()
    assert land.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    lost = set(sound.index[sound.geometry.isna()])
    assert lost <= set(changes["park_id"])
    again, more = validation.repair_parks(sound)
    assert len(more) == 0
    assert_geodataframe_equal(again, sound)
    assert (changes[["area_before_m2", "area_after_m2"]] >= 0).all(axis=None)


def test_every_code_has_a_severity_and_a_sentence_in_both_languages():
    for lang in messages.LANGUAGES:
        sentences = set(messages.catalogue("problems", lang)) - {
            "kind",
            "reason",
            "drawn",
            "direction",
            "keeps",
            "weights",
        }
        assert sentences == set(problems.codes())
    assert set(problems.codes().values()) == {"error", "warning", "info"}


def test_every_code_is_used_somewhere():
    from pathlib import Path

    package = Path(problems.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in package.rglob("*.py"))
    assert [name for name in problems.codes() if f'"{name}"' not in code] == []


def test_crs_of_the_repaired_layer_is_that_of_the_input():
    assert validation.repair_parks(sound_layer({"a": square()}))[0].crs == METRIC


def tolerated(tolerance=0.05, **columns):
    """One park of 100 ha as drawn; the codes of what its areas tell."""
    found = validation.check_parks(
        sound_layer({"a": square()}, **columns), area_tolerance=tolerance
    )
    return found.loc[found["code"] == "PM313", "message"].tolist()


@pytest.mark.parametrize(("approved", "told"), [(100.0, 0), (96.0, 0), (94.0, 1), (107.0, 1)])
def test_a_drawn_area_off_the_approved_one_by_more_than_asked_is_listed(approved, told):
    columns = {"approved_area_ha": [approved], "boundary_kind": ["approved"]}
    assert len(tolerated(**columns)) == told


def test_the_areas_that_are_compared_are_those_after_the_repair():
    layer = sound_layer(
        {"a": BOW_TIE, "b": NOT_FINITE},
        approved_area_ha=[50.0, 50.0],
        boundary_kind=["approved"] * 2,
    )
    found = validation.check_parks(layer, area_tolerance=0.05)
    assert set(found["code"]) == {"PM207", "PM209"}
    off = validation.check_parks(layer.assign(approved_area_ha=40.0), area_tolerance=0.05)
    (said,) = off.loc[off["code"] == "PM313", "message"]
    assert "+25.0%" in said


def test_an_unstated_kind_of_boundary_is_compared_and_said_to_be_unstated():
    (said,) = tolerated(approved_area_ha=[80.0])
    assert "+25.0%" in said
    assert "not stated" in said
    (said,) = tolerated(approved_area_ha=[80.0], boundary_kind=["approved"])
    assert "not stated" not in said


@pytest.mark.parametrize("kind", ["planned", "managed", "functional", "schematic"])
def test_other_kinds_of_boundary_are_not_compared_with_the_approved_area(kind):
    assert tolerated(approved_area_ha=[80.0], boundary_kind=[kind]) == []


# --- slivers


def trimmed(parks):
    return validation.trim_slivers(parks, overlap.overlaps(parks))


def neighbours(**columns):
    """a of 100 ha and the larger b share a ribbon of 4 m x 1 km."""
    shapes = {"a": square(), "b": square(x=996, width=1504, height=1000)}
    return park_layer(shapes, **columns)


@pytest.mark.parametrize(
    ("columns", "loser", "why"),
    [
        ({}, "a", "larger"),
        ({"tier": ["provincial", "municipal"]}, "b", "higher tier"),
        ({"tier": ["", "municipal"]}, "a", "higher tier"),
    ],
)
def test_a_sliver_goes_to_the_higher_tier_then_to_the_larger(columns, loser, why):
    clean, changes = trimmed(neighbours(**columns))
    (change,) = changes.to_dict("records")
    assert (change["park_id"], change["change"]) == (loser, "trimmed")
    assert why in change["message"]
    lost = change["area_before_m2"] - change["area_after_m2"]
    assert lost == pytest.approx(4000, rel=1e-3)
    assert overlap.overlaps(clean).empty


def test_of_equals_the_first_id_keeps_the_sliver():
    shapes = {"b": square(x=99_002), "a": square(x=99_998)}  # alike about the central meridian
    _, changes = trimmed(park_layer(shapes))
    assert changes["park_id"].tolist() == ["b"]
    assert "first by id" in changes["message"].iloc[0]


def test_a_finding_is_never_touched():
    shapes = {"a": square(), "b": square(x=700, width=1500, height=1000)}
    parks = park_layer(shapes)
    clean, changes = trimmed(parks)
    assert len(changes) == 0
    assert clean.geometry.equals(parks.geometry)


def test_a_sliver_inside_a_finding_stays_and_is_told():
    # a and b share a ribbon that c, whose overlap with a is a finding, covers whole
    c = {"c": square(x=800, y=-100, width=1000, height=1300)}
    parks = park_layer({"a": square(), "b": square(x=996, width=1504, height=1000), **c})
    clean, changes = trimmed(parks)
    told = changes.set_index("park_id")["change"].to_dict()
    assert told["a"] == "kept"
    assert clean.geometry["a"].equals(parks.geometry["a"])


def test_a_park_that_is_a_sliver_itself_is_not_cut_away():
    parks = park_layer({"a": square(), "thin": square(x=997, width=3, height=1000)})
    clean, changes = trimmed(parks)
    assert changes["change"].tolist() == ["kept"]
    assert clean.geometry["thin"].equals(parks.geometry["thin"])


jitter = st.integers(-4, 4).map(float)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(jitter, jitter, jitter, jitter), min_size=9, max_size=9), st.data())
def test_a_repaired_layer_has_no_slivers_and_covers_the_same_ground(moves, data):
    shapes = {}
    for at, (x, y, width, height) in enumerate(moves):
        column, row = at % 3 * 1000, at // 3 * 1000
        shapes[f"p{at}"] = square(column + x, row + y, 1000 + width, 1000 + height)
    shapes["big"] = square(2500, 2500, 900)  # real overlaps at one corner
    tiers = data.draw(st.lists(st.sampled_from([*schema.TIERS, ""]), min_size=10, max_size=10))
    parks = park_layer(shapes, tier=tiers)
    before = overlap.overlaps(parks)
    clean, changes = validation.trim_slivers(parks, before)
    after = overlap.overlaps(clean)
    assert clean.geometry.is_valid.all()
    whole = parks.geometry.union_all().area
    assert clean.geometry.union_all().area == pytest.approx(whole, rel=1e-6)
    contested = before[before["relation"] == "partial"]
    for pair, row in contested.iterrows():
        assert after.loc[pair, "area_m2"] == pytest.approx(row["area_m2"], rel=1e-6)
    findings = contested.geometry.union_all()
    left = after[after["relation"] == "sliver"]
    assert left.geometry.map(lambda piece: piece.difference(findings.buffer(1e-3)).is_empty).all()
    trimmed_rows = changes[changes["change"] == "trimmed"]
    assert (trimmed_rows["area_after_m2"] < trimmed_rows["area_before_m2"]).all()
    assert set(trimmed_rows["park_id"]) == {
        park for park in parks.index if not clean.geometry[park].equals(parks.geometry[park])
    }


# --- shifted datums


def on_gcj02(parks):
    degrees = parks.to_crs(4490)
    shapes = shapely.transform(
        degrees.geometry, lambda xy: np.column_stack(geodesy.wgs84_to_gcj02(xy[:, 0], xy[:, 1]))
    )
    return degrees.set_geometry(shapes, crs=4490).to_crs(METRIC)


def quarters():
    """Four parks of 3 km about one crossing, 40 m of road between them."""
    at = {"sw": (0, 0), "se": (3040, 0), "nw": (0, 3040), "ne": (3040, 3040)}
    return sound_layer({key: square(x, y, 3000) for key, (x, y) in at.items()})


def test_a_park_on_gcj02_is_told_from_its_neighbours_and_left_as_it_is():
    parks = quarters()
    parks.loc["nw", "geometry"] = on_gcj02(parks.loc[["nw"]]).geometry.iloc[0]
    before = parks.copy(deep=True)
    (found,) = validation.check_datum(parks).to_dict("records")
    assert (found["park_id"], found["code"]) == ("nw", "PM507")
    assert "looks like GCJ-02: shifted about 360 m to the south-east" in found["message"]
    assert "--datum gcj02" in found["remedy"]
    assert_geodataframe_equal(parks, before)


def test_true_neighbours_and_real_overlaps_are_not_suspected():
    assert validation.check_datum(quarters()).empty
    shapes = {"a": square(), "b": square(x=700), "c": square(x=5000), "d": square(5300, 300, 300)}
    assert validation.check_datum(sound_layer(shapes)).empty


def test_a_layer_on_gcj02_is_told_from_a_reference_once():
    parks = quarters()
    (found,) = validation.check_datum(on_gcj02(parks), reference=parks).to_dict("records")
    assert (found["park_id"], found["code"]) == ("", "PM508")
    assert "360 m to the south-east" in found["message"]
    assert validation.check_datum(parks, reference=parks).empty
    assert validation.check_datum(on_gcj02(parks)).empty  # all alike: nothing to see it by


def test_a_table_without_crs_cannot_be_tested_for_its_datum():
    bare = quarters().set_crs(None, allow_override=True)
    assert validation.check_datum(bare).empty


# --- one list


def test_every_check_is_in_the_one_list_after_what_was_met():
    parks = quarters().assign(approved_area_ha=[900.0, 900.0, 900.0, 700.0])
    parks.loc["nw", "geometry"] = on_gcj02(parks.loc[["nw"]]).geometry.iloc[0]
    met = schema.problems_table([problems.problem("PM106", columns="name=a")])
    found = validation.find_problems(parks, met=met)
    assert found["code"].tolist() == ["PM106", "PM313", "PM507"]
    assert validation.find_problems(parks, area_tolerance=0.5)["code"].tolist() == ["PM507"]


def test_one_fault_is_told_once():
    parks = sound_layer({"a": square(), "b": None, "c": None}).assign(tier=["", "", "national"])
    told = [("PM301", "a", {"text": "乡级"}), ("PM205", "b", {"kind": "line"})]
    met = schema.problems_table(
        [problems.problem(code, park_id=park, row=1, **said) for code, park, said in told]
    )
    found = validation.find_problems(parks, met=met)
    assert found[["park_id", "code"]].to_numpy().tolist() == [
        ["a", "PM301"],
        ["b", "PM205"],
        ["b", "PM302"],
        ["c", "PM203"],
    ]
