"""The list of rules for the terminal: one line a rule, by pack."""

from __future__ import annotations

from collections.abc import Mapping

from tabulate import tabulate

from budgetaudit.messages import say
from budgetaudit.reports.layout import width_of, wrap
from budgetaudit.rulefiles.rule import RuleSet


def listing(sets: Mapping[str, RuleSet], lang: str, width: int) -> str:
    """Every rule with its kind, severity and title, each once, and the packs that hold it."""
    packs: dict[str, list[str]] = {}
    for name, ruleset in sets.items():
        for rule in ruleset.active():
            packs.setdefault(rule.id, []).append(name)
    rules = {rule.id: rule for ruleset in sets.values() for rule in ruleset.active()}
    rows = [
        [rule.id, rule.kind, say(f"severity.{rule.severity}", lang), rule.title.get(lang) or rule.id, ", ".join(packs[rule.id])]
        for rule in rules.values()
    ]
    head = [say(f"head.{name}", lang) for name in ("rule", "kind", "severity", "title", "pack")]
    taken = sum(max(width_of(row[column]) for row in (head, *rows)) + 2 for column in (0, 1, 2, 4))
    for row in rows:
        row[3] = "\n".join(wrap(row[3], max(width - taken, 20)))
    return tabulate([head, *rows], tablefmt="plain", disable_numparse=True) + "\n"
