"""From a result to a stream or a file, and to the exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli.options import FORMATS, SEVERITY_CHOICES
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    tell_written([Path(target).name], Path(target).parent, options)


def tell_written(names: Sequence[str], folder: Path, options: dict[str, Any]) -> None:
    """Say what was written, and where.

    Parameters
    ----------
    names
        The files.
    folder
        Where they are.
    options
        The verb's options (``quiet``).
    """
    if options["quiet"]:
        return
    from parkmap.escape import terminal

    key = "written" if folder != Path() else "written_here"
    said = messages.text(f"cli.{key}", files=messages.listed(names), folder=folder)
    click.echo(terminal(said), err=True)


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
