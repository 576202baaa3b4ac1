"""One palette for the web map and the picture."""

import re

import pytest

from parkmap import palette
from parkmap.report import style
from parkmap.webmap.figure import asset
from parkmap.webmap.page import SCRIPTS

INKS = {key: ink for key, ink in palette.page_colours().items() if isinstance(ink, str)}


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("ink", sorted({*INKS.values(), *palette.OUTLINES.values()}))
def test_every_ink_can_be_read_on_white(ink):
    assert 1.05 / (luminance(ink) + 0.05) >= 4.5


@pytest.mark.parametrize("pair", [*zip(palette.GROUPS, palette.GROUP_INKS, strict=True)])
def test_a_letter_can_be_read_on_its_group(pair):
    low, high = sorted(map(luminance, pair))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_each_meaning_of_a_line_or_a_hatch_has_its_own_ink():
    inks = [palette.OVERLAP, palette.INFORMING, palette.CONTROL]
    inks += [palette.RIVALRY, palette.COMPLEMENTARY]
    assert len(set(inks)) == 5
    assert len(set(palette.SEVERITIES.values())) == 4


def test_the_picture_takes_its_colours_from_the_palette():
    assert style.SEVERITY_INK == palette.SEVERITIES
    assert style.GROUP_COLOURS == palette.GROUPS
    assert {tier: edge.colour for tier, edge in style.OUTLINES.items()} == palette.OUTLINES
    assert (style.OVERLAP_INK, style.CONTROL_INK) == (palette.OVERLAP, palette.CONTROL)


@pytest.mark.parametrize("name", ["frame.html", "parkmap.css", *(f"js/{s}.js" for s in SCRIPTS)])
def test_the_page_writes_no_palette_colour_of_its_own(name):
    written = set(re.findall(r"#[0-9a-f]{6}", asset(name).decode().lower()))
    assert not written & {ink.lower() for ink in INKS.values()}
    for used in re.findall(r"var\(--([\w-]+)\)", asset(name).decode()):
        assert used in INKS or f"--{used}:" in asset("parkmap.css").decode()
