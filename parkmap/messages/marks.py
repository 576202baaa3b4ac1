"""Punctuation as printed papers set it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
