"""XLS: cells, formats, merges and hidden parts, through a process of its own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from budgetaudit.model import Document, ReadError
from budgetaudit.readers import from_xls
from tests.office_files import compound, grids, rows, spans, texts, xls, xls_hidden_row, xls_merge, xls_number, xls_text


def read_xls(data: bytes) -> Document:
    return from_xls.read(Path("book.xls"), data)


def budget(*more: bytes) -> list[bytes]:
    cells = [xls_text(0, 0, "부서별 예산"), xls_text(1, 0, "부서"), xls_text(1, 1, "예산"), xls_text(1, 2, "비율")]
    for row, (name, amount, share) in enumerate([("기획", 1200.0, 0.6), ("재정", 800.0, 0.4), ("합계", 2000.0, 1.0)], 2):
        cells += [xls_text(row, 0, name), xls_number(row, 1, amount, 16), xls_number(row, 2, share, 17)]
    return [*cells, *more]


FORMATS = ("#,##0", "0.0%")


def test_numbers_are_exact_and_shown_as_formatted() -> None:
    document = read_xls(xls(budget(), formats=FORMATS))
    (grid,) = grids(document)
    assert texts(document) == ["부서별 예산"]
    assert rows(grid)[1] == ["기획", "1,200", "60.0%"]
    assert [(cell.value, cell.name) for cell in grid.cells if cell.row == 3] == [
        (None, "A5"),
        (Decimal(2000), "B5"),
        (Decimal(1), "C5"),
    ]


def test_merges_and_hidden_rows() -> None:
    document = read_xls(xls(budget(xls_merge(2, 3, 0, 0), xls_hidden_row(3)), formats=FORMATS))
    (grid,) = grids(document)
    assert (spans(grid), rows(grid)[2]) == ({(1, 0): (2, 1)}, ["800", "40.0%"])
    assert [cell.text for cell in grid.cells if cell.hidden] == ["800", "40.0%"]
    assert [problem.message.code for problem in document.problems] == ["read-cells-covered", "read-hidden-rows"]


def test_hidden_sheets_are_read_and_said() -> None:
    document = read_xls(xls(budget(), hidden=2, formats=FORMATS))
    assert [problem.message.code for problem in document.problems] == ["read-hidden-sheet"]
    assert all(cell.hidden for cell in grids(document)[0].cells)


@pytest.mark.parametrize(
    "data", [compound({"Workbook": b"\x09\x08"}), compound({"Other": b""}), xls(budget())[:1500], b"\x09\x08\x10\x00" * 20]
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_xls(data)
    assert caught.value.message.code == "read-broken"
