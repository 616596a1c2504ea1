"""Columns of printed amounts, wherever their text lies: read fast where they are plain, carefully where they are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import TOP, Amounts, Block, Bools, Int64, Texts
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.digits import MOST_PLACES, Words, careful, numbers
from budgetaudit.engines.linear import Value

AT_ONCE = 1 << 16  # cells whose temporaries stay in the cache of a processor


def read_columns(
    block: Block, names: Sequence[str], texts: Texts, words: Words, places: int, cells: Mapping[str, CellReader]
) -> None:
    """Read columns of equal decimals, whose texts follow one another, into the block."""
    values, blank = np.empty(len(texts.end), dtype=np.int64), texts.end == texts.start
    odd: list[int] = []
    for first in range(0, len(values), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        values[part], wrong = _numbers(texts.data, words, texts.start[part], texts.end[part], places)
        if wrong is not None:
            odd += (first + np.flatnonzero(wrong & ~blank[part])).tolist()
    none = not blank.any()
    for index, name in enumerate(names):
        part = slice(index * block.rows, (index + 1) * block.rows)
        block.amounts[name] = Amounts(values[part], places, None if none else blank[part])
    for cell in odd:
        index, row = divmod(cell, block.rows)
        read_cell(block, row, names[index], texts.text(cell).replace('""', '"'), cells[names[index]])


def _numbers(data: NDArray[np.uint8], words: Words, start: Int64, end: Int64, places: int) -> tuple[Int64, Bools | None]:
    """Fields as integers, and where they are none; fast where they are plain."""
    if places > MOST_PLACES:
        return careful(data, words, start, end, places)
    values, wrong = numbers(words, end, end - start, places)
    if wrong is not None and wrong.any():
        rows = np.flatnonzero(wrong)
        values[rows], wrong[rows] = careful(data, words, start[rows], end[rows], places)
    return values, wrong


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
