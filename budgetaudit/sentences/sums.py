"""Compare the breakdowns of sentences: a total with the sum of its parts, as exact as they are printed.

How sure a difference is depends on why the parts should add up: fund sources, plus signs, a word for total, a numbered
series; a mere list in brackets may be something else, so it is trusted only where its sum comes near the total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from budgetaudit.model import Comparison, Figure, Message, Severity
from budgetaudit.relations.confront import confront, not_evaluated
from budgetaudit.relations.relation import Relation, Term, states
from budgetaudit.rounding import ZERO, total_of
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.sentences.breakdowns import Breakdown, in_unit
from budgetaudit.sentences.statements import Statement, kind_of
from budgetaudit.sentences.text import quoted, said
from budgetaudit.sentences.tokens import Number
from budgetaudit.slips import stroke

NEAR = {
    "inherited": Decimal("0.25"),
    "listed": Decimal("0.12"),
    "years": Decimal("0.12"),
    "below": Decimal("0.25"),
    "made of": Decimal("0.12"),
    "told": Decimal("0.12"),
}  # how near a mere list comes if it is a breakdown
CLOSE = Decimal("0.01")  # how near amounts come that nothing but their place in a sentence ties: met by chance in one of fifty
ROUNDED = Decimal("0.01")  # `총 3,000억` for 2,981억
FEW_DIGITS = 3
FAMILY = 2  # lines that are the sums of their lists, so that the next one with the same mark is
PRICE = 1_000_000  # below this many of the base unit a list of amounts may be one of prices
TIGHT = ("sources", "plus", "total", "series")


def compare_breakdowns(
    rule: Rule, found: Sequence[tuple[Statement, Breakdown]], families: Sequence[str], dimension: str = ""
) -> Iterator[Comparison]:
    """One comparison for each breakdown of some families of units ('money', 'count', …) along a dimension ('' any)."""
    held = _outlined(found)
    for statement, breakdown in found:
        family = breakdown.unit.family if breakdown.unit is not None else "bare"
        if family in families and dimension in ("", breakdown.dimension):
            comparison = _compared(rule, statement, breakdown, held.get(kind_of(statement), 0))
            if comparison is not None:
                yield comparison


def _outlined(found: Sequence[tuple[Statement, Breakdown]]) -> dict[str, int]:
    """How many amounts over lists there are, by the mark of their line, that are the sum of their list."""
    held: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for statement, breakdown in found:
        parts = [in_unit(part.number.value, part.unit, breakdown.unit) for part in breakdown.parts]
        if statement.mark and breakdown.evidence in ("below", "whole") and len(parts) > 1 and None not in parts:
            kinds[kind_of(statement)] += 1
            held[kind_of(statement)] += sum(part for part in parts if part is not None) == breakdown.total.value
    lone = kinds.total() - held.total() == 1  # only one list of the whole outline does not add up
    mostly = {kind for kind in kinds if 2 * held[kind] > kinds[kind]}
    return {kind: held.total() if lone else held[kind] for kind in kinds if lone or kind in mostly}


def _compared(rule: Rule, statement: Statement, found: Breakdown, alike: int = 0) -> Comparison | None:
    place = _place(found)
    stated = found.total.figure(statement.place, found.label, found.unit, place)
    operands = [
        ("part", part.number.figure(part.place or statement.place, part.label, part.unit, _own(part.number, place, found)))
        for part in found.parts
    ]
    expected = total_of([(1, figure) for _, figure in operands], stated)
    if expected is None:
        return None
    sentence = quoted(statement.text, found.total.start)
    law = f"text:{statement.place.file}#{statement.number}:{found.total.start}"
    message = said("sentence-sum", found.label or found.total.text, found.total.text, sentence, parts=len(operands))
    assert stated.value is not None
    gap = stated.value - expected.middle
    step = _rounded(found, expected.middle)
    terms = (states(stated, step=step), *(Term(figure) for _, figure in operands))
    relation: Relation[Figure] = Relation(rule, terms, law, message=message)
    if gap == 0:
        return None if len(operands) < 2 and found.evidence != "sources" else confront(relation)
    if found.open and gap > 0:
        return not_evaluated(rule, stated, Message("reason-open-list", {}), operands, law) if len(operands) > 1 else None
    if len(operands) < 2 or found.evidence == "loose" or not found.whole or any(part.number.bound for part in found.parts):
        return None
    comparison = confront(replace(relation, severity=_severity(rule, found, stated.value, expected.middle)))
    if comparison.verdict == "fail":
        if found.total.bound:
            return None
        if found.evidence not in TIGHT and not _plausible(found, stated.value, expected.middle, alike):
            reason = Message("reason-not-breakdown", {})
            return None if found.evidence == "told" else not_evaluated(rule, stated, reason, operands, law)
    return comparison


def _place(found: Breakdown) -> Decimal:
    """The finest place printed, in the total's unit; 0 for counts and the currency's base unit."""
    places = [_own(found.total, None, found)]
    for part in found.parts:
        own = _own(part.number, None, found)
        scaled = in_unit(own, part.unit, found.unit)
        places.append(own if scaled is None else scaled)
    return min(places)


def _own(number: Number, finest: Decimal | None, found: Breakdown) -> Decimal:
    """The place a number is stated to, in its own unit."""
    unit = number.unit or found.unit
    if unit is not None and number.places == 0 and (unit.family == "count" or unit.scale == 1):
        return ZERO
    if unit is not None and unit.scale == 1 and number.places < 0 and _digits(number) <= FEW_DIGITS:
        return ZERO  # `2억 5천만원` is exact, `1조 1,148억원` is rounded
    if finest is not None and unit == found.unit:
        return min(finest, number.last_place)
    return number.last_place


def _digits(number: Number) -> int:
    return _digits_of(number.value)


def _rounded(found: Breakdown, sum_: Decimal) -> Decimal | None:
    """What a total is stated to that is a rounded statement of its parts: `약 30억`, or `3억원` of parts in thousands."""
    if found.total.bound:
        return found.total.step
    coarse = any((part.unit.scale or 0) < (found.unit.scale or 0) for part in found.parts if part.unit and found.unit)
    return min(found.total.step, abs(sum_) * ROUNDED * 2) if coarse else None


def _plausible(found: Breakdown, stated: Decimal, sum_: Decimal, alike: int) -> bool:
    """True if a mere list can be the breakdown of its total at all: its sum comes near, or one slip explains it.

    `alike`: how many lines with the same mark are the sums of their lists.
    """
    unit = found.unit
    if found.evidence == "whole" or (found.evidence == "below" and alike):
        near = abs(stated - sum_) <= abs(stated) * NEAR["below"]
        return near or alike >= FAMILY or _telling(found, stated, sum_)
    if found.evidence == "listed" and unit is not None and unit.scale is not None and abs(stated) * unit.scale < PRICE:
        return False
    near = abs(stated - sum_) <= abs(stated) * NEAR.get(found.evidence, ZERO)
    if found.evidence == "told":
        return abs(stated - sum_) <= abs(stated) * CLOSE or (near and _telling(found, stated, sum_))
    if near or found.evidence == "below":
        if stroke(int(stated * 1000), int(sum_ * 1000)) == "transposition" and (
            len(found.parts) >= FEW_DIGITS or _digits_of(stated) > FEW_DIGITS
        ):
            return True
        return near and (found.evidence != "below" or _telling(found, stated, sum_))
    if unit is not None and unit.family == "percent":
        return False  # 38%(계획 40%, 실적 38%): two digits resemble any others
    values = [value for part in found.parts if (value := in_unit(part.number.value, part.unit, unit)) is not None]
    pairs = [(stated, sum_), *((value, value + stated - sum_) for value in values)]
    return found.evidence != "years" and any(_slipped(one, other) for one, other in pairs)


def _telling(found: Breakdown, stated: Decimal, sum_: Decimal) -> bool:
    """True if one stroke in the total or in a part, of three digits or more, explains why lines do not add up."""
    gaps = [(part.number.value, in_unit(stated - sum_, found.unit, part.unit)) for part in found.parts]
    parts = [(value, value + gap) for value, gap in gaps if gap is not None]
    return any(_one_stroke(one, other) for one, other in ((stated, sum_), *parts))


def _one_stroke(one: Decimal, other: Decimal) -> bool:
    """True if one stroke turns one number into the other; of two digits only their swap tells anything: 650 for 560."""
    swapped = stroke(int(one * 1000), int(other * 1000)) == "transposition"
    return _slipped(one, other) and (_digits_of(one) > 2 or swapped)


def _digits_of(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _slipped(one: Decimal, other: Decimal) -> bool:
    """True if one stroke turns one number into the other; a number of one digit is a slip of any other."""
    telling = min(len(value.normalize().as_tuple().digits) for value in (one, other)) > 1
    return telling and bool(stroke(int(one * 1000), int(other * 1000)))


def _severity(rule: Rule, found: Breakdown, stated: Decimal, sum_: Decimal) -> Severity:
    """What is only probably a breakdown, or may be an incomplete list of sources, is a warning."""
    if rule.severity != "error":
        return rule.severity
    if found.evidence == "sources" and sum_ < stated and not stroke(int(stated * 1000), int(sum_ * 1000)):
        return "warning"
    return "error" if found.evidence in TIGHT else "warning"
