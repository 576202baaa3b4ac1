"""Lists of opportunities, demands and target companies, from XLSX or CSV: every row is kept."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import unicodedata
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import files, messages, nearest, schema
from parkmap.errors import InputError
from parkmap.io import excel, figures, tabular
from parkmap.io.columns import plain_text
from parkmap.io.headings import fold, heading_unit, meanings, recognise
from parkmap.io.raw import Options, Repeated
from parkmap.io.sniff import kind_of
from parkmap.problems import problem

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Problems = list[dict[str, Any]]

_SECTOR = ("chain", "segment")  # without it nothing can be matched
#: A list must have one of each; what it is known by.
_NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "opportunities": (("title", "content"), _SECTOR),
    "demands": (("party",), ("content", "need"), _SECTOR),
    "companies": (("party",), _SECTOR),
}
_WORDS = ("category", "need", "mode", "basis", "status")
_OWN = ("investment", "purchase", "contract", "financing")  # kinds with a heading of their own
_MONEY = ("amount", *_OWN, "driven")
_DATES = ("starts", "until")
_TEXTS = (
    *("item_id", "title", "party", "credit_code", "chain", "segment", "content"),
    *("park", "fitting", "district", "area", "condition", "board"),
)
_PREFIX = {"opportunities": "JH", "demands": "XQ", "companies": "QY"}
_IDENTITY = ("party", "title", "content", "chain", "segment")
_SHOWN = 40
_FIGURE = re.compile(r"(?P<figure>[0-9]+(?:\.[0-9]+)?)(?P<unit>\D.*)?")
_CLEARLY = 2  # headings more, and it is another list


def read_list(
    path: str | os.PathLike[str],
    kind: str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Read a list.

    Parameters
    ----------
    path
        A local XLSX or CSV with the headings of ``parkmap match --template``, or like ones.
    kind
        ``"opportunities"``, ``"demands"`` or ``"companies"``.
    sheet
        The sheet, where several could be meant.
    encoding
        The encoding of a CSV, where the guess is wrong.

    Returns
    -------
    The list with the columns of ``schema.LIST_COLUMNS``, one row a data row, and the problems. Its
    index ``item`` is the id as written, where no other row has it, else one made of who and what,
    so that it stays when rows move. Persons and telephone numbers are not taken in.

    Raises
    ------
    InputError
        If the table cannot be read, lacks its headings (those nearest are named), or is clearly
        another list.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     text = "企业名称,需求,环节,金额(亿元)\n甲公司,盖板,玻璃,1.2\n"
    ...     _ = path.write_text(text, encoding="gbk")
    ...     table, problems = read_list(path, "demands")
    >>> table["party"].tolist(), table["amount_cny"].tolist()
    (['甲公司'], [120000000.0])
    """
    file = files.local_file(path)
    name = files.display_name(file)
    rows, problems = _cells(file, kind, Options(columns={}, encoding=encoding, layer=sheet))
    table, kept, noticed = tabular.body_of(rows, name, groups=(kind,))
    found = recognise(list(table.columns), chosen={}, group=kind, file=name)
    titles = _plain_titles(rows, set(found.values()))
    problems += [one for one in noticed if not (titles and one["code"] == "PM102")]
    _refuse_other(list(table.columns), found, kind, name)
    _require(found, list(table.columns), kind, name)
    problems += _unknown(list(table.columns), found, kind)
    filled = [place for place in range(len(table)) if not _is_example(table, place, found)]
    table, kept = table.iloc[filled].reset_index(drop=True), [kept[place] for place in filled]
    made = _understood(table, found, kept, problems)
    if len(made) and not any(made["segment"]):
        name_of = messages.text(f"io.list.{kind}")
        problems.append(problem("PM614", list=name_of))
    made["list"] = kind
    made.index = pd.Index(_ids(made, kind, problems), name="item", dtype=object)
    return made[list(schema.LIST_COLUMNS)], schema.problems_table(problems)


def _plain_titles(rows: Sequence[Sequence[str]], headings: set[str]) -> bool:
    """Tell whether the rows above the header hold no more than a title each."""
    above = itertools.takewhile(lambda row: not headings <= set(row), rows)
    return all(sum(map(bool, row)) <= 1 for row in above)


def _cells(file: Path, kind: str, options: Options) -> tuple[list[list[str]], Problems]:
    form = kind_of(file)
    if form == "xlsx":
        return excel.cells_of(file, options, partial(_heads, kind=kind))
    if form in ("csv", "boundary"):
        rows, _ = tabular.cells_of(file, options)
        return rows, []
    raise InputError(**messages.fault("io.no_list"), file=files.display_name(file))


def _heads(cells: Sequence[str], _: Options, *, kind: str) -> bool:
    """Tell whether a row heads this list rather than another one."""
    counts = {other: recognise(list(cells), chosen={}, group=other) for other in _NEEDED}
    has = all(set(some) & set(counts[kind]) for some in _NEEDED[kind])
    most = max(map(len, counts.values()))
    return has and 1 < len(counts[kind]) == most


