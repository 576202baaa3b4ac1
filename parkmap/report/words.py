"""What a row is called in print: numbers, categories, evidence, proposals."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

from parkmap import escape, messages, wording
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from parkmap.schema import Analysis

    Row = Mapping[str, Any]

#: First number and first character of the three rows of circled numbers in Unicode.
_CIRCLED = ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))
LAST_CIRCLED = _CIRCLED[-1][1]


def circled(number: int) -> str:
    """Write the number of a finding as map, table and report show it.

    Parameters
    ----------
    number
        The rank, from 1.

    Returns
    -------
    ``①`` to ``㊿``, then ``（51）``.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     circled(3), circled(50), circled(51)
    ('③', '㊿', '（51）')
    """
    for first, last, code in _CIRCLED:
        if first <= number <= last:
            return chr(code + number - first)
    return text("report.number_beyond", number=number)


def system_text(system: str, others: int) -> str:
    """Write the system of parks as planners do.

    Parameters
    ----------
    system, others
        As :func:`parkmap.schema.park_system` returns them.

    Returns
    -------
    For example ``3+19+3 (另列12)``.

    Examples
    --------
    >>> with messages.use_language("zh"):
    ...     system_text("3+19+3", 12), system_text("3+22+4", 0)
    ('3+19+3 (另列12)', '3+22+4')
    """
    key = "report.system_others" if others else "report.system"
    return text(key, system=system, others=others)


def city_name(parks: gpd.GeoDataFrame) -> str:
    """Return the city a layer is of.

    Parameters
    ----------
    parks
        A parks table.

    Returns
    -------
    The one city all parks that state one lie in, else "".

    Examples
    --------
    >>> import geopandas as gpd
    >>> city_name(gpd.GeoDataFrame({"city": ["成都市", ""]}, geometry=[None, None]))
    '成都市'
    """
    if "city" not in parks.columns:
        return ""
    named = {str(city) for city in parks["city"] if isinstance(city, str) and city}
    return named.pop() if len(named) == 1 else ""


def title(key: str, analysis: Analysis, **values: str) -> str:
    """Write a title that begins with the city.

    Parameters
    ----------
    key
        Its key in the catalogue, with a ``{city}``.
    analysis
        The run.
    **values
        Further placeholders.

    Returns
    -------
    The title, without harmful characters.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(parks=gpd.GeoDataFrame({"city": ["示例市"]}, geometry=[None]))
    >>> with messages.use_language("zh"):
    ...     title("title_map", run)
    '示例市产业园区范围及核查事项分布图'
    """
    city = escape.terminal(city_name(analysis.parks))
    said = text(f"report.{key}", city=city, **values).strip()
    return said[:1].upper() + said[1:]


def as_of(analysis: Analysis) -> str:
    """Say of what date the data are.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One phrase.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> with messages.use_language("zh"):
    ...     as_of(SimpleNamespace(date="2026-03-01"))
    '数据截止日期：2026年3月1日'
    """
    day = date_text(analysis)
    if not day:
        return text("report.as_of_unknown")
    return text("report.as_of_file" if is_of_file(analysis) else "report.as_of", date=day)


def is_of_file(analysis: Analysis) -> bool:
    """Tell whether nobody stated the date of the data, and the one there is is the file's.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    True where the date may not be called that of the data.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> is_of_file(SimpleNamespace(options={"date_from": "file"}))
    True
    """
    return bool(getattr(analysis, "options", {}).get("date_from") == "file")


def date_text(analysis: Analysis) -> str:
    """Write the date of a run as people do.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The date; "" where none is stated.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> with messages.use_language("zh"):
    ...     date_text(SimpleNamespace(date="2026-03-01"))
    '2026年3月1日'
    """
    try:
        day = date.fromisoformat(analysis.date)
    except ValueError:
        return ""
    return text("report.date", year=day.year, month=day.month, day=day.day)


def criteria_line(analysis: Analysis) -> str:
    """Name the criteria that decide most, in one line.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One line.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> "0.60" in criteria_line(SimpleNamespace(criteria=Criteria(), used_similarity=0.6))
    True
    """
    used = analysis.criteria
    return text(
        "report.criteria_line",
        sliver=f"{used.sliver_width_m:g}",
        similarity=f"{analysis.used_similarity:.2f}",
        rivalry=f"{used.min_rivalry:g}",
        measure=text(f"terms.measure.{used.measure}"),
    )


def notices(analysis: Analysis) -> list[str]:
    """List what every output of a run must say.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    The disclaimer; before it, where it applies, that sectors are named too coarsely, which ones
    nearly every park names, and that extents are schematic.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(too_coarse=False, parks=gpd.GeoDataFrame({"boundary_kind": []}),
    ...     sectors=pd.DataFrame({"set_aside": []}))
    >>> len(notices(run))
    1
    """
    said = [text("terms.notice.public")] if getattr(analysis, "is_public", False) else []
    said += [text("report.summary.too_coarse")] if analysis.too_coarse else []
    common = list(analysis.sectors.index[analysis.sectors["set_aside"].astype(bool)])
    if common:
        sectors = wording.sector_names(common, inside=True)
        said.append(text("report.summary.set_aside", sectors=sectors))
    if (analysis.parks["boundary_kind"] == "schematic").any():
        said.append(text("terms.notice.schematic"))
    return [*said, text("terms.notice.disclaimer")]


def category(row: Row) -> str:
    """Name what kind of finding a row is.

    Parameters
    ----------
    row
        A row of the conflicts table.

    Returns
    -------
    The relation or verdict that the row stands for, in words.

    Examples
    --------
    >>> row = {"kind": "overlap", "relation": "nested", "nesting": "undeclared", "verdict": ""}
    >>> with messages.use_language("zh"):
    ...     category(row)
    '套叠（待说明）'
    """
    if row["kind"] == "both":
        return text("terms.kind.both")
    if row["kind"] == "control":
        return text(f"report.control.{row['relation']}", line=row["line"])
    if row["kind"] == "homogeneity" and row["verdict"]:
        return text(f"terms.verdict.{row['verdict']}")
    if row["relation"] == "nested" and row["nesting"]:
        return text(f"terms.nesting.{row['nesting']}")
    return text(f"terms.relation.{row['relation']}")


def basis(row: Row) -> str:
    """Give the evidence of a finding beyond its sentence.

    Parameters
    ----------
    row
        A row of the conflicts table.

    Returns
    -------
    The kinds of boundary compared, width, approved-area evidence; overlap share, similarity and
    shared sectors of rivals, synergy of neighbours in a chain; distance.

    Examples
    --------
    >>> row = {"relation": "", "verdict": "rivalry", "overlap_share": 0.64, "similarity": 0.7,
    ...        "shared_sectors": (), "distance_m": 12_340.0}
    >>> with messages.use_language("zh"):
    ...     basis(row)
    '产业重合度64.0%；相似度0.70；两园相距约12.3公里'
    """
    said = _land_basis(row) if row["relation"] else []
    if row["verdict"]:
        said += _sector_basis(row)
    return _joined(said)


def _land_basis(row: Row) -> list[str]:
    said = [text("report.basis.boundaries", kinds=_boundaries(row))]
    if row.get("line"):
        said.append(text("report.basis.widest", width=messages.distance(row["widest_m"])))
    elif _is_known(row["mean_width_m"]):
        said.append(text("report.basis.width", width=messages.distance(row["mean_width_m"])))
    for name, gain in zip(row["names"], row["approved_area_gain_ha"], strict=False):
        if gain > 0:
            said.append(text("report.basis.gain", name=name, gain=f"{gain:,.2f}"))
    return said


def _boundaries(row: Row) -> str:
    kinds = [
        text(f"terms.boundary_kind.{kind}") if kind else text("report.basis.boundary_unknown")
        for kind in row["boundary_kinds"]
    ]
    if len(set(kinds)) == 1:
        return kinds[0]
    pairs = zip(row["names"], kinds, strict=False)
    named = (text("report.basis.boundary", name=name, kind=kind) for name, kind in pairs)
    return listed(named)


def _sector_basis(row: Row) -> list[str]:
    said = [] if row["verdict"] == "complementary" else _likeness(row)
    if row["verdict"] in ("complementary", "coopetition") and _is_known(row["synergy"]):
        said.append(text("report.basis.synergy", value=f"{row['synergy']:.2f}"))
    if not row["relation"] and _is_known(row["distance_m"]):  # who shares ground is not apart
        apart = messages.distance(row["distance_m"])
        said.append(text("report.basis.distance", distance=apart))
    return said


def _likeness(row: Row) -> list[str]:
    said = []
    if _is_known(row["overlap_share"]) and row["overlap_share"] > 0:
        share, rivalry = messages.percent(row["overlap_share"]), row.get("rivalry", 0)
        segments = messages.percent(rivalry) if _is_known(rivalry) and rivalry > 0 else share
        key = "overlap_share" if segments == share else "overlap_share_both"
        said.append(text(f"report.basis.{key}", share=share, segments=segments))
    if _is_known(row["similarity"]):
        said.append(text("report.basis.similarity", value=f"{row['similarity']:.2f}"))
    if row["shared_sectors"]:
        sectors = wording.sector_names(row["shared_sectors"], inside=True)
        key = "shared" if row.get("rivalry", 0) > 0 else "shared_chains"
        said.append(text(f"report.basis.{key}", sectors=sectors))
    return said


def _is_known(value: Any) -> bool:
    return value is not None and not math.isnan(value)


def _joined(said: Any) -> str:
    return text("report.basis.separator").join(dict.fromkeys(said))
