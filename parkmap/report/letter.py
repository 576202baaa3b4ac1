"""The report as a Word file, laid out as official papers are (GB/T 9704-2012).

Only this module knows Word: margins, fonts, page numbers. What is said is made in
:mod:`parkmap.report.essay`.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from parkmap import escape, files, messages
from parkmap.errors import OptionError
from parkmap.messages import text
from parkmap.report.essay import Block, essay, methods

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

    from parkmap.schema import Analysis

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
#: Millimetres of A4 by the standard: the text takes 156 by 225.
_PAPER, _MARGINS = (210.0, 297.0), {"top": 37.0, "bottom": 35.0, "left": 28.0, "right": 26.0}
_SIDE_MARGIN = 18.0  # of the sheet that carries the picture
_TITLE_PT, _FOOT_PT = 22.0, 14.0
#: Size of letters and distance of lines in points; English words, far longer, stand closer.
_BODY = {"zh": (16.0, 28.0), "en": (12.0, 20.0)}
#: Twentieths of a point that let 28 characters of 16 points stand in 156 millimetres.
_TIGHTER = -5
_LATIN = "Times New Roman"
#: Chinese font of each kind of paragraph, and what stands in where it is not installed.
_FONTS: Mapping[str, tuple[str, str]] = {
    "title": ("方正小标宋简体", "小标宋,华文中宋,STZhongsong,宋体,SimSun,Noto Serif CJK SC"),
    "chapter": ("黑体", "SimHei,Noto Sans CJK SC"),
    "section": ("楷体_GB2312", "楷体,KaiTi,STKaiti,Noto Serif CJK SC"),
    "body": ("仿宋_GB2312", "仿宋,FangSong,STFangsong,Noto Serif CJK SC"),
    "foot": ("宋体", "SimSun,Noto Serif CJK SC"),
}
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT_TABLE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"


def has_word() -> bool:
    """Say whether a Word file can be written here.

    Returns
    -------
    Whether ``python-docx`` is installed: ``pip install 'parkmap[report]'``.

    Examples
    --------
    >>> has_word()
    True
    """
    try:
        import docx  # noqa: F401, PLC0415 (an extra)
    except ModuleNotFoundError:
        return False
    return True


def write_docx(
    analysis: Analysis,
    path: str | os.PathLike[str],
    *,
    picture: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> None:
    """Write the report as a Word file that people go on editing.

    Parameters
    ----------
    analysis
        The run.
    path
        The file to make.
    picture
        The overview map, a PNG, for the first annex; none if not given.
    overwrite
        Replace a file that is there.

    Raises
    ------
    OptionError
        If ``python-docx`` is not installed.

    Notes
    -----
    Names are text and never fields. The same run gives the same bytes.

    Examples
    --------
    >>> import tempfile, geopandas as gpd, parkmap as pm
    >>> from pathlib import Path
    >>> from shapely.geometry import box
    >>> layer = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 1e3, 1e3)], crs=4544)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_docx(pm.analyze(layer), Path(folder, "a.docx"))
    ...     Path(folder, "a.docx").read_bytes()[:2]
    b'PK'
    """
    if not has_word():
        raise OptionError(**messages.fault("letter.no_word"))
    import docx  # noqa: PLC0415 (an extra)

    page = docx.Document()
    _set_styles(page)
    _set_paper(page.sections[0], across=False)
    blocks = _printed(essay(analysis), map(str, analysis.parks["name"]))
    for block in blocks:
        _say(page, block)
    _add_methods(page, analysis)
    if picture is not None:  # last, since its sheet lies across
        _add_picture(page, picture)
    _number_pages(page)
    if analysis.is_public:
        _mark_pages(page)
    _set_properties(page, analysis, title=blocks[0].said)
    _replace_font_table(page)
    with files.writing(path, overwrite=overwrite) as draft:
        _save(page, draft)


def _save(page: Document, draft: Path) -> None:
    content = io.BytesIO()
    page.save(content)
    draft.write_bytes(content.getvalue())
    files.rewrite_zip(draft)


def _set_styles(page: Document) -> None:
    from docx.shared import Pt  # noqa: PLC0415

    size, line = _BODY[messages.language()]
    normal = page.styles["Normal"]
    normal.font.size = Pt(size)
    _set_fonts(normal.element.get_or_add_rPr(), "body")
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = Pt(line)
    layout.widow_control = False


def _set_fonts(properties: Any, form: str) -> None:
    """Name the Latin and the Chinese font of a run or a style."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    named = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        named.attrib.pop(qn(f"w:{theme}"), None)
    for slot in ("ascii", "hAnsi", "cs"):
        named.set(qn(f"w:{slot}"), _LATIN)
    named.set(qn("w:eastAsia"), _FONTS[form][0])


