"""CSV as pieces: Arrow reads the numbers, and what it cannot read as numbers is read again as text, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from budgetaudit.engines.arrow_columns import counted, piece_of, whole
from budgetaudit.engines.cells import NOTHING, CellReader
from budgetaudit.engines.files import NEWLINE, POINT, QUOTE, RETURN, CsvFile
from budgetaudit.engines.linear import Malformed
from budgetaudit.engines.pieces import Int64, Piece
from budgetaudit.engines.quotes import mend

MOST_FLOAT = 6  # decimals of numbers that are read as floats, which are exact up to 15 digits
_COLUMN = re.compile(r"In CSV column #(\d+)")


@dataclass
class CsvSource:
    """One CSV file as pieces of the columns that are wanted."""

    file: CsvFile
    amounts: Mapping[str, CellReader]
    places: Mapping[str, int]
    texts: Sequence[str]
    _irregular_parts: dict[str, int] = field(default_factory=dict)  # by column, how many parts in turn held it as text

    @property
    def size(self) -> int:
        """The bytes of the file as it lies on the disk."""
        return Path(self.file.path).stat().st_size

    def parts(self) -> Iterator[bytearray]:
        yield from self.file.pieces()

    def addresses(self) -> list[tuple[int, int]] | None:
        return self.file.stretches()

    def weight(self, part: bytearray) -> int:
        return len(part)

    def pieces(self, part: bytearray | tuple[int, int]) -> Iterator[Piece]:
        """The rows of a stretch of lines as exact columns; a column that proves irregular is read as text from there on."""
        part = self.file.read(*part) if isinstance(part, tuple) else part
        textual = {name for name, times in self._irregular_parts.items() if times > 1}
        read = self._read(part, textual)
        self._irregular_parts = {name: self._irregular_parts.get(name, 0) + 1 for name in textual}
        header = self.file.header
        table = read.table.rename_columns([header[int(at)] for at in read.table.column_names])
        piece = piece_of(table, self.amounts, self.places, self.texts, counted=True)
        piece.ragged, piece.stray = dict(read.ragged), read.stray
        piece.lines, piece.line_count = read.lines, read.line_count
        for row in piece.ragged:  # a row with another number of fields holds no amounts
            piece.irregular[row] = dict.fromkeys(self.amounts, Malformed(""))
        yield piece

    def _read(self, data: bytes | bytearray, textual: set[str]) -> _Read:
        """A stretch of lines as an Arrow table; a row of another width is empty in it."""
        if RETURN in data and data.count(b"\r") != data.count(b"\r\n"):
            data = re.sub(rb"\r(?!\n)", b" ", data)  # no line end to anybody but Arrow
        line_count, lines, stray = int(np.count_nonzero(np.frombuffer(data, np.uint8) == NEWLINE)), None, []
        self._doubt(data, textual)
        table, ragged = self._by_arrow(data, textual)
        if table.num_rows + len(ragged) != line_count:
            mended = mend(bytes(data), len(self.file.header), self.file.delimiter, self._is_amount)
            lines, stray = mended.lines, mended.stray
            if mended.data is not None:
                table, ragged = self._by_arrow(mended.data, textual)
        if ragged:
            table = _with_gaps(table, [row for row, _ in ragged])
        return _Read(table, lines, line_count, ragged, stray)

    def _doubt(self, data: bytes | bytearray, textual: set[str]) -> None:
        """Take as text what Arrow would read as other numbers than are printed, or inexactly."""
        body = np.frombuffer(data, np.uint8)
        for places in {self.places[name] for name in self.amounts}:
            small = any(ord(letter) in data and letter.encode() + b"-" in data for letter in "eE")
            if places and (places > MOST_FLOAT or small or _finer(body, places)):
                textual.update(name for name in self.amounts if self.places[name] == places)
        if any(ord(letter) in data and b"0" + letter.encode() in data for letter in "xX"):
            textual.update(self.amounts)

    def _is_amount(self, column: int, text: str) -> bool:
        """True if a text, its bytes taken for characters, may stand in a column."""
        cells = self.amounts.get(self.file.header[column])
        if cells is None:
            return True
        return '"' not in text and not isinstance(cells.read(text.encode("latin-1").decode("utf-8", "replace"))[0], Malformed)

    def _by_arrow(self, data: bytes | bytearray, textual: set[str]) -> tuple[Any, list[tuple[int, int]]]:
        """What Arrow reads, and the rows of another width with their numbers of fields."""
        header = self.file.header
        wanted = dict.fromkeys((*self.amounts, *self.texts)) or dict.fromkeys(header[:1])
        quoted, ragged = QUOTE in data, []

        def other_width(row: Any) -> str:
            ragged.append((row.number - 1, max(row.actual_columns, 0)))
            return "skip"

        def kind(name: str) -> Any:
            if name not in self.amounts or name in textual:
                return pa.binary()
            return pa.float64() if self.places[name] else pa.int64()

        reading = csv.ReadOptions(
            column_names=[str(at) for at in range(len(header))], block_size=len(data) + 1, use_threads=False
        )
        parsing = csv.ParseOptions(
            delimiter=self.file.delimiter,
            quote_char='"' if quoted else False,
            newlines_in_values=quoted,
            invalid_row_handler=other_width,
        )
        while True:
            kinds = {str(header.index(name)): kind(name) for name in wanted}
            converting = csv.ConvertOptions(
                column_types=kinds,
                include_columns=list(kinds),
                check_utf8=False,
                null_values=sorted(NOTHING),
                strings_can_be_null=False,
            )
            try:
                table = csv.read_csv(pa.BufferReader(data), reading, parsing, converting)
                table, inexact = self._counted(table)
                if not inexact:
                    return table, ragged
                textual |= inexact
                ragged.clear()
            except pa.ArrowInvalid as fault:
                column = _COLUMN.search(str(fault))
                name = header[int(column.group(1))] if column else ""
                irregular = {name} if name in self.amounts and name not in textual else set(self.amounts) - textual
                if not irregular:
                    raise
                textual |= irregular
                ragged.clear()

    def _counted(self, table: Any) -> tuple[Any, set[str]]:
        """The table with integers for floats; and the columns whose numbers may not be the printed ones."""
        inexact = set()
        for at, column in enumerate(table.schema):
            if column.type == pa.float64():
                name = self.file.header[int(column.name)]
                counts = counted(whole(table.column(at)), self.places[name])
                if counts is None:
                    inexact.add(name)
                else:
                    table = table.set_column(at, column.name, counts)
        return table, inexact


@dataclass
class _Read:
    """A stretch of lines as read; `lines` is the line of each row, None if every row is one line."""

    table: Any
    lines: Int64 | None
    line_count: int
    ragged: list[tuple[int, int]]
    stray: list[int]


def _finer(body: Any, places: int) -> bool:
    """True if any printed number has more decimals than given."""
    points = np.flatnonzero(body[: -places - 1] == POINT)
    for ahead in (places + 1, *range(1, places + 1)):
        points = points[(body[points + ahead] - 48).astype(np.uint8) < 10]
        if not len(points):
            return False
    return True


def _with_gaps(table: Any, gaps: Sequence[int]) -> Any:
    """The table with an empty row where each of some rows stands."""
    total = table.num_rows + len(gaps)
    keep = np.ones(total, dtype=bool)
    keep[list(gaps)] = False
    places = np.cumsum(keep) - 1
    return table.take(pa.array(places, mask=~keep))
