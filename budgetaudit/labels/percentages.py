"""Which lines are percentages of others: by what their labels say beside the others, and by arithmetic.

`%` beside a change is its rate, `전년대비(%)` a rate of change, `% of Final Budget` a rate. A line without any such label that
equals 100 x/y or 100 (x-y)/y of two lines near it again and again is one too. None of them is ever summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetaudit.amounts import Amount
from budgetaudit.label_text import normal
from budgetaudit.labels.attributes import RATE_MEASURES, own_text
from budgetaudit.model import Unit
from budgetaudit.vocabulary import Vocabulary

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Line

Cell = Callable[[int, int], Amount | None]
PERCENT = Unit("%", "percent")
NEAR, SAMPLE = 5, 60
LISTED = 60  # lines; what has more of them is a list of things, not of measures
HUNDRED = Decimal(100)
LARGEST = 100_000  # percent; what is larger is an amount
ENOUGH = 9  # digits that agree by no chance, over all crossings together
FEW_WHOLE = 5  # percentages without decimals that agree by no chance
MOST = 4  # of so many crossings one may be wrong


def percentages(lines: Mapping[int, Line], crossing: Iterable[int], cell: Cell, vocabulary: Vocabulary) -> dict[int, Line]:
    """The lines, those that are percentages of others with their measure and unit; `cell(line, crossing)` is what is printed."""
    found = dict(lines)
    sample = list(crossing)[:SAMPLE]
    order = list(lines)
    for at, i in enumerate(order):
        line = lines[i]
        percent = line.unit.family == "percent" if line.unit is not None else line.measure == "rate"
        if percent and line.measure not in RATE_MEASURES - {"rate"}:
            before = lines[order[at - 1]].measure if at else ""
            labelled = _of_label(line, before, vocabulary)
            computed = _by_arithmetic(i, order, at, lines, sample, cell) if labelled == "rate" else ""
            found[i] = replace(line, measure=computed or labelled)
        elif not line.measure and line.unit is None and not line.total and len(order) <= LISTED:
            measure = _by_arithmetic(i, order, at, lines, sample, cell)
            if measure:
                found[i] = replace(line, measure=measure, unit=PERCENT)
    return found


def _of_label(line: Line, before: str, vocabulary: Vocabulary) -> str:
    """What a line of percentages says it is; bare, it is the rate of the change before it."""
    text = own_text(line).lower()
    key = normal(text)
    compared = [word for name in ("compared", "year_before") for word in vocabulary.prose.get(name, ())]
    if any(key.endswith(word) or key.startswith(word) for word in compared if not word.isascii()):
        return "change_rate"
    if before == "change" and (not key or vocabulary.units.listed(key) is not None):
        return "change_rate"
    return "rate"


def _by_arithmetic(line: int, order: Sequence[int], at: int, lines: Mapping[int, Line], sample: Sequence[int], cell: Cell) -> str:
    """The measure of a line that follows from two near ones as a percentage, '' if it does not."""
    printed = [(j, amount) for j in sample if (amount := cell(line, j)) is not None and not amount.dash and _is_bare(amount)]
    if len(printed) < len("x/y") or any(amount.grouped or abs(amount.value) > LARGEST for _, amount in printed):
        return ""
    if not any(amount.places for _, amount in printed) and len(printed) < FEW_WHOLE:
        return ""
    near = [i for i in order[max(0, at - NEAR) : at + NEAR + 1] if i != line and lines[i].measure not in RATE_MEASURES]
    for first in near:
        for second in near:
            if first == second:
                continue
            for measure in ("rate", "change_rate"):
                if _agrees(printed, first, second, measure, cell):
                    return measure
    return ""


def _is_bare(amount: Amount) -> bool:
    return amount.unit is None or amount.unit.family == "percent"


def _agrees(printed: Sequence[tuple[int, Amount]], first: int, second: int, measure: str, cell: Cell) -> bool:
    """True if almost all percentages follow from two lines, in too many digits for chance; repeated numbers count once."""
    held = wrong = 0
    digits = 0
    seen: set[Decimal] = set()
    for j, amount in printed:
        x, y = cell(first, j), cell(second, j)
        if x is None or y is None or not y.value or not x.value:
            continue
        should = x.value / y.value * HUNDRED - (HUNDRED if measure == "change_rate" else 0)
        width = amount.step + abs(HUNDRED / y.value) * (x.step + abs(x.value / y.value) * y.step) / 2
        if abs(should - amount.value) <= width:
            held += 1
            if amount.value not in seen and amount.value not in (0, HUNDRED):
                digits += len(str(int(abs(amount.value) / (width or 1)))) if abs(amount.value) >= width else 0
            seen.add(amount.value)
        else:
            wrong += 1
            if wrong > len(printed) // MOST:
                return False
    return held >= len("x/y") and wrong * MOST <= held + wrong and digits >= ENOUGH
