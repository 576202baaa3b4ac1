"""What looks delivered on a web map's datum: said, never corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import geodesy, messages, schema
from parkmap.problems import problem
from parkmap.validation.repairing import repair_parks
from parkmap.validation.shapes import at_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

_DATUM_NAMES = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_POINTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")  # of the compass


def check_datum(
    parks: gpd.GeoDataFrame, *, reference: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """List parks, or a whole layer, that look drawn on GCJ-02 or BD-09.

    Parameters
    ----------
    parks
        A parks table with a CRS.
    reference
        The same parks, or what surrounds them, drawn true; without it each park is tried against
        its neighbours only.

    Returns
    -------
    Problems: one of the whole layer if it does not fit the reference, else one a park. Nothing is
    changed.

    Raises
    ------
    CRSError
        If a layer has no CRS.

    Notes
    -----
    See :func:`parkmap.geodesy.looks_like_gcj02` and :func:`parkmap.geodesy.datum_suspects`. A park
    that really was moved by the same distance in the same direction looks alike.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> true = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(104, 30, 104.1, 30.1)], crs=4490)
    >>> len(check_datum(true, reference=true))
    0
    """
    table = schema.complete(parks)
    if table.crs is None:
        return schema.problems_table([])
    sound, _ = repair_parks(table)
    hint = None if reference is None else geodesy.looks_like_gcj02(sound, reference)
    if hint is not None:
        return schema.problems_table([problem("PM508", **_said(vars(hint)))])
    suspects = geodesy.datum_suspects(sound)
    place = {park: at for at, park in enumerate(table.index)}
    return schema.problems_table(
        at_row(table, place[park], "PM507", **_said(hint))
        for park, hint in suspects.to_dict("index").items()
    )


def _said(hint: Mapping[Any, Any]) -> dict[str, Any]:
    point = _POINTS[round(hint["azimuth"] / 45) % 8]
    return {
        "datum": _DATUM_NAMES[hint["datum"]],
        "option": hint["datum"],
        "shift": f"{round(hint['shift_m'], -1):.0f}",
        "direction": messages.text(f"problems.direction.{point}"),
    }
