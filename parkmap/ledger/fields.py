"""The columns of the ledger's sheets, and the words each may hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from parkmap.messages import LANGUAGES, text
from parkmap.sheets import Column

Row = dict[str, Any]
Rows = dict[str, Row]

STATUSES = (
    *("pending", "assigned", "in_progress", "awaiting", "closed"),
    *("returned", "waived", "long_term"),
)
CHANGES = (
    *("new", "persisting", "worsened", "eased"),
    *("resolved", "recurred", "source_missing", "waiver_expired"),
)
ALERTS = ("normal", "soon", "overdue")
CATEGORIES = ("overlap", "control", "rivalry", "gap", "task", "data")
ATTENTION = ("high", "medium", "low", "info")
APPEAL_KINDS = (
    *("land", "labour", "finance", "approval", "supply", "market"),
    *("inputs", "policy", "living", "other"),
)
#: A column's group of words in the catalogue and the words it may hold.
WORDS = {
    "status": STATUSES,
    "change": CHANGES,
    "alert": ALERTS,
    "category": CATEGORIES,
    "attention": ATTENTION,
    "approval_level": ("city", "province", "nation"),
    "appeal_kind": APPEAL_KINDS,
    "origin": ("meeting", "visit", "hotline", "platform", "letter"),
    "outcome": ("solved", "partly", "explained", "planned"),
    "publishable": ("yes", "no"),
    "where_from": ("sheet", "delivery"),
    "use": ("other", "kept"),
}
#: What is worked out anew at each writing; what is typed there is not read.
DERIVED = ("number", "alert", "overdue_days")


@dataclass(frozen=True)
class Field:
    """One column.

    Parameters
    ----------
    key
        Its name in the store and its heading in the catalogue.
    width
        Of the column, in half-width characters.
    form
        ``text``, ``date``, ``whole`` or ``hectares``.
    """

    key: str
    width: int = 14
    form: str = "text"

    def heading(self, *, lang: str | None = None) -> str:
        """Say what the column is called.

        Parameters
        ----------
        lang
            ``"zh"`` or ``"en"``; the language in force if not given.

        Returns
        -------
        The heading.
        """
        return text(f"ledger.heading.{self.key}", lang=lang)

    @property
    def column(self) -> Column:
        """The column as a workbook has it."""
        return Column(self.key, self.width, self.form, catalogue="ledger")


_MATTERS = (
    *(Field("number", 7, "whole"), Field("matter_id", 16), Field("category", 13)),
    *(Field("parks", 26), Field("districts", 16), Field("description", 52)),
    *(Field("area_ha", 18, "hectares"), Field("area_mu", 16, "whole"), Field("basis", 26)),
    *(Field("attention", 10), Field("measures", 30), Field("approval_level", 11)),
    *(Field("lead_unit", 16), Field("responsible_unit", 16), Field("supporting_unit", 16)),
    *(Field("leader", 11), Field("person", 11), Field("phone", 15)),
    *(Field("assigned_on", 13, "date"), Field("due_on", 13, "date"), Field("progress", 40)),
    *(Field("updated_on", 13, "date"), Field("status", 12), Field("alert", 9)),
    *(Field("overdue_days", 10, "whole"), Field("extended_to", 13, "date"), Field("extended_by")),
    *(Field("result", 30), Field("evidence", 20), Field("closed_on", 13, "date")),
    *(Field("confirmed_by", 16), Field("waiver_reason", 24), Field("waiver_by")),
    *(Field("waiver_until", 13, "date"), Field("change", 12)),
    *(Field("first_found", 13, "date"), Field("remark", 24)),
)
_APPEALS = (
    *(Field("number", 7, "whole"), Field("appeal_id", 16), Field("company", 28)),
    *(Field("credit_code", 22), Field("park", 22), Field("chain", 14), Field("segment", 14)),
    *(Field("appeal_kind", 14), Field("content", 44), Field("origin", 11)),
    *(Field("raised_on", 13, "date"), Field("lead_unit", 16), Field("responsible_unit", 16)),
    *(Field("person", 11), Field("first_response", 13, "date"), Field("due_on", 13, "date")),
    *(Field("progress", 40), Field("status", 12), Field("settled_on", 13, "date")),
    *(Field("outcome", 13), Field("result_score", 11, "whole")),
    *(Field("attitude_score", 11, "whole"), Field("revisit_on", 13, "date")),
    *(Field("publishable", 11), Field("remark", 24)),
)
_DIFFERENCES = (
    *(Field("difference_id", 14), Field("matter_id", 16), Field("column", 16)),
    *(Field("kept", 40), Field("other", 40), Field("where_from", 16)),
    *(Field("reason", 40), Field("noted_on", 13, "date"), Field("use", 12)),
)
SHEETS = {"matters": _MATTERS, "appeals": _APPEALS, "differences": _DIFFERENCES}
ID_FIELDS = {"matters": "matter_id", "appeals": "appeal_id", "differences": "difference_id"}


@cache
def headings(sheet: str) -> dict[str, str]:
    """Return the field behind each heading, in either language.

    Parameters
    ----------
    sheet
        A key of ``SHEETS``.

    Returns
    -------
    Heading -> field.

    Examples
    --------
    >>> headings("matters")["责任单位"]
    'responsible_unit'
    """
    return {
        folded(field.heading(lang=lang)): field.key for lang in LANGUAGES for field in SHEETS[sheet]
    }


def folded(said: str) -> str:
    r"""Return a heading or word as it is compared: the width of its brackets does not matter.

    Parameters
    ----------
    said
        What a cell shows.

    Returns
    -------
    The same without full-width forms and outer blanks.

    Examples
    --------
    >>> folded(" \uff08\u4ea9\uff09") == "(\u4ea9)"
    True
    """
    return unicodedata.normalize("NFKC", said).strip()


def word(field: str, value: Any, *, lang: str | None = None) -> Any:
    """Return what a cell shows for a stored value.

    Parameters
    ----------
    field
        The column.
    value
        What is stored.
    lang
        The language; the one in force if not given.

    Returns
    -------
    The word for a key; anything else as it is.

    Examples
    --------
    >>> word("status", "awaiting", lang="zh"), word("remark", "awaiting", lang="zh")
    ('待确认', 'awaiting')
    """
    if field == "column":
        known = {each.key: each for fields in SHEETS.values() for each in fields}
        return known[value].heading(lang=lang) if value in known else value
    if field in WORDS and value in WORDS[field]:
        return text(f"ledger.{field}.{value}", lang=lang)
    return value


def key_of(field: str, shown: Any) -> Any:
    """Return what is stored for what a cell shows.

    Parameters
    ----------
    field
        The column.
    shown
        The cell's value.

    Returns
    -------
    The key of a known word in either language; anything else as it was typed.

    Examples
    --------
    >>> key_of("status", "待确认"), key_of("status", "办好了")
    ('awaiting', '办好了')
    """
    if not isinstance(shown, str):
        return shown
    if field == "column":
        return {**headings("appeals"), **headings("matters")}.get(folded(shown), shown)
    if field not in WORDS:
        return shown
    return _keys(field).get(folded(shown), shown)


@cache
def _keys(field: str) -> dict[str, str]:
    return {
        folded(text(f"ledger.{field}.{key}", lang=lang)): key
        for lang in LANGUAGES
        for key in WORDS[field]
    }
