"""Leading sectors as planners write them, cut into terms with their weights."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from parkmap.taxonomy.classes import coded_name
from parkmap.taxonomy.tables import load
from parkmap.taxonomy.text import fold, is_cjk, normalise

if TYPE_CHECKING:
    from parkmap.taxonomy.vocabulary import Vocabulary

_SEPARATORS = frozenset("、,;/|\\。\n\r\t+;")
_OPEN, _CLOSE = "([{【〔<《", ")]}】〕>》"
_MOST_BRACKETS = 100
_LONGEST_ROW = 24  # characters; a longer name is no row of industries
_OF = r"(?:约|年|(?:工业)?总?产值|(?:主营业务|营业)?收入|营收)*"
_WEIGHT = re.compile(
    rf"^(?P<term>.*?){_OF}\s*[:=]?\s*\(?{_OF}(?P<number>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>%|(?:亿|千万|百万|万|千)?元|亿|万)?\)?$"
)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
#: What a unit makes of a weight: a percentage a share, money ten thousands of yuan.
_UNITS = {"%": 1e-2, "元": 1e-4, "千元": 0.1, "百万元": 1e2, "千万元": 1e3}
_UNITS |= {"万": 1.0, "万元": 1.0, "亿": 1e4, "亿元": 1e4}
_LABEL = re.compile(r"^[^:]*(?:主导|重点|特色|支柱|优势)?产业(?:为|是|有|:)|^(?:以|为|是|含|包括)")
_NUMBER = re.compile(r"^\(?[0-9一二三四五六七八九十]{1,2}[.)、]")
_CIRCLED = re.compile(r"[\u2460-\u24ff\u2776-\u2793]")
_INCLUDING = re.compile(r"^(?:主要|重点)?(?:含|包括|包含|发展)")
#: 一、 or 1. before a term, (一) between terms; and 2、 between them where the first has its 1、.
_ORDINAL = re.compile(r"(?:^|(?<=[;。\n、,]))\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.](?!\d)")
_ORDINAL_IN_BRACKETS = re.compile(r"\([一二三四五六七八九十]{1,3}\)")
_NEXT_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])\s*\(?\d{1,2}[、.)](?=[\u4e00-\u9fff])")
_NEXT_CODE = re.compile(r"\s(?=[A-T]\d{2,4}\s?[\u4e00-\u9fff])")
_HELD = "\ue000"  # a 、 inside a name
_ENDINGS = ("产业", "制造", "加工")
_AND = re.compile(r"以及|暨|及其|及|与|和|&|加(?!工)")
_LONGEST_BLANK = 20
#: A cell that says that nothing is stated: dashes alone, such a word, or an error of Excel.
_BLANK = re.compile(
    r"\W*|(?:暂时?|尚)?(?:无|没有|未定|待定|空|缺)(?:明确)?(?:主导)?(?:产业)?"
    r"|(?:未|待|尚未)(?:填写?|定|补充?|核实?|明确|确定|注明|说明|公布)|不详|不明|未知|暂缺"
    r"|null|none|nan|nil|n\W?a|tbd|#[a-z0-9/]+[!?]?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:为主导|为主|等)+(?:的)?(?:主导|重点)?(?:产业|行业)?$")


def term_weight(term: str) -> tuple[str, float | None]:
    """Take the weight off a term.

    Parameters
    ----------
    term
        A term such as ``集成电路:0.6``, ``集成电路(60%)`` or ``集成电路:120亿元``.

    Returns
    -------
    The name, and the weight or None. A percentage is divided by 100; output or revenue is told
    in ten thousands of yuan (万元).

    Examples
    --------
    >>> term_weight("集成电路:0.6"), term_weight("新型显示(40%)"), term_weight("5G")
    (('集成电路', 0.6), ('新型显示', 0.4), ('5G', None))
    """
    text = fold(term)
    found = _WEIGHT.match(text)
    if found is None or not found["term"] or not re.search(r"[:=(%元]", text[found.end("term") :]):
        return text, None
    return found["term"].strip(), float(found["number"]) * _UNITS.get(found["unit"] or "", 1.0)


def split_terms(text: str, *, vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """Cut a text of leading sectors into terms.

    Parameters
    ----------
    text
        For example ``电子信息(集成电路、新型显示);医药和食品``.
    vocabulary
        Used to see whether 及, 与, 和 or a missing separator joins two known names; the shipped
        one if not given.

    Returns
    -------
    Terms in the order written, each once, with its weight after a colon where one is stated.
    What stands in brackets replaces the word before it where it is narrower. A mark for nothing,
    such as 无, — or #N/A, is no term.

    Examples
    --------
    >>> split_terms("集成电路:0.6;新型显示:0.4")
    ('集成电路:0.6', '新型显示:0.4')
    >>> split_terms("电子信息(集成电路、新型显示),医药和食品等")
    ('集成电路', '新型显示', '医药', '食品')
    >>> split_terms("暂无"), split_terms("#N/A"), split_terms("医药、无")
    ((), (), ('医药',))
    """
    if is_blank(text):
        return ()
    known = vocabulary or load()
    terms: list[str] = []
    plain = _held(_plain_list(text), known)
    if sum(plain.count(bracket) for bracket in _OPEN) > _MOST_BRACKETS:  # no list of sectors
        plain = plain.translate(dict.fromkeys(map(ord, _OPEN + _CLOSE), "、"))
    for piece in _pieces(plain, known):
        name, weight = term_weight(piece)
        parts = _parts_once(_bare(name), known)
        share = "" if weight is None or not parts else f":{_plain(weight / len(parts))}"
        share += "万元" if share and "元" in piece[len(name) :] else ""
        terms += [part + share for part in parts]
    return tuple(dict.fromkeys(term for term in terms if not is_blank(term)))


def is_blank(text: str) -> bool:
    """Tell whether a text says that no sector is stated.

    Parameters
    ----------
    text
        A cell, or one term of it.

    Returns
    -------
    True for blank text, dashes, words such as 暂无 and the errors of a spreadsheet.

    Examples
    --------
    >>> is_blank("——"), is_blank("暂无"), is_blank("N/A"), is_blank("无人机")
    (True, True, True, False)
    """
    return len(text) <= _LONGEST_BLANK and bool(_BLANK.fullmatch(re.sub(r"\s", "", fold(text))))


def _plain_list(text: str) -> str:
    """Fold a text and take off what numbers its terms."""
    plain = _GROUPED.sub("", fold(_CIRCLED.sub("、", text)))
    if re.match(r"\(?1[、.)]", plain):
        plain = _NEXT_NUMBER.sub("、", plain)
    plain = _ORDINAL_IN_BRACKETS.sub("、", _NEXT_CODE.sub("、", plain))
    return _ORDINAL.sub("", plain)


def _held(plain: str, vocabulary: Vocabulary) -> str:
    """Hold together the names that are one: 计算机、通信和其他电子设备制造业."""
    held = _wholes(vocabulary)
    return held.sub(lambda found: re.sub("[、,/]", _HELD, found[0]), plain) if held else plain


@lru_cache(maxsize=8)
def _wholes(vocabulary: Vocabulary) -> re.Pattern[str] | None:
    names = sorted((fold(name) for name in vocabulary.wholes), key=lambda name: (-len(name), name))
    forms = (re.escape(name.removesuffix("业")).replace("、", "[、,/]") + "业?" for name in names)
    return re.compile("|".join(forms)) if names else None


def _plain(weight: float) -> str:
    """Write a weight without an exponent, which would not be read again."""
    return f"{weight:.12f}".rstrip("0").rstrip(".") or "0"


@lru_cache(maxsize=8)
def reference_zones(vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    """Read the zones of the reference catalogue.

    Parameters
    ----------
    vocabulary
        The vocabulary, which carries its catalogue as text.

    Returns
    -------
    Node ids of each zone, each once, sorted; zones with nothing known are left out.

    Examples
    --------
    >>> "building-materials" in {node for zone in reference_zones(load()) for node in zone}
    True
    """
    words = replace(vocabulary, decisions={})  # a planner decides on their own text only
    zones = []
    for text in words.reference:
        matches = (words.match(term_weight(t)[0]) for t in split_terms(text, vocabulary=words))
        nodes = {match.node for match in matches if match.accepted and match.node}
        zones.append(tuple(sorted(nodes)))
    return tuple(zone for zone in zones if zone)


def _pieces(text: str, vocabulary: Vocabulary) -> list[str]:
    """Cut at separators outside brackets; at a blank only where it stands beside Chinese."""
    pieces, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
        if depth == 0 and character in _SEPARATORS:
            pieces.append(text[start:place])
            start = place + 1
    pieces.append(text[start:])
    whole = (piece.replace(_HELD, "、").strip() for piece in pieces)
    return [bit for piece in whole for bit in _at_blanks(piece, vocabulary) if bit]


def _at_blanks(piece: str, vocabulary: Vocabulary) -> list[str]:
    coded = coded_name(piece)
    if coded and vocabulary.lookup(term_weight(coded)[0]):
        return [coded]
    if " " not in piece or vocabulary.lookup(piece) or any(c in _OPEN for c in piece):
        return [piece]
    bits = [""]
    for place, character in enumerate(piece):
        beside = piece[place - 1 : place] + piece[place + 1 : place + 2]
        if character == " " and any(is_cjk(c) for c in beside):
            bits.append("")
        else:
            bits[-1] += character
    return [bit.strip() for bit in bits]


def _bare(name: str) -> str:
    """Drop numbering, a leading label and a trailing 等."""
    bare = _LABEL.sub("", _NUMBER.sub("", name.strip()).strip())
    return _TAIL.sub("", bare).strip(" :-—·.\"'“”") or name.strip()


@lru_cache(maxsize=4096)
def _parts_once(name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Few words stand in thousands of cells."""
    return tuple(_parts(name, vocabulary))


