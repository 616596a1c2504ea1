"""Equal findings of one kind told once: 23 rows that exceed their budget are one line with 23 places, the widest first."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from budgetaudit.model import Audit, Finding, Message

LEAST = 4  # fewer are read one by one
ALIKE = ("within",)  # kinds whose failures are of one sort and have no wrong amount to be told


def told_once(audit: Audit) -> Audit:
    """The audit with equal findings gathered under the one that is furthest off; what is waived or has its own cause stays."""
    causes = {finding.cause for finding in audit.findings if finding.cause not in ("", finding.id)}
    groups: dict[Hashable, list[Finding]] = {}
    for finding in audit.findings:
        if finding.kind in ALIKE and _stands_alone(finding) and finding.id not in causes:
            place = finding.places[0][1]
            key = (place.file, place.sheet, place.table, place.column, finding.rule, finding.severity, finding.message.code)
            groups.setdefault(key, []).append(finding)
    gathered: dict[str, Finding | None] = {}
    for group in groups.values():
        if len(group) >= LEAST:
            gathered |= {finding.id: None for finding in group} | {group[0].id: _gathered(group)}
    kept = (gathered.get(finding.id, finding) for finding in audit.findings)
    return replace(audit, findings=tuple(finding for finding in kept if finding is not None)) if gathered else audit


def _stands_alone(finding: Finding) -> bool:
    """True if a finding neither follows from another one, nor is waived, nor names a culprit."""
    named = any(suspect.tier != "unresolved" for suspect in finding.suspects)
    return finding.cause in ("", finding.id) and finding.waived is None and bool(finding.places) and not named


def _gathered(group: list[Finding]) -> Finding:
    """One finding for all of a group: that of the widest difference, with the places of all."""
    widest = max(group, key=lambda finding: abs(finding.difference.value) if finding.difference else 0)
    others = [place for finding in group if finding is not widest for place in finding.places]
    message = Message("told-once", {"inner": widest.message, "n": len(group)})
    return replace(
        widest,
        id=group[0].id,
        cause=group[0].id,
        message=message,
        count=len(group),
        places=(*widest.places, *others),
        suspects=(),
        evidence=None,
    )
