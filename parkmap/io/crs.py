"""Where on the earth coordinates lie: stated, plausible, or, if neither, asked for.

A code is never guessed silently: coordinates that contradict it are refused, and the likely code
is named. Chinese layers store east first, whatever axis order EPSG gives their system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from parkmap import messages
from parkmap.errors import CRSError
from parkmap.geodesy.extent import centres, suits
from parkmap.geodesy.systems import to_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray

WGS84 = "EPSG:4326"

_CHINA = (73.0, 3.0, 136.0, 54.5)  # west, south, east, north
_CHENGDU = 10  # zones from 75 degrees east to its meridian
_NO_SHIFT = ("xian 1980", "beijing 1954", "new beijing", "krassowsky")


@dataclass(frozen=True)
class _Zones:
    """3-degree Gauss-Krueger codes of one datum: with the zone before the easting, and without."""

    prefixed: int  # code of zone 25
    plain: int


_FAMILIES = {
    "xian 1980": _Zones(2349, 2370),
    "beijing 1954": _Zones(2401, 2422),
    "": _Zones(4513, 4534),  # CGCS2000
}
_NAMES = {"xian 1980": "io.xian1980", "beijing 1954": "io.beijing1954", "": "io.cgcs2000"}
_SIX_DEGREE_13 = 4491  # CGCS2000 / Gauss-Kruger zone 13


def resolve(said: Any, *, file: str) -> CRS:
    """Understand what a file or a user says the coordinates are.

    Parameters
    ----------
    said
        A code, a name, WKT, or a CRS.
    file
        The file's name, for the message.

    Returns
    -------
    A geographic or projected CRS in two dimensions.

    Raises
    ------
    CRSError
        If it is unknown or not tied to the earth.

    Examples
    --------
    >>> resolve("EPSG:4544", file="a.shp").to_epsg()
    4544
    """
    try:
        crs = CRS.from_user_input(said)
        crs = crs.sub_crs_list[0] if crs.is_compound else crs
        crs = crs.to_2d() if len(crs.axis_info) > 2 else crs
    except (ProjError, ValueError, TypeError) as reason:
        text = " ".join(str(said).split())[:40]
        raise CRSError(**messages.fault("io.unknown_crs", crs=text), file=file) from reason
    if not (crs.is_geographic or crs.is_projected):
        raise CRSError(**messages.fault("io.not_on_earth", crs=crs.name[:40]), file=file)
    try:  # some damage shows only in use
        to_lonlat(np.zeros((1, 2)), crs)
        code = crs.to_epsg(min_confidence=70)  # ESRI's names are not EPSG's
        known = CRS.from_epsg(code) if code else crs
        return known if _is_alike(crs, known) else crs
    except ProjError as reason:
        raise CRSError(**messages.fault("io.unknown_crs", crs=crs.name[:40]), file=file) from reason


def label(crs: CRS) -> str:
    """Name a CRS in a few characters.

    Parameters
    ----------
    crs
        The CRS.

    Returns
    -------
    ``EPSG:4544`` where it has a code, else its name.

    Examples
    --------
    >>> label(CRS.from_epsg(4544))
    'EPSG:4544'
    """
    authority = crs.to_authority()
    return ":".join(authority) if authority else crs.name[:60]


def check(geometry: NDArray[np.object_], crs: CRS, *, file: str, form: str = "") -> None:
    """Refuse coordinates that cannot be what their CRS says.

    The median park is judged, so that one outlier does not condemn a file (``check_parks`` lists
    it).

    Parameters
    ----------
    geometry
        Shapely geometries.
    crs
        Their CRS as stated.
    file
        The file's name, for the message.
    form
        Where coordinates stand in columns that a user can name, ``"_columns"``; in a TXT of
        boundary points, ``"_points"``.

    Raises
    ------
    CRSError
        If most parks lie where the CRS is not used; the likely code is named.

    Examples
    --------
    >>> import shapely
    >>> check(np.array([shapely.box(104, 30, 105, 31)]), CRS.from_epsg(4490), file="a.shp")
    """
    middle = centres(geometry)
    if not np.isfinite(middle).any():
        return
    x, y = (float(value) for value in np.nanmedian(middle, axis=0))
    if _is_used_at(crs, x, y):
        return
    said = {"crs": label(crs), "x": messages.figure(x), "y": messages.figure(y)}
    if _is_swapped(x, y) or (_is_used_at(crs, y, x) and not _has_zone(x, y)):
        raise CRSError(**messages.fault(f"io.swapped{form}", **said), file=file)
    raise CRSError(**_likely("io.implausible", x, y, datum=_family(crs), **said), file=file)


def is_north_first(geometry: NDArray[np.object_]) -> bool:
    """Tell northings or latitudes of China that stand before eastings or longitudes.

    Parameters
    ----------
    geometry
        Shapely geometries.

    Returns
    -------
    True if the median lies so.

    Examples
    --------
    >>> import shapely
    >>> is_north_first(np.array([shapely.Point(3_390_000, 35_400_000)]))
    True
    """
    middle = centres(geometry)
    if not np.isfinite(middle).any():
        return False
    x, y = (float(value) for value in np.nanmedian(middle, axis=0))
    return _is_swapped(x, y)


def missing(geometry: NDArray[np.object_], *, file: str, form: str = "") -> CRSError:
    """Say that a file states no CRS, and which is likely.

    Parameters
    ----------
    geometry
        Shapely geometries.
    file
        The file's name.
    form
        Where coordinates stand in columns that a user can name, ``"_columns"``; in a TXT of
        boundary points, ``"_points"``.

    Returns
    -------
    The error to raise.

    Examples
    --------
    >>> import shapely
    >>> square = np.array([shapely.box(35_400_000, 3_390_000, 35_401_000, 3_391_000)])
    >>> "EPSG:4523" in str(missing(square, file="a.shp"))
    True
    """
    middle = centres(geometry)
    if not np.isfinite(middle).any():
        return CRSError(**messages.fault("io.no_crs_at_all"), file=file)
    x, y = (float(value) for value in np.nanmedian(middle, axis=0))
    if not _is_swapped(x, y):
        return CRSError(**_likely("io.no_crs", x, y), file=file)
    likely = guess(y, x) or messages.text("io.zone_unknown", datum=messages.text("io.cgcs2000"))
    return CRSError(**messages.fault(f"io.no_crs_swapped{form}", likely=likely), file=file)


def _likely(key: str, east: float, north: float, *, datum: str = "", **said: str) -> messages.Fault:
    """Say which system is likely, or, where the zone or all of it is unknown, what to do."""
    codes = guess(east, north, datum=datum)
    if codes:
        return messages.fault(key, likely=codes, **said)
    if not (50_000 <= east <= 950_000 and 1.8e6 <= north <= 6.1e6):
        return messages.fault(f"{key}_local", **said)
    code = f"EPSG:{_FAMILIES[datum].plain + _CHENGDU}"
    return messages.fault(f"{key}_zone", code=code, datum=messages.text(_NAMES[datum]), **said)


def _named(code: int, name: str) -> str:
    return messages.text("io.crs_named", code=f"EPSG:{code}", name=name)


def guess(x: float, y: float, *, datum: str = "") -> str:
    """Name the codes in which a place would lie in China.

    Parameters
    ----------
    x, y
        Coordinates, east first.
    datum
        ``"xian 1980"``, ``"beijing 1954"`` or "" for CGCS2000.

    Returns
    -------
    Codes to try with their names, separated by commas; "" where the zone is open or nothing fits.

    Examples
    --------
    >>> guess(35_400_000, 3_390_000)[:9], guess(11_585_000, 3_590_000)[:9]
    ('EPSG:4523', 'EPSG:3857')
    >>> guess(400_000, 3_390_000)
    ''
    """
    zones = _FAMILIES[datum]
    if abs(x) <= 180 and abs(y) <= 90:
        return _named(4490, messages.text("io.degrees_2000"))
    codes = []
    zone = int(x // 1_000_000)
    inside = 1.8e6 <= y <= 6.1e6 and 50_000 <= x % 1_000_000 <= 950_000
    if 25 <= zone <= 45 and inside:
        name = messages.text("io.zone", datum=messages.text(_NAMES[datum]), width=3, zone=zone)
        codes.append(_named(zones.prefixed + zone - 25, name))
    if 13 <= zone <= 23 and inside:
        name = messages.text("io.zone", datum=messages.text(_NAMES[""]), width=6, zone=zone)
        codes.append(_named(_SIX_DEGREE_13 + zone - 13, name))
    if 8.1e6 <= x <= 15.1e6 and 2.0e6 <= y <= 7.3e6:
        codes.append(_named(3857, messages.text("io.web_mercator")))
    return messages.listed(codes)


def has_no_shift(crs: CRS) -> bool:
    """Tell whether a CRS's datum has no published shift to CGCS2000.

    Parameters
    ----------
    crs
        The CRS.

    Returns
    -------
    True for Xi'an 1980 and Beijing 1954.

    Examples
    --------
    >>> has_no_shift(CRS.from_epsg(2380)), has_no_shift(CRS.from_epsg(4544))
    (True, False)
    """
    datum = crs.datum.name.lower() if crs.datum else ""
    return any(name in datum for name in _NO_SHIFT)


def _is_alike(crs: CRS, other: CRS) -> bool:
    """Tell whether two descriptions put coordinates in the same place."""
    area = other.area_of_use
    if area is None or crs.is_geographic:
        return bool(crs.is_geographic == other.is_geographic)
    place = np.array([[(area.west + area.east) / 2, (area.south + area.north) / 2]])
    ours, theirs = (
        np.column_stack(
            Transformer.from_crs(each.geodetic_crs, each, always_xy=True).transform(*place.T)
        )
        for each in (crs, other)
    )
    return bool(np.allclose(ours, theirs, rtol=0, atol=1e-3))


def _is_used_at(crs: CRS, x: float, y: float) -> bool:
    if crs.is_projected and abs(x) <= 180 and abs(y) <= 90:
        return False  # degrees labelled metres
    if crs.is_geographic and _is_swapped(x, y):
        return False
    return bool(suits(crs, np.array([[x, y]]))[0])


def _is_swapped(x: float, y: float) -> bool:
    """Tell north before east: latitude and longitude of China, or a Chinese northing first."""
    west, south, east, north = _CHINA
    in_degrees = south <= x <= north and west <= y <= east and y > 84
    in_metres = 1.8e6 <= x <= 6.1e6 and (1.3e7 <= y < 4.6e7 or 50_000 <= y <= 950_000)
    return in_degrees or in_metres


def _has_zone(x: float, y: float) -> bool:
    """Tell an easting of China with its zone before it, and a northing."""
    return 1.3e7 <= x < 4.6e7 and 1.8e6 <= y <= 6.1e6


def _family(crs: CRS) -> str:
    datum = crs.datum.name.lower() if crs.datum else ""
    return next((name for name in _FAMILIES if name and name in datum), "")
