"""Running sums find the runs of lines that make a total, as counting them one by one does."""

from __future__ import annotations

import random

import pytest

from budgetaudit.labels.numbers import View, views
from budgetaudit.structure.runs import Free
from tests.grids import table


def counted(view: View, target: int, lines: list[int], crossings: list[int]) -> set[int]:
    """The lengths of runs from the first of some lines on that make a total at some crossing."""
    found = set()
    for size in range(1, len(lines) + 1):
        for j in crossings:
            stated, parts = view.n[target][j], [view.n[p][j] or 0 for p in lines[:size]]
            slack = view.step[target][j] + sum(view.step[p][j] for p in lines[:size])
            if stated and 2 * abs(stated - sum(parts)) <= slack:
                found.add(size)
    return found


@pytest.mark.parametrize("unit", ["", "(원)", "(백만원)"])
@pytest.mark.parametrize("seed", range(8))
def test_runs_that_make_a_total_are_found(seed: int, unit: str) -> None:
    random_ = random.Random(seed)
    rows = [[random_.choice(["", "0", str(random_.randint(-9, 12))]) for _ in range(4)] for _ in range(30)]
    text = f"항목{unit}|가|나|다|라\n" + "\n".join(f"줄{at}|{'|'.join(row)}" for at, row in enumerate(rows))
    view = views(table(text))["row"]
    lines, crossings = list(range(len(view.lines))), list(range(len(view.cross)))
    free = Free(view, lines, crossings)
    compared = 0
    for target in lines:
        for pool, tries in free.pools(target):
            expected = counted(view, target, list(pool.lines), crossings)
            hits = pool.runs.hits(target, *pool.ends(len(pool.lines)), after=pool.after)
            assert set(hits) == expected
            assert tries >= len(pool.lines)
            compared += len(expected)
    assert compared
