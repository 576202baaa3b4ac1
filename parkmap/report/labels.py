"""Where labels go so that they can be read: greedy, the most important first."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Box = tuple[float, float, float, float]
    Point = tuple[float, float]

_POINTS_AN_INCH = 72.0
_LINE = 1.25  # line height in ems
#: Words a Chinese park name may be broken before.
_WORDS = (
    *("经济", "技术", "产业", "工业", "高新", "国际", "综合", "现代", "功能区", "集中", "开发区"),
    *("园区", "新城", "商贸", "商务", "金融", "文旅", "制造", "科技", "智能", "空港", "航空"),
    *("新材料", "生物", "电子", "保税", "示范", "特色"),
)


@dataclass
class Placer:
    """A sheet of paper on which labels must not cover each other.

    Parameters
    ----------
    frame
        Left, bottom, right, top; nothing is placed outside.
    taken
        Boxes already used.
    """

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def place(
        self,
        anchor: Point,
        size: Point,
        distances: Iterable[float],
        *,
        must: bool = False,
        allowed: Callable[[Point], bool] | None = None,
    ) -> Point | None:
        """Find room for a label near its anchor and take it.

        Parameters
        ----------
        anchor
            What it names.
        size
            Width and height.
        distances
            How far its edge may be from the anchor, the nearest first; 0 centres it there.
        must
            Place it at the anchor if there is no room.
        allowed
            Whether its centre may be at a point; anywhere if not given.

        Returns
        -------
        Its centre, or None without room.

        Examples
        --------
        >>> sheet = Placer((0, 0, 10, 10))
        >>> sheet.place((5, 5), (2, 1), [0]), sheet.place((5, 5), (2, 1), [0])
        ((5, 5), None)
        """
        for centre in _candidates(anchor, size, distances):
            if allowed is not None and not allowed(centre):
                continue
            if self.is_free(centre, size):
                self.taken.append(_box(centre, size))
                return centre
        if must:
            self.taken.append(_box(anchor, size))
            return anchor
        return None

    def is_free(self, centre: Point, size: Point) -> bool:
        """Whether there is room for a label.

        Parameters
        ----------
        centre, size
            Where it would be, and its width and height.

        Returns
        -------
        True if it is in the frame and covers no other.

        Examples
        --------
        >>> sheet = Placer((0, 0, 10, 10))
        >>> sheet.is_free((5, 5), (2, 1)), sheet.is_free((0, 0), (2, 1))
        (True, False)
        """
        box = _box(centre, size)
        return _is_inside(box, self.frame) and not any(_meet(box, other) for other in self.taken)


def label_size(label: str, points: float) -> tuple[float, float]:
    """Estimate the room a label takes.

    Parameters
    ----------
    label
        Its text, lines apart by newlines.
    points
        Font size.

    Returns
    -------
    Width and height in inches.

    Examples
    --------
    >>> width, height = label_size("园区", 72)
    >>> width, height
    (2.0, 1.25)
    """
    lines = label.split("\n")
    ems = max(sum(1.0 if east_asian_width(c) in "WF" else 0.58 for c in line) for line in lines)
    em = points / _POINTS_AN_INCH
    return ems * em, len(lines) * em * _LINE


def wrapped(value: str, width: int, *, lines: int = 2) -> str:
    r"""Break a text into short lines, as even as they come.

    Parameters
    ----------
    value
        The text.
    width
        The most a line may take, in half-width characters.
    lines
        The most lines; what is beyond ends in an ellipsis.

    Returns
    -------
    The text with newlines.

    Examples
    --------
    >>> wrapped("成都高新技术产业开发区", 12)
    '成都高新技术\n产业开发区'
    """
    widths = [2 if east_asian_width(c) in "WFA" else 1 for c in value]
    needed = max(math.ceil(sum(widths) / width), 1)
    even = min(width, math.ceil(sum(widths) / min(needed, lines)) + 1)
    rows, room = [""], even
    for sign, wide in zip(value, widths, strict=True):
        if wide > room:
            rows.append("")
            room = even
        rows[-1] += sign
        room -= wide
    if len(rows) <= lines:
        return "\n".join(row.strip() for row in rows)
    kept = rows[:lines]
    kept[-1] = kept[-1][:-1] + "…"
    return "\n".join(kept)


def broken(name: str, width: int) -> str:
    r"""Break a park's name into at most two lines, between words where they are known.

    Parameters
    ----------
    name
        The name.
    width
        Names up to this many half-width characters stay on one line.

    Returns
    -------
    The name, with at most one newline.

    Examples
    --------
    >>> broken("成都台商投资工业园区", 12)
    '成都台商投资\n工业园区'
    """
    if sum(2 if east_asian_width(c) in "WFA" else 1 for c in name) <= width:
        return name
    starts = [at for at in range(2, len(name) - 1) if name.startswith(_WORDS, at)]
    starts += [at + 1 for at in range(2, len(name) - 1) if name[at] == " "]
    if not starts:
        return wrapped(name, width)
    middle = min(starts, key=lambda at: (abs(2 * at - len(name)), at))
    return f"{name[:middle].strip()}\n{name[middle:].strip()}"


def _candidates(anchor: Point, size: Point, distances: Iterable[float]) -> Iterator[Point]:
    x, y = anchor
    for distance in distances:
        if distance == 0:
            yield anchor
            continue
        beside, above = size[0] / 2 + distance, size[1] / 2 + distance
        yield from ((x, y - above), (x, y + above), (x + beside, y), (x - beside, y))
        for east in (1, -1):
            for north in (1, -1):
                yield x + east * (beside * 0.75), y + north * above
                yield x + east * beside, y + north * (above * 0.75)


def _box(centre: Point, size: Point) -> Box:
    (x, y), (width, height) = centre, size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _is_inside(box: Box, frame: Box) -> bool:
    left, low, right, top = frame
    return box[0] >= left and box[1] >= low and box[2] <= right and box[3] <= top


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
