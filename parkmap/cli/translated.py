"""click in two languages: help texts are catalogue keys, looked up when help is printed."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from parkmap.cli import misuse
from parkmap.messages import joined, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Verb = TypeVar("_Verb", bound="Callable[..., Any]")


class Option(click.Option):
    """An option whose ``help`` is a key of the catalogue ``cli``."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Read a settings file's single word as one of several.

        Parameters
        ----------
        ctx
            The verb as it runs.
        value
            What was said.

        Returns
        -------
        The value in the type of the option.
        """
        several = (value,) if self.multiple and isinstance(value, str) else value
        try:
            return super().type_cast_value(ctx, several)
        except click.BadParameter as fault:
            raise click.UsageError(misuse.value(self, value), ctx) from fault

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names and its help in the language in force.

        Parameters
        ----------
        ctx
            The verb as it runs.

        Returns
        -------
        Names and help; None for a hidden option.
        """
        spoken = copy.copy(self)
        spoken.help = text(f"cli.option.{self.help}") if self.help else None
        if self.required:  # click says so in English
            spoken.required, spoken.help = False, text("cli.required", help=spoken.help or "")
        return click.Option.get_help_record(spoken, ctx)


@contextmanager
def _section(formatter: click.HelpFormatter, key: str) -> Iterator[None]:
    """Head a section with the colon of the language."""
    formatter.write_paragraph()
    formatter.write(f"{text(f'cli.{key}')}\n")
    with formatter.indentation():
        yield


class _Translated(click.Command):
    """What commands and groups share."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed; what cannot be read is said in the language in force."""
        strict, ctx.allow_extra_args = not ctx.allow_extra_args, True
        try:
            left = super().parse_args(ctx, args)
        except (click.NoSuchOption, click.BadOptionUsage, click.MissingParameter) as fault:
            raise click.UsageError(misuse.usage(fault), ctx) from fault
        if strict and left and not ctx.resilient_parsing:
            raise click.UsageError(text("misuse.extra", words=joined(left)), ctx)
        return left

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with its own help in the language in force."""
        found = super().get_help_option(ctx)
        if found is not None:
            found = copy.copy(found)
            found.help = text("cli.option.help")
        return found

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=text("cli.usage"))

    def format_help_text(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text(f"cli.about.{self.help}"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and a group's verbs under them."""
        chosen = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [record for p in chosen if (record := p.get_help_record(ctx))]
        if records:
            with _section(formatter, "options"):
                formatter.write_dl(records)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 (click's signature)
        """Return the line shown in the list of verbs."""
        return text(f"cli.about.{self.help}")


class Command(_Translated):
    """A verb whose ``help`` is a key of the catalogue ``cli``."""


class Group(_Translated, click.Group):
    """A group of verbs."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs first: they are what a newcomer looks for.

        Parameters
        ----------
        ctx
            The group as it runs.
        formatter
            Where the page is written.
        """
        verbs = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        with _section(formatter, "commands"):
            formatter.write_dl([(name, verb.get_short_help_str()) for name, verb in verbs])
        super().format_options(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb that was named, or say that none was.

        Parameters
        ----------
        ctx
            The group as it runs.

        Returns
        -------
        What the verb returns.
        """
        if not (getattr(ctx, "_protected_args", None) or ctx.args):  # where click keeps the verb
            raise click.UsageError(text("misuse.missing.command"), ctx)
        return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one is near.

        Parameters
        ----------
        ctx
            The group as it runs.
        args
            The words typed, the verb first.

        Returns
        -------
        The verb's name, the verb, and the words after it.
        """
        if not args[0].startswith("-") and args[0] not in self.commands:
            raise click.UsageError(misuse.unknown("command", args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the verbs in the order they were written, the main job first.

        Parameters
        ----------
        ctx
            The group as it runs.

        Returns
        -------
        Their names.
        """
        return list(self.commands)


def option(*names: str, **settings: Any) -> Callable[[_Verb], _Verb]:
    """Declare an option; ``help`` is a key, and ``--some-name`` is ``PARKMAP_SOME_NAME`` too.

    Parameters
    ----------
    *names
        As in :func:`click.option`.
    **settings
        As in :func:`click.option`.

    Returns
    -------
    A decorator.

    Examples
    --------
    >>> callable(option("--lang", help="lang"))
    True
    """
    spelled = next(name for name in names if name.startswith("--"))
    variable = "PARKMAP_" + spelled.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, cls=Option, envvar=variable, **settings)
