"""Arithmetic of rule expressions over what printed numbers may stand for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.evaluation import CannotEvaluate


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
