"""What the report says, chapter by chapter, as blocks of text. No layout here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parkmap import escape, messages, wording
from parkmap.messages import text
from parkmap.report import reasons
from parkmap.report.blocks import Block
from parkmap.report.cells import park_names, some_park_names
from parkmap.report.chain_letter import chain_paragraphs
from parkmap.report.facts import (
    GROUND_KINDS,
    LAND_KINDS,
    drawn_area_m2,
    expected_text,
    flagged_clusters,
    foremost,
    is_nowhere,
    shared_area_m2,
    system_area_m2,
)
from parkmap.report.words import LAST_CIRCLED, as_of, circled, city_name, notices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from parkmap.schema import Analysis

_MOST_FINDINGS, _MOST_SECTORS, _MOST_SIGNS = 3, 6, 10
#: What is explained, and so is for information.
_EXPLAINED = {
    "relation": ("same_body", "co_built", "superseded", "nested", "sliver"),
    "verdict": ("complementary", "internal"),
}


def essay(analysis: Analysis) -> list[Block]:
    """Write the report.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Its paragraphs in order, up to the list of annexes.

    Examples
    --------
    >>> import geopandas as gpd, parkmap as pm
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with pm.use_language("en"):
    ...     [block.said for block in essay(pm.analyze(layer)) if block.form == "chapter"]
    ['1  Overview', '2  Findings', '3  Likely causes', '4  Proposed steps']
    """
    city = escape.terminal(city_name(analysis.parks)) or text("letter.here")
    blocks = [Block("title", text("letter.title", city=city))]
    blocks += _chapter(1, "overall", _bodies(_overall(analysis)))
    blocks += _chapter(2, "found", _found(analysis))
    blocks += _chapter(3, "causes", _causes(analysis))
    blocks += _chapter(4, "steps", _steps(analysis))
    blocks += _annexes()
    return blocks + [Block("notice", said) for said in notices(analysis)]


def methods(analysis: Analysis) -> list[str]:
    """Say how the findings were made and what they cannot show.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    One paragraph each.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parkmap.schema import Criteria
    >>> len(methods(SimpleNamespace(criteria=Criteria(), used_similarity=0.5)))
    4
    """
    used = analysis.criteria
    return [
        text("letter.methods.area", sliver=f"{used.sliver_width_m:g}"),
        text(
            "letter.methods.likeness",
            measure=text(f"terms.measure.{used.measure}"),
            similarity=f"{analysis.used_similarity:.2f}",
            chance=text("letter.methods.chance", quantile=messages.percent(used.null_quantile))
            if analysis.used_similarity > used.min_similarity
            else "",
            rivalry=f"{used.min_rivalry:g}",
        ),
        text("letter.methods.order", order=text("terms.notice.order")),
        text("letter.methods.limits"),
    ]


def _chapter(number: int, key: str, blocks: list[Block]) -> list[Block]:
    said = _headed("chapter", number, f"letter.chapter_of.{key}")
    return [Block("chapter", said), *blocks]


def _section(number: int, key: str, said: Iterable[str]) -> list[Block]:
    heading = _headed("section", number, f"letter.section_of.{key}")
    return [Block("section", heading), *_bodies(said)]


def _headed(form: str, number: int, key: str) -> str:
    numeral = text("letter.numerals")[number - 1]
    return text(f"letter.{form}", number=numeral, heading=text(key))


def _bodies(said: Iterable[str]) -> list[Block]:
    return [Block("body", escape.terminal(line)) for line in said]


def _numbered(said: Sequence[str], key: str) -> list[str]:
    if not said:
        return [text(f"letter.{key}.none")]
    rows = [text("letter.numbered", number=at, said=each) for at, each in enumerate(said, start=1)]
    return [text("letter.causes.intro"), *rows] if key == "causes" else rows


def _causes(analysis: Analysis) -> list[Block]:
    said = reasons.causes(analysis)
    if said:
        return _bodies(_numbered(said, "causes"))
    rows = analysis.conflicts
    on_land = rows["kind"].isin((*LAND_KINDS, "control")).any()
    key = "none" if on_land else "none_of_sectors" if len(rows) else "no_findings"
    return _bodies([text(f"letter.causes.{key}")])


def _overall(analysis: Analysis) -> list[str]:
    counts = analysis.conflicts["severity"].value_counts()
    severities: dict[str, Any] = {
        name: int(counts.get(name, 0)) for name in ("high", "medium", "low", "info")
    }
    system = text(
        "letter.overall.system",
        parks=len(analysis.parks),
        system=analysis.system,
        others=text("letter.overall.others", count=analysis.others) if analysis.others else "",
        areas=_areas(analysis),
        date=as_of(analysis),
    )
    meant = expected_text(analysis)
    said = [system + (text("letter.overall.expected", expected=meant) if meant else "")]
    key = "counts" if len(analysis.conflicts) else "no_counts"
    said.append(text(f"letter.overall.{key}", total=len(analysis.conflicts), **severities))
    return [*said, text("letter.overall.scope")]


def _areas(analysis: Analysis) -> str:
    inside, beside = system_area_m2(analysis.parks, slices=analysis.slices)
    if not inside + beside:
        return text("letter.overall.no_area")
    written = {"inside": messages.large_area(inside), "beside": messages.large_area(beside)}
    key = "areas_beside" if inside and beside else "areas_all_beside" if beside else "areas"
    return text(f"letter.overall.{key}", **written)


def _found(analysis: Analysis) -> list[Block]:
    parts = {
        "overlaps": _overlaps(analysis),
        "controls": _controls(analysis),
        "sectors": _sectors(analysis),
        "chain": chain_paragraphs(analysis),
        "data": _data(analysis),
    }
    told = {key: said for key, said in parts.items() if said}
    return [
        block
        for number, (key, said) in enumerate(told.items(), start=1)
        for block in _section(number, key, said)
    ]


def _overlaps(analysis: Analysis) -> list[str]:
    rows = foremost(analysis.conflicts)
    rows = rows[rows["kind"].isin(LAND_KINDS)]
    said = [text(f"letter.overlaps.{'none' if _has_land(analysis) > 1 else 'not_compared'}")]
    if len(rows):
        area = messages.total_area(shared_area_m2(analysis, rows))
        said = [text("letter.overlaps.intro", count=len(rows), area=area), *_sentences(rows)]
    return said + _apart(analysis, "overlap", "relation")


def _apart(analysis: Analysis, kind: str, column: str) -> list[str]:
    """Count what is there for information, so that the figures of the report add up."""
    found = analysis.conflicts
    counts = found.loc[(found["severity"] == "info") & (found["kind"] == kind), column]
    parts = [
        text(
            "letter.overlaps.part",
            relation=text(f"terms.{column}.{word}"),
            count=int((counts == word).sum()),
        )
        for word in _EXPLAINED[column]
        if (counts == word).any()
    ]
    return [text("letter.overlaps.apart", parts=messages.joined(parts))] if parts else []


def _controls(analysis: Analysis) -> list[str]:
    if analysis.controls is None:
        return [text("letter.controls.absent")]
    found = analysis.conflicts[analysis.conflicts["kind"] == "control"]
    rows, slivers = foremost(found), int((found["severity"] == "info").sum())
    lines = messages.joined(line.name for line in analysis.lines)
    said = [text("letter.controls.none", lines=lines)]
    if len(rows):  # what lies on farmland or behind a red line is told to the last
        said = [text("letter.controls.intro", lines=lines, count=len(rows))]
        said += _sentences(rows, most=len(rows))
    return said + ([text("letter.controls.slivers", count=slivers)] if slivers else [])


def _sectors(analysis: Analysis) -> list[str]:
    groups = flagged_clusters(analysis)
    pairs = reasons.lone_pairs(analysis)
    coarse = int((analysis.conflicts["verdict"] == "coarse").sum())
    said = [_common(analysis)] if len(analysis.sectors) else []
    if groups:
        said.append(text("letter.sectors.groups", count=len(groups)))
        told = enumerate(groups[:_MOST_FINDINGS], start=1)
        said += [_group(analysis, group, number) for number, group in told]
        said += _rest(len(groups), key="more_groups")
    if len(pairs):
        said += [text("letter.sectors.pairs", count=len(pairs)), *_sentences(pairs)]
    if not groups and not len(pairs):
        said.append(text(f"letter.sectors.{_no_groups(analysis)}"))
    if coarse:
        said.append(text("letter.sectors.coarse", count=coarse))
    return said + _apart(analysis, "homogeneity", "verdict")


def _has_land(analysis: Analysis) -> int:
    return int(drawn_area_m2(analysis.parks).notna().sum())


def _no_groups(analysis: Analysis) -> str:
    if analysis.shares.index.get_level_values("park_id").nunique() < 2:
        return "not_compared"
    return "too_coarse" if analysis.too_coarse else "none"


def _group(analysis: Analysis, group: dict[Any, Any], number: int) -> str:
    coarse = some_park_names(analysis, group["coarse_parks"])
    sure = [park for park in group["parks"] if park not in group["coarse_parks"]]
    lead = group["lead_park"]
    rows = analysis.conflicts[reasons.inside_group(analysis.conflicts, group["parks"])]
    return text(
        "letter.sectors.group",
        number=number,  # as in the sheet of groups and in clusters.png
        parks=some_park_names(analysis, sure),
        count=len(sure),
        sectors=wording.sector_names(group["shared_sectors"], most=3, inside=True),
        coarse=text("letter.sectors.coarse_members", parks=coarse) if coarse else "",
        lead=text("letter.sectors.lead", park=park_names(analysis, [lead])) if lead else "",
        signs=signs(rows),
    )


def _common(analysis: Analysis) -> str:
    table = analysis.sectors.assign(node=analysis.sectors.index.astype(str))
    table = table.sort_values(["n_parks", "node"], ascending=[False, True]).head(_MOST_SECTORS)
    parts = [
        text(
            "letter.sectors.common_part",
            sector=wording.sector_names([row["node"]], inside=True),
            count=int(row["n_parks"]),
        )
        for row in table.to_dict("records")
    ]
    return text("letter.sectors.common", sectors=messages.joined(parts))


def _data(analysis: Analysis) -> list[str]:
    problems, parks = analysis.problems, analysis.parks
    counts = problems["severity"].value_counts()
    tally: dict[str, Any] = {key: int(counts.get(key, 0)) for key in ("error", "warning", "info")}
    said = [text("letter.data.none")]
    if len(problems):
        said = [text("letter.data.problems", count=len(problems), **tally)]
    land, nowhere = drawn_area_m2(parks).notna(), is_nowhere(parks)
    absent = {
        "points": ~land & ~nowhere,
        "nowhere": nowhere,
        "schematic": parks["boundary_kind"] == "schematic",
        "unstated": land & (parks["boundary_kind"] == ""),
        "no_sectors": parks["sectors"].map(len) == 0,
    }
    notes = [
        text(f"letter.data.{key}", count=int(which.sum()))
        for key, which in absent.items()
        if which.any()
    ]
    return ["".join([*said, *notes]) if messages.language() == "zh" else " ".join([*said, *notes])]


def _steps(analysis: Analysis) -> list[Block]:
    city = _section(1, "city", _numbered(reasons.city_steps(analysis, signs), "steps"))
    land = foremost(analysis.conflicts)
    land = land[land["kind"].isin(GROUND_KINDS)]
    levels = land["parks"].map(lambda ids: reasons.approval_level(analysis, ids))
    levels = levels.where(land["relation"] != "duplicate", "city")  # a list names one park twice
    upper = []
    for number, key in enumerate(("province", "nation"), 2):
        rows = land[levels == key]
        said = text(f"letter.steps.no_{key}")
        if len(rows):
            said = text(f"letter.steps.{key}", count=len(rows), signs=signs(rows))
        upper += _section(number, key, [said])
    return [*city, *upper, *_bodies([text("letter.steps.tier")])]


def _annexes() -> list[Block]:
    keys = ("map", "list", "tasks", "methods")  # as they stand in the document
    first, *others = (
        text("letter.numbered", number=at, said=text(f"letter.annex.{key}"))
        for at, key in enumerate(keys, start=1)
    )
    led = Block("annexes", text("letter.annex.first", said=first))
    return [led, *(Block("annex", line) for line in others)]


def _sentences(rows: pd.DataFrame, *, most: int = _MOST_FINDINGS) -> list[str]:
    shown = rows.sort_values("number").head(most)
    said = [
        text("letter.finding", sign=circled(row["number"]), sentence=row["message"])
        for row in shown.to_dict("records")
    ]
    return said + _rest(len(rows), most=most)


def _rest(count: int, *, key: str = "more", most: int = _MOST_FINDINGS) -> list[str]:
    left = count - most
    return [text(f"letter.{key}", count=left)] if left > 0 else []


def signs(rows: pd.DataFrame) -> str:
    """Refer to findings by the numbers they carry on the map and in the list.

    Parameters
    ----------
    rows
        Rows of the conflicts table.

    Returns
    -------
    A phrase in brackets; "" for none.

    Examples
    --------
    >>> import pandas as pd
    >>> with messages.use_language("zh"):
    ...     for numbers in ([2, 1], [50, 51, 60, 61, 62]):
    ...         print(signs(pd.DataFrame({"number": numbers})))
    （图上编号①②）
    （图上编号㊿、51、60至62）
    """
    numbers = sorted(rows["number"])
    if not numbers:
        return ""
    shown = text("letter.signs_next").join(_runs(numbers[:_MOST_SIGNS]))
    if len(numbers) > _MOST_SIGNS:
        shown = text("letter.signs_more", signs=shown)
    return text("letter.signs", signs=shown)


def _runs(numbers: list[int]) -> list[str]:
    """Write circled numbers one after the other, and plain ones, which need a gap, as runs."""
    signs = "".join(circled(number) for number in numbers if number <= LAST_CIRCLED)
    runs: list[list[int]] = []
    for number in numbers:
        if number <= LAST_CIRCLED:
            continue
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [signs] if signs else []
    for run in runs:
        if len(run) > 2:
            said.append(text("letter.signs_run", first=run[0], last=run[-1]))
        else:
            said += map(str, run)
    return said
