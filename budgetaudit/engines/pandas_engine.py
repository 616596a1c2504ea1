"""The default engine: blocks of a file, read and confronted by a few threads, gathered in the order of the file."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import numpy as np

from budgetaudit.engines.blocks import Block
from budgetaudit.engines.cells import CellReader
from budgetaudit.engines.csv_blocks import CsvReader
from budgetaudit.engines.examine import Work, examine
from budgetaudit.engines.files import LedgerFile
from budgetaudit.engines.found import Cell, Found, Hit, Largest, Tally
from budgetaudit.engines.groups import GroupTable, Rows, rows_of
from budgetaudit.engines.job import Job, Progress, Result, RollupJob
from budgetaudit.engines.linear import Column
from budgetaudit.engines.pandas_kernel import scale
from budgetaudit.engines.rollups import confront_groups, duplicates

AHEAD = 2  # parts that wait for each thread


class Source(Protocol):
    """A ledger that can be had in parts; each part is read and confronted by itself."""

    @property
    def size(self) -> int:
        """How much there is to do, in the measure of `weight`."""
        ...

    def parts(self) -> Iterator[Any]:
        """The parts in the order of the file."""
        ...

    def blocks(self, part: Any) -> Iterator[Block]:
        """The blocks of one part."""
        ...

    def weight(self, part: Any) -> int:
        """How much of `size` a part is."""
        ...


@dataclass
class Gathered:
    """The whole ledger's yield."""

    rows: int = 0
    lines: int = 0
    figures: int = 0
    tallies: list[Tally] = field(default_factory=list)
    largest: list[Largest] = field(default_factory=list)
    tables: list[GroupTable] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    cell_count: int = 0


def run(job: Job, threads: int = 0, progress: Progress | None = None) -> Result:
    """Confront a ledger. Raises Finer if columns need more decimals, ReadError if a file cannot be read."""
    published = [_published(item, job, threads) for item in job.rollups]
    groups = [(tuple(own for own, _ in item.rollup.by), tuple(own for own, _ in item.rollup.measures)) for item in job.rollups]
    groups += [(unique.by, ()) for unique in job.uniques]
    work = Work([scale(weighed, job.places) for weighed in job.comparisons], groups, job.key, job.stepped, job.limit, job.every)
    source = open_source(job.file, job.columns, job.places, job.texts(), job)
    gathered = confront_all(source, work, threads, progress)
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


def _published(item: RollupJob, job: Job, threads: int) -> GroupTable:
    """The groups of the file a roll-up is confronted with."""
    by, names = tuple(theirs for _, theirs in item.rollup.by), tuple(theirs for _, theirs in item.rollup.measures)
    columns = {name: measure.published for name, measure in zip(names, item.measures, strict=True)}
    places = {name: measure.published_places for name, measure in zip(names, item.measures, strict=True)}
    source = open_source(item.published, columns, places, by, job)
    return confront_all(source, Work(groups=[(by, names)], stepped=None), threads, None).tables[0]


def open_source(
    file: LedgerFile, columns: Mapping[str, Column], places: Mapping[str, int], texts: Sequence[str], job: Job
) -> Source:
    """The source of a file's blocks."""
    amounts = {name: CellReader(column, job.units) for name, column in columns.items()}
    if file.csv is not None:
        return CsvReader(file.csv, amounts, places, texts)
    from budgetaudit.engines.parquet_blocks import ParquetSource

    return ParquetSource(file.parts, amounts, places, texts)


@dataclass
class _Yield:
    """One part's yield: what `examine` gives for each of its blocks."""

    found: list[Found]
    groups: list[list[tuple[Rows, list[Any]]]]


def confront_all(source: Source, job: Work, threads: int = 0, progress: Progress | None = None) -> Gathered:
    """Confront every block of a source, in its order, with several threads."""
    gathered = Gathered(
        tallies=[Tally() for _ in job.comparisons],
        largest=[Largest(job.limit) for _ in job.comparisons],
        tables=[GroupTable(by, measures) for by, measures in job.groups],
    )
    _keep_memory()
    threads = threads or min(os.cpu_count() or 1, 8)
    waiting: deque[tuple[int, Future[_Yield]]] = deque()
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in source.parts():
                waiting.append((source.weight(part), pool.submit(_examine_part, source, part, job, gathered.largest)))
                if len(waiting) > threads * AHEAD:
                    done += _take(waiting, gathered, job)
                    if progress is not None:
                        progress(done, source.size)
            while waiting:
                done += _take(waiting, gathered, job)
            if progress is not None:
                progress(source.size, source.size)
        finally:
            for _, future in waiting:
                future.cancel()
    return gathered


def _keep_memory() -> None:
    """Free one large array, after which the C library keeps freed memory for the next piece instead of giving it back.

    Taking it back costs more than reading the numbers in it.
    """
    np.empty(31 << 20, dtype=np.uint8)


def _take(waiting: deque[tuple[int, Future[_Yield]]], gathered: Gathered, job: Work) -> int:
    weight, future = waiting.popleft()
    result = future.result()
    for found, groups in zip(result.found, result.groups, strict=True):
        _gather(gathered, found, groups, job)
    return weight


def _gather(gathered: Gathered, found: Found, groups: list[tuple[Rows, list[Any]]], job: Work) -> None:
    for tally, own in zip(gathered.tallies, found.tallies, strict=True):
        tally.add(own)
    placed = [(index, _moved(hit, gathered)) for index, hits in enumerate(found.hits) for hit in hits]
    cells = [_moved(cell, gathered) for cell in found.cells]
    if job.every is not None:
        everything: list[tuple[int, Hit | Cell]] = [*placed, *((-1, cell) for cell in cells)]
        for index, one in sorted(everything, key=lambda item: (item[1].row, item[0])):
            job.every(index, one)
    for index, largest in enumerate(gathered.largest):
        largest.add([hit for own, hit in placed if own == index])
    for table, (rows, odd) in zip(gathered.tables, groups, strict=True):
        table.add(replace(rows, at=rows.at + gathered.rows))
        table.add_odd(odd)
    gathered.cell_count += len(found.cells)
    gathered.cells += cells[: max(0, job.limit - len(gathered.cells))]
    gathered.rows += found.rows
    gathered.lines += found.lines
    gathered.figures += found.figures


Placed = TypeVar("Placed", Hit, Cell)


def _moved(item: Placed, gathered: Gathered) -> Placed:
    """A hit or cell of a block at its place in the file."""
    return replace(item, row=item.row + gathered.rows, line=None if item.line is None else item.line + gathered.lines)


def _examine_part(source: Source, part: Any, job: Work, largest: Sequence[Largest]) -> _Yield:
    result = _Yield([], [])
    for block in source.blocks(part):
        result.found.append(examine(block, job, [item.floor for item in largest]))
        result.groups.append([rows_of(block, by, measures) for by, measures in job.groups])
    return result
