"""Tables of a PDF that go on over pages: one grid when their edges agree and the header repeats or is absent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from budgetaudit.model import Cell
from budgetaudit.readers.printed import is_amount

_EDGE = 3.0  # points within which the edges of two pages agree
_DIGITS = re.compile(r"\d+")
_PAGE_DIGITS = 3  # a longer number is rather a year
_WORDS = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class Title:
    """A line below the last row of a page that names the rows on the next one, if its table goes on there."""

    row: dict[int, str]
    indent: int
    in_table: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.row.values())

    def cells(self, row: int, page: int) -> list[Cell]:
        """Its texts as cells of a row, each in its column."""
        return [Cell(row, column, text, page=page, indent=0 if column else self.indent) for column, text in self.row.items()]


@dataclass(slots=True)
class Table:
    """A table under construction; the rows of further pages are appended."""

    xs: list[float]
    rows: int
    cells: list[Cell]
    page: int
    above: frozenset[str] = frozenset()
    ends: bool = False  # nothing but a footer stands below it on its page
    parent: tuple[Table, int, int] | None = None
    spans: bool = True
    open: bool = False  # its columns are a matter of alignment, and may lie elsewhere on the next page
    titles: list[Title] = field(default_factory=list)

    @property
    def unruled(self) -> bool:
        """True if nothing tells where its columns part."""
        return not self.xs[-1]

    @property
    def text(self) -> list[tuple[int, int, str]]:
        """What it prints, without what changes from page to page."""
        return [(cell.row, cell.column, masked(cell.text)) for cell in self.cells]


@dataclass(slots=True)
class Page:
    """What one page prints, from top to bottom."""

    number: int
    items: list[str | Title | Table]


def masked(text: str) -> str:
    """A running line without what changes from page to page."""
    return _DIGITS.sub("#", text)


def joined(pages: Sequence[Page]) -> list[tuple[int, str | Title | Table]]:
    """All items with their page; a table that continues one of the page before has become part of it."""
    flow: list[tuple[int, str | Title | Table]] = []
    before: Table | None = None
    heads: list[list[tuple[int, int, str]]] = []
    for page in pages:
        tables = [item for item in page.items if isinstance(item, Table)]
        texts = [table.text for table in tables]
        rest = list(page.items)
        running = next((at for at, text in enumerate(texts) if text not in heads), 0)
        if before and tables and not any(table.parent for table in tables):
            for at in sorted({0, running}):
                if _continues(before, tables[at], page.number):
                    rest = [item for item in rest if not any(item is table for table in tables[: at + 1])]
                    tables[at] = before
                    break
        flow += ((page.number, item) for item in rest)
        before = tables[-1] if tables else None
        heads = texts
    return flow


def _continues(table: Table, after: Table, page: int) -> bool:
    """Append the rows of the next page's first table if it goes on with this one; whether it did."""
    last = max(cell.page or 0 for cell in table.cells)
    agree = len(table.xs) == len(after.xs) and table.spans == after.spans
    same = agree and all(abs(x - y) <= _EDGE for x, y in zip(table.xs, after.xs, strict=True))
    agree = same or (agree and table.open and after.open and _overlap(table.xs, after.xs))
    running = all(text in table.above or not _WORDS.search(text) for text in after.above)
    if not (table.ends and agree and running and last == page - 1):
        return False
    repeated = _repeated(table, after)
    if repeated == after.rows or not (repeated or any(is_amount(cell.text) for cell in after.cells if cell.row == 0)):
        return False
    for title in table.titles:
        title.in_table = True
        table.cells += title.cells(table.rows, last)
        table.rows += 1
    shift = table.rows - repeated
    table.cells += [replace(cell, row=cell.row + shift) for cell in after.cells if cell.row >= repeated]
    table.rows += after.rows - repeated
    table.ends, table.titles = after.ends, after.titles
    return True


def _overlap(xs: Sequence[float], ys: Sequence[float]) -> bool:
    """True if each column of a table lies mostly over the one of its rank in another table."""
    columns = zip(pairwise(xs), pairwise(ys), strict=True)
    return all(2 * (min(b, d) - max(a, c)) >= min(b - a, d - c) for (a, b), (c, d) in columns)


def _repeated(table: Table, after: Table) -> int:
    """How many header rows the next page prints again."""
    rows = 0
    while rows < after.rows and any(text for *_, text in _row(after, rows)) and _same(table, after, rows):
        rows += 1
    while any(cell.row < rows < cell.row + cell.row_span for cell in after.cells):
        rows -= 1
    return rows


def _same(table: Table, after: Table, row: int) -> bool:
    """True if a row is printed again; in a running head that spans all columns the number of the page may have risen."""
    one, other = _row(table, row), _row(after, row)
    if one == other or len(one) != 1 or len(other) != 1 or one[0][:3] != other[0][:3]:
        return one == other
    if masked(one[0][3]) != masked(other[0][3]):
        return False
    pairs = zip(_DIGITS.findall(one[0][3]), _DIGITS.findall(other[0][3]), strict=True)
    return all(n == m or (len(m) <= _PAGE_DIGITS and int(m) - int(n) == after.page - table.page) for n, m in pairs)


def _row(table: Table, row: int) -> list[tuple[int, int, int, str]]:
    return [(cell.column, cell.row_span, cell.column_span, cell.text) for cell in table.cells if cell.row == row]
