"""A ledger's pieces as a stream of Arrow batches for a database, exact integers in it; rows that need care are kept aside."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from budgetaudit.engines.groups import IrregularCell, rows_of
from budgetaudit.engines.pandas_engine import Source, in_order
from budgetaudit.engines.pandas_kernel import Scaled
from budgetaudit.engines.pieces import TOP, Int64, Piece


def small_enough(comparisons: Sequence[Scaled]) -> int:
    """The amounts below which no sum of any comparison leaves 64 bits."""
    sums = [sum(abs(c) for c, _ in (*one.left, *one.right)) + 1 for one in comparisons]
    if any(abs(one.constant) >= TOP // 2 for one in comparisons):
        return 0
    return TOP // 2 // max(sums, default=1)


@dataclass
class Feed:
    """One reading of a source: `r` counts rows, `v…` are null where a cell is blank or irregular, `irregular` marks the latter.

    `look` is shown every piece, and the rows of it that a database must not judge, which are not in the stream.
    """

    source: Source
    keys: Sequence[str]
    amounts: Sequence[str]
    threads: int
    small: int
    look: Callable[[Piece, int, Int64], None] | None = None
    rows: int = 0
    figures: int = 0
    fault: Exception | None = None
    irregular_cells: list[IrregularCell] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _lines: list[tuple[int, Int64 | None]] = field(default_factory=list)
    _line_count: int = 0

    def reader(self) -> Any:
        """The stream; it can be read once."""
        names = [(f"k{at}", pa.binary()) for at in range(len(self.keys))] + [
            (f"v{at}", pa.int64()) for at in range(len(self.amounts))
        ]
        schema = pa.schema([("r", pa.int64()), ("irregular", pa.bool_()), *names])
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def _batches(self, schema: Any) -> Iterator[Any]:
        try:
            for _, made in in_order(self.source.parts(), self._part, self.threads):
                for piece, special, irregular in made:
                    self._starts.append(self.rows)
                    self._lines.append((self._line_count, piece.lines))
                    self.irregular_cells += irregular
                    if self.look is not None:
                        self.look(piece, self.rows, special)
                    yield self._batch(piece, special, schema)
                    self.rows += piece.rows
                    self.figures += piece.figures
                    self._line_count += piece.line_count
        except Exception as fault:  # a database tells of it in words of its own
            self.fault = fault
            raise

    def _part(self, part: Any) -> list[tuple[Piece, Int64, list[IrregularCell]]]:
        made = []
        for piece in self.source.pieces(part):
            irregular = rows_of(piece, self.keys, list(self.amounts))[1] if piece.irregular and self.look is None else []
            made.append((piece, special_rows(piece, self.small), irregular))
        return made

    def _batch(self, piece: Piece, special: Int64, schema: Any) -> Any:
        irregular = np.zeros(piece.rows, dtype=bool)
        irregular[special] = True
        columns = [pa.array(np.arange(self.rows, self.rows + piece.rows)), pa.array(irregular)]
        columns += [piece.texts[name] for name in self.keys]
        held = np.array(sorted(piece.irregular), dtype=np.int64)
        for name in self.amounts:
            amounts = piece.amounts[name]
            null = amounts.blank
            if len(held):
                null = np.zeros(piece.rows, dtype=bool) if null is None else null.copy()
                null[[row for row in piece.irregular if name in piece.irregular[row]]] = True
            columns.append(pa.array(amounts.values, mask=null))
        batch = pa.RecordBatch.from_arrays(columns, schema=schema)
        left_out = special if self.look is not None else np.array(sorted(piece.ragged), dtype=np.int64)
        if len(left_out):
            keep = np.ones(piece.rows, dtype=bool)
            keep[left_out] = False
            batch = batch.filter(pa.array(keep))
        return batch

    def line_of(self, row: int) -> int:
        """The line of a row of text, counted from the first line of rows."""
        at = bisect.bisect_right(self._starts, row) - 1
        first, lines = self._lines[at]
        within = row - self._starts[at]
        return first + (within if lines is None else int(lines[within]))


def special_rows(piece: Piece, small: int) -> Int64:
    """The rows with irregular, malformed or very large amounts, or of another width: no database judges them."""
    rows = {*piece.irregular, *piece.ragged, *piece.stray, *(row for row, *_ in piece.malformed)}
    for amounts in piece.amounts.values():
        if amounts.greatest >= small:
            rows.update(np.flatnonzero((amounts.values >= small) | (amounts.values <= -small)).tolist())
    return np.array(sorted(rows), dtype=np.int64)


def chosen(piece: Piece, rows: Int64, first: int) -> Piece:
    """Some rows of a piece that begins at a row of its file, as a piece."""
    at = {int(row): number for number, row in enumerate(rows)}
    amounts = {
        name: replace(one, values=one.values[rows], blank=None if one.blank is None else one.blank[rows])
        for name, one in piece.amounts.items()
    }
    return Piece(
        len(rows),
        amounts,
        {name: text.take(pa.array(rows)) for name, text in piece.texts.items()},
        {at[row]: cells for row, cells in piece.irregular.items()},
        [(at[row], *rest) for row, *rest in piece.malformed],  # type: ignore[misc]
        {at[row]: width for row, width in piece.ragged.items()},
        [at[row] for row in piece.stray],
        numbers=rows + first,
    )
