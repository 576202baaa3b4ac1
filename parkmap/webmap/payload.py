"""What the page knows: one JSON text with parks, findings, groups and both languages.

The page's script shows every string of it through ``textContent``, so names need no escaping
beyond what keeps the JSON inside its ``<script>`` element and out of a template's reach.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from parkmap import bodies, escape, messages, palette, schema, wording
from parkmap.webmap import branches, choice, grounds, initials, placeless, proposal, shapes, trial
from parkmap.webmap.tiles import shifted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd
    import pandas as pd

    from parkmap.schema import Analysis, Criteria
    from parkmap.webmap.placeless import Place
    from parkmap.webmap.shapes import Drawing
    from parkmap.webmap.tiles import Tiles

    Draw = Callable[..., Drawing]
    Plan = tuple[gpd.GeoDataFrame | None, pd.DataFrame | None]

#: Synergy links drawn at most, the strongest ones; the page says how many there are.
MOST_LINKS = 400

_ALWAYS_TEXT = {sign: f"\\u{ord(sign):04x}" for sign in "<>&`\u2028\u2029"}
_ACTIVE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "{}"}
_FINDING_FACTS = ("kind", "relation", "nesting", "line", "verdict", "severity", "cluster")
_PARK_WORDS = {
    "name": "name",
    "district": "district",
    "kind": "kind",
    "list": "list_name",
    "body": "managing_body",
    "boundary": "boundary_kind",
    "approval": "approval_no",
    "source": "source",
}
_SHARES = ("left_share", "right_share", "smaller_share", "similarity", "overlap_share")
_FIGURES = {
    "area_m2": 4,
    "mean_width_m": 2,
    "widest_m": 1,
    "distance_m": 0,
    "p": 4,
    "rivalry": 4,
    "synergy": 4,
}


def page_data(
    result: Analysis,
    *,
    lang: str,
    title: str,
    context: grounds.Context,
    top: int | None = None,
    tiles: Tiles | None = None,
    plan: Plan = (None, None),
) -> dict[str, Any]:
    """Gather what the page shows.

    Parameters
    ----------
    result
        The analysis.
    lang
        The language the page opens in.
    title
        The page's title; "" for the usual one of each language.
    context
        Districts or other ground to draw under the parks, or several such layers by name.
    top
        Parks to show at most, see :mod:`parkmap.webmap.choice`.
    tiles
        Tiles that will lie under them.
    plan
        The parks as they would be and the moves, see :mod:`parkmap.webmap.proposal`.

    Returns
    -------
    A tree of plain values.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> parks = gpd.GeoDataFrame({"name": ["A", "B"]}, crs=4544,
    ...     geometry=[box(4e5, 3e6, 401000, 3001000), box(400500, 3e6, 401500, 3001000)])
    >>> data = page_data(pm.analyze(parks), lang="en", title="", context=None)
    >>> [finding["parks"] for finding in data["findings"]]
    [[0, 1]]
    """
    parks = schema.complete(result.parks)
    chosen = choice.choose(parks, result.conflicts, top=top)
    is_whole = len(chosen.parks) == len(parks)
    parks = parks if is_whole else parks.loc[chosen.parks]
    draw = _drawer(placeless.middle(parks.geometry) if result.is_public else None, tiles)
    drawn = draw(parks.geometry)
    places = {park: place for place, park in enumerate(parks.index)}
    findings = _findings(result.conflicts.loc[chosen.findings], parks, places, draw)
    sectors = _park_sectors(result.shares)
    links, link_total = _synergy(result.pairs, places, result.criteria)
    layers, ground = grounds.ground_data(context, draw)
    named = {node for mix in sectors.values() for node, _ in mix}
    named |= {node for finding in findings for node in finding["shared"]}
    clusters = _clusters(result.clusters, places)
    named |= {node for cluster in clusters for node in cluster["shared"]}
    return {
        "lang": lang,
        "palette": palette.page_colours(),
        "title": _titles(parks, title),
        "date": result.date,
        "date_from": str(result.options.get("date_from", "")),
        "publisher": str(result.options.get("publisher", "")),
        "system": result.system,
        "others": result.others,
        "lines": [line.name for line in result.lines],
        "too_coarse": result.too_coarse,
        "problems": len(result.problems),
        "schematic": bool((parks["boundary_kind"] == "schematic").any()),
        "crs": {code: _crs_name(result, code) for code in messages.LANGUAGES},
        "criteria": {code: _criteria_line(result, code) for code in messages.LANGUAGES},
        "rules": {code: _rules(result.criteria, code) for code in messages.LANGUAGES},
        "parks": _parks(parks, sectors, drawn),
        "thinned_m": round(drawn.tolerance * 1e5),
        "findings": findings,
        "clusters": clusters,
        "links": links,
        "link_total": link_total,
        "measure": result.criteria.measure,
        "sectors": branches.sector_data(named, {} if result.worths is None else result.worths),
        "supplies": branches.supply_data(result),
        "chains": branches.chain_data(result),
        "trial": trial.trial_data(result, places) if is_whole else {},
        "totals": chosen.totals,
        "tiles": "" if tiles is None else tiles.source,
        "tiles_shifted": tiles is not None and tiles.is_shifted,
        # Neither about 0 N 0 E nor on GCJ-02 are distances what they are on the ground.
        "measurable": not (result.is_public or (tiles is not None and tiles.is_shifted)),
        "contexts": layers,
        "context": ground,
        "plan": proposal.plan_data(*plan, places, draw),
        "text": {code: _texts(code, is_public=result.is_public) for code in messages.LANGUAGES},
    }


def _drawer(about: Place | None, tiles: Tiles | None) -> Draw:
    """Return what writes shapes where the page shows them."""

    def draw(layer: gpd.GeoSeries, *, with_lines: bool = False) -> Drawing:
        placed = placeless.placed(layer, about)
        shown = shifted(placed) if tiles and tiles.is_shifted else placed
        return shapes.drawing(shown, with_lines=with_lines)

    return draw


def safe_json(data: Any) -> str:
    r"""Write JSON that can stand inside a page's script element and inside a template.

    Parameters
    ----------
    data
        A tree of plain values; numbers that are not finite become null.

    Returns
    -------
    JSON in which no string holds a sign that HTML or Jinja could act on.

    Examples
    --------
    >>> safe_json({"name": "</script>{{7*7}}"})
    '{"name":"\\u003c/script\\u003e\\u007b\\u007b7*7\\u007d\\u007d"}'
    """
    text = _json(data).replace(r"\\", r"\u005c").replace(r"\"", r"\u0022")
    for sign, escaped in _ALWAYS_TEXT.items():  # JSON itself has no use for these
        text = text.replace(sign, escaped)
    pieces = text.split('"')  # no quote is left in a string: every second piece is one
    pieces[1::2] = [
        piece.translate(_ACTIVE) if "{" in piece or "}" in piece else piece
        for piece in pieces[1::2]
    ]
    return '"'.join(pieces)


def _json(data: Any) -> str:
    options: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    try:
        text = json.dumps(data, **options)
        text.encode()
    except ValueError:  # a number that is not finite, or half a character
        return json.dumps(_plain(data), **options)
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return escape.json_text(value)
    if isinstance(value, dict):
        return {escape.json_text(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _titles(parks: gpd.GeoDataFrame, title: str) -> dict[str, str]:
    if title:
        return dict.fromkeys(messages.LANGUAGES, title)
    cities = {str(city) for city in parks["city"] if _stated(city)}
    city = cities.pop() if len(cities) == 1 else ""
    return {
        code: messages.text("webmap.title", lang=code, city=city).strip()
        for code in messages.LANGUAGES
    }


def _crs_name(result: Analysis, lang: str) -> str:
    """Name the system the parks came in, as a map does."""
    parks = result.parks
    if result.is_public:
        return messages.text("terms.notice.placeless", lang=lang)
    if parks.crs is None:
        return messages.text("terms.unknown", lang=lang)
    datum = parks.crs.geodetic_crs or parks.crs
    if "China" in datum.name and "2000" in datum.name:
        return messages.text("webmap.cgcs2000", lang=lang)
    return str(datum.name)


def _texts(lang: str, *, is_public: bool = False) -> dict[str, Any]:
    page = dict(messages.catalogue("webmap", lang)["page"])
    cut = dict(page["cut"])
    kept = cut.pop("parks_public")
    if is_public:  # no conflicts.gpkg is written then
        page["internal"] = messages.text("terms.notice.public", lang=lang)
        cut["parks"] = kept
    return {"terms": dict(messages.catalogue("terms", lang)), **page, "cut": cut}


def _criteria_line(result: Analysis, lang: str) -> str:
    criteria = result.criteria
    return messages.text(
        "webmap.criteria",
        lang=lang,
        measure=messages.text(f"terms.measure.{criteria.measure}", lang=lang),
        similarity=f"{result.used_similarity:.2f}",
        rivalry=messages.percent(criteria.min_rivalry),
        width=messages.distance(criteria.sliver_width_m, lang=lang),
        area=messages.area(criteria.sliver_area_m2, lang=lang),
    )


def _rules(criteria: Criteria, lang: str) -> list[list[str]]:
    rules = wording.severity_rules(criteria, lang=lang)
    return [[severity, rules[severity]] for severity in schema.SEVERITIES]


def _stated(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any, digits: int = 4) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits)


def _park_sectors(shares: pd.Series) -> dict[str, list[tuple[str, float]]]:
    mixes: dict[str, list[tuple[str, float]]] = {}
    for (park, sector), share in zip(shares.index.to_list(), shares, strict=True):
        mixes.setdefault(str(park), []).append((str(sector), round(float(share), 4)))
    return {park: sorted(mix, key=lambda one: (-one[1], one[0])) for park, mix in mixes.items()}


def _parks(
    parks: gpd.GeoDataFrame, sectors: Mapping[str, list[tuple[str, float]]], drawn: shapes.Drawing
) -> list[dict[str, Any]]:
    known = {key: parks[column].tolist() for key, column in _PARK_WORDS.items()}
    words = {key: [_word(value) for value in column] for key, column in known.items()}
    tiers = [tier if tier in schema.TIERS else "" for tier in parks["tier"]]
    named = [name or park for name, park in zip(words["name"], parks.index, strict=True)]
    mixes = [sectors.get(park, []) for park in parks.index]
    columns: dict[str, Iterable[Any]] = {
        "id": parks.index,
        **words,
        "name": named,
        "tier": tiers,
        "counted": map(bool, parks["counted"]),
        "initials": map(_initials, words["name"], words["district"]),
        "ha": [_number(area, 2) for area in shapes.hectares(parks)],
        "approved_ha": [_number(area, 2) for area in parks["approved_area_ha"]],
        "mix": mixes,
        "words": [
            [] if mix else _unread_words(said)
            for mix, said in zip(mixes, parks["sectors"], strict=True)
        ],
        "rings": drawn.rings,
        "at": drawn.at,
        "box": drawn.boxes,
    }
    rows = zip(*columns.values(), strict=True)
    return [_stated_only(dict(zip(columns, row, strict=True))) for row in rows]


def _stated_only(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value not in ("", None, [])}


def _initials(*names: Any) -> list[str]:
    return [letters for name in names if (letters := initials.initials(_word(name)))]


def _unread_words(sectors: Any) -> list[str]:
    words = sectors if isinstance(sectors, tuple | list) else ()
    return [str(word).partition(":")[0] for word in words]


def _findings(
    conflicts: gpd.GeoDataFrame, parks: gpd.GeoDataFrame, places: Mapping[str, int], draw: Draw
) -> list[dict[str, Any]]:
    if conflicts.empty:
        return []
    ranked = conflicts.sort_values("number", kind="stable")
    drawn = draw(ranked.geometry)
    facts = ranked.drop(columns=ranked.geometry.name).to_dict("records")
    beside = {"sources": schema.park_sources(parks)}
    records = [{**row, **beside, "body": bodies.body_of(row, parks)} for row in facts]
    shown = zip(drawn.rings, drawn.at, drawn.boxes, strict=True)
    ground = [dict(zip(("rings", "at", "box"), one, strict=True)) for one in shown]
    rows = zip(records, ranked.index, ground, strict=True)
    return [_finding(row, str(index), where, places) for row, index, where in rows]


def _finding(
    row: Mapping[str, Any], index: str, where: Mapping[str, Any], places: Mapping[str, int]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": index,
        "number": int(row["number"]),
        "parks": [places[park] for park in row["parks"]],
        **{key: _word(row[key]) for key in _FINDING_FACTS},
        **{key: _number(row[key]) for key in _SHARES},
        **{key: _number(row[key], digits) for key, digits in _FIGURES.items()},
        "coarse": row["coarse"] is True or bool(row["coarse"] == 1),
        "gains": [_number(gain, 2) for gain in row["approved_area_gain_ha"]],
        "message": {lang: wording.finding_sentence(row, lang=lang) for lang in messages.LANGUAGES},
        **where,
    }
    return {**_stated_only(facts), "shared": list(row["shared_sectors"])}


def _clusters(clusters: pd.DataFrame, places: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(
        zip(clusters.to_dict("records"), clusters.index, strict=True),
        key=lambda one: (not one[0]["flagged"], -len(one[0]["parks"]), one[0]["parks"]),
    )
    return [
        {
            "id": str(index),
            "flagged": bool(row["flagged"]),
            "parks": [places[park] for park in row["parks"] if park in places],
            "size": len(row["parks"]),
            "coarse": [places[park] for park in row["coarse_parks"] if park in places],
            "shared": list(row["shared_sectors"]),
            "weakest": _number(row["weakest_similarity"]),
            "lead": places.get(row["lead_park"], -1),
        }
        for row, index in ordered
        if not places.keys().isdisjoint(row["parks"])
    ]


def _synergy(
    pairs: pd.DataFrame, places: Mapping[str, int], criteria: Criteria
) -> tuple[list[list[float]], int]:
    linked = pairs[pairs["synergy"] >= criteria.min_synergy].reset_index()
    strongest = linked.sort_values(["synergy", "left", "right"], ascending=[False, True, True])
    links = [
        [places[left], places[right], round(float(synergy), 3)]
        for left, right, synergy in zip(
            strongest["left"], strongest["right"], strongest["synergy"], strict=True
        )
        if left in places and right in places
    ]
    return links[:MOST_LINKS], len(links)
