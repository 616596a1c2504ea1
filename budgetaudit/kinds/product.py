"""A calculation comes to the amount it explains: price × number in a sentence, in a row's remarks, or across columns."""

from __future__ import annotations

from collections.abc import Iterator

from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule


def compare_products(rule: Rule, material: Material) -> Iterator[Comparison]:
    """One comparison for each amount with its calculation."""
    if material.reads(rule):
        from budgetaudit.sentences.products import compare_each, compare_equations, compare_explained

        yield from compare_equations(rule, material.prose, products=True)
        yield from compare_explained(rule, material.prose)
        yield from compare_each(rule, material.prose)
    tables = list(material.chosen(rule))
    if material.wordy or any(line.measure == "price" for table in tables for line in table.columns):
        from budgetaudit.sentences.basis import compare_basis, compare_columns
        from budgetaudit.sentences.named import compare_named

        if material.wordy:
            yield from compare_basis(rule, tables, material.prose)
        for table in tables:
            yield from compare_columns(rule, table, material.vocabulary.units)
            if material.wordy:
                yield from compare_named(rule, table)
