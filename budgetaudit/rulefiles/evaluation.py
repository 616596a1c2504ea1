"""What a formula amounts to: its value in a scope, and its linear form where it has one.

`evaluate` works over any numbers an `Arithmetic` knows how to handle, so the same tree gives exact
values or intervals. Nothing is ever a float.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn, Protocol, TypeVar

from budgetaudit.model import Message
from budgetaudit.rulefiles.expressions import Binary, Call, Compare, Expression, Name, Negate, Number, whole_number

N = TypeVar("N")


class CannotEvaluate(Exception):  # noqa: N818 - not a fault: a reason a comparison is not made
    """A formula has no value here; the message says why."""

    def __init__(self, code: str, **args: object) -> None:
        super().__init__(code, args)
        self.message = Message(code, args)


class Scope(Protocol[N]):
    """Where names get their values: a row, a table or a ledger at one combination of coordinates."""

    def value(self, name: str) -> N:
        """The value of a column or member; raises CannotEvaluate if it is blank or absent."""
        ...

    def parts(self, name: str) -> Sequence[N] | None:
        """The parts along a dimension, None if the name is no dimension."""
        ...

    def previous(self) -> Scope[N]:
        """The same scope a year earlier; raises CannotEvaluate if there is none."""
        ...

    def running(self) -> Sequence[Scope[N]]:
        """The scopes of every year up to and including this one."""
        ...


class Arithmetic(Protocol[N]):
    """The operations on numbers of one type: exact ones, or intervals."""

    def number(self, value: Decimal) -> N: ...

    def operate(self, sign: str, left: N, right: N) -> N: ...

    def least(self, values: Sequence[N]) -> N: ...

    def greatest(self, values: Sequence[N]) -> N: ...

    def magnitude(self, value: N) -> N: ...

    def rounded(self, value: N, digits: int) -> N: ...

    def holds(self, comparator: str, left: N, right: N) -> bool: ...


OPERATE: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}


class Exact:
    """Arithmetic over fractions: no digit is ever lost."""

    def number(self, value: Decimal) -> Fraction:
        return Fraction(value)

    def operate(self, sign: str, left: Fraction, right: Fraction) -> Fraction:
        if sign == "/" and not right:
            raise CannotEvaluate("formula-division")
        value: Fraction = OPERATE[sign](left, right)
        return value

    def least(self, values: Sequence[Fraction]) -> Fraction:
        return min(values)

    def greatest(self, values: Sequence[Fraction]) -> Fraction:
        return max(values)

    def magnitude(self, value: Fraction) -> Fraction:
        return abs(value)

    def rounded(self, value: Fraction, digits: int) -> Fraction:
        """Half away from zero, as budgets round; not half to even."""
        scale = Fraction(10) ** digits
        whole = (abs(value) * scale + Fraction(1, 2)) // 1
        return (whole if value >= 0 else -whole) / scale

    def holds(self, comparator: str, left: Fraction, right: Fraction) -> bool:
        return COMPARE[comparator](left, right)


class Single:
    """A scope of one row or crossing: no dimensions, and no years before it."""

    def parts(self, _name: str) -> None:
        return None

    def previous(self) -> NoReturn:
        raise CannotEvaluate("formula-no-year")

    def running(self) -> NoReturn:
        raise CannotEvaluate("formula-no-year")


class Row(Single):
    """The scope of one row: names with exact values, no dimensions, no years; None is a blank."""

    def __init__(self, values: Mapping[str, Decimal | int | Fraction | None]) -> None:
        self.values = values

    def value(self, name: str) -> Fraction:
        if name not in self.values:
            raise CannotEvaluate("formula-absent", name=name)
        value = self.values[name]
        if value is None:
            raise CannotEvaluate("formula-blank", name=name)
        return Fraction(value)


EXACT = Exact()


def evaluate(expression: Expression, scope: Scope[N], arithmetic: Arithmetic[N] = EXACT) -> N:  # type: ignore[assignment]
    """The value of an arithmetic expression; raises CannotEvaluate where it has none."""
    match expression:
        case Number(value):
            return arithmetic.number(value)
        case Name(text):
            return scope.value(text)
        case Negate(operand):
            return arithmetic.operate("-", arithmetic.number(Decimal(0)), evaluate(operand, scope, arithmetic))
        case Binary(sign, left, right):
            return arithmetic.operate(sign, evaluate(left, scope, arithmetic), evaluate(right, scope, arithmetic))
        case Call(function, arguments):
            return _call(function, arguments, scope, arithmetic)
    raise TypeError(f"not arithmetic: {expression}")


def holds(check: Compare, scope: Scope[N], arithmetic: Arithmetic[N] = EXACT) -> bool:  # type: ignore[assignment]
    """True if a comparison is true in a scope, without any tolerance."""
    return arithmetic.holds(check.operator, evaluate(check.left, scope, arithmetic), evaluate(check.right, scope, arithmetic))


def _call(function: str, arguments: tuple[Expression, ...], scope: Scope[N], arithmetic: Arithmetic[N]) -> N:
    match function:
        case "prev":
            return evaluate(arguments[0], scope.previous(), arithmetic)
        case "cum":
            return _add([evaluate(arguments[0], year, arithmetic) for year in scope.running()], arithmetic)
        case "if":
            condition, then, otherwise = arguments
            assert isinstance(condition, Compare)
            return evaluate(then if holds(condition, scope, arithmetic) else otherwise, scope, arithmetic)
        case "round":
            digits = whole_number(arguments[1]) if len(arguments) > 1 else 0
            return arithmetic.rounded(evaluate(arguments[0], scope, arithmetic), digits or 0)
        case "first":
            return _first(arguments, scope, arithmetic)
        case "sum":
            only = arguments[0] if len(arguments) == 1 else None
            parts = scope.parts(only.text) if isinstance(only, Name) else None
            return _add(parts if parts is not None else [evaluate(a, scope, arithmetic) for a in arguments], arithmetic)
    values = [evaluate(argument, scope, arithmetic) for argument in arguments]
    if function == "abs":
        return arithmetic.magnitude(values[0])
    return arithmetic.least(values) if function == "min" else arithmetic.greatest(values)


def _first(arguments: tuple[Expression, ...], scope: Scope[N], arithmetic: Arithmetic[N]) -> N:
    """The value of the first argument that the scope has; a blank is not absent."""
    for argument in arguments[:-1]:
        try:
            return evaluate(argument, scope, arithmetic)
        except CannotEvaluate as reason:
            if reason.message.code != "formula-absent":
                raise
    return evaluate(arguments[-1], scope, arithmetic)


def _add(values: Sequence[N], arithmetic: Arithmetic[N]) -> N:
    total = arithmetic.number(Decimal(0))
    for value in values:
        total = arithmetic.operate("+", total, value)
    return total


Linear = tuple[dict[str, Fraction], Fraction]


def linear(expression: Expression, parts: Mapping[str, Sequence[str]] | None = None) -> Linear | None:
    """The expression as name → coefficient and a constant, None if it is not linear in its names.

    A comparison becomes left less right. `parts` says which names `sum(dimension)` adds up.
    """
    match expression:
        case Number(value):
            return {}, Fraction(value)
        case Name(text):
            return {text: Fraction(1)}, Fraction(0)
        case Negate(operand):
            return _scale(linear(operand, parts), Fraction(-1))
        case Compare(_, left, right) | Binary("-", left, right):
            return _plus(linear(left, parts), _scale(linear(right, parts), Fraction(-1)))
        case Binary("+", left, right):
            return _plus(linear(left, parts), linear(right, parts))
        case Binary("*", left, right):
            return _times(linear(left, parts), linear(right, parts))
        case Binary("/", left, right):
            divisor = linear(right, parts)
            if divisor is None or divisor[0] or not divisor[1]:
                return None
            return _scale(linear(left, parts), 1 / divisor[1])
        case Call("sum", arguments):
            return _linear_sum(arguments, parts)
    return None


def _linear_sum(arguments: tuple[Expression, ...], parts: Mapping[str, Sequence[str]] | None) -> Linear | None:
    only = arguments[0]
    if len(arguments) == 1 and isinstance(only, Name):
        # Without the parts it is unknown whether the name is a dimension.
        return None if parts is None else ({name: Fraction(1) for name in parts.get(only.text, (only.text,))}, Fraction(0))
    total: Linear | None = ({}, Fraction(0))
    for argument in arguments:
        total = _plus(total, linear(argument, parts))
    return total


def _plus(left: Linear | None, right: Linear | None) -> Linear | None:
    if left is None or right is None:
        return None
    terms = dict(left[0])
    for name, coefficient in right[0].items():
        terms[name] = terms.get(name, Fraction(0)) + coefficient
    return {name: c for name, c in terms.items() if c}, left[1] + right[1]


def _scale(form: Linear | None, factor: Fraction) -> Linear | None:
    if form is None:
        return None
    return {name: c * factor for name, c in form[0].items() if factor}, form[1] * factor


def _times(left: Linear | None, right: Linear | None) -> Linear | None:
    if left is None or right is None:
        return None
    if not left[0]:
        return _scale(right, left[1])
    return None if right[0] else _scale(left, right[1])


def ratio(expression: Expression, parts: Mapping[str, Sequence[str]] | None = None) -> tuple[Linear, Linear | None] | None:
    """An expression as one linear form, or as one over another; None if it is neither."""
    form = linear(expression, parts)
    if form is not None:
        return form, None
    match expression:
        case Negate(operand):
            return _scaled_ratio(ratio(operand, parts), Fraction(-1))
        case Binary("/", left, right):
            above, below = linear(left, parts), linear(right, parts)
            if above is not None and below is not None and not below[1]:
                return above, below
            if below is not None and not below[0] and below[1]:
                return _scaled_ratio(ratio(left, parts), 1 / below[1])
        case Binary("*", left, right):
            for factor, other in ((left, right), (right, left)):
                constant = linear(factor, parts)
                if constant is not None and not constant[0]:
                    return _scaled_ratio(ratio(other, parts), constant[1])
    return None


def _scaled_ratio(found: tuple[Linear, Linear | None] | None, factor: Fraction) -> tuple[Linear, Linear | None] | None:
    scaled = None if found is None else _scale(found[0], factor)
    return None if found is None or scaled is None else (scaled, found[1])
