"""Read the changes, growth rates, completion rates and shares that a sentence states together with their operands.

`2,156억 원 ⇒ 2,286억 원(증 130억)`, `150.9억 달러로 전년 동기(176.8억 달러) 대비 14.6% 하락`, `이행률 77%(51개 완료, 15개 추진)`,
`474명 중 403명(85%)`, `77.2점 대비 10.2점 높은 87.4점`. An arrow marks a change, never a contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from budgetaudit.model import Unit
from budgetaudit.prose.brackets import Bracket
from budgetaudit.prose.breakdowns import head_of, in_unit
from budgetaudit.prose.scan import Number, Scan
from budgetaudit.rounding import Interval, around
from budgetaudit.vocabulary import Vocabulary

Form = Literal["change", "growth", "ratio", "share"]
ARROW = re.compile(r"\s*(?:→|⇒|➡|➔|➜|⇨|⟶|=>|->|▶|▷)\s*")
BETWEEN = re.compile(r"[^\d.;:]{0,30}\Z")
NEAR, APART, SENTENCE = 14, 40, 120
HUNDRED = Decimal(100)


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
            _any(prose.get(name, ())) for name in ("up", "down", "compared", "previous", "out_of", "done", "due")
        )
        self.old = re.compile(rf"(?:{self.previous.pattern})[^\d.;]{{0,12}}[(（]?\s?\Z")
        self.than = re.compile(rf"\s?[)）]?\s?(?:{self.compared.pattern})")
        self.among = re.compile(rf"\s?[)）]?[^\d,.;]{{0,12}}?(?:{self.of.pattern})[\s,]")
        self.points = _any(prose.get("percent_points", ()))
        self.attributive = re.compile(rf"(?:{_any(prose.get('attributive', ())).pattern})\s*\Z", re.IGNORECASE)
        self.onward = re.compile(rf"\s?(?:{_any(prose.get('onward', ())).pattern})[\s\d'’‘]", re.IGNORECASE)

    def direction(self, text: str) -> int:
        up, down = self.up.search(text), self.down.search(text)
        if up and (not down or up.start() < down.start()):
            return 1
        return -1 if down else 0


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)", re.IGNORECASE)


def claims(scan: Scan, words: Directions) -> Iterator[Claim]:
    """Every claim of a sentence."""
    if len(scan.numbers) < 2:
        return
    yield from _arrows(scan, words)
    yield from _than(scan, words)
    yield from _onward(scan, words)
    yield from _parts_of(scan, words)


# --- from → to ---------------------------------------------------------------------------------------


def _arrows(scan: Scan, words: Directions) -> Iterator[Claim]:
    amounts = [number for number in scan.numbers if number.family != "other"]
    for before_, new in pairwise(amounts):
        gap = scan.text[before_.end : new.start]
        arrow = ARROW.search(gap) if len(gap) <= APART and before_.depth == new.depth else None
        if arrow is None or in_unit(Decimal(1), before_.unit, new.unit) is None:
            continue
        old = before_ if before_.unit is not None or new.unit is None else replace(before_, unit=new.unit)
        behind = _bracket_at(scan, new.end)
        before = scan.around(old.start, new.end)
        for number in scan.between(behind.start, behind.end, new.depth + 1) if behind else ():
            yield from _change(scan, words, number, new, old, scan.text[behind.start + 1 : behind.end] if behind else "")
        if before is not None:
            head = head_of(scan, before) or _spoken(scan, before)
            if head is not None:
                around_ = scan.text[head.end : before.start] + scan.text[before.end + 1 : before.end + NEAR]
                yield from _change(scan, words, head, new, old, around_)


def _spoken(scan: Scan, bracket: Bracket) -> Number | None:
    """The rate a few words before a bracket: `6% 이상 증액<…>`."""
    near = scan.between(max(0, bracket.start - 25), bracket.start, bracket.depth)
    return near[-1] if near and near[-1].family == "percent" and near[-1].end <= bracket.start else None


def _bracket_at(scan: Scan, at: int) -> Bracket | None:
    """The bracket that opens right behind a position."""
    return next((bracket for bracket in scan.pairs(at, at + 3) if not scan.text[at : bracket.start].strip()), None)


def _change(scan: Scan, words: Directions, number: Number, new: Number, old: Number, around_: str) -> Iterator[Claim]:
    """A number that may state the change between two others: its unit and the words beside it decide."""
    start = max(0, number.start - 6)
    near = scan.text[start : number.start] + " " + scan.text[number.end : number.end + NEAR]
    down = words.direction(near) or words.direction(around_)
    signed = number.value < 0 or scan.text[start : number.start].rstrip().endswith("+")
    if not down and not signed:
        return
    if number.family == "percent" and new.family == "percent":
        if words.points.search(scan.text, number.start, number.end + 5):
            yield Claim("change", number, new, old, down)
    elif number.family == "percent":
        yield Claim("growth", number, new, old, down)
    elif in_unit(Decimal(1), number.unit, new.unit) is not None and number.unit is not None:
        yield Claim("change", number, new, old, down)


# --- compared with -------------------------------------------------------------------------------------


def _than(scan: Scan, words: Directions) -> Iterator[Claim]:
    """`150.9억 달러로 전년 동기(176.8억 달러) 대비 14.6% 하락`, `77.2점 대비 10.2점 높은 87.4점`."""
    numbers = scan.numbers
    for at, old in enumerate(numbers[:-1]):
        than = words.than.match(scan.text, old.end)
        stated = numbers[at + 1]
        if than is None or stated.start - than.end() > NEAR or old.family in ("bare", "percent", "other"):
            continue
        tail = scan.text[stated.end : stated.end + NEAR]
        down = words.direction(tail)
        if not down and stated.value >= 0:
            continue
        new = _new(scan, words, at, stated)
        if new is None:
            continue
        if stated.family == "percent" and not words.points.search(scan.text, stated.start, stated.end + 5):
            # `3,300억보다 9.7% 늘어난 319억` names the increase, not the new amount
            step = new.start > stated.end and down > 0 and _base(new) * 2 < _base(old)
            yield Claim("ratio" if step else "growth", stated, new, old, down)
        elif in_unit(Decimal(1), stated.unit, old.unit) is not None and stated.unit is not None:
            yield Claim("change", stated, new, old, down)


def _new(scan: Scan, words: Directions, at: int, stated: Number) -> Number | None:
    """The number that is compared with the one at `at`: before it (`150.9억으로 전년(176.8억) 대비`) or behind the change."""
    old = scan.numbers[at]
    after = scan.between(stated.end, stated.end + 30, stated.depth)
    fits = bool(after) and _alike(after[0], old) and BETWEEN.match(scan.text[stated.end : after[0].start]) is not None
    if fits and words.attributive.search(scan.text, stated.end, after[0].start):
        return after[0]
    if at and words.old.search(scan.text, max(0, old.start - 30), old.start):
        before = scan.numbers[at - 1]
        if _alike(before, old) and BETWEEN.match(scan.text[before.end : old.start]) and before.depth <= old.depth:
            return before
    return after[0] if fits else None


def _base(number: Number) -> Decimal:
    """A value in the base unit, for comparing magnitudes."""
    scale = number.unit.scale if number.unit is not None and number.unit.scale is not None else Decimal(1)
    return abs(number.value) * scale


def _onward(scan: Scan, words: Directions) -> Iterator[Claim]:
    """`40조에서 43조로 6.9% 증가`."""
    amounts = [number for number in scan.numbers if number.family != "other"]
    for old, new, stated in zip(amounts, amounts[1:], amounts[2:], strict=False):
        gap, behind = scan.text[old.end : new.start], scan.text[new.end : stated.start]
        if not words.onward.match(gap + " ") or len(gap) > NEAR or len(behind) > 6 or not behind.strip() or "," in behind:
            continue
        down = words.direction(scan.text[stated.end : stated.end + NEAR])
        if down and _alike(new, old) and old.depth == new.depth == stated.depth:
            if stated.family == "percent" and new.family != "percent":
                yield Claim("growth", stated, new, old, down)
            elif stated.family != "percent" and _alike(stated, new):
                yield Claim("change", stated, new, old, down)


def _alike(number: Number, other: Number) -> bool:
    """Whether two numbers are printed in units that can be compared."""
    return number.unit is not None and in_unit(Decimal(1), number.unit, other.unit) is not None


# --- part of a whole -----------------------------------------------------------------------------------


def _parts_of(scan: Scan, words: Directions) -> Iterator[Claim]:
    for bracket in scan.brackets:
        if bracket.end - bracket.start > SENTENCE:
            continue
        inner = scan.between(bracket.start, bracket.end, bracket.depth + 1)
        rates = [n for n in inner if n.family == "percent" and n.value > 0]
        head = head_of(scan, bracket)
        if len(rates) == 1 and len(inner) == 1 and head is not None and head.family in ("money", "count"):
            yield from _out_of(scan, words, rates[0], head)
        elif len(rates) == 1 and len(inner) == 2 and inner[0].family in ("money", "count") and inner[1] is rates[0]:
            yield from _of_total(scan, rates[0], inner[0], bracket)
        elif head is not None and head.family == "percent" and len(inner) == 2 and not rates:
            yield from _completed(scan, words, head, inner, bracket)


def _out_of(scan: Scan, words: Directions, rate: Number, part: Number) -> Iterator[Claim]:
    """`474명 중 403명(85%)`."""
    before = scan.between(max(0, part.start - 40), part.start, part.depth)
    if before and _alike(before[-1], part) and words.among.match(scan.text, before[-1].end):
        yield Claim("ratio", rate, part, before[-1], sure=True)


def _of_total(scan: Scan, rate: Number, part: Number, bracket: Bracket) -> Iterator[Claim]:
    """`뉴딜(총 160조)에 포함된 지역사업 (75.3조, 47%)`: the only larger amount named a total before it in the sentence."""
    before = [n for n in scan.between(max(0, bracket.start - SENTENCE), bracket.start) if _alike(n, part)]
    if len(before) == 1 and before[0].value > part.value:
        yield Claim("share", rate, part, before[0])


def _completed(scan: Scan, words: Directions, rate: Number, inner: Sequence[Number], bracket: Bracket) -> Iterator[Claim]:
    """`이행률 77%(51개 완료, 15개 정상추진)`, `이수율 85%(대상 474명, 수료 403명)`."""
    one, two = inner
    if in_unit(Decimal(1), one.unit, two.unit) is None or one.unit is None:
        return
    comma = scan.text.find(",", one.end, two.start)
    if comma < 0:
        comma = scan.text.find("/", one.end, two.start)
    if comma < 0:
        if words.among.match(scan.text, one.end):
            yield Claim("ratio", rate, two, one, sure=True)
        return
    texts = [scan.text[bracket.start + 1 : comma], scan.text[comma + 1 : bracket.end]]
    done = [bool(words.done.search(text)) for text in texts]
    due = [bool(words.due.search(text)) for text in texts]
    if due[0] != due[1]:
        whole, part = (one, two) if due[0] else (two, one)
        yield Claim("ratio", rate, part, whole, sure=done[0] != done[1])
    elif done[0] != done[1]:
        part, rest = (one, two) if done[0] else (two, one)
        yield Claim("ratio", rate, part, part, 0, (rest,))


# --- what a claim should state -------------------------------------------------------------------------


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
    step = number.step if generous else (Decimal(0) if number.family == "count" and number.places <= 0 else number.last_place)
    if number.unit is not None and number.unit.scale == 1 and number.places == 0 and not generous:
        step = Decimal(0)
    own = around(number.value, step)
    low, high = in_unit(own.low, number.unit, unit), in_unit(own.high, number.unit, unit)
    return None if low is None or high is None else Interval(low, high)


def signed(claim: Claim) -> Decimal:
    """The stated number with the direction the words give it."""
    return -abs(claim.stated.value) if claim.down < 0 else claim.stated.value
