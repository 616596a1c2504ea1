"""The review memorandum as an HWPX document (OWPML, KS X 6101), A4, to be opened and edited in Hangul."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from typing import BinaryIO
from xml.sax.saxutils import escape

from budgetaudit.messages import say
from budgetaudit.model import Audit
from budgetaudit.reports import View
from budgetaudit.reports.memo import Grid, Heading, blocks
from budgetaudit.reports.wording import clean

WIDTH = 48_189  # hundredths of a point between the margins of A4
LINE = 1_600  # of a row, as a start: Hangul makes it as high as its text
TITLE, HEADING, BODY, STRONG, SMALL = range(5)  # character properties of header.xml
LEFT, CENTER = 0, 1  # paragraph properties
PARTS = (
    *("version.xml", "META-INF/container.xml", "META-INF/manifest.xml"),
    *("Contents/content.hpf", "Contents/header.xml", "settings.xml"),
)
EPOCH = (2000, 1, 1, 0, 0, 0)
NAMESPACES = (
    'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" '
    'xmlns:hc="http://www.hancom.co.kr/hwpml/2011/core" xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head"'
)


def write(audit: Audit, out: BinaryIO, view: View) -> None:
    """Write the memorandum."""
    folder = files("budgetaudit.reports").joinpath("templates", "hwpx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "mimetype", "application/hwp+zip", zipfile.ZIP_STORED)
        for name in PARTS:
            text = folder.joinpath(name.replace("/", "_")).read_text(encoding="utf-8")
            _put(archive, name, text.replace("{title}", escape(say("memo.title", view.lang))))
        _put(archive, "Contents/section0.xml", _section(audit, view.lang))
        printed = "\n".join(block.text for block in blocks(audit, view.lang) if not isinstance(block, Grid))
        _put(archive, "Preview/PrvText.txt", printed[:1_000])
    out.write(buffer.getvalue())


def _put(archive: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode("utf-8"), method)


def _section(audit: Audit, lang: str) -> str:
    shape = files("budgetaudit.reports").joinpath("templates", "hwpx", "page.xml").read_text(encoding="utf-8")
    paragraphs = list(_paragraphs(audit, lang))
    first = paragraphs[0].replace("<hp:run ", f'<hp:run charPrIDRef="{BODY}">{shape}</hp:run><hp:run ', 1)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'
    return f"{head}<hs:sec {NAMESPACES}>{first}{''.join(paragraphs[1:])}</hs:sec>"


def _paragraphs(audit: Audit, lang: str) -> Iterator[str]:
    for number, block in enumerate(blocks(audit, lang), 1):
        if isinstance(block, Heading):
            yield _paragraph(block.text, HEADING if block.level else TITLE, LEFT if block.level else CENTER)
        elif isinstance(block, Grid):
            yield f'{_opened(LEFT)}<hp:run charPrIDRef="{BODY}">{_table(block, number)}<hp:t/></hp:run></hp:p>'
            yield _paragraph("", BODY)
        else:
            yield _paragraph(block.text, BODY)


def _opened(shape: int) -> str:
    return f'<hp:p id="0" paraPrIDRef="{shape}" styleIDRef="0" pageBreak="0" columnBreak="0" merged="0">'


def _paragraph(text: str, letters: int, shape: int = LEFT) -> str:
    return f'{_opened(shape)}<hp:run charPrIDRef="{letters}"><hp:t>{escape(clean(text))}</hp:t></hp:run></hp:p>'


def _table(block: Grid, number: int) -> str:
    rows, columns = len(block.rows), len(block.widths)
    total = sum(block.widths)
    widths = [WIDTH * share // total for share in block.widths]
    body = ""
    for at, row in enumerate(block.rows):
        cells = ""
        for column, text in enumerate(row):
            strong = (column % 2 == 0) if block.label else at == 0
            inner = "".join(_paragraph(line, STRONG if strong else SMALL) for line in text.split("\n"))
            header = int(at == 0 and not block.label)
            cells += (
                f'<hp:tc name="" header="{header}" hasMargin="0" protect="0" editable="0" dirty="0" '
                f'borderFillIDRef="{2 + strong}">'
                '<hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="CENTER" linkListIDRef="0" '
                f'linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0" hasNumRef="0">{inner}</hp:subList>'
                f'<hp:cellAddr colAddr="{column}" rowAddr="{at}"/><hp:cellSpan colSpan="1" rowSpan="1"/>'
                f'<hp:cellSz width="{widths[column]}" height="{LINE}"/>'
                '<hp:cellMargin left="510" right="510" top="141" bottom="141"/></hp:tc>'
            )
        body += f"<hp:tr>{cells}</hp:tr>"
    return (
        f'<hp:tbl id="{number}" zOrder="{number}" numberingType="TABLE" textWrap="TOP_AND_BOTTOM" textFlow="BOTH_SIDES" lock="0" '
        f'dropcapstyle="None" pageBreak="CELL" repeatHeader="1" rowCnt="{rows}" colCnt="{columns}" cellSpacing="0" '
        f'borderFillIDRef="2" noAdjust="0"><hp:sz width="{sum(widths)}" widthRelTo="ABSOLUTE" height="{LINE * rows}" '
        'heightRelTo="ABSOLUTE" protect="0"/><hp:pos treatAsChar="0" affectLSpacing="0" flowWithText="1" allowOverlap="0" '
        'holdAnchorAndSO="0" vertRelTo="PARA" horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
        '<hp:outMargin left="0" right="0" top="283" bottom="283"/><hp:inMargin left="510" right="510" top="141" bottom="141"/>'
        f"{body}</hp:tbl>"
    )
