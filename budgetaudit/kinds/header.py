"""The formulas that a table's own headers print hold: `수납액(C=D-E)`, `불용액 A-(C+E)`, `집행률(B/A)`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgetaudit.kinds.formula import Crossing
from budgetaudit.labels.numbers import Axis, View
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.intervals import Intervals
from budgetaudit.rounding import Interval, around, compare, truncated
from budgetaudit.rulefiles.evaluation import CannotEvaluate, evaluate
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.derived import is_rate
from budgetaudit.structure.header_formulas import HeaderFormula, find
from budgetaudit.structure.structure import Structure

HUNDRED = Interval(Decimal(100), Decimal(100))


def compare_headers(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each figure whose line is defined by a printed formula."""
    for table in material.chosen(rule):
        for axis, view in material.structure(table).views.items():
            for formula in find(view.lines):
                relation = f"{table.place.file}#{table.number}:{axis}:{view.lines[formula.line].index}=header"
                found = list(_crossings(rule, view, formula, relation))
                if _better_reading(material.structure(table), axis, formula):
                    found = [comparison for comparison in found if comparison.verdict != "fail"]
                passed = sum(comparison.verdict in ("pass", "rounding") for comparison in found)
                if passed and len(found) - passed <= 2 * passed:
                    yield from found


def _better_reading(structure: Structure, axis: Axis, formula: HeaderFormula) -> bool:
    """Whether a sum over these and further lines holds everywhere: then the header left a column out, not the figures."""
    lines = {formula.line, *formula.operands.values()}
    return any(
        item.axis == axis and not item.fails and item.passes >= 3 and lines < {item.target, *item.parts}
        for item in structure.sums
    )


def _crossings(rule: Rule, view: View, formula: HeaderFormula, relation: str) -> Iterator[Comparison]:
    rate = is_rate(view.lines[formula.line])
    for j in range(len(view.cross)):
        stated = view.figure(formula.line, j)
        figures = {letter: view.figure(i, j) for letter, i in formula.operands.items()}
        present = [figure for figure in figures.values() if figure is not None and figure.value is not None]
        if stated is None or stated.value is None or not present or not (view.cross[j].additive or rate):
            continue
        should = _value(formula, figures, present[0] if rate else stated)
        if should is None:
            continue
        if rate and "100" not in str(formula.expression):
            should = should * HUNDRED
        operands = [("operand", figure) for figure in present]
        message = Message(
            "header-differs",
            {
                "label": stated.label,
                "stated": stated.text.strip(),
                "formula": str(formula.expression).replace("[", "").replace("]", ""),
            },
        )
        comparison = compare(rule, stated, should, operands, message, relation=relation)
        if (
            comparison.verdict == "fail"
            and rate
            and (around(stated.value, stated.step).meets(should) or truncated(stated.value, stated.step).meets(should))
        ):
            comparison = compare(
                rule,
                stated,
                should,
                operands,
                message,
                relation=relation,
                verdict=("rounding", stated.value - should.middle, stated.step),
            )
        yield comparison


def _value(formula: HeaderFormula, figures: dict[str, Figure | None], reference: Figure) -> Interval | None:
    """The formula's value at one crossing; a blank operand beside printed ones counts as nothing printed there."""
    known = {letter: figure for letter, figure in figures.items() if figure is not None and figure.value is not None}
    if len(known) < len(figures):
        return None
    try:
        return evaluate(formula.expression, Crossing(known, reference), Intervals())
    except CannotEvaluate:
        return None
