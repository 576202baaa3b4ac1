"""The tables that pass between rooms: their index, columns and units.

A table is a plain (Geo)DataFrame; what makes it a parkmap table is its index and its columns,
which are written down here once. ``*_m2``, ``*_m``, ``*_ha`` are units; shares run from 0 to 1.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from parkmap import messages
from parkmap.errors import SchemaError
from parkmap.schema.cells import settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TIERS = ("national", "provincial", "municipal")
SEVERITIES = ("high", "medium", "low", "info")
BOUNDARY_KINDS = ("approved", "planned", "managed", "functional", "schematic")

#: Columns every parks table has after :func:`complete`, with the value that means "not stated".
PARK_COLUMNS: Mapping[str, Any] = {
    "name": "",
    "code": "",
    "tier": "",
    "city": "",
    "district": "",
    "sectors": (),  # tuple of str, a weight after a colon: ("集成电路:0.6", "新型显示:0.4")
    "approved_area_ha": float("nan"),
    "parent_id": "",
    "kind": "",
    "list_name": "",
    "counted": True,  # part of the system that 3+22+N counts
    "managing_body": "",
    "co_built_by": "",  # several bodies separated by ";"
    "boundary_kind": "",  # one of BOUNDARY_KINDS, or "" where the file does not say
    "approval_no": "",
    "approval_date": "",
    "main_for": (),  # sectors the park is documented as 主要承载地 of
    "source": "",  # citation of the row
    "layer": "",  # the file the row came from
    "row": 0,  # its data row there, from 1
}
PROBLEM_COLUMNS = ("park_id", "row", "code", "severity", "message", "remedy")
OVERLAP_COLUMNS = (
    "relation",  # same_body co_built superseded duplicate sliver nested partial adjacent
    "nesting",  # declared inferred undeclared, "" unless nested
    "area_m2",  # on the ellipsoid
    "left_share",
    "right_share",
    "mean_width_m",  # of the whole pair: 2 * area / perimeter
    "geometry",  # polygons only
)
SLICE_COLUMNS = ("claimants", "area_m2", "geometry")
PAIR_COLUMNS = (
    "similarity",
    "overlap_share",
    "rivalry",  # over shared segments
    "synergy",
    "p",  # share of redrawn pairs at least as similar
    "coarse",  # nothing but chain words is shared
    "coarse_share",  # what rivalry would be if a chain word were a segment
    "distance_m",  # geodesic between representative points
    "shared_sectors",  # tuple of node ids, the greatest contribution first
)
CLUSTER_COLUMNS = (
    "parks",  # tuple of park_id, sorted
    "family",  # id of the connected component the cluster lies in
    "flagged",  # False: a family without a complete-linkage group of its own
    "coarse_parks",  # members that joined without a proven rival: in general words only
    "weakest_similarity",
    "split_at",
    "stable",
    "shared_sectors",
    "lead_park",
    "districts",
)
CONTROL_COLUMNS = (
    "relation",  # control (on the line's land), outside (of a boundary that should hold it), sliver
    "area_m2",  # on the ellipsoid
    "share",  # of the park
    "mean_width_m",
    "widest_m",  # width of the widest place
    "geometry",
)
CONFLICT_COLUMNS = (
    "number",  # rank from 1: the ①②③ of map, table and report
    "kind",  # overlap homogeneity both control
    "relation",  # as in overlaps, "multiple" for a piece three or more claim, "" without land;
    # of a control line: control outside sliver
    "nesting",
    "line",  # name of the control line, "" unless kind is control
    "verdict",  # rivalry coopetition complementary coarse internal, "" without sectors
    "severity",
    "cluster",
    "parks",  # tuple of park_id
    "names",  # tuple of str, in the order of parks
    "area_m2",
    "left_share",
    "right_share",
    "smaller_share",  # share of the smaller park
    "mean_width_m",
    "widest_m",  # of a control line: width of the widest place
    "boundary_kinds",  # tuple of str, in the order of parks
    "approved_area_gain_ha",  # tuple of float, in the order of parks; nan where silent
    "similarity",
    "overlap_share",
    "rivalry",
    "synergy",
    "p",
    "coarse",
    "distance_m",
    "shared_sectors",
    "supplies",  # tuples (giver, given, taker, taken) of a pair along a chain, the foremost first
    "message",  # one sentence in the language of the run
    "geometry",
)


def require(table: pd.DataFrame, *columns: str, name: str) -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    table
        The table.
    *columns
        Names it must have.
    name
        What to call the table in the message.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> require(pd.DataFrame({"name": []}), "name", name="parks")
    """
    for column in columns:
        if column not in table.columns:
            fault = messages.fault("schema.missing_column", table=name, column=column)
            raise SchemaError(**fault)


