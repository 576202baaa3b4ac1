"""What the report says of chains: what is lacking beside what is there, what is duplicated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap import taxonomy
from parkmap.messages import text
from parkmap.report.chain_study import every_chain
from parkmap.report.chain_words import segment_sentence

if TYPE_CHECKING:
    import pandas as pd

    from parkmap.report.chain_study import ChainStudy
    from parkmap.schema import Analysis

_MOST = 3


def chain_paragraphs(analysis: Analysis) -> list[str]:
    """Say how the chains stand, in a few paragraphs.

    Parameters
    ----------
    analysis
        The run.

    Returns
    -------
    Counts over all chains, the foremost gaps, the most duplicated segments, and the limits; none
    where no park names a segment.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> chain_paragraphs(SimpleNamespace(chain_links=None))
    []
    """
    study = every_chain(analysis)
    own = study.links[study.links["own"].astype(bool)]
    named = own[own["status"] != "gap"]
    if named.empty:
        return []
    gaps = own[(own["status"] == "gap") & (own["rank"] > 0)]
    doubled = own[own["status"] == "duplicated"]
    doubled = doubled[[not _is_local(segment) for _, segment in doubled.index]]
    said = [
        text(
            "letter.chain.counts",
            chains=named.index.get_level_values("chain").nunique(),
            named=len(named),
            gaps=len(gaps),
            single=int((own["status"] == "single").sum()),
            duplicated=len(doubled),
        )
    ]
    both = gaps[gaps["suppliers"].map(bool) & gaps["customers"].map(bool)]
    weight = -(both["suppliers"].map(len) + both["customers"].map(len))
    if len(both):
        both = both.iloc[weight.to_numpy().argsort(kind="stable")]
        said += [text("letter.chain.gaps", count=len(both)), *_sentences(study, both)]
    if len(doubled):
        size = -doubled["parks"].map(len)
        doubled = doubled.iloc[size.to_numpy().argsort(kind="stable")]
        said += [text("letter.chain.duplicated"), *_sentences(study, doubled)]
    return [*said, text("letter.chain.limits")]


def _is_local(segment: str) -> bool:
    return taxonomy.load().nodes[segment].local


def _sentences(study: ChainStudy, rows: pd.DataFrame) -> list[str]:
    shown = rows.head(_MOST)
    said = [
        text("letter.numbered", number=at, said=segment_sentence(study, str(segment), row))
        for at, ((_, segment), row) in enumerate(
            zip(shown.index, shown.to_dict("records"), strict=True), start=1
        )
    ]
    left = len(rows) - len(shown)
    return said + ([text("letter.chain.more", count=left)] if left else [])
