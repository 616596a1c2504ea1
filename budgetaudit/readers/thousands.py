"""Amounts of a CSV file whose thousands commas were not quoted: `Roads,1,240,1,310` under three headings.

Put together where every row can be read in one way only; said in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budgetaudit.model import Message, Place, Problem

_FIRST = re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}\Z")
_NEXT = re.compile(r"\d{3}(?:\.\d+)?\)?\Z")
_GROUPED = re.compile(r"[△▲(\-−]?[$€£₩]?\d{1,3}(?:,\d{3})+")
_LETTERS = re.compile(r"[^\W\d_]")
_MOST = 4  # groups of digits behind the first one
_ROWS = 2  # torn rows, before commas are to blame
_MOST_NOTICES = 20

Record = tuple[int, list[str]]


def mended(records: list[Record], file: str) -> tuple[list[Record], list[Problem]]:
    """The records with torn amounts put together, if that can be done in one way; and what is to be said of them."""
    header = next((at for at, (_, record) in enumerate(records) if _heads(record)), None)
    if header is None:
        return records, []
    width = len(_trimmed(records[header][1]))
    torn: dict[int, list[list[str]]] = {}
    for at, (_, record) in enumerate(records[header + 1 :], header + 1):
        fields = _trimmed(record)
        if len(fields) > width:
            torn[at] = list(_readings(fields, width))
            if not torn[at]:  # too wide for another reason: a second table, a remark
                return records, []
        elif len(fields) == width and any(_GROUPED.match(field.strip()) for field in fields):
            return records, []  # quoted where it has to be
    if len(torn) < _ROWS:
        return records, []
    places = [Place(file, line=records[at][0]) for at in torn]
    if all(len(readings) == 1 for readings in torn.values()):
        whole = [(line, torn[at][0]) if at in torn else (line, record) for at, (line, record) in enumerate(records)]
        return whole, [Problem(places[0], Message("read-csv-thousands", {"count": len(torn)}))]
    doubtful = [place for place, readings in zip(places, torn.values(), strict=True) if len(readings) > 1]
    return records, [Problem(place, Message("read-csv-torn")) for place in doubtful[:_MOST_NOTICES]]


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


def _readings(fields: Sequence[str], width: int, limit: int = 2) -> Iterator[list[str]]:
    """The ways (up to a limit) to put fields together to so many, an amount of up to three digits with groups of three."""
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
        if not left or len(fields) - at > left * (_MOST + 1):
            continue
        stack.append((at + 1, [*done, fields[at]]))
        if _FIRST.match(fields[at].strip()):
            stop = at + 1
            while stop < len(fields) and stop - at <= _MOST and _NEXT.match(fields[stop].strip()):
                stop += 1
                stack.append((stop, [*done, ",".join(field.strip() for field in fields[at:stop])]))
