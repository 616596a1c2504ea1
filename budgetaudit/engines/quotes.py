"""Quotation marks that open nothing: a text in quotes may hold line ends, but not rows.

Where the lines inside a quoted text are rows of their own, the mark that opened it is a stray one, and they are read line by
line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from budgetaudit.engines.pieces import Int64

MOST_QUOTES = 40  # marks of one line that are tried


@dataclass
class Mended:
    """The line each row of a piece begins on, the rows with stray marks, and the piece without them if there are any."""

    lines: Int64
    stray: list[int]
    data: bytes | None


def mend(data: bytes, columns: int, delimiter: str, is_amount: Callable[[int, str], bool]) -> Mended:
    """Where the rows of a piece begin; `is_amount` says whether a text may stand in a column."""
    lines = data.decode("latin-1").split("\n")  # one character a byte
    del lines[-1:]
    fit = _Fit(columns, delimiter, is_amount)
    starts: list[int] = []
    stray: list[int] = []
    changed, at = False, 0
    while at < len(lines):
        if not lines[at].strip("\r"):
            at += 1
            continue
        count = 1 if '"' not in lines[at] else _lines_of_record(lines, at, delimiter)
        swallowed = [line for line in range(at, at + count) if lines[line].strip("\r")]
        if count > 1:
            alone = {line: fit.alone(lines[line]) for line in swallowed}
            if sum(text is not None for text in alone.values()) * 2 > len(swallowed):
                for line, text in alone.items():
                    # A row that fits nothing keeps no mark that could swallow the next one.
                    mended = text if text is not None else lines[line].replace('"', "")
                    if mended != lines[line]:
                        stray.append(len(starts) + swallowed.index(line))
                    lines[line], changed = mended, True
                starts += swallowed
                at += count
                continue
        starts.append(at)
        at += count
    whole = ("\n".join(lines) + "\n").encode("latin-1") if changed else None
    return Mended(np.array(starts, dtype=np.int64), stray, whole)


def _lines_of_record(lines: Sequence[str], at: int, delimiter: str) -> int:
    """How many lines the record takes that begins on one; all that are left if a quote is never closed."""
    following: Iterator[str] = (lines[line] + "\n" for line in range(at, len(lines)))
    reader = csv.reader(following, delimiter=delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 26))
    try:
        next(reader)
    except csv.Error:
        return 1
    return max(reader.line_num, 1)


@dataclass
class _Fit:
    """True if a line by itself is a row of the table."""

    columns: int
    delimiter: str
    is_amount: Callable[[int, str], bool]

    def alone(self, line: str) -> str | None:
        """The line, if need be without one of its quotation marks, if it is a row then."""
        marks = [at for at, character in enumerate(line[: 1 << 16]) if character == '"'][:MOST_QUOTES]
        shorter = (line[:at] + line[at + 1 :] for at in marks)
        whole = [line] if len(marks) % 2 == 0 else []
        return next((text for text in chain(whole, shorter) if self._is_row(text)), None)

    def _is_row(self, line: str) -> bool:
        try:
            [cells] = csv.reader([line.rstrip("\r") + "\n"], delimiter=self.delimiter)
        except (csv.Error, ValueError):
            return False
        if len(cells) != self.columns or cells[-1].endswith("\n"):
            return False
        return all(self.is_amount(column, cell) for column, cell in enumerate(cells))
