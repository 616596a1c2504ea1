"""Grids as they are meant: rows stacked in a cell are rows, a list in halves is one list, tables side by side are two tables.

What is moved keeps where it is printed (`Cell.origin`), so that every figure has its place. A header in mid-grid starts a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from budgetaudit.amounts import is_year, parse
from budgetaudit.label_text import normal, squeeze
from budgetaudit.labels.layout import Layout
from budgetaudit.model import Cell, Grid
from budgetaudit.vocabulary import Vocabulary

BRACKETS = "([<〈（"
MARK = 3  # letters of a mark that stands for a number
HEADED = 3  # a header in mid-grid names two of as many number columns


def moved(cell: Cell, row: int, column: int) -> Cell:
    """A cell at another position, which knows where it is printed."""
    return replace(cell, row=row, column=column, origin=cell.origin or (cell.row, cell.column))


# --- rows stacked in one ------------------------------------------------------------------------


def unstacked(grid: Grid, vocabulary: Vocabulary) -> Grid:
    """The grid with rows that stack several labels over several amounts, line by line, taken apart."""
    if not any("\n" in cell.text for cell in grid.cells):
        return grid
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    heights = {row: _stacked(cells, vocabulary) for row, cells in by_row.items()}
    if not any(height > 1 for height in heights.values()):
        return grid
    starts = [0]
    for row in range(grid.rows):
        starts.append(starts[-1] + heights.get(row, 1))
    cells: list[Cell] = []
    for cell in grid.cells:
        lines = cell.text.split("\n")
        start, height = starts[cell.row], starts[min(cell.row + cell.row_span, grid.rows)] - starts[cell.row]
        if cell.row_span == 1 and height > 1 and len(lines) == height:
            cells += (replace(moved(cell, start + at, cell.column), text=line, value=None) for at, line in enumerate(lines))
        else:
            cells.append(replace(moved(cell, start, cell.column), row_span=height))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(grid, rows=starts[-1], cells=tuple(cells), spans=True)


def _stacked(cells: Sequence[Cell], vocabulary: Vocabulary) -> int:
    """How many rows are stacked in one: as many lines in a label as in all cells with amounts; 1 if it is a single row."""
    lines = [[line.strip() for line in cell.text.split("\n")] for cell in cells if cell.row_span == 1]
    heights = {len(each) for each in lines if len(each) > 1}
    if len(heights) != 1:
        return 1
    height = heights.pop()
    amounts = [_are_amounts(each, vocabulary) for each in lines]
    numbers = [each for each, amount in zip(lines, amounts, strict=True) if amount and len(each) == height]
    labels = [each for each, amount in zip(lines, amounts, strict=True) if not amount and len(each) == height and all(each)]
    single = any(amount and len(each) == 1 for each, amount in zip(lines, amounts, strict=True))
    companions = any(line[0] in BRACKETS for each in numbers for line in each[1:] if line)
    wrapped = any(len(set(each)) < height for each in labels)
    return height if numbers and labels and not single and not companions and not wrapped else 1


def _are_amounts(lines: Sequence[str], vocabulary: Vocabulary) -> bool:
    """True if every line of a cell is an amount."""
    found = [parse(line, vocabulary.units) for line in lines if line]
    return bool(found) and all(amount is not None for amount in found) and not all(is_year(a) for a in found if a is not None)


# --- a header in mid-grid -------------------------------------------------------------------------


def parted(layout: Layout, vocabulary: Vocabulary) -> list[Grid]:
    """The grid, cut where a row of headings in its midst starts another table."""
    cuts = [row for row in layout.body_rows[1:] if _heads(layout, row, vocabulary)]
    if not cuts:
        return [layout.grid]
    starts = [0]
    for row in cuts:
        start = row
        while start - 1 > starts[-1] and _is_title(layout, start - 1):
            start -= 1
        if start > starts[-1] + 1:
            starts.append(start)
    return list(_cut(layout.grid, starts))


def _cut(grid: Grid, starts: Sequence[int]) -> Iterator[Grid]:
    for start, end in zip(starts, [*starts[1:], grid.rows], strict=True):
        cells = tuple(
            replace(moved(cell, cell.row - start, cell.column), row_span=min(cell.row_span, end - cell.row))
            for cell in grid.cells
            if start <= cell.row < end
        )
        yield replace(grid, rows=end - start, cells=cells)


def _heads(layout: Layout, row: int, vocabulary: Vocabulary) -> bool:
    """True if a row heads the rows below it: it names the columns of numbers, each in its own words, and has no amount."""
    columns = layout.number_columns
    if len(columns) < 2 or any((row, c) in layout.amounts and not is_year(layout.amounts[row, c]) for c in columns):
        return False
    texts = [cell.text.strip() for c in columns if (cell := layout.source.get((row, c))) and cell.text.strip()]
    if len(texts) < 2 or len(texts) * HEADED < 2 * len(columns) or len({squeeze(text) for text in texts}) < len(texts):
        return False
    labels = [vocabulary.label(text) for text in texts]
    known = [label for label in labels if label.year is not None or label.measure or label.dimension or label.total]
    own = {normal(text) for header in layout.header for text in header.values()}
    again = all(
        any(normal(header.get(c, "")) == normal(cell.text) != "" for header in layout.header)
        for c in columns
        if (cell := layout.source.get((row, c)))
    )
    if any((row, c) in layout.amounts for c in columns) and not again and not _is_blank_or_named(layout, row, own):
        return False  # amounts that look like years, under a name of their own
    named = [text for text in texts if normal(text) in own]
    if len(known) * 2 < len(texts) and len(named) * 2 < len(texts):
        return False
    below = [r for r in layout.body_rows if r > row]
    return bool(below) and any((below[0], c) in layout.amounts for c in columns)


def _is_blank_or_named(layout: Layout, row: int, own: set[str]) -> bool:
    """True if a row has nothing beside its numbers, or only what heads its column above."""
    beside = (layout.source.get((row, c)) for c in range(layout.grid.columns) if c not in layout.number_columns)
    return all(cell is None or not cell.text.strip() or normal(cell.text) in own for cell in beside)


def _is_title(layout: Layout, row: int) -> bool:
    """True if a row is blank, or only has a title or unit over the next table."""
    texts = [c for c in range(layout.grid.columns) if (cell := layout.source.get((row, c))) and cell.text.strip()]
    return not texts or (len(texts) == 1 and (row, texts[0]) not in layout.amounts)


# --- one list in halves ---------------------------------------------------------------------------


def one_list(layout: Layout, starts: Sequence[int], vocabulary: Vocabulary) -> Grid | None:
    """The grid with the second half of a list below its first; None if the parts side by side are tables of their own.

    They are one list where they have the same headings and one total for all.
    """
    grid = layout.grid
    width = starts[0]
    bounds = [*starts, grid.columns]
    if any(end - start != width for start, end in zip(starts, bounds[1:], strict=True)):
        return None
    headings = [[normal(texts.get(c, "")) for texts in layout.header] for c in range(grid.columns)]
    if any(headings[start + at] != headings[at] for start in starts for at in range(width)):
        return None
    parts = [0, *starts]
    totals = {part: [row for row in layout.body_rows if _is_total(layout, row, part, width, vocabulary)] for part in parts}
    if sum(map(bool, totals.values())) != 1 or not layout.body_rows:
        return None
    (holder,) = (part for part in parts if totals[part])
    rows = {part: [row for row in layout.body_rows if _filled(layout, row, part, width)] for part in parts}
    last = bool(rows[holder]) and totals[holder][-1] == rows[holder][-1] and totals[holder][0] != rows[holder][0]
    order = [(part, row) for part in parts for row in rows[part]]
    if last:  # the total closes the whole list
        order.sort(key=lambda item: item[0] == holder and item[1] == totals[holder][-1])
    first = layout.body_rows[0]
    target = {item: first + at for at, item in enumerate(order)}
    cells = [
        replace(cell, column_span=min(cell.column_span, width - cell.column))
        for cell in grid.cells
        if cell.row < first and cell.column < width
    ]
    for cell in grid.cells:
        part = max((part for part in parts if part <= cell.column), default=0)
        if (part, cell.row) in target:
            cells.append(replace(moved(cell, target[part, cell.row], cell.column - part), row_span=1, column_span=1))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(grid, rows=first + len(order), columns=width, cells=tuple(cells))


def _is_total(layout: Layout, row: int, start: int, width: int, vocabulary: Vocabulary) -> bool:
    """True if a row of a part begins with a word for a total."""
    for column in range(start, start + width):
        text = layout.texts.get((row, column), "").strip()
        if text:
            return bool(vocabulary.label(text).total)
    return False


def _filled(layout: Layout, row: int, start: int, width: int) -> bool:
    return any((cell := layout.source.get((row, c))) is not None and cell.text.strip() != "" for c in range(start, start + width))


def halves(layout: Layout, vocabulary: Vocabulary) -> list[Grid]:
    """The grid, cut where a second table stands beside the first: it repeats the title of labels, or has its own total."""
    starts = _repeated_titles(layout) or _own_totals(layout, vocabulary)
    if not starts:
        return [layout.grid]
    whole = one_list(layout, starts, vocabulary)
    if whole is not None:
        return [whole]
    parts = []
    for start, end in zip([0, *starts], [*starts, layout.grid.columns], strict=True):
        cells = tuple(
            replace(cell, column_span=min(cell.column_span, end - cell.column))
            for cell in layout.grid.cells
            if start <= cell.column < end
        )
        parts.append(replace(layout.grid, cells=cells))
    return parts


def _repeated_titles(layout: Layout) -> list[int]:
    if not layout.label_columns or not layout.number_columns:
        return []
    titles = [{c: normal(text) for c, text in row.items()} for row in layout.header]
    first = layout.label_columns[0]
    name = next((row[first] for row in reversed(titles) if row.get(first)), "")
    if not name:
        return []
    return [
        c
        for c in range(layout.number_columns[0] + 1, layout.number_columns[-1])
        if c not in layout.number_columns and any(row.get(c) == name and row.get(c - 1) != name for row in titles)
    ]


def _own_totals(layout: Layout, vocabulary: Vocabulary) -> list[int]:
    """Where labels begin again behind numbers, in columns that print a word for a total in a row whose own label is one."""
    if not layout.label_columns or not layout.number_columns:
        return []
    first, last = layout.number_columns[0], layout.number_columns[-1]
    starts = [c for c in range(first + 1, last) if c not in layout.number_columns and c - 1 in layout.number_columns]
    totals = {row for row in layout.body_rows if any(_total(layout, row, c, vocabulary) for c in layout.label_columns)}
    return [
        start
        for start in starts
        if any(_total(layout, row, start, vocabulary) for row in totals) and _words(layout, start) > len(totals)
    ]


def _words(layout: Layout, start: int) -> int:
    """How many labels stand in two columns."""
    return sum(bool(layout.texts.get((row, c), "").strip()) for row in layout.body_rows for c in (start, start + 1))


def _total(layout: Layout, row: int, column: int, vocabulary: Vocabulary) -> bool:
    return bool(vocabulary.label(layout.texts.get((row, column), "").strip()).total)
