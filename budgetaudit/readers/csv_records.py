"""The records of a CSV file. A quote that swallows rows is taken for text, line by line, and told.

A quoted field may hold line ends (a cell of several lines), and a stray quote looks just like one. What tells them apart is the
grid: a quote is stray if it is never closed, or if nearly every line it covers is by itself a row as wide as its neighbours.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from budgetaudit.model import ReadError
from budgetaudit.readers.printed import MAX_CELLS, MAX_COLUMNS

if TYPE_CHECKING:
    import _csv

LARGEST_FIELD = 1 << 28  # characters
LOOKED_AT = 2_000  # lines that tell the width of a row
ROWS = 0.8  # share of the lines under a quote that must be rows by themselves for it to be stray

Record = tuple[int, list[str]]  # the line it starts on, its fields


def reader_of(lines: Iterable[str], delimiter: str) -> _csv.Reader:
    """A lenient reader whose fields may be as long as the file."""
    csv.field_size_limit(LARGEST_FIELD)
    return csv.reader(lines, delimiter=delimiter)


def read_records(lines: Sequence[str], delimiter: str, stray: list[int]) -> Iterator[Record]:
    """Every record with the line it starts on, from 1; the lines of stray quotes are added to `stray`."""
    usual = _width(lines, delimiter)
    at, before = 0, usual
    while at < len(lines):
        reader = reader_of((lines[index] + "\n" for index in range(at, len(lines))), delimiter)
        start, first = at, at
        for record in reader:
            end = first + reader.line_num
            if end - start > 1 and _is_stray(lines[start:end], len(record), (usual, before), delimiter):
                stray.append(start + 1)
                yield start + 1, lines[start].split(delimiter)
                at = start + 1
                break
            yield start + 1, record
            before = len(record) or before
            start = end
        else:
            return


def counted(records: Iterable[Record]) -> Iterator[Record]:
    """The same records; ReadError where there are more cells or columns than a document may have."""
    cells = 0
    for line, record in records:
        cells += len(record)
        if len(record) > MAX_COLUMNS or cells > MAX_CELLS:
            raise ReadError("read-too-many-cells", line=line)
        yield line, record


def _width(lines: Sequence[str], delimiter: str) -> int:
    """The number of fields that most lines have, of those with several and without a quote; 0 if there are none."""
    widths = Counter(line.count(delimiter) + 1 for line in lines[:LOOKED_AT] if delimiter in line and '"' not in line)
    return widths.most_common(1)[0][0] if widths else 0


def _is_stray(lines: Sequence[str], width: int, usual: tuple[int, int], delimiter: str) -> bool:
    """True if the quote that these lines stand under is no more than a sign in the first of them."""
    if sum(line.count('"') for line in lines) % 2:
        return True  # never closed
    filled = [line for line in lines if line.strip()]
    alone = sum(line.count(delimiter) + 1 in usual and delimiter in line for line in filled)
    return (width not in usual and alone >= ROWS * len(filled)) or alone == len(filled)
