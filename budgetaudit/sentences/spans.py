"""Beginnings and ends that stand in two columns, 착공일 | 준공일: as words, dates or serial numbers of a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from budgetaudit.label_text import normal, squeeze
from budgetaudit.labels.labelling import Table
from budgetaudit.model import Cell, Comparison, Figure, Grid
from budgetaudit.relations.confront import claim
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.dates import dates
from budgetaudit.sentences.schedules import place_of
from budgetaudit.sentences.statements import LARGEST_GRID
from budgetaudit.sentences.text import Prose, said

HEADER_ROWS = 6
DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)\Z")
SERIAL = re.compile(r"[2-7]\d{4}(?:\.0+)?\Z")  # days since the end of 1899: 1954 to 2118
EPOCH = date(1899, 12, 30)
DECEMBER = 12


def compare_spans(rule: Rule, tables: Sequence[Table], prose: Prose) -> Iterator[Comparison]:
    """One comparison for each row whose beginning and end stand in columns of their own."""
    for number, grid in {table.number: table.grid for table in tables}.items():
        if grid.rows * grid.columns > LARGEST_GRID:
            continue
        cells = {(cell.row, cell.column): cell for cell in grid.cells}
        for start, end in _pairs(grid, prose):
            first, last = (_days(cells, grid, column, prose) for column in (start, end))
            for row in sorted(first.keys() & last.keys()):
                days = tuple(_said(cells[row, column], day) for column, day in ((start, first[row]), (end, last[row])))
                yield _compared(
                    rule, prose, grid, number, (cells[row, start], cells[row, end]), " ~ ".join(days), first[row] > last[row]
                )


def _pairs(grid: Grid, prose: Prose) -> Iterator[tuple[int, int]]:
    """The columns of beginnings, each with the next column of ends."""
    named: dict[int, str] = {}
    words = {name: {squeeze(word) for word in prose.vocabulary.periods.get(name, ())} for name in ("starts", "ends")}
    for cell in grid.cells:
        if cell.row < HEADER_ROWS and cell.column not in named:
            found = next((name for name, listed in words.items() if {normal(cell.text), squeeze(cell.text)} & listed), "")
            if found:
                named[cell.column] = found
    columns = sorted(named)
    for at, column in enumerate(columns[:-1]):
        if (named[column], named[columns[at + 1]]) == ("starts", "ends"):
            yield column, columns[at + 1]


def _days(cells: Mapping[tuple[int, int], Cell], grid: Grid, column: int, prose: Prose) -> dict[int, tuple[int, int, int]]:
    """The day, or the first of the month, that each row prints in a column."""
    texts = {row: cell.text.strip() for row in range(grid.rows) if (cell := cells.get((row, column))) and cell.text.strip()}
    dotted = [match for text in texts.values() if (match := DAY_FIRST.match(text))]
    month_first = any(int(match[2]) > DECEMBER for match in dotted)
    if dotted and month_first and any(int(match[1]) > DECEMBER for match in dotted):
        return {}
    found = {row: day for row, text in texts.items() if (day := _day(text, prose, month_first=month_first))}
    if found:
        return found
    serials = [row for row, text in texts.items() if SERIAL.match(text)]
    if len(serials) < len(texts) - HEADER_ROWS or not serials:
        return {}
    return {row: _ordered(EPOCH + timedelta(days=int(float(texts[row])))) for row in serials}


def _day(text: str, prose: Prose, *, month_first: bool) -> tuple[int, int, int] | None:
    match = DAY_FIRST.match(text)
    if match:
        day, month = (match[2], match[1]) if month_first else (match[1], match[2])
        return int(match[3]), int(month), int(day)
    printed, periods = dates(text, prose.scanner.calendar)
    if len(printed) != 1 or periods or printed[0].year is None or printed[0].months is None:
        return None
    return printed[0].year, printed[0].months[0], printed[0].day or 0


def _ordered(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _said(cell: Cell, day: tuple[int, int, int]) -> str:
    """A day as it is printed; the date that a serial number stands for."""
    text = cell.text.strip()
    return "-".join(f"{part:02}" for part in day) if SERIAL.match(text) else text


def _compared(rule: Rule, prose: Prose, grid: Grid, number: int, cells: Sequence[Cell], text: str, late: bool) -> Comparison:
    start, end = cells
    place = place_of(prose.document.path, grid, number, start)
    context = " ".join(cell.text.strip() for cell in grid.cells if cell.row == start.row)
    other = Figure(None, end.text.strip(), place_of(prose.document.path, grid, number, end), label=context)
    message = said("period-reversed", text, text, context)
    relation = f"text:{place.file}#{number}:{start.row}:{start.column}:{end.column}:span"
    stated = Figure(None, text, place, label=context)
    return claim(rule, stated, message, relation, failed=late, severity=rule.severity, operands=[("expected", other)])
