"""What the page knows: one JSON text with parks, findings, groups and both languages.

The page's script shows every string of it through ``textContent``, so names need no escaping
beyond what keeps the JSON inside its ``<script>`` element and out of a template's reach.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from parkmap import escape, messages, palette, schema, wording
from parkmap.webmap import branches, initials, shapes, trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from parkmap.schema import Analysis, Criteria

#: Synergy links drawn at most, the strongest ones; the page says how many there are.
MOST_LINKS = 400

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ACTIVE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&{}`\u2028\u2029"}
_FINDING_FACTS = ("kind", "relation", "nesting", "line", "verdict", "severity", "cluster")
_SHARES = ("left_share", "right_share", "smaller_share", "similarity", "overlap_share")
_FIGURES = {
    "area_m2": 1,
    "mean_width_m": 2,
    "widest_m": 1,
    "distance_m": 0,
    "p": 4,
    "rivalry": 4,
    "synergy": 4,
}


def page_data(
    result: Analysis, *, lang: str, title: str, context: gpd.GeoDataFrame | None
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
        Districts or other ground to draw under the parks.

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
    places = {park: place for place, park in enumerate(parks.index)}
    findings = _findings(result.conflicts, places)
    sectors = _park_sectors(result.shares)
    links, link_total = _synergy(result.pairs, places, result.criteria)
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
        "system": result.system,
        "others": result.others,
        "lines": [line.name for line in result.lines],
        "too_coarse": result.too_coarse,
        "problems": len(result.problems),
        "schematic": bool((parks["boundary_kind"] == "schematic").any()),
        "crs": {code: _crs_name(parks, code) for code in messages.LANGUAGES},
        "criteria": {code: _criteria_line(result.criteria, code) for code in messages.LANGUAGES},
        "rules": {code: _rules(result.criteria, code) for code in messages.LANGUAGES},
        "parks": _parks(parks, sectors),
        "findings": findings,
        "clusters": clusters,
        "links": links,
        "link_total": link_total,
        "measure": result.criteria.measure,
        "sectors": branches.sector_data(named, {} if result.worths is None else result.worths),
        "supplies": branches.supply_data(result),
        "trial": trial.trial_data(result, places),
        "context": _context(context),
        "text": {code: _texts(code) for code in messages.LANGUAGES},
    }


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
    compact = json.dumps(_plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _JSON_STRING.sub(lambda found: found[0].translate(_ACTIVE), compact)


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


def _crs_name(parks: gpd.GeoDataFrame, lang: str) -> str:
    """Name the system the parks came in, as a map does."""
    if parks.crs is None:
        return messages.text("terms.unknown", lang=lang)
    datum = parks.crs.geodetic_crs or parks.crs
    if "China" in datum.name and "2000" in datum.name:
        return messages.text("webmap.cgcs2000", lang=lang)
    return str(datum.name)


def _texts(lang: str) -> dict[str, Any]:
    return {
        "terms": dict(messages.catalogue("terms", lang)),
        **dict(messages.catalogue("webmap", lang)["page"]),
    }


def _criteria_line(criteria: Criteria, lang: str) -> str:
    return messages.text(
        "webmap.criteria",
        lang=lang,
        measure=messages.text(f"terms.measure.{criteria.measure}", lang=lang),
        similarity=f"{criteria.min_similarity:.2f}",
        rivalry=messages.percent(criteria.min_rivalry),
        width=messages.distance(criteria.sliver_width_m, lang=lang),
        area=messages.area(criteria.sliver_area_m2, lang=lang),
    )


def _rules(criteria: Criteria, lang: str) -> list[list[str]]:
    values = {
        "high_share": messages.percent(criteria.high_share),
        "high_area": messages.area(criteria.high_area_m2, lang=lang),
        "approved_area": messages.area(criteria.approved_area_m2, lang=lang),
        "medium_share": messages.percent(criteria.medium_share),
        "medium_area": messages.area(criteria.medium_area_m2, lang=lang),
        "medium_rivalry": messages.percent(criteria.medium_rivalry),
        "min_rivalry": messages.percent(criteria.min_rivalry),
    }
    return [
        [severity, messages.text(f"webmap.rules.{severity}", lang=lang, **values)]
        for severity in schema.SEVERITIES
    ]


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
    parks: gpd.GeoDataFrame, sectors: Mapping[str, list[tuple[str, float]]]
) -> list[dict[str, Any]]:
    drawn = shapes.geographic(parks.geometry)
    areas = shapes.hectares(parks)
    rows = zip(parks.to_dict("records"), parks.index, drawn, areas, strict=True)
    return [_park(row, park, shape, area, sectors.get(park, [])) for row, park, shape, area in rows]


def _park(
    row: Mapping[str, Any], park: str, shape: Any, area: float, mix: list[tuple[str, float]]
) -> dict[str, Any]:
    facts = {
        "id": park,
        "name": _word(row["name"]) or park,
        "tier": row["tier"] if row["tier"] in schema.TIERS else "",
        "counted": bool(row["counted"]),
        "district": _word(row["district"]),
        "initials": _initials(row["name"], row["district"]),
        "kind": _word(row["kind"]),
        "list": _word(row["list_name"]),
        "body": _word(row["managing_body"]),
        "boundary": _word(row["boundary_kind"]),
        "approval": _word(row["approval_no"]),
        "source": _word(row["source"]),
        "ha": _number(area, 2),
        "approved_ha": _number(row["approved_area_ha"], 2),
        "mix": [[node, share] for node, share in mix],
        "words": [] if mix else _unread_words(row["sectors"]),
        "rings": shapes.encoded(shape),
        "at": shapes.anchor(shape),
    }
    return {key: value for key, value in facts.items() if value not in ("", None, [])}


def _initials(*names: Any) -> list[str]:
    return [letters for name in names if (letters := initials.initials(_word(name)))]


def _unread_words(sectors: Any) -> list[str]:
    words = sectors if isinstance(sectors, tuple | list) else ()
    return [str(word).partition(":")[0] for word in words]


def _findings(conflicts: gpd.GeoDataFrame, places: Mapping[str, int]) -> list[dict[str, Any]]:
    if conflicts.empty:
        return []
    drawn = shapes.geographic(conflicts.geometry)
    rows = zip(conflicts.to_dict("records"), conflicts.index, drawn, strict=True)
    found = [_finding(row, str(index), shape, places) for row, index, shape in rows]
    return sorted(found, key=lambda finding: finding["number"])


def _finding(
    row: Mapping[str, Any], index: str, shape: Any, places: Mapping[str, int]
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
        "rings": shapes.encoded(shape),
        "at": shapes.anchor(shape),
    }
    facts = {key: value for key, value in facts.items() if value not in ("", None, [])}
    return {**facts, "shared": list(row["shared_sectors"])}


def _clusters(clusters: pd.DataFrame, places: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(
        zip(clusters.to_dict("records"), clusters.index, strict=True),
        key=lambda one: (not one[0]["flagged"], -len(one[0]["parks"]), one[0]["parks"]),
    )
    return [
        {
            "id": str(index),
            "flagged": bool(row["flagged"]),
            "parks": [places[park] for park in row["parks"]],
            "shared": list(row["shared_sectors"]),
            "weakest": _number(row["weakest_similarity"]),
            "lead": places.get(row["lead_park"], -1),
        }
        for row, index in ordered
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
    ]
    return links[:MOST_LINKS], len(links)


def _context(context: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    if context is None:
        return []
    names = context["name"] if "name" in context.columns else [""] * len(context)
    drawn = shapes.geographic(context.geometry)
    return [
        {"name": _word(name), "rings": shapes.encoded(shape), "at": shapes.anchor(shape)}
        for name, shape in zip(names, drawn, strict=True)
    ]
