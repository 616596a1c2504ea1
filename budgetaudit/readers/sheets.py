"""A spreadsheet's filled cells to grids and paragraphs: what XLSX and XLS share once their files are parsed.

Only what is really filled counts: a merge or a stray cell at the end of the sheet costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from budgetaudit.model import Cell, Grid, Message, Paragraph, Place, Problem
from budgetaudit.readers.limits import CellBudget
from budgetaudit.readers.regions import Region, Row, split_sheet

_GAP = 6  # blank rows kept between tables; more of them say no more
_MAX_MERGED = 500_000
_SPARSE = 50  # positions per filled cell beyond which a large table is mostly nothing


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One filled cell: what it shows and, for a number, what it stores."""

    text: str
    value: Decimal | None = None
    indent: int = 0
    formula: str = ""


@dataclass(slots=True)
class Sheet:
    """One sheet: cells by (row, column) from 0, merges as (row, column, last row, last column), what is hidden."""

    name: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    covered: int = 0  # filled cells under merges, which nobody sees


@cache
def column_name(column: int) -> str:
    """The letters of a column.

    >>> column_name(0), column_name(27), column_name(16383)
    ('A', 'AB', 'XFD')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """A cell's address, as in C12."""
    return f"{column_name(column)}{row + 1}"


def blocks(sheet: Sheet, budget: CellBudget) -> Iterator[Grid | Paragraph]:
    """The tables of a sheet and the lines around them, from top to bottom."""
    spans = _spans(sheet)
    rows = _rows(sheet, spans)
    numbers, shapes = _with_gaps(rows)
    for region in split_sheet(shapes):
        if region.table:
            yield _grid(sheet, spans, rows, numbers, region, budget)
        else:
            yield from _paragraphs(sheet, rows, numbers, region)


def notices(path: str, sheet: Sheet) -> Iterator[Problem]:
    """What has to be said of hidden parts: they are read, but nobody sees them."""
    if sheet.hidden and sheet.cells:
        yield Problem(Place(path, sheet=sheet.name), Message("read-hidden-sheet"), "notice")
    if sheet.covered:
        yield Problem(Place(path, sheet=sheet.name), Message("read-cells-covered", {"count": sheet.covered}), "notice")
    rows = {row for row, _ in sheet.cells} & sheet.hidden_rows
    columns = {column for _, column in sheet.cells} & sheet.hidden_columns
    for code, count in (("read-hidden-rows", len(rows)), ("read-hidden-columns", len(columns))):
        if count:
            yield Problem(Place(path, sheet=sheet.name), Message(code, {"count": count}), "notice")


def _spans(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Height and width of each merge by its first cell, cut at the last filled row and column; covered cells vanish.

    Where merges overlap the first keeps its cells; one that covers half the sheet is a formatting accident, not a span.
    """
    bottom = max((row for row, _ in sheet.cells), default=-1)
    right = max((column for _, column in sheet.cells), default=-1)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    owned: set[tuple[int, int]] = set()
    for top, left, low, far in sorted(sheet.merges):
        height, width = min(low, bottom) - top + 1, min(far, right) - left + 1
        if height < 1 or width < 1 or height * width == 1 or len(owned) + height * width > _MAX_MERGED:
            continue
        covered = {(row, column) for row in range(top, top + height) for column in range(left, left + width)}
        if covered & owned:
            continue
        owned |= covered
        spans[top, left] = (height, width)
        shown = sheet.cells.get((top, left))
        for place in covered - {(top, left)}:
            under = sheet.cells.pop(place, None)
            sheet.covered += bool(under and under.text and (shown is None or under.text != shown.text))
    return spans


def _rows(sheet: Sheet, spans: Mapping[tuple[int, int], tuple[int, int]]) -> dict[int, dict[int, SheetCell]]:
    """The filled positions of each row; a merge that shows something fills all it covers."""
    rows: dict[int, dict[int, SheetCell]] = {}
    covering = SheetCell("")
    for (top, left), (height, width) in spans.items():
        if (top, left) in sheet.cells:
            for row in range(top, top + height):
                filled = rows.setdefault(row, {})
                filled.update((column, covering) for column in range(left, left + width))
    for (row, column), cell in sheet.cells.items():
        rows.setdefault(row, {})[column] = cell
    return rows


def _with_gaps(rows: Mapping[int, Mapping[int, SheetCell]]) -> tuple[list[int], list[Row]]:
    """The rows in order with the blank ones between, though no more than a few; and each one's number in the sheet."""
    numbers: list[int] = []
    shapes: list[Row] = []
    for number in sorted(rows):
        gap = min(_GAP, number - numbers[-1] - 1) if numbers else 0
        numbers += range(number - gap, number + 1)
        shapes += [Row({})] * gap
        # A number that its format shows as nothing still fills its cell.
        texts = {column: cell.text or ("0" if cell.value is not None else "") for column, cell in sorted(rows[number].items())}
        shapes.append(Row(texts))
    return numbers, shapes


def _paragraphs(
    sheet: Sheet, rows: Mapping[int, Mapping[int, SheetCell]], numbers: list[int], region: Region
) -> Iterator[Paragraph]:
    for number in numbers[region.start : region.stop]:
        for column, cell in sorted(rows.get(number, {}).items()):
            if cell.text and region.left <= column < region.right:
                yield Paragraph(cell.text, line=number + 1, sheet=sheet.name)


def _grid(
    sheet: Sheet,
    spans: Mapping[tuple[int, int], tuple[int, int]],
    rows: Mapping[int, Mapping[int, SheetCell]],
    numbers: list[int],
    region: Region,
    budget: CellBudget,
) -> Grid:
    numbers = numbers[region.start : region.stop]
    top, bottom = numbers[0], numbers[-1]
    used = [column for number in numbers for column in rows.get(number, ()) if region.left <= column < region.right]
    left, right = min(used), max(used)
    cells: list[Cell] = []
    for number in numbers:
        for column, cell in sorted(rows.get(number, {}).items()):
            if not left <= column <= right or (not cell.text and cell.value is None):
                continue
            height, width = spans.get((number, column), (1, 1))
            cells.append(
                Cell(
                    number - top,
                    column - left,
                    cell.text,
                    min(height, bottom - number + 1),
                    min(width, right - column + 1),
                    cell.value,
                    name=cell_name(number, column),
                    indent=cell.indent,
                    hidden=sheet.hidden or number in sheet.hidden_rows or column in sheet.hidden_columns,
                    formula=cell.formula,
                )
            )
    height, width = bottom - top + 1, right - left + 1
    budget.spend(len(cells), min(height * width, _SPARSE * len(cells)))
    stated = any(cell.row_span > 1 or cell.column_span > 1 for cell in cells) or bool(sheet.merges)
    return Grid(height, width, tuple(cells), spans=stated, sheet=sheet.name)
