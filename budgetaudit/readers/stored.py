"""What HWPX, HWP and DOCX have in common: paragraphs of text, tables and boxes, laid out in reading order.

The readers build `Para` and `Table` from their own format; `Layout` turns them into grids and
paragraphs, so that twins of one document give the same blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from budgetaudit.model import Cell, Grid, Message, Paragraph, Place, Problem, ReadError
from budgetaudit.readers import limits
from budgetaudit.readers.printed import is_amount, lines_of, normalise, settle
from budgetaudit.readers.tabbed import Line, split


@dataclass(slots=True)
class Mark:
    """The start or end of a stretch of text that is not printed as it stands: a tracked deletion, a placeholder."""

    sort: Literal["delete", "undelete", "field", "end"]
    key: str = ""
    prompt: str | None = None


@dataclass(slots=True)
class TableCell:
    """A cell as stored; its text is laid out later."""

    row: int
    column: int
    row_span: int
    column_span: int
    paras: list[Para]
    header: bool = False


@dataclass(slots=True)
class Table:
    """A table as stored: stated size, cells, caption.

    `placed`: whether its cells state their places, so that none may be bare; `covered`: filled cells that merged ones hide.
    """

    rows: int
    columns: int
    cells: list[TableCell]
    caption: list[Para] = field(default_factory=list)
    placed: bool = False
    covered: int = 0


@dataclass(slots=True)
class Box:
    """Paragraphs anchored elsewhere: a text box, a header, a footer, a note, a picture's caption."""

    paras: list[Para]


@dataclass(slots=True)
class Para:
    """One stored paragraph: text, marks, tables and boxes in their order; its tab stops in twips, if known."""

    items: list[str | Mark | Table | Box] = field(default_factory=list)
    start: int = 0
    stops: tuple[int, ...] | None = None


# Hancom keeps numbers in boxes as private characters: 1 to 9, then halves of two-digit numbers
# (nine tens, ten ones), once dark on light (from U+F02B1) and once light on dark (from U+F02CE).
_SETS = (0xF02B1, 0xF02CE)
_SINGLE = {chr(start + n): chr(0x2460 + n) for start in _SETS for n in range(9)}
_TENS = {chr(start + 9 + n): (n + 1) * 10 for start in _SETS for n in range(9)}
_ONES = {chr(start + 18 + n): n for start in _SETS for n in range(10)}
_PAIR = re.compile(f"([{''.join(_TENS)}])([{''.join(_ONES)}])")
_SINGLES = str.maketrans(_SINGLE)
_PRIVATE = re.compile(f"[{chr(min(_SETS))}-{chr(max(_SETS) + 27)}]")


def circled(number: int) -> str:
    """①, ⑳, ㉑ … up to 50; larger numbers in parentheses."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(start + number - first)
    return f"({number})"


def readable(text: str) -> str:
    """Hancom's private boxed numbers as circled numbers, which every font and program knows."""
    if not _PRIVATE.search(text):
        return text
    text = _PAIR.sub(lambda pair: circled(_TENS[pair[1]] + _ONES[pair[2]]), text)
    return text.translate(_SINGLES)


class Layout:
    """Lays stored paragraphs out as blocks; keeps count of grids for nesting and of problems."""

    def __init__(self, path: str, kind: str) -> None:
        self.path, self.blocks, self.problems = path, list[Grid | Paragraph](), list[Problem]()
        self._budget = limits.CellBudget(kind)
        self._grids = 0

    def add(self, paras: Sequence[Para]) -> None:
        """Append the blocks of a section."""
        self._parts(paras, None)

    def problem(self, message: Message, *, table: int | None = None, level: Literal["unread", "notice"] = "unread") -> None:
        """Note what could not be read, or what the user should know."""
        self.problems.append(Problem(Place(self.path, table=table), message, level))

    def _parts(self, paras: Sequence[Para], parent: tuple[int, int, int] | None) -> None:
        """Blocks in reading order; neighbouring texts are kept together, for their tabs may make a table."""
        lines: list[Line] = []
        for part in _in_order(paras):
            if isinstance(part, Line):
                lines.append(part)
            else:
                self._lines(lines)
                lines.clear()
                self._part(part, parent)
        self._lines(lines)

    def _part(self, part: Table | Box, parent: tuple[int, int, int] | None) -> None:
        if isinstance(part, Table):
            self._table(part, parent)
        else:
            self._parts(part.paras, parent)

    def _lines(self, lines: Sequence[Line]) -> None:
        for part in split(lines):
            if isinstance(part, str):
                self.blocks.append(Paragraph(text=part))
            else:
                self._grid(Grid(len(part.rows), len(part.rows[0]), part.cells(), spans=False))

    def _grid(self, grid: Grid) -> int:
        self._budget.spend(len(grid.cells), grid.rows * grid.columns)
        self.blocks.append(grid)
        self._grids += 1
        return self._grids - 1

    def _table(self, table: Table, parent: tuple[int, int, int] | None) -> None:
        cells, inside = list[Cell](), list[tuple[int, int, Table | Box]]()
        for stored in table.cells:
            text, rest = _cell_text(stored.paras)
            inside += ((stored.row, stored.column, part) for part in rest)
            cells.append(_cell(stored, text))
        rows = max([table.rows, *(cell.row + 1 for cell in cells)])
        columns = max([table.columns, *(cell.column + 1 for cell in cells)])
        caption, boxed = _cell_text(table.caption)
        try:
            self._budget.check(len(cells), rows * columns)
        except ReadError as fault:
            self.problem(fault.message, table=self._grids + 1)
            return
        kept, lost, bare = settle(cells, rows, columns)
        index = self._grid(Grid(rows, columns, kept, caption=lines_of(caption), parent=parent))
        if lost:
            self.problem(Message("read-cells-lost", {"count": lost}), table=index + 1)
        if table.covered:
            self.problem(Message("read-cells-covered", {"count": table.covered}), table=index + 1, level="notice")
        if bare and table.placed:
            self.problem(Message("read-cells-bare", {"count": bare}), table=index + 1, level="notice")
        for part in boxed:
            self._part(part, parent)
        owners = {(cell.row, cell.column) for cell in kept}
        for row, column, part in inside:
            self._part(part, (index, row, column) if (row, column) in owners else parent)


