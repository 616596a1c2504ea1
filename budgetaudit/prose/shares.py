"""Read the shares and completion rates that a sentence states: `이행률 77%(51개 완료, 15개 추진)`, `474명 중 403명(85%)`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from budgetaudit.prose.brackets import Bracket
from budgetaudit.prose.breakdowns import head_of, in_unit
from budgetaudit.prose.rates import Claim, Directions, alike
from budgetaudit.prose.scan import Number, Scan

SENTENCE, NEAR, LABEL = 120, 30, 10


def shares(scan: Scan, words: Directions) -> Iterator[Claim]:
    """Every share and completion rate that a sentence states."""
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
            yield from _of_total(scan, rates[0], inner[0], bracket)
        elif head is not None and head.family == "percent" and len(inner) == 2 and not rates:
            yield from _completed(scan, words, head, inner, bracket)


def _out_of(scan: Scan, words: Directions, rate: Number, part: Number) -> Iterator[Claim]:
    """`474명 중 403명(85%)`."""
    before = scan.between(max(0, part.start - 40), part.start, part.depth)
    if before and alike(before[-1], part) and words.among.match(scan.text, before[-1].end):
        yield Claim("ratio", rate, part, before[-1], sure=True)


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


def _of_total(scan: Scan, rate: Number, part: Number, bracket: Bracket) -> Iterator[Claim]:
    """`뉴딜(총 160조)에 포함된 지역사업 (75.3조, 47%)`: the only larger amount named a total before it in the sentence."""
    before = [n for n in scan.between(max(0, bracket.start - SENTENCE), bracket.start) if alike(n, part)]
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
