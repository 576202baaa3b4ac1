"""What a run is made of: its criteria, its sources, and the bundle of everything it found."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import messages
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray


#: Thresholds that are parts of a whole; every other figure only has to be 0 or more.
_PARTS = {
    *("duplicate_iou", "nested_share", "nested_ratio", "min_similarity", "min_rivalry"),
    *("min_synergy", "set_aside_share", "null_quantile", "stable_width", "high_share"),
    *("medium_share", "medium_rivalry"),
}
#: From here two parks name the very same sectors, whatever chance would give.
SAME_MIX = 1 - 1e-6


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """Every threshold of an analysis; recorded in each output.

    Parameters
    ----------
    sliver_width_m, sliver_area_m2
        An overlap is drawing noise if its mean width is at most the first and opening it by that
        width leaves less than the second.
    duplicate_iou
        Intersection over union from which two rows are taken for one park.
    map_scale
        The mapping scale (its denominator) that the sliver width was taken from; None if it was
        given in metres.
    nested_share, nested_ratio
        A park lies inside another if at least this share of it does and its area is at most this
        part of the other's.
    adjacent_gap_m
        Report parks closer than this that share no ground; None reports none.
    superseded_lists
        Values of ``list_name`` that mark lists no longer in force.
    measure
        ``"tree-idf"`` or ``"cosine"``.
    min_similarity, min_rivalry, min_synergy
        From where two parks count as similar, as rivals, as neighbours in a chain.
    synergy_distance_m, local_distance_m
        Decay of synergy, and of rivalry in local trades (retail, culture, tourism, logistics).
    max_distance_m
        Parks farther apart are not compared; None compares all.
    set_aside_share, set_aside_parks
        A sector that more than this share of at least so many parks names tells nothing apart.
    null_draws, null_quantile, seed
        Redraws of the null model, the quantile similarity must reach, and the seed.
    stable_width
        Width of the persistence interval from which a cluster is called stable.
    high_share, high_area_m2, medium_share, medium_area_m2, approved_area_m2, medium_rivalry
        The printed severity table.
    area_dead_band, area_ratio_low, area_ratio_high
        Silences of the approved-area evidence.

    Raises
    ------
    OptionError
        If a figure is none, below 0, or above 1 where it is a share.

    Examples
    --------
    >>> Criteria(min_similarity=0.6).min_similarity
    0.6
    """

    sliver_width_m: float = 5.0
    sliver_area_m2: float = 10_000.0
    duplicate_iou: float = 0.95
    nested_share: float = 0.98
    nested_ratio: float = 0.9
    adjacent_gap_m: float | None = None
    map_scale: int | None = None
    superseded_lists: tuple[str, ...] = ("历史名录",)
    measure: str = "tree-idf"
    min_similarity: float = 0.5
    min_rivalry: float = 0.25
    min_synergy: float = 0.05
    synergy_distance_m: float = 54_000.0
    local_distance_m: float = 10_000.0
    max_distance_m: float | None = None
    set_aside_share: float = 0.6
    set_aside_parks: int = 10
    null_draws: int = 999
    null_quantile: float = 0.95
    seed: int = 0
    stable_width: float = 0.10
    high_share: float = 0.10
    high_area_m2: float = 1_000_000.0
    medium_share: float = 0.01
    medium_area_m2: float = 100_000.0
    approved_area_m2: float = 10_000.0
    medium_rivalry: float = 0.5
    area_dead_band: float = 0.01
    area_ratio_low: float = 0.8
    area_ratio_high: float = 1.25

    def __post_init__(self) -> None:
        """Refuse what no threshold can be."""
        for name, value in vars(self).items():
            if value is None or isinstance(value, (str, tuple, list)):
                continue
            most = 1.0 if name in _PARTS else math.inf
            if not (isinstance(value, Real) and 0 <= float(value) <= most) or math.isinf(value):
                limits = messages.text(f"schema.limits.{'part' if most == 1 else 'figure'}")
                fault = messages.fault("schema.criterion", name=name, value=value, limits=limits)
                raise OptionError(**fault)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where rows came from, for the record.

    Parameters
    ----------
    name
        File name without its folder.
    sha256
        Hash of the file's bytes.
    driver, encoding, crs
        How it was read; the encoding is "" where the format fixes it.
    rows
        Data rows in the file.
    newest
        The file's date (ISO), the last resort for dating a report.
    """

    name: str
    sha256: str = ""
    driver: str = ""
    encoding: str = ""
    crs: str = ""
    rows: int = 0
    newest: str = ""


