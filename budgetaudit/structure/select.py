"""Settle which hypotheses stand: greedily, best first, without contradictions among them."""

from __future__ import annotations

from dataclasses import replace

from budgetaudit.structure.lines import Lines
from budgetaudit.structure.score import Evidence, weigh
from budgetaudit.structure.settings import DISCOVERY


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
