"""Pair the lines of two tables that speak of the same: by their printed labels, else by what the labels mean.

What stands twice in a table, by label or by meaning, pairs with nothing: 시비 and 군비 are both local money.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

from budgetaudit.labels.labelling import Line


def pairs(ours: Sequence[Line], theirs: Sequence[Line], *meanings: Callable[[Line], Hashable]) -> dict[int, Line]:
    """The index of each of our lines → the one of theirs that says the same, by the first meaning that tells them apart."""
    found: dict[int, Line] = {}
    for meaning in (_labels, *meanings):
        taken = {line.index for line in found.values()}
        mine = _unique((line for line in ours if line.index not in found), meaning)
        others = _unique((line for line in theirs if line.index not in taken), meaning)
        found |= {line.index: others[key] for key, line in mine.items() if key in others}
    return found


def _labels(line: Line) -> Hashable:
    return tuple(label.key for label in line.labels if label.key)


def _unique(lines: Iterable[Line], meaning: Callable[[Line], Hashable]) -> dict[Hashable, Line]:
    """The lines whose meaning no other shares; a line that means nothing is left out."""
    keyed = [(meaning(line), line) for line in lines]
    counts = Counter(key for key, _ in keyed)
    return {key: line for key, line in keyed if key and counts[key] == 1}
