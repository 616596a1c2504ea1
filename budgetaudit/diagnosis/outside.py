"""A sum that is off by exactly what a figure beside its parts prints: a row the total counts and the parts do not hold.

It is said, not decided: who left the row out, and whether it belongs to the sum, only the author knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from budgetaudit.diagnosis.along import Line, lines_of
from budgetaudit.diagnosis.facts import figures_of
from budgetaudit.model import Comparison, Figure

LEAST_DIGITS = 3  # fewer are equal by chance
LEAST_PARTS = 2


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
