"""Exact sums per key, over any number of blocks: keys stay text, sums stay integers.

A key is its bytes, eight to a 64-bit word; equal keys are found by hash and then compared word by word, so two keys are one
only if they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import TOP, Block, Bools, Int64, Texts
from budgetaudit.engines.digits import Words, words_of
from budgetaudit.engines.linear import Malformed

Keys: TypeAlias = list[NDArray[np.uint64]]  # a word matrix for each key column
WAITING = 1_200_000  # rows that wait to be added up; for fewer numpy's sort is faster than importing pandas for its hash table
_U = np.uint64
_LOW = np.array([(1 << (8 * k)) - 1 for k in range(9)], dtype=np.uint64)


@dataclass(frozen=True)
class Rows:
    """Rows of a ledger: their keys, their numbers, and per measure their amounts and where those are blank."""

    keys: Keys
    at: Int64
    values: list[Int64]
    blanks: list[Bools]

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Sums:
    """Groups in the order of their first rows: their keys, and per measure the sum and the number of blanks in it."""

    keys: Keys
    rows: Int64
    first: Int64
    last: Int64
    totals: list[NDArray[Any]]
    blanks: list[Int64]

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, group: int) -> tuple[bytes, ...]:
        """A key as bytes, one for each key column."""
        return key_at(self.keys, group)

    def take(self, chosen: Int64) -> Sums:
        return Sums(
            [words[:, chosen] for words in self.keys],
            self.rows[chosen],
            self.first[chosen],
            self.last[chosen],
            [total[chosen] for total in self.totals],
            [blanks[chosen] for blanks in self.blanks],
        )


def key_at(keys: Keys, at: int) -> tuple[bytes, ...]:
    """A key as bytes, one for each key column."""
    return tuple(np.ascontiguousarray(words[:, at]).tobytes().rstrip(b"\0") for words in keys)


@dataclass
class GroupTable:
    """Gathers rows of blocks and adds them up now and then. `odd` holds, by key, what int64 cannot hold, per measure."""

    by: tuple[str, ...]
    measures: tuple[str, ...]
    odd: dict[tuple[bytes, ...], list[Fraction | Malformed | None]] = field(default_factory=dict)
    waiting: list[Rows] = field(default_factory=list)
    sums: Sums = field(init=False)
    numbers: Numbering = field(init=False)

    def __post_init__(self) -> None:
        none = np.zeros(0, dtype=np.int64)
        self.numbers = Numbering([np.zeros((1, 0), dtype=np.uint64)] * len(self.by))
        self.sums = Sums(self.numbers.keys, none, none, none, [none] * len(self.measures), [none] * len(self.measures))

    def add(self, rows: Rows) -> None:
        """Take rows in, in the order of the file; they are added up when many wait."""
        self.waiting.append(rows)
        if sum(map(len, self.waiting)) > max(WAITING, 2 * len(self.sums)):
            self.sums = self.finish()

    def add_odd(self, cells: Sequence[tuple[tuple[bytes, ...], int, Fraction | Malformed]]) -> None:
        """Take in cells that int64 cannot hold: (key, measure, value)."""
        for key, measure, value in cells:
            held = self.odd.setdefault(key, [None] * len(self.measures))
            before = held[measure]
            if not isinstance(before, Malformed):
                held[measure] = value if before is None or isinstance(value, Malformed) else before + value

    def finish(self) -> Sums:
        """All rows as groups."""
        if self.waiting:
            self.sums, self.waiting = self._with(_one_after_another(self.waiting)), []
        return self.sums

    def _with(self, rows: Rows) -> Sums:
        """The groups with some more rows."""
        codes, old = self.numbers.of(rows.keys), self.sums
        groups = len(self.numbers)
        first, last = _longer(old.first, groups), _longer(old.last, groups)
        new = np.flatnonzero(codes >= len(old))[::-1]
        first[codes[new]] = rows.at[new]  # of several values for one place the last stays
        last[codes] = rows.at
        return Sums(
            self.numbers.keys,
            _longer(old.rows, groups) + np.bincount(codes, minlength=groups),
            first,
            last,
            [add_up(_longer(total, groups), codes, values) for total, values in zip(old.totals, rows.values, strict=True)],
            [
                _longer(number, groups) + np.bincount(codes[blank], minlength=groups)
                for number, blank in zip(old.blanks, rows.blanks, strict=True)
            ],
        )


def _one_after_another(parts: Sequence[Rows]) -> Rows:
    return Rows(
        [beside(matrices) for matrices in zip(*(part.keys for part in parts), strict=True)],
        np.concatenate([part.at for part in parts]),
        [np.concatenate(values) for values in zip(*(part.values for part in parts), strict=True)],
        [np.concatenate(blanks) for blanks in zip(*(part.blanks for part in parts), strict=True)],
    )


def _longer(values: NDArray[Any], length: int) -> NDArray[Any]:
    """A copy with zeros behind."""
    return np.concatenate([values, np.zeros(length - len(values), dtype=values.dtype)])


def rows_of(
    block: Block, by: Sequence[str], measures: Sequence[str]
) -> tuple[Rows, list[tuple[tuple[bytes, ...], int, Fraction | Malformed]]]:
    """The rows of a block, and their odd cells; rows without all fields are left out."""
    keys, at = [key_words(block.texts[name]) for name in by], np.arange(block.rows)
    values, blanks = [block.amounts[name].values for name in measures], [_blank(block, name) for name in measures]
    odd = [
        (key_at(keys, row), measures.index(name), value)
        for row, cells in block.odd.items()
        if row not in block.ragged
        for name, value in cells.items()
        if name in measures and isinstance(value, (Fraction, Malformed))
    ]
    if block.ragged:
        at = np.setdiff1d(at, np.fromiter(block.ragged, dtype=np.int64))
        keys, values, blanks = [words[:, at] for words in keys], [v[at] for v in values], [b[at] for b in blanks]
    return Rows(keys, at, values, blanks), odd


def _blank(block: Block, name: str) -> Bools:
    blank = block.amounts[name].blank
    return np.zeros(block.rows, dtype=bool) if blank is None else blank


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


def beside(matrices: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Word matrices side by side, shorter keys filled up with zeros."""
    height = max(len(matrix) for matrix in matrices)
    return np.concatenate([np.pad(m, ((0, height - len(m)), (0, 0))) if len(m) < height else m for m in matrices], axis=1)


