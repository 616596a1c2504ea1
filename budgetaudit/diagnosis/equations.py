"""A comparison as an equation between its figures: what follows for one of them if the others are right.

What a comparison expects of its figures (a sum, an average, a difference, a quotient) is read off the numbers
themselves, so that every kind of rule is diagnosed alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from budgetaudit.model import Comparison, Figure

Key = tuple[object, ...]
NO_CHANGES: Mapping[Key, Fraction] = {}
CLOSE = Fraction(1, 10**6)
ONE = Fraction(1)
MOST_SIGNS = 8
PRODUCT = "product"
QUOTIENTS = ("a/b", "100a/b", "b/a-1", "100(b/a-1)", "a/b-1", "100(a/b-1)")


@dataclass(frozen=True)
class Equation:
    """stated = made of the terms, within `bound`; with `limit`, stated is at most that.

    `terms` holds the value of each figure, zero for a blank; `weights` the factors of a linear form, empty for a quotient or
    a product (`form`).
    """

    stated: Key
    goal: Fraction
    made: Fraction
    bound: Fraction
    terms: Mapping[Key, Fraction]
    weights: Mapping[Key, Fraction]
    form: str
    limit: bool = False

    def expected(self, changes: Mapping[Key, Fraction] = NO_CHANGES) -> Fraction | None:
        """What the terms make, some figures changed; None where that divides by zero."""
        changed = [key for key in changes if key in self.terms]
        if not changed:
            return self.made
        if self.weights:
            return self.made + sum((self.weights[key] * (changes[key] - self.terms[key]) for key in changed), Fraction(0))
        values = [changes.get(key, value) for key, value in self.terms.items()]
        if self.form == PRODUCT:
            before = _product(self.terms.values())
            return self.made / before * _product(values) if before else None
        return _quotient(self.form, *values)

    def holds(self, changes: Mapping[Key, Fraction]) -> bool:
        """Whether it would hold if some figures were changed."""
        off = self.off(changes)
        return off is not None and off <= self.bound

    def off(self, changes: Mapping[Key, Fraction] = NO_CHANGES) -> Fraction | None:
        """By how much it would not hold exactly; None where that divides by zero."""
        expected = self.expected(changes)
        if expected is None:
            return None
        over = changes.get(self.stated, self.goal) - expected
        return max(over, Fraction(0)) if self.limit else abs(over)

    def solutions(self, key: Key) -> tuple[Fraction, Fraction] | None:
        """Between which values the figure `key` would make it hold, the others being right."""
        if key == self.stated:
            return self.made - self.bound, self.made + self.bound
        low, high = self.goal - self.bound, self.goal + self.bound
        if self.weights:
            weight, value = self.weights[key], self.terms[key]
            if not weight:
                return None
            ends = sorted((value + (low - self.made) / weight, value + (high - self.made) / weight))
            return ends[0], ends[1]
        if self.form == PRODUCT:
            rest = self.made / self.terms[key] if self.terms[key] else None
            return (low / rest, high / rest) if rest else None
        at = list(self.terms).index(key)
        one, other = (_solved(self.form, list(self.terms.values()), at, goal) for goal in (low, high))
        return None if one is None or other is None else (min(one, other), max(one, other))


def key_of(figure: Figure) -> Key:
    """What makes a figure the same figure: its cell and what is printed there, as several may stand in one cell or line."""
    place = figure.place
    if place.row is not None and place.column is not None:
        return (place.file, place.sheet, place.page, place.table, place.row, place.column, figure.text.strip())
    return (place, figure.text, figure.label)


def equation(comparison: Comparison) -> Equation | None:
    """The equation a comparison tests; None if the numbers do not tell."""
    stated, expected = comparison.stated, comparison.expected
    figures = [figure for _, figure in comparison.operands]
    if stated.value is None or expected is None or not figures or comparison.verdict == "not_evaluated":
        return None
    keys = [key_of(figure) for figure in figures]
    if key_of(stated) in keys:
        return None
    scales = [_scale(figure, stated) for figure in figures]
    values = [Fraction(0) if figure.value is None else Fraction(figure.value) for figure in figures]
    wanted = Fraction(expected)
    bound = Fraction(comparison.bound)
    found = next(_forms(values, scales, wanted, bound, [role for role, _ in comparison.operands]), None)
    if found is None:
        return None
    form, factors = found
    weights: dict[Key, Fraction] = {}
    for key, factor in zip(keys, factors, strict=False):
        weights[key] = weights[key] + factor if key in weights else factor  # a cell that spans two rows is a term of both
    if not weights and len(set(keys)) < len(keys):
        return None
    return Equation(
        key_of(stated),
        Fraction(stated.value),
        wanted,
        bound,
        dict(zip(keys, values, strict=True)),
        weights,
        form,
        limit=comparison.kind == "within",
    )


def _scale(figure: Figure, stated: Figure) -> Fraction:
    """How many of the stated figure's unit one of this figure's is."""
    if figure.unit is stated.unit or figure.unit is None or stated.unit is None:
        return ONE
    if figure.unit.scale == stated.unit.scale or figure.unit.scale is None or not stated.unit.scale:
        return ONE
    return Fraction(figure.unit.scale) / Fraction(stated.unit.scale)


def _forms(
    values: Sequence[Fraction], scales: Sequence[Fraction], wanted: Fraction, bound: Fraction, roles: Sequence[str]
) -> Iterator[tuple[str, list[Fraction]]]:
    """The forms that make `wanted` of the values with their weights, the likeliest first."""
    room = CLOSE if abs(wanted) <= 1 else abs(wanted) * CLOSE

    def makes(number: Fraction | None) -> bool:
        return number is not None and (number == wanted or abs(number - wanted) <= room)

    scaled = [value if scale is ONE else value * scale for value, scale in zip(values, scales, strict=True)]
    total, count = sum(scaled, Fraction(0)), len(values)
    if "limit" in roles:
        limits = [-scale if role == "part" else scale for role, scale in zip(roles, scales, strict=True)]
        if makes(sum((sign * value for sign, value in zip(limits, values, strict=True)), Fraction(0))):
            yield "sum", limits
    if makes(total):
        yield "sum", list(scales)
    if makes(total / count):
        yield "average", [scale / count for scale in scales]
    if set(roles) == {"factor"} and _is_power(wanted, _product(values)):
        yield PRODUCT, []
    if count == 2:
        first, second = scaled
        if makes(first - second):
            yield "difference", [scales[0], -scales[1]]
        if makes(second - first):
            yield "difference", [-scales[0], scales[1]]
        quotients = {form: made for form in QUOTIENTS if (made := _quotient(form, *values)) is not None}
        nearest = min(quotients, key=lambda form: abs(quotients[form] - wanted), default=None)
        # what a rate is expected to be may be rounded as it is printed
        if nearest and abs(quotients[nearest] - wanted) <= max(room, bound if "denominator" in roles else room):
            yield nearest, []
    if 2 < count <= MOST_SIGNS and "part" not in roles:
        for signs in product((1, -1), repeat=count):
            if makes(sum((sign * value for sign, value in zip(signs, scaled, strict=True)), Fraction(0))):
                yield "formula", [sign * scale for sign, scale in zip(signs, scales, strict=True)]
                return


def _product(values: Iterable[Fraction]) -> Fraction:
    made = Fraction(1)
    for value in values:
        made *= value
    return made


def _is_power(wanted: Fraction, made: Fraction) -> bool:
    """Whether one is the other times a power of ten, as where factors and product are in different units."""
    if not wanted or not made:
        return False
    digits = str(max(wanted / made, made / wanted))
    return digits.strip("0") == "1"


def _quotient(form: str, first: Fraction, second: Fraction) -> Fraction | None:
    if form.lstrip("10(").startswith("b"):
        first, second = second, first
    if not second:
        return None
    return (first / second - ("-1" in form)) * (100 if form.startswith("100") else 1)


def _solved(form: str, values: Sequence[Fraction], at: int, goal: Fraction) -> Fraction | None:
    """The value at one place of a quotient that makes it `goal`."""
    number = goal / (100 if form.startswith("100") else 1) + ("-1" in form)
    numerator = 1 if form.lstrip("10(").startswith("b") else 0
    if at == numerator:
        return number * values[1 - at]
    return values[1 - at] / number if number else None
