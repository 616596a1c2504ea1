"""Pieces of CSV as blocks: numpy finds the fields and reads the numbers.

A piece whose quotes do not pair up is read by the csv module instead, whose rules every spreadsheet shares.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import Block, Int64, Texts
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.digits import Words, words_of
from budgetaudit.engines.files import BACK, FRONT, NEWLINE, QUOTE, RETURN, CsvFile
from budgetaudit.engines.linear import Malformed
from budgetaudit.engines.text_columns import read_columns

WORTHWHILE = 32 << 20  # bytes that a process of its own is worth

# --- from bytes to fields ----------------------------------------------------------------------


@dataclass
class Fields:
    """Where the fields of a piece lie: the one of row i, column c ends at `ends[c][i]` and starts behind the one before.

    `ragged` are the rows with another number of fields, and that number; all their fields are empty here.
    """

    data: NDArray[np.uint8]
    words: Words
    first: Int64
    ends: NDArray[np.int64]
    quoted: bool
    ragged: dict[int, int]
    lines: Int64 | None
    line_count: int

    @property
    def rows(self) -> int:
        return len(self.first)

    def spans(self, columns: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Starts and ends of some columns, one line of the result a column, quotes left out."""
        at = np.array(columns)
        start, end = self.ends[at - 1] + 1, self.ends[at]
        start[at == 0] = self.first
        if self.quoted:
            opened = (self.data[start] == QUOTE) & (end > start + 1)
            start += opened
            end -= opened
        if self.ragged:
            np.maximum(end, start, out=end)
        return start, end


def find_fields(piece: bytearray, columns: int, delimiter: str) -> Fields:
    """The fields of a piece of CSV."""
    data, stop = np.frombuffer(piece, np.uint8), len(piece) - BACK
    body = data[:stop]
    quoted = piece.find(QUOTE, FRONT, stop) >= 0
    line_ends = body == NEWLINE
    hits = body == ord(delimiter)
    hits |= line_ends
    if quoted:
        inside = np.logical_xor.accumulate(body == QUOTE)
        if inside[-1]:
            return _by_csv_module(piece, columns, delimiter)
        hits &= ~inside
    positions = np.flatnonzero(hits)
    rows, extra = divmod(len(positions), columns)
    line_count = int(np.count_nonzero(line_ends))
    closing = int(np.count_nonzero(line_ends[positions])) if quoted else line_count
    if not extra and closing == rows and line_ends[positions[columns - 1 :: columns]].all():
        return _fields(piece, data, positions.reshape(rows, columns), quoted, {}, line_count)
    if quoted and not _regular(data, positions, columns):
        return _by_csv_module(piece, columns, delimiter)
    return _ragged(piece, data, positions, columns, quoted)


def _fields(
    piece: bytearray, data: NDArray[np.uint8], table: NDArray[np.int64], quoted: bool, ragged: dict[int, int], line_count: int
) -> Fields:
    ends = np.ascontiguousarray(table.T)
    first = np.empty(len(table), dtype=np.int64)
    first[:1], first[1:] = FRONT, ends[-1, :-1] + 1
    lines = None
    if quoted and line_count != len(table):
        lines = np.searchsorted(np.flatnonzero(data[: len(piece) - BACK] == NEWLINE), first)
    ends[-1] -= (data[ends[-1] - 1] == RETURN) & (ends[-1] > first)
    return Fields(data, words_of(piece), first, ends, quoted, ragged, lines, line_count)


def _regular(data: NDArray[np.uint8], positions: Int64, columns: int) -> bool:
    widths = np.diff(np.flatnonzero(data[positions] == NEWLINE), prepend=-1)
    return bool(((widths == columns) | (widths == 1)).all())


