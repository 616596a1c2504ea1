"""Printed integers and decimals to scaled int64, a whole column at a time, exactly: no number is ever a float.

Eight bytes of text are one 64-bit word; three multiplications turn eight digits into their value (the method is Daniel
Lemire's and Johnny Lee's "SIMD within a register"). What is no plain number is left to the careful reading.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.blocks import Int64

Words = NDArray[np.uint64]
MOST_PLACES = 6
LONGEST = 400

_U = np.uint64
_ZEROS, _SIX, _HIGH = _U(0x3030303030303030), _U(0x0606060606060606), _U(0xF0F0F0F0F0F0F0F0)
_PAIRS, _QUADS, _EIGHT = _U(2561), _U(6553601), _U(42949672960001)
_KEEP_PAIRS, _KEEP_QUADS = _U(0x00FF00FF00FF00FF), _U(0x0000FFFF0000FFFF)


def _upper(count: int) -> int:
    """A mask of the last `count` bytes of a word, which are its highest."""
    count = min(max(count, 0), 8)
    return ((1 << (8 * count)) - 1) << (64 - 8 * count)


def _masks(skip: int) -> Words:
    return np.array([_upper(length - skip) for length in range(LONGEST)], dtype=np.uint64)


_MASKS = [_masks(skip) for skip in range(8 + MOST_PLACES + 2)]  # by how many bytes at the end of a field are left out


def words_of(buffer: Any) -> Words:
    """The buffer as 64-bit words, one starting at every byte."""
    return np.ndarray((len(buffer) - 7,), np.uint64, buffer, 0, (1,))


def numbers(words: Words, end: Int64, length: Int64, places: int) -> tuple[Int64, NDArray[np.bool_] | None]:
    """Values times 10**places of fields that are digits, with a point before the last `places`; and where it is not so.

    A blank gives 0 and is not called wrong. None: all is as it should be.
    """
    longest, shortest = (int(length.max()), int(length.min())) if len(length) else (0, 0)
    if longest >= LONGEST:
        length = np.minimum(length, LONGEST - 1)
    behind = places + 1 if places else 0  # the decimals and their point
    word = words[end - (8 + behind)]
    word ^= _ZEROS
    word &= _MASKS[behind][length]
    wrong = _not_digits(word)
    value = _eight(word)
    if longest > 8 + behind:
        _add_upper(words, end, length, 8 + behind, value, wrong)
    if places:
        value *= _U(10**places)
        value += _decimals(words[end - 8], places, wrong)
    bad = None
    if wrong.any() or longest > 16 or (places and shortest <= behind):
        bad = (wrong != 0) | (length > 16)
        if places:
            bad |= length <= behind  # a digit must stand before the point
            bad &= length > 0
            value[length == 0] = 0
    return value.view(np.int64), bad


def _add_upper(words: Words, end: Int64, length: Int64, behind: int, value: Words, wrong: Words) -> None:
    """Add the eight digits before the last `behind` characters, where there are any."""
    rows: Any = np.flatnonzero(length > behind)
    if len(rows) * 3 > len(length) * 2:
        rows = slice(None)
    word = words[end[rows] - (8 + behind)]
    word ^= _ZEROS
    word &= _MASKS[behind][length[rows]]
    wrong[rows] |= _not_digits(word)
    word = _eight(word)
    word *= _U(10**8)
    value[rows] += word


def _decimals(word: Words, places: int, wrong: Words) -> Words:
    """The value of what stands behind a point; notes in `wrong` where there is no point, or no digit."""
    point = word >> _U(56 - 8 * places)
    point &= _U(0xFF)
    point ^= _U(0x2E)
    wrong |= point
    word ^= _ZEROS
    word &= _U(_upper(places))
    wrong |= _not_digits(word)
    return _eight(word)


def _not_digits(word: Words) -> Words:
    """Non-zero where a byte (less '0') is above 9."""
    over = word + _SIX
    over |= word
    over &= _HIGH
    return over


def _eight(word: Words) -> Words:
    """The value of eight digits, in place."""
    word *= _PAIRS
    word >>= _U(8)
    word &= _KEEP_PAIRS
    word *= _QUADS
    word >>= _U(16)
    word &= _KEEP_QUADS
    word *= _EIGHT
    word >>= _U(32)
    return word


def careful(data: NDArray[np.uint8], words: Words, start: Int64, end: Int64, places: int) -> tuple[Int64, NDArray[np.bool_]]:
    """Like `numbers`, for fields with blanks around them, a sign, fewer decimals, or grouped thousands; slower."""
    start, end = _strip(data, start, end)
    negative = (data[start] == 45) & (end > start)
    start = start + (negative | ((data[start] == 43) & (end > start)))
    value, left = np.zeros(len(start), dtype=np.int64), np.flatnonzero(end > start)
    wrong = end <= start
    for decimals in dict.fromkeys((min(places, MOST_PLACES), *range(min(places, MOST_PLACES)))):
        # No point, no sum of digits beyond 16 and its missing decimals: what is read fits 64 bits.
        fits = end[left] - start[left] <= 16 + decimals - places
        found, bad = numbers(words, end[left], end[left] - start[left], decimals)
        good = fits if bad is None else fits & ~bad
        value[left[good]] = found[good] * 10 ** (places - decimals)
        left = left[~good]
        if not len(left):
            break
    if len(left):
        found, bad = _grouped(data, start[left], end[left], places)
        value[left] = found
        wrong[left[bad]] = True
    return np.where(negative, -value, value), wrong


def _strip(data: NDArray[np.uint8], start: Int64, end: Int64) -> tuple[Int64, Int64]:
    for _ in range(4):
        lead, trail = (data[start] == 32) & (end > start), (data[end - 1] == 32) & (end > start)
        if not (lead.any() or trail.any()):
            break
        start, end = start + lead, np.maximum(end - trail, start + lead)
    return start, end


def _grouped(data: NDArray[np.uint8], start: Int64, end: Int64, places: int) -> tuple[Int64, NDArray[np.bool_]]:
    """Numbers such as `1,234,567.8`, one character of every field at a time."""
    rows, length = len(start), end - start
    value, run, groups = (np.zeros(rows, dtype=np.int64) for _ in range(3))
    digits, decimals = np.zeros(rows, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
    wrong = length > 26
    for at in range(min(int(length.max()), 26)):
        inside = at < length
        character = np.where(inside, data[np.minimum(start + at, end - 1)], 0)
        digit = inside & (character >= 48) & (character <= 57)
        comma, point = character == 44, character == 46
        wrong |= inside & ~(digit | comma | point)
        wrong |= comma & ((decimals >= 0) | (run == 0) | np.where(groups > 0, run != 3, run > 3))
        wrong |= point & ((decimals >= 0) | (digits == 0) | ((groups > 0) & (run != 3)))
        value = np.where(digit & (digits < 18), value * 10 + (character - 48), value)
        digits += digit
        decimals = np.where(point, 0, decimals + (digit & (decimals >= 0)))
        groups += comma
        run = np.where(comma, 0, run + digit)
    wrong |= (decimals < 0) & (groups > 0) & (run != 3)
    wrong |= (decimals == 0) & (groups > 0)  # `1,000.` is no way to write a number
    missing = places - np.maximum(decimals, 0)
    wrong |= (digits == 0) | (digits + missing > 18) | (missing < 0)
    return value * 10 ** np.where(wrong, 0, missing), wrong
