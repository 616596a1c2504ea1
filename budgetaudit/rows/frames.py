"""Pieces of a ledger as rules over rows see them: printed cells by column, as exact integers where they are plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from budgetaudit.engines.arrow_columns import as_string, plain_counts, values_of
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.linear import ZERO, LinearComparison, Weighed
from budgetaudit.engines.pandas_engine import open_source
from budgetaudit.engines.pandas_kernel import PASS, Scaled, confront, scale
from budgetaudit.engines.pieces import TOP, Amounts, Bools, Int64, Piece
from budgetaudit.model import Figure, Place
from budgetaudit.relations.confront import coefficients
from budgetaudit.rows.keys import Reader
from budgetaudit.rows.records import Record, Records
from budgetaudit.rows.shapes import Shape
from budgetaudit.rulefiles.filters import Filter
from budgetaudit.units import Units

MOST_PLACES = 9
REMEMBERED = 50_000
LOOK = -1  # a row whose verdict no column tells


@dataclass
class Numbers:
    """A column of a piece: whole counts of the last place, where they are known; where nothing is printed; steps, if rounded."""

    values: Int64
    known: Bools
    blank: Bools
    steps: Int64 | None = None


@dataclass
class AmountColumn:
    """Reads one column of every piece as integers of so many places; remembers irregular texts, as ledgers repeat them."""

    records: Records
    column: int
    reader: Reader
    places: int
    _seen: dict[bytes, tuple[int, int] | None] = field(default_factory=dict)

    def numbers(self, rows: Rows) -> Numbers:
        """The column in a piece; what is no plain number is read as the careful reader does, each text once."""
        array = rows.piece.texts[self.records.columns[self.column]]
        text = compute.ascii_trim_whitespace(as_string(array))
        plain, counts = plain_counts(text, self.places)
        values = np.ascontiguousarray(values_of(counts, np.int64, 2)[::2])
        blank = compute.equal(text, "").to_numpy(zero_copy_only=False)
        steps = self._steps(text, plain) if self.reader.coarse(self.reader.unit) else None
        known, irregular = plain.copy(), np.flatnonzero(~plain & ~blank)
        if len(irregular):
            coded = array.take(pa.array(irregular)).dictionary_encode()
            codes, found = coded.indices.to_numpy(), [self._read(one) for one in coded.dictionary.to_pylist()]
            read = np.array([one is not None for one in found])[codes]
            values[irregular] = np.array([0 if one is None else one[0] for one in found], dtype=np.int64)[codes]
            known[irregular] = read
            if steps is not None:
                steps[irregular] = np.array([0 if one is None else one[1] for one in found], dtype=np.int64)[codes]
        return Numbers(values, known, blank, steps)

    def _steps(self, text: Any, plain: Bools) -> Int64:
        point = compute.find_substring(text, ".").to_numpy(zero_copy_only=False)
        decimals = np.where(point < 0, 0, compute.binary_length(text).to_numpy(zero_copy_only=False) - point - 1)
        found: Int64 = np.where(plain, 10 ** (self.places - np.clip(decimals, 0, self.places)), 0)
        return found

    def _read(self, printed: bytes) -> tuple[int, int] | None:
        """A text as whole numbers: value and step; None if it must be looked at with its row."""
        if printed in self._seen:
            return self._seen[printed]
        figure = self.figure(Record(0, None, [""] * self.column + [printed.decode("utf-8", "replace")]), "")
        found = None
        if figure.value is not None and figure.unit == self.reader.unit:
            value, step = (Fraction(number) * 10**self.places for number in (figure.value, figure.step))
            if value.denominator == step.denominator == 1 and abs(value) < TOP // 4:
                found = int(value), int(step)
        if len(self._seen) < REMEMBERED:
            self._seen[printed] = found
        return found

    def figure(self, record: Record, label: str) -> Figure:
        """One cell as a figure."""
        return self.reader.figure(self.records, record, self.column, label)


@dataclass
class Rows:
    """A piece of a ledger under the names of its records; `first` rows and `line` lines stand before it."""

    records: Records
    piece: Piece
    first: int = 0
    line: int | None = None

    def record(self, row: int) -> Record:
        """One row; of columns that no rule asks for nothing is known."""
        texts = self.piece.texts
        cells = [self.piece.text(name, row) if name in texts else "" for name in self.records.columns]
        return Record(self.first + row + 2, self.line_of(row), cells)

    def line_of(self, row: int) -> int | None:
        """The line of a row in a text file."""
        if self.line is None:
            return None
        return self.line + (row if self.piece.lines is None else int(self.piece.lines[row])) + 1

    def whole(self) -> Bools:
        """The rows with as many fields as the header."""
        found = np.ones(self.piece.rows, dtype=bool)
        found[list(self.piece.ragged)] = False
        return found

    def coded(self, columns: Sequence[int]) -> tuple[Int64, list[list[str]]]:
        """The number of each row's combination of cells, and the combinations."""
        codes, texts = np.zeros(self.piece.rows, dtype=np.int64), []
        for column in columns:
            array = self.piece.texts[self.records.columns[column]].dictionary_encode()
            texts.append([one.decode("utf-8", "replace") for one in array.dictionary.to_pylist()])
            codes = codes * max(len(texts[-1]), 1) + array.indices.to_numpy()
        if len(columns) == 1:
            return codes, [[one] for one in texts[0]]
        found, codes = np.unique(codes, return_inverse=True)
        combinations = []
        for one in found.tolist():
            cells = []
            for known in reversed(texts):
                one, at = divmod(one, max(len(known), 1))
                cells.append(known[at])
            combinations.append(cells[::-1])
        return codes, combinations

    def mask(self, selection: Filter | None) -> Bools:
        """The rows a filter means, each combination of cells asked once."""
        if selection is None:
            return self.whole()
        codes, cells = self.coded([self.records.column(name) for name in selection.names])
        holds = np.array([selection.holds(dict(zip(selection.names, one, strict=True))) for one in cells], dtype=bool)
        found: Bools = holds[codes] & self.whole()
        return found


