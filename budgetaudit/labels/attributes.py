"""What a word in a label says only beside the others: an attribute of a row is no measure where the columns give one.

`Growth` in a column of strategies is no rate of growth, `Staff` among costs no number of people; `B/C` is a quotient where
other labels define B and C, and `H/W` is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from budgetaudit.amounts import Amount
from budgetaudit.label_text import squeeze
from budgetaudit.labels.layout import Layout
from budgetaudit.labels.references import own_letter, quotient
from budgetaudit.periods import part_of_year

if TYPE_CHECKING:
    from budgetaudit.labels.labelling import Line
    from budgetaudit.vocabulary import Vocabulary

RATE_MEASURES = frozenset(["change_rate", "execution_rate", "share", "rate"])
ALIKE, LARGER = 20, 5  # so much smaller than is usual, so much larger than all others may an amount of one kind be
RELATIVE = RATE_MEASURES | {"count", "price"}


def quotients(lines: Mapping[int, Line]) -> dict[int, Line]:
    """The lines, those that divide one letter by another marked as rates where other lines define both letters."""
    texts = {i: own_text(line) for i, line in lines.items()}
    defined = {own_letter(text) for text in texts.values() if not quotient(text)} - {""}
    return {
        i: replace(line, measure="rate") if not line.measure and quotient(texts[i]) and quotient(texts[i]) <= defined else line
        for i, line in lines.items()
    }


def own_text(line: Line) -> str:
    """The innermost printed label of a line."""
    return next((label.text for label in reversed(line.labels) if label.text.strip()), "")


def attributes(rows: Mapping[int, Line], columns: Mapping[int, Line], layout: Layout) -> dict[int, Line]:
    """The rows without the measures that their labels seem to give, where these are attributes or names of items."""
    described = _described(rows)
    found = {r: _plain(line) if described and _measured_inside(line) else line for r, line in rows.items()}
    given = any(line.measure for line in columns.values())
    measured = [line for line in found.values() if line.measure and not line.total]
    if not given and 2 * len(measured) >= len(found):
        return found  # the rows are what tells the measures apart
    sizes = _Sizes(_sizes(found, columns, layout), found, layout)
    return {r: _plain(line) if _named(line, sizes) else line for r, line in found.items()}


def _described(rows: Mapping[int, Line]) -> bool:
    """True if the outer labels name every row, so that the inner ones only describe it."""
    names = [line.labels[0].key for line in rows.values() if line.labels and not line.labels[0].total]
    return len(names) > 2 and all(names) and len(set(names)) == len(names)


def _measured_inside(line: Line) -> bool:
    return bool(line.measure) and any(label.measure == line.measure for label in line.labels[1:])


def _plain(line: Line) -> Line:
    """A line without its measure, and without the percentage that a word of its label seemed to say."""
    percent = line.unit is not None and line.unit.family == "percent"
    return replace(line, measure="", unit=None if percent else line.unit)


def _sizes(rows: Mapping[int, Line], columns: Mapping[int, Line], layout: Layout) -> dict[int, tuple[Decimal, int]]:
    """The usual size of the numbers of each row and the decimals they print, in columns that add up."""
    printed: dict[int, list[Amount]] = {}
    for (r, c), amount in layout.amounts.items():
        if r in rows and c in columns and columns[c].additive and not amount.dash and amount.value:
            printed.setdefault(r, []).append(amount)
    return {r: (median(abs(a.value) for a in amounts), max(a.places for a in amounts)) for r, amounts in printed.items()}


class _Sizes:
    """The usual size of the numbers of each row and the decimals they print, beside those of the rows that hold amounts."""

    def __init__(self, rows: Mapping[int, tuple[Decimal, int]], lines: Mapping[int, Line], layout: Layout) -> None:
        self.rows = rows
        self.united = {r for (r, _), amount in layout.amounts.items() if amount.unit is not None}
        amounts = [rows[r] for r in rows if not _relative(lines[r])]
        self.several = len(amounts) > 1
        self.usual = median(size for size, _ in amounts) if amounts else Decimal(0)
        self.largest = max((size for size, _ in amounts), default=Decimal(0))
        self.finest = max((places for _, places in amounts), default=0)

    def alike(self, row: int) -> bool:
        """True if the numbers of a row are as large as amounts, with as many decimals."""
        size, places = self.rows[row]
        return self.several and self.usual / ALIKE <= size <= self.largest * LARGER and places <= self.finest


def _relative(line: Line) -> bool:
    return line.measure in RELATIVE or (line.unit is not None and line.unit.family == "percent")


def _named(line: Line, sizes: _Sizes) -> bool:
    """True if a row that seems to hold rates or counts holds amounts like the others: as large, as many decimals."""
    if not _relative(line) or line.index not in sizes.rows or "%" in line.text or line.index in sizes.united:
        return False
    return sizes.alike(line.index)


def added(columns: Mapping[int, Line], rows: Mapping[int, Line], layout: Layout) -> dict[int, Line]:
    """The columns without the rates and counts that their labels seem to give, where all columns add up to their total."""
    totals = [c for c, line in columns.items() if line.total]
    seeming = [c for c, line in columns.items() if line.measure in RELATIVE and "%" not in line.text and line.unit is None]
    if len(totals) != 1 or not seeming:
        return dict(columns)
    parts = [c for c in columns if c not in totals]
    held = wrong = 0
    for r in rows:
        amounts = [layout.amounts.get((r, c)) for c in parts]
        whole = layout.amounts.get((r, totals[0]))
        if whole is None or any(amount is None for amount in amounts):
            continue
        same = sum((amount.value for amount in amounts if amount is not None), Decimal(0)) == whole.value
        held, wrong = held + same, wrong + (not same)
    return {c: _plain(line) if c in seeming and held > max(wrong, 1) else line for c, line in columns.items()}


def closing(lines: Mapping[int, Line]) -> dict[int, Line]:
    """The lines, the amount of a whole made their total where it closes its parts and nothing else does: 총사업비."""
    order = list(lines)
    found = dict(lines)
    named = [i for i, line in lines.items() if any(label.closing and label.text == own_text(line) for label in line.labels)]
    if len(named) != 1 or len(order) < 3:
        return found
    at = order.index(named[0])
    if lines[order[-1]].total and at > 1:  # a list with a total of its own follows: fund sources
        order = order[: at + 1]
    if named[0] not in (order[0], order[-1]):
        return found
    others = [lines[i] for i in order if i != named[0]]
    measured = sum(bool(line.measure) for line in others)  # one word among many is a name: Planung
    if 2 * measured < len(others) and not any(line.total or not line.additive for line in others):
        found[named[0]] = replace(lines[named[0]], total="total", measure="", dimension="", member="")
    return found


def whole_years(lines: Mapping[int, Line], vocabulary: Vocabulary) -> dict[int, Line]:
    """The lines, that of the year made the total of the quarters, halves or months that all others are: 연간, annual."""
    order = list(lines)
    found = dict(lines)
    words = set(map(squeeze, vocabulary.prose.get("whole_year", ())))
    named = [i for i in order if squeeze(own_text(lines[i]).lower()) in words]
    if len(named) != 1 or len(order) < 3 or named[0] not in (order[0], order[-1]):
        return found
    if all(part_of_year(own_text(lines[i]), vocabulary.periods) for i in order if i not in named):
        found[named[0]] = replace(lines[named[0]], total="total")
    return found
