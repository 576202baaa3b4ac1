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
    Nothing without a plan; else ``after``, the parks that would be, each with the park of today
    it is, ``moves``, the parks that would join one, both languages ready, and the system.

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
    system, others = schema.park_system(table)
    facts = {
        "name": [str(name) or str(park) for park, name in table["name"].items()],
        "tier": [tier if tier in schema.TIERS else "" for tier in table["tier"]],
        "counted": [bool(counted) for counted in table["counted"]],
        "rings": drawn.rings,
        "at": drawn.at,
        "box": drawn.boxes,
        "ha": [None if area != area else round(area, 2) for area in shapes.hectares(after)],  # noqa: PLR0124  # nan
        "members": [members.get(park, []) for park in table.index],
        "park": [places.get(park, -1) for park in table.index],
        "is_new": [park not in places for park in table.index],
    }
    rows = zip(*facts.values(), strict=True)
    return {
        "system": system,
        "others": others,
        "after": [dict(zip(facts, row, strict=True)) for row in rows],
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
