"""Small layers whose areas one can work out in the head."""

import geopandas as gpd
from shapely.geometry import box

METRIC = "EPSG:4544"  # CGCS2000 / 3-degree Gauss-Kruger CM 105E
ORIGIN = (400_000.0, 3_390_000.0)  # near Chengdu


def square(x=0.0, y=0.0, width=1000.0, height=None):
    """A box with its lower left corner x, y metres from ORIGIN."""
    left, low = ORIGIN[0] + x, ORIGIN[1] + y
    return box(left, low, left + width, low + (width if height is None else height))


def park_layer(shapes, crs=METRIC, **columns):
    """Parks named after the keys of shapes; each column a list in the same order."""
    data = {"park_id": list(shapes), "name": [f"园区{key}" for key in shapes], **columns}
    return gpd.GeoDataFrame(data, geometry=list(shapes.values()), crs=crs).set_index("park_id")


def sector_layer(sectors, gap=5000.0, **columns):
    """Parks a, b, c ... in a row, gap metres apart, each a text of leading sectors."""
    keys = [chr(97 + i) if len(sectors) <= 26 else f"{i:04d}" for i in range(len(sectors))]
    shapes = {key: square(i * gap) for i, key in enumerate(keys)}
    terms = [tuple(text.split("、")) if text else () for text in sectors]
    return park_layer(shapes, sectors=terms, **columns)
