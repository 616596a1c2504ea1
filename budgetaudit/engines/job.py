"""What an engine is given, and what every engine gives back: the same, whichever ran."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.linear import Column, Rollup, Unique, Weighed
from budgetaudit.engines.pandas_kernel import PASS
from budgetaudit.engines.results import Cell, Hit, PieceResult, Tally, TopHits
from budgetaudit.units import Units

Progress: TypeAlias = Callable[[int, int], None]
BETWEEN = " · "  # between the parts of a key, for people


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a roll-up on both sides: its columns and the decimals of their integers."""

    own: Column
    own_places: int
    published: Column
    published_places: int


@dataclass(frozen=True)
class RollupJob:
    """A roll-up with the file it is confronted with."""

    rollup: Rollup
    published: LedgerFile
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Job:
    """What to do with a ledger. `key`: the columns that name a row for people.

    `stepped`: the decimals of columns that are stated so finely and no finer, so that one finer cell changes all; None: never
    mind.
    `every` is called with every failure (by the index of its comparison) and every malformed cell, in the order of rows.
    """

    file: LedgerFile
    columns: Mapping[str, Column]
    places: Mapping[str, int]
    units: Units
    comparisons: tuple[Weighed, ...] = ()
    rollups: tuple[RollupJob, ...] = ()
    uniques: tuple[Unique, ...] = ()
    key: tuple[str, ...] = ()
    stepped: Mapping[str, int] | None = field(default_factory=dict)
    limit: int = 1000
    every: Callable[[int, Hit | Cell], None] | None = None

    @property
    def group_limit(self) -> int:
        """How many groups of a kind are kept: all of them if everything is asked for."""
        return self.limit if self.every is None else 2**31 - 1

    def texts(self) -> tuple[str, ...]:
        """The columns that are read as text."""
        keys = [own for item in self.rollups for own, _ in item.rollup.by] + [name for u in self.uniques for name in u.by]
        return tuple(dict.fromkeys((*self.key, *keys)))


@dataclass(frozen=True, slots=True)
class Group:
    """A key with the number of its rows, and the first and the last of them."""

    key: str
    rows: int
    first: int
    last: int


@dataclass
class RollupFound:
    """What a roll-up yields: per measure the verdicts and the largest differences, and the groups on one side only."""

    matched: int
    tallies: list[Tally]
    largest: list[TopHits]
    missing: list[Group] = field(default_factory=list)
    extra: list[Group] = field(default_factory=list)
    missing_count: int = 0
    extra_count: int = 0


@dataclass
class Duplicates:
    """How many keys there are, how many of them more than once, and those held most often."""

    keys: int
    repeated: int
    groups: list[Group]


@dataclass
class Result:
    """What confronting a ledger gave. `largest` and `tallies` stand for the comparisons of the job, in their order."""

    rows: int = 0
    figures: int = 0
    tallies: list[Tally] = field(default_factory=list)
    largest: list[TopHits] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    cell_count: int = 0
    rollups: list[RollupFound] = field(default_factory=list)
    duplicates: list[Duplicates] = field(default_factory=list)

    @classmethod
    def of(cls, comparisons: int, limit: int) -> Result:
        """Nothing so far, of so many comparisons."""
        return cls(tallies=[Tally() for _ in range(comparisons)], largest=[TopHits(limit) for _ in range(comparisons)])

    @property
    def floors(self) -> list[Fraction]:
        """The differences that a failure must exceed to be kept, by comparison."""
        return [largest.floor for largest in self.largest]

    def take(self, found: PieceResult, limit: int) -> None:
        """Count what was found in further rows."""
        for tally, own in zip(self.tallies, found.tallies, strict=True):
            tally.add(own)
        for largest, hits in zip(self.largest, found.hits, strict=True):
            largest.add(hits)
        self.cell_count += len(found.cells)
        self.cells += found.cells[: max(0, limit - len(self.cells))]
        self.rows += found.rows
        self.figures += found.figures

    def pass_rest(self, rows: int, columns: int) -> None:
        """Of so many rows those that were not looked at are full and pass."""
        rest = rows - self.rows
        for tally in self.tallies:
            tally.counts[PASS] += rest
        self.rows, self.figures = rows, self.figures + rest * columns


class PrecisionError(Exception):
    """A column prints more decimals than were expected, too often to be treated one by one."""

    def __init__(self, places: Mapping[str, int]) -> None:
        super().__init__(places)
        self.places = dict(places)


class MissingExtra(Exception):  # noqa: N818 - said in one line, nothing is broken
    """Something needs a package that is not installed; the extra of ours that brings it."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(extra, package)
        self.extra, self.package = extra, package
