"""CSV and TSV: fields under a delimiter that is found, not assumed; stacked tables taken apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from budgetaudit.model import Cell, Document, Grid, Message, Paragraph, Place, Problem, ReadError
from budgetaudit.readers.encoding import decode
from budgetaudit.readers.encoding import problems as encoding_problems
from budgetaudit.readers.printed import MAX_CELLS, MAX_COLUMNS, indent_of, lines_of, normalise_file
from budgetaudit.readers.regions import Region, Row, split_sheet

if TYPE_CHECKING:
    import _csv

_DELIMITERS = ("\t", ";", "|", ",")
_SAMPLE = 200  # lines looked at to find the delimiter
_SAMPLE_SIZE = 1 << 20
_TALL = 100  # lines; no cell of a budget is taller, so a quote has swallowed rows
_CLOSING = 10  # lines within which a quote in a file with a stray one has to close
_PROBLEMS = 20

_Record = tuple[int, list[str]]


def read(path: Path, data: bytes, *, whole: bool = False) -> Document:
    """The tables of a CSV file, each with the physical line its rows start on; with `whole` all of it as one grid."""
    decoded = decode(data)
    text = normalise_file(decoded.text)
    problems = list(encoding_problems(str(path), decoded))
    delimiter = find_delimiter(text)
    records, unclosed = _records(text, delimiter)
    problems += (Problem(Place(str(path), line=line), Message("read-csv-quote"), "notice") for line in unclosed[:_PROBLEMS])
    return Document(str(path), "csv", tuple(_blocks(records, whole)), tuple(problems))


def find_delimiter(text: str) -> str:
    """The delimiter under which most lines have as many fields as a neighbour; then the one giving most fields."""
    sample = "".join(islice(io.StringIO(text), _SAMPLE))[:_SAMPLE_SIZE]
    best, delimiter = (0, 0), ","
    for candidate in _DELIMITERS:
        widths = [len(record) for record in _reader(sample, candidate) if any(record)]
        pairs = zip([0, *widths], widths, [*widths[1:], 0], strict=False)
        agreeing = [width for before, width, after in pairs if width > 1 and width in (before, after)]
        score = (len(agreeing) or int(max(widths, default=0) > 1), sum(agreeing))
        if score > best:
            best, delimiter = score, candidate
    return delimiter


def _reader(text: str, delimiter: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL, *, strict: bool = False) -> _csv.Reader:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    return csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting, strict=strict)


def _records(text: str, delimiter: str) -> tuple[list[_Record], list[int]]:
    """Every record with the line it starts on; and the lines with a quote that is never closed."""
    try:
        records = list(_parse(_reader(text, delimiter, strict=True)))
    except csv.Error:
        return _mended(text.split("\n"), delimiter)
    swallowed = any(after - before > _TALL for (before, _), (after, _) in pairwise(records))
    return _mended(text.split("\n"), delimiter) if swallowed else (records, [])


def _mended(lines: list[str], delimiter: str) -> tuple[list[_Record], list[int]]:
    """The records where quotes close within a few lines; elsewhere a quote is text and ends nothing but its own line."""
    records: list[_Record] = []
    unclosed: list[int] = []
    at = 0
    while at < len(lines):
        quotes, taken = lines[at].count('"'), 1
        while quotes % 2 and taken < _CLOSING and at + taken < len(lines):
            quotes += lines[at + taken].count('"')
            taken += 1
        if quotes % 2:
            taken = 1
            unclosed.append(at + 1)
        quoting: Literal[0, 3] = csv.QUOTE_NONE if quotes % 2 else csv.QUOTE_MINIMAL
        records += _parse(_reader("\n".join(lines[at : at + taken]), delimiter, quoting), at + 1)
        at += taken
    return records, unclosed


def _parse(reader: _csv.Reader, first: int = 1) -> Iterator[_Record]:
    cells, line = 0, first
    for record in reader:
        cells += len(record)
        if len(record) > MAX_COLUMNS or cells > MAX_CELLS:
            raise ReadError("read-too-many-cells", line=line)
        yield line, record
        line = reader.line_num + first


def _blocks(records: list[_Record], whole: bool) -> Iterator[Grid | Paragraph]:
    rows = [
        Row({column: text for column, field in enumerate(record) if (text := lines_of(field))}, len(record))
        for _, record in records
    ]
    for region in [Region(0, len(rows), True)] if whole else split_sheet(rows):
        if region.table:
            yield _grid(records, rows, region)
        else:
            for (line, _), row in zip(records[region.start : region.stop], rows[region.start : region.stop], strict=True):
                yield from (
                    Paragraph(text, line=line) for column, text in row.texts.items() if region.left <= column < region.right
                )


def _grid(records: list[_Record], rows: list[Row], region: Region) -> Grid:
    chosen = records[region.start : region.stop]
    cells = tuple(
        Cell(at, column - region.left, text, line=line, indent=indent_of(record[column]))
        for at, ((line, record), row) in enumerate(zip(chosen, rows[region.start : region.stop], strict=True))
        for column, text in row.texts.items()
        if region.left <= column < region.right
    )
    columns = max(min(len(record), region.right) for _, record in chosen) - region.left
    if region.right < MAX_COLUMNS:  # the gap to the next table is no part of this one
        columns = max(cell.column for cell in cells) + 1
    return Grid(len(chosen), columns, cells, spans=False, line=chosen[0][0])
