"""What lies under the parks: districts and other ground to find one's way by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from parkmap.webmap.shapes import Drawing


def ground_data(
    context: gpd.GeoDataFrame | None, draw: Callable[[gpd.GeoSeries], Drawing]
) -> list[dict[str, Any]]:
    """Gather the ground under the parks.

    Parameters
    ----------
    context
        Its polygons, with a column ``name``.
    draw
        What writes shapes where the page shows them.

    Returns
    -------
    Name, rings and the point of the label, one a row.

    Examples
    --------
    >>> from parkmap.webmap import shapes
    >>> ground_data(None, shapes.drawing)
    []
    """
    if context is None:
        return []
    names = context["name"] if "name" in context.columns else [""] * len(context)
    drawn = draw(context.geometry)
    return [
        {"name": name if isinstance(name, str) else "", "rings": rings, "at": at}
        for name, rings, at in zip(names, drawn.rings, drawn.at, strict=True)
    ]
