"""The findings on one folium map: a file that opens by double click, without internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium

from parkmap import messages
from parkmap.errors import OptionError, SchemaError
from parkmap.schema import Analysis
from parkmap.webmap import tiles as tiling
from parkmap.webmap.figure import OfflineFigure
from parkmap.webmap.page import FindingsLayer, add_layers, drawn_of
from parkmap.webmap.payload import page_data
from parkmap.webmap.shapes import SCALE

if TYPE_CHECKING:
    from typing import Any

    import geopandas as gpd
    import pandas as pd

    from parkmap.webmap.grounds import Context

__all__ = ["OfflineFigure", "drawn_of", "web_map"]

#: From so many parks the map draws on a canvas, which has no hatching but stays quick.
CANVAS_FROM = 1500


def web_map(
    result: Analysis,
    *,
    m: folium.Map | None = None,
    lang: str | None = None,
    context: Context = None,
    title: str | None = None,
    assets: str = "inline",
    top: int | None = None,
    tiles: str | None = None,
    tiles_key: str = "",
    after: gpd.GeoDataFrame | None = None,
    moves: pd.DataFrame | None = None,
) -> folium.Map:
    """Show an analysis on a folium map that needs no internet.

    Tier is outline, flagged cluster is fill, shared ground is hatched and numbered as in the
    table. A panel beside the map lists the findings; a row, a park or an address such as
    ``map.html#c-1a2b3c`` opens a card with the evidence.

    Parameters
    ----------
    result
        What :func:`parkmap.analyze` returned.
    m
        A map of your own to draw on; a new one without tiles if not given.
    lang
        ``"zh"`` or ``"en"``; the page has a switch. The language in force if not given.
    context
        Districts to draw pale under the parks, with a column ``name``; or several layers by
        name, each switched by itself. Lines and points are drawn too.
    title
        Title of the page; made from the city if not given.
    assets
        ``"inline"`` puts Leaflet into the file; ``"cdn"`` keeps folium's links; an address takes
        the files from there.
    top
        Parks to draw at most, those with findings first; 20,000 if not given. The page says what
        it leaves out.
    tiles
        Background from the internet: ``"tianditu"``, ``"gaode"`` (the parks are then shown on
        GCJ-02) or an address with ``{z}``, ``{x}`` and ``{y}``. Not for the public edition.
    tiles_key
        The key Tianditu asks for; whoever has the page can read it.

    after, moves
        The ``merged`` and ``moves`` of a plan (:func:`parkmap.consolidate`), to be shown beside
        the parks of today; the layer box switches.

    Returns
    -------
    The map: ``save("map.html")`` writes the page, a notebook displays it.

    Raises
    ------
    SchemaError
        If it is no analysis.
    OptionError
        If assets or tiles are none of these, or tiles are asked for without a place.

    Notes
    -----
    Coordinates are rounded to six decimals for display, and outlines of more than 300,000 vertices
    thinned out by up to 10 m, shared borders alike; the figures were measured before. The
    lines between parks join the points their labels stand on and mean nothing on the ground.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(400500, 3e6, 401500, 3001000)])
    >>> page = pm.web_map(pm.analyze(parks), lang="en").get_root().render()
    >>> page.count("<script src=")
    0
    """
    given: object = result  # a notebook checks no types
    if not isinstance(given, Analysis):
        found = type(given).__name__
        raise SchemaError(**messages.fault("schema.not_an_analysis", found=found))
    lang = lang or messages.language()
    ground = tiling.chosen(tiles, key=tiles_key) if tiles else None
    if ground and result.is_public:
        raise OptionError(**messages.fault("webmap.tiles_public"))
    data = page_data(
        result,
        lang=lang,
        title=title or "",
        context=context,
        top=top,
        tiles=ground,
        plan=(after, moves),
    )
    m = _new_map(data) if m is None else m
    figure = OfflineFigure(title=data["title"][lang], lang=lang, assets=assets)
    figure.take_over(m)
    if ground:
        tiling.add_tiles(m, ground)
    layers = add_layers(m, lang=lang, has_plan=bool(data["plan"]), contexts=data["contexts"])
    m.add_child(FindingsLayer(data, layers))
    return m


def _new_map(data: dict[str, Any]) -> folium.Map:
    points = [park["at"] for park in data["parks"] if "at" in park] or [[0, 0]]
    centre = [sum(at[axis] for at in points) / len(points) / SCALE for axis in (1, 0)]
    m = folium.Map(
        location=[round(degrees, 6) for degrees in centre],
        tiles=None,
        zoom_start=10,
        zoom_control=False,  # the page's script adds one in the page's language
        prefer_canvas=len(points) > CANVAS_FROM,
        zoom_snap=0.25,
        min_zoom=3,
        max_zoom=18,
    )
    m._id = "parkmap"  # noqa: SLF001  # folium draws random ids; the same input must give the same bytes
    return m
