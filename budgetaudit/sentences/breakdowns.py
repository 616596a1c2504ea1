"""Breakdowns that stand in a sentence: a total and its parts in brackets, behind a colon, or joined by plus signs.

`215억원(국비 115, 도비 59, …)`, `{292개소 (…)+20개소 (…)}`, `국비(42.6조)+지방비(16.9조)+민자(15.8조)`. A breakdown says how
sure it is that its parts are all there are; kinds decide what that makes of a difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from budgetaudit.label_text import EDGES
from budgetaudit.model import Place, Unit
from budgetaudit.sentences.brackets import Bracket
from budgetaudit.sentences.tokens import FILL, TYPES, Number, Scan
from budgetaudit.sentences.words import LABEL, Words
from budgetaudit.slips import stroke

Evidence = Literal[
    "sources", "total", "plus", "series", "inherited", "listed", "below", "whole", "years", "loose", "made of", "told"
]
GAP = re.compile(r"\s{0,3}(?:[^\W\d_]|[·ㆍ‧∙・\s]){0,14}\s?\Z")
COLON_GAP = re.compile(r"\s{0,2}(?:[^\W\d_]|[·ㆍ\s]){0,30}[:：]\s{0,2}")
PLUS = re.compile(r"[+＋]")
TERM = rf"(?:[^\W\d_]|[·ㆍ\s]){{0,{LABEL}}}+\(?[{''.join(TYPES.values())}]{FILL}*+\s?\)?[^\W\d_]{{0,8}}\s?"
CHAIN = re.compile(rf"{TERM}(?:[+＋]\s?{TERM})+")
CALCULATION = re.compile(r"[×*✕∗＊]|\d\s?[xX]\s?\d")
TWO_HEADS = re.compile(r"\s?[,/·]?\s?(?:[^\W\d_]{1,8}\s)?")
MAX_PARTS = 60
LONGEST, DEEPEST = 1500, 4


@dataclass(frozen=True, slots=True)
class Part:
    """One addend with the words that name it; `unit` is what it prints or inherits."""

    number: Number
    label: str
    unit: Unit | None
    place: Place | None = None  # where it does not stand in the sentence of its total


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and its parts. `open`: the list says that it is not complete; `whole`: nothing else stands in the list."""

    total: Number
    label: str
    parts: tuple[Part, ...]
    evidence: Evidence
    open: bool
    whole: bool
    unit: Unit | None

    @property
    def dimension(self) -> str:
        """'source' if the parts are fund sources, else 'item'."""
        return "source" if self.evidence == "sources" else "item"


def breakdowns(scan: Scan, words: Words, following: Scan | None = None) -> Iterator[Breakdown]:
    """Every breakdown of a text; `following` is the next statement, whose brackets may belong to the last total here."""
    taken: set[int] = set()
    for found in (*_bracketed(scan, words), *_listed(scan, words), *_chained(scan, words), *_carried(scan, following, words)):
        if found.parts[0].number.start not in taken or found.total.start > found.parts[0].number.start:
            taken.update(part.number.start for part in found.parts)
            yield found


def _bracketed(scan: Scan, words: Words) -> Iterator[Breakdown]:
    """`115억원(국비 60, 도비 55)`."""
    for bracket in scan.brackets:
        head = head_of(scan, bracket) if bracket.depth < DEEPEST and bracket.end - bracket.start < LONGEST else None
        if head is not None:
            found = itemised(
                scan, stretches(scan, bracket.start + 1, bracket.end, words), bracket.depth + 1, head, scan.text, words
            )
            if found is not None:
                yield found
            yield from _second_head(scan, head, bracket, words)


def _second_head(scan: Scan, head: Number, bracket: Bracket, words: Words) -> Iterator[Breakdown]:
    """`34필지 12,450㎡(국공유지 11필지 3,120㎡, …)`: the first of two totals, where all parts print its unit."""
    before = scan.between(max(0, head.start - LABEL), head.start, head.depth)
    if not before or before[-1].unit is None or compatible(before[-1], head):
        return
    if TWO_HEADS.fullmatch(scan.text[before[-1].end : head.start]):
        inner = stretches(scan, bracket.start + 1, bracket.end, words)
        found = itemised(scan, inner, bracket.depth + 1, before[-1], scan.text, words)
        if found is not None and len(found.parts) > 1 and all(part.number.unit is not None for part in found.parts):
            yield found


def _carried(scan: Scan, following: Scan | None, words: Words) -> Iterator[Breakdown]:
    """A bracket that stands on the next line."""
    if following is None or not following.brackets or following.brackets[0].start != 0 or not scan.numbers:
        return
    head, bracket = scan.numbers[-1], following.brackets[0]
    if head.depth == 0 and GAP.fullmatch(scan.text, head.end):
        found = itemised(following, stretches(following, 1, bracket.end, words), 1, head, scan.text, words)
        if found is not None and len(found.parts) > 1:
            yield found


