"""Sentences in Chinese and English, from the catalogues in ``locale/``.

A key is ``room.name`` or ``room.name.part``; the room's catalogue is ``locale/LANG/room.toml``.
Library code never builds a sentence from pieces of its own: it asks for a key.
"""

from __future__ import annotations

import os
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def listed(words: Iterable[str], *, lang: str | None = None) -> str:
    """Write words one after the other, as a list does.

    Parameters
    ----------
    words
        The words.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``甲、乙`` or ``a, b``.

    Examples
    --------
    >>> listed("ab", lang="en"), listed("ab", lang="zh")
    ('a, b', 'a、b')
    """
    return text("terms.list_separator", lang=lang).join(words)


def few(words: Iterable[str], *, width: int, lang: str | None = None) -> str:
    """Write as many words as fit, whole, and how many there are.

    Parameters
    ----------
    words
        The words.
    width
        How many characters there is room for; a first word that is longer is cut.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``甲、乙等3个`` or ``a, b, 3 in all``.

    Examples
    --------
    >>> few(["ab", "cd", "ef"], width=6, lang="en"), few(["ab", "cd"], width=6, lang="en")
    ('ab, cd, 3 in all', 'ab, cd')
    """
    told = list(words)
    kept: list[str] = []
    for word in told:
        if kept and len(listed([*kept, word], lang=lang)) > width:
            break
        kept.append(word if len(word) <= width else f"{word[: width - 1]}…")
    said = listed(kept, lang=lang)
    if len(kept) == len(told):
        return said
    return text("terms.list_and_more", lang=lang, shown=said, count=len(told))


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
    first = listed(before, lang=lang)
    return first + text(f"terms.{key}", lang=lang) + last
