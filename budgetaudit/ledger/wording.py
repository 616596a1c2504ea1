"""Exact amounts and compiled comparisons in the words of reports."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from budgetaudit.engines.linear import LinearComparison, Malformed, Side, Value


def decimal(value: Fraction) -> Decimal:
    """A fraction that ends as the decimal it is."""
    denominator, places = value.denominator, 0
    if denominator == 1:
        return Decimal(value.numerator)
    while 10**places % denominator and places < 40:
        places += 1
    return Decimal(value.numerator * 10**places // denominator).scaleb(-places)


def printed(value: Value) -> str:
    """A number as people read it; nothing for a blank."""
    if value is None or isinstance(value, Malformed):
        return value or ""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    text = f"{decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(rule: LinearComparison) -> str:
    """The right side of a comparison as people write it: `a + b`, `100 × (a - b) ÷ c`."""
    factor = abs(rule.right[0][0]) if rule.right and all(abs(c) == abs(rule.right[0][0]) for c, _ in rule.right) else Fraction(1)
    right = terms(rule.right, factor)
    if rule.constant:
        right += f" {'-' if rule.constant < 0 else '+'} {printed(abs(rule.constant))}"
    many = len(rule.right) > 1 or bool(rule.constant)
    if factor != 1 and right:
        right = f"{printed(factor)} × {f'({right})' if many else right}"
    if not rule.divisor:
        return right or "0"
    below = terms(rule.divisor, Fraction(1))
    return f"{f'({right})' if many and factor == 1 else right} ÷ {f'({below})' if len(rule.divisor) > 1 else below}"


def terms(side: Side, factor: Fraction = Fraction(1)) -> str:
    """A signed sum of columns, each coefficient divided by a factor."""
    texts = []
    for coefficient, name in side:
        size = abs(coefficient) / factor
        texts.append(f" {'-' if coefficient < 0 else '+'} {name if size == 1 else f'{printed(size)} × {name}'}")
    return "".join(texts).removeprefix(" + ").strip()


def sentence(rule: LinearComparison) -> str:
    """Both sides of a comparison as people write it."""
    return f"{terms(rule.left)} {rule.operator} {written(rule)}"
