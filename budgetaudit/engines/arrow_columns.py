"""Arrow columns as the exact integers of a piece: integers and decimals as they lie there, floats only if exact, texts read.

What is no plain number is left to the careful reading of `cells`, one cell at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, types

from budgetaudit.engines.cells import NOTHING, CellReader, exact
from budgetaudit.engines.pieces import TOP, Amounts, Bools, Int64, Piece

SMALL_DECIMAL = 18  # digits that 64 bits hold for certain
BLANK = pa.array(sorted(NOTHING))
POWERS = 10.0 ** np.arange(19)


def piece_of(
    table: Any, amounts: Mapping[str, CellReader], places: Mapping[str, int], texts: Sequence[str], *, counted: bool = False
) -> Piece:
    """The wanted columns of an Arrow table or record batch; `counted`: its integers count the last decimals."""
    piece = Piece(table.num_rows, {})
    for name in texts:
        piece.texts[name] = bytes_of(table.column(name))
    for name, cells in amounts.items():
        array = whole(table.column(name))
        if counted and array.type == pa.int64():
            integers(piece, name, array, places[name])
        else:
            read_amounts(piece, name, array, places[name], cells)
    return piece


def whole(array: Any) -> Any:
    """A column in one stretch of memory, no dictionary beside it."""
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    return array.dictionary_decode() if types.is_dictionary(array.type) else array


def read_amounts(piece: Piece, name: str, array: Any, places: int, cells: CellReader) -> None:
    """Read a column of whatever type into the piece."""
    kind = array.type
    if types.is_integer(kind):
        _from_integers(piece, name, array, places)
    elif types.is_decimal(kind):
        _from_decimals(piece, name, array, places)
    elif types.is_float64(kind):
        _from_floats(piece, name, array, places, cells)
    elif types.is_float32(kind):
        _from_texts(piece, name, compute.cast(array, pa.string()), places, cells)
    elif types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        _from_texts(piece, name, array, places, cells)
    else:
        _from_others(piece, name, array, places, cells)


def _blank(array: Any) -> Bools | None:
    """Where an array holds nothing; None if it does everywhere."""
    if not array.null_count:
        return None
    found: Bools = array.is_null().to_numpy(zero_copy_only=False)
    return found


def values_of(array: Any, kind: Any, width: int = 1) -> NDArray[Any]:
    """The memory of an array as numbers, `width` of them a value."""
    values = np.frombuffer(array.buffers()[1] or b"", kind)
    return values[array.offset * width : (array.offset + len(array)) * width]


def _hold(piece: Piece, name: str, values: Int64, places: int, blank: Bools | None) -> None:
    if blank is not None:
        values = np.where(blank, 0, values)
    piece.amounts[name] = Amounts(values, places, blank)


def integers(piece: Piece, name: str, array: Any, places: int) -> None:
    """Integers that count the last of so many decimals."""
    _hold(piece, name, values_of(array, np.int64), places, _blank(array))


def _from_integers(piece: Piece, name: str, array: Any, places: int) -> None:
    kind = np.dtype(str(array.type))
    values = values_of(array, kind)
    if not places and kind != np.uint64:
        _hold(piece, name, values.astype(np.int64, copy=False), places, _blank(array))
        return
    fits = values <= min(np.iinfo(kind).max, TOP // 10**places)
    if kind.kind == "i":
        fits &= values >= max(np.iinfo(kind).min, -TOP // 10**places)
    blank = _blank(array)
    _hold(piece, name, np.where(fits, values, 0).astype(np.int64) * 10**places, places, blank)
    for row in np.flatnonzero(~fits if blank is None else ~fits & ~blank).tolist():
        piece.put(row, name, Fraction(int(values[row])))


def _from_decimals(piece: Piece, name: str, array: Any, places: int) -> None:
    kind = array.type
    if kind.bit_width != 128 or kind.scale != places:
        try:
            array = compute.cast(array, pa.decimal128(38, places))
        except pa.ArrowInvalid:  # a digit would be lost, or there are too many
            piece.amounts[name] = Amounts(np.zeros(len(array), dtype=np.int64), places)
            for row, value in enumerate(array.to_pylist()):
                piece.put(row, name, None if value is None else exact(value))
            return
    words = values_of(array, np.int64, 2)
    low, high, blank = np.ascontiguousarray(words[::2]), words[1::2], _blank(array)
    _hold(piece, name, low, places, blank)
    if kind.precision > SMALL_DECIMAL:
        wide = high != low >> 63
        for row in np.flatnonzero(wide if blank is None else wide & ~blank).tolist():
            piece.put(row, name, Fraction(int(high[row]) * 2**64 + int(low[row]) % 2**64, 10**places))


def _from_floats(piece: Piece, name: str, array: Any, places: int, cells: CellReader) -> None:
    """A binary float is the shortest decimal that prints it: 12.34 is 12.34. What does not fit its column is kept apart."""
    values = values_of(array, np.float64)
    counts, fits = _whole_counts(values, places)
    blank, missing = _blank(array), np.isnan(values)
    empty = missing if blank is None else blank | missing
    _hold(piece, name, counts, places, empty if empty.any() else None)
    for row in np.flatnonzero(~fits & ~empty):
        piece.read(int(row), name, repr(float(values[row])), cells)


def _whole_counts(values: NDArray[np.float64], places: int) -> tuple[Int64, Bools]:
    """How many of the last decimal floats are, and whether they are exactly that.

    Both are exact, and a division of exact numbers is rounded correctly: equal means equal. No two decimals of 15 digits print
    the same number, so none is shorter.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(values * POWERS[places])
        fits: Bools = (np.abs(scaled) < 1e15) & (scaled / POWERS[places] == values)
    return (scaled if fits.all() else np.where(fits, scaled, 0)).astype(np.int64), fits


