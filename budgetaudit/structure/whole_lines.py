"""True if one line explains why a total fails in every column: left out, counted twice, in another unit, one place off.

Where one row is wrong, all columns fail and none can outvote another; that one line makes good all of them is no chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from budgetaudit.labels.numbers import View

LEAST_FAILING = 2
TELLING = 100
THOUSAND = 1000


Reason = Literal["", "left out", "one short", "twice", "wrong"]


def one_line_off(view: View, cross: Sequence[int], target: int, parts: Sequence[int]) -> Reason:
    """What is the matter with one part if a total, made good in all crossings by it, fails in several by telling amounts.

    A part that is left out may be one of those above it, and no part of the total.
    """
    rows = {part: [view.n[part][j] or 0 for j in cross] for part in parts}
    stated = [view.n[target][j] for j in cross]
    if None in stated or len(parts) < LEAST_FAILING:
        return ""
    gaps = [(total or 0) - sum(column) for total, column in zip(stated, zip(*rows.values(), strict=True), strict=True)]
    if len({abs(gap) for gap in gaps if abs(gap) >= TELLING}) < LEAST_FAILING:
        return ""
    if gaps == [sum(column) for column in zip(*rows.values(), strict=True)]:
        return "twice"
    if gaps == [-value for value in rows[parts[-1] if parts[-1] < target else parts[0]]] and abs(parts[-1] - target) > 0:
        return "one short"
    if any(gaps == missing for row in rows.values() for missing in _missing(row, gaps)):
        return "wrong"
    return "left out" if any(gaps == [-value for value in row] for row in rows.values()) else ""


def _missing(row: Sequence[int], gaps: Sequence[int]) -> Iterator[list[int]]:
    """By how much a total is off in each crossing because one line is wrong, for each way it may be."""
    yield list(row)
    yield [value * (THOUSAND - 1) for value in row]
    if all(value % THOUSAND == 0 for value in row):
        yield [value // THOUSAND - value for value in row]
    for moved in ([*row[1:], 0], [0, *row[:-1]]):
        # a total column before the numbers that moved may have stayed
        yield [after - before if gap else 0 for before, after, gap in zip(row, moved, gaps, strict=True)]
