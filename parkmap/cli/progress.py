"""How far a run is, for those who wait for it."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parkmap import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PATIENCE_S = 1.0


@contextmanager
def steps(names: Sequence[str], *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show how far a run is, on a terminal only and only if it is slow.

    Parameters
    ----------
    names
        The steps in order.
    quiet
        Show nothing.

    Yields
    ------
    A function to call with the name of the step that begins.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    started = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(names), visible=False)

        def begin(name: str) -> None:
            late = time.monotonic() - started > _PATIENCE_S
            bar.update(
                task,
                completed=names.index(name),
                description=messages.text(f"cli.step.{name}"),
                visible=late,
            )

        yield begin
