"""The verb that matches lists of opportunities, demands and companies with each other and parks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import outputs, runs
from parkmap.cli.app import program
from parkmap.cli.findings import workshop
from parkmap.cli.translated import option
from parkmap.errors import OptionError, OutputError

if TYPE_CHECKING:
    import pandas as pd

    from parkmap.matching import Matching

_LISTS = ("opportunities", "demands", "companies")
_TEMPLATE = "match_template.xlsx"
_FILES = ("match.xlsx", "match.json", "matches.csv", "parks.csv", "unmatched.csv")


@program.command("match", help="match")
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@option("--template", is_flag=True, help="template")
@option("--opportunities", metavar="FILE", help="opportunities")
@option("--demands", metavar="FILE", help="demands")
@option("--companies", metavar="FILE", help="companies")
@option(
    "--time-limit", type=click.FloatRange(0), metavar="SECONDS", default=20.0, help="time_match"
)
@option("--per-park", type=click.IntRange(1), metavar="COUNT", help="per_park")
@shared.output_of("auto", "table", "csv", "json")
@shared.reading
@shared.sectors
@shared.speaking
def _match_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Match lists with each other and with parks."""
    import pandas as pd

    from parkmap import matching, report, sector

    if options["template"]:
        if not options["output"]:
            raise OptionError(**messages.fault("cli.no_template_file"))
        made = _write_template(Path(options["output"]), overwrite=options["overwrite"])
        outputs.tell_written([made.name], made.parent, options)
        return 0
    given = {kind: options[kind] for kind in _LISTS if options[kind]}
    if not given or not inputs:
        raise OptionError(**messages.fault("cli.no_lists" if inputs else "cli.no_layer"))
    target = Path(options["output"]) if options["output"] else None
    folder = target if target is not None and not target.suffix else None
    fmt = "" if folder else outputs.chosen_format(options, book=True)
    if folder is not None:
        _refuse_taken(folder, _FILES, overwrite=options["overwrite"])
    parks, _, sources = runs.read_inputs(inputs, options)
    lists, problems = _read(given, options["encoding"])
    problems = pd.concat([problems, matching.stray_parks(parks, lists)], ignore_index=True)
    sources += [runs.table_source(file) for file in given.values()]
    _tell_solving(options)
    found = matching.match_lists(
        parks, sector.sector_shares(parks), lists, per_park=options["per_park"],
        seconds=options["time_limit"],
        date=runs.output_date(options["date"], sources),
    )  # fmt: skip
    head = report.opening("match")
    facts = {**head, **report.plain(matching.facts(found)), "problems": report.records(problems)}
    key = "under_file" if shared.date_from(options["date"]) == "file" else "under"
    under = messages.text(f"matching.{key}", date=found.date)
    if folder is not None:
        _write_folder(folder, found, problems, facts, [*inputs, *given.values()], under=under)
        outputs.tell_written(_FILES, folder, options)
    elif fmt == "xlsx":
        book = Path(options["output"])
        _write_book(book, found, problems, under, options["overwrite"])
        outputs.tell_written([book.name], book.parent, options)
    else:
        said = report.json_text(facts) if fmt == "json" else _table(found, fmt)
        outputs.deliver(said, options, fmt=fmt, inputs=[*inputs, *given.values()])
    if not options["quiet"]:
        from parkmap.escape import terminal

        for line in matching.summary(found, problems):
            click.echo(terminal(line), err=True)
    return 0


