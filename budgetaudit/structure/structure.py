"""What adds up in a table: the sums that figures prove, the readings of totals that labels give, and running totals.

A running total (누계, to date) says that it adds up another line so far; it is one where figures bear it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from budgetaudit.labels.labelling import Table
from budgetaudit.labels.numbers import Axis, View, views
from budgetaudit.model import Figure
from budgetaudit.rulefiles.evaluation import linear
from budgetaudit.structure import header_formulas
from budgetaudit.structure.cues import Cues
from budgetaudit.structure.evidence import Tie, codes, price, tally, tie, ties
from budgetaudit.structure.grain import exact, grain, in_ones
from budgetaudit.structure.label_readings import label_readings, one_line_off, undecided
from budgetaudit.structure.search import LineSum, Search
from budgetaudit.structure.settings import STRUCTURE

ACROSS: Mapping[Axis, Axis] = {"row": "column", "column": "row"}
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
