"""The review memorandum as an HWPX document (OWPML, KS X 6101), A4, to be opened and edited in Hangul."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from typing import BinaryIO
from xml.sax.saxutils import escape

from budgetaudit.messages import say
from budgetaudit.model import Audit
from budgetaudit.reports import View
from budgetaudit.reports.markup import Html
from budgetaudit.reports.memo import Grid, blocks
from budgetaudit.reports.review import templates

WIDTH = 48_189  # hundredths of a point between the margins of A4
LINE = 1_600  # of a row, as a start: Hangul makes it as high as its text
LETTERS = {name: at for at, name in enumerate(("TITLE", "HEADING", "BODY", "STRONG", "SMALL"))}  # styles of header.xml
PARTS = (
    *("version.xml", "META-INF/container.xml", "META-INF/manifest.xml"),
    *("Contents/content.hpf", "Contents/header.xml", "settings.xml"),
)
EPOCH = (2000, 1, 1, 0, 0, 0)


def write(audit: Audit, out: BinaryIO, view: View) -> None:
    """Write the memorandum."""
    folder = files("budgetaudit.reports").joinpath("templates", "hwpx")
    content = list(blocks(audit, view.lang))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "mimetype", "application/hwp+zip", zipfile.ZIP_STORED)
        for name in PARTS:
            text = folder.joinpath(name.replace("/", "_")).read_text(encoding="utf-8")
            _put(archive, name, text.replace("{title}", escape(say("memo.title", view.lang))))
        section = templates(view.lang).get_template("hwpx/section.xml.j2")
        page = Html(folder.joinpath("page.xml").read_text(encoding="utf-8"))
        _put(
            archive,
            "Contents/section0.xml",
            section.render(LETTERS, LINE=LINE, blocks=content, page=page, width=_width, whole=_whole),
        )
        printed = "\n".join(block.text for block in content if not isinstance(block, Grid))
        _put(archive, "Preview/PrvText.txt", printed[:1_000])
    out.write(buffer.getvalue())


def _put(archive: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode("utf-8"), method)


def _width(block: Grid, column: int) -> int:
    return WIDTH * block.widths[column] // sum(block.widths)


def _whole(block: Grid) -> int:
    return sum(_width(block, column) for column in range(len(block.widths)))
