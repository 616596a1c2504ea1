"""Evaluate relations between the figures of documents: bring them to one scale of integers, and let the judge decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from math import lcm

from budgetaudit.model import Comparison, Figure, Message, Severity, Verdict
from budgetaudit.relations import judge
from budgetaudit.relations.judge import FAIL, NOT_EVALUATED, PASS, Band, Spread, spread
from budgetaudit.relations.relation import ONE, Computed, Relation, Rounding, Term
from budgetaudit.rulefiles.rule import Rule, Tolerance

EXACTLY = Context(prec=200)
FAITHFUL = 24  # digits of a quotient that can be relied on
MANY_DIGITS = 60  # of an exact quotient, before it is shortened to what is shown
REASONS = {"malformed": "reason-malformed", "zero-divisor": "reason-zero"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term in integers of the relation's scale: coefficient, value (0 for a blank) and step."""

    term: Term[Figure]
    coefficient: int
    value: int
    step: int

    @property
    def amount(self) -> int:
        return self.coefficient * self.value

    @property
    def width(self) -> int:
        return abs(self.coefficient) * self.step


def confront(relation: Relation[Figure] | Computed[Figure]) -> Comparison:
    """The comparison a relation makes, judged. Never evaluated are units that do not go together."""
    if isinstance(relation, Computed):
        return _computed(relation)
    counted = coefficients(relation)
    if counted is None:
        return _undecided(relation, Message("reason-units"))
    weighed, power, whole = _integers(relation, counted)
    scale = power * whole
    sides = {side: [one for one in weighed if one.term.side == side] for side in ("stated", "part", "divisor")}
    stated, parts, divisors = sides["stated"], sides["part"], sides["divisor"]
    divisor = sum(one.amount for one in divisors)
    sign = -1 if divisor < 0 else 1
    expected = (sum(one.amount for one in parts) + int(relation.constant * scale)) * sign
    own = stated[0]
    if divisors:
        gap = sum(one.amount for one in stated) * abs(divisor) - expected * scale
        unit = scale * abs(divisor)
        others = _divided(relation, stated, parts, divisors, scale * sign, sign)
    else:
        gap = sum(one.amount for one in stated) - expected
        unit = scale
        terms = [(-one.coefficient, one) for one in parts] + [(one.coefficient, one) for one in stated[1:]]
        others = _together(terms, rounding_of_others(relation.rule.tolerance, relation))
    within = judge.band(
        relation.rule.tolerance,
        (own.coefficient * (abs(divisor) if divisors else 1), own.value, own.step),
        others,
        expected=expected * (scale if divisors else 1),
        unit=unit,
        rounded=relation.rounded,
        forced=int(relation.forced * unit),
    )
    missing = [one for one in weighed if one.term.operand.value is None and relation.blanks == "missing"]
    flags = {
        "malformed": any(one.term.operand.malformed and one.term.operand.value is None for one in weighed),
        "zero_divisor": bool(divisors) and divisor == 0,
    }
    given = (stated,) if relation.blanks == "zero" else (stated, parts)  # parts that are zeros are there
    empty = any(side and all(one.term.operand.value is None for one in side) for side in given)
    code = judge.judge(gap, relation.operator, within, blanks=len(missing), empty=empty, divided=bool(divisors), **flags)
    if code == NOT_EVALUATED:
        why = judge.reason(len(missing), **flags)
        reason = (
            Message("reason-blanks", {"blanks": len(missing)}) if why == "blank" else Message(REASONS.get(why, "reason-blank"))
        )
        return _undecided(relation, reason)
    return _comparison(relation, code, gap, within, Fraction(own.coefficient * power * unit, scale), len(missing))


