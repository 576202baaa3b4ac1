"""One sentence a finding, fit to be read aloud, from the evidence of its row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from parkmap import messages, taxonomy
from parkmap.messages import half_up, listed, text
from parkmap.schema import BOUNDARY_KINDS, SEVERITIES, Criteria

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]
    Supply = tuple[str, str, str, str]

QUARTER = 0.25
_MOST_SEGMENTS = 3
_MOST_SUPPLIES = 2
#: Verdicts on parks that follow one another along a chain.
_LINKED = ("coopetition", "complementary")


def finding_sentence(row: Row, *, lang: str | None = None) -> str:
    """Say what was found, how sure it is and what to do next.

    Parameters
    ----------
    row
        A row of the conflicts table (``message`` and ``number`` are not read), with ``body``
        where it is known which body runs both parks and ``sources``
        (park id to file) where there are several.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.

    Returns
    -------
    One sentence. Names stand as they are in the file: escape before showing.

    Examples
    --------
    >>> row = {"parks": ("a", "b"), "names": ("甲", "乙"), "relation": "partial", "nesting": "",
    ...        "verdict": "", "severity": "medium", "kind": "overlap", "area_m2": 435000.0,
    ...        "left_share": 0.01, "right_share": 0.034, "smaller_share": 0.034,
    ...        "mean_width_m": 120.0, "boundary_kinds": ("", ""), "approved_area_gain_ha": ()}
    >>> finding_sentence(row, lang="zh")
    '甲与乙范围交叉43.50公顷（653亩），占乙的3.4%，平均宽度约120米；建议核对批复文件及界址点。'
    """
    lang = lang or messages.language()
    clauses = []
    if row["kind"] == "control":
        clauses += _control_clauses(row, lang)
    elif row["relation"]:
        clauses += _land_clauses(row, lang)
    if row["verdict"]:
        clauses += _sector_clauses(row, lang)
    files = dict.fromkeys(filter(None, map(row.get("sources", {}).get, row["parks"])))
    if files:
        clauses.append(text("wording.sources", lang=lang, sources=listed(files, lang=lang)))
    info = row["severity"] == "info"
    # The advice of what the row is listed for: a sliver between rivals is no matter of ground.
    which = -1 if row["kind"] == "homogeneity" else 0
    advised = text("wording.advice.info", lang=lang) if info else _advices(row, "", lang)[which]
    clauses.append(advised)
    said = text("wording.clause", lang=lang).join(clauses)
    return said + text("wording.stop", lang=lang)


def sector_names(
    nodes: Sequence[str],
    *,
    lang: str | None = None,
    most: int | None = None,
    inside: bool = False,
) -> str:
    """Write sectors as people name them, one after the other.

    Parameters
    ----------
    nodes
        Node ids of the vocabulary.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.
    most
        Name only so many and say how many there are.
    inside
        They stand inside a sentence, where English begins no common noun with a capital.

    Returns
    -------
    The names.

    Examples
    --------
    >>> sector_names([], lang="zh")
    ''
    """
    lang = lang or messages.language()
    vocabulary = taxonomy.load()
    names = [vocabulary.name(node, lang=lang) for node in nodes]
    if lang == "en":
        names = [_uncapitalised(name) if inside or at else name for at, name in enumerate(names)]
    if most is None or len(names) <= most:
        return messages.joined(names, lang=lang)
    shown = listed(names[:most], lang=lang)
    return shown + text("wording.and_so_on", lang=lang, count=len(names))


def _uncapitalised(name: str) -> str:
    """Begin a word small, an abbreviation such as IC or LED not."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def supply_phrases(
    supplies: Sequence[Supply], names: Mapping[str, str], *, lang: str | None = None
) -> list[str]:
    """Say who can supply whom with what.

    Parameters
    ----------
    supplies
        Giver, what it gives, taker, what that is for: park ids and node ids.
    names
        Park id to name.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.

    Returns
    -------
    One phrase for what one park gives the other, all that it is for together. Names stand as they
    are in the file: escape before showing.

    Examples
    --------
    >>> link = ("a", "aero-engines", "b", "aircraft")
    >>> supply_phrases([link], {"a": "甲", "b": "乙"}, lang="zh")
    ['甲的航空发动机可为乙的飞机整机配套']
    """
    gathered: dict[tuple[str, str, str], list[str]] = {}
    for giver, given, taker, taken in supplies:
        gathered.setdefault((giver, given, taker), []).append(taken)
    return [
        text(
            "wording.supply",
            lang=lang,
            giver=names[giver],
            given=sector_names([given], lang=lang, inside=True),
            taker=names[taker],
            taken=sector_names(taken, lang=lang, inside=True),
        )
        for (giver, given, taker), taken in gathered.items()
    ]


