"""Rule expressions over what printed numbers may stand for: the figures where lines cross, as intervals in one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from budgetaudit.model import Figure
from budgetaudit.rounding import Interval, in_unit_of, interval
from budgetaudit.rulefiles.evaluation import CannotEvaluate, Single


class Intervals:
    """Arithmetic over what printed numbers may stand for."""

    def number(self, value: Decimal) -> Interval:
        return Interval(value, value)

    def operate(self, sign: str, left: Interval, right: Interval) -> Interval:
        try:
            return {"+": Interval.__add__, "-": Interval.__sub__, "*": Interval.__mul__, "/": Interval.__truediv__}[sign](
                left, right
            )
        except ZeroDivisionError:
            raise CannotEvaluate("formula-division") from None

    def least(self, values: Sequence[Interval]) -> Interval:
        return Interval(min(v.low for v in values), min(v.high for v in values), min(v.middle for v in values))

    def greatest(self, values: Sequence[Interval]) -> Interval:
        return Interval(max(v.low for v in values), max(v.high for v in values), max(v.middle for v in values))

    def magnitude(self, value: Interval) -> Interval:
        if value.low < 0 < value.high:
            return Interval(Decimal(0), max(-value.low, value.high), abs(value.middle))
        return value if value.low >= 0 else -value

    def rounded(self, value: Interval, digits: int) -> Interval:
        low, high, middle = (_half_away(number, digits) for number in (value.low, value.high, value.middle))
        return Interval(low, high, middle)

    def holds(self, comparator: str, left: Interval, right: Interval) -> bool:
        if comparator in ("=", "!="):
            return left.meets(right) == (comparator == "=")
        if comparator in ("<=", "<"):
            return left.low <= right.high
        return left.high >= right.low


def _half_away(number: Decimal, digits: int) -> Decimal:
    """A number rounded as budgets round."""
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True)
class Crossing(Single):
    """The scope of one crossing: names with the figures that stand there, brought to the unit of one of them."""

    figures: Mapping[str, Figure | None]
    reference: Figure

    def value(self, name: str) -> Interval:
        if name not in self.figures:
            raise CannotEvaluate("formula-absent", name=name)
        figure = self.figures[name]
        if figure is None or figure.value is None:
            raise CannotEvaluate("formula-blank", name=name)
        return in_unit(figure, self.reference)


def in_unit(figure: Figure, reference: Figure) -> Interval:
    """A figure's interval in the unit of another; rates and counts stay as they are."""
    money = reference.unit is not None and reference.unit.family == "money"
    if not money or (figure.unit is not None and figure.unit.family != "money"):
        return interval(figure)
    found = in_unit_of(figure, reference)
    if found is None:
        raise CannotEvaluate("reason-units")
    return found
