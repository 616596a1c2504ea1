"""The list of findings: file by file, then as the reader asked, numbered in that order; many equal ones of one kind as one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from budgetaudit.model import SEVERITIES, Audit, Finding, Message, Place

LEAST = 4  # fewer are read one by one
ALIKE = ("within",)  # kinds whose failures are of one sort and have no wrong amount to be told


def ordered(audit: Audit, how: str) -> Audit:
    """The audit with its findings in the order asked for and numbered in it; each keeps its cause."""
    files = {source.path: at for at, source in enumerate(audit.inputs)}
    key = _together(audit) if how == "severity" else KEYS[how]
    found = sorted(audit.findings, key=lambda finding: (files.get(_place(finding).file, 0), key(finding)))
    names = {finding.id: f"F{number}" for number, finding in enumerate(found, start=1)}
    renamed = (replace(finding, id=names[finding.id], cause=names.get(finding.cause, names[finding.id])) for finding in found)
    return replace(audit, findings=tuple(renamed))


def _place(finding: Finding) -> Place:
    return finding.places[0][1] if finding.places else Place("")


def _position(finding: Finding) -> tuple[int, ...]:
    place = _place(finding)
    return (place.page or 0, place.line or place.paragraph or 0, place.table or 0, place.row or 0, place.column or 0)


def _severity(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _together(audit: Audit) -> Callable[[Finding], Any]:
    """By severity; within one severity the findings of a rule together, in the order of the document."""
    first: dict[tuple[str, int, str], int] = {}
    for number, finding in enumerate(audit.findings):
        first.setdefault((_place(finding).file, _severity(finding), finding.rule), number)
    return lambda finding: (_severity(finding), first[_place(finding).file, _severity(finding), finding.rule])


def _amount(finding: Finding) -> tuple[int, Any]:
    """The largest differences first, those of money before others; what has no difference last."""
    if finding.difference is None:
        return (2, 0)
    base = finding.difference.base
    return (1, -abs(finding.difference.value)) if base is None else (0, -abs(base))


KEYS: dict[str, Callable[[Finding], Any]] = {
    "severity": _severity,  # see _together
    "place": _position,
    "rule": lambda finding: finding.rule,
    "amount": _amount,
}


def grouped(audit: Audit) -> Audit:
    """The audit with equal findings gathered under the one that is furthest off; what is waived or has its own cause stays."""
    causes = {finding.cause for finding in audit.findings if finding.cause not in ("", finding.id)}
    groups: dict[Hashable, list[Finding]] = {}
    for finding in audit.findings:
        if finding.kind in ALIKE and _stands_alone(finding) and finding.id not in causes:
            place = finding.places[0][1]
            key = (place.file, place.sheet, place.table, place.column, finding.rule, finding.severity, finding.message.code)
            groups.setdefault(key, []).append(finding)
    merged: dict[str, Finding | None] = {}
    for group in groups.values():
        if len(group) >= LEAST:
            merged |= {finding.id: None for finding in group} | {group[0].id: _merged(group)}
    kept = (merged.get(finding.id, finding) for finding in audit.findings)
    return replace(audit, findings=tuple(finding for finding in kept if finding is not None)) if merged else audit


def _stands_alone(finding: Finding) -> bool:
    """True if a finding neither follows from another one, nor is waived, nor names a culprit."""
    named = any(suspect.tier != "unresolved" for suspect in finding.suspects)
    return finding.cause in ("", finding.id) and finding.waived is None and bool(finding.places) and not named


def _merged(group: list[Finding]) -> Finding:
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
