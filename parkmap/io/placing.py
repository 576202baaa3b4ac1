"""Which CRS a file's coordinates are in: what the user says, else the file, else degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parkmap.errors import CRSError
from parkmap.geodesy.extent import centres
from parkmap.io import crs
from parkmap.problems import problem

if TYPE_CHECKING:
    from pyproj import CRS

    from parkmap.io.raw import Options, Raw

    Problems = list[dict[str, Any]]


def place_on_earth(raw: Raw, options: Options) -> tuple[CRS, Problems]:
    """Decide the CRS, and make sure that the coordinates agree with it.

    Parameters
    ----------
    raw
        A file's rows.
    options
        What the user said.

    Returns
    -------
    The CRS, and what was noticed.

    Raises
    ------
    CRSError
        If none is stated, or the coordinates contradict it.

    Examples
    --------
    >>> from pathlib import Path
    >>> import pandas as pd, shapely
    >>> from parkmap.io.raw import Options, Raw
    >>> raw = Raw(path=Path("a.shp"), driver="ESRI Shapefile", table=pd.DataFrame(index=[0]),
    ...     rows=(1,), total=1, geometry=np.array([shapely.box(4e5, 3e6, 5e5, 4e6)]))
    >>> place_on_earth(raw, Options(columns={}, crs=4544))[0].to_epsg()
    4544
    """
    file = raw.shown
    noticed: Problems = []
    stated = raw.crs
    if options.crs is not None:
        place = crs.resolve(options.crs, file=file)
        if stated is not None and not _is_same(stated, place):
            said = " ".join(str(stated).split())[:40]
            noticed.append(problem("PM502", used=crs.label(place), stated=said))
    elif stated is not None:
        place = crs.resolve(stated, file=file)
    elif raw.degrees:
        place = _assumed_degrees(raw, file, noticed)
    else:
        raise crs.missing(raw.geometry, file=file, form=_form(raw))
    crs.check(raw.geometry, place, file=file, form=_form(raw))
    if crs.has_no_shift(place):
        noticed.append(problem("PM503", crs=crs.label(place)))
    if place.to_epsg() == 3857:
        noticed.append(problem("PM505"))
    return place, noticed


def _form(raw: Raw) -> str:
    """Tell tables of points, whose columns can be swapped, and TXT, where north stands first."""
    if raw.driver == "TXT":
        return "_points"
    known = [shape for shape in raw.geometry if shape is not None]
    is_table = raw.driver in ("CSV", "XLSX") and all(shape.geom_type == "Point" for shape in known)
    return "_columns" * is_table


def _is_same(stated: Any, place: CRS) -> bool:
    try:
        return bool(crs.resolve(stated, file="") == place)
    except CRSError:
        return False


def _assumed_degrees(raw: Raw, file: str, noticed: Problems) -> CRS:
    """Take coordinates for longitude and latitude where the format says so and they can be."""
    middle = centres(raw.geometry)
    if np.isfinite(middle).any():
        x, y = np.nanmedian(middle, axis=0)
        if abs(x) > 180 or abs(y) > 180:
            raise crs.missing(raw.geometry, file=file, form=_form(raw))
        if raw.driver != "GeoJSON":
            noticed.append(problem("PM506"))
    return crs.resolve(crs.WGS84, file=file)
