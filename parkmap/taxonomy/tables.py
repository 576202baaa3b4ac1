"""The tables of a vocabulary, read from plain CSV and checked."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.errors import InputError
from parkmap.taxonomy.nodes import Node
from parkmap.taxonomy.text import normalise
from parkmap.taxonomy.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

LEVELS = ("chain", "segment")
ENDINGS = ("suffix", "prefix", "head", "nohead", "beside", "before")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "nodes.csv": ("id", "level", "parent", "link", "name_zh", "name_en", "gbt4754", "local"),
    "aliases.csv": ("alias", "node"),
    "adjacency.csv": ("supplier", "customer"),
    "endings.csv": ("text", "kind", "node"),
    "compounds.csv": ("text", "parts"),
    "reference_catalogue.csv": ("leading_sectors",),
}
_chosen: ContextVar[Vocabulary | None] = ContextVar("parkmap_vocabulary", default=None)


def load(*, path: str | Path | None = None) -> Vocabulary:
    """Read the vocabulary.

    Parameters
    ----------
    path
        Folder with ``nodes.csv`` and any of the other tables; if not given, the vocabulary of the
        enclosing :func:`use_vocabulary`, else the shipped one. A folder without
        ``reference_catalogue.csv`` borrows the shipped catalogue.

    Returns
    -------
    The vocabulary; the shipped one is read once.

    Raises
    ------
    InputError
        If a table is missing or contradicts itself; the file and the row are named.

    Examples
    --------
    >>> load() is load()
    True
    """
    if path is not None:
        return _read(Path(path))
    return _chosen.get() or _shipped()


@contextmanager
def use_vocabulary(vocabulary: Vocabulary) -> Iterator[None]:
    """Read and name sectors by one vocabulary inside a ``with`` block.

    Parameters
    ----------
    vocabulary
        The vocabulary that :func:`load` returns there.

    Examples
    --------
    >>> from dataclasses import replace
    >>> other = replace(load(), aliases={})
    >>> with use_vocabulary(other):
    ...     load() is other
    True
    >>> load() is other
    False
    """
    token = _chosen.set(vocabulary)
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def _shipped() -> Vocabulary:
    return _read(files("parkmap") / "resources" / "taxonomy")


def _read(folder: Traversable) -> Vocabulary:
    nodes = _nodes(folder)
    compounds = {
        normalise(row["text"]): tuple(row["parts"].split("、"))
        for row in _rows(folder, "compounds.csv")
    }
    own = folder / "reference_catalogue.csv"
    catalogue = folder if own.is_file() else files("parkmap") / "resources"
    return Vocabulary(
        nodes=nodes,
        aliases=_aliases(folder, nodes),
        adjacency=_adjacency(folder, nodes),
        endings=_endings(folder, nodes),
        compounds=compounds,
        wholes=tuple(row["alias"] for row in _rows(folder, "aliases.csv") if "、" in row["alias"]),
        reference=tuple(
            row["leading_sectors"] for row in _rows(catalogue, "reference_catalogue.csv")
        ),
    )


def _nodes(folder: Traversable) -> dict[str, Node]:
    if not (folder / "nodes.csv").is_file():
        raise InputError(**messages.fault("taxonomy.no_nodes"), file=str(folder))
    nodes: dict[str, Node] = {}
    for number, row in enumerate(_rows(folder, "nodes.csv"), start=1):
        place: dict[str, Any] = {"file": "nodes.csv", "row": number}
        if row["id"] in nodes:
            raise InputError(**messages.fault("taxonomy.repeated", node=row["id"]), **place)
        if row["level"] not in LEVELS:
            raise InputError(**messages.fault("taxonomy.level", level=row["level"]), **place)
        if row["parent"]:
            _known(nodes, row["parent"], **place)
        nodes[row["id"]] = Node(
            id=row["id"],
            level=row["level"],
            parent=row["parent"],
            link=row["link"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            gbt4754=tuple(row["gbt4754"].split()),
            local=row["local"] == "true",
        )
    return nodes


def _aliases(folder: Traversable, nodes: Mapping[str, Node]) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for number, row in enumerate(_rows(folder, "aliases.csv"), start=1):
        _known(nodes, row["node"], file="aliases.csv", row=number)
        key = normalise(row["alias"])
        if aliases.setdefault(key, row["node"]) != row["node"]:
            fault = messages.fault("taxonomy.ambiguous", alias=row["alias"])
            raise InputError(**fault, file="aliases.csv", row=number)
        if "、" in row["alias"]:  # a class, which people write with and without its 业
            aliases.setdefault(key.removesuffix("业"), row["node"])
    return aliases


def _adjacency(folder: Traversable, nodes: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    adjacency: dict[str, list[str]] = {}
    for number, row in enumerate(_rows(folder, "adjacency.csv"), start=1):
        for node in (row["supplier"], row["customer"]):
            _known(nodes, node, file="adjacency.csv", row=number)
        adjacency.setdefault(row["supplier"], []).append(row["customer"])
    return {node: tuple(customers) for node, customers in adjacency.items()}


def _endings(folder: Traversable, nodes: Mapping[str, Node]) -> dict[str, dict[str, str]]:
    endings: dict[str, dict[str, str]] = {kind: {} for kind in ENDINGS}
    for number, row in enumerate(_rows(folder, "endings.csv"), start=1):
        place: dict[str, Any] = {"file": "endings.csv", "row": number}
        if row["kind"] not in ENDINGS:
            raise InputError(**messages.fault("taxonomy.ending", kind=row["kind"]), **place)
        if row["kind"] == "head":
            _known(nodes, row["node"], **place)
        endings[row["kind"]][normalise(row["text"])] = row["node"]
    return endings


def _known(nodes: Mapping[str, Node], node: str, **place: Any) -> None:
    if node not in nodes:
        raise InputError(**messages.fault("taxonomy.unknown_node", node=node), **place)


def _rows(folder: Traversable, name: str) -> Iterable[dict[str, str]]:
    """Read one table; a missing one is empty."""
    table = folder / name
    if not table.is_file():
        return []
    try:
        reader = csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        found = list(reader)
    except (UnicodeDecodeError, csv.Error) as reason:
        raise InputError(**messages.fault("taxonomy.unreadable"), file=name) from reason
    missing = [column for column in _NEEDED[name] if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(**messages.fault("taxonomy.no_column", column=missing[0]), file=name)
    return [
        {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        for row in found
    ]
