"""The one form every rule over columns compiles to, and what it means for one row.

`LinearComparison` speaks of columns by name; `weigh` brings its columns to one unit and knows what rounding
explains; `judge` gives the verdict. The numpy kernel and the SQL are held to `judge` by tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from budgetaudit.model import Operator, Severity, Unit, Verdict
from budgetaudit.rulefiles.rule import Tolerance

Side: TypeAlias = tuple[tuple[Fraction, str], ...]
Reason: TypeAlias = Literal["", "blank", "malformed", "zero-divisor"]
ZERO = Fraction(0)
EXACT = Tolerance("exact")


class Malformed(str):
    """What a cell prints where a number should stand."""

    __slots__ = ()


Value: TypeAlias = Fraction | Malformed | None  # None: blank


@dataclass(frozen=True, slots=True)
class Column:
    """A column of amounts. `step` is the stated precision in the column's own unit, 0 if its amounts are exact."""

    name: str
    unit: Unit | None = None
    step: Fraction = ZERO

    @property
    def worth(self) -> Fraction | None:
        """How many base units of money one printed unit is worth; None if that is unknown."""
        return None if self.unit is None or self.unit.scale is None else Fraction(self.unit.scale)

    @property
    def finest(self) -> int | None:
        """How many decimals its amounts are stated to; None if they are exact."""
        return len(str(self.step.denominator)) - 1 if self.step else None


@dataclass(frozen=True, slots=True)
class LinearComparison:
    """left OP right + constant, both signed sums of columns; with a `divisor`, left OP (right + constant) / divisor.

    The left side is the stated one. `label` tells the comparisons of one rule apart: a year, a source.
    """

    rule: str
    kind: str
    left: Side
    operator: Operator
    right: Side
    constant: Fraction = ZERO
    divisor: Side = ()
    tolerance: Tolerance = EXACT
    blanks: Literal["missing", "zero"] = "missing"
    severity: Severity = "error"
    label: str = ""

    @property
    def stated(self) -> str:
        """The column a finding points at."""
        return (self.left or self.right)[0][1]

    def columns(self) -> tuple[str, ...]:
        """Every column it reads, once, in order."""
        return tuple(dict.fromkeys(name for _, name in (*self.left, *self.right, *self.divisor)))


@dataclass(frozen=True, slots=True)
class Rollup:
    """Sums per key confronted with amounts published per key in another file; a group on one side only is a finding.

    Keys and measures are pairs: column of the ledger, column of the published file.
    """

    rule: str
    kind: str
    by: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str], ...]
    published: str
    tolerance: Tolerance = EXACT
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Unique:
    """No two rows hold the same key."""

    rule: str
    kind: str
    by: tuple[str, ...]
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to confront one ledger with."""

    comparisons: tuple[LinearComparison, ...] = ()
    rollups: tuple[Rollup, ...] = ()
    uniques: tuple[Unique, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A comparison whose coefficients bring every column to the unit of the stated one; `allowance` is in that unit.

    `percent` grants a share of the expected amount on top, `slack` so much for every unit of a column. With a divisor, `cut`
    is the step to which a rate may be rounded or cut, `grain` the step to which it is stated, and `slack` and `inputs` are what
    rounding does to divisor and dividend.
    """

    source: LinearComparison
    left: Side
    right: Side
    divisor: Side
    allowance: Fraction = ZERO
    percent: Fraction = ZERO
    cut: Fraction = ZERO
    slack: Side = ()
    inputs: Fraction = ZERO
    grain: Fraction = ZERO

    def columns(self) -> tuple[str, ...]:
        """Every column it reads, once, in order."""
        return tuple(dict.fromkeys((*self.source.columns(), *(name for _, name in self.slack))))


