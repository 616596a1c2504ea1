"""The sums of a ledger per key against what another file states per key; verdicts counted, the first failures kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from budgetaudit.engines.files import LedgerFile
from budgetaudit.kinds.options import RollupOptions
from budgetaudit.ledger.file import open_ledger
from budgetaudit.model import VERDICTS, Comparison, ReadError, RuleTally
from budgetaudit.relations.judge import PASS
from budgetaudit.relations.relation import Relation, Term
from budgetaudit.rows.evaluate import beside, confronted, measures_of, pairs_of
from budgetaudit.rows.frames import AmountColumn, Arithmetic, Rows, figure_units, rows_of_file, rows_of_records
from budgetaudit.rows.groups import Groups, KeyColumn, match_groups
from budgetaudit.rows.keys import Reader, Sum
from budgetaudit.rows.records import Records, of_file
from budgetaudit.rows.shapes import Shape
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.vocabulary import Vocabulary

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


def rollups(rule: Rule, options: RollupOptions, records: Records, words: Vocabulary) -> Iterator[Task]:
    """A task for each pair of measures that a roll-up compares; raises ReadError."""
    path = beside(rule, options.published)
    published, pieces = _opened(path, words)
    pairs = pairs_of(options.by)
    for text in options.measures:
        form, stated = measures_of(text)
        columns = {name: records.column(name) for name in form[0]}
        own = _groups(rule, records, [name for name, _ in pairs], [name for name, _ in pairs], columns, words)
        theirs = _groups(
            rule, published, [name for name, _ in pairs], [name for _, name in pairs], {stated: published.column(stated)}, words
        )
        yield RollupTask(rule, records, form, stated, own, theirs, pieces)


def _opened(path: str, words: Vocabulary) -> tuple[Records, Any]:
    """The other file of a roll-up and what reads its pieces: as a ledger, or else as the largest table of a document."""
    try:
        file = open_ledger(path, words.units)
    except ReadError:
        records = of_file(path, words)
        return records, lambda names: rows_of_records(records, names)
    if Path(path).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        records = of_file(path, words)
        return records, lambda names: rows_of_records(records, names)
    records = records_of(file)
    return records, lambda names: rows_of_file(file, records, names, words.units)


def _groups(
    rule: Rule, records: Records, own: Sequence[str], by: Sequence[str], columns: Mapping[str, int], words: Vocabulary
) -> Groups:
    """Sums of some columns per key; keys are matched as the own columns say."""
    places = places_of(records, columns.values())
    amounts = {name: AmountColumn(records, column, Reader.of(records, column, words), places) for name, column in columns.items()}
    return Groups(
        records, [KeyColumn(rule.keys, name, records.column(at)) for name, at in zip(own, by, strict=True)], amounts, ""
    )


@dataclass
class RollupTask:
    """Sums per key against what another file states per key."""

    rule: Rule
    records: Records
    form: Any
    stated: str
    own: Groups
    theirs: Groups
    pieces: Any

    def __post_init__(self) -> None:
        self.counted = Counted(self.rule, tuple(self.own.amounts), proves=True)
        filtered = [self.records.column(name) for name in (self.rule.where.rows.names if self.rule.where.rows else ())]
        self.names = list(dict.fromkeys([*self.own.names, *(self.records.columns[column] for column in filtered)]))

    def take(self, rows: Rows) -> None:
        self.own.add(rows, rows.mask(self.rule.where.rows))

    def finish(self) -> None:
        for rows in self.pieces(self.theirs.names):
            self.theirs.add(rows, rows.whole())
        matched = match_groups(self.own, self.theirs)  # for each of theirs the own one, or -1
        passed = self._passed(matched)
        self.counted.counts["pass"] += int(passed.sum())
        left = np.flatnonzero(~passed)
        theirs = {group.key: group for group in self.theirs.sums(left)}
        others = np.ones(self.own.count(), dtype=bool)
        others[matched[passed]] = False
        ours: dict[Any, Sum] = {group.key: group for group in self.own.sums(np.flatnonzero(others))}
        law = f"{self.records.path}:{self.rule.id}:{self.stated}"
        for comparison in confronted(self.rule, self.form, self.stated, ours, theirs, law):
            self.counted.add(comparison)

    def _passed(self, matched: Any) -> Any:
        """Which of the published groups are exactly the sum of their rows."""
        passed = np.zeros(self.theirs.count(), dtype=bool)
        known, stated = self.theirs.certain(blanks="zero")
        own_known, parts = self.own.certain(blanks="zero")
        at = np.flatnonzero((matched >= 0) & known)
        at = at[own_known[matched[at]]]
        if not len(at):
            return passed
        values = {"": stated[self.stated][at]} | {f" {name}": one[matched[at]] for name, one in parts.items()}
        arithmetic = rollup_arithmetic(self.rule, self.form, self.own, self.theirs, self.stated)
        passed[at] = arithmetic.verdicts(values, len(at)) == PASS
        return passed


def rollup_arithmetic(rule: Rule, form: Any, own: Groups, theirs: Groups, stated: str) -> Arithmetic:
    """The comparison of a published sum (called by nothing) with its parts (called by their names behind a blank)."""
    weights, constant = form
    terms = (Term("", Fraction(1), "stated", "stated"), *(Term(f" {name}", weight) for name, weight in weights.items()))
    relation: Relation[str] = Relation(rule, terms, constant=constant, blanks="zero", mixed=True)
    shape = Shape("", ("", *(f" {name}" for name in weights)), "", relation)
    readers = {"": theirs.amounts[stated].reader} | {f" {name}": own.amounts[name].reader for name in weights}
    places = {name: own.places if name else theirs.places for name in readers}
    return Arithmetic.of(shape, figure_units(readers, {}), places)
