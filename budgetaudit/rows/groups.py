"""Exact sums per key of a ledger's rows over any number of pieces, as pandas groups them; and rows that share a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from budgetaudit.engines.groups import Sums, match
from budgetaudit.engines.pieces import Bools, Int64
from budgetaudit.label_text import single_spaced
from budgetaudit.model import Figure
from budgetaudit.relations.confront import tidy
from budgetaudit.rows.frames import AmountColumn, Rows
from budgetaudit.rows.keys import BETWEEN, Key, Sum, key_part
from budgetaudit.rows.records import Record, Records
from budgetaudit.rulefiles.rule import Keys


@dataclass(frozen=True)
class KeyColumn:
    """One column of a key; `name` is what the rule calls the own side of it."""

    keys: Keys
    name: str
    column: int


def keys_of_rows(rows: Rows, keys: Sequence[KeyColumn]) -> tuple[list[Any], Bools]:
    """Each part of the rows' keys as texts, and the rows with a part that prints nothing."""
    blank, parts = np.zeros(rows.piece.rows, dtype=bool), []
    for key in keys:
        codes, cells = rows.coded([key.column])
        made = [key_part(key.keys, key.name, cell) for (cell,) in cells]
        parts.append(np.array(made, dtype=object)[codes] if made else np.zeros(0, dtype=object))
        blank |= np.array([not cell.strip() for (cell,) in cells], dtype=bool)[codes] if made else blank
    return parts, blank


