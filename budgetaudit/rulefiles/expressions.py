"""The language of formula rules: `예산현액 - 지출액 - 이월액 = 불용액`, read into a small tree.

A total language: every expression ends, none runs Python or SQL. `formula_parser.py` makes the tree, `str`
writes it back, `names` lists what it speaks of. Evaluating is `evaluation.py`'s work.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from budgetaudit.rulefiles.tokens import ExpressionError as ExpressionError
from budgetaudit.rulefiles.tokens import tokens

POWER = {"+": 1, "-": 1, "*": 2, "/": 2}  # which operator binds closer
Comparator: TypeAlias = Literal["=", "!=", "<=", "<", ">=", ">"]


class Expression:
    """A node of the tree; `str` gives text that parses back to an equal tree."""

    __slots__ = ()

    def __str__(self) -> str:
        return _write(self)


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A constant, never negative (a minus sign is a `Negate`)."""

    value: Decimal
    __str__ = Expression.__str__


NOTHING = Number(Decimal(0))


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """A column, member or dimension by its printed name, white space squeezed."""

    text: str
    __str__ = Expression.__str__


@dataclass(frozen=True, slots=True)
class Negate(Expression):
    """The negative of an expression."""

    operand: Expression
    __str__ = Expression.__str__


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """An arithmetic operation."""

    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression
    __str__ = Expression.__str__


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A function of `FUNCTIONS` with its arguments; the first of `if` is a Compare, the second of `round` a whole number."""

    function: str
    arguments: tuple[Expression, ...]
    __str__ = Expression.__str__


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """A comparison of two expressions: what a check is, and the condition of an `if`."""

    operator: Comparator
    left: Expression
    right: Expression
    __str__ = Expression.__str__


def children(expression: Expression) -> tuple[Expression, ...]:
    """The nodes directly below a node."""
    match expression:
        case Binary() | Compare():
            return expression.left, expression.right
        case Negate():
            return (expression.operand,)
        case Call():
            return expression.arguments
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node of the tree, in reading order."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def names(expression: Expression) -> tuple[str, ...]:
    """The names an expression speaks of, each once, in reading order."""
    return tuple(dict.fromkeys(node.text for node in walk(expression) if isinstance(node, Name)))


def summed(expression: Expression) -> frozenset[str]:
    """The names that stand alone in a `sum`: a dimension to add up along, if there is one of that name."""
    calls = (node for node in walk(expression) if isinstance(node, Call) and node.function == "sum")
    return frozenset(only.text for call in calls if len(call.arguments) == 1 and isinstance(only := call.arguments[0], Name))


def choose(expression: Expression, present: Container[str]) -> Expression:
    """The expression with every `first(…)` replaced by its first argument that is present; the last stands if none is."""
    match expression:
        case Call("first", arguments):
            return next((a for a in arguments if isinstance(a, Number) or _text(a) in present), arguments[-1])
        case Negate(operand):
            return Negate(choose(operand, present))
        case Binary(operator, left, right):
            left, right = choose(left, present), choose(right, present)
            if operator in ("+", "-") and right == NOTHING:
                return left
            return right if operator == "+" and left == NOTHING else Binary(operator, left, right)
        case Call(function, arguments):
            return Call(function, tuple(choose(argument, present) for argument in arguments))
        case Compare():
            return choose_check(expression, present)
    return expression


def choose_check(check: Compare, present: Container[str]) -> Compare:
    """`choose`, of a comparison."""
    return Compare(check.operator, choose(check.left, present), choose(check.right, present))


def dispensed(expression: Expression, present: Container[str]) -> bool:
    """True if a term that a formula can do without is not there: a `first(…, 0)` none of whose names is present."""
    calls = (node.arguments for node in walk(expression) if isinstance(node, Call) and node.function == "first")
    return any(isinstance(found[-1], Number) and not any(_text(name) in present for name in found[:-1]) for found in calls)


def rename(expression: Expression, meaning: Mapping[str, Expression]) -> Expression:
    """The expression with some of its names replaced."""
    match expression:
        case Name(text):
            return meaning.get(text, expression)
        case Negate(operand):
            return Negate(rename(operand, meaning))
        case Binary(operator, left, right):
            return Binary(operator, rename(left, meaning), rename(right, meaning))
        case Call(function, arguments):
            return Call(function, tuple(rename(argument, meaning) for argument in arguments))
        case Compare(comparator, left, right):
            return Compare(comparator, rename(left, meaning), rename(right, meaning))
    return expression


def _text(expression: Expression) -> str:
    return expression.text if isinstance(expression, Name) else ""


def whole_number(expression: Expression) -> int | None:
    """The value of a literal such as 2 or -3, at most 12 either way; None for anything else."""
    sign, literal = (-1, expression.operand) if isinstance(expression, Negate) else (1, expression)
    if not isinstance(literal, Number) or literal.value % 1 or literal.value > 12:
        return None
    return sign * int(literal.value)


# --- writing -----------------------------------------------------------------------------------


def _power(expression: Expression) -> int:
    if isinstance(expression, Binary):
        return POWER[expression.operator]
    return 3 if isinstance(expression, Negate) else 4


def _write(expression: Expression) -> str:
    match expression:
        case Number(value):
            return f"{value:f}"
        case Name(text):
            return _write_name(text)
        case Negate(operand):
            return f"-{_within(operand, 3)}"
        case Binary(operator, left, right):
            power = POWER[operator]
            return f"{_within(left, power)} {operator} {_within(right, power + 1)}"
        case Call(function, arguments):
            return f"{function}({', '.join(map(_write, arguments))})"
        case Compare(operator, left, right):
            return f"{_write(left)} {operator} {_write(right)}"
    raise TypeError(type(expression))


def _within(expression: Expression, power: int) -> str:
    text = _write(expression)
    return text if _power(expression) >= power else f"({text})"


def _write_name(text: str) -> str:
    try:
        found = list(tokens(text))[:-1]
    except ExpressionError:
        found = []
    if found and all(token.kind == "name" for token in found):
        return text
    return f"[{text.replace(']', ']]')}]"
