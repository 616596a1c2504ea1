"""What printed numbers may stand for, as intervals: a value stated to unit u stands for [v−u/2, v+u/2].

Readings are found with these; what they come to is judged in `relations`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from budgetaudit.model import Figure

HALF = Decimal("0.5")
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Interval:
    """What a printed number may stand for: from `low` to `high`, both included.

    `nominal` is what it is if nothing was rounded: of a quotient or a product not the middle between the two.
    """

    low: Decimal
    high: Decimal
    nominal: Decimal | None = field(default=None, compare=False)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high, self.middle + other.middle)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low, self.middle - other.middle)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, -self.middle)

    def __mul__(self, other: Interval) -> Interval:
        products = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high]
        return Interval(min(products), max(products), self.middle * other.middle)

    def __truediv__(self, other: Interval) -> Interval:
        """Raises ZeroDivisionError if the divisor may be zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        quotients = [self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high]
        return Interval(min(quotients), max(quotients), self.middle / other.middle)

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2 if self.nominal is None else self.nominal

    @property
    def radius(self) -> Decimal:
        return (self.high - self.low) / 2

    def beyond(self, difference: Decimal) -> Decimal:
        """How far it reaches from its middle towards a number that differs from it."""
        return self.high - self.middle if difference > 0 else self.middle - self.low

    def meets(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high


def interval(figure: Figure) -> Interval:
    """The interval of a figure in its own unit; raises ValueError for a blank."""
    if figure.value is None:
        raise ValueError("a blank has no interval")
    return around(figure.value, figure.step)


def around(value: Decimal, step: Decimal) -> Interval:
    """What a number may stand for if it was rounded to the nearest step."""
    return Interval(value - step * HALF, value + step * HALF)


def truncated(value: Decimal, step: Decimal) -> Interval:
    """What a number may stand for if its last place was cut: away from zero by up to one step."""
    if value > 0:
        return Interval(value, value + step)
    return Interval(value - step, value) if value < 0 else Interval(-step, step)


def conversion(figure: Figure, other: Figure) -> Decimal | None:
    """What a figure is multiplied by to be in the unit of another; None if their units cannot be compared."""
    if figure.unit is None or other.unit is None or figure.unit == other.unit:
        return ONE
    if figure.unit.family == other.unit.family == "money":
        if figure.unit.scale and other.unit.scale and figure.unit.currency == other.unit.currency:
            return figure.unit.scale / other.unit.scale
        return None
    return ONE if figure.unit.family == other.unit.family else None


def in_unit_of(figure: Figure, other: Figure) -> Interval | None:
    """A figure's interval in the unit of another; None if their units cannot be compared."""
    own, ratio = interval(figure), conversion(figure, other)
    return own if ratio == ONE else None if ratio is None else Interval(own.low * ratio, own.high * ratio)


def total_of(terms: Iterable[tuple[int, Figure]], stated: Figure) -> Interval | None:
    """The weighted sum of figures in the unit of `stated`, blanks left out; None if units do not go together."""
    total = Interval(ZERO, ZERO)
    for weight, figure in terms:
        if figure.value is None:
            continue
        part = in_unit_of(figure, stated)
        if part is None:
            return None
        total = total + (part if weight > 0 else -part)
    return total
