"""The verbs that find: report, conflicts, overlaps, clusters, map."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import mapping, outputs, runs
from parkmap.cli import options as shared
from parkmap.cli.app import program
from parkmap.cli.translated import option
from parkmap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from parkmap.schema import Analysis
    from parkmap.webmap.grounds import Context


@program.command("report", help="report")
@shared.inputs
@option("-o", "--output", metavar="DIR", required=True, help="output_folder")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.page
@shared.edition
@option("--top", type=click.IntRange(0), default=10, help="top")
@option("--chain-table", metavar="TABLE.xlsx", help="chain_table")
@shared.reading
@shared.control
@shared.criteria
@shared.sectors
@shared.speaking
def _report_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Do the main job: analyse, print the summary, write map, tables, picture and record."""
    from parkmap import io, report

    folder = _report_folder(Path(options["output"]), options)
    table = "" if options["public"] else options["chain_table"]  # it may name firms
    told = io.read_chain_table(table) if table else None
    result = mapping.edition(runs.run_analysis(inputs, options), options)
    context = mapping.read_context(inputs, options, result)
    writers = _writers(result, context, options, told)
    if not report.has_word():
        click.echo(messages.text("letter.docx_missing"), err=True)
    with workshop(folder) as draft:
        for name, write in writers.items():
            write(draft / name)
        record = report.run_record(result, [draft / name for name in writers])
        (draft / "run.json").write_text(report.json_text(record), encoding="utf-8")
        for name in (*writers, "run.json"):
            (draft / name).replace(folder / name)
    if not options["quiet"]:
        _summarise(result, top=options["top"])
    outputs.tell_written([*writers, "run.json"], folder, options)
    return 0


@program.command("conflicts", help="conflicts")
@shared.inputs
@option("--ledger", metavar="LEDGER.xlsx", help="ledger")
@shared.output
@shared.failing
@shared.reading
@shared.control
@shared.criteria
@shared.sectors
@shared.speaking
def _conflicts_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """List every finding, worst first."""
    from parkmap import report
    from parkmap.cli import display, notices, showing

    fmt, result = outputs.chosen_format(options, book=True), runs.run_analysis(inputs, options)
    state, counted = showing.read_state(options), result.conflicts["severity"]
    if fmt == "json":
        found = showing.with_matters(report.conflicts_json(result), state, options)
        outputs.deliver(report.json_text(found), options, fmt=fmt, inputs=inputs)
    elif fmt == "table" and state is not None:
        rows = display.rows_of(result, "conflicts")
        rows = showing.with_columns(rows, state, options)
        outputs.deliver(display.draw(rows), options, fmt=fmt, inputs=inputs)
    else:
        _deliver_table(result, "conflicts", options, inputs)
    notices.counted(result.problems, quiet=options["quiet"])
    if state is not None:
        counted = counted.drop(showing.waived(state, result.conflicts, options))
    return outputs.exit_code(list(counted), options)


@program.command("overlaps", help="overlaps")
@shared.inputs
@shared.output
@shared.failing
@shared.reading
@shared.criteria
@shared.sectors
@shared.speaking
def _overlaps_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Answer one question: whose land."""
    outputs.chosen_format(options, book=True)
    result = runs.run_analysis(inputs, options, only="land")
    _deliver_table(result, "overlaps", options, inputs)
    return outputs.exit_code(list(result.conflicts["severity"]), options)


@program.command("clusters", help="clusters")
@shared.inputs
@shared.output_or_graph
@shared.failing
@shared.reading
@shared.criteria
@shared.sectors
@shared.speaking
def _clusters_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Answer one question: whose sector."""
    from parkmap import report
    from parkmap.cli import sectoral

    fmt = outputs.chosen_format(options, book=True)
    result = runs.run_analysis(inputs, options, only="sector")
    if fmt == "graphml":
        outputs.deliver(sectoral.graph_text(result), options, fmt=fmt, inputs=inputs)
    else:
        _deliver_table(result, "clusters", options, inputs)
    if not options["quiet"]:
        for line in filter(None, [*report.sector_notes(result), report.distant_note(result)]):
            click.echo(line, err=True)
    return outputs.exit_code(list(result.conflicts["severity"]), options)


