"""Rows that lay a table out: headings once more, groups, numbers of columns, notes; no parks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.io import content
from parkmap.io.headings import fold, meanings, recognise
from parkmap.io.raw import Repeated
from parkmap.io.totals import is_total
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Problems = list[dict[str, Any]]
    Rows = list[list[str]]

#: What only a park has: a row with one of these is one, whatever it is called.
_PROOF = ("code", "tier", "sectors", "main_for", "approval_no", "approval_date", "boundary_kind",
    "lon", "lat", "x", "y", "wkt", "lonlat")  # fmt: skip
_TENS = "[一二三四五六七八九十]+"
_ORDINAL = re.compile(rf"\({_TENS}\)[、.]?|第?{_TENS}(?:[、.)]|部分|类)[:、.]?")
_ORDINAL_CELL = re.compile(rf"\(?{_TENS}\)?[、.]?")
_PLAIN_ORDINAL = re.compile(r"\(?\d+[、.)]")
_COUNT = re.compile(r"[(:]?共?[\d一二三四五六七八九十百]+[个家处](开发区|园区)?\)?$")
_DISTRICT = re.compile("[\u4e00-\u9fff]{1,8}(省|市|自治区|自治州|州|盟|地区|县|区)")
_FIGURE = re.compile(r"[\d.,%]+")
_FEWEST = 3  # cells of a row that numbers the columns
_LISTED = 8  # row numbers in one message
_SAMPLE = 300  # names are enough to tell what the others are like
_DEEPEST = 9  # level of a group without a number
_TOTAL, _NOTE = "PM105", "PM125"
_SAME_HEADER, _OF_COLUMNS, _GROUP, _BARE = "PM134", "PM135", "PM136", "PM137"
_OTHER_HEADER, _EMPTY = "PM138", "PM139"


@dataclass
class Kept:
    """The rows of a table that may be parks.

    Parameters
    ----------
    numbers
        The number of each, as a spreadsheet shows it.
    rows
        Their cells, as many as there are headings.
    tiers
        The tier that the group of each is headed by, "" where none is.
    problems
        Which rows were left out, and what else was noticed.
    tier_at
        The place of the column of tiers, -1 where there is none.
    """

    tier_at: int
    numbers: list[int] = field(default_factory=list)
    rows: Rows = field(default_factory=list)
    tiers: list[str] = field(default_factory=list)
    problems: Problems = field(default_factory=list)


def sorted_out(
    rows: Rows,
    headings: Sequence[str],
    *,
    first: int,
    groups: Sequence[str],
    chosen: Mapping[str, str],
) -> Kept:
    """Keep the rows that may be parks; each of the others is listed.

    Parameters
    ----------
    rows
        Cells under the header, row by row.
    headings
        The header.
    first
        The number of the first row, as a spreadsheet shows it.
    groups
        The groups of headings by which the header is known.
    chosen
        Our column to heading, as the user said.

    Returns
    -------
    The rows kept, each of the header's width.

    Examples
    --------
    >>> made = sorted_out(
    ...     [["一、国家级(1个)", "", ""], ["甲", "104", "30"], ["合计", "", ""]],
    ...     ["名称", "经度", "纬度"], first=2, groups=("headings", "coordinates"), chosen={})
    >>> made.numbers, made.tiers, [row["code"] for row in made.problems]
    ([3], ['国家级'], ['PM136', 'PM105'])
    """
    table = _Table(headings, rows, groups=groups, chosen=chosen)
    for number, row in enumerate(rows, start=first):
        table.take(number, row)
    return table.finished()


class _Table:
    """A table that is read from its header down."""

    def __init__(
        self,
        headings: Sequence[str],
        rows: Rows,
        *,
        groups: Sequence[str],
        chosen: Mapping[str, str],
    ) -> None:
        found = {
            ours: headings.index(theirs)
            for group in groups
            for ours, theirs in _recognised(headings, chosen, group).items()
        }
        self.headings, self.width = frozenset(headings), len(headings)
        self.header, self.groups = headings, tuple(groups)
        self.parks = "headings" in groups
        self.name = found.get("name", -1)
        self.proof = [place for ours, place in found.items() if ours in _PROOF]
        self.kept = Kept(tier_at=found.get("tier", -1))
        self.like_parks = self._names_end_like_parks(rows)
        self.tier, self.level = "", _DEEPEST
        self.blank = 0
        self.bare: list[int] = []  # numbers of rows that hold no more than a number
        self.noting = False

    def _names_end_like_parks(self, rows: Rows) -> bool:
        names = [row[self.name] for row in rows[:_SAMPLE] if 0 <= self.name < len(row)]
        filled = [name for name in names if name]
        return sum(map(content.ends_like_a_park, filled)) * 2 >= len(filled) > 0

    def take(self, number: int, row: list[str]) -> None:
        """Keep a row or list it."""
        filled = [cell for cell in row if cell]
        if not filled:
            self.blank += 1
            return
        if not any(cell.strip("\0") for cell in filled):
            told = problem("PM140", row=number, count=sum(map(len, filled)))
            self.kept.problems.append(told)
            return
        code = self._is_none(row, filled)
        self.noting = code == _NOTE
        if not code:
            self._keep(number, row)
        elif code == _BARE:
            self.bare.append(number)
        else:
            words = [cell for cell in filled if not _FIGURE.fullmatch(cell)] or filled
            text = words[0] if code in (_NOTE, _TOTAL) else " ".join(filled)
            self.kept.problems.append(problem(code, row=number, text=text[:40]))

    def _is_none(self, row: list[str], filled: list[str]) -> str:
        """Return the code under which a row is listed; "" if it may be a park."""
        if self._is_note(filled):
            return _NOTE
        if is_total(filled[0]) and not any(map(content.is_wkt, filled)):
            return _TOTAL
        of_columns = self._of_columns(row, filled)
        if of_columns or not self.parks or any(row[at] for at in self.proof if at < len(row)):
            return of_columns
        own = [cell for cell in row if cell and not isinstance(cell, Repeated)]
        named = self._named(row)
        if fold(named or filled[0]).startswith("其中"):  # a part of a row above
            return _TOTAL
        return self._group(own, named) or self._nothing(own, named)

    def _of_columns(self, row: list[str], filled: list[str]) -> str:
        if self._heads(filled):
            return _SAME_HEADER if self._matches(row) else _OTHER_HEADER
        told = not self.kept.rows and (_numbers_columns(filled) or self._explains(row, filled))
        return _OF_COLUMNS if told else ""

    def _named(self, row: list[str]) -> str:
        return row[self.name] if 0 <= self.name < len(row) else ""

    def _is_note(self, filled: list[str]) -> bool:
        if self.width < 2:
            return False
        if len(filled) > 1:
            if not _is_note(filled[0]):
                return False
            said = sum(_is_note(cell) or cell.endswith((":", "\uff1a")) for cell in filled)
            return said * 2 >= len(filled)
        goes_on = self.noting and not content.ends_like_a_park(filled[0])
        return _is_note(filled[0]) or goes_on or "\u3002" in filled[0]

    def _heads(self, filled: list[str]) -> bool:
        """Tell whether a row is a header, of this table or of another one."""
        known = _known_headings(self.groups)
        if sum(cell in known or cell in self.headings for cell in filled[:5]) < 2:
            return False
        return sum(map(self._is_heading, filled)) * 2 > len(filled)

    def _is_heading(self, cell: str) -> bool:
        known = (recognise([cell], chosen={}, group=group) for group in self.groups)
        return cell in self.headings or any(known)

    def _matches(self, row: list[str]) -> bool:
        pairs = zip(row, self.header, strict=False)
        return all(not cell or cell == heading for cell, heading in pairs)

    def _explains(self, row: list[str], filled: list[str]) -> bool:
        """Tell whether a row says what is to be filled in: text, figure, optional."""
        places = (row[at] for at in self.proof if at < len(row))
        if len(filled) < 2 or any(map(_FIGURE.fullmatch, places)):
            return False
        return sum(map(_says_how, filled)) * 2 > len(filled)

    def _group(self, own: list[str], named: str) -> str:
        """Take a row for the head of a group: its number, its tier or place, perhaps a sum."""
        words = [cell for cell in own if not _FIGURE.fullmatch(cell)]
        number = words[0] if len(words) > 1 and _ORDINAL_CELL.fullmatch(fold(words[0])) else ""
        words = words[1:] if number else words
        if len(words) != 1 or named not in ("", words[0]):
            return ""
        label, level = _without_ordinal(f"{_ordinal(number)}{fold(words[0])}")
        tier, place = _tier_of(label), bool(_DISTRICT.fullmatch(label))
        counted = bool(_COUNT.search(fold(words[0])))
        if level == _DEEPEST and not counted:
            alone = len(own) == 1 and not content.ends_like_a_park(label)
            in_words = bool(tier) and label in content.tier_words() and len(own) == 1
            if not (in_words or (alone and place and (self.like_parks or not named))):
                return ""
        if tier or level < self.level or (level == self.level and not place):
            self.tier, self.level = tier, level
        return _GROUP

    def _nothing(self, own: list[str], named: str) -> str:
        """Take a row without a name for none where one cell alone is filled."""
        if self.name < 0 or named or len(own) > 1:
            return ""
        return _BARE if not own or _FIGURE.fullmatch(own[0].strip("()")) else _EMPTY

    def _keep(self, number: int, row: list[str]) -> None:
        if len(row) < self.width or any(row[self.width :]):
            told = problem("PM103", row=number, found=len(row), expected=self.width)
            self.kept.problems.append(told)
        self.kept.numbers.append(number)
        self.kept.rows.append([*row, *[""] * self.width][: self.width])
        self.kept.tiers.append(self.tier)

    def finished(self) -> Kept:
        """Return what was kept, once every row is read."""
        if self.bare:
            listed = messages.listed(map(str, self.bare[:_LISTED]))
            listed += "\u2026" if len(self.bare) > _LISTED else ""
            told = problem(_BARE, row=self.bare[0], count=len(self.bare), rows=listed)
            self.kept.problems.append(told)
        if self.blank:
            self.kept.problems.append(problem("PM104", count=self.blank))
        return self.kept


def _recognised(headings: Sequence[str], chosen: Mapping[str, str], group: str) -> dict[str, str]:
    said = {ours: theirs for ours, theirs in chosen.items() if theirs in headings}
    return recognise(headings, chosen={k: v for k, v in said.items() if k in meanings()[group]},
        group=group)  # fmt: skip


def _is_note(cell: str) -> bool:
    return _begins_a_note(cell[0]) and fold(cell).startswith(_note_words())


@lru_cache(maxsize=10_000)
def _begins_a_note(sign: str) -> bool:  # spares most cells the folding
    return fold(sign) in {word[0] for word in _note_words()}


@cache
def _note_words() -> tuple[str, ...]:
    return tuple(fold(word) for word in meanings()["totals"]["notes"])


@cache
def _known_headings(groups: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        name for group in groups for names in meanings()[group].values() for name in names
    )


def _numbers_columns(filled: Sequence[str]) -> bool:
    """Tell a row such as 1, 2, 3 or 甲, 乙, 1, 2."""
    signs = [fold(cell).partition("=")[0].strip("()[]栏列") for cell in filled]
    if len(signs) < _FEWEST:
        return False
    at = 0
    for run in meanings()["layout"]["runs"]:
        here = zip(signs[at:], run, strict=False)
        at += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], here))
    rest = [str(count) for count in range(1, len(signs) - at + 1)]
    return signs[at:] in (rest, [str(int(count) + at) for count in rest])


def _says_how(cell: str) -> bool:
    said, folded = meanings()["layout"], fold(cell).strip("()")
    return folded in said["kinds"] or folded.endswith(tuple(said["endings"]))


def _ordinal(cell: str) -> str:
    folded = fold(cell)
    return folded if not folded or folded.endswith(("、", ".", ")")) else f"{folded}、"


def _without_ordinal(folded: str) -> tuple[str, int]:
    """Take number and count off a group's label; the level is 1 of 一、 and 2 of (一)."""
    bare = _COUNT.sub("", folded)
    found = _ORDINAL.match(bare)
    if found:
        return bare[found.end() :], 2 if bare.startswith("(") else 1
    return _PLAIN_ORDINAL.sub("", bare, count=1), _DEEPEST


def _tier_of(label: str) -> str:
    """Return the word for the tier that a group's label states, "" for none or for several."""
    said = meanings()["layout"]["tiers"]
    found = [tier for tier, words in said.items() if any(word in label for word in words)]
    return str(meanings()["tier"][found[0]][1]) if len(found) == 1 else ""
