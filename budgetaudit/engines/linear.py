"""The one form every rule over columns compiles to: sums of columns by name, and `weigh`, which brings them to one unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from budgetaudit.model import Operator, Severity, Unit
from budgetaudit.rulefiles.rule import Tolerance

Side: TypeAlias = tuple[tuple[Fraction, str], ...]
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
        """The column a finding points at: of a running total the last, which may be what exceeds."""
        return (self.left or self.right)[-1 if self.kind == "within" else 0][1]

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
    """A comparison whose coefficients bring every column to the unit of the stated one, with the columns' precision.

    `counted`: the column that says of how many rounded rows a term is the sum, by the name of the term.
    """

    source: LinearComparison
    left: Side
    right: Side
    divisor: Side
    steps: Mapping[str, Fraction]
    counted: tuple[tuple[str, str], ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Every column it reads, once, in order."""
        return tuple(dict.fromkeys((*self.source.columns(), *(rows for _, rows in self.counted))))

    @property
    def allowance(self) -> Fraction:
        """What the tolerance grants any row, in the unit of the stated column."""
        tolerance = self.source.tolerance
        if tolerance.kind == "amount":
            return Fraction(tolerance.value)
        if tolerance.kind not in ("rounding", "truncation"):
            return ZERO
        terms = self.left if self.divisor else (*self.left, *self.right)
        whole = sum((abs(c) * self.steps[name] for c, name in terms if name not in dict(self.counted)), ZERO)
        return whole / 2 if tolerance.kind == "rounding" else whole

    @property
    def grain(self) -> Fraction:
        """The step to which a rate is stated."""
        return min((abs(c) * self.steps[name] for c, name in self.left), default=ZERO)


def weigh(comparison: LinearComparison, columns: Mapping[str, Column]) -> Weighed:
    """The comparison over columns of known units; amounts of money of different units are brought to the stated one.

    A rate is stated in no such unit: what it is made of is brought to the first of these.
    """
    reference = (
        next((name for _, name in (*comparison.right, *comparison.divisor)), "") if comparison.divisor else comparison.stated
    )
    unit = columns[reference].worth
    left = comparison.left if comparison.divisor else _in_unit(comparison.left, columns, unit)
    right, divisor = (_in_unit(side, columns, unit) for side in (comparison.right, comparison.divisor))
    return Weighed(comparison, left, right, divisor, {name: columns[name].step for name in comparison.columns()})


def _in_unit(side: Side, columns: Mapping[str, Column], unit: Fraction | None) -> Side:
    return tuple((c * (columns[name].worth or unit) / unit, name) if unit else (c, name) for c, name in side)
