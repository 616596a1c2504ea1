"""A piece: some thousand rows of a ledger as a pandas frame of whole numbers, whatever file they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.linear import Malformed, Value

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
TOP = 1 << 62


@dataclass
class Amounts:
    """One column of a piece: `values / 10**places`; a blank or irregular cell holds 0 in `values`."""

    values: Int64
    places: int = 0
    blank: Bools | None = None

    @cached_property
    def greatest(self) -> int:
        """The greatest magnitude in the column."""
        return max(abs(int(self.values.max())), abs(int(self.values.min()))) if len(self.values) else 0


@dataclass
class Piece:
    """Rows of a ledger. `irregular` holds the cells that are no whole number of their column's last place, by row.

    `texts` are Arrow columns of bytes. `malformed` holds the cells that need a word of their own: (row, column, printed text,
    the likely value if any); `ragged` the rows with another number of fields than the header, `stray` those with a quotation
    mark that opens or closes nothing. `lines` is the line of each row, counted from the piece's first; None if every row is
    one line. `numbers` names the rows of a piece that is no stretch of its file.
    """

    rows: int
    amounts: dict[str, Amounts]
    texts: dict[str, Any] = field(default_factory=dict)
    irregular: dict[int, dict[str, Value]] = field(default_factory=dict)
    malformed: list[tuple[int, str, str, Fraction | None]] = field(default_factory=list)
    ragged: dict[int, int] = field(default_factory=dict)
    stray: list[int] = field(default_factory=list)
    lines: Int64 | None = None
    line_count: int = 0
    numbers: Int64 | None = None

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The amounts as columns of int64, none of them copied."""
        columns = {name: amounts.values for name, amounts in self.amounts.items()}
        return pd.DataFrame(columns, index=pd.RangeIndex(self.rows), copy=False)

    @property
    def figures(self) -> int:
        """How many cells of amounts are not blank."""
        blank = (amounts.blank for amounts in self.amounts.values())
        return self.rows * len(self.amounts) - sum(int(mask.sum()) for mask in blank if mask is not None)

    def text(self, name: str, row: int) -> str:
        """One cell of a column of text."""
        return (self.texts[name][row].as_py() or b"").decode("utf-8", "replace")

    def number(self, row: int) -> int:
        """The row's number in the file, or in the piece if that is a stretch of it."""
        return row if self.numbers is None else int(self.numbers[row])

    def value(self, row: int, column: str) -> Value:
        """One cell, exactly, in the column's own unit."""
        irregular = self.irregular.get(row, {})
        if column in irregular:
            return irregular[column]
        amounts = self.amounts[column]
        if amounts.blank is not None and amounts.blank[row]:
            return None
        return Fraction(int(amounts.values[row]), 10**amounts.places)

    def irregular_rows(self, columns: Iterable[str]) -> Int64:
        """The rows with an irregular cell in one of the columns, ascending."""
        wanted = set(columns)
        return np.array(sorted(row for row, cells in self.irregular.items() if wanted & cells.keys()), dtype=np.int64)

    def unread_in(self, columns: Iterable[str], rows: Int64) -> Bools:
        """Of some rows, where a cell of the columns cannot be read."""
        names = set(columns)
        unread = [row for row, cells in self.irregular.items() if any(isinstance(cells.get(name), Malformed) for name in names)]
        return np.isin(rows, np.array(unread, dtype=np.int64))

    def blank_in(self, column: str, rows: Int64) -> Bools:
        """Of some rows, where a column is blank."""
        blank = self.amounts[column].blank
        return np.zeros(len(rows), dtype=bool) if blank is None else blank[rows]

    def has_blanks(self, columns: Iterable[str]) -> bool:
        """True if a cell of one of the columns is blank."""
        return any(self.amounts[column].blank is not None for column in columns)

    def blanks(self, columns: Iterable[str]) -> Int64:
        """The rows with a blank in one of the columns, ascending."""
        masks = [mask for column in columns if (mask := self.amounts[column].blank) is not None]
        return np.flatnonzero(np.logical_or.reduce(masks)) if masks else np.zeros(0, dtype=np.int64)

    def read(self, row: int, name: str, text: str, cells: CellReader) -> None:
        """Read one cell with care and put it where it belongs."""
        value, malformed = cells.read(text)
        if malformed:
            self.malformed.append((row, name, text, value if isinstance(value, Fraction) else None))
        self.put(row, name, value)

    def put(self, row: int, name: str, value: Value) -> None:
        """Put a value among its column's integers, its blanks, or beside them if they cannot hold it."""
        amounts = self.amounts[name]
        if not amounts.values.flags.writeable:
            amounts.values = amounts.values.copy()
        amounts.values[row] = 0
        if value is None:
            if amounts.blank is None:
                amounts.blank = np.zeros(self.rows, dtype=bool)
            amounts.blank[row] = True
            return
        whole = value * 10**amounts.places if isinstance(value, Fraction) else None
        if whole is not None and whole.denominator == 1 and abs(whole) < TOP:
            amounts.values[row] = int(whole)
        else:
            self.irregular.setdefault(row, {})[name] = value
