"""How cells look, as named styles: a workbook of many rows is written ten times as fast."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from parkmap.sheets.tables import FORMS

#: Ink and paper of each severity; the contrast is at least 4.5 to 1.
SEVERITY_COLOURS = {
    "high": ("9C1C0C", "FBE3DE"),
    "medium": ("7A4B00", "FDF0D5"),
    "low": ("1B4B7A", "E3EEF8"),
    "info": ("4D4D4D", "F0F0F0"),
}
_FONT = "微软雅黑"
_DARK, _PALE, _LINE, _GREY, _LINK = "1F3864", "EAEEF6", "BFC6D4", "595959", "0B5394"


def cell_styles() -> list[NamedStyle]:
    """Make the styles of the workbook's cells.

    Returns
    -------
    One style a look: title, notice, heading; each form of a row and of a sum; each severity.

    Examples
    --------
    >>> {"title", "row text", "total hectares", "severity high"} <= {s.name for s in cell_styles()}
    True
    """
    styles = [
        _style("title", _font(size=16, bold=True, color=_DARK), _aside(wrap=False)),
        _style("notice", _font(size=9, color=_GREY), _aside(wrap=False)),
        _style("heading", _font(bold=True, color="FFFFFF"), _middle(), paper=_DARK),
        _style("row link", _font(color=_LINK, underline="single"), _middle(), paper=""),
    ]
    for prefix, font, paper in (("row", _font(), ""), ("total", _font(bold=True), _PALE)):
        styles.append(_style(f"{prefix} centred", font, _middle(), paper=paper))
        for form, number_format in FORMS.items():
            made = _style(f"{prefix} {form}", font, _alignment(form), paper=paper)
            made.number_format = number_format if form != "text" else "General"
            styles.append(made)
    for severity, (ink, paper) in SEVERITY_COLOURS.items():
        font = _font(bold=True, color=ink)
        styles.append(_style(f"severity {severity}", font, _middle(), paper=paper))
    return styles


def _style(name: str, font: Font, alignment: Alignment, *, paper: str | None = None) -> NamedStyle:
    style = NamedStyle(name=name, font=font, alignment=alignment)
    if paper is not None:
        side = Side(style="thin", color=_LINE)
        style.border = Border(left=side, right=side, top=side, bottom=side)
    if paper:
        style.fill = PatternFill("solid", fgColor=paper)
    return style


def _font(**look: Any) -> Font:
    return Font(**{"name": _FONT, "size": 10, **look})


def _alignment(form: str) -> Alignment:
    if form == "text":
        return _aside()
    if form in ("whole", "date"):
        return _middle()
    return Alignment(vertical="center", horizontal="right", indent=1)


def _aside(*, wrap: bool = True) -> Alignment:
    indent = 1 if wrap else 0
    return Alignment(vertical="center", horizontal="left", wrap_text=wrap, indent=indent)


def _middle() -> Alignment:
    return Alignment(vertical="center", horizontal="center", wrap_text=True)
