"""A stated count is what can be counted or added up: in a sentence, or behind the label of a total."""

from __future__ import annotations

from collections.abc import Iterator

from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule

FAMILIES = ("count", "percent", "other", "bare")


def compare_counts(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each stated count."""
    if material.reads(rule):
        from budgetaudit.sentences.products import compare_equations
        from budgetaudit.sentences.sums import compare_breakdowns

        yield from compare_breakdowns(rule, material.prose.breakdowns, FAMILIES)
        yield from compare_equations(rule, material.prose, products=False, families=FAMILIES)
    if material.wordy:
        from budgetaudit.sentences.counting import compare_rows

        for table in material.chosen(rule):
            yield from compare_rows(rule, material.structure(table), material.prose)
