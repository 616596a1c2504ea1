"""The formulas that a table's own headers print hold: `수납액(C=D-E)`, `불용액 A-(C+E)`, `집행률(B/A)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from budgetaudit.labels.numbers import Axis, View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.intervals import Crossing, Intervals
from budgetaudit.relations.relation import Computed, Relation, Rounding, Term, states
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.evaluation import CannotEvaluate, evaluate, ratio
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.derived import is_rate
from budgetaudit.structure.evidence import closeness
from budgetaudit.structure.header_formulas import HeaderFormula, find
from budgetaudit.structure.settings import STRUCTURE
from budgetaudit.structure.structure import Structure

PART = re.compile(r"\s*(\d+)\s*/\s*(\d+)\s*")
MOSTLY = 2  # so many may be wrong for one that is right
PRINTED = 15.0  # bits for a formula that a header prints
HOLDS = 5.0  # bits for a figure that it makes
MOST_SLIP_BITS = 24.0  # bits for figures that are near what it makes


def compare_headers(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each figure whose line is defined by a printed formula."""
    for table in material.chosen(rule):
        for axis, view in material.structure(table).views.items():
            for formula in find(view):
                relation = f"{table.place.file}#{table.number}:{axis}:{view.lines[formula.line].index}=header"
                found = list(_crossings(rule, material.structure(table), view, formula, relation))
                failed = [comparison for comparison in found if comparison.verdict == "fail"]
                if _part_of_several(view, formula) and len(failed) == len(found):
                    continue
                if _better_reading(material.structure(table), axis, formula, len(failed)):
                    yield from (comparison for comparison in found if comparison.verdict != "fail")
                elif _believable([comparison for comparison in found if comparison.verdict in ("pass", "rounding")], failed):
                    yield from found
                elif found:
                    reason = Message("reason-formula-astray", {"formula": formula.printed})
                    yield not_evaluated(rule, failed[0].stated, reason, failed[0].operands, relation)


def _part_of_several(view: View, formula: HeaderFormula) -> bool:
    """True if a formula may as well say which of several parts its line is: `제어 방법[1/2]` beside lines 1) and 2)."""
    found = PART.fullmatch(formula.printed)
    return found is not None and int(found[1]) <= int(found[2]) and not is_rate(view.lines[formula.line])


def _believable(held: Sequence[Comparison], failed: Sequence[Comparison]) -> bool:
    """True if a printed header formula is believed: it holds often enough, or its failures look like errors."""
    if held and len(failed) <= MOSTLY * len(held):
        return True
    slip_bits = [
        closeness(comparison.stated.value, comparison.expected, comparison.stated.step)
        for comparison in failed
        if comparison.stated.value is not None and comparison.expected is not None
    ]
    proven = len({comparison.stated.value for comparison in held if comparison.stated.value})
    return PRINTED + HOLDS * proven + min(sum(slip_bits), MOST_SLIP_BITS) >= STRUCTURE.fail_cost * (len(slip_bits) + 1)


def _better_reading(structure: Structure, axis: Axis, formula: HeaderFormula, failed: int) -> bool:
    """True if a sum over these and further lines holds where the formula does not: then the header left a column out."""
    lines = {formula.line, *formula.operands.values()}
    return any(
        item.axis == axis and item.fails < failed and item.passes >= max(3, 3 * item.fails) and lines < {item.target, *item.parts}
        for item in structure.sums
    )


