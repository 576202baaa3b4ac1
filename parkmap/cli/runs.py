"""From named files to an analysis."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.cli import progress
from parkmap.cli.options import (
    chosen_columns,
    chosen_criteria,
    chosen_lines,
    date_from,
)
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from parkmap.schema import Analysis, Source

_READING = ("columns", "crs", "encoding", "layer", "datum", "sql")


def read_inputs(
    inputs: Sequence[str], options: dict[str, Any], *, only: Any = None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Source]]:
    """Read every input into one parks table.

    Parameters
    ----------
    inputs
        Files.
    options
        The verb's options, of which the reading ones are used.
    only
        ``"land"`` says nothing of sectors.

    Returns
    -------
    Parks, problems met while reading, and the sources.
    """
    import pandas as pd

    from parkmap import io
    from parkmap.cli import notices

    said = {name: options.get(name) for name in _READING}
    said["columns"] = columns = chosen_columns(said["columns"] or "")
    table, sheets = options.get("sectors"), options.get("sheet") or ()
    weights = {}
    if not table:
        said["layer"] = (*(said["layer"] or ()), *sheets)  # sheets of a workbook of parks
    else:
        if len(sheets) > 1:
            raise OptionError(**messages.fault("cli.one_sheet"))
        weights = {key: columns.pop(key) for key in ("output",) if key in columns}
    said["layer"] = said["layer"] or None
    reading = io.read_sources(inputs, **said)
    unasked = bool(table) or only == "land"
    met = notices.spoken(reading.problems, quiet=bool(options.get("quiet")), joined=unasked)
    if not table:
        return reading.parks, met, list(reading.sources)
    parks, more = io.join_sectors(
        reading.parks, table, sheet=next(iter(sheets), None), columns=weights
    )
    more = notices.spoken(more, quiet=bool(options.get("quiet")), joined=False)
    problems = pd.concat([met, more], ignore_index=True)
    return parks, problems, [*reading.sources, table_source(table)]


def table_source(table: str) -> Source:
    """Record a table beside the layers: name, hash and date.

    Parameters
    ----------
    table
        A local file.
    """
    from parkmap import files
    from parkmap.schema import Source

    path = Path(table)
    changed = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
    return Source(
        name=path.name,
        sha256=files.input_hash(path),
        driver=path.suffix.lstrip(".").upper(),
        encoding="",
        crs="",
        rows=0,
        newest=changed.date().isoformat(),
    )


def read_lines(
    said: Sequence[str],
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, list[Source]]]:
    """Read control lines.

    Parameters
    ----------
    said
        ``NAME=FILE`` each, ``NAME=FILE|LAYER`` where a file has several layers; a name said again
        adds its file.

    Returns
    -------
    Name -> land in the CRS of its first file, and name -> files.
    """
    import pandas as pd

    from parkmap import io

    layers: dict[str, gpd.GeoDataFrame] = {}
    sources: dict[str, list[Source]] = {}
    for name, files in chosen_lines(said).items():
        read = [
            io.read_control(f.partition("|")[0], layer=f.partition("|")[2] or None) for f in files
        ]
        place = read[0][0].crs
        layers[name] = pd.concat([land.to_crs(place) for land, _ in read], ignore_index=True)
        sources[name] = [source for _, source in read]
    return layers, sources


def run_analysis(inputs: Sequence[str], options: dict[str, Any], *, only: Any = None) -> Analysis:
    """Read and analyse, with a progress bar on a terminal once it takes over a second.

    Parameters
    ----------
    inputs
        Files.
    options
        The verb's options.
    only
        One question alone, as :func:`parkmap.analyze` takes it.

    Returns
    -------
    The analysis.
    """
    from parkmap import analysis

    with progress.steps((*("read",), *analysis.STEPS), quiet=options.get("quiet", False)) as begin:
        begin("read")
        criteria = chosen_criteria(options)
        parks, problems, sources = read_inputs(inputs, options, only=only)
        control, control_sources = read_lines(options.get("control") or ())
        within, within_sources = read_lines(options.get("within") or ())
        return analysis.analyze(
            parks,
            criteria=criteria,
            control=control,
            within=within,
            expect=options.get("expect") or "",
            line_sources={**control_sources, **within_sources},
            problems=problems,
            sources=sources,
            date=output_date(options.get("date"), sources),
            options={
                "lang": messages.language(),
                "date_from": date_from(options.get("date")),
                **_said_to_be_by(options),
                **_vocabulary_used(options),
            },
            only=only,
            progress=begin,
        )


def _said_to_be_by(options: dict[str, Any]) -> dict[str, Any]:
    said = (options.get("publisher") or "").strip()
    return {"publisher": said} if said else {}


def _vocabulary_used(options: dict[str, Any]) -> dict[str, Any]:
    """Record the planner's own vocabulary, decisions and table of chains: names and hashes."""
    from parkmap import files

    used: dict[str, Any] = {}
    if options.get("taxonomy"):
        folder = files.local_file(options["taxonomy"], folder=True)
        tables = {table.name: files.input_hash(table) for table in sorted(folder.glob("*.csv"))}
        used["taxonomy"] = {"name": folder.name, "tables": tables}
    if options.get("sectors_map"):
        table = files.local_file(options["sectors_map"])
        used["sectors_map"] = {"name": table.name, "sha256": files.input_hash(table)}
    if options.get("chain_table"):
        table = files.local_file(options["chain_table"])
        used["chain_table"] = {"name": table.name, "sha256": files.input_hash(table)}
    return used


def output_date(said: str | None, sources: Sequence[Source]) -> str:
    """Choose the date that outputs carry.

    Parameters
    ----------
    said
        ``--date``.
    sources
        The inputs, whose newest date is the last resort.

    Returns
    -------
    ISO date: ``--date``, else ``SOURCE_DATE_EPOCH``, else the newest input.

    Raises
    ------
    OptionError
        If ``--date`` is no date.

    Examples
    --------
    >>> output_date("2026-11-23", [])
    '2026-11-23'
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not said and epoch.isdecimal():
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date().isoformat()
    if not said:
        return max((source.newest for source in sources), default="")[:10]
    try:
        return dt.date.fromisoformat(said).isoformat()
    except ValueError as reason:
        raise OptionError(**messages.fault("cli.bad_date", given=said)) from reason
