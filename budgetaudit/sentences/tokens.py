"""What a text holds: its numbers, brackets and dates with their spans, and the text masked by the types of these tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from budgetaudit.model import Figure, Place, Unit
from budgetaudit.sentences.brackets import CLOSING, OPENING, Bracket
from budgetaudit.sentences.dates import Date, Period

NEARBY = 40
Family = Literal["money", "count", "percent", "other", "bare"]
Bound = Literal["", "about", "least", "most"]
TYPES = {"money": "\ue000", "count": "\ue001", "percent": "\ue002", "other": "\ue003", "bare": "\ue004", "date": "\ue005"}
FILL = "\ue00f"  # the rest of a number in a masked text


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text; its span covers sign and unit. `word` is glued behind (`8개市`: 市), `depth` counts brackets.

    `bound` says that the text gives an approximation or a limit.
    """

    start: int
    end: int
    value: Decimal
    text: str
    unit: Unit | None = None
    places: int = 0
    bound: Bound = ""
    word: str = ""
    malformed: bool = False
    depth: int = 0

    @property
    def family(self) -> Family:
        return "bare" if self.unit is None else self.unit.family

    @property
    def last_place(self) -> Decimal:
        """The place of the last digit printed, in the number's unit."""
        return Decimal(1).scaleb(-self.places)

    @property
    def step(self) -> Decimal:
        """What the number is stated to: its last non-zero digit; a count is exact unless the text says about."""
        if self.family in ("count", "bare") and not self.bound and self.places <= 0:
            return Decimal(0)
        if self.family == "percent" or self.places != 0 or not self.value:
            return self.last_place
        return Decimal(1).scaleb(max(int(self.value.normalize().as_tuple().exponent), 0))

    def figure(self, place: Place, label: str = "", unit: Unit | None = None, step: Decimal | None = None) -> Figure:
        """The number as a figure of the document; `unit` is what it has if it prints none."""
        stated = self.step if step is None else step
        return Figure(self.value, self.text, place, stated, self.unit or unit, label, malformed=self.malformed)


@dataclass(frozen=True)
class Scan:
    """What was found in one text."""

    text: str
    numbers: tuple[Number, ...]
    brackets: tuple[Bracket, ...]
    dates: tuple[Date, ...] = ()
    periods: tuple[Period, ...] = ()

    @cached_property
    def masked(self) -> str:
        """The text in small letters as typed tokens, sign for sign: a number or date is the sign of its type.

        Brackets are round and paired.
        """
        low = self.text.lower() if len(self.text.lower()) == len(self.text) else self.text
        signs = [" " if sign in OPENING or sign in CLOSING else sign for sign in low]
        for bracket in self.brackets:
            signs[bracket.start], signs[bracket.end] = "(", ")"
        for date in self.dates:
            signs[date.start : date.end] = TYPES["date"] + FILL * (date.end - date.start - 1)
        for number in self.numbers:
            signs[number.start : number.end] = TYPES[number.family] + FILL * (number.end - number.start - 1)
        return "".join(signs)

    @cached_property
    def at(self) -> Mapping[int, Number]:
        """The numbers by where they start."""
        return {number.start: number for number in self.numbers}

    @cached_property
    def _starts(self) -> list[int]:
        return [number.start for number in self.numbers]

    def between(self, start: int, end: int, depth: int | None = None) -> list[Number]:
        """The numbers that start in [start, end), at one nesting depth or at any."""
        found = self.numbers[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [number for number in found if depth is None or number.depth == depth]

    @cached_property
    def _openings(self) -> list[int]:
        return [bracket.start for bracket in self.brackets]

    def pairs(self, start: int, end: int) -> Sequence[Bracket]:
        """The brackets that open in [start, end)."""
        return self.brackets[bisect_left(self._openings, start) : bisect_left(self._openings, end)]

    def around(self, start: int, end: int) -> Bracket | None:
        """The innermost bracket around a stretch, if it is among those that open shortly before."""
        at = bisect_left(self._openings, start)
        return next((b for b in reversed(self.brackets[max(0, at - NEARBY) : at]) if b.end >= end), None)

    def closed(self, start: int, end: int) -> list[tuple[int, int]]:
        """The spans of brackets and dates that start in [start, end)."""
        spans = self._closed
        return spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]

    def outside_brackets(self, start: int, end: int) -> str:
        """The text of a stretch without the brackets that begin in it."""
        pieces, at = [], start
        for a, b in self.closed(start, end):
            if a >= at and self.text[a] in OPENING:
                pieces.append(self.text[at:a])
                at = b
        return "".join([*pieces, self.text[at:end]]) if at < end else "".join(pieces)

    @cached_property
    def _closed(self) -> list[tuple[int, int]]:
        return sorted(
            [(b.start, b.end + 1) for b in self.brackets]
            + [(d.start, d.end) for d in self.dates]
            + [(p.start, p.end) for p in self.periods]
        )
