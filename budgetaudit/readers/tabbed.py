"""Paragraphs whose tabs line amounts up are a table that its author never drew.

Where tab stops are known, fields are columns by the stop they stand at, else by their rank from the right.
A list of contents, single rising page numbers, is no table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from budgetaudit.model import Cell
from budgetaudit.readers.printed import is_amount

_PAGE = re.compile(r"\d{1,4}\Z")
_PLAIN = re.compile(r"[^\W\d_][^\d:：(（<\[.]*\Z")
_DOTS = ".·…‥ "
_LEADER = re.compile(r"\s*(?:(?:[.·‥]\s?){4,}|…{2,})\s*(?=\S+(?:\s+\S+)?\Z)")  # dots between a label and its amount
_GAP = 2  # blank paragraphs that may part the rows of one table
_HEADERS = 3
_LEAST_LED = 2
_LABEL = 40  # letters of a line of a label
_CHARACTER = 110  # twips: half an em at the usual 11 points
_DEFAULT_STOP = 720


class Line(NamedTuple):
    """A paragraph's text with its tabs; where its first line starts and its tab stops in twips, if known."""

    text: str
    start: int = 0
    stops: tuple[int, ...] | None = None
    lead: str = ""  # the lines before it that a wrapped label begins in


class Field(NamedTuple):
    """What stands between two tabs, and at which stop; `led` if a tab precedes it."""

    at: int
    text: str
    led: bool = True


class Tabbed(NamedTuple):
    """The rows of a table, all of one length, a label first; by how many characters each is set in, if that is known."""

    rows: list[list[str]]
    indents: Sequence[int] = ()

    def cells(self, page: int | None = None) -> tuple[Cell, ...]:
        """What is printed, as cells."""
        return tuple(
            Cell(row, column, text, page=page, indent=self.indents[row] if self.indents and column == 0 else 0)
            for row, texts in enumerate(self.rows)
            for column, text in enumerate(texts)
            if text
        )


def split(lines: Sequence[Line]) -> Iterator[str | Tabbed]:
    """Paragraph texts and tables in their order; blank paragraphs vanish."""
    lines = [line._replace(text=text) for line, text in zip(lines, led([line.text for line in lines]), strict=True)]
    if not any("\t" in line.text for line in lines):
        yield from _texts(lines)
        return
    lines = list(_unwrapped(lines))
    fields = [_fields(line) for line in lines]
    done = 0
    for start, stop in runs([[] if _is_label(row) else row for row in fields]):
        if start >= done:
            yield from _texts(lines[done:start])
            yield Tabbed(aligned(fields[start:stop]))
            done = stop
    yield from _texts(lines[done:])


def led(texts: Sequence[str]) -> list[str]:
    """Lines with a tab for the dots that lead the eye from labels to amounts; a list of contents stays as it is."""
    found = [_LEADER.search(text) if "\t" not in text else None for text in texts]
    ends = [text[at.end() :].strip() if at and at.start() else "" for text, at in zip(texts, found, strict=True)]
    amounts = [end for end in ends if is_amount(end)]
    pages = [int(end) for end in amounts if _PAGE.match(end)]
    if len(amounts) < _LEAST_LED or (len(pages) == len(amounts) and pages == sorted(pages)):
        return list(texts)
    return [
        f"{text[: at.start()]}\t{end}" if at and is_amount(end) else text
        for text, at, end in zip(texts, found, ends, strict=True)
    ]


