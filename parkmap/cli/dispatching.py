"""The verb that writes the week's sheet of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from parkmap.cli import days, outputs
from parkmap.cli import options as shared
from parkmap.cli.ledgering import ledger_group
from parkmap.cli.translated import option
from parkmap.escape import terminal
from parkmap.messages import text


@ledger_group.command("dispatch", help="ledger_dispatch")
@click.argument("book", metavar="LEDGER.xlsx")
@option("-o", "--output", metavar="FILE.xlsx", required=True, help="output_dispatch")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.speaking
def _dispatch_verb(book: str, **options: Any) -> int:
    """Write the week's sheet; the ledger itself is left as it is."""
    from parkmap import files, ledger
    from parkmap.sheets import write_book

    output = Path(options["output"])
    outputs.ending_of(options["output"], ["xlsx"])
    date = days.today(options)
    state = ledger.read(book, date=date).state
    sheet = ledger.dispatch_sheet(state, date=date)
    notes = ledger.dispatch_notes(state, date=date)
    told = [line for head, lines in notes.items() for line in (head, *lines)]
    kept: list[str | Path] = [book, ledger.store_of(Path(book))]
    with files.writing(output, overwrite=options["overwrite"], inputs=kept) as draft:
        write_book(
            [sheet],
            draft,
            title=sheet.title,
            under=text("ledger.under_plain", date=date),
            notices=[*told, text("ledger.dispatch_rule"), text("terms.notice.disclaimer")],
            date=date,
        )
    if not options["quiet"]:
        for line in (ledger.dispatch_counts(sheet), *notes):
            click.echo(terminal(line), err=True)
    return 0
