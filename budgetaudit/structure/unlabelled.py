"""Search a table's lines for relations: candidates, their evidence, and what stands, in a few rounds.

What one round accepts as subtotals the next leaves out, so that totals over subtotals are seen as runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from budgetaudit.structure.generate import Candidate, foremost, ratio_candidates, sum_candidates
from budgetaudit.structure.lines import Lines
from budgetaudit.structure.score import Evidence, Signature, weigh
from budgetaudit.structure.select import fold, settle
from budgetaudit.structure.settings import DISCOVERY

ROUNDS = 5


def search(lines: Lines) -> list[Evidence]:
    """The relations among the lines, each with its evidence."""
    if len(lines.lines) < 3:
        return []
    everything = list(range(len(lines.lines)))
    tried: set[tuple[str, int, tuple[int, ...]]] = set()
    found = list(_weighed(lines, [*sum_candidates(lines, everything, True), *ratio_candidates(lines)], tried))
    accepted = settle(found)
    seen = [everything]
    for _ in range(ROUNDS):
        before = len(seen)
        for subset in (_left(lines, accepted, runs=True), _left(lines, accepted, runs=False)):
            if subset not in seen and len(subset) > 2:
                seen.append(subset)
                found += _weighed(lines, sum_candidates(lines, subset, False), tried)
        if len(seen) == before:
            break
        accepted = settle(found)
    return fold(lines, accepted)


def _left(lines: Lines, accepted: list[Evidence], runs: bool) -> list[int]:
    """The lines that no accepted sum has consumed; with `runs` only unbroken runs consume."""
    consumed: set[int] = set()
    for signature in (evidence.signature for evidence in accepted):
        first, last = signature.sources[0], signature.sources[-1]
        if signature.kind == "sum" and not (runs and last - first >= len(signature.sources)):
            consumed |= set(signature.sources)
    return [line for line in range(len(lines.lines)) if line not in consumed]


def _weighed(lines: Lines, candidates: Iterable[Candidate], tried: set[tuple[str, int, tuple[int, ...]]]) -> Iterator[Evidence]:
    """The evidence of the foremost candidates that is worth keeping."""
    for group in foremost(candidates):
        best = 0.0
        for gain, candidate in group:
            # one explanation is enough but for sums, and no other can be worth more than its gain
            if candidate.kind != "sum" and gain < best:
                break
            key = (candidate.kind, candidate.target, candidate.sources)
            if key in tried:
                continue
            tried.add(key)
            evidence = weigh(lines, candidate)
            evidence = replace(evidence, signature=_product(lines, evidence.signature))
            if evidence.bits >= DISCOVERY.accept_bits and evidence.holds + evidence.excused >= DISCOVERY.coverage * (
                evidence.holds + evidence.fails
            ):
                best = max(best, evidence.bits)
                yield evidence


def _product(lines: Lines, signature: Signature) -> Signature:
    """Quantity × price = amount, printed in that order, is stated for the quantity: amount / price."""
    if signature.kind != "ratio":
        return signature
    amount, other = signature.sources
    first, second = sorted((signature.target, other))
    if amount < second:
        return signature
    values, known = lines.values, lines.known[amount] & lines.known[first] & lines.known[second]
    live = known & (values[amount] != 0)
    exact = values[first] * values[second] == values[amount] * 10**lines.scale
    return (
        replace(signature, target=first, sources=(amount, second)) if (exact | ~live).mean() >= DISCOVERY.product else signature
    )
