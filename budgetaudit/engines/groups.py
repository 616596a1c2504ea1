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
PART = 32  # bits: a row is numbered within its part, the part's number above, while the parts before it are not counted
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


@dataclass
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


def keys_of(keys: Sequence[tuple[bytes, ...]]) -> Keys:
    """Keys as words: what `key_at` turns back."""
    columns = []
    for parts in zip(*keys, strict=True):
        height = max(1, *(-(-len(part) // 8) for part in parts))
        columns.append(np.frombuffer(b"".join(part.ljust(8 * height, b"\0") for part in parts), _U).reshape(-1, height).T)
    return columns


@dataclass
class GroupTable:
    """Sums per key of the rows it is given. `odd` holds, by key, what int64 cannot hold, per measure."""

    by: tuple[str, ...]
    measures: tuple[str, ...]
    odd: dict[tuple[bytes, ...], list[Fraction | Malformed | None]] = field(default_factory=dict)
    numbers: Numbering = field(init=False)
    _sums: Sums = field(init=False)  # with room for more groups behind the last
    _reach: list[float] = field(init=False)  # what each total may have come to, whatever the signs

    def __post_init__(self) -> None:
        self.numbers = Numbering(len(self.by))
        none = np.zeros(0, dtype=np.int64)
        self._sums = Sums([], none, none, none, [none] * len(self.measures), [none] * len(self.measures))
        self._reach = [0.0] * len(self.measures)

    def add(self, rows: Rows) -> None:
        """Take rows in, in the order of the file."""
        known, codes = len(self.numbers), self.numbers.of(rows.keys)
        sums = self._with_room()
        new = np.flatnonzero(codes >= known)[::-1]
        sums.first[codes[new]] = rows.at[new]  # of several values for one place the last stays
        sums.last[codes] = rows.at
        np.add.at(sums.rows, codes, 1)
        for measure, values in enumerate(rows.values):
            self._add_up(measure, codes, values)
        for number, blank in zip(sums.blanks, rows.blanks, strict=True):
            if blank.any():
                np.add.at(number, codes[blank], 1)

    def take_over(self, other: GroupTable) -> None:
        """Add the groups of another table of the same keys and measures."""
        known, theirs = len(self.numbers), other.finish()
        codes = self.numbers.of(theirs.keys)  # no two alike
        sums, new = self._with_room(), codes >= known
        sums.rows[codes] += theirs.rows
        sums.first[codes] = np.where(new, theirs.first, np.minimum(sums.first[codes], theirs.first))
        sums.last[codes] = np.where(new, theirs.last, np.maximum(sums.last[codes], theirs.last))
        for measure, values in enumerate(theirs.totals):
            self._add_up(measure, codes, values)
        for number, more in zip(sums.blanks, theirs.blanks, strict=True):
            number[codes] += more
        self.add_odd([(key, at, value) for key, held in other.odd.items() for at, value in enumerate(held) if value is not None])

    def add_odd(self, cells: Sequence[tuple[tuple[bytes, ...], int, Fraction | Malformed]]) -> None:
        """Take in cells that int64 cannot hold: (key, measure, value)."""
        for key, measure, value in cells:
            held = self.odd.setdefault(key, [None] * len(self.measures))
            before = held[measure]
            if not isinstance(before, Malformed):
                held[measure] = value if before is None or isinstance(value, Malformed) else before + value

    def moved(self, starts: Int64) -> GroupTable:
        """The same, with rows that were numbered within parts (see `PART`) counted from the start of the file."""
        groups = slice(len(self.numbers))
        for rows in (self._sums.first[groups], self._sums.last[groups]):
            rows[:] = starts[rows >> PART] + (rows & ((1 << PART) - 1))
        return self

    def finish(self) -> Sums:
        """All rows as groups."""
        own, groups = self._sums, slice(len(self.numbers))
        totals, blanks = ([values[groups] for values in each] for each in (own.totals, own.blanks))
        return Sums(self.numbers.keys, own.rows[groups], own.first[groups], own.last[groups], totals, blanks)

    def _with_room(self) -> Sums:
        """The sums, with room for all keys."""
        own, groups = self._sums, len(self.numbers)
        if len(own) < groups:
            own.rows, own.first, own.last = (_longer(values, groups) for values in (own.rows, own.first, own.last))
            own.totals, own.blanks = ([_longer(values, groups) for values in each] for each in (own.totals, own.blanks))
        return own

    def _add_up(self, measure: int, codes: Int64, values: NDArray[Any]) -> None:
        """Add each value to its group, exactly; in Python integers where 64 bits might not do."""
        totals = self._sums.totals
        # An estimate in floating point, far from the limit it guards.
        self._reach[measure] += float(np.abs(values.astype(np.float64)).sum())
        if self._reach[measure] >= TOP and totals[measure].dtype != object:
            totals[measure] = totals[measure].astype(object)
        np.add.at(totals[measure], codes, values.astype(totals[measure].dtype, copy=False))


def _longer(values: NDArray[Any], length: int) -> NDArray[Any]:
    """The same with zeros behind: room for at least so many, and for more to come."""
    return np.concatenate([values, np.zeros(max(length * 3 // 2, 64) - len(values), dtype=values.dtype)])


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


# --- which keys are equal ----------------------------------------------------------------------


@dataclass
class Numbering:
    """Numbers keys in the order in which they first come: a hash table with open addressing, filled a block at a time."""

    def __init__(self, columns: int, seed: int = 0) -> None:
        self.seed, self._count = seed, 0
        self._keys: Keys = [np.zeros((1, 0), dtype=np.uint64)] * columns  # these and their hashes with room for more
        self._hashes: Words = np.zeros(0, dtype=np.uint64)
        self._slots = np.full(64, -1, dtype=np.int32)  # the number of the key that is there

    def __len__(self) -> int:
        return self._count

    @property
    def keys(self) -> Keys:
        """The keys that have come."""
        return [words[:, : self._count] for words in self._keys]

    def of(self, keys: Keys) -> Int64:
        """The number of each key; those that are new get the next ones."""
        known, hashes = self._count, _hash(keys, self.seed)
        codes, new = self._place(hashes)
        self._count += len(new)
        self._keys = [_joined(own, known, words[:, new]) for own, words in zip(self._keys, keys, strict=True)]
        pairs = zip(self._keys, keys, strict=True)
        lines = [(line, words[at] if at < len(words) else 0) for own, words in pairs for at, line in enumerate(own)]
        if len(lines) > 1 and any((own[codes] != line).any() for own, line in lines):
            # Two keys share a hash: all again with another one. What is known is not repeated, so it keeps its numbers.
            again = Numbering(len(keys), self.seed + 1)
            again.of([words[:, :known] for words in self._keys])
            codes = again.of(keys)
            self.__dict__ = again.__dict__
        return codes

    def _place(self, hashes: Words) -> tuple[Int64, Int64]:
        """The number of each hash, and the rows of those that are new. Until all are found, a new one is called by its row."""
        known, rows = self._count, len(hashes)
        self._make_room(known + rows)
        self._hashes[known : known + rows] = hashes
        slots, mask = self._slots, len(self._slots) - 1
        at = (hashes & _U(mask)).view(np.int64)
        codes = slots[at].astype(np.int64)  # the first look, which is the last one for most
        left = np.flatnonzero((codes < 0) | (self._hashes[codes] != hashes))
        at, new, places = at[left], [left[:0]], [left[:0]]
        while len(left):
            found = slots[at]
            empty = np.flatnonzero(found < 0)[::-1]
            if len(empty):
                slots[at[empty]] = known + left[empty]  # of several rows for one slot the last, here the first, stays
                found = slots[at]
                stays = empty[found[empty] == known + left[empty]]
                new.append(left[stays])
                places.append(at[stays])
            codes[left] = found
            other = self._hashes[found] != hashes[left]
            left, at = left[other], (at[other] + 1) & mask
        first, place = np.concatenate(new), np.concatenate(places)
        order = np.argsort(first)
        first = first[order]
        slots[place[order]] = known + np.arange(len(first))
        self._hashes[known : known + len(first)] = hashes[first]
        fresh = codes >= known
        codes[fresh] = known + np.searchsorted(first, codes[fresh] - known)
        return codes, first

    def _make_room(self, keys: int) -> None:
        """Room for so many hashes, and slots of which a third stay empty though all be new."""
        if len(self._hashes) < keys:
            self._hashes = _longer(self._hashes, keys)
        if keys * 3 <= len(self._slots) * 2:
            return
        known, self._slots = self._count, np.full(1 << (3 * keys // 2).bit_length(), -1, dtype=np.int32)
        self._count = 0
        self._place(self._hashes[:known].copy())
        self._count = known


def _joined(own: NDArray[np.uint64], known: int, new: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Words of keys with those of new keys behind the first `known`; shorter keys are filled up with zeros."""
    height, length = max(len(own), len(new)), known + new.shape[1]
    if own.shape[1] < length or len(own) < height:
        longer = np.zeros((height, max(length * 3 // 2, own.shape[1])), dtype=np.uint64)
        longer[: len(own), :known] = own[:, :known]
        own = longer
    own[: len(new), known:length] = new
    own[len(new) :, known:length] = 0
    return own


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
