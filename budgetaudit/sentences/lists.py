"""Breakdowns without a bracket: the lines below a total, those above it, and a list that ends with its total.

`사업비 : 100억원` over `- 국비 50억원`, `- 시비 50억원`; `본청 712명, 의회 48명 등 총 760명`. Of what is no list of fund sources
nothing says that it is whole, so that only a sum that comes out or misses by a slip of the pen is compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from budgetaudit.sentences.breakdowns import (
    CALCULATION,
    Breakdown,
    Evidence,
    Part,
    compatible,
    in_unit,
    itemised,
    label_before,
    named,
    stretches,
)
from budgetaudit.sentences.statements import BULLETS, Statement, kind_of
from budgetaudit.sentences.tokens import Number, Scan
from budgetaudit.sentences.words import Words

MAX_LINES = 60

BETWEEN = re.compile(r"[^.;:：=×*\d]{0,30}")  # between the parts of a list
FEW_LINES, LABELLED = 20, 20

Line = tuple[Statement, Scan]


def unbracketed(lines: Sequence[Line], at: int, words: Words) -> Iterator[Breakdown]:
    """Every breakdown without a bracket whose total stands on a line (of a cell: on its last one)."""
    found = (
        *next_line(lines, at, words),
        *children(lines, at, words),
        *siblings(lines, at, words),
        *ended(lines[at][1], words),
    )
    seen: set[tuple[int, int]] = set()
    for breakdown in found:
        key = (breakdown.total.start, breakdown.parts[0].number.start)
        if key not in seen and not (breakdown.evidence == "below" and _broken_down(lines[at][1], breakdown.total)):
            seen.add(key)
            yield breakdown


def _broken_down(scan: Scan, total: Number) -> bool:
    """True if a bracket right behind a total says what it is made of, so that the next line does not."""
    bracket = next((pair for pair in scan.brackets if pair.start >= total.end), None)
    if bracket is None or scan.text[total.end : bracket.start].strip():
        return False
    return sum(compatible(number, total) for number in scan.between(bracket.start, bracket.end)) > 1


def _total(scan: Scan) -> Number | None:
    """The one amount of a line outside brackets, or that it ends with in brackets (its one count, where it has no amount)."""
    outer = [number for number in scan.numbers if number.depth == 0]
    for family in ("money", "count"):
        found = [number for number in outer if number.family == family]
        if found:
            return found[0] if len(found) == 1 and not found[0].bound else None
        if family == "money" and (closing := _closing(scan)) is not None:
            return closing
    return None


def _closing(scan: Scan) -> Number | None:
    """The only amount of a line, alone in the brackets that end it: `1. 확대 구축(57.7억원)`."""
    money = [number for number in scan.numbers if number.family == "money"]
    if len(money) != 1 or money[0].depth != 1 or money[0].bound:
        return None
    before, behind = scan.text[: money[0].start].rstrip(), scan.text[money[0].end :].strip()
    return money[0] if before[-1:] in ("(", "（") and len(before) > 1 and behind in (")", "）") else None


def _totals(scan: Scan) -> list[Number]:
    """The amount and the counts of a line, each the only one with its unit: `142건 1,834억원`, `4개 노선, 1,240m`."""
    outer = [number for number in scan.numbers if number.depth == 0 and number.family in ("money", "count", "other")]
    units = Counter("money" if n.family == "money" else n.unit for n in outer)
    return [n for n in outer if units["money" if n.family == "money" else n.unit] == 1 and not n.bound]


def next_line(lines: Sequence[Line], at: int, words: Words) -> Iterator[Breakdown]:
    """A line with a total and one line with all its parts beneath it: `국비 50억원(50%), 시비 50억원(50%)`."""
    statement, scan = lines[at]
    if at + 1 >= len(lines) or lines[at + 1][0].cell != statement.cell:
        return
    below, other = lines[at + 1]
    if (below.mark and not below.beneath(statement)) or len(other.numbers) < 2:
        return
    pieces = stretches(other, len(below.mark), len(other.text), words)
    one, all_ = _total(scan), _totals(scan)
    for total in ([one] if one is not None else []) + [number for number in all_ if number is not one]:
        found = itemised(other, pieces, 0, total, scan.text, words)
        if found is None or not found.whole or len(found.parts) < 2 or any(words.is_total(part.label) for part in found.parts):
            continue
        if total is not one and any(part.number.unit != total.unit for part in found.parts):
            continue
        parts = tuple(Part(part.number, part.label, part.unit, below.place) for part in found.parts)
        sources = all(words.is_source(part.label.rpartition(":")[2].strip()) for part in parts)
        plain = not any(character.isdigit() for character in other.text[: parts[0].number.start])
        near = sources and plain and _near(parts, total)
        yield Breakdown(total, found.label, parts, "sources" if near else "below", found.open, True, found.unit)


def _near(parts: Sequence[Part], total: Number) -> bool:
    values = [in_unit(part.number.value, part.unit, total.unit) for part in parts]
    known = [value for value in values if value is not None]
    return len(known) == len(values) and abs(sum(known) - total.value) <= abs(total.value) / 4


def children(lines: Sequence[Line], at: int, words: Words) -> Iterator[Breakdown]:
    """A line with a total and a bullet for each part beneath it, all with one mark."""
    statement, scan = lines[at]
    total = _total(scan)
    if total is None or statement.cell is not None:
        return
    parts: list[Part] = []
    first: Statement | None = None
    turned = _turned(lines, at)
    for below, other in lines[at + 1 : at + 1 + FEW_LINES]:
        under = below.mark != "" and kind_of(below) != kind_of(statement) if turned else below.under(statement)
        if below.cell is not None or not under:
            break
        first = first or below
        if kind_of(below) != kind_of(first) or below.beneath(first):
            continue
        number = _result(other) if total.family == "money" else _total(other)
        if number is None or not compatible(number, total) or words.is_total(other.text[: number.start]):
            return
        parts.append(Part(number, _name(other, number), number.unit, below.place))
    if len(parts) > 1:
        label = words.vocabulary.label(_name(scan, total))
        sources = (
            total.family == "money" and not words.is_source(label.text) and all(words.is_source(part.label) for part in parts)
        )
        whole = bool(label.total or label.closing)  # 총사업비 : 62억원, over the amounts of which it is made
        evidence: Evidence = "sources" if sources else "whole" if whole else "below"
        yield Breakdown(total, label.text, tuple(parts), evidence, False, True, total.unit)


def _turned(lines: Sequence[Line], at: int) -> bool:
    """True if a numbered heading has bullets beneath it of a mark that elsewhere stands over numbers: `1.` over `□`.

    It has if that mark is not met before the first heading so numbered.
    """
    statement = lines[at][0]
    below = lines[at + 1][0] if at + 1 < len(lines) else statement
    if kind_of(statement)[:1] not in ("1", "a") or below.beneath(statement) or not below.mark or kind_of(below)[:1] in ("1", "a"):
        return False
    kinds = [kind_of(line) for line, _ in lines[: at + 2] if line.mark and line.cell is None]
    return kinds.index(kind_of(statement)) < kinds.index(kind_of(below))


def siblings(lines: Sequence[Line], at: int, words: Words) -> Iterator[Breakdown]:
    """A bullet that is the total of those above it: `- 합계 : 215,000천원`."""
    statement, scan = lines[at]
    total = _total(scan)
    if (
        total is None
        or statement.cell is not None
        or not statement.mark
        or not words.is_only_total(scan.text[len(statement.mark) : total.start])
    ):
        return
    parts: list[Part] = []
    for above, other in reversed(lines[max(0, at - FEW_LINES) : at]):
        if above.cell is not None or above.rank < statement.rank:
            break
        if kind_of(above) != kind_of(statement):
            continue
        number = _result(other)
        if number is None or not compatible(number, total):
            break
        parts.append(Part(number, _name(other, number), number.unit, above.place))
    if len(parts) > 1:
        yield Breakdown(total, _name(scan, total), tuple(reversed(parts)), "below", False, True, total.unit)


def _result(scan: Scan) -> Number | None:
    """The amount that a line comes to: behind its last equals sign, or its only one."""
    equals = max(scan.text.rfind("="), scan.text.rfind("＝"))
    if equals < 0:
        return None if CALCULATION.search(scan.text.lstrip(BULLETS + "-–− ")) else _total(scan)
    behind = [n for n in scan.numbers if n.start > equals and n.depth == 0 and n.family == "money"]
    return behind[0] if len(behind) == 1 else None


def ended(scan: Scan, words: Words) -> Iterator[Breakdown]:
    """A list that ends with its total: `국비 10억, 시비 5억, 계 15억`, `본청 712명, 의회 48명 등 총 760명`."""
    outer = [number for number in scan.numbers if number.depth == 0]
    for at in range(2, min(len(outer), MAX_LINES)):
        total = outer[at]
        beside = outer[at - 1]  # `계 640건 764억원` names both
        begins = total.start if scan.text[beside.end : total.start].strip() or compatible(beside, total) else beside.start
        if total.bound or not words.is_total(scan.text[max(0, begins - LABELLED) : begins]):
            continue
        chosen: list[Number] = []
        gap = ""
        for number, after in zip(reversed(outer[:at]), reversed(outer[1 : at + 1]), strict=True):
            gap = scan.text[number.end : after.start] + gap
            if number.unit is not None and not compatible(number, total):
                continue  # `공사 412건 623억원, 용역 228건 141억원, 계 640건 764억원`
            if number.bound or not compatible(number, total) or not BETWEEN.fullmatch(gap) or (chosen and words.is_total(gap)):
                break
            chosen.append(number)
            gap = ""
        starts = [0, *(number.end for number in outer)]
        chosen.reverse()
        labels = [_between(scan, starts, outer, outer.index(number)) for number in chosen]
        parts = [Part(n, label, n.unit or total.unit) for n, label in zip(chosen, labels, strict=True)]
        sources = len(outer) == at + 1 and len(parts) == at and all(words.is_source(words.bare(part.label)) for part in parts)
        if len(parts) > 1 and (sources or all(part.label and part.number.unit is not None for part in parts)):
            label = label_before(scan.text, total.start)
            open_list = bool(words.open.search(scan.text[parts[-1].number.end : total.start]))
            yield Breakdown(total, label, tuple(parts), "sources" if sources else "below", open_list, True, total.unit)


def _between(scan: Scan, starts: Sequence[int], outer: Sequence[Number], at: int) -> str:
    """What names a number of a list; where it stands right behind another one, what names that."""
    words = named(re.split("[:：,]", scan.text[starts[at] : outer[at].start])[-1])
    return words if words or not at else named(re.split("[:：,]", scan.text[starts[at - 1] : outer[at - 1].start])[-1])


def _name(scan: Scan, number: Number) -> str:
    return label_before(scan.text, number.start)
