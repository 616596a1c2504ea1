"""A change or rate that a sentence states with its operands, the words it is told in, and what the operands make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from budgetaudit.model import Unit
from budgetaudit.rounding import Interval, around
from budgetaudit.sentences.alternatives import any_of
from budgetaudit.sentences.brackets import Bracket
from budgetaudit.sentences.breakdowns import in_unit
from budgetaudit.sentences.scan import Number, Scan
from budgetaudit.vocabulary import Vocabulary

Form = Literal["change", "growth", "relative", "ratio", "share"]
HUNDRED = Decimal(100)
PUNCTUATION = "+△▲↑↓()（）[]·,，/: \t"


@dataclass(frozen=True, slots=True)
class Claim:
    """A stated change or rate and the two numbers it follows from. `down`: -1 the text says decrease, 1 increase, 0 neither."""

    form: Form
    stated: Number
    first: Number  # new, numerator
    second: Number  # old, denominator
    down: int = 0
    extra: tuple[Number, ...] = ()  # more numbers that make up the denominator
    sure: bool = False  # the words leave no doubt about the operands


class Directions:
    """The words of change, of comparison and of completion in a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        prose = vocabulary.prose
        self.up, self.down, self.compared, self.previous, self.of, self.done, self.due = (
            any_of(prose.get(name, ())) for name in ("up", "down", "compared", "previous", "out_of", "done", "due")
        )
        self.old = re.compile(rf"(?:{self.previous.pattern})[^\d.;]{{0,12}}[(（]?\s?\Z")
        self.than = re.compile(rf"\s?[)）]?\s?(?:{self.compared.pattern})")
        self.among = re.compile(rf"\s?[)）]?[^\d,.;]{{0,12}}?(?:{self.of.pattern})[\s,]")
        self.share_of = re.compile(rf"\s?(?:{self.of.pattern}|{any_of(prose.get('genitive', ())).pattern})\s?", re.IGNORECASE)
        self.respectively = any_of(prose.get("respectively", ()))
        self.points = any_of(prose.get("percent_points", ()))
        self.attributive = re.compile(rf"(?:{any_of(prose.get('attributive', ())).pattern})\s*\Z", re.IGNORECASE)
        self.onward = re.compile(rf"\s?(?:{any_of(prose.get('onward', ())).pattern})[\s\d'’‘]", re.IGNORECASE)

    def in_points(self, scan: Scan, number: Number) -> bool:
        """Whether a rate is stated in percentage points."""
        return bool(self.points.search(scan.text, number.start, number.end + 5))

    def only_change(self, text: str) -> bool:
        """Whether a text holds nothing but words of change and comparison."""
        for pattern in (self.previous, self.compared, self.up, self.down):
            text = pattern.sub("", text)
        return not text.strip(PUNCTUATION)

    def direction(self, text: str) -> int:
        up, down = self.up.search(text), self.down.search(text)
        if up and (not down or up.start() < down.start()):
            return 1
        return -1 if down else 0


def alike(number: Number, other: Number) -> bool:
    """Whether two numbers are printed in units that can be compared."""
    return number.unit is not None and in_unit(Decimal(1), number.unit, other.unit) is not None


def bracket_at(scan: Scan, at: int) -> Bracket | None:
    """The bracket that opens right behind a position."""
    return next((bracket for bracket in scan.pairs(at, at + 3) if not scan.text[at : bracket.start].strip()), None)


def expected(claim: Claim, *, generous: bool = False) -> Interval | None:
    """What the operands allow the stated number to be, without direction where the text gives none; None if undefined.

    `generous` lets amounts be rounded to their trailing zeros.
    """
    unit = claim.stated.unit if claim.form == "change" else claim.second.unit
    first, second = _interval(claim.first, unit, generous), _interval(claim.second, unit, generous)
    if first is None or second is None:
        return None
    for number in claim.extra:
        more = _interval(number, unit, generous)
        second = second + more if more is not None else second
    if claim.form == "change":
        return first - second
    if second.low <= 0 <= second.high:
        return None
    hundred = Interval(HUNDRED, HUNDRED)
    if claim.form == "growth":
        return _span(first, second, growth=True)
    return (first / second) * hundred


def _span(first: Interval, second: Interval, *, growth: bool) -> Interval:
    """(first − second) / second in percent, each operand counted once."""
    quotients = [a / b for a in (first.low, first.high) for b in (second.low, second.high)]
    low, high = min(quotients), max(quotients)
    less = Decimal(1) if growth else Decimal(0)
    return Interval((low - less) * HUNDRED, (high - less) * HUNDRED)


def _interval(number: Number, unit: Unit | None, generous: bool) -> Interval | None:
    own = around(number.value, number.step if generous else printed_step(number))
    low, high = in_unit(own.low, number.unit, unit), in_unit(own.high, number.unit, unit)
    return None if low is None or high is None else Interval(low, high)


def printed_step(number: Number) -> Decimal:
    """The last place of an operand; counts and whole amounts of the currency's own unit are exact."""
    exact = number.family == "count" if number.places <= 0 else False
    base = number.unit is not None and number.unit.scale == 1 and number.places == 0
    return Decimal(0) if exact or base else number.last_place


def signed(claim: Claim) -> Decimal:
    """The stated number with the direction the words give it."""
    return -abs(claim.stated.value) if claim.down < 0 else claim.stated.value
