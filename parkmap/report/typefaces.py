"""The fonts of a Word file: what the standard names, and what stands in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document

_LATIN = "Times New Roman"
#: Chinese font of each kind of paragraph, and what stands in where it is not installed.
FONTS: Mapping[str, tuple[str, str]] = {
    "title": ("方正小标宋简体", "小标宋,华文中宋,STZhongsong,宋体,SimSun,Noto Serif CJK SC"),
    "chapter": ("黑体", "SimHei,Noto Sans CJK SC"),
    "section": ("楷体_GB2312", "楷体,KaiTi,STKaiti,Noto Serif CJK SC"),
    "body": ("仿宋_GB2312", "仿宋,FangSong,STFangsong,Noto Serif CJK SC"),
    "foot": ("宋体", "SimSun,Noto Serif CJK SC"),
}
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT_TABLE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"


def set_fonts(properties: Any, form: str) -> None:
    """Name the Latin and the Chinese font of a run or a style.

    Parameters
    ----------
    properties
        The run's or style's ``w:rPr``.
    form
        A kind of paragraph.

    Examples
    --------
    >>> import docx
    >>> style = docx.Document().styles["Normal"].element.get_or_add_rPr()
    >>> set_fonts(style, "chapter")
    >>> "黑体" in style.xml
    True
    """
    from docx.oxml.ns import qn  # noqa: PLC0415

    named = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        named.attrib.pop(qn(f"w:{theme}"), None)
    for slot in ("ascii", "hAnsi", "cs"):
        named.set(qn(f"w:{slot}"), _LATIN)
    named.set(qn("w:eastAsia"), FONTS[form][0])


def replace_font_table(page: Document) -> None:
    """Tell Word what to use where a font is not installed.

    Parameters
    ----------
    page
        The paper.

    Examples
    --------
    >>> import docx
    >>> page = docx.Document()
    >>> replace_font_table(page)
    >>> sum("fontTable" in part.partname for part in page.part.package.iter_parts())
    1
    """
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.opc.packuri import PackURI  # noqa: PLC0415
    from docx.opc.part import Part  # noqa: PLC0415

    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in FONTS.values()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:fonts xmlns:w="{_WORD}">{rows}'
        f'<w:font w:name="{_LATIN}"><w:charset w:val="00"/></w:font></w:fonts>'
    )
    part = page.part
    for key, each in list(part.rels.items()):
        if each.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            part.rels.pop(key)
    where = PackURI("/word/fontTable.xml")
    made = Part(where, _FONT_TABLE, content.encode(), part.package)
    part.relate_to(made, RELATIONSHIP_TYPE.FONT_TABLE)