@dataclass
class Groups:
    """Sums of some columns per key. Irregular cells, which no integer holds, are kept by key.

    Columns of its frames: `k0 …` the key, `p0 …` the key as first printed, `row` and `line` of the first row, and per amount its
    sum `v0 …`, how many cells it is the sum of `n0 …`, and their steps `s0 …`. Of a rate `v` is the least and `m` the greatest.
    """

    records: Records
    keys: Sequence[KeyColumn]
    amounts: Mapping[str, AmountColumn]
    rate: str
    _irregular: dict[Key, list[tuple[str, Figure]]] = field(default_factory=dict)
    _rows: list[pd.DataFrame] = field(default_factory=list)
    _sums: Sums | None = None

    @property
    def names(self) -> list[str]:
        """The columns it reads."""
        columns = [*(key.column for key in self.keys), *(one.column for one in self.amounts.values())]
        return list(dict.fromkeys(self.records.columns[column] for column in columns))

    @property
    def by(self) -> list[str]:
        return [f"k{at}" for at in range(len(self.keys))]

    @property
    def places(self) -> int:
        """The decimals of its integers."""
        return next((one.places for one in self.amounts.values()), 0)

    def add(self, rows: Rows, chosen: Bools, *, grouped: bool = True) -> None:
        """Take in some rows of a piece."""
        at = np.flatnonzero(chosen)
        if not len(at):
            return
        parts, _ = keys_of_rows(rows, self.keys)
        columns: dict[str, Any] = {name: part[at] for name, part in zip(self.by, parts, strict=True)}
        for number, key in enumerate(self.keys):
            codes, cells = rows.coded([key.column])
            columns[f"p{number}"] = np.array([cell for (cell,) in cells], dtype=object)[codes[at]]
        lines = at if rows.piece.lines is None else rows.piece.lines[at]
        columns["row"], columns["line"] = at + rows.first, -1 if rows.line is None else lines + rows.line + 1
        columns["rows"] = np.ones(len(at), dtype=np.int64)
        how = dict.fromkeys(columns.keys() - self.by, "first") | {"rows": "sum"}
        for number, (name, amount) in enumerate(self.amounts.items()):
            value, found = f"v{number}", amount.numbers(rows)
            known = found.known[at]
            columns[value], how[value] = np.where(known, found.values[at], 0), "sum"
            columns[f"n{number}"], how[f"n{number}"] = known.astype(np.int64), "sum"
            if found.steps is not None:
                columns[f"s{number}"], how[f"s{number}"] = found.steps[at], "sum"
            if name == self.rate:
                limit, values = np.iinfo(np.int64), found.values[at]
                columns[f"m{number}"], how[f"m{number}"] = np.where(known, values, limit.min), "greatest"
                columns[value], how[value] = np.where(known, values, limit.max), "least"
            self._keep_irregular(rows, name, amount, at[~known & ~found.blank[at]], parts)
        frame = pd.DataFrame(columns, copy=False)
        if not grouped:
            self._rows.append(frame)
            return
        added = [name for name, kind in how.items() if name[0] == "v" and kind == "sum"]
        if self._sums is None:
            self._sums = Sums(self.by, how, added)
        self._sums.add(frame, len(at) * max((float(np.abs(columns[name]).max()) for name in added), default=0.0))

    def _keep_irregular(self, rows: Rows, name: str, amount: AmountColumn, irregular: Int64, parts: Sequence[Any]) -> None:
        for row in irregular.tolist():
            record = rows.record(row)
            figure = amount.figure(record, self._label([record.cells[key.column] for key in self.keys]))
            self._irregular.setdefault(tuple(part[row] for part in parts), []).append((name, figure))

    def finish(self) -> pd.DataFrame:
        """All groups, in the order of their first rows."""
        return pd.DataFrame(columns=[*self.by, "rows"]) if self._sums is None else self._sums.finish()

    def count(self) -> int:
        """How many groups there are."""
        return len(self.finish())

    def certain(self, blanks: str) -> tuple[Bools, dict[str, Any]]:
        """The groups whose sums are known to the last place, and the sums."""
        frame = self.finish()
        sure = np.ones(len(frame), dtype=bool)
        values: dict[str, Any] = {}
        if not len(frame):
            return sure, {name: np.zeros(0, dtype=np.int64) for name in self.amounts}
        for at, name in enumerate(self.amounts):
            values[name] = frame[f"v{at}"].to_numpy()
            if blanks != "zero" or name == self.rate:
                sure &= frame[f"n{at}"].to_numpy() > 0
            if name == self.rate:
                sure &= (frame[f"m{at}"] == frame[f"v{at}"]).to_numpy()
        if self._irregular:
            keys = zip(*(frame[key] for key in self.by), strict=True)
            sure &= ~np.fromiter((key in self._irregular for key in keys), dtype=bool, count=len(frame))
        return sure, values

    def sums(self, chosen: Int64) -> Iterator[Sum]:
        """Some groups, one by one."""
        frame = self.finish()
        for group in frame.iloc[chosen].to_dict("records") if len(chosen) else ():
            key = tuple(group[name] for name in self.by)
            printed = [group[f"p{at}"] for at in range(len(self.keys))]
            cells = [""] * len(self.records.columns)
            for one, text in zip(self.keys, printed, strict=True):
                cells[one.column] = text
            line = int(group["line"])
            record = Record(int(group["row"]) + 2, line if line >= 0 else None, cells)
            found = Sum(key, record, int(group["rows"]), rates=frozenset([self.rate]))
            for at, (name, amount) in enumerate(self.amounts.items()):
                found.add(name, self._figure(group, at, name, amount, record, self._label(printed)))
            for name, figure in self._irregular.get(key, ()):
                found.add(name, figure)
            yield found

    def _figure(self, group: Mapping[Any, Any], at: int, name: str, amount: AmountColumn, record: Record, label: str) -> Figure:
        place, unit = self.records.place(record, amount.column), amount.reader.unit
        if not group[f"n{at}"]:
            return Figure(None, "", place, unit=unit, label=label)
        if name == self.rate and group[f"m{at}"] != group[f"v{at}"]:
            return Figure(None, "", place, unit=unit, label=label, malformed=True)
        value = tidy(Decimal(int(group[f"v{at}"])).scaleb(-amount.places))
        step = Decimal(int(group[f"s{at}"])).scaleb(-amount.places) if f"s{at}" in group else amount.reader.step
        return Figure(value, f"{value:,f}", place, step, unit, label)

    def _label(self, printed: Sequence[str]) -> str:
        return BETWEEN.join(filter(None, map(single_spaced, printed)))

    def repeated(self) -> tuple[int, Iterator[list[Record]]]:
        """Of rows that were not grouped: how many hold a key of their own, and those that share one, in the order of keys."""
        if not self._rows:
            return 0, iter(())
        frame = pd.concat(self._rows, ignore_index=True)
        twice = frame[frame.duplicated(self.by, keep=False)]
        return len(frame) - len(twice), (self._records(held) for _, held in twice.groupby(self.by, sort=False, dropna=False))

    def _records(self, held: pd.DataFrame) -> list[Record]:
        found = []
        for group in held.to_dict("records"):
            cells = [""] * len(self.records.columns)
            for at, key in enumerate(self.keys):
                cells[key.column] = group[f"p{at}"]
            line = int(group["line"])
            found.append(Record(int(group["row"]) + 2, line if line >= 0 else None, cells))
        return found


def match_groups(ours: Groups, theirs: Groups) -> Int64:
    """For each of their groups the number of ours with the same key, -1 if there is none."""
    own, other = ours.finish(), theirs.finish()
    if not len(own) or not len(other):
        return np.full(len(other), -1, dtype=np.int64)
    return match(own, other, ours.by)