def head_of(scan: Scan, bracket: Bracket) -> Number | None:
    """The number that stands right before a bracket, at most a noun between them."""
    before = scan.between(max(0, bracket.start - 60), bracket.start, bracket.depth)
    head = before[-1] if before else None
    if head is None or head.end > bracket.start or head.bound in ("least", "most"):
        return None
    return head if GAP.fullmatch(scan.text, head.end, bracket.start) else None


def _listed(scan: Scan, words: Words) -> Iterator[Breakdown]:
    """A list behind a colon: `82개 군 : 1등급(7), 2등급(18), …`."""
    for at, head in enumerate(scan.numbers):
        colon = COLON_GAP.match(scan.text, head.end)
        if colon and head.depth == 0 and at + 1 < len(scan.numbers) and len(scan.text) - colon.end() < LONGEST:
            found = itemised(scan, stretches(scan, colon.end(), len(scan.text), words), 0, head, scan.text, words)
            if found is not None and found.evidence in ("sources", "series", "total"):
                yield found
            elif found is not None and found.evidence == "listed" and found.whole and _named(found.parts):
                yield replace(found, evidence="below")


def _named(parts: Sequence[Part]) -> bool:
    """True if a list of several parts prints a name and a unit for each of them."""
    return len(parts) > 1 and all(part.number.unit is not None and part.label for part in parts)


def _chained(scan: Scan, words: Words) -> Iterator[Breakdown]:
    """`국비(42.6조)+지방비(16.9조)` where the total stands earlier in the sentence, not before a bracket or an equals sign."""
    if "=" in scan.text or "＝" in scan.text:
        return
    for match in CHAIN.finditer(scan.masked):
        numbers = scan.between(match.start(), match.end())
        starts = [match.start(), *(number.end for number in numbers)]
        terms = [Part(n, named(scan.text[a : n.start]), n.unit) for n, a in zip(numbers, starts, strict=False)]
        found = _chain(scan, terms, words) if not PLUS.search(scan.text, match.end(), match.end() + LABEL) else None
        if found is not None:
            yield found


def _chain(scan: Scan, terms: Sequence[Part], words: Words) -> Breakdown | None:
    first = terms[0].number
    enclosing = scan.around(first.start, terms[-1].number.end)
    if enclosing is not None and head_of(scan, enclosing) is not None:
        return None
    unit = next((part.unit for part in reversed(terms) if part.unit is not None), None)
    parts = tuple(Part(part.number, part.label, part.unit or unit) for part in terms)
    before = [
        n
        for n in scan.between(max(0, first.start - LONGEST), first.start)
        if n.unit is not None and compatible(parts[0].number, n) and n.family != "bare"
    ]
    total = next((n for n in reversed(before) if _sum(parts, n) == n.value), None)
    sure = total is not None
    if total is None:
        total = next((n for n in reversed(before[-2:]) if _slip(_sum(parts, n), n.value)), None)
    if total is None or any(not compatible(part.number, total) for part in parts):
        return None
    sources = any(words.is_source(part.label) for part in parts)
    return Breakdown(
        total, label_before(scan.text, total.start), parts, "sources" if sources else "plus", False, sure or sources, total.unit
    )


def _slip(sum_: Decimal | None, stated: Decimal) -> bool:
    """True if one stroke turns one number into the other."""
    return sum_ is not None and bool(stroke(int(sum_ * 1000), int(stated * 1000)))


def _sum(parts: Sequence[Part], total: Number) -> Decimal | None:
    """The parts added up in the total's unit; None if their units do not go together."""
    result = Decimal(0)
    for part in parts:
        value = in_unit(part.number.value, part.unit, total.unit)
        if value is None:
            return None
        result += value
    return result


def in_unit(value: Decimal, unit: Unit | None, other: Unit | None) -> Decimal | None:
    """A value in another unit; None if the two cannot be compared."""
    if unit is None or other is None or unit == other:
        return value
    if unit.family == other.family == "money" and unit.scale and other.scale and unit.currency == other.currency:
        return value * unit.scale / other.scale
    return value if unit.family == other.family == "count" and unit.symbol == other.symbol else None


def compatible(part: Number, total: Number) -> bool:
    """True if a number can be an addend of another."""
    if part.unit is None:
        return True
    if total.unit is None:
        return part.family == "count"
    return in_unit(part.value, part.unit, total.unit) is not None


# --- one list of parts -----------------------------------------------------------------------------


