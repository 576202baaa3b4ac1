"""What lies under the parks: districts and other ground to find one's way by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd

if TYPE_CHECKING:
    from collections.abc import Callable

    from parkmap.webmap.shapes import Drawing

#: One layer of districts, or several by name; the first lies lowest and is filled.
Context: TypeAlias = gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame] | None


def ground_data(
    context: Context, draw: Callable[[gpd.GeoSeries], Drawing]
) -> tuple[list[list[str]], list[dict[str, Any]]]:
    """Gather the ground under the parks.

    Parameters
    ----------
    context
        Polygons with a column ``name``, or several such layers by name.
    draw
        What writes shapes where the page shows them.

    Returns
    -------
    Key and name of each layer, the name ``""`` for districts; then each polygon's name, layer,
    rings and the point of its label.

    Examples
    --------
    >>> from parkmap.webmap import shapes
    >>> ground_data(None, shapes.drawing)
    ([], [])
    """
    if context is None:
        return [], []
    layers = {"": context} if isinstance(context, gpd.GeoDataFrame) else dict(context)
    keys = [f"context_{i}" if i else "context" for i in range(len(layers))]
    grounds = [
        ground
        for key, layer in zip(keys, layers.values(), strict=True)
        for ground in _grounds(key, layer, draw)
    ]
    return [[key, name] for key, name in zip(keys, layers, strict=True)], grounds


def _grounds(
    key: str, layer: gpd.GeoDataFrame, draw: Callable[[gpd.GeoSeries], Drawing]
) -> list[dict[str, Any]]:
    names = layer["name"] if "name" in layer.columns else [""] * len(layer)
    drawn = draw(layer.geometry)
    return [
        {"name": name if isinstance(name, str) else "", "layer": key, "rings": rings, "at": at}
        for name, rings, at in zip(names, drawn.rings, drawn.at, strict=True)
    ]
