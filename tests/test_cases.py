"""Every case of ``cases.py`` gets what it must: all of its parks, or one line."""

import math

import office_cases  # noqa: F401 (it adds its cases)
import pytest
from cases import CASES, Parks, Refused

from parkmap import io, messages, validation
from parkmap.errors import ParkmapError

GROUPS = {"files", "encodings", "geometry", "CRS", "attributes", "security", "sizes"}


def test_there_are_cases_of_every_group_and_enough():
    assert {case.group for case in CASES} == GROUPS
    assert len(CASES) >= 300
    assert len({str(case) for case in CASES}) == len(CASES)


def refused(case, path, options):
    with pytest.raises(ParkmapError) as caught:
        io.read_source(path, **options)
    said = f"parkmap: {caught.value}"
    assert len(said.splitlines()) == 1
    assert len(said) <= 200
    assert case.expected.words in said


def read(case, path, options):
    reading = io.read_source(path, **options)
    expected, parks = case.expected, reading.parks
    assert tuple(parks["name"]) == expected.names
    assert parks.index.is_unique
    assert parks["row"].tolist() == sorted(parks["row"])
    found = {*reading.problems["code"], *validation.check_parks(parks)["code"]}
    assert set(expected.codes) <= found
    for column, values in expected.told.items():
        known = parks[column].astype(object).where(parks[column].notna(), None)
        assert tuple(known) == values, column
    if expected.km2 is not None:
        areas = parks.to_crs("EPSG:4544").area / 1e6
        assert areas.tolist() == pytest.approx(expected.km2, rel=1e-3)
    if not expected.place:
        return
    west, south, east, north = parks.geometry.iloc[[0]].to_crs(4326).total_bounds
    assert 102 < west <= east < 106
    assert 29 < south <= north < 32


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_gets_what_it_must(tmp_path, case):
    options = dict(case.options)
    if "encoding_said" in options:
        options["encoding"] = options.pop("encoding_said")
    path = case.make(tmp_path)
    before = sorted(tmp_path.iterdir())
    with messages.use_language("en"):
        {Refused: refused, Parks: read}[type(case.expected)](case, path, options)
    assert sorted(tmp_path.iterdir()) == before


def test_arcs_keep_their_area(tmp_path):
    (circle,) = [case for case in CASES if case.name == "a circle drawn as a curve"]
    (area,) = io.read_parks(circle.make(tmp_path)).geometry.area
    assert area == pytest.approx(math.pi * 500**2, rel=1e-4)  # four degrees a piece lose 8e-4
