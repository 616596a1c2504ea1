"""Find which lines a printed change or rate is made of: candidates by label, decided by the figures.

A line labelled as a change or a rate is tried against pairs of amounts (new − old, part ÷ whole, growth) and, where the
crossing lines are successive, against its predecessor; the reading under which most crossings hold is the line's meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log2

from budgetaudit.labels.attributes import RATE_MEASURES
from budgetaudit.labels.labelling import Line
from budgetaudit.labels.numbers import View
from budgetaudit.model import Figure
from budgetaudit.rounding import Interval, around, in_unit_of, interval, truncated
from budgetaudit.structure.evidence import closeness
from budgetaudit.structure.settings import STRUCTURE

WINDOW = 8
SAMPLE = 120
HUNDRED = Decimal(100)
WHOLE = Interval(HUNDRED, HUNDRED)
ONE = Interval(Decimal(1), Decimal(1))


@dataclass(frozen=True, slots=True)
class Derived:
    """How a line follows from others: `form` is 'difference', 'ratio', 'growth' or 'share'.

    `operands(j)` gives the two figures at a crossing (new and old, or part and whole), None where one is not printed.
    """

    line: int
    form: str
    first: int
    second: int
    series: bool
    holds: int
    fails: int
    score: float
    nearest: bool = True


def operands(view: View, derived: Derived, j: int) -> tuple[Figure, Figure] | None:
    """The two figures a derived line rests on at a crossing."""
    if derived.form == "share":
        first, second = view.figure(derived.first, j), view.figure(derived.first, derived.second)
    elif derived.series:
        before = previous(view, j)
        first, second = view.figure(derived.first, j), (None if before is None else view.figure(derived.first, before))
    else:
        first, second = view.figure(derived.first, j), view.figure(derived.second, j)
    if first is None or second is None or first.value is None or second.value is None:
        return None
    return first, second


def previous(view: View, j: int) -> int | None:
    """The crossing of the year before; crossings must be years in a row."""
    year = view.cross[j].year
    if year is None:
        return None
    rest = without_year(view.cross[j])
    for k, line in enumerate(view.cross):
        if line.year == year - 1 and line.measure == view.cross[j].measure and without_year(line) == rest:
            return k
    return None


def without_year(line: Line) -> str:
    """What a line says beside its year: a quarter is not compared with a whole year."""
    return (
        re.sub(r"\d+", "", line.text.replace(str(line.year), ""), count=1)
        if str(line.year) not in line.text
        else line.text.replace(str(line.year), "")
    )


def expected(form: str, first: Figure, second: Figure, stated: Figure) -> Interval | None:
    """What the printed line should be; None if units do not go together or the divisor may be zero."""
    other = in_unit_of(second, first)
    if other is None:
        return None
    own = interval(first)
    if form == "difference":
        result = own - other
        if first.unit is None or stated.unit is None or first.unit == stated.unit:
            return result
        scaled_first, scaled_second = in_unit_of(first, stated), in_unit_of(second, stated)
        return None if scaled_first is None or scaled_second is None else scaled_first - scaled_second
    try:
        if form == "growth":
            quotient = own / other - ONE
            if unsigned(stated, first, second):
                quotient = -quotient
        else:
            quotient = own / other
    except ZeroDivisionError:
        return None
    return quotient * WHOLE if percentage(stated) else quotient


def unsigned(stated: Figure, new: Figure, old: Figure) -> bool:
    """True for the growth of a negative base that is printed with its direction, as some do, and not as the bare quotient."""
    if stated.value is None or new.value is None or old.value is None or old.value + old.step / 2 >= 0:
        return False
    converted = in_unit_of(new, old)
    return converted is not None and (converted.middle < old.value) != (stated.value > 0)


def percentage(stated: Figure) -> bool:
    """True if a rate is printed per hundred."""
    return stated.unit is None or stated.unit.family == "percent"


def holds(form: str, stated: Figure, computed: Interval, *, slack: Decimal = Decimal(0)) -> bool:
    """True if a printed value is what it should be, rounded to the nearest or cut."""
    assert stated.value is not None
    if form == "difference":
        return interval(stated).meets(computed)
    step = stated.step
    widened = Interval(computed.low - slack, computed.high + slack)
    return around(stated.value, step).meets(widened) or truncated(stated.value, step).meets(widened)


def otherwise(form: str, line: Line, stated: Figure, ratio: Interval) -> bool:
    """True if a rate of achievement is one of what should be low, target over result or 200 less the ratio, or is cut at 100."""
    if form != "ratio" or line.measure != "rate" or holds(form, stated, ratio) or ratio.low <= 0:
        return False
    whole = WHOLE if percentage(stated) else ONE
    readings = [whole * whole / ratio, whole + whole - ratio]
    return any(holds(form, stated, reading) for reading in readings) or (stated.value == whole.low and ratio.high >= whole.low)


def find(view: View, line: int, forms: Sequence[str], admits: Callable[[Derived], bool] | None = None) -> Derived | None:
    """The best reading of a derived line among those admitted, or None if none holds often enough."""
    best: Derived | None = None
    candidates = [c for c in _candidates(view, line, forms) if admits is None or admits(c)]
    found = [(j, view.figure(line, j)) for j in range(len(view.cross))]
    printed = [j for j, figure in found if figure is not None and figure.value is not None and not figure.dash]
    sample = sorted(printed, key=lambda j: not view.n[line][j])[:SAMPLE]
    for candidate in candidates:
        judged = _judge(view, candidate, sample, len(candidates))
        if judged is not None and (best is None or judged.score > best.score):
            best = judged
    return best


def unbelieved(view: View, line: int, forms: Sequence[str]) -> tuple[Figure, tuple[Figure, Figure]] | None:
    """The first figure of a rate that is not what the only amounts its labels can mean come to, with these."""
    for candidate in _candidates(view, line, forms):
        if not _only_pair(view, candidate):
            continue
        for j in range(len(view.cross)):
            stated, pair = view.figure(line, j), operands(view, candidate, j)
            computed = expected(candidate.form, *pair, stated) if pair and stated and stated.value is not None else None
            if stated and pair and computed is not None and not stated.dash and not holds(candidate.form, stated, computed):
                return stated, pair
    return None


def _candidates(view: View, line: int, forms: Sequence[str]) -> Iterator[Derived]:
    amounts = [i for i, other in enumerate(view.lines) if i != line and other.additive and other.measure != "change"]
    near = sorted(amounts, key=lambda i: (abs(i - line), i))[:WINDOW]
    totals = sorted((j for j, other in enumerate(view.cross) if other.total), key=lambda j: view.cross[j].total == "subtotal")
    own = view.lines[line]
    for form in forms:
        if form == "share":
            for first in near[:3]:
                for total in totals[:3]:
                    yield Derived(line, form, first, total, False, 0, 0, 0.0)
            continue
        if form in ("difference", "growth"):
            for first in near[:4]:
                yield Derived(line, form, first, first, True, 0, 0, 0.0)
        for first in near:
            for second in near:
                if first != second and _compatible(own, view.lines[first], view.lines[second]):
                    yield Derived(line, form, first, second, False, 0, 0, 0.0)
    if "ratio" in forms:
        changes = [i for i, other in enumerate(view.lines) if other.measure == "change" and abs(i - line) <= WINDOW]
        for first in changes:
            for second in near:
                yield Derived(line, "ratio", first, second, False, 0, 0, 0.0)


def _compatible(own: Line, first: Line, second: Line) -> bool:
    """Operands belong to the derived line's own column group where it has one."""
    parents = [tuple(label.key for label in line.labels if label.key)[:-1] for line in (own, first, second)]
    return not parents[0] or parents[0] in parents[1:] or parents[1] == parents[2]


