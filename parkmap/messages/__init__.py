"""Sentences in Chinese and English, and amounts as people write them."""

from __future__ import annotations

from parkmap.messages.amounts import (
    area,
    distance,
    figure,
    half_up,
    large_area,
    mu,
    percent,
    share,
    total_area,
)
from parkmap.messages.marks import full_width
from parkmap.messages.sentences import (
    LANGUAGES,
    Fault,
    catalogue,
    fault,
    few,
    joined,
    language,
    listed,
    text,
    use_language,
)

__all__ = [
    "LANGUAGES",
    "Fault",
    "area",
    "catalogue",
    "distance",
    "fault",
    "few",
    "figure",
    "full_width",
    "half_up",
    "joined",
    "language",
    "large_area",
    "listed",
    "mu",
    "percent",
    "share",
    "text",
    "total_area",
    "use_language",
]
