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
    from collections.abc import Iterable, Mapping, Sequence

_FIELD = 10  # bytes of a heading in a shapefile
_FIELD_CODES = ("utf-8", "gb18030")
_OPENING = "[{<\u3010\u3014\u3016\u300c\u300e\u300a\u3008"
_CLOSING = "]}>\u3011\u3015\u3017\u300d\u300f\u300b\u3009"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_GROUP = re.compile(r"\((?P<said>[^()]*)(?P<end>\)|$)")
_MARKS = "*\u2605\u203b"  # what forms put beside a field that must be filled
_SIGNS = "_-/:,;|=\u00b7\u3001\u3002"
_AREA = re.compile(r"(?P<base>.*(?:面积|area))(?P<rest>.*)")
_ASKS = re.compile(r"(?:计量|面积)?单位|units?")
_AROUND = re.compile(rf"^(?:{_ASKS.pattern})|^[为是以按]|^in(?=h)|(?:计算?|为单位)$")
_LIKE_A_UNIT = re.compile(r"亩|顷|平方|平米|公里|千米|km|m2|坪|垧|町|acre|^sq|hect")
_ABOVE = re.compile(rf"(?:{_ASKS.pattern})[:为是](?P<said>[^()]*)")
_LONGEST_UNIT = 4  # more is the name of an office
_TIMES = "十百千万公市英大小"
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年?(?:版|度|目录)?")


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
    bare = {fold(bare_heading(heading)): heading
            for heading in reversed(headings) if heading not in taken}  # fmt: skip
    dated = _dated(bare)
    for column, names in meanings()[group].items():
        for name in names if column not in found else ():
            heading = plain.get(fold(name)) or bare.get(fold(name))
            if column == "approved_area_ha":
                heading = heading or dated.get(fold(name))
            if heading is not None and heading not in found.values():
                found[column] = heading
                break
    return {**_cut_headings(headings, found, group), **found} if cut else found


def bare_heading(heading: str) -> str:
    """Return a heading without brackets, marks and the unit of an area.

    Parameters
    ----------
    heading
        The heading.

    Returns
    -------
    What is left, folded; a heading that is all brackets stays.

    Examples
    --------
    >>> bare_heading("核准面积【亩】"), bare_heading("核准面积_公顷"), bare_heading("*编号(必填)")
    ('核准面积', '核准面积', '编号')
    """
    text = _flat(heading)
    base = _GROUP.sub("", text).strip(_MARKS)
    area = _AREA.fullmatch(base)
    rest = area["rest"].strip(_SIGNS) if area else ""
    if area and (not rest or _read_unit(rest) != ("", "") or _begun(rest, heading)):
        return area["base"]
    return base or text


def _flat(heading: str) -> str:
    """Fold a heading: one kind of brackets, no blanks."""
    text = taxonomy.fold(heading).casefold().translate(_BRACKETS)
    text = re.sub(r"(?<=[a-z\d])\s+(?=[a-z])", "_", text)
    return re.sub(r"[\s\u200b\ufeff]", "", text).strip(_MARKS)


def _dated(bare: Mapping[str, str]) -> dict[str, str]:
    """Find headings that begin with a year under what follows it, the latest year's."""
    found = [(year, text, heading) for text, heading in bare.items() if (year := _YEAR.match(text))]
    found.sort(key=lambda one: one[0]["year"])
    return {text[year.end() :]: heading for year, text, heading in found}


def _cut_headings(headings: Sequence[str], found: Mapping[str, str], group: str) -> dict[str, str]:
    """Find headings that begin the names of just one of our columns, and fill their field."""
    more: dict[str, str] = {}
    for heading in headings:
        start = fold(heading)
        if heading in found.values() or not _fills_field(heading):
            continue
        meant = {
            column
            for column, names in meanings()[group].items()
            if column not in found and any(fold(name).startswith(start) for name in names)
        }
        if len(meant) == 1:
            more.setdefault(meant.pop(), heading)
    return more


def _fills_field(heading: str) -> bool:
    return max(len(heading.encode(code)) for code in _FIELD_CODES) >= _FIELD - 1


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
                known=messages.few(PARK_COLUMNS, width=80),
            )
            raise OptionError(**fault)
        parts = heading.split("+") if column == "sectors" else []  # io.several joins them
        is_there = theirs(heading, headings) in headings or (
            len(parts) > 1 and all(theirs(part.strip(), headings) in headings for part in parts)
        )
        if not is_there and not unit_in_heading(headings, {column: heading})[0]:
            there = messages.few(headings, width=60)
            fault = messages.fault("io.no_such_heading", heading=heading[:40], there=there)
            raise InputError(**fault, file=file)
    return {
        column: theirs(chosen[column], headings) for column in meanings()[group] if column in chosen
    }