def _judge(view: View, candidate: Derived, sample: Sequence[int], tries: int) -> Derived | None:
    score = _bonus(view, candidate) - log2(1 + tries)
    strictness = _strictness(view, candidate)
    good = telling = bad = 0
    seen = set()
    failed: set[int | None] = set()
    off: list[tuple[Decimal, Decimal, Decimal]] = []
    for j in sample:
        if candidate.form == "share" and j == candidate.second:
            continue
        stated = view.figure(candidate.line, j)
        pair = operands(view, candidate, j)
        if (
            stated is None
            or stated.value is None
            or pair is None
            or (candidate.form == "difference" and not view.cross[j].additive)
        ):
            continue
        computed = expected(candidate.form, *pair, stated)
        if computed is None:
            continue
        if holds(candidate.form, stated, computed):
            good += 1
            key = (stated.value, pair[0].value, pair[1].value)
            if key not in seen and stated.value == 0 and pair[0].value == pair[1].value and _named(view, candidate):
                score += _unchanged(pair[0])
            elif key not in seen and stated.value != 0 and pair[1].value != 0:
                exact = candidate.form == "difference" and stated.value == computed.middle
                width = stated.step if exact else computed.high - computed.low + stated.step
                score += min(16.0, log2(abs(stated.value) * 2 / (width or 1) + 1))
                telling += 1
            seen.add(key)
        elif otherwise(candidate.form, view.lines[candidate.line], stated, computed):
            continue
        elif candidate.series and previous(view, j) in failed:
            failed.add(j)  # one wrong base breaks the change to it and the change from it
        else:
            failed.add(j)
            off.append((stated.value, computed.middle, stated.step))
            bad += 1
            # where labels say what the operands are, one wrong figure is no doubt about them
            score -= STRUCTURE.fail_cost if bad > 1 or strictness > 1 else 0
    named = strictness == 1 and not candidate.series
    if score < STRUCTURE.derived_score or bad * strictness > good:
        plain = named and _only_pair(view, candidate)
        if not (plain and telling and not bad) and not (named and _errors(good, off, score, plain=plain)):
            return None
    return Derived(candidate.line, candidate.form, candidate.first, candidate.second, candidate.series, good, bad, score)


