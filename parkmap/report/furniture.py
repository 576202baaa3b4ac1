"""What stands beside the map: title, figures, legend, list of findings, scale, north, footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from parkmap import escape, messages, wording
from parkmap.messages import text
from parkmap.report import style
from parkmap.report.drawing import context_kinds, park_tiers, rivalries
from parkmap.report.facts import (
    GROUND_KINDS,
    drawn_area_m2,
    flagged_clusters,
    foremost,
    set_apart,
)
from parkmap.report.labels import label_size, wrapped
from parkmap.report.marks import draw_number, park_label
from parkmap.report.text import area_figure
from parkmap.report.words import as_of, category, criteria_line, notices, system_text
from parkmap.schema import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    import pyproj
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parkmap.report.paper import Paper
    from parkmap.schema import Analysis

    Look = dict[str, Any]
    Row = Mapping[Any, Any]
    Drawing = Callable[[Axes, float], None]

_NICE = (1, 2, 5)
_SCALE_INCHES = 2.4
_ROW = 0.25  # inches a legend row takes
_ENTRY = 0.40  # inches an entry of the list takes


def draw_title(page: Figure, analysis: Analysis, heading: str) -> None:
    """Write the title and what the map rests on.

    Parameters
    ----------
    page
        The figure.
    analysis
        The run.
    heading
        The title.
    """
    width, height = style.PAGE
    size = min(27.0, 27.0 * 11.5 / max(label_size(heading, 27.0)[0], 0.1))
    _say(page, (width / 2, height - 0.48), heading, size, ha="center", bold=True)
    placed = _crs_name(analysis.parks.crs)
    if analysis.is_public:
        placed = text("terms.notice.public_mark")
    under = f"{as_of(analysis)}    {placed}"
    _say(page, (width / 2, height - 0.86), under, 10, ha="center", ink=style.GREY)


def draw_footer(page: Figure, analysis: Analysis) -> None:
    """Write the notices, the criteria and the places for maker and review number.

    Parameters
    ----------
    page
        The figure.
    analysis
        The run.
    """
    width, _ = style.PAGE
    left = style.MAP_FRAME[0]
    said = text("report.basis.separator").join(notices(analysis))
    _say(page, (left, 0.45), said, 9.5, bold=True)
    _say(page, (left, 0.22), criteria_line(analysis), 8.2, ink=style.GREY)
    right = width - left
    kept = "terms.notice.public_mark" if analysis.is_public else "report.map.internal"
    review = f"{text(kept)}    {text('report.map.review')}"
    _say(page, (right, 0.45), review, 9, ha="right", ink=style.GREY)
    maker = text("report.map.maker") + (str(analysis.options.get("publisher", "")) or "_" * 24)
    _say(page, (right, 0.22), maker, 9, ha="right", ink=style.GREY)


def draw_scale(paper: Paper) -> None:
    """Draw the scale bar and the north arrow on the map, and say how many parks it cannot show.

    Parameters
    ----------
    paper
        The map.
    """
    axes = paper.axes
    placed = paper.placed()
    if not placed.all():
        said = text("report.picture.absent", count=int((~placed).sum()))
        axes.text(axes.get_xlim()[1] - 0.2, 0.2, said, ha="right", fontsize=9, zorder=10)
    if not placed.any():
        return
    metres = scale_length(paper.metres * _SCALE_INCHES)
    long, x, y = metres / paper.metres, 0.35, 0.3
    behind: Look = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "zorder": 9.5}
    axes.add_patch(Rectangle((x - 0.2, y - 0.1), long + 0.55, 0.45, **behind))
    for part, ink in ((0, style.INK), (1, "white")):
        start = x + part * long / 2
        bar = Rectangle((start, y), long / 2, 0.08, facecolor=ink, edgecolor=style.INK, zorder=10)
        axes.add_patch(bar)
    for share in (0.0, 0.5, 1.0):
        label = "0" if share == 0 else _scale_label(metres * share)
        axes.text(x + share * long, y + 0.2, label, ha="center", va="center", fontsize=8, zorder=10)
    east, north = axes.get_xlim()[1] - 0.55, axes.get_ylim()[1] - 0.95
    arrow = [(east, north + 0.5), (east - 0.15, north), (east, north + 0.12), (east + 0.15, north)]
    axes.add_patch(Polygon(arrow, facecolor=style.INK, zorder=10))
    label = text("report.map.north")
    axes.text(east, north + 0.68, label, ha="center", va="center", fontsize=13, zorder=10)


def scale_length(at_most: float) -> float:
    """Choose a round length for a scale bar.

    Parameters
    ----------
    at_most
        The longest it may be, in metres.

    Returns
    -------
    1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> scale_length(23_000.0), scale_length(7.0)
    (20000.0, 5.0)
    """
    power = 10.0 ** (len(str(int(max(at_most, 1.0)))) - 1)
    return max(step * power for step in _NICE if step * power <= max(at_most, 1.0))


def draw_panel(
    axes: Axes, analysis: Analysis, paper: Paper, *, context: gpd.GeoDataFrame | None = None
) -> None:
    """Draw the figures, the legend and the worst findings beside the map.

    Parameters
    ----------
    axes
        Axes whose units are inches.
    analysis
        The run.
    paper
        The map.
    context
        What is drawn under the parks.
    """
    y = float(axes.get_ylim()[1])
    y = _draw_figures(axes, y, analysis)
    rows = _legend_rows(analysis, paper) + _context_rows(context)
    y = _draw_legend(axes, y - 0.16, rows)
    _draw_list(axes, y - 0.16, paper)


def _draw_figures(axes: Axes, top: float, analysis: Analysis) -> float:
    rows = [
        (text("report.summary.system"), system_text(analysis.system, analysis.others)),
        (
            text("report.map.total_parks"),
            text("report.map.total_parks_value", parks=len(analysis.parks)),
        ),
        (text("report.map.total_area"), area_figure(analysis)),
        (
            text("report.map.total_findings"),
            text("report.map.total_findings_value", count=len(analysis.conflicts)),
        ),
    ]
    low = _panel_box(axes, top, 2.04, text("report.map.overview"))
    y = top - 0.56
    for label, value in rows:
        _put(axes, 0.16, y, label, ink=style.GREY)
        _put(axes, 1.35, y, value, bold=True)
        y -= 0.27
    y -= 0.06
    counts = analysis.conflicts["severity"].value_counts()
    for at, severity in enumerate(SEVERITIES):
        x = 0.16 + at * 0.93
        chip: Look = {"facecolor": style.SEVERITY_INK[severity], "edgecolor": "none"}
        axes.add_patch(Rectangle((x, y - 0.13), 0.84, 0.26, **chip))
        said = f"{text('terms.severity.' + severity)} {counts.get(severity, 0)}"
        axes.text(x + 0.42, y, said, ha="center", va="center", fontsize=9, color="white")
    return low


def _draw_legend(axes: Axes, top: float, rows: list[tuple[Drawing, str]]) -> float:
    low = _panel_box(axes, top, 0.5 + _ROW * len(rows), text("report.map.legend"))
    y = top - 0.5
    for draw, label in rows:
        draw(axes, y)
        _put(axes, 0.78, y, label, points=9)
        y -= _ROW
    return low


def _legend_rows(analysis: Analysis, paper: Paper) -> list[tuple[Drawing, str]]:
    """Only what the map shows is explained."""
    tiers = set(park_tiers(paper.parks))
    rows: list[tuple[Drawing, str]] = [
        (_swatch(style.PARK_FILL, outline), text(f"report.map.tier_{tier}"))
        for tier, outline in style.OUTLINES.items()
        if tier in tiers
    ]
    if (drawn_area_m2(analysis.parks).isna() & paper.placed()).any():
        rows.append((_dot, text("report.map.point")))
    groups = flagged_clusters(analysis)
    plain = style.Outline(style.GREY, 0.6)
    for at, group in enumerate(groups[: len(style.GROUP_COLOURS)]):
        label = text("report.map.cluster", label=_group_name(group), count=len(group["parks"]))
        rows.append((_swatch(style.GROUP_COLOURS[at], plain, style.GROUP_ALPHA), label))
    if len(groups) > len(style.GROUP_COLOURS):
        rest = len(groups) - len(style.GROUP_COLOURS)
        label = text("report.map.clusters_more", count=rest)
        rows.append((_swatch(style.OTHER_GROUPS, plain, style.GROUP_ALPHA), label))
    return rows + _finding_rows(paper)


def _group_name(group: Row) -> str:
    return wrapped(wording.sector_names(group["shared_sectors"], most=2), 24, lines=1)


def _finding_rows(paper: Paper) -> list[tuple[Drawing, str]]:
    found = paper.findings
    land = found["kind"].isin(GROUND_KINDS)
    informing = found["severity"] == "info"
    lined = found["kind"] == "control"
    rows: list[tuple[Drawing, str]] = []
    if (land & ~informing & ~lined).any():
        rows.append((_hatched(style.OVERLAP_INK, "//////"), text("report.map.finding")))
    if (lined & ~informing).any():
        row = _hatched(style.CONTROL_INK, "xxxx"), text("report.map.finding_control")
        rows.append(row)
    if (land & informing).any():
        rows.append((_hatched(style.SEVERITY_INK["info"], "...."), text("report.map.finding_info")))
    if rivalries(paper):
        rows.append((_line, text("report.map.sector_link")))
    return rows


def _context_rows(context: gpd.GeoDataFrame | None) -> list[tuple[Drawing, str]]:
    border = style.Outline(style.CONTEXT_LINE, 0.9)
    looks: tuple[tuple[Drawing, str], ...] = (
        (_swatch(style.CONTEXT_FILL, border), "context"),
        (_way, "context_ways"),
        (_spot, "context_spots"),
    )
    there = set(context_kinds(context))
    return [
        (draw, text(f"report.map.{key}")) for kind, (draw, key) in enumerate(looks) if kind in there
    ]


def _draw_list(axes: Axes, top: float, paper: Paper) -> None:
    room = int((top - 0.62) / _ENTRY)
    leading = foremost(paper.findings)
    rows = list(leading.head(max(room, 0)).to_dict("records"))
    if not rows:
        return
    _panel_box(axes, top, top, text("report.map.findings"))
    y = top - 0.58
    for row in rows:
        draw_number(axes, (0.26, y), row, style.NUMBER_POINTS)
        _put(axes, 0.48, y + 0.085, _names(paper, row), points=8)
        _put(axes, 0.48, y - 0.085, _evidence(row), points=8, ink=style.GREY)
        y -= _ENTRY
    rest = len(leading) - len(rows)
    lines = [text("report.map.more", count=rest)] if rest else set_apart(paper.findings)
    for number, line in enumerate(reversed(lines)):
        _put(axes, 0.16, 0.16 + 0.17 * number, line, points=8, ink=style.GREY)


def _names(paper: Paper, row: Row) -> str:
    pairs = zip(row["parks"], row["names"], strict=True)
    return wrapped(" × ".join(park_label(paper, *pair) for pair in pairs), 56, lines=1)


def _evidence(row: Row) -> str:
    said = category(row)
    if row["kind"] in GROUND_KINDS and row["area_m2"] > 0:
        said += f"  {messages.area(row['area_m2'])}  {messages.share(row['smaller_share'])}"
    return wrapped(said, 56, lines=1)


def _panel_box(axes: Axes, top: float, height: float, heading: str) -> float:
    """Draw a box with its heading and return its lower edge."""
    width = float(axes.get_xlim()[1])
    low = max(top - height, 0.0)
    look: Look = {"facecolor": "white", "edgecolor": "#B9C1CE", "linewidth": 0.9}
    axes.add_patch(Rectangle((0.01, low + 0.01), width - 0.02, top - low - 0.02, **look))
    axes.add_patch(Rectangle((0.01, top - 0.34), 0.07, 0.32, facecolor=style.INK))
    _put(axes, 0.18, top - 0.19, heading, points=11.5, bold=True)
    return low


def _swatch(fill: str, outline: style.Outline, alpha: float = 1.0) -> Drawing:
    def draw(axes: Axes, y: float) -> None:
        axes.add_patch(
            Rectangle((0.18, y - 0.075), 0.46, 0.15, facecolor=fill, edgecolor="none", alpha=alpha)
        )
        look: Look = {"edgecolor": outline.colour, "linewidth": outline.width}
        axes.add_patch(
            Rectangle((0.18, y - 0.075), 0.46, 0.15, fill=False, linestyle=outline.dash, **look)
        )

    return draw


def _hatched(ink: str, hatch: str) -> Drawing:
    def draw(axes: Axes, y: float) -> None:
        look: Look = {"edgecolor": ink, "linewidth": 0.8, "hatch": hatch}
        axes.add_patch(Rectangle((0.18, y - 0.075), 0.46, 0.15, facecolor="none", **look))

    return draw


def _dot(axes: Axes, y: float) -> None:
    look: Look = {"markerfacecolor": style.PARK_FILL, "markeredgecolor": style.GREY}
    axes.plot([0.41], [y], "o", markersize=6, markeredgewidth=1.3, **look)


def _way(axes: Axes, y: float) -> None:
    axes.add_line(Line2D([0.18, 0.64], [y, y], **style.CONTEXT_WAYS))


def _spot(axes: Axes, y: float) -> None:
    axes.plot([0.41], [y], **style.CONTEXT_SPOTS)


def _line(axes: Axes, y: float) -> None:
    look: Look = {"color": style.LINK_INK, "linewidth": 1.2, "linestyle": (0, (5, 2))}
    axes.add_line(Line2D([0.18, 0.64], [y, y], **look))


def _put(
    axes: Axes,
    x: float,
    y: float,
    said: str,
    *,
    points: float = style.BODY_POINTS,
    ink: str = style.INK,
    bold: bool = False,
) -> None:
    weight = "bold" if bold else "normal"
    axes.text(x, y, said, fontsize=points, color=ink, va="center", weight=weight, parse_math=False)


def _say(
    page: Figure,
    at: tuple[float, float],
    said: str,
    points: float,
    *,
    ha: str = "left",
    ink: str = style.INK,
    bold: bool = False,
) -> None:
    page.text(
        at[0] / style.PAGE[0],
        at[1] / style.PAGE[1],
        escape.terminal(said),
        fontsize=points,
        color=ink,
        ha=ha,
        va="center",
        weight="bold" if bold else "normal",
        parse_math=False,
    )


def _scale_label(metres: float) -> str:
    if metres >= 1000:
        return text("report.map.scale", km=f"{metres / 1000:g}")
    return text("report.map.scale_m", m=f"{metres:g}")


def _crs_name(crs: pyproj.CRS) -> str:
    datum = crs.geodetic_crs.name if crs.geodetic_crs is not None else crs.name
    if "2000" in datum and "China" in datum:
        named = text("report.map.crs_cgcs2000")
    elif datum.startswith("WGS 84"):
        named = text("report.map.crs_wgs84")
    else:
        named = datum
    return text("report.map.crs", crs=named)
