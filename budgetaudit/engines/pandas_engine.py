"""The default engine: pieces of a file as pandas frames, read by Arrow and confronted by a few threads, gathered in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import pandas as pd

from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.examine import Work, examine
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.groups import GroupTable, IrregularCell, rows_of
from budgetaudit.engines.job import Job, Progress, Result, RollupJob
from budgetaudit.engines.linear import Column
from budgetaudit.engines.pandas_kernel import scale
from budgetaudit.engines.pieces import Piece
from budgetaudit.engines.results import Cell, Hit, PieceResult, Tally, TopHits
from budgetaudit.engines.rollups import confront_groups, duplicates
from budgetaudit.units import Units

MOST_THREADS = 8


class Source(Protocol):
    """A ledger that can be had in parts; each part is read and confronted by itself."""

    @property
    def size(self) -> int:
        """How much there is to do, in the measure of `weight`."""
        ...

    def parts(self) -> Iterator[Any]:
        """The parts in the order of the file."""
        ...

    def pieces(self, part: Any) -> Iterator[Piece]:
        """The pieces of one part."""
        ...

    def weight(self, part: Any) -> int:
        """How much of `size` a part is."""
        ...


@dataclass
class LedgerResult:
    """The whole ledger's yield."""

    tallies: list[Tally]
    largest: list[TopHits]
    tables: list[GroupTable]
    rows: int = 0
    lines: int = 0
    figures: int = 0
    cells: list[Cell] = field(default_factory=list)
    cell_count: int = 0


def run(job: Job, workers: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger with so many threads; 0: as many as there are processors.

    Raises PrecisionError if columns need more decimals, ReadError if a file cannot be read.
    """
    published = [_published(item, job, workers) for item in job.rollups]
    groups = [(tuple(own for own, _ in item.rollup.by), tuple(own for own, _ in item.rollup.measures)) for item in job.rollups]
    groups += [(unique.by, ()) for unique in job.uniques]
    scaled = [scale(weighed, job.places) for weighed in job.comparisons]
    work = Work(scaled, groups, job.key, job.stepped, job.limit, job.every is not None)
    source = open_source(job.file, job.columns, job.places, job.texts(), job.units)
    gathered = confront_all(source, work, workers, progress, job.every)
    tables = gathered.tables[: len(job.rollups)]
    return Result(
        gathered.rows,
        gathered.figures,
        gathered.tallies,
        gathered.largest,
        gathered.cells,
        gathered.cell_count,
        [
            confront_groups(item.rollup, own, theirs, item.measures, job.group_limit)
            for item, own, theirs in zip(job.rollups, tables, published, strict=True)
        ],
        [duplicates(table, job.group_limit) for table in gathered.tables[len(job.rollups) :]],
    )


def _published(item: RollupJob, job: Job, workers: int) -> GroupTable:
    """The groups of the file a roll-up is confronted with."""
    by, names = tuple(theirs for _, theirs in item.rollup.by), tuple(theirs for _, theirs in item.rollup.measures)
    columns = {name: measure.published for name, measure in zip(names, item.measures, strict=True)}
    places = {name: measure.published_places for name, measure in zip(names, item.measures, strict=True)}
    source = open_source(item.published, columns, places, by, job.units)
    return confront_all(source, Work(groups=[(by, names)], stepped=None), workers, None).tables[0]


def open_source(
    file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], texts: Sequence[str], units: Units
) -> Source:
    """The source of a file's pieces."""
    amounts = {name: CellReader(column, units) for name, column in columns.items()}
    if file.csv is not None:
        from budgetaudit.engines.arrow_csv import CsvSource

        return CsvSource(file.csv, amounts, places, texts)
    if file.table is not None:
        from budgetaudit.engines.arrow_tables import TableSource

        return TableSource(file.table, amounts, places, texts, file.estimated_rows)
    from budgetaudit.engines.arrow_parquet import ParquetSource

    return ParquetSource(file.parts, amounts, places, texts)


Examined = tuple[PieceResult, list[tuple[pd.DataFrame, list[IrregularCell]]]]


def confront_all(
    source: Source,
    work: Work,
    threads: int = 0,
    progress: Progress | None = None,
    every: Callable[[int, Hit | Cell], None] | None = None,
) -> LedgerResult:
    """Confront every piece of a source, in its order."""
    gathered = LedgerResult(
        [Tally() for _ in work.comparisons],
        [TopHits(work.limit) for _ in work.comparisons],
        [GroupTable(by, measures) for by, measures in work.groups],
    )

    def done(part: Any) -> list[Examined]:
        floors = [item.floor for item in gathered.largest]
        return [_examined(piece, work, floors) for piece in source.pieces(part)]

    finished = 0
    for part, yielded in in_order(source.parts(), done, threads_for(threads)):
        for found, rows in yielded:
            for table, (frame, irregular) in zip(gathered.tables, rows, strict=True):
                table.add(frame, irregular, gathered.rows)
            _gather(gathered, found, work.limit, every)
        if progress is not None:
            finished += source.weight(part)
            progress(finished, source.size)
    if progress is not None:
        progress(source.size, source.size)
    return gathered


def threads_for(asked: int) -> int:
    """How many threads read and confront; 0: as many as there are processors."""
    return asked or min(os.cpu_count() or 1, MOST_THREADS)


def _examined(piece: Piece, work: Work, floors: Sequence[Fraction]) -> Examined:
    return examine(piece, work, floors), [rows_of(piece, by, measures) for by, measures in work.groups]


def in_order(parts: Iterator[Any], work: Callable[[Any], Any], threads: int) -> Iterator[tuple[Any, Any]]:
    """Each part with what is made of it, in the order of the parts; few of them are in memory at a time."""
    if threads < 2:
        yield from ((part, work(part)) for part in parts)
        return
    waiting: deque[tuple[Any, Future[Any]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in parts:
                waiting.append((part, pool.submit(work, part)))
                if len(waiting) > threads:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _gather(gathered: LedgerResult, found: PieceResult, limit: int, every: Callable[[int, Hit | Cell], None] | None) -> None:
    for tally, own in zip(gathered.tallies, found.tallies, strict=True):
        tally.add(own)
    placed = [(index, _moved(hit, gathered)) for index, hits in enumerate(found.hits) for hit in hits]
    cells = [_moved(cell, gathered) for cell in found.cells]
    if every is not None:
        everything: list[tuple[int, Hit | Cell]] = [*placed, *((-1, cell) for cell in cells)]
        for index, one in sorted(everything, key=lambda item: (item[1].row, item[0])):
            every(index, one)
    for index, largest in enumerate(gathered.largest):
        largest.add([hit for own, hit in placed if own == index])
    gathered.cell_count += len(found.cells)
    gathered.cells += cells[: max(0, limit - len(gathered.cells))]
    gathered.rows += found.rows
    gathered.lines += found.lines
    gathered.figures += found.figures


Placed = TypeVar("Placed", Hit, Cell)


def _moved(item: Placed, gathered: LedgerResult) -> Placed:
    """A hit or cell of a block at its place in the file."""
    return replace(item, row=item.row + gathered.rows, line=None if item.line is None else item.line + gathered.lines)