def _computed(relation: Computed[Figure]) -> Comparison:
    """The comparison with an expectation that was worked out elsewhere, as an interval in the unit of the stated figure."""
    stated, expected, rule = relation.stated, relation.expected, relation.rule
    assert stated.value is not None
    middle = expected.middle
    if abs(stated.value - middle) < abs(middle).scaleb(-FAITHFUL):
        middle = stated.value  # what an endless quotient leaves behind
    step = stated.step if relation.step is None else _decimal(Fraction(relation.step))
    numbers = (stated.value, step, middle, expected.low, expected.high)
    places = max(0, *(-int(number.as_tuple().exponent) for number in numbers))
    value, width, center, low, high = (int(number.scaleb(places, EXACTLY)) for number in numbers)
    gap = value - center
    # the expectation is subtracted: where it may be more, the gap may be less
    others = Spread(max(0, 2 * (high - center)), max(0, 2 * (center - low)))
    within = judge.band(rule.tolerance, (1, value, width), others, expected=center, unit=10**places, rounded=relation.rounded)
    code = judge.judge(gap, relation.operator, within)
    difference = stated.value - middle
    side = Decimal(within.room_above if gap >= 0 else within.room_below).scaleb(-places, EXACTLY) / 2
    severity = relation.severity or rule.severity
    amounts = (tidy(middle), tidy(difference), tidy(side))
    verdict = judge.verdict(code)
    return Comparison(
        rule.id,
        rule.kind,
        verdict,
        stated,
        *amounts,
        relation.operands,
        relation.message,
        severity,
        relation.law,
        stated.unit,
        relation.operator,
        relation,
    )


def as_integers(relation: Relation[Figure]) -> tuple[list[Weighed], int] | None:
    """The terms as integers and their scale; None if their units do not go together."""
    counted = coefficients(relation)
    if counted is None:
        return None
    weighed, power, whole = _integers(relation, counted)
    return weighed, power * whole


def coefficients(relation: Relation[Figure]) -> list[Fraction] | None:
    """What each term counts in the unit of the stated figure (of a rate: of its first part); None if units do not go together."""
    found = []
    divided, reference = relation.divided, relation.reference
    for term in relation.terms:
        ratio = ONE if divided and term.side == "stated" else worth(term.operand, reference, mixed=relation.mixed)
        if ratio is None:
            return None
        found.append(term.weight if ratio is ONE else term.weight * ratio)
    return found


def worth(figure: Figure, other: Figure, *, mixed: bool = False) -> Fraction | None:
    """What one unit of a figure is in the unit of another; None if the two cannot be compared."""
    unit, into = figure.unit, other.unit
    if unit is into or unit is None or into is None or unit == into:
        return ONE
    if unit.family == into.family == "money":
        if unit.scale and into.scale and unit.currency == into.currency:
            return Fraction(unit.scale) / Fraction(into.scale)
        return None
    return ONE if mixed or unit.family == into.family else None


