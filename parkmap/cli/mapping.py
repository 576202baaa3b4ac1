"""What the verbs map and report share: the page, and the layers under the parks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parkmap import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from parkmap.schema import Analysis
    from parkmap.webmap.grounds import Context

#: Bytes from which a page is hard to pass on by e-mail or in a chat.
_LARGE_MAP = 10_000_000
_CONTEXT_BESIDE = "districts.geojson"


def edition(result: Analysis, options: dict[str, Any]) -> Analysis:
    """Return what may be seen by those the run is for.

    Parameters
    ----------
    result
        The run.
    options
        The verb's options (``public``).
    """
    if not options["public"]:
        return result
    from parkmap import publication

    return publication.published(result)


def map_writer(
    result: Analysis, context: Context, options: dict[str, Any], *, top: int | None = None
) -> Callable[[Path], None]:
    """Return what writes the page.

    Parameters
    ----------
    result
        The run.
    context
        What lies under the parks.
    options
        The verb's options (``title``, ``tiles``, ``assets``).
    top
        Parks to draw at most.
    """
    from parkmap import webmap

    key = os.environ.get("PARKMAP_TIANDITU_KEY", "") if options["tiles"] == "tianditu" else ""

    def write(path: Path) -> None:
        drawn = webmap.web_map(
            result,
            context=context,
            title=options["title"],
            top=top,
            tiles=options["tiles"],
            tiles_key=key,
            assets=options["assets"],
        )
        drawn.save(str(path))
        if key:
            click.echo(messages.text("cli.key_shown"), err=True)
        for line in _size_notes(webmap.drawn_of(drawn), path.stat().st_size, result):
            click.echo(line, err=True)

    return write


def _size_notes(drawn: dict[str, tuple[int, int]], size: int, result: Analysis) -> list[str]:
    """Say what a page leaves out, and that it is hard to pass on; and what to use instead."""
    edition = "_public" if result.is_public else ""
    notes = []
    for key, (shown, total) in drawn.items():
        if shown < total:
            counts = {"shown": f"{shown:,}", "total": f"{total:,}"}
            notes.append(messages.text(f"cli.map_cut.{key}", **counts))
    if size > _LARGE_MAP:
        notes.append(messages.text("cli.large_map", size=f"{size / 1e6:.1f}"))
    if notes:
        notes.append(messages.text(f"cli.map_instead{edition}"))
    return notes


def read_context(inputs: Sequence[str], options: dict[str, Any], result: Analysis) -> Context:
    """Read the layers drawn under the parks: those named, else one lying beside the input.

    Parameters
    ----------
    inputs
        The layers of parks.
    options
        The verb's options (``context``, ``quiet``).
    result
        The run.
    """
    from parkmap import io

    said = [file for file in options["context"] if file != "none"]
    if said:
        names = _names([Path(file).name for file in said])
        if result.is_public:  # names of files stay inside
            names = [
                messages.text("cli.context_unnamed", number=at) for at in range(1, len(said) + 1)
            ]
        return {name: io.read_context(file) for name, file in zip(names, said, strict=True)}
    if options["context"]:
        return None
    beside = Path(inputs[0]).parent / _CONTEXT_BESIDE
    if not beside.is_file() or beside.resolve() == Path(inputs[0]).resolve():
        return None
    found = io.read_context(beside)
    if not _meet(found, result.parks):  # districts of another city
        return None
    if not options["quiet"]:
        click.echo(messages.text("cli.context_found", file=_CONTEXT_BESIDE), err=True)
    return found


def _names(files: Sequence[str]) -> list[str]:
    """Tell files of one name apart."""
    before = [files[:i].count(name) for i, name in enumerate(files)]
    return [f"{file} ({n + 1})" if n else file for file, n in zip(files, before, strict=True)]


def on_one_picture(context: Context) -> gpd.GeoDataFrame | None:
    """Put the layers under each other: a picture has no switches.

    Parameters
    ----------
    context
        One layer, several by name, or none.
    """
    if not isinstance(context, dict):
        return context
    import pandas as pd

    return pd.concat(context.values(), ignore_index=True)


def _meet(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    from shapely.geometry import box

    bounds = (box(*layer.to_crs(4326).total_bounds) for layer in (one, other))
    return bool(next(bounds).intersects(next(bounds)))
