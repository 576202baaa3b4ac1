"""What changed between two deliveries: parks and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import geodesy, ledger, lineage, report, schema
from parkmap.messages import listed, percent, text

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from parkmap.schema import Analysis

    #: A shape in the plane of the comparison, and its hectares on the ellipsoid.
    Drawn = tuple[BaseGeometry | None, float]

COLUMNS = ("what", "change", "id", "name", "before", "after")
#: Outlines that share less than this of the ground they cover together are drawn anew; points
#: farther apart than this many metres, too.
_SAME_IOU, _SAME_PLACE_M = 0.999, 1.0
#: A park holds the ground of another if this part of it lies within.
_MOST = 0.8
_ORDER = ("added", "gone", "renamed", "moved", "retiered", "resectored")
_FINDINGS = ("new", "worsened", "eased", "resolved", "source_missing")


def compare(old: Analysis, new: Analysis) -> pd.DataFrame:
    """Compare two deliveries.

    Parameters
    ----------
    old, new
        Analyses of the same city by the same criteria.

    Returns
    -------
    One row a change: ``what`` (``park`` or ``finding``), ``change``, ``id`` (of the new delivery
    where it is there), ``name``, ``before`` and ``after`` in words.

    Notes
    -----
    Parks are matched by :func:`parkmap.lineage.successors`; a park may change in several ways.
    Findings for information are left out; the others are compared as a ledger does
    (:func:`parkmap.ledger.take_in`): one whose park is gone is not resolved.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> def run(*names):
    ...     shapes = [box(4e5, 3e6, 401000, 3001000)] * len(names)
    ...     return pm.analyze(gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=4544))
    >>> compare(run("A"), run("B"))["change"].tolist()
    ['renamed']
    """
    rows = [*_park_rows(old.parks, new.parks), *_finding_rows(old, new)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _park_rows(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    before, after = schema.complete(old), schema.complete(new)
    matched = {left: right for left, (right, _) in lineage.successors(before, after).items()}
    found: dict[str, list[tuple[str, ...]]] = {change: [] for change in _ORDER}
    for park in after.index.difference(list(matched.values()), sort=False):
        name = str(after.loc[park, "name"])
        found["added"].append(("park", "added", park, name, "", name))
    place = before.estimate_utm_crs() if before.geometry.notna().any() else before.crs
    shapes = [_mended(table.geometry.to_crs(place)) for table in (before, after)]
    areas = [_hectares(table) for table in (before, after)]
    for park in before.index.difference(list(matched), sort=False):
        name = str(before.loc[park, "name"])
        heirs = _heirs(shapes[0].loc[park], shapes, matched)
        said = [
            text("comparison.within", share=percent(share), name=after.loc[heir, "name"])
            for heir, share in heirs.items()
        ]
        now = listed(said)
        found["gone"].append(("park", "gone", park, name, name, now))
    for left, right in matched.items():
        was, now = before.loc[left], after.loc[right]
        pairs = {
            "renamed": (str(was["name"]), str(now["name"])),
            "retiered": (_tier(was["tier"]), _tier(now["tier"])),
            "resectored": (_sectors(was["sectors"]), _sectors(now["sectors"])),
            "moved": _moved(
                (shapes[0].loc[left], areas[0].loc[left]),
                (shapes[1].loc[right], areas[1].loc[right]),
            ),
        }
        for change, (one, other) in pairs.items():
            if one != other:
                found[change].append(("park", change, right, str(now["name"]), one, other))
    return [row for change in _ORDER for row in found[change]]


def _heirs(
    was: BaseGeometry | None, shapes: list[gpd.GeoSeries], matched: dict[str, str]
) -> dict[str, float]:
    """Find the parks that took in most of the ground of one that is gone, and how much of it."""
    if was is None or not was.area:
        return {}
    old, new = (
        {park: _share(was, shape) for park, shape in one.iloc[one.sindex.query(was)].items()}
        for one in shapes
    )
    held = {right: old.get(left, 0.0) for left, right in matched.items()}
    return {
        park: share for park, share in new.items() if share >= _MOST and held.get(park, 0.0) < _MOST
    }


def _share(ground: BaseGeometry, park: BaseGeometry) -> float:
    return ground.intersection(park).area / ground.area


def _mended(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Mend what moving to another plane may have crossed."""
    return shapes.make_valid(method="structure", keep_collapsed=False)