def stretches(scan: Scan, start: int, end: int, words: Words) -> list[tuple[int, int]]:
    """The stretches between separators; those inside numbers, dates and deeper brackets separate nothing."""
    closed = sorted([(n.start, n.end) for n in scan.between(start, end)] + scan.closed(start, end))
    pieces, at, skip = [], start, 0
    for match in words.separator.finditer(scan.text, start, end):
        while skip < len(closed) and closed[skip][1] <= match.start():
            skip += 1
        if any(a <= match.start() < b for a, b in closed[skip : skip + 3]):
            continue
        if match.group() == "/" and not scan.between(at, match.start()):
            continue  # 공원/녹지 12
        pieces.append((at, match.start()))
        at = match.end()
    pieces.append((at, end))
    return pieces


def itemised(
    scan: Scan, pieces: Sequence[tuple[int, int]], depth: int, head: Number, text: str, words: Words
) -> Breakdown | None:
    """A total with the parts of a list; None if the list holds none."""
    if len(pieces) > MAX_PARTS:
        return None
    parts: list[Part] = []
    whole, open_list, loose = True, False, False
    for start, end in pieces:
        found = _parts(scan, start, end, depth, head, words)
        if found is None:
            return None
        tail = scan.outside_brackets(found[-1].number.end if found else start, end)
        open_list = open_list or bool(words.open.search(tail))
        if not found:
            whole = whole and not tail.strip(EDGES)
        for part in found:
            loose = (
                loose
                or not part.label
                or bool(words.not_parts.search(part.label + tail))
                or part.number.bound in ("least", "most")
            )
        parts.extend(found)
    if not parts or words.holds(head, [part.number for part in parts]):
        return None
    inherited = head.unit or next((part.number.unit for part in reversed(parts) if part.number.unit is not None), None)
    parts = [Part(part.number, part.label, part.number.unit or inherited) for part in parts]
    return Breakdown(
        head,
        label_before(text, head.start),
        tuple(parts),
        _evidence(parts, scan, head, text, words, loose),
        open_list,
        whole and not loose,
        inherited,
    )


def _parts(scan: Scan, start: int, end: int, depth: int, head: Number, words: Words) -> list[Part] | None:
    """The parts of one stretch of a list: none for a remark, several where only blanks separate them; None if unclear."""
    numbers = scan.between(start, end, depth)
    if not numbers:
        inner = scan.between(start, end, depth + 1)
        alone = (
            len(inner) == 1
            and re.fullmatch(r"\s*[^(\[]*[(\[]\s*", scan.text[start : inner[0].start])
            and scan.text[inner[0].end : inner[0].end + 1] in ")]"
        )
        numbers = inner if alone else []
    fitting = [number for number in numbers if compatible(number, head)]
    if not fitting:
        return []
    if len(fitting) > 1 and "=" in scan.text[fitting[0].end : fitting[-1].start]:
        fitting = fitting[-1:]  # a calculation: what it comes to is the part
    elif CALCULATION.search(scan.text, start, end):
        return None
    examples = [a for a, b in pairwise(fitting) if words.open.match(scan.text[a.end : b.start].lstrip())]
    fitting = [number for number in fitting if number not in examples]
    if len(fitting) > 1:
        bare = [number for number in fitting if number.unit is not None]
        fitting = bare if len(bare) == 1 else fitting
    labels = [named(scan.outside_brackets(a, n.start)) for n, a in zip(fitting, [start, *(n.end for n in fitting)], strict=False)]
    if len(fitting) > 1:
        return None if not all(labels) else [Part(n, label, n.unit) for n, label in zip(fitting, labels, strict=True)]
    number = fitting[0]
    return [
        Part(
            number,
            labels[0] or named(scan.outside_brackets(number.end, end)) or named(scan.text[number.end : end]),
            number.unit,
        )
    ]


def _evidence(parts: Sequence[Part], scan: Scan, head: Number, text: str, words: Words, loose: bool) -> Evidence:
    """Why the parts should add up to the total."""
    if any(words.is_source(part.label) for part in parts):
        return "sources"
    if loose:
        return "loose"
    gaps = [scan.text[a.number.end : b.number.start] for a, b in pairwise(parts)]
    if gaps and all(PLUS.search(gap) for gap in gaps):
        return "plus"
    if len(parts) > 2 and [words.ordinal(part.label) for part in parts] == list(range(1, len(parts) + 1)):
        return "series"
    if words.is_total(text[: head.start]):
        return "total"
    if all(words.vocabulary.label(part.label).year is not None for part in parts):
        return "years"
    return "inherited" if all(part.number.unit is None for part in parts) else "listed"


def named(text: str) -> str:
    """The words that name a part."""
    return " ".join(text[-LABEL:].strip(EDGES + "()[]{}+＋/<>").split())


def label_before(text: str, at: int) -> str:
    """What a number is said to be: the words before it, back to a separator; the line's own title where there are none."""
    before = text[max(0, at - 80) : at]
    near = re.split(r"(?<!\d)[,，]|[,，](?!\d)|[;()\[\]{}<>⇒→/=]", before)[-1]
    label = named(near.replace(":", " "))
    return label or named(re.split(r"[:：]", before)[0])
