"""What looks drawn on GCJ-02 or BD-09: a layer against a true one, a park against its neighbours.

Neither datum can be seen in a file; what gives it away is that shapes fit only after conversion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from parkmap.geodesy.datum import DATUMS, shift_datum
from parkmap.geodesy.extent import centres
from parkmap.geodesy.systems import metric_crs, require_crs

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_MOST_OTHERS = 50  # what lies on so many says nothing of any of them
_SAME_IOU = 0.95
_FALL = 0.8
_NEAR_M = 1500.0  # gaps up to twice this wide count
_AROUND = np.array([-_NEAR_M, -_NEAR_M, _NEAR_M, _NEAR_M])
_NESTED = 0.9  # of the smaller: park in park, which any move seems to mend
_SHARED = 0.03  # of a park lies on others before it is suspected
_BORDER_M = 60.0  # two parks along one road lie no farther apart
_CONTACT = 0.12  # of its outline that a park drawn true has along its neighbours


@dataclass(frozen=True, kw_only=True)
class DatumHint:
    """What a layer looks like, and why.

    Parameters
    ----------
    datum
        ``"gcj02"`` or ``"bd09"``.
    shift_m, azimuth
        How far, and in which direction (degrees from north, clockwise), it lies off the truth.
    evidence
        ``"iou"``: the same parks fit only after conversion; ``"mismatch"``: overlap (of a layer:
        and gaps) against the neighbours nearly vanishes.
    before, after
        The median IoU, or the square metres that do not fit, as drawn and after conversion.

    Examples
    --------
    >>> DatumHint(
    ...     datum="gcj02", shift_m=360, azimuth=139, evidence="iou", before=0.7, after=1
    ... ).datum
    'gcj02'
    """

    datum: str
    shift_m: float
    azimuth: float
    evidence: str
    before: float
    after: float


def looks_like_gcj02(parks: gpd.GeoDataFrame, reference: gpd.GeoDataFrame) -> DatumHint | None:
    """Tell whether parks look drawn on GCJ-02 or BD-09, against a layer that is not.

    Parameters
    ----------
    parks
        The layer in doubt, or a single park of it.
    reference
        The same parks, or what surrounds them, drawn true.

    Returns
    -------
    What it looks like, or None. Nothing is changed.

    Notes
    -----
    Each datum is tried. Either the median IoU of the parks with their best partner jumps to .95 or
    more, or overlap and narrow gaps between both layers fall by more than 80 %. Wrong where the
    shapes really were moved by the same distance in the same direction.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> true = gpd.GeoDataFrame(geometry=[shapely.box(104, 30.6, 104.03, 30.63)], crs=4490)
    >>> looks_like_gcj02(true, true) is None
    True
    """
    plane = metric_crs(reference)
    true = _shapes(reference, plane)
    if not len(true) or not len(_shapes(parks, plane)):
        return None
    drawn = _shapes(parks, plane)
    found = []
    for datum in DATUMS[1:]:
        moved = shift_datum(parks, datum=datum)
        evidence = _evidence(drawn, _shapes(moved, plane), true)
        if evidence:
            metres, azimuth = _displacement(parks, moved)
            found.append(DatumHint(datum=datum, shift_m=metres, azimuth=azimuth, **evidence))
    improvement = [abs(hint.after - hint.before) for hint in found]
    return found[int(np.argmax(improvement))] if found else None


def datum_suspects(parks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Try each park against its neighbours in the same layer.

    Parameters
    ----------
    parks
        Any GeoDataFrame of which most rows are drawn true.

    Returns
    -------
    One row a park that looks shifted: ``datum``, ``shift_m``, ``azimuth``, ``evidence``,
    ``before``, ``after``.

    Notes
    -----
    A park is tried if it shares ground with others that it does not lie in, nor they in it. It
    is suspected if that ground falls by more than 80 % once it is converted and its outline comes
    to lie along theirs (within 60 m, an eighth of it and twice as much as before), or if it then
    is the same as one of them (IoU from below to above .95). A shifted park that lies on nobody,
    on more than fifty others or on the very same outline as another, is not seen.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> boxes = [shapely.box(104, 30.6, 104.03, 30.63), shapely.box(104.03, 30.6, 104.06, 30.63)]
    >>> len(datum_suspects(gpd.GeoDataFrame(geometry=boxes, crs=4490)))
    0
    """
    plane = metric_crs(parks)
    land = parks[parks.geometry.notna() & parks.geom_type.isin(["Polygon", "MultiPolygon"])]
    shapes = _shapes(land, plane)
    rows = {}
    if len(shapes) == len(land):  # coordinates that are not finite are told elsewhere
        first, repeats = _distinct(shapes)
        shapes, land = shapes[first], land.iloc[first]
        tree = shapely.STRtree(shapes)
        tried = [at for at in _meeting(shapes, tree) if repeats[at] == 1]
        trials = [_Trial(datum, land.iloc[tried], plane) for datum in DATUMS[1:]]
        for number, at in enumerate(tried):
            hint = _suspect(shapes, tree, at, [trial.of(number) for trial in trials])
            if hint:
                rows[land.index[at]] = vars(hint)
    columns = list(DatumHint.__dataclass_fields__)
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


