"""The verb that goes from findings to a plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import runs
from parkmap.cli.app import program
from parkmap.cli.findings import workshop
from parkmap.cli.translated import option
from parkmap.errors import OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parkmap.consolidation import Plan
    from parkmap.schema import Analysis

_FORMATS = ("auto", "table", "csv", "json", "geojson")
_FILES = ("plan.xlsx", "plan.csv", "plan.geojson", "plan.json")


@program.command("plan", help="plan")
@shared.inputs
@option("--target", metavar="3+22+N", default="", help="target")
@option("--rules", metavar="plan.toml", help="rules")
@option("--time-limit", type=click.FloatRange(0), metavar="SECONDS", default=60.0, help="time")
@option("-f", "--format", "fmt", type=click.Choice(_FORMATS), default="auto", help="format")
@option("-o", "--output", metavar="FILE|DIR", help="output_plan")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.reading
@shared.criteria
@shared.sectors
@shared.speaking
def _plan_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Propose which parks join which; say why, who decides, and what it changes."""
    from parkmap import consolidation, schema

    schema.system_gaps("0+0+0", options["target"])  # a mistyped target is told before the work
    target = _target(options)
    rules = consolidation.read_rules(options["rules"]) if options["rules"] else None
    result = runs.run_analysis(inputs, options)
    if sys.stderr.isatty() and not options["quiet"]:
        said = messages.text("consolidation.solving", seconds=f"{options['time_limit']:g}")
        click.echo(said, err=True)
    plan = consolidation.consolidate(
        result, rules=rules, target=options["target"], time_limit_s=options["time_limit"]
    )
    kept = [*runs.all_inputs(inputs, options), *filter(None, [options["rules"]])]
    if target == "folder":
        _write_folder(result, plan, options)
    elif target == "xlsx":
        _write_book(result, plan, options, kept)
    else:
        fmt = runs.chosen_format(options)
        runs.deliver(_content(result, plan, fmt), options, fmt=fmt, inputs=kept)
    if not options["quiet"]:
        for line in consolidation.plan_lines(plan):
            click.echo(line, err=True)
    return 0


def _target(options: dict[str, Any]) -> str:
    """Say what kind of output is asked for, before any work is done."""
    output = options["output"]
    if not output or options["fmt"] != "auto":
        return "text"
    path = Path(output)
    ending = path.suffix.lower().lstrip(".")
    if path.is_dir() or not ending:
        if path.exists() and not path.is_dir():
            raise OutputError(**messages.fault("cli.not_a_folder", folder=path))
        taken = next((name for name in _FILES if (path / name).exists()), "")
        if taken and not options["overwrite"]:
            raise OutputError(**messages.fault("cli.folder_taken", folder=path, file=taken))
        return "folder"
    if ending not in ("xlsx", "csv", "json", "geojson"):
        raise OptionError(**messages.fault("consolidation.bad_output", given=path.name[:40]))
    return ending


def _content(result: Analysis, plan: Plan, fmt: str) -> str:
    from parkmap import consolidation, report
    from parkmap.cli import display

    moves = plan.moves.rename_axis("id")
    if fmt == "table":
        return display.draw(consolidation.plan_rows(plan))
    if fmt == "csv":
        return report.table_text(moves, "csv", "plan")
    if fmt == "geojson":
        return report.geojson_text(plan.merged, "plan")
    head = {"date": result.date, **consolidation.plan_facts(plan)}
    whole = {**report.opening("plan"), **report.plain(head), "moves": report.records(moves)}
    return report.json_text(whole)


def _book(result: Analysis, plan: Plan, path: Path) -> None:
    from parkmap import consolidation
    from parkmap.report import words
    from parkmap.sheets import write_book

    write_book(
        consolidation.plan_sheets(plan),
        path,
        title=messages.text("consolidation.tab.moves"),
        under=f"{words.as_of(result)}    {words.system_text(result.system, result.others)}",
        notices=words.notices(result),
        date=result.date,
    )


def _write_book(result: Analysis, plan: Plan, options: dict[str, Any], kept: Sequence[str]) -> None:
    from parkmap import files

    with files.writing(options["output"], overwrite=options["overwrite"], inputs=kept) as draft:
        _book(result, plan, draft)


def _write_folder(result: Analysis, plan: Plan, options: dict[str, Any]) -> None:
    from parkmap import report

    folder = Path(options["output"])
    with workshop(folder) as draft:
        _book(result, plan, draft / "plan.xlsx")
        for name in _FILES[1:]:
            fmt = name.rpartition(".")[2]
            content = report.file_bytes(_content(result, plan, fmt), fmt)
            (draft / name).write_bytes(content)
        for name in _FILES:
            (draft / name).replace(folder / name)
    if not options["quiet"]:
        said = messages.text("cli.written", files=", ".join(_FILES), folder=folder)
        click.echo(said, err=True)
