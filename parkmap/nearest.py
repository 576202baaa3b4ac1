"""What somebody may have meant: the names nearest to a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST, _LEAST_ALIKE = 3, 50  # names; of 100


def nearest(text: str, names: Iterable[str]) -> list[str]:
    """Return the names most like a text.

    Parameters
    ----------
    text
        As written.
    names
        To choose from.

    Returns
    -------
    At most three, the nearest first; none that is less than half alike.

    Examples
    --------
    >>> nearest("环结", ["环节", "产业链", "金额"])
    ['环节']
    """
    found = process.extract(
        text, list(dict.fromkeys(names)), scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_LEAST_ALIKE
    )
    return [match[0] for match in found]
