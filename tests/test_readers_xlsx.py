"""XLSX: what is shown and what is stored, merges, regions, formulas, hidden parts, hostile sheets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from budgetaudit.messages import say
from budgetaudit.model import Cell, Document, Grid, Paragraph, ReadError
from budgetaudit.readers import from_xlsx
from budgetaudit.readers.number_formats import shown, shown_text, stored
from tests.workbooks import rows, workbook


def read(data: bytes) -> Document:
    return from_xlsx.read(Path("a.xlsx"), data)


def grid(data: bytes) -> Grid:
    (only,) = read(data).grids()
    return only


def said(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks if isinstance(block, Paragraph)]


def named(found: Grid) -> dict[str | None, Cell]:
    return {cell.name: cell for cell in found.cells}


def test_cells_show_texts_and_store_numbers():
    sheet = rows(["구분", "금액"], ["국비", '<c s="1"><v>1234567.5</v></c>'], ["시비", "<c><v>0.30000000000000004</v></c>"])
    found = grid(workbook(sheet, formats=("#,##0",)))
    cells = named(found)
    assert (found.rows, found.columns, found.spans, found.sheet) == (3, 2, False, "시트1")
    assert (cells["B2"].text, cells["B2"].value) == ("1,234,568", Decimal("1234567.5"))
    assert (cells["B3"].text, cells["B3"].value) == ("0.3", Decimal("0.3"))
    assert (cells["A2"].text, cells["A2"].value) == ("국비", None)


def test_shared_strings_join_runs_and_leave_out_phonetic_guides():
    strings = ("<r><t>세입</t></r><r><t xml:space='preserve'> 총괄</t></r><rPh><t>seip</t></rPh>", "<t>가_x000A_나</t>")
    found = grid(workbook(rows(['<c t="s"><v>0</v></c>', "금액"], ['<c t="s"><v>1</v></c>', 3]), strings=strings))
    assert [cell.text for cell in found.cells] == ["세입 총괄", "금액", "가\n나", "3"]


def test_merges_are_spans_and_covered_cells_vanish():
    sheet = rows(["구분", "사업비", "숨은 값"], [None, "국비", "시비"], ["계", 3, 4])
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>'
    found = grid(workbook(sheet + merged))
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in found.cells if (cell.row_span, cell.column_span) != (1, 1)}
    assert (found.spans, spans) == (True, {"구분": (2, 1), "사업비": (1, 2)})
    assert "숨은 값" not in [cell.text for cell in found.cells]


def test_a_merge_over_the_whole_sheet_and_a_far_cell_cost_nothing():
    sheet = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>제목</t></is></c></row>'
    sheet += '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row>'
    sheet += '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row></sheetData>'
    data = workbook(sheet + '<mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="C5:XFD1048575"/></mergeCells>')
    assert [(found.rows, found.columns) for found in read(data).grids()] == [(1, 2), (1, 1)]
    assert said(data) == ["제목"]


def test_one_sheet_may_hold_several_tables():
    sheet = rows(
        ["세입 총괄"], ["(단위: 천원)"], ["과목", "2024", "2025"], ["지방세", 1, 2], [],
        ["세출 총괄"], ["과목", "예산", "결산"], ["인건비", 3, 4], ["※ 결산 기준"],
    )  # fmt: skip
    data = workbook(sheet + '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A6:C6"/></mergeCells>')
    assert said(data) == ["세입 총괄", "(단위: 천원)", "세출 총괄", "※ 결산 기준"]
    assert [next(cell.name for cell in found.cells) for found in read(data).grids()] == ["A3", "A7"]


def test_a_title_with_its_date_beside_it_is_no_header():
    data = workbook(rows(["재원현황", None, None, "2021. 12. 31. 기준"], ["구분", "계", "국비", "시비"], ["계", 3, 1, 2]))
    assert said(data) == ["재원현황", "2021. 12. 31. 기준"]
    assert grid(data).cells[0].name == "A2"


def test_charts_and_macro_sheets_hold_no_tables():
    data = workbook(rows(["가", 1]), "<chart/>", kinds=("worksheet", "chartsheet"))
    assert [found.sheet for found in read(data).grids()] == ["시트1"]


def test_tables_side_by_side_are_two():
    line = ["과목", "금액", None, None, "과목", "금액"]
    data = workbook(rows(["세입", None, None, None, "세출"], line, ["지방세", 10, None, None, "인건비", 7]))
    assert [[cell.text for cell in found.cells] for found in read(data).grids()] == [
        ["과목", "금액", "지방세", "10"],
        ["과목", "금액", "인건비", "7"],
    ]
    assert said(data) == ["세입", "세출"]


def test_a_formula_gives_its_cached_value():
    found = grid(workbook(rows(["계", "<c><f>SUM(B2:B3)</f><v>30</v></c>"], ["국비", 10], ["시비", 20])))
    assert named(found)["B1"].value == Decimal(30)


def test_an_uncached_formula_is_a_problem_and_not_a_blank():
    data = workbook(rows(["계", "<c><f>SUM(B2:B3)</f></c>"], ["국비", 10], ["시비", '<c t="str"><f>""</f><v></v></c>']))
    document = read(data)
    (problem,) = document.problems
    assert (problem.level, problem.place.sheet, problem.place.cell) == ("unread", "시트1", "B1")
    assert "Excel" in say(problem.message)
    cell = named(next(document.grids()))["B1"]
    assert (cell.text, cell.value) == ("=SUM(B2:B3)", None)


def test_many_uncached_formulas_are_summed_up():
    problems = read(workbook(rows(*(["계", "<c><f>A1</f></c>"] for _ in range(50))))).problems
    assert len(problems) == 21
    assert "30" in say(problems[-1].message)


def test_error_values_are_said():
    document = read(workbook(rows(["계", '<c t="e"><v>#REF!</v></c>'], ["참", '<c t="b"><v>1</v></c>'])))
    assert [(p.level, p.place.cell) for p in document.problems] == [("notice", "B1")]
    cells = named(next(document.grids()))
    assert [(cells[name].text, cells[name].value) for name in ("B1", "B2")] == [("#REF!", None), ("TRUE", None)]


def test_dates_are_texts():
    found = grid(workbook(rows(["일자", '<c s="1"><v>45292</v></c>'], ["금액", 45292]), formats=('yyyy"년" m"월" d"일"',)))
    cells = named(found)
    assert (cells["B1"].text, cells["B1"].value) == ("2024년 1월 1일", None)
    assert cells["B2"].value == Decimal(45292)


def test_dates_may_count_from_1904():
    data = workbook(rows(["일자", '<c s="1"><v>43830</v></c>']), formats=("yyyy-mm-dd",), properties='<workbookPr date1904="1"/>')
    assert named(grid(data))["B1"].text == "2024-01-01"


def test_hidden_parts_are_read_marked_and_said():
    hidden = '<cols><col min="2" max="2" hidden="1"/></cols>' + rows(["가", 1, 2], ["나", 3, 4]).replace(
        'r="2"', 'r="2" hidden="1"', 1
    )
    document = read(workbook(hidden, rows(["다", 5]), rows(["라", 6]), states=("visible", "hidden", "veryHidden")))
    codes = [(p.place.sheet, p.message.code, p.level) for p in document.problems]
    assert codes == [
        ("시트1", "read-hidden-rows", "notice"),
        ("시트1", "read-hidden-columns", "notice"),
        ("시트2", "read-hidden-sheet", "notice"),
        ("시트3", "read-hidden-sheet", "notice"),
    ]
    flags = {cell.name: cell.hidden for found in document.grids() for cell in found.cells if found.sheet == "시트1"}
    assert flags == {"A1": False, "B1": True, "C1": False, "A2": True, "B2": True, "C2": True}
    assert all(cell.hidden for found in document.grids() if found.sheet != "시트1" for cell in found.cells)


def test_indentation_comes_from_alignment_and_from_blanks():
    data = workbook(rows(["과목", "금액"], ['<c s="1" t="inlineStr"><is><t>인건비</t></is></c>', 1], ["   기본급", 1]))
    assert [cell.indent for cell in grid(data).cells if cell.column == 0] == [0, 4, 3]


def test_one_broken_sheet_leaves_the_others():
    document = read(workbook(rows(["가", 1]), "<sheetData><row", rows(["나", 2])))
    assert [(p.level, p.place.sheet) for p in document.problems] == [("unread", "시트2")]
    assert [found.sheet for found in document.grids()] == ["시트1", "시트3"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (workbook("<sheetData><row"), "read-broken"),
        (workbook(rows(['<c t="s"><v>7</v></c>'])), "read-broken"),
        (workbook(rows(["가", 1]), extra={"xl/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "read-dtd"),
        (workbook(rows(["가", 1]), extra={"xl/sharedStrings.xml": b"<sst>" + b" " * (64 << 20) + b"</sst>"}), "read-too-large"),
        (workbook(rows(["가", 1]))[:300], "read-broken"),
    ],
    ids=["broken xml", "string that is not there", "document type", "bomb", "truncated"],
)
def test_bad_workbooks_are_refused(data: bytes, code: str):
    with pytest.raises(ReadError) as error:
        read(data)
    assert error.value.message.code == code


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("1234567.5", "#,##0", "1,234,568"),
        ("-1234.5", "#,##0;△#,##0", "△1,235"),
        ("-1234.5", "#,##0_);(#,##0)", "(1,235)"),
        ("-1234", '[<0]"△"#,##0;#,##0', "△1,234"),
        ("0", '_-* #,##0_-;\\-* #,##0_-;_-* "-"_-;_-@_-', "-"),
        ("-7", '_-* #,##0_-;\\-* #,##0_-;_-* "-"_-;_-@_-', "-7"),
        ("1234567890", "#,##0,,", "1,235"),
        ("1234567890", '#,##0,,"백만원"', "1,235백만원"),
        ("1500000", '[>=1000000]#,##0,,"M";#,##0', "2M"),
        ("-500", '[>=1000000]#,##0,,"M";#,##0', "-500"),
        ("0.1564", "0.0%", "15.6%"),
        ("5", "000", "005"),
        ("0", "#,###", ""),
        ("3", ";;;", ""),
        ("-0.2", "#,##0", "0"),
        ("1234", "[$₩-412]#,##0", "₩1,234"),
        ("12", 'General"명"', "12명"),
        ("12", "G/표준", "12"),
        ("1021234567", "000-0000-0000", "010-2123-4567"),
        ("12345.678", "0.00E+00", "1.23E+04"),
        ("0.5", "# ?/?", "0.5"),
        ("45292.75", "yyyy-mm-dd h:mm", "2024-01-01 18:00"),
        ("45292.75", "h:mm AM/PM", "6:00 PM"),
        ("1.5", "[h]:mm", "36:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("45292", "[$-412]aaaa", "월요일"),
        ("3000000", "yyyy-mm-dd", "3000000"),
    ],
)
def test_number_formats(value: str, code: str, expected: str):
    assert shown(Decimal(value), code) == expected


def test_text_sections():
    assert shown_text("가", '"계: "@') == "계: 가"
    assert shown_text("가", '#,##0;-#,##0;0;"["@"]"') == "[가]"
    assert shown_text("가", "#,##0") == "가"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("519857373140", "519857373140"),
        ("0.15639999999999998", "0.1564"),
        ("1E+3", "1000"),
        ("-0", "0"),
        ("nan", None),
        ("1e999", None),
    ],
)
def test_stored_numbers(text: str, expected: str | None):
    assert stored(text) == (None if expected is None else Decimal(expected))
