"""What a rule over the rows of a ledger found: verdicts counted, the first failures kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from budgetaudit.engines.files import LedgerFile
from budgetaudit.model import VERDICTS, Comparison, RuleTally
from budgetaudit.rows.frames import Rows
from budgetaudit.rows.records import Records
from budgetaudit.rulefiles.rule import Rule

MOST_SHOWN = 1000  # findings of one rule over the rows of a ledger


@dataclass
class Counted:
    """What a rule found over some columns: how often each verdict, and the first comparisons that failed.

    `proves`: whether it is an equation; one of groups proves a cell of each at least.
    """

    rule: Rule
    columns: tuple[str, ...] = ()
    proves: bool = False
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    failed: list[Comparison] = field(default_factory=list)

    def add(self, comparison: Comparison) -> None:
        self.counts[comparison.verdict] += 1
        if comparison.verdict == "fail" and len(self.failed) < MOST_SHOWN:
            self.failed.append(comparison)

    def tally(self, path: str) -> RuleTally:
        """The counts as reports know them."""
        rule = self.rule
        passed, rounded, failed, left = self.counts.values()
        return RuleTally(rule.id, rule.kind, rule.severity, path, passed, rounded, failed, left, len(self.failed))


class Task(Protocol):
    """A rule at work on a ledger."""

    counted: Counted

    @property
    def names(self) -> Sequence[str]:
        """The columns it reads."""
        ...

    def take(self, rows: Rows) -> None:
        """Look at a piece."""
        ...

    def finish(self) -> None:
        """All pieces were seen."""
        ...


def records_of(file: LedgerFile) -> Records:
    """The columns of a ledger, without its rows."""
    return Records(file.path, file.columns, (), printed=file.sample)


def places_of(records: Records, columns: Any) -> int:
    """The decimals that the first rows of some columns print."""
    texts = (text.strip() for column in columns for text in records.sample(column))
    return min(max((len(text.partition(".")[2]) for text in texts), default=0), 6)
