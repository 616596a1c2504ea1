"""Slips of a whole row or column: its numbers stand one place off, or all of them are in another unit, or lack one part.

The first is tried before single figures are suspected; the others are causes of single figures that turn out to be one. A sum
that is off by exactly what a figure beside its parts prints is said, not decided: only the author knows whether it belongs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from budgetaudit.diagnosis.chains import Chain, Network
from budgetaudit.diagnosis.equations import Key, key_of
from budgetaudit.diagnosis.facts import figures_of
from budgetaudit.diagnosis.repairs import Case
from budgetaudit.model import Comparison, Figure, Place, Suspect

LEAST_HEALED = 2
LEAST_RUN = 2
MOST_LINES = 100
FACTORS = ("unit", "decimal-point", "sign")
PARTS = ("omitted", "double")

Line = tuple[object, ...]
LEAST_DIGITS = 3  # fewer are equal by chance
LEAST_PARTS = 2


def shifted(case: Case, network: Network, open_: set[int]) -> Iterator[Chain]:
    """Rows and columns whose numbers, moved by one place to where nothing is printed, heal what fails and break nothing."""
    failing: dict[Line, set[int]] = defaultdict(set)
    for index in sorted(open_):
        for figure in figures_of(case.comparisons[index]):
            for line, _ in lines_of(figure.place):
                failing[line].add(index)
    suspected = [line for line, found in failing.items() if len(found) >= LEAST_HEALED][:MOST_LINES]
    if not suspected:
        return
    printed = _printed(case.comparisons, set(suspected))
    for line in suspected:
        for changes in _moves(printed[line]):
            healed = tuple(index for index in sorted(failing[line]) if case.equations[index].holds(changes))
            touched = [index for index in failing[line] if _touches(case, index, changes)]
            if len(healed) >= LEAST_HEALED and len(healed) == len(touched) and not network.broken(changes):
                yield Chain(changes, healed)
                break


def lines_of(place: Place) -> Iterator[tuple[Line, int]]:
    """The row and the column a figure stands in, and where in them."""
    if place.row is not None and place.column is not None:
        table = (place.file, place.sheet, place.table)
        yield (*table, "row", place.row), place.column
        yield (*table, "column", place.column), place.row


def _printed(comparisons: Sequence[Comparison], suspected: set[Line]) -> dict[Line, dict[int, Figure]]:
    """The figures of some lines by their place in it."""
    printed: dict[Line, dict[int, Figure]] = defaultdict(dict)
    for comparison in comparisons:
        for figure in figures_of(comparison):
            for line, at in lines_of(figure.place):
                if line in suspected:
                    printed[line].setdefault(at, figure)
    return printed


def _moves(figures: Mapping[int, Figure]) -> Iterator[dict[Key, Fraction]]:
    """Each run of numbers moved to the place before or behind it, if that is printed and empty."""
    for run in _runs(figures):
        for step, free, left in ((-1, run[0] - 1, run[-1]), (1, run[-1] + 1, run[0])):
            if free in figures and not figures[free].value:
                moved = {key_of(figures[at + step]): Fraction(figures[at].value or 0) for at in run}
                yield {key_of(figures[left]): Fraction(0)} | moved


def _runs(figures: Mapping[int, Figure]) -> Iterator[list[int]]:
    """The places of numbers that stand side by side."""
    run: list[int] = []
    for at in sorted(figures):
        if figures[at].value and (not run or at == run[-1] + 1):
            run.append(at)
            continue
        if len(run) >= LEAST_RUN:
            yield run
        run = [at] if figures[at].value else []
    if len(run) >= LEAST_RUN:
        yield run


def _touches(case: Case, index: int, changes: Mapping[Key, Fraction]) -> bool:
    one = case.equations[index]
    return one.stated in changes or any(key in changes for key in one.terms)


def alike(case: Case, suspects: Mapping[int, Sequence[Suspect]]) -> Iterator[list[int]]:
    """The causes that are one: the same figure, one factor along a row or column, or the same sums lacking a part."""
    groups: dict[Line, list[int]] = defaultdict(list)
    for root, found in suspects.items():
        if found:
            for name in _names(case, root, found[0]):
                groups[name].append(root)
    merged: set[int] = set()
    for group in sorted(groups.values(), key=len, reverse=True):
        rest = [root for root in group if root not in merged]
        if len(rest) >= LEAST_HEALED:
            merged.update(rest)
            yield rest


def _names(case: Case, root: int, suspect: Suspect) -> Iterable[Line]:
    """What the causes share that are one with this one."""
    comparison = case.comparisons[root]
    if suspect.repair in PARTS and comparison.relation:
        return [(suspect.repair, comparison.rule, comparison.relation)]
    same = (suspect.place, suspect.value)
    figure = next((f for f in figures_of(comparison) if f.place == suspect.place and f.value), None)
    if suspect.repair not in FACTORS or figure is None or figure.value is None:
        return [same]
    factor = Fraction(suspect.value) / Fraction(figure.value)
    return [same, *((suspect.repair, factor, *line) for line, _ in lines_of(figure.place))]


class Beside:
    """The figures of some tables by the rows and columns they stand in, gathered when first asked for."""

    def __init__(self, printed: Iterable[Figure]) -> None:
        self._printed = printed
        self._lines: Mapping[Line, Sequence[Figure]] | None = None

    def equal_to_difference(self, comparison: Comparison) -> Figure | None:
        """The only figure on the line of a sum's parts, none of them, that is the whole difference; None if there is none."""
        difference, parts = comparison.difference, figures_of(comparison)
        if comparison.kind != "sum" or not difference or len(parts) <= LEAST_PARTS or _digits(difference) < LEAST_DIGITS:
            return None
        shared = set.intersection(*({line for line, _ in lines_of(figure.place)} for figure in parts))
        taken = {figure.place for figure in parts}
        found = [
            figure
            for line in shared
            for figure in self._on(line)
            if figure.value == difference and figure.place not in taken and figure.unit == comparison.stated.unit
        ]
        return found[0] if len(found) == 1 else None

    def _on(self, line: Line) -> Sequence[Figure]:
        if self._lines is None:
            lines: dict[Line, list[Figure]] = defaultdict(list)
            for figure in self._printed:
                for name, _ in lines_of(figure.place):
                    lines[name].append(figure)
            self._lines = lines
        return self._lines.get(line, ())


def _digits(number: object) -> int:
    """How many digits say something: zeros at the end do not."""
    return len(f"{number:f}".replace(".", "").lstrip("-0").rstrip("0"))
