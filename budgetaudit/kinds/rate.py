"""A printed rate follows from two amounts: execution over budget, growth over a base, a share of its total.

An average growth rate follows from the years beside it: compound, or the mean of the yearly rates; which, the figures say.
Rates may be rounded or cut; shares may be forced to add up to 100, which is worth one unit of the last place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise

from budgetaudit.kinds.options import RateOptions
from budgetaudit.labels.labelling import Line
from budgetaudit.labels.naming import chooses
from budgetaudit.labels.numbers import View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.relation import Computed, Relation, Term, states
from budgetaudit.rounding import Interval, interval
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.derived import (
    Derived,
    expected,
    find,
    is_rate,
    operands,
    otherwise,
    percentage,
    unbelieved,
    unsigned,
    without_year,
)
from budgetaudit.structure.structure import Structure

HUNDRED = Decimal(100)
NEAR = 10
LEAST_YEARS = 3
ENDLESS = Decimal("0.0001")
ONE = Interval(Decimal(1), Decimal(1))
FORMS = {"ratio": ("ratio",), "growth": ("growth", "ratio"), "share": ("share", "ratio")}


def compare_rates(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each printed rate of the rule's measures whose operands are found."""
    options: RateOptions = rule.options
    if options.of == "whole":
        for table in material.chosen(rule):
            yield from _wholes(rule, material.structure(table))
        return
    for table in material.chosen(rule):
        structure = material.structure(table)
        for axis, view in structure.views.items():
            for i, line in enumerate(view.lines):
                if chooses(options.rate, line) and (is_rate(line) or options.rate.label):
                    relation = f"{table.place.file}#{table.number}:{axis}:{line.index}=rate"
                    if options.of == "growth" and _is_average(line):
                        yield from _average_growth(rule, view, i, relation)
                        continue
                    derived = find(view, i, FORMS[options.of], _admitted(options, view))
                    if derived is not None:
                        yield from _crossings(rule, view, derived, relation)
                    elif options.of == "ratio" and (found := unbelieved(view, i, FORMS[options.of])) is not None:
                        stated, (first, second) = found
                        operand_pair = (("numerator", first), ("denominator", second))
                        yield not_evaluated(rule, stated, Message("reason-rate-astray"), operand_pair, relation)
    if material.reads(rule) and options.numerator is None and options.denominator is None and not options.rate.label:
        from budgetaudit.sentences.claims import compare_claims, compare_shares
        from budgetaudit.sentences.counting import compare_loose_rates

        yield from compare_claims(rule, material.prose, ("growth", "relative") if options.of == "growth" else (options.of,))
        if options.of == "share":
            yield from compare_shares(rule, material.prose)
        if options.of == "ratio":
            yield from compare_loose_rates(rule, material.tables, material.prose)


def _admitted(options: RateOptions, view: View) -> Callable[[Derived], bool]:
    """The operands that a rule names; where it names none, labels and figures decide."""

    def admitted(reading: Derived) -> bool:
        named = ((options.numerator, reading.first), (options.denominator, reading.second))
        return reading.form == "share" or all(selector is None or chooses(selector, view.lines[i]) for selector, i in named)

    return admitted


def _crossings(rule: Rule, view: View, derived: Derived, relation: str) -> Iterator[Comparison]:
    code = "growth-differs" if derived.form == "growth" else "rate-differs"
    for j in range(len(view.cross)):
        stated, pair = view.figure(derived.line, j), operands(view, derived, j)
        if stated is None or stated.value is None or pair is None or stated.dash:
            continue
        should = expected(derived.form, *pair, stated)
        if should is None:
            continue
        if otherwise(derived.form, view.lines[derived.line], stated, should):
            yield not_evaluated(
                rule, stated, Message("reason-otherwise"), (("numerator", pair[0]), ("denominator", pair[1])), relation
            )
            continue
        if should.radius * 4 > abs(should.middle) + stated.step:
            yield not_evaluated(
                rule, stated, Message("reason-coarse"), (("numerator", pair[0]), ("denominator", pair[1])), relation
            )
            continue
        first, second = pair
        args = {
            "label": stated.label,
            "stated": stated.text.strip(),
            "numerator": first.text.strip(),
            "denominator": second.text.strip(),
        }
        args |= {"new": first.text.strip(), "old": second.text.strip()}
        yield confront(
            Relation(
                rule,
                _terms(derived.form, stated, first, second),
                relation,
                rounded="either",
                forced=Fraction(stated.step) if derived.form == "share" else Fraction(0),
                message=Message(code, args),
            )
        )


def _terms(form: str, stated: Figure, first: Figure, second: Figure) -> tuple[Term[Figure], ...]:
    """The terms of a rate; growth is the new amount less the old one, over the old one."""
    scale = Fraction(100 if percentage(stated) else 1)
    if form == "growth":
        if unsigned(stated, first, second):
            scale = -scale
        parts = [Term(first, scale, role="numerator"), Term(second, -scale, role="denominator")]
    else:
        parts = [Term(first, scale, role="numerator")]
    return (states(stated), *parts, Term(second, side="divisor", role="denominator"))


# --- shares that add up ----------------------------------------------------------------------------


def _wholes(rule: Rule, structure: Structure) -> Iterator[Comparison]:
    """The shares of the parts of each total, against the share printed for the total."""
    options: RateOptions = rule.options
    for axis, view in structure.views.items():
        for j, cross in enumerate(view.cross):
            if chooses(options.rate, cross) and is_rate(cross):
                relation = f"{structure.table.place.file}#{structure.table.number}:{axis}:{cross.index}=whole"
                made = [_whole(rule, view, target, parts, j, relation) for target, parts in _totals(structure, view)]
                found = [comparison for comparison in made if comparison is not None]
                if any(comparison.verdict == "pass" for comparison in found) or all(map(_near, found)):
                    yield from found


