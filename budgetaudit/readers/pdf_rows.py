"""Rows of a ruled PDF table: lines stacked in one visual row become rows where the numbers say so.

The rulings of budget books often leave several rows between two lines. They are told apart where the numbers of
the row stand on common baselines, each beside a line of the label or in every number column alike.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from budgetaudit.readers.pdf_text import BULLET, TextLine
from budgetaudit.readers.printed import is_amount

_LEVEL = 0.45  # of the type size: how far lines of one row may stand apart
_STEP = 1.5  # points within which two labels start at one place
_BLANK = 0.5  # of the type size: between words
_NUMBERED = re.compile(r"\d[\d.]*\s?[.)\-–]\s*\w")
_DASHES = {"-", "–", "—", "―", "·", "…"}
_BRACKETS = "[(<〈"
_COMPANION = "[<〈"  # round ones often mean a negative number


class Mark(NamedTuple):
    """The height at which a line stands, and how far off another one may be to stand on it too."""

    level: float
    reach: float


@dataclass(slots=True)
class Box:
    """A ruled cell and its lines of text."""

    row: int
    column: int
    row_span: int
    column_span: int
    lines: list[TextLine]
    edge: float = 0.0  # its right one

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def marks(self) -> list[Mark]:
        return [_mark(line) for line in self.lines]

    @property
    def is_number(self) -> bool:
        return bool(self.lines) and all(is_amount(line.text) or line.text in _DASHES for line in self.lines)


class _Bands(NamedTuple):
    """The baselines of the rows stacked in one visual row; whether texts start on them or stand around them."""

    levels: list[float]
    starting: bool = True

    def rank(self, mark: Mark) -> int:
        """The row a line belongs to."""
        if self.starting:
            return max((at for at, level in enumerate(self.levels) if level < mark.level or _same(level, mark)), default=0)
        return min(range(len(self.levels)), key=lambda at: abs(self.levels[at] - mark.level))


def split_stacked(boxes: Sequence[Box]) -> tuple[list[Box], list[int]]:
    """The cells with stacked rows told apart, and for each row (and the end) its new number."""
    last = max(box.row + box.row_span for box in boxes)
    singles: list[list[Box]] = [[] for _ in range(last)]
    for box in boxes:
        if box.row_span == 1:
            singles[box.row].append(box)
    bands = [_bands(row) for row in singles]
    starts = [0]
    for found in bands:
        starts.append(starts[-1] + (len(found.levels) if found else 1))
    split: list[Box] = []
    for box in boxes:
        stacked = bands[box.row] if box.row_span == 1 else None
        if stacked:
            split += _shared_out(box, starts[box.row], stacked)
        else:
            height = starts[box.row + box.row_span] - starts[box.row]
            split.append(Box(starts[box.row], box.column, height, box.column_span, box.lines))
    return split, starts


def indents(boxes: Sequence[Box]) -> dict[int, int]:
    """By how many characters the label of each row is set in; nothing where labels are not set flush left at a few places."""
    numbered = {box.row for box in boxes if box.column and box.is_number}
    labels = [box for box in boxes if box.column == 0 and box.lines and box.column_span == 1]
    places = Counter(_place(box) for box in labels if box.row in numbered)
    if not places or 2 * len(places) > places.total():
        return {}
    edge = min(places)
    size = max(box.lines[0].size for box in labels)
    return {box.row: round(_STEP * (_place(box) - edge) / (size / 2)) for box in labels if _place(box) in places}


def _place(box: Box) -> int:
    """Where a label starts, in steps that leave room for what fonts differ by."""
    return round(box.lines[0].left / _STEP)


def _bands(row: Sequence[Box]) -> _Bands | None:
    """How the lines of a visual row are to be told apart; None if it is one row."""
    numbers = [(box, _paired(box)) for box in row if box.is_number]
    levels = _levels([mark for _, marks in numbers for mark in marks])
    if not numbers or _is_bracketed([box for box, _ in numbers], levels):
        return None
    labels = [_label(box, row) for box, _ in numbers]
    if all(label and _beside(marks, label) for (_, marks), label in zip(numbers, labels, strict=True)):
        own = {id(label): label for label in labels if label}.values()
        listed = [mark for label in own for mark in (label.marks if _is_list(label) else _headings(label, levels))]
        levels = _levels([*listed, *(mark for _, marks in numbers for mark in marks)])
        return _Bands(levels) if len(levels) > 1 else None
    alike = len(numbers) > 1 and all(len(marks) == len(levels) for _, marks in numbers)
    if not alike or len(levels) < 2:
        return None
    above = [mark for label in labels[:1] if label for mark in _headings(label, levels)]
    return _Bands(sorted([*levels, *(mark.level for mark in above)]), starting=False)


def _mark(line: TextLine) -> Mark:
    return Mark((line.top + line.bottom) / 2, _LEVEL * line.size)


def _paired(box: Box) -> list[Mark]:
    """The marks of a number's lines, a number and its companion in square brackets below it as one."""
    marks: list[Mark] = []
    alone = False
    for line, mark in zip(box.lines, box.marks, strict=True):
        companion = line.text[0] in _COMPANION
        if companion and alone:
            marks[-1] = Mark((marks[-1].level + mark.level) / 2, mark.reach)
        else:
            marks.append(mark)
        alone = not companion
    return marks


