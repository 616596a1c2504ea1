"""Remarks on rules that load but cannot be what their author meant.

Rules that always or never hold, repeat or contradict each other, cannot apply, or lack a text. What
can be written as a linear comparison is, so that rules of different kinds are compared with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from budgetaudit.kinds.options import ChangeOptions, FormulaOptions, RateOptions, SumOptions, WithinOptions
from budgetaudit.messages import LANGUAGES
from budgetaudit.model import Message
from budgetaudit.rulefiles.evaluation import COMPARE, Linear, linear
from budgetaudit.rulefiles.rule import Column, Rule, RuleSet, Where
from budgetaudit.rulefiles.rulefile import load
from budgetaudit.rulefiles.strict_yaml import Fault, RuleFileError

REQUIRED_TEXTS = ("title", "why")
MAX_EQUATIONS = 300
_MIRRORED = {"=": "=", "!=": "!=", "<=": ">=", "<": ">", ">=": "<=", ">": "<"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a rule says of one combination of names: `direction · names  comparator  bound`."""

    rule: Rule
    direction: tuple[tuple[str, Fraction], ...]
    comparator: str
    bound: Fraction


def lint(specs: str | Sequence[str], kinds: Mapping[str, type]) -> tuple[Fault, ...]:
    """Every fault and remark on some packs and files, in the order of their rules; empty if all is well."""
    try:
        ruleset = load(specs, kinds)
    except RuleFileError as error:
        return error.faults
    rules = tuple(ruleset.active())
    claims = [claim for rule in rules if (claim := claim_of(rule)) is not None]
    remarks = [
        *_columns(ruleset),
        *(remark for rule in rules for remark in (*_texts(rule), *_senseless(rule))),
        *_trivial(claims),
        *_between(rules, claims),
        *_systems(claims),
    ]
    order: dict[str, int] = {rule.id: at for at, rule in enumerate(ruleset.rules)}
    return tuple(sorted(remarks, key=lambda fault: order.get(fault.rule, -1)))


def _remark(rule: Rule, code: str, **args: Any) -> Fault:
    return Fault(rule.file, rule.line, Message(code, args), rule.id)


# --- one rule ----------------------------------------------------------------------------------


def _texts(rule: Rule) -> Iterator[Fault]:
    if "severity" not in rule.given:
        yield _remark(rule, "lint-no-severity")
    for key in REQUIRED_TEXTS:
        if key not in rule.given:
            yield _remark(rule, "lint-no-text", key=key)
    for key in (*REQUIRED_TEXTS, "basis", "example"):
        languages = [language for language in LANGUAGES if f"{key}.{language}" in rule.given]
        if languages or (key in REQUIRED_TEXTS and key in rule.given):
            for language in LANGUAGES:
                if language not in languages:
                    yield _remark(rule, "lint-no-language", key=key, language=language)


def _senseless(rule: Rule) -> Iterator[Fault]:
    """Options that contradict each other, so that the rule can never apply or never fail."""
    options = rule.options
    if isinstance(options, SumOptions):
        if options.total is not None and options.total in options.parts:
            yield _remark(rule, "lint-total-is-part", member=options.total)
        if len(set(options.parts)) < len(options.parts):
            yield _remark(rule, "lint-part-twice", member=next(p for p in options.parts if options.parts.count(p) > 1))
        elif len(options.parts) == 1:
            yield _remark(rule, "lint-one-part", member=options.parts[0])
    pairs: list[tuple[Any, Any]] = []
    if isinstance(options, ChangeOptions):
        pairs = [(options.new, options.old), (options.change, options.new), (options.change, options.old)]
    if isinstance(options, RateOptions) and options.numerator is not None:
        pairs = [(options.numerator, options.denominator), (options.rate, options.numerator)]
    for left, right in pairs:
        if left == right:
            yield _remark(rule, "lint-same-selector", selector=str(left))


def _trivial(claims: Iterable[Claim]) -> Iterator[Fault]:
    for claim in claims:
        if not claim.direction:
            always = COMPARE[claim.comparator](Fraction(0), claim.bound)
            yield _remark(claim.rule, "lint-always" if always else "lint-never")


def _columns(ruleset: RuleSet) -> Iterator[Fault]:
    first: dict[str, Column] = {}
    for column in ruleset.columns:
        known = first.setdefault(column.label, column)
        if known is not column and set(known.members) != set(column.members):
            args = {"label": column.label, "file": known.file, "line": known.line}
            yield Fault(column.file, column.line, Message("lint-column", args))


# --- rules beside each other -------------------------------------------------------------------


def claim_of(rule: Rule) -> Claim | None:
    """The linear comparison a rule makes, scaled so that its first name counts once; None if it makes none."""
    form, comparator = _linear(rule.options)
    if form is None:
        return None
    terms = sorted(form[0].items())
    scale = terms[0][1] if terms else Fraction(1)
    if scale < 0:
        comparator = _MIRRORED[comparator]
    return Claim(rule, tuple((name, value / scale) for name, value in terms), comparator, -form[1] / scale)