def _ragged(piece: bytearray, data: NDArray[np.uint8], positions: Int64, columns: int, quoted: bool) -> Fields:
    """Rows with too few or too many fields are kept, empty; blank lines are not rows."""
    closing = np.flatnonzero(data[positions] == NEWLINE)
    widths = np.diff(closing, prepend=-1)
    ends = positions[closing]
    first = np.empty(len(ends), dtype=np.int64)
    first[:1], first[1:] = FRONT, ends[:-1] + 1
    length = ends - first
    blank = (widths == 1) & ((length == 0) | ((length == 1) & (data[first] == RETURN))) & (columns > 1)
    keep = np.flatnonzero(~blank)
    table = np.repeat(first[keep], columns).reshape(len(keep), columns)
    good = widths[keep] == columns
    table[good] = positions[closing[keep[good]][:, None] - np.arange(columns - 1, -1, -1)]
    # An empty field still ends one byte behind the end of the field before it.
    table[~good] -= 1
    ragged = {int(row): int(widths[keep[row]]) for row in np.flatnonzero(~good)}
    found = _fields(piece, data, table, False, ragged, len(ends))
    starts = first[keep]
    breaks = np.flatnonzero(data[: len(piece) - BACK] == NEWLINE)
    found.first, found.lines, found.quoted, found.line_count = starts, np.searchsorted(breaks, starts), quoted, len(breaks)
    return found


def _by_csv_module(piece: bytearray, columns: int, delimiter: str) -> Fields:
    """The same from the csv module; a quote that is never closed makes all quotes of the piece plain characters."""
    text = bytes(memoryview(piece)[FRONT : len(piece) - BACK]).decode("latin-1")  # one character a byte
    found = _records(text, delimiter, csv.QUOTE_MINIMAL)
    if found and "\n" in found[-1][1][-1] and text.count('"') % 2:
        found = _records(text, delimiter, csv.QUOTE_NONE)
    lines = [line for line, _ in found]
    ragged = {at: len(row) for at, (_, row) in enumerate(found) if len(row) != columns}
    rows = [row if len(row) == columns else [""] * columns for _, row in found]
    fields = [field.encode("latin-1") for row in rows for field in row]
    buffer = bytearray(bytes(FRONT) + b"\0".join(fields) + b"\0" + bytes(BACK))
    lengths = np.array([len(field) for field in fields], dtype=np.int64)
    ends = np.ascontiguousarray((np.cumsum(lengths + 1) - 1 + FRONT).reshape(len(rows), columns).T)
    data = np.frombuffer(buffer, np.uint8)
    first = np.empty(len(rows), dtype=np.int64)
    first[:1], first[1:] = FRONT, ends[-1, :-1] + 1
    return Fields(data, words_of(buffer), first, ends, False, ragged, np.array(lines, dtype=np.int64), text.count("\n"))


