"""One budget in every format that is read: proven where it balances, and a wrong total found."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.pipeline import audit
from budgetaudit.readers import FORMATS
from tests import office_files as office
from tests.workbooks import rows, workbook

CAPTION = "Spending by sector (Unit: million won)"
TABLE = [
    ["Sector", "National", "Local", "Total"],
    ["Roads", "1,210", "2,340", "3,550"],
    ["Parks", "870", "1,125", "1,995"],
    ["Schools", "2,415", "3,080", "5,495"],
    ["Total", "4,495", "6,545", "11,040"],
]
WRONG = "6,554"  # the local total, two digits swapped


def table(wrong: bool) -> list[list[str]]:
    copy = [list(row) for row in TABLE]
    if wrong:
        copy[4][2] = WRONG
    return copy


def as_csv(cells: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([[CAPTION], *cells])
    return out.getvalue().encode()


def as_text(cells: list[list[str]]) -> bytes:
    return "\n".join([CAPTION, "", *("\t".join(row) for row in cells)]).encode()


def as_markdown(cells: list[list[str]]) -> bytes:
    head, *body = ("| " + " | ".join(row) + " |" for row in cells)
    return "\n".join([CAPTION, "", head, "|---|---|---|---|", *body, ""]).encode()


def as_html(cells: list[list[str]]) -> bytes:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    return f"<meta charset=utf-8><p>{CAPTION}</p><table>{lines}</table>".encode()


def typed(cells: list[list[str]]) -> list[list[object]]:
    return [[int(cell.replace(",", "")) if cell[:1].isdigit() else cell for cell in row] for row in cells]


def as_xls(cells: list[list[str]]) -> bytes:
    records = [office.xls_text(0, 0, CAPTION)]
    for r, row in enumerate(typed(cells), 1):
        for c, cell in enumerate(row):
            records.append(office.xls_number(r, c, cell) if isinstance(cell, int) else office.xls_text(r, c, str(cell)))
    return office.xls(records)


def as_hwp(cells: list[list[str]]) -> bytes:
    placed = [(r, c, cell) for r, row in enumerate(cells) for c, cell in enumerate(row)]
    control = office.hwp_table(placed, (len(cells), len(cells[0])))
    return office.hwp(office.hwp_para(CAPTION) + office.hwp_para(office.anchor(11, b"tbl "), controls=[control]))


def as_pdf(cells: list[list[str]]) -> bytes:
    right, top, height = (180, 280, 380, 480), 720, 20
    page = office.say(60, 750, CAPTION) + office.ruled([60, *right], [top - height * n for n in range(len(cells) + 1)])
    for r, row in enumerate(cells):
        y = top - height * r - 14
        page += office.say(64, y, row[0]) + "".join(
            office.say_right(x - 4, y, text) for x, text in zip(right[1:], row[1:], strict=True)
        )
    return office.pdf(page)


WRITERS: dict[str, Callable[[list[list[str]]], bytes]] = {
    ".csv": as_csv,
    ".tsv": lambda cells: as_csv(cells, "\t"),
    ".txt": as_text,
    ".md": as_markdown,
    ".html": as_html,
    ".xlsx": lambda cells: workbook(rows([CAPTION], *typed(cells))),
    ".xls": as_xls,
    ".docx": lambda cells: office.docx(office.wp(CAPTION) + office.wt(*cells)),
    ".hwpx": lambda cells: office.hwpx(office.hp(CAPTION) + office.hp(office.hp_table(*cells))),
    ".hwp": as_hwp,
    ".pdf": as_pdf,
}


def test_every_format_has_a_document_here(tmp_path: Path) -> None:
    read = {audit([office.written(tmp_path, f"x{suffix}", write(TABLE))]).inputs[0].format for suffix, write in WRITERS.items()}
    assert read == set(FORMATS)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_balanced_budget_is_proven_in_every_format(tmp_path: Path, suffix: str) -> None:
    result = audit([office.written(tmp_path, f"budget{suffix}", WRITERS[suffix](table(wrong=False)))], ("generic",))
    (source,) = result.inputs
    assert (result.findings, result.errors) == ((), ())
    assert (source.figures, source.unproven) == (12, 0)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_wrong_total_is_found_in_every_format(tmp_path: Path, suffix: str) -> None:
    result = audit([office.written(tmp_path, f"budget{suffix}", WRITERS[suffix](table(wrong=True)))], ("generic",))
    errors = [finding for finding in result.findings if finding.severity == "error"]
    assert {finding.places[0][2].replace(",", "") for finding in errors} >= {WRONG.replace(",", "")}
