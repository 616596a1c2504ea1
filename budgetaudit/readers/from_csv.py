"""CSV and TSV: fields under a delimiter that is found, not assumed; stacked tables taken apart.

A quote that swallows rows is taken for text, and told: one that is never closed, or of whose lines nearly each is by itself a row
as wide as its neighbours. Amounts that the delimiter tore (1,234 or 0,50) are put together where every row can be read in
one way only.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

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
_PROBLEMS = 20
LARGEST_FIELD = 1 << 28  # characters
LOOKED_AT = 2_000  # lines that tell the width of a row
ROWS = 0.8  # share of the lines under a quote that must be rows by themselves for it to be stray

Record = tuple[int, list[str]]  # the line it starts on, its fields
_LETTERS = re.compile(r"[^\W\d_]")
_GOES_ON = re.compile(r" +[^\W\d_]")  # words behind a comma of their own: `Parks, gardens`
_ROWS = 2  # torn rows, before commas are to blame
_MOST_NOTICES = 20


@dataclass(frozen=True)
class _Notation:
    """Amounts that an unquoted comma tears apart: how their first and their next fields look, and what they are whole."""

    told: str  # the message
    first: re.Pattern[str]
    next: re.Pattern[str]
    most: int  # fields behind the first one
    whole: re.Pattern[str]
    certain: re.Pattern[str] | None = None  # a first field that is never whole without the next one


_NOTATIONS = (
    _Notation(  # 1,234,567.50
        "read-csv-thousands",
        re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}\Z"),
        re.compile(r"\d{3}(?:\.\d+)?\)?\Z"),
        4,
        re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}(?:,\d{3})+"),
    ),
    _Notation(  # 1.234.567,50
        "read-csv-decimals",
        re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}(?:\.\d{3})*\Z"),
        re.compile(r"\d{2}\)?\Z"),
        1,
        re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}(?:\.\d{3})*,\d{2}\)?\Z"),
        certain=re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}(?:\.\d{3})+\Z"),
    ),
)


def read(path: Path, data: bytes, *, whole: bool = False) -> Document:
    """The tables of a CSV file, each with the physical line its rows start on; with `whole` all of it as one grid."""
    decoded = decode(data)
    text = normalise_file(decoded.text)
    problems = list(encoding_problems(str(path), decoded))
    delimiter = find_delimiter(text)
    stray: list[int] = []
    records = list(counted(read_records(text.split("\n"), delimiter, stray)))
    if delimiter == ",":
        records, notices = mended(records, str(path))
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


def mended(records: list[Record], file: str) -> tuple[list[Record], list[Problem]]:
    """The records with torn amounts put together, if that can be done in one way; and what is to be said of them."""
    header = next((at for at, (_, record) in enumerate(records) if _heads(record)), None)
    if header is None:
        return records, []
    width = len(_trimmed(records[header][1]))
    for notation in _NOTATIONS:
        torn = _torn(records[header + 1 :], width, notation)
        places = [Place(file, line=records[header + 1 + at][0]) for at in torn]
        if len(torn) < _ROWS or not _told(notation, (records[header + 1 + at][1] for at in torn)):
            continue
        if all(len(readings) == 1 for readings in torn.values()):
            rows = [
                (line, torn[at][0] if at in torn else _joined(record, notation))
                for at, (line, record) in enumerate(records[header + 1 :])
            ]
            return [*records[: header + 1], *rows], [Problem(places[0], Message(notation.told, {"count": len(torn)}))]
        doubtful = [place for place, readings in zip(places, torn.values(), strict=True) if len(readings) > 1]
        return records, [Problem(place, Message("read-csv-torn")) for place in doubtful[:_MOST_NOTICES]]
    return records, []


def _torn(rows: Sequence[Record], width: int, notation: _Notation) -> dict[int, list[list[str]]]:
    """The rows wider than the header, with the ways to make them as wide; none if that is not what made them wide."""
    torn: dict[int, list[list[str]]] = {}
    for at, (_, record) in enumerate(rows):
        fields = _trimmed(record)
        if len(fields) > width:
            torn[at] = list(_readings(fields, width, notation))
            if not torn[at]:  # too wide for another reason: a second table, a remark
                return {}
        elif len(fields) == width and any(notation.whole.match(field.strip()) for field in fields):
            return {}  # quoted where it has to be
    return torn


def _told(notation: _Notation, records: Iterable[Sequence[str]]) -> bool:
    """True if some field cannot be whole, where whole fields may look torn: `5,10` may be two amounts."""
    return notation.certain is None or any(len(_joined(list(record), notation)) < len(record) for record in records)


def _joined(record: list[str], notation: _Notation) -> list[str]:
    """A row no wider than the header, with the amounts put together that are certainly torn."""
    if notation.certain is None:
        return record
    fields: list[str] = []
    for field in record:
        if fields and notation.certain.match(fields[-1].strip()) and notation.next.match(field.strip()):
            fields[-1] = f"{fields[-1].strip()},{field.strip()}"
        else:
            fields.append(field)
    return fields


def _heads(record: Sequence[str]) -> bool:
    """True if a record is the row of headings: several fields, the first in words, none a torn amount."""
    fields = _trimmed(record)
    words = sum(bool(_LETTERS.search(field)) or not field.strip() or len(field.strip()) == 4 for field in fields)
    return len(fields) > 1 and words == len(fields) and bool(_LETTERS.search("".join(fields)))


def _trimmed(record: Sequence[str]) -> list[str]:
    fields = list(record)
    while fields and not fields[-1].strip():
        fields.pop()
    return fields


def _readings(fields: Sequence[str], width: int, notation: _Notation, limit: int = 2) -> Iterator[list[str]]:
    """The ways (up to a limit) to put the fields of torn amounts together, so that so many remain."""
    stack: list[tuple[int, list[str]]] = [(0, [])]
    found = 0
    while stack and found < limit:
        at, done = stack.pop()
        left = width - len(done)
        if at == len(fields):
            if not left:
                found += 1
                yield done
            continue
        if not left or len(fields) - at > left * (notation.most + 1):
            continue
        stack.append((at + 1, [*done, fields[at]]))
        if at + 1 < len(fields) and _LETTERS.search(fields[at]) and _GOES_ON.match(fields[at + 1]):
            stack.append((at + 2, [*done, f"{fields[at]},{fields[at + 1]}"]))
        if notation.first.match(fields[at].strip()):
            stop = at + 1
            while stop < len(fields) and stop - at <= notation.most and notation.next.match(fields[stop].strip()):
                stop += 1
                stack.append((stop, [*done, ",".join(field.strip() for field in fields[at:stop])]))
