"""Shares, areas and distances as people write them."""

from __future__ import annotations

from parkmap.messages.sentences import text

_LARGE_M2 = 1e6  # 100 hectares


def share(part: float, *, lang: str | None = None) -> str:
    """Write the part of a whole that a sentence names: all of it in a word.

    Parameters
    ----------
    part
        A number from 0 to 1.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``3.4%``; ``全部`` where a percentage would say 100.0%.

    Examples
    --------
    >>> share(0.034, lang="zh"), share(0.9999, lang="zh"), share(1.0, lang="en")
    ('3.4%', '全部', 'all')
    """
    said = percent(part)
    return text("terms.whole", lang=lang) if said == "100.0%" else said


def area(area_m2: float, *, lang: str | None = None) -> str:
    """Write an area as planners read it: hectares with mu in brackets.

    Parameters
    ----------
    area_m2
        Area in square metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``43.50公顷（653亩）``; 1 hectare is 15 mu. What would be 0.00 hectares
    is written in square metres.

    Examples
    --------
    >>> area(435_000, lang="zh")
    '43.50公顷（653亩）'
    """
    if 0 < area_m2 < 50:
        return text("terms.square_metres", lang=lang, m2=half_up(area_m2) or "<1")
    return text("terms.area", lang=lang, ha=f"{area_m2 / 1e4:,.2f}", mu=f"{mu(area_m2):,}")


def mu(area_m2: float) -> int:
    """Convert an area to whole mu, from the hectares that stand before them.

    Parameters
    ----------
    area_m2
        Area in square metres.

    Returns
    -------
    15 times the hectares with their two decimals, halves up: 635.50 ha are 9,533 mu, approved or
    drawn.

    Examples
    --------
    >>> mu(6_355_000), mu(6_354_986.3)
    (9533, 9533)
    """
    hundredths = round(round(area_m2 / 1e4, 2) * 100)
    return (hundredths * 15 + 50) // 100


def large_area(area_m2: float, *, lang: str | None = None) -> str:
    """Write a total, in square kilometres with two decimals.

    Parameters
    ----------
    area_m2
        Area in square metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``12.65平方公里``.

    Examples
    --------
    >>> large_area(12_649_000, lang="zh")
    '12.65平方公里'
    """
    return text("terms.large_area", lang=lang, km2=f"{area_m2 / 1e6:,.2f}")


def total_area(area_m2: float, *, lang: str | None = None) -> str:
    """Write the ground of many findings: as one area, from 100 hectares in square kilometres.

    Parameters
    ----------
    area_m2
        Area in square metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``43.50公顷（653亩）`` or ``15.45平方公里``.

    Examples
    --------
    >>> total_area(435_000, lang="zh"), total_area(15_451_800, lang="zh")
    ('43.50公顷（653亩）', '15.45平方公里')
    """
    write = large_area if area_m2 >= _LARGE_M2 else area
    return write(area_m2, lang=lang)


def percent(share: float) -> str:
    """Write a share as a percentage with one decimal.

    Parameters
    ----------
    share
        A number from 0 to 1.

    Returns
    -------
    For example ``3.4%``; a share that would round to nothing is ``<0.1%``.

    Examples
    --------
    >>> percent(0.034), percent(0.00001)
    ('3.4%', '<0.1%')
    """
    return "<0.1%" if 0 < share < 0.0005 else f"{share * 100:.1f}%"


def distance(metres: float, *, lang: str | None = None) -> str:
    """Write a distance: metres below one kilometre, else kilometres with one decimal.

    Parameters
    ----------
    metres
        A length in metres.
    lang
        The language; the one in force if not given.

    Returns
    -------
    For example ``12.3公里`` or ``120米``.

    Examples
    --------
    >>> distance(12_340, lang="zh"), distance(120, lang="zh")
    ('12.3公里', '120米')
    """
    if metres >= 1000:
        return text("terms.kilometres", lang=lang, km=f"{metres / 1000:.1f}")
    figure = f"{metres:.0f}" if metres >= 10 else f"{metres:.1f}"
    figure = (f"{metres:.2f}" if metres >= 0.005 else "<0.01") if 0 < metres < 0.05 else figure
    return text("terms.metres", lang=lang, m=figure)


def figure(value: float) -> str:
    """Write a number as people do: six digits that tell, never a power of ten.

    Parameters
    ----------
    value
        A number.

    Returns
    -------
    For example ``3400500`` or ``104.066``.

    Examples
    --------
    >>> figure(3_400_500.2), figure(104.0661234), figure(0.00001)
    ('3400500', '104.066', '0.00001')
    """
    if abs(value) >= 1e6:
        return f"{value:.0f}"
    said = f"{value:.6g}"
    return f"{value:.12f}".rstrip("0").rstrip(".") if "e" in said else said


def half_up(value: float) -> int:
    """Round halves up, as people do and as Python's ``round`` does not.

    Parameters
    ----------
    value
        A number that is not negative.

    Returns
    -------
    The nearest integer.

    Examples
    --------
    >>> half_up(652.5), round(652.5)
    (653, 652)
    """
    return int(value + 0.5)
