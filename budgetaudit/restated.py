"""One contradiction, told once: failures of several rules that relate the same figures in the same way are one failure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction

from budgetaudit.model import SEVERITIES, Comparison

# Which of the rules that say the same speaks: the one that names what the figures are, before what merely adds up.
FIRST = ("formula", "change", "rate", "header", "sum")


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
