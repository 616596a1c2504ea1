"""Rules over the rows of a ledger, piece by piece: what simply holds is counted in columns, the rest is compared one by one.

Memory is bounded by the pieces, and by the keys of rules that have any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from budgetaudit.kinds.options import RollupOptions, UniqueOptions
from budgetaudit.ledger.file import open_ledger
from budgetaudit.ledger.rules import concerns
from budgetaudit.model import VERDICTS, Comparison, Figure, Message, ReadError, RuleError, RuleTally
from budgetaudit.relations.judge import FAIL, PASS, ROUNDING
from budgetaudit.rows.evaluate import (
    Lookup,
    compared,
    key_claims,
    label_columns,
    label_of,
)
from budgetaudit.rows.frames import LOOK, AmountColumn, Arithmetic, Numbers, Rows, figure_units, rows_of_file
from budgetaudit.rows.groups import Groups, KeyColumn, keys_of_rows
from budgetaudit.rows.keys import Reader
from budgetaudit.rows.records import NoColumn, Records
from budgetaudit.rows.rollups import MOST_SHOWN, Counted, Task, places_of, records_of, rollups
from budgetaudit.rows.rules import LOOKUP
from budgetaudit.rows.shapes import Shape, shapes
from budgetaudit.rulefiles.rule import Column, Rule
from budgetaudit.vocabulary import Vocabulary


@dataclass
class Streamed:
    """What rules over rows found in one ledger."""

    tallies: list[RuleTally] = field(default_factory=list)
    failed: list[Comparison] = field(default_factory=list)
    errors: list[RuleError] = field(default_factory=list)
    unmatched: dict[str, frozenset[str]] = field(default_factory=dict)
    proven: int = 0


def stream(rules: Sequence[Rule], path: str, words: Vocabulary, given: Sequence[Column]) -> Streamed:
    """Run rules over a ledger, which is read once for all of them; raises ReadError."""
    file = open_ledger(path, words.units)
    records = records_of(file)
    found, tasks = Streamed(), list[Task]()
    for rule in rules:
        if not concerns(rule.where, path):
            continue
        try:
            tasks += _tasks(rule, records, words, given)
        except NoColumn:
            found.unmatched[rule.id] = frozenset(records.columns)
        except ReadError as error:
            found.errors.append(unpublished(rule, error))
        except ValueError:
            found.errors.append(RuleError(rule.id, Message("ledger-not-linear", {"rule": rule.id})))
    names = list(dict.fromkeys(name for task in tasks for name in task.names))
    for rows in rows_of_file(file, records, names, words.units) if tasks else ():
        for task in tasks:
            task.take(rows)
    for task in tasks:
        task.finish()
    good: dict[str, int] = {}
    for one in (task.counted for task in tasks if task.counted.proves):
        good |= {name: max(good.get(name, 0), one.counts["pass"] + one.counts["rounding"]) for name in one.columns}
    found.proven = sum(good.values())
    for rule in rules:
        own = [task.counted for task in tasks if task.counted.rule is rule]
        if own and any(sum(one.counts.values()) for one in own):
            whole = Counted(rule)
            for one in own:
                whole.counts = {verdict: number + one.counts[verdict] for verdict, number in whole.counts.items()}
                whole.failed += one.failed[: MOST_SHOWN - len(whole.failed)]
            found.tallies.append(whole.tally(file.path))
            found.failed += whole.failed
    return found


def unpublished(rule: Rule, error: ReadError) -> RuleError:
    """A rule whose other file cannot be read."""
    args = {"rule": rule.id, "file": getattr(rule.options, "published", ""), "reason": error.message}
    return RuleError(rule.id, Message("ledger-published", args))


def _tasks(rule: Rule, records: Records, words: Vocabulary, given: Sequence[Column]) -> Iterator[Task]:
    if rule.where.rows is not None:
        for name in rule.where.rows.names:
            records.column(name)
    if isinstance(rule.options, UniqueOptions):
        yield KeyTask(rule, rule.options, records)
    elif isinstance(rule.options, RollupOptions):
        yield from rollups(rule, rule.options, records, words)
    else:
        for shape in shapes(rule, records, words, given):
            yield GroupTask(rule, shape, records, words) if rule.by else RowTask(rule, shape, records, words)


# --- formulas ------------------------------------------------------------------------------------


@dataclass
class _Operands:
    """The columns of a comparison, those of other files among them."""

    rule: Rule
    shape: Shape
    records: Records
    words: Vocabulary

    def __post_init__(self) -> None:
        rule, shape, records = self.rule, self.shape, self.records
        self.lookups = {name: Lookup.of(name, rule, self.words) for name in shape.columns if name.startswith(LOOKUP)}
        self.columns = {name: records.columns.index(name) for name in shape.columns if name not in self.lookups}
        self.keys = {name: [records.column(column) for column in found.by] for name, found in self.lookups.items()}
        at = self.columns.items()
        readers = {name: Reader.of(records, column, self.words, rate=name == shape.rate) for name, column in at}
        places = places_of(records, self.columns.values())
        step = readers[shape.rate].step if shape.rate in readers else Decimal(0)
        places = max(places, -int(step.as_tuple().exponent) if step else 0)
        self.amounts = {name: AmountColumn(records, column, readers[name], places) for name, column in at}
        self.places = places
        exact = not self.lookups and not any(one.coarse(one.unit) for one in readers.values())
        units = figure_units(readers, {name: found.any for name, found in self.lookups.items()})
        self.arithmetic = Arithmetic.of(shape, units, dict.fromkeys(shape.columns, places), Fraction(step), exact=exact)
        filtered = [records.column(name) for name in (rule.where.rows.names if rule.where.rows else ())]
        by = [records.column(name) for name in rule.by]
        self.named = label_columns(records, self.columns)
        keys = [column for found in self.keys.values() for column in found]
        read = [*self.columns.values(), *keys, *filtered, *by, *self.named]
        self.names = list(dict.fromkeys(records.columns[column] for column in read))

    def figures(self, cells: Sequence[str], place: Any) -> dict[str, Figure]:
        """What other files say for a row."""
        by = {name: [cells[column] for column in at] for name, at in self.keys.items()}
        return {name: found.figure(by[name], self.rule, place) for name, found in self.lookups.items()}

    def looked_up(self, rows: Rows, name: str) -> Numbers:
        """A column of another file, for the keys of a piece."""
        codes, keys = rows.coded(self.keys[name])
        place = rows.records.place(rows.record(0), 0)
        found = [self.lookups[name].figure(key, self.rule, place) for key in keys]
        places = self.places
        held = [None if one.value is None or one.malformed else one.value.scaleb(places) for one in found]
        known = np.array([one is not None and one == one.to_integral_value() and abs(one) < 1 << 60 for one in held])
        values = np.array(
            [int(one) if ok and one is not None else 0 for one, ok in zip(held, known, strict=True)], dtype=np.int64
        )
        return Numbers(values[codes], known[codes], np.zeros(len(codes), dtype=bool))


@dataclass
class _Formula:
    """A formula at work: its operands, and what it found."""

    rule: Rule
    shape: Shape
    records: Records
    words: Vocabulary

    def __post_init__(self) -> None:
        self.operands = _Operands(self.rule, self.shape, self.records, self.words)
        relation = self.shape.relation
        self.counted = Counted(self.rule, tuple(self.operands.columns), relation is not None and relation.operator == "=")
        self.names = self.operands.names
        self.law = f"{self.records.path}#{self.records.table}:{self.rule.id}"


@dataclass
class RowTask(_Formula):
    """A comparison of every row."""

    def take(self, rows: Rows) -> None:
        if not rows.piece.rows:
            return
        chosen = rows.mask(self.rule.where.rows)
        numbers = {name: column.numbers(rows) for name, column in self.operands.amounts.items()}
        numbers |= {name: self.operands.looked_up(rows, name) for name in self.operands.lookups}
        sure = chosen.copy()
        for one in numbers.values():
            sure &= (one.known | one.blank) if self.rule.blanks == "zero" else one.known
        values = {name: np.where(one.known, one.values, 0)[sure] for name, one in numbers.items()}
        verdicts = np.full(len(sure), LOOK, dtype=np.int8)
        verdicts[sure] = self.operands.arithmetic.verdicts(values, int(sure.sum()))
        counted = self.counted
        for code in (PASS, ROUNDING):
            counted.counts[VERDICTS[code]] += int((chosen & (verdicts == code)).sum())
        for row in np.flatnonzero(chosen & (verdicts != PASS) & (verdicts != ROUNDING)).tolist():
            if verdicts[row] == FAIL and len(counted.failed) >= MOST_SHOWN:
                counted.counts["fail"] += 1
            else:
                self._compare(rows, row)

    def _compare(self, rows: Rows, row: int) -> None:
        record = rows.record(row)
        label = label_of(record, self.operands.named)
        figures = {name: column.figure(record, label) for name, column in self.operands.amounts.items()}
        figures |= self.operands.figures(record.cells, rows.records.place(record, 0))
        self.counted.add(compared(self.rule, self.shape, figures, self.law))

    def finish(self) -> None:
        pass


@dataclass
class GroupTask(_Formula):
    """A comparison of the sums per key."""

    def __post_init__(self) -> None:
        super().__post_init__()
        keys = [KeyColumn(self.rule.keys, name, self.records.column(name)) for name in self.rule.by]
        self.groups = Groups(self.records, keys, self.operands.amounts, self.shape.rate)

    def take(self, rows: Rows) -> None:
        self.groups.add(rows, rows.mask(self.rule.where.rows))

    def finish(self) -> None:
        sure = np.zeros(self.groups.count(), dtype=bool)
        if not self.operands.lookups:
            sure, values = self.groups.certain(blanks=self.rule.blanks)
            at = np.flatnonzero(sure)
            sure[at] = self.operands.arithmetic.verdicts({name: one[at] for name, one in values.items()}, len(at)) == PASS
        self.counted.counts["pass"] += int(sure.sum())
        for group in self.groups.sums(np.flatnonzero(~sure)):
            place = self.records.place(group.first, 0)
            figures = group.totals | self.operands.figures(group.first.cells, place)
            self.counted.add(compared(self.rule, self.shape, figures, self.law))


# --- keys ----------------------------------------------------------------------------------------


@dataclass
class KeyTask:
    """No key stands in two rows."""

    rule: Rule
    options: UniqueOptions
    records: Records

    def __post_init__(self) -> None:
        self.counted = Counted(self.rule)
        columns = [self.records.column(name) for name in self.options.key]
        self.keys = [KeyColumn(self.rule.keys, name, column) for name, column in zip(self.options.key, columns, strict=True)]
        filtered = [self.records.column(name) for name in (self.rule.where.rows.names if self.rule.where.rows else ())]
        self.names = list(dict.fromkeys(self.records.columns[column] for column in (*columns, *filtered)))
        self.rows = Groups(self.records, self.keys, {}, "")

    def take(self, rows: Rows) -> None:
        chosen = rows.mask(self.rule.where.rows)
        if self.rule.blanks == "missing":
            blank = keys_of_rows(rows, self.keys)[1]
            self.counted.counts["not_evaluated"] += int((chosen & blank).sum())
            chosen &= ~blank
        self.rows.add(rows, chosen, grouped=False)

    def finish(self) -> None:
        once, again = self.rows.repeated()
        self.counted.counts["pass"] += once
        law = f"{self.records.path}#{self.records.table}:{self.rule.id}"
        for held in again:
            for comparison in key_claims(
                self.rule, self.options, self.records, [column.column for column in self.keys], held, law
            ):
                self.counted.add(comparison)
