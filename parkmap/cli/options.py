"""Options that verbs share, each written once, and the settings files behind them."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli.translated import option
from parkmap.errors import InputError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from parkmap.schema import Criteria

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

SEVERITY_CHOICES = ("high", "medium", "low", "info")
FORMATS = ("auto", "table", "csv", "json", "jsonl", "geojson")
#: Option -> criterion: what the command line can set.
CRITERIA_OPTIONS = {
    "min_similarity": "min_similarity",
    "min_rivalry": "min_rivalry",
    "min_synergy": "min_synergy",
    "max_distance": "max_distance_m",
    "sliver_width": "sliver_width_m",
    "adjacent": "adjacent_gap_m",
    "measure": "measure",
    "seed": "seed",
}


def _together(*decorators: Decorator) -> Decorator:
    return lambda verb: reduce(lambda wrapped, decorate: decorate(wrapped), decorators[::-1], verb)


inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")

reading = _together(
    option("--columns", metavar="name=园区名称,...", default="", help="columns"),
    option("--crs", metavar="EPSG:4490", help="crs"),
    option("--encoding", metavar="gb18030", help="encoding"),
    option("--layer", metavar="NAME", help="layer"),
    option("--sheet", metavar="NAME", help="sheet"),
    option("--sectors", metavar="TABLE.xlsx", help="sectors"),
    option("--sql", metavar="SELECT", help="sql"),
    option("--datum", type=click.Choice(["gcj02", "bd09"]), help="datum"),
)

criteria = _together(
    option("--min-similarity", type=click.FloatRange(0, 1), help="min_similarity"),
    option("--min-rivalry", type=click.FloatRange(0, 1), help="min_rivalry"),
    option("--min-synergy", type=click.FloatRange(0, 1), help="min_synergy"),
    option("--max-distance", type=click.FloatRange(0), metavar="METRES", help="max_distance"),
    option("--sliver-width", type=click.FloatRange(0), metavar="METRES", help="sliver_width"),
    option("--adjacent", type=click.FloatRange(0), metavar="METRES", help="adjacent"),
    option("--measure", type=click.Choice(["tree-idf", "cosine"]), help="measure"),
    option("--seed", type=int, help="seed"),
)

speaking = _together(
    option("--lang", type=click.Choice(messages.LANGUAGES), expose_value=False, help="lang"),
    option("-q", "--quiet", is_flag=True, help="quiet"),
    option("-v", "--verbose", is_flag=True, help="verbose"),
    option("--date", metavar="YYYY-MM-DD", help="date"),
)

output = _together(
    option("-f", "--format", "fmt", type=click.Choice(FORMATS), default="auto", help="format"),
    option("-o", "--output", metavar="FILE", help="output"),
    option("--overwrite", is_flag=True, help="overwrite"),
)

failing = _together(
    option(
        "--fail-on", type=click.Choice([*SEVERITY_CHOICES, "none"]), default="high", help="fail_on"
    ),
    option("--exit-zero", is_flag=True, help="exit_zero"),
)


def chosen_criteria(given: dict[str, Any]) -> Criteria:
    """Turn the command line's options into criteria.

    Parameters
    ----------
    given
        Options by name; None where the user said nothing.

    Returns
    -------
    The criteria, with the defaults for the rest.

    Examples
    --------
    >>> chosen_criteria({"min_similarity": 0.7, "seed": None}).min_similarity
    0.7
    """
    from parkmap.schema import Criteria

    known = {field.name for field in fields(Criteria)}
    said = {CRITERIA_OPTIONS.get(name, name): value for name, value in given.items()}
    return Criteria(**{k: v for k, v in said.items() if k in known and v is not None})


def chosen_columns(given: str) -> dict[str, str]:
    """Read ``name=园区名称,tier=级别``.

    Parameters
    ----------
    given
        Pairs separated by commas (also full width).

    Returns
    -------
    Our column -> the file's column.

    Raises
    ------
    OptionError
        If a pair has no equals sign.

    Examples
    --------
    >>> chosen_columns("name=园区名称,tier=级别")
    {'name': '园区名称', 'tier': '级别'}
    """
    columns = {}
    for pair in filter(None, (part.strip() for part in given.replace(",", ",").split(","))):
        ours, equals, theirs = pair.partition("=")
        if not (equals and ours.strip() and theirs.strip()):
            raise OptionError(**messages.fault("cli.bad_columns", given=pair))
        columns[ours.strip()] = theirs.strip()
    return columns


def settings_from_files(folder: Path) -> dict[str, Any]:
    """Read ``parkmap.toml``, else ``[tool.parkmap]`` of ``pyproject.toml``, as option defaults.

    Parameters
    ----------
    folder
        Where to look.

    Returns
    -------
    Option name -> value; a table named after a verb holds that verb's own.

    Raises
    ------
    InputError
        If a settings file is no TOML.

    Examples
    --------
    >>> from pathlib import Path
    >>> settings_from_files(Path("no such folder"))
    {}
    """
    merged: dict[str, Any] = {}
    for name, table in (("pyproject.toml", ("tool", "parkmap")), ("parkmap.toml", ())):
        file = folder / name
        if not file.is_file():
            continue
        try:
            found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
            raise InputError(**messages.fault("cli.bad_settings"), file=name) from reason
        for key in table:
            found = found.get(key, {})
        merged |= {key.replace("-", "_"): value for key, value in found.items()}
    return merged
