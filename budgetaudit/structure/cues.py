"""What labels say for reading a line as the sum of others, in bits: a total word, a complete dimension, a deeper level.

They also speak against a reading: a list that goes on where the parts end, a subtotal beside its own parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import takewhile

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import View

NUMBER = re.compile(r"\s*[(]?(\d{1,2})[.)]")
LEAST_LIST = 3  # lines of a list that may lack one
WHOLE_MEASURES = frozenset(["plan", "budget", "current_budget", "revised_budget", "execution", "settlement"])
_SUMMED_MEASURES = WHOLE_MEASURES | {"revenue", "expenditure", "net_cost"}


def dimension_of(lines: Sequence[Line]) -> str:
    """The dimension along which some lines lie: 'source' or 'year' if all of them do, else 'item'."""
    plain = [line for line in lines if not line.total]
    dimensions = {line.dimension for line in plain}
    # Years of different measures (cost 2012, revenue 2012) are no series.
    one_series = dimensions == {"source"} or len({line.measure for line in plain}) == 1
    if len({line.member for line in plain}) == 1 < len(plain):
        return "item"  # all of one year, or of one source
    return next(iter(dimensions)) if len(dimensions) == 1 and dimensions <= {"source", "year"} and one_series else "item"


class Cues:
    """The cues of one view.

    `usable`: its lines that add up; `sample`: the crossings looked at; `consumed`: parts spoken for; `totals`: lines explained.
    """

    def __init__(self, view: View, usable: Sequence[int], sample: Sequence[int]) -> None:
        self.view, self.usable, self.sample = view, usable, sample
        self.lines = view.lines
        self.consumed: Set[int] = frozenset()
        self.totals: Set[int] = frozenset()
        self.place = {i: at for at, i in enumerate(usable)}

    def of(self, target: int, parts: Sequence[int]) -> tuple[str, float]:
        """What the labels say for this reading, in bits."""
        line = self.lines[target]
        others = [self.lines[p] for p in parts]
        bonus = 0.0
        cue = ""
        if all(other.level > line.level for other in others) and (line.level or min(parts) == target + 1):
            cue, bonus = "level", bonus + 4
        if len(parts) > 1 and self._counted_through(target, parts):
            cue, bonus = "list", bonus + 4
        if len(parts) > 1 and all(self._named_after(line, other) for other in others):
            cue, bonus = "name", bonus + 5
        dimensions = {dimension_of(others)}
        if (
            len(dimensions) == 1
            and len(parts) > 1
            and next(iter(dimensions)) in ("source", "year")
            and line.dimension not in dimensions
        ):
            cue, bonus = "dimension", bonus + 5
        if (line.total or (dimensions == {"source"} and line.dimension != "source")) and self._cut_short(target, parts):
            bonus -= 8
        if len(parts) > 1 and self._grouped(line, others):
            cue, bonus = "group", bonus + 6
        if self.heads(line, others):
            cue, bonus = "path", bonus + 6
        if line.total and not all(other.total and other.labels[-1].key == line.labels[-1].key for other in others):
            cue, bonus = "total", bonus + 9  # a total beside others of the same name is none of these
        if self._names_the_whole(target, parts):
            cue, bonus = "measure", bonus + 9
        if not line.total and any(other.total for other in others):
            bonus -= 10
        if line.total == "subtotal" and any(other.total == "total" for other in others):
            bonus -= 6
        if self._counts_twice(parts) or self._reaches_out(line, others) or self._leaves_subtotals(target, parts):
            bonus -= 12
        return cue, bonus

    def _names_the_whole(self, target: int, parts: Sequence[int]) -> bool:
        """True if a line at the edge names an amount, as Net expenditure does, and all other lines are items of it."""
        line = self.lines[target]
        edge = target in (self.usable[0], self.usable[-1]) and len(parts) == len(self.usable) - 1
        named = not line.total and line.measure in _SUMMED_MEASURES and not any(line.outer)
        plain = all(not (self.lines[p].measure or self.lines[p].total) for p in parts)
        return edge and named and plain and len(parts) > 1

    @staticmethod
    def _reaches_out(line: Line, others: Sequence[Line]) -> bool:
        """True if the total of one group has a total of another group among its parts."""
        outer = line.labels[:-1]
        if not line.total or not any(label.key for label in outer) or any(label.total for label in outer):
            return False
        return any(other.total and tuple(label.key for label in other.labels[: len(outer)]) != line.outer for other in others)

    def _leaves_subtotals(self, target: int, parts: Sequence[int]) -> bool:
        """True if the subtotals among a total's parts go on, up to the next total, where the parts end."""
        if self.lines[target].total != "total" or not any(self.lines[p].total == "subtotal" for p in parts):
            return False
        if min(parts) > target:
            beyond = range(self.place[max(parts)] + 1, len(self.usable))
        else:
            beyond = range(self.place[min(parts)] - 1, -1, -1)
        for at in beyond:
            i = self.usable[at]
            if self.lines[i].total == "total":
                return False
            if self.lines[i].total == "subtotal" and i not in self.consumed:
                return True
        return False

    def _counts_twice(self, parts: Sequence[int]) -> bool:
        """True if a line stands among those below it, a subtotal among other lines of its group or beside just those it sums."""
        groups = {p: self.lines[p].outer for p in parts}
        for at, part in enumerate(parts):
            level = self.lines[part].level
            if at + 1 < len(parts) and parts[at + 1] == part + 1 and self.lines[part + 1].level > level:
                return True
            if not self.lines[part].total:
                continue
            if any(groups[part]) and list(groups.values()).count(groups[part]) > 1:
                return True
            behind = list(takewhile(lambda p: not self.lines[p].total, parts[at + 1 :]))
            before = list(takewhile(lambda p: not self.lines[p].total, reversed(parts[:at])))
            if any(run and self._same(part, run) for run in (behind, before)):
                return True
        return False

    def _same(self, line: int, run: Sequence[int]) -> bool:
        """True if a line that is not all zero equals the sum of a run at every crossing."""
        n = self.view.n
        return any(n[line][j] for j in self.sample) and all(
            (n[line][j] or 0) == sum(n[p][j] or 0 for p in run) for j in self.sample
        )

    def _cut_short(self, target: int, parts: Sequence[int]) -> bool:
        """True if the list goes on where the parts end, with a line of the same kind, group and level that is not all nothing.

        What is taken away behind a list (Less: refunds) is no more of it.
        """
        first, last = self.place[min(parts)], self.place[max(parts)]
        beside = [*self.usable[max(first - 1, 0) : first], *self.usable[last + 1 : last + 2]]
        kinds = {self._kind(p) for p in parts}
        return any(
            i != target
            and i not in self.consumed
            and i not in self.totals
            and not self.lines[i].total
            and not any(label.less for label in self.lines[i].labels)
            and self._kind(i) in kinds
            and any(self.view.n[i][j] for j in self.sample)
            for i in beside
        )

    def left_out(self, target: int, parts: Sequence[int]) -> int | None:
        """The one line more of a list, away from its total up to the end of the table, of the same kind and in no sum.

        Between two totals it may stand by itself, as what is deferred does between liabilities and net assets.
        """
        at, own = [self.place[p] for p in sorted(parts)], self.place[target]
        if len(parts) < LEAST_LIST or own not in (at[0] - 1, at[-1] + 1) or at[-1] - at[0] >= len(at):
            return None
        beyond = self.usable[at[-1] + 1 :] if own < at[0] else self.usable[: at[0]][::-1]
        rest = list(takewhile(lambda i: not self.lines[i].total and i not in self.totals, beyond))
        kinds = {(self._kind(i), self.lines[i].measure) for i in (*parts, *rest)}
        if len(rest) != 1 or len(beyond) > 1 or rest[0] in self.consumed or len(kinds) > 1:
            return None
        n = self.view.n
        pairs = [(n[rest[0]][j], n[target][j]) for j in self.sample if n[rest[0]][j]]
        smaller = all(total is not None and abs(value or 0) < abs(total) for value, total in pairs)
        return rest[0] if pairs and smaller else None

    def _kind(self, line: int) -> tuple[str, int, tuple[str, ...]]:
        """What lines of one list have in common: level and the labels over their own, or else their dimension."""
        own = self.lines[line]
        return "" if any(own.outer) else own.dimension, own.level, own.outer

    def _counted_through(self, target: int, parts: Sequence[int]) -> bool:
        """True if the parts are numbered from 1 to the end of a list that begins anew right behind a numbered line."""
        at = [self.place[p] for p in sorted(parts)]
        numbers = [self._number(self.usable[k]) for k in (self.place[target], *at, at[-1] + 1) if k < len(self.usable)]
        run = list(range(1, len(parts) + 1))
        begins = at == list(range(self.place[target] + 1, self.place[target] + 1 + len(parts)))
        return begins and numbers[0] > 0 and numbers[1 : len(parts) + 1] == run and numbers[len(parts) + 1 :] != [len(parts) + 1]

    def _number(self, line: int) -> int:
        """The number that a line's own label begins with, 0 if it has none."""
        labels = [label.text for label in self.lines[line].labels if label.text.strip()]
        found = NUMBER.match(labels[-1]) if labels else None
        return int(found.group(1)) if found else 0

    @staticmethod
    def _named_after(line: Line, other: Line) -> bool:
        """True if another line's own label is a longer one that ends in this line's: 주차장 특별회계 under 특별회계."""
        if not line.labels or len(line.labels) != len(other.labels) or line.labels[:-1] != other.labels[:-1]:
            return False
        name, longer = line.labels[-1].key, other.labels[-1].key
        return len(name) > 1 and len(longer) > len(name) and longer.endswith(name)

    @staticmethod
    def _grouped(line: Line, others: Sequence[Line]) -> bool:
        """True if the others stand under one group label that the line does not have."""
        parents = {other.outer for other in others}
        return len(parents) == 1 and any(next(iter(parents))) and line.outer not in parents

    @staticmethod
    def heads(line: Line, others: Sequence[Line]) -> bool:
        """True if a line's label path is the beginning of the others'."""
        path = [label.key for label in line.labels if label.key and not label.total]
        if not path or len(line.labels) < 2:
            return False
        for other in others:
            theirs = [label.key for label in other.labels if label.key]
            if len(theirs) <= len(path) or theirs[: len(path)] != path:
                return False
        return True