def _linear(options: Any) -> tuple[Linear | None, str]:
    one = Fraction(1)
    if isinstance(options, FormulaOptions):
        return linear(options.check), options.check.operator
    if isinstance(options, WithinOptions) and options.also in (None, "cumulative"):
        return _terms((str(options.left), one), (str(options.right), -one)), "<="
    if isinstance(options, ChangeOptions):
        return _terms((str(options.change), one), (str(options.new), -one), (str(options.old), one)), "="
    if isinstance(options, SumOptions) and options.parts:
        total = (f"{{{options.along}: {options.total or 'total'}}}", one)
        return _terms(total, *((f"{{{options.along}: {part}}}", -one) for part in options.parts)), "="
    return None, "="


def _terms(*terms: tuple[str, Fraction]) -> Linear:
    found: dict[str, Fraction] = {}
    for name, coefficient in terms:
        found[name] = found.get(name, Fraction(0)) + coefficient
    return {name: value for name, value in found.items() if value}, Fraction(0)


def _covers(wide: Where, narrow: Where) -> bool:
    return wide in (Where(), narrow)


def _between(rules: Sequence[Rule], claims: Sequence[Claim]) -> Iterator[Fault]:
    """Each rule that an earlier one says already, or makes impossible."""
    claim_by_id = {claim.rule.id: claim for claim in claims if claim.direction}
    alike: dict[Any, list[Rule]] = {}
    for rule in rules:
        claim = claim_by_id.get(rule.id)
        keys = [(rule.kind, rule.options), *([claim.direction] if claim else [])]
        earlier = {other.id: other for key in keys for other in alike.get(key, ())}
        for other in earlier.values():
            verdict = _pair(rule, other, claim, claim_by_id.get(other.id))
            if verdict:
                yield _remark(rule, verdict, other=other.id, file=other.file, line=other.line)
                break
        for key in keys:
            alike.setdefault(key, []).append(rule)


def _pair(rule: Rule, other: Rule, claim: Claim | None, earlier: Claim | None) -> str:
    """What a rule is to an earlier one that has the same options or speaks of the same names."""
    wider, narrower = _covers(rule.where, other.where), _covers(other.where, rule.where)
    if not (wider or narrower):
        return ""
    if claim is not None and earlier is not None and not _possible(claim, earlier):
        return "lint-contradicts"
    if rule.tolerance != other.tolerance:  # two grades of one check: a note within, an error beyond
        return ""
    same = (rule.kind, rule.options) == (other.kind, other.options)
    if narrower and (same or (claim is not None and earlier is not None and _implies(earlier, claim))):
        return "lint-repeats"
    if wider and (same or (claim is not None and earlier is not None and _implies(claim, earlier))):
        return "lint-replaces"
    return ""


def _samples(one: Claim, two: Claim) -> tuple[Fraction, ...]:
    """Values of the common direction that meet every case two bounds can make."""
    low, high = sorted((one.bound, two.bound))
    return low - 1, low, (low + high) / 2, high, high + 1


def _true(claim: Claim, value: Fraction) -> bool:
    return COMPARE[claim.comparator](value, claim.bound)


def _possible(one: Claim, two: Claim) -> bool:
    return any(_true(one, value) and _true(two, value) for value in _samples(one, two))


def _implies(one: Claim, two: Claim) -> bool:
    return all(_true(two, value) for value in _samples(one, two) if _true(one, value))


def _systems(claims: Sequence[Claim]) -> Iterator[Fault]:
    """Equations that follow from several earlier ones, or cannot hold with them: Gaussian elimination."""
    for where in dict.fromkeys(claim.rule.where for claim in claims):
        solved: list[tuple[str, dict[str, Fraction], Fraction]] = []
        for claim in claims:
            if (
                len(solved) >= MAX_EQUATIONS
                or claim.comparator != "="
                or not claim.direction
                or not _covers(claim.rule.where, where)
            ):
                continue
            terms, bound = _reduce(dict(claim.direction), claim.bound, solved)
            if terms:
                pivot = min(terms)
                solved.append((pivot, {name: value / terms[pivot] for name, value in terms.items()}, bound / terms[pivot]))
            elif claim.rule.where == where and not _stated_by_one(claim, claims):
                yield _remark(claim.rule, "lint-impossible" if bound else "lint-follows")


def _reduce(
    terms: dict[str, Fraction], bound: Fraction, solved: Iterable[tuple[str, dict[str, Fraction], Fraction]]
) -> tuple[dict[str, Fraction], Fraction]:
    for pivot, row, value in solved:
        factor = terms.get(pivot)
        if factor:
            for name, coefficient in row.items():
                terms[name] = terms.get(name, Fraction(0)) - factor * coefficient
            bound -= factor * value
    return {name: value for name, value in terms.items() if value}, bound


def _stated_by_one(claim: Claim, claims: Iterable[Claim]) -> bool:
    """True if another single rule already speaks of this combination: `_between` reports that."""
    return any(other is not claim and other.direction == claim.direction for other in claims)
