"""CSV and TSV: fields under a delimiter that is found, not assumed; stacked tables taken apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
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


def read(path: Path, data: bytes) -> Document:
    """The tables of a CSV file, each with the physical line its rows start on."""
    decoded = decode(data)
    text = normalise_file(decoded.text)
    problems = list(encoding_problems(str(path), decoded))
    delimiter = find_delimiter(text)
    records, unclosed = _records(text, delimiter)
    if unclosed:
        problems.append(Problem(Place(str(path), line=unclosed), Message("read-csv-quote"), "notice"))
    return Document(str(path), "csv", tuple(_blocks(records)), tuple(problems))


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


def _reader(text: str, delimiter: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> _csv.Reader:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    return csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting)


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], int]:
    """Every record with the line it starts on; and the line of a quote that is never closed (then quotes are text)."""
    records = list(_parse(text, delimiter, csv.QUOTE_MINIMAL))
    if records:
        line, last = records[-1]
        if last and "\n" in last[-1] and _tail(text, line).count('"') % 2:
            return list(_parse(text, delimiter, csv.QUOTE_NONE)), line
    return records, 0


def _tail(text: str, line: int) -> str:
    return text.split("\n", line - 1)[-1]


def _parse(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[tuple[int, list[str]]]:
    reader = _reader(text, delimiter, quoting)
    cells, line = 0, 1
    try:
        for record in reader:
            cells += len(record)
            if len(record) > MAX_COLUMNS or cells > MAX_CELLS:
                raise ReadError("read-too-many-cells", line=line)
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReadError("read-csv-broken", line=line) from error


def _blocks(records: list[tuple[int, list[str]]]) -> Iterator[Grid | Paragraph]:
    rows = [
        Row({column: text for column, field in enumerate(record) if (text := lines_of(field))}, len(record))
        for _, record in records
    ]
    for region in split_sheet(rows):
        if region.table:
            yield _grid(records, rows, region)
        else:
            for (line, _), row in zip(records[region.start : region.stop], rows[region.start : region.stop], strict=True):
                yield from (
                    Paragraph(text, line=line) for column, text in row.texts.items() if region.left <= column < region.right
                )


def _grid(records: list[tuple[int, list[str]]], rows: list[Row], region: Region) -> Grid:
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
