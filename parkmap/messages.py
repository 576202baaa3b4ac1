"""Sentences in Chinese and English, from the catalogues in ``locale/``.

A key is ``room.name`` or ``room.name.part``; the room's catalogue is ``locale/LANG/room.toml``.
Library code never builds a sentence from pieces of its own: it asks for a key.
"""

from __future__ import annotations

import os
import re
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parkmap.errors import ParkmapError

LANGUAGES = ("zh", "en")


class Fault(TypedDict):
    """What is wrong and what to do about it."""

    what: str
    remedy: str


_chosen: ContextVar[str | None] = ContextVar("parkmap_language", default=None)


def language() -> str:
    """Return the language in force.

    It is the one of the enclosing :func:`use_language`, else ``PARKMAP_LANG``, else Chinese.

    Returns
    -------
    ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> with use_language("en"):
    ...     language()
    'en'
    """
    lang = _chosen.get() or os.environ.get("PARKMAP_LANG", "zh")
    return lang if lang in LANGUAGES else "zh"


@contextmanager
def use_language(lang: str) -> Iterator[None]:
    """Speak one language inside a ``with`` block.

    Parameters
    ----------
    lang
        ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> with use_language("zh"):
    ...     text("terms.severity.high")
    '重点'
    """
    token = _chosen.set(lang)
    try:
        yield
    finally:
        _chosen.reset(token)


def text(key: str, *, lang: str | None = None, **values: Any) -> str:
    """Look one sentence up and fill in its values.

    Parameters
    ----------
    key
        ``room.name`` or ``room.name.part``.
    lang
        The language; the one in force if not given.
    **values
        What the sentence's ``{placeholders}`` stand for.

    Returns
    -------
    The sentence.

    Raises
    ------
    KeyError
        If the catalogue has no such key: a mistake of ours, never of the user's.

    Examples
    --------
    >>> text("terms.tier.national", lang="en")
    'national'
    """
    room, _, rest = key.partition(".")
    found: Any = catalogue(room, lang or language())
    for part in rest.split("."):
        found = found[part]
    if not isinstance(found, str):
        raise KeyError(key)
    return found.format(**values) if values else found


def fault(key: str, **values: Any) -> Fault:
    """Return what is wrong and what to do, for an error or a row of problems.

    Parameters
    ----------
    key
        ``room.name`` of an entry with the parts ``what`` and ``remedy``.
    **values
        What the placeholders stand for.

    Returns
    -------
    ``{"what": ..., "remedy": ...}``.

    Examples
    --------
    >>> sorted(fault("schema.missing_column", table="parks", column="name"))
    ['remedy', 'what']
    """
    return Fault(what=text(f"{key}.what", **values), remedy=text(f"{key}.remedy", **values))


def complaint(fault: ParkmapError) -> str:
    """Say an error in one line of the language in force: where, what, what to do.

    Parameters
    ----------
    fault
        The error.

    Returns
    -------
    What ``str`` gives, with the words and the punctuation of the language.

    Examples
    --------
    >>> from parkmap.errors import InputError
    >>> with use_language("en"):
    ...     complaint(InputError("no CRS", remedy="add --crs", file="a.shp", row=3))
    'a.shp, row 3: no CRS; add --crs'
    """
    row = "" if fault.row is None else text("terms.error.row", row=fault.row)
    where = text("terms.error.join").join(filter(None, (fault.file, row)))
    where += text("terms.error.park", park=fault.park) if fault.park else ""
    said = fault.what
    if fault.remedy:
        said = text("terms.error.remedied", what=said, remedy=fault.remedy)
    return text("terms.error.placed", where=where.strip(), said=said) if where else said


@cache
def catalogue(room: str, lang: str) -> Mapping[str, Any]:
    """Read the catalogue of one room.

    Parameters
    ----------
    room
        The stem of the catalogue's file.
    lang
        ``"zh"`` or ``"en"``.

    Returns
    -------
    Nested mapping of keys to sentences.

    Examples
    --------
    >>> catalogue("terms", "zh")["tier"]["provincial"]
    '省级'
    """
    source = files("parkmap") / "locale" / lang / f"{room}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def joined(words: Iterable[str], *, lang: str | None = None) -> str:
    """Write words one after the other, as a sentence does.

    Parameters
    ----------
    words
        The words.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``甲、乙、丙`` or ``a, b, and c``.

    Examples
    --------
    >>> joined("ab", lang="en"), joined("abc", lang="en"), joined("abc", lang="zh")
    ('a and b', 'a, b, and c', 'a、b、c')
    """
    *before, last = list(words) or [""]
    if not before:
        return last
    key = "list_last" if len(before) > 1 else "list_two"
    first = text("terms.list_separator", lang=lang).join(before)
    return first + text(f"terms.{key}", lang=lang) + last


