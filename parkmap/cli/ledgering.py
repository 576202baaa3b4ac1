"""The verbs of the ledger: init, update, show, assign, waive, close."""

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
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from parkmap.ledger import Changes, Delivery, Kept, State
    from parkmap.schema import Analysis

_SHOWN = ("matter_id", "status", "alert", "change", "attention", "responsible_unit", "due_on")
_APPEALS_SHOWN = ("appeal_id", "status", "alert", "company", "responsible_unit", "due_on")


@program.group("ledger", cls=Group, help="ledger")
def ledger_group() -> None:
    """Gather the verbs of the ledger."""


_book = click.argument("book", metavar="LEDGER.xlsx")
_tasks = option("--tasks", multiple=True, metavar="FILE", help="tasks")
_coarse = option("--coarse", is_flag=True, help="coarse")
_ids = click.argument("ids", nargs=-1, required=True, metavar="ID...")


@ledger_group.command("init", help="ledger_init")
@shared.inputs
@option("-o", "--output", metavar="LEDGER.xlsx", required=True, help="output_ledger")
@_tasks
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
    result = runs.run_analysis(inputs, options)
    state = ledger.State(meta={"lang": messages.language(), "city": report.city_name(result.parks)})
    changes = ledger.take_in(state, _delivery(result, options), date=date)
    changes = ledger.take_tasks(state, tasks, changes, date=date)
    ledger.create(options["output"], state, date=date)
    count = len(state.rows["matters"])
    _left_out(changes, options)
    _say(options, "made", count=count, file=_name(options["output"]))
    return 0


@ledger_group.command("update", help="ledger_update")
@_book
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@_tasks
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
    delivery = None
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
        return ledger.take_tasks(state, tasks, changes, date=date) if tasks else changes

    _report(ledger.edit(book, change, date=date), book, options)
    return 0


@ledger_group.command("show", help="ledger_show")
@_book
@click.argument("ids", nargs=-1, metavar="[ID...]")
@option("--status", help="status")
@option("--unit", metavar="TEXT", help="unit_of")
@option("--overdue", is_flag=True, help="overdue")
@option("--appeals", is_flag=True, help="appeals")
@option(
    *("-f", "--format", "fmt"),
    type=click.Choice(["auto", "table", "csv", "json"]),
    default="auto",
    help="format",
)
@option("-o", "--output", metavar="FILE", help="output")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.speaking
def _show_verb(book: str, ids: tuple[str, ...], **options: Any) -> int:
    """Show matters, with what was typed into the sheet; nothing is written."""
    from parkmap import ledger, report
    from parkmap.cli import display

    fmt, date = runs.chosen_format(options), days.today(options)
    kept = ledger.read(book, date=date)
    rows = _asked(kept.state, ids, options, date=date)
    columns = [field.key for field in ledger.SHEETS["appeals" if options["appeals"] else "matters"]]
    if fmt == "json":
        head = report.opening("ledger")
        facts = [{key: row[key] for key in columns if key in row} for row in rows]
        content = report.json_text({**head, "date": date, "matters": facts})
    elif fmt == "csv":
        content = runs.csv_text(_lines(rows, columns))
    elif not rows:
        content = text("ledger.said.nothing") + "\n"
    else:
        shown = _APPEALS_SHOWN if options["appeals"] else _SHOWN
        content = display.draw(_lines(rows, [*shown, "content" if options["appeals"] else "parks"]))
    runs.deliver(content, options, fmt=fmt, inputs=[book])
    _notes(kept, options)
    return 0


@ledger_group.command("assign", help="ledger_assign")
@_book
@_ids
@option("--unit", metavar="TEXT", required=True, help="unit")
@option("--person", metavar="TEXT", help="person")
@option("--due", metavar="YYYY-MM-DD", help="due")
@option("--lead-unit", metavar="TEXT", help="lead_unit")
@option("--supporting-unit", metavar="TEXT", help="supporting_unit")
@option("--measures", metavar="TEXT", help="measures")
@option("--level", type=click.Choice(["city", "province", "nation"]), help="level")
@shared.speaking
def _assign_verb(book: str, ids: tuple[str, ...], **options: Any) -> int:
    """Hand matters to a unit."""
    cells = {
        "responsible_unit": options["unit"],
        "person": options["person"],
        "due_on": options["due"],
        "lead_unit": options["lead_unit"],
        "supporting_unit": options["supporting_unit"],
        "measures": options["measures"],
        "approval_level": options["level"],
    }
    return _act(book, ids, cells, options, to="assigned")


@ledger_group.command("waive", help="ledger_waive")
@_book
@_ids
@option("--reason", metavar="TEXT", required=True, help="waiver_reason")
@option("--by", metavar="TEXT", required=True, help="waiver_by")
@option("--until", metavar="YYYY-MM-DD", required=True, help="waiver_until")
@option("--area", metavar="FILE", help="waiver_area")
@shared.speaking
def _waive_verb(book: str, ids: tuple[str, ...], **options: Any) -> int:
    """Put matters off, with reason, approver and last day, on all their land or some of it."""
    from parkmap import io, ledger

    land = io.read_control(options["area"])[0] if options["area"] else None
    cells = {
        "waiver_reason": options["reason"],
        "waiver_by": options["by"],
        "waiver_until": options["until"],
    }

    def limit(state: State) -> None:
        for name in ids if land is not None else ():
            state.rows["matters"][name] = ledger.with_area(state.rows["matters"][name], land)

    return _act(book, ids, cells, options, to="waived", then=limit)


