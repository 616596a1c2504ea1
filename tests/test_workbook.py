"""The workbook report: a copy with marks, live formulas, nothing of the source lost, the input untouched."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import openpyxl.chart
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from budgetaudit.model import Audit
from budgetaudit.pipeline import audit
from budgetaudit.reports import View, write
from tests.sample_audit import says

TABLE = "구분,계,국비,시비\n합계,46,15,20\n도로,30,10,20\n하천,5,5,0\n"


def drawn(result: Audit, **view: object) -> bytes:
    out = io.BytesIO()
    write("xlsx", result, out, View(**view))
    return out.getvalue()


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A workbook with merges, formats, a comment, a formula, a quote in its sheet's name and a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "총괄 '24"
    rows = [("구분", "사업비 (단위: 원)", None, None), (None, "계", "국비", "시비"), ("합계", 46, 15, 20), ("도로", 30, 10, 20)]
    for row in [*rows, ("하천", 5, 5, 0)]:
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:D1")
    sheet["B3"].number_format = '#,##0"원"'
    sheet["B3"].font = Font(bold=True)
    sheet["B3"].comment = Comment("원래 메모", "가")
    second = book.create_sheet("메모")
    second["A1"] = "=1+1"
    path = tmp_path / "예산.xlsx"
    book.save(path)
    return path


def test_the_copy_keeps_what_the_source_has(source: Path) -> None:
    before = source.read_bytes()
    copy, original = opened(drawn(audit([source]))), openpyxl.load_workbook(source)
    assert source.read_bytes() == before
    for sheet in original:
        twin = copy[sheet.title]
        assert {str(merged) for merged in twin.merged_cells.ranges} == {str(merged) for merged in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                other = twin[cell.coordinate]
                assert (other.value, other.number_format, other.font.b) == (cell.value, cell.number_format, cell.font.b)


def test_the_wrong_cell_is_coloured_and_commented(source: Path) -> None:
    cell = opened(drawn(audit([source])))["총괄 '24"]["B3"]
    assert cell.fill.fgColor.rgb.endswith("F8B4B4")
    assert cell.comment.text.startswith("원래 메모\n\nF1 ")
    assert "expected: 35 원" in cell.comment.text


def test_findings_are_live(source: Path) -> None:
    sheet = opened(drawn(audit([source]))).worksheets[0]
    row = next(row for row in sheet.iter_rows(min_row=4, values_only=True) if row[2] == "funding-sources")
    assert row[3] == "=HYPERLINK(\"#'총괄 ''24'!B3\",\"총괄 '24!B3\")"
    assert row[4:7] == ("='총괄 ''24'!B3", "=SUM('총괄 ''24'!C3,'총괄 ''24'!D3)", "=E4-F4")


def test_other_formats_get_their_tables_as_sheets(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "a.md"]
    paths[0].write_text(TABLE, encoding="utf-8")
    paths[1].write_text("\n".join(f"| {line.replace(',', ' | ')} |" for line in TABLE.splitlines()), encoding="utf-8")
    book = opened(drawn(audit(paths)))
    assert book.sheetnames == ["Findings", "Summary", "a.csv", "a.md"]
    grid = [[cell.value for cell in row] for row in book["a.csv"].iter_rows(min_row=2)]
    assert grid[:2] == [["구분", "계", "국비", "시비"], ["합계", 46, 15, 20]]
    assert book["a.csv"]["B3"].comment is not None
    places = {row[3] for row in book["Findings"].iter_rows(min_row=4, values_only=True)}
    assert {place.split("'")[1] for place in places} == {"a.csv", "a.md"}


def test_a_text_is_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "=1+1.csv"
    path.write_text(TABLE.replace("도로", "=HYPERLINK(1)"), encoding="utf-8")
    result = audit([path])
    hostile = replace(result.findings[0], message=says("=cmd|' /C calc'!A0"), rule="=1+1", places=())
    book = opened(drawn(replace(result, findings=(hostile, *result.findings)), evidence=True))
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas != []
    assert [formula for formula in formulas if not formula.startswith(("=HYPERLINK(\"#'", "=SUM('", "='", "=E"))] == []


def test_a_workbook_that_changed_since_is_not_marked(source: Path) -> None:
    result = audit([source])
    book = openpyxl.load_workbook(source)
    book["메모"]["A2"] = "later"
    book.save(source)
    assert opened(drawn(result)).sheetnames == ["Findings", "Summary", source.name]


def test_the_same_input_gives_the_same_bytes(source: Path) -> None:
    hashes = {hashlib.sha256(drawn(audit([source]), evidence=True)).hexdigest() for _ in range(2)}
    assert len(hashes) == 1


def test_no_finding_is_lost(sample: Audit) -> None:
    sheet = opened(drawn(sample)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=4, values_only=True)] == [finding.id for finding in sample.findings]


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice")
def test_libreoffice_opens_it_and_computes_its_formulas(source: Path, tmp_path: Path) -> None:
    assert OFFICE is not None
    marked = tmp_path / "marked.xlsx"
    marked.write_bytes(drawn(audit([source])))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out", marked]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    book = openpyxl.load_workbook(tmp_path / "out" / "marked.xlsx", data_only=True)
    row = next(row for row in book.worksheets[0].iter_rows(min_row=4, values_only=True) if row[2] == "funding-sources")
    assert row[3:7] == ("총괄 '24!B3", 46, 35, 11)
    assert {str(merged) for merged in book["총괄 '24"].merged_cells.ranges} == {"A1:A2", "B1:D1"}


def test_what_a_copy_cannot_hold_is_said(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book.active, min_col=2, min_row=2, max_row=5))
    book.active.add_chart(chart, "F2")
    book.save(source)
    with zipfile.ZipFile(source) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    shape = b"<xdr:sp macro=''/></xdr:twoCellAnchor><xdr:twoCellAnchor>"
    (drawing,) = [name for name in parts if name.startswith("xl/drawings/drawing")]
    parts[drawing] = (
        parts[drawing]
        .replace(b"</xdr:wsDr>", b"<!--" + shape + b"--></xdr:wsDr>")
        .replace(b"</wsDr>", b"<!--" + shape + b"--></wsDr>")
    )
    with zipfile.ZipFile(source, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    copy = opened(drawn(audit([source])))
    assert len(copy.worksheets[2]._charts) == 1
    said = [cell.value for row in copy.worksheets[1] for cell in row]
    assert said[said.index("Not in this copy") + 1] == "1 shape(s)"
