"""Background tiles from the internet, for those who ask: the page then needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import folium
import numpy as np

from parkmap import escape, geodesy, messages
from parkmap.errors import OptionError
from parkmap.webmap.shapes import WGS84

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_TIANDITU = (
    "https://t{s}.tianditu.gov.cn/@_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=@"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk="
)
_GAODE = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
#: Providers whose tiles are drawn on GCJ-02.
_SHIFTED_HOSTS = re.compile(r"^https?://[^/]*(autonavi\.com|amap\.com|google\.cn|gtimg\.com)[:/]")


@dataclass(frozen=True)
class Tiles:
    """Layers of tiles.

    Parameters
    ----------
    addresses
        Of a tile, with ``{z}``, ``{x}``, ``{y}`` and perhaps ``{s}``, the lowest layer first.
    source
        Whose they are.
    subdomains
        What ``{s}`` stands for.
    is_shifted
        Whether they are drawn on GCJ-02, a few hundred metres off.

    Examples
    --------
    >>> chosen("gaode").is_shifted
    True
    """

    addresses: tuple[str, ...]
    source: str
    subdomains: str
    is_shifted: bool


def chosen(name: str, *, key: str = "") -> Tiles:
    """Read what tiles are asked for.

    Parameters
    ----------
    name
        ``"tianditu"``, ``"gaode"`` or the address of a tile with ``{z}``, ``{x}`` and ``{y}``.
    key
        The key that Tianditu asks for; it stands in the page for all to read.

    Returns
    -------
    The tiles.

    Raises
    ------
    OptionError
        If the name is none of these, or Tianditu's key is missing.

    Examples
    --------
    >>> chosen("https://tiles.example/{z}/{x}/{y}.png").source
    'tiles.example'
    """
    if name == "tianditu":
        if not re.fullmatch("[0-9A-Za-z]{8,64}", key):
            raise OptionError(**messages.fault("webmap.tianditu_key"))
        both = tuple(_TIANDITU.replace("@", layer) + key for layer in ("vec", "cva"))
        return Tiles(both, "天地图", "01234567", is_shifted=False)
    if name == "gaode":
        return Tiles((_GAODE,), "高德地图", "1234", is_shifted=True)
    address = re.match(r"https?://([^/?#\s]+)/", name)
    if address is None or not all(part in name for part in ("{z}", "{x}", "{y}")):
        raise OptionError(**messages.fault("webmap.tiles", given=name))
    return Tiles((name,), address[1], "abc", is_shifted=bool(_SHIFTED_HOSTS.match(name)))


def add_tiles(m: folium.Map, tiles: Tiles) -> None:
    """Lay tiles under everything on a map.

    Parameters
    ----------
    m
        The map.
    tiles
        The tiles.

    Examples
    --------
    >>> m = folium.Map(tiles=None)
    >>> add_tiles(m, chosen("gaode"))
    >>> len(m._children)
    1
    """
    for number, address in enumerate(tiles.addresses):
        layer = folium.TileLayer(
            address,
            attr=escape.html(tiles.source),
            subdomains=tiles.subdomains,
            control=False,
            max_native_zoom=18,
            max_zoom=18,
        )
        layer._id = f"tiles{number}"  # noqa: SLF001
        m.add_child(layer)


def shifted(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    """Move shapes to where tiles on GCJ-02 show their ground; for display alone.

    Parameters
    ----------
    layer
        Shapes; without a CRS they are taken to be longitudes and latitudes on WGS 84.

    Returns
    -------
    Shapes whose coordinates are GCJ-02 degrees, said to be WGS 84 so that the page draws them so.

    Examples
    --------
    >>> import shapely, geopandas as gpd
    >>> moved = shifted(gpd.GeoSeries([shapely.Point(104, 30.6)], crs=4326))[0]
    >>> round(moved.x, 4), round(moved.y, 4)
    (104.0023, 30.5974)
    """

    def moved(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(geodesy.wgs84_to_gcj02(places[:, 0], places[:, 1]))

    geographic = layer.set_crs(WGS84) if layer.crs is None else layer.to_crs(WGS84)
    return geographic.transform(moved)
