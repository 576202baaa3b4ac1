# ruff: noqa: ANN001, ANN201
"""The map beside plain folium.GeoJson: seconds to write, bytes, and what a browser does with them.

    python benchmarks/webmap.py [--count 10000] [--rounds 5] [--browser]

One process, rounds in turn. Plain is ``folium.GeoJson`` with a tooltip and ``prefer_canvas``; it
has no findings and no panel, and without the internet a browser draws nothing of it. With
--browser (Playwright and a Chromium), three runs of our page: interactive is from the start of
loading until the page is drawn and the main thread is free; zoom is setZoom without animation until
the frame after; pan is the time between frames while the mouse drags.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import folium
import layers
import numpy as np

import parkmap as pm
from parkmap import taxonomy
from parkmap.schema import Criteria


def analysed(count, seed=1):
    """Parks with one to three sectors each, some far commoner than others."""
    parks = layers.make(count)
    generator = np.random.default_rng(seed)
    vocabulary = taxonomy.load()
    words = np.array([vocabulary.name(node, lang="zh") for node in vocabulary.nodes], dtype=object)
    popularity = generator.permutation(1 / np.arange(1, len(words) + 1))
    popularity /= popularity.sum()
    parks["sectors"] = [
        tuple(generator.choice(words, generator.integers(1, 4), replace=False, p=popularity))
        for _ in range(count)
    ]
    parks["tier"] = generator.choice(
        ["national", "provincial", "municipal"], count, p=[0.05, 0.35, 0.6]
    )
    parks["district"] = [f"区{row % 40}" for row in range(count)]
    return pm.analyze(parks, criteria=Criteria(max_distance_m=20_000.0))


def plain(result, path):
    m = folium.Map(location=[33, 105], zoom_start=5, tiles=None, prefer_canvas=True)
    shown = result.parks[["name", "tier", "district", "geometry"]].to_crs(4326)
    tooltip = folium.GeoJsonTooltip(["name", "tier", "district"])
    folium.GeoJson(shown, tooltip=tooltip).add_to(m)
    m.save(str(path))


def ours(result, path):
    pm.web_map(result).save(str(path))


def spread(times):
    return f"{statistics.median(times):7.2f} ({min(times):.2f} to {max(times):.2f})"


ZOOM = """(step) => new Promise((done) => {
  const start = performance.now(), map = Parkmap.map;
  map.setZoom(map.getZoom() + step, { animate: false });
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0));
})"""
IDLE = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(
  () => done(performance.now()), 0)))"""
COUNT = """() => { const times = window.frames_ = []; const next = (now) => {
  times.push(now); if (window.frames_ === times) requestAnimationFrame(next); };
  requestAnimationFrame(next); }"""
FRAMES = """() => { const times = window.frames_; window.frames_ = null;
  return times.slice(1).map((time, i) => time - times[i]); }"""


def in_browser(path, runs=3):
    """Milliseconds: until interactive, of each zoom, between frames of a pan."""
    from playwright.sync_api import sync_playwright

    interactive, zooms, frames = [], [], []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(runs):
            page = chromium.new_page(viewport={"width": 1280, "height": 720})
            page.goto(path.as_uri())
            page.wait_for_function("document.documentElement.dataset.parkmap === 'ready'")
            interactive.append(page.evaluate(IDLE))
            zooms += [page.evaluate(ZOOM, step) for step in (1, 1, 1, -1, -1, -1)]
            page.mouse.move(560, 400)
            page.mouse.down()
            page.evaluate(COUNT)
            for step in range(60):
                page.mouse.move(560 - 4 * step, 400 - 2 * step)
            frames += page.evaluate(FRAMES)
            page.mouse.up()
            page.close()
        chromium.close()
    return interactive, zooms, frames


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--browser", action="store_true")
    asked = parser.parse_args()
    result = analysed(asked.count)
    print(f"{asked.count} parks, {len(result.conflicts)} findings")
    with tempfile.TemporaryDirectory() as folder:
        paths = {make: Path(folder) / f"{make.__name__}.html" for make in (ours, plain)}
        taken, worked = ({make: [] for make in paths} for _ in range(2))
        ours(result, paths[ours])  # imports and caches
        for _ in range(asked.rounds):
            for make, path in paths.items():
                start, before = time.perf_counter(), time.process_time()
                make(result, path)
                taken[make].append(time.perf_counter() - start)
                worked[make].append(time.process_time() - before)
        size = {make: path.stat().st_size for make, path in paths.items()}
        for make in paths:
            print(f"{make.__name__:8} write s {spread(taken[make])}   MB {size[make] / 1e6:6.1f}")
        for name, spent in (("write", taken), ("processor", worked)):
            ratios = [a / b for a, b in zip(spent[ours], spent[plain], strict=True)]
            print(f"ours / plain: {name} {spread(ratios)}")
        print(f"ours / plain: bytes {size[ours] / size[plain]:.3f}")
        if asked.browser:
            for name, times in zip(
                ("interactive ms", "zoom ms", "frame ms"), in_browser(paths[ours]), strict=True
            ):
                print(f"{name:15} {spread(times)}")


if __name__ == "__main__":
    main()
