"""Analyses made by hand, so that pages can be tested without the rooms that compute them."""

import geopandas as gpd
import numpy as np
import pandas as pd
from builders import METRIC, ORIGIN, park_layer, square
from shapely import Point, affinity
from shapely.geometry import box

from parkmap import schema
from parkmap.schema import Analysis, Criteria

BLANK = {
    "kind": "overlap",
    "relation": "",
    "nesting": "",
    "line": "",
    "verdict": "",
    "severity": "low",
    "cluster": "",
    "area_m2": np.nan,
    "left_share": np.nan,
    "right_share": np.nan,
    "smaller_share": np.nan,
    "mean_width_m": np.nan,
    "widest_m": np.nan,
    "boundary_kinds": ("", ""),
    "approved_area_gain_ha": (),
    "similarity": np.nan,
    "overlap_share": np.nan,
    "rivalry": np.nan,
    "synergy": np.nan,
    "p": np.nan,
    "coarse": False,
    "distance_m": np.nan,
    "shared_sectors": (),
    "supplies": (),
    "message": "",
    "geometry": None,
}
RIVALS = {
    "kind": "homogeneity",
    "verdict": "rivalry",
    "similarity": 0.82,
    "overlap_share": 0.6,
    "rivalry": 0.6,
    "synergy": 0.01,
    "p": 0.002,
    "distance_m": 5000.0,
    "shared_sectors": ("ic-packaging-and-testing", "display-panels"),
}


def land(parks, left, right, **facts):
    """What a conflicts row says about ground two parks share."""
    shape = parks.geometry[left].intersection(parks.geometry[right])
    shares = [shape.area / parks.geometry[park].area for park in (left, right)]
    return {
        "parks": (left, right),
        "relation": "partial",
        "area_m2": shape.area,
        "left_share": shares[0],
        "right_share": shares[1],
        "smaller_share": max(shares),
        "mean_width_m": 2 * shape.area / shape.length,
        "geometry": shape,
        **facts,
    }


