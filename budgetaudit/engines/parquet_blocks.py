"""Parquet ledgers as blocks, through pyarrow's buffers: integers and decimals as they lie there, floats only if exact.

pyarrow's own conversions are avoided: they import pandas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import Amounts, Block, Bools, Int64, Texts
from budgetaudit.engines.cells import CellReader, exact
from budgetaudit.engines.digits import words_of
from budgetaudit.engines.files import BACK, FRONT
from budgetaudit.engines.text_columns import put, read_cell, read_columns

READ = 1 << 18  # rows that are read at once: fewer cost more
BATCH = 1 << 16  # rows of a block, whose temporaries stay in the cache
WORTHWHILE = 500_000  # rows
SMALL_DECIMAL = 18  # digits that 64 bits hold for certain


@dataclass
class ParquetSource:
    """One or more Parquet files as one ledger; a part is a row group of a file."""

    paths: Sequence[str]
    amounts: Mapping[str, CellReader]
    places: Mapping[str, int]
    texts: Sequence[str]
    size: int = 0
    _files: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from pyarrow import parquet

        for path in self.paths:
            self._files[path] = parquet.read_metadata(path)
        self.size = sum(metadata.num_rows for metadata in self._files.values())

    @property
    def worthwhile(self) -> int:
        return WORTHWHILE

    def parts(self, *, sent: bool = False) -> Iterator[tuple[str, int]]:  # noqa: ARG002 - they are light enough to be sent
        for path, metadata in self._files.items():
            yield from ((path, group) for group in range(metadata.num_row_groups))

    def weight(self, part: tuple[str, int]) -> int:
        return int(self._files[part[0]].row_group(part[1]).num_rows)

    def blocks(self, part: tuple[str, int]) -> Iterator[Block]:
        """The blocks of a row group."""
        from pyarrow import parquet

        names = list(dict.fromkeys((*self.amounts, *self.texts)))
        with parquet.ParquetFile(part[0], metadata=self._files[part[0]]) as file:
            for batch in file.iter_batches(READ, row_groups=[part[1]], columns=names, use_threads=False):
                for start in range(0, batch.num_rows, BATCH):
                    yield self.block(batch.slice(start, BATCH))

    def block(self, batch: Any) -> Block:
        """An Arrow record batch as a block."""
        block = Block(batch.num_rows, {})
        for name in self.texts:
            block.texts[name] = texts_of(batch.column(name))
        for name, cells in self.amounts.items():
            _read(block, name, batch.column(name), self.places[name], cells)
        return block


def _read(block: Block, name: str, array: Any, places: int, cells: CellReader) -> None:
    from pyarrow import types

    kind = array.type
    if types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if types.is_integer(kind):
        _from_integers(block, name, array)
    elif types.is_decimal(kind):
        _from_decimals(block, name, array, places)
    elif types.is_float64(kind):
        _from_floats(block, name, array, places, cells)
    elif types.is_string(kind) or types.is_large_string(kind) or types.is_float32(kind):
        texts = texts_of(array)
        blank = _blank(array)
        texts.end = texts.end if blank is None else np.where(blank, texts.start, texts.end)
        read_columns(block, [name], texts, words_of(texts.data), places, {name: cells})
    else:
        _from_others(block, name, array, cells)


def _blank(array: Any) -> Bools | None:
    """Where an array holds nothing; None if it does everywhere."""
    bitmap = array.buffers()[0]
    if not array.null_count or bitmap is None:
        return None
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little")
    blank: Bools = bits[array.offset : array.offset + len(array)] == 0
    return blank


def _values(array: Any, kind: Any, width: int = 1) -> NDArray[Any]:
    values = np.frombuffer(array.buffers()[1], kind)
    return values[array.offset * width : (array.offset + len(array)) * width]


def _hold(block: Block, name: str, values: Int64, places: int, blank: Bools | None) -> None:
    if blank is not None:
        values = np.where(blank, 0, values)
    block.amounts[name] = Amounts(values, places, blank)


def _from_integers(block: Block, name: str, array: Any) -> None:
    kind = np.dtype(str(array.type))
    values = _values(array, kind)
    _hold(block, name, values.astype(np.int64, copy=False), 0, _blank(array))
    if kind == np.uint64:
        for row in np.flatnonzero(values > np.iinfo(np.int64).max):
            put(block, int(row), name, Fraction(int(values[row])))


def _from_decimals(block: Block, name: str, array: Any, places: int) -> None:
    from pyarrow import ArrowInvalid, decimal128

    kind = array.type
    if kind.bit_width != 128 or kind.scale != places:
        from pyarrow import compute

        try:
            array = compute.cast(array, decimal128(38, places))
        except ArrowInvalid:  # a digit would be lost, or there are too many
            _one_by_one(block, name, array, places)
            return
    words = _values(array, np.int64, 2)
    low, high, blank = np.ascontiguousarray(words[::2]), words[1::2], _blank(array)
    _hold(block, name, low, places, blank)
    if kind.precision > SMALL_DECIMAL:
        wide = high != low >> 63
        for row in np.flatnonzero(wide if blank is None else wide & ~blank):
            put(block, int(row), name, Fraction(int(high[row]) * 2**64 + int(low[row]) % 2**64, 10**places))


def _one_by_one(block: Block, name: str, array: Any, places: int) -> None:
    block.amounts[name] = Amounts(np.zeros(len(array), dtype=np.int64), places)
    for row, value in enumerate(array.to_pylist()):
        put(block, row, name, None if value is None else exact(value))


def _from_floats(block: Block, name: str, array: Any, places: int, cells: CellReader) -> None:
    """A binary float is the shortest decimal that prints it: 12.34 is 12.34. What does not fit its column is kept apart."""
    values = _values(array, np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(values * 10.0**places)
        # Both are exact, and a division of exact numbers is rounded correctly: equal means equal. No two decimals of 15
        # digits print the same number, so none is shorter.
        fits = (np.abs(scaled) < 1e15) & (scaled / 10.0**places == values)
        whole = np.where(fits, scaled, 0).astype(np.int64)
    blank = _blank(array)
    empty = np.isnan(values) if blank is None else blank | np.isnan(values)
    _hold(block, name, whole, places, empty if empty.any() else None)
    for row in np.flatnonzero(~fits & ~empty):
        read_cell(block, int(row), name, repr(float(values[row])), cells)


def _from_others(block: Block, name: str, array: Any, cells: CellReader) -> None:
    """Dates, booleans and the like: no amounts, unless their text is one."""
    block.amounts[name] = Amounts(np.zeros(len(array), dtype=np.int64))
    for row, value in enumerate(array.to_pylist()):
        text = "" if value is None else str(value)
        read_cell(block, row, name, text.lower() if isinstance(value, bool) else text, cells)


def texts_of(array: Any) -> Texts:
    """A column as text: what it holds if it is text, else as it would be printed (a key 101 is the text 101)."""
    from pyarrow import string, types

    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if not (types.is_string(array.type) or types.is_large_string(array.type)):
        from pyarrow import compute  # slow to import, and seldom needed

        times = types.is_temporal(array.type)
        array = compute.cast(array, string())
        if times:  # 12:00:00.000000 is 12:00:00
            array = compute.replace_substring_regex(array, r"(\.\d*?)0+$", r"\1")
            array = compute.replace_substring_regex(array, r"\.$", "")
    blank = _blank(array)
    wide = np.int64 if types.is_large_string(array.type) else np.int32
    offsets = np.frombuffer(array.buffers()[1], wide)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    first, last = (int(offsets[0]), int(offsets[-1])) if len(offsets) else (0, 0)
    data = np.zeros(FRONT + last - first + BACK, dtype=np.uint8)
    if last > first:
        data[FRONT : FRONT + last - first] = np.frombuffer(array.buffers()[2], np.uint8)[first:last]
    offsets += FRONT - first
    end = offsets[1:] if blank is None else np.where(blank, offsets[:-1], offsets[1:])
    return Texts(data, offsets[:-1], end)
