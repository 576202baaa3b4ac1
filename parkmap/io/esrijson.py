"""JSON as ArcGIS writes it (a FeatureSet), turned into GeoJSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import shapely

from parkmap.io.headings import heading_unit, recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CALLED = ("name", "alias")


def is_feature_set(content: dict[str, Any]) -> bool:
    """Tell a FeatureSet of ArcGIS.

    Parameters
    ----------
    content
        A JSON object.

    Returns
    -------
    True if its features have attributes rather than properties.

    Examples
    --------
    >>> is_feature_set({"features": [{"attributes": {}}]}), is_feature_set({"features": []})
    (True, False)
    """
    found = content.get("features")
    listed = found if isinstance(found, list) else []
    return "type" not in content and any(
        isinstance(item, dict) and "attributes" in item for item in listed
    )


def aliases(content: Any, headings: Sequence[str], *, named: Iterable[str]) -> dict[str, str]:
    """Find the aliases that say what the names of fields do not.

    Parameters
    ----------
    content
        A JSON object, a FeatureSet or not.
    headings
        The names of its fields.
    named
        The names that the user gave; they stay.

    Returns
    -------
    Name to alias, where the alias is a heading that we know and the name is none.

    Examples
    --------
    >>> fields = [{"name": "YQMC", "alias": "园区名称"}, {"name": "name", "alias": "名称"}]
    >>> found = {"fields": fields, "features": [{"attributes": {}}]}
    >>> aliases(found, ["YQMC", "name"], named=())
    {'YQMC': '园区名称'}
    """
    fields = content.get("fields") if isinstance(content, dict) else None
    if not isinstance(fields, list) or not is_feature_set(content):
        return {}
    kept = {part for said in named for part in (said, *re.split("[:+]", said))}
    made: dict[str, str] = {}
    for field in fields:
        name, alias = (field.get(key) if isinstance(field, dict) else "" for key in _CALLED)
        if not isinstance(name, str) or not isinstance(alias, str) or name not in headings:
            continue
        taken = alias in headings or alias in made.values() or name in kept
        if not taken and _is_known(alias) and not _is_known(name):
            made[name] = alias
    return made


def _is_known(heading: str) -> bool:
    is_area = bool(heading_unit(heading))
    return is_area or bool(heading and recognise([heading], chosen={}))


def to_geojson(content: dict[str, Any]) -> dict[str, Any]:
    """Write a FeatureSet as a FeatureCollection.

    Parameters
    ----------
    content
        The FeatureSet.

    Returns
    -------
    The FeatureCollection, with its ``crs``.

    Examples
    --------
    >>> point = {"attributes": {"名称": "甲"}, "geometry": {"x": 104, "y": 30}}
    >>> made = to_geojson({"features": [point], "spatialReference": {"wkid": 4490}})
    >>> made["features"][0]["geometry"], made["crs"]["properties"]["name"]
    ({'type': 'Point', 'coordinates': [104, 30]}, 'EPSG:4490')
    """
    features = [
        {"type": "Feature", "properties": item.get("attributes"), "geometry": _geometry(item)}
        if isinstance(item, dict)
        else item
        for item in content["features"]
    ]
    made: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    said = _crs(content.get("spatialReference"))
    return {**made, "crs": {"type": "name", "properties": {"name": said}}} if said else made


def _geometry(item: dict[str, Any]) -> Any:
    given = item.get("geometry")
    if not isinstance(given, dict):
        return given
    if "x" in given and "y" in given:
        return {"type": "Point", "coordinates": [given["x"], given["y"]]}
    if "rings" in given:
        return {"type": "MultiPolygon", "coordinates": _grouped(given["rings"])}
    if "paths" in given:
        return {"type": "MultiLineString", "coordinates": given["paths"]}
    return {"type": "MultiPoint", "coordinates": given["points"]} if "points" in given else given


def _grouped(rings: Any) -> Any:
    """Give each hole to the shell before it that surrounds it; shells run clockwise."""
    try:
        outlines = [shapely.Polygon([at[:2] for at in ring]) for ring in rings]
    except (TypeError, ValueError, shapely.errors.GEOSException):
        return [rings] if isinstance(rings, list) else rings  # to be named with its row
    shells: list[tuple[shapely.Polygon, list[Any]]] = []
    holes = []
    for outline, ring in zip(outlines, rings, strict=True):
        if outline.exterior.is_ccw and len(rings) > 1:
            holes.append((outline, ring))
        else:
            shells.append((outline, [ring]))
    for outline, ring in holes:
        inside = outline.representative_point()
        around = next((parts for shell, parts in shells if shell.intersects(inside)), None)
        if around is None:
            shells.append((outline, [ring]))
        else:
            around.append(ring)
    return [parts for _, parts in shells]


def _crs(reference: Any) -> str:
    """Name a spatial reference; ArcGIS's own codes begin at 100,000."""
    if not isinstance(reference, dict):
        return ""
    code = reference.get("latestWkid") or reference.get("wkid")
    if isinstance(code, int):
        return f"EPSG:{code}" if code < 100_000 or reference.get("latestWkid") else f"ESRI:{code}"
    return str(reference.get("wkt") or "")
