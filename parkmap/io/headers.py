"""The header of a table: which of its rows, and one heading a column where it has two rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from parkmap.io import measures
from parkmap.io.headings import bare_heading, heading_unit, recognise
from parkmap.io.raw import Repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[Sequence[str]]

_WITHIN = 15  # rows in which the header is looked for
_FIGURE = re.compile(r"[+-]?[\d.,%]+")


@dataclass(frozen=True, kw_only=True)
class Head:
    """The header of a table.

    Parameters
    ----------
    cells
        One heading a column, "" where there is none.
    first, last
        Its rows.
    """

    cells: list[str]
    first: int
    last: int


def head_of(rows: Rows, groups: Sequence[str]) -> Head:
    """Find the header: the row that names the most of our columns, and those that belong to it.

    Parameters
    ----------
    rows
        Cells, row by row.
    groups
        The groups of headings by which it is known.

    Returns
    -------
    The header; of two rows the upper one says what the lower one parts.

    Examples
    --------
    >>> rows = [["名称", "核准面积", ""], ["", "公顷", "亩"], ["甲", "1", "15"]]
    >>> head_of(rows, ("headings",))
    Head(cells=['名称', '核准面积(公顷)', '核准面积(亩)'], first=0, last=1)
    """
    top = _most_known(rows, groups)
    cells, first, last = list(rows[top]), top, top
    while last + 1 < len(rows) and _goes_on(rows[last], rows[last + 1]):
        cells = _joined(cells, rows[last + 1], groups)
        last += 1
    if last == top and top and len([cell for cell in rows[top - 1] if cell]) > 1:
        cells, first = _under(rows[top - 1], rows[top], top, groups)
    return Head(cells=cells, first=first, last=last)


def _most_known(rows: Rows, groups: Sequence[str]) -> int:
    """Return the row that names the most of our columns, among the first with several cells."""
    best, most = -1, -1
    for place, row in enumerate(rows[:_WITHIN]):
        filled = [cell for cell in row if cell]
        if not filled:
            continue
        known = sum(len(recognise(filled, chosen={}, group=group)) for group in groups)
        if known > most and (len(filled) > 1 or most < 0):
            best, most = place, known
    return max(best, 0)


def _goes_on(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether a row only parts the headings above it."""
    pairs = list(zip_longest(upper, lower, fillvalue=""))
    merged = any(isinstance(low, Repeated) and low == up != "" for up, low in pairs)
    new = [at for at, (up, low) in enumerate(pairs) if low and not _is_same(up, low)]
    if any(_FIGURE.fullmatch(pairs[at][1]) for at in new):
        return False
    if merged:
        return True
    spans = _spans(upper, len(pairs))
    parted = {spans[at] for at in new}
    blank_below = any(up and not low for up, low in pairs)
    return (
        blank_below
        and None not in parted
        and all(spans.count(span) > 1 for span in parted)
        and len(new) > len(parted)
    )


def _is_same(upper: str, lower: str) -> bool:
    return isinstance(lower, Repeated) and lower == upper


def _spans(row: Sequence[str], width: int) -> list[int | None]:
    """Return for each column which cell stands above it: its own, or one that reaches over it."""
    spans: list[int | None] = []
    for at in range(width):
        own = at if at < len(row) and row[at] else None
        spans.append(own if own is not None or not spans else spans[-1])
    return spans


def _joined(upper: Sequence[str], lower: Sequence[str], groups: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    below = [*lower, *[""] * width][:width]
    made = []
    for at, span in enumerate(_spans(upper, width)):
        above = upper[span] if span is not None else ""
        own = upper[at] if at < len(upper) else ""
        is_new = below[at] and not _is_same(own, below[at])
        made.append(_one(above, below[at], groups) if is_new else own)
    return made


def _one(upper: str, lower: str, groups: Sequence[str]) -> str:
    """Join two headings, one above the other, as people would write them in one."""
    if not upper or _is_known(lower, groups):
        return lower
    if heading_unit(f"面积({lower})"):
        return f"{upper}({lower})"
    if _is_known(lower + upper, groups) or measures.parts([lower + upper]):
        return lower + upper
    is_area = bare_heading(upper).endswith(("面积", "area"))
    return lower + upper if is_area else f"{upper}({lower})"


def _is_known(text: str, groups: Sequence[str]) -> bool:
    return any(recognise([text], chosen={}, group=group) for group in groups)


def _under(
    upper: Sequence[str], lower: Sequence[str], top: int, groups: Sequence[str]
) -> tuple[list[str], int]:
    """Complete the lower row of a header; a row that says nothing of it is none."""
    joined = _joined(upper, lower, groups)
    if any(_is_same(up, low) and up for up, low in zip(upper, lower, strict=False)):
        return joined, top - 1
    filled = [low or up for up, low in zip_longest(upper, lower, fillvalue="")]
    joined = [  # what stands above may be no heading
        both if _is_known(both, groups) and not _is_known(plain, groups) else plain
        for both, plain in zip(joined, filled, strict=True)
    ]
    alone = [*lower, *[""] * len(joined)]
    pairs = zip(joined, alone, strict=False)
    if any(both != own and _is_known(both, groups) for both, own in pairs):
        return joined, top - 1
    return list(lower), top
