"""The verb that goes from findings to a plan."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import outputs, runs
from parkmap.cli.app import program
from parkmap.cli.findings import workshop
from parkmap.cli.mapping import read_context
from parkmap.cli.translated import option
from parkmap.errors import OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parkmap.consolidation import Differentiation, Plan
    from parkmap.schema import Analysis
    from parkmap.sheets import Sheet

_FORMATS = ("auto", "table", "csv", "json", "geojson")


@dataclass(frozen=True)
class _Made:
    """What the verb made: its name, the formats of its files, and how each is filled."""

    name: str
    endings: tuple[str, ...]
    content: Callable[[str], str]
    sheets: Callable[[], list[Sheet]]
    lines: list[str]
    draw: Callable[[Path], None] | None = None  # the page of a folder


@program.command("plan", help="plan")
@shared.inputs
@option("--target", metavar="3+22+N", default="", help="target")
@option("--rules", metavar="plan.toml", help="rules")
@option("--differentiate", is_flag=True, help="differentiate")
@option("--max-changes", type=click.IntRange(0), metavar="N", help="max_changes")
@option("--time-limit", type=click.FloatRange(0), metavar="SECONDS", default=60.0, help="time")
@option("-f", "--format", "fmt", type=click.Choice(_FORMATS), default="auto", help="format_fixed")
@option("-o", "--output", metavar="FILE|DIR", help="output_plan")
@option("--overwrite", is_flag=True, help="overwrite")
@option("--context", metavar="FILE|none", multiple=True, type=click.Path(), help="context_plan")
@option("--title", metavar="TEXT", help="title_plan")
@shared.reading
@shared.criteria
@shared.sectors
@shared.speaking
def _plan_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Propose which parks join which, or which lead in something else; say why."""
    from parkmap import schema

    _refuse_two_questions(options)
    schema.system_gaps("0+0+0", options["target"])  # a mistyped target is told before the work
    apart = options["differentiate"]
    name = "differentiation" if apart else "plan"
    _refuse_idle_map(options)
    target = _target(options, name, ("xlsx", "csv", "json") if apart else _ENDINGS)
    make = _differentiated if apart else _consolidated
    result, made = make(inputs, options)
    given = [options["rules"], *(file for file in options["context"] if file != "none")]
    kept = [*outputs.all_inputs(inputs, options), *filter(None, given)]
    if target == "folder":
        _write_folder(result, made, options)
    elif target == "xlsx":
        _write_book(result, made, options, kept)
    else:
        fmt = outputs.chosen_format(options)
        outputs.deliver(made.content(fmt), options, fmt=fmt, inputs=kept)
    if not options["quiet"]:
        for line in made.lines:
            click.echo(line, err=True)
    return 0


_ENDINGS = ("xlsx", "csv", "geojson", "json")
_MAP = "map.html"
_SILENCE_S = 1.0


def _refuse_two_questions(options: dict[str, Any]) -> None:
    if options["differentiate"]:
        wrong = {"--target": options["target"], "--rules": options["rules"]}
        wrong["-f geojson"] = options["fmt"] == "geojson"
    else:
        wrong = {"--max-changes": options["max_changes"] is not None}
    given = next((name for name, said in wrong.items() if said), "")
    if given:
        key = "two_questions" if options["differentiate"] else "only_differentiate"
        raise OptionError(**messages.fault(f"consolidation.{key}", given=given))


def _consolidated(inputs: Sequence[str], options: dict[str, Any]) -> tuple[Analysis, _Made]:
    from parkmap import consolidation

    rules = consolidation.read_rules(options["rules"]) if options["rules"] else None
    result = runs.run_analysis(inputs, options)
    plan = consolidation.consolidate(
        result,
        rules=rules,
        target=options["target"],
        time_limit_s=options["time_limit"],
        tell=_teller(options),
    )
    return result, _Made(
        "plan",
        _ENDINGS,
        lambda fmt: _plan_content(result, plan, fmt),
        lambda: consolidation.plan_sheets(plan),
        consolidation.plan_lines(plan),
        lambda path: _draw(result, plan, path, inputs, options),
    )


def _differentiated(inputs: Sequence[str], options: dict[str, Any]) -> tuple[Analysis, _Made]:
    from parkmap import consolidation

    result = runs.run_analysis(inputs, options)
    found = consolidation.differentiate(
        result,
        max_changes=options["max_changes"],
        time_limit_s=options["time_limit"],
        tell=_teller(options),
    )
    return result, _Made(
        "differentiation",
        ("xlsx", "csv", "json"),
        lambda fmt: _changes_content(result, found, fmt),
        lambda: consolidation.differentiation_sheets(found),
        [*consolidation.frontier_lines(found), *found.notes],
    )


