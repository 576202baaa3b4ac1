"""What a page shows of a layer too large for it."""

import json
import re

import pandas as pd
import pytest
import scenes
from builders import park_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st

import parkmap as pm
from parkmap import schema
from parkmap.webmap import choice, payload

TIERS = [*schema.TIERS, ""]


@st.composite
def layers(draw):
    """Tiers of parks, and findings over them with numbers in any order."""
    count = draw(st.integers(1, 8))
    ids = [f"p{place}" for place in range(count)]
    tiers = draw(st.lists(st.sampled_from(TIERS), min_size=count, max_size=count))
    named = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True).map(tuple)
    found = draw(st.lists(named, max_size=8))
    numbers = draw(st.permutations(range(1, len(found) + 1)))
    severities = draw(
        st.lists(st.sampled_from(schema.SEVERITIES), min_size=len(found), max_size=len(found))
    )
    parks = pd.DataFrame({"tier": tiers}, index=ids)
    columns = {"number": numbers, "parks": found, "severity": severities}
    index = [f"c{place}" for place in range(len(found))]
    return parks, pd.DataFrame(columns, index=index)


@settings(deadline=None, max_examples=200)
@given(layers(), st.integers(1, 9))
def test_choice_is_whole_worst_first_and_counts_everything(layer, top):
    parks, found = layer
    chosen = choice.choose(parks, found, top=top)
    assert len(chosen.parks) == min(top, len(parks))
    assert chosen.parks == [park for park in parks.index if park in set(chosen.parks)]
    ranked = found.sort_values("number")
    whole = [one for one, row in ranked.iterrows() if set(row["parks"]) <= set(chosen.parks)]
    assert chosen.findings == whole
    assert chosen.totals["parks"] == len(parks)
    assert chosen.totals["findings"] == len(found)
    assert sum(chosen.totals[severity] for severity in schema.SEVERITIES) == len(found)


@settings(deadline=None, max_examples=200)
@given(layers(), st.integers(1, 9))
def test_the_worst_finding_that_fits_is_shown(layer, top):
    parks, found = layer
    fitting = found[found["parks"].map(len) <= top].sort_values("number")
    if len(fitting):
        assert choice.choose(parks, found, top=top).findings[0] == fitting.index[0]


def test_parks_without_findings_come_by_tier():
    parks = pd.DataFrame({"tier": ["", "municipal", "national"]}, index=["a", "b", "c"])
    nothing = pd.DataFrame({"number": [], "parks": [], "severity": []})
    assert choice.choose(parks, nothing, top=2).parks == ["b", "c"]


def test_the_page_says_how_much_there_is(monkeypatch):
    monkeypatch.setattr(choice, "MOST_FINDINGS", 1)
    data = payload.page_data(scenes.small_city(), lang="zh", title="", context=None)
    assert [finding["number"] for finding in data["findings"]] == [1]
    assert data["totals"]["findings"] == 3


@pytest.mark.parametrize("top", [1, 2, 3])
def test_a_page_of_fewer_parks_names_only_them(top):
    result = scenes.random_city()
    page = pm.web_map(result, top=top).get_root().render()
    data = json.loads(re.search(r'id="pm-data">(.*?)</script>', page, re.DOTALL)[1])
    assert len(data["parks"]) == top
    assert data["totals"]["parks"] == len(result.parks)
    assert data["trial"] == {}
    named = [*data["findings"], *data["clusters"]]
    assert all(0 <= park < top for one in named for park in one["parks"])
    assert all(0 <= end < top for link in data["links"] for end in link[:2])


def test_a_whole_page_leaves_nothing_out():
    result = scenes.small_city()
    data = payload.page_data(result, lang="zh", title="", context=None)
    assert data["totals"]["findings"] == len(data["findings"]) == len(result.conflicts)
    assert data["totals"]["parks"] == len(data["parks"]) == len(result.parks)


def test_one_finding_of_too_many_parks_leaves_room_for_the_next():
    parks = park_layer({key: square(place * 2000) for place, key in enumerate("abcd")})
    found = pd.DataFrame(
        {
            "number": [1, 2],
            "severity": ["high", "low"],
            "parks": [tuple(parks.index[:3]), tuple(parks.index[2:])],
        },
        index=["big", "small"],
    )
    assert choice.choose(schema.complete(parks), found, top=2).findings == ["small"]
