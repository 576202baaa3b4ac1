"""The verb that writes the monthly publication of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import days
from parkmap.cli import options as shared
from parkmap.cli.ledgering import ledger_group
from parkmap.cli.translated import option
from parkmap.errors import OptionError
from parkmap.escape import terminal
from parkmap.messages import text

if TYPE_CHECKING:
    from parkmap.report import Block

_LISTS = ("opportunities", "demands")


@ledger_group.command("publish", help="ledger_publish")
@click.argument("book", metavar="LEDGER.xlsx")
@option("-o", "--output", metavar="FILE.docx|.md|.txt", required=True, help="output_publish")
@option("--month", metavar="YYYY-MM", help="month")
@option("--public", is_flag=True, help="public_month")
@option("--opportunities", metavar="FILE", help="opportunities")
@option("--demands", metavar="FILE", help="demands")
@option("--contact", metavar="TEXT", help="contact")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.speaking
def _publish_verb(book: str, **options: Any) -> int:
    """Write the monthly publication; the ledger itself is left as it is."""
    from parkmap import files, io, ledger, report

    output = Path(options["output"])
    if output.suffix.lower() not in (".docx", ".md", ".txt"):
        raise OptionError(**messages.fault("monthly.bad_ending", ending=output.suffix[:20]))
    if output.suffix.lower() == ".docx" and not report.has_word():
        raise OptionError(**messages.fault("letter.no_word"))
    today = days.today(options)
    month = ledger.month_of(options["month"], today)
    state = ledger.read(book, date=month.as_of.isoformat()).state
    last = month.as_of.isoformat()
    then = ledger.rows_at(ledger.store_of(Path(book)), last) if last < today else None
    given = {kind: options[kind] for kind in _LISTS if options[kind]}
    lists = {kind: io.read_list(file, kind)[0] for kind, file in given.items()}
    public = options["public"]
    parts = ledger.publication(
        state, month, public=public, then=then, lists=lists, contact=options["contact"] or ""
    )
    edition = text(f"monthly.edition.{'public' if public else 'internal'}")
    kept = [book, ledger.store_of(Path(book)), *given.values()]
    names = [name for name, _, _ in state.parks.values()]
    blocks = [report.Block(*part) for part in parts]
    if output.suffix.lower() == ".docx":
        report.write_paper(
            blocks, output, date=month.as_of.isoformat(), names=names, mark=edition,
            overwrite=options["overwrite"], inputs=kept,
        )  # fmt: skip
    else:
        marked = [
            blocks[0],
            report.Block("body", text("monthly.mark", edition=edition)),
            *blocks[1:],
        ]
        content = _content(report.printed(marked, names), output.suffix.lower())
        with files.writing(output, overwrite=options["overwrite"], inputs=kept) as draft:
            draft.write_text(content, encoding="utf-8", newline="\n")
    if not options["quiet"]:
        said = {"month": f"{month.first:%Y-%m}", "edition": edition}
        click.echo(terminal(text("monthly.written", file=str(output), **said)), err=True)
    return 0


def _content(blocks: list[Block], ending: str) -> str:
    from parkmap import report

    return report.markdown_text(blocks) if ending == ".md" else report.plain_text(blocks)