def _refuse_other(headings: Sequence[str], found: Mapping[str, str], kind: str, name: str) -> None:
    """Refuse a list that is clearly one of the others: it would be read in part, and wrongly."""
    known = {other: recognise(list(headings), chosen={}, group=other) for other in _NEEDED}
    whole = [
        other
        for other, some in known.items()
        if all(set(needed) & set(some) for needed in _NEEDED[other])
    ]
    other = max(whole, key=lambda one: len(known[one]), default=kind)
    if other == kind or len(known[other]) < len(found) + _CLEARLY:
        return
    own = [heading for heading in known[other].values() if heading not in set(found.values())]
    fault = messages.fault(
        "io.other_list",
        list=messages.text(f"io.list.{kind}"),
        other=messages.text(f"io.list.{other}"),
        headings=messages.few(own[:3], width=60),
        option=f"--{other}",
    )
    raise InputError(**fault, file=name)


def _require(found: Mapping[str, str], headings: Sequence[str], kind: str, name: str) -> None:
    for some in _NEEDED[kind]:
        if set(some) & set(found):
            continue
        names = [meanings()[kind][column][0] for column in some]
        near = _nearest(names[0], {heading: heading for heading in headings if heading})
        fault = messages.fault(
            "io.list_heading",
            list=messages.text(f"io.list.{kind}"),
            wanted="/".join(names),  # one of them will do
            near=near[:60],
        )
        raise InputError(**fault, file=name)


def _unknown(headings: Sequence[str], found: Mapping[str, str], kind: str) -> Problems:
    """Name headings nobody recognised, each with the headings nearest to it."""
    free = {
        name: names[0]
        for column, names in meanings()[kind].items()
        if column not in found
        for name in names
    }
    written = [heading for heading in headings if not heading.startswith("column_")]
    unread = [
        problem("PM601", column=heading[:_SHOWN], near=_nearest(heading, free))
        for heading in written
        if heading not in set(found.values())
    ]
    if len(unread) <= len(written) / 2:
        return unread
    name = messages.text(f"io.list.{kind}")
    return [problem("PM613", list=name, count=len(written), read=len(found)), *unread]


def _nearest(text: str, among: Mapping[str, str]) -> str:
    near = nearest.nearest(text, among)
    names = dict.fromkeys(among[name] for name in near)
    return messages.listed(names) or "-"


def _is_example(table: pd.DataFrame, place: int, found: Mapping[str, str]) -> bool:
    words = {fold(word) for word in meanings()["example"]["words"]}
    marks = (str(table[found[c]].iloc[place]) for c in ("number", "item_id") if c in found)
    return any(fold(mark).startswith(tuple(words)) for mark in marks)


def _understood(
    table: pd.DataFrame, found: Mapping[str, str], rows: Sequence[int], problems: Problems
) -> pd.DataFrame:
    count = len(table)
    made = pd.DataFrame(
        {column: [default] * count for column, default in schema.LIST_COLUMNS.items()}
    )
    made["row"] = rows
    cells = {column: table[heading].tolist() for column, heading in found.items()}
    for column in set(_TEXTS) & set(found):
        made[column] = [plain_text(value) for value in cells[column]]
    for column in sorted(set(_WORDS) & set(found)):
        made[column] = _words(column, found[column], cells[column], rows, problems)
    for column in sorted(set(_DATES) & set(found)):
        made[column] = _dates(column, found[column], cells[column], rows, problems)
    if "radius" in found:
        made["radius_m"] = _radii(found["radius"], cells["radius"], rows, problems)
    if "land" in found:
        made["land_m2"] = _land(found["land"], cells["land"], rows, problems)
    money = {
        column: _money(found[column], cells[column], rows, problems)
        for column in _MONEY
        if column in found
    }
    _settle_amounts(made, money, rows, problems)
    for at, row in enumerate(rows):
        if not (made["title"][at] or made["content"][at] or made["party"][at]):
            problems.append(problem("PM610", row=row))
    return made


def _words(
    column: str, heading: str, values: Sequence[str], rows: Sequence[int], problems: Problems
) -> list[str]:
    known = {fold(word): meaning for meaning, ws in meanings()[column].items() for word in ws}
    read = []
    for row, value in zip(rows, values, strict=True):
        meaning = known.get(fold(value), "")
        if value and not meaning:
            options = messages.text(f"io.option.{column}").split("|")
            known_ = messages.listed(options)
            said = {"column": heading[:_SHOWN], "text": value[:_SHOWN], "known": known_}
            problems.append(problem("PM606", row=row, **said))
        read.append(meaning)
    return read


def _dates(
    column: str, heading: str, values: Sequence[str], rows: Sequence[int], problems: Problems
) -> list[str]:
    read = []
    for row, value in zip(rows, values, strict=True):
        date = figures.iso_date(value, last=column == "until")
        if date is None:
            said = {"column": heading[:_SHOWN], "text": value[:_SHOWN]}
            problems.append(problem("PM607", row=row, **said))
        read.append(date or "")
    return read


