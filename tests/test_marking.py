"""Marked copies: the findings stand at their figures, and what is printed stays as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import html
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from budgetaudit.model import Paragraph
from budgetaudit.readers import read
from tests.conftest import Run
from tests.office_files import hp, hp_cell, hp_table, hwpx, pdf, ruled, say, say_right

ROWS = (
    ("Department", "Total", "Federal", "City"),
    ("Roads", "450", "200", "250"),
    ("Parks", "750", "400", "350"),
    ("Total", "1,225", "600", "600"),
)
HEADER = (
    '<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head"><hh:refList><hh:charProperties itemCnt="1">'
    '<hh:charPr id="0" height="1000" textColor="#000000" shadeColor="none"/></hh:charProperties></hh:refList></hh:head>'
)


def word_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("Budget 2025 (unit: million won)")
    table = document.add_table(rows=0, cols=4)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def hangul_document() -> bytes:
    cells = [[hp_cell(at, column, hp(text)) for column, text in enumerate(row)] for at, row in enumerate(ROWS)]
    return hwpx(hp("Budget 2025") + hp(hp_table(*cells)), **{"Contents/header.xml": HEADER})


def page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS)
    return f"<html><head><meta charset='utf-8'></head><body><p>Budget é</p><table>{rows}</table></body></html>".encode()


def paper() -> bytes:
    xs, ys = (50.0, 200, 300, 400, 500), (700.0, 680, 660, 640, 620)
    drawn = [ruled(xs, ys)]
    for at, row in enumerate(ROWS):
        drawn.append(say(xs[0] + 4, ys[at] - 14, row[0]))
        drawn += [say_right(xs[column + 1] - 4, ys[at] - 14, row[column]) for column in (1, 2, 3)]
    return pdf("".join(drawn))


def workbook() -> bytes:
    book = Workbook()
    for row in ROWS:
        book.active.append([int(text.replace(",", "")) if text[0].isdigit() else text for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MAKERS = {"docx": word_document, "hwpx": hangul_document, "html": page, "pdf": paper, "xlsx": workbook}


@pytest.fixture(params=MAKERS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"plan.{request.param}"
    path.write_bytes(MAKERS[request.param]())
    return path


def printed(path: Path) -> list[str]:
    """Everything that our reader finds printed, in order."""
    found = []
    for block in read(path).blocks:
        found += [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
    return found


def marked(path: Path) -> list[tuple[str, str]]:
    """The figures that a copy marks, as somebody else's library reads them, each with what is told of it."""
    match path.suffix:
        case ".docx":
            return [(str(note.author), note.text) for note in docx.Document(str(path)).comments]
        case ".pdf":
            notes = [annotation.get_object() for annotation in PdfReader(path).pages[0].get("/Annots", ())]
            return [(note["/Subtype"], note["/Contents"]) for note in notes if note["/Contents"]]
        case ".html":
            root = html.fromstring(path.read_bytes())
            return [(mark.text_content(), mark.get("title")) for mark in root.iter("mark") if mark.get("title")]
        case ".xlsx":
            book = load_workbook(path)
            cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
            return [(str(cell.value), cell.comment.text) for cell in cells if cell.comment]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "mimetype"
        return [("", text) for text in printed(path) if "F1" in text]


def test_findings_are_marked_and_told(made: Path, run: Callable[..., Run]) -> None:
    before = made.read_bytes()
    target = made.with_name(f"marked{made.suffix}")
    shown = run("check", made, "--rules", "generic", "--marked", target)
    assert (shown.code, made.read_bytes()) == (1, before), shown
    told = marked(target)
    assert [text for _, text in told if "F1" in text and "1,225" in text.replace("1225", "1,225")], told
    if made.suffix == ".html":
        assert told[0][0] == "1,225"


def test_what_is_printed_stays(made: Path, run: Callable[..., Run]) -> None:
    target = made.with_name(f"marked{made.suffix}")
    run("check", made, "--rules", "generic", "--marked", target)
    if made.suffix == ".xlsx":
        sheets = {sheet.title: list(sheet.values) for sheet in load_workbook(target).worksheets}
        assert list(load_workbook(made).worksheets[0].values) in sheets.values()
        return
    before, after = printed(made), printed(target)
    assert after[: len(before)] == before  # behind it there may be a list of the findings
    if made.suffix == ".pdf":
        one, other = ([page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)] for path in (made, target))
        assert one == other


