"""Exact sums per key, over any number of blocks: keys stay text, sums stay integers.

A key is its bytes, eight to a 64-bit word; equal keys are found by hash and then compared word by word, so two keys are one
only if they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import TOP, Block, Int64, Texts
from budgetaudit.engines.digits import Words, words_of
from budgetaudit.engines.linear import Malformed

FEW = 1_200_000  # below this numpy's sort is faster than importing pandas for its hash table
WAITING = 2_000_000  # rows that wait to be merged
_U = np.uint64
_LOW = np.array([(1 << (8 * k)) - 1 for k in range(9)], dtype=np.uint64)


@dataclass
class Sums:
    """Rows or groups: one word matrix per key column, and per measure the sum and the number of blanks in it."""

    words: list[NDArray[np.uint64]]
    rows: Int64
    first: Int64
    last: Int64
    totals: list[NDArray[Any]]
    blanks: list[Int64]

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, group: int) -> tuple[bytes, ...]:
        """A key as bytes, one for each key column."""
        return tuple(np.ascontiguousarray(words[:, group]).tobytes().rstrip(b"\0") for words in self.words)

    def take(self, chosen: Int64) -> Sums:
        return Sums(
            [words[:, chosen] for words in self.words],
            self.rows[chosen],
            self.first[chosen],
            self.last[chosen],
            [total[chosen] for total in self.totals],
            [blanks[chosen] for blanks in self.blanks],
        )


@dataclass
class GroupTable:
    """Gathers rows of blocks and merges them now and then. `odd` holds, by key, what int64 cannot hold, per measure."""

    by: tuple[str, ...]
    measures: tuple[str, ...]
    waiting: list[Sums] = field(default_factory=list)
    odd: dict[tuple[bytes, ...], list[Fraction | Malformed | None]] = field(default_factory=dict)

    def add(self, sums: Sums) -> None:
        """Take rows in; merges them when many wait."""
        self.waiting.append(sums)
        if len(self.waiting) > 1 and sum(map(len, self.waiting[1:])) > max(WAITING, 2 * len(self.waiting[0])):
            self.waiting = [merge(self.waiting)]

    def add_odd(self, cells: Sequence[tuple[tuple[bytes, ...], int, Fraction | Malformed]]) -> None:
        """Take in cells that int64 cannot hold: (key, measure, value)."""
        for key, measure, value in cells:
            held = self.odd.setdefault(key, [None] * len(self.measures))
            before = held[measure]
            if not isinstance(before, Malformed):
                held[measure] = value if before is None or isinstance(value, Malformed) else before + value

    def finish(self) -> Sums:
        """All rows merged into groups."""
        self.waiting = [merge(self.waiting)] if self.waiting else []
        return self.waiting[0] if self.waiting else _nothing(len(self.by), len(self.measures))


def _nothing(keys: int, measures: int) -> Sums:
    none = np.zeros(0, dtype=np.int64)
    return Sums([np.zeros((1, 0), dtype=np.uint64)] * keys, none, none, none, [none] * measures, [none] * measures)


def rows_of(
    block: Block, by: Sequence[str], measures: Sequence[str]
) -> tuple[Sums, list[tuple[tuple[bytes, ...], int, Fraction | Malformed]]]:
    """The rows of a block, each a group of its own, and their odd cells; rows without all fields are left out."""
    keep = None
    if block.ragged:
        keep = np.setdiff1d(np.arange(block.rows), np.fromiter(block.ragged, dtype=np.int64))
    at = np.arange(block.rows, dtype=np.int64)
    sums = Sums(
        [key_words(block.texts[name]) for name in by],
        np.ones(block.rows, dtype=np.int64),
        at,
        at,
        [block.amounts[name].values for name in measures],
        [_count_blanks(block, name) for name in measures],
    )
    odd = [
        (sums.key(row), measures.index(name), value)
        for row, cells in block.odd.items()
        if row not in block.ragged
        for name, value in cells.items()
        if name in measures and isinstance(value, (Fraction, Malformed))
    ]
    return (sums if keep is None else sums.take(keep)), odd


def _count_blanks(block: Block, name: str) -> Int64:
    blank = block.amounts[name].blank
    return np.zeros(block.rows, dtype=np.int64) if blank is None else blank.astype(np.int64)


def key_words(texts: Texts) -> NDArray[np.uint64]:
    """The bytes of each text as words, filled up with zeros: one line of the result for every eight bytes."""
    length = texts.end - texts.start
    words = words_of(texts.data)
    chunks = max(1, -(-int(length.max(initial=0)) // 8))
    result = np.empty((chunks, len(length)), dtype=np.uint64)
    for chunk in range(chunks):
        left = np.clip(length - 8 * chunk, 0, 8)
        np.bitwise_and(words[np.minimum(texts.start + 8 * chunk, len(words) - 1)], _LOW[left], out=result[chunk])
    return result


def merge(parts: Sequence[Sums]) -> Sums:
    """The groups of all parts together; the parts must come in the order of the file."""
    keys = len(parts[0].words)
    words = [beside([part.words[column] for part in parts]) for column in range(keys)]
    codes, first_of = identify(words)
    groups = len(first_of)
    rows, first, last = (np.concatenate([getattr(part, name) for part in parts]) for name in ("rows", "first", "last"))
    latest = np.empty(groups, dtype=np.int64)
    latest[codes] = last  # of several values for one place the last stays
    measures = range(len(parts[0].totals))
    return Sums(
        [matrix[:, first_of] for matrix in words],
        add_up(codes, groups, rows),
        first[first_of],
        latest,
        [add_up(codes, groups, np.concatenate([part.totals[m] for part in parts])) for m in measures],
        [add_up(codes, groups, np.concatenate([part.blanks[m] for part in parts])) for m in measures],
    )


def beside(matrices: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Word matrices side by side, shorter keys filled up with zeros."""
    height = max(len(matrix) for matrix in matrices)
    return np.concatenate([np.pad(m, ((0, height - len(m)), (0, 0))) if len(m) < height else m for m in matrices], axis=1)


