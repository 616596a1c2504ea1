"""Compare the changes and rates of sentences with what their operands give; rates may be rounded or cut.

A claim far from what its operands give is more likely misread than wrong: it is not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from budgetaudit.labels.numbers import slip
from budgetaudit.model import Comparison, Figure, Message, Operator, Severity
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rounding import ZERO, Interval
from budgetaudit.rulefiles.rule import Rule, Tolerance
from budgetaudit.sentences.breakdowns import Part, label_before
from budgetaudit.sentences.rates import Claim, Form, expected, printed_step, signed
from budgetaudit.sentences.scan import Number
from budgetaudit.sentences.statements import Statement
from budgetaudit.sentences.text import Prose, quoted, said

ONE, MINUS, HUNDRED = Fraction(1), Fraction(-1), Fraction(100)
FAR, POINTS = Decimal("0.5"), Decimal(15)
ABOUT = Tolerance("percent", Decimal(10))
BOUNDS: Mapping[str, Operator] = {"least": "<=", "most": ">="}
CODES = {"change": "sentence-change", "growth": "sentence-growth"}  # every other form is a ratio


def compare_claims(rule: Rule, prose: Prose, forms: Sequence[Form]) -> Iterator[Comparison]:
    """One comparison for each claim of some forms."""
    for statement, claim in prose.claims:
        if claim.form in forms:
            comparison = _compared(rule, statement, claim)
            if comparison is not None:
                yield comparison


def _compared(rule: Rule, statement: Statement, claim: Claim) -> Comparison | None:
    should = expected(claim)
    if should is None:
        return None
    value = signed(claim)
    down = not claim.down and should.middle < 0 < value
    if down:
        should = -should
    stated = claim.stated.figure(statement.place, label_before(statement.text, claim.stated.start), step=claim.stated.last_place)
    names = ("new", "old") if claim.form in ("change", "growth") else ("numerator", "denominator")
    pairs = list(zip(names, (claim.first, claim.second), strict=True)) + [("denominator", number) for number in claim.extra]
    if claim.first is claim.second:
        pairs.pop(0)
    operands = [(role, n.figure(statement.place, label_before(statement.text, n.start))) for role, n in pairs]
    relation = f"text:{statement.place.file}#{statement.number}:{claim.stated.start}{claim.form}"
    args = {"first": claim.first.text, "second": " + ".join(number.text for number in (claim.second, *claim.extra))}
    sentence = quoted(statement.text, claim.stated.start)
    message = said(CODES.get(claim.form, "sentence-ratio"), stated.label or stated.text, claim.stated.text, sentence, **args)
    severity: Severity = "warning" if rule.severity == "error" else rule.severity
    turned = down or value != stated.value  # `fell by 1.8 %` prints no sign
    step = claim.stated.last_place if claim.stated.family != "count" or claim.stated.places > 0 else ZERO
    proposed = Relation(
        rule,
        (states(stated, step=step), *_terms(claim, [figure for _, figure in operands], MINUS if turned else ONE)),
        relation,
        _operator(claim),
        rounded="either",
        mixed=True,
        severity=severity,
        message=message,
    )
    comparison = confront(proposed)
    if comparison.verdict != "fail":
        return comparison
    if any(number.bound not in ("", *BOUNDS) for number in (claim.stated, claim.first, claim.second)):
        about = confront(replace(proposed, rule=replace(rule, tolerance=ABOUT)))
        return about if about.verdict != "fail" else None
    if not claim.sure and not _believable(value, should.middle, claim):
        return not_evaluated(rule, stated, Message("reason-not-claim", {}), operands, relation)
    return replace(comparison, severity="note") if _rounded(claim, value, should) else comparison


def _terms(claim: Claim, figures: Sequence[Figure], sign: Fraction) -> Iterator[Term[Figure]]:
    """What a claim is made of: the change from one amount to another, or one over another in percent."""
    once = claim.first is claim.second  # a part of its own whole: `45%, 30%, 25%` of what they add up to
    first, second, extra = figures[0], figures[0 if once else 1], figures[1 if once else 2 :]
    steps = [printed_step(number) for number in (claim.first, claim.second)]
    if claim.form == "change":
        yield Term(first, sign, role="new", step=steps[0])
        yield Term(second, -sign, role="old", step=steps[1])
        return
    names = ("new", "old") if claim.form == "growth" else ("numerator", "denominator")
    yield Term(first, HUNDRED * sign, role=names[0], step=steps[0])
    if claim.form == "growth":
        yield Term(second, -HUNDRED * sign, role=names[1], step=steps[1])
    yield Term(second, ONE, "divisor", names[1], steps[1])
    for number, figure in zip(claim.extra, extra, strict=True):
        yield Term(figure, ONE, "divisor", names[1], printed_step(number))


def _operator(claim: Claim) -> Operator:
    """`More than 80 %` may be exceeded by what it speaks of; a fall of more than 5 % by a deeper one."""
    return BOUNDS.get(claim.stated.bound, "=")


def _rounded(claim: Claim, value: Decimal, should: Interval) -> bool:
    """Whether the operands, rounded to their trailing zeros, allow the claim: worth a note, no more."""
    wide = expected(claim, generous=True)
    place = claim.stated.last_place
    return wide is not None and wide.radius > should.radius and wide.low - place <= value <= wide.high + place


def _believable(value: Decimal, wanted: Decimal, claim: Claim) -> bool:
    """Whether a claim can be meant of these operands at all."""
    if claim.form != "change" and abs(value - wanted) <= POINTS:
        return True
    printed = wanted.quantize(claim.stated.last_place)
    return abs(value - wanted) <= abs(wanted) * FAR or bool(slip(int(value * 1000), int(printed * 1000)))


def compare_shares(rule: Rule, prose: Prose) -> Iterator[Comparison]:
    """The percentages behind the parts of a breakdown: `총 10억(국비 5억(50%), 시비 5억(50%))`."""
    claimed = {(statement.number, claim.stated.start) for statement, claim in prose.claims}
    for statement, breakdown in prose.breakdowns:
        scan = prose.scans[statement.number]
        for part in breakdown.parts if breakdown.total.value else ():
            if part.place is not None:
                continue
            rate = _rate_of(scan.between(part.number.end, part.number.end + 12), part)
            told = rate is not None and (statement.number, rate.start) in claimed
            if rate is not None and not told and scan.text[part.number.end : rate.start].strip() in ("(", "["):
                share = Claim("share", rate, replace(part.number, unit=part.unit), breakdown.total)
                comparison = _compared(rule, statement, share)
                if comparison is not None:
                    yield comparison


def _rate_of(near: Sequence[Number], part: Part) -> Number | None:
    return near[0] if near and near[0].family == "percent" and near[0].depth == part.number.depth + 1 else None
