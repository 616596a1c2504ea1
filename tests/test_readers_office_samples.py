"""Real documents kept beside the project, where they are: twins agree, each is read or refused with the right reason."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from budgetaudit.model import Grid, ReadError
from budgetaudit.readers import read

SAMPLES = Path(os.environ.get("BUDGETAUDIT_SAMPLES", Path(__file__).parents[2] / "shared"))
DOCUMENTS, CORPUS = SAMPLES / "documents", SAMPLES / "corpus"
pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="no sample documents here")

REFUSED = {
    "hwp3_legacy_document.hwp": "read-hwp3",
    "hwp_password_protected.hwp": "read-password",
    "pdf_jongno_camera_counts_scanned.pdf": "read-pdf-scanned",
}
TWINS = [
    ("hwp_fdi_press_2024q1.hwp", "hwpx_fdi_press_2024q1.hwpx"),
    ("hwp_public_safety_rfp.hwp", "hwpx_public_safety_rfp.hwpx"),
    ("hwp_distribution_press.hwp", "hwp_distribution_press_plain_twin.hwp"),
]


def office() -> list[Path]:
    suffixes = {".hwp", ".hwpx", ".docx", ".xls", ".pdf"}
    return [
        path
        for folder in (DOCUMENTS, CORPUS / "ko", CORPUS / "intl")
        for path in sorted(folder.glob("*"))
        if path.suffix in suffixes
    ]


def shape(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    """A grid's cells, blanks in their texts left out: a printed page wraps lines where it likes."""
    return [(cell.row, cell.column, cell.row_span, cell.column_span, "".join(cell.text.split())) for cell in grid.cells]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_give_the_same_blocks(one: str, other: str) -> None:
    first, second = read(DOCUMENTS / one), read(DOCUMENTS / other)
    assert first.blocks == second.blocks
    assert any(first.grids())


def test_one_page_in_three_formats_gives_the_same_tables() -> None:
    hwp, hwpx, pdf = (list(read(DOCUMENTS / f"{kind}_public_safety_rfp.{kind}").grids()) for kind in ("hwp", "hwpx", "pdf"))
    assert list(map(shape, hwp)) == list(map(shape, hwpx)) == list(map(shape, pdf))


@pytest.mark.parametrize("path", office(), ids=lambda path: path.name)
def test_each_document_is_read_or_refused_with_the_right_reason(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(ReadError) as caught:
            read(path)
        assert caught.value.message.code == REFUSED[path.name]
        return
    document = read(path)
    assert any(document.grids())
    assert not [problem for problem in document.problems if problem.level == "unread"]
    for grid in document.grids():
        places = [
            (cell.row + r, cell.column + c) for cell in grid.cells for r in range(cell.row_span) for c in range(cell.column_span)
        ]
        assert len(places) == len(set(places))
        assert all(row < grid.rows and column < grid.columns for row, column in places)


def test_counts_are_those_that_were_taken_by_hand() -> None:
    with (DOCUMENTS / "index.csv").open(encoding="utf-8") as file:
        stated = {row["file"]: (row["tables"], row["cells"], row["nested_tables"]) for row in csv.DictReader(file)}
    for path in DOCUMENTS.glob("*.[hd]*"):
        tables, cells, nested = stated.get(path.name, ("", "", ""))
        if path.suffix in (".hwp", ".hwpx", ".docx") and tables and path.name not in REFUSED:
            grids = [grid for grid in read(path).grids() if grid.spans]
            assert (len(grids), sum(len(grid.cells) for grid in grids)) == (int(tables), int(cells))
            assert sum(grid.parent is not None for grid in grids) <= int(nested or 0)


def test_budget_book_pages_join_to_one_table_with_a_row_per_line() -> None:
    document = read(CORPUS / "ko" / "kwu_sanhak_2018_funds_budgeting.pdf")
    summary, statement, details = document.grids()
    assert (summary.page, statement.page, details.page) == (3, 4, 12)
    assert {cell.page for cell in statement.cells} == set(range(4, 11))
    row = next(cell.row for cell in details.cells if cell.text.startswith("4)기타비유동자산지출"))
    printed = [(cell.text, cell.page) for cell in details.cells if cell.row == row and cell.column in (3, 4, 5)]
    assert printed == [("50,000,000", 22), ("0", 22), ("0", 22)]


def test_tabbed_appropriations_become_a_grid_each() -> None:
    document = read(CORPUS / "intl" / "us_philadelphia_fy19_ordinance.docx")
    tables = list(document.grids())
    assert len(tables) == 141
    assert all(table.columns == 2 and table.cells[-2].text == "Total" for table in tables)
