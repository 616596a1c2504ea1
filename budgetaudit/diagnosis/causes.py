"""Which figures are probably wrong, and what they should say: failed comparisons gathered under their causes.

A suspect is ranked by the relations its repair heals, those it leaves broken and those it breaks, and by how likely a
slip would have made the printed number of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from budgetaudit.diagnosis.along import Beside, alike, shifted
from budgetaudit.diagnosis.chains import Chain, Network, chains
from budgetaudit.diagnosis.equations import Equation, Key
from budgetaudit.diagnosis.facts import MOST_FAILED
from budgetaudit.diagnosis.repairs import Case, Repair
from budgetaudit.model import SEVERITIES, Comparison, Figure, Message, Suspect
from budgetaudit.slips import likely

LIKELY_BITS, CERTAIN_BITS, CLEAR, EQUAL = -3.0, 3.0, 1.5, 0.75
CLEAR_ALONE = 2.5  # of a repair that heals one failure only
Tier = Literal["certain", "likely", "unresolved"]
MOST_SUSPECTS = 8
LEAST_SUPPORT = 2


@dataclass(frozen=True)
class Diagnosis:
    """`cause_of`: a failing comparison's index → its root's. Of each root, `suspects`, the likeliest first, and `evidence`.

    `bits`: by how much a slip explains what failed better than chance, where it is one figure that does.
    """

    cause_of: Mapping[int, int] = field(default_factory=dict)
    suspects: Mapping[int, tuple[Suspect, ...]] = field(default_factory=dict)
    evidence: Mapping[int, Message] = field(default_factory=dict)
    bits: Mapping[int, float] = field(default_factory=dict)


def diagnose(comparisons: Sequence[Comparison], printed: Iterable[Figure] = ()) -> Diagnosis:
    """The causes of the failures among some comparisons, passing ones included, and the suspects of each cause.

    `printed`: the figures of the tables, those too that no comparison ties; they are gone through only where they may help.
    """
    search = _Search(comparisons)
    search.miswritten_numbers()
    search.figures_that_err_together("shifted", shifted)
    search.figures_that_err_together("stale", chains)
    search.single_figures()
    search.causes_that_are_one()
    search.rows_outside(printed)
    causes = {index: search.cause_of.get(index, index) for index in search.case.failed}
    return Diagnosis(causes, search.suspects, search.evidence, search.bits)


class _Search:
    """The causes found so far, and in `open` the failures that still wait for one."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self.comparisons = comparisons
        self.case = Case(comparisons)
        self.network = Network(comparisons)
        self.open = {index for index in self.case.failed[:MOST_FAILED] if index in self.case.equations}
        self.cause_of: dict[int, int] = {}
        self.suspects: dict[int, tuple[Suspect, ...]] = {}
        self.evidence: dict[int, Message] = {}
        self.bits: dict[int, float] = {}

    def miswritten_numbers(self) -> None:
        for index in self.case.failed:
            if misread := _miswritten(self.comparisons[index]):
                self.cause_of[index], self.suspects[index] = index, (misread,)
                self.evidence[index] = Message("cause-miswritten")

    def figures_that_err_together(self, how: str, chains_of: Callable[[Case, Network, set[int]], Iterator[Chain]]) -> None:
        """Whole lines out of place, or a summary gone stale: several figures, each of them certain."""
        for chain in chains_of(self.case, self.network, self.open):
            if self.open.issuperset(chain.healed):
                root = _gravest(self.case, chain.healed)
                self.suspects[root] = tuple(_together(self.case, self.network, chain, how))
                equations = [self.case.equations[index] for index in chain.healed]
                moved = Message("cause-shifted", {"heals": len(chain.healed)})
                evidence = moved if how == "shifted" else _words(self.case, self.network, self.suspects[root][0], equations)
                self._settle(root, chain.healed, evidence)

    def single_figures(self) -> None:
        """The best repair of one figure, then the best of those left, until nothing is healed any more."""
        case = self.case
        repairs = {index: _best_first(case.repairs(index, self.open)) for index in sorted(self.open)}
        while ready := [repairs[index][0] for index in sorted(self.open) if repairs[index]]:
            best = _surest(case, max(ready, key=lambda repair: repair.score), repairs, self.open)
            group = sorted(best.healed & self.open)
            rivals = _best_first(repair for index in group for repair in repairs[index])
            ranked = [best, *(repair for repair in _figures(rivals) if repair.key != best.key)]
            root = _gravest(case, group)
            followers = [_follower(case, best, key, value) for key, value in best.follows]
            others = [_suspect(case, repair, rivals) for repair in ranked[1:MOST_SUSPECTS]]
            self.suspects[root] = (_suspect(case, best, rivals), *followers, *others)
            self.bits[root] = case.confidence(best)
            self._settle(root, group, _evidence(case, self.network, self.suspects[root][0], best, rivals, root))
            touched = {key for index in group for key in (case.equations[index].stated, *case.equations[index].terms)}
            for index in {index for key in touched for index in case.takes_part[key]} & self.open:
                repairs[index] = _best_first(case.repairs(index, self.open))

    def causes_that_are_one(self) -> None:
        for group in list(alike(self.case, self.suspects)):
            root = _gravest(self.case, group)
            firsts = [self.suspects[other][0] for other in sorted(group)]
            # where all crossings of a sum fail, the sum itself is in doubt; that they fail alike speaks for it
            firsts = [replace(one, tier="likely") if one.tier == "unresolved" else one for one in firsts]
            found = tuple({one.place: one for one in sorted(firsts, key=lambda one: one.heals)}.values())
            self.suspects[root] = found
            self.cause_of = {index: root if cause in group else cause for index, cause in self.cause_of.items()}
            if len(found) > 1:
                heals = sum(suspect.heals for suspect in found)
                self.evidence[root] = Message("cause-alike", {"figures": len(found), "heals": heals})
            for other in set(group) - {root}:
                del self.suspects[other], self.evidence[other]

    def rows_outside(self, printed: Iterable[Figure]) -> None:
        """Where no figure is certain to be wrong, a row beside the parts may be the difference."""
        beside = Beside(printed)
        for root, found in self.suspects.items():
            if any(one.tier == "certain" for one in found):
                continue
            if (outside := beside.equal_to_difference(self.comparisons[root])) is not None:
                self.evidence[root] = Message("cause-outside", {"text": outside.text.strip(), "label": outside.label})

    def _settle(self, root: int, group: Iterable[int], evidence: Message) -> None:
        """Failures with a cause are open no more."""
        self.evidence[root] = evidence
        self.cause_of |= dict.fromkeys(group, root)
        self.open = self.open.difference(group)


