"""Several figures that are all off by the same amount, because a change in the detail was not carried over to them.

One wrong figure is a slip; a share, its total and the grand total above, each off by 300 and consistent with each
other, are a summary gone stale. Changing all of them heals what failed and breaks nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from budgetaudit.diagnosis.equations import Equation, Key, equation, key_of
from budgetaudit.diagnosis.facts import figures_of
from budgetaudit.diagnosis.repairs import Case
from budgetaudit.model import Comparison, Figure

MOST_STEPS = 6
MOST_CHANGED = 12


@dataclass(frozen=True)
class Chain:
    """The figures that went stale with the values they should have, parts before totals, and the failures that heals."""

    changes: Mapping[Key, Fraction]
    healed: tuple[int, ...]


class Network:
    """All comparisons by the figures they tie together."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self.comparisons = comparisons
        self.known: dict[int, Equation | None] = {}
        self.figures: dict[Key, Figure] = {}
        self.ties: dict[Key, list[int]] = defaultdict(list)
        for index, comparison in enumerate(comparisons):
            if comparison.verdict in ("pass", "rounding"):
                for figure in figures_of(comparison):
                    self.figures[key_of(figure)] = figure
                    self.ties[key_of(figure)].append(index)

    def equation(self, index: int) -> Equation | None:
        """The equation of a passing comparison."""
        if index not in self.known:
            self.known[index] = equation(self.comparisons[index])
        return self.known[index]

    def broken(self, changes: Mapping[Key, Fraction]) -> list[Equation]:
        """The equations that held and would no longer."""
        touched = dict.fromkeys(index for key in changes for index in self.ties[key])
        return [one for index in touched if (one := self.equation(index)) is not None and not one.holds(changes)]

    def carried(self, changes: Mapping[Key, Fraction]) -> tuple[dict[Key, Fraction], int]:
        """The changes carried on to the totals above, and how many equations they still break."""
        carried = dict(changes)
        for _ in range(MOST_STEPS):
            upward = [one for one in self.broken(carried) if one.form == "sum" and one.stated not in carried]
            if not upward or len(carried) + len(upward) > MOST_CHANGED:
                break
            for one in upward:
                carried[one.stated] = one.goal + (one.expected(carried) or one.made) - one.made
        return carried, len(self.broken(carried))

    def support(self, key: Key) -> int:
        """How many printed parts make up a figure that is the sum of them."""
        sums = (index for index in self.ties.get(key, ()) if key_of(self.comparisons[index].stated) == key)
        return max((len(self.comparisons[i].operands) for i in sums if self.comparisons[i].kind == "sum"), default=0)


def chains(case: Case, network: Network, open_: set[int]) -> Iterator[Chain]:
    """The stale figures among the open failures of figures that should agree."""
    groups: dict[object, list[int]] = defaultdict(list)
    for index in sorted(open_):
        comparison, one = case.comparisons[index], case.equations[index]
        if (
            len(one.terms) == 1 and one.weights and not one.limit and comparison.difference
        ):  # beyond a limit is not off by anything
            unit = comparison.unit.scale if comparison.unit else None
            groups[comparison.stated.place.file, abs(comparison.difference * (unit or 1))].append(index)
    for group in groups.values():
        if len(group) < 2:
            continue
        equations = [case.equations[index] for index in group]
        stated = {one.stated: one.made for one in equations}
        ends = [(next(iter(one.terms)), one) for one in equations]
        other = {key: one.terms[key] + (one.goal - one.made) / one.weights[key] for key, one in ends}
        found = [(broken, len(changes), changes) for changes, broken in map(network.carried, (stated, other))]
        (least, _, changes), (most, _, _) = sorted(found, key=lambda each: each[:2])
        if least < most and not least:
            yield Chain(_parts_first(changes, network), tuple(group))


def _parts_first(changes: Mapping[Key, Fraction], network: Network) -> dict[Key, Fraction]:
    """The changes with every total behind its parts."""
    above: dict[Key, set[Key]] = {key: set() for key in changes}
    for key in changes:
        for index in network.ties[key]:
            one = network.equation(index)
            if one is not None and one.stated == key:
                above[key] |= set(one.terms) & set(changes)
    order: list[Key] = []
    while len(order) < len(changes):
        ready = [key for key in changes if key not in order and above[key] <= set(order)]
        order += ready or [key for key in changes if key not in order]
    return {key: changes[key] for key in order}
