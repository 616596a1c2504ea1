"""Where runs of lines add up to an amount: running sums, in which the end of a run is looked up instead of counted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from budgetaudit.labels.numbers import View

WINDOW, REACH = 150, 200  # lines of a run that are searched; lines that are looked at beyond them
MOST_SIZES = 6  # runs of one total that are looked at more closely


class Free:
    """The lines of a family that no total has spoken for, in order, and where each total finds its parts among them."""

    def __init__(self, view: View, lines: Sequence[int], crossings: Sequence[int]) -> None:
        self.view, self.crossings = view, crossings
        levels = [view.lines[i].level for i in lines]
        self.steps = [at for at in range(1, len(lines)) if levels[at] != levels[at - 1]]
        self.places: dict[int, list[int]] = {}
        for at, level in enumerate(levels):
            self.places.setdefault(level, []).append(at)
        self.beyond = len(view.lines)
        self.whole = _Runs(view, lines, crossings)
        self.upper: dict[int, _Runs] = {}

    def pools(self, target: int) -> Iterator[tuple[Pool, int]]:
        """(lines from a target outwards, how many there are): behind it, before it, and of each its uppermost level alone."""
        lines = self.whole.lines
        first, last = bisect_left(lines, target), bisect_right(lines, target)
        behind = Pool(self.whole, last, min(last + REACH, len(lines)), after=True)
        before = Pool(self.whole, max(first - REACH, 0), first, after=False)
        for pool, tries in ((behind, len(lines) - last), (before, first)):
            yield pool, tries
            upper = self._uppermost(target, pool)
            if upper is not None:
                yield upper, tries

    def beside(self, changed: Sequence[int], targets: Iterable[int]) -> list[int]:
        """Those of some totals that look for their parts among lines of which some are changed."""
        lines = self.whole.lines
        found = []
        for target in targets:
            first, last = bisect_left(lines, target), bisect_right(lines, target)
            low = lines[first - REACH - 1] if first > REACH else -1
            high = lines[last + REACH] if last + REACH < len(lines) else self.beyond
            if bisect_left(changed, low) < bisect_right(changed, high):
                found.append(target)
        return found

    def _uppermost(self, target: int, pool: Pool) -> Pool | None:
        """The lines of the uppermost level alone, of those below a target where it is no total; None if these are all."""
        start, stop = pool.start, pool.stop
        if bisect_right(self.steps, start) == bisect_left(self.steps, stop):
            return None
        line = self.view.lines[target]
        if not line.total:  # up to the first line that is not below it
            for places in (places for level, places in self.places.items() if level <= line.level):
                at = bisect_left(places, pool.start if pool.after else pool.stop)
                if pool.after and at < len(places):
                    stop = min(stop, places[at])
                elif at and not pool.after:
                    start = max(start, places[at - 1] + 1)
            if start == stop:
                start, stop = pool.start, pool.stop
        levels = [level for level, places in self.places.items() if bisect_left(places, start) < bisect_left(places, stop)]
        if len(levels) < 2:
            return None
        top = min(levels)
        if top not in self.upper:
            own = [self.whole.lines[at] for at in self.places[top]]
            self.upper[top] = _Runs(self.view, own, self.crossings)
        places = self.places[top]
        return Pool(self.upper[top], bisect_left(places, start), bisect_left(places, stop), after=pool.after)


@dataclass(frozen=True)
class Pool:
    """Lines beside a total on one of its sides, from it outwards."""

    runs: _Runs
    start: int
    stop: int
    after: bool

    @cached_property
    def lines(self) -> Sequence[int]:
        lines = self.runs.lines[self.start : self.stop]
        return lines if self.after else lines[::-1]

    def ends(self, size: int) -> tuple[int, int]:
        """Where the lines begin and end if there are so many only."""
        return (self.start, self.start + size) if self.after else (self.stop - size, self.stop)

    def sizes(self, target: int, ties: int) -> Iterator[int]:
        """How many of these lines, from the first on, make a total at as many crossings as wrong figures explain the others.

        So many ties may let one figure explain two. Those that hold at most crossings come first.
        """
        hits = self.runs.hits(target, *self.ends(min(WINDOW, self.stop - self.start)), after=self.after)
        spare = self.runs.view.n[target].count(0)  # where nothing is stated, what goes up and down may hold as well
        for size in sorted(hits, key=lambda size: (-hits[size], size))[:MOST_SIZES]:
            if 2 * hits[size] + spare + ties >= self.runs.tested(target, *self.ends(size)):
                yield size


class _Running:
    """At one crossing, before each line and behind the last: the sum of the lines before, of their steps, and their number."""

    def __init__(self, values: Sequence[int | None], steps: Sequence[int]) -> None:
        self.sums = list(accumulate((value or 0 for value in values), initial=0))
        self.steps = list(accumulate(steps, initial=0))
        self.printed = list(accumulate((value is not None for value in values), initial=0))
        self.places = sorted(range(len(self.sums)), key=self.sums.__getitem__)
        self.sorted = [self.sums[place] for place in self.places]

    def ends(self, first: int, last: int, amount: int, step: int, *, after: bool) -> Iterable[int]:
        """The lengths of the runs from one end of some lines that add up to an amount within its rounding."""
        sums, steps = self.sums, self.steps
        fixed, sign = (first, 1) if after else (last, -1)
        goal = sums[fixed] + sign * amount
        room = (step + steps[last] - steps[first]) // 2
        low = bisect_left(self.sorted, goal - room)
        if low == len(self.sorted) or self.sorted[low] > goal + room:
            return ()
        high = bisect_right(self.sorted, goal + room, low)
        within = range(first + 1, last + 1) if after else range(first, last)
        near = within if high - low > len(within) else [place for place in self.places[low:high] if place in within]
        return [
            sign * (place - fixed) for place in near if 2 * abs(sums[place] - goal) <= step + sign * (steps[place] - steps[fixed])
        ]


class _Runs:
    """Some lines of a view in order, with their running sums at the crossings that are looked at."""

    def __init__(self, view: View, lines: Sequence[int], crossings: Sequence[int]) -> None:
        self.view, self.lines = view, lines
        n, step = [view.n[i] for i in lines], [view.step[i] for i in lines]
        self.running = {j: _Running([row[j] for row in n], [row[j] for row in step]) for j in crossings}

    def hits(self, target: int, first: int, last: int, *, after: bool) -> Counter[int]:
        """The lengths of runs from one end of some lines that make a total, and at how many crossings they do."""
        n, step = self.view.n[target], self.view.step[target]
        found: list[int] = []
        for j, running in self.running.items():
            if amount := n[j]:
                found += running.ends(first, last, amount, step[j], after=after)
        return Counter(found)

    def tested(self, target: int, first: int, last: int) -> int:
        """At how many crossings both a total and some of its parts are printed."""
        n = self.view.n[target]
        return sum(1 for j, running in self.running.items() if n[j] and running.printed[last] > running.printed[first])