def _gravest(case: Case, group: Iterable[int]) -> int:
    """The failure that stands for a cause: of the gravest the first, so that no error hides under a warning."""
    return min(group, key=lambda index: (SEVERITIES.index(case.comparisons[index].severity), index))


def _miswritten(comparison: Comparison) -> Suspect | None:
    """The number of a finding about how it is written, where it is probably another one than what it says."""
    figure, expected = comparison.stated, comparison.expected
    if comparison.kind != "notation" or figure.value is None or not expected or expected == figure.value:
        return None
    return Suspect(figure.place, figure.text.strip(), "decimal-point", expected, 1, "likely")


def _together(case: Case, network: Network, chain: Chain, how: str) -> Iterator[Suspect]:
    """Every figure of a chain: that all of them are off in the same way is no chance."""
    for key, value in chain.changes.items():
        figure = case.figures.get(key) or network.figures[key]
        yield Suspect(figure.place, figure.text.strip(), how, _decimal(value), len(chain.healed), "certain")


def _words(case: Case, network: Network, first: Suspect, equations: Sequence[Equation]) -> Message:
    """What speaks for the first suspect."""
    args = {"text": first.text, "value": f"{first.value:,f}", "heals": first.heals}
    others = [key for one in equations for key in (one.stated, *one.terms) if key in case.figures]
    others = [key for key in others if case.figures[key].place != first.place and case.figures[key].value]
    support, key = max(((network.support(key), at) for at, key in enumerate(others)), default=(0, 0))
    if support < LEAST_SUPPORT:
        return Message("cause-stale" if first.repair == "stale" else "cause-heals", args)
    args |= {"other": case.figures[others[key]].text.strip(), "parts": support}
    return Message("cause-stale-supported" if first.repair == "stale" else "cause-supported", args)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _best_first(repairs: Iterable[Repair]) -> list[Repair]:
    """The repairs, each figure's each value once, the best first."""
    best: dict[tuple[Key, object], Repair] = {}
    for repair in repairs:
        known = best.get((repair.key, repair.value))
        if known is None or known.score < repair.score:
            best[repair.key, repair.value] = repair
    return sorted(best.values(), key=lambda repair: (-repair.score, str(repair.key)))


