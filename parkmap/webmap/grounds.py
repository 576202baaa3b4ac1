"""What lies under the parks: districts and other ground to find one's way by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from parkmap.webmap.shapes import Drawing

#: shapely's numbers of shapes -> how the page draws a layer of them; the first that is there.
KINDS = {"area": (3, 6), "line": (1, 5), "point": (0, 4)}
#: One layer of districts, or several by name; the first lies lowest and is filled.
Context: TypeAlias = gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame] | None


def ground_data(
    context: Context, draw: Callable[..., Drawing]
) -> tuple[list[list[str]], list[dict[str, Any]]]:
    """Gather the ground under the parks.

    Parameters
    ----------
    context
        Polygons, lines or points with a column ``name``, or several such layers by name.
    draw
        What writes shapes where the page shows them.

    Returns
    -------
    Key, name and kind (see ``KINDS``) of each layer, the name ``""`` for districts; then each
    shape's name, layer, rings and the point of its label.

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
    kinds = [_kind(layer) for layer in layers.values()]
    return [list(one) for one in zip(keys, layers, kinds, strict=True)], grounds


def _kind(layer: gpd.GeoDataFrame) -> str:
    found = set(shapely.get_type_id(layer.geometry.to_numpy()).tolist())
    return next((kind for kind, types in KINDS.items() if not found.isdisjoint(types)), "area")


def _grounds(
    key: str, layer: gpd.GeoDataFrame, draw: Callable[..., Drawing]
) -> list[dict[str, Any]]:
    names = layer["name"] if "name" in layer.columns else [""] * len(layer)
    drawn = draw(layer.geometry, with_lines=True)
    return [
        {"name": name if isinstance(name, str) else "", "layer": key, "rings": rings, "at": at}
        for name, rings, at in zip(names, drawn.rings, drawn.at, strict=True)
    ]
