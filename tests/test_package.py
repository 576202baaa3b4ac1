"""``conflicts.gpkg``: what its layers hold, how QGIS is told to draw them, that it never varies."""

import sqlite3
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import report_runs as made
from lxml import etree
from payloads import PAYLOADS

from parkmap import messages, palette, report
from parkmap.errors import CRSError, OutputError
from parkmap.report import qgis
from parkmap.schema import SEVERITIES


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "a.gpkg"
    with messages.use_language("zh"):
        report.write_gpkg(made.run(), path)
    return path


def layer(path, name):
    return gpd.read_file(path, layer=name)


def asked(path, query):
    with sqlite3.connect(path) as base:
        return base.execute(query).fetchall()


def test_each_park_is_there_once_as_land_or_as_a_point(file):
    land, points = layer(file, "parks"), layer(file, "park_points")
    assert [*land["park_id"], *points["park_id"]] == ["a", "b", "c", "d", "e"]
    assert set(land.geom_type) == {"MultiPolygon"}
    assert set(points.geom_type) == {"MultiPoint"}
    assert list(points["standing"]) == ["other"]


def test_parks_keep_their_crs_and_place(file):
    land, run = layer(file, "parks").set_index("park_id"), made.run()
    assert land.crs == run.parks.crs
    for park in land.index:
        assert land.geometry[park].symmetric_difference(run.parks.geometry[park]).area == 0


def test_findings_on_ground_carry_number_sentence_and_advice(file):
    found = layer(file, "findings")
    assert list(found["number"]) == [1, 3]
    assert list(found["sign"]) == ["①", "③"]
    assert found["message"][0] == "甲园区与乙园区范围交叉50.00公顷（750亩）。"
    assert found["area_ha"][0] == pytest.approx(50)
    assert found["area_mu"][0] == 750
    assert found["advice"].str.len().min() > 3
    assert list(found["districts"]) == ["东区、西区", "西区"]


def test_like_parks_are_joined_by_a_line_between_points_inside_them(file):
    links, run = layer(file, "links"), made.run()
    assert list(links["number"]) == [1, 2]
    ends = np.array(links.geometry[1].geoms[0].coords)
    assert run.parks.geometry["b"].contains(gpd.points_from_xy(*ends[:1].T)[0])
    assert np.isnan(links["area_ha"][1])


def test_no_layer_is_there_without_rows(tmp_path):
    report.write_gpkg(made.run(conflicts=made.findings().iloc[:0]), tmp_path / "a.gpkg")
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")} == {
        *("parks", "park_points", "layer_styles"),
    }


def test_qgis_finds_a_default_style_for_every_layer(file):
    styled = dict(asked(file, "select f_table_name, useAsDefault from layer_styles"))
    drawn = {name for name, _ in pyogrio.list_layers(file)} - {"layer_styles"}
    assert styled == dict.fromkeys(drawn, 1)
    held = dict(asked(file, "select table_name, column_name from gpkg_geometry_columns"))
    named = dict(asked(file, "select f_table_name, f_geometry_column from layer_styles"))
    assert named == held


def test_a_style_names_every_value_of_a_column_that_is_there(file):
    for name, qml in asked(file, "select f_table_name, styleQML from layer_styles"):
        root, table = etree.fromstring(qml.encode()), layer(file, name)
        shown = root.find("renderer-v2")
        values = [each.get("value") for each in shown.iter("category")]
        assert set(table[shown.get("attr")]) <= set(values)
        symbols = {each.get("name") for each in shown.find("symbols")}
        assert {each.get("symbol") for each in shown.iter("category")} == symbols
        assert root.find("labeling/settings/text-style").get("fieldName") in table.columns


def test_old_and_new_qgis_read_the_same_properties(file):
    for (qml,) in asked(file, "select styleQML from layer_styles"):
        for symbol in etree.fromstring(qml.encode()).iter("layer"):
            new = {each.get("name"): each.get("value") for each in symbol.find("Option")}
            assert new == {each.get("k"): each.get("v") for each in symbol.iter("prop")}


def test_a_severity_has_the_colour_of_the_map():
    root = etree.fromstring(qgis.finding_style().encode())
    inks = [each.get("v") for each in root.iter("prop") if each.get("k") == "outline_color"]
    for severity, ink in zip(SEVERITIES, inks, strict=True):
        wanted = palette.INFORMING if severity == "info" else palette.SEVERITIES[severity]
        assert "#" + "".join(f"{int(part):02X}" for part in ink.split(",")[:3]) == wanted


def test_words_follow_the_language(tmp_path):
    with messages.use_language("en"):
        report.write_gpkg(made.run(), tmp_path / "a.gpkg")
    titles = dict(asked(tmp_path / "a.gpkg", "select table_name, identifier from gpkg_contents"))
    assert titles["findings"] == "Findings on land"
    (qml,) = asked(
        tmp_path / "a.gpkg", "select styleQML from layer_styles where f_table_name='parks'"
    )
    assert "National development zone" in qml[0]


def test_every_layer_carries_the_disclaimer(file):
    said = asked(file, "select description from gpkg_contents where data_type='features'")
    assert {each for (each,) in said} == {"本结果为数据比对提示，不作为行政认定依据"}


def test_the_same_run_is_the_same_bytes_whatever_the_clock(file, tmp_path):
    report.write_gpkg(made.run(), tmp_path / file.name)
    assert (tmp_path / file.name).read_bytes() == file.read_bytes()
    assert {when for (when,) in asked(file, "select last_change from gpkg_contents")} == {
        "1970-01-01T00:00:00.000Z"
    }


@pytest.mark.parametrize("name", [*PAYLOADS, "a\x00b", "'; DROP TABLE parks; --"])
def test_a_name_comes_back_as_typed_and_reaches_no_style(name, tmp_path):
    run = made.run(parks=made.parks(name=[name] * 5), conflicts=made.findings(names=[name] * 5))
    report.write_gpkg(run, tmp_path / "a.gpkg")
    shown = name.replace("\x00", "\\x00")
    assert list(layer(tmp_path / "a.gpkg", "parks")["name"]) == [shown] * 4
    styles = "".join(q for (q,) in asked(tmp_path / "a.gpkg", "select styleQML from layer_styles"))
    assert len(shown) < 8 or shown not in styles


def test_a_finding_of_one_park_or_of_three_has_no_line(tmp_path):
    found = made.findings()
    groups = pd.Series([("a",), ("a", "b", "c"), ("c", "d")], index=found.index)
    run = made.run(conflicts=found.assign(parks=groups))
    report.write_gpkg(run, tmp_path / "a.gpkg")
    assert "links" not in {name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")}


def test_columns_that_differ_in_case_only_do_no_harm(tmp_path):
    parks = made.parks().assign(NAME="x", fid="y", geom="z")
    report.write_gpkg(made.run(parks=parks), tmp_path / "a.gpkg")
    assert layer(tmp_path / "a.gpkg", "parks")["name"][0] == "甲园区"


def test_a_layer_without_crs_is_refused_and_leaves_nothing(tmp_path):
    parks = made.parks().set_crs(None, allow_override=True)
    with pytest.raises(CRSError):
        report.write_gpkg(replace(made.run(), parks=parks), tmp_path / "a.gpkg")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_left_alone(file):
    with pytest.raises(OutputError):
        report.write_gpkg(made.run(), file)
