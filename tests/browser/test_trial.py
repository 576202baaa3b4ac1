"""What if: groups in the browser against groups in Python, with the network off."""

import random
from dataclasses import replace

import numpy as np
import pytest
import scenes
from builders import sector_layer
from page_tools import text

import parkmap as pm
from parkmap.cluster.joining import with_coarse
from parkmap.cluster.linkage import (
    Edges,
    complete_linkage,
    components,
    groups_at,
)
from parkmap.cluster.settling import settled

pytestmark = pytest.mark.browser
LEVELS = [500_000, 650_000, 800_000, 950_000]


def graph(seed):
    """Pairs at random, with many equal similarities; the count of items, and the pairs."""
    draw = random.Random(seed)  # noqa: S311  # a test's own
    count = draw.randint(2, 26)
    heights = [draw.randint(400_000, 1_000_000) for _ in range(draw.randint(1, 9))]
    pairs = [
        [
            *(i, j, draw.choice(heights) if seed % 3 else draw.randint(400_000, 1_000_000), 0),
            int(draw.random() < (1.0, 0.7, 0.4)[seed % 3]),
        ]
        for i in range(count)
        for j in range(i + 1, count)
        if draw.random() < draw.choice([0.2, 0.6, 1.0])
    ]
    draw.shuffle(pairs)
    return count, pairs


def python_groups(count, pairs, least):
    first, second, height, _, proven = np.array(pairs, dtype=int).reshape(-1, 5).T
    edges = Edges(first, second, height, proven == 1)
    merges = complete_linkage(count, edges.table(proven=True), floor=400_000)
    proven = settled(count, groups_at(count, merges, least), edges, least)
    found = with_coarse(count, proven, edges, least)
    members = [(group.members, group.coarse, group.weakest) for group in found]
    return sorted(members, key=lambda one: (-len(one[0]), one[0]))


def python_counts(count, pairs, least):
    sizes = [len(members) for members, _, _ in python_groups(count, pairs, least)]
    items = [f"{n:02d}" for n in range(count)]
    linked = [(i, j) for i, j, height, *_ in pairs if height >= least]
    kin = components(items, linked)
    joined = [kin[items[end]] for end in {end for pair in linked for end in pair}]
    return [len(sizes), sum(sizes), max(map(joined.count, joined), default=0)]


def test_two_hundred_graphs_group_as_in_python(show):
    page = show(pm.web_map(scenes.small_city()))
    graphs = [graph(seed) for seed in range(200)]
    found = page.evaluate(
        """([graphs, levels]) => graphs.map(([count, pairs]) => {
          const merges = Parkmap.completeLinkage(count, pairs.filter((pair) => pair[4]), 400000);
          return {
            groups: levels.map((level) => Parkmap.groupsAt(count, merges, level, pairs).map((g) => [g.members, g.coarse, g.weakest])),
            counts: Parkmap.sweepOf(count, pairs, merges, levels).map((s) => [s.groups, s.parks, Math.max(s.largest, 0)]),
          };
        })""",
        [graphs, LEVELS],
    )
    ties = joined = 0
    for (count, pairs), seen in zip(graphs, found, strict=True):
        for level, groups, counts in zip(LEVELS, seen["groups"], seen["counts"], strict=True):
            wanted = python_groups(count, pairs, level)
            assert [tuple(one) for one in groups] == wanted
            assert counts == python_counts(count, pairs, level)
            joined += any(coarse for _, coarse, _ in wanted)
        ties += len({pair[2] for pair in pairs}) < len(pairs)
    assert ties > 100
    assert joined > 50


WORDS = ["中药饮片", "封装测试", "医药", "印刷", "轨道交通", "家具", "航空发动机", "晶圆制造"]


def mixed_city(seed, count=24, gap=3000.0):
    draw = random.Random(seed)  # noqa: S311  # a test's own
    texts = [
        "、".join(draw.sample(WORDS[: 3 + seed % 5], draw.randint(1, 3))) for _ in range(count)
    ]
    return sector_layer(texts, gap=gap, name=[f"园区{n}" for n in range(count)])


