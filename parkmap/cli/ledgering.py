"""The verbs that begin a ledger and take things in: init, update; what they and others say."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import days, runs
from parkmap.cli import options as shared
from parkmap.cli.app import program
from parkmap.cli.translated import Group, option
from parkmap.escape import terminal
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parkmap.ledger import Appeals, Changes, Delivery, Kept, State
    from parkmap.schema import Analysis


@program.group("ledger", cls=Group, help="ledger")
@shared.language
def ledger_group() -> None:
    """Gather the verbs of the ledger."""


book_argument = click.argument("book", metavar="LEDGER.xlsx")
_MOST_TOLD = 5
_tasks = option("--tasks", multiple=True, metavar="FILE", help="tasks")
_appeals = option("--appeals", multiple=True, metavar="FILE", help="appeals_file")
_coarse = option("--coarse", is_flag=True, help="coarse")


@ledger_group.command("init", help="ledger_init")
@shared.inputs
@option("-o", "--output", metavar="LEDGER.xlsx", required=True, help="output_ledger")
@_tasks
@_appeals
@_coarse
@shared.reading
@shared.control
@shared.criteria
@shared.sectors
@shared.speaking
def _init_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Begin a ledger with the findings that are matters."""
    from parkmap import ledger, report

    date = days.today(options)
    ledger.book_path(options["output"])
    tasks = [ledger.read_tasks(file) for file in options["tasks"]]
    appeals = [ledger.read_appeals(file) for file in options["appeals"]]
    result = runs.run_analysis(inputs, options)
    state = ledger.State(meta={"lang": messages.language(), "city": report.city_name(result.parks)})
    changes = ledger.take_in(state, _delivery(result, options), date=date)
    changes = ledger.take_tasks(state, tasks, changes, date=date)
    new = [ledger.take_appeals(state, each, date=date) for each in appeals]
    ledger.create(options["output"], state, date=date)
    count = len(state.rows["matters"])
    _left_out(changes, options)
    _told_appeals(appeals, new, options)
    say(options, "made", count=count, file=_file_name(options["output"]))
    return 0


@ledger_group.command("update", help="ledger_update")
@book_argument
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@_tasks
@_appeals
@_coarse
@shared.reading
@shared.control
@shared.criteria
@shared.sectors
@shared.speaking
def _update_verb(book: str, inputs: tuple[str, ...], **options: Any) -> int:
    """Take in what was typed and, where inputs are named, a new delivery."""
    from parkmap import ledger

    date = days.today(options)
    tasks = [ledger.read_tasks(file) for file in options["tasks"]]
    appeals = [ledger.read_appeals(file) for file in options["appeals"]]
    delivery, new = None, [0] * len(appeals)
    if inputs:
        meta = ledger.read(book, date=date).state.meta
        with messages.use_language(meta["lang"]):
            result = runs.run_analysis(inputs, {**options, **_criteria_of(meta, options)})
            delivery = _delivery(result, options)

    def change(state: State) -> Changes:
        if delivery is None:
            changes = ledger.refresh(state, date=date)
        else:
            changes = ledger.take_in(state, delivery, date=date)
        new[:] = [ledger.take_appeals(state, each, date=date) for each in appeals]
        return ledger.take_tasks(state, tasks, changes, date=date) if tasks else changes

    kept = ledger.edit(book, change, date=date)
    _told_appeals(appeals, new, options)
    report_changes(kept, book, options)
    return 0


def _told_appeals(given: Sequence[Appeals], new: Sequence[int], options: dict[str, Any]) -> None:
    for appeals, count in zip(given, new, strict=True):
        say(options, "appeals", count=len(appeals.rows), new=count, examples=appeals.examples)
        if appeals.bare:
            rows = joined([str(at) for at in appeals.bare[:_MOST_TOLD]])
            say(options, "bare_appeals", count=len(appeals.bare), rows=rows)