def _cell(stored: TableCell, text: str) -> Cell:
    return Cell(
        row=stored.row,
        column=stored.column,
        text=lines_of(text),
        row_span=stored.row_span,
        column_span=stored.column_span,
        header=stored.header,
        indent=indent(text),
    )


def _cell_text(paras: Sequence[Para]) -> tuple[str, list[Table | Box]]:
    """The text of a cell, a line per paragraph, and what stands in it besides text."""
    lines: list[str] = []
    rest: list[Table | Box] = []
    for parts in _visible(paras):
        rest += (part for part in parts if not isinstance(part, str))
        lines.append("".join(part for part in parts if isinstance(part, str)))
    return normalise(readable("\n".join(lines))), rest


def indent(text: str) -> int:
    """By how many blanks the first line is set in."""
    line = text.lstrip("\n").split("\n", 1)[0]
    return len(line) - len(line.lstrip())


def _in_order(paras: Sequence[Para]) -> Iterator[Line | Table | Box]:
    """Texts, tables and boxes in reading order; what is merely anchored in a paragraph follows it."""
    for para, parts in zip(paras, _visible(paras), strict=True):
        text, boxes = "", list[Box]()
        for part in parts:
            if isinstance(part, str):
                text += part
            elif isinstance(part, Table):
                if text.strip():
                    yield from _lines_of(text, para)
                yield part
                text = ""
            else:
                boxes.append(part)
        yield from _lines_of(text, para)
        yield from boxes


def _lines_of(text: str, para: Para) -> Iterator[Line]:
    if not text:
        yield Line("")
        return
    text = normalise(readable(text), tabs=True)
    if "\t" in text:
        yield from (Line(line, para.start, para.stops, lead) for lead, line in _rows(text))
    else:
        yield Line(text.strip("\n "), para.start, para.stops)


def _rows(text: str) -> list[tuple[str, str]]:
    """The lines of a paragraph with tabs; where only the last has tabs, those before are the beginning (first) of its label."""
    lines = text.split("\n")
    if "\t" in "".join(lines[:-1]) or not any(is_amount(field.strip()) for field in lines[-1].split("\t")[1:]):
        return [("", line) for line in lines]
    return [(" ".join(line.strip(" ") for line in lines[:-1]), lines[-1])]


def _visible(paras: Sequence[Para]) -> Iterator[list[str | Table | Box]]:
    """Each paragraph's parts without tracked deletions and without placeholders nobody filled in.

    A deletion may run over paragraphs; one that is never closed ends with its paragraph.
    """
    closed = {item.key for para in paras for item in para.items if isinstance(item, Mark) and item.sort == "undelete"}
    deleting: set[str] = set()
    for para in paras:
        parts: list[str | Table | Box] = []
        fields: list[tuple[int, str]] = []
        for item in para.items:
            if isinstance(item, Mark):
                _mark(item, deleting, fields, parts)
            elif not deleting:
                parts.append(item)
        deleting &= closed
        yield parts


def _mark(mark: Mark, deleting: set[str], fields: list[tuple[int, str]], parts: list[str | Table | Box]) -> None:
    if mark.sort == "delete":
        deleting.add(mark.key)
    elif mark.sort == "undelete":
        deleting.discard(mark.key)
    elif mark.sort == "field":
        fields.append((len(parts), mark.prompt or ""))
    elif fields:
        start, prompt = fields.pop()
        entered = parts[start:]
        if prompt and all(isinstance(part, str) for part in entered) and "".join(map(str, entered)).strip() == prompt.strip():
            del parts[start:]
