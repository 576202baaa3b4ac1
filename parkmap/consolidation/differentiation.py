"""Differentiation: the fewest changes of leading sectors that leave no pair at risk of rivalry."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap import messages, schema, taxonomy, wording
from parkmap.consolidation import colouring, posing, recolouring
from parkmap.consolidation.directions import mixes_of
from parkmap.consolidation.plan import move_id
from parkmap.messages import listed, text
from parkmap.sheets import Column, Sheet, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from parkmap.consolidation.mixes import Colouring, Mixes
    from parkmap.consolidation.posing import Posed
    from parkmap.schema import Analysis

CHANGE_COLUMNS = (
    "number",
    "park",
    "name",
    "segment",  # node that gives up its place
    "to",  # node it turns to
    "kind",  # own gap neighbour sibling, see directions.KINDS
    "share",  # of the park's leading sectors, 0 to 1
    "rivals",  # tuple of park_id at risk with it today over that segment
    "without_changes",  # fewest changes if this one is not made; nan if not known
    "without_left",  # rivalry left then
    "message",
)
_MOST_NAMES = 3
_FAIR = 3.0  # times its share of the time that is left: most take less


@dataclass(frozen=True, kw_only=True)
class Differentiation:
    """What differentiation is made of.

    Parameters
    ----------
    changes
        One row a change, with the columns of ``CHANGE_COLUMNS``, on ``change_id``.
    frontier
        On the number of changes: ``left`` (rivalry in pairs at risk), ``pairs``, ``proven``.
    left_pairs
        Pairs that stay at risk.
    gap
        How far the last point may be from the best: 0 proven, nan unknown.
    notes
        What to know, in sentences.
    """

    changes: pd.DataFrame
    frontier: pd.DataFrame
    left_pairs: tuple[tuple[str, str], ...]
    gap: float
    notes: tuple[str, ...]


def differentiate(
    result: Analysis,
    *,
    max_changes: int | None = None,
    time_limit_s: float | None = 60.0,
    tell: Callable[[str, int, int], None] | None = None,
) -> Differentiation:
    """Propose which parks lead in something else, so that fewer are rivals.

    Parameters
    ----------
    result
        What :func:`parkmap.analyze` returned.
    max_changes
        The most changes; as many as it takes if not given.
    time_limit_s
        Stop after so many seconds with the best found; None waits.
    tell
        Called as each step begins, with its name, its number and how many there are.

    Returns
    -------
    The changes and the frontier: rivalry left against changes made.

    Notes
    -----
    Lexicographic: least rivalry left in pairs at risk (none, where that is possible), then fewest
    changes, then the least established segment given up. No change makes a new pair rivals. These
    are directions for study: investors choose for themselves. Sectors without a segment (chain
    words) cannot be judged and do not change.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A", "B"], "sectors": [("偏光片",)] * 2},
    ...     geometry=[None] * 2, crs=4490)
    >>> differentiate(pm.analyze(layer)).frontier["pairs"].tolist()
    [1, 0]
    """
    began = time.monotonic()
    deadline = None if time_limit_s is None else began + time_limit_s
    tell = tell or (lambda *_: None)
    tell("turns", 1, 1)
    mixes, kinds = mixes_of(result)
    posed = posing.Posed(mixes)
    last = recolouring.fewest(mixes, max_changes, deadline=deadline, posed=posed)
    frontier = _frontier(mixes, last, deadline, posed, tell)
    rows = _rows(result, (mixes, kinds, posed), last, deadline, tell)
    keys = schema.park_keys(result.parks)
    ids = [move_id([keys[row["park"]], row["segment"], row["to"]]) for row in rows]
    index = pd.Index(ids, name="change_id", dtype=object)
    return Differentiation(
        changes=pd.DataFrame(rows, columns=list(CHANGE_COLUMNS), index=index),
        frontier=frontier,
        left_pairs=last.pairs,
        gap=last.gap,
        notes=tuple(_notes(result, last, frontier)),
    )


def _frontier(
    mixes: Mixes,
    last: Colouring,
    deadline: float | None,
    posed: Posed,
    tell: Callable[[str, int, int], None],
) -> pd.DataFrame:
    """Solve for 0, 1, 2, … changes; where time is short, take back changes one by one."""
    points = {len(point.turns): point for point in recolouring.undone(mixes, last)}
    many = len(last.turns)
    for budget in range(many):
        tell("frontier", budget + 1, many)
        share = _FAIR / (2 * many - budget)  # as many alternatives are still to come
        until = recolouring.until(deadline, share)
        found = colouring.colour(mixes, budget=budget, deadline=until, posed=posed)
        known = [points[n] for n in range(budget + 1) if n in points]
        best = min([found, *known], key=lambda point: recolouring.rank(mixes, point))
        points[budget] = found if found.gap == 0 else replace(best, gap=math.nan)
    points[many] = last
    return pd.DataFrame(
        [(p.left, len(p.pairs), p.gap == 0) for _, p in sorted(points.items())],
        index=pd.Index(sorted(points), name="changes", dtype=int),
        columns=["left", "pairs", "proven"],
    )


def _rows(
    result: Analysis,
    given: tuple[Mixes, Mapping[tuple[str, str, str], str], Posed],
    last: Colouring,
    deadline: float | None,
    tell: Callable[[str, int, int], None],
) -> list[dict[str, Any]]:
    mixes, kinds, posed = given
    names = result.parks["name"]
    rows: list[dict[str, Any]] = []
    for at, ((park, segment), to) in enumerate(sorted(last.turns.items())):
        rivals = tuple(
            other
            for key in mixes.rivals
            if park in key
            for other in key
            if other != park and segment in mixes.leads[other]
        )
        tell("alternatives", at + 1, len(last.turns))
        until = recolouring.until(deadline, _FAIR / (len(last.turns) - at))
        without = colouring.colour(mixes, fixed=[(park, segment)], deadline=until, posed=posed)
        known = without.gap == 0
        row: dict[str, Any] = {
            "number": len(rows) + 1,
            "park": park,
            "name": names[park],
            "segment": segment,
            "to": to,
            "kind": kinds[park, segment, to],
            "share": mixes.leads[park][segment],
            "rivals": rivals,
            "without_changes": float(len(without.turns)) if known else math.nan,
            "without_left": without.left if known else math.nan,
        }
        row["message"] = _sentence(result, row, (last, without), mixes)
        rows.append(row)
    return rows


def _sentence(
    result: Analysis, row: Mapping[str, Any], plans: tuple[Colouring, Colouring], mixes: Mixes
) -> str:
    words = taxonomy.load()
    own = [node for node in mixes.leads[row["park"]] if _adjacent(node, row["to"])]
    why = text(
        f"consolidation.direction.{row['kind']}",
        near=wording.sector_names(own or [row["segment"]]),
        chain=words.name(words.chain_of(row["segment"])),
    )
    return text(
        f"consolidation.turn.{'own' if row['kind'] == 'own' else 'new'}",
        name=row["name"],
        old=wording.sector_names([row["segment"]]),
        new=wording.sector_names([row["to"]]),
        share=_part(row["share"]),
        rivals=_named(result, row["rivals"]),
        why=why,
        otherwise=_otherwise(result, row, *plans),
    )


def _part(share: float) -> str:
    return text("consolidation.all") if share > 0.995 else f"{messages.half_up(share * 100)}%"


def _adjacent(one: str, other: str) -> bool:
    adjacency = taxonomy.load().adjacency
    return other in adjacency.get(one, ()) or one in adjacency.get(other, ())


def _named(result: Analysis, parks: tuple[str, ...]) -> str:
    shown = [str(result.parks["name"][park]) for park in parks[:_MOST_NAMES]]
    more = text("consolidation.and_so_on") if len(parks) > _MOST_NAMES else ""
    return listed(shown) + more


def _otherwise(
    result: Analysis, row: Mapping[str, Any], last: Colouring, without: Colouring
) -> str:
    """Say what it costs not to make a change."""
    if without.gap != 0:
        return text("consolidation.otherwise.unknown")
    if without.left > last.left + 1e-9:
        return text("consolidation.otherwise.left", n=len(without.pairs))
    more = len(without.turns) - len(last.turns)
    if more > 0:
        return text("consolidation.otherwise.more", n=len(without.turns), more=more)
    turned = sorted(set(without.turns) - set(last.turns))
    parks = list(dict.fromkeys(park for park, _ in turned))
    near = [park for park in parks if park in row["rivals"]]  # ties elsewhere aside
    others = tuple(near or [park for park in parks if park != row["park"]])
    if not others:  # the park itself gives up another segment
        return text("consolidation.otherwise.self")
    return text("consolidation.otherwise.same", parks=_named(result, others))


def _notes(result: Analysis, last: Colouring, frontier: pd.DataFrame) -> Iterator[str]:
    if frontier["pairs"].iloc[0] == 0:
        yield text("consolidation.differentiated.nothing")
    elif last.pairs:
        names = result.parks["name"]
        told = [
            text("consolidation.pair", left=names[a], right=names[b]) for a, b in last.pairs[:3]
        ]
        more = text("consolidation.and_so_on") if len(last.pairs) > len(told) else ""
        pairs = listed(told) + more
        yield text("consolidation.differentiated.left", n=len(last.pairs), pairs=pairs)
    else:
        yield text("consolidation.differentiated.none_left", n=len(last.turns))
    if not frontier["proven"].all():
        yield text("consolidation.differentiated.unproven")
    yield text("consolidation.differentiated.free")


def frontier_lines(found: Differentiation) -> list[str]:
    """Write the frontier, a line a point.

    Parameters
    ----------
    found
        The differentiation.

    Returns
    -------
    The lines.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4490)
    >>> len(frontier_lines(differentiate(pm.analyze(layer))))
    1
    """
    return [
        text("consolidation.point", n=n, pairs=int(row["pairs"]), left=f"{row['left']:.2f}")
        for n, row in zip(found.frontier.index, found.frontier.to_dict("records"), strict=True)
    ]


def differentiation_sheets(found: Differentiation) -> list[Sheet]:
    """Lay a differentiation out as sheets: changes, frontier, what to know.

    Parameters
    ----------
    found
        The differentiation.

    Returns
    -------
    The sheets in order.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4490)
    >>> [len(s.rows) for s in differentiation_sheets(differentiate(pm.analyze(layer)))][:2]
    [0, 1]
    """
    changes = [
        (
            row["number"],
            row["name"],
            wording.sector_names([row["segment"]]),
            wording.sector_names([row["to"]]),
            number(row["share"]),
            number(row["without_changes"]),
            row["message"],
            change,
        )
        for change, row in zip(found.changes.index, found.changes.to_dict("records"), strict=True)
    ]
    points = [
        (int(n), int(row["pairs"]), number(row["left"]))
        for n, row in zip(found.frontier.index, found.frontier.to_dict("records"), strict=True)
    ]
    widths = {"number": 8, "name": 26, "segment": 22, "to": 22, "share": 12, "without": 14}
    forms = {"number": "whole", "share": "percent", "without": "whole"}
    columns = [_column(key, width, forms.get(key, "text")) for key, width in widths.items()]
    line = [_column("n_changes", 14, "whole"), _column("n_pairs", 18, "whole")]
    return [
        Sheet(
            "changes",
            (*columns, _column("message", 80), _column("change_id", 14)),
            changes,
            catalogue="consolidation",
        ),
        Sheet(
            "frontier",
            (*line, _column("left", 18, "score")),
            points,
            catalogue="consolidation",
        ),
        Sheet(
            "notes",
            (_column("note", 110),),
            [(note,) for note in found.notes],
            catalogue="consolidation",
        ),
    ]


def _column(key: str, width: int, form: str = "text") -> Column:
    return Column(key, width, form, catalogue="consolidation")


def differentiation_rows(found: Differentiation) -> list[tuple[str, ...]]:
    """Return the changes as rows of text, headings first.

    Parameters
    ----------
    found
        The differentiation.

    Returns
    -------
    Rows of equal length.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[None], crs=4490)
    >>> len(differentiation_rows(differentiate(pm.analyze(layer))))
    1
    """
    keys = ("number", "name", "segment", "to", "message")
    return [
        tuple(text(f"consolidation.heading.{key}") for key in keys),
        *(
            (
                *(str(row["number"]), row["name"], wording.sector_names([row["segment"]])),
                *(wording.sector_names([row["to"]]), row["message"]),
            )
            for row in found.changes.to_dict("records")
        ),
    ]