def _read(
    given: dict[str, str], encoding: str | None
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    import pandas as pd

    from parkmap import io

    lists, problems = {}, []
    for kind, file in given.items():
        lists[kind], met = io.read_list(file, kind, encoding=encoding)
        problems.append(met.drop(columns="park_id").assign(list=kind))
    return lists, pd.concat(problems, ignore_index=True)


def _table(found: Matching, fmt: str) -> str:
    """Draw what was proposed: pairs, or parks where there is only one side."""
    from parkmap import matching
    from parkmap.cli import display

    if fmt == "csv":
        return _csv(found, "matches" if found.paired else "parks")
    if found.paired:
        group, columns = "matches", ["opportunity", "demand", "score", "traded_cny", "reason"]
        rows = matching.match_rows(found)
        for row in rows:
            row["traded_cny"] = f"{row['traded_cny'] / 1e4:,.2f}" if row["traded_cny"] else ""
    else:
        group, columns = "match_parks", ["row", "title", "park_name", "score", "reason"]
        rows = [{**row, "score": row["score"] or ""} for row in matching.park_rows(found)]
    cells = [tuple(str(row[column]) for column in columns) for row in rows]
    return display.draw([tuple(messages.text(f"cli.headings.{group}").split("|")), *cells])


def _csv(found: Matching, what: str) -> str:
    import pandas as pd

    from parkmap import matching, report

    columns = ["opportunity", "demand", "score", "how", "sectors", "traded_cny", "distance_m"]
    rows = matching.match_rows(found)
    if what == "parks":
        columns = ["list", "row", "item", "title", "park", "park_name", "how", "score", "others"]
        rows = matching.park_rows(found)
    table = pd.DataFrame(rows, columns=[*columns, "reason"])
    table["marking"] = messages.text("matching.marking")
    return report.table_text(table, "csv", "match")


def _tell_solving(options: dict[str, Any]) -> None:
    if sys.stderr.isatty() and not options["quiet"]:
        said = messages.text("matching.solving", seconds=f"{options['time_limit']:g}")
        click.echo(said, err=True)


def _write_template(target: Path, *, overwrite: bool) -> Path:
    """Write the template to a file, or into a folder, made if absent; say where it is."""
    from parkmap import matching

    if target.suffix == ".xlsx":
        matching.write_templates(target, overwrite=overwrite)
        return target
    _refuse_taken(target, (_TEMPLATE,), overwrite=overwrite)
    with workshop(target) as draft:
        matching.write_templates(draft / _TEMPLATE)
        (draft / _TEMPLATE).replace(target / _TEMPLATE)
    return target / _TEMPLATE


def _refuse_taken(folder: Path, names: tuple[str, ...], *, overwrite: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(**messages.fault("cli.not_a_folder", folder=folder))
    for name in names:
        if (folder / name).exists() and not overwrite:
            raise OutputError(**messages.fault("cli.folder_taken", folder=folder, file=name))


def _write_book(
    path: Path,
    found: Matching,
    problems: pd.DataFrame,
    under: str,
    overwrite: bool,  # noqa: FBT001
) -> None:
    from parkmap import matching, sheets

    sheets.write_book(
        matching.sheets_of(found, problems), path, title=messages.text("matching.title"),
        under=under, date=found.date,
        notices=[messages.text("terms.notice.disclaimer")], overwrite=overwrite,
    )  # fmt: skip


def _write_folder(
    folder: Path,
    found: Matching,
    problems: pd.DataFrame,
    facts: dict[str, Any],
    inputs: list[str],
    *,
    under: str,
) -> None:
    """Write every file, or none."""
    import pandas as pd

    from parkmap import matching, report

    kept = {Path(file).resolve() for file in inputs}
    if any((folder / name).resolve() in kept for name in _FILES):
        raise OutputError(**messages.fault("cli.folder_taken", folder=folder, file=_FILES[0]))
    unmatched = pd.DataFrame(matching.unmatched_rows(found))
    texts = {
        "match.json": report.json_text(facts),
        "matches.csv": _csv(found, "matches"),
        "parks.csv": _csv(found, "parks"),
        "unmatched.csv": report.table_text(unmatched, "csv", "unmatched"),
    }
    with workshop(folder) as draft:
        _write_book(draft / "match.xlsx", found, problems, under, overwrite=True)
        for name, content in texts.items():
            encoded = report.file_bytes(content, name.rpartition(".")[2])
            (draft / name).write_bytes(encoded)
        for name in _FILES:
            (draft / name).replace(folder / name)
