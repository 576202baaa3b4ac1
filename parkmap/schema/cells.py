"""Cells of a parks table made by hand, as the standard columns hold them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from parkmap import messages, taxonomy
from parkmap.errors import SchemaError


def settled(values: pd.Series, *, default: Any) -> pd.Series:
    """Return a column as the rooms of the house expect it.

    Parameters
    ----------
    values
        A standard column, named as in ``PARK_COLUMNS``.
    default
        What the column holds where nothing is stated.

    Returns
    -------
    The column itself where it is as expected; else a new one in which what is missing holds the
    default, text of sectors is cut into terms, and figures are numbers.

    Raises
    ------
    SchemaError
        If a figure is none.

    Examples
    --------
    >>> settled(pd.Series(["医药、食品", None], name="sectors"), default=()).tolist()
    [('医药', '食品'), ()]
    """
    if isinstance(default, tuple):
        return _lists(values)
    if isinstance(default, float):
        return _figures(values)
    missing = values.isna()
    if isinstance(default, bool):
        return values.where(~missing, default).astype(bool) if missing.any() else values
    if missing.any() or isinstance(values.dtype, pd.CategoricalDtype):
        return values.astype(object).where(~missing, default)
    return values


def _lists(values: pd.Series) -> pd.Series:
    made = [_terms(value) for value in values]
    if all(new is old for new, old in zip(made, values, strict=True)):
        return values
    column = np.empty(len(made), dtype=object)
    for place, terms in enumerate(made):  # at once, numpy takes equal lengths for a matrix
        column[place] = terms
    return pd.Series(column, index=values.index, name=values.name)


def _terms(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return taxonomy.split_terms(value)
    return tuple(value) if isinstance(value, (list, np.ndarray)) else ()


def _figures(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values.dtype) and isinstance(values.dtype, np.dtype):
        return values
    made = pd.to_numeric(values.astype(object), errors="coerce").astype(float)
    wrong = made.isna() & values.notna() & (values.astype(str).str.strip() != "")
    if wrong.any():
        park = values.index[wrong.to_numpy()][0]
        said = {"park": str(park)[:40], "text": str(values[park])[:40]}
        raise SchemaError(**messages.fault("schema.no_figure", column=str(values.name), **said))
    return made
