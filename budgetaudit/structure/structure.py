"""What adds up in a table: the sums that figures prove, the readings of totals that labels give, and running totals.

A running total (누계, to date) says that it adds up another line so far; it is one where figures bear it out. The grain is the
unit to which numbers were rounded that are printed finer, 37,130 = 15,930 + 21,205 among multiples of 5: sums that are off by
little here and there, beyond what a few wrong numbers could explain, say that none of them was meant more exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import erf, gcd, log2, sqrt
from typing import TypeAlias

from budgetaudit.labels.labelling import Table
from budgetaudit.labels.numbers import Axis, View, views
from budgetaudit.model import Figure
from budgetaudit.rulefiles.evaluation import linear
from budgetaudit.structure import header_formulas
from budgetaudit.structure.cues import Cues
from budgetaudit.structure.evidence import Tie, codes, price, tally, tie, ties
from budgetaudit.structure.label_readings import label_readings, one_line_off, undecided
from budgetaudit.structure.search import LineSum, Search
from budgetaudit.structure.settings import STRUCTURE

ACROSS: Mapping[Axis, Axis] = {"row": "column", "column": "row"}
Sums: TypeAlias = tuple[tuple[int, tuple[tuple[int, int], ...]], ...]  # (crossing, parts), each part a (line, crossing)
UNUSUAL, MANY = range(3, 10), 12  # counts of which so many are all multiples of 5 were rounded to it
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
    enough = 1 if unit in UNUSUAL and len(cells) >= MANY and _counts(views["row"]) else STRUCTURE.coarse_causes
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


@dataclass(frozen=True)
class Structure:
    """What adds up in a table, along both axes, and the labelled totals that no reading explains."""

    table: Table
    views: dict[Axis, View]
    sums: tuple[LineSum, ...]
    unexplained: tuple[tuple[Axis, int], ...]
    running: tuple[Running, ...] = ()

    @cached_property
    def grain(self) -> int:
        """The unit to which numbers were rounded that are printed finer, as an integer of the views; 0 if there is none."""
        return grain(self.views, self.sums) if any(item.fails for item in self.sums) else 0

    @cached_property
    def exact(self) -> bool:
        """True if whole numbers of unknown unit add up exactly so often that none of them was rounded."""
        return exact(self.views, self.sums)

    def step(self, view: View, figure: Figure) -> Fraction | Decimal | None:
        """What a number was rounded to, where that is not what it prints: coarser, or not at all."""
        if self.grain:
            return view.scale.amount(self.grain, figure)
        return Fraction(0) if figure.step == 1 and in_ones(figure) and self.exact else None


def _sums(seen: View, ties: Sequence[Tie] = (), known: Sequence[LineSum] = ()) -> list[LineSum]:
    """What figures prove beside what is known, then what labels give and figures bear out, which may leave just more parts."""
    search = Search(seen, ties)
    found = [*known, *search.run(known)]
    while sound := [item for item in label_readings(seen, found, ties) if not item.fails]:
        found += sound
        found += search.run(found)
    return [*found, *label_readings(seen, found, ties)]


def analyse(table: Table) -> Structure:
    """The sums of a table along its rows and its columns."""
    both = views(table)
    sums: list[LineSum] = []
    unexplained: list[tuple[Axis, int]] = []
    running = () if table.form else tuple(found for seen in both.values() for found in running_totals(seen))
    quiet = _without(both, running)
    first = {axis: _sums(seen) for axis, seen in quiet.items()}
    for axis, seen in quiet.items():
        found = first[axis]
        if _in_doubt(seen, found):
            across = ACROSS[axis]
            beside = ties(seen, first[across], _printed(quiet[across]))
            if beside:
                doubted = {item.target for item in found if item.fails}  # searched anew, with all their readings
                found = _sums(seen, beside, [item for item in found if item.target not in doubted])
            found = [_with_doubts(seen, item, beside) for item in found]
        found = [*_with_left_out(seen, found)] if axis == "row" else found
        found.sort(key=lambda item: (item.target, item.parts))
        if table.form:
            found = [item for item in found if not item.fails and not item.lone]
        sums.extend(found)
        explained = {item.target for item in found}
        unexplained.extend((axis, i) for i, line in enumerate(seen.lines) if line.total and line.additive and i not in explained)
        unexplained.extend((axis, i) for i in (() if table.form else undecided(seen, found)))
    return Structure(table, both, tuple(sums), tuple(unexplained), running)


def _with_doubts(seen: View, item: LineSum, beside: Sequence[Tie]) -> LineSum:
    """A sum with what else may explain that it fails."""
    if not item.fails:
        return item
    numbers = {j: [seen.n[p][j] or 0 for p in item.parts] for j, line in enumerate(seen.cross) if line.additive}
    cross = [j for j, values in numbers.items() if not codes(seen.n[item.target][j] or 0, values)]
    found = tally(seen, cross, item.target, item.parts)
    whole = one_line_off(seen, cross, item.target, item.parts)
    unprinted = whole not in ("twice", "wrong") and price(seen, beside, found, item.target, item.parts).unprinted(
        found.passes + found.weak
    )
    return replace(item, unprinted=unprinted)


def _with_left_out(seen: View, sums: Sequence[LineSum]) -> Iterator[LineSum]:
    """The sums; one that holds, but for which the last or first line of its list is counted nowhere, with that line as a part."""
    cross = seen.crossings
    cues = Cues(seen, [i for i, line in enumerate(seen.lines) if line.additive], cross)
    cues.consumed, cues.totals = {part for item in sums for part in item.parts}, {item.target for item in sums}
    for item in sums:
        last = cues.left_out(item.target, item.parts) if item.cue == "total" and not item.fails else None
        if last is None:
            yield item
            continue
        fails = sum(bool(seen.n[last][j]) for j in cross)
        yield replace(item, parts=(*item.parts, last), passes=max(item.passes - fails, 0), fails=fails, short=True)


def _in_doubt(seen: View, sums: Sequence[LineSum]) -> bool:
    """True if some line is neither a total that holds nor a part of one."""
    settled = {line for item in sums if not item.fails for line in (item.target, *item.parts)}
    return any(line.summed and i not in settled for i, line in enumerate(seen.lines))


def _printed(view: View) -> Iterator[Tie]:
    """The ties between the lines of a view that headers print."""
    for formula in header_formulas.find(view):
        form = linear(formula.expression)
        if form is not None and not form[1] and view.lines[formula.line].additive:
            yield tie({formula.line: 1, **{formula.operands[letter]: -int(weight) for letter, weight in form[0].items()}})


def _without(both: dict[Axis, View], running: tuple[Running, ...]) -> dict[Axis, View]:
    """The views with running totals as lines that do not add up with others."""
    if not running:
        return both
    targets = {(found.axis, found.target) for found in running}
    quiet = {
        axis: tuple(
            replace(line, total="", measure="running") if (axis, i) in targets else line for i, line in enumerate(view.lines)
        )
        for axis, view in both.items()
    }
    rows, columns = quiet["row"], quiet["column"]
    return {
        "row": replace(both["row"], lines=rows, cross=columns),
        "column": replace(both["column"], lines=columns, cross=rows),
    }
