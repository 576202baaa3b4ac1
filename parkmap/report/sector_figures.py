"""Pictures of the sector half: who is like whom, where, and what other thresholds would give."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from parkmap import escape, files, messages
from parkmap.messages import text
from parkmap.report import style
from parkmap.report.drawing import group_colours
from parkmap.report.facts import flagged_clusters
from parkmap.report.figure import is_latin, png
from parkmap.report.fonts import cjk_fonts
from parkmap.report.labels import Placer, broken, label_size
from parkmap.report.paper import map_paper
from parkmap.report.sector_words import alike_pairs, sector_notes

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from parkmap.report.paper import Paper
    from parkmap.schema import Analysis

    Legible = Callable[[str], bool]

_SQUARE, _WIDE = (11.7, 11.7), (11.7, 7.4)
_MOST_PARKS = 90  # names beyond this could not be read
_MAP_FRAME = (0.35, 1.15, 11.0, 9.35)  # left, bottom, width, height in inches
_SYNERGY_INK = "#1B7F5C"


def write_matrix(
    analysis: Analysis, path: str | os.PathLike[str], *, overwrite: bool = False
) -> bool:
    """Draw the similarity of every two parks that are like any other, groups side by side.

    Parameters
    ----------
    analysis
        The run.
    path
        The PNG to make.
    overwrite
        Replace a file that is there.

    Returns
    -------
    Whether Chinese letters could be drawn; without a font for them the sheet is in English and
    parks stand under their ids.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import Point
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(104, 30)], crs=4490)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     has_cjk = write_matrix(pm.analyze(layer), Path(folder, "a.png"))
    ...     Path(folder, "a.png").read_bytes()[1:4]
    b'PNG'
    """
    return _write(_matrix_page, analysis, path, overwrite=overwrite)


def write_clusters_figure(
    analysis: Analysis, path: str | os.PathLike[str], *, overwrite: bool = False
) -> bool:
    """Draw the graph of rivals and suppliers, each park at its place.

    Parameters
    ----------
    analysis
        The run.
    path
        The PNG to make.
    overwrite
        Replace a file that is there.

    Returns
    -------
    Whether Chinese letters could be drawn.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import Point
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(104, 30)], crs=4490)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     has_cjk = write_clusters_figure(pm.analyze(layer), Path(folder, "a.png"))
    ...     Path(folder, "a.png").read_bytes()[1:4]
    b'PNG'
    """
    return _write(_graph_page, analysis, path, overwrite=overwrite)


def write_sweep(
    analysis: Analysis, path: str | os.PathLike[str], *, overwrite: bool = False
) -> bool:
    """Draw how many groups other thresholds would give, and how large the largest family.

    Parameters
    ----------
    analysis
        The run.
    path
        The PNG to make.
    overwrite
        Replace a file that is there.

    Returns
    -------
    Whether Chinese letters could be drawn.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import Point
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(104, 30)], crs=4490)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     has_cjk = write_sweep(pm.analyze(layer), Path(folder, "a.png"))
    ...     Path(folder, "a.png").read_bytes()[1:4]
    b'PNG'
    """
    return _write(_sweep_page, analysis, path, overwrite=overwrite)


def matrix_order(analysis: Analysis) -> list[str]:
    """Order the parks that are like any other: groups first, then by family.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Park ids.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> index = pd.MultiIndex.from_tuples([("a", "c"), ("a", "b")])
    >>> groups = pd.DataFrame({"parks": [("a", "c")], "flagged": [True]})
    >>> pairs = pd.DataFrame({"similarity": [0.9, 0.6]}, index=index)
    >>> facts = {"pairs": pairs, "used_similarity": 0.5}
    >>> matrix_order(SimpleNamespace(clusters=groups, **facts))
    ['a', 'c', 'b']
    """
    alike = alike_pairs(analysis)
    grouped = [park for row in flagged_clusters(analysis) for park in row["parks"]]
    ordered = list(dict.fromkeys(grouped))
    strength = dict(zip(alike.index, alike["similarity"].to_numpy(dtype=float), strict=True))
    rest = sorted({park for pair in alike.index for park in pair} - set(ordered))

    families = nx.connected_components(nx.Graph(list(alike.index)))
    first = {park: min(family) for family in map(sorted, families) for park in family}

    def nearest(park: str) -> tuple[int, float, str, str]:
        ties = [
            (-value, ordered.index(other))
            for other in ordered
            for value in [strength.get((min(park, other), max(park, other)))]
            if value is not None
        ]
        value, place = min(ties, default=(0.0, len(ordered)))
        return place, value, first[park], park

    return ordered + sorted(rest, key=nearest)


def _write(
    page: Callable[[Analysis, Legible], Figure],
    analysis: Analysis,
    path: str | os.PathLike[str],
    *,
    overwrite: bool,
) -> bool:
    with cjk_fonts() as family:
        has_cjk = family is not None

        def legible(value: str) -> bool:
            return bool(value) and (has_cjk or is_latin(value))

        with nullcontext() if has_cjk else messages.use_language("en"):
            content = png(page(analysis, legible))
    files.write_bytes(path, content, overwrite=overwrite)
    return has_cjk


def _matrix_page(analysis: Analysis, legible: Legible) -> Figure:
    order = matrix_order(analysis)
    shown = order[:_MOST_PARKS]
    page = _sheet(_SQUARE, "matrix", analysis)
    axes = page.add_axes((0.26, 0.10, 0.70, 0.66))
    if not shown:
        return _nothing(page, axes)
    place = {park: at for at, park in enumerate(shown)}
    table = np.full((len(shown), len(shown)), np.nan)
    alike = alike_pairs(analysis)["similarity"]
    for (one, other), value in zip(alike.index, alike.to_numpy(dtype=float), strict=True):
        if one in place and other in place:
            table[place[one], place[other]] = table[place[other], place[one]] = value
    look: dict[str, Any] = {"cmap": "cividis_r", "vmin": analysis.criteria.min_similarity}
    image = axes.imshow(table, vmax=1.0, interpolation="nearest", **look)
    axes.set_facecolor(style.PALE)
    _name_axes(axes, [_called(analysis, park, legible) for park in shown])
    _frame_groups(axes, analysis, place)
    bar = page.colorbar(image, ax=axes, shrink=0.5, pad=0.02)
    bar.set_label(text(f"terms.measure.{analysis.criteria.measure}"), fontsize=9)
    if len(shown) < len(order):
        page.text(0.04, 0.07, text("report.picture.more", count=len(order) - len(shown)), size=8.5)
    return page


def _name_axes(axes: Axes, names: list[str]) -> None:
    size = max(4.0, min(8.5, 430.0 / max(len(names), 1)))
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=size)
    axes.set_yticks(range(len(names)), names, fontsize=size)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(names)) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(names)) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=0.5)
    axes.tick_params(which="minor", length=0)


def _frame_groups(axes: Axes, analysis: Analysis, place: dict[str, int]) -> None:
    colours = group_colours(analysis)
    for row in flagged_clusters(analysis):
        places = [place[park] for park in row["parks"] if park in place]
        if places:
            edge: dict[str, Any] = {"edgecolor": colours[row["parks"][0]], "linewidth": 2.0}
            corner = (min(places) - 0.5, min(places) - 0.5)
            axes.add_patch(
                Rectangle(corner, len(places), len(places), fill=False, zorder=3, **edge)
            )


def _graph_page(analysis: Analysis, legible: Legible) -> Figure:
    page = _sheet(_SQUARE, "clusters", analysis)
    (left, low, width, height), (across, up) = _MAP_FRAME, _SQUARE
    axes = page.add_axes((left / across, low / up, width / across, height / up))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_edgecolor(style.GREY)
    paper = map_paper(analysis, axes, _MAP_FRAME[2:], legible=legible)
    places = {park: paper.park_anchor(park) for park in paper.parks.index[paper.placed()]}
    _draw_edges(axes, analysis, places)
    colours = group_colours(analysis)
    for colour in ("", *dict.fromkeys(colours.values())):
        spots = [spot for park, spot in places.items() if colours.get(park, "") == colour]
        if spots:
            look: dict[str, Any] = {"markerfacecolor": colour or "#C9D1DC", "zorder": 4}
            size = 8 if colour else 4.5
            xs, ys = zip(*spots, strict=True)
            axes.plot(xs, ys, "o", markersize=size, markeredgecolor=style.INK, **look)
    _name_nodes(paper, analysis, places, legible)
    _explain_lines(page, analysis, absent=len(paper.parks) - len(places))
    return page


def _draw_edges(axes: Axes, analysis: Analysis, places: dict[str, tuple[float, float]]) -> None:
    table, listed = analysis.pairs, analysis.conflicts
    listed = listed[listed["verdict"].isin(("rivalry", "coopetition"))]  # as the list calls them
    rivals = table.index.isin([tuple(sorted(pair)) for pair in listed["parks"]])
    chained = (table["synergy"] >= analysis.criteria.min_synergy) & ~rivals
    looks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (table.index[chained], {"color": _SYNERGY_INK, "linewidth": 0.6, "alpha": 0.35}),
        (table.index[rivals], {"color": style.LINK_INK, "linewidth": 1.3, "alpha": 0.7}),
    )
    for order, (pairs, look) in enumerate(looks, start=1):
        drawn = [(places[a], places[b]) for a, b in pairs if a in places and b in places]
        axes.add_collection(LineCollection(drawn, zorder=order, **look))


def _name_nodes(
    paper: Paper, analysis: Analysis, places: dict[str, tuple[float, float]], legible: Legible
) -> None:
    width, height = _MAP_FRAME[2:]
    dots = [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for x, y in places.values()]
    placer = Placer((0.05, 0.05, width - 0.05, height - 0.05), dots)
    grouped = group_colours(analysis)
    for park in sorted(places, key=lambda park: (park not in grouped, park))[: style.MOST_NAMES]:
        points = style.NAME_POINTS * (1.1 if park in grouped else 0.85)
        label = broken(_called(analysis, park, legible), 18)
        near = (0.07, 0.12, 0.22) if park in grouped else (0.06, 0.1)
        centre = placer.place(places[park], label_size(label, points), near)
        if centre is not None:
            look: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.1}
            paper.axes.text(*centre, label, fontsize=points, color=style.INK, zorder=5, **look)


def _explain_lines(page: Figure, analysis: Analysis, *, absent: int) -> None:
    handles = [
        Line2D([], [], color=style.LINK_INK, linewidth=1.3, label=text("report.picture.rivals")),
        Line2D([], [], color=_SYNERGY_INK, linewidth=0.8, label=text("report.picture.suppliers")),
    ]
    colours = group_colours(analysis)
    dot: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 8}
    dot["markeredgecolor"] = style.INK
    groups, own = flagged_clusters(analysis), len(style.GROUP_COLOURS)
    for at, row in enumerate(groups[:own], start=1):
        said = text("report.picture.group", number=at, count=len(row["parks"]))
        handles.append(Line2D([], [], color=colours[row["parks"][0]], label=said, **dot))
    if len(groups) > own:
        said = text("report.map.clusters_more", count=len(groups) - own)
        handles.append(Line2D([], [], color=style.OTHER_GROUPS, label=said, **dot))
    page.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.03, 0.045), ncols=5, fontsize=8.5
    ).set_frame_on(False)
    if absent:
        page.text(0.97, 0.075, text("report.picture.absent", count=absent), size=8.5, ha="right")


def _sweep_page(analysis: Analysis, legible: Legible) -> Figure:  # noqa: ARG001 (as the others)
    page = _sheet(_WIDE, "sweep", analysis)
    axes = page.add_axes((0.08, 0.23, 0.88, 0.58))
    sweep = analysis.sweep
    if sweep is None or not sweep["pairs"].any():
        return _nothing(page, axes)
    for column, ink, mark in (
        ("groups", "#0072B2", "o-"),
        ("largest_group", "#56B4E9", "s--"),
        ("families", "#E69F00", "^-"),
        ("largest_family", "#A61B0B", "D--"),
    ):
        named = text(f"report.picture.{column}")
        axes.plot(sweep.index, sweep[column], mark, color=ink, label=named, markersize=5)
    used = analysis.used_similarity
    axes.axvline(used, color=style.LINK_INK, linewidth=1, linestyle="-.", zorder=1)
    axes.text(
        *(used, 1.01, text("report.picture.used", value=f"{used:.2f}")),
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="bottom",
        fontsize=9,
    )
    axes.set_xlabel(text("report.picture.threshold"))
    axes.set_ylabel(text("report.picture.number"))
    axes.set_ylim(0, 1.08 * max(axes.get_ylim()[1], 1))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(color=style.CONTEXT_LINE, linewidth=0.4)
    page.legend(loc="lower center", bbox_to_anchor=(0.52, 0.075), ncols=4, fontsize=9)
    return page


def _sheet(size: tuple[float, float], name: str, analysis: Analysis) -> Figure:
    """Make a page with its title and, under it, the measure and the sentences of the run."""
    page = Figure(figsize=size, dpi=style.DPI, facecolor="white")
    FigureCanvasAgg(page)
    up = size[1]
    look: dict[str, Any] = {"ha": "center", "color": style.INK}
    page.text(0.5, 1 - 0.42 / up, text(f"report.picture.{name}"), size=17, weight="bold", **look)
    for at, line in enumerate(sector_notes(analysis)):
        page.text(0.5, 1 - (0.70 + 0.2 * at) / up, line, size=8.5, ha="center", color=style.GREY)
    said = [text("terms.notice.public")] if analysis.is_public else []
    notice = text("report.basis.separator").join([*said, text("terms.notice.disclaimer")])
    page.text(0.04, 0.25 / up, notice, size=8.5, color=style.GREY)
    return page


def _nothing(page: Figure, axes: Axes) -> Figure:
    axes.axis("off")
    axes.text(0.5, 0.5, text("report.picture.nothing"), ha="center", transform=axes.transAxes)
    return page


def _called(analysis: Analysis, park: str, legible: Legible) -> str:
    name = escape.terminal(str(analysis.parks["name"].get(park, park)))
    said = name if legible(name) else escape.terminal(park)
    return said if len(said) <= 22 else said[:21] + "…"