def _integers(relation: Relation[Figure], counted: Sequence[Fraction]) -> tuple[list[Weighed], int, int]:
    """The terms as integers: values times a power of ten, coefficients times the smallest number that makes them whole."""
    values = [term.operand.value for term in relation.terms]
    steps = [term.operand.step for term in relation.terms]
    places = max(0, *(-int(n.as_tuple().exponent) for n in (*steps, *values) if n is not None))
    extra = (relation.constant, relation.forced, *(Fraction(term.step) for term in relation.terms if term.step is not None))
    whole = lcm(*(c.denominator for c in counted), *(e.denominator for e in extra))
    power = 10**places
    weighed = []
    for term, coefficient, value, step in zip(relation.terms, counted, values, steps, strict=True):
        number = 0 if value is None else int(value.scaleb(places))
        width = int(step.scaleb(places)) if value is not None else 0
        if term.step is not None:
            width = int(term.step * power)
        weighed.append(Weighed(term, coefficient.numerator * (whole // coefficient.denominator), number, width))
    return weighed, power, whole


def _together(terms: Sequence[tuple[int, Weighed]], rounded: Rounding) -> Spread:
    """How far a sum may be off; a figure that takes part twice is off in both places alike."""
    merged: dict[int, int] = {}
    figures: dict[int, Weighed] = {}
    for coefficient, one in terms:
        key = id(one.term.operand)
        merged[key] = merged.get(key, 0) + coefficient
        figures[key] = one
    spreads = [spread(merged[key], one.value, one.step, rounded) for key, one in figures.items()]
    return Spread(sum(s.below for s in spreads), sum(s.above for s in spreads))


def _divided(
    relation: Relation[Figure],
    stated: Sequence[Weighed],
    parts: Sequence[Weighed],
    divisors: Sequence[Weighed],
    scale: int,
    sign: int,
) -> Spread:
    """How far stated × divisor − dividend may be off by the rounding of all but the stated number; with the product of two."""
    rounded = rounding_of_others(relation.rule.tolerance, relation)
    total = sum(one.amount for one in stated)
    terms = [(-one.coefficient * scale, one) for one in parts] + [(one.coefficient * total * sign, one) for one in divisors]
    found = _together(terms, rounded)
    both = stated[0].width * sum(one.width for one in divisors)
    product = both // 2 if rounded == "nearest" else both * 2
    return found.plus(Spread(product, product))


def rounding_of_others(tolerance: Tolerance, relation: Relation[Figure]) -> Rounding:
    """How all numbers but the stated one were rounded."""
    return "cut" if judge.cuts(tolerance) else relation.others


def _comparison(relation: Relation[Figure], code: int, gap: int, within: Band, unit: Fraction, blanks: int) -> Comparison:
    """The comparison of a relation, its amounts in the unit of the stated figure."""
    stated = relation.stated
    assert stated.value is not None
    difference = _decimal(gap / unit)
    expected = stated.value - difference
    if relation.divided and code == FAIL and stated.step:
        expected = expected.quantize(stated.step, ROUND_HALF_UP)
        difference = stated.value - expected
    side = within.room_above if gap >= 0 else within.room_below
    severity = relation.severity or relation.rule.severity
    if code != PASS and blanks and severity == "error":
        severity = "warning"
    return Comparison(
        relation.rule.id,
        relation.rule.kind,
        judge.verdict(code),
        stated,
        tidy(expected),
        tidy(difference),
        tidy(_decimal(abs(side / (2 * unit)))),
        operands_of(relation),
        relation.message,
        severity,
        relation.law,
        stated.unit,
        relation.operator,
        relation,
    )


def _undecided(relation: Relation[Figure], reason: Message) -> Comparison:
    severity = relation.severity or relation.rule.severity
    return not_evaluated(relation.rule, relation.stated, reason, operands_of(relation), relation.law, severity)


def not_evaluated(
    rule: Rule,
    stated: Figure,
    reason: Message,
    operands: Sequence[tuple[str, Figure]] = (),
    relation: str = "",
    severity: Severity | None = None,
) -> Comparison:
    """A comparison that could not be made, with the reason."""
    amounts = (None, None, Decimal(0))
    return Comparison(
        rule.id,
        rule.kind,
        "not_evaluated",
        stated,
        *amounts,
        tuple(operands),
        reason,
        severity or rule.severity,
        relation,
        stated.unit,
    )


def claim(
    rule: Rule,
    stated: Figure,
    message: Message,
    law: str,
    *,
    failed: bool,
    severity: Severity | None = None,
    operands: Sequence[tuple[str, Figure]] = (),
    expected: Decimal | None = None,
) -> Comparison:
    """A comparison of words (dates, ways of writing): it holds or not, its message says what was expected."""
    difference = None if expected is None else (stated.value or Decimal(0)) - expected
    amounts = (expected, difference, Decimal(0))
    verdict: Verdict = "fail" if failed else "pass"
    weight = severity or rule.severity
    # words bound an amount at most, and never prove it
    return Comparison(rule.id, rule.kind, verdict, stated, *amounts, tuple(operands), message, weight, law, operator="<=")


def operands_of(relation: Relation[Figure]) -> tuple[tuple[str, Figure], ...]:
    """The figures an expectation is made of, each once, with their roles; a blank if it is the only one."""
    stated = relation.stated
    others = {id(term.operand): (term.role, term.operand) for term in relation.terms if term.operand is not stated}
    blank = sum(figure.value is None for _, figure in others.values())
    return tuple(found for found in others.values() if blank == 1 or found[1].value is not None)


def _decimal(value: Fraction) -> Decimal:
    if value.denominator == 1:
        return Decimal(value.numerator)
    with localcontext(prec=MANY_DIGITS):
        return Decimal(value.numerator) / Decimal(value.denominator)


def tidy(value: Decimal) -> Decimal:
    """A number without the trailing zeros that arithmetic left behind."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) if abs(value.adjusted()) < 27 else value
    return value.normalize()
