"""Breakdowns in running prose: a total and, behind it in one sentence, what it is made of, without bracket or colon.

`총사업비는 303억원이며 국비가 162억원(53.6%), 도비 40억원, 시비 101억원이다`; `£19.2m, comprising £12.1m for staff and`
`£7.1m for premises`. What ties the parts to the total is where they stand: all amounts of its unit up to the end, joined
to each other otherwise than to the total. A sentence that compares its amounts with each other has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from budgetaudit.sentences.breakdowns import Breakdown, Evidence, Part, compatible, in_unit, label_before, named
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.sentences.words import Words

MOST_PARTS = 20
NEAR = 50  # one part in so many of a total by which fund sources may miss it
NEXT = 4  # letters behind a list in which it says that it goes on
TWO = 2  # parts of revenue: what is spent, and what is left
DIGITS = 2  # a total of one digit adds up by chance
END = re.compile(r"[;；=＝×*]|[.!?。](?=\s|\Z)")
LISTED = re.compile(r"\s*[,，、/]\s*(?=[^\W\d_])")


def running(scan: Scan, words: Words) -> Iterator[Breakdown]:
    """Every breakdown in running prose of a text."""
    outer = [number for number in scan.numbers if number.depth == 0 and number.family in ("money", "count")]
    at = 0
    while at < len(outer) - 2:
        found = _broken_down(scan, outer[at:], words)
        if found is not None:
            yield found
            at += len(found.parts)
        at += 1


def _broken_down(scan: Scan, numbers: Sequence[Number], words: Words) -> Breakdown | None:
    """The first of some numbers with all that stand behind it in its sentence, if these may be its parts."""
    total = numbers[0]
    parts: list[Number] = []
    before = total
    for number in numbers[1 : MOST_PARTS + 1]:
        if END.search(scan.outside_brackets(before.end, number.start)):
            break
        before = number
        if compatible(number, total):
            parts.append(number)
    if (
        len(parts) < 2
        or total.bound
        or len(total.value.normalize().as_tuple().digits) < DIGITS
        or any(part.bound for part in parts)
    ):
        return None
    closing = END.search(scan.masked, parts[-1].end)
    end = closing.start() if closing else len(scan.text)
    tail = scan.outside_brackets(parts[-1].end, end)
    gaps = [scan.outside_brackets(one.end, other.start) for one, other in pairwise([total, *parts])]
    made_of = bool(words.made_of.search(gaps[0]))
    if words.open.search(tail[:NEXT]) or any(words.is_total(gap) for gap in gaps):
        return None
    if any(words.compares(gap) for gap in (*gaps, tail)):
        return None
    of_it = made_of or words.part_of.search(gaps[0]) or (len(parts) == TWO and words.is_rest(named(gaps[-1])))
    if LISTED.match(gaps[0]) and not of_it:
        return None  # the first of a list is not the total of the others
    values = [in_unit(part.value, part.unit, total.unit) for part in parts]
    if any(value is None or not 0 < value < total.value for value in values):
        return None
    items = _named(scan, total, parts, end)
    near = abs(total.value - sum(value for value in values if value is not None)) * NEAR < total.value
    sources = near and all(words.is_source(words.bare(part.label)) for part in items)
    evidence: Evidence = "sources" if sources else "made of" if made_of else "told"
    return Breakdown(total, label_before(scan.text, total.start), items, evidence, False, True, total.unit)


def _named(scan: Scan, total: Number, parts: Sequence[Number], end: int) -> tuple[Part, ...]:
    """The parts with the words before each of them, or behind each where the first has none before it."""
    edges = [total, *parts]
    before = [named(scan.outside_brackets(a.end, b.start).rsplit(",", 1)[-1]) for a, b in pairwise(edges)]
    ends = [*(part.start for part in parts[1:]), end]
    behind = [named(scan.outside_brackets(part.end, stop).split(",", 1)[0]) for part, stop in zip(parts, ends, strict=True)]
    labels = before if all(before) else [one or other for one, other in zip(behind, before, strict=True)]
    return tuple(Part(part, label, part.unit) for part, label in zip(parts, labels, strict=True))
