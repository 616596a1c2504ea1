"""Counts per rule: findings by severity, and what became of its comparisons; the rules that failed most come first."""

from __future__ import annotations

from collections import Counter
from typing import IO

from budgetaudit.messages import say
from budgetaudit.model import VERDICTS, Audit
from budgetaudit.reports import View
from budgetaudit.reports.summary import verdict


def write(audit: Audit, out: IO[str], view: View) -> None:
    """Write a table of the rules that found or compared anything, and the verdict below it."""
    from tabulate import tabulate

    found = Counter(finding.rule for finding in audit.findings if finding.waived is None)
    verdicts: dict[str, Counter[str]] = {}
    for comparison in audit.comparisons:
        verdicts.setdefault(comparison.rule, Counter())[comparison.verdict] += 1
    for tally in audit.tallies:
        for name in VERDICTS:
            verdicts.setdefault(tally.rule, Counter())[name] += tally.count(name)
    severities = {rule.id: say(f"severity.{rule.severity}", view.lang) for rule in audit.rules}
    rules = sorted({*found, *verdicts}, key=lambda rule: (-found[rule], rule))
    rows = [
        [rule, severities.get(rule, ""), found[rule], *(verdicts.get(rule, Counter())[name] for name in VERDICTS)]
        for rule in rules
    ]
    heads = [say(f"statistics.{name}", view.lang) for name in ("rule", "severity", "findings")]
    heads += [say(f"verdict.{name}", view.lang) for name in VERDICTS]
    if rows:
        out.write(tabulate(rows, heads, tablefmt="simple", intfmt=",") + "\n\n")
    out.write(verdict(audit, view.lang) + "\n")