def counted(array: Any, places: int) -> Any:
    """Floats read from a text as an Arrow array of integers; None if some may not be what is printed."""
    blank = _blank(array)
    counts, fits = _whole_counts(values_of(array, np.float64), places)
    return pa.array(counts, mask=blank) if fits.all() or (blank is not None and (fits | blank).all()) else None


def _from_texts(piece: Piece, name: str, array: Any, places: int, cells: CellReader) -> None:
    """Printed numbers: those that are digits, signs and commas in the usual places at once, the others one by one."""
    text = compute.ascii_trim_whitespace(as_string(array))
    blank = compute.fill_null(compute.is_in(text, value_set=BLANK.cast(text.type)), True)
    blank = compute.or_(blank, compute.is_null(text))
    plain, counts = plain_counts(text, places)
    _from_decimals(piece, name, counts, places)
    empty: Bools = blank.to_numpy(zero_copy_only=False)
    piece.amounts[name] = Amounts(piece.amounts[name].values, places, empty if empty.any() else None)
    for row in np.flatnonzero(~(plain | empty)):
        piece.read(int(row), name, _decoded(array[int(row)].as_py()), cells)


def plain_counts(text: Any, places: int) -> tuple[Bools, Any]:
    """Which of some trimmed texts are plain numbers of so many decimals at most, and all as decimals, 0 for what is none."""
    point = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    least = max(SMALL_DECIMAL - places, 1)
    usual = rf"^-?([0-9]{{1,{least}}}|[1-9][0-9]{{0,2}}(,[0-9]{{3}}){{1,{max((least - 3) // 3, 1)}}}){point}$"
    plain = compute.fill_null(compute.match_substring_regex(text, usual), False)
    digits = compute.replace_substring(compute.if_else(plain, text, "0"), ",", "")
    return plain.to_numpy(zero_copy_only=False), compute.cast(digits.cast(pa.string()), pa.decimal128(38, places))


def as_string(array: Any) -> Any:
    """Bytes called text without a look at them: what is no text is no number either."""
    if types.is_binary(array.type):
        return array.view(pa.string())
    return array.view(pa.large_string()) if types.is_large_binary(array.type) else array


def _decoded(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _from_others(piece: Piece, name: str, array: Any, places: int, cells: CellReader) -> None:
    """Dates, booleans and the like: no amounts, unless their text is one."""
    piece.amounts[name] = Amounts(np.zeros(len(array), dtype=np.int64), places)
    for row, value in enumerate(array.to_pylist()):
        text = "" if value is None else str(value)
        piece.read(row, name, text.lower() if isinstance(value, bool) else text, cells)


def bytes_of(array: Any) -> Any:
    """A column of text as bytes: what it holds if it is text, else as it would be printed (a key 101 is the text 101)."""
    array = whole(array)
    if types.is_binary(array.type):
        return array
    if types.is_large_binary(array.type) or types.is_fixed_size_binary(array.type):
        return array.cast(pa.binary())
    if not (types.is_string(array.type) or types.is_large_string(array.type)):
        times = types.is_temporal(array.type)
        array = compute.cast(array, pa.string())
        if times:  # 12:00:00.000000 is 12:00:00
            array = compute.replace_substring_regex(array, r"(\.\d*?)0+$", r"\1")
            array = compute.replace_substring_regex(array, r"\.$", "")
    array = array.cast(pa.binary()) if types.is_large_string(array.type) else array.view(pa.binary())
    return compute.fill_null(array, b"") if array.null_count else array
