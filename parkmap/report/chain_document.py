"""The chains as JSON and as rows of a CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import taxonomy, wording
from parkmap.messages import text
from parkmap.report.cells import park_names
from parkmap.report.chain_sheets import status_word
from parkmap.report.chain_study import FACTS, ChainStudy
from parkmap.report.chain_words import link_word, neighbours, segment_sentence, supply_lines
from parkmap.report.exchange import opening, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[Any, Any]


def chain_json(study: ChainStudy) -> dict[str, Any]:
    """Return the chains as one JSON object.

    Parameters
    ----------
    study
        The chains.

    Returns
    -------
    The object that ``chain.schema.json`` describes.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> [found["chain"] for found in chain_json(study)["chains"]]
    ['electronic-information', 'ic']
    """
    analysis = study.analysis
    chains = [
        _chain(study, str(chain), row)
        for chain, row in zip(study.overview.index, study.overview.to_dict("records"), strict=True)
    ]
    found = study.supplies()
    supplies = [
        {
            **dict(zip(("giver", "given", "taker", "taken"), link, strict=True)),
            "distance_m": analysis.pairs["distance_m"][pair],
            "synergy": analysis.pairs["synergy"][pair],
        }
        for pair, link in zip(found.index, found.itertuples(index=False, name=None), strict=True)
    ]
    return {
        **opening("chain"),
        "date": analysis.date,
        "parks": {str(park): str(name) for park, name in analysis.parks["name"].items()},
        "chosen": study.chosen or None,
        "chains": plain(chains),
        "supplies": plain(supplies),
        "messages": plain(supply_lines(study)),
        "notice": text("chain.notice"),
    }


def _chain(study: ChainStudy, chain: str, row: Row) -> dict[str, Any]:
    links = study.links.loc[[chain]]
    ranks = {
        "gaps": study.gaps.index.get_level_values(1)[study.gaps.index.get_level_values(0) == chain],
        "single_points": study.singles.index.get_level_values(1)[
            study.singles.index.get_level_values(0) == chain
        ],
    }
    facts = {name: study.fact(name, chain) or None for name in FACTS}
    counts = {key: int(row[key]) for key in ("duplicated", "internal", "single", "gaps")}
    return {
        "chain": chain,
        "name": wording.sector_names([chain]),
        "parent": row["parent"] or None,
        "parks": row["parks"],
        "coarse_parks": row["coarse_parks"],
        **facts,
        "counts": {"segments": int(row["segments"]), "named": int(row["named"]), **counts},
        "segments": [
            _segment(study, str(segment), found)
            for (_, segment), found in zip(links.index, links.to_dict("records"), strict=True)
        ],
        **{key: list(found) for key, found in ranks.items()},
    }


def _segment(study: ChainStudy, segment: str, row: Row) -> dict[str, Any]:
    near = {
        side: [{"segment": node, "parks": parks} for node, parks in row[side]]
        for side in ("suppliers", "customers")
    }
    chain = taxonomy.load().chain_of(segment)
    return {
        "segment": segment,
        "name": wording.sector_names([segment]),
        "link": row["link"] or None,
        "status": row["status"],
        "parks": row["parks"],
        "may_cover": row["may_cover"],
        **near,
        "presence": row["presence"],
        "anchor_firms": study.fact("anchor_firms", chain, segment=segment) or None,
        "main_place": study.main_place(segment) or None,
        "domestic": study.fact("domestic", chain, segment=segment) or None,
        "message": segment_sentence(study, segment, row),
    }


def chain_rows(study: ChainStudy) -> pd.DataFrame:
    """Return a row a segment of the chosen chain, or a row a chain of all, as a CSV holds them.

    Parameters
    ----------
    study
        The chains.

    Returns
    -------
    The table.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> chain_rows(study)["segments"].tolist()[1]
    9
    """
    if not study.chosen:
        table = study.overview.reset_index()
        table.insert(1, "name", [wording.sector_names([chain]) for chain in table["chain"]])
        for fact in FACTS:
            table[fact] = [study.fact(fact, chain) for chain in table["chain"]]
        return table
    rows = [
        {
            "chain": chain,
            "segment": segment,
            "name": wording.sector_names([segment]),
            "link": row["link"],
            "status": row["status"],
            "parks": row["parks"],
            "may_cover": row["may_cover"],
            "names": park_names(study.analysis, row["parks"]),
            "suppliers": tuple(node for node, _ in row["suppliers"]),
            "customers": tuple(node for node, _ in row["customers"]),
            "presence": row["presence"],
            "main_place": study.main_place(str(segment)),
            "message": segment_sentence(study, str(segment), row),
        }
        for (chain, segment), row in zip(
            study.links.index, study.links.to_dict("records"), strict=True
        )
    ]
    return pd.DataFrame(rows)


def chain_table_rows(study: ChainStudy) -> list[tuple[str, ...]]:
    """Return the chosen chain's segments, or all chains, as rows of text, headings first.

    Parameters
    ----------
    study
        The chains.

    Returns
    -------
    Rows of equal length; of all chains those with a segment that some park names.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> [row[0] for row in chain_table_rows(study)][2]
    '集成电路'
    """
    if not study.chosen:
        counted = ("segments", "named", "gaps", "single", "duplicated")
        rows = [
            (
                wording.sector_names([chain]),
                str(len(row["parks"])),
                *(str(row[key]) for key in counted),
                str(len(row["coarse_parks"])),
            )
            for chain, row in zip(
                study.overview.index, study.overview.to_dict("records"), strict=True
            )
        ]
        return [tuple(text("cli.headings.chains").split("|")), *rows]
    rows = [
        (
            link_word(row["link"]),
            wording.sector_names([segment]),
            status_word(row),
            park_names(study.analysis, row["parks"]),
            neighbours(study.analysis, row["suppliers"]),
            neighbours(study.analysis, row["customers"]),
        )
        for (_, segment), row in zip(study.links.index, study.links.to_dict("records"), strict=True)
    ]
    return [tuple(text("cli.headings.chain").split("|")), *rows]