def share(part: float, *, lang: str | None = None) -> str:
    """Write the part of a whole that a sentence names: all of it in a word.

    Parameters
    ----------
    part
        A number from 0 to 1.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``3.4%``; ``全部`` where a percentage would say 100.0%.

    Examples
    --------
    >>> share(0.034, lang="zh"), share(0.9999, lang="zh"), share(1.0, lang="en")
    ('3.4%', '全部', 'all')
    """
    said = percent(part)
    return text("terms.whole", lang=lang) if said == "100.0%" else said


def area(area_m2: float, *, lang: str | None = None) -> str:
    """Write an area as planners read it: hectares with mu in brackets.

    Parameters
    ----------
    area_m2
        Area in square metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``43.50公顷（653亩）``; 1 hectare is 15 mu. What would be 0.00 hectares
    is written in square metres.

    Examples
    --------
    >>> area(435_000, lang="zh")
    '43.50公顷（653亩）'
    """
    if 0 < area_m2 < 50:
        return text("terms.square_metres", lang=lang, m2=half_up(area_m2) or "<1")
    hectares = area_m2 / 1e4
    return text("terms.area", lang=lang, ha=f"{hectares:,.2f}", mu=f"{half_up(hectares * 15):,}")


def large_area(area_m2: float, *, lang: str | None = None) -> str:
    """Write a total, in square kilometres with two decimals.

    Parameters
    ----------
    area_m2
        Area in square metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``12.65平方公里``.

    Examples
    --------
    >>> large_area(12_649_000, lang="zh")
    '12.65平方公里'
    """
    return text("terms.large_area", lang=lang, km2=f"{area_m2 / 1e6:,.2f}")


def percent(share: float) -> str:
    """Write a share as a percentage with one decimal.

    Parameters
    ----------
    share
        A number from 0 to 1.

    Returns
    -------
    For example ``3.4%``; a share that would round to nothing is ``<0.1%``.

    Examples
    --------
    >>> percent(0.034), percent(0.00001)
    ('3.4%', '<0.1%')
    """
    return "<0.1%" if 0 < share < 0.0005 else f"{share * 100:.1f}%"


def distance(metres: float, *, lang: str | None = None) -> str:
    """Write a distance: metres below one kilometre, else kilometres with one decimal.

    Parameters
    ----------
    metres
        A length in metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``12.3公里`` or ``120米``.

    Examples
    --------
    >>> distance(12_340, lang="zh"), distance(120, lang="zh")
    ('12.3公里', '120米')
    """
    if metres >= 1000:
        return text("terms.kilometres", lang=lang, km=f"{metres / 1000:.1f}")
    figure = f"{metres:.0f}" if metres >= 10 else f"{metres:.1f}"
    figure = (f"{metres:.2f}" if metres >= 0.005 else "<0.01") if 0 < metres < 0.05 else figure
    return text("terms.metres", lang=lang, m=figure)


def half_up(value: float) -> int:
    """Round halves up, as people do and as Python's ``round`` does not.

    Parameters
    ----------
    value
        A number that is not negative.

    Returns
    -------
    The nearest integer.

    Examples
    --------
    >>> half_up(652.5), round(652.5)
    (653, 652)
    """
    return int(value + 0.5)


#: Half-width marks and what stands for them between Chinese characters.
_FULL = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"}
_PRIVATE, _MOST_KEPT = 0xE000, 6400  # a name stands as one character of the private area
_CHINESE = "\ue000-\uf8ff\u3001-\u3011\u4e00-\u9fff\u2018-\u201d\uff01-\uff1f"
_STOP = re.compile(f"(?<=[{_CHINESE}])[,;:?!]|[,;:?!](?=[{_CHINESE}])")
_BRACKETS = re.compile("\\(([^()]*)\\)")


def full_width(said: str, *, names: Iterable[str] = ()) -> str:
    r"""Set the punctuation of a Chinese text as printed papers do (GB/T 15834).

    Parameters
    ----------
    said
        The text.
    names
        Names in it, which stay as they were typed.

    Returns
    -------
    The text with full-width marks beside Chinese characters and names, and full-width brackets
    around and after them. Figures, file names and codes keep theirs.

    Examples
    --------
    >>> full_width("A(B),C;D", names=["A(B)"]) == "A(B)\uff0cC;D"
    True
    >>> full_width("1:2000 (a, b)")
    '1:2000 (a, b)'
    """
    kept = sorted({name for name in names if name and name in said}, key=len, reverse=True)
    for at, name in enumerate(kept[:_MOST_KEPT]):
        said = said.replace(name, chr(_PRIVATE + at))
    before = ""
    while said != before:  # brackets within brackets, marks after brackets
        before = said
        said = _BRACKETS.sub(_wide_brackets, said)
        said = _STOP.sub(lambda found: _FULL[found[0]], said)
    for at, name in reversed(list(enumerate(kept[:_MOST_KEPT]))):
        said = said.replace(chr(_PRIVATE + at), name)
    return said


def _wide_brackets(found: re.Match[str]) -> str:
    before = found.string[: found.start()][-1:]
    is_chinese = re.search(f"[{_CHINESE}]", found[1] + before)
    return f"\uff08{found[1]}\uff09" if is_chinese else found[0]
