"""From named files to an analysis, and from a result to a stream or a file."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import progress
from parkmap.cli.options import (
    FORMATS,
    SEVERITY_CHOICES,
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
    inputs: Sequence[str], options: dict[str, Any]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Source]]:
    """Read every input into one parks table.

    Parameters
    ----------
    inputs
        Files.
    options
        The verb's options, of which the reading ones are used.

    Returns
    -------
    Parks, problems met while reading, and the sources.
    """
    import pandas as pd

    from parkmap import io
    from parkmap.cli import notices

    said = {name: options.get(name) for name in _READING}
    said["columns"] = chosen_columns(said["columns"] or "")
    table, sheet = options.get("sectors"), options.get("sheet")
    if not table:
        said["layer"] = said["layer"] or sheet  # a workbook of parks
    reading = io.read_sources(inputs, **said)
    met = notices.spoken(reading.problems, quiet=bool(options.get("quiet")), joined=bool(table))
    if not table:
        return reading.parks, met, list(reading.sources)
    parks, more = io.join_sectors(reading.parks, table, sheet=sheet)
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
        parks, problems, sources = read_inputs(inputs, options)
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


def deliver(content: str, options: dict[str, Any], *, fmt: str, inputs: Sequence[str]) -> None:
    """Send a result to its file, or to stdout.

    Parameters
    ----------
    content
        The text.
    options
        The verb's options (``output``, ``overwrite``).
    fmt
        The format it is in; a CSV file gets the mark by which Excel knows UTF-8.
    inputs
        Files that must not be written over.
    """
    from parkmap import files

    target = options.get("output")
    if not target:
        click.echo(content, nl=not content.endswith("\n"))
        return
    encoding = "utf-8-sig" if fmt == "csv" else "utf-8"
    kept = all_inputs(inputs, options)
    files.write_bytes(target, content.encode(encoding), overwrite=options["overwrite"], inputs=kept)


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    r"""Write rows of text as CSV that no spreadsheet runs.

    Parameters
    ----------
    rows
        The rows, their headings first.

    Returns
    -------
    The text.

    Examples
    --------
    >>> csv_text([("a", "=1+1")])
    "a,'=1+1\n"
    """
    import csv
    import io

    from parkmap.escape import csv_cell

    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return content.getvalue()


def all_inputs(inputs: Sequence[str], options: dict[str, Any]) -> list[str]:
    """Name every file that must not be written over.

    Parameters
    ----------
    inputs
        The layers.
    options
        The verb's options, of which ``sectors`` names a table.

    Returns
    -------
    Layers and table.

    Examples
    --------
    >>> all_inputs(["a.shp"], {"sectors": "b.xlsx"})
    ['a.shp', 'b.xlsx']
    """
    return [*inputs, *filter(None, [options.get("sectors")])]


def chosen_format(options: dict[str, Any], *, book: bool = False) -> str:
    """Resolve ``auto``: the file's ending, else a table on a terminal and CSV in a pipe.

    Parameters
    ----------
    options
        The verb's options.
    book
        Whether a workbook can be made, too.

    Returns
    -------
    ``table``, ``csv``, ``json``, ``jsonl``, ``geojson`` or ``xlsx``.

    Raises
    ------
    OptionError
        If the ending is none of the verb's.
    OutputError
        If the file is there already: said before any work is done.

    Examples
    --------
    >>> chosen_format({"fmt": "auto", "output": "a.json", "overwrite": False})
    'json'
    """
    from parkmap import files

    said: str = options["fmt"]
    target = options.get("output")
    if said == "auto" and target:
        said = ending_of(target, [*_offered(), *(["xlsx"] if book else [])])
    if target:
        files.output_file(target, overwrite=options["overwrite"])
    if said == "auto":
        return "table" if sys.stdout.isatty() and "table" in _offered() else "csv"
    return said


def _offered() -> tuple[str, ...]:
    """Return the formats of the verb that runs."""
    running = click.get_current_context(silent=True)
    params = running.command.params if running else ()
    kinds = [param.type for param in params if param.name == "fmt"]
    return tuple(kinds[0].choices) if kinds and isinstance(kinds[0], click.Choice) else FORMATS


def ending_of(target: str, known: Sequence[str]) -> str:
    """Return a file's ending, if it is one that can be written.

    Parameters
    ----------
    target
        The file to make.
    known
        What can be written.

    Returns
    -------
    The ending, in small letters.

    Raises
    ------
    OptionError
        If it is none of these.

    Examples
    --------
    >>> ending_of("Map.HTML", ["html"])
    'html'
    """
    ending = Path(target).suffix.lower().lstrip(".")
    files = [kind for kind in known if kind not in ("auto", "table")]
    if ending not in files:
        said = {"ending": ending[:20] or "-", "known": " ".join(f".{kind}" for kind in files)}
        raise OptionError(**messages.fault("cli.bad_ending", **said))
    return ending


def exit_code(severities: Sequence[str], options: dict[str, Any]) -> int:
    """Return 1 if something is at or above ``--fail-on``.

    Parameters
    ----------
    severities
        What was found.
    options
        The verb's options (``fail_on``, ``exit_zero``).

    Returns
    -------
    0 or 1.

    Examples
    --------
    >>> exit_code(["medium"], {"fail_on": "high", "exit_zero": False})
    0
    >>> exit_code(["high"], {"fail_on": "medium", "exit_zero": False})
    1
    """
    if options["exit_zero"] or options["fail_on"] == "none":
        return 0
    limit = SEVERITY_CHOICES.index(options["fail_on"])
    return int(any(SEVERITY_CHOICES.index(severity) <= limit for severity in severities))