@pytest.mark.parametrize("seed", range(4))
def test_sliders_group_as_an_analysis_with_those_settings(show, seed):
    parks = mixed_city(seed)
    criteria = pm.Criteria(null_draws=0, set_aside_parks=99)
    page = show(pm.web_map(pm.analyze(parks, criteria=criteria)))
    ids = list(parks.index)
    for hundredths, km in [(50, None), (55, None), (70, 9), (80, 30), (95, 12), (50, 4)]:
        asked = replace(
            criteria,
            min_similarity=hundredths / 100,
            max_distance_m=None if km is None else km * 1000.0,
        )
        wanted = pm.analyze(parks, criteria=asked, only="sector").clusters["parks"].tolist()
        reach = km or "Parkmap.data.trial.reach_km"
        seen = page.evaluate(f"Parkmap.trialAt({hundredths * 10_000}, {reach})")
        assert [tuple(ids[place] for place in group) for group in seen] == wanted


def test_the_report_stands_until_a_slider_moves_and_comes_back(show):
    result = pm.analyze(mixed_city(2), criteria=pm.Criteria(null_draws=0, set_aside_parks=99))
    page = show(pm.web_map(result))
    fills = "Parkmap.data.parks.map((park) => park.shape.options.fillColor)"
    before = page.evaluate(fills), text(page, "#pm-legend"), text(page, "#pm-head")
    page.click("#pm-tab-sectors")
    assert not page.locator("#pm-tau").is_visible()
    page.click("#pm-expert summary")
    assert page.locator("#pm-trial-banner").count() == 0
    assert "试算，不改变报告" in text(page, "#pm-expert")
    assert page.evaluate(fills) == before[0]
    page.focus("#pm-reach")
    page.keyboard.press("Home")
    page.wait_for_selector("#pm-trial-banner")
    assert "试算，不改变报告" in text(page, "#pm-trial-banner")
    assert "1公里" in text(page, "#pm-trial-banner")
    assert page.evaluate(fills) != before[0]
    assert text(page, "#pm-head") == before[2]
    assert page.evaluate("Parkmap.data.parks.map((park) => (park.cluster || {}).id)") == [
        next((name for name, row in result.clusters.iterrows() if park in row["parks"]), None)
        for park in result.parks.index
    ]
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert "图上分组为试算" in text(page, "#pm-print")
    assert not page.locator("#pm-trial-banner button").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.click("#pm-trial-restore")
    assert page.locator("#pm-trial-banner").count() == 0
    assert (page.evaluate(fills), text(page, "#pm-legend"), text(page, "#pm-head")) == before


def test_the_cliff_is_drawn_and_told(show):
    result = pm.analyze(mixed_city(1), criteria=pm.Criteria(null_draws=0, set_aside_parks=99))
    page = show(pm.web_map(result))
    page.click("#pm-tab-sectors")
    page.click("#pm-expert summary")
    said = page.get_attribute("#pm-trial-spark svg", "aria-label")
    sweep = result.sweep
    assert (
        f"相似度0.40：{sweep['groups'].iloc[0]}组，最大相近产业群{sweep['largest_family'].iloc[0]}"
        in said
    )
    levels = [round(level * 1e6) for level in sweep.index if round(level * 100, 6).is_integer()]
    seen = page.evaluate("Parkmap.trial.sweep.map((one) => [one.level, one.groups, one.largest])")
    drawn = {level: counts for level, *counts in seen}
    table = sweep.set_index((sweep.index * 1e6).round().astype(int))
    for level in levels:
        assert drawn[level] == table.loc[level, ["groups", "largest_family"]].tolist()


def test_a_trial_speaks_english_too_and_says_when_there_is_nothing_to_try(show):
    result = pm.analyze(mixed_city(2), criteria=pm.Criteria(null_draws=0, set_aside_parks=99))
    page = show(pm.web_map(result, lang="en"), size="phone")
    page.click("#pm-tab-sectors")
    page.click("#pm-expert summary")
    page.focus("#pm-tau")
    page.keyboard.press("End")
    page.wait_for_selector("#pm-trial-banner")
    assert "Trial; the report does not change" in text(page, "#pm-trial-banner")
    page = show(pm.web_map(scenes.small_city()))
    page.click("#pm-tab-sectors")
    page.click("#pm-expert summary")
    assert "没有可供试算" in text(page, "#pm-expert")
