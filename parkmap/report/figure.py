"""The overview map, one sheet of A3, drawn by matplotlib: nothing to install, no network."""

from __future__ import annotations

import io
import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from parkmap import files, messages
from parkmap.report import drawing, furniture, marks, style
from parkmap.report.fonts import cjk_fonts
from parkmap.report.paper import map_paper
from parkmap.report.words import city_name
from parkmap.report.words import title as title_of

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    from matplotlib.axes import Axes

    from parkmap.schema import Analysis

_LATIN_ENDS = 0x0250  # where the letters of matplotlib's own font can be relied on


def write_overview(
    analysis: Analysis,
    path: str | os.PathLike[str],
    *,
    context: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    overwrite: bool = False,
) -> bool:
    """Draw the parks and the findings on one sheet and write it as PNG.

    Parameters
    ----------
    analysis
        The run.
    path
        The file to make.
    context
        Districts, roads, stations to draw under the parks; areas are named by a column ``name``.
    title
        The title; made from the city if not given.
    overwrite
        Replace a file that is there.

    Returns
    -------
    Whether Chinese letters could be drawn. Without a font for them the sheet is in English, and
    parks stand under their ids.

    Notes
    -----
    The same run with the same versions and fonts gives the same bytes. A name that finds no room
    is left out of the map, never of the tables.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     has_cjk = write_overview(pm.analyze(layer), Path(folder, "a.png"))
    ...     Path(folder, "a.png").read_bytes()[1:4]
    b'PNG'
    """
    with cjk_fonts() as family:
        has_cjk = family is not None
        with nullcontext() if has_cjk else messages.use_language("en"):
            content = png(_page(analysis, context, title, has_cjk=has_cjk))
    files.write_bytes(path, content, overwrite=overwrite)
    return has_cjk


def _page(
    analysis: Analysis, context: gpd.GeoDataFrame | None, title: str | None, *, has_cjk: bool
) -> Figure:
    page = Figure(figsize=style.PAGE, dpi=style.DPI, facecolor="white")
    FigureCanvasAgg(page)

    def legible(value: str) -> bool:
        return bool(value) and (has_cjk or is_latin(value))

    frame = _frame(page, style.MAP_FRAME)
    paper = map_paper(analysis, frame, style.MAP_FRAME[2:], legible=legible)
    paper.axes.set_facecolor(style.PALE)
    context = drawing.on_map(paper, context)
    drawing.draw_context(paper, context)
    drawing.draw_parks(paper, analysis)
    drawing.draw_findings(paper)
    marks.draw_labels(paper, context)
    furniture.draw_scale(paper)
    panel = _frame(page, style.PANEL_FRAME)
    panel.axis("off")
    furniture.draw_panel(panel, analysis, paper, context=context)
    named = legible(city_name(analysis.parks)) or not city_name(analysis.parks)
    heading = title_of("title_map", analysis) if named else messages.text("report.map.plain_title")
    furniture.draw_title(page, analysis, title or heading)
    furniture.draw_footer(page, analysis)
    return page


def _frame(page: Figure, frame: tuple[float, float, float, float]) -> Axes:
    """Make axes whose units are inches of paper."""
    (left, low, width, height), (across, up) = frame, style.PAGE
    axes = page.add_axes((left / across, low / up, width / across, height / up))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_autoscale_on(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_edgecolor(style.GREY)
    return axes


def png(page: Figure) -> bytes:
    """Return a page as PNG, the same bytes for the same page.

    Parameters
    ----------
    page
        The page.

    Returns
    -------
    The file's content.

    Examples
    --------
    >>> png(Figure(figsize=(1, 1)))[1:4]
    b'PNG'
    """
    content = io.BytesIO()
    metadata: dict[str, Any] = {"Software": None}  # else the bytes tell the version twice
    with warnings.catch_warnings():
        # A letter that no font on this machine has shows as a box; the tables have the name.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        page.savefig(content, format="png", metadata=metadata)
    return content.getvalue()


def is_latin(value: str) -> bool:
    """Say whether matplotlib's own font has every letter of a text.

    Parameters
    ----------
    value
        The text.

    Returns
    -------
    True if so.

    Examples
    --------
    >>> is_latin("Pidu"), is_latin("郫都")
    (True, False)
    """
    return all(ord(sign) < _LATIN_ENDS for sign in value)
