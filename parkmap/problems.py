"""The codes under which problems of the data are reported.

Codes are stable: PM1xx file, PM2xx geometry, PM3xx attributes, PM4xx sectors, PM5xx coordinates.
``resources/problems.toml`` gives each its severity, ``locale/*/problems.toml`` its sentences. A
problem of severity ``error`` keeps its row out of the analysis of land.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from parkmap import messages

if TYPE_CHECKING:
    from collections.abc import Mapping


_BREAK = re.compile(r"\s*[\r\n]+\s*")
_BREAK_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s*[\r\n]+\s*|\s*[\r\n]+\s*(?=[^\x00-\x7f])")


@cache
def codes() -> Mapping[str, str]:
    """Return every code and its severity.

    Returns
    -------
    Mapping of code to ``"error"``, ``"warning"`` or ``"info"``.

    Examples
    --------
    >>> codes()["PM201"]
    'error'
    """
    source = files("parkmap") / "resources" / "problems.toml"
    return MappingProxyType(tomllib.loads(source.read_text(encoding="utf-8")))


def problem(code: str, *, row: int = 0, park_id: str = "", **values: Any) -> dict[str, Any]:
    """Make one row of a problems table.

    Parameters
    ----------
    code
        One of :func:`codes`.
    row
        The row, counted from 1, in a table as a spreadsheet shows it; 0 for the whole file.
    park_id
        The park; "" where it is not known or the whole file is meant.
    **values
        What the sentence's placeholders stand for.

    Returns
    -------
    Mapping with the keys of ``schema.PROBLEM_COLUMNS``.

    Examples
    --------
    >>> problem("PM203", row=4)["severity"]
    'warning'
    """
    said = {name: _on_one_line(value) for name, value in values.items()}
    fault = messages.fault(f"problems.{code}", **said)
    return {
        "park_id": park_id,
        "row": row,
        "code": code,
        "severity": codes()[code],
        "message": fault["what"],
        "remedy": fault["remedy"],
    }


def _on_one_line(value: Any) -> Any:
    """Close up a heading or cell that was broken by hand; a word of Latin letters keeps a blank."""
    if not isinstance(value, str):
        return value
    return _BREAK.sub(" ", _BREAK_IN_CHINESE.sub("", value))
