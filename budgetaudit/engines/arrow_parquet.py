"""Parquet ledgers as pieces; a part is a row group of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyarrow import parquet

from budgetaudit.engines.arrow_columns import piece_of
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.pieces import Piece

READ = 1 << 18  # rows of a large group that are read at once: fewer cost more
SMALL = 128 << 20  # bytes of a group that is read whole, which costs half as much
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
        with parquet.ParquetFile(part[0], metadata=self._files[part[0]], pre_buffer=False) as file:
            for batch in self._batches(file, part[1], names):
                for start in range(0, batch.num_rows, BATCH):
                    yield piece_of(batch.slice(start, BATCH), self.amounts, self.places, self.texts)

    def _batches(self, file: Any, group: int, names: Sequence[str]) -> Iterator[Any]:
        if file.metadata.row_group(group).total_byte_size <= SMALL:
            yield file.read_row_group(group, columns=names, use_threads=False)
        else:
            yield from file.iter_batches(READ, row_groups=[group], columns=names, use_threads=False)
