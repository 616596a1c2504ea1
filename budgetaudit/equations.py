"""A comparison as an equation between its figures: what follows for one of them if the others are right.

What a comparison expects of its figures (a sum, an average, a difference, a quotient) is read off the numbers
themselves, so that every kind of rule is diagnosed alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from budgetaudit.model import Comparison, Figure

Key = tuple[object, ...]
CLOSE = Fraction(1, 10**6)
MOST_SIGNS = 8


@dataclass(frozen=True)
class Equation:
    """stated = form(terms) within `bound`. `weights` are the factors of a linear form; a quotient has none."""

    stated: Key
    terms: tuple[Key, ...]
    values: tuple[Fraction, ...]
    goal: Fraction
    bound: Fraction
    form: str
    weights: tuple[Fraction, ...] = ()
    limit: bool = False

    def expected(self, key: Key | None = None, value: Fraction | None = None) -> Fraction | None:
        """What the terms make, with the figure `key` replaced; None where dividing by zero."""
        values = [value if term == key and value is not None else old for term, old in zip(self.terms, self.values, strict=True)]
        if self.weights:
            return sum((weight * each for weight, each in zip(self.weights, values, strict=True)), Fraction(0))
        first, second = values
        return _quotient(self.form, first, second)

    def holds(self, key: Key, value: Fraction) -> bool:
        """Whether it would hold if the figure `key` were `value`."""
        goal = value if self.stated == key else self.goal
        expected = self.expected(key, value)
        if expected is None:
            return False
        return goal <= expected + self.bound if self.limit else abs(goal - expected) <= self.bound

    def solutions(self, key: Key) -> tuple[Fraction, Fraction] | None:
        """Between which values the figure `key` would make it hold, the others being right."""
        if key == self.stated:
            expected = self.expected()
            return None if expected is None else (expected - self.bound, expected + self.bound)
        at = self.terms.index(key)
        low, high = self.goal - self.bound, self.goal + self.bound
        if self.weights:
            weight = sum(w for w, term in zip(self.weights, self.terms, strict=True) if term == key)
            if not weight:
                return None
            rest = sum((w * v for w, v, t in zip(self.weights, self.values, self.terms, strict=True) if t != key), Fraction(0))
            ends = sorted(((low - rest) / weight, (high - rest) / weight))
        else:
            found = [_solved(self.form, self.values, at, goal) for goal in (low, high)]
            if None in found:
                return None
            ends = sorted(end for end in found if end is not None)
        return ends[0], ends[-1]


def key_of(figure: Figure) -> Key:
    """What makes a figure the same figure: its cell, or its words where several stand in one line."""
    place = figure.place
    if place.row is not None and place.column is not None:
        return (place.file, place.sheet, place.page, place.table, place.row, place.column)
    return (place, figure.text, figure.label)


def equation(comparison: Comparison) -> Equation | None:
    """The equation a comparison tests; None if the numbers do not tell."""
    stated, expected = comparison.stated, comparison.expected
    if stated.value is None or expected is None or comparison.verdict == "not_evaluated":
        return None
    figures = [figure for _, figure in comparison.operands]
    if not figures:
        return None
    scales = [_scale(figure, stated) for figure in figures]
    values = tuple(Fraction(0) if figure.value is None else Fraction(figure.value) for figure in figures)
    goal, wanted, bound = Fraction(stated.value), Fraction(expected), Fraction(comparison.bound)
    found = next(_forms(values, scales, wanted, [role for role, _ in comparison.operands]), None)
    if found is None:
        return None
    form, weights = found
    keys = tuple(map(key_of, figures))
    return Equation(key_of(stated), keys, values, goal, bound, form, weights, limit=comparison.kind == "within")


def _scale(figure: Figure, stated: Figure) -> Fraction:
    """How many of the stated figure's unit one of this figure's is."""
    if figure.unit is None or stated.unit is None or figure.unit.scale is None or not stated.unit.scale:
        return Fraction(1)
    return Fraction(figure.unit.scale) / Fraction(stated.unit.scale)


def _forms(
    values: Sequence[Fraction], scales: Sequence[Fraction], wanted: Fraction, roles: Sequence[str]
) -> Iterator[tuple[str, tuple[Fraction, ...]]]:
    """The forms that make `wanted` of the values, the likeliest first."""
    room = max(abs(wanted) * CLOSE, CLOSE)

    def makes(number: Fraction | None) -> bool:
        return number is not None and abs(number - wanted) <= room

    count = len(values)
    if makes(sum((v * s for v, s in zip(values, scales, strict=True)), Fraction(0))):
        yield "sum", tuple(scales)
    filled = Fraction(1, max(count, 1))
    if makes(sum((v * s for v, s in zip(values, scales, strict=True)), Fraction(0)) * filled):
        yield "average", tuple(s * filled for s in scales)
    if count == 2:
        for form in ("difference", "difference-back"):
            signs = (1, -1) if form == "difference" else (-1, 1)
            weights = tuple(sign * s for sign, s in zip(signs, scales, strict=True))
            if makes(sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0))):
                yield form, weights
        for form in QUOTIENTS:
            if makes(_quotient(form, *values)):
                yield form, ()
    if 2 < count <= MOST_SIGNS and "part" not in roles:
        for pattern in product((1, -1), repeat=count):
            weights = tuple(sign * s for sign, s in zip(pattern, scales, strict=True))
            if makes(sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0))):
                yield "formula", weights
                return


QUOTIENTS = ("a/b", "100a/b", "b/a-1", "100(b/a-1)", "a/b-1", "100(a/b-1)")


def _quotient(form: str, first: Fraction, second: Fraction) -> Fraction | None:
    if form.lstrip("10(").startswith("b"):
        first, second = second, first
    if not second:
        return None
    number = first / second - (1 if "-1" in form else 0)
    return number * (100 if form.startswith("100") else 1)


def _solved(form: str, values: Sequence[Fraction], at: int, goal: Fraction) -> Fraction | None:
    """The value at one place of a quotient that makes it `goal`."""
    number = goal / (100 if form.startswith("100") else 1) + (1 if "-1" in form else 0)
    numerator = 1 if form.lstrip("10(").startswith("b") else 0
    if at == numerator:
        return number * values[1 - at]
    return values[1 - at] / number if number else None
