"""The review memorandum as a DOCX document, A4, ready to be filed or edited."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, BinaryIO

from budgetaudit import __version__
from budgetaudit.model import Audit
from budgetaudit.reports import View
from budgetaudit.reports.memo import Grid, Heading, blocks

FONT = "맑은 고딕"
EDGE, WIDTH = 15, 180  # millimetres of A4
TITLE, BODY, SMALL, BETWEEN = 18, 10.5, 8.5, 2  # points


def write(audit: Audit, out: BinaryIO, view: View) -> None:
    """Write the memorandum."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(EDGE)
    for name in ("Normal", "Title", "Heading 1"):
        _font(document.styles[name])
    document.styles["Normal"].font.size = Pt(BODY)
    _unspaced(document.styles["Normal"])
    for block in blocks(audit, view.lang):
        if isinstance(block, Heading):
            made = document.add_heading(block.text, block.level)
            if block.level == 0:
                made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif isinstance(block, Grid):
            _table(document, block)
        else:
            document.add_paragraph(block.text).paragraph_format.space_after = Pt(BETWEEN)
    document.core_properties.author = f"budgetaudit {__version__}"
    document.core_properties.title = next(block.text for block in blocks(audit, view.lang) if isinstance(block, Heading))
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - always the same
    buffer = io.BytesIO()
    document.save(buffer)
    out.write(buffer.getvalue())


def _font(style: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    style.font.name = FONT
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FONT)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _unspaced(style: Any) -> None:
    """No gap between Hangul and the digits beside it: 2단계 stays 2단계."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        made = OxmlElement(name)
        made.set(qn("w:val"), "0")
        properties.append(made)


def _table(document: Any, block: Grid) -> None:
    from docx.shared import Mm, Pt

    table = document.add_table(rows=0, cols=len(block.widths), style="Table Grid")
    table.autofit = False
    total = sum(block.widths)
    for column, share in zip(table.columns, block.widths, strict=True):
        column.width = Mm(WIDTH * share / total)
    for number, row in enumerate(block.rows):
        made = table.add_row()
        for column, (cell, text) in enumerate(zip(made.cells, row, strict=True)):
            cell.width = Mm(WIDTH * block.widths[column] / total)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(BETWEEN)
            run = paragraph.add_run(text)
            run.font.size = Pt(SMALL)
            run.bold = (column % 2 == 0) if block.label else number == 0
        if number == 0 and not block.label:
            _repeat(made)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _repeat(row: Any) -> None:
    """The header of a table is printed again on every page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