def _errors(good: int, off: Sequence[tuple[Decimal, Decimal, Decimal]], score: float, *, plain: bool) -> bool:
    """True if labels name the right operands though most comparisons fail: printed values are near or one slip away.

    `plain`: a table prints no other amounts that the operands may be.
    """
    slip_bits = [closeness(*one) for one in off]
    if not good:
        return len(off) == 1 and slip_bits[0] >= (STRUCTURE.nearby if plain else STRUCTURE.fail_cost - 1)
    return (
        bool(slip_bits)
        and len(off) <= STRUCTURE.mostly_wrong * good
        and min(slip_bits) >= STRUCTURE.nearby
        and score + sum(slip_bits) >= STRUCTURE.derived_score
    )


def _only_pair(view: View, candidate: Derived) -> bool:
    """True if a change has two amounts to be between, a rate of execution one executed and one budget, and no more."""
    if candidate.form == "difference":
        others = {i for i, line in enumerate(view.lines) if line.additive and line.measure != "change" and not is_rate(line)}
        return others == {candidate.first, candidate.second}
    if candidate.form != "ratio" or view.lines[candidate.line].measure not in ("execution_rate", "rate"):
        return False
    lines = [line.measure for line in view.lines if line.additive and not is_rate(line)]
    executed, budgets = ([measure for measure in lines if measure in measures] for measures in (EXECUTED, BUDGETS))
    pair = view.lines[candidate.first].measure in EXECUTED and view.lines[candidate.second].measure in BUDGETS
    return pair and len(executed) == len(budgets) == 1


def _only_share(view: View, candidate: Derived) -> bool:
    """True if shares stand beside the one line of amounts that a table has, and are all of the whole at its total."""
    stated = view.figure(candidate.line, candidate.second) if candidate.form == "share" else None
    amounts = [line for line in view.lines if line.additive and not is_rate(line)]
    whole = stated is not None and stated.value == (HUNDRED if percentage(stated) else 1)
    return whole and len(amounts) == 1 and view.lines[candidate.line].measure == "share"


def _named(view: View, candidate: Derived) -> bool:
    """True if the labels of a difference say which amount is the new one and which the old."""
    first, second = view.lines[candidate.first].measure, view.lines[candidate.second].measure
    return candidate.form == "difference" and not candidate.series and first != second and first in NEW and second in OLD


def _unchanged(figure: Figure) -> float:
    """Bits for a number printed again beside a difference of nothing: much of what is printed twice stands there by habit."""
    value = abs(figure.value or Decimal(0))
    return min(10.0, log2((value / figure.step if figure.step else value) * 2 + 1) / 2)


def _strictness(view: View, candidate: Derived) -> int:
    """How many crossings must hold for one that does not: fewer where labels say what the operands are."""
    if candidate.series or _bonus(view, candidate) >= STRUCTURE.derived_labelled:
        return 1
    return 2 if candidate.form == "difference" else 3


NEW = frozenset(["budget", "current_budget", "revised_budget", "plan", "settlement", "collected"])
EXECUTED = frozenset(["execution", "settlement", "collected"])
BUDGETS = frozenset(["budget", "current_budget", "plan", "revised_budget", "levied"])
OLD = frozenset(["prior_budget", "budget", "current_budget"])


def _bonus(view: View, candidate: Derived) -> float:
    """Bits for labels that say what the operands are."""
    if candidate.series or candidate.form == "share":
        return 4.0 if _only_share(view, candidate) else 2.0
    first, second, own = view.lines[candidate.first], view.lines[candidate.second], view.lines[candidate.line]
    bonus = -0.5 * (abs(candidate.first - candidate.line) + abs(candidate.second - candidate.line) - 3)
    if candidate.form in ("difference", "growth"):
        if first.measure in NEW and second.measure in OLD:
            bonus += 3
        if first.year is not None and second.year is not None and first.year == second.year + 1:
            bonus += 4
    elif (
        (own.measure, first.measure, second.measure) == ("rate", "settlement", "plan")
        or (own.measure == "execution_rate" and first.measure in EXECUTED and second.measure in BUDGETS)
        or _only_pair(view, candidate)
    ):
        bonus += 4
    if candidate.form == "ratio" and _named_after(own, first):
        bonus += 4
    return bonus


def _named_after(rate: Line, amount: Line) -> bool:
    """True if a rate's label is that of an amount with one letter more: 분양률 of 분양."""
    stem = next((label.key for label in reversed(rate.labels) if label.key), "")[:-1]
    return len(stem) > 1 and not stem.isascii() and any(label.key.startswith(stem) for label in amount.labels[-2:])


def is_rate(line: Line) -> bool:
    """True if a line's figures are rates or percentages."""
    return line.measure in RATE_MEASURES or (line.unit is not None and line.unit.family == "percent")
