"""The summary a person reads on a terminal, in signs that a GBK console can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import escape, messages
from parkmap.messages import text
from parkmap.report.facts import (
    drawn_area_m2,
    expected_text,
    foremost,
    is_nowhere,
    set_apart,
    system_area_m2,
)
from parkmap.report.sector_words import distant_note, sector_notes
from parkmap.report.words import as_of, circled, notices, system_text, title
from parkmap.schema import SEVERITIES

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Group
    from rich.table import Table

    from parkmap.schema import Analysis

_STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan", "info": "dim"}
_LAST_GBK_CIRCLED = 10


def summary_lines(analysis: Analysis, *, top: int = 10) -> list[str]:
    """Sum a run up in lines of plain text.

    Parameters
    ----------
    analysis
        The run.
    top
        How many findings to print, the worst first.

    Returns
    -------
    The lines; nothing in them can steer a terminal.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with pm.use_language("en"):
    ...     summary_lines(pm.analyze(layer))[0]
    'Industrial parks: extents and sectors to be checked (Data date not stated)'
    """
    heading = title("title_findings", analysis)
    lines = [text("report.headed", title=heading, date=as_of(analysis))]
    lines += [f"{label}  {value}" for label, value in _figures(analysis)]
    lines += [
        f"{_sign(row['number'])} [{text('terms.severity.' + row['severity'])}] "
        f"{escape.terminal(row['message'])}"
        for row in _worst(analysis, top).to_dict("records")
    ]
    return lines + _closing(analysis, top)


def summary_renderable(analysis: Analysis, *, top: int = 10) -> Group:
    """Sum a run up for a rich console.

    Parameters
    ----------
    analysis
        The run.
    top
        How many findings to print, the worst first.

    Returns
    -------
    A rich renderable.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> len(summary_renderable(pm.analyze(layer)).renderables) > 2
    True
    """
    from rich.console import Group  # noqa: PLC0415 (only a terminal needs rich)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    figures = Table.grid(padding=(0, 2))
    for label, value in _figures(analysis):
        figures.add_row(Text(label, style="bold"), Text(value))
    heading = Text(title("title_findings", analysis), style="bold")
    heading.append(f"  {as_of(analysis)}", style="dim")
    parts: list[Any] = [heading, figures]
    if len(analysis.conflicts) and top:
        parts.append(_findings_table(analysis, top))
    parts += [Text(line, style="dim") for line in _closing(analysis, top)]
    return Group(*parts)


def _findings_table(analysis: Analysis, top: int) -> Table:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column(text("report.summary.head_number"), no_wrap=True)
    table.add_column(text("report.summary.head_severity"), no_wrap=True)
    table.add_column(text("report.summary.head_message"), overflow="fold")
    for row in _worst(analysis, top).to_dict("records"):
        table.add_row(
            _sign(row["number"]),
            Text(text(f"terms.severity.{row['severity']}"), style=_STYLES[row["severity"]]),
            Text(escape.terminal(row["message"])),
        )
    return table


def _figures(analysis: Analysis) -> list[tuple[str, str]]:
    expected = expected_text(analysis)
    return [
        (text("report.summary.system"), system_text(analysis.system, analysis.others)),
        *([(text("report.summary.expected"), expected)] if expected else []),
        (text("report.summary.parks"), parks_figure(analysis)),
        (text("report.summary.findings"), severity_counts(analysis)),
    ]


def parks_figure(analysis: Analysis) -> str:
    """Say how many parks there are and how much land they draw.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One phrase.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point
    >>> from types import SimpleNamespace
    >>> columns = {"counted": [True], "tier": ["national"]}
    >>> layer = gpd.GeoDataFrame(columns, geometry=[Point(104, 30)], crs=4490)
    >>> with messages.use_language("en"):
    ...     parks_figure(SimpleNamespace(parks=layer))
    '1 (1 as points only)'
    """
    area = drawn_area_m2(analysis.parks)
    nowhere = int(is_nowhere(analysis.parks).sum())
    without = {"points": int(area.isna().sum()) - nowhere, "nowhere": nowhere}
    said = [text(f"report.summary.{key}", count=count) for key, count in without.items() if count]
    counted = text("report.summary.parks_count", parks=len(area))
    if said:
        counted = text("report.summary.parks_among", parks=counted, without=messages.listed(said))
    if area.isna().all():
        return counted
    return text("report.summary.parks_drawn", parks=counted, area=area_figure(analysis))


def area_figure(analysis: Analysis) -> str:
    """Say how much land the system draws, and how much the parks beside it do.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One phrase.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from types import SimpleNamespace
    >>> columns = {"counted": [True, False], "tier": ["national"] * 2}
    >>> layer = gpd.GeoDataFrame(columns, geometry=[box(4e5, 3e6, 401000, 3001000)] * 2, crs=4544)
    >>> with messages.use_language("zh"):
    ...     area_figure(SimpleNamespace(parks=layer, slices=None))
    '1.00平方公里（另列1.00平方公里）'
    """
    areas = system_area_m2(analysis.parks, slices=analysis.slices)
    inside, beside = (messages.large_area(area) for area in areas)
    key = "area_split" if all(areas) else "area_beside" if areas[1] else "area_all"
    return text(f"report.summary.{key}", inside=inside, beside=beside)


def severity_counts(analysis: Analysis) -> str:
    """Count the findings by severity.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One phrase that names all four severities.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(conflicts=pd.DataFrame({"severity": ["low", "high", "low"]}))
    >>> with messages.use_language("zh"):
    ...     severity_counts(run)
    '重点 1  一般 0  轻微 2  提示 0'
    """
    counts = analysis.conflicts["severity"].value_counts()
    return "  ".join(f"{text('terms.severity.' + s)} {counts.get(s, 0)}" for s in SEVERITIES)


def _worst(analysis: Analysis, top: int) -> pd.DataFrame:
    return foremost(analysis.conflicts).head(top).reset_index()


def _closing(analysis: Analysis, top: int) -> list[str]:
    said = [*sector_notes(analysis), distant_note(analysis)]
    lines = [note for note in said if note and len(analysis.shares)]
    if not len(analysis.conflicts):
        lines.append(text("report.summary.none"))
    rest = len(foremost(analysis.conflicts)) - top
    if rest > 0:
        lines.append(text("report.summary.more", count=rest))
    lines += set_apart(analysis.conflicts, too_coarse=analysis.too_coarse)
    if len(analysis.problems):
        lines.append(text("report.summary.problems", count=len(analysis.problems)))
    return list(dict.fromkeys(lines + notices(analysis)))  # both tell of coarse words


def _sign(number: int) -> str:
    if number <= _LAST_GBK_CIRCLED:
        return circled(number)
    return text("report.number_beyond", number=number)
