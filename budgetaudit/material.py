"""What a kind of rule looks at: the tables of one document, with their structure worked out once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from budgetaudit.labels.labelling import Table
from budgetaudit.labels.naming import Index
from budgetaudit.labels.numbers import View
from budgetaudit.model import Comparison, Document, Paragraph
from budgetaudit.rulefiles.rule import Rule, Where
from budgetaudit.structure.structure import Structure, analyse
from budgetaudit.vocabulary import Vocabulary

if TYPE_CHECKING:
    from budgetaudit.sentences.text import Prose

SHORT = 5
NUMERAL, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]|[~∼～〜]")


@dataclass
class Material:
    """One document, understood. Tables that repeat another are left out of `tables`."""

    document: Document
    all_tables: tuple[Table, ...]
    vocabulary: Vocabulary
    _indexes: dict[tuple[int, str], Index] = field(default_factory=dict)
    _structures: dict[int, Structure] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table for table in self.all_tables if table.copy_of is None and table.figures)

    def measure(self, table: Table) -> str:
        """The measure a whole table speaks of: that of its column groups, else of its caption."""
        measures = {line.measure for line in table.columns if line.measure}
        if len(measures) == 1:
            return next(iter(measures))
        return "" if measures else self.vocabulary.label(table.caption).measure

    @cached_property
    def prose(self) -> Prose:
        """The sentences, bullets and cells of prose, read when a rule first asks."""
        from budgetaudit.sentences.text import Prose

        return Prose(self.document, self.vocabulary)

    def reads(self, rule: Rule) -> bool:
        """True if a rule speaks of sentences too: not if it names tables, columns or sheets."""
        where = rule.where
        return self.wordy and not (where.table or where.column or where.sheet) and self._of_file(where)

    @cached_property
    def wordy(self) -> bool:
        """True if there is any prose with numbers in it, so that reading it is worth while."""
        for block in self.document.blocks:
            texts = (block.text,) if isinstance(block, Paragraph) else (cell.text for cell in block.cells)
            if any(len(text) > SHORT and NUMERAL.search(text) and LETTER.search(text) for text in texts):
                return True
        return False

    def _of_file(self, where: Where) -> bool:
        path = self.document.path
        return Where.matches(where.file, path.replace("\\", "/").rpartition("/")[2]) or Where.matches(where.file, path)

    def meant(self, rule: Rule) -> bool:
        """True if a rule's `where` admits anything of this document."""
        where = rule.where
        narrow = where.table or where.file or where.sheet or where.column
        return not narrow or self.reads(rule) or next(self.chosen(rule), None) is not None

    def chosen(self, rule: Rule) -> Iterator[Table]:
        """The tables a rule's `where` admits; one without a caption goes by the name of its file."""
        return self._admitted(rule, self.tables)

    def admitted(self, rule: Rule) -> Iterator[Table]:
        """The same, of all tables with cells, whether they hold amounts or only keys."""
        return self._admitted(rule, [table for table in self.all_tables if table.copy_of is None and table.grid.cells])

    def _admitted(self, rule: Rule, tables: Iterable[Table]) -> Iterator[Table]:
        where = rule.where
        for table in tables:
            captions = [text for text in (table.caption, *table.heading) if text.strip()] or [Path(self.document.path).stem]
            if where.table and not any(Where.matches(where.table, text) for text in captions):
                continue
            if not self._of_file(where):
                continue
            if where.sheet and not Where.matches(where.sheet, table.grid.sheet):
                continue
            if where.column and not any(Where.matches(where.column, line.text) for line in table.columns):
                continue
            yield table

    def admits(self, rule: Rule, comparison: Comparison) -> bool:
        """True if the figure a comparison judges stands in a column that the rule's `where` admits."""
        place, patterns = comparison.stated.place, rule.where.column
        if not patterns:
            return True
        lines = (line for table in self.tables if table.number == place.table for line in table.columns)
        return any(line.index + 1 == place.column and Where.matches(patterns, line.text) for line in lines)

    def index(self, view: View) -> Index:
        """What the lines of a table print and mean along one axis."""
        key = (id(view.table), view.axis)
        found = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = Index(view, self.vocabulary)
        return found

    def structure(self, table: Table) -> Structure:
        found = self._structures.get(id(table))
        if found is None:
            found = self._structures[id(table)] = analyse(table)
        return found
