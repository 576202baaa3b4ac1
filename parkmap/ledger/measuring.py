"""How bad a finding is, and whether it is worse than it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from parkmap.ledger.fields import ATTENTION, Row, word
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Mapping

#: From here on ground or rivalry is another than last time, not the same drawn a little otherwise.
_AREA_SHARE, _AREA_HA, _RIVALRY = 0.05, 0.1, 0.05


def measures(finding: Mapping[str, Any]) -> Row:
    """Take the figures of a finding by which it is compared later.

    Parameters
    ----------
    finding
        As a delivery has it.

    Returns
    -------
    ``severity``, ``area_ha`` and ``rivalry``; 0 for what it has not.

    Examples
    --------
    >>> measures({"area_m2": 5e4, "rivalry": float("nan"), "severity": "low"})
    {'severity': 'low', 'area_ha': 5.0, 'rivalry': 0.0}
    """
    numbers = {"area_ha": finding["area_m2"], "rivalry": finding["rivalry"]}
    scale = {"area_ha": 1e4, "rivalry": 1.0}
    return {
        "severity": finding["severity"],
        **{
            name: 0.0 if value is None or pd.isna(value) else round(float(value) / scale[name], 6)
            for name, value in numbers.items()
        },
    }


def compared(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Say whether a finding is worse than it was.

    Parameters
    ----------
    was, now
        What :func:`measures` gives.

    Returns
    -------
    ``worsened``, ``eased`` or ``persisting``: by severity, else by ground, else by rivalry.

    Examples
    --------
    >>> was = {"severity": "low", "area_ha": 5.0, "rivalry": 0.0}
    >>> compared(was, {**was, "area_ha": 9.0})
    'worsened'
    """
    step = ATTENTION.index(was["severity"]) - ATTENTION.index(now["severity"])
    if not step:
        grown = now["area_ha"] - was["area_ha"]
        if abs(grown) >= max(_AREA_HA, _AREA_SHARE * was["area_ha"]):
            step = 1 if grown > 0 else -1
        elif abs(now["rivalry"] - was["rivalry"]) >= _RIVALRY:
            step = 1 if now["rivalry"] > was["rivalry"] else -1
    return "persisting" if not step else "worsened" if step > 0 else "eased"


def size(known: Mapping[str, Any]) -> str:
    """Say how bad a finding is.

    Parameters
    ----------
    known
        What :func:`measures` gives.

    Returns
    -------
    Its attention and its ground, else its rivalry.

    Examples
    --------
    >>> "5.00" in size({"severity": "low", "area_ha": 5.0, "rivalry": 0.0})
    True
    """
    attention = word("attention", known["severity"])
    key = "area" if known["area_ha"] else "rivalry"
    value = known["area_ha" if key == "area" else "rivalry"]
    return text(f"ledger.progress.size_{key}", attention=attention, value=f"{value:,.2f}")
