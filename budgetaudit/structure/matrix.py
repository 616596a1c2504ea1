"""A printed grid as exact scaled integers: one array of values, one of printed decimals, one of marks.

The notation of numbers (decimal point or comma, grouping by comma, point or blank) is a property of the
table, decided by its own cells. int64 where every sum is sure to fit, Python integers where not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from budgetaudit.amounts import parse
from budgetaudit.units import Units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetaudit.model import Cell, Grid

POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(?:\.\d+)?\Z")
COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(?:,\d+)?\Z")
POINT_ONLY = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})*|\d{1,3}(?: \d{3})*|\d+)\.(?:\d{1,2}|\d{4,})\Z|[+-]?\d{1,3}(?:,\d{3}){2,}\Z|[+-]?0\.\d+\Z"
)
COMMA_ONLY = re.compile(
    r"[+-]?(?:\d{1,3}(?:\.\d{3})*|\d{1,3}(?: \d{3})*|\d+),(?:\d{1,2}|\d{4,})\Z|[+-]?\d{1,3}(?:\.\d{3}){2,}\Z|[+-]?0,\d+\Z"
)
MINUSES = str.maketrans(dict.fromkeys("−–‒‐‑－", "-") | dict.fromkeys("\u00a0\u202f\u2009\u2007", " "))
CURRENCY = "$€£¥₩￦"
# statistical tables mark a number as revised, preliminary or to be used with care by a letter behind it
FLAGS = "*†‡abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
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

    def numbers(self) -> Iterator[tuple[tuple[int, int], tuple[Decimal, Decimal]]]:
        """Every number by its position, with the size of the last decimal it really uses."""
        for row, column in zip(*self.known.nonzero(), strict=True):
            value = Decimal(int(self.values[row, column])).scaleb(-self.scale)
            yield (int(row), int(column)), (value, Decimal(1).scaleb(-int(self.decimals[row, column])))


def read_matrix(grid: Grid) -> Matrix | None:
    """The numbers of a grid; None if it prints fewer than three."""
    import numpy as np

    cells = [cell for cell in grid.cells if not cell.hidden]
    comma = _prints_comma(cells)
    numbers: dict[tuple[int, int], tuple[int, int]] = {}
    texts = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in cells:
        texts[cell.row][cell.column] = cell.text.strip()
        number = _number(cell, comma)
        if number is not None:
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


def _prints_comma(cells: Iterable[Cell]) -> bool:
    """True if the table's decimal mark is the comma: the side with more cells that can be read only so."""
    point = comma = 0
    for cell in cells:
        text = cell.text.translate(MINUSES).strip(" ()%" + CURRENCY)
        if len(text) <= MOST_DIGITS and text[-1:].isdigit():
            point += POINT_ONLY.match(text) is not None
            comma += COMMA_ONLY.match(text) is not None
    return comma > point


def _number(cell: Cell, comma: bool) -> tuple[int, int] | None:
    """(mantissa, decimals really used) of a cell: 179323.0 is the whole number (179323, 0)."""
    if cell.value is not None:
        return _mantissa(cell.value)
    text = cell.text.translate(MINUSES).strip()
    if not text or len(text) > MOST_DIGITS + 16:
        return None
    body, negative = text, False
    if body[0] == "(" and body[-1] == ")":
        body, negative = body[1:-1], True
    body = body.strip(" %" + CURRENCY)
    if body[-1:] in FLAGS and body[-2:-1].isdigit():
        body = body[:-1]
    if body[:1] == "-" and body[1:2] in (" ", *CURRENCY):
        body = "-" + body[1:].lstrip(" " + CURRENCY)
    if body[-1:].isdigit() and len(body) <= MOST_DIGITS and (COMMA if comma else POINT).match(body):
        plain = body.replace(" ", "")
        plain = plain.replace(".", "").replace(",", ".") if comma else plain.replace(",", "")
        whole, _, decimals = plain.partition(".")
        decimals = decimals.rstrip("0")
        if len(decimals) > MOST_DECIMALS:
            return None
        mantissa = int(whole + decimals) if whole not in ("", "-", "+") else int(whole + "0" + decimals)
        return (-mantissa if negative else mantissa), len(decimals)
    if comma:
        return None
    amount = parse(text, NO_UNITS)
    if amount is None or amount.dash:
        return None
    return _mantissa(-amount.value if amount.bracketed else amount.value)


def _mantissa(value: Decimal) -> tuple[int, int] | None:
    sign, digits, exponent = value.normalize().as_tuple()
    if not isinstance(exponent, int) or len(digits) > MOST_DIGITS or exponent > MOST_DIGITS or -exponent > MOST_DECIMALS:
        return None
    mantissa = int("".join(map(str, digits)))
    mantissa = -mantissa if sign else mantissa
    return (mantissa * 10**exponent, 0) if exponent > 0 else (mantissa, -exponent)
