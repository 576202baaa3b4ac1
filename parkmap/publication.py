"""The public edition of a run: what may leave the office, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from parkmap import schema, wording
from parkmap.taxonomy import term_weight

if TYPE_CHECKING:
    import geopandas as gpd

    from parkmap.schema import Analysis

#: Columns that may name an enterprise, a person, or the place a row came from.
PRIVATE_COLUMNS = ("managing_body", "co_built_by", "source", "layer", "row")
#: Files of a report that are made of coordinates, or of what is wrong with the data.
PRIVATE_FILES = ("conflicts.geojson", "conflicts.gpkg")
_KEPT_OPTIONS = ("lang", "date_from", "publisher")


def published(analysis: Analysis) -> Analysis:
    """Return a run without what the public edition leaves out.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The same findings and figures. Of the parks only the standard columns are kept, without
    :data:`PRIVATE_COLUMNS`; data problems, whose sentences quote the data, and the names and
    hashes of files are gone. ``options["edition"]`` is ``"public"``: the maps then draw shapes
    without their place and every page says so.

    Notes
    -----
    Names of parks, districts and sectors are printed as they are in the file: who puts a firm or
    a person into a park's name, publishes it. What a sector is worth in money is left out.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> columns = {"name": ["A"], "phone": ["1"], "managing_body": ["B Ltd"]}
    >>> layer = gpd.GeoDataFrame(columns, geometry=[box(4e5, 3e6, 401000, 3001000)], crs=4544)
    >>> parks = published(pm.analyze(layer)).parks
    >>> "phone" in parks.columns, parks["managing_body"].tolist()
    (False, [''])
    """
    geometry = str(analysis.parks.geometry.name)
    named = [c for c in schema.PARK_COLUMNS if c in analysis.parks.columns]
    known = [column for column in named if column not in PRIVATE_COLUMNS]
    options = {key: analysis.options[key] for key in _KEPT_OPTIONS if key in analysis.options}
    parks = schema.complete(analysis.parks[[*known, geometry]])
    parks["sectors"] = parks["sectors"].map(_without_amounts)
    return replace(
        analysis,
        parks=parks,
        conflicts=_without_bodies(analysis.conflicts, analysis.parks),
        problems=schema.problems_table([]),
        sources=(),
        lines=tuple(replace(line, sources=()) for line in analysis.lines),
        options={**options, "edition": "public"},
    )


def _without_bodies(conflicts: gpd.GeoDataFrame, parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say of parks under one body that they are, not which (it may be a firm), and name no file."""
    told = conflicts.copy()
    again = conflicts["relation"] == "same_body"
    if schema.park_sources(parks):
        again[:] = True
        told["names"] = [tuple(parks.loc[list(ids), "name"]) for ids in conflicts["parks"]]
    said = [wording.finding_sentence(row) for row in told[again].to_dict("records")]
    told.loc[again, "message"] = said
    return told


def _without_amounts(sectors: tuple[str, ...]) -> tuple[str, ...]:
    terms = (str(term) for term in sectors)
    return tuple(term_weight(term)[0] if "元" in term else term for term in terms)
