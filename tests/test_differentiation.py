"""Differentiation: against every choice of leads there is, and what no choice may do."""

import itertools
import json
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from builders import park_layer, sector_layer, square
from hypothesis import given, settings
from hypothesis import strategies as st

import parkmap as pm
from parkmap import messages, report
from parkmap.cli import main
from parkmap.consolidation.colouring import colour
from parkmap.consolidation.directions import mixes_of
from parkmap.consolidation.mixes import Mixes, mixed, rivalry_of
from parkmap.consolidation.recolouring import recoloured, undone

ROOT = Path(__file__).parents[1]
TAU = 0.25


@st.composite
def worlds(draw):
    """Two to four parks with up to three leads out of four, each with a few directions."""
    parks = "abcd"[: draw(st.integers(2, 4))]
    leads, options = {}, {}
    for park in parks:
        own = draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True))
        weights = [draw(st.sampled_from([1, 2, 3])) for _ in own]
        leads[park] = {node: w / sum(weights) for node, w in zip(own, weights, strict=True)}
        for node in own:
            ways = draw(st.lists(st.sampled_from("xyzuv"), max_size=2, unique=True))
            costs = {to: draw(st.sampled_from([0.1, 0.4, 0.9])) for to in ways if to != node}
            if costs:
                options[park, node] = costs
    pairs = list(itertools.combinations(parks, 2))
    start = Mixes(leads, options, {}, (), TAU)
    rivals = {key: draw(st.sampled_from([1.0, 0.8])) for key in pairs if draw(st.booleans())}
    rivals = {key: f for key, f in rivals.items() if rivalry_of(start, key, {}) * f >= TAU}
    others = tuple(key for key in pairs if key not in rivals and draw(st.booleans()))
    return Mixes(leads, options, rivals, others, TAU)


def allowed(mixes, turns):
    """What every choice has to keep to, said again in plain words."""
    for (park, node), to in turns.items():
        own = to in mixes.leads[park]
        if own and (park, to) in turns:
            return False
        same = [key for key, on in turns.items() if key[0] == park and on == to]
        if not own and len(same) > 1:
            return False
        assert node != to
    for key in mixes.others:
        now = rivalry_of(mixes, key, {})
        if rivalry_of(mixes, key, turns) > max(mixes.threshold - 1e-4, now) + 1e-9:
            return False
    return True


def value(mixes, turns):
    """Rivalry left, changes, what is given up."""
    after = [rivalry_of(mixes, key, turns) for key in mixes.rivals]
    left = sum(r for r in after if r >= mixes.threshold - 1e-9)
    return round(left, 6), len(turns), sum(mixes.options[key][to] for key, to in turns.items())


def every_choice(mixes):
    ways = [[None, *options] for options in mixes.options.values()]
    for chosen in itertools.product(*ways):
        turns = {k: to for k, to in zip(mixes.options, chosen, strict=True) if to is not None}
        if allowed(mixes, turns):
            yield turns


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from([None, 0, 1, 2]))
def test_no_choice_of_all_there_are_is_better(mixes, budget):
    found = colour(mixes, budget=budget)
    most = len(mixes.options) if budget is None else budget
    best = min(value(mixes, t) for t in every_choice(mixes) if len(t) <= most)
    mine = value(mixes, found.turns)
    assert allowed(mixes, found.turns)
    assert mine[:2] == best[:2]
    assert mine[2] == pytest.approx(best[2], abs=0.02)
    assert found.left == pytest.approx(best[0], abs=1e-6)
    assert found.gap == 0


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_more_changes_never_leave_more_and_shares_stay_whole(mixes):
    left = [colour(mixes, budget=budget).left for budget in range(4)]
    assert left == sorted(left, reverse=True)
    for park in mixes.leads:
        turns = colour(mixes).turns
        assert sum(mixed(mixes, park, turns).values()) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_the_search_breaks_no_rule_and_never_beats_the_best(mixes):
    best = min(value(mixes, turns) for turns in every_choice(mixes))
    seen = recoloured(mixes, {})
    assert allowed(mixes, seen.turns)
    assert value(mixes, seen.turns)[:2] >= best[:2]
    points = undone(mixes, seen)
    assert points[-1] == seen
    assert [len(p.turns) for p in points] == sorted({len(p.turns) for p in points})
    assert all(allowed(mixes, point.turns) for point in points)


def test_out_of_time_the_frontier_is_whole_and_says_so():
    found = pm.differentiate(pm.analyze(sector_layer(["中药饮片"] * 4)), time_limit_s=0.0)
    assert found.frontier.index[0] == 0
    assert found.frontier["left"].is_monotonic_decreasing
    assert not found.frontier["proven"].all()
    assert any("未能证明最优" in note for note in found.notes)


