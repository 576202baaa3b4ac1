"""Colours, lines and sizes of the overview map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parkmap import palette

PAGE = (16.54, 11.69)  # A3 landscape, inches
DPI = 200
MAP_FRAME = (0.35, 0.72, 11.75, 9.95)  # left, bottom, width, height in inches
PANEL_FRAME = (12.3, 0.72, 3.89, 9.95)

INK, GREY, PALE = "#1F2A44", "#5C6675", "#F4F6F9"
PARK_FILL, CONTEXT_FILL, CONTEXT_LINE = "#DDE4EE", "#FFFFFF", "#C4CAD4"
GROUP_COLOURS = palette.GROUPS
OTHER_GROUPS = "#9A9A9A"
GROUP_ALPHA = 0.6
SEVERITY_INK = palette.SEVERITIES
DISTRICT_INK = "#9AA3B2"
CONTEXT_WAYS: dict[str, Any] = {"color": "#A9B2C0", "linewidth": 1.1}
CONTEXT_SPOTS: dict[str, Any] = {
    "color": "#FFFFFF",
    "marker": "s",
    "markersize": 3.6,
    "linestyle": "",
    "markeredgecolor": "#7F8A9B",
    "markeredgewidth": 0.9,
}
LINK_INK = palette.RIVALRY
OVERLAP_INK, CONTROL_INK = palette.OVERLAP, palette.CONTROL

NAME_POINTS, NUMBER_POINTS, DISTRICT_POINTS, BODY_POINTS = 7.2, 7.6, 10.0, 9.5
MOST_NAMES, MOST_NUMBERS, MOST_LINKS = 120, 99, 24


@dataclass(frozen=True)
class Outline:
    """How the edge of a park is drawn.

    Parameters
    ----------
    colour, width, dash
        As matplotlib takes them.
    """

    colour: str
    width: float
    dash: Any = "solid"


OUTLINES = {
    "national": Outline(palette.OUTLINES["national"], 2.4),
    "provincial": Outline(palette.OUTLINES["provincial"], 1.4),
    "municipal": Outline(palette.OUTLINES["municipal"], 1.3, (0, (4, 1.6))),
    "other": Outline(palette.OUTLINES["other"], 1.0, (0, (1.2, 1.4))),
}
