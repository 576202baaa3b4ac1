"""What a reader must know before anything else: said in one line each, on stderr."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from parkmap.escape import terminal
from parkmap.messages import text

if TYPE_CHECKING:
    import pandas as pd

#: Choices that the reader made for the user.
_LOUD = (
    *("PM108", "PM122", "PM123", "PM138", "PM151", "PM152", "PM153", "PM161"),
    *("PM304", "PM311", "PM312", "PM314", "PM315", "PM316"),
    *("PM410", "PM411", "PM412", "PM413", "PM414", "PM419", "PM425", "PM426", "PM510"),
)
_OF_SECTORS = (
    *("PM410", "PM411", "PM412", "PM413", "PM414"),
    *("PM415", "PM416", "PM418", "PM419"),
)
_NO_SECTORS = "PM412"


def spoken(problems: pd.DataFrame, *, quiet: bool, joined: bool) -> pd.DataFrame:
    """Say which columns were chosen by their content, and what is not there, or not whole.

    Parameters
    ----------
    problems
        What was noticed while reading.
    quiet
        Say nothing.
    joined
        The layer's sectors do not matter: they come from a table of their own, or only land is
        looked at.

    Returns
    -------
    The problems that matter.
    """
    kept = problems[~problems["code"].isin(_OF_SECTORS)] if joined else problems
    if not quiet:
        loud = kept[kept["code"].isin(_LOUD)]
        without = loud[loud["code"] == _NO_SECTORS]
        if len(without) > 1:  # a line for each of twenty layers hides what else is said
            loud = loud.drop(without.index)
            what = text(
                "cli.in_layers", count=len(without), what=text(f"problems.{_NO_SECTORS}.what")
            )
            click.echo(text("cli.notice", what=what, remedy=without["remedy"].iloc[0]), err=True)
        lines = Counter(zip(loud["message"], loud["remedy"], loud["row"] > 0, strict=True))
        for (what, remedy, of_row), count in lines.items():
            said = text("cli.in_rows", count=count, what=what) if of_row and count > 1 else what
            click.echo(terminal(text("cli.notice", what=said, remedy=remedy)), err=True)
    return kept


def counted(problems: pd.DataFrame, *, quiet: bool) -> None:
    """Say how many problems the data have, and where they are listed.

    Parameters
    ----------
    problems
        The table of problems of a run.
    quiet
        Say nothing.
    """
    if len(problems) and not quiet:
        click.echo(text("cli.problems_counted", count=len(problems)), err=True)
