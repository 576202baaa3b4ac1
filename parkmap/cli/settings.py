"""Where options come from beside the command line: settings files, the environment."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages
from parkmap.errors import InputError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def settings_from_files(folder: Path) -> dict[str, Any]:
    """Read ``parkmap.toml``, else ``[tool.parkmap]`` of ``pyproject.toml``, as option defaults.

    Parameters
    ----------
    folder
        Where to look.

    Returns
    -------
    Option name -> value; a table named after a verb holds that verb's own.

    Raises
    ------
    InputError
        If a settings file is no TOML.

    Examples
    --------
    >>> from pathlib import Path
    >>> settings_from_files(Path("no such folder"))
    {}
    """
    merged: dict[str, Any] = {}
    for name, table in (("pyproject.toml", ("tool", "parkmap")), ("parkmap.toml", ())):
        file = folder / name
        if not file.is_file():
            continue
        try:
            found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
            raise InputError(**messages.fault("cli.bad_settings"), file=name) from reason
        for key in table:
            found = found.get(key, {}) if isinstance(found, dict) else found
        if not isinstance(found, dict):  # [tool] parkmap = 3
            raise InputError(**messages.fault("cli.bad_settings"), file=name)
        merged |= {key.replace("-", "_"): value for key, value in found.items()}
    return merged


def defaults(settings: Mapping[str, Any], verbs: click.Group) -> dict[str, Any]:
    """Give each verb its settings: the common ones, then those of its own table.

    Parameters
    ----------
    settings
        What :func:`settings_from_files` read.
    verbs
        The group of verbs; groups within it are gone into.

    Returns
    -------
    Verb -> parameter -> value, as click takes it.

    Examples
    --------
    >>> options = [click.Option(["--seed"]), click.Option(["-f", "--format", "fmt"])]
    >>> verbs = click.Group(commands=[click.Command("diff", params=options)])
    >>> defaults({"seed": 1, "diff": {"format": "json"}}, verbs)
    {'diff': {'seed': 1, 'fmt': 'json'}}
    """
    common = {name: said for name, said in settings.items() if not isinstance(said, dict)}
    made = {}
    for name, verb in verbs.commands.items():
        found = settings.get(name)
        table = found if isinstance(found, dict) else {}
        own = {_spelled(key): said for key, said in table.items()}
        both = {**common, **own}
        if isinstance(verb, click.Group):
            made[name] = defaults(both, verb)
        else:
            named = {word: param for param in verb.params for word in _words(param)}
            known = {key: said for key, said in both.items() if key in named}
            made[name] = {named[key].name: _listed(named[key], said) for key, said in known.items()}
    return made


def refuse_unknown(settings: Mapping[str, Any], verbs: click.Group) -> None:
    """Refuse a setting that no verb has: a misspelt threshold would say nothing and do nothing.

    Parameters
    ----------
    settings
        What :func:`settings_from_files` read.
    verbs
        The group of verbs.

    Raises
    ------
    OptionError
        If a setting is not known.

    Examples
    --------
    >>> refuse_unknown({"map": {}}, click.Group(commands=[click.Command("map")]))
    """
    known = _options(verbs)
    for name, said in settings.items():
        verb = verbs.commands.get(name)
        if verb is not None and isinstance(said, dict):
            inner = verb if isinstance(verb, click.Group) else click.Group(params=verb.params)
            refuse_unknown({_spelled(key): value for key, value in said.items()}, inner)
        elif isinstance(said, dict) or name not in known:
            near = get_close_matches(name, [*known, *verbs.commands], n=1)
            key = "cli.unknown_setting_near" if near else "cli.unknown_setting"
            shown = {"name": name[:40], "near": "".join(near).replace("_", "-")}
            raise OptionError(**messages.fault(key, **shown))


def _options(verb: click.Command) -> set[str]:
    """Name the options of a verb and of those below it."""
    below = verb.commands.values() if isinstance(verb, click.Group) else ()
    own = {word for param in verb.params for word in _words(param)}
    return own.union(*map(_options, below), ["lang"])


def _words(param: click.Parameter) -> list[str]:
    return [_spelled(word.lstrip("-")) for word in param.opts if word.startswith("--")]


def _listed(param: click.Parameter, said: Any) -> Any:
    """Take one word for a list of it where an option may be repeated, not for its letters."""
    return [said] if isinstance(said, str) and getattr(param, "multiple", False) else said


def _spelled(key: str) -> str:
    return key.replace("-", "_")


def refuse_bad_epoch() -> None:
    """Refuse a SOURCE_DATE_EPOCH that is no number; libraries stumble over it deep inside.

    Raises
    ------
    OptionError
        If it is not a whole number of seconds.

    Examples
    --------
    >>> refuse_bad_epoch()
    """
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said and not said.isdecimal():
        raise OptionError(**messages.fault("cli.bad_epoch", given=said[:40]))
