"""What confronting a ledger yields, gathered piece by piece: counts of verdicts, and the largest differences.

Where a piece ends and in which order pieces are done leaves no trace in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    def add(self, hits: Sequence[Hit]) -> None:
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
class PieceResult:
    """Everything some rows yield: for each comparison its verdicts and failures, and the cells that are no amounts."""

    rows: int = 0
    lines: int = 0
    figures: int = 0
    tallies: list[Tally] = field(default_factory=list)
    hits: list[list[Hit]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    def moved(self, rows: int, lines: int) -> PieceResult:
        """The same of rows that stand so far down in the file."""
        hits = [[_moved(hit, rows, lines) for hit in one] for one in self.hits]
        return replace(self, hits=hits, cells=[_moved(cell, rows, lines) for cell in self.cells])

    def in_order(self) -> list[tuple[int, Hit | Cell]]:
        """Every failure, by the index of its comparison, and every malformed cell, by -1, in the order of rows."""
        every: list[tuple[int, Hit | Cell]] = [(-1, cell) for cell in self.cells]
        every += [(index, hit) for index, hits in enumerate(self.hits) for hit in hits]
        return sorted(every, key=lambda item: (item[1].row, item[0]))


Placed = TypeVar("Placed", Hit, Cell)


def _moved(item: Placed, rows: int, lines: int) -> Placed:
    return replace(item, row=item.row + rows, line=None if item.line is None else item.line + lines)


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
