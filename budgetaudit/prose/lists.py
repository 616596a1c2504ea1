"""Breakdowns that stand on several lines: fund sources as bullets under their total, amounts of a cell over their subtotal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budgetaudit.model import Unit
from budgetaudit.prose.breakdowns import Breakdown, Part, Words, label_before
from budgetaudit.prose.scan import Number, Scan
from budgetaudit.prose.statements import Statement

ORDINAL = re.compile(r"\s*\(?(\d{1,2})[.)]")
MAX_LINES, LEADING = 60, 6
AMOUNT = 1000  # from here on a bare number of a cell is an amount
PLAIN = Unit("", "money")

Line = tuple[Statement, Scan]


def bulleted(lines: Sequence[Line], at: int, words: Words) -> Iterator[Breakdown]:
    """A line that ends in an amount, and a line for each fund source beneath it."""
    statement, scan = lines[at]
    total = _only(scan, ("money",))
    if total is None or scan.text[total.end :].strip(" .)") or words.is_source(_name(scan, total)):
        return
    parts: list[Part] = []
    for below, other in lines[at + 1 : at + 1 + MAX_LINES]:
        number = _only(other, ("money",))
        if number is None or below.rank < statement.rank or not words.is_source(_name(other, number)):
            break
        parts.append(Part(number, _name(other, number), number.unit, below.place))
    if len(parts) > 1:
        label = label_before(scan.text, total.start)
        yield Breakdown(total, label, tuple(parts), "sources", False, True, total.unit)


def stacked(lines: Sequence[Line], at: int, words: Words) -> Iterator[Breakdown]:
    """A subtotal that ends the lines of a cell, each of them with one amount."""
    statement, scan = lines[at]
    total = _last(scan)
    if statement.cell is None or total is None or not words.is_total(scan.text[: total.start]):
        return
    parts: list[Part] = []
    marks: list[int] = []
    for above, other in reversed(lines[max(0, at - MAX_LINES) : at]):
        number = _last(other)
        if above.cell != statement.cell or number is None or words.is_total(other.text[: number.start]):
            break
        parts.append(Part(number, label_before(other.text, number.start), number.unit or PLAIN, above.place))
        marks.append(_ordinal(other.text))
    if len(parts) > 1:
        unit = total.unit or PLAIN
        label = label_before(scan.text, total.start)
        # a cell may go on from the page before: only a list numbered from its first line on is known to be whole
        whole = marks[::-1] == list(range(1, len(marks) + 1))
        yield Breakdown(total, label, tuple(reversed(parts)), "total" if whole else "loose", False, whole, unit)


def staged(lines: Sequence[Line], scopes: Sequence[int], at: int, words: Words) -> Iterator[Breakdown]:
    """A project's cost and the amounts that its dated milestones won; they only confirm, as not every milestone names one."""
    _, scan = lines[at]
    total = next((number for number in scan.numbers if number.family == "money" and number.depth == 0), None)
    if total is None or not words.is_cost(label_before(scan.text, total.start)):
        return
    parts: list[Part] = []
    for (below, other), scope in zip(lines[at + 1 : at + MAX_LINES], scopes[at + 1 : at + MAX_LINES], strict=True):
        amounts = [number for number in other.numbers if number.family == "money"]
        if scope != scopes[at] or any(words.is_cost(_name(other, number)) for number in amounts):
            break
        if len(amounts) == 1 and other.dates and other.dates[0].start < LEADING:
            parts.append(Part(amounts[0], _name(other, amounts[0]), amounts[0].unit, below.place))
    if len(parts) > 1:
        yield Breakdown(total, label_before(scan.text, total.start), tuple(parts), "loose", False, False, total.unit)


def _only(scan: Scan, families: Sequence[str]) -> Number | None:
    """The one amount of a line, if it holds one only."""
    found = [number for number in scan.numbers if number.family in families]
    return found[0] if len(found) == 1 and found[0].depth == 0 else None


def _last(scan: Scan) -> Number | None:
    """The amount a line of a cell ends with; None where other amounts stand before it."""
    found = [n for n in scan.numbers if n.family == "money" or (n.family == "bare" and abs(n.value) >= AMOUNT)]
    return found[0] if len(found) == 1 and not scan.text[found[0].end :].strip() else None


def _ordinal(text: str) -> int:
    match = ORDINAL.match(text)
    return int(match[1]) if match else 0


def _name(scan: Scan, number: Number) -> str:
    return label_before(scan.text, number.start)
