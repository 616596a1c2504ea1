"""The order in which findings are listed: file by file, then as the reader asked. They are numbered in that order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from budgetaudit.model import SEVERITIES, Audit, Finding, Place


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