def test_tick_marks_sign_what_is_proven(made: Path, run: Callable[..., Run]) -> None:
    target = made.with_name(f"marked{made.suffix}")
    run("check", made, "--rules", "generic", "--marked", target, "--tick-marks", "--lang", "ko")
    match made.suffix:
        case ".pdf":
            notes = [annotation.get_object() for annotation in PdfReader(target).pages[0]["/Annots"]]
            signs = [note["/Contents"] for note in notes if note["/Subtype"] == "/FreeText"]
            assert [note for note in notes if "세로 합계" in note["/Contents"]]
            assert {"F", "C"} <= set("".join(signs))
        case ".html":
            root = html.fromstring(target.read_bytes())
            assert {mark.getparent().text for mark in root.iter("sup")} >= {"450", "600"}
        case ".docx":
            assert "450C" in " ".join(printed(target)).replace(" ", "")
        case ".hwpx":
            assert "450Ⓒ" in " ".join(printed(target)).replace(" ", "")


def test_a_package_with_backslashes_in_its_paths_is_read_and_marked(tmp_path: Path, run: Callable[..., Run]) -> None:
    with zipfile.ZipFile(io.BytesIO(hangul_document())) as source, zipfile.ZipFile(tmp_path / "plan.hwpx", "w") as target:
        for name in source.namelist():
            target.writestr(name.replace("/", "\\"), source.read(name))
    shown = run("check", tmp_path / "plan.hwpx", "--rules", "generic", "--marked", tmp_path / "m.hwpx")
    assert shown.code == 1
    assert marked(tmp_path / "m.hwpx") != []


def test_tick_marks_need_a_copy_to_stand_in(made: Path, run: Callable[..., Run]) -> None:
    refused = run("check", made, "--tick-marks")
    assert (refused.code, "--marked" in refused.err) == (2, True)


def test_lines_with_tabs_are_marked(tmp_path: Path, run: Callable[..., Run]) -> None:
    document = docx.Document()
    for row in ROWS:
        document.add_paragraph("\t".join(row))
    document.save(str(tmp_path / "plan.docx"))
    shown = run("check", tmp_path / "plan.docx", "--rules", "generic", "--marked", tmp_path / "m.docx")
    copy = docx.Document(str(tmp_path / "m.docx"))
    shaded = [run.text for paragraph in copy.paragraphs for run in paragraph.runs if "F8B4B4" in run._r.xml]
    assert (shown.code, shaded, len(list(copy.comments))) == (1, ["1,225"], 1)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_on_its_side_is_marked_where_the_figure_stands(turned: int, tmp_path: Path, run: Callable[..., Run]) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper())))
    writer.pages[0].rotate(turned)
    writer.pages[0].cropbox = RectangleObject((30, 500, 560, 760))
    writer.write(tmp_path / "plan.pdf")
    run("check", tmp_path / "plan.pdf", "--rules", "generic", "--marked", tmp_path / "m.pdf")
    notes = [annotation.get_object() for annotation in PdfReader(tmp_path / "m.pdf").pages[0]["/Annots"]]
    text = pypdfium2.PdfDocument(tmp_path / "m.pdf")[0].get_textpage()
    told = [note for note in notes if note["/Subtype"] == "/Highlight" and note["/Contents"]]
    assert {text.get_text_bounded(*map(float, note["/Rect"])).strip() for note in told} == {"1,225"}


def test_a_sentence_is_marked(tmp_path: Path, run: Callable[..., Run]) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("○ 총사업비는 1,2")
    paragraph.add_run("00백만원(국비 600, 도비 300, 시비 400)이다.").bold = True
    document.save(str(tmp_path / "plan.docx"))
    run("check", tmp_path / "plan.docx", "--marked", tmp_path / "m.docx")
    copy = docx.Document(str(tmp_path / "m.docx"))
    assert copy.paragraphs[0].text == "○ 총사업비는 1,200백만원(국비 600, 도비 300, 시비 400)이다."
    assert len(list(copy.comments)) == 1
    shaded = [run.text for run in copy.paragraphs[0].runs if "w:shd" in run._r.xml]
    assert "".join(shaded) == "1,200백만원600300400"


def test_what_cannot_be_marked_says_so_and_gives_a_workbook(tmp_path: Path, run: Callable[..., Run]) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("\n".join(",".join(f'"{text}"' for text in row) for row in ROWS), encoding="utf-8")
    shown = run("check", path, "--rules", "generic", "--marked", tmp_path / "marked.csv")
    assert "cannot be marked in place" in shown.err
    assert marked(tmp_path / "marked.xlsx")
    assert not (tmp_path / "marked.csv").exists()


def test_copies_of_a_folder_and_refusals(tmp_path: Path, run: Callable[..., Run]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.docx").write_bytes(word_document())
    run("check", tmp_path / "a", tmp_path / "b", "--rules", "generic", "--marked", tmp_path / "copies")
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == ["plan-1.docx", "plan-2.docx"]
    own = tmp_path / "a" / "plan.docx"
    assert run("check", own, "--marked", own).code == 2
    assert own.read_bytes()[:2] == b"PK"
    assert run("check", own, "--marked", tmp_path / "copy.pdf").code == 2
