"""Every repair of one figure that would heal a failed comparison, and how much speaks for each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import log2, log10
from statistics import median

from budgetaudit.diagnosis.equations import Equation, Key, equation, key_of
from budgetaudit.model import Comparison, Figure, Place
from budgetaudit.slips import COST, Kind, likely, meant

HEALS, LEAVES, BREAKS, SLIPS = 4.0, 3.0, 5.0, 2.0
CARRIES = 1.0  # another figure that follows from the wrong one
EXACT = 0.5  # a relation that becomes exact
OFF_EXACT, OFF_ROUNDED = 2.0, 0.5  # a value off the middle of what rounding allows: the more so where all else is exact
ODD_PLACES, ODD_PRINT = 2.0, 1.5  # decimals that no neighbour has; decimals printed as by no neighbour
NEARER = 1.5
EXACT_SHARE = 0.9
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
MOST_FAILED = 400
MOST_TRIED = 50_000
MOST_PLACES = 9
MOST_CARRIED = 4
WHOLE = 100
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


class Case:
    """Some comparisons with their equations, and which of them each suspected figure takes part in."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self.comparisons = comparisons
        self.failed = [index for index, comparison in enumerate(comparisons) if comparison.verdict == "fail"]
        self.tried = 0
        self.figures = {key_of(figure): figure for index in self.failed for figure in figures_of(comparisons[index])}
        self.equations: dict[int, Equation] = {}
        self.takes_part: dict[Key, list[int]] = defaultdict(list)
        for index, comparison in enumerate(comparisons):
            keys = {key_of(figure) for figure in figures_of(comparison)}
            if not keys.isdisjoint(self.figures) and (found := equation(comparison)) is not None:
                self.equations[index] = found
                for key in keys:
                    self.takes_part[key].append(index)
        self.told = {(one.stated, *sorted(one.terms, key=str)): index for index, one in reversed(self.equations.items())}
        self.same = {index: self.told[one.stated, *sorted(one.terms, key=str)] for index, one in self.equations.items()}
        signed = (one.stated for one in self.equations.values() if any(weight < 0 for weight in one.weights.values()))
        self.signed = frozenset(signed)  # differences, which may be negative among amounts that are not
        self.company = self._company()
        self.beside = self._beside()
        self.peers = self._peers()
        self.held = self._held()

    def _company(self) -> dict[Key, list[Figure]]:
        """The figures that stand in a failed comparison with each."""
        company: dict[Key, list[Figure]] = defaultdict(list)
        for index in self.failed[:MOST_FAILED]:
            figures = figures_of(self.comparisons[index])[:MOST_FAILED]
            for figure in figures:
                company[key_of(figure)] += [other for other in figures if other is not figure]
        return company

    def _beside(self) -> dict[Key, set[Decimal]]:
        """The numbers that stand one row or one column off each suspected figure."""
        standing: dict[object, Decimal] = {}
        for comparison in self.comparisons:
            for figure in figures_of(comparison):
                if figure.value is not None:
                    standing[_spot(figure.place, 0, 0)] = figure.value
        beside: dict[Key, set[Decimal]] = defaultdict(set)
        for key, figure in self.figures.items():
            if figure.place.row is not None and figure.place.column is not None:
                around = (_spot(figure.place, rows, columns) for rows, columns in ((0, 1), (0, -1), (1, 0), (-1, 0)))
                beside[key] = {standing[spot] for spot in around if spot in standing}
        return beside

    def _peers(self) -> dict[Key, list[Figure]]:
        """The numbers that stand in the same place of the same line relation."""
        wanted = {self.comparisons[index].relation for index in self.failed} - {""}
        slots: dict[tuple[str, int], list[Figure]] = defaultdict(list)
        for comparison in self.comparisons:
            if comparison.relation in wanted:
                for slot, figure in enumerate(figures_of(comparison)):
                    if figure.value is not None:
                        slots[comparison.relation, slot].append(figure)
        peers: dict[Key, list[Figure]] = defaultdict(list)
        for figures in slots.values():
            for figure in figures:
                if (key := key_of(figure)) in self.figures:
                    peers[key] += [other for other in figures[:MOST_FAILED] if other is not figure]
        return peers

    def _held(self) -> dict[str, tuple[int, int]]:
        """How often each line relation holds exactly, and how often within rounding."""
        held: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for comparison in self.comparisons:
            exact, rounded = held[comparison.relation]
            exact += comparison.verdict == "pass" and comparison.difference == 0
            held[comparison.relation] = (exact, rounded + (comparison.verdict == "rounding"))
        return held

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
        """Whether a figure is no culprit: the limit that another one exceeds, or a whole of 100 %."""
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
        """Whether a number that is no slip of the digits belongs to another place: to a neighbour, or in or out of the sum."""
        printed = self.figures[key].value
        if printed and printed in self.beside[key]:
            return "shifted"
        if key != one.stated or one.form != "sum" or len(one.terms) < LEAST_PARTS or value != one.made:
            return None
        parts = {one.weights[term] * number for term, number in one.terms.items() if number}
        return "omitted" if value - one.goal in parts else "double" if one.goal - value in parts else None

    def _is_exact(self, index: int) -> bool:
        """Whether the comparisons of the same line relation hold without rounding."""
        exact, rounded = self.held[self.comparisons[index].relation]
        return exact >= EXACT_SHARE * (exact + rounded)

    def _weigh(self, key: Key, value: Fraction, kind: Kind, open_: set[int], away: float) -> Repair:
        changes = {key: value}
        healed, left, broken, exact = self._outcome(changes, open_)
        if broken and healed and self.figures[key].value is not None:
            carried = self._carried(changes, broken, open_)
            if carried is not None:
                changes = carried
                healed, left, broken, exact = self._outcome(changes, open_)
        counted = len({self.same[index] for index in healed})  # a relation that two rules state is one
        away += CARRIES * (len(changes) - 1)
        score = HEALS * counted - LEAVES * len(left) - BREAKS * len(broken) - SLIPS * COST[kind] + EXACT * exact - away
        follows = tuple((other, new) for other, new in changes.items() if other != key)
        score += self._plausible(key, value)
        return Repair(key, value, kind, frozenset(healed), len(left), len(broken), score, follows)

    def _outcome(self, changes: Mapping[Key, Fraction], open_: set[int]) -> tuple[set[int], set[int], set[int], int]:
        """What some changes heal, leave and break, and how many relations become exact; a relation stated twice counts once."""
        healed, left, broken, exact = set(), set(), set(), 0
        for index in dict.fromkeys(index for key in changes for index in self._relations(key)):
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
        return healed, left, broken, exact

    def _carried(self, changes: dict[Key, Fraction], broken: set[int], open_: set[int]) -> dict[Key, Fraction] | None:
        """The changes with the figures that were computed from the wrong one; None where something is broken all the same."""
        carried = dict(changes)
        for _ in range(MOST_CARRIED):
            for index in sorted(broken):
                one = self.equations[index]
                if one.limit or one.holds(carried):
                    continue
                dependent = one.dependent(carried)
                if dependent is None or len(carried) > MOST_CARRIED:
                    return None
                printed = self.figure(dependent[0])
                if printed is None or printed.value is None or printed.dash:
                    return None
                carried[dependent[0]] = self._as_printed(dependent[1], printed, one)
            _, _, broken, _ = self._outcome(carried, open_)
            if not broken:
                return carried
        return None

    def figure(self, key: Key) -> Figure | None:
        """A figure, suspected or not."""
        return self.figures.get(key) or self._elsewhere.get(key, (None, []))[0]

    def _relations(self, key: Key) -> list[int]:
        """The comparisons with an equation that a figure takes part in, of one that is not suspected too."""
        if key not in self.figures and key in self._elsewhere:
            found = self._elsewhere.pop(key)
            for index in found[1]:
                if index not in self.equations and (made := equation(self.comparisons[index])) is not None:
                    self.equations[index] = made
                    self.same[index] = self.told.setdefault((made.stated, *sorted(made.terms, key=str)), index)
            self.takes_part[key] = [index for index in found[1] if index in self.equations]
            if found[0] is not None:
                self.figures[key] = found[0]
        return self.takes_part.get(key, [])

    @cached_property
    def _elsewhere(self) -> dict[Key, tuple[Figure | None, list[int]]]:
        """The figures that no failure touches, with the comparisons they take part in."""
        found: dict[Key, tuple[Figure | None, list[int]]] = {}
        for index, comparison in enumerate(self.comparisons):
            if comparison.verdict in ("pass", "rounding"):
                for figure in figures_of(comparison):
                    if (key := key_of(figure)) not in self.figures:
                        found.setdefault(key, (figure, []))[1].append(index)
        return found

    def _as_printed(self, value: Fraction, figure: Figure, one: Equation) -> Fraction:
        """A quotient to as many places as are printed."""
        if not one.below:
            return value
        scale = 10 ** _printed_places(figure.text)
        return Fraction(round(value * scale), scale)

    def _plausible(self, key: Key, value: Fraction) -> float:
        """Whether the repair brings the figure nearer to those it stands with, in size, sign and decimals."""
        figure = self.figures[key]
        if figure.value is None and value < 0 and not any(other.value and other.value < 0 for other in self.company[key]):
            return -NEARER
        if not figure.value or not value:
            return 0.0
        near = self.peers.get(key, [])
        peers = [peer.value for peer in near if peer.value]
        bonus = 0.0
        if peers:
            middle = median(log10(abs(peer)) for peer in peers)
            nearer = abs(log10(abs(figure.value)) - middle) - abs(log10(abs(value)) - middle)
            bonus += NEARER * max(-1.0, min(1.0, nearer))
        company = near or self.company[key]
        signs = [other.value < 0 for other in company if other.value]
        if value < 0 <= figure.value and key not in self.signed and not any(signs):
            bonus -= NEARER
        if signs and (value < 0) != (figure.value < 0):
            bonus += NEARER * (2.0 * sum(sign == (value < 0) for sign in signs) / len(signs) - 1.0)
        usual = max((places(other.value) for other in company if other.value), default=0)
        meant_places = places(Decimal(value.numerator) / Decimal(value.denominator))
        bonus += ODD_PLACES * ((places(figure.value) > usual) - (meant_places > usual))
        printed = Counter(_printed_places(other.text) for other in company)
        common, count = printed.most_common(1)[0] if printed else (0, 0)
        if count > 1 and count >= EXACT_SHARE * len(company) and _printed_places(figure.text) != common:
            bonus += ODD_PRINT
        return bonus

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


def figures_of(comparison: Comparison) -> list[Figure]:
    """All that take part in a comparison, the stated one first."""
    return [comparison.stated, *(figure for _, figure in comparison.operands)]


def _spot(place: Place, rows: int, columns: int) -> object:
    """The position some rows and columns off a place."""
    return place.file, place.sheet, place.table, (place.row or 0) + rows, (place.column or 0) + columns


def _printed_places(text: str) -> int:
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