@dataclass(frozen=True, kw_only=True)
class ControlLine:
    """A control line that parks were compared with, for the record.

    Parameters
    ----------
    name
        What it is called, such as 永久基本农田.
    within
        True for a boundary that should hold the parks, False for land they should keep off.
    sources
        The files it came from.
    """

    name: str
    within: bool = False
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """Everything one run found, with the criteria it used.

    Parameters
    ----------
    parks, problems, shares, overlaps, slices, pairs, clusters, conflicts
        The tables of this module.
    sectors
        One row a sector: how many parks name it, which, whether it is too coarse.
    criteria
        The thresholds used.
    system, others
        The counted system such as ``"3+19+3"``, and the number of rows beside it.
    too_coarse
        True if no pair of parks was described finely enough to be judged.
    sweep
        One row a threshold: how many groups and families it would give; None if not asked.
    null_similarity
        The similarity that pairs redrawn at random stay below (``criteria.null_quantile`` of
        them); nan without a null model.
    sources
        The files the parks came from.
    date
        ISO date of the outputs.
    lines
        The control lines compared; empty if none was.
    controls
        Parks against control lines, indexed by (``park_id``, ``line``), with the columns of
        ``CONTROL_COLUMNS``; None if none was compared.
    expected
        The system that is meant, such as ``"3+22+N"``; "" if not given.
    rivals
        What links parks into groups: ``similarity``, ``proven`` and ``distance_m`` on (``left``,
        ``right``), down to a little below the threshold; None if not asked.
    worths
        What sharing a node of the vocabulary adds to similarity, on ``sector``; None if not asked.
    supplies
        Who can supply whom with what, on (``left``, ``right``) of the pairs along a chain:
        ``giver``, ``given``, ``taker``, ``taken``; None if not asked.
    chain_links
        The segments of every chain that parks name, on (``chain``, ``segment``): ``link``,
        ``own``, ``parks``, ``status``, ``may_cover``, ``suppliers``, ``customers``,
        ``presence``, ``rank``; None if not asked.

    Examples
    --------
    >>> from parkmap.schema import Analysis
    >>> Analysis.__dataclass_params__.frozen
    True
    """

    parks: gpd.GeoDataFrame
    problems: pd.DataFrame
    shares: pd.Series
    sectors: pd.DataFrame
    overlaps: gpd.GeoDataFrame
    slices: gpd.GeoDataFrame
    pairs: pd.DataFrame
    clusters: pd.DataFrame
    conflicts: gpd.GeoDataFrame
    criteria: Criteria
    system: str
    others: int
    too_coarse: bool = False
    sweep: pd.DataFrame | None = None
    null_similarity: float = float("nan")
    sources: tuple[Source, ...] = ()
    date: str = ""
    lines: tuple[ControlLine, ...] = ()
    controls: gpd.GeoDataFrame | None = None
    expected: str = ""
    rivals: pd.DataFrame | None = None
    worths: pd.Series | None = None
    supplies: pd.DataFrame | None = None
    chain_links: pd.DataFrame | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether this is the public edition (:func:`parkmap.publication.published`)."""
        return self.options.get("edition") == "public"

    @property
    def used_similarity(self) -> float:
        """The similarity from which parks were grouped (:func:`used_threshold`)."""
        return used_threshold(self.criteria.min_similarity, self.null_similarity)

    def __repr__(self) -> str:
        return (
            f"<Analysis {self.system} (+{self.others}), {len(self.parks)} parks, "
            f"{len(self.conflicts)} findings, {len(self.problems)} problems>"
        )


def used_threshold(least: float, by_chance: float) -> float:
    """Return the similarity from which parks are grouped.

    Parameters
    ----------
    least
        What was asked for.
    by_chance
        The similarity that pairs redrawn at random stay below; nan without a null model.

    Returns
    -------
    What was asked for, or what chance gives if that is more, but below :data:`SAME_MIX`.

    Examples
    --------
    >>> used_threshold(0.5, 0.6), used_threshold(0.5, float("nan"))
    (0.6, 0.5)
    """
    return least if math.isnan(by_chance) else max(least, min(by_chance, SAME_MIX))


def beyond_chance(
    similarity: ArrayLike, p: ArrayLike, *, null_quantile: float = Criteria.null_quantile
) -> NDArray[np.bool_]:
    """Say which pairs are alike beyond what redrawn parks would be.

    Parameters
    ----------
    similarity
        Similarity of one pair, or of many.
    p
        Share of redrawn pairs at least as similar; nan where the null was not drawn.
    null_quantile
        The quantile of the redrawn similarities that a pair must reach.

    Returns
    -------
    True or false, pair by pair; true where the null was not drawn. Parks with the very same mix
    always pass: no quantile lies above them, however common their sectors are.

    Examples
    --------
    >>> beyond_chance([0.6, 0.6, 1.0], [0.01, 0.2, 0.06]).tolist()
    [True, False, True]
    >>> bool(beyond_chance(0.6, float("nan")))
    True
    """
    rare = ~(np.asarray(p, dtype=float) > 1 - null_quantile)
    return rare | (np.asarray(similarity, dtype=float) > SAME_MIX)
