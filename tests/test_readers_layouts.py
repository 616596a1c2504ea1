"""Layouts that readers have to see through: torn amounts, tall cells, definition lists, wrapped labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetaudit.model import Document
from budgetaudit.readers import from_csv, from_docx, from_html
from tests.office_files import docx, grids, rows, texts, wp


def csv_of(text: str) -> Document:
    return from_csv.read(Path("x.csv"), text.encode())


def codes(document: Document) -> list[tuple[str, str]]:
    return [(problem.message.code, problem.level) for problem in document.problems]


def test_torn_thousands_are_put_together_and_said() -> None:
    document = csv_of("Item,2025,2026\nRoads,1,240,1,310\nParks,365,380\nTotal,1,605,1,690\n")
    assert rows(grids(document)[0])[1:] == [["Roads", "1,240", "1,310"], ["Parks", "365", "380"], ["Total", "1,605", "1,690"]]
    assert codes(document) == [("read-csv-thousands", "unread")]


def test_torn_decimals_are_put_together_and_said() -> None:
    document = csv_of(
        "Concepto,Vigente,Pagado\n"
        "Obras, agua,1.216.733,40,0,00\n"
        "Parques,904,15,-19.038,60\n"
        "Fuentes,17.234.121,45,\n"
        "Total,18.451.759,00,-19.038,60\n"
    )
    assert rows(grids(document)[0])[1:] == [
        ["Obras, agua", "1.216.733,40", "0,00"],
        ["Parques", "904,15", "-19.038,60"],
        ["Fuentes", "17.234.121,45"],
        ["Total", "18.451.759,00", "-19.038,60"],
    ]
    assert codes(document) == [("read-csv-decimals", "unread")]


def test_torn_thousands_that_may_be_read_in_two_ways_are_left_and_said() -> None:
    document = csv_of("Item,2025,2026\nRoads,1,240,310\nParks,2,100,200\n")
    assert rows(grids(document)[0])[1] == ["Roads", "1", "240", "310"]
    assert codes(document) == [("read-csv-torn", "unread"), ("read-csv-torn", "unread")]


@pytest.mark.parametrize(
    "text",
    [
        'Item,2025,2026\nRoads,"1,240",310\nParks,2,100,remark\nTotal,3,200,x\n',
        "Item,2025,2026\nRoads,240,310,\nParks,200,100,\n",
        "Code,A,B\n1,240,310\n2,100,200\n",
        "Item,A,B\n1,Roads,5,10\n2,Parks,7,25\n3,Schools,4,12\n",  # the column of row numbers has no heading
    ],
)
def test_records_that_are_wide_for_another_reason_are_as_printed(text: str) -> None:
    assert codes(csv_of(text)) == []


def test_a_quoted_cell_may_be_of_any_length() -> None:
    tall = "\n".join(f"line {n}, of a remark" for n in range(150))
    document = csv_of(f'Item,Amount,Remark\nRoads,1,"{tall}"\nParks,2,\nTotal,3,\n')
    assert [row[0] for row in rows(grids(document)[0])] == ["Item", "Roads", "Parks", "Total"]
    assert codes(document) == []


def test_a_stray_quote_that_swallows_rows_is_text() -> None:
    many = "".join(f"Item {n},{n},{n}\n" for n in range(150))
    document = csv_of(f'Item,A,B\n"Roads,1,2\n{many}Parks",3,4\nTotal,5,6\n')
    assert len(rows(grids(document)[0])) > 150
    assert codes(document)[0] == ("read-csv-quote", "notice")


def test_a_definition_list_of_amounts_is_a_table() -> None:
    page = "<p>Budget</p><dl><div><dt>Wages</dt><dd>100</dd></div><dt>Total</dt><dd>100</dd></dl>"
    assert rows(grids(from_html.read(Path("x.html"), page.encode()))[0]) == [["Wages", "100"], ["Total", "100"]]
    words = "<dl><dt>Wage</dt><dd>What is paid for work.</dd><dt>Good</dt><dd>What is bought.</dd></dl>"
    document = from_html.read(Path("x.html"), words.encode())
    assert (grids(document), len(texts(document))) == ([], 4)


def test_a_label_that_wraps_belongs_to_the_amounts_behind_it() -> None:
    def read(*paragraphs: str) -> list[list[str]]:
        return rows(grids(from_docx.read(Path("x.docx"), docx("".join(paragraphs))))[0])

    start, end = wp("Meetings\t3,120\t3,260"), wp("Total\t4,965\t5,190")
    broken = (
        "<w:p><w:r><w:t>Books and</w:t><w:br/><w:t>their post</w:t><w:tab/><w:t>1,845</w:t><w:tab/><w:t>1,930</w:t></w:r></w:p>"
    )
    whole = [["Meetings", "3,120", "3,260"], ["Books and their post", "1,845", "1,930"], ["Total", "4,965", "5,190"]]
    assert read(start, broken, end) == whole
    assert read(start, wp("Books and"), wp("   their post\t1,845\t1,930"), end) == whole


def test_years_that_a_program_wrote_with_a_decimal_head_what_stands_below_a_blank_row() -> None:
    document = csv_of("Item,2024.0,2025.0\n,,\nRoads,310,295\nParks,120,118\n")
    assert [row[:1] for row in rows(grids(document)[0])] == [["Item"], [], ["Roads"], ["Parks"]]
