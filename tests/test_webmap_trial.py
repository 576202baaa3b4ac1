"""What the page gets to group the parks anew."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scenes
from builders import sector_layer
from hypothesis import given
from hypothesis import strategies as st

import parkmap as pm
from parkmap.cluster.joining import with_coarse
from parkmap.cluster.linkage import Edges, complete_linkage, groups_at
from parkmap.cluster.settling import settled
from parkmap.schema import Criteria, used_threshold
from parkmap.similarity import node_worths
from parkmap.webmap import trial

TEXTS = ["中药饮片", "中药饮片", "封装测试、显示面板", "封装测试", "中药饮片、印刷", "印刷"]


def run(rows, **facts):
    """An analysis of which only the pairs matter: (left, right, similarity, metres), proven."""
    index = pd.MultiIndex.from_tuples([row[:2] for row in rows])
    rivals = pd.DataFrame(
        [row[2:] for row in rows], ["_"] * len(rows), ["similarity", "distance_m"]
    )
    rivals.index = index
    rivals["proven"] = True
    said = {"rivals": rivals, "criteria": Criteria(), "null_similarity": float("nan"), **facts}
    used = used_threshold(said["criteria"].min_similarity, said["null_similarity"])
    return SimpleNamespace(**said, used_similarity=used)


def rows_of(data):
    flat = data["pairs"]
    return [tuple(flat[at : at + 5]) for at in range(0, len(flat), 5)]


def test_pairs_are_whole_numbers_by_the_order_of_ids():
    found = run([("b", "c", 0.5, 1000.0), ("a", "c", 0.7654321, 12.1)])
    data = trial.trial_data(found, {"c": 0, "b": 1, "a": 2})
    assert data["order"] == [2, 1, 0]
    assert rows_of(data) == [(1, 2, 500_000, 1000, 1), (0, 2, 765_432, 13, 1)]
    assert (data["floor"], data["used"], data["chance"]) == (400_000, 500_000, None)
    assert data["reach_km"] == 1


def test_chance_raises_the_threshold_of_the_report():
    found = run([("a", "b", 0.9, 1.0)], null_similarity=0.61)
    assert used_threshold(found.criteria.min_similarity, found.null_similarity) == 0.61
    assert trial.trial_data(found, {"a": 0, "b": 1})["chance"] == 610_000
    assert used_threshold(found.criteria.min_similarity, 1.0) < 1


def test_a_place_that_is_not_known_is_told_from_no_distance():
    found = run([("a", "b", 0.9, float("nan")), ("a", "c", 0.9, 0.0)])
    assert [row[3] for row in rows_of(trial.trial_data(found, {"a": 0, "b": 1, "c": 2}))] == [-1, 0]


def test_the_limit_of_the_report_ends_the_scale():
    found = run([("a", "b", 0.9, 700.0)], criteria=Criteria(max_distance_m=42_000.0))
    assert trial.trial_data(found, {"a": 0, "b": 1})["reach_km"] == 42


@pytest.mark.parametrize("rivals", [None, pd.DataFrame(columns=["similarity", "distance_m"])])
def test_no_pairs_no_trial(rivals):
    assert trial.trial_data(run([("a", "b", 0.9, 1.0)], rivals=rivals), {}) == {}


@given(st.lists(st.integers(400_000, 1_000_000), min_size=1, max_size=30), st.integers(1, 12))
def test_whole_levels_stay_and_nothing_above_is_missing(heights, most):
    rows = [(f"a{n:02d}", f"b{n:02d}", height / 1e6, 1.0) for n, height in enumerate(heights)]
    places = {park: n for n, park in enumerate(sorted({p for row in rows for p in row[:2]}))}
    data = trial.trial_data(run(rows), places, most=most)
    if not data:
        top = max(heights) // 10_000
        assert sum(height // 10_000 == top for height in heights) > most
        return
    sent = sorted(row[2] for row in rows_of(data))
    assert len(sent) <= most
    assert sent == sorted(height for height in heights if height >= data["floor"])
    assert data["total"] == len(heights)
    assert data["floor"] % 10_000 == 0


def test_what_is_sent_groups_as_the_analysis_did():
    result = pm.analyze(sector_layer([*TEXTS, "中药"]), criteria=Criteria(null_draws=0))
    ids = list(result.parks.index)
    data = trial.trial_data(result, {park: place for place, park in enumerate(ids)})
    first, second, height, _, proven = np.array(rows_of(data)).T
    edges, count = Edges(first, second, height, proven == 1), len(data["order"])
    merges = complete_linkage(count, edges.table(proven=True), floor=data["floor"])
    least = data["used"]
    proven = settled(count, groups_at(count, merges, least), edges, least)
    groups = with_coarse(count, proven, edges, least)
    named = {tuple(ids[data["order"][place]] for place in group.members) for group in groups}
    assert named == set(result.clusters["parks"])
    assert any(result.clusters["coarse_parks"])


def test_analysis_keeps_what_links_parks():
    result = pm.analyze(sector_layer(TEXTS), criteria=Criteria(null_draws=0))
    assert list(result.rivals.columns) == ["similarity", "proven", "distance_m"]
    assert (result.rivals["similarity"] >= 0.4 - 1e-9).all()
    assert ("a", "b") in result.rivals.index
    assert ("a", "c") not in result.rivals.index
    alone = pm.analyze(sector_layer(TEXTS), only="land")
    assert alone.rivals.empty
    assert scenes.small_city().rivals is None


def test_worths_multiply_to_the_similarity():
    result = pm.analyze(sector_layer(TEXTS), criteria=Criteria(null_draws=0))
    words = pm.taxonomy.load()
    carried = {park: dict.fromkeys(result.worths.index, 0.0) for park in result.parks.index}
    for (park, node), share in result.shares.items():
        for above in (node, *words.ancestors(node)):
            carried[park][above] += share
    rows = pd.DataFrame(carried).T[result.worths.index] * result.worths
    unit = rows.div((rows**2).sum(axis=1) ** 0.5, axis=0)
    for (left, right), similarity in result.pairs["similarity"].items():
        assert unit.loc[left] @ unit.loc[right] == pytest.approx(similarity, abs=1e-8)


def test_worths_of_the_plain_measure_are_one_but_for_what_is_set_aside():
    shares = pd.Series(
        1.0, index=pd.MultiIndex.from_tuples([(str(n), "printing") for n in range(10)])
    )
    shares["x", "display-panels"] = 1.0
    worths = node_worths(shares, measure="cosine")
    assert worths["printing"] == 0
    assert worths["display-panels"] == 1
