# ruff: noqa: ANN001, ANN201, ANN202, ANN204
"""Overlapping pairs: parkmap beside its peers, in one process, in interleaved rounds.

    python benchmarks/overlap.py [--kind parks] [--count 10000] [--rounds 5] [--memory]

Timed from geometries in memory to left, right, shared area (planar, for all alike). LIMIT is what
the geometry engine needs on one thread if somebody told it the truly overlapping pairs: index,
box query, intersection of those pairs, area. Peers that are not installed are left out.
"""

import argparse
import os
import statistics
import threading
import time
import warnings

import geopandas as gpd
import layers
import numpy as np
import pandas as pd
import shapely

import parkmap
from parkmap.overlap import ground

LAND = 1e-4  # square metres from which all methods must name a pair


def pairs(first, second, area):
    """One answer in comparable form."""
    found = pd.Series(area, index=pd.MultiIndex.from_arrays([first, second]))
    return found[found > LAND].sort_index()


class Layer:
    """A layer in the forms that the methods start from."""

    def __init__(self, frame):
        self.frame = frame.assign(row=np.arange(len(frame)))
        self.shapes = np.asarray(frame.geometry.array, dtype=object)
        self.named = frame.set_axis([f"{k:07d}" for k in range(len(frame))])
        first, second = ground.box_pairs(self.shapes)
        true = shapely.area(shapely.intersection(self.shapes[first], self.shapes[second])) > 0
        self.first, self.second = first[true], second[true]


def limit(layer):
    tree = shapely.STRtree(layer.shapes)
    tree.query(layer.shapes)
    first, second = layer.first, layer.second
    return pairs(
        first, second, shapely.area(shapely.intersection(layer.shapes[first], layer.shapes[second]))
    )


def parkmap_ground(layer):
    first, second, pieces, _ = ground.shared_ground(layer.shapes)
    return pairs(first, second, shapely.area(pieces))


def parkmap_table(layer):
    found = parkmap.overlaps(layer.named)
    left, right = (found.index.get_level_values(k).astype(int) for k in (0, 1))
    return pairs(left, right, found.geometry.area.to_numpy())


def sjoin(layer):
    frame = layer.frame[["row", "geometry"]]
    met = gpd.sjoin(frame, frame, predicate="intersects")
    met = met[met["row_left"] < met["row_right"]]
    first, second = met["row_left"].to_numpy(), met["row_right"].to_numpy()
    return pairs(
        first, second, shapely.area(shapely.intersection(layer.shapes[first], layer.shapes[second]))
    )


def overlay(layer):
    frame = layer.frame[["row", "geometry"]]
    met = gpd.overlay(frame, frame, how="intersection")
    met = met[met["row_1"] < met["row_2"]]
    return pairs(met["row_1"].to_numpy(), met["row_2"].to_numpy(), met.area.to_numpy())


def duckdb(layer):
    found = layer.duck.execute(
        "select a.row, b.row, st_area(st_intersection(a.geom, b.geom)) "
        "from parks a join parks b on st_intersects(a.geom, b.geom) where a.row < b.row"
    ).fetchnumpy()
    return pairs(*found.values())


def sedonadb(layer):
    found = layer.sedona.sql(
        "select a.row as l, b.row as r, ST_Area(ST_Intersection(a.geometry, b.geometry)) as area "
        "from parks a join parks b on ST_Intersects(a.geometry, b.geometry) where a.row < b.row"
    ).to_pandas()
    return pairs(found["l"], found["r"], found["area"].to_numpy())


def polars_st(layer):
    import polars as pl
    import polars_st as st

    mine = st.GeoDataFrame({"l": layer.frame["row"].to_numpy(), "geometry": layer.shapes})
    theirs = st.GeoDataFrame({"r": layer.frame["row"].to_numpy(), "geometry": layer.shapes})
    met = mine.st.sjoin(theirs, on="geometry", predicate="intersects_bbox")
    met = met.filter(pl.col("l") < pl.col("r"))
    area = met.select(st.geom("geometry").st.intersection(st.geom("geometry_right")).st.area())
    return pairs(met["l"].to_numpy(), met["r"].to_numpy(), area.to_series().to_numpy())


def postgis(layer):
    found = layer.postgis.execute(
        "select a.row, b.row, st_area(st_intersection(a.geom, b.geom)) "
        "from parks a join parks b on st_intersects(a.geom, b.geom) where a.row < b.row"
    ).fetchall()
    return pairs(*np.array(found).reshape(-1, 3).T)


def attach_duckdb(layer):
    import duckdb as engine

    layer.duck = engine.connect(config={"allow_unsigned_extensions": "true"})
    try:
        from duckdb_extensions import import_extension

        import_extension("spatial", con=layer.duck)
    except ImportError:
        layer.duck.execute("install spatial")
    layer.duck.execute("load spatial")
    wkb = pd.DataFrame({"row": layer.frame["row"], "wkb": shapely.to_wkb(layer.shapes)})
    layer.duck.register("wkb", wkb)
    layer.duck.execute("create table parks as select row, st_geomfromwkb(wkb) geom from wkb")
    return duckdb