def advice(row: Row, *, district: str = "", lang: str | None = None) -> str:
    """Propose what to do about a finding, and who might.

    Parameters
    ----------
    row
        A row of the conflicts table.
    district
        Where it lies.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.

    Returns
    -------
    One phrase for its land, one for its sectors, as far as the row has them.

    Examples
    --------
    >>> row = {"kind": "overlap", "relation": "partial", "nesting": "", "verdict": ""}
    >>> advice(row, district="甲区", lang="zh")
    '建议由甲区规划和自然资源部门核对批复文件及界址点'
    """
    lang = lang or messages.language()
    place = district or text("wording.office.unknown", lang=lang)
    return text("wording.clause", lang=lang).join(_advices(row, place, lang))


def _advices(row: Row, district: str, lang: str) -> list[str]:
    """Return the phrases; without a district nobody is named."""
    relation, verdict = row["relation"], row["verdict"]
    if relation == "nested" and row["nesting"]:
        relation = f"nested_{row['nesting']}"
    office = "city" if relation == "multiple" else "district"
    who = text(f"wording.office.{office}", lang=lang, district=district) if district else ""
    if relation == "adjacent" and verdict:  # what they do weighs more than that they adjoin
        relation = ""
    keys = [key for key in (relation, verdict) if key]
    return [text(f"wording.advice.{key}", lang=lang, who=who) for key in keys]


def severity_rules(criteria: Criteria, *, lang: str | None = None) -> dict[str, str]:
    """Say what makes a finding how severe.

    Parameters
    ----------
    criteria
        The thresholds in use.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.

    Returns
    -------
    A phrase for each severity and one, ``both``, for findings on land and sectors at once.

    Examples
    --------
    >>> list(severity_rules(Criteria(), lang="zh"))
    ['high', 'medium', 'low', 'info', 'both']
    """
    values = {
        "high_share": messages.percent(criteria.high_share),
        "high_area": messages.area(criteria.high_area_m2, lang=lang),
        "approved_area": messages.area(criteria.approved_area_m2, lang=lang),
        "medium_share": messages.percent(criteria.medium_share),
        "medium_area": messages.area(criteria.medium_area_m2, lang=lang),
        "medium_rivalry": messages.percent(criteria.medium_rivalry),
        "min_rivalry": messages.percent(criteria.min_rivalry),
    }
    keys = (*SEVERITIES, "both")
    return {key: text(f"wording.rules.{key}", lang=lang, **values) for key in keys}


def _land_clauses(row: Row, lang: str) -> list[str]:
    names, relation = row["names"], row["relation"]
    if relation == "adjacent":  # no ground to measure
        said = text("wording.land.adjacent", lang=lang, left=names[0], right=names[1])
        return [said, *_caveats(row, lang)]
    shares = tuple(round(row[side], 4) for side in ("left_share", "right_share"))  # as the page has
    smaller = names[1] if shares[1] > shares[0] else names[0]
    larger = names[0] if smaller == names[1] else names[1]
    body = row.get("body", "")
    clauses = [
        text(
            f"wording.land.{relation}{'_named' if body else ''}",
            lang=lang,
            left=names[0],
            right=names[1],
            names=messages.joined(names, lang=lang),
            count=len(names),
            smaller=smaller,
            inner=smaller,
            outer=larger,
            body=body,
            area=messages.area(row["area_m2"], lang=lang),
            share=messages.share(row["smaller_share"], lang=lang),
            width=messages.distance(row["mean_width_m"], lang=lang) if _is_number(row) else "",
        )
    ]
    if relation == "nested":
        clauses.append(text(f"wording.nesting.{row['nesting']}", lang=lang))
    return clauses + _caveats(row, lang)


def _control_clauses(row: Row, lang: str) -> list[str]:
    said = text(
        f"wording.control.{row['relation']}",
        lang=lang,
        park=row["names"][0],
        line=row["line"],
        area=messages.area(row["area_m2"], lang=lang),
        share=messages.share(row["smaller_share"], lang=lang),
        width=messages.distance(row["mean_width_m"], lang=lang),
        widest=messages.distance(row["widest_m"], lang=lang),
    )
    return [said, *_caveats(row, lang)]


