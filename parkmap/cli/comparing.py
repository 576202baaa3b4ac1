"""The verb that compares two deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import outputs, runs
from parkmap.cli.app import program
from parkmap.cli.translated import option
from parkmap.messages import text

if TYPE_CHECKING:
    import pandas as pd


@program.command("diff", help="diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@option(
    *("-f", "--format", "fmt"),
    type=click.Choice(["auto", "table", "csv", "json"]),
    default="auto",
    help="format_fixed",
)
@option("-o", "--output", metavar="FILE", help="output")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.reading
@shared.control
@shared.criteria
@shared.sectors
@shared.speaking
def _diff_verb(old: str, new: str, **options: Any) -> int:
    """Say what changed between two deliveries."""
    from parkmap import comparison, report
    from parkmap.cli import display

    fmt = outputs.chosen_format(options)
    before, after = (runs.run_analysis([file], options) for file in (old, new))
    table = comparison.compare(before, after)
    if fmt == "json":
        content = report.json_text(comparison.comparison_json(before, after, table))
    elif fmt == "csv":
        rows = [tuple(comparison.COLUMNS), *table.itertuples(index=False, name=None)]
        content = outputs.csv_text(rows)
    elif table.empty:
        content = text("comparison.none") + "\n"
    else:
        content = display.draw(
            [tuple(text("comparison.headings").split("|")), *map(_told, table.to_numpy())]
        )
    outputs.deliver(content, options, fmt=fmt, inputs=[old, new])
    if not options["quiet"] and not (table.empty and fmt == "table"):
        for line in _counted(table):
            click.echo(line, err=True)
    return 0


def _counted(table: pd.DataFrame) -> list[str]:
    """Say how many changes of each kind there are, a line for parks and one for findings."""
    if table.empty:
        return [text("comparison.none")]
    lines = []
    for what, rows in table.groupby("what", sort=False):
        counts = rows["change"].value_counts(sort=False)
        said = [
            text("comparison.count", change=text(f"comparison.change.{change}"), n=n)
            for change, n in counts.items()
        ]
        listed = messages.joined(said)
        lines.append(text("comparison.counted", what=text(f"comparison.what.{what}"), said=listed))
    return lines


def _told(row: Any) -> tuple[str, ...]:
    what, change, *rest = map(str, row)
    return text(f"comparison.what.{what}"), text(f"comparison.change.{change}"), *rest
