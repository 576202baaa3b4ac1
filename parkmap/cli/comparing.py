"""The verb that compares two deliveries."""

from __future__ import annotations

from typing import Any

import click

from parkmap.cli import options as shared
from parkmap.cli import runs
from parkmap.cli.app import program
from parkmap.cli.translated import option
from parkmap.messages import text


@program.command("diff", help="diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@option(
    *("-f", "--format", "fmt"),
    type=click.Choice(["auto", "table", "csv", "json"]),
    default="auto",
    help="format",
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

    fmt = runs.chosen_format(options)
    before, after = (runs.run_analysis([file], options) for file in (old, new))
    if fmt == "json":
        content = report.json_text(comparison.comparison_json(before, after))
    else:
        table = comparison.compare(before, after)
        if fmt == "csv":
            rows = [tuple(comparison.COLUMNS), *table.itertuples(index=False, name=None)]
            content = runs.csv_text(rows)
        elif table.empty:
            content = text("comparison.none") + "\n"
        else:
            content = display.draw(
                [tuple(text("comparison.headings").split("|")), *map(_told, table.to_numpy())]
            )
    runs.deliver(content, options, fmt=fmt, inputs=[old, new])
    return 0


def _told(row: Any) -> tuple[str, ...]:
    what, change, *rest = map(str, row)
    return text(f"comparison.what.{what}"), text(f"comparison.change.{change}"), *rest
