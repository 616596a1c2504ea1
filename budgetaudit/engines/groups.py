"""Exact sums per key, over any number of pieces: Arrow groups some rows at a time, and then the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from budgetaudit.engines.linear import Malformed
from budgetaudit.engines.pieces import TOP, Int64, Piece

AT_ONCE = 1 << 20  # rows that are grouped together
WIDE = pa.decimal128(38, 0)
Key: TypeAlias = tuple[bytes, ...]
IrregularCell: TypeAlias = tuple[Key, int, Fraction | Malformed]


@dataclass
class GroupTable:
    """Sums per key of the pieces it is given. `irregular` holds, by key, what int64 cannot hold, per measure.

    Columns of its tables: `k0 …` the key, `rows`, `first` and `last`, and per measure its sum `s0 …`, null where all is blank.
    """

    by: tuple[str, ...]
    measures: tuple[str, ...]
    irregular: dict[Key, list[Fraction | Malformed | None]] = field(default_factory=dict)
    _waiting: list[Any] = field(default_factory=list)
    _grouped: list[Any] = field(default_factory=list)
    _reach: float = 0.0  # what a total may have come to, whatever the signs

    @property
    def keys(self) -> list[str]:
        return [f"k{at}" for at in range(len(self.by))]

    @property
    def sums(self) -> list[str]:
        return [f"s{at}" for at in range(len(self.measures))]

    def add(self, rows: pa.Table, irregular: Sequence[IrregularCell], first: int) -> None:
        """Take in what `rows_of` made of a piece that begins at a row."""
        place = compute.add(rows["first"], first)
        ones = pa.array(np.ones(len(rows), dtype=np.int64))
        rows = rows.drop_columns("first")
        for name, column in (("first", place), ("last", place), ("rows", ones)):
            rows = rows.append_column(name, column)
        self._waiting.append(rows)
        for name in self.sums:
            # An estimate in floating point, far from the limit it guards.
            self._reach += compute.sum(compute.abs(compute.cast(rows[name], pa.float64(), safe=False))).as_py() or 0.0
        if sum(map(len, self._waiting)) >= AT_ONCE:
            self._group()
        for key, measure, value in irregular:
            held = self.irregular.setdefault(key, [None] * len(self.measures))
            before = held[measure]
            if not isinstance(before, Malformed):
                held[measure] = value if before is None or isinstance(value, Malformed) else before + value

    def _group(self) -> None:
        if self._waiting:
            self._grouped.append(self._together(self._waiting))
            self._waiting = []
        if len(self._grouped) > 1 and sum(map(len, self._grouped[1:])) > 2 * AT_ONCE:
            self._grouped = [self._together(self._grouped)]

    def _together(self, tables: Sequence[Any]) -> Any:
        """One row a key."""
        if self._reach >= TOP:
            tables = [_widened(table, self.sums) for table in tables]
        wanted = {"first": "min", "last": "max", **dict.fromkeys(("rows", *self.sums), "sum")}
        grouped = pa.concat_tables(tables).group_by(self.keys, use_threads=False).aggregate(list(wanted.items()))
        return grouped.select([*self.keys, *(f"{name}_{how}" for name, how in wanted.items())]).rename_columns(
            [*self.keys, *wanted]
        )

    def finish(self) -> pd.DataFrame:
        """All rows as groups, in the order of their first rows; sums as whole numbers, and `b0 …` where all is blank."""
        self._group()
        if len(self._grouped) > 1:
            self._grouped = [self._together(self._grouped)]
        if not self._grouped:
            self.add(_no_rows(self), (), 0)
            self._grouped = [self._together(self._waiting)]
        table = self._grouped[0].sort_by("first").combine_chunks()
        frame: dict[str, Any] = {name: pd.arrays.ArrowExtensionArray(table[name]) for name in self.keys}
        frame |= {name: table[name].to_numpy() for name in ("rows", "first", "last")}
        for at, name in enumerate(self.sums):
            column = table[name]
            frame[f"b{at}"] = column.is_null().to_numpy()
            values = column.fill_null(0).to_numpy()
            frame[name] = values if values.dtype == np.int64 else np.array([int(value) for value in values], dtype=object)
        return pd.DataFrame(frame)


def _widened(table: Any, sums: Sequence[str]) -> Any:
    """The table with sums that no addition can carry out of their type."""
    for name in sums:
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(WIDE))
    return table


def _no_rows(table: GroupTable) -> Any:
    columns = dict.fromkeys(table.keys, pa.array([], pa.binary())) | dict.fromkeys(
        ["first", *table.sums], pa.array([], pa.int64())
    )
    return pa.table(columns)


def rows_of(piece: Piece, by: Sequence[str], measures: Sequence[str]) -> tuple[pa.Table, list[IrregularCell]]:
    """The rows of a piece as a table to be grouped, and their irregular cells; rows without all fields are left out."""
    columns: dict[str, Any] = {f"k{at}": piece.texts[name] for at, name in enumerate(by)}
    columns["first"] = np.arange(piece.rows)
    for at, name in enumerate(measures):
        amounts = piece.amounts[name]
        columns[f"s{at}"] = pa.array(amounts.values, mask=amounts.blank)
    rows = pa.table(columns)
    if piece.ragged:
        keep = np.ones(piece.rows, dtype=bool)
        keep[list(piece.ragged)] = False
        rows = rows.filter(pa.array(keep))
    irregular = [
        (tuple(piece.texts[key][row].as_py() for key in by), measures.index(name), value)
        for row, cells in piece.irregular.items()
        if row not in piece.ragged
        for name, value in cells.items()
        if name in measures and isinstance(value, (Fraction, Malformed))
    ]
    return rows, irregular


def match(ours: pd.DataFrame, theirs: pd.DataFrame, keys: Sequence[str]) -> Int64:
    """For each of their groups the number of ours with the same key, -1 if there is none."""
    both = pd.concat([ours[list(keys)], theirs[list(keys)]], ignore_index=True)
    codes = both.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    place = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[codes[: len(ours)]] = np.arange(len(ours))
    return place[codes[len(ours) :]]


def key_at(groups: pd.DataFrame, keys: Sequence[str], at: int) -> Key:
    """A key as bytes, one for each key column."""
    return tuple(groups[name].array[at] for name in keys)
