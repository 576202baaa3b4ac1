"""Where on the earth, how large, how far: coordinate systems, areas on the ellipsoid, datums."""

from __future__ import annotations

from parkmap.geodesy.datum import (
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    shift_datum,
    wgs84_to_gcj02,
)
from parkmap.geodesy.measures import (
    ellipsoidal_area,
    ellipsoidal_area_perimeter,
    geodesic_distance,
    local_planes,
    representative_lonlat,
)
from parkmap.geodesy.suspects import DatumHint, datum_suspects, looks_like_gcj02
from parkmap.geodesy.systems import is_metric, metric_crs, require_crs

__all__ = [
    "DatumHint",
    "bd09_to_gcj02",
    "datum_suspects",
    "ellipsoidal_area",
    "ellipsoidal_area_perimeter",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "geodesic_distance",
    "is_metric",
    "local_planes",
    "looks_like_gcj02",
    "metric_crs",
    "representative_lonlat",
    "require_crs",
    "shift_datum",
    "wgs84_to_gcj02",
]
