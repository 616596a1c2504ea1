"""Whatever is written as CSV, TSV, XLSX, Markdown or HTML is read back with every text at its place."""

from __future__ import annotations

import csv
import html
import io
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetaudit.model import Document, Grid
from budgetaudit.readers import from_csv, from_html, from_markdown, from_text, from_xlsx
from tests.searching import examples

Table = list[list[str]]

# Blanks in disguise, and the Hangul letters that are composed in reading.
UNSEEN = "\u2800\u3164" + "".join(map(chr, range(0x1100, 0x1200)))
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"), exclude_characters=UNSEEN), min_size=1, max_size=12
)
LABELS = WORDS.map(lambda word: f"항목 {word}").filter(lambda text: len(text.split()) == 2)
AMOUNTS = st.integers(-(10**9), 10**9).map(lambda value: f"{value:,}") | st.sampled_from(["-", "△1,802", "(33)", "12.5%", ""])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A header of texts over rows of a label and amounts, of which some are blank; the last column is never wholly so."""
    columns = draw(st.integers(3, 6))
    header = draw(st.lists(LABELS, min_size=columns, max_size=columns))
    rows = draw(
        st.lists(st.tuples(LABELS, st.lists(AMOUNTS, min_size=columns - 2, max_size=columns - 2)), min_size=1, max_size=8)
    )
    return [header, *([label, *amounts, "1,000"] for label, amounts in rows)]


def read_back(document: Document) -> Table:
    (grid,) = document.grids()
    check(grid)
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def check(grid: Grid) -> None:
    """No cell outside the grid, none over another."""
    taken: set[tuple[int, int]] = set()
    for cell in grid.cells:
        places = {
            (r, c) for r in range(cell.row, cell.row + cell.row_span) for c in range(cell.column, cell.column + cell.column_span)
        }
        assert all(r < grid.rows and c < grid.columns for r, c in places)
        assert not places & taken
        taken |= places


relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)


@relaxed
@given(tables(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_csv(table: Table, delimiter: str, encoding: str):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(table)
    assert read_back(from_csv.read(Path("a.csv"), out.getvalue().encode(encoding))) == table


@relaxed
@given(tables())
def test_tabs_in_text(table: Table):
    table = [
        [cell.replace("<", "〈").replace("|", "/").replace('"', "'").replace("&", "+").replace("*", "+") for cell in row]
        for row in table
    ]
    source = "앞 문장\n\n" + "\n".join("\t".join(row) for row in table) + "\n\n뒤 문장\n"
    assert read_back(from_text.read(Path("a.txt"), source.encode())) == table


@relaxed
@given(tables())
def test_markdown(table: Table):
    def escape(text: str) -> str:
        return "".join("&amp;" if mark == "&" else f"\\{mark}" if mark in "\\`*_{}[]()#+.!|<>~" else mark for mark in text)

    lines = ["| " + " | ".join(map(escape, row)) + " |" for row in table]
    lines.insert(1, "|" + "---|" * len(table[0]))
    assert read_back(from_markdown.read(Path("a.md"), "\n".join(lines).encode())) == table


@relaxed
@given(tables())
def test_html(table: Table):
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table)
    assert read_back(from_html.read(Path("a.html"), f"<table>{body}</table>".encode())) == table


@settings(relaxed, max_examples=examples(40))
@given(tables(), st.integers(0, 5), st.integers(0, 3))
def test_xlsx(table: Table, down: int, right: int):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for r, row in enumerate(table):
        for c, text in enumerate(row):
            if text:
                cell = sheet.cell(r + down + 1, c + right + 1)
                cell.value, cell.data_type = text, "s"
    out = io.BytesIO()
    book.save(out)
    assert read_back(from_xlsx.read(Path("a.xlsx"), out.getvalue())) == table


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.text("가1 -<&", max_size=3)), max_size=5), max_size=6)
)
def test_any_spans_give_a_grid_without_overlaps(rows: list[list[tuple[int, int, str]]]):
    body = "".join("<tr>" + "".join(f"<td rowspan={h} colspan={w}>{html.escape(t)}" for h, w, t in row) for row in rows)
    for grid in from_html.read(Path("a.html"), f"<table>{body}</table>".encode("utf-8", "ignore")).grids():
        check(grid)
