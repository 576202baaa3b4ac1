"""The picture of a chain: segments against parks; of all chains: how much of each is stated."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from parkmap import escape, files, messages, palette, wording
from parkmap.messages import text
from parkmap.report import style
from parkmap.report.chain_sheets import matrix_parks
from parkmap.report.chain_words import link_word
from parkmap.report.figure import is_latin, png
from parkmap.report.fonts import cjk_fonts
from parkmap.sheets import text_width

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from parkmap.report.chain_study import ChainStudy

    Legible = Callable[[str], bool]

_MOST_PARKS, _MOST_CHAINS = 40, 45
_CELL, _NAMES, _HEAD, _FOOT, _RIGHT = 0.36, 3.2, 1.2, 1.0, 1.2  # inches
_SIGN = 0.052  # inches that half a Chinese letter of a slanted name rises
_LEAST_WIDTH = 8.5
_ONE, _MANY = palette.COMPLEMENTARY, palette.RIVALRY
_FILL, _HATCH = "#FBEFD5", "#C9D1D9"
_LONGEST_NAME = 22


def write_chain_figure(
    study: ChainStudy, path: str | os.PathLike[str], *, overwrite: bool = False
) -> bool:
    """Draw one chain as segments against parks, or all chains as bars.

    Parameters
    ----------
    study
        The chains.
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
    >>> from parkmap.report import ChainStudy
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from parkmap import chain
    >>> layer = gpd.GeoDataFrame({"name": ["A"], "sectors": [("IC设计",)]}, geometry=[None],
    ...     crs=4490)
    >>> run = pm.analyze(layer)
    >>> links = run.chain_links
    >>> study = ChainStudy(run, chain.chain_overview(links, run.shares), links)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     has_cjk = write_chain_figure(study, Path(folder, "a.png"))
    ...     Path(folder, "a.png").read_bytes()[1:4]
    b'PNG'
    """
    with cjk_fonts() as family:
        has_cjk = family is not None

        def legible(value: str) -> bool:
            return bool(value) and (has_cjk or is_latin(value))

        with nullcontext() if has_cjk else messages.use_language("en"):
            page = _matrix(study, legible) if study.chosen else _bars(study)
            content = png(page)
    files.write_bytes(path, content, overwrite=overwrite)
    return has_cjk


def _matrix(study: ChainStudy, legible: Legible) -> Figure:
    every = matrix_parks(study)
    parks = every[:_MOST_PARKS]
    links = study.links
    columns, rows = len(links), max(len(parks), 1)
    width = max(_NAMES + columns * _CELL + _RIGHT, _LEAST_WIDTH)
    names = map(_segment_name, links.index.get_level_values("segment"))
    rise = _SIGN * max(map(text_width, names), default=0)
    height = _HEAD + rise + rows * _CELL + _FOOT
    title = text("chain.picture.title", chain=wording.sector_names([study.chosen]))
    row = study.overview.iloc[0]
    said = text(
        "chain.picture.caption",
        parks=len(row["parks"]),
        segments=int(row["segments"]),
        named=int(row["named"]),
    )
    page = _sheet((width, height), title, said)
    left = (width - _NAMES - columns * _CELL - _RIGHT) / 2 + _NAMES
    frame = (left / width, _FOOT / height, columns * _CELL / width, rows * _CELL / height)
    axes = page.add_axes(frame)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.axis("off")
    _columns(axes, study, rows)
    _dots(axes, study, parks)
    coarse = set(row["coarse_parks"])
    for at, park in enumerate(parks):
        look: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 8}
        named = _called(study, park, legible)
        if park in coarse:
            named = text("chain.picture.coarse", park=named)
        ink = style.GREY if park in coarse else style.INK
        axes.text(-0.2, at + 0.5, named, color=ink, **look)
    _key(page)
    if len(parks) < len(every):
        more = text("chain.picture.more", count=len(every) - len(parks))
        page.text(0.98, 0.28 / height, more, size=8, ha="right", color=style.GREY)
    return page


def _columns(axes: Axes, study: ChainStudy, rows: int) -> None:
    """Paint gaps, name segments over their columns and links over them."""
    fill = set(study.gaps.index.get_level_values("segment"))
    start, before = 0, None
    links = [*study.links["link"], None]
    for at, segment in enumerate(study.links.index.get_level_values("segment")):
        row = study.links.iloc[at]
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": "#DDE2E8", "linewidth": 0.6}
        if segment in fill:
            look["facecolor"] = _FILL
        elif row["status"] == "gap":
            look |= {"hatch": "////", "edgecolor": _HATCH, "linewidth": 0.0}
        axes.add_patch(Rectangle((at, 0), 1, rows, **look))
        for below in range(rows + 1):
            axes.plot([at, at + 1], [below, below], color="#DDE2E8", linewidth=0.6, zorder=1)
        ink = style.INK if row["status"] != "gap" else style.GREY
        named: dict[str, Any] = {"rotation": 60, "ha": "left", "va": "bottom", "fontsize": 8}
        axes.text(
            at + 0.4, -0.15, _segment_name(segment), color=ink, rotation_mode="anchor", **named
        )
    for at, link in enumerate(links):
        if at and link != before:
            axes.plot([start + 0.05, at - 0.05], [rows + 0.3] * 2, color=style.INK, clip_on=False)
            middle: dict[str, Any] = {"ha": "center", "va": "top", "fontsize": 8.5}
            axes.text((start + at) / 2, rows + 0.4, link_word(before or ""), **middle)
            start = at
        before = link


def _segment_name(segment: str) -> str:
    name = wording.sector_names([segment])
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _dots(axes: Axes, study: ChainStudy, parks: list[str]) -> None:
    place = {park: at for at, park in enumerate(parks)}
    for at, row in enumerate(study.links.to_dict("records")):
        many = row["status"] == "duplicated"
        look: dict[str, Any] = {"markersize": 9, "markeredgecolor": _MANY if many else _ONE}
        look |= {"markerfacecolor": _MANY if many else "white", "markeredgewidth": 2.2}
        for park in row["parks"]:
            if park in place:
                axes.plot([at + 0.5], [place[park] + 0.5], "o", zorder=3, **look)


def _key(page: Figure) -> None:
    ring: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 8, "markeredgewidth": 2}
    handles: list[Any] = [
        Line2D([], [], color=_MANY, label=text("chain.picture.duplicated"), **ring),
        Line2D(
            *([], []),
            markerfacecolor="white",
            markeredgecolor=_ONE,
            label=text("chain.picture.single"),
            **ring,
        ),
        Patch(facecolor=_FILL, edgecolor="#DDE2E8", label=text("chain.picture.fill")),
        Patch(
            facecolor="white",
            edgecolor=_HATCH,
            hatch="////",
            linewidth=0,
            label=text("chain.picture.gap"),
        ),
    ]
    height = page.get_size_inches()[1]
    legend = page.legend(
        handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.30 / height), ncols=4
    )
    legend.set_frame_on(False)
    for said in legend.get_texts():
        said.set_fontsize(8)


def _bars(study: ChainStudy) -> Figure:
    table = study.overview.sort_values("named", ascending=False, kind="stable")
    table = table[table["named"] > 0][:_MOST_CHAINS]
    height = 2.2 + 0.26 * max(len(table), 4)
    page = _sheet((11.7, height), text("chain.picture.overview"), "")
    axes = page.add_axes((0.2, 0.9 / height, 0.76, (height - 2.0) / height))
    names = [wording.sector_names([chain]) for chain in table.index]
    left = table["named"] * 0
    parts: tuple[tuple[Any, str, str], ...] = (
        (table["duplicated"], _MANY, text("chain.picture.duplicated")),
        (table["single"] + table["internal"], _ONE, text("chain.picture.single")),
        (table["gaps"], "#E9B949", text("chain.picture.fill")),
        (table["segments"] - table["named"] - table["gaps"], "#E6EAEF", text("chain.picture.gap")),
    )
    for part, colour, label in parts:
        axes.barh(range(len(table)), part, left=left, color=colour, label=label, height=0.7)
        left = left + part
    axes.set_yticks(range(len(table)), names, fontsize=8.5)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(text("chain.picture.segments"), fontsize=8.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if len(table):
        key: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 1 - 0.55 / height)}
        page.legend(fontsize=8.5, ncols=4, **key).set_frame_on(False)
    return page


def _sheet(size: tuple[float, float], title: str, said: str) -> Figure:
    page = Figure(figsize=size, dpi=style.DPI, facecolor="white")
    FigureCanvasAgg(page)
    up = size[1]
    look: dict[str, Any] = {"ha": "center", "color": style.INK}
    page.text(0.5, 1 - 0.42 / up, title, size=15, weight="bold", **look)
    page.text(0.5, 1 - 0.70 / up, said, size=9, ha="center", color=style.GREY)
    notice = text("terms.notice.disclaimer")
    page.text(0.02, 0.10 / up, notice, size=7.5, color=style.GREY)
    return page


def _called(study: ChainStudy, park: str, legible: Legible) -> str:
    name = escape.terminal(str(study.analysis.parks["name"].get(park, park)))
    said = name if legible(name) else escape.terminal(park)
    return said if len(said) <= _LONGEST_NAME else said[: _LONGEST_NAME - 1] + "…"
