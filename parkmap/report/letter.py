"""The report as a Word file.

What is said is made in :mod:`parkmap.report.essay`, how it looks in :mod:`parkmap.report.official`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parkmap import escape
from parkmap.messages import text
from parkmap.report.blocks import Block, printed
from parkmap.report.essay import essay, methods
from parkmap.report.official import (
    PAPER_MM,
    SIDE_MARGIN_MM,
    new_paper,
    save_paper,
    say,
    set_paper,
)

if TYPE_CHECKING:
    import os

    from docx.document import Document

    from parkmap.schema import Analysis


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
        The overview map, a PNG, for an annex; none if not given.
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
    page = new_paper()
    blocks = printed(essay(analysis), map(str, analysis.parks["name"]))
    for block in blocks:
        say(page, block)
    if picture is not None:
        _add_picture(page, picture)
    _add_methods(page, analysis)
    mark = text("terms.notice.public_mark") if analysis.is_public else ""
    title, date = blocks[0].said.replace("\n", ""), analysis.date
    save_paper(page, path, title=title, date=date, mark=mark, overwrite=overwrite)


def _add_picture(page: Document, picture: str | os.PathLike[str]) -> None:
    from docx.enum.section import WD_SECTION  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    set_paper(page.add_section(WD_SECTION.NEW_PAGE), across=True)
    heading = text("letter.annex.picture", number=1, name=text("letter.annex.map"))
    say(page, Block("chapter", heading)).paragraph_format.first_line_indent = 0
    holder = page.add_paragraph()
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    height = PAPER_MM[0] - 2 * SIDE_MARGIN_MM - 14
    shape = holder.add_run().add_picture(str(picture), height=Mm(height))
    widest = Mm(PAPER_MM[1] - 2 * SIDE_MARGIN_MM)
    if shape.width > widest:
        shape.height, shape.width = round(shape.height * widest / shape.width), widest
    shape._inline.docPr.set("descr", heading)  # noqa: SLF001 (read aloud to the blind)
    set_paper(page.add_section(WD_SECTION.NEW_PAGE), across=False)


def _add_methods(page: Document, analysis: Analysis) -> None:
    heading = text("letter.annex.picture", number=4, name=text("letter.annex.methods"))
    say(page, Block("chapter", heading)).paragraph_format.first_line_indent = 0
    told = [Block("body", escape.terminal(said)) for said in methods(analysis)]
    for block in printed(told, ()):
        say(page, block)
