"""A planner's own reading of sector words, from a CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from parkmap import decoding, files, messages
from parkmap.errors import InputError
from parkmap.taxonomy import load

if TYPE_CHECKING:
    import os

    from parkmap.taxonomy import Vocabulary

_HEADINGS = {
    "text": ("text", "文本", "原文", "原文表述", "产业表述"),
    "node": ("node", "节点", "词表名称", "词表节点", "对应产业"),
}


def read_decisions(
    path: str | os.PathLike[str],
    *,
    taxonomy: Vocabulary | None = None,
    encoding: str | None = None,
) -> dict[str, str]:
    r"""Read a table of what a planner decided about sector words.

    Parameters
    ----------
    path
        CSV with the columns ``text`` and ``node`` (or their Chinese names 原文 and 节点); a node is
        an id or a name of the vocabulary, an empty one leaves the word out.
    taxonomy
        The vocabulary the nodes belong to; the one in force if not given.
    encoding
        Of the file; found out if not given.

    Returns
    -------
    Word to node id, "" where the word is left out.

    Raises
    ------
    InputError
        If the file is no such table, names a node the vocabulary lacks, or decides twice
        differently; the row is named.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder, "map.csv")
    ...     _ = table.write_text("text,node\n大健康,中药饮片\n", encoding="utf-8")
    ...     read_decisions(table)
    {'大健康': 'herbal-slices'}
    """
    words = taxonomy or load()
    source = files.local_file(path)
    name = files.display_name(source)
    content, _ = decoding.decode(source.read_bytes(), encoding=encoding, file=name)
    decisions: dict[str, str] = {}
    for row, (term, target) in enumerate(_cells(content, name), start=2):
        if not term:
            continue
        found = words.lookup(target) if target else None
        if target and (found is None or found.node is None):
            said = messages.fault("sector.unknown_node", term=term, node=target)
            raise InputError(**said, file=name, row=row)
        node = (found.node or "") if found else ""
        if decisions.setdefault(term, node) != node:
            raise InputError(
                **messages.fault("sector.decided_twice", term=term), file=name, row=row
            )
    return decisions


def _cells(content: str, name: str) -> list[tuple[str, str]]:
    try:
        rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error as reason:
        raise InputError(**messages.fault("sector.no_map"), file=name) from reason
    headings = [cell.strip().casefold() for cell in rows[0]] if rows else []
    places = [
        next((at for at, cell in enumerate(headings) if cell in known), None)
        for known in _HEADINGS.values()
    ]
    if None in places:
        raise InputError(**messages.fault("sector.no_map"), file=name)
    term, node = (int(place or 0) for place in places)
    return [
        (row[term].strip() if term < len(row) else "", row[node].strip() if node < len(row) else "")
        for row in rows[1:]
    ]
