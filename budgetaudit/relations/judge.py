"""The one judge: may a gap between a stated number and its expectation pass, does rounding explain it, or is it wrong?

Numbers are integers of one scale: Python integers, or columns of them. A gap is what is stated less what is expected. All
widths are doubled, so that half a step is an integer too. Rounding follows XBRL Calculations 1.1: a number printed to step u
stands for [v - u/2, v + u/2] if it was rounded to the nearest, for [v, v + u) away from zero if it was cut; numbers contradict
each other if and only if no choice within these intervals makes them agree.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from budgetaudit.model import VERDICTS, Operator, Verdict
from budgetaudit.relations.relation import Rounding
from budgetaudit.rulefiles.rule import Tolerance

PASS, ROUNDING, FAIL, NOT_EVALUATED = range(4)
Numbers: TypeAlias = Any  # an integer, or a column of integers
Flags: TypeAlias = Any  # a truth value, or a column of them
Reason: TypeAlias = Literal["", "zero-divisor", "malformed", "blank"]

HOLDS: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    "=": operators.eq,
    "!=": operators.ne,
    "<=": operators.le,
    "<": operators.lt,
    ">=": operators.ge,
    ">": operators.gt,
}


class Spread(NamedTuple):
    """Twice how far a true number may lie below and above a printed one."""

    below: Numbers = 0
    above: Numbers = 0

    def plus(self, other: Spread) -> Spread:
        return Spread(self.below + other.below, self.above + other.above)


NOTHING: Final = Spread()


class Band(NamedTuple):
    """Twice how far a gap may go below and above zero: to pass, and to be explained by rounding."""

    pass_below: Numbers
    pass_above: Numbers
    room_below: Numbers
    room_above: Numbers


def spread(coefficient: Numbers, value: Numbers, step: Numbers, rounded: Rounding = "nearest") -> Spread:
    """How far coefficient × value may be from what is printed, rounded to the nearest step, cut to it, or either."""
    width = abs(coefficient) * step
    nearest = Spread(width, width)
    if rounded == "nearest":
        return nearest
    toward = coefficient * value
    cut = Spread(2 * width * (toward <= 0), 2 * width * (toward >= 0))
    if rounded == "cut":
        return cut
    # what was cut reaches to the next step and no further: an end that is not included is one less among integers
    return Spread(_larger(nearest.below, _open(cut.below)), _larger(nearest.above, _open(cut.above)))


def cuts(tolerance: Tolerance) -> bool:
    """True if a rule takes all printed numbers as cut."""
    return tolerance.kind == "truncation"


def band(
    tolerance: Tolerance,
    own: tuple[Numbers, Numbers, Numbers],
    others: Spread = NOTHING,
    *,
    expected: Numbers = 0,
    unit: Numbers = 1,
    rounded: Rounding = "nearest",
    forced: Numbers = 0,
) -> Band:
    """What a tolerance allows; the only place where one becomes numbers.

    `own` is coefficient, value and step of the stated number; `others` the spread of all other terms of the gap; `unit` is how
    many units of the scale are one of the stated number, `forced` how far shares were adjusted. A rate passes where it is
    the nearest printed number, and rounding explains it where it was cut.
    """
    right = _rightly_printed(*own, rounded, cut=cuts(tolerance))
    if tolerance.kind in ("exact", "amount", "percent"):
        size, base = (unit, tolerance.value) if tolerance.kind == "amount" else (abs(expected), tolerance.value / 100)
        share = Fraction(base)  # of what is exact none
        room = 2 * size * share.numerator // share.denominator
        return Band(right.above, right.below, _larger(right.above, room), _larger(right.below, room))
    room_of_all = others.plus(spread(*own, "cut" if cuts(tolerance) else rounded)).plus(Spread(2 * forced, 2 * forced))
    below, above = (_open(room_of_all.below), _open(room_of_all.above)) if cuts(tolerance) else room_of_all
    return Band(right.above, right.below, above, below)


def _rightly_printed(coefficient: Numbers, value: Numbers, step: Numbers, rounded: Rounding, *, cut: bool) -> Spread:
    """What a rate is when its printed number is the right one: the nearest, halves away from zero, or the one cut to its step."""
    if rounded != "either":
        return Spread(0 * step, 0 * step)  # columns where the steps are
    width, toward = abs(coefficient) * step, coefficient * value
    if cut:
        return Spread(_open(2 * width * (toward <= 0)), _open(2 * width * (toward >= 0)))
    return Spread(width - (width > 0) * (toward < 0), width - (width > 0) * (toward > 0))


def judge(
    gap: Numbers,
    operator: Operator,
    within: Band,
    *,
    blanks: Numbers = 0,
    empty: Flags = False,
    malformed: Flags = False,
    zero_divisor: Flags = False,
    divided: bool = False,
) -> Numbers:
    """The verdict on a gap, as its place in `VERDICTS`: the only place where one is given.

    `blanks`: how many terms are missing (a blank that counts as zero is not); `empty`: a whole side is; `malformed`: a cell holds
    what cannot be read as a number (one with a likely reading is judged by it). One missing part leaves an equation standing, as
    a finding says what it would have to hold; with more, only what holds is told.
    """
    twice = 2 * gap
    passes = HOLDS[operator](gap, 0)
    if operator == "=":
        passes = passes | ((-within.pass_below <= twice) & (twice <= within.pass_above))
    never, unless_right = _unjudged(operator, blanks, empty, malformed, zero_divisor, divided=divided)
    code = FAIL - FAIL * passes - (FAIL - ROUNDING) * (_explained(twice, operator, within) > passes)
    skipped = (never | (unless_right & (code != PASS))) * 1
    return code * (1 - skipped) + NOT_EVALUATED * skipped


def _unjudged(
    operator: Operator, blanks: Numbers, empty: Flags, malformed: Flags, zero_divisor: Flags, *, divided: bool
) -> tuple[Flags, Flags]:
    """What keeps a gap from being judged at all, and what keeps it from anything but passing."""
    if operator != "=" or divided:
        return malformed | zero_divisor | (blanks > 0), False
    return malformed | zero_divisor | empty, blanks > 1


def _explained(twice: Numbers, operator: Operator, within: Band) -> Flags:
    """True if the printed precision allows the operator to hold."""
    short, over = -within.room_below <= twice, twice <= within.room_above
    if operator == "=":
        return short & over
    if operator in ("<=", "<"):
        return over if operator == "<=" else twice < within.room_above
    if operator in (">=", ">"):
        return short if operator == ">=" else -within.room_below < twice
    return twice != twice  # no precision makes two equal numbers differ


def reason(blanks: Numbers, malformed: Flags, zero_divisor: Flags) -> Reason:
    """Why a gap was not judged."""
    return "malformed" if malformed else "blank" if blanks else "zero-divisor" if zero_divisor else ""


def verdict(code: int) -> Verdict:
    """The name of a verdict code."""
    return VERDICTS[code]


def _open(width: Numbers) -> Numbers:
    """The width of an interval whose end is not included: among integers one less."""
    return width - (width > 0) * 1


def _larger(one: Numbers, other: Numbers) -> Numbers:
    return one + (other - one) * (other > one)
