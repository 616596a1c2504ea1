"""Rules about keys: roll-ups against published subtotals, and uniqueness. Rows have keys in ledgers, where engines run them.

A document's table has labels instead; there is nothing of these kinds to compare in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rule import Rule


def compare_keys(_rule: Rule, _material: Material) -> Iterator[Comparison]:
    """No comparison: a document has no keys."""
    return iter(())
