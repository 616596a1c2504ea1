"""The review memorandum: what an officer files, as DOCX and HWPX."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from lxml import etree

from budgetaudit import __version__
from budgetaudit.messages import LANGUAGES, say
from budgetaudit.model import Audit
from budgetaudit.readers import read
from budgetaudit.reports import View, write


def memo(form: str, audit: Audit, lang: str = "ko") -> bytes:
    out = io.BytesIO()
    write(form, audit, out, View(lang=lang))
    return out.getvalue()


def rows(form: str, data: bytes, tmp_path: Path) -> list[list[list[str]]]:
    """The tables of a memorandum, read by a library of others or by our reader."""
    if form == "docx":
        document = docx.Document(io.BytesIO(data))
        return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    path = tmp_path / "memo.hwpx"
    path.write_bytes(data)
    grids = read(path).grids()
    return [[[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)] for grid in grids]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["docx", "hwpx"])
def test_everything_an_officer_files_is_in_it(form: str, lang: str, sample: Audit, tmp_path: Path) -> None:
    about, findings, *rest = rows(form, memo(form, sample, lang), tmp_path)
    told = {row[0]: row[1] for row in about}
    assert told[say("memo.date", lang)] == date.today().isoformat()  # noqa: DTZ011
    assert told[say("memo.tool", lang)] == f"budgetaudit {__version__}"
    head, *body = findings
    assert head[-1] == say("memo.opinion", lang)
    assert [row[0].split()[0] for row in body] == ["F1", "F3", "F4"]  # neither what follows nor what is waived
    assert {row[-1] for row in body} == {""}
    assert "77,360" in body[0][2]
    assert body[0][3].split() == [*say("head.against", lang).split(), "77,060"]
    assert rest[-1][0][0] == say("review.author", lang)


def test_hangul_parts_are_whole(sample: Audit) -> None:
    with zipfile.ZipFile(io.BytesIO(memo("hwpx", sample))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "mimetype"
        assert archive.read("mimetype") == b"application/hwp+zip"
        roots = {name: etree.fromstring(archive.read(name)) for name in names if name.endswith((".xml", ".hpf"))}
    section, header = roots["Contents/section0.xml"], roots["Contents/header.xml"]
    for kind, attribute in (("charPr", "charPrIDRef"), ("paraPr", "paraPrIDRef"), ("borderFill", "borderFillIDRef")):
        known = set(header.xpath(f"//*[local-name() = '{kind}']/@id"))
        assert set(section.xpath(f"//@{attribute}")) <= known
    for name in ("rowCnt", "colCnt"):
        assert all(int(count) > 0 for count in section.xpath(f"//@{name}"))


@pytest.mark.parametrize("form", ["docx", "hwpx"])
def test_nothing_found_is_said(form: str, tmp_path: Path) -> None:
    assert len(rows(form, memo(form, Audit((), (), (), ())), tmp_path)) == 2


def test_a_memo_is_always_the_same(sample: Audit) -> None:
    assert memo("hwpx", sample) == memo("hwpx", sample)