def _radii(
    heading: str, values: Sequence[str], rows: Sequence[int], problems: Problems
) -> list[float]:
    """Read kilometres."""
    read = []
    for row, value in zip(rows, values, strict=True):
        text = unicodedata.normalize("NFKC", value).casefold().replace(" ", "")
        bare = text.removesuffix("公里").removesuffix("千米").removesuffix("km")
        plain = bare.isascii() and bare.replace(".", "", 1).isdigit()
        if value and not plain and not figures.says_nothing(value):
            said = {"column": heading[:_SHOWN], "text": value[:_SHOWN]}
            problems.append(problem("PM602", row=row, **said))
        read.append(float(bare) * 1000 if plain else math.nan)
    return read


def _land(
    heading: str, values: Sequence[str], rows: Sequence[int], problems: Problems
) -> list[float]:
    """Read ground in the unit of the heading or of the cell; mu where neither says."""
    units, stated = meanings()["units"], heading_unit(heading)
    read = []
    for row, value in zip(rows, values, strict=True):
        text = unicodedata.normalize("NFKC", value).casefold().replace(" ", "").replace(",", "")
        found = _FIGURE.fullmatch(text)
        unit = "亩" if stated == "" else stated
        factor = units.get(found["unit"] or unit) if found else None
        if found and factor is not None:
            read.append(float(found["figure"]) * factor * 10_000)
            continue
        read.append(math.nan)
        if value and not figures.says_nothing(value):
            said = {"column": heading[:_SHOWN], "text": value[:_SHOWN]}
            problems.append(problem("PM602", row=row, **said))
    return read


def _money(
    heading: str, values: Sequence[str], rows: Sequence[int], problems: Problems
) -> list[float]:
    stated = figures.money_unit(heading)
    bare = False
    read = []
    for row, value in zip(rows, values, strict=True):
        said = {"column": heading[:_SHOWN], "text": value[:_SHOWN]}
        if isinstance(value, Repeated) and not figures.says_nothing(value):
            problems.append(problem("PM605", row=row, **said))
            read.append(math.nan)
            continue
        bare |= not stated and value.replace(",", "").replace(".", "", 1).isdigit()
        amount, rough = figures.amount_cny(value, stated or "万元")
        if amount is None and not figures.says_nothing(value):
            problems.append(problem("PM602", row=row, **said))
        if rough:
            problems.append(problem("PM604", row=row, **said))
        read.append(math.nan if amount is None else amount)
    if bare:
        problems.append(problem("PM603", column=heading[:_SHOWN]))
    return read


def _settle_amounts(
    made: pd.DataFrame,
    money: Mapping[str, Sequence[float]],
    rows: Sequence[int],
    problems: Problems,
) -> None:
    """Give each row one amount and say what it is; what is driven along is no amount."""
    empty = [math.nan] * len(rows)
    amounts, driven = list(money.get("amount", empty)), list(money.get("driven", empty))
    bases = made["basis"].tolist()
    for at, row in enumerate(rows):
        if bases[at] == "driven":
            amounts[at], driven[at] = math.nan, driven[at] if driven[at] >= 0 else amounts[at]
            bases[at] = ""
        own = {basis: money[basis][at] for basis in _OWN if basis in money}
        own = {basis: amount for basis, amount in own.items() if not math.isnan(amount)}
        if math.isnan(amounts[at]) and own:
            used = bases[at] if bases[at] in own else next(iter(own))
            bases[at], amounts[at] = used, own.pop(used)
        if own:
            problems.append(problem("PM611", row=row))
    made["amount_cny"], made["driven_cny"] = amounts, driven
    made["basis"] = bases


def _ids(made: pd.DataFrame, kind: str, problems: Problems) -> list[str]:
    """Return an id a row that does not depend on where the row stands."""
    given = [
        f"{_PREFIX[kind]}-{text}" if text and not any(c.isalpha() for c in text) else text
        for text in made["item_id"]
    ]  # 1, 2, 3 stand in every list
    shared = {text for text, count in Counter(given).items() if text and count > 1}
    for text in sorted(shared):
        rows = [row for row, other in zip(made["row"], given, strict=True) if other == text]
        first = int(min(rows))
        problems.append(problem("PM609", row=first, text=text[:_SHOWN], count=len(rows)))
    marks = [_mark(row) for row in made[list(_IDENTITY)].itertuples(index=False, name=None)]
    bases = [
        f"{text or _PREFIX[kind]}-{mark}" if not text or text in shared else text
        for text, mark in zip(given, marks, strict=True)
    ]
    contents = [repr(row) for row in made.drop(columns="row").to_numpy().tolist()]
    ids, used, taken = [""] * len(bases), set[str](), set(bases)
    for at in sorted(range(len(bases)), key=lambda at: (contents[at], made["row"][at])):
        wanted, count = bases[at], 1
        while wanted in used or (count > 1 and wanted in taken):
            count += 1
            wanted = f"{bases[at]}#{count}"
        used.add(wanted)
        ids[at] = wanted
    return ids


def _mark(parts: Sequence[str]) -> str:
    folded = "\x1f".join(fold(part) for part in parts)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:8]
