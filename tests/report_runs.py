"""A hand-made run: five parks in a row, one finding of each kind."""

import geopandas as gpd
import numpy as np
import pandas as pd
from builders import METRIC, park_layer, square

from parkmap import schema
from parkmap.schema import Analysis, Criteria, Source

NAN = float("nan")
POLARISERS = "polarisers-and-optical-films"


def parks(**changed):
    """Five parks: a, b cross by 50 ha, c lies by itself, d inside c, e is a point."""
    shapes = {
        "a": square(),
        "b": square(500),
        "c": square(3000, width=2000),
        "d": square(3200, 200, width=400),
        "e": square(8000).centroid,
    }
    columns = {
        "name": ["甲园区", "乙园区", "丙园区", "丁园区", "戊园区"],
        "tier": ["national", "provincial", "provincial", "municipal", "municipal"],
        "district": ["东区", "东区、西区", "西区", "西区", ""],
        "city": ["示例市"] * 5,
        "sectors": [("偏光片",), ("偏光片",), ("IC封测",), ("中药饮片",), ("偏光片",)],
        "approved_area_ha": [100.0, 90.0, 200.0, NAN, NAN],
        "boundary_kind": ["approved", "planned", "approved", "schematic", ""],
        "counted": [True, True, True, True, False],
        **changed,
    }
    return schema.complete(park_layer(shapes, **columns))


def finding(number, **facts):
    """A row of the conflicts table; what is not given is not stated."""
    blank = dict.fromkeys(schema.CONFLICT_COLUMNS, NAN)
    texts = dict.fromkeys(("relation", "nesting", "line", "verdict", "cluster", "message"), "")
    tuples = ("boundary_kinds", "approved_area_gain_ha", "shared_sectors", "supplies")
    lists = dict.fromkeys(tuples, ())
    return {**blank, **texts, **lists, "coarse": False, "geometry": None, "number": number, **facts}


def findings(names=("甲园区", "乙园区", "丙园区", "丁园区", "戊园区")):
    """A crossing that is also rivalry, a rivalry alone, an explained nesting."""
    a, b, c, d, e = names
    rows = {
        "c-0000000001": finding(
            1,
            kind="both",
            relation="partial",
            verdict="rivalry",
            severity="high",
            cluster="k-1",
            parks=("a", "b"),
            names=(a, b),
            area_m2=500_000.0,
            left_share=0.5,
            right_share=0.5,
            smaller_share=0.5,
            mean_width_m=666.7,
            boundary_kinds=("approved", "planned"),
            approved_area_gain_ha=(NAN, 10.0),
            similarity=0.91,
            overlap_share=1.0,
            rivalry=1.0,
            synergy=0.0,
            p=0.01,
            distance_m=500.0,
            shared_sectors=(POLARISERS,),
            message=f"{a}与{b}范围交叉50.00公顷（750亩）。",
            geometry=square(500, width=500, height=1000),
        ),
        "c-0000000002": finding(
            2,
            kind="homogeneity",
            verdict="rivalry",
            severity="low",
            parks=("b", "e"),
            names=(b, e),
            similarity=0.8,
            overlap_share=0.64,
            rivalry=0.64,
            synergy=0.0,
            distance_m=7500.0,
            message=f"{b}与{e}主导产业约六成相同。",
        ),
        "c-0000000003": finding(
            3,
            kind="overlap",
            relation="nested",
            nesting="declared",
            severity="info",
            parks=("c", "d"),
            names=(c, d),
            area_m2=160_000.0,
            left_share=0.08,
            right_share=1.0,
            smaller_share=1.0,
            mean_width_m=200.0,
            boundary_kinds=("approved", "schematic"),
            message=f"{d}基本位于{c}范围内。",
            geometry=square(3200, 200, width=400),
        ),
    }
    table = pd.DataFrame(rows.values(), index=pd.Index(rows, name="conflict_id", dtype=object))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=METRIC)[list(schema.CONFLICT_COLUMNS)]


def overlaps():
    """The two pairs that share ground."""
    index = pd.MultiIndex.from_tuples([("a", "b"), ("c", "d")], names=["left", "right"])
    columns = {
        "relation": ["partial", "nested"],
        "nesting": ["", "declared"],
        "area_m2": [500_000.0, 160_000.0],
        "left_share": [0.5, 0.08],
        "right_share": [0.5, 1.0],
        "mean_width_m": [666.7, 200.0],
    }
    shapes = [square(500, width=500, height=1000), square(3200, 200, width=400)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=METRIC, index=index)


def slices():
    """The same ground, each piece once."""
    table = overlaps()
    columns = {"claimants": [("a", "b"), ("c", "d")], "area_m2": list(table["area_m2"])}
    return gpd.GeoDataFrame(columns, geometry=list(table.geometry), crs=METRIC)


def clusters():
    """One flagged group."""
    row = {
        "parks": ("a", "b"),
        "family": "f-1",
        "flagged": True,
        "coarse_parks": (),
        "weakest_similarity": 0.91,
        "split_at": NAN,
        "stable": True,
        "shared_sectors": (POLARISERS,),
        "lead_park": "a",
        "districts": ("东区", "西区"),
    }
    index = pd.Index(["k-1"], name="cluster", dtype=object)
    return pd.DataFrame([row], index=index)[list(schema.CLUSTER_COLUMNS)]


def sectors():
    """Two sectors, one of them a chain word."""
    rows = {
        "new-displays": {"n_parks": 1, "share_of_parks": 0.25, "parks": ("c",), "coarse": True},
        POLARISERS: {
            "n_parks": 3,
            "share_of_parks": 0.75,
            "parks": ("a", "b", "e"),
            "coarse": False,
        },
    }
    table = pd.DataFrame(rows.values(), index=pd.Index(rows, name="sector", dtype=object))
    return table.assign(chain="new-displays", set_aside=False, main_for=[(), ("a",)])


def run(**changed):
    """The whole run."""
    problem = {"park_id": "e", "row": 5, "code": "PM101", "severity": "warning"}
    problem |= {"message": "没有范围面", "remedy": "请补充范围面"}
    pairs = pd.MultiIndex.from_tuples([], names=["left", "right"])
    parts = {
        "parks": parks(),
        "problems": schema.problems_table([problem]),
        "shares": pd.Series(dtype=float, name="share"),
        "sectors": sectors(),
        "overlaps": overlaps(),
        "slices": slices(),
        "pairs": pd.DataFrame(np.empty((0, 9)), columns=schema.PAIR_COLUMNS, index=pairs),
        "clusters": clusters(),
        "conflicts": findings(),
        "criteria": Criteria(),
        "system": "1+2+1",
        "others": 1,
        "sources": (Source(name="parks.geojson", sha256="ab" * 32, rows=5, crs=METRIC),),
        "date": "2026-03-01",
    }
    return Analysis(**{**parts, **changed})