def _delivery(result: Analysis, options: dict[str, Any]) -> Delivery:
    from parkmap import ledger, report

    criteria = report.plain(asdict(result.criteria))
    criteria.pop("map_scale")  # the sliver width says it
    used = {
        key: result.options[key] for key in ("taxonomy", "sectors_map") if key in result.options
    }
    return ledger.Delivery(
        parks=result.parks,
        findings=report.finding_facts(result),
        lines=[line.name for line in result.lines],
        criteria=json.loads(json.dumps({**criteria, **used})),
        date=result.date,
        date_from=result.options.get("date_from", ""),
        with_coarse=options["coarse"],
    )


def _criteria_of(meta: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Take the criteria of the ledger where none are said: else absence would prove nothing."""
    kept = meta["criteria"]
    if options.get("scale"):
        kept = {**kept, "sliver_width_m": None}
    return {
        name: kept[criterion]
        for name, criterion in shared.CRITERIA_OPTIONS.items()
        if options.get(name) is None
    }


def report_changes(kept: Kept[Changes], book: str, options: dict[str, Any]) -> None:
    """Say on stderr what came of a change.

    Parameters
    ----------
    kept
        What came of it.
    book
        The ledger.
    options
        The verb's options: ``quiet``.
    """
    from parkmap import ledger

    changes = kept.answer
    tell_notes(kept, options)
    if changes.by_change:
        counts = [
            text(
                "ledger.said.change_count",
                change=text(f"ledger.change.{key}"),
                count=len(changes.by_change[key]),
            )
            for key in ledger.WORDS["change"]
            if key in changes.by_change
        ]
        say(options, "changes", changes=listed(counts))
    _left_out(changes, options)
    if changes.reopened:
        say(options, "reopened", count=len(changes.reopened), ids=joined(changes.reopened))
    if changes.grown:
        say(options, "grown", count=len(changes.grown), ids=joined(changes.grown))
    if changes.expired:
        say(options, "expired", count=len(changes.expired), ids=joined(changes.expired))
    if changes.lines_missing:
        say(options, "lines_missing", lines=joined(changes.lines_missing))
    if changes.doubtful:
        say(options, "other_criteria", count=changes.doubtful)
    key = "written" if kept.written else "unchanged"
    say(options, key, version=kept.state.version, file=_file_name(book))


def _left_out(changes: Changes, options: dict[str, Any]) -> None:
    if changes.coarse:
        say(options, "coarse_left", left=changes.left_out, coarse=changes.coarse)
    elif changes.left_out:
        say(options, "left_out", left=changes.left_out)


def tell_notes(kept: Kept[Any], options: dict[str, Any]) -> None:
    """Say on stderr what was taken in, stands twice, was put back, or cannot be read as a date.

    Parameters
    ----------
    kept
        What came of it.
    options
        The verb's options: ``quiet``.
    """
    from parkmap import ledger

    if kept.taken:
        say(options, "taken_in", count=kept.taken)
    open_differences = [
        row for row in kept.state.rows["differences"].values() if "_settled" not in row
    ]
    if open_differences:
        say(options, "differences", count=len(open_differences))
    if kept.put_back:
        say(options, "put_back", count=len(kept.put_back), ids=joined(kept.put_back))
    unread = ledger.unread_days(kept.state)
    if unread:
        told = [text("ledger.said.unread_day", **each) for each in unread[:_MOST_TOLD]]
        say(options, "unread_days", count=len(unread), cells=joined(told))


def say(options: dict[str, Any], key: str, **values: Any) -> None:
    """Say a line on stderr, unless asked to be quiet.

    Parameters
    ----------
    options
        The verb's options: ``quiet``.
    key, **values
        The sentence, under ``ledger.said``.
    """
    if not options["quiet"]:
        click.echo(text(f"ledger.said.{key}", **values), err=True)


def joined(names: Sequence[str]) -> str:
    """List names, harmless to a terminal.

    Parameters
    ----------
    names
        Ids or phrases.

    Returns
    -------
    One after the other.
    """
    return listed(terminal(name) for name in names)


def _file_name(path: str) -> str:
    from parkmap import files

    return files.display_name(path)
