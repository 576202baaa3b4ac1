"""A consolidation plan on the page: the parks as they would be, beside the parks of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import messages, schema
from parkmap.webmap import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    import pandas as pd

    from parkmap.webmap.shapes import Drawing


def plan_data(
    after: gpd.GeoDataFrame | None,
    moves: pd.DataFrame | None,
    places: Mapping[str, int],
    draw: Callable[[gpd.GeoSeries], Drawing],
) -> dict[str, Any]:
    """Gather what the page shows of a plan.

    Parameters
    ----------
    after
        The parks as they would be, on ``park_id``; None without a plan.
    moves
        The plan's moves: ``status``, ``park``, ``name``, ``into``, ``into_name``, ``manner``,
        ``approval``.
    places
        Park of today -> its place in the page's list.
    draw
        What writes shapes where the page shows them.

    Returns
    -------
    Nothing without a plan; else ``after``, the parks that would be, and ``moves``, the parks that
    would join one, both languages ready.

    Examples
    --------
    >>> plan_data(None, None, {}, shapes.drawing)
    {}
    """
    if after is None or moves is None:
        return {}
    standing = {park: i for i, park in enumerate(after.index)}
    drawn = draw(after.geometry)
    told = moves[moves["status"] == "merged"].to_dict("records")
    members: dict[str, list[str]] = {}
    for move in told:
        members.setdefault(move["into"], []).append(str(move["name"]))
    table = schema.complete(after)
    columns = zip(
        table.index, table["name"], drawn.rings, drawn.at, shapes.hectares(after), strict=True
    )
    return {
        "after": [
            {
                "name": str(name) or str(park),
                "rings": rings,
                "at": at,
                "ha": None if area != area else round(area, 2),  # noqa: PLR0124  # nan
                "members": members.get(park, []),
                "is_new": park not in places,
            }
            for park, name, rings, at, area in columns
        ],
        "moves": [
            {
                "park": places.get(move["park"], -1),
                "into": standing[move["into"]],
                "said": {lang: _said(move, lang) for lang in messages.LANGUAGES},
            }
            for move in told
        ],
    }


def _said(move: Mapping[Any, Any], lang: str) -> str:
    """Say one move: what joins what, how, and who decides."""
    return messages.text(
        "webmap.move",
        lang=lang,
        name=move["name"],
        into=move["into_name"],
        manner=messages.text(f"consolidation.manner.{move['manner']}", lang=lang),
        approval=messages.text(f"consolidation.approval.{move['approval']}", lang=lang),
    )
