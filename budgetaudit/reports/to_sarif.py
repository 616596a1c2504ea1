"""SARIF 2.1.0, for code-scanning services and editors: rules, results with places and fingerprints, suppressions.

What could not be decided is a result of the kind `open`; with evidence, comparisons that hold are results too, of the kinds
`pass` and `informational`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, TextIO
from urllib.parse import quote

from budgetaudit import __version__
from budgetaudit.assurance import Unexplained, decided, unexplained
from budgetaudit.messages import say
from budgetaudit.model import Audit, Comparison, Finding, Place, Quantity, RuleSummary
from budgetaudit.reports import View
from budgetaudit.reports.summary import input_problems, undecided_text
from budgetaudit.reports.wording import comparison_text, finding_text, place_text, plain

SCHEMA = "https://json.schemastore.org/sarif-2.1.0-rtm.5.json"
KINDS = {"pass": "pass", "rounding": "informational"}


def write(audit: Audit, out: TextIO, view: View) -> None:
    """Write one SARIF run."""
    rules = {rule.id: number for number, rule in enumerate(audit.rules)}
    results = [_result(finding, rules, view.lang) for finding in audit.findings]
    results += [_open(item, rules, view.lang) for item in unexplained(audit)]
    if view.evidence:
        results += [_evidence(item, rules, view.lang) for item in audit.comparisons if item.verdict in KINDS]
    driver = {"name": "budgetaudit", "semanticVersion": __version__, "rules": [_rule(rule, view.lang) for rule in audit.rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(source.path, source.sha256) for source in audit.inputs],
        "invocations": [_invocation(audit, view.lang)],
        "results": results,
    }
    json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, out, ensure_ascii=False, indent=1)
    out.write("\n")


def _rule(rule: RuleSummary, lang: str) -> dict[str, Any]:
    title = _text(rule.title, lang) or rule.id
    why = " ".join(part for part in (_text(rule.why, lang), _text(rule.basis, lang)) if part)
    return {
        "id": rule.id,
        "shortDescription": {"text": title},
        "help": {"text": why or title},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"kind": rule.kind},
    }


def _artifact(path: str, sha256: str) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": _uri(path)}}
    return {**artifact, "hashes": {"sha-256": sha256}} if sha256 else artifact


def _invocation(audit: Audit, lang: str) -> dict[str, Any]:
    problems = input_problems(audit)
    failed = bool(audit.errors) or not decided(audit) or any(problem.level == "unread" for _, problem in problems)
    notes: list[dict[str, Any]] = [
        {
            "level": "error" if problem.level == "unread" else "note",
            "message": {"text": say(problem.message, lang)},
            "locations": [_location(problem.place, lang)],
        }
        for _, problem in problems
    ]
    notes += [
        {"level": "error", "message": {"text": say(error.message, lang)}, "associatedRule": {"id": error.rule}}
        for error in audit.errors
    ]
    return {"executionSuccessful": not failed, "toolExecutionNotifications": notes}


def _result(finding: Finding, rules: Mapping[str, int], lang: str) -> dict[str, Any]:
    places = [place for _, place, _ in finding.places]
    result: dict[str, Any] = {
        **_rule_reference(finding.rule, rules),
        "level": finding.severity,
        "message": {"text": finding_text(finding, lang)},
        "locations": [_location(place, lang) for place in places[:1]],
        "partialFingerprints": {"budgetaudit/v1": finding.fingerprint},
        "properties": dict(_properties(finding)),
    }
    related = [{"id": number, **_location(place, lang)} for number, place in enumerate(places[1:], 1)]
    if related:
        result["relatedLocations"] = related
    if finding.waived:
        result["suppressions"] = [{"kind": "external", "justification": say(finding.waived, lang)}]
    return result


def _open(item: Unexplained, rules: Mapping[str, int], lang: str) -> dict[str, Any]:
    return {
        **_rule_reference(item.rule, rules),
        "kind": "open",
        "level": "none",
        "message": {"text": undecided_text(item, lang)},
        "locations": [_location(item.place, lang)],
    }


def _evidence(comparison: Comparison, rules: Mapping[str, int], lang: str) -> dict[str, Any]:
    return {
        **_rule_reference(comparison.rule, rules),
        "kind": KINDS[comparison.verdict],
        "level": "none",
        "message": {"text": comparison_text(comparison, lang)},
        "locations": [_location(comparison.stated.place, lang)],
    }


def _rule_reference(rule: str, rules: Mapping[str, int]) -> dict[str, Any]:
    return {"ruleId": rule, "ruleIndex": rules[rule]} if rule in rules else {"ruleId": rule}


def _properties(finding: Finding) -> Iterator[tuple[str, Any]]:
    yield "id", finding.id
    yield "cause", finding.cause or finding.id
    for name in ("stated", "expected", "difference", "bound"):
        quantity: Quantity | None = getattr(finding, name)
        if quantity is not None:
            yield name, {"value": plain(quantity.value), "unit": quantity.unit.symbol if quantity.unit else None}


def _location(place: Place, lang: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    words = place_text(place, lang)
    return {**location, "logicalLocations": [{"fullyQualifiedName": words, "kind": "element"}]} if words else location


def _uri(path: str) -> str:
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix().encode("utf-8", "surrogateescape"))


def _text(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("en", "")
