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
class Kind:
    """A kind of rule: the dataclass of its options, and its comparisons over one document."""

    options: type[Any]
    compare: Callable[[Rule, Material], Iterator[Comparison]]


KINDS: dict[str, Kind] = {
    "agree": Kind(options.AgreeOptions, agree.compare_ties),
    "change": Kind(options.ChangeOptions, change.compare_changes),
    "count": Kind(options.CountOptions, count.compare_counts),
    "formula": Kind(options.FormulaOptions, formula.compare_formulas),
    "header": Kind(options.HeaderOptions, header.compare_headers),
    "notation": Kind(options.NotationOptions, notation.compare_notation),
    "period": Kind(options.PeriodOptions, period.compare_periods),
    "product": Kind(options.ProductOptions, product.compare_products),
    "rate": Kind(options.RateOptions, rate.compare_rates),
    "roll": Kind(options.RollOptions, roll.compare_rolls),
    "rollup": Kind(options.RollupOptions, by_key.compare_keys),
    "sum": Kind(options.SumOptions, sums.compare_sums),
    "unique": Kind(options.UniqueOptions, by_key.compare_keys),
    "within": Kind(options.WithinOptions, within.compare_within),
    "workbook": Kind(options.WorkbookOptions, workbook.compare_workbook),
}