def _crossings(rule: Rule, structure: Structure, view: View, formula: HeaderFormula, relation: str) -> Iterator[Comparison]:
    found = ratio(formula.expression)  # a quotient is a rate whatever its group is called: 증감 over (B-A)/A
    rate = is_rate(view.lines[formula.line]) or (found is not None and found[1] is not None)
    scale = _scale(view, formula) if rate else Fraction(1)
    for j in range(len(view.cross)):
        stated = view.figure(formula.line, j)
        figures = {letter: view.figure(i, j) for letter, i in formula.operands.items()}
        present = [figure for figure in figures.values() if figure is not None and figure.value is not None]
        if stated is None or stated.value is None or not present or not (view.cross[j].additive or rate):
            continue
        if len(present) < len(figures):
            continue  # a blank operand beside printed ones: nothing is printed there
        if not rate and any(figure.unit is not None and figure.unit.family == "percent" for figure in (stated, *present)):
            continue  # a percentage among amounts, which does not add up as they do
        if not rate and len(present) > 1 and stated.value and {abs(f.value or 0) for f in present} == {abs(stated.value)}:
            column = Message("reason-not-additive", {"column": view.cross[j].text or str(view.cross[j].index + 1)})
            yield not_evaluated(rule, stated, column, [("operand", figure) for figure in present], relation)
            continue  # an index, of which everything is 100, or a factor
        message = Message("header-differs", {"label": stated.label, "stated": stated.text.strip(), "formula": formula.printed})
        known = {letter: figure for letter, figure in figures.items() if figure is not None}
        proposed = _relation(formula, stated, known, scale, Relation(rule, (), relation, mixed=True, message=message))
        if proposed is None:
            should = _value(formula, known, present[0] if rate else stated)
            if should is None:
                continue
            operands = tuple(("operand", figure) for figure in present)
            whole = Interval(Decimal(scale.numerator), Decimal(scale.numerator))
            proposed = Computed(
                rule, stated, should * whole, operands, relation, rounded="either" if rate else "nearest", message=message
            )
        if isinstance(proposed, Relation) and not rate:
            proposed = replace(proposed, terms=tuple(replace(t, step=structure.step(view, t.operand)) for t in proposed.terms))
        comparison = confront(proposed)
        if comparison.verdict != "not_evaluated":
            yield comparison


def _scale(view: View, formula: HeaderFormula) -> Fraction:
    """100 where a quotient is printed in per cent, 1 where it is printed as it is (B/C 1.25): what most crossings show."""
    if "100" in str(formula.expression):
        return Fraction(1)
    if any(sign in view.lines[formula.line].text for sign in "%％"):
        return Fraction(100)
    percent = plain = 0
    for j in range(len(view.cross)):
        stated = view.figure(formula.line, j)
        known = {letter: figure for letter, i in formula.operands.items() if (figure := view.figure(i, j)) is not None}
        if stated is None or not stated.value or len(known) < len(formula.operands):
            continue
        if any(sign in stated.text for sign in "%％"):
            return Fraction(100)
        made = _value(formula, known, next(iter(known.values())))
        if made is not None:
            nearer = abs(stated.value - made.middle) < abs(stated.value - 100 * made.middle)
            plain, percent = plain + nearer, percent + (not nearer)
    return Fraction(1 if plain > percent else 100)


def _relation(
    formula: HeaderFormula, stated: Figure, known: Mapping[str, Figure], scale: Fraction, empty: Relation[Figure]
) -> Relation[Figure] | Computed[Figure] | None:
    """The formula as a weighted sum, or as one over another; None if it is neither."""
    found = ratio(formula.expression)
    if found is None:
        return None
    (above, constant), below = found
    rate = below is not None and len(above) == len(below[0]) == 1 and not constant
    over, under = ("numerator", "denominator") if rate else ("operand", "operand")
    terms = [states(stated), *(Term(known[letter], weight * scale, role=over) for letter, weight in above.items())]
    if below is not None:
        terms += [Term(known[letter], weight, "divisor", under) for letter, weight in below[0].items()]
    rounded: Rounding = "either" if below is not None or scale != 1 else "nearest"
    return replace(empty, terms=tuple(terms), constant=constant * scale, rounded=rounded)


def _value(formula: HeaderFormula, known: Mapping[str, Figure], reference: Figure) -> Interval | None:
    """The formula's value at one crossing; None if it divides by zero or units do not go together."""
    try:
        return evaluate(formula.expression, Crossing(known, reference), Intervals())
    except CannotEvaluate:
        return None
