"""The colours of the maps: one meaning has one colour, on the web map and on the picture."""

from __future__ import annotations

from typing import Any

#: Ink of each severity, 4.5 to 1 and better on white and under white numbers. Blue and grey as in
#: the workbook.
SEVERITIES = {"high": "#A61B0B", "medium": "#A64B00", "low": "#1B5E9B", "info": "#5C6675"}
#: Shared land to check; shared land for information; land on a control line.
OVERLAP, INFORMING, CONTROL = "#C2330F", SEVERITIES["info"], "#0B6B3A"
#: Lines between parks: rivals, and parks that supply each other.
RIVALRY, COMPLEMENTARY = "#7A3E9D", "#00737F"
#: Okabe and Ito's colours for the groups of like parks, without the red of shared land.
GROUPS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#CC79A7")
#: Letters on them.
GROUP_INKS = ("#10202E", "#10202E", "#10202E", "#10202E", "#FFFFFF", "#10202E")
#: Edges of parks by tier; "other" stands beside the counted system.
OUTLINES = {
    "national": "#14284B",
    "provincial": "#2563A8",
    "municipal": "#2F6F5E",
    "other": "#6B7484",
}


def page_colours() -> dict[str, Any]:
    """Return the palette as a page's script reads it.

    Returns
    -------
    Meaning to colour, with the groups and the outlines as members.

    Examples
    --------
    >>> page_colours()["overlap"]
    '#C2330F'
    """
    return {
        **SEVERITIES,
        "overlap": OVERLAP,
        "informing": INFORMING,
        "control": CONTROL,
        "rivalry": RIVALRY,
        "complementary": COMPLEMENTARY,
        "groups": list(GROUPS),
        "group_inks": list(GROUP_INKS),
        "outlines": dict(OUTLINES),
    }
