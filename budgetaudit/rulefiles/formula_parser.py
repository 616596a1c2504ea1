"""From the text of a formula to its tree: operator precedence over the tokens, with size and nesting bounded."""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import NoReturn

from budgetaudit.label_text import single_spaced
from budgetaudit.model import Message
from budgetaudit.rulefiles.expressions import (
    POWER,
    Binary,
    Call,
    Compare,
    Expression,
    Name,
    Negate,
    Number,
    names,
    whole_number,
)
from budgetaudit.rulefiles.tokens import ExpressionError, Token, tokens

MAX_LENGTH = 2_000
MAX_OPERATIONS = 200
MAX_NESTING = 30
MAX_DIGITS = 24
_COMPARATORS = ("=", "!=", "<=", "<", ">=", ">")
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

    def unexpected(self, expected: Message | str) -> NoReturn:
        if self.token.kind == "end":
            self.fail("formula-end", expected=expected)
        before = self.tokens[self.at - 1] if self.at else None
        if before and self.token.kind in ("name", "number", "quoted") and before.kind in ("name", "number", "quoted"):
            both = f"{before.text} {self.token.text}"
            self.fail("formula-adjacent", name=both, left=before.text, right=self.token.text)
        self.fail("formula-unexpected", text=self.token.text, expected=expected)

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
        while self.token.kind == "operator" and POWER.get(self.token.text, 0) > power:
            operator = self.count().text
            left = Binary(operator, left, self.arithmetic(POWER[operator]))  # type: ignore[arg-type]
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
        return Name(single_spaced(" ".join(words)))

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
