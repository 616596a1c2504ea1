"""What an engine is given, and what every engine gives back: the same, whichever ran."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.linear import Column, Rollup, Unique, Weighed
from budgetaudit.engines.results import Cell, Hit
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
