"""The verb that splits a chain and says what completes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.cli import options as shared
from parkmap.cli import outputs, runs
from parkmap.cli.app import program
from parkmap.cli.findings import workshop
from parkmap.cli.translated import option
from parkmap.errors import InputError, OptionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from parkmap.report import ChainStudy
    from parkmap.schema import Analysis

_MOST_KNOWN = 6
_FORMATS = ("auto", "table", "csv", "json")
_FILES = ("chain.xlsx", "chain.png", "chain.json")


@program.command("chain", help="chain")
@shared.inputs
@option("--chain", "chain_name", metavar="NAME", help="chain")
@option("--chain-table", metavar="TABLE.xlsx", help="chain_table")
@option("-f", "--format", "fmt", type=click.Choice(_FORMATS), default="auto", help="format_fixed")
@option("-o", "--output", metavar="FILE|DIR", help="output_chain")
@option("--overwrite", is_flag=True, help="overwrite")
@shared.reading
@shared.criteria
@shared.sectors
@shared.speaking
def _chain_verb(inputs: tuple[str, ...], **options: Any) -> int:
    """Split chains into segments; say what is missing, single or duplicated, who supplies whom."""
    from parkmap import io

    target = _target(options)
    said = options["chain_table"]
    table = io.read_chain_table(said) if said else None
    result = runs.run_analysis(inputs, options, only="sector")
    study = _study(result, options["chain_name"] or "", table)
    kept = [*outputs.all_inputs(inputs, options), *([said] if said else [])]
    if target == "folder":
        _write_folder(study, options)
    elif target in ("xlsx", "png"):
        _write_file(study, target, options, kept)
    else:
        fmt = outputs.chosen_format(options)
        outputs.deliver(_content(study, fmt), options, fmt=fmt, inputs=kept)
    return 0


def _target(options: dict[str, Any]) -> str:
    """Say what kind of output is asked for, before any work is done."""
    output = options["output"]
    if not output or options["fmt"] != "auto":
        return "text"
    path = Path(output)
    ending = path.suffix.lower().lstrip(".")
    if path.is_dir() or not ending:
        if path.exists() and not path.is_dir():
            raise OutputError(**messages.fault("cli.not_a_folder", folder=path))
        taken = next((name for name in _FILES if (path / name).exists()), "")
        if taken and not options["overwrite"]:
            raise OutputError(**messages.fault("cli.folder_taken", folder=path, file=taken))
        return "folder"
    if ending not in ("xlsx", "png", "json", "csv"):
        raise OptionError(**messages.fault("chain.bad_output", given=path.name[:40]))
    return ending


def _study(result: Analysis, name: str, table: Any) -> ChainStudy:
    """Gather what was found about the chain that is meant, or about all."""
    from parkmap import chain, report

    links, shares = result.chain_links, result.shares
    if links is None:  # pragma: no cover (the sector half was asked for)
        raise OptionError(messages.text("cli.nothing"))
    overview = chain.chain_overview(links, shares)
    chosen = _chosen(name, list(overview.index)) if name else ""
    if chosen:
        links, overview = links.loc[[chosen]], overview.loc[[chosen]]
    return report.ChainStudy(result, overview, links, table, chosen)


def _chosen(name: str, stated: list[str]) -> str:
    """Find the chain a person means; a segment stands for the chain it lies in."""
    from parkmap import taxonomy, wording

    words = taxonomy.load()
    found = words.match(name)
    chain = words.chain_of(found.node) if found.accepted and found.node else ""
    if chain in stated:
        return chain
    known = wording.sector_names(stated[:_MOST_KNOWN])
    if not stated:
        said = messages.fault("chain.none_stated")
    elif chain:
        said = messages.fault("chain.unnamed", chain=words.name(chain), known=known)
    else:
        said = messages.fault("chain.unknown", given=name[:40], known=known)
    raise InputError(**said)


def _write_folder(study: ChainStudy, options: dict[str, Any]) -> None:
    folder = Path(options["output"])
    with workshop(folder) as draft:
        for name in _FILES:
            _writer(study, name.rpartition(".")[2])(draft / name)
        for name in _FILES:
            (draft / name).replace(folder / name)
    outputs.tell_written(_FILES, folder, options)


def _write_file(study: ChainStudy, ending: str, options: dict[str, Any], kept: list[str]) -> None:
    from parkmap import files

    with files.writing(options["output"], overwrite=options["overwrite"], inputs=kept) as draft:
        _writer(study, ending)(draft)
    target = Path(options["output"])
    outputs.tell_written([target.name], target.parent, options)


def _writer(study: ChainStudy, ending: str) -> Callable[[Path], object]:
    from parkmap import report

    def picture(path: Path) -> None:
        if not report.write_chain_figure(study, path):
            click.echo(messages.text("cli.no_font"), err=True)

    def record(path: Path) -> None:
        path.write_text(report.json_text(report.chain_json(study)), encoding="utf-8")

    return {
        "xlsx": lambda path: report.write_chain_xlsx(study, path),
        "png": picture,
        "json": record,
    }[ending]


def _content(study: ChainStudy, fmt: str) -> str:
    from parkmap import report
    from parkmap.cli import display

    if fmt == "json":
        return report.json_text(report.chain_json(study))
    if fmt == "csv":
        return report.table_text(report.chain_rows(study), "csv", "chain")
    drawn = display.draw(report.chain_table_rows(study))
    if not study.chosen:
        return drawn
    from parkmap.escape import terminal

    return "\n".join([drawn, *map(terminal, report.chain_lines(study))]) + "\n"
