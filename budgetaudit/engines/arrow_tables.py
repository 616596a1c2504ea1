"""Tables that come row by row from elsewhere (a database, a sheet) as pieces: a part is an Arrow record batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from budgetaudit.engines.arrow_columns import piece_of
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.pieces import Piece
from budgetaudit.model import ReadError


class Batches(Protocol):
    """A table that can be read again and again."""

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Its rows, these columns of them, as Arrow record batches, always in the same order."""
        ...


@dataclass
class TableSource:
    """A table as one ledger."""

    table: Batches
    amounts: Mapping[str, CellReader]
    places: Mapping[str, int]
    texts: Sequence[str]
    size: int

    def parts(self) -> Iterator[Any]:
        yield from self.table.batches(list(dict.fromkeys((*self.amounts, *self.texts))))

    def addresses(self) -> None:
        """No other machine has it."""
        raise ReadError("ledger-engine-format", engine="spark")

    def weight(self, part: Any) -> int:
        return int(part.num_rows)

    def pieces(self, part: Any) -> Iterator[Piece]:
        yield piece_of(part, self.amounts, self.places, self.texts)
