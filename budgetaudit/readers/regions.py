"""Rows of a sheet or CSV file split into tables and the title, unit and note lines around them.

A blank row ends a table unless what follows goes on in the same columns under the same header. A line of one
cell before, between or after tables is a paragraph; inside a table it is a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from budgetaudit.readers.printed import is_amount

_NOTE = re.compile(r"[※*†‡#☞▶►●○◦•□■❖<\[(〈《【「]|주\s?\d*[).:]|자료|출처|단위|(?i:notes?|source|sources)\b|\d{1,2}\)")
_LONG = 60  # characters; a longer lone cell under a table is prose


@dataclass(frozen=True, slots=True)
class Row:
    """The filled positions of one row: column → text; `width` counts the fields the file states, 0 if it states none.

    A position that a merged cell covers is filled with an empty text.
    """

    filled: Mapping[int, str]
    width: int = 0

    @property
    def texts(self) -> dict[int, str]:
        return {column: text for column, text in self.filled.items() if text}


@dataclass(frozen=True, slots=True)
class Region:
    """Rows `start` to `stop` (exclusive) of the sheet: a table, or else lines of prose."""

    start: int
    stop: int
    table: bool


def split(rows: Sequence[Row]) -> list[Region]:
    """The regions of a sheet in order; blank rows outside tables belong to none."""
    regions: list[Region] = []
    for start, stop in _chunks(rows):
        for region in _regions(rows, start, stop):
            last = regions[-1] if regions else None
            if last and last.table and region.table and region.start == start and _continues(rows, last, region):
                regions[-1] = Region(last.start, region.stop, True)
            else:
                regions.append(region)
    return regions


def _chunks(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Runs of rows without a blank one."""
    start = 0
    for index, row in enumerate(rows):
        if not row.filled:
            if start < index:
                yield start, index
            start = index + 1
    if start < len(rows):
        yield start, len(rows)


def _regions(rows: Sequence[Row], start: int, stop: int) -> Iterator[Region]:
    """The regions of one chunk: lines above, table, and again wherever a lone line announces a new header."""
    while start < stop:
        top = _skip_lines(rows, start, stop)
        if top > start:
            yield Region(start, top, False)
        if top == stop:
            return
        end = _end_of_table(rows, top, stop)
        bottom = _trim_notes(rows, top, end)
        yield Region(top, bottom, True)
        if bottom < end:
            yield Region(bottom, end, False)
        start = end


def _skip_lines(rows: Sequence[Row], start: int, stop: int) -> int:
    """The first row from `start` on that belongs to a table."""
    index = start
    while index < stop and _is_line(rows, index, stop):
        index += 1
    if index == stop and _is_column(rows, start, stop):
        return start
    return index


def _is_column(rows: Sequence[Row], start: int, stop: int) -> bool:
    """Whether lone cells are a table of one column: at least two amounts in the same one."""
    amounts = [column for row in rows[start:stop] for column, text in row.texts.items() if is_amount(text)]
    return len(amounts) > 1 and len(set(amounts)) == 1


def _is_line(rows: Sequence[Row], index: int, stop: int) -> bool:
    row = rows[index]
    texts = row.texts
    if len(texts) <= 1:
        return not any(is_amount(text) for text in texts.values())
    if len(texts) > 2 or any(is_amount(text) for text in texts.values()):
        return False
    return _is_title_pair(rows, index, stop)


def _is_title_pair(rows: Sequence[Row], index: int, stop: int) -> bool:
    """Two cells above a wider table are a title with a date or unit, unless the header below leaves room for them."""
    below = next((row for row in rows[index + 1 : stop] if len(row.texts) > 2), None)
    if below is None:
        return False
    row = rows[index]
    if row.width == 2:
        return below.width > 2
    return any(_NOTE.match(text) or ":" in text for text in row.texts.values())


def _end_of_table(rows: Sequence[Row], top: int, stop: int) -> int:
    """Where the table that starts at `top` ends within its chunk."""
    for index in range(top + 1, stop):
        if len(rows[index].filled) > 2 or not _is_line(rows, index, stop) or not rows[index].texts:
            continue
        after = _skip_lines(rows, index, stop)
        if after < stop and _is_header(rows, after, stop) and any(map(is_amount, rows[index - 1].texts.values())):
            return index
    return stop


def _is_header(rows: Sequence[Row], index: int, stop: int) -> bool:
    """Several texts without an amount, above a row with amounts."""
    texts = rows[index].texts.values()
    if len(texts) < 2 or any(map(is_amount, texts)):
        return False
    return any(is_amount(text) for row in rows[index + 1 : min(index + 4, stop)] for text in row.texts.values())


def _trim_notes(rows: Sequence[Row], top: int, end: int) -> int:
    """The end of the table without the notes under it."""
    width = max(rows[top].width, 2)
    while end - 1 > top:
        row = rows[end - 1]
        texts = list(row.texts.values())
        if len(texts) != 1 or is_amount(texts[0]):
            break
        is_prose = bool(_NOTE.match(texts[0])) or len(texts[0]) > _LONG
        if not is_prose and (len(row.filled) > 1 or row.width >= width):
            break
        end -= 1
    return end


def _continues(rows: Sequence[Row], table: Region, after: Region) -> bool:
    """Whether a table after a blank row goes on under the header of the one before."""
    head = rows[table.start].texts
    if any(map(is_amount, head.values())):
        return False
    before = _amount_columns(rows[max(table.start, table.stop - 3) : table.stop])
    first = _amount_columns(rows[after.start : after.start + 1])
    reach = {column for row in rows[after.start : after.start + 3] for column in row.filled}
    return bool(first) and first <= before and bool(reach) and max(reach) <= max(*head, *rows[table.stop - 1].filled)


def _amount_columns(rows: Sequence[Row]) -> set[int]:
    return {column for row in rows for column, text in row.filled.items() if text and is_amount(text)}
