"""What a rule says of some numbers: a stated one, weighted terms, an operator. Kinds propose these and never judge them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Generic, Literal, TypeAlias, TypeVar

from budgetaudit.model import Message, Operator, Severity
from budgetaudit.rounding import Interval
from budgetaudit.rulefiles.rule import Rule

Side: TypeAlias = Literal["stated", "part", "divisor"]
Rounding: TypeAlias = Literal["nearest", "cut", "either"]
Source: TypeAlias = Literal["formula printed", "complete set", "total word", "dimension", "level", "sentence", "arithmetic"]
T = TypeVar("T")  # what stands for a number: a figure of a document, the name of a ledger's column
ONE, ZERO = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class Term(Generic[T]):
    """A number that takes part: what it counts for, on which side, and the role a report names it by.

    `step`: a precision that is not the printed one, in the number's own unit.
    """

    operand: T
    weight: Fraction = ONE
    side: Side = "part"
    role: str = "part"
    step: Fraction | Decimal | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What spoke for a reading before any verdict was given, counted in causes.

    `holds`: crossings that hold and say something; `causes`: different wrong numbers needed to explain those that fail;
    `lone`: read from the label only, on one or two crossings.
    """

    source: Source = "arithmetic"
    holds: int = 0
    causes: int = 0
    lone: bool = False


@dataclass(frozen=True, slots=True)
class Relation(Generic[T]):
    """sum(stated) OP sum(parts) + constant, or with divisors: sum(stated) OP (sum(parts) + constant) / sum(divisors).

    `law` names the relation between lines of which this is one crossing: those that share it support each other.
    `rounded`: how the stated number was rounded, `others` how the rest was; a rate may be rounded or cut. `forced`: how far
    shares may have been adjusted to add up. `blanks`: what a blank counts as.
    `severity`: how grave a failure is, if less than the rule says. `mixed`: amounts may meet counts and rates, as in `price * 3`.
    """

    rule: Rule
    terms: tuple[Term[T], ...]
    law: str = ""
    operator: Operator = "="
    constant: Fraction = ZERO
    rounded: Rounding = "nearest"
    others: Rounding = "nearest"
    forced: Fraction = ZERO
    blanks: Literal["missing", "zero"] = "missing"
    mixed: bool = False
    severity: Severity | None = None
    message: Message = field(default_factory=lambda: Message(""))
    evidence: Evidence = Evidence()

    def side(self, side: Side) -> Iterator[Term[T]]:
        """The terms on one side."""
        return (term for term in self.terms if term.side == side)

    @property
    def stated(self) -> T:
        """The number a finding points at."""
        return next(term.operand for term in self.terms if term.side == "stated")

    @property
    def reference(self) -> T:
        """The number in whose unit all others count: the stated one, of a rate the first that it is made of."""
        made_of = (term.operand for term in self.terms if term.side != "stated")
        return next(made_of, self.stated) if self.divided else self.stated

    @property
    def divided(self) -> bool:
        return any(term.side == "divisor" for term in self.terms)


def states(operand: T, weight: Fraction = ONE, step: Fraction | Decimal | None = None) -> Term[T]:
    """The term of the stated number."""
    return Term(operand, weight, "stated", "stated", step)


def summed(stated: T, parts: Iterable[T], role: str = "part") -> tuple[Term[T], ...]:
    """The terms of a sum."""
    return (states(stated), *(Term(part, ONE, "part", role) for part in parts))


@dataclass(frozen=True, slots=True)
class Computed(Generic[T]):
    """An expectation that is no weighted sum (a product, `min`, `round`, `if`), as the interval in which it lies."""

    rule: Rule
    stated: T
    expected: Interval
    operands: tuple[tuple[str, T], ...] = ()
    law: str = ""
    operator: Operator = "="
    rounded: Rounding = "nearest"
    step: Fraction | Decimal | None = None
    severity: Severity | None = None
    message: Message = field(default_factory=lambda: Message(""))
