"""Search for the lines of a table that are sums of others: labels propose, figures decide.

A hypothesis is a whole line (row or column) as the sum of other lines, tested at every crossing line at once, so that a
wrong cell is outvoted and thereby found. Readings compete by evidence in bits (after AggreCol, EDBT 2022, and the minimum
description length view of TaCLe); a total word, a dimension that is complete, or a deeper level adds to the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import log2

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import Axis, View
from budgetaudit.structure.cues import Cues, dimension_of
from budgetaudit.structure.evidence import Tie, causes, explained, tally
from budgetaudit.structure.runs import REACH, Free, Pool
from budgetaudit.structure.settings import STRUCTURE

SAMPLE = 60
PAIR = 2


@dataclass(frozen=True, slots=True)
class LineSum:
    """A line that is the sum of others. Indexes are positions in the view's lines.

    `cue`: why it was proposed ('total', 'measure', 'dimension', 'path', 'level', '' for arithmetic alone).
    `lone`: accepted from its label only, on one or two crossings none of which balance.
    `unprinted`: where it fails, a part is rather not printed.
    `short`: it balances without its last part, which no total counts. `causes`: wrong figures that explain its failures.
    """

    axis: Axis
    target: int
    parts: tuple[int, ...]
    dimension: str
    cue: str
    passes: int
    fails: int
    score: float
    lone: bool = False
    unprinted: bool = False
    short: bool = False
    causes: int = 0


@dataclass(slots=True)
class _Candidate:
    target: int
    parts: tuple[int, ...]
    family: str
    cue: str
    bonus: float
    passes: int
    weak: int
    fails: int
    wrong: int
    score: float
    sure: bool


class Search:
    """The search along one axis: families of line sequences, each settled greedily from the surest reading on."""

    def __init__(self, seen: View, ties: Sequence[Tie] = ()) -> None:
        self.view = seen
        self.ties = ties
        self.lines = seen.lines
        self.cross = seen.crossings
        self.sample = self._sample()
        self.usable = seen.summed
        self.found: dict[tuple[int, frozenset[int]], _Candidate] = {}
        self.cues = Cues(seen, self.usable, self.sample)
        self.groups: dict[tuple[str, ...], list[int]] = {}
        for i in self.usable:
            if len(self.lines[i].labels) > 1 and not self.lines[i].total:
                self.groups.setdefault(self.lines[i].outer, []).append(i)

    def run(self, known: Sequence[LineSum] = ()) -> list[LineSum]:
        """The sums beside those that are known, whose totals are explained and whose parts are spoken for."""
        if len(self.usable) < 3 or not self.cross:
            return []
        self.found = {}
        targets = {item.target for item in known}
        parts = {part for item in known for part in item.parts}
        for family, sequence, members in self._families():
            self._settle(family, sequence, members, set(targets), set(parts))
        kept = self._without_coarser(list(self.found.values()))
        kept += self._further(kept)
        return [self._line_sum(candidate) for candidate in kept]

    def _sample(self) -> list[int]:
        """The crossings used while searching: those with most figures, in their order."""
        if len(self.cross) <= SAMPLE:
            return self.cross
        filled = sorted(self.cross, key=lambda j: (-sum(1 for values in self.view.n if values[j]), j))
        return sorted(filled[:SAMPLE])

    # --- families -----------------------------------------------------------------------------

    def _families(self) -> Iterator[tuple[str, list[int], set[int]]]:
        """(name, lines in order, lines that may be parts): all lines, each dimension, each position of the label path."""
        usable = self.usable
        yield "all", usable, set(usable)
        for dimension in ("source", "year"):
            members = {i for i in usable if self.lines[i].dimension == dimension}
            if len(members) >= 2 and len(members) < len(usable):
                yield dimension, usable, members
        depth = max(len(self.lines[i].labels) for i in usable)
        if depth < 2:
            return
        for position in range(depth):
            groups: dict[tuple[str, ...], list[int]] = {}
            for i in usable:
                groups.setdefault(self._rest(self.lines[i], position, depth), []).append(i)
            if len(groups) < 2:
                continue
            for key, group in groups.items():
                if len(group) >= 3:
                    yield f"{position}:{'/'.join(key)}", group, set(group)

    @staticmethod
    def _rest(line: Line, position: int, depth: int) -> tuple[str, ...]:
        """A line's label path without one position; a total and an absent label are the same there."""
        labels = [*line.labels, *([None] * (depth - len(line.labels)))]
        return tuple(
            "Σ" if label is None or not label.key or label.total else label.key for p, label in enumerate(labels) if p != position
        )

    # --- settling one family ------------------------------------------------------------------

    def _settle(self, family: str, sequence: Sequence[int], members: set[int], settled: set[int], consumed: set[int]) -> None:
        self.cues.consumed, self.cues.totals = consumed, settled
        members = set(members)
        readings: dict[int, _Candidate | None] = {}
        for _ in range(8):
            free = Free(self.view, [i for i in sequence if i in members and i not in consumed], self.sample)
            asked = [target for target in sequence if target not in settled and target not in readings]
            readings |= {target: self._best(family, target, free.pools(target)) for target in asked}
            candidates = [reading for target, reading in readings.items() if reading is not None and target not in settled]
            changed: set[int] = set()
            for candidate in sorted(candidates, key=lambda c: (not c.sure, -c.score, len(c.parts), c.target)):
                if changed and not candidate.sure:
                    break  # it may look better, or be another total's, once the sure ones have their parts
                if candidate.target in settled or consumed & set(candidate.parts) or self._cyclic(candidate):
                    continue
                settled.add(candidate.target)
                consumed.update(candidate.parts)
                members.add(candidate.target)
                self.found.setdefault((candidate.target, frozenset(candidate.parts)), candidate)
                changed.update((candidate.target, *candidate.parts))
            if not changed:
                return
            for target in free.beside(sorted(changed), readings):
                del readings[target]

    def _cyclic(self, candidate: _Candidate) -> bool:
        """A target already used as a part of one of its own parts."""
        stack = list(candidate.parts)
        relations = {key[0]: key[1] for key in self.found}
        for _ in range(1000):
            if not stack:
                return False
            part = stack.pop()
            if part == candidate.target:
                return True
            stack.extend(relations.get(part, ()))
        return False

    def _best(self, family: str, target: int, pools: Iterable[tuple[Pool, int]]) -> _Candidate | None:
        """The best accepted reading of one target: a run of the free lines right behind or right before it."""
        if not any(self.view.n[target][j] for j in self.sample):
            return None
        scattered = self._scattered(target)
        best = self._judge(family, target, scattered, 1) if scattered else None
        if best is not None:
            return best
        for pool, tries in pools:
            for size in pool.sizes(target, len(self.ties)):
                if size == 1 and self._one_group([target, *pool.lines[:2]]):
                    continue  # a copy of its nearest line, though its group has more of them
                candidate = self._judge(family, target, tuple(sorted(pool.lines[:size])), tries)
                if candidate is not None and (best is None or candidate.score > best.score):
                    best = self._extended(candidate, pool.lines, size, tries)
        return best

    def _scattered(self, target: int) -> tuple[int, ...]:
        """The lines of a total's own group, where they stand on both sides of it: a file in no order."""
        line = self.lines[target]
        group = self.groups.get(line.outer, ()) if line.total and line.labels and all(line.outer) else ()
        return tuple(group) if len(group) > 1 and group[0] < target < group[-1] else ()

    def _one_group(self, lines: Sequence[int]) -> bool:
        """True if a total and the two plain lines nearest to it stand in one group."""
        groups = {self.lines[i].outer for i in lines}
        levels = {self.lines[i].level for i in lines[1:]}
        return len(lines) == 3 and len(groups) == 1 and len(levels) == 1 and not any(self.lines[i].total for i in lines[1:])

    def _extended(self, candidate: _Candidate, pool: Sequence[int], size: int, tries: int) -> _Candidate:
        """The reading with the lines behind its run that belong to it by their labels, though they are (almost) all zero."""
        best = candidate
        for length in range(size + 1, min(len(pool), size + 20) + 1):
            line = self.lines[pool[length - 1]]
            values = [self.view.n[pool[length - 1]][j] for j in self.sample]
            printed = [value for value in values if value is not None]
            few = max(len(printed) // 4, len(printed) > 2)
            if sum(1 for value in printed if value) > few or not self._akin(line, [self.lines[p] for p in candidate.parts]):
                break
            longer = self._judge(candidate.family, candidate.target, tuple(sorted(pool[:length])), tries)
            if longer is None or not longer.cue or longer.fails > best.fails + 1:
                break  # what they hold is not in the total, again and again
            best = longer
        return best

    @staticmethod
    def _akin(line: Line, parts: Sequence[Line]) -> bool:
        """True if a line is of the same kind as the parts: same dimension, parent label and level."""
        first = parts[0]
        if line.total or line.dimension not in {part.dimension for part in parts} or line.level != first.level:
            return False
        return line.outer in {part.outer for part in parts} or line.dimension in ("source", "year")

    # --- judging one reading ------------------------------------------------------------------

    def _judge(self, family: str, target: int, parts: tuple[int, ...], tries: int) -> _Candidate | None:
        if self._restates(target, parts):
            return None
        found = tally(self.view, self.sample, target, parts)
        passes, weak, fails = found.passes, found.weak, found.fails
        if not passes and not weak:
            return None
        wrong = found.blank + len(causes(self.ties, found.failed))
        if passes + weak < wrong:
            return None
        cue, bonus = self.cues.of(target, parts)
        if len(parts) == 1 and (cue not in ("total", "path", "level") or fails * 2 > weak):
            return None
        score = found.bits + bonus - STRUCTURE.fail_cost * wrong - log2(1 + tries)
        if (
            passes
            and not found.exact
            and len(found.alone) < 2
            and min(passes, len(found.seen)) < STRUCTURE.few
            and not (cue == "total" and not fails and found.bits >= STRUCTURE.much)
        ):
            return None
        sure = 2 * found.exact >= passes and not (fails and len(parts) == 1)
        if cue:
            enough = STRUCTURE.labelled_score if passes + weak > wrong else STRUCTURE.even_score
            even = cue in ("total", "path", "measure") or (wrong == 1 < fails and bonus > 0)
            accepted = score >= enough and passes + weak >= wrong * (1 if even else 2)
        else:
            distinct = len(found.seen)
            few = wrong * 3 <= passes or (wrong == 1 and all(explained(self.view, j, target, parts) for j in found.failed))
            accepted = score >= STRUCTURE.unlabelled_score and passes >= 2 and distinct >= 2 and few
        return _Candidate(target, parts, family, cue, bonus, passes, weak, fails, wrong, score, sure) if accepted else None

    def _restates(self, target: int, parts: tuple[int, ...]) -> bool:
        """True if a total with its items before it is read as the next such total and what is left: revenue, of expenditure."""
        line, place = self.lines[target], self.cues.place
        if not line.total or len(parts) != PAIR or parts[0] < target:
            return False
        left, other = self.lines[parts[1]], self.lines[parts[0]]
        blocks = [place[target], place[parts[0]] - place[target] - 1]
        between = range(place[target] + 1, place[parts[0]])
        plain = not any(self.lines[self.usable[at]].total for at in between)
        behind = place[parts[1]] == place[parts[0]] + 1 and not left.total
        return behind and other.total == line.total and min(blocks) >= PAIR and plain

    # --- the result ---------------------------------------------------------------------------

    def _without_coarser(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Of several readings of one target along one dimension the surest, of equally sure ones that of its nearest parts."""
        best: dict[tuple[int, str], _Candidate] = {}
        for candidate in sorted(candidates, key=lambda c: (c.fails, -c.passes - c.weak, len(c.parts), -c.score)):
            best.setdefault((candidate.target, self._dimension(candidate.parts)), candidate)
        return list(best.values())

    def _further(self, kept: Sequence[_Candidate]) -> list[_Candidate]:
        """Of each total the reading on its other side, where lines stand that no total has spoken for."""
        consumed = {part for candidate in kept for part in candidate.parts} | {candidate.target for candidate in kept}
        self.cues.consumed = consumed
        sides = {candidate.target: set[bool]() for candidate in kept}
        for candidate in kept:
            sides[candidate.target] |= {part > candidate.target for part in candidate.parts}
        found = []
        for target, side in sides.items():
            if len(side) > 1:
                continue
            at = self.cues.place[target]
            beyond = self.usable[at + 1 : at + REACH] if side == {False} else self.usable[max(at - REACH, 0) : at][::-1]
            run = list(takewhile(lambda i: i not in consumed and not self.lines[i].total, beyond))
            free = Free(self.view, sorted(run), self.sample)
            best = self._best("further", target, free.pools(target)) if len(run) > 1 else None
            if best is not None and best.passes and best.passes + best.weak + best.fails > 1:
                found.append(best)
        return found

    def _dimension(self, parts: Sequence[int]) -> str:
        return dimension_of([self.lines[p] for p in parts])

    def _line_sum(self, candidate: _Candidate) -> LineSum:
        return LineSum(
            self.view.axis,
            candidate.target,
            candidate.parts,
            self._dimension(candidate.parts),
            candidate.cue,
            candidate.passes + candidate.weak,
            candidate.fails,
            round(candidate.score, 1),
            causes=candidate.wrong,
        )
