"""Read the shares and completion rates that a sentence states: `이행률 77%(51개 완료, 15개 추진)`, `474명 중 403명(85%)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from budgetaudit.sentences.arithmetic import exact
from budgetaudit.sentences.brackets import Bracket
from budgetaudit.sentences.breakdowns import head_of, in_unit
from budgetaudit.sentences.rates import Claim, Directions, alike
from budgetaudit.sentences.scan import Number, Scan

SENTENCE, NEAR, LABEL, LONGEST = 120, 30, 10, 40
FEW = 3  # from so many parts on, all shares but one make known what they are shares of
WHOLE = Decimal(100)
APART = re.compile(r"[\s)\]]*(?:[,，、/·;+및]|\s)[^\d.;:→⇒=]{0,20}")  # between a share and the next part


def shares(scan: Scan, words: Directions) -> Iterator[Claim]:
    """Every share and completion rate that a sentence states."""
    stated = tuple(_stated(scan, words))
    told = {claim.stated.start for claim in stated}
    yield from stated
    yield from (claim for claim in _of_whole(scan) if claim.stated.start not in told)


def _stated(scan: Scan, words: Directions) -> Iterator[Claim]:
    yield from _which_is(scan, words)
    for bracket in scan.brackets:
        if bracket.end - bracket.start > SENTENCE:
            continue
        inner = scan.between(bracket.start, bracket.end, bracket.depth + 1)
        rates = [n for n in inner if n.family == "percent" and n.value > 0]
        head = head_of(scan, bracket)
        if len(rates) == 1 and len(inner) == 1 and head is not None and head.family in ("money", "count"):
            yield from _out_of(scan, words, rates[0], head)
            yield from _against(scan, words, rates[0], head, bracket)
        elif len(rates) == 1 and len(inner) == 2 and inner[0].family in ("money", "count") and inner[1] is rates[0]:
            yield from _beside(scan, words, rates[0], inner[0], bracket, head)
        elif head is not None and head.family == "percent" and len(inner) == 2 and not rates:
            yield from _completed(scan, words, head, inner, bracket)


def _out_of(scan: Scan, words: Directions, rate: Number, part: Number) -> Iterator[Claim]:
    """`474명 중 403명(85%)`, `58건 중 완료 41건(70.7%), 추진중 12건(20.7%)`."""
    at = part.start
    for number in reversed(scan.between(max(0, part.start - SENTENCE), part.start, part.depth)):
        if number.family == "percent" or not alike(number, part) or at - number.end > LONGEST:
            return
        if words.among.match(scan.text, number.end):
            yield Claim("ratio", rate, part, number, sure=True)
            return
        if _share_behind(scan, number) is None:
            return
        at = number.start


def _share_behind(scan: Scan, part: Number) -> Number | None:
    """The percentage right behind a number, alone in its bracket or without one."""
    rate = next(iter(scan.between(part.end, part.end + LABEL)), None)
    if rate is None or rate.family != "percent" or rate.bound:
        return None
    gap, tail = scan.text[part.end : rate.start].removeprefix(part.word).strip(), scan.text[rate.end : rate.end + 1]
    if gap in (",", "/"):  # 아시아(20개국, 50%)
        alone = scan.text[part.start - 1 : part.start] in ("(", "[") and tail in (")", "]")
        return rate if alone and rate.depth == part.depth else None
    if gap in ("(", "["):
        return rate if rate.depth == part.depth + 1 and tail in (")", "]") else None
    return rate if not gap and rate.depth == part.depth else None


def _of_whole(scan: Scan) -> Iterator[Claim]:
    """`탁월 14개(10.3%), 우수 48개(35.3%), …`: a list whose shares make up 100 is a whole, and each share follows from it."""
    run: list[tuple[Number, Number]] = []
    for number in scan.numbers:
        rate = _share_behind(scan, number) if number.family in ("money", "count", "other") and not number.bound else None
        if rate is None:
            continue
        part, before = run[-1] if run else (number, rate)
        goes_on = bool(run) and part.depth == number.depth and alike(part, number)
        if not goes_on or not APART.fullmatch(scan.text, before.end, number.start):
            yield from _wholly(run)
            run = []
        run.append((number, rate))
    yield from _wholly(run)


def _wholly(run: Sequence[tuple[Number, Number]]) -> Iterator[Claim]:
    """The shares of a list, if they are shares of nothing but it."""
    if len(run) < 2:
        return
    parts = [exact(part) for part, _ in run]
    whole = sum(parts)
    shown = sum(rate.value for _, rate in run)
    slack = sum((rate.last_place for _, rate in run), Decimal(0)) / 2
    if not whole:
        return
    held = sum(
        abs(part / whole - exact(rate)) * 100 <= Fraction(rate.last_place) for part, (_, rate) in zip(parts, run, strict=True)
    )
    if abs(shown - WHOLE) <= slack or (len(run) >= FEW and held == len(run) - 1):
        for part, rate in run:
            yield Claim("share", rate, part, part, 0, tuple(other for other, _ in run if other is not part))


def _against(scan: Scan, words: Directions, rate: Number, part: Number, bracket: Bracket) -> Iterator[Claim]:
    """`목표 1,200명 / 실적 1,314명(달성률 109.5%)`: what is due right before what is done, and the rate named after it."""
    before = scan.between(max(0, part.start - NEAR), part.start, part.depth)
    if not before or not alike(before[-1], part):
        return
    whole = before[-1]
    named = scan.text[bracket.start + 1 : rate.start]
    gap, label = scan.text[whole.end : part.start], scan.text[max(0, whole.start - LABEL) : whole.start]
    told = words.done.search(gap) and not words.due.search(gap) and words.due.search(label)
    if told and (not named.strip() or words.done.search(named)):
        yield Claim("ratio", rate, part, whole)


def _which_is(scan: Scan, words: Directions) -> Iterator[Claim]:
    """`1,250천원 중 50%인 625천원`."""
    for whole, rate, part in zip(scan.numbers, scan.numbers[1:], scan.numbers[2:], strict=False):
        if rate.family == "percent" and whole.depth == part.depth == rate.depth and alike(whole, part):
            of, is_ = scan.text[whole.end : rate.start], scan.text[rate.end : part.start]
            if words.share_of.fullmatch(of) and words.attributive.fullmatch(is_.strip()):
                yield Claim("ratio", rate, part, whole, sure=True)


def _beside(
    scan: Scan, words: Directions, rate: Number, number: Number, bracket: Bracket, head: Number | None
) -> Iterator[Claim]:
    """A rate with another number in a bracket: `32개소(목표 30개소, 106.7%)`, `842개소(전년 대비 124개소, 17.3% 증)`."""
    said = scan.text[bracket.start + 1 : number.start]
    if words.direction(scan.text[bracket.start : bracket.end]):
        grown = head is not None and alike(head, number) and words.compared.search(said) and head.value != number.value
        if grown and head is not None and not words.in_points(scan, rate):
            down = words.direction(scan.text[number.end : bracket.end])
            change = -number.value if down < 0 else number.value
            text = f"{head.text} {'+' if change < 0 else '-'} {number.text}"
            yield Claim("relative", rate, number, replace(head, value=head.value - change, text=text))
    elif head is None or not (words.due.search(said) or words.than.match(scan.text, number.end) or words.previous.search(said)):
        yield from _of_total(scan, rate, number, bracket)
    elif alike(head, number):
        yield Claim("ratio", rate, head, number)


def _of_total(scan: Scan, rate: Number, part: Number, bracket: Bracket) -> Iterator[Claim]:
    """`뉴딜(총 160조)에 포함된 지역사업 (75.3조, 47%)`: the only larger amount named a total before it in the sentence."""
    before = [n for n in scan.between(max(0, bracket.start - SENTENCE), bracket.start) if alike(n, part)]
    if len(before) == 1 and before[0].value > part.value and _share_behind(scan, before[0]) is None:
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
