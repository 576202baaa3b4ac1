"""Numbers of findings and names of parks and districts, where there is room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import shapely
from matplotlib.patheffects import withStroke

from parkmap import escape
from parkmap.report import style
from parkmap.report.drawing import TIER_ORDER, park_tiers, rivalries
from parkmap.report.facts import GROUND_KINDS
from parkmap.report.labels import Placer, broken, label_size

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

    from parkmap.report.paper import Paper

    Look = dict[str, Any]
    Row = dict[Any, Any]
    Point = tuple[float, float]


def draw_labels(paper: Paper, context: gpd.GeoDataFrame | None) -> None:
    """Write numbers on the findings and names on the parks and districts.

    Parameters
    ----------
    paper
        The map.
    context
        Districts with a column ``name``, in the CRS of the paper, or None.
    """
    width, height = (float(paper.axes.get_xlim()[1]), float(paper.axes.get_ylim()[1]))
    # The corners hold the north arrow and the scale bar.
    corners = [(width - 1.1, height - 1.2, width, height), (0.0, 0.0, 3.4, 0.75)]
    placer = Placer((0.05, 0.05, width - 0.05, height - 0.05), corners)
    rows = numbered(paper)
    lined = any(row["kind"] not in GROUND_KINDS for row in rows)
    parks = parks_on_paper(paper) if lined else None
    for row in rows:
        _draw_number(paper, placer, row, parks)
    for at in _name_order(paper):
        _draw_name(paper, placer, at)
    if context is not None and "name" in context.columns:
        placer.taken += [path.get_extents().extents for path in paper.paths(paper.parks.geometry)]
        _draw_districts(paper, placer, context)


def _draw_districts(paper: Paper, placer: Placer, table: gpd.GeoDataFrame) -> None:
    drawn = table[~(table.geometry.isna() | table.geometry.is_empty)]
    for name, shape in zip(drawn["name"], drawn.geometry.make_valid(), strict=True):
        label = escape.terminal(str(name))
        shown = shape.intersection(paper.ground())
        if not paper.legible(label) or shown.area == 0:
            continue
        centre = placer.place(
            paper.anchor(shown),
            label_size(label, style.DISTRICT_POINTS),
            (0.0, 0.2, 0.5, 1.0, 1.8),
            allowed=partial(_is_in, paper.on_paper(shown)),
        )
        if centre is not None:
            _write(paper.axes, centre, label, style.DISTRICT_POINTS, style.DISTRICT_INK, order=1.5)


def _draw_number(paper: Paper, placer: Placer, row: Row, parks: shapely.STRtree | None) -> None:
    minor = row["severity"] == "info"
    points = style.NUMBER_POINTS * (0.85 if minor else 1.0)
    across = points * 2.1 / 72
    if row["kind"] not in GROUND_KINDS and parks is not None:
        anchor = _room_on_line(paper, placer, row, across, parks)
    else:
        anchor = paper.anchor(row["geometry"])
    steps = [step * across for step in (0.1, 0.6, 1.2, 2.0, 3.0)]
    distances = steps if _is_hidden_by(paper, row, across) else [0.0, *steps]
    centre = placer.place(anchor, (across, across), distances, must=not minor)
    if centre is None:
        return
    if centre != anchor:
        xs, ys = zip(anchor, centre, strict=True)
        paper.axes.plot(xs, ys, color=style.SEVERITY_INK[row["severity"]], linewidth=0.6, zorder=7)
    draw_number(paper.axes, centre, row, points)


def _is_hidden_by(paper: Paper, row: Row, across: float) -> bool:
    """Whether a number drawn on the shared land would cover all of it."""
    if row["kind"] not in GROUND_KINDS:
        return False
    left, low, right, top = paper.on_paper(row["geometry"]).bounds
    return max(right - left, top - low) < across * 1.5


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
    look: Look = {"color": style.SEVERITY_INK[row["severity"]], "markeredgecolor": "white"}
    axes.plot(*centre, "o", markersize=points * 1.9, markeredgewidth=0.8, zorder=8, **look)
    shrunk = points * (0.8 if row["number"] > 99 else 1.0)
    _write(axes, centre, str(row["number"]), shrunk, "white", order=9, bold=True)


def _draw_name(paper: Paper, placer: Placer, at: int) -> None:
    park = paper.parks.iloc[at]
    shape = paper.parks.geometry.iloc[at]
    name = park_label(paper, str(paper.parks.index[at]), str(park["name"]))
    if not name or shape is None or shape.is_empty:
        return
    label = broken(name, 18)
    leading = park_tiers(paper.parks.iloc[[at]]) == ["national"]
    points = style.NAME_POINTS * (1.2 if leading else 1.0)
    size = label_size(label, points)
    left, low, right, top = paper.on_paper(shape).bounds
    reach = (top - low) / 2
    # On a park smaller than its name the name would hide the park.
    within = (0.0,) if right - left > size[0] and top - low > size[1] * 2 else ()
    near = (0.5 * reach + 0.03, reach + 0.03, reach + 0.12, reach + 0.3)
    centre = placer.place(paper.anchor(shape), size, (*within, *near))
    if centre is not None:
        _write(paper.axes, centre, label, points, style.INK, order=6, bold=leading, halo=True)


def park_label(paper: Paper, park: str, name: str) -> str:
    """Return what a park is called on the map.

    Parameters
    ----------
    paper
        The map.
    park, name
        Its id and name.

    Returns
    -------
    The name; the id where the name's letters cannot be drawn; "" where neither can.
    """
    for candidate in (name, park):
        if paper.legible(candidate):
            return escape.terminal(candidate)
    return ""


def _name_order(paper: Paper) -> list[int]:
    """National parks first, then those with findings, then the large ones."""
    tiers = park_tiers(paper.parks)
    found = {park for row in numbered(paper) for park in row["parks"]}
    area = paper.parks.geometry.area.to_numpy()

    def rank(at: int) -> tuple[bool, bool, int, float]:
        tier = tiers[at]
        involved = paper.parks.index[at] in found
        return tier != "national", not involved, TIER_ORDER.index(tier), -float(area[at])

    return sorted(range(len(tiers)), key=rank)[: style.MOST_NAMES]


def _room_on_line(
    paper: Paper, placer: Placer, row: Row, across: float, parks: shapely.STRtree
) -> Point:
    """Find room for a number on the line between two parks: half-way it seems a third park's."""
    ends = [paper.park_anchor(park) for park in row["parks"][:2]]
    spots = near_ends(shapely.LineString(ends), parks, across)
    size = (across, across)
    free = (spot for spot in spots if placer.is_free(spot, size))
    return next(free, next(iter(spots), ends[0]))


