"""A printed grid as exact scaled integers, and its lines in one direction with what each number weighs as evidence.

int64 where every sum is sure to fit, Python integers where not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, Literal, TypeAlias

import numpy as np

from budgetaudit.amounts import parse
from budgetaudit.model import Cell, Grid
from budgetaudit.units import Units

Along = Literal["row", "column"]
YEARS = (1900, 2100)
LABEL_BITS = {"sum": 5.0, "average": 8.0, "ratio": 4.0, "change": 4.0}
Hint: TypeAlias = Callable[[tuple[str, ...]], Collection[str]]
MOST_DECIMALS = 9
MOST_DIGITS = 24
NO_UNITS = Units()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers of a grid. `values` are scaled by 10**scale; `decimals` are those really used; rows × columns."""

    values: Any
    decimals: Any
    known: Any
    scale: int
    texts: tuple[tuple[str, ...], ...]


def read_matrix(grid: Grid, *, points: bool) -> Matrix | None:
    """The numbers of a grid; None if it prints fewer than three. `points`: thousands are grouped by points."""
    numbers: dict[tuple[int, int], tuple[int, int]] = {}
    texts = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        if cell.hidden:
            continue
        texts[cell.row][cell.column] = cell.text.strip()
        value = _value(cell, points=points)
        if value is not None and (number := _mantissa(value)) is not None:
            numbers[cell.row, cell.column] = number
    if len(numbers) < 3:
        return None
    scale = max(decimals for _, decimals in numbers.values())
    largest = max(abs(mantissa) * 10 ** (scale - decimals) for mantissa, decimals in numbers.values())
    fits = largest * (max(grid.rows, grid.columns) + 1) * 4 < 2**62
    values = np.zeros((grid.rows, grid.columns), dtype=np.int64 if fits else object)
    places = np.zeros((grid.rows, grid.columns), dtype=np.int64)
    known = np.zeros((grid.rows, grid.columns), dtype=bool)
    for (row, column), (mantissa, decimals) in numbers.items():
        values[row, column] = mantissa * 10 ** (scale - decimals)
        places[row, column] = decimals
        known[row, column] = True
    return Matrix(values, places, known, scale, tuple(map(tuple, texts)))


def _value(cell: Cell, *, points: bool) -> Decimal | None:
    if cell.value is not None:
        return cell.value
    amount = parse(cell.text, NO_UNITS, points=points)
    if amount is None or amount.dash:
        return None
    return -amount.value if amount.bracketed else amount.value


def _mantissa(value: Decimal) -> tuple[int, int] | None:
    """(mantissa, decimals really used) of a number: 179323.0 is the whole number (179323, 0)."""
    sign, digits, exponent = value.normalize().as_tuple()
    if not isinstance(exponent, int) or len(digits) > MOST_DIGITS or exponent > MOST_DIGITS or -exponent > MOST_DECIMALS:
        return None
    mantissa = int("".join(map(str, digits)))
    mantissa = -mantissa if sign else mantissa
    return (mantissa * 10**exponent, 0) if exponent > 0 else (mantissa, -exponent)


@dataclass(frozen=True)
class Lines:
    """Lines × crossings. `along` "column": lines are the table's rows, so a sum runs down a column.

    `opens`: whether a line stands first in its block, behind a line without numbers.
    """

    along: Along
    values: Any
    decimals: Any
    known: Any
    scale: int
    lines: tuple[int, ...]
    crossings: tuple[int, ...]
    opens: Any
    closes: Any
    bonus: dict[str, Any]

    def position(self, line: int, crossing: int) -> tuple[int, int]:
        """(row, column) of a number in its grid."""
        line, crossing = self.lines[line], self.crossings[crossing]
        return (line, crossing) if self.along == "column" else (crossing, line)

    @cached_property
    def unit(self) -> Any:
        """The scaled size of the last decimal each number really uses."""
        powers = np.array([10**n for n in range(self.scale + 1)], dtype=self.values.dtype)
        return powers[self.scale - self.decimals]

    @cached_property
    def base(self) -> Any:
        """The number all of a line's figures are multiples of, where figures are rounded to 3, 5, 10, 50, 100 …"""
        bases = np.empty((len(self.values), 1), dtype=self.values.dtype)
        for line, (values, known) in enumerate(zip(self.values, self.known, strict=True)):
            bases[line] = rounding_base(values[known])
        return np.maximum(bases, self.unit)

    @cached_property
    def weight(self) -> Any:
        """Bits a number carries when hit exactly: the logarithm of how many values of its size there are."""
        size = np.abs(self.values).astype(float) / self.unit.astype(float)
        return np.where(self.known, np.log2(1.0 + size), 0.0)


def rounding_base(values: Any) -> int:
    """3, 5 or 10 where all of these numbers are multiples of it (censuses round so); 1 otherwise."""
    values = np.unique(values[values != 0])
    if len(values) < 3:
        return 1
    common = int(np.gcd.reduce(values))
    return next((base for base in (10, 5, 3) if common % base == 0), 1)


def orient(matrix: Matrix, along: Along, hint: Hint) -> Lines:
    """The lines of one direction; lines and crossings without any number are left out, and lines of years."""
    values, decimals, known = matrix.values, matrix.decimals, matrix.known
    texts = matrix.texts
    if along == "row":
        values, decimals, known = values.T, decimals.T, known.T
        texts = tuple(zip(*texts, strict=True))
    year = 10**matrix.scale
    dated = known & (values >= YEARS[0] * year) & (values <= YEARS[1] * year) & (decimals == 0)
    useful = known.any(axis=1) & ~((dated == known).all(axis=1) & (known.sum(axis=1) > 1))
    lines = np.flatnonzero(useful)
    crossings = np.flatnonzero(known[lines].any(axis=0))
    grid = np.ix_(lines, crossings)
    known = np.ascontiguousarray(known[grid])
    hints = [hint(_label(texts[line])) for line in lines]
    bonus = {kind: np.array([bits if kind in found else -1.0 for found in hints]) for kind, bits in LABEL_BITS.items()}
    steps = np.diff(lines)
    opens = np.concatenate([[True], steps > 1]) if len(lines) else np.zeros(0, dtype=bool)
    closes = np.concatenate([steps > 1, [True]]) if len(lines) else np.zeros(0, dtype=bool)
    return Lines(
        along,
        np.ascontiguousarray(values[grid]),
        np.ascontiguousarray(decimals[grid]),
        known,
        matrix.scale,
        tuple(int(n) for n in lines),
        tuple(int(n) for n in crossings),
        opens,
        closes,
        bonus,
    )


def _label(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a line: its first texts that are no numbers."""
    words = (text for text in texts if text and any(character.isalpha() for character in text))
    return tuple(islice(words, 3))
