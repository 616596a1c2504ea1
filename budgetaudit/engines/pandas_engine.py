"""The default engine: pieces of a file as pandas frames, read by Arrow and confronted by a few threads, gathered in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from typing import Any, Protocol

from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.examine import Work, examine
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.groups import GroupTable, IrregularCell, rows_of
from budgetaudit.engines.job import Job, Progress, Result, RollupJob
from budgetaudit.engines.linear import Column
from budgetaudit.engines.pandas_kernel import scale
from budgetaudit.engines.pieces import Piece
from budgetaudit.engines.results import Cell, Hit, PieceResult
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
    result, tables = confront_all(source, work, workers, progress, job.every)
    own = tables[: len(job.rollups)]
    result.rollups = [
        confront_groups(item.rollup, ours, theirs, item.measures, job.group_limit)
        for item, ours, theirs in zip(job.rollups, own, published, strict=True)
    ]
    result.duplicates = [duplicates(table, job.group_limit) for table in tables[len(own) :]]
    return result


def _published(item: RollupJob, job: Job, workers: int) -> GroupTable:
    """The groups of the file a roll-up is confronted with."""
    by, names = tuple(theirs for _, theirs in item.rollup.by), tuple(theirs for _, theirs in item.rollup.measures)
    columns = {name: measure.published for name, measure in zip(names, item.measures, strict=True)}
    places = {name: measure.published_places for name, measure in zip(names, item.measures, strict=True)}
    source = open_source(item.published, columns, places, by, job.units)
    return confront_all(source, Work(groups=[(by, names)], stepped=None), workers, None)[1][0]


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


Examined = tuple[PieceResult, list[tuple[Any, list[IrregularCell]]]]


def confront_all(
    source: Source,
    work: Work,
    threads: int = 0,
    progress: Progress | None = None,
    every: Callable[[int, Hit | Cell], None] | None = None,
) -> tuple[Result, list[GroupTable]]:
    """Confront every piece of a source, in its order; what the rows yield, and the sums per key."""
    result, lines = Result.of(len(work.comparisons), work.limit), 0
    tables = [GroupTable(by, measures) for by, measures in work.groups]

    def done(part: Any) -> list[Examined]:
        floors = result.floors
        return [_examined(piece, work, floors) for piece in source.pieces(part)]

    finished = 0
    for part, yielded in in_order(source.parts(), done, threads_for(threads)):
        for found, rows in yielded:
            for table, (keyed, irregular) in zip(tables, rows, strict=True):
                table.add(keyed, irregular, result.rows)
            placed = found.moved(result.rows, lines)
            for index, one in placed.in_order() if every is not None else ():
                every(index, one)  # type: ignore[misc]
            result.take(placed, work.limit)
            lines += found.lines
        if progress is not None:
            finished += source.weight(part)
            progress(finished, source.size)
    if progress is not None:
        progress(source.size, source.size)
    return result, tables


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
