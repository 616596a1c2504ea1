"""How the rules of some packs and files fit one document: its tables under their vocabulary, and where each rule applied."""

from __future__ import annotations

from collections.abc import Sequence

from budgetaudit.authoring.commands import load
from budgetaudit.labels.labelling import Table, label
from budgetaudit.material import Material
from budgetaudit.model import Document, Message
from budgetaudit.pipeline import audit_document, vocabulary_of
from budgetaudit.reports.applied import Applied, applied
from budgetaudit.rulefiles.expressions import names


def fitted(document: Document, specs: Sequence[str], lang: str) -> tuple[tuple[Table, ...], list[Applied]]:
    """The labelled tables, and what became of each rule; without `specs` the tables alone. Raises Refusal."""
    if not specs:
        from budgetaudit import vocabulary

        return label(document, vocabulary.load()), []
    ruleset = load(tuple(specs), lang)
    words = vocabulary_of(ruleset)
    result = audit_document(document, ruleset, words)
    material = Material(document, result.tables, words)
    reasons: dict[str, Message] = {}
    for rule in ruleset.active():
        if not material.meant(rule):
            reasons[rule.id] = Message("tables.rule-where")
        elif rule.id in result.unmatched:
            missing = [name for name in names(rule.options.check) if name not in result.unmatched[rule.id]]
            reasons[rule.id] = Message("tables.rule-columns", {"columns": ", ".join(missing or names(rule.options.check))})
    rules = [rule.id for rule in ruleset.active()]
    return result.tables, applied(rules, result.comparisons, result.errors, reasons)