def _levels(marks: Sequence[Mark]) -> list[float]:
    levels: list[float] = []
    for mark in sorted(marks):
        if not levels or not _same(levels[-1], mark):
            levels.append(mark.level)
    return levels


def _same(level: float, mark: Mark) -> bool:
    return abs(mark.level - level) <= mark.reach


def _label(number: Box, row: Sequence[Box]) -> Box | None:
    """The nearest cell with text left of a number."""
    left = [box for box in row if box.column < number.column and box.lines and not box.is_number]
    return max(left, key=lambda box: box.column, default=None)


def _beside(marks: Sequence[Mark], label: Box) -> bool:
    """True if each line of a number stands beside a line of its label."""
    return all(any(_same(mark.level, other) for other in label.marks) for mark in marks)


def _is_list(label: Box) -> bool:
    """True if each line of a label names an item of its own."""
    return len(label.lines) > 1 and all(BULLET.match(line.text) for line in label.lines)


def _headings(label: Box, levels: Sequence[float]) -> list[Mark]:
    """The lines of a label that stand beside no number and name the rows below: neither is one the end of the line before,
    nor goes it on in the next one, for either begins like a label and would have had room in the line above it.
    """
    margin = max(label.edge, *(line.right for line in label.lines))
    begins = [True, *(_begins(*pair, margin) for pair in pairwise(label.lines))]
    marks = label.marks
    order = sorted(range(len(marks)), key=lambda at: marks[at].level)
    places = [marks[at].level for at in order]
    beside = {order[_nearest(places, level)] for level in levels}
    return [mark for rank, mark in enumerate(marks[:-1]) if begins[rank] and begins[rank + 1] and rank not in beside]


def _nearest(places: Sequence[float], level: float) -> int:
    """Which of several places in order is nearest."""
    after = min(bisect_left(places, level), len(places) - 1)
    return after if not after or places[after] - level < level - places[after - 1] else after - 1


def _begins(before: TextLine, line: TextLine, margin: float) -> bool:
    """True if a line does not go on with the one before."""
    word = line.text.split(" ", 1)[0]
    width = (line.right - line.left) * len(word) / len(line.text)
    named = line.text[0].isupper() or bool(_NUMBERED.match(line.text))
    return named and before.right + _BLANK * line.size + width < margin


def _is_bracketed(numbers: Sequence[Box], levels: Sequence[float]) -> bool:
    """True if the lower lines are bracketed companions of the upper ones, as in `564,342 / (12,340)`."""
    if len(levels) < 2:
        return False
    lines = [(_same(levels[0], _mark(line)), line.text[0] in _BRACKETS) for box in numbers for line in box.lines]
    return all(bracket for upper, bracket in lines if not upper) and not any(bracket for upper, bracket in lines if upper)


def _shared_out(box: Box, start: int, bands: _Bands) -> list[Box]:
    """A cell's lines given to the rows they stand in; a lone line between the rows belongs to all of them."""
    between = len(box.lines) == 1 and not any(_same(level, box.marks[0]) for level in bands.levels)
    if not box.lines or between:
        return [Box(start, box.column, len(bands.levels), box.column_span, box.lines)]
    shares: list[list[TextLine]] = [[] for _ in bands.levels]
    for line in box.lines:
        shares[bands.rank(_mark(line))].append(line)
    return [Box(start + at, box.column, 1, box.column_span, share) for at, share in enumerate(shares)]
