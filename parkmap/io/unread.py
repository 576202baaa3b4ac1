"""Columns that look like one of ours and were not read: said, not guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.io.columns import plain_text
from parkmap.io.headings import bare_heading, fold, heading_unit, meanings
from parkmap.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_FIGURE = re.compile(r"[+-]?\d")
_MOST = 3  # headings in one message


def areas(table: pd.DataFrame, found: Mapping[str, str]) -> list[dict[str, Any]]:
    """Name columns of figures that look like an approved area and were not taken for one.

    Parameters
    ----------
    table
        Attributes under the file's headings.
    found
        Our column to heading.

    Returns
    -------
    One problem, or none. The same area in a second unit is not named, nor is an area that is said
    to be another one, as 规划面积 is.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"省政府批准的面积": [12], "规划面积": [20]})
    >>> [row["code"] for row in areas(table, {})]
    ['PM323']
    """
    used = found.get("approved_area_ha", "")
    free = [heading for heading in table.columns if heading not in set(found.values())]
    likely = [
        heading
        for heading in free
        if _is_likely(heading, used)
        and any(_FIGURE.match(plain_text(cell)) for cell in table[heading])
    ]
    if not likely:
        return []
    return [problem("PM323", columns=messages.listed(text[:40] for text in likely[:_MOST]))]


def _is_likely(heading: str, used: str) -> bool:
    said = meanings()["unread"]
    text = fold(bare_heading(heading))
    if used and text == fold(bare_heading(used)):
        return False
    folded = fold(heading)
    is_area = any(word in folded for word in said["areas"]) or bool(heading_unit(heading))
    if is_area and any(word in folded for word in said["approved"]):
        return True
    if used:
        return False
    return text in said["initials"] or text in map(fold, said["plain"])