@ledger_group.command("close", help="ledger_close")
@_book
@_ids
@option("--confirmed-by", metavar="TEXT", help="confirmed_by")
@option("--result", metavar="TEXT", help="result")
@option(
    "--outcome", type=click.Choice(["solved", "partly", "explained", "planned"]), help="outcome"
)
@option("--result-score", type=int, metavar="1-5", help="result_score")
@option("--attitude-score", type=int, metavar="1-5", help="attitude_score")
@shared.speaking
def _close_verb(book: str, ids: tuple[str, ...], **options: Any) -> int:
    """Close what awaits confirmation, confirmed by a second unit."""
    names = ("confirmed_by", "result", "outcome", "result_score", "attitude_score")
    return _act(book, ids, {name: options[name] for name in names}, options, to="closed")


def _act(
    book: str,
    ids: Sequence[str],
    cells: dict[str, Any],
    options: dict[str, Any],
    *,
    to: str,
    then: Callable[[State], None] | None = None,
) -> int:
    from parkmap import ledger

    date, spoken = days.today(options), messages.language()

    def change(state: State) -> Changes:
        with messages.use_language(spoken):  # refusals are for who runs this
            for name in ids:
                ledger.act(state, name, cells, to=to, date=date)
        if then is not None:
            then(state)
        return ledger.Changes()

    _report(ledger.edit(book, change, date=date), book, options)
    return 0


def waived(findings: gpd.GeoDataFrame, options: dict[str, Any]) -> list[str]:
    """Find the findings that a ledger's waivers cover, and say which.

    Parameters
    ----------
    findings
        The conflicts table.
    options
        The verb's options: ``ledger``, ``date``, ``quiet``.

    Returns
    -------
    Their ids.
    """
    from parkmap import ledger

    date = days.today(options)
    state = ledger.read(options["ledger"], date=date).state
    covered, outgrown = ledger.waived_findings(state, findings, date=date)
    if covered:
        _say(options, "waived", count=len(covered), ids=_joined(covered))
    if outgrown:
        _say(options, "waiver_outgrown", ids=_joined(outgrown))
    return covered


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


def _asked(
    state: State, ids: Sequence[str], options: dict[str, Any], *, date: str
) -> list[dict[str, Any]]:
    from parkmap import ledger

    for name in ids:
        options["appeals"] = ledger.place_of(state, name) == "appeals"
    rows = state.rows["appeals" if options["appeals"] else "matters"]
    wanted = ledger.key_of("status", options["status"])
    found = []
    for name, row in rows.items():
        warned = ledger.warned(row, date)
        units = f"{row.get('lead_unit', '')} {row.get('responsible_unit', '')}"
        if (
            "_removed" not in row
            and (not ids or name in ids)
            and (not wanted or row.get("status") == wanted)
            and (not options["unit"] or options["unit"] in units)
            and (not options["overdue"] or warned.get("alert") == "overdue")
        ):
            found.append(warned)
    return found


def _lines(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> list[tuple[str, ...]]:
    from parkmap import ledger

    heads = tuple(text(f"ledger.heading.{key}") for key in columns)
    cells = [tuple(str(ledger.word(key, row.get(key, ""))) for key in columns) for row in rows]
    return [heads, *cells]


def _report(kept: Kept[Changes], book: str, options: dict[str, Any]) -> None:
    """Say on stderr what came of a change."""
    from parkmap import ledger

    changes = kept.answer
    _notes(kept, options)
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
        _say(options, "changes", changes=text("terms.list_separator").join(counts))
    _left_out(changes, options)
    if changes.reopened:
        _say(options, "reopened", count=len(changes.reopened), ids=_joined(changes.reopened))
    if changes.lines_missing:
        _say(options, "lines_missing", lines=_joined(changes.lines_missing))
    if changes.doubtful:
        _say(options, "other_criteria", count=changes.doubtful)
    key = "written" if kept.written else "unchanged"
    _say(options, key, version=kept.state.version, file=_name(book))


def _left_out(changes: Changes, options: dict[str, Any]) -> None:
    if changes.coarse:
        _say(options, "coarse_left", left=changes.left_out, coarse=changes.coarse)
    elif changes.left_out:
        _say(options, "left_out", left=changes.left_out)


def _notes(kept: Kept[Any], options: dict[str, Any]) -> None:
    if kept.taken:
        _say(options, "taken_in", count=kept.taken)
    open_differences = [
        row for row in kept.state.rows["differences"].values() if "_settled" not in row
    ]
    if open_differences:
        _say(options, "differences", count=len(open_differences))
    if kept.put_back:
        _say(options, "put_back", count=len(kept.put_back), ids=_joined(kept.put_back))


def _say(options: dict[str, Any], key: str, **values: Any) -> None:
    if not options["quiet"]:
        click.echo(text(f"ledger.said.{key}", **values), err=True)


def _joined(names: Sequence[str]) -> str:
    return text("terms.list_separator").join(terminal(name) for name in names)


def _name(path: str) -> str:
    from parkmap import files

    return files.display_name(path)
