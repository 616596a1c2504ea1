"""Search a table's lines for relations: candidates, their evidence, and what stands, in a few rounds.

What one round accepts as subtotals the next leaves out, so that totals over subtotals are seen as runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from budgetaudit.structure.generate import Candidate, foremost, ratio_candidates, sum_candidates
from budgetaudit.structure.lines import Lines
from budgetaudit.structure.score import Evidence, Signature, weigh
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


def settle(found: list[Evidence]) -> list[Evidence]:
    """The hypotheses that stand, best first."""
    accepted: list[Evidence] = []
    order = sorted(_nearest(found), key=lambda e: (-merit(e), e.signature.target, e.signature.sources))
    for evidence in order:
        if _compatible(evidence, accepted):
            accepted.append(evidence)
    return accepted


def merit(evidence: Evidence) -> float:
    """What decides between rivals."""
    return evidence.bits - (DISCOVERY.quotient_bits if evidence.signature.kind in ("ratio", "change") else 0.0)


def _nearest(found: list[Evidence]) -> list[Evidence]:
    """Of several totals of the same parts (copies of each other) keep the nearest."""
    groups: dict[tuple[int, ...], list[Evidence]] = {}
    for evidence in found:
        if evidence.signature.kind == "sum":
            groups.setdefault(evidence.signature.sources, []).append(evidence)
    kept = {}
    for sources, group in groups.items():
        most = max(evidence.bits for evidence in group)
        good = [evidence for evidence in group if evidence.bits >= most * DISCOVERY.near_share]
        first = min(good, key=lambda e: (_distance(e), -e.bits))
        kept[sources] = {id(e) for e in good if abs(e.signature.target - first.signature.target) <= 1}
    return [e for e in found if e.signature.kind != "sum" or id(e) in kept[e.signature.sources]]


def _distance(evidence: Evidence) -> int:
    target, sources = evidence.signature.target, evidence.signature.sources
    return min(abs(target - sources[0]), abs(target - sources[-1]))


def _compatible(new: Evidence, accepted: list[Evidence]) -> bool:
    rivals = [old for old in accepted if old.stop > new.start and new.stop > old.start]
    kind, target, sources = new.signature.kind, new.signature.target, set(new.signature.sources)
    for old in rivals:
        if old.signature.target == target and (old.signature.kind != kind or kind != "sum"):
            return False
        if "sum" not in (kind, old.signature.kind) and {target, *sources} == {old.signature.target, *old.signature.sources}:
            return False
    return kind != "sum" or _consistent(target, sources, [old for old in rivals if old.signature.kind == "sum"])


def _consistent(target: int, sources: set[int], rivals: list[Evidence]) -> bool:
    """No sum in circles, none over a line and its own parts, none that only restates another."""
    children: dict[int, list[set[int]]] = {}
    for old in rivals:
        children.setdefault(old.signature.target, []).append(set(old.signature.sources))
    for other in children.get(target, []):
        if sources & other or _refines(sources, other, children) or _refines(other, sources, children):
            return False
    if target in _below(sources, children):
        return False
    return not any(sources & (_below({source}, children) - {source}) for source in sources)


def _below(nodes: set[int], children: dict[int, list[set[int]]]) -> set[int]:
    """The lines that nodes are made of, at any depth, and themselves."""
    seen: set[int] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            for parts in children.get(node, []):
                todo.extend(parts)
    return seen


def _refines(fine: set[int], coarse: set[int], children: dict[int, list[set[int]]]) -> bool:
    """True if `fine` is `coarse` with some lines replaced by their parts."""
    rest = set(fine)
    todo = list(coarse)
    for _ in range(len(fine) + len(coarse) + len(children)):
        if not todo:
            break
        node = todo.pop()
        if node in rest:
            rest.discard(node)
            continue
        parts = next((parts for parts in children.get(node, []) if parts & _below(rest, children)), None)
        if parts is None:
            return False
        todo.extend(parts)
    return not rest and not todo


def fold(lines: Lines, accepted: list[Evidence]) -> list[Evidence]:
    """Name the nearest children: a total of details is stated over the subtotals printed among them."""
    sums = [e.signature for e in accepted if e.signature.kind == "sum"]
    folded = []
    for evidence in accepted:
        signature = evidence.signature
        sources = set(signature.sources)
        changed = signature.kind == "sum"
        while changed:
            changed = False
            low, high = min(*sources, signature.target), max(*sources, signature.target)
            for other in sums:
                inner = set(other.sources)
                if low < other.target < high and inner < sources and other.target not in (signature.target, *sources):
                    sources, changed = (sources - inner) | {other.target}, True
        if sources != set(signature.sources):
            again = weigh(lines, replace(signature, sources=tuple(sorted(sources))))
            evidence = again if again.holds >= evidence.holds * DISCOVERY.folded else evidence
        folded.append(evidence)
    return folded
