"""The figures that a formula names where its lines cross, as intervals in one unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from budgetaudit.model import Figure
from budgetaudit.rounding import Interval, in_unit_of, interval
from budgetaudit.rulefiles.evaluation import CannotEvaluate, Single


@dataclass(frozen=True)
class Crossing(Single):
    """The scope of one crossing: names with the figures that stand there, brought to the unit of one of them."""

    figures: Mapping[str, Figure | None]
    reference: Figure

    def value(self, name: str) -> Interval:
        if name not in self.figures:
            raise CannotEvaluate("formula-absent", name=name)
        figure = self.figures[name]
        if figure is None or figure.value is None:
            raise CannotEvaluate("formula-blank", name=name)
        return in_unit(figure, self.reference)


def in_unit(figure: Figure, reference: Figure) -> Interval:
    """A figure's interval in the unit of another; rates and counts stay as they are."""
    money = reference.unit is not None and reference.unit.family == "money"
    if not money or (figure.unit is not None and figure.unit.family != "money"):
        return interval(figure)
    found = in_unit_of(figure, reference)
    if found is None:
        raise CannotEvaluate("reason-units")
    return found
