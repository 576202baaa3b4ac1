"""The workbook of a run: which sheets, under which titles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from parkmap.messages import text
from parkmap.report import annex, chain_sheets, district_sheets, lists
from parkmap.report.words import as_of, notices, system_text, title
from parkmap.sheets import write_book

if TYPE_CHECKING:
    import os

    import pandas as pd

    from parkmap.schema import Analysis
    from parkmap.sheets import Sheet

#: The sheets in order.
SHEETS = (
    *("parks", "findings", "controls", "sectors", "layout", "gaps", "weak", "domestic"),
    *("clusters", "sweep", "districts", "problems", "criteria"),
)


def write_xlsx(
    analysis: Analysis,
    path: str | os.PathLike[str],
    *,
    map_file: str = "",
    chain_table: pd.DataFrame | None = None,
    overwrite: bool = False,
) -> None:
    """Write the findings as a workbook.

    Parameters
    ----------
    analysis
        The run.
    path
        The file to make.
    map_file
        Name of the map beside it, for links from each finding; none if not given.
    chain_table
        What ``io.read_chain_table`` read: chiefs, anchor firms, places, domestic substitution.
    overwrite
        Replace a file that is there.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_xlsx(pm.analyze(layer), Path(folder, "a.xlsx"))
    ...     sorted(file.name for file in Path(folder).iterdir())
    ['a.xlsx']
    """
    makers = {**lists.MAKERS, **annex.MAKERS}
    taken = [text(f"report.tab.{key}") for key in makers]
    told = {sheet.key: sheet for sheet in chain_sheets.report_sheets(analysis, table=chain_table)}
    absent = {"controls": analysis.controls is None, "sweep": analysis.sweep is None}
    taken += [sheet.tab for sheet in told.values()]
    made = []
    for key in SHEETS:
        if key == "districts":
            made += district_sheets.district_sheets(analysis, taken=taken)
        elif key in told:
            made.append(told[key])
        elif key in makers and not absent.get(key, False):
            made.append(makers[key](analysis))
    write_book(
        [replace(sheet, title=_titled(sheet, analysis)) for sheet in made],
        path,
        title=title("title_findings", analysis),
        under=f"{as_of(analysis)}    {system_text(analysis.system, analysis.others)}",
        notices=notices(analysis),
        date=analysis.date,
        map_file=map_file,
        mark=text("terms.notice.public_mark") if analysis.is_public else "",
        overwrite=overwrite,
    )


def _titled(sheet: Sheet, analysis: Analysis) -> str:
    named = sheet.tab if sheet.catalogue == "chain" else text(f"report.sheet.{sheet.key}")
    if sheet.name:
        named = text("report.sheet.district", district=sheet.title)
    return title("title_sheet", analysis, sheet=named)
