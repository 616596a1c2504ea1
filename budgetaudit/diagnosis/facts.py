"""The comparisons of an audit as diagnosis sees them: equations, and what stands with each suspected figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from budgetaudit.diagnosis.equations import Equation, Key, equation, key_of
from budgetaudit.model import Comparison, Figure, Place

MOST_FAILED = 400


class Facts:
    """Some comparisons with their equations, and which of them each suspected figure takes part in."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self.comparisons = comparisons
        self.failed = [index for index, comparison in enumerate(comparisons) if comparison.verdict == "fail"]
        self.figures = {key_of(figure): figure for index in self.failed for figure in figures_of(comparisons[index])}
        self.equations: dict[int, Equation] = {}
        self.takes_part: dict[Key, list[int]] = defaultdict(list)
        for index, comparison in enumerate(comparisons):
            keys = {key_of(figure) for figure in figures_of(comparison)}
            if not keys.isdisjoint(self.figures) and (found := equation(comparison)) is not None:
                self.equations[index] = found
                for key in keys:
                    self.takes_part[key].append(index)
        self.index_of = {(one.stated, *sorted(one.terms, key=str)): index for index, one in reversed(self.equations.items())}
        self.same = {index: self.index_of[one.stated, *sorted(one.terms, key=str)] for index, one in self.equations.items()}
        signed = (one.stated for one in self.equations.values() if any(weight < 0 for weight in one.weights.values()))
        self.signed = frozenset(signed)  # differences, which may be negative among amounts that are not
        self.company = self._company()
        self.beside = self._beside()
        self.peers = self._peers()
        self.held = self._held()
        self.undecided = self._undecided()

    def _company(self) -> dict[Key, list[Figure]]:
        """The figures that stand in a failed comparison with each."""
        company: dict[Key, list[Figure]] = defaultdict(list)
        for index in self.failed[:MOST_FAILED]:
            figures = figures_of(self.comparisons[index])[:MOST_FAILED]
            for figure in figures:
                company[key_of(figure)] += [other for other in figures if other is not figure]
        return company

    def _beside(self) -> dict[Key, set[Decimal]]:
        """The numbers that stand one row or one column off each suspected figure."""
        standing: dict[object, Decimal] = {}
        for comparison in self.comparisons:
            for figure in figures_of(comparison):
                if figure.value is not None:
                    standing[_spot(figure.place, 0, 0)] = figure.value
        beside: dict[Key, set[Decimal]] = defaultdict(set)
        for key, figure in self.figures.items():
            if figure.place.row is not None and figure.place.column is not None:
                around = (_spot(figure.place, rows, columns) for rows, columns in ((0, 1), (0, -1), (1, 0), (-1, 0)))
                beside[key] = {standing[spot] for spot in around if spot in standing}
        return beside

    def _peers(self) -> dict[Key, list[Figure]]:
        """The numbers that stand in the same place of the same line relation."""
        relations = {self.comparisons[index].relation for index in self.failed} - {""}
        slots: dict[tuple[str, int], list[Figure]] = defaultdict(list)
        for comparison in self.comparisons:
            if comparison.relation in relations:
                for slot, figure in enumerate(figures_of(comparison)):
                    if figure.value is not None:
                        slots[comparison.relation, slot].append(figure)
        peers: dict[Key, list[Figure]] = defaultdict(list)
        for figures in slots.values():
            for figure in figures:
                if (key := key_of(figure)) in self.figures:
                    peers[key] += [other for other in figures[:MOST_FAILED] if other is not figure]
        return peers

    def _held(self) -> dict[str, tuple[int, int]]:
        """How often each line relation holds exactly, and how often within rounding."""
        held: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for comparison in self.comparisons:
            exact, rounded = held[comparison.relation]
            exact += comparison.verdict == "pass" and comparison.difference == 0
            held[comparison.relation] = (exact, rounded + (comparison.verdict == "rounding"))
        return held

    def _undecided(self) -> dict[Key, list[tuple[Figure, Sequence[Figure]]]]:
        """The sums that could not be decided, by the suspected figures among their parts."""
        found: dict[Key, list[tuple[Figure, Sequence[Figure]]]] = defaultdict(list)
        for comparison in self.comparisons:
            parts = [figure for role, figure in comparison.operands if role == "part"]
            whole = len(parts) > 1 and len({figure.unit for figure in (comparison.stated, *parts)}) == 1
            if comparison.verdict == "not_evaluated" and whole:
                for key in {key_of(figure) for figure in parts} & self.figures.keys():
                    found[key].append((comparison.stated, parts))
        return found

    def figure(self, key: Key) -> Figure | None:
        """A figure, suspected or not."""
        return self.figures.get(key) or self._elsewhere.get(key, (None, []))[0]

    def relations(self, key: Key) -> list[int]:
        """The comparisons with an equation that a figure takes part in, of one that is not suspected too."""
        if key not in self.figures and key in self._elsewhere:
            found = self._elsewhere.pop(key)
            for index in found[1]:
                if index not in self.equations and (made := equation(self.comparisons[index])) is not None:
                    self.equations[index] = made
                    self.same[index] = self.index_of.setdefault((made.stated, *sorted(made.terms, key=str)), index)
            self.takes_part[key] = [index for index in found[1] if index in self.equations]
            if found[0] is not None:
                self.figures[key] = found[0]
        return self.takes_part.get(key, [])

    @cached_property
    def _elsewhere(self) -> dict[Key, tuple[Figure | None, list[int]]]:
        """The figures that no failure touches, with the comparisons they take part in."""
        found: dict[Key, tuple[Figure | None, list[int]]] = {}
        for index, comparison in enumerate(self.comparisons):
            if comparison.verdict in ("pass", "rounding"):
                for figure in figures_of(comparison):
                    if (key := key_of(figure)) not in self.figures:
                        found.setdefault(key, (figure, []))[1].append(index)
        return found


def figures_of(comparison: Comparison) -> list[Figure]:
    """All that take part in a comparison, the stated one first."""
    return [comparison.stated, *(figure for _, figure in comparison.operands)]


def _spot(place: Place, rows: int, columns: int) -> object:
    """The position some rows and columns off a place."""
    return place.file, place.sheet, place.table, (place.row or 0) + rows, (place.column or 0) + columns
