"""The nearest known name of a word that is not known: a proposal, never taken over."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

_LEAST_SCORE = 75.0
_LATIN = ((fuzz.ratio, 5, 1.0), (fuzz.partial_ratio, 6, 0.9))  # scorer, least letters, worth


def nearest_name(key: str, names: tuple[str, ...]) -> tuple[str, float]:
    """Return the name that is nearest to a word.

    Parameters
    ----------
    key
        The word, normalised.
    names
        Names, normalised, in a fixed order.

    Returns
    -------
    The name and its score out of 100; "" and 0 where none comes near. Latin words of few letters
    have none: three letters lie in many a name, as ``ai`` does in ``pharma``.

    Examples
    --------
    >>> nearest_name("logistic", ("ai", "logistics")), nearest_name("foo", ("agrifood", "food"))
    (('logistics', 94.11764705882352), ('', 0.0))
    """
    if not key.isascii():
        near = process.extractOne(key, names, scorer=fuzz.WRatio, score_cutoff=_LEAST_SCORE)
        return (near[0], near[1]) if near else ("", 0.0)
    found: list[tuple[str, float]] = []
    for scorer, least, worth in _LATIN:
        fit = [name for name in _shortest_first(names) if len(name) >= least]
        cutoff = _LEAST_SCORE / worth
        near = process.extractOne(key, fit, scorer=scorer, score_cutoff=cutoff)
        if near and len(key) >= least:
            found.append((near[0], near[1] * worth))
    return max(found, key=lambda near: near[1], default=("", 0.0))


@lru_cache(maxsize=8)
def _shortest_first(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(filter(str.isascii, names), key=len))
