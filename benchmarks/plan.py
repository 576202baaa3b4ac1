# ruff: noqa: ANN001, ANN201
"""Plans: seconds for consolidation and differentiation, analysis left out.

    python benchmarks/plan.py [--rounds 3]

``layer``: the whole of ``consolidate`` on parks strewn at random, each with 1 to 3 segments of the
shipped vocabulary, some far commoner than others. ``dense``: the programme alone where every park
has a reason to join every anchor (the most binaries there can be). ``differentiate``: all of it,
the frontier and what each alternative costs, on 54 parks that share ``words`` segments.
"""

import argparse
import statistics
import time

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

import parkmap as pm
from parkmap.consolidation import Rules
from parkmap.consolidation.model import solve
from parkmap.consolidation.setting import Setting, pair
from parkmap.taxonomy import load

BOUNDS = {"54x25": 2.0, "400x40": 20.0, "differentiate": 10.0}


def segments():
    words = load()
    return [words.name(node, lang="zh") for node in words.nodes if words.level(node) == "segment"]


def strewn(movers, hosts, words, seed=1):
    """Parks over 80 by 80 km, the first ``hosts`` of them provincial."""
    generator = np.random.default_rng(seed)
    names = generator.permutation(segments())[:words]
    weight = 1 / np.arange(1, words + 1)
    count = movers + hosts
    corner = generator.integers(0, 80_000, (count, 2)) + np.array([360_000, 3_350_000])
    side = generator.integers(800, 4_000, count)
    chosen = [
        tuple(
            generator.choice(
                names, generator.integers(1, 4), replace=False, p=weight / weight.sum()
            )
        )
        for _ in range(count)
    ]
    return gpd.GeoDataFrame(
        {
            "name": [f"园区{i:03d}" for i in range(count)],
            "tier": ["provincial"] * hosts + ["municipal"] * movers,
            "sectors": chosen,
        },
        geometry=[box(x, y, x + s, y + s) for (x, y), s in zip(corner, side, strict=True)],
        crs=4544,
    )


def dense(movers, hosts, seed=1):
    """Every park may join every anchor; one pair in twenty are rivals, capacities bind."""
    generator = np.random.default_rng(seed)
    anchors = tuple(f"h{i:02d}" for i in range(hosts))
    parks = tuple(f"p{i:03d}" for i in range(movers))
    area = {
        park: float(a) for park, a in zip(parks, generator.uniform(50, 900, movers), strict=True)
    }
    area |= dict.fromkeys(anchors, 1000.0)
    rivals = {}
    for _ in range(movers * 2):
        one, other = generator.choice([*parks, *anchors], 2, replace=False)
        rivals[pair(str(one), str(other))] = float(generator.uniform(0.25, 1))
    places = dict.fromkeys(area, frozenset())
    counted = dict.fromkeys(area, True)
    setting = Setting(None, anchors, parks, places, counted, area, 475.0, rivals, {}, {})
    index = pd.MultiIndex.from_product([parks, anchors], names=["park", "into"])
    moves = pd.DataFrame(
        {
            "gain": generator.uniform(0, 1, len(index)),
            "cost": generator.uniform(0, 0.8, len(index)),
            "added_ha": [area[park] for park, _ in index],
        },
        index=index,
    )
    return setting, moves, Rules(capacity_ha=1000.0 + 475.0 * movers / hosts)


def timed(rounds, call):
    spent, made = [], None
    for _ in range(rounds):
        began = time.perf_counter()
        made = call()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent), min(spent), max(spent), made


def show(name, bound, figures, said):
    median, fastest, slowest, _ = figures
    print(
        f"| {name} | {median:.2f} s | {fastest:.2f} to {slowest:.2f} | {bound:g} s "
        f"| {median / bound:.2f} | {said} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print("| task | median | fastest to slowest | bound | median / bound | result |")
    print("|---|---|---|---|---|---|")
    for name, movers, hosts in (("54x25", 54, 25), ("400x40", 400, 40)):
        result = pm.analyze(strewn(movers, hosts, 60))
        figures = timed(rounds, lambda result=result: pm.consolidate(result))
        moved = (figures[3].moves["status"] == "merged").sum()
        show(f"{name} layer", BOUNDS[name], figures, f"{moved} moves, gap {figures[3].gap:g}")
        setting, moves, rules = dense(movers, hosts)
        figures = timed(
            rounds,
            lambda s=setting, m=moves, r=rules, b=BOUNDS[name]: solve(
                s, m, r, time_limit_s=b * 0.9
            ),
        )
        said = f"{len(moves)} binaries, {len(figures[3].joins)} moves, gap {figures[3].gap:.2g}"
        show(f"{name} dense", BOUNDS[name], figures, said)
    for words in (120, 60, 40):
        result = pm.analyze(strewn(54, 0, words))
        figures = timed(rounds, lambda result=result: pm.differentiate(result, time_limit_s=9))
        frontier = figures[3].frontier
        pairs, changes = frontier["pairs"].iloc[0], frontier.index[-1]
        said = f"{pairs} pairs, {changes} changes, gap {figures[3].gap:.2g}"
        show(f"differentiate 54, {words} words", BOUNDS["differentiate"], figures, said)


if __name__ == "__main__":
    main()
