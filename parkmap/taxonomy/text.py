"""Text as it is compared: width, case and traditional characters folded."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files


def fold(text: str) -> str:
    """Return text in half width and simplified characters, otherwise as written.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    The folded text, without blanks at its ends.

    Examples
    --------
    >>> fold("積體電路(IC)")
    '积体电路(IC)'
    """
    return unicodedata.normalize("NFKC", text).translate(_simplified()).strip()


def normalise(text: str) -> str:
    """Return text as it is looked up: folded, in lower case, letters and digits only.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    The key of the text.

    Examples
    --------
    >>> normalise("Micro-LED 顯示") == normalise("microled显示")
    True
    """
    return "".join(c for c in fold(text).casefold() if c.isalnum())


def is_cjk(character: str) -> bool:
    """Say whether a character is a Chinese one.

    Parameters
    ----------
    character
        One character, or "".

    Returns
    -------
    True for CJK unified ideographs.

    Examples
    --------
    >>> is_cjk("药"), is_cjk("G"), is_cjk("")
    (True, False, False)
    """
    return "\u4e00" <= character <= "\u9fff"


@cache
def _simplified() -> dict[int, str]:
    """Read the table of traditional characters that industry names use."""
    table = files("parkmap") / "resources" / "taxonomy" / "traditional.txt"
    pairs = [pair for pair in table.read_text(encoding="utf-8").split() if len(pair) == 2]
    return {ord(pair[0]): pair[1] for pair in pairs}