def _is_number(row: Row) -> bool:
    return not math.isnan(row["mean_width_m"])


def _caveats(row: Row, lang: str) -> list[str]:
    kinds = row["boundary_kinds"]
    clauses = []
    if "schematic" in kinds:
        which = "_one" if len(kinds) == 1 else "_all" if set(kinds) == {"schematic"} else ""
        clauses.append(text(f"wording.caveat.schematic{which}", lang=lang))
    elif len(set(kinds)) > 1:
        named = messages.joined([_boundary_kind(kind, lang) for kind in kinds], lang=lang)
        clauses.append(text("wording.caveat.mixed", lang=lang, kinds=named))
    gains = row["approved_area_gain_ha"]
    closer = [name for name, gain in zip(row["names"], gains, strict=False) if gain > 0]
    if closer:
        parks = messages.joined(closer, lang=lang)
        clauses.append(text("wording.caveat.gain", lang=lang, parks=parks))
    return clauses


def _boundary_kind(kind: str, lang: str) -> str:
    known = kind in BOUNDARY_KINDS
    return text(f"terms.boundary_kind.{kind}" if known else "terms.unknown", lang=lang)


def _sector_clauses(row: Row, lang: str) -> list[str]:
    key = "wording.subject_again" if row["relation"] else "wording.subject"
    left, right = row["names"]
    supplies = _supplies(row, lang)
    clauses = [
        text(
            f"wording.sector.{row['verdict']}{'_named' if supplies else ''}",
            lang=lang,
            subject=text(key, lang=lang, left=left, right=right),
            alike=_by_segment(row, lang),
            segments=sector_names(_telling(row), lang=lang, most=_MOST_SEGMENTS, inside=True),
            supplies=supplies,
        ),
        *_general(row, lang),
    ]
    if not row["relation"] and not math.isnan(row["distance_m"]):
        apart = messages.distance(row["distance_m"], lang=lang)
        clauses.append(text("wording.sector.apart", lang=lang, distance=apart))
    return clauses


def _general(row: Row, lang: str) -> list[str]:
    """Say that what rivals have in common besides is named in general words only."""
    vocabulary = taxonomy.load()
    wide = [node for node in row["shared_sectors"] if vocabulary.level(node) == "chain"]
    if not wide or row["verdict"] not in {"rivalry", "coopetition"}:
        return []
    whole = _alike(row["overlap_share"], lang)
    if whole == _alike(
        row["rivalry"], lang
    ):  # a chain both lie in, which neither names: 食品, 酿酒
        return []
    words = sector_names(wide, lang=lang, most=_MOST_SEGMENTS, inside=True)
    return [text("wording.sector.general", lang=lang, words=words, whole=whole)]


def _supplies(row: Row, lang: str) -> str:
    """Name the foremost links of a pair that has some; "" where none are known."""
    found: Sequence[Supply] = row.get("supplies", ())
    if row["verdict"] not in _LINKED or not found:
        return ""
    names = dict(zip(row["parks"], row["names"], strict=True))
    phrases = supply_phrases(found, names, lang=lang)
    said = text("wording.supply_joint", lang=lang).join(phrases[:_MOST_SUPPLIES])
    if len(phrases) > _MOST_SUPPLIES:
        said += text("wording.supply_more", lang=lang, count=len(found))
    return said


def _telling(row: Row) -> Sequence[str]:
    """Return the shared segments, or the shared chain words where there is nothing finer."""
    vocabulary = taxonomy.load()
    shared: Sequence[str] = row["shared_sectors"]
    segments = [node for node in shared if vocabulary.level(node) == "segment"]
    return segments or shared


def _by_segment(row: Row, lang: str) -> str:
    """Say how much two parks have in common; that it is of segments where whole chains differ."""
    said = _alike(row["rivalry"], lang)
    whole = row.get("overlap_share", math.nan)
    if math.isnan(whole) or _alike(whole, lang) == said:
        return said
    return text("wording.by_segment", lang=lang, alike=said)


def _alike(share: float, lang: str) -> str:
    if round(share, 2) == QUARTER:  # three tenths would say too much, two too little
        return text("wording.alike_quarter", lang=lang)
    tenths = half_up(share * 10)
    if tenths == 0:
        return text("wording.alike_little", lang=lang)
    if tenths >= 10:
        return text("wording.alike_all", lang=lang)
    words = text("wording.tenths", lang=lang)
    return text("wording.alike", lang=lang, tenths=words[tenths] if words else tenths * 10)
