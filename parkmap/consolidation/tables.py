"""A plan as sheets of a workbook, rows of text, and a plain object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import messages
from parkmap.messages import text
from parkmap.sheets import Column, Sheet, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parkmap.consolidation.plan import Plan

    Row = Mapping[Any, Any]

_SEPARATOR = "; "
_SIDES = ("before", "after")


def plan_sheets(plan: Plan) -> list[Sheet]:
    """Lay a plan out as sheets: the moves, before and after, what to know.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    The sheets in order.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4544)
    >>> [len(sheet.rows) for sheet in plan_sheets(pm.consolidate(pm.analyze(layer)))][:2]
    [1, 7]
    """
    columns = (
        _column("number", 8, "whole"),
        _column("status", 8),
        _column("name", 26),
        _column("tier", 10),
        _column("district", 16),
        _column("into", 26),
        _column("manner", 16),
        _column("approval", 10),
        _column("message", 70),
        _column("before_ha", 13, "hectares"),
        _column("after_ha", 13, "hectares"),
        _column("findings", 18),
        _column("id", 14),
    )
    moves = [
        (
            row["number"],
            *_words(row),
            row["message"],
            number(row["before_ha"]),
            number(row["after_ha"]),
            _SEPARATOR.join(row["findings"]),
            move,
        )
        for move, row in zip(plan.moves.index, plan.moves.to_dict("records"), strict=True)
    ]
    sides = (_column("figure", 30), _column("before", 16, "hectares"))
    compared = [
        (text(f"consolidation.figure.{name}"), *(_cell(str(name), row[side]) for side in _SIDES))
        for name, row in plan.figures.to_dict("index").items()
    ]
    return [
        Sheet("moves", columns, moves, catalogue="consolidation"),
        Sheet(
            "figures",
            (*sides, _column("after", 16, "hectares")),
            compared,
            catalogue="consolidation",
        ),
        Sheet(
            "notes",
            (_column("note", 110),),
            [(note,) for note in plan.notes],
            catalogue="consolidation",
        ),
    ]


def plan_rows(plan: Plan) -> list[tuple[str, ...]]:
    """Return the moves as rows of text, headings first; parks that just stay are left out.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    Rows of equal length.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4544)
    >>> len(plan_rows(pm.consolidate(pm.analyze(layer))))
    1
    """
    keys = ("number", "status", "name", "into", "approval", "message")
    told = plan.moves[plan.moves["status"] != "kept"]
    rows = [
        (
            *(str(row["number"]), text(f"consolidation.status.{row['status']}"), row["name"]),
            *(row["into_name"], text(f"consolidation.approval.{row['approval']}")),
            row["message"],
        )
        for row in told.to_dict("records")
    ]
    return [tuple(text(f"consolidation.heading.{key}") for key in keys), *rows]


def plan_lines(plan: Plan) -> list[str]:
    """Say what a plan changes: the figures that differ, then what to know.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    Sentences.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4544)
    >>> len(plan_lines(pm.consolidate(pm.analyze(layer)))) > 0
    True
    """
    changed = [
        text(
            "consolidation.changed",
            figure=text(f"consolidation.figure.{name}"),
            before=_figure(str(name), row["before"]),
            after=_figure(str(name), row["after"]),
        )
        for name, row in plan.figures.to_dict("index").items()
        if abs(row["before"] - row["after"]) > _LEAST_CHANGE
    ]
    return [*changed, *plan.notes]


_LEAST_CHANGE = 0.005


def _figure(name: str, value: float) -> str:
    return f"{value:,.0f}" if _is_count(name) else f"{value:,.2f}"


def _cell(name: str, value: float) -> float | None:
    return round(value) if _is_count(name) else number(value)


def _is_count(name: str) -> bool:
    return not name.endswith("_ha") and name != "rivalry"


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Return what a plan says beside its moves.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    Systems, target, gaps, score, figures, notes.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4544)
    >>> plan_facts(pm.consolidate(pm.analyze(layer)))["proven"]
    True
    """
    return {
        "system": plan.system,
        "system_after": plan.system_after,
        "target": plan.target or None,
        "gaps": dict(plan.gaps),
        "score": plan.score,
        "gap": plan.gap,
        "proven": plan.gap == 0,
        "figures": plan.figures.to_dict("index"),
        "notes": list(plan.notes),
        "notice": messages.text("terms.notice.disclaimer"),
    }


def _words(row: Row) -> tuple[str, ...]:
    tier, manner, approval = row["tier"], row["manner"], row["approval"]
    known = tier in messages.catalogue("terms", messages.language())["tier"]
    return (
        text(f"consolidation.status.{row['status']}"),
        row["name"],
        text(f"terms.tier.{tier}") if known else "",
        row["district"],
        row["into_name"],
        text(f"consolidation.manner.{manner}") if manner else "",
        text(f"consolidation.approval.{approval}") if approval else "",
    )


def _column(key: str, width: int, form: str = "text") -> Column:
    return Column(key, width, form, catalogue="consolidation")