def _teller(options: dict[str, Any]) -> Callable[[str, int, int], None] | None:
    """Say how far the solver is, a line a second at most; on a terminal, or with -v."""
    if options["quiet"] or not (sys.stderr.isatty() or options["verbose"]):
        return None
    limit = f"{options['time_limit']:g}"
    click.echo(messages.text("consolidation.solving", seconds=limit), err=True)
    began = told = time.monotonic()

    def tell(step: str, number: int, count: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told < _SILENCE_S and not options["verbose"]:
            return
        told = now
        said = messages.text(
            "consolidation.step",
            step=messages.text(f"consolidation.stage.{step}"),
            number=number,
            count=count,
            seconds=f"{now - began:.0f}",
        )
        click.echo(said, err=True)

    return tell


def _refuse_idle_map(options: dict[str, Any]) -> None:
    """Refuse what speaks of a map where none is written."""
    output = options["output"] or ""
    drawn = output and options["fmt"] == "auto" and not options["differentiate"]
    folder = Path(output).is_dir() or not Path(output).suffix
    given = next((f"--{name}" for name in ("context", "title") if options[name]), "")
    if given and not (drawn and folder):
        raise OptionError(**messages.fault("consolidation.no_map", given=given))


def _target(options: dict[str, Any], name: str, endings: Sequence[str]) -> str:
    """Say what kind of output is asked for, before any work is done."""
    output = options["output"]
    if not output or options["fmt"] != "auto":
        return "text"
    path = Path(output)
    ending = path.suffix.lower().lstrip(".")
    if path.is_dir() or not ending:
        if path.exists() and not path.is_dir():
            raise OutputError(**messages.fault("cli.not_a_folder", folder=path))
        files = [*(f"{name}.{kind}" for kind in endings), *([_MAP] if name == "plan" else [])]
        taken = next((file for file in files if (path / file).exists()), "")
        if taken and not options["overwrite"]:
            raise OutputError(**messages.fault("cli.folder_taken", folder=path, file=taken))
        return "folder"
    if ending not in endings:
        raise OptionError(**messages.fault("consolidation.bad_output", given=path.name[:40]))
    return ending


def _plan_content(result: Analysis, plan: Plan, fmt: str) -> str:
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


def _changes_content(result: Analysis, found: Differentiation, fmt: str) -> str:
    from parkmap import consolidation, report
    from parkmap.cli import display

    changes = found.changes.rename_axis("id")
    if fmt == "table":
        return display.draw(consolidation.differentiation_rows(found))
    if fmt == "csv":
        return report.table_text(changes, "csv", "differentiation")
    head = {
        "date": result.date,
        "gap": found.gap,
        "proven": found.gap == 0,
        "left_pairs": found.left_pairs,
        "notes": found.notes,
        "notice": messages.text("terms.notice.disclaimer"),
    }
    rows = {"frontier": report.records(found.frontier), "changes": report.records(changes)}
    return report.json_text({**report.opening("differentiation"), **report.plain(head), **rows})


def _book(result: Analysis, made: _Made, path: Path) -> None:
    from parkmap.report import words
    from parkmap.sheets import write_book

    sheets = made.sheets()
    write_book(
        sheets,
        path,
        title=sheets[0].tab,
        under=f"{words.as_of(result)}    {words.system_text(result.system, result.others)}",
        notices=words.notices(result),
        date=result.date,
    )


def _write_book(
    result: Analysis, made: _Made, options: dict[str, Any], kept: Sequence[str]
) -> None:
    from parkmap import files

    with files.writing(options["output"], overwrite=options["overwrite"], inputs=kept) as draft:
        _book(result, made, draft)
    target = Path(options["output"])
    outputs.tell_written([target.name], target.parent, options)


def _draw(
    result: Analysis, plan: Plan, path: Path, inputs: Sequence[str], options: dict[str, Any]
) -> None:
    from parkmap import webmap

    context, title = read_context(inputs, options, result), options["title"]
    drawn = webmap.web_map(
        result, context=context, title=title, after=plan.merged, moves=plan.moves
    )
    drawn.save(str(path))


def _write_folder(result: Analysis, made: _Made, options: dict[str, Any]) -> None:
    from parkmap import report

    folder = Path(options["output"])
    names = [f"{made.name}.{ending}" for ending in made.endings]
    with workshop(folder) as draft:
        _book(result, made, draft / names[0])
        for name, fmt in zip(names[1:], made.endings[1:], strict=True):
            (draft / name).write_bytes(report.file_bytes(made.content(fmt), fmt))
        if made.draw:
            made.draw(draft / _MAP)
            names.append(_MAP)
        for name in names:
            (draft / name).replace(folder / name)
    outputs.tell_written(names, folder, options)