def add_up(codes: Int64, groups: int, values: NDArray[Any]) -> NDArray[Any]:
    """Exact sums per group; in Python integers where 64 bits might not do."""
    if values.dtype != object and not values.any():
        return np.zeros(groups, dtype=np.int64)
    # An estimate in floating point, far from the limit it guards.
    if values.dtype == object or float(np.abs(values.astype(np.float64)).sum()) >= TOP:
        values = values.astype(object)
    total = np.zeros(groups, dtype=values.dtype)
    np.add.at(total, codes, values)
    return total


def identify(words: Sequence[NDArray[np.uint64]]) -> tuple[Int64, Int64]:
    """A number for every column of the word matrices, equal where they are equal; and where each number first stands."""
    lines = [line for matrix in words for line in matrix]
    for seed in count():
        codes, first = _by_hash(_hash(words, seed))
        if len(lines) == 1 or all((line == line[first][codes]).all() for line in lines):
            return codes, first
    raise AssertionError


def _hash(words: Sequence[NDArray[np.uint64]], seed: int) -> Words:
    """A mix of all words that zeros behind a key do not change; one word alone is mixed without any two colliding."""
    mixed = np.zeros(words[0].shape[1], dtype=np.uint64)
    for column, matrix in enumerate(words):
        for place, line in enumerate(matrix):
            mixed += line * _U(_odd(column, place, seed))
    mixed ^= mixed >> _U(32)
    mixed *= _U(0xD6E8FEB86659FD93)
    mixed ^= mixed >> _U(32)
    return mixed


def _odd(column: int, place: int, seed: int) -> int:
    """A large odd number for every word of a key (the steps of splitmix64)."""
    mixed = ((seed * 64 + column) * 4096 + place + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & (1 << 64) - 1
    return mixed | 1


def _by_hash(mixed: Words) -> tuple[Int64, Int64]:
    if len(mixed) < FEW:
        _, first, codes = np.unique(mixed, return_index=True, return_inverse=True)
        return codes, first
    import pandas

    codes, found = pandas.factorize(mixed)
    first = np.empty(len(found), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return codes, first
