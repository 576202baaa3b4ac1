"""The day a verb works on, where the calendar counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from parkmap.cli import runs


def today(options: dict[str, Any]) -> str:
    """Return the day by which deadlines are judged: a ledger lives by the calendar.

    Parameters
    ----------
    options
        What was said on the command line.

    Returns
    -------
    ISO date: ``--date``, else SOURCE_DATE_EPOCH, else today.
    """
    said = runs.output_date(options.get("date"), [])
    return said or dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
