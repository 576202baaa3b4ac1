"""Every room in order: from a parks table to a frozen Analysis with the criteria used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd
import shapely

from parkmap import (
    chain,
    cluster,
    conflict,
    messages,
    overlap,
    schema,
    sector,
    similarity,
    validation,
)
from parkmap.errors import OptionError, SchemaError
from parkmap.io.headings import recognise
from parkmap.problems import problem
from parkmap.schema import Analysis, ControlLine, Criteria
from parkmap.taxonomy import load, use_vocabulary, with_decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    from parkmap.schema import Source
    from parkmap.taxonomy import Vocabulary

    Layers = Mapping[str, gpd.GeoDataFrame]

_MOST_THRESHOLD = 0.95
#: The steps, in order, as a progress bar names them.
STEPS = ("check", "overlap", "sector", "similarity", "cluster", "conflict")


def analyze(
    parks: gpd.GeoDataFrame,
    *,
    criteria: Criteria | None = None,
    control: Layers | None = None,
    within: Layers | None = None,
    expect: str = "",
    problems: pd.DataFrame | None = None,
    sources: Sequence[Source] = (),
    line_sources: Mapping[str, Sequence[Source]] | None = None,
    date: str = "",
    options: Mapping[str, Any] | None = None,
    only: Literal["land", "sector"] | None = None,
    taxonomy: Vocabulary | None = None,
    decisions: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Analysis:
    """Find whose land and whose sector, and join both into one ranked list.

    Parameters
    ----------
    parks
        The parks, in any CRS; only ``name`` and a geometry are needed, what else is there is used.
    criteria
        The thresholds; the defaults if not given.
    control
        Name -> land that parks should keep off: permanent farmland, an ecological red line.
    within
        Name -> land that should hold the parks: an urban development boundary.
    expect
        The system that is meant, such as ``"3+22+N"``, to compare the counted one with.
    problems
        Problems already met while reading, kept in front.
    sources, line_sources, date, options
        What to record: the files of parks and of each control line, the ISO date of the outputs,
        the options of the run.
    only
        Ask one question alone: whose land, or whose sector.
    taxonomy
        The vocabulary that sectors are read by; the one in force if not given. Write the results
        inside ``taxonomy.use_vocabulary`` too, so that its sectors have their names.
    decisions
        What a planner decided: term to node id or name; "" leaves the term out.
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
        If it, or a control line, has no CRS.
    SchemaError
        If the parks are no parks table, or their names stand under another heading than ``name``.
    OptionError
        If one name stands for two control lines, or ``expect`` is no system.
    InputError
        If a decision names a node that the vocabulary does not have.

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
    schema.system_gaps("0+0+0", expect)  # a mistyped target is told before the work
    lines = _lines(control or {}, within or {}, line_sources or {})
    begin = progress or _ignore
    said = {**(options or {}), **({"decisions": dict(decisions)} if decisions else {})}
    with use_vocabulary(with_decisions(taxonomy or load(), decisions or {})):
        begin("check")
        _refuse_foreign_headings(parks)
        table = schema.complete(parks)
        found = [validation.find_problems(table, met=problems)]
        sound, _ = validation.repair_parks(table)
        begin("overlap")
        shared = shared_ground(sound if only != "sector" else sound.iloc[:0], criteria)
        pieces = overlap.slices(sound, overlaps=shared)
        controls = _controls(sound, control or {}, within or {}, criteria) if lines else None
        found.append(_far_lines(sound, {**(control or {}), **(within or {})}))
        half = _sector_half(sound, shared, criteria, only=only, begin=begin)
        begin("conflict")
        ranked = conflict.conflicts(
            *(sound, shared, pieces, half["pairs"], half["clusters"]),
            controls=controls,
            supplies=half["supplies"],
            criteria=criteria,
        )
    system, others = schema.park_system(sound)
    return Analysis(
        parks=sound,
        problems=pd.concat(found, ignore_index=True),
        overlaps=shared,
        slices=pieces,
        conflicts=ranked,
        criteria=criteria,
        system=system,
        others=others,
        sources=tuple(sources),
        date=date,
        lines=lines,
        controls=controls,
        expected=expect,
        options=said,
        **half,
    )


