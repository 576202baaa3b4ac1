"""What lies on the map sheet: context, parks, findings, names, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.patheffects import withStroke
from matplotlib.path import Path

from parkmap import escape, geodesy
from parkmap.report import style
from parkmap.report.facts import LAND_KINDS
from parkmap.report.labels import Placer, label_size, wrapped
from parkmap.report.sheets import flagged_clusters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.axes import Axes

    from parkmap.schema import Analysis

    Row = dict[str, Any]
    Point = tuple[float, float]

_MARGIN = 0.05
_LEAST_WIDTH_M = 2_000.0
_RIVALS = ("rivalry", "coopetition")
_TIER_ORDER = ("national", "provincial", "municipal", "other")


@dataclass(frozen=True)
class Sheet:
    """The map sheet in metres and in inches.

    Parameters
    ----------
    axes
        Where to draw, in inches of the frame.
    parks, findings
        The tables in a metric CRS.
    origin
        The lower left corner in that CRS.
    metres
        Metres of ground an inch of paper shows.
    legible
        Whether letters of a text can be drawn.
    """

    axes: Axes
    parks: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    origin: Point
    metres: float
    legible: Callable[[str], bool]

    def paths(self, shapes: Iterable[Any]) -> list[Path]:
        """Turn polygons into paths on the paper.

        Parameters
        ----------
        shapes
            Polygons in the sheet's CRS; what has no area gives no path.

        Returns
        -------
        One path a polygon, with its holes.
        """
        return [_path(self.on_paper(s)) for s in shapes if s is not None and s.area > 0]

    def on_paper(self, shape: Any) -> Any:
        """Move a geometry from the ground to the paper.

        Parameters
        ----------
        shape
            A geometry in the sheet's CRS.

        Returns
        -------
        The geometry in inches.
        """
        return shapely.transform(shape, lambda xy: (xy - np.array(self.origin)) / self.metres)

    def anchor(self, shape: Any) -> Point:
        """Return where a geometry is named, in inches.

        Parameters
        ----------
        shape
            A geometry in the sheet's CRS.

        Returns
        -------
        A point inside it, in its largest part.
        """
        parts = shapely.get_parts(shape)
        largest = max(parts, key=lambda part: part.area)
        point = self.on_paper(largest).representative_point()
        return float(point.x), float(point.y)


def map_sheet(
    analysis: Analysis, axes: Axes, size: Point, *, legible: Callable[[str], bool]
) -> Sheet:
    """Fit the parks into a frame.

    Parameters
    ----------
    analysis
        The run.
    axes
        Axes whose units are inches.
    size
        Width and height of the frame in inches.
    legible
        Whether letters of a text can be drawn.

    Returns
    -------
    The sheet.
    """
    crs = geodesy.metric_crs(analysis.parks)
    parks = analysis.parks.to_crs(crs)
    findings = analysis.conflicts.to_crs(crs).sort_values("number")
    drawn = parks.geometry[~(parks.geometry.isna() | parks.geometry.is_empty)]
    left, low, right, top = drawn.total_bounds if len(drawn) else (0.0, 0.0, 0.0, 0.0)
    width = max(right - left, _LEAST_WIDTH_M) * (1 + 2 * _MARGIN)
    height = max(top - low, _LEAST_WIDTH_M) * (1 + 2 * _MARGIN)
    metres = max(width / size[0], height / size[1])
    origin = (
        (left + right) / 2 - size[0] * metres / 2,
        (low + top) / 2 - size[1] * metres / 2,
    )
    return Sheet(axes, parks, findings, origin, float(metres), legible)


def draw_context(sheet: Sheet, context: gpd.GeoDataFrame | None) -> None:
    """Draw districts, pale, under everything.

    Parameters
    ----------
    sheet
        The map sheet.
    context
        Their polygons, with a column ``name``; None draws nothing.
    """
    if context is None or context.empty:
        return
    table = context.to_crs(sheet.parks.crs)
    look = {"facecolor": style.CONTEXT_FILL, "edgecolor": style.CONTEXT_LINE, "linewidth": 0.9}
    sheet.axes.add_collection(PathCollection(sheet.paths(table.geometry), zorder=1, **look))
    if "name" not in table.columns:
        return
    width, height = _size(sheet)
    for name, shape in zip(table["name"], table.geometry, strict=True):
        x, y = sheet.anchor(shape)
        if 0 < x < width and 0 < y < height and sheet.legible(str(name)):
            _write(sheet.axes, (x, y), escape.terminal(str(name)), 10, "#A3ABB8", order=1.5)


def draw_parks(sheet: Sheet, analysis: Analysis) -> None:
    """Draw the parks: tier as outline, group as fill, a dot where only a point is known.

    Parameters
    ----------
    sheet
        The map sheet.
    analysis
        The run.
    """
    colours = group_colours(analysis)
    fills = [colours.get(park, style.PARK_FILL) for park in sheet.parks.index]
    tiers = np.array(park_tiers(sheet.parks))
    shapes = sheet.parks.geometry.to_numpy()
    for tier in reversed(_TIER_ORDER):
        here = np.flatnonzero(tiers == tier)
        land = [at for at in here if shapes[at] is not None and shapes[at].area > 0]
        outline = style.OUTLINES[tier]
        look = {"edgecolor": outline.colour, "linewidth": outline.width, "linestyle": outline.dash}
        paths = sheet.paths(shapes[at] for at in land)
        pale = [(*_rgb(fills[at]), style.GROUP_ALPHA) for at in land]
        sheet.axes.add_collection(PathCollection(paths, facecolor=pale, zorder=2, **look))
        _draw_points(sheet, [at for at in here if at not in set(land)], fills, outline)


def _draw_points(sheet: Sheet, rows: list[int], fills: list[str], outline: style.Outline) -> None:
    for at in rows:
        shape = sheet.parks.geometry.iloc[at]
        if shape is None or shape.is_empty:
            continue
        x, y = sheet.anchor(shape)
        look = {"markerfacecolor": fills[at], "markeredgecolor": outline.colour}
        sheet.axes.plot([x], [y], "o", markersize=6, markeredgewidth=1.3, zorder=3, **look)


def park_tiers(parks: gpd.GeoDataFrame) -> list[str]:
    """Return how each park is outlined.

    Parameters
    ----------
    parks
        A parks table.

    Returns
    -------
    Its tier; ``"other"`` for a park beside the counted system.

    Examples
    --------
    >>> park_tiers(gpd.GeoDataFrame({"tier": ["national", ""], "counted": [True, True]}))
    ['national', 'other']
    """
    known = parks["tier"].isin(style.OUTLINES) & parks["counted"].astype(bool)
    return list(parks["tier"].where(known, "other"))


def group_colours(analysis: Analysis) -> dict[str, str]:
    """Give each flagged group a colour.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Park id to colour; parks in no flagged group are absent.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> groups = pd.DataFrame({"parks": [("a", "b")], "flagged": [True]})
    >>> group_colours(SimpleNamespace(clusters=groups))
    {'a': '#E69F00', 'b': '#E69F00'}
    """
    colours = {}
    for at, group in enumerate(flagged_clusters(analysis)):
        own = at < len(style.GROUP_COLOURS)
        colour = style.GROUP_COLOURS[at] if own else style.OTHER_GROUPS
        colours |= dict.fromkeys(group["parks"], colour)
    return colours


def draw_findings(sheet: Sheet) -> None:
    """Hatch shared land and join rivals by a line.

    Parameters
    ----------
    sheet
        The map sheet.
    """
    land = sheet.findings[sheet.findings["kind"].isin(LAND_KINDS)]
    informing = land["severity"] == "info"
    for rows, ink, hatch, order in (
        (land[informing], style.SEVERITY_INK["info"], "....", 4),
        (land[~informing], style.SEVERITY_INK["high"], "//////", 5),
    ):
        look = {"edgecolor": ink, "hatch": hatch, "linewidth": 0.8}
        paths = sheet.paths(rows.geometry)
        fill = (*_rgb(ink), 0.12)
        sheet.axes.add_collection(PathCollection(paths, facecolor=fill, zorder=order, **look))
    for row in rivalries(sheet.findings):
        (x, y), (to_x, to_y) = (_park_anchor(sheet, park) for park in row["parks"][:2])
        look = {"color": style.LINK_INK, "linewidth": 1.0, "linestyle": (0, (5, 2)), "alpha": 0.75}
        sheet.axes.plot([x, to_x], [y, to_y], zorder=4.5, **look)


def rivalries(findings: gpd.GeoDataFrame) -> list[Row]:
    """Return the findings that a line between two parks shows.

    Parameters
    ----------
    findings
        The conflicts table, ranked.

    Returns
    -------
    The worst rows of rivalry without land, as many as can be told apart.

    Examples
    --------
    >>> table = gpd.GeoDataFrame({"kind": ["homogeneity"], "verdict": ["coarse"], "severity": ["low"]})
    >>> rivalries(table)
    []
    """
    told = (findings["kind"] == "homogeneity") & findings["verdict"].isin(_RIVALS)
    told &= findings["severity"] != "info"
    return list(findings[told].head(style.MOST_LINKS).to_dict("records"))


def draw_labels(sheet: Sheet) -> None:
    """Number the findings, then name the parks where there is room.

    Parameters
    ----------
    sheet
        The map sheet.
    """
    width, height = _size(sheet)
    # The corners hold the north arrow and the scale bar.
    corners = [(width - 1.1, height - 1.2, width, height), (0.0, 0.0, 3.4, 0.75)]
    placer = Placer((0.05, 0.05, width - 0.05, height - 0.05), corners)
    for row in numbered(sheet.findings):
        _draw_number(sheet, placer, row)
    for at in _name_order(sheet):
        _draw_name(sheet, placer, at)


def numbered(findings: gpd.GeoDataFrame) -> list[Row]:
    """Return the findings that carry their number on the map.

    Parameters
    ----------
    findings
        The conflicts table, ranked.

    Returns
    -------
    Shared land and drawn rivalries, the worst first.

    Examples
    --------
    >>> columns = {"kind": ["overlap"], "verdict": [""], "severity": ["low"], "number": [1]}
    >>> len(numbered(gpd.GeoDataFrame(columns, geometry=[shapely.box(0, 0, 1, 1)])))
    1
    """
    shown = findings["kind"].isin(LAND_KINDS) & ~findings.geometry.isna()
    rows = list(findings[shown].head(style.MOST_NUMBERS).to_dict("records"))
    return sorted([*rows, *rivalries(findings)], key=lambda row: row["number"])


def _draw_number(sheet: Sheet, placer: Placer, row: Row) -> None:
    minor = row["severity"] == "info"
    points = style.NUMBER_POINTS * (0.85 if minor else 1.0)
    across = points * 2.1 / 72
    anchor = _finding_anchor(sheet, row)
    distances = [0.0, *(step * across for step in (0.1, 0.6, 1.2, 2.0, 3.0))]
    centre = placer.place(anchor, (across, across), distances, must=not minor)
    if centre is None:
        return
    if centre != anchor:
        xs, ys = zip(anchor, centre, strict=True)
        sheet.axes.plot(xs, ys, color=style.SEVERITY_INK[row["severity"]], linewidth=0.6, zorder=7)
    draw_number(sheet.axes, centre, row, points)


def draw_number(axes: Axes, centre: Point, row: Row, points: float) -> None:
    """Draw the circled number of a finding in the colour of its severity.

    Parameters
    ----------
    axes
        Where to draw.
    centre
        Its centre.
    row
        The finding.
    points
        Font size.
    """
    look = {"color": style.SEVERITY_INK[row["severity"]], "markeredgecolor": "white"}
    axes.plot(*centre, "o", markersize=points * 1.9, markeredgewidth=0.8, zorder=8, **look)
    shrunk = points * (0.8 if row["number"] > 99 else 1.0)
    _write(axes, centre, str(row["number"]), shrunk, "white", order=9, bold=True)


def _draw_name(sheet: Sheet, placer: Placer, at: int) -> None:
    park = sheet.parks.iloc[at]
    shape = sheet.parks.geometry.iloc[at]
    name = park_label(sheet, str(sheet.parks.index[at]), str(park["name"]))
    if not name or shape is None or shape.is_empty:
        return
    label = wrapped(name, 18)
    leading = park["tier"] == "national"
    points = style.NAME_POINTS * (1.2 if leading else 1.0)
    drawn = sheet.on_paper(shape).bounds
    reach = max(drawn[3] - drawn[1], 0.05) / 2
    centre = placer.place(
        sheet.anchor(shape), label_size(label, points), (0.0, reach * 0.5, reach, 0.12, 0.3)
    )
    if centre is not None:
        _write(sheet.axes, centre, label, points, style.INK, order=6, bold=leading, halo=True)


def park_label(sheet: Sheet, park: str, name: str) -> str:
    """Return what a park is called on the map.

    Parameters
    ----------
    sheet
        The map sheet.
    park, name
        Its id and name.

    Returns
    -------
    The name; the id where the name's letters cannot be drawn; "" where neither can.
    """
    for candidate in (name, park):
        if sheet.legible(candidate):
            return escape.terminal(candidate)
    return ""


def _name_order(sheet: Sheet) -> list[int]:
    """National parks first, then those with findings, then the large ones."""
    tiers = park_tiers(sheet.parks)
    found = {park for row in numbered(sheet.findings) for park in row["parks"]}
    area = sheet.parks.geometry.area.to_numpy()

    def rank(at: int) -> tuple[bool, bool, int, float]:
        tier = tiers[at]
        involved = sheet.parks.index[at] in found
        return tier != "national", not involved, _TIER_ORDER.index(tier), -float(area[at])

    return sorted(range(len(tiers)), key=rank)[: style.MOST_NAMES]


def _finding_anchor(sheet: Sheet, row: Row) -> Point:
    shape = row["geometry"]
    if row["kind"] in LAND_KINDS and shape is not None:
        return sheet.anchor(shape)
    (x, y), (to_x, to_y) = (_park_anchor(sheet, park) for park in row["parks"][:2])
    return (x + to_x) / 2, (y + to_y) / 2


def _park_anchor(sheet: Sheet, park: str) -> Point:
    return sheet.anchor(sheet.parks.geometry[park])


def _write(
    axes: Axes,
    centre: Point,
    said: str,
    points: float,
    ink: str,
    *,
    order: float,
    bold: bool = False,
    halo: bool = False,
) -> None:
    axes.text(
        *centre,
        said,
        fontsize=points,
        color=ink,
        ha="center",
        va="center",
        weight="bold" if bold else "normal",
        zorder=order,
        parse_math=False,  # a name may hold a $
        path_effects=[withStroke(linewidth=2.2, foreground="white")] if halo else None,
        linespacing=1.15,
    )


def _size(sheet: Sheet) -> Point:
    return float(sheet.axes.get_xlim()[1]), float(sheet.axes.get_ylim()[1])


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _path(shape: Any) -> Path:
    rings = [
        Path(np.asarray(ring.coords)[:, :2], closed=True)
        for part in shapely.get_parts(shapely.orient_polygons(shape))
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return Path.make_compound_path(*rings)
