"""The pipeline: read, label, confront, and gather comparisons into findings.

A rule that crashes becomes an error of the run; a file that cannot be read becomes a problem of its input. Neither is
ever a finding, neither is ever silent, and neither keeps the other files from being audited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from budgetaudit import vocabulary
from budgetaudit.kinds import KINDS
from budgetaudit.kinds.formula import known_names
from budgetaudit.labelling import Table, label
from budgetaudit.material import Material
from budgetaudit.model import (
    SEVERITIES,
    Audit,
    Comparison,
    Document,
    Finding,
    InputSummary,
    Message,
    Place,
    Problem,
    Quantity,
    ReadError,
    RuleError,
    RuleSummary,
)
from budgetaudit.readers import read
from budgetaudit.rule import Rule, RuleSet
from budgetaudit.rulefile import load

DEFAULT_RULES = ("korea-local",)
ELSEWHERE_EXACT = 3


def audit(paths: Sequence[str | Path], rules: Sequence[str] | RuleSet = DEFAULT_RULES) -> Audit:
    """Audit files, each by itself, with some packs or rule files.

    Raises RuleFileError if a rule file is broken. An input that cannot be read is reported in `Audit.inputs`, not raised.
    """
    ruleset = rules if isinstance(rules, RuleSet) else load(tuple(rules), {name: kind.options for name, kind in KINDS.items()})
    words = vocabulary.load(ruleset.vocabulary) if ruleset.vocabulary else vocabulary.load()
    inputs: list[InputSummary] = []
    comparisons: list[Comparison] = []
    errors: list[RuleError] = []
    unmatched: dict[str, list[Material]] = {}
    tables: list[Table] = []
    for path in paths:
        try:
            document = read(path)
        except ReadError as error:
            inputs.append(InputSummary(str(path), "", "", problems=(Problem(Place(str(path)), error.message),)))
            continue
        material = Material(document, label(document, words), words)
        tables.extend(material.all_tables)
        found = []
        for rule in ruleset.active():
            try:
                made = list(KINDS[rule.kind].compare(rule, material))
            except Exception as error:  # a broken rule must neither stop the run nor look like a finding
                errors.append(
                    RuleError(
                        rule.id,
                        Message(
                            "rule-crashed", {"rule": rule.id, "file": str(path), "error": f"{type(error).__name__}: {error}"}
                        ),
                    )
                )
                continue
            if not made and rule.kind == "formula":
                unmatched.setdefault(rule.id, []).append(material)
            found.extend(made)
        comparisons.extend(found)
        inputs.append(_summary(document, material, found))
    read_files = sum(1 for source in inputs if source.format)
    for rule in ruleset.active():
        missed = unmatched.get(rule.id, [])
        if missed and len(missed) == read_files:
            errors.append(RuleError(rule.id, _no_columns(rule, missed)))
    return Audit(
        tuple(inputs),
        tuple(RuleSummary(rule.id, rule.kind, rule.severity, rule.title, rule.why, rule.basis) for rule in ruleset.active()),
        tuple(comparisons),
        tuple(_findings(comparisons, [str(path) for path in paths])),
        tuple(errors),
        tuple(tables),
    )


def _no_columns(rule: Rule, materials: Iterable[Material]) -> Message:
    """A formula that no table fits: most often a misspelt column."""
    from difflib import get_close_matches

    from budgetaudit.expressions import names

    known = sorted(set().union(*(known_names(material) for material in materials)))
    wanted = [name for name in names(rule.options.check) if name not in known]
    guesses = [guess for name in wanted for guess in get_close_matches(name, known, n=1)]
    columns = ", ".join(wanted or names(rule.options.check))
    code = "rule-no-columns-guess" if guesses else "rule-no-columns"
    return Message(code, {"rule": rule.id, "columns": columns, "guess": ", ".join(guesses)})


def _summary(document: Document, material: Material, comparisons: Iterable[Comparison]) -> InputSummary:
    """How many figures there are, and how many a passing comparison binds."""
    covered = set()
    for comparison in comparisons:
        if comparison.verdict in ("pass", "rounding"):
            covered.update(figure.place for figure in (comparison.stated, *(figure for _, figure in comparison.operands)))
    figures = {figure.place for table in material.tables for figure in table.figures.values()}
    return InputSummary(
        document.path,
        document.sha256,
        document.format,
        tables=len(material.tables),
        figures=len(figures),
        covered=len(figures & covered),
        problems=document.problems,
    )


# --- findings --------------------------------------------------------------------------------------


def _findings(comparisons: Sequence[Comparison], paths: Sequence[str]) -> Iterator[Finding]:
    """Failed comparisons, and roundings where everything around them is exact, in the order of the documents."""
    order = {path: i for i, path in enumerate(paths)}
    noted = _noteworthy(comparisons)
    chosen = [c for c in comparisons if c.verdict == "fail" or (c.verdict == "rounding" and id(c) in noted)]
    chosen.sort(
        key=lambda c: (order.get(c.stated.place.file, 0), _position(c.stated.place), SEVERITIES.index(c.severity), c.rule)
    )
    for number, comparison in enumerate(chosen, start=1):
        finding = _finding(comparison, f"F{number}")
        yield replace(finding, cause=finding.id)


def _position(place: Place) -> tuple[int, int, int, int]:
    return (place.page or 0, place.line or 0, place.table or 0, (place.row or 0) * 100000 + (place.column or 0))


def _noteworthy(comparisons: Sequence[Comparison]) -> set[int]:
    """Roundings worth a note: of numbers whose unit is unknown, or in a table where all else is exact."""
    exact: dict[tuple[str, int | None], int] = {}
    rounded: dict[tuple[str, int | None], int] = {}
    for comparison in comparisons:
        if comparison.kind not in ("sum", "change", "agree"):
            continue
        key = (comparison.stated.place.file, comparison.stated.place.table)
        if comparison.verdict == "pass" and comparison.stated.value:
            exact[key] = exact.get(key, 0) + 1
        elif comparison.verdict == "rounding":
            rounded[key] = rounded.get(key, 0) + 1
    noted = set()
    for comparison in comparisons:
        if comparison.verdict != "rounding" or comparison.kind not in ("sum", "change", "agree"):
            continue
        key = (comparison.stated.place.file, comparison.stated.place.table)
        whole = comparison.stated.step == 1 and all(figure.step == 1 or figure.dash for _, figure in comparison.operands)
        alone = exact.get(key, 0) >= ELSEWHERE_EXACT * rounded[key]
        if (whole and comparison.stated.unit is None and exact.get(key, 0) == 0 and rounded[key] == 1) or alone:
            noted.add(id(comparison))
    return noted


def _finding(comparison: Comparison, identifier: str) -> Finding:
    stated, unit = comparison.stated, comparison.unit
    message, severity = comparison.message, comparison.severity
    if comparison.verdict == "rounding":
        message, severity = Message("rounding-noted", {"inner": message}), "note"
    return Finding(
        identifier,
        fingerprint(comparison),
        comparison.rule,
        comparison.kind,
        severity,
        message,
        None if stated.value is None else Quantity(stated.value, unit, stated.text.strip()),
        None if comparison.expected is None else Quantity(comparison.expected, unit),
        None if comparison.difference is None else Quantity(comparison.difference, unit),
        Quantity(comparison.bound, unit),
        (
            ("stated", stated.place, stated.text.strip()),
            *((role, figure.place, figure.text.strip()) for role, figure in comparison.operands),
        ),
    )


def fingerprint(comparison: Comparison) -> str:
    """What a finding is about, without row numbers or amounts: rule and labels, so that it survives edits elsewhere."""
    labels = [figure.label for _, figure in comparison.operands]
    content = "\x1f".join([comparison.rule, comparison.stated.label, *labels])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