def _set_paper(section: Section, *, across: bool) -> None:
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    width, height = reversed(_PAPER) if across else _PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side, space in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(_SIDE_MARGIN if across else space))
    section.footer_distance = Mm(10 if across else 25)
    section.header_distance = Mm(10 if across else 15)


def _say(page: Document, block: Block) -> Paragraph:
    """Write a paragraph in the look of its kind."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    # Headings are headings to Word, too: its navigation lists them.
    level = {"chapter": 1, "section": 2}.get(block.form)
    size, line = _BODY[messages.language()]
    paragraph = page.add_paragraph()
    run = paragraph.add_run(block.said)
    form = block.form if block.form in _FONTS else "body"
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 (python-docx names no East Asian font)
    _set_fonts(properties, form)
    run.font.size = Pt(_TITLE_PT if block.form == "title" else size)
    layout = paragraph.paragraph_format
    if block.form == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout.line_spacing, layout.space_after = Pt(line + 6), Pt(line)
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        layout.first_line_indent = Pt(2 * size)
        run.font.bold = False
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_TIGHTER))
        properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    if level:
        layout.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        paragraph._p.get_or_add_pPr().append(outline)  # noqa: SLF001
    return paragraph


def _printed(blocks: Iterable[Block], names: Iterable[str]) -> list[Block]:
    """Set Chinese text as papers are set; English stands as it is."""
    if messages.language() != "zh":
        return list(blocks)
    kept = [escape.terminal(name) for name in names]
    return [replace(each, said=messages.full_width(each.said, names=kept)) for each in blocks]


def _add_picture(page: Document, picture: str | os.PathLike[str]) -> None:
    from docx.enum.section import WD_SECTION  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    _set_paper(page.add_section(WD_SECTION.NEW_PAGE), across=True)
    heading = text("letter.annex.picture", number=1, name=text("letter.annex.map"))
    _say(page, Block("chapter", heading)).paragraph_format.first_line_indent = 0
    holder = page.add_paragraph()
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    height = _PAPER[0] - 2 * _SIDE_MARGIN - 14
    shape = holder.add_run().add_picture(str(picture), height=Mm(height))
    widest = Mm(_PAPER[1] - 2 * _SIDE_MARGIN)
    if shape.width > widest:
        shape.height, shape.width = round(shape.height * widest / shape.width), widest
    shape._inline.docPr.set("descr", heading)  # noqa: SLF001 (read aloud to the blind)


def _add_methods(page: Document, analysis: Analysis) -> None:
    heading = text("letter.annex.picture", number=4, name=text("letter.annex.methods"))
    _say(page, Block("chapter", heading)).paragraph_format.first_line_indent = 0
    told = [Block("body", escape.terminal(said)) for said in methods(analysis)]
    for block in _printed(told, ()):
        _say(page, block)


def _number_pages(page: Document) -> None:
    """Put page numbers where the standard has them: odd at the right, even at the left."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    page.settings.odd_and_even_pages_header_footer = True
    first = page.sections[0]  # the others follow it
    for footer, side in (
        (first.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (first.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        for said, is_field in (("— ", False), ("PAGE", True), (" —", False)):
            _foot(paragraph, said, is_field=is_field)


def _mark_pages(page: Document) -> None:
    """Say over every page that this is the public edition."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    first = page.sections[0]
    for header in (first.header, first.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _foot(paragraph, text("terms.notice.public_mark"), is_field=False)


def _foot(paragraph: Paragraph, said: str, *, is_field: bool) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    run = paragraph.add_run("" if is_field else said)
    _set_fonts(run._r.get_or_add_rPr(), "foot")  # noqa: SLF001
    run.font.size = Pt(_FOOT_PT)
    if not is_field:
        return
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = said
        run._r.append(part)  # noqa: SLF001


def _set_properties(page: Document, analysis: Analysis, *, title: str) -> None:
    try:
        day = datetime.fromisoformat(analysis.date).replace(tzinfo=UTC)
    except ValueError:
        day = _EPOCH
    known = page.core_properties
    known.author = known.last_modified_by = "parkmap"
    known.title, known.comments, known.revision = title, text("terms.notice.disclaimer"), 1
    known.language = "zh-CN" if messages.language() == "zh" else "en"
    known.created = known.modified = day


def _replace_font_table(page: Document) -> None:
    """Tell Word what to use where a font is not installed."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.opc.packuri import PackURI  # noqa: PLC0415
    from docx.opc.part import Part  # noqa: PLC0415

    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in _FONTS.values()
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
