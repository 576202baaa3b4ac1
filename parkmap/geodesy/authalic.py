"""The ellipsoid's radii, and the area between the equator and a latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parkmap.geodesy.systems import axis_flattening

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS


def squared_radii(
    sine: NDArray[np.float64], crs: CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the squares of the radius of the parallel and of the meridian.

    Parameters
    ----------
    sine
        Sines of latitudes.
    crs
        A CRS on the ellipsoid.

    Returns
    -------
    Two arrays in square metres.

    Examples
    --------
    >>> from pyproj import CRS
    >>> squared_radii(np.zeros(1), CRS(4490))[0] ** 0.5
    array([6378137.])
    """
    axis, flattening = axis_flattening(crs)
    e2 = flattening * (2 - flattening)
    s2 = sine * sine
    w2 = 1 - e2 * s2
    return axis * axis * (1 - s2) / w2, (axis * (1 - e2)) ** 2 / (w2 * w2 * w2)


def authalic(sine: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Return the area between the equator and a latitude, a radian of longitude.

    Parameters
    ----------
    sine
        Sines of latitudes.
    crs
        A CRS on the ellipsoid.

    Returns
    -------
    Square metres.

    Notes
    -----
    The integral of ``b**2 / (1 - e**2 s**2)**2`` over s, as a series in ``e**2 s**2``, to 1e-11.

    Examples
    --------
    >>> from pyproj import CRS
    >>> round(float(authalic(np.ones(1), CRS(4490))[0] * 4 * np.pi / 1e12))  # million km2
    510
    """
    axis, flattening = axis_flattening(crs)
    e2 = flattening * (2 - flattening)
    t = e2 * sine * sine
    series = np.full_like(sine, 5 / 9)
    for term in range(4, 0, -1):
        series *= t
        series += term / (2 * term - 1)
    area: NDArray[np.float64] = axis * axis * (1 - e2) * sine * series
    return area
