"""Every room in order: from a parks table to a frozen Analysis with the criteria used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from parkmap import cluster, conflict, overlap, schema, sector, similarity, validation
from parkmap.schema import Analysis, Criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd

    from parkmap.schema import Source

#: The steps, in order, as a progress bar names them.
STEPS = ("check", "overlap", "sector", "similarity", "cluster", "conflict")


def analyze(
    parks: gpd.GeoDataFrame,
    *,
    criteria: Criteria | None = None,
    problems: pd.DataFrame | None = None,
    sources: Sequence[Source] = (),
    date: str = "",
    options: Mapping[str, Any] | None = None,
    only: Literal["land", "sector"] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Analysis:
    """Find whose land and whose sector, and join both into one ranked list.

    Parameters
    ----------
    parks
        The parks, in any CRS; only ``name`` and a geometry are needed, what else is there is used.
    criteria
        The thresholds; the defaults if not given.
    problems
        Problems already met while reading, kept in front.
    sources, date, options
        What to record: the files, the ISO date of the outputs, the options of the run.
    only
        Ask one question alone: whose land, or whose sector.
    progress
        Called with the name of each of ``STEPS`` as it begins.

    Returns
    -------
    All tables with the criteria that made them. The input is not changed.

    Raises
    ------
    SchemaError
        If parks is no table of parks.
    CRSError
        If it has no CRS.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"], "sectors": [("偏光片",), ("偏光片",)]},
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(4e5, 3e6, 401000, 3001000)], crs=4544)
    >>> analyze(parks).conflicts["relation"].tolist()
    ['duplicate']
    """
    criteria = criteria or Criteria()
    begin = progress or _ignore
    begin("check")
    table = schema.complete(parks)
    found = [problems] if problems is not None else []
    found.append(validation.check_parks(table))
    sound, _ = validation.repair_parks(table)
    begin("overlap")
    shared = _overlaps(sound if only != "sector" else sound.iloc[:0], criteria)
    pieces = overlap.slices(sound, shared)
    begin("sector")
    shares = sector.sector_shares(sound if only != "land" else sound.iloc[:0])
    sectors = sector.sector_table(
        sound,
        shares,
        set_aside_share=criteria.set_aside_share,
        set_aside_parks=criteria.set_aside_parks,
    )
    begin("similarity")
    pairs = _similar_pairs(sound, shares, criteria)
    begin("cluster")
    groups = cluster.clusters(
        sound,
        shares,
        _telling(pairs, shared, criteria),
        threshold=criteria.min_similarity,
        min_rivalry=criteria.min_rivalry,
        stable_width=criteria.stable_width,
        superseded_lists=criteria.superseded_lists,
    )
    begin("conflict")
    system, others = schema.park_system(sound)
    return Analysis(
        parks=sound,
        problems=pd.concat(found, ignore_index=True),
        shares=shares,
        sectors=sectors,
        overlaps=shared,
        slices=pieces,
        pairs=pairs,
        clusters=groups,
        conflicts=conflict.conflicts(sound, shared, pieces, pairs, groups, criteria=criteria),
        criteria=criteria,
        system=system,
        others=others,
        too_coarse=similarity.is_too_coarse(sound, shares),
        sources=tuple(sources),
        date=date,
        options=dict(options or {}),
    )


def _telling(pairs: pd.DataFrame, shared: gpd.GeoDataFrame, criteria: Criteria) -> pd.DataFrame:
    """Return the pairs of two parks in earnest that are alike beyond chance."""
    nested = (shared["relation"] == "nested") & (shared["nesting"] != "undeclared")
    explained = shared.index[nested | (shared["relation"] == "duplicate")]
    alike = conflict.beyond_chance(pairs, null_quantile=criteria.null_quantile)
    return pairs[alike & ~pairs.index.isin(explained)]


def _ignore(step: str) -> None:
    """Report progress to nobody."""


def _overlaps(parks: gpd.GeoDataFrame, criteria: Criteria) -> gpd.GeoDataFrame:
    found = overlap.overlaps(
        parks,
        sliver_width_m=criteria.sliver_width_m,
        sliver_area_m2=criteria.sliver_area_m2,
        duplicate_iou=criteria.duplicate_iou,
        nested_share=criteria.nested_share,
        nested_ratio=criteria.nested_ratio,
        superseded_lists=criteria.superseded_lists,
        adjacent_gap_m=criteria.adjacent_gap_m,
    )
    gains = overlap.approved_area_gain(
        parks,
        found,
        dead_band=criteria.area_dead_band,
        ratio_low=criteria.area_ratio_low,
        ratio_high=criteria.area_ratio_high,
    )
    return found.join(gains)


def _similar_pairs(parks: gpd.GeoDataFrame, shares: pd.Series, criteria: Criteria) -> pd.DataFrame:
    return similarity.similar_pairs(
        parks,
        shares,
        measure=criteria.measure,
        min_similarity=criteria.min_similarity,
        min_synergy=criteria.min_synergy,
        max_distance_m=criteria.max_distance_m,
        synergy_distance_m=criteria.synergy_distance_m,
        local_distance_m=criteria.local_distance_m,
        set_aside_share=criteria.set_aside_share,
        set_aside_parks=criteria.set_aside_parks,
        null_draws=criteria.null_draws,
        seed=criteria.seed,
    )
