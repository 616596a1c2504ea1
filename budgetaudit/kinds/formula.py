"""An auditor's own arithmetic over named columns (or rows) of a table: `예산현액 - 지출액 - 이월액 = 불용액`.

A formula is evaluated at every row that has its columns, over the intervals the printed figures stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetaudit.evaluation import CannotEvaluate, evaluate
from budgetaudit.expressions import Compare, Name, names
from budgetaudit.kinds.options import FormulaOptions
from budgetaudit.material import Material
from budgetaudit.model import Comparison, Figure, Message, Verdict
from budgetaudit.numbers import View
from budgetaudit.rounding import Interval, compare, in_unit_of, interval, not_evaluated
from budgetaudit.rule import Rule
from budgetaudit.vocabulary import normal, squeeze


class Intervals:
    """Arithmetic over what printed numbers may stand for."""

    def number(self, value: Decimal) -> Interval:
        return Interval(value, value)

    def operate(self, sign: str, left: Interval, right: Interval) -> Interval:
        try:
            return {"+": Interval.__add__, "-": Interval.__sub__, "*": Interval.__mul__, "/": Interval.__truediv__}[sign](
                left, right
            )
        except ZeroDivisionError:
            raise CannotEvaluate("formula-division") from None

    def least(self, values: Sequence[Interval]) -> Interval:
        return Interval(min(v.low for v in values), min(v.high for v in values))

    def greatest(self, values: Sequence[Interval]) -> Interval:
        return Interval(max(v.low for v in values), max(v.high for v in values))

    def magnitude(self, value: Interval) -> Interval:
        return value if value.low >= 0 else (-value if value.high <= 0 else Interval(Decimal(0), max(-value.low, value.high)))

    def rounded(self, value: Interval, digits: int) -> Interval:
        unit = Decimal(1).scaleb(-digits)
        return Interval(value.low - unit / 2, value.high + unit / 2)

    def holds(self, comparator: str, left: Interval, right: Interval) -> bool:
        if comparator in ("=", "!="):
            return left.meets(right) == (comparator == "=")
        if comparator in ("<=", "<"):
            return left.low <= right.high
        return left.high >= right.low


@dataclass
class Crossing:
    """The scope of one row: column names with the intervals of that row's figures, in one unit."""

    figures: Mapping[str, Figure | None]
    reference: Figure
    years: Sequence[Crossing] = ()

    def value(self, name: str) -> Interval:
        figure = self.figures.get(name)
        if figure is None or figure.value is None:
            raise CannotEvaluate("formula-blank", name=name)
        if figure.unit is not None and figure.unit.family != "money":
            return interval(figure)
        found = (
            in_unit_of(figure, self.reference)
            if self.reference.unit and self.reference.unit.family == "money"
            else interval(figure)
        )
        if found is None:
            raise CannotEvaluate("reason-units")
        return found

    def parts(self, _name: str) -> None:
        return None

    def previous(self) -> Crossing:
        if not self.years:
            raise CannotEvaluate("reason-no-operands")
        return self.years[-1]

    def running(self) -> Sequence[Crossing]:
        return (*self.years, self)


def compare_formulas(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each row (or column) of each table that has all the names of the formula."""
    options: FormulaOptions = rule.options
    wanted = names(options.check)
    for table in material.chosen(rule):
        for axis, view in material.structure(table).views.items():
            found = {name: index for name in wanted if (index := _line(view, name)) is not None}
            if len(found) == len(wanted):
                relation = f"{table.place.file}#{table.number}:{axis}:{rule.id}"
                yield from _crossings(rule, options.check, view, found, relation)
                break


def _line(view: View, name: str) -> int | None:
    """The line a name means: its printed label, spaces and brackets aside; None if there is none or more than one."""
    for form in (squeeze, normal):
        key = form(name)
        hits = [
            i
            for i, line in enumerate(view.lines)
            if form(line.text) == key or (line.labels and any(form(label.text) == key for label in line.labels[-1:]))
        ]
        if len(hits) == 1:
            return hits[0]
    return None


def known_names(material: Material) -> set[str]:
    """Every label a formula could name in a document."""
    return {line.text for table in material.tables for line in (*table.columns, *table.rows) if line.text}


def _crossings(rule: Rule, check: Compare, view: View, lines: Mapping[str, int], relation: str) -> Iterator[Comparison]:
    stated_name = _stated(check)
    before: list[Crossing] = []
    for j in range(len(view.cross)):
        figures = {name: view.figure(i, j) for name, i in lines.items()}
        stated = figures[stated_name]
        if stated is None or stated.value is None:
            continue
        scope = Crossing(figures, stated, tuple(before))
        if view.cross[j].year is not None:
            before.append(scope)
        operands = tuple(("operand", figure) for name, figure in figures.items() if name != stated_name and figure is not None)
        message = Message("formula-differs", {"label": stated.label, "stated": stated.text.strip(), "formula": str(check)})
        try:
            left, right = (evaluate(side, scope, Intervals()) for side in (check.left, check.right))
        except CannotEvaluate as reason:
            yield not_evaluated(rule, stated, reason.message, operands, relation)
            continue
        yield _judged(rule, check, stated, stated_name, left, right, operands, message, relation)


def _stated(check: Compare) -> str:
    """The side that is a single name is what the formula states; else its first name."""
    for side in (check.right, check.left):
        if isinstance(side, Name):
            return side.text
    return names(check)[0]


def _judged(
    rule: Rule,
    check: Compare,
    stated: Figure,
    name: str,
    left: Interval,
    right: Interval,
    operands: tuple[tuple[str, Figure], ...],
    message: Message,
    relation: str,
) -> Comparison:
    alone = [side for side in (check.right, check.left) if isinstance(side, Name) and side.text == name]
    if check.operator == "=" and alone:
        expected = left if isinstance(check.right, Name) and check.right.text == name else right
        return compare(rule, stated, expected, operands, message, relation=relation)
    assert stated.value is not None
    gap = left.middle - right.middle
    exact = {"=": gap == 0, "!=": gap != 0, "<=": gap <= 0, "<": gap < 0, ">=": gap >= 0, ">": gap > 0}[check.operator]
    verdict: Verdict = (
        "pass"
        if exact
        else ("rounding" if Intervals().holds(check.operator, left, right) and rule.tolerance.kind == "rounding" else "fail")
    )
    should = Interval(stated.value - gap, stated.value - gap)
    bound = left.radius + right.radius
    return compare(
        rule, stated, should, operands, message, relation=relation, verdict=(verdict, Decimal(0) if exact else gap, bound)
    )
