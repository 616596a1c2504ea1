"""One comparison over the columns of a pandas frame of whole numbers, exact. What it decides is what `linear.judge` decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from budgetaudit.engines.linear import Judgement, Side, Weighed, judge
from budgetaudit.engines.pieces import TOP, Amounts, Int64, Piece
from budgetaudit.model import Operator

Whole: TypeAlias = tuple[tuple[int, str], ...]
Memo: TypeAlias = dict[Whole, Any]
PASS, ROUNDING, FAIL, BLANK, MALFORMED, ZERO_DIVISOR = range(6)
REASONS = {"blank": BLANK, "malformed": MALFORMED, "zero-divisor": ZERO_DIVISOR}
EXTRA_PLACES = 2  # an expected rate is given to so many places more than the stated one


@dataclass(frozen=True, slots=True)
class Scaled:
    """A comparison in whole numbers: left·divisor·`lift` OP right + constant, each counted in its own quantum.

    A difference d is inside the allowance if |d|·`parts` ≤ `fixed` + `per_divisor`·|divisor| + `share`·|right| and so much
    for each |column| of `slack`.
    """

    weighed: Weighed
    left: Whole
    right: Whole
    divisor: Whole
    constant: int
    lift: int
    parts: int
    fixed: int
    per_divisor: int
    share: int
    slack: Whole
    cut: int
    left_quantum: Fraction
    right_quantum: Fraction
    divisor_quantum: Fraction

    @property
    def operator(self) -> Operator:
        return self.weighed.source.operator

    @property
    def wide(self) -> bool:
        """Whether its own numbers leave 64 bits, whatever the columns hold."""
        own = (self.constant, self.lift, self.parts, self.fixed, self.per_divisor, self.share, self.cut)
        return max(abs(n) for n in (*own, *(c for side in self.sides() for c, _ in side))) >= TOP

    def sides(self) -> tuple[Whole, ...]:
        return self.left, self.right, self.divisor, self.slack

    def whole(self) -> Fraction:
        """What one unit of reported amounts is worth, in the unit of the stated column."""
        return (self.weighed.grain or self.left_quantum) / 10**EXTRA_PLACES if self.divisor else self.left_quantum


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rows of a piece that do not simply pass, with their verdicts; amounts count `Scaled.whole()`s."""

    rows: Int64
    codes: NDArray[np.int8]
    stated: NDArray[Any]
    expected: NDArray[Any]
    blanks: Int64


def scale(weighed: Weighed, places: Mapping[str, int]) -> Scaled:
    """The comparison in whole numbers, for columns of integers with so many decimals each."""
    if weighed.divisor:
        return _scale_ratio(weighed, places)
    constant, allowance, percent = weighed.source.constant, weighed.allowance, weighed.percent
    quantum = _common(*_quanta((*weighed.left, *weighed.right), places), constant)
    slack = _quanta(weighed.slack, places)
    parts = lcm((allowance / quantum).denominator, percent.denominator, *((c / quantum).denominator for c in slack))
    return Scaled(
        weighed,
        _whole(weighed.left, places, quantum),
        _whole(weighed.right, places, quantum),
        (),
        int(constant / quantum),
        1,
        parts,
        int(allowance / quantum * parts),
        0,
        int(percent * parts),
        _whole(weighed.slack, places, quantum / parts),
        0,
        quantum,
        quantum,
        Fraction(1),
    )


def _scale_ratio(weighed: Weighed, places: Mapping[str, int]) -> Scaled:
    left, divisor = _common(*_quanta(weighed.left, places)), _common(*_quanta(weighed.divisor, places))
    constant, per_divisor, cut = weighed.source.constant, weighed.allowance * divisor, weighed.cut * divisor
    inner = (*_quanta(weighed.right, places), *_quanta(weighed.slack, places))
    quantum = _common(left * divisor, *inner, constant, weighed.inputs, per_divisor, cut)
    parts = weighed.percent.denominator
    return Scaled(
        weighed,
        _whole(weighed.left, places, left),
        _whole(weighed.right, places, quantum),
        _whole(weighed.divisor, places, divisor),
        int(constant / quantum),
        int(left * divisor / quantum),
        parts,
        int(weighed.inputs / quantum) * parts,
        int(per_divisor / quantum) * parts,
        weighed.percent.numerator,
        _whole(weighed.slack, places, quantum / parts),
        int(cut / quantum),
        left,
        quantum,
        divisor,
    )


def _quanta(side: Side, places: Mapping[str, int]) -> list[Fraction]:
    return [coefficient / 10 ** places[name] for coefficient, name in side]


def _common(*values: Fraction) -> Fraction:
    """The greatest amount that divides all of them."""
    found = [abs(value) for value in values if value]
    if not found:
        return Fraction(1)
    denominator = lcm(*(value.denominator for value in found))
    return Fraction(gcd(*(int(value * denominator) for value in found)), denominator)


