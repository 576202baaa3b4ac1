"""What the chains say, in words: gaps, single points, duplicated layout, who supplies whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap import taxonomy, wording
from parkmap.messages import listed, text
from parkmap.report.cells import park_names, some_park_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from parkmap.report.chain_study import ChainStudy
    from parkmap.schema import Analysis

    Row = Mapping[Any, Any]

_MOST_PARKS, _MOST_NEIGHBOURS = 3, 2


def link_word(link: str) -> str:
    """Name the place of a segment in its chain.

    Parameters
    ----------
    link
        ``upstream``, ``midstream``, ``downstream`` or "".

    Returns
    -------
    The word.

    Examples
    --------
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     link_word("upstream")
    '上游'
    """
    return text(f"chain.link.{link or 'unplaced'}")


def neighbours(
    analysis: Analysis, side: Sequence[tuple[str, tuple[str, ...]]], *, inside: bool = False
) -> str:
    """Name segments and the parks that name them.

    Parameters
    ----------
    analysis
        The run.
    side
        Segments with their parks: what stands up- or downstream.
    inside
        They stand inside a sentence.

    Returns
    -------
    All of them, one after the other.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(parks=pd.DataFrame({"name": ["甲"]}, index=["a"]))
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     neighbours(run, [("ic-design", ("a",))])
    '集成电路设计（甲）'
    """
    return listed(
        _neighbour(analysis, *each, inside=inside or bool(at)) for at, each in enumerate(side)
    )


def _neighbour(analysis: Analysis, node: str, parks: Sequence[str], *, inside: bool) -> str:
    shown = park_names(analysis, parks[:_MOST_PARKS])
    if len(parks) > _MOST_PARKS:
        shown = text("chain.more_parks", parks=shown, count=len(parks))
    return text("chain.neighbour", segment=wording.sector_names([node], inside=inside), parks=shown)


def segment_sentence(study: ChainStudy, segment: str, row: Row) -> str:
    """Say how one segment stands and what follows from it.

    Parameters
    ----------
    study
        The chains.
    segment
        Its node id.
    row
        Its row of the links.

    Returns
    -------
    One sentence. Names stand as they are in the file: escape before showing.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.report import ChainStudy
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(parks=pd.DataFrame({"name": ["甲"]}, index=["a"]))
    >>> row = {"link": "", "status": "gap", "parks": (), "suppliers": (("ic-design", ("a",)),),
    ...     "customers": (), "may_cover": (), "presence": 0.5}
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     segment_sentence(ChainStudy(run, *[None] * 2), "wafer-fabrication", row)
    '晶圆制造未见园区申报；上游集成电路设计（甲）已有布局，可研究补链。'
    """
    status = row["status"]
    key = status
    if status == "duplicated":
        local = taxonomy.load().nodes[segment].local
        place = study.main_place(segment)
        key = "local" if local else "placed" if place else "duplicated"
    elif status == "single" and len(row["parks"]) > 1:
        key = "single_old"
    said = text(
        f"chain.sentence.{key}",
        segment=wording.sector_names([segment], inside=not key.startswith("single")),
        parks=some_park_names(study.analysis, row["parks"]),
        count=len(row["parks"]),
        place=study.main_place(segment) if status == "duplicated" else "",
    )
    if status in ("gap", "single"):
        said += text(f"chain.beside.{status}_{_beside(row)}", **_sides(study.analysis, row))
    if status == "gap" and row["may_cover"]:
        said += text("chain.may_cover", count=len(row["may_cover"]), chains=_chains(study, segment))
    return said + text("wording.stop")


def _chains(study: ChainStudy, segment: str) -> str:
    """Name the chains a segment lies in that some park names, the narrowest first."""
    stated = study.analysis.shares
    named = set(stated.index[stated > 0].get_level_values(1))
    above = [node for node in taxonomy.load().ancestors(segment) if node in named]
    return wording.sector_names(above, inside=True)


def _beside(row: Row) -> str:
    up, down = bool(row["suppliers"]), bool(row["customers"])
    if np.isnan(row["presence"]):
        return "unknown"  # the vocabulary knows no neighbours: their absence says nothing
    return {(True, True): "both", (True, False): "up", (False, True): "down"}.get(
        (up, down), "none"
    )


def _sides(analysis: Analysis, row: Row) -> dict[str, str]:
    said = {}
    for key, side in (("up", row["suppliers"]), ("down", row["customers"])):
        named = neighbours(analysis, side[:_MOST_NEIGHBOURS], inside=True)
        more = len(side) > _MOST_NEIGHBOURS
        said[key] = text("chain.more_segments", segments=named, count=len(side)) if more else named
    return said


def summary_lines(study: ChainStudy) -> list[str]:
    """Say what a chain shows, most useful first.

    Parameters
    ----------
    study
        One chain.

    Returns
    -------
    A line each: counts, gaps, single points, duplicated layout, who can supply whom.

    Examples
    --------
    >>> import pandas as pd
    >>> from parkmap.report import ChainStudy
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links.loc[["ic"]]
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links, chosen="ic")
    >>> summary_lines(study)[1]
    '空白环节（上下游已有布局）2个：'
    """
    row = study.overview.iloc[0]
    said = [overview_sentence(study, study.chosen, row)]
    said += _block(study, "gaps", study.gaps)
    said += _block(study, "single", study.singles)
    for status in ("duplicated", "internal"):
        said += _block(study, status, study.links[study.links["status"] == status])
    phrases = supply_lines(study)
    if phrases:
        count, lines = len(study.supplies()), len(phrases)
        key = "supplies" if count == lines else "supplies_joined"
        said += [text(f"chain.block.{key}", count=count, lines=lines), *_indent(phrases)]
    said += (
        [text("chain.block.domestic"), *_indent(domestic)] if (domestic := _domestic(study)) else []
    )
    return [*said, text("chain.notice")]


def _domestic(study: ChainStudy) -> list[str]:
    return [
        text("chain.domestic", segment=wording.sector_names([segment or chain]), said=said)
        for chain, segment, said in domestic_rows(study)
    ]


def domestic_rows(study: ChainStudy) -> list[tuple[str, str, str]]:
    """Return what the user's table says about domestic substitution in the chains shown.

    Parameters
    ----------
    study
        The chains.

    Returns
    -------
    Chain, segment ("" for the whole chain) and the user's own words.

    Examples
    --------
    >>> from parkmap.report import ChainStudy
    >>> domestic_rows(ChainStudy(*[None] * 3))
    []
    """
    if study.table is None:
        return []
    shown = {node for level in ("chain", "segment") for node in study.links.index.unique(level)}
    return [
        (chain, segment, said)
        for (chain, segment), said in study.table["domestic"].items()
        if said and (segment or chain) in shown
    ]


def overview_sentence(study: ChainStudy, chain: str, row: Row) -> str:
    """Count how a chain stands, with its chief and anchor firms where the user named them.

    Parameters
    ----------
    study
        The chains.
    chain
        Its node id.
    row
        Its row of the overview.

    Returns
    -------
    One sentence.

    Examples
    --------
    >>> from parkmap.report import ChainStudy
    >>> facts = dict.fromkeys(("duplicated", "internal", "single", "gaps"), 1)
    >>> row = {"parks": ("a",), "segments": 9, "named": 3, "coarse_parks": (), **facts}
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     overview_sentence(ChainStudy(*[None] * 3), "ic", row)[:23]
    '集成电路：1个园区申报本链或其环节，9个环节中'
    """
    facts: dict[str, Any] = {
        key: int(row[key]) for key in ("segments", "named", "single", "gaps", "duplicated")
    }
    said = text(
        "chain.overview",
        chain=wording.sector_names([chain]),
        parks=len(row["parks"]),
        **facts,
    )
    if row["internal"]:
        said += text("chain.overview_internal", count=int(row["internal"]))
    if row["coarse_parks"]:
        said += text("chain.overview_coarse", count=len(row["coarse_parks"]))
    for name in ("chief", "anchor_firms", "main_place"):
        if fact := study.fact(name, chain):
            said += text("chain.overview_fact", name=text(f"chain.heading.{name}"), said=fact)
    return said + text("wording.stop")


def _block(study: ChainStudy, key: str, rows: pd.DataFrame) -> list[str]:
    if not len(rows):
        coarse = not study.links["parks"].map(len).any()
        none = text(f"chain.block.{'too_coarse' if coarse else 'no_gaps'}")
        return [none] if key == "gaps" else []
    sentences = [
        segment_sentence(study, str(segment), row)
        for (_, segment), row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]
    return [text(f"chain.block.{key}", count=len(rows)), *_indent(sentences)]


def supply_lines(study: ChainStudy) -> list[str]:
    """Say who can supply whom, a phrase for what one park gives another.

    Parameters
    ----------
    study
        The chains.

    Returns
    -------
    Phrases in the order of the pairs.

    Examples
    --------
    >>> from parkmap.report import ChainStudy
    >>> from types import SimpleNamespace
    >>> supply_lines(ChainStudy(SimpleNamespace(supplies=None), *[None] * 2))
    []
    """
    found = study.supplies()
    if found.empty:
        return []
    names = study.analysis.parks["name"]
    named = {str(park): str(name or park) for park, name in names.items()}
    return wording.supply_phrases(list(found.itertuples(index=False, name=None)), named)


def _indent(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
