"""What was typed wrong on the command line, in the language in force.

click names it in English only; its exceptions say what they are about by structure, so that each
gets a sentence of the catalogue ``misuse``.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from parkmap.messages import joined, text

if TYPE_CHECKING:
    from collections.abc import Iterable


def usage(fault: click.UsageError) -> str:
    """Say what is wrong with the options as they were typed.

    Parameters
    ----------
    fault
        What click's parser raised.

    Returns
    -------
    One sentence; click's own where the catalogue has none for it.

    Examples
    --------
    >>> usage(click.NoSuchOption("--formt", possibilities=["--format", "--lang"]))
    '没有选项 --formt；是否指 --format'
    """
    if isinstance(fault, click.NoSuchOption):
        return unknown("option", fault.option_name, fault.possibilities or ())
    if isinstance(fault, click.MissingParameter) and fault.param is not None:
        return text(f"misuse.missing.{fault.param.param_type_name}", name=_spelled(fault.param))
    if isinstance(fault, click.BadOptionUsage):
        flags = {name for p in _options(fault) if p.is_flag for name in p.opts}
        way = "flag" if fault.option_name in flags else "value"
        return text(f"misuse.usage.{way}", name=fault.option_name)
    return fault.format_message()


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such option or command, and which is near.

    Parameters
    ----------
    what
        ``"option"`` or ``"command"``.
    name
        What was typed.
    known
        What there is.

    Returns
    -------
    One sentence.

    Examples
    --------
    >>> unknown("command", "conflict", ["conflicts", "map"])
    '没有命令 conflict；是否指 conflicts'
    """
    near = get_close_matches(name, list(known))
    said = text(f"misuse.unknown.{what}", name=name)
    return said + (text("misuse.near", names=joined(near)) if near else text("misuse.far"))


def value(param: click.Parameter, given: Any) -> str:
    """Say which value an option cannot take, and what it takes.

    Parameters
    ----------
    param
        The option.
    given
        The value that was typed.

    Returns
    -------
    One sentence.

    Examples
    --------
    >>> value(click.Option(["--top"], type=click.IntRange(0)), "many")
    '选项 --top 不能是 many；应为整数，不小于 0'
    """
    shown = " ".join(map(str, given)) if isinstance(given, tuple) else given
    return text("misuse.value", name=_spelled(param), given=shown, wanted=_wanted(param.type))


def _wanted(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return text("misuse.wanted.choice", choices=joined([str(c) for c in kind.choices]))
    number = "whole" if isinstance(kind, click.types.IntParamType) else "number"
    said = text(f"misuse.wanted.{number}")
    if isinstance(kind, (click.IntRange, click.FloatRange)):
        said += text("misuse.wanted.least", least=kind.min) if kind.min is not None else ""
        said += text("misuse.wanted.most", most=kind.max) if kind.max is not None else ""
    return said


def _spelled(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(click.Context(click.Command("parkmap")))


def _options(fault: click.UsageError) -> list[click.Option]:
    params = fault.ctx.command.params if fault.ctx is not None else []
    return [param for param in params if isinstance(param, click.Option)]
