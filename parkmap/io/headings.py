"""Which heading stands for which of our columns (``resources/columns.toml``)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files as resource_files
from typing import TYPE_CHECKING, Any

from parkmap import messages, taxonomy
from parkmap.errors import InputError, OptionError
from parkmap.schema import PARK_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIELD = 10  # bytes of a heading in a shapefile
_FIELD_CODES = ("utf-8", "gb18030")
_UNIT = re.compile(
    r"^(?P<base>.+?)[(\[](?P<unit>[^()\[\]]*)[)\]]?$"
    r"|^(?P<bare>.*面积)(?P<after>公顷|万?亩|平方(公里|千米|米))$"
)


@cache
def meanings() -> Mapping[str, Any]:
    """Read the table of headings, units and words.

    Returns
    -------
    Mapping of the tables in ``resources/columns.toml``.

    Examples
    --------
    >>> meanings()["units"]["亩"] * 15
    1.0
    """
    source = resource_files("parkmap") / "resources" / "columns.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Return a heading or word as it is compared.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    Width, case and traditional characters folded; spaces, underscores and dashes dropped.

    Examples
    --------
    >>> fold("Park_Name "), fold("所在区(市)县")
    ('parkname', '所在区(市)县')
    """
    folded = taxonomy.fold(text).casefold()
    return re.sub(r"[\s_\-\u200b\ufeff]", "", folded)


def recognise(
    headings: Sequence[str],
    *,
    chosen: Mapping[str, str],
    group: str = "headings",
    cut: bool = False,
    file: str = "",
) -> dict[str, str]:
    """Find which heading stands for which of our columns.

    Parameters
    ----------
    headings
        The file's.
    chosen
        Our column to heading, as the user said; it goes before everything.
    group
        The table of headings to use.
    cut
        Headings may have lost their end to a limit of ten bytes, as a shapefile's do.
    file
        The file's name, for the message.

    Returns
    -------
    Our column to the file's heading, each heading once.

    Raises
    ------
    InputError
        If a chosen heading is not in the file.
    OptionError
        If a chosen column is none of ours.

    Examples
    --------
    >>> recognise(["园区名称", "级别", "备注"], chosen={})
    {'name': '园区名称', 'tier': '级别'}
    """
    found = _chosen(headings, chosen, group, file)
    taken = set(found.values())
    plain = {fold(heading): heading for heading in reversed(headings) if heading not in taken}
    bare = {fold(_without_unit(heading)): heading
            for heading in reversed(headings) if heading not in taken}  # fmt: skip
    for column, names in meanings()[group].items():
        for name in names if column not in found else ():
            heading = plain.get(fold(name)) or bare.get(fold(name))
            if heading is not None and heading not in found.values():
                found[column] = heading
                break
    return {**_cut_headings(headings, found, group), **found} if cut else found


def _without_unit(heading: str) -> str:
    plain = taxonomy.fold(heading)
    found = _UNIT.match(plain)
    return (found["base"] or found["bare"]) if found else plain


def _cut_headings(headings: Sequence[str], found: Mapping[str, str], group: str) -> dict[str, str]:
    """Find headings that begin the names of just one of our columns, and fill their field."""
    more: dict[str, str] = {}
    for heading in headings:
        start = fold(heading)
        if (
            heading in found.values()
            or max(len(heading.encode(c)) for c in _FIELD_CODES) < _FIELD - 1
        ):
            continue
        meant = {
            column
            for column, names in meanings()[group].items()
            if column not in found and any(fold(name).startswith(start) for name in names)
        }
        if len(meant) == 1:
            more.setdefault(meant.pop(), heading)
    return more


def _chosen(
    headings: Sequence[str], chosen: Mapping[str, str], group: str, file: str
) -> dict[str, str]:
    known = {*meanings()["headings"], *meanings()["coordinates"]}
    for column, heading in chosen.items():
        if column == "output":  # a measure, as parkmap.io.outputs reads it
            continue
        if column not in known:
            fault = messages.fault(
                "io.unknown_column",
                column=column[:40],
                known=", ".join(PARK_COLUMNS)[:80] + ", ...",
            )
            raise OptionError(**fault)
        if heading not in headings and not unit_in_heading(headings, {column: heading})[0]:
            there = messages.listed(headings)[:60]
            fault = messages.fault("io.no_such_heading", heading=heading[:40], there=there)
            raise InputError(**fault, file=file)
    return {column: chosen[column] for column in meanings()[group] if column in chosen}


def unit_in_heading(
    headings: Sequence[str], chosen: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Put the unit that a user gave after a colon where a heading states it.

    Parameters
    ----------
    headings
        The file's.
    chosen
        Our column to heading; the column of areas may have a unit: ``areaKm2:km2``.

    Returns
    -------
    Heading to the heading with its unit, and the chosen columns under the new heading.

    Examples
    --------
    >>> unit_in_heading(["areaKm2"], {"approved_area_ha": "areaKm2:km2"})
    ({'areaKm2': 'areaKm2(km2)'}, {'approved_area_ha': 'areaKm2(km2)'})
    """
    said = chosen.get("approved_area_ha", "")
    heading, _, unit = said.rpartition(":")
    if said in headings or heading not in headings or fold(unit) not in meanings()["units"]:
        return {}, dict(chosen)
    stated = f"{heading}({fold(unit)})"
    return {heading: stated}, {**chosen, "approved_area_ha": stated}


def heading_unit(heading: str) -> str | None:
    """Return the unit that the heading of a column of areas states.

    Parameters
    ----------
    heading
        The heading.

    Returns
    -------
    A key of ``units``; "" where none is stated, None where a field's width cut it off.

    Examples
    --------
    >>> heading_unit("核准面积(亩)"), heading_unit("核准面积"), heading_unit("核准面积(")
    ('亩', '', None)
    """
    folded = taxonomy.fold(heading).casefold()
    if folded.endswith("ha") or ("approved_area_ha".startswith(folded) and len(folded) == _FIELD):
        return "ha"
    bracket = _UNIT.match(folded)
    said = fold(bracket["unit"] or bracket["after"] or "") if bracket else ""
    if said in meanings()["units"]:
        return said
    starting = {
        meanings()["units"][unit]: unit
        for unit in meanings()["units"]
        if said and unit.startswith(said)
    }
    if len(starting) == 1:
        return next(iter(starting.values()))
    whole = {fold(name) for name in meanings()["headings"]["approved_area_ha"]}
    is_cut = any(name.startswith(fold(folded)) for name in whole) and fold(folded) not in whole
    is_open = bracket is not None and bracket["base"] and not folded.endswith(")")
    return None if is_cut or is_open else ""
