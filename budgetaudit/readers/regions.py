"""Rows of a sheet or CSV file split into tables and the title, unit and note lines around them.

A blank row ends a table unless what follows goes on in the same columns under the same header. A line of one
cell before, between or after tables is a paragraph; inside a table it is a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from budgetaudit.readers.printed import MAX_COLUMNS, is_amount

_NOTE = re.compile(r"[※*†‡#☞▶►●○◦•□■❖<\[(〈《【「]|주\s?\d*[).:]|자료|출처|단위|(?i:notes?|source|sources)\b|\d{1,2}\)")
_DATE = re.compile(r"\d{2,4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]")
_MAX_GAP = 5  # blank rows inside one table
_MAX_HEADER = 4
_LONG = 60  # characters; a longer lone cell under a table is prose


@dataclass(slots=True)
class Row:
    """The filled positions of one row: column → text; `width` counts the fields the file states, 0 if it states none.

    A position that a merged cell covers is filled with an empty text, and has none in `texts`.
    """

    filled: Mapping[int, str]
    width: int = 0
    texts: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        filled = self.filled
        self.texts = filled if all(filled.values()) else {column: text for column, text in filled.items() if text}


@dataclass(frozen=True, slots=True)
class Region:
    """Rows `start` to `stop` and columns `left` to `right` (exclusive) of a sheet: a table, or else lines of prose."""

    start: int
    stop: int
    table: bool
    left: int = 0
    right: int = MAX_COLUMNS


def split_sheet(rows: Sequence[Row]) -> list[Region]:
    """The regions of a sheet, tables that stand side by side taken apart."""
    regions: list[Region] = []
    for left, right in _bands(rows):
        for region in split(_cut(rows, left, right)):
            inner = rows[region.start : region.stop]
            bands = _bands(_cut(inner, left, right)) if region.table else []
            if len(bands) < 2:
                regions.append(replace(region, left=left, right=right))
                continue
            for start, stop in bands:
                shift = (max(left, start), min(right, stop))
                parts = split(_cut(inner, *shift))
                regions += (Region(region.start + part.start, region.start + part.stop, part.table, *shift) for part in parts)
    return regions


def split(rows: Sequence[Row]) -> list[Region]:
    """The regions one above the other; blank rows outside tables belong to none."""
    regions: list[Region] = []
    for start, stop in _chunks(rows):
        for region in _regions(rows, start, stop):
            regions.append(region)
            _join(rows, regions)
    return regions


def _join(rows: Sequence[Row], regions: list[Region]) -> None:
    """Join the last table with the one before it if it goes on under the same header, perhaps after a heading of its own."""
    if not regions[-1].table or len(regions) < 2:
        return
    before = regions[-2]
    headed = not before.table
    if headed:
        headings = [row.texts for row in rows[before.start : before.stop]]
        if before.stop != regions[-1].start or len(regions) < 3 or len(headings) > 2:
            return
        before = regions[-3]
        first = min(rows[before.start].filled, default=0)
        if any(not texts or min(texts) > first or _NOTE.match(next(iter(texts.values()))) for texts in headings):
            return
    if before.table and _continues(rows, before, regions[-1], regions[-2].start if headed else regions[-1].start):
        regions[-2 - headed :] = [Region(before.start, regions[-1].stop, True)]


def _cut(rows: Sequence[Row], left: int, right: int) -> Sequence[Row]:
    if left == 0 and right >= MAX_COLUMNS:
        return rows
    return [Row({column: text for column, text in row.filled.items() if left <= column < right}) for row in rows]


def _bands(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Column ranges of tables side by side: apart by blank columns, each with labels of its own before its amounts."""
    used = sorted(set[int]().union(*(row.filled for row in rows if len(row.texts) > 1)))
    bands = [(0, MAX_COLUMNS)]
    for before, column in pairwise(used):
        if column - before == 1:
            continue
        left = bands[-1][0]
        is_wide = column - before > 2 or _headers(rows, left, before + 1) & _headers(rows, column, MAX_COLUMNS)
        if is_wide and _is_whole(rows, left, before + 1) and _is_whole(rows, column, MAX_COLUMNS):
            bands[-1:] = [(left, column), (column, MAX_COLUMNS)]
    return bands


def _is_whole(rows: Sequence[Row], left: int, right: int) -> bool:
    """True if the rows with amounts between two columns mostly have a label before them, after a number or code at most."""
    labelled = bare = 0
    first = min((column for row in rows for column in row.filled if left <= column < right), default=left)
    for row in rows:
        amounts = [column for column, text in row.texts.items() if left <= column < right and is_amount(text)]
        if amounts:
            labels = [column for column in (first, first + 1) if row.filled.get(column) and column not in amounts]
            is_labelled = bool(labels) and labels[0] < max(amounts)
            labelled, bare = labelled + is_labelled, bare + (not is_labelled)
    return labelled > bare


def _headers(rows: Sequence[Row], left: int, right: int) -> set[str]:
    """The texts of the first row with several of them."""
    for row in rows:
        texts = {text for column, text in row.texts.items() if left <= column < right and not is_amount(text)}
        if len(texts) > 1:
            return texts
    return set()


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
    if index > start and index < stop and len(rows[index].texts) == 1 and list(rows[index].texts) == list(rows[index - 1].texts):
        return index - 1  # the header of a table of one column
    return index


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
    below = next((row for row in rows[index + 1 : min(index + 1 + _MAX_HEADER, stop)] if len(row.texts) > 2), None)
    if below is None:
        return False
    row = rows[index]
    if row.width == 2:
        return below.width > 2
    return any(_NOTE.match(text) or ":" in text or _DATE.search(text) for text in row.texts.values())


def _end_of_table(rows: Sequence[Row], top: int, stop: int) -> int:
    """Where the table that starts at `top` ends within its chunk: before lines that announce a new header."""
    index = top + 1
    while index < stop:
        after = _skip_lines(rows, index, stop) if rows[index].texts else index
        if after == index:
            index += 1
            continue
        if after < stop and _is_header(rows, after, stop) and any(map(is_amount, rows[index - 1].texts.values())):
            return index
        index = after
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


def _continues(rows: Sequence[Row], table: Region, after: Region, start: int) -> bool:
    """True if a table after a blank row goes on under the header of the one before, which has no amounts itself."""
    if start - table.stop > _MAX_GAP or _amount_columns(rows[table.start : table.start + 1]):
        return False
    amounts = _amount_columns(rows[max(table.start, table.stop - 3) : table.stop])
    if not amounts and table.stop - table.start <= _MAX_HEADER:
        amounts = {column for row in rows[table.start : table.stop] for column in row.filled}
    first = _amount_columns(rows[after.start : after.start + 1])
    ends = (*rows[table.start : min(table.start + _MAX_HEADER, table.stop)], *rows[max(table.start, table.stop - 3) : table.stop])
    reach = max(column for row in ends for column in row.filled)
    return len(first & amounts) * 2 > len(first) and max(rows[after.start].filled) <= reach


def _amount_columns(rows: Sequence[Row]) -> set[int]:
    return {column for row in rows for column, text in row.filled.items() if text and is_amount(text)}
