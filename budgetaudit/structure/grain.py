"""To what unit the numbers of a table were rounded, where it prints finer ones: 37,130 = 15,930 + 21,205 among multiples of 5.

One wrong number breaks the sums it takes part in; sums that are off by little here and there, beyond what a few numbers
could be wrong by, say that none of them was meant more exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import erf, gcd, log2, sqrt

from budgetaudit.labels.numbers import Axis, View
from budgetaudit.model import Figure
from budgetaudit.structure.search import LineSum
from budgetaudit.structure.settings import STRUCTURE

ODD, MANY = range(3, 10), 12  # counts of which so many are all multiples of 5 were rounded to it
TELLING, COARSE = 9, 1000  # so many multiples of a thousand were rounded to it
SLIPS, SEVERAL = 2, 4  # where more than so many are wrong, so many times the bits
COARSER = 2  # the last printed place is 1


@dataclass(frozen=True, slots=True)
class _Crossing:
    gap: int
    parts: int
    slack: int
    numbers: tuple[int, ...]
    cells: frozenset[tuple[int, int]]
    whole: bool


def grain(views: Mapping[Axis, View], sums: Sequence[LineSum]) -> int:
    """The unit, in the scale of the views, of which all numbers that are summed are multiples; 0 if they are exact."""
    found = [crossing for item in sums for crossing in _crossings(views[item.axis], item)]
    unit = gcd(*(number for crossing in found for number in crossing.numbers))
    off = [c for c in found if 2 * abs(c.gap) > c.slack and 2 * abs(c.gap) <= unit * (c.parts + 1)]
    exact = sum(1 for crossing in found if not crossing.gap)
    cells = {cell for crossing in found for cell in crossing.cells}
    enough = 1 if unit in ODD and len(cells) >= MANY and _counts(views["row"]) else STRUCTURE.coarse_causes
    if unit < COARSER:
        return 0
    return unit if len(off) * STRUCTURE.coarse_one_in >= exact and _causes(off) >= enough else 0


def exact(views: Mapping[Axis, View], sums: Sequence[LineSum]) -> bool:
    """True if numbers of unknown unit, or of whole dollars, are not rounded: sums of rounded ones would not be exact so often."""
    found = [crossing for item in sums for crossing in _crossings(views[item.axis], item) if crossing.whole]
    off = [crossing for crossing in found if 0 < 2 * abs(crossing.gap) <= crossing.slack]
    bits = sum(_surprise(crossing.parts) for crossing in found if not crossing.gap)
    causes = _causes(off)
    # One or two wrong numbers are slips; more of them, each off by a unit, are how rounding looks, unless far more is exact.
    return bool(off) and bits >= STRUCTURE.coarse_bits * causes * (SEVERAL if causes > SLIPS else 1)


def in_ones(figure: Figure) -> bool:
    """True if a number may be of the smallest things counted: no thousands, no part of a whole."""
    return figure.unit is None or (figure.unit.family == "money" and figure.unit.scale == 1)


def _surprise(parts: int) -> float:
    """Bits for a sum that is exact: how seldom that is so of numbers that were rounded, whose errors add up."""
    return -log2(erf(sqrt(3 / (2 * (parts + 1)))))


def tens(view: View, lines: Iterable[int]) -> int:
    """The power of ten, far above what is printed, of which all numbers of some lines are multiples; 0 if there is none."""
    numbers = [value for i in lines for value in view.n[i] if value]
    step = max((view.step[i][j] for i in lines for j, value in enumerate(view.n[i]) if value), default=0) or 1
    unit = gcd(*numbers) if len(numbers) >= TELLING else 0
    power = 10 ** (len(str(unit)) - 1) if unit else 0
    while power and unit % power:
        power //= 10
    return power if power >= step * COARSE else 0


def _counts(view: View) -> bool:
    """True if a table counts things."""
    return {figure.unit.family for figure in view.table.figures.values() if figure.unit is not None} == {"count"}


def _crossings(view: View, item: LineSum) -> Iterator[_Crossing]:
    for j, line in enumerate(view.cross):
        stated, parts = view.n[item.target][j], [(p, view.n[p][j]) for p in item.parts]
        known = [(p, value) for p, value in parts if value]
        if not line.additive or not stated or len(known) < min(2, len(parts)):
            continue
        cells = [(item.target, j), *((p, j) for p, _ in known)]
        places = frozenset(cells if view.axis == "row" else [(j, p) for p, j in cells])
        slack = view.step[item.target][j] + sum(view.step[p][j] for p, _ in known)
        numbers = (stated, *(value for _, value in known))
        figures = (view.figure(i, j) for i in (item.target, *(p for p, _ in known)))
        whole = all(figure is not None and figure.step == 1 and in_ones(figure) for figure in figures)
        yield _Crossing(stated - sum(numbers[1:]), len(known), slack, numbers, places, whole)


def _causes(off: Sequence[_Crossing]) -> int:
    """How many wrong numbers at least would explain what is off, taking the most telling one first."""
    left, count = list(off), 0
    while left:
        (cell, _), *_ = Counter(cell for crossing in left for cell in crossing.cells).most_common(1)
        left = [crossing for crossing in left if cell not in crossing.cells]
        count += 1
    return count
