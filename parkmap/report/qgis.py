"""How QGIS shows the layers of ``conflicts.gpkg``: styles in QGIS's own words (QML).

Only words and colours of ours go in, never a name of the user's. Properties stand there twice, as
``Option`` and as ``prop``, since QGIS reads the first from version 3.18 on and the second before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from parkmap import palette
from parkmap.messages import text
from parkmap.report import style
from parkmap.schema import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Look = Mapping[str, str]

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.22.0"
_FONT = "Microsoft YaHei"
_BORDER_MM = {"national": "0.9", "provincial": "0.55", "municipal": "0.5", "other": "0.4"}
_BORDER_LINE = {"municipal": "dash", "other": "dot"}
_PATTERN = {"info": "dense6"}


@dataclass(frozen=True)
class _Class:
    """One value of a column, its words in the legend and its symbol."""

    value: str
    label: str
    look: Look


def park_style(*, as_points: bool = False) -> str:
    """Return the style of the parks: the tier as outline, as on the map.

    Parameters
    ----------
    as_points
        For parks that are known as points only.

    Returns
    -------
    QML.

    Examples
    --------
    >>> park_style().count("<category ")
    4
    """
    looks = {tier: _dot(tier) if as_points else _plot(tier) for tier in _BORDER_MM}
    classes = [_Class(t, text(f"report.map.tier_{t}"), look) for t, look in looks.items()]
    return _qml("standing", classes, "marker" if as_points else "fill", label="name")


def finding_style() -> str:
    """Return the style of shared ground: hatched, in the colour of its severity, numbered.

    Returns
    -------
    QML.

    Examples
    --------
    >>> 'attr="severity"' in finding_style()
    True
    """
    looks = {severity: _ground(severity) for severity in SEVERITIES}
    classes = [_Class(s, text(f"terms.severity.{s}"), look) for s, look in looks.items()]
    return _qml("severity", classes, "fill", label="sign")


def link_style() -> str:
    """Return the style of lines between rivals.

    Returns
    -------
    QML.

    Examples
    --------
    >>> "SimpleLine" in link_style()
    True
    """
    looks = {verdict: _line(verdict) for verdict in ("rivalry", "coopetition", "coarse")}
    classes = [_Class(v, text(f"terms.verdict.{v}"), look) for v, look in looks.items()]
    return _qml("verdict", classes, "line", label="sign")


def _plot(tier: str) -> Look:
    return {
        "color": _rgba(style.PARK_FILL, 140),
        "style": "solid",
        "outline_color": _rgba(palette.OUTLINES[tier]),
        "outline_width": _BORDER_MM[tier],
        "outline_width_unit": "MM",
        "outline_style": _BORDER_LINE.get(tier, "solid"),
    }


def _dot(tier: str) -> Look:
    return {
        "name": "circle",
        "size": "2.4",
        "size_unit": "MM",
        "color": _rgba(palette.OUTLINES[tier]),
        "outline_color": _rgba("#FFFFFF"),
    }


def _ground(severity: str) -> Look:
    ink = palette.INFORMING if severity == "info" else palette.SEVERITIES[severity]
    return {
        "color": _rgba(ink, 200),
        "style": _PATTERN.get(severity, "b_diagonal"),
        "outline_color": _rgba(ink),
        "outline_width": "0.5",
        "outline_width_unit": "MM",
        "outline_style": "solid",
    }


def _line(verdict: str) -> Look:
    ink = palette.INFORMING if verdict == "coarse" else palette.RIVALRY
    return {
        "line_color": _rgba(ink),
        "line_width": "0.5",
        "line_width_unit": "MM",
        "line_style": "dot" if verdict == "coarse" else "dash",
    }


def _rgba(colour: str, opacity: int = 255) -> str:
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(map(str, (*parts, opacity)))


def _qml(column: str, classes: list[_Class], kind: str, *, label: str) -> str:
    """Write a style that tells the values of a column apart and labels each thing."""
    root = ET.Element(
        "qgis", version=_VERSION, styleCategories="Symbology|Labeling", labelsEnabled="1"
    )
    shown = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr=column, symbollevels="0"
    )
    categories = ET.SubElement(shown, "categories")
    symbols = ET.SubElement(shown, "symbols")
    for at, each in enumerate(classes):
        ET.SubElement(
            categories, "category", symbol=str(at), value=each.value, label=each.label,
            type="string", render="true",
        )  # fmt: skip
        symbol = ET.SubElement(symbols, "symbol", name=str(at), type=kind, alpha="1")
        drawn = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}[kind]
        layer = ET.SubElement(symbol, "layer", {"class": drawn, "enabled": "1", "pass": "0"})
        _put_properties(layer, each.look)
    _put_label(root, label)
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _put_properties(layer: ET.Element, look: Look) -> None:
    named = ET.SubElement(layer, "Option", type="Map")
    for key, value in look.items():
        ET.SubElement(named, "Option", type="QString", name=key, value=value)
    for key, value in look.items():
        ET.SubElement(layer, "prop", k=key, v=value)


def _put_label(root: ET.Element, column: str) -> None:
    labels = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labels, "settings", calloutType="simple")
    words = ET.SubElement(
        settings, "text-style", fieldName=column, isExpression="0", fontFamily=_FONT,
        fontSize="8", fontSizeUnit="Point", textColor=_rgba(style.INK),
    )  # fmt: skip
    ET.SubElement(
        words, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=_rgba("#FFFFFF"),
    )  # fmt: skip
    numbers = column != "name"  # a name may give way, the number of a finding may not
    ET.SubElement(settings, "placement", placement="1", priority="10" if numbers else "4")
    ET.SubElement(settings, "rendering", displayAll=str(int(numbers)))