def _parts(name: str, vocabulary: Vocabulary) -> list[str]:
    """Return the terms of one piece: brackets first, then joining words and run-together names."""
    opening = next((i for i, c in enumerate(name) if c in _OPEN), None)
    if opening is not None:
        return _bracketed(name, opening, vocabulary)
    if not name or "、" in name or vocabulary.lookup(name):  # what is held together is one
        return [name] if name else []
    return _joined(name, vocabulary) or _compound(name, vocabulary) or [name]


def _bracketed(name: str, opening: int, vocabulary: Vocabulary) -> list[str]:
    """Read the first bracket and what stands around it; both are shorter than the name."""
    closing = _closing(name, opening)
    head, inner, tail = name[:opening].strip(), name[opening + 1 : closing], name[closing + 1 :]
    outer = (head + tail).strip()
    if not outer:
        return list(split_terms(inner, vocabulary=vocabulary)) if inner else []
    if vocabulary.lookup(outer + inner):
        return [outer + inner]
    around = _parts(outer, vocabulary)
    within = [
        next((whole for whole in (head + term, outer + term) if vocabulary.lookup(whole)), term)
        # 航空(发动机): 航空发动机
        for term in split_terms(_INCLUDING.sub("", inner), vocabulary=vocabulary)
    ]
    within = [term for term in within if vocabulary.match(term_weight(term)[0]).accepted]
    if not within:
        return around
    nodes = [vocabulary.match(term_weight(t)[0]).node or "" for t in within]
    covered = vocabulary.match(outer).node or ""
    narrower = all(vocabulary.is_at_or_below(node, covered) for node in nodes)
    goes_on = bool(_AND.match(tail) or _INCLUDING.match(inner))  # 汽车(整车)及零部件, 医药(含中药)
    return within if (narrower and not goes_on) or not covered else [*around, *within]


