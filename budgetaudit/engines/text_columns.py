"""Columns of printed amounts, wherever their text lies: read fast where they are plain, carefully where they are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import TOP, Amounts, Block, Texts
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.digits import MOST_PLACES, Words, careful, numbers
from budgetaudit.engines.linear import Value


def read_columns(
    block: Block, names: Sequence[str], texts: Texts, words: Words, places: int, cells: Mapping[str, CellReader]
) -> None:
    """Read columns of equal decimals, whose texts follow one another, into the block."""
    data, start, end = texts.data, texts.start, texts.end
    length = end - start
    wrong: NDArray[np.bool_] | None
    if places > MOST_PLACES:
        values, wrong = careful(data, words, start, end, places)
    else:
        values, wrong = numbers(words, end, length, places)
        if wrong is not None and wrong.any():
            rows = np.flatnonzero(wrong)
            values[rows], wrong[rows] = careful(data, words, start[rows], end[rows], places)
    none = not len(length) or int(length.min()) > 0
    blank = length == 0 if not none or wrong is not None else np.zeros(0, dtype=bool)
    for index, name in enumerate(names):
        part = slice(index * block.rows, (index + 1) * block.rows)
        block.amounts[name] = Amounts(values[part], places, None if none else blank[part])
    for cell in () if wrong is None else np.flatnonzero(wrong & ~blank):
        index, row = divmod(int(cell), block.rows)
        read_cell(block, row, names[index], texts.text(int(cell)).replace('""', '"'), cells[names[index]])


def read_cell(block: Block, row: int, name: str, text: str, cells: CellReader) -> None:
    """Read one cell with care and put it where it belongs."""
    value, malformed = cells.read(text)
    if malformed:
        block.malformed.append((row, name, text, value if isinstance(value, Fraction) else None))
    put(block, row, name, value)


def put(block: Block, row: int, name: str, value: Value) -> None:
    """Put a value among its column's integers, its blanks, or beside them if they cannot hold it."""
    amounts = block.amounts[name]
    amounts.values[row] = 0
    if value is None:
        if amounts.blank is None:
            amounts.blank = np.zeros(block.rows, dtype=bool)
        amounts.blank[row] = True
        return
    whole = value * 10**amounts.places if isinstance(value, Fraction) else None
    if whole is not None and whole.denominator == 1 and abs(whole) < TOP:
        amounts.values[row] = int(whole)
    else:
        block.odd.setdefault(row, {})[name] = value