def _totals(structure: Structure, view: View) -> list[tuple[int, tuple[int, ...]]]:
    """The totals of a table with their parts; in a plain list without amounts all lines are parts of the one total."""
    known = [(item.target, item.parts) for item in structure.sums if item.cue and item.axis == view.axis and len(item.parts) > 1]
    totals = [i for i, line in enumerate(view.lines) if line.total]
    if known or len(totals) != 1 or any(line.level for line in view.lines):
        return known
    rest = tuple(i for i in range(len(view.lines)) if i not in totals)
    return [(totals[0], rest)] if len(rest) > 1 and totals[0] in (0, len(view.lines) - 1) else []


def _whole(rule: Rule, view: View, target: int, parts: tuple[int, ...], j: int, relation: str) -> Comparison | None:
    stated = view.figure(target, j)
    figures = [figure for p in parts if (figure := view.figure(p, j)) is not None and figure.value is not None]
    if stated is None or stated.value is None or len(figures) < len(parts):
        return None
    # Each share may be rounded or cut: cut ones add up to less than their total. A whole is 100 however it is printed.
    step = Fraction(0) if stated.value == HUNDRED else None
    args = {
        "total": view.lines[target].text,
        "label": stated.label,
        "stated": stated.text.strip(),
        "parts": len(figures),
        "blanks": 0,
    }
    terms = (states(stated, step=step), *(Term(figure) for figure in figures))
    return confront(Relation(rule, terms, relation, rounded="either", others="either", message=Message("sum-differs", args)))


def _near(comparison: Comparison) -> bool:
    """True if shares of 100 add up to something near it; if not, they are rates that do not add up at all."""
    stated, expected = comparison.stated.value, comparison.expected
    return stated == HUNDRED and expected is not None and abs(expected - HUNDRED) * NEAR <= HUNDRED


# --- average growth ----------------------------------------------------------------------------------


def _is_average(line: Line) -> bool:
    """True if a label says that a rate is an average over years: 연평균증가율."""
    return any(label.average for label in line.labels)


def _average_growth(rule: Rule, view: View, line: int, relation: str) -> Iterator[Comparison]:
    """One comparison for each average rate that a line prints, under the reading that holds in most of them."""
    years = _years(view)
    found = [list(_averages(rule, view, line, years, relation, compound=compound)) for compound in (True, False)]
    best = max(found, key=_held, default=[])
    if _held(best) * 2 > len(best):
        yield from best


def _held(made: list[Comparison]) -> int:
    return sum(comparison.verdict in ("pass", "rounding") for comparison in made)


def _years(view: View) -> tuple[int, ...]:
    """The longest series of lines that are years in a row."""
    series: dict[str, dict[int, int]] = {}
    for i, line in enumerate(view.lines):
        if line.year is not None and line.additive:
            series.setdefault(without_year(line), {}).setdefault(line.year, i)
    best: list[int] = []
    for places in series.values():
        if max(places) - min(places) + 1 == len(places) > len(best):
            best = [places[year] for year in sorted(places)]
    return tuple(best)


def _averages(
    rule: Rule, view: View, line: int, years: tuple[int, ...], relation: str, *, compound: bool
) -> Iterator[Comparison]:
    if len(years) < LEAST_YEARS:
        return
    for j in range(len(view.cross)):
        stated = view.figure(line, j)
        figures = [figure for i in years if (figure := view.figure(i, j)) is not None and figure.value]
        if stated is None or stated.value is None or stated.dash or len(figures) < len(years):
            continue
        amounts = [interval(figure) for figure in figures]
        if any(amount.low <= 0 for amount in amounts):
            continue
        growth = _compounded(amounts) if compound else _mean(amounts)
        hundred = Decimal(100 if percentage(stated) else 1)
        exact = growth * Interval(hundred, hundred)
        # a root has no end: the interval is rounded outwards, far below what is printed
        expected = Interval(
            exact.low.quantize(ENDLESS, ROUND_FLOOR), exact.high.quantize(ENDLESS, ROUND_CEILING), exact.middle.quantize(ENDLESS)
        )
        yield confront(
            Computed(
                rule,
                stated,
                expected,
                _operands(figures),
                relation,
                rounded="either",
                message=Message("growth-differs", _args(stated, figures)),
            )
        )


def _compounded(amounts: list[Interval]) -> Interval:
    """The yearly rate that makes the last amount of the first."""
    quotient, power = amounts[-1] / amounts[0], 1 / Decimal(len(amounts) - 1)
    return Interval(quotient.low**power, quotient.high**power, quotient.middle**power) - ONE


def _mean(amounts: list[Interval]) -> Interval:
    """The mean of the growth from each year to the next."""
    total = Interval(Decimal(0), Decimal(0))
    for before, after in pairwise(amounts):
        total = total + after / before - ONE
    count = Decimal(len(amounts) - 1)
    return total / Interval(count, count)


def _operands(figures: list[Figure]) -> tuple[tuple[str, Figure], ...]:
    return tuple(("operand", figure) for figure in figures)


def _args(stated: Figure, figures: list[Figure]) -> dict[str, object]:
    return {
        "label": stated.label,
        "stated": stated.text.strip(),
        "old": figures[0].text.strip(),
        "new": figures[-1].text.strip(),
    }
