"""Parquet ledgers as pieces; a part is a row group of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyarrow import parquet

from budgetaudit.engines.arrow_columns import piece_of
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.pieces import Piece

READ = 1 << 17
SMALL = 128 << 20  # bytes of a group that is read whole, which costs half as much


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

    def addresses(self) -> list[tuple[str, int]]:
        return list(self.parts())

    def weight(self, part: tuple[str, int]) -> int:
        return int(self._files[part[0]].row_group(part[1]).num_rows)

    def pieces(self, part: tuple[str, int]) -> Iterator[Piece]:
        """The pieces of a row group."""
        names = list(dict.fromkeys((*self.amounts, *self.texts)))
        metadata = self._files[part[0]]
        small = metadata.row_group(part[1]).total_byte_size <= SMALL
        with parquet.ParquetFile(part[0], metadata=metadata, pre_buffer=small) as file:
            if small:
                table = file.read_row_group(part[1], columns=names, use_threads=False)
                batches: Iterator[Any] = (table.slice(start, READ) for start in range(0, len(table), READ))
            else:
                batches = file.iter_batches(READ, row_groups=[part[1]], columns=names, use_threads=False)
            for batch in batches:
                yield piece_of(batch, self.amounts, self.places, self.texts)
