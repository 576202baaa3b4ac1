"""A planner's own table about chains: 链长, 链主企业, 主要承载地, 国产自主化."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from parkmap import files, messages
from parkmap.errors import InputError
from parkmap.io import excel, tabular
from parkmap.io.headings import fold
from parkmap.io.raw import Options
from parkmap.io.sniff import kind_of
from parkmap.taxonomy import load

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from parkmap.taxonomy import Vocabulary

_HEADINGS = {
    "chain": ("chain", "产业链", "产业链名称", "重点产业链"),
    "segment": ("segment", "环节", "产业环节", "链条环节", "环节名称"),
    "chief": ("chief", "chain chief", "链长"),
    "anchor_firms": ("anchor firms", "anchor firm", "链主企业", "链主"),
    "main_place": ("main place", "main bearing place", "主要承载地", "承载地"),
    "domestic": ("domestic", "domestic substitution", "国产自主化", "国产替代", "自主化情况"),
}
_HEADER_WITHIN = 15
#: What a table about chains can say of a chain or of a segment.
CHAIN_FACTS = ("chief", "anchor_firms", "main_place", "domestic")


def read_chain_table(
    path: str | os.PathLike[str], *, taxonomy: Vocabulary | None = None, encoding: str | None = None
) -> pd.DataFrame:
    r"""Read what a planner knows about chains and their segments.

    Parameters
    ----------
    path
        A local XLSX or CSV with the headings 产业链 and 环节 (one of them at least) and some of
        链长, 链主企业, 主要承载地, 国产自主化. A row without a segment is about the whole chain.
    taxonomy
        The vocabulary the names belong to; the one in force if not given.
    encoding
        Of a CSV; found out if not given.

    Returns
    -------
    Table on (``chain``, ``segment``), node ids, segment "" for the whole chain, with the columns
    ``chief``, ``anchor_firms``, ``main_place``, ``domestic``: text, "" where not stated. What
    several rows say of one thing is listed one after the other.

    Raises
    ------
    InputError
        If the file is no such table, or a row names no known chain or segment, or a segment of
        another chain; the row is named.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("产业链,环节,链长\n集成电路,,某副市长\n", encoding="utf-8")
    ...     read_chain_table(path)["chief"].to_dict()
    {('ic', ''): '某副市长'}
    """
    words = taxonomy or load()
    file = files.local_file(path)
    name = files.display_name(file)
    rows = _rows(file, Options(columns={}, encoding=encoding), name)
    top, places = _header(rows, name)
    said: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row, cells in enumerate(rows[top + 1 :], start=top + 2):
        told = {key: cells[at] if at < len(cells) else "" for key, at in places.items()}
        if not any(told.values()):
            continue
        facts = said.setdefault(_key(told, words, name, row), {})
        for fact in CHAIN_FACTS:
            if told.get(fact) and told[fact] not in facts.setdefault(fact, []):
                facts[fact].append(told[fact])
    joint = messages.text("terms.list_separator")
    index = pd.MultiIndex.from_tuples(list(said), names=["chain", "segment"])
    table = [[joint.join(facts.get(fact, [])) for fact in CHAIN_FACTS] for facts in said.values()]
    return pd.DataFrame(table, index=index, columns=list(CHAIN_FACTS), dtype=object)


def _rows(file: Path, options: Options, name: str) -> list[list[str]]:
    kind = kind_of(file)
    if kind == "xlsx":
        rows, _ = excel.cells_of(file, options, lambda cells, _: _is_header(cells))
    elif kind in ("csv", "boundary"):
        rows, _ = tabular.cells_of(file, options)
    else:
        raise InputError(**messages.fault("io.no_chain_columns"), file=name)
    return [[str(cell).strip() for cell in row] for row in rows]


def _places(cells: Sequence[str]) -> dict[str, int]:
    folded = [fold(cell) for cell in cells]
    found = {
        key: next((folded.index(fold(word)) for word in known if fold(word) in folded), -1)
        for key, known in _HEADINGS.items()
    }
    return {key: at for key, at in found.items() if at >= 0}


def _is_header(cells: Sequence[str]) -> bool:
    found = set(_places(cells))
    return bool(found & {"chain", "segment"}) and bool(found & set(CHAIN_FACTS))


def _header(rows: list[list[str]], name: str) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(rows[:_HEADER_WITHIN]):
        if _is_header(row):
            return at, _places(row)
    raise InputError(**messages.fault("io.no_chain_columns"), file=name)


def _key(told: dict[str, str], words: Vocabulary, name: str, row: int) -> tuple[str, str]:
    """Return the chain and segment a row is about."""
    chain = _node(told.get("chain", ""), "chain", words, name, row)
    segment = _node(told.get("segment", ""), "segment", words, name, row)
    if not chain and not segment:
        raise InputError(**messages.fault("io.no_chain_named"), file=name, row=row)
    if chain and segment and not words.is_at_or_below(segment, chain):
        said = {"segment": told["segment"][:30], "chain": words.name(words.chain_of(segment))}
        raise InputError(**messages.fault("io.other_chain", **said), file=name, row=row)
    return (words.chain_of(segment) if segment else chain), segment


def _node(term: str, level: str, words: Vocabulary, name: str, row: int) -> str:
    if not term:
        return ""
    found = words.match(term)
    if not found.accepted or found.node is None or words.level(found.node) != level:
        said = messages.fault(f"io.unknown_{level}", term=term[:30])
        raise InputError(**said, file=name, row=row)
    return found.node
