"""CSV and TSV: delimiters, quotes, encodings, stacked tables and the lines around them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from budgetaudit.model import Document, Grid, Paragraph
from budgetaudit.readers import from_csv


def read(source: str | bytes) -> Document:
    return from_csv.read(Path("a.csv"), source.encode() if isinstance(source, str) else source)


def tables(source: str | bytes) -> list[list[list[str]]]:
    return [shown(grid) for grid in read(source).grids()]


def said(source: str | bytes) -> list[str]:
    return [block.text for block in read(source).blocks if isinstance(block, Paragraph)]


def shown(grid: Grid) -> list[list[str]]:
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str):
    source = "\n".join(delimiter.join(row) for row in (["구분", "금액", "비율"], ["국비", "10", "50"], ["시비", "10", "50"]))
    assert tables(source) == [[["구분", "금액", "비율"], ["국비", "10", "50"], ["시비", "10", "50"]]]


def test_decimal_commas_and_grouping_do_not_hide_a_semicolon():
    assert tables("Posten;2024;2025\nA;1,5;2,5\nB;1,234,567;2,345,678\n")[0][2] == ["B", "1,234,567", "2,345,678"]


def test_quotes_hold_delimiters_newlines_and_quotes():
    source = '구분,금액\n"가,나","1,234"\n"첫째\n둘째 ""말""",5\n끝,6\n'
    (grid,) = read(source).grids()
    assert shown(grid) == [["구분", "금액"], ["가,나", "1,234"], ['첫째\n둘째 "말"', "5"], ["끝", "6"]]
    assert [cell.line for cell in grid.cells if cell.column == 0] == [1, 2, 3, 5]


def test_a_quote_never_closed_is_text_and_said():
    document = read('구분,금액\n"가,1\n나,2\n다,3\n')
    assert shown(next(document.grids()))[1:] == [['"가', "1"], ["나", "2"], ["다", "3"]]
    assert [(p.message.code, p.level, p.place.line) for p in document.problems] == [("read-csv-quote", "notice", 2)]


def test_a_stray_quote_does_not_swallow_rows():
    rows = [f'사업 {n},"1,{n:03d}",끝' for n in range(300)]
    rows[10] = '"사업 10,1010,끝'
    rows[250] = '사업 250,1250,"끝'
    document = read("이름,금액,비고\n" + "\n".join(rows))
    (grid,) = document.grids()
    assert (grid.rows, grid.columns) == (301, 3)
    assert [cell.text for cell in grid.cells if cell.row == 11] == ['"사업 10', "1010", "끝"]
    assert [cell.text for cell in grid.cells if cell.row == 12] == ["사업 11", "1,011", "끝"]
    assert [problem.place.line for problem in document.problems] == [12, 252]


def test_keys_stay_as_printed():
    assert tables(" 0101 , 1e5 ,(33)\nTRUE,2024-01-01,007\n1,2,3\n")[0][0] == ["0101", "1e5", "(33)"]


def test_leading_blanks_are_an_indentation():
    (grid,) = read("과목,금액\n인건비,10\n  기본급,10\n").grids()
    assert [(cell.text, cell.indent) for cell in grid.cells if cell.column == 0] == [("과목", 0), ("인건비", 0), ("기본급", 2)]


STACKED = """2026년 예산
(단위 : 백만원)
구분,2026년,2025년
합계,"580,000","562,000"
{gap}
재원현황,2021. 12. 31. 기준
(단위 : 천원)
구분,계,국비
계,100,70
※ 자료: 결산서
"""


@pytest.mark.parametrize("gap", ["", ",,", " , , "])
def test_stacked_tables_and_the_lines_around_them(gap: str):
    source = STACKED.format(gap=gap)
    assert tables(source) == [
        [["구분", "2026년", "2025년"], ["합계", "580,000", "562,000"]],
        [["구분", "계", "국비"], ["계", "100", "70"]],
    ]
    lines = ["2026년 예산", "(단위 : 백만원)", "재원현황", "2021. 12. 31. 기준", "(단위 : 천원)", "※ 자료: 결산서"]
    assert said(source) == lines


def test_padded_lines_are_lines_too():
    source = "2026년 예산,,\n부서: 예산과,,(단위 : 천원)\n구분,계,국비\n계,100,70\n※ 자료: 결산서,,\n"
    assert said(source) == ["2026년 예산", "부서: 예산과", "(단위 : 천원)", "※ 자료: 결산서"]
    assert tables(source) == [[["구분", "계", "국비"], ["계", "100", "70"]]]