def _records(text: str, delimiter: str, quoting: Literal[0, 3]) -> list[tuple[int, list[str]]]:
    """The records that are not blank lines, each with the line it starts on, from 0."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader, records, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting), [], 0
    for row in reader:
        if row:
            records.append((line, row))
        line = reader.line_num
    return records


# --- from fields to columns --------------------------------------------------------------------


def _has_doubled(fields: Fields, column: int) -> bool:
    """Whether a text of a column holds a doubled quote, which stands for one."""
    quotes = fields.data == QUOTE
    doubled = np.flatnonzero(quotes[:-1] & quotes[1:])
    if not len(doubled):
        return False
    start, end = (line[0] for line in fields.spans([column]))
    row = np.maximum(np.searchsorted(start, doubled, "right") - 1, 0)
    return bool(((doubled >= start[row]) & (doubled + 1 < end[row])).any())


@functools.cache
def _keep_memory() -> None:
    """Free one large array, after which the C library keeps freed memory for the next piece instead of giving it back.

    Taking it back costs more than reading the numbers in it.
    """
    np.empty(31 << 20, dtype=np.uint8)


Part: TypeAlias = bytearray | tuple[int, int]  # a piece, or where it lies in the file


@dataclass
class CsvReader:
    """Turns pieces of one file into blocks of the columns that are wanted."""

    file: CsvFile
    amounts: Mapping[str, CellReader]
    places: Mapping[str, int]
    texts: Sequence[str]

    @property
    def size(self) -> int:
        """The bytes of the file as it lies on the disk."""
        return Path(self.file.path).stat().st_size

    @property
    def worthwhile(self) -> int:
        return WORTHWHILE if self.file.seekable else WORTHWHILE // 8

    def parts(self, *, sent: bool = False) -> Iterator[Part]:
        return self.file.spans() if sent and self.file.seekable else self.file.pieces()

    def weight(self, part: Part) -> int:
        return len(part) if isinstance(part, bytearray) else part[1]

    def blocks(self, part: Part) -> Iterator[Block]:
        yield self.block(part if isinstance(part, bytearray) else self.file.piece(*part))

    def block(self, piece: bytearray) -> Block:
        """One piece as exact columns."""
        _keep_memory()
        fields = find_fields(piece, len(self.file.header), self.file.delimiter)
        at = {name: column for column, name in enumerate(self.file.header)}
        if fields.quoted and any(_has_doubled(fields, at[name]) for name in self.texts):
            fields = _by_csv_module(piece, len(self.file.header), self.file.delimiter)
        block = Block(fields.rows, {}, lines=fields.lines, line_count=fields.line_count, ragged=fields.ragged)
        for name in self.texts:
            start, end = fields.spans([at[name]])
            block.texts[name] = Texts(fields.data, start[0], end[0])
        for places in set(self.places.values()):
            names = [name for name in self.amounts if self.places[name] == places]
            if names and block.rows:
                start, end = fields.spans([at[name] for name in names])
                texts = Texts(fields.data, start.ravel(), end.ravel())
                read_columns(block, names, texts, fields.words, places, self.amounts)
        for row in fields.ragged:
            block.odd[row] = dict.fromkeys(self.amounts, Malformed(""))
        return block


def lines_of_rows(file: CsvFile, rows: Sequence[int], total: int) -> dict[int, int]:
    """The line of some rows, counted from the first line of rows; `total` is the number of all rows."""
    if not rows:
        return {}
    counted = sum(int(np.count_nonzero(np.frombuffer(piece, np.uint8) == NEWLINE)) for piece in file.pieces(4 << 20))
    if counted == total:
        return {row: row for row in rows}
    wanted = np.unique(np.array(rows, dtype=np.int64))
    found: dict[int, int] = {}
    for row, line, _, _, starts in _walk(file):
        here = wanted[(wanted >= row) & (wanted < row + len(starts))] - row
        found.update(zip((here + row).tolist(), (starts[here] + line).tolist(), strict=True))
    return found


def rows_at_bytes(file: CsvFile, offsets: Sequence[int]) -> dict[int, int]:
    """The row that begins at each of some bytes, counted from the first byte of rows."""
    wanted = np.unique(np.array(offsets, dtype=np.int64))
    found: dict[int, int] = {}
    for row, _, byte, piece, starts in _walk(file):
        size = len(piece) - FRONT - BACK
        for offset in wanted[(wanted >= byte) & (wanted < byte + size)].tolist():
            line = piece.count(NEWLINE, FRONT, FRONT + offset - byte)
            found[offset] = row + int(np.searchsorted(starts, line, "right")) - 1
    return found


def _walk(file: CsvFile) -> Iterator[tuple[int, int, int, bytearray, Int64]]:
    """Every piece with the row, line and byte it begins at, and the line each of its rows begins on."""
    row, line, byte = 0, 0, 0
    for piece in file.pieces():
        fields = find_fields(piece, len(file.header), file.delimiter)
        yield row, line, byte, piece, np.arange(fields.rows) if fields.lines is None else fields.lines
        row, line, byte = row + fields.rows, line + fields.line_count, byte + len(piece) - FRONT - BACK
