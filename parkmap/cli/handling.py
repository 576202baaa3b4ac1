"""The verbs that do something to matters: assign, waive, status, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import days
from parkmap.cli import options as shared
from parkmap.cli.ledgering import book_argument, ledger_group, report_changes, say
from parkmap.cli.translated import option
from parkmap.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parkmap.ledger import Changes, State

_ids = click.argument("ids", nargs=-1, required=True, metavar="ID|NUMBER...")


@ledger_group.command("template", help="ledger_template")
@option("-o", "--output", metavar="FILE.xlsx", required=True, help="output_template")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.speaking
def _template_verb(**options: Any) -> int:
    """Write the sheet of enterprise appeals to be filled in."""
    from parkmap import files, ledger

    ledger.book_path(options["output"])
    date = days.today(options)
    ledger.write_template(options["output"], date=date, overwrite=options["overwrite"])
    say(options, "template", file=files.display_name(options["output"]))
    return 0


@ledger_group.command("assign", help="ledger_assign")
@book_argument
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
@book_argument
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

    def limit(state: State, names: Sequence[str]) -> None:
        for name in names if land is not None else ():
            state.rows["matters"][name] = ledger.with_area(state.rows["matters"][name], land)

    return _act(book, ids, cells, options, to="waived", then=limit)


@ledger_group.command("status", help="ledger_status")
@book_argument
@_ids
@option("--to", metavar="STATUS", required=True, help="to_status")
@option("--note", metavar="TEXT", help="note")
@shared.speaking
def _status_verb(book: str, ids: tuple[str, ...], **options: Any) -> int:
    """Give matters their next status, with a line of progress."""
    from parkmap import ledger

    to = ledger.status_by_hand(options["to"])
    return _act(book, ids, {}, options, to=to, said=options["note"] or "")


@ledger_group.command("close", help="ledger_close")
@book_argument
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
    said: str = "",
    then: Callable[[State, Sequence[str]], None] | None = None,
) -> int:
    from parkmap import ledger

    date, spoken = days.today(options), messages.language()
    named: dict[str, str] = {}

    def change(state: State) -> Changes:
        with messages.use_language(spoken):  # refusals are for who runs this
            named.update({given: ledger.named(state, given) for given in ids})
            for name in dict.fromkeys(named.values()):
                ledger.act(state, name, cells, to=to, date=date, said=said)
        if then is not None:
            then(state, list(named.values()))
        return ledger.Changes()

    kept = ledger.edit(book, change, date=date)
    rows = kept.state.rows
    for given, name in named.items():
        if given != name:
            parks = rows["matters"][name].get("parks", "")
            say(options, "by_number", number=given, id=terminal(name), parks=terminal(str(parks)))
    report_changes(kept, book, options)
    return 0
