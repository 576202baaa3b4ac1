"""The sheets about chains: overview, layout, matrix, the three lists, who can supply whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parkmap import taxonomy, wording
from parkmap.messages import text
from parkmap.report.cells import park_names
from parkmap.report.chain_study import ChainStudy, every_chain
from parkmap.report.chain_words import domestic_rows, link_word, neighbours, segment_sentence
from parkmap.report.words import as_of, notices, system_text, title
from parkmap.sheets import Column, Sheet, number, write_book

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import pandas as pd

    from parkmap.schema import Analysis

    Row = Mapping[Any, Any]
    Rows = list[tuple[Any, ...]]

_DOT = "●"


def write_chain_xlsx(
    study: ChainStudy, path: str | os.PathLike[str], *, overwrite: bool = False
) -> None:
    """Write what is known of the chains as a workbook.

    Parameters
    ----------
    study
        The chains.
    path
        The file to make.
    overwrite
        Replace a file that is there.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_chain_xlsx(study, Path(folder, "a.xlsx"))
    ...     Path(folder, "a.xlsx").read_bytes()[:2]
    b'PK'
    """
    analysis = study.analysis
    made = [_overview_sheet(study)] if not study.chosen else [_matrix_sheet(study)]
    made += [layout_sheet(study), *list_sheets(study), _supplies_sheet(study)]
    write_book(
        [replace(sheet, title=_titled(study, sheet)) for sheet in made],
        path,
        title=title("title_sheet", analysis, sheet=text("chain.tab.layout")),
        under=f"{as_of(analysis)}    {system_text(analysis.system, analysis.others)}",
        notices=[text("chain.notice"), *notices(analysis)],
        date=analysis.date,
        overwrite=overwrite,
    )


def _titled(study: ChainStudy, sheet: Sheet) -> str:
    named = sheet.tab
    if study.chosen:
        named = text(
            "report.cell.chain_link", chain=wording.sector_names([study.chosen]), link=named
        )
    return title("title_sheet", study.analysis, sheet=named)


def report_sheets(analysis: Analysis, *, table: pd.DataFrame | None = None) -> list[Sheet]:
    """Lay out what the report's workbook says of all chains: the layout and the three lists.

    Parameters
    ----------
    analysis
        The run.
    table
        What ``io.read_chain_table`` read; None without one.

    Returns
    -------
    The sheets; none where chains were not asked for.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> report_sheets(SimpleNamespace(chain_links=None))
    []
    """
    if analysis.chain_links is None:
        return []
    study = every_chain(analysis, table=table)
    return [layout_sheet(study), *list_sheets(study)]


def _overview_sheet(study: ChainStudy) -> Sheet:
    """Lay out 产业链总览, a row a chain."""
    counted = ("segments", "named", "gaps", "single", "duplicated", "internal")
    rows: Rows = [
        (
            wording.sector_names([chain]),
            wording.sector_names([row["parent"]] if row["parent"] else []),
            len(row["parks"]),
            *(int(row[key]) for key in counted),
            len(row["coarse_parks"]),
            *(study.fact(name, str(chain)) for name in ("chief", "anchor_firms", "main_place")),
        )
        for chain, row in zip(study.overview.index, study.overview.to_dict("records"), strict=True)
    ]
    columns = (
        _column("chain", 20),
        _column("parent", 20),
        _column("n_parks", 12, "whole"),
        *(_column(key, 13, "whole") for key in counted),
        _column("coarse_parks", 16, "whole"),
        _column("chief", 18),
        _column("anchor_firms", 30),
        _column("main_place", 30),
    )
    return Sheet("overview", columns, rows, catalogue="chain")


def layout_sheet(study: ChainStudy) -> Sheet:
    """Lay out 产业链环节布局表, a row a segment.

    Parameters
    ----------
    study
        The chains; of all chains, each segment stands under its nearest one.

    Returns
    -------
    The sheet.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> sorted({row[3] for row in layout_sheet(study).rows}) != []
    True
    """
    analysis = study.analysis
    rows: Rows = []
    for chain, segment, row in _segments(study):
        rows.append(
            (
                wording.sector_names([chain]),
                link_word(row["link"]),
                wording.sector_names([segment]),
                status_word(row),
                len(row["parks"]),
                park_names(analysis, row["parks"]),
                neighbours(analysis, row["suppliers"]),
                neighbours(analysis, row["customers"]),
                number(row["presence"]),
                study.fact("chief", chain),
                study.fact("anchor_firms", chain, segment=segment)
                or study.fact("anchor_firms", chain),
                study.main_place(segment),
            )
        )
    columns = (
        _column("chain", 16),
        _column("link", 10),
        _column("segment", 24),
        _column("status", 16),
        _column("n_parks", 10, "whole"),
        _column("park_list", 40),
        _column("suppliers", 40),
        _column("customers", 40),
        _column("presence", 22, "percent"),
        _column("chief", 16),
        _column("anchor_firms", 24),
        _column("main_place", 24),
    )
    return Sheet("layout", columns, rows, catalogue="chain")


def _matrix_sheet(study: ChainStudy) -> Sheet:
    """Lay out segments against parks, a dot where a park names a segment."""
    parks = matrix_parks(study)
    rows: Rows = [
        (
            link_word(row["link"]),
            wording.sector_names([segment]),
            status_word(row),
            len(row["parks"]),
            *(_DOT if park in row["parks"] else "" for park in parks),
        )
        for _, segment, row in _segments(study)
    ]
    columns = (
        _column("link", 10),
        _column("segment", 26),
        _column("status", 18),
        _column("n_parks", 10, "whole"),
        *(Column(park, 12, said=park_names(study.analysis, [park])) for park in parks),
    )
    return Sheet("matrix", columns, rows, catalogue="chain")


def matrix_parks(study: ChainStudy) -> list[str]:
    """Order the parks of a chain: those that name most of its segments first.

    Parameters
    ----------
    study
        One chain.

    Returns
    -------
    Park ids; those that name only a chain word come last.

    Examples
    --------
    >>> import pandas as pd
    >>> overview = pd.DataFrame({"parks": [("a", "b", "c")]})
    >>> links = pd.DataFrame({"parks": [("b",), ("b", "c")]})
    >>> matrix_parks(ChainStudy(None, overview, links))
    ['b', 'c', 'a']
    """
    reach: dict[str, int] = {}
    for named in study.links["parks"]:
        for park in named:
            reach[park] = reach.get(park, 0) + 1
    return sorted(study.overview.iloc[0]["parks"], key=lambda park: -reach.get(park, 0))


def list_sheets(study: ChainStudy) -> list[Sheet]:
    """Lay out the three lists: gaps to fill, weak links, domestic substitution.

    Parameters
    ----------
    study
        The chains.

    Returns
    -------
    The sheets; the last one only where the user's table says something.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"sectors": [("IC设计",)]}, geometry=[None], crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> [sheet.key for sheet in list_sheets(study)]
    ['gaps', 'weak']
    """
    sheets = [_ranked(study, "gaps", study.gaps), _ranked(study, "weak", study.singles)]
    told = domestic_rows(study)
    if told:
        by_segment = {segment: row for _, segment, row in _segments(study)}
        rows: Rows = [
            (
                at,
                wording.sector_names([chain] if chain else []),
                wording.sector_names([segment] if segment else []),
                said,
                park_names(study.analysis, by_segment.get(segment, {}).get("parks", ())),
            )
            for at, (chain, segment, said) in enumerate(told, start=1)
        ]
        columns = (
            _column("number", 6, "whole"),
            _column("chain", 18),
            _column("segment", 26),
            _column("domestic", 60),
            _column("park_list", 50),
        )
        sheets.append(Sheet("domestic", columns, rows, catalogue="chain"))
    return sheets


def _ranked(study: ChainStudy, key: str, rows: pd.DataFrame) -> Sheet:
    analysis = study.analysis
    made: Rows = [
        (
            at,
            wording.sector_names([chain]),
            link_word(row["link"]),
            wording.sector_names([segment]),
            *([park_names(analysis, row["parks"])] if key == "weak" else []),
            neighbours(analysis, row["suppliers"]),
            neighbours(analysis, row["customers"]),
            segment_sentence(study, segment, row),
            study.fact("chief", chain),
        )
        for at, (chain, segment, row) in enumerate(_own(study, rows), start=1)
    ]
    columns = (
        _column("number", 6, "whole"),
        _column("chain", 16),
        _column("link", 10),
        _column("segment", 24),
        *([_column("park_list", 30)] if key == "weak" else []),
        _column("suppliers", 40),
        _column("customers", 40),
        _column("sentence", 60),
        _column("chief", 16),
    )
    return Sheet(key, columns, made, catalogue="chain")


def _supplies_sheet(study: ChainStudy) -> Sheet:
    """Lay out who can supply whom."""
    found, analysis = study.supplies(), study.analysis
    apart = analysis.pairs["distance_m"]
    rows: Rows = [
        (
            at,
            park_names(analysis, [giver]),
            wording.sector_names([given]),
            park_names(analysis, [taker]),
            wording.sector_names([taken]),
            number(apart[pair] / 1000),
        )
        for at, (pair, (giver, given, taker, taken)) in enumerate(
            zip(found.index, found.itertuples(index=False, name=None), strict=True), start=1
        )
    ]
    columns = (
        _column("number", 6, "whole"),
        _column("giver", 32),
        _column("given", 24),
        _column("taker", 32),
        _column("taken", 24),
        _column("distance_km", 12, "kilometres"),
    )
    return Sheet("supplies", columns, rows, catalogue="chain")


def status_word(row: Row) -> str:
    """Name how a segment is laid out; a gap that is not ranked is merely not stated.

    Parameters
    ----------
    row
        Its row of the links.

    Returns
    -------
    The word.

    Examples
    --------
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     status_word({"status": "gap", "rank": 0})
    '未见申报'
    """
    nothing = row["status"] == "gap" and not row["rank"]
    return text(f"chain.status.{'unnamed' if nothing else row['status']}")


def _segments(study: ChainStudy) -> list[tuple[str, str, Row]]:
    """Return the segments to show: of all chains, those of which some segment is named."""
    rows = _own(study, study.links)
    if study.chosen:
        return rows
    alive = {chain for chain, _, row in rows if row["parks"]}
    return [row for row in rows if row[0] in alive]


def _own(study: ChainStudy, rows: pd.DataFrame) -> list[tuple[str, str, Row]]:
    """Put each segment under its nearest chain, once."""
    words = taxonomy.load()
    kept = rows if study.chosen else rows[rows["own"].astype(bool)]
    return [
        (words.chain_of(str(segment)), str(segment), row)
        for (_, segment), row in zip(kept.index, kept.to_dict("records"), strict=True)
    ]


def _column(key: str, width: int, form: str = "text") -> Column:
    return Column(key, width, form, catalogue="chain")
