"""One comparison over the columns of a pandas frame of whole numbers; the verdicts are those of `relations.judge`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from budgetaudit.engines.cells import MAX_PLACES
from budgetaudit.engines.linear import Malformed, Side, Weighed
from budgetaudit.engines.pieces import TOP, Int64, Piece
from budgetaudit.model import Operator
from budgetaudit.relations import judge
from budgetaudit.relations.judge import FAIL, HOLDS, NOT_EVALUATED, PASS, ROUNDING, Spread, spread
from budgetaudit.relations.relation import Rounding

Whole: TypeAlias = tuple[tuple[int, str], ...]
Memo: TypeAlias = dict[Whole, Any]
BLANK, MALFORMED, ZERO_DIVISOR = NOT_EVALUATED, NOT_EVALUATED + 1, NOT_EVALUATED + 2  # why a row was not judged
VERDICTS = 6
EXTRA_PLACES = 2  # an expected rate is given to so many places more than the stated one

__all__ = ["BLANK", "FAIL", "MALFORMED", "PASS", "ROUNDING", "VERDICTS", "ZERO_DIVISOR", "confront", "scale"]


@dataclass(frozen=True)
class Scaled:
    """A comparison in whole numbers: left·divisor·`lift` OP right + constant, each counted in its own quantum.

    `steps`: how many of a column's integers are one step of its stated precision; `unit`: how many quanta are one unit of the
    stated column (of a rate: for every quantum of the divisor).
    """

    weighed: Weighed
    left: Whole
    right: Whole
    divisor: Whole
    constant: int
    lift: int
    unit: Fraction
    steps: Mapping[str, int]
    left_quantum: Fraction
    right_quantum: Fraction
    divisor_quantum: Fraction

    @property
    def operator(self) -> Operator:
        return self.weighed.source.operator

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.weighed.columns()

    @property
    def sides(self) -> tuple[Whole, ...]:
        return self.left, self.right, self.divisor

    @cached_property
    def widths(self) -> tuple[float, float, float]:
        """What sums, products with a divisor and divisors are multiplied with at the most, while they are judged."""
        tolerance = self.weighed.source.tolerance
        share = abs((Fraction(tolerance.value) / (100 if tolerance.kind == "percent" else 1)).numerator)
        steps = 4.0 * (max(self.steps.values(), default=0) + 1)
        greatest = max((abs(c) for side in self.sides for c, _ in side), default=1)
        return steps + 2 * share, steps * (1 + greatest) * 8, 2.0 * self.unit.numerator * share

    def leaves_64_bits(self, piece: Piece) -> bool:
        """True if a number the judge comes to might, whatever the signs: a gap, a width, a share of what is expected."""
        sizes = (sum(abs(c) * piece.amounts[name].greatest for c, name in side) for side in self.sides)
        left, right, divisor = (float(size) for size in sizes)
        of_sums, of_products, of_divisors = self.widths
        divisor = max(divisor, 1.0) if self.divisor else 1.0
        sums = left * divisor * self.lift + right + abs(self.constant)
        return sums * of_sums + divisor * (self.lift * of_products + of_divisors) >= TOP

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
    constant, tolerance = weighed.source.constant, weighed.source.tolerance
    one = Fraction(tolerance.kind == "amount")  # an amount is a whole number of quanta then, or a fraction of one
    steps = {name: int(step * 10 ** places[name]) for name, step in weighed.steps.items()}
    if not weighed.divisor:
        quantum = _common(*_quanta((*weighed.left, *weighed.right), places), constant)
        sides = (_whole(weighed.left, places, quantum), _whole(weighed.right, places, quantum))
        return Scaled(weighed, *sides, (), int(constant / quantum), 1, 1 / quantum, steps, quantum, quantum, Fraction(1))
    left, divisor = _common(*_quanta(weighed.left, places), one), _common(*_quanta(weighed.divisor, places))
    quantum = _common(left * divisor, *_quanta(weighed.right, places), constant)
    return Scaled(
        weighed,
        _whole(weighed.left, places, left),
        _whole(weighed.right, places, quantum),
        _whole(weighed.divisor, places, divisor),
        int(constant / quantum),
        int(left * divisor / quantum),
        divisor / quantum,
        steps,
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
    """The rows of a piece that do not simply pass; None if all do. `memo` shares partial sums within the piece.

    What holds to the last place passes under any tolerance; only the other rows are judged.
    """
    names, fine, wide = scaled.names, piece.irregular_rows(scaled.names), scaled.leaves_64_bits(piece)
    if scaled.divisor or wide:
        rows = np.arange(piece.rows)
    else:
        left, right = _total(scaled.left, piece, memo), _total(scaled.right, piece, memo)
        doubtful = ~HOLDS[scaled.operator](left, right + scaled.constant if scaled.constant else right).to_numpy()
        if len(fine) or piece.has_blanks(names):
            doubtful[piece.blanks(names)] = doubtful[fine] = True
        rows = np.flatnonzero(doubtful)
    if not len(rows):
        return None
    outcome = _judged(scaled, _chosen(piece, names, rows, wide=wide), piece, rows)
    if len(fine):
        exact = scale(scaled.weighed, dict.fromkeys(names, MAX_PLACES))
        careful = _judged(exact, _chosen_exactly(piece, names, fine), piece, fine)
        outcome = _replaced(outcome, careful, exact.whole() / scaled.whole())
    keep = outcome.codes != PASS
    if keep.all():
        return outcome
    parts = (outcome.rows, outcome.codes, outcome.stated, outcome.expected, outcome.blanks)
    return Outcome(*(part[keep] for part in parts)) if keep.any() else None


def _total(side: Whole, piece: Piece, memo: Memo) -> Any:
    """The signed sum of columns; sums of leading columns are shared between comparisons."""
    found = memo.get(side)
    if found is None:
        if not side:
            return pd.Series(0, index=piece.frame.index)
        coefficient, name = side[-1]
        if len(side) > 1:
            head, values = _total(side[:-1], piece, memo), _total(((1, name),), piece, memo)
            found = head + values if coefficient == 1 else head - values if coefficient == -1 else head + values * coefficient
        else:
            found = piece.frame[name] if coefficient == 1 else piece.frame[name] * coefficient
        memo[side] = found
    return found


def _chosen(piece: Piece, names: Iterable[str], rows: Int64, *, wide: bool) -> dict[str, Any]:
    return {name: piece.amounts[name].values[rows].astype(object if wide else np.int64, copy=False) for name in names}


def _chosen_exactly(piece: Piece, names: Iterable[str], rows: Int64) -> dict[str, Any]:
    """The same in Python integers, which have no end, of as many decimals as are ever read."""
    found = {}
    for name in names:
        values = [piece.value(int(row), name) for row in rows]
        whole = [0 if value is None or isinstance(value, Malformed) else round(value * 10**MAX_PLACES) for value in values]
        found[name] = np.array(whole, dtype=object)
    return found


def _added(side: Whole, values: Mapping[str, Any]) -> Any:
    return sum(coefficient * values[name] for coefficient, name in side)


def _judged(scaled: Scaled, values: Mapping[str, Any], piece: Piece, rows: Int64) -> Outcome:
    """The verdicts on some rows, whose amounts are given."""
    rule = scaled.weighed.source
    left, wanted = _added(scaled.left, values), _added(scaled.right, values) + scaled.constant
    divisor: Any = _added(scaled.divisor, values) if scaled.divisor else 1
    sign = np.where(divisor < 0, -1, 1).astype(divisor.dtype) if scaled.divisor else 1
    around = abs(divisor) * scaled.lift
    (first, stated), *others = scaled.left or ((0, ""),)
    steps = _steps(scaled, values, piece, rows)
    own = (first * around, values[stated], steps[stated]) if stated else (0, 0, 0)
    unit = scaled.unit * abs(divisor) if scaled.divisor else scaled.unit
    if scaled.unit.denominator == 1:
        unit = scaled.unit.numerator * abs(divisor)
    within = judge.band(
        rule.tolerance,
        own,
        _spread_of_others(scaled, values, steps, others, left, sign),
        expected=wanted * sign,
        unit=unit,
        rounded="either" if scaled.divisor else "nearest",
    )
    missing, blanks, empty = _blanks(scaled, piece, rows)
    unread = piece.unread_in(scaled.weighed.columns(), rows)
    nothing = (divisor == 0) if scaled.divisor else np.zeros(len(rows), dtype=bool)
    codes = judge.judge(
        left * around - wanted * sign,
        rule.operator,
        within,
        blanks=missing,
        empty=empty,
        malformed=unread,
        zero_divisor=nothing,
        divided=bool(scaled.divisor),
    )
    codes = np.broadcast_to(codes, len(rows)).astype(np.int8)
    undecided = codes == NOT_EVALUATED
    codes[undecided & nothing] = ZERO_DIVISOR
    codes[undecided & (missing > 0)] = BLANK
    codes[undecided & unread] = MALFORMED
    return Outcome(rows, codes, *_reported(scaled, left, wanted, divisor, codes), blanks)


def _steps(scaled: Scaled, values: Mapping[str, Any], piece: Piece, rows: Int64) -> dict[str, Any]:
    """The step of each column, or of each of its rows: a sum of rounded rows is off by as many steps, a blank by none."""
    endless = any(column.dtype == object for column in values.values())
    found: dict[str, Any] = {
        name: np.full(len(rows), step, dtype=object) if endless else step for name, step in scaled.steps.items()
    }
    for name, count in scaled.weighed.counted:
        found[name] = found[name] * values[count]
    for name, step in scaled.steps.items():
        if step and (blank := piece.blank_in(name, rows)).any():
            found[name] = found[name] * ~blank
    return found


def _spread_of_others(
    scaled: Scaled, values: Mapping[str, Any], steps: Mapping[str, Any], others: Iterable[tuple[int, str]], stated: Any, sign: Any
) -> Spread:
    """How far a gap may be off by the rounding of all but the stated amount; a column that takes part twice is off alike."""
    rounded: Rounding = "cut" if judge.cuts(scaled.weighed.source.tolerance) else "nearest"
    coefficients: dict[str, Any] = {}
    for coefficient, name in () if scaled.divisor else others:
        coefficients[name] = coefficients.get(name, 0) + coefficient
    for coefficient, name in scaled.right:
        coefficients[name] = coefficients.get(name, 0) - coefficient * sign
    for coefficient, name in scaled.divisor:
        coefficients[name] = coefficients.get(name, 0) + coefficient * scaled.lift * stated * sign
    found = Spread()
    for name, coefficient in coefficients.items():
        if scaled.steps[name]:
            found = found.plus(spread(coefficient, values[name], steps[name], rounded))
    if scaled.divisor and scaled.left:
        widths = sum(abs(c) * steps[name] for c, name in scaled.divisor)
        both = abs(scaled.left[0][0]) * steps[scaled.left[0][1]] * widths * scaled.lift
        product = both // 2 if rounded == "nearest" else both * 2
        found = found.plus(Spread(product, product))
    return found


def _blanks(scaled: Scaled, piece: Piece, rows: Int64) -> tuple[Int64, Int64, Any]:
    """How many blanks are missing in each row, how many there are, and where a whole side of an equation is blank."""
    rule = scaled.weighed.source
    blank = {name: piece.blank_in(name, rows) for name in rule.columns()}
    counted = sum((mask.astype(np.int64) for mask in blank.values()), np.zeros(len(rows), dtype=np.int64))
    if rule.blanks == "zero":
        return np.zeros(len(rows), dtype=np.int64), counted, np.zeros(len(rows), dtype=bool)
    sides = [np.logical_and.reduce([blank[name] for _, name in side]) for side in (rule.left, rule.right) if side]
    return counted, counted, np.logical_or.reduce(sides)


def _reported(scaled: Scaled, left: Any, right: Any, divisor: Any, codes: NDArray[np.int8]) -> tuple[Any, Any]:
    """Stated and expected amounts as counts of `scaled.whole()`."""
    length = len(codes)
    left, right = (np.broadcast_to(side, length) for side in (left, right))
    if not scaled.divisor:
        return left, right
    stated, expected = np.zeros(length, dtype=object), np.zeros(length, dtype=object)
    factor = scaled.right_quantum / scaled.divisor_quantum / scaled.whole()
    lift = scaled.left_quantum / scaled.whole()
    for row in np.flatnonzero((codes == FAIL) | (codes == ROUNDING)):
        stated[row] = int(left[row]) * lift
        expected[row] = _nearest(Fraction(int(right[row]), int(divisor[row])) * factor)
    return stated, expected


def _nearest(value: Fraction) -> int:
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def _replaced(outcome: Outcome, careful: Outcome, ratio: Fraction) -> Outcome:
    """The outcome with the verdicts of some rows as they were judged with more care."""
    at = np.searchsorted(outcome.rows, careful.rows)
    stated, expected = outcome.stated.astype(object), outcome.expected.astype(object)
    outcome.codes[at] = careful.codes
    for index, one, other in zip(at, careful.stated, careful.expected, strict=True):
        stated[index], expected[index] = one * ratio, other * ratio
    return Outcome(outcome.rows, outcome.codes, stated, expected, outcome.blanks)
