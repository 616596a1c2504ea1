"""Compare what a calculation comes to with the amount it explains: behind an equals sign, before a bracket, a line above.

`5,000원 × 200명 = 1백만원`, `20,000천원(200명 × 100천원)`. An equals sign claims exactness; an amount above may cover more
than the calculation below it, so that only what comes near is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from budgetaudit.model import Comparison, Figure, Severity, Unit
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Computed
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.arithmetic import DIVIDED, Value, exact, inside
from budgetaudit.sentences.breakdowns import compatible, head_of, label_before
from budgetaudit.sentences.phrases import Phrases
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.slips import stroke

ROUND = Decimal("0.001")  # how far an amount rounded to its trailing zeros may be from its product
COARSE = Decimal("0.05")  # how far one stated in a large unit may be
THOUSAND = Decimal(1000)
NEAR = Fraction(1, 10)
TELLING = 100  # a factor from which on a stroke in it is no chance
LINES_ABOVE = 2
PARTICLE = 3  # letters between a bracket and the amount behind it
ENDED = re.compile(r"[,.;·/+)\]]")  # between two matters
SCALES = (1, 1000, 1_000_000)


def compare_equations(rule: Rule, prose: Prose, *, products: bool, families: Sequence[str] = ()) -> Iterator[Comparison]:
    """Both sides of each equals sign: those with a product, or those that only add and subtract amounts of some families."""
    for statement, scan, found in zip(prose.statements, prose.scans, prose.arithmetic, strict=True):
        for sides in found:
            for left, right in pairwise(sides):
                stated, worked = (left, right) if left.single else (right, left)
                if not stated.single or worked.single or bool(worked.products) != products:
                    continue
                if not products and stated.operands[0].family not in families:
                    continue
                comparison = _compared(rule, statement, scan, stated.operands[0], worked, "=", rule.severity)
                if comparison is None or (comparison.verdict == "fail" and _otherwise(rule, statement, scan, stated.operands[0])):
                    continue
                yield comparison


def _otherwise(rule: Rule, statement: Statement, scan: Scan, stated: Number) -> bool:
    """True if the bracket behind a result says how it came about: `= 2억 5백만원 (1억 + 1억 5백만)`."""
    bracket = next((b for b in scan.brackets if b.start >= stated.end and not scan.text[stated.end : b.start].strip()), None)
    sides = inside(scan, bracket) if bracket is not None else []
    found = [_compared(rule, statement, scan, stated, side[0], "(", rule.severity) for side in sides if len(side) == 1]
    return any(comparison is not None and comparison.verdict == "pass" for comparison in found)


def compare_explained(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """Amounts whose calculation stands in the bracket behind them, or on the lines below."""
    above: list[tuple[Statement, Scan, Number]] = []
    for at, (statement, scan, calculations) in enumerate(zip(prose.statements, prose.scans, prose.arithmetic, strict=True)):
        found = [sides[0] for sides in calculations if len(sides) == 1 and sides[0].products and sides[0].family == "money"]
        if not found:
            amounts = [number for number in scan.numbers if number.family == "money"]
            alone = len(amounts) == 1 and statement.cell is None and not calculations
            above = [(statement, scan, amounts[0])] if alone else []
            continue
        for bracket in scan.brackets:
            head = head_of(scan, bracket)
            if head is not None and head.family == "money":
                for sides in inside(scan, bracket):
                    if len(sides) == 1 and sides[0].products and sides[0].family == "money":
                        comparison = _compared(rule, statement, scan, head, sides[0], "(", rule.severity)
                        found = [value for value in found if value.start != sides[0].start]
                        if comparison is not None:
                            yield comparison
        yield from _behind(rule, statement, scan, found)
        yield from _beside(rule, statement, scan, found)
        near = bool(above) and at - above[0][0].number <= LINES_ABOVE and statement.cell is None
        if near and len(found) == 1 and "=" not in scan.text.lstrip("=＝ ") and not _goes_on(prose, at):
            yield from _below(rule, *above[0], statement, scan, found[0])
            above = []


def _goes_on(prose: Prose, at: int) -> bool:
    """True if the next line calculates too: then the amount above is that of both, and maybe of more."""
    following = prose.arithmetic[at + 1] if at + 1 < len(prose.arithmetic) else []
    return any(side.products for sides in following for side in sides)


def _beside(rule: Rule, statement: Statement, scan: Scan, found: Sequence[Value]) -> Iterator[Comparison]:
    """`사무용품 100,000원*12월    1,200`: what budget books print at the end of the line, in their own unit."""
    if len(found) != 1 or "=" in scan.text:
        return
    behind = scan.between(found[0].end, len(scan.text))
    stated = behind[0] if len(behind) == 1 else None
    if stated is None or stated.family not in ("money", "bare") or scan.text[stated.end :].strip():
        return
    gap = scan.text[found[0].end : stated.start]
    base = Fraction(_unit(stated, found[0])[1]) * Fraction(stated.value)
    if gap and not gap.strip() and base and _near(found[0], base):
        comparison = _compared(rule, statement, scan, stated, found[0], "beside", _weak(rule))
        if comparison is not None:
            yield comparison


def _behind(rule: Rule, statement: Statement, scan: Scan, found: Sequence[Value]) -> Iterator[Comparison]:
    """`구입(45,000원×30병)에 1,350,000원`: an amount right behind the bracket that says how it came about."""
    for bracket in scan.brackets:
        inner = [side for side in found if bracket.start < side.start and side.end <= bracket.end]
        stated = next(iter(scan.between(bracket.end, len(scan.text))), None)
        if len(inner) != 1 or stated is None or stated.family != "money" or head_of(scan, bracket) is not None:
            continue
        gap = scan.text[bracket.end + 1 : stated.start].strip()
        if len(gap) <= PARTICLE and not ENDED.search(gap) and _near(inner[0], _base(stated)):
            comparison = _compared(rule, statement, scan, stated, inner[0], "behind", _weak(rule), named=bracket.start)
            if comparison is not None:
                yield comparison


def _near(worked: Value, base: Fraction) -> bool:
    """True if a calculation may be that of an amount which nothing but its place connects with it.

    It comes near, or one stroke in the amount or in a factor of some digits explains what it is off by.
    """
    value = worked.value
    if abs(value - base) <= abs(base) * NEAR or stroke(int(value), int(base)):
        return True
    needed = [(number.value, Fraction(number.value) * base / value) for number in worked.operands if value and not worked.terms]
    return any(new.denominator == 1 and abs(old) >= TELLING and stroke(int(old), int(new)) for old, new in needed)


def compare_each(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """`15개 팀에 각 1,000만원씩 총 1억 5천만원`: a number, what each gets, and the total of it."""
    phrases = Phrases(prose.vocabulary, ("each",))
    for statement, scan in zip(prose.statements, prose.scans, strict=True):
        told: set[int] = set()
        for match in phrases.matches(scan) if len(scan.numbers) > 2 else ():
            (count, *_), (one, *_), (total, *_) = (match.roles[role] for role in ("count", "one", "total"))
            if not compatible(one, total) or count.bound or one.bound or total.start in told:
                continue
            told.add(total.start)
            worked = Value(
                exact(count) * exact(one), "money" if one.family == "money" else "plain", (count, one), 1, count.start, one.end
            )
            if stroke(int(worked.value), int(exact(total))) or worked.value == exact(total):
                comparison = _compared(rule, statement, scan, total, worked, "each", _weak(rule))
                if comparison is not None:
                    yield comparison


def _weak(rule: Rule) -> Severity:
    return "warning" if rule.severity == "error" else rule.severity


def _below(
    rule: Rule, upper: Statement, scan: Scan, amount: Number, lower: Statement, below: Scan, worked: Value
) -> Iterator[Comparison]:
    """An amount and the calculation under it; what is far from it explains something else."""
    base = _base(amount)
    if base and _near(worked, base) and not any(n.family == "money" for n in below.numbers if n not in worked.operands):
        comparison = _compared(rule, upper, scan, amount, worked, "below", _weak(rule), lower)
        if comparison is not None:
            yield comparison


def _base(number: Number) -> Fraction:
    scale = number.unit.scale if number.unit is not None and number.unit.scale is not None else Decimal(1)
    return Fraction(number.value) * Fraction(scale)


def _compared(
    rule: Rule,
    statement: Statement,
    scan: Scan,
    number: Number,
    worked: Value,
    how: str,
    severity: Severity,
    below: Statement | None = None,
    named: int | None = None,
) -> Comparison | None:
    """`named`: where what the number is called ends, if not right before it."""
    if number.family != "money" and worked.family == "money" and number.family != "bare":
        return None
    inherits = not worked.products and all(operand.family == "bare" for operand in worked.operands)
    if number.family == "money" and worked.family != "money" and not inherits:
        return None
    unit, scale = _unit(number, worked)
    if inherits:
        scale = Decimal(1)
    expected = _decimal(worked.value / Fraction(scale))
    called = label_before(scan.text, number.start if named is None else named)
    stated = number.figure(statement.place, called, unit)
    text, place = (below or statement).text if below is not None else scan.text, (below or statement).place
    role = "factor" if worked.products else "part"
    operands = [(role, operand.figure(place, label_before(text, operand.start))) for operand in worked.operands]
    step = stated_step(number, expected, max([abs(expected), *(_decimal(abs(term)) for term in worked.terms)]))
    divided = DIVIDED in text[worked.start : worked.end]  # a quotient is rounded or cut, even one of things
    if divided:
        step = max(step, number.last_place)
    sentence = quoted(statement.text if below is None else f"{statement.text} / {below.text}", number.start)
    calculation = text[worked.start : worked.end].strip()
    message = said("product-differs", stated.label or number.text, number.text, sentence, calculation=calculation)
    relation = f"text:{statement.place.file}#{statement.number}:{number.start}{how}"
    comparison = confront(
        Computed(
            rule,
            stated,
            Interval(expected, expected),
            tuple(operands),
            relation,
            rounded="either" if divided else "nearest",
            step=step,
            severity=severity,
            message=message,
        )
    )
    vague = bool(number.bound) or any(operand.bound for operand in worked.operands)
    vague = vague or (expected > number.value and _capped(scan, number))
    return None if vague and comparison.verdict == "fail" else comparison


def _capped(scan: Scan, number: Number) -> bool:
    """True if a text says that a stated amount is the most there can be: 10점 = 4.6점 + 2.8점 + 4점 ※ 최대 10점."""
    return any(
        other.bound == "most" and other.value == number.value and other.unit == number.unit and other is not number
        for other in scan.numbers
    )


def _unit(number: Number, worked: Value) -> tuple[Unit | None, Decimal]:
    """The unit of a stated amount and its scale; a bare number takes the scale under which it is what the product gives."""
    if number.unit is not None and number.unit.scale is not None:
        return number.unit, number.unit.scale
    if number.family == "percent":
        return number.unit, Decimal("0.01")
    if number.family == "bare":
        value = Fraction(number.value)
        near = (s for s in SCALES if value and abs(worked.value / s - value) <= abs(value) * NEAR)
        scale = next((s for s in SCALES if value and abs(worked.value / s - value) < 1), next(near, 1))
        money = next((operand.unit for operand in worked.operands if operand.family == "money"), None)
        return (money if money is not None and money.scale == scale else None), Decimal(scale)
    return number.unit, Decimal(1)


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("1e-9")).normalize() + 0


def stated_step(number: Number, expected: Decimal, size: Decimal) -> Decimal:
    """What an amount beside a calculation is stated to: its last place, or its trailing zeros where these change next to nothing.

    `size` is the largest term of the calculation.
    """
    coarse = number.last_place >= 1 and number.unit is not None and number.unit.scale not in (None, 1)
    bound = min(number.last_place, abs(expected) * COARSE) if coarse else Decimal(0)
    decimals = number.last_place / 2 if number.places > 0 else Decimal(0)
    zeros = Decimal(1).scaleb(max(int(number.value.normalize().as_tuple().exponent), 0)) if number.value else Decimal(0)
    # budgets round each product to a thousand of the base unit
    least = THOUSAND if size >= THOUSAND * 100 and number.family in ("money", "bare") and not coarse else Decimal(0)
    return 2 * max(bound, min(zeros, max(abs(expected) * ROUND, least)), decimals)


def rounded_figure(figure: Figure) -> Decimal:
    """What an amount of a table is stated to: its last non-zero digit."""
    if not figure.value:
        return Decimal(1)
    return Decimal(1).scaleb(max(int(figure.value.normalize().as_tuple().exponent), 0))