def _sector_half(
    parks: gpd.GeoDataFrame,
    shared: gpd.GeoDataFrame,
    criteria: Criteria,
    *,
    only: str | None,
    begin: Callable[[str], None],
) -> dict[str, Any]:
    """Answer whose sector: what an Analysis holds of it, by name."""
    begin("sector")
    shares = sector.sector_shares(parks if only != "land" else parks.iloc[:0])
    common: dict[str, Any] = {
        "set_aside_share": criteria.set_aside_share,
        "set_aside_parks": criteria.set_aside_parks,
    }
    begin("similarity")
    least = criteria.min_similarity
    null = _redrawn(shares, criteria)
    by_chance = similarity.quantile_of_null(null, quantile=criteria.null_quantile)
    used = schema.used_threshold(least, by_chance)
    # A little below the threshold too: a group is stable if a lower one would leave it as it is.
    wide = _similar_pairs(parks, shares, criteria, null=null)
    reached = (wide["similarity"] >= least) | (wide["synergy"] >= criteria.min_synergy)
    begin("cluster")
    telling = _telling(wide, shared, criteria, used=used)
    asked: dict[str, Any] = {
        "min_rivalry": criteria.min_rivalry,
        "superseded_lists": criteria.superseded_lists,
    }
    links = cluster.rival_pairs(parks, telling, threshold=least - cluster.MARGIN, **asked)
    pairs, table = wide[reached], sector.sector_table(parks, shares, **common)
    return {
        "shares": shares,
        "sectors": table,
        "rivals": links.assign(distance_m=telling.loc[links.index, "distance_m"]),
        "worths": similarity.node_worths(shares, measure=criteria.measure, **common),
        "pairs": pairs,
        "supplies": chain.supplies(
            *(pairs, shares),
            min_synergy=criteria.min_synergy,
            set_aside=set(table.index[table["set_aside"].astype(bool)]),
        ),
        "clusters": cluster.clusters(
            *(parks, shares, telling),
            threshold=used,
            stable_width=criteria.stable_width,
            **asked,
        ),
        "sweep": cluster.threshold_sweep(
            parks, telling, thresholds=_thresholds(least, used), **asked
        ),
        "null_similarity": by_chance,
        "chain_links": chain.chain_links(parks, shares, superseded_lists=criteria.superseded_lists),
        "too_coarse": similarity.is_too_coarse(parks, shares, **common),
    }


def _thresholds(asked: float, used: float) -> list[float]:
    """Return the thresholds to compare: as far down as pairs are known, and the one in use."""
    tried = {round(asked + step / 20, 6) for step in range(-2, 20)}
    return sorted({value for value in tried if 0 < value <= _MOST_THRESHOLD} | {asked, used})


def _telling(
    pairs: pd.DataFrame, shared: gpd.GeoDataFrame, criteria: Criteria, *, used: float
) -> pd.DataFrame:
    """Return the pairs of two parks in earnest, of those above the threshold the telling ones."""
    nested = (shared["relation"] == "nested") & (shared["nesting"] != "undeclared")
    explained = shared.index[nested | (shared["relation"] == "duplicate")]
    alike = schema.beyond_chance(
        pairs["similarity"], pairs["p"], null_quantile=criteria.null_quantile
    )
    return pairs[(alike | (pairs["similarity"] < used)) & ~pairs.index.isin(explained)]


