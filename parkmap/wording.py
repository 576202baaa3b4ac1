"""One sentence a finding, fit to be read aloud, from the evidence of its row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from parkmap import messages, taxonomy
from parkmap.messages import half_up, text
from parkmap.schema import BOUNDARY_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

_MOST_SEGMENTS = 3


def finding_sentence(row: Row, *, lang: str | None = None) -> str:
    """Say what was found, how sure it is and what to do next.

    Parameters
    ----------
    row
        A row of the conflicts table (``message`` and ``number`` are not read).
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
    '甲与乙范围交叉43.50公顷(653亩),占乙的3.4%,平均宽度约120米;建议核对批复文件及界址点。'
    """
    lang = lang or messages.language()
    clauses = []
    if row["kind"] == "control":
        clauses += _control_clauses(row, lang)
    elif row["relation"]:
        clauses += _land_clauses(row, lang)
    if row["verdict"]:
        clauses += _sector_clauses(row, lang)
    clauses.append(_advice(row, lang))
    said = text("wording.clause", lang=lang).join(clauses)
    return said + text("wording.stop", lang=lang)


def sector_names(nodes: Sequence[str], *, lang: str | None = None, most: int | None = None) -> str:
    """Write sectors as people name them, one after the other.

    Parameters
    ----------
    nodes
        Node ids of the vocabulary.
    lang
        ``"zh"`` or ``"en"``; the language in force if not given.
    most
        Name only so many and say how many there are.

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
    shown = nodes if most is None else nodes[:most]
    names = text("terms.list_separator", lang=lang).join(vocabulary.name(n, lang) for n in shown)
    if len(shown) < len(nodes):
        names += text("wording.and_so_on", lang=lang, count=len(nodes))
    return names


def _land_clauses(row: Row, lang: str) -> list[str]:
    names, relation = row["names"], row["relation"]
    shares = (row["left_share"], row["right_share"])
    smaller = names[1] if shares[1] > shares[0] else names[0]
    larger = names[0] if smaller == names[1] else names[1]
    clauses = [
        text(
            f"wording.land.{relation}",
            lang=lang,
            left=names[0],
            right=names[1],
            names=text("terms.list_separator", lang=lang).join(names),
            count=len(names),
            smaller=smaller,
            inner=smaller,
            outer=larger,
            area=messages.area(row["area_m2"], lang=lang),
            share=messages.percent(row["smaller_share"]),
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
        share=messages.percent(row["smaller_share"]),
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
        clauses.append(text("wording.caveat.schematic", lang=lang))
    elif len(set(kinds)) > 1:
        named = " / ".join(_boundary_kind(kind, lang) for kind in kinds)
        clauses.append(text("wording.caveat.mixed", lang=lang, kinds=named))
    gains = row["approved_area_gain_ha"]
    closer = [name for name, gain in zip(row["names"], gains, strict=False) if gain > 0]
    if closer:
        parks = text("terms.list_separator", lang=lang).join(closer)
        clauses.append(text("wording.caveat.gain", lang=lang, parks=parks))
    return clauses


def _boundary_kind(kind: str, lang: str) -> str:
    known = kind in BOUNDARY_KINDS
    return text(f"terms.boundary_kind.{kind}" if known else "terms.unknown", lang=lang)


def _sector_clauses(row: Row, lang: str) -> list[str]:
    key = "wording.subject_again" if row["relation"] else "wording.subject"
    left, right = row["names"]
    clauses = [
        text(
            f"wording.sector.{row['verdict']}",
            lang=lang,
            subject=text(key, lang=lang, left=left, right=right),
            alike=_alike(row["rivalry"], lang),
            segments=sector_names(_telling(row), lang=lang, most=_MOST_SEGMENTS),
        )
    ]
    if not row["relation"] and not math.isnan(row["distance_m"]):
        apart = messages.distance(row["distance_m"], lang=lang)
        clauses.append(text("wording.sector.apart", lang=lang, distance=apart))
    return clauses


def _telling(row: Row) -> Sequence[str]:
    """Return the shared segments, or the shared chain words where there is nothing finer."""
    vocabulary = taxonomy.load()
    shared: Sequence[str] = row["shared_sectors"]
    segments = [node for node in shared if vocabulary.level(node) == "segment"]
    return segments or shared


def _alike(share: float, lang: str) -> str:
    tenths = half_up(share * 10)
    if tenths == 0:
        return text("wording.alike_little", lang=lang)
    if tenths >= 10:
        return text("wording.alike_all", lang=lang)
    words = text("wording.tenths", lang=lang)
    return text("wording.alike", lang=lang, tenths=words[tenths] if words else tenths * 10)


def _advice(row: Row, lang: str) -> str:
    if row["severity"] == "info":
        return text("wording.advice.info", lang=lang)
    land = row["relation"] if row["kind"] != "homogeneity" else ""
    return text(f"wording.advice.{land or row['verdict']}", lang=lang)
