"""Every repair of one figure that would heal a failed comparison, and how much speaks for each beside its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import log2, log10
from statistics import median
from typing import NamedTuple

from budgetaudit.diagnosis.equations import Equation, Key, key_of
from budgetaudit.diagnosis.facts import Facts, figures_of
from budgetaudit.model import Comparison, Figure
from budgetaudit.slips import COST, Kind, likely, meant, slip

HEALS, LEAVES, BREAKS, SLIPS = 4.0, 3.0, 5.0, 2.0
WITHIN = 0.3  # of a relation: a limit
CARRIES = 1.0  # another figure that follows from the wrong one
NOTHING = 1.5  # a computed figure that is zero
EVEN = 0.01  # of two slips as likely
UNDECIDED = 2.0  # a sum that could not be decided, for a blank, and comes out
REST = 1.5  # a part that was computed as the rest of a wrong total
EXACT = 0.5  # a relation that becomes exact
OFF_EXACT, OFF_ROUNDED = 2.0, 0.5  # a value off the middle of what rounding allows: the more so where all else is exact
EXACT_SHARE = 0.9  # of the crossings of a relation that hold
NEVER = -99.0
LEAST_PARTS = 3
FEW = 15  # one other failure for so many crossings that hold: more of them, and the line relation itself is doubtful
# How many numbers a slip can turn one of so many digits into.
ALTERNATIVES: dict[str, Callable[[int], int]] = {
    "sign": lambda _: 1,
    "unit": lambda _: 2,
    "decimal-point": lambda _: 4,
    "transposition": lambda digits: digits,
    "added-digit": lambda digits: digits,
    "digit": lambda digits: 9 * digits,
    "dropped-digit": lambda digits: 10 * digits,
    "shifted": lambda _: 4,
    "omitted": lambda _: 10,
    "double": lambda _: 10,
}
MOST_TRIED = 50_000
MOST_PLACES = 9
MOST_CARRIED = 4
MOST_WAYS = 24
WHOLE = 100
UNUSUAL_PLACES, UNUSUAL_PRINT = 2.0, 1.0  # decimals that no neighbour has; decimals printed as by no neighbour
NEARER = 1.5
MISWRITTEN = 2.0  # a number that is malformed as it is printed
BELOW = 3.0  # an amount that would have to be less than nothing among others that are not
MOST = 0.9  # of its neighbours print alike
BEHIND = re.compile(r"[.,](\d+)\D*\Z")


@dataclass(frozen=True)
class Repair:
    """A figure, the value that heals some failures, how the slip came about, and what the repair would do elsewhere.

    `follows`: the figures that were computed from the wrong one, with what they become.
    """

    key: Key
    value: Fraction
    kind: Kind
    healed: frozenset[int]
    left: int
    broken: int
    score: float
    follows: tuple[tuple[Key, Fraction], ...] = ()


class Outcome(NamedTuple):
    """The relations that some changes heal, leave and break, and how many become exact; one stated twice counts once."""

    healed: set[int]
    left: set[int]
    broken: set[int]
    exact: int


class Case(Facts):
    """Some comparisons, and what a repair of any of their figures would do."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        super().__init__(comparisons)
        self.tried = 0

    def _comes_out(self, key: Key, value: Fraction) -> int:
        """How many sums that could not be decided come out exactly with another value of one part."""
        count = 0
        for stated, parts in self.undecided.get(key, ()):
            others = sum((Fraction(part.value or 0) for part in parts if key_of(part) != key), Fraction(0))
            count += stated.value is not None and others + value == Fraction(stated.value)
        return count

    def repairs(self, index: int, open_: set[int]) -> Iterator[Repair]:
        """The repairs of single figures that heal one failure."""
        one = self.equations[index]
        for key in (one.stated, *one.terms):
            if self._never_wrong(key, one):
                continue
            for kind, value, off in self._candidates(index, key):
                self.tried += 1
                if self.tried > MOST_TRIED:
                    return
                repair = self._weigh(key, value, kind, open_, off)
                if index in repair.healed:
                    yield repair

    def _never_wrong(self, key: Key, one: Equation) -> bool:
        """True if a figure is no culprit: the limit that another one exceeds, or a whole of 100 %."""
        figure = self.figures[key]
        whole = figure.value == WHOLE and figure.unit is not None and figure.unit.family == "percent"
        return (one.limit and key != one.stated) or (whole and one.form == "sum")

    def _candidates(self, index: int, key: Key) -> Iterable[tuple[Kind, Fraction, float]]:
        """The values a figure may have been meant to have, and what speaks against each for being off the exact one."""
        figure, one = self.figures[key], self.equations[index]
        ends = one.solutions(key)
        if ends is None:
            return
        others = [f.value for f in figures_of(self.comparisons[index]) if f is not figure and f.value is not None]
        finest = min(max(map(places, others), default=0), MOST_PLACES)
        if figure.value is None:
            yield "blank", Fraction(round((ends[0] + ends[1]) / 2 * 10**finest), 10**finest), 0.0
            return
        scale = 10 ** (min(max(finest, places(figure.value)), MOST_PLACES) + 3)
        low, high = -((-ends[0] * scale) // 1), ends[1] * scale // 1
        if high < low:
            low = high = round((ends[0] + ends[1]) / 2 * scale)
        half = (ends[1] - ends[0]) / 2
        for kind, value in meant(int(Fraction(figure.value) * scale), int(low), int(high), scale // 10**finest):
            away = abs(Fraction(value, scale) - (ends[0] + ends[1]) / 2)
            off = float(min(away / half, Fraction(1))) if half else 0.0
            how = kind if likely(kind) else self._misplaced(key, Fraction(value, scale), one) or kind
            yield how, Fraction(value, scale), off * (OFF_EXACT if self._is_exact(index) else OFF_ROUNDED)

    def _misplaced(self, key: Key, value: Fraction, one: Equation) -> Kind | None:
        """True if a number that is no slip of the digits belongs to another place: to a neighbour, or in or out of the sum."""
        printed = self.figures[key].value
        if printed and printed in self.beside[key]:
            return "shifted"
        if key != one.stated or one.form != "sum" or len(one.terms) < LEAST_PARTS or value != one.made:
            return None
        parts = {one.weights[term] * number for term, number in one.terms.items() if number}
        return "omitted" if value - one.goal in parts else "double" if one.goal - value in parts else None

    def _is_exact(self, index: int) -> bool:
        """True if the comparisons of the same line relation hold without rounding."""
        exact, rounded = self.held[self.comparisons[index].relation]
        return exact >= EXACT_SHARE * (exact + rounded)

    def _weigh(self, key: Key, value: Fraction, kind: Kind, open_: set[int], away: float) -> Repair:
        changes = {key: value}
        alone = self._outcome(changes, open_)
        if not alone.broken or not alone.healed or self.figures[key].value is None:
            return self._scored(key, value, kind, changes, alone, away)
        carried = [self._rooted(key, kind, found, away, open_) for found in self._carried(changes, alone.broken, open_)]
        return max(carried, key=lambda repair: repair.score, default=self._scored(key, value, kind, changes, alone, away))

    def _rooted(self, key: Key, kind: Kind, changes: Mapping[Key, Fraction], away: float, open_: set[int]) -> Repair:
        """Figures that are wrong together, told as the one that the others were computed from."""
        root = key
        for part, value in changes.items():
            computed = any(self.equations[i].stated == root and part in self.equations[i].terms for i in self.relations(root))
            how = self._slip(part, value)
            if part != root and computed and COST[how] < COST[kind] + (EVEN if self._is_sum(root, part) else 0.0):
                root, kind = part, how
        return self._scored(root, changes[root], kind, changes, self._outcome(changes, open_), away)

    def _is_sum(self, total: Key, part: Key) -> bool:
        """True if a total has further non-zero parts, so that the total depends on this part."""
        mine = (self.equations[index] for index in self.relations(total))
        return any(one.stated == total and part in one.terms and sum(map(bool, one.terms.values())) > 1 for one in mine)

    def _slip(self, key: Key, value: Fraction) -> Kind:
        """The slip that made the printed number of a value."""
        printed = self.figure(key)
        if printed is None or printed.value is None:
            return "other"
        scale = 10 ** min(max(places(printed.value), 0), MOST_PLACES)
        shown, repaired = Fraction(printed.value) * scale, value * scale
        return slip(int(shown), int(repaired)) if repaired.denominator == 1 and shown != repaired else "other"

    def _scored(
        self, key: Key, value: Fraction, kind: Kind, changes: Mapping[Key, Fraction], does: Outcome, away: float
    ) -> Repair:
        away += CARRIES * (len(changes) - 1)
        mine = self.relations(key)
        away += REST * any(self.equations[i].stated == key and changes.keys() & set(self.equations[i].terms) for i in mine)
        healed = {self.same[index] for index in does.healed}  # a relation that two rules state is one
        score = HEALS * self._worth(healed) - LEAVES * self._worth(does.left) - BREAKS * self._worth(does.broken)
        score += EXACT * does.exact + UNDECIDED * self._comes_out(key, value) - SLIPS * COST[kind] - away
        score += self._plausible(key, value)
        follows = tuple((other, new) for other, new in changes.items() if other != key)
        score += sum(min(self._plausible(other, new), 0.0) + self._nothing(other, new) for other, new in follows)
        return Repair(key, value, kind, frozenset(does.healed), len(does.left), len(does.broken), score, follows)

    def _nothing(self, key: Key, value: Fraction) -> float:
        """Points for a computed figure that becomes zero; a wrong amount would hardly have made a zero of it."""
        printed = self.figure(key)
        now = printed is not None and printed.value == 0
        return -NOTHING if now and value else NOTHING if not value and not now else 0.0

    def _worth(self, relations: Iterable[int]) -> float:
        """How many relations these are; a limit, which most amounts keep, tells less than an equality."""
        return sum(WITHIN if self.equations[index].limit else 1.0 for index in relations)

    def _outcome(self, changes: Mapping[Key, Fraction], open_: set[int]) -> Outcome:
        """What some changes do to the relations that their figures take part in."""
        healed, left, broken, exact = set(), set(), set(), 0
        for index in dict.fromkeys(index for key in changes for index in self.relations(key)):
            one = self.equations[index]
            off = one.off(changes)
            holds = off is not None and off <= one.bound
            if index == self.same[index]:
                exact += (off == 0) - (one.off() == 0) if holds and self._is_exact(index) else 0
            if index in open_:
                if holds:
                    healed.add(index)
                else:
                    left.add(self.same[index])
            elif self.comparisons[index].verdict != "fail" and not holds:
                broken.add(self.same[index])
        return Outcome(healed, left, broken, exact)

    def _carried(self, changes: Mapping[Key, Fraction], broken: set[int], open_: set[int]) -> Iterator[Mapping[Key, Fraction]]:
        """The changes with the figures computed from the wrong one, in each way that breaks nothing; of a total one part may."""
        waiting = [(dict(changes), broken)]
        for _ in range(MOST_WAYS):
            if not waiting:
                return
            carried, breaks = waiting.pop()
            one = next(self.equations[index] for index in sorted(breaks))
            for key, value in [] if one.limit else one.dependents(carried):
                printed = self.figure(key)
                if printed is None or printed.value is None or printed.dash:
                    continue
                further = {**carried, key: self._as_printed(value, printed, one)}
                still = self._outcome(further, open_).broken
                if not still:
                    yield further
                elif len(further) <= MOST_CARRIED:
                    waiting.append((further, still))

    def _as_printed(self, value: Fraction, figure: Figure, one: Equation) -> Fraction:
        """A quotient to as many places as are printed."""
        if not one.below:
            return value
        scale = 10 ** printed_places(figure.text)
        return Fraction(round(value * scale), scale)

    def _plausible(self, key: Key, value: Fraction) -> float:
        """True if the repair brings the figure nearer to those it stands with, in size, sign and decimals."""
        return plausible(self.figures[key], value, self.peers.get(key, []), self.company[key], key in self.signed)

    def confidence(self, repair: Repair) -> float:
        """Bits by which a slip explains the failures better than chance would: the longer the numbers, the rarer that is.

        A value that no slip explains, or that a blank might hold, is made to fit one failure: only the others tell.
        """
        fitted = repair.kind not in ALTERNATIVES
        failures = self._apart(repair) if fitted else repair.healed
        found = [bits for index in failures if (bits := self._surprise(index, repair)) is not None]
        if fitted:
            found = sorted(found)[:-1] or ([0.0] if found and repair.kind == "blank" else [])
        return sum(found) if found else NEVER

    def apart(self, repair: Repair) -> int:
        """How many independent failures a repair heals."""
        return len(self._apart(repair))

    def _apart(self, repair: Repair) -> list[int]:
        """Failures it heals that have no other figure in common, so that the one does not follow from the other."""
        chosen: list[int] = []
        seen: set[Key] = set()
        for index in sorted(repair.healed):
            one = self.equations[index]
            figures = {one.stated, *one.terms} - {repair.key}
            if figures.isdisjoint(seen):
                chosen.append(index)
                seen |= figures
        return chosen

    def _surprise(self, index: int, repair: Repair) -> float | None:
        """The same for one failure; None where the line relation itself is doubtful."""
        comparison = self.comparisons[index]
        figures = [figure for figure in figures_of(comparison) if figure.value is not None]
        values = [abs(figure.value) for figure in figures if figure.value]
        exact, rounded = self.held[comparison.relation]
        others = sum(self.comparisons[i].relation == comparison.relation for i in self.failed if i not in repair.healed)
        doubtful = bool(comparison.relation) and others * FEW > exact + rounded
        unsigned = repair.kind == "sign" and bool(comparison.relation) and not exact + rounded
        limit = self.equations[index].limit  # any smaller amount stays within it
        copied = len(comparison.operands) < 2 and comparison.kind in ("sum", "average")
        if limit or copied or not values or doubtful or unsigned:
            return None
        finest = min(Decimal(1).scaleb(exponent(value)) for value in values)
        size = int(max(values) / finest)
        ways = ALTERNATIVES[repair.kind](len(str(size))) if repair.kind in ALTERNATIVES else 1
        return log2(1 + size) - log2(len(figures) * ways)


def plausible(figure: Figure, value: Fraction, peers: Sequence[Figure], company: Sequence[Figure], signed: bool) -> float:
    """Points for a value that is nearer in size, sign and decimals than the printed one, less than nothing for one farther off.

    `peers` stand in the same place of the same line relation, `company` in one relation with the figure; `signed`: it may be
    negative among amounts that are not.
    """
    if figure.value is None and value < 0 and not any(other.value and other.value < 0 for other in company):
        return -BELOW
    if not figure.value or not value:
        return 0.0
    sizes = [log10(abs(peer.value)) for peer in peers if peer.value]
    bonus = MISWRITTEN if figure.malformed else 0.0
    if sizes:
        middle = median(sizes)
        spread = median(abs(size - middle) for size in sizes)  # where amounts differ in size, size tells little
        nearer = abs(log10(abs(figure.value)) - middle) - abs(log10(abs(value)) - middle)
        bonus += NEARER * max(-1.0, min(1.0, nearer)) / (1 + 2 * spread)
    company = peers or company
    signs = [other.value < 0 for other in company if other.value]
    if value < 0 <= figure.value and not signed and not any(signs):
        bonus -= BELOW
    if signs and (value < 0) != (figure.value < 0):
        bonus += NEARER * (2.0 * sum(sign == (value < 0) for sign in signs) / len(signs) - 1.0)
    usual = max((places(other.value) for other in company if other.value), default=0)
    meant_places = places(Decimal(value.numerator) / Decimal(value.denominator))
    bonus += UNUSUAL_PLACES * ((places(figure.value) > usual) - (meant_places > usual))
    printed = Counter(printed_places(other.text) for other in company)
    common, count = printed.most_common(1)[0] if printed else (0, 0)
    if count > 1 and count >= MOST * len(company) and printed_places(figure.text) != common:
        bonus += UNUSUAL_PRINT
    return bonus


def printed_places(text: str) -> int:
    """How many digits stand behind the last mark of a printed number."""
    match = BEHIND.search(text)
    return len(match.group(1)) if match else 0


def exponent(value: Decimal) -> int:
    """The decimal place of the last digit that is no zero."""
    found = value.normalize().as_tuple().exponent
    return found if isinstance(found, int) else 0


def places(value: Decimal) -> int:
    """How many decimals a number really uses."""
    return max(-exponent(value), 0)
