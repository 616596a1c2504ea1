"""Evidence counted in causes: failures that one wrong figure explains, through relations that hold beside it, are one failure.

Where a relation holds among the crossing lines of a table, in a total and in every part of it, what a reading of that total is
off by obeys the relation too. So a wrong amount with its recomputed difference is off twice, and has one cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from budgetaudit.labels.numbers import View
from budgetaudit.structure.settings import STRUCTURE

if TYPE_CHECKING:
    from budgetaudit.structure.search import LineSum

Weights: TypeAlias = Mapping[int, int]
Tie: TypeAlias = tuple[tuple[int, int], ...]  # pairs of a crossing line and its weight, adding up to nothing

REACH = 7  # lines between which three are looked for of which one is the sum of the others
MOST_CROSSINGS = 80
SAMPLE = 200


def tie(weights: Weights) -> Tie:
    """A relation in its one form, whichever of its lines was taken for the result."""
    terms = sorted((line, weight) for line, weight in weights.items() if weight)
    return tuple((line, -weight) for line, weight in terms) if terms and terms[0][1] < 0 else tuple(terms)


def of_sum(item: LineSum) -> Tie:
    """The tie between a total and its parts."""
    return tie({item.target: 1, **dict.fromkeys(item.parts, -1)})


def ties(view: View, sums: Iterable[LineSum], known: Iterable[Tie]) -> tuple[Tie, ...]:
    """The ties among the crossing lines: the known ones, the sums found among them, and sums of two near ones."""
    proven = [item for item in sums if len(item.parts) > 1 and item.passes >= max(2, STRUCTURE.tie_holding * item.fails)]
    found = dict.fromkeys([*known, *(of_sum(item) for item in proven)])
    taken = {frozenset(line for line, _ in one) for one in found}
    cross = view.crossings
    if len(cross) <= MOST_CROSSINGS:
        rows = sorted(range(len(view.lines)), key=lambda i: -sum(1 for j in cross if view.n[i][j]))[:SAMPLE]
        for at, first in enumerate(cross):
            for second, third in combinations([j for j in cross[at + 1 :] if j - first < REACH], 2):
                if frozenset((first, second, third)) not in taken:
                    found.update(dict.fromkeys(_between(view, rows, (first, second, third))))
    return tuple(found)


def _between(view: View, rows: Sequence[int], lines: tuple[int, int, int]) -> Iterable[Tie]:
    """The tie under which one of three crossing lines is the sum of the others, if there is one."""
    for total in range(3):
        held = failed = 0
        weights = [-1 if at != total else 1 for at in range(3)]
        for i in rows:
            values = [view.n[i][j] for j in lines]
            if None in values:
                continue
            slack = sum(view.step[i][j] for j in lines)
            if 2 * abs(sum(w * (v or 0) for w, v in zip(weights, values, strict=True))) <= slack:
                held += all(values)
            elif (failed := failed + 1) * STRUCTURE.tie_lines_a_failure > len(rows):
                break
        if held >= STRUCTURE.tie_holding and held + failed >= STRUCTURE.tie_lines_a_failure * failed:
            return [tie(dict(zip(lines, weights, strict=True)))]
    return []


def causes(found: Sequence[Tie], failed: Mapping[int, tuple[int, int]]) -> list[int]:
    """The crossings at which a wrong figure explains, through ties, all that a reading is off by: of each the (gap, slack).

    Those that come first are explained by the others where they can be.
    """
    if len(failed) < 2 or not found:
        return list(failed)
    rows = []
    for one in found:
        within = [(line, weight) for line, weight in one if line in failed]
        if len(within) < 2:
            continue
        gap = sum(weight * failed[line][0] for line, weight in within)
        slack = sum(abs(weight) * failed[line][1] for line, weight in within)
        if 2 * abs(gap) <= slack:
            rows.append(dict(within))
    return _free(rows, list(failed))


def _free(rows: Sequence[Weights], columns: Sequence[int]) -> list[int]:
    """The columns of a matrix without a pivot, by elimination over fractions."""
    left = [[Fraction(row.get(column, 0)) for column in columns] for row in rows]
    rank, free = 0, []
    for at, column in enumerate(columns):
        pivot = next((k for k in range(rank, len(left)) if left[k][at]), None)
        if pivot is None:
            free.append(column)
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for k in range(rank + 1, len(left)):
            factor = left[k][at] / left[rank][at]
            if factor:
                left[k] = [value - factor * other for value, other in zip(left[k], left[rank], strict=True)]
        rank += 1
    return free
