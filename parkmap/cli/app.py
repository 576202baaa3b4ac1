"""The program: language, verbs, one line for every error, exit codes."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import __version__, messages
from parkmap.cli.settings import defaults, refuse_bad_epoch, refuse_unknown, settings_from_files
from parkmap.cli.translated import Group, option
from parkmap.errors import ParkmapError
from parkmap.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_LINE = 200


def _print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    if asked and not ctx.resilient_parsing:
        click.echo(f"parkmap {__version__}")
        ctx.exit()


@click.group(
    cls=Group,
    help="parkmap",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@option("--lang", type=click.Choice(messages.LANGUAGES), expose_value=False, help="lang")
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="version",
)
def program() -> None:
    """Gather the verbs."""


def main(*, arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with 0, 1 or 2.

    Parameters
    ----------
    arguments
        What follows ``parkmap``; ``sys.argv`` if not given.

    Raises
    ------
    SystemExit
        Always: 0 done, 1 findings at or above ``--fail-on``, 2 could not run.
    """
    from parkmap.cli import (  # noqa: F401 (they add their verbs)
        chains,
        comparing,
        dispatching,
        findings,
        handling,
        inspection,
        ledgering,
        matching,
        plans,
        publishing,
        sectoral,
        showing,
    )

    said = list(sys.argv[1:] if arguments is None else arguments)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # of a home it cannot write to
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # a shell can close it: >&-
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a GBK console has no glyph for every name
            stream.reconfigure(errors="replace")
    with messages.use_language(_spoken_language(said)):
        sys.exit(_guarded(said))


def _spoken_language(said: Sequence[str]) -> str:
    """Find ``--lang`` before click does: the help page needs it too."""
    for word, after in zip(said, [*said, ""][1:], strict=True):
        if word == "--lang" and after in messages.LANGUAGES:
            return after
        if word.startswith("--lang=") and word[7:] in messages.LANGUAGES:
            return word[7:]
    return messages.language()


def _guarded(said: list[str]) -> int:
    try:
        settings = settings_from_files(Path.cwd())
    except FileNotFoundError:
        return _refuse(messages.text("cli.no_folder"))
    except Exception as fault:  # noqa: BLE001 (ours is one line and a log too)
        return _refuse(_reason(fault))
    with messages.use_language(_language(said, settings)):  # of a refusal, too
        return _answered(said, settings)


def _answered(said: list[str], settings: dict[str, Any]) -> int:
    try:
        refuse_unknown(settings, program)
        refuse_bad_epoch()
        return _run(said, settings)
    except BrokenPipeError:  # the reader had enough; that is no fault
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return 0
    except (
        click.exceptions.NoArgsIsHelpError
    ) as asked:  # "parkmap" alone: the page, as it is laid out
        click.echo(asked.format_message(), err=True)
        return 2
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 (ours is one line and a log too)
        return _refuse(_reason(fault))


def _language(said: list[str], settings: dict[str, Any]) -> str:
    asked = any(word.split("=")[0] == "--lang" for word in said) or "PARKMAP_LANG" in os.environ
    found = settings.get("lang")
    return found if found in messages.LANGUAGES and not asked else messages.language()


def _reason(fault: BaseException) -> str:
    if isinstance(fault, ParkmapError):
        return str(fault)
    if isinstance(fault, click.ClickException):
        return fault.format_message()
    if isinstance(fault, (click.Abort, KeyboardInterrupt)):
        return messages.text("cli.interrupted")
    if isinstance(fault, OSError):
        return messages.text("cli.system", reason=fault.strerror or type(fault).__name__)
    try:
        return messages.text("cli.internal", log=_log(fault))
    except OSError:
        said = f"{type(fault).__name__}: {fault}"[:60]
        return messages.text("cli.unlogged", reason=said, folder=tempfile.gettempdir())


def _run(said: list[str], settings: dict[str, Any]) -> int:
    answer = program.main(
        args=said,
        prog_name="parkmap",
        standalone_mode=False,
        default_map=defaults(settings, program),
    )
    sys.stdout.flush()
    return answer if isinstance(answer, int) else 0


def _refuse(reason: str) -> int:
    sys.unraisablehook = lambda _: None  # one line: what the fault left half-done adds none
    line = f"parkmap: {terminal(' '.join(reason.split()))}"
    if len(line) > _LONGEST_LINE:
        line = line[: _LONGEST_LINE - 3] + "..."
    click.echo(line, err=True)
    return 2


def _log(fault: BaseException) -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="parkmap-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write("".join(traceback.format_exception(fault)))
    return log.name
