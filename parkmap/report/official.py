"""A paper as a Word file, laid out as official papers are (GB/T 9704-2012).

Only this module knows Word: margins, fonts, page numbers. What is said is made in blocks elsewhere.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from parkmap import files, messages
from parkmap.errors import OptionError
from parkmap.messages import text
from parkmap.report.blocks import printed
from parkmap.report.typefaces import FONTS, replace_font_table, set_fonts
from parkmap.sheets import rewrite_zip

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

    from parkmap.report.blocks import Block

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
#: Millimetres of A4 by the standard: the text takes 156 by 225.
PAPER_MM, _MARGINS = (210.0, 297.0), {"top": 37.0, "bottom": 35.0, "left": 28.0, "right": 26.0}
SIDE_MARGIN_MM = 18.0  # of the sheet that carries the picture
_TITLE_PT, _FOOT_PT, _TABLE_PT, _TABLE_LINE_PT = 22.0, 14.0, 12.0, 20.0
_FIRST_COLUMN = 0.32  # of the width of a table: it holds names, the others figures
#: Size of letters and distance of lines in points; English words, far longer, stand closer.
_BODY = {"zh": (16.0, 28.0), "en": (12.0, 20.0)}
#: Twentieths of a point that let 28 characters of 16 points stand in 156 millimetres.
_TIGHTER = -5
_APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_APP = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">
<Application>parkmap</Application></Properties>"""


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


def new_paper() -> Document:
    """Begin a paper: A4, the standard's margins and fonts.

    Returns
    -------
    A document of ``python-docx`` without paragraphs.

    Raises
    ------
    OptionError
        If ``python-docx`` is not installed.

    Examples
    --------
    >>> len(new_paper().paragraphs)
    0
    """
    if not has_word():
        raise OptionError(**messages.fault("letter.no_word"))
    import docx  # noqa: PLC0415 (an extra)

    page = docx.Document()
    _set_styles(page)
    set_paper(page.sections[0], across=False)
    return page


def write_paper(
    blocks: Sequence[Block],
    path: str | os.PathLike[str],
    *,
    date: str,
    names: Iterable[str] = (),
    mark: str = "",
    overwrite: bool = False,
    inputs: Iterable[str | Path] = (),
) -> None:
    """Write blocks as a Word file that people go on editing.

    Parameters
    ----------
    blocks
        The title first, then its paragraphs and tables.
    path
        The file to make.
    date
        ISO date of the paper, for its properties.
    names
        Names whose marks stay as they are written.
    mark
        What every page says at its head.
    overwrite
        Replace a file that is there.
    inputs
        Files that are never replaced.

    Raises
    ------
    OptionError
        If ``python-docx`` is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from parkmap.report.blocks import Block
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_paper([Block("title", "A")], Path(folder, "a.docx"), date="2026-03-01")
    ...     Path(folder, "a.docx").read_bytes()[:2]
    b'PK'
    """
    page = new_paper()
    told = printed(blocks, names)
    for block in told:
        if block.rows:
            _tabulate(page, block)
        else:
            say(page, block)
    title = told[0].said
    save_paper(page, path, title=title, date=date, mark=mark, overwrite=overwrite, inputs=inputs)


def save_paper(
    page: Document,
    path: str | os.PathLike[str],
    *,
    title: str,
    date: str,
    mark: str = "",
    overwrite: bool = False,
    inputs: Iterable[str | Path] = (),
) -> None:
    """Put numbers on the pages of a paper and write it; the same content gives the same bytes.

    Parameters
    ----------
    page
        The paper.
    path
        The file to make.
    title
        Of its properties.
    date, mark, overwrite, inputs
        As for :func:`write_paper`.
    """
    _number_pages(page)
    if mark:
        _mark_pages(page, mark)
    _set_properties(page, date, title=title)
    replace_font_table(page)
    with files.writing(path, overwrite=overwrite, inputs=inputs) as draft:
        _save(page, draft)


def _set_styles(page: Document) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    size, line = _BODY[messages.language()]
    # Else Word breaks and spaces Chinese lines as if they were English.
    for language in page.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    normal = page.styles["Normal"]
    normal.font.size = Pt(size)
    set_fonts(normal.element.get_or_add_rPr(), "body")
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = Pt(line)
    layout.widow_control = False


