"""What is told together: a finding with what follows from it, and what could not be decided for one reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from budgetaudit.assurance import Unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Finding
from budgetaudit.reports.wording import clean

Cause = tuple[Finding, tuple[Finding, ...]]


def causes(findings: Sequence[Finding]) -> list[Cause]:
    """The findings that stand for themselves, each with those that follow from it."""
    roots = {finding.id for finding in findings if finding.cause in ("", finding.id)}
    following: dict[str, list[Finding]] = {}
    standing = []
    for finding in findings:
        if finding.id not in roots and finding.cause in roots:
            following.setdefault(finding.cause, []).append(finding)
        else:
            standing.append(finding)
    return [(finding, tuple(following.get(finding.id, ()))) for finding in standing]


def open_causes(audit: Audit) -> list[Cause]:
    """The causes of the findings that nobody waived."""
    return causes([finding for finding in audit.findings if finding.waived is None])


def by_reason(items: Iterable[Unexplained], lang: str) -> list[tuple[str, str, list[Unexplained]]]:
    """What could not be decided: rule, reason and the figures it is the reason of."""
    groups: dict[tuple[str, str], list[Unexplained]] = {}
    for item in items:
        groups.setdefault((item.rule, clean(say(item.reason, lang))), []).append(item)
    return [(rule, reason, found) for (rule, reason), found in groups.items()]


def all_shown(finding: Finding) -> bool:
    """True if the excerpts of a finding show every table and sentence that it speaks of."""
    lines = {(excerpt.place.file, excerpt.place.table, excerpt.place.line) for excerpt in finding.excerpts}
    tables = {(excerpt.place.file, excerpt.place.table) for excerpt in finding.excerpts if excerpt.place.table}
    return bool(finding.excerpts) and all(
        (place.file, place.table) in tables or (place.file, place.table, place.line) in lines for _, place, _ in finding.places
    )