def _tier(tier: str) -> str:
    return text(f"terms.tier.{tier}") if tier in schema.TIERS else str(tier)


def _sectors(sectors: tuple[str, ...]) -> str:
    return listed(sorted(map(str, sectors)))


def _hectares(parks: gpd.GeoDataFrame) -> pd.Series:
    shapes = _mended(parks.geometry)
    return pd.Series(geodesy.ellipsoidal_area(shapes, parks.crs) / 1e4, index=parks.index)


def _moved(before: Drawn, after: Drawn) -> tuple[str, str]:
    """Say how both are drawn where they are not drawn alike, else twice the same."""
    (was, _), (now, _) = before, after
    one, other = (shape is not None and not shape.is_empty for shape in (was, now))
    if was is None or now is None or not (one and other):
        return _drawn(before), _drawn(after)
    if was.area and now.area:
        shared = was.intersection(now).area
        whole = was.area + now.area - shared
        if shared / whole >= _SAME_IOU:
            return "", ""
        apart = text("comparison.iou", share=percent(shared / whole))
        return _drawn(before), f"{_drawn(after)}{apart}"
    metres = was.distance(now)
    if bool(was.area) == bool(now.area) and metres <= _SAME_PLACE_M:
        return "", ""
    return _drawn(before), f"{_drawn(after)}{text('comparison.apart', metres=f'{metres:,.0f}')}"


def _drawn(drawn: Drawn) -> str:
    shape, hectares = drawn
    if shape is None or shape.is_empty:
        return text("comparison.nothing")
    if not shape.area:
        return text("comparison.point")
    return text("comparison.hectares", ha=f"{hectares:,.2f}")


def _finding_rows(old: Analysis, new: Analysis) -> list[tuple[str, ...]]:
    state = ledger.State()
    for run in (old, new):
        before = {name: dict(row) for name, row in state.rows["matters"].items()}
        lines = [line.name for line in run.lines]
        findings = report.finding_facts(run)
        delivery = ledger.Delivery(parks=run.parks, findings=findings, lines=lines)
        ledger.take_in(state, delivery, date=run.date or "")
    rows: list[tuple[str, ...]] = []
    for change in _FINDINGS:
        for name, row in state.rows["matters"].items():
            if row["change"] == change:
                was = str(before.get(name, {}).get("description", ""))
                gone = change in ("resolved", "source_missing")
                now = "" if gone else str(row["description"])
                rows.append(("finding", change, row["_finding"], str(row["parks"]), was, now))
    return rows


def comparison_json(old: Analysis, new: Analysis, changes: pd.DataFrame) -> dict[str, Any]:
    """Compare two deliveries for programs.

    Parameters
    ----------
    old, new
        As for :func:`compare`.
    changes
        What it returned for them.

    Returns
    -------
    ``schema``, ``parkmap``, ``old`` and ``new`` (date, system, parks), ``parks`` and ``findings``.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> run = pm.analyze(layer)
    >>> comparison_json(run, run, compare(run, run))["parks"]
    []
    """
    sides: dict[str, Any] = {
        side: {"date": run.date, "system": run.system, "parks": len(run.parks)}
        for side, run in (("old", old), ("new", new))
    }
    lists = {
        f"{what}s": changes[changes["what"] == what].drop(columns="what").to_dict("records")
        for what in ("park", "finding")
    }
    return {**report.opening("diff"), **sides, **lists}