def set_paper(section: Section, *, across: bool) -> None:
    """Lay a section on A4.

    Parameters
    ----------
    section
        Of a paper.
    across
        Lay it across, with narrow margins: a sheet that carries a picture.

    Examples
    --------
    >>> page = new_paper()
    >>> set_paper(page.sections[0], across=True)
    >>> round(page.sections[0].page_width.mm)
    297
    """
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    width, height = reversed(PAPER_MM) if across else PAPER_MM
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side, space in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(SIDE_MARGIN_MM if across else space))
    section.footer_distance = Mm(10 if across else 25)
    section.header_distance = Mm(10 if across else 15)


def say(page: Document, block: Block) -> Paragraph:
    """Write a paragraph in the look of its kind.

    Parameters
    ----------
    page
        The paper.
    block
        What to write.

    Returns
    -------
    The paragraph.

    Examples
    --------
    >>> from parkmap.report.blocks import Block
    >>> say(new_paper(), Block("body", "A")).text
    'A'
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    # Headings are headings to Word, too: its navigation lists them.
    level = {"chapter": 1, "section": 2}.get(block.form)
    size, line = _BODY[messages.language()]
    paragraph = page.add_paragraph()
    run = paragraph.add_run(block.said)
    form = block.form if block.form in FONTS else "body"
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 (python-docx names no East Asian font)
    set_fonts(properties, form)
    run.font.size = Pt(_TITLE_PT if block.form == "title" else size)
    layout = paragraph.paragraph_format
    if block.form == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout.line_spacing, layout.space_after = Pt(line + 6), Pt(line)
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        layout.first_line_indent = Pt((5 if block.form == "annex" else 2) * size)
        leads = block.said.endswith((":", "\uff1a"))
        layout.keep_with_next = leads or block.form in ("annexes", "annex")
        if block.form == "annexes":
            layout.space_before = Pt(line)
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


def _tabulate(page: Document, block: Block) -> None:
    """Write a table: its heads repeated on every page, words left and figures centred."""
    from docx.enum.table import WD_TABLE_ALIGNMENT  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    table = page.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    text_width = PAPER_MM[0] - _MARGINS["left"] - _MARGINS["right"]
    first = text_width * _FIRST_COLUMN
    widths = [first, *[(text_width - first) / max(len(table.columns) - 1, 1)] * len(table.columns)]
    for at, (row, said) in enumerate(zip(table.rows, block.rows, strict=True)):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for across, (cell, word) in enumerate(zip(row.cells, said, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(word)
            set_fonts(run._r.get_or_add_rPr(), "body" if at else "chapter")  # noqa: SLF001
            run.font.size = Pt(_TABLE_PT)
            paragraph.paragraph_format.line_spacing = Pt(_TABLE_LINE_PT)
            cell.width = table.columns[across].width = Mm(widths[across])
            left = bool(at) and across == 0
            where = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
            paragraph.alignment = where


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


def _mark_pages(page: Document, mark: str) -> None:
    """Say over every page which edition this is."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    first = page.sections[0]
    for header in (first.header, first.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _foot(paragraph, mark, is_field=False)


def _foot(paragraph: Paragraph, said: str, *, is_field: bool) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    run = paragraph.add_run("" if is_field else said)
    set_fonts(run._r.get_or_add_rPr(), "foot")  # noqa: SLF001
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


def _set_properties(page: Document, date: str, *, title: str) -> None:
    try:
        day = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        day = _EPOCH
    known = page.core_properties
    known.author = known.last_modified_by = "parkmap"
    known.title, known.comments, known.revision = title, text("terms.notice.disclaimer"), 1
    known.language = "zh-CN" if messages.language() == "zh" else "en"
    known.created = known.modified = day
    _replace_template_facts(page)


def _replace_template_facts(page: Document) -> None:
    """Name the program that wrote the file; the template's names another and shows a blank page."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.opc.packuri import PackURI  # noqa: PLC0415
    from docx.opc.part import Part  # noqa: PLC0415

    package = page.part.package
    stale = (RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL)
    for key, each in list(package.rels.items()):
        if each.reltype in stale:
            package.rels.pop(key)
    made = Part(PackURI("/docProps/app.xml"), _APP_TYPE, _APP, package)
    package.relate_to(made, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)


def _save(page: Document, draft: Path) -> None:
    content = io.BytesIO()
    page.save(content)
    draft.write_bytes(content.getvalue())
    rewrite_zip(draft)
