"""CSV and TSV: fields under a delimiter that is found, not assumed; stacked tables taken apart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from budgetaudit.model import Cell, Document, Grid, Message, Paragraph, Place, Problem
from budgetaudit.readers import thousands
from budgetaudit.readers.csv_records import Record, counted, read_records, reader_of
from budgetaudit.readers.encoding import decode
from budgetaudit.readers.encoding import problems as encoding_problems
from budgetaudit.readers.printed import MAX_COLUMNS, indent_of, lines_of, normalise_file
from budgetaudit.readers.regions import Region, Row, split_sheet

_DELIMITERS = ("\t", ";", "|", ",")
_SAMPLE = 200  # lines looked at to find the delimiter
_SAMPLE_SIZE = 1 << 20
_PROBLEMS = 20


def read(path: Path, data: bytes, *, whole: bool = False) -> Document:
    """The tables of a CSV file, each with the physical line its rows start on; with `whole` all of it as one grid."""
    decoded = decode(data)
    text = normalise_file(decoded.text)
    problems = list(encoding_problems(str(path), decoded))
    delimiter = find_delimiter(text)
    stray: list[int] = []
    records = list(counted(read_records(text.split("\n"), delimiter, stray)))
    if delimiter == ",":
        records, notices = thousands.mended(records, str(path))
        problems += notices
    problems += (Problem(Place(str(path), line=line), Message("read-csv-quote"), "notice") for line in stray[:_PROBLEMS])
    return Document(str(path), "csv", tuple(_blocks(records, whole)), tuple(problems))


def find_delimiter(text: str) -> str:
    """The delimiter under which most lines have as many fields as a neighbour; then the one giving most fields."""
    sample = "".join(islice(io.StringIO(text), _SAMPLE))[:_SAMPLE_SIZE]
    best, delimiter = (0, 0), ","
    for candidate in _DELIMITERS:
        widths = [len(record) for record in reader_of(io.StringIO(sample), candidate) if any(record)]
        pairs = zip([0, *widths], widths, [*widths[1:], 0], strict=False)
        agreeing = [width for before, width, after in pairs if width > 1 and width in (before, after)]
        score = (len(agreeing) or int(max(widths, default=0) > 1), sum(agreeing))
        if score > best:
            best, delimiter = score, candidate
    return delimiter


def _blocks(records: list[Record], whole: bool) -> Iterator[Grid | Paragraph]:
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


def _grid(records: list[Record], rows: list[Row], region: Region) -> Grid:
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