def test_two_parks_of_the_same_two_segments_part_by_gathering():
    parks = sector_layer(["正极材料、动力电池制造"] * 2)
    found = pm.differentiate(pm.analyze(parks))
    assert found.frontier["pairs"].tolist() == [1, 1, 0]
    assert set(found.changes["kind"]) == {"own"}
    assert found.changes["segment"].nunique() == 2
    assert "收拢到" in found.changes["message"].iloc[0]


def test_no_rivals_no_changes():
    found = pm.differentiate(pm.analyze(sector_layer(["偏光片", "家具"])))
    assert found.changes.empty
    assert found.frontier["left"].tolist() == [0.0]
    assert "不建议调整" in found.notes[0]


def test_a_main_place_keeps_its_segment():
    free = sector_layer(["偏光片"] * 2)
    bound = free.assign(main_for=[("偏光片",), ()])
    assert pm.differentiate(pm.analyze(bound)).changes["park"].tolist() == ["b"]
    both = free.assign(main_for=[("偏光片",)] * 2)
    found = pm.differentiate(pm.analyze(both))
    assert found.changes.empty
    assert found.left_pairs == (("a", "b"),)
    assert any("仍余1对" in note for note in found.notes)


def test_the_smaller_park_turns_and_the_alternative_is_told():
    parks = sector_layer(["偏光片"] * 2, approved_area_ha=[100.0, 900.0])
    row = pm.differentiate(pm.analyze(parks)).changes.iloc[0]
    assert row["park"] == "a"
    assert row["without_changes"] == 1
    assert "也可改由园区b调整" in row["message"]
    bound = parks.assign(main_for=[(), ("偏光片",)])
    row = pm.differentiate(pm.analyze(bound)).changes.iloc[0]
    assert row["without_left"] == 1
    assert "仍余1对" in row["message"]


def test_fewer_changes_than_needed_leave_the_rest():
    parks = sector_layer(["中药饮片"] * 4)
    whole = pm.differentiate(pm.analyze(parks))
    assert whole.frontier["pairs"].tolist() == [6, 3, 1, 0]
    part = pm.differentiate(pm.analyze(parks), max_changes=2)
    assert part.frontier["pairs"].tolist() == [6, 3, 1]
    assert len(part.left_pairs) == 1
    assert part.changes["to"].is_unique


def test_one_body_is_no_rival_to_be_kept_apart():
    shapes = {"a": square(), "b": square(5000), "c": square(9000)}
    parks = park_layer(
        shapes,
        sectors=[("偏光片",), ("偏光片",), ("显示模组",)],
        managing_body=["甲管委会", "乙管委会", "甲管委会"],
    )
    mixes, _ = mixes_of(pm.analyze(parks))
    assert list(mixes.rivals) == [("a", "b")]
    assert ("a", "c") not in mixes.others
    assert ("b", "c") in mixes.others


@pytest.fixture
def run(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as end:
            main(arguments=[str(word) for word in arguments])
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return call


@pytest.mark.parametrize("name", ["parks", "example_city"])
def test_json_is_as_its_schema_says(run, name):
    path = ROOT / "data" / f"{name}.geojson"
    code, out, err = run("plan", path, "--differentiate", "-f", "json")
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, report.json_schema("differentiation"))
    assert found["frontier"][-1]["pairs"] == 0
    assert len(found["changes"]) == len(found["frontier"]) - 1
    assert "余同质竞争风险0对" in err
    assert "不得" not in out


def test_a_folder_holds_the_changes(run, tmp_path):
    path = ROOT / "data" / "example_city.geojson"
    for name in ("one", "two"):
        assert run("plan", path, "--differentiate", "-o", tmp_path / name)[0] == 0
    names = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert names == ["differentiation.csv", "differentiation.json", "differentiation.xlsx"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one" / "differentiation.xlsx")
    assert book.sheetnames == ["建议主攻方向", "调整项数与余下风险", "说明"]


@pytest.mark.parametrize(
    "words",
    [
        ["--differentiate", "--target", "3+22+N"],
        ["--differentiate", "-f", "geojson"],
        ["--differentiate", "-o", "a.geojson"],
        ["--max-changes", "2"],
    ],
)
def test_two_questions_at_once_are_one_line(run, words):
    code, out, err = run("plan", ROOT / "data" / "parks.geojson", *words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_english_says_the_same_changes():
    result = pm.analyze(sector_layer(["中药饮片"] * 3))
    with messages.use_language("en"):
        said = pm.differentiate(result)
    assert said.changes["to"].tolist() == pm.differentiate(result).changes["to"].tolist()
    assert said.changes["message"].str.startswith("It is proposed that").all()
