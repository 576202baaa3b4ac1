"""Why a pair, why not: one sentence each, to be read aloud."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from parkmap import messages, taxonomy
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parkmap.matching.items import Item
    from parkmap.matching.pairs import Link
    from parkmap.matching.run import Matching, Misses

_LONGEST = 30
_ROUGH_M = 5000  # a park, or the place of a schematic one, is no finer point


def amount_text(yuan: float) -> str:
    """Write an amount of a row, in units of ten thousand.

    Parameters
    ----------
    yuan
        The amount.

    Returns
    -------
    For example ``5,000.00万元``.

    Examples
    --------
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     amount_text(5e7), total_text(3.2e8)
    ('5,000.00万元', '3.20亿元')
    """
    return _money("amount", yuan)


def total_text(yuan: float) -> str:
    """Write a sum, in units of a hundred million.

    Parameters
    ----------
    yuan
        The sum.

    Returns
    -------
    For example ``3.20亿元``.

    Examples
    --------
    >>> "3.20" in total_text(3.2e8)
    True
    """
    return _money("total", yuan)


def _money(key: str, yuan: float) -> str:
    unit = float(text(f"matching.{key}_per"))  # 万元 and 亿元, millions in English
    return text(f"matching.{key}", number=f"{yuan / unit:,.2f}")


def short(name: str) -> str:
    """Cut a name so that it fits a sentence.

    Parameters
    ----------
    name
        As written.

    Returns
    -------
    At most thirty characters, on one line.

    Examples
    --------
    >>> len(short("甲" * 99))
    30
    """
    plain = " ".join(name.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def partner_sentence(matching: Matching, link: Link) -> str:
    """Say why an opportunity and a demand go together.

    Parameters
    ----------
    matching
        The matching.
    link
        One of its ``partners``.

    Returns
    -------
    One sentence.
    """
    left, right = matching.items[link.left], matching.items[link.right]
    said = [_tie("reason", link)]
    if link.object:
        item = right if right.object != "scene" else left
        said.append(text("matching.reason.object", object=text(f"matching.object.{item.object}")))
    bases = {"left_basis": _basis(left), "right_basis": _basis(right)}
    if link.traded:
        amounts = {"left": amount_text(left.amount), "right": amount_text(right.amount)}
        said.append(text("matching.reason.traded", **amounts, **bases))
    elif left.amount and right.amount and left.basis and right.basis:
        said.append(text("matching.reason.other_basis", **bases))
    else:
        said.append(_not_stated(left, right))
    if link.place:
        said.append(text("matching.reason.place"))
    elif link.distance_m > 0:
        said.append(text("matching.reason.apart", distance=rough_distance(link.distance_m)))
    if left.assumed or right.assumed:
        said.append(text("matching.reason.assumed"))
    if left.condition:
        said.append(text("matching.reason.condition", condition=short(left.condition)))
    return _sentence(said)


def park_sentence(matching: Matching, link: Link) -> str:
    """Say why an item and a park go together.

    Parameters
    ----------
    matching
        The matching.
    link
        One of its ``places``.

    Returns
    -------
    One sentence.
    """
    park = short(matching.names[link.right])
    said = [_tie("fit", link, park=park, share=messages.percent(link.share))]
    if link.amount:
        said.append(text("matching.fit.main", park=park))
    if link.right in matching.items[link.left].wished:
        said.append(text("matching.fit.wished"))
    elif link.place:
        said.append(text("matching.fit.place"))
    elif link.distance_m > 0 and not matching.items[link.left].wished:
        said.append(text("matching.fit.apart", distance=rough_distance(link.distance_m)))
    others = matching.others.get(link.left, ())
    if others:
        names = [short(matching.names[other]) for other in others]
        said.append(text("matching.fit.others", parks=_listed(names)))
    return _sentence(said + _wishes(matching, link.left, link.right))


def _wishes(matching: Matching, key: str, park: str = "") -> list[str]:
    """Say what came of the parks that a list names for a row, beside the one proposed."""
    item = matching.items[key]
    told = matching.wishes.get(key, {})
    said = [
        text(
            f"matching.wish.{told.get(wish, 'nothing')}",
            park=short(matching.names[wish]),
        )
        for wish in item.wished
        if wish != park
    ]
    if item.old_park:
        said.append(text("matching.wish.stated_old", park=short(matching.names[item.old_park])))
    return said


def stated_sentence(matching: Matching, key: str) -> str:
    """Say that a list itself names the park.

    Parameters
    ----------
    matching
        The matching.
    key
        The item's key.

    Returns
    -------
    One sentence.
    """
    return _sentence([_stated(matching, matching.items[key])])


def _stated(matching: Matching, item: Item) -> str:
    return text("matching.fit.stated", park=short(matching.names[item.park]))


def left_out_sentence(matching: Matching, key: str) -> str:
    """Say why a row takes no part.

    Parameters
    ----------
    matching
        The matching.
    key
        The item's key; its state is not ``open``.

    Returns
    -------
    One sentence.
    """
    item = matching.items[key]
    said = text(f"matching.left_out.{item.state}", until=item.until, date=matching.date)
    return _sentence([said])


def miss_sentence(matching: Matching, key: str, *, park: bool) -> str:
    """Say why a row has no partner, or no park.

    Parameters
    ----------
    matching
        The matching.
    key
        The item's key.
    park
        The park is missing, not the partner.

    Returns
    -------
    One sentence; "" where nothing is missing.
    """
    item = matching.items[key]
    missed = (matching.park_misses if park else matching.partner_misses).get(key)
    if missed is None:
        return ""
    stated = [] if park or not item.park else [_stated(matching, item)]
    wishes = _wishes(matching, key) if park or item.old_park else []
    if not item.segments + item.chains:
        said = _not_read(item) or [text("matching.miss.no_sector")]
        return _sentence([*stated, *said, *wishes])
    side = text(f"matching.side.{item.side or 'none'}")
    group = "park_miss" if park else "miss"
    names = _names(matching, missed, park=park)
    own = park and missed.code == "coarse" and not item.segments
    code = "own_coarse" if own else missed.code
    said = [text(f"matching.{group}.{code}", names=names, side=side)]
    if missed.code in ("coarse", "nothing", "other_segment"):
        said += _not_read(item)
    return _sentence([*stated, *said, *wishes])


def _not_read(item: Item) -> list[str]:
    """Say which words of a sector were not used, and why."""
    left = {"unread": item.unread, "astray": item.astray}
    return [
        text(f"matching.miss.{code}", words=_listed([short(word) for word in words[:3]]))
        for code, words in left.items()
        if words
    ]


def _names(matching: Matching, missed: Misses, *, park: bool) -> str:
    if park:
        names = [short(matching.names[lead]) for lead in missed.leads]
    else:
        leads = [matching.items[lead] for lead in missed.leads]
        names = [text("matching.quoted", name=label(lead)) for lead in leads]
    key = "and_more_parks" if park else "and_more"
    more = text(f"matching.{key}", count=missed.count) if missed.count > len(names) else ""
    return _listed(names) + more


def label(item: Item) -> str:
    """Name an item in a sentence.

    Parameters
    ----------
    item
        The item.

    Returns
    -------
    Its title, or the enterprise where it stands in a list of demands or companies.
    """
    first = item.title if item.kind == "opportunities" else item.party
    return short(first or item.party or item.title or item.key)


def _tie(group: str, link: Link, **values: str) -> str:
    names = [taxonomy.load().name(node) for node in link.nodes]
    if link.how == "segment":
        return text(f"matching.{group}.segment", segment=names[0], **values)
    told = {"maker": names[0], "user": names[1]}
    if group == "fit":
        told["segment"] = names[0] if link.nodes[0] == link.park_node else names[1]
    return text(f"matching.{group}.supply", **told, **values)


def _not_stated(left: Item, right: Item) -> str:
    """Say which side leaves out the amount, or else what the amount is."""
    amounts = [item.amount > 0 for item in (left, right)]
    code = "no_basis" if all(amounts) else "no_amount"
    stated = [bool(item.basis) for item in (left, right)] if all(amounts) else amounts
    who = "both" if not any(stated) else ("demand" if stated[0] else "opportunity")
    return text(f"matching.reason.{code}", who=text(f"matching.who.{who}"))


def rough(metres: float) -> float:
    """Round a distance between parks to what is known of it.

    Parameters
    ----------
    metres
        Between points that stand for whole parks, some of them schematic.

    Returns
    -------
    A multiple of five kilometres, in metres; nan stays.

    Examples
    --------
    >>> rough(15.0), rough(12_400.0)
    (0.0, 10000.0)
    """
    return metres if math.isnan(metres) else float(messages.half_up(metres / _ROUGH_M) * _ROUGH_M)


def rough_distance(metres: float) -> str:
    """Write a distance between parks, to five kilometres.

    Parameters
    ----------
    metres
        Between points that stand for whole parks.

    Returns
    -------
    For example ``约10公里``.

    Examples
    --------
    >>> from parkmap.messages import use_language
    >>> with use_language("zh"):
    ...     rough_distance(15.0), rough_distance(12_400.0)
    ('5公里以内', '约10公里')
    """
    if metres < _ROUGH_M:
        return text("matching.distance.near", km=_ROUGH_M // 1000)
    return text("matching.distance.about", km=f"{rough(metres) / 1000:.0f}")


def _basis(item: Item) -> str:
    return text(f"matching.basis.{item.basis or 'none'}")


def _listed(names: Sequence[str]) -> str:
    return listed(names)


def _sentence(clauses: Sequence[str]) -> str:
    return text("matching.clause").join(clauses) + text("matching.stop")


def yuan(amount: float) -> float | None:
    """Return an amount in units of ten thousand as a cell holds it.

    Parameters
    ----------
    amount
        Yuan, 0 or nan where not stated.

    Returns
    -------
    Ten thousand yuan, or None.

    Examples
    --------
    >>> yuan(5e7), yuan(0), yuan(float("nan"))
    (5000.0, None, None)
    """
    return None if math.isnan(amount) or not amount else amount / 1e4
