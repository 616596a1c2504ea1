"""The options each kind of rule takes, as the rule file writes them.

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
class AgreeOptions:
    """One quantity, stated in several places, is the same everywhere: in tables and text, a narrative and its table, words.

    `years`: a year is what its quarters, halves or months come to.
    """

    told: Literal["tables", "text", "narrative", "words", "years"] = "tables"


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
class HeaderOptions:
    """The formulas that a table's headers print hold."""


@dataclass(frozen=True, slots=True)
class FormulaOptions:
    """Named columns or members satisfy a comparison."""

    check: Compare


@dataclass(frozen=True, slots=True)
class RollOptions:
    """What there was, and what came in, less what went out, is what there is, and what the next year begins with."""


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """The formulas of a workbook give what is stored with them, and reach over all of their list."""


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


@dataclass(frozen=True, slots=True)
class CountOptions:
    """A stated count is what can be counted or added up."""


@dataclass(frozen=True, slots=True)
class ProductOptions:
    """A calculation comes to the amount it explains."""


@dataclass(frozen=True, slots=True)
class PeriodOptions:
    """Periods fit each other: start and end, project and programme, yearly amounts and period, months in a run, dated events."""

    check: Literal["order", "programme", "years", "run", "events"]


@dataclass(frozen=True, slots=True)
class NotationOptions:
    """Numbers and dates are written properly: no misplaced commas, weekdays that fit."""

    check: Literal["number", "grouping", "stops", "weekday"]