def add_up(total: NDArray[Any], codes: Int64, values: NDArray[Any]) -> NDArray[Any]:
    """Add each value to its group, exactly; in Python integers where 64 bits might not do. Changes `total` if it can."""
    # An estimate in floating point, far from the limit it guards.
    reach = sum(float(np.abs(part.astype(np.float64)).sum()) for part in (total, values))
    if reach >= TOP or total.dtype == object:
        total, values = total.astype(object), values.astype(object)
    np.add.at(total, codes, values)
    return total


# --- which keys are equal ----------------------------------------------------------------------


@dataclass
class Numbering:
    """Numbers keys in the order in which they first come; `keys` are those that have come."""

    keys: Keys
    seed: int = 0
    _mixed: Words = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    def __len__(self) -> int:
        return len(self._mixed)

    def of(self, keys: Keys) -> Int64:
        """The number of each key; those that are new get the next ones."""
        together = [beside(pair) for pair in zip(self.keys, keys, strict=True)]
        known = len(self)
        mixed = _hash([words[:, known:] for words in together], self.seed)
        codes = np.full(len(mixed), -1, dtype=np.int64) if not known else _find(self._mixed, mixed)
        new = np.flatnonzero(codes < 0)
        own, first = _by_hash(mixed[new])
        codes[new] = known + own
        chosen = np.concatenate([np.arange(known), known + new[first]])
        lines = [line for words in together for line in words]
        if len(lines) > 1 and any((line[known:] != line[chosen][codes]).any() for line in lines):
            # Two keys share a hash: all again with another one. What is known is not repeated, so it keeps its numbers.
            again = Numbering([words[:, :0] for words in together], self.seed + 1)
            codes = again.of(together)[known:]
            self.keys, self.seed, self._mixed = again.keys, again.seed, again._mixed
            return codes
        self.keys = [words[:, chosen] for words in together]
        self._mixed = np.concatenate([self._mixed, mixed[new[first]]])
        return codes


def _hash(keys: Keys, seed: int) -> Words:
    """A mix of all words that zeros behind a key do not change; one word alone is mixed without any two colliding."""
    mixed = np.zeros(keys[0].shape[1], dtype=np.uint64)
    for column, words in enumerate(keys):
        for place, line in enumerate(words):
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


def _find(known: Words, mixed: Words) -> Int64:
    """Where each hash stands among those that are known; -1 if it does not."""
    if len(mixed) <= WAITING:
        order = np.argsort(known)
        found = order[np.minimum(np.searchsorted(known, mixed, sorter=order), len(known) - 1)]
        return np.where(known[found] == mixed, found, -1)
    import pandas

    return pandas.Index(known).get_indexer(pandas.Index(mixed))


def _by_hash(mixed: Words) -> tuple[Int64, Int64]:
    """A number for every hash, in the order in which they first come; and where each first stands."""
    if len(mixed) <= WAITING:
        _, first, codes = np.unique(mixed, return_index=True, return_inverse=True)
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return rank[codes], first[order]
    import pandas

    codes, found = pandas.factorize(mixed)
    first = np.empty(len(found), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return codes, first
