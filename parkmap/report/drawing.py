"""What lies on the map: context, parks, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from parkmap.report import style
from parkmap.report.facts import GROUND_KINDS, flagged_clusters

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.report.paper import Paper
    from parkmap.schema import Analysis

    Look = dict[str, Any]
    Row = dict[Any, Any]

#: How parks are outlined, the most important first.
TIER_ORDER = ("national", "provincial", "municipal", "other")
_RIVALS = ("rivalry", "coopetition")


def on_map(paper: Paper, context: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Keep what the map shows of its context.

    Parameters
    ----------
    paper
        The map.
    context
        A table of shapes, or None.

    Returns
    -------
    Its rows on the map, in the CRS of the paper; the legend explains no others.
    """
    if context is None:
        return None
    moved = context.to_crs(paper.parks.crs)
    return moved[moved.geometry.intersects(paper.ground())]


def draw_context(paper: Paper, context: gpd.GeoDataFrame | None) -> None:
    """Draw districts, roads and stations, pale, under everything.

    Parameters
    ----------
    paper
        The map.
    context
        Their polygons, lines and points as :func:`on_map` returns them; None draws nothing.
    """
    if context is None or context.empty:
        return
    shapes = context.geometry
    look: Look = {
        "facecolor": style.CONTEXT_FILL,
        "edgecolor": style.CONTEXT_LINE,
        "linewidth": 0.9,
    }
    paper.axes.add_collection(PathCollection(paper.paths(shapes), zorder=1, **look))
    parts = shapely.get_parts(paper.on_paper(shapes[context_kinds(context) > 0].to_numpy()))
    ways = [part.coords for part in parts if shapely.get_dimensions(part) == 1]
    if ways:
        paper.axes.add_collection(LineCollection(ways, zorder=1.2, **style.CONTEXT_WAYS))
    spots = [(part.x, part.y) for part in parts if shapely.get_dimensions(part) == 0]
    if spots:
        paper.axes.plot(*zip(*spots, strict=True), zorder=1.3, **style.CONTEXT_SPOTS)


def context_kinds(context: gpd.GeoDataFrame | None) -> pd.Series:
    """Tell areas, lines and points of the context apart.

    Parameters
    ----------
    context
        A table of shapes, or None.

    Returns
    -------
    0 for an area, 1 for a line, 2 for a point, -1 for nothing; by the largest part of a shape.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import LineString, Point
    >>> layer = gpd.GeoDataFrame(geometry=[Point(0, 0), LineString([(0, 0), (1, 1)]), None])
    >>> context_kinds(layer).tolist()
    [2, 1, -1]
    """
    if context is None:
        return pd.Series([], dtype=int)
    shapes = context.geometry.to_numpy()
    kinds = np.where(shapely.is_empty(shapes), -1, 2 - shapely.get_dimensions(shapes))
    return pd.Series(np.where(kinds > 2, -1, kinds), index=context.index)


def draw_parks(paper: Paper, analysis: Analysis) -> None:
    """Draw the parks: tier as outline, group as fill, a dot where only a point is known.

    Parameters
    ----------
    paper
        The map.
    analysis
        The run.
    """
    colours = group_colours(analysis)
    fills = [colours.get(park, style.PARK_FILL) for park in paper.parks.index]
    tiers = np.array(park_tiers(paper.parks))
    shapes = paper.parks.geometry.to_numpy()
    for tier in reversed(TIER_ORDER):
        here = np.flatnonzero(tiers == tier)
        land = [int(at) for at in here if shapes[at] is not None and shapes[at].area > 0]
        outline = style.OUTLINES[tier]
        look: Look = {
            "edgecolor": outline.colour,
            "linewidth": outline.width,
            "linestyle": outline.dash,
        }
        paths = paper.paths(shapes[at] for at in land)
        pale = [(*_rgb(fills[at]), style.GROUP_ALPHA) for at in land]
        paper.axes.add_collection(PathCollection(paths, facecolor=pale, zorder=2, **look))
        points = sorted({int(at) for at in here}.difference(land))
        _draw_points(paper, points, fills, outline)


def _draw_points(paper: Paper, rows: list[int], fills: list[str], outline: style.Outline) -> None:
    for at in rows:
        shape = paper.parks.geometry.iloc[at]
        if shape is None or shape.is_empty:
            continue
        x, y = paper.anchor(shape)
        look: Look = {"markerfacecolor": fills[at], "markeredgecolor": outline.colour}
        paper.axes.plot([x], [y], "o", markersize=6, markeredgewidth=1.3, zorder=3, **look)


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
    >>> import pandas as pd
    >>> park_tiers(pd.DataFrame({"tier": ["national", ""], "counted": [True, True]}))
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
    colours: dict[str, str] = {}
    for at, group in enumerate(flagged_clusters(analysis)):
        own = at < len(style.GROUP_COLOURS)
        colour = style.GROUP_COLOURS[at] if own else style.OTHER_GROUPS
        colours |= dict.fromkeys(group["parks"], colour)
    return colours


def draw_findings(paper: Paper) -> None:
    """Hatch shared land and join rivals by a line.

    Parameters
    ----------
    paper
        The map.
    """
    land = paper.findings[paper.findings["kind"].isin(GROUND_KINDS)]
    informing = land["severity"] == "info"
    lined = land["kind"] == "control"
    for rows, ink, hatch, order in (
        (land[informing], style.SEVERITY_INK["info"], "....", 4),
        (land[~informing & ~lined], style.OVERLAP_INK, "//////", 5),
        (land[~informing & lined], style.CONTROL_INK, "xxxx", 5),
    ):
        look: Look = {"edgecolor": ink, "hatch": hatch, "linewidth": 0.8}
        paths = paper.paths(rows.geometry)
        if not paths:
            continue
        # As one path: a hatch is laid once, however many pieces there are.
        pieces = [Path.make_compound_path(*paths)]
        fill = (*_rgb(ink), 0.12)
        paper.axes.add_collection(PathCollection(pieces, facecolor=fill, zorder=order, **look))
    dashes: Look = {"color": style.LINK_INK, "linewidth": 1.0, "linestyle": (0, (5, 2))}
    for row in rivalries(paper):
        (x, y), (to_x, to_y) = (paper.park_anchor(park) for park in row["parks"][:2])
        paper.axes.plot([x, to_x], [y, to_y], zorder=4.5, alpha=0.75, **dashes)


def rivalries(paper: Paper) -> list[Row]:
    """Return the findings that a line between two parks shows.

    Parameters
    ----------
    paper
        The map.

    Returns
    -------
    The worst rows of rivalry without land, as many as can be told apart; both parks have a place.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> columns = {"kind": "homogeneity", "verdict": "rivalry", "severity": "low"}
    >>> rows = pd.DataFrame([{**columns, "parks": pair} for pair in (("a", "b"), ("a", "c"))])
    >>> placed = pd.Series({"a": True, "b": True, "c": False})
    >>> len(rivalries(SimpleNamespace(findings=rows, placed=lambda: placed)))
    1
    """
    findings = paper.findings
    told = (findings["kind"] == "homogeneity") & findings["verdict"].isin(_RIVALS)
    told &= findings["severity"] != "info"
    placed = paper.placed()
    told &= findings["parks"].map(lambda parks: all(placed[list(parks[:2])])).astype(bool)
    return list(findings[told].head(style.MOST_LINKS).to_dict("records"))


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
