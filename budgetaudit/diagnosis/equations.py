"""A comparison as an equation between its figures: what follows for one of them if the others are right.

The weights are those of the relation that was judged, so that every kind of rule is diagnosed alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from budgetaudit.model import Comparison, Figure
from budgetaudit.relations.confront import worth
from budgetaudit.relations.relation import Relation, Term

Key = tuple[object, ...]
NO_CHANGES: Mapping[Key, Fraction] = {}
MOST_PARTS = 8  # of a total, the last ones, that may be the rest of it
PRODUCT, SUM, SIGNED, RATIO = "product", "sum", "signed", "ratio"


@dataclass(frozen=True)
class Equation:
    """stated = made of the terms, within `bound`; `limit`: stated is at most (or at least) that.

    `terms` holds the value of each figure, zero for a blank; `weights` what each counts for, of a rate in its dividend, `below`
    in its divisor; both are empty of a product. `form` says which it is.
    """

    stated: Key
    goal: Fraction
    made: Fraction
    bound: Fraction
    terms: Mapping[Key, Fraction]
    weights: Mapping[Key, Fraction]
    form: str
    limit: int = 0
    below: Mapping[Key, Fraction] = field(default_factory=dict)
    constant: Fraction = Fraction(0)

    def expected(self, changes: Mapping[Key, Fraction] = NO_CHANGES) -> Fraction | None:
        """What the terms make, some figures changed; None where that divides by zero."""
        changed = [key for key in changes if key in self.terms]
        if not changed:
            return self.made
        if self.form == PRODUCT:
            before = prod(self.terms.values(), start=Fraction(1))
            values = [changes.get(key, value) for key, value in self.terms.items()]
            return self.made / before * prod(values, start=Fraction(1)) if before else None
        if not self.below:
            return self.made + sum((self.weights[key] * (changes[key] - self.terms[key]) for key in changed), Fraction(0))
        divisor = _total(self.below, self.terms, changes)
        return (_total(self.weights, self.terms, changes) + self.constant) / divisor if divisor else None

    def holds(self, changes: Mapping[Key, Fraction]) -> bool:
        """True if it would hold if some figures were changed."""
        off = self.off(changes)
        return off is not None and off <= self.bound

    def off(self, changes: Mapping[Key, Fraction] = NO_CHANGES) -> Fraction | None:
        """By how much it would not hold exactly; None where that divides by zero."""
        expected = self.expected(changes)
        if expected is None:
            return None
        over = changes.get(self.stated, self.goal) - expected
        return max(over * self.limit, Fraction(0)) if self.limit else abs(over)

    def dependents(self, changes: Mapping[Key, Fraction]) -> list[tuple[Key, Fraction]]:
        """The figures that may be computed from those changed, with their value: what is stated, of a changed total a part."""
        expected = self.expected(changes)
        if expected is None or self.form == PRODUCT:
            return []
        if self.stated not in changes:
            return [(self.stated, expected)]
        free = [key for key in self.terms if key not in changes and self.weights.get(key)] if self.form == SUM else []
        missing = changes[self.stated] - expected
        return [(key, self.terms[key] + missing / self.weights[key]) for key in free[-MOST_PARTS:]]

    def solutions(self, key: Key) -> tuple[Fraction, Fraction] | None:
        """Between which values the figure `key` would make it hold, the others being right."""
        if key == self.stated:
            return self.made - self.bound, self.made + self.bound
        one, other = (self._solved(key, goal) for goal in (self.goal - self.bound, self.goal + self.bound))
        return None if one is None or other is None else (min(one, other), max(one, other))

    def _solved(self, key: Key, goal: Fraction) -> Fraction | None:
        """The value of one figure that makes the terms come to a goal."""
        if self.form == PRODUCT:
            return goal * self.terms[key] / self.made if self.terms[key] and self.made else None
        weight = self.weights.get(key, Fraction(0))
        if not self.below:
            return self.terms[key] + (goal - self.made) / weight if weight else None
        without = {key: Fraction(0)}
        above, below = _total(self.weights, self.terms, without) + self.constant, _total(self.below, self.terms, without)
        slope = goal * self.below.get(key, Fraction(0)) - weight
        return (above - goal * below) / slope if slope else None


def _total(weights: Mapping[Key, Fraction], terms: Mapping[Key, Fraction], changes: Mapping[Key, Fraction]) -> Fraction:
    return sum((weight * changes.get(key, terms[key]) for key, weight in weights.items()), Fraction(0))


def key_of(figure: Figure) -> Key:
    """What makes a figure the same figure: its cell and what is printed there, as several may stand in one cell or line."""
    place = figure.place
    if place.row is not None and place.column is not None:
        return (place.file, place.sheet, place.page, place.table, place.row, place.column, figure.text.strip())
    return (place, figure.text, figure.label)


def equation(comparison: Comparison) -> Equation | None:
    """The equation a comparison tests; None if it tests none."""
    stated, expected, proposed = comparison.stated, comparison.expected, comparison.proposed
    if stated.value is None or expected is None or proposed is None or comparison.verdict == "not_evaluated":
        return None
    figures = [figure for _, figure in comparison.operands]
    if not figures or key_of(stated) in map(key_of, figures):
        return None
    values = {key_of(figure): Fraction(figure.value or 0) for figure in figures}
    common = (key_of(stated), Fraction(stated.value), Fraction(expected), Fraction(comparison.bound), values)
    limit = {"<=": 1, "<": 1, ">=": -1, ">": -1}.get(comparison.operator, 0)
    if not isinstance(proposed, Relation):
        product = {role for role, _ in comparison.operands} == {"factor"} and len(values) == len(figures)
        return Equation(*common, {}, PRODUCT, limit) if product else None
    own, *others = proposed.side("stated")
    scale = 1 / own.weight
    moved = [Term(term.operand, -term.weight) for term in others]
    # of several blanks none is told, and none may be the one that is wrong
    parts = [term for term in proposed.side("part") if term.operand.value is not None or key_of(term.operand) in values]
    above = _weights(proposed, [*moved, *parts], scale)
    below = _weights(proposed, proposed.side("divisor"), Fraction(1))
    form = RATIO if below else SUM if all(weight > 0 for weight in above.values()) else SIGNED
    if above.keys() | below.keys() != values.keys():
        return None  # a blank that is not told
    return Equation(*common, above, form, limit, below, proposed.constant * scale)


def _weights(relation: Relation[Figure], terms: Iterable[Term[Figure]], scale: Fraction) -> dict[Key, Fraction]:
    """What each figure counts for in printed units; a cell that spans two rows is a term of both."""
    found: dict[Key, Fraction] = {}
    for term in terms:
        key = key_of(term.operand)
        ratio = worth(term.operand, relation.reference, mixed=relation.mixed) or Fraction(1)
        found[key] = found.get(key, Fraction(0)) + term.weight * ratio * scale
    return found
