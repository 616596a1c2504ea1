"""The kinds of rule: name → its options and the function that compares. A kind only compares; pipeline.py judges the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from budgetaudit.kinds import (
    agree,
    by_key,
    change,
    count,
    formula,
    header,
    notation,
    options,
    period,
    product,
    rate,
    roll,
    within,
    workbook,
)
from budgetaudit.kinds import sum as sums
from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The kind has nothing to choose."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule: its comparisons over one document, and the dataclass of its options."""

    compare: Callable[[Rule, Material], Iterator[Comparison]]
    options: type[Any] = NoOptions


KINDS: dict[str, Kind] = {
    "agree": Kind(agree.compare_ties, agree.AgreeOptions),
    "change": Kind(change.compare_changes, options.ChangeOptions),
    "count": Kind(count.compare_counts),
    "formula": Kind(formula.compare_formulas, options.FormulaOptions),
    "header": Kind(header.compare_headers),
    "notation": Kind(notation.compare_notation, notation.NotationOptions),
    "period": Kind(period.compare_periods, period.PeriodOptions),
    "product": Kind(product.compare_products),
    "rate": Kind(rate.compare_rates, options.RateOptions),
    "roll": Kind(roll.compare_rolls),
    "rollup": Kind(by_key.compare_keys, options.RollupOptions),
    "sum": Kind(sums.compare_sums, options.SumOptions),
    "unique": Kind(by_key.compare_keys, options.UniqueOptions),
    "within": Kind(within.compare_within, options.WithinOptions),
    "workbook": Kind(workbook.compare_workbook),
}
