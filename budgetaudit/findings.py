"""From comparisons to findings: what failed, what rounding explains but is odd, in the order of the documents.

Failures of several rules that relate the same figures in the same way are one failure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import log2

from budgetaudit.model import SEVERITIES, Comparison, Figure, Finding, Message, Place, Quantity, Suspect

ELSEWHERE_EXACT = 3
SAME_RATES = 5
RESIDUE = 1000  # of a printed step: differences smaller than one of so many parts of it are none
FEW, MANY = 2, 20
LABELLED = 2  # crossings that hold, before one that fails is as grave as its rule says
UNLABELLED = 30.0  # the same where no label says that it is a sum, in bits: two of five digits, three of three
SLIPS = ("digit", "transposition", "dropped-digit", "added-digit", "decimal-point", "unit", "sign")
# Which of the rules that say the same speaks: the one that names what the figures are, before what merely adds up.
FIRST = ("formula", "change", "rate", "header", "sum")


def findings(comparisons: Sequence[Comparison], paths: Sequence[str], printed: Iterable[Figure] = ()) -> Iterator[Finding]:
    """Failed comparisons, and roundings where everything around them is exact, in the order of the documents.

    `printed`: the figures of the tables, for what speaks for a cause.
    """
    order = {path: i for i, path in enumerate(paths)}
    noted = _noteworthy(comparisons)
    chosen = [c for c in comparisons if c.verdict == "fail" or (c.verdict == "rounding" and id(c) in noted)]
    chosen.sort(
        key=lambda c: (order.get(c.stated.place.file, 0), _position(c.stated.place), SEVERITIES.index(c.severity), c.rule)
    )
    names = {id(comparison): f"F{number}" for number, comparison in enumerate(chosen, start=1)}
    roots, suspects, evidence = _causes(comparisons, noted, printed)
    for comparison in chosen:
        finding = _finding(comparison, names[id(comparison)])
        root = roots.get(id(comparison), id(comparison))
        cause = names.get(root, finding.id)
        key = id(comparison)
        if comparison.verdict == "fail" and _is_certain(comparison, suspects.get(key, ()), comparisons):
            finding = replace(finding, severity=comparison.proposed.rule.severity)
        yield replace(finding, cause=cause, suspects=suspects.get(key, ()), evidence=evidence.get(key))


def _is_certain(comparison: Comparison, suspects: Sequence[Suspect], comparisons: Sequence[Comparison]) -> bool:
    """True if a slip is certain in a relation that holds elsewhere, so blanks and missing labels do not lower its severity."""
    if not suspects or suspects[0].tier != "certain" or suspects[0].repair not in SLIPS or not comparison.relation:
        return False
    if comparison.proposed is None or comparison.stated.place.table is None or comparison.kind not in ("sum", "formula"):
        return False
    alike = (c for c in comparisons if c.relation == comparison.relation and c.verdict == "pass")
    held = [c.stated for c in alike if c.stated.value]
    if comparison.severity != "note":
        return len(held) >= LABELLED
    return sum(log2(1 + abs(figure.value or Decimal(0)) / (figure.step or Decimal(1))) for figure in held) >= UNLABELLED


def _causes(
    comparisons: Sequence[Comparison], noted: set[int], printed: Iterable[Figure]
) -> tuple[dict[int, int], dict[int, tuple[Suspect, ...]], dict[int, Message]]:
    """The root of each failed comparison, and the suspects of each root with what speaks for the first; by their identity."""
    if not noted and all(comparison.verdict != "fail" for comparison in comparisons):
        return {}, {}, {}
    from budgetaudit.diagnosis.causes import diagnose

    # a rounding is noted because all around it is exact: so it is taken for a failure of an exact sum
    exact = [_exactly(c) if id(c) in noted and c.verdict == "rounding" else c for c in comparisons]
    diagnosis = diagnose(exact, printed)
    roots = {id(comparisons[index]): id(comparisons[root]) for index, root in diagnosis.cause_of.items()}
    suspects = {id(comparisons[index]): found for index, found in diagnosis.suspects.items()}
    return roots, suspects, {id(comparisons[index]): found for index, found in diagnosis.evidence.items()}


def _exactly(comparison: Comparison) -> Comparison:
    return replace(comparison, verdict="fail", bound=Decimal(0), severity="note")


def _position(place: Place) -> tuple[int, int, int, int]:
    return (
        place.page or 0,
        place.line or place.paragraph or 0,
        place.table or 0,
        (place.row or 0) * 100000 + (place.column or 0),
    )


def _noteworthy(comparisons: Sequence[Comparison]) -> set[int]:
    """Roundings worth a note: of numbers whose unit is unknown, or where all is exact but for what one figure takes part in."""
    exact: dict[tuple[str, int | None], int] = {}
    rounded: dict[tuple[str, int | None], int] = {}
    shared: dict[tuple[str, int | None], set[Place]] = {}
    for comparison in comparisons:
        if comparison.kind not in ("sum", "change", "agree"):
            continue
        key = (comparison.stated.place.file, comparison.stated.place.table)
        if comparison.verdict == "pass" and comparison.stated.value:
            exact[key] = exact.get(key, 0) + 1
        elif comparison.verdict == "rounding":
            rounded[key] = rounded.get(key, 0) + 1
            places = {figure.place for figure in (comparison.stated, *(figure for _, figure in comparison.operands))}
            shared[key] = shared.get(key, places) & places
    noted = set()
    for comparison in comparisons:
        if comparison.verdict != "rounding" or comparison.kind not in ("sum", "change", "agree"):
            continue
        if abs(comparison.difference or Decimal(0)) * RESIDUE < comparison.stated.step:
            continue  # what binary fractions leave behind, far below what is printed
        key = (comparison.stated.place.file, comparison.stated.place.table)
        whole = comparison.stated.step == 1 and all(figure.step == 1 or figure.dash for _, figure in comparison.operands)
        few = (rounded[key] <= FEW and bool(shared[key])) or (whole and rounded[key] * MANY <= exact.get(key, 0))
        alone = few and exact.get(key, 0) >= ELSEWHERE_EXACT * rounded[key]
        if (whole and comparison.stated.unit is None and exact.get(key, 0) == 0 and rounded[key] == 1) or alone:
            noted.add(id(comparison))
    proven = {key for key, count in exact.items() if count >= ELSEWHERE_EXACT and key not in rounded and key[1] is not None}
    for rates in _rates(comparisons, proven):
        outliers = [
            c for c in rates if c.difference is not None and abs(c.difference) > c.stated.step and c.verdict == "rounding"
        ]
        if len(outliers) <= FEW and len(rates) - len(outliers) >= SAME_RATES * len(outliers):
            noted.update(map(id, outliers))
    return noted


def _rates(comparisons: Sequence[Comparison], exact: Set[tuple[str, int | None]]) -> Iterable[list[Comparison]]:
    """The rates of whole amounts that are judged alike, in tables where all amounts add up exactly."""
    alike: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        place = comparison.stated.place
        whole = all(figure.step == 1 or figure.dash for _, figure in comparison.operands)
        if comparison.kind == "rate" and whole and (place.file, place.table) in exact:
            alike.setdefault(comparison.relation, []).append(comparison)
    return alike.values()


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


def without_restated(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons, without the failures that restate a graver one, or one of a rule that says more."""
    failed = [comparison for comparison in comparisons if comparison.verdict == "fail" and comparison.kind in FIRST]
    if len(failed) < 2:
        return list(comparisons)
    alike: dict[Hashable, list[Comparison]] = {}
    for comparison in failed:
        key = _relation(comparison)
        if key is not None:
            alike.setdefault(key, []).append(comparison)
    spare: set[int] = set()
    for group in alike.values():
        group.sort(key=lambda one: (SEVERITIES.index(one.severity), FIRST.index(one.kind)))
        spare.update(id(comparison) for comparison in group[1:] if comparison.rule != group[0].rule)
    return [comparison for comparison in comparisons if id(comparison) not in spare]


def _relation(comparison: Comparison) -> Hashable | None:
    """Which figures a comparison relates, and how: the same whichever of them it takes for the result."""
    from budgetaudit.diagnosis.equations import equation

    found = equation(comparison)
    if found is None or found.limit:
        return None
    if not found.weights:
        return found.stated, frozenset(found.terms)
    weights = {found.stated: Fraction(-1), **found.weights}
    first = weights[min(weights, key=str)]
    return frozenset((key, weight / first) for key, weight in weights.items())
