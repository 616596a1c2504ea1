"""What a kind of rule looks at: the tables of one document, with their structure worked out once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from budgetaudit.labelling import Table
from budgetaudit.model import Document
from budgetaudit.rule import Rule, Where
from budgetaudit.structure import Structure, analyse
from budgetaudit.vocabulary import Vocabulary


@dataclass
class Material:
    """One document, understood. Tables that repeat another are left out of `tables`."""

    document: Document
    all_tables: tuple[Table, ...]
    vocabulary: Vocabulary
    _structures: dict[int, Structure] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table for table in self.all_tables if table.copy_of is None and table.figures)

    def chosen(self, rule: Rule) -> Iterator[Table]:
        """The tables a rule's `where` admits."""
        where = rule.where
        for table in self.tables:
            captions = [table.caption, *table.heading]
            if where.table and not any(Where.matches(where.table, text) for text in captions):
                continue
            if not Where.matches(where.file, self.document.path.replace("\\", "/").rpartition("/")[2]) and not Where.matches(
                where.file, self.document.path
            ):
                continue
            if where.sheet and not Where.matches(where.sheet, table.grid.sheet):
                continue
            if where.column and not any(Where.matches(where.column, line.text) for line in table.columns):
                continue
            yield table

    def structure(self, table: Table) -> Structure:
        found = self._structures.get(id(table))
        if found is None:
            found = self._structures[id(table)] = analyse(table)
        return found
