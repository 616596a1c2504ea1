"""An average growth rate follows from the years printed beside it: compound, or the mean of the yearly rates.

Which of the two a table means, its figures say; where neither holds in most lines, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import View
from budgetaudit.model import Comparison, Figure, Message
from budgetaudit.relations.confront import confront
from budgetaudit.relations.relation import Computed
from budgetaudit.rounding import Interval, interval
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.structure.derived import percentage, without_year

LEAST_YEARS = 3
ONE = Interval(Decimal(1), Decimal(1))


def is_average(line: Line) -> bool:
    """True if a label says that a rate is an average over years: 연평균증가율."""
    return any(label.average for label in line.labels)


def compare_average_growth(rule: Rule, view: View, line: int, relation: str) -> Iterator[Comparison]:
    """One comparison for each average rate that a line prints, under the reading that holds in most of them."""
    years = _years(view)
    found = [list(_under(rule, view, line, years, relation, compound=compound)) for compound in (True, False)]
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


def _under(rule: Rule, view: View, line: int, years: tuple[int, ...], relation: str, *, compound: bool) -> Iterator[Comparison]:
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
        growth = _compound(amounts) if compound else _mean(amounts)
        hundred = Decimal(100 if percentage(stated) else 1)
        expected = growth * Interval(hundred, hundred)
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


def _compound(amounts: list[Interval]) -> Interval:
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
