"""Everything one piece of a ledger yields: verdicts counted, failures kept, cells that are no amounts named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from budgetaudit.engines.job import PrecisionError
from budgetaudit.engines.pandas_kernel import FAIL, Memo, Scaled, confront
from budgetaudit.engines.pieces import Piece
from budgetaudit.engines.results import Result, cells_of, count, hits_of

MOST_PLACES = 9


@dataclass(frozen=True)
class Work:
    """What to do with every piece. `groups`: key columns and measures of each table of sums; `every`: no failure is left out."""

    comparisons: Sequence[Scaled] = ()
    groups: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = ()
    key: tuple[str, ...] = ()
    stepped: Mapping[str, int] | None = field(default_factory=dict)
    limit: int = 1000
    every: bool = False


def examine(piece: Piece, job: Work, floors: Sequence[Fraction]) -> Result:
    """Everything one piece yields."""
    if job.stepped is not None:
        require_places(piece, job.stepped, piece.rows // 100)
    found = Result.of(len(job.comparisons), job.limit)
    memo: Memo = {}

    def key(row: int) -> str:
        return " ".join(piece.text(name, row) for name in job.key)

    for scaled, floor, tally, largest in zip(job.comparisons, floors, found.tallies, found.largest, strict=True):
        outcome = confront(scaled, piece, memo) if piece.rows else None
        tally.add(count(outcome, piece.rows, scaled))
        if outcome is not None and tally.counts[FAIL]:
            limit, least = (job.limit, floor) if not job.every else (piece.rows, Fraction(-1))
            largest.hits = hits_of(outcome, scaled, piece, key, limit, least)
    found.cells = cells_of(piece, key)
    found.rows, found.lines, found.figures, found.cell_count = piece.rows, piece.line_count, piece.figures, len(found.cells)
    return found


def require_places(piece: Piece, stepped: Mapping[str, int], few: int) -> None:
    """Cells with more decimals than their column are dear; where they are not few the columns are read again with more.

    Where the decimals say how amounts were rounded (`stepped`: column → decimals so far) one finer cell is enough.
    """
    needed: dict[str, int] = {}
    counts: dict[str, int] = {}
    for cells in piece.irregular.values():
        for name, value in cells.items():
            if isinstance(value, Fraction):
                places = _places(value)
                if piece.amounts[name].places < places <= MOST_PLACES:
                    needed[name] = max(needed.get(name, 0), places)
                    counts[name] = counts.get(name, 0) + 1
    many = {name: places for name, places in needed.items() if counts[name] > few or name in stepped}
    for name, stated in stepped.items():
        amounts = piece.amounts[name]
        spare = amounts.places - stated
        if spare > 0 and (rest := np.gcd.reduce(amounts.values, initial=10**spare)) % 10**spare:
            many[name] = max(many.get(name, 0), _places(Fraction(int(rest), 10**amounts.places)))
    if many:
        raise PrecisionError(many)


def _places(value: Fraction) -> int:
    for places in range(MOST_PLACES + 1):
        if 10**places % value.denominator == 0:
            return places
    return MOST_PLACES + 1