def conflict_table(parks, rows):
    """A conflicts table from partial rows, in the order given."""
    full = []
    for number, row in enumerate(rows, start=1):
        names = tuple(parks.loc[list(row["parks"]), "name"])
        kinds = tuple(parks.loc[list(row["parks"]), "boundary_kind"])
        full.append({**BLANK, "number": number, "names": names, "boundary_kinds": kinds, **row})
    index = pd.Index([f"c-{n:06x}" for n in range(1, len(full) + 1)], name="conflict_id")
    shapes = gpd.GeoSeries([row.pop("geometry") for row in full], crs=parks.crs, index=index)
    columns = [column for column in schema.CONFLICT_COLUMNS if column != "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(full, columns=columns, index=index), geometry=shapes)


def analysis(parks, rows=(), clusters=(), pairs=(), shares=None, **facts):
    """An Analysis whose other tables are empty."""
    parks = schema.complete(parks)
    groups = pd.DataFrame(clusters, columns=["cluster", *schema.CLUSTER_COLUMNS])
    linked = pd.DataFrame(pairs, columns=["left", "right", *schema.PAIR_COLUMNS])
    mixes = {
        (park, sector): share
        for park, mix in (shares or {}).items()
        for sector, share in mix.items()
    }
    index = pd.MultiIndex.from_tuples(list(mixes), names=["park_id", "sector"]) if mixes else None
    system, others = schema.park_system(parks)
    ground = {column: [] for column in schema.OVERLAP_COLUMNS}
    defaults = {
        "parks": parks,
        "problems": schema.problems_table([]),
        "shares": pd.Series(list(mixes.values()), index=index, dtype=float),
        "sectors": pd.DataFrame(),
        "overlaps": gpd.GeoDataFrame(ground, geometry="geometry", crs=parks.crs),
        "slices": gpd.GeoDataFrame(geometry=[], crs=parks.crs),
        "pairs": linked.set_index(["left", "right"]),
        "clusters": groups.set_index("cluster"),
        "conflicts": conflict_table(parks, list(rows)),
        "criteria": Criteria(),
        "system": system,
        "others": others,
        "date": "2026-06-30",
    }
    return Analysis(**{**defaults, **facts})


def cluster(name, parks, *, flagged=True, shared=("ic-packaging-and-testing",)):
    """One row of the clusters table."""
    return {
        "cluster": name,
        "parks": tuple(parks),
        "family": "f1",
        "flagged": flagged,
        "coarse_parks": (),
        "weakest_similarity": 0.7,
        "split_at": 0.7,
        "stable": True,
        "shared_sectors": shared,
        "lead_park": parks[0],
        "districts": (),
    }


def four_parks(**columns):
    """a and b share 200 x 1000 m, c lies alone, d is a point 5 km away."""
    shapes = {
        "a": square(),
        "b": square(800),
        "c": square(0, 3000, 500),
        "d": Point(ORIGIN[0] + 5000, ORIGIN[1]),
    }
    columns = {
        "tier": ["national", "provincial", "municipal", ""],
        "district": ["东区", "东区", "西区", "西区、南区"],
        "sectors": [("封装测试",), ("封装测试",), (), ("未知业",)],
        **columns,
    }
    return park_layer(shapes, **columns)


def small_city(parks=None, **facts):
    """Four parks, four findings: a x b both, a x d rivals, b x c information, b x d a chain."""
    parks = schema.complete(four_parks() if parks is None else parks)
    rows = [
        land(parks, "a", "b", **{**RIVALS, "kind": "both"}, severity="high", cluster="k1"),
        {**RIVALS, "parks": ("a", "d"), "severity": "medium", "cluster": "k1"},
        {
            **RIVALS,
            "parks": ("b", "d"),
            "verdict": "complementary",
            "severity": "info",
            "synergy": 0.3,
        },
    ]
    shares = {
        "a": {"ic-packaging-and-testing": 0.6, "display-panels": 0.4},
        "b": {"ic-packaging-and-testing": 0.5, "display-panels": 0.5},
    }
    pairs = [
        {
            "left": "b",
            "right": "d",
            "similarity": 0.1,
            "overlap_share": 0.1,
            "rivalry": 0.0,
            "synergy": 0.3,
            "p": 0.4,
            "coarse": False,
            "distance_m": 5000.0,
            "shared_sectors": (),
        }
    ]
    return analysis(parks, rows, [cluster("k1", ["a", "b", "d"])], pairs, shares, **facts)


def random_city(count=40, seed=1, reach=30_000.0):
    """Parks strewn over a city; every pair that shares ground is a finding."""
    draw = np.random.default_rng(seed)
    shapes = {}
    for place in range(count):
        x, y = ORIGIN + draw.uniform(-reach, reach, 2)
        width, height = draw.uniform(1500, 7000, 2)
        lot = affinity.rotate(box(x, y, x + width, y + height), draw.uniform(0, 90))
        shapes[f"p{place:03d}"] = lot if place % 9 else Point(x, y)
    tiers = [
        ("national", "provincial", "municipal", "")[min(3, place // 5)] for place in range(count)
    ]
    names = [f"示例{'东西南北中'[place % 5]}{place}经济技术开发区" for place in range(count)]
    parks = schema.complete(
        gpd.GeoDataFrame(
            {
                "park_id": list(shapes),
                "name": names,
                "tier": tiers,
                "district": ["甲区", "乙县"] * (count // 2),
            },
            geometry=list(shapes.values()),
            crs=METRIC,
        )
    )
    levels = ("high", "medium", "low", "info")
    lots = parks[parks.area > 0]
    met = lots.sindex.query(lots.geometry, predicate="intersects").T.tolist()
    rows = [land(lots, lots.index[i], lots.index[j]) for i, j in sorted(met) if i < j]
    rows = [
        {**row, "severity": levels[min(3, place * 5 // len(rows))]}
        for place, row in enumerate(rows)
    ]
    ids = list(parks.index)
    groups = [cluster(f"k{n}", ids[n * 4 : n * 4 + 3], flagged=n < 8) for n in range(9)]
    return analysis(parks, rows, groups)
