"""Exact sums per key, over any number of pieces: pandas groups some rows at a time, and then the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from budgetaudit.engines.linear import Malformed
from budgetaudit.engines.pieces import TOP, Int64, Piece

AT_ONCE = 1 << 20  # rows that are grouped together
Key: TypeAlias = tuple[bytes, ...]
OddCell: TypeAlias = tuple[Key, int, Fraction | Malformed]


@dataclass
class GroupTable:
    """Sums per key of the pieces it is given. `odd` holds, by key, what int64 cannot hold, per measure.

    Columns of its frames: `k0 …` the key, `rows`, `first` and `last`, and per measure its sum `s0 …` and its blanks `b0 …`.
    """

    by: tuple[str, ...]
    measures: tuple[str, ...]
    odd: dict[Key, list[Fraction | Malformed | None]] = field(default_factory=dict)
    _waiting: list[pd.DataFrame] = field(default_factory=list)
    _grouped: list[pd.DataFrame] = field(default_factory=list)
    _reach: float = 0.0  # what a total may have come to, whatever the signs

    @property
    def keys(self) -> list[str]:
        return [f"k{at}" for at in range(len(self.by))]

    def add(self, rows: pd.DataFrame, odd: Sequence[OddCell], first: int) -> None:
        """Take in what `rows_of` made of a piece that begins at a row."""
        rows["first"] += first
        self._waiting.append(rows)
        for at in range(len(self.measures)):
            # An estimate in floating point, far from the limit it guards.
            self._reach += float(np.abs(rows[f"s{at}"].to_numpy().astype(np.float64)).sum())
        if sum(len(waiting) for waiting in self._waiting) >= AT_ONCE:
            self._group()
        for key, measure, value in odd:
            held = self.odd.setdefault(key, [None] * len(self.measures))
            before = held[measure]
            if not isinstance(before, Malformed):
                held[measure] = value if before is None or isinstance(value, Malformed) else before + value

    def _group(self) -> None:
        if self._waiting:
            rows = pd.concat(self._waiting, ignore_index=True)
            self._waiting = []
            rows["rows"], rows["last"] = 1, rows["first"]
            self._grouped.append(self._sums(rows))
        if len(self._grouped) > 1 and sum(map(len, self._grouped[1:])) > 4 * AT_ONCE:
            self._grouped = [self._sums(pd.concat(self._grouped, ignore_index=True))]

    def _sums(self, rows: pd.DataFrame) -> pd.DataFrame:
        added = [name for name in rows.columns if name[0] in "sb"] + ["rows"]
        if self._reach >= TOP:
            sums = [name for name in added if name[0] == "s"]
            rows = rows.assign(**{name: rows[name].astype(object) for name in sums})
        grouped = rows.groupby(self.keys, sort=False, dropna=False)
        parts = [grouped[added].sum(), grouped["first"].min(), grouped["last"].max()]
        return pd.concat(parts, axis=1).reset_index()

    def finish(self) -> pd.DataFrame:
        """All rows as groups, in the order of their first rows."""
        self._group()
        if not self._grouped:
            self._grouped = [
                pd.DataFrame({name: _key_column(pa.array([], pa.binary())) for name in self.keys}).assign(**_none(self))
            ]
        if len(self._grouped) > 1:
            self._grouped = [self._sums(pd.concat(self._grouped, ignore_index=True))]
        return self._grouped[0]


def _none(table: GroupTable) -> pd.DataFrame:
    names = [f"{sign}{at}" for at in range(len(table.measures)) for sign in "sb"]
    keys = {name: _key_column(pa.array([], pa.binary())) for name in table.keys}
    return pd.DataFrame(keys | {name: np.zeros(0, dtype=np.int64) for name in (*names, "rows", "first", "last")})


def rows_of(piece: Piece, by: Sequence[str], measures: Sequence[str]) -> tuple[pd.DataFrame, list[OddCell]]:
    """The rows of a piece as a frame to be grouped, and their odd cells; rows without all fields are left out."""
    columns: dict[str, Any] = {f"k{at}": _key_column(piece.texts[name]) for at, name in enumerate(by)}
    columns["first"] = np.arange(piece.rows)
    for at, name in enumerate(measures):
        amounts = piece.amounts[name]
        columns[f"s{at}"] = amounts.values
        columns[f"b{at}"] = np.zeros(piece.rows, dtype=np.int8) if amounts.blank is None else amounts.blank.astype(np.int8)
    rows = pd.DataFrame(columns, copy=False)
    if piece.ragged:
        rows = rows.drop(index=list(piece.ragged))
    odd = [
        (tuple(piece.texts[key][row].as_py() for key in by), measures.index(name), value)
        for row, cells in piece.odd.items()
        if row not in piece.ragged
        for name, value in cells.items()
        if name in measures and isinstance(value, (Fraction, Malformed))
    ]
    return rows, odd


def _key_column(array: Any) -> Any:
    return pd.arrays.ArrowExtensionArray(array)


def match(ours: pd.DataFrame, theirs: pd.DataFrame, keys: Sequence[str]) -> Int64:
    """For each of their groups the number of ours with the same key, -1 if there is none."""
    both = pd.concat([ours[list(keys)], theirs[list(keys)]], ignore_index=True)
    codes = both.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    place = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[codes[: len(ours)]] = np.arange(len(ours))
    return place[codes[len(ours) :]]


def key_at(groups: pd.DataFrame, keys: Sequence[str], at: int) -> Key:
    """A key as bytes, one for each key column."""
    return tuple(groups[name].iloc[at] for name in keys)
