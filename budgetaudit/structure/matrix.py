"""A printed grid as exact scaled integers: one array of values, one of printed decimals, one of marks.

int64 where every sum is sure to fit, Python integers where not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from budgetaudit.amounts import parse
from budgetaudit.model import Cell, Grid
from budgetaudit.units import Units

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