def parks_on_paper(paper: Paper) -> shapely.STRtree:
    """Return the ground of all parks, in inches: to be made once, and asked for what is near.

    Parameters
    ----------
    paper
        The map.

    Returns
    -------
    A tree of their shapes.
    """
    drawn = paper.parks.geometry.dropna().make_valid().to_numpy()
    return shapely.STRtree(paper.on_paper(drawn))


def near_ends(line: Any, parks: shapely.STRtree, across: float) -> list[Point]:
    """List where on a line a number lies beside every park.

    Parameters
    ----------
    line
        From park to park.
    parks
        The ground of the parks.
    across
        How wide the number is.

    Returns
    -------
    Points, those near an end of the line first; half-way where parks are all along it.

    Examples
    --------
    >>> ends = [shapely.box(0, -1, 2, 1), shapely.box(8, -1, 10, 1)]
    >>> near_ends(shapely.LineString([(1, 0), (9, 0)]), shapely.STRtree(ends), 1.0)[:2]
    [(3.0, 0.0), (7.0, 0.0)]
    """
    count = max(int(line.length / (across / 2)), 2)
    spots = [line.interpolate(at / count, normalized=True) for at in range(1, count)]
    near = set(parks.query(spots, predicate="dwithin", distance=across * 0.6)[0])
    clear = [spot for at, spot in enumerate(spots) if at not in near]
    spots = clear or [line.centroid]
    spots.sort(key=lambda spot: min(way := line.project(spot), line.length - way))
    return [(float(spot.x), float(spot.y)) for spot in spots]


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


def _is_in(shape: Any, centre: Point) -> bool:
    """Whether a district's name would lie in the district."""
    return bool(shapely.contains_xy(shape, *centre))


def numbered(paper: Paper) -> list[Row]:
    """Return the findings that carry their number on the map.

    Parameters
    ----------
    paper
        The map.

    Returns
    -------
    Shared land and drawn rivalries, the worst first.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from shapely.geometry import box
    >>> from types import SimpleNamespace
    >>> columns = {"kind": ["overlap"], "verdict": [""], "severity": ["low"], "number": [1]}
    >>> found = gpd.GeoDataFrame({**columns, "parks": [("a", "b")]}, geometry=[box(0, 0, 1, 1)])
    >>> placed = pd.Series({"a": True, "b": True})
    >>> len(numbered(SimpleNamespace(findings=found, placed=lambda: placed)))
    1
    """
    findings = paper.findings
    shown = findings["kind"].isin(GROUND_KINDS) & ~findings.geometry.isna()
    rows = list(findings[shown].head(style.MOST_NUMBERS).to_dict("records"))
    return sorted([*rows, *rivalries(paper)], key=lambda row: row["number"])
