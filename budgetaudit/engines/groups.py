"""Exact sums per key over any number of pieces; confronted with what is published per key, and keys that occur twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from budgetaudit.engines.job import BETWEEN, RollupJob
from budgetaudit.engines.linear import Column, LinearComparison, Malformed, Rollup, Weighed, weigh
from budgetaudit.engines.pandas_kernel import confront, scale
from budgetaudit.engines.pieces import TOP, Amounts, Int64, Piece
from budgetaudit.engines.results import Duplicates, Group, RollupFound, TopGroups, count, hits_of

AT_ONCE = 1 << 20  # rows that are added up together
FITTING = 4  # times as many groups are confronted together
ADDED: dict[str, Any] = {"sum": np.add, "least": np.minimum, "greatest": np.maximum, "all": np.logical_and}
PUBLISHED, OWN, COUNT = "published", "sum", "rows"
Key: TypeAlias = tuple[bytes, ...]
IrregularCell: TypeAlias = tuple[Key, int, Fraction | Malformed]


def grouped(frame: pd.DataFrame, by: Sequence[str], how: Mapping[str, str]) -> pd.DataFrame:
    """One row a key, in the order of the keys' first rows; `how`: what each other column comes to (`first` and `last` too)."""
    codes = np.zeros(len(frame), dtype=np.int64)
    for name in by:
        own, distinct = pd.factorize(frame[name].array)
        codes = own if name == by[0] else pd.factorize(codes * len(distinct) + own)[0]
    rows, groups = np.arange(len(frame)), int(codes.max(initial=-1)) + 1
    first, last = np.zeros(groups, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    first[codes[::-1]], last[codes] = rows[::-1], rows  # of several assignments the last one stays
    made = {name: frame[name].array.take(first) for name in by}
    for name, kind in how.items():
        if kind in ("first", "last"):
            made[name] = frame[name].array.take(first if kind == "first" else last)
            continue
        values = frame[name].to_numpy()
        if kind == "all" and not values.any():
            made[name] = np.zeros(groups, dtype=bool)
            continue
        made[name] = np.zeros(groups, values.dtype) if kind == "sum" else values[first]
        ADDED[kind].at(made[name], codes, values)
    return pd.DataFrame(made, copy=False)


class Store(Protocol):
    """Keeps sums that memory need not hold."""

    def add(self, frame: pd.DataFrame) -> None:
        """Keep some sums."""
        ...

    def bucket(self, number: int, of: int) -> pd.DataFrame:
        """The sums of those keys that fall into one of so many buckets, in the order of their first rows."""
        ...


@dataclass
class Sums:
    """Frames of some rows brought together by key. `how`: what a column comes to; `sums`: those that could leave 64 bits."""

    keys: Sequence[str]
    how: Mapping[str, str]
    sums: Sequence[str]
    store: Store | None = None
    reach: float = 0.0  # more than any total comes to, whatever the signs
    _stored: int = 0
    _waiting: list[pd.DataFrame] = field(default_factory=list)
    _kept: list[pd.DataFrame] = field(default_factory=list)

    def add(self, frame: pd.DataFrame, reach: float) -> None:
        """Take in rows or groups, none of whose amounts add up to more than `reach`."""
        self.reach += reach
        self._waiting.append(frame)
        if sum(map(len, self._waiting)) >= AT_ONCE:
            self._group()

    def _group(self) -> None:
        if self._waiting:
            self._kept.append(self._together(self._waiting))
            self._waiting = []
        if len(self._kept) > 1 and sum(map(len, self._kept[1:])) > AT_ONCE:
            self._kept = [self._together(self._kept)]
            if len(self._kept[0]) > AT_ONCE:
                self._put_away()

    def _put_away(self) -> None:
        if self.store is not None:
            for frame in self._kept:
                self.store.add(frame)
                self._stored += len(frame)
            self._kept = []

    def _together(self, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """One row a key; sums that could leave 64 bits in Python integers."""
        frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        if self.reach >= TOP:
            frame = frame.assign(**{name: frame[name].astype(object) for name in self.sums})
        return grouped(frame, self.keys, self.how)

    def buckets(self) -> int:
        """Into how many buckets the groups are best divided, so that one fits into memory."""
        self._group()
        self._put_away()
        return 1 + self._stored // (FITTING * AT_ONCE)

    def finish(self, number: int = 0, of: int = 1) -> pd.DataFrame:
        """The groups of one of so many buckets, in the order of their first rows; something must have been added."""
        self.buckets()
        if self.store is not None:
            return self.store.bucket(number, of)
        if len(self._kept) > 1:
            self._kept = [self._together(self._kept)]
        return self._kept[0]


@dataclass
class GroupTable:
    """Sums per key of the rows it is given. `irregular` holds, by key, what int64 cannot hold, per measure.

    Columns of its frames: `k0 …` the key, `rows`, `first` and `last`, and per measure its sum `s0 …` and, in `b0 …`, whether all
    is blank.
    """

    by: tuple[str, ...]
    measures: tuple[str, ...]
    store: Store | None = None
    irregular: dict[Key, list[Fraction | Malformed | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sums, blank = ([f"{letter}{at}" for at in range(len(self.measures))] for letter in "sb")
        how = {"first": "first", "last": "last", **dict.fromkeys(["rows", *sums], "sum"), **dict.fromkeys(blank, "all")}
        self.keys = [f"k{at}" for at in range(len(self.by))]
        self.sums = Sums(self.keys, how, sums, self.store)
        nothing = Piece(0, {name: Amounts(NONE) for name in self.measures}, dict.fromkeys(self.by, pa.array([], pa.binary())))
        self.add(*rows_of(nothing, self.by, self.measures), 0)

    def add(self, rows: pd.DataFrame, irregular: Sequence[IrregularCell], reach: float, start: int) -> None:
        """Take in what `rows_of` made of a piece that begins at a row, or the groups of rows that do."""
        self.sums.add(rows.assign(first=rows["first"] + start, last=rows["last"] + start), reach)
        for key, measure, value in irregular:
            held = self.irregular.setdefault(key, [None] * len(self.measures))
            before = held[measure]
            if not isinstance(before, Malformed):
                held[measure] = value if before is None or isinstance(value, Malformed) else before + value

    def split(self, buckets: int) -> Iterator[tuple[pd.DataFrame, list[IrregularCell], float]]:
        """What makes as many tables, by what their keys hash to."""
        frame, keys = self.sums.finish(), list(self.irregular)
        odd = pd.DataFrame({name: arrow(pa.array([key[at] for key in keys], pa.binary())) for at, name in enumerate(self.keys)})
        numbers, own = (pd.util.hash_pandas_object(one[self.keys], index=False).to_numpy() % buckets for one in (frame, odd))
        for bucket in range(buckets):
            held = ((keys[number], self.irregular[keys[number]]) for number in np.flatnonzero(own == bucket))
            cells = [(key, at, value) for key, values in held for at, value in enumerate(values) if value is not None]
            yield frame[numbers == bucket], cells, self.sums.reach


NONE, arrow = np.zeros(0, dtype=np.int64), pd.arrays.ArrowExtensionArray


def rows_of(piece: Piece, by: Sequence[str], measures: Sequence[str]) -> tuple[pd.DataFrame, list[IrregularCell], float]:
    """The rows of a piece as a frame to be grouped, their irregular cells, and more than the sum of any of their amounts.

    Rows without all fields are left out.
    """
    place = np.arange(piece.rows)
    columns: dict[str, Any] = {f"k{at}": arrow(piece.texts[name]) for at, name in enumerate(by)}
    columns |= {"first": place, "last": place, "rows": np.ones(piece.rows, dtype=np.int64)}
    for at, name in enumerate(measures):
        columns[f"s{at}"] = piece.amounts[name].values
        columns[f"b{at}"] = np.zeros(piece.rows, dtype=bool) if piece.amounts[name].blank is None else piece.amounts[name].blank
    rows = pd.DataFrame(columns, copy=False)
    if piece.ragged:
        rows = rows.drop(index=list(piece.ragged))
    irregular = [
        (tuple(piece.texts[key][row].as_py() for key in by), measures.index(name), value)
        for row, cells in piece.irregular.items()
        if row not in piece.ragged
        for name, value in cells.items()
        if name in measures and isinstance(value, (Fraction, Malformed))
    ]
    return rows, irregular, float(piece.rows) * max((piece.amounts[name].greatest for name in measures), default=0)


def match(ours: pd.DataFrame, theirs: pd.DataFrame, keys: Sequence[str]) -> Int64:
    """For each of their groups the number of ours with the same key, -1 if there is none."""
    both = pd.concat([ours[list(keys)], theirs[list(keys)]], ignore_index=True)
    codes = both.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    place = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[codes[: len(ours)]] = np.arange(len(ours))
    return place[codes[len(ours) :]]


# --- against what is published -------------------------------------------------------------------


def comparison_of(rollup: Rollup, own: Column, published: Column) -> Weighed:
    """A published amount against the sum of its rows; each row may have been rounded."""
    left, right = ((Fraction(1), PUBLISHED),), ((Fraction(1), OWN),)
    rule = LinearComparison(rollup.rule, rollup.kind, left, "=", right, tolerance=rollup.tolerance, severity=rollup.severity)
    columns = {PUBLISHED: replace(published, name=PUBLISHED), OWN: replace(own, name=OWN)}
    return replace(weigh(rule, columns), counted=((OWN, COUNT),))


def confront_groups(item: RollupJob, own: GroupTable, published: GroupTable, limit: int) -> RollupFound:
    """Confront the sums of a ledger with a published table."""
    found, buckets = RollupFound.of(len(item.measures), limit), max(own.sums.buckets(), published.sums.buckets())
    for bucket in range(buckets):
        ours, theirs = own.sums.finish(bucket, buckets), published.sums.finish(bucket, buckets)
        matched = match(ours, theirs, own.keys)
        known = np.flatnonzero(matched >= 0)  # in the order of the published table
        alone = np.ones(len(ours), dtype=bool)
        alone[matched[known]] = False
        mine, stated = ours.iloc[matched[known]], theirs.iloc[known]
        found.matched += len(known)
        for at, measure in enumerate(item.measures):
            piece = Piece(len(known), {COUNT: Amounts(mine["rows"].to_numpy())}, numbers=stated["first"].to_numpy())
            _put_sums(piece, PUBLISHED, stated, published, at, measure.published_places)
            _put_sums(piece, OWN, mine, own, at, measure.own_places)
            scaled = scale(
                comparison_of(item.rollup, measure.own, measure.published),
                {name: one.places for name, one in piece.amounts.items()},
            )
            outcome = confront(scaled, piece, {}) if piece.rows else None
            found.tallies[at].add(count(outcome, piece.rows, scaled))
            if outcome is not None:
                hits = hits_of(outcome, scaled, piece, partial(_key_text, stated, own.keys), limit, names=(PUBLISHED, OWN, COUNT))
                found.largest[at].add(replace(hit, line=None) for hit in hits)
        _add_groups(found.missing, ours[alone], own.keys)
        _add_groups(found.extra, theirs[matched < 0], own.keys)
    return found


def duplicates(table: GroupTable, limit: int) -> Duplicates:
    """The keys that should be unique and are not."""
    found, buckets = Duplicates(0, TopGroups(limit)), table.sums.buckets()
    for bucket in range(buckets):
        groups = table.sums.finish(bucket, buckets)
        found.keys += len(groups)
        _add_groups(found.twice, groups[groups["rows"] > 1], table.keys)
    return found


def _put_sums(piece: Piece, name: str, groups: pd.DataFrame, table: GroupTable, measure: int, places: int) -> None:
    """Put a measure of groups into a piece; beside the integers what 64 bits cannot hold: oversized sums and irregular cells.

    A group of which nothing is printed is blank.
    """
    values, blank = groups[f"s{measure}"].to_numpy(), groups[f"b{measure}"].to_numpy()
    wide = (
        np.array([abs(value) >= TOP for value in values], dtype=bool) if values.dtype == object else np.zeros(len(values), bool)
    )
    piece.amounts[name] = Amounts(np.where(wide, 0, values).astype(np.int64), places, blank if blank.any() else None)
    irregular: dict[int, Fraction | Malformed | None] = dict.fromkeys(np.flatnonzero(wide).tolist())
    if table.irregular:
        keys = zip(*(groups[key] for key in table.keys), strict=True)
        irregular |= {row: table.irregular[key][measure] for row, key in enumerate(keys) if key in table.irregular}
    for row, extra in irregular.items():
        if isinstance(extra, Malformed):
            piece.irregular.setdefault(row, {})[name] = extra
        elif extra is not None or wide[row]:
            piece.irregular.setdefault(row, {})[name] = Fraction(int(values[row]), 10**places) + (extra or 0)


def _key_text(groups: pd.DataFrame, keys: Sequence[str], row: int) -> str:
    """A key as people read it."""
    return BETWEEN.join(groups[name].array[row].decode("utf-8", "replace") for name in keys)


def _add_groups(kept: TopGroups, groups: pd.DataFrame, keys: Sequence[str]) -> None:
    """Count groups and keep those of most rows."""
    most = groups.nlargest(min(kept.limit, len(groups)), "rows")
    columns = (most[name].tolist() for name in ("rows", "first", "last"))
    texts = (_key_text(most, keys, row) for row in range(len(most)))
    kept.add((Group(key, *rest) for key, *rest in zip(texts, *columns, strict=True)), len(groups))