@program.command("map", help="map")
@shared.inputs
@option("-o", "--output", metavar="FILE.html", required=True, help="output_map")
@option("--overwrite", is_flag=True, help="overwrite")
@option("--top", type=click.IntRange(1), metavar="N", help="top_parks")
@shared.page
@shared.edition
@shared.reading
@shared.control
@shared.criteria
@shared.sectors
@shared.speaking
def _map_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Write the map alone."""
    from parkmap import files

    outputs.ending_of(options["output"], ["html"])
    files.output_file(options["output"], overwrite=options["overwrite"])
    result = mapping.edition(runs.run_analysis(inputs, options), options)
    context = mapping.read_context(inputs, options, result)
    kept = outputs.all_inputs(inputs, options)
    with files.writing(options["output"], overwrite=options["overwrite"], inputs=kept) as draft:
        mapping.map_writer(result, context, options, top=options["top"])(draft)
    target = Path(options["output"])
    outputs.tell_written([target.name], target.parent, options)
    return 0


def _report_folder(folder: Path, options: dict[str, Any]) -> Path:
    """Refuse a folder with files of somebody else's, before any work is done."""
    from parkmap import publication, report

    if folder.exists() and not folder.is_dir():
        raise OutputError(**messages.fault("cli.not_a_folder", folder=folder))
    ours = _written_before(folder)
    for name in report.report_files():
        there = (folder / name).exists()
        if there and options["public"] and name in publication.PRIVATE_FILES:
            raise OutputError(**messages.fault("cli.internal_there", folder=folder, file=name))
        if there and name not in ours and not options["overwrite"]:
            raise OutputError(**messages.fault("cli.folder_taken", folder=folder, file=name))
    return folder


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Make files beside their places: all of them get there, or none.

    Parameters
    ----------
    folder
        Where they go; made if absent, and taken away again if nothing comes of it.

    Yields
    ------
    The folder to make them in.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    from parkmap import files

    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files.workshop(folder) as draft:
            yield draft
    except BaseException as reason:
        if made:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(reason, OSError):
            raise files.output_error(folder, reason) from reason
        raise


def _written_before(folder: Path) -> set[str]:
    from parkmap import files

    record = folder / "run.json"
    if not record.is_file():
        return set()
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return set()
    if not isinstance(found, dict) or not str(found.get("schema", "")).startswith("parkmap/run/"):
        return set()
    made = {str(file["name"]): file.get("sha256") for file in found.get("files", [])}
    kept = ((name, folder / Path(name).name, mark) for name, mark in made.items())
    # what somebody has edited since is theirs
    same = {n for n, path, mark in kept if path.is_file() and files.input_hash(path) == mark}
    return {"run.json", *same}


def _writers(
    result: Analysis,
    context: Context,
    options: dict[str, Any],
    chain_table: pd.DataFrame | None,
) -> dict[str, Callable[[Path], object]]:
    from parkmap import publication, report

    def overview(path: Path) -> None:
        ground = mapping.on_one_picture(context)
        drawn = report.write_overview(result, path, context=ground, title=options["title"])
        if not drawn:
            click.echo(messages.text("cli.no_font"), err=True)

    def workbook(path: Path) -> None:
        report.write_xlsx(result, path, map_file="map.html", chain_table=chain_table)

    def letter(path: Path) -> None:  # after the picture it holds
        report.write_docx(result, path, picture=path.with_name("overview.png"))

    writers: dict[str, Callable[[Path], object]] = {
        "map.html": mapping.map_writer(result, context, options),
        "conflicts.xlsx": workbook,
        "conflicts.geojson": lambda path: report.write_geojson(result, path),
        "conflicts.gpkg": lambda path: report.write_gpkg(result, path),
        "conflicts.json": lambda path: report.write_json(result, path),
        "overview.png": overview,
        "clusters.png": lambda path: report.write_clusters_figure(result, path),
        "matrix.png": lambda path: report.write_matrix(result, path),
        "sweep.png": lambda path: report.write_sweep(result, path),
        **({"report.docx": letter} if report.has_word() else {}),
    }
    private = publication.PRIVATE_FILES if result.is_public else ()
    return {name: write for name, write in writers.items() if name not in private}


def _summarise(result: Analysis, *, top: int) -> None:
    from parkmap import report

    if sys.stderr.isatty():
        from rich.console import Console

        Console(stderr=True).print(report.summary_renderable(result, top=top))
        return
    for line in report.summary_lines(result, top=top):
        click.echo(line, err=True)


def _deliver_table(
    result: Analysis,
    name: str,
    options: dict[str, Any],
    inputs: Sequence[str],
) -> None:
    from parkmap import report
    from parkmap.cli import display

    fmt, table = outputs.chosen_format(options, book=True), getattr(result, name)
    if (expected := report.expected_text(result)) and not options["quiet"]:
        click.echo(expected, err=True)
    nothing = messages.text(f"cli.none.{name}") if table.empty else ""
    if fmt == "table":
        drawn = f"{nothing}\n" if nothing else display.draw(display.rows_of(result, name))
        outputs.deliver(drawn, options, fmt=fmt, inputs=inputs)
        return
    if fmt == "xlsx":
        from parkmap import files

        kept = outputs.all_inputs(inputs, options)
        with files.writing(options["output"], overwrite=options["overwrite"], inputs=kept) as draft:
            report.write_xlsx(result, draft)
        target = Path(options["output"])
        outputs.tell_written([target.name], target.parent, options)
        return
    head = report.sector_head(result) if name == "clusters" else None
    outputs.deliver(report.table_text(table, fmt, name, head=head), options, fmt=fmt, inputs=inputs)
    if nothing and not options["quiet"]:
        click.echo(nothing, err=True)
    if not options["quiet"] and name == "conflicts":
        click.echo(report.severity_counts(result), err=True)
