"""Read the changes and growth rates that a sentence states together with what changed.

`2,156억 원 ⇒ 2,286억 원(증 130억)`, `150.9억 달러로 전년 동기(176.8억 달러) 대비 14.6% 하락`, `77.2점 대비 10.2점 높은 87.4점`,
`9,842억원(기정 9,315억원 대비 527억원, 5.7% 증)`. An arrow marks a change, never a contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from budgetaudit.sentences.brackets import Bracket
from budgetaudit.sentences.breakdowns import head_of, in_unit
from budgetaudit.sentences.rates import Claim, Directions, alike, bracket_at
from budgetaudit.sentences.scan import Number, Scan

ARROW = re.compile(r"\s*(?:→|⇒|➡|➔|➜|⇨|⟶|=>|->|▶|▷)\s*")
BETWEEN = re.compile(r"[^\d.;:]{0,30}\Z")
NEAR, APART, LONGEST = 14, 40, 120
CLAUSE_END = re.compile(r"[.;:]|[^\d]{20}")
CLAUSE = re.compile(r"[.,;，:]")
PARTICLE = re.compile(r"\s?[^\W\d_]{0,2}\s?")


def changes(scan: Scan, words: Directions) -> Iterator[Claim]:
    """Every change that a sentence states, once."""
    if words.respectively.search(scan.text):
        yield from _respectively(scan, words)
        return
    seen: set[tuple[int, str]] = set()
    for claim in (
        *_bracketed(scan, words),
        *_arrows(scan, words),
        *_than(scan, words),
        *_onward(scan, words),
        *_grown(scan, words),
    ):
        if (claim.stated.start, claim.form) not in seen:
            seen.add((claim.stated.start, claim.form))
            yield claim


def _respectively(scan: Scan, words: Directions) -> Iterator[Claim]:
    """`각각 1,820억원(12.4%), 2,640억원(24.0%) 증가한 16,497억원, 13,640억원`: the first goes with the first, and so on."""
    pairs = [
        (change, rate)
        for change, rate in pairwise(scan.numbers)
        if rate.family == "percent" and change.family in ("money", "count") and rate.depth == change.depth + 1
    ]
    if len(pairs) < 2:
        return
    last = pairs[-1][1]
    behind = scan.between(last.end, last.end + LONGEST, pairs[0][0].depth)[: len(pairs)]
    down = words.direction(scan.text[last.end : behind[0].start]) if behind else 0
    listed = all(not CLAUSE_END.search(scan.text[a.end : b.start]) for a, b in pairwise(behind))
    if len(behind) < len(pairs) or not down or not listed or not words.attributive.search(scan.text, last.end, behind[0].start):
        return
    for (change, rate), new in zip(pairs, behind, strict=True):
        if alike(new, change) and not words.in_points(scan, rate) and not rate.bound:
            text = f"{new.text} {'-' if down > 0 else '+'} {change.text}"
            yield Claim("relative", rate, change, replace(new, value=new.value - change.value * down, text=text))


def _bracketed(scan: Scan, words: Directions) -> Iterator[Claim]:
    for bracket in scan.brackets:
        head = head_of(scan, bracket) if bracket.end - bracket.start < LONGEST else None
        if head is not None and head.family != "other":
            yield from _since(scan, words, head, bracket)
            yield from _series(scan, words, head, bracket)


def _arrows(scan: Scan, words: Directions) -> Iterator[Claim]:
    amounts = [number for number in scan.numbers if number.family != "other"]
    outer = [number for number in amounts if not number.depth]
    inner = [pair for pair in pairwise(amounts) if pair[0].depth == pair[1].depth > 0]
    for before_, new in sorted([*pairwise(outer), *inner], key=lambda pair: pair[1].start):
        gap = scan.outside_brackets(before_.end, new.start)
        arrow = ARROW.search(gap) if len(gap) <= APART else None
        if arrow is None or in_unit(Decimal(1), before_.unit, new.unit) is None:
            continue
        old = before_ if before_.unit is not None or new.unit is None else replace(before_, unit=new.unit)
        behind = bracket_at(scan, new.end)
        yield from _followed(scan, words, new, old, behind.end + 1 if behind else new.end)
        before = scan.around(old.start, new.end)
        for number in scan.between(behind.start, behind.end, new.depth + 1) if behind else ():
            yield from _change(scan, words, number, new, old, scan.text[behind.start + 1 : behind.end] if behind else "")
        if before is not None:
            head = head_of(scan, before) or _spoken(scan, before)
            if head is not None:
                around_ = scan.text[head.end : before.start] + scan.text[before.end + 1 : before.end + NEAR]
                yield from _change(scan, words, head, new, old, around_)


def _followed(scan: Scan, words: Directions, new: Number, old: Number, at: int) -> Iterator[Claim]:
    """`47,732천원('23) → 49,115천원('24)으로 2.9% 증가`."""
    for number in scan.between(at, at + NEAR, new.depth)[:1]:
        tail = scan.text[number.end : number.end + NEAR]
        gap = scan.text[at : number.start]
        if PARTICLE.fullmatch(gap) and not words.onward.match(gap + " ") and words.direction(tail):
            yield from _change(scan, words, number, new, old, "")


def _spoken(scan: Scan, bracket: Bracket) -> Number | None:
    """The rate a few words before a bracket: `6% 이상 증액<…>`."""
    near = scan.between(max(0, bracket.start - 25), bracket.start, bracket.depth)
    return near[-1] if near and near[-1].family == "percent" and near[-1].end <= bracket.start else None


def _change(scan: Scan, words: Directions, number: Number, new: Number, old: Number, around_: str) -> Iterator[Claim]:
    """A number that may state the change between two others: its unit and the words beside it decide."""
    start = max(0, number.start - 6)
    near = scan.text[start : number.start] + " " + scan.text[number.end : number.end + NEAR]
    down = words.direction(near) or words.direction(around_)
    signed = number.value < 0 or scan.text[start : number.start].rstrip().endswith("+")
    if not down and not signed:
        return
    if number.family == "percent" and new.family == "percent":
        if words.in_points(scan, number):
            yield Claim("change", number, new, old, down)
    elif number.family == "percent":
        yield Claim("growth", number, new, old, down)
    elif in_unit(Decimal(1), number.unit, new.unit) is not None and (number.unit is not None or new.unit is None):
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
        down = words.direction(scan.text[stated.end : stated.end + NEAR])
        if not down and stated.value >= 0:
            continue
        new = _new(scan, words, at, stated)
        if new is None:
            yield from _relative(scan, words, old, stated, numbers[at + 2 : at + 3])
            continue
        if stated.family == "percent" and not words.in_points(scan, stated):
            # `3,300억보다 9.7% 늘어난 319억` names the increase, not the new amount
            step = new.start > stated.end and down > 0 and _base(new) * 2 < _base(old)
            yield Claim("ratio" if step else "growth", stated, new, old, down)
        elif in_unit(Decimal(1), stated.unit, old.unit) is not None and stated.unit is not None:
            yield Claim("change", stated, new, old, down)


def _relative(scan: Scan, words: Directions, old: Number, change: Number, behind: Sequence[Number]) -> Iterator[Claim]:
    """`5,621억 원보다 253억 원(4.5%) 늘어난`: a change, and its rate of what it is compared with."""
    for rate in behind:
        beside = scan.text[change.end : rate.start].strip() in ("(", "[", ",")
        told = words.direction(scan.text[rate.end : rate.end + NEAR])
        if beside and told and rate.family == "percent" and not words.in_points(scan, rate) and alike(change, old):
            yield Claim("relative", rate, change, old)


def _grown(scan: Scan, words: Directions) -> Iterator[Claim]:
    """`6,210억 원으로 올해보다 231억 원(3.86%) 증가`, `231억 원(3.86%) 증가한 6,210억 원`: what it was before is not printed."""
    for one, two, three in zip(scan.numbers, scan.numbers[1:], scan.numbers[2:], strict=False):
        first, second = scan.outside_brackets(one.end, two.start), scan.outside_brackets(two.end, three.start)
        if three.family == "percent" and one.depth == two.depth:
            new, change, rate, gap = one, two, three, first
            told = bool(words.compared.search(gap) or PARTICLE.fullmatch(gap)) and not words.than.match(scan.text, new.end)
            told = told and not words.of.search(gap) and not _of_next(scan, words, rate, new)
            behind = scan.text[rate.end : rate.end + NEAR]
        elif two.family == "percent" and one.depth == three.depth:
            change, rate, new, gap = one, two, three, second
            told, behind = bool(words.attributive.search(gap)), gap
        else:
            continue
        beside = scan.text[change.end : rate.start].strip() in ("(", "[", ",")
        down = words.direction(behind)
        if not (told and beside and down and len(gap) < NEAR * 2 and not CLAUSE.search(gap) and alike(new, change)):
            continue
        if not words.in_points(scan, rate) and not rate.bound:
            old = new.value - change.value * down
            text = f"{new.text} {'-' if down > 0 else '+'} {change.text}"
            yield Claim("relative", rate, change, replace(new, value=old, text=text))


def _of_next(scan: Scan, words: Directions, rate: Number, new: Number) -> bool:
    """Whether a change is that of the amount behind it: `12억 원(2.0%) 감소한 588억 원`."""
    behind = scan.between(rate.end, rate.end + NEAR * 2, new.depth)[:1]
    return any(alike(number, new) and words.attributive.search(scan.text, rate.end, number.start) for number in behind)


def _new(scan: Scan, words: Directions, at: int, stated: Number) -> Number | None:
    """The number that is compared with the one at `at`: before it (`150.9억으로 전년(176.8억) 대비`) or behind the change."""
    old = scan.numbers[at]
    after = scan.between(stated.end, stated.end + 30, stated.depth)
    fits = bool(after) and alike(after[0], old) and BETWEEN.match(scan.outside_brackets(stated.end, after[0].start)) is not None
    if fits and words.attributive.search(scan.text, stated.end, after[0].start):
        return after[0]
    if at and words.old.search(scan.text, max(0, old.start - 30), old.start):
        before = scan.numbers[at - 1]
        if alike(before, old) and BETWEEN.match(scan.text[before.end : old.start]) and before.depth <= old.depth:
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
        if down and alike(new, old) and old.depth == new.depth == stated.depth:
            if stated.family == "percent" and new.family != "percent":
                yield Claim("growth", stated, new, old, down)
            elif alike(stated, new) and (stated.family != "percent" or words.in_points(scan, stated)):
                yield Claim("change", stated, new, old, down)


# --- the amount before, in a bracket -------------------------------------------------------------------


def _since(scan: Scan, words: Directions, new: Number, bracket: Bracket) -> Iterator[Claim]:
    """`9,842억원(기정 9,315억원 대비 527억원, 5.7% 증)`, `3.4%(전년 4.1%, 0.7%p↓)`.

    What is said of the change must be nothing but words of change: `남성 50명 증가` is another matter.
    """
    inner = scan.between(bracket.start, bracket.end, bracket.depth + 1)
    labels = [
        scan.text[at : number.start] for number, at in zip(inner, [bracket.start + 1, *(n.end for n in inner)], strict=False)
    ]
    earlier = [
        number
        for number, label in zip(inner, labels, strict=True)
        if number.family == new.family
        and (words.previous.search(label) or _dated(scan, number))
        and not words.compared.search(label)
    ]
    if len(earlier) != 1 or in_unit(Decimal(1), earlier[0].unit, new.unit) is None:
        return
    said = scan.text[earlier[0].end : bracket.end] if earlier[0] is inner[0] else scan.text[bracket.start + 1 : earlier[0].start]
    for number, label in zip(inner, labels, strict=True):
        if number is not earlier[0] and words.only_change(label):
            for claim in _change(scan, words, number, new, earlier[0], said):
                yield replace(claim, sure=number.bound == "" and claim.form == "change")


def _series(scan: Scan, words: Directions, new: Number, bracket: Bracket) -> Iterator[Claim]:
    """`'22년 61,204건, '23년 68,117건(↑11.3%)`: a year, the year before it, and the growth between them."""
    inner = scan.between(bracket.start, bracket.end, bracket.depth + 1)
    before = scan.between(max(0, new.start - APART), new.start, new.depth)
    if len(inner) != 1 or inner[0].family != "percent" or not before or not alike(before[-1], new):
        return
    later, earlier = _dated(scan, new), _dated(scan, before[-1])
    if later and later - 1 == earlier and words.only_change(scan.text[bracket.start + 1 : inner[0].start]):
        yield from _change(scan, words, inner[0], new, before[-1], scan.text[bracket.start + 1 : bracket.end])


def _dated(scan: Scan, number: Number) -> int:
    """The year that stands right before a number, else 0."""
    date = next((date for date in reversed(scan.dates) if date.end <= number.start), None)
    near = date is not None and number.start - date.end <= 3 and not scan.text[date.end : number.start].strip(" :)")
    return date.year or 0 if date is not None and near and date.months is None else 0
