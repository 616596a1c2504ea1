"""Plain text and Markdown to grids and paragraphs: tab-separated runs, tables drawn with characters, HTML inside.

Copied and OCR'd plans lose spans, put whole HTML tables into one cell, and repeat such a table's cells after it;
verbatim repeats are dropped so that a table counts once.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from budgetaudit.model import Cell, Grid, Paragraph, ReadError
from budgetaudit.readers.drawn import Drawn, drawn_table
from budgetaudit.readers.printed import MAX_CELLS, MAX_COLUMNS, indent_of, is_amount, lines_of
from budgetaudit.readers.regions import Region, Row, split
from budgetaudit.readers.tabbed import led

_TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
_TAG = re.compile(
    r"(?<!\\)</?(?:p|div|br|ul|ol|li|table|thead|tbody|tr|td|th|span|b|strong|i|em|u|s|sup|sub|font|a|img|hr|h[1-6]|center)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|middot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*\*")
_BULLET = re.compile(r"\s*(?:[○●◦•·▪■□◆◇▶▷►▸※*–—➤✓-]|[①-⑳]|\(?[0-9]{1,2}[.)]|\(?[가-하][.)]|[IVXⅠ-Ⅻ]{1,4}\.)\t(?![^\t]*\t)")
BLANKS = 20
_QUOTED_LINES = 30  # a quoted cell of a copied table is not longer


class Line(NamedTuple):
    """A line of text; one that holds a whole HTML table or a quoted cell may run over several lines of the file."""

    text: str
    number: int


class _Field(NamedTuple):
    text: str
    nested: tuple[Grid, ...] = ()
    indent: int = 0


def blocks(text: str, plain: Callable[[str], str] | None = None) -> list[Grid | Paragraph]:
    """The blocks of a text; `plain` takes the marks of a markup language off a paragraph or cell."""
    return _Reader(text, plain or without_bold).read()


def without_bold(text: str) -> str:
    """The text without paired `**` marks."""
    return _BOLD.sub(r"\1", text) if "**" in text else text


class _Reader:
    def __init__(self, text: str, plain: Callable[[str], str]) -> None:
        lines = list(_logical_lines(text))
        self.texts = led([_without_bullet_tab(line.text) for line in lines])
        self.lines = [line._replace(text=text) for line, text in zip(lines, self.texts, strict=True)]
        self.plain = plain
        self.blocks: list[Grid | Paragraph] = []
        self.grids = 0

    def read(self) -> list[Grid | Paragraph]:
        at = 0
        while at < len(self.lines):
            at = self._take(at)
        return self.blocks

    def _take(self, at: int) -> int:
        """Read the block that starts at a line; the index of the line after it."""
        line = self.lines[at]
        if not line.text.strip():
            return at + 1
        if _tabs(line.text):
            return self._tab_run(at)
        drawn = drawn_table(self.texts, at)
        if drawn is not None:
            self._drawn(at, drawn)
            return at + drawn.lines
        self._prose(line)
        return at + 1

    def _prose(self, line: Line) -> None:
        if _TAG.search(line.text):
            from budgetaudit.readers.markup import Builder, parse

            root = parse(line.text)
            if root is not None:
                builder = Builder(line.number, self.grids)
                builder.page(root)
                self.grids += sum(isinstance(block, Grid) for block in builder.blocks)
                for block in builder.blocks:
                    self.blocks.append(block if isinstance(block, Grid) else replace(block, text=self.plain(block.text)))
            return
        text = _unescape(line.text)
        indent, text = indent_of(text), self.plain(text).strip()
        if text:
            self.blocks.append(Paragraph(text, line=line.number, indent=indent))

    def _drawn(self, at: int, drawn: Drawn) -> None:
        rows = [(self.lines[at + offset].number, [self._field(field) for field in fields]) for offset, fields in drawn.rows]
        self._grid(rows, drawn.headers)

    def _tab_run(self, at: int) -> int:
        """Neighbouring lines with tabs; a short line without, between rows of one shape, is a row too."""
        end = at + 1
        while end < len(self.lines) and (_tabs(self.texts[end]) or self._is_lone_row(end)):
            end += 1
        rows = []
        for line in self.lines[at:end]:
            fields = [self._field(field) for field in _split_tabs(line.text)]
            if len(fields) > MAX_COLUMNS:
                raise ReadError("read-too-many-cells", line=line.number)
            rows.append((line.number, fields))
        shapes = [
            Row({column: field.text or "\n" for column, field in enumerate(fields) if field.text or field.nested}, len(fields))
            for _, fields in rows
        ]
        for region in split(shapes):
            self._region(rows, region)
        return end

    def _region(self, rows: list[tuple[int, list[_Field]]], region: Region) -> None:
        chosen = rows[region.start : region.stop]
        if region.table or any(field.nested for _, fields in chosen for field in fields):
            self._grid(chosen)
            return
        for number, fields in chosen:
            self.blocks += (Paragraph(text, line=number) for field in fields for text in field.text.split("\n") if text)

    def _is_lone_row(self, at: int) -> bool:
        if at + 1 >= len(self.lines) or not 0 < len(self.texts[at].strip()) <= 60 or "<" in self.texts[at]:
            return False
        before, after = _tabs(self.texts[at - 1]), _tabs(self.texts[at + 1])
        return before == after and before > 1

    def _field(self, raw: str) -> _Field:
        """A cell's text and the tables nested in it (their parent is set when the cell's place is known)."""
        if _TAG.search(raw):
            from budgetaudit.readers.markup import Builder, cell_text, parse

            root = parse(raw)
            if root is None:
                return _Field("")
            text, tables = cell_text(root)
            nested: list[Grid] = []
            for table in tables:
                builder = Builder(grids=len(nested))
                builder.table(table)
                nested += (block for block in builder.blocks if isinstance(block, Grid))
            return _Field(without_bold(text), tuple(nested))
        text = _unescape(raw)
        return _Field(lines_of(self.plain(text)), indent=indent_of(text))

    def _grid(self, rows: list[tuple[int, list[_Field]]], headers: int = 0) -> None:
        copies = _copies(rows)
        cells = tuple(
            Cell(row, column, field.text, line=number, header=row < headers, indent=field.indent)
            for row, (number, fields) in enumerate(rows)
            for column, field in enumerate(fields)
            if (field.text or field.nested) and (row, column) not in copies
        )
        if len(cells) > MAX_CELLS:
            raise ReadError("read-too-many-cells", line=rows[0][0])
        columns = max(len(fields) for _, fields in rows)
        self.blocks.append(Grid(len(rows), columns, cells, spans=False, line=rows[0][0]))
        index = self.grids
        self.grids += 1
        for row, (number, fields) in enumerate(rows):
            for column, field in enumerate(fields):
                self._nest(field.nested, (index, row, column), number)

    def _nest(self, nested: tuple[Grid, ...], parent: tuple[int, int, int], number: int) -> None:
        """Add nested grids under their cell; what is nested deeper counts from the first of them."""
        first = self.grids
        for grid in nested:
            deeper = (first + grid.parent[0], grid.parent[1], grid.parent[2]) if grid.parent else parent
            cells = tuple(replace(cell, line=(cell.line or 1) + number - 1) for cell in grid.cells)
            self.blocks.append(replace(grid, parent=deeper, cells=cells, line=(grid.line or 1) + number - 1))
            self.grids += 1


def _copies(rows: list[tuple[int, list[_Field]]]) -> set[tuple[int, int]]:
    """The places that only repeat, cell by cell, a table nested in a cell before them."""
    found: set[tuple[int, int]] = set()
    known: set[tuple[str, ...]] = set()
    for row, (_, fields) in enumerate(rows):
        words = [_squeeze(field.text) for field in fields]
        filled = tuple(word for word in words if word)
        if len(filled) > 1 and filled in known:
            found |= {(row, column) for column, word in enumerate(words) if word}
        for column, field in enumerate(fields):
            for grid in field.nested:
                texts = [_squeeze(cell.text) for cell in grid.cells if cell.text]
                after = [(row, at) for at in range(column + 1, len(words)) if words[at]]
                pairs = enumerate(zip(texts, after, strict=False))
                same = next((n for n, (text, (_, at)) in pairs if text != words[at]), min(len(texts), len(after)))
                if same > 1:
                    found.update(after[:same])
                inner: dict[int, list[str]] = {}
                for cell in grid.cells:
                    inner.setdefault(cell.row, []).extend([_squeeze(cell.text)] if cell.text else [])
                known.update(map(tuple, inner.values()))
    return found


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0]).replace("\xa0", " "), text) if "&" in text else text


def _logical_lines(text: str) -> Iterator[Line]:
    """Physical lines, those of one HTML table or one quoted cell taken together."""
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    spans = _table_spans(text)
    span = index = 0
    while index < len(lines):
        if index >= BLANKS and not any(lines[index - BLANKS : index + 1]):
            index += 1  # more blank lines than any table or paragraph cares about
            continue
        stop = index + 1
        while more := _quoted(lines, stop - 1):
            stop += more
        while span < len(spans) and spans[span][0] < starts[stop]:
            stop = max(stop, bisect_left(starts, spans[span][1]))
            span += 1
        yield Line("\n".join(lines[index:stop]), index + 1)
        index = stop


def _quoted(lines: list[str], index: int) -> int:
    """How many more lines the last cell of a line takes, if it opens a quote there that a later line closes."""
    last = lines[index].rsplit("\t", 1)[-1] if "\t" in lines[index] else ""
    if not last.startswith('"') or last.count('"') % 2 == 0:
        return 0
    for more in range(1, min(_QUOTED_LINES, len(lines) - index)):
        line = lines[index + more]
        if '"' in line:
            closing = line.split("\t", 1)[0]
            return more if closing.endswith('"') and closing.count('"') % 2 else 0
        if "\t" in line:
            return 0
    return 0


def _table_spans(text: str) -> list[tuple[int, int]]:
    """Where the outermost HTML tables begin and end; a tag without its partner counts for nothing."""
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for match in _TABLE_TAG.finditer(text):
        if not match[1]:
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            end = text.find(">", match.end(), match.end() + 100) + 1 or match.end()
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, end))
    return spans


def _without_bullet_tab(text: str) -> str:
    """A list's item with a tab after its mark is a sentence, not a row; one that is followed by a number alone may be a row."""
    mark = _BULLET.match(text)
    return text.replace("\t", " ") if mark and not is_amount(text[mark.end() :].strip()) else text


def _tabs(text: str) -> int:
    return len(_split_tabs(text)) - 1 if "\t" in text else 0


def _split_tabs(text: str) -> list[str]:
    """Fields between tabs; tabs inside an HTML table or a quoted multi-line cell separate nothing."""
    if "<" in text:
        for start, end in reversed(_table_spans(text)):
            text = text[:start] + text[start:end].replace("\t", " ") + text[end:]
    fields = text.split("\t")
    return [field[1:-1].replace('""', '"') if "\n" in field and field[:1] == field[-1:] == '"' else field for field in fields]
