"""The verbs that look: check, info, sectors, doctor."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import outputs, runs
from parkmap.cli.app import program
from parkmap.cli.translated import Group, option
from parkmap.errors import OptionError
from parkmap.escape import terminal
from parkmap.messages import text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_MOST_ALIASES = 6  # of a line in a table; the CSV has all
_EXTRAS = {
    "parquet": "pyarrow",
    "postgis": "psycopg",
    "notebook": "ipykernel",
    "report": "docx",
}
#: Severity of a data problem -> that of a finding, for --fail-on: an error keeps a row out.
_AS_FINDING = {"error": "high", "warning": "medium", "info": "info"}


@program.command("check", help="check")
@shared.inputs
@option("--fix", is_flag=True, help="fix")
@option("--area-tolerance", type=click.FloatRange(0), help="area_tolerance")
@option("--reference", metavar="FILE", help="reference")
@option("--sliver-width", type=click.FloatRange(0), metavar="METRES", help="sliver_width")
@option("--scale", metavar="1:10000", help="scale")
@shared.output_of("auto", "table", "csv", "json", "jsonl")
@shared.failing
@shared.reading
@shared.sectors
@shared.speaking
def _check_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """List data problems; with ``--fix`` write the repaired layer."""
    from parkmap import files, report, validation

    if options["fix"] and not options["output"]:
        raise OptionError(**messages.fault("cli.no_output"))
    if options["output"]:
        files.output_file(options["output"], overwrite=options["overwrite"])
    shown = {**options, "output": None} if options["fix"] else options
    whole = options["fix"] and options["fmt"] == "auto"
    fmt = "table" if whole else outputs.chosen_format(shown)
    parks, met, _ = runs.read_inputs(inputs, options)
    asked = {key: options[key] for key in ("area_tolerance",) if options[key] is not None}
    true = _reference(options["reference"])
    problems = validation.find_problems(parks, met=met, reference=true, **asked)
    head: dict[str, Any] = {}
    if options["fix"]:
        head["changes"] = report.records(_fix(parks, inputs, options))
    drawn = (
        _drawn_problems(problems)
        if fmt == "table"
        else report.table_text(problems, fmt, "check", head=head)
    )
    outputs.deliver(drawn, shown, fmt=fmt, inputs=inputs)
    return outputs.exit_code([_AS_FINDING[said] for said in problems["severity"]], options)


def _reference(said: str | None) -> gpd.GeoDataFrame | None:
    from parkmap import io

    return io.read_control(said)[0] if said else None


def _fix(parks: gpd.GeoDataFrame, inputs: tuple[str, ...], options: dict[str, Any]) -> pd.DataFrame:
    """Repair geometries, trim slivers, write the layer and say what was done."""
    import pandas as pd

    from parkmap import io, overlap, validation

    used = shared.chosen_criteria(options)
    sound, repairs = validation.repair_parks(parks)
    shared_ground = overlap.overlaps(
        sound, sliver_width_m=used.sliver_width_m, sliver_area_m2=used.sliver_area_m2
    )
    clean, trims = validation.trim_slivers(sound, shared_ground)
    kept = outputs.all_inputs(inputs, options)
    io.write_parks(clean, options["output"], overwrite=options["overwrite"], inputs=kept)
    changes = pd.concat([repairs, trims], ignore_index=True)
    for park, change in zip(changes["park_id"], changes["message"], strict=True):
        name = terminal(parks.loc[park, "name"])
        click.echo(text("cli.labelled", label=name, value=terminal(change)), err=True)
    if len(trims):
        click.echo(text("terms.notice.topology"), err=True)
    click.echo(text("cli.written_file", file=terminal(options["output"])), err=True)
    return changes


def _drawn_problems(problems: pd.DataFrame) -> str:
    from parkmap.cli import display

    if problems.empty:
        return text("cli.nothing")
    columns = ["row", "park_id", "code", "severity", "message", "remedy"]
    worded = {key: text(f"report.problem_severity.{key}") for key in _AS_FINDING}
    shown = problems[columns].replace({"severity": worded})
    rows = [tuple(str(cell) for cell in row) for row in shown.to_numpy()]
    return display.draw([tuple(text("cli.headings.check").split("|")), *rows])


@program.command("info", help="info")
@shared.inputs
@shared.output_of("auto", "table", "json")
@shared.reading
@shared.speaking
def _info_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Say what is in the files: driver, encoding, CRS, counts, the system."""
    from parkmap import report, validation

    parks, met, sources = runs.read_inputs(inputs, options)
    sound, _ = validation.repair_parks(parks)
    found = report.info_json(sound, sources=sources)
    if options["fmt"] == "json":
        outputs.deliver(report.json_text(found), options, fmt="json", inputs=inputs)
        return 0
    lines = []
    for source in sources:
        how = " | ".join(part for part in (source.driver, source.encoding, source.crs) if part)
        lines.append((text("cli.info.file"), text("cli.info.read_as", name=source.name, how=how)))
    problems = validation.find_problems(parks, met=met)
    system = text("cli.info.system_value", system=found["system"], others=found["others"])
    lines += [
        (text("cli.info.parks"), str(found["parks"])),
        (text("cli.info.system"), system),
        (text("cli.info.with_land"), str(found["with_land"])),
        (text("cli.info.without_land"), str(found["without_land"])),
        (text("cli.info.area"), messages.large_area(found["area_m2"])),
        (text("cli.info.columns"), messages.listed(found["columns"])),
        (text("cli.info.problems"), str(len(problems))),
    ]
    said = "\n".join(text("cli.labelled", label=label, value=value) for label, value in lines)
    outputs.deliver(said + "\n", options, fmt="txt", inputs=inputs)
    return 0