def _lines(
    control: Layers, within: Layers, sources: Mapping[str, Sequence[Source]]
) -> tuple[ControlLine, ...]:
    both = sorted(set(control) & set(within))
    if both:
        raise OptionError(**messages.fault("schema.line_named_twice", name=both[0]))
    names = [(name, False) for name in control] + [(name, True) for name in within]
    return tuple(
        ControlLine(name=name, within=inside, sources=tuple(sources.get(name, ())))
        for name, inside in names
    )


def _far_lines(parks: gpd.GeoDataFrame, layers: Layers) -> pd.DataFrame:
    """List control lines that lie nowhere near the parks: of another city, or misplaced."""
    if parks.geometry.isna().all():
        return schema.problems_table([])
    here = shapely.box(*parks.total_bounds)
    rows = [
        problem("PM509", line=name)
        for name, layer in layers.items()
        if not shapely.box(*layer.to_crs(parks.crs).total_bounds).intersects(here)
    ]
    return schema.problems_table(rows)


def _controls(
    parks: gpd.GeoDataFrame, control: Layers, within: Layers, criteria: Criteria
) -> gpd.GeoDataFrame:
    """Compare every park with every line."""
    sliver = {
        "sliver_width_m": criteria.sliver_width_m,
        "sliver_area_m2": criteria.sliver_area_m2,
    }
    found = [
        overlap.control_overlaps(parks, layer, name=name, **sliver)
        for name, layer in control.items()
    ]
    for name, layer in within.items():
        outside = overlap.outside_control(parks, layer, name=name, **sliver)
        real = outside["relation"] == "control"
        found.append(outside.assign(relation=outside["relation"].mask(real, "outside")))
    table = pd.concat(found).rename(columns={"control": "line"})
    table = table.set_index("line", append=True).rename_axis(["park_id", "line"])
    return gpd.GeoDataFrame(table[list(schema.CONTROL_COLUMNS)], crs=parks.crs)


def _ignore(step: str) -> None:
    """Report progress to nobody."""


def shared_ground(parks: gpd.GeoDataFrame, criteria: Criteria) -> gpd.GeoDataFrame:
    """Find what parks share on the ground, as an analysis with these thresholds does.

    Parameters
    ----------
    parks
        The parks table.
    criteria
        The thresholds.

    Returns
    -------
    The overlaps table, with what the approved areas say of each pair.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> boxes = [box(4e5, 3e6, 401000, 3001000), box(4e5, 3e6, 401000, 3001000)]
    >>> parks = schema.complete(gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=boxes, crs=4544))
    >>> shared_ground(parks, Criteria())["relation"].tolist()
    ['duplicate']
    """
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


def _redrawn(shares: pd.Series, criteria: Criteria) -> np.ndarray:
    return similarity.redrawn_similarities(
        shares,
        measure=criteria.measure,
        null_draws=criteria.null_draws,
        seed=criteria.seed,
        set_aside_share=criteria.set_aside_share,
        set_aside_parks=criteria.set_aside_parks,
    )


def _similar_pairs(
    parks: gpd.GeoDataFrame, shares: pd.Series, criteria: Criteria, *, null: np.ndarray
) -> pd.DataFrame:
    return similarity.similar_pairs(
        parks,
        shares,
        measure=criteria.measure,
        min_similarity=max(criteria.min_similarity - cluster.MARGIN, 1e-6),
        min_synergy=criteria.min_synergy,
        max_distance_m=criteria.max_distance_m,
        synergy_distance_m=criteria.synergy_distance_m,
        local_distance_m=criteria.local_distance_m,
        set_aside_share=criteria.set_aside_share,
        set_aside_parks=criteria.set_aside_parks,
        null=null,
    )


def _refuse_foreign_headings(parks: gpd.GeoDataFrame) -> None:
    """Refuse a table as it came from a file: none of its columns would be found."""
    headings = [str(heading) for heading in getattr(parks, "columns", ())]
    named = "" if "name" in headings else recognise(headings, chosen={}).get("name")
    if named:
        raise SchemaError(**messages.fault("schema.foreign_headings", column=named[:40]))