def _whole(side: Side, places: Mapping[str, int], quantum: Fraction) -> Whole:
    return tuple((int(coefficient / 10 ** places[name] / quantum), name) for coefficient, name in side)


# --- confronting -------------------------------------------------------------------------------


def confront(scaled: Scaled, piece: Piece, memo: Memo) -> Outcome | None:
    """The rows of a piece that do not simply pass; None if all do. `memo` shares partial sums within the piece."""
    if scaled.wide:
        piece, memo = _with_objects(piece, scaled.weighed.columns()), {}
    left, right = _total(scaled.left, piece, memo), _total(scaled.right, piece, memo)
    right = right + scaled.constant if scaled.constant else right
    divisor = _total(scaled.divisor, piece, memo) if scaled.divisor else None
    slack = _magnitude(scaled.slack, piece, np.int64)
    sides, names = (left, right, divisor, slack), scaled.weighed.columns()
    blank, odd, large = piece.blanks(names), piece.odd_rows(names), _too_large(scaled, piece)
    if divisor is None:
        rows = np.flatnonzero(_breaks(scaled.operator, left, right))
    else:
        rows = np.flatnonzero(_codes(scaled, left, right, divisor, slack))
    if len(blank) or len(odd) or len(large):
        rows = np.union1d(np.concatenate([rows, blank, odd]), large)
    if not len(rows):
        return None
    left, right, divisor, slack = (part[rows] if isinstance(part, np.ndarray) else part for part in map(_plain, sides))
    codes = _codes(scaled, left, right, divisor, slack)
    stated, expected = _reported(scaled, left, right, divisor, codes)
    outcome = Outcome(rows, codes, stated, expected, np.zeros(len(rows), dtype=np.int64))
    if len(large):
        outcome = _again_as_objects(scaled, piece, outcome, large)
    if len(blank):
        _mark_blanks(scaled, piece, outcome)
    if len(odd):
        outcome = _judged(scaled, piece, outcome, odd)
    keep = outcome.codes != PASS
    if keep.all():
        return outcome
    parts = (outcome.rows, outcome.codes, outcome.stated, outcome.expected, outcome.blanks)
    return Outcome(*(part[keep] for part in parts)) if keep.any() else None


def _plain(column: Any) -> Any:
    return column.to_numpy() if isinstance(column, pd.Series) else column


def _total(side: Whole, piece: Piece, memo: Memo) -> Any:
    """The signed sum of columns; sums of leading columns are shared between comparisons."""
    if not side:
        return pd.Series(0, index=piece.frame.index)
    found = memo.get(side)
    if found is None:
        coefficient, name = side[-1]
        values = piece.frame[name]
        if len(side) == 1:
            found = values if coefficient == 1 else values * coefficient
        else:
            head = _total(side[:-1], piece, memo)
            found = head + values if coefficient == 1 else head - values if coefficient == -1 else head + values * coefficient
        memo[side] = found
    return found


def _breaks(operator: Operator, left: Any, right: Any) -> Any:
    """Where left OP right does not hold to the last place."""
    match operator:
        case "=":
            return left != right
        case "!=":
            return left == right
        case "<=":
            return left > right
        case "<":
            return left >= right
        case ">=":
            return left < right
    return left <= right


def _codes(scaled: Scaled, left: Any, right: Any, divisor: Any, slack: Any) -> NDArray[np.int8]:
    """The verdict on each row as a code; integers or Python numbers alike."""
    if divisor is None:
        difference, around = left - right, 0
    else:
        sign = np.where(divisor < 0, -1, 1)
        difference, around = (left * divisor * scaled.lift - right) * sign, abs(divisor)
    over = abs(difference)
    bound = scaled.fixed + scaled.per_divisor * around + scaled.share * abs(right) + slack
    passed = ~_breaks(scaled.operator, difference, 0)
    if scaled.operator == "!=":
        within = np.zeros(len(passed), dtype=bool)
    else:
        within = over * scaled.parts < bound if scaled.operator in ("<", ">") else over * scaled.parts <= bound
    if scaled.cut and divisor is not None and scaled.operator == "=":
        short = np.where(right * sign >= 0, -difference, difference)
        passed |= over * 2 <= scaled.cut * around
        within |= (short >= 0) & (short < scaled.cut * around)
    codes = np.where(passed, PASS, np.where(within, ROUNDING, FAIL)).astype(np.int8)
    if divisor is not None:
        codes[divisor == 0] = ZERO_DIVISOR
    return codes


def _reported(scaled: Scaled, left: Any, right: Any, divisor: Any, codes: NDArray[np.int8]) -> tuple[Any, Any]:
    """Stated and expected amounts as counts of `scaled.whole()`."""
    if divisor is None:
        return left, right
    stated, expected = np.zeros(len(left), dtype=object), np.zeros(len(left), dtype=object)
    factor = scaled.right_quantum / scaled.divisor_quantum / scaled.whole()
    lift = scaled.left_quantum / scaled.whole()
    for row in np.flatnonzero((codes == FAIL) | (codes == ROUNDING)):
        stated[row] = int(left[row]) * lift
        expected[row] = _nearest(Fraction(int(right[row]), int(divisor[row])) * factor)
    return stated, expected


