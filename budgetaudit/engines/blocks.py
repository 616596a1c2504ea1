"""A block: some thousand rows of a ledger as exact columns, whatever file they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.files import BACK, FRONT
from budgetaudit.engines.linear import Value

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
TOP = 1 << 62


@dataclass
class Amounts:
    """One column of a block: `values / 10**places`; a blank or odd cell holds 0 in `values`."""

    values: Int64
    places: int = 0
    blank: Bools | None = None

    @cached_property
    def greatest(self) -> int:
        """The greatest magnitude in the column."""
        return max(abs(int(self.values.max())), abs(int(self.values.min()))) if len(self.values) else 0


@dataclass
class Texts:
    """One column of text: the bytes from `start` to `end` of one buffer, which has 8 bytes to spare behind the last."""

    data: NDArray[np.uint8]
    start: Int64
    end: Int64

    def text(self, row: int) -> str:
        return bytes(self.data[self.start[row] : self.end[row]]).decode("utf-8", "replace")


def texts_from(strings: Iterable[Any]) -> Texts:
    """A column of text from strings."""
    parts = [b"" if text is None else str(text).encode() for text in strings]
    lengths = np.array([len(part) for part in parts], dtype=np.int64)
    end = FRONT + np.cumsum(lengths)
    return Texts(np.frombuffer(bytes(FRONT) + b"".join(parts) + bytes(BACK), np.uint8), end - lengths, end)


@dataclass
class Block:
    """Rows of a ledger. `odd` holds the cells that are no whole number of their column's last place, by row.

    `malformed` holds the cells that need a word of their own: (row, column, printed text, the likely value if any);
    `ragged` the rows with another number of fields than the header. `lines` is the line of each row, counted from the block's
    first; None if every row is one line. `numbers` names the rows of a block that is no stretch of its file.
    """

    rows: int
    amounts: dict[str, Amounts]
    texts: dict[str, Texts] = field(default_factory=dict)
    odd: dict[int, dict[str, Value]] = field(default_factory=dict)
    malformed: list[tuple[int, str, str, Fraction | None]] = field(default_factory=list)
    ragged: dict[int, int] = field(default_factory=dict)
    lines: Int64 | None = None
    line_count: int = 0
    numbers: Int64 | None = None

    def number(self, row: int) -> int:
        """The row's number in the file, or in the block if that is a stretch of it."""
        return row if self.numbers is None else int(self.numbers[row])

    def value(self, row: int, column: str) -> Value:
        """One cell, exactly, in the column's own unit."""
        odd = self.odd.get(row, {})
        if column in odd:
            return odd[column]
        amounts = self.amounts[column]
        if amounts.blank is not None and amounts.blank[row]:
            return None
        return Fraction(int(amounts.values[row]), 10**amounts.places)

    def odd_rows(self, columns: Iterable[str]) -> Int64:
        """The rows with an odd cell in one of the columns, ascending."""
        wanted = set(columns)
        return np.array(sorted(row for row, cells in self.odd.items() if wanted & cells.keys()), dtype=np.int64)

    def blanks(self, columns: Iterable[str]) -> Int64:
        """The rows with a blank in one of the columns, ascending."""
        masks = [mask for column in columns if (mask := self.amounts[column].blank) is not None]
        return np.flatnonzero(np.logical_or.reduce(masks)) if masks else np.zeros(0, dtype=np.int64)