def indexed(parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the parks indexed by unique text ids, with the columns they have.

    Parameters
    ----------
    parks
        Any GeoDataFrame.

    Returns
    -------
    A new GeoDataFrame indexed by ``park_id``; columns are shared.

    Raises
    ------
    SchemaError
        If it is no GeoDataFrame or its ids repeat.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> indexed(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=4547)).index.tolist()
    ['0']
    """
    if not isinstance(parks, gpd.GeoDataFrame):
        found = type(parks).__name__
        raise SchemaError(**messages.fault("schema.not_a_table", table="parks", found=found))
    table = parks.copy(deep=False)
    if "park_id" in table.columns:
        table = table.set_index("park_id")
    table.index = pd.Index(
        [*map(str, table.index.to_numpy(dtype=object))], name="park_id", dtype=object
    )
    if not table.index.is_unique:
        ids = messages.listed(sorted(set(table.index[table.index.duplicated()]))[:5])
        raise SchemaError(**messages.fault("schema.duplicate_ids", ids=ids))
    return table


def complete(parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the parks with every standard column, indexed by unique text ids.

    Columns that are there keep their values, missing ones and empty cells get the value that means
    "not stated", text of sectors is cut into terms; other columns pass through. The input is not
    changed, geometries are shared.

    Parameters
    ----------
    parks
        Any GeoDataFrame whose active geometry holds the parks.

    Returns
    -------
    A new GeoDataFrame indexed by ``park_id``.

    Raises
    ------
    SchemaError
        If it is no GeoDataFrame, its ids repeat, or an area is no figure.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1, 1)], crs=4547)
    >>> complete(frame).index.name, complete(frame).loc["0", "tier"]
    ('park_id', '')
    """
    table = indexed(parks)
    for column, default in PARK_COLUMNS.items():
        if column not in table.columns:
            table[column] = [default] * len(table)
            continue
        found = table[column]
        values = settled(found, default=default)
        if values is not found:
            table[column] = values
    return table


def problems_table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Gather rows into a problems table.

    Parameters
    ----------
    rows
        Mappings with the keys of ``PROBLEM_COLUMNS``; missing ones are "" (``row``: 0).

    Returns
    -------
    The table, in the order given.

    Examples
    --------
    >>> problems_table([{"park_id": "a", "code": "PM201"}]).loc[0, "code"]
    'PM201'
    """
    blank = {column: 0 if column == "row" else "" for column in PROBLEM_COLUMNS}
    return pd.DataFrame([{**blank, **row} for row in rows], columns=list(PROBLEM_COLUMNS))


def park_sources(parks: pd.DataFrame) -> dict[str, str]:
    """Return the file of each park, where a finding must say which is meant.

    Parameters
    ----------
    parks
        The parks table.

    Returns
    -------
    Park id to ``layer``; empty where all parks are from one file.

    Examples
    --------
    >>> park_sources(pd.DataFrame({"layer": ["a.shp", "b.kml"]}, index=["a", "b"]))
    {'a': 'a.shp', 'b': 'b.kml'}
    >>> park_sources(pd.DataFrame({"layer": ["a.shp", "a.shp"]}, index=["a", "b"]))
    {}
    """
    layers: dict[str, str] = parks["layer"].astype(str).to_dict()
    return layers if len(set(filter(None, layers.values()))) > 1 else {}


def park_keys(parks: gpd.GeoDataFrame) -> pd.Series:
    """Return the key by which a park is known from one delivery to the next.

    Parameters
    ----------
    parks
        A parks table.

    Returns
    -------
    Series on the index of parks: the code, else the id.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> frame = gpd.GeoDataFrame({"code": ["S1", ""]}, geometry=[box(0, 0, 1, 1)] * 2)
    >>> list(park_keys(frame))
    ['S1', '1']
    """
    table = complete(parks)
    codes = table["code"].fillna("").astype(str)
    return codes.where(codes != "", table.index.to_series())


def normalised_name(name: str) -> str:
    """Return a name as it is compared: width and case folded, spaces and dashes dropped.

    Parameters
    ----------
    name
        A park's name.

    Returns
    -------
    The normalised name.

    Examples
    --------
    >>> normalised_name("成都—阿坝 工业园区") == normalised_name("成都-阿坝工业园区")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())