class _Trial:
    """Parks converted from one datum, and how far each was moved."""

    def __init__(self, datum: str, parks: gpd.GeoDataFrame, plane: Any) -> None:
        moved = shift_datum(parks, datum=datum)
        self.datum = datum
        self.shapes = _shapes(moved, plane)
        self.metres, self.azimuths = _displacements(parks, moved)

    def of(self, number: int) -> tuple[str, Any, float, float]:
        """Datum, converted shape, metres and azimuth of one park."""
        metres, azimuth = float(self.metres[number]), float(self.azimuths[number])
        return self.datum, self.shapes[number], metres, azimuth


def _distinct(shapes: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each outline stands first, and how many have it."""
    outlines = shapely.to_wkb(shapely.normalize(shapes))
    _, first, repeats = np.unique(outlines, return_index=True, return_counts=True)
    order = np.argsort(first)
    return first[order], repeats[order]


def _meeting(shapes: NDArray[np.object_], tree: shapely.STRtree) -> list[int]:
    """Parks of which some ground lies on others, though not on a crowd of them."""
    i, j = tree.query(shapes, predicate="intersects")
    crowd = np.bincount(i, minlength=len(shapes)) > _MOST_OTHERS + 1
    told = (i != j) & ~crowd[i]
    i, j = i[told], j[told]
    shared = np.bincount(i, shapely.area(shapely.intersection(shapes[i], shapes[j])), len(shapes))
    return [int(at) for at in np.flatnonzero(shared > _SHARED * shapely.area(shapes))]


def _suspect(
    shapes: NDArray[np.object_],
    tree: shapely.STRtree,
    at: int,
    trials: list[tuple[str, Any, float, float]],
) -> DatumHint | None:
    drawn = shapes[at]
    near = tree.query(shapely.box(*(np.array(drawn.bounds) + _AROUND)))
    others = shapes[near[near != at]]
    areas = shapely.area(others)
    shared = shapely.area(shapely.intersection(drawn, others))
    apart = shared < _NESTED * np.minimum(areas, drawn.area)
    lain_on = shared[apart].sum()  # the most that it can be, and below the least that is left of it
    before = _best_iou(shared, areas, drawn)
    found = []
    for datum, true, metres, azimuth in trials:
        common = shapely.area(shapely.intersection(true, others))
        evidence = _fits(before, _best_iou(common, areas, true))
        may_mend = (
            lain_on > _SHARED * drawn.area and common[apart].max(initial=0) < (1 - _FALL) * lain_on
        )
        evidence = evidence or (_mends(drawn, true, others[apart]) if may_mend else None)
        if evidence:
            found.append(DatumHint(datum=datum, shift_m=metres, azimuth=azimuth, **evidence))
    found.sort(key=lambda hint: (hint.evidence != "iou", hint.after / max(hint.before, 1e-9)))
    return found[0] if found else None


def _fits(before: float, after: float) -> dict[str, Any] | None:
    """Whether a park is the same as another once it is converted, and was not before."""
    if before < _SAME_IOU <= after:
        return {"evidence": "iou", "before": before, "after": after}
    return None


def _best_iou(common: NDArray[np.float64], areas: NDArray[np.float64], shape: Any) -> float:
    return float((common / (areas + shape.area - common)).max(initial=0.0))


def _mends(drawn: Any, moved: Any, others: NDArray[np.object_]) -> dict[str, Any] | None:
    """Whether a park no longer lies on others but along their borders once it is converted."""
    around = shapely.union_all(others)
    before, after = (float(shapely.area(shapely.intersection(s, around))) for s in (drawn, moved))
    if before <= _SHARED * drawn.area or after >= before * (1 - _FALL):
        return None
    border = shapely.buffer(shapely.boundary(around), _BORDER_M)
    met, meets = (_share_within(shapely.boundary(shape), border) for shape in (drawn, moved))
    if meets < _CONTACT or meets < 2 * met:
        return None
    return {"evidence": "mismatch", "before": before, "after": after}


def _share_within(line: Any, band: Any) -> float:
    return float(shapely.length(shapely.intersection(line, band)) / shapely.length(line))


def _shapes(parks: gpd.GeoDataFrame, plane: Any) -> NDArray[np.object_]:
    """Polygons of a layer on the plane, mended: a hint needs no more."""
    shapes = np.asarray(parks.geometry.to_crs(plane).array, dtype=object)
    shapes = shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)]
    shapes = shapes[np.isin(shapely.get_type_id(shapes), (3, 6))]
    return shapely.make_valid(shapes, method="structure", keep_collapsed=False)


def _evidence(
    drawn: NDArray[np.object_], moved: NDArray[np.object_], true: NDArray[np.object_]
) -> dict[str, Any] | None:
    before, after = _median_iou(drawn, true), _median_iou(moved, true)
    if before < _SAME_IOU <= after:
        return {"evidence": "iou", "before": before, "after": after}
    if after > 0.5 or before > 0.5:  # the same parks: how they fit has been answered above
        return None
    before, after = _mismatch(drawn, true), _mismatch(moved, true)
    if after < before * (1 - _FALL):
        return {"evidence": "mismatch", "before": before, "after": after}
    return None


def _median_iou(shapes: NDArray[np.object_], true: NDArray[np.object_]) -> float:
    """Median over the parks of the IoU with the best partner."""
    i, j = shapely.STRtree(true).query(shapes)
    common = shapely.area(shapely.intersection(shapes[i], true[j]))
    iou = common / (shapely.area(shapes[i]) + shapely.area(true[j]) - common)
    best = np.zeros(len(shapes))
    np.maximum.at(best, i, iou)
    return float(np.median(best)) if len(best) else 0.0


def _mismatch(shapes: NDArray[np.object_], true: NDArray[np.object_]) -> float:
    """Overlap of two layers plus the narrow gaps between them, in square metres."""
    one, other = shapely.union_all(shapes), shapely.union_all(true)
    overlap = shapely.area(shapely.intersection(one, other))
    both = shapely.union(one, other)
    closed = shapely.buffer(
        shapely.buffer(both, _NEAR_M, join_style="mitre"), -_NEAR_M, join_style="mitre"
    )
    return float(overlap + max(shapely.area(closed) - shapely.area(both), 0.0))


def _displacement(parks: gpd.GeoDataFrame, true: gpd.GeoDataFrame) -> tuple[float, float]:
    """How far and where the drawn layer lies off its converted copy, in the middle."""
    metres, azimuth = _displacements(parks, true)
    off = metres * np.exp(1j * np.radians(azimuth))
    mean = off[np.isfinite(off)].mean()
    return float(abs(mean)), float(np.degrees(np.angle(mean)) % 360)


def _displacements(
    parks: gpd.GeoDataFrame, true: gpd.GeoDataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far and where each park lies off its converted copy."""
    crs = require_crs(parks)
    degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    ends = [degrees.transform(*centres(_array(layer)).T) for layer in (true, parks)]
    metres, azimuth = np.full((2, len(parks)), np.nan)
    known = np.isfinite(ends).all(axis=(0, 1))
    (x, y), (to_x, to_y) = ([axis[known] for axis in end] for end in ends)
    azimuth[known], _, metres[known] = Geod(ellps="GRS80").inv(x, y, to_x, to_y)
    return metres, azimuth % 360


def _array(layer: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(layer.geometry.array, dtype=object)