def _nearest(value: Fraction) -> int:
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


# --- rows that need more care ------------------------------------------------------------------


def _too_large(scaled: Scaled, piece: Piece) -> Int64:
    """The rows whose sums or products might leave 64 bits."""
    tops = [sum(abs(c) * piece.amounts[name].greatest for c, name in side) for side in scaled.sides()]
    if scaled.wide or _reach(scaled, *tops) < TOP:
        return np.zeros(0, dtype=np.int64)
    # An estimate in floating point decides only who computes; its error is far below the factor 2 kept in hand.
    return np.flatnonzero(_reach(scaled, *(_magnitude(side, piece, np.float64) for side in scaled.sides())) >= TOP / 2)


def _reach(scaled: Scaled, left: Any, right: Any, divisor: Any, slack: Any) -> Any:
    right = right + abs(scaled.constant)
    product = left * divisor * scaled.lift if scaled.divisor else left
    bound = scaled.fixed + scaled.per_divisor * divisor + scaled.share * right + slack
    return (product + right) * (2 * scaled.parts) + bound + 2 * scaled.cut * divisor


def _magnitude(side: Whole, piece: Piece, kind: type) -> Any:
    """The sum of the absolute values of a side's terms."""
    total: Any = np.zeros(piece.rows, dtype=kind) if side else 0
    for coefficient, name in side:
        values = piece.amounts[name].values
        total = total + abs(values if values.dtype == object else values.astype(kind)) * abs(coefficient)
    return total


def _with_objects(piece: Piece, names: Iterable[str]) -> Piece:
    """The piece with Python integers, which have no end."""
    amounts = {n: Amounts(piece.amounts[n].values.astype(object), piece.amounts[n].places, piece.amounts[n].blank) for n in names}
    return Piece(piece.rows, amounts, odd=piece.odd)


def _again_as_objects(scaled: Scaled, piece: Piece, outcome: Outcome, large: Int64) -> Outcome:
    """The same sums in Python integers for the rows that need them."""
    few = Piece(len(large), {n: Amounts(piece.amounts[n].values[large]) for n in scaled.weighed.columns()})
    few = _with_objects(few, few.amounts)
    left, right = _plain(_total(scaled.left, few, {})), _plain(_total(scaled.right, few, {}) + scaled.constant)
    divisor = _plain(_total(scaled.divisor, few, {})) if scaled.divisor else None
    at = np.searchsorted(outcome.rows, large)
    stated, expected = outcome.stated.astype(object), outcome.expected.astype(object)
    outcome.codes[at] = codes = _codes(scaled, left, right, divisor, _magnitude(scaled.slack, few, np.int64))
    stated[at], expected[at] = _reported(scaled, left, right, divisor, codes)
    return Outcome(outcome.rows, outcome.codes, stated, expected, outcome.blanks)


def _mark_blanks(scaled: Scaled, piece: Piece, outcome: Outcome) -> None:
    """Count each row's blanks; where they leave nothing to compare the row is not evaluated."""
    rule = scaled.weighed.source

    def blank(name: str) -> Any:
        mask = piece.amounts[name].blank
        return np.zeros(len(outcome.rows), dtype=bool) if mask is None else mask[outcome.rows]

    outcome.blanks[:] = sum(blank(name).astype(np.int64) for name in rule.columns())
    if rule.blanks == "zero":
        return
    nothing = outcome.blanks > 0
    if rule.operator == "=" and not rule.divisor:
        sides = [np.logical_and.reduce([blank(name) for _, name in side]) for side in (rule.left, rule.right) if side]
        nothing = np.logical_or.reduce(sides) | ((outcome.blanks > 1) & (outcome.codes != PASS))
    outcome.codes[nothing] = BLANK


def _judged(scaled: Scaled, piece: Piece, outcome: Outcome, odd: Int64) -> Outcome:
    """Rows with odd cells, judged one by one."""
    stated, expected, unit = outcome.stated.astype(object), outcome.expected.astype(object), scaled.whole()
    names = scaled.weighed.columns()
    for at, row in zip(np.searchsorted(outcome.rows, odd), odd, strict=True):
        judgement = judge(scaled.weighed, {name: piece.value(int(row), name) for name in names})
        outcome.codes[at], outcome.blanks[at] = code_of(judgement), judgement.blanks
        if judgement.stated is not None and judgement.expected is not None:
            stated[at], expected[at] = judgement.stated / unit, judgement.expected / unit
            if scaled.divisor:
                expected[at] = _nearest(expected[at])
    return Outcome(outcome.rows, outcome.codes, stated, expected, outcome.blanks)


def code_of(judgement: Judgement) -> int:
    """The code of a verdict."""
    if judgement.verdict == "not_evaluated":
        return REASONS[judgement.reason]
    return {"pass": PASS, "rounding": ROUNDING, "fail": FAIL}[judgement.verdict]