def attach_sedonadb(layer):
    import sedonadb as engine

    layer.sedona = engine.connect()
    frame = layer.frame[["row", "geometry"]].set_crs(32648, allow_override=True)
    layer.sedona.create_data_frame(frame).to_view("parks")
    return sedonadb


def attach_postgis(layer):
    """Needs a database of its own in BENCH_POSTGIS, as postgresql://user:password@host/name."""
    import psycopg

    layer.postgis = psycopg.connect(os.environ["BENCH_POSTGIS"], autocommit=True)
    layer.postgis.execute("create extension if not exists postgis")
    layer.postgis.execute("create temporary table parks (row integer, geom geometry)")
    with layer.postgis.cursor().copy("copy parks from stdin") as copy:
        for row, wkb in zip(
            layer.frame["row"], shapely.to_wkb(layer.shapes, hex=True), strict=True
        ):
            copy.write_row((row, wkb))
    layer.postgis.execute("create index on parks using gist (geom)")
    layer.postgis.execute("analyze parks")
    return postgis


def attach_peers(layer):
    """Load the layer into each peer that is installed; the methods of those that are."""
    ready = []
    for attach in (attach_duckdb, attach_sedonadb, attach_postgis, lambda _: polars_st):
        try:
            method = attach(layer)
            method(layer)
            ready.append(method)
        except Exception as error:  # noqa: BLE001 - whatever a peer lacks, the others run
            print(
                f"  {attach.__name__:15} not run:", (str(error) or repr(error)).splitlines()[0][:80]
            )
    return ready


def compare(reference, found):
    """Pairs that differ, and the greatest difference of area in square metres."""
    differing = len(reference.index.symmetric_difference(found.index))
    shared = reference.index.intersection(found.index)
    gap = (reference[shared] - found[shared]).abs().max() if len(shared) else 0.0
    return differing, gap


def run(layer, methods, rounds):
    reference, times = limit(layer), {method: [] for method in methods}
    for method in methods:
        differing, gap = compare(reference, method(layer))
        print(f"  {method.__name__:15} {differing} pairs differ, areas by at most {gap:.2g} m2")
    for _ in range(rounds):
        for method in methods:
            start = time.perf_counter(), time.process_time()
            method(layer)
            times[method].append((time.perf_counter() - start[0], time.process_time() - start[1]))
    base = [statistics.median(column) for column in zip(*times[limit], strict=True)]
    for method, measured in times.items():
        clock, work = zip(*measured, strict=True)
        middle, spread = statistics.median(clock), f"{min(clock):.3f} to {max(clock):.3f}"
        print(
            f"  {method.__name__:15} {middle:8.3f} s  ({spread})  {middle / base[0]:6.2f} x LIMIT, "
            f"processor time {statistics.median(work) / base[1]:5.2f} x LIMIT"
        )
    return {
        method.__name__: [statistics.median(column) for column in zip(*measured, strict=True)]
        for method, measured in times.items()
    }


def growth(counts, medians):
    """Exponent of each method: the slope of log time over log count, clock and processor."""
    for name in medians[0]:
        slopes = [
            np.polyfit(np.log(counts), np.log([found[name][k] for found in medians]), 1)[0]
            for k in (0, 1)
        ]
        print(
            f"  {name:15} exponent {slopes[0]:.2f} by the clock, {slopes[1]:.2f} in processor time"
        )


def memory(method, layer):
    """Peak resident memory over the input while a method works, in megabytes."""
    page = os.sysconf("SC_PAGE_SIZE") / 1e6
    done, seen = threading.Event(), []

    def watch():
        while not done.wait(0.005):
            with open("/proc/self/statm", encoding="ascii") as status:  # noqa: PTH123
                seen.append(int(status.read().split()[1]) * page)

    watcher = threading.Thread(target=watch)
    watcher.start()
    time.sleep(0.05)
    start = seen[-1]
    method(layer)
    done.set()
    watcher.join()
    print(f"  {method.__name__:15} peak memory over the input: {max(seen) - start:.0f} MB")


def main():
    warnings.simplefilter("ignore")  # overlay drops lines and says so
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=sorted(layers.KINDS), default="parks")
    parser.add_argument(
        "--count", type=int, nargs="+", default=[10_000], help="several: exponents of growth too"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--overlay", action="store_true", help="time geopandas.overlay too (slow)")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    medians = [bench(asked, count) for count in asked.count]
    if len(medians) > 1 and not asked.memory:
        growth(asked.count, medians)


def bench(asked, count):
    """One layer of the kind asked for: its table, and the medians of each method."""
    layer = Layer(layers.make(count, asked.kind))
    print(f"{count:,} {asked.kind}, {len(layer.first):,} pairs, load {os.getloadavg()[0]:.1f}")
    if asked.memory:
        return memory(parkmap_table, layer)  # alone: an earlier method's memory would not show
    methods = [limit, parkmap_ground, parkmap_table, sjoin]
    methods += [overlay] if asked.overlay else []
    methods += [] if asked.no_peers else attach_peers(layer)
    return run(layer, methods, asked.rounds)


if __name__ == "__main__":
    main()
