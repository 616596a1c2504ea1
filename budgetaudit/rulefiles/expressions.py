"""The language of formula rules: `예산현액 - 지출액 - 이월액 = 불용액`, read into a small tree.

A total language: every expression ends, none runs Python or SQL. `parse` makes the tree, `str`
writes it back, `names` lists what it speaks of. Evaluating is `evaluation.py`'s work.
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NoReturn, TypeAlias

from budgetaudit.model import Message
from budgetaudit.rulefiles.rule import squeeze
from budgetaudit.rulefiles.tokens import ExpressionError as ExpressionError
from budgetaudit.rulefiles.tokens import Token, tokens

MAX_LENGTH = 2_000
MAX_OPERATIONS = 200
MAX_NESTING = 30
MAX_DIGITS = 24

Comparator: TypeAlias = Literal["=", "!=", "<=", "<", ">=", ">"]
FUNCTIONS = {
    "sum": (1, 99),
    "min": (2, 99),
    "max": (2, 99),
    "abs": (1, 1),
    "round": (1, 2),
    "if": (3, 3),
    "prev": (1, 1),
    "cum": (1, 1),
    "first": (2, 99),
}


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


def parse(text: str) -> Expression:
    """The tree of a formula: arithmetic, or one comparison; raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(MAX_LENGTH, "formula-too-long", limit=MAX_LENGTH)
    return _Parser(text).whole()


def parse_check(text: str) -> Compare:
    """The tree of a formula that must be a comparison; raises ExpressionError."""
    expression = parse(text)
    if not isinstance(expression, Compare):
        raise ExpressionError(len(text), "formula-no-comparison")
    if not names(expression):
        raise ExpressionError(1, "formula-no-names")
    return expression


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


# --- reading -----------------------------------------------------------------------------------


_COMPARATORS = ("=", "!=", "<=", "<", ">=", ">")
_POWER = {"+": 1, "-": 1, "*": 2, "/": 2}


class _Parser:
    """Operator precedence (Pratt) over the tokens, with nesting and size bounded."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.at = 0
        self.nesting = 0
        self.operations = 0
        self.calls: list[str] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def fail(self, code: str, token: Token | None = None, **args: object) -> NoReturn:
        raise ExpressionError((token or self.token).start + 1, code, **args)

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == "operator" and self.token.text in signs

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            self.unexpected(f"'{sign}'")
        self.at += 1

    def unexpected(self, wanted: Message | str) -> NoReturn:
        if self.token.kind == "end":
            self.fail("formula-end", wanted=wanted)
        before = self.tokens[self.at - 1] if self.at else None
        if before and self.token.kind in ("name", "number", "quoted") and before.kind in ("name", "number", "quoted"):
            both = f"{before.text} {self.token.text}"
            self.fail("formula-adjacent", name=both, left=before.text, right=self.token.text)
        self.fail("formula-unexpected", text=self.token.text, wanted=wanted)

    def whole(self) -> Expression:
        expression = self.comparison() if self.token.kind != "end" else self.unexpected(Message("formula-want-formula"))
        if self.is_sign(*_COMPARATORS):
            self.fail("formula-two-comparisons")
        if self.token.kind != "end":
            self.unexpected(Message("formula-want-operator"))
        return expression

    def comparison(self) -> Expression:
        left = self.arithmetic(0)
        if not self.is_sign(*_COMPARATORS):
            return left
        operator = self.take().text
        return Compare(operator, left, self.arithmetic(0))  # type: ignore[arg-type]

    def arithmetic(self, power: int) -> Expression:
        left = self.operand()
        while self.token.kind == "operator" and _POWER.get(self.token.text, 0) > power:
            operator = self.count().text
            left = Binary(operator, left, self.arithmetic(_POWER[operator]))  # type: ignore[arg-type]
        return left

    def count(self) -> Token:
        self.operations += 1
        if self.operations > MAX_OPERATIONS:
            self.fail("formula-too-many", limit=MAX_OPERATIONS)
        return self.take()

    def operand(self) -> Expression:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self.fail("formula-too-deep", limit=MAX_NESTING)
        try:
            if self.is_sign("-"):
                self.count()
                return Negate(self.operand())
            if self.is_sign("+"):
                self.count()
                return self.operand()
            if self.is_sign("("):
                self.count()
                inner = self.arithmetic(0)
                self.expect(")")
                return inner
            return self.primary()
        finally:
            self.nesting -= 1

    def primary(self) -> Expression:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "quoted":
            return Name(self.take().text)
        if token.kind != "name":
            self.unexpected(Message("formula-want-operand"))
        self.at += 1
        if self.is_sign("("):
            return self.call(token)
        words = [token.text]
        while self.token.kind == "name":
            words.append(self.take().text)
        if self.is_sign("("):
            self.fail("formula-function", token, name=" ".join(words), hint="")
        return Name(squeeze(" ".join(words)))

    def number(self) -> Number:
        token = self.take()
        whole, _, fraction = token.text.partition(".")
        groups = whole.split(",")
        grouped = len(groups) > 1
        if (
            "," in fraction
            or "." in fraction
            or (grouped and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])))
        ):
            self.fail("formula-number", token, text=token.text)
        if grouped and self.calls:  # in max(100,200) a comma may be either
            self.fail("formula-grouped", token, text=token.text, plain=token.text.replace(",", ""))
        if len(token.text) > MAX_DIGITS:
            self.fail("formula-number", token, text=token.text[:MAX_DIGITS] + "…")
        value = Decimal(token.text.replace(",", ""))
        if self.is_sign("%"):
            self.at += 1
            value = value.scaleb(-2)
        return Number(value)

    def call(self, token: Token) -> Expression:
        function = token.text.lower()
        if function not in FUNCTIONS:
            close = difflib.get_close_matches(function, FUNCTIONS, 1)
            hint = Message("did-you-mean", {"name": close[0]}) if close else ""
            self.fail("formula-function", token, name=token.text, hint=hint)
        if function == "cum" and "cum" in self.calls:
            self.fail("formula-cum", token)
        self.count()
        self.calls.append(function)
        arguments = [self.comparison() if function == "if" else self.arithmetic(0)]
        while self.is_sign(","):
            self.at += 1
            arguments.append(self.arithmetic(0))
        self.expect(")")
        self.calls.pop()
        self.check_arguments(token, function, arguments)
        return Call(function, tuple(arguments))

    def check_arguments(self, token: Token, function: str, arguments: list[Expression]) -> None:
        least, most = FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            code = "formula-arguments-exact" if least == most else "formula-arguments"
            self.fail(code, token, name=function, least=least, most=most, given=len(arguments))
        if function == "if" and not isinstance(arguments[0], Compare):
            self.fail("formula-condition", token)
        if function == "round" and len(arguments) == 2 and whole_number(arguments[1]) is None:
            self.fail("formula-digits", token)
        if function == "first" and not all(isinstance(argument, Name) for argument in arguments[:-1]):
            self.fail("formula-first", token)
        if function == "first" and not isinstance(arguments[-1], (Name, Number)):
            self.fail("formula-first", token)


def whole_number(expression: Expression) -> int | None:
    """The value of a literal such as 2 or -3, at most 12 either way; None for anything else."""
    sign, literal = (-1, expression.operand) if isinstance(expression, Negate) else (1, expression)
    if not isinstance(literal, Number) or literal.value % 1 or literal.value > 12:
        return None
    return sign * int(literal.value)


# --- writing -----------------------------------------------------------------------------------


def _power(expression: Expression) -> int:
    if isinstance(expression, Binary):
        return _POWER[expression.operator]
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
            power = _POWER[operator]
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
