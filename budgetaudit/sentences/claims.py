"""Compare the changes and rates of sentences with what their operands give; rates may be rounded or cut.

A claim far from what its operands give is more likely misread than wrong: it is not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from budgetaudit.model import Comparison, Message, Operator, Severity
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.relation import Relation, states
from budgetaudit.rounding import ZERO
from budgetaudit.rulefiles.rule import Rule, Tolerance
from budgetaudit.sentences.breakdowns import in_unit, label_before
from budgetaudit.sentences.rates import ONE, Claim, Form, made_of, share_behind
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said
from budgetaudit.sentences.tokens import Number
from budgetaudit.slips import stroke

FAR, POINTS = Decimal("0.5"), Decimal(15)
TELLING = 3  # digits of an operand whose exchange is no chance
ABOUT = Tolerance("percent", Decimal(10))
BOUNDS: Mapping[str, Operator] = {"": "=", "about": "=", "least": "<=", "most": ">="}  # `more than 80 %` may be exceeded
CODES = {"change": "sentence-change", "growth": "sentence-growth"}  # every other form is a ratio


def compare_claims(rule: Rule, prose: Prose, forms: Sequence[Form]) -> Iterator[Comparison]:
    """One comparison for each claim of some forms."""
    for statement, claim in prose.claims:
        if claim.form in forms:
            yield from _compared(rule, statement, claim)


def compare_shares(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """The percentages behind the parts of a breakdown: `총 10억(국비 5억(50%), 시비 5억(50%))`."""
    claimed = {(statement.number, claim.stated.start) for statement, claim in prose.claims}
    for statement, breakdown in prose.breakdowns:
        scan = prose.scans[statement.number]
        for part in breakdown.parts if breakdown.total.value else ():
            rate = share_behind(scan, part.number) if part.place is None else None
            if rate is not None and rate.depth > part.number.depth and (statement.number, rate.start) not in claimed:
                claim = Claim("share", rate, replace(part.number, unit=part.unit), (breakdown.total,))
                yield from _compared(rule, statement, claim)


def _compared(rule: Rule, statement: Statement, claim: Claim) -> Iterator[Comparison]:
    wanted = _wanted(claim)
    if wanted is None:
        return
    value = -abs(claim.stated.value) if claim.down < 0 else claim.stated.value
    turned = not claim.down and wanted < 0 < value  # `fell by 1.8 %` prints no sign
    wanted = -wanted if turned else wanted
    numbers = (claim.first, *claim.seconds)
    figures = {number.start: number.figure(statement.place, label_before(statement.text, number.start)) for number in numbers}
    stated = claim.stated.figure(statement.place, label_before(statement.text, claim.stated.start), step=claim.stated.last_place)
    relation = f"text:{statement.place.file}#{statement.number}:{claim.stated.start}{claim.form}"
    args = {"first": claim.first.text, "second": " + ".join(number.text for number in claim.seconds)}
    sentence = quoted(statement.text, claim.stated.start)
    message = said(CODES.get(claim.form, "sentence-ratio"), stated.label or stated.text, claim.stated.text, sentence, **args)
    severity: Severity = "warning" if rule.severity == "error" else rule.severity
    step = claim.stated.last_place if claim.stated.family != "count" or claim.stated.places > 0 else ZERO
    names = ("new", "old") if claim.form in ("change", "growth") else ("numerator", "denominator")

    def proposed(*, generous: bool = False) -> Relation:  # type: ignore[type-arg]
        """`generous`: amounts may be rounded to the trailing zeros that those of one unit share."""
        alike = {one.unit: min(other.step for other in numbers if other.unit == one.unit) for one in numbers}
        steps = {number.start: alike[number.unit] if generous else printed_step(number) for number in numbers}
        operands = [(figures[number.start], steps[number.start]) for number in numbers]
        terms = made_of(claim.form, operands[0], operands[1:], -ONE if turned or value != stated.value else ONE)
        return Relation(
            rule,
            (states(stated, step=step), *terms),
            relation,
            BOUNDS[claim.stated.bound],
            rounded="either",
            mixed=True,
            severity=severity,
            message=message,
        )

    comparison = confront(proposed())
    if comparison.verdict == "fail" and any(number.bound == "about" for number in (claim.stated, *numbers)):
        comparison = confront(replace(proposed(), rule=replace(rule, tolerance=ABOUT)))
        if comparison.verdict == "fail":
            return
    elif comparison.verdict == "fail" and not claim.sure and not _believable(value, wanted, claim):
        operands = [(names[number is not claim.first], figures[number.start]) for number in numbers]
        comparison = not_evaluated(rule, stated, Message("reason-not-claim", {}), operands, relation)
    elif comparison.verdict == "fail" and confront(proposed(generous=True)).verdict != "fail":
        comparison = replace(comparison, severity="note")
    yield comparison


def printed_step(number: Number) -> Decimal:
    """The last place of an operand; counts and whole amounts of the currency's own unit are exact."""
    whole = number.unit is not None and (number.family == "count" or number.unit.scale == 1) and number.places <= 0
    return ZERO if whole and (number.family == "count" or number.places == 0) else number.last_place


def _wanted(claim: Claim) -> Decimal | None:
    """What the operands give, without direction where the text gives none; None if that is undefined."""
    unit = claim.stated.unit if claim.form == "change" else claim.seconds[0].unit
    values = [in_unit(number.value, number.unit, unit) for number in (claim.first, *claim.seconds)]
    known = [value for value in values if value is not None]
    second = sum(known[1:], ZERO)
    if len(known) < len(values) or (claim.form != "change" and second <= 0):
        return None
    gap = known[0] - second
    return gap if claim.form == "change" else (gap if claim.form == "growth" else known[0]) / second * 100


def _believable(value: Decimal, wanted: Decimal, claim: Claim) -> bool:
    """True if a claim can be meant of these operands at all."""
    if claim.form != "change" and abs(value - wanted) <= POINTS:
        return True
    printed = wanted.quantize(claim.stated.last_place)
    near = abs(value - wanted) <= abs(wanted) * FAR or bool(stroke(int(value * 1000), int(printed * 1000)))
    return near or any(abs(abs(value) - abs(other)) <= claim.stated.last_place for other in _exchanged(claim))


def _exchanged(claim: Claim) -> Iterator[Decimal]:
    """What the operands give where two digits beside each other in one of them are exchanged."""
    for number in (claim.first, *claim.seconds) if claim.first not in claim.seconds else ():
        sign, digits, exponent = number.value.as_tuple()
        for at in range(len(digits) - 1) if len(digits) >= TELLING else ():
            exchanged = (*digits[:at], digits[at + 1], digits[at], *digits[at + 2 :])
            other = replace(number, value=Decimal((sign, exchanged, int(exponent))))
            first = other if number is claim.first else claim.first
            seconds = tuple(other if number is one else one for one in claim.seconds)
            if (wanted := _wanted(replace(claim, first=first, seconds=seconds))) is not None:
                yield wanted
