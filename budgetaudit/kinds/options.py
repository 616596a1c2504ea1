"""The options of kinds that ledgers and the lint read as well, without importing the kinds; others stand beside their kind.

The loader reads these dataclasses by their types; a field without a default must be given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from budgetaudit.rulefiles.expressions import Compare
from budgetaudit.rulefiles.rule import Dimension, Member, Selector

_CHANGE = Selector((("measure", ("change",)),))
_CURRENT = Selector((("measure", ("revised_budget", "budget", "current_budget")),))
_PRIOR = Selector((("measure", ("prior_budget",)),))


@dataclass(frozen=True, slots=True)
class SumOptions:
    """A total is the sum of its parts along a dimension; a running one the sum of all so far."""

    along: Dimension
    total: Member | None = None
    parts: tuple[Member, ...] = ()
    running: bool = False


@dataclass(frozen=True, slots=True)
class WithinOptions:
    """The left amount does not exceed the right one."""

    left: Selector
    right: Selector
    also: Literal["cumulative", "rising", "complete"] | None = None


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """A printed change is the new amount less the old one."""

    change: Selector = _CHANGE
    new: Selector = _CURRENT
    old: Selector = _PRIOR


@dataclass(frozen=True, slots=True)
class RateOptions:
    """A printed rate follows from two amounts; of the `whole`, rates add up to the rate of their total."""

    rate: Selector
    numerator: Selector | None = None
    denominator: Selector | None = None
    of: Literal["ratio", "growth", "share", "whole"] = "ratio"


@dataclass(frozen=True, slots=True)
class FormulaOptions:
    """Named columns or members satisfy a comparison."""

    check: Compare


@dataclass(frozen=True, slots=True)
class RollupOptions:
    """Sums per key in a ledger are what another file publishes per key.

    Columns by their printed names; `own -> theirs` where the published file calls them otherwise.
    """

    by: tuple[str, ...]
    measures: tuple[str, ...]
    published: str


@dataclass(frozen=True, slots=True)
class UniqueOptions:
    """No two rows of a ledger hold the same key; `told`: the later rows of a repeated key are findings, or every one."""

    key: tuple[str, ...]
    told: Literal["later", "every"] = "later"
