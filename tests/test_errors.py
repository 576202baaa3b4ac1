import pytest

from parkmap import errors, messages


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def test_an_error_says_where_what_and_what_to_do():
    fault = errors.InputError("no CRS", remedy="add --crs", file="a.shp", row=3, park="甲园")
    assert str(fault) == "a.shp, row 3 (甲园): no CRS; add --crs"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({}, "bad"),
        ({"file": "a.csv"}, "a.csv: bad"),
        ({"row": 2}, "row 2: bad"),
        ({"park": "甲"}, "park 甲: bad"),
    ],
)
def test_what_is_not_known_is_left_out(where, said):
    assert str(errors.ParkmapError("bad", **where)) == said


@pytest.mark.parametrize("kind", ["InputError", "CRSError", "SchemaError", "OptionError"])
def test_every_error_is_a_value_error_too(kind):
    assert issubclass(getattr(errors, kind), ValueError)
    assert issubclass(getattr(errors, kind), errors.ParkmapError)


def test_a_missing_extra_is_an_import_error_too():
    assert issubclass(errors.MissingExtraError, ImportError)


@pytest.mark.parametrize("mark", ["\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_what_breaks_lines_in_a_heading_leaves_one_line(mark):
    fault = errors.InputError(f"no column 甲{mark}乙", remedy="rename it", file=f"a{mark}b.csv")
    assert len(str(fault).splitlines()) == 1
    assert "甲 乙" in str(fault)