def rows_of_file(file: LedgerFile, records: Records, names: Sequence[str], units: Units) -> Iterator[Rows]:
    """The pieces of a ledger, these columns of it."""
    source = open_source(file, {}, {}, names, units)
    first, line = 0, None if file.csv is None else file.csv.lines
    for part in source.parts():
        for piece in source.pieces(part):
            yield Rows(records, piece, first, line)
            first += piece.rows
            line = None if line is None else line + (piece.line_count or piece.rows)


def rows_of_records(records: Records, names: Sequence[str]) -> Iterator[Rows]:
    """Records that are in memory as one piece."""
    rows = list(records.rows)
    at = {name: records.columns.index(name) for name in names}
    texts = {name: pa.array([row.cells[column].encode() for row in rows], pa.binary()) for name, column in at.items()}
    piece = Piece(len(rows), {}, texts, lines=np.array([(row.line or 1) - 1 for row in rows], dtype=np.int64))
    yield Rows(records, piece, rows[0].number - 2 if rows else 0, 0 if rows and rows[0].line else None)


@dataclass
class Arithmetic:
    """A comparison over whole columns, by the kernel of the engines.

    `exact`: whether no part is rounded, so that the kernel alone decides; else it only tells which rows pass.
    """

    scaled: Scaled | None
    places: Mapping[str, int]
    exact: bool = False

    @staticmethod
    def of(
        shape: Shape, units: Mapping[str, Figure], places: Mapping[str, int], step: Fraction = ZERO, *, exact: bool = False
    ) -> Arithmetic:
        """The arithmetic for figures of these units, in integers of so many places; rates are rounded to a step."""
        relation = shape.relation
        counted = coefficients(shape.filled(units)) if relation is not None else None
        if relation is None or counted is None:
            return Arithmetic(None, places)
        sides: dict[str, list[tuple[Fraction, str]]] = {"stated": [], "part": [], "divisor": []}
        for term, weight in zip(relation.terms, counted, strict=True):
            sides[term.side].append((weight, term.operand))
        rule, (left, right, divisor) = relation.rule, map(tuple, sides.values())
        linear = LinearComparison(
            rule.id, rule.kind, left, relation.operator, right, relation.constant, divisor, rule.tolerance, relation.blanks
        )
        steps = {name: step if name == shape.rate else ZERO for name in linear.columns()}
        return Arithmetic(scale(Weighed(linear, left, right, divisor, steps), places), places, exact and not divisor)

    def verdicts(self, values: Mapping[str, NDArray[Any]], length: int) -> NDArray[np.int8]:
        """The code of each row's verdict; `LOOK` where it must be compared by itself."""
        found = np.full(length, LOOK if self.scaled is None else PASS, dtype=np.int8)
        if self.scaled is not None and length:
            piece = Piece(length, {name: Amounts(one, self.places[name]) for name, one in values.items()})
            outcome = confront(self.scaled, piece, {})
            if outcome is not None:
                found[outcome.rows] = outcome.codes if self.exact else LOOK
        return found


def figure_units(readers: Mapping[str, Reader], others: Mapping[str, Callable[[], Figure]]) -> dict[str, Figure]:
    """A figure for each column of a comparison that stands for its unit."""
    found = {name: Figure(None, "", Place(""), unit=reader.unit) for name, reader in readers.items()}
    return found | {name: make() for name, make in others.items()}
