import pytest

from parkmap import errors


def test_an_error_says_where_what_and_what_to_do():
    fault = errors.InputError("no CRS", remedy="add --crs", file="a.shp", row=3, park="甲园")
    assert str(fault) == "a.shp, row 3 (甲园): no CRS; add --crs"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({}, "bad"),
        ({"file": "a.csv"}, "a.csv: bad"),
        ({"row": 2}, "row 2: bad"),
        ({"park": "甲"}, "(甲): bad"),
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