def _closing(name: str, opening: int) -> int:
    """Return where the bracket ends; a bracket left open ends with the name."""
    depth = 0
    for place in range(opening, len(name)):
        depth += (name[place] in _OPEN) - (name[place] in _CLOSE)
        if depth == 0:
            return place
    return len(name)


def _joined(name: str, vocabulary: Vocabulary) -> list[str]:
    """Split at 及, 与, 和 where both sides are known and the whole is not."""
    sides = _sides(name, vocabulary, {})
    return [part for side in sides for part in _parts(side, vocabulary)]


def _sides(name: str, vocabulary: Vocabulary, seen: dict[str, bool]) -> tuple[str, ...]:
    """Return the two sides of the first joint that joins known names; none without one."""
    relative = vocabulary.endings.get("suffix", {})  # 及零部件 belongs to what stands before it
    for joint in _AND.finditer(name):
        sides = name[: joint.start()], name[joint.end() :]
        if normalise(name[joint.start() :]) in relative:
            continue
        if all(side and _is_known(side, vocabulary, seen) for side in sides):
            return sides
    return ()


def _is_known(name: str, vocabulary: Vocabulary, seen: dict[str, bool]) -> bool:
    if name not in seen:  # else twice the work for every further joint
        found = vocabulary.match(name).accepted
        seen[name] = found or bool(_sides(name, vocabulary, seen))
    return seen[name]


def _compound(name: str, vocabulary: Vocabulary) -> list[str]:
    """Split a run-together name, its ending on or off: as listed, else 食品建材 by its words."""
    key = normalise(name)
    wanted = (key, *(key.removesuffix(ending) for ending in _ENDINGS))
    listed = next(filter(None, map(vocabulary.compounds.get, wanted)), ())
    return list(listed or next(filter(None, (_row(word, vocabulary) for word in wanted)), ()))


def _row(key: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Split a row of industry words that stand beside each other; 机械 in the end says what for."""
    last = vocabulary.endings.get("beside", {}) if len(key) <= _LONGEST_ROW else {}
    words = (*last, *vocabulary.endings.get("before", {})) if last else ()
    for word in sorted(filter(key.startswith, words), key=lambda word: (-len(word), word)):
        rest = key.removeprefix(word)
        after = (rest,) if rest in last and rest != word else _row(rest, vocabulary)
        if after:
            return (word, *after)
    return ()