def _surest(case: Case, best: Repair, repairs: Mapping[int, Sequence[Repair]], open_: set[int]) -> Repair:
    """The best repair; where it is not certain but another one nearly as good is, that one."""
    rivals = _best_first(repair for index in sorted(best.healed & open_) for repair in repairs[index])
    near = [repair for repair in _figures(rivals) if repair.score > best.score - CLEAR]
    return next((repair for repair in (best, *near) if _tier(case, repair, rivals) == "certain"), best)


def _figures(repairs: Iterable[Repair]) -> list[Repair]:
    """The best repair of each figure."""
    best: dict[Key, Repair] = {}
    for repair in repairs:
        best.setdefault(repair.key, repair)
    return list(best.values())


def _evidence(case: Case, network: Network, first: Suspect, best: Repair, rivals: Sequence[Repair], root: int) -> Message:
    """What speaks for the first suspect: that others follow from it, or that nothing tells it from others."""
    equals = _equals(best, rivals)
    if equals and first.tier == "unresolved":
        return Message("cause-equal", {"figures": len(equals) + 1})
    if best.follows:
        texts = ", ".join(case.figures[key].text.strip() for key, _ in best.follows)
        return Message("cause-carried", {"text": first.text, "value": f"{first.value:,f}", "others": texts})
    return _words(case, network, first, [case.equations[root]])


def _equals(repair: Repair, rivals: Sequence[Repair]) -> set[Key]:
    """The other figures of which one slip explains as much nearly as well."""
    return {
        rival.key
        for rival in rivals
        if rival.key != repair.key
        and rival.score > repair.score - EQUAL
        and rival.healed >= repair.healed
        and not rival.broken
        and likely(rival.kind) == likely(repair.kind)
    }


def _follower(case: Case, best: Repair, key: Key, value: Fraction) -> Suspect:
    """A figure that was computed from the wrong one."""
    figure = case.figures[key]
    return Suspect(figure.place, figure.text.strip(), "carried", _decimal(value), len(best.healed), "unresolved")


def _suspect(case: Case, repair: Repair, rivals: Sequence[Repair]) -> Suspect:
    figure = case.figures[repair.key]
    tier = _tier(case, repair, rivals)
    return Suspect(
        figure.place,
        figure.text.strip(),
        repair.kind,
        _decimal(repair.value),
        len({case.same[index] for index in repair.healed}),
        tier,
    )


def _tier(case: Case, repair: Repair, rivals: Sequence[Repair]) -> Tier:
    """How sure: a slip that chance would hardly explain, and nothing else that explains as much nearly as well."""
    sure = case.confidence(repair)
    if sure < LIKELY_BITS or repair.broken or _equals(repair, rivals):
        return "unresolved"
    if sure < CERTAIN_BITS or repair.left:
        return "likely"
    clear = CLEAR if case.apart(repair) > 1 else CLEAR_ALONE
    for rival in rivals:
        close = (likely(rival.kind) or not likely(repair.kind)) and rival.score > repair.score - clear and not rival.left
        if rival is not repair and close and rival.healed >= repair.healed:
            return "likely"
    return "certain"