@program.group("sectors", cls=Group, help="sectors")
@shared.language
def _sectors_group() -> None:
    """Gather the verbs about the vocabulary."""


@_sectors_group.command("list", help="sectors_list")
@option("--chain", metavar="NAME", help="chain")
@shared.output_of("auto", "table", "csv", "json", "jsonl")
@shared.sectors
@shared.speaking
def _sectors_list(**options: Any) -> int:
    """List chains and segments."""
    from parkmap import taxonomy

    vocabulary = taxonomy.load()
    wanted = vocabulary.match(options["chain"]).node if options["chain"] else None
    aliases: dict[str, list[str]] = {}
    for alias, node_id in vocabulary.aliases.items():
        aliases.setdefault(node_id, []).append(alias)
    rows = [
        {
            "node": node.id,
            "name": vocabulary.name(node.id, lang=messages.language()),
            "level": node.level,
            "chain": vocabulary.name(vocabulary.chain_of(node.id), lang=messages.language()),
            "aliases": ";".join(aliases.get(node.id, [])),
        }
        for node in vocabulary.nodes.values()
        if not options["chain"] or (wanted and vocabulary.is_at_or_below(node.id, wanted))
    ]
    _deliver_rows(rows, "sectors", options)
    return 0


@_sectors_group.command("match", help="sectors_match")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@shared.output_of("auto", "table", "csv", "json", "jsonl")
@shared.sectors
@shared.speaking
def _sectors_match(texts: tuple[str, ...], **options: Any) -> int:
    """Say what each term of a text is read as."""
    from parkmap import taxonomy

    vocabulary = taxonomy.load()
    terms = [term for said in texts for term in taxonomy.split_terms(said)]
    found = [vocabulary.match(taxonomy.term_weight(term)[0]) for term in terms]
    rows = [
        {"text": match.text, "node": match.node, "how": match.how, "score": match.score}
        for match in found
    ]
    _deliver_rows(rows, "match", options)
    return 0


@_sectors_group.command("template", help="sectors_template")
@shared.output_of("auto", "csv")
@shared.speaking
def _sectors_template(**options: Any) -> int:
    """Write an empty sector table."""
    headings = [text(f"cli.template.{part}") for part in ("name", "code", "sectors", "main_for")]
    fmt = outputs.chosen_format(options, book=True)
    if fmt == "xlsx":
        _write_template(headings, options)
    else:
        outputs.deliver(outputs.csv_text([headings]), options, fmt="csv", inputs=())
    click.echo(text("cli.template.note"), err=True)
    return 0


def _write_template(headings: list[str], options: dict[str, Any]) -> None:
    from openpyxl import Workbook

    from parkmap import files
    from parkmap.sheets import save_book

    book = Workbook()
    book.active.append(headings)
    for letter in "ABCD":
        book.active.column_dimensions[letter].width = 24
    with files.writing(options["output"], overwrite=options["overwrite"]) as draft:
        save_book(book, draft)


def _sector_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Write a node of the vocabulary as people read it; its id stays for other programs."""
    aliases = row["aliases"].split(";") if row["aliases"] else []
    shown = messages.listed(aliases[:_MOST_ALIASES])
    if len(aliases) > _MOST_ALIASES:
        shown += text("cli.cell.more_aliases", count=len(aliases))
    return row["name"], text(f"cli.level.{row['level']}"), row["chain"], shown, row["node"]


def _match_cells(row: dict[str, Any]) -> tuple[str, ...]:
    from parkmap import taxonomy

    node = row["node"] or ""
    name = taxonomy.load().name(node, lang=messages.language()) if node else ""
    return row["text"], name, text(f"cli.how.{row['how']}"), f"{row['score']:g}", node


_WRITERS = {"sectors": _sector_cells, "match": _match_cells}


def _deliver_rows(rows: list[dict[str, Any]], name: str, options: dict[str, Any]) -> None:
    import json

    import pandas as pd

    from parkmap import report
    from parkmap.cli import display

    fmt = outputs.chosen_format(options)
    if fmt == "json":
        content = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    elif fmt == "table":
        heads = tuple(text(f"cli.headings.{name}").split("|"))
        content = display.draw([heads, *map(_WRITERS[name], rows)])
    else:
        content = report.table_text(pd.DataFrame(rows), fmt, name)
    outputs.deliver(content, options, fmt=fmt, inputs=())


@program.command("doctor", help="doctor")
@shared.speaking
def _doctor_verb(**_: Any) -> int:
    """Print versions of GDAL, GEOS and PROJ, fonts and optional parts."""
    from parkmap import __version__, report

    yes, no = text("cli.doctor.yes"), text("cli.doctor.no")
    lines = [(text("cli.doctor.program"), __version__)]
    for name, version in report.library_versions().items():
        lines.append((text("cli.doctor.library", name=name), version))
    lines.append((text("cli.doctor.font"), report.cjk_font_name() or no))
    for extra, module in _EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        lines.append((text("cli.doctor.extra", name=f"[{extra}]"), yes if there else no))
    for label, value in lines:
        click.echo(text("cli.labelled", label=label, value=value))
    return 0
