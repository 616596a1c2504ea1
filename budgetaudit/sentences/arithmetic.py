"""Read the arithmetic that a sentence prints: `86,666원*8명*12월`, `총점(100점) = 기술(90점) + 가격(10점)`.

Labels before an operand, nouns behind it and remarks in brackets are passed over. Values are exact fractions, money in its
base unit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from budgetaudit.sentences.brackets import Bracket
from budgetaudit.sentences.tokens import Number, Scan

TIMES = "×*✕∗＊✖"
OPERATOR = re.compile(
    r"[×*✕∗＊✖÷/+＋=＝]|(?<=[\d\w)\s])[xX](?=\s?[\d($€£¥₩])|[-–−](?=\s?[\d(△]|\s[^\d=×*+]{1,20}\d[\d,.]*[^\d=×*+]{0,8}[=＝])"
)
LABEL = re.compile(r"[^=+*×÷()\[\]]{0,25}\Z")
SUFFIX = re.compile(r"\s?/?(?:[^\W\d_]|[㎡㎥㎢㎞]){0,12}\s*\Z")
DIVIDED = "÷"
CALCULATES = ("+", "-", "*", "/")
PER = re.compile(r"/(?:[^\W\d_]|[㎡㎥㎢㎞])")
DEEPEST, MOST = 4, 40


@dataclass(frozen=True, slots=True)
class Value:
    """What a piece of arithmetic comes to. `family` is 'money' or 'plain'; `operands` are the numbers it is made of."""

    value: Fraction
    family: str
    operands: tuple[Number, ...]
    products: int
    start: int
    end: int
    terms: tuple[Fraction, ...] = ()  # what a sum adds up

    @property
    def single(self) -> bool:
        return len(self.operands) == 1 and not self.products


@dataclass(frozen=True, slots=True)
class Token:
    """A number, an operator, a bracket or a stretch of words."""

    kind: Literal["number", "operator", "open", "close", "words"]
    start: int
    end: int
    number: Number | None = None
    sign: str = ""


def expressions(scan: Scan, start: int = 0, end: int | None = None) -> list[list[Value]]:
    """Every piece of arithmetic in a stretch: each a list of the sides of its equals signs (one side if there is none)."""
    end = len(scan.text) if end is None else end
    if not OPERATOR.search(scan.text, start, end):
        return []
    tokens = list(_tokens(scan, start, end))
    starts = [token.start for token in tokens]
    found: list[list[Value]] = []
    at = 0
    while at < len(tokens):
        sides, after = _equation(tokens, at, scan)
        found += [run for run in _complete(sides, tokens, starts) if len(run) > 1 or not run[0].single]
        at = max(after, at + 1)
    return found


def _complete(sides: Sequence[Value], tokens: Sequence[Token], starts: Sequence[int]) -> Iterator[list[Value]]:
    """The sides that were read to their ends: 100 is no side of `5,800 / 100 = 58` where its division was not understood."""
    run: list[Value] = []
    for side in sides:
        before, after = bisect_left(starts, side.start) - 1, bisect_left(starts, side.end)
        while before >= 0 and tokens[before].kind == "open":
            before -= 1
        while after < len(tokens) and tokens[after].kind == "close":
            after += 1
        bullet = before == 0 and tokens[0].sign == "-"  # - 3명×12.8백만원
        begun = (
            before >= 0
            and not bullet
            and tokens[before].sign in CALCULATES
            and not (tokens[before].sign == "/" and side.family == "money")
        )
        if begun or _goes_on(tokens[after : after + 2]):
            if run:
                yield run
            run = []
        else:
            run.append(side)
    if run:
        yield run


def _goes_on(tokens: Sequence[Token]) -> bool:
    """True if an operator and its operand follow; `1명/7,000원` is what each of them gets."""
    if len(tokens) < 2 or tokens[0].sign not in CALCULATES or tokens[1].kind not in ("number", "open"):
        return False
    return not (tokens[0].sign == "/" and tokens[1].number is not None and tokens[1].number.family == "money")


def _tokens(scan: Scan, start: int, end: int) -> Iterator[Token]:
    marks: list[Token] = [Token("number", n.start, n.end, n) for n in scan.between(start, end)]
    for bracket in scan.pairs(start, end):
        if bracket.end < end and bracket.depth < DEEPEST:
            marks += [Token("open", bracket.start, bracket.start + 1), Token("close", bracket.end, bracket.end + 1)]
    numbers = sorted((n.start, n.end) for n in scan.between(start, end))
    at = 0
    for match in OPERATOR.finditer(scan.text, start, end):
        while at < len(numbers) and numbers[at][1] <= match.start():
            at += 1
        inside_number = at < len(numbers) and numbers[at][0] <= match.start()
        if inside_number or PER.match(scan.text, match.start()):
            continue  # `55,000원/개` is a price
        marks.append(Token("operator", match.start(), match.end(), sign=_sign(match.group())))
    marks.sort(key=lambda token: (token.start, token.end))
    position = start
    for token in marks:
        if scan.text[position : token.start].strip():
            yield Token("words", position, token.start)
        yield token
        position = token.end
    if scan.text[position:end].strip():
        yield Token("words", position, end)


def _sign(mark: str) -> str:
    if mark in TIMES or mark in "xX":
        return "*"
    if mark in "÷/":
        return "/"
    return "=" if mark in "=＝" else ("+" if mark in "+＋" else "-")


def _equation(tokens: Sequence[Token], at: int, scan: Scan) -> tuple[list[Value], int]:
    side, at = _sum(tokens, at, scan, 0)
    if side is None:
        return [], at
    sides = [side]
    while at < len(tokens) and tokens[at].sign == "=":
        after, at_ = _sum(tokens, at + 1, scan, 0)
        if after is None:
            return sides, at + 1
        sides.append(after)
        at = at_
    return sides, at


def _sum(tokens: Sequence[Token], at: int, scan: Scan, depth: int) -> tuple[Value | None, int]:
    left, at = _product(tokens, at, scan, depth)
    while left is not None and at < len(tokens) and tokens[at].sign in ("+", "-"):
        sign = tokens[at].sign
        right, after = _product(tokens, at + 1, scan, depth)
        if right is None or right.family != left.family or len(left.operands) > MOST:
            return left, at
        value = left.value + right.value if sign == "+" else left.value - right.value
        products = left.products + right.products
        terms = (*(left.terms or (left.value,)), right.value)
        left = Value(value, left.family, left.operands + right.operands, products, left.start, right.end, terms)
        at = after
    return left, at


def _product(tokens: Sequence[Token], at: int, scan: Scan, depth: int) -> tuple[Value | None, int]:
    left, at = _factor(tokens, at, scan, depth)
    while left is not None and at < len(tokens) and tokens[at].sign in ("*", "/"):
        sign = tokens[at].sign
        right, after = _factor(tokens, at + 1, scan, depth)
        if right is None or len(left.operands) > MOST or (sign == "/" and not _divides(left, right, tokens[at], scan)):
            return left, at
        if left.family == right.family == "money" or (sign == "/" and right.family == "money"):
            return (right, after) if sign == "/" else (left, at)
        family = "money" if "money" in (left.family, right.family) else "plain"
        value = left.value * right.value if sign == "*" else left.value / right.value
        left = Value(value, family, left.operands + right.operands, left.products + right.products + 1, left.start, right.end)
        at = after
    return left, at


def _divides(left: Value, right: Value, mark: Token, scan: Scan) -> bool:
    """True if a slash means division: an amount by a bare number. `57건 / 876천원` is a list, `1인/7,000원` a price."""
    if not right.value:
        return False
    if scan.text[mark.start] == DIVIDED:
        return True
    number = right.operands[0]
    return right.single and number.family in ("bare", "other") and left.family == "money"


def _factor(tokens: Sequence[Token], at: int, scan: Scan, depth: int) -> tuple[Value | None, int]:
    if at < len(tokens) and tokens[at].kind == "words":
        at += 1
    if at >= len(tokens) or depth > DEEPEST:
        return None, at
    token = tokens[at]
    if token.kind == "open":
        inner, after = _sum(tokens, at + 1, scan, depth + 1)
        if inner is None or after >= len(tokens) or tokens[after].kind != "close":
            return None, at + 1
        return _remarks(tokens, after + 1, scan, inner)
    if token.number is None or token.number.bound in ("least", "most"):
        return None, at + 1
    if token.number.malformed and token.number.family != "money":  # an amount is taken for what it probably says
        return None, at + 1
    number = token.number
    return _remarks(tokens, at + 1, scan, Value(exact(number), _family(number), (number,), 0, number.start, number.end))


def _remarks(tokens: Sequence[Token], at: int, scan: Scan, value: Value) -> tuple[Value, int]:
    """Pass over what stands behind an operand: a glued noun, remarks in brackets; only if an operator follows them."""
    look = at
    for _ in range(4):
        if look >= len(tokens):
            break
        token = tokens[look]
        if token.kind == "words" and SUFFIX.fullmatch(scan.text, token.start, token.end):
            look += 1
        elif token.kind == "open":
            look = _behind(tokens, look)
        else:
            break
    if look < len(tokens) and look > at and tokens[look].kind == "operator":
        return value, look
    return value, at


def _behind(tokens: Sequence[Token], at: int) -> int:
    """The position behind the bracket that opens at one."""
    depth = 0
    for look in range(at, len(tokens)):
        depth += (tokens[look].kind == "open") - (tokens[look].kind == "close")
        if not depth:
            return look + 1
    return len(tokens)


def exact(number: Number) -> Fraction:
    """The value of a number, money in its base unit, a rate as a fraction of one."""
    value = Fraction(number.value)
    if number.unit is None:
        return value
    if number.unit.family == "percent":
        return value / 100
    return value * Fraction(number.unit.scale) if number.unit.scale is not None else value


def _family(number: Number) -> str:
    return "money" if number.family == "money" else "plain"


def inside(scan: Scan, bracket: Bracket) -> list[list[Value]]:
    """The arithmetic inside a bracket."""
    return expressions(scan, bracket.start + 1, bracket.end)
