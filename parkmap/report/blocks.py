"""Paragraphs and tables of a paper, and their Markdown. No layout here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parkmap import escape, messages

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADS = {"title": "# ", "chapter": "## ", "section": "### "}
#: What would be layout in Markdown; a name with a star in it is no emphasis.
_MARKS = re.compile(r"([\\`*_<>|~#\[\]])")
#: A number at the head of a line would begin a list.
_LISTED = re.compile(r"^(\d+)([.)])")


@dataclass(frozen=True)
class Block:
    """One paragraph of a paper, or a table.

    Parameters
    ----------
    form
        ``title``, ``chapter``, ``section``, ``body``, ``annex``, ``notice`` or ``table``.
    said
        Its text, harmless.
    rows
        Of a table, heads first.
    """

    form: str
    said: str
    rows: tuple[tuple[str, ...], ...] = ()


def markdown_text(blocks: Iterable[Block]) -> str:
    r"""Write blocks as Markdown.

    Parameters
    ----------
    blocks
        Paragraphs and tables.

    Returns
    -------
    The text; marks of Markdown inside words are escaped.

    Examples
    --------
    >>> markdown_text([Block("title", "A*"), Block("body", "B")])
    '# A\\*\n\nB\n'
    """
    return "\n\n".join(map(_written, blocks)) + "\n"


def plain_text(blocks: Iterable[Block]) -> str:
    r"""Write blocks as plain text, for a message or a form.

    Parameters
    ----------
    blocks
        Paragraphs and tables.

    Returns
    -------
    The text; cells of a table are apart by tabs, so that a sheet takes them.

    Examples
    --------
    >>> plain_text([Block("title", "A*"), Block("table", "", (("B", "C"),))])
    'A*\n\nB\tC\n'
    """
    written = ("\n".join(map("\t".join, block.rows)) or block.said for block in blocks)
    return "\n\n".join(written) + "\n"


def printed(blocks: Iterable[Block], names: Iterable[str]) -> list[Block]:
    """Set Chinese text as papers are set; English stands as it is.

    Parameters
    ----------
    blocks
        What is said.
    names
        Names whose marks stay as they are written.

    Returns
    -------
    The same blocks, with the marks of print.

    Examples
    --------
    >>> with messages.use_language("en"):
    ...     printed([Block("body", "A, B")], ())[0].said
    'A, B'
    """
    if messages.language() != "zh":
        return list(blocks)
    kept = [escape.terminal(name) for name in names]

    def set_as_print(said: str) -> str:
        return messages.full_width(said, names=kept)

    return [
        replace(
            each,
            said=set_as_print(each.said),
            rows=tuple(tuple(map(set_as_print, row)) for row in each.rows),
        )
        for each in blocks
    ]


def _written(block: Block) -> str:
    if block.rows:
        heads, *rows = ["| " + " | ".join(map(_escaped, row)) + " |" for row in block.rows]
        return "\n".join([heads, "|" + " --- |" * len(block.rows[0]), *rows])
    return _HEADS.get(block.form, "") + _LISTED.sub(r"\1\\\2", _escaped(block.said))


def _escaped(said: str) -> str:
    return _MARKS.sub(r"\\\1", said)
