"""From the ground in metres to the paper in inches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.path import Path

from parkmap import geodesy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

    from parkmap.schema import Analysis

    Point = tuple[float, float]

_MARGIN = 0.05
_LEAST_WIDTH_M = 2_000.0


@dataclass(frozen=True)
class Paper:
    """The map in metres and in inches.

    Parameters
    ----------
    axes
        Where to draw, in inches of the frame.
    parks, findings
        The tables in a metric CRS.
    origin
        The lower left corner in that CRS.
    metres
        Metres of ground an inch of paper shows.
    legible
        Whether letters of a text can be drawn.
    """

    axes: Axes
    parks: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    origin: Point
    metres: float
    legible: Callable[[str], bool]

    def paths(self, shapes: Iterable[Any]) -> list[Path]:
        """Turn polygons into paths on the paper.

        Parameters
        ----------
        shapes
            Polygons in the paper's CRS; what has no area gives no path.

        Returns
        -------
        One path a polygon, with its holes.
        """
        return [_path(self.on_paper(s)) for s in shapes if s is not None and s.area > 0]

    def on_paper(self, shape: Any) -> Any:
        """Move a geometry from the ground to the paper.

        Parameters
        ----------
        shape
            A geometry in the paper's CRS.

        Returns
        -------
        The geometry in inches.
        """
        return shapely.transform(shape, lambda xy: (xy - np.array(self.origin)) / self.metres)

    def ground(self) -> Any:
        """Return what the paper shows.

        Returns
        -------
        A box in the paper's CRS.
        """
        (x, y), across, up = self.origin, self.axes.get_xlim()[1], self.axes.get_ylim()[1]
        return shapely.box(x, y, x + across * self.metres, y + up * self.metres)

    def anchor(self, shape: Any) -> Point:
        """Return where a geometry is named, in inches.

        Parameters
        ----------
        shape
            A geometry in the paper's CRS.

        Returns
        -------
        A point inside it, in its largest part.
        """
        parts = shapely.get_parts(shape)
        largest = max(parts, key=lambda part: part.area)
        point = self.on_paper(largest).representative_point()
        return float(point.x), float(point.y)

    def placed(self) -> pd.Series:
        """Tell which parks have a place on the map.

        Returns
        -------
        One flag a park; False for one of a list without coordinates.
        """
        return ~(self.parks.geometry.isna() | self.parks.geometry.is_empty)

    def park_anchor(self, park: str) -> Point:
        """Return where a park is named, in inches.

        Parameters
        ----------
        park
            Its id.

        Returns
        -------
        A point inside it.
        """
        return self.anchor(self.parks.geometry[park])


def map_paper(
    analysis: Analysis, axes: Axes, size: Point, *, legible: Callable[[str], bool]
) -> Paper:
    """Fit the parks into a frame.

    Parameters
    ----------
    analysis
        The run.
    axes
        Axes whose units are inches.
    size
        Width and height of the frame in inches.
    legible
        Whether letters of a text can be drawn.

    Returns
    -------
    The paper.
    """
    crs = geodesy.metric_crs(analysis.parks)
    parks = analysis.parks.to_crs(crs)
    findings = analysis.conflicts.to_crs(crs).sort_values("number")
    drawn = parks.geometry[~(parks.geometry.isna() | parks.geometry.is_empty)]
    left, low, right, top = drawn.total_bounds if len(drawn) else (0.0, 0.0, 0.0, 0.0)
    width = max(right - left, _LEAST_WIDTH_M) * (1 + 2 * _MARGIN)
    height = max(top - low, _LEAST_WIDTH_M) * (1 + 2 * _MARGIN)
    metres = max(width / size[0], height / size[1])
    origin = (
        (left + right) / 2 - size[0] * metres / 2,
        (low + top) / 2 - size[1] * metres / 2,
    )
    return Paper(axes, parks, findings, origin, float(metres), legible)


def _path(shape: Any) -> Path:
    rings = [
        Path(np.asarray(ring.coords)[:, :2], closed=True)
        for part in shapely.get_parts(shapely.orient_polygons(shape))
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return Path.make_compound_path(*rings)
