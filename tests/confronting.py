"""Confront small documents with one shipped rule."""

from __future__ import annotations

from decimal import Decimal

from budgetaudit.kinds import KINDS
from budgetaudit.labels.labelling import label
from budgetaudit.material import Material
from budgetaudit.model import Comparison
from budgetaudit.rulefiles.rulefile import load
from tests.grids import WORDS, document

RULES = load(("korea-local",), {name: kind.options for name, kind in KINDS.items()})


def confront(rule_id: str, *blocks: str) -> list[Comparison]:
    """The comparisons that one rule makes of a document (see `grids.document`)."""
    rule = RULES.find(rule_id)
    assert rule is not None
    made = document(*blocks)
    return list(KINDS[rule.kind].compare(rule, Material(made, label(made, WORDS), WORDS)))


def brief(comparisons: list[Comparison]) -> list[tuple[str, str, str]]:
    """(stated, verdict, first operand) of each comparison."""
    return [(c.stated.text, c.verdict, c.operands[0][1].text) for c in comparisons]


def failed(comparisons: list[Comparison]) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """(stated, expected, difference) of those that fail."""
    return [(c.stated.text, c.expected, c.difference) for c in comparisons if c.verdict == "fail"]