def test_a_title_between_tables_without_a_blank_line():
    source = "구분,금액,비율\n국비,10,50\n성질별\n항목,예산,결산\n계,5,4\n"
    assert said(source) == ["성질별"]
    assert [table[0] for table in tables(source)] == [["구분", "금액", "비율"], ["항목", "예산", "결산"]]


def test_a_header_over_two_rows_keeps_its_upper_row():
    source = "구분,사업비,,\n,계,국비,도비\n계,3,1,2\n"
    assert tables(source)[0][0] == ["구분", "사업비", "", ""]
    assert said(source) == []


def test_a_section_heading_inside_a_table_is_a_row():
    table = tables("과목,2024,2025\n자산,,\n현금,1,2\n부채,,\n차입,3,4\n")[0]
    assert [row[0] for row in table] == ["과목", "자산", "현금", "부채", "차입"]


def test_blank_rows_inside_a_table_do_not_end_it():
    table = tables("과목,2024,2025\n현금,1,2\n,,\n차입,3,4\n,,\n부채\n사채,5,6\n")[0]
    assert [row[0] for row in table] == ["과목", "현금", "", "차입", "", "부채", "사채"]


def test_a_blank_row_before_a_new_header_ends_a_table():
    assert len(tables("과목,2024,2025\n현금,1,2\n\n과목,2024,2025\n차입,3,4\n")) == 2
    assert len(tables("과목,예산\n현금,1\n\n과목,결산\n차입,3\n")) == 2


def test_one_column_of_numbers_is_a_table_and_one_of_texts_is_not():
    assert tables("금액\n10\n20\n30\n") == [[["금액"], ["10"], ["20"], ["30"]]]
    assert tables("첫째 줄\n둘째 줄\n") == []


def test_ragged_rows_keep_their_places():
    assert tables("구분,가,나,다\n계,1\n소계,1,2,3\n") == [
        [["구분", "가", "나", "다"], ["계", "1", "", ""], ["소계", "1", "2", "3"]]
    ]


def test_tables_side_by_side_are_two():
    source = "세입,,,,,세출,\n과목,금액,,,,과목,금액\n지방세,10,,,,인건비,7\n보조금,5,,,,물건비,8\n"
    assert tables(source) == [
        [["과목", "금액"], ["지방세", "10"], ["보조금", "5"]],
        [["과목", "금액"], ["인건비", "7"], ["물건비", "8"]],
    ]
    assert said(source) == ["세입", "세출"]


def test_a_blank_column_inside_a_table_is_no_border():
    assert len(tables("과목,2024,2025,,,증감,비고\n지방세,10,12,,,2,정상\n보조금,5,4,,,1,감소\n")) == 1


KOREAN = "구분,금액\n국비,10\n시비,20\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (KOREAN.encode("utf-8-sig"), "BOM"),
        (KOREAN.encode("cp949"), "CP949"),
        (KOREAN.encode("utf-16"), "UTF-16"),
        (KOREAN.encode("utf-16-le"), "UTF-16 LE without mark"),
        (KOREAN.encode("utf-16-be"), "UTF-16 BE without mark"),
        (KOREAN.encode("utf-32"), "UTF-32"),
        (KOREAN.replace("\n", "\r\n").encode("cp949"), "CP949, CRLF"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_encodings(data: bytes, encoding: str):
    assert tables(data) == [[["구분", "금액"], ["국비", "10"], ["시비", "20"]]], encoding
    assert read(data).problems == ()


def test_latin_1_is_a_guess_and_said():
    document = read("Crédit,Année\nÉquipement,10\nÄnderung,20\n".encode("cp1252"))
    assert shown(next(document.grids()))[1:] == [["Équipement", "10"], ["Änderung", "20"]]
    assert [(p.message.code, p.level, p.message.args["encoding"]) for p in document.problems] == [
        ("read-guessed-encoding", "notice", "cp1252")
    ]


def test_few_damaged_characters_are_located_not_hidden():
    rows = [f"사업 이름 {number},{number}".encode() for number in range(500)]
    rows[100] = rows[100].replace("업".encode(), "업".encode()[:2])
    document = read(b"\n".join(rows))
    assert [(p.message.code, p.level, p.place.line) for p in document.problems] == [("read-damaged-characters", "unread", 101)]
    assert next(document.grids()).rows == 500


def test_a_large_file_is_read_in_about_a_second():
    source = "년도,부서,회계,금액\n" + "\n".join(
        f"2024,부서 {n % 40},{n % 7:04d},{n * 1000:,}".replace(",", ";") for n in range(22_000)
    )
    start = time.process_time()
    (grid,) = read(source.replace(",", ";", 3)).grids()
    assert grid.rows == 22_001
    assert time.process_time() - start < 5