def weigh(comparison: LinearComparison, columns: Mapping[str, Column]) -> Weighed:
    """The comparison over columns of known units; amounts of money of different units are brought to the stated one."""
    unit = columns[comparison.stated].worth or next((w for c in comparison.columns() if (w := columns[c].worth)), Fraction(1))
    left, right, divisor = (_in_unit(side, columns, unit) for side in (comparison.left, comparison.right, comparison.divisor))
    tolerance, value = comparison.tolerance, Fraction(comparison.tolerance.value)
    grain = min((abs(c) * columns[n].step for c, n in left), default=ZERO) if divisor else ZERO
    if tolerance.kind == "exact":
        return Weighed(comparison, left, right, divisor, grain=grain)
    if tolerance.kind == "amount":
        return Weighed(comparison, left, right, divisor, value, grain=grain)
    if tolerance.kind == "percent":
        return Weighed(comparison, left, right, divisor, percent=value / 100, grain=grain)
    own, inputs, blur = (sum((abs(c) * columns[n].step / 2 for c, n in side), ZERO) for side in (left, right, divisor))
    if divisor:
        slack = tuple((blur * abs(c), name) for c, name in left if blur)
        inputs += blur * own
        return Weighed(comparison, left, right, divisor, own, cut=own * 2, slack=slack, inputs=inputs, grain=grain)
    return Weighed(comparison, left, right, divisor, own + inputs)


def _in_unit(side: Side, columns: Mapping[str, Column], unit: Fraction) -> Side:
    return tuple((c * (columns[name].worth or unit) / unit, name) for c, name in side)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on one row, in the unit of the stated column. `blanks`: how many parts are missing."""

    verdict: Verdict
    stated: Fraction | None = None
    expected: Fraction | None = None
    bound: Fraction = ZERO
    blanks: int = 0
    reason: Reason = ""

    @property
    def difference(self) -> Fraction | None:
        return None if self.stated is None or self.expected is None else self.stated - self.expected


def judge(weighed: Weighed, values: Mapping[str, Value]) -> Judgement:
    """The verdict on one row; amounts in the columns' own units."""
    rule = weighed.source
    names = rule.columns()
    if any(isinstance(values[name], Malformed) for name in names):
        return Judgement("not_evaluated", reason="malformed")
    blanks = sum(values[name] is None for name in names)
    if blanks and rule.blanks == "missing" and _too_blank(weighed, values):
        return Judgement("not_evaluated", blanks=blanks, reason="blank")
    left, right = _add(weighed.left, values), _add(weighed.right, values) + rule.constant
    divisor = _add(weighed.divisor, values) if weighed.divisor else Fraction(1)
    if not divisor:
        return Judgement("not_evaluated", blanks=blanks, reason="zero-divisor")
    expected = right / divisor
    slack = sum((c * abs(v) for c, n in weighed.slack if isinstance(v := values[n], Fraction)), weighed.inputs)
    bound = weighed.allowance + weighed.percent * abs(expected) + slack / abs(divisor)
    verdict = _verdict(weighed, left, expected, bound)
    if blanks > 1 and verdict != "pass" and rule.blanks == "missing":
        return Judgement("not_evaluated", blanks=blanks, reason="blank")
    return Judgement(verdict, left, expected, bound, blanks)


def _too_blank(weighed: Weighed, values: Mapping[str, Value]) -> bool:
    """Whether blanks leave nothing to compare: a whole side of an equation, or any term of any other comparison."""
    rule = weighed.source
    if rule.operator != "=" or weighed.divisor:
        return True
    return any(side and all(values[name] is None for _, name in side) for side in (rule.left, rule.right))


def _verdict(weighed: Weighed, stated: Fraction, expected: Fraction, bound: Fraction) -> Verdict:
    operator, difference = weighed.source.operator, stated - expected
    if holds(operator, difference):
        return "pass"
    if operator == "!=":
        return "fail"
    over = abs(difference)
    if operator == "=" and weighed.cut:
        short = -difference if expected >= 0 else difference
        if over * 2 <= weighed.cut:
            return "pass"
        if 0 <= short < weighed.cut:
            return "rounding"
    return "rounding" if (over < bound if operator in ("<", ">") else over <= bound) else "fail"


def holds(operator: Operator, difference: Fraction | int) -> bool:
    """Whether left OP right, given left less right."""
    return {
        "=": difference == 0,
        "!=": difference != 0,
        "<=": difference <= 0,
        "<": difference < 0,
        ">=": difference >= 0,
        ">": difference > 0,
    }[operator]


def _add(side: Side, values: Mapping[str, Value]) -> Fraction:
    return sum((c * value for c, name in side if isinstance(value := values[name], Fraction)), ZERO)
