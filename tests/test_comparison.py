"""Two deliveries side by side."""

import json
from pathlib import Path

import geopandas as gpd
import jsonschema
import pytest
from shapely.affinity import translate
from shapely.geometry import box

import parkmap as pm
from parkmap import comparison, geodesy, messages, report
from parkmap.cli import main

CITY = Path(__file__).parents[1] / "data" / "example_city.geojson"
EAST, NORTH = 4e5, 3e6


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def layer(**changes):
    parks = {
        "S1": {"name": "甲园", "tier": "municipal", "sectors": ("偏光片",)},
        "S2": {"name": "乙园", "tier": "provincial", "sectors": ("封装测试",)},
        "S3": {"name": "丙园", "tier": "provincial", "sectors": ("中药饮片",)},
    }
    shapes = {
        "S1": box(EAST, NORTH, EAST + 1000, NORTH + 1000),
        "S2": box(EAST + 500, NORTH, EAST + 1500, NORTH + 1000),
        "S3": box(EAST + 9000, NORTH, EAST + 10000, NORTH + 1000),
    }
    for code, change in changes.items():
        if change is None:
            del parks[code], shapes[code]
            continue
        shapes[code] = change.pop("geometry", shapes.get(code))
        parks[code] = {**parks.get(code, {"tier": "", "sectors": ()}), **change}
    rows = [{"code": code, **park} for code, park in parks.items()]
    index = gpd.pd.Index(list(parks), name="park_id")
    return gpd.GeoDataFrame(rows, geometry=list(shapes.values()), index=index, crs=4544)


def changes(new, old=None):
    table = comparison.compare(pm.analyze(old if old is not None else layer()), pm.analyze(new))
    return [tuple(row) for row in table[["what", "change", "id"]].to_numpy()]


def test_the_same_twice_is_no_change():
    assert changes(layer()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "甲高新区"}, "renamed"),
        ({"tier": "provincial"}, "retiered"),
        ({"sectors": ("偏光片", "智能终端")}, "resectored"),
    ],
)
def test_each_change_of_a_park_is_told(change, expected):
    found = [row for row in changes(layer(S1=dict(change))) if row[0] == "park"]
    assert found == [("park", expected, "S1")]


def test_an_extent_drawn_anew_is_told_with_both_areas():
    grown = box(EAST + 9000, NORTH, EAST + 10000, NORTH + 2000)
    new = layer(S3={"geometry": grown})
    table = comparison.compare(pm.analyze(layer()), pm.analyze(new))
    assert table["change"].tolist() == ["moved"]
    (hectares,) = geodesy.ellipsoidal_area(layer().geometry[["S3"]], layer().crs) / 1e4
    assert table.loc[0, "before"] == f"{hectares:,.2f}公顷"  # as every other output has it
    assert "重合50.0%" in table.loc[0, "after"]


def test_parks_and_findings_come_and_go():
    assert changes(layer(S3=None)) == [("park", "gone", "S3")]
    found = changes(layer(), old=layer(S1=None))
    assert found[0] == ("park", "added", "S1")
    assert [row[:2] for row in found[1:]] == [("finding", "new")]
    found = changes(layer(S1=None))
    assert [row[:2] for row in found] == [("park", "gone"), ("finding", "source_missing")]


@pytest.mark.parametrize(
    ("east", "expected"), [(-600, "resolved"), (-200, "eased"), (200, "worsened")]
)
def test_a_finding_is_compared_by_its_ground(east, expected):
    shape = translate(box(EAST, NORTH, EAST + 1000, NORTH + 1000), east)
    found = changes(layer(S1={"geometry": shape}))
    assert [row[:2] for row in found] == [("park", "moved"), ("finding", expected)]


def test_backwards_is_the_mirror():
    other = layer(S1={"name": "甲高新区"}, S3=None)
    there, back = changes(other), changes(layer(), old=other)
    mirror = {"added": "gone", "gone": "added"}
    assert sorted(mirror.get(c, c) for _, c, _ in there) == sorted(c for _, c, _ in back)


def run(*arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments=[str(argument) for argument in arguments])
    return end.value.code


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_verb_tells_it_in_three_forms(tmp_path, capsys, lang):
    city = json.loads(CITY.read_text(encoding="utf-8"))
    city["features"][3]["properties"]["name"] = "桐垭高新区"
    del city["features"][0]
    new = tmp_path / "new.geojson"
    new.write_text(json.dumps(city), encoding="utf-8")
    assert run("diff", CITY, new, "-f", "json", "--lang", lang) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "parkmap/diff/1"
    assert [row["change"] for row in told["parks"]] == ["gone", "renamed"]
    jsonschema.validate(told, report.json_schema("diff"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "parks": [{"change": "gone"}]}, report.json_schema("diff"))
    assert run("diff", CITY, new, "-f", "csv", "--lang", lang) == 0
    out, err = capsys.readouterr()
    assert out.startswith("what,change,id,name,before,after\npark,gone,")
    first = {"zh": "园区：来源缺失1件、更名1件", "en": "park: gone 1 and renamed 1"}
    assert err.splitlines()[0].lower() == first[lang]
    assert run("diff", CITY, new, "-f", "table", "--lang", lang) == 0
    assert "桐垭高新区" in capsys.readouterr().out
    assert run("diff", CITY, CITY, "-f", "table", "--lang", lang) == 0
    assert messages.text("comparison.none", lang=lang) in capsys.readouterr().out
    assert run("diff", CITY, CITY, "-f", "csv", "--lang", lang) == 0
    assert messages.text("comparison.none", lang=lang) in capsys.readouterr().err


def test_a_missing_file_is_one_line(capsys):
    assert run("diff", CITY, "nowhere.geojson") == 2
    assert capsys.readouterr().err.count("\n") == 1


def _to(east):
    return box(EAST + 500, NORTH, EAST + east, NORTH + 1000)


def test_a_park_that_is_gone_tells_which_park_took_in_its_ground():
    """Not one that held that ground all along, nor one that has less than most of it."""
    whole, rest = box(EAST + 9000, NORTH, EAST + 20000, NORTH + 1000), box(EAST, NORTH, 5e5, 4e6)
    old = layer(S4={"name": "老园", "geometry": rest})
    for merged, said in (
        ({"geometry": _to(10000)}, "原范围的100.0%现在乙园范围内"),
        ({"geometry": _to(9700)}, ""),
        ({}, ""),
    ):
        new = layer(S3=None, S2=merged, S4={"name": "老园", "geometry": rest})
        table = comparison.compare(pm.analyze(old), pm.analyze(new)).set_index("change")
        assert table.loc["gone", "after"] == said
    new = layer(S3=None, S9={"name": "新园", "code": "S9", "geometry": whole})
    table = comparison.compare(pm.analyze(layer()), pm.analyze(new)).set_index("change")
    assert "新园" in table.loc["gone", "after"]
