"""Where on the earth coordinates lie, and whether their CRS is used there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from parkmap.geodesy.systems import to_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

_MARGIN_DEG = 3.0  # a zone is used this far beyond its edge


def centres(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the middle of each geometry's bounds.

    Parameters
    ----------
    geometry
        Shapely geometries.

    Returns
    -------
    Array (n, 2); nan for none, empty or not finite.

    Examples
    --------
    >>> centres(np.array([shapely.box(0, 0, 2, 4)])).tolist()
    [[1.0, 2.0]]
    """
    west, south, east, north = shapely.bounds(geometry).T
    middle = np.column_stack([west / 2 + east / 2, south / 2 + north / 2])
    return np.where(np.isfinite(middle).all(axis=1)[:, None], middle, np.nan)


def suits(crs: CRS, middle: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which places lie where a CRS is used.

    Parameters
    ----------
    crs
        The CRS.
    middle
        Array (n, 2) of coordinates in it.

    Returns
    -------
    True for each place in its area of use, some degrees beyond it, or unknown (nan).

    Examples
    --------
    >>> from pyproj import CRS
    >>> suits(CRS.from_epsg(4490), np.array([[104.0, 30.0], [0.0, 0.0]])).tolist()
    [True, False]
    """
    lonlat = to_lonlat(middle, crs)
    known = np.isfinite(middle).all(axis=1)
    inside = np.isfinite(lonlat).all(axis=1) & (np.abs(lonlat) <= (180.0, 90.0)).all(axis=1)
    if crs.area_of_use is not None:
        west, south, east, north = crs.area_of_use.bounds
        lon, lat = lonlat.T
        crosses = west > east
        beyond_west, beyond_east = lon >= west - _MARGIN_DEG, lon <= east + _MARGIN_DEG
        inside &= (beyond_west | beyond_east) if crosses else (beyond_west & beyond_east)
        inside &= (lat >= south - _MARGIN_DEG) & (lat <= north + _MARGIN_DEG)
    return np.asarray(inside | ~known, dtype=bool)
