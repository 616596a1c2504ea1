"""The report that other programs read: schema budgetaudit/report/1.

Numbers are strings, exact and without exponent; every key is always there. One item a line, so
that two reports can be compared and a long one is never held as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TextIO, TypeVar

from budgetaudit import __version__
from budgetaudit.assurance import Unexplained, unexplained
from budgetaudit.messages import say
from budgetaudit.model import (
    SEVERITIES,
    VERDICTS,
    Audit,
    Comparison,
    Figure,
    Finding,
    InputSummary,
    Place,
    Problem,
    Quantity,
    RuleTally,
    Suspect,
    Unit,
)
from budgetaudit.reports import View
from budgetaudit.reports.wording import comparison_text, headline, plain, rule_titles

SCHEMA = "budgetaudit/report/1"
T = TypeVar("T")


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write the report; `view.evidence` adds every comparison, passing ones included."""
    lang = view.lang
    out.write("{\n")
    out.write(f'"schema": {_dump(SCHEMA)},\n"tool": {_dump({"name": "budgetaudit", "version": __version__})},\n')
    _list(out, "inputs", audit.inputs, lambda source: _input(source, lang))
    titles = rule_titles(audit.rules, lang)
    rules = ({"id": r.id, "kind": r.kind, "severity": r.severity, "title": titles[r.id]} for r in audit.rules)
    _list(out, "rules", rules, lambda rule: rule)
    _list(out, "errors", audit.errors, lambda error: {"rule": error.rule, "message": say(error.message, lang)})
    if audit.sources:
        _list(out, "sources", audit.sources, lambda source: dict(zip(("role", "path", "sha256"), source, strict=True)))
    _list(out, "notices", audit.notices, lambda notice: _problem(notice, lang))
    out.write(f'"summary": {_dump(_summary(audit))},\n')
    _list(out, "tallies", audit.tallies, _tally)
    _list(out, "unexplained", unexplained(audit), lambda item: _unexplained(item, lang))
    _list(out, "findings", audit.findings, lambda finding: _finding(finding, lang), last=not view.evidence)
    if view.evidence:
        _list(out, "comparisons", audit.comparisons, lambda comparison: _comparison(comparison, lang), last=True)
    out.write("}\n")


def place(where: Place, text: str | None = None, role: str | None = None) -> dict[str, Any]:
    """A place with all its keys, and what is printed there."""
    names = ("file", "page", "sheet", "table", "row", "column", "cell", "line", "paragraph")
    return {**{name: getattr(where, name) for name in names}, "text": text, "role": role}


def _list(out: TextIO, name: str, items: Iterable[T], shape: Callable[[T], dict[str, Any]], *, last: bool = False) -> None:
    out.write(f'"{name}": [')
    for number, item in enumerate(items):
        out.write(f"{',' if number else ''}\n  {_dump(shape(item))}")
    out.write("]\n" if last else "],\n")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _summary(audit: Audit) -> dict[str, int]:
    verdicts: dict[str, int] = {verdict: audit.count(verdict) for verdict in VERDICTS}
    severities: dict[str, int] = {severity: audit.severity_count(severity) for severity in SEVERITIES}
    waived = sum(finding.waived is not None for finding in audit.findings)
    return {"comparisons": audit.compared, **verdicts, **severities, "waived": waived}


def _input(source: InputSummary, lang: str) -> dict[str, Any]:
    names = ("path", "sha256", "format", "tables", "figures", "covered", "bounded", "unproven")
    return {
        **{name: getattr(source, name) for name in names},
        "engine": source.engine.args["engine"] if source.engine else None,
        "problems": [_problem(problem, lang) for problem in source.problems],
    }


def _tally(tally: RuleTally) -> dict[str, Any]:
    verdicts: dict[str, int] = {verdict: tally.count(verdict) for verdict in VERDICTS}
    return {"rule": tally.rule, "file": tally.file, **verdicts, "shown": tally.shown}


def _unexplained(item: Unexplained, lang: str) -> dict[str, Any]:
    where = place(item.place, item.stated.text if item.stated else None, "stated")
    named = {"place": where, "label": item.label, "rule": item.rule, "kind": item.kind, "reason": say(item.reason, lang)}
    return {**named, "stated": _figure(item.stated) if item.stated else None, "count": item.count}


def _problem(problem: Problem, lang: str) -> dict[str, Any]:
    return {"level": problem.level, "message": say(problem.message, lang), "place": place(problem.place)}


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    sentence = headline(finding, lang)
    return {
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "kind": finding.kind,
        "severity": finding.severity,
        "headline": sentence,
        "message": sentence,
        "stated": _quantity(finding.stated, text=True),
        "expected": _quantity(finding.expected),
        "difference": _quantity(finding.difference),
        "bound": _quantity(finding.bound),
        "places": [place(where, text, role) for role, where, text in finding.places],
        "count": finding.count,
        "cause": finding.cause or finding.id,
        "suspects": [_suspect(suspect) for suspect in finding.suspects],
        "evidence": say(finding.evidence, lang) if finding.evidence else None,
        "waived": say(finding.waived, lang) if finding.waived else None,
    }


def _comparison(comparison: Comparison, lang: str) -> dict[str, Any]:
    stated = comparison.stated
    unit = comparison.unit or stated.unit
    return {
        "rule": comparison.rule,
        "kind": comparison.kind,
        "verdict": comparison.verdict,
        "severity": comparison.severity,
        "message": comparison_text(comparison, lang),
        "stated": _figure(stated),
        "expected": _amount(comparison.expected, unit),
        "difference": _amount(comparison.difference, unit),
        "bound": _amount(comparison.bound, unit),
        "places": [place(figure.place, figure.text, role) for role, figure in (("stated", stated), *comparison.operands)],
    }


def _suspect(suspect: Suspect) -> dict[str, Any]:
    return {
        "place": place(suspect.place, suspect.text, "suspect"),
        "repair": suspect.repair,
        "value": plain(suspect.value),
        "heals": suspect.heals,
        "tier": suspect.tier,
    }


def _figure(figure: Figure) -> dict[str, Any] | None:
    if figure.value is None:
        return {"value": None, "unit": figure.unit.symbol if figure.unit else None, "base": None, "text": figure.text}
    return _quantity(Quantity(figure.value, figure.unit, figure.text), text=True)


def _amount(value: Decimal | None, unit: Unit | None) -> dict[str, Any] | None:
    return None if value is None else _quantity(Quantity(value, unit))


def _quantity(quantity: Quantity | None, *, text: bool = False) -> dict[str, Any] | None:
    if quantity is None:
        return None
    base = quantity.base
    shape: dict[str, Any] = {
        "value": plain(quantity.value),
        "unit": quantity.unit.symbol if quantity.unit else None,
        "base": None if base is None else plain(base),
    }
    return {**shape, "text": quantity.text} if text else shape