def _unwrapped(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with wrapped labels whole: a label without amounts, set in (or in small letters) where it goes on."""
    begun: Line | None = None
    tabbed = False
    for line, after in zip_longest(lines, lines[1:]):
        row = any(is_amount(part.strip()) for part in line.text.split("\t")[1:])
        if begun is not None:
            yield line._replace(lead=begun.text.strip())
            begun = None
        elif tabbed and after is not None and _wraps(line.text, after.text):
            begun = line
        else:
            yield line
        tabbed = row or (tabbed and begun is not None)


def _wraps(text: str, after: str) -> bool:
    """True if a line is the beginning of a label that goes on in the next one, before its amounts."""
    label, *amounts = after.split("\t")
    goes_on = label[:1] == " " or label[:1].islower()
    short = 0 < len(text.strip()) <= _LABEL and "\t" not in text.strip()
    return short and goes_on and bool(label.strip()) and any(is_amount(part.strip()) for part in amounts)


def _is_label(row: Sequence[Field]) -> bool:
    """True if a line is a label without amounts, a heading of rows or the begin of a wrapped one; a remark is none."""
    return len(row) == 1 and not row[0].led and len(row[0].text) <= _LABEL and bool(_PLAIN.match(row[0].text.strip()))


def _texts(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        text = line.text.replace("\t", " ").strip()
        if text:
            yield text


def _fields(line: Line) -> list[Field]:
    """The fields of a line: the first at the line's start, each other at its stop; empty ones left out."""
    if "\t" not in line.text:
        return [Field(line.start, line.text, led=False)] if line.text.strip() else []
    parts = line.text.split("\t")
    places = _stops(parts, line.start, line.stops) if line.stops else _ranks(parts)
    parts[0] = f"{line.lead} {parts[0].strip()}".strip()
    trimmed = ((place, _without_leader(text.strip())) for place, text in zip(places, parts, strict=True))
    return [Field(place, text, rank > 0) for rank, (place, text) in enumerate(trimmed) if text]


def _without_leader(text: str) -> str:
    """A label without the dots typed to lead the eye to its amount; a single one ends a sentence."""
    bare = text.rstrip(_DOTS)
    return bare if len(text) - len(bare) > 1 else text


def _ranks(parts: list[str]) -> list[int]:
    return [at - len(parts) for at in range(len(parts))]


def _stops(parts: list[str], start: int, stops: tuple[int, ...]) -> list[int]:
    """Where each part starts or is aligned: the first stop beyond the (estimated) end of the text before it."""
    places, end = [start], start
    for part in parts[:-1]:
        end += _CHARACTER * sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in part.strip())
        end = next((stop for stop in stops if stop > end), (end // _DEFAULT_STOP + 1) * _DEFAULT_STOP)
        places.append(end)
    return places


def _amounts(row: list[Field]) -> set[int]:
    """Where a row has amounts; a number that only precedes a text is that text's, not an amount."""
    if row and is_amount(row[0].text) and not all(is_amount(field.text) for field in row):
        return set()
    return {field.at for field in row if field.led and is_amount(field.text)}


def runs(rows: Sequence[list[Field]]) -> Iterator[tuple[int, int]]:
    """Where tables start and stop: lines with amounts at common stops, header lines above them included."""
    at = 0
    while at < len(rows):
        columns = _amounts(rows[at])
        end = at + 1
        gap = 0
        while columns and end + gap < len(rows) and gap <= _GAP:
            row = rows[end + gap]
            if not row:
                gap += 1
            elif columns & {field.at for field in row if field.led}:
                columns |= _amounts(row)
                end, gap = end + gap + 1, 0
            else:
                break
        body = [row for row in rows[at:end] if _amounts(row)]
        if len(body) > 1 and not _contents(body):
            yield _first_header(rows, at, columns), end
        at = end


def _first_header(rows: Sequence[list[Field]], at: int, columns: set[int]) -> int:
    start = at
    while start > max(0, at - _HEADERS) and rows[start - 1] and {field.at for field in rows[start - 1] if field.led} & columns:
        start -= 1
    return start


def _contents(rows: Sequence[list[Field]]) -> bool:
    pages = [row[-1].text for row in rows]
    if any(len(_amounts(row)) != 1 for row in rows) or not all(map(_PAGE.match, pages)):
        return False
    numbers = [int(page) for page in pages]
    return numbers == sorted(numbers)


def aligned(rows: Sequence[list[Field]]) -> list[list[str]]:
    """Rows of equally many texts: what stands under no amounts first, as the label."""
    rows = [row for row in rows if row]
    amounts = set[int]().union(*map(_amounts, rows))
    widths = {len(row) for row in rows if len(row) > 1}
    if len(amounts) > max(widths) - (len(widths) == 1):  # the estimated stops disagree: count from the right
        rows = [[Field(at - len(row), field.text, field.led) for at, field in enumerate(row)] for row in rows]
        amounts = set[int]().union(*map(_amounts, rows))
    first = min(amounts)
    columns = sorted({field.at for row in rows for field in row if field.led and field.at >= first})
    table = []
    for row in rows:
        cells = dict.fromkeys(columns, "")
        label = []
        for field in row:
            if field.led and field.at in cells:
                cells[field.at] = field.text
            else:
                label.append(field.text)
        table.append([" ".join(label), *cells.values()])
    return table
