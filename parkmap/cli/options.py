"""Options that verbs share, each written once."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import fields
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli.translated import option
from parkmap.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parkmap.schema import Criteria

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

SEVERITY_CHOICES = ("high", "medium", "low", "info")
_SCALE = re.compile(r"^1[:/](\d{2,8})$")
_SHARPNESS_M = 0.0005  # what a map can show, in metres of paper
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


def _vocabulary(ctx: click.Context, _: click.Parameter, given: str | None) -> str | None:
    """Put a planner's own vocabulary in force for as long as the verb runs."""
    if given:
        from parkmap import files, taxonomy

        words = taxonomy.load(path=files.local_file(given, folder=True))
        ctx.with_resource(taxonomy.use_vocabulary(words))
    return given


def _decisions(ctx: click.Context, _: click.Parameter, given: str | None) -> str | None:
    """Put a planner's decisions in force for as long as the verb runs."""
    if given:
        from parkmap import io, taxonomy

        words = taxonomy.with_decisions(taxonomy.load(), io.read_decisions(given))
        ctx.with_resource(taxonomy.use_vocabulary(words))
    return given


def _stdout(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Read ``-`` as it is read everywhere: the standard output."""
    return None if given == "-" else given


class _Whole(click.types.StringParamType):
    """A name that may hold blanks, one a line where it comes from the environment."""

    envvar_list_splitter = "\n"


inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")

reading = _together(
    option("--columns", metavar="name=园区名称,...", default="", help="columns"),
    option("--crs", metavar="EPSG:4490", help="crs"),
    option("--encoding", metavar="gb18030", help="encoding"),
    option("--layer", metavar="NAME", multiple=True, type=_Whole(), help="layer"),
    option("--sheet", metavar="NAME", multiple=True, type=_Whole(), help="sheet"),
    option("--sectors", metavar="TABLE.xlsx", help="sectors"),
    option("--sql", metavar="SELECT", help="sql"),
    option("--datum", type=click.Choice(["gcj02", "bd09", "wgs84"]), help="datum"),
)

criteria = _together(
    option("--min-similarity", type=click.FloatRange(0, 1), help="min_similarity"),
    option("--min-rivalry", type=click.FloatRange(0, 1), help="min_rivalry"),
    option("--min-synergy", type=click.FloatRange(0, 1), help="min_synergy"),
    option("--max-distance", type=click.FloatRange(0), metavar="METRES", help="max_distance"),
    option("--sliver-width", type=click.FloatRange(0), metavar="METRES", help="sliver_width"),
    option("--scale", metavar="1:10000", help="scale"),
    option("--adjacent", type=click.FloatRange(0), metavar="METRES", help="adjacent"),
    option("--measure", type=click.Choice(["tree-idf", "cosine"]), help="measure"),
    option("--seed", type=int, help="seed"),
)

page = _together(
    option("--context", metavar="FILE|none", multiple=True, type=click.Path(), help="context"),
    option("--title", metavar="TEXT", help="title"),
    option("--publisher", metavar="TEXT", help="publisher"),
    option("--tiles", metavar="NAME|URL", help="tiles"),
    option("--assets", metavar="inline|cdn|URL", default="inline", help="assets"),
)

edition = option("--public", is_flag=True, help="public")

sectors = _together(
    option("--taxonomy", metavar="FOLDER", is_eager=True, callback=_vocabulary, help="taxonomy"),
    option("--sectors-map", metavar="TABLE.csv", callback=_decisions, help="sectors_map"),
)

control = _together(
    option("--control", multiple=True, metavar="NAME=FILE", help="control"),
    option("--within", multiple=True, metavar="NAME=FILE", help="within"),
    option("--expect", metavar="3+22+N", default="", help="expect"),
)

language = option("--lang", type=click.Choice(messages.LANGUAGES), expose_value=False, help="lang")

speaking = _together(
    language,
    option("-q", "--quiet", is_flag=True, help="quiet"),
    option("-v", "--verbose", is_flag=True, help="verbose"),
    option("--date", metavar="YYYY-MM-DD", help="date"),
)


def output_of(*formats: str) -> Decorator:
    """Offer formats, a file, and whether it may be replaced.

    Parameters
    ----------
    *formats
        What may be asked for.
    """
    said = "format_fixed" if {"csv", "table"} <= set(formats) else "format"
    return _together(
        option("-f", "--format", "fmt", type=click.Choice(formats), default="auto", help=said),
        option("-o", "--output", metavar="FILE", callback=_stdout, help="output"),
        option("--overwrite", is_flag=True, help="overwrite"),
    )


output = output_of(*FORMATS)
output_or_graph = output_of("auto", "table", "csv", "json", "jsonl", "graphml")

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

    given = {**given, **_of_scale(given)}
    known = {field.name for field in fields(Criteria)}
    said = {CRITERIA_OPTIONS.get(name, name): value for name, value in given.items()}
    return Criteria(**{k: v for k, v in said.items() if k in known and v is not None})


def _of_scale(given: dict[str, Any]) -> dict[str, Any]:
    """Widest sliver of a mapping scale: 0.5 mm on the map."""
    said = given.get("scale")
    if not said:
        return {}
    found = _SCALE.match(unicodedata.normalize("NFKC", said).replace(",", "").replace(" ", ""))
    if found is None:
        raise OptionError(**messages.fault("cli.bad_scale", given=said[:40]))
    if given.get("sliver_width") is not None:
        raise OptionError(**messages.fault("cli.scale_and_width"))
    scale = int(found[1])
    return {"map_scale": scale, "sliver_width": scale * _SHARPNESS_M}


def chosen_lines(given: Sequence[str]) -> dict[str, list[str]]:
    """Read ``永久基本农田=farmland.gpkg``, as often as it is said.

    Parameters
    ----------
    given
        Names and files, each with an equals sign between.

    Returns
    -------
    Name of the control line -> its files.

    Raises
    ------
    OptionError
        If one has no name or no file.

    Examples
    --------
    >>> chosen_lines(["永久基本农田=a.gpkg", "永久基本农田=b.gpkg"])
    {'永久基本农田': ['a.gpkg', 'b.gpkg']}
    """
    lines: dict[str, list[str]] = {}
    for said in given:
        name, equals, file = (part.strip() for part in said.partition("="))
        if not (equals and name and file):
            raise OptionError(**messages.fault("cli.bad_line", given=said[:60]))
        lines.setdefault(name, []).append(file)
    return lines


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
    for pair in filter(None, (part.strip() for part in given.replace("\uff0c", ",").split(","))):
        ours, equals, theirs = pair.partition("=")
        if not (equals and ours.strip() and theirs.strip()):
            raise OptionError(**messages.fault("cli.bad_columns", given=pair))
        columns[ours.strip()] = theirs.strip()
    return columns


def date_from(said: str | None) -> str:
    """Tell where the date of outputs comes from: only a stated one is that of the data.

    Parameters
    ----------
    said
        ``--date``.

    Returns
    -------
    ``"option"``, ``"epoch"`` or ``"file"``.

    Examples
    --------
    >>> date_from("2026-03-01")
    'option'
    """
    if said:
        return "option"
    return "epoch" if os.environ.get("SOURCE_DATE_EPOCH", "").isdecimal() else "file"