def theirs(said: str, headings: Sequence[str]) -> str:
    r"""Return the file's heading that a user means: line breaks and widths are not typed.

    Parameters
    ----------
    said
        What the user typed.
    headings
        The file's.

    Returns
    -------
    The only heading that is the same when folded, else what was said.

    Examples
    --------
    >>> theirs("核准面积(公顷)", ["名称", "核准面积\n（公顷）"])
    '核准面积\n（公顷）'
    """
    alike = [] if said in headings else [text for text in headings if fold(text) == fold(said)]
    return alike[0] if len(alike) == 1 else said


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
    name, _, unit = said.rpartition(":")
    heading = theirs(name, headings)
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
    A key of ``units``; "" where none is stated, None where it was cut off or is unknown.

    Examples
    --------
    >>> heading_unit("核准面积(单位:亩)"), heading_unit("核准面积"), heading_unit("核准面积(")
    ('亩', '', None)
    """
    return _stated(heading)[0]


def unknown_unit(heading: str) -> str:
    """Return what the heading of a column of areas states and is no unit we know.

    Parameters
    ----------
    heading
        The heading.

    Returns
    -------
    The words, "" where there are none.

    Examples
    --------
    >>> unknown_unit("核准面积(市顷)"), unknown_unit("核准面积(亩)"), unknown_unit("核准面积(必填)")
    ('市顷', '', '')
    """
    return _stated(heading)[1]


def unit_above(cells: Iterable[str]) -> str:
    """Return the unit of area that stands above a table, as in ``(单位:亩)``.

    Parameters
    ----------
    cells
        The cells above the header.

    Returns
    -------
    The words for one unit, known or not; "" where there is none, or more than one.

    Examples
    --------
    >>> unit_above(["开发区情况表(单位:亩、万元)", ""]), unit_above(["填报单位:甲局"])
    ('亩', '')
    """
    said = {found["said"] for cell in cells for found in _ABOVE.finditer(_flat(cell))}
    readings = [_read_unit(text) for text in said]
    known = {unit for unit, _ in readings if unit}
    unknown = {
        text for _, text in readings if _LIKE_A_UNIT.search(text) and len(text) <= _LONGEST_UNIT
    }
    return (known | unknown).pop() if len(known | unknown) == 1 else ""


def _stated(heading: str) -> tuple[str | None, str]:
    """Return the unit as :func:`heading_unit` does, and words that are an unknown one."""
    text = _flat(heading)
    groups = list(_GROUP.finditer(text))
    readings = [_read_unit(group["said"]) for group in reversed(groups)]
    base = _GROUP.sub("", text).strip(_MARKS)
    area = _AREA.fullmatch(base)
    rest = area["rest"].strip(_SIGNS) if area else ""
    readings.append(_read_unit(rest) if area else (_ending_unit(base), ""))
    known = next((unit for unit, _ in readings if unit), "")
    if known:
        return known, ""
    is_open = bool(groups) and not groups[-1]["end"]
    begun = _begun(groups[-1]["said"] if is_open else rest, heading, is_open=is_open)
    if begun:
        return begun.pop() if len(begun) == 1 else None, ""
    unknown = next((said for _, said in readings if said), "")
    if unknown:
        return None, unknown
    if "approved_area_ha".startswith(text) and len(text) == _FIELD:
        return "ha", ""
    whole = {fold(name) for name in meanings()["headings"]["approved_area_ha"]}
    plain = fold(base)
    is_cut = plain not in whole and any(name.startswith(plain) for name in whole)
    if is_open or base[-1:] in _SIGNS or (is_cut and _fills_field(heading)):
        return None, ""
    return "", ""


def _read_unit(said: str) -> tuple[str, str]:
    """Find the one unit in such words as ``单位:亩,保留整数``; else words that are like one."""
    units = meanings()["units"]
    words = [
        _AROUND.sub("", fold(word.replace(".", ""))) for word in re.split("[,、;:/|。=]", said)
    ]
    known = {units[word]: word for word in words if word in units}
    unlike = [word for word in words if word not in units and _LIKE_A_UNIT.search(word)]
    if len(known) == 1 and not unlike:
        return next(iter(known.values())), ""
    if known or unlike or _ASKS.match(said):
        return "", _ASKS.sub("", said).strip(_SIGNS) or said
    return "", ""


def _ending_unit(text: str) -> str:
    """Return the unit that a heading without the word area ends in."""
    for unit in sorted(meanings()["units"], key=len, reverse=True):
        before = text.removesuffix(unit)[-1:]
        if not text.endswith(unit) or not before:
            continue
        apart = before in _SIGNS or not before.isascii() or unit == "ha"
        if apart if unit.isascii() else before not in _TIMES:
            return str(unit)
    return ""


def _begun(said: str, heading: str, *, is_open: bool = False) -> set[str]:
    """Return the units, one of each size, that a field's width may have cut to these words."""
    if not said or not (is_open or _fills_field(heading)):
        return set()
    units = meanings()["units"]
    return set({units[unit]: unit for unit in units if unit.startswith(said)}.values())
