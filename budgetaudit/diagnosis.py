"""Which figures are probably wrong, and what they should say: failed comparisons gathered under their causes.

A suspect is ranked by the relations its repair heals, those it leaves broken and those it breaks, and by how likely a
slip would have made the printed number of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import log2, log10
from statistics import median
from typing import Literal

from budgetaudit.equations import Equation, Key, equation, key_of
from budgetaudit.model import Comparison, Figure, Suspect
from budgetaudit.slips import COST, Kind, likely, meant

HEALS, LEAVES, BREAKS, SLIPS = 4.0, 3.0, 2.0, 2.0
OFF_EXACT, OFF_ROUNDED = 2.0, 0.5
ODD_PLACES, ODD_PRINT = 2.0, 1.5
NEARER = 1.5
EXACT_SHARE = 0.9
LIKELY_BITS, CERTAIN_BITS, CLEAR = -3.0, 3.0, 1.5
NEVER = -99.0
FEW = 15  # one other failure for so many crossings that hold: more of them, and the line relation itself is doubtful


# How many numbers a slip can turn one of so many digits into.
def _countless(_digits: int) -> int:
    return 1000


ALTERNATIVES: dict[str, Callable[[int], int]] = {
    "sign": lambda _: 1,
    "unit": lambda _: 2,
    "decimal-point": lambda _: 4,
    "transposition": lambda digits: digits,
    "added-digit": lambda digits: digits,
    "digit": lambda digits: 9 * digits,
    "dropped-digit": lambda digits: 10 * digits,
}
Tier = Literal["certain", "likely", "unresolved"]
MOST_FAILED = 400
MOST_SUSPECTS = 8
MOST_PLACES = 9
BEHIND = re.compile(r"[.,](\d+)\D*\Z")


@dataclass(frozen=True)
class Diagnosis:
    """`cause_of`: a failing comparison's index → its root's; `suspects`: of each root, the likeliest first."""

    cause_of: Mapping[int, int] = field(default_factory=dict)
    suspects: Mapping[int, tuple[Suspect, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Repair:
    key: Key
    value: Fraction
    kind: Kind
    healed: frozenset[int]
    left: int
    broken: int
    score: float


def diagnose(comparisons: Sequence[Comparison]) -> Diagnosis:
    """The causes of the failures among some comparisons, passing ones included, and the suspects of each cause."""
    case = _Case(comparisons)
    cause_of: dict[int, int] = {}
    suspects: dict[int, tuple[Suspect, ...]] = {}
    open_ = [index for index in case.failed if index in case.equations]
    while open_:
        repairs = case.repairs(open_)
        if not repairs:
            break
        best = repairs[0]
        group = [index for index in open_ if index in best.healed] or [open_[0]]
        root = group[0]
        rivals = [repair for repair in repairs if repair.healed & set(group)]
        suspects[root] = tuple(case.suspect(repair, rivals) for repair in _different(rivals)[:MOST_SUSPECTS])
        cause_of |= dict.fromkeys(group, root)
        open_ = [index for index in open_ if index not in cause_of]
    for index in case.failed:
        cause_of.setdefault(index, index)
    return Diagnosis(cause_of, suspects)


def _different(repairs: Iterable[_Repair]) -> list[_Repair]:
    """The best repair of each figure."""
    best: dict[Key, _Repair] = {}
    for repair in repairs:
        best.setdefault(repair.key, repair)
    return list(best.values())


class _Case:
    """The comparisons with their equations, and which of them each figure takes part in."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self.comparisons = comparisons
        self.failed = [index for index, comparison in enumerate(comparisons) if comparison.verdict == "fail"][:MOST_FAILED]
        self.equations: dict[int, Equation] = {}
        self.takes_part: dict[Key, list[int]] = defaultdict(list)
        self.figures: dict[Key, Figure] = {}
        self.slots: dict[tuple[str, int], list[Fraction]] = defaultdict(list)
        suspected = {key for index in self.failed for key in self._keys(comparisons[index])}
        for index, comparison in enumerate(comparisons):
            if comparison.verdict == "not_evaluated":
                continue
            keys = self._keys(comparison)
            if suspected.isdisjoint(keys):
                continue
            found = equation(comparison)
            if found is None:
                continue
            self.equations[index] = found
            for key in set(keys):
                self.takes_part[key].append(index)
        self.company: dict[Key, list[Figure]] = defaultdict(list)
        for index in self.failed:
            figures = self._figures(index)
            for figure in figures:
                self.figures.setdefault(key_of(figure), figure)
                self.company[key_of(figure)] += [other for other in figures if other is not figure]
        self.peers = self._peers()
        self.held: dict[str, tuple[int, int]] = {}
        for comparison in comparisons:
            exact, rounded = self.held.get(comparison.relation, (0, 0))
            self.held[comparison.relation] = (
                exact + (comparison.verdict == "pass" and comparison.difference == 0),
                rounded + (comparison.verdict == "rounding"),
            )

    def _keys(self, comparison: Comparison) -> list[Key]:
        return [key_of(comparison.stated), *(key_of(figure) for _, figure in comparison.operands)]

    def _peers(self) -> dict[Key, list[Figure]]:
        """The numbers that stand in the same place of the same line relation."""
        wanted = {self.comparisons[index].relation for index in self.failed} - {""}
        slots: dict[tuple[str, int], list[tuple[Key, Figure]]] = defaultdict(list)
        for comparison in self.comparisons:
            if comparison.relation in wanted:
                for slot, figure in enumerate((comparison.stated, *(figure for _, figure in comparison.operands))):
                    if figure.value is not None:
                        slots[comparison.relation, slot].append((key_of(figure), figure))
        peers: dict[Key, list[Figure]] = defaultdict(list)
        for members in slots.values():
            for key, _ in members:
                if key in self.figures:
                    peers[key] += [figure for other, figure in members if other != key]
        return peers

    def repairs(self, open_: Sequence[int]) -> list[_Repair]:
        """Every repair that heals an open failure, best first."""
        failing = set(open_)
        found: dict[tuple[Key, Fraction], _Repair] = {}
        for index in open_:
            one = self.equations[index]
            for key in dict.fromkeys((one.stated, *one.terms)):
                for kind, value, off in self._candidates(index, key):
                    repair = self._weigh(key, value, kind, failing, off)
                    if (key, value) not in found or found[key, value].score < repair.score:
                        found[key, value] = repair
        return sorted(found.values(), key=lambda repair: (-repair.score, str(repair.key)))

    def _candidates(self, index: int, key: Key) -> Iterable[tuple[Kind, Fraction, float]]:
        """The values a figure may have been meant to have, for one failed comparison, and how far off the exact one each is."""
        figure = self.figures.get(key)
        if figure is None or figure.value is None:
            return
        ends = self.equations[index].solutions(key)
        if ends is None:
            return
        others = [f for f in self._figures(index) if key_of(f) != key and f.value is not None]
        places = min(
            max([_places(figure.value), *(_places(other.value) for other in others if other.value is not None)]), MOST_PLACES
        )
        scale = 10 ** (places + 3)
        step = scale // 10 ** max((_places(other.value) for other in others if other.value is not None), default=0)
        low, high = -((-ends[0] * scale) // 1), ends[1] * scale // 1
        if high < low:
            low = high = round((ends[0] + ends[1]) / 2 * scale)
        for kind, value in meant(int(Fraction(figure.value) * scale), int(low), int(high), max(step, 1)):
            away = abs(Fraction(value, scale) - (ends[0] + ends[1]) / 2)
            half = (ends[1] - ends[0]) / 2
            off = float(min(away / half, Fraction(1))) if half else 0.0
            yield kind, Fraction(value, scale), off * (OFF_EXACT if off and self._is_exact(index) else OFF_ROUNDED)

    def _is_exact(self, index: int) -> bool:
        """Whether the comparisons of the same line relation hold without rounding."""
        relation = self.comparisons[index].relation
        exact, rounded = self.held.get(relation, (0, 0))
        return exact >= EXACT_SHARE * (exact + rounded)

    def _figures(self, index: int) -> list[Figure]:
        comparison = self.comparisons[index]
        return [comparison.stated, *(figure for _, figure in comparison.operands)]

    def _weigh(self, key: Key, value: Fraction, kind: Kind, failing: set[int], off: float) -> _Repair:
        healed, left, broken = set(), 0, 0
        for index in self.takes_part[key]:
            holds = self.equations[index].holds(key, value)
            if index in failing:
                if holds:
                    healed.add(index)
                else:
                    left += 1
            elif self.comparisons[index].verdict != "fail" and not holds:
                broken += 1
        score = HEALS * len(healed) - LEAVES * left - BREAKS * broken - SLIPS * COST[kind] - off + self._plausible(key, value)
        return _Repair(key, value, kind, frozenset(healed), left, broken, score)

    def _plausible(self, key: Key, value: Fraction) -> float:
        """Whether the repair brings the figure nearer to those it stands with, in size and in the decimals printed."""
        figure = self.figures[key]
        if figure.value is None or not value:
            return 0.0
        near = self.peers.get(key, [])
        peers = [peer.value for peer in near if peer.value]
        bonus = 0.0
        if peers:
            middle = median(log10(abs(peer)) for peer in peers)
            was, now = abs(log10(abs(figure.value)) - middle) if figure.value else 1.0, abs(log10(abs(value)) - middle)
            bonus += NEARER * max(-1.0, min(1.0, was - now))
            if (value < 0) != (figure.value < 0):
                bonus += NEARER * (2.0 * sum((peer < 0) == (value < 0) for peer in peers) / len(peers) - 1.0)
        places = max(map(_places, peers), default=max((_places(f.value) for f in self.company[key] if f.value), default=0))
        meant_places, shown_places = _places(Decimal(value.numerator) / Decimal(value.denominator)), _places(figure.value)
        bonus += ODD_PLACES * ((shown_places > places) - (meant_places > places))
        company = [_printed_places(peer.text) for peer in near] or [_printed_places(f.text) for f in self.company[key]]
        common, count = Counter(company).most_common(1)[0] if company else (0, 0)
        if count > 1 and count >= EXACT_SHARE * len(company) and _printed_places(figure.text) != common:
            bonus += ODD_PRINT
        return bonus

    def suspect(self, repair: _Repair, rivals: Sequence[_Repair]) -> Suspect:
        figure = self.figures[repair.key]
        value = Decimal(repair.value.numerator) / Decimal(repair.value.denominator)
        return Suspect(figure.place, figure.text.strip(), repair.kind, value, len(repair.healed), self._tier(repair, rivals))

    def _tier(self, repair: _Repair, rivals: Sequence[_Repair]) -> Tier:
        sure = self.confidence(repair)
        if not likely(repair.kind) or sure < LIKELY_BITS:
            return "unresolved"
        close = [
            r for r in rivals if likely(r.kind) and r.score > repair.score - CLEAR and r.healed >= repair.healed and not r.left
        ]
        if sure >= CERTAIN_BITS and close == [repair] and not repair.left and not repair.broken:
            return "certain"
        return "likely"

    def confidence(self, repair: _Repair) -> float:
        """Bits by which a slip explains the failures better than chance would: the longer the numbers, the rarer that is."""
        found = [bits for index in repair.healed if (bits := self._surprise(index, repair)) is not None]
        return sum(found) if found else NEVER

    def _surprise(self, index: int, repair: _Repair) -> float | None:
        """The same for one failure; None where the line relation itself is doubtful."""
        comparison = self.comparisons[index]
        figures = [figure for figure in self._figures(index) if figure.value is not None]
        values = [abs(figure.value) for figure in figures if figure.value]
        exact, rounded = self.held.get(comparison.relation, (0, 0))
        others = sum(self.comparisons[i].relation == comparison.relation for i in self.failed if i not in repair.healed)
        unsigned = repair.kind == "sign" and comparison.relation and not exact + rounded
        if len(figures) < 3 or not values or others * FEW > exact + rounded or unsigned:
            return None
        finest = min(Decimal(1).scaleb(_exponent(value)) for value in values)
        size = int(max(values) / finest)
        chances = len(figures) * ALTERNATIVES.get(repair.kind, _countless)(len(str(size)))
        return log2(1 + size) - log2(chances)


def _printed_places(text: str) -> int:
    """How many digits stand behind the last mark of a printed number."""
    match = BEHIND.search(text)
    return len(match.group(1)) if match else 0


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
