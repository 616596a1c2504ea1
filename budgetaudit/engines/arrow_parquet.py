"""Parquet ledgers as pieces; a part is a row group of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyarrow import parquet

from budgetaudit.engines.arrow_columns import piece_of
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.pieces import Piece

READ = 1 << 18  # rows that are read at once: fewer cost more
BATCH = 1 << 16  # rows of a piece, whose temporaries stay in the cache


@dataclass
class ParquetSource:
    """One or more Parquet files as one ledger."""

    paths: Sequence[str]
    amounts: Mapping[str, CellReader]
    places: Mapping[str, int]
    texts: Sequence[str]
    size: int = 0
    _files: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.paths:
            self._files[path] = parquet.read_metadata(path)
        self.size = sum(metadata.num_rows for metadata in self._files.values())

    def parts(self) -> Iterator[tuple[str, int]]:
        for path, metadata in self._files.items():
            yield from ((path, group) for group in range(metadata.num_row_groups))

    def weight(self, part: tuple[str, int]) -> int:
        return int(self._files[part[0]].row_group(part[1]).num_rows)

    def pieces(self, part: tuple[str, int]) -> Iterator[Piece]:
        """The pieces of a row group."""
        names = list(dict.fromkeys((*self.amounts, *self.texts)))
        with parquet.ParquetFile(part[0], metadata=self._files[part[0]]) as file:
            for batch in file.iter_batches(READ, row_groups=[part[1]], columns=names, use_threads=False):
                for start in range(0, batch.num_rows, BATCH):
                    yield piece_of(batch.slice(start, BATCH), self.amounts, self.places, self.texts)
