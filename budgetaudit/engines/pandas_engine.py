"""The default engine: pieces of a file as pandas frames, read by Arrow and confronted by a few threads, gathered in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeAlias

from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.examine import Work, examine
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.groups import GroupTable, confront_groups, duplicates, rows_of
from budgetaudit.engines.job import Job, Progress, RollupJob
from budgetaudit.engines.linear import Column
from budgetaudit.engines.pandas_kernel import scale
from budgetaudit.engines.pieces import Piece
from budgetaudit.engines.results import Cell, Hit, Result, moved
from budgetaudit.units import Units

MOST_THREADS = 8
MakeTable: TypeAlias = Callable[[tuple[str, ...], tuple[str, ...]], GroupTable]


class Source(Protocol):
    """A ledger that can be had in parts; each part is read and confronted by itself."""

    @property
    def size(self) -> int:
        """How much there is to do, in the measure of `weight`."""
        ...

    def parts(self) -> Iterator[Any]:
        """The parts in the order of the file."""
        ...

    def addresses(self) -> list[Any] | None:
        """The parts as another machine can read them; None if it must read the whole file."""
        ...

    def pieces(self, part: Any) -> Iterator[Piece]:
        """The pieces of one part."""
        ...

    def weight(self, part: Any) -> int:
        """How much of `size` a part is."""
        ...


def run(job: Job, workers: int = 0, progress: Progress | None = None, make: MakeTable = GroupTable) -> Result:
    """Confront a ledger with so many threads; 0: as many as there are processors.

    Raises PrecisionError if columns need more decimals, ReadError if a file cannot be read.
    """
    published = [confront_all(*published_of(item, job.units), workers, make=make)[1][0] for item in job.rollups]
    source = open_source(job.file, job.columns, job.places, job.texts(), job.units)
    result, tables = confront_all(source, work_of(job), workers, progress, job.every, make)
    limit, rollups = job.group_limit, len(job.rollups)
    result.rollups = [
        confront_groups(item, own, theirs, limit) for item, own, theirs in zip(job.rollups, tables, published, strict=False)
    ]
    result.duplicates = [duplicates(table, limit) for table in tables[rollups:]]
    return result


def work_of(job: Job) -> Work:
    """What to do with every piece of a ledger."""
    groups = [(tuple(own for own, _ in item.rollup.by), tuple(own for own, _ in item.rollup.measures)) for item in job.rollups]
    groups += [(unique.by, ()) for unique in job.uniques]
    scaled = [scale(weighed, job.places) for weighed in job.comparisons]
    return Work(scaled, groups, job.key, job.stepped, job.limit, job.every is not None)


def published_of(item: RollupJob, units: Units) -> tuple[Source, Work]:
    """The file a roll-up is confronted with, and what to do with its pieces."""
    by, names = tuple(theirs for _, theirs in item.rollup.by), tuple(theirs for _, theirs in item.rollup.measures)
    columns = {name: measure.published for name, measure in zip(names, item.measures, strict=True)}
    places = {name: measure.published_places for name, measure in zip(names, item.measures, strict=True)}
    return open_source(item.published, columns, places, by, units), Work(groups=[(by, names)], stepped=None)


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


def confront_all(
    source: Source,
    work: Work,
    threads: int = 0,
    progress: Progress | None = None,
    every: Callable[[int, Hit | Cell], None] | None = None,
    make: MakeTable = GroupTable,
    parts: Iterable[Any] | None = None,
) -> tuple[Result, list[GroupTable]]:
    """Confront every piece of a source, or of some parts of it, in its order; what the rows yield, and the sums per key."""
    result, finished = Result.of(len(work.comparisons), work.limit), 0
    tables = [make(by, measures) for by, measures in work.groups]

    def done(part: Any) -> list[tuple[Result, list[Any]]]:
        floors = result.floors
        grouped = [partial(rows_of, by=by, measures=measures) for by, measures in work.groups]
        return [(examine(piece, work, floors), [rows(piece) for rows in grouped]) for piece in source.pieces(part)]

    for part, yielded in in_order(iter(source.parts() if parts is None else parts), done, threads_for(threads)):
        for found, rows in yielded:
            for table, (keyed, irregular, reach) in zip(tables, rows, strict=True):
                table.add(keyed, irregular, reach, result.rows)
            for index, one in found.in_order() if every is not None else ():
                every(index, moved(one, result))  # type: ignore[misc]
            result.take(found, work.limit)
        if progress is not None:
            finished += source.weight(part)
            progress(finished, source.size)
    if progress is not None:
        progress(source.size, source.size)
    return result, tables


def threads_for(asked: int) -> int:
    """How many threads read and confront; 0: as many as there are processors."""
    return asked or min(os.cpu_count() or 1, MOST_THREADS)


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
