"""The sums of a ledger per key against what another file states per key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from budgetaudit.kinds.options import RollupOptions
from budgetaudit.ledger.file import open_ledger
from budgetaudit.model import ReadError
from budgetaudit.relations.relation import Relation, Term
from budgetaudit.rows.counting import Counted, Task, places_of, records_of
from budgetaudit.rows.evaluate import beside, confronted, measures_of, pairs_of
from budgetaudit.rows.frames import AmountColumn, Arithmetic, Rows, figure_units, rows_of_file, rows_of_records
from budgetaudit.rows.groups import Groups, KeyColumn, match_groups
from budgetaudit.rows.keys import Reader, Sum
from budgetaudit.rows.records import Records, of_file
from budgetaudit.rows.shapes import Shape
from budgetaudit.rulefiles.rule import Rule
from budgetaudit.vocabulary import Vocabulary


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
        scale = 10 ** (arithmetic.places - self.theirs.places)
        own_scale = 10 ** (arithmetic.places - self.own.places)
        values = {name: one * (own_scale if name else scale) for name, one in values.items()}
        passed[at] = arithmetic.passes(values, len(at))
        return passed


def rollup_arithmetic(rule: Rule, form: Any, own: Groups, theirs: Groups, stated: str) -> Arithmetic:
    """The comparison of a published sum (called by nothing) with its parts (called by their names behind a blank)."""
    weights, constant = form
    terms = (Term("", Fraction(1), "stated", "stated"), *(Term(f" {name}", weight) for name, weight in weights.items()))
    relation: Relation[str] = Relation(rule, terms, constant=constant, blanks="zero", mixed=True)
    shape = Shape("", ("", *(f" {name}" for name in weights)), "", relation)
    readers = {"": theirs.amounts[stated].reader} | {f" {name}": own.amounts[name].reader for name in weights}
    return Arithmetic.of(shape, figure_units(readers, {}), max(own.places, theirs.places), 0)
