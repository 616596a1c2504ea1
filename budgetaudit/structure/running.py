"""Running totals: lines that say they add up another line so far (누계, to date), where figures bear it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from budgetaudit.labels.numbers import Axis, View
from budgetaudit.structure.settings import STRUCTURE

Sums: TypeAlias = tuple[tuple[int, tuple[tuple[int, int], ...]], ...]  # (crossing, parts), each part a (line, crossing)


@dataclass(frozen=True, slots=True)
class Running:
    """A line, and what its figures add up."""

    axis: Axis
    target: int
    sums: Sums
    beyond: tuple[int, ...] = ()  # crossings at its ends where it does not run


def running_totals(view: View) -> Iterator[Running]:
    """The running totals among the lines of a view, each with the line it adds up."""
    running = [i for i, line in enumerate(view.lines) if line.additive and any(label.running for label in line.labels)]
    series = _alike(view) if running else []
    for target in running:
        order = [j for j in series if view.n[target][j] is not None]
        if len(order) < STRUCTURE.running_least:
            continue
        best: tuple[int, int, Running] | None = None
        for base, line in enumerate(view.lines):
            if base in running or not line.additive:
                continue
            for reading in _readings(view, target, base, order):
                sums, score = _series(view, target, reading)
                if score is not None and (best is None or (score, -abs(target - base)) > best[:2]):
                    compared = {j for j, _ in sums}
                    beyond = tuple(j for j, _ in reading if j not in compared)
                    best = score, -abs(target - base), Running(view.axis, target, sums, beyond)
        if best is not None:
            yield best[2]


def _alike(view: View) -> list[int]:
    """The crossings of the most common kind: the years of a table, not what stands beside them."""
    kinds = {j: (cross.dimension, cross.measure) for j, cross in enumerate(view.cross) if not cross.total and cross.additive}
    common = Counter(kinds.values()).most_common(1)
    return [j for j, kind in kinds.items() if kind == common[0][0]]


def _readings(view: View, target: int, base: int, order: list[int]) -> Iterator[Sums]:
    """Each total as all that came so far, so that a wrong total is wrong alone; and as the one before it and what came since."""
    if view.n[base][order[0]] is not None:
        yield tuple((j, tuple((base, k) for k in order[: at + 1])) for at, j in enumerate(order))
    yield tuple((j, ((target, before), (base, j))) for before, j in pairwise(order))


def _series(view: View, target: int, sums: Sums) -> tuple[Sums, int | None]:
    """The stretch in which the totals run, and by how many more of all hold than not; None if they do not run.

    Two in a row that are wrong at an end are no part of it: a column for the average, or for another year.
    """
    fits = [_fit(view, target, j, parts) for j, parts in sums]
    while len(fits) > 1 and fits[-1] < 0 and fits[-2] < 0:
        fits = fits[: next((at + 1 for at in range(len(fits) - 1, -1, -1) if fits[at] >= 0), 0)]
    start = next((at for at, fit in enumerate(fits) if fit >= 0), 0)
    start = start if start > 1 else 0
    held, wrong = fits[start:].count(1), fits[start:].count(-1)
    score = held - wrong - (len(sums) - len(fits[start:]))
    return sums[start : len(fits)], score if held >= STRUCTURE.running_least and wrong <= max(1, held // 4) else None


def _fit(view: View, target: int, j: int, parts: tuple[tuple[int, int], ...]) -> int:
    """1 where a total holds to the last digit and something was added, -1 where rounding cannot explain it, else 0."""
    off = abs((view.n[target][j] or 0) - sum(view.n[i][k] or 0 for i, k in parts))
    rounding = (view.step[target][j] + sum(view.step[i][k] for i, k in parts)) / 2
    return 1 if not off and view.n[parts[-1][0]][j] else -1 if off > rounding else 0
