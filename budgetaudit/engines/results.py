"""What confronting a ledger yields, gathered piece by piece: counts of verdicts, and the largest differences.

Where a piece ends and in which order pieces are done leaves no trace in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from budgetaudit.engines.linear import Value
from budgetaudit.engines.pandas_kernel import FAIL, PASS, ROUNDING, VERDICTS, Outcome, Scaled
from budgetaudit.engines.pieces import Int64, Piece

STRAY = '"'  # what a row prints too much


@dataclass(frozen=True, slots=True)
class Hit:
    """One failed comparison. Rows count from 0; `line` is that of a text file; amounts are in the unit of the stated column."""

    row: int
    line: int | None
    key: str
    stated: Fraction
    expected: Fraction
    blanks: int
    operands: tuple[Value, ...] = ()

    @property
    def difference(self) -> Fraction:
        return self.stated - self.expected


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, or with no column a whole row, that is malformed or ragged; `likely` is what it probably means."""

    row: int
    line: int | None
    column: str
    text: str
    likely: Fraction | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A key with the number of its rows, and the first and the last of them."""

    key: str
    rows: int
    first: int
    last: int


@dataclass
class Tally:
    """The verdicts of one comparison over all rows, and the widest difference that rounding explains."""

    counts: Int64 = field(default_factory=lambda: np.zeros(VERDICTS, dtype=np.int64))
    widest: Fraction = Fraction(0)

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.widest = max(self.widest, other.widest)


@dataclass
class TopHits:
    """The hits of the largest differences; of equal ones those that stand first."""

    limit: int
    hits: list[Hit] = field(default_factory=list)
    floor: Fraction = Fraction(-1)

    def add(self, hits: Iterable[Hit]) -> None:
        self.hits += hits
        if len(self.hits) >= 2 * self.limit:
            self.cut()

    def cut(self) -> list[Hit]:
        """The hits that stay, largest difference first."""
        differences = [hit.difference for hit in self.hits]
        unit = lcm(*(difference.denominator for difference in differences))  # whole numbers compare far faster than fractions
        sizes = {id(hit): abs(d.numerator) * (unit // d.denominator) for hit, d in zip(self.hits, differences, strict=True)}
        self.hits.sort(key=lambda hit: (-sizes[id(hit)], hit.row))
        del self.hits[self.limit :]
        if len(self.hits) == self.limit:
            self.floor = abs(self.hits[-1].difference)
        return self.hits


@dataclass
class TopGroups:
    """The groups of most rows; of equal ones those that stand first. `count`: how many there are in all."""

    limit: int
    count: int = 0
    groups: list[Group] = field(default_factory=list)

    def add(self, groups: Iterable[Group], count: int) -> None:
        self.count += count
        self.groups = sorted([*self.groups, *groups], key=lambda group: (-group.rows, group.first))[: self.limit]


@dataclass
class RollupFound:
    """What a roll-up yields: per measure the verdicts and the largest differences, and the groups on one side only."""

    matched: int
    tallies: list[Tally]
    largest: list[TopHits]
    missing: TopGroups
    extra: TopGroups

    @classmethod
    def of(cls, measures: int, limit: int) -> RollupFound:
        """Nothing so far, of so many measures."""
        tallies, largest = [Tally() for _ in range(measures)], [TopHits(limit) for _ in range(measures)]
        return cls(0, tallies, largest, TopGroups(limit), TopGroups(limit))

    def take(self, other: RollupFound) -> None:
        """Count what was found in other groups."""
        self.matched += other.matched
        for tally, more in zip(self.tallies, other.tallies, strict=True):
            tally.add(more)
        for largest, hits in zip(self.largest, other.largest, strict=True):
            largest.add(hits.hits)
        self.missing.add(other.missing.groups, other.missing.count)
        self.extra.add(other.extra.groups, other.extra.count)


@dataclass
class Duplicates:
    """How many keys there are, and those that occur more than once."""

    keys: int
    twice: TopGroups

    def take(self, other: Duplicates) -> None:
        """Count what was found in other groups."""
        self.keys += other.keys
        self.twice.add(other.twice.groups, other.twice.count)


@dataclass
class Result:
    """What confronting some rows gave. `largest` and `tallies` stand for the comparisons of the job, in their order."""

    tallies: list[Tally]
    largest: list[TopHits]
    rows: int = 0
    lines: int = 0
    figures: int = 0
    cells: list[Cell] = field(default_factory=list)
    cell_count: int = 0
    rollups: list[RollupFound] = field(default_factory=list)
    duplicates: list[Duplicates] = field(default_factory=list)

    @classmethod
    def of(cls, comparisons: int, limit: int) -> Result:
        """Nothing so far, of so many comparisons."""
        return cls([Tally() for _ in range(comparisons)], [TopHits(limit) for _ in range(comparisons)])

    @property
    def floors(self) -> list[Fraction]:
        """The differences that a failure must exceed to be kept, by comparison."""
        return [largest.floor for largest in self.largest]

    def take(self, found: Result, limit: int) -> None:
        """Count what was found in the rows that follow."""
        for tally, own in zip(self.tallies, found.tallies, strict=True):
            tally.add(own)
        for largest, more in zip(self.largest, found.largest, strict=True):
            largest.add(moved(hit, self) for hit in more.hits)
        self.cell_count += found.cell_count
        self.cells += [moved(cell, self) for cell in found.cells[: max(0, limit - len(self.cells))]]
        self.rows, self.lines, self.figures = self.rows + found.rows, self.lines + found.lines, self.figures + found.figures

    def in_order(self) -> list[tuple[int, Hit | Cell]]:
        """Every failure, by the index of its comparison, and every malformed cell, by -1, in the order of rows."""
        every: list[tuple[int, Hit | Cell]] = [(-1, cell) for cell in self.cells]
        every += [(index, hit) for index, largest in enumerate(self.largest) for hit in largest.hits]
        return sorted(every, key=lambda item: (item[1].row, item[0]))


Placed = TypeVar("Placed", Hit, Cell)


def moved(item: Placed, before: Result) -> Placed:
    """The same behind the rows of another result."""
    line = None if item.line is None else item.line + before.lines
    return replace(item, row=item.row + before.rows, line=line)


def count(outcome: Outcome | None, rows: int, scaled: Scaled) -> Tally:
    """The verdicts of one comparison over one piece."""
    tally = Tally()
    if outcome is None:
        tally.counts[PASS] = rows
        return tally
    tally.counts[:] = np.bincount(outcome.codes, minlength=VERDICTS)
    tally.counts[PASS] += rows - len(outcome.rows)
    if tally.counts[ROUNDING]:
        within = outcome.codes == ROUNDING
        tally.widest = max(abs(_exact(outcome.stated[within] - outcome.expected[within]))) * scaled.whole()
    return tally


def _exact(numbers: NDArray[Any]) -> Any:
    return numbers if numbers.dtype == object else numbers.astype(np.int64)


def hits_of(
    outcome: Outcome,
    scaled: Scaled,
    piece: Piece,
    key: Callable[[int], str],
    limit: int,
    floor: Fraction = Fraction(-1),
    names: Sequence[str] = (),
) -> list[Hit]:
    """The failed rows of one comparison, if more than `limit` those that differ most; none that differ by `floor` or less.

    `names`: the columns whose values a hit carries, those of the comparison if none are given.
    """
    unit, names = scaled.whole(), names or scaled.weighed.source.columns()
    chosen = np.flatnonzero(outcome.codes == FAIL)
    size = abs(outcome.stated[chosen] - outcome.expected[chosen])
    if floor >= 0:
        least = floor / unit
        keep = np.array(size > (least if size.dtype == object else int(least)), dtype=bool)
        chosen, size = chosen[keep], size[keep]
    if len(chosen) > limit:
        order = sorted(range(len(chosen)), key=lambda at: (-size[at], at))
        chosen = chosen[sorted(order[:limit])]
    return [
        Hit(
            piece.number(int(outcome.rows[at])),
            line_of(piece, int(outcome.rows[at])),
            key(int(outcome.rows[at])),
            _fraction(outcome.stated[at]) * unit,
            _fraction(outcome.expected[at]) * unit,
            int(outcome.blanks[at]),
            tuple(piece.value(int(outcome.rows[at]), name) for name in names),
        )
        for at in chosen
    ]


def _fraction(number: Any) -> Fraction:
    return number if isinstance(number, Fraction) else Fraction(int(number))


def line_of(piece: Piece, row: int) -> int:
    """The line of a row, counted from the piece's first."""
    return row if piece.lines is None else int(piece.lines[row])


def cells_of(piece: Piece, key: Callable[[int], str]) -> list[Cell]:
    """The malformed cells and the ragged rows of a piece, in the order of the file."""
    found = [
        Cell(piece.number(row), line_of(piece, row), name, text, likely, key(row)) for row, name, text, likely in piece.malformed
    ]
    whole = [(row, str(width)) for row, width in piece.ragged.items()]
    whole += [(row, STRAY) for row in piece.stray if row not in piece.ragged]
    found += [
        Cell(piece.number(row), line_of(piece, row), "", text, None, key(row) if text == STRAY else "") for row, text in whole
    ]
    return sorted(found, key=lambda cell: (cell.row, cell.column))
